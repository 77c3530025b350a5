//! Document control in words of the pack's language, the same for every format.
//!
//! Words that stand in the profile keep their paths, so that a format can show which they are.

use jiff::civil::Date;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::length::Length;
use crate::model::{self, Approval, Control, NextReview, Party, State, Text, Version};
use crate::strings::Strings;
use crate::theme::{Cover, Field, Part, Picture, Piece, Place, Theme, metrics};
use crate::time::Day;

/// What stands between two things on one line.
pub(crate) const JOINT: &str = " \u{b7} ";

/// How many characters of a text a margin has room for; what is longer is cut to fewer, so that it is seen to be cut.
const MARGIN: usize = 100;
const SHORT_MARGIN: usize = 80;

/// A date in words: `24 November 2026`.
pub(crate) fn date(date: Date, strings: &Strings) -> String {
    strings.language.date(date)
}

/// An ISO 8601 date in words, or the month or year that is known of it.
///
/// # Errors
/// When the text is not a date that exists.
pub(crate) fn iso_date(iso: &str, strings: &Strings) -> Result<String, String> {
    Ok(strings.language.day(read_date(iso)?))
}

/// A day, or what is known of it.
pub(crate) fn read_date(iso: &str) -> Result<Day, String> {
    Day::read(iso).map_err(|_| format!("`{iso}` is not a date YYYY-MM-DD"))
}

/// A version: `0.3`, or the word for one without a number.
pub(crate) fn version(version: &Version, strings: &Strings) -> Text {
    match version {
        Version::Number(number) => number.clone(),
        Version::Draft => Text::literal(&strings.draft),
        Version::After(number) => Text {
            text: format!("{} {}", strings.draft_after, number.text),
            from: number.from.clone(),
            computed: true,
            ..Text::default()
        },
    }
}

/// The post that somebody holds, without who holds it: `chief information security officer`. A person who stands in place
/// of a role is named, as there is no post.
pub(crate) fn post(party: &Party) -> Vec<Text> {
    match &party.name {
        Some(name) if party.role.text.is_empty() => vec![name.clone()],
        _ => vec![party.role.clone()],
    }
}

/// The name that stands in a sign-off block before it is signed: that of a person who stands in place of a role. A post is
/// signed for by whoever holds it on the day.
pub(crate) fn signing(party: &Party) -> Option<&Text> {
    party.name.as_ref().filter(|name| party.role.text.is_empty() || name.text == party.role.text)
}

/// A day in words, with the paths that it came from.
fn dated(day: &model::Day, strings: &Strings) -> Text {
    Text { text: date(day.date, strings), from: day.from.clone(), computed: true, ..Text::default() }
}

/// How far what a record records reaches, in words: a day, month or year, and any other text as it stands.
fn records_to(reach: &Text, strings: &Strings) -> Text {
    let text = iso_date(&reach.text, strings).unwrap_or_else(|_| reach.text.clone());
    Text { computed: reach.computed || text != reach.text, text, ..reach.clone() }
}

/// When a document is to be reviewed; nothing when the pack's language has no words for it.
fn next_review(review: &NextReview, strings: &Strings) -> Option<Text> {
    let (text, from) = match review {
        NextReview::On(day) => (date(day.date, strings), day.from.clone()),
        NextReview::AfterApproval { months, from } => {
            let words = strings.review_after_approval.as_ref()?;
            let words = words.of(strings.language.category(i64::from(*months)));
            (words.replace("{months}", &months.to_string()), vec![from.clone()])
        }
    };
    Some(Text { text, from, computed: true, ..Text::default() })
}

/// When a document is to be reviewed, as its control table says it.
pub(crate) fn review(control: &Control, strings: &Strings) -> Option<Text> {
    let text = next_review(control.next_review.as_ref()?, strings)?;
    Some(Text { proposed: control.review_proposed, ..text })
}

/// Who approved, and when: `Maren Ostberg, managing director, 2 March 2026`.
fn approved(approval: &Approval, strings: &Strings) -> Vec<Text> {
    let day = date(approval.day.date, strings);
    let day = Text { text: day, from: approval.day.from.clone(), computed: true, ..Text::default() };
    let mut words = Vec::new();
    for word in [approval.name.clone(), approval.post.clone(), day].into_iter().filter(|word| !word.text.is_empty()) {
        if !words.is_empty() {
            words.push(Text::literal(", "));
        }
        words.push(word);
    }
    words
}

/// What in the standard a document answers: `ISO/IEC 27001:2013: Clause 4.3, Control A.9.1.1`.
pub(crate) fn answers(control: &Control) -> String {
    match control.satisfies.is_empty() {
        true => control.standard.clone(),
        false => format!("{}: {}", control.standard, control.satisfies.join(", ")),
    }
}

/// The title as it stands outside the document, in lists of files: with whose it is.
pub(crate) fn full_title(control: &Control) -> String {
    format!("{} – {}", control.title.text, control.organisation.text)
}

/// The line below the title: kind, number and, where it has one, classification.
pub(crate) fn subtitle(control: &Control) -> Vec<Text> {
    let joint = || Text::literal(JOINT);
    let (number, level) = (control.number.clone(), control.classification.label.clone());
    let mut words = vec![Text::literal(&control.kind), joint(), number];
    if !level.text.is_empty() {
        words.extend([joint(), level]);
    }
    words
}

/// A label of the control table, and its value.
pub(crate) type Pair<'s> = (&'s str, Vec<Text>);

/// The control table; what nobody said has no pair.
pub(crate) struct ControlTable<'s> {
    /// Pairs, two a row. Those that a version has and its draft has not come last, so that the others stay in their places.
    pub(crate) pairs: Vec<Pair<'s>>,
    /// What has a row to itself.
    pub(crate) last: Option<Pair<'s>>,
}

/// The control table of a document.
pub(crate) fn control_table<'s>(control: &Control, strings: &'s Strings) -> ControlTable<'s> {
    let mut approvers: Vec<Pair<'s>> = match control.approvals.is_empty() {
        true => vec![(strings.approver(control.state == State::Issued), post(&control.approver))],
        false => control.approvals.iter().map(|approval| (strings.approved(), approved(approval, strings))).collect(),
    };
    let further = approvers.split_off(1);
    let mut pairs = vec![(strings.owner.as_str(), post(&control.owner)), (&strings.author, post(&control.author))];
    pairs.extend(approvers);
    pairs.push((&strings.version, vec![version(&control.version, strings)]));
    let review = review(control, strings);
    pairs.extend(review.map(|review| (strings.next_review.as_str(), vec![review])));
    let reach = control.records_to.as_ref().map(|reach| records_to(reach, strings));
    pairs.extend(reach.map(|reach| (strings.records_to(), vec![reach])));
    let day = control.date.as_ref().map(|day| dated(day, strings));
    pairs.extend(day.map(|day| (strings.date.as_str(), vec![day])));
    let in_force = control.effective.as_ref().map(|day| (strings.in_force(), vec![dated(day, strings)]));
    pairs.extend(in_force);
    pairs.extend(further);
    let is_said = |(_, words): &Pair<'_>| words.iter().any(|word| !word.text.is_empty());
    pairs.retain(is_said);
    let answers = (strings.answers.as_str(), vec![Text::literal(answers(control))]);
    ControlTable { pairs, last: Some(answers).filter(is_said) }
}

/// The history: its columns' names, and its rows, newest first.
pub(crate) fn history<'s>(control: &Control, strings: &'s Strings) -> ([&'s str; 4], Vec<[Text; 4]>) {
    let names = [&strings.version, &strings.date, &strings.author, &strings.change].map(String::as_str);
    let rows = control.history.iter().map(|revision| {
        let date = revision.date.as_ref().map(|day| dated(day, strings)).unwrap_or_default();
        [revision.version.clone(), date, revision.author.clone(), revision.change.clone()]
    });
    (names, rows.collect())
}

/// A part of a header, footer or cover as one document shows it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown<'t> {
    /// The logo.
    Logo,
    /// A picture.
    Picture(&'t Picture),
    /// Words, some of which only the page knows.
    Words(Vec<Said>),
}

impl Shown<'_> {
    /// Whether it is a picture, which stands apart by its form.
    pub(crate) fn is_picture(&self) -> bool {
        matches!(self, Shown::Logo | Shown::Picture(_))
    }
}

/// Words of a margin or cover.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// These.
    Words(String),
    /// Page x of y.
    Page,
    /// The page's number.
    PageNumber,
    /// How many pages there are.
    PageCount,
}

/// What a place of a header, footer or cover shows of one document, line by line. What says nothing is left out.
pub(crate) fn shown<'t>(place: &'t Place, has_logo: bool, control: &Control, strings: &Strings) -> Vec<Vec<Shown<'t>>> {
    let part = |part: &'t Part| match part {
        Part::Logo => has_logo.then_some(Shown::Logo),
        Part::Picture(picture) => Some(Shown::Picture(picture)),
        Part::Words(pieces) => {
            let said: Vec<Said> = pieces.iter().map(|piece| said(piece, control, strings)).collect();
            let is_something = said.iter().any(|said| !matches!(said, Said::Words(words) if words.is_empty()));
            is_something.then_some(Shown::Words(said))
        }
    };
    place.lines().iter().map(|line| line.iter().filter_map(part).collect()).collect()
}

/// What a cover shows of one document, besides organisation and title.
#[derive(Debug)]
pub(crate) struct CoverShown<'t> {
    /// Above the organisation.
    pub(crate) above: Vec<Vec<Shown<'t>>>,
    /// Below the title.
    pub(crate) below: Vec<Vec<Shown<'t>>>,
    /// At the foot of the page.
    pub(crate) foot: Vec<Vec<Shown<'t>>>,
    /// Between what stands above and the organisation.
    pub(crate) gap: Length,
}

/// What a cover shows of one document. Lines in which nothing stands are left out.
pub(crate) fn cover<'t>(
    cover: &'t Cover,
    has_logo: bool,
    control: &Control,
    strings: &Strings,
    theme: &Theme,
) -> CoverShown<'t> {
    let lines = |place: &'t Place| {
        let lines = shown(place, has_logo, control, strings).into_iter();
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let (above, below, foot) = (lines(&cover.above), lines(&cover.below), lines(&cover.foot));
    let height = |part: &Shown<'_>| match part {
        Shown::Logo => theme.logo_height,
        Shown::Picture(picture) => picture.height.unwrap_or(theme.logo_height),
        Shown::Words(_) => theme.sizes.line,
    };
    let height = |line: &Vec<Shown<'_>>| line.iter().map(height).max().unwrap_or_default();
    let taken = above.iter().map(height).fold(Length::ZERO, |sum, height| sum + height);
    let title = theme.page.text_height().percent(metrics::COVER_TITLE);
    CoverShown { above, below, foot, gap: (title - taken).max(metrics::COVER_GAP) }
}

fn said(piece: &Piece, control: &Control, strings: &Strings) -> Said {
    match piece {
        Piece::Text(text) => Said::Words(text.clone()),
        Piece::Field(Field::Page) => Said::Page,
        Piece::Field(Field::PageNumber) => Said::PageNumber,
        Piece::Field(Field::PageCount) => Said::PageCount,
        Piece::Field(field) => Said::Words(furniture(*field, control, strings)),
    }
}

/// What a field says of a document, in one line. Of the page, only the page knows.
fn furniture(field: Field, control: &Control, strings: &Strings) -> String {
    let words = match field {
        Field::Page | Field::PageNumber | Field::PageCount => String::new(),
        Field::Organisation => control.organisation_short.text.clone(),
        Field::OrganisationName => control.organisation.text.clone(),
        Field::Title => control.title.text.clone(),
        Field::Number => control.number.text.clone(),
        Field::Kind => control.kind.clone(),
        Field::Version => {
            let version = version(&control.version, strings).text;
            // A version that is words of its own stands alone.
            match version.starts_with(|c: char| c.is_ascii_digit()) {
                true => return format!("{} {}", fitted(&strings.version), fitted(&version)),
                false => version,
            }
        }
        Field::Date => {
            let day = control.date.as_ref().map(|day| date(day.date, strings));
            let reach = || control.records_to.as_ref().map(|reach| records_to(reach, strings).text);
            day.or_else(reach).unwrap_or_default()
        }
        Field::Classification => control.classification.label.text.clone(),
        Field::State => watermark(control, strings).unwrap_or_default().to_owned(),
        Field::Owner => plain(&post(&control.owner)),
        Field::Author => plain(&post(&control.author)),
        Field::Approver => plain(&post(&control.approver)),
        Field::Standard => control.standard.clone(),
    };
    fitted(&words)
}

/// A text in one line, as far as a margin has room.
fn fitted(text: &str) -> String {
    short(&one_line(text))
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
        let ControlTable { pairs, .. } = control_table(&control, &strings);
        let (label, owner) = &pairs[0];
        assert_eq!((*label, plain(owner).as_str()), ("Owner", "Chief information security officer"));
        let paths: Vec<_> = owner.iter().flat_map(|text| &text.from).collect();
        assert_eq!(paths, ["roles[ciso].title"]);
        let date = pairs.iter().find(|(label, _)| *label == strings.date);
        assert_eq!(date.map(|(_, words)| plain(words)).as_deref(), Some("2 March 2026"));
        assert_eq!(
            history(&control, &strings).1[1].each_ref().map(|text| text.text.as_str()),
            ["0.2", "14 January 2026", "Idris Vale", "First complete draft."]
        );
    }

    #[test]
    fn a_version_without_number_is_a_word_of_its_own_in_the_margin_too() {
        let (mut control, strings) = (control(), strings());
        let said = |control: &Control| furniture(Field::Version, control, &strings);
        assert_eq!(said(&control), "Version 0.3");
        control.version = Version::Number(Text::literal("draft for comment"));
        assert_eq!(said(&control), "draft for comment");
        control.version = Version::Draft;
        assert_eq!(said(&control), "draft");
    }

    #[test]
    fn what_says_nothing_is_left_out_of_a_place() {
        let (mut control, strings) = (control(), strings());
        let place: Place = serde_json::from_value(serde_json::json!([
            ["logo", "organisation", "page", "Of {organisation}"],
            ["state", "organisation-name", "owner", "kind", "standard"]
        ]))
        .unwrap();
        control.organisation_short.text = String::new();
        control.state = State::Issued;
        let lines = shown(&place, false, &control, &strings);
        let words = |text: &str| Said::Words(text.to_owned());
        assert_eq!(
            lines[0],
            [Shown::Words(vec![Said::Page]), Shown::Words(vec![words("Of "), words("")])],
            "neither logo nor organisation"
        );
        let said: Vec<_> = lines[1].iter().map(|part| format!("{part:?}")).collect();
        assert_eq!(said.len(), 4, "nothing is said of the state of what is issued: {said:?}");
        assert!(said[1].contains("Chief information security officer"), "{said:?}");
        assert_eq!(shown(&place, true, &control, &strings)[0][0], Shown::Logo);
    }

    #[test]
    fn a_post_is_named_without_who_holds_it() {
        let party = |name: Option<&str>, role: &str| {
            let name = name.map(Text::literal);
            Party { role: Text::literal(role), name, key: "r".into(), causes: Vec::new() }
        };
        let said = |name, role| plain(&post(&party(name, role)));
        assert_eq!(said(Some("Ada Quill"), "partner"), "partner");
        assert_eq!(said(Some("Ada Quill"), ""), "Ada Quill");
        assert_eq!(said(None, "clerk"), "clerk");
        let signed = |name, role| signing(&party(name, role)).map(|name| name.text.clone());
        assert_eq!(signed(Some("Ada Quill"), "partner"), None);
        assert_eq!(signed(Some("Ada Quill"), "Ada Quill").as_deref(), Some("Ada Quill"));
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
