//! The pen: who marks, when, and what it has marked so far.

use super::super::xml::Element;
use super::Marking;

/// What happens to something between the two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Both have it.
    Kept,
    /// The old alone has it.
    Deleted,
    /// The new alone has it.
    Inserted,
    /// The old has it here and the new elsewhere.
    MovedFrom,
    /// The new has it here and the old elsewhere.
    MovedTo,
}

impl Fate {
    /// The element that says so; of what is kept, none.
    pub(super) fn element(self) -> Option<&'static str> {
        match self {
            Fate::Kept => None,
            Fate::Deleted => Some("w:del"),
            Fate::Inserted => Some("w:ins"),
            Fate::MovedFrom => Some("w:moveFrom"),
            Fate::MovedTo => Some("w:moveTo"),
        }
    }

    /// Whether it is gone when all is accepted.
    pub(super) fn is_old(self) -> bool {
        matches!(self, Fate::Deleted | Fate::MovedFrom)
    }
}

/// Makes the marks of one redline. Their ids are given at the end, when it is known what stands in the file.
pub(super) struct Pen<'m> {
    pub(super) marking: &'m Marking<'m>,
    stamp: String,
    /// Characters in insertions.
    pub(super) inserted: usize,
    /// Characters in deletions.
    pub(super) deleted: usize,
    /// Marks.
    pub(super) revisions: usize,
}

impl<'m> Pen<'m> {
    pub(super) fn new(marking: &'m Marking<'m>) -> Pen<'m> {
        let stamp = format!("{}T00:00:00Z", marking.date);
        Pen { marking, stamp, inserted: 0, deleted: 0, revisions: 0 }
    }

    /// A mark.
    pub(super) fn mark(&mut self, name: &'static str) -> Element {
        self.revisions += 1;
        self.signed(name)
    }

    /// An element with author and date.
    pub(super) fn signed(&self, name: &'static str) -> Element {
        Element::new(name)
            .int("w:id", 0)
            .with("w:author", self.marking.author.to_owned())
            .with("w:date", self.stamp.clone())
    }

    /// Counts characters that are marked.
    pub(super) fn count(&mut self, fate: Fate, text: &str) {
        let characters = text.chars().count();
        match fate {
            Fate::Kept => {}
            Fate::Deleted | Fate::MovedFrom => self.deleted += characters,
            Fate::Inserted | Fate::MovedTo => self.inserted += characters,
        }
    }
}
