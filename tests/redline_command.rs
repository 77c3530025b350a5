//! `folio redline`: which versions it holds against one another, what it writes, and what it refuses.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::io::{Cursor, Read as _};

use common::Workspace;
use common::past::{self, Past};
use serde_json::Value as Json;

const DOCX: &str = "out/redline/H-1 The handbook of pens (1.0 – draft).docx";
const PDF: &str = "out/redline/H-1 The handbook of pens (1.0 – draft).pdf";

fn folio(workspace: &Workspace, arguments: &[&str]) -> (String, i32) {
    let mut all = vec!["redline", workspace.path().to_str().unwrap(), "--date", "2026-11-28"];
    all.extend(arguments);
    workspace.folio("", &all)
}

fn part(docx: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// A specimen whose documents were issued as 1.0, and whose handbook changed since.
fn changed() -> Workspace {
    let workspace = Workspace::specimen();
    Past::of(&workspace).issue("2026-03-05", &[("handbook", "1.0"), ("notice", "1.0")]);
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    workspace
}

#[test]
fn what_changed_since_the_last_issue_is_marked_in_both_formats() {
    let workspace = changed();
    let (said, code) = folio(&workspace, &["--comments", "--author", "Quill & Sons"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("The handbook of pens: 1.0 to draft: ") && said.contains("Notice: unchanged"), "{said}");
    assert!(said.contains("2 files in "), "{said}");
    let docx = workspace.read_bytes(DOCX);
    let body = part(&docx, "word/document.xml");
    assert!(body.contains("w:author=\"Quill &amp; Sons\" w:date=\"2026-11-28T00:00:00Z\""));
    assert!(body.contains("<w:del ") && body.contains("<w:ins ") && body.contains("<w:commentReference "));
    assert!(part(&docx, "word/comments.xml").contains("Cause: "));
    assert!(workspace.read_bytes(PDF).starts_with(b"%PDF"));
    // The same again writes nothing, and other redlines stay.
    let before = workspace.read_bytes(PDF);
    let (said, code) = folio(&workspace, &["--formats", "pdf", "--report", "json"]);
    let report: Json = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
    assert_eq!(code, 0);
    let document = &report["documents"][0];
    assert_eq!((&document["from"], &document["to"]), (&"1.0".into(), &"draft".into()));
    assert_eq!(document["files"][0]["action"], "unchanged");
    assert_eq!(document["files"][0]["format"], "pdf");
    for key in ["inserted", "deleted", "revisions"] {
        assert!(document[key].as_u64().unwrap() > 0, "{key}");
    }
    let change = &document["changes"][0];
    assert!(change["where"].is_string() && change["before"].is_string() && change["after"].is_string());
    assert!(!change["causes"].as_array().unwrap().is_empty());
    assert_eq!(report["unchanged"], serde_json::json!(["Notice"]));
    assert_eq!(before, workspace.read_bytes(PDF));
}

#[test]
fn a_dry_run_writes_nothing() {
    let workspace = changed();
    let (said, code) = folio(&workspace, &["--dry-run", "--formats", "docx"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 file would be in "), "{said}");
    assert!(!workspace.file("out/redline").exists());
    assert!(!workspace.file(".folio/redlines.json").exists());
}

#[test]
fn two_issued_versions() {
    let workspace = Workspace::specimen();
    Past::of(&workspace).issue("2026-03-05", &[("handbook", "1.0"), ("notice", "1.0")]);
    let first = workspace.read(".folio/history.jsonl");
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    let mut second = Past::of(&workspace);
    second.issue("2026-03-06", &[("handbook", "1.1")]);
    let lines: Vec<String> = first.lines().map(str::to_owned).chain(second.lines()).collect();
    past::write(&workspace, &past::chained(&lines));
    let (said, code) = folio(&workspace, &["--from", "1.0", "--to", "1.1", "--formats", "docx"]);
    assert_eq!(code, 0, "{said}");
    assert!(workspace.file("out/redline/H-1 The handbook of pens (1.0–1.1).docx").is_file(), "{said}");
    assert!(said.contains("Notice: no redline: it has no version 1.1"), "{said}");
    // Without a beginning, the version before.
    let (said, _) = folio(&workspace, &["--to", "1.1", "--formats", "docx", "--dry-run"]);
    assert!(said.contains("The handbook of pens: 1.0 to 1.1"), "{said}");
    let (said, code) = folio(&workspace, &["--from", "7.0"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("it has no version 7.0"), "{said}");
}

#[test]
fn what_was_never_issued_is_held_against_the_last_render() {
    let workspace = Workspace::specimen();
    let (said, code) = folio(&workspace, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("never issued") && said.contains("nothing to mark"), "{said}");
    workspace.render();
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    let (said, code) = folio(&workspace, &["--formats", "docx"]);
    assert_eq!(code, 0, "{said}");
    assert!(workspace.file("out/redline/H-1 The handbook of pens (last render – draft).docx").is_file(), "{said}");
}

#[test]
fn what_somebody_edited_stays() {
    let workspace = changed();
    folio(&workspace, &["--formats", "docx"]);
    workspace.write(DOCX, "edited");
    let (said, code) = folio(&workspace, &["--formats", "docx"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("F602") && said.contains("left as it is"), "{said}");
    assert_eq!(workspace.read(DOCX), "edited");
    let elsewhere = workspace.file("elsewhere");
    let (said, code) = folio(&workspace, &["--formats", "docx", "--out", elsewhere.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    assert!(elsewhere.join("H-1 The handbook of pens (1.0 – draft).docx").is_file(), "{said}");
}

#[test]
fn a_kept_model_that_was_tampered_with_is_refused_where_it_lies() {
    let workspace = changed();
    workspace.edit(".folio/issued/handbook/1.0/model.json", "handbook of pens", "handb00k of pens");
    let (said, code) = folio(&workspace, &[]);
    assert_ne!(code, 0, "{said}");
    assert!(said.contains("F611") && said.contains(".folio/issued/handbook/1.0/model.json"), "{said}");
    assert!(!workspace.file("out/redline").exists());
}

#[test]
fn no_name_leads_elsewhere() {
    let workspace = Workspace::specimen();
    Past::of(&workspace).issue("2026-03-05", &[("handbook", "../../1/0")]);
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    let (said, code) = folio(&workspace, &["--formats", "docx", "--only", "handbook"]);
    assert_eq!(code, 0, "{said}");
    assert!(workspace.file("out/redline/H-1 The handbook of pens (..-..-1-0 – draft).docx").is_file(), "{said}");
    let (said, code) = folio(&workspace, &["--only", "handbok"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("F107") && said.contains("handbook"), "{said}");
}
