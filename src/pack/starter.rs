//! A pack's `starter/`: what `folio new` lays down, and what it asks.
//!
//! Over a chain of packs, a file of an outer pack takes the place of the same file of a base. `folio.yaml` and
//! `profile.yaml` are joined key by key instead: an outer pack says what is other, and the rest follows its base.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::archive::MAX_TOTAL;
use super::source::Wanted;
use super::{Pack, comments, has};
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::edit::{self, Change, Field, Piece};
use crate::files::{Changed, Files, MAX_FILES, Under};
use crate::schema::{Property, View};
use crate::yaml::Located;

/// The folder in a pack.
const FOLDER: &str = "starter/";

/// The files that are joined over the chain, and filled in.
const PROFILE: &str = "profile.yaml";
const SETTINGS: &str = "folio.yaml";

/// The endings of files that are text: what is not UTF-8 in them is a fault.
const TEXTS: [&str; 4] = [".yaml", ".yml", ".csv", ".md"];

/// What a new workspace is told besides its pack.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// Its id, as far as letters allow.
    pub id: &'a str,
    /// The date of its facts, ISO 8601.
    pub as_of: &'a str,
    /// The pack as it was asked for; by its own name and version, when it was not.
    pub wanted: Option<&'a Wanted>,
    /// What was answered, by profile path.
    pub answers: &'a BTreeMap<String, Json>,
}

/// Something to ask: a key that the schema marks with `x-folio-basic`.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The profile path, such as `organisation.name`.
    pub path: String,
    /// What is asked for.
    pub title: String,
    /// What is meant by it.
    pub help: String,
    /// The answers to choose from; none for free text.
    pub choices: Vec<String>,
    /// The starter's value.
    pub current: Json,
}

/// The questions of a pack, in the order of the engine's schema and then the pack's.
pub fn questions(pack: &Pack, sink: &mut Sink) -> Vec<Question> {
    let mut found = Vec::new();
    let starter = read(pack, PROFILE, sink).map(|(_, located)| located.to_json()).unwrap_or_default();
    collect(pack.schema.view(), "", &starter, &mut found);
    found
}

fn collect(view: &View, prefix: &str, starter: &Json, found: &mut Vec<Question>) {
    for Property { name, view, .. } in view.properties() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let current = starter.get(name).cloned().unwrap_or_default();
        if view.is_basic {
            let choices = view.asks.choices.iter().flatten().filter_map(|choice| Some(choice.as_str()?.to_owned()));
            found.push(Question {
                title: view.title.clone().unwrap_or_default(),
                help: view.description.clone().unwrap_or_default(),
                choices: choices.collect(),
                current,
                path,
            });
        } else {
            collect(view, &path, &current, found);
        }
    }
}

/// The files of a new workspace: path and bytes. Comments and order of what is filled in are the starter's; every other
/// file is laid down as it is.
pub fn lay_down(pack: &Pack, new: &New<'_>, sink: &mut Sink) -> Vec<(String, Vec<u8>)> {
    let paths = pack.files().list(FOLDER.trim_end_matches('/')).unwrap_or_default();
    for needed in [SETTINGS, PROFILE] {
        let path = format!("{FOLDER}{needed}");
        if !paths.is_empty() && !paths.contains(&path) {
            let message = format!("neither `{}` nor a pack that it extends has `{path}`", pack.manifest.id);
            sink.push(Diagnostic::fault(&codes::PACK_FILE, message));
        }
    }
    if paths.is_empty() {
        let message = format!("the pack `{}` has no `{FOLDER}`", pack.manifest.id);
        sink.push(Diagnostic::fault(&codes::PACK_FILE, message));
    }
    if let Some(problem) = excess(paths.len(), 0) {
        sink.push(problem);
        return Vec::new();
    }
    let mut files = Vec::new();
    let mut total = 0;
    for path in paths {
        let Some(name) = path.strip_prefix(FOLDER) else { continue };
        let Some(mut bytes) = content(pack, name, new, sink) else { continue };
        if !pack.messages.starter.is_empty()
            && name.ends_with(".yaml")
            && let Ok(text) = std::str::from_utf8(&bytes)
        {
            bytes = comments::reworded(text, &pack.messages.starter).into_bytes();
        }
        total += bytes.len() as u64;
        if let Some(problem) = excess(0, total) {
            sink.push(problem);
            return Vec::new();
        }
        files.push((name.to_owned(), bytes));
    }
    files
}

/// The starter as a tree of its own: what is joined over the chain is joined, and nothing is filled in.
pub fn files(pack: &Pack) -> Arc<dyn Files> {
    let has_several = |name: &&str| {
        let path = format!("{FOLDER}{name}");
        pack.layers.iter().filter(|layer| has(&*layer.files, &path)).count() > 1
    };
    let join =
        |name: &str| read(pack, name, &mut Sink::new()).map(|(text, _)| (name.to_owned(), Some(text.into_bytes())));
    let joined = [PROFILE, SETTINGS].into_iter().filter(has_several).filter_map(join).collect();
    let below = Arc::new(Under::new(pack.files().clone(), FOLDER.trim_end_matches('/')));
    Arc::new(Changed::new(below, joined))
}

/// What is wrong with a starter of so many files and bytes: the packs of a chain have fewer, each by itself.
fn excess(files: usize, bytes: u64) -> Option<Diagnostic> {
    let most = match () {
        () if files > MAX_FILES => format!("{MAX_FILES} files"),
        () if bytes > MAX_TOTAL => format!("{} MB", MAX_TOTAL >> 20),
        () => return None,
    };
    Some(Diagnostic::fault(&codes::PACK_TOO_LARGE, format!("the starter of the whole chain has more than {most}")))
}

fn content(pack: &Pack, name: &str, new: &New<'_>, sink: &mut Sink) -> Option<Vec<u8>> {
    let path = format!("{FOLDER}{name}");
    let change: &dyn Fn(&Located) -> Change = match name {
        PROFILE => &|located| answered(located, new.answers),
        SETTINGS => &|located| settings(located, pack, new),
        _ => {
            let file = pack.files().read(&path);
            let bytes = file.map_err(|error| {
                let problem = Diagnostic::fault(&codes::PACK_FILE, error.to_string());
                sink.push(problem.at(Span::file(error.name)));
            });
            let bytes = bytes.ok()?;
            if TEXTS.iter().any(|ending| name.to_lowercase().ends_with(ending)) {
                decode::utf8(&pack.files().name(&path), bytes.clone(), sink)?;
            }
            return Some(bytes);
        }
    };
    let (text, located) = read(pack, name, sink)?;
    changed(&pack.files().name(&path), &text, &located, change(&located), sink).map(String::into_bytes)
}

/// What was answered takes the place of the samples.
fn answered(located: &Located, answers: &BTreeMap<String, Json>) -> Change {
    let is_there = |path: &&String| path.split('.').try_fold(located, |node, key| node.get(key)).is_some();
    let answered = answers.keys().filter(is_there);
    let changes = answered.map(|path| Change::at(path, Change::Become(answers[path].clone())));
    changes.fold(Change::Keep, Change::and)
}

/// A file of the starter, changed; comments and order are its own.
fn changed(path: &str, text: &str, located: &Located, change: Change, sink: &mut Sink) -> Option<String> {
    edit::yaml::apply(text, &located.to_json(), &change)
        .map_err(|stuck| {
            let message = format!("`{path}` cannot be filled in: {}", stuck.problem);
            sink.push(Diagnostic::fault(&codes::PACK_FILE, message).at(Span::file(path)));
        })
        .ok()
}

/// A file of the starter with those of the outer packs laid over it, as text and as its values.
fn read(pack: &Pack, name: &str, sink: &mut Sink) -> Option<(String, Located)> {
    let path = format!("{FOLDER}{name}");
    let mut whole: Option<(String, Located)> = None;
    for layer in pack.layers.iter().rev().filter(|layer| has(&*layer.files, &path)) {
        let text = decode::text(&*layer.files, &path, sink)?;
        let file = layer.files.name(&path);
        // What cannot be read is said of the file that has it.
        let Some((below, _)) = whole else {
            let located = decode::parse(&file, &text, sink)?;
            whole = Some((text, located));
            continue;
        };
        let mut own = Sink::new();
        let joined = edit::overlay::lay_over(&below, &text).map_err(|stuck| {
            if decode::parse(&file, &text, &mut own).is_some() {
                let message = format!("`{file}` cannot be laid over that of the base: {}", stuck.problem);
                own.push(Diagnostic::fault(&codes::PACK_FILE, message).at(Span::file(file.clone())));
            }
        });
        sink.merge(own);
        let joined = joined.ok()?;
        let located = decode::parse(&file, &joined, sink)?;
        whole = Some((joined, located));
    }
    if whole.is_none() {
        // Says that the file is missing.
        decode::text(&**pack.files(), &path, sink);
    }
    whole
}

/// Gives `folio.yaml` its id, its pack and its date, and takes out the samples that were answered.
fn settings(located: &Located, pack: &Pack, new: &New<'_>) -> Change {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let id: String = new.id.chars().map(|c| if is_safe(c) { c } else { '-' }).collect();
    let id = id.trim_start_matches(['.', '_', '-']);
    let id = if id.is_empty() { "client" } else { id };
    let named = new.wanted.filter(|wanted| wanted.matches(&pack.manifest));
    let named = named.map_or_else(|| pack.manifest.named(), |wanted| wanted.named(&pack.manifest));
    let samples = located.items("samples");
    let is_sample = |at: &usize| samples[*at].as_str().is_none_or(|path| !new.answers.contains_key(path));
    let left = (0..samples.len()).filter(is_sample).map(|at| Piece { from: Some(at), change: Change::Keep });
    Change::map([
        Field::new("id", Change::Become(Json::from(id))),
        Field::new("pack", Change::Become(Json::from(named))),
        Field::new("as_of", Change::Become(Json::from(new.as_of))),
        Field::new("samples", Change::list(samples.len(), left.collect())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::source::{Bases as _, Shelf};

    #[test]
    fn the_starter_is_filled_in_and_keeps_its_comments() {
        let (shelf, mut sink) = (Shelf::default(), Sink::new());
        let pack = Pack::load(shelf.find(&"iso27001-2013".parse().unwrap()).unwrap(), &shelf, &mut sink).unwrap();
        let name = "Acme: \"x\" # y";
        let answers = [
            ("organisation.name".to_owned(), Json::from(name)),
            ("workforce.employees".to_owned(), Json::from(7)),
            ("no.such.key".to_owned(), Json::from(true)),
        ];
        let lay = |answers: BTreeMap<String, Json>, sink: &mut Sink| -> BTreeMap<String, String> {
            let new = New { id: "-a b", as_of: "2026-03-01", wanted: None, answers: &answers };
            let text = |(path, bytes): (String, Vec<u8>)| Some((path, String::from_utf8(bytes).ok()?));
            lay_down(&pack, &new, sink).into_iter().filter_map(text).collect()
        };
        let (plain, filled) = (lay(BTreeMap::new(), &mut sink), lay(answers.into(), &mut sink));
        assert!(!sink.has_faults(), "{sink:?}");
        let read = |text: &str| decode::parse("f", text, &mut Sink::new()).unwrap().to_json();
        let (profile, settings) = (read(&filled["profile.yaml"]), read(&filled["folio.yaml"]));
        assert_eq!((&profile["organisation"]["name"], &profile["workforce"]["employees"]), (&name.into(), &7.into()));
        assert_eq!((&settings["id"], &settings["as_of"]), (&"a-b".into(), &"2026-03-01".into()));
        let samples = settings["samples"].as_array().unwrap();
        assert!(!samples.contains(&"organisation.name".into()) && samples.contains(&"organisation.country".into()));
        let comments = |text: &str| text.lines().filter(|line| line.contains('#')).count();
        assert_eq!(comments(&filled["profile.yaml"]), comments(&plain["profile.yaml"]) + 1, "the name holds one");
        assert_eq!(comments(&filled["folio.yaml"]), comments(&plain["folio.yaml"]));
    }

    #[test]
    fn the_starter_of_a_chain_has_bounds() {
        assert!(excess(MAX_FILES, MAX_TOTAL).is_none());
        assert!(excess(MAX_FILES + 1, 0).unwrap().message.ends_with("10000 files"));
        assert!(excess(0, MAX_TOTAL + 1).unwrap().message.ends_with("128 MB"));
    }

    #[test]
    fn a_workspace_names_the_versions_that_follow_its_own() {
        let shelf = Shelf::default();
        let files = shelf.find(&"iso27001-2013".parse().unwrap()).unwrap();
        let manifest = crate::pack::manifest(&*files, &mut Sink::new()).unwrap();
        let named = |version: &str, asked: &str| {
            let manifest =
                crate::pack::Manifest { id: "p".into(), version: version.parse().unwrap(), ..manifest.clone() };
            asked.parse::<Wanted>().unwrap().named(&manifest)
        };
        assert_eq!(named("0.1.0", "p"), "p@^0.1");
        assert_eq!(named("2.3.4", "p"), "p@^2.3");
        assert_eq!(named("1.0.0-rc.1", "p"), "p@^1.0.0-rc.1");
        assert_eq!(named("2.3.4", "p@^2"), "p@^2");
        for version in ["0.1.0", "0.0.3", "2.3.4", "1.0.0-rc.1"] {
            let wanted: Wanted = named(version, "p").parse().unwrap();
            assert!(wanted.range.matches(&version.parse().unwrap()), "{wanted}");
        }
    }
}
