//! A document as the lines that somebody reads, each with where it stands and where its words came from.

use ecow::EcoString;

use super::{Kind, Place, Section};
use crate::model::identity;
use crate::model::{Block, Document, Inline, Node, Origin, Party, Reference, Row, Text};

/// How the ids of sections begin that the engine itself puts at the end of drafts.
const OWN: &str = "folio-";

/// The longest first cell that is the name of its row, in characters.
const MOST_NAME: usize = 60;

/// What is known by one name and stands or falls as a whole: a paragraph, a row of a table, a caption.
#[derive(Debug)]
pub(super) struct Unit<'d> {
    /// What the block or row is called in files; empty for what has no name.
    pub(super) identity: String,
    /// Its identity, wherever it stands and whatever it is called.
    pub(super) own: String,
    /// What it is aligned by.
    pub(super) key: String,
    /// Where it stands.
    pub(super) place: Place,
    /// Its lines: the cells of a row, else one.
    pub(super) lines: Vec<Line<'d>>,
    /// What its being there hangs on.
    pub(super) origin: &'d Origin,
    /// The row of a register that it shows.
    pub(super) source: Option<&'d EcoString>,
}

impl Unit<'_> {
    /// What it says.
    pub(super) fn text(&self) -> String {
        self.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" | ")
    }

    /// What its text does not tell: weight, links, colours, the figures of a chart.
    pub(super) fn form(&self) -> String {
        self.lines.iter().map(|line| line.form.as_str()).collect::<Vec<_>>().join("\u{1}")
    }
}

/// A line: a cell, a paragraph.
#[derive(Debug, Default)]
pub(super) struct Line<'d> {
    /// What it says.
    pub(super) text: String,
    /// The heading of its column.
    pub(super) column: Option<String>,
    /// What its text does not tell.
    form: String,
    /// The runs that it is made of.
    pub(super) runs: Vec<Run<'d>>,
}

/// A run of a line.
#[derive(Debug)]
pub(super) struct Run<'d> {
    /// Where it ends in the line, in bytes; it begins where the one before it ends.
    pub(super) end: usize,
    /// The paths that it came from; none for a template's own words.
    pub(super) from: Vec<&'d str>,
    /// Whether it is the value at the first of them as it stands.
    pub(super) is_exact: bool,
    /// Whether it is proposed, and nobody has confirmed it.
    pub(super) is_proposed: bool,
    /// Where it leads, when it is a reference.
    pub(super) target: Option<(Option<&'d str>, Option<&'d str>)>,
}

impl<'d> Line<'d> {
    fn of(content: &'d [Inline<Reference>]) -> Line<'d> {
        let mut line = Line::default();
        line.inlines(content);
        line
    }

    fn inlines(&mut self, content: &'d [Inline<Reference>]) {
        for inline in content {
            match inline {
                Inline::Text(text) => self.run(text),
                Inline::Code(text) => self.marked("`", |line| line.run(text)),
                Inline::Unrecorded(text) => self.marked("?", |line| line.run(text)),
                Inline::Status { tone, text } => self.marked(&format!("{tone:?}"), |line| line.run(text)),
                Inline::Strong { content } => self.marked("*", |line| line.inlines(content)),
                Inline::Emphasis { content } => self.marked("_", |line| line.inlines(content)),
                Inline::Link { url, content } => self.marked(url, |line| line.inlines(content)),
                Inline::Reference(reference) => {
                    self.text.push_str(&reference.text);
                    let target = (reference.document.as_deref(), reference.label.as_deref());
                    let run = Run {
                        end: self.text.len(),
                        from: Vec::new(),
                        is_exact: false,
                        is_proposed: false,
                        target: Some(target),
                    };
                    self.runs.push(run);
                    self.form.push_str(&format!("{}>{target:?};", self.text.len()));
                }
                Inline::Field(field) => {
                    self.words(&format!("[{}]", field.label));
                    self.form.push_str(&format!("{}{:?}{:?};", field.name, field.kind, field.choices));
                }
                Inline::Footnote { .. } => {}
                Inline::LineBreak => self.words("\n"),
            }
        }
    }

    fn marked(&mut self, mark: &str, inside: impl FnOnce(&mut Self)) {
        let begin = self.text.len();
        inside(self);
        self.form.push_str(&format!("{begin}-{}{mark};", self.text.len()));
    }

    fn words(&mut self, words: &str) {
        self.text.push_str(words);
        self.runs.push(Run {
            end: self.text.len(),
            from: Vec::new(),
            is_exact: false,
            is_proposed: false,
            target: None,
        });
    }

    fn run(&mut self, text: &'d Text) {
        if text.proposed {
            self.form.push_str(&format!("{}proposed;", self.text.len()));
        }
        self.text.push_str(&text.text);
        let from: Vec<&str> = text.from.iter().map(EcoString::as_str).collect();
        let is_exact = !text.computed && !from.is_empty();
        self.runs.push(Run { end: self.text.len(), is_exact, is_proposed: text.proposed, from, target: None });
    }

    /// What the engine knows of a document and prints around it.
    fn datum(text: &'d str, from: impl IntoIterator<Item = &'d str>) -> Line<'d> {
        let from = from.into_iter().collect();
        let run = Run { end: text.len(), from, is_exact: false, is_proposed: false, target: None };
        Line { text: text.to_owned(), runs: vec![run], ..Line::default() }
    }
}

/// The units of a document, in the order of reading; not what the engine puts at the end of drafts.
pub(super) fn units(document: &Document) -> Vec<Unit<'_>> {
    let mut reader = Reader { units: Vec::new(), names: identity::identities(document).into_iter(), section: None };
    reader.control(document);
    let is_own = |block: &Block<Reference>| matches!(&block.node, Node::Heading(it) if it.id.starts_with(OWN));
    let end = document.body.iter().position(is_own).unwrap_or(document.body.len());
    reader.blocks(&document.body[..end], None);
    for (number, note) in &document.footnotes {
        let line = Line::of(note);
        let place = Place { kind: Kind::Note, row: Some(number.to_string().into()), ..Place::default() };
        reader.units.push(Unit {
            identity: String::new(),
            own: String::new(),
            key: String::new(),
            place,
            lines: vec![line],
            origin: &NOWHERE,
            source: None,
        });
    }
    reader.units
}

/// Of what no template made.
static NOWHERE: Origin =
    Origin { span: None, block: None, causes: Vec::new(), rows: Vec::new(), kept: None, name: None };

/// What a block or row is called, and its identity.
#[derive(Default)]
struct Name {
    given: String,
    own: String,
}

struct Reader<'d> {
    units: Vec<Unit<'d>>,
    names: std::vec::IntoIter<identity::Identity<'d>>,
    section: Option<Section>,
}

impl<'d> Reader<'d> {
    /// The next identity: they come in the order in which blocks and rows are read.
    fn name(&mut self) -> Name {
        let named = |identity: identity::Identity<'_>| Name { given: identity.given().to_owned(), own: identity.name };
        self.names.next().map(named).unwrap_or_default()
    }

    fn control(&mut self, document: &'d Document) {
        let control = &document.control;
        let paths = |text: &'d Text| text.from.iter().map(EcoString::as_str);
        let party =
            |party: &'d Party| paths(&party.role).chain(party.causes.iter().map(EcoString::as_str)).collect::<Vec<_>>();
        let mut data = vec![
            ("number", Line::datum(&control.number.text, paths(&control.number))),
            ("title", Line::datum(&control.title.text, paths(&control.title))),
            ("kind", Line::datum(&control.kind, [])),
            ("organisation", Line::datum(&control.organisation.text, paths(&control.organisation))),
            (
                "organisation's short name",
                Line::datum(&control.organisation_short.text, paths(&control.organisation_short)),
            ),
            ("classification", Line::datum(&control.classification.label.text, paths(&control.classification.label))),
            ("owner", Line::datum(&control.owner.role.text, party(&control.owner))),
            ("author", Line::datum(&control.author.role.text, party(&control.author))),
            ("approver", Line::datum(&control.approver.role.text, party(&control.approver))),
            ("standard", Line::datum(&control.standard, [])),
            ("language", Line::datum(&control.language, [])),
        ];
        let listed = |list: &[String]| {
            let text = list.join(", ");
            let run = Run { end: text.len(), from: Vec::new(), is_exact: false, is_proposed: false, target: None };
            Line { text, runs: vec![run], ..Line::default() }
        };
        data.push(("answers", listed(&control.satisfies)));
        data.push(("keywords", listed(&control.keywords)));
        for (datum, line) in data {
            let place = Place { kind: Kind::Control, column: Some(datum.to_owned()), ..Place::default() };
            self.units.push(Unit {
                identity: String::new(),
                own: String::new(),
                key: format!("control {datum}"),
                place,
                lines: vec![line],
                origin: &NOWHERE,
                source: None,
            });
        }
    }

    fn blocks(&mut self, blocks: &'d [Block<Reference>], inside: Option<Kind>) {
        for block in blocks {
            self.block(block, inside);
        }
    }

    fn block(&mut self, block: &'d Block<Reference>, inside: Option<Kind>) {
        let name = self.name();
        match &block.node {
            Node::Heading(heading) => {
                let line = Line::of(&heading.content);
                self.section = Some(Section { number: heading.number.clone(), title: line.text.clone() });
                self.unit(&name, Kind::Heading, "", line, block);
            }
            Node::Paragraph { content } => {
                self.unit(&name, inside.unwrap_or(Kind::Paragraph), "", Line::of(content), block);
            }
            Node::List(list) => list.items.iter().for_each(|item| self.blocks(item, Some(Kind::Item))),
            Node::DefinitionList { items } => {
                for (at, item) in items.iter().enumerate() {
                    self.unit(&name, Kind::Term, &format!(" term {at}"), Line::of(&item.term), block);
                    self.blocks(&item.body, inside);
                }
            }
            Node::Table(table) => {
                if let Some(caption) = &table.caption {
                    self.unit(&name, Kind::Caption, " caption", Line::of(caption), block);
                }
                let headings: Vec<Line<'d>> = table.header.iter().map(|cell| Line::of(cell)).collect();
                let columns: Vec<String> = headings.iter().map(|cell| cell.text.clone()).collect();
                self.whole(&name, Kind::Header, " header", headings, block);
                for row in &table.rows {
                    self.row(row, &columns);
                }
            }
            Node::Figure(figure) => {
                let mut lines: Vec<Line<'d>> = figure.caption.iter().map(|caption| Line::of(caption)).collect();
                let mut shown = Line::default();
                shown.words(&figure.alt);
                shown.form = format!("{} {}", figure.image, figure.width);
                if let Some(chart) = &figure.chart {
                    shown.form.push_str(&serde_json::to_string(chart).unwrap_or_default());
                }
                lines.push(shown);
                self.whole(&name, Kind::Figure, "", lines, block);
            }
            Node::Callout(callout) => {
                if let Some(title) = &callout.title {
                    let mut line = Line::default();
                    line.words(title);
                    line.form = format!("{:?}", callout.kind);
                    self.unit(&name, Kind::Callout, "", line, block);
                }
                self.blocks(&callout.body, inside);
            }
            Node::CodeBlock { text } => {
                let mut line = Line::default();
                line.run(text);
                self.unit(&name, Kind::Code, "", line, block);
            }
            Node::BlockQuote { body } | Node::Landscape { body } => self.blocks(body, inside),
            Node::SignOff { signatories } => {
                let lines = signatories.iter().map(|party| {
                    let from = party.role.from.iter().chain(&party.causes).map(EcoString::as_str);
                    Line::datum(&party.role.text, from)
                });
                let lines = lines.collect();
                self.whole(&name, Kind::SignOff, "", lines, block);
            }
            Node::PageBreak => {}
        }
    }

    fn row(&mut self, row: &'d Row<Reference>, columns: &[String]) {
        let name = self.name();
        let cells = row.cells.iter().enumerate().map(|(at, cell)| {
            let column = if row.band { None } else { columns.get(at).filter(|column| !column.is_empty()).cloned() };
            Line { column, ..Line::of(cell) }
        });
        let lines: Vec<Line<'d>> = cells.collect();
        let first = lines.iter().map(|line| line.text.as_str()).find(|text| !text.trim().is_empty());
        let key = row.source.as_deref().and_then(key_of).or(first).unwrap_or_default();
        let name_of = |text: &&str| *text != key && text.chars().count() <= MOST_NAME && !text.contains('\n');
        let place = Place {
            kind: Kind::Row,
            section: self.section.clone(),
            row: Some(key.into()),
            row_name: first.filter(name_of).map(str::to_owned),
            column: None,
            template: row.origin.span.clone(),
        };
        self.units.push(Unit {
            key: name.own.clone(),
            identity: name.given,
            own: name.own,
            place,
            lines,
            origin: &row.origin,
            source: row.source.as_ref(),
        });
    }

    fn unit(&mut self, name: &Name, kind: Kind, part: &str, line: Line<'d>, block: &'d Block<Reference>) {
        self.whole(name, kind, part, vec![line], block);
    }

    fn whole(&mut self, name: &Name, kind: Kind, part: &str, lines: Vec<Line<'d>>, block: &'d Block<Reference>) {
        let place =
            Place { kind, section: self.section.clone(), template: block.origin.span.clone(), ..Place::default() };
        self.units.push(Unit {
            identity: name.given.clone(),
            own: name.own.clone(),
            key: format!("{}{part}", name.own),
            place,
            lines,
            origin: &block.origin,
            source: None,
        });
    }
}

/// The key of a row's path: `R-07` of `risks[R-07]`.
fn key_of(path: &str) -> Option<&str> {
    let (_, key) = path.rsplit_once('[')?;
    key.strip_suffix(']')
}
