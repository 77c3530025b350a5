//! `glossary.yaml`: the words of a translation, held against its texts.

use regex::{Regex, RegexBuilder};

use super::texts::Texts;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::files::Files;
use crate::yaml::Located;

/// The file's name in a pack.
pub(super) const FILE: &str = "glossary.yaml";
/// The most terms.
const MAX_TERMS: usize = 2_000;

/// A term of the base and the words for it.
struct Term {
    term: String,
    /// The term as a word of the base's text, in singular and plural.
    pattern: Option<Regex>,
    uses: Vec<String>,
    avoids: Vec<(String, Option<Regex>)>,
}

/// Holds the texts of a translation against its glossary.
pub(super) fn check(files: &dyn Files, own: &Texts, base: &Texts, sink: &mut Sink) {
    let Some(located) = decode::read(files, FILE, sink) else { return };
    if decode::typed::<serde_json::Value>(&located, Kind::Glossary, sink).is_none() {
        return;
    }
    let terms: Vec<Term> = located.items("terms").iter().take(MAX_TERMS).filter_map(term).collect();
    for (name, text) in own {
        for term in &terms {
            for (word, pattern) in &term.avoids {
                if let Some(found) = pattern.as_ref().and_then(|pattern| pattern.find(&text.text)) {
                    let message = format!("`{name}` says `{}`, which the glossary avoids", found.as_str());
                    let found = Diagnostic::new(&codes::TERM, Severity::Warning, message);
                    let help = match term.uses.first() {
                        Some(better) => format!("write `{better}` for `{}`", term.term),
                        None => format!("find another word than `{word}` for `{}`", term.term),
                    };
                    sink.push(found.at(within(&text.span, &text.text, pattern)).help(help));
                }
            }
            let original = base.get(name).filter(|_| !term.uses.is_empty());
            let is_said = original.zip(term.pattern.as_ref()).is_some_and(|(base, term)| term.is_match(&base.text));
            if is_said && !has_any(&text.text, &term.uses) {
                let uses = term.uses.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
                let message = format!("`{name}`: the base says `{}`, and the translation has no {uses}", term.term);
                sink.push(Diagnostic::new(&codes::TERM, Severity::Warning, message).at(text.span.clone()));
            }
        }
    }
}

fn term(row: &Located) -> Option<Term> {
    let texts = |key: &str| row.items(key).iter().filter_map(|item| item.as_str()).map(str::to_owned);
    let term = row.text("term")?.to_owned();
    let pattern = word(&format!(r"{}s?", regex::escape(&term)));
    let avoids = texts("avoid").map(|avoided| {
        let pattern = word(&format!(r"{}\w*", regex::escape(&avoided)));
        (avoided, pattern)
    });
    Some(Term { pattern, uses: texts("use").collect(), avoids: avoids.collect(), term })
}

/// A pattern that stands as a word, whatever its capitals.
fn word(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&format!(r"\b{pattern}\b")).case_insensitive(true).size_limit(1 << 20).build().ok()
}

fn has_any(text: &str, words: &[String]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(&word.to_lowercase()))
}

/// The place of the first match in a file that is one text; that of the text itself otherwise.
fn within(span: &Span, text: &str, pattern: &Option<Regex>) -> Span {
    let found = pattern.as_ref().and_then(|pattern| pattern.find(text)).filter(|_| span.line == 0);
    let Some(found) = found else { return span.clone() };
    let before = &text[..found.start()];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
    Span::text(span.file.clone(), line, column, found.as_str().chars().count() as u32)
}
