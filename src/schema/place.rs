//! Where parts of a schema stand in its file. Files are read by place only when somebody asks.

use serde_json::Value as Json;

use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::yaml::{self, Located};

/// How the keywords of Folio's own begin.
const OWN: &str = "x-folio-";

/// The keywords of Folio's own.
pub(super) const KEYWORDS: [&str; 14] = [
    "x-folio-basic",
    "x-folio-cap",
    "x-folio-choices",
    "x-folio-closed",
    "x-folio-decision",
    "x-folio-in-force",
    "x-folio-key",
    "x-folio-optional",
    "x-folio-order",
    "x-folio-ref",
    "x-folio-synonyms",
    "x-folio-who",
    "x-folio-why",
    "x-folio-written",
];

/// Whether a keyword begins as those of Folio do and is none of them.
fn has_unknown(json: &Json) -> bool {
    match json {
        Json::Object(keys) => keys
            .iter()
            .any(|(key, value)| (key.starts_with(OWN) && !KEYWORDS.contains(&key.as_str())) || has_unknown(value)),
        Json::Array(items) => items.iter().any(has_unknown),
        _ => false,
    }
}

/// A schema as it stands in a file.
#[derive(Clone)]
pub struct Source {
    /// The file, as the user knows it.
    pub name: String,
    /// What it says.
    pub json: Json,
    text: String,
}

impl Source {
    /// Reads a file of JSON.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn read(name: String, bytes: &[u8]) -> Result<Source, Diagnostic> {
        // A mark of UTF-8 is no part of the text.
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match serde_json::from_slice(bytes) {
            Ok(json) => Ok(Source { name, json, text: String::from_utf8_lossy(bytes).into_owned() }),
            Err(error) => {
                let span = Span::text(name, error.line() as u32, error.column() as u32, 0);
                let message = match error.is_eof() {
                    true => "this is not JSON: it ends in the middle",
                    false => "this is not JSON: a comma, quote or bracket is missing or too much here",
                };
                Err(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span))
            }
        }
    }

    /// The file by place. JSON is YAML, but for tabs; nothing when it is such a file.
    fn located(&self) -> Option<Located> {
        yaml::read_str(&self.name, &self.text, &mut Sink::new())
    }

    /// Where the part at a JSON pointer stands, or the nearest one around it: its key, where it has one.
    pub(super) fn place(&self, pointer: &str) -> Span {
        let Some(root) = self.located() else { return Span::file(self.name.clone()) };
        let mut node = &root;
        let mut span = root.span.clone();
        for name in pointer.split('/').skip(1) {
            let name = name.replace("~1", "/").replace("~0", "~");
            if let Some(entry) = node.entries().iter().find(|entry| entry.key == name.as_str()) {
                span = entry.key_span.clone();
                node = &entry.value;
            } else if let Some(item) = name.parse::<usize>().ok().and_then(|at| node.list().get(at)) {
                span = item.span.clone();
                node = item;
            } else {
                break;
            }
        }
        span
    }

    /// Where a keyword first stands with a text.
    pub(super) fn place_of(&self, keyword: &str, text: &str) -> Span {
        fn find(node: &Located, keyword: &str, text: &str) -> Option<Span> {
            if let Some(value) = node.get(keyword).filter(|value| value.as_str() == Some(text)) {
                return Some(value.span.clone());
            }
            let below = node.entries().iter().map(|entry| &entry.value).chain(node.list());
            below.into_iter().find_map(|below| find(below, keyword, text))
        }
        self.located().and_then(|root| find(&root, keyword, text)).unwrap_or_else(|| Span::file(self.name.clone()))
    }

    /// The keys of each group that it names, with their places.
    pub(crate) fn groups(&self) -> Vec<Vec<(String, Span)>> {
        fn collect(node: &Located, groups: &mut Vec<Vec<(String, Span)>>) {
            if let Some(properties) = node.get("properties") {
                let keys = properties.entries().iter();
                groups.push(keys.map(|entry| (entry.key.to_string(), entry.key_span.clone())).collect());
            }
            let below = node.entries().iter().map(|entry| &entry.value).chain(node.list());
            below.for_each(|below| collect(below, groups));
        }
        let mut groups = Vec::new();
        self.located().iter().for_each(|root| collect(root, &mut groups));
        groups
    }

    /// Its keywords that begin as those of Folio do and are none of them, with the places.
    pub(super) fn unknown_keywords(&self) -> Vec<(String, Span)> {
        fn collect(node: &Located, is_named: bool, found: &mut Vec<(String, Span)>) {
            for entry in node.entries() {
                // What stands in these is called as its author likes.
                let names = matches!(entry.key.as_str(), "properties" | "$defs") && !is_named;
                if !is_named && entry.key.starts_with(OWN) && !KEYWORDS.contains(&entry.key.as_str()) {
                    found.push((entry.key.to_string(), entry.key_span.clone()));
                }
                collect(&entry.value, names, found);
            }
            node.list().iter().for_each(|item| collect(item, false, found));
        }
        let mut found = Vec::new();
        // Nothing is read by place where nothing is wrong.
        if has_unknown(&self.json) {
            self.located().iter().for_each(|root| collect(root, false, &mut found));
        }
        found
    }

    /// What it names by `x-folio-ref`, with the places.
    pub(crate) fn references(&self) -> Vec<(String, Span)> {
        fn collect(node: &Located, found: &mut Vec<(String, Span)>) {
            let named = node.items("x-folio-ref").iter();
            found.extend(named.map(|name| (name.as_str().unwrap_or_default().to_owned(), name.span.clone())));
            let below = node.entries().iter().map(|entry| &entry.value).chain(node.list());
            below.for_each(|below| collect(below, found));
        }
        let mut found = Vec::new();
        self.located().iter().for_each(|root| collect(root, &mut found));
        found
    }
}
