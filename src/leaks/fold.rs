//! Texts as a reader hears them: whatever the letters' size, blanks and composition.

use unicode_normalization::UnicodeNormalization as _;

/// A text without what does not make another name of a name: capitals, kinds and numbers of blanks, composition and
/// width of letters, kinds of dashes and quotes, and characters that are not seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) text: String,
    /// Where capitals stood, in order.
    capitals: Vec<usize>,
}

impl Folded {
    pub(super) fn new(text: &str) -> Folded {
        let mut folded = Folded::default();
        for c in text.chars().filter(|c| !is_unseen(*c)).nfkc() {
            match plain(c) {
                ' ' if folded.text.ends_with(' ') => {}
                c => {
                    if c.is_uppercase() {
                        folded.capitals.push(folded.text.len());
                    }
                    // Small letters come before and after, for letters that only one of the two ways changes.
                    let small = c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
                    folded.text.extend(small);
                }
            }
        }
        folded
    }

    /// Whether a capital stood at a place of the folded text.
    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.capitals.binary_search(&at).is_ok()
    }

    /// Whether it is a single word that begins with a capital and goes on as any word might.
    pub(super) fn is_word(&self) -> bool {
        let has_rest = !self.capitals.is_empty() && (self.capitals[0] == 0);
        let is_plain = self.capitals.len() == 1 || self.capitals.len() == self.text.chars().count();
        has_rest && is_plain && self.text.chars().all(char::is_alphabetic)
    }
}

/// Characters that take no room: the soft hyphen, joiners, marks of direction, selectors of variants.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2BC}' | '\u{B4}' | '`' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{201E}' => '"',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sounds_the_same_is_the_same() {
        let name = Folded::new("Café Böhm-Straße").text;
        for text in [
            "CAFÉ BÖHM-STRASSE",
            "café böhm-straße",
            "Café\u{A0}Böhm-Straße",
            "Café  Böhm-Straße",
            "Café\nBöhm-Straße",
            "Cafe\u{301} Bo\u{308}hm-Straße",
            "Ca\u{AD}fé Bö\u{200B}hm-Straße",
            "Cafe\u{200D}\u{301} Böhm\u{2011}Straße",
            "Ｃafé Böhm‐Straſſe",
        ] {
            assert_eq!(Folded::new(text).text, name, "{text:?}");
        }
        assert_ne!(Folded::new("Cafe Bohm-Strasse").text, name);
    }

    #[test]
    fn a_word_is_told_from_a_name() {
        for (name, is_word) in [
            ("Target", true),
            ("TARGET", true),
            ("target", false),
            ("LogMe", false),
            ("Two Words", false),
            ("A4", false),
        ] {
            assert_eq!(Folded::new(name).is_word(), is_word, "{name}");
        }
    }
}
