//! Registers from XLSX (ISO/IEC 29500-1, SpreadsheetML): the values that its cells show, those of formulas as they were
//! stored last.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, Xlsx, XlsxError, XlsxFormulaMetadata as Formula};
use ecow::{EcoString, eco_format};

use super::number_format::{self, Shows};
use super::workbook::{self, Contained};
use super::{Cell, Grid, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Merge, Moment, Number, Row, Value};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::source::column_letters;
use crate::diagnostic::{Diagnostic, Sink, Span};

/// The most characters of a formula that a message shows.
const MAX_FORMULA: usize = 200;

/// The most regions of merged cells that are looked at.
const MAX_MERGED: usize = 1_000;

/// What to do about a formula of which no value is stored.
const STORE: &str =
    "open the file in the spreadsheet program and save it, so that the value is stored; or paste the cells as values";

/// Reads a sheet, the first when none is named; `None` when it cannot be had.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    sheet: Option<(&str, &Span)>,
    from: &Span,
    sink: &mut Sink,
) -> Option<Grid> {
    let file_fault = |message: String| Diagnostic::fault(&codes::REGISTER_FILE, message).at(from.clone());
    let mut contained = match workbook::contained(bytes) {
        Ok(contained) => contained,
        Err(problem) => {
            sink.push(file_fault(format!("`{name}` {problem}")));
            return None;
        }
    };
    let mut book = match Xlsx::new(Cursor::new(std::mem::take(&mut contained.bytes))) {
        Ok(book) => book,
        Err(_) => {
            sink.push(file_fault(format!("`{name}` is not an XLSX file, or a part of it is missing or damaged")));
            return None;
        }
    };
    let sheets = book.sheet_names();
    let wanted = match sheet {
        Some((sheet, _)) => sheet.to_owned(),
        None => sheets.first()?.clone(),
    };
    if !sheets.contains(&wanted) {
        let span = sheet.map_or(from, |(_, span)| span).clone();
        let problem = Diagnostic::fault(&codes::REGISTER_FILE, format!("`{name}` has no sheet `{wanted}`")).at(span);
        let names: Vec<&str> = sheets.iter().map(String::as_str).collect();
        let problem = problem.suggest(&wanted, names.iter().copied());
        sink.push(problem.help(format!("there are: {}", names.join(", "))));
        return None;
    }
    let place =
        |row: u32, column: u32| Span::cell(name, wanted.as_str(), row.saturating_add(1), column.saturating_add(1));
    let merged = book.merge_cells_by_sheet_name(&wanted).unwrap_or_default();
    let merges = merged.into_iter().take(MAX_MERGED).map(|region| Merge {
        rows: (region.start.0.saturating_add(1), region.end.0.saturating_add(1)),
        columns: (region.start.1 as usize, region.end.1 as usize),
        corner: corner(region.end),
        span: place(region.start.0, region.start.1),
    });
    let merges: Vec<Merge> = merges.collect();
    let mut cells = Cells::default();
    if cells.take(&mut book, &wanted, &contained, &place).is_err() {
        sink.push(file_fault(format!("the sheet `{wanted}` cannot be read: a part of it is damaged")));
        return None;
    }
    if cells.is_full {
        let message = format!("the sheet `{wanted}` has more than {MAX_CELLS} cells with something in them");
        sink.push(file_fault(message).help("keep in it what the register needs"));
        return None;
    }
    if let Some((row, column)) = cells.stray() {
        let reached = corner((row, column));
        let message = format!(
            "the sheet `{wanted}` reaches to {reached}; at most {MAX_ROWS} rows and {MAX_COLUMNS} columns are read"
        );
        let problem = Diagnostic::fault(&codes::REGISTER_FILE, message).at(place(row, column));
        sink.push(problem.help(format!("delete what stands in {reached}, outside the table")));
        return None;
    }
    let others = if sheet.is_none() && sheets.len() > 1 { sheets } else { Vec::new() };
    Some(Grid { rows: cells.rows(&place), merges, sheets: others })
}

/// What a spreadsheet calls a cell.
fn corner((row, column): (u32, u32)) -> String {
    format!("{}{}", column_letters(column.saturating_add(1)), row.saturating_add(1))
}

/// The day and the time of day that a number of a spreadsheet is, to the second: the whole of it counts days.
fn moment(value: f64, is_1904: bool) -> Option<(String, u32)> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let seconds = ((value - value.floor()) * 86_400.0).round() as u32;
    let (days, seconds) = if seconds >= 86_400 { (value.floor() + 1.0, 0) } else { (value.floor(), seconds) };
    let (year, month, day, ..) = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904).to_ymd_hms_milli();
    Some((format!("{year:04}-{month:02}-{day:02}"), seconds))
}

/// The day that a number would be if its cell were one of days; nothing of one that nobody would take for a day.
pub(super) fn day_of(number: &Number) -> Option<String> {
    // 1954 to 2119, as Excel counts.
    let is_likely = number.value.fract() == 0.0 && (20_000.0..80_000.0).contains(&number.value);
    moment(number.value, number.is_1904).filter(|_| is_likely).map(|(day, _)| day)
}

fn clock(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

/// The cells of a sheet that hold something, by row and column from 0.
#[derive(Default)]
struct Cells {
    cells: BTreeMap<(u32, u32), Value>,
    is_full: bool,
}

impl Cells {
    /// Takes the cells one by one; however far apart they stand, no room is made for those between.
    fn take(
        &mut self,
        book: &mut Xlsx<Cursor<Vec<u8>>>,
        name: &str,
        contained: &Contained,
        place: &dyn Fn(u32, u32) -> Span,
    ) -> Result<(), XlsxError> {
        let mut styles: BTreeMap<(u32, u32), EcoString> = BTreeMap::new();
        let mut reader = book.worksheet_cells_reader(name)?;
        // A reader gives styles or formulas: the first goes before the second.
        while let Some((cell, style)) = reader.next_cell_with_style_id()? {
            let is_number = matches!(cell.get_value(), DataRef::Float(_) | DataRef::DateTime(_));
            if let Some(format) = contained.formats.get(style).filter(|format| is_number && !format.is_empty()) {
                styles.insert(cell.get_position(), format.clone());
                if styles.len() > MAX_CELLS {
                    break;
                }
            }
        }
        drop(reader);
        let mut reader = book.worksheet_cells_reader(name)?;
        let mut shared: BTreeMap<usize, String> = BTreeMap::new();
        while let Some(cell) = reader.next_cell_with_formula_metadata()? {
            let formula = cell.formula.map(|formula| match formula {
                Formula::SharedDerived { shared_index } => shared.get(&shared_index).cloned().unwrap_or_default(),
                Formula::Shared { shared_index, formula, .. } => {
                    let formula: String = formula.chars().take(MAX_FORMULA).collect();
                    shared.insert(shared_index, formula.clone());
                    formula
                }
                Formula::Normal { formula } => formula.chars().take(MAX_FORMULA).collect(),
                _ => String::new(),
            });
            let format = styles.get(&cell.pos).map(EcoString::as_str).unwrap_or_default();
            let span = || place(cell.pos.0, cell.pos.1);
            let value = match (cell.value, &formula) {
                (DataRef::Error(error), _) => {
                    let by = formula.map(|formula| format!(" (`={formula}`)")).unwrap_or_default();
                    let message = format!("the cell shows the error {error}{by}");
                    let problem = Diagnostic::fault(&codes::CELL_ERROR, message).at(span());
                    Value::Broken(Box::new(problem.help("mend the formula, or write the value")))
                }
                (DataRef::Empty, Some(formula)) => unstored(formula, span()),
                // A library that writes formulas without computing them writes 0 beside them, and says that they are to
                // be computed.
                (DataRef::Float(0.0), Some(formula)) if contained.is_uncomputed => unstored(formula, span()),
                (value, _) => plain(value, format, contained.is_1904, &span),
            };
            if matches!(value, Value::Empty) {
                continue;
            }
            self.cells.insert(cell.pos, value);
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

    fn rows(self, place: &dyn Fn(u32, u32) -> Span) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let first_column = self.cells.keys().map(|(_, column)| *column).min().unwrap_or_default();
        for ((row, column), value) in self.cells {
            let cell = (column as usize, Cell { span: place(row, column), excerpt: None, value });
            let number = row.saturating_add(1);
            match rows.last_mut() {
                Some(last) if last.number == number => last.cells.push(cell),
                _ => rows.push(Row { number, span: place(row, first_column), fields: None, cells: vec![cell] }),
            }
        }
        rows
    }
}

fn unstored(formula: &str, span: Span) -> Value {
    let message = format!("the cell holds the formula `={formula}`, and the file no value of it");
    Value::Broken(Box::new(Diagnostic::fault(&codes::FORMULA, message).at(span).help(STORE)))
}

/// The value that a cell shows.
fn plain(data: DataRef<'_>, format: &str, is_1904: bool, span: &dyn Fn() -> Span) -> Value {
    let text = |text: &str| match text.trim() {
        "" => Value::Empty,
        _ => Value::Text(text.replace("\r\n", "\n").replace('\r', "\n")),
    };
    let number = |value: f64| Value::Number(Number { value, format: format.into(), is_1904 });
    match data {
        DataRef::Empty | DataRef::Error(_) => Value::Empty,
        DataRef::String(string) | DataRef::DurationIso(string) => text(&string),
        DataRef::SharedString(string) => text(string),
        DataRef::Int(value) => number(value as f64),
        DataRef::Float(value) => number(value),
        DataRef::Bool(flag) => Value::Bool(flag),
        DataRef::DateTime(date) if date.is_datetime() => {
            let value = date.as_f64();
            let Shows { day, time } = number_format::shows(format);
            match moment(value, is_1904) {
                Some((_, seconds)) if time && (!day || value < 1.0) => {
                    Value::Moment(Moment { day: None, time: Some(clock(seconds)) })
                }
                Some((day, seconds)) if value >= 1.0 => {
                    let time = (time || seconds > 0).then(|| clock(seconds));
                    Value::Moment(Moment { day: Some(day), time })
                }
                _ => {
                    let message = format!("the cell shows a day, and holds {value}, which is none");
                    let problem = Diagnostic::fault(&codes::CELL_ERROR, message).at(span());
                    Value::Broken(Box::new(problem.help("write the day, or empty the cell")))
                }
            }
        }
        DataRef::DateTime(duration) => {
            let seconds = (duration.as_f64().abs() * 86_400.0).round();
            if !seconds.is_finite() || seconds > 1e9 {
                return number(duration.as_f64());
            }
            let (sign, seconds) = (if duration.as_f64() < 0.0 { "-" } else { "" }, seconds as u64);
            let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            let rest = if seconds > 0 { eco_format!(":{seconds:02}") } else { EcoString::new() };
            Value::Text(format!("{sign}{hours}:{minutes:02}{rest}"))
        }
        DataRef::DateTimeIso(text) => {
            let (day, time) = match text.split_once('T') {
                Some((day, time)) => (Some(day), Some(time)),
                None if text.contains(':') => (None, Some(text.as_str())),
                None => (Some(text.as_str()), None),
            };
            let short = |time: &str| {
                let time = time.trim_end_matches('Z');
                let time = time.split_once('.').map_or(time, |(time, _)| time);
                time.strip_suffix(":00").filter(|time| time.contains(':')).unwrap_or(time).to_owned()
            };
            let Shows { time: shows_time, .. } = number_format::shows(format);
            let time = time.map(short).filter(|time| shows_time || day.is_none() || time != "00:00");
            Value::Moment(Moment { day: day.filter(|day| !day.is_empty()).map(str::to_owned), time })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_moments_by_both_ways_to_count() {
        let day = |value, is_1904| moment(value, is_1904).unwrap_or_default();
        assert_eq!(day(46_064.607_638_888_89, false), ("2026-02-11".to_owned(), 14 * 3600 + 35 * 60));
        assert_eq!(day(44602.0, true), ("2026-02-11".to_owned(), 0));
        // What is a day but for the last figures of a number is one.
        assert_eq!(day(46_063.999_999_999, false), ("2026-02-11".to_owned(), 0));
        assert_eq!(moment(-1.0, false), None);
        assert_eq!(moment(f64::NAN, false), None);
        let number = |value| Number { value, format: EcoString::new(), is_1904: true };
        assert_eq!(day_of(&number(44602.0)).as_deref(), Some("2026-02-11"));
        assert_eq!(day_of(&number(7.0)), None);
        assert_eq!(clock(52_500), "14:35");
    }

    #[test]
    fn moments_in_iso_8601_keep_their_time() {
        let shown = |text: &str| plain(DataRef::DateTimeIso(text.into()), "", false, &|| Span::file("")).shown();
        assert_eq!(shown("2026-02-11T14:35:00"), "2026-02-11 14:35");
        assert_eq!(shown("2026-02-11T00:00:00"), "2026-02-11");
        assert_eq!(shown("14:35:20"), "14:35:20");
    }
}
