//! Values that know where they came from: what rules compute with, and what templates print.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use serde_json::Value as Json;

use super::places::{Place, Places, Sources, Step};

/// The bytes of text that weigh as much as a value.
pub const BYTES: usize = 64;

/// A value, and the places that it came from.
#[derive(Debug, Clone, Default)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it came from. For a list or group that a rule made: the row or the decision that it was made for.
    pub from: Sources,
}

/// The kinds of value. Lists and groups are shared, so that a copy costs nothing.
#[derive(Debug, Clone, Default)]
pub enum Kind {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a decimal point.
    Double(f64),
    /// A text.
    Text(EcoString),
    /// A list.
    List(Arc<List>),
    /// Named parts.
    Map(Arc<Map>),
}

/// The items of a list.
#[derive(Debug, Clone, Default)]
pub struct List {
    items: Vec<Value>,
    weight: usize,
}

/// The entries of a map, in the order of their keys.
#[derive(Debug, Clone, Default)]
pub struct Map {
    entries: BTreeMap<Key, Value>,
    weight: usize,
}

/// A key of a map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(EcoString),
}

impl Key {
    /// The key as a text.
    pub fn text(&self) -> EcoString {
        match self {
            Key::Bool(flag) => eco_format!("{flag}"),
            Key::Int(number) => eco_format!("{number}"),
            Key::Text(text) => text.clone(),
        }
    }
}

impl std::ops::Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl std::ops::Deref for Map {
    type Target = BTreeMap<Key, Value>;

    fn deref(&self) -> &BTreeMap<Key, Value> {
        &self.entries
    }
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Value {
        Value { kind, from: Sources::None }
    }
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<EcoString>) -> Value {
        Kind::Text(text.into()).into()
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Value {
        let weight = items.iter().fold(1usize, |sum, item| sum.saturating_add(item.weight()));
        Kind::List(Arc::new(List { items, weight })).into()
    }

    /// A map.
    pub fn map(entries: BTreeMap<Key, Value>) -> Value {
        let weight = entries.values().fold(1usize, |sum, value| sum.saturating_add(value.weight()));
        Kind::Map(Arc::new(Map { entries, weight })).into()
    }

    /// The same value, from elsewhere.
    pub fn with(self, from: Sources) -> Value {
        Value { from, ..self }
    }

    /// The same value; where nothing is known of where it came from, from there.
    pub fn or_from(self, from: &Sources) -> Value {
        if self.from.is_none() { self.with(from.clone()) } else { self }
    }

    /// How many values it would be written out, itself among them; 64 bytes of text are one more.
    pub fn weight(&self) -> usize {
        match &self.kind {
            Kind::Text(text) => 1 + text.len() / BYTES,
            Kind::List(list) => list.weight,
            Kind::Map(map) => map.weight,
            _ => 1,
        }
    }

    /// The text, when it is one.
    pub fn as_text(&self) -> Option<&EcoString> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, when it is a list.
    pub fn as_list(&self) -> Option<&List> {
        match &self.kind {
            Kind::List(list) => Some(list),
            _ => None,
        }
    }

    /// The entries, when it is a map.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(map) => Some(map),
            _ => None,
        }
    }

    /// A field of a map.
    pub fn field(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(&Key::Text(key.into()))
    }

    /// Adds an entry to a map.
    pub fn insert(&mut self, key: Key, value: Value) {
        if let Kind::Map(map) = &mut self.kind {
            let map = Arc::make_mut(map);
            map.weight = map.weight.saturating_add(value.weight());
            map.entries.insert(key, value);
        }
    }

    /// The places that it came from; for a list or map that has none of its own, those of what is in it.
    pub fn sources(&self, places: &Places) -> Sources {
        if !self.from.is_none() {
            return self.from.clone();
        }
        let mut sources = Sources::None;
        let mut add = |value: &Value| sources.add(&value.sources(places), places);
        match &self.kind {
            Kind::List(list) => list.iter().for_each(&mut add),
            Kind::Map(map) => map.values().for_each(&mut add),
            _ => {}
        }
        sources
    }

    /// The value of JSON, with nothing known of where it came from. Numbers that are not whole, or larger than 64 bits,
    /// have a decimal point.
    pub fn of_json(json: &Json) -> Value {
        let mut reader = Reader { places: &mut Places::default(), name: &|_, _| Vec::new(), optional: &|_| &[] };
        reader.read(json, None, &mut Vec::new())
    }

    /// The value as JSON. Maps come out sorted by key.
    pub fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Null => Json::Null,
            Kind::Bool(flag) => Json::Bool(*flag),
            Kind::Int(number) => Json::from(*number),
            Kind::Double(number) => Json::from(*number),
            Kind::Text(text) => Json::from(text.as_str()),
            Kind::List(list) => Json::Array(list.iter().map(Value::to_json).collect()),
            Kind::Map(map) => {
                let entries: BTreeMap<EcoString, &Value> = map.iter().map(|(key, value)| (key.text(), value)).collect();
                Json::Object(entries.into_iter().map(|(key, value)| (key.into(), value.to_json())).collect())
            }
        }
    }
}

/// What the rows of a list are called by, from the path of the list and the list itself; their numbers
/// where it says nothing.
pub(super) type Naming<'a> = dyn Fn(&[String], &[Json]) -> Vec<EcoString> + 'a;

/// The keys that a group may hold single values at, from its path.
pub(super) type Optional<'o> = dyn Fn(&[String]) -> &'o [EcoString] + 'o;

/// Turns JSON into values, with a place for each, and for what may be there and is not.
struct Reader<'a, 'o> {
    places: &'a mut Places,
    name: &'a Naming<'a>,
    optional: &'a Optional<'o>,
}

impl Reader<'_, '_> {
    fn read(&mut self, json: &Json, place: Option<Place>, parts: &mut Vec<String>) -> Value {
        let value = match json {
            Json::Null => Kind::Null.into(),
            Json::Bool(flag) => Kind::Bool(*flag).into(),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Kind::Int(whole).into(),
                None => Kind::Double(number.as_f64().unwrap_or(0.0)).into(),
            },
            Json::String(text) => Value::text(text.as_str()),
            Json::Array(items) => {
                let mut read = Vec::with_capacity(items.len());
                let names = if place.is_some() { (self.name)(parts, items) } else { Vec::new() };
                for (index, item) in items.iter().enumerate() {
                    let name = || names.get(index).cloned().unwrap_or_else(|| eco_format!("{index}"));
                    let inner = place.map(|place| self.places.add(Some(place), Step::Row(index, name())));
                    parts.push(index.to_string());
                    read.push(self.read(item, inner, parts));
                    parts.pop();
                }
                Value::list(read)
            }
            Json::Object(fields) => {
                let mut entries = BTreeMap::new();
                for (key, field) in fields {
                    let inner = place.map(|place| self.places.add(Some(place), Step::Key(key.as_str().into())));
                    parts.push(key.clone());
                    entries.insert(Key::Text(key.as_str().into()), self.read(field, inner, parts));
                    parts.pop();
                }
                if let Some(place) = place {
                    let absent = (self.optional)(parts).iter().filter(|key| !fields.contains_key(key.as_str()));
                    absent.for_each(|key| self.places.add_absent(place, key.clone()));
                }
                Value::map(entries)
            }
        };
        value.with(place.map_or(Sources::None, Sources::One))
    }
}

/// Reads a variable and what is in it, with a place for each.
pub(super) fn read(
    places: &mut Places,
    variable: &str,
    json: &Json,
    name: &Naming<'_>,
    optional: &Optional<'_>,
) -> Value {
    let place = places.add(None, Step::Key(variable.into()));
    Reader { places, name, optional }.read(json, Some(place), &mut vec![variable.to_owned()])
}
