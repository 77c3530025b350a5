//! What a file writes and what is meant by it, as its profile says: `values`, `lists`, `key`, `needs`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::source::Source;
use super::{Row, columns, of_json};
use crate::characters::slug;
use crate::diagnostic::Span;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, nearest};
use crate::schema::{Kind, View};
use crate::yaml::{Entry, Located, Node};

/// In a pattern of keys, the number of the row.
const NUMBER: &str = "{n}";

/// How many keys are tried for rows that would have the same.
const MOST_ALIKE: usize = 20_000;

/// What is meant by the values of one source.
#[derive(Default)]
pub(super) struct Meant {
    /// By property, then by what a cell holds in small letters.
    values: BTreeMap<String, BTreeMap<String, Json>>,
    /// Signs between the items of a list, beside the semicolon.
    signs: Vec<char>,
    /// The pattern of keys, and the property that has them.
    key: Option<(String, String)>,
    /// The properties without which a row is none.
    needs: Vec<String>,
    /// The keys that were given.
    given: BTreeSet<String>,
    /// How many rows were seen.
    count: usize,
}

impl Meant {
    /// What a source says; keys that are none of its register are reported.
    pub(super) fn of(source: &Source<'_>, items: &View, key: Option<&str>, sink: &mut Sink) -> Meant {
        let mut meant = Meant::default();
        let mut property = |called: &str, span: &Span| {
            let found = columns::meant(called, items);
            if found.is_none() {
                let message = format!("`{called}` is no key of this register");
                let problem = Diagnostic::fault(&codes::REGISTER_COLUMN, message).at(span.clone());
                sink.push(match nearest(called, items.keys()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem.help(format!("keys: {}", items.keys().collect::<Vec<_>>().join(", "))),
                });
            }
            found
        };
        for (called, words, span) in &source.values {
            let Some(property) = property(called, span) else { continue };
            let words = words.iter().map(|(text, value)| (text.trim().to_lowercase(), value.clone()));
            meant.values.entry(property).or_default().extend(words);
        }
        meant.needs = source.needs.iter().filter_map(|(called, span)| property(called, span)).collect();
        meant.signs = source.lists.iter().flat_map(|lists| lists.chars()).collect();
        meant.key = source.key.clone().zip(key.map(str::to_owned));
        meant
    }

    /// Whether rows get a value of a property that no column has.
    pub(super) fn gives(source: &Source<'_>, items: &View, property: &str, key: Option<&str>) -> bool {
        let mut said =
            source.values.iter().filter(|(_, words, _)| words.iter().any(|(text, _)| text.trim().is_empty()));
        key == Some(property) && source.key.is_some()
            || said.any(|(called, ..)| columns::meant(called, items).as_deref() == Some(property))
    }

    /// Whether a row is one of the table.
    pub(super) fn is_row(&self, row: &Row, columns: &BTreeMap<usize, String>) -> bool {
        let has = |property: &String| row.cells.iter().any(|(column, _)| columns.get(column) == Some(property));
        self.needs.iter().all(has)
    }

    /// What a cell means: a value, nothing, or what it says.
    pub(super) fn read(&self, property: &str, shown: &str, view: Option<&View>, span: &Span) -> Says {
        let words = self.values.get(property);
        let is_list = view.is_some_and(|view| view.asks.kind == Kind::List);
        if let Some(value) = words.and_then(|words| words.get(&shown.trim().to_lowercase())) {
            return match value {
                Json::Null => Says::Nothing,
                Json::String(text) if is_list => Says::Text(text.clone()),
                value => Says::Value(of_json(value, span)),
            };
        }
        let splits = self.signs.iter().any(|sign| shown.contains(*sign));
        if !is_list || words.is_none() && !splits {
            return Says::Itself;
        }
        let mut items: Vec<String> = Vec::new();
        for item in shown.split(|c: char| c == ';' || self.signs.contains(&c)).map(str::trim) {
            match words.and_then(|words| words.get(&item.to_lowercase())) {
                Some(Json::Null) => {}
                Some(Json::String(text)) => items.push(text.clone()),
                Some(Json::Array(several)) => items.extend(several.iter().filter_map(Json::as_str).map(str::to_owned)),
                Some(other) => items.push(other.to_string()),
                None if item.is_empty() => {}
                None => items.push(item.to_owned()),
            }
        }
        if items.is_empty() { Says::Nothing } else { Says::Text(items.join("; ")) }
    }

    /// Gives a row what stands for empty cells, and its key.
    pub(super) fn complete(&mut self, entries: &mut Vec<Entry>, span: &Span) {
        self.count += 1;
        let has = |entries: &[Entry], property: &str| entries.iter().any(|entry| entry.key == property);
        for (property, words) in &self.values {
            let value = words.get("").filter(|value| !value.is_null());
            if let Some(value) = value.filter(|_| !has(entries, property)) {
                let value = match value.as_str().filter(|text| text.contains('{')) {
                    // `{threat}` is what the row has under another key.
                    Some(pattern) => match filled(pattern, entries, str::to_owned) {
                        Some(text) => Located { span: span.clone(), node: Node::String(text.into()) },
                        None => continue,
                    },
                    None => of_json(value, span),
                };
                entries.push(Entry { key: property.as_str().into(), key_span: span.clone(), value });
            }
        }
        let Some((pattern, property)) = self.key.clone() else { return };
        let own = entries.iter().find(|entry| entry.key == property.as_str()).and_then(|entry| entry.value.as_str());
        if let Some(own) = own {
            self.given.insert(own.to_owned());
            return;
        }
        if has(entries, &property) {
            return;
        }
        let pattern = pattern.replace(NUMBER, &self.count.to_string());
        let Some(text) = filled(&pattern, entries, slug).filter(|text| !text.trim_matches('-').is_empty()) else {
            return;
        };
        let tries = std::iter::once(text.clone()).chain((2..MOST_ALIKE).map(|n| format!("{text}-{n}")));
        let Some(key) = tries.into_iter().find(|key| !self.given.contains(key)) else { return };
        self.given.insert(key.clone());
        let value = Located { span: span.clone(), node: Node::String(key.into()) };
        entries.insert(0, Entry { key: property.into(), key_span: span.clone(), value });
    }
}

/// A pattern with what a row has in place of its keys; nothing where the row lacks one.
fn filled(pattern: &str, entries: &[Entry], written: fn(&str) -> String) -> Option<String> {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, (key, behind))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        text.push_str(before);
        let entry = entries.iter().find(|entry| entry.key == key)?;
        let items: Vec<&str> = match &entry.value.node {
            Node::List(items) => items.iter().filter_map(Located::as_str).collect(),
            _ => entry.value.as_str().into_iter().collect(),
        };
        let own = items.join(", ");
        text.push_str(&written((!own.is_empty()).then_some(own.as_str())?));
        rest = behind;
    }
    text.push_str(rest);
    Some(text)
}

/// What a cell says.
pub(super) enum Says {
    /// What it holds.
    Itself,
    /// Another text.
    Text(String),
    /// A value.
    Value(Located),
    /// Nothing: it counts as empty.
    Nothing,
}
