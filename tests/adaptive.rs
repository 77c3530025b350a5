//! Text follows the organisation: what is not there is not spoken of as if it were.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{copy, request};
use folio::diagnostic::Sink;
use folio::model::{Document, Inline, Reference, plain, walk};
use folio::render::documents;

/// What the templates themselves say, line by line, with values left out.
fn own_words(document: &Document) -> Vec<String> {
    walk(&document.body).into_iter().flat_map(|block| block.lines()).map(line).collect()
}

fn line(inlines: &[Inline<Reference>]) -> String {
    let part = |inline: &Inline<Reference>| match inline {
        Inline::Text(text) | Inline::Status { text, .. } if text.from.is_empty() && !text.computed => text.text.clone(),
        Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => line(content),
        Inline::LineBreak => " ".to_owned(),
        _ => "…".to_owned(),
    };
    inlines.iter().map(part).collect()
}

/// An example with its profile changed.
fn changed(example: &str, change: impl Fn(String) -> String) -> Vec<Document> {
    changed_at(&format!("examples/{example}"), change)
}

/// A workspace of the repository with its profile changed.
fn changed_at(place: &str, change: impl Fn(String) -> String) -> Vec<Document> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    copy(&root.join(place), folder.path());
    let edit = |file: &str, change: &dyn Fn(String) -> String| {
        let path = folder.path().join(file);
        std::fs::write(&path, change(std::fs::read_to_string(&path).unwrap())).unwrap();
    };
    let pack = root.join("template-packs");
    let own = pack.display().to_string();
    edit("folio.yaml", &|text| text.replace("../../../template-packs", &own).replace("../../template-packs", &own));
    edit("profile.yaml", &change);
    let mut sink = Sink::new();
    documents(folder.path(), &request(), &mut sink).unwrap_or_else(|| panic!("{sink:?}"))
}

/// The text with everything from one line on, until another, replaced.
fn without(text: &str, from: &str, until: &str, by: &str) -> String {
    let start = text.find(from).unwrap();
    let end = start + text[start..].find(until).unwrap();
    format!("{}{by}{}", &text[..start], &text[end..])
}

#[test]
fn a_remote_firm_reads_nothing_of_rooms_that_it_does_not_have() {
    let documents = changed("northwind", |text| {
        let text = without(&text, "\nsites:\n", "\nworkforce:", "\nsites: []\n");
        let text = without(&text, "\nsecurity_zones:\n", "\ntransfer_ways:", "\n");
        let text = without(&text, "\ndoors:\n", "\nhomes:", "\n");
        text.replace("remote_work: some", "remote_work: all")
            .replace("  facilities: office-manager\n", "")
            .replace("      sites: [Leeds]\n", "")
    });
    for document in documents {
        for words in own_words(&document).iter().map(|words| words.to_lowercase()) {
            let is_denied = words.contains("no premises") || words.contains("no server room");
            for room in ["badge", "visitor", "server room", "reception", "turnstile", "our sites", "the office"] {
                assert!(is_denied || !words.contains(room), "{}: `{room}` in: {words}", document.control.id);
            }
        }
    }
}

#[test]
fn a_firm_that_builds_nothing_has_no_rules_for_those_who_build() {
    for document in changed("riverside-clinics", |text| text) {
        let id = &document.control.id;
        assert!(!id.contains("engineering") && id != "secure-development-policy", "{id}");
        for words in own_words(&document).iter().map(|words| words.to_lowercase()) {
            for word in ["merge request", "pull request", "our developers", "source control"] {
                assert!(!words.contains(word), "{id}: `{word}` in: {words}");
            }
        }
    }
}

/// A haulier with three depots, of which no machine is on record.
#[test]
fn a_haulier_reads_what_is_recorded_of_it() {
    let documents = changed_at("tests/workspaces/valadares", |text| {
        text.replace("remote_access: VPN to the server in Ovar", "remote_access: none").replace(
            "    - {id: sub-drivers,",
            "    - {id: school, name: visiting classes, kind: other}\n    - {id: sub-drivers,",
        ) + "metrics:\n  - {id: M1, name: late reports, readings: [{date: 2026-08-31, value: 2}]}\n"
    });
    let of = |id: &str| {
        let document = documents.iter().find(|document| document.control.id == id).unwrap();
        let lines: Vec<String> = walk(&document.body).into_iter().flat_map(|block| block.lines()).map(plain).collect();
        lines.join("\n")
    };
    let physical = of("physical-security");
    assert!(physical.contains("Halls") && !physical.to_lowercase().contains("machine"), "{physical}");
    let people = of("human-resource-security");
    assert!(
        people.contains("Others who get access: visiting classes") && !people.contains("firms elsewhere"),
        "{people}"
    );
    assert!(of("monitoring-and-measurement-results").contains("It holds what was measured on 31 August 2026, and"));
    let access = of("access-control-policy");
    assert!(!access.contains("through none") && access.contains("by a way named by"), "{access}");
    let scope = of("isms-scope");
    assert!(scope.contains("Trans Duero S.L.") && !scope.contains("S.L..") && !scope.contains("S.A.."), "{scope}");
}
