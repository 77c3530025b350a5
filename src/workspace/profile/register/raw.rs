//! Files as they stand, before anybody knows what their columns are: every sheet from its first row.

use std::collections::BTreeMap;

use super::{Grid, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Source, Value, grid};
use crate::diagnostic::{Sink, Span};
use crate::files::Memory;
use crate::yaml::{Located, Node};

/// The most sheets of a workbook that are looked at.
const MAX_SHEETS: usize = 40;

/// Down to which row merged cells are taken for headings of several rows.
const FIRST_ROWS: u32 = 40;

/// The encoding of texts that are not Unicode, nearly always.
const WESTERN: &str = "windows-1252";

/// What a cell shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its text; as a spreadsheet shows it, of a date ISO 8601.
    pub text: String,
    /// Whether the file itself says that it is a date.
    pub is_date: bool,
    /// Whether it has no value, such as an error of a formula.
    pub is_error: bool,
}

/// A sheet as it stands in its file.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name; nothing for a CSV file.
    pub name: Option<String>,
    /// Its rows that hold something, by the number that people see, from 1; in each the cells by column, from 0.
    pub rows: BTreeMap<u32, BTreeMap<u32, Shown>>,
    /// The encoding that has to be said for the text to be read.
    pub encoding: Option<&'static str>,
    /// Why it is not read.
    pub refused: Option<String>,
}

/// The sheets of a file that is called so.
///
/// # Errors
/// Why the file cannot be read.
pub fn sheets(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let path = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let files = Memory::new("").with(path, bytes.to_vec());
    let span = Span::file(path);
    let read = |sheet: Option<&str>, encoding: Option<&Located>| {
        let source = Source { sheet: sheet.map(|sheet| (sheet.to_owned(), &span)), encoding, ..Source::default() };
        let mut sink = Sink::new();
        let read = grid(&files, path, &source, &span, &mut sink);
        read.ok_or_else(|| sink.iter().next().map(|problem| problem.message.clone()).unwrap_or_default())
    };
    let (first, encoding) = match read(None, None) {
        Ok(first) => (first, None),
        Err(why) => {
            let western = Located { span: span.clone(), node: Node::String(WESTERN.into()) };
            let is_text = !bytes.contains(&0) && std::str::from_utf8(bytes).is_err();
            match read(None, Some(&western)) {
                Ok(first) if is_text => (first, Some(WESTERN)),
                _ => return Err(why),
            }
        }
    };
    if first.sheets.is_empty() {
        let name = first.rows.first().and_then(|row| row.span.sheet.as_ref()).map(ToString::to_string);
        return Ok(vec![Sheet { name, encoding, ..sheet(first) }]);
    }
    if first.sheets.len() > MAX_SHEETS {
        return Err(format!("`{path}` has {} sheets; at most {MAX_SHEETS} are looked at", first.sheets.len()));
    }
    let of = |name: &String| match read(Some(name), None) {
        Ok(grid) => Sheet { name: Some(name.clone()), ..sheet(grid) },
        Err(why) => Sheet { name: Some(name.clone()), refused: Some(why), ..Sheet::default() },
    };
    Ok(first.sheets.iter().map(of).collect())
}

fn sheet(grid: Grid) -> Sheet {
    let mut rows: BTreeMap<u32, BTreeMap<u32, Shown>> = BTreeMap::new();
    for row in &grid.rows {
        let cells = rows.entry(row.number).or_default();
        for (column, cell) in &row.cells {
            let shown = cell.value.shown();
            let is_error = matches!(cell.value, Value::Broken(_));
            if !shown.trim().is_empty() || is_error {
                let is_date = matches!(&cell.value, Value::Moment(moment) if moment.day.is_some());
                cells.insert(*column as u32, Shown { text: shown, is_date, is_error });
            }
        }
    }
    rows.retain(|_, cells| !cells.is_empty());
    // Headings of several rows, in merged cells: they stand in the last of them.
    for merge in grid.merges.iter().filter(|merge| merge.rows.1 > merge.rows.0 && merge.rows.1 <= FIRST_ROWS) {
        let column = merge.columns.0 as u32;
        let Some(shown) = rows.get(&merge.rows.0).and_then(|cells| cells.get(&column)).cloned() else { continue };
        if let Some(last) = rows.get_mut(&merge.rows.1) {
            last.entry(column).or_insert(shown);
        }
    }
    // What is merged over rows of one column holds for each of them.
    let mut left = MAX_CELLS;
    for merge in grid.merges.iter().filter(|merge| merge.columns.0 == merge.columns.1) {
        let column = merge.columns.0 as u32;
        let Some(shown) = rows.get(&merge.rows.0).and_then(|cells| cells.get(&column)).cloned() else { continue };
        for (_, cells) in rows.range_mut(merge.rows.0..=merge.rows.1.max(merge.rows.0)) {
            left = left.saturating_sub(1);
            if left > 0 {
                cells.entry(column).or_insert_with(|| shown.clone());
            }
        }
    }
    let widest = rows.values().filter_map(|cells| cells.keys().next_back()).max().copied().unwrap_or_default();
    let is_large = rows.len() > MAX_ROWS || widest as usize >= MAX_COLUMNS;
    let refused = is_large.then(|| format!("at most {MAX_ROWS} rows and {MAX_COLUMNS} columns are read"));
    Sheet { name: None, rows, encoding: None, refused }
}
