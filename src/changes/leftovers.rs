//! Names and figures that left the profile and still stand in its texts.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::history::Facts;
use crate::workspace::Workspace;

/// A word that stands where what it names is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Leftover {
    /// The name or figure, as it stands there.
    pub word: String,
    /// The path at which it stood.
    pub was: String,
    /// The path of the text that has it; of an override, `document/block`.
    pub path: String,
    /// Where it stands.
    pub at: Span,
    /// Whether it may be right there: the text is of a day before.
    pub is_note: bool,
}

/// What of some facts left the profile and still stands in its texts and overrides.
pub fn leftovers(_old: &Facts, _new: &Facts, _workspace: &Workspace) -> Vec<Leftover> {
    Vec::new()
}
