//! Registers: lists that stand in CSV or XLSX files beside the profile.
//!
//! A profile writes `assets: {from: registers/assets.csv}`, and what the file needs to be understood as it is: `sheet`,
//! `header`, `columns`, `values` and more ([`source`], [`meant`]). A list may hold several of them, among rows. A file
//! becomes a [`Grid`] of cells ([`csv`], [`xlsx`]), the grid a table ([`table`], [`columns`]), and cells become what the
//! schema asks of their column ([`typed`]), never what they look like. Nothing is guessed.

mod columns;
mod csv;
mod forms;
mod held;
mod kind;
mod meant;
mod number_format;
mod raw;
mod source;
mod table;
mod typed;
mod workbook;
mod xlsx;

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use serde_json::Value as Json;

use super::marks::is_mark;
use super::{of_json, silence};
use crate::characters::is_private;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::{self, Files};
use crate::model::knowledge::NONE;
use crate::schema::View;
use crate::yaml::{Entry, Located, Node};
pub(crate) use forms::usual as day_forms;
use meant::{Meant, Says};
pub use raw::{Sheet, Shown, sheets};
use source::Source;
use table::{For, Table};
use typed::{Trouble, Unnamed, Wrong};

/// The most rows, columns and cells with something in them that are read of a register.
const MAX_ROWS: usize = 20_000;
const MAX_COLUMNS: usize = 200;
const MAX_CELLS: usize = 250_000;

/// The most cells with something in them of all registers of a profile.
const MAX_ALL_CELLS: usize = 500_000;

/// The most bytes of a cell (Excel has 32,767 characters).
const MAX_CELL: usize = 32 << 10;

/// The most places that a message names of cells alike.
const MAX_PLACES: usize = 5;

/// A file as it was read: rows of cells.
#[derive(Default)]
struct Grid {
    /// The rows with something in them.
    rows: Vec<Row>,
    merges: Vec<Merge>,
    /// All sheets, where there are several and none was named.
    sheets: Vec<String>,
}

/// A row.
struct Row {
    /// As the file counts it, from 1.
    number: u32,
    span: Span,
    /// Of a text: how many cells it has, and how many up to the last with something in it.
    fields: Option<(usize, usize)>,
    /// The cells with something in them, each with the number of its column, from 0.
    cells: Vec<(usize, Cell)>,
}

/// Merged cells.
struct Merge {
    /// First and last, as the file counts them, from 1.
    rows: (u32, u32),
    /// First and last, from 0.
    columns: (usize, usize),
    /// What the spreadsheet calls the last cell.
    corner: String,
    /// The first cell.
    span: Span,
}

/// A cell.
#[derive(Clone)]
struct Cell {
    span: Span,
    /// The line of the file, where it is text.
    excerpt: Option<EcoString>,
    value: Value,
}

/// What a cell holds.
#[derive(Clone)]
enum Value {
    Empty,
    /// Text; of a CSV, where everything is text, typed by its column.
    Text(String),
    Number(Number),
    Bool(bool),
    Moment(Moment),
    /// Something that cannot be read, and why.
    Broken(Box<Diagnostic>),
}

/// A number of a spreadsheet.
#[derive(Clone)]
struct Number {
    value: f64,
    /// Its number format; empty where it has none.
    format: EcoString,
    is_1904: bool,
}

/// A day, a time of day, or both.
#[derive(Clone)]
struct Moment {
    /// ISO 8601.
    day: Option<String>,
    time: Option<String>,
}

impl Number {
    /// As the cell shows it.
    fn shown(&self) -> String {
        number_format::shown(self.value, &self.format)
    }
}

impl Value {
    /// As the cell shows it.
    fn shown(&self) -> String {
        match self {
            Value::Empty | Value::Broken(_) => String::new(),
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.shown(),
            Value::Bool(flag) => flag.to_string(),
            Value::Moment(Moment { day, time }) => {
                day.iter().chain(time).map(String::as_str).collect::<Vec<_>>().join(" ")
            }
        }
    }
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
    /// The registers of which a file could not be read, by dotted path.
    pub(super) unread: BTreeSet<String>,
    /// Where they stand.
    unread_at: BTreeSet<Span>,
    /// How many cells held something.
    cells: usize,
}

impl Filling {
    /// Whether a problem says once more that a value is missing.
    pub(super) fn explains(&self, problem: &Diagnostic) -> bool {
        let Some(span) = &problem.span else { return false };
        if problem.code == codes::WRONG_VALUE && self.unread_at.contains(span) {
            return true;
        }
        let Some(property) = problem.key.as_ref().filter(|_| problem.code == codes::MISSING_KEY) else { return false };
        let is_absent = |line| self.absent.contains(&(span.file.clone(), line, property.to_string()));
        is_absent(None) || is_absent(Some(span.line))
    }

    /// Notes that a row lacks a value for a reason that was reported.
    fn lacks(&mut self, row: &Row, property: &str) {
        self.absent.insert((row.span.file.clone(), Some(row.span.line), property.to_owned()));
    }
}

/// Puts registers in place of `{from: …}` wherever the schema wants a list of groups, and in place of each in such a list.
pub(super) fn fill(located: &mut Located, view: &View, files: &dyn Files, filling: &mut Filling, sink: &mut Sink) {
    Fill { files, filling, sink }.fill(located, view, "");
}

/// Whether an entry of a list of a profile stands for the rows of a file.
pub(crate) fn is_source(entry: &Json, items: &View) -> bool {
    entry["from"].is_string() && source::is_source(&of_json(entry, &Span::file("")), items)
}

/// Puts registers in their places.
struct Fill<'a> {
    files: &'a dyn Files,
    filling: &'a mut Filling,
    sink: &'a mut Sink,
}

impl Fill<'_> {
    fn fill(&mut self, located: &mut Located, view: &View, path: &str) {
        if let Some(items) = view.rows() {
            if located.get("from").is_some() {
                let rows = self.rows(located, items, view.key.as_deref(), path);
                *located = Located { span: rows.0, node: Node::List(rows.1) };
                return;
            }
            if let Node::List(entries) = &mut located.node
                && entries.iter().any(|entry| source::is_source(entry, items))
            {
                let mut rows = Vec::new();
                for entry in std::mem::take(entries) {
                    match source::is_source(&entry, items) {
                        true => rows.extend(self.rows(&entry, items, view.key.as_deref(), path).1),
                        false => rows.push(entry),
                    }
                }
                *entries = rows;
                return;
            }
        }
        if let Node::Map(entries) = &mut located.node {
            for entry in entries {
                if let Some(view) = view.property(&entry.key) {
                    let path = if path.is_empty() { entry.key.to_string() } else { format!("{path}.{}", entry.key) };
                    self.fill(&mut entry.value, view, &path);
                }
            }
        }
    }

    /// The rows of a file, and where they stand.
    fn rows(&mut self, located: &Located, items: &View, key: Option<&str>, path: &str) -> (Span, Vec<Located>) {
        let source = Source::of(located, self.sink);
        let Some((name, from, table)) = self.table(located, &source, items, key) else {
            self.filling.unread.insert(path.to_owned());
            self.filling.unread_at.insert(located.span.clone());
            return (located.span.clone(), Vec::new());
        };
        self.filling.cells += table.rows.iter().map(|row| row.cells.len()).sum::<usize>();
        if self.filling.cells > MAX_ALL_CELLS {
            let message =
                format!("with `{name}`, the registers have more than {MAX_ALL_CELLS} cells with something in them");
            self.sink.push(Diagnostic::fault(&codes::REGISTER_FILE, message).at(from));
            return (located.span.clone(), Vec::new());
        }
        let Table { columns, rows } = table;
        let meant = Meant::of(&source, items, key, self.sink);
        let is_row = |row: &Row| meant.is_row(row, &columns);
        let rows: Vec<Row> = rows.into_iter().filter(is_row).collect();
        let mut reading = Reading { columns: &columns, items, source: &source, meant, unnamed: BTreeMap::new() };
        // What stands beside the table is no row.
        let of_table = |row: &Row| row.cells.iter().any(|(column, _)| columns.contains_key(column));
        let rows = rows.into_iter().filter(of_table);
        let rows = rows.map(|row| reading.group(row, self.filling, self.sink)).collect();
        reading.report(self.sink);
        (Span::file(name), rows)
    }

    fn table(
        &mut self,
        located: &Located,
        source: &Source<'_>,
        items: &View,
        key: Option<&str>,
    ) -> Option<(String, Span, Table)> {
        let from = located.get("from")?;
        let Some(path) = from.as_str() else {
            self.sink.push(Diagnostic::fault(&codes::WRONG_TYPE, "`from` names a file").at(from.span.clone()));
            return None;
        };
        let path = &*files::plain(path);
        let name = self.files.name(path);
        let grid = grid(self.files, path, source, &from.span, self.sink)?;
        if grid.rows.is_empty() {
            let problem = Diagnostic::fault(&codes::REGISTER_FILE, format!("`{name}` is empty"));
            let problem = problem.at(Span::file(name)).help("write at least the row of headings");
            self.sink.push(match grid.sheets.as_slice() {
                [] => problem,
                sheets => {
                    problem.help(format!("the first sheet is read; name another by `sheet:`: {}", sheets.join(", ")))
                }
            });
            return None;
        }
        let of = For { name: &name, source, said: located.get("columns"), items, key };
        let table = table::read(grid, &of, self.filling, self.sink)?;
        Some((name, from.span.clone(), table))
    }
}

/// Reads a file; `None` when it cannot be had.
fn grid(files: &dyn Files, path: &str, source: &Source<'_>, from: &Span, sink: &mut Sink) -> Option<Grid> {
    let fault = |message: String| Diagnostic::fault(&codes::REGISTER_FILE, message).at(from.clone());
    let bytes = files.read(path).map_err(|error| sink.push(fault(error.to_string()))).ok()?;
    let name = files.name(path);
    match kind::of(path, &bytes) {
        kind::Kind::Other(problem) => {
            sink.push(fault(format!("`{name}` {problem}")));
            None
        }
        kind::Kind::Workbook => {
            let sheet = source.sheet.as_ref().map(|(sheet, span)| (sheet.as_str(), *span));
            xlsx::read(&name, &bytes, sheet, from, sink)
        }
        kind::Kind::Csv => csv::read(&name, bytes, source.encoding, sink),
    }
}

/// Whether a register is a text that can be changed in place: CSV whose first row has the headings, in the engine's own
/// forms of days and numbers.
pub(crate) fn is_plain(files: &dyn Files, source: &Json) -> bool {
    let path = source["from"].as_str().unwrap_or_default();
    let is_said = |key: &str| !source[key].is_null();
    let is_utf8 = |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    let has_own_forms =
        ["sheet", "header", "values", "lists", "key", "needs", "dates", "decimal", "encoding"].into_iter().any(is_said);
    !has_own_forms && files.read(path).is_ok_and(|bytes| kind::of(path, &bytes) == kind::Kind::Csv && is_utf8(&bytes))
}

/// The cells of a register as texts, its headings first, of which the profile says `source`. What cannot be read is
/// reported.
pub(crate) fn records(files: &dyn Files, source: &Json, sink: &mut Sink) -> Option<Vec<Vec<String>>> {
    let path = source["from"].as_str().unwrap_or_default();
    let path = &*files::plain(path);
    let span = Span::file(path);
    let located = of_json(source, &span);
    let source = Source::of(&located, sink);
    let grid = grid(files, path, &source, &span, sink)?;
    let header = source.header.as_ref().map(|(number, _)| *number);
    let mut rows = grid.rows.into_iter().skip_while(|row| header.is_some_and(|number| row.number < number));
    let first = rows.next()?;
    let places: BTreeMap<usize, usize> = first.cells.iter().map(|(column, _)| *column).zip(0..).collect();
    let mut records: Vec<Vec<String>> = vec![first.cells.iter().map(|(_, cell)| cell.value.shown()).collect()];
    for row in rows {
        let mut cells = vec![String::new(); places.len()];
        for (column, cell) in row.cells {
            if let Some(place) = places.get(&column).and_then(|at| cells.get_mut(*at)) {
                *place = match cell.value {
                    Value::Number(number) => match source.written.decimal {
                        Some(sign) => number.value.to_string().replace('.', &sign.to_string()),
                        None => number.value.to_string(),
                    },
                    value => value.shown(),
                };
            }
        }
        records.push(cells);
    }
    Some(records)
}

/// The property that each column of a register holds, of which the profile says `source`.
pub(crate) fn properties(headings: &[String], source: &Json, items: &View) -> Vec<Option<String>> {
    let located = of_json(source, &Span::file(""));
    let source = Source::of(&located, &mut Sink::new());
    let mut held = columns::matched(headings, &source.columns, true, items).held;
    (0..headings.len()).map(|at| held.remove(&at)).collect()
}

/// What a cell holds that is not read, where, and its line.
type Unread = (String, Span, Option<EcoString>);

/// The rows of a table while they become groups of keys.
struct Reading<'a> {
    columns: &'a BTreeMap<usize, String>,
    items: &'a View,
    source: &'a Source<'a>,
    /// What is meant by what cells hold.
    meant: Meant,
    /// The cells that are written in a form that nobody named, by property: what they hold, where, and their lines.
    unnamed: BTreeMap<(Unnamed, String), Vec<Unread>>,
}

impl Reading<'_> {
    /// A row as a group of keys.
    fn group(&mut self, row: Row, filling: &mut Filling, sink: &mut Sink) -> Located {
        let mut entries = Vec::new();
        for (index, cell) in &row.cells {
            let Some(property) = self.columns.get(index) else { continue };
            let column = self.items.property(property);
            if let Value::Broken(problem) = &cell.value {
                sink.push((**problem).clone());
                filling.lacks(&row, property);
                continue;
            }
            sound(cell, sink);
            let other = match self.meant.read(property, &cell.value.shown(), column, &cell.span) {
                Says::Itself => None,
                Says::Text(text) => Some(Cell { span: cell.span.clone(), excerpt: None, value: Value::Text(text) }),
                Says::Value(value) => {
                    entries.push(Entry { key: property.as_str().into(), key_span: cell.span.clone(), value });
                    continue;
                }
                Says::Nothing => continue,
            };
            let cell = other.as_ref().unwrap_or(cell);
            let mut put = |value: Located| {
                entries.push(Entry { key: property.as_str().into(), key_span: cell.span.clone(), value });
            };
            if let Some(said) = none(cell, column) {
                put(said);
                continue;
            }
            // A mark is no property: true, or names.
            if let Value::Bool(flag) = cell.value
                && is_mark(property, self.items)
            {
                put(Located { span: cell.span.clone(), node: Node::Bool(flag) });
                continue;
            }
            match typed::node(cell, column, &self.source.written) {
                Ok(None) => {}
                Ok(Some(value)) => put(value),
                Err(Trouble::Unnamed(what, texts)) => {
                    filling.lacks(&row, property);
                    let known = self.unnamed.entry((what, property.clone())).or_default();
                    known.extend(texts.into_iter().map(|(text, span)| (text, span, cell.excerpt.clone())));
                }
                Err(Trouble::Wrong(problems)) => {
                    filling.lacks(&row, property);
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
        self.meant.complete(&mut entries, &row.span);
        Located { span: row.span, node: Node::Map(entries) }
    }

    /// Says of each column whose cells are written in a form that nobody named what the profile may say.
    fn report(self, sink: &mut Sink) {
        for ((what, property), cells) in self.unnamed {
            let Some((text, span, excerpt)) = cells.first() else { continue };
            let is_number = self.items.property(&property).map(|view| &view.asks.kind);
            let (code, is, proposed) = match what {
                Unnamed::Dates => (&codes::BAD_DATE, "not written as YYYY-MM-DD", dates(&cells)),
                Unnamed::Decimal => (
                    &codes::WRONG_TYPE,
                    if is_number == Some(&crate::schema::Kind::Whole) { "not a whole number" } else { "not a number" },
                    decimals(&cells),
                ),
            };
            let more = match cells.len() - 1 {
                0 => String::new(),
                1 => "; so is one more cell of the column".to_owned(),
                more => format!("; so are {more} more cells of the column"),
            };
            let mut problem = Diagnostic::fault(code, format!("`{property}` is `{text}`, {is}{more}")).at(span.clone());
            problem.excerpt = excerpt.as_ref().map(EcoString::to_string);
            problem.places = cells.iter().skip(1).take(MAX_PLACES).map(|(_, span, _)| span.clone()).collect();
            sink.push(problem.help(match proposed.as_slice() {
                [one] => format!("say so in the profile, behind `from`: `{one}`"),
                several => {
                    let several: Vec<String> = several.iter().map(|one| format!("`{one}`")).collect();
                    format!("say in the profile, behind `from`, how it is meant: {}", several.join(" or "))
                }
            }));
        }
    }
}

/// What the profile may say of days: the forms that all of them have, else one for each.
fn dates(cells: &[Unread]) -> Vec<String> {
    let forms: Vec<Vec<&str>> = cells.iter().map(|(text, ..)| forms::usual(text)).collect();
    let first = forms.first().cloned().unwrap_or_default();
    let all: Vec<&str> = first.into_iter().filter(|form| forms.iter().all(|forms| forms.contains(form))).collect();
    if !all.is_empty() {
        return all.into_iter().map(|form| format!("dates: {form}")).collect();
    }
    let mut each: Vec<&str> = Vec::new();
    for forms in forms {
        if !forms.iter().any(|form| each.contains(form)) {
            each.extend(forms.first());
        }
    }
    vec![format!("dates: [{}]", each.join(", "))]
}

/// What the profile may say of numbers: the sign by which all of them are some.
fn decimals(cells: &[Unread]) -> Vec<String> {
    let is_sign = |sign: &char| cells.iter().all(|(text, ..)| forms::number(text, *sign).is_some());
    let signs: Vec<char> = [',', '.'].into_iter().filter(is_sign).collect();
    let signs = if signs.is_empty() { vec![',', '.'] } else { signs };
    signs.into_iter().map(|sign| format!("decimal: \"{sign}\"")).collect()
}

/// Reports what no cell may hold.
fn sound(cell: &Cell, sink: &mut Sink) {
    let Value::Text(text) = &cell.value else { return };
    if let Some(c) = text.chars().find(|c| is_forbidden(*c)) {
        let message = format!("the character U+{:04X} stands in this cell", u32::from(c));
        sink.push(Diagnostic::fault(&codes::BAD_CHARACTER, message).at(cell.span.clone()));
    }
    if text.len() > MAX_CELL {
        sink.push(cell_too_long(text, &cell.span));
    }
}

/// A cell that says that there is none of what its column holds.
fn none(cell: &Cell, column: Option<&View>) -> Option<Located> {
    let Value::Text(text) = &cell.value else { return None };
    let said = Located { span: cell.span.clone(), node: Node::String(NONE.into()) };
    column.filter(|column| silence::is_said(text, column)).map(|_| said)
}
