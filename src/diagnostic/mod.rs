//! What Folio tells its user: [`Diagnostic`]s, collected in a [`Sink`], each with a [`Code`] that [`codes`] explains.

use std::fmt;

use ecow::EcoString;
use serde::Serialize;

pub mod codes;
mod id;
pub mod screen;
mod sink;
pub mod source;
pub mod text;

pub use codes::{Code, Kind};
pub use id::Id;
pub use sink::Sink;
pub use source::Span;

/// The longest line that is shown, in bytes.
pub(crate) const MAX_LINE: usize = 64 << 10;

/// The longest name that a suggestion is looked for, in characters.
const MAX_NAME: usize = 100;

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; asks for nothing.
    Note,
    /// Something to look at; stops nothing.
    Warning,
    /// A finding of a pack's check that stops an issue, not a draft.
    Error,
    /// A fault: nothing is written.
    Fault,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error | Severity::Fault => "error",
        })
    }
}

/// One problem: what, where, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// What `folio explain` takes: one of [`codes`], or the id of a pack's check.
    pub code: Id,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence, with the offending text.
    pub message: String,
    /// The workspace's folder as the user named it, where several are worked on.
    pub workspace: Option<EcoString>,
    /// Where it stands.
    pub span: Option<Span>,
    /// The line of the source at `span`, without its line end, to show with a caret.
    pub excerpt: Option<String>,
    /// The profile path that is meant, such as `risks[R-07].owner`.
    pub path: Option<String>,
    /// The key that is missing. The message names it for people; whoever decides by it reads it here.
    pub key: Option<EcoString>,
    /// What to do about it.
    pub help: Vec<String>,
    /// Other places that matter: each with what is to be seen there.
    pub related: Vec<(Span, String)>,
    /// How many of its kind it stands for, itself among them.
    pub count: usize,
    /// The first places of the others that it stands for.
    pub places: Vec<Span>,
}

impl Diagnostic {
    /// A fault with the given code.
    pub fn fault(code: &'static Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Fault, message)
    }

    /// A warning with the given code.
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, Severity::Warning, message)
    }

    /// A diagnostic whose code need not be the engine's own.
    pub fn new(code: impl Into<Id>, severity: Severity, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: code.into(),
            severity,
            message: message.into(),
            workspace: None,
            span: None,
            excerpt: None,
            path: None,
            key: None,
            help: Vec::new(),
            related: Vec::new(),
            count: 1,
            places: Vec::new(),
        }
    }

    /// The same, at a place.
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Diagnostic {
        self.span = span.into();
        self
    }

    /// The same, with the line of `source` that the place names, unless it is longer than anybody looks at.
    pub fn excerpt_from(mut self, source: &str) -> Diagnostic {
        if let Some(span) = self.span.as_ref().filter(|span| span.line > 0 && span.sheet.is_none()) {
            let line = source.lines().nth(span.line as usize - 1);
            self.excerpt = line.filter(|line| line.len() <= MAX_LINE).map(str::to_owned);
        }
        self
    }

    /// The same, about a profile path.
    pub fn path(mut self, path: impl Into<String>) -> Diagnostic {
        self.path = Some(path.into());
        self
    }

    /// The same, about a key that is missing.
    pub fn key(mut self, key: impl Into<EcoString>) -> Diagnostic {
        self.key = Some(key.into());
        self
    }

    /// The same, with a line of help.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// The same, with a suggestion when one of `known` is close to `given`.
    pub fn suggest<'a>(self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        match nearest(given, known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// The same, with another place that matters.
    pub fn related(mut self, span: Span, what: impl Into<String>) -> Diagnostic {
        self.related.push((span, what.into()));
        self
    }

    /// The same, in one of several workspaces: its folder as the user named it.
    pub fn workspace(mut self, folder: impl Into<EcoString>) -> Diagnostic {
        self.workspace = Some(folder.into());
        self
    }

    /// Whether it stops the run before anything is written.
    pub fn is_fault(&self) -> bool {
        self.severity == Severity::Fault
    }
}

/// The one of `known` that `given` was probably meant to be.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = given.to_lowercase().replace('-', "_");
    let length = given.chars().count();
    known
        .into_iter()
        .filter_map(|name| {
            let own = name.chars().count();
            let most = 1.max(own.min(length) / 3);
            // A length that differs by more, or that no name has, needs no closer look.
            if own.abs_diff(length) > most || own.min(length) > MAX_NAME {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&folded, &name.to_lowercase().replace('-', "_"));
            (distance <= most).then_some((distance, name))
        })
        .min_by_key(|(distance, name)| (*distance, name.len()))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("ownr", ["name", "owner"]), Some("owner"));
        assert_eq!(nearest("short-name", ["short_name", "name"]), Some("short_name"));
        assert_eq!(nearest("colour", ["owner", "name"]), None);
    }
}
