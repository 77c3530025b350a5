//! `folio redline`.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::args::Redline as Options;
use super::done::{Done, broken, usage};
use super::report;
use super::settings::Settings;
use super::status;
use crate::backend::Backends;
use crate::diagnostic::Sink;
use crate::files::Disk;
use crate::ledger::{Action, elsewhere};
use crate::redline::{self, FOLDER, Made, Put, Redlines, Settled, Wanted};
use crate::workspace::SETTINGS;

/// Writes what changed between two versions.
pub(super) fn redline(options: &Options, settings: &Settings) -> Done {
    let backends = Backends::bundled();
    let named = options.formats.iter().map(String::as_str);
    let named: Vec<&str> = if options.formats.is_empty() { Backends::USUAL.to_vec() } else { named.collect() };
    let formats = match backends.pick(named) {
        Ok(formats) => formats,
        Err(name) => return usage(format!("`{name}` is not a format; there are {}", backends.names().join(", "))),
    };
    if options.from.as_deref() == Some(redline::DRAFT) {
        return usage("`--from draft` leads nowhere: name a version; the draft is what redlines end with".into());
    }
    let Ok(date) = settings.today.parse() else { return usage("`--date` is not a date YYYY-MM-DD".into()) };
    let wanted = Wanted {
        from: options.from.clone(),
        to: Some(options.to.clone()),
        only: options.only.clone(),
        author: options.author.clone(),
        date,
        moves: !options.no_moves,
        comments: options.comments,
        formats,
    };
    let mut sink = Sink::new();
    made(options, &wanted, settings, &mut sink).unwrap_or_else(|| broken(sink))
}

fn made(options: &Options, wanted: &Wanted, settings: &Settings, sink: &mut Sink) -> Option<Done> {
    let root = settings.path(&options.dir);
    let out = options.out.as_ref().map(|out| settings.path(out));
    let mut held = None;
    if !options.dry_run && root.join(SETTINGS).is_file() {
        held = Some(settings.hold("redline", &root, sink)?);
    }
    let _reading = if held.is_none() { settings.reading(&root, sink) } else { None };
    let session = settings.session();
    let mut said = Sink::new();
    let workspace = session.workspace(&root, &mut said);
    // What a check would say is said by `check`.
    sink.extend(said.into_vec().into_iter().filter(|problem| workspace.is_none() || problem.is_fault()));
    let workspace = workspace?;
    let mut found = redline::redlines(&session, &workspace, wanted, sink)?;
    let place = elsewhere(&root, &workspace.settings.output, out.as_deref());
    let (folder, prefix) = match (&place, &out) {
        (Some(place), Some(_)) => (place.clone(), String::new()),
        (Some(place), None) => (place.clone(), FOLDER.to_owned()),
        (None, _) => (root.clone(), format!("{}/{FOLDER}", workspace.settings.output.trim_end_matches('/'))),
    };
    let settled = redline::settle(&mut found.made, &Disk::new(&folder, ""), &prefix, sink);
    if sink.has_faults() {
        return None;
    }
    if let Some(dry) = &settings.dry {
        dry.commit(&folder, &settled.commit);
    } else if !settled.commit.is_empty() {
        match &mut held {
            Some(held) if place.is_none() => held.apply(&settled.commit).map_err(|problem| sink.push(problem)).ok()?,
            _ => settings.apply("redline", &folder, &settled.commit, sink)?,
        }
    }
    let diagnostics = std::mem::take(sink).into_vec();
    let documents = found.made.iter().zip(&settled.files).map(|(made, files)| object(made, files, &folder));
    let json = json!({
        "schema": 1,
        "dry_run": options.dry_run,
        "documents": documents.collect::<Vec<_>>(),
        "unchanged": found.unchanged,
        "without": found.without.iter().map(|(id, title, why)| json!({"id": id, "title": title, "why": why})).collect::<Vec<_>>(),
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    let text = text(&found, &settled, &folder.join(&prefix), options.dry_run);
    Some(Done { text, json: Some(json), diagnostics, ..Done::default() })
}

fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn object(made: &Made, files: &[Put], folder: &Path) -> Json {
    let file = |file: &Put| {
        json!({
            "format": file.format,
            "path": shown(&folder.join(&file.path)),
            "sha256": file.sha256,
            "action": file.action.name(),
        })
    };
    json!({
        "id": made.id,
        "number": made.number,
        "title": made.title,
        "from": made.from,
        "to": made.to,
        "inserted": made.inserted,
        "deleted": made.deleted,
        "revisions": made.revisions,
        "files": files.iter().map(file).collect::<Vec<_>>(),
        "changes": made.changes.iter().map(status::change).collect::<Vec<_>>(),
    })
}

fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

fn text(found: &Redlines, settled: &Settled, folder: &Path, dry_run: bool) -> String {
    let mut text = String::new();
    for made in &found.made {
        let name = format!("{} {}", made.number, made.title);
        let _ = writeln!(
            text,
            "{}: {} to {}: {}, {} inserted, {} deleted",
            name.trim(),
            made.from,
            made.to,
            counted(made.changes.len(), "place"),
            counted(made.inserted, "character"),
            made.deleted,
        );
    }
    match found.unchanged.as_slice() {
        [] => {}
        [one] => {
            let _ = writeln!(text, "{one}: unchanged");
        }
        all => {
            let _ = writeln!(text, "{} documents, unchanged", all.len());
        }
    }
    let mut reasons: Vec<&str> = found.without.iter().map(|(_, _, why)| why.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        let titles: Vec<&str> =
            found.without.iter().filter(|(_, _, why)| why == reason).map(|(_, title, _)| title.as_str()).collect();
        let _ = match titles.as_slice() {
            [first, more @ ..] if more.len() > 2 => {
                writeln!(text, "{first} and {} others: no redline: {reason}", more.len())
            }
            titles => writeln!(text, "{}: no redline: {reason}", titles.join(", ")),
        };
    }
    let files = settled.files.iter().flatten();
    let count = files.filter(|file| file.action != Action::KeptEdited).count();
    if count > 0 {
        let would = if dry_run { " would be" } else { "" };
        let _ = writeln!(text, "{}{would} in {}", counted(count, "file"), shown(folder));
    } else if found.made.is_empty() {
        text.push_str("nothing to mark\n");
    }
    text
}
