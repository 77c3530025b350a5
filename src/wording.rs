//! Document control in words of the pack's language, the same for every format.
//!
//! Words that stand in the profile keep their paths, so that a format can show which they are.

use jiff::civil::Date;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::{Control, NextReview, Party, State, Text, Version};
use crate::strings::Strings;
use crate::theme::Part;

/// What stands between two things on one line.
pub(crate) const JOINT: &str = " \u{b7} ";

/// How many characters of a text a margin has room for; what is longer is cut to fewer, so that it is seen to be cut.
const MARGIN: usize = 100;
const SHORT_MARGIN: usize = 80;

/// A date in words: `24 November 2026`.
pub(crate) fn date(date: Date, strings: &Strings) -> String {
    strings.language.date(date)
}

/// An ISO 8601 date in words.
///
/// # Errors
/// When the text is not a date that exists.
pub(crate) fn iso_date(iso: &str, strings: &Strings) -> Result<String, String> {
    let day: Date = iso.parse().map_err(|_| format!("`{iso}` is not a date YYYY-MM-DD"))?;
    Ok(date(day, strings))
}

/// A version: `0.3`, or the word for one without a number.
pub(crate) fn version(version: &Version, strings: &Strings) -> Text {
    match version {
        Version::Number(number) => number.clone(),
        Version::Draft => Text::literal(&strings.draft),
    }
}

/// Who holds a role: `Maren Ostberg, chief information security officer`.
pub(crate) fn party(party: &Party) -> Vec<Text> {
    match &party.name {
        Some(name) => vec![name.clone(), Text::literal(", "), party.role.clone()],
        None => vec![party.role.clone()],
    }
}

/// When a document is to be reviewed; nothing when the pack's language has no words for it.
pub(crate) fn next_review(review: &NextReview, strings: &Strings) -> Option<Text> {
    let (text, from) = match review {
        NextReview::On(day) => (date(day.date, strings), day.from.clone()),
        NextReview::AfterApproval { months, from } => {
            let words = strings.review_after_approval.as_ref()?;
            let words = words.of(strings.language.category(i64::from(*months)));
            (words.replace("{months}", &months.to_string()), vec![from.clone()])
        }
    };
    Some(Text { text, from, computed: true })
}

/// What in the standard a document answers: `ISO/IEC 27001:2013: Clause 4.3, Control A.9.1.1`.
pub(crate) fn answers(control: &Control) -> String {
    match control.satisfies.is_empty() {
        true => control.standard.clone(),
        false => format!("{}: {}", control.standard, control.satisfies.join(", ")),
    }
}

/// The line below the title: kind, number and classification.
pub(crate) fn subtitle(control: &Control) -> Vec<Text> {
    let joint = || Text::literal(JOINT);
    let (number, level) = (control.number.clone(), control.classification.label.clone());
    vec![Text::literal(&control.kind), joint(), number, joint(), level]
}

/// The control table, as pairs of label and value.
pub(crate) fn control_table<'s>(control: &Control, strings: &'s Strings) -> Vec<(&'s str, Vec<Text>)> {
    let day = &control.as_of;
    let date = Text { text: date(day.date, strings), from: day.from.clone(), computed: true };
    let mut pairs = vec![
        (strings.owner.as_str(), party(&control.owner)),
        (&strings.author, party(&control.author)),
        (&strings.approver, party(&control.approver)),
        (&strings.version, vec![version(&control.version, strings)]),
        (&strings.date, vec![date]),
    ];
    let review = control.next_review.as_ref().and_then(|review| next_review(review, strings));
    pairs.extend(review.map(|review| (strings.next_review.as_str(), vec![review])));
    pairs.push((&strings.answers, vec![Text::literal(answers(control))]));
    pairs
}

/// The history: its columns' names, and its rows, newest first.
pub(crate) fn history<'s>(control: &Control, strings: &'s Strings) -> ([&'s str; 4], Vec<[Text; 4]>) {
    let names = [&strings.version, &strings.date, &strings.author, &strings.change].map(String::as_str);
    let rows = control.history.iter().map(|revision| {
        let day = &revision.date;
        let date = Text { text: date(day.date, strings), from: day.from.clone(), computed: true };
        [revision.version.clone(), date, revision.author.clone(), revision.change.clone()]
    });
    (names, rows.collect())
}

/// What a part of a header or footer says, in one line; nothing for a part that is no words of the control data: the
/// logo and the page.
pub(crate) fn furniture(part: Part, control: &Control, strings: &Strings) -> Option<Vec<Text>> {
    let day = &control.as_of;
    let words = match part {
        Part::Logo | Part::Page => return None,
        Part::Organisation => vec![control.organisation_short.clone()],
        Part::Title => vec![control.title.clone()],
        Part::Number => vec![control.number.clone()],
        Part::Version => {
            let version = version(&control.version, strings);
            // A version that is words of its own stands alone.
            match version.text.starts_with(|c: char| c.is_ascii_digit()) {
                true => vec![Text::literal(format!("{} ", strings.version)), version],
                false => vec![version],
            }
        }
        Part::Date => vec![Text { text: date(day.date, strings), from: day.from.clone(), computed: true }],
        Part::Classification => vec![control.classification.label.clone()],
    };
    let fitted = |word: Text| {
        let text = short(&one_line(&word.text));
        let computed = word.computed || (text != word.text && !word.from.is_empty());
        Text { text, computed, ..word }
    };
    Some(words.into_iter().map(fitted).collect())
}

/// What a margin has room for of a text; the first page has all of it.
fn short(text: &str) -> String {
    if text.chars().count() <= MARGIN {
        return text.to_owned();
    }
    text.graphemes(true).take(SHORT_MARGIN).chain(["…"]).collect()
}

/// A text as it stands in a place that has one line.
pub(crate) fn one_line(text: &str) -> String {
    text.split(['\n', '\r', '\t']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The word across the pages, where there is one.
pub(crate) fn watermark<'s>(control: &Control, strings: &'s Strings) -> Option<&'s str> {
    match (control.sample, control.state) {
        (true, _) => Some(&strings.watermark_sample),
        (false, State::Draft) => Some(&strings.watermark_draft),
        (false, State::Issued) => None,
    }
}

/// Words as one text.
pub(crate) fn plain(words: &[Text]) -> String {
    words.iter().map(|word| word.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::specimen::control;
    use crate::testing::strings;

    #[test]
    fn a_text_for_one_line_has_one() {
        assert_eq!(one_line("a\r\nb\tc"), "a b c");
    }

    #[test]
    fn a_margin_has_room_for_some_words() {
        let fits = "x".repeat(MARGIN);
        assert_eq!(short(&fits), fits);
        assert_eq!(short(&"e\u{301}".repeat(MARGIN)), format!("{}…", "e\u{301}".repeat(SHORT_MARGIN)));
    }

    #[test]
    fn words_keep_the_paths_of_what_they_say() {
        let (control, strings) = (control(), strings());
        let table = control_table(&control, &strings);
        let (label, owner) = &table[0];
        assert_eq!((*label, plain(owner).as_str()), ("Owner", "Maren Ostberg, Chief information security officer"));
        let paths: Vec<_> = owner.iter().flat_map(|text| &text.from).collect();
        assert_eq!(paths, ["people[maren].name", "roles[ciso].title"]);
        assert_eq!(plain(&table[4].1), "2 March 2026");
        assert_eq!(
            history(&control, &strings).1[1].each_ref().map(|text| text.text.as_str()),
            ["0.2", "14 January 2026", "Idris Vale", "First complete draft."]
        );
    }

    #[test]
    fn a_version_without_number_is_a_word_of_its_own_in_the_margin_too() {
        let (mut control, strings) = (control(), strings());
        let said = |control: &Control| plain(&furniture(Part::Version, control, &strings).unwrap());
        assert_eq!(said(&control), "Version 0.3");
        control.version = Version::Number(Text::literal("draft for comment"));
        assert_eq!(said(&control), "draft for comment");
        control.version = Version::Draft;
        assert_eq!(said(&control), "draft");
    }

    #[test]
    fn a_review_after_approval_is_counted_in_months() {
        let mut strings = strings();
        let after = |months| NextReview::AfterApproval { months, from: "document_defaults.review_months".into() };
        let said = |months, strings: &Strings| next_review(&after(months), strings).map(|text| text.text);
        assert_eq!(said(12, &strings).as_deref(), Some("within 12 months of approval"));
        assert_eq!(said(1, &strings).as_deref(), Some("within a month of approval"));
        strings.review_after_approval = None;
        assert_eq!(said(12, &strings), None);
    }
}
