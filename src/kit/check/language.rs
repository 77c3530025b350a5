//! What a pack in a language that Folio does not know well has to say itself.

use super::Subject;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::expand::outline::Part;
use crate::pack::MANIFEST;

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    if subject.is_base() {
        return; // It is written in the words of its editions.
    }
    let strings = &subject.pack.strings;
    let mut missing = strings.wordless();
    let calls = |helper: &str| subject.prepared().any(|prepared| has_call(&prepared.parts, helper));
    if !strings.language.has_durations() && calls("duration") {
        missing.push("formats.durations".to_owned());
    }
    if !strings.language.has_intervals() && calls("every") {
        missing.push("formats.every".to_owned());
    }
    if !strings.language.has_words() && calls("words") {
        missing.push("formats.words".to_owned());
    }
    if missing.is_empty() {
        return;
    }
    let files = &*subject.pack.layers[0].files;
    let manifest = decode::read(files, MANIFEST, &mut Sink::new());
    let span = manifest.and_then(|manifest| Some(manifest.get("language")?.span.clone()));
    let named: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
    let message = format!("Folio has no words in `{}` for {}", strings.language.tag(), named.join(", "));
    let diagnostic = Diagnostic::warning(&codes::WORDS_MISSING, message);
    let diagnostic = diagnostic.at(span.unwrap_or_else(|| Span::file(files.name(MANIFEST))));
    sink.push(
        diagnostic.help("give them in the pack's `strings.yaml`; until then documents have a sign there, or nothing"),
    );
}

/// Whether some part calls a helper.
fn has_call(parts: &[Part], helper: &str) -> bool {
    parts.iter().any(|part| match part {
        Part::Call(_, name, _) => name == helper,
        Part::Block(block) => {
            has_call(&block.body, helper) || block.otherwise.as_deref().is_some_and(|past| has_call(past, helper))
        }
        _ => false,
    })
}
