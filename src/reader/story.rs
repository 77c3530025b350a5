//! What stands in a document, typed: stories of paragraphs and tables, each with its tracked changes.

use ecow::{EcoString, eco_format};

use super::Place;
use super::package::Package;
use super::tree::{Element, Space};

/// A story: the body, a header, a footer, a note.
#[derive(Debug, Clone)]
pub struct Story<'p> {
    /// Which one.
    pub place: Place,
    /// The part that it stands in.
    pub part: String,
    /// What stands in it.
    pub blocks: Vec<Block<'p>>,
}

/// A block.
#[derive(Debug, Clone)]
pub enum Block<'p> {
    /// A paragraph.
    Paragraph(Paragraph<'p>),
    /// A table.
    Table(Table<'p>),
    /// Blocks in a content control.
    Control {
        /// Its properties.
        properties: Option<&'p Element>,
        /// What stands in it.
        blocks: Vec<Block<'p>>,
    },
    /// What is not known: kept as it is.
    Other(&'p Element),
}

/// A paragraph.
#[derive(Debug, Clone)]
pub struct Paragraph<'p> {
    /// Its properties as they stand.
    pub properties: Option<&'p Element>,
    /// What changed of its mark and its properties.
    pub revisions: Vec<Revision>,
    /// Its runs, in order.
    pub runs: Vec<Run<'p>>,
    /// The names of the bookmarks that begin in it.
    pub bookmarks: Vec<EcoString>,
}

/// Characters of one kind.
#[derive(Debug, Clone)]
pub struct Run<'p> {
    /// Its properties as they stand.
    pub properties: Option<&'p Element>,
    /// What changed of it, outermost first.
    pub revisions: Vec<Revision>,
    /// The link that it stands in: its element.
    pub link: Option<&'p Element>,
    /// The content control that it stands in: its properties.
    pub control: Option<&'p Element>,
    /// What it holds.
    pub pieces: Vec<Piece<'p>>,
}

/// What a run holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<'p> {
    /// Characters; a tab, a break and special hyphens as characters.
    Text(String),
    /// The code of a field.
    Field(String),
    /// The mark of a note, by its id.
    Note(EcoString),
    /// A picture or another object.
    Drawing(&'p Element),
    /// What is not known: kept as it is.
    Other(&'p Element),
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table<'p> {
    /// Its properties as they stand.
    pub properties: Option<&'p Element>,
    /// What changed of its properties and its grid.
    pub revisions: Vec<Revision>,
    /// Its rows.
    pub rows: Vec<Row<'p>>,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row<'p> {
    /// Its properties as they stand.
    pub properties: Option<&'p Element>,
    /// Whether it came or went, and what changed of its properties.
    pub revisions: Vec<Revision>,
    /// Its cells.
    pub cells: Vec<Cell<'p>>,
}

/// A cell.
#[derive(Debug, Clone)]
pub struct Cell<'p> {
    /// Its properties as they stand.
    pub properties: Option<&'p Element>,
    /// Whether it came, went or was merged, and what changed of its properties.
    pub revisions: Vec<Revision>,
    /// What stands in it.
    pub blocks: Vec<Block<'p>>,
}

/// A tracked change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// What kind.
    pub change: Change,
    /// Its id.
    pub id: EcoString,
    /// Who made it.
    pub author: EcoString,
    /// When, as it is written.
    pub date: EcoString,
}

/// The kinds of tracked change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Came: `ins`, `cellIns`.
    Inserted,
    /// Went: `del`, `cellDel`.
    Deleted,
    /// Went elsewhere: `moveFrom`.
    MovedFrom,
    /// Came from elsewhere: `moveTo`.
    MovedTo,
    /// Was merged with other cells, or parted from them: `cellMerge`.
    Merged,
    /// Properties changed: `rPrChange`, `pPrChange` and their like.
    Formatted,
    /// Its number changed: `numberingChange`.
    Numbered,
}

impl Revision {
    /// The tracked change that an element is.
    fn of(element: &Element) -> Option<Revision> {
        if element.space != Space::W {
            return None;
        }
        let change = match element.name.as_str() {
            "ins" | "cellIns" => Change::Inserted,
            "del" | "cellDel" => Change::Deleted,
            "moveFrom" => Change::MovedFrom,
            "moveTo" => Change::MovedTo,
            "cellMerge" => Change::Merged,
            "numberingChange" => Change::Numbered,
            name if name.ends_with("PrChange") || name.ends_with("PrExChange") || name == "tblGridChange" => {
                Change::Formatted
            }
            _ => return None,
        };
        let value = |name: &str| element.get(name).unwrap_or_default().into();
        Some(Revision { change, id: value("id"), author: value("author"), date: value("date") })
    }

    fn within(properties: Option<&Element>) -> Vec<Revision> {
        properties.into_iter().flat_map(Element::elements).filter_map(Revision::of).collect()
    }
}

/// The stories of a document: the body, its headers and footers by section, its notes.
pub fn stories(package: &Package) -> Vec<Story<'_>> {
    let story = |(place, part, root)| Story { place, part, blocks: blocks(root) };
    package.stories().into_iter().map(story).collect()
}

/// What holds other blocks, rows or cells and is nothing by itself.
const THROUGH: &[&str] = &["sdtContent", "customXml", "smartTag", "ins", "del", "moveFrom", "moveTo"];

fn blocks(parent: &Element) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    for element in parent.elements() {
        if element.is("p") {
            found.push(Block::Paragraph(paragraph(element)));
        } else if element.is("tbl") {
            found.push(Block::Table(table(element)));
        } else if element.is("sdt") {
            let content = element.child("sdtContent").map(blocks).unwrap_or_default();
            found.push(Block::Control { properties: element.child("sdtPr"), blocks: content });
        } else if element.is_any(THROUGH) {
            found.extend(blocks(element));
        } else if !element.is_any(&["tcPr", "sectPr", "customXmlPr"]) {
            found.push(Block::Other(element));
        }
    }
    found
}

fn paragraph(element: &Element) -> Paragraph<'_> {
    let properties = element.child("pPr");
    let mut revisions = Revision::within(properties.and_then(|it| it.child("rPr")));
    revisions.extend(Revision::within(properties));
    revisions.extend(Revision::within(properties.and_then(|it| it.child("numPr"))));
    let mut made = Paragraph { properties, revisions, runs: Vec::new(), bookmarks: Vec::new() };
    let around = Run { properties: None, revisions: Vec::new(), link: None, control: None, pieces: Vec::new() };
    runs(element, &around, &mut made);
    made
}

fn runs<'p>(parent: &'p Element, around: &Run<'p>, made: &mut Paragraph<'p>) {
    for element in parent.elements() {
        if element.is("r") {
            let properties = element.child("rPr");
            let mut run = Run { properties, ..around.clone() };
            run.revisions.extend(Revision::within(properties));
            run.pieces = pieces(element);
            made.runs.push(run);
        } else if element.is("bookmarkStart") {
            made.bookmarks.extend(element.get("name").map(EcoString::from));
        } else if element.is("hyperlink") {
            runs(element, &Run { link: Some(element), ..around.clone() }, made);
        } else if element.is("sdt") {
            let control = element.child("sdtPr");
            if let Some(content) = element.child("sdtContent") {
                runs(content, &Run { control, ..around.clone() }, made);
            }
        } else if let Some(revision) = Revision::of(element) {
            let mut around = around.clone();
            around.revisions.push(revision);
            runs(element, &around, made);
        } else if element.is_any(&["fldSimple", "smartTag", "customXml", "dir", "bdo"]) {
            runs(element, around, made);
        } else if element.space == Space::M {
            made.runs.push(Run { pieces: vec![Piece::Other(element)], ..around.clone() });
        }
    }
}

fn pieces(run: &Element) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    for element in run.elements() {
        let text = match element.name.as_str() {
            _ if element.space != Space::W => {
                found.push(Piece::Other(element));
                continue;
            }
            "rPr" | "lastRenderedPageBreak" => continue,
            "t" | "delText" => element.text(),
            "tab" | "ptab" => "\t".to_owned(),
            "br" | "cr" => "\n".to_owned(),
            "noBreakHyphen" => "\u{2011}".to_owned(),
            "softHyphen" => "\u{ad}".to_owned(),
            "instrText" | "delInstrText" => {
                found.push(Piece::Field(element.text()));
                continue;
            }
            "footnoteReference" | "endnoteReference" => {
                found.push(Piece::Note(element.get("id").unwrap_or_default().into()));
                continue;
            }
            "drawing" | "pict" | "object" => {
                found.push(Piece::Drawing(element));
                continue;
            }
            _ => {
                found.push(Piece::Other(element));
                continue;
            }
        };
        match found.last_mut() {
            Some(Piece::Text(so_far)) => so_far.push_str(&text),
            _ => found.push(Piece::Text(text)),
        }
    }
    found
}

fn table(element: &Element) -> Table<'_> {
    let mut revisions = Revision::within(element.child("tblPr"));
    revisions.extend(Revision::within(element.child("tblGrid")));
    let rows = within(element, "tr").into_iter().map(row).collect();
    Table { properties: element.child("tblPr"), revisions, rows }
}

fn row(element: &Element) -> Row<'_> {
    let properties = element.child("trPr");
    let mut revisions = Revision::within(properties);
    revisions.extend(Revision::within(element.child("tblPrEx")));
    Row { properties, revisions, cells: within(element, "tc").into_iter().map(cell).collect() }
}

fn cell(element: &Element) -> Cell<'_> {
    let properties = element.child("tcPr");
    Cell { properties, revisions: Revision::within(properties), blocks: blocks(element) }
}

/// The elements of a kind in another, within controls too.
fn within<'p>(parent: &'p Element, name: &str) -> Vec<&'p Element> {
    let mut found = Vec::new();
    for element in parent.elements() {
        if element.is(name) {
            found.push(element);
        } else if element.is_any(THROUGH) || element.is("sdt") {
            found.extend(within(element, name));
        }
    }
    found
}

/// A paragraph's text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Such as `body`, `body table 2 row 3 cell 1`, `header first of section 1`.
    pub place: EcoString,
    /// Its characters: those of deleted runs too. Notes and pictures as `[note]` and `[drawing]`, codes of fields in braces.
    pub text: String,
}

/// The text of a document by paragraph, in the order of its stories.
pub fn lines(package: &Package) -> Vec<Line> {
    let mut found = Vec::new();
    for story in stories(package) {
        let place = match &story.place {
            Place::Footnote(_) => "footnote".into(),
            Place::Endnote(_) => "endnote".into(),
            place => eco_format!("{place}"),
        };
        lines_of(&story.blocks, &place, &mut 0, &mut found);
    }
    found
}

fn lines_of(blocks: &[Block<'_>], place: &EcoString, tables: &mut usize, found: &mut Vec<Line>) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => found.push(Line { place: place.clone(), text: paragraph.text() }),
            Block::Table(table) => {
                *tables += 1;
                let table_place = eco_format!("{place} table {tables}");
                for (row, at_row) in table.rows.iter().zip(1..) {
                    for (cell, at_cell) in row.cells.iter().zip(1..) {
                        let place = eco_format!("{table_place} row {at_row} cell {at_cell}");
                        lines_of(&cell.blocks, &place, &mut 0, found);
                    }
                }
            }
            Block::Control { blocks, .. } => lines_of(blocks, place, tables, found),
            Block::Other(_) => {}
        }
    }
}

impl Paragraph<'_> {
    /// Its characters, as [`Line::text`] has them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for piece in self.runs.iter().flat_map(|run| &run.pieces) {
            match piece {
                Piece::Text(characters) => text.push_str(characters),
                Piece::Field(code) => {
                    let words: Vec<&str> = code.split_whitespace().collect();
                    text.push_str(&format!("{{{}}}", words.join(" ")));
                }
                Piece::Note(_) => text.push_str("[note]"),
                Piece::Drawing(_) => text.push_str("[drawing]"),
                Piece::Other(element) => formula(element, &mut text),
            }
        }
        text
    }
}

/// The characters of a formula.
fn formula(element: &Element, text: &mut String) {
    if element.space == Space::M {
        element.walk(&mut |it| {
            if it.space == Space::M && it.name == "t" {
                text.push_str(&it.text());
            }
        });
    }
}
