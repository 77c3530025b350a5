//! The body: blocks become paragraphs and tables, one after the other, in sections.

use super::anchors::{self, Anchor};
use super::context::Context;
use super::numbering::{self, BULLETS, LEVELS};
use super::paragraph::{Look, Paragraph};
use super::style::Id;
use super::xml::Element;
use super::{drawing, section, table, table_styles};
use crate::length::Length;
use crate::model::{Block, Callout, CalloutKind, Definition, Figure, Heading, Inline, List, Node, Reference, Text};
use crate::theme::metrics;

/// What stands under each other in the body or in a cell.
#[derive(Debug)]
pub(super) struct Flow {
    pieces: Vec<Piece>,
    start: Start,
    anchors: Vec<Anchor>,
    landscape: bool,
    section_over: bool,
}

#[derive(Debug)]
enum Piece {
    Paragraph(Box<Paragraph>),
    Table(Element),
    Other(Element),
}

/// How the next block begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Start {
    /// After another block.
    #[default]
    Below,
    /// First in a section or cell: nothing above it to keep away from.
    Top,
    /// On a page of its own wish.
    Page,
}

/// Where in the tree a block stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// The width of the body or cell.
    pub(super) width: Length,
    /// Indent of the quotation or definition around it.
    pub(super) base: Length,
    /// How many lists are around it.
    pub(super) level: usize,
    /// The style of its paragraphs.
    pub(super) style: Option<Id>,
    /// Whether it may begin a section.
    pub(super) top: bool,
    /// Whether a paragraph stands on one page with what follows.
    pub(super) keep_next: bool,
}

impl Scope {
    /// A scope for paragraphs of a style in a body or cell of a width.
    pub(super) fn new(width: Length, style: Option<Id>) -> Scope {
        Scope { width, base: Length::ZERO, level: 0, style, top: false, keep_next: false }
    }

    /// How far blocks are indented.
    pub(super) fn left(&self) -> Length {
        match self.level {
            0 => self.base,
            level => self.base + numbering::indent(level - 1),
        }
    }
}

impl Flow {
    /// A flow with nothing in it.
    pub(super) fn new() -> Flow {
        Flow { pieces: Vec::new(), start: Start::Top, anchors: Vec::new(), landscape: false, section_over: false }
    }

    /// Adds a paragraph, with the space above it that its place asks for and the anchors that wait for it.
    pub(super) fn paragraph(&mut self, mut paragraph: Paragraph) {
        match self.take_start() {
            Start::Page => {
                paragraph.page_break = true;
                paragraph.before = Some(Length::ZERO);
            }
            Start::Top if paragraph.space_before() > Length::ZERO => paragraph.before = Some(Length::ZERO),
            Start::Below if self.ends_with_table() && paragraph.space_before() < metrics::TABLE_AFTER => {
                paragraph.before = Some(metrics::TABLE_AFTER);
            }
            Start::Top | Start::Below => {}
        }
        paragraph.content = anchors::around(self.take_anchors(), paragraph.content);
        self.pieces.push(Piece::Paragraph(Box::new(paragraph)));
    }

    /// An anchor that waits for the next paragraph.
    pub(super) fn anchor(&mut self, anchor: Option<Anchor>) {
        self.anchors.extend(anchor);
    }

    /// The anchors of a block that puts them around a paragraph of its own.
    pub(super) fn take_anchors(&mut self) -> Vec<Anchor> {
        std::mem::take(&mut self.anchors)
    }

    /// How the next block begins; to be asked for once by whoever adds it.
    pub(super) fn take_start(&mut self) -> Start {
        std::mem::take(&mut self.start)
    }

    /// Adds a table. Two tables in a row would become one in Word: a paragraph as high as the gap keeps them apart.
    pub(super) fn table(&mut self, table: Element) {
        self.start = Start::Below;
        if self.ends_with_table() {
            let mut gap = Paragraph::new(Some(Id::SectionEnd), Vec::new());
            gap.before = Some(metrics::TABLE_AFTER - metrics::UNSEEN);
            self.pieces.push(Piece::Paragraph(Box::new(gap)));
        }
        self.pieces.push(Piece::Table(table));
    }

    /// Adds another element of the body.
    pub(super) fn other(&mut self, element: Element) {
        self.start = Start::Below;
        self.pieces.push(Piece::Other(element));
    }

    fn ends_with_table(&self) -> bool {
        matches!(self.pieces.last(), Some(Piece::Table(_)))
    }

    fn last_paragraph(&mut self) -> Option<&mut Paragraph> {
        match self.pieces.last_mut() {
            Some(Piece::Paragraph(paragraph)) => Some(paragraph),
            _ => None,
        }
    }

    /// Ends the flow: its last paragraph, which takes the anchors that nothing followed.
    fn end(&mut self) -> Option<&mut Paragraph> {
        let anchors = self.take_anchors();
        let paragraph = self.closing_paragraph()?;
        paragraph.content.extend(anchors::around(anchors, Vec::new()));
        Some(paragraph)
    }

    /// The last paragraph, or one that does not show where the flow ends with something else.
    fn closing_paragraph(&mut self) -> Option<&mut Paragraph> {
        if self.last_paragraph().is_none() {
            self.pieces.push(Piece::Paragraph(Box::new(Paragraph::new(Some(Id::SectionEnd), Vec::new()))));
        }
        self.last_paragraph()
    }

    /// Ends the section that runs, in its last paragraph.
    pub(super) fn end_section(&mut self, context: &mut Context<'_>) {
        let section = section::properties(context, self.landscape);
        if let Some(paragraph) = self.closing_paragraph() {
            paragraph.section = Some(section);
        }
        self.section_over = false;
        self.start = Start::Top;
    }

    /// The content of a cell: ends with a paragraph, which asks for no space below.
    pub(super) fn into_cell(mut self) -> Vec<Element> {
        if let Some(paragraph) = self.end() {
            paragraph.after = Some(Length::ZERO);
        }
        self.build()
    }

    /// The content of the document's body, with the last section's properties.
    pub(super) fn into_body(mut self, context: &mut Context<'_>) -> Vec<Element> {
        self.end();
        let section = section::properties(context, self.landscape);
        self.build().into_iter().chain([section]).collect()
    }

    fn build(self) -> Vec<Element> {
        self.pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Paragraph(paragraph) => paragraph.build(),
                Piece::Table(element) | Piece::Other(element) => element,
            })
            .collect()
    }
}

/// Writes blocks into a flow.
pub(super) fn blocks(context: &mut Context<'_>, flow: &mut Flow, blocks: &[Block<Reference>], scope: Scope) {
    for (at, block) in blocks.iter().enumerate() {
        if block.origin.span.is_some() {
            context.span.clone_from(&block.origin.span);
        }
        if scope.top && flow.section_over {
            flow.end_section(context);
            flow.landscape = false;
        }
        // Nobody signs a table that stands alone on a page, and what leads from a heading to a table stays with both.
        let keep_next = match blocks.get(at + 1).map(|next| &next.node) {
            Some(Node::SignOff { .. }) => true,
            Some(Node::Table(_)) => at > 0 && matches!(blocks[at - 1].node, Node::Heading(_)),
            _ => false,
        };
        flow.anchor(context.anchor(block));
        node(context, flow, block, Scope { keep_next, ..scope });
    }
}

fn node(context: &mut Context<'_>, flow: &mut Flow, block: &Block<Reference>, scope: Scope) {
    match &block.node {
        Node::Heading(it) => heading(context, flow, it),
        Node::Paragraph { content } => paragraph(context, flow, content, scope),
        Node::List(it) => list(context, flow, (block, it), scope),
        Node::DefinitionList { items } => items.iter().for_each(|item| definition(context, flow, item, scope)),
        Node::Table(it) => table::table(context, flow, it, scope),
        Node::Figure(it) => figure(context, flow, it, scope),
        Node::Callout(it) => callout(context, flow, it, scope),
        Node::CodeBlock { text } => code(context, flow, text, scope),
        Node::BlockQuote { body } => {
            let inner = Scope {
                base: scope.left() + metrics::QUOTE_INDENT,
                level: 0,
                style: Some(Id::Quote),
                top: false,
                ..scope
            };
            blocks(context, flow, body, inner);
        }
        Node::SignOff { signatories } => table::sign_off(context, flow, signatories, scope),
        Node::Landscape { body } => landscape(context, flow, body, scope),
        Node::PageBreak if flow.section_over => {}
        Node::PageBreak => flow.start = Start::Page,
    }
}

fn landscape(context: &mut Context<'_>, flow: &mut Flow, body: &[Block<Reference>], scope: Scope) {
    if !scope.top || flow.landscape {
        blocks(context, flow, body, scope);
        return;
    }
    flow.end_section(context);
    flow.landscape = true;
    let width = context.text_width(true);
    blocks(context, flow, body, Scope { width, ..scope });
    flow.section_over = true;
}

fn heading(context: &mut Context<'_>, flow: &mut Flow, heading: &Heading<Reference>) {
    let size = context.theme.sizes.headings[usize::from(heading.level.clamp(1, 4)) - 1];
    let content = context.inlines(&heading.content, Look::sized(size));
    let content = context.bookmarked(Some(&heading.id), content);
    let mut paragraph = Paragraph::new(Some(Id::Heading(heading.level)), content);
    if heading.number.is_empty() {
        paragraph.numbering = Some((0, 0));
        paragraph.indent = Some((Length::ZERO, Length::ZERO));
    }
    flow.paragraph(paragraph);
}

fn paragraph(context: &mut Context<'_>, flow: &mut Flow, content: &[Inline<Reference>], scope: Scope) {
    let content = context.inlines(content, Look::default());
    let style = if scope.level > 0 { Some(Id::ListContinue) } else { scope.style };
    let mut paragraph = Paragraph::new(style, content);
    paragraph.indent = (scope.left() > Length::ZERO).then(|| (scope.left(), Length::ZERO));
    paragraph.keep_next = scope.keep_next;
    flow.paragraph(paragraph);
}

fn list(
    context: &mut Context<'_>,
    flow: &mut Flow,
    (block, list): (&Block<Reference>, &List<Reference>),
    scope: Scope,
) {
    let level = scope.level.min(LEVELS - 1);
    let (style, instance) = if list.ordered {
        (Id::ListNumber, context.number_list(block, level as i64, list.start))
    } else {
        (Id::ListBullet, BULLETS)
    };
    let inner = Scope { level: level + 1, top: false, ..scope };
    for item in &list.items {
        let (first, rest) = match item.split_first() {
            Some((block @ Block { node: Node::Paragraph { content }, .. }, rest)) => {
                flow.anchor(context.anchor(block));
                (context.inlines(content, Look::default()), rest)
            }
            _ => (Vec::new(), item.as_slice()),
        };
        let mut paragraph = Paragraph::new(Some(style), first);
        paragraph.numbering = Some((instance, level as i64));
        if scope.base > Length::ZERO {
            paragraph.indent = Some((inner.left(), metrics::LIST_INDENT));
        }
        flow.paragraph(paragraph);
        blocks(context, flow, rest, inner);
    }
    let gap = context.theme.sizes.paragraph_gap;
    if let Some(paragraph) = flow.last_paragraph().filter(|_| scope.level == 0)
        && matches!(paragraph.style, Some(Id::ListBullet | Id::ListNumber | Id::ListContinue))
    {
        paragraph.after = Some(gap);
    }
}

fn definition(context: &mut Context<'_>, flow: &mut Flow, item: &Definition<Reference>, scope: Scope) {
    let content = context.inlines(&item.term, Look::default());
    let mut term = Paragraph::new(Some(Id::Term), content);
    term.indent = (scope.left() > Length::ZERO).then(|| (scope.left(), Length::ZERO));
    flow.paragraph(term);
    let base = scope.left() + metrics::QUOTE_INDENT;
    let inner = Scope { base, level: 0, style: Some(Id::Definition), top: false, ..scope };
    blocks(context, flow, &item.body, inner);
}

fn figure(context: &mut Context<'_>, flow: &mut Flow, figure: &Figure<Reference>, scope: Scope) {
    let room = scope.width - scope.left();
    let width = room.percent(figure.width.clamp(1.0, 100.0));
    // A picture as high as the page would leave no room for its caption.
    let height = context.text_height(flow.landscape).percent(85.0);
    let picture = drawing::picture(context, &figure.image, &figure.alt, width, height);
    let label = figure.id.as_deref();
    let mut content: Vec<Element> = picture.into_iter().collect();
    if figure.caption.is_none() {
        content = context.bookmarked(label, content);
    }
    let mut paragraph = Paragraph::new(Some(Id::Figure), content);
    paragraph.keep_next = figure.caption.is_some();
    paragraph.indent = (scope.left() > Length::ZERO).then(|| (scope.left(), Length::ZERO));
    flow.paragraph(paragraph);
    if let Some(caption) = &figure.caption {
        let word = context.strings.figure.clone();
        let content = table::caption(context, &word, "Figure", figure.number, label, caption);
        let mut paragraph = Paragraph::new(Some(Id::FigureCaption), content);
        paragraph.indent = (scope.left() > Length::ZERO).then(|| (scope.left(), Length::ZERO));
        flow.paragraph(paragraph);
    }
}

/// A callout is a table of one cell: the one box that holds lists as well as text in every reader.
fn callout(context: &mut Context<'_>, flow: &mut Flow, callout: &Callout<Reference>, scope: Scope) {
    let strings = context.strings;
    let word = match callout.kind {
        CalloutKind::Glance => &strings.callout_glance,
        CalloutKind::Note => &strings.callout_note,
        CalloutKind::Important => &strings.callout_important,
        CalloutKind::Warning => &strings.callout_warning,
    };
    let title = callout.title.as_deref().unwrap_or(word);
    let style = match callout.kind {
        CalloutKind::Warning => Id::CalloutWarningTitle,
        _ => Id::CalloutTitle,
    };
    let room = scope.width - scope.left();
    let bar = Length::from_emu(metrics::CALLOUT_BAR.emu() / 2);
    let width = room - bar - metrics::CALLOUT_PADDING - metrics::CALLOUT_PADDING;
    let mut inner = Flow::new();
    inner.anchors = flow.take_anchors();
    let mut heading = Paragraph::new(Some(style), context.words(title, Look::default()));
    heading.page_break = flow.take_start() == Start::Page;
    inner.paragraph(heading);
    blocks(context, &mut inner, &callout.body, Scope::new(width, Some(Id::CalloutText)));
    let cell =
        table::Cell { width: room.to_twips(), span: 1, shading: None, bottom: false, content: inner.into_cell() };
    let properties = table::properties(table_styles::callout(callout.kind), room, scope.left(), "0600", title);
    // A short one stays whole; PDF draws the same line.
    let kind = if callout.body.len() <= metrics::CALLOUT_WHOLE { table::Kind::Whole } else { table::Kind::Breaking };
    flow.table(table::assemble(properties, &[room.to_twips()], vec![table::row(vec![cell], kind)]));
}

fn code(context: &mut Context<'_>, flow: &mut Flow, text: &Text, scope: Scope) {
    let text = Text { text: text.text.strip_suffix('\n').unwrap_or(&text.text).to_owned(), ..text.clone() };
    let content = context.inlines(&[Inline::Text(text)], Look::default());
    let mut paragraph = Paragraph::new(Some(Id::CodeBlock), content);
    paragraph.indent = (scope.left() > Length::ZERO).then(|| (scope.left() + metrics::CODE_PADDING, Length::ZERO));
    flow.paragraph(paragraph);
}
