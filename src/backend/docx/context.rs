//! What the parts of one document share while it is written: ids, bookmarks, relationships, pictures, faults.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::anchors::{Anchor, Anchors};
use super::drawing::Media;
use super::numbering::Lists;
use super::package::Relationships;
use super::xml::illegal_character;
use crate::diagnostic::codes::document::ILLEGAL_CHARACTER;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::language::Direction;
use crate::length::Length;
use crate::model::{Block, Document, Figure, Images, Node, Pages, Reference, Row, Table, walk};
use crate::strings::Strings;
use crate::theme::Theme;
pub(super) use crate::wording::one_line;

/// Word's limit for the names of bookmarks.
const BOOKMARK_NAME: usize = 40;

/// The state of one document's writing.
pub(super) struct Context<'a> {
    pub(super) document: &'a Document,
    pub(super) theme: &'a Theme,
    pub(super) strings: &'a Strings,
    pub(super) images: &'a Images,
    pub(super) pages: &'a Pages,
    /// What is wrong so far.
    pub(super) sink: Sink,
    /// Relationships of the part that is being written.
    pub(super) relationships: Relationships,
    /// The pictures put into the package so far.
    pub(super) media: Media,
    /// The numbered lists so far.
    pub(super) lists: Lists,
    /// Footnotes in the order of their marks.
    pub(super) footnotes: Vec<u32>,
    /// Whether a section has ended: the first one has the document's first page.
    pub(super) has_begun: bool,
    /// The template line of the block that is being written, for faults.
    pub(super) span: Option<Span>,
    anchors: Anchors,
    bookmarks: BTreeMap<String, Bookmark>,
    names: BTreeSet<String>,
    last_bookmark: i64,
    last_drawing: i64,
    last_control: i64,
    tags: BTreeSet<String>,
}

/// Where a label of the model is in Word.
#[derive(Debug, Clone)]
pub(super) struct Bookmark {
    /// Its name, by Word's rules.
    pub(super) name: String,
    /// Its id in the file.
    pub(super) id: i64,
    /// What a field finds at it.
    pub(super) holds: Holds,
}

/// What a field finds at a bookmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A heading, whose number the numbering knows.
    Heading,
    /// The word and number of a caption.
    Caption,
    /// Nothing that a field could show.
    Place,
}

impl<'a> Context<'a> {
    /// The start: bookmarks are known before the first reference is written.
    pub(super) fn new(
        document: &'a Document,
        theme: &'a Theme,
        strings: &'a Strings,
        images: &'a Images,
        pages: &'a Pages,
    ) -> Context<'a> {
        let mut context = Context {
            document,
            theme,
            strings,
            images,
            pages,
            sink: Sink::new(),
            relationships: Relationships::default(),
            media: Media::default(),
            lists: Lists::default(),
            footnotes: Vec::new(),
            has_begun: false,
            span: None,
            anchors: Anchors::of(document),
            bookmarks: BTreeMap::new(),
            names: BTreeSet::new(),
            last_bookmark: 0,
            last_drawing: 0,
            last_control: 1_000,
            tags: BTreeSet::new(),
        };
        context.find_labels(&document.body);
        context
    }

    /// Whether the lines of the document run from the right.
    pub(super) fn is_rtl(&self) -> bool {
        self.strings.language.direction() == Direction::RightToLeft
    }

    fn find_labels(&mut self, blocks: &[Block<Reference>]) {
        for block in walk(blocks) {
            let holds = match &block.node {
                Node::Heading(_) => Holds::Heading,
                Node::Table(Table { number: Some(_), .. }) | Node::Figure(Figure { number: Some(_), .. }) => {
                    Holds::Caption
                }
                _ => Holds::Place,
            };
            let name = block.origin.name.as_deref();
            block.label().into_iter().for_each(|label| self.label(label, name, holds));
        }
    }

    /// The bookmark of a label. Where the block has a name from elsewhere, that is part of the bookmark's: a version can have
    /// the label in another place than the one before it, and a name stands once in a file that shows both.
    fn label(&mut self, label: &str, name: Option<&str>, holds: Holds) {
        if label.is_empty() || self.bookmarks.contains_key(label) {
            return;
        }
        let name = match name {
            Some(name) => {
                let short: String = label.chars().take(BOOKMARK_NAME.saturating_sub(name.len())).collect();
                self.unique_name(&format!("{short}{name}"))
            }
            None => self.unique_name(label),
        };
        self.last_bookmark += 1;
        self.bookmarks.insert(label.to_owned(), Bookmark { name, id: self.last_bookmark, holds });
    }

    /// A bookmark's name for a label: letters, digits and `_`, unique whatever the case.
    fn unique_name(&mut self, label: &str) -> String {
        let mut stem: String =
            label.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(BOOKMARK_NAME).collect();
        if !stem.starts_with(|c: char| c.is_ascii_alphabetic()) {
            stem = format!("x_{stem}").chars().take(BOOKMARK_NAME).collect();
        }
        let mut name = stem.clone();
        let mut count = 1;
        while !self.names.insert(name.to_ascii_lowercase()) {
            count += 1;
            let suffix = format!("_{count}");
            name = stem.chars().take(BOOKMARK_NAME - suffix.len()).collect::<String>() + &suffix;
        }
        name
    }

    /// The bookmark of a label of this document.
    pub(super) fn bookmark(&self, label: &str) -> Option<Bookmark> {
        self.bookmarks.get(label).cloned()
    }

    /// The anchor of a block.
    pub(super) fn anchor(&mut self, block: &Block<Reference>) -> Option<Anchor> {
        self.last_bookmark += 1;
        self.anchors.of_block(block, self.last_bookmark)
    }

    /// What a list is called, by which its numbers are the same in every version.
    pub(super) fn number_list(&mut self, list: &Block<Reference>, level: i64, start: u32) -> i64 {
        self.lists.begin(level, start, self.anchors.name(list))
    }

    /// The anchor of a table's row.
    pub(super) fn anchor_of_row(&mut self, row: &Row<Reference>) -> Option<Anchor> {
        self.last_bookmark += 1;
        self.anchors.of_row(row, self.last_bookmark)
    }

    /// An id for a drawing.
    pub(super) fn drawing_id(&mut self) -> i64 {
        self.last_drawing += 1;
        self.last_drawing
    }

    /// An id for a content control.
    pub(super) fn control_id(&mut self) -> i64 {
        self.last_control += 1;
        self.last_control
    }

    /// A content control's tag, at most 64 characters and unique in the document.
    pub(super) fn tag(&mut self, name: &str) -> String {
        let stem: String = one_line(name).chars().take(58).collect();
        let mut tag = stem.clone();
        let mut count = 1;
        while !self.tags.insert(tag.clone()) {
            count += 1;
            tag = format!("{stem}-{count}");
        }
        tag
    }

    /// Reports a text that XML cannot hold. The text is written nowhere then.
    pub(super) fn check(&mut self, text: &str, from: &[EcoString]) {
        let Some(character) = illegal_character(text) else { return };
        let code = u32::from(character);
        let around: String = text
            .chars()
            .map(|c| if illegal_character(c.encode_utf8(&mut [0; 4])).is_some() { '\u{fffd}' } else { c })
            .take(60)
            .collect();
        let mut fault = Diagnostic::fault(
            &ILLEGAL_CHARACTER,
            format!("`{around}` holds the character U+{code:04X}, which no Word file can hold"),
        )
        .at(self.span.clone())
        .help("remove the character where the text comes from");
        if let Some(path) = from.first() {
            fault = fault.path(path.as_str());
        }
        self.sink.push(fault);
    }

    /// A text of the engine's own data, checked.
    pub(super) fn checked(&mut self, text: &str) -> String {
        self.check(text, &[]);
        text.to_owned()
    }

    /// The width of the text, upright or on its side.
    pub(super) fn text_width(&self, landscape: bool) -> Length {
        let page = &self.theme.page;
        let (width, height) = page.size.size();
        let across = if landscape { height } else { width };
        across - page.margin_left - page.margin_right
    }

    /// The height of the text, upright or on its side.
    pub(super) fn text_height(&self, landscape: bool) -> Length {
        let page = &self.theme.page;
        let (width, height) = page.size.size();
        let down = if landscape { width } else { height };
        down - page.margin_top - page.margin_bottom
    }
}
