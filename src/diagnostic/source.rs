//! Where a thing stands in an input file.

use ecow::EcoString;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in an input: a run of characters of a text file, a cell of a sheet, or a whole file.
///
/// Lines and columns count from 1, columns in characters. A whole file has line 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The file as the user knows it: relative to the workspace or pack, with `/`.
    pub file: EcoString,
    /// The sheet, when the file is a spreadsheet; `line` is then the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<EcoString>,
    /// The line (or row), from 1; 0 for the whole file.
    pub line: u32,
    /// The column, from 1; 0 for the whole line.
    pub column: u32,
    /// How many characters the place covers; 0 when unknown.
    #[serde(default)]
    pub length: u32,
}

impl Span {
    /// The whole of a file.
    pub fn file(file: impl Into<EcoString>) -> Span {
        Span { file: file.into(), sheet: None, line: 0, column: 0, length: 0 }
    }

    /// `length` characters from `line` and `column` of a text file.
    pub fn text(file: impl Into<EcoString>, line: u32, column: u32, length: u32) -> Span {
        Span { file: file.into(), sheet: None, line, column, length }
    }

    /// The cell in `row` and `column` of a sheet, both from 1.
    pub fn cell(file: impl Into<EcoString>, sheet: impl Into<EcoString>, row: u32, column: u32) -> Span {
        Span { file: file.into(), sheet: Some(sheet.into()), line: row, column, length: 0 }
    }
}

/// `profile.yaml:12:5`, `registers/assets.xlsx [Assets] C5`, or `pack.yaml`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.sheet, self.line, self.column) {
            (Some(sheet), 0, _) => write!(f, "{} [{sheet}]", self.file),
            (Some(sheet), row, 0) => write!(f, "{} [{sheet}] row {row}", self.file),
            (Some(sheet), row, column) => write!(f, "{} [{sheet}] {}{row}", self.file, column_letters(column)),
            (None, 0, _) => write!(f, "{}", self.file),
            (None, line, 0) => write!(f, "{}:{line}", self.file),
            (None, line, column) => write!(f, "{}:{line}:{column}", self.file),
        }
    }
}

/// A spreadsheet's name for its column: 1 is `A`, 27 is `AA`.
pub fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        column -= 1;
        letters.push(char::from(b'A' + (column % 26) as u8));
        column /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_as_an_editor_or_a_spreadsheet_shows_them() {
        assert_eq!(Span::text("profile.yaml", 12, 5, 3).to_string(), "profile.yaml:12:5");
        assert_eq!(Span::cell("a.xlsx", "Assets", 5, 28).to_string(), "a.xlsx [Assets] AB5");
        assert_eq!(Span::file("pack.yaml").to_string(), "pack.yaml");
    }
}
