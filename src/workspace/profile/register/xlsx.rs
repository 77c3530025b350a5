//! Registers from XLSX (ISO/IEC 29500-1, SpreadsheetML): plain values only.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError, XlsxFormulaMetadata as Formula};

use super::{Cell, MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Table, Value, cell_too_long, is_forbidden, workbook};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::source::column_letters;
use crate::diagnostic::{Diagnostic, Sink, Span, nearest};
use crate::yaml::Located;

/// The most characters of a formula that a message shows.
const MAX_FORMULA: usize = 200;

/// Reads a sheet, the first when none is named; `None` when it cannot be had or is empty.
pub(super) fn read(name: &str, bytes: &[u8], sheet: Option<&Located>, from: &Span, sink: &mut Sink) -> Option<Table> {
    let file_fault = |message: String| Diagnostic::fault(&codes::REGISTER_FILE, message).at(from.clone());
    let contained = match workbook::contained(bytes) {
        Ok(contained) => contained,
        Err(problem) => {
            sink.push(file_fault(format!("`{name}` {problem}")));
            return None;
        }
    };
    let mut book = match Xlsx::new(Cursor::new(contained)) {
        Ok(book) => book,
        Err(_) => {
            sink.push(file_fault(format!("`{name}` is not an XLSX file, or a part of it is missing or damaged")));
            return None;
        }
    };
    let sheets = book.sheet_names();
    let wanted = match sheet {
        Some(sheet) => sheet.as_str().unwrap_or_default().to_owned(),
        None => sheets.first()?.clone(),
    };
    if !sheets.contains(&wanted) {
        let span = sheet.map_or(from, |sheet| &sheet.span).clone();
        let problem = Diagnostic::fault(&codes::REGISTER_FILE, format!("`{name}` has no sheet `{wanted}`")).at(span);
        let names: Vec<&str> = sheets.iter().map(String::as_str).collect();
        sink.push(match nearest(&wanted, names.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!("there are: {}", names.join(", "))),
        });
        return None;
    }
    let place =
        |row: u32, column: u32| Span::cell(name, wanted.as_str(), row.saturating_add(1), column.saturating_add(1));
    for region in book.merge_cells_by_sheet_name(&wanted).unwrap_or_default() {
        let (row, column) = region.start;
        let corner = corner(region.end);
        let problem = Diagnostic::fault(&codes::MERGED_CELLS, format!("cells are merged from here to {corner}"));
        sink.push(problem.at(place(row, column)).help("unmerge them and write the value into each row"));
    }
    let mut sheet = Sheet::default();
    let taken = sheet.take(&mut book, &wanted);
    if taken.is_err() {
        sink.push(file_fault(format!("the sheet `{wanted}` cannot be read: a part of it is damaged")));
        return None;
    }
    if sheet.is_full {
        let message = format!("the sheet `{wanted}` has more than {MAX_CELLS} cells with something in them");
        sink.push(file_fault(message).help("keep in it what the register needs"));
        return None;
    }
    if let Some((row, column)) = sheet.stray() {
        let reached = corner((row, column));
        let message = format!(
            "the sheet `{wanted}` reaches to {reached}; at most {MAX_ROWS} rows and {MAX_COLUMNS} columns are read"
        );
        let problem = Diagnostic::fault(&codes::REGISTER_FILE, message).at(place(row, column));
        sink.push(problem.help(format!("delete what stands in {reached}, outside the table")));
        return None;
    }
    sheet.table(&place, sink)
}

/// What a spreadsheet calls a cell.
fn corner((row, column): (u32, u32)) -> String {
    format!("{}{}", column_letters(column.saturating_add(1)), row.saturating_add(1))
}

/// The cells of a sheet that hold something, by row and column from 0.
#[derive(Default)]
struct Sheet {
    cells: BTreeMap<(u32, u32), Content>,
    is_full: bool,
}

enum Content {
    Value(Value),
    Formula(String),
    /// An error that the cell shows.
    Error(String),
}

impl Sheet {
    /// Takes the cells one by one; however far apart they stand, no room is made for those between.
    fn take(&mut self, book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<(), XlsxError> {
        let mut reader = book.worksheet_cells_reader(name)?;
        let mut shared: BTreeMap<usize, String> = BTreeMap::new();
        while let Some(cell) = reader.next_cell_with_formula_metadata()? {
            let content = match cell.formula {
                Some(Formula::SharedDerived { shared_index }) => {
                    Content::Formula(shared.get(&shared_index).cloned().unwrap_or_default())
                }
                Some(Formula::Shared { shared_index, formula, .. }) => {
                    let formula: String = formula.chars().take(MAX_FORMULA).collect();
                    shared.insert(shared_index, formula.clone());
                    Content::Formula(formula)
                }
                Some(Formula::Normal { formula }) => Content::Formula(formula.chars().take(MAX_FORMULA).collect()),
                Some(_) => Content::Formula(String::new()),
                None => match cell.value {
                    DataRef::Error(error) => Content::Error(error.to_string()),
                    value => match plain(value) {
                        Value::Empty => continue,
                        value => Content::Value(value),
                    },
                },
            };
            self.cells.insert(cell.pos, content);
            if self.cells.len() > MAX_CELLS {
                self.is_full = true;
                break;
            }
        }
        Ok(())
    }

    /// The first cell that is too far from the others to be one of a table with them.
    fn stray(&self) -> Option<(u32, u32)> {
        let first_row = self.cells.keys().next()?.0;
        let first_column = self.cells.keys().map(|(_, column)| *column).min()?;
        let is_far = |(row, column): &(u32, u32)| {
            row - first_row >= MAX_ROWS as u32 || column - first_column >= MAX_COLUMNS as u32
        };
        self.cells.keys().copied().find(is_far)
    }

    /// The table: the first row with a value holds its headings. Columns without one hold notes beside it.
    fn table(self, place: &dyn Fn(u32, u32) -> Span, sink: &mut Sink) -> Option<Table> {
        let is_value = |content: &Content| matches!(content, Content::Value(_));
        let first = self.cells.iter().find(|(_, content)| is_value(content)).map(|((row, _), _)| *row)?;
        let in_first = self.cells.range((first, 0)..(first + 1, 0));
        let columns: BTreeMap<u32, usize> =
            in_first.filter(|(_, content)| is_value(content)).map(|((_, column), _)| *column).zip(0..).collect();
        let (mut headings, mut rows): (Vec<Cell>, Vec<super::Row>) = (Vec::new(), Vec::new());
        let first_column = self.cells.keys().map(|(_, column)| *column).min().unwrap_or_default();
        for ((row, column), content) in self.cells {
            let Some(index) = columns.get(&column).copied() else { continue };
            let span = place(row, column);
            let value = match content {
                Content::Value(value) => value,
                Content::Formula(formula) => {
                    let problem =
                        Diagnostic::fault(&codes::FORMULA, format!("the cell holds the formula `={formula}`"));
                    sink.push(problem.at(span.clone()).help("copy the cells and paste them as values"));
                    Value::Broken
                }
                Content::Error(error) => {
                    let problem = Diagnostic::fault(&codes::CELL_ERROR, format!("the cell shows the error {error}"));
                    sink.push(problem.at(span.clone()).help("write the value"));
                    Value::Broken
                }
            };
            if let Value::Text(text) = &value {
                if let Some(c) = text.chars().find(|c| is_forbidden(*c)) {
                    let message = format!("the character U+{:04X} stands in this cell", u32::from(c));
                    sink.push(Diagnostic::fault(&codes::BAD_CHARACTER, message).at(span.clone()));
                }
                if text.len() > MAX_CELL {
                    sink.push(cell_too_long(text, &span));
                }
            }
            let cell = Cell { span, excerpt: None, value };
            if row == first {
                headings.push(cell);
                continue;
            }
            let span = place(row, first_column);
            match rows.last_mut() {
                Some(last) if last.span == span => last.cells.push((index, cell)),
                _ => rows.push(super::Row { span, cells: vec![(index, cell)] }),
            }
        }
        Some(Table { headings, rows })
    }
}

fn plain(data: DataRef<'_>) -> Value {
    let text = |text: &str| match text.trim() {
        "" => Value::Empty,
        _ => Value::Text(text.replace("\r\n", "\n").replace('\r', "\n")),
    };
    match data {
        DataRef::Empty | DataRef::Error(_) => Value::Empty,
        DataRef::String(string) | DataRef::DurationIso(string) => text(&string),
        DataRef::SharedString(string) => text(string),
        DataRef::Int(number) => Value::Number(number as f64),
        DataRef::Float(number) => Value::Number(number),
        DataRef::Bool(flag) => Value::Bool(flag),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Value::Date(format!("{year:04}-{month:02}-{day:02}"))
        }
        DataRef::DateTime(duration) => Value::Number(duration.as_f64()),
        DataRef::DateTimeIso(text) => Value::Date(text.split('T').next().unwrap_or_default().to_owned()),
    }
}
