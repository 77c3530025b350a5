//! Registers from CSV (RFC 4180): UTF-8, comma or semicolon, quotes and line ends in cells.

use ecow::EcoString;

use super::{Cell, MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Row, Table, Value, cell_too_long, is_forbidden};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, MAX_LINE, Sink, Span};
use crate::reasons;

/// The most bytes of a file.
const MAX_BYTES: usize = 8 << 20;

/// Reads a table; `None` when there is not even a heading, or the file is not text.
pub(super) fn read(name: &str, bytes: Vec<u8>, sink: &mut Sink) -> Option<Table> {
    if bytes.len() > MAX_BYTES {
        let message = format!("`{name}` has {} MB; at most {} are read as CSV", bytes.len() >> 20, MAX_BYTES >> 20);
        let problem = Diagnostic::fault(&codes::REGISTER_FILE, message).at(Span::text(name, 1, 1, 1));
        sink.push(problem.help("keep in the file what the register needs"));
        return None;
    }
    let text = crate::decode::utf8(name, bytes, sink)?;
    text.lines().next()?;
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(crate::edit::csv::delimiter(&text))
        .from_reader(text.as_bytes());
    let lines: Vec<&str> = text.lines().collect();
    let mut headings: Option<Vec<Cell>> = None;
    let mut rows: Vec<Row> = Vec::new();
    let mut filled = 0;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |position| position.line() as u32);
                let message = format!("this is not CSV: {}", reasons::csv(&error));
                sink.push(Diagnostic::fault(&codes::REGISTER_FILE, message).at(Span { line, ..Span::file(name) }));
                return None;
            }
        };
        let line = record.position().map_or(0, |position| position.line() as u32);
        let line = line + skipped(&lines, line);
        let source = lines.get(line.saturating_sub(1) as usize).copied().unwrap_or_default();
        let excerpt = (source.len() <= MAX_LINE).then(|| EcoString::from(source));
        let shown = |problem: Diagnostic| Diagnostic { excerpt: excerpt.as_ref().map(EcoString::to_string), ..problem };
        let too_many = |message: String| {
            let problem = Diagnostic::fault(&codes::REGISTER_FILE, message).at(Span::text(name, line, 1, 1));
            shown(problem).help("keep in the file what the register needs")
        };
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let wanted = headings.as_ref().map_or(record.len(), Vec::len);
        if record.len() != wanted {
            let message = format!("this row has {} cells, the heading has {wanted}", record.len());
            let length = source.chars().count() as u32;
            let problem = Diagnostic::fault(&codes::REGISTER_ROW, message).at(Span::text(name, line, 1, length));
            sink.push_with(problem, |problem| shown(problem).help("put texts that hold a comma into quotes: \"a, b\""));
            continue;
        }
        if wanted > MAX_COLUMNS {
            sink.push(too_many(format!("the heading has {wanted} cells; at most {MAX_COLUMNS} columns are read")));
            return None;
        }
        let mut cells = Vec::new();
        let mut places = Places { rest: source, column: 1 };
        for (index, field) in record.iter().enumerate() {
            let (at, length) = places.next(field);
            let span = Span::text(name, line, at, length.max(1));
            if let Some(c) = field.chars().find(|c| is_forbidden(*c)) {
                let message = format!("the character U+{:04X} stands in this cell", u32::from(c));
                sink.push(Diagnostic::fault(&codes::BAD_CHARACTER, message).at(span.clone()));
            }
            if field.len() > MAX_CELL {
                sink.push(cell_too_long(field, &span));
            }
            let value = if field.trim().is_empty() { Value::Empty } else { Value::Text(field.to_owned()) };
            let is_heading = headings.is_none();
            filled += usize::from(value != Value::Empty);
            if value != Value::Empty || is_heading {
                cells.push((index, Cell { span, excerpt: excerpt.clone(), value }));
            }
        }
        if headings.is_none() {
            headings = Some(cells.into_iter().map(|(_, cell)| cell).collect());
            continue;
        }
        rows.push(Row { span: Span::text(name, line, 1, 1), cells });
        if rows.len() > MAX_ROWS {
            sink.push(too_many(format!("the register has more than {MAX_ROWS} rows")));
            return None;
        }
        if filled > MAX_CELLS {
            sink.push(too_many(format!("the register has more than {MAX_CELLS} cells with something in them")));
            return None;
        }
    }
    Some(Table { headings: headings?, rows })
}

/// The reader passes over blank lines before a record without counting them as its begin.
fn skipped(lines: &[&str], line: u32) -> u32 {
    lines.iter().skip(line.saturating_sub(1) as usize).take_while(|line| line.trim().is_empty()).count() as u32
}

/// Where the fields of a record stand in the line that it begins on.
struct Places<'l> {
    /// What of the line was not passed yet.
    rest: &'l str,
    /// The column that it begins in, from 1.
    column: u32,
}

impl Places<'_> {
    /// Column and length of the next field, with its quotes left out; length 0 where it is not found as it is.
    fn next(&mut self, field: &str) -> (u32, u32) {
        let first = field.lines().next().unwrap_or_default();
        match self.rest.find(first).filter(|_| !first.is_empty()) {
            Some(at) => {
                let (column, length) = (self.column + count(&self.rest[..at]), count(first));
                self.rest = &self.rest[at + first.len()..];
                self.column = column + length;
                (column, length)
            }
            None => (self.column, 0),
        }
    }
}

fn count(text: &str) -> u32 {
    text.chars().count() as u32
}
