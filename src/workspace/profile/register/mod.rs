//! Registers: lists that stand in a CSV or XLSX file beside the profile.
//!
//! A profile writes `assets: {from: registers/assets.csv}`, or with `sheet:` and `columns:` for a spreadsheet. Cells are
//! typed by the schema of their column, never by how they look.

mod csv;
mod raw;
mod typed;
mod workbook;
mod xlsx;

use std::collections::BTreeSet;

use ecow::EcoString;
use serde_json::Value as Json;

use super::silence;
use crate::characters::is_private;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span, nearest};
use crate::files::Files;
use crate::schema::View;
use crate::yaml::{Entry, Located, Node};
pub use raw::{Sheet, Shown, sheets};
use typed::Wrong;

/// The most rows, columns and cells with something in them that are read of a register.
const MAX_ROWS: usize = 20_000;
const MAX_COLUMNS: usize = 200;
const MAX_CELLS: usize = 250_000;

/// The most cells with something in them of all registers of a profile.
const MAX_ALL_CELLS: usize = 500_000;

/// The most bytes of a cell (Excel has 32,767 characters).
const MAX_CELL: usize = 32 << 10;

/// A table as it was read: headings and rows of cells.
pub(super) struct Table {
    headings: Vec<Cell>,
    rows: Vec<Row>,
}

/// A row: the cells with something in them, each with the number of its heading.
pub(super) struct Row {
    span: Span,
    cells: Vec<(usize, Cell)>,
}

/// A cell.
pub(super) struct Cell {
    span: Span,
    /// The line of the file, where it is text.
    excerpt: Option<EcoString>,
    value: Value,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Empty,
    /// Text; of a CSV, where everything is text, typed by its column.
    Text(String),
    Number(f64),
    Bool(bool),
    /// A date cell of a spreadsheet, ISO 8601.
    Date(String),
    /// Something that cannot be read, for a reason that was reported.
    Broken,
}

/// Whether a character has no place in a cell: control codes but line ends and tabs, and private use.
fn is_forbidden(c: char) -> bool {
    is_private(c) || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

fn cell_too_long(text: &str, span: &Span) -> Diagnostic {
    let message = format!("this cell has {} bytes of text; at most {MAX_CELL} are read", text.len());
    Diagnostic::fault(&codes::WRONG_VALUE, message).at(span.clone()).help("keep long texts in a document of their own")
}

/// What was read of the registers of a profile besides their rows.
#[derive(Default)]
pub(super) struct Filling {
    /// The values that are absent for a reason that was reported, a column that is missing or a cell that could not be
    /// read: file, the row's line (every row when none), and property.
    absent: BTreeSet<(EcoString, Option<u32>, String)>,
    /// How many cells held something.
    cells: usize,
}

impl Filling {
    /// Whether a problem says once more that a value is missing.
    pub(super) fn explains(&self, problem: &Diagnostic) -> bool {
        let missing = problem.key.as_ref().filter(|_| problem.code == codes::MISSING_KEY);
        let (Some(span), Some(property)) = (&problem.span, missing) else { return false };
        let is_absent = |line| self.absent.contains(&(span.file.clone(), line, property.to_string()));
        is_absent(None) || is_absent(Some(span.line))
    }
}

/// Puts registers in place of `{from: …}` wherever the schema wants a list of groups.
pub(super) fn fill(located: &mut Located, view: &View, files: &dyn Files, filling: &mut Filling, sink: &mut Sink) {
    if let Some(items) = view.rows()
        && located.get("from").is_some()
    {
        *located = read(located, items, files, filling, sink);
        return;
    }
    if let Node::Map(entries) = &mut located.node {
        for entry in entries {
            if let Some(view) = view.property(&entry.key) {
                fill(&mut entry.value, view, files, filling, sink);
            }
        }
    }
}

fn read(source: &Located, items: &View, files: &dyn Files, filling: &mut Filling, sink: &mut Sink) -> Located {
    let empty = Located { span: source.span.clone(), node: Node::List(Vec::new()) };
    for entry in source.entries() {
        if !["from", "sheet", "columns"].contains(&entry.key.as_str()) {
            let message = format!("unknown key `{}` of a register", entry.key);
            sink.push(
                Diagnostic::fault(&codes::UNKNOWN_KEY, message)
                    .at(entry.key_span.clone())
                    .help("known here: from, sheet, columns"),
            );
        }
    }
    let Some(from) = source.get("from") else { return empty };
    let Some(path) = from.as_str() else {
        sink.push(Diagnostic::fault(&codes::WRONG_TYPE, "`from` names a file").at(from.span.clone()));
        return empty;
    };
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            sink.push(Diagnostic::fault(&codes::REGISTER_FILE, error.to_string()).at(from.span.clone()));
            return empty;
        }
    };
    let name = files.name(path);
    let mut own = Sink::new();
    let table = if is_workbook(path, &bytes) {
        xlsx::read(&name, &bytes, source.get("sheet"), &from.span, &mut own)
    } else {
        csv::read(&name, bytes, &mut own)
    };
    let is_explained = own.has_faults();
    sink.merge(own);
    let Some(table) = table else {
        if !is_explained {
            sink.push(
                Diagnostic::fault(&codes::REGISTER_FILE, format!("`{name}` is empty"))
                    .at(Span::file(name))
                    .help("write at least the row of headings"),
            );
        }
        return empty;
    };
    filling.cells += table.rows.iter().map(|row| row.cells.len()).sum::<usize>();
    if filling.cells > MAX_ALL_CELLS {
        let message =
            format!("with `{name}`, the registers have more than {MAX_ALL_CELLS} cells with something in them");
        sink.push(Diagnostic::fault(&codes::REGISTER_FILE, message).at(from.span.clone()));
        return empty;
    }
    let columns = columns(&table, source.get("columns"), items, &name, filling, sink);
    let rows = table.rows.into_iter().map(|row| group(row, &columns, items, filling, sink)).collect();
    Located { span: Span::file(name), node: Node::List(rows) }
}

/// Whether a register stands in a spreadsheet: by its name, or because it begins as an archive or a compound file does.
fn is_workbook(path: &str, bytes: &[u8]) -> bool {
    path.to_lowercase().ends_with(".xlsx") || bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

/// The cells of a spreadsheet's sheet as texts, its headings first. What cannot be read is reported.
pub(crate) fn sheet(files: &dyn Files, path: &str, sheet: Option<&str>, sink: &mut Sink) -> Option<Vec<Vec<String>>> {
    let bytes = files.read(path).map_err(|error| {
        sink.push(Diagnostic::fault(&codes::REGISTER_FILE, error.to_string()).at(Span::file(path)));
    });
    let span = Span::file(path);
    let sheet = sheet.map(|sheet| Located { span: span.clone(), node: Node::String(sheet.into()) });
    let table = xlsx::read(&files.name(path), &bytes.ok()?, sheet.as_ref(), &span, sink)?;
    let text = |cell: Cell| match cell.value {
        Value::Text(text) | Value::Date(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Empty | Value::Broken => String::new(),
    };
    let width = table.headings.len();
    let mut records: Vec<Vec<String>> = vec![table.headings.into_iter().map(text).collect()];
    for row in table.rows {
        let mut cells = vec![String::new(); width];
        for (at, cell) in row.cells {
            if let Some(place) = cells.get_mut(at) {
                *place = text(cell);
            }
        }
        records.push(cells);
    }
    Some(records)
}

/// The property that a column of a register holds, by its heading or what `columns` calls it; by key or title.
fn property(heading: &str, called: Option<&str>, items: &View) -> Option<String> {
    let called = called.unwrap_or(heading);
    let folded = called.to_lowercase().replace([' ', '-'], "_");
    let property = items.properties().iter().find(|property| {
        let title = property.view.title.as_ref();
        property.name == folded || title.is_some_and(|title| title.eq_ignore_ascii_case(called))
    });
    property.map(|property| property.name.clone())
}

/// The property that each column of a register holds, of which the profile says `source`.
pub(crate) fn properties(headings: &[String], source: &Json, items: &View) -> Vec<Option<String>> {
    let headings = headings.iter().map(|heading| heading.trim());
    headings.map(|heading| property(heading, source["columns"][heading].as_str(), items)).collect()
}

/// Which property each column is; `None` for a column that is not understood.
fn columns(
    table: &Table,
    mapping: Option<&Located>,
    items: &View,
    name: &str,
    filling: &mut Filling,
    sink: &mut Sink,
) -> Vec<Option<String>> {
    let known: Vec<&str> = items.keys().collect();
    let mut found: Vec<Option<String>> = Vec::new();
    for cell in &table.headings {
        let Value::Text(heading) = &cell.value else {
            found.push(None);
            continue;
        };
        let heading = heading.trim();
        let property = property(heading, mapping.and_then(|mapping| mapping.text(heading)), items);
        let problem = match &property {
            None => Some(format!("the column `{heading}` is not one of this register")),
            Some(_) if found.contains(&property) => Some(format!("the column `{heading}` stands here a second time")),
            Some(_) => None,
        };
        if let Some(problem) = problem {
            let mut problem = Diagnostic::fault(&codes::REGISTER_COLUMN, problem).at(cell.span.clone());
            problem.excerpt = cell.excerpt.as_ref().map(EcoString::to_string);
            let mapped = mapping.and_then(|mapping| mapping.text(heading)).unwrap_or(heading);
            sink.push(match nearest(&mapped.replace(' ', "_"), known.iter().copied()).filter(|_| property.is_none()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("columns: {}", known.join(", "))),
            });
        }
        found.push(property);
    }
    for required in items.required() {
        if !found.iter().flatten().any(|property| property == required) {
            filling.absent.insert((name.into(), None, required.to_owned()));
            let message = format!("the column `{required}` is missing");
            sink.push(Diagnostic::fault(&codes::REGISTER_COLUMN, message).at(Span { line: 1, ..Span::file(name) }));
        }
    }
    found
}

/// A cell that says that there is none of what its column holds.
fn none(cell: &Cell, column: Option<&View>) -> Option<Located> {
    let Value::Text(text) = &cell.value else { return None };
    let node = Node::String(text.trim().into());
    column.filter(|column| silence::is_said(text, column)).map(|_| Located { span: cell.span.clone(), node })
}

/// A row as a group of keys.
fn group(row: Row, columns: &[Option<String>], items: &View, filling: &mut Filling, sink: &mut Sink) -> Located {
    let mut entries = Vec::new();
    for (index, cell) in row.cells {
        let Some(property) = columns.get(index).and_then(Option::as_ref) else { continue };
        let mut lacks = |line| filling.absent.insert((row.span.file.clone(), Some(line), property.clone()));
        if let Some(said) = none(&cell, items.property(property)) {
            entries.push(Entry { key: property.as_str().into(), key_span: cell.span.clone(), value: said });
            continue;
        }
        match typed::node(&cell, items.property(property)) {
            _ if cell.value == Value::Broken => {
                lacks(row.span.line);
            }
            Ok(None) => {}
            Ok(Some(value)) => {
                entries.push(Entry { key: property.as_str().into(), key_span: cell.span.clone(), value });
            }
            Err(problems) => {
                lacks(row.span.line);
                for Wrong { message, help, span } in problems {
                    let problem = Diagnostic::fault(&codes::WRONG_TYPE, format!("`{property}` {message}")).at(span);
                    sink.push_with(problem, |problem| {
                        let excerpt = cell.excerpt.as_ref().map(EcoString::to_string);
                        Diagnostic { excerpt, ..problem }.help(help)
                    });
                }
            }
        }
    }
    Located { span: row.span, node: Node::Map(entries) }
}
