//! `folio pack preview`: shows what a pack gives, and again each time that its author saves a file.
//!
//! Files are looked at again and again instead of being watched by the system: it is the same everywhere, misses nothing
//! on shared folders, and looking at the largest pack takes a few milliseconds.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::{Done, Settings, broken};
use crate::cli::args::{PackPreview, Report};
use crate::cli::settings::cores;
use crate::cli::{print, print_error, report};
use crate::diagnostic::{Diagnostic, Sink, text};
use crate::files;
use crate::pack::MANIFEST;
use crate::preview::{Asked, Place, Preview, Round, Watched, changed};

/// How often is looked whether a file has changed.
const PAUSE: Duration = Duration::from_millis(50);

/// The most files that are named in one line.
const MAX_NAMED: usize = 4;

pub(super) fn preview(options: &PackPreview, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some((place, beside)) = place(&options.pack, settings, &mut sink) else { return broken(sink) };
    let shown = options.out.clone().unwrap_or(beside);
    let asked = Asked {
        pack: place,
        on: options.on.iter().map(|dir| (dir.display().to_string(), settings.path(dir))).collect(),
        only: options.only.clone(),
        out: settings.path(&shown),
        jobs: cores(),
        today: settings.today.clone(),
        dry_run: options.dry_run,
    };
    let mut preview = match Preview::new(asked, settings.started.clone()) {
        Ok(preview) => preview,
        Err(problem) => {
            sink.push(problem);
            return broken(sink);
        }
    };
    let mut seen = preview.stamps();
    let first = preview.round(&BTreeSet::new());
    let text = format!("{} in {}\n", counted(first.documents, "document"), shown.display());
    if options.once || options.dry_run {
        let mut json = report::json(&[], &first.all);
        json["written"] = paths(&first.written);
        return Done {
            text: format!("{}{text}", told(&first, options.dry_run)),
            json: Some(json),
            diagnostics: first.all,
            ..Done::default()
        };
    }
    say(&first, None, settings);
    if settings.report == Report::Text && !settings.quiet {
        print(&text);
    }
    if !preview.can_change() {
        print_error("nothing here can change: name the pack's folder, or a workspace with `--on`\n");
        return Done::default();
    }
    // What was read of the pack says which folders beside it belong to it; what changed meanwhile is found by the next look.
    seen =
        preview.stamps().into_iter().map(|(file, stamp)| (file.clone(), *seen.get(&file).unwrap_or(&stamp))).collect();
    print_error("waiting for changes; Ctrl-C ends\n");
    let is_over = end_of_input();
    while !is_over.load(Ordering::Relaxed) {
        std::thread::sleep(PAUSE);
        let now = preview.stamps();
        let changed = changed(&seen, &now);
        seen = now;
        if !changed.is_empty() {
            let start = Instant::now();
            let round = preview.round(&changed);
            say(&round, Some((&changed, start.elapsed())), settings);
        }
    }
    Done::default()
}

/// Where the pack is read from, and the folder for what is made of it when none is named.
fn place(name: &str, settings: &Settings, sink: &mut Sink) -> Option<(Place, PathBuf)> {
    let folder = settings.path(Path::new(name));
    if folder.join(MANIFEST).is_file() {
        let whole = std::path::absolute(&folder).unwrap_or(folder);
        let id = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let named = Path::new(name);
        // Beside the pack, named as the user named it where that has a name.
        let beside = match named.file_name() {
            Some(_) => named.with_file_name(format!("{id}-preview")),
            None => whole.with_file_name(format!("{id}-preview")),
        };
        let shelf = settings.shelf.beside(&whole);
        return Some((Place::Folder(whole, shelf), beside));
    }
    let (files, shelf) = super::find(name, settings, sink)?;
    let id = crate::pack::manifest(&*files, sink)?.id;
    Some((Place::Files(files, shelf), PathBuf::from(format!("{id}-preview"))))
}

/// Becomes true when standard input ends, where it can.
fn end_of_input() -> Arc<AtomicBool> {
    let is_over = Arc::new(AtomicBool::new(false));
    if files::input_can_end() {
        let is_over = is_over.clone();
        std::thread::spawn(move || {
            let mut input = std::io::stdin().lock();
            let mut byte = [0; 256];
            while input.read(&mut byte).is_ok_and(|count| count > 0) {}
            is_over.store(true, Ordering::Relaxed);
        });
    }
    is_over
}

/// Prints what a round did.
fn say(round: &Round, changed: Option<(&BTreeSet<Watched>, Duration)>, settings: &Settings) {
    if settings.report != Report::Text {
        let json = json!({
            "written": paths(&round.written),
            "removed": paths(&round.removed),
            "new": round.new.iter().map(report::diagnostic).collect::<Vec<_>>(),
            "gone": round.gone.iter().map(report::diagnostic).collect::<Vec<_>>(),
        });
        print(&format!("{json}\n"));
        return;
    }
    for found in &round.new {
        print_error(&text::render(found, settings.colour_errors));
        print_error("\n");
    }
    if settings.quiet {
        return;
    }
    if let Some((files, time)) = changed {
        print(&format!("{} changed; {} ms\n", named(files), time.as_millis()));
    }
    print(&told(round, false));
}

/// What was written and removed, and what is found no longer.
fn told(round: &Round, is_dry_run: bool) -> String {
    let mut text = String::new();
    let acts = if is_dry_run { ["would be written", "would be removed"] } else { ["written", "removed"] };
    for (what, paths) in acts.into_iter().zip([&round.written, &round.removed]) {
        match paths.as_slice() {
            few if few.len() <= MAX_NAMED => {
                few.iter().for_each(|path| {
                    let _ = writeln!(text, "  {what} {}", path.display());
                });
            }
            many => {
                let _ = writeln!(text, "  {what}: {}", counted(many.len(), "file"));
            }
        }
    }
    for Diagnostic { code, message, .. } in &round.gone {
        let _ = writeln!(text, "  no longer: {code} {message}");
    }
    if round.is_broken {
        text.push_str("  what could not be made stays as it was\n");
    }
    text
}

/// The files that changed, as far as they are named.
fn named(files: &BTreeSet<Watched>) -> String {
    let names = files.iter().take(MAX_NAMED).map(|file| match file {
        Watched::Pack(path) | Watched::Base(path) | Watched::Workspace(_, path) => path.as_str(),
    });
    let names: Vec<&str> = names.collect();
    match files.len().checked_sub(names.len()) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names.join(", ")),
    }
}

fn paths(paths: &[PathBuf]) -> serde_json::Value {
    paths.iter().map(|path| path.display().to_string().replace('\\', "/")).collect()
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
