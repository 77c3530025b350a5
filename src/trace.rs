//! Why a document says what it says: for each paragraph, cell and heading its place in a template, what it hangs on, and
//! where each value in it stands in the profile, a register, the pack's data or its rules.

use ecow::EcoString;
use serde_json::{Value as Json, json};

use crate::diagnostic::Span;
use crate::model::value::{Kind, Value};
use crate::model::{Block, Document, Inline, Node, Origin, Reference, Text};
use crate::plan::Plan;
use crate::workspace::{SETTINGS, Workspace};

/// The longest value that is shown, in characters.
const MAX_SHOWN: usize = 60;
/// The most paths of one value that the text form shows.
const MAX_PATHS: usize = 6;

/// A part of a document and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// `heading`, `paragraph`, `cell`, `header`, `caption`, `term`, `code` or `note`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
    /// The line of the template, partial or override that says it.
    pub at: Option<Span>,
    /// The innermost `{{#block}}` that it stands in.
    pub block: Option<EcoString>,
    /// The register row that it was written for, when it stands in a table.
    pub row: Option<EcoString>,
    /// What its being there hangs on, outermost first.
    pub conditions: Vec<Fact>,
    /// The values in it.
    pub values: Vec<Shown>,
    /// What it refers to, as it is printed.
    pub references: Vec<String>,
}

/// A value in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// As it is printed.
    pub text: String,
    /// Whether it was made out of what it comes from; else it is the first of that as it stands.
    pub computed: bool,
    /// What it comes from.
    pub from: Vec<Fact>,
}

/// A path and what stands there now.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The path.
    pub path: EcoString,
    /// The value in short; nothing when there is none.
    pub value: Option<String>,
    /// Whether nobody wrote the value: the pack's schema gives it by default.
    pub is_default: bool,
    /// Where it stands; for what is absent or a default, where its group stands.
    pub at: Option<Span>,
}

/// What is said of a row of a list, whose cells say more.
const ROW: &str = "a row";

/// How the ids of sections begin that the engine itself puts at the end of drafts.
const OWN: &str = "folio-";

/// Traces every part of a document that a template says.
pub fn trace(workspace: &Workspace, plan: &Plan, document: &Document) -> Vec<Entry> {
    let mut tracer = Tracer { workspace, plan, entries: Vec::new() };
    let is_own = |block: &Block<Reference>| matches!(&block.node, Node::Heading(it) if it.id.starts_with(OWN));
    let end = document.body.iter().position(is_own).unwrap_or(document.body.len());
    tracer.blocks(&document.body[..end]);
    for line in document.footnotes.values() {
        tracer.line("note", line, &Origin::default(), None);
    }
    tracer.entries
}

struct Tracer<'a> {
    workspace: &'a Workspace,
    plan: &'a Plan,
    entries: Vec<Entry>,
}

impl Tracer<'_> {
    fn blocks(&mut self, blocks: &[Block<Reference>]) {
        for Block { node, origin } in blocks {
            match node {
                Node::Heading(heading) => self.line("heading", &heading.content, origin, None),
                Node::Paragraph { content } => self.line("paragraph", content, origin, None),
                Node::List(list) => list.items.iter().for_each(|item| self.blocks(item)),
                Node::DefinitionList { items } => {
                    for item in items {
                        self.line("term", &item.term, origin, None);
                        self.blocks(&item.body);
                    }
                }
                Node::Table(table) => {
                    table.caption.iter().for_each(|caption| self.line("caption", caption, origin, None));
                    table.header.iter().for_each(|cell| self.line("header", cell, origin, None));
                    for row in &table.rows {
                        row.cells.iter().for_each(|cell| self.line("cell", cell, &row.origin, row.source.as_ref()));
                    }
                }
                Node::Figure(figure) => {
                    figure.caption.iter().for_each(|caption| self.line("caption", caption, origin, None));
                }
                Node::CodeBlock { text } => self.line("code", &[Inline::Code(text.clone())], origin, None),
                Node::Callout(callout) => self.blocks(&callout.body),
                Node::BlockQuote { body } | Node::Landscape { body } => self.blocks(body),
                Node::SignOff { .. } | Node::PageBreak => {}
            }
        }
    }

    fn line(&mut self, kind: &'static str, line: &[Inline<Reference>], origin: &Origin, row: Option<&EcoString>) {
        let mut text = String::new();
        let (mut values, mut references) = (Vec::new(), Vec::new());
        said(line, &mut text, &mut values, &mut references);
        let values = values
            .into_iter()
            .map(|value| Shown {
                text: value.text.clone(),
                computed: value.computed,
                from: value.from.iter().map(|path| self.fact(path)).collect(),
            })
            .collect();
        self.entries.push(Entry {
            kind,
            text,
            at: origin.span.clone(),
            block: origin.block.clone(),
            row: row.cloned(),
            conditions: origin.causes.iter().map(|path| self.fact(path)).collect(),
            values,
            references,
        });
    }

    fn fact(&self, path: &EcoString) -> Fact {
        let Workspace { profile, pack, .. } = self.workspace;
        let value = self.plan.scope.origins.value_of(path).map(|value| match value.kind {
            Kind::Map(_) if path.ends_with(']') => ROW.to_owned(),
            _ => in_short(value),
        });
        let at = match path.split_once('.') {
            Some(("derived", rule)) => {
                pack.derive.iter().find(|derive| derive.id == rule).map(|derive| derive.value.span.clone())
            }
            Some(("data", rest)) => {
                let topic = rest.strip_prefix("topics.").and_then(|topic| pack.topics.get(topic));
                topic.and_then(|topic| topic.span.clone())
            }
            _ if path == "as_of" => Some(Span::file(SETTINGS)),
            _ => profile.span_of(path).cloned(),
        };
        // What is written covers some characters; a default stands where its group begins.
        let is_own = |span: &Span| span.length == 0 && span.file == self.workspace.settings.profile.as_str();
        let is_default = value.is_some() && at.as_ref().is_some_and(is_own);
        Fact { path: path.clone(), value, is_default, at }
    }
}

/// What a line says, the values in it, and what it refers to.
fn said<'a>(
    line: &'a [Inline<Reference>],
    text: &mut String,
    values: &mut Vec<&'a Text>,
    references: &mut Vec<String>,
) {
    for inline in line {
        match inline {
            Inline::Text(run) | Inline::Code(run) | Inline::Unrecorded(run) | Inline::Status { text: run, .. } => {
                text.push_str(&run.text);
                values.extend(Some(run).filter(|run| run.computed || !run.from.is_empty()));
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                said(content, text, values, references);
            }
            Inline::Reference(reference) => {
                text.push_str(&reference.text);
                references.push(reference.text.to_string());
            }
            Inline::Field(field) => text.push_str(&format!("[{}]", field.label)),
            Inline::LineBreak => text.push('\n'),
            Inline::Footnote { .. } => {}
        }
    }
}

/// A value as people read it: lists and groups by their size.
fn in_short(value: &Value) -> String {
    let count = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    match &value.kind {
        Kind::List(list) if list.is_empty() => "an empty list".into(),
        Kind::List(list) => count(list.len(), "item", "items"),
        Kind::Map(map) => count(map.len(), "key", "keys"),
        Kind::Text(text) => format!("\"{}\"", shortened(text)),
        _ => value.to_json().to_string(),
    }
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Entries for people: each with what it says, what it hangs on and where its values stand.
pub fn text(entries: &[Entry]) -> String {
    let mut out = String::new();
    for entry in entries {
        let place = entry.at.as_ref().map_or_else(|| "no template".to_owned(), line_of);
        let block = entry.block.as_ref().map(|block| format!(", block `{block}`")).unwrap_or_default();
        let row = entry.row.as_ref().map(|row| format!(", row {row}")).unwrap_or_default();
        out.push_str(&format!("{place}  {}{block}{row}\n", entry.kind));
        entry.text.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
        for condition in &entry.conditions {
            let value = condition.value.as_deref().unwrap_or("absent");
            let stands = if value == ROW { String::new() } else { format!(" = {value}") };
            out.push_str(&format!("  hangs on {}{stands}{}\n", condition.path, place_of(condition)));
        }
        for value in &entry.values {
            let shown = shortened(&value.text);
            let link = if value.computed { "comes from" } else { "is" };
            for (index, fact) in value.from.iter().take(MAX_PATHS).enumerate() {
                let link = if index == 0 { format!("\"{shown}\" {link}") } else { "    and".to_owned() };
                // What is printed as it stands need not be said twice.
                let stands = fact.value.as_ref().filter(|stands| (value.computed || index > 0) && *stands != ROW);
                let stands = stands.map(|value| format!(" = {value}")).unwrap_or_default();
                out.push_str(&format!("  {link} {}{stands}{}\n", fact.path, place_of(fact)));
            }
            if value.from.len() > MAX_PATHS {
                out.push_str(&format!("      and {} more\n", value.from.len() - MAX_PATHS));
            }
        }
        out.push('\n');
    }
    out
}

fn line_of(span: &Span) -> String {
    Span { column: 0, ..span.clone() }.to_string()
}

fn place_of(fact: &Fact) -> String {
    match &fact.at {
        Some(span) if fact.is_default => format!("  (a default; its place is {})", line_of(span)),
        Some(span) => format!("  ({})", line_of(span)),
        None => String::new(),
    }
}

/// Entries for programs.
pub fn json(entries: &[Entry]) -> Json {
    let place = |span: &Option<Span>| span.as_ref().map(|span| json!(span));
    let fact = |fact: &Fact| {
        json!({
            "path": fact.path,
            "value": fact.value,
            "default": fact.is_default,
            "at": place(&fact.at),
        })
    };
    let shown = |value: &Shown| {
        let from: Vec<Json> = value.from.iter().map(fact).collect();
        json!({"text": value.text, "computed": value.computed, "from": from})
    };
    entries
        .iter()
        .map(|entry| {
            json!({
                "kind": entry.kind,
                "text": entry.text,
                "at": place(&entry.at),
                "block": entry.block,
                "row": entry.row,
                "conditions": entry.conditions.iter().map(fact).collect::<Vec<_>>(),
                "values": entry.values.iter().map(shown).collect::<Vec<_>>(),
            })
        })
        .collect()
}
