//! Issuing: which documents get a version, what stands against it, what is kept, and what a kill leaves.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Workspace, copy, request};
use folio::commit::{Held, Manner};
use folio::diagnostic::Sink;
use folio::diagnostic::text::render as show;
use folio::files::Disk;
use folio::history::{History, NOTHING};
use folio::issue::{self, Baseline, Done, Order};
use folio::model::stored;
use folio::render::RenderedState;

fn order(day: &str) -> Order {
    Order {
        approver: "head".into(),
        reason: "The pens were counted.".into(),
        day: day.parse().unwrap(),
        only: Vec::new(),
        is_major: false,
        effective: None,
    }
}

/// What an order comes to, and what is said.
fn prepared(root: &Path, order: &Order) -> (Option<Done>, String) {
    let mut sink = Sink::new();
    let done = issue::issue(&request().session(), root, order, &mut sink);
    (done, said(&sink))
}

fn said(sink: &Sink) -> String {
    sink.iter().map(|problem| show(problem, false)).collect::<Vec<_>>().join("\n")
}

fn apply(root: &Path, done: &Done) {
    Held::take(root, Manner::default()).unwrap().apply(&done.commit).unwrap();
}

fn issued(workspace: &Workspace, order: &Order) -> Done {
    let (done, said) = prepared(workspace.path(), order);
    let done = done.unwrap_or_else(|| panic!("{said}"));
    apply(workspace.path(), &done);
    done
}

fn versions(done: &Done) -> Vec<String> {
    done.documents.iter().map(|made| format!("{} {}", made.id, made.version)).collect()
}

/// Every file below a folder, without what a command that was killed keeps for the next one.
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            if !name.contains(".folio-") && name != ".folio/run.lock" && name != ".folio/staging.json" {
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

fn history(workspace: &Workspace) -> History {
    History::read(&Disk::new(workspace.path(), ""), &mut Sink::new()).unwrap()
}

#[test]
fn what_changed_gets_a_version_and_all_else_keeps_its_bytes() {
    let workspace = Workspace::specimen();
    workspace.render();
    let first = issued(&workspace, &order("2026-03-05"));
    assert_eq!(versions(&first), ["handbook 1.0", "notice 1.0"]);
    let before = files(workspace.path());
    assert!(!before.keys().any(|path| path.starts_with("out/draft/")), "{:?}", before.keys());
    let (outcome, _) = workspace.render();
    assert!(outcome.unwrap().documents.iter().all(|document| document.state == RenderedState::Issued));
    assert!(prepared(workspace.path(), &order("2026-03-05")).0.unwrap().commit.is_empty());

    // A stock is counted: the handbook shows it, the notice does not.
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    let (outcome, _) = workspace.render();
    let documents = outcome.unwrap().documents;
    assert_eq!((documents[0].state, documents[0].version.as_str()), (RenderedState::Draft, "draft after 1.0"));
    assert_eq!((documents[1].state, documents[1].version.as_str()), (RenderedState::Issued, "1.0"));
    let second = issued(&workspace, &order("2026-03-06"));
    assert_eq!(versions(&second), ["handbook 1.1"]);
    let after = files(workspace.path());
    for (path, bytes) in before.iter().filter(|(path, _)| path.contains("notice/") || path.contains("H-2")) {
        assert!(after[path] == *bytes, "{path}");
    }
    for (path, bytes) in before.iter().filter(|(path, _)| path.starts_with(".folio/issued/")) {
        assert!(after[path] == *bytes, "{path} was altered");
    }
    let history = history(&workspace);
    assert_eq!(history.entries[0].previous, NOTHING);
    let lines = after[".folio/history.jsonl"].clone();
    let first_line = lines.split(|byte| *byte == b'\n').next().unwrap();
    assert_eq!(history.entries[1].previous, folio::digest::of_file(first_line));
    let major = issued(&workspace, &Order { is_major: true, only: vec!["handbook".into()], ..order("2026-03-07") });
    assert!(major.documents.is_empty(), "nothing changed, so nothing is issued: {:?}", versions(&major));
}

#[test]
fn an_issued_document_says_who_approved_it_and_has_no_watermark() {
    let workspace = Workspace::specimen();
    let effective = Some("2026-04-01".parse().unwrap());
    issued(&workspace, &Order { effective, ..order("2026-03-05") });
    let history = history(&workspace);
    let document = history.last("notice").unwrap().document(&Disk::new(workspace.path(), "")).unwrap().unwrap();
    let control = &document.control;
    let approval = &control.approvals[0];
    assert_eq!((approval.name.text.as_str(), approval.post.text.as_str()), ("Ada Quill", "managing director"));
    assert_eq!(approval.day.date.to_string(), "2026-03-05");
    assert_eq!(control.effective.as_ref().unwrap().date.to_string(), "2026-04-01");
    let row = &control.history[0];
    assert_eq!((row.version.text.as_str(), row.change.text.as_str()), ("1.0", "The pens were counted."));
    let word = zip_text(&workspace.read_bytes("out/issued/H-2 Notice.docx"));
    assert!(word.contains("Ada Quill, managing director, 5 March 2026"), "{word}");
    assert!(!word.contains("PowerPlusWaterMarkObject"));
}

fn zip_text(bytes: &[u8]) -> String {
    use std::io::Read as _;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        if file.name().unwrap().ends_with(".xml") {
            file.read_to_string(&mut text).unwrap();
        }
    }
    let mut plain = String::new();
    for part in text.split('<') {
        if let Some((tag, words)) = part.split_once('>') {
            plain.push_str(words);
            if tag.contains("PowerPlus") {
                plain.push_str(tag);
            }
        }
    }
    plain
}

#[test]
fn what_is_kept_gives_the_same_bytes_again() {
    let workspace = Workspace::specimen();
    issued(&workspace, &order("2026-03-05"));
    let disk = Disk::new(workspace.path(), "");
    let history = history(&workspace);
    let session = request().session();
    let mut sink = Sink::new();
    let opened = session.workspace(workspace.path(), &mut sink).unwrap();
    let plan = session.plan(&opened, &mut sink);
    for id in ["handbook", "notice"] {
        let version = history.last(id).unwrap();
        let document = version.document(&disk).unwrap().unwrap();
        let formats = &plan.jobs.iter().find(|job| job.control.id == id).unwrap().formats;
        let press = session.press(&opened, std::slice::from_ref(&document), formats, &mut sink).unwrap();
        let printed = session.print(&press, &opened, &document, formats, &mut sink).unwrap();
        assert_eq!(printed.outputs.len(), 2);
        for (format, bytes) in printed.outputs {
            let given = &version.issued.files[format.name];
            assert_eq!(folio::digest::of_file(&bytes), given.sha256, "{id} {}", format.name);
        }
        let kept = workspace.read_bytes(&format!("{}/model.json", version.folder()));
        assert_eq!(Some(stored::digest(&kept)), version.issued.model);
        assert!(version.facts(&disk).unwrap().is_some());
    }
    let stored = issue::stored_files(&session, workspace.path(), "notice@1.0", &mut sink).unwrap();
    assert_eq!(stored.files().count(), 2);
    workspace.write(".folio/issued/notice/1.0/H-2 Notice.pdf", "other");
    assert!(issue::stored_files(&session, workspace.path(), "notice@1.0", &mut sink).is_none());
    assert!(said(&sink).contains("F713"), "{}", said(&sink));
    let mut sink = Sink::new();
    assert!(issue::stored_files(&session, workspace.path(), "notice@7.0", &mut sink).is_none());
    assert!(said(&sink).contains("there are notice@1.0"), "{}", said(&sink));
}

/// The bookmarks by which a paragraph is found again, in a version's Word file and in what is kept of it.
fn name_of(workspace: &Workspace, version: &str, words: &str) -> String {
    use folio::model::identity::{Part, identities};
    let history = history(workspace);
    let version = history.version("handbook", version).unwrap();
    let document = version.document(&Disk::new(workspace.path(), "")).unwrap().unwrap();
    let says = |part: &Part<'_>| match part {
        Part::Block(block) => block.lines().into_iter().any(|line| folio::model::plain(line) == words),
        Part::Row(_) => false,
    };
    let named = identities(&document).into_iter().find(|it| says(&it.part)).unwrap().given().to_owned();
    let word = zip_text(&workspace.read_bytes(&format!("{}/H-1 The handbook of pens.docx", version.folder())));
    assert_eq!(word.matches(&format!("w:name=\"{named}\"")).count(), 1, "{named}");
    named
}

#[test]
fn a_paragraph_keeps_its_name_from_version_to_version_whatever_it_says() {
    let workspace = Workspace::specimen();
    let template = "pack/documents/handbook.md.hbs";
    issued(&workspace, &order("2026-03-05"));
    let first = name_of(&workspace, "1.0", "Some words between.");
    workspace.edit(template, "Some words between.", "Nothing of this was said before.");
    issued(&workspace, &order("2026-03-06"));
    assert_eq!(name_of(&workspace, "1.1", "Nothing of this was said before."), first);
    // The old words come back elsewhere, and are something else now.
    workspace.edit(template, "Nothing of this was said before.", "And now, something completely different.");
    workspace.edit(template, "# Pens {#sec-pens}\n", "# Pens {#sec-pens}\n\nSome words between.\n");
    let (outcome, _) = workspace.render();
    assert_eq!(outcome.unwrap().documents[0].state, RenderedState::Draft);
    let draft = zip_text(&workspace.read_bytes("out/draft/H-1 The handbook of pens.docx"));
    issued(&workspace, &order("2026-03-07"));
    assert_eq!(name_of(&workspace, "1.2", "And now, something completely different."), first);
    let back = name_of(&workspace, "1.2", "Some words between.");
    assert_ne!(back, first);
    for name in [first, back] {
        assert!(draft.contains(&format!("w:name=\"{name}\"")), "{name}");
    }
}

#[test]
fn a_kill_at_any_step_leaves_all_old_or_all_new() {
    let whole = Workspace::specimen();
    whole.render();
    let (done, _) = prepared(whole.path(), &order("2026-03-05"));
    let done = done.unwrap();
    let old = files(whole.path());
    let mut held = Held::take(whole.path(), Manner::default()).unwrap();
    held.apply(&done.commit).unwrap();
    let steps = held.steps();
    drop(held);
    let new = files(whole.path());
    let (mut olds, mut news) = (0, 0);
    for step in 0..steps {
        let workspace = Workspace::empty();
        for (path, bytes) in &old {
            workspace.write(path, bytes);
        }
        let mut held = Held::take_stopping(workspace.path(), Manner::default(), step).unwrap();
        let _ = held.apply(&done.commit);
        drop(held);
        drop(Held::take(workspace.path(), Manner::default()).unwrap());
        let found = files(workspace.path());
        assert!(found == old || found == new, "step {step}: {:?}", found.keys());
        *(if found == new { &mut news } else { &mut olds }) += 1;
    }
    assert!(olds > 3 && news > 3, "{olds} old, {news} new");
}

#[test]
fn what_stands_against_an_issue_is_said_in_one_run_and_nothing_is_made() {
    let refused = |workspace: &Workspace, order: Order| {
        let (done, said) = prepared(workspace.path(), &order);
        assert!(done.is_none(), "{said}");
        said
    };
    let workspace = Workspace::specimen();
    let said = refused(&workspace, Order { reason: " ".into(), approver: "nobody".into(), ..order("2026-03-05") });
    assert!(said.contains("F701") && said.contains("F702"), "{said}");
    let said = refused(&workspace, Order { approver: "ben".into(), ..order("2026-03-05") });
    assert!(said.contains("F703") && said.contains("self-approval"), "{said}");
    let effective = Some("2026-03-01".parse().unwrap());
    let said = refused(&workspace, Order { effective, ..order("2026-03-05") });
    assert!(said.contains("F704"), "{said}");
    issued_then(&["2026-03-04"], "F704");
}

/// Issues the specimen, then refuses it on a day before.
fn issued_then(days: &[&str], code: &str) {
    let workspace = Workspace::specimen();
    issued(&workspace, &order("2026-03-05"));
    workspace.edit("profile.yaml", "Quill & Sons Ltd", "Quill Ltd");
    for day in days {
        let (done, said) = prepared(workspace.path(), &order(day));
        assert!(done.is_none() && said.contains(code), "{said}");
    }
    // Somebody changed what is in force.
    workspace.write("out/issued/H-2 Notice.pdf", "mine");
    let (done, said) = prepared(workspace.path(), &order("2026-03-06"));
    assert!(done.is_none() && said.contains("F710"), "{said}");
    assert_eq!(workspace.read("out/issued/H-2 Notice.pdf"), "mine");
    // A version that would come before the last.
    workspace.remove("out/issued/H-2 Notice.pdf");
    std::fs::create_dir_all(workspace.file(".folio/issued/notice/1.1")).unwrap();
    workspace.write(".folio/issued/notice/1.1/x", "x");
    let (done, said) = prepared(workspace.path(), &order("2026-03-06"));
    assert!(done.is_none() && said.contains("F705"), "{said}");
}

#[test]
fn a_firm_without_a_second_person_accepts_that_and_its_history_says_so() {
    let workspace = Workspace::specimen();
    workspace.edit("profile.yaml", "author: clerk, approver: head", "author: head, approver: head");
    let (done, said) = prepared(workspace.path(), &order("2026-03-05"));
    assert!(done.is_none() && said.contains("self-approval"), "{said}");
    let profile = workspace.read("profile.yaml");
    let accepted = "accepted:\n  - {check: self-approval, reason: There are two of us, by: head}\n";
    workspace.write("profile.yaml", format!("{}\n{accepted}", profile.trim_end()));
    let done = issued(&workspace, &order("2026-03-05"));
    assert!(done.documents.iter().all(|made| made.change.contains("There are two of us")), "{done:?}");
}

#[test]
fn several_approve_in_turn_and_only_the_last_puts_it_in_force() {
    let workspace = Workspace::specimen();
    workspace.edit("profile.yaml", "author: clerk, approver: head", "approver: head, approvers: [clerk, head]");
    let done = issued(&workspace, &Order { approver: "clerk".into(), ..order("2026-03-05") });
    assert!(done.documents.iter().all(|made| made.awaits == ["head"]), "{done:?}");
    assert!(!workspace.file("out/issued").exists());
    assert!(history(&workspace).last("notice").is_none());
    let kept = files(workspace.path());
    let session = request().session();
    let mut sink = Sink::new();
    let none =
        issue::approve(&session, workspace.path(), &Order { approver: "ben".into(), ..order("2026-03-06") }, &mut sink);
    assert!(none.unwrap().documents.is_empty(), "it is not his turn");
    let done = issue::approve(&session, workspace.path(), &order("2026-03-06"), &mut sink);
    let done = done.unwrap_or_else(|| panic!("{}", said(&sink)));
    apply(workspace.path(), &done);
    let now = files(workspace.path());
    for (path, bytes) in kept.iter().filter(|(path, _)| path.starts_with(".folio/issued/")) {
        assert!(now[path] == *bytes, "{path} was altered");
    }
    let history = history(&workspace);
    let version = history.last("notice").unwrap();
    assert_eq!(history.approvals(&version).len(), 2);
    assert_eq!(history.given_out(&version).files.len(), 2);
    let word = zip_text(&workspace.read_bytes("out/issued/H-2 Notice.docx"));
    assert!(word.contains("Ben Łukasz, chief clerk, 5 March 2026"), "{word}");
    assert!(word.contains("Ada Quill, managing director, 6 March 2026"), "{word}");
    let (outcome, _) = workspace.render();
    assert!(outcome.unwrap().documents.iter().all(|document| document.state == RenderedState::Issued));
}

#[test]
fn what_is_withdrawn_leaves_what_is_in_force_and_stays_kept() {
    let workspace = Workspace::specimen();
    issued(&workspace, &order("2026-03-05"));
    let session = request().session();
    let mut sink = Sink::new();
    let only = vec!["notice".to_owned()];
    let done =
        issue::withdraw(&session, workspace.path(), &Order { only: only.clone(), ..order("2026-03-06") }, &mut sink);
    apply(workspace.path(), &done.unwrap());
    assert!(!workspace.file("out/issued/H-2 Notice.pdf").exists());
    assert!(workspace.file(".folio/issued/notice/1.0/H-2 Notice.pdf").exists());
    assert!(history(&workspace).is_withdrawn("notice"));
    assert!(prepared(workspace.path(), &order("2026-03-07")).0.unwrap().documents.is_empty());
    let again = issued(&workspace, &Order { only, ..order("2026-03-07") });
    assert_eq!(versions(&again), ["notice 1.1"]);
}

#[test]
fn what_was_made_elsewhere_counts_as_issued() {
    let workspace = Workspace::specimen();
    let taken = Baseline {
        id: "notice".into(),
        version: "3.2".into(),
        files: vec![("Old notice.docx".into(), b"old".to_vec())],
    };
    let mut sink = Sink::new();
    let session = request().session();
    let done = issue::baseline(&session, workspace.path(), &order("2026-01-02"), &taken, &mut sink);
    apply(workspace.path(), &done.unwrap_or_else(|| panic!("{}", said(&sink))));
    assert_eq!(workspace.read("out/issued/Old notice.docx"), "old");
    let (outcome, _) = workspace.render();
    assert_eq!(outcome.unwrap().documents[1].version, "draft after 3.2");
    let done = issued(&workspace, &order("2026-03-05"));
    assert_eq!(versions(&done), ["handbook 1.0", "notice 3.3"]);
    assert!(!workspace.file("out/issued/Old notice.docx").exists());
    assert_eq!(workspace.read(".folio/issued/notice/3.2/Old notice.docx"), "old");
}

#[test]
fn a_change_that_the_pack_calls_major_makes_a_major_version_where_it_is_shown() {
    let workspace = Workspace::specimen();
    let pack = workspace.read("pack/pack.yaml");
    let major = "major:\n  - {paths: [\"pens[].stock\"], reason: a stock changed}\n";
    workspace.write("pack/pack.yaml", format!("{}\n{major}", pack.trim_end()));
    issued(&workspace, &order("2026-03-05"));
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    let done = issued(&workspace, &order("2026-03-06"));
    assert_eq!(versions(&done), ["handbook 2.0"]);
    assert_eq!(done.documents[0].major.as_deref(), Some("a stock changed"));
}

#[test]
fn the_example_is_issued_by_one_approver_and_the_rest_waits_for_the_others() {
    let folder = Workspace::empty();
    for name in ["examples/northwind", "template-packs"] {
        std::fs::create_dir_all(folder.file(name)).unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name), &folder.file(name));
    }
    let order = Order { approver: "operations-director".into(), ..order("2026-11-28") };
    let (done, said) = prepared(&folder.file("examples/northwind"), &order);
    let done = done.unwrap_or_else(|| panic!("{said}"));
    // He stands in for the managing director, and is not asked as that.
    assert_eq!(
        versions(&done),
        ["acceptable-use-of-assets 1.0", "physical-security 1.0", "training-skills-experience-qualifications 1.0"]
    );
    let waiting: Vec<&str> = done.waiting.iter().map(|waiting| waiting.who.as_str()).collect();
    assert!(waiting.contains(&"managing director, Eleanor Hartley"), "{waiting:?}");
    assert!(!folder.file("examples/northwind/.folio/history.jsonl").exists());
}
