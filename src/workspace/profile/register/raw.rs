//! Files as they stand, before anybody knows what their columns are: every sheet from its first row.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use super::{MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, is_workbook, workbook};
use crate::reasons;

/// The most bytes of a CSV file.
const MAX_BYTES: usize = 8 << 20;

/// The most sheets of a workbook that are looked at.
const MAX_SHEETS: usize = 50;

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its text; of a number its digits, of a date ISO 8601.
    pub text: String,
    /// Whether the file itself says that it is a date.
    pub is_date: bool,
    /// Whether it shows an error of a formula.
    pub is_error: bool,
}

/// A sheet as it stands in its file.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name; nothing for a CSV file.
    pub name: Option<String>,
    /// Its rows that hold something, by the number that people see, from 1; in each the cells by column, from 0.
    pub rows: BTreeMap<u32, BTreeMap<u32, Shown>>,
    /// The encoding that has to be said for the text to be read, when it is not UTF-8.
    pub encoding: Option<&'static str>,
    /// Why it is not read.
    pub refused: Option<String>,
}

/// The sheets of a file that is called so.
///
/// # Errors
/// Why the file cannot be read.
pub fn sheets(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    if is_workbook(name, bytes) { of_workbook(bytes) } else { of_text(bytes).map(|sheet| vec![sheet]) }
}

fn of_workbook(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let contained = workbook::contained(bytes)?;
    let damaged = "is not an XLSX file, or a part of it is missing or damaged";
    let mut book = Xlsx::new(Cursor::new(contained)).map_err(|_| damaged.to_owned())?;
    let names = book.sheet_names();
    if names.len() > MAX_SHEETS {
        return Err(format!("has {} sheets; at most {MAX_SHEETS} are looked at", names.len()));
    }
    let mut found = Vec::new();
    for name in names {
        let mut sheet = Sheet { name: Some(name.clone()), ..Sheet::default() };
        match take(&mut book, &name, &mut sheet.rows) {
            Err(_) => sheet.refused = Some("a part of it is damaged, or it holds no cells".into()),
            Ok(false) => sheet.refused = Some(format!("more than {MAX_CELLS} cells hold something")),
            Ok(true) => sheet.refused = too_large(&sheet.rows),
        }
        found.push(sheet);
    }
    Ok(found)
}

/// Why a sheet is larger than registers are.
fn too_large(rows: &BTreeMap<u32, BTreeMap<u32, Shown>>) -> Option<String> {
    let widest = rows.values().filter_map(|cells| cells.keys().next_back()).max().copied().unwrap_or_default();
    let is_large = rows.len() > MAX_ROWS || widest as usize >= MAX_COLUMNS;
    is_large.then(|| format!("at most {MAX_ROWS} rows and {MAX_COLUMNS} columns are read"))
}

type Rows = BTreeMap<u32, BTreeMap<u32, Shown>>;

/// Takes the cells of a sheet; gives whether there was room for all.
fn take(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, rows: &mut Rows) -> Result<bool, XlsxError> {
    let mut reader = book.worksheet_cells_reader(name)?;
    let mut count = 0;
    while let Some(cell) = reader.next_cell()? {
        let (row, column) = cell.get_position();
        let Some(shown) = shown(cell.get_value()) else { continue };
        count += 1;
        if count > MAX_CELLS {
            return Ok(false);
        }
        rows.entry(row.saturating_add(1)).or_default().insert(column, shown);
    }
    Ok(true)
}

fn shown(value: &DataRef<'_>) -> Option<Shown> {
    let plain = |text: String| Shown { text, is_date: false, is_error: false };
    let text = |text: &str| {
        let text: String = text.replace("\r\n", "\n").replace('\r', "\n").chars().take(MAX_CELL).collect();
        (!text.trim().is_empty()).then(|| plain(text))
    };
    match value {
        DataRef::Empty => None,
        DataRef::Error(error) => Some(Shown { is_error: true, ..plain(error.to_string()) }),
        DataRef::String(string) | DataRef::DurationIso(string) => text(string),
        DataRef::SharedString(string) => text(string),
        DataRef::Int(number) => Some(plain(number.to_string())),
        DataRef::Float(number) => Some(plain(number.to_string())),
        DataRef::Bool(flag) => Some(plain(flag.to_string())),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Some(Shown { is_date: true, ..plain(format!("{year:04}-{month:02}-{day:02}")) })
        }
        DataRef::DateTime(duration) => Some(plain(duration.as_f64().to_string())),
        DataRef::DateTimeIso(date) => {
            Some(Shown { is_date: true, ..plain(date.split('T').next().unwrap_or_default().to_owned()) })
        }
    }
}

fn of_text(bytes: &[u8]) -> Result<Sheet, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("has {} MB; at most {} are read as CSV", bytes.len() >> 20, MAX_BYTES >> 20));
    }
    let (text, encoding) = decoded(bytes)?;
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(crate::edit::csv::delimiter(&text))
        .from_reader(text.as_bytes());
    let lines: Vec<&str> = text.lines().collect();
    let mut rows = Rows::new();
    let mut count = 0;
    for record in reader.records() {
        let record = record.map_err(|error| format!("is not CSV: {}", reasons::csv(&error)))?;
        let line = record.position().map_or(1, |position| position.line() as u32);
        let blank = lines.iter().skip(line.saturating_sub(1) as usize).take_while(|line| line.trim().is_empty());
        let line = line + blank.count() as u32;
        let fields = record.iter().zip(0..).filter(|(field, _)| !field.trim().is_empty());
        let cell =
            |field: &str| Shown { text: field.chars().take(MAX_CELL).collect(), is_date: false, is_error: false };
        let cells: BTreeMap<u32, Shown> = fields.map(|(field, at)| (at, cell(field))).collect();
        count += cells.len();
        if !cells.is_empty() {
            rows.insert(line, cells);
        }
        if count > MAX_CELLS {
            return Err(format!("has more than {MAX_CELLS} cells with something in them"));
        }
    }
    let refused = too_large(&rows);
    Ok(Sheet { name: None, rows, encoding, refused })
}

/// The text of a file, and the encoding to be said.
fn decoded(bytes: &[u8]) -> Result<(String, Option<&'static str>), String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| "is neither UTF-8 nor UTF-16 nor Windows-1252".to_owned())
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Ok((wide(rest, u16::from_le_bytes)?, Some("utf-16"))),
        [0xFE, 0xFF, rest @ ..] => Ok((wide(rest, u16::from_be_bytes)?, Some("utf-16"))),
        _ => {
            let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            match std::str::from_utf8(body) {
                Ok(text) => Ok((text.to_owned(), None)),
                Err(_) if body.contains(&0) => Err("is neither UTF-8 nor UTF-16 nor Windows-1252".into()),
                Err(_) => Ok((body.iter().map(|byte| western(*byte)).collect(), Some("windows-1252"))),
            }
        }
    }
}

/// The character of a byte in Windows-1252 (<https://encoding.spec.whatwg.org/#windows-1252>).
fn western(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or_default(),
        other => char::from(other),
    }
}
