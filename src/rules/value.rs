//! JSON in and out of CEL.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cel::Value;
use cel::objects::Key;
use serde_json::Value as Json;

/// A JSON value for CEL. Whole numbers become `int`, never `uint`, so that they can be subtracted.
pub(super) fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or(0.0)), Value::Int)
        }
        Json::String(text) => Value::String(Arc::new(text.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(from_json).collect())),
        Json::Object(fields) => {
            Value::from(fields.iter().map(|(key, value)| (key.clone(), from_json(value))).collect::<HashMap<_, _>>())
        }
    }
}

/// A CEL value as JSON. Maps come out sorted by key; what JSON has no word for comes out as `null`.
pub(super) fn to_json(value: &Value) -> Json {
    match value {
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Int(number) => Json::from(*number),
        Value::UInt(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::String(text) => Json::String(text.to_string()),
        Value::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Map(map) => {
            Json::Object(sorted(&map.map).into_iter().map(|(key, value)| (key, to_json(value))).collect())
        }
        _ => Json::Null,
    }
}

/// The entries of a CEL map in the order of their keys: a hash map's own order is not repeatable.
#[expect(clippy::iter_over_hash_type, reason = "sorted at once")]
pub(super) fn sorted(map: &HashMap<Key, Value>) -> BTreeMap<String, &Value> {
    let mut entries = BTreeMap::new();
    for (key, value) in map {
        entries.insert(key.to_string(), value);
    }
    entries
}
