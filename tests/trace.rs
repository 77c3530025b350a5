//! `folio trace`: why a document says what it says, and where.
#![allow(clippy::disallowed_methods, reason = "tests read files")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use common::Workspace as Folder;
use folio::diagnostic::{Sink, Span};
use folio::pack::source::Shelf;
use folio::session::Session;
use folio::trace::{self, Entry};
use folio::workspace::Workspace;

/// A workspace, and the trace of each of its documents.
fn traced(root: &Path) -> (Workspace, Vec<(String, Vec<Entry>)>) {
    let session = Session::new(Shelf::default(), 2, "2026-11-23");
    let mut sink = Sink::new();
    let workspace = session.workspace(root, &mut sink).unwrap_or_else(|| panic!("{sink:?}"));
    let plan = session.plan(&workspace, &mut sink);
    let documents = session.documents(&workspace, &plan, &mut sink).documents.unwrap_or_else(|| panic!("{sink:?}"));
    let trace = |document| trace::trace(&workspace, &plan, document);
    let traces = documents.iter().map(|document| (document.control.id.clone(), trace(document))).collect();
    (workspace, traces)
}

#[test]
fn a_document_says_why_it_says_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen");
    for (document, entries) in traced(&root).1 {
        insta::with_settings!({snapshot_path => "golden/trace", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(document, trace::text(&entries));
        });
    }
}

#[test]
fn an_override_is_traced_to_its_own_file_and_block() {
    let folder = Folder::specimen();
    folder.write("overrides/notice/text.md.hbs", "We own\n\n{{#each pens}}\n- {{name}}\n{{/each}}\n\n{{md motto}}\n");
    folder.edit("profile.yaml", "limits:", "motto: Write *well*, always.\nlimits:");
    let (_, traces) = traced(folder.path());
    let notice = &traces.iter().find(|(id, _)| id == "notice").unwrap().1;
    let entry = |text: &str| notice.iter().find(|entry| entry.text == text).unwrap_or_else(|| panic!("{notice:#?}"));
    let swan = entry("Swan <white>");
    assert_eq!(swan.at.as_ref().map(|span| (span.file.as_str(), span.line)), Some(("overrides/notice/text.md.hbs", 4)));
    assert_eq!(swan.block.as_deref(), Some("text"));
    assert_eq!(swan.conditions[0].path, "pens[P-2]");
    let name = &swan.values[0].from[0];
    assert_eq!((name.path.as_str(), swan.values[0].computed), ("pens[P-2].name", false));
    assert_eq!(name.at.as_ref().map(|span| (span.file.as_str(), span.line)), Some(("registers/pens.csv", 3)));
    let motto = entry("Write well, always.");
    let words: Vec<(&str, &str)> =
        motto.values.iter().map(|value| (value.text.as_str(), value.from[0].path.as_str())).collect();
    assert_eq!(words, [("Write", "motto"), ("well", "motto"), ("always", "motto")]);
    assert_eq!(entry("We own").block.as_deref(), Some("text"));
    assert_eq!(entry("Text").block, None, "the heading stands before the block");
}

/// Every place that a trace of an example names is there, and holds what is said to stand there.
#[test]
fn places_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/northwind");
    let (workspace, traces) = traced(&root);
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for tree in workspace.trees() {
        for path in tree.list("").unwrap() {
            if let Ok(text) = String::from_utf8(tree.read(&path).unwrap()) {
                texts.insert(tree.name(&path), text.lines().map(str::to_owned).collect());
            }
        }
    }
    let line = |span: &Span| -> String {
        let lines = texts.get(span.file.as_str()).unwrap_or_else(|| panic!("there is no {}", span.file));
        let line = (span.line as usize).checked_sub(1);
        line.map_or(String::new(), |at| lines.get(at).unwrap_or_else(|| panic!("{span} is not there")).clone())
    };
    let (mut places, mut shown) = (0, 0);
    for entry in traces.iter().flat_map(|(_, entries)| entries) {
        line(entry.at.as_ref().unwrap_or_else(|| panic!("{entry:?}")));
        for fact in entry.conditions.iter().chain(entry.values.iter().flat_map(|value| &value.from)) {
            places += usize::from(fact.at.as_ref().map(&line).is_some());
        }
        for value in entry.values.iter().filter(|value| !value.computed) {
            // Long texts are folded over several lines; short ones stand where they are said to stand.
            let fact = &value.from[0];
            let Some(span) = fact.at.as_ref().filter(|_| value.text.len() < 20 && !fact.is_default) else { continue };
            if !matches!(value.text.as_str(), "yes" | "no") {
                assert!(line(span).contains(&value.text), "{span}: {:?} has no {:?}", line(span), value.text);
                shown += 1;
            }
        }
    }
    assert!(places > 10_000 && shown > 1_000, "{places} places, {shown} values");
}

#[test]
fn one_part_can_be_asked_about() {
    let folder = Folder::specimen();
    let folio = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_folio")).args(arguments).current_dir(folder.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, said, _) = folio(&["trace", ".", "notice", "--at", "Crow"]);
    assert_eq!(code, Some(0));
    insta::with_settings!({snapshot_path => "golden/trace", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("one-part", said);
    });
    let (code, said, _) = folio(&["trace", ".", "notice", "--at", "Crow", "--report", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(report["entries"][0]["values"][0]["from"][0]["path"], "pens[P-3].name");
    assert_eq!(report["entries"][0]["values"][0]["from"][0]["at"]["line"], 4);
    assert_eq!(report["entries"].as_array().unwrap().len(), 1);
    let (_, said, _) = folio(&["trace", ".", "notice", "--at", "nowhere said"]);
    assert_eq!(said, "nothing in `notice` says `nowhere said`\n");
    let (code, _, said) = folio(&["trace", ".", "notic"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("F107") && said.contains("did you mean `notice`?"), "{said}");
}
