//! Words that a proposal decides: `{{#if applies}}yes{{else}}no{{/if}}` prints no value, and says what one is.
//!
//! Where a condition on a proposed value of a row stands in one line and nothing in it prints that value, its last words come
//! from the value that decided them, as if a rule had made them.

use std::borrow::Cow;

use ecow::EcoString;

use super::Provenance;
use super::marks;
use crate::model::Origins;

/// A text in which the words that proposals decide come from them.
pub(super) fn words<'t>(
    text: Cow<'t, str>,
    causes: &[(usize, Vec<EcoString>)],
    provenance: &mut Vec<Provenance>,
    origins: &Origins,
) -> Cow<'t, str> {
    if !origins.has_proposed() {
        return text;
    }
    // The values that each condition around reads and that are proposed, and where it begins.
    let mut open: Vec<(usize, Vec<EcoString>)> = Vec::new();
    let mut out = String::with_capacity(text.len());
    marks::parts(&text, |part, mark| {
        out.push_str(part);
        match mark {
            Some(marks::Mark::Cause(cause)) => {
                let paths = causes.get(cause).map(|(_, paths)| paths.as_slice()).unwrap_or_default();
                let is_decisive = |path: &&EcoString| !path.contains("[]") && origins.is_proposed(path);
                open.push((out.len(), paths.iter().filter(is_decisive).cloned().collect()));
            }
            Some(marks::Mark::Item(_) | marks::Mark::Block(_)) => open.push((out.len(), Vec::new())),
            Some(marks::Mark::Close) => {
                if let Some((start, paths)) = open.pop().filter(|(_, paths)| !paths.is_empty()) {
                    let inside = &out[start..];
                    let shows = |index: usize| {
                        let known = provenance.get(index);
                        known.is_some_and(|one| one.paths.iter().any(|path| origins.is_proposed(path)))
                    };
                    let is_said = inside.contains('\n') || marks::values(inside).into_iter().any(shows);
                    if let Some((from, to)) = last_words(inside).filter(|_| !is_said) {
                        let (from, to) = (start + from, start + to);
                        let value = marks::value(provenance.len(), &out[from..to]);
                        out.replace_range(from..to, &value);
                        provenance.push(Provenance { paths, computed: true, unrecorded: false, capped: None });
                    }
                }
            }
            _ => {}
        }
        if let Some(mark) = mark {
            out.push_str(&mark.to_string());
        }
    });
    Cow::Owned(out)
}

/// Where the last words of a template's own stand that are shown as they are.
fn last_words(text: &str) -> Option<(usize, usize)> {
    let mut found = None;
    let mut start: Option<usize> = None;
    let mut hidden: Option<char> = None;
    let mut before = ' ';
    let ends = text.char_indices().chain([(text.len(), '*')]);
    for (at, c) in ends {
        let is_plain = hidden.is_none() && !is_sign(c) && !('\u{E000}'..='\u{EFFF}').contains(&c);
        match (is_plain, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let own = text[from..at].trim_end_matches(|c: char| !c.is_alphanumeric());
                let lead = own.len() - own.trim_start_matches([' ', ',', '.', ';']).len();
                if !own.is_empty() {
                    found = Some((from + lead, from + own.len()));
                }
                start = None;
            }
            _ => {}
        }
        match hidden {
            Some(end) if c == end => hidden = None,
            Some(_) => {}
            // Attributes, addresses and HTML are not shown.
            None if c == '{' => hidden = Some('}'),
            None if c == '<' => hidden = Some('>'),
            None if c == '(' && before == ']' => hidden = Some(')'),
            None => {}
        }
        before = c;
    }
    found
}

/// Whether a character may mean something to Markdown.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '*' | '_' | '[' | ']' | '{' | '}' | '<' | '>' | '#' | '|' | '`' | '~' | '^' | '!' | '&' | '\\' | '$' | ':'
    )
}
