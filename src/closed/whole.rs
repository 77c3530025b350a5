//! Records as a whole: one that tells of closed rows alone stays as it was issued, cover and all, while nothing but the names
//! of people, posts and of the organisation became others. One that also tells what stands elsewhere in the profile, such as a
//! count of a register that nothing closes, or a rule, is alive: its cover follows, and its closed rows keep their words.

use ecow::EcoString;

use super::keep::{Standing, Standings};
use super::lines;
use crate::holders::{PEOPLE, ROLES};
use crate::model::{Block, Document, Inline, Node, Reference, Text, content, walk};

/// The parts of a profile that say how somebody is called.
const NAMES: [&str; 5] = ["organisation", PEOPLE, ROLES, "bodies", "responsibilities"];

/// The variables of a template that are no facts of the organisation: tables and values of its pack, what the set and its
/// dates are, how words are chosen.
const OF_THE_PACK: [&str; 5] = ["data", "derived", "set", "as_of", "wording"];

/// Lets a document be what was issued, where it is a closed record. Says whether it is.
pub(super) fn keep(document: &mut Document, issued: &Document, standing: Standings<'_>) -> bool {
    if !is_closed(document, standing) || content::digest(document) == content::digest(issued) {
        return false;
    }
    if content::digest(&unnamed(document)) != content::digest(&unnamed(issued)) {
        return false;
    }
    document.body = issued.body.clone();
    document.footnotes = issued.footnotes.clone();
    let (control, was) = (&mut document.control, &issued.control);
    control.organisation = was.organisation.clone();
    control.organisation_short = was.organisation_short.clone();
    control.owner = was.owner.clone();
    control.author = was.author.clone();
    control.approver = was.approver.clone();
    true
}

/// Whether it shows rows that are closed, none that is open or gone, and no fact besides but names.
fn is_closed(document: &Document, standing: Standings<'_>) -> bool {
    let mut shows = false;
    for block in walk(&document.body) {
        let rows = match &block.node {
            Node::Table(table) => table.rows.as_slice(),
            _ => &[],
        };
        let inner = rows.iter().flat_map(|row| &row.origin.rows);
        for row in block.origin.rows.iter().chain(inner) {
            match standing(row) {
                Some(Standing::Closed) => shows = true,
                Some(Standing::Open | Standing::Gone) => return false,
                None => {}
            }
        }
    }
    shows && !is_alive(document, standing)
}

/// Whether a text tells a fact that is no name and stands in no closed row: one that can still become another.
fn is_alive(document: &Document, standing: Standings<'_>) -> bool {
    let is_open = |path: &EcoString| {
        let mut ends = path.rmatch_indices(']').map(|(at, _)| &path[..=at]);
        let closed = ends.find_map(standing).is_some_and(|standing| standing == Standing::Closed);
        !closed && is_of_profile(path) && !is_name(path)
    };
    let mut document = document.clone();
    let mut alive = false;
    lines::each(&mut document.body, &mut |line| {
        lines::parts(line, &mut |part| {
            if let Inline::Text(text) | Inline::Status { text, .. } | Inline::Code(text) = part {
                alive |= text.from.iter().any(is_open);
            }
        });
    });
    alive
}

/// Whether a path leads to what an organisation says of itself, be it a row or a single fact, and not to what its pack has.
fn is_of_profile(path: &EcoString) -> bool {
    !OF_THE_PACK.contains(&first(path))
}

/// The first key of a path.
fn first(path: &EcoString) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// Whether a path leads to how somebody is called.
fn is_name(path: &EcoString) -> bool {
    NAMES.contains(&first(path))
}

/// A document in which nobody is called by name.
fn unnamed(document: &Document) -> Document {
    let mut document = document.clone();
    let control = &mut document.control;
    for text in [&mut control.organisation, &mut control.organisation_short] {
        *text = Text::default();
    }
    for party in [&mut control.owner, &mut control.author, &mut control.approver] {
        party.role = Text::literal(party.key.clone());
    }
    lines::each(&mut document.body, &mut |line| lines::parts(line, &mut blank));
    document.footnotes.values_mut().for_each(|note| lines::parts(note, &mut blank));
    sign_offs(&mut document.body);
    document
}

fn sign_offs(blocks: &mut [Block<Reference>]) {
    for block in blocks {
        match &mut block.node {
            Node::SignOff { signatories } => {
                signatories.iter_mut().for_each(|party| party.role = Text::literal(party.key.clone()));
            }
            Node::Landscape { body } => sign_offs(body),
            _ => {}
        }
    }
}

fn blank(part: &mut Inline<Reference>) {
    let (Inline::Text(text) | Inline::Status { text, .. } | Inline::Code(text)) = part else { return };
    if !text.from.is_empty() && text.from.iter().any(is_name) {
        text.text = text.from.iter().filter(|path| !is_name(path)).map(EcoString::as_str).collect::<Vec<_>>().join(" ");
        text.text.push('\u{1}');
    }
}
