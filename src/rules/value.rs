//! JSON in and out of CEL.

use std::collections::{BTreeMap, HashMap};

use cel::common::types::{
    CelBool, CelDouble, CelInt, CelList, CelMap, CelMapKey, CelNull, CelOptional, CelString, CelUInt,
};
use cel::common::value::Val;
use serde_json::Value as Json;

/// A JSON value for CEL, whose texts are those of `json`. Whole numbers become `int`, never `uint`, so that they can be
/// subtracted.
pub(super) fn borrow(json: &Json) -> Box<dyn Val + '_> {
    match json {
        Json::Null => Box::new(CelNull),
        Json::Bool(flag) => Box::new(CelBool::from(*flag)),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Box::new(CelInt::from(whole)),
            None => Box::new(CelDouble::from(number.as_f64().unwrap_or(0.0))),
        },
        Json::String(text) => Box::new(CelString::from(text.as_str())),
        Json::Array(items) => Box::new(CelList::from(items.iter().map(borrow).collect::<Vec<_>>())),
        Json::Object(fields) => Box::new(CelMap::from(
            fields.iter().map(|(key, value)| (CelMapKey::from(key.as_str()), borrow(value))).collect::<HashMap<_, _>>(),
        )),
    }
}

/// A CEL value as JSON. Maps come out sorted by key; what JSON has no word for comes out as `null`.
pub(super) fn to_json(value: &dyn Val) -> Json {
    if let Some(text) = value.downcast_ref::<CelString<'_>>() {
        Json::from(text.inner())
    } else if let Some(number) = value.downcast_ref::<CelInt>() {
        Json::from(*number.inner())
    } else if let Some(flag) = value.downcast_ref::<CelBool>() {
        Json::from(*flag.inner())
    } else if let Some(list) = value.downcast_ref::<CelList<'_>>() {
        Json::Array(list.iter().map(|item| to_json(&**item)).collect())
    } else if let Some(map) = value.downcast_ref::<CelMap<'_>>() {
        Json::Object(sorted(map).into_iter().map(|(key, value)| (key, to_json(value))).collect())
    } else if let Some(number) = value.downcast_ref::<CelDouble>() {
        Json::from(*number.inner())
    } else if let Some(number) = value.downcast_ref::<CelUInt>() {
        Json::from(*number.inner())
    } else if let Some(optional) = value.downcast_ref::<CelOptional<'_>>() {
        optional.option().map_or(Json::Null, to_json)
    } else {
        Json::Null
    }
}

/// The entries of a CEL map in the order of their keys: a hash map's own order is not repeatable.
#[expect(clippy::iter_over_hash_type, reason = "sorted at once")]
pub(super) fn sorted<'a, 'v>(map: &'a CelMap<'v>) -> BTreeMap<String, &'a (dyn Val + 'v)> {
    let mut entries = BTreeMap::new();
    for (key, value) in map.inner() {
        let key = match key {
            CelMapKey::String(text) => text.inner().to_owned(),
            CelMapKey::Bool(flag) => flag.inner().to_string(),
            CelMapKey::Int(number) => number.inner().to_string(),
            CelMapKey::UInt(number) => number.inner().to_string(),
        };
        entries.insert(key, value.as_ref());
    }
    entries
}
