//! Registers from CSV (RFC 4180): whatever separates the cells, quotes and line ends in them.

use ecow::EcoString;

use super::{Cell, Grid, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Row, Value};
use crate::decode;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, MAX_LINE, Sink, Span};
use crate::edit;
use crate::reasons;
use crate::yaml::Located;

/// The most bytes of a file.
const MAX_BYTES: usize = 8 << 20;

/// Reads a table; `None` when the file is not text.
pub(super) fn read(name: &str, bytes: Vec<u8>, encoding: Option<&Located>, sink: &mut Sink) -> Option<Grid> {
    if bytes.len() > MAX_BYTES {
        let message = format!("`{name}` has {} MB; at most {} are read as CSV", bytes.len() >> 20, MAX_BYTES >> 20);
        let problem = Diagnostic::fault(&codes::REGISTER_FILE, message).at(Span::text(name, 1, 1, 1));
        sink.push(problem.help("keep in the file what the register needs"));
        return None;
    }
    let text = text(name, bytes, encoding, sink)?;
    let separator = edit::csv::separator(&text);
    let lines: Vec<&str> = text.lines().collect();
    if let Some(line) = edit::csv::unclosed_quote(&text) {
        let message = "a quote is opened here and not closed where its cell ends";
        let problem = Diagnostic::fault(&codes::REGISTER_FILE, message).at(Span::text(name, line, 1, 1));
        let problem = problem.help("close it before the next separator; a quote inside a text is written twice: \"\"");
        sink.push(problem.excerpt_from(&text));
        return None;
    }
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator.sign)
        .from_reader(&text.as_bytes()[separator.start..]);
    // A line that names the separator is one of the file.
    let before = u32::from(separator.start > 0);
    let mut rows: Vec<Row> = Vec::new();
    let mut filled = 0;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, |position| position.line() as u32) + before;
                let message = format!("this is not CSV: {}", reasons::csv(&error));
                sink.push(Diagnostic::fault(&codes::REGISTER_FILE, message).at(Span { line, ..Span::file(name) }));
                return None;
            }
        };
        let line = record.position().map_or(0, |position| position.line() as u32) + before;
        let line = line + skipped(&lines, line);
        let source = lines.get(line.saturating_sub(1) as usize).copied().unwrap_or_default();
        let excerpt = (source.len() <= MAX_LINE).then(|| EcoString::from(source));
        let shown = |problem: Diagnostic| Diagnostic { excerpt: excerpt.as_ref().map(EcoString::to_string), ..problem };
        let too_many = |message: String| {
            let problem = Diagnostic::fault(&codes::REGISTER_FILE, message).at(Span::text(name, line, 1, 1));
            shown(problem).help("keep in the file what the register needs")
        };
        let Some(last) =
            record.iter().enumerate().filter(|(_, field)| !field.trim().is_empty()).map(|(at, _)| at).last()
        else {
            continue;
        };
        if last >= MAX_COLUMNS {
            sink.push(too_many(format!("this row has {} cells; at most {MAX_COLUMNS} columns are read", last + 1)));
            return None;
        }
        let mut cells = Vec::new();
        let mut places = Places { rest: source, column: 1 };
        for (index, field) in record.iter().take(last + 1).enumerate() {
            let (at, length) = places.next(field);
            if field.trim().is_empty() {
                continue;
            }
            let span = Span::text(name, line, at, length.max(1));
            cells.push((index, Cell { span, excerpt: excerpt.clone(), value: Value::Text(field.to_owned()) }));
        }
        filled += cells.len();
        rows.push(Row {
            number: line,
            span: Span::text(name, line, 1, 1),
            fields: Some((record.len(), last + 1)),
            cells,
        });
        // One row is that of the headings.
        if rows.len() > MAX_ROWS + 1 {
            sink.push(too_many(format!("the register has more than {MAX_ROWS} rows")));
            return None;
        }
        if filled > MAX_CELLS {
            sink.push(too_many(format!("the register has more than {MAX_CELLS} cells with something in them")));
            return None;
        }
    }
    Some(Grid { rows, ..Grid::default() })
}

/// The bytes as text: by the encoding that the profile says, else as UTF-8 or UTF-16.
fn text(name: &str, bytes: Vec<u8>, encoding: Option<&Located>, sink: &mut Sink) -> Option<String> {
    let text = match encoding {
        Some(encoding) => {
            let said = encoding.as_str().unwrap_or_default();
            let Some(text) = decode::encoded(&bytes, said) else {
                let message = format!("`encoding: {said}` is none that is known");
                let problem = Diagnostic::fault(&codes::WRONG_VALUE, message).at(encoding.span.clone());
                sink.push(problem.help("known are utf-8, utf-16, windows-1252, windows-1250, iso-8859-2, macintosh and what else the web knows by name"));
                return None;
            };
            text
        }
        None => match decode::decoded(bytes) {
            Ok(text) => text,
            Err(stray) => {
                let problem = stray.fault(&codes::REGISTER_FILE, name);
                let problem = problem.help("save the file as UTF-8 (\"CSV UTF-8\" in Excel)");
                sink.push(problem.help(
                    "or say what it is: if the line above reads well it is Windows-1252: write `encoding: windows-1252` behind `from`",
                ));
                return None;
            }
        },
    };
    if let Some(at) = text.find('\0') {
        let line = text[..at].matches('\n').count() as u32 + 1;
        let message = format!("`{name}` is not text: a NUL byte stands on line {line}");
        let problem = Diagnostic::fault(&codes::REGISTER_FILE, message).at(Span { line, ..Span::file(name) });
        sink.push(problem.help("save the list once more, as .xlsx or CSV UTF-8"));
        return None;
    }
    Some(text)
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
