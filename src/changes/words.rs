//! Causes in words that may stand in a document: titles of the schema instead of keys, names of rows instead of paths, in
//! the language of the pack.

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::facts::{self, Difference};
use super::{Cause, Kind, Place, Section};
use crate::model::places::{COMING, FORMER};
use crate::schema::View;
use crate::strings::{Said, Strings};
use crate::workspace::Workspace;
use crate::workspace::profile::{Step, steps};

/// The language in whose sentences a title begins small.
const SMALL_TITLES: &str = "en";

/// The keys of a row that say how people call it.
const NAMES: [&str; 5] = ["name", "title", "label", "short_name", "what"];

/// Registers that go without saying beside the name of a row.
const OBVIOUS: [&str; 2] = ["roles", "people"];

/// The longest value that a document repeats, in characters; of a longer one it is said that its words are others.
const MAX_VALUE: usize = 60;

/// The longest value that is kept, in characters.
const MAX_KEPT: usize = 80;

/// What stands for what has no short words, and at the end of what was shortened.
const CUT: char = '…';

/// Whoever says what paths and values mean.
pub(super) struct Teller<'a> {
    pub(super) workspace: &'a Workspace,
    /// Of before and of now.
    pub(super) profiles: [&'a Map<String, Json>; 2],
}

/// A difference as people call it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Told {
    /// The register that it lies in, where it lies in one.
    pub(super) register: Option<String>,
    /// Whether the register goes without saying.
    is_obvious: bool,
    /// The names of the rows on the way, the outermost first; without a row that itself came or went.
    pub(super) rows: Vec<String>,
    /// The titles of the keys that lead to it from there.
    pub(super) titles: Vec<String>,
    /// What stood there, in short.
    pub(super) before: Option<String>,
    /// What stands there, in short.
    pub(super) after: Option<String>,
}

impl Told {
    /// What it is called: register, row, key.
    pub(super) fn label(&self) -> String {
        let register = self.register.iter().filter(|_| !self.is_obvious || self.rows.is_empty());
        let mut parts: Vec<&str> = Vec::new();
        for part in register.chain(&self.rows).chain(&self.titles) {
            if parts.last().is_none_or(|last| !last.eq_ignore_ascii_case(part)) {
                parts.push(part);
            }
        }
        parts.join(", ")
    }
}

impl Teller<'_> {
    /// What a difference is called, and its values in short.
    pub(super) fn told(&self, difference: &Difference) -> Told {
        let Difference { path, old, new } = difference;
        let mut told = Told::default();
        let mut steps = steps(path);
        // A row that holds no longer or not yet is called as one that holds.
        let aside = steps.first().copied().filter(|step| [Step::Key(FORMER), Step::Key(COMING)].contains(step));
        let mut view = Some(self.workspace.pack.schema.view());
        let mut listed = None;
        let mut values: [Option<&Json>; 2] = [None, None];
        let mut register = String::new();
        if let Some(Step::Key(aside)) = aside {
            steps.remove(0);
            values = self.profiles.map(|profile| profile.get(aside));
        }
        let last = steps.len().saturating_sub(1);
        for (at, step) in steps.iter().enumerate() {
            match step {
                Step::Key(key) => {
                    register = if register.is_empty() { (*key).to_owned() } else { format!("{register}.{key}") };
                    view = view.and_then(|view| view.property(key));
                    values = match (at, aside) {
                        (0, None) => self.profiles.map(|profile| profile.get(*key)),
                        _ => values.map(|value| value.and_then(|value| value.get(*key))),
                    };
                    if at == 1 && steps[0] == Step::Key("documents") {
                        told.titles = vec![self.document(key, values)];
                        continue;
                    }
                    let own = view.and_then(|view| view.title.as_deref()).filter(|title| !title.is_empty());
                    told.titles.push(self.small(own.map_or_else(|| key.replace(['_', '-'], " "), str::to_owned)));
                }
                Step::Row(key) => {
                    let property = self.workspace.profile.keys().get(&register);
                    values = values.map(|value| {
                        let rows = value?.as_array()?;
                        match property {
                            Some(property) => rows.iter().find(|row| is_called(row, property, key)),
                            None => key.parse::<usize>().ok().and_then(|at| rows.get(at)),
                        }
                    });
                    listed = view;
                    view = view.and_then(View::items);
                    let row = values[1].or(values[0]);
                    // An item of a list without keys has no name but what it says.
                    let is_row = property.is_some() || row.is_some_and(Json::is_object);
                    if !is_row || (at == last && (old.is_none() || new.is_none())) {
                        continue;
                    }
                    let title = told.titles.pop();
                    if steps[0] == Step::Key("documents") {
                        // Of which document a list is part is told first.
                        told.rows.append(&mut told.titles);
                    }
                    told.titles.clear();
                    if told.register.is_none() {
                        told.is_obvious = OBVIOUS.contains(&register.as_str());
                        told.register = title;
                    }
                    told.rows.push(row.and_then(name).unwrap_or_else(|| counted(key, property.is_some())));
                }
            }
        }
        if plain(path) == ["roles", "holder"] {
            // A post is who holds it.
            told.titles.clear();
        }
        let ends_at_row = matches!(steps.last(), Some(Step::Row(_)));
        let key = match steps.last() {
            Some(Step::Row(key)) => Some(counted(key, self.workspace.profile.keys().contains_key(&register))),
            _ => None,
        };
        let value = |value: &Option<Json>, time: usize| -> Option<String> {
            let value = value.as_ref()?;
            let row = || if ends_at_row && value.is_object() { name(value).or(key.clone()) } else { None };
            let own = || if ends_at_row { choice(value, listed) } else { None };
            let words = row().or_else(own).or_else(|| self.value(value, view, time)).filter(|words| !words.is_empty());
            Some(shortened(words.unwrap_or_else(|| CUT.to_string())))
        };
        (told.before, told.after) = (value(old, 0), value(new, 1));
        if let (Some(old), Some(new)) = (old, new)
            && told.before == told.after
        {
            // What they lead to is called alike: what stands there tells them apart.
            (told.before, told.after) = (Some(facts::in_words(old)), Some(facts::in_words(new)));
        }
        told
    }

    /// What a document is called that the profile says something of.
    fn document(&self, id: &str, values: [Option<&Json>; 2]) -> String {
        let given = values[1].or(values[0]).and_then(|document| document["title"].as_str());
        let own = self.workspace.pack.documents.iter().find(|document| document.id == id);
        given.or(own.map(|own| own.title.as_str())).unwrap_or(id).to_owned()
    }

    /// A value as people read it; nothing of what has no short words.
    fn value(&self, value: &Json, view: Option<&View>, time: usize) -> Option<String> {
        let strings = &self.workspace.pack.strings;
        match value {
            Json::Null | Json::Object(_) => None,
            Json::Bool(true) => Some(strings.yes.clone()),
            Json::Bool(false) => Some(strings.no.clone()),
            Json::Number(number) => Some(strings.language.plain(number)),
            Json::Array(items) => {
                let of = view.and_then(View::items);
                let item = |item: &Json| choice(item, view).or_else(|| self.value(item, of, time));
                let items: Option<Vec<String>> = items.iter().map(item).collect();
                items.map(|items| items.join(", "))
            }
            Json::String(text) => choice(value, view).or_else(|| Some(self.text(text, view, time))),
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
            let property = self.workspace.profile.keys().get(register.as_str()).map_or("id", String::as_str);
            let row = rows.and_then(Json::as_array).into_iter().flatten().find(|row| is_called(row, property, text));
            if let Some(name) = row.and_then(name) {
                return name;
            }
        }
        if let Ok(day) = text.parse::<Date>()
            && text.len() == 10
        {
            return self.workspace.pack.strings.language.date(day);
        }
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match asks.is_some_and(|asks| asks.choices.is_some()) {
            true => words.replace(['_', '-'], " "),
            false => words,
        }
    }

    /// A title within a sentence: `Time to grant` becomes `time to grant`, `MFA from` stays; nouns of other languages stay.
    fn small(&self, title: String) -> String {
        let language = self.workspace.pack.strings.language.language();
        if language == SMALL_TITLES { decapitalised(&title) } else { title }
    }
}

/// A cause as a clause in the words of a pack.
pub(super) fn said(cause: &Cause, strings: &Strings) -> Option<String> {
    let is_long = |text: &String| text.ends_with(CUT) || text.chars().count() > MAX_VALUE;
    let clause = |said: Said, slots: &[(&str, &str)]| Some(strings.fill(said, slots));
    match cause {
        Cause::Fact { path, label, before, after, .. } => {
            let what = ("what", label.as_ref().unwrap_or(path).as_str());
            let is_row = path.ends_with(']');
            let (before, after) = match path.starts_with(FORMER) {
                // What came to be of a day before has left the list.
                true if is_row => (after, before),
                _ => (before, after),
            };
            match (before, after) {
                (Some(before), Some(after)) if before == after || is_long(before) || is_long(after) => {
                    clause(Said::Reworded, &[what])
                }
                (Some(before), Some(after)) => {
                    let said = if plain(path) == ["roles", "holder"] { Said::Holder } else { Said::Turned };
                    clause(said, &[what, ("before", before), ("after", after)])
                }
                (None, Some(rows)) if is_row => clause(Said::Added, &[what, ("rows", rows)]),
                (Some(rows), None) if is_row => clause(Said::Removed, &[what, ("rows", rows)]),
                (None, Some(after)) if is_long(after) => clause(Said::Reworded, &[what]),
                (None, Some(after)) => clause(Said::Now, &[what, ("after", after)]),
                (Some(before), None) => {
                    let before = if is_long(before) { CUT.to_string() } else { before.clone() };
                    clause(Said::NoLonger, &[what, ("before", &before)])
                }
                (None, None) => clause(Said::Reworded, &[what]),
            }
        }
        Cause::Confirmed { label, value, .. } => clause(Said::Now, &[("what", label), ("after", value)]),
        Cause::Block { pack, .. } => clause(Said::Template, &[("pack", pack)]),
        Cause::Override { block, .. } => {
            let block = block.rsplit_once('/').map_or(block.as_str(), |(_, block)| block);
            clause(Said::Own, &[("block", block)])
        }
        Cause::Time { before, after, label } => {
            let (first, last) = if before <= after { (before, after) } else { (after, before) };
            let day =
                |text: &String| text.parse::<Date>().map_or_else(|_| text.clone(), |day| strings.language.date(day));
            let days = strings.fill(Said::Time, &[("before", &day(first)), ("after", &day(last))]);
            Some(label.as_ref().map_or(days.clone(), |label| format!("{days} ({label})")))
        }
        Cause::Numbering => clause(Said::Numbering, &[]),
        Cause::Set => clause(Said::Set, &[]),
        Cause::Look => clause(Said::Look, &[]),
        Cause::Program => clause(Said::Program, &[]),
        Cause::Unknown => None,
    }
}

/// Where a part of a document stands, in the words of a pack.
pub(super) fn place(place: &Place, strings: &Strings) -> String {
    let Place { kind, section, row, row_name, column, .. } = place;
    let mut parts: Vec<String> = Vec::new();
    match section {
        Some(Section { number, title }) => {
            let word = strings.language.capitalise(&strings.section);
            parts.push(format!("{word} {number} {title}").split_whitespace().collect::<Vec<_>>().join(" "));
        }
        None if !matches!(kind, Kind::Control | Kind::Note) => parts.push(strings.said(Said::Start).to_owned()),
        None => {}
    }
    match kind {
        Kind::Control => parts.extend(column.as_deref().map(|datum| control(datum, strings).to_owned())),
        Kind::Note => parts.extend(row.as_ref().map(|number| format!("[{number}]"))),
        Kind::Figure => parts.push(strings.figure.clone()),
        Kind::Caption => parts.push(strings.table.clone()),
        Kind::SignOff => parts.push(strings.signature.clone()),
        Kind::Cell | Kind::Row => {
            let row = row_name.clone().or_else(|| row.as_ref().map(ToString::to_string));
            parts.extend(row.into_iter().chain(column.clone()));
        }
        _ => {}
    }
    parts.join(" \u{203a} ")
}

/// What a pack calls a datum of document control.
fn control<'s>(datum: &'s str, strings: &'s Strings) -> &'s str {
    match datum {
        "number" => &strings.number,
        "title" => strings.said(Said::Title),
        "kind" => strings.said(Said::Kind),
        "organisation" | "organisation's short name" => strings.said(Said::Organisation),
        "classification" => &strings.classification,
        "owner" => &strings.owner,
        "author" => &strings.author,
        "approver" => &strings.approver,
        "standard" => strings.said(Said::Standard),
        "language" => strings.said(Said::Language),
        "answers" => &strings.answers,
        "keywords" => strings.said(Said::Keywords),
        datum => datum,
    }
}

/// The keys of a path, without its rows.
pub(super) fn plain(path: &str) -> Vec<&str> {
    let keys = steps(path).into_iter().filter_map(|step| match step {
        Step::Key(key) => Some(key),
        Step::Row(_) => None,
    });
    keys.collect()
}

/// The key of a row; of one without, its place as people count.
fn counted(key: &str, is_keyed: bool) -> String {
    match key.parse::<usize>() {
        Ok(at) if !is_keyed => (at + 1).to_string(),
        _ => key.to_owned(),
    }
}

fn is_called(row: &Json, property: &str, key: &str) -> bool {
    match &row[property] {
        Json::String(text) => text == key,
        Json::Number(number) => number.to_string() == key,
        _ => false,
    }
}

/// What a choice is called, where the pack says so.
fn choice(value: &Json, view: Option<&View>) -> Option<String> {
    view?.choices.get(value.as_str()?).cloned()
}

/// How people call a row.
fn name(row: &Json) -> Option<String> {
    let own = NAMES.iter().find_map(|key| row.get(*key)?.as_str())?;
    let words = own.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty() && words.chars().count() <= MAX_VALUE).then_some(words)
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(MAX_KEPT) {
        Some((end, _)) => format!("{}{CUT}", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

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
    use crate::testing::strings;

    #[test]
    fn paths_fall_into_keys_and_rows() {
        assert_eq!(steps("roles[a.b].holder"), [Step::Key("roles"), Step::Row("a.b"), Step::Key("holder")]);
        assert_eq!(plain("scope.sites[0]"), ["scope", "sites"]);
        assert_eq!(decapitalised("Time to wait"), "time to wait");
        assert_eq!(decapitalised("IT lead"), "IT lead");
    }

    #[test]
    fn a_cause_is_said_in_the_words_of_the_pack_the_language_or_in_signs() {
        let fact = |path: &str, label: &str, before: Option<&str>, after: Option<&str>| Cause::Fact {
            path: path.into(),
            label: Some(label.into()),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            at: None,
        };
        let causes = [
            fact("roles[ciso].holder", "ISB", Some("Ada"), Some("Ben {x}")),
            fact("limits.hours", "Stunden", Some("4"), Some("6")),
            fact("limits.hours", "Stunden", None, Some("6")),
            fact("suppliers[a]", "Lieferanten", Some("Alpha"), None),
            fact("former.suppliers[0]", "Lieferanten", None, Some("Alpha")),
            fact("motto", "Motto", Some("Kurz"), Some("Lang\u{2026}")),
            Cause::Time { before: "2026-11-02".into(), after: "2026-12-10".into(), label: None },
            Cause::Unknown,
        ];
        let said = |tag: &str, own: &[(&str, &str)]| -> Vec<String> {
            let mut strings = strings();
            strings.changes = own.iter().map(|(key, word)| ((*key).to_owned(), (*word).to_owned())).collect();
            strings.speak(tag).unwrap();
            causes.iter().map(|cause| cause.said(&strings).unwrap_or_else(|| "-".into())).collect()
        };
        assert_eq!(
            said("de-DE", &[("now", "{what} (neu): {after}")]),
            [
                "ISB: Ben {x} (bisher: Ada)",
                "Stunden: 6 (bisher: 4)",
                "Stunden (neu): 6",
                "Lieferanten: entfallen: Alpha",
                "Lieferanten: entfallen: Alpha",
                "Motto: neu gefasst",
                "zwischen dem 2. November 2026 und dem 10. Dezember 2026 erreichte Termine",
                "-",
            ]
        );
        // There are no words in Swahili: signs, never another language's words.
        assert_eq!(
            said("sw-KE", &[]),
            [
                "ISB: Ada → Ben {x}",
                "Stunden: 4 → 6",
                "Stunden: 6",
                "Lieferanten: − Alpha",
                "Lieferanten: − Alpha",
                "Motto: …",
                "2 Novemba 2026 → 10 Desemba 2026",
                "-",
            ]
        );
    }
}
