//! Going through a document: every block, every line of text in one, the characters of a line.

use super::{Block, Document, Inline, Node, Reference, Text};

/// Every block with those inside it, in the order of reading.
pub fn walk<R>(blocks: &[Block<R>]) -> Vec<&Block<R>> {
    fn collect<'b, R>(blocks: &'b [Block<R>], found: &mut Vec<&'b Block<R>>) {
        for block in blocks {
            found.push(block);
            match &block.node {
                Node::List(list) => list.items.iter().for_each(|item| collect(item, found)),
                Node::DefinitionList { items } => items.iter().for_each(|item| collect(&item.body, found)),
                Node::Callout(callout) => collect(&callout.body, found),
                Node::BlockQuote { body } | Node::Landscape { body } => collect(body, found),
                Node::Heading(_)
                | Node::Paragraph { .. }
                | Node::Table(_)
                | Node::Figure(_)
                | Node::CodeBlock { .. }
                | Node::SignOff { .. }
                | Node::PageBreak => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(blocks, &mut found);
    found
}

impl<R> Block<R> {
    /// The lines that stand in this block itself: a heading, a paragraph, terms, a caption, the cells of a table.
    pub fn lines(&self) -> Vec<&[Inline<R>]> {
        match &self.node {
            Node::Heading(heading) => vec![&heading.content],
            Node::Paragraph { content } => vec![content],
            Node::DefinitionList { items } => items.iter().map(|item| item.term.as_slice()).collect(),
            Node::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| &row.cells);
                table.caption.iter().chain(&table.header).chain(cells).map(Vec::as_slice).collect()
            }
            Node::Figure(figure) => figure.caption.iter().map(Vec::as_slice).collect(),
            Node::List(_)
            | Node::Callout(_)
            | Node::BlockQuote { .. }
            | Node::Landscape { .. }
            | Node::CodeBlock { .. }
            | Node::SignOff { .. }
            | Node::PageBreak => Vec::new(),
        }
    }

    /// The id by which it can be referred to.
    pub fn label(&self) -> Option<&str> {
        match &self.node {
            Node::Heading(heading) => Some(&heading.id),
            Node::Table(table) => table.id.as_deref(),
            Node::Figure(figure) => figure.id.as_deref(),
            _ => None,
        }
    }
}

/// Every text of a document's body and notes that says something; not the marks of what is not recorded.
pub fn texts(document: &Document, see: &mut dyn FnMut(&Text)) {
    fn line(inlines: &[Inline<Reference>], see: &mut dyn FnMut(&Text)) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } => see(text),
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    line(content, see);
                }
                Inline::Reference(_)
                | Inline::Footnote { .. }
                | Inline::Field(_)
                | Inline::Unrecorded(_)
                | Inline::LineBreak => {}
            }
        }
    }
    for block in walk(&document.body) {
        block.lines().into_iter().for_each(|content| line(content, see));
        if let Node::CodeBlock { text } = &block.node {
            see(text);
        }
    }
    document.footnotes.values().for_each(|note| line(note, see));
}

/// The characters of inline content.
pub fn plain<R>(content: &[Inline<R>]) -> String {
    content
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Unrecorded(text) | Inline::Status { text, .. } => {
                text.text.clone()
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => plain(content),
            Inline::LineBreak => " ".into(),
            Inline::Reference(_) | Inline::Footnote { .. } | Inline::Field(_) => String::new(),
        })
        .collect()
}
