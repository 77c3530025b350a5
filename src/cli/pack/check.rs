//! `folio pack check`: what its author should know about a pack, and how much of its text its fixtures reach.

use std::sync::Arc;

use serde_json::json;

use super::{Done, Settings, find};
use crate::cli::args::PackCheck;
use crate::cli::done::broken;
use crate::cli::report;
use crate::cli::settings::cores;
use crate::diagnostic::Sink;
use crate::kit::check::{Coverage, check as examine};
use crate::migrate::Migration;
use crate::pack::Pack;

pub(super) fn check(options: &PackCheck, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some((files, shelf)) = find(&options.pack, settings, &mut sink) else { return broken(sink) };
    let Some(pack) = Pack::examine(files, &shelf, &mut sink).map(Arc::new) else {
        return Done { diagnostics: sink.into_vec(), ..Done::default() };
    };
    let on: Vec<_> = options.on.iter().map(|dir| settings.path(dir)).collect();
    let coverage = examine(&pack, &on, cores(), &mut sink);
    Migration::examine(&pack, &shelf, &mut sink);
    let label = pack.label(0);
    let text = format!("{label}: {}\n", words(&pack, &coverage, sink.has_faults()));
    let diagnostics = sink.into_vec();
    let mut json = report::json(&[], &diagnostics);
    json["pack"] = json!({"id": pack.manifest.id, "version": pack.manifest.version.to_string()});
    json["coverage"] = json!({
        "rendered": coverage.rendered,
        "arms": coverage.arms,
        "reached": coverage.reached,
        "percent": coverage.percent(),
    });
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

fn words(pack: &Pack, coverage: &Coverage, has_faults: bool) -> String {
    let Coverage { rendered, arms, reached } = coverage;
    let sets = if *rendered == 1 { "1 set".to_owned() } else { format!("{rendered} sets") };
    match coverage.percent() {
        _ if pack.manifest.is_base => "a base, rendered through the packs that extend it".to_owned(),
        _ if *rendered == 0 && has_faults => "not rendered, because of these mistakes".to_owned(),
        _ if *rendered == 0 => "nothing was rendered".to_owned(),
        Some(percent) => format!("{sets} rendered; {reached} of {arms} ways through its text reached, {percent} %"),
        None => format!("{sets} rendered; its text has no conditions"),
    }
}
