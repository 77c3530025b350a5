//! Backends: a resolved document in, the bytes of one format out.
//!
//! To add one: a folder beside these with a [`Format`], its row in [`Backends::bundled`], and golden files in `tests/`. A
//! backend returns bytes and knows no paths.

pub mod docx;
pub mod pdf;

use std::fmt;

use crate::diagnostic::Sink;
use crate::model::{Document, Images, Printed};
use crate::strings::Strings;
use crate::theme::Theme;

/// A format that documents are written in.
#[derive(Clone, Copy)]
pub struct Format {
    /// The name in settings, options and reports.
    pub name: &'static str,
    /// The ending of its files, without a dot.
    pub extension: &'static str,
    /// What writes it, and what it needs for that.
    pub write: Write,
}

/// What gives the bytes of a document, by what it needs. The same work gives the same bytes, on any thread and machine.
/// What of a document the format cannot hold is a located fault.
#[derive(Clone, Copy)]
pub enum Write {
    /// From the document alone.
    Document(fn(&Work<'_>) -> Result<Vec<u8>, Sink>),
    /// From the document and the pages that it was laid out on, which is most of the work.
    Pages(fn(&Work<'_>, &dyn Printed) -> Result<Vec<u8>, Sink>),
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
}

impl Format {
    /// Whether documents have to be laid out for it.
    pub fn needs_pages(&self) -> bool {
        matches!(self.write, Write::Pages(_))
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Format) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The formats that a run can write, in the order in which it writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backends(Vec<Format>);

impl Backends {
    /// What is written when nobody says.
    pub const USUAL: [&'static str; 2] = ["docx", "pdf"];

    /// The formats of Folio itself.
    pub fn bundled() -> Backends {
        Backends(vec![docx::FORMAT, pdf::FORMAT])
    }

    /// The table with one more format; it takes the place of one of its name.
    #[must_use]
    pub fn with(mut self, format: Format) -> Backends {
        match self.0.iter_mut().find(|known| **known == format) {
            Some(known) => *known = format,
            None => self.0.push(format),
        }
        self
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Format> {
        self.0.iter()
    }

    /// Their names.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|format| format.name).collect()
    }

    /// The formats that are named, each once, in the order of the table.
    ///
    /// # Errors
    /// The first name that no format has.
    pub fn pick<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Vec<Format>, &'n str> {
        let names: Vec<&str> = names.into_iter().collect();
        match names.iter().find(|name| self.0.iter().all(|format| format.name != **name)) {
            Some(unknown) => Err(unknown),
            None => Ok(self.0.iter().filter(|format| names.contains(&format.name)).copied().collect()),
        }
    }
}

impl Default for Backends {
    fn default() -> Backends {
        Backends::bundled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_picked_in_the_order_of_the_table() {
        let table = Backends::bundled();
        assert_eq!(table.pick(["pdf", "docx", "pdf"]), Ok(vec![docx::FORMAT, pdf::FORMAT]));
        assert_eq!(table.pick(["pdf", "odt"]), Err("odt"));
        assert!(table.pick(Backends::USUAL).is_ok());
    }

    #[test]
    fn a_format_takes_the_place_of_its_name() {
        let plain = Format { name: "pdf", extension: "txt", write: Write::Document(|_| Ok(Vec::new())) };
        let table = Backends::bundled().with(plain);
        assert_eq!(table.names(), ["docx", "pdf"]);
        assert!(!table.pick(["pdf"]).unwrap()[0].needs_pages());
    }
}
