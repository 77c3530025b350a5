//! Schemas laid over one another: what comes of it asks what each of them asks.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::bounds;
use super::view::common;

/// The keywords of one schema.
type Part = Map<String, Json>;

/// Keywords that only mean something together. Where two schemas use a group whose first is among them, each keeps its
/// own.
const TOGETHER: [&[&str]; 4] = [
    &["if", "then", "else"],
    &["contains", "minContains", "maxContains"],
    &["prefixItems", "items"],
    &["patternProperties", "additionalProperties", "properties"],
];

/// A schema over another. Groups are joined property by property, so that an outer pack adds keys; texts and defaults are
/// the outer's; of everything else, both must hold.
pub(super) fn over(base: &Json, own: &Json) -> Json {
    Merge { roots: [base, own] }.both(base, own)
}

/// The items of a list, and those of another that it does not have.
fn all(these: &Json, those: &Json) -> Json {
    let (these, those) = (these.as_array().into_iter().flatten(), those.as_array().into_iter().flatten());
    let mut joined: Vec<Json> = Vec::new();
    for item in these.chain(those) {
        if !joined.contains(item) {
            joined.push(item.clone());
        }
    }
    Json::Array(joined)
}

struct Merge<'s> {
    /// Where references lead to, in both when both have the place.
    roots: [&'s Json; 2],
}

impl<'s> Merge<'s> {
    fn both(&self, base: &Json, own: &Json) -> Json {
        match (base, own) {
            _ if base == own => own.clone(),
            (Json::Bool(true), other) | (other, Json::Bool(true)) => other.clone(),
            (Json::Bool(false), _) | (_, Json::Bool(false)) => Json::Bool(false),
            (Json::Object(base), Json::Object(own)) => Json::Object(self.join(&self.flat(base), &self.flat(own))),
            _ => own.clone(),
        }
    }

    /// The same schema without `$ref` and, as far as may be, without `allOf`: a key can only be added to a group that
    /// stands in one place.
    fn flat<'p>(&self, schema: &'p Part) -> Cow<'p, Part> {
        if !schema.contains_key("$ref") && !schema.contains_key("allOf") {
            return Cow::Borrowed(schema);
        }
        let mut whole = schema.clone();
        let pointer = whole.shift_remove("$ref");
        let parts = whole.shift_remove("allOf");
        let pointer = pointer.as_ref().and_then(|reference| reference.as_str()?.strip_prefix('#'));
        let targets = self.roots.iter().filter_map(|root| root.pointer(pointer?));
        for part in targets.chain(parts.as_ref().and_then(Json::as_array).into_iter().flatten()) {
            whole = match part {
                Json::Object(part) => self.join(&self.flat(part), &whole),
                Json::Bool(false) => self.join(&Part::from_iter([("not".to_owned(), json!({}))]), &whole),
                _ => whole,
            };
        }
        Cow::Owned(whole)
    }

    fn join(&self, base: &Part, own: &Part) -> Part {
        let mut whole = Part::new();
        let mut apart: BTreeSet<&str> =
            TOGETHER.into_iter().filter(|group| is_apart(group, base, own)).flatten().copied().collect();
        for (keyword, known) in base {
            let value = match own.get(keyword) {
                _ if keyword == "properties" && !apart.contains("properties") => {
                    Json::Object(self.properties(base, own))
                }
                Some(value) if value != known && !apart.contains(keyword.as_str()) => {
                    self.joined(keyword, known, value).unwrap_or_else(|| {
                        apart.insert(keyword);
                        known.clone()
                    })
                }
                _ => known.clone(),
            };
            whole.insert(keyword.clone(), value);
        }
        for (keyword, value) in own {
            if !whole.contains_key(keyword) && !apart.contains(keyword.as_str()) {
                let value =
                    if keyword == "properties" { Json::Object(self.properties(base, own)) } else { value.clone() };
                whole.insert(keyword.clone(), value);
            }
        }
        let more = left_over(own, &apart);
        if !more.is_empty() {
            match whole.get_mut("allOf").and_then(Json::as_array_mut) {
                Some(parts) => parts.extend(more),
                None => drop(whole.insert("allOf".into(), Json::Array(more))),
            }
        }
        whole
    }

    /// The keys of both. One that only one of them names is, to the other, a key like any that it does not name; where it
    /// allows none, it gets this one.
    fn properties<'p>(&self, base: &'p Part, own: &'p Part) -> Part {
        let named = |part: &'p Part| part.get("properties").and_then(Json::as_object);
        let asked = |part: &'p Part, key: &str| {
            let any = || part.get("additionalProperties").filter(|any| any.is_object());
            named(part).and_then(|named| named.get(key)).or_else(any)
        };
        let mut joined = Part::new();
        for key in [base, own].into_iter().filter_map(named).flat_map(Part::keys) {
            if !joined.contains_key(key) {
                let value = match (asked(base, key), asked(own, key)) {
                    (Some(base), Some(own)) => self.both(base, own),
                    (base, own) => base.or(own).cloned().unwrap_or_default(),
                };
                joined.insert(key.clone(), value);
            }
        }
        joined
    }

    /// What both say by one keyword, said by it once; `None` when it cannot be.
    fn joined(&self, keyword: &str, base: &Json, own: &Json) -> Option<Json> {
        match keyword {
            "title" | "description" | "default" | "$schema" | "$comment" | "examples" => Some(own.clone()),
            "x-folio-closed" | "x-folio-decision" | "x-folio-in-force" | "x-folio-optional" | "x-folio-who"
            | "x-folio-why" => Some(own.clone()),
            "x-folio-ref" => Some(narrower(base, own)?.clone()),
            "x-folio-synonyms" => Some(all(own, base)),
            "x-folio-choices" => {
                let mut joined = base.as_object()?.clone();
                joined.extend(own.as_object()?.clone());
                Some(Json::Object(joined))
            }
            "x-folio-written" => {
                let mut joined = own.as_object()?.clone();
                for (value, words) in base.as_object()? {
                    let words = joined.get(value).map_or_else(|| words.clone(), |known| all(known, words));
                    joined.insert(value.clone(), words);
                }
                Some(Json::Object(joined))
            }
            "$defs" | "patternProperties" => {
                let mut joined = base.as_object()?.clone();
                for (key, value) in own.as_object()? {
                    let value = joined.get(key).map_or_else(|| value.clone(), |known| self.both(known, value));
                    joined.insert(key.clone(), value);
                }
                Some(Json::Object(joined))
            }
            "items" | "additionalProperties" | "propertyNames" => Some(self.both(base, own)),
            "required" => {
                let known: BTreeSet<Option<&str>> = base.as_array()?.iter().map(Json::as_str).collect();
                let more = own.as_array()?.iter().filter(|key| !known.contains(&key.as_str()));
                Some(Json::Array(base.as_array()?.iter().chain(more).cloned().collect()))
            }
            "enum" => {
                let kept = common(own.as_array()?, base.as_array()?);
                (!kept.is_empty()).then_some(Json::Array(kept))
            }
            "type" => common_type(base, own),
            "uniqueItems" => Some(Json::Bool(true)),
            "allOf" => Some(Json::Array(base.as_array()?.iter().chain(own.as_array()?).cloned().collect())),
            _ => match bounds::of(keyword) {
                Some(bound) => {
                    let (below, above) = (base.as_f64()?, own.as_f64()?);
                    Some(if bound.tighter(below, above) == below { base } else { own }.clone())
                }
                None => keyword.starts_with("x-").then(|| own.clone()),
            },
        }
    }
}

/// Whether keywords that belong together cannot be joined: both schemas use them, and not in the same way.
fn is_apart(group: &[&str], base: &Part, own: &Part) -> bool {
    let uses = |part: &Part| group.iter().any(|keyword| part.contains_key(*keyword));
    let same = group.iter().all(|keyword| base.get(*keyword) == own.get(*keyword));
    let leads = |part: &Part| part.contains_key(group[0]);
    let is_met = match group[0] {
        // A key that a pattern fits is, to the other, one like any that it does not name.
        "patternProperties" => {
            let asks = |part: &Part| part.get("additionalProperties").is_some_and(Json::is_object);
            (leads(base) && asks(own)) || (leads(own) && asks(base))
        }
        _ => leads(base) || leads(own),
    };
    uses(base) && uses(own) && is_met && !same
}

/// The keywords that stay apart, each group as a schema of its own. A pattern keeps the words that explain it.
fn left_over(own: &Part, apart: &BTreeSet<&str>) -> Vec<Json> {
    let alone = apart.iter().filter(|keyword| !TOGETHER.iter().any(|group| group.contains(keyword)));
    let groups = TOGETHER.into_iter().filter(|group| apart.contains(group[0])).map(<[&str]>::to_vec);
    let groups = groups.chain(alone.map(|keyword| match *keyword {
        "pattern" => vec!["pattern", "description"],
        keyword => vec![keyword],
    }));
    let schema = |group: Vec<&str>| -> Part {
        group.into_iter().filter_map(|keyword| Some((keyword.to_owned(), own.get(keyword)?.clone()))).collect()
    };
    groups.map(schema).filter(|schema| !schema.is_empty()).map(Json::Object).collect()
}

/// The one of two lists that has nothing that the other has not.
fn narrower<'j>(base: &'j Json, own: &'j Json) -> Option<&'j Json> {
    let (below, above) = (base.as_array()?, own.as_array()?);
    match common(above, below).len() {
        kept if kept == above.len() => Some(own),
        kept if kept == below.len() => Some(base),
        _ => None,
    }
}

/// The types that both allow; a whole number is a number.
fn common_type(base: &Json, own: &Json) -> Option<Json> {
    let says = |types: &Json, name: &str| {
        types == name || types.as_array().is_some_and(|all| all.iter().any(|one| one == name))
    };
    let allows = |types: &Json, name: &str| says(types, name) || (name == "integer" && says(types, "number"));
    let names = ["string", "number", "integer", "boolean", "array", "object", "null"];
    let mut common: Vec<&str> = names.into_iter().filter(|name| allows(base, name) && allows(own, name)).collect();
    if common.contains(&"number") {
        common.retain(|name| *name != "integer");
    }
    match common.as_slice() {
        [] => None,
        [only] => Some(json!(only)),
        several => Some(json!(several)),
    }
}
