//! The keys of a profile for people: what each is, what it looks like, and which documents print it.
//!
//! Whether a document prints a key is seen in what the pack gives for its fixtures, by the provenance of its texts; so are
//! the examples. A key that no fixture records has neither.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value as Json;

use super::fixture;
use crate::decisions::column;
use crate::diagnostic::Sink;
use crate::model::{Document, Text, texts};
use crate::pack::Pack;
use crate::schema::{Property, Rest, View, in_words};

/// The longest example, in characters.
const MAX_EXAMPLE: usize = 48;

/// The most documents that are named for one key.
const MAX_DOCUMENTS: usize = 12;

/// What is known of the keys from the fixtures of a pack.
#[derive(Default)]
struct Seen {
    /// The numbers of the documents that print a key, or say that it is not recorded.
    printed: BTreeMap<String, BTreeSet<String>>,
    /// The titles of documents, by number.
    titles: BTreeMap<String, String>,
    /// A profile of each fixture.
    profiles: Vec<Json>,
}

/// The reference of a pack's profile, in Markdown.
pub fn markdown(pack: &Arc<Pack>, jobs: usize) -> String {
    let seen = Seen::of(pack, jobs);
    let mut text = format!(
        "# The profile of {}\n\nMade by `folio schema --markdown` from the schema and the fixtures of {} {}. A key in bold is \
         needed. `[]` stands for each row of a list; a list of rows may stand in a CSV or XLSX file, whose columns are called as \
         the keys or by their names.\n",
        pack.manifest.title, pack.manifest.id, pack.manifest.version
    );
    for Property { name, is_required, view } in pack.schema.view().properties() {
        let _ = writeln!(text, "\n## `{name}`: {}\n", view.title.as_deref().unwrap_or(name));
        if let Some(description) = &view.description {
            let _ = writeln!(text, "{description}\n");
        }
        text.push_str("| Key | What it is | Type | Example | Printed in |\n|---|---|---|---|---|\n");
        seen.row(name, *is_required, view, &mut text);
        seen.keys(view, name, &mut text);
    }
    text.push_str("\n## The documents\n\n| Number | Title |\n|---|---|\n");
    for (number, title) in &seen.titles {
        let _ = writeln!(text, "| {} | {} |", cell(number), cell(title));
    }
    text
}

impl Seen {
    fn of(pack: &Arc<Pack>, jobs: usize) -> Seen {
        let mut seen = Seen::default();
        for fixture in fixture::all(pack) {
            let Some(given) = fixture.rehearse(jobs, &mut Sink::new()) else { continue };
            seen.profiles.push(given.workspace.profile.value.clone());
            given.documents.iter().flatten().for_each(|document| seen.read(document));
        }
        // What is recorded most is the best example.
        seen.profiles.sort_by_key(|profile| std::cmp::Reverse(profile.to_string().len()));
        seen
    }

    fn read(&mut self, document: &Document) {
        let number = document.control.number.text.clone();
        self.titles.insert(number.clone(), document.control.title.text.clone());
        let mut paths: BTreeSet<String> = document.gaps.iter().map(|path| column(path)).collect();
        let mut see = |text: &Text| paths.extend(text.from.iter().map(|path| column(path)));
        document.control.texts().into_iter().for_each(&mut see);
        texts(document, &mut see);
        for path in paths {
            self.printed.entry(path).or_default().insert(number.clone());
        }
    }

    /// A row for each key below one, those below it after it.
    fn keys(&self, view: &View, prefix: &str, text: &mut String) {
        if let Some(items) = view.items() {
            self.keys(items, &format!("{prefix}[]"), text);
        }
        for Property { name, is_required, view } in view.properties() {
            let path = format!("{prefix}.{name}");
            self.row(&path, *is_required, view, text);
            self.keys(view, &path, text);
        }
        if let Rest::Alike(view) = &view.rest {
            let path = format!("{prefix}.<name>");
            self.row(&path, false, view, text);
            self.keys(view, &path, text);
        }
    }

    fn row(&self, path: &str, is_required: bool, view: &View, text: &mut String) {
        let key = if is_required { format!("**`{path}`**") } else { format!("`{path}`") };
        let words: Vec<&str> = [&view.title, &view.description].into_iter().flatten().map(String::as_str).collect();
        let example = self.example(path).map(|example| format!("`{}`", example.replace('`', "'")));
        let cells = [words.join(". "), in_words(view), example.unwrap_or_default(), self.documents(path)];
        let _ = writeln!(text, "| {key} | {} |", cells.map(|text| cell(&text)).join(" | "));
    }

    /// The documents that print a key; of very many their count.
    fn documents(&self, path: &str) -> String {
        let Some(printed) = self.printed.get(path) else { return String::new() };
        match printed.len() {
            count if count == self.titles.len() => "every document".into(),
            count if count > MAX_DOCUMENTS => format!("{count} documents"),
            _ => printed.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
        }
    }

    /// A value at a path, of the first profile and row that have one.
    fn example(&self, path: &str) -> Option<String> {
        let steps: Vec<&str> = path.split('.').collect();
        let value = self.profiles.iter().find_map(|profile| find(profile, &steps))?;
        let shown: String = value.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        if shown.chars().count() <= MAX_EXAMPLE {
            return Some(shown);
        }
        let cut: String = shown.chars().take(MAX_EXAMPLE - 1).collect();
        Some(format!("{}…", cut.trim_end()))
    }
}

fn find(value: &Json, steps: &[&str]) -> Option<String> {
    let Some((step, rest)) = steps.split_first() else {
        return match value {
            Json::Null | Json::Object(_) => None,
            Json::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| find(item, &[])).collect::<Option<_>>()?;
                (!items.is_empty()).then(|| items.join("; "))
            }
            Json::String(text) => (!text.is_empty()).then(|| text.clone()),
            other => Some(other.to_string()),
        };
    };
    let (name, is_list) = step.strip_suffix("[]").map_or((*step, false), |name| (name, true));
    let inner = match (name, value) {
        ("<name>", Json::Object(fields)) => return fields.values().find_map(|field| find(field, rest)),
        _ => value.get(name)?,
    };
    match inner {
        Json::Array(rows) if is_list => rows.iter().find_map(|row| find(row, rest)),
        _ => find(inner, rest),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
