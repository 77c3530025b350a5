//! A pack over one in another language: what is left out, what is told, what both languages say.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::process::Command;

use common::Workspace;

/// What a command says on both channels, and its exit code.
fn run(workspace: &Workspace, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(arguments)
        .arg("--all")
        .current_dir(workspace.path())
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .env("FOLIO_PACKS", workspace.file("installed"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code(), said.concat())
}

fn golden(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "golden/translation", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

/// An English pack of two documents, the beginning of a German one over it, and a workspace with that.
fn packs() -> Workspace {
    let workspace = Workspace::empty();
    assert_eq!(run(&workspace, &["pack", "new", "tools"]).0, Some(0));
    workspace
        .edit("tools/pack.yaml", "documents: [equipment-policy]", "documents: [equipment-policy, visitors]")
        .write(
            "tools/documents/visitors.md.hbs",
            "---\nnumber: P-2\ntitle: Visitors\nkind: policy\n---\n# Visitors {#sec-visitors}\n\nVisitors sign the list.\n",
        )
        .write(
            "tools-de/pack.yaml",
            "format: 1\nid: tools-de\nversion: \"0.1.0\"\ntitle: Geräte\nstandard: Hausregel\nlanguage: de-DE\nextends: tools@^0.1\n",
        )
        .write(
            "tools-de/documents/equipment-policy.md.hbs",
            "---
number: P-1
title: Geräterichtlinie
kind: policy
satisfies: [equipment]
keywords: [Geräte]
---
{{#block \"owner\"}}
# Wer zuständig ist {#sec-owner}

Zuständig ist: {{role responsibilities.equipment}}. [](#tab-equipment) zeigt den Bestand.

:::table {#tab-equipment widths=\"20,80\" caption=\"Bestand\"}

| Nr. | Was |
|---|---|
{{#each equipment}}
| {{id}} | {{name}} |
{{/each}}

:::
{{/block}}

{{#block \"return\"}}
# Rückgabe {#sec-return}

Geräte kommen nach {{lending.days}} Tagen zurück, spätestens aber um 17:30.

{{> questions}}
{{/block}}
",
        )
        .write("tools-de/messages/checks.yaml", "checks:\n  loan-overdue:\n    message: nicht zurück\n");
    for file in ["profile.yaml", "registers/equipment.csv"] {
        workspace.write(&format!("w/{file}"), workspace.read(&format!("tools/fixtures/lending/{file}")));
    }
    workspace.write("w/folio.yaml", "format: 1\nid: w\npack: {path: ../tools-de}\nas_of: 2026-03-01\n");
    workspace
}

/// The same with its partial.
fn whole() -> Workspace {
    let workspace = packs();
    workspace.write("tools-de/partials/questions.md.hbs", "Fragen beantwortet: {{role responsibilities.equipment}}.\n");
    workspace
}

#[test]
fn a_document_that_is_not_translated_is_left_out_and_named() {
    let workspace = whole();
    let (code, said) = run(&workspace, &["render", "w"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Visitors") && said.contains("not translated into de-DE"), "{said}");
    let made: Vec<String> = std::fs::read_dir(workspace.file("w/out/draft"))
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(made.len() == 2 && made.iter().all(|name| name.starts_with("P-1")), "{made:?}");
}

#[test]
fn a_pack_may_refuse_what_is_not_translated() {
    let workspace = whole();
    workspace.edit("tools-de/pack.yaml", "language:", "untranslated: refuse\nlanguage:");
    let (code, said) = run(&workspace, &["check", "w"]);
    assert_eq!(code, Some(1), "{said}");
    golden("refused", &said);
}

#[test]
fn a_partial_in_another_language_is_never_mixed_in_silently() {
    let workspace = packs();
    let (code, said) = run(&workspace, &["check", "w"]);
    assert_eq!(code, Some(1), "{said}");
    golden("partial", &said);
}

#[test]
fn a_translation_is_held_against_its_base() {
    let workspace = packs();
    workspace.edit("tools-de/documents/equipment-policy.md.hbs", "{#sec-owner}", "{#sec-zustaendig}");
    workspace.write(
        "tools-de/glossary.yaml",
        "terms:\n  - {term: equipment, use: [Ausrüstung], avoid: [Gerät]}\n  - {term: list, use: [Liste, Verzeichnis]}\n",
    );
    let (code, said) = run(&workspace, &["pack", "check", "tools-de", "--against", "tools"]);
    assert_eq!(code, Some(1), "{said}");
    golden("against", &said);
}

#[test]
fn what_an_author_needs_lies_where_the_guide_says() {
    let workspace = whole();
    // The base by its id, beside the pack; forms and a glossary are parts of a pack.
    workspace
        .write("tools-de/forms.yaml", "terms:\n  geraet: {nominative: das Gerät}\n")
        .write("tools-de/glossary.yaml", "terms: []\n")
        .edit("tools/data/articles.csv", "E.2,", "E.1,Twice\nE.2,");
    let output = Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(["pack", "check", ".", "--against", "tools"])
        .current_dir(workspace.file("tools-de"))
        .env("FOLIO_PACKS", workspace.file("installed"))
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(said.contains("beside tools 0.1.0"), "{said}");
    assert!(!said.contains("used nowhere"), "{said}");
    let (_, said) = run(&workspace, &["pack", "check", "tools"]);
    assert!(said.contains("the catalogue `articles` has `E.1` 2 times"), "{said}");
}

#[test]
fn what_the_base_changed_since_is_told() {
    let workspace = whole();
    let against = ["pack", "check", "tools-de", "--against", "tools"];
    let (_, said) = run(&workspace, &[&against[..], &["--accept"]].concat());
    assert!(said.contains("noted in translation.yaml"), "{said}");
    let (_, said) = run(&workspace, &against);
    assert!(said.contains("the base has changed nothing of what is translated"), "{said}");
    workspace.edit("tools/partials/questions.md.hbs", "", "First of all, ask. ");
    let (_, said) = run(&workspace, &against);
    let said: Vec<&str> =
        said.split("\n\n").filter(|part| part.contains("F338") || part.contains("has changed")).collect();
    golden("changed-since", &said.join("\n\n"));
    workspace.write("tools-de/translation.yaml", "format: 1\nbase: tools\n");
    let (_, said) = run(&workspace, &against);
    assert!(said.contains("F304") && said.contains("translation.yaml"), "{said}");
}

#[test]
fn both_languages_are_to_say_the_same_facts() {
    let workspace = whole();
    let (code, said) = run(&workspace, &["check", "w", "--compare", "en", "--deny-warnings"]);
    assert_eq!(code, Some(1), "{said}");
    golden("compared", &said);
    let (code, said) = run(&workspace, &["check", "w", "--compare", "fr"]);
    assert_ne!(code, Some(0));
    golden("no-such-language", &said);
}

#[test]
fn keys_and_requirements_are_called_in_the_language_of_the_pack() {
    let workspace = whole();
    workspace.write(
        "tools-de/messages/words.yaml",
        "schema:\n  equipment[].due: {title: Zurück am}\n  lending.days: {why: Länger braucht niemand etwas.}\nrequirements:\n  equipment: {cites: Artikel E.1, title: Regeln zum Leihen}\n",
    );
    let (_, schema) = run(&workspace, &["schema", "w"]);
    assert!(schema.contains("Zurück am"), "{schema}");
    workspace.edit("w/profile.yaml", "lending: {days: 1}\n", "");
    let (_, decisions) = run(&workspace, &["decisions", "w"]);
    assert!(decisions.contains("Länger braucht niemand etwas."), "{decisions}");
    let (_, coverage) = run(&workspace, &["coverage", "w"]);
    assert!(coverage.contains("Artikel E.1") && coverage.contains("Regeln zum Leihen"), "{coverage}");
    workspace.write("tools-de/messages/words.yaml", "schema:\n  equipment[].dew: {title: Zurück am}\n");
    let (_, said) = run(&workspace, &["check", "w"]);
    assert!(
        said.contains("`equipment[].dew` is no key of a profile") && said.contains("did you mean `equipment.due`?"),
        "{said}"
    );
}

#[test]
fn nobody_is_sent_to_a_document_that_is_left_out() {
    use folio::diagnostic::Sink;
    use folio::pack::Pack;
    use folio::pack::source::{Shelf, folder};
    let workspace = whole();
    workspace.edit(
        "tools/data/topics.yaml",
        "equipment-owner:",
        "visitors: {section: visitors#sec-visitors}\nequipment-owner:",
    );
    workspace.write("tools/data/places.csv", "id,section\na,visitors#sec-visitors\nb,equipment-policy#sec-owner\n");
    let read = |pack: &str| {
        let path = workspace.file(pack);
        Pack::load(folder(&path), &Shelf::default().beside(&path), &mut Sink::new()).unwrap()
    };
    for (pack, visitors) in [("tools", true), ("tools-de", false)] {
        let pack = read(pack);
        assert_eq!(pack.topics["visitors"].section.is_some(), visitors);
        assert_eq!(pack.data["topics"]["visitors"].get("section").is_some(), visitors);
        assert!(pack.topics["equipment-owner"].section.is_some());
        let places = &pack.data["places"];
        assert_eq!(places[0].get("section").is_some(), visitors);
        assert!(places[1].get("section").is_some());
    }
}

#[test]
fn fixtures_are_those_of_the_language() {
    let workspace = whole();
    let (_, said) = run(&workspace, &["pack", "test", "tools-de"]);
    assert!(said.contains("lending:") && said.contains("small:"), "{said}");
    for file in ["folio.yaml", "profile.yaml", "registers/equipment.csv"] {
        workspace.write(
            &format!("tools-de/fixtures/werkzeug/{file}"),
            workspace.read(&format!("tools/fixtures/lending/{file}")),
        );
    }
    let (_, said) = run(&workspace, &["pack", "test", "tools-de"]);
    assert!(said.contains("werkzeug:") && !said.contains("lending:"), "{said}");
}

#[test]
fn mistakes_in_messages_point_at_their_line() {
    let workspace = whole();
    workspace
        .write(
            "tools-de/messages/checks.yaml",
            "checks:\n  loan-overdue:\n    message: \"{name am {due}\"\ntexts:\n  a.b: \"{n, plural, one {# Tag}}\"\n  Groß: x\n",
        )
        .write("tools-de/messages/more.yaml", "texts:\n  c: \"{x, geld}\"\n  d: gut\n")
        .write("tools-de/messages/twice.yaml", "texts:\n  d: auch gut\n");
    let (_, said) = run(&workspace, &["pack", "check", "tools-de"]);
    golden("mistakes", &said);
    workspace
        .remove("tools-de/messages/more.yaml")
        .remove("tools-de/messages/twice.yaml")
        .write("tools-de/messages/checks.yaml", "checks:\n  loan-overdue:\n    message: \"{nome} {due, date}\"\ntexts:\n  a.b: \"{n, plural, other {# Tage}}\"\n");
    let (_, said) = run(&workspace, &["pack", "check", "tools-de"]);
    let said: Vec<&str> = said.split("\n\n").filter(|part| part.contains("F335") || part.contains("F340")).collect();
    golden("slots", &said.join("\n\n"));
}
