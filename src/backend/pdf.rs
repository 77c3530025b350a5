//! PDF: the pages, as they were laid out.

use super::{Format, Write};

/// PDF/A-2a and PDF/UA-1.
pub const FORMAT: Format = Format { name: "pdf", extension: "pdf", write: Write::Pages(|_, printed| printed.pdf()) };
