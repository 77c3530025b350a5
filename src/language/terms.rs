//! Terms with their forms, as a pack's `forms.yaml` has them: case, number, gender, with an article.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The form that stands for a term where no other is asked for.
const BASE: &str = "nominative";

/// `forms.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The forms of each term, in the order in which they are written.
    #[serde(default)]
    terms: BTreeMap<String, Map<String, Json>>,
}

impl Terms {
    /// The form of a term, when it has it.
    pub fn form(&self, term: &str, form: &str) -> Option<&str> {
        self.terms.get(term)?.get(form)?.as_str()
    }

    /// How a term is called: its nominative, or the form that is written first.
    pub fn base(&self, term: &str) -> Option<&str> {
        let forms = self.terms.get(term)?;
        forms.get(BASE).or_else(|| forms.values().next())?.as_str()
    }

    /// The terms.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.terms.keys().map(String::as_str)
    }
}
