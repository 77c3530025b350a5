//! What is said of a redline on its pages: how marks are read, and what changed where and why.

use super::{DRAFT, Found, Pair, RENDERED, merged};
use crate::align::{self, Piece};
use crate::appended::{self, Section, literal};
use crate::changes::{self, Change, Manner};
use crate::model::{Block, Callout, CalloutKind, Heading, Inline, Mark, Node, Origin, Pages, Reference, Text};
use crate::strings::{Said, Strings};

/// The most characters of a place that the table of changes shows; the place itself shows all.
const MOST_SHOWN: usize = 400;

/// The most characters of unchanged words that it shows beside changed ones.
const AROUND: usize = 60;

/// How changes are to be read.
pub(super) fn legend(pair: &Pair, strings: &Strings) -> Block<Reference> {
    let marked = |said, mark| [Inline::Text(Text { mark: Some(mark), ..Text::literal(strings.said(said)) })];
    let (came, went) = (marked(Said::Came, Mark::Added), marked(Said::Went, Mark::Removed));
    let content = appended::fill(strings.said(Said::Legend), &[("came", &came), ("went", &went)]);
    let body = vec![Block { node: Node::Paragraph { content }, origin: Origin::default() }];
    let node = Node::Callout(Callout { kind: CalloutKind::Note, title: Some(between(pair, strings)), body });
    Block { node, origin: Origin::default() }
}

/// What the pack calls a version.
pub(super) fn called<'a>(found: &'a Found, strings: &'a Strings) -> &'a str {
    match found.name.as_str() {
        DRAFT => &strings.draft,
        RENDERED => strings.said(Said::LastRender),
        number => number,
    }
}

/// Which versions there are.
fn between(pair: &Pair, strings: &Strings) -> String {
    strings.fill(Said::Between, &[("from", called(&pair.old, strings)), ("to", called(&pair.new, strings))])
}

/// What changed, as a table.
pub(super) fn listed(
    pair: &Pair,
    changes: &[Change],
    headings: &[&Heading<Reference>],
    pages: &Pages,
    strings: &Strings,
) -> Section {
    let cell = |text: &str| vec![literal(text)];
    let rows = changes.iter().map(|change| {
        let mut causes: Vec<String> = change.causes.iter().filter_map(|cause| cause.said(strings)).collect();
        if causes.is_empty() {
            causes.push(strings.said(Said::Unknown).to_owned());
        }
        let [before, after] = sides(change, strings);
        vec![place(change, headings, pages, strings), before, after, cell(&causes.join("; "))]
    });
    let columns = [(20.0, Said::Place), (27.0, Said::Before), (27.0, Said::After), (26.0, Said::Cause)];
    Section {
        id: "redline-changes",
        title: strings.said(Said::List).to_owned(),
        note: vec![literal(format!("{}.", between(pair, strings)))],
        table: appended::table(&columns.map(|(width, said)| (width, strings.said(said))), rows),
    }
}

/// Where a change stands: it leads to its section, and says on which page that begins.
fn place(
    change: &Change,
    headings: &[&Heading<Reference>],
    pages: &Pages,
    strings: &Strings,
) -> Vec<Inline<Reference>> {
    let text = strings.language.capitalise(&change.said_place(strings));
    let is_section =
        |heading: &&&Heading<Reference>| change.place.section.as_ref().is_some_and(|section| is_of(heading, section));
    let Some(heading) = headings.iter().find(is_section) else { return vec![literal(text)] };
    let mut found =
        vec![Inline::Reference(Reference { document: None, label: Some(heading.id.clone()), text, field: None })];
    if let Some(page) = pages.of.get(&heading.id) {
        found.extend([Inline::LineBreak, literal(format!("{} {page}", strings.page))]);
    }
    found
}

/// Whether a heading is that of a section, of whichever version.
fn is_of(heading: &Heading<Reference>, section: &changes::Section) -> bool {
    match heading.id.starts_with(merged::GONE) {
        true => merged::flat(&heading.content) == format!("{} {}", section.number, section.title).trim(),
        false => heading.number == section.number,
    }
}

/// The words of a change before and after, with as much around what differs as tells where it is.
fn sides(change: &Change, strings: &Strings) -> [Vec<Inline<Reference>>; 2] {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let marked =
        |text: &str, mark| Inline::Text(Text { mark: Some(mark), ..Text::literal(shortened(text, MOST_SHOWN)) });
    let pieces = align::phrases(&change.before, &change.after);
    let last = pieces.len().saturating_sub(1);
    for (at, piece) in pieces.into_iter().enumerate() {
        match piece {
            Piece::Kept(text) => {
                let text = around(text, at == 0, at == last);
                before.push(literal(text.clone()));
                after.push(literal(text));
            }
            Piece::Removed(text) => before.push(marked(text, Mark::Removed)),
            Piece::Added(text) => after.push(marked(text, Mark::Added)),
        }
    }
    let said = match change.manner {
        Manner::Moved => Some(Said::Moved),
        Manner::Form => Some(Said::Form),
        Manner::Words | Manner::Came | Manner::Went => None,
    };
    if let Some(said) = said {
        after = vec![Inline::Emphasis { content: vec![literal(strings.said(said))] }];
    }
    [before, after].map(|side| if side.is_empty() { vec![literal("\u{2013}")] } else { side })
}

/// As much of unchanged words as tells where one is.
fn around(text: &str, is_first: bool, is_last: bool) -> String {
    let count = text.chars().count();
    if count <= 2 * AROUND {
        return text.to_owned();
    }
    let tail: String = text.chars().skip(count - AROUND).collect();
    match (is_first, is_last) {
        (true, true) => shortened(text, MOST_SHOWN),
        (true, false) => format!("\u{2026}{tail}"),
        (false, true) => shortened(text, AROUND),
        (false, false) => format!("{} {tail}", shortened(text, AROUND)),
    }
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
