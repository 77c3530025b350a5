//! `folio documents`: the master list.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table, TableComponent};
use jiff::civil::Date;
use serde_json::json;

use super::args::Documents;
use super::done::{Done, broken};
use super::report;
use super::settings::Settings;
use crate::diagnostic::{Severity, Sink};
use crate::history::{Life, Listed, list};
use crate::verify;

/// Lists the documents of the set, with their versions.
pub(super) fn documents(options: &Documents, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let root = settings.path(&options.dir);
    let _reading = settings.reading(&root, &mut sink);
    let session = settings.session();
    let Some(workspace) = session.workspace(&root, &mut sink) else { return broken(sink) };
    sink.extend(verify::missed(&workspace).map(|missed| missed.said(Severity::Warning)));
    // What the pack finds in the profile is told by `folio check`.
    let plan = session.plan(&workspace, &mut sink);
    let Ok(today) = settings.today.parse::<Date>() else { return broken(sink) };
    let controls = plan.jobs.iter().map(|job| &job.control);
    let rows = list(controls, &workspace.history, &*workspace.files, Some(today));
    let text = table(&rows, today);
    let documents = rows.iter().map(|row| {
        let mut json = row.to_json();
        let coming =
            row.coming.iter().map(|row| json!({"version": row.version, "since": row.since.map(|day| day.to_string())}));
        json["coming"] = coming.collect();
        json["review_due"] = row.is_due(today).into();
        json["in_set"] = row.is_in_set.into();
        json["waits"] = row.waits.as_ref().map(|(version, whom)| json!({"version": version, "for": whom})).into();
        json
    });
    let documents: Vec<_> = documents.collect();
    let diagnostics = sink.into_vec();
    let json = json!({
        "schema": 1,
        "date": today.to_string(),
        "documents": documents,
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

fn table(rows: &[Listed], today: Date) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY);
    table.remove_style(TableComponent::HorizontalLines).remove_style(TableComponent::MiddleIntersections);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header([
        "Number",
        "Document",
        "Version",
        "State",
        "Since",
        "Owner",
        "Approved by",
        "Next review",
        "Level",
    ]);
    let day = |day: Option<Date>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
    for row in rows {
        let review = match (row.next_review, row.is_due(today)) {
            (Some(day), true) => format!("{day}, due"),
            (review, _) => day(review),
        };
        let version = row.version.as_ref().map_or("–", |version| version.as_str());
        let has_version = row.version.is_some() && row.life != Life::Withdrawn;
        table.add_row([
            row.number.clone(),
            row.title.clone(),
            version.to_owned(),
            state(row),
            day(row.since),
            row.owner.clone(),
            if has_version { row.approver.clone() } else { "–".to_owned() },
            review,
            row.classification.clone(),
        ]);
    }
    let count = |wanted: &dyn Fn(&Listed) -> bool| rows.iter().filter(|row| wanted(row)).count();
    let in_force = count(&|row| matches!(row.life, Life::InForce | Life::TakenOver));
    let drafts = count(&|row| row.life == Life::Draft);
    let mut parts = vec![format!("{in_force} in force"), format!("{drafts} never issued")];
    let more = [
        (count(&|row| !row.to_come().is_empty()), "to be in force later"),
        (count(&|row| row.waits.is_some()), "in approval"),
        (count(&|row| row.life == Life::Withdrawn), "withdrawn"),
        (count(&|row| row.is_due(today)), "due for review"),
    ];
    parts.extend(more.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    format!("{table}\n{}\n", parts.join(", "))
}

fn state(row: &Listed) -> String {
    let state = match row.life {
        Life::InForce => "in force",
        Life::TakenOver => "taken over",
        Life::Approved => "approved, not in force yet",
        Life::InApproval => "in approval",
        Life::Withdrawn => "withdrawn",
        Life::Draft => "draft, not issued yet",
    };
    let mut state = match &row.waits {
        Some((version, _)) if row.life != Life::InApproval => format!("{state}; {version} in approval"),
        Some((version, _)) => format!("{version} {state}"),
        None => state.to_owned(),
    };
    for Listed { version, since, .. } in &row.coming {
        if let (Some(version), Some(since)) = (version, since) {
            state.push_str(&format!("; {version} approved, from {since}"));
        }
    }
    if !row.is_in_set && row.life != Life::Withdrawn {
        state.push_str("; not in the set any more");
    }
    state
}
