//! The reader of Word files, ours or foreign: stories of paragraphs, tables, rows, cells and runs, each with its tracked
//! changes.
//!
//! It knows nothing of the writer, so that what it finds is a second opinion. What it does not know it keeps as it is.
//! A file may come from anywhere: how many parts it has, how much they unpack to and how deep they nest is bounded, names
//! of parts lead nowhere, entities are refused.
//!
//! - [`Package::read`] and [`Package::write`]: parts as trees of XML.
//! - [`stories`]: what stands in it, typed; [`lines`]: its text by paragraph, with the place of each.
//! - [`fn@resolve`]: all tracked changes accepted or rejected, as Word does it.
//! - [`difference`]: the first place where two files say something else, whoever wrote them.

use std::fmt;

use ecow::EcoString;

mod normal;
mod package;
mod resolve;
mod story;
mod tree;

pub use normal::{Normal, difference, normal};
pub use package::{Package, Part, Relation};
pub use resolve::{View, resolve};
pub use story::{Block, Cell, Change, Line, Paragraph, Piece, Revision, Row, Run, Story, Table, lines, stories};
pub use tree::{Attribute, Element, Node, Space};

/// Which story of a document something stands in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The document itself.
    Body,
    /// A header.
    Header {
        /// The section, from 1.
        section: usize,
        /// Its pages: `default`, `first`, `even`.
        pages: EcoString,
    },
    /// A footer.
    Footer {
        /// The section, from 1.
        section: usize,
        /// Its pages: `default`, `first`, `even`.
        pages: EcoString,
    },
    /// A footnote, by its id.
    Footnote(EcoString),
    /// An endnote, by its id.
    Endnote(EcoString),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Body => f.write_str("body"),
            Place::Header { section, pages } => write!(f, "header {pages} of section {section}"),
            Place::Footer { section, pages } => write!(f, "footer {pages} of section {section}"),
            Place::Footnote(id) => write!(f, "footnote {id}"),
            Place::Endnote(id) => write!(f, "endnote {id}"),
        }
    }
}

/// Why a Word file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no ZIP file, or a damaged one.
    Damaged,
    /// It is protected by a password, or a document of Word 97 to 2003.
    Compound,
    /// It has too many parts.
    TooMany,
    /// It unpacks to too much.
    TooLarge,
    /// A part nests too deeply, or has too many elements.
    TooDeep(String),
    /// The name of a part leads out of the package.
    Name(String),
    /// Two parts have one name.
    Twice(String),
    /// A part is no XML.
    Xml(String),
    /// A part declares a document type, or uses entities.
    Entities(String),
    /// It has no document in it.
    NoDocument,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Damaged => f.write_str("is not a Word file, or is damaged"),
            Unreadable::Compound => {
                f.write_str("is protected by a password, or a document of Word 97 to 2003 (.doc); save it as .docx")
            }
            Unreadable::TooMany => f.write_str("has more parts than a document needs"),
            Unreadable::TooLarge => f.write_str("unpacks to more than is read of a document"),
            Unreadable::TooDeep(part) => write!(f, "has more in its part `{part}` than is read of a document"),
            Unreadable::Name(part) => write!(f, "has a part whose name leads elsewhere: `{part}`"),
            Unreadable::Twice(part) => write!(f, "has two parts of one name: `{part}`"),
            Unreadable::Xml(part) => write!(f, "is damaged: its part `{part}` is not well-formed"),
            Unreadable::Entities(part) => {
                write!(f, "is not read: its part `{part}` has a document type or entities, which no Word file has")
            }
            Unreadable::NoDocument => f.write_str("is a package, but no Word document"),
        }
    }
}

impl std::error::Error for Unreadable {}
