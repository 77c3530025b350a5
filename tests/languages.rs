//! One small pack in eight languages: what a document says of days, figures, lists, words and order.
#![allow(clippy::disallowed_methods, reason = "tests read golden files")]

use std::sync::Arc;

use folio::diagnostic::text::render as show;
use folio::diagnostic::{Severity, Sink};
use folio::dump::dump;
use folio::files::Memory;
use folio::pack::source::Shelf;
use folio::session::Session;

/// A language: its tag, a currency, names in no order, and words of its own.
struct Case {
    tag: &'static str,
    currency: &'static str,
    names: [&'static str; 5],
    sentence: &'static str,
    /// Whether the fonts of Folio have its letters.
    has_fonts: bool,
}

const CASES: &[Case] = &[
    Case {
        tag: "en-GB",
        currency: "GBP",
        names: ["zebra", "Émile", "emu", "apple", "Apple"],
        sentence: "They say \"it's 'done'\".",
        has_fonts: true,
    },
    Case {
        tag: "en-US",
        currency: "USD",
        names: ["zebra", "Émile", "emu", "apple", "Apple"],
        sentence: "They say \"it's 'done'\".",
        has_fonts: true,
    },
    Case {
        tag: "de-DE",
        currency: "EUR",
        names: ["Zoll", "Öl", "Ofen", "Übung", "Ärger"],
        sentence: "Man meldet sich \"selbst 'wie immer'\" an.",
        has_fonts: true,
    },
    Case {
        tag: "fr-FR",
        currency: "EUR",
        names: ["zèbre", "côté", "cote", "côte", "été"],
        sentence: "L'équipe dit \"c'est 'prêt'\" ; oui : bien.",
        has_fonts: true,
    },
    Case {
        tag: "pl-PL",
        currency: "PLN",
        names: ["żaba", "zebra", "łódka", "luty", "ćma"],
        sentence: "Mówimy \"to jest 'gotowe'\".",
        has_fonts: true,
    },
    Case {
        tag: "el-GR",
        currency: "EUR",
        names: ["ωμέγα", "άλφα", "βήτα", "Άννα", "έψιλον"],
        sentence: "Λέμε \"είναι 'έτοιμο'\".",
        has_fonts: true,
    },
    Case {
        tag: "he-IL",
        currency: "ILS",
        names: ["תמר", "אלון", "שקד", "גפן", "ברוש"],
        sentence: "אומרים \"זה 'מוכן'\" בצה\"ל.",
        has_fonts: false,
    },
    Case {
        tag: "ja-JP",
        currency: "JPY",
        names: ["山", "かな", "アイ", "川", "うみ"],
        sentence: "彼は\"これは'完了'です\"と言う。",
        has_fonts: false,
    },
];

const DOCUMENT: &str = r#"---
number: "1"
title: "{TITLE}"
kind: policy
---
# {TITLE} {#sec-a}

{{date as_of}} · {{date day}}

{{data.z.share}} · {{number data.z.share}} · {{number data.z.share 2}} · {{data.z.year}} · {{number data.z.large}}

{{money data.z.share "{CURRENCY}"}} · {{money data.z.year "{CURRENCY}"}} · {{money data.z.share "CHF"}}

{{list data.z.names}}

{{#each (sort data.z.rows "name")}}{{name}} {{/each}}· {{#each derived.rows}}{{name}} {{/each}}

{{words 0}} · {{words 1}} · {{words 3}} · {{words 12}} · {{words 13}}

{{ordinal 1}} · {{ordinal 2}} · {{ordinal 3}} · {{ordinal 23}}

{{duration 1}} · {{duration 60}} · {{duration 90}} · {{duration 120}} · {{duration 300}} · {{duration 7200}}

{{#each data.z.counts}}{{plural this zero="zero" one="one" two="two" few="few" many="many" other="other"}} · {{/each}}{{data.z.flag}}

{SENTENCE}

{{data.z.said}}

:::chart {#fig-a type=tree data=data.z.tree alt="A" caption="A"}
:::

:::chart {#fig-b type=bar data=data.z.bars alt="B" caption="B"}
:::
"#;

/// The engine's words, each in brackets by its key: what is none of these is the language's own.
fn strings() -> String {
    let keys = "contents table figure section page of number version date next_review owner author approver classification \
                answers history change draft draft_after watermark_draft watermark_sample name role signature callout_glance \
                callout_note callout_important callout_warning field_text field_date field_choice";
    let mut text: String = keys.split_whitespace().map(|key| format!("{key}: \"[{key}]\"\n")).collect();
    text.push_str("\"yes\": \"[yes]\"\n\"no\": \"[no]\"\ncitations: []\n");
    text.push_str(
        "review_after_approval: {one: \"[1 month]\", few: \"[{months} few]\", many: \"[{months} months]\"}\n",
    );
    let kinds = "policy procedure plan statement register record";
    let kinds: Vec<String> = kinds.split_whitespace().map(|kind| format!("{kind}: \"[{kind}]\"")).collect();
    text.push_str(&format!("kinds: {{{}}}\n", kinds.join(", ")));
    text
}

fn files(case: &Case) -> Memory {
    let Case { tag, currency, names, sentence, .. } = case;
    let json = |value: serde_json::Value| value.to_string();
    let rows: Vec<serde_json::Value> = names.iter().map(|name| serde_json::json!({"id": name, "name": name})).collect();
    let data = serde_json::json!({
        "share": 1234.5, "year": 2026, "large": 1_234_567, "names": &names[..3], "rows": rows, "flag": true,
        "counts": [0, 1, 2, 3, 5, 22], "said": sentence,
        "tree": {"nodes": [{"id": "a", "label": names[0]}, {"id": "b", "parent": "a", "label": names[1]}]},
        "bars": {"bars": [{"label": names[0], "value": 2.5}]},
    });
    let document =
        DOCUMENT.replace("{TITLE}", names[0]).replace("{CURRENCY}", currency).replace("{SENTENCE}", sentence);
    let theme = std::fs::read("tests/workspaces/specimen/pack/theme.yaml").unwrap();
    let profile = "organisation: {name: A, short_name: A, country: GB}\npeople: [{id: a, name: A}]\n\
                   roles: [{id: r, title: A, holder: a}]\nclassification: [{id: c, label: A, meaning: A}, {id: d, label: B, meaning: B}]\n\
                   document_defaults: {owner: r, author: r, approver: r, classification: c, review_months: 3}\n\
                   day: 2026-12-01\n";
    Memory::new("")
        .with("folio.yaml", "format: 1\nid: w\npack: {path: pack}\nas_of: 2026-01-31\n")
        .with("profile.yaml", profile)
        .with(
            "pack/pack.yaml",
            format!(
                "format: 1\nid: small\nversion: \"0.1.0\"\ntitle: A\nstandard: A\nlanguage: {tag}\ndocuments: [a]\n\
                 rules: [rules/a.yaml]\n"
            ),
        )
        .with("pack/rules/a.yaml", "derive:\n  - {id: rows, value: 'sort_by(data.z.rows, \"name\")'}\n")
        .with("pack/profile.schema.json", r#"{"properties": {"day": {"type": "string", "format": "date"}}}"#)
        .with("pack/strings.yaml", strings())
        .with("pack/theme.yaml", theme)
        .with("pack/data/z.yaml", json(data))
        .with("pack/documents/a.md.hbs", document)
}

#[test]
fn a_document_is_written_as_its_language_has_it() {
    for case in CASES {
        let session = Session::new(Shelf::default(), 1, "2026-02-01");
        let mut sink = Sink::new();
        let workspace = session.workspace_in(Arc::new(files(case)), &mut sink);
        let said = |sink: &Sink| sink.iter().map(|problem| show(problem, false)).collect::<Vec<_>>().join("\n");
        let workspace = workspace.unwrap_or_else(|| panic!("{}: {}", case.tag, said(&sink)));
        let plan = session.plan(&workspace, &mut sink);
        let documents = session.documents(&workspace, &plan, &mut sink).documents;
        let documents = documents.unwrap_or_else(|| panic!("{}: {}", case.tag, said(&sink)));
        session.leaks(&workspace, &documents, &mut sink);
        assert!(sink.iter().all(|problem| problem.severity < Severity::Warning), "{}: {}", case.tag, said(&sink));
        insta::with_settings!({snapshot_path => "golden/languages", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(case.tag, dump(&documents[0], &workspace.pack.strings));
        });
        let formats = &plan.jobs[0].formats;
        let press = session.press(&workspace, &documents, formats, &mut sink).unwrap();
        let printed = session.print(&press, &workspace, &documents[0], formats, &mut sink);
        match case.has_fonts {
            true => assert_eq!(printed.map(|printed| printed.outputs.len()), Some(2), "{}: {}", case.tag, said(&sink)),
            // What no font has is said once for each letter, and never by an empty box.
            false => {
                assert!(sink.iter().any(|problem| problem.code.as_str() == "F503"), "{}: {}", case.tag, said(&sink))
            }
        }
    }
}

/// What a pack of one document says for a profile, and what is said of it.
fn written(files: Memory) -> (String, String) {
    let session = Session::new(Shelf::default(), 1, "2026-02-01");
    let mut sink = Sink::new();
    let said = |sink: &Sink| sink.iter().map(|problem| show(problem, false)).collect::<Vec<_>>().join("\n");
    let workspace = session.workspace_in(Arc::new(files), &mut sink).unwrap_or_else(|| panic!("{}", said(&sink)));
    let plan = session.plan(&workspace, &mut sink);
    let documents = session.documents(&workspace, &plan, &mut sink).documents;
    let documents = documents.unwrap_or_else(|| panic!("{}", said(&sink)));
    (dump(&documents[0], &workspace.pack.strings), said(&sink))
}

#[test]
fn roles_and_terms_have_forms_and_a_missing_one_is_told() {
    let german = CASES.iter().find(|case| case.tag == "de-DE").unwrap();
    let document = "---\nnumber: \"1\"\ntitle: Formen\nkind: policy\n---\n# Formen {#sec-a}\n\n\
        Die Aufgaben {{role \"isb\" form=genitiv}} stehen hier. {{cap (role \"isb\" form=nominativ)}} berichtet \
        {{role \"gf\" form=dativ}}; {{role \"gf\"}} hört auf {{role \"isb\" form=akkusativ}}.\n\n\
        Geschützt werden {{form \"wert\" \"plural\"}}, {{form \"wert\"}} und {{form \"wert\" \"genitiv\"}}.\n\n\
        :::signoff {roles=\"isb,gf\"}\n:::\n";
    let profile = |wording: &str, gender: &str| {
        format!(
            "organisation: {{name: A, short_name: A, country: DE}}\n\
             people:\n  - {{id: a, name: Ada Kern, gender: {gender}}}\n  - {{id: b, name: Bo Lind}}\n\
             roles:\n  - id: isb\n    title: Informationssicherheitsbeauftragte\n    holder: a\n    forms:\n\
             \x20     nominativ: die Informationssicherheitsbeauftragte\n      genitiv: der Informationssicherheitsbeauftragten\n\
             \x20     masculine: Informationssicherheitsbeauftragter\n      masculine-nominativ: der Informationssicherheitsbeauftragte\n\
             \x20     neutral: Stelle für Informationssicherheit\n      neutral-nominativ: die Stelle für Informationssicherheit\n\
             \x20 - {{id: gf, title: Geschäftsführung, holder: b}}\n\
             wording: {{roles: {wording}}}\n\
             classification: [{{id: c, label: A, meaning: A}}, {{id: d, label: B, meaning: B}}]\n\
             document_defaults: {{owner: isb, author: isb, approver: gf, classification: c, review_months: 3}}\n"
        )
    };
    let said = |wording: &str, gender: &str| {
        let forms = "terms:\n  gf: {dativ: der Geschäftsführung}\n  wert: {nominative: der Wert, plural: die Werte}\n";
        let files = files(german)
            .with("profile.yaml", profile(wording, gender))
            .with("pack/forms.yaml", forms)
            .with("pack/documents/a.md.hbs", document);
        let (dump, found) = written(files);
        format!("== {wording}, {gender}\n{dump}\n{found}")
    };
    let all =
        [("title", "feminine"), ("holder", "masculine"), ("neutral", "feminine")].map(|(a, b)| said(a, b)).join("\n");
    insta::with_settings!({snapshot_path => "golden/languages", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("forms", all);
    });
}
