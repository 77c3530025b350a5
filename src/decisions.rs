//! Figures that the pack proposes and nobody has decided: marked and listed in drafts, and told to whoever decides.
//!
//! A default of the schema is a [`Proposal`] until it stands in the profile, the same or another. Whether it is, a schema
//! says with `x-folio-decision`, and with `x-folio-why` why this figure.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::appended::{PROPOSED, Section, fill, literal, table};
use crate::edit::{Change, Field, Piece};
use crate::model::{Block, Document, Inline, Node, Reference, State, Table, Text};
use crate::strings::{Proposed, Strings};
use crate::wording;
use crate::workspace::profile::{Proposal, Proposals};

/// The longest text that stands for a figure in a list, in characters.
const MAX_SHOWN: usize = 60;

/// A proposal that documents print.
#[derive(Debug, Clone, PartialEq)]
pub struct Open<'p> {
    /// What is proposed.
    pub proposal: &'p Proposal,
    /// As it is printed.
    pub shown: String,
    /// The documents that print it, by their places among those that were looked at.
    pub documents: Vec<usize>,
}

/// What documents print and nobody has decided, in the order of the schema.
pub fn open<'p>(proposals: &'p Proposals, documents: &[Document], strings: &Strings) -> Vec<Open<'p>> {
    let mut found: BTreeMap<usize, Open<'p>> = BTreeMap::new();
    for (at, document) in documents.iter().enumerate() {
        let mut printed = Printed::of(proposals);
        printed.read(document, strings);
        for (place, shown) in printed.shown {
            let proposal = &proposals.all()[place];
            let open = found.entry(place).or_insert_with(|| Open {
                proposal,
                shown: shown.clone().unwrap_or_else(|| plain(&proposal.value, strings)),
                documents: Vec::new(),
            });
            if let Some(shown) = shown.filter(|shown| shown.chars().count() > open.shown.chars().count()) {
                open.shown = shown;
            }
            open.documents.push(at);
        }
    }
    found.into_values().collect()
}

/// `37 figures are the pack's proposals and not decided yet`.
pub fn counted(count: usize) -> String {
    match count {
        1 => "1 figure is the pack's proposal and not decided yet".to_owned(),
        count => format!("{count} figures are the pack's proposals and not decided yet"),
    }
}

/// Marks every text of a draft that shows a proposal, and lists them at its end. What was issued has none of it.
pub fn mark(document: &mut Document, proposals: &Proposals, strings: &Strings) {
    if document.control.state != State::Draft || proposals.is_empty() {
        return;
    }
    let mut printed = Printed::of(proposals);
    printed.read(document, strings);
    if printed.shown.is_empty() {
        return;
    }
    let marker = Marker { proposals };
    document.control.review_proposed =
        wording::review(&document.control, strings).is_some_and(|review| marker.is_proposed(&review));
    marker.blocks(&mut document.body);
    document.footnotes.values_mut().for_each(|note| marker.line(note));
    if let Some(words) = strings.proposed() {
        section(&printed, &words, strings).append(document);
    }
}

/// The proposals that a document prints, by their places, each as it is printed best.
struct Printed<'p> {
    proposals: &'p Proposals,
    shown: BTreeMap<usize, Option<String>>,
}

impl<'p> Printed<'p> {
    fn of(proposals: &'p Proposals) -> Printed<'p> {
        Printed { proposals, shown: BTreeMap::new() }
    }

    fn read(&mut self, document: &Document, strings: &Strings) {
        if let Some(review) = wording::review(&document.control, strings) {
            self.text(&review);
        }
        for block in crate::model::walk(&document.body) {
            block.lines().into_iter().for_each(|line| self.line(line));
            if let Node::CodeBlock { text } = &block.node {
                self.text(text);
            }
        }
        document.footnotes.values().for_each(|note| self.line(note));
    }

    fn line(&mut self, line: &[Inline<Reference>]) {
        for inline in line {
            match inline {
                Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } => self.text(text),
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    self.line(content);
                }
                Inline::Reference(_)
                | Inline::Footnote { .. }
                | Inline::Field(_)
                | Inline::Unrecorded(_)
                | Inline::LineBreak => {}
            }
        }
    }

    fn text(&mut self, text: &Text) {
        if text.text.trim().is_empty() {
            return;
        }
        for path in &text.from {
            let Some(place) = self.proposals.at(path) else { continue };
            // A text that shows nothing else says it best, with its unit when it has one.
            let is_alone = text.from.len() == 1 && text.text.chars().count() <= MAX_SHOWN;
            let is_whole = self.proposals.all()[place].path == *path;
            let own = (is_alone && is_whole).then(|| text.text.trim());
            let known = self.shown.entry(place).or_default();
            let is_better = |own: &&str| known.as_ref().is_none_or(|known| own.chars().count() > known.chars().count());
            if let Some(own) = own.filter(is_better) {
                *known = Some(own.to_owned());
            }
        }
    }
}

/// Sets the marks.
struct Marker<'p> {
    proposals: &'p Proposals,
}

impl Marker<'_> {
    fn is_proposed(&self, text: &Text) -> bool {
        !text.text.trim().is_empty() && text.from.iter().any(|path| self.proposals.at(path).is_some())
    }

    fn blocks(&self, blocks: &mut [Block<Reference>]) {
        for block in blocks {
            match &mut block.node {
                Node::Paragraph { content } => self.line(content),
                Node::List(list) => list.items.iter_mut().for_each(|item| self.blocks(item)),
                Node::DefinitionList { items } => {
                    for item in items {
                        self.line(&mut item.term);
                        self.blocks(&mut item.body);
                    }
                }
                Node::Table(table) => {
                    let rows = table.rows.iter_mut().filter(|row| !row.band);
                    rows.flat_map(|row| &mut row.cells).for_each(|cell| self.line(cell));
                }
                Node::Callout(callout) => self.blocks(&mut callout.body),
                Node::BlockQuote { body } | Node::Landscape { body } => self.blocks(body),
                // What stands in a table of contents, or is as it is, has no marks.
                Node::Heading(_)
                | Node::Figure(_)
                | Node::CodeBlock { .. }
                | Node::SignOff { .. }
                | Node::PageBreak => {}
            }
        }
    }

    fn line(&self, line: &mut [Inline<Reference>]) {
        for at in 0..line.len() {
            // A value that was taken apart is marked where it ends.
            let next = line.get(at + 1).and_then(said).map(|next| next.from.clone());
            match &mut line[at] {
                Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } => {
                    let is_end = next.is_none_or(|next| next != text.from);
                    text.proposed = is_end && self.is_proposed(text);
                }
                Inline::Strong { content } | Inline::Emphasis { content } => self.line(content),
                // The mark is a link itself.
                Inline::Link { .. } => {}
                Inline::Reference(_)
                | Inline::Footnote { .. }
                | Inline::Field(_)
                | Inline::Unrecorded(_)
                | Inline::LineBreak => {}
            }
        }
    }
}

/// The text of an inline.
fn said(inline: &Inline<Reference>) -> Option<&Text> {
    match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } => Some(text),
        _ => None,
    }
}

/// The section that lists what a document prints and nobody has decided.
fn section(printed: &Printed<'_>, words: &Proposed, strings: &Strings) -> Section {
    // The mark is shown as it stands beside a figure.
    let mark = Inline::Text(Text { proposed: true, ..Text::default() });
    let note = fill(&words.note, &[("mark", &[mark])]);
    Section { id: PROPOSED, title: words.title.clone(), note, table: list(printed, words, strings) }
}

/// The list of what a document prints and nobody has decided. Reasons have a column when there is one.
fn list(printed: &Printed<'_>, words: &Proposed, strings: &Strings) -> Table<Reference> {
    let mut open: Vec<(&Proposal, &Option<String>, String)> = Vec::new();
    for (place, shown) in &printed.shown {
        let proposal = &printed.proposals.all()[*place];
        // Rows of a register for which the same is proposed are one.
        let column = column(&proposal.path);
        let is_alike = |(known, _, key): &&mut (&Proposal, &Option<String>, String)| {
            (*key == column || self::column(&known.path) == column) && known.value == proposal.value
        };
        match open.iter_mut().find(is_alike) {
            Some((.., key)) => *key = column,
            None => open.push((proposal, shown, proposal.path.to_string())),
        }
    }
    let has_reasons = open.iter().any(|(proposal, ..)| proposal.why.is_some());
    let widths: &[f64] = if has_reasons { &[15.0, 27.0, 27.0, 31.0] } else { &[20.0, 42.0, 38.0] };
    let names = [&words.figure, &words.meaning, &words.key, &words.why].map(String::as_str);
    let columns: Vec<(f64, &str)> = widths.iter().copied().zip(names).collect();
    let row = |(proposal, shown, key): (&Proposal, &Option<String>, String)| {
        let text = shown.clone().unwrap_or_else(|| plain(&proposal.value, strings));
        let figure = Text { computed: true, ..Text::value(text, proposal.path.clone()) };
        let mut cells =
            vec![vec![Inline::Text(figure)], vec![literal(name_of(proposal))], vec![Inline::Code(Text::literal(key))]];
        cells.extend(has_reasons.then(|| proposal.why.iter().map(literal).collect()));
        cells
    };
    table(&columns, open.into_iter().map(row))
}

/// The change by which proposals are written into a profile: then they are decided. `profile` is it with its registers.
pub fn confirmed(proposals: &[&Proposal], profile: &Json) -> Change {
    let change = |proposal: &&Proposal| confirmed_at(&proposal.steps, &proposal.value, profile);
    proposals.iter().map(change).fold(Change::Keep, Change::and)
}

fn confirmed_at(steps: &[String], value: &Json, within: &Json) -> Change {
    let Some((step, rest)) = steps.split_first() else { return Change::Become(value.clone()) };
    match within.as_array() {
        Some(rows) => {
            let row = step.parse().unwrap_or(usize::MAX);
            let piece = |(at, within)| {
                let change = if at == row { confirmed_at(rest, value, within) } else { Change::Keep };
                Piece { from: Some(at), change }
            };
            Change::list(rows.len(), rows.iter().enumerate().map(piece).collect())
        }
        None => Change::map([Field::new(step.as_str(), confirmed_at(rest, value, &within[step.as_str()]))]),
    }
}

/// A path in every row: `suppliers[].exit_days`.
fn column(path: &str) -> String {
    let mut column = String::new();
    let mut is_inside = false;
    for character in path.chars() {
        is_inside &= character != ']';
        if !is_inside {
            column.push(character);
        }
        is_inside |= character == '[';
    }
    column
}

/// What a proposal is called.
pub fn name_of(proposal: &Proposal) -> &str {
    proposal.title.as_deref().unwrap_or(proposal.path.as_str())
}

/// A value as it is printed by itself; of a list or group, its parts.
fn plain(value: &Json, strings: &Strings) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => strings.yes.clone(),
        Json::Bool(false) => strings.no.clone(),
        Json::Number(number) => strings.language.plain(number),
        Json::String(text) => text.clone(),
        Json::Array(items) => parts(items.iter(), strings),
        Json::Object(fields) => parts(fields.values(), strings),
    }
}

fn parts<'v>(values: impl Iterator<Item = &'v Json>, strings: &Strings) -> String {
    let parts: Vec<String> = values.map(|value| plain(value, strings)).collect();
    parts.join(", ")
}
