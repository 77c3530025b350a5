//! The lines of blocks that are changed in place.

use crate::model::{Block, Inline, Node, Reference};

/// A line of a document.
pub(super) type Line = Vec<Inline<Reference>>;

/// Shows every line of some blocks and of those inside them, to be changed.
pub(super) fn each(blocks: &mut [Block<Reference>], see: &mut dyn FnMut(&mut Line)) {
    for block in blocks {
        match &mut block.node {
            Node::Heading(heading) => see(&mut heading.content),
            Node::Paragraph { content } => see(content),
            Node::List(list) => list.items.iter_mut().for_each(|item| each(item, see)),
            Node::DefinitionList { items } => items.iter_mut().for_each(|item| {
                see(&mut item.term);
                each(&mut item.body, see);
            }),
            Node::Table(table) => {
                table.caption.iter_mut().chain(&mut table.header).for_each(&mut *see);
                table.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(&mut *see);
            }
            Node::Figure(figure) => figure.caption.iter_mut().for_each(&mut *see),
            Node::Callout(callout) => each(&mut callout.body, see),
            Node::BlockQuote { body } | Node::Landscape { body } => each(body, see),
            Node::CodeBlock { .. } | Node::SignOff { .. } | Node::PageBreak => {}
        }
    }
}

/// Shows every part of a line, those inside others too, to be changed.
pub(super) fn parts(line: &mut [Inline<Reference>], see: &mut dyn FnMut(&mut Inline<Reference>)) {
    for part in line {
        if let Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } = part {
            parts(content, see);
        }
        see(part);
    }
}
