//! What is written: the copy of a file, its sources in the profile, and samples that are none any more.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::Proposal;
use crate::characters::slug;
use crate::decode;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::edit::{Change, Field, Piece, yaml};
use crate::files::Files;

/// The folder of registers in a workspace.
const FOLDER: &str = "registers";

/// The most files of one name that are looked for a free one.
const MOST_NAMES: usize = 100;

/// What is written, and into what.
pub struct Target<'a> {
    /// The files of the workspace.
    pub files: &'a dyn Files,
    /// The file of its settings.
    pub settings: &'a str,
    /// The file of its profile.
    pub profile: &'a str,
    /// Its profile with the registers put in.
    pub filled: &'a Json,
}

/// Files as they will be.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// By path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Where the file lies in the workspace.
    pub file: String,
    /// The source of each sheet that is taken, with its register.
    pub sources: Vec<(String, Json)>,
    /// What is done to each register.
    pub notes: Vec<String>,
    /// Registers whose samples go: what named their rows leads nowhere then.
    pub replaced: Vec<String>,
    /// Whether the profile has all of it.
    pub is_there: bool,
}

/// What would be written of what is proposed. `people` are added to those of the profile: names.
pub fn write(
    (name, bytes): (&str, &[u8]),
    proposal: &Proposal,
    leaves_rest: bool,
    people: &[String],
    target: &Target<'_>,
    sink: &mut Sink,
) -> Option<Written> {
    let (file, is_known) = place(name, bytes, target.files, sink)?;
    let text = decode::text(target.files, target.profile, sink)?;
    let old = decode::parse(target.profile, &text, sink)?.to_json();
    let settings = decode::text(target.files, target.settings, sink)?;
    let selection = decode::parse(target.settings, &settings, sink)?.to_json();
    let mut written = Written { file: file.clone(), is_there: true, ..Written::default() };
    let mut by_register: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for taken in &proposal.taken {
        let source = taken.source(&file, leaves_rest);
        written.sources.push((taken.register.clone(), source.clone()));
        if !order.contains(&taken.register.as_str()) {
            order.push(&taken.register);
        }
        by_register.entry(&taken.register).or_default().push(source);
    }
    let (mut change, mut samples) = (Change::Keep, Vec::new());
    for register in order {
        let new = by_register.remove(register).unwrap_or_default();
        let own = at(&old, register);
        let known = sources(own);
        let is_same =
            |source: &Json, other: &Json| source["from"] == other["from"] && source["sheet"] == other["sheet"];
        if new.iter().all(|source| known.contains(&source)) {
            written.notes.push(format!("`{register}` reads {file} already, in the same way"));
            continue;
        }
        written.is_there = false;
        let is_sample = selection["samples"].as_array().is_some_and(|all| all.iter().any(|path| path == register));
        let is_empty = at(target.filled, register).as_array().is_none_or(Vec::is_empty);
        let again = known.iter().any(|known| new.iter().any(|source| is_same(source, known)));
        let value = if is_empty || is_sample || own.is_null() {
            let what = if own.is_null() || known.is_empty() { "gets" } else { "now reads" };
            let why = if is_sample { "; what it had was a sample" } else { "" };
            written.notes.push(format!("`{register}` {what} {file}{why}"));
            whole(&new)
        } else if again {
            written.notes.push(format!("`{register}` reads {file} already; it is read in another way now"));
            let kept = known.iter().filter(|known| !new.iter().any(|source| is_same(source, known)));
            let all: Vec<Json> = kept.map(|known| (*known).clone()).chain(new.iter().cloned()).collect();
            whole(&all)
        } else {
            written.notes.push(format!("`{register}` reads {file} beside what it has"));
            let kept = if own.is_array() { own.as_array().cloned().unwrap_or_default() } else { vec![own.clone()] };
            Json::Array(kept.into_iter().chain(new).collect())
        };
        if is_sample {
            written.replaced.push(register.to_owned());
            samples.push(register.to_owned());
        }
        change = change.and(Change::at(register, Change::Become(value)));
    }
    if !people.is_empty() {
        written.is_there = false;
        change = change.and(Change::at("people", added(&old["people"], people)));
    }
    if !written.is_there {
        let new = yaml::apply(&text, &old, &change);
        let new = new.map_err(|stuck| sink.push(stopped(target.profile, &text, stuck.at, &stuck.problem))).ok()?;
        written.files.insert(target.profile.to_owned(), new.into_bytes());
    }
    if !samples.is_empty() {
        let new = without_samples(target.files, target.settings, &samples, sink)?;
        written.files.insert(target.settings.to_owned(), new);
    }
    if !is_known && !written.is_there {
        written.files.insert(file, bytes.to_vec());
    }
    Some(written)
}

/// The settings without some lines of `samples`.
pub fn without_samples(files: &dyn Files, path: &str, samples: &[String], sink: &mut Sink) -> Option<Vec<u8>> {
    let settings = decode::text(files, path, sink)?;
    let selection = decode::parse(path, &settings, sink)?.to_json();
    let all = selection["samples"].as_array().cloned().unwrap_or_default();
    let kept = all.iter().enumerate().filter(|(_, path)| !samples.iter().any(|gone| *path == gone));
    let pieces = kept.map(|(at, _)| Piece { from: Some(at), change: Change::Keep }).collect();
    let change = Change::at("samples", Change::list(all.len(), pieces));
    let new = yaml::apply(&settings, &selection, &change);
    let new = new.map_err(|stuck| sink.push(stopped(path, &settings, stuck.at, &stuck.problem))).ok()?;
    Some(new.into_bytes())
}

fn stopped(file: &str, text: &str, at: usize, problem: &str) -> Diagnostic {
    let line = text.get(..at).unwrap_or_default().lines().count().max(1);
    let message = format!("this file cannot be changed in place: {problem}");
    let span = crate::diagnostic::Span { line: line as u32, ..crate::diagnostic::Span::file(file) };
    Diagnostic::fault(&codes::INTAKE, message).at(span).help("write the lines that are shown by hand")
}

/// The value at a dotted path.
fn at<'j>(json: &'j Json, path: &str) -> &'j Json {
    static NOTHING: Json = Json::Null;
    path.split('.').try_fold(json, |value, key| value.get(key)).unwrap_or(&NOTHING)
}

/// The sources that a register has.
fn sources(own: &Json) -> Vec<&Json> {
    match own {
        Json::Object(_) => vec![own],
        Json::Array(all) => all.iter().filter(|source| source.get("from").is_some()).collect(),
        _ => Vec::new(),
    }
}

/// One source stands alone, several in a list.
fn whole(sources: &[Json]) -> Json {
    match sources {
        [only] => only.clone(),
        several => Json::Array(several.to_vec()),
    }
}

/// People behind those that there are.
fn added(own: &Json, people: &[String]) -> Change {
    let rows = own.as_array().cloned().unwrap_or_default();
    let mut pieces: Vec<Piece> = (0..rows.len()).map(|at| Piece { from: Some(at), change: Change::Keep }).collect();
    let mut known: Vec<String> = rows.iter().filter_map(|row| row["id"].as_str()).map(str::to_owned).collect();
    for (id, name) in with_ids(people, &mut known) {
        pieces.push(Piece { from: None, change: Change::Become(json!({"id": id, "name": name})) });
    }
    if own.is_array() {
        Change::list(rows.len(), pieces)
    } else {
        let rows = with_ids(people, &mut Vec::new()).into_iter().map(|(id, name)| json!({"id": id, "name": name}));
        Change::Become(Json::Array(rows.collect()))
    }
}

/// A key for each name, none twice.
pub(crate) fn with_ids(people: &[String], known: &mut Vec<String>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in people {
        let base = slug(name);
        let base = if base.is_empty() { "person".to_owned() } else { base };
        let tries = std::iter::once(base.clone()).chain((2..).map(|n| format!("{base}-{n}")));
        let Some(id) = tries.take(MOST_NAMES).find(|id| !known.contains(id)) else { continue };
        known.push(id.clone());
        found.push((id, name.clone()));
    }
    found
}

/// Where a file lies in the workspace, or will; and whether it does already. Another file is never in its place.
fn place(name: &str, bytes: &[u8], files: &dyn Files, sink: &mut Sink) -> Option<(String, bool)> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "csv"));
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect::<String>().to_lowercase();
    let stem = slug(stem);
    let stem = if stem.is_empty() { "register".to_owned() } else { stem };
    for n in 1..MOST_NAMES {
        let number = if n == 1 { String::new() } else { format!("-{n}") };
        let path = format!("{FOLDER}/{stem}{number}.{ending}");
        match files.read(&path) {
            Ok(there) if there == bytes => return Some((path, true)),
            Ok(_) => {}
            Err(error) if error.is_missing() => return Some((path, false)),
            Err(error) => {
                sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string()));
                return None;
            }
        }
    }
    sink.push(Diagnostic::fault(&codes::INTAKE, format!("`{FOLDER}` has too many files that are called {stem}")));
    None
}

/// A source as it is written: the lines of YAML.
pub(crate) fn lines(register: &str, source: &Json) -> String {
    let value = register.rsplit('.').fold(source.clone(), |value, key| {
        let mut map = Map::new();
        map.insert(key.to_owned(), value);
        Json::Object(map)
    });
    let change = Change::map(
        value
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| Field::new(key.clone(), Change::Become(value.clone()))),
    );
    // Laid into an empty profile, as it would be into one that has something.
    let text = yaml::apply("a: 1\n", &json!({"a": 1}), &change).unwrap_or_default();
    text.trim_start_matches("a: 1\n").trim().to_owned() + "\n"
}
