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
use crate::upgrade::{self, Effect, Effects, Happens, Turn};

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
                let (documents, look, words) = (listed(&effects), turns(&effects.look), turns(&effects.words));
                let dir = dir.display().to_string();
                workspaces.push(json!({"dir": dir, "documents": documents, "look": look, "words": words}));
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

/// What happens to the look, to the engine's words, and to each document that changes, with the words that differ.
pub(super) fn shown(effects: &Effects) -> String {
    let mut text = String::new();
    for (what, turns) in [("look", &effects.look), ("words", &effects.words)] {
        for turn in turns {
            let _ = writeln!(text, "  {what}: {}", turned(turn));
        }
    }
    let documents = &effects.documents;
    for effect in documents {
        let _ = match &effect.what {
            Happens::Same | Happens::Printed { .. } => continue,
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
    let of = documents.len();
    let noun = if of == 1 { "document" } else { "documents" };
    for (what, [one, many]) in SUMMARY {
        let number = documents.iter().filter(|effect| effect.what == what).count();
        if number > 0 {
            let _ = writeln!(text, "  {number} of {of} {noun} {}", if of == 1 { one } else { many });
        }
    }
    text
}

/// What is said of documents that say the same, of the only one of a set and of some of several.
const SUMMARY: [(Happens, [&str; 2]); 4] = [
    (
        Happens::Printed { other_words: true, other_look: true },
        ["prints other words of the engine and looks different", "print other words of the engine and look different"],
    ),
    (
        Happens::Printed { other_words: true, other_look: false },
        ["prints other words of the engine", "print other words of the engine"],
    ),
    (
        Happens::Printed { other_words: false, other_look: true },
        ["says the same and looks different", "say the same and look different"],
    ),
    (Happens::Same, ["stays as it is", "stay as they are"]),
];

/// `theme colours.accent: #1f3a5f -> #b00020`.
fn turned(turn: &Turn) -> String {
    let Turn { key, old, new } = turn;
    let meaning = meaning(key).map(|meaning| format!(" ({meaning})")).unwrap_or_default();
    let values = match (old, new) {
        (Some(old), Some(new)) => changes::turn(old, new),
        (Some(_), None) => "is gone".to_owned(),
        (None, new) => format!("is new: {}", new.as_deref().unwrap_or_default()),
    };
    format!("{key}{meaning}: {values}")
}

/// What a key of theme or strings stands for, where its name alone does not say it.
fn meaning(key: &str) -> Option<String> {
    if let Some(box_) = key.strip_prefix("callout_") {
        return Some(format!("the heading of each box of the kind `{box_}`"));
    }
    if let Some(colour) = key.strip_prefix("colours.") {
        return Some(format!("the {colour} colour"));
    }
    let known = match key {
        "fonts.body.pdf" => "the family of text in PDF",
        "fonts.body.word" => "the family of text in Word",
        "fonts.code.pdf" => "the family of code in PDF",
        "fonts.code.word" => "the family of code in Word",
        "fonts.fallback" => "the families for characters that the others lack",
        "contents" => "the heading of the contents",
        "answers" => "before what a document answers",
        "history" => "the heading of the versions",
        "draft" | "watermark_draft" => "on drafts",
        "watermark_sample" => "on documents with samples",
        _ => return None,
    };
    Some(known.to_owned())
}

fn counted(places: usize) -> String {
    format!("{places} place{}", if places == 1 { "" } else { "s" })
}

/// The same for programs.
pub(super) fn listed(effects: &Effects) -> serde_json::Value {
    let row = |effect: &Effect| {
        let (what, lines) = match &effect.what {
            Happens::Same => ("same", String::new()),
            Happens::Printed { other_words: true, other_look: true } => ("other-words-and-look", String::new()),
            Happens::Printed { other_words: true, .. } => ("other-words", String::new()),
            Happens::Printed { .. } => ("other-look", String::new()),
            Happens::Added => ("added", String::new()),
            Happens::Removed => ("removed", String::new()),
            Happens::Changed(hunks) => ("changed", differ::text(hunks, false)),
        };
        json!({"id": effect.id, "title": effect.title, "what": what, "diff": lines})
    };
    effects.documents.iter().map(row).collect()
}

/// Values that change, for programs.
pub(super) fn turns(turns: &[Turn]) -> serde_json::Value {
    turns.iter().map(|Turn { key, old, new }| json!({"key": key, "old": old, "new": new})).collect()
}
