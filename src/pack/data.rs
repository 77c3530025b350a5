//! A pack's data: catalogues and tables from `data/`, and the topics that templates cite.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{Layer, Manifest, has, unknown};
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::expand::Topic;
use crate::files::Files;
use crate::yaml::Located;

/// The file of the topics.
pub(crate) const TOPICS: &str = "data/topics.yaml";

/// Reads every `data/*.csv` and `data/*.yaml` under the stem of its name. Cells of a CSV are texts. What several layers
/// have is joined: rows by their `id`, keys one by one.
pub(super) fn read(layers: &[Layer], paths: &[String], sink: &mut Sink) -> Map<String, Json> {
    let mut data = Map::new();
    for path in paths {
        let Some(name) = path.strip_prefix("data/").filter(|name| !name.contains('/')) else { continue };
        let having = layers.iter().rev().map(|layer| &*layer.files).filter(|files| has(*files, path));
        if let Some(stem) = name.strip_suffix(".csv") {
            let tables: Vec<Vec<Json>> = having.filter_map(|files| table(files, path, sink)).collect();
            if let Some(rows) = tables.into_iter().reduce(joined) {
                data.insert(stem.to_owned(), Json::Array(rows));
            }
        } else if let Some(stem) = name.strip_suffix(".yaml") {
            let trees: Vec<Located> = having.filter_map(|files| decode::read(files, path, sink)).collect();
            if let Some(whole) = trees.into_iter().reduce(|below, own| below.joined(&own)) {
                data.insert(stem.to_owned(), whole.to_json());
            }
        }
    }
    data
}

/// Rows of a base with an outer pack's: a row of the same `id` takes the other's place; a table without ids is replaced.
fn joined(below: Vec<Json>, own: Vec<Json>) -> Vec<Json> {
    if below.iter().chain(&own).any(|row| row["id"].is_null()) {
        return own;
    }
    let mut rows = below;
    for row in own {
        match rows.iter_mut().find(|known| known["id"] == row["id"]) {
            Some(known) => *known = row,
            None => rows.push(row),
        }
    }
    rows
}

fn table(files: &dyn Files, path: &str, sink: &mut Sink) -> Option<Vec<Json>> {
    let text = decode::text(files, path, sink)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let fault = |error: &csv::Error| {
        let line = error.position().map_or(0, |position| position.line() as u32);
        let span = Span { line, ..Span::file(files.name(path)) };
        Diagnostic::fault(&codes::PACK_FILE, format!("this is not CSV: {error}")).at(span).excerpt_from(&text)
    };
    let headings = match reader.headers() {
        Ok(headings) => headings.clone(),
        Err(error) => {
            sink.push(fault(&error));
            return None;
        }
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let cells = headings.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
                rows.push(Json::Object(cells.map(|(key, cell)| (key.to_owned(), Json::from(cell))).collect()));
            }
            Err(error) => sink.push(fault(&error)),
        }
    }
    Some(rows)
}

/// Reads the topics, and checks that each id is in its catalogue.
pub(super) fn topics(
    layers: &[Layer],
    data: &Map<String, Json>,
    manifest: &Manifest,
    sink: &mut Sink,
) -> BTreeMap<String, Topic> {
    let mut topics = BTreeMap::new();
    let having = layers.iter().rev().map(|layer| &*layer.files).filter(|files| has(*files, TOPICS));
    let trees = having.filter_map(|files| decode::read(files, TOPICS, &mut Sink::new()));
    let Some(located) = trees.reduce(|below, own| below.overlaid(&own)) else { return topics };
    if decode::typed::<Json>(&located, Kind::Topics, sink).is_none() {
        return topics;
    }
    for entry in located.entries() {
        let mut topic = Topic { span: Some(entry.key_span.clone()), ..Topic::default() };
        for part in entry.value.entries() {
            if part.key == "section" {
                topic.section = part.value.as_str().map(str::to_owned);
                continue;
            }
            if !manifest.catalogues.iter().any(|name| *name == part.key) {
                let known: Vec<&str> = manifest.catalogues.iter().map(String::as_str).collect();
                let message = format!("`{}` is not a catalogue of this pack", part.key);
                sink.push(unknown(message, Some(part.key_span.clone()), &part.key, &known));
                continue;
            }
            let rows = data.get(part.key.as_str()).and_then(Json::as_array);
            let ids: Vec<&str> = rows.into_iter().flatten().filter_map(|row| row.get("id")?.as_str()).collect();
            for item in part.value.list() {
                let id = item.as_str().unwrap_or_default();
                if !ids.contains(&id) {
                    let message = format!("`{id}` is not in the catalogue `{}`", part.key);
                    sink.push(Diagnostic::fault(&codes::TOPIC_UNKNOWN, message).at(item.span.clone()));
                }
                topic.ids.entry(part.key.to_string()).or_default().push(id.to_owned());
            }
        }
        topics.insert(entry.key.to_string(), topic);
    }
    topics
}
