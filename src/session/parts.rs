//! The facts in parts, each of which can be made what it was.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::changes::{AS_OF, Comparison, Difference};
use crate::holders::{PEOPLE_AS_ROLES, REGISTERS, ROLES};
use crate::model::places::{COMING, FORMER};
use crate::workspace::profile::{Step, steps};

/// The parts of the facts that differ: single values and rows, or else whole keys of the profile. What a day alone moved
/// goes with the day, and what
/// leads to a row that is called otherwise with that row.
pub(super) fn parts<'d>(
    differences: &'d [Difference],
    comparison: &Comparison<'_>,
    keys: &BTreeMap<String, String>,
    is_fine: bool,
) -> BTreeMap<String, Vec<&'d Difference>> {
    // Where one difference is of the whole, the others are no parts of their own.
    let of_all: Vec<String> = differences.iter().map(|it| part(it, keys, is_fine)).collect();
    let wholes: BTreeSet<&str> = of_all.iter().map(String::as_str).filter(|part| !part.contains(['.', '['])).collect();
    let moved = differences.iter().filter(|it| comparison.is_moved(it)).map(|it| part(it, keys, true));
    let moved: BTreeSet<String> = moved.collect();
    // A row that a day moved is gone here and came there.
    let is_moved = |it: &Difference| {
        let is_aside = [FORMER, COMING].iter().any(|aside| it.path.starts_with(aside));
        comparison.is_moved(it) || (is_aside && moved.contains(&part(it, keys, true)))
    };
    // What leads to a row that is called otherwise changes with it.
    let values = |it: &Difference| it.old.as_ref().map(Json::to_string).zip(it.new.as_ref().map(Json::to_string));
    let renamed = differences.iter().filter(|it| it.was().is_some());
    let renamed: BTreeMap<(String, String), String> =
        renamed.filter_map(|it| Some((values(it)?, part(it, keys, is_fine)))).collect();
    let mut found: BTreeMap<String, Vec<&Difference>> = BTreeMap::new();
    for (difference, part) in differences.iter().zip(&of_all) {
        let first = part.split(['.', '[']).next().unwrap_or_default();
        let renamed = values(difference).and_then(|values| renamed.get(&values));
        let name = match (is_moved(difference), renamed) {
            (true, _) => AS_OF,
            (false, Some(row)) => row,
            (false, None) if wholes.contains(first) => first,
            (false, None) => part,
        };
        found.entry(name.to_owned()).or_default().push(difference);
    }
    found
}

/// The part of the facts that a difference lies in: a value of a group, a row of a register, wherever it stands by its days;
/// else a key of the profile.
pub(super) fn part(difference: &Difference, keys: &BTreeMap<String, String>, is_fine: bool) -> String {
    let mut steps = steps(&difference.path);
    if matches!(steps.first(), Some(Step::Key(FORMER | COMING))) && steps.len() > 1 {
        steps.remove(0);
    }
    let is_one = is_fine && !difference.is_order() && difference.was().is_none();
    match steps.as_slice() {
        [Step::Key(register), Step::Row(row), ..] if is_one && keys.contains_key(*register) => {
            format!("{register}[{row}]")
        }
        [Step::Key(group), Step::Key(key), ..] if is_one => format!("{group}.{key}"),
        [Step::Key(key), ..] => (*key).to_owned(),
        _ => difference.path.clone(),
    }
}

/// Makes a part of a profile what it was.
pub(super) fn put_back(
    profile: &mut Map<String, Json>,
    old: &Map<String, Json>,
    part: &str,
    keys: &BTreeMap<String, String>,
) {
    let steps = steps(part);
    let Some(Step::Key(first)) = steps.first().copied() else { return };
    if first == ROLES || REGISTERS.contains(&first) {
        replace(profile, old, PEOPLE_AS_ROLES);
    }
    match (steps.get(1), keys.get(first)) {
        (Some(Step::Row(row)), Some(property)) => {
            rows_back(profile, old, first, property, row);
            for aside in [FORMER, COMING] {
                let of = |profile: &Map<String, Json>| profile.get(aside).and_then(Json::as_object).cloned();
                let (was, mut is) = (of(old).unwrap_or_default(), of(profile).unwrap_or_default());
                rows_back(&mut is, &was, first, property, row);
                if !is.is_empty() || profile.contains_key(aside) {
                    profile.insert(aside.to_owned(), Json::Object(is));
                }
            }
        }
        (Some(Step::Key(key)), _) => {
            let was = old.get(first).and_then(Json::as_object);
            match (profile.get_mut(first).and_then(Json::as_object_mut), was) {
                (Some(is), Some(was)) => replace(is, was, key),
                _ => replace(profile, old, first),
            }
        }
        _ => {
            replace(profile, old, first);
            for aside in [FORMER, COMING] {
                let was = old.get(aside).and_then(Json::as_object).cloned().unwrap_or_default();
                if let Some(is) = profile.get_mut(aside).and_then(Json::as_object_mut) {
                    replace(is, &was, first);
                }
            }
        }
    }
}

fn replace(is: &mut Map<String, Json>, was: &Map<String, Json>, key: &str) {
    match was.get(key) {
        Some(value) => drop(is.insert(key.to_owned(), value.clone())),
        None => drop(is.remove(key)),
    }
}

/// Makes a row of a register what it was: another, gone, or there again behind the row that it stood behind.
fn rows_back(is: &mut Map<String, Json>, was: &Map<String, Json>, register: &str, property: &str, row: &str) {
    let list = |from: &Map<String, Json>| from.get(register).and_then(Json::as_array).cloned().unwrap_or_default();
    let (old, mut new) = (list(was), list(is));
    let is_called = |known: &Json, key: &str| match &known[property] {
        Json::String(text) => text == key,
        Json::Number(number) => number.to_string() == key,
        _ => false,
    };
    let there = new.iter().position(|known| is_called(known, row));
    let before = old.iter().position(|known| is_called(known, row));
    match (there, before) {
        (Some(there), Some(before)) => new[there] = old[before].clone(),
        (Some(there), None) => drop(new.remove(there)),
        (None, Some(before)) => {
            let above = old[..before].iter().rev();
            let at = above.filter_map(|above| new.iter().position(|known| known[property] == above[property])).next();
            new.insert(at.map_or(0, |at| at + 1), old[before].clone());
        }
        (None, None) => return,
    }
    match new.is_empty() && !was.contains_key(register) {
        true => drop(is.remove(register)),
        false => drop(is.insert(register.to_owned(), Json::Array(new))),
    }
}
