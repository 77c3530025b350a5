//! `folio history`.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::args::History as Options;
use super::done::{Done, broken};
use super::report;
use super::settings::Settings;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::Disk;
use crate::history::{Approval, Entry, Event, History, Issued, Version};
use crate::workspace;

/// The most entries that are shown, unless somebody asks for all.
const MOST: usize = 12;

/// The most documents of an entry that are shown, unless somebody asks for all.
const MOST_DOCUMENTS: usize = 8;

/// Shows what was issued.
pub(super) fn history(options: &Options, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    // `folio history isms-scope` in a workspace means the document.
    let (dir, document) = match &options.document {
        None if !settings.path(&options.dir).exists() => (PathBuf::from("."), Some(options.dir.display().to_string())),
        document => (options.dir.clone(), document.clone()),
    };
    let root = settings.path(&dir);
    let _reading = settings.reading(&root, &mut sink);
    if workspace::read_settings(&root, &mut sink).is_none() {
        return broken(sink);
    }
    let Some(history) = History::read(&Disk::new(&root, ""), &mut sink) else { return broken(sink) };
    let (text, json) = match &document {
        Some(id) => {
            if !history.documents().contains(&id.as_str()) {
                let message = format!("`{id}` was never issued");
                let problem = Diagnostic::fault(&codes::NOT_ISSUED, message);
                sink.push(problem.suggest(id, history.documents()));
                return broken(sink);
            }
            (of_document(&history, id), versions(&history, id))
        }
        None => {
            let entries = history.entries.iter().rev().map(|entry| json!(entry)).collect::<Vec<_>>();
            (of_all(&history, settings.all), Json::Array(entries))
        }
    };
    let diagnostics = sink.into_vec();
    let json = json!({
        "schema": 1,
        "document": document,
        if document.is_some() { "versions" } else { "entries" }: json,
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// `Carla Reyes, Managing Director`.
fn who(approval: &Approval) -> String {
    match (approval.name.is_empty(), approval.post.is_empty()) {
        (false, false) => format!("{}, {}", approval.name, approval.post),
        (false, true) => approval.name.to_string(),
        (true, _) => approval.post.to_string(),
    }
}

fn act(event: Event) -> &'static str {
    match event {
        Event::Issue => "issued",
        Event::Approve => "approved",
        Event::Withdraw => "withdrawn",
        Event::Baseline => "taken over",
    }
}

/// What happened, newest first.
fn of_all(history: &History, all: bool) -> String {
    if history.entries.is_empty() {
        return "nothing was issued yet\n".to_owned();
    }
    let mut text = String::new();
    let shown = if all { usize::MAX } else { MOST };
    for entry in history.entries.iter().rev().take(shown) {
        text.push_str(&of_entry(entry, all));
    }
    if let Some(more) = history.entries.len().checked_sub(shown).filter(|more| *more > 0) {
        let _ = writeln!(text, "{more} more before that; `--all` shows them");
    }
    text
}

fn of_entry(entry: &Entry, all: bool) -> String {
    let mut text = String::new();
    let count = entry.documents.len();
    let by = entry.by.as_ref().map_or_else(String::new, |by| format!(" by {}", who(by)));
    let _ = writeln!(
        text,
        "{}  {} {}{by}",
        entry.day,
        act(entry.event),
        if count == 1 { "1 document".to_owned() } else { format!("{count} documents") }
    );
    if !entry.reason.is_empty() {
        let _ = writeln!(text, "            {}", entry.reason);
    }
    let most = if all { usize::MAX } else { MOST_DOCUMENTS };
    for issued in entry.documents.iter().take(most) {
        let _ = writeln!(text, "            {} {}{}", issued.id, issued.version, notes(issued));
    }
    if let Some(more) = count.checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(text, "            and {more} more; `--all` shows them");
    }
    text
}

fn notes(issued: &Issued) -> String {
    let mut notes = String::new();
    if !issued.change.is_empty() {
        let _ = write!(notes, ": {}", issued.change);
    }
    if let Some(day) = issued.effective {
        let _ = write!(notes, " (in force from {day})");
    }
    if !issued.awaits.is_empty() {
        let _ = write!(notes, " (waits for {})", issued.awaits.join(", "));
    }
    notes
}

/// Where a version is: `in force`, `withdrawn on …`.
fn standing(history: &History, version: &Version<'_>) -> String {
    let awaits = history.awaits(version);
    if !awaits.is_empty() {
        return format!("waits for {}", awaits.join(", "));
    }
    let is_last = history.last(&version.issued.id).is_some_and(|last| last.issued.version == version.issued.version);
    let since = history.since(version).map_or_else(String::new, |since| since.to_string());
    let next = history
        .versions(&version.issued.id)
        .find(|other| other.entry.number > version.entry.number && history.awaits(other).is_empty());
    match (is_last, next, history.withdrawn(version)) {
        (true, ..) => format!("in force since {since}"),
        (_, Some(next), _) => format!("in force from {since}, until {} took its place", next.issued.version),
        (_, None, Some(day)) => format!("in force from {since}, withdrawn on {day}"),
        _ => String::new(),
    }
}

/// The versions of a document, newest first.
fn of_document(history: &History, id: &str) -> String {
    let mut text = format!("{id}\n");
    for version in history.versions(id).rev() {
        let _ =
            writeln!(text, "  {:<6} {}  {}", version.issued.version, version.entry.day, standing(history, &version));
        if !version.issued.change.is_empty() {
            let _ = writeln!(text, "         {}", version.issued.change);
        }
        for approval in history.approvals(&version) {
            let _ = writeln!(text, "         approved by {} on {}", who(approval), approval.day);
        }
        if let Some(day) = version.issued.next_review {
            let _ = writeln!(text, "         next review {day}");
        }
    }
    text
}

fn versions(history: &History, id: &str) -> Json {
    let rows = history.versions(id).rev().map(|version| {
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
        json!({
            "version": version.issued.version,
            "event": version.entry.event,
            "day": version.entry.day.to_string(),
            "reason": version.entry.reason,
            "change": version.issued.change,
            "approvals": history.approvals(&version),
            "awaits": history.awaits(&version),
            "approved": day(history.approved(&version)),
            "since": day(history.since(&version)),
            "withdrawn": day(history.withdrawn(&version)),
            "next_review": day(version.issued.next_review),
            "files": history.files(&version),
        })
    });
    rows.collect()
}
