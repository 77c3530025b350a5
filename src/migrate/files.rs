//! Changes of values put into the files that hold them: the profile, registers beside it, and `folio.yaml`.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::report::Note;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::edit::{self, Change, Field, Piece, Stuck};
use crate::files::{self, Files};
use crate::schema::View;
use crate::workspace::profile::{self, PROPOSED};

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
                    self.scattered(written, filled, view, field.change, &path)
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
            let (old, new): (Vec<&Piece>, Vec<&Piece>) = pieces.iter().partition(|piece| piece.from.is_some());
            let count = rows.as_array().map_or(0, Vec::len);
            if old.len() == count && !new.is_empty() && old.iter().all(|piece| piece.change == Change::Keep) {
                let beside = self.beside(file, &new, row, path);
                return Change::Become(json!([source, {"from": beside}]));
            }
            return self.sheet(file, source, &change.applied(rows).unwrap_or_default(), row, path);
        }
        if let Some(text) = self.text(file) {
            let new = csv(&text, source, rows, row, pieces);
            self.put(file, &text, new);
        }
        Change::Keep
    }

    /// Rows that stand in several places change where they stand; new ones go into the last file that can be changed, else
    /// into one beside the others.
    fn scattered(&mut self, written: &Json, filled: &Json, view: &View, change: Change, path: &str) -> Change {
        let stretches = profile::stretches(self.files, written, view);
        let all = filled.as_array().map(Vec::as_slice).unwrap_or_default();
        let count: usize = stretches.iter().map(|stretch| stretch.rows).sum();
        let (Change::List(pieces), Some(row)) = (&change, view.items().filter(|_| count == all.len())) else {
            let message = format!("the rows of `{path}` stand in several places, and some of them would change");
            let problem = Diagnostic::fault(&codes::MIGRATION_EDIT, message).at(Span::file(self.profile));
            self.sink.push(problem.help(format!("put them into one file first: `{path}: {{from: FILE}}`")));
            return Change::Keep;
        };
        let new: Vec<&Piece> = pieces.iter().filter(|piece| piece.from.is_none()).collect();
        let takes_new = stretches.iter().rposition(|stretch| stretch.is_source && stretch.is_plain);
        let mut entries: Vec<Piece> = Vec::new();
        let mut start = 0;
        for (at, stretch) in stretches.iter().enumerate() {
            let end = start + stretch.rows;
            let within = |piece: &&Piece| piece.from.is_some_and(|from| (start..end).contains(&from));
            let shifted =
                |piece: &Piece| Piece { from: piece.from.map(|from| from - start), change: piece.change.clone() };
            let own: Vec<Piece> = pieces.iter().filter(within).map(shifted).collect();
            let added = if takes_new == Some(at) { new.as_slice() } else { &[] };
            let is_same = own.len() == stretch.rows && own.iter().all(|piece| piece.change == Change::Keep);
            let change = match stretch.is_source {
                _ if is_same && added.is_empty() => Some(Change::Keep),
                true => {
                    let own = own.into_iter().chain(added.iter().map(|piece| (*piece).clone())).collect();
                    let rows = Json::from(all.get(start..end).unwrap_or_default().to_vec());
                    let change = Change::list(stretch.rows, own);
                    Some(self.register(&stretch.written, &rows, view, change, path))
                }
                false => own.into_iter().next().map(|piece| piece.change),
            };
            entries.extend(change.map(|change| Piece { from: Some(at), change }));
            start = end;
        }
        if takes_new.is_none() && !new.is_empty() {
            let file = stretches.iter().rev().find_map(|stretch| stretch.written["from"].as_str()).unwrap_or_default();
            let beside = self.beside(&files::plain(file), &new, row, path);
            entries.push(Piece { from: None, change: Change::Become(json!({"from": beside})) });
        }
        Change::list(stretches.len(), entries)
    }

    /// Rows in a new file beside one that is left as it is.
    fn beside(&mut self, file: &str, rows: &[&Piece], row: &View, path: &str) -> String {
        let new = self.free(file, path);
        let rows: Json = rows.iter().filter_map(|piece| piece.change.applied(&Json::Null)).collect();
        self.changes.insert(new.clone(), Some(table(&rows, row).into_bytes()));
        self.judgement.push(Note {
            at: path.to_owned(),
            text: format!("`{file}` stays as it is; new rows stand beside it in `{new}`"),
        });
        new
    }

    /// A file for a register that there is not yet, beside one.
    fn free(&self, file: &str, path: &str) -> String {
        let folder = file.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
        let name = |count: usize| match count {
            1 => format!("{folder}{path}.csv"),
            count => format!("{folder}{path}-{count}.csv"),
        };
        let is_free = |name: &String| self.files.read(name).is_err() && !self.changes.contains_key(name);
        (1..).map(name).find(is_free).unwrap_or_default()
    }

    /// A spreadsheet, or a text in forms of its own, is left as it is: its rows go into a CSV file beside it.
    fn sheet(&mut self, file: &str, source: &Json, rows: &Json, row: &View, path: &str) -> Change {
        let new = self.free(file, path);
        let sheet = source["sheet"].as_str().map(|sheet| format!(", sheet `{sheet}`,")).unwrap_or_default();
        let note = format!(
            "`{file}`{sheet} is as it was and no longer read; its rows stand in `{new}`, without the columns that the register leaves out"
        );
        self.judgement.push(Note { at: path.to_owned(), text: note });
        self.changes.insert(new.clone(), Some(table(rows, row).into_bytes()));
        Change::Become(json!({"from": new}))
    }
}

/// Whether a list of a profile holds files among its rows.
fn is_scattered(written: &Json, view: &View) -> bool {
    let rows = view.items().zip(written.as_array());
    rows.is_some_and(|(items, rows)| rows.iter().any(|row| profile::is_source(row, items)))
}

/// The rows of a register as a new CSV text, with the columns that some row has.
fn table(rows: &Json, row: &View) -> String {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_used =
        |key: &&str| row.required().any(|name| name == *key) || rows.iter().any(|row| row.get(*key).is_some());
    let mark = [PROPOSED].into_iter().filter(|mark| !row.keys().any(|key| key == *mark));
    let columns: Vec<String> = row.keys().chain(mark).filter(is_used).map(str::to_owned).collect();
    edit::csv::text(&columns, rows)
}

fn csv(text: &str, source: &Json, rows: &Json, row: &View, pieces: &[Piece]) -> Result<String, Stuck> {
    let columns = profile::properties(&edit::csv::headings(text)?, source, row);
    edit::csv::apply(text, &columns, rows, pieces, PROPOSED)
}
