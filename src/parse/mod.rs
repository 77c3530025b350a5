//! Parsing: expanded Markdown in, a [`ParsedDocument`] out, headings and captions numbered.
//!
//! CommonMark with GFM tables, footnotes, description lists, wiki links, attributes and directives
//! (<https://spec.commonmark.org>, <https://github.github.com/gfm>), read by comrak. What has no place in a document is
//! a located fault, never dropped.

mod directive;
mod inline;
pub mod lint;
mod names;
mod number;
mod quotes;
mod table;

pub use number::renumber;

use std::collections::{BTreeMap, BTreeSet};

use comrak::nodes::{AstNode, ListType, NodeValue};
use comrak::{Arena, Options};
use serde_json::Value as Json;

use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Code, Diagnostic, Sink, nearest};
use crate::expand::{Expanded, marks};
use crate::model::chart::Chart;
use crate::model::{
    Block, Callout, CalloutKind, Control, Definition, Figure, Heading, Inline, Labels, List, Node, Origin,
    ParsedDocument, Party, Target, Text,
};
use crate::strings::Strings;
use directive::Directive;

/// How deep lists may be nested.
const MAX_LISTS: usize = 12;
/// How deep blocks may be nested.
const MAX_BLOCKS: usize = 16;

type Ast<'a> = &'a AstNode<'a>;

/// What a document may refer to besides other documents.
pub struct Known<'a> {
    /// The role and holder of a role's key, when there is such a role.
    pub party: &'a dyn Fn(&str) -> Option<Party>,
    /// Whether there is an image of a name.
    pub has_image: &'a dyn Fn(&str) -> bool,
    /// What templates see, for charts.
    pub scope: &'a serde_json::Map<String, Json>,
    /// The engine's words, and the language.
    pub strings: &'a Strings,
}

/// Parses one document. Everything in it that is not understood is reported; `None` when there is any.
pub fn parse(
    expanded: &Expanded,
    control: Control,
    known: &Known<'_>,
    sink: &mut Sink,
) -> Option<(ParsedDocument, Labels)> {
    let mut own = Sink::new();
    directive::check_fences(expanded, &mut own);
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, &names::plain(&expanded.text), &options());
    let mut starts = vec![0];
    starts.extend(expanded.text.match_indices('\n').map(|(at, _)| at + 1));
    let mut parser = Parser {
        expanded,
        document: control.id.clone(),
        starts,
        known,
        sink: &mut own,
        fields: BTreeSet::new(),
        footnotes: BTreeMap::new(),
        lists: 0,
        depth: 0,
    };
    let body = parser.blocks(root);
    let footnotes = std::mem::take(&mut parser.footnotes);
    let mut document = ParsedDocument { control, body, footnotes, gaps: expanded.gaps.iter().cloned().collect() };
    if let Some(marks) = known.strings.language.quotes() {
        quotes::set(&mut document, &marks);
    }
    let labels = number::number(&mut document, &mut own);
    let failed = own.has_faults();
    sink.merge(own);
    (!failed).then_some((document, labels))
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.table = true;
    extension.footnotes = true;
    extension.description_lists = true;
    extension.wikilinks_title_after_pipe = true;
    extension.block_directive = true;
    extension.header_attributes = true;
    extension.inline_code_attributes = true;
    extension.link_attributes = true;
    options
}

struct Parser<'e> {
    expanded: &'e Expanded,
    /// The document's id.
    document: String,
    /// The offset at which each line begins.
    starts: Vec<usize>,
    known: &'e Known<'e>,
    sink: &'e mut Sink,
    fields: BTreeSet<String>,
    footnotes: BTreeMap<u32, Vec<Inline<Target>>>,
    lists: usize,
    depth: usize,
}

impl Parser<'_> {
    fn blocks<'a>(&mut self, parent: Ast<'a>) -> Vec<Block<Target>> {
        self.depth += 1;
        let mut found = Vec::new();
        if self.depth > MAX_BLOCKS {
            self.report(parent, &codes::NESTING, format!("blocks are nested deeper than {MAX_BLOCKS}"));
        } else {
            for child in parent.children() {
                if let Some(node) = self.block(child) {
                    found.push(Block { node, origin: self.origin(child) });
                }
            }
        }
        self.depth -= 1;
        found
    }

    fn block<'a>(&mut self, node: Ast<'a>) -> Option<Node<Target>> {
        let ast = node.data.borrow();
        match &ast.value {
            NodeValue::Paragraph => {
                if let Some(figure) = self.figure(node) {
                    return figure.map(Node::Figure);
                }
                self.rows_outside(node);
                Some(Node::Paragraph { content: self.inlines(node) })
            }
            NodeValue::Heading(heading) => {
                let id = ast.attrs.as_ref().and_then(|attributes| attributes.id.clone());
                if id.is_none() {
                    self.report(node, &codes::HEADING_ID, "this heading has no id".into());
                }
                let content = self.inlines(node);
                Some(Node::Heading(Heading { level: heading.level, id: id?, number: String::new(), content }))
            }
            NodeValue::List(list) => {
                if list.is_task_list {
                    self.report(
                        node,
                        &codes::MARKDOWN_UNSUPPORTED,
                        "a task list: write fields instead, `____`{.field name=done type=checkbox}".into(),
                    );
                }
                self.lists += 1;
                if self.lists > MAX_LISTS {
                    self.report(node, &codes::NESTING, format!("lists are nested deeper than {MAX_LISTS}"));
                    self.lists -= 1;
                    return None;
                }
                let items = node.children().map(|item| self.blocks(item)).collect();
                self.lists -= 1;
                let ordered = list.list_type == ListType::Ordered;
                Some(Node::List(List { ordered, start: u32::try_from(list.start).unwrap_or(1).max(1), items }))
            }
            NodeValue::DescriptionList => {
                let items = node.children().map(|item| self.definition(item)).collect();
                Some(Node::DefinitionList { items })
            }
            NodeValue::Table(table) => self.table(node, table, None).map(Node::Table),
            NodeValue::BlockQuote => Some(Node::BlockQuote { body: self.blocks(node) }),
            NodeValue::CodeBlock(code) => {
                if !code.closed {
                    self.report(node, &codes::MARKUP_LEFT, "this block of code does not end".into());
                }
                let text = self.text_of(&code.literal);
                Some(Node::CodeBlock { text })
            }
            NodeValue::BlockDirective(directive) => self.directive(node, &directive.info),
            NodeValue::FootnoteDefinition(_) => {
                self.footnote(node);
                None
            }
            NodeValue::HtmlBlock(html) if is_comment(&html.literal) => None,
            NodeValue::HtmlBlock(html) => {
                let shown = html.literal.lines().next().unwrap_or_default().to_owned();
                self.report(node, &codes::RAW_HTML, format!("`{}` is HTML", marks::plain(&shown)));
                None
            }
            NodeValue::ThematicBreak => {
                self.report(node, &codes::MARKDOWN_UNSUPPORTED, "a thematic break: use a heading".into());
                None
            }
            other => {
                let name = other.xml_node_name();
                self.report(node, &codes::MARKDOWN_UNSUPPORTED, format!("`{name}` has no place here"));
                None
            }
        }
    }

    fn definition<'a>(&mut self, item: Ast<'a>) -> Definition<Target> {
        let mut definition = Definition { term: Vec::new(), body: Vec::new() };
        for part in item.children() {
            let is_term = matches!(part.data.borrow().value, NodeValue::DescriptionTerm);
            if is_term {
                for paragraph in part.children() {
                    definition.term.extend(self.inlines(paragraph));
                }
            } else {
                definition.body.extend(self.blocks(part));
            }
        }
        definition
    }

    fn directive<'a>(&mut self, node: Ast<'a>, info: &str) -> Option<Node<Target>> {
        if info.trim().is_empty() {
            return None; // A stray closing fence, reported already.
        }
        let directive = match Directive::parse(info) {
            Ok(directive) => directive,
            Err(problem) => {
                self.report(node, &codes::DIRECTIVE_UNKNOWN, problem);
                return None;
            }
        };
        if let Some(problem) = directive.problem() {
            self.report(node, &codes::DIRECTIVE_UNKNOWN, problem);
        }
        match directive.name.as_str() {
            "callout" => {
                let kind = match directive.get("kind").unwrap_or("note") {
                    "glance" => CalloutKind::Glance,
                    "note" => CalloutKind::Note,
                    "important" => CalloutKind::Important,
                    "warning" => CalloutKind::Warning,
                    other => {
                        let problem = format!(
                            "there is no callout of kind `{other}`; there are glance, note, important, warning"
                        );
                        self.report(node, &codes::DIRECTIVE_UNKNOWN, problem);
                        return None;
                    }
                };
                let title = directive.get("title").map(marks::plain);
                Some(Node::Callout(Callout { kind, title, body: self.blocks(node) }))
            }
            "chart" => self.chart(node, &directive).map(Node::Figure),
            "landscape" => Some(Node::Landscape { body: self.blocks(node) }),
            "pagebreak" => Some(Node::PageBreak),
            "signoff" => self.signoff(node, &directive),
            _ => {
                let mut children = node.children();
                let (table, extra) = (children.next(), children.next());
                let table = table.filter(|_| extra.is_none());
                let parsed = table.and_then(|table| match &table.data.borrow().value {
                    NodeValue::Table(shape) => Some(self.table(table, shape, Some((node, &directive)))),
                    _ => None,
                });
                if parsed.is_none() {
                    self.report(node, &codes::TABLE_SHAPE, "`:::table` holds exactly one table".into());
                }
                parsed.flatten().map(Node::Table)
            }
        }
    }

    fn signoff<'a>(&mut self, node: Ast<'a>, directive: &Directive) -> Option<Node<Target>> {
        let keys = directive.get("roles").map(marks::plain).unwrap_or_default();
        let mut signatories: Vec<Party> = Vec::new();
        // Of a person who stands in place of a role there is no role to say.
        let named = |party: Party| match &party.name {
            Some(name) if *name == party.role => Party { role: Text::default(), ..party },
            _ => party,
        };
        for key in keys.split(',').map(str::trim).filter(|key| !key.is_empty()) {
            match (self.known.party)(key).map(named) {
                Some(party) if signatories.iter().all(|known| known.key != party.key) => signatories.push(party),
                Some(_) => {}
                None => self.report(node, &codes::ATTRIBUTE, format!("there is no role `{key}` to sign")),
            }
        }
        if signatories.is_empty() {
            self.report(
                node,
                &codes::ATTRIBUTE,
                "a sign-off names its roles: `:::signoff {roles=\"ciso,ceo\"}`".into(),
            );
            return None;
        }
        Some(Node::SignOff { signatories })
    }

    fn chart<'a>(&mut self, node: Ast<'a>, directive: &Directive) -> Option<Figure<Target>> {
        let attribute = |key: &str| directive.get(key).map(marks::plain).filter(|value| !value.trim().is_empty());
        let (Some(id), Some(kind), Some(data), Some(alt)) =
            (directive.id.clone(), attribute("type"), attribute("data"), attribute("alt"))
        else {
            let problem = "a chart has an id, a type, its data and what it shows: \
                           `:::chart {#fig-x type=bar data=derived.x alt=\"…\"}`";
            self.report(node, &codes::ATTRIBUTE, problem.into());
            return None;
        };
        let chart = match lookup(self.known.scope, &data) {
            None => Err(format!("there is no `{data}` to draw")),
            Some(_) if !Chart::TYPES.contains(&kind.as_str()) => {
                let near = nearest(&kind, Chart::TYPES).map(|near| format!("; did you mean `{near}`?"));
                let near = near.unwrap_or_else(|| format!("; there are {}", Chart::TYPES.join(", ")));
                Err(format!("there is no chart of type `{kind}`{near}"))
            }
            Some(value) => {
                Chart::read(&kind, value).map_err(|problem| format!("`{data}` is no {kind} chart: {problem}"))
            }
        };
        let chart = match chart {
            Ok(chart) => chart,
            Err(problem) => {
                self.report(node, &codes::ATTRIBUTE, problem);
                return None;
            }
        };
        let width = self.percentage(node, attribute("width"))?;
        let caption = directive.get("caption").map(|caption| self.texts(caption));
        let alt = format!("{alt}. {}.", chart.words(self.known.strings));
        let image = format!("chart:{}:{id}", self.document);
        Some(Figure { id: Some(id), number: None, image, chart: Some(chart), alt, width, caption })
    }

    /// A width in hundredths of the text's.
    fn percentage<'a>(&mut self, node: Ast<'a>, width: Option<String>) -> Option<f64> {
        let width = width.unwrap_or_else(|| "100%".into());
        let width = width
            .strip_suffix('%')
            .and_then(|width| width.parse::<f64>().ok())
            .filter(|width| *width > 0.0 && *width <= 100.0);
        if width.is_none() {
            self.report(node, &codes::ATTRIBUTE, "an image's width is a percentage up to 100%".into());
        }
        width
    }

    /// A paragraph that is one image alone is a figure.
    fn figure<'a>(&mut self, node: Ast<'a>) -> Option<Option<Figure<Target>>> {
        let mut children = node.children();
        let (only, rest) = (children.next()?, children.next());
        let ast = only.data.borrow();
        let NodeValue::Image(link) = &ast.value else { return None };
        if rest.is_some() {
            return None;
        }
        let alt: String = only
            .descendants()
            .filter_map(|part| match &part.data.borrow().value {
                NodeValue::Text(text) => Some(marks::plain(text)),
                _ => None,
            })
            .collect();
        if alt.trim().is_empty() {
            self.report(node, &codes::IMAGE_MISSING, format!("`{}` has no alternative text", marks::plain(&link.url)));
            return Some(None);
        }
        let image = marks::plain(&link.url);
        if !(self.known.has_image)(&image) {
            self.report(node, &codes::IMAGE_MISSING, format!("the pack has no image `{image}` in `images/`"));
            return Some(None);
        }
        let attributes = ast.attrs.as_deref().cloned().unwrap_or_default();
        let Some(width) = self.percentage(node, directive::attribute(&attributes, "width")) else {
            return Some(None);
        };
        let caption = (!link.title.is_empty()).then(|| self.texts(&link.title));
        Some(Some(Figure { id: attributes.id, number: None, image, chart: None, alt, width, caption }))
    }

    fn footnote<'a>(&mut self, node: Ast<'a>) {
        let number = self.footnotes.len() as u32 + 1;
        let mut paragraphs = node.children();
        let content = match paragraphs.next() {
            Some(first) if matches!(first.data.borrow().value, NodeValue::Paragraph) => self.inlines(first),
            _ => Vec::new(),
        };
        if content.is_empty() || paragraphs.next().is_some() {
            self.report(node, &codes::MARKDOWN_UNSUPPORTED, "a footnote is one paragraph".into());
        }
        self.footnotes.insert(number, content);
    }

    /// Where a block, or a row of a table, came from.
    fn origin<'a>(&self, node: Ast<'a>) -> Origin {
        let at = self.offset(node);
        let expanded = self.expanded;
        let (block, causes, rows) = (expanded.block_at(at), expanded.causes_at(at), expanded.rows_at(at));
        Origin { span: expanded.span_at(at), block, causes, rows, kept: None, name: None }
    }

    fn offset<'a>(&self, node: Ast<'a>) -> usize {
        let place = node.data.borrow().sourcepos.start;
        self.starts.get(place.line.saturating_sub(1)).map_or(0, |start| start + place.column.saturating_sub(1))
    }

    fn report<'a>(&mut self, node: Ast<'a>, code: &'static Code, message: String) {
        let at = self.offset(node);
        let line = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        let excerpt = self.expanded.text.lines().nth(line).map(marks::plain);
        let diagnostic = Diagnostic::fault(code, message).at(self.expanded.span_at(at));
        // A place in a loop is reported once, not for every turn.
        let said = |known: &Diagnostic| known.span == diagnostic.span && known.message == diagnostic.message;
        if !self.sink.iter().any(said) {
            self.sink.push(Diagnostic { excerpt, ..diagnostic });
        }
    }

    /// Text of the tree as inlines, each value with its provenance.
    fn texts(&self, literal: &str) -> Vec<Inline<Target>> {
        one_stop(marks::decode(literal))
            .into_iter()
            .map(|run| match run {
                marks::Run::Literal(text) => Inline::Text(Text::literal(text)),
                marks::Run::Value(index, text) if self.is_unrecorded(index) => {
                    Inline::Unrecorded(self.sourced(index, text))
                }
                marks::Run::Value(index, text) => Inline::Text(self.sourced(index, text)),
            })
            .collect()
    }

    /// Text that cannot be split into runs: code, status words. Its provenance is that of all values in it.
    fn text_of(&self, literal: &str) -> Text {
        let mut whole = Text::default();
        let runs = marks::decode(literal);
        let alone = runs.len() == 1;
        for run in runs {
            match run {
                marks::Run::Literal(text) => whole.text.push_str(&text),
                marks::Run::Value(index, text) => {
                    let part = self.sourced(index, text);
                    whole.text.push_str(&part.text);
                    for path in part.from {
                        if !whole.from.contains(&path) {
                            whole.from.push(path);
                        }
                    }
                    whole.computed = part.computed || !alone;
                }
            }
        }
        whole
    }

    fn is_unrecorded(&self, index: usize) -> bool {
        self.expanded.provenance.get(index).is_some_and(|provenance| provenance.unrecorded)
    }

    fn sourced(&self, index: usize, text: String) -> Text {
        let provenance = self.expanded.provenance.get(index).cloned().unwrap_or_default();
        Text { text, from: provenance.paths, computed: provenance.computed, ..Text::default() }
    }
}

/// Takes the full stop of a sentence away where the value at its end brings one, as `Acme S.A.` does.
fn one_stop(mut runs: Vec<marks::Run>) -> Vec<marks::Run> {
    let mut ends = false;
    for run in &mut runs {
        match run {
            marks::Run::Value(_, text) => ends = text.ends_with(['.', '!', '?', '…']),
            marks::Run::Literal(text) => {
                let after =
                    text.strip_prefix('.').filter(|rest| !rest.starts_with(|c: char| c == '.' || c.is_alphanumeric()));
                if let Some(rest) = after.filter(|_| ends) {
                    *text = rest.to_owned();
                }
                ends = false;
            }
        }
    }
    runs.retain(|run| !matches!(run, marks::Run::Literal(text) if text.is_empty()));
    runs
}

/// Whether HTML is comments alone: they are for whoever writes the template, and for its tools.
fn is_comment(html: &str) -> bool {
    let mut rest = html.trim();
    while let Some((_, after)) = rest.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
        rest = after.trim_start();
    }
    rest.is_empty()
}

/// The value at a dotted path: keys of groups, and places in lists from 0.
fn lookup<'v>(scope: &'v serde_json::Map<String, Json>, path: &str) -> Option<&'v Json> {
    let mut parts = path.split('.');
    let root = scope.get(parts.next()?)?;
    parts.try_fold(root, |value, part| match value {
        Json::Object(fields) => fields.get(part),
        Json::Array(items) => items.get(part.parse::<usize>().ok()?),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::marks::Run::{Literal, Value};

    #[test]
    fn a_sentence_that_ends_with_a_stop_of_a_value_has_one() {
        let stopped = |value: &str, after: &str| {
            let runs = one_stop(vec![Value(0, value.into()), Literal(after.into())]);
            runs.into_iter()
                .map(|run| match run {
                    Literal(text) | Value(_, text) => text,
                })
                .collect::<String>()
        };
        assert_eq!(stopped("Acme S.A.", "."), "Acme S.A.");
        assert_eq!(stopped("Acme S.A.", ". It"), "Acme S.A. It");
        assert_eq!(stopped("Is it so?", "."), "Is it so?");
        assert_eq!(stopped("Acme", ". It"), "Acme. It");
        assert_eq!(stopped("v1.", ".docx"), "v1..docx");
        assert_eq!(stopped("and so on.", "... or"), "and so on.... or");
    }
}
