//! What a pack promises and explains: requirements that a document answers, checks that say why.

use super::Subject;
use crate::decode;
use crate::diagnostic::codes::{pack as codes, workspace as workspace_codes};
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::pack::{Dropped, MANIFEST, Requirement, Tier};

/// No explanation says why something matters in fewer words.
const FEWEST_WORDS: usize = 4;

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let says_little = |text: &str| text.split_whitespace().count() < FEWEST_WORDS;
    for check in subject.pack.checks.iter().filter(|check| says_little(&check.explain)) {
        let message = format!("the check `{}` does not explain itself: `{}`", check.id, check.explain);
        let diagnostic = Diagnostic::warning(&codes::CHECK_UNEXPLAINED, message).at(check.explained_at.clone());
        sink.push(diagnostic.help(codes::CHECK_UNEXPLAINED.fix));
    }
    if !subject.is_base() {
        let answered = |requirement: &&Requirement| {
            subject.pack.documents.iter().any(|document| document.satisfies.contains(&requirement.id))
        };
        let requirements = &subject.pack.manifest.requirements;
        requirements
            .iter()
            .filter(|requirement| !answered(requirement))
            .for_each(|gap| sink.push(gap_of(subject, gap)));
    }
}

fn gap_of(subject: &Subject<'_>, gap: &Requirement) -> Diagnostic {
    let severity = if gap.tier == Tier::Mandatory { Severity::Error } else { Severity::Warning };
    let message = format!("no document answers `{}`, {}: {}", gap.id, gap.cites, gap.title);
    let answers = |dropped: &&Dropped| dropped.template.satisfies.contains(&gap.id);
    if let Some(dropped) = subject.pack.dropped.iter().find(answers) {
        let message = format!("{message}, since `{}` is left out", dropped.template.id);
        let diagnostic = Diagnostic::new(&workspace_codes::REQUIREMENT_MISSING, severity, message);
        return diagnostic.at(dropped.span.clone()).help(format!(
            "keep the document, or write `{}` under `satisfies` of one that answers it instead",
            gap.id
        ));
    }
    let diagnostic = Diagnostic::new(&workspace_codes::REQUIREMENT_MISSING, severity, message).at(place(subject, gap));
    diagnostic.help(format!("write `{}` under `satisfies` of the document that answers it", gap.id))
}

/// Where a requirement is declared.
fn place(subject: &Subject<'_>, requirement: &Requirement) -> Option<Span> {
    subject.pack.layers.iter().find_map(|layer| {
        let manifest = decode::read(&*layer.files, MANIFEST, &mut Sink::new())?;
        let row = manifest.items("requirements").iter().find(|row| row.text("id") == Some(&requirement.id))?;
        Some(row.get("id")?.span.clone())
    })
}
