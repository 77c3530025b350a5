//! Which page each label falls on: what the `typeset` stage tells the Word backend.

use std::collections::BTreeMap;

/// Page numbers of a laid-out document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pages {
    /// How many pages there are.
    pub count: u32,
    /// The page, from 1, of each label: headings, tables and figures.
    pub of: BTreeMap<String, u32>,
}
