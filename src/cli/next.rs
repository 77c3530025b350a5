//! How far one is with a workspace, and what to do next, as `folio check` ends.

use serde_json::{Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::progress::{Standing, argument, steps, text as lines};
use crate::render::Outcome;

/// How far one is, for people.
pub(super) fn text(outcome: &Outcome, found: &[Diagnostic], is_several: bool, all: bool) -> String {
    let folder = outcome.dir.display().to_string();
    let mut text = lines(outcome.progress.as_ref(), &own(outcome, found), &folder, all);
    if is_several && !text.is_empty() {
        text.insert_str(0, &format!("{folder}: "));
    }
    text
}

/// What was found in this workspace.
fn own<'d>(outcome: &Outcome, found: &'d [Diagnostic]) -> Vec<&'d Diagnostic> {
    let dir = outcome.dir.display().to_string();
    found.iter().filter(|problem| problem.workspace.as_deref().is_none_or(|name| name == dir)).collect()
}

/// The same for programs: `counts` and `next`.
pub(super) fn json(outcome: &Outcome, found: &[Diagnostic]) -> (Json, Json) {
    let counts = outcome.progress.as_ref().map(|progress| {
        json!({
            "recorded": progress.recorded,
            "proposed": progress.proposed,
            "not_recorded": progress.unrecorded,
            "samples": progress.samples.len(),
            "documents": progress.documents.iter().map(standing).collect::<Vec<_>>(),
        })
    });
    let folder = argument(&outcome.dir.display().to_string());
    let next = steps(outcome.progress.as_ref(), &own(outcome, found)).into_iter().map(|step| {
        json!({
            "act": step.act.name(),
            "what": step.what,
            "keys": step.keys,
            "paths": step.paths.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
            "documents": step.documents,
            "who": step.who,
            "due": step.due.map(|due| due.to_string()),
            "how": step.how,
            "command": step.command.map(|command| format!("{command}{folder}")),
        })
    });
    (json!(counts), Json::Array(next.collect()))
}

fn standing(standing: &Standing) -> Json {
    json!({
        "document": standing.id,
        "recorded": standing.recorded,
        "proposed": standing.proposed,
        "not_recorded": standing.unrecorded,
    })
}
