//! Moves: what stands in both versions word by word, in another order.

use std::collections::HashMap;

use super::super::xml::Element;
use super::pen::{Fate, Pen};
use crate::align::{Line, Step};

/// Shorter texts are deleted and inserted: nobody looks for where they went.
const LETTERS: usize = 20;

/// The moves among what only one version has: place in the old, place in the new, name.
pub(super) fn of(
    steps: &[Step],
    old: &[Line<'_>],
    new: &[Line<'_>],
    may: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, usize, String)> {
    let mut moves: Vec<(usize, usize, String)> = Vec::new();
    let long = |line: &Line<'_>| line.text.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS;
    // What stands elsewhere may be called otherwise there: it is known by its words.
    let mut theirs: HashMap<&str, usize> = HashMap::new();
    for step in steps {
        if let Step::New(b) = step
            && !new[*b].key.is_empty()
        {
            theirs.entry(new[*b].text).or_insert(*b);
        }
    }
    for step in steps {
        let Step::Old(a) = step else { continue };
        let line = &old[*a];
        if line.key.is_empty() || !long(line) {
            continue;
        }
        if let Some(b) = theirs.get(line.text).copied().filter(|b| may(*a, *b)) {
            theirs.remove(line.text);
            moves.push((*a, b, line.key.to_owned()));
        }
    }
    moves
}

/// A half of a move, in its range.
pub(super) fn around(pen: &mut Pen<'_>, fate: Fate, name: String, paragraph: Element) -> Vec<Element> {
    let [start, end] = match fate {
        Fate::MovedFrom => ["w:moveFromRangeStart", "w:moveFromRangeEnd"],
        _ => ["w:moveToRangeStart", "w:moveToRangeEnd"],
    };
    let start = pen.signed(start).with("w:name", format!("move{name}"));
    vec![start, paragraph, Element::new(end).int("w:id", 0)]
}
