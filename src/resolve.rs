//! Resolving: every reference gets its words, or is a located fault.

use std::collections::BTreeMap;

use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Diagnostic, Sink, Span, nearest};
use crate::model::{
    Block, Callout, Definition, Document, Figure, Heading, Inline, Label, Labels, List, Node, ParsedDocument,
    Reference, Row, Table, Target, plain,
};
use crate::strings::Strings;

/// What other documents of the set may cite of one.
#[derive(Debug, Clone)]
pub struct Citable {
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What can be referred to in it; nothing, when the pack has the document and this workspace does not make it.
    pub labels: Option<Labels>,
    /// Who leaves it out of the set, and why, when a pack does: then nobody may cite it.
    pub dropped: Option<String>,
}

/// The documents of a set, by id.
pub type Set = BTreeMap<String, Citable>;

/// Resolves the references of one document. All that lead nowhere are reported; `None` when one does.
pub fn resolve(parsed: ParsedDocument, set: &Set, strings: &Strings, sink: &mut Sink) -> Option<Document> {
    let mut own = Sink::new();
    let mut resolver = Resolver { id: &parsed.control.id, set, strings, sink: &mut own };
    let body = resolver.blocks(parsed.body);
    let footnotes = parsed.footnotes.into_iter().map(|(number, content)| (number, resolver.inlines(content))).collect();
    let failed = own.has_faults();
    sink.merge(own);
    (!failed).then_some(Document { control: parsed.control, body, footnotes, gaps: parsed.gaps })
}

/// Whether `document#label` is there; what is wrong when it is not.
///
/// # Errors
/// A sentence that names what is missing, with a suggestion.
pub fn find<'s>(set: &'s Set, document: &str, label: Option<&str>) -> Result<(&'s Citable, Option<&'s Label>), String> {
    let suggestion = |near: Option<&str>| near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let Some(citable) = set.get(document) else {
        let near = nearest(document, set.keys().map(String::as_str));
        return Err(format!("the set has no document `{document}`{}", suggestion(near)));
    };
    if let Some(why) = &citable.dropped {
        return Err(format!("`{document}` is left out of the set by {why}"));
    }
    match label {
        None => Ok((citable, None)),
        Some(_) if citable.labels.is_none() => Ok((citable, None)),
        Some(label) => match citable.labels.as_ref().and_then(|labels| labels.get(label)) {
            Some(found) => Ok((citable, Some(found))),
            None => {
                let near = nearest(label, citable.labels.iter().flatten().map(|(id, _)| id.as_str()));
                Err(format!("`{document}` has no `{label}`{}", suggestion(near)))
            }
        },
    }
}

struct Resolver<'a> {
    id: &'a str,
    set: &'a Set,
    strings: &'a Strings,
    sink: &'a mut Sink,
}

impl Resolver<'_> {
    fn blocks(&mut self, blocks: Vec<Block<Target>>) -> Vec<Block<Reference>> {
        blocks.into_iter().map(|Block { node, origin }| Block { node: self.node(node), origin }).collect()
    }

    fn node(&mut self, node: Node<Target>) -> Node<Reference> {
        match node {
            Node::Heading(Heading { level, id, number, content }) => {
                Node::Heading(Heading { level, id, number, content: self.inlines(content) })
            }
            Node::Paragraph { content } => Node::Paragraph { content: self.inlines(content) },
            Node::List(List { ordered, start, items }) => {
                Node::List(List { ordered, start, items: items.into_iter().map(|item| self.blocks(item)).collect() })
            }
            Node::DefinitionList { items } => Node::DefinitionList {
                items: items
                    .into_iter()
                    .map(|Definition { term, body }| Definition { term: self.inlines(term), body: self.blocks(body) })
                    .collect(),
            },
            Node::Table(Table { id, number, caption, columns, header, rows }) => Node::Table(Table {
                id,
                number,
                caption: caption.map(|caption| self.inlines(caption)),
                columns,
                header: self.cells(header),
                rows: rows
                    .into_iter()
                    .map(|Row { band, source, origin, cells }| Row { band, source, origin, cells: self.cells(cells) })
                    .collect(),
            }),
            Node::Figure(Figure { id, number, image, chart, alt, width, caption }) => {
                let caption = caption.map(|caption| self.inlines(caption));
                Node::Figure(Figure { id, number, image, chart, alt, width, caption })
            }
            Node::Callout(Callout { kind, title, body }) => {
                Node::Callout(Callout { kind, title, body: self.blocks(body) })
            }
            Node::CodeBlock { text } => Node::CodeBlock { text },
            Node::BlockQuote { body } => Node::BlockQuote { body: self.blocks(body) },
            Node::SignOff { signatories } => Node::SignOff { signatories },
            Node::Landscape { body } => Node::Landscape { body: self.blocks(body) },
            Node::PageBreak => Node::PageBreak,
        }
    }

    fn cells(&mut self, cells: Vec<Vec<Inline<Target>>>) -> Vec<Vec<Inline<Reference>>> {
        cells.into_iter().map(|cell| self.inlines(cell)).collect()
    }

    fn inlines(&mut self, inlines: Vec<Inline<Target>>) -> Vec<Inline<Reference>> {
        inlines
            .into_iter()
            .filter_map(|inline| {
                Some(match inline {
                    Inline::Text(text) => Inline::Text(text),
                    Inline::Strong { content } => Inline::Strong { content: self.inlines(content) },
                    Inline::Emphasis { content } => Inline::Emphasis { content: self.inlines(content) },
                    Inline::Code(text) => Inline::Code(text),
                    Inline::Status { tone, text } => Inline::Status { tone, text },
                    Inline::Unrecorded(text) => Inline::Unrecorded(text),
                    Inline::Link { url, content } => Inline::Link { url, content: self.inlines(content) },
                    Inline::Reference(target) => Inline::Reference(self.reference(target)?),
                    Inline::Footnote { number } => Inline::Footnote { number },
                    Inline::Field(field) => Inline::Field(field),
                    Inline::LineBreak => Inline::LineBreak,
                })
            })
            .collect()
    }

    fn reference(&mut self, target: Target) -> Option<Reference> {
        let document = target.document.as_deref().unwrap_or(self.id);
        let (citable, label) = match find(self.set, document, target.label.as_deref()) {
            Ok(found) => found,
            Err(problem) => {
                self.report(problem, target.span);
                return None;
            }
        };
        let place = label.map(|label| self.place(label));
        let own_words = plain(&target.content);
        if document == self.id {
            let (text, field) = place.unwrap_or_else(|| (citable.title.clone(), None));
            let text = if own_words.is_empty() { text } else { own_words };
            let field = field.filter(|field| text.contains(field.as_str()));
            return Some(Reference { document: None, label: target.label, text, field });
        }
        let title = match target.is_short {
            true => citable.number.clone(),
            false => format!("{} ({})", citable.title, citable.number),
        };
        let text = match place {
            _ if !own_words.is_empty() => own_words,
            Some((place, _)) => format!("{title}, {place}"),
            None => title,
        };
        Some(Reference { document: Some(document.to_owned()), label: target.label, text, field: None })
    }

    /// `section 3.2` or `Table 2`, and what of it is the number.
    fn place(&self, label: &Label) -> (String, Option<String>) {
        match label {
            Label::Heading(number) => (format!("{} {number}", self.strings.section), Some(number.clone())),
            Label::Table(number) => {
                let text = format!("{} {number}", self.strings.table);
                (text.clone(), Some(text))
            }
            Label::Figure(number) => {
                let text = format!("{} {number}", self.strings.figure);
                (text.clone(), Some(text))
            }
        }
    }

    fn report(&mut self, problem: String, span: Option<Span>) {
        self.sink.push(Diagnostic::fault(&codes::LABEL_UNKNOWN, problem).at(span));
    }
}
