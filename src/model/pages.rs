//! Which page each label falls on: what the `typeset` stage tells backends.

use std::collections::BTreeMap;

use crate::diagnostic::Sink;

/// Page numbers of a laid-out document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pages {
    /// How many pages there are.
    pub count: u32,
    /// The page, from 1, of each label: headings, tables and figures.
    pub of: BTreeMap<String, u32>,
}

/// A document that was laid out, whatever laid it out.
pub trait Printed {
    /// Where its labels fall.
    fn pages(&self) -> &Pages;

    /// The pages as PDF: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) together.
    ///
    /// # Errors
    /// When the document breaks a rule of those standards.
    fn pdf(&self) -> Result<Vec<u8>, Sink>;
}
