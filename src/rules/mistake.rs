//! What is wrong in a rule, in an author's words.

use super::Expression;
use crate::diagnostic::{Code, Diagnostic, nearest};

/// A mistake: what is wrong, what to do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) code: &'static Code,
    /// What is wrong, with what was written.
    pub(super) message: String,
    /// What to do, when the message does not say so itself.
    pub(super) help: Option<String>,
    /// The first character of the expression that it is about, and how many there are.
    pub(super) at: Option<(usize, usize)>,
}

impl Mistake {
    pub(super) fn new(code: &'static Code, message: impl Into<String>) -> Mistake {
        Mistake { code, message: message.into(), help: None, at: None }
    }

    pub(super) fn at(self, first: usize, length: usize) -> Mistake {
        Mistake { at: Some((first, length)), ..self }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Mistake {
        Mistake { help: Some(help.into()), ..self }
    }

    /// The mistake as a fault, at its place in the file.
    pub(super) fn fault(self, expression: &Expression) -> Diagnostic {
        let span = self.at.map_or_else(|| expression.span.clone(), |(first, length)| expression.place(first, length));
        let fault = Diagnostic::fault(self.code, self.message).at(span);
        self.help.into_iter().fold(fault, Diagnostic::help)
    }
}

/// `; did you mean …?`, when one of `known` is close to what was written.
pub(super) fn meant<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
