//! A format that Folio does not know is one row of a table: nothing else changes. And who says in which formats a
//! document is written.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, request};
use folio::backend::{Backends, Format, Work, Write, pdf};
use folio::diagnostic::Sink;
use folio::model::walk;
use folio::render::{Action, Outcome, Request};

/// The words of a document's headings, in plain text.
const PLAIN: Format = Format { name: "plain", extension: "txt", write: Write::Document(plain) };

fn plain(work: &Work<'_>) -> Result<Vec<u8>, Sink> {
    let labels = walk(&work.document.body).into_iter().filter_map(|block| block.label());
    let lines: Vec<&str> = std::iter::once(work.document.control.title.text.as_str()).chain(labels).collect();
    Ok(lines.join("\n").into_bytes())
}

fn with_plain() -> Request {
    Request { backends: Backends::bundled().with(PLAIN), ..request() }
}

/// The formats of each document, in the order of the set.
fn formats(outcome: &Outcome) -> Vec<(&str, String)> {
    let made = outcome.documents.iter().filter(|document| !document.outputs.is_empty());
    made.map(|document| {
        let names: Vec<&str> = document.outputs.iter().map(|output| output.format.name).collect();
        (document.id.as_str(), names.join(" "))
    })
    .collect()
}

#[test]
fn a_third_format_is_written_recorded_and_known_again() {
    let workspace = Workspace::specimen();
    workspace.edit("folio.yaml", "format: 1", "format: 1\nformats: [plain, pdf]");
    let (outcome, said) = workspace.render_with(with_plain());
    let outcome = outcome.unwrap_or_else(|| panic!("{said}"));
    assert!(formats(&outcome).iter().all(|(_, names)| names == "pdf plain"), "{outcome:?}");
    let text = std::fs::read_to_string(&outcome.documents[0].outputs[1].path).unwrap();
    assert!(text.starts_with(&outcome.documents[0].title), "{text}");
    assert!(workspace.read("folio.lock").contains(".txt"));
    let (again, _) = workspace.render_with(with_plain());
    let outputs = again.unwrap().documents.into_iter().flat_map(|document| document.outputs);
    assert!(outputs.into_iter().all(|output| output.action == Action::Unchanged));
}

#[test]
fn what_needs_no_pages_is_not_laid_out() {
    let workspace = Workspace::specimen();
    // No font of Folio's has this character, which the layout would refuse.
    workspace.edit("profile.yaml", "Quill & Sons Ltd", "Quill \u{708E} Sons Ltd");
    let only = Request { formats: vec![PLAIN], ..with_plain() };
    let (outcome, said) = workspace.render_with(only);
    let outcome = outcome.unwrap_or_else(|| panic!("{said}"));
    assert!(formats(&outcome).iter().all(|(_, names)| names == "plain"), "{said}");
    let (_, said) = workspace.render_with(Request { formats: vec![PLAIN, pdf::FORMAT], ..with_plain() });
    assert!(said.contains("F503"), "{said}");
}

#[test]
fn a_document_says_its_formats_and_the_workspace_says_better() {
    let workspace = Workspace::specimen();
    let made = |workspace: &Workspace, request: Request| {
        let (outcome, said) = workspace.render_with(Request { dry_run: true, ..request });
        let outcome = outcome.unwrap_or_else(|| panic!("{said}"));
        let found = formats(&outcome).into_iter().find(|(id, _)| *id == "notice");
        found.map(|(_, names)| names).unwrap_or_else(|| panic!("{said}"))
    };
    assert_eq!(made(&workspace, request()), "docx pdf");
    workspace.edit("folio.yaml", "format: 1", "format: 1\nformats: [docx]");
    assert_eq!(made(&workspace, request()), "docx");
    workspace.edit("pack/documents/notice.md.hbs", "---\n", "---\nformats: [pdf]\n");
    assert_eq!(made(&workspace, request()), "pdf");
    workspace.edit("folio.yaml", "format: 1", "format: 1\ndocuments: {notice: {formats: [pdf, docx]}}");
    assert_eq!(made(&workspace, request()), "docx pdf");
    assert_eq!(made(&workspace, Request { formats: vec![pdf::FORMAT], ..request() }), "pdf");
}

#[test]
fn a_format_that_there_is_not_is_named_where_it_stands() {
    let workspace = Workspace::specimen();
    workspace.edit("folio.yaml", "format: 1", "format: 1\nformats: [dox]\ndocuments: {notice: {formats: [odt]}}");
    workspace.edit("pack/documents/handbook.md.hbs", "---\n", "---\nformats: [pdg]\n");
    let said = workspace.problems();
    for (name, place) in
        [("dox", "folio.yaml:2:11"), ("odt", "folio.yaml:3:32"), ("pdg", "documents/handbook.md.hbs:2:11")]
    {
        assert!(said.contains(&format!("`formats` cannot be `{name}`")), "{name}: {said}");
        assert!(said.contains(place), "{place}: {said}");
    }
    assert!(said.contains("did you mean `docx`?") && said.contains("choose one of: docx, pdf"), "{said}");
    workspace.edit("folio.yaml", "notice: {formats: [odt]}", "notise: {formats: [odt]}");
    let said = workspace.problems();
    assert!(said.contains("the pack has no document `notise`") && said.contains("did you mean `notice`?"), "{said}");
}
