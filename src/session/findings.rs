//! What checks found, as it is said: what somebody accepted is a note until its date.

use serde_json::Value as Json;

use super::Session;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Id, Severity, Sink};
use crate::plan::Plan;
use crate::workspace::Workspace;

impl Session {
    /// Says what the checks of a plan found, and which values are still the starter's.
    pub fn report(&self, workspace: &Workspace, plan: &Plan, sink: &mut Sink) {
        let profile = &workspace.profile;
        let accepted: Vec<&Json> = profile.value["accepted"].as_array().into_iter().flatten().collect();
        for finding in plan.findings.iter().cloned() {
            let waiver = accepted.iter().find(|waiver| {
                waiver["check"] == finding.check.as_str()
                    && (waiver["at"].is_null() || waiver["at"].as_str() == finding.path.as_deref())
                    && waiver["until"].as_str().is_none_or(|until| until >= self.today.as_str())
            });
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
        for (path, span) in &workspace.settings.samples {
            let message = format!("`{path}` still holds the starter's value");
            let diagnostic = Diagnostic::warning(&codes::SAMPLE_VALUE, message).at(span.clone());
            sink.push(diagnostic.help("write the real value in the profile, then take this line out of `samples`"));
        }
    }
}
