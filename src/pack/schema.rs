//! What the packs of a chain ask of a profile: the files, read for [`crate::schema`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::messages::{self, Words};
use super::{Layer, has};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::schema::{Schema, Source, View, register};

const FILE: &str = "profile.schema.json";

/// The most bytes of a schema.
const MAX_BYTES: usize = 4 << 20;

/// Reads the schemas of all layers as one, with the words that message tables have for its keys. A pack that extends another
/// may have none.
pub(super) fn read(layers: &[Layer], words: &BTreeMap<String, Words>, sink: &mut Sink) -> Option<Schema> {
    let mut sources = Vec::new();
    for (at, layer) in layers.iter().enumerate().rev() {
        let is_last_hope = at == 0 && sources.is_empty();
        if !has(&*layer.files, FILE) && !is_last_hope {
            continue;
        }
        let bytes = layer.files.read(FILE);
        let bytes = bytes.map_err(|error| {
            sink.push(Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name)));
        });
        let (name, bytes) = (layer.files.name(FILE), bytes.ok()?);
        if bytes.len() > MAX_BYTES {
            let message = format!("`{name}` has {} MB; at most {} are read", bytes.len() >> 20, MAX_BYTES >> 20);
            sink.push(Diagnostic::fault(&codes::PACK_TOO_LARGE, message).at(Span::file(name)));
            return None;
        }
        let source = Source::read(name, &bytes);
        sources.push(source.map_err(|problem| sink.push(problem)).ok()?);
    }
    let outline = if words.is_empty() { None } else { Schema::outline(&sources) };
    let Some(view) = &outline else { return Schema::over(sources, sink) };
    let mut known = BTreeSet::new();
    view.visit("", &mut |path, _| {
        known.insert(path.to_owned());
    });
    let mut named = Json::Object(Map::new());
    for (path, words) in words {
        let plain = register(path);
        if !known.contains(plain.as_str()) {
            let message = format!("`{path}` is no key of a profile");
            let fault = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(words.span.clone());
            sink.push(fault.suggest(&plain, known.iter().map(String::as_str)));
            continue;
        }
        let (mut node, mut around) = (&mut named, Some(view));
        for key in plain.split('.') {
            while let Some(row) = around.and_then(View::items) {
                (node, around) = (&mut node["items"], Some(row));
            }
            (node, around) = (&mut node["properties"][key], around.and_then(|view| view.property(key)));
        }
        let said = [("title", &words.title), ("description", &words.description), ("x-folio-why", &words.why)];
        for (keyword, text) in said {
            if let Some(text) = text {
                node[keyword] = Json::from(text.as_str());
            }
        }
        if !words.synonyms.is_empty() {
            node["x-folio-synonyms"] = Json::from(words.synonyms.clone());
        }
        if !words.written.is_empty() {
            let written = words.written.iter().map(|(value, words)| (value.clone(), Json::from(words.clone())));
            node["x-folio-written"] = Json::Object(written.collect());
        }
        if !words.choices.is_empty() {
            node["x-folio-choices"] = words.choices.iter().map(|(own, said)| (own.clone(), said.as_str())).collect();
        }
    }
    sources.push(Source::read(layers[0].files.name(messages::FOLDER), named.to_string().as_bytes()).ok()?);
    Schema::over(sources, sink)
}
