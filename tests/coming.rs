//! Versions that are approved for a later day: until then what is in force stays, and they stand beside it; on that day they
//! take its place.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, files, killed_at_each_step, request};
use folio::diagnostic::Sink;
use folio::session::Session;

const HANDBOOK: &str = "H-1 The handbook of pens.docx";

/// The program on a day, with what it says in one line, and how it ends.
fn on(workspace: &Workspace, day: &str, arguments: &[&str]) -> (String, i32) {
    let (said, code) = workspace.folio("none", &[arguments, &["--date", day]].concat());
    (said.split_whitespace().collect::<Vec<_>>().join(" "), code)
}

fn issue(workspace: &Workspace, day: &str, more: &[&str]) -> String {
    let arguments = [&["issue", "--approver", "head", "--reason", "The pens were counted."], more].concat();
    let (said, code) = on(workspace, day, &arguments);
    assert_eq!(code, 0, "{said}");
    said
}

/// Counts the pens anew: the handbook changes, and nothing else.
fn count(workspace: &Workspace, before: u32, now: u32) {
    let row = |count: u32| format!("P-3,Crow | black,clerk,{count}");
    workspace.edit("registers/pens.csv", &row(before), &row(now));
}

fn in_force(workspace: &Workspace, version: &str) -> bool {
    let kept = format!(".folio/issued/handbook/{version}/{HANDBOOK}");
    workspace.read_bytes(&format!("out/issued/{HANDBOOK}")) == workspace.read_bytes(&kept)
}

fn coming(workspace: &Workspace) -> Vec<String> {
    let found = files(workspace.path());
    let names = found.keys().filter_map(|path| path.strip_prefix("out/coming/"));
    names.filter(|name| name.ends_with(".docx")).map(str::to_owned).collect()
}

/// The specimen, of which 1.0 is in force and the handbook 1.1 is approved for the first of April.
fn with_coming() -> Workspace {
    let workspace = Workspace::specimen();
    issue(&workspace, "2026-03-05", &[]);
    count(&workspace, 0, 5);
    issue(&workspace, "2026-03-06", &["--effective", "2026-04-01"]);
    workspace
}

#[test]
fn until_its_day_what_is_in_force_stays_and_on_that_day_it_gives_way() {
    let workspace = Workspace::specimen();
    issue(&workspace, "2026-03-05", &[]);
    let before = files(workspace.path());
    count(&workspace, 0, 5);
    let said = issue(&workspace, "2026-03-06", &["--effective", "2026-04-01"]);
    assert!(said.contains("not in force before 2026-04-01") && said.contains("`coming/`"), "{said}");
    let after = files(workspace.path());
    for (path, bytes) in before.iter().filter(|(path, _)| path.starts_with("out/issued/")) {
        assert!(after[path] == *bytes, "{path}");
    }
    assert_eq!(coming(&workspace), [format!("2026-04-01 {HANDBOOK}")]);

    // Everybody tells it, before the day.
    let (said, code) = on(&workspace, "2026-03-31", &["verify"]);
    assert!(code == 0 && !said.contains("F623"), "{said}");
    let (said, _) = on(&workspace, "2026-03-31", &["status"]);
    assert!(said.contains("1.0 in force; 1.1 approved, in force from 2026-04-01"), "{said}");
    assert!(!said.contains("edited by hand") && !said.contains("not there any more"), "{said}");
    let (said, _) = on(&workspace, "2026-03-31", &["documents"]);
    assert!(
        said.contains("in force; 1.1 approved, from 2026-04-01") && said.contains("1 to be in force later"),
        "{said}"
    );
    let (said, _) = on(&workspace, "2026-03-31", &["history", ".", "handbook"]);
    assert!(said.contains("approved, in force from 2026-04-01"), "{said}");
    assert!(said.contains("in force from 2026-03-05, until 1.1 takes its place on 2026-04-01"), "{said}");
    on(&workspace, "2026-03-31", &["render"]);
    assert!(in_force(&workspace, "1.0"));

    // The day came, and nobody wrote anything yet.
    let (said, code) = on(&workspace, "2026-04-02", &["verify"]);
    assert!(code == 0 && said.contains("F623") && said.contains("in force since 2026-04-01 and stands in"), "{said}");
    let (said, _) = on(&workspace, "2026-04-02", &["status"]);
    assert!(said.contains("1.1 in force since 2026-04-01, and in `coming/` still"), "{said}");
    assert!(!said.contains("edited by hand") && !said.contains("not there any more"), "{said}");
    let untouched = files(workspace.path());
    on(&workspace, "2026-04-02", &["render", "--dry-run"]);
    on(&workspace, "2026-04-02", &["check"]);
    let (said, _) = on(&workspace, "2026-04-02", &["issue", "--approver", "head", "--reason", "x", "--dry-run"]);
    assert!(said.contains("1.1: in force since 2026-04-01, would be put into out/issued"), "{said}");
    assert!(said.contains(&format!("would be removed: ./out/coming/2026-04-01 {HANDBOOK}")), "{said}");
    let now = files(workspace.path());
    assert!(now.iter().filter(|(path, _)| !path.contains("cache")).all(|(path, bytes)| untouched[path] == *bytes));

    // The first that writes puts it in place, and says so.
    let (said, code) = on(&workspace, "2026-04-02", &["render"]);
    assert!(
        code == 0 && said.contains("The handbook of pens 1.1: in force since 2026-04-01, stands now in out/issued"),
        "{said}"
    );
    assert!(in_force(&workspace, "1.1") && coming(&workspace).is_empty());
    let (said, code) = on(&workspace, "2026-04-02", &["verify"]);
    assert!(code == 0 && !said.contains("F623"), "{said}");
    let (said, _) = on(&workspace, "2026-04-02", &["status"]);
    assert!(!said.contains("1.1"), "{said}");
    let done = files(workspace.path());
    let (said, _) = on(&workspace, "2026-04-03", &["render"]);
    assert!(!said.contains("stands now in") && files(workspace.path()) == done, "{said}");
    // A clock that goes backwards takes nothing back.
    on(&workspace, "2026-03-10", &["render"]);
    assert!(in_force(&workspace, "1.1"));
    let (said, _) = on(&workspace, "2026-03-10", &["status"]);
    assert!(!said.contains("edited by hand"), "{said}");
}

#[test]
fn an_auditor_is_given_what_was_in_force_on_the_day() {
    let workspace = with_coming();
    on(&workspace, "2026-04-02", &["render"]);
    for (day, version) in [("2026-03-31", "1.0"), ("2026-04-01", "1.1")] {
        let (said, code) = on(&workspace, day, &["export", "--issued", "--out", "package.zip"]);
        assert_eq!(code, 0, "{said}");
        let bytes = workspace.read_bytes("package.zip");
        let package = folio::pack::archive::unpack("p", &bytes, &mut Sink::new()).unwrap();
        let given = folio::files::Files::read(&package, &format!("documents/{HANDBOOK}")).unwrap();
        assert!(given == workspace.read_bytes(&format!(".folio/issued/handbook/{version}/{HANDBOOK}")), "{day}");
        on(&workspace, day, &["export", "--issued", "--out", "again.zip"]);
        assert!(workspace.read_bytes("again.zip") == bytes);
    }
}

#[test]
fn several_come_in_the_order_of_their_days_and_what_is_overtaken_never_does() {
    let workspace = with_coming();
    count(&workspace, 5, 6);
    issue(&workspace, "2026-03-07", &["--effective", "2026-05-01"]);
    assert_eq!(coming(&workspace), [format!("2026-04-01 {HANDBOOK}"), format!("2026-05-01 {HANDBOOK}")]);
    assert_eq!(on(&workspace, "2026-03-08", &["verify"]).1, 0);
    on(&workspace, "2026-04-01", &["render"]);
    assert!(in_force(&workspace, "1.1"));
    assert_eq!(coming(&workspace), [format!("2026-05-01 {HANDBOOK}")]);
    // One for an earlier day overtakes what was to come in May.
    count(&workspace, 6, 7);
    issue(&workspace, "2026-04-02", &["--effective", "2026-04-20"]);
    assert_eq!(coming(&workspace), [format!("2026-04-20 {HANDBOOK}")]);
    let (said, _) = on(&workspace, "2026-04-03", &["history", ".", "handbook"]);
    assert!(said.contains("never in force: 1.3 took its place before 2026-05-01"), "{said}");
    // One that is in force at once overtakes all.
    count(&workspace, 7, 8);
    issue(&workspace, "2026-04-03", &[]);
    assert!(in_force(&workspace, "1.4") && coming(&workspace).is_empty());
    on(&workspace, "2026-06-01", &["render"]);
    assert!(in_force(&workspace, "1.4"));
    assert_eq!(on(&workspace, "2026-06-01", &["verify"]).1, 0);
}

#[test]
fn days_that_came_together_leave_the_last_in_force() {
    let workspace = with_coming();
    count(&workspace, 5, 6);
    issue(&workspace, "2026-03-07", &["--effective", "2026-05-01"]);
    // Issuing comes after what came into force by then.
    count(&workspace, 6, 7);
    let said = issue(&workspace, "2026-05-02", &[]);
    assert!(said.contains("1.2: in force since 2026-05-01") && said.contains("1.3: issued"), "{said}");
    assert!(in_force(&workspace, "1.3") && coming(&workspace).is_empty());
    assert_eq!(on(&workspace, "2026-05-02", &["verify"]).1, 0);
}

#[test]
fn what_is_withdrawn_before_its_day_never_comes() {
    let workspace = with_coming();
    let withdraw = ["withdraw", "--approver", "head", "--only", "handbook", "--reason", "Nobody writes any more."];
    let (said, code) = on(&workspace, "2026-03-07", &withdraw);
    assert_eq!(code, 0, "{said}");
    assert!(coming(&workspace).is_empty() && !workspace.file(&format!("out/issued/{HANDBOOK}")).exists());
    on(&workspace, "2026-04-02", &["render"]);
    assert!(!workspace.file(&format!("out/issued/{HANDBOOK}")).exists());
    let (said, code) = on(&workspace, "2026-04-02", &["verify"]);
    assert_eq!(code, 0, "{said}");
    let (said, _) = on(&workspace, "2026-04-02", &["history", ".", "handbook"]);
    assert!(said.contains("never in force: withdrawn on 2026-03-07, before 2026-04-01"), "{said}");
}

#[test]
fn a_first_issue_may_be_in_force_later_too() {
    let workspace = Workspace::specimen();
    issue(&workspace, "2026-03-05", &["--effective", "2026-04-01"]);
    assert!(!workspace.file("out/issued").exists());
    assert_eq!(coming(&workspace).len(), 2);
    let (said, code) = on(&workspace, "2026-03-06", &["verify"]);
    assert!(code == 0 && !said.contains("F623"), "{said}");
    let (said, _) = on(&workspace, "2026-03-06", &["documents"]);
    assert!(said.contains("approved, not in force yet 2026-04-01"), "{said}");
    let (said, _) = on(&workspace, "2026-03-06", &["export", "--issued", "--out", "package.zip"]);
    assert!(said.contains("0 documents in force on 2026-03-06"), "{said}");
    let (said, _) = on(&workspace, "2026-04-01", &["render"]);
    assert!(said.contains("The handbook of pens 1.0: in force since 2026-04-01"), "{said}");
    assert!(in_force(&workspace, "1.0") && coming(&workspace).is_empty());
}

#[test]
fn what_somebody_changed_is_neither_lost_nor_put_in_force() {
    let workspace = with_coming();
    let path = format!("out/coming/2026-04-01 {HANDBOOK}");
    workspace.write(&path, "mine");
    let (said, code) = on(&workspace, "2026-03-07", &["verify"]);
    assert!(code == 1 && said.contains("was edited"), "{said}");
    let (said, _) = on(&workspace, "2026-03-07", &["status"]);
    assert!(said.contains(&format!("{path}: edited by hand")), "{said}");
    let (said, code) = on(&workspace, "2026-04-01", &["render"]);
    assert!(code == 0 && said.contains("F710") && said.contains(&path), "{said}");
    assert!(in_force(&workspace, "1.1"), "what was approved is in force");
    assert_eq!(workspace.read(&path), "mine");

    // What is in force was edited: nothing is put in its place, until somebody looked.
    let workspace = with_coming();
    workspace.write(&format!("out/issued/{HANDBOOK}"), "mine");
    let (said, _) = on(&workspace, "2026-04-01", &["render"]);
    assert!(said.contains("F710") && !said.contains("stands now in"), "{said}");
    assert_eq!(workspace.read(&format!("out/issued/{HANDBOOK}")), "mine");
    assert_eq!(coming(&workspace).len(), 1);
    workspace.remove(&format!("out/issued/{HANDBOOK}"));
    on(&workspace, "2026-04-01", &["render"]);
    assert!(in_force(&workspace, "1.1") && coming(&workspace).is_empty());

    // A link in its place is not followed.
    #[cfg(unix)]
    {
        let workspace = with_coming();
        workspace.write("elsewhere.docx", "theirs").remove(&path);
        std::os::unix::fs::symlink(workspace.file("elsewhere.docx"), workspace.file(&path)).unwrap();
        on(&workspace, "2026-04-01", &["render"]);
        assert_eq!(workspace.read("elsewhere.docx"), "theirs");
        assert!(in_force(&workspace, "1.1"));
    }

    // Where nobody keeps the folder of outputs, none is made.
    let workspace = with_coming();
    std::fs::remove_dir_all(workspace.file("out")).unwrap();
    let (said, code) = on(&workspace, "2026-04-01", &["issue", "--approver", "head", "--reason", "x"]);
    assert!(code == 0 && !workspace.file("out/issued").exists(), "{said}");
}

#[test]
fn what_is_kept_and_damaged_is_not_put_in_force() {
    let workspace = with_coming();
    workspace.write(&format!(".folio/issued/handbook/1.1/{HANDBOOK}"), "other");
    let (said, _) = on(&workspace, "2026-04-01", &["render"]);
    assert!(said.contains("F713") && in_force(&workspace, "1.0") && coming(&workspace).len() == 1, "{said}");
    // Nor by a history that was altered.
    let workspace = with_coming();
    workspace.edit(".folio/history.jsonl", "\"effective\":\"2026-04-01\"", "\"effective\":\"2026-03-20\"");
    on(&workspace, "2026-03-21", &["render"]);
    assert!(in_force(&workspace, "1.0"));
}

#[test]
fn the_last_of_several_approvers_says_from_when() {
    let workspace = Workspace::specimen();
    workspace.edit("profile.yaml", "author: clerk, approver: head", "approver: head, approvers: [clerk, head]");
    let issued = ["issue", "--approver", "clerk", "--reason", "x", "--effective", "2026-04-01"];
    assert_eq!(on(&workspace, "2026-03-05", &issued).1, 0);
    let (said, code) = on(&workspace, "2026-03-06", &["approve", "--approver", "head"]);
    assert!(code == 0 && said.contains("not in force before 2026-04-01"), "{said}");
    assert!(!workspace.file("out/issued").exists() && coming(&workspace).len() == 2);
    // Who approves later than that puts it in force at once.
    on(&workspace, "2026-04-01", &["render"]);
    assert!(in_force(&workspace, "1.0"));
    count(&workspace, 0, 5);
    let issued = ["issue", "--approver", "clerk", "--reason", "x", "--effective", "2026-05-01"];
    assert_eq!(on(&workspace, "2026-04-05", &issued).1, 0);
    assert!(in_force(&workspace, "1.0"));
    assert_eq!(on(&workspace, "2026-05-03", &["approve", "--approver", "head"]).1, 0);
    assert!(in_force(&workspace, "1.1") && coming(&workspace).is_empty());
    assert_eq!(on(&workspace, "2026-05-03", &["verify"]).1, 0);
}

#[test]
fn the_list_of_the_set_tells_what_is_in_force_and_what_comes() {
    let workspace = Workspace::specimen();
    let rows = "{{#each set.documents}}\n- {{id}} is {{version}}\n{{/each}}\n{{#each set.coming}}\n- {{id}} will be {{version}} from {{since}}\n{{/each}}\n";
    let template = workspace.read("pack/documents/notice.md.hbs");
    workspace
        .write("pack/documents/notice.md.hbs", format!("{template}\n{{{{#if set.in_force}}}}\n{rows}{{{{/if}}}}\n"));
    issue(&workspace, "2026-03-05", &[]);
    count(&workspace, 0, 5);
    let said = issue(&workspace, "2026-03-06", &["--effective", "2026-04-01"]);
    assert!(said.contains("Notice 1.1: issued, as it tells of the others"), "{said}");
    let dump = |version: &str| workspace.read(&format!(".folio/issued/notice/{version}/model.json"));
    assert!(dump("1.1").contains("will be") && dump("1.1").contains("2026-04-01"));
    assert!(coming(&workspace).len() == 1, "the list is in force at once");
    assert!(on(&workspace, "2026-03-07", &["status"]).0.contains("2 documents, unchanged"));
    // The day alone changes no document; the next issue after it does.
    assert!(on(&workspace, "2026-04-02", &["status"]).0.contains("2 documents, unchanged"));
    count(&workspace, 5, 6);
    let said = issue(&workspace, "2026-04-02", &[]);
    assert!(said.contains("Notice 1.2: issued, as it tells of the others"), "{said}");
    assert!(!dump("1.2").contains("will be"));
}

#[test]
fn a_kill_at_any_step_leaves_the_old_or_the_new_in_force() {
    let whole = with_coming();
    let session = Session::new(request().shelf, 1, "2026-04-01");
    let turned = session.turn(whole.path(), &mut Sink::new());
    assert_eq!(turned.came.len(), 1);
    let (olds, news) = killed_at_each_step(&whole, &turned.commit);
    assert!(olds > 2 && news > 2, "{olds} old, {news} new");
}

#[test]
fn what_cannot_be_put_in_place_stops_the_run_that_would_go_on() {
    let workspace = with_coming();
    let before = files(workspace.path());
    // A folder stands where the name of the prepared file's folder ends: nothing can be prepared beside it.
    let issued = workspace.file("out/issued");
    std::fs::rename(&issued, workspace.file("aside")).unwrap();
    workspace.write("out/issued", "no folder");
    let (said, code) = on(&workspace, "2026-04-02", &["render"]);
    assert!(code != 0 && said.contains("F601"), "{said}");
    workspace.remove("out/issued");
    std::fs::rename(workspace.file("aside"), &issued).unwrap();
    assert!(files(workspace.path()) == before, "nothing was changed");
}
