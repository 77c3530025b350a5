//! A redline: one package from which Word makes the new version of a document by accepting all changes and the old one
//! by rejecting them.
//!
//! Both versions are written by the same writer, as trees of elements, and the two trees are merged into one: whatever
//! the writer writes comes out right on both sides. What both have stands plain; what one has stands in a mark. Styles,
//! settings and fonts are the new version's; pictures, links, lists and notes are those of both.

mod blocks;
mod comments;
mod ids;
mod inline;
mod moves;
mod numbering;
mod parts;
mod pen;
mod properties;
mod table;

use super::{packed, parts as parts_of};
use crate::backend::Work;
use crate::diagnostic::Sink;
use crate::model::Pages;
pub use comments::CONTROL;
use pen::Pen;

/// One version of a document, as it is printed.
pub struct Side<'a> {
    /// The document and what it is written with.
    pub work: Work<'a>,
    /// The pages that it was laid out on.
    pub pages: &'a Pages,
}

/// Why a block or row changed, by the name of its identity.
pub type Cause<'a> = &'a dyn Fn(&str) -> Option<String>;

/// How changes are marked.
pub struct Marking<'a> {
    /// Whose changes they are.
    pub author: &'a str,
    /// The day of all changes; their time is midnight, UTC.
    pub date: jiff::civil::Date,
    /// Whether what stands elsewhere word by word is moved, rather than deleted and inserted.
    pub moves: bool,
    /// Why a block or row changed, by the name of its identity: said in a comment.
    pub comment: Option<Cause<'a>>,
}

/// A redline, and how much it marks.
#[derive(Debug)]
pub struct Redlined {
    /// The bytes of the `.docx` file.
    pub bytes: Vec<u8>,
    /// Characters that are inserted.
    pub inserted: usize,
    /// Characters that are deleted.
    pub deleted: usize,
    /// How many marks there are.
    pub revisions: usize,
}

/// The redline between two versions of a document.
///
/// # Errors
/// What the writer could not write of either of them.
pub fn redline(old: &Side<'_>, new: &Side<'_>, marking: &Marking<'_>) -> Result<Redlined, Sink> {
    let of = |side: &Side<'_>| {
        let Work { document, theme, strings, images } = side.work;
        parts_of(document, theme, strings, images, side.pages)
    };
    let (mut before, mut after) = (of(old)?, of(new)?);
    let mut pen = Pen::new(marking);
    ids::set_apart(&mut before);
    parts::unite_media(&mut before, &mut after);
    numbering::unite(&mut before, &mut after);
    parts::unite_notes(&mut before, &mut after);
    parts::merge(&mut pen, &mut before, &mut after);
    comments::add(&mut pen, &mut after);
    ids::give(&mut after);
    let bytes = packed(&after, new.work.document)?;
    Ok(Redlined { bytes, inserted: pen.inserted, deleted: pen.deleted, revisions: pen.revisions })
}
