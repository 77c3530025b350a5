//! `folio pack trust`: the trust file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;

use super::{Done, Settings, broken, done, text, write};
use crate::cli::args::{Trust as Command, TrustAdd, TrustRemove};
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::pack::sign::Key;
use crate::pack::trust::{Trust, Trusted};

pub(super) fn trust(command: &Command, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let answer = match command {
        Command::Add(options) => add(options, settings, &mut sink),
        Command::Remove(options) => remove(options, settings, &mut sink),
        Command::List { trust } => read(trust.as_deref(), settings, &mut sink).map(|trust| table(&trust)),
    };
    answer.map_or_else(|| broken(sink), done)
}

fn add(options: &TrustAdd, settings: &Settings, sink: &mut Sink) -> Option<String> {
    if options.ids.iter().all(|id| id.trim().is_empty()) {
        let message = format!("for which packs is `{}` trusted?", options.key);
        sink.push(
            Diagnostic::fault(&codes::USAGE, message)
                .help("write `--for ID`, or `--for 'acme-*'` for all whose id begins so")
                .help("`--for '*'` lets the key sign any pack, those of others too"),
        );
        return None;
    }
    let key = key(&options.key, settings, sink)?;
    let stem = Path::new(&options.key).file_stem().filter(|_| options.key != key.text);
    let from_file = stem.map(|stem| stem.to_string_lossy().into_owned());
    let id = options.id.clone().or(from_file).unwrap_or_else(|| key.number.clone());
    let trusted = Trusted { id, key, packs: options.ids.clone() };
    let path = file(options.trust.as_deref(), settings, sink)?;
    let before = if path.exists() { Some(text(&path, sink)?) } else { None };
    let shown = path.display().to_string();
    let after = Trust::with(&shown, before.as_deref(), &trusted).map_err(|problem| sink.push(problem)).ok()?;
    write(&path, after.as_bytes(), settings, sink)?;
    let Trusted { id, key, packs } = trusted;
    Some(format!("{shown} trusts `{id}`, key {}, for the packs {}\n", key.number, packs.join(", ")))
}

fn remove(options: &TrustRemove, settings: &Settings, sink: &mut Sink) -> Option<String> {
    let path = file(options.trust.as_deref(), settings, sink)?;
    let before = text(&path, sink)?;
    let shown = path.display().to_string();
    let trust = Trust::read(&shown, &before, sink)?;
    let removed = trust.without(&shown, &before, &options.who).map_err(|problem| sink.push(problem)).ok();
    let (after, gone) = removed?;
    write(&path, after.as_bytes(), settings, sink)?;
    let mut lines = String::new();
    for Trusted { id, key, packs } in gone {
        let _ =
            writeln!(lines, "{shown} no longer trusts `{id}`, key {}, for the packs {}", key.number, packs.join(", "));
    }
    lines.push_str("what it signed and is installed stays; `folio pack list` shows who signed what\n");
    Some(lines)
}

fn table(trust: &Trust) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(["Whose", "Key", "Packs"]);
    for Trusted { id, key, packs } in trust.keys() {
        table.add_row([id, &key.number, &packs.join(", ")]);
    }
    format!("{table}\n")
}

/// A public key: a file, or its second line.
pub(in crate::cli) fn key(given: &str, settings: &Settings, sink: &mut Sink) -> Option<Key> {
    let path = settings.path(Path::new(given));
    // What is written like the name of a file is one, also when it is not there.
    let is_name = path.is_file() || path.extension().is_some_and(|ending| ending == "pub");
    let given = if is_name { text(&path, sink)? } else { given.to_owned() };
    Key::read(&given).map_err(|problem| sink.push(problem)).ok()
}

/// The trust file; where there is none, nobody is trusted.
pub(in crate::cli) fn read(given: Option<&Path>, settings: &Settings, sink: &mut Sink) -> Option<Trust> {
    let path = file(given, settings, sink)?;
    if given.is_none() && !path.exists() {
        return Some(Trust::default());
    }
    let text = text(&path, sink)?;
    Trust::read(&path.display().to_string(), &text, sink)
}

fn file(given: Option<&Path>, settings: &Settings, sink: &mut Sink) -> Option<PathBuf> {
    let path = given.map(|path| settings.path(path)).or_else(|| settings.trust.clone());
    if path.is_none() {
        let problem = Diagnostic::fault(&codes::USAGE, "there is no place for a trust file");
        sink.push(problem.help("name one with `--trust FILE`"));
    }
    path
}
