//! Cells that say who holds a role for a time: `Dana Ortiz until 2026-09-30; Li Wei from 2026-10-01`.

use super::forms::{self, Read};
use super::source::Written;
use crate::language;
use crate::time::Day;

/// The keys of the first and of the last day.
const FROM: &str = "from";
const UNTIL: &str = "until";

/// Who holds something, and the days that are said of it, as they are written.
#[derive(Debug, PartialEq)]
pub(super) struct Held<'t> {
    pub(super) who: &'t str,
    /// Each with its key, `from` or `until`.
    pub(super) days: Vec<(&'static str, &'t str)>,
}

/// Takes the days from the end of a part of a cell; nothing where it has none.
pub(super) fn times<'t>(part: &'t str, written: &Written) -> Option<Held<'t>> {
    let (mut who, mut days) = (part.trim(), Vec::new());
    while let Some((before, key, day)) = last(who, written) {
        if days.iter().any(|(known, _)| *known == key) {
            break;
        }
        days.insert(0, (key, day));
        who = before;
    }
    (!days.is_empty() && !who.is_empty()).then_some(Held { who, days })
}

/// The day at the end of a text, with its key and what stands before its word.
fn last<'t>(text: &'t str, written: &Written) -> Option<(&'t str, &'static str, &'t str)> {
    let mut end = text.len();
    while let Some(start) = text.get(..end)?.rfind(char::is_whitespace) {
        let (before, after) = (text.get(..start)?, text.get(start..end)?);
        let word = after.trim().trim_start_matches('(');
        let key = if language::is_from(word) { Some(FROM) } else { language::is_until(word).then_some(UNTIL) };
        let day = text.get(end..)?.trim().trim_end_matches([')', ',']).trim();
        if let Some(key) = key {
            let before = before.trim_end().trim_end_matches(['(', ',', ':', '\u{2013}']).trim_end();
            return is_day(day, written).then_some((before, key, day));
        }
        end = start;
    }
    None
}

/// Whether a text is meant to be a day, whatever is wrong with it.
fn is_day(text: &str, written: &Written) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        || Day::read(text).is_ok()
        || written.dates.iter().any(|form| form.read(text) != Read::Other)
        || !forms::usual(text).is_empty()
}
