//! The file's own properties, which readers and archives show.

use ecow::EcoString;
use typst::foundations::{Datetime, Smart};
use typst::model::DocumentInfo;

use crate::model::Control;
use crate::wording;

/// The longest title and the longest keyword that a file holds, in characters: PDF/A has a limit.
const MAX_TITLE: usize = 4_000;
const MAX_KEYWORD: usize = 120;
/// How many keywords it holds.
const MAX_KEYWORDS: usize = 40;

/// Writes what the control data says about a document into its properties; the language is there already.
pub(super) fn fill(info: &mut DocumentInfo, control: &Control) {
    let words = [&control.number.text, &control.standard].into_iter().chain(&control.keywords);
    info.title = Some(short(&wording::full_title(control), MAX_TITLE));
    info.author = vec![short(&control.organisation.text, MAX_KEYWORD)];
    info.description = Some(short(&control.standard, MAX_KEYWORD));
    info.keywords = words.take(MAX_KEYWORDS).map(|word| short(word, MAX_KEYWORD)).collect();
    info.date = Smart::Custom(day(control.date.as_ref().map_or(super::NO_DAY, |issued| issued.date)));
}

fn day(date: jiff::civil::Date) -> Option<Datetime> {
    Datetime::from_ymd(i32::from(date.year()), u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?)
}

/// The beginning of a text.
fn short(text: &str, most: usize) -> EcoString {
    one_line(text).chars().take(most).collect()
}

/// A text as it stands in a place that has one line.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r', '\t', '\u{85}', '\u{2028}', '\u{2029}'])
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .replace('\u{FEFF}', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_has_one_line() {
        assert_eq!(one_line("a\r\nb\tc\u{FEFF}"), "a b c");
        assert_eq!(short("four words in all", 4), "four");
    }
}
