//! `migrations/<major>.yaml`: what a new major version of a pack makes of profiles that were written for the one before.
//!
//! Nothing here needs the older version: a workspace that was never pinned has none. A step that finds nothing at its path
//! does nothing, so that what was taken once is not taken twice.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{Layer, Pack};
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::time::{Duration, Unit};
use crate::yaml::Located;

/// The folder of migrations in a pack.
const FOLDER: &str = "migrations";

/// The kinds of step, each the key under which a step has its path.
const KINDS: [&str; 9] = ["assumed", "duration", "judge", "list", "remove", "rename", "split", "values", "wrap"];

/// What one major version of one pack of a chain makes of a profile.
#[derive(Debug)]
pub(crate) struct Version {
    /// The pack and its version, such as `isms-core 2`.
    pub(crate) label: String,
    pub(crate) steps: Vec<Step>,
    /// Document and check ids that changed.
    pub(crate) documents: BTreeMap<String, String>,
    pub(crate) checks: BTreeMap<String, String>,
}

/// What becomes of the value at a path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    /// Where it stood: `suppliers[].review_months`.
    pub(crate) from: Path,
    /// Where it stands; the same place, when it does not move.
    pub(crate) to: Path,
    pub(crate) act: Act,
}

/// What happens to a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    /// It stays as it is.
    Same,
    /// A number becomes a length of time; with `largest`, minutes are written in the largest unit that divides them, and
    /// whole years of days as years.
    Duration { unit: Unit, largest: bool },
    /// It becomes a list of one.
    List,
    /// A text becomes a list, cut at a text.
    Split { at: String },
    /// One of a few values becomes another.
    Values(BTreeMap<String, Json>),
    /// It becomes a group with one key.
    Wrap { key: String },
    /// It has no place any more.
    Remove { because: String },
    /// It was taken for granted where nobody said it.
    Assumed { value: Json },
    /// Somebody has to look at it.
    Judge { text: String },
}

/// A profile path whose rows are `[]` and whose keys without a name are `<name>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(pub(crate) Vec<Key>);

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// A key by name.
    Name(String),
    /// The rows of a list.
    Rows,
    /// The keys of a group that have no name in the schema.
    Any,
}

impl Path {
    fn read(text: &str) -> Path {
        let mut keys = Vec::new();
        for part in text.split('.') {
            let (name, is_rows) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
            keys.push(if name == "<name>" { Key::Any } else { Key::Name(name.to_owned()) });
            if is_rows {
                keys.push(Key::Rows);
            }
        }
        Path(keys)
    }

    /// How many of its steps lead to the row or group that it is read in.
    pub(crate) fn outer(&self) -> usize {
        self.0.iter().rposition(|key| !matches!(key, Key::Name(_))).map_or(0, |at| at + 1)
    }

    /// The names behind that.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self.0[self.outer()..].iter();
        names.filter_map(|key| if let Key::Name(name) = key { Some(name.clone()) } else { None }).collect()
    }

    /// What it becomes with values of `path`, such as `suppliers[S-01].review_months`, when it is a beginning of that.
    pub(crate) fn moved(&self, to: &Path, path: &str) -> Option<String> {
        let mut parts = parts(path);
        if parts.len() < self.0.len() {
            return None;
        }
        let rest = parts.split_off(self.0.len());
        let mut filled: Vec<&str> = Vec::new();
        for (key, part) in self.0.iter().zip(parts) {
            match key {
                Key::Name(name) if name != part => return None,
                Key::Name(_) => {}
                Key::Rows if !part.starts_with('[') => return None,
                Key::Rows | Key::Any => filled.push(part),
            }
        }
        let mut filled = filled.into_iter();
        let mut text = String::new();
        let new = to.0.iter().map(|key| match key {
            Key::Name(name) => name.as_str(),
            Key::Rows | Key::Any => filled.next().unwrap_or_default(),
        });
        for part in new.chain(rest) {
            if !text.is_empty() && !part.starts_with('[') {
                text.push('.');
            }
            text.push_str(part);
        }
        Some(text)
    }
}

/// The parts of a profile path: keys, and rows with their brackets.
fn parts(path: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let end = match rest.strip_prefix('[') {
            Some(_) => rest.find(']').map_or(rest.len(), |at| at + 1),
            None => rest.find(['.', '[']).unwrap_or(rest.len()),
        };
        found.push(&rest[..end]);
        rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
    }
    found
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, key) in self.0.iter().enumerate() {
            match key {
                Key::Rows => f.write_str("[]")?,
                _ if at > 0 => f.write_str(".")?,
                _ => {}
            }
            match key {
                Key::Name(name) => f.write_str(name)?,
                Key::Any => f.write_str("<name>")?,
                Key::Rows => {}
            }
        }
        Ok(())
    }
}

impl Act {
    /// What a value becomes.
    ///
    /// # Errors
    /// Why it cannot.
    pub(crate) fn applied(&self, old: &Json) -> Result<Json, String> {
        match self {
            Act::Duration { unit, largest } => length(old, *unit, *largest),
            Act::List if old.is_array() => Ok(old.clone()),
            Act::List => Ok(Json::Array(vec![old.clone()])),
            Act::Split { at } => match old {
                Json::String(text) => {
                    Ok(text.split(at.as_str()).map(str::trim).filter(|part| !part.is_empty()).collect())
                }
                _ => Ok(old.clone()),
            },
            Act::Values(map) => {
                let text = old.as_str().map_or_else(|| old.to_string(), str::to_owned);
                Ok(map.get(&text).unwrap_or(old).clone())
            }
            Act::Wrap { key } => Ok(Json::Object([(key.clone(), old.clone())].into_iter().collect())),
            Act::Same | Act::Remove { .. } | Act::Assumed { .. } | Act::Judge { .. } => Ok(old.clone()),
        }
    }

    /// What it does, in a word or two.
    pub(crate) fn how(&self) -> &'static str {
        match self {
            Act::Same => "renamed",
            Act::Duration { .. } => "with its unit",
            Act::List => "as a list",
            Act::Split { .. } => "cut into a list",
            Act::Values(_) => "with its new name",
            Act::Wrap { .. } => "as a group",
            Act::Remove { .. } => "taken out",
            Act::Assumed { .. } | Act::Judge { .. } => "as it was",
        }
    }
}

/// A number as a length of time; a text that is one stays.
fn length(old: &Json, unit: Unit, largest: bool) -> Result<Json, String> {
    let number = match old {
        Json::Number(number) => number.to_string(),
        Json::String(text) if Duration::read(text).is_ok() => return Ok(old.clone()),
        Json::String(text) if text.trim().parse::<f64>().is_ok() => text.trim().to_owned(),
        _ => return Err(format!("{old} is no number, and is left as it is")),
    };
    let number = number.strip_suffix(".0").unwrap_or(&number).to_owned();
    let duration = match number.parse::<i64>() {
        Ok(minutes) if unit == Unit::Minute && largest => Duration::of_minutes(minutes).to_string(),
        Ok(days) if unit == Unit::Day && largest && days >= 2 * 365 && days % 365 == 0 => {
            let years = (days / 365).to_string();
            format!("{years} {}", Unit::Year.written(&years))
        }
        _ => format!("{number} {}", unit.written(&number)),
    };
    match Duration::read(&duration) {
        Ok(_) => Ok(Json::from(duration)),
        Err(wrong) => Err(format!("`{duration}` {}, and is left as it is", wrong.problem)),
    }
}

/// The version that a file of migrations leads to.
fn major(path: &str) -> Option<u64> {
    let name = path.strip_prefix("migrations/")?.strip_suffix(".yaml")?;
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    name.parse().ok().filter(|_| is_number)
}

/// Whether a migration of that name leads from a version of the same pack, and not from another pack.
pub(crate) fn is_version(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// The major versions to which a layer has a way.
fn versions(layer: &Layer) -> Vec<u64> {
    let mut found: Vec<u64> =
        layer.files.list(FOLDER).unwrap_or_default().iter().filter_map(|path| major(path)).collect();
    found.sort_unstable();
    found
}

/// Whether there is anything to do for a workspace that comes from `from` to `to`, of which it may not be known.
pub(crate) fn leads(from: Option<&Pack>, to: &Pack) -> bool {
    to.layers.iter().any(|layer| versions(layer).into_iter().any(|major| is_between(from, layer, major)))
}

/// Whether a step to a major version lies between what is left and what is moved to.
fn is_between(from: Option<&Pack>, layer: &Layer, major: u64) -> bool {
    let (id, version) = (&layer.manifest.id, &layer.manifest.version);
    let old = from.and_then(|from| from.layers.iter().find(|old| old.manifest.id == *id));
    let is_after = match (from, old) {
        (_, Some(old)) => major > old.manifest.version.major,
        (Some(_), None) => false, // It was no part of the chain.
        (None, _) => true,
    };
    is_after && major <= version.major
}

/// What the packs of a chain say, the innermost first, each version after the one before. Every mistake is reported.
pub(crate) fn read(from: Option<&Pack>, to: &Pack, sink: &mut Sink) -> Option<Vec<Version>> {
    let mut found = Vec::new();
    let mut failed = false;
    for layer in to.layers.iter().rev() {
        for major in versions(layer).into_iter().filter(|major| is_between(from, layer, *major)) {
            let mut own = Sink::new();
            found.extend(read_one(layer, major, to, &mut own));
            decode::show_lines(&to.trees(), &mut own);
            failed |= own.has_faults();
            sink.merge(own);
        }
    }
    (!failed).then_some(found)
}

/// Reports every mistake in the steps of a pack's own file.
pub(crate) fn examine(to: &Pack, name: &str, sink: &mut Sink) {
    let Some((layer, major)) = to.layers.first().zip(name.parse().ok()) else { return };
    let mut own = Sink::new();
    read_one(layer, major, to, &mut own);
    decode::show_lines(&to.trees(), &mut own);
    sink.merge(own);
}

fn read_one(layer: &Layer, major: u64, to: &Pack, sink: &mut Sink) -> Option<Version> {
    let located = decode::read(&*layer.files, &format!("{FOLDER}/{major}.yaml"), sink)?;
    decode::typed::<Json>(&located, Kind::Migration, sink)?;
    let id = &layer.manifest.id;
    let fault = |sink: &mut Sink, message: String, at: &Located| {
        sink.push(Diagnostic::fault(&codes::MIGRATION, message).at(at.span.clone()));
    };
    let named = located.text("from").unwrap_or_default();
    if named.split('@').next() != Some(id.as_str()) {
        let message = format!("this leads from a version of `{id}` to its version {major}, and `from` names `{named}`");
        fault(sink, message, located.get("from").unwrap_or(&located));
    }
    if major > layer.manifest.version.major {
        let message = format!("`{id}` is at {}: there is no version {major} to lead to", layer.manifest.version);
        fault(sink, message, &located);
    }
    for key in ["catalogues", "rows"] {
        if let Some(value) = located.get(key) {
            fault(sink, format!("`{key}` leads from another pack: here ids stay, and values move by `steps`"), value);
        }
    }
    let mut steps = Vec::new();
    for item in located.items("steps") {
        match step(item, to) {
            Ok(step) => steps.push(step),
            Err(problem) => fault(sink, problem, item),
        }
    }
    let ids = |key: &str| -> BTreeMap<String, String> {
        let entries = located.get(key).into_iter().flat_map(Located::entries);
        entries.filter_map(|entry| Some((entry.key.to_string(), entry.value.as_str()?.to_owned()))).collect()
    };
    Some(Version { label: format!("{id} {major}"), steps, documents: ids("documents"), checks: ids("checks") })
}

fn step(item: &Located, to: &Pack) -> Result<Step, String> {
    let kinds: Vec<&str> = KINDS.into_iter().filter(|kind| item.get(kind).is_some()).collect();
    let [kind] = kinds.as_slice() else {
        return Err(format!("a step has one of: {}", KINDS.join(", ")));
    };
    let text = |key: &str| item.text(key).map(str::to_owned);
    let needs = |key: &str| text(key).ok_or_else(|| format!("`{kind}` needs `{key}`"));
    let from = Path::read(item.text(kind).unwrap_or_default());
    let target = text("to").map(|to| Path::read(&to));
    let taken: &[&str] = match *kind {
        "assumed" => &["value"],
        "duration" => &["to", "unit", "largest"],
        "judge" => &["text"],
        "list" => &["to"],
        "remove" => &["because"],
        "rename" => &["to"],
        "split" => &["to", "at"],
        "values" => &["to", "map"],
        _ => &["to", "key"],
    };
    if let Some(entry) = item.entries().iter().find(|entry| entry.key != *kind && !taken.contains(&entry.key.as_str()))
    {
        return Err(format!("`{kind}` takes no `{}`", entry.key));
    }
    let act = match *kind {
        "assumed" => Act::Assumed {
            value: item.get("value").map(Located::to_json).ok_or_else(|| "`assumed` needs `value`".to_owned())?,
        },
        "duration" => {
            let unit = needs("unit")?;
            let unit = Unit::called(&unit).ok_or_else(|| format!("there is no unit `{unit}`"))?;
            let largest = item.get("largest").is_some_and(|largest| largest.to_json() == Json::Bool(true));
            Act::Duration { unit, largest }
        }
        "judge" => Act::Judge { text: needs("text")? },
        "list" => Act::List,
        "remove" => Act::Remove { because: needs("because")? },
        "rename" if target.is_none() => return Err("`rename` needs `to`".to_owned()),
        "rename" => Act::Same,
        "split" => Act::Split { at: needs("at")? },
        "values" => {
            let map = item.get("map").ok_or("`values` needs `map`")?.entries().iter();
            Act::Values(map.map(|entry| (entry.key.to_string(), entry.value.to_json())).collect())
        }
        _ => Act::Wrap { key: needs("key")? },
    };
    let target = target.unwrap_or_else(|| from.clone());
    if from.0[..from.outer()] != target.0[..target.outer()] {
        return Err(format!("`{from}` and `{target}` are not of one row"));
    }
    let is_gone = matches!(act, Act::Remove { .. } | Act::Assumed { .. } | Act::Judge { .. });
    if !is_gone && !is_known(to, &target) {
        return Err(format!("`{target}` is no key of {}", to.label(0)));
    }
    Ok(Step { from, to: target, act })
}

/// Whether the schema of a pack has something at a path.
fn is_known(pack: &Pack, path: &Path) -> bool {
    let mut view = pack.schema.view();
    for key in &path.0 {
        let next = match key {
            Key::Name(name) => view.property(name),
            Key::Any => view.property("<name>"),
            Key::Rows => view.items(),
        };
        match next {
            Some(next) => view = next,
            None => return false,
        }
    }
    true
}

/// The names of keys that are gone since an older major version of a pack or of one that it extends, and what became of
/// each, in words. What is wrong in the steps is said elsewhere.
pub(crate) fn gone(pack: &Pack) -> BTreeMap<String, String> {
    let versions = read(None, pack, &mut Sink::new()).unwrap_or_default();
    let name = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
    gone_of(&versions).into_iter().map(|(path, became)| (name(&path), format!("`{path}` {became}"))).collect()
}

/// The keys that are gone from the profile: what each of them became, in words.
pub(crate) fn gone_of(versions: &[Version]) -> BTreeMap<String, String> {
    let steps = versions.iter().flat_map(|version| &version.steps);
    let kept: BTreeSet<String> = steps.clone().map(|step| step.to.to_string()).collect();
    let gone = steps.filter_map(|step| {
        let from = step.from.to_string();
        match &step.act {
            Act::Remove { because } => Some((from, format!("has gone: {because}"))),
            Act::Duration { .. } if step.from != step.to => {
                Some((from, format!("is now `{}`, a length of time: `{{{{duration …}}}}` prints it", step.to)))
            }
            _ if step.from != step.to && !kept.contains(&from) => Some((from, format!("is now `{}`", step.to))),
            _ => None,
        }
    });
    gone.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_is_read_and_written() {
        for text in ["rules.leaver_hours", "suppliers[].review_months", "a.<name>.b[].c", "a[].b[].c.d"] {
            assert_eq!(Path::read(text).to_string(), text);
        }
        assert_eq!(Path::read("a[].b.c").names(), ["b", "c"]);
    }

    #[test]
    fn places_follow_what_moves() {
        let moved = |from: &str, to: &str, path: &str| Path::read(from).moved(&Path::read(to), path);
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(moved("rules.a_days", "rules.a", "rules.a_days"), is("rules.a"));
        assert_eq!(moved("rules.a_days", "other.a", "rules.a_days"), is("other.a"));
        assert_eq!(moved("rules.a", "rules.b", "rules.ab"), None);
        assert_eq!(moved("rules.a", "rules.b", "rules"), None);
        assert_eq!(moved("s[].a", "s[].b.c", "s[S-0.1].a"), is("s[S-0.1].b.c"));
        assert_eq!(moved("s[].a", "s[].b.c", "s[S-01].a"), is("s[S-01].b.c"));
        assert_eq!(moved("s[].a", "s[].b", "s[S-01].a[3].x"), is("s[S-01].b[3].x"));
        assert_eq!(moved("m.<name>.a", "m.<name>.b", "m.secret.a"), is("m.secret.b"));
    }

    #[test]
    fn numbers_become_lengths() {
        let length = |old: Json, unit, largest| {
            length(&old, unit, largest).map(|new| new.as_str().unwrap_or_default().to_owned())
        };
        let is = |text: &str| Ok(text.to_owned());
        assert_eq!(length(json!(4), Unit::Hour, false), is("4 h"));
        assert_eq!(length(json!(1), Unit::WorkingDay, false), is("1 working day"));
        assert_eq!(length(json!(18), Unit::Month, false), is("18 months"));
        assert_eq!(length(json!(1), Unit::Year, false), is("1 year"));
        assert_eq!(length(json!(90), Unit::Minute, true), is("90 min"));
        assert_eq!(length(json!(240), Unit::Minute, true), is("4 h"));
        assert_eq!(length(json!(240), Unit::Minute, false), is("240 min"));
        assert_eq!(length(json!(730), Unit::Day, true), is("2 years"));
        assert_eq!(length(json!(400), Unit::Day, true), is("400 days"));
        assert_eq!(length(json!("30"), Unit::Day, false), is("30 days"));
        assert_eq!(length(json!(1.5), Unit::Hour, false), is("1.5 h"));
        assert_eq!(length(json!("2 weeks"), Unit::Day, false), is("2 weeks"));
        assert!(length(json!("soon"), Unit::Day, false).is_err());
        assert!(length(json!(1.5), Unit::Month, false).is_err());
    }
}
