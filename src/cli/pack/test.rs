//! `folio pack test`: what a pack gives for its fixtures, beside what it is to give.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Done, Settings, find};
use crate::cli::args::{PackTest, TestFormat};
use crate::cli::done::{broken, usage};
use crate::cli::report;
use crate::cli::settings::cores;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::differ;
use crate::kit::junit;
use crate::kit::test::{State, Tested, accept, test as run};
use crate::pack::{MANIFEST, Pack};

pub(super) fn test(options: &PackTest, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some((files, shelf)) = find(&options.pack, settings, &mut sink) else { return broken(sink) };
    let Some(pack) = Pack::load(files, &shelf, &mut sink).map(Arc::new) else {
        return Done { diagnostics: sink.into_vec(), ..Done::default() };
    };
    pack.check_asked(&options.only, &mut sink);
    if pack.manifest.is_base {
        let message = format!("`{}` is a base: it is tested through the packs that extend it", pack.manifest.id);
        sink.push(Diagnostic::fault(&codes::USAGE, message));
    }
    let folder = settings.path(Path::new(&options.pack));
    if options.accept && !folder.join(MANIFEST).is_file() {
        return usage(format!("`--accept` writes into the folder of a pack; `{}` is none", options.pack));
    }
    if sink.has_faults() {
        return broken(sink);
    }
    let tested = run(&pack, &options.only, cores());
    if options.accept {
        return accepted(&tested, &folder, settings);
    }
    let text = match options.format {
        TestFormat::Text => tested.iter().map(shown).collect(),
        TestFormat::Junit => match junit::report(&pack.label(0), &tested) {
            Ok(text) => text,
            Err(_) => return usage("the report cannot be written".to_owned()),
        },
    };
    let diagnostics: Vec<Diagnostic> =
        sink.into_vec().into_iter().chain(tested.iter().flat_map(Tested::problems)).collect();
    let json = json(&pack, &tested, &diagnostics);
    let text = if tested.is_empty() { format!("{} has no fixtures\n", pack.label(0)) } else { text };
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

fn accepted(tested: &[Tested], folder: &Path, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    sink.extend(tested.iter().flat_map(|tested| tested.faults.clone()));
    let commit = accept(tested);
    let Some(()) = settings.apply("pack test", folder, &commit, &mut sink) else { return broken(sink) };
    let mut changed: Vec<&str> = commit.files().map(|(path, _)| path).chain(commit.removals()).collect();
    changed.sort_unstable();
    let mut text: String = changed.iter().map(|path| format!("{path}\n")).collect();
    let files = if changed.len() == 1 { "file" } else { "files" };
    let _ = writeln!(text, "{} {files} changed", changed.len());
    Done { text, diagnostics: sink.into_vec(), ..Done::default() }
}

/// A fixture for people: how many documents stand how, and the words that differ.
fn shown(tested: &Tested) -> String {
    let mut text = String::new();
    for document in &tested.documents {
        if let State::Differs(hunks) = &document.state {
            let _ = write!(text, "{}\n{}\n", document.place.file, differ::text(hunks, true));
        }
    }
    let parts: Vec<String> = [("same", "as expected"), ("differs", "differ"), ("new", "new"), ("obsolete", "obsolete")]
        .into_iter()
        .map(|(state, words)| (tested.count(state), words))
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    let parts = if parts.is_empty() { "not rendered".to_owned() } else { parts.join(", ") };
    let _ = writeln!(text, "{}: {parts}", tested.fixture);
    text
}

fn json(pack: &Pack, tested: &[Tested], diagnostics: &[Diagnostic]) -> Json {
    let fixtures = tested.iter().map(|tested| {
        let documents = tested.documents.iter().map(|document| {
            json!({"id": document.id, "state": document.state.name(), "expected": document.place.file.as_str()})
        });
        json!({"name": tested.fixture, "documents": documents.collect::<Vec<_>>()})
    });
    let mut json = report::json(&[], diagnostics);
    json["pack"] = json!({"id": pack.manifest.id, "version": pack.manifest.version.to_string()});
    json["fixtures"] = fixtures.collect();
    json
}
