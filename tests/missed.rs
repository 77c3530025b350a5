//! A history that is missed: nothing begins in its place unseen.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, files};

fn folio(workspace: &Workspace, arguments: &[&str]) -> (String, i32) {
    let (said, code) = workspace.folio("none", arguments);
    (said.split_whitespace().collect::<Vec<_>>().join(" "), code)
}

fn issue<'a>(day: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["issue", "--approver", "head", "--reason", "The pens were counted.", "--date", day], more].concat()
}

/// The specimen, issued twice.
fn issued() -> Workspace {
    let workspace = Workspace::specimen();
    let (said, code) = folio(&workspace, &issue("2026-03-05", &[]));
    assert_eq!(code, 0, "{said}");
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,0", "P-3,Crow | black,clerk,5");
    assert_eq!(folio(&workspace, &issue("2026-03-06", &[])).1, 0);
    workspace
}

fn lose(workspace: &Workspace, folder: &str) {
    std::fs::remove_dir_all(workspace.file(folder)).unwrap();
}

/// Every command that would add to a history.
fn commands() -> Vec<Vec<&'static str>> {
    let approve = ["approve", "--approver", "head", "--date", "2026-03-08"];
    let withdraw = ["withdraw", "--approver", "head", "--only", "notice", "--reason", "x", "--date", "2026-03-08"];
    let baseline = [
        "baseline",
        "--approver",
        "head",
        "--only",
        "notice",
        "--version",
        "4.0",
        "--day",
        "2026-03-01",
        "--file",
        "profile.yaml",
    ];
    vec![issue("2026-03-08", &[]), approve.to_vec(), withdraw.to_vec(), baseline.to_vec()]
}

#[test]
fn a_history_that_is_gone_is_not_begun_anew_unseen() {
    let workspace = issued();
    lose(&workspace, ".folio");
    for command in commands() {
        let (said, code) = folio(&workspace, &command);
        assert!(code > 0 && said.contains("F626") && said.contains("a history of 2 entries"), "{command:?}: {said}");
        assert!(said.contains("Restore `.folio`") && said.contains("--new-history"), "{said}");
        assert!(!workspace.file(".folio/history.jsonl").exists());
    }
    for command in [vec!["status"], vec!["status"], vec!["documents"], vec!["history"], vec!["render"], vec!["render"]]
    {
        let (said, _) = folio(&workspace, &command);
        assert!(said.contains("F626"), "{command:?}: {said}");
    }
    for command in [vec!["verify"], vec!["receipt"], vec!["export", "--issued", "--out", "a.zip"]] {
        let (said, code) = folio(&workspace, &command);
        assert!(code == 1 && said.contains("F626"), "{command:?}: {said}");
    }
}

#[test]
fn whoever_begins_anew_says_so_and_it_stays_said() {
    let workspace = issued();
    lose(&workspace, ".folio");
    // What was issued is nobody's to overwrite.
    let (said, code) = folio(&workspace, &issue("2026-03-08", &["--new-history"]));
    assert!(code == 1 && said.contains("F710"), "{said}");
    lose(&workspace, "out");
    let before = files(workspace.path());
    let (said, code) = folio(&workspace, &issue("2026-03-08", &["--new-history", "--dry-run"]));
    assert!(code == 0 && files(workspace.path()) == before, "{said}");
    let (said, code) = folio(&workspace, &issue("2026-03-08", &["--new-history"]));
    assert_eq!(code, 0, "{said}");
    let line = workspace.read(".folio/history.jsonl");
    assert!(line.contains(r#""lost":{"entries":2,"head":""#), "{line}");
    let (said, code) = folio(&workspace, &["verify"]);
    assert!(code == 0 && said.contains("entry 1 was made without an earlier history of 2 entries"), "{said}");
    let (said, _) = folio(&workspace, &["history"]);
    assert!(said.contains("made without an earlier history of 2 entries") && !said.contains("F626"), "{said}");
    // From then on it goes on as any other; nothing is recorded where nothing is missed.
    workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,5", "P-3,Crow | black,clerk,6");
    let (said, code) = folio(&workspace, &issue("2026-03-09", &["--new-history"]));
    assert_eq!(code, 0, "{said}");
    assert_eq!(workspace.read(".folio/history.jsonl").matches("lost").count(), 1);
}

#[test]
fn issued_files_without_a_lock_tell_that_there_was_a_history() {
    let workspace = issued();
    lose(&workspace, ".folio");
    workspace.remove("folio.lock");
    let (said, code) = folio(&workspace, &issue("2026-03-08", &[]));
    assert!(
        code == 1 && said.contains("F626") && said.contains("4 files that were issued stand in `out/issued`"),
        "{said}"
    );
    let workspace = issued();
    workspace.remove(".folio/history.jsonl").remove("folio.lock");
    lose(&workspace, "out");
    let (said, code) = folio(&workspace, &issue("2026-03-08", &[]));
    assert!(code == 1 && said.contains("F626") && said.contains("`.folio/issued`"), "{said}");
}

#[test]
fn a_tail_that_was_cut_off_is_missed_by_the_lock() {
    let workspace = issued();
    let lines = workspace.read(".folio/history.jsonl");
    let first = lines.lines().next().unwrap();
    workspace.write(".folio/history.jsonl", format!("{first}\n"));
    let (said, code) = folio(&workspace, &["verify"]);
    assert!(code == 1 && said.contains("has 1: its end is missing"), "{said}");
    let (said, code) = folio(&workspace, &issue("2026-03-08", &[]));
    assert!(code == 1 && said.contains("F626"), "{said}");
    // A lock that is older than the history knows less, and is right.
    workspace.write(".folio/history.jsonl", &lines);
    let lock = workspace.read("folio.lock");
    let old = Workspace::specimen();
    assert_eq!(folio(&old, &issue("2026-03-05", &[])).1, 0);
    workspace.write("folio.lock", old.read("folio.lock"));
    let (said, code) = folio(&workspace, &["verify"]);
    assert_eq!(code, 0, "{said}");
    folio(&workspace, &["render"]);
    let head = |lock: &str| serde_json::from_str::<serde_json::Value>(lock).unwrap()["history"].clone();
    assert_eq!(head(&workspace.read("folio.lock")), head(&lock));
}

#[test]
fn nothing_is_given_out_of_a_history_that_was_altered() {
    let workspace = issued();
    workspace.edit(".folio/history.jsonl", "\"day\":\"2026-03-05\"", "\"day\":\"2026-03-04\"");
    for command in [vec!["receipt"], vec!["export", "--issued", "--out", "a.zip"]] {
        let (said, code) = folio(&workspace, &command);
        assert!(code == 1 && said.contains("F620") && !said.contains("folio-receipt 1"), "{command:?}: {said}");
    }
    assert!(!workspace.file("a.zip").exists());
}

#[test]
fn what_is_kept_of_a_version_and_is_gone_is_named_by_whoever_needs_it() {
    let kept = |workspace: &Workspace| {
        let paths = files(workspace.path());
        let facts = |line: &str| {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            format!(".folio/facts/{}.json", entry["facts"].as_str().unwrap())
        };
        let last = facts(workspace.read(".folio/history.jsonl").lines().last().unwrap());
        assert!(paths.contains_key(&last));
        (last, ".folio/issued/handbook/1.1/model.json".to_owned())
    };
    for is_model in [false, true] {
        for is_gone in [false, true] {
            let workspace = issued();
            workspace.edit("registers/pens.csv", "P-3,Crow | black,clerk,5", "P-3,Crow | black,clerk,6");
            let (facts, model) = kept(&workspace);
            let path = if is_model { model } else { facts };
            match is_gone {
                true => workspace.remove(&path),
                false => workspace.write(&path, "{}"),
            };
            let before = files(workspace.path());
            // Twice: what was found the first time is not kept without what was said.
            for command in [vec!["status"], vec!["status"], vec!["verify"], issue("2026-03-08", &[])] {
                let (said, _) = folio(&workspace, &command);
                assert!(said.contains(&path), "{command:?}, {path}, {is_gone}: {said}");
                assert!(said.contains("Restore") || said.contains("restore"), "{command:?}: {said}");
                assert!(!said.contains("panicked") && !said.contains("issued\n"), "{said}");
            }
            // What was made from is only the cause of changes; what was said is what is marked.
            let (said, code) = folio(&workspace, &["redline"]);
            assert!(!said.contains("panicked"), "{said}");
            assert!(!is_model || (code > 0 && said.contains(&path)), "{path}, {is_gone}: {said}");
            let history = |files: &std::collections::BTreeMap<String, Vec<u8>>| files[".folio/history.jsonl"].clone();
            assert!(history(&files(workspace.path())) == history(&before), "nothing is issued");
        }
    }
}
