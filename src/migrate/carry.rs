//! What becomes of the values of a profile: references follow the correspondence, and so do rows that are called by ids.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::report::{Decision, Note, Report, Unmapped};
use super::rows;
use super::table::Migration;
use crate::edit::{Change, Field, Piece};
use crate::pack::Pack;
use crate::schema::{Property, View, register};

/// Where a value stands.
#[derive(Debug, Clone, Default)]
pub(super) struct At {
    /// The path without rows, as registers are called: `risks`, `risks.owner`.
    pub(super) plain: String,
    /// The profile path: `risks[R-07].owner`.
    pub(super) path: String,
}

impl At {
    pub(super) fn key(&self, key: &str) -> At {
        let joined = |path: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        At { plain: joined(&self.plain), path: joined(&self.path) }
    }

    pub(super) fn row(&self, key: &str) -> At {
        At { plain: self.plain.clone(), path: format!("{}[{key}]", self.path) }
    }
}

/// What is known while values are carried over.
pub(super) struct Carry<'a> {
    pub(super) migration: &'a Migration,
    pub(super) from: &'a Pack,
    pub(super) to: &'a Pack,
    /// The registers whose rows are called by ids of a catalogue: path and catalogue.
    keyed: BTreeMap<String, String>,
    /// The catalogues of the pack that is left.
    old: BTreeMap<String, BTreeSet<String>>,
    pub(super) report: Report,
}

impl<'a> Carry<'a> {
    pub(super) fn new(migration: &'a Migration, from: &'a Pack, to: &'a Pack, view: &View) -> Carry<'a> {
        let mut keyed = BTreeMap::new();
        find_keyed(view, &At::default(), &mut keyed);
        Carry { migration, from, to, keyed, old: from.catalogues(), report: Report::new(from, to) }
    }

    /// Whether the pack that is moved to is another, and not a newer version of the one that is left.
    pub(super) fn is_elsewhere(&self) -> bool {
        self.from.manifest.id != self.to.manifest.id
    }

    /// The registers whose rows are called by ids of a catalogue.
    pub(super) fn keyed(&self) -> &BTreeMap<String, String> {
        &self.keyed
    }

    /// The catalogue that an id is taken from at a place where the schema wants a reference.
    pub(super) fn catalogue(&self, view: &View, id: &str) -> Option<String> {
        let names = view.asks.references.iter().flatten();
        let mut catalogues = names.filter_map(|name| match name.strip_prefix("catalogue:") {
            Some(name) => Some(name.to_owned()),
            None => self.keyed.get(&register(name)).cloned(),
        });
        catalogues.find(|name| self.old.get(name).is_some_and(|ids| ids.contains(id)))
    }

    /// What a profile path becomes that goes through a row called by an id; itself, when it goes through none.
    pub(super) fn paths(&self, path: &str) -> Vec<String> {
        for (register, catalogue) in &self.keyed {
            let Some(rest) = path.strip_prefix(register.as_str()).and_then(|rest| rest.strip_prefix('[')) else {
                continue;
            };
            let ids = rest.match_indices(']').map(|(at, _)| (&rest[..at], &rest[at..]));
            for (id, tail) in ids {
                if self.old.get(catalogue).is_some_and(|ids| ids.contains(id)) {
                    let targets = self.migration.targets(catalogue, id).iter();
                    return targets.map(|target| format!("{register}[{target}{tail}")).collect();
                }
            }
        }
        vec![path.to_owned()]
    }

    pub(super) fn judge(&mut self, at: &str, text: impl Into<String>) {
        self.report.judgement.push(Note { at: at.to_owned(), text: text.into() });
    }

    pub(super) fn leave(&mut self, at: &str, reason: impl Into<String>, value: Json) {
        self.report.unmapped.push(Unmapped { at: at.to_owned(), reason: reason.into(), value });
    }

    /// What becomes of a value of which the schema says `view`.
    pub(super) fn value(&mut self, value: &Json, view: &View, at: &At) -> Change {
        match value {
            Json::String(id) => self.reference(id, view, at),
            Json::Object(fields) => self.fields(fields, view, at, None),
            Json::Array(items) => match (view.items(), self.keyed.get(&at.plain).cloned()) {
                (Some(row), Some(catalogue)) => self.register(items, row, view.key.as_deref(), &catalogue, at),
                (Some(item), None) => self.list(items, item, view.key.as_deref(), at),
                (None, _) => Change::Keep,
            },
            _ => Change::Keep,
        }
    }

    fn fields(&mut self, fields: &Map<String, Json>, view: &View, at: &At, but: Option<&str>) -> Change {
        let mut changes = Vec::new();
        for (key, value) in fields.iter().filter(|(key, _)| but != Some(key.as_str())) {
            if let Some(view) = view.property(key) {
                changes.push(Field::new(key.clone(), self.value(value, view, &at.key(key))));
            }
        }
        Change::map(changes)
    }

    /// A reference that holds one id.
    fn reference(&mut self, id: &str, view: &View, at: &At) -> Change {
        let Some(catalogue) = self.catalogue(view, id) else { return Change::Keep };
        let targets = self.migration.targets(&catalogue, id);
        let Some(first) = targets.first() else {
            self.leave(&at.path, no_place(&catalogue, id), Json::from(id));
            return Change::Remove;
        };
        self.report.referred(&at.plain, first != id);
        if let [_, others @ ..] = targets
            && !others.is_empty()
        {
            let text = format!("`{id}` became {}; one fits here, and `{first}` was taken", listed(targets));
            self.judge(&at.path, text);
        }
        if first == id { Change::Keep } else { Change::Become(Json::from(first.as_str())) }
    }

    fn list(&mut self, items: &[Json], view: &View, key: Option<&str>, at: &At) -> Change {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let migration = self.migration;
        for (index, item) in items.iter().enumerate() {
            let id = item.as_str().unwrap_or_default();
            let Some(catalogue) = self.catalogue(view, id) else {
                let row = key.and_then(|key| item[key].as_str()).map_or_else(|| index.to_string(), str::to_owned);
                pieces.push(Piece { from: Some(index), change: self.value(item, view, &at.row(&row)) });
                continue;
            };
            let targets = migration.targets(&catalogue, id);
            if targets.is_empty() {
                self.leave(&at.path, no_place(&catalogue, id), item.clone());
            } else {
                self.report.referred(&at.plain, targets != [id]);
            }
            for (count, target) in targets.iter().filter(|target| seen.insert(target)).enumerate() {
                let is_same = count == 0 && target == id;
                let change = if is_same { Change::Keep } else { Change::Become(Json::from(target.as_str())) };
                pieces.push(Piece { from: (count == 0).then_some(index), change });
            }
        }
        Change::list(items.len(), pieces)
    }

    /// A register whose rows are called by ids of a catalogue: rows are carried, become several, or become one.
    fn register(&mut self, rows: &[Json], view: &View, key: Option<&str>, catalogue: &str, at: &At) -> Change {
        let Some(key) = key else { return Change::Keep };
        let migration = self.migration;
        let mut fields: Vec<Change> = Vec::new();
        let mut groups: Vec<Group<'_>> = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let id = row[key].as_str().unwrap_or_default();
            let at = at.row(id);
            let targets = migration.targets(catalogue, id);
            let row = match (targets, row.as_object()) {
                ([], _) | (_, None) => {
                    self.leave(&at.path, no_place(catalogue, id), row.clone());
                    fields.push(Change::Remove);
                    continue;
                }
                (_, Some(row)) => row,
            };
            fields.push(self.fields(row, view, &at, Some(key)));
            for target in targets {
                match groups.iter_mut().find(|group| group.id == target) {
                    Some(group) => group.rows.push(index),
                    None => groups.push(Group { id: target, rows: vec![index] }),
                }
            }
        }
        self.order(&mut groups, rows, key, catalogue);
        let mut used = BTreeSet::new();
        let mut pieces = Vec::new();
        for group in &groups {
            let from = group.rows.iter().copied().find(|row| used.insert(*row));
            pieces.push(self.group(group, from, rows, &fields, view, (key, catalogue, at)));
        }
        Change::list(rows.len(), pieces)
    }

    /// One row of the new register.
    fn group(
        &mut self,
        group: &Group<'_>,
        from: Option<usize>,
        rows: &[Json],
        fields: &[Change],
        view: &View,
        (key, catalogue, at): (&str, &str, &At),
    ) -> Piece {
        let id = |row: usize| rows[row][key].as_str().unwrap_or_default();
        let carried: Vec<(&str, Map<String, Json>)> = group
            .rows
            .iter()
            .filter_map(|row| Some((id(*row), fields[*row].applied(&rows[*row])?.as_object()?.clone())))
            .collect();
        let said: Vec<(&str, &Map<String, Json>)> = carried.iter().map(|(id, row)| (*id, row)).collect();
        let (mut merged, mut differences) = rows::merge(&said, self.migration.rows.get(&at.plain));
        differences.retain(|difference| difference.column != key);
        for difference in &mut differences {
            let title = view.property(&difference.column).and_then(|column| column.title.as_ref());
            difference.title = title.unwrap_or(&difference.column).to_owned();
        }
        merged.insert(key.to_owned(), Json::from(group.id));
        let is_split = |row: &usize| self.migration.targets(catalogue, id(*row)).len() > 1;
        self.report.decisions.push(Decision {
            register: at.plain.clone(),
            id: group.id.to_owned(),
            title: title(self.to, catalogue, group.id),
            from: group.rows.iter().map(|row| id(*row).to_owned()).collect(),
            split: group.rows.iter().filter(|row| is_split(row)).map(|row| id(*row).to_owned()).collect(),
            differences,
        });
        let Some(from) = from else { return Piece { from: None, change: Change::Become(Json::Object(merged)) } };
        let old = rows[from].as_object();
        let gone = old.into_iter().flatten().map(|(key, _)| key).filter(|key| !merged.contains_key(*key));
        let mut changes: Vec<Field> = gone.map(|key| Field::new(key.clone(), Change::Remove)).collect();
        for (key, value) in &merged {
            let was = old.and_then(|old| old.get(key));
            // What was changed in parts stays so, and keeps the rest of its text.
            let change = match &fields[from] {
                _ if was == Some(value) => Change::Keep,
                Change::Map(known) => known
                    .iter()
                    .find(|field| {
                        field.key == *key && field.change.applied(was.unwrap_or(&Json::Null)).as_ref() == Some(value)
                    })
                    .map_or_else(|| Change::Become(value.clone()), |field| field.change.clone()),
                _ => Change::Become(value.clone()),
            };
            changes.push(Field::new(key.clone(), change));
        }
        Piece { from: Some(from), change: Change::map(changes) }
    }

    /// A register in the order of its catalogue stays so; another keeps the order of its rows.
    fn order(&self, groups: &mut [Group<'_>], rows: &[Json], key: &str, catalogue: &str) {
        let (old, new) = (order(self.from, catalogue), order(self.to, catalogue));
        let places: Vec<_> = rows.iter().map(|row| row[key].as_str().and_then(|id| old.get(id))).collect();
        if places.is_sorted() {
            groups.sort_by_key(|group| new.get(group.id).copied());
        }
    }
}

/// A row of the new register: its id, and the old rows that it is made of.
struct Group<'m> {
    id: &'m str,
    rows: Vec<usize>,
}

fn no_place(catalogue: &str, id: &str) -> String {
    format!("`{id}` of `{catalogue}` has no counterpart")
}

/// Ids in a sentence.
pub(super) fn listed(ids: &[String]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

/// The place of each id in its catalogue.
pub(super) fn order<'p>(pack: &'p Pack, catalogue: &str) -> BTreeMap<&'p str, usize> {
    let rows = pack.data.get(catalogue).and_then(Json::as_array).into_iter().flatten();
    rows.enumerate().filter_map(|(at, row)| Some((row["id"].as_str()?, at))).collect()
}

/// The title of an id.
pub(super) fn title(pack: &Pack, catalogue: &str, id: &str) -> String {
    let rows = pack.data.get(catalogue).and_then(Json::as_array).into_iter().flatten();
    let row = rows.filter(|row| row["id"] == id).find_map(|row| row["title"].as_str());
    row.unwrap_or_default().to_owned()
}

fn find_keyed(view: &View, at: &At, found: &mut BTreeMap<String, String>) {
    for Property { name, view, .. } in view.properties() {
        let at = at.key(name);
        let column = view.key.as_ref().and_then(|key| view.items()?.property(key));
        let mut names = column.into_iter().flat_map(|column| &column.asks.references).flatten();
        match names.find_map(|name| name.strip_prefix("catalogue:")) {
            Some(catalogue) => drop(found.insert(at.plain, catalogue.to_owned())),
            None => find_keyed(view, &at, found),
        }
    }
}
