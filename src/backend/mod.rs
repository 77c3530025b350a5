//! Backends: a resolved document in, the bytes of one format out.
//!
//! To add one: a folder beside these with a `write`, a variant of [`Format`], a row in [`of`], and golden files in
//! `tests/`. A backend returns bytes and knows no paths.

pub mod docx;
pub mod pdf;

use crate::diagnostic::Sink;
use crate::model::{Document, Images, Pages};
use crate::strings::Strings;
use crate::theme::Theme;
use crate::typeset::Layout;

/// A format that documents are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Office Open XML, WordprocessingML (ISO/IEC 29500-1).
    Docx,
    /// PDF/A-2a and PDF/UA-1 (ISO 19005-2, ISO 14289-1).
    Pdf,
}

impl Format {
    /// All formats, in the order in which they are written.
    pub const ALL: [Format; 2] = [Format::Docx, Format::Pdf];

    /// The ending of its files, without a dot.
    pub fn extension(self) -> &'static str {
        of(self).extension()
    }

    /// The name in settings, options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Pdf => "pdf",
        }
    }
}

/// What a backend is given.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// The document.
    pub document: &'a Document,
    /// How it looks.
    pub theme: &'a Theme,
    /// The engine's words.
    pub strings: &'a Strings,
    /// The pictures.
    pub images: &'a Images,
    /// The page of each label, by the PDF's layout.
    pub pages: &'a Pages,
    /// The layout itself.
    pub layout: &'a Layout,
}

/// What writes a format.
pub trait Backend: Sync {
    /// The ending of its files, without a dot.
    fn extension(&self) -> &'static str;

    /// The bytes of a document. The same work gives the same bytes, on any thread and machine.
    ///
    /// # Errors
    /// What of the document the format cannot hold, each located.
    fn write(&self, work: &Work<'_>) -> Result<Vec<u8>, Sink>;
}

/// The backend of a format.
pub fn of(format: Format) -> &'static dyn Backend {
    match format {
        Format::Docx => &docx::Docx,
        Format::Pdf => &pdf::Pdf,
    }
}
