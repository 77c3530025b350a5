//! Message tables: every text that rules give, by its key, so that rules hold logic alone and a pack in another language
//! lays its own words over the same rules.

mod message;
mod say;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;

pub(crate) use message::ON;
pub use message::{MAX_BYTES, Message, Mistake};
pub use say::Slot;

use crate::articles::Articles;
use crate::diagnostic::{Span, nearest};
use crate::language::Language;

/// The messages of a pack, those of its bases among them.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    /// The language that slots are filled in by.
    pub language: Language,
    /// What rules say with `text(…)`.
    pub texts: BTreeMap<EcoString, Entry>,
    /// What checks say and explain.
    pub checks: BTreeMap<EcoString, Words>,
    /// What comments of the starter say, by what they say in the file.
    pub starter: BTreeMap<EcoString, EcoString>,
    /// The articles that stand before no person's name.
    pub articles: Arc<Articles>,
}

/// A message of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What it says.
    pub message: Message,
    /// How it is written.
    pub written: EcoString,
    /// Where it stands.
    pub span: Span,
    /// The pack that it comes from, counted outwards in.
    pub layer: usize,
}

/// The words of a check, each from the outermost pack that has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Words {
    /// What is said.
    pub message: Option<Entry>,
    /// Why it matters and what to do.
    pub explain: Option<Explained>,
}

/// A text without slots of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The text.
    pub text: EcoString,
    /// Where it stands.
    pub span: Span,
    /// The pack that it comes from, counted outwards in.
    pub layer: usize,
}

impl Messages {
    /// What a key says.
    ///
    /// # Errors
    /// That no table has the key, with the nearest that one has.
    pub fn text(&self, key: &str) -> Result<&Entry, String> {
        self.texts.get(key).ok_or_else(|| {
            let near = nearest(key, self.texts.keys().map(EcoString::as_str));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("no message table has `{key}`{near}")
        })
    }

    /// The keys that begin with some letters.
    pub fn beginning(&self, prefix: &str) -> impl Iterator<Item = &EcoString> {
        let from = self.texts.range(EcoString::from(prefix)..);
        from.map(|(key, _)| key).take_while(move |key| key.starts_with(prefix))
    }
}
