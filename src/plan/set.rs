//! Which documents a set has.

use std::collections::{BTreeMap, BTreeSet};

use super::control::control;
use super::formats::Formats;
use super::names::Names;
use super::{Job, NotApplicable, Plan};
use crate::backend::Backends;
use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::Control;
use crate::rules::{self, Facts};
use crate::workspace::Workspace;

/// Plans a set. `facts` are what conditions see.
pub(super) fn set(
    workspace: &Workspace,
    backends: &Backends,
    facts: &Facts,
    left_out: &BTreeSet<String>,
    sink: &mut Sink,
) -> Plan {
    let mut plan = Plan::default();
    let formats = Formats::new(backends, &workspace.settings, sink);
    let mut names = Names::default();
    for (template, document) in workspace.pack.documents.iter().enumerate() {
        if let Some(reason) = workspace.settings.skip.get(&document.id) {
            plan.not_applicable.push(NotApplicable { template, reason: Some(reason.clone()) });
            continue;
        }
        if workspace.pack.is_untranslated(document) {
            let reason = format!("not translated into {}", workspace.pack.manifest.language);
            plan.not_applicable.push(NotApplicable { template, reason: Some(reason) });
            continue;
        }
        if let Some(when) = &document.when {
            match rules::test(when, facts, sink) {
                Some(true) => {}
                Some(false) => {
                    let reason = document.reason.as_ref().and_then(|reason| rules::text(reason, facts, sink));
                    plan.not_applicable.push(NotApplicable { template, reason });
                    continue;
                }
                None => {} // Reported; the document is made, so that nothing else misses it.
            }
        }
        if let Some(control) = control(workspace, document, left_out, facts, sink) {
            let stem = names.stem(&workspace.settings.naming, &control, &workspace.pack.strings);
            let is_form = document.form.as_ref().and_then(|form| rules::test(form, facts, sink)).unwrap_or(false);
            let formats = formats.of(document, sink);
            plan.jobs.push(Job { template, control, stem, is_form, formats });
        }
    }
    same_numbers(workspace, &plan.jobs, sink);
    plan
}

/// Reports documents that are called by one number; two that differ in letter case or spaces are one to people.
fn same_numbers(workspace: &Workspace, jobs: &[Job], sink: &mut Sink) {
    let mut known: BTreeMap<String, &Control> = BTreeMap::new();
    for Job { control, .. } in jobs {
        let folded: String = control.number.text.split_whitespace().collect::<String>().to_lowercase();
        let Some(other) = known.get(&folded).filter(|_| !folded.is_empty()) else {
            known.insert(folded, control);
            continue;
        };
        let both = [*other, control].map(|control| format!("`{}`", control.id));
        let message = format!("{} have the same number, `{}`", both.join(" and "), control.number.text);
        let problem = Diagnostic::warning(&codes::SAME_NUMBER, message);
        let problem = problem.help(format!("write another in the profile: `documents.{}.number`", control.id));
        let written = control.number.from.first().or(other.number.from.first());
        sink.push(match written {
            Some(path) => workspace.profile.locate(problem, path),
            None => problem,
        });
    }
}
