//! Names of other clients in a client's documents: found however they are written, and nothing else.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::path::Path;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{Workspace, copy, request};
use folio::diagnostic::Sink;
use folio::files::{Disk, FileError, Files};
use folio::leaks;
use folio::render::{Request, render};

/// A practice of two clients: `own`, which has an override, and `other`, whose people and suppliers are looked for.
struct Practice(Workspace);

impl Practice {
    fn new() -> Practice {
        let practice = Workspace::empty();
        for client in ["own", "other"] {
            let folder = practice.file(client);
            std::fs::create_dir_all(&folder).unwrap();
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen"), &folder);
        }
        let people = "  - {id: ada, name: Ada Quill}\n";
        let others = "  - {id: ada, name: Zoë Straße-Kowalski}\n  - {id: cy, name: Target}\n";
        practice.edit("other/profile.yaml", people, others);
        practice.edit("other/profile.yaml", "Quill & Sons Ltd", "Harbour Works");
        Practice(practice)
    }

    /// What is said of names when a text is put in place of a block.
    fn says(&self, text: &str) -> Vec<String> {
        self.0.write("own/overrides/notice/text.md.hbs", format!("{text}\n\n"));
        let mut sink = Sink::new();
        render(&self.0.file("own"), &Request { dry_run: true, ..request() }, &|_, _| {}, &mut sink);
        let faults: Vec<_> = sink.iter().filter(|problem| problem.is_fault()).collect();
        assert!(faults.is_empty(), "{text}: {faults:?}");
        let found = sink.iter().filter(|problem| problem.code == "F419");
        found
            .map(|problem| {
                let span = problem.span.as_ref().unwrap();
                assert_eq!(span.file, "overrides/notice/text.md.hbs", "{text}");
                format!("{} {}", span.line, problem.message)
            })
            .collect()
    }
}

const HARBOUR: &str = "1 `Harbour Works` belongs to somebody else";

#[test]
fn a_name_is_found_however_it_is_written() {
    let practice = Practice::new();
    for text in [
        "As at Harbour Works.",
        "As at HARBOUR WORKS.",
        "As at harbour works.",
        "As at Harbour\u{A0}Works.",
        "As at Harbour  Works.",
        "As at Harbour\u{202F}Works.",
        "As at Harbour\nWorks.",
        "As at Har\u{200B}bour Works.",
        "As at Har\u{AD}bour Works.",
        "As at **Harbour** *Works*.",
        "As at `Harbour Works`.",
        "```\nat Harbour Works\n```",
        "    at Harbour Works",
        "> As at Harbour Works.",
        "- As at Harbour Works.",
        "So.\n\n## Harbour Works {#sec-x}\n\nSo.",
        "As here.[^1]\n\n[^1]: As at Harbour Works.",
        "[Harbour Works](https://example.org)",
        ":::callout {kind=note title=\"As at Harbour Works\"}\nSo here.\n:::",
        "![As at Harbour Works](quill.svg)",
        "![A quill](quill.svg \"As at Harbour Works\")",
        "`____`{.field name=x label=\"Name at Harbour Works\" type=text}",
        "`____`{.field name=x label=\"Where\" type=choice choices=\"here,Harbour Works\"}",
        ":::table {caption=\"As at Harbour Works\"}\n| a |\n|---|\n| b |\n:::",
        "| a |\n|---|\n| Harbour Works |",
        "`Harbour Works`{.status tone=bad}",
        "{{cap \"harbour Works\"}}",
        "{{plural 2 \"x\" \"Harbour Works\"}}",
        "{{#if (eq motto \"Harbour Works\")}}x{{/if}} y",
        "{{lower (cap 'Harbour Works')}}",
    ] {
        let said = practice.says(text);
        assert!(!said.is_empty(), "{text:?} says nothing");
        assert!(said.iter().all(|said| said.ends_with(&HARBOUR[2..])), "{text:?}: {said:?}");
    }
    let composed = "1 `Zoë Straße-Kowalski` belongs to somebody else";
    for text in ["Zoe\u{308} Straße-Kowalski", "ZOË STRASSE-KOWALSKI", "Zoë Straße\u{2011}Kowalski"] {
        assert_eq!(practice.says(&format!("As {text} says.")), [composed], "{text}");
    }
    assert_eq!(
        practice.says("As {{organisation.name}}.\n\nx\n\nAs at Harbour Works.\n"),
        ["5 `Harbour Works` belongs to somebody else"]
    );
}

#[test]
fn what_is_no_name_of_others_is_left_alone() {
    let practice = Practice::new();
    for text in [
        "The target is none.",
        "A harbour, works and all.",
        "Harbour Workshop",
        "As at Quill & Sons Ltd.",
        "{{organisation.name}}",
        "{{!-- as at \"Harbour Works\" --}}So here.",
    ] {
        assert!(practice.says(text).is_empty(), "{text:?}: {:?}", practice.says(text));
    }
    assert_eq!(practice.says("Target says so."), ["1 `Target` belongs to somebody else"]);
    // A value is the profile's own affair, wherever it is printed.
    practice.0.edit("own/profile.yaml", "limits:", "motto: As at Harbour Works\nlimits:");
    for text in
        ["{{motto}}", "`{{motto}}`", ":::callout {kind=note title=\"{{motto}}\"}\nSo.\n:::", "![{{motto}}](quill.svg)"]
    {
        assert!(practice.says(text).is_empty(), "{text:?}: {:?}", practice.says(text));
    }
    // What both have is nobody else's.
    practice.0.edit("own/profile.yaml", "name: Ada Quill", "name: HARBOUR WORKS");
    assert!(practice.says("As at Harbour Works.").is_empty());
}

/// A client's files, which count how often the profile is read.
struct Counted(Disk, Arc<AtomicUsize>);

impl Files for Counted {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if path == "profile.yaml" {
            self.1.fetch_add(1, Ordering::Relaxed);
        }
        self.0.read(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        self.0.list(folder)
    }

    fn name(&self, path: &str) -> String {
        self.0.name(path)
    }
}

#[test]
fn the_clients_of_a_practice_are_read_once_a_run() {
    let practice = Practice::new();
    practice.0.write("own/overrides/notice/text.md.hbs", "As at Harbour Works.\n");
    let count = Arc::new(AtomicUsize::new(0));
    let (folder, files) = (practice.0.file("other"), Disk::new(practice.0.file("other"), ""));
    let mut session = request().session();
    session.practice = leaks::Practice::of(vec![(folder, Arc::new(Counted(files, count.clone())))]);
    for round in 0..3 {
        let mut sink = Sink::new();
        let workspace = session.workspace(&practice.0.file("own"), &mut sink).unwrap();
        let plan = session.plan(&workspace, &mut sink);
        let documents = session.documents(&workspace, &plan, &mut sink).documents.unwrap();
        session.leaks(&workspace, &documents, &mut sink);
        assert!(sink.iter().any(|problem| problem.code == "F419"), "round {round}: {sink:?}");
    }
    assert_eq!(count.load(Ordering::Relaxed), 1);
}
