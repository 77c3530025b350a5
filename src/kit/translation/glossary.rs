//! `glossary.yaml`: the words of a translation, held against its texts.

use regex::{Regex, RegexBuilder};

use super::texts::Texts;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::files::Files;
use crate::messages::Message;
use crate::yaml::{Located, Node};

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
        let said = prose(name.kind, &text.text);
        let original = base.get(name).map(|base| prose(name.kind, &base.text));
        for term in &terms {
            for (word, pattern) in &term.avoids {
                if let Some(found) = pattern.as_ref().and_then(|pattern| pattern.find(&said)) {
                    let message = format!("`{name}` says `{}`, which the glossary avoids", found.as_str());
                    let found = Diagnostic::new(&codes::TERM, Severity::Warning, message);
                    let help = match term.uses.first() {
                        Some(better) => format!("write `{better}` for `{}`", term.term),
                        None => format!("find another word than `{word}` for `{}`", term.term),
                    };
                    sink.push(found.at(within(&text.span, &said, pattern)).help(help));
                }
            }
            let original = original.as_ref().filter(|_| !term.uses.is_empty());
            let is_said = original.zip(term.pattern.as_ref()).is_some_and(|(base, term)| term.is_match(base));
            if is_said && !has_any(&said, &term.uses) {
                let uses = term.uses.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
                let message = format!("`{name}`: the base says `{}`, and the translation has no {uses}", term.term);
                sink.push(Diagnostic::new(&codes::TERM, Severity::Warning, message).at(text.span.clone()));
            }
        }
    }
}

/// What a reader sees of a text: slots, values, conditions, labels and front matter are blank, so that words keep their
/// places.
fn prose(kind: super::Kind, text: &str) -> String {
    if matches!(kind, super::Kind::Message | super::Kind::Check) {
        return Message::parse(text).map_or_else(|_| text.to_owned(), |message| message.words());
    }
    if !matches!(kind, super::Kind::Document | super::Kind::Block | super::Kind::Partial) {
        return text.to_owned();
    }
    let mut rest = text;
    let mut seen = String::with_capacity(text.len());
    // Of the front matter the title is read.
    if let Some((matter, _)) = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")) {
        let end = matter.len() + "---\n\n---\n".len();
        for line in text[..end].lines() {
            match line.strip_prefix("title:") {
                Some(title) => seen.extend(["title:", title, "\n"]),
                None => seen.push_str(&format!("{}\n", blank(line))),
            }
        }
        rest = &text[end..];
    }
    while let Some(start) = rest.find('{') {
        seen.push_str(&rest[..start]);
        let marks = [("{{", "}}"), ("{#", "}")].into_iter().find(|(opens, _)| rest[start..].starts_with(opens));
        // Captions, alternative texts and choices stand in single braces, and are read.
        let Some((_, closes)) = marks else {
            seen.push('{');
            rest = &rest[start + 1..];
            continue;
        };
        let end = rest[start..].find(closes).map_or(rest.len(), |end| start + end + closes.len());
        seen.push_str(&blank(&rest[start..end]));
        rest = &rest[end..];
    }
    seen.push_str(rest);
    seen
}

/// As many blanks as a text has characters; its line breaks stay.
fn blank(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { c } else { ' ' }).collect()
}

fn term(row: &Located) -> Option<Term> {
    let texts = |key: &str| row.items(key).iter().filter_map(|item| item.as_str()).map(str::to_owned);
    let term = row.text("term")?.to_owned();
    let pattern = word(&format!(r"{}s?", regex::escape(&term)));
    let is_whole = row.get("whole").is_some_and(|value| value.node == Node::Bool(true));
    let avoids = texts("avoid").map(|avoided| {
        let rest = if is_whole { "" } else { r"\w*" };
        let pattern = word(&format!("{}{rest}", regex::escape(&avoided)));
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

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::prose;

    #[test]
    fn words_that_nobody_reads_are_no_words_of_a_text() {
        assert!(
            prose(Kind::Partial, "`x`{.field choices=\"open;shut\"} {#tab-x caption=\"Risks\"}").contains("open;shut")
        );
        let text = "---\ntitle: Risk owner\nkind: policy\n---\n# Owner {#sec-owner}\n{{> soa}}The {{role owner}}\n{{#if risk}}risk{{/if}}\n";
        let seen = prose(Kind::Document, text);
        assert_eq!(seen.chars().count(), text.chars().count());
        let words: Vec<&str> = seen.split_whitespace().collect();
        assert_eq!(words, ["title:", "Risk", "owner", "#", "Owner", "The", "risk"]);
        assert_eq!(
            prose(Kind::Message, "{owner}: {n, plural, one {# risk} other {# risks}}")
                .split_whitespace()
                .collect::<Vec<_>>(),
            [":", "risk", "risks"]
        );
    }
}
