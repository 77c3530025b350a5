//! Numbers after parts were put into a document: of headings, tables and figures, of the references to them, of footnotes.

use std::collections::BTreeMap;

use super::lines;
use crate::model::{Block, Document, Inline, Label, Labels, Reference, Text};
use crate::parse;

/// What can be referred to in a document, and what the number of each was before, where it is another now.
pub(super) type Moved = BTreeMap<String, (String, String)>;

/// Numbers a document anew; its own references follow. Gives the labels whose numbers moved.
pub(super) fn mend(document: &mut Document, before: &Labels) -> Moved {
    let labels = parse::renumber(document);
    let follow = |part: &mut Inline<Reference>| {
        let Inline::Reference(reference) = part else { return };
        if reference.document.is_some() {
            return;
        }
        let Some(id) = reference.label.as_deref() else { return };
        match labels.get(id) {
            Some(label) => point(reference, &number(label)),
            // What it led to went; its words stay.
            None => *part = Inline::Text(Text::literal(std::mem::take(&mut reference.text))),
        }
    };
    lines::each(&mut document.body, &mut |line| lines::parts(line, &mut |part| follow(part)));
    document.footnotes.values_mut().for_each(|note| lines::parts(note, &mut |part| follow(part)));
    let moved = labels.iter().filter_map(|(id, label)| {
        let (was, is) = (number(before.get(id)?), number(label));
        (was != is).then(|| (id.clone(), (was, is)))
    });
    moved.collect()
}

/// Lets the references of a document follow the numbers that moved in others.
pub(super) fn follow(document: &mut Document, moved: &BTreeMap<String, Moved>) {
    let follow = |part: &mut Inline<Reference>| {
        let Inline::Reference(Reference { document: Some(other), label: Some(label), text, .. }) = part else { return };
        if let Some((was, is)) = moved.get(other).and_then(|moved| moved.get(label))
            && let Some(kept) =
                text.strip_suffix(was.as_str()).filter(|kept| !kept.ends_with(|c: char| c == '.' || c.is_ascii_digit()))
        {
            *text = format!("{kept}{is}");
        }
    };
    lines::each(&mut document.body, &mut |line| lines::parts(line, &mut |part| follow(part)));
}

fn number(label: &Label) -> String {
    match label {
        Label::Heading(number) => number.clone(),
        Label::Table(number) | Label::Figure(number) => number.to_string(),
    }
}

/// Gives a reference another number: `Table 2` keeps its word.
fn point(reference: &mut Reference, number: &str) {
    let Some(field) = &reference.field else { return };
    let word = field.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let new = format!("{word}{number}");
    if *field != new {
        reference.text = reference.text.replacen(field.as_str(), &new, 1);
        reference.field = Some(new);
    }
}

/// Moves the numbers of footnotes of some blocks up, so that they meet no others.
pub(super) fn lift(blocks: &mut [Block<Reference>], by: u32) {
    let lift = |part: &mut Inline<Reference>| {
        if let Inline::Footnote { number } = part {
            *number = number.saturating_add(by);
        }
    };
    lines::each(blocks, &mut |line| lines::parts(line, &mut |part| lift(part)));
}

/// Numbers footnotes in the order of reading, and leaves out those that nothing cites any more.
pub(super) fn footnotes(document: &mut Document) {
    let mut order: BTreeMap<u32, u32> = BTreeMap::new();
    let mut renumber = |part: &mut Inline<Reference>| {
        if let Inline::Footnote { number } = part {
            let next = order.len() as u32 + 1;
            *number = *order.entry(*number).or_insert(next);
        }
    };
    lines::each(&mut document.body, &mut |line| lines::parts(line, &mut renumber));
    let notes = std::mem::take(&mut document.footnotes);
    document.footnotes = notes.into_iter().filter_map(|(was, note)| Some((*order.get(&was)?, note))).collect();
}
