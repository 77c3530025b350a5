//! What Typst, PDF/A or PDF/UA would refuse at a place in the theme, found where the place in the template is known.

use std::collections::{BTreeMap, BTreeSet};

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage};

use crate::diagnostic::codes::typeset as codes;
use crate::diagnostic::{Code, Diagnostic, Sink, Span};
use crate::model::{
    Block, Document, Figure, Heading, ImageFormat, Images, Inline, LOGO, Node, Origin, Reference, Row, Table, walk,
};
use crate::theme::{Part, Theme};

/// Checks a document. `words` are the engine's own.
pub(super) fn check(document: &Document, images: &Images, sink: &mut Sink) {
    control(document, sink);
    let mut check =
        Check { sink, images, notes: &document.footnotes, level: 0, labels: BTreeSet::new(), links: Vec::new() };
    check.blocks(&document.body);
    let within = Origin { span: super::file(document), ..Origin::default() };
    for note in document.footnotes.values() {
        check.inlines(note, &within);
    }
    check.links();
}

/// What of the control data the file's own properties need.
fn control(document: &Document, sink: &mut Sink) {
    let control = &document.control;
    let mut say = |key: &str, message: String| {
        sink.push(Diagnostic::fault(&codes::CONTROL, message).path(format!("documents.{}.{key}", control.id)));
    };
    if control.title.text.trim().is_empty() {
        say("title", format!("`{}` has no title", control.id));
    }
    let language = control.language.split('-').next().unwrap_or_default();
    if !(2..=3).contains(&language.len()) || !control.language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        say("language", format!("`{}` is no language of the form `en` or `en-GB`", control.language));
    }
}

/// Reports the pictures of a document that cannot be decoded, each where it is shown. Done only once the layout was
/// refused, because it takes time.
pub(super) fn damaged(document: &Document, theme: &Theme, images: &Images, sink: &mut Sink) {
    let problem = |key: &str| {
        let image = images.0.get(key)?;
        let format = match image.format {
            ImageFormat::Png => ExchangeFormat::Png,
            ImageFormat::Jpeg => ExchangeFormat::Jpg,
            ImageFormat::Svg => return None,
        };
        RasterImage::plain(Bytes::new(image.bytes.to_vec()), format)
            .err()
            .map(|_| "it is damaged, or has a form that few programs know")
    };
    if let Some(problem) = problem(LOGO) {
        let message = format!("the logo cannot be shown: {problem}");
        sink.push(Diagnostic::fault(&codes::LAYOUT_REFUSED, message).path("branding.logo"));
    }
    for (key, part) in theme.parts() {
        if let Part::Picture(picture) = part
            && let Some(problem) = problem(&picture.image)
        {
            let message = format!("the picture `{}` cannot be shown: {problem}", picture.image);
            sink.push(Diagnostic::fault(&codes::LAYOUT_REFUSED, message).path(format!("theme.{key}")));
        }
    }
    for block in walk(&document.body) {
        if let Node::Figure(figure) = &block.node
            && let Some(problem) = problem(&figure.image)
        {
            let message = format!("the picture `{}` cannot be shown: {problem}", figure.image);
            sink.push(Diagnostic::fault(&codes::LAYOUT_REFUSED, message).at(block.origin.span.clone()));
        }
    }
}

struct Check<'a> {
    sink: &'a mut Sink,
    images: &'a Images,
    notes: &'a BTreeMap<u32, Vec<Inline<Reference>>>,
    /// The level of the heading before.
    level: u8,
    labels: BTreeSet<String>,
    /// Labels that are referred to, each with the place.
    links: Vec<(String, Option<Span>)>,
}

impl Check<'_> {
    fn say(&mut self, code: &'static Code, message: String, origin: &Origin) {
        self.sink.push(Diagnostic::fault(code, message).at(origin.span.clone()));
    }

    fn blocks(&mut self, blocks: &[Block<Reference>]) {
        for block in walk(blocks) {
            match &block.node {
                Node::Heading(heading) => self.heading(heading, &block.origin),
                Node::Table(table) => self.table(table, &block.origin),
                Node::Figure(figure) => self.figure(figure, &block.origin),
                _ => block.lines().into_iter().for_each(|line| self.inlines(line, &block.origin)),
            }
        }
    }

    fn label(&mut self, id: &str, origin: &Origin) {
        if id.is_empty() {
            self.say(&codes::STRUCTURE, "a heading, table or figure has an empty id".to_owned(), origin);
        } else if !self.labels.insert(id.to_owned()) {
            self.say(&codes::STRUCTURE, format!("the id `{id}` is given twice"), origin);
        }
    }

    fn heading(&mut self, heading: &Heading<Reference>, origin: &Origin) {
        self.label(&heading.id, origin);
        if is_blank(&heading.content) {
            self.say(&codes::STRUCTURE, format!("the heading `{}` has no text", heading.id), origin);
        }
        if heading.level == 0 || heading.level > 6 || heading.level > self.level + 1 {
            let message = format!(
                "the heading `{}` has level {} and stands below one of level {}",
                heading.id, heading.level, self.level
            );
            self.say(&codes::STRUCTURE, message, origin);
        }
        self.level = heading.level.min(6);
        self.inlines(&heading.content, origin);
    }

    fn table(&mut self, table: &Table<Reference>, origin: &Origin) {
        let name = table.id.clone().unwrap_or_else(|| "without id".to_owned());
        if let Some(id) = &table.id {
            self.label(id, origin);
        }
        if table.header.iter().all(|cell| is_blank(cell)) {
            self.say(&codes::STRUCTURE, format!("the table `{name}` has no header row"), origin);
        }
        let columns = table.columns.len();
        let fits = |row: &Row<Reference>| row.cells.len() == if row.band { 1 } else { columns };
        if columns == 0 || table.header.len() != columns || !table.rows.iter().all(fits) {
            self.say(
                &codes::STRUCTURE,
                format!("the table `{name}` has {columns} columns, but not every row has as many cells"),
                origin,
            );
        }
        let cells = table.header.iter().chain(table.rows.iter().flat_map(|row| &row.cells));
        cells.chain(&table.caption).for_each(|cell| self.inlines(cell, origin));
    }

    fn figure(&mut self, figure: &Figure<Reference>, origin: &Origin) {
        if let Some(id) = &figure.id {
            self.label(id, origin);
        }
        if figure.alt.trim().is_empty() {
            self.say(&codes::STRUCTURE, format!("the picture `{}` has no alternative text", figure.image), origin);
        }
        if !self.images.0.contains_key(&figure.image) {
            self.say(&codes::DANGLING, format!("there is no picture `{}`", figure.image), origin);
        }
        figure.caption.iter().for_each(|caption| self.inlines(caption, origin));
    }

    fn inlines(&mut self, inlines: &[Inline<Reference>], origin: &Origin) {
        for inline in inlines {
            match inline {
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    self.inlines(content, origin)
                }
                Inline::Reference(Reference { document: None, label: Some(label), .. }) => {
                    self.links.push((label.clone(), origin.span.clone()));
                }
                Inline::Footnote { number } if !self.notes.contains_key(number) => {
                    self.say(&codes::DANGLING, format!("there is no footnote {number}"), origin);
                }
                _ => {}
            }
        }
    }

    fn links(&mut self) {
        for (label, span) in std::mem::take(&mut self.links) {
            if !self.labels.contains(&label) {
                let problem =
                    Diagnostic::fault(&codes::DANGLING, format!("nothing in the document has the id `{label}`"))
                        .at(span);
                self.sink.push(problem.suggest(&label, self.labels.iter().map(String::as_str)));
            }
        }
    }
}

/// Whether there is nothing to see.
fn is_blank(inlines: &[Inline<Reference>]) -> bool {
    inlines.iter().all(|inline| match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Unrecorded(text) | Inline::Status { text, .. } => {
            text.text.trim().is_empty()
        }
        Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => is_blank(content),
        Inline::Reference(reference) => reference.text.trim().is_empty(),
        Inline::Field(_) => false,
        Inline::Footnote { .. } | Inline::LineBreak => true,
    })
}
