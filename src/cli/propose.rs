//! `folio propose`: what the pack's rules give for registers of which nobody has recorded it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::args::Propose;
use super::done::{Done, broken};
use super::report;
use super::settings::Settings;
use crate::commit::Commit;
use crate::diagnostic::codes::{pack as pack_codes, profile as codes};
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::Changed;
use crate::migrate;
use crate::progress::argument;
use crate::propose::{self, Row};
use crate::workspace::profile;
use crate::workspace::{Refused, SETTINGS, Workspace};

/// How many rows of a register are shown when nobody asks for all.
const SHOWN: usize = 10;

/// The most characters of a value in the list.
const MAX_SHOWN: usize = 60;

/// Shows what is proposed, and writes it when that is asked for.
pub(super) fn propose(options: &Propose, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let (dir, registers) = place(options, settings);
    let root = settings.path(&dir);
    // Held before anything is read, so that what is written was made from what is there.
    let mut held = None;
    if options.write && root.join(SETTINGS).is_file() {
        held = settings.hold("propose", &root, &mut sink);
        if held.is_none() {
            return broken(sink);
        }
    }
    let _reading = if held.is_none() { settings.reading(&root, &mut sink) } else { None };
    let session = settings.session();
    let Some(workspace) = session.workspace(&root, &mut sink) else { return broken(sink) };
    let mut plan = session.plan(&workspace, &mut sink);
    if sink.has_faults() || !are_known(&workspace, &registers, &mut sink) {
        return broken(sink);
    }
    let facts = propose::facts(&workspace, &mut plan);
    let refused = Refused::of(&workspace.settings.refused);
    let rows = propose::rows(&workspace.pack, &workspace.profile, &facts, &registers, &refused, &mut sink);
    crate::decode::show_lines(&workspace.trees(), &mut sink);
    let Some(rows) = rows else { return broken(sink) };
    let Some(Made { commit, notes, left_out }) = commit(&workspace, &rows, &mut sink) else { return broken(sink) };
    if let Some(held) = &mut held
        && !commit.is_empty()
        && let Err(problem) = held.apply(&commit)
    {
        sink.push(problem);
        return broken(sink);
    }
    let files: Vec<&str> = commit.files().map(|(path, _)| path).collect();
    let mut text = match options.write {
        _ if workspace.pack.propose.is_empty() => "the pack proposes nothing: it has no rules for that\n".to_owned(),
        _ if rows.is_empty() => "nothing is proposed: all that the pack has rules for is recorded\n".to_owned(),
        true => told(&rows, &left_out, &files, &notes, &dir),
        false => listed(&workspace, &rows, &notes, options.all, &dir),
    };
    if !refused.is_empty() {
        let _ = writeln!(text, "{} refused: `refused` in {SETTINGS} names them", refused.len());
    }
    let proposals: Vec<Json> = rows.iter().flat_map(objects).collect();
    let diagnostics = sink.into_vec();
    let json = json!({
        "schema": 1,
        "proposals": proposals,
        "written": if options.write { files } else { Vec::new() },
        "notes": notes,
        "refused": workspace.settings.refused.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(),
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// The workspace and the registers. The first word is a register where it is no workspace and this folder is one.
fn place(options: &Propose, settings: &Settings) -> (PathBuf, Vec<String>) {
    let here = PathBuf::from(".");
    let is_workspace = |dir: &PathBuf| settings.path(dir).join(SETTINGS).is_file();
    if !settings.path(&options.dir).exists() && is_workspace(&here) {
        let first = options.dir.to_string_lossy().into_owned();
        return (here, std::iter::once(first).chain(options.registers.iter().cloned()).collect());
    }
    (options.dir.clone(), options.registers.clone())
}

/// Whether the pack has rules for registers that are named.
fn are_known(workspace: &Workspace, registers: &[String], sink: &mut Sink) -> bool {
    let known: Vec<&str> = workspace.pack.propose.iter().map(|rule| rule.register.0.as_str()).collect();
    let before = sink.len();
    for register in registers.iter().filter(|register| !known.contains(&register.as_str())) {
        let message = format!("the pack has no rules that propose rows of `{register}`");
        let mut all = known.clone();
        all.dedup();
        let problem = Diagnostic::fault(&codes::UNKNOWN_KEY, message).suggest(register, known.iter().copied());
        sink.push(problem.help(format!("it has them for: {}", all.join(", "))));
    }
    sink.len() == before
}

/// What proposals make of the files.
#[derive(Default)]
struct Made {
    commit: Commit,
    /// What is to be said of that.
    notes: Vec<String>,
    /// The paths of the values that are not written.
    left_out: BTreeSet<String>,
}

/// The files with what is proposed in them. Read back, they must say just that.
fn commit(workspace: &Workspace, rows: &[Row], sink: &mut Sink) -> Option<Made> {
    let mut commit = Commit::new();
    if rows.is_empty() {
        return Some(Made::default());
    }
    let path = &workspace.settings.profile;
    let (source, filled) = profile::written(&*workspace.files, path, &workspace.pack.schema, sink)?;
    let written = propose::written(workspace, rows, &source.to_json(), &filled.to_json());
    let change = |_: &Json| written.change.clone();
    let (files, notes) = migrate::rewritten(workspace, &change, sink)?;
    if sink.has_faults() {
        return None;
    }
    let (left_out, mut said): (BTreeSet<String>, Vec<String>) = written.left_out.into_iter().unzip();
    said.dedup();
    let notes: Vec<String> = notes.into_iter().map(|note| note.text).chain(said).collect();
    let files: BTreeMap<String, Vec<u8>> = files.into_iter().chain(written.files).collect();
    is_read_back(workspace, rows, &left_out, &files, sink)?;
    for (path, bytes) in files {
        let seen = workspace.files.digest(&path).ok();
        commit.write_over(path, bytes, seen);
    }
    Some(Made { commit, notes, left_out })
}

/// Reads the workspace as it would be: every value must be there as it was proposed, and nothing else may have changed.
fn is_read_back(
    workspace: &Workspace,
    rows: &[Row],
    left_out: &BTreeSet<String>,
    files: &BTreeMap<String, Vec<u8>>,
    sink: &mut Sink,
) -> Option<()> {
    let changes = files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone()))).collect();
    let changed = Arc::new(Changed::new(workspace.files.clone(), changes));
    let mut own = Sink::new();
    let after = Workspace::open_with(&workspace.root, changed, workspace.pack.clone(), &mut own);
    let Some(after) = after else {
        for problem in own.into_vec().into_iter().filter(Diagnostic::is_fault) {
            sink.push(problem.help("so it would stand with the proposals in it; nothing was written"));
        }
        return None;
    };
    let (mut before, mut after) = (workspace.profile.value.clone(), after.profile.value);
    let mut is_sound = true;
    let mut wrong = |message: String| {
        is_sound = false;
        sink.push(Diagnostic::fault(&pack_codes::MIGRATION_EDIT, message).help("nothing was written"));
    };
    for (register, own) in by_register(rows) {
        let (Some(Json::Array(before)), Some(Json::Array(after))) =
            (place_of(&mut before, register), place_of(&mut after, register))
        else {
            continue;
        };
        let find = |after: &[Json], row: &Row| {
            after.iter().position(|known| known[&row.key_of].as_str() == Some(row.key.as_str()))
        };
        for row in own {
            // A new row of which nothing is left is not written.
            if row.at.is_none() && row.values.iter().all(|value| left_out.contains(&row.path(&value.property))) {
                continue;
            }
            let at = find(after, row).unwrap_or(after.len());
            for value in &row.values {
                let path = row.path(&value.property);
                let there = after.get_mut(at).map(|row| row[&value.property].take()).unwrap_or_default();
                if let Some(row) = row.at.and_then(|at| before.get_mut(at)) {
                    row[&value.property].take();
                }
                if there != value.value && !left_out.contains(&path) {
                    wrong(format!("`{path}` would be read back as {there}, not as {}", value.value));
                }
            }
            if row.at.is_none() && at < after.len() {
                after.remove(at);
            }
        }
    }
    let keys = before.as_object().into_iter().flatten().map(|(key, _)| key);
    if let Some(key) = keys.into_iter().find(|key| before[key.as_str()] != after[key.as_str()]) {
        wrong(format!("what is recorded under `{key}` would be read back as something else"));
    }
    is_sound.then_some(())
}

/// The value at a dotted path.
fn place_of<'j>(value: &'j mut Json, path: &str) -> Option<&'j mut Json> {
    path.split('.').try_fold(value, |value, key| value.get_mut(key))
}

/// The registers in the order in which they come first, each with its rows.
fn by_register(rows: &[Row]) -> Vec<(&str, Vec<&Row>)> {
    let mut found: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in rows {
        match found.iter_mut().find(|(register, _)| *register == row.register) {
            Some((_, own)) => own.push(row),
            None => found.push((&row.register, vec![row])),
        }
    }
    found
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// What is proposed, a block for each register.
fn listed(workspace: &Workspace, rows: &[Row], notes: &[String], all: bool, dir: &std::path::Path) -> String {
    let mut text = String::new();
    for (register, own) in by_register(rows) {
        let view = workspace.pack.schema.view().at(register);
        let title = view.and_then(|view| view.title.as_deref()).unwrap_or(register);
        let new = own.iter().filter(|row| row.at.is_none()).count();
        let values: usize = own.iter().map(|row| row.values.len()).sum();
        let space = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(
            text,
            "{space}{title} ({register}): {} in {}, {new} of them new",
            counted(values, "value"),
            counted(own.len(), "row")
        );
        let shown = if all { own.len() } else { SHOWN };
        let lines: Vec<[String; 4]> = own.iter().take(shown).flat_map(|row| lines(row, all)).collect();
        let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or_default();
        let widths = [width(0), width(1), width(2)];
        for [key, property, value, rule] in &lines {
            let pad = |text: &str, width: usize| format!("{text}{}", " ".repeat(width - text.chars().count()));
            let (key, property, value) = (pad(key, widths[0]), pad(property, widths[1]), pad(value, widths[2]));
            let line = format!("  {key}  {property}  {value}  {rule}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
        if own.len() > shown {
            let _ = writeln!(text, "  and {} more: `--all` shows them", counted(own.len() - shown, "row"));
        }
    }
    notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    let values: usize = rows.iter().map(|row| row.values.len()).sum();
    let dir = argument(&dir.display().to_string());
    let _ = writeln!(
        text,
        "\n{} in {} are proposed, and nothing was written. `folio propose{dir} --write` writes them, marked as proposals.",
        counted(values, "value"),
        counted(rows.len(), "row"),
    );
    text
}

/// The lines of a row: key, property, value, rule. A value that is longer is cut, or goes on in the next line.
fn lines(row: &Row, is_whole: bool) -> Vec<[String; 4]> {
    let mut lines: Vec<[String; 4]> = Vec::new();
    for value in &row.values {
        let text = value.value.as_str().map_or_else(|| value.value.to_string(), str::to_owned);
        let mut rest = wrapped(&text).into_iter();
        let mut first = rest.next().unwrap_or_default();
        if !is_whole && rest.len() > 0 {
            first =
                text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_SHOWN).collect::<String>() + "…";
        }
        let key = if lines.is_empty() { row.key.clone() } else { String::new() };
        lines.push([key, value.property.clone(), first, value.rule.clone()]);
        let rest = rest.filter(|_| is_whole);
        lines.extend(rest.map(|line| [String::new(), String::new(), line, String::new()]));
    }
    lines
}

/// A text in lines of at most [`MAX_SHOWN`] characters; a longer word is one line.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= MAX_SHOWN => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// What was written.
fn told(rows: &[Row], left_out: &BTreeSet<String>, files: &[&str], notes: &[String], dir: &std::path::Path) -> String {
    let mut text = String::new();
    for (register, own) in by_register(rows) {
        let written = |row: &&Row| row.values.iter().filter(|it| !left_out.contains(&row.path(&it.property))).count();
        let counts: Vec<usize> = own.iter().map(written).filter(|count| *count > 0).collect();
        if !counts.is_empty() {
            let values = counted(counts.iter().sum(), "value");
            let _ = writeln!(text, "{register}: {values} in {}", counted(counts.len(), "row"));
        }
    }
    notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    let dir = argument(&dir.display().to_string());
    let _ = writeln!(
        text,
        "{} marked as proposals. Taking a name out of `proposed` confirms a value; `folio decisions{dir}` counts them, and `--confirm` confirms.",
        if files.is_empty() { "nothing was written;".to_owned() } else { format!("written to {},", files.join(", ")) },
    );
    text
}

fn objects(row: &Row) -> Vec<Json> {
    let object = |value: &propose::Value| {
        json!({
            "register": row.register,
            "key": row.key,
            "is_new": row.at.is_none(),
            "property": value.property,
            "value": value.value,
            "rule": value.rule,
        })
    };
    row.values.iter().map(object).collect()
}
