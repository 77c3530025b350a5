//! Anchors: the hidden bookmark by which each block and row is found again, whoever saved the file in between.
//!
//! An anchor stands around the runs of one paragraph and never over several, so that it is valid wherever a paragraph
//! is: that of a row in its first cell, that of a table or box in its first paragraph. What has no paragraph of its own, as
//! a list or a page break, has none: around another's paragraph it could neither go nor come with what it stands for.
//! Its name is what the part is called in files: [`Identity::given`].

use std::collections::BTreeMap;

use super::xml::Element;
use crate::model::identity::{Identity, Part, identities};
use crate::model::{Block, Document, Reference, Row};

/// An anchor, to be put around something once.
#[derive(Debug)]
pub(super) struct Anchor {
    id: i64,
    name: String,
}

/// The names of a document's anchors, by where their parts lie in memory.
#[derive(Debug)]
pub(super) struct Anchors {
    names: BTreeMap<usize, String>,
}

impl Anchors {
    /// Those of a document.
    pub(super) fn of(document: &Document) -> Anchors {
        let named = |identity: Identity<'_>| {
            let name = identity.given().to_owned();
            match identity.part {
                Part::Block(block) => (address(block), name),
                Part::Row(row) => (address(row), name),
            }
        };
        Anchors { names: identities(document).into_iter().map(named).collect() }
    }

    /// The anchor of a block that has a paragraph of its own, with an id of the file's own.
    pub(super) fn of_block(&self, block: &Block<Reference>, id: i64) -> Option<Anchor> {
        let name = self.names.get(&address(block)).filter(|_| Part::Block(block).has_paragraph());
        name.map(|name| Anchor { id, name: name.clone() })
    }

    /// What a block is called, whether it has an anchor or none.
    pub(super) fn name(&self, block: &Block<Reference>) -> &str {
        self.names.get(&address(block)).map_or("", String::as_str)
    }

    /// The anchor of a row.
    pub(super) fn of_row(&self, row: &Row<Reference>, id: i64) -> Option<Anchor> {
        self.names.get(&address(row)).map(|name| Anchor { id, name: name.clone() })
    }
}

fn address<T>(part: &T) -> usize {
    std::ptr::from_ref(part).addr()
}

/// Content between the ends of anchors, the first outermost.
pub(super) fn around(anchors: Vec<Anchor>, content: Vec<Element>) -> Vec<Element> {
    anchors.into_iter().rev().fold(content, |content, Anchor { id, name }| bookmark(id, name, content))
}

/// Content between the ends of a bookmark.
pub(super) fn bookmark(id: i64, name: String, content: Vec<Element>) -> Vec<Element> {
    let start = Element::new("w:bookmarkStart").int("w:id", id).with("w:name", name);
    let end = Element::new("w:bookmarkEnd").int("w:id", id);
    std::iter::once(start).chain(content).chain([end]).collect()
}
