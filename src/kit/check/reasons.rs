//! Defaults of the schema that give no reason: somebody has to decide them, and would ask why this figure.

use serde_json::Value as Json;

use super::Subject;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::schema::{Rest, View};

/// The most keys in a finding.
const SHOWN: usize = 8;

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let own = |source: &&crate::schema::Source| {
        source.name.ends_with("profile.schema.json")
            && subject.layer_of(&source.name).is_some_and(|layer| layer < subject.depth)
    };
    let sources: Vec<_> = subject.pack.schema.sources().iter().filter(own).collect();
    let Some(source) = sources.last() else { return };
    let mut keys = Vec::new();
    for property in subject.pack.schema.view().properties() {
        let is_named = |source: &&&crate::schema::Source| {
            matches!(source.json["properties"].get(&property.name), Some(Json::Object(_)))
        };
        if sources.iter().any(|source| is_named(&source)) {
            unreasoned(&property.view, &property.name, true, &mut keys);
        }
    }
    let shown: Vec<String> = keys.iter().take(SHOWN).map(|key| format!("`{key}`")).collect();
    let message = match keys.len() {
        0 => return,
        1 => format!("the default of {} gives no reason", shown.concat()),
        count if count <= SHOWN => format!("the defaults of {} give no reason", shown.join(", ")),
        count => format!("the defaults of {}, …: {count} in all, give no reason", shown.join(", ")),
    };
    let finding = Diagnostic::new(&codes::DEFAULT_UNREASONED, Severity::Note, message);
    sink.push(finding.at(Span::file(source.name.clone())).help(codes::DEFAULT_UNREASONED.fix));
}

/// Collects the defaults in a value that somebody has to decide and that give no reason.
fn unreasoned(view: &View, path: &str, is_decision: bool, keys: &mut Vec<String>) {
    let is_decision = view.is_decision.unwrap_or(is_decision);
    if view.default.is_some() && is_decision && view.why.is_none() {
        keys.push(path.to_owned());
    }
    for property in view.properties() {
        unreasoned(&property.view, &format!("{path}.{}", property.name), is_decision, keys);
    }
    if let Rest::Alike(rest) = &view.rest {
        unreasoned(rest, &format!("{path}.<name>"), is_decision, keys);
    }
    if let Some(items) = view.items() {
        unreasoned(items, path, is_decision, keys);
    }
}
