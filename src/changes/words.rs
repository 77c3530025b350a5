//! Causes in words that may stand in a document: titles of the schema instead of keys, names of rows instead of paths.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::causes::Causes;
use super::facts::Difference;
use super::{Cause, Change};
use crate::model::places::{COMING, FORMER};
use crate::schema::View;
use crate::workspace::profile::{Step, steps};

/// The language that there are words in.
const LANGUAGE: &str = "en";

/// The keys of a row that say how people call it.
const NAMES: [&str; 5] = ["name", "title", "label", "short_name", "what"];

/// The longest value that is repeated, in characters; of a longer one it is said that its words are others.
const MAX_VALUE: usize = 60;

/// What caused changes, in words; what touches most places first.
pub(super) fn of(causes: &Causes<'_>, id: &str, changes: &[Change]) -> Vec<String> {
    let language = &causes.workspace.pack.manifest.language;
    if language.split('-').next() != Some(LANGUAGE) {
        return Vec::new();
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for cause in changes.iter().flat_map(|change| &change.causes) {
        if let Some(words) = one(causes, id, cause) {
            *counts.entry(words).or_default() += 1;
        }
    }
    let mut found: Vec<(String, usize)> = counts.into_iter().collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found.into_iter().map(|(words, _)| words).collect()
}

/// A cause in words; nothing of those that a document has none for.
fn one(causes: &Causes<'_>, id: &str, cause: &Cause) -> Option<String> {
    match cause {
        Cause::Fact { path, .. } => {
            // What holds no longer or not yet is told by what came or went by that.
            if [FORMER, COMING].iter().any(|aside| path.split(['.', '[']).next() == Some(*aside)) {
                return None;
            }
            let difference = causes.differences.iter().find(|difference| difference.path == *path)?;
            fact(&Teller { causes, id, profiles: causes.profiles? }, difference)
        }
        Cause::Block { .. } => Some("the template has other words".to_owned()),
        Cause::Override { .. } => Some("our own text in place of the template's has other words".to_owned()),
        Cause::Numbering => Some("what it refers to has another number or title".to_owned()),
        Cause::Set => Some("other documents of the set have new versions, came or went".to_owned()),
        Cause::Time { .. } | Cause::Look | Cause::Program | Cause::Unknown => None,
    }
}

/// Whoever says what paths and values mean.
struct Teller<'a> {
    causes: &'a Causes<'a>,
    /// The document in whose history it is said.
    id: &'a str,
    /// Of before and of now.
    profiles: [&'a Map<String, Json>; 2],
}

/// What a path leads to.
#[derive(Default)]
struct Subject<'a> {
    /// The names of the rows on the way.
    rows: Vec<String>,
    /// The title of the value, or of the register whose row it is.
    title: String,
    /// Whether it ends at a row.
    is_row: bool,
    view: Option<&'a View>,
}

fn fact(teller: &Teller<'_>, difference: &Difference) -> Option<String> {
    let Difference { path, old, new } = difference;
    let subject = teller.subject(path, if new.is_some() { 1 } else { 0 });
    let row = subject.rows.join(", ");
    if subject.is_row && (old.is_none() || new.is_none()) {
        let what = if new.is_some() { "is new" } else { "is gone" };
        return Some(format!("{}: {row} {what}", decapitalised(&subject.title)));
    }
    let value = |value: &Option<Json>, time: usize| -> Option<String> {
        let words = teller.value(value.as_ref()?, subject.view, time)?;
        (words.chars().count() <= MAX_VALUE && !words.is_empty()).then_some(words)
    };
    let (before, after) = (value(old, 0), value(new, 1));
    if let ["roles", "holder"] = plain(path).as_slice()
        && let (Some(before), Some(after)) = (&before, &after)
    {
        return Some(format!("the {row} is held by {after} (before: {before})"));
    }
    if let ["roles", "deputy"] = plain(path).as_slice()
        && let Some(after) = &after
    {
        let before = before.as_ref().map(|before| format!(" (before: {before})")).unwrap_or_default();
        return Some(format!("{after} stands in for the {row}{before}"));
    }
    let title = decapitalised(&subject.title);
    let what = if row.is_empty() || row.eq_ignore_ascii_case(&title) { title } else { format!("{row}, {title}") };
    Some(match (old, new, before, after) {
        (Some(_), Some(_), Some(before), Some(after)) if before != after => {
            format!("{what}: {after} (before: {before})")
        }
        (Some(_), Some(_), ..) => format!("{what}: other words"),
        (None, _, _, Some(after)) => format!("{what}: {after}"),
        (None, ..) => format!("{what}: is new"),
        (_, None, Some(before), _) => format!("{what}: no longer {before}"),
        (_, None, ..) => format!("{what}: is gone"),
    })
}

impl<'a> Teller<'a> {
    /// What a path leads to, with the names that rows have at a time.
    fn subject(&self, path: &str, time: usize) -> Subject<'a> {
        let mut view = Some(self.causes.workspace.pack.schema.view());
        let mut subject = Subject::default();
        let mut value: Option<&Json> = None;
        let mut register = String::new();
        let steps = steps(path);
        for (at, step) in steps.iter().enumerate() {
            subject.is_row = matches!(step, Step::Row(_));
            match step {
                Step::Key(key) => {
                    register = if register.is_empty() { (*key).to_owned() } else { format!("{register}.{key}") };
                    view = view.and_then(|view| view.property(key));
                    value =
                        if at == 0 { self.profiles[time].get(*key) } else { value.and_then(|value| value.get(*key)) };
                    let own = view.and_then(|view| view.title.clone()).filter(|title| !title.is_empty());
                    // In its own history a document is not called by its title; others are.
                    if at == 1 && steps[0] == Step::Key("documents") {
                        let others = self.causes.workspace.pack.documents.iter().filter(|_| *key != self.id);
                        let other = others.into_iter().find(|document| document.id == *key);
                        let given = value.and_then(|document| document["title"].as_str());
                        subject.rows.extend(other.map(|other| given.unwrap_or(&other.title).to_owned()));
                    } else {
                        subject.title = own.unwrap_or_else(|| key.replace(['_', '-'], " "));
                    }
                }
                Step::Row(key) => {
                    let rows = value.and_then(Json::as_array);
                    let property = self.causes.workspace.profile.keys().get(&register);
                    value = match property {
                        Some(property) => rows.into_iter().flatten().find(|row| is_called(row, property, key)),
                        None => key.parse::<usize>().ok().and_then(|at| rows?.get(at)),
                    };
                    view = view.and_then(View::items);
                    match property {
                        Some(_) => subject.rows.push(value.and_then(name).unwrap_or_else(|| (*key).to_owned())),
                        // An item of a list without keys has no name but what it says.
                        None if at + 1 == steps.len() => subject.is_row = value.is_some_and(Json::is_object),
                        None => {}
                    }
                    if property.is_none() && subject.is_row {
                        subject.rows.extend(value.and_then(name));
                    }
                }
            }
        }
        subject.view = view;
        subject
    }

    /// A value as people read it; nothing of what has no short words.
    fn value(&self, value: &Json, view: Option<&View>, time: usize) -> Option<String> {
        match value {
            Json::Null | Json::Object(_) => None,
            Json::Bool(true) => Some("yes".to_owned()),
            Json::Bool(false) => Some("no".to_owned()),
            Json::Number(number) => Some(number.to_string()),
            Json::Array(items) => {
                let view = view.and_then(View::items);
                let items: Option<Vec<String>> = items.iter().map(|item| self.value(item, view, time)).collect();
                items.map(|items| items.join(", "))
            }
            Json::String(text) => Some(self.text(text, view, time)),
        }
    }

    /// A text; the key of a row by the row's name, a date as dates are written.
    fn text(&self, text: &str, view: Option<&View>, time: usize) -> String {
        let asks = view.map(|view| &view.asks);
        let registers = asks.into_iter().flat_map(|asks| asks.references.iter().flatten());
        for register in registers {
            let mut steps = register.trim_end_matches('?').split('.');
            let first = steps.next().and_then(|step| self.profiles[time].get(step));
            let rows = steps.try_fold(first, |value, step| Some(value?.get(step))).flatten();
            let property = self.causes.workspace.profile.keys().get(register.as_str()).map_or("id", String::as_str);
            let row = rows.and_then(Json::as_array).into_iter().flatten().find(|row| is_called(row, property, text));
            if let Some(name) = row.and_then(name) {
                return name;
            }
        }
        if let Ok(day) = text.parse::<Date>()
            && text.len() == 10
        {
            return self.causes.workspace.pack.strings.language.date(day);
        }
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match asks.is_some_and(|asks| asks.choices.is_some()) {
            true => words.replace(['_', '-'], " "),
            false => words,
        }
    }
}

/// The keys of a path, without its rows.
fn plain(path: &str) -> Vec<&str> {
    let keys = steps(path).into_iter().filter_map(|step| match step {
        Step::Key(key) => Some(key),
        Step::Row(_) => None,
    });
    keys.collect()
}

fn is_called(row: &Json, property: &str, key: &str) -> bool {
    match &row[property] {
        Json::String(text) => text == key,
        Json::Number(number) => number.to_string() == key,
        _ => false,
    }
}

/// How people call a row.
fn name(row: &Json) -> Option<String> {
    let own = NAMES.iter().find_map(|key| row.get(*key)?.as_str())?;
    let words = own.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty() && words.chars().count() <= MAX_VALUE).then_some(words)
}

/// A title within a sentence: `Time to grant` becomes `time to grant`, `MFA from` stays.
fn decapitalised(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_keys_and_rows() {
        assert_eq!(steps("roles[a.b].holder"), [Step::Key("roles"), Step::Row("a.b"), Step::Key("holder")]);
        assert_eq!(plain("scope.sites[0]"), ["scope", "sites"]);
        assert_eq!(decapitalised("Time to wait"), "time to wait");
        assert_eq!(decapitalised("IT lead"), "IT lead");
    }
}
