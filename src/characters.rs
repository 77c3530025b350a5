//! Characters that no input may hold, and texts held against one another however they are written.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Whether a character is of the private-use area (U+E000 to U+F8FF): no font says what it shows, and values travel
/// through Markdown in such characters alone.
pub(crate) fn is_private(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}

/// A text as it is held against others: small letters and figures alone, without accents.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            c if c.is_alphanumeric() => folded.push(c),
            _ => {}
        }
    }
    folded
}

/// A key made from a text: its words in small letters without accents, the first eight, joined by hyphens.
pub(crate) fn slug(text: &str) -> String {
    let apart = |c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’');
    let words = text.split(apart).map(folded).map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect());
    let words: Vec<String> = words.filter(|word: &String| !word.is_empty()).take(8).collect();
    words.join("-")
}
