//! What rows reach by the rows that they name: dependencies, processors of processors, who stands above whom.
//!
//! A row names others by their keys in a field that holds one key or a list of them. Circles are no matter: each row is
//! gone to once. Every step from a row to another counts (see [`crate::rules::meter`]).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ecow::EcoString;

use super::{Call, Function, plain};
use crate::model::value::{Key, Kind, Value};
use crate::rules::error::Error;
use crate::rules::eval::Answer;
use crate::rules::meter::spend;

/// The key of what a row reaches.
const REACHES: &str = "reaches";

pub(super) static FUNCTIONS: [Function; 2] = [
    plain("closure", "closure(rows, 'id', 'depends_on')", &[3], closure),
    plain("reaches", "reaches(rows, 'id', 'S-1', 'depends_on')", &[4], reaches),
];

/// The rows by their keys.
struct Graph<'a> {
    rows: BTreeMap<EcoString, &'a Value>,
    field: &'a EcoString,
}

impl<'a> Graph<'a> {
    fn of(call: &'a Call<'_>, key: usize, field: usize) -> Result<Graph<'a>, Error> {
        let (key, field) = (call.text(key)?, call.text(field)?);
        let mut rows = BTreeMap::new();
        for row in call.list(0)?.iter() {
            if row.as_map().is_none() {
                return Err(call.wrong(0, "a list of rows"));
            }
            if let Some(name) = row.field(key).and_then(name) {
                rows.entry(name).or_insert(row);
            }
        }
        Ok(Graph { rows, field })
    }

    /// The keys that a row names.
    fn named(&self, row: &'a Value) -> &'a [Value] {
        match row.field(self.field) {
            None => &[],
            Some(value) => value.as_list().map_or(std::slice::from_ref(value), |list| list),
        }
    }

    /// What is reached from a row, the nearest first: each key as it is written where it was met first.
    fn reached(&self, start: &'a Value) -> Result<Vec<&'a Value>, Error> {
        let (mut known, mut found) = (BTreeSet::new(), Vec::new());
        let mut open = VecDeque::from([start]);
        while let Some(row) = open.pop_front() {
            for key in self.named(row) {
                spend(1)?;
                let Some(name) = name(key) else { continue };
                if known.contains(&name) {
                    continue;
                }
                spend(key.weight())?;
                open.extend(self.rows.get(&name));
                known.insert(name);
                found.push(key);
            }
        }
        Ok(found)
    }
}

/// A key as a text.
fn name(key: &Value) -> Option<EcoString> {
    match &key.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Int(number) => Some(ecow::eco_format!("{number}")),
        _ => None,
    }
}

/// The rows, each with the keys of all that it reaches.
fn closure(call: &Call<'_>) -> Answer {
    let graph = Graph::of(call, 1, 2)?;
    let mut rows = Vec::new();
    for row in call.list(0)?.iter() {
        let reached: Vec<Value> = graph.reached(row)?.into_iter().cloned().collect();
        spend(row.weight())?;
        let mut row = row.clone();
        let reached = Value::list(reached).or_from(&row.from);
        row.insert(Key::Text(REACHES.into()), reached);
        rows.push(row);
    }
    Ok(Value::list(rows).with(call.args[0].from.clone()))
}

/// The rows that are reached from the row of a key, the nearest first; the row itself only where a circle leads back.
fn reaches(call: &Call<'_>) -> Answer {
    let graph = Graph::of(call, 1, 3)?;
    let start = name(&call.args[2]).ok_or_else(|| call.wrong(2, "a key"))?;
    let Some(start) = graph.rows.get(&start) else {
        return Ok(Value::list(Vec::new()).with(call.args[0].from.clone()));
    };
    let mut rows = Vec::new();
    for key in graph.reached(start)? {
        let Some(row) = name(key).and_then(|name| graph.rows.get(&name).copied()) else { continue };
        spend(row.weight())?;
        rows.push(row.clone());
    }
    Ok(Value::list(rows).with(call.args[0].from.clone()))
}
