//! The organisation profile: located YAML and registers, checked against the schema, with defaults filled in.

mod path;
mod references;
mod register;
pub mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;
use serde_json::Value as Json;

use crate::decode;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::Files;
use crate::yaml::{Entry, Located, Node};
use path::RowKeys;
pub(crate) use register::properties;
pub use schema::Schema;

/// A profile that passed its schema.
#[derive(Debug)]
pub struct Profile {
    /// Its value: defaults filled in, absent lists and groups empty.
    pub value: Json,
    spans: BTreeMap<EcoString, Span>,
    defaults: BTreeSet<EcoString>,
    keys: Arc<RowKeys>,
    properties: BTreeMap<String, String>,
    schema: Schema,
    text: String,
    name: String,
}

impl Profile {
    /// Where the value at a path such as `risks[R-07].owner` stands; for a key that is absent, where its group stands.
    pub fn span_of(&self, path: &str) -> Option<&Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.spans.get(path) {
                return Some(span);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    /// A diagnostic about a path, with the path and its place, the line shown when it stands in the profile itself.
    pub fn locate(&self, diagnostic: Diagnostic, path: &str) -> Diagnostic {
        let diagnostic = diagnostic.path(path);
        match self.span_of(path) {
            Some(span) if diagnostic.span.is_none() => {
                let is_own = *span.file == self.name;
                let diagnostic = diagnostic.at(span.clone());
                if is_own { diagnostic.excerpt_from(&self.text) } else { diagnostic }
            }
            Some(span) => diagnostic.related(span.clone(), "the value stands at"),
            None => diagnostic,
        }
    }

    /// Whether the value at a path is a default of the schema that nobody wrote.
    pub fn is_default(&self, path: &str) -> bool {
        self.defaults.contains(path)
    }

    /// The key property of each register, by dotted path.
    pub fn keys(&self) -> &BTreeMap<String, String> {
        &self.properties
    }

    /// The schema that it passed.
    pub fn schema(&self) -> &Json {
        self.schema.to_json()
    }

    /// What turns `["risks", "1", "owner"]` into `risks[R-02].owner`.
    pub fn normaliser(&self) -> crate::expand::Normalise {
        let keys = self.keys.clone();
        Box::new(move |parts| keys.normalise(parts))
    }
}

/// A profile as it stands in its file, and with its registers put in; without defaults, and unchecked.
pub fn written(files: &dyn Files, path: &str, schema: &Json, sink: &mut Sink) -> Option<(Located, Located)> {
    let located = decode::read(files, path, sink)?;
    let mut filled = located.clone();
    register::fill(&mut filled, schema, schema, files, &mut register::Filling::default(), sink);
    Some((located, filled))
}

/// Loads a profile with its registers. Every problem is reported; `None` when there is a fault.
pub fn load(
    files: &dyn Files,
    path: &str,
    schema: &Schema,
    catalogues: &BTreeMap<String, BTreeSet<String>>,
    sink: &mut Sink,
) -> Option<Profile> {
    let mut own = Sink::new();
    let profile = read(files, path, schema, catalogues, &mut own);
    let failed = own.has_faults();
    sink.merge(own);
    profile.filter(|_| !failed)
}

fn read(
    files: &dyn Files,
    path: &str,
    schema: &Schema,
    catalogues: &BTreeMap<String, BTreeSet<String>>,
    sink: &mut Sink,
) -> Option<Profile> {
    let text = decode::text(files, path, sink)?;
    let name = files.name(path);
    let mut located = decode::parse(&name, &text, sink)?;
    let root = schema.to_json();
    let mut problems = Sink::new();
    let mut filling = register::Filling::default();
    register::fill(&mut located, root, root, files, &mut filling, &mut problems);
    schema::validate_profile(&located, schema, &|problem| !filling.explains(problem), &mut problems);
    let rows = references::rows(&located, schema, &mut problems);
    references::check(&located, schema, &rows, catalogues, &mut problems);
    for problem in problems.into_vec() {
        let is_own = problem.excerpt.is_none() && problem.span.as_ref().is_some_and(|span| *span.file == name);
        sink.push(if is_own { problem.excerpt_from(&text) } else { problem });
    }
    let mut filled = Filled { root, keys: &rows.keys, defaults: BTreeSet::new(), spans: BTreeMap::new() };
    filled.fill(&mut located, root);
    filled.index(&located, &mut Vec::new());
    let Filled { defaults, spans, .. } = filled;
    Some(Profile {
        value: located.to_json(),
        spans,
        defaults,
        keys: Arc::new(rows.keys),
        properties: rows.properties,
        schema: schema.clone(),
        text,
        name,
    })
}

/// Fills in defaults, and indexes where each path stands.
struct Filled<'a> {
    root: &'a Json,
    keys: &'a RowKeys,
    defaults: BTreeSet<EcoString>,
    spans: BTreeMap<EcoString, Span>,
}

impl Filled<'_> {
    /// Absent keys get the schema's default, absent lists are empty lists, absent groups hold what is filled in so; all
    /// of them stand where their group stands.
    fn fill(&mut self, located: &mut Located, schema: &Json) {
        let schema = schema::target(schema, self.root);
        let span = Span { length: 0, ..located.span.clone() };
        match &mut located.node {
            Node::Map(entries) => {
                for (key, part) in schema["properties"].as_object().into_iter().flatten() {
                    let part = schema::target(part, self.root);
                    let known = entries.iter().position(|entry| entry.key == key.as_str());
                    let at = match (known, part.get("default")) {
                        (Some(at), _) => at,
                        (None, Some(default)) => {
                            entries.push(Entry {
                                key: key.as_str().into(),
                                key_span: span.clone(),
                                value: of_json(default, &span),
                            });
                            continue;
                        }
                        (None, None) if part["type"] == "array" => {
                            let value = Located { span: span.clone(), node: Node::List(Vec::new()) };
                            entries.push(Entry { key: key.as_str().into(), key_span: span.clone(), value });
                            continue;
                        }
                        (None, None) if part["type"] == "object" => {
                            let value = Located { span: span.clone(), node: Node::Map(Vec::new()) };
                            entries.push(Entry { key: key.as_str().into(), key_span: span.clone(), value });
                            entries.len() - 1
                        }
                        (None, None) => continue,
                    };
                    self.fill(&mut entries[at].value, part);
                }
                if schema["additionalProperties"].is_object() {
                    for entry in entries {
                        self.fill(&mut entry.value, &schema["additionalProperties"]);
                    }
                }
            }
            Node::List(items) if schema["items"].is_object() => {
                items.iter_mut().for_each(|item| self.fill(item, &schema["items"]))
            }
            _ => {}
        }
    }

    fn index(&mut self, located: &Located, parts: &mut Vec<String>) {
        if !parts.is_empty() {
            let path = self.keys.normalise(parts);
            if located.span.length == 0 && located.span.sheet.is_none() {
                self.defaults.insert(path.clone());
            }
            self.spans.insert(path, located.span.clone());
        }
        for entry in located.entries() {
            parts.push(entry.key.to_string());
            self.index(&entry.value, parts);
            parts.pop();
        }
        for (index, item) in located.list().iter().enumerate() {
            parts.push(index.to_string());
            self.index(item, parts);
            parts.pop();
        }
    }
}

fn of_json(value: &Json, span: &Span) -> Located {
    let node = match value {
        Json::Null => Node::Null,
        Json::Bool(flag) => Node::Bool(*flag),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Node::Float(number.as_f64().unwrap_or_default()), Node::Int)
        }
        Json::String(text) => Node::String(text.as_str().into()),
        Json::Array(items) => Node::List(items.iter().map(|item| of_json(item, span)).collect()),
        Json::Object(fields) => Node::Map(
            fields
                .iter()
                .map(|(key, value)| Entry {
                    key: key.as_str().into(),
                    key_span: span.clone(),
                    value: of_json(value, span),
                })
                .collect(),
        ),
    };
    Located { span: span.clone(), node }
}
