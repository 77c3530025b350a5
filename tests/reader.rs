//! An independent reader: what docx-rs reads from a Word file, paragraph by paragraph and cell by cell, is what the
//! model says.
//!
//! docx-rs 0.4.22 drops some of what a file holds. [`Reading`] and [`Saying`] leave the same out, and nothing else:
//!
//! - the marks of footnotes and the footnotes themselves;
//! - content controls inside a paragraph: their text is read, their tag, title and choices are not;
//! - which number a field shows: the text that was last shown is read, as it stands.
//!
//! Left out on both sides besides: the first page below its title and the contents, which are no part of the model's
//! body; paragraphs without text, which Word needs between tables and at the end of sections; the numbers that Word
//! counts itself.
mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::request;
use docx_rs::{
    DocumentChild, Paragraph, ParagraphChild, Run, RunChild, Table, TableCellContent, TableChild, TableRowChild,
};
use folio::backend::docx;
use folio::diagnostic::Sink;
use folio::model::{
    Block, CalloutKind, Document, EMPTY_BOX, FieldKind, Inline, Node, PROPOSED, Party, Reference, Tone,
};
use folio::strings::Strings;

/// What a reader finds, in its order.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Paragraph(String),
    /// Rows of cells, each of what stands in it.
    Table(Vec<Vec<Vec<Piece>>>),
}

fn paragraph(text: String, pieces: &mut Vec<Piece>) {
    if !text.is_empty() {
        pieces.push(Piece::Paragraph(text));
    }
}

/// What docx-rs reads.
struct Reading;

impl Reading {
    fn of(bytes: &[u8]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for child in docx_rs::read_docx(bytes).unwrap().document.children {
            match child {
                DocumentChild::Paragraph(it) => paragraph(Reading::paragraph(&it), &mut pieces),
                DocumentChild::Table(it) => pieces.push(Reading::table(&it)),
                DocumentChild::TableOfContents(_) | DocumentChild::StructuredDataTag(_) => {}
                other => panic!("{other:?}"),
            }
        }
        pieces
    }

    fn paragraph(paragraph: &Paragraph) -> String {
        let mut text = String::new();
        for child in &paragraph.children {
            match child {
                ParagraphChild::Run(run) => Reading::run(run, &mut text),
                ParagraphChild::Hyperlink(link) => {
                    for child in &link.children {
                        let ParagraphChild::Run(run) = child else { panic!("{child:?}") };
                        Reading::run(run, &mut text);
                    }
                }
                ParagraphChild::BookmarkStart(_) | ParagraphChild::BookmarkEnd(_) => {}
                other => panic!("{other:?}"),
            }
        }
        text
    }

    fn run(run: &Run, text: &mut String) {
        for child in &run.children {
            match child {
                RunChild::Text(it) => text.push_str(&it.text),
                RunChild::Tab(_) => text.push('\t'),
                RunChild::Break(_) => text.push('\n'),
                RunChild::FieldChar(_) | RunChild::InstrTextString(_) | RunChild::Drawing(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn table(table: &Table) -> Piece {
        let rows = table.rows.iter().map(|TableChild::TableRow(row)| {
            let cells = row.cells.iter().map(|TableRowChild::TableCell(cell)| {
                let mut pieces = Vec::new();
                for child in &cell.children {
                    match child {
                        TableCellContent::Paragraph(it) => paragraph(Reading::paragraph(it), &mut pieces),
                        TableCellContent::Table(it) => pieces.push(Reading::table(it)),
                        other => panic!("{other:?}"),
                    }
                }
                pieces
            });
            cells.collect()
        });
        Piece::Table(rows.collect())
    }
}

/// What the model says.
struct Saying<'a> {
    strings: &'a Strings,
    document: &'a Document,
    /// The footnotes whose mark has been met.
    noted: BTreeSet<u32>,
}

impl Saying<'_> {
    fn blocks(&mut self, blocks: &[Block<Reference>], pieces: &mut Vec<Piece>) {
        for block in blocks {
            self.block(block, pieces);
        }
    }

    fn block(&mut self, block: &Block<Reference>, pieces: &mut Vec<Piece>) {
        let strings = self.strings;
        match &block.node {
            Node::Heading(heading) => paragraph(self.line(&heading.content), pieces),
            Node::Paragraph { content } => paragraph(self.line(content), pieces),
            Node::List(list) => list.items.iter().for_each(|item| self.blocks(item, pieces)),
            Node::DefinitionList { items } => {
                for item in items {
                    paragraph(self.line(&item.term), pieces);
                    self.blocks(&item.body, pieces);
                }
            }
            Node::Table(table) => {
                if let Some(caption) = &table.caption {
                    paragraph(self.caption(&strings.table, table.number, caption), pieces);
                }
                let header = (!table.header.is_empty()).then_some(&table.header);
                let rows = header.into_iter().chain(table.rows.iter().map(|row| &row.cells));
                let rows = rows.map(|cells| cells.iter().map(|cell| one(self.line(cell))).collect());
                pieces.push(Piece::Table(rows.collect()));
            }
            Node::Figure(figure) => {
                if let Some(caption) = &figure.caption {
                    paragraph(self.caption(&strings.figure, figure.number, caption), pieces);
                }
            }
            Node::Callout(callout) => {
                let word = match callout.kind {
                    CalloutKind::Glance => &strings.callout_glance,
                    CalloutKind::Note => &strings.callout_note,
                    CalloutKind::Important => &strings.callout_important,
                    CalloutKind::Warning => &strings.callout_warning,
                };
                let mut inside = one(callout.title.as_ref().unwrap_or(word).clone());
                self.blocks(&callout.body, &mut inside);
                pieces.push(Piece::Table(vec![vec![inside]]));
            }
            Node::CodeBlock { text } => paragraph(shown(text.text.trim_end_matches('\n')), pieces),
            Node::BlockQuote { body } | Node::Landscape { body } => self.blocks(body, pieces),
            Node::SignOff { signatories } => pieces.push(self.sign_off(signatories)),
            Node::PageBreak => {}
        }
    }

    fn sign_off(&self, signatories: &[Party]) -> Piece {
        let strings = self.strings;
        let labels = [&strings.name, &strings.role, &strings.signature, &strings.date];
        let blank = "\u{2003}\u{2003}\u{2003}\u{2003}";
        let mut rows = vec![labels.map(|label| one(label.clone())).to_vec()];
        for party in signatories {
            // A post is signed for by whoever holds it on the day; a person in place of one is named.
            let own = party.name.as_ref().filter(|name| name.text == party.role.text);
            let name = own.map_or(blank, |name| name.text.as_str());
            rows.push([name, party.role.text.as_str(), blank, blank].map(|text| one(text.to_owned())).to_vec());
        }
        Piece::Table(rows)
    }

    fn caption(&mut self, word: &str, number: Option<u32>, caption: &[Inline<Reference>]) -> String {
        let number = number.map(|number| format!("{word} {number}. ")).unwrap_or_default();
        number + &self.line(caption)
    }

    fn line(&mut self, line: &[Inline<Reference>]) -> String {
        line.iter().map(|inline| self.inline(inline)).collect()
    }

    fn inline(&mut self, inline: &Inline<Reference>) -> String {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Unrecorded(text) => {
                shown(&text.text) + if text.proposed { PROPOSED } else { "" }
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                self.line(content)
            }
            Inline::Status { tone, text } => {
                let mark = match tone {
                    Tone::Good => '\u{25cf}',
                    Tone::Caution => '\u{25b2}',
                    Tone::Bad => '\u{25a0}',
                    Tone::Neutral => '\u{25cb}',
                };
                format!("{mark}\u{a0}{}{}", shown(&text.text), if text.proposed { PROPOSED } else { "" })
            }
            Inline::Reference(reference) => shown(&reference.text),
            // The mark of a note is dropped by the reader; a further mark of the same note is its number.
            Inline::Footnote { number } => {
                let is_first = self.document.footnotes.contains_key(number) && self.noted.insert(*number);
                if is_first { String::new() } else { number.to_string() }
            }
            Inline::Field(field) if field.kind == FieldKind::Checkbox => EMPTY_BOX.to_string(),
            Inline::Field(field) => {
                let hint = match field.kind {
                    FieldKind::Text => &self.strings.field_text,
                    FieldKind::Date => &self.strings.field_date,
                    FieldKind::Choice | FieldKind::Checkbox => &self.strings.field_choice,
                };
                if field.label.trim().is_empty() { hint.clone() } else { field.label.clone() }
            }
            Inline::LineBreak => "\n".into(),
        }
    }
}

/// A cell of one paragraph, or of none with text.
fn one(text: String) -> Vec<Piece> {
    let mut pieces = Vec::new();
    paragraph(text, &mut pieces);
    pieces
}

/// A text with its line ends as a reader finds them.
fn shown(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn check(workspace: &str) {
    let (session, mut sink) = (request().session(), Sink::new());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(workspace);
    let workspace = session.workspace(&root, &mut sink).unwrap();
    let plan = session.plan(&workspace, &mut sink);
    let documents = session.documents(&workspace, &plan, &mut sink).documents.unwrap();
    let press = session.press(&workspace, &documents, &[docx::FORMAT], &mut sink).unwrap();
    for document in &documents {
        let control = &document.control;
        let printed = session.print(&press, &workspace, document, &[docx::FORMAT], &mut sink).unwrap();
        let read = Reading::of(&printed.outputs[0].1);
        let head = [
            control.organisation.text.clone(),
            control.title.text.clone(),
            format!("{} \u{b7} {} \u{b7} {}", control.kind, control.number.text, control.classification.label.text),
        ];
        assert_eq!(read[..3], head.map(Piece::Paragraph), "{}", root.display());
        let mut said = Vec::new();
        let strings = &workspace.pack.strings;
        Saying { strings, document, noted: BTreeSet::new() }.blocks(&document.body, &mut said);
        assert!(!said.is_empty() && read.len() > said.len() + 3, "{}: {}", root.display(), control.title.text);
        let body = &read[read.len() - said.len()..];
        for (read, said) in body.iter().zip(&said) {
            assert_eq!(read, said, "{}: {}", root.display(), control.title.text);
        }
    }
}

#[test]
fn specimen() {
    check("tests/workspaces/specimen");
}

#[test]
fn northwind() {
    check("examples/northwind");
}

#[test]
fn harbour_works() {
    check("examples/harbour-works");
}

#[test]
fn riverside_clinics() {
    check("examples/riverside-clinics");
}

#[test]
fn northwind_2022() {
    check("examples/northwind-2022");
}

#[test]
fn harbour_works_2022() {
    check("examples/harbour-works-2022");
}

#[test]
fn riverside_clinics_2022() {
    check("examples/riverside-clinics-2022");
}

#[test]
fn meadow_credit_union() {
    check("examples/meadow-credit-union");
}
