//! Sentences that speak of all or of none: each has to stand on what somebody recorded of every one of them.
//!
//! The pack says which words speak so, and which make a duty of a sentence: a duty is a rule, and claims nothing. What
//! stands in a `known` or `none` has asked.

use std::collections::BTreeMap;

use super::Subject;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::expand::Prepared;
use crate::expand::outline::Part;

/// The most places of a file that are named beside the first, and how much of a sentence is shown.
const MORE_PLACES: usize = 5;
const SHOWN: usize = 80;

/// Notes the sentences that speak of all or of none, an entry for each file.
pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let strings = &subject.pack.strings;
    let words = |list: &Option<Vec<String>>| -> Vec<String> {
        list.iter().flatten().map(|word| strings.language.lower(word)).collect()
    };
    let (universal, duty) = (words(&strings.universal), words(&strings.duty));
    if universal.is_empty() {
        return;
    }
    let mut found: BTreeMap<Span, String> = BTreeMap::new();
    for prepared in subject.prepared() {
        let mut reader = Reader { prepared, found: Vec::new() };
        reader.parts(&prepared.parts, Sentence::default());
        for (span, sentence) in reader.found {
            let lower = format!(" {} ", plain(&strings.language.lower(&sentence)));
            let holds = |words: &[String]| words.iter().any(|word| lower.contains(&format!(" {word} ")));
            if holds(&universal) && !holds(&duty) {
                found.entry(span).or_insert(sentence);
            }
        }
    }
    let mut files: BTreeMap<&str, Vec<(&Span, &String)>> = BTreeMap::new();
    for (span, sentence) in found.iter().filter(|(span, _)| subject.layer_of(&span.file) < Some(subject.depth)) {
        files.entry(&span.file).or_default().push((span, sentence));
    }
    for places in files.into_values() {
        let Some(((span, sentence), rest)) = places.split_first() else { continue };
        let more = match rest.len() {
            0 => String::new(),
            1 => "; so does 1 more of this file".to_owned(),
            more => format!("; so do {more} more of this file"),
        };
        let message = format!("this sentence speaks of all or of none: '{}'{more}", cut(sentence));
        let finding = Diagnostic::new(&codes::UNIVERSAL, Severity::Note, message).at((*span).clone());
        let shown = rest.iter().take(MORE_PLACES);
        let finding = shown.fold(finding, |finding, (span, sentence)| finding.related((*span).clone(), cut(sentence)));
        sink.push(finding.help(codes::UNIVERSAL.fix));
    }
}

/// A text of words with single blanks between them.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’' && c != '-');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn cut(sentence: &str) -> String {
    let words: String = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let start: String = words.chars().take(SHOWN).collect();
    if start.len() < words.len() { start + "…" } else { start }
}

/// A sentence as far as it was read: where it begins, and its words.
#[derive(Clone, Default)]
struct Sentence {
    at: Option<Span>,
    words: String,
}

struct Reader<'a> {
    prepared: &'a Prepared,
    found: Vec<(Span, String)>,
}

impl Reader<'_> {
    /// Reads parts after the beginning of a sentence; gives what is open at their end.
    fn parts(&mut self, parts: &[Part], mut open: Sentence) -> Sentence {
        for part in parts {
            match part {
                Part::Text(site, text) => self.text(*site, text, &mut open),
                Part::Print(_) => open.words.push('…'),
                Part::Path(..) | Part::Call(..) => {}
                // What asks for the fact may speak of it.
                Part::Block(block) if matches!(block.name.as_str(), "known" | "none") => {
                    if let Some(otherwise) = &block.otherwise {
                        self.parts(otherwise, open.clone());
                    }
                }
                Part::Block(block) => {
                    let after = self.parts(&block.body, open.clone());
                    if let Some(otherwise) = &block.otherwise {
                        self.parts(otherwise, open.clone());
                    }
                    open = after;
                }
            }
        }
        open
    }

    fn text(&mut self, site: usize, text: &str, open: &mut Sentence) {
        let Some(start) = self.prepared.sites.get(site).map(|site| site.span.clone()) else { return };
        for (row, line) in (0..).zip(text.split('\n')) {
            if row > 0 {
                self.close(open);
            }
            if line.trim_start().starts_with(":::") {
                continue; // A directive says nothing.
            }
            let mut rest = line;
            while !rest.is_empty() {
                let end = rest.find(['.', '!', '?', '|', ';', ':']).map_or(rest.len(), |at| at + 1);
                let (piece, after) = rest.split_at(end);
                if open.at.is_none() && piece.chars().any(char::is_alphanumeric) {
                    let column = if row == 0 { start.column } else { 1 };
                    open.at = Some(Span { line: start.line + row, column, length: 0, ..start.clone() });
                }
                open.words.push_str(piece);
                let is_end = piece.ends_with(['.', '!', '?', '|', ';', ':'])
                    && (after.is_empty() || after.starts_with([' ', '*', '<']));
                if is_end {
                    self.close(open);
                }
                rest = after;
            }
        }
    }

    fn close(&mut self, open: &mut Sentence) {
        let Sentence { at, words } = std::mem::take(open);
        self.found.extend(at.map(|at| (at, words)));
    }
}
