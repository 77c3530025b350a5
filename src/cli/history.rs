//! `folio history`.

use std::fmt::Write as _;
use std::path::PathBuf;

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::args::History as Options;
use super::done::{Done, broken};
use super::report;
use super::settings::Settings;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::files::Disk;
use crate::history::{Approval, Entry, Event, History, Issued, Version};
use crate::verify;
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
    let Some(own) = workspace::read_settings(&root, &mut sink) else { return broken(sink) };
    let Some(history) = History::read(&Disk::new(&root, ""), &mut sink) else { return broken(sink) };
    sink.extend(verify::missed_in(&root, &own.output, &history).map(|missed| missed.said(Severity::Warning)));
    let (text, json) = match &document {
        Some(id) => {
            if !history.documents().contains(&id.as_str()) {
                let message = format!("`{id}` was never issued");
                let problem = Diagnostic::fault(&codes::NOT_ISSUED, message);
                sink.push(problem.suggest(id, history.documents()));
                return broken(sink);
            }
            let today = settings.today.parse().unwrap_or(Date::MAX);
            (of_document(&history, id, today), versions(&history, id))
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
    if let Some(lost) = &entry.lost {
        let knew = if lost.entries == 0 { String::new() } else { format!(" of {} entries", lost.entries) };
        let _ = writeln!(text, "            made without an earlier history{knew}, which was not there");
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
fn standing(history: &History, version: &Version<'_>, today: Date) -> String {
    let awaits = history.awaits(version);
    if !awaits.is_empty() {
        return format!("waits for {}", awaits.join(", "));
    }
    let Some(since) = history.since(version) else { return String::new() };
    let later = history.versions(&version.issued.id).filter(|other| other.entry.number > version.entry.number);
    let later: Vec<(Date, Version<'_>)> =
        later.filter_map(|other| history.since(&other).map(|since| (since, other))).collect();
    // What was approved for a later day may be overtaken before it.
    let is_deferred = history.deferred(version).is_some();
    if let Some((_, other)) = later.iter().find(|(other, _)| is_deferred && *other <= since) {
        return format!("never in force: {} took its place before {since}", other.issued.version);
    }
    let next = later.into_iter().rev().min_by_key(|(since, _)| *since);
    let withdrawn = history.withdrawn(version).filter(|day| next.is_none_or(|(next, _)| next > *day));
    let from = match since > today {
        true => format!("approved, in force from {since}"),
        false if next.is_none() && withdrawn.is_none() => format!("in force since {since}"),
        false => format!("in force from {since}"),
    };
    match (withdrawn, next) {
        (Some(day), _) if day < since => format!("never in force: withdrawn on {day}, before {since}"),
        (Some(day), _) => format!("{from}, withdrawn on {day}"),
        (None, Some((day, next))) if day > today => {
            format!("{from}, until {} takes its place on {day}", next.issued.version)
        }
        (None, Some((_, next))) => format!("{from}, until {} took its place", next.issued.version),
        (None, None) => from,
    }
}

/// The versions of a document, newest first.
fn of_document(history: &History, id: &str, today: Date) -> String {
    let mut text = format!("{id}\n");
    for version in history.versions(id).rev() {
        let _ = writeln!(
            text,
            "  {:<6} {}  {}",
            version.issued.version,
            version.entry.day,
            standing(history, &version, today)
        );
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
