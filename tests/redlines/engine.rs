//! The engine that is looked at.

use folio::backend::Work;
use folio::backend::docx::{Marking, Side, redline as made};
use folio::model::Pages;

/// The redline of two versions, with what stands elsewhere moved or not.
pub(crate) fn redline(old: (&Work<'_>, &Pages), new: (&Work<'_>, &Pages), moves: bool) -> Result<Vec<u8>, String> {
    let marking = Marking { author: "Ada Byrne", date: jiff::civil::date(2026, 11, 23), moves, comment: None };
    let (old, new) = (Side { work: *old.0, pages: old.1 }, Side { work: *new.0, pages: new.1 });
    made(&old, &new, &marking).map(|made| made.bytes).map_err(|sink| format!("{sink:?}"))
}
