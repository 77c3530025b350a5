//! Registers from XLSX (ISO/IEC 29500-1, SpreadsheetML): plain values only.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::{Cell, Table, Value};
use crate::characters::is_private;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::source::column_letters;
use crate::diagnostic::{Diagnostic, Sink, Span, nearest};
use crate::yaml::Located;

/// The most rows and columns that are read.
const MAX_ROWS: usize = 20_000;
const MAX_COLUMNS: usize = 200;

/// Reads a sheet, the first when none is named; `None` when it cannot be had or is empty.
pub(super) fn read(name: &str, bytes: &[u8], sheet: Option<&Located>, from: &Span, sink: &mut Sink) -> Option<Table> {
    let file_fault = |message: String| Diagnostic::fault(&codes::REGISTER_FILE, message).at(from.clone());
    let mut book = match Xlsx::new(Cursor::new(bytes)) {
        Ok(book) => book,
        Err(error) => {
            sink.push(file_fault(format!("`{name}` is not an XLSX file: {error}")));
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
    let place = |row: u32, column: u32| Span::cell(name, wanted.as_str(), row + 1, column + 1);
    let formulas = book.worksheet_formula(&wanted).ok();
    let merged = book.merge_cells_by_sheet_name(&wanted).unwrap_or_default();
    for region in merged {
        let (row, column) = region.start;
        let corner = format!("{}{}", column_letters(region.end.1 + 1), region.end.0 + 1);
        let problem = Diagnostic::fault(&codes::MERGED_CELLS, format!("cells are merged from here to {corner}"));
        sink.push(problem.at(place(row, column)).help("unmerge them and write the value into each row"));
    }
    let range = match book.worksheet_range(&wanted) {
        Ok(range) => range,
        Err(error) => {
            sink.push(file_fault(format!("the sheet `{wanted}` cannot be read: {error}")));
            return None;
        }
    };
    let (first_row, first_column) = range.start()?;
    if range.height() > MAX_ROWS || range.width() > MAX_COLUMNS {
        let problem = format!(
            "the sheet `{wanted}` has {} rows and {} columns; at most {MAX_ROWS} and {MAX_COLUMNS} are read",
            range.height(),
            range.width()
        );
        sink.push(file_fault(problem).help("delete empty rows and columns that were formatted"));
        return None;
    }
    let mut rows: Vec<(Span, Vec<Cell>)> = Vec::new();
    for (index, cells) in range.rows().enumerate() {
        let row = first_row + index as u32;
        let cells: Vec<Cell> = cells
            .iter()
            .enumerate()
            .map(|(index, data)| {
                let column = first_column + index as u32;
                let span = place(row, column);
                let formula = formulas
                    .as_ref()
                    .and_then(|formulas| formulas.get_value((row, column)))
                    .filter(|text| !text.is_empty());
                let value = match formula {
                    Some(formula) => {
                        let problem =
                            Diagnostic::fault(&codes::FORMULA, format!("the cell holds the formula `={formula}`"));
                        sink.push(problem.at(span.clone()).help("copy the cells and paste them as values"));
                        Value::Empty
                    }
                    None => value(data, &span, sink),
                };
                Cell { span, excerpt: None, value }
            })
            .collect();
        if cells.iter().any(|cell| cell.value != Value::Empty) {
            rows.push((place(row, first_column), cells));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let (_, headings) = rows.remove(0);
    // Columns without a heading hold notes beside the table.
    let is_named: Vec<bool> = headings.iter().map(|cell| cell.value != Value::Empty).collect();
    let keep = |cells: Vec<Cell>| {
        cells.into_iter().zip(&is_named).filter(|(_, named)| **named).map(|(cell, _)| cell).collect::<Vec<_>>()
    };
    Some(Table { headings: keep(headings), rows: rows.into_iter().map(|(span, cells)| (span, keep(cells))).collect() })
}

fn value(data: &Data, span: &Span, sink: &mut Sink) -> Value {
    match data {
        Data::Empty => Value::Empty,
        Data::String(text) if text.trim().is_empty() => Value::Empty,
        Data::String(text) => {
            if let Some(c) =
                text.chars().find(|c| is_private(*c) || (c.is_control() && !matches!(c, '\n' | '\t' | '\r')))
            {
                let message = format!("the character U+{:04X} stands in this cell", u32::from(c));
                sink.push(Diagnostic::fault(&codes::BAD_CHARACTER, message).at(span.clone()));
            }
            Value::Text(text.replace("\r\n", "\n").replace('\r', "\n"))
        }
        Data::Int(number) => Value::Number(*number as f64),
        Data::Float(number) => Value::Number(*number),
        Data::Bool(flag) => Value::Bool(*flag),
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Value::Date(format!("{year:04}-{month:02}-{day:02}"))
        }
        Data::DateTime(duration) => Value::Number(duration.as_f64()),
        Data::DateTimeIso(text) => Value::Date(text.split('T').next().unwrap_or_default().to_owned()),
        Data::DurationIso(text) => Value::Text(text.clone()),
        Data::Error(error) => {
            let problem = Diagnostic::fault(&codes::CELL_ERROR, format!("the cell shows the error {error}"));
            sink.push(problem.at(span.clone()).help("write the value"));
            Value::Empty
        }
    }
}
