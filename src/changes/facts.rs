//! What of the facts is another than it was: key by key, and of registers row by row.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::align::{self, Line, Step};
use crate::holders::PEOPLE_AS_ROLES;
use crate::model::places::{COMING, FORMER};

/// The path of the date of the facts.
pub const AS_OF: &str = "as_of";

/// The keys of a row that say how people call it.
const NAMES: [&str; 5] = ["name", "title", "label", "short_name", "what"];

/// The longest text that stands for a value, in characters.
const MAX_SHOWN: usize = 80;

/// A value that is another than it was, came or went: a single value, or a row of a register; a list whose items stand in
/// another order.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its path; of what went, as it was. Of a row that is called otherwise, that of its key.
    pub path: String,
    /// What stood there.
    pub old: Option<Json>,
    /// What stands there.
    pub new: Option<Json>,
}

impl Difference {
    /// Whether it is the order of a list: both values have those of its items, in short, that stand elsewhere.
    pub fn is_order(&self) -> bool {
        matches!((&self.old, &self.new), (Some(Json::Array(_)), Some(Json::Array(_))))
    }

    /// Of a row that is called otherwise, the path that it had.
    pub fn was(&self) -> Option<String> {
        let (Some(Json::String(old)), Some(Json::String(new))) = (&self.old, &self.new) else { return None };
        let (row, _) = self.path.rsplit_once('.')?;
        let register = row.strip_suffix(&format!("[{new}]"))?;
        Some(format!("{register}[{old}]"))
    }
}

/// What two profiles differ in. `keys` names the key property of each register, by its dotted path.
pub fn differences(
    old: &Map<String, Json>,
    new: &Map<String, Json>,
    keys: &BTreeMap<String, String>,
) -> Vec<Difference> {
    let mut walker = Walker { keys, found: Vec::new() };
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).filter(|name| *name != PEOPLE_AS_ROLES).collect();
    for name in names {
        walker.value(name.clone(), name.clone(), old.get(name), new.get(name));
    }
    walker.found
}

/// The differences of rows that a day moved: they left a register, or came into it, and stand on the other side of that day
/// in the other profile. For each, whether the row says what it said.
pub(super) fn moved(
    profiles: [&Map<String, Json>; 2],
    differences: &[Difference],
    keys: &BTreeMap<String, String>,
) -> BTreeMap<usize, bool> {
    let mut found = BTreeMap::new();
    for (at, difference) in differences.iter().enumerate() {
        let (row, other, asides) = match difference {
            Difference { old: Some(row), new: None, .. } => (row, profiles[1], [FORMER, COMING]),
            Difference { old: None, new: Some(row), .. } => (row, profiles[0], [COMING, FORMER]),
            _ => continue,
        };
        let Some((register, _)) = difference.path.split_once('[').filter(|_| difference.path.ends_with(']')) else {
            continue;
        };
        let Some(property) = keys.get(register) else { continue };
        let rows = asides.iter().filter_map(|aside| {
            let first = other.get(*aside);
            register.split('.').fold(first, |value, key| value?.get(key))?.as_array()
        });
        let mut same = rows.flatten().filter(|known| known[property.as_str()] == row[property.as_str()]);
        found.extend(same.next().map(|known| (at, known == row)));
    }
    found
}

struct Walker<'k> {
    keys: &'k BTreeMap<String, String>,
    found: Vec<Difference>,
}

impl Walker<'_> {
    /// Compares what stands at a path; `plain` is the path without its rows.
    fn value(&mut self, path: String, plain: String, old: Option<&Json>, new: Option<&Json>) {
        let is_nothing = |value: &Json| match value {
            Json::Null => true,
            Json::Array(items) => items.is_empty(),
            Json::Object(map) => map.is_empty(),
            _ => false,
        };
        let (old, new) = (old.filter(|value| !is_nothing(value)), new.filter(|value| !is_nothing(value)));
        match (old, new) {
            (Some(old), Some(new)) if old == new => {}
            (Some(Json::Object(old)), Some(Json::Object(new))) => {
                let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for name in names {
                    let (path, plain) = (format!("{path}.{name}"), format!("{plain}.{name}"));
                    self.value(path, plain, old.get(name), new.get(name));
                }
            }
            (old, new) if old.or(new).is_some() && [old, new].into_iter().flatten().all(Json::is_array) => {
                let rows = |list: Option<&Json>| list.and_then(Json::as_array).cloned().unwrap_or_default();
                self.rows(&path, &plain, &rows(old), &rows(new));
            }
            (None, None) => {}
            (old, new) => self.found.push(Difference { path, old: old.cloned(), new: new.cloned() }),
        }
    }

    fn rows(&mut self, path: &str, plain: &str, old: &[Json], new: &[Json]) {
        let property = self.keys.get(plain);
        let keyed = |rows: &[Json]| -> Option<Vec<String>> {
            let property = property?;
            let keys: Option<Vec<String>> = rows.iter().map(|row| key(&row[property.as_str()])).collect();
            let keys = keys?;
            (keys.iter().collect::<BTreeSet<_>>().len() == keys.len()).then_some(keys)
        };
        let (Some(old_keys), Some(new_keys)) = (keyed(old), keyed(new)) else {
            return self.positions(path, plain, old, new);
        };
        let (news, olds): (BTreeMap<&String, &Json>, BTreeSet<&String>) =
            (new_keys.iter().zip(new).collect(), old_keys.iter().collect());
        let renamed = property.map(|it| renamed(it, (&old_keys, old), (&new_keys, new))).unwrap_or_default();
        for (key, row) in old_keys.iter().zip(old).filter(|(key, _)| !renamed.contains_key(key)) {
            self.value(format!("{path}[{key}]"), plain.to_owned(), Some(row), news.get(key).copied());
        }
        for (old, new) in &renamed {
            let key = property.map(String::as_str).unwrap_or_default();
            let is = |key: &String| Some(Json::from(key.as_str()));
            self.found.push(Difference { path: format!("{path}[{new}].{key}"), old: is(old), new: is(new) });
        }
        let came = |key: &&String| !olds.contains(*key) && !renamed.values().any(|new| *new == *key);
        for (key, row) in new_keys.iter().zip(new).filter(|(key, _)| came(key)) {
            self.value(format!("{path}[{key}]"), plain.to_owned(), None, Some(row));
        }
        let stay_old: Vec<&String> = old_keys
            .iter()
            .map(|key| renamed.get(key).copied().unwrap_or(key))
            .filter(|it| news.contains_key(it))
            .collect();
        let stay_new: Vec<&String> = new_keys.iter().filter(|key| !came(key)).collect();
        let named = |key: &&String| Json::from(key.as_str());
        self.order(path, &stay_old, &stay_new, named, named);
    }

    /// What stands in both, where it stands in another order: without what stands alike before and after.
    fn order<T: PartialEq>(
        &mut self,
        path: &str,
        old: &[T],
        new: &[T],
        of_old: impl Fn(&T) -> Json,
        of_new: impl Fn(&T) -> Json,
    ) {
        let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let (old, new) = (&old[head..], &new[head..]);
        let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
        let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
        if !old.is_empty() && !new.is_empty() {
            let (old, new) = (old.iter().map(of_old).collect(), new.iter().map(of_new).collect());
            self.found.push(Difference { path: path.to_owned(), old: Some(old), new: Some(new) });
        }
    }

    /// Rows without keys: those that say the same are the same, wherever they stand.
    fn positions(&mut self, path: &str, plain: &str, old: &[Json], new: &[Json]) {
        let texts = |rows: &[Json]| -> Vec<String> { rows.iter().map(Json::to_string).collect() };
        let (old_texts, new_texts) = (texts(old), texts(new));
        let old_lines: Vec<Line<'_>> = old_texts.iter().map(|text| Line { key: "", text }).collect();
        let new_lines: Vec<Line<'_>> = new_texts.iter().map(|text| Line { key: "", text }).collect();
        let steps = align::lines(&old_lines, &new_lines);
        // What goes here and comes there as it was stands elsewhere.
        let mut comes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for step in steps.iter().rev() {
            if let Step::New(b) = step {
                comes.entry(&new_texts[*b]).or_default().push(*b);
            }
        }
        let mut elsewhere: BTreeMap<usize, usize> = BTreeMap::new();
        for step in &steps {
            if let Step::Old(a) = step {
                elsewhere.extend(comes.get_mut(old_texts[*a].as_str()).and_then(Vec::pop).map(|b| (*a, b)));
            }
        }
        let (from, moved): (BTreeSet<usize>, BTreeSet<usize>) = elsewhere.iter().map(|(a, b)| (*a, *b)).unzip();
        let mut both: Vec<(usize, usize)> = elsewhere.into_iter().collect();
        for step in steps {
            match step {
                Step::Both(a, b) => {
                    both.push((a, b));
                    self.value(format!("{path}[{b}]"), plain.to_owned(), old.get(a), new.get(b));
                }
                Step::Old(a) if from.contains(&a) => {}
                Step::New(b) if moved.contains(&b) => {}
                Step::Old(a) => self.value(format!("{path}[{a}]"), plain.to_owned(), old.get(a), None),
                Step::New(b) => self.value(format!("{path}[{b}]"), plain.to_owned(), None, new.get(b)),
            }
        }
        if !moved.is_empty() {
            both.sort_unstable();
            let in_old = both.clone();
            both.sort_unstable_by_key(|(_, b)| *b);
            let short = |value: &Json| if value.is_object() { Json::from(in_words(value)) } else { value.clone() };
            self.order(path, &in_old, &both, |(a, _)| short(&old[*a]), |(_, b)| short(&new[*b]));
        }
    }
}

/// Rows that are called otherwise and are the same but for that: what they were called, and what they are called.
fn renamed<'k>(
    property: &str,
    (old_keys, old): (&'k [String], &[Json]),
    (new_keys, new): (&'k [String], &[Json]),
) -> BTreeMap<&'k String, &'k String> {
    let alone = |keys: &'k [String], rows: &[Json], others: &[String]| {
        let others: BTreeSet<&String> = others.iter().collect();
        let mut found: BTreeMap<String, Option<&'k String>> = BTreeMap::new();
        for (key, row) in keys.iter().zip(rows).filter(|(key, _)| !others.contains(key)) {
            let mut row = row.clone();
            row.as_object_mut().and_then(|row| row.remove(property));
            // Two that are alike tell nothing.
            found.entry(row.to_string()).and_modify(|known| *known = None).or_insert(Some(key));
        }
        found
    };
    let (went, came) = (alone(old_keys, old, new_keys), alone(new_keys, new, old_keys));
    let pairs = went.iter().filter_map(|(row, key)| (*key).zip(came.get(row).copied().flatten()));
    pairs.collect()
}

/// The key of a row.
fn key(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A value as people read it: a row by its name, a list by its items.
pub(super) fn in_words(value: &Json) -> String {
    let text = match value {
        Json::Null => String::new(),
        Json::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::Array(items) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            items.iter().map(in_words).collect::<Vec<_>>().join(", ")
        }
        Json::Array(items) => format!("{} rows", items.len()),
        Json::Object(map) => {
            let named = NAMES.iter().find_map(|name| map.get(*name).filter(|value| value.is_string()));
            let first = || map.values().find(|value| value.is_string());
            named.or_else(first).map(in_words).unwrap_or_default()
        }
    };
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Differences by their paths, for those who ask by which of them a value at a path is another.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_path: BTreeMap<String, Vec<usize>>,
    by_column: BTreeMap<String, Vec<usize>>,
    /// The order of lists, by path and by column.
    orders: BTreeMap<String, Vec<usize>>,
}

/// How near a difference is to what a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Near {
    /// It lies somewhere in the list or group that the path leads to.
    Within,
    /// It lies in the row that the path leads to, or in its column.
    Row,
    /// It is that value, or what that value stands in.
    Itself,
}

impl Index {
    pub(super) fn of(differences: &[Difference]) -> Index {
        let mut index = Index::default();
        for (at, difference) in differences.iter().enumerate() {
            if difference.is_order() {
                let names = BTreeSet::from([difference.path.clone(), column(&difference.path)]);
                names.into_iter().for_each(|name| index.orders.entry(name).or_default().push(at));
                continue;
            }
            if let Some(was) = difference.was() {
                index.by_path.entry(was).or_default().push(at);
            }
            index.by_path.entry(difference.path.clone()).or_default().push(at);
            index.by_column.entry(column(&difference.path)).or_default().push(at);
        }
        index
    }

    /// The lists above a path, or that it leads to, whose items stand in another order.
    pub(super) fn orders(&self, path: &str) -> Vec<usize> {
        let above = |path: &str| path.rfind(['.', '[']).map(|end| path[..end].to_owned());
        let all = std::iter::successors(Some(path.to_owned()), |path| above(path));
        all.flat_map(|path| self.orders.get(&path).cloned().unwrap_or_default()).collect()
    }

    /// The differences that a value at a path may be another by, all of them as near as the nearest; not the order of lists.
    pub(super) fn at(&self, path: &str) -> Option<(Near, Vec<usize>)> {
        let is_column = path.contains("[]");
        let known = if is_column { &self.by_column } else { &self.by_path };
        let mut above = Some(path);
        let mut found = Vec::new();
        while let Some(path) = above {
            found.extend(known.get(path).into_iter().flatten().copied());
            above = path.rfind(['.', '[']).map(|end| &path[..end]).filter(|path| !path.is_empty());
        }
        if !found.is_empty() {
            return Some((if is_column { Near::Row } else { Near::Itself }, found));
        }
        let below = known.range(path.to_owned()..).take_while(|(other, _)| other.starts_with(path));
        let below = below.filter(|(other, _)| other[path.len()..].starts_with(['.', '[']));
        let found: Vec<usize> = below.flat_map(|(_, at)| at).copied().collect();
        let near = if path.ends_with(']') || is_column { Near::Row } else { Near::Within };
        (!found.is_empty()).then_some((near, found))
    }
}

/// A path in every row: `risks[].owner` of `risks[R-07].owner`.
pub(super) fn column(path: &str) -> String {
    let (mut plain, mut rest) = (String::new(), path);
    while let Some((before, inside)) = rest.split_once('[') {
        let goes_on = |at: &usize| matches!(inside[at + 1..].chars().next(), None | Some('.' | '['));
        let end = inside.match_indices(']').map(|(at, _)| at).find(goes_on).unwrap_or(inside.len());
        plain.push_str(before);
        plain.push_str("[]");
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(old: Json, new: Json) -> Vec<String> {
        let keys = BTreeMap::from([("risks".to_owned(), "id".to_owned())]);
        let found = differences(old.as_object().unwrap(), new.as_object().unwrap(), &keys);
        let shown = |value: &Option<Json>| value.as_ref().map_or("-".into(), in_words);
        found.iter().map(|it| format!("{}: {} > {}", it.path, shown(&it.old), shown(&it.new))).collect()
    }

    #[test]
    fn registers_differ_row_by_row_and_lists_without_keys_item_by_item() {
        let old = json!({"risks": [{"id": "a", "name": "Fire", "owner": "x"}, {"id": "b", "name": "Flood"}], "n": 1,
            "goals": ["Trust", "Speed"], "empty": [], "people_as_roles": [1]});
        let new = json!({"risks": [{"id": "c", "name": "Theft"}, {"id": "a", "name": "Fire", "owner": "y"}], "n": 2,
            "goals": ["Order", "Trust", "Speed"], "people_as_roles": [2]});
        assert_eq!(
            of(old, new),
            ["goals[0]: - > Order", "n: 1 > 2", "risks[a].owner: x > y", "risks[b]: Flood > -", "risks[c]: - > Theft"]
        );
    }

    #[test]
    fn another_order_and_another_key_of_a_row_are_one_difference() {
        let old = json!({"risks": [{"id": "a", "name": "Fire"}, {"id": "b", "name": "Flood"}, {"id": "c", "name": "Theft"}],
            "duties": ["run the program", "keep the registers", "report"], "goals": [{"name": "x"}, {"name": "y"}]});
        let new = json!({"risks": [{"id": "a", "name": "Fire"}, {"id": "c", "name": "Theft"}, {"id": "d", "name": "Flood"}],
            "duties": ["keep the registers", "run the program", "report"], "goals": [{"name": "y"}, {"name": "x"}]});
        assert_eq!(
            of(old, new),
            [
                "duties: run the program, keep the registers > keep the registers, run the program",
                "goals: x, y > y, x",
                "risks[d].id: b > d",
                "risks: d, c > c, d",
            ]
        );
    }

    #[test]
    fn the_nearest_difference_counts() {
        let difference = |path: &str| Difference { path: path.into(), old: None, new: None };
        let index = Index::of(&[difference("risks[a].owner"), difference("risks[b]"), difference("n")]);
        assert_eq!(index.at("risks[a].owner"), Some((Near::Itself, vec![0])));
        assert_eq!(index.at("risks[b].owner.name"), Some((Near::Itself, vec![1])));
        assert_eq!(index.at("risks[a]"), Some((Near::Row, vec![0])));
        assert_eq!(index.at("risks[].owner"), Some((Near::Row, vec![0, 1])));
        assert_eq!(index.at("risks"), Some((Near::Within, vec![0, 1])));
        assert_eq!(index.at("risks[c].owner"), None);
        assert_eq!(index.at("na"), None);
    }
}
