//! The JSON Schema that a pack asks of a profile: its own, laid over those of its bases.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Layer, has};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::workspace::profile::schema::engine;

pub(crate) const FILE: &str = "profile.schema.json";

/// Reads the schemas of all layers as one. A pack that extends another may have none.
pub(super) fn read(layers: &[Layer], sink: &mut Sink) -> Option<Json> {
    let mut whole: Option<Json> = None;
    for (at, layer) in layers.iter().enumerate().rev() {
        let is_last_hope = at == 0 && whole.is_none();
        if !has(&*layer.files, FILE) && !is_last_hope {
            continue;
        }
        let name = layer.files.name(FILE);
        let bytes = match layer.files.read(FILE) {
            Ok(bytes) => bytes,
            Err(error) => {
                sink.push(Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name)));
                return None;
            }
        };
        let schema: Json = match serde_json::from_slice(&bytes) {
            Ok(schema) => schema,
            Err(error) => {
                let span = Span::text(name, error.line() as u32, error.column() as u32, 0);
                sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, format!("this is not JSON: {error}")).at(span));
                return None;
            }
        };
        whole = Some(match whole {
            Some(base) => extended(&base, &schema),
            None => schema,
        });
        if let Some(Err(problem)) = whole.as_ref().map(|whole| Extent::default().of(whole, whole)) {
            sink.push(Diagnostic::fault(&codes::PACK_TOO_LARGE, problem).at(Span::file(name)));
            return None;
        }
    }
    whole
}

/// The most schemas that one may stand for, once each `$ref` is replaced by what it refers to.
const MAX_SCHEMAS: usize = 200_000;

/// How many schemas one stands for. References may share a part, and must not lead back to where they stand: each value
/// of a profile would be checked by more and more of them.
#[derive(Default)]
struct Extent<'s> {
    /// What was counted of each target; nothing yet, while it is being counted.
    known: BTreeMap<&'s str, Option<usize>>,
}

impl<'s> Extent<'s> {
    fn of(&mut self, schema: &'s Json, root: &'s Json) -> Result<usize, String> {
        let sum = match schema {
            Json::Array(parts) => self.sum(parts.iter(), root)?,
            Json::Object(parts) => {
                if let Some(key) =
                    ["$dynamicRef", "$recursiveRef", "$id"].into_iter().find(|key| schema[key].is_string())
                {
                    return Err(format!("the schema uses `{key}`; parts are shared by `$ref` to `#/$defs/…`"));
                }
                let shared = match schema["$ref"].as_str() {
                    Some(reference) => self.target(reference, root)?,
                    None => 0,
                };
                shared + self.sum(parts.values(), root)?
            }
            _ => 0,
        };
        if sum >= MAX_SCHEMAS {
            return Err(format!("with its `$ref`s put in, the schema has more than {MAX_SCHEMAS} parts"));
        }
        Ok(sum + 1)
    }

    fn sum(&mut self, parts: impl Iterator<Item = &'s Json>, root: &'s Json) -> Result<usize, String> {
        parts.map(|part| self.of(part, root)).sum()
    }

    fn target(&mut self, reference: &'s str, root: &'s Json) -> Result<usize, String> {
        match self.known.get(reference) {
            Some(Some(known)) => return Ok(*known),
            Some(None) => return Err(format!("`$ref: {reference}` leads back to itself")),
            None => {}
        }
        // What the engine's own schema shares is there too.
        let at = |pointer| root.pointer(pointer).or_else(|| engine().pointer(pointer));
        let Some(target) = reference.strip_prefix('#').and_then(at) else {
            return Err(format!("`$ref: {reference}` leads nowhere in this schema"));
        };
        self.known.insert(reference, None);
        let extent = self.of(target, root)?;
        self.known.insert(reference, Some(extent));
        Ok(extent)
    }
}

/// A schema that asks what both ask. Objects are joined property by property, so that an outer pack can add a column to
/// a register of its base; what both say of one value must both hold.
fn extended(base: &Json, own: &Json) -> Json {
    let (Some(below), Some(above)) = (base.as_object(), own.as_object()) else { return own.clone() };
    let mut joined: Map<String, Json> = below.clone();
    for (key, value) in above {
        let merged = match (key.as_str(), below.get(key)) {
            (_, None) => value.clone(),
            (_, Some(known)) if known == value => value.clone(),
            ("properties" | "$defs", Some(known)) => each_property(known, value),
            ("items", Some(known)) => extended(known, value),
            ("required", Some(known)) => union(known, value),
            ("title" | "description" | "default" | "$schema", Some(_)) => value.clone(),
            _ => return json!({"allOf": [base, own]}),
        };
        joined.insert(key.clone(), merged);
    }
    Json::Object(joined)
}

fn each_property(base: &Json, own: &Json) -> Json {
    let mut joined = base.as_object().cloned().unwrap_or_default();
    for (key, value) in own.as_object().into_iter().flatten() {
        let merged = joined.get(key).map_or_else(|| value.clone(), |known| extended(known, value));
        joined.insert(key.clone(), merged);
    }
    Json::Object(joined)
}

fn union(base: &Json, own: &Json) -> Json {
    let mut all = base.as_array().cloned().unwrap_or_default();
    for item in own.as_array().into_iter().flatten() {
        if !all.contains(item) {
            all.push(item.clone());
        }
    }
    Json::Array(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_added_and_a_value_is_narrowed() {
        let base = json!({"properties": {
            "suppliers": {"type": "array", "items": {"type": "object", "required": ["id"], "additionalProperties": false,
                "properties": {"id": {"type": "string"}}}},
            "size": {"type": "integer", "minimum": 1}}});
        let own = json!({"properties": {
            "suppliers": {"items": {"required": ["tier"], "properties": {"tier": {"type": "string"}}}},
            "size": {"minimum": 5}, "house": {"type": "string"}}});
        let whole = extended(&base, &own);
        let row = &whole["properties"]["suppliers"]["items"];
        assert_eq!(row["required"], json!(["id", "tier"]));
        assert_eq!(row["additionalProperties"], false);
        assert_eq!(row["properties"]["tier"]["type"], "string");
        assert_eq!(whole["properties"]["size"]["allOf"][1]["minimum"], 5);
        assert_eq!(whole["properties"]["house"]["type"], "string");
    }
}
