//! `folio export`: the auditor's package.

use serde_json::json;

use super::args::Export;
use super::done::{Done, broken};
use super::settings::Settings;
use crate::diagnostic::Sink;
use crate::files::Disk;
use crate::history::History;
use crate::verify;
use crate::workspace;

/// Packs what was in force on a day.
pub(super) fn export(options: &Export, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    made(options, settings, &mut sink).unwrap_or_else(|| broken(sink))
}

fn made(options: &Export, settings: &Settings, sink: &mut Sink) -> Option<Done> {
    let root = settings.path(&options.dir);
    let _reading = settings.reading(&root, sink);
    let own = workspace::read_settings(&root, sink)?;
    let day: jiff::civil::Date = settings.today.parse().ok()?;
    let history = History::read(&Disk::new(&root, ""), sink)?;
    let unsound = verify::unsound(&root, &own.output, &history);
    if !unsound.is_empty() {
        sink.extend(unsound);
        return None;
    }
    let package = verify::export(&Disk::new(&root, ""), &own.id, day, sink)?;
    settings.write(&settings.path(&options.out), &package.bytes, false).map_err(|problem| sink.push(problem)).ok()?;
    let out = options.out.display().to_string();
    let text = format!(
        "{} documents in force on {day}, {} files, in {out}\n{}\n",
        package.documents, package.files, package.receipt
    );
    let json = json!({
        "schema": 1,
        "date": day.to_string(),
        "out": out,
        "documents": package.documents,
        "files": package.files,
        "receipt": package.receipt.to_string(),
    });
    Some(Done { text, json: Some(json), ..Done::default() })
}
