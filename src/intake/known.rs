//! What can be filled: the registers of a schema with all that they and their columns are called, and the rows that a
//! profile has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::words::Folded;
use crate::holders::{PEOPLE, ROLES};
use crate::schema::{CATALOGUE, Property, View, register};

/// A column of a register.
pub(super) struct Column<'v> {
    pub(super) property: &'v Property,
    /// Its key and title: a reader of registers knows them.
    pub(super) own: Vec<Folded>,
    /// What else files call it.
    pub(super) others: Vec<Folded>,
}

/// A register that a file may fill.
pub(super) struct Register<'v> {
    /// Its dotted path in a profile.
    pub(super) path: String,
    pub(super) title: String,
    /// Its key, title and synonyms.
    pub(super) names: Vec<Folded>,
    /// The property by which its rows are called.
    pub(super) key: Option<String>,
    pub(super) columns: Vec<Column<'v>>,
}

/// All registers, and where each word stands that one of their columns is called by.
pub(super) struct Known<'v> {
    pub(super) registers: Vec<Register<'v>>,
    /// Registers and columns, by the words of a name.
    by_words: BTreeMap<String, BTreeSet<(usize, usize)>>,
}

impl<'v> Known<'v> {
    pub(super) fn of(view: &'v View) -> Known<'v> {
        let mut registers = Vec::new();
        collect(view, "", &mut registers);
        let mut by_words: BTreeMap<String, BTreeSet<(usize, usize)>> = BTreeMap::new();
        for (at, register) in registers.iter().enumerate() {
            for (place, column) in register.columns.iter().enumerate() {
                for name in column.own.iter().chain(&column.others) {
                    by_words.entry(name.key()).or_default().insert((at, place));
                }
            }
        }
        by_words.remove("");
        Known { registers, by_words }
    }

    /// The registers and columns that are called so.
    pub(super) fn called(&self, heading: &Folded) -> impl Iterator<Item = (usize, usize)> + '_ {
        let found = [heading.key(), heading.short()].into_iter().collect::<BTreeSet<String>>();
        found.into_iter().filter_map(|words| self.by_words.get(&words)).flatten().copied()
    }

    /// The register of a path, a title or a synonym.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        let folded = Folded::of(name);
        let is_path = |register: &Register<'_>| register.path == name;
        let is_called = |register: &Register<'_>| {
            register.names.iter().any(|own| own.likeness(&folded).is_some_and(|it| it >= super::words::Likeness::Words))
        };
        self.registers.iter().position(is_path).or_else(|| self.registers.iter().position(is_called))
    }
}

fn collect<'v>(view: &'v View, path: &str, found: &mut Vec<Register<'v>>) {
    for property in view.properties() {
        let inner = if path.is_empty() { property.name.clone() } else { format!("{path}.{}", property.name) };
        let own = &property.view;
        if let Some(rows) = own.rows() {
            let title = own.title.clone().unwrap_or_else(|| inner.clone());
            let names = [property.name.as_str(), &title].into_iter().chain(own.synonyms.iter().map(String::as_str));
            let columns = rows.properties().iter().map(|property| Column {
                own: [Some(property.name.as_str()), property.view.title.as_deref()]
                    .into_iter()
                    .flatten()
                    .map(Folded::of)
                    .collect(),
                others: property.view.synonyms.iter().map(|name| Folded::of(name)).collect(),
                property,
            });
            found.push(Register {
                names: names.map(Folded::of).collect(),
                key: own.key.clone(),
                columns: columns.collect(),
                path: inner,
                title,
            });
        } else {
            collect(own, &inner, found);
        }
    }
}

/// The keys of the rows that a profile has, and what else each row is called.
pub(super) struct Rows<'p> {
    profile: &'p Json,
    view: &'p View,
    catalogues: &'p BTreeMap<String, BTreeSet<String>>,
    incoming: &'p Incoming,
}

/// By register, the rows that come in by the same call: the key of each, and its name.
#[derive(Debug, Clone, Default)]
pub struct Incoming(BTreeMap<String, Vec<(String, Option<String>)>>);

impl Incoming {
    /// Puts others behind them.
    pub fn add(&mut self, other: Incoming) {
        other.0.into_iter().for_each(|(register, rows)| self.put(&register, rows));
    }

    /// Whether there are rows of a register.
    pub fn has(&self, register: &str) -> bool {
        self.0.get(register).is_some_and(|rows| !rows.is_empty())
    }

    pub(super) fn put(&mut self, register: &str, rows: Vec<(String, Option<String>)>) {
        let own = self.0.entry(register.to_owned()).or_default();
        let new: Vec<_> = rows.into_iter().filter(|row| !own.contains(row)).collect();
        own.extend(new);
    }
}

/// The properties that hold how a row is called by people.
pub(super) const NAMES: [&str; 3] = ["name", "label", "title"];

impl<'p> Rows<'p> {
    pub(super) fn of(
        profile: &'p Json,
        view: &'p View,
        catalogues: &'p BTreeMap<String, BTreeSet<String>>,
        incoming: &'p Incoming,
    ) -> Rows<'p> {
        Rows { profile, view, catalogues, incoming }
    }

    /// The rows of some registers and catalogues: the key of each, and its name where it has one.
    pub(super) fn called(&self, names: &[String]) -> Vec<(String, Option<String>)> {
        let mut found = Vec::new();
        // Whoever holds a role alone may be named in its place.
        let people = PEOPLE.to_owned();
        let has_people = names.iter().any(|name| name == ROLES) && !names.contains(&people);
        for name in names.iter().chain(has_people.then_some(&people)) {
            if let Some(catalogue) = name.strip_prefix(CATALOGUE) {
                found.extend(self.catalogues.get(catalogue).into_iter().flatten().map(|id| (id.clone(), None)));
                continue;
            }
            let path = register(name);
            let Some(key) = self.view.at(&path).and_then(|view| view.key.as_deref()) else { continue };
            let rows = path.split('.').try_fold(self.profile, |value, key| value.get(key));
            for row in rows.and_then(Json::as_array).into_iter().flatten() {
                let Some(id) = row[key].as_str() else { continue };
                let called = NAMES.iter().find_map(|name| row[*name].as_str()).map(str::to_owned);
                found.push((id.to_owned(), called));
            }
            // One that is recorded already is the same row.
            let known: BTreeSet<_> = found.iter().cloned().collect();
            let incoming = self.incoming.0.get(&path).into_iter().flatten();
            found.extend(incoming.filter(|row| !known.contains(*row)).cloned());
        }
        found
    }

    /// The labels that the profile has for the steps of a number: of a list that is called as the key, or as its end, whose
    /// rows are called by numbers.
    pub(super) fn labels(&self, key: &str) -> Vec<(String, i64)> {
        let mut found = Vec::new();
        self.steps(self.profile, "", key, &mut found);
        found
    }

    fn steps(&self, value: &Json, path: &str, key: &str, found: &mut Vec<(String, i64)>) {
        for (name, value) in value.as_object().into_iter().flatten() {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let is_called = key == name || key.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('_'));
            match value {
                Json::Object(_) => self.steps(value, &path, key, found),
                Json::Array(rows) if is_called => {
                    let Some(own) = self.view.at(&path).and_then(|view| view.key.as_deref()) else { continue };
                    found.extend(rows.iter().filter_map(|row| {
                        let step = row[own].as_str()?.parse().ok()?;
                        Some((NAMES.iter().find_map(|name| row[*name].as_str())?.to_owned(), step))
                    }));
                }
                _ => {}
            }
        }
    }

    /// The names of the people that are recorded.
    pub(super) fn people(&self) -> BTreeSet<String> {
        let rows = self.profile["people"].as_array().into_iter().flatten();
        rows.filter_map(|row| row["name"].as_str()).map(str::to_lowercase).collect()
    }
}
