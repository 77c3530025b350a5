//! Every command that writes says what it would write, and writes nothing, when it is asked to.
//!
//! The commands are those that the program's own help names: a new one that has no `--dry-run` has to be listed here as one
//! that only reads.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Workspace, copy, install};

/// Those that write nothing that anybody would miss: `status` keeps what it found in `.folio/cache`.
const READING: [&str; 18] = [
    "check",
    "completions",
    "coverage",
    "documents",
    "explain",
    "history",
    "man",
    "pack diff",
    "pack list",
    "pack schema",
    "pack show",
    "pack trust list",
    "pack verify",
    "receipt",
    "schema",
    "status",
    "trace",
    "verify",
];

/// A call of a command, without `--dry-run`; in the second column what takes the place of that when it is to write.
const CALLS: [(&str, &[&str], &[&str]); 25] = [
    ("new", &["new", "made", "--pack", "specimen", "--yes"], &[]),
    ("intake", &["intake", "client", "lists/ink.csv", "--into", "pens", "--answers", "answers.yaml"], &[]),
    ("render", &["render", "client"], &[]),
    ("issue", &["issue", "client", "--approver", "head", "--reason", "The pens were counted."], &[]),
    ("approve", &["approve", "waiting", "--approver", "head"], &[]),
    ("withdraw", &["withdraw", "issued", "--only", "notice", "--approver", "head", "--reason", "Gone."], &[]),
    (
        "baseline",
        &[
            "baseline",
            "client",
            "--only",
            "notice",
            "--version",
            "3.2",
            "--day",
            "2026-01-02",
            "--approver",
            "head",
            "--file",
            "lists/Old notice.docx",
        ],
        &[],
    ),
    ("redline", &["redline", "changed", "--formats", "docx"], &[]),
    ("decisions", &["decisions", "open", "--confirm-all"], &[]),
    ("propose", &["propose", "bare"], &["--write"]),
    ("migrate", &["migrate", "move/client", "--to", "move/house-2026"], &["--write"]),
    ("export", &["export", "issued", "--issued", "--out", "package.zip"], &[]),
    ("pack new", &["pack", "new", "fresh"], &[]),
    ("pack check", &["pack", "check", "pack", "--against", "base", "--accept"], &[]),
    ("pack test", &["pack", "test", "tried", "--accept"], &[]),
    ("pack preview", &["pack", "preview", "pack", "--on", "client", "--once"], &[]),
    ("pack upgrade", &["pack", "upgrade", "older", "--to", "^2"], &["--write"]),
    ("pack build", &["pack", "build", "pack", "--out", "pack.zip"], &[]),
    ("pack sign", &["pack", "sign", "built.zip", "--key", "keys/mine.key"], &[]),
    ("pack install", &["pack", "install", "pack", "--allow-unsigned", "--packs", "elsewhere"], &[]),
    ("pack key", &["pack", "key", "--out", "keys", "--name", "other", "--no-password"], &[]),
    ("pack trust add", &["pack", "trust", "add", "keys/mine.pub", "--for", "specimen", "--trust", "trust.yaml"], &[]),
    ("pack trust remove", &["pack", "trust", "remove", "mine", "--trust", "trusted.yaml"], &[]),
    ("decisions refuse", &["decisions", "proposed", "--refuse", "bodies"], &[]),
    ("render issued", &["render", "issued", "--issued", "notice@1.0", "--out", "given"], &[]),
];

fn folio(folder: &Path, arguments: &[&str]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_folio"));
    command.args(arguments).args(["--date", "2026-11-23"]).current_dir(folder).stdin(Stdio::null());
    command.env("FOLIO_PACKS", "installed").env("FOLIO_KEY_PASSWORD", "").env_remove("FOLIO_TRUST");
    let output = command.output().unwrap();
    let text = [output.stderr, output.stdout].concat();
    (String::from_utf8_lossy(&text).into_owned(), output.status.code().unwrap())
}

/// All that lies below a folder: files with their bytes, folders with none.
fn tree(root: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.insert(path.clone(), None);
                folders.push(path);
            } else {
                found.insert(path.clone(), Some(std::fs::read(path).unwrap()));
            }
        }
    }
    found
}

/// A place for each of the calls.
fn place() -> Workspace {
    let place = Workspace::client();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let clone = |from: &str, to: &str| {
        std::fs::create_dir_all(place.file(to)).unwrap();
        copy(&place.file(from), &place.file(to));
    };
    let done = |arguments: &[&str]| {
        let (said, code) = folio(place.path(), arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
    };
    for to in ["waiting", "issued", "changed", "older", "open", "bare", "pack/starter"] {
        clone("client", to);
    }
    place.write("lists/ink.csv", "id;name;colour;Keeper;stock\nP-9;Swan;blue;ben;4\n");
    place.write("lists/Old notice.docx", "old");
    clone("pack", "tried");
    clone("client", "tried/fixtures/first");
    // Proposals that a register may have.
    let rules = place.read("pack/rules/pens.yaml");
    let rule = "propose:\n  - {id: people, register: bodies, each: people, key: item.id, values: {name: item.name}}\n";
    clone("pack", "base");
    place.write("pack/rules/pens.yaml", rules + rule).edit("pack/pack.yaml", "version: \"1.0", "version: \"1.1");
    install(&place.file("pack"), &place.file("installed"));
    done(&["propose", "open", "--write"]);
    clone("open", "proposed");
    // Versions that wait, are in force, and are not what the workspace says any more.
    place.edit("waiting/profile.yaml", "author: clerk, approver: head", "approver: head, approvers: [clerk, head]");
    done(&["issue", "waiting", "--approver", "clerk", "--reason", "First."]);
    for client in ["issued", "changed"] {
        done(&["issue", client, "--approver", "head", "--reason", "First."]);
    }
    place.edit("changed/profile.yaml", "Quill & Sons Ltd", "Quill Ltd");
    // Packs to build, sign, trust and move to.
    done(&["pack", "key", "--out", "keys", "--name", "mine", "--no-password"]);
    done(&["pack", "build", "pack", "--out", "built.zip"]);
    done(&["pack", "trust", "add", "keys/mine.pub", "--for", "specimen", "--trust", "trusted.yaml"]);
    done(&["render", "older"]);
    clone("pack", "second");
    place.edit("second/pack.yaml", "version: \"1.", "version: \"2.");
    install(&place.file("second"), &place.file("installed"));
    std::fs::create_dir(place.file("move")).unwrap();
    copy(&root.join("tests/workspaces/move"), &place.file("move"));
    std::fs::create_dir(place.file("move/specimen")).unwrap();
    copy(&root.join("tests/workspaces/specimen/pack"), &place.file("move/specimen"));
    place
}

#[test]
fn a_dry_run_of_any_command_names_what_it_would_do_and_does_nothing() {
    let place = place();
    let mut wrong = Vec::new();
    for (name, call, in_earnest) in CALLS {
        let before = tree(place.path());
        let (said, code) = folio(place.path(), &[call, &["--dry-run"]].concat());
        let after = tree(place.path());
        let changed: Vec<&PathBuf> = after
            .iter()
            .filter(|(path, bytes)| before.get(*path) != Some(bytes))
            .map(|(path, _)| path)
            .chain(before.keys().filter(|path| !after.contains_key(*path)))
            .collect();
        if code != 0 || !changed.is_empty() {
            wrong.push(format!("{name} --dry-run: exit {code}, changed {changed:?}\n{said}"));
        }
        if !["would", "Nothing was changed", "nothing was written"].iter().any(|words| said.contains(words)) {
            wrong.push(format!("{name} --dry-run does not say what it would do:\n{said}"));
        }
        let (said, code) = folio(place.path(), &[call, in_earnest].concat());
        if code != 0 || tree(place.path()) == after {
            wrong.push(format!("{name}: exit {code}, or nothing was written\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The commands below one, as its help names them; itself where it has none. With whether it has `--dry-run`.
fn commands(above: &[String], found: &mut Vec<(String, bool)>) {
    let mut arguments: Vec<&str> = above.iter().map(String::as_str).collect();
    arguments.push("--help");
    let output = Command::new(env!("CARGO_BIN_EXE_folio")).args(&arguments).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let below: Vec<&str> = match help.split_once("\nCommands:\n") {
        Some((_, list)) => {
            let lines = list.lines().take_while(|line| !line.is_empty());
            let named = lines.filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
            named.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
        }
        None => Vec::new(),
    };
    if below.is_empty() {
        found.push((above.join(" "), help.contains("--dry-run")));
    }
    for name in below {
        commands(&[above, &[name.to_owned()]].concat(), found);
    }
}

#[test]
fn every_command_that_writes_has_a_dry_run_and_is_tried() {
    let mut found = Vec::new();
    commands(&[], &mut found);
    assert!(found.len() > 35, "{found:?}");
    let of = |has: bool| -> BTreeSet<&str> {
        found.iter().filter(|(_, own)| *own == has).map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(of(false), BTreeSet::from(READING), "what writes has `--dry-run`");
    let tried: BTreeSet<&str> = CALLS.iter().map(|(name, ..)| *name).collect();
    let writing = of(true);
    let not_tried: Vec<&&str> = writing.difference(&tried).collect();
    assert!(not_tried.is_empty(), "not among the calls: {not_tried:?}");
}
