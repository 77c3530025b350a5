//! `folio trace`.

use serde_json::json;

use super::args::Trace;
use super::done::{Done, broken};
use super::report;
use super::settings::Settings;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::trace;

/// Says where each part of a document comes from.
pub(super) fn trace(options: &Trace, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let session = settings.request().session();
    let Some(workspace) = session.workspace(&settings.path(&options.dir), &mut sink) else { return broken(sink) };
    let plan = session.plan(&workspace, &mut sink);
    let ids = || plan.jobs.iter().map(|job| job.control.id.as_str());
    if !ids().any(|id| id == options.document) {
        let message = format!("there is no document `{}` in this set", options.document);
        sink.push(Diagnostic::fault(&codes::UNKNOWN_DOCUMENT, message).suggest(&options.document, ids()));
        return broken(sink);
    }
    let documents = session.documents(&workspace, &plan, &mut sink).documents.unwrap_or_default();
    let Some(document) = documents.iter().find(|document| document.control.id == options.document) else {
        return broken(sink);
    };
    let mut entries = trace::trace(&workspace, &plan, document);
    entries.retain(|entry| options.at.as_ref().is_none_or(|at| entry.text.contains(at)));
    let text = match &options.at {
        Some(at) if entries.is_empty() => format!("nothing in `{}` says `{at}`\n", options.document),
        _ => trace::text(&entries),
    };
    let diagnostics = sink.into_vec();
    let json = json!({
        "schema": 1,
        "document": options.document,
        "entries": trace::json(&entries),
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}
