//! Anchors: the hidden bookmark by which each block and row is found again, whoever saved the file in between.
//!
//! An anchor stands around the runs of one paragraph and never over several, so that it is valid wherever a paragraph
//! is: that of a row in its first cell, that of a container in its first paragraph, that of a page break in the
//! paragraph that begins the page. Its name is what the part is called in files: [`Identity::given`].

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

impl Anchor {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
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

    /// The anchor of a block, with an id of the file's own.
    pub(super) fn of_block(&self, block: &Block<Reference>, id: i64) -> Option<Anchor> {
        self.names.get(&address(block)).map(|name| Anchor { id, name: name.clone() })
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
