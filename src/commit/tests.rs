#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

use std::collections::BTreeMap;
use std::path::Path;

use super::*;

/// Every file below a folder, with its bytes.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.insert(name, String::from_utf8(std::fs::read(path).unwrap()).unwrap());
            }
        }
    }
    found
}

fn old(root: &Path) {
    for (path, text) in [("a", "old a"), ("sub/b", "old b"), ("gone", "old")] {
        std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        std::fs::write(root.join(path), text).unwrap();
    }
}

fn change() -> Commit {
    let mut commit = Commit::new();
    commit.write("a", b"new a".to_vec());
    commit.write_over("sub/b", b"new b".to_vec(), Some(digest("old b")));
    commit.write_over("deep/er/c", b"new c".to_vec(), None);
    commit.remove("gone", digest("old"));
    commit
}

fn digest(text: &str) -> String {
    crate::digest::of_file(text.as_bytes())
}

fn held(root: &Path) -> Held {
    Held::take(root, Manner::default()).unwrap()
}

#[test]
fn killed_at_any_step_it_is_all_old_or_all_new() {
    let folder = tempfile::tempdir().unwrap();
    old(folder.path());
    let before = files(folder.path());
    let mut held_whole = held(folder.path());
    held_whole.apply(&change()).unwrap();
    let steps = held_whole.steps();
    drop(held_whole);
    let after = files(folder.path());
    assert_eq!(after.len(), 3, "{after:?}");
    assert!(steps > 20, "{steps}");
    let mut seen = [0, 0];
    for step in 0..steps {
        let folder = tempfile::tempdir().unwrap();
        old(folder.path());
        let mut killed = Held::take_stopping(folder.path(), Manner::default(), step).unwrap();
        assert!(killed.apply(&change()).is_err(), "{step}");
        drop(killed);
        // The next command takes hold of the folder.
        drop(held(folder.path()));
        let found = files(folder.path());
        let which = usize::from(found == after);
        assert!(found == before || found == after, "after {step} steps: {found:?}");
        seen[which] += 1;
    }
    assert!(seen[0] > 10 && seen[1] > 4, "{seen:?}");
}

#[test]
fn killed_while_it_recovers_it_still_is_all_old_or_all_new() {
    for step in 0..40 {
        let folder = tempfile::tempdir().unwrap();
        old(folder.path());
        let mut killed = Held::take_stopping(folder.path(), Manner::default(), step).unwrap();
        let _ = killed.apply(&change());
        drop(killed);
        for again in 0..6 {
            drop(Held::take_stopping(folder.path(), Manner::default(), again));
        }
        drop(held(folder.path()));
        let found = files(folder.path());
        assert!(found["a"].starts_with("old") == found["sub/b"].starts_with("old"), "{step}: {found:?}");
        assert!(found.contains_key("gone") == found["a"].starts_with("old"), "{step}: {found:?}");
        assert!(found.keys().all(|name| !name.contains(".folio")), "{step}: {found:?}");
    }
}

#[test]
fn a_file_that_is_to_go_may_have_gone_with_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    old(folder.path());
    let mut commit = change();
    commit.remove(".folio/models/one", digest("one"));
    held(folder.path()).apply(&commit).unwrap();
    assert_eq!(files(folder.path())["a"], "new a");
}

#[test]
fn what_somebody_saved_meanwhile_stops_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    old(folder.path());
    let commit = change();
    std::fs::write(folder.path().join("sub/b"), "an edit").unwrap();
    let before = files(folder.path());
    let mut held = held(folder.path());
    let problem = held.apply(&commit).unwrap_err();
    assert!(problem.code == "F605" && problem.message.contains("sub/b"), "{problem:?}");
    drop(held);
    assert_eq!(files(folder.path()), before);
}

#[test]
fn an_edit_after_a_kill_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    old(folder.path());
    // Killed when everything is written down and nothing is in place.
    let steps = (0..100).find(|step| {
        let folder = tempfile::tempdir().unwrap();
        old(folder.path());
        let mut killed = Held::take_stopping(folder.path(), Manner::default(), *step).unwrap();
        let _ = killed.apply(&change());
        journal::is_pending(folder.path())
    });
    let mut killed = Held::take_stopping(folder.path(), Manner::default(), steps.unwrap()).unwrap();
    assert!(killed.apply(&change()).is_err());
    drop(killed);
    std::fs::write(folder.path().join("sub/b"), "an edit").unwrap();
    drop(held(folder.path()));
    let found = files(folder.path());
    assert_eq!((found["a"].as_str(), found["sub/b"].as_str()), ("new a", "an edit"));
}

#[test]
fn a_folder_in_the_place_of_a_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    old(folder.path());
    std::fs::create_dir_all(folder.path().join("deep/er/c")).unwrap();
    let before = files(folder.path());
    let problem = held(folder.path()).apply(&change()).unwrap_err();
    assert!(problem.message.contains("folder of that name"), "{problem:?}");
    assert_eq!(files(folder.path()), before);
}

#[test]
fn a_journal_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ws");
    std::fs::create_dir_all(root.join(".folio")).unwrap();
    std::fs::write(folder.path().join("victim"), "victim").unwrap();
    std::fs::write(root.join("mine"), "mine").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), root.join("way-out")).unwrap();
    let step = |prepared: &str, path: &str| serde_json::json!({"prepared": prepared, "path": path, "before": digest("victim"), "after": digest("mine")});
    let journal = serde_json::json!({
        "format": 1,
        "folders": ["../x"],
        "writes": [
            step("mine", "copy"),
            step("../.folio-1.tmp", "../victim"),
            step("way-out/.folio-1.tmp", "way-out/victim"),
            step(".folio-1.tmp", "../victim"),
        ],
        "removals": [
            {"path": "../victim", "digest": digest("victim")},
            {"path": "way-out/victim", "digest": digest("victim")},
            {"path": folder.path().join("victim"), "digest": digest("victim")},
        ],
    });
    std::fs::write(folder.path().join(".folio-1.tmp"), "mine").unwrap();
    std::fs::write(root.join(".folio/journal.json"), journal.to_string()).unwrap();
    drop(held(&root));
    assert_eq!(std::fs::read_to_string(folder.path().join("victim")).unwrap(), "victim");
    assert_eq!(std::fs::read_to_string(root.join("mine")).unwrap(), "mine");
    assert!(!root.join("copy").exists());
}

#[test]
fn who_does_not_wait_hears_who_is_at_work() {
    let folder = tempfile::tempdir().unwrap();
    let _first =
        Held::take(folder.path(), Manner { command: "render", since: "2026-11-23 10:00:00 UTC", ..Manner::default() })
            .unwrap();
    let problem = Held::take(folder.path(), Manner { waiting: None, ..Manner::default() }).unwrap_err();
    assert_eq!(problem.code, "F606");
    assert!(problem.message.contains("folio render") && problem.message.contains("10:00:00"), "{problem:?}");
    let problem = Reading::take(folder.path(), Manner { waiting: None, ..Manner::default() }).unwrap_err();
    assert_eq!(problem.code, "F606");
}

#[test]
fn those_who_wait_come_one_after_another() {
    let folder = tempfile::tempdir().unwrap();
    let count = folder.path().join("count");
    std::fs::write(&count, "0").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let _held = held(folder.path());
                    let number: u32 = std::fs::read_to_string(&count).unwrap().parse().unwrap();
                    std::fs::write(&count, (number + 1).to_string()).unwrap();
                }
            });
        }
    });
    assert_eq!(std::fs::read_to_string(&count).unwrap(), "100");
    assert!(!folder.path().join(FOLDER).exists(), "nothing is left of the lock");
}

#[test]
fn a_folder_is_free_when_nothing_was_made_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("new");
    assert!(is_free(&root));
    for step in 0..30 {
        let mut killed = Held::take_stopping(&root, Manner::default(), step).unwrap();
        if killed.apply(&change()).is_ok() {
            break;
        }
        drop(killed);
        assert!(is_free(&root), "{step}");
        drop(held(&root));
        if root.join("a").exists() {
            std::fs::remove_dir_all(&root).unwrap();
        } else {
            assert!(is_free(&root), "{step}");
        }
    }
    std::fs::create_dir_all(&root).unwrap();
    std::fs::write(root.join("something"), "").unwrap();
    assert!(!is_free(&root));
}

#[test]
#[cfg(unix)]
fn permissions_stay_and_secrets_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kept"), "").unwrap();
    std::fs::set_permissions(folder.path().join("kept"), std::fs::Permissions::from_mode(0o640)).unwrap();
    let mut commit = Commit::new();
    commit.write("kept", b"new".to_vec());
    commit.write_private("secret", b"key".to_vec());
    held(folder.path()).apply(&commit).unwrap();
    let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("kept"), mode("secret")), (0o640, 0o600));
}
