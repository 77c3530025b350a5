//! What can be referred to in a document.

use std::collections::BTreeMap;

/// What can be referred to in a document, by id.
pub type Labels = BTreeMap<String, Label>;

/// Something that can be referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// A heading, with its number.
    Heading(String),
    /// A table, with its number.
    Table(u32),
    /// A figure, with its number.
    Figure(u32),
}
