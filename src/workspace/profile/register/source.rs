//! What a profile says of a file that holds rows: `{from: registers/risks.xlsx, sheet: Risks, header: 3, …}`.

use super::forms::DateForm;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::schema::View;
use crate::yaml::{Located, Node};

/// The keys of such a source.
pub(super) const KEYS: [&str; 7] = ["from", "sheet", "header", "columns", "dates", "decimal", "encoding"];

/// In `columns`, every column that is not known.
const REST: &str = "*";

/// The last row of a sheet.
const LAST_ROW: i64 = 1_048_576;

/// A source, read.
#[derive(Default)]
pub(super) struct Source<'l> {
    /// The sheet, and where it is named.
    pub(super) sheet: Option<(String, &'l Span)>,
    /// The row of the headings, and where it is said.
    pub(super) header: Option<(u32, &'l Span)>,
    /// What columns are called.
    pub(super) columns: Vec<Mapped>,
    /// Whether columns that are not known are left out.
    pub(super) leaves_rest: bool,
    pub(super) written: Written,
    /// The encoding of a text.
    pub(super) encoding: Option<&'l Located>,
}

/// What a column is called.
pub(super) struct Mapped {
    pub(super) heading: String,
    /// The key or title; nothing of a column that is left out.
    pub(super) called: Option<String>,
    pub(super) span: Span,
}

/// How a file writes days and numbers.
#[derive(Default)]
pub(super) struct Written {
    pub(super) dates: Vec<DateForm>,
    pub(super) decimal: Option<char>,
}

/// Whether an entry of a list stands for the rows of a file, and is no row itself.
pub(super) fn is_source(entry: &Located, items: &View) -> bool {
    let Some(from) = entry.text("from") else { return false };
    let is_file = [".csv", ".tsv", ".txt", ".xlsx", ".xlsm"].iter().any(|ending| from.to_lowercase().ends_with(ending));
    !items.keys().any(|key| key == "from")
        || is_file && entry.entries().iter().all(|entry| KEYS.contains(&entry.key.as_str()))
}

impl<'l> Source<'l> {
    /// Reads a source; what is wrong with it is reported.
    pub(super) fn of(located: &'l Located, sink: &mut Sink) -> Source<'l> {
        let mut source = Source::default();
        for entry in located.entries() {
            let value = &entry.value;
            let span = &value.span;
            let mut wrong = |message: &str, help: &str| {
                sink.push(Diagnostic::fault(&codes::WRONG_TYPE, message).at(span.clone()).help(help));
            };
            match (entry.key.as_str(), &value.node) {
                ("from", _) => {}
                ("sheet", Node::String(sheet)) => source.sheet = Some((sheet.to_string(), span)),
                // A sheet may be called by a year.
                ("sheet", Node::Int(sheet)) => source.sheet = Some((sheet.to_string(), span)),
                ("sheet", _) => wrong("`sheet` is the name of a sheet", "write it as its tab has it"),
                ("header", Node::Int(row @ 1..=LAST_ROW)) => source.header = Some((*row as u32, span)),
                ("header", _) => wrong("`header` is the number of a row", "count from 1: `header: 3`"),
                ("columns", Node::Map(_)) => source.mapping(value, sink),
                ("columns", _) => {
                    wrong("`columns` says what columns are called", "`columns: {Responsible: owner, Comment: ~}`");
                }
                ("dates", _) => source.dates(value, sink),
                ("decimal", Node::String(sign)) if [",", "."].contains(&sign.trim()) => {
                    source.written.decimal = sign.trim().chars().next();
                }
                ("decimal", _) => {
                    wrong("`decimal` is the sign before decimals", "`decimal: \",\"` or `decimal: \".\"`")
                }
                ("encoding", Node::String(_)) => source.encoding = Some(value),
                ("encoding", _) => wrong("`encoding` is a name", "`encoding: windows-1252`"),
                (key, _) => {
                    let problem = Diagnostic::fault(&codes::UNKNOWN_KEY, format!("unknown key `{key}` of a register"));
                    let problem = problem.at(entry.key_span.clone());
                    sink.push(problem.suggest(key, KEYS).help(format!("known here: {}", KEYS.join(", "))));
                }
            }
        }
        source
    }

    fn mapping(&mut self, columns: &Located, sink: &mut Sink) {
        for entry in columns.entries() {
            let called = match &entry.value.node {
                Node::Null => None,
                Node::String(called) => Some(called.to_string()),
                _ => {
                    let message = format!("the column `{}` is called by a key, or left out by `~`", entry.key);
                    sink.push(Diagnostic::fault(&codes::WRONG_TYPE, message).at(entry.value.span.clone()));
                    continue;
                }
            };
            if entry.key == REST {
                self.leaves_rest = called.is_none();
                if called.is_some() {
                    let message = format!("`\"{REST}\"` stands for all columns that are not known");
                    let problem = Diagnostic::fault(&codes::WRONG_VALUE, message).at(entry.value.span.clone());
                    sink.push(problem.help(format!("leave them out: `\"{REST}\": ~`")));
                }
                continue;
            }
            let span = entry.key_span.clone();
            self.columns.push(Mapped { heading: entry.key.to_string(), called, span });
        }
    }

    fn dates(&mut self, value: &Located, sink: &mut Sink) {
        let forms = if value.list().is_empty() { std::slice::from_ref(value) } else { value.list() };
        for form in forms {
            match form.as_str().and_then(DateForm::of) {
                Some(form) => self.written.dates.push(form),
                None => {
                    let message = "`dates` says how days are written: day, month and year";
                    let problem = Diagnostic::fault(&codes::WRONG_VALUE, message).at(form.span.clone());
                    sink.push(problem.help("such as dd.mm.yyyy, dd/mm/yyyy, mm/dd/yyyy, yyyy/mm/dd or d. mmmm yyyy"));
                }
            }
        }
    }
}
