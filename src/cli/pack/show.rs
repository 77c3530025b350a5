//! `folio pack show`: what a pack holds, and with `--origin` where each part of it comes from.

use std::fmt::Write as _;

use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;

use super::{Done, Settings, broken, done, named};
use crate::cli::args::Show;
use crate::diagnostic::Sink;
use crate::pack::{Pack, origin, starter, unchecked};

pub(super) fn show(options: &Show, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some(pack) = named(&options.pack, settings, &mut sink) else { return broken(sink) };
    let manifest = &pack.manifest;
    sink.extend(pack.layers.iter().filter_map(unchecked::warning));
    let mut text = format!(
        "{} {}\n{}\n{}, {}\ndigest {}\n\n",
        manifest.id, manifest.version, manifest.title, manifest.standard, manifest.language, pack.digest
    );
    if options.origin {
        text.push_str(&origins(&pack));
        return Done { diagnostics: sink.into_vec(), ..done(text) };
    }
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(["Document", "Number", "Title", "Kind", "Tier", "Answers"]);
    for document in &pack.documents {
        let answers: Vec<&str> = document
            .satisfies
            .iter()
            .filter_map(|id| manifest.requirements.iter().find(|requirement| requirement.id == *id))
            .map(|requirement| requirement.cites.as_str())
            .collect();
        table.add_row([
            &document.id,
            &document.number,
            &document.title,
            &document.kind,
            &document.tier,
            &answers.join(", "),
        ]);
    }
    let _ = writeln!(text, "{table}");
    for named in starter::all(&pack, &mut sink) {
        let _ = writeln!(text, "starter {:<20} {}", named.name, named.title);
        let _ = writeln!(text, "        {:<20} {}", "", named.about);
    }
    let _ = writeln!(
        text,
        "{} topics, {} derived values, {} checks:",
        pack.topics.len(),
        pack.derive.len(),
        pack.checks.len()
    );
    for check in &pack.checks {
        let _ = writeln!(text, "  {:<9} {}", check.severity.to_string(), check.id);
    }
    Done { diagnostics: sink.into_vec(), ..done(text) }
}

/// The parts of a pack, each with the pack that gives it.
fn origins(pack: &Pack) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(["Part", "Name", "From", "In place of"]);
    for part in origin::of(pack) {
        table.add_row([part.kind, &part.name, &part.from, &part.over.join(", ")]);
    }
    format!("{table}\n")
}
