//! How alike two words for one thing are: a heading of somebody's list, and what a schema calls the same.

use unicode_normalization::UnicodeNormalization as _;

/// The most characters of a heading that are compared.
const MAX_HEADING: usize = 120;

/// From which share of their letters on two headings are alike.
const ALIKE: u32 = 60;

/// The fewest letters that a word is cut short to.
const LEAST: usize = 3;

/// How well a heading fits a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Some of the words, in percent of their letters.
    Some(u32),
    /// The same words, some of them cut short: `Integr.`; and whether a dot says so.
    Short(bool),
    /// The same words, written another way.
    Words,
    /// The name as it stands there, but for capitals.
    Same,
}

/// A heading, prepared to be compared with many names.
#[derive(Debug, Clone)]
pub(super) struct Folded {
    plain: String,
    /// Without what stands in brackets.
    words: Vec<String>,
    /// With it.
    full: Vec<String>,
    /// The parts of `Owner / Responsible`, when there are several.
    parts: Vec<Vec<String>>,
}

impl Folded {
    /// A heading or a name.
    pub(super) fn of(text: &str) -> Folded {
        let text: String = text.trim().chars().take(MAX_HEADING).collect();
        let outside = outside_brackets(&text);
        let parts: Vec<Vec<String>> = outside.split(['/', '|']).map(words).filter(|part| !part.is_empty()).collect();
        let mut own = words(&outside);
        if own.is_empty() {
            own = words(&text);
        }
        Folded {
            plain: text.to_lowercase(),
            full: words(&text),
            words: own,
            parts: if parts.len() > 1 { parts } else { Vec::new() },
        }
    }

    /// How well it fits a name.
    pub(super) fn likeness(&self, name: &Folded) -> Option<Likeness> {
        if self.plain == name.plain && !self.plain.is_empty() {
            return Some(Likeness::Same);
        }
        if self.words.is_empty() || name.words.is_empty() {
            return None;
        }
        // Of a name, what stands in brackets counts: `Likelihood (residual)` is not `Likelihood`.
        if self.full == name.full || joined(&self.words) == joined(&name.full) {
            return Some(Likeness::Words);
        }
        if is_short_for(&self.words, &name.full) {
            return Some(Likeness::Short(self.plain.contains('.')));
        }
        let best = std::iter::once(&self.words).chain(&self.parts).map(|own| shared(own, &name.full)).max()?;
        // One of two words for a thing fits wholly, and says less than both.
        (best >= ALIKE).then_some(Likeness::Some(best.min(95)))
    }

    /// Whether all parts of a heading such as `Likelihood / Probability` are among some names.
    pub(super) fn is_all_of(&self, names: &[Folded]) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| names.iter().any(|name| name.full == *part))
    }

    /// Whether a sheet or file that is called so is called as a register is: years, versions and numbers are no part of it.
    pub(super) fn is_name(&self, name: &Folded) -> bool {
        let own = |folded: &Folded| {
            let words = folded.full.iter().filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
            words.map(String::as_str).collect::<String>()
        };
        let (this, other) = (own(self), own(name));
        !this.is_empty() && this == other
    }

    /// Its words with one space between them: equal for what is written alike.
    pub(super) fn key(&self) -> String {
        self.full.join(" ")
    }

    /// The same without what stands in brackets.
    pub(super) fn short(&self) -> String {
        self.words.join(" ")
    }
}

fn joined(words: &[String]) -> String {
    words.concat()
}

/// Whether some words are others, cut short.
fn is_short_for(these: &[String], those: &[String]) -> bool {
    let is_cut = |(this, that): (&String, &String)| {
        this == that || this.chars().count() >= LEAST && that.starts_with(this.as_str())
    };
    these.len() == those.len() && these != those && these.iter().zip(those).all(is_cut)
}

/// The share of letters that stand in words of both, in percent of those in either.
fn shared(these: &[String], those: &[String]) -> u32 {
    let letters = |words: &mut dyn Iterator<Item = &String>| words.map(|word| word.chars().count() as u32).sum::<u32>();
    let common = letters(&mut these.iter().filter(|word| those.contains(word)));
    let only = letters(&mut those.iter().filter(|word| !these.contains(word)));
    let all = letters(&mut these.iter()) + only;
    (common * 100).checked_div(all).unwrap_or_default()
}

/// A text without what stands in brackets: `Likelihood (1-5)`.
fn outside_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                kept.push(' ');
            }
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// The words of a text without case, accents, punctuation and the s of the plural.
fn words(text: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut before = ' ';
    for c in text.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    let folded: String = spaced.to_lowercase().replace('ß', "ss").nfkd().filter(|c| !is_mark(*c)).collect();
    // The apostrophe of a genitive is no gap.
    let folded = folded.replace(['\'', '’'], "");
    let parts = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(singular).collect()
}

/// Whether a character is an accent of the one before it.
fn is_mark(c: char) -> bool {
    ('\u{0300}'..='\u{036F}').contains(&c)
}

fn singular(word: &str) -> String {
    let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    if is_plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_alike() {
        let of = |a: &str, b: &str| Folded::of(a).likeness(&Folded::of(b));
        assert_eq!(of("OWNER", "Owner"), Some(Likeness::Same));
        assert_eq!(of("#", "#"), Some(Likeness::Same));
        for (a, b) in [
            ("Likelihood (1-5)", "likelihood"),
            ("Risk_Owner", "Risk owner"),
            ("RiskOwner:", "risk owner"),
            ("Assets", "Asset"),
            ("Verfügbarkeit", "VERFUGBARKEIT"),
            ("Straße", "strasse"),
            ("Supplier's name", "Suppliers name"),
            ("Sub-category", "subcategory"),
        ] {
            assert_eq!(of(a, b), Some(Likeness::Words), "{a} {b}");
        }
        assert!(matches!(of("Date of last review", "Last review date"), Some(Likeness::Some(_))));
        assert!(matches!(of("Owner / Contact", "Owner"), Some(Likeness::Some(_))));
        assert_eq!(of("Integr.", "Integrity"), Some(Likeness::Short(true)));
        assert_eq!(of("Resp. person", "Responsible person"), Some(Likeness::Short(true)));
        assert_eq!(of("Desc", "Description"), Some(Likeness::Short(false)));
        assert_eq!(of("In.", "Integrity"), None);
        let is_name = |a: &str, b: &str| Folded::of(a).is_name(&Folded::of(b));
        assert!(is_name("Risks 2026", "Risk") && is_name("Risk-Register_v2", "Risk register"));
        assert!(!is_name("Risk guide", "Risks") && !is_name("2026", "2025"));
        assert_eq!(of("Impact", "Likelihood"), None);
        assert_eq!(of("", "Likelihood"), None);
        assert_eq!(of("()", "[]"), None);
        let names = [Folded::of("Likelihood"), Folded::of("Probability")];
        assert!(Folded::of("Likelihood/Probability").is_all_of(&names));
    }
}
