//! What a workspace goes through: rendered, rendered again, edited, broken, interrupted.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::BTreeMap;

use common::{Workspace, request};
use folio::backend::{docx, pdf};
use folio::render::{Outcome, Request, Wishes};

fn actions(outcome: &Outcome) -> Vec<&'static str> {
    outcome.documents.iter().flat_map(|document| &document.outputs).map(|output| output.action.name()).collect()
}

fn asked(wishes: Wishes) -> Request {
    Request { wishes, ..request() }
}

/// The files of the draft folder, by name.
fn drafts(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(workspace.file("out/draft")).unwrap();
    entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

#[test]
fn the_same_input_gives_the_same_bytes_on_any_number_of_threads_and_in_any_folder() {
    let (one, many) = (Workspace::specimen(), Workspace::specimen());
    one.render_with(Request { jobs: 1, ..request() });
    many.render_with(Request { jobs: 4, today: "2031-01-01".into(), ..request() });
    let (one, many) = (drafts(&one), drafts(&many));
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        ["H-1 The handbook of pens.docx", "H-1 The handbook of pens.pdf", "H-2 Notice.docx", "H-2 Notice.pdf"]
    );
    for (name, bytes) in &one {
        assert!(many[name] == *bytes, "{name} differs");
    }
}

#[test]
fn a_second_run_writes_nothing() {
    let workspace = Workspace::specimen();
    let (first, _) = workspace.render();
    assert_eq!(actions(&first.unwrap()), ["written"; 4]);
    let stamp = |path: &str| std::fs::metadata(workspace.file(path)).unwrap().modified().unwrap();
    let before = [stamp("folio.lock"), stamp("out/draft/H-2 Notice.pdf")];
    let (second, _) = workspace.render();
    assert_eq!(actions(&second.unwrap()), ["unchanged"; 4]);
    assert_eq!(before, [stamp("folio.lock"), stamp("out/draft/H-2 Notice.pdf")]);
}

#[test]
fn only_what_a_change_touches_is_written() {
    let workspace = Workspace::specimen();
    workspace.render();
    workspace.edit("profile.yaml", "{hours: 4}", "{hours: 5}");
    let (outcome, _) = workspace.render();
    assert_eq!(actions(&outcome.unwrap()), ["written", "written", "unchanged", "unchanged"]);
}

#[test]
fn an_edited_output_is_kept_until_asked() {
    let workspace = Workspace::specimen();
    workspace.render();
    workspace.write("out/draft/H-2 Notice.docx", "edited by hand").edit(
        "profile.yaml",
        "name: Quill & Sons Ltd",
        "name: Quill Ltd",
    );
    let (outcome, said) = workspace.render();
    let outcome = outcome.unwrap();
    assert_eq!(actions(&outcome), ["written", "written", "kept-edited", "written"]);
    assert_eq!(outcome.documents[1].state.name(), "edited");
    assert!(said.contains("F602") && said.contains("H-2 Notice.docx"), "{said}");
    assert_eq!(workspace.read("out/draft/H-2 Notice.docx"), "edited by hand");
    let (again, _) = workspace.render();
    assert_eq!(actions(&again.unwrap())[2], "kept-edited", "it is still somebody's work");
    let (replaced, _) = workspace.render_with(asked(Wishes { overwrite_edited: true, ..Wishes::default() }));
    assert_eq!(actions(&replaced.unwrap())[2], "written");
}

#[test]
fn a_file_that_folio_never_wrote_is_not_overwritten() {
    let workspace = Workspace::specimen();
    workspace.write("out/draft/H-2 Notice.pdf", "somebody else's");
    workspace.render();
    assert_eq!(workspace.read("out/draft/H-2 Notice.pdf"), "somebody else's");
}

#[test]
fn a_failed_run_leaves_the_set_whole() {
    let workspace = Workspace::specimen();
    workspace.render();
    let before = drafts(&workspace);
    workspace.edit("pack/documents/handbook.md.hbs", "# Purpose {#sec-purpose}", "# Purpose");
    let (outcome, said) = workspace.render();
    assert!(said.contains("F404"), "{said}");
    assert_eq!(actions(&outcome.unwrap()), ["failed"; 4]);
    assert!(drafts(&workspace) == before);
}

#[test]
#[cfg(unix)]
fn an_output_that_cannot_be_written_changes_nothing() {
    let workspace = Workspace::specimen();
    workspace.render();
    let before = drafts(&workspace);
    workspace.edit("profile.yaml", "name: Quill & Sons Ltd", "name: Quill Ltd");
    // A folder in the place of the last file: what root may do, too, cannot be done.
    std::fs::remove_file(workspace.file("out/draft/H-2 Notice.pdf")).unwrap();
    std::fs::create_dir(workspace.file("out/draft/H-2 Notice.pdf")).unwrap();
    let (outcome, said) = workspace.render();
    assert!(said.contains("F609"), "{said}");
    assert!(actions(&outcome.unwrap()).iter().all(|action| *action == "failed"));
    std::fs::remove_dir(workspace.file("out/draft/H-2 Notice.pdf")).unwrap();
    for (name, bytes) in drafts(&workspace) {
        assert!(before[&name] == bytes, "{name} changed");
    }
}

#[test]
fn a_run_that_was_killed_between_two_files_is_taken_up_again() {
    let workspace = Workspace::specimen();
    workspace.render();
    let old_lock = workspace.read("folio.lock");
    let old = drafts(&workspace);
    workspace.edit("profile.yaml", "name: Quill & Sons Ltd", "name: Quill Ltd");
    workspace.render();
    let new = drafts(&workspace);
    // As a kill left it before format 3: the announcement in the lock, the first file new, the others old.
    let mut announced: serde_json::Value = serde_json::from_str(&old_lock).unwrap();
    let new_lock: serde_json::Value = serde_json::from_str(&workspace.read("folio.lock")).unwrap();
    announced["format"] = 2.into();
    announced.as_object_mut().unwrap().remove("workspace");
    for (id, document) in announced["documents"].as_object_mut().unwrap() {
        document["input"] = "".into();
        for (format, output) in document["outputs"].as_object_mut().unwrap() {
            output["pending"] = new_lock["documents"][id]["outputs"][format]["sha256"].clone();
        }
    }
    workspace.write("folio.lock", announced.to_string());
    for (index, name) in old.keys().enumerate() {
        let bytes = if index == 0 { &new[name] } else { &old[name] };
        workspace.write(&format!("out/draft/{name}"), bytes);
    }
    let (outcome, said) = workspace.render();
    assert!(!said.contains("F602"), "nobody edited anything: {said}");
    assert_eq!(actions(&outcome.unwrap()), ["unchanged", "written", "written", "written"]);
    assert!(drafts(&workspace) == new);
}

#[test]
fn what_is_left_behind_is_named_and_removed_when_that_is_asked() {
    let workspace = Workspace::specimen();
    workspace.render();
    workspace.write("out/draft/H-2 Notice.docx", "edited by hand");
    workspace.edit("folio.yaml", "format: 1", "format: 1\nnaming: \"{{id}} {{version}}\"");
    let left = |outcome: Option<Outcome>| -> Vec<(String, bool, bool)> {
        let left = outcome.unwrap().left_behind.into_iter();
        let name = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
        left.map(|left| (name(&left.path), left.is_edited, left.is_removed)).collect()
    };
    let renamed = [
        ("H-1 The handbook of pens.docx".to_owned(), false, false),
        ("H-1 The handbook of pens.pdf".to_owned(), false, false),
        ("H-2 Notice.docx".to_owned(), true, false),
        ("H-2 Notice.pdf".to_owned(), false, false),
    ];
    assert_eq!(left(workspace.render().0), renamed);
    assert_eq!(left(workspace.render().0), renamed, "they are named again, run after run");
    assert_eq!(drafts(&workspace).len(), 8);
    // A format and a document go, too.
    workspace.edit(
        "folio.yaml",
        "format: 1",
        "format: 1\nformats: [docx]\ndocuments: {skip: {notice: nobody reads it}}",
    );
    assert_eq!(left(workspace.render().0).len(), 7);
    assert_eq!(drafts(&workspace).len(), 8);
    let pruned = left(workspace.render_with(asked(Wishes { prune: true, ..Wishes::default() })).0);
    assert_eq!(pruned.iter().filter(|(_, _, is_removed)| *is_removed).count(), 6, "{pruned:?}");
    assert_eq!(drafts(&workspace).into_keys().collect::<Vec<_>>(), ["H-2 Notice.docx", "handbook 0.2.docx"]);
    assert_eq!(left(workspace.render().0), [("H-2 Notice.docx".to_owned(), true, false)]);
}

#[test]
fn a_dry_run_and_one_format_do_what_they_say() {
    let workspace = Workspace::specimen();
    let (outcome, _) = workspace.render_with(Request { dry_run: true, ..request() });
    assert_eq!(actions(&outcome.unwrap()), ["written"; 4]);
    assert!(!workspace.file("out").exists() && !workspace.file("folio.lock").exists());
    let only = Request { formats: vec![pdf::FORMAT], only: vec!["notice".into()], ..request() };
    workspace.render_with(only);
    assert_eq!(drafts(&workspace).into_keys().collect::<Vec<_>>(), ["H-2 Notice.pdf"]);
}

#[test]
fn an_override_replaces_its_block() {
    let workspace = Workspace::specimen();
    workspace.write("overrides/notice/text.md.hbs", "Only **{{organisation.name}}**.\n");
    let (_, dump) = &workspace.dumps()[1];
    assert!(dump.contains("Only **{organisation.name: Quill & Sons Ltd}**.") && !dump.contains("Goose"), "{dump}");
}

#[test]
fn a_finding_can_be_accepted_until_its_date() {
    let workspace = Workspace::specimen();
    assert!(workspace.problems().contains("warning[pen-out-of-stock]"));
    let accepted = "accepted:\n  - {check: pen-out-of-stock, at: \"pens[P-3].stock\", reason: crows are away, by: head, until: 2026-12-31}\nlimits:";
    workspace.edit("profile.yaml", "limits:", accepted);
    let said = workspace.problems();
    assert!(
        said.contains("note[pen-out-of-stock]") && said.contains("accepted until 2026-12-31: crows are away"),
        "{said}"
    );
    let later = workspace.render_with(Request { dry_run: true, today: "2027-01-01".into(), ..request() }).1;
    assert!(later.contains("warning[pen-out-of-stock]"), "{later}");
}

/// One format alone, after a change, leaves the other format's files old: the next run makes them too.
#[test]
fn a_format_that_was_left_out_is_made_by_the_next_run() {
    let workspace = Workspace::specimen();
    workspace.render();
    let pdfs = || std::fs::read(workspace.file("out/draft/H-2 Notice.pdf")).unwrap();
    let before = pdfs();
    workspace.edit("profile.yaml", "short_name: Quill", "short_name: Quillery");
    workspace.render_with(Request { formats: vec![docx::FORMAT], ..request() });
    assert_eq!(pdfs(), before);
    workspace.render();
    assert_ne!(pdfs(), before);
    let locked = workspace.read("folio.lock");
    assert!(locked.contains("\"set\""), "{locked}");
    workspace.render();
    assert_eq!(workspace.read("folio.lock"), locked, "a run that changes nothing writes nothing");
}
