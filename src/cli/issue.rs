//! `folio issue`, `approve`, `withdraw`, `baseline`, and `render --issued`.

use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::Date;
use serde_json::{Value as Json, json};
use unicode_normalization::UnicodeNormalization as _;

use super::args::{Approve, Baseline as BaselineArgs, Issue, Withdraw};
use super::done::{Done, broken, done, usage};
use super::report;
use super::settings::Settings;
use super::table;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{issue as issue_codes, workspace as codes};
use crate::diagnostic::{Sink, screen};
use crate::files::Disk;
use crate::history::{COMING, IN_FORCE};
use crate::issue::{self, Baseline, Done as Ended, Made, Order};
use crate::progress::argument;
use crate::session::Session;
use crate::workspace::SETTINGS;

/// The most titles that are named of documents that wait.
const MOST_TITLES: usize = 6;

/// Issues what changed.
pub(super) fn issue(options: &Issue, settings: &Settings) -> Done {
    let order = Order {
        approver: options.approver.clone(),
        reason: options.reason.clone(),
        only: options.only.clone(),
        is_major: options.major,
        new_history: options.new_history,
        ..blank(settings)
    };
    let Some(order) = effective(order, options.effective.as_deref()) else { return no_day("--effective") };
    carry_out("issue", "issued", &options.dir, options.dry_run, settings, &|session, root, sink| {
        issue::issue(session, root, &order, sink)
    })
}

/// Approves what waits for it.
pub(super) fn approve(options: &Approve, settings: &Settings) -> Done {
    let (approver, only) = (options.approver.clone(), options.only.clone());
    let order = Order { approver, only, new_history: options.new_history, ..blank(settings) };
    let Some(order) = effective(order, options.effective.as_deref()) else { return no_day("--effective") };
    carry_out("approve", "approved", &options.dir, options.dry_run, settings, &|session, root, sink| {
        issue::approve(session, root, &order, sink)
    })
}

/// Takes documents out of force.
pub(super) fn withdraw(options: &Withdraw, settings: &Settings) -> Done {
    let order = Order {
        approver: options.approver.clone(),
        reason: options.reason.clone(),
        only: options.only.clone(),
        new_history: options.new_history,
        ..blank(settings)
    };
    carry_out("withdraw", "withdrawn", &options.dir, options.dry_run, settings, &|session, root, sink| {
        issue::withdraw(session, root, &order, sink)
    })
}

/// Takes over a document that was made elsewhere.
pub(super) fn baseline(options: &BaselineArgs, settings: &Settings) -> Done {
    let Ok(day) = options.day.parse::<Date>() else { return no_day("--day") };
    let mut files = Vec::new();
    for path in &options.files {
        // As other systems spell it: some write an ä as two characters.
        let name = path.file_name().map(|name| name.to_string_lossy().nfc().collect()).unwrap_or_default();
        match Disk::file(&settings.path(path)) {
            Ok(bytes) => files.push((name, bytes)),
            Err(error) => {
                let mut sink = Sink::new();
                sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string()));
                return broken(sink);
            }
        }
    }
    let taken = Baseline { id: options.only.clone(), version: options.number.clone(), files };
    let reason = options.reason.clone().unwrap_or_default();
    let approver = options.approver.clone();
    let order = Order { approver, reason, day, new_history: options.new_history, ..blank(settings) };
    carry_out("baseline", "taken over", &options.dir, options.dry_run, settings, &|session, root, sink| {
        issue::baseline(session, root, &order, &taken, sink)
    })
}

/// Gives the files of an issued version as they were given out.
pub(super) fn stored(dir: &Path, named: &str, out: Option<&Path>, dry_run: bool, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let root = settings.path(dir);
    let commit = {
        let _reading = settings.reading(&root, &mut sink);
        issue::stored_files(&settings.session(), &root, named, &mut sink)
    };
    let Some(commit) = commit else { return broken(sink) };
    let place = settings.path(out.unwrap_or(Path::new(".")));
    let mut text = String::new();
    for (name, bytes) in commit.files() {
        let path = place.join(name);
        if !dry_run && let Err(problem) = crate::commit::write_file(&path, bytes, false) {
            sink.push(problem);
            return broken(sink);
        }
        let would = if dry_run { "would be written: " } else { "" };
        let _ = writeln!(text, "{would}{}: {named}, as it was issued", path.display());
    }
    Done { diagnostics: sink.into_vec(), ..done(text) }
}

/// An order of nobody, for nothing, today.
fn blank(settings: &Settings) -> Order {
    Order {
        approver: String::new(),
        reason: String::new(),
        day: settings.today.parse().unwrap_or_default(),
        only: Vec::new(),
        is_major: false,
        effective: None,
        new_history: false,
    }
}

fn effective(order: Order, given: Option<&str>) -> Option<Order> {
    let effective = given.map(|given| given.parse().ok()).map_or(Some(None), |day: Option<Date>| day.map(Some))?;
    Some(Order { effective: effective.filter(|day| *day != order.day), ..order })
}

fn no_day(option: &str) -> Done {
    usage(format!("`{option}` is not a date YYYY-MM-DD"))
}

/// A warning where the day that commands go by lies ahead of the clock.
pub(super) fn ahead(settings: &Settings) -> Option<Diagnostic> {
    let message = format!("{} lies ahead: today is {}", settings.today, settings.started.get(..10).unwrap_or_default());
    let problem = Diagnostic::warning(&issue_codes::ISSUE_DATE, message).help(
        "what is written into the history stays there, and no later entry can have an earlier day; `--effective` says from \
         when on a version is in force",
    );
    settings.is_ahead().then_some(problem)
}

/// Holds the workspace before anything is read, prepares, and writes.
fn carry_out(
    command: &str,
    what: &str,
    dir: &Path,
    dry_run: bool,
    settings: &Settings,
    prepare: &dyn Fn(&Session, &Path, &mut Sink) -> Option<Ended>,
) -> Done {
    let mut sink = Sink::new();
    let root = settings.path(dir);
    let mut held = None;
    if !dry_run && root.join(SETTINGS).is_file() {
        held = settings.hold(command, &root, &mut sink);
        if held.is_none() {
            return broken(sink);
        }
    }
    sink.extend(ahead(settings));
    let _reading = if held.is_none() { settings.reading(&root, &mut sink) } else { None };
    let session = settings.session();
    let turned = session.turn(&root, &mut sink);
    if let Some(held) = &mut held
        && let Err(problem) = held.apply(&turned.commit)
    {
        sink.push(problem);
        return broken(sink);
    }
    let came = table::came(&turned.came, dry_run);
    let Some(ended) = prepare(&session, &root, &mut sink) else { return Done { text: came, ..broken(sink) } };
    if let Some(held) = &mut held
        && !ended.commit.is_empty()
        && let Err(problem) = held.apply(&ended.commit)
    {
        sink.push(problem);
        return Done { text: came, ..broken(sink) };
    }
    if let Some(dry) = &settings.dry {
        dry.commit(&settings.path(dir), &turned.commit);
        dry.commit(&settings.path(dir), &ended.commit);
    }
    let diagnostics = sink.into_vec();
    let json = json!({
        "schema": 1,
        "dry_run": dry_run,
        "documents": ended.documents.iter().map(|made| json!({
            "id": made.id,
            "title": made.title,
            "version": made.version,
            "change": made.change,
            "major": made.major,
            "awaits": made.awaits,
            "effective": made.effective.map(|day| day.to_string()),
            "files": made.files,
            "follows": made.follows,
        })).collect::<Vec<_>>(),
        "kept": ended.kept.iter().map(|(id, title, version)| json!({
            "id": id, "title": title, "version": version,
        })).collect::<Vec<Json>>(),
        "waiting": ended.waiting.iter().map(|waiting| json!({
            "role": waiting.role,
            "who": waiting.who,
            "issued": waiting.is_issued,
            "documents": waiting.documents.iter().map(|(id, _)| id).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "left_behind": ended.left_behind.iter().map(|left| json!({
            "path": left.path.display().to_string().replace('\\', "/"),
            "edited": left.is_edited,
            "removed": left.is_removed,
        })).collect::<Vec<_>>(),
        "came_into_force": turned.came,
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    let text = came + &text(what, dry_run, dir, &ended);
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// Versions that are in force later stand in a folder of their own until then: whoever sends documents out has to know.
fn later(documents: &[Made]) -> String {
    let mut text = String::new();
    let mut days: Vec<Date> = documents.iter().filter_map(|made| made.effective).collect();
    days.sort();
    days.dedup();
    for day in days {
        let of_day = documents.iter().filter(|made| made.effective == Some(day));
        let titles: Vec<&str> = of_day.map(|made| made.title.as_str()).collect();
        let said = format!(
            "not in force before {day}: {}. Until then the files stand in `{COMING}/`, with that day in their names, and what is in \
             force stays in `{IN_FORCE}/`; the first `folio render` or `folio issue` from that day on puts them there",
            titles.join(", ")
        );
        for (at, row) in screen::wrap(&said, screen::COLUMNS, screen::COLUMNS - 2).into_iter().enumerate() {
            let _ = writeln!(text, "{}{row}", if at == 0 { "" } else { "  " });
        }
    }
    text
}

fn text(what: &str, dry_run: bool, dir: &Path, ended: &Ended) -> String {
    let folder = argument(&dir.display().to_string());
    let mut text = String::new();
    let would = if dry_run { "would be " } else { "" };
    for made in &ended.documents {
        let awaits = match made.awaits.is_empty() {
            true => String::new(),
            false => format!("; waits for {}", made.awaits.join(", ")),
        };
        let major = made.major.as_ref().map(|why| format!(" (major: {why})")).unwrap_or_default();
        let own = if made.follows { "issued, as it tells of the others" } else { what };
        let from = made.effective.map(|day| format!(", in force from {day}")).unwrap_or_default();
        let _ = writeln!(text, "{} {}: {would}{own}{major}{from}{awaits}", made.title, made.version);
    }
    text.push_str(&later(&ended.documents));
    for left in &ended.left_behind {
        let removed = if dry_run { "its draft would be removed" } else { "draft removed" };
        let what = match (left.is_removed, left.is_edited) {
            (true, _) => removed,
            (false, true) => "draft edited by hand: it stays until you move it away",
            (false, false) => "left behind; `folio render --prune` removes it",
        };
        let _ = writeln!(text, "{}: {what}", left.path.display());
    }
    let followers = ended.documents.iter().filter(|made| made.follows).count();
    let also = match (followers, what) {
        (0, _) | (_, "issued") => String::new(),
        (count, _) => format!(", {count} {would}issued with it"),
    };
    let made = ended.documents.len() - if what == "issued" { 0 } else { followers };
    match (made, ended.kept.len()) {
        (0, _) if ended.waiting.iter().any(|waiting| waiting.is_issued) => {
            text.push_str(&format!("nothing to be {what} by this approver\n"));
        }
        (0, 0) => text.push_str(&format!("nothing to be {what}\n")),
        (0, 1) => text.push_str(&format!("nothing to be {what}: 1 document says what its last version says\n")),
        (0, kept) => {
            text.push_str(&format!("nothing to be {what}: {kept} documents say what their last version says\n"));
        }
        (made, 0) => text.push_str(&format!("{made} {would}{what}{also}\n")),
        (made, 1) => text.push_str(&format!("{made} {would}{what}{also}, 1 keeps its version\n")),
        (made, kept) => text.push_str(&format!("{made} {would}{what}{also}, {kept} keep their version\n")),
    }
    for waiting in &ended.waiting {
        let titles: Vec<&str> = waiting.documents.iter().map(|(_, title)| title.as_str()).collect();
        let (what, command) = match waiting.is_issued {
            true => ("issued, and waiting for the approval of", "approve"),
            false => ("not issued, waiting for", "issue"),
        };
        let count = titles.len();
        let more = match count.saturating_sub(MOST_TITLES) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let shown = titles.iter().take(MOST_TITLES).copied().collect::<Vec<_>>().join("; ");
        let said = format!("{count} {what} {}: {shown}{more}", waiting.who);
        for (at, row) in screen::wrap(&said, screen::COLUMNS, screen::COLUMNS - 2).into_iter().enumerate() {
            let _ = writeln!(text, "{}{row}", if at == 0 { "" } else { "  " });
        }
        let _ = writeln!(
            text,
            "  Next: folio {command}{folder} --approver {}{}",
            waiting.role,
            if waiting.is_issued { "" } else { " --reason \"…\"" }
        );
    }
    text
}
