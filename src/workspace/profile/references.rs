//! Row keys and references: `x-folio-key` and `x-folio-ref`.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use serde_json::Value as Json;

use super::path::RowKeys;
use super::schema::{Schema, target};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span, nearest};
use crate::yaml::Located;

/// The row keys of a profile, and the property that holds them, both by the list's path.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Keys in order, by raw path.
    pub(super) keys: RowKeys,
    /// The key property, by dotted path of the register.
    pub(super) properties: BTreeMap<String, String>,
}

/// Collects row keys; those used twice are faults.
pub(super) fn rows(located: &Located, schema: &Schema, sink: &mut Sink) -> Rows {
    let mut rows = Rows::default();
    let root = schema.to_json();
    walk(located, root, root, "", &mut |node, part, path| {
        let Some(property) = part["x-folio-key"].as_str() else { return };
        rows.properties.insert(path.to_owned(), property.to_owned());
        let mut seen: BTreeMap<EcoString, Span> = BTreeMap::new();
        let mut keys = Vec::new();
        for (index, row) in node.list().iter().enumerate() {
            let Some(value) = row.get(property) else {
                keys.push(EcoString::from(index.to_string()));
                continue;
            };
            let key = EcoString::from(value.as_str().unwrap_or_default());
            if let Some(first) = seen.get(&key) {
                let message = format!("`{key}` is the key of two rows of `{path}`");
                let problem = Diagnostic::fault(&codes::DUPLICATE_ROW, message).at(value.span.clone());
                sink.push(problem.related(first.clone(), "the first time").help("give each row its own key"));
            } else {
                seen.insert(key.clone(), value.span.clone());
            }
            keys.push(key);
        }
        rows.keys.0.insert(path.into(), keys);
    });
    rows
}

/// Reports references that lead nowhere.
pub(super) fn check(
    located: &Located,
    schema: &Schema,
    rows: &Rows,
    catalogues: &BTreeMap<String, BTreeSet<String>>,
    sink: &mut Sink,
) {
    let root = schema.to_json();
    let empty = BTreeSet::new();
    let mut known: BTreeMap<Vec<&str>, (BTreeSet<&str>, Vec<&str>)> = BTreeMap::new();
    walk(located, root, root, "", &mut |node, part, _| {
        let Some(targets) = part["x-folio-ref"].as_array() else { return };
        let Some(given) = node.as_str() else { return };
        let names: Vec<&str> = targets.iter().filter_map(Json::as_str).collect();
        let known = known.entry(names.clone()).or_insert_with(|| {
            let of = |name: &&str| match name.strip_prefix("catalogue:") {
                Some(catalogue) => catalogues.get(catalogue).unwrap_or(&empty).iter().map(String::as_str).collect(),
                None => rows.keys.0.get(*name).into_iter().flatten().map(EcoString::as_str).collect::<Vec<_>>(),
            };
            let inorder: Vec<&str> = names.iter().flat_map(of).collect();
            (inorder.iter().copied().collect::<BTreeSet<_>>(), inorder)
        });
        let (set, known) = &*known;
        if set.contains(given) {
            return;
        }
        let places: Vec<String> =
            names.iter().map(|name| format!("`{}`", name.strip_prefix("catalogue:").unwrap_or(name))).collect();
        let message = format!("`{given}` is not in {}", places.join(" or "));
        let problem = Diagnostic::fault(&codes::DANGLING, message).at(node.span.clone());
        sink.push_with(problem, |problem| match nearest(given, known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None if known.is_empty() => problem.help("there are no rows yet"),
            None if known.len() <= 24 => problem.help(format!("there are: {}", known.join(", "))),
            None => problem,
        });
    });
}

/// Visits every node with its schema and path without indices of rows: `risks`, `scope.processes`.
fn walk<'s>(
    located: &Located,
    schema: &'s Json,
    root: &'s Json,
    path: &str,
    see: &mut dyn FnMut(&Located, &'s Json, &str),
) {
    let schema = target(schema, root);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        walk(located, part, root, path, see);
    }
    see(located, schema, path);
    for entry in located.entries() {
        let part = match schema["properties"].get(entry.key.as_str()) {
            Some(part) => part,
            None => &schema["additionalProperties"],
        };
        if part.is_object() {
            let inner = if path.is_empty() { entry.key.to_string() } else { format!("{path}.{}", entry.key) };
            walk(&entry.value, part, root, &inner, see);
        }
    }
    if schema["items"].is_object() {
        for item in located.list() {
            walk(item, &schema["items"], root, path, see);
        }
    }
}
