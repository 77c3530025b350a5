//! Steps of a new major version, put into the profile and its registers one after the other.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::files::stuck_at;
use super::report::{Assumed, Note, Report, Step as Done, Unmapped};
use crate::characters::folded;
use crate::decode;
use crate::diagnostic::Sink;
use crate::edit::{self, Change, Field, Piece};
use crate::files::{self, Files};
use crate::pack::steps::{Act, Key, Path, Step};
use crate::schema::View;
use crate::workspace::profile;

/// The most rows that are named of those that say nothing.
const MAX_ROWS: usize = 6;

/// A profile while steps are put into it.
pub(super) struct Rewriter<'a> {
    files: &'a dyn Files,
    /// The file of the profile.
    profile: &'a str,
    /// What schemas say of it: the new one, and the old one where it is known.
    views: Vec<&'a View>,
    /// The texts that changed, by file.
    pub(super) texts: BTreeMap<String, String>,
    /// The profile as it is now.
    written: Json,
    report: &'a mut Report,
    sink: &'a mut Sink,
}

impl<'a> Rewriter<'a> {
    pub(super) fn new(
        files: &'a dyn Files,
        profile: &'a str,
        views: Vec<&'a View>,
        report: &'a mut Report,
        sink: &'a mut Sink,
    ) -> Option<Rewriter<'a>> {
        let written = decode::read(files, profile, sink)?.to_json();
        Some(Rewriter { files, profile, views, texts: BTreeMap::new(), written, report, sink })
    }

    /// Takes one step.
    pub(super) fn take(&mut self, step: &Step) {
        let written = std::mem::take(&mut self.written);
        let change = self.walk(&written, step, 0, "");
        let Some(new) = change.applied(&written).filter(|_| change != Change::Keep) else {
            self.written = written;
            return;
        };
        let path = self.profile.to_owned();
        if let Some(text) = self.text(&path) {
            match edit::yaml::apply(&text, &written, &change) {
                Ok(text) => drop(self.texts.insert(path, text)),
                Err(stuck) => self.sink.push(stuck_at(&path, &text, &stuck)),
            }
        }
        self.written = new;
    }

    fn text(&mut self, path: &str) -> Option<String> {
        match self.texts.get(path) {
            Some(text) => Some(text.clone()),
            // As it is: a mark of UTF-8 and line ends stay.
            None => match self.files.read(path).map(String::from_utf8) {
                Ok(Ok(text)) => Some(text),
                _ => decode::text(self.files, path, self.sink),
            },
        }
    }

    /// What a step makes of a value that stands behind `done` keys of its path.
    fn walk(&mut self, value: &Json, step: &Step, done: usize, at: &str) -> Change {
        let keys = &step.from.0[done..];
        let outer = keys.iter().position(|key| !matches!(key, Key::Name(_)));
        let Some(outer) = outer else { return self.leaf(value, step, at) };
        let names: Vec<&str> = keys[..outer].iter().filter_map(Key::name).collect();
        let Some(inner) = get(value, &names) else { return Change::Keep };
        let here = joined(at, &names.join("."));
        let next = done + outer + 1;
        let change = match (&keys[outer], inner) {
            (Key::Rows, Json::Array(rows)) => {
                let items = self.view(&plain(&here)).and_then(View::items);
                let pieces = rows.iter().enumerate().map(|(index, row)| {
                    if let (Some(source), Some(items)) = (row.as_object(), items)
                        && profile::is_source(row, items)
                    {
                        return Piece { from: Some(index), change: self.register(source, step, next, &here) };
                    }
                    let change = self.walk(row, step, next, &format!("{here}[{}]", self.row(&here, index, row)));
                    Piece { from: Some(index), change }
                });
                let pieces: Vec<Piece> = pieces.collect();
                Change::list(rows.len(), pieces)
            }
            (Key::Rows, Json::Object(source)) if source.get("from").is_some_and(Json::is_string) => {
                self.register(source, step, next, &here)
            }
            (Key::Any, Json::Object(fields)) => Change::map(
                fields
                    .iter()
                    .map(|(key, value)| Field::new(key.clone(), self.walk(value, step, next, &joined(&here, key))))
                    .collect::<Vec<_>>(),
            ),
            _ => Change::Keep,
        };
        nested(&names, change)
    }

    /// How a row is called.
    fn row(&self, register: &str, index: usize, row: &Json) -> String {
        let key = self.view(register).and_then(|view| view.key.as_deref()).unwrap_or("id");
        row[key].as_str().map_or_else(|| index.to_string(), str::to_owned)
    }

    /// What the schemas say at a path without rows.
    fn view(&self, path: &str) -> Option<&'a View> {
        let below = |view: &'a View, key: &str| {
            view.property(key).or_else(|| view.items().and_then(|items| items.property(key)))
        };
        self.views.iter().find_map(|view| path.split('.').try_fold(*view, below))
    }

    /// What a step makes of a group in which the value stands by names.
    fn leaf(&mut self, group: &Json, step: &Step, at: &str) -> Change {
        let (from, to) = (step.from.names(), step.to.names());
        let (from, to): (Vec<&str>, Vec<&str>) =
            (from.iter().map(String::as_str).collect(), to.iter().map(String::as_str).collect());
        let place = joined(at, &from.join("."));
        if !group.is_object() {
            return Change::Keep;
        }
        let old = get(group, &from).filter(|value| !value.is_null());
        if let Act::Assumed { value } = &step.act {
            if old.is_none() {
                self.assumed(place, value);
            }
            return Change::Keep;
        }
        let Some(old) = old else { return Change::Keep };
        match &step.act {
            Act::Judge { text } => {
                self.report.judgement.push(Note { at: place, text: text.clone() });
                return Change::Keep;
            }
            Act::Remove { because } => {
                self.unmapped(place, because.clone(), old.clone());
                return removed(group, &from, &[]);
            }
            _ => {}
        }
        let new = match step.act.applied(old) {
            Ok(new) => new,
            Err(problem) => {
                self.report.judgement.push(Note { at: place, text: problem });
                return Change::Keep;
            }
        };
        if from == to {
            if new == *old {
                return Change::Keep;
            }
            self.done(place.clone(), place, step, old, &new);
            return nested(&from, Change::Become(new));
        }
        let target = joined(at, &to.join("."));
        if get(group, &to).is_some() {
            self.unmapped(place, format!("`{target}` is recorded already"), old.clone());
            return removed(group, &from, &to);
        }
        self.done(place, target, step, old, &new);
        let change = if new == *old { Change::Keep } else { Change::Become(new.clone()) };
        match (from.split_last(), to.split_last()) {
            (Some((key, parents)), Some((name, others))) if parents == others => {
                let field = Field { key: (*key).to_owned(), name: (*name).to_owned(), change };
                nested(parents, Change::map([field]))
            }
            _ => removed(group, &from, &to).and(put(group, &to, new)),
        }
    }

    fn done(&mut self, from: String, to: String, step: &Step, old: &Json, new: &Json) {
        let (old, new) = (old.clone(), new.clone());
        self.report.steps.push(Done { from, to, how: step.act.how(), old, new });
    }

    fn unmapped(&mut self, at: String, reason: String, value: Json) {
        self.report.unmapped.push(Unmapped { at, reason, value });
    }

    fn assumed(&mut self, at: String, value: &Json) {
        let plain = plain(&at);
        let title = self.view(&plain).and_then(|view| view.title.clone()).unwrap_or_default();
        self.report.assumed.push(Assumed { at, title, value: value.clone() });
    }

    /// A register in a file: a column of it changes. What changes in the profile comes back.
    fn register(&mut self, source: &Map<String, Json>, step: &Step, done: usize, at: &str) -> Change {
        // A file holds no groups in cells: only a column can be meant.
        let (rest, target) = (&step.from.0[done..], &step.to.0[done..]);
        let ([Key::Name(from)], [Key::Name(to)]) = (rest, target) else { return Change::Keep };
        let file = source.get("from").and_then(Json::as_str).unwrap_or_default().to_owned();
        let file = files::plain(&file).into_owned();
        let is_changed = self.texts.contains_key(&file);
        let said = Json::Object(source.clone());
        let is_sheet = !is_changed && !profile::is_plain(self.files, &said);
        let text = match is_sheet {
            true => profile::records(self.files, &said, self.sink).map(|records| edit::csv::of_records(&records)),
            false => self.text(&file),
        };
        let Some(text) = text else { return Change::Keep };
        let (headings, rows) =
            match edit::csv::headings(&text).and_then(|headings| Ok((headings, edit::csv::rows(&text)?))) {
                Ok(read) => read,
                Err(stuck) => {
                    self.sink.push(stuck_at(&file, &text, &stuck));
                    return Change::Keep;
                }
            };
        let columns = source.get("columns");
        let called = |heading: &str| columns.and_then(|columns| columns.get(heading)).and_then(Json::as_str);
        let title = |key: &str| self.view(&format!("{}.{key}", plain(at))).and_then(|view| view.title.clone());
        let is_left_out = |heading: &str| columns.and_then(|columns| columns.get(heading)).is_some_and(Json::is_null);
        let is_it = |heading: &String| {
            let heading = heading.trim();
            let name = folded(called(heading).unwrap_or(heading));
            let is_titled = |key: &str| title(key).is_some_and(|title| folded(&title) == name);
            let is_named = name == folded(from) || is_titled(from) || (from != to && is_titled(to));
            is_named && !name.is_empty() && !is_left_out(heading)
        };
        let column = headings.iter().position(is_it);
        let id = |row: usize| {
            let key = self.view(&plain(at)).and_then(|view| view.key.as_deref()).unwrap_or("id");
            let column = headings.iter().position(|heading| {
                called(heading.trim()).unwrap_or(heading.trim()).to_lowercase().replace([' ', '-'], "_") == key
            });
            let cell = column.and_then(|column| rows.get(row)?.get(column)).map(|cell| cell.trim().to_owned());
            cell.filter(|cell| !cell.is_empty()).unwrap_or_else(|| row.to_string())
        };
        let place = |row: usize, key: &str| format!("{at}[{}].{key}", id(row));
        if let Act::Assumed { value } = &step.act {
            let cell = |row: &Vec<String>| {
                column.and_then(|column| row.get(column)).is_some_and(|cell| !cell.trim().is_empty())
            };
            let silent: Vec<String> =
                (0..).zip(&rows).filter(|(_, row)| !cell(row)).map(|(row, _)| place(row, from)).collect();
            silent.into_iter().for_each(|at| self.assumed(at, value));
            return Change::Keep;
        }
        let Some(column) = column else { return Change::Keep };
        let mut notes: Vec<Note> = Vec::new();
        let mut steps: Vec<Done> = Vec::new();
        let mut gone: Vec<Unmapped> = Vec::new();
        let mut cell = |row: usize, cell: &str| {
            let old = Json::from(cell);
            match &step.act {
                Act::Judge { text } => {
                    notes.push(Note { at: place(row, from), text: text.clone() });
                    return None;
                }
                Act::Remove { because } => {
                    gone.push(Unmapped { at: place(row, from), reason: because.clone(), value: old });
                    return None;
                }
                Act::Wrap { .. } => {
                    let text = "a cell holds no group: write the register into the profile".to_owned();
                    notes.push(Note { at: place(row, from), text });
                    return None;
                }
                // A list of one is written as what it holds.
                Act::List | Act::Same => return None,
                _ => {}
            }
            match step.act.applied(&old) {
                Ok(new) if new == old => None,
                Ok(new) => {
                    let text = edit::csv::cell(&new);
                    steps.push(Done { from: place(row, from), to: place(row, to), how: step.act.how(), old, new });
                    Some(text)
                }
                Err(text) => {
                    notes.push(Note { at: place(row, from), text });
                    None
                }
            }
        };
        let heading = headings[column].trim().to_owned();
        let is_mapped = called(&heading).is_some();
        let keeps_name = from == to || is_mapped || title(to).is_some_and(|title| title.eq_ignore_ascii_case(&heading));
        let is_titled = heading.to_lowercase().replace([' ', '-'], "_") != *from;
        let new_heading = if is_titled { title(to).unwrap_or_else(|| to.clone()) } else { to.clone() };
        let change = edit::csv::Column {
            at: column,
            heading: (!keeps_name).then_some(new_heading),
            cell: &mut cell,
            is_removed: matches!(step.act, Act::Remove { .. }),
        };
        let new = match edit::csv::column(&text, change) {
            Ok(new) => new,
            Err(stuck) => {
                self.sink.push(stuck_at(&file, &text, &stuck));
                return Change::Keep;
            }
        };
        let is_renamed = from != to && !matches!(step.act, Act::Remove { .. } | Act::Judge { .. });
        if is_renamed && steps.is_empty() {
            let (from, to) = (format!("{at}[].{from}"), format!("{at}[].{to}"));
            steps.push(Done { from, to, how: step.act.how(), old: Json::Null, new: Json::Null });
        }
        self.report.judgement.extend(notes);
        self.report.steps.extend(steps);
        self.report.unmapped.extend(gone);
        let mut fields = Vec::new();
        if is_mapped && is_renamed {
            fields.push(Field::new(
                "columns",
                Change::map([Field::new(heading.clone(), Change::Become(Json::from(to.as_str())))]),
            ));
        }
        if is_mapped && matches!(step.act, Act::Remove { .. }) {
            fields.push(Field::new("columns", Change::map([Field::new(heading, Change::Remove)])));
        }
        if new == text {
            return Change::map(fields);
        }
        if is_sheet {
            let beside = self.beside(&file, at);
            let sheet = source.get("sheet").and_then(Json::as_str);
            let sheet = sheet.map(|sheet| format!(", sheet `{sheet}`,")).unwrap_or_default();
            let note = format!("`{file}`{sheet} is as it was and no longer read; its rows stand in `{beside}`");
            self.report.judgement.push(Note { at: at.to_owned(), text: note });
            self.texts.insert(beside.clone(), new);
            fields.push(Field::new("from", Change::Become(Json::from(beside))));
            for key in ["sheet", "header", "encoding"].into_iter().filter(|key| source.contains_key(*key)) {
                fields.push(Field::new(key, Change::Remove));
            }
        } else {
            self.texts.insert(file, new);
        }
        Change::map(fields)
    }

    /// A free name for the rows of a spreadsheet.
    fn beside(&self, file: &str, at: &str) -> String {
        let folder = file.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
        let name = |count: usize| match count {
            1 => format!("{folder}{at}.csv"),
            count => format!("{folder}{at}-{count}.csv"),
        };
        let is_free = |name: &String| self.files.read(name).is_err() && !self.texts.contains_key(name);
        (1..).map(name).find(is_free).unwrap_or_default()
    }

    /// What was assumed of many rows of one register is said once.
    pub(super) fn gather(self) -> BTreeMap<String, String> {
        let mut gathered: Vec<(Assumed, usize)> = Vec::new();
        for Assumed { at, title, value } in std::mem::take(&mut self.report.assumed) {
            let same = gathered
                .iter_mut()
                .find(|(known, _)| at.contains('[') && plain(&known.at) == plain(&at) && known.value == value);
            match same {
                Some((known, count)) => {
                    if *count < MAX_ROWS {
                        known.at = format!("{}, {at}", known.at);
                    }
                    *count += 1;
                }
                None => gathered.push((Assumed { at, title, value }, 1)),
            }
        }
        self.report.assumed = gathered
            .into_iter()
            .map(|(assumed, count)| match count.checked_sub(MAX_ROWS).filter(|more| *more > 0) {
                Some(more) => Assumed { at: format!("{} and {more} more", assumed.at), ..assumed },
                None => assumed,
            })
            .collect();
        self.texts
    }
}

impl Key {
    fn name(&self) -> Option<&str> {
        match self {
            Key::Name(name) => Some(name),
            Key::Rows | Key::Any => None,
        }
    }
}

/// A path without its rows; of several, the first.
fn plain(path: &str) -> String {
    let first = path.split(", ").next().unwrap_or_default();
    let mut text = String::new();
    let mut is_row = false;
    for c in first.chars() {
        match c {
            '[' => is_row = true,
            ']' => is_row = false,
            c if !is_row => text.push(c),
            _ => {}
        }
    }
    text
}

fn joined(at: &str, more: &str) -> String {
    if at.is_empty() || more.is_empty() { format!("{at}{more}") } else { format!("{at}.{more}") }
}

fn get<'v>(value: &'v Json, names: &[&str]) -> Option<&'v Json> {
    names.iter().try_fold(value, |value, name| value.get(name))
}

/// A change of what stands behind names.
fn nested(names: &[&str], change: Change) -> Change {
    names.iter().rfold(change, |change, name| Change::map([Field::new(*name, change)]))
}

/// A value goes, and with it the groups that held nothing else and that nothing is put into.
fn removed(group: &Json, names: &[&str], kept: &[&str]) -> Change {
    let mut depth = names.len();
    while depth > 1 {
        let parent = get(group, &names[..depth - 1]).and_then(Json::as_object);
        if kept.starts_with(&names[..depth - 1]) || parent.is_none_or(|parent| parent.len() > 1) {
            break;
        }
        depth -= 1;
    }
    nested(&names[..depth], Change::Remove)
}

/// A value is put behind names, with the groups that are missing.
fn put(group: &Json, names: &[&str], value: Json) -> Change {
    let known = (0..names.len()).take_while(|depth| get(group, &names[..*depth]).is_some_and(Json::is_object)).last();
    let at = known.unwrap_or_default();
    let value = names[at + 1..]
        .iter()
        .rfold(value, |value, name| Json::Object([((*name).to_owned(), value)].into_iter().collect()));
    nested(&names[..=at], Change::Become(value))
}

/// Where a place of the profile is after all steps.
pub(super) fn moved(steps: &[&Step], path: &str) -> String {
    let mut path = path.to_owned();
    for Step { from, to, act } in steps {
        if from != to
            && !matches!(act, Act::Remove { .. } | Act::Assumed { .. } | Act::Judge { .. })
            && let Some(new) = Path::moved(from, to, &path)
        {
            path = new;
        }
    }
    path
}
