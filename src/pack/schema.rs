//! The JSON Schema that a pack asks of a profile: its own, laid over those of its bases.

use serde_json::{Map, Value as Json, json};

use super::{Layer, has};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};

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
    }
    whole
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
