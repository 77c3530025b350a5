//! One small pack in eight languages: what a document says of days, figures, lists, words and order.
#![allow(clippy::disallowed_methods, reason = "tests read golden files")]

#[path = "common/pdf.rs"]
mod pdf;

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

/// Everything that a document can hold, in Greek letters alone: what is in other letters afterwards is the engine's.
const EVERYTHING: &str = r#"---
number: "1"
title: Πολιτική
kind: policy
keywords: [λέξη]
---
# Σκοπός {#sec-a}

Κείμενο **έντονο** *πλάγιο* `κώδικας` με [](#sec-b), [](#tab-a), [](#fig-tree) και [[a]].[^1] `καλό`{.status tone=good}
`____`{.field name=a label="όνομα" type=text} `____`{.field name=b label="μέρα" type=date}
`____`{.field name=c label="είδος" type=choice choices="άλφα,βήτα"} {{date as_of}} {{words 3}} {{duration 90}}
{{ordinal 1}} {{list data.z.names}} {{data.z.flag}} {{plural 2 "μέρα" "μέρες"}} {{number 1234.5}} {{money 5 "EUR"}}

[^1]: Σημείωση.

- πρώτο
- δεύτερο

1. πρώτο
2. δεύτερο

όρος

: σημασία

:::table {#tab-a caption="Πίνακας"}
| άλφα | βήτα |
|---|---|
| >> ομάδα | |
| ένα | δύο |
:::

> παράθεση

```
κώδικας
```

:::callout {kind=glance}
α
:::

:::callout {kind=note}
α
:::

:::callout {kind=important}
α
:::

:::callout {kind=warning title="τίτλος"}
α
:::

:::signoff {roles="@approver,r"}
:::

::::landscape
:::table {widths="50,50"}
| άλφα | βήτα |
|---|---|
| ένα | δύο |
:::
::::

# Δεύτερο {#sec-b}

{CHARTS}
"#;

/// The charts of the specimen with Greek words in them.
fn charts() -> serde_json::Value {
    use serde_json::json;
    let mark = json!([{"date": "2026-02-10", "label": "άργησε", "tone": "bad"}]);
    json!({
        "bar": {"unit": "μέρες", "bars": [{"label": "βορράς", "value": 2.5}, {"label": "νότος", "value": 0, "tone": "bad"}]},
        "stacked": {"parts": [{"label": "ναι", "tone": "good"}, {"label": "όχι", "tone": "bad"}],
            "rows": [{"label": "βορράς", "values": [1, 2]}, {"label": "νότος", "values": [0, 0]}]},
        "line": {"unit": "%", "target": {"label": "στόχος", "value": 95}, "points": [{"label": "άλφα", "value": 81}, {"label": "βήτα", "value": 88.5}]},
        "heatmap": {"across": "άλφα", "down": "βήτα", "columns": ["λίγο", "πολύ"],
            "rows": [{"label": "σπάνια", "cells": [{"value": 0, "tone": "good"}, {"value": 2, "tone": "bad"}]}]},
        "timeline": {"from": "2026-01", "months": 6, "rows": [{"label": "έργο", "marks": mark}]},
        "flow": {"steps": [{"label": "έναρξη", "note": "όλοι"}, {"label": "τέλος;", "answer": "ναι", "aside": {"answer": "όχι", "label": "ξανά"}}, {"label": "τέλος"}]},
        "tree": {"nodes": [{"id": "a", "label": "άλφα", "note": "ένα"}, {"id": "b", "parent": "a", "label": "βήτα", "note": "δύο"}]},
    })
}

/// A pack in Greek whose document, words and profile hold no other letters.
fn greek() -> Memory {
    let case = CASES.iter().find(|case| case.tag == "el-GR").unwrap();
    let kinds = ["bar", "stacked", "line", "heatmap", "timeline", "flow", "tree"];
    let chart = |kind: &&str| {
        format!(":::chart {{#fig-{kind} type={kind} data=data.c.{kind} alt=\"Άλφα\" caption=\"Βήτα\"}}\n:::\n")
    };
    let document = EVERYTHING.replace("{CHARTS}", &kinds.iter().map(chart).collect::<Vec<_>>().join("\n"));
    let greek = |text: String| -> String {
        let inside =
            |value: &str| value.chars().map(|c| if c.is_ascii_alphabetic() { 'λ' } else { c }).collect::<String>();
        let words = text.lines().map(|line| match line.split_once(": ") {
            // The number of months keeps its mark.
            Some((key, value)) if !value.starts_with(['[', '{']) => format!("{key}: {}", inside(value)),
            _ => line.to_owned(),
        });
        words.collect::<Vec<_>>().join("\n") + "\n"
    };
    let strings = greek(strings())
        .replace("[1 month]", "ένας μήνας")
        .replace("[{months} few]", "{months} μήνες")
        .replace("[{months} months]", "{months} μήνες");
    let strings = ["policy", "procedure", "plan", "statement", "register", "record"]
        .iter()
        .fold(strings, |text, kind| text.replace(&format!("\"[{kind}]\""), "\"είδος\""));
    let profile = "organisation: {name: Οργανισμός, short_name: Οργ, country: GR}\npeople: [{id: a, name: Άννα}]\n\
                   roles: [{id: r, title: υπεύθυνη, holder: a}, {id: s, title: διευθύντρια, holder: a}]\n\
                   classification: [{id: c, label: δημόσιο, meaning: α}, {id: d, label: β, meaning: β}]\n\
                   document_defaults: {owner: r, author: r, approver: s, classification: c, review_months: 3}\n\
                   documents: {a: {version: \"0.2\", history: [{version: \"0.1\", date: 2026-01-15, author: Άννα, change: αρχή}]}}\n\
                   day: 2026-12-01\n";
    let pack =
        "format: 1\nid: small\nversion: \"0.1.0\"\ntitle: Πακέτο\nstandard: Πρότυπο\nlanguage: el-GR\ndocuments: [a]\n";
    files(case)
        .with("pack/pack.yaml", pack)
        .with("pack/strings.yaml", strings)
        .with("pack/data/c.yaml", charts().to_string())
        .with("pack/documents/a.md.hbs", document)
        .with("profile.yaml", profile)
}

/// Words in Latin letters.
fn latin(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
    words.map(str::to_owned).collect()
}

#[test]
fn no_word_of_the_engine_is_in_another_language_than_the_document() {
    let session = Session::new(Shelf::default(), 1, "2026-02-01");
    let mut sink = Sink::new();
    let said = |sink: &Sink| sink.iter().map(|problem| show(problem, false)).collect::<Vec<_>>().join("\n");
    let workspace = session.workspace_in(Arc::new(greek()), &mut sink).unwrap_or_else(|| panic!("{}", said(&sink)));
    let plan = session.plan(&workspace, &mut sink);
    let documents = session.documents(&workspace, &plan, &mut sink).documents;
    let mut documents = documents.unwrap_or_else(|| panic!("{}", said(&sink)));
    let mut found: Vec<String> = Vec::new();
    for state in [folio::model::State::Draft, folio::model::State::Issued] {
        documents[0].control.state = state;
        let formats = &plan.jobs[0].formats;
        let press = session.press(&workspace, &documents, formats, &mut sink).unwrap();
        let printed = session.print(&press, &workspace, &documents[0], formats, &mut sink);
        let printed = printed.unwrap_or_else(|| panic!("{}", said(&sink)));
        for (format, bytes) in printed.outputs {
            if format.name == "pdf" {
                let words = pdf::text(bytes);
                assert!(words.contains("παράθεση"), "{words}");
                found.extend(latin(&words).into_iter().map(|word| format!("pdf: {word}")));
                continue;
            }
            found.extend(of_word(&bytes));
        }
    }
    assert!(found.iter().any(|word| word == ALLOWED[0]), "properties are read: {found:?}");
    found.sort();
    found.dedup();
    // What programs read by its name, and ids.
    found.retain(|word| !ALLOWED.contains(&word.as_str()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What stands in a Word file in other letters and is no word for people.
const ALLOWED: &[&str] = &["Application: Folio", "dc:language: GR", "dc:language: el"];

/// The words in Latin letters of a Word file's texts, descriptions and properties.
fn of_word(bytes: &[u8]) -> Vec<String> {
    use std::io::Read as _;

    use quick_xml::events::Event;

    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut found = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let is_text = name.starts_with("word/")
            && ["document", "header", "footer", "footnotes"].iter().any(|part| name.contains(part));
        let is_property = name == "docProps/core.xml" || name == "docProps/app.xml";
        if !name.ends_with(".xml") || !(is_text || is_property) {
            continue;
        }
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut element = String::new();
        loop {
            let event = reader.read_event().unwrap();
            match &event {
                Event::Start(start) | Event::Empty(start) => {
                    element = start.name().as_ref().to_owned();
                    let is_said = |key: &str| {
                        matches!((element.as_str(), key), ("wp:docPr" | "pic:cNvPr", "name" | "descr" | "title"))
                            || matches!(
                                (element.as_str(), key),
                                ("w:alias" | "w:tblCaption" | "w:tblDescription", "w:val")
                            )
                            || key == "string" && element == "v:textpath"
                    };
                    for attribute in start.attributes().flatten() {
                        let key = attribute.key.as_ref().to_owned();
                        if is_said(&key) {
                            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap();
                            found.extend(latin(&value).into_iter().map(|word| format!("{element} {key}: {word}")));
                        }
                    }
                }
                Event::Text(words) if is_property || element == "w:t" => {
                    found.extend(latin(words).into_iter().map(|word| format!("{element}: {word}")));
                }
                Event::Eof => break,
                _ => {}
            }
        }
    }
    found
}
