//! Figures that a pack proposes and nobody has decided: marked in drafts, listed, counted, and taken into the profile.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/pdf.rs"]
mod pdf;

use std::io::{Cursor, Read as _};

use common::Workspace;
use serde_json::Value as Json;

const SCHEMA: &str = "pack/profile.schema.json";
const NOTICE: &str = "pack/documents/notice.md.hbs";

/// The specimen with defaults of every kind: figures with and without a reason, one that is no decision, one in the rows
/// of a register, and one in a group that the profile has not begun.
fn proposing() -> Workspace {
    let workspace = Workspace::specimen();
    let cleaning = r#"
    "cleaning": {"title": "Cleaning", "type": "object", "properties": {
      "days": {"title": "Days between cleanings", "type": "integer", "default": 30, "x-folio-why": "Ink dries in a month."},
      "words": {"title": "What it is called", "type": "string", "default": "clean", "x-folio-decision": false}}},
    "motto""#;
    workspace
        .edit(SCHEMA, "\n    \"motto\"", cleaning)
        .edit(SCHEMA, "\"default\": 90, \"x-folio-decision\": false}", "\"default\": 90}")
        .edit(SCHEMA, "\"stock\": {", "\"spare\": {\"title\": \"Spare nibs\", \"type\": \"integer\", \"default\": 2}, \"stock\": {")
        .edit(
            NOTICE,
            "{{#if motto}}",
            "We {{cleaning.words}} every **{{plural cleaning.days \"day\" \"days\"}}**, within {{duration limits.minutes}}, \
             and not {{limits.hours}} hours.\n\n{{#each pens}}\n- {{name}}: {{spare}}\n{{/each}}\n\n{{#if motto}}",
        );
    workspace
}

fn folio(workspace: &Workspace, arguments: &[&str]) -> (String, i32) {
    workspace.folio("no-packs-are-installed-here", arguments)
}

fn json(workspace: &Workspace, arguments: &[&str]) -> Json {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(arguments)
        .args(["--report", "json"])
        .current_dir(workspace.path())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn notice(workspace: &Workspace) -> String {
    workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1
}

fn word(workspace: &Workspace, part: &str) -> String {
    let bytes = workspace.read_bytes("out/draft/H-2 Notice.docx");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(part).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_first_page_marks_a_next_review_that_nobody_decided() {
    let workspace = Workspace::specimen();
    let defaults = r#"
    "document_defaults": {"properties": {"review_months": {"title": "Between reviews", "default": 12}}},
    "motto""#;
    workspace.edit(SCHEMA, "\n    \"motto\"", defaults);
    assert!(notice(&workspace).contains("next review within 12 months of approval; "), "the profile has decided");
    workspace.edit("profile.yaml", ", review_months: 12}", "}");
    let dump = notice(&workspace);
    assert!(dump.contains("next review within 12 months of approval†; "), "{dump}");
    assert!(dump.contains("Proposed and not yet decided (#folio-proposed)"), "{dump}");
    assert!(workspace.render().0.is_some());
    let xml = word(&workspace, "word/document.xml");
    let (_, after) = xml.split_once("within 12 months of approval</w:t></w:r>").unwrap();
    assert!(after.starts_with("<w:hyperlink "), "{}", &after[..80]);
    let pdf = pdf::text(workspace.read_bytes("out/draft/H-2 Notice.pdf"));
    assert!(pdf.contains("approval†"), "{pdf}");
}

#[test]
fn a_draft_marks_what_is_proposed_and_lists_it_at_its_end() {
    let workspace = proposing();
    let dump = notice(&workspace);
    assert!(dump.contains("every **{=cleaning.days: 30 days}†**, within {=limits.minutes: 90 minutes}†"), "{dump}");
    assert!(dump.contains("{cleaning.words: clean} every"), "what is no decision has no mark: {dump}");
    assert!(dump.contains("{limits.hours: 4} hours."), "what the profile says has no mark: {dump}");
    assert!(dump.contains("{pens[P-1].spare: 2}†"), "{dump}");
    let (_, list) =
        dump.split_once("# 2 Proposed and not yet decided (#folio-proposed)").unwrap_or_else(|| panic!("{dump}"));
    assert!(list.contains("|| Figure | What it is | Key | Why this figure"), "{list}");
    assert!(
        list.contains("| {=cleaning.days: 30 days} | Days between cleanings | `cleaning.days` | Ink dries in a month."),
        "{list}"
    );
    assert!(list.contains("| {=limits.minutes: 90 minutes} | Minutes | `limits.minutes` |"), "{list}");
    assert!(
        list.contains("| {=pens[P-1].spare: 2} | Spare nibs | `pens[].spare` |"),
        "rows that are alike are one: {list}"
    );
    assert!(!list.contains("cleaning.words") && !list.contains("P-2"), "{list}");

    workspace.edit("profile.yaml", "limits: {hours: 4}", "limits: {hours: 4, minutes: 90}\ncleaning: {days: 30}");
    workspace.write("registers/pens.csv", "id,name,owner,stock,in_use,spare\nP-1,Goose,clerk,1,yes,2\n");
    let dump = notice(&workspace);
    assert!(
        !dump.contains('†') && !dump.contains("folio-proposed"),
        "the same value in the profile decides it: {dump}"
    );
}

#[test]
fn both_formats_show_the_same_mark_and_lead_to_the_list() {
    let workspace = proposing();
    let (outcome, problems) = workspace.render();
    assert!(outcome.is_some_and(|outcome| !outcome.is_failed), "{problems}");
    let body = word(&workspace, "word/document.xml");
    let mark = "<w:hyperlink w:anchor=\"folio_proposed\" w:tooltip=\"proposed\" w:history=\"1\"><w:r><w:rPr><w:rStyle w:val=\"Proposed\"/></w:rPr><w:t>†</w:t></w:r></w:hyperlink>";
    assert!(body.contains(mark), "{body}");
    assert!(body.contains("w:name=\"folio_proposed\""));
    let styles = word(&workspace, "word/styles.xml");
    assert!(styles.contains("w:styleId=\"Proposed\"") && styles.contains("<w:vertAlign w:val=\"superscript\"/>"));
    // 30 days, 90 minutes, the spare nibs of three pens, and the mark that the note speaks of.
    assert_eq!(body.matches('†').count(), 6);
    let pdf = pdf::text(workspace.read_bytes("out/draft/H-2 Notice.pdf"));
    assert_eq!(pdf.matches('†').count(), 6, "{pdf}");
    assert!(pdf.contains("30days†") && pdf.contains("90minutes†,and"), "{pdf}");
}

#[test]
fn decisions_are_listed_and_counted() {
    let workspace = proposing();
    let (said, code) = folio(&workspace, &["decisions"]);
    assert_eq!(code, 0, "{said}");
    for line in [
        "Cleaning\n  cleaning.days: 30\n      Days between cleanings\n      why: Ink dries in a month.\n      in: Notice\n",
        "Limits\n  limits.minutes: 90\n      Minutes\n      in: The handbook of pens; Notice\n",
        "  pens[P-3].spare: 2\n",
        "5 figures are the pack's proposals and not decided yet.",
    ] {
        assert!(said.contains(line), "{said}");
    }
    let report = json(&workspace, &["decisions"]);
    let minutes = report["decisions"].as_array().unwrap().iter().find(|row| row["key"] == "limits.minutes").unwrap();
    assert_eq!(minutes["printed"], "90 minutes");
    assert_eq!(minutes["documents"], serde_json::json!(["handbook", "notice"]));
    assert_eq!((&minutes["value"], &minutes["area"]), (&Json::from(90), &Json::from("Limits")));
    let (said, _) = folio(&workspace, &["check"]);
    assert!(said.contains("5 figures are the pack's proposals and not decided yet: `folio decisions`\n"), "{said}");
    assert_eq!(json(&workspace, &["check"])["workspaces"][0]["proposed"], 5);
    // Also of a set that is in place already.
    assert_eq!(folio(&workspace, &["render"]).1, 0);
    assert_eq!(json(&workspace, &["check"])["workspaces"][0]["proposed"], 5);
}

#[test]
fn a_decision_is_written_where_it_belongs_and_comments_stay() {
    let workspace = proposing();
    workspace.edit("profile.yaml", "limits: {hours: 4}", "# As the guild has it.\nlimits:\n  hours: 4 # never more\n");
    assert_eq!(folio(&workspace, &["render"]).1, 0);
    assert!(word(&workspace, "word/document.xml").contains("†"));
    let (said, code) = folio(&workspace, &["decisions", "--confirm", "limits.\u{200B}minutes"]);
    assert_eq!(
        (said.as_str(), code),
        ("limits.minutes: 90\n1 figure stands in the profile now; 4 are open still\n", 0)
    );
    let profile = workspace.read("profile.yaml");
    assert!(profile.contains("# As the guild has it.\nlimits:\n  hours: 4 # never more\n  minutes: 90\n"), "{profile}");

    let (said, code) = folio(&workspace, &["decisions", "--confirm", "limits.minute"]);
    assert!(code == 1 && said.contains("F210") && said.contains("the pack proposes no `limits.minute`"), "{said}");
    let (said, code) = folio(&workspace, &["decisions", "--confirm", "cleaning.day"]);
    assert!(code == 1 && said.contains("did you mean `cleaning.days`?"), "{said}");
    let (said, code) = folio(&workspace, &["decisions", "--confirm", "limits.minutes"]);
    assert!(code == 1 && said.contains("nothing of `limits.minutes` is open"), "{said}");

    // A register without a column for it gets one.
    let before = workspace.read("registers/pens.csv");
    let (said, code) = folio(&workspace, &["decisions", "--confirm", "pens[P-1].spare"]);
    assert!(code == 0, "{said}");
    let lines = before.lines().zip(["spare", "2", "", ""]).map(|(line, cell)| format!("{line},{cell}\n"));
    assert_eq!(workspace.read("registers/pens.csv"), lines.collect::<String>());
    workspace.write(
        "registers/pens.csv",
        "id,name,owner,stock,in_use,spare\nP-1,Goose,clerk,1,yes,\nP-2,Swan,head,3,yes,5\n",
    );
    let (said, code) = folio(&workspace, &["decisions", "--confirm-all"]);
    assert!(
        code == 0 && said.ends_with("2 figures stand in the profile now, and nothing is open any more\n"),
        "{said}"
    );
    assert!(workspace.read("profile.yaml").contains("cleaning: {days: 30}\n"));
    assert_eq!(
        workspace.read("registers/pens.csv"),
        "id,name,owner,stock,in_use,spare\nP-1,Goose,clerk,1,yes,2\nP-2,Swan,head,3,yes,5\n"
    );
    assert_eq!(folio(&workspace, &["decisions"]).0, "nothing is open: every figure that documents print was decided\n");
    assert_eq!(folio(&workspace, &["render"]).1, 0);
    assert!(!word(&workspace, "word/document.xml").contains("†"), "the value is the same, and the mark goes");
}

#[test]
fn the_words_are_those_of_the_language_or_of_the_pack() {
    let workspace = proposing();
    workspace.edit("pack/pack.yaml", "language: en", "language: de");
    assert!(notice(&workspace).contains("Vorgeschlagen und noch nicht entschieden"));
    let own = "proposed: {mark: offen, title: Offen, note: \"Mit {mark}.\", figure: A, meaning: B, key: C, why: D}\n";
    let strings = workspace.read("pack/strings.yaml");
    workspace.write("pack/strings.yaml", format!("{strings}\n{own}"));
    let dump = notice(&workspace);
    assert!(dump.contains("# 2 Offen (#folio-proposed)") && dump.contains("Mit †.\n"), "{dump}");
}
