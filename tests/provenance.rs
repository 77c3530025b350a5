//! Every word knows where it came from: what share of the values that documents print can be led back to the value or
//! the register row that they came from.

use std::collections::BTreeMap;
use std::path::Path;

use folio::diagnostic::Sink;
use folio::model::{Document, Inline, Node, Reference, Text, stored, walk};
use folio::pack::source::Shelf;
use folio::session::Session;
use folio::workspace::Workspace;
use serde_json::Value as Json;

/// How well a value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// It is the value at one path, as it stands.
    Exactly,
    /// It was made from values and register rows that are all named.
    ByParts,
    /// It is what a rule of the pack says by itself, or was made from that among others.
    ByRule,
    /// Among what it was made from are whole columns of registers, or groups.
    ByColumn,
    /// Nothing but whole registers is named.
    ByRegister,
    Not,
}

fn texts<'a>(line: &'a [Inline<Reference>], found: &mut Vec<&'a Text>) {
    for inline in line {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Unrecorded(text) | Inline::Status { text, .. } => {
                found.push(text)
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                texts(content, found);
            }
            Inline::Reference(_) | Inline::Footnote { .. } | Inline::Field(_) | Inline::LineBreak => {}
        }
    }
}

/// The value at a path without rows, such as `scope.units`.
fn at<'a>(profile: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(profile, |value, key| value.get(key))
}

fn of_path(profile: &Json, path: &str) -> Known {
    if path.starts_with("derived.") {
        return Known::ByRule;
    }
    if path.contains("[]") {
        return Known::ByColumn;
    }
    match at(profile, path) {
        // What is said because a register is empty has no row to come from.
        Some(Json::Array(rows)) if rows.is_empty() => Known::ByParts,
        Some(Json::Array(_)) => Known::ByRegister,
        Some(Json::Object(_)) => Known::ByColumn,
        _ => Known::ByParts,
    }
}

fn of_text(profile: &Json, text: &Text) -> Known {
    let parts: Vec<Known> = text.from.iter().map(|path| of_path(profile, path)).collect();
    match (parts.as_slice(), text.computed) {
        ([], _) => Known::Not,
        ([Known::ByParts], false) => Known::Exactly,
        (parts, _) if parts.iter().all(|part| *part == Known::ByRegister) => Known::ByRegister,
        (parts, _) => parts.iter().map(|part| (*part).min(Known::ByColumn)).max().unwrap_or(Known::Not),
    }
}

/// The examples whose figures are held.
const WORKSPACES: [&str; 6] = [
    "northwind",
    "harbour-works",
    "riverside-clinics",
    "northwind-2022",
    "harbour-works-2022",
    "riverside-clinics-2022",
];

/// An example's workspace and documents.
fn example(name: &str) -> (Workspace, Vec<Document>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let session = Session::new(Shelf::default(), 2, "2026-11-23");
    let mut sink = Sink::new();
    let workspace = session.workspace(&root, &mut sink).expect("an example is sound");
    let plan = session.plan(&workspace, &mut sink);
    let documents = session.documents(&workspace, &plan, &mut sink).documents.expect("an example is sound");
    (workspace, documents)
}

/// Every run of text that a value of a document gave.
fn values(document: &Document) -> Vec<&Text> {
    let mut found = Vec::new();
    for block in walk(&document.body) {
        block.lines().into_iter().for_each(|line| texts(line, &mut found));
        if let Node::CodeBlock { text } = &block.node {
            found.push(text);
        }
    }
    document.footnotes.values().for_each(|line| texts(line, &mut found));
    found.retain(|text| text.computed || !text.from.is_empty());
    found
}

#[test]
fn values_are_led_back_to_their_place_or_row() {
    let mut figures: BTreeMap<Known, usize> = BTreeMap::new();
    let mut coarse: Vec<String> = Vec::new();
    for (workspace, documents) in WORKSPACES.iter().map(|name| example(name)) {
        for (document, text) in
            documents.iter().flat_map(|document| values(document).into_iter().map(move |text| (document, text)))
        {
            let known = of_text(&workspace.profile.value, text);
            *figures.entry(known).or_default() += 1;
            if known > Known::ByParts {
                coarse.push(format!("{known:?} {}: {} = {:?}", document.control.id, text.from.join(", "), text.text));
            }
        }
    }
    let all: usize = figures.values().sum();
    let share = |kinds: &[Known]| {
        let sum: usize = kinds.iter().filter_map(|kind| figures.get(kind)).sum();
        sum as f64 * 100.0 / all as f64
    };
    coarse.sort();
    let report = format!("{all} values, {figures:?}\n{}", coarse.join("\n"));
    assert!(all > 30_000, "{report}");
    assert!(share(&[Known::Exactly]) >= 50.0, "{report}");
    assert!(share(&[Known::Exactly, Known::ByParts]) >= 99.0, "{report}");
    assert!(share(&[Known::ByRegister]) <= 0.1, "{report}");
    assert_eq!(figures.get(&Known::Not), None, "{report}");
}

/// The register row that all values of a cell come from, when there is one.
fn row_of(cell: &[Inline<Reference>]) -> Option<&str> {
    let mut values = Vec::new();
    texts(cell, &mut values);
    let row = |path: &'_ str| path.find(']').filter(|_| !path.contains("[]")).map(|end| end + 1);
    let mut rows = values.iter().flat_map(|text| &text.from).map(|path| row(path).map(|end| &path[..end]));
    let first = rows.next()??;
    rows.all(|other| other == Some(first)).then_some(first)
}

#[test]
fn rows_of_tables_know_their_register_row() {
    let (mut rows, mut known) = (0, BTreeMap::<String, usize>::new());
    let mut unknown = Vec::new();
    for (_, documents) in WORKSPACES.iter().map(|name| example(name)) {
        // What the engine lists at the end of a draft shows no rows.
        let is_appended = |node: &Node<Reference>| match node {
            Node::Heading(heading) => heading.id.starts_with("folio-"),
            _ => false,
        };
        for document in &documents {
            let own = walk(&document.body).into_iter().take_while(|block| !is_appended(&block.node));
            for block in own {
                let Node::Table(table) = &block.node else { continue };
                rows += table.rows.len();
                for row in &table.rows {
                    match (&row.source, row.cells.first().and_then(|cell| row_of(cell))) {
                        (Some(source), _) => {
                            let register = source.split('[').next().unwrap_or_default();
                            *known.entry(register.to_owned()).or_default() += 1;
                        }
                        // A row that begins with the values of one register row is that of it.
                        (None, Some(row)) => unknown.push(format!("{} {row}", document.control.id)),
                        (None, None) => {}
                    }
                }
            }
        }
    }
    let sum: usize = known.values().sum();
    // The rest are rows that templates and rules write: steps, questions, what is proposed.
    assert!(sum * 100 >= rows * 55, "{sum} of {rows}: {known:?}");
    assert!(unknown.len() * 10 <= sum, "{} beside {sum}: {unknown:#?}", unknown.len());
    for register in ["risks", "assets", "suppliers", "treatment_actions", "data.controls"] {
        assert!(known.contains_key(register), "{register}: {known:?}");
    }
    assert!(known.keys().all(|register| !register.starts_with("derived")), "{known:?}");
}

#[test]
fn kept_documents_come_back_as_they_were() {
    for (_, documents) in WORKSPACES.iter().map(|name| example(name)) {
        for document in documents {
            let bytes = stored::bytes(&document);
            assert!(stored::read(&bytes).as_ref() == Ok(&document), "{}", document.control.id);
            assert_eq!(stored::bytes(&document), bytes);
        }
    }
}
