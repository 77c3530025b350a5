//! What became of each document of a run: a table, or, where there are many, those of which the same became together.

use std::fmt::Write as _;
use std::time::Duration;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent};

use crate::diagnostic::screen;
use crate::history::Came;
use crate::ledger::Action;
use crate::render::{Outcome, Rendered, RenderedState, Request};

/// The most documents that have a row each, unless somebody asks for all.
const MOST_ROWS: usize = 20;

/// What became of the documents, and where they went.
pub(super) fn table(outcome: &Outcome, request: &Request, all: bool) -> String {
    let is_long = outcome.documents.len() > MOST_ROWS && !all;
    let mut text = came(&outcome.came, false);
    text.push_str(&if is_long { together(outcome, request.dry_run) } else { one_by_one(outcome, request.dry_run) });
    text.push_str(&left_out(outcome));
    for left in &outcome.left_behind {
        let what = match (left.is_removed, left.is_edited) {
            (true, _) if request.dry_run => "left behind; would be removed",
            (true, _) => "left behind; removed",
            (false, true) => "left behind, and edited by hand: it stays until you move it away",
            (false, false) => "left behind; `--prune` removes it",
        };
        let _ = writeln!(text, "{}: {what}", left.path.display());
    }
    let would = if request.dry_run { "would go to " } else { "" };
    let _ = writeln!(text, "{} · {would}{}", outcome.pack, outcome.folder.display());
    text
}

/// What came into force because its day came.
pub(super) fn came(came: &[Came], dry_run: bool) -> String {
    let mut text = String::new();
    for Came { title, version, since, folder, .. } in came {
        let now = if dry_run { "would be put into" } else { "stands now in" };
        let said = format!("{title} {version}: in force since {since}, {now} {folder}");
        for row in screen::wrap(&said, screen::COLUMNS, screen::COLUMNS - 2) {
            let _ = writeln!(text, "{row}");
        }
    }
    text
}

/// Many documents: those of which the same became, together, with their pages.
fn together(outcome: &Outcome, dry_run: bool) -> String {
    let mut groups: Vec<(String, Vec<&Rendered>)> = Vec::new();
    for document in outcome.documents.iter().filter(|document| document.state != RenderedState::NotApplicable) {
        let what = match document.state {
            RenderedState::Issued => format!("unchanged since {}", document.version),
            state => format!("{}: {}", state.name(), formats(document, dry_run)),
        };
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, documents)) => documents.push(document),
            None => groups.push((what, vec![document])),
        }
    }
    // What is not as with the others comes last, above what is said next.
    groups.sort_by_key(|(_, documents)| std::cmp::Reverse(documents.len()));
    let mut text = String::new();
    for (what, documents) in groups {
        let pages: u32 = documents.iter().map(|document| document.pages).sum();
        let time: Duration = documents.iter().map(|document| document.time).sum();
        let (count, s) = (documents.len(), if documents.len() == 1 { "" } else { "s" });
        let is_laid_out = documents.iter().any(|document| document.state != RenderedState::Issued);
        let laid_out =
            if is_laid_out { format!(" · {pages} pages · {} ms", time.as_millis()) } else { String::new() };
        let _ = writeln!(text, "{count} document{s}, {what}{laid_out}");
        let titled = |document: &&Rendered| match is_laid_out {
            true => format!("{} ({})", document.title, document.pages),
            false => document.title.clone(),
        };
        let titles: Vec<String> = documents.iter().map(titled).collect();
        for line in screen::wrap(&titles.join(", "), screen::COLUMNS - 2, screen::COLUMNS - 2) {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

/// What becomes of each format; of a dry run, what would.
fn formats(document: &Rendered, dry_run: bool) -> String {
    let formats = document.outputs.iter().map(|output| {
        let would = if dry_run && output.action == Action::Written { "would be " } else { "" };
        format!("{} {would}{}", output.format.name, output.action.name())
    });
    formats.collect::<Vec<_>>().join(", ")
}

fn one_by_one(outcome: &Outcome, dry_run: bool) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY);
    table.remove_style(TableComponent::HorizontalLines).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["Document", "Version", "State", "Pages", "Formats", "Time"]);
    for document in &outcome.documents {
        let is_made = document.state != RenderedState::NotApplicable;
        // What is in force as it is was not laid out.
        let is_laid_out = is_made && document.state != RenderedState::Issued;
        table.add_row([
            document.title.clone(),
            if is_made { document.version.clone() } else { "–".into() },
            match document.state {
                RenderedState::Issued => format!("unchanged since {}", document.version),
                state => state.name().to_owned(),
            },
            if is_laid_out { document.pages.to_string() } else { "–".into() },
            if is_made { formats(document, dry_run) } else { "–".into() },
            if is_laid_out { format!("{} ms", document.time.as_millis()) } else { "–".into() },
        ]);
    }
    for column in [3, 5] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{table}\n")
}

/// From how many documents on those with one reason share a line.
const TOGETHER: usize = 4;

/// The documents that are not made, each with its reason; many of one reason together.
fn left_out(outcome: &Outcome) -> String {
    let reasons: Vec<(&String, &String)> =
        outcome.documents.iter().filter_map(|document| Some((document.reason.as_ref()?, &document.title))).collect();
    let mut text = String::new();
    for (at, (reason, title)) in reasons.iter().enumerate() {
        let same: Vec<&str> =
            reasons.iter().filter(|(other, _)| other == reason).map(|(_, title)| title.as_str()).collect();
        let is_first = reasons.iter().position(|(other, _)| other == reason) == Some(at);
        match same.len() {
            count if count < TOGETHER => {
                let _ = writeln!(text, "{title} does not apply: {reason}");
            }
            count if is_first => {
                let _ = writeln!(text, "{count} documents do not apply: {reason}: {}", same.join(", "));
            }
            _ => {}
        }
    }
    text
}
