//! Articles that stand before no person's name.
//!
//! Texts write `the {{role …}}`. Where a person is named in place of a role, the text says `Ada Moor` and not `the Ada Moor`:
//! an article directly before such a name goes, and of `zum` there stays `zu`. Where the forms of roles bring their own
//! articles, texts write none, and a word before a name is not one: nothing goes.

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::holders::{PEOPLE_AS_ROLES, ROLES};
use crate::strings::Strings;

/// The people who stand where roles are asked for, and the words that go before their names.
#[derive(Debug, Clone, Default)]
pub struct Articles {
    /// Names, and their other forms; the longest first.
    names: Vec<String>,
    /// Articles, and words that hold one, in small letters; each with what stays of it.
    words: Vec<(String, String)>,
}

impl Articles {
    /// Those of a language and a profile.
    pub fn of(strings: &Strings, profile: &Json) -> Articles {
        let rows = profile[PEOPLE_AS_ROLES].as_array().into_iter().flatten();
        let text = |value: &Json| value.as_str().map(str::to_owned).filter(|name| !name.trim().is_empty());
        let forms = |row: &Json| {
            row["forms"].as_object().into_iter().flatten().filter_map(|(_, form)| text(form)).collect::<Vec<_>>()
        };
        let mut names: Vec<String> = rows.flat_map(|row| text(&row["title"]).into_iter().chain(forms(row))).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.dedup();
        let mut words = if names.is_empty() { Vec::new() } else { strings.articles() };
        let forms = profile[ROLES].as_array().into_iter().flatten().flat_map(forms);
        let begins = |form: &String| form.split_whitespace().next().is_some_and(|first| left(&words, first).is_some());
        if forms.into_iter().any(|form| begins(&form)) {
            words.clear();
        }
        Articles { names, words }
    }

    /// Whether there is nobody before whose name articles go.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether a text begins with the name of such a person.
    pub fn begins(&self, text: &str) -> bool {
        self.name(text).is_some()
    }

    /// The name that a text begins with.
    fn name(&self, text: &str) -> Option<&str> {
        let is_whole = |name: &&String| {
            let rest = text.strip_prefix(name.as_str());
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        self.names.iter().find(is_whole).map(String::as_str)
    }

    /// What stays of a word that stands before a name; nothing of one that may stay.
    fn left(&self, word: &str) -> Option<String> {
        let left = left(&self.words, word)?;
        let is_capital = word.chars().next().is_some_and(char::is_uppercase);
        let mut letters = left.chars();
        Some(match letters.next().filter(|_| is_capital) {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => left.to_owned(),
        })
    }

    /// A text without the articles before such names.
    pub fn mended<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.names.is_empty() || !self.names.iter().any(|name| text.contains(name.as_str())) {
            return Cow::Borrowed(text);
        }
        let mut said = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let is_inside = said.chars().next_back().is_some_and(char::is_alphanumeric);
            match self.name(rest).filter(|_| !is_inside) {
                Some(name) => {
                    let kept = self.kept(&said);
                    said = kept.unwrap_or(said);
                    said.push_str(name);
                    rest = &rest[name.len()..];
                }
                None => {
                    said.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        Cow::Owned(said)
    }

    /// A text that ends before a name, without the article at its end; nothing where it has none there.
    pub fn kept(&self, text: &str) -> Option<String> {
        let words = text.trim_end_matches([' ', '\u{a0}', '\t']);
        let before = words.trim_end_matches(char::is_alphabetic);
        if words.len() == text.len() || before.ends_with(['-', '\'', '\u{2019}']) || before.ends_with(char::is_numeric)
        {
            return None;
        }
        let left = self.left(&words[before.len()..])?;
        let gap = if left.is_empty() { "" } else { &text[words.len()..] };
        Some(format!("{before}{left}{gap}"))
    }
}

/// What stays of a word, of those that do not stay as they are.
fn left<'w>(words: &'w [(String, String)], word: &str) -> Option<&'w str> {
    let small = word.to_lowercase();
    words.iter().find(|(known, _)| *known == small).map(|(_, left)| left.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::strings;

    fn articles(tag: &str) -> Articles {
        let mut strings = strings();
        strings.speak(tag).unwrap();
        let forms = json!({"genitive": "Ada Moors"});
        let rows = json!([{"title": "Ada Moor", "forms": forms}, {"title": "de Vries"}]);
        Articles::of(&strings, &json!({PEOPLE_AS_ROLES: rows}))
    }

    #[test]
    fn an_article_before_a_person_goes() {
        let english = articles("en-GB");
        for (text, wanted) in [
            ("The Ada Moor decides; ask the Ada Moor.", "Ada Moor decides; ask Ada Moor."),
            ("a deputy of the de Vries, an Ada Moor", "a deputy of de Vries, Ada Moor"),
            (
                "the Ada Moores, breathe Ada Moor, the-Ada Moor, the ADA MOOR",
                "the Ada Moores, breathe Ada Moor, the-Ada Moor, the ADA MOOR",
            ),
            ("the lead and the Ada Moor", "the lead and Ada Moor"),
            ("", ""),
        ] {
            assert_eq!(english.mended(text), wanted);
        }
        let german = articles("de-DE");
        for (text, wanted) in [
            ("Der Ada Moor entscheidet.", "Ada Moor entscheidet."),
            ("Zum Ada Moor, vom Ada Moor, mit der Ada Moor", "Zu Ada Moor, von Ada Moor, mit Ada Moor"),
            ("die Aufgaben des Ada Moors", "die Aufgaben Ada Moors"),
        ] {
            assert_eq!(german.mended(text), wanted);
        }
        let roles = json!([{"forms": {"dative": "dem Leiter"}}]);
        let mut words = strings();
        words.speak("de-DE").unwrap();
        let carried = Articles::of(&words, &json!({PEOPLE_AS_ROLES: [{"title": "Ada Moor"}], "roles": roles}));
        assert_eq!(carried.mended("der Text, den Ada Moor prüft"), "der Text, den Ada Moor prüft");
        assert_eq!(Articles::of(&strings(), &json!({})).mended("the Ada Moor"), "the Ada Moor");
    }
}
