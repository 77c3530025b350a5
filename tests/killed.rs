//! Commands that are killed at each system call that changes the disk: what the next command finds is all old or all new.
//!
//! `strace` sends the kills; where it is not installed, or may not trace, these tests do nothing, and those of
//! `folio::commit` stand for them.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{Workspace, copy, files, install};

/// The calls that change what is on a disk, by kind: each kind is counted by itself.
const CALLS: [&str; 5] =
    ["rename,renameat,renameat2", "fsync,fdatasync", "unlink,unlinkat,rmdir", "mkdir,mkdirat", "ftruncate"];
/// More calls of one kind than any of these commands makes.
const MOST: usize = 200;

fn folio(folder: &Path, args: &[&str]) -> Output {
    run(Command::new(env!("CARGO_BIN_EXE_folio")), folder, args)
}

fn run(mut command: Command, folder: &Path, args: &[&str]) -> Output {
    command.args(args).args(["--date", "2026-11-23", "--packs", "installed"]).current_dir(folder);
    command.env("HOME", folder).env_remove("FOLIO_PACKS").stdin(Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The same, killed at the `nth` call of a kind. Whether it was.
fn killed(folder: &Path, args: &[&str], calls: &str, nth: usize) -> bool {
    let mut strace = Command::new("strace");
    let inject = format!("inject={calls}:signal=SIGKILL:when={nth}");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}"), "-e", &inject]);
    strace.arg(env!("CARGO_BIN_EXE_folio"));
    use std::os::unix::process::ExitStatusExt as _;
    let status = run(strace, folder, args).status;
    status.signal().is_some() || status.code().is_none_or(|code| code > 2)
}

fn can_trace() -> bool {
    let traced = Command::new("strace").args(["-qq", "-o", "/dev/null", "-e", "trace=rename", "true"]).status();
    traced.is_ok_and(|status| status.success())
}

/// Kills `args` at each call, each time in a fresh copy of what `make` makes; `next` is the command that comes after, and
/// leaves all old or all new by itself.
fn at_each_call(make: &dyn Fn() -> Workspace, args: &[&str], next: &[&str], tree: &str) {
    if !can_trace() {
        return;
    }
    let whole = make();
    let before = files(&whole.file(tree));
    let output = folio(whole.path(), args);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let after = files(&whole.file(tree));
    assert!(before != after && !after.keys().any(|name| name.contains(".tmp")), "{:?}", after.keys());
    let (mut old, mut new) = (0, 0);
    for calls in CALLS {
        for nth in 1..MOST {
            let workspace = make();
            if !killed(workspace.path(), args, calls, nth) {
                break;
            }
            let output = folio(workspace.path(), next);
            let is_there = workspace.file(tree).join("folio.yaml").is_file() || tree == "installed";
            // Of a workspace that was not made there is nothing to check.
            let expected = if is_there { 0 } else { 2 };
            assert_eq!(output.status.code(), Some(expected), "{calls} {nth}: {}", said(&output));
            let found = files(&workspace.file(tree));
            let is_new = found == after;
            assert!(is_new || found == before, "{calls} {nth}: {:?}", found.keys());
            *(if is_new { &mut new } else { &mut old }) += 1;
            if is_new {
                continue;
            }
            // And the command itself can be taken up.
            let output = folio(workspace.path(), args);
            assert_eq!(output.status.code(), Some(0), "{calls} {nth}: {}", said(&output));
            assert!(files(&workspace.file(tree)) == after, "{calls} {nth}");
        }
    }
    assert!(old > 5 && new > 2, "{old} times old, {new} times new");
}

#[test]
fn render() {
    let rendered = || {
        let workspace = Workspace::client();
        assert_eq!(folio(workspace.path(), &["render", "client"]).status.code(), Some(0));
        workspace.edit("client/profile.yaml", "name: Quill & Sons Ltd", "name: Quill Ltd");
        workspace
    };
    at_each_call(&rendered, &["render", "client"], &["check", "client"], "client");
}

/// A client whose notice lists the set and is issued; the handbook is approved by the clerk.
fn with_a_list() -> Workspace {
    let workspace = Workspace::client();
    let list = "{{#each set.documents}}\n- {{id}} is {{state}}\n{{/each}}\n{{/block}}";
    workspace.edit("pack/documents/notice.md.hbs", "{{/block}}", list);
    workspace.edit("client/profile.yaml", "  handbook:\n", "  handbook:\n    author: head\n    approver: clerk\n");
    std::fs::remove_dir_all(workspace.file("installed")).unwrap();
    install(&workspace.file("pack"), &workspace.file("installed"));
    let output =
        folio(workspace.path(), &["issue", "client", "--approver", "head", "--reason", "The pens were counted."]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    workspace
}

/// Another of the same.
fn copied(workspace: &Workspace) -> Workspace {
    let other = Workspace::empty();
    copy(workspace.path(), other.path());
    other
}

#[test]
fn issue() {
    let issued = with_a_list();
    let args = ["issue", "client", "--approver", "clerk", "--reason", "The pens were counted."];
    at_each_call(&|| copied(&issued), &args, &["verify", "client"], "client");
}

#[test]
fn baseline() {
    let issued = with_a_list();
    std::fs::write(issued.file("Pens.docx"), "old").unwrap();
    let taken = ["--only", "handbook", "--version", "3.2", "--day", "2026-11-20", "--file", "Pens.docx"];
    let args = [&["baseline", "client", "--approver", "clerk"][..], &taken].concat();
    at_each_call(&|| copied(&issued), &args, &["verify", "client"], "client");
}

#[test]
fn withdraw() {
    let issued = || {
        let workspace = Workspace::client();
        let args = ["issue", "client", "--approver", "head", "--reason", "The pens were counted."];
        assert_eq!(folio(workspace.path(), &args).status.code(), Some(0));
        workspace
    };
    let args = ["withdraw", "client", "--only", "notice", "--approver", "head", "--reason", "Nobody reads it."];
    at_each_call(&issued, &args, &["verify", "client"], "client");
}

#[test]
fn propose() {
    let open = || {
        let workspace = Workspace::client();
        let rules = workspace.read("pack/rules/pens.yaml");
        let rule = "propose:\n  - {id: pens, register: pens, each: pens, key: item.id, values: {bought: as_of}}\n  \
                    - {id: people, register: bodies, each: people, key: item.id, values: {name: item.name}}\n";
        workspace.write("pack/rules/pens.yaml", rules + rule).edit(
            "pack/pack.yaml",
            "version: \"1.0",
            "version: \"1.1",
        );
        install(&workspace.file("pack"), &workspace.file("installed"));
        workspace
    };
    at_each_call(&open, &["propose", "client", "--write"], &["check", "client"], "client");
}

#[test]
fn pack_install() {
    let packs = || {
        let workspace = Workspace::empty();
        std::fs::create_dir(workspace.file("pack")).unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen/pack"), &workspace.file("pack"));
        workspace
    };
    at_each_call(&packs, &["pack", "install", "pack", "--allow-unsigned"], &["pack", "list"], "installed");
}

#[test]
fn new() {
    let packs = || {
        let workspace = Workspace::client();
        // The specimen's own client is its starter.
        let starter = workspace.file("pack/starter");
        std::fs::remove_dir_all(workspace.file("installed")).unwrap();
        std::fs::rename(workspace.file("client"), &starter).unwrap();
        std::fs::remove_dir_all(starter.join("out")).ok();
        install(&workspace.file("pack"), &workspace.file("installed"));
        workspace
    };
    at_each_call(&packs, &["new", "made", "--pack", "specimen", "--yes"], &["check", "made"], "made");
}

#[test]
fn upgrade() {
    let older = || {
        let workspace = Workspace::client();
        assert_eq!(folio(workspace.path(), &["render", "client"]).status.code(), Some(0));
        workspace.edit("pack/pack.yaml", "version: \"1.", "version: \"2.");
        install(&workspace.file("pack"), &workspace.file("installed"));
        workspace
    };
    let args = ["pack", "upgrade", "client", "--to", "^2", "--write"];
    at_each_call(&older, &args, &["check", "client"], "client");
}

#[test]
fn upgrade_with_what_becomes_of_profiles() {
    let older = || {
        let workspace = Workspace::client();
        assert_eq!(folio(workspace.path(), &["render", "client"]).status.code(), Some(0));
        workspace
            .edit("pack/pack.yaml", "version: \"1.", "version: \"2.")
            .edit(
                "pack/profile.schema.json",
                "\"motto\":",
                "\"saying\": {\"title\": \"Saying\", \"type\": \"string\"},\n    \"motto\":",
            )
            .write("pack/migrations/2.yaml", "format: 1\nfrom: specimen@^1\nsteps:\n  - {rename: motto, to: saying}\n");
        let profile = workspace.read("client/profile.yaml");
        workspace.write("client/profile.yaml", format!("{profile}motto: Write on.\n"));
        install(&workspace.file("pack"), &workspace.file("installed"));
        workspace
    };
    let args = ["pack", "upgrade", "client", "--to", "^2", "--write"];
    at_each_call(&older, &args, &["check", "client"], "client");
}

#[test]
fn migrate() {
    let client = || {
        let workspace = Workspace::empty();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/move"), workspace.path());
        std::fs::create_dir(workspace.file("specimen")).unwrap();
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen/pack"),
            &workspace.file("specimen"),
        );
        workspace
    };
    at_each_call(&client, &["migrate", "client", "--to", "house-2026", "--write"], &["check", "client"], "client");
}
