//! `folio pack diff`: what a release changes, and what it does to real workspaces.

use std::fmt::Write as _;
use std::sync::Arc;

use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use serde_json::json;

use super::{Done, Settings, broken, named};
use crate::cli::args::Diff;
use crate::cli::report;
use crate::diagnostic::Sink;
use crate::differ;
use crate::pack::diff::{self as changes, Change};
use crate::upgrade::{self, Effect, Happens};

pub(super) fn diff(options: &Diff, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let old = named(&options.old, settings, &mut sink);
    let new = named(&options.new, settings, &mut sink);
    let (Some(old), Some(new)) = (old, new) else { return broken(sink) };
    let (old, new) = (Arc::new(old), Arc::new(new));
    let found = changes::diff(&old, &new);
    if old.manifest.id == new.manifest.id {
        let judgement = changes::judge(&old.manifest.version, &new.manifest.version, &found);
        judgement.into_iter().for_each(|problem| sink.push(problem));
    }
    let mut text = format!("{} -> {}\n{}", old.label(0), new.label(0), table(&found));
    let session = settings.session();
    let mut workspaces = Vec::new();
    for dir in &options.on {
        let _ = writeln!(text, "\n{}:", dir.display());
        match upgrade::effects(&session, &settings.path(dir), &old, &new, &mut sink) {
            Some(effects) => {
                text.push_str(&shown(&effects));
                workspaces.push(json!({"dir": dir.display().to_string(), "documents": listed(&effects)}));
            }
            None => text.push_str("  cannot be made; see the problems above\n"),
        }
    }
    let diagnostics = sink.into_vec();
    let rows: Vec<_> = found
        .iter()
        .map(|change| {
            json!({"kind": change.kind, "name": change.name, "what": change.what.to_string(),
                "step": change.step.to_string(), "detail": change.detail})
        })
        .collect();
    let mut json = report::json(&[], &diagnostics);
    json["changes"] = rows.into();
    json["effects"] = workspaces.into();
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// The changes as a table, the largest step first; a line when there are none.
pub(super) fn table(found: &[Change]) -> String {
    if found.is_empty() {
        return "nothing has changed\n".into();
    }
    let mut sorted: Vec<&Change> = found.iter().collect();
    sorted.sort_by(|a, b| b.step.cmp(&a.step).then_with(|| (a.kind, &a.name).cmp(&(b.kind, &b.name))));
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(["Step", "Part", "Name", "Change"]);
    for change in sorted {
        let what = format!("{}{}{}", change.what, if change.detail.is_empty() { "" } else { ": " }, change.detail);
        table.add_row([&change.step.to_string(), change.kind, &change.name, &what]);
    }
    format!("{table}\n")
}

/// What happens to each document that changes, with the words that differ.
pub(super) fn shown(effects: &[Effect]) -> String {
    let mut text = String::new();
    let same = effects.iter().filter(|effect| effect.what == Happens::Same).count();
    for effect in effects {
        let _ = match &effect.what {
            Happens::Same => continue,
            Happens::Added => writeln!(text, "  {}: is made now", effect.title),
            Happens::Removed => writeln!(text, "  {}: is no longer made", effect.title),
            Happens::Changed(hunks) => {
                let _ = writeln!(text, "  {}: changes in {}", effect.title, counted(hunks.len()));
                for line in differ::text(hunks, true).lines() {
                    let _ = writeln!(text, "    {line}");
                }
                continue;
            }
        };
    }
    let _ = writeln!(text, "  {} of {} documents stay as they are", same, effects.len());
    text
}

fn counted(places: usize) -> String {
    format!("{places} place{}", if places == 1 { "" } else { "s" })
}

/// The same for programs.
pub(super) fn listed(effects: &[Effect]) -> serde_json::Value {
    let row = |effect: &Effect| {
        let (what, lines) = match &effect.what {
            Happens::Same => ("same", String::new()),
            Happens::Added => ("added", String::new()),
            Happens::Removed => ("removed", String::new()),
            Happens::Changed(hunks) => ("changed", differ::text(hunks, false)),
        };
        json!({"id": effect.id, "title": effect.title, "what": what, "diff": lines})
    };
    effects.iter().map(row).collect()
}
