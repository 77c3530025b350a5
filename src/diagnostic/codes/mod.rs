//! Every code that the engine reports, with what it means, why it matters, an example and the cure.
//!
//! Ranges: F1xx workspace and files, F2xx profile and registers, F3xx packs and templates, F4xx documents,
//! F5xx typesetting, F6xx output, F7xx issuing. A pack's checks have ids of their own.

pub mod document;
pub mod issue;
pub mod output;
pub mod pack;
pub mod profile;
pub mod typeset;
pub mod workspace;

/// Where a problem lies, and so how the program ends when it is a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In what stands in a workspace or a pack: exit 1.
    Content,
    /// In what was asked for: exit 2.
    Usage,
    /// In reading, writing or fetching: exit 2.
    InputOutput,
}

/// What `folio explain` knows about a code.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// The code itself, such as `F201`.
    pub id: &'static str,
    /// Where the problem lies.
    pub kind: Kind,
    /// A few words that name it.
    pub title: &'static str,
    /// What is wrong.
    pub what: &'static str,
    /// Why Folio stops or speaks.
    pub why: &'static str,
    /// Input that shows it.
    pub example: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// All codes, in order.
pub fn all() -> impl Iterator<Item = &'static Code> {
    [workspace::ALL, profile::ALL, pack::ALL, document::ALL, typeset::ALL, output::ALL, issue::ALL]
        .into_iter()
        .flatten()
        .copied()
}

/// Declares codes and the table `ALL` of a file. A code is about content, unless it says its `kind`.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $title:literal {
        what: $what:literal, why: $why:literal, example: $example:literal, fix: $fix:literal
        $(, kind: $kind:ident)? $(,)?
    })*) => {
        $($(#[$doc])* #[doc = concat!("`", $id, "`: ", $title, ". ", $what)]
        pub static $name: $crate::diagnostic::Code = $crate::diagnostic::Code {
            id: $id, kind: $crate::diagnostic::codes::codes!(@ $($kind)?), title: $title, what: $what, why: $why, example: $example, fix: $fix,
        };)*
        /// The codes of this file, in order.
        pub static ALL: &[&$crate::diagnostic::Code] = &[$(&$name),*];
    };
    (@) => { $crate::diagnostic::Kind::Content };
    (@ $kind:ident) => { $crate::diagnostic::Kind::$kind };
}
pub(crate) use codes;

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_unique_and_explained() {
        let mut seen = std::collections::BTreeSet::new();
        for code in super::all() {
            assert!(seen.insert(code.id), "{} twice", code.id);
            for text in [code.title, code.what, code.why, code.example, code.fix] {
                assert!(!text.trim().is_empty(), "{}", code.id);
            }
        }
    }
}
