//! What the tests of the author's kit share.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use folio::diagnostic::text::render as show;
use folio::diagnostic::{Diagnostic, Sink};
use folio::kit::check::{Coverage, check};
use folio::pack::Pack;
use folio::pack::source::{Shelf, folder};

use super::Workspace;

pub(crate) fn folio(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(arguments)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .env("FOLIO_PACKS", folder.join("installed"))
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a command says, and its exit code.
pub(crate) fn run(arguments: &[&str], folder: &Path) -> (Option<i32>, String, String) {
    let output = folio(arguments, folder);
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The specimen workspace, whose pack has the workspace as its fixture `one`, and as its starter.
pub(crate) fn specimen() -> Workspace {
    let workspace = Workspace::specimen();
    for file in ["profile.yaml", "registers/pens.csv"] {
        workspace.write(&format!("pack/fixtures/one/{file}"), workspace.read(file));
    }
    workspace.write("pack/fixtures/one/folio.yaml", "format: 1\nid: one\nas_of: 2026-03-01\n");
    let profile = workspace.read("profile.yaml").replacen("  country: GB\n", "  country: GB\n  industry: pens\n", 1);
    workspace.write("pack/starter/profile.yaml", profile);
    workspace.write("pack/starter/registers/pens.csv", workspace.read("registers/pens.csv"));
    workspace.write("pack/starter/folio.yaml", "format: 1\nid: x\npack: specimen@^1\nas_of: 2026-03-01\n");
    workspace
}

/// What is found in a pack but for what it says of facts that nobody recorded, which has tests of its own.
pub(crate) fn checked(workspace: &Workspace, pack: &str) -> (Vec<Diagnostic>, Coverage) {
    let (mut found, coverage) = checked_whole(workspace, pack);
    found.retain(|found| !["F356", "F357", "F358", "F359"].contains(&found.code.as_str()));
    (found, coverage)
}

pub(crate) fn checked_whole(workspace: &Workspace, pack: &str) -> (Vec<Diagnostic>, Coverage) {
    let path = workspace.file(pack);
    let mut sink = Sink::new();
    let pack = Pack::examine(folder(&path), &Shelf::default().beside(&path), &mut sink).unwrap();
    let coverage = check(&Arc::new(pack), &[], 2, &mut sink);
    (sink.into_vec(), coverage)
}

/// A golden of what a change of the specimen pack adds to what is said of it.
pub(crate) fn case(name: &str, change: impl FnOnce(&Workspace)) {
    let workspace = specimen();
    let known = |found: &Diagnostic| (found.code.clone(), found.message.clone());
    let before: BTreeSet<_> = checked(&workspace, "pack").0.iter().map(known).collect();
    change(&workspace);
    let after = checked(&workspace, "pack").0;
    let new: Vec<String> =
        after.iter().filter(|found| !before.contains(&known(found))).map(|found| show(found, false)).collect();
    assert!(!new.is_empty(), "{name}: nothing is found");
    insta::with_settings!({snapshot_path => "../golden/pack-check", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, new.join("\n"));
    });
}

/// Appends to a file.
pub(crate) fn add(workspace: &Workspace, path: &str, more: &str) {
    let whole = workspace.read(path) + more;
    workspace.write(path, whole);
}

pub(crate) const NOTICE: &str = "pack/documents/notice.md.hbs";
pub(crate) const RULES: &str = "pack/rules/pens.yaml";
pub(crate) const MESSAGES: &str = "pack/messages/pens.yaml";

/// Lays a pack down; its folder.
pub(crate) fn new_pack(arguments: &[&str], folder: &Path) {
    let (code, _, said) = run(&[&["pack", "new"], arguments].concat(), folder);
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

/// A pack on which nothing is to be said, not even a note.
pub(crate) fn is_spotless(pack: &str, folder: &Path) {
    let (code, out, said) = run(&["pack", "check", pack, "--fail-on", "note"], folder);
    assert_eq!((code, said.as_str()), (Some(0), ""), "{out}");
    let (code, out, said) = run(&["pack", "test", pack], folder);
    assert_eq!((code, said.as_str()), (Some(0), ""), "{out}");
}
