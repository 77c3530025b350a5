//! The documents of a set beside one another: each has a number and a title of its own.

use std::collections::BTreeMap;

use super::Subject;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::pack::Template;

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    if !subject.is_whole {
        return; // Of numbers that a manifest gives, it has been said already.
    }
    alike(subject, "number", Severity::Error, |document| (&document.number, &document.number_at), sink);
    alike(subject, "title", Severity::Warning, |document| (&document.title, &document.title_at), sink);
}

/// Reports documents that say the same. Of two, the one of the outer pack is meant, since its author can change it.
fn alike<'d>(
    subject: &Subject<'d>,
    what: &str,
    severity: Severity,
    says: impl Fn(&'d Template) -> (&'d String, &'d Span),
    sink: &mut Sink,
) {
    let mut documents: Vec<&Template> = subject.pack.documents.iter().collect();
    documents.sort_by_key(|document| std::cmp::Reverse(document.source.layer));
    let mut known: BTreeMap<String, &Template> = BTreeMap::new();
    for document in documents {
        let (text, span) = says(document);
        let Some(other) = known.get(&text.trim().to_lowercase()) else {
            known.insert(text.trim().to_lowercase(), document);
            continue;
        };
        let message = format!("`{}` and `{}` both have the {what} `{text}`", other.id, document.id);
        let diagnostic = Diagnostic::new(&codes::SET_AMBIGUOUS, severity, message).at(span.clone());
        let diagnostic = diagnostic.related(says(other).1.clone(), "the other says so at");
        sink.push(diagnostic.help(format!("give one of them another {what} in its front matter")));
    }
}
