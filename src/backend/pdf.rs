//! PDF: the layout, exported.

use super::{Backend, Work};
use crate::diagnostic::Sink;

/// PDF/A-2a and PDF/UA-1.
pub(super) struct Pdf;

impl Backend for Pdf {
    fn extension(&self) -> &'static str {
        "pdf"
    }

    fn write(&self, work: &Work<'_>) -> Result<Vec<u8>, Sink> {
        work.layout.to_pdf()
    }
}
