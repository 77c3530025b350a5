//! Ids: those that refer to a catalogue must be in it, and none belongs into the text of a template.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;

use super::Subject;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::expand::Source;
use crate::expand::outline::Part;
use crate::files::Files;
use crate::pack::{MANIFEST, TOPICS};
use crate::schema::CATALOGUE;
use crate::yaml::Located;

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    literal_ids(subject, sink);
    if subject.is_base() {
        return; // Catalogues and topics are those of its editions.
    }
    topics(subject, sink);
    requirements(subject, sink);
    tables(subject, sink);
    repeated(subject, sink);
    schemas(subject, sink);
}

/// Catalogues with one id in several rows: nobody could say which is meant.
fn repeated(subject: &Subject<'_>, sink: &mut Sink) {
    for name in &subject.pack.manifest.catalogues {
        let rows = subject.pack.data.get(name).and_then(Json::as_array).into_iter().flatten();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        rows.filter_map(|row| row["id"].as_str()).for_each(|id| *counts.entry(id).or_default() += 1);
        for (id, count) in counts.into_iter().filter(|(_, count)| *count > 1) {
            let path = ["csv", "yaml"].map(|ending| format!("data/{name}.{ending}"));
            let paths = subject.pack.files().list("data").unwrap_or_default();
            let file = path.iter().find(|path| paths.contains(path)).map(|path| subject.pack.files().name(path));
            let message = format!("the catalogue `{name}` has `{id}` {count} times");
            let found = Diagnostic::new(&codes::PACK_MANIFEST, Severity::Error, message);
            sink.push(found.at(file.map(Span::file)).help("give each row an id of its own"));
        }
    }
}

/// Requirements that ask for an id which no catalogue has.
fn requirements(subject: &Subject<'_>, sink: &mut Sink) {
    let ids = subject.catalogue_ids();
    for requirement in &subject.pack.manifest.requirements {
        for id in requirement.ids.iter().filter(|id| !ids.contains(*id)) {
            let message = format!("the requirement `{}` asks for `{id}`, which no catalogue has", requirement.id);
            let found = Diagnostic::new(&codes::PACK_MANIFEST, Severity::Error, message);
            let found = found.at(Span::file(subject.pack.files().name(MANIFEST)));
            sink.push(found.suggest(id, ids.iter().map(String::as_str)));
        }
    }
}

/// Comments of Handlebars; what they name is not printed.
static COMMENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)\{\{!--.*?--\}\}|\{\{![^}]*\}\}").expect("a constant pattern"));
/// A word that may be an id.
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\w][\w.-]*\w|\w").expect("a constant pattern"));

/// Ids that no ordinary number or word looks like, standing in a template.
fn literal_ids(subject: &Subject<'_>, sink: &mut Sink) {
    let ids = subject.catalogue_ids();
    let telling: BTreeSet<&str> = ids.iter().map(String::as_str).filter(|id| is_telling(id)).collect();
    for source in subject.sources() {
        let text = COMMENT.replace_all(&source.text, |comment: &regex::Captures<'_>| blank(&comment[0]));
        for (row, line) in (source.first_line..).zip(text.lines()) {
            for word in WORD.find_iter(line).filter(|word| telling.contains(word.as_str())) {
                sink.push(literal_id(source, row, line, word.start(), word.as_str()));
            }
        }
    }
}

/// Spaces and line ends in place of a text.
fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

fn literal_id(source: &Source, row: u32, line: &str, at: usize, id: &str) -> Diagnostic {
    let columns = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let span = Span::text(source.name.clone(), row, columns(&line[..at]).saturating_add(1), columns(id));
    let message = format!("`{id}` is an id of a catalogue, written into the text");
    Diagnostic::new(&codes::LITERAL_ID, Severity::Error, message).at(span).help(codes::LITERAL_ID.fix)
}

/// Whether an id is one at first sight: letters and digits, or a number with two dots.
fn is_telling(id: &str) -> bool {
    let has = |wanted: fn(char) -> bool| id.chars().any(wanted);
    has(|c| c.is_ascii_digit()) && (has(char::is_alphabetic) || id.matches('.').count() > 1)
}

/// Topics that templates cite and nobody declares.
fn topics(subject: &Subject<'_>, sink: &mut Sink) {
    let known = &subject.pack.topics;
    for prepared in subject.prepared() {
        for (site, name) in cited(&prepared.parts).into_iter().filter_map(|(site, name)| Some((site, name?))) {
            if !known.contains_key(name) {
                let span = prepared.sites.get(site).map(|site| site.span.clone());
                let message = format!("there is no topic `{name}`");
                let diagnostic = Diagnostic::fault(&codes::TOPIC_UNKNOWN, message).at(span);
                sink.push(diagnostic.suggest(name, known.keys().map(String::as_str)));
            }
        }
    }
}

/// The topics that a template cites, each with its site; without a name when that is only known later.
pub(super) fn cited(parts: &[Part]) -> Vec<(usize, Option<&str>)> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            Part::Call(site, helper, given) if helper == "cite" => {
                found.extend(given.iter().map(|topic| (*site, topic.as_ref().and_then(Json::as_str))));
            }
            Part::Block(block) => {
                found.extend(cited(&block.body));
                found.extend(cited(block.otherwise.as_deref().unwrap_or_default()));
            }
            _ => {}
        }
    }
    found
}

/// A column of a table, or a key of other data, with its cells.
struct Column {
    name: String,
    cells: Vec<(Span, String)>,
}

impl Column {
    /// Whether its cells are ids of a catalogue: its name says so, or half of them are.
    fn refers_to(&self, catalogue: &str, ids: &BTreeSet<String>) -> bool {
        let singular = [
            catalogue.strip_suffix("ies").map(|stem| format!("{stem}y")),
            catalogue.strip_suffix('s').map(str::to_owned),
        ];
        let is_called_so = self.name == catalogue || singular.iter().flatten().any(|singular| self.name == *singular);
        let known = self.cells.iter().filter(|(_, cell)| ids.contains(cell));
        let telling = known.clone().filter(|(_, cell)| is_telling(cell)).count();
        if is_called_so { known.count() > 0 } else { telling * 2 >= self.cells.len().max(1) }
    }

    /// Reports the cells that are no ids; one of another catalogue is: a column may refer to several.
    fn check(&self, catalogue: &str, catalogues: &BTreeMap<String, BTreeSet<String>>, sink: &mut Sink) {
        let ids = &catalogues[catalogue];
        let is_known = |cell: &String| catalogues.values().any(|ids| ids.contains(cell));
        for (span, cell) in self.cells.iter().filter(|(_, cell)| !is_known(cell)) {
            let message = format!("`{cell}` is not in the catalogue `{catalogue}`");
            let diagnostic = Diagnostic::new(&codes::REFERENCE_UNKNOWN, Severity::Error, message).at(span.clone());
            // Of numbers a near one is another one.
            sink.push(if is_telling(cell) {
                diagnostic
            } else {
                diagnostic.suggest(cell, ids.iter().map(String::as_str))
            });
        }
    }
}

/// Columns of tables, and keys of other data, that refer to a catalogue.
fn tables(subject: &Subject<'_>, sink: &mut Sink) {
    let catalogues = subject.pack.catalogues();
    for layer in &subject.pack.layers {
        for path in layer.files.list("data").unwrap_or_default() {
            let is_own =
                |column: &Column, catalogue: &str| path == format!("data/{catalogue}.csv") && column.name == "id";
            for column in columns(&*layer.files, &path) {
                let referred =
                    catalogues.iter().find(|(name, ids)| column.refers_to(name, ids) && !is_own(&column, name));
                if let Some((catalogue, _)) = referred {
                    column.check(catalogue, &catalogues, sink);
                }
            }
        }
    }
}

fn columns(files: &dyn Files, path: &str) -> Vec<Column> {
    let mut columns = BTreeMap::new();
    let unheard = &mut Sink::new(); // What cannot be read was reported when the pack was read.
    if path.ends_with(".csv") {
        let text = decode::text(files, path, unheard).unwrap_or_default();
        cells(&files.name(path), &text, &mut columns);
    } else if path.ends_with(".yaml") && path != TOPICS {
        decode::read(files, path, unheard).iter().for_each(|located| values(located, &mut columns));
    }
    columns.into_iter().map(|(name, cells)| Column { name, cells }).collect()
}

type Columns = BTreeMap<String, Vec<(Span, String)>>;

fn cells(file: &str, text: &str, columns: &mut Columns) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let Ok(headings) = reader.headers().cloned() else { return };
    for record in reader.records().flatten() {
        let line = record.position().map_or(0, |place| u32::try_from(place.line()).unwrap_or_default());
        let mut column = 1;
        for (heading, cell) in headings.iter().zip(&record) {
            let length = cell.chars().count() as u32;
            let quotes = if cell.contains([',', '"', '\n']) { 2 + cell.matches('"').count() as u32 } else { 0 };
            if !cell.is_empty() {
                let span = Span::text(file, line, column + quotes.min(1), length);
                columns.entry(heading.to_owned()).or_default().push((span, cell.to_owned()));
            }
            column += length + quotes + 1;
        }
    }
}

fn values(located: &Located, columns: &mut Columns) {
    for entry in located.entries() {
        let below = std::iter::once(&entry.value).chain(entry.value.list());
        let texts = below.filter_map(|value| Some((value.span.clone(), value.as_str()?.to_owned())));
        columns.entry(entry.key.to_string()).or_default().extend(texts);
        values(&entry.value, columns);
    }
    located.list().iter().for_each(|item| values(item, columns));
}

/// What `x-folio-ref` names in profile schemas: catalogues, and registers by path.
fn schemas(subject: &Subject<'_>, sink: &mut Sink) {
    let pack = subject.pack;
    let catalogues = pack.manifest.catalogues.iter().map(|name| format!("{CATALOGUE}{name}"));
    let known = pack.schema.registers().into_iter().chain(catalogues).collect();
    sink.extend(pack.schema.unknown_references(&known).into_iter().map(|(_, problem)| problem));
}
