//! The format reference: the JSON Schemas that Folio's own files are read by, as a document for people.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::decode::Kind;

/// The reference of every kind of file, in Markdown.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The format of a pack\n\nMade by `folio pack schema --markdown` from the schemas that Folio reads these files \
         by; `folio pack schema KIND` prints one as JSON Schema 2020-12, for editors.\n",
    );
    for kind in Kind::ALL {
        let schema: Json = serde_json::from_str(kind.schema()).unwrap_or_default();
        let _ = writeln!(text, "\n## {} (`{}`)\n", kind.file(), kind.name());
        if let Some(description) = schema["description"].as_str() {
            let _ = writeln!(text, "{description}\n");
        }
        text.push_str("| Key | What it is | Type |\n|---|---|---|\n");
        keys(&schema, &schema, "", 0, &mut text);
    }
    text
}

/// A row for each key, those below it after it.
fn keys(schema: &Json, root: &Json, prefix: &str, depth: usize, text: &mut String) {
    let schema = target(schema, root);
    if depth > 8 {
        return;
    }
    if schema["items"].is_object() {
        keys(&schema["items"], root, &format!("{prefix}[]"), depth + 1, text);
    }
    let required = |key: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|name| name == key));
    for (key, part) in schema["properties"].as_object().into_iter().flatten() {
        let part = target(part, root);
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let words: Vec<&str> = ["title", "description"].into_iter().filter_map(|key| part[key].as_str()).collect();
        let must = if required(key) { ", needed" } else { "" };
        let _ = writeln!(text, "| `{path}` | {} | {}{must} |", cell(&words.join(". ")), cell(&kind_of(part)));
        keys(part, root, &path, depth + 1, text);
    }
    if schema["additionalProperties"].is_object() {
        let path = if prefix.is_empty() { "<name>".to_owned() } else { format!("{prefix}.<name>") };
        let part = target(&schema["additionalProperties"], root);
        let words = part["description"].as_str().or_else(|| part["title"].as_str()).unwrap_or_default();
        let _ = writeln!(text, "| `{path}` | {} | {} |", cell(words), cell(&kind_of(part)));
        keys(part, root, &path, depth + 1, text);
    }
}

fn target<'s>(schema: &'s Json, root: &'s Json) -> &'s Json {
    let reference = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

fn kind_of(schema: &Json) -> String {
    let literal = |value: &Json| format!("`{}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    if let Some(options) = schema["enum"].as_array() {
        return options.iter().map(literal).collect::<Vec<_>>().join(", ");
    }
    if let Some(only) = schema.get("const") {
        return literal(only);
    }
    match schema["type"].as_str() {
        Some("array") => match schema["items"]["type"].as_str() {
            Some("object") | None => "list".into(),
            Some(kind) => format!("list of {}", word(kind)),
        },
        Some(kind) => word(kind).into(),
        None => "any".into(),
    }
}

fn word(kind: &str) -> &str {
    match kind {
        "string" => "text",
        "object" => "keys",
        "boolean" => "true or false",
        "integer" => "whole number",
        other => other,
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
