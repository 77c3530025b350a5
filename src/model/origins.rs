//! Where the values came from that templates see: profile, pack's data, and what rules made of them.

use std::collections::{BTreeMap, BTreeSet};

use ecow::{EcoString, eco_format};
use serde_json::{Map, Value as Json};

use super::places::{COMING, FORMER, Place, Places, Sources, Step};
use super::value::{self, Key, Kind, Value};
use crate::holders::{PEOPLE, PEOPLE_AS_ROLES};

/// The variable that holds what rules derive.
pub const DERIVED: &str = "derived";

/// The variable that holds a pack's data.
pub const DATA: &str = "data";

/// The most places that are named one by one for a condition; of more, their columns are.
const DECIDING: usize = 8;

/// The values that rules and templates see, each with the places that it came from.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    variables: BTreeMap<EcoString, Value>,
    places: Places,
    /// The paths of the profile of which somebody said that there is none.
    pub(super) none: BTreeSet<EcoString>,
    /// The paths of the profile whose values are defaults of the schema.
    pub(super) defaults: BTreeSet<EcoString>,
    /// The paths of the rows of registers of which everything is proposed.
    whole: BTreeSet<EcoString>,
    /// The paths of the values that are proposed in registers, and `duties[].owner` for those of a column.
    proposed: BTreeSet<EcoString>,
}

/// What a path of the scope leads to.
pub(super) struct Found<'a> {
    /// The last value on the way.
    pub(super) value: &'a Value,
    /// What is known of where it came from: the value itself, else what it stands in.
    pub(super) near: &'a Sources,
    /// The parts of the path that lead no further.
    pub(super) rest: &'a [String],
}

/// What is known of a profile besides its values.
pub struct Ground<'a> {
    /// Writes the path of a value, with rows called by their keys.
    pub path: &'a dyn Fn(&[String]) -> EcoString,
    /// The keys at which a group may hold single values, from its path.
    pub optional: &'a dyn Fn(&[String]) -> &'a [EcoString],
    /// The paths of which somebody said that there is none.
    pub none: &'a BTreeSet<EcoString>,
    /// The paths whose values are defaults of the schema.
    pub defaults: &'a BTreeSet<EcoString>,
    /// The paths of the rows of registers of which everything is proposed.
    pub whole: &'a BTreeSet<EcoString>,
    /// The paths of the values that are proposed in registers, and `duties[].owner` for those of a column.
    pub proposed: &'a BTreeSet<EcoString>,
}

impl Origins {
    /// Reads variables. `path` writes the path of a profile's value, with rows called by their keys. Rows of a pack's
    /// data are called by their `id`, where each has its own.
    pub fn new(scope: &Map<String, Json>, path: &dyn Fn(&[String]) -> EcoString) -> Origins {
        let nothing = &BTreeSet::new();
        let (none, defaults, whole, proposed) = (nothing, nothing, nothing, nothing);
        Origins::over(scope, &Ground { path, optional: &|_| &[], none, defaults, whole, proposed })
    }

    /// The same, with what else is known of a profile.
    pub fn over(scope: &Map<String, Json>, ground: &Ground<'_>) -> Origins {
        let Ground { path, optional, none, defaults, whole, proposed } = ground;
        let mut origins = Origins {
            none: (*none).clone(),
            defaults: (*defaults).clone(),
            whole: (*whole).clone(),
            proposed: (*proposed).clone(),
            ..Origins::default()
        };
        for (variable, json) in scope {
            let name = |list: &[String], rows: &[Json]| match variable.as_str() {
                DATA => ids(rows),
                _ => (0..rows.len()).map(|row| row_name(list, row, path)).collect(),
            };
            if variable == PEOPLE_AS_ROLES {
                continue;
            }
            let value = value::read(&mut origins.places, variable, json, &name, optional);
            origins.variables.insert(variable.as_str().into(), value);
        }
        let as_roles = scope.get(PEOPLE_AS_ROLES).map(|rows| origins.as_roles(rows));
        origins.variables.extend(as_roles.map(|rows| (PEOPLE_AS_ROLES.into(), rows)));
        let absent = optional(&[]).iter().filter(|name| !scope.contains_key(name.as_str()));
        absent.for_each(|name| origins.places.add_absent_variable(name.clone()));
        origins.variables.insert(DERIVED.into(), Value::map(BTreeMap::new()));
        origins
    }

    /// The people who stand in place of roles: what is said of each comes from the person's own row.
    fn as_roles(&self, rows: &Json) -> Value {
        let people = self.variables.get(PEOPLE).and_then(Value::as_list);
        let row = |row: &Json| {
            let is_it = |person: &&Value| {
                person.field("id").and_then(Value::as_text).is_some_and(|id| row["holder"] == id.as_str())
            };
            let person = people.into_iter().flat_map(|people| people.iter()).find(is_it);
            let from = |key: &str| person.and_then(|person| person.field(key)).map(|value| value.from.clone());
            let own = |(key, value): (&String, &Json)| {
                let from = match key.as_str() {
                    "id" | "holder" => from("id"),
                    "title" => from("name"),
                    "forms" => return Some((Key::Text("forms".into()), person?.field("forms")?.clone())),
                    _ => None,
                };
                Some((Key::Text(key.as_str().into()), Value::of_json(value).with(from.unwrap_or_default())))
            };
            let fields = row.as_object().into_iter().flatten().filter_map(own).collect();
            Value::map(fields).with(person.map(|person| person.from.clone()).unwrap_or_default())
        };
        Value::list(rows.as_array().into_iter().flatten().map(row).collect())
    }

    /// Adds a variable that is no part of the profile, each value of it with its place. Rows are called by their `id`.
    pub fn tell(&mut self, name: &str, json: &Json) {
        let value = value::read(&mut self.places, name, json, &|_, rows| ids(rows), &|_| &[]);
        self.define(name, value);
    }

    /// Reads variables without asking where they come from.
    pub fn untraced(scope: &Map<String, Json>) -> Origins {
        let mut variables: BTreeMap<EcoString, Value> =
            scope.iter().map(|(name, json)| (name.as_str().into(), Value::of_json(json))).collect();
        variables.entry(DERIVED.into()).or_insert_with(|| Value::map(BTreeMap::new()));
        Origins { variables, ..Origins::default() }
    }

    /// All variables in one value, as those of [`Origins::untraced`] are.
    pub fn into_value(self) -> Value {
        Value::map(self.variables.into_iter().map(|(name, value)| (Key::Text(name), value)).collect())
    }

    /// The places that values come from.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// A variable.
    pub fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(name)
    }

    /// Whether a value is a row of a register, or was made for one, of which everything is proposed.
    pub fn is_whole_proposal(&self, value: &Value) -> bool {
        match value.from {
            Sources::One(place) if !self.whole.is_empty() => self.whole.contains(&self.places.path(place)),
            _ => false,
        }
    }

    /// Whether anything in a register is proposed.
    pub fn has_proposed(&self) -> bool {
        !self.proposed.is_empty()
    }

    /// Whether a value at a path, or all of a row or column, is proposed.
    pub fn is_proposed(&self, path: &str) -> bool {
        self.proposed.contains(path)
    }

    /// Adds those of some places at which a value is proposed: what was chosen by it hangs on it.
    pub fn add_proposed(&self, from: &Sources, to: &mut Sources) {
        if self.proposed.is_empty() {
            return;
        }
        for place in from.places().iter().filter(|place| self.proposed.contains(&self.places.path(**place))) {
            to.add(&Sources::One(*place), &self.places);
        }
    }

    /// The names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(|name| name.as_str())
    }

    /// Adds a variable.
    pub fn define(&mut self, name: &str, value: Value) {
        self.variables.insert(name.into(), value);
    }

    /// Adds a derived value.
    pub fn derive(&mut self, id: &str, value: Value) {
        if let Some(derived) = self.variables.get_mut(DERIVED) {
            derived.insert(Key::Text(id.into()), value);
        }
    }

    /// The value of the profile or of a pack's data that a path of the scope shows as it stands there.
    pub fn exact(&self, path: &[String]) -> Option<&Value> {
        let found = self.find(path).filter(|found| found.rest.is_empty())?;
        match found.near {
            Sources::One(place) => self.value_at(*place),
            _ => None,
        }
    }

    /// The value at a path, as [`places`](super::places) writes it.
    pub fn value_of(&self, path: &str) -> Option<&Value> {
        let now = self.value_of_variable(path);
        now.or_else(|| {
            let aside = [FORMER, COMING].into_iter().filter_map(|name| self.variables.get(name)?.as_map());
            let aside = aside.flat_map(|lists| lists.iter());
            let mut lists = aside.filter_map(|(key, list)| Some((list, path_after(path, &key.text())?)));
            lists.find_map(|(list, rest)| self.follow(list, rest))
        })
    }

    fn value_of_variable(&self, path: &str) -> Option<&Value> {
        // Keys may hold points and brackets, so those that there are tell where a step ends.
        let after = |key: &str| path_after(path, key).map(|rest| (key.len(), rest));
        let (_, variable, rest) = self
            .variables
            .iter()
            .filter_map(|(name, value)| after(name).map(|(length, rest)| (length, value, rest)))
            .max_by_key(|(length, ..)| *length)?;
        self.follow(variable, rest)
    }

    fn follow<'a>(&'a self, value: &'a Value, rest: &str) -> Option<&'a Value> {
        if rest.is_empty() {
            return Some(value);
        }
        match &value.kind {
            Kind::Map(map) => {
                let rest = rest.strip_prefix('.')?;
                let steps = map.iter().filter_map(|(key, value)| Some((value, path_after(rest, &key.text())?)));
                let (value, rest) = steps.min_by_key(|(_, rest)| rest.len())?;
                self.follow(value, rest)
            }
            Kind::List(list) => {
                let rest = rest.strip_prefix('[')?;
                let steps = list.iter().filter_map(|row| {
                    let Sources::One(place) = row.from else { return None };
                    let Some(Step::Row(_, name)) = self.places.steps(place).pop() else { return None };
                    Some((row, rest.strip_prefix(name.as_str())?.strip_prefix(']')?))
                });
                let (row, rest) = steps.min_by_key(|(_, rest)| rest.len())?;
                self.follow(row, rest)
            }
            _ => None,
        }
    }

    pub(super) fn value_at(&self, place: Place) -> Option<&Value> {
        let mut steps = self.places.steps(place).into_iter();
        let Some(Step::Key(variable)) = steps.next() else { return None };
        steps.try_fold(self.variables.get(variable)?, |value, step| match step {
            Step::Key(key) => value.as_map()?.get(&Key::Text(key.clone())),
            Step::Row(row, _) => value.as_list()?.get(*row),
            Step::Every => None,
        })
    }

    /// The places that the value at a path of the scope came from, the path as Handlebars has it.
    pub fn sources(&self, path: &[String]) -> Sources {
        let Some(found) = self.find(path) else { return Sources::None };
        let own = if found.rest.is_empty() { found.value.sources(&self.places) } else { Sources::None };
        if !own.is_none() {
            return own;
        }
        found.near.clone()
    }

    /// The places that the items of a list came from; those of the list itself when it has none.
    pub fn item_sources(&self, path: &[String]) -> Sources {
        let mut sources = Sources::None;
        if let Some(Found { value, rest: [], .. }) = self.find(path)
            && let Some(list) = value.as_list()
        {
            list.iter().for_each(|item| sources.add(&item.sources(&self.places), &self.places));
        }
        if sources.is_none() { self.sources(path) } else { sources }
    }

    /// The paths that a condition reads at a path of the scope: whether a list is empty hangs on its rows.
    pub fn decisive(&self, path: &[String]) -> Vec<EcoString> {
        let few = |sources: &Sources| (1..=DECIDING).contains(&sources.places().len());
        let sources = self.sources(path);
        if few(&sources) {
            return self.paths(path);
        }
        let items = self.item_sources(path);
        let sources = if few(&items) { items } else { self.places.columns(&sources) };
        if sources.is_none() { self.paths(path) } else { self.written(&sources) }
    }

    /// The paths of what stands, or would stand, at a path of the scope: of the profile, of a pack's data, or of the
    /// rule that made it out of nothing else.
    pub fn paths(&self, path: &[String]) -> Vec<EcoString> {
        let sources = self.sources(path);
        let Some(found) = self.find(path) else { return vec![path.join(".").into()] };
        if let ([one], false) = (sources.places(), found.rest.is_empty()) {
            return vec![eco_format!("{}.{}", self.places.path(*one), found.rest.join("."))];
        }
        let paths = self.written(&sources);
        if paths.is_empty() { vec![path.iter().take(2).cloned().collect::<Vec<_>>().join(".").into()] } else { paths }
    }

    /// Places as paths.
    pub fn written(&self, sources: &Sources) -> Vec<EcoString> {
        sources.places().iter().map(|place| self.places.path(*place)).collect()
    }

    /// The row of a register that the value at a path of the scope is, or was made for; only a row with a key of its own.
    pub fn row(&self, path: &[String]) -> Option<EcoString> {
        let found = self.find(path)?;
        let Sources::One(place) = found.value.from else { return None };
        let row = self.places.row(place).filter(|row| *row == place && found.rest.is_empty())?;
        match self.places.steps(row).last() {
            Some(Step::Row(index, key)) if *key != eco_format!("{index}") => Some(self.places.path(row)),
            _ => None,
        }
    }

    pub(super) fn find<'a>(&'a self, path: &'a [String]) -> Option<Found<'a>> {
        let (variable, parts) = path.split_first()?;
        let value = self.variables.get(variable.as_str())?;
        let mut found = Found { value, near: &value.from, rest: &[] };
        for (at, part) in parts.iter().enumerate() {
            let next = match &found.value.kind {
                Kind::List(list) => part.parse().ok().and_then(|row: usize| list.get(row)),
                Kind::Map(map) => map
                    .get(&Key::Text(part.as_str().into()))
                    .or_else(|| map.iter().find(|(key, _)| key.text() == part.as_str()).map(|(_, value)| value)),
                _ => None,
            };
            match next {
                Some(next) => {
                    found.value = next;
                    found.near = if next.from.is_none() { found.near } else { &next.from };
                }
                None => {
                    found.rest = &parts[at..];
                    return Some(found);
                }
            }
        }
        Some(found)
    }
}

/// The ids of rows, when each has one of its own.
fn ids(rows: &[Json]) -> Vec<EcoString> {
    let ids: Vec<EcoString> = rows.iter().filter_map(|row| row["id"].as_str()).map(EcoString::from).collect();
    let distinct: BTreeSet<&EcoString> = ids.iter().collect();
    if distinct.len() == rows.len() { ids } else { Vec::new() }
}

/// What a row is called by in its path.
fn row_name(list: &[String], row: usize, path: &dyn Fn(&[String]) -> EcoString) -> EcoString {
    let parts: Vec<String> = list.iter().cloned().chain([row.to_string()]).collect();
    let (list, whole) = (path(list), path(&parts));
    let name = whole.strip_prefix(list.as_str()).and_then(|key| key.strip_prefix('[')?.strip_suffix(']'));
    name.map_or_else(|| eco_format!("{row}"), EcoString::from)
}

/// What follows a key at the beginning of a path.
fn path_after<'p>(path: &'p str, key: &str) -> Option<&'p str> {
    path.strip_prefix(key).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
