//! What the theme reads of a document: its words fitted into their places, and how each part is to be treated.
//!
//! The theme is interpreted, so what can be said shorter is: neighbouring texts are one, and a line of nothing but text
//! is a string.

use std::collections::BTreeMap;

use serde::Serialize;

use super::beside;
use super::fit::{CHANCE, Fit, Room};
use crate::appended;
use crate::length::Length;
use crate::model::{self, Align, CalloutKind, Control, Document, FieldKind, Mark, Node, Party, Reference, Tone};
use crate::strings::Strings;
use crate::theme::{PICTURE_WIDTH, Places, Theme, metrics};
use crate::wording::{self, Said, Shown};

type Inlines = [model::Inline<Reference>];

/// `/doc.json`.
#[derive(Serialize)]
struct Job<'a> {
    front: Front<'a>,
    body: Vec<Element<'a>>,
    contents_depth: u8,
    language: &'a str,
    region: Option<&'a str>,
}

/// What stands around the body: the first page down to the contents, and the margins.
#[derive(Serialize)]
struct Front<'a> {
    organisation: Line<'a>,
    title: Line<'a>,
    subtitle: Line<'a>,
    /// The rows of the control table.
    control: Vec<Vec<beside::Pair<'a>>>,
    history_names: [&'a str; 4],
    history: Vec<[Line<'a>; 4]>,
    /// Whether a cell may break over pages.
    tall: bool,
    header: Vec<Margin<'a>>,
    footer: Vec<Margin<'a>>,
    /// Header and footer of the first page, where they differ.
    first: Option<[Vec<Margin<'a>>; 2]>,
    /// What stands on the cover besides organisation and title, where there is one.
    cover: Option<Cover<'a>>,
    watermark: Option<&'a str>,
}

/// A line of a header or footer.
#[derive(Serialize)]
struct Margin<'a> {
    left: Vec<MarginPart<'a>>,
    center: Vec<MarginPart<'a>>,
    right: Vec<MarginPart<'a>>,
}

/// The lines of a cover's places, and the room above the organisation.
#[derive(Serialize)]
struct Cover<'a> {
    above: Vec<Vec<MarginPart<'a>>>,
    below: Vec<Vec<MarginPart<'a>>>,
    foot: Vec<Vec<MarginPart<'a>>>,
    gap: f64,
}

/// A part of a line: a picture, or words as a text or as a list of texts and of what only the page knows.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum MarginPart<'a> {
    Logo { logo: bool },
    Picture { picture: &'a str, width: f64, height: f64, alt: String },
    Text(String),
    Pieces(Vec<MarginPiece<'a>>),
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum MarginPiece<'a> {
    Text(String),
    Counter {
        counter: &'static str,
    },
    /// What one of two versions alone has.
    Marked(Inline<'a>),
}

#[derive(Serialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
enum Element<'a> {
    /// What a link to it is called, where that is not `section 4`.
    Heading {
        level: u8,
        id: &'a str,
        number: &'a str,
        content: Line<'a>,
        called: Option<String>,
    },
    Paragraph {
        content: Line<'a>,
    },
    List {
        ordered: bool,
        start: u32,
        items: Vec<Vec<Element<'a>>>,
    },
    DefinitionList {
        items: Vec<Definition<'a>>,
    },
    Table(Table<'a>),
    Figure(Figure<'a>),
    Callout {
        kind: CalloutKind,
        title: Option<String>,
        tall: bool,
        body: Vec<Element<'a>>,
    },
    CodeBlock {
        text: String,
    },
    BlockQuote {
        body: Vec<Element<'a>>,
    },
    SignOff {
        tall: bool,
        signatories: Vec<Signatory>,
    },
    Landscape {
        body: Vec<Element<'a>>,
    },
    PageBreak,
}

#[derive(Serialize)]
struct Definition<'a> {
    term: Line<'a>,
    body: Vec<Element<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    id: Option<&'a str>,
    number: Option<u32>,
    caption: Option<Line<'a>>,
    columns: Vec<Column>,
    header: Vec<Line<'a>>,
    rows: Vec<Row<'a>>,
    /// Whether the header surely is one line high: then nobody need measure it.
    line: bool,
    /// Whether the header is too tall to be repeated.
    tall: bool,
}

#[derive(Serialize)]
struct Column {
    width: f64,
    align: Align,
}

#[derive(Serialize)]
struct Row<'a> {
    band: bool,
    /// Whether it may break over pages.
    tall: bool,
    cells: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Figure<'a> {
    id: Option<&'a str>,
    number: Option<u32>,
    image: &'a str,
    alt: String,
    /// Hundredths of the text width.
    width: f64,
    caption: Option<Line<'a>>,
    /// Whether picture and caption may part.
    tall: bool,
}

#[derive(Serialize)]
struct Signatory {
    name: Option<String>,
    role: String,
}

/// What stands in a line: a text, or a list of texts and of what is more than that.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Line<'a> {
    Text(String),
    Pieces(Vec<Piece<'a>>),
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Piece<'a> {
    Text(String),
    Other(Inline<'a>),
}

#[derive(Serialize)]
#[serde(tag = "inline", rename_all = "kebab-case")]
pub(super) enum Inline<'a> {
    Strong {
        content: Line<'a>,
    },
    Emphasis {
        content: Line<'a>,
    },
    Code {
        text: String,
    },
    Status {
        tone: Tone,
        text: String,
    },
    Unrecorded {
        text: String,
    },
    Link {
        url: &'a str,
        content: Line<'a>,
    },
    Reference {
        label: &'a str,
        text: String,
    },
    /// The first mark of a footnote holds it; later ones lead to it.
    Footnote {
        number: u32,
        content: Option<Line<'a>>,
    },
    /// A line in a cell is as long as the cell has room.
    Field {
        kind: FieldKind,
        label: String,
        cell: bool,
    },
    /// A text with chances to break its words.
    Parted {
        text: String,
    },
    /// What one version alone has.
    Marked {
        mark: Mark,
        content: Line<'a>,
    },
    /// The mark after what is proposed, and where that is listed.
    Proposed {
        label: Option<&'static str>,
    },
    LineBreak,
}

/// The bytes of `/doc.json`. What stands around the body is held against that of another version, where there is one.
pub(super) fn document(
    document: &Document,
    before: Option<&Control>,
    fit: &Fit,
    theme: &Theme,
    strings: &Strings,
) -> Vec<u8> {
    let room = fit.upright();
    let is_listed = document.headings().iter().any(|heading| heading.id == appended::PROPOSED);
    let mut writer = Writer {
        fit,
        notes: &document.footnotes,
        placed: Vec::new(),
        in_table: false,
        proposed: strings.proposed().filter(|_| is_listed).map(|words| format!("{}, {}", words.mark, strings.section)),
    };
    let mut language = document.control.language.split('-');
    let job = Job {
        front: front(&document.control, before, is_listed, fit, theme, strings),
        body: writer.blocks(&document.body, room),
        contents_depth: metrics::contents_depth(document.headings().into_iter().map(|heading| heading.level)),
        language: language.next().unwrap_or_default(),
        region: language.find(|part| part.len() == 2),
    };
    serde_json::to_vec(&job).unwrap_or_default()
}

fn front<'a>(
    control: &'a Control,
    before: Option<&'a Control>,
    is_listed: bool,
    fit: &Fit,
    theme: &'a Theme,
    strings: &'a Strings,
) -> Front<'a> {
    let room = fit.upright();
    let [_, value, ..] = metrics::CONTROL_WIDTHS.map(|share| fit.cell(room, share));
    let table = wording::control_table(control, strings);
    let (history_names, history) = wording::history(control, strings);
    let tall = before.is_some()
        || fit.is_tall_cell(
            table
                .pairs
                .iter()
                .chain(&table.last)
                .flat_map(|(_, words)| words)
                .chain(history.iter().flatten())
                .map(|text| text.text.as_str()),
            value,
        );
    let line =
        |said: fn(&Control) -> String, room: Room| beside::line(before.map(said).as_deref(), &said(control), fit, room);
    let has_logo = fit.has_picture(model::LOGO);
    let lines = |places: &'a Places| {
        let shown = |control| places.all().map(|(_, place)| wording::shown(place, has_logo, control, strings));
        let (is, was) = (shown(control), before.map(shown));
        let count = is.iter().map(Vec::len).max().unwrap_or_default();
        let line = |at: usize, side: usize| {
            let was = was.as_ref().map(|was| was[side].get(at).map(Vec::as_slice).unwrap_or_default());
            parts(is[side].get(at).map(Vec::as_slice).unwrap_or_default(), was, fit, PICTURE_WIDTH, theme.logo_height)
        };
        (0..count).map(|at| Margin { left: line(at, 0), center: line(at, 1), right: line(at, 2) }).collect::<Vec<_>>()
    };
    let cover = theme.cover().map(|cover| {
        let shown = |control| wording::cover(cover, has_logo, control, strings, theme);
        let (is, was) = (shown(control), before.map(shown));
        let lines = |is: &[Vec<Shown<'a>>], was: Option<&[Vec<Shown<'a>>]>| {
            let line = |(at, line): (usize, &Vec<Shown<'a>>)| {
                let was = was.map(|was| was.get(at).map(Vec::as_slice).unwrap_or_default());
                parts(line, was, fit, 100.0, theme.logo_height)
            };
            is.iter().enumerate().map(line).collect::<Vec<_>>()
        };
        Cover {
            above: lines(&is.above, was.as_ref().map(|was| was.above.as_slice())),
            below: lines(&is.below, was.as_ref().map(|was| was.below.as_slice())),
            foot: lines(&is.foot, was.as_ref().map(|was| was.foot.as_slice())),
            gap: Length::to_pt(is.gap),
        }
    });
    Front {
        organisation: line(|control| control.organisation.text.clone(), room),
        title: line(|control| control.title.text.clone(), fit.title()),
        subtitle: line(|control| wording::plain(&wording::subtitle(control)), room),
        control: beside::control_table(table, before, is_listed, strings, fit, value),
        history_names,
        history: beside::history(
            history,
            before,
            strings,
            fit,
            metrics::HISTORY_WIDTHS.map(|share| fit.cell(room, share)),
        ),
        tall,
        header: lines(&theme.header.every),
        footer: lines(&theme.footer.every),
        first: theme.first().map(|places| places.map(lines)),
        cover,
        watermark: wording::watermark(control, strings),
    }
}

/// The parts of a line, whose pictures may take so many hundredths of the text's width; held against those of another
/// version, where there is one.
fn parts<'a>(
    line: &[Shown<'a>],
    was: Option<&[Shown<'a>]>,
    fit: &Fit,
    share: f64,
    logo_height: Length,
) -> Vec<MarginPart<'a>> {
    let room = fit.upright();
    let words = |words: &str| fit.words(words, room).into_owned();
    let part = |part: &Shown<'a>| match part {
        Shown::Logo => MarginPart::Logo { logo: true },
        Shown::Picture(picture) => {
            let (width, height) = fit.picture(&picture.image, share, picture.height.unwrap_or(logo_height));
            MarginPart::Picture { picture: &picture.image, width, height, alt: fit.clean(&picture.alt).into_owned() }
        }
        Shown::Words(said) => match said.as_slice() {
            [Said::Words(only)] => MarginPart::Text(words(only)),
            said => MarginPart::Pieces(said.iter().map(|said| piece(said, &words)).collect()),
        },
    };
    match was {
        None => line.iter().map(part).collect(),
        Some(was) => beside::parts(was, line, &part, fit),
    }
}

/// What stands in a margin.
pub(super) fn piece<'a>(said: &Said, words: &dyn Fn(&str) -> String) -> MarginPiece<'a> {
    match said {
        Said::Words(text) => MarginPiece::Text(words(text)),
        Said::Page => MarginPiece::Counter { counter: "page" },
        Said::PageNumber => MarginPiece::Counter { counter: "page-number" },
        Said::PageCount => MarginPiece::Counter { counter: "page-count" },
    }
}

/// Writes the body, and each footnote where its first mark stands.
struct Writer<'a, 'f> {
    fit: &'f Fit,
    notes: &'a BTreeMap<u32, Vec<model::Inline<Reference>>>,
    placed: Vec<u32>,
    in_table: bool,
    /// What the mark of what is proposed is called, where there is a list of it: `proposed, section`.
    proposed: Option<String>,
}

impl<'a> Writer<'a, '_> {
    fn blocks(&mut self, blocks: &'a [model::Block<Reference>], room: Room) -> Vec<Element<'a>> {
        blocks.iter().map(|block| self.block(&block.node, room)).collect()
    }

    fn block(&mut self, node: &'a Node<Reference>, room: Room) -> Element<'a> {
        match node {
            Node::Heading(heading) => Element::Heading {
                level: heading.level,
                id: &heading.id,
                number: &heading.number,
                content: self.line(&heading.content, self.fit.heading(heading.level, room)),
                called: self.proposed.clone().filter(|_| heading.id == appended::PROPOSED),
            },
            Node::Paragraph { content } => Element::Paragraph { content: self.line(content, room) },
            Node::List(list) => {
                let inner = room.narrower(metrics::LIST_INDENT);
                let items = list.items.iter().map(|item| self.blocks(item, inner)).collect();
                Element::List { ordered: list.ordered, start: list.start, items }
            }
            Node::DefinitionList { items } => {
                let inner = room.narrower(metrics::QUOTE_INDENT);
                let item = |item: &'a model::Definition<Reference>| {
                    let term = self.line(&item.term, room);
                    Definition { term, body: self.blocks(&item.body, inner) }
                };
                Element::DefinitionList { items: items.iter().map(item).collect() }
            }
            Node::Table(table) => Element::Table(self.table(table, room)),
            Node::Figure(figure) => Element::Figure(self.figure(figure, room)),
            Node::Callout(callout) => {
                let (inner, tall) = self.fit.callout(callout, room);
                let title = callout.title.as_ref().map(|title| self.fit.words(title, inner).into_owned());
                Element::Callout { kind: callout.kind, title, tall, body: self.blocks(&callout.body, inner) }
            }
            Node::CodeBlock { text } => {
                let inner = room.narrower(metrics::CODE_PADDING + metrics::CODE_PADDING);
                Element::CodeBlock { text: self.fit.code(&text.text, inner).into_owned() }
            }
            Node::BlockQuote { body } => {
                Element::BlockQuote { body: self.blocks(body, room.narrower(metrics::QUOTE_INDENT)) }
            }
            Node::SignOff { signatories } => self.sign_off(signatories, room),
            Node::Landscape { body } => Element::Landscape { body: self.blocks(body, self.fit.flipped(room)) },
            Node::PageBreak => Element::PageBreak,
        }
    }

    fn table(&mut self, table: &'a model::Table<Reference>, room: Room) -> Table<'a> {
        let fitted = self.fit.table(table, room);
        let outer = std::mem::replace(&mut self.in_table, true);
        let caption = table.caption.as_ref().map(|caption| self.line(caption, self.fit.small(room)));
        let header = self.cells(&table.header, &fitted.columns);
        let rows = table.rows.iter().zip(&fitted.tall_rows).map(|(row, tall)| {
            let rooms = if row.band { std::slice::from_ref(&fitted.whole) } else { &fitted.columns };
            Row { band: row.band, tall: *tall, cells: self.cells(&row.cells, rooms) }
        });
        let rows = rows.collect();
        self.in_table = outer;
        Table {
            id: table.id.as_deref(),
            number: table.number,
            caption,
            columns: table.columns.iter().map(|it| Column { width: it.width, align: it.align }).collect(),
            header,
            rows,
            line: fitted.is_line,
            tall: fitted.is_tall,
        }
    }

    fn cells(&mut self, cells: &'a [Vec<model::Inline<Reference>>], rooms: &[Room]) -> Vec<Line<'a>> {
        cells.iter().zip(rooms).map(|(cell, room)| self.line(cell, *room)).collect()
    }

    fn figure(&mut self, figure: &'a model::Figure<Reference>, room: Room) -> Figure<'a> {
        let (width, tall) = self.fit.figure(figure, room);
        Figure {
            id: figure.id.as_deref(),
            number: figure.number,
            image: &figure.image,
            alt: self.fit.clean(&figure.alt).into_owned(),
            width,
            caption: figure.caption.as_ref().map(|caption| self.line(caption, self.fit.small(room))),
            tall,
        }
    }

    fn sign_off(&self, signatories: &[Party], room: Room) -> Element<'a> {
        let ([name, role], tall) = self.fit.sign_off(signatories, room);
        let signatory = |party: &Party| Signatory {
            name: wording::signing(party).map(|text| self.fit.words(&text.text, name).into_owned()),
            role: self.fit.words(&party.role.text, role).into_owned(),
        };
        Element::SignOff { tall, signatories: signatories.iter().map(signatory).collect() }
    }

    fn line(&mut self, inlines: &'a Inlines, room: Room) -> Line<'a> {
        let mut pieces: Vec<Piece<'a>> = Vec::with_capacity(inlines.len());
        for inline in inlines {
            let other = match inline {
                model::Inline::Text(text) => match text.mark {
                    Some(mark) => {
                        let mut inner = Vec::new();
                        join(&mut inner, &self.fit.words(&text.text, room));
                        Inline::Marked { mark, content: finished(inner) }
                    }
                    None => {
                        join(&mut pieces, &self.fit.words(&text.text, room));
                        pieces.extend(self.proposed(text));
                        continue;
                    }
                },
                model::Inline::Reference(reference) => {
                    let text = self.fit.words(&reference.text, room);
                    match (&reference.document, &reference.label) {
                        (None, Some(label)) => Inline::Reference { label, text: text.into_owned() },
                        // It leads nowhere within the document.
                        _ => {
                            join(&mut pieces, &text);
                            continue;
                        }
                    }
                }
                model::Inline::Strong { content } => Inline::Strong { content: self.line(content, room) },
                model::Inline::Emphasis { content } => Inline::Emphasis { content: self.line(content, room) },
                model::Inline::Code(text) => Inline::Code { text: self.fit.code(&text.text, room).into_owned() },
                model::Inline::Status { tone, text } => {
                    Inline::Status { tone: *tone, text: self.fit.words(&text.text, room).into_owned() }
                }
                model::Inline::Unrecorded(text) => {
                    Inline::Unrecorded { text: self.fit.words(&text.text, room).into_owned() }
                }
                model::Inline::Link { url, content } => Inline::Link { url, content: self.line(content, room) },
                model::Inline::Footnote { number } => Inline::Footnote { number: *number, content: self.note(*number) },
                model::Inline::Field(field) => Inline::Field {
                    kind: field.kind,
                    label: self.fit.words(&field.label, room).into_owned(),
                    cell: self.in_table,
                },
                model::Inline::LineBreak => Inline::LineBreak,
            };
            let mark = match inline {
                model::Inline::Code(text) | model::Inline::Unrecorded(text) | model::Inline::Status { text, .. } => {
                    text.mark
                }
                _ => None,
            };
            pieces.push(Piece::Other(match mark {
                Some(mark) => Inline::Marked { mark, content: Line::Pieces(vec![Piece::Other(other)]) },
                None => other,
            }));
            if let model::Inline::Text(text) | model::Inline::Code(text) | model::Inline::Status { text, .. } = inline {
                pieces.extend(self.proposed(text));
            }
        }
        finished(pieces)
    }

    /// The mark after a text, when it is proposed.
    fn proposed(&self, text: &model::Text) -> Option<Piece<'a>> {
        // The mark that is spoken of there leads nowhere.
        let label = self.proposed.as_ref().filter(|_| !text.text.is_empty()).map(|_| appended::PROPOSED);
        text.proposed.then_some(Piece::Other(Inline::Proposed { label }))
    }

    /// A footnote, unless it stands in the document already.
    fn note(&mut self, number: u32) -> Option<Line<'a>> {
        let content = self.notes.get(&number).filter(|_| !self.placed.contains(&number))?;
        self.placed.push(number);
        let outer = std::mem::take(&mut self.in_table);
        let line = self.line(content, self.fit.small(self.fit.upright()));
        self.in_table = outer;
        Some(line)
    }
}

/// A line of pieces, whose words may part where they have chances to.
pub(super) fn finished(mut pieces: Vec<Piece<'_>>) -> Line<'_> {
    for piece in &mut pieces {
        if let Piece::Text(text) = piece
            && text.contains(CHANCE)
        {
            *piece = Piece::Other(Inline::Parted { text: std::mem::take(text) });
        }
    }
    match pieces.as_mut_slice() {
        [Piece::Text(text)] => Line::Text(std::mem::take(text)),
        _ => Line::Pieces(pieces),
    }
}

/// Adds a text to a line, joined with a text before it; where it has line ends, the line breaks.
pub(super) fn join(pieces: &mut Vec<Piece<'_>>, text: &str) {
    for (number, part) in text.split('\n').enumerate() {
        if number > 0 {
            pieces.push(Piece::Other(Inline::LineBreak));
        }
        match pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(part),
            _ => pieces.push(Piece::Text(part.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::model::specimen::{self as made, text};
    use crate::typeset::Fonts;

    /// The body of a document as the theme reads it.
    fn body(body: Vec<made::B>, footnotes: BTreeMap<u32, Vec<made::I>>) -> Json {
        let fit = Fit::new(&Fonts::new([]), &made::theme(), &made::images(), "en");
        let given = Document { control: made::control(), body, footnotes, gaps: Vec::new() };
        serde_json::from_slice::<Json>(&document(&given, None, &fit, &made::theme(), &made::strings())).unwrap()["body"]
            .take()
    }

    #[test]
    fn neighbouring_texts_are_one() {
        let reference = |document: Option<&str>, shown: &str| {
            made::I::Reference(Reference {
                document: document.map(Into::into),
                label: Some("sec-1".into()),
                text: shown.into(),
                field: None,
            })
        };
        let body = body(
            vec![
                made::p(vec![text("See "), reference(Some("scope"), "Scope, section 1"), text(".")]),
                made::p(vec![
                    text("a\nb"),
                    reference(None, "section 1"),
                    made::I::Strong { content: vec![text("c"), text("d")] },
                ]),
                made::p(Vec::new()),
            ],
            BTreeMap::new(),
        );
        let content = |at: usize| body[at]["content"].clone();
        assert_eq!(content(0), "See Scope, section 1.");
        let here = json!({"inline": "reference", "label": "sec-1", "text": "section 1"});
        let strong = json!({"inline": "strong", "content": "cd"});
        assert_eq!(content(1), json!(["a", {"inline": "line-break"}, "b", here, strong]));
        assert_eq!(content(2), json!([]));
    }

    #[test]
    fn a_footnote_stands_in_its_first_mark_and_a_field_knows_its_cell() {
        let field = || {
            made::I::Field(model::Field {
                name: "n".into(),
                label: "name".into(),
                kind: FieldKind::Text,
                choices: Vec::new(),
            })
        };
        let mark = || made::I::Footnote { number: 1 };
        let columns = [(50.0, Align::Left), (50.0, Align::Left)];
        let table = made::table(None, &columns, &["A", "B"], vec![made::row(vec![mark(), field()])]);
        let body =
            body(vec![table, made::p(vec![mark(), field()])], BTreeMap::from([(1, vec![text("why: "), field()])]));
        let cells = &body[0]["rows"][0]["cells"];
        assert_eq!(cells[0][0]["content"][0], "why: ");
        assert_eq!(cells[0][0]["content"][1]["cell"], false, "the note stands below the table");
        assert_eq!(cells[1][0]["cell"], true);
        assert!(body[1]["content"][0]["content"].is_null());
        assert_eq!(body[1]["content"][1]["cell"], false);
    }

    #[test]
    fn what_stands_around_the_body_is_marked_where_it_is_another() {
        let is = made::control();
        let mut was = is.clone();
        was.organisation.text = "Northwind Analytica Ltd".into();
        was.next_review = None;
        was.owner.role.text = "Chief security officer".into();
        was.history.remove(0);
        let fit = Fit::new(&Fonts::new([]), &made::theme(), &made::images(), "en");
        let given = Document { control: is, body: Vec::new(), footnotes: BTreeMap::new(), gaps: Vec::new() };
        let front = |before: Option<&Control>| {
            let bytes = document(&given, before, &fit, &made::theme(), &made::strings());
            serde_json::from_slice::<Json>(&bytes).unwrap()["front"].take()
        };
        let marked = |mark: &str, text: &str| json!({"inline": "marked", "mark": mark, "content": text});
        let front_marked = front(Some(&was));
        let name = json!(["Northwind ", marked("removed", "Analytica"), marked("added", "Analytics"), " Ltd"]);
        assert_eq!(front_marked["organisation"], name);
        let rows = front_marked["control"].as_array().unwrap();
        let pairs: Vec<&Json> = rows.iter().flat_map(|row| row.as_array().unwrap()).collect();
        assert_eq!(pairs[0][0], "Owner");
        assert_eq!(pairs[0][1], json!(["Chief ", marked("added", "information "), "security officer"]));
        let review = pairs.iter().find(|pair| pair[0][0]["mark"] == "added").unwrap();
        assert_eq!(review[1], json!([marked("added", "2 March 2027")]));
        assert_eq!(front_marked["history"][0][0], json!([marked("added", "0.3")]));
        assert_eq!(front_marked["history"][1][0], "0.2");
        let (plain, beside) = (front(None), front(Some(&given.control)));
        for part in ["organisation", "title", "subtitle", "control", "history", "header", "footer", "cover"] {
            assert_eq!(plain[part], beside[part], "nothing is marked where nothing differs");
        }
    }

    #[test]
    fn what_is_too_tall_for_a_page_may_break() {
        let long = "word ".repeat(4_000);
        let columns = [(50.0, Align::Left), (50.0, Align::Left)];
        let rows = vec![made::row(vec![text(&long), text("b")]), made::row(vec![text("a"), text("b")])];
        let body = body(
            vec![
                made::table(None, &columns, &["A", "B"], rows),
                made::callout(CalloutKind::Note, None, vec![made::p(vec![text(&long)])]),
            ],
            BTreeMap::new(),
        );
        let tall: Vec<&Json> = body[0]["rows"].as_array().unwrap().iter().map(|row| &row["tall"]).collect();
        assert_eq!(tall, [true, false]);
        assert_eq!((&body[0]["line"], &body[0]["tall"]), (&json!(true), &json!(false)));
        assert_eq!(body[1]["tall"], true);
    }
}
