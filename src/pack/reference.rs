//! The format reference: the JSON Schemas that Folio's own files are read by, as a document for people.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::decode;
use crate::schema::{Kind, Property, Rest, View};

/// The reference of every kind of file, in Markdown.
pub fn markdown() -> String {
    let mut text = String::from(
        "# The format of a pack\n\nMade by `folio pack schema --markdown` from the schemas that Folio reads these files \
         by; `folio pack schema KIND` prints one as JSON Schema 2020-12, for editors.\n",
    );
    for kind in decode::Kind::ALL {
        let schema: Json = serde_json::from_str(kind.schema()).unwrap_or_default();
        let _ = writeln!(text, "\n## {} (`{}`)\n", kind.file(), kind.name());
        if let Some(description) = schema["description"].as_str() {
            let _ = writeln!(text, "{description}\n");
        }
        text.push_str("| Key | What it is | Type |\n|---|---|---|\n");
        keys(&View::of(&schema), "", &mut text);
    }
    text
}

/// A row for each key, those below it after it.
fn keys(view: &View, prefix: &str, text: &mut String) {
    if let Some(items) = view.items() {
        keys(items, &format!("{prefix}[]"), text);
    }
    let path = |key: &str| if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
    for Property { name, is_required, view } in view.properties() {
        let words: Vec<&str> = [&view.title, &view.description].into_iter().flatten().map(String::as_str).collect();
        let must = if *is_required { ", needed" } else { "" };
        let path = path(name);
        let _ = writeln!(text, "| `{path}` | {} | {}{must} |", cell(&words.join(". ")), cell(&kind_of(view)));
        keys(view, &path, text);
    }
    if let Rest::Alike(view) = &view.rest {
        let path = path("<name>");
        let words = view.description.as_ref().or(view.title.as_ref()).map(String::as_str).unwrap_or_default();
        let _ = writeln!(text, "| `{path}` | {} | {} |", cell(words), cell(&kind_of(view)));
        keys(view, &path, text);
    }
}

fn kind_of(view: &View) -> String {
    let literal = |value: &Json| format!("`{}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    if let Some(choices) = &view.asks.choices {
        return choices.iter().map(literal).collect::<Vec<_>>().join(", ");
    }
    match (view.asks.kind, view.items().map(|items| items.asks.kind)) {
        (Kind::List, None | Some(Kind::Any | Kind::Group)) => "list".into(),
        (Kind::List, Some(kind)) => format!("list of {}", word(kind)),
        (kind, _) => word(kind).into(),
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Group => "keys",
        Kind::Truth => "true or false",
        Kind::Whole => "whole number",
        kind => kind.name(),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
