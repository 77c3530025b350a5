//! `folio status`, and what `folio render --dry-run` says of changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::args::Status as Options;
use super::done::Done;
use super::report;
use super::settings::Settings;
use crate::align::Piece;
use crate::changes::{Cause, Change, Leftover, Manner as Became};
use crate::commit::{Held, Manner};
use crate::diagnostic::{Sink, Span, screen};
use crate::history::{COMING, IN_FORCE};
use crate::ledger::real;
use crate::progress::argument;
use crate::session::Session;
use crate::status::{Coming, Decision, Shared, Standing, State, Status};

/// The most causes that are shown unless somebody asks for all.
const MOST_CAUSES: usize = 12;

/// The most facts without effect, and the most leftovers, that are shown unless somebody asks for all.
const MOST_OTHERS: usize = 6;

/// The most characters of unchanged words that are shown beside changed ones.
const AROUND: usize = 40;

/// Says how the documents of workspaces stand.
pub(super) fn status(options: &Options, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let session = settings.session();
    let mut seen = BTreeSet::new();
    let dirs: Vec<&PathBuf> = options.dirs.iter().filter(|dir| seen.insert(real(&settings.path(dir)))).collect();
    let (mut text, mut workspaces) = (String::new(), Vec::new());
    for dir in &dirs {
        let root = settings.path(dir);
        let mut own = Sink::new();
        let found = found(&session, &root, settings, &mut own);
        if dirs.len() > 1 {
            own.iter_mut().for_each(|problem| problem.workspace = Some(dir.display().to_string().into()));
        }
        sink.merge(own);
        let Some(found) = found else { continue };
        if dirs.len() > 1 {
            let _ = writeln!(text, "{}:", dir.display());
        }
        text.push_str(&said(&found, settings));
        workspaces.push(object(dir, &found, settings));
    }
    let diagnostics = sink.into_vec();
    let json = json!({
        "schema": 1,
        "workspaces": workspaces,
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// Adds to what a dry run says what changed, why and where.
pub(super) fn before(dirs: &[PathBuf], done: &mut Done, settings: &Settings) {
    let session = settings.session();
    for (at, dir) in dirs.iter().enumerate() {
        let root = settings.path(dir);
        // What keeps a workspace from being read was said by the run.
        let Some(found) = found(&session, &root, settings, &mut Sink::new()) else { continue };
        done.text.push_str(&said(&found, settings));
        if let Some(json) = &mut done.json
            && let Some(workspace) = json["workspaces"].get_mut(at)
        {
            workspace["status"] = object(dir, &found, settings);
        }
    }
}

/// How the documents of a workspace stand; kept in it for the next time.
fn found(session: &Session, root: &Path, settings: &Settings, sink: &mut Sink) -> Option<Status> {
    let (found, asked) = {
        let _reading = settings.reading(root, sink);
        match Status::kept(session, root) {
            Ok(kept) => return Some(kept),
            Err(asked) => (Status::made(session, root, sink)?, asked),
        }
    };
    // What is said besides is said the next time too.
    if settings.dry.is_some() || !sink.is_empty() {
        return Some(found);
    }
    // Where nothing can be written, or somebody else is at work, it is made anew the next time.
    let at_once = Manner { waiting: None, ..Manner::default() };
    let held = Held::take(root, at_once);
    let _ = held.and_then(|mut held| found.keep(&asked, session, root, &mut held));
    Some(found)
}

/// `3 documents`.
fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

fn day(settings: &Settings) -> Date {
    settings.today.parse().unwrap_or(Date::MAX)
}

/// What is said of a workspace: causes first, then documents, then what else is to be looked at.
fn said(status: &Status, settings: &Settings) -> String {
    let mut text = String::new();
    let all = settings.all;
    causes(status, all, &mut text);
    documents(status, day(settings), &mut text);
    if all {
        status.documents.iter().for_each(|standing| places(standing, &mut text));
    }
    for cause in &status.around {
        let _ = writeln!(text, "{cause}: drafts are made anew, and say the same");
    }
    if let Some(newer) = &status.newer {
        let _ = writeln!(
            text,
            "{newer} can be had; this workspace has {}: `folio pack upgrade` says what it changes",
            status.pack
        );
    }
    decisions(&status.decisions, all, &mut text);
    leftovers(&status.leftovers, all, &mut text);
    for left in &status.left_behind {
        let edited = if left.is_edited { ", and edited by hand" } else { "" };
        let _ = writeln!(text, "{}: left behind{edited}: no document is called so any more", left.path.display());
    }
    text
}

/// What changed, and which documents show it.
fn causes(status: &Status, all: bool, text: &mut String) {
    let titles: BTreeMap<&str, &str> =
        status.documents.iter().map(|standing| (standing.id.as_str(), standing.title.as_str())).collect();
    let most = if all { usize::MAX } else { MOST_CAUSES };
    // What touches most comes first; by that, a screen shows what matters.
    let mut shared: Vec<&Shared> = status.causes.iter().collect();
    shared.sort_by_key(|shared| (shared.cause == Cause::Unknown, std::cmp::Reverse(shared.documents.len())));
    for Shared { cause, documents } in shared.iter().take(most) {
        line(text, &format!("{}{}", capital(&cause.to_string()), place(cause)), 0);
        let places: usize = documents.values().sum();
        let list: Vec<String> = documents
            .iter()
            .map(|(id, places)| format!("{} ({places})", titles.get(id.as_str()).copied().unwrap_or(id.as_str())))
            .collect();
        let head = format!("{} in {}", counted(places, "place"), counted(documents.len(), "document"));
        line(text, &format!("{head}: {}", list.join(", ")), 2);
    }
    if shared.len() > most {
        let _ = writeln!(text, "and {} more causes: `--all` shows each", shared.len() - most);
    }
    if !status.silent.is_empty() {
        let most = if all { usize::MAX } else { MOST_OTHERS };
        let _ = writeln!(text, "{} that no document shows:", counted(status.silent.len(), "change"));
        for cause in status.silent.iter().take(most) {
            line(text, &format!("{cause}{}", place(cause)), 2);
        }
        if status.silent.len() > most {
            let _ = writeln!(text, "  and {} more", status.silent.len() - most);
        }
    }
}

fn place(cause: &Cause) -> String {
    let at = match cause {
        Cause::Fact { at, .. } | Cause::Confirmed { at, .. } | Cause::Override { at, .. } => at.as_ref(),
        _ => None,
    };
    let key = match cause {
        Cause::Fact { path, label: Some(_), .. } | Cause::Confirmed { path, .. } => Some(path),
        _ => None,
    };
    match (at, key) {
        (Some(at), Some(key)) => format!("  {at} `{key}`"),
        (at, key) => {
            let said = at.map(ToString::to_string).into_iter().chain(key.map(|key| format!("`{key}`")));
            said.map(|said| format!("  {said}")).collect()
        }
    }
}

fn capital(text: &str) -> String {
    // A path is written as it is.
    match text.split_once(' ') {
        Some((first, _)) if first.contains(['.', '[', '_']) => text.to_owned(),
        _ => {
            let mut chars = text.chars();
            chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
        }
    }
}

/// How the documents stand: those that stand alike together.
fn documents(status: &Status, today: Date, text: &mut String) {
    let of = |state: State| status.documents.iter().filter(move |standing| standing.state == state);
    for state in [State::New, State::Changed, State::OutOfDate, State::Withdrawn, State::TakenOver, State::NotKept] {
        let list: Vec<String> = of(state).map(one).collect();
        if !list.is_empty() {
            let all = list.len() == status.documents.len() && list.len() > 1;
            let names = if all { String::new() } else { format!(": {}", list.join("; ")) };
            let what = state.words();
            line(text, &format!("{}, {what}{names}", counted(list.len(), "document")), 0);
        }
    }
    let unchanged: Vec<&Standing> = of(State::Unchanged).collect();
    if !unchanged.is_empty() {
        let _ = writeln!(text, "{}, unchanged", counted(unchanged.len(), "document"));
    }
    for standing in &status.documents {
        for path in &standing.edited {
            let _ = writeln!(text, "{}: edited by hand", path.display());
        }
        if let Some((version, who)) = &standing.awaits {
            let who: Vec<&str> = who.iter().map(|who| who.as_str()).collect();
            let _ = writeln!(text, "{} {version} waits for the approval of {}", standing.title, who.join(", then "));
        }
    }
    for standing in &status.documents {
        later(standing, text);
    }
    let is_issued =
        |path: &Path| path.parent().is_some_and(|folder| [IN_FORCE, COMING].iter().any(|name| folder.ends_with(name)));
    for standing in &status.documents {
        let Some(version) = &standing.version else { continue };
        for path in standing.missing.iter().filter(|path| is_issued(path)) {
            let folder = path.parent().map(|folder| argument(&folder.display().to_string())).unwrap_or_default();
            let _ = writeln!(
                text,
                "{}: is not there any more; `folio render --issued {}@{version} --out{folder}` gives it again",
                path.display(),
                standing.id
            );
        }
    }
    let missing = status.documents.iter().flat_map(|standing| &standing.missing);
    let missing: Vec<String> = missing.filter(|path| !is_issued(path)).map(|path| path.display().to_string()).collect();
    match missing.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(text, "{one}: is not there any more; `folio render` writes it again");
        }
        [first, more @ ..] => {
            let _ = writeln!(
                text,
                "{first} and {} are not there any more; `folio render` writes them again",
                counted(more.len(), "other file")
            );
        }
    }
    let due = status.documents.iter().filter(|standing| standing.is_due(today));
    let due: Vec<String> =
        due.map(|standing| format!("{} ({})", standing.title, standing.next_review.unwrap_or(today))).collect();
    if !due.is_empty() {
        line(text, &format!("{} due for review: {}", counted(due.len(), "document"), due.join(", ")), 0);
    }
}

/// What is approved of a document and not in force yet, or came into force and waits still.
fn later(standing: &Standing, text: &mut String) {
    let Standing { title, in_force, coming, waits, .. } = standing;
    let mut said = Vec::new();
    if let Some(Coming { version, since }) = waits {
        said.push(format!(
            "{version} in force since {since}, and in `{COMING}/` still: `folio render` puts it into `{IN_FORCE}/`"
        ));
    } else if let Some(version) = in_force.as_ref().filter(|_| !coming.is_empty()) {
        said.push(format!("{version} in force"));
    }
    said.extend(coming.iter().map(|Coming { version, since }| format!("{version} approved, in force from {since}")));
    if !said.is_empty() {
        line(text, &format!("{title}: {}", said.join("; ")), 0);
    }
}

/// A document that changed, with how much, and what its next version is.
fn one(standing: &Standing) -> String {
    let mut facts = Vec::new();
    if let Some(version) = &standing.version {
        facts.push(match (&standing.next, &standing.major) {
            (Some(next), Some(why)) => format!("{version}, would be {next}: {why}"),
            (Some(next), None) => format!("{version}, would be {next}"),
            (None, _) => format!("since {version}"),
        });
    }
    if !standing.changes.is_empty() {
        facts.push(counted(standing.changes.len(), "place"));
    }
    match standing.unexplained() {
        0 => {}
        count => facts.push(format!("{count} without a known cause")),
    }
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
    format!("{} {}{facts}", standing.number, standing.title).trim_start().to_owned()
}

/// Every place of a document that changed.
fn places(standing: &Standing, text: &mut String) {
    if standing.changes.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{} {}", standing.number, standing.title);
    for change in &standing.changes {
        let _ = writeln!(text, "  {}", change.place());
        for row in screen::wrap(&words(change), screen::COLUMNS - 4, screen::COLUMNS - 4) {
            let _ = writeln!(text, "    {row}");
        }
        for cause in &change.causes {
            line(text, &format!("because {cause}{}", place(cause)), 4);
        }
    }
    text.push('\n');
}

/// The words of a place before and after, in one line: `[-old-]` went, `{+new+}` came.
fn words(change: &Change) -> String {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match change.manner {
        Became::Moved => return format!("moved: {}", shortened(&flat(&change.after))),
        Became::Form => return format!("same words, another look or link: {}", shortened(&flat(&change.after))),
        Became::Words | Became::Came | Became::Went => {}
    }
    let pieces = change.pieces();
    let last = pieces.len().saturating_sub(1);
    let mut said = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Kept(text) => said.push_str(&kept(text, at == 0, at == last)),
            Piece::Removed(text) => said.push_str(&format!("[-{text}-]")),
            Piece::Added(text) => said.push_str(&format!("{{+{text}+}}")),
        }
    }
    flat(&said)
}

/// As much of unchanged words as tells where one is.
fn kept(text: &str, is_first: bool, is_last: bool) -> String {
    let count = text.chars().count();
    let room = if is_first || is_last { AROUND } else { 2 * AROUND };
    if count <= room {
        return text.to_owned();
    }
    let head: String = text.chars().take(AROUND).collect();
    let tail: String = text.chars().skip(count - AROUND).collect();
    match (is_first, is_last) {
        (true, _) => format!("…{tail}"),
        (_, true) => format!("{head}…"),
        _ => format!("{head} … {tail}"),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(2 * AROUND) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What the change asks somebody to decide: first what stands against the next issue.
fn decisions(list: &[Decision], all: bool, text: &mut String) {
    let (needed, others): (Vec<&Decision>, Vec<&Decision>) = list.iter().partition(|decision| decision.is_needed);
    for (heading, list) in
        [("to be decided before the next issue:", needed), ("to be looked at because of the change:", others)]
    {
        if list.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{heading}");
        let most = if all { usize::MAX } else { MOST_OTHERS };
        for decision in list.iter().take(most) {
            let at = decision.at.as_ref().map(|at| format!("  {at}")).unwrap_or_default();
            line(text, &format!("{} [{}]{at}", decision.message, decision.check), 2);
            if decision.is_needed || all {
                line(text, &decision.explain, 4);
            }
        }
        if list.len() > most {
            let _ = writeln!(text, "  and {} more: `--all` shows each", list.len() - most);
        }
    }
}

fn leftovers(list: &[Leftover], all: bool, text: &mut String) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(text, "gone from the profile, and still named:");
    let mut sorted: Vec<&Leftover> = list.iter().collect();
    sorted.sort_by_key(|left| left.is_note);
    let most = if all { usize::MAX } else { MOST_OTHERS };
    for left in sorted.iter().take(most) {
        let note = if left.is_note { " (of a day before: it may be right)" } else { "" };
        line(text, &format!("“{}”, once {}, in {}{note}  {}", left.word, left.was, left.path, left.at), 2);
    }
    if sorted.len() > most {
        let _ = writeln!(text, "  and {} more: `--all` shows each", sorted.len() - most);
    }
}

/// A line, wrapped below itself.
fn line(text: &mut String, said: &str, indent: usize) {
    let (first, rest) = (screen::COLUMNS - indent, screen::COLUMNS - indent - 2);
    for (at, row) in screen::wrap(said, first, rest).into_iter().enumerate() {
        let _ = writeln!(text, "{:width$}{row}", "", width = if at == 0 { indent } else { indent + 2 });
    }
}

/// A workspace for programs.
fn object(dir: &Path, status: &Status, settings: &Settings) -> Json {
    let today = day(settings);
    let shown = |path: &Path| path.display().to_string().replace('\\', "/");
    let documents: Vec<Json> = status
        .documents
        .iter()
        .map(|standing| {
            json!({
                "id": standing.id,
                "number": standing.number,
                "title": standing.title,
                "state": standing.state,
                "version": standing.version,
                "in_force": standing.in_force,
                "coming": standing.coming,
                "waits": standing.waits,
                "step": standing.step,
                "next": standing.next,
                "major": standing.major,
                "edited": standing.edited.iter().map(|path| shown(path)).collect::<Vec<_>>(),
                "missing": standing.missing.iter().map(|path| shown(path)).collect::<Vec<_>>(),
                "next_review": standing.next_review.map(|day| day.to_string()),
                "due": standing.is_due(today),
                "awaits": standing.awaits.as_ref().map(|(version, who)| json!({"version": version, "who": who})),
                "unexplained": standing.unexplained(),
                "changes": standing.changes.iter().map(change).collect::<Vec<_>>(),
            })
        })
        .collect();
    let shared = status.causes.iter().map(|shared| {
        let mut cause = cause(&shared.cause);
        cause["documents"] = json!(shared.documents);
        cause
    });
    let leftovers = status.leftovers.iter().map(|left| {
        json!({"word": left.word, "was": left.was, "path": left.path, "at": span(&left.at), "note": left.is_note})
    });
    json!({
        "dir": shown(dir),
        "pack": status.pack,
        "newer_pack": status.newer,
        "causes": shared.collect::<Vec<_>>(),
        "without_effect": status.silent.iter().map(cause).collect::<Vec<_>>(),
        "around": status.around.iter().map(cause).collect::<Vec<_>>(),
        "documents": documents,
        "decisions": status.decisions.iter().map(|decision| json!({
            "check": decision.check,
            "needed": decision.is_needed,
            "message": decision.message,
            "explain": decision.explain,
            "path": decision.path,
            "at": decision.at.as_ref().map(span),
        })).collect::<Vec<_>>(),
        "leftovers": leftovers.collect::<Vec<_>>(),
        "left_behind": status.left_behind.iter().map(|left| json!({
            "path": shown(&left.path), "edited": left.is_edited,
        })).collect::<Vec<_>>(),
    })
}

pub(super) fn change(change: &Change) -> Json {
    json!({
        "place": change.place,
        "where": change.place(),
        "identity": change.identity,
        "manner": change.manner,
        "before": change.before,
        "after": change.after,
        "causes": change.causes.iter().map(cause).collect::<Vec<_>>(),
    })
}

fn cause(cause: &Cause) -> Json {
    let mut object = json!(cause);
    object["says"] = json!(cause.to_string());
    object
}

fn span(span: &Span) -> Json {
    json!({"file": span.file, "sheet": span.sheet, "line": span.line, "column": span.column})
}
