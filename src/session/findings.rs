//! What checks found, as it is said: what somebody accepted is a note until its date.

use ecow::EcoString;
use serde_json::Value as Json;

use super::Session;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Id, Severity, Sink};
use crate::plan::Plan;
use crate::workspace::{Left, Sample, Workspace};

impl Session {
    /// Where the profile accepts what a check finds at a path, until today at least.
    pub fn accepted<'w>(&self, workspace: &'w Workspace, check: &str, path: Option<&str>) -> Option<&'w Json> {
        workspace.profile.value["accepted"].as_array().into_iter().flatten().find(|waiver| {
            waiver["check"] == check
                && (waiver["at"].is_null() || waiver["at"].as_str() == path)
                && waiver["until"].as_str().is_none_or(|until| until >= self.today.as_str())
        })
    }

    /// Says what the checks of a plan found, and which values are still the starter's.
    pub fn report(&self, workspace: &Workspace, plan: &Plan, sink: &mut Sink) {
        let profile = &workspace.profile;
        for finding in plan.findings.iter().cloned() {
            let waiver = self.accepted(workspace, &finding.check, finding.path.as_deref());
            let severity = if waiver.is_some() { Severity::Note } else { finding.severity };
            let mut diagnostic = Diagnostic::new(Id::Check(finding.check.into()), severity, finding.message);
            if let Some(waiver) = waiver {
                let until = waiver["until"].as_str().map(|until| format!(" until {until}")).unwrap_or_default();
                diagnostic =
                    diagnostic.help(format!("accepted{until}: {}", waiver["reason"].as_str().unwrap_or_default()));
            } else {
                diagnostic = diagnostic.help(finding.explain);
            }
            if let Some(path) = finding.path {
                diagnostic = profile.locate(diagnostic, &path);
            }
            sink.push(diagnostic);
        }
        sink.extend(workspace.samples.iter().map(sample));
    }
}

/// The most paths of a group that are named one by one.
const MOST_PATHS: usize = 6;

/// What is said of a line of `samples`.
fn sample(sample: &Sample) -> Diagnostic {
    let Sample { path, span, file, left } = sample;
    let what = file.as_deref().unwrap_or(path);
    let (severity, message, help) = match left {
        Left::All(Some(rows)) if *rows > 1 => (
            Severity::Warning,
            format!("`{what}`: all {rows} rows are still the starter's"),
            "write the true rows in their place; if they are true as they stand, take this line out of `samples`",
        ),
        Left::All(_) => (
            Severity::Warning,
            format!("`{path}` still holds the starter's value"),
            "write the real value in the profile; if it is true as it stands, take this line out of `samples`",
        ),
        Left::Some { paths, of, are_rows: true } => (
            Severity::Warning,
            format!("`{what}`: {} of {of} rows are still the starter's", paths.len()),
            "replace or delete these rows; if they are true as they stand, take this line out of `samples`",
        ),
        Left::Some { paths, of, .. } => {
            let shown: Vec<&str> = paths.iter().take(MOST_PATHS).map(EcoString::as_str).collect();
            let more = paths.len().saturating_sub(shown.len());
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            (
                Severity::Warning,
                format!("`{path}`: {} of {of} values are still the starter's: {}{more}", paths.len(), shown.join(", ")),
                "write the real values in the profile; if they are true as they stand, take this line out of `samples`",
            )
        }
        Left::Nothing => (
            Severity::Note,
            format!("`{path}` holds nothing of the starter any more"),
            "take this line out of `samples`: it has no effect",
        ),
    };
    Diagnostic::new(&codes::SAMPLE_VALUE, severity, message).at(span.clone()).help(help)
}
