//! A pack's `starter/`: what `folio new` lays down, and what it asks.
//!
//! Over a chain of packs, a file of an outer pack takes the place of the same file of a base. `folio.yaml` and
//! `profile.yaml` are joined key by key instead: an outer pack says what is other, and the rest follows its base. A starter
//! of a name, in `starters/<name>/`, is laid over the plain one in the same way.

mod named;
mod question;
mod samples;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::archive::MAX_TOTAL;
use super::source::Wanted;
use super::{Pack, comments, has};
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::edit::{self, Change, Field};
use crate::files::{Changed, Files, Layered, MAX_FILES, Under};
use crate::schema::{self, CATALOGUE, Property, View, register};
use crate::yaml::Located;
pub use named::{FILE, FOLDER as NAMED, Named, all, is_there, names, unknown};
pub use question::{Kind, Question};
pub use samples::without;

/// The folder in a pack.
const FOLDER: &str = "starter/";

/// The files that are joined over the chain, and filled in.
pub const PROFILE: &str = "profile.yaml";
const SETTINGS: &str = "folio.yaml";

/// What a new workspace says of the starter of a name that it began with.
const LIKE: &str =
    "# The starter that this workspace began with: what is still as it stands there is a sample.\nlike: ";

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
    /// The starter by name that is laid over the plain one.
    pub like: Option<&'a str>,
}

/// The basic questions of a pack, those that its schema marks with `x-folio-basic`, in the order of the engine's schema and
/// then the pack's, with the values of a starter.
pub fn questions(pack: &Pack, like: Option<&str>, sink: &mut Sink) -> Vec<Question> {
    let starter = read(pack, like, PROFILE, sink).map(|(_, located)| located.to_json()).unwrap_or_default();
    basic(pack, &starter)
}

/// The basic questions of a pack, with the values of a profile.
pub fn basic(pack: &Pack, profile: &Json) -> Vec<Question> {
    let mut found = Vec::new();
    collect(pack, pack.schema.view(), "", (profile, profile), &mut found);
    found
}

/// Collects the basic questions of a group, which is the second of the two values: the first is the whole profile.
fn collect(pack: &Pack, view: &View, prefix: &str, (profile, group): (&Json, &Json), found: &mut Vec<Question>) {
    for Property { name, view, .. } in view.properties() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let current = group.get(name).cloned().unwrap_or_default();
        match view.is_basic {
            true => found.extend(question(pack, profile, &path, view, current)),
            false => collect(pack, view, &path, (profile, &current), found),
        }
    }
}

/// The question about a path; none about what is no single value. What is called in registers and catalogues is chosen from
/// the rows that a profile has, and what the pack has.
pub fn question(pack: &Pack, profile: &Json, path: &str, view: &View, current: Json) -> Option<Question> {
    if view.asks.references.is_empty() {
        return Question::of(path, view, current);
    }
    let choices = view.asks.references.iter().flatten().flat_map(|name| called(pack, profile, name)).collect();
    let kind = match choices {
        _ if matches!(view.asks.kind, schema::Kind::List | schema::Kind::Group) => return None,
        none if Vec::is_empty(&none) => question::Kind::Text,
        choices => question::Kind::One(choices),
    };
    Some(Question { current, ..Question::among(path, view, kind) })
}

/// What may be called in a register or catalogue: each key, and the first text beside it.
fn called(pack: &Pack, profile: &Json, name: &str) -> Vec<(String, String)> {
    if let Some(catalogue) = name.strip_prefix(CATALOGUE) {
        let ids = pack.catalogues().remove(catalogue).unwrap_or_default();
        return ids.into_iter().map(|id| (id.clone(), id)).collect();
    }
    let register = register(name);
    let Some(view) = pack.schema.view().at(&register) else { return Vec::new() };
    let (Some(key), Some(row)) = (&view.key, view.items()) else { return Vec::new() };
    let label = row.keys().find(|name| *name != key).unwrap_or(key);
    let rows = register.split('.').try_fold(profile, |value, key| value.get(key)).and_then(Json::as_array);
    let called = |row: &Json| {
        let key = row[key.as_str()].as_str()?;
        Some((key.to_owned(), row[label].as_str().unwrap_or(key).to_owned()))
    };
    rows.into_iter().flatten().filter_map(called).collect()
}

/// Where the parts of a starter stand: the folders of the chain that have a file, the innermost first, each with the tree
/// that it is in.
fn places(pack: &Pack, like: Option<&str>, name: &str) -> Vec<(Arc<dyn Files>, String)> {
    let own = like.map(|like| format!("{NAMED}/{like}/"));
    let folders = std::iter::once(FOLDER.to_owned()).chain(own);
    let paths = folders.map(|folder| format!("{folder}{name}"));
    let layers = || pack.layers.iter().rev().map(|layer| layer.files.clone());
    paths
        .flat_map(|path| layers().map(move |files| (files, path.clone())))
        .filter(|(files, path)| has(&**files, path))
        .collect()
}

/// The files of a starter, below its folder, each with the path in the pack that gives it.
fn paths(pack: &Pack, like: Option<&str>) -> BTreeMap<String, String> {
    let own = like.map(|like| format!("{NAMED}/{like}/"));
    let mut found = BTreeMap::new();
    for folder in std::iter::once(FOLDER.to_owned()).chain(own) {
        let paths = pack.files().list(folder.trim_end_matches('/')).unwrap_or_default();
        let inner = |path: &String| path.strip_prefix(&folder).map(str::to_owned);
        found.extend(paths.iter().filter_map(|path| Some((inner(path)?, path.clone()))));
    }
    if like.is_some() {
        found.remove(FILE);
    }
    found
}

/// The files of a new workspace: path and bytes. Comments and order of what is filled in are the starter's; every other
/// file is laid down as it is.
pub fn lay_down(pack: &Pack, new: &New<'_>, sink: &mut Sink) -> Vec<(String, Vec<u8>)> {
    if let Some(like) = new.like.filter(|like| !is_there(pack, like)) {
        sink.push(unknown(pack, like));
        return Vec::new();
    }
    let paths = paths(pack, new.like);
    for needed in [SETTINGS, PROFILE] {
        if !paths.is_empty() && !paths.contains_key(needed) {
            let id = &pack.manifest.id;
            let message = format!("neither `{id}` nor a pack that it extends has `{FOLDER}{needed}`");
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
    for (name, path) in paths {
        let Some(mut bytes) = content(pack, &name, &path, new, sink) else { continue };
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
        files.push((name, bytes));
    }
    files
}

/// A starter as a tree of its own: what is joined over the chain is joined, and nothing is filled in.
pub fn files(pack: &Pack, like: Option<&str>) -> Arc<dyn Files> {
    let has_several = |name: &&str| places(pack, like, name).len() > 1;
    let join = |name: &str| {
        let (text, _) = read(pack, like, name, &mut Sink::new())?;
        Some((name.to_owned(), Some(text.into_bytes())))
    };
    let joined = [PROFILE, SETTINGS].into_iter().filter(has_several).filter_map(join).collect();
    let under = |folder: &str| Arc::new(Under::new(pack.files().clone(), folder)) as Arc<dyn Files>;
    let plain = under(FOLDER.trim_end_matches('/'));
    let Some(like) = like else { return Arc::new(Changed::new(plain, joined)) };
    let own = Changed::new(under(&format!("{NAMED}/{like}")), [(FILE.to_owned(), None)].into());
    // The files of a pack are listed already: nothing is in the way of listing them again.
    let below = Layered::new(vec![Arc::new(own), plain.clone()]).map_or(plain, |both| Arc::new(both) as Arc<dyn Files>);
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

/// What a file of a starter becomes in a new workspace; `path` is where the pack has it.
fn content(pack: &Pack, name: &str, path: &str, new: &New<'_>, sink: &mut Sink) -> Option<Vec<u8>> {
    let change: &dyn Fn(&Located) -> Change = match name {
        PROFILE => &|located| answered(located, new.answers),
        SETTINGS => {
            let profile = read(pack, new.like, PROFILE, &mut Sink::new());
            let profile = profile.map(|(_, located)| located.to_json()).unwrap_or_default();
            &move |located| settings(located, &profile, pack, new)
        }
        _ => {
            let file = pack.files().read(path);
            let bytes = file.map_err(|error| {
                let problem = Diagnostic::fault(&codes::PACK_FILE, error.to_string());
                sink.push(problem.at(Span::file(error.name)));
            });
            let bytes = bytes.ok()?;
            if TEXTS.iter().any(|ending| name.to_lowercase().ends_with(ending)) {
                decode::utf8(&pack.files().name(path), bytes.clone(), sink)?;
            }
            return Some(bytes);
        }
    };
    let (text, located) = read(pack, new.like, name, sink)?;
    let mut text = changed(&pack.files().name(path), &text, &located, change(&located), sink)?;
    if let Some(like) = new.like.filter(|_| name == SETTINGS) {
        text = edit::overlay::lay_over(&text, &format!("{LIKE}{like}\n")).unwrap_or(text);
    }
    Some(text.into_bytes())
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

/// A file of a starter with those of the outer packs, and those of its name, laid over it, as text and as its values.
fn read(pack: &Pack, like: Option<&str>, name: &str, sink: &mut Sink) -> Option<(String, Located)> {
    let mut whole: Option<(String, Located)> = None;
    for (files, path) in places(pack, like, name) {
        let text = decode::text(&*files, &path, sink)?;
        let file = files.name(&path);
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
        decode::text(&**pack.files(), &format!("{FOLDER}{name}"), sink);
    }
    whole
}

/// Gives `folio.yaml` its id, its pack and its date, and takes out the samples that were answered.
fn settings(located: &Located, profile: &Json, pack: &Pack, new: &New<'_>) -> Change {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let id: String = new.id.chars().map(|c| if is_safe(c) { c } else { '-' }).collect();
    let id = id.trim_start_matches(['.', '_', '-']);
    let id = if id.is_empty() { "client" } else { id };
    let named = new.wanted.filter(|wanted| wanted.matches(&pack.manifest));
    let named = named.map_or_else(|| pack.manifest.named(), |wanted| wanted.named(&pack.manifest));
    let samples: Vec<&str> = located.items("samples").iter().map(|item| item.as_str().unwrap_or_default()).collect();
    let answered: Vec<&str> = new.answers.keys().map(String::as_str).collect();
    Change::map([
        Field::new("id", Change::Become(Json::from(id))),
        Field::new("pack", Change::Become(Json::from(named))),
        Field::new("as_of", Change::Become(Json::from(new.as_of))),
        Field::new("samples", without(&samples, &answered, profile)),
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
            let new = New { id: "-a b", as_of: "2026-03-01", wanted: None, answers: &answers, like: None };
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
