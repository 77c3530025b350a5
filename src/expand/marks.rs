//! How values travel through Markdown unharmed.
//!
//! Each byte of a value becomes one private-use character (`U+E000` + byte), which means nothing to Markdown in any
//! context. Around it stand marks that say where the value came from; further marks say which template line follows
//! and which conditions hold. Templates and profiles may hold no private-use characters, so none can be forged.

use std::borrow::Cow;

use crate::articles::Articles;

/// The first of the 256 characters that stand for a value's bytes.
const BYTE: u32 = 0xE000;
/// The first of the sixteen characters that write the number of a mark.
const DIGIT: u32 = 0xE110;
/// Begins a value; its number is an index into the provenance table.
const VALUE: char = '\u{E120}';
/// Ends a value.
const VALUE_END: char = '\u{E121}';
/// What follows stands at a site of a template; its number is the site's.
const SITE: char = '\u{E122}';
/// What follows hangs on conditions; its number is an index into the table of causes.
const CAUSE: char = '\u{E123}';
/// Ends what the last mark began that has an end.
const CLOSE: char = '\u{E124}';
/// A template went into a block, or into its `else`; its number is twice the block's site, and one more for the `else`.
const ARM: char = '\u{E125}';
/// What follows is one turn of a loop; its number is an index into the table of items.
const ITEM: char = '\u{E126}';
/// What follows stands in a `{{#block}}`; its number is an index into the template's blocks.
const BLOCK: char = '\u{E127}';
/// Begins Markdown of the profile.
const MARKDOWN: char = '\u{E128}';
/// Ends it.
const MARKDOWN_END: char = '\u{E129}';
/// Ends the number of a mark.
const END: char = '\u{E12F}';

/// A mark on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Site(usize),
    Cause(usize),
    Arm(usize, bool),
    Item(usize),
    Block(usize),
    /// The end of a cause, an item or a block.
    Close,
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Mark::Site(number) => write!(f, "{SITE}{}{END}", digits(*number)),
            Mark::Cause(number) => write!(f, "{CAUSE}{}{END}", digits(*number)),
            Mark::Item(number) => write!(f, "{ITEM}{}{END}", digits(*number)),
            Mark::Block(number) => write!(f, "{BLOCK}{}{END}", digits(*number)),
            Mark::Close => write!(f, "{CLOSE}{END}"),
            Mark::Arm(site, otherwise) => write!(f, "{ARM}{}{END}", digits(site * 2 + usize::from(*otherwise))),
        }
    }
}

/// A value between its marks.
pub(crate) fn value(provenance: usize, text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3 + 24);
    out.push(VALUE);
    out.push_str(&digits(provenance));
    out.push(END);
    out.extend(text.bytes().filter_map(|byte| char::from_u32(BYTE + u32::from(byte))));
    out.push(VALUE_END);
    out
}

/// Markdown of the profile, its words between marks; what may be Markdown stands as it is.
///
/// A word begins with a letter and may hold digits and single spaces. Names of attributes, addresses in angle brackets,
/// entities, notes and directives are left alone.
pub(super) fn markdown(provenance: usize, text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3 + 24);
    out.push(MARKDOWN);
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with(":::") {
            out.push_str(line);
            continue;
        }
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let raw = match c {
                '{' => rest.find('}'),
                '<' => rest.find('>'),
                '&' => {
                    rest.find(';').filter(|end| rest[1..*end].chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
                }
                '[' if rest.starts_with("[^") => rest.find(']'),
                _ => None,
            };
            let end = match raw {
                Some(end) => end + 1,
                None if c.is_alphabetic() => word(rest),
                None => c.len_utf8(),
            };
            let part = &rest[..end];
            if raw.is_none() && c.is_alphabetic() {
                out.push_str(&value(provenance, part))
            } else {
                out.push_str(part)
            }
            rest = &rest[end..];
        }
    }
    out.push(MARKDOWN_END);
    out
}

/// Fits Markdown of the profile into the rows of tables in which it stands: a row is one line, and its bars part cells. The
/// blanks at its ends go, its paragraphs are parted by a line break, its lines are one, and a bar is text.
pub(super) fn fitted(text: String) -> String {
    if !text.contains(MARKDOWN) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(MARKDOWN) {
        out.push_str(before);
        let (inside, after) = after.split_once(MARKDOWN_END).unwrap_or((after, ""));
        let line = out.rsplit('\n').next().unwrap_or_default();
        match without_marks(line).trim_start().starts_with('|') {
            true => out.push_str(&in_cell(inside)),
            false => out.push_str(inside),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A text without values and marks: a template's own letters.
pub(crate) fn without_marks(text: &str) -> String {
    text.chars().filter(|c| !('\u{E000}'..='\u{EFFF}').contains(c)).collect()
}

fn in_cell(markdown: &str) -> String {
    let mut paragraphs: Vec<String> = vec![String::new()];
    for line in markdown.trim().lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            Some(last) if !last.is_empty() => paragraphs.push(String::new()),
            _ => {}
        }
    }
    let mut out = String::new();
    let mut is_escaped = false;
    for c in paragraphs.join("<br>").chars() {
        if c == '|' && !is_escaped {
            out.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        out.push(c);
    }
    out
}

/// How many bytes of a line are words that single spaces part.
fn word(line: &str) -> usize {
    let mut end = 0;
    let mut is_open = false;
    for (at, c) in line.char_indices() {
        if c.is_alphanumeric() {
            end = at + c.len_utf8();
            is_open = false;
        } else if c == ' ' && !is_open {
            is_open = true;
        } else {
            break;
        }
    }
    end
}

fn digits(number: usize) -> String {
    format!("{number:x}").chars().filter_map(|digit| char::from_u32(DIGIT + digit.to_digit(16)?)).collect()
}

fn digit(c: char) -> Option<usize> {
    let value = u32::from(c).checked_sub(DIGIT)?;
    (value < 16).then_some(value as usize)
}

/// Reads the number after a mark and the end of it; gives what follows.
fn number(text: &str) -> (usize, &str) {
    let mut number = 0usize;
    for (at, c) in text.char_indices() {
        match digit(c) {
            Some(digit) => number = number.saturating_mul(16).saturating_add(digit),
            None => return (number, text[at..].strip_prefix(END).unwrap_or(&text[at..])),
        }
    }
    (number, "")
}

/// How many bytes a text has when each byte of a value is one.
pub(super) fn length(text: &str) -> usize {
    // The lead byte of U+E000 to U+EFFF, among which are all bytes of values and all marks.
    text.len() - 2 * text.bytes().filter(|byte| *byte == 0xEE).count()
}

/// The last site that a text names.
pub(super) fn last_site(text: &str) -> Option<usize> {
    let after = text.rsplit_once(SITE)?.1;
    Some(number(after).0)
}

/// Shows the marks of an expanded text but those of values, each with the part before it; what follows the last has none.
pub(super) fn parts(text: &str, mut see: impl FnMut(&str, Option<Mark>)) {
    let mut begin = 0;
    let mut at = 0;
    let mut found = Vec::new();
    strip(text, |mark, _| found.push(mark));
    for mark in found {
        let Some(next) = text[at..].find([SITE, CAUSE, CLOSE, ARM, ITEM, BLOCK]).map(|next| at + next) else { break };
        see(&text[begin..next], Some(mark));
        at = next + mark.to_string().len();
        begin = at;
    }
    see(&text[begin..], None);
}

/// The places in the table of provenance of the values in a text.
pub(super) fn values(text: &str) -> Vec<usize> {
    text.match_indices(VALUE).map(|(at, mark)| number(&text[at + mark.len()..]).0).collect()
}

/// Takes all marks but those of values out of an expanded text, calling `see` with each and the offset where it stood.
pub(super) fn strip(text: &str, mut see: impl FnMut(Mark, usize)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([SITE, CAUSE, CLOSE, ARM, ITEM, BLOCK]) {
        out.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        let kind = after.next();
        let (number, tail) = number(after.as_str());
        see(
            match kind {
                Some(SITE) => Mark::Site(number),
                Some(CAUSE) => Mark::Cause(number),
                Some(ARM) => Mark::Arm(number / 2, number % 2 == 1),
                Some(ITEM) => Mark::Item(number),
                Some(BLOCK) => Mark::Block(number),
                _ => Mark::Close,
            },
            out.len(),
        );
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// A text without the articles that stand before the name of a person, though marks stand between the two.
pub(super) fn mended<'t>(text: &'t str, articles: &Articles) -> Cow<'t, str> {
    if articles.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut last: Option<(String, usize)> = None;
    while let Some(at) = rest.find(VALUE) {
        out.push_str(&rest[..at]);
        let (_, tail) = number(&rest[at + VALUE.len_utf8()..]);
        let end = tail.find(VALUE_END).map_or(tail.len(), |end| end + VALUE_END.len_utf8());
        let value = &rest[at..rest.len() - tail.len() + end];
        rest = &tail[end..];
        let said = plain(value);
        if !articles.begins(&said) {
            out.push_str(value);
            continue;
        }
        if let Some((name, end)) = last.as_ref().filter(|(name, _)| *name == said)
            && let Some(after) = twice(&out[*end..], rest)
        {
            let marks: String = out[*end..].chars().filter(|c| is_mark(*c)).collect();
            out.truncate(*end);
            out.push_str(&marks);
            last = Some((name.clone(), out.len()));
            rest = after;
            continue;
        }
        shorten(&mut out, articles);
        out.push_str(value);
        last = Some((said, out.len()));
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn is_mark(c: char) -> bool {
    ('\u{E110}'..=END).contains(&c) && !matches!(c, VALUE | VALUE_END)
}

/// What follows a name that stands a second time, as who holds a role stands after it: `Ada Moor (Ada Moor)` or
/// `Ada Moor, Ada Moor`; nothing where it is said twice for another reason.
fn twice<'t>(between: &str, after: &'t str) -> Option<&'t str> {
    let between: String = between.chars().filter(|c| !is_mark(*c)).collect();
    match between.as_str() {
        ", " => Some(after),
        " (" => after.trim_start_matches(is_mark).strip_prefix(')'),
        _ => None,
    }
}

/// Takes the article at the end of a text away, and leaves the marks after it.
fn shorten(text: &mut String, articles: &Articles) {
    let words = text.trim_end_matches(|c: char| is_mark(c) || matches!(c, ' ' | '\t' | '\u{a0}' | '\n'));
    let marked = &text[words.len()..];
    let marks: String = marked.chars().filter(|c| is_mark(*c)).collect();
    let gap: String = marked.chars().filter(|c| !is_mark(*c)).collect();
    // A paragraph that ended before the name has no article for it.
    if gap.is_empty() || gap.matches('\n').count() > 1 {
        return;
    }
    let line =
        words.rfind(['\n', VALUE_END, END]).map_or(0, |at| at + words[at..].chars().next().map_or(0, char::len_utf8));
    let Some(kept) = articles.kept(&format!("{} ", &words[line..])) else { return };
    let kept = format!("{kept}{marks}");
    text.truncate(line);
    text.push_str(&kept);
}

/// A run of text as the parser meets it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Run {
    /// The template's own words.
    Literal(String),
    /// A value, with its index into the provenance table.
    Value(usize, String),
}

/// Splits text of the parser's tree into runs, values decoded.
pub(crate) fn decode(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(VALUE) {
        if at > 0 {
            runs.push(Run::Literal(rest[..at].to_owned()));
        }
        let (provenance, tail) = number(&rest[at + VALUE.len_utf8()..]);
        let end = tail.find(VALUE_END).unwrap_or(tail.len());
        let bytes: Vec<u8> =
            tail[..end].chars().filter_map(|c| u8::try_from(u32::from(c).checked_sub(BYTE)?).ok()).collect();
        runs.push(Run::Value(provenance, String::from_utf8_lossy(&bytes).into_owned()));
        rest = tail[end..].strip_prefix(VALUE_END).unwrap_or("");
    }
    if !rest.is_empty() {
        runs.push(Run::Literal(rest.to_owned()));
    }
    runs
}

/// The same text with values decoded in place, for attributes and link targets.
pub(crate) fn plain(text: &str) -> String {
    decode(text)
        .into_iter()
        .map(|run| match run {
            Run::Literal(text) | Run::Value(_, text) => text,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_as_it_was() {
        for text in ["", "plain", "a|b *c* {{d}} \n é 漢 \u{1F600} \u{200b}"] {
            let marked = format!("before {} after", value(300, text));
            assert_eq!(
                decode(&marked),
                [Run::Literal("before ".into()), Run::Value(300, text.into()), Run::Literal(" after".into())]
            );
        }
    }

    #[test]
    fn a_byte_of_a_value_counts_once() {
        let text = format!("ab{}é{}漢", Mark::Site(7), value(3, "é漢x"));
        assert_eq!(length("ab é漢\u{F8FF}"), "ab é漢\u{F8FF}".len());
        assert_eq!(length(&text), 2 + 3 + 2 + 3 + 6 + 1 + 3, "mark, value's mark and its two ends, bytes");
        assert_eq!(last_site(&format!("{text}{}x", Mark::Site(300))), Some(300));
        assert_eq!(last_site("x"), None);
    }

    #[test]
    fn marks_leave_no_trace() {
        let marks = [
            (Mark::Site(0), 1),
            (Mark::Cause(17), 2),
            (Mark::Arm(300, true), 2),
            (Mark::Item(5), 3),
            (Mark::Block(1), 3),
            (Mark::Close, 4),
        ];
        let [a, b, c, d, e, f] = marks.map(|(mark, _)| mark);
        let mut seen = Vec::new();
        assert_eq!(strip(&format!("a{a}b{b}{c}c{d}{e}d{f}e"), |mark, at| seen.push((mark, at))), "abcde");
        assert_eq!(seen, marks);
    }

    #[test]
    fn markdown_in_a_row_is_one_line_of_one_cell() {
        let row = |text: &str| plain(&fitted(format!("a\n{}| {} | x |\n", Mark::Site(3), markdown(0, text))));
        let shown = |text: &str| without_site(&row(text));
        assert_eq!(shown("Some **bold** text.\n"), "a\n| Some **bold** text. | x |\n");
        assert_eq!(shown("\n\nOne\n  line.\n\n\nTwo | `a\\|b`.\n\n"), "a\n| One line.<br>Two \\| `a\\|b`. | x |\n");
        assert_eq!(plain(&fitted(markdown(0, "a\n\nb | c\n"))), "a\n\nb | c\n", "outside of a row it stays as it is");
    }

    fn without_site(text: &str) -> String {
        strip(text, |_, _| {})
    }

    #[test]
    fn markdown_of_the_profile_stays_markdown() {
        let text = "1. Two *fine words*, R&amp;D <https://a.b>\n:::note\n[a b](c)[^n] `x`{.field name=y}\n";
        let marked = fitted(markdown(7, text));
        assert_eq!(plain(&marked), text);
        let runs = decode(&marked);
        let words: Vec<&str> = runs
            .iter()
            .filter_map(|run| match run {
                Run::Value(7, text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(words, ["Two", "fine words", "R", "D", "a b", "c", "x"]);
    }
}
