//! Changes of values put into the files that hold them: the profile, registers beside it, and `folio.yaml`.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::report::Note;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::edit::{self, Change, Field, Piece, Stuck};
use crate::files::{self, Files};
use crate::schema::View;
use crate::workspace::profile;

/// The files that change, as they are found.
pub(super) struct Texts<'a> {
    pub(super) files: &'a dyn Files,
    /// The file of the profile.
    pub(super) profile: &'a str,
    pub(super) changes: BTreeMap<String, Option<Vec<u8>>>,
    pub(super) judgement: &'a mut Vec<Note>,
    pub(super) sink: &'a mut Sink,
}

/// Says that a file cannot be changed in place.
pub(super) fn stuck_at(path: &str, text: &str, stuck: &Stuck) -> Diagnostic {
    let before = text.get(..stuck.at).unwrap_or_default();
    let line = before.matches('\n').count() as u32 + 1;
    let span = if stuck.at == 0 { Span::file(path) } else { Span::text(path, line, 1, 1) };
    let message = format!("`{path}` cannot be changed in place: {}", stuck.problem);
    let diagnostic = Diagnostic::fault(&codes::MIGRATION_EDIT, message).at(span).excerpt_from(text);
    diagnostic.help(codes::MIGRATION_EDIT.fix)
}

impl Texts<'_> {
    /// Changes the profile and its registers. `written` is the profile as it stands, `filled` that with its registers.
    pub(super) fn profile(&mut self, written: &Json, filled: &Json, view: &View, change: Change) {
        let change = self.registers(written, filled, view, change, "");
        self.yaml(self.profile, written, &change);
    }

    /// Changes a YAML file whose value is `old`.
    pub(super) fn yaml(&mut self, path: &str, old: &Json, change: &Change) {
        if *change != Change::Keep
            && let Some(text) = self.text(path)
        {
            let new = edit::yaml::apply(&text, old, change);
            self.put(path, &text, new);
        }
    }

    fn text(&mut self, path: &str) -> Option<String> {
        let bytes = self.files.read(path).map_err(|error| error.to_string());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|_| format!("`{path}` is not UTF-8")));
        text.map_err(|problem| self.sink.push(Diagnostic::fault(&codes::MIGRATION_EDIT, problem))).ok()
    }

    fn put(&mut self, path: &str, text: &str, new: Result<String, Stuck>) {
        match new {
            Ok(new) if self.changes.contains_key(path) => {
                drop(new);
                let message = format!("two registers stand in `{path}`");
                let diagnostic = Diagnostic::fault(&codes::MIGRATION_EDIT, message).at(Span::file(path));
                self.sink.push(diagnostic.help("give each register a file of its own"));
            }
            Ok(new) => drop(self.changes.insert(path.to_owned(), Some(new.into_bytes()))),
            Err(stuck) => self.sink.push(stuck_at(path, text, &stuck)),
        }
    }

    /// Puts changes of registers into their files; gives what is left for the profile itself.
    fn registers(&mut self, written: &Json, filled: &Json, view: &View, change: Change, path: &str) -> Change {
        let Change::Map(fields) = change else { return change };
        Change::map(fields.into_iter().map(|field| {
            let (written, filled) = (&written[&field.key], &filled[&field.key]);
            let path = if path.is_empty() { field.key.clone() } else { format!("{path}.{}", field.key) };
            let change = match view.property(&field.key) {
                Some(view) if written["from"].is_string() && filled.is_array() => {
                    self.register(written, filled, view, field.change, &path)
                }
                Some(view) if field.change != Change::Keep && is_scattered(written, view) => {
                    let message =
                        format!("the rows of `{path}` stand in several places, and some of them would change");
                    let problem = Diagnostic::fault(&codes::MIGRATION_EDIT, message).at(Span::file(self.profile));
                    self.sink.push(problem.help(format!("put them into one file first: `{path}: {{from: FILE}}`")));
                    Change::Keep
                }
                Some(view) => self.registers(written, filled, view, field.change, &path),
                None => field.change,
            };
            Field { change, ..field }
        }))
    }

    fn register(&mut self, source: &Json, rows: &Json, view: &View, change: Change, path: &str) -> Change {
        let (Change::List(pieces), Some(row)) = (&change, view.items()) else { return Change::Keep };
        let file = &*files::plain(source["from"].as_str().unwrap_or_default());
        if !profile::is_plain(self.files, source) {
            return self.sheet(file, source, &change.applied(rows).unwrap_or_default(), row, path);
        }
        if let Some(text) = self.text(file) {
            let new = csv(&text, source, rows, row, pieces);
            self.put(file, &text, new);
        }
        Change::Keep
    }

    /// A spreadsheet, or a text in forms of its own, is left as it is: its rows go into a CSV file beside it.
    fn sheet(&mut self, file: &str, source: &Json, rows: &Json, row: &View, path: &str) -> Change {
        let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
        let is_used =
            |key: &&str| row.required().any(|name| name == *key) || rows.iter().any(|row| row.get(*key).is_some());
        let columns: Vec<String> = row.keys().filter(is_used).map(str::to_owned).collect();
        let folder = file.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
        let name = |count: usize| match count {
            1 => format!("{folder}{path}.csv"),
            count => format!("{folder}{path}-{count}.csv"),
        };
        let is_free = |name: &String| self.files.read(name).is_err() && !self.changes.contains_key(name);
        let new = (1..).map(name).find(is_free).unwrap_or_default();
        let sheet = source["sheet"].as_str().map(|sheet| format!(", sheet `{sheet}`,")).unwrap_or_default();
        let text = format!("`{file}`{sheet} is as it was and no longer read; its rows stand in `{new}`");
        self.judgement.push(Note { at: path.to_owned(), text });
        self.changes.insert(new.clone(), Some(edit::csv::text(&columns, rows).into_bytes()));
        Change::Become(json!({"from": new}))
    }
}

/// Whether a list of a profile holds files among its rows.
fn is_scattered(written: &Json, view: &View) -> bool {
    let rows = view.items().zip(written.as_array());
    rows.is_some_and(|(items, rows)| rows.iter().any(|row| profile::is_source(row, items)))
}

fn csv(text: &str, source: &Json, rows: &Json, row: &View, pieces: &[Piece]) -> Result<String, Stuck> {
    let columns = profile::properties(&edit::csv::headings(text)?, source, row);
    edit::csv::apply(text, &columns, rows, pieces)
}
