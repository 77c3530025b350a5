//! Issuing: which documents get a version, what stands against it, what is kept, and what a kill leaves.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::path::Path;

use common::{Workspace, copy, files, killed_at_each_step, request, said};
use folio::commit::{Held, Manner};
use folio::diagnostic::Sink;
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
        new_history: false,
    }
}

/// What an order comes to, and what is said.
fn prepared(root: &Path, order: &Order) -> (Option<Done>, String) {
    let mut sink = Sink::new();
    let done = issue::issue(&request().session(), root, order, &mut sink);
    (done, said(&sink))
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
    // What it was made from is kept, although the drafts that were made from the same have gone.
    let (verified, code) = workspace.folio("none", &["verify"]);
    assert_eq!(code, 0, "{verified}");
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
    let word = zip_text(&workspace.read_bytes("out/coming/2026-04-01 H-2 Notice.docx"));
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
    let word = bookmarks(&workspace.read_bytes(&format!("{}/H-1 The handbook of pens.docx", version.folder())));
    assert_eq!(word.iter().filter(|name| **name == named).count(), 1, "{named}");
    named
}

fn bookmarks(word: &[u8]) -> Vec<String> {
    let package = folio::reader::Package::read(word).unwrap();
    let mut found = Vec::new();
    package.xml("word/document.xml").unwrap().walk(&mut |element| {
        let name = element.get("name").filter(|_| element.is("bookmarkStart"));
        found.extend(name.map(str::to_owned));
    });
    found
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
    let draft = bookmarks(&workspace.read_bytes("out/draft/H-1 The handbook of pens.docx"));
    issued(&workspace, &order("2026-03-07"));
    assert_eq!(name_of(&workspace, "1.2", "And now, something completely different."), first);
    let back = name_of(&workspace, "1.2", "Some words between.");
    assert_ne!(back, first);
    for name in [first, back] {
        assert!(draft.contains(&name), "{name}");
    }
}

#[test]
fn a_kill_at_any_step_leaves_all_old_or_all_new() {
    let whole = Workspace::specimen();
    whole.render();
    let (done, _) = prepared(whole.path(), &order("2026-03-05"));
    let done = done.unwrap();
    let (olds, news) = killed_at_each_step(&whole, &done.commit);
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
    // Many of one role are one entry, which names them and whom they wait for.
    let whom = "2 documents (`handbook`, `notice`) are approved by `head` (managing director, Ada Quill)";
    assert!(said.matches("[F703]").count() == 1 && said.contains(whom), "{said}");
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
    let (said_by, _) = workspace.folio("none", &["status"]);
    assert!(
        said_by.contains("2 documents, unchanged") && said_by.contains("waits for the approval of head"),
        "{said_by}"
    );
    let (said_by, _) = workspace.folio("none", &["approve", "--approver", "ben", "--date", "2026-03-06"]);
    assert!(said_by.contains("nothing to be approved by this approver"), "{said_by}");
    assert!(said_by.contains("Next: folio approve --approver head"), "{said_by}");
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
    // The model that the last of them completed is known by the history, too.
    for command in [&["verify"][..], &["export", "--issued", "--out", "package.zip"]] {
        let (said, code) = workspace.folio("none", command);
        assert_eq!(code, 0, "{said}");
    }
    workspace.write("out/issued/H-2 Notice.docx", "mine");
    let (status, _) = workspace.folio("none", &["status"]);
    assert!(status.contains("out/issued/H-2 Notice.docx: edited by hand"), "{status}");
}

/// The specimen, whose notice lists the set; the handbook is approved by the clerk.
fn with_a_list() -> Workspace {
    let workspace = Workspace::specimen();
    let list = "{{#each set.documents}}\n- {{id}} is {{state}}{{#if (eq id \"notice\")}}{{else if version}}, {{version}} since {{since}}, \
                by {{approver}}{{/if}}\n{{/each}}\n{{/block}}";
    workspace.edit("pack/documents/notice.md.hbs", "{{/block}}", list);
    workspace.edit("profile.yaml", "  handbook:\n", "  handbook:\n    author: head\n    approver: clerk\n");
    workspace
}

#[test]
fn what_lists_the_set_is_kept_up_with_whatever_happens_in_it() {
    let workspace = with_a_list();
    let clerk = |day: &str| Order { approver: "clerk".into(), ..order(day) };
    assert_eq!(versions(&issued(&workspace, &order("2026-03-05"))), ["notice 1.0"]);
    // Somebody else approves what it tells of, and it follows.
    let done = issued(&workspace, &clerk("2026-03-06"));
    assert_eq!(versions(&done), ["handbook 1.0", "notice 1.1"]);
    assert!(done.documents[1].follows && !done.documents[0].follows);
    let now = history(&workspace);
    let version = now.last("notice").unwrap();
    let approvals = now.approvals(&version);
    assert_eq!((approvals.len(), approvals[0].name.as_str()), (1, "Ada Quill"));
    assert_eq!(now.approved(&version), Some("2026-03-05".parse().unwrap()));
    assert_eq!(now.since(&version), Some("2026-03-06".parse().unwrap()));
    let word = zip_text(&workspace.read_bytes("out/issued/H-2 Notice.docx"));
    assert!(word.contains("handbook is in-force, 1.0 since 2026-03-06, by chief clerk"), "{word}");
    assert!(word.contains("Ada Quill, managing director, 5 March 2026"), "{word}");
    let status = || workspace.folio("none", &["status"]).0;
    assert!(status().contains("2 documents, unchanged"), "{}", status());
    // From a later day on: what is in force stays so until then.
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    let effective = Some("2026-04-01".parse().unwrap());
    let done = issued(&workspace, &Order { effective, ..clerk("2026-03-07") });
    assert_eq!(versions(&done), ["handbook 1.1"]);
    assert!(status().contains("2 documents, unchanged"), "{}", status());
    let (listed, _) = workspace.folio("none", &["documents", "--date", "2026-03-08"]);
    assert!(
        listed.split_whitespace().collect::<Vec<_>>().join(" ").contains("1.1 approved, from 2026-04-01"),
        "{listed}"
    );
    // Also of what is withdrawn and taken over.
    let session = request().session();
    let mut sink = Sink::new();
    let only = Order { only: vec!["handbook".into()], ..clerk("2026-03-09") };
    let done = issue::withdraw(&session, workspace.path(), &only, &mut sink).unwrap();
    apply(workspace.path(), &done);
    assert_eq!(versions(&done), ["handbook 1.1", "notice 1.2"]);
    let files = vec![("Pens.docx".into(), b"old".to_vec())];
    let taken = Baseline { id: "handbook".into(), version: "4.0".into(), files };
    let done = issue::baseline(&session, workspace.path(), &clerk("2025-03-09"), &taken, &mut sink).unwrap();
    apply(workspace.path(), &done);
    assert_eq!(versions(&done), ["handbook 4.0", "notice 1.3"]);
    let word = zip_text(&workspace.read_bytes("out/issued/H-2 Notice.docx"));
    assert!(word.contains("handbook is taken-over, 4.0 since 2025-03-09"), "{word}");
    let (said, code) = workspace.folio("none", &["verify"]);
    assert!(code == 0 && said.contains("7 entries"), "{said}");
    // What it says of its own is approved by whoever approves it, and by nobody else.
    workspace.edit("pack/documents/notice.md.hbs", "{{#each set.documents}}", "Read it.\n\n{{#each set.documents}}");
    let (done, said) = prepared(workspace.path(), &Order { only: vec!["notice".into()], ..clerk("2026-03-10") });
    assert!(done.is_none() && said.contains("F703"), "{said}");
    assert_eq!(
        versions(&issued(&workspace, &Order { only: vec!["notice".into()], ..order("2026-03-10") })),
        ["notice 1.4"]
    );
}

#[test]
fn of_two_who_are_called_alike_nobody_is_taken_for_the_other() {
    let workspace = Workspace::specimen();
    workspace.edit("profile.yaml", "  - {id: ben,", "  - {id: ada-junior, name: Ada Quill}\n  - {id: ben,");
    let (done, said) = prepared(workspace.path(), &Order { approver: "Ada Quill".into(), ..order("2026-03-05") });
    assert!(done.is_none() && said.contains("several are called `Ada Quill`: `ada`, `ada-junior`"), "{said}");
    let (done, said) = prepared(workspace.path(), &Order { approver: "ada-junior".into(), ..order("2026-03-05") });
    assert!(done.is_none() && said.contains("F703"), "{said}");
    assert!(prepared(workspace.path(), &Order { approver: "ada".into(), ..order("2026-03-05") }).0.is_some());
}

#[test]
fn an_approval_is_kept_with_the_role_of_each_document() {
    let workspace = Workspace::specimen();
    workspace
        .edit("profile.yaml", "  - {id: ben,", "  - {id: cy, name: Cy Nib}\n  - {id: ben,")
        .edit("profile.yaml", "holder: ben, reports_to: head}", "holder: ben, deputy: ada, reports_to: head}\n  - {id: scribe, title: scribe, holder: cy, reports_to: head}")
        .edit("profile.yaml", "author: clerk", "author: scribe")
        .edit("profile.yaml", "  handbook:\n", "  handbook:\n    approver: clerk\n");
    let done = issued(&workspace, &Order { approver: "ada".into(), ..order("2026-03-05") });
    assert_eq!(versions(&done), ["handbook 1.0", "notice 1.0"]);
    let now = history(&workspace);
    let role = |id: &str| {
        let version = now.last(id).unwrap();
        let approvals = now.approvals(&version);
        (approvals[0].role.clone().unwrap_or_default().to_string(), approvals[0].post.to_string())
    };
    assert_eq!(role("handbook"), ("clerk".into(), "managing director".into()));
    assert_eq!(role("notice"), ("head".into(), "managing director".into()));
    assert_eq!(now.entries[0].by.as_ref().unwrap().role, None);
}

#[test]
fn what_cannot_be_taken_over_is_said_and_days_come_in_any_order() {
    let workspace = Workspace::specimen();
    let session = request().session();
    let take = |id: &str, version: &str, names: &[&str], day: &str| {
        let files = names.iter().map(|name| ((*name).to_owned(), name.as_bytes().to_vec())).collect();
        let taken = Baseline { id: id.into(), version: version.into(), files };
        let mut sink = Sink::new();
        let done = issue::baseline(&session, workspace.path(), &order(day), &taken, &mut sink);
        if let Some(done) = &done {
            apply(workspace.path(), done);
        }
        (done.is_some(), said(&sink))
    };
    for names in [&["a:b.pdf"][..], &[".a.pdf"], &["model.json"], &["con.pdf"], &["a.pdf", "b.pdf"], &["a/b.pdf"]] {
        let (is_done, said) = take("notice", "3.2", names, "2026-03-05");
        assert!(!is_done && said.contains("F716"), "{names:?}: {said}");
    }
    for version in ["2.x", "v3", "3.", "0.9", ""] {
        let (is_done, said) = take("notice", version, &["a.pdf"], "2026-03-05");
        assert!(!is_done && said.contains("F705"), "{version}: {said}");
    }
    let (is_done, said) = take("notice", "3.2", &["a.pdf"], "2099-01-01");
    assert!(!is_done && said.contains("F704"), "{said}");
    assert!(take("notice", "3.2", &["a.pdf"], "2026-02-01").0);
    assert!(take("handbook", "2.0", &["b.doc"], "2025-06-01").0);
    let now = history(&workspace);
    assert_eq!(now.since(&now.last("handbook").unwrap()), Some("2025-06-01".parse().unwrap()));
    let (said, code) = workspace.folio("none", &["verify"]);
    assert_eq!(code, 0, "{said}");
    let (said, _) = workspace.folio("none", &["export", "--issued", "--out", "package.zip"]);
    let package = folio::pack::archive::unpack("p", &workspace.read_bytes("package.zip"), &mut Sink::new()).unwrap();
    let list = String::from_utf8(folio::files::Files::read(&package, "LIST.csv").unwrap()).unwrap();
    assert!(
        list.contains("H-2,Notice,notice,,3.2,2026-02-01,2026-02-01,Ada Quill (managing director)"),
        "{said}{list}"
    );
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
    let (status, _) = workspace.folio("none", &["status"]);
    assert!(status.contains("1 document, taken over") && !status.contains("not known"), "{status}");
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
fn a_record_gets_no_major_version_by_a_rule() {
    let workspace = Workspace::specimen();
    let pack = workspace.read("pack/pack.yaml");
    let major = "major:\n  - {paths: [\"pens[].stock\"], reason: a stock changed}\n";
    workspace.write("pack/pack.yaml", format!("{}\n{major}", pack.trim_end()));
    let handbook = workspace.read("pack/documents/handbook.md.hbs");
    let kind = handbook.lines().find(|line| line.starts_with("kind: ")).unwrap().to_owned();
    workspace.edit("pack/documents/handbook.md.hbs", &kind, "kind: record");
    issued(&workspace, &order("2026-03-05"));
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    let done = issued(&workspace, &order("2026-03-06"));
    assert_eq!(versions(&done), ["handbook 1.1"]);
    assert_eq!(done.documents[0].major, None);
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

#[test]
fn a_history_tells_of_own_words_by_their_section_and_of_no_file() {
    let workspace = Workspace::specimen();
    issued(&workspace, &order("2026-03-05"));
    workspace.write("overrides/notice/text.md.hbs", "Our own words in this place.\n");
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    issued(&workspace, &order("2026-03-06"));
    let history = history(&workspace);
    let of = |id: &str| history.last(id).unwrap().issued.change.clone();
    assert_eq!(of("notice"), "The pens were counted. Our own wording in place of the template’s (Text).");
    assert_eq!(of("handbook"), "The pens were counted. Pens, Crow | black, stock: 5 (before: 0).");
}

/// What a command of the program says on a day, and that it changed nothing.
#[track_caller]
fn refused(workspace: &Workspace, day: &str, arguments: &[&str]) -> String {
    let before = files(workspace.path());
    let (said, code) = workspace.folio("none", &[arguments, &["--date", day]].concat());
    assert!(code == 1 || code == 2, "{code}: {said}");
    assert!(files(workspace.path()) == before, "{said}");
    said
}

#[test]
fn who_left_before_the_day_or_comes_after_it_approves_nothing() {
    let held = |holder: &str| {
        let workspace = with_a_list();
        workspace.edit("profile.yaml", "holder: ben,", &format!("{holder},"));
        workspace
    };
    let issue = |who: &'static str| ["issue", "--only", "handbook", "--reason", "r", "--approver", who];
    // The facts are those of 1 March, on which Ben was there still.
    let after = "holder: [{who: ben, until: 2026-03-10}, {who: eve, from: 2026-03-11}]";
    let workspace = held(after);
    workspace.edit("profile.yaml", "  - {id: ben,", "  - {id: eve, name: Eve Vane}\n  - {id: ben,");
    let said = refused(&workspace, "2026-03-20", &issue("ben"));
    assert!(said.contains("F703") && said.contains("neither holds nor stands in for on 2026-03-20"), "{said}");
    assert!(said.contains("(chief clerk, Eve Vane)"), "whoever holds it on the day is named: {said}");
    let said = refused(&workspace, "2026-03-10", &issue("eve"));
    assert!(said.contains("F703"), "{said}");
    let (said, code) = workspace.folio("none", &[&issue("clerk")[..], &["--date", "2026-03-20"]].concat());
    assert_eq!(code, 0, "{said}");
    let now = history(&workspace);
    assert_eq!(now.approvals(&now.last("handbook").unwrap())[0].name, "Eve Vane");
    // Nor does a deputy who left, and nobody holds what all have left.
    let workspace = held("holder: ada, deputy: [{who: ben, until: 2026-03-10}]");
    assert!(refused(&workspace, "2026-03-20", &issue("ben")).contains("F703"));
    let workspace = held("holder: [{who: ben, until: 2026-03-10}]");
    let said = refused(&workspace, "2026-03-20", &issue("clerk"));
    assert!(said.contains("F702") && said.contains("nobody holds the role `clerk` on 2026-03-20"), "{said}");
}

#[test]
fn nothing_is_added_to_a_history_that_is_not_what_it_was() {
    let workspace = with_a_list();
    issued(&workspace, &order("2026-03-05"));
    issued(&workspace, &Order { approver: "clerk".into(), ..order("2026-03-06") });
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    issued(&workspace, &Order { approver: "clerk".into(), ..order("2026-03-07") });
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,5", "P-3,Crow | black,clerk,6");
    let whole = workspace.read(".folio/history.jsonl");
    let lines: Vec<&str> = whole.lines().collect();
    let joined = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let edited = whole.replacen("The pens", "The pans", 1);
    let cases = [
        (joined(&[lines[1], lines[0], lines[2]]), ":1:1"),
        (joined(&lines[1..]), ":1:1"),
        (joined(&[lines[0], lines[2]]), ":2:1"),
        (joined(&[lines[0], lines[1], lines[2], lines[2]]), ":4:1"),
        (edited, ":1:1"),
        (whole.replace('\n', "\r\n"), ":1:1"),
        (whole.trim_end().to_owned(), ":3:1"),
    ];
    let by = ["--approver", "clerk"];
    for (text, place) in cases {
        workspace.write(".folio/history.jsonl", text);
        for command in [
            &["issue", "--reason", "r"][..],
            &["approve"],
            &["withdraw", "--only", "handbook", "--reason", "r"],
            &["baseline", "--only", "handbook", "--version", "7.0", "--day", "2026-03-07", "--file", "profile.yaml"],
        ] {
            let said = refused(&workspace, "2026-03-20", &[command, &by].concat());
            assert!(said.contains("F620") && said.contains(&format!(".folio/history.jsonl{place}")), "{said}");
        }
    }
    // A tail that was cut off is seen by what it left.
    workspace.write(".folio/history.jsonl", joined(&lines[..2]));
    let said = refused(&workspace, "2026-03-20", &[&["issue", "--reason", "r"][..], &by].concat());
    assert!(said.contains("its last lines may have been cut off"), "{said}");
    assert_eq!(said.matches("[F710]: `out/issued/H-1 The handbook of pens.pdf`").count(), 1, "{said}");
    workspace.write(".folio/history.jsonl", whole);
    issued(&workspace, &Order { approver: "clerk".into(), ..order("2026-03-20") });
}

#[test]
fn what_is_kept_of_the_versions_before_has_to_be_what_was_kept() {
    let by = ["issue", "--reason", "r", "--approver", "clerk"];
    let damaged = |damage: &dyn Fn(&Workspace), said: &str| {
        let workspace = with_a_list();
        issued(&workspace, &order("2026-03-05"));
        issued(&workspace, &Order { approver: "clerk".into(), ..order("2026-03-06") });
        workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
        damage(&workspace);
        let all = refused(&workspace, "2026-03-20", &by);
        assert!(all.contains("F713") && all.contains(said), "{all}");
    };
    let facts = |workspace: &Workspace| {
        files(workspace.path()).into_keys().filter(|path| path.starts_with(".folio/facts/")).collect::<Vec<_>>()
    };
    damaged(&|it| facts(it).iter().for_each(|path| _ = it.remove(path)), "does not exist");
    damaged(&|it| facts(it).iter().for_each(|path| _ = it.write(path, "{}")), "is not what was kept");
    // Also of a document that follows the others, and whose own words are as they were.
    damaged(&|it| _ = it.write(".folio/issued/notice/1.1/model.json", "{}"), "notice/1.1/model.json` is not what was");
}

#[test]
fn a_version_is_numbers_and_names_of_files_differ_by_more_than_case() {
    let workspace = with_a_list();
    issued(&workspace, &order("2026-03-05"));
    issued(&workspace, &Order { approver: "clerk".into(), ..order("2026-03-06") });
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    let by = ["issue", "--reason", "r", "--approver", "clerk"];
    let mut before = "0.2";
    for (version, what) in [
        ("2.x", "is no version"),
        ("2.0/../../x", "is no version"),
        ("2.0.0.0.0", "is no version"),
        ("1.0.0", "would come after 1.0"),
        ("1", "would come after 1.0"),
    ] {
        workspace.edit("profile.yaml", &format!("version: \"{before}\""), &format!("version: \"{version}\""));
        before = version;
        let said = refused(&workspace, "2026-03-20", &by);
        assert!(said.contains("F705") && said.contains(what) && said.contains("profile.yaml:19:14"), "{said}");
    }
    for (name, what) in [
        ("h-2 NOTICE.docx", "F710"),
        ("Model.json", "the program keeps a file of its own"),
        ("a\u{202E}xcod.exe", "a character that nobody sees"),
    ] {
        workspace.write(&format!("files/{name}"), "x");
        let file = format!("files/{name}");
        let taken =
            ["baseline", "--only", "handbook", "--version", "7.0", "--day", "2026-03-07", "--approver", "clerk"];
        let said = refused(&workspace, "2026-03-20", &[&taken[..], &["--file", &file]].concat());
        assert!(said.contains(what), "{said}");
    }
}

#[test]
fn a_day_ahead_of_the_clock_is_told() {
    let workspace = with_a_list();
    let by = ["issue", "--reason", "r", "--approver", "head", "--dry-run"];
    let (said, code) = workspace.folio("none", &[&by[..], &["--date", "2999-01-01"]].concat());
    assert!(code == 0 && said.contains("warning[F704]: 2999-01-01 lies ahead: today is 2"), "{said}");
    let (said, _) = workspace.folio("none", &[&by[..], &["--date", "2026-03-20"]].concat());
    assert!(!said.contains("F704"), "{said}");
}
