//! What is built and signed has been checked, or says that it was not.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::path::Path;

use common::kit::{new_pack, run};

/// The archives in a folder, by name.
fn archives(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.filter(|name| name.ends_with(".zip")).collect();
    names.sort();
    names
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// A folder with a pack `p`, sound or not, and a key.
fn place(is_sound: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    new_pack(&["p"], folder.path());
    if !is_sound {
        edit(
            &folder.path().join("p/documents/equipment-policy.md.hbs"),
            "plural lending.days ",
            "plural lending.dayz ",
        );
    }
    assert_eq!(run(&["pack", "key", "--name", "me", "--no-password"], folder.path()).0, Some(0));
    folder
}

#[test]
fn a_pack_with_errors_is_neither_built_nor_signed() {
    let folder = place(false);
    let root = folder.path();
    let (code, out, said) = run(&["pack", "build", "p"], root);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    insta::with_settings!({snapshot_path => "golden/pack-check", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("build-refused", said);
    });
    assert!(archives(root).is_empty(), "nothing is written");
    let (_, json, _) = run(&["pack", "build", "p", "--report", "json"], root);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let codes: Vec<&str> =
        report["diagnostics"].as_array().unwrap().iter().filter_map(|d| d["code"].as_str()).collect();
    assert_eq!(codes, ["F321", "F354"]);
    // Warnings stand in nobody's way.
    let sound = place(true);
    std::fs::write(sound.path().join("p/rules/more.yaml"), "checks: []\n").unwrap();
    let (code, _, said) = run(&["pack", "build", "p"], sound.path());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!(run(&["pack", "sign", &archives(sound.path())[0], "--key", "me.key"], sound.path()).0, Some(0));
}

#[test]
fn what_was_not_checked_says_so_wherever_it_goes() {
    let folder = place(false);
    let root = folder.path();
    let (code, out, said) = run(&["pack", "build", "p", "--unchecked"], root);
    assert!(code == Some(0) && said.contains("warning[F354]"), "{said}");
    let made = archives(root);
    assert!(out.contains(&made[0]), "{out}");
    // The same wherever it is made, and under whatever name.
    let bytes = std::fs::read(root.join(&made[0])).unwrap();
    std::fs::rename(root.join("p"), root.join("other")).unwrap();
    assert_eq!(run(&["pack", "build", "other", "--unchecked"], root).0, Some(0));
    assert_eq!((archives(root), std::fs::read(root.join(&made[0])).unwrap()), (made.clone(), bytes));

    let archive = &made[0];
    let (code, _, said) = run(&["pack", "sign", archive, "--key", "me.key"], root);
    assert!(code == Some(1) && said.contains("p 0.1.0 is not signed"), "{said}");
    assert!(!root.join(format!("{archive}.minisig")).exists());
    let (code, _, said) = run(&["pack", "sign", archive, "--key", "me.key", "--unchecked"], root);
    assert!(code == Some(0) && said.contains("passed over"), "{said}");
    assert_eq!(archives(root), made, "it says so already");
    let note = "`lending.dayz`: there is no `dayz`";
    let (code, _, said) = run(&["pack", "show", archive], root);
    assert!(code == Some(0) && said.contains("warning[F354]") && said.contains(note), "{said}");
    run(&["pack", "trust", "add", "me.pub", "--for", "p"], root);
    let (code, _, said) = run(&["pack", "verify", archive], root);
    assert!(code == Some(0) && said.contains(note), "{said}");
    let (code, out, said) = run(&["pack", "install", archive], root);
    assert!(code == Some(0) && out.contains("signed by `me`") && said.contains(note), "{said}");
    // A sound pack has no note, asked for or not.
    let sound = place(true);
    for options in [&["pack", "build", "p"][..], &["pack", "build", "p", "--unchecked"]] {
        let (code, _, said) = run(options, sound.path());
        assert_eq!((code, said.as_str()), (Some(0), ""));
    }
    assert_eq!(archives(sound.path()).len(), 1);
}

#[test]
fn an_archive_that_others_made_gets_the_note_before_it_is_signed() {
    let folder = place(false);
    let root = folder.path();
    std::fs::write(root.join("by-hand.zip"), {
        let files = folio::files::Disk::new(root.join("p"), "");
        folio::pack::archive::pack(&files).unwrap()
    })
    .unwrap();
    let (code, _, said) = run(&["pack", "sign", "by-hand.zip", "--key", "me.key"], root);
    assert!(code == Some(1) && said.contains("error[F354]"), "{said}");
    let (code, out, said) = run(&["pack", "sign", "by-hand.zip", "--key", "me.key", "--unchecked"], root);
    assert!(code == Some(0) && said.contains("passed over"), "{said}");
    let made = archives(root);
    assert_eq!(made.len(), 2);
    assert!(made[1].starts_with("p-0.1.0-") && out.contains(&format!("signed in {}.minisig", made[1])), "{out}");
    assert!(!root.join("by-hand.zip.minisig").exists(), "the archive without the note is not signed");
}

#[test]
fn a_pack_that_extends_another_is_checked_with_it() {
    let folder = place(true);
    let root = folder.path();
    new_pack(&["house", "--extends", "p@^0.1"], root);
    for pack in ["p", "house"] {
        let (code, _, said) = run(&["pack", "build", pack], root);
        assert_eq!((code, said.as_str()), (Some(0), ""));
    }
    // Its base is an archive beside it.
    let away = tempfile::tempdir().unwrap();
    for name in archives(root).into_iter().chain(["me.key".to_owned()]) {
        std::fs::copy(root.join(&name), away.path().join(&name)).unwrap();
    }
    let archive = archives(root).into_iter().find(|name| name.starts_with("house")).unwrap();
    let (code, _, said) = run(&["pack", "sign", &archive, "--key", "me.key"], away.path());
    assert_eq!((code, said.as_str()), (Some(0), ""));
    // Without it, nobody can say whether the archive is sound.
    let base = archives(away.path()).into_iter().find(|name| name.starts_with("p-")).unwrap();
    std::fs::remove_file(away.path().join(base)).unwrap();
    let (code, _, said) = run(&["pack", "sign", &archive, "--key", "me.key"], away.path());
    assert!(code == Some(2) && said.contains("error[F301]") && said.contains("beside the archive"), "{said}");
    assert!(said.contains("cannot go on after an error"), "{said}");
}

#[test]
fn a_folder_with_errors_is_installed_on_ones_own_desk_and_says_so() {
    for is_sound in [true, false] {
        let folder = place(is_sound);
        let (code, _, said) = run(&["pack", "install", "p", "--allow-unsigned"], folder.path());
        assert_eq!(code, Some(0), "{said}");
        let is_told = said.contains("warning[F354]: `p` is installed, and `folio pack check` finds");
        assert_eq!(is_told, !is_sound, "{said}");
    }
}
