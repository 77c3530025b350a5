//! `folio pack check`: what its author should know about a pack, and how much of its text its fixtures reach.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::{Done, Settings, find};
use crate::cli::args::PackCheck;
use crate::cli::done::broken;
use crate::cli::report;
use crate::cli::settings::cores;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::files::{Changed, Files};
use crate::kit::check::{Coverage, check as examine};
use crate::migrate::Migration;
use crate::pack::source::Bases;
use crate::pack::{Layer, Pack, unchecked};

pub(super) fn check(options: &PackCheck, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some((files, shelf)) = find(&options.pack, settings, &mut sink) else { return broken(sink) };
    let on: Vec<_> = options.on.iter().map(|dir| settings.path(dir)).collect();
    let Some((pack, coverage)) = examined(files, &shelf, &on, &mut sink) else { return broken(sink) };
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

/// Reads a pack and looks at all of it; nothing when too little of it can be read.
fn examined(
    files: Arc<dyn Files>,
    bases: &dyn Bases,
    on: &[PathBuf],
    sink: &mut Sink,
) -> Option<(Arc<Pack>, Coverage)> {
    let pack = Pack::examine(files, bases, sink).map(Arc::new)?;
    let coverage = examine(&pack, on, cores(), sink);
    Migration::examine(&pack, bases, sink);
    Some((pack, coverage))
}

/// What stands in the way of giving a pack to others: the errors of `pack check`.
pub(super) fn mistakes(files: Arc<dyn Files>, bases: &dyn Bases) -> Mistakes {
    let mut sink = Sink::new();
    let pack = examined(files, bases, &[], &mut sink).map(|(pack, _)| pack);
    let errors = sink.into_vec().into_iter().filter(|found| found.severity >= Severity::Error).collect();
    Mistakes { pack, errors }
}

/// A pack, as far as it could be read, and the errors in it.
pub(super) struct Mistakes {
    pack: Option<Arc<Pack>>,
    pub(super) errors: Vec<Diagnostic>,
}

impl Mistakes {
    /// Says that something is not done because of them: they themselves, and how it is done all the same.
    pub(super) fn refuse(self, label: &str, what: &str, sink: &mut Sink) {
        let count: usize = self.errors.iter().map(|found| found.count).sum();
        let errors = if count == 1 { "an error".to_owned() } else { format!("{count} errors") };
        let could = if self.pack.is_some() { "finds" } else { "cannot go on after" };
        let message = format!("{label} is not {what}: `folio pack check` {could} {errors}");
        sink.extend(self.errors);
        let help = format!("correct what is listed above; with `--unchecked` it is {what} all the same, and says so");
        sink.push(Diagnostic::fault(&codes::PACK_UNCHECKED, message).help(help));
    }

    /// The files of a pack with the note that these mistakes are in it.
    pub(super) fn noted(&self, layer: &Layer, sink: &mut Sink) -> Option<Layer> {
        let layers: Vec<(&str, &dyn Files)> = match &self.pack {
            Some(pack) => pack.layers.iter().map(|layer| (layer.manifest.id.as_str(), &*layer.files)).collect(),
            None => vec![(layer.manifest.id.as_str(), &*layer.files)],
        };
        let errors: Vec<&Diagnostic> = self.errors.iter().collect();
        let note = unchecked::note(&layers, &errors).into_bytes();
        let changes = BTreeMap::from([(unchecked::FILE.to_owned(), Some(note))]);
        Layer::read(Arc::new(Changed::new(layer.files.clone(), changes)), sink)
    }
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
