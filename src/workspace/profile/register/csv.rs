//! Registers from CSV (RFC 4180): UTF-8, comma or semicolon, quotes and line ends in cells.

use super::{Cell, Table, Value};
use crate::characters::is_private;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};

/// Reads a table; `None` when there is not even a heading, or the file is not text.
pub(super) fn read(name: &str, bytes: Vec<u8>, sink: &mut Sink) -> Option<Table> {
    let text = crate::decode::utf8(name, bytes, sink)?;
    text.lines().next()?;
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(crate::edit::csv::delimiter(&text))
        .from_reader(text.as_bytes());
    let lines: Vec<&str> = text.lines().collect();
    let mut rows: Vec<(Span, Vec<Cell>)> = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                sink.push(
                    Diagnostic::fault(&codes::REGISTER_FILE, format!("this is not CSV: {error}")).at(Span::file(name)),
                );
                return None;
            }
        };
        let line = record.position().map_or(0, |position| position.line() as u32);
        let line = line + skipped(&lines, line);
        let source = lines.get(line.saturating_sub(1) as usize).copied().unwrap_or_default();
        let mut column = 1;
        let mut cells = Vec::new();
        for field in &record {
            let (at, length) = locate(source, field, column);
            let span = Span::text(name, line, at, length.max(1));
            column = at + length;
            if let Some(c) = field.chars().find(|c| is_private(*c) || (c.is_control() && !matches!(c, '\n' | '\t'))) {
                let message = format!("the character U+{:04X} stands in this cell", u32::from(c));
                sink.push(Diagnostic::fault(&codes::BAD_CHARACTER, message).at(span.clone()));
            }
            let value = if field.trim().is_empty() { Value::Empty } else { Value::Text(field.to_owned()) };
            cells.push(Cell { span, excerpt: Some(source.to_owned()), value });
        }
        if cells.iter().all(|cell| cell.value == Value::Empty) {
            continue;
        }
        let wanted = rows.first().map_or(cells.len(), |(_, headings)| headings.len());
        if cells.len() != wanted {
            let message = format!("this row has {} cells, the heading has {wanted}", cells.len());
            let problem = Diagnostic::fault(&codes::REGISTER_ROW, message).at(Span::text(
                name,
                line,
                1,
                source.chars().count() as u32,
            ));
            sink.push(problem.excerpt_from(&text).help("put texts that hold a comma into quotes: \"a, b\""));
            continue;
        }
        rows.push((Span::text(name, line, 1, 1), cells));
    }
    if rows.is_empty() {
        return None;
    }
    let (_, headings) = rows.remove(0);
    Some(Table { headings, rows })
}

/// The reader passes over blank lines before a record without counting them as its begin.
fn skipped(lines: &[&str], line: u32) -> u32 {
    lines.iter().skip(line.saturating_sub(1) as usize).take_while(|line| line.trim().is_empty()).count() as u32
}

/// Where a field stands in the line that its record begins on, from a column on; with its quotes left out.
fn locate(line: &str, field: &str, from: u32) -> (u32, u32) {
    let first = field.lines().next().unwrap_or_default();
    let rest: String = line.chars().skip(from as usize - 1).collect();
    match rest.find(first).filter(|_| !first.is_empty()) {
        Some(at) => (from + rest[..at].chars().count() as u32, first.chars().count() as u32),
        None => (from, 0),
    }
}
