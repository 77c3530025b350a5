//! Tables: an absolute grid that adds up to the text's width, header rows that repeat, rows that stay whole.

use super::anchors::{self, Anchor};
use super::body::{Flow, Scope, Start};
use super::context::Context;
use super::paragraph::{Look, Paragraph, field, plain};
use super::style::{self, Id};
use super::xml::Element;
use super::{content_controls, table_styles};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::document::TOO_MANY_COLUMNS;
use crate::length::Length;
use crate::model::{Align, FieldKind, Inline, Party, Reference, Table};
use crate::theme::{Colour, WHITE, metrics};
use crate::wording;

/// Word opens no table with more columns.
const COLUMNS: usize = 63;
/// Word's limit for the description of a table.
const DESCRIPTION: usize = 250;

/// A cell.
#[derive(Debug)]
pub(super) struct Cell {
    /// Its width in twips.
    pub(super) width: i64,
    /// How many columns of the grid it covers.
    pub(super) span: usize,
    /// Its ground, when not the style's.
    pub(super) shading: Option<Colour>,
    /// Whether its text stands at the bottom.
    pub(super) bottom: bool,
    /// Its paragraphs.
    pub(super) content: Vec<Element>,
}

/// A kind of row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Repeated on every page.
    Header,
    /// On one page.
    Whole,
    /// Broken where the page ends.
    Breaking,
    /// On one page, and high enough to sign in.
    Signing,
}

/// The columns of a grid in twips: shares of a width that add up to it exactly.
pub(super) fn grid(shares: &[f64], width: Length) -> Vec<i64> {
    let total: f64 = shares.iter().map(|share| share.max(0.0)).sum();
    let (mut sum, mut edge) = (0.0, 0);
    let twips = width.to_twips();
    shares
        .iter()
        .map(|share| {
            sum += share.max(0.0);
            let next = if total > 0.0 { (twips as f64 * sum / total).round() as i64 } else { edge };
            let column = next - edge;
            edge = next;
            column
        })
        .collect()
}

/// The properties of a table.
pub(super) fn properties(
    style: &'static str,
    width: Length,
    indent: Length,
    look: &'static str,
    description: &str,
) -> Element {
    let mut properties = Element::new("w:tblPr")
        .child(Element::val("w:tblStyle", style))
        .child(Element::new("w:tblW").int("w:w", width.to_twips()).with("w:type", "dxa"))
        .child(Element::new("w:tblInd").int("w:w", indent.to_twips()).with("w:type", "dxa"))
        .child(Element::new("w:tblLayout").with("w:type", "fixed"))
        .child(look_of(look));
    let description: String = super::context::one_line(description).chars().take(DESCRIPTION).collect();
    if !description.trim().is_empty() {
        properties.push(Element::val("w:tblCaption", description));
    }
    properties
}

/// `w:tblLook`, as bits for older readers and as attributes for newer ones.
fn look_of(bits: &'static str) -> Element {
    let value = i64::from_str_radix(bits, 16).unwrap_or_default();
    [
        ("w:firstRow", 0x20),
        ("w:lastRow", 0x40),
        ("w:firstColumn", 0x80),
        ("w:lastColumn", 0x100),
        ("w:noHBand", 0x200),
        ("w:noVBand", 0x400),
    ]
    .into_iter()
    .fold(Element::val("w:tblLook", bits), |look, (name, bit)| look.int(name, i64::from(value & bit != 0)))
}

/// A row.
pub(super) fn row(cells: Vec<Cell>, kind: Kind) -> Element {
    let mut properties = Element::new("w:trPr");
    if kind != Kind::Breaking {
        properties.push(Element::new("w:cantSplit"));
    }
    match kind {
        Kind::Header => properties.push(Element::new("w:tblHeader")),
        Kind::Signing => {
            properties.push(Element::number("w:trHeight", metrics::SIGN_OFF_ROW.to_twips()).with("w:hRule", "atLeast"))
        }
        Kind::Whole | Kind::Breaking => {}
    }
    let mut row = Element::new("w:tr");
    if !properties.is_empty() {
        row.push(properties);
    }
    row.children(cells.into_iter().map(|cell| {
        let mut properties =
            Element::new("w:tcPr").child(Element::new("w:tcW").int("w:w", cell.width).with("w:type", "dxa"));
        if cell.span > 1 {
            properties.push(Element::number("w:gridSpan", cell.span as i64));
        }
        if let Some(colour) = cell.shading {
            properties.push(style::shading(colour));
        }
        if cell.bottom {
            properties.push(Element::val("w:vAlign", "bottom"));
        }
        Element::new("w:tc").child(properties).children(cell.content)
    }))
}

/// A table of properties, grid and rows.
pub(super) fn assemble(properties: Element, grid: &[i64], rows: Vec<Element>) -> Element {
    let columns = grid.iter().map(|width| Element::new("w:gridCol").int("w:w", *width));
    Element::new("w:tbl").child(properties).child(Element::new("w:tblGrid").children(columns)).children(rows)
}

/// A cell of one paragraph.
pub(super) fn cell(width: i64, paragraph: Paragraph) -> Cell {
    Cell { width, span: 1, shading: None, bottom: false, content: vec![paragraph.build()] }
}

/// A caption's runs: word and number as a field that can be cited, then the words.
pub(super) fn caption(
    context: &mut Context<'_>,
    word: &str,
    sequence: &str,
    number: Option<u32>,
    label: Option<&str>,
    content: &[Inline<Reference>],
) -> Vec<Element> {
    let look = Look::sized(context.theme.sizes.small);
    let mut out = Vec::new();
    if let Some(number) = number {
        let mut head = context.words(&format!("{word} "), Look::default());
        let cached = context.runs(&number.to_string(), Look::default());
        head.extend(field(&format!(" SEQ {sequence} \\* ARABIC "), cached, Look::default()));
        out = context.bookmarked(label, head);
        out.extend(context.runs(". ", Look::default()));
        out.extend(context.inlines(content, look));
    } else {
        out.extend(context.inlines(content, look));
        out = context.bookmarked(label, out);
    }
    out
}

/// What the next cell's paragraph carries for the table or the row that it begins.
#[derive(Debug, Default)]
struct Lead<'l> {
    /// Whether it begins a page.
    page_break: bool,
    /// The label that leads to it.
    label: Option<&'l str>,
    /// The anchors around it.
    anchors: Vec<Anchor>,
}

impl Lead<'_> {
    /// A cell's paragraph, with what it carries; the next one carries nothing.
    fn take(&mut self, context: &Context<'_>, style: Id, content: Vec<Element>) -> Paragraph {
        let Lead { page_break, label, anchors } = std::mem::take(self);
        let content = anchors::around(anchors, context.bookmarked(label, content));
        Paragraph { page_break, ..Paragraph::new(Some(style), content) }
    }
}

/// A table of the body with its caption.
pub(super) fn table(context: &mut Context<'_>, flow: &mut Flow, table: &Table<Reference>, scope: Scope) {
    let count = table.columns.len();
    if count > COLUMNS {
        let message = format!("a table has {count} columns; Word opens none with more than {COLUMNS}");
        context.sink.push(Diagnostic::fault(&TOO_MANY_COLUMNS, message).at(context.span.clone()));
        return;
    }
    if count == 0 {
        return;
    }
    if let Some(content) = &table.caption {
        let word = context.strings.table.clone();
        let content = caption(context, &word, "Table", table.number, table.id.as_deref(), content);
        let mut paragraph = Paragraph::new(Some(Id::Caption), content);
        paragraph.indent = (scope.left() > Length::ZERO).then(|| (scope.left(), Length::ZERO));
        flow.paragraph(paragraph);
    }
    let page_break = flow.take_start() == Start::Page;
    let room = scope.width - scope.left();
    let shares: Vec<f64> = table.columns.iter().map(|column| column.width).collect();
    let grid = grid(&shares, room);
    // Where there is no caption, the first cell is what a reference leads to.
    let label = table.id.as_deref().filter(|_| table.caption.is_none());
    let mut lead = Lead { page_break, label, anchors: flow.take_anchors() };
    let mut rows = Vec::with_capacity(table.rows.len() + 1);
    if !table.header.is_empty() {
        let cells = cells(context, &table.header, table, &grid, Id::TableHeading, &mut lead);
        rows.push(row(cells.into_iter().map(|cell| Cell { bottom: true, ..cell }).collect(), Kind::Header));
    }
    for body in &table.rows {
        lead.anchors.extend(context.anchor_of_row(body));
        let cells = if body.band {
            let content = body.cells.first().map_or(&[][..], Vec::as_slice);
            let content = context.inlines(content, Look::sized(context.theme.sizes.table));
            let paragraph = lead.take(context, Id::TableBand, content);
            let cell = cell(grid.iter().sum(), paragraph);
            let tint = context.theme.colours.tint.mixed(WHITE, 45.0);
            vec![Cell { span: count, shading: Some(tint), ..cell }]
        } else {
            cells(context, &body.cells, table, &grid, Id::TableText, &mut lead)
        };
        rows.push(row(cells, Kind::Whole));
    }
    if rows.is_empty() {
        return;
    }
    // A caption stands above and is read there; and a change of it is none of the table's own.
    let description = match (&table.caption, table.header.as_slice()) {
        (Some(caption), []) => plain(caption),
        (_, header) => header.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(", "),
    };
    let look = if table.header.is_empty() { "0600" } else { "0620" };
    let properties = properties(table_styles::DOCUMENT, room, scope.left(), look, &description);
    flow.table(assemble(properties, &grid, rows));
}

fn cells(
    context: &mut Context<'_>,
    contents: &[Vec<Inline<Reference>>],
    table: &Table<Reference>,
    grid: &[i64],
    style: Id,
    lead: &mut Lead<'_>,
) -> Vec<Cell> {
    let empty = Vec::new();
    let look = Look::sized(context.theme.sizes.table);
    (0..grid.len())
        .map(|at| {
            let content = context.inlines(contents.get(at).unwrap_or(&empty), look);
            let mut paragraph = lead.take(context, style, content);
            paragraph.align = Some(table.columns.get(at).map_or(Align::Left, |column| column.align));
            cell(grid.get(at).copied().unwrap_or_default(), paragraph)
        })
        .collect()
}

/// A row for each who signs: name, role, and controls for signature and date.
pub(super) fn sign_off(context: &mut Context<'_>, flow: &mut Flow, signatories: &[Party], scope: Scope) {
    if signatories.is_empty() {
        return;
    }
    let strings = context.strings;
    let page_break = flow.take_start() == Start::Page;
    let mut lead = Lead { page_break, anchors: flow.take_anchors(), ..Lead::default() };
    let room = scope.width - scope.left();
    let grid = grid(&metrics::SIGN_OFF_WIDTHS, room);
    let labels = [&strings.name, &strings.role, &strings.signature, &strings.date];
    let header = grid.iter().zip(labels).map(|(width, label)| {
        let label = context.words(label, Look::default());
        cell(*width, lead.take(context, Id::TableHeading, label))
    });
    let mut rows = vec![row(header.collect(), Kind::Header)];
    for (at, party) in signatories.iter().enumerate() {
        let mut control = |label: &str, part: &str, kind: FieldKind, given: Option<&str>| {
            let name = format!("sign-off.{}.{part}", party.key);
            let who = if party.role.text.is_empty() { party.name.as_ref().unwrap_or(&party.role) } else { &party.role };
            let title = format!("{label}: {}", who.text);
            vec![content_controls::blank(context, &name, &title, kind, given)]
        };
        // A post is signed for by whoever holds it on the day.
        let given = wording::signing(party).map(|name| name.text.clone());
        let contents = [
            control(&strings.name, "name", FieldKind::Text, given.as_deref()),
            Vec::new(),
            control(&strings.signature, "signature", FieldKind::Text, None),
            control(&strings.date, "date", FieldKind::Date, None),
        ];
        let role = context.texts(std::slice::from_ref(&party.role), Look::default());
        let cells = grid.iter().zip(contents).enumerate().map(|(column, (width, content))| {
            let content = if column == 1 { role.clone() } else { content };
            let mut paragraph = Paragraph::new(Some(Id::TableText), content);
            paragraph.keep_next = at + 1 < signatories.len();
            Cell { bottom: true, ..cell(*width, paragraph) }
        });
        rows.push(row(cells.collect(), Kind::Signing));
    }
    let properties = properties(table_styles::SIGN_OFF, room, scope.left(), "0620", &strings.signature);
    flow.table(assemble(properties, &grid, rows));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_adds_up_to_the_width() {
        for shares in [vec![33.33, 33.33, 33.34], vec![1.0; 7], vec![0.0, 100.0], vec![12.5, 37.5, 50.0], vec![70.0]] {
            let grid = grid(&shares, Length::from_mm(160.0));
            assert_eq!(grid.iter().sum::<i64>(), Length::from_mm(160.0).to_twips(), "{shares:?}");
        }
    }
}
