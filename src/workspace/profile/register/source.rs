//! What a profile says of a file that holds rows: `{from: registers/risks.xlsx, sheet: Risks, header: 3, …}`.

use serde_json::Value as Json;

use super::forms::DateForm;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::schema::View;
use crate::yaml::{Located, Node};

/// The keys of such a source.
pub(super) const KEYS: [&str; 11] =
    ["from", "sheet", "header", "columns", "values", "lists", "key", "needs", "dates", "decimal", "encoding"];

/// How `values` is written.
const VALUES: &str = "`values: {kind: {Landlord: facilities, \"n/a\": ~}}`; `\"\"` stands for empty cells";

/// In `columns`, every column that is not known.
const REST: &str = "*";

/// The last row of a sheet.
const LAST_ROW: i64 = 1_048_576;

/// Texts of a file, and what each stands for.
type Words = Vec<(String, Json)>;

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
    /// What is meant by what cells hold: by key or title, text and value, and where that is said.
    pub(super) values: Vec<(String, Words, Span)>,
    /// The signs between the items of a list, beside the semicolon.
    pub(super) lists: Option<String>,
    /// How rows are called that no column gives a key.
    pub(super) key: Option<String>,
    /// The keys or titles without which a row is a note or a total.
    pub(super) needs: Vec<(String, Span)>,
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
                ("values", Node::Map(groups)) => {
                    for group in groups {
                        let words = group.value.entries().iter();
                        let words = words.map(|entry| (entry.key.to_string(), entry.value.to_json())).collect();
                        source.values.push((group.key.to_string(), words, group.key_span.clone()));
                        if !matches!(group.value.node, Node::Map(_)) {
                            let message = format!("`{}` says by text what is meant", group.key);
                            let problem = Diagnostic::fault(&codes::WRONG_TYPE, message).at(group.value.span.clone());
                            sink.push(problem.help(VALUES));
                        }
                    }
                }
                ("values", _) => wrong("`values` says what is meant by what cells hold", VALUES),
                ("lists", Node::String(signs)) if !signs.is_empty() && signs.chars().all(|c| !c.is_alphanumeric()) => {
                    source.lists = Some(signs.to_string());
                }
                ("lists", _) => wrong("`lists` is what stands between the items of a list", "`lists: \",\"`"),
                ("key", Node::String(key)) if key.contains('{') && key.contains('}') => {
                    source.key = Some(key.to_string())
                }
                ("key", _) => wrong(
                    "`key` says how rows are called that have no key",
                    "`key: \"R-{n}\"` numbers them, `key: \"{name}\"` takes the words of a column",
                ),
                ("needs", Node::String(key)) => source.needs = vec![(key.to_string(), span.clone())],
                ("needs", Node::List(keys)) => {
                    let named = keys.iter().filter_map(|key| Some((key.as_str()?.to_owned(), key.span.clone())));
                    source.needs = named.collect();
                }
                ("needs", _) => wrong("`needs` names the keys without which a row is none", "`needs: [risk]`"),
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
