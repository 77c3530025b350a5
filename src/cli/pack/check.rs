//! `folio pack check`: what its author should know about a pack, and how much of its text its fixtures reach.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::{Done, Settings, find, find_beside};
use crate::cli::args::PackCheck;
use crate::cli::done::{broken, usage};
use crate::cli::report;
use crate::cli::settings::cores;
use crate::diagnostic::Sink;
use crate::files::Files;
use crate::kit::check::{Coverage, check as examine};
use crate::kit::translation::{self, Standing};
use crate::migrate::Migration;
use crate::pack::source::Bases;
use crate::pack::{MANIFEST, Pack};

pub(super) fn check(options: &PackCheck, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some((files, shelf)) = find(&options.pack, settings, &mut sink) else { return broken(sink) };
    let on: Vec<_> = options.on.iter().map(|dir| settings.path(dir)).collect();
    let Some((pack, coverage)) = examined(files, &shelf, &on, &mut sink) else { return broken(sink) };
    let mut standing = None;
    if let Some(base) = &options.against {
        let folder = settings.path(Path::new(&options.pack));
        let found = find_beside(base, &folder, settings, &mut sink);
        let base = found.and_then(|(files, shelf)| Pack::load(files, &shelf, &mut sink));
        standing = base.map(|base| (translation::compare(&pack, &base, &mut sink), base.label(0)));
    }
    let label = pack.label(0);
    let mut text = format!("{label}: {}\n", words(&pack, &coverage, sink.has_faults()));
    if let Some((standing, base)) = &standing {
        text.push_str(&progress(standing, base));
        let folder = settings.path(Path::new(&options.pack));
        if options.accept && !folder.join(MANIFEST).is_file() {
            return usage(format!("`--accept` writes into the folder of a pack; `{}` is none", options.pack));
        }
        if options.accept {
            if settings.apply("pack check", &folder, &standing.record, &mut sink).is_none() {
                return broken(sink);
            }
            if !options.dry_run {
                text.push_str("noted in translation.yaml what was translated\n");
            }
        } else {
            text.push_str(&since(standing));
        }
    }
    let diagnostics = sink.into_vec();
    let mut json = report::json(&[], &diagnostics);
    json["pack"] = json!({"id": pack.manifest.id, "version": pack.manifest.version.to_string()});
    json["coverage"] = json!({
        "rendered": coverage.rendered,
        "arms": coverage.arms,
        "reached": coverage.reached,
        "percent": coverage.percent(),
    });
    if let Some((standing, base)) = &standing {
        let counts = standing
            .counts
            .iter()
            .map(|(kind, own, all)| json!({"texts": kind.plural(), "translated": own, "all": all}));
        json["translation"] = json!({"base": base, "counts": counts.collect::<Vec<_>>(), "changed": standing.changed});
    }
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// Reads a pack and looks at all of it; nothing when too little of it can be read.
pub(super) fn examined(
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

/// How far a translation is, a kind of text a line.
fn progress(standing: &Standing, base: &str) -> String {
    let mut text = format!("beside {base}:\n");
    for (kind, own, all) in &standing.counts {
        text.push_str(&format!("{own:>6} of {all:<5} {}\n", kind.plural()));
    }
    text
}

/// What the base has changed.
fn since(standing: &Standing) -> String {
    match standing.changed {
        Some(0) => "the base has changed nothing of what is translated\n".to_owned(),
        Some(1) => "the base has changed 1 text of what is translated\n".to_owned(),
        Some(changed) => format!("the base has changed {changed} texts of what is translated\n"),
        None => "nothing notes yet what was translated: `--accept` does\n".to_owned(),
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
