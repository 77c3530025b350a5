//! Profiles made of one that there is and of the schema: with everything that may be there, or only with what must be.
//!
//! Nothing is made that the schema forbids as far as it can be told; what does not fit is found when the profile is read,
//! and left as it was.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::{Map, Value as Json, json};

use crate::model::PROPOSED_KEY;
use crate::schema::{CATALOGUE, Kind, View, register};
use crate::time::Form;

/// Groups of the engine that rules have nothing to say of, or that name files.
const LEFT: [&str; 7] = ["accepted", "branding", "document_defaults", "documents", "none", "pending", "unmapped"];

/// The most rows that are made for a list: as many as it takes to show each choice of its columns.
const MAX_ROWS: usize = 6;

/// How deep values are made.
const MAX_DEPTH: usize = 12;

/// Texts, one of which most patterns fit.
const TEXTS: [&str; 16] = [
    "made-1",
    "made",
    "Made",
    "MADE",
    "M1",
    "M-1",
    "A.1",
    "AB",
    "a",
    "1",
    "1.0",
    "2026-01",
    "2026",
    "12:00",
    "#1a2b3c",
    "made@made.example",
];

pub(super) struct Maker<'a> {
    view: &'a View,
    /// What a reference may name, by register or catalogue.
    known: BTreeMap<String, Vec<String>>,
    as_of: &'a str,
}

impl<'a> Maker<'a> {
    pub(super) fn new(
        view: &'a View,
        catalogues: &BTreeMap<String, BTreeSet<String>>,
        whole: &Json,
        as_of: &'a str,
    ) -> Maker<'a> {
        let mut known = BTreeMap::new();
        for (name, ids) in catalogues {
            known.insert(format!("{CATALOGUE}{name}"), ids.iter().cloned().collect());
        }
        collect(view, whole, "", &mut known);
        Maker { view, known, as_of }
    }

    /// The keys of a profile, each with everything in it that may be there.
    pub(super) fn full(&self, whole: &Json) -> Vec<(String, Option<Json>)> {
        self.keys()
            .filter_map(|(name, _, view)| Some((name.to_owned(), Some(self.grown(view, whole.get(name), name)?))))
            .collect()
    }

    /// The keys of a profile, each with only what must be there; `None` for those that need not be.
    pub(super) fn bare(&self, whole: &Json) -> Vec<(String, Option<Json>)> {
        let key = |(name, is_required, view): (&str, bool, &View)| {
            let value = whole.get(name)?;
            let is_kept = is_required || !is_scalar(view);
            Some((name.to_owned(), is_kept.then(|| self.stripped(view, value, name))))
        };
        self.keys().filter_map(key).collect()
    }

    fn keys(&self) -> impl Iterator<Item = (&str, bool, &View)> {
        let named = self.view.properties().iter().filter(|property| !LEFT.contains(&property.name.as_str()));
        named.map(|property| (property.name.as_str(), property.is_required, &property.view))
    }

    /// A value with all that may be in it, and rows of its own in lists.
    fn grown(&self, view: &View, value: Option<&Json>, path: &str) -> Option<Json> {
        if let Some(rows) = view.rows() {
            let mut list: Vec<Json> = value.and_then(Json::as_array).cloned().unwrap_or_default();
            for (at, row) in list.iter_mut().enumerate() {
                *row = self.grown_group(rows, Some(row), path, at);
            }
            let most = view.asks.bounds.get("maxItems").copied().unwrap_or(f64::MAX);
            for at in 0..count(rows) {
                let made = self.row(view, rows, path, at, false);
                list.extend(made.filter(|_| (list.len() as f64) < most));
            }
            return Some(Json::Array(list));
        }
        if !view.properties().is_empty() {
            return Some(self.grown_group(view, value, path, 0));
        }
        match value {
            Some(value) => Some(value.clone()),
            None => self.value(view, path, 0, MAX_DEPTH),
        }
    }

    fn grown_group(&self, view: &View, value: Option<&Json>, path: &str, turn: usize) -> Json {
        let mut group = value.and_then(Json::as_object).cloned().unwrap_or_default();
        for property in view.properties() {
            let inner = format!("{path}.{}", property.name);
            let made = match group.get(&property.name) {
                Some(known) => self.grown(&property.view, Some(known), &inner),
                None => self.value(&property.view, &inner, turn, MAX_DEPTH),
            };
            made.map(|made| group.insert(property.name.clone(), made));
        }
        Json::Object(group)
    }

    /// A value with only what must be in it.
    fn stripped(&self, view: &View, value: &Json, path: &str) -> Json {
        match value {
            Json::Array(list) if view.rows().is_some() => {
                let mut kept: Vec<Json> = list.clone();
                if let Some(rows) = view.rows() {
                    kept.iter_mut().for_each(|row| *row = self.stripped(rows, row, path));
                    let most = view.asks.bounds.get("maxItems").copied().unwrap_or(f64::MAX);
                    kept.extend(self.row(view, rows, path, 0, true).filter(|_| (list.len() as f64) < most));
                }
                Json::Array(kept)
            }
            Json::Object(group) if !view.properties().is_empty() => {
                let mut kept = Map::new();
                for property in view.properties() {
                    let Some(known) = group.get(&property.name) else { continue };
                    let is_key = view.properties().len() > 1 && property.name == "id";
                    if property.is_required || is_key || !is_scalar(&property.view) {
                        let inner = format!("{path}.{}", property.name);
                        kept.insert(property.name.clone(), self.stripped(&property.view, known, &inner));
                    }
                }
                Json::Object(kept)
            }
            other => other.clone(),
        }
    }

    /// A row of its own, the first, second … of a list: with all columns, or with those that it must have.
    fn row(&self, list: &View, rows: &View, path: &str, turn: usize, is_bare: bool) -> Option<Json> {
        let mut row = Map::new();
        for property in rows.properties() {
            let inner = format!("{path}.{}", property.name);
            let is_key = list.key.as_ref() == Some(&property.name);
            let value = if is_key { self.key(&property.view, path, turn) } else { None };
            let value = value.or_else(|| {
                let is_wanted = property.is_required || is_key || !is_bare;
                is_wanted.then(|| self.value(&property.view, &inner, turn, MAX_DEPTH)).flatten()
            });
            match value {
                Some(value) => drop(row.insert(property.name.clone(), value)),
                None if property.is_required || is_key => return None,
                None => {}
            }
        }
        // Of every second row, everything is a proposal.
        if !is_bare && turn % 2 == 1 && list.key.is_some() && !row.contains_key(PROPOSED_KEY) {
            row.insert(PROPOSED_KEY.to_owned(), json!("all"));
        }
        Some(Json::Object(row))
    }

    /// A key that no row has yet.
    fn key(&self, view: &View, path: &str, turn: usize) -> Option<Json> {
        let used = self.known.get(&register(path)).map(Vec::as_slice).unwrap_or_default();
        if let Some(names) = view.asks.references.first() {
            let mut free = names.iter().filter_map(|name| self.known.get(&register(name))).flatten();
            return free.by_ref().filter(|id| !used.contains(id)).nth(turn).map(|id| json!(id));
        }
        if let Some(choices) = &view.asks.choices {
            let is_free =
                |choice: &&Json| choice.as_str().is_none_or(|choice| !used.iter().any(|known| known == choice));
            return choices.iter().filter(is_free).nth(turn).cloned();
        }
        let number = turn + 1;
        let fits = |text: &String| fits(view, text) && !used.contains(text);
        let texts = [format!("made-{number}"), format!("M-{number}"), format!("M{number}"), format!("9{number}")];
        texts.into_iter().find(fits).map(Json::from)
    }

    /// A value as the schema has it; nothing where it is not clear what would do.
    fn value(&self, view: &View, path: &str, turn: usize, depth: usize) -> Option<Json> {
        if depth == 0 {
            return None;
        }
        if let Some(choices) = &view.asks.choices {
            return choices.get(turn % choices.len().max(1)).cloned();
        }
        if let Some(names) = view.asks.references.first() {
            let ids: Vec<&String> = names.iter().filter_map(|name| self.known.get(&register(name))).flatten().collect();
            return ids.get(turn % ids.len().max(1)).map(|id| json!(id));
        }
        let bound = |keyword: &str| view.asks.bounds.get(keyword).copied();
        match view.asks.kind {
            Kind::Text => self.text(view, turn),
            Kind::Whole => {
                let least = bound("minimum").or(bound("exclusiveMinimum").map(|least| least + 1.0)).unwrap_or(1.0);
                let number = least.max(bound("maximum").unwrap_or(f64::MAX).min(least + turn as f64));
                Some(json!(number as i64))
            }
            Kind::Number => {
                let least = bound("minimum").or(bound("exclusiveMinimum")).unwrap_or(1.0);
                let number = least + 0.5;
                let is_within = bound("maximum").is_none_or(|most| number <= most);
                Some(if is_within { json!(number) } else { json!(least) })
            }
            Kind::Truth => Some(json!(turn.is_multiple_of(2))),
            Kind::List => {
                let Some(items) = view.items() else { return Some(json!([])) };
                let item = match view.rows() {
                    Some(rows) => self.row(view, rows, path, turn, false),
                    None => self.value(items, path, turn, depth - 1),
                };
                Some(Json::Array(item.into_iter().collect()))
            }
            Kind::Group if !view.properties().is_empty() => {
                let mut group = Map::new();
                for property in view.properties() {
                    let inner = format!("{path}.{}", property.name);
                    match self.value(&property.view, &inner, turn, depth - 1) {
                        Some(value) => drop(group.insert(property.name.clone(), value)),
                        None if property.is_required => return None,
                        None => {}
                    }
                }
                Some(Json::Object(group))
            }
            Kind::Group | Kind::Any => None,
        }
    }

    fn text(&self, view: &View, turn: usize) -> Option<Json> {
        let year = self.as_of.get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap_or(2026);
        let text = match view.asks.format.as_deref() {
            // Some lie before the date of the facts, and some after it.
            Some("date") => format!("{}-06-15", if turn.is_multiple_of(2) { year - 1 } else { year + 1 }),
            Some(format) if Form::named(format).is_some() => Form::named(format)?.example(turn.is_multiple_of(2), year),
            Some("email") => "made@made.example".to_owned(),
            Some("uri") => "https://made.example/".to_owned(),
            Some(_) => return None,
            None => TEXTS.into_iter().map(str::to_owned).find(|text| fits(view, text))?,
        };
        fits(view, &text).then(|| json!(text))
    }
}

/// Whether a text is as long as it must be, and as its patterns have it.
fn fits(view: &View, text: &str) -> bool {
    let length = text.chars().count() as f64;
    let bound = |keyword: &str| view.asks.bounds.get(keyword).copied();
    bound("minLength").is_none_or(|least| length >= least)
        && bound("maxLength").is_none_or(|most| length <= most)
        && view.asks.patterns.iter().all(|pattern| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text)))
}

fn is_scalar(view: &View) -> bool {
    view.items().is_none() && view.properties().is_empty()
}

/// How many rows show every choice of their columns.
fn count(rows: &View) -> usize {
    let choices = rows.properties().iter().map(|property| match property.view.asks.kind {
        Kind::Truth => 2,
        _ => property.view.asks.choices.as_ref().map_or(1, Vec::len),
    });
    choices.max().unwrap_or(1).clamp(1, MAX_ROWS)
}

/// The keys of every register of a profile, by its path.
fn collect(view: &View, value: &Json, path: &str, known: &mut BTreeMap<String, Vec<String>>) {
    let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    if let Some(key) = &view.key {
        let rows = value.as_array().into_iter().flatten();
        let keys = rows.filter_map(|row| row.get(key)?.as_str().map(str::to_owned));
        known.entry(path.to_owned()).or_default().extend(keys);
    }
    match value {
        Json::Array(list) => {
            if let Some(items) = view.items() {
                list.iter().for_each(|item| collect(items, item, path, known));
            }
        }
        Json::Object(group) => {
            for (key, value) in group {
                if let Some(view) = view.property(key) {
                    collect(view, value, &inner(key), known);
                }
            }
        }
        _ => {}
    }
}
