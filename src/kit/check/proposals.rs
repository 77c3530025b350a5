//! Rules of proposals against the schema, and which of them propose something for a fixture.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::propose;

/// Names that no profile has. The schema of a base may be that of an edition in part.
pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    if subject.is_whole && !subject.is_base() {
        propose::names(subject.pack, sink);
    }
}

/// Notes the rules that proposed nothing; `reached` are the others.
pub(super) fn unreached(subject: &Subject<'_>, reached: &BTreeSet<String>, sink: &mut Sink) {
    for rule in subject.pack.propose.iter().filter(|rule| !reached.contains(&rule.id)) {
        let message = format!("the proposal `{}` gives nothing for any fixture", rule.id);
        let finding = Diagnostic::new(&codes::WHEN_UNREACHABLE, Severity::Note, message).at(rule.each.span.clone());
        sink.push(finding.help("add a fixture that lacks what it proposes, or correct the rule"));
    }
}
