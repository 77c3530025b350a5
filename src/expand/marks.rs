//! How values travel through Markdown unharmed.
//!
//! Each byte of a value becomes one private-use character (`U+E000` + byte), which means nothing to Markdown in any
//! context. Around it stand marks that say where the value came from; further marks say which template line follows
//! and which conditions hold. Templates and profiles may hold no private-use characters, so none can be forged.

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
/// Ends what hangs on conditions.
const CAUSE_END: char = '\u{E124}';
/// A template went into a block, or into its `else`; its number is twice the block's site, and one more for the `else`.
const ARM: char = '\u{E125}';
/// Ends the number of a mark.
const END: char = '\u{E12F}';

/// A mark on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Site(usize),
    Cause(usize),
    CauseEnd,
    Arm(usize, bool),
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Mark::Site(number) => write!(f, "{SITE}{}{END}", digits(*number)),
            Mark::Cause(number) => write!(f, "{CAUSE}{}{END}", digits(*number)),
            Mark::CauseEnd => write!(f, "{CAUSE_END}{END}"),
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

/// Takes the marks of sites, causes and arms out of an expanded text, calling `see` with each and the offset where it stood.
pub(super) fn strip(text: &str, mut see: impl FnMut(Mark, usize)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([SITE, CAUSE, CAUSE_END, ARM]) {
        out.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        let kind = after.next();
        let (number, tail) = number(after.as_str());
        see(
            match kind {
                Some(SITE) => Mark::Site(number),
                Some(CAUSE) => Mark::Cause(number),
                Some(ARM) => Mark::Arm(number / 2, number % 2 == 1),
                _ => Mark::CauseEnd,
            },
            out.len(),
        );
        rest = tail;
    }
    out.push_str(rest);
    out
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
    fn marks_leave_no_trace() {
        let text = format!("a{}b{}{}c{}d", Mark::Site(0), Mark::Cause(17), Mark::Arm(300, true), Mark::CauseEnd);
        let mut seen = Vec::new();
        assert_eq!(strip(&text, |mark, at| seen.push((mark, at))), "abcd");
        assert_eq!(seen, [(Mark::Site(0), 1), (Mark::Cause(17), 2), (Mark::Arm(300, true), 2), (Mark::CauseEnd, 3)]);
    }
}
