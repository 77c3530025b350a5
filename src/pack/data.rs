//! A pack's data: catalogues and tables from `data/`, and the topics that templates cite.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{Layer, Manifest, has, unknown};
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::expand::Topic;
use crate::files::Files;
use crate::reasons;
use crate::yaml::Located;

/// The most values of all data files together, and the most bytes of their keys and texts.
const MAX_VALUES: usize = 200_000;
const MAX_BYTES: usize = 16 << 20;

/// The file of the topics.
pub(crate) const TOPICS: &str = "data/topics.yaml";

/// Reads every `data/*.csv` and `data/*.yaml` under the stem of its name. Cells of a CSV are texts. What several layers
/// have is joined: rows by their `id`, keys one by one.
pub(super) fn read(layers: &[Layer], paths: &[String], sink: &mut Sink) -> Map<String, Json> {
    let mut data = Map::new();
    let mut whole_size = Size::default();
    for path in paths {
        let Some(name) = path.strip_prefix("data/").filter(|name| !name.contains('/')) else { continue };
        let having = layers.iter().rev().map(|layer| &*layer.files).filter(|files| has(*files, path));
        let (stem, whole) = if let Some(stem) = name.strip_suffix(".csv") {
            let tables: Vec<Vec<Json>> = having.filter_map(|files| table(files, path, sink)).collect();
            (stem, tables.into_iter().reduce(joined).map(Json::Array))
        } else if let Some(stem) = name.strip_suffix(".yaml") {
            let trees: Vec<Located> = having.filter_map(|files| decode::read(files, path, sink)).collect();
            (stem, trees.into_iter().reduce(|below, own| below.joined(&own)).map(|whole| whole.to_json()))
        } else {
            continue;
        };
        let Some(whole) = whole else { continue };
        whole_size.add(&whole);
        if whole_size.is_too_large() {
            let file = layers.iter().find(|layer| has(&*layer.files, path)).map(|layer| layer.files.name(path));
            sink.push(too_large(&file.unwrap_or_default()));
            break;
        }
        data.insert(stem.to_owned(), whole);
    }
    data
}

fn too_large(file: &str) -> Diagnostic {
    let most = MAX_BYTES >> 20;
    let message =
        format!("with `{file}`, the data of the pack has more than {MAX_VALUES} values, or {most} MB of text");
    Diagnostic::fault(&codes::PACK_TOO_LARGE, message).at(Span::file(file))
}

/// How much data there is: values, and the bytes of their keys and texts.
#[derive(Default)]
struct Size {
    values: usize,
    bytes: usize,
}

impl Size {
    fn add(&mut self, value: &Json) {
        self.values += 1;
        match value {
            Json::String(text) => self.bytes += text.len(),
            Json::Array(items) => items.iter().for_each(|item| self.add(item)),
            Json::Object(fields) => {
                for (key, field) in fields {
                    self.bytes += key.len();
                    self.add(field);
                }
            }
            _ => {}
        }
    }

    fn is_too_large(&self) -> bool {
        self.values > MAX_VALUES || self.bytes > MAX_BYTES
    }
}

/// Rows of a base with an outer pack's: a row of the same `id` takes the other's place; a table without ids is replaced.
fn joined(below: Vec<Json>, own: Vec<Json>) -> Vec<Json> {
    if below.iter().chain(&own).any(|row| row["id"].is_null()) {
        return own;
    }
    let id = |row: &Json| row["id"].to_string();
    let mut places: BTreeMap<String, usize> = below.iter().map(id).zip(0..).collect();
    let mut rows = below;
    for row in own {
        let place = *places.entry(id(&row)).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(known) => *known = row,
            None => rows.push(row),
        }
    }
    rows
}

/// The rows of a CSV file of data.
pub(crate) fn table(files: &dyn Files, path: &str, sink: &mut Sink) -> Option<Vec<Json>> {
    let text = decode::text(files, path, sink)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let fault = |error: &csv::Error, sink: &mut Sink| {
        let line = error.position().map_or(0, |position| position.line() as u32);
        let span = Span { line, ..Span::file(files.name(path)) };
        let problem =
            Diagnostic::fault(&codes::PACK_FILE, format!("this is not CSV: {}", reasons::csv(error))).at(span);
        sink.push_with(problem, |problem| problem.excerpt_from(&text));
    };
    let headings = match reader.headers() {
        Ok(headings) => headings.clone(),
        Err(error) => {
            fault(&error, sink);
            return None;
        }
    };
    let mut rows = Vec::new();
    let mut size = Size::default();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let cells = headings.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
                let row = Json::Object(cells.map(|(key, cell)| (key.to_owned(), Json::from(cell))).collect());
                size.add(&row);
                rows.push(row);
                if size.is_too_large() {
                    sink.push(too_large(&files.name(path)));
                    return None;
                }
            }
            Err(error) => fault(&error, sink),
        }
    }
    Some(rows)
}

/// Takes the section out of topics, and out of rows of tables, that are laid down in a document that the set leaves out:
/// rules and templates that send a reader there find none.
pub(super) fn keep_sections(
    topics: &mut BTreeMap<String, Topic>,
    data: &mut Map<String, Json>,
    is_left_out: impl Fn(&str) -> bool,
) {
    for (name, topic) in topics {
        let document = topic.section.as_deref().and_then(|section| section.split('#').next());
        if !document.is_some_and(&is_left_out) {
            continue;
        }
        topic.section = None;
        let row = data.get_mut("topics").and_then(|topics| topics.get_mut(name)).and_then(Json::as_object_mut);
        row.map(|row| row.remove("section"));
    }
    for row in data.values_mut().filter_map(Json::as_array_mut).flatten().filter_map(Json::as_object_mut) {
        let document = row.get("section").and_then(Json::as_str).and_then(|section| Some(section.split_once('#')?.0));
        if document.is_some_and(&is_left_out) {
            row.remove("section");
        }
    }
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
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in &manifest.catalogues {
        let rows = data.get(name).and_then(Json::as_array).into_iter().flatten();
        ids.insert(name, rows.filter_map(|row| row.get("id")?.as_str()).collect());
    }
    for entry in located.entries() {
        let mut topic = Topic { span: Some(entry.key_span.clone()), ..Topic::default() };
        for part in entry.value.entries() {
            if part.key == "section" {
                topic.section = part.value.as_str().map(str::to_owned);
                continue;
            }
            let Some(ids) = ids.get(part.key.as_str()) else {
                let known: Vec<&str> = manifest.catalogues.iter().map(String::as_str).collect();
                let message = format!("`{}` is not a catalogue of this pack", part.key);
                sink.push(unknown(message, Some(part.key_span.clone()), &part.key, &known));
                continue;
            };
            for item in part.value.list() {
                let id = item.as_str().unwrap_or_default();
                if !ids.contains(id) {
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
