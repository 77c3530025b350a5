//! Numbering: headings, captioned tables and figures get their numbers, and labels are collected.

use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Block, Label, Labels, Node, Origin, ParsedDocument, Tree, plain};

pub(super) fn number(document: &mut ParsedDocument, sink: &mut Sink) -> Labels {
    if document.body.is_empty() {
        sink.push(Diagnostic::fault(&codes::EMPTY_DOCUMENT, format!("`{}` has no text", document.control.id)));
    }
    count(document, sink)
}

/// Numbers anew a document of which parts were put in or taken out, and gives what can be referred to in it.
pub fn renumber<R>(document: &mut Tree<R>) -> Labels {
    count(document, &mut Sink::new())
}

fn count<R>(document: &mut Tree<R>, sink: &mut Sink) -> Labels {
    let mut counter = Counter { headings: Vec::new(), tables: 0, figures: 0, labels: Labels::new(), open: None, sink };
    counter.blocks(&mut document.body);
    counter.close(0);
    counter.labels
}

struct Counter<'s> {
    /// How many headings of each level there are so far in their section.
    headings: Vec<u32>,
    tables: u32,
    figures: u32,
    labels: Labels,
    /// The last heading, while nothing stands below it.
    open: Option<(u8, String, Origin)>,
    sink: &'s mut Sink,
}

impl Counter<'_> {
    fn blocks<R>(&mut self, blocks: &mut [Block<R>]) {
        for block in blocks {
            let origin = block.origin.clone();
            match &mut block.node {
                Node::Heading(heading) => {
                    let level = usize::from(heading.level);
                    if level > self.headings.len() + 1 {
                        let message = format!(
                            "`{}` has level {level} below level {}",
                            plain(&heading.content),
                            self.headings.len()
                        );
                        self.report(&codes::HEADING_LEVEL, message, &origin);
                    }
                    self.close(heading.level);
                    self.headings.resize(level, 0);
                    if let Some(last) = self.headings.last_mut() {
                        *last += 1;
                    }
                    heading.number = self.headings.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
                    self.label(&heading.id, Label::Heading(heading.number.clone()), &origin);
                    self.open = Some((heading.level, plain(&heading.content), origin));
                    continue;
                }
                Node::Table(table) => {
                    if table.caption.is_some() {
                        self.tables += 1;
                        table.number = Some(self.tables);
                    }
                    if let Some(id) = &table.id {
                        match table.number {
                            Some(number) => self.label(&id.clone(), Label::Table(number), &origin),
                            None => {
                                let message =
                                    format!("the table `{id}` has an id but no caption, so it has no number to cite");
                                self.report(&codes::TABLE_SHAPE, message, &origin);
                            }
                        }
                    }
                }
                Node::Figure(figure) => {
                    if figure.caption.is_some() {
                        self.figures += 1;
                        figure.number = Some(self.figures);
                    }
                    if let (Some(id), Some(number)) = (&figure.id, figure.number) {
                        self.label(&id.clone(), Label::Figure(number), &origin);
                    }
                }
                Node::Landscape { body } => {
                    self.blocks(body);
                    continue;
                }
                Node::PageBreak => continue,
                Node::List(list) => list.items.iter_mut().for_each(|item| self.nested(item)),
                Node::DefinitionList { items } => items.iter_mut().for_each(|item| self.nested(&mut item.body)),
                Node::Callout(callout) => self.nested(&mut callout.body),
                Node::BlockQuote { body } => self.nested(body),
                Node::Paragraph { .. } | Node::CodeBlock { .. } | Node::SignOff { .. } => {}
            }
            self.open = None;
        }
    }

    /// Blocks inside another block: they may hold no headings.
    fn nested<R>(&mut self, blocks: &mut [Block<R>]) {
        for block in blocks.iter() {
            if let Node::Heading(heading) = &block.node {
                let message =
                    format!("the heading `{}` stands inside a list, callout or quotation", plain(&heading.content));
                self.report(&codes::MARKDOWN_UNSUPPORTED, message, &block.origin.clone());
            }
        }
        self.blocks(blocks);
    }

    /// A section ends: its heading must have had text below it, or a deeper heading.
    fn close(&mut self, next: u8) {
        if let Some((level, title, origin)) = self.open.take()
            && next <= level
        {
            self.report(&codes::EMPTY_DOCUMENT, format!("the section `{title}` is empty"), &origin);
        }
    }

    fn label(&mut self, id: &str, label: Label, origin: &Origin) {
        if self.labels.insert(id.to_owned(), label).is_some() {
            self.report(&codes::LABEL_TWICE, format!("the id `{id}` is used twice in this document"), origin);
        }
    }

    fn report(&mut self, code: &'static crate::diagnostic::Code, message: String, origin: &Origin) {
        self.sink.push(Diagnostic::fault(code, message).at(origin.span.clone()));
    }
}
