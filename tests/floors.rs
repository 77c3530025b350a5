//! The floors of the house: which room of `src/` may know which. Read from the `use` lines, held by the build.
//!
//! A room is a module that `src/lib.rs` declares. It may import rooms of the floors below its own and no others, so that
//! no two rooms lean on one another and values flow one way. A new room is put on a floor here, in one line.

#![allow(clippy::disallowed_methods, reason = "tests read the sources")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The house, from the ground up.
#[rustfmt::skip]
const FLOORS: &[(&str, &[&str])] = &[
    ("know nothing of one another", &["align", "budget", "characters", "diagnostic", "differ", "digest", "holders", "length", "reasons", "time", "uri"]),
    ("the languages of people", &["language"]),
    ("trees of files that are read, words of the engine", &["files", "strings"]),
    ("words that go before the names of people", &["articles"]),
    ("values that pass between stages, files put in place, and Word files read", &["commit", "lock", "messages", "model", "parallel", "reader", "theme", "yaml"]),
    ("values in words of the pack's language, what stands at the end of a document, names that stay", &["appended", "names", "wording"]),
    ("documents as texts that can be compared, and those that were issued", &["dump", "history"]),
    ("texts changed in place, and held against a schema", &["edit", "schema"]),
    ("files of the engine's own become typed values", &["decode"]),
    ("rules, templates, references, charts, pages", &["chart", "expand", "resolve", "rules", "typeset"]),
    ("Markdown becomes the model, the model becomes bytes", &["backend", "parse"]),
    ("what a standard's documents are made from", &["pack"]),
    ("what is true of one client, and packs from afar", &["fetch", "workspace"]),
    ("what is made of it, what comes into it, and what must not be in it", &["intake", "leaks", "plan"]),
    ("what answers the standard, what becomes of each output, what a pack proposes, why a text says what it says", &["changes", "closed", "coverage", "decisions", "ledger", "propose", "trace", "unrecorded"]),
    ("how far one is, what to do next, and whether what was issued is what it was", &["progress", "verify"]),
    ("the stages of the one way", &["session"]),
    ("the way gone: all of it, or as far as authors and owners want", &["compare", "issue", "kit", "lead", "migrate", "redline", "render", "status", "upgrade"]),
    ("what an author sees while writing", &["preview"]),
    ("the command line", &["cli"]),
];

/// Where a crate, or a part of the standard library, may be named: rooms, or files by the beginning of their path. What
/// is not listed is for all.
const DOORS: &[(&str, &[&str])] = &[
    // The outside world.
    ("std::fs", &["commit", "files"]),
    ("tempfile", &["commit"]),
    ("std::net", &[]),
    ("ureq", &["fetch"]),
    ("std::env", &["cli/settings"]),
    ("SystemTime::now", &["cli/settings"]),
    ("Zoned::now", &[]),
    ("Timestamp::now", &[]),
    ("std::process", &["cli/mod", "commit"]),
    ("std::thread", &["cli", "parallel"]),
    ("rayon", &["parallel"]),
    // The terminal.
    ("anstream", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("comfy_table", &["cli"]),
    ("indicatif", &["cli"]),
    ("inquire", &["cli"]),
    ("annotate_snippets", &["diagnostic/text"]),
    // Formats that are read.
    ("calamine", &["workspace/profile/register/xlsx"]),
    ("granit_parser", &["edit", "yaml"]),
    ("jsonschema", &["schema"]),
    ("serde_yaml", &[]),
    // The languages of people, and those of packs.
    ("icu_calendar", &["language"]),
    ("icu_collator", &["language"]),
    ("icu_datetime", &["language"]),
    ("icu_decimal", &["language"]),
    ("icu_list", &["language"]),
    ("icu_locale_core", &["language"]),
    ("icu_plurals", &["language"]),
    ("cel", &["rules"]),
    ("comrak", &["parse"]),
    ("handlebars", &["expand"]),
    // Formats that are written.
    ("comemo", &["typeset"]),
    ("hypher", &["typeset"]),
    ("typst", &["typeset"]),
    ("typst_layout", &["typeset"]),
    ("typst_pdf", &["typeset"]),
    ("png", &["backend/docx"]),
    ("quick_xml", &["backend/docx", "kit/junit", "model/image", "reader", "workspace/profile/register"]),
    ("resvg", &["backend/docx", "model/image"]),
    ("zip", &["backend/docx", "pack/archive", "reader", "workspace/profile/register"]),
    // Trust.
    ("ct_codecs", &["pack/sign"]),
    ("minisign", &["pack/sign"]),
    ("minisign_verify", &["pack/sign"]),
    ("sha2", &["digest", "model/identity"]),
];

/// A file of `src/` without what only tests compile.
struct Source {
    /// Its path below `src/`, with `/`.
    path: String,
    /// Its code, without comments and tests.
    code: String,
}

impl Source {
    /// The room that it belongs to.
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// The modules that it stands in: its own last, the crate left out.
    fn module(&self) -> Vec<&str> {
        let mut parts: Vec<&str> = self.path.trim_end_matches(".rs").split('/').collect();
        if parts.last() == Some(&"mod") {
            parts.pop();
        }
        parts
    }

    /// Whether a crate is named, or a part of one.
    fn names(&self, name: &str) -> bool {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        self.code.match_indices(name).any(|(at, _)| {
            let (before, after) = (&self.code[..at], &self.code[at + name.len()..]);
            // `a::name::b` is somebody else's `name`.
            let begins = !before.ends_with(is_name) && (name.contains("::") || !before.ends_with("::"));
            begins
                && !after.starts_with(is_name)
                && (name.contains("::") || after.starts_with("::") || before.ends_with("use "))
        })
    }
}

/// The sources in order. `mod tests` at the end of a file is left out, and so are the files that only tests compile.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    let of_tests = ["tests.rs", "specimen.rs", "testing.rs"];
    let is_source = |path: &PathBuf| !of_tests.iter().any(|name| path.ends_with(name));
    found
        .into_iter()
        .filter(is_source)
        .map(|file| {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("\nmod tests {").next().unwrap_or_default();
            let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
            let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            Source { path, code: lines.collect::<Vec<_>>().join("\n") }
        })
        .collect()
}

/// The rooms that `src/lib.rs` declares, those of tests left out.
fn rooms() -> BTreeSet<String> {
    let sources = sources();
    let lib = sources.iter().find(|source| source.path == "lib.rs").unwrap();
    let declared = lib.code.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    declared.map(|line| line.trim_end_matches(';').to_owned()).filter(|room| room != "testing").collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|(_, rooms)| rooms.contains(&room))
}

/// What a source imports from other rooms: the room, and the line that names it.
fn imports(source: &Source) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (number, line) in source.code.lines().enumerate() {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            assert!(!rest.starts_with('{'), "src/{}:{}: one `use crate::room` a line", source.path, number + 1);
            let room = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
            found.push((room.to_owned(), number + 1));
        }
        // `super::` that leads out of the room would be an import without a name.
        let ups = line.matches("super::").count().min(line.match_indices("super::super::").count() + 1);
        let leads_out = line.contains("super::") && ups >= source.module().len();
        assert!(!leads_out, "src/{}:{}: write `crate::` for what stands outside the room", source.path, number + 1);
    }
    found.retain(|(room, _)| room != source.room());
    found
}

#[test]
fn every_room_stands_on_one_floor() {
    let mut seen = BTreeSet::new();
    for room in FLOORS.iter().flat_map(|(_, rooms)| *rooms) {
        assert!(seen.insert(*room), "`{room}` stands on two floors");
    }
    for room in rooms() {
        assert!(seen.contains(room.as_str()), "put the room `{room}` on a floor: tests/floors.rs");
    }
}

#[test]
fn rooms_import_from_the_floors_below() {
    let rooms = rooms();
    let mut upward: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| rooms.contains(source.room())) {
        for (room, line) in imports(source) {
            let place = format!("src/{}:{line}", source.path);
            assert!(rooms.contains(&room), "{place}: `crate::{room}` is no room");
            if floor(&room) >= floor(source.room()) {
                upward.entry((source.room().to_owned(), room)).or_default().push(place);
            }
        }
    }
    let said: Vec<String> = upward
        .iter()
        .map(|((from, to), places)| format!("`{from}` imports `{to}`, which is not below it: {}", places.join(", ")))
        .collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn each_crate_is_named_behind_its_door_alone() {
    let sources = sources();
    for (name, places) in DOORS {
        let is_open = |path: &str| places.iter().any(|place| path.starts_with(place));
        let mut used = false;
        for source in sources.iter().filter(|source| source.path != "main.rs" && source.names(name)) {
            assert!(is_open(&source.path), "src/{} names `{name}`, which is for {places:?} alone", source.path);
            used = true;
        }
        assert!(used || places.is_empty(), "nothing names `{name}` any more: take its line out");
    }
}

#[test]
fn nothing_reads_yaml_by_guessing() {
    let lock = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    for name in ["serde_yaml", "serde_yml", "serde_norway"] {
        assert!(!lock.lines().any(|line| line.starts_with(name)), "Cargo.toml names {name}: YAML is read by `yaml`");
    }
}
