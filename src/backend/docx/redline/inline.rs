//! What stands in a paragraph: words, fields, links, controls, pictures; and the two versions of it as one.

use std::rc::Rc;

use super::super::paragraph::text_of;
use super::super::xml::Element;
use super::pen::{Fate, Pen};
use super::properties;
use crate::align;

/// Beyond so many pairs, what differs of two paragraphs is replaced as a whole.
const MOST_PAIRS: usize = 4_000_000;
/// What a character weighs against looks and places, which only decide between ways of equal length.
const CHARACTER: u64 = 64;

/// How a run looks.
type Look = Rc<Option<Element>>;

/// A piece of a paragraph that is kept, deleted or inserted as one.
#[derive(Debug)]
pub(super) enum Item {
    /// A word, or a character between words.
    Word { text: String, look: Look },
    /// Something else in a run: a tab, a break, a picture, a note's mark.
    Thing { element: Element, look: Look },
    /// A whole field.
    Field { begin: Vec<Element>, look: Look, items: Vec<Item>, end: Vec<Element>, end_look: Look },
    /// The begin or the end of a field that goes over several paragraphs.
    Loose { elements: Vec<Element>, look: Look, is_end: bool },
    /// A link around some items.
    Link { shell: Element, items: Vec<Item> },
    /// A content control around some items.
    Control { properties: Element, items: Vec<Item> },
    /// An end of a bookmark.
    Bookmark { element: Element, name: String },
    /// Where one of two paragraphs ends that are one in the other version.
    Cut,
}

/// The items of a paragraph's content.
pub(super) fn items(content: Vec<Element>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(content.len() * 4);
    let mut names: Vec<(String, String)> = Vec::new();
    for mut element in content {
        match element.name {
            "w:r" => run(element, &mut out),
            "w:hyperlink" => {
                let inner = element.take_elements();
                out.push(Item::Link { shell: element, items: items(inner) });
            }
            "w:sdt" => {
                let mut children = element.take_elements().into_iter();
                let properties = children.next().unwrap_or_else(|| Element::new("w:sdtPr"));
                let inner = children.next().map(|mut content| content.take_elements()).unwrap_or_default();
                out.push(Item::Control { properties, items: items(inner) });
            }
            "w:bookmarkStart" => {
                let name = element.attribute("w:name").unwrap_or_default().to_owned();
                names.push((element.attribute("w:id").unwrap_or_default().to_owned(), name.clone()));
                out.push(Item::Bookmark { element, name });
            }
            "w:bookmarkEnd" => {
                let id = element.attribute("w:id").unwrap_or_default();
                let name = names.iter().rev().find(|(known, _)| known == id).map(|(_, name)| name.clone());
                out.push(Item::Bookmark { element, name: name.unwrap_or_default() });
            }
            _ => out.push(Item::Thing { element, look: Rc::new(None) }),
        }
    }
    fields(out)
}

fn run(mut run: Element, out: &mut Vec<Item>) {
    let mut children = run.take_elements();
    let look: Look = match children.first().is_some_and(|child| child.name == "w:rPr") {
        true => Rc::new(Some(children.remove(0))),
        false => Rc::new(None),
    };
    if let Some(mark) = children.iter().find(|child| child.name == "w:fldChar") {
        let is_end = mark.attribute("w:fldCharType") == Some("end");
        out.push(Item::Loose { elements: children, look, is_end });
        return;
    }
    for child in children {
        match child.name {
            "w:t" => out.extend(
                align::split(child.own_text())
                    .into_iter()
                    .map(|word| Item::Word { text: word.to_owned(), look: Rc::clone(&look) }),
            ),
            _ => out.push(Item::Thing { element: child, look: Rc::clone(&look) }),
        }
    }
}

/// Puts begins and ends of fields together.
fn fields(flat: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(flat.len());
    let mut open: Vec<usize> = Vec::new();
    for item in flat {
        match item {
            Item::Loose { elements: end, look: end_look, is_end: true } => match open.pop() {
                Some(at) => {
                    let items = out.split_off(at + 1);
                    match out.pop() {
                        Some(Item::Loose { elements: begin, look, .. }) => {
                            out.push(Item::Field { begin, look, items, end, end_look });
                        }
                        other => {
                            out.extend(other);
                            out.extend(items);
                        }
                    }
                }
                None => out.push(Item::Loose { elements: end, look: end_look, is_end: true }),
            },
            Item::Loose { is_end: false, .. } => {
                open.push(out.len());
                out.push(item);
            }
            item => out.push(item),
        }
    }
    out
}

/// How much two items have in common; nothing when they cannot be one.
fn common(old: &Item, new: &Item) -> Option<u64> {
    let bonus = |is_same: bool| u64::from(is_same);
    match (old, new) {
        (Item::Word { text: a, look: x }, Item::Word { text: b, look: y }) => {
            (a == b).then(|| a.chars().count() as u64 * CHARACTER + bonus(x == y))
        }
        (Item::Thing { element: a, look: x }, Item::Thing { element: b, look: y }) => {
            alike(a, b).then(|| CHARACTER / 2 + bonus(x == y))
        }
        (Item::Field { begin: a, items: x, .. }, Item::Field { begin: b, items: y, .. }) => {
            (a == b).then(|| CHARACTER / 2 + weight(x, y))
        }
        (Item::Loose { is_end: x, .. }, Item::Loose { is_end: y, .. }) => (x == y).then_some(CHARACTER * 1_000),
        (Item::Link { shell: a, items: x }, Item::Link { shell: b, items: y }) => {
            (a == b).then(|| CHARACTER / 2 + weight(x, y))
        }
        (Item::Control { properties: a, items: x }, Item::Control { properties: b, items: y }) => {
            alike(a, b).then(|| CHARACTER / 2 + weight(x, y))
        }
        (Item::Bookmark { element: a, name: x }, Item::Bookmark { element: b, name: y }) => {
            (a.name == b.name && x == y).then_some(CHARACTER / 2)
        }
        _ => None,
    }
}

/// Whether two elements are one but for their ids in the file.
pub(super) fn alike(old: &Element, new: &Element) -> bool {
    let has_id = matches!(old.name, "wp:docPr" | "pic:cNvPr");
    let is_id = old.name == "w:id";
    old.name == new.name
        && (is_id
            || old
                .attributes()
                .filter(|(name, _)| !(has_id && *name == "id"))
                .eq(new.attributes().filter(|(name, _)| !(has_id && *name == "id"))))
        && old.own_text() == new.own_text()
        && old.nodes().len() == new.nodes().len()
        && old.elements().zip(new.elements()).all(|(old, new)| alike(old, new))
}

fn weight(old: &[Item], new: &[Item]) -> u64 {
    let mut sum = 0;
    for (a, b) in way(old, new) {
        if let (Some(a), Some(b)) = (a, b) {
            sum += common(&old[a], &new[b]).unwrap_or_default();
        }
    }
    sum
}

fn is_same(old: &Item, new: &Item) -> bool {
    match (old, new) {
        (Item::Word { text: a, look: x }, Item::Word { text: b, look: y }) => a == b && x == y,
        (Item::Thing { element: a, look: x }, Item::Thing { element: b, look: y }) => alike(a, b) && x == y,
        (Item::Bookmark { .. }, Item::Bookmark { .. }) => common(old, new).is_some(),
        _ => false,
    }
}

/// The way through both that keeps the most.
fn way(old: &[Item], new: &[Item]) -> Vec<(Option<usize>, Option<usize>)> {
    let head = old.iter().zip(new).take_while(|(old, new)| is_same(old, new)).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = tail.take_while(|(old, new)| is_same(old, new)).count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut steps: Vec<_> = (0..head).map(|at| (Some(at), Some(at))).collect();
    if a.len() * b.len() > MOST_PAIRS {
        steps.extend((0..a.len()).map(|at| (Some(head + at), None)));
        steps.extend((0..b.len()).map(|at| (None, Some(head + at))));
    } else {
        let pairs: Vec<Option<u64>> = a.iter().flat_map(|a| b.iter().map(move |b| common(a, b))).collect();
        let width = b.len() + 1;
        let mut best = vec![0_u64; (a.len() + 1) * width];
        for x in (0..a.len()).rev() {
            for y in (0..b.len()).rev() {
                let apart = best[(x + 1) * width + y].max(best[x * width + y + 1]);
                let both = pairs[x * b.len() + y].map_or(0, |pair| pair + best[(x + 1) * width + y + 1]);
                best[x * width + y] = apart.max(both);
            }
        }
        let (mut x, mut y) = (0, 0);
        while x < a.len() || y < b.len() {
            let both = (x < a.len() && y < b.len()).then(|| pairs[x * b.len() + y]).flatten();
            if both.is_some_and(|pair| pair + best[(x + 1) * width + y + 1] == best[x * width + y]) {
                steps.push((Some(head + x), Some(head + y)));
                (x, y) = (x + 1, y + 1);
            } else if x < a.len() && (y == b.len() || best[(x + 1) * width + y] >= best[x * width + y + 1]) {
                steps.push((Some(head + x), None));
                x += 1;
            } else {
                steps.push((None, Some(head + y)));
                y += 1;
            }
        }
    }
    let (from_old, from_new) = (old.len() - tail, new.len() - tail);
    steps.extend((0..tail).map(|at| (Some(from_old + at), Some(from_new + at))));
    steps
}

/// What is written of items: runs in the making, and what is whole.
#[derive(Debug)]
enum Piece {
    Run {
        fate: Fate,
        was: Look,
        look: Look,
        words: String,
        things: Vec<Element>,
    },
    /// A run that holds the begin or the end of a field and nothing else: beside words in one run LibreOffice reads
    /// neither them nor what follows right.
    Code {
        fate: Fate,
        was: Look,
        look: Look,
        code: Vec<Element>,
    },
    Whole {
        fate: Fate,
        element: Element,
    },
    Apart(Element),
}

/// The content of a paragraph that both versions have.
pub(super) fn merged(pen: &mut Pen<'_>, old: &[Item], new: &[Item]) -> Vec<Element> {
    let mut pieces = Vec::new();
    both(pen, old, new, &mut pieces);
    written(pen, pieces)
}

/// The content of a paragraph that one version has.
pub(super) fn marked(pen: &mut Pen<'_>, items: &[Item], fate: Fate) -> Vec<Element> {
    let mut pieces = Vec::new();
    items.iter().for_each(|item| one(pen, item, fate, &mut pieces));
    written(pen, pieces)
}

/// Stands for the end of a paragraph until what is written of two is parted.
const CUT: &str = "cut";

/// The content of two paragraphs of one version that are one paragraph of the other: that of the first, that of the
/// second. `fate` is that of the end of the first.
pub(super) fn parted(pen: &mut Pen<'_>, one: &[Item], two: [Vec<Item>; 2], fate: Fate) -> [Vec<Element>; 2] {
    let [mut two, mut second] = two;
    two.push(Item::Cut);
    two.append(&mut second);
    let mut content = match fate {
        Fate::Deleted => merged(pen, &two, one),
        _ => merged(pen, one, &two),
    };
    let cut = content.iter().position(|element| element.name == CUT).unwrap_or(content.len());
    let rest = content.drain(cut..).skip(1).collect();
    [content, rest]
}

fn both(pen: &mut Pen<'_>, old: &[Item], new: &[Item], out: &mut Vec<Piece>) {
    let steps = in_whole_bookmarks(way(old, new), old, new);
    let mut at = 0;
    while at < steps.len() {
        if let (Some(a), Some(b)) = steps[at] {
            pair(pen, &old[a], &new[b], out);
            at += 1;
            continue;
        }
        // What goes stands before what comes.
        let end = at + steps[at..].iter().take_while(|step| !matches!(step, (Some(_), Some(_)))).count();
        steps[at..end].iter().filter_map(|step| step.0).for_each(|a| one(pen, &old[a], Fate::Deleted, out));
        steps[at..end].iter().filter_map(|step| step.1).for_each(|b| one(pen, &new[b], Fate::Inserted, out));
        at = end;
    }
}

/// A bookmark of which only one end is kept is not kept.
fn in_whole_bookmarks(
    mut steps: Vec<(Option<usize>, Option<usize>)>,
    old: &[Item],
    new: &[Item],
) -> Vec<(Option<usize>, Option<usize>)> {
    let of = |step: &(Option<usize>, Option<usize>)| match step {
        (Some(a), Some(_)) => match &old[*a] {
            Item::Bookmark { name, .. } => Some(name.clone()),
            _ => None,
        },
        _ => None,
    };
    let total = |items: &[Item], wanted: &str| {
        items.iter().filter(|item| matches!(item, Item::Bookmark { name, .. } if name == wanted)).count()
    };
    let mut at = 0;
    while at < steps.len() {
        if let Some(name) = of(&steps[at]) {
            let kept = steps.iter().filter(|step| of(step).as_deref() == Some(name.as_str())).count();
            if kept != total(old, &name) || kept != total(new, &name) {
                let (a, b) = steps[at];
                steps.splice(at..=at, [(a, None), (None, b)]);
            }
        }
        at += 1;
    }
    without_kept_in_labels(steps, old, new)
}

/// A label that comes or goes has nothing in it that stays: around words that stay it would stay, too.
fn without_kept_in_labels(
    mut steps: Vec<(Option<usize>, Option<usize>)>,
    old: &[Item],
    new: &[Item],
) -> Vec<(Option<usize>, Option<usize>)> {
    let ranges = |items: &[Item], others: &[Item]| -> Vec<(usize, usize)> {
        let named = |items: &[Item], wanted: &str, from: usize| {
            let is_it = |item: &Item| matches!(item, Item::Bookmark { name, .. } if name == wanted);
            items.iter().skip(from).position(is_it).map(|at| from + at)
        };
        let range = |(at, item): (usize, &Item)| match item {
            Item::Bookmark { name, .. } if !name.starts_with("_f") && named(others, name, 0).is_none() => {
                Some((at, named(items, name, at + 1)?))
            }
            _ => None,
        };
        items.iter().enumerate().filter_map(range).collect()
    };
    let (gone, come) = (ranges(old, new), ranges(new, old));
    if gone.is_empty() && come.is_empty() {
        return steps;
    }
    let is_in = |ranges: &[(usize, usize)], at: usize| ranges.iter().any(|(start, end)| *start < at && at < *end);
    let mut at = 0;
    while at < steps.len() {
        if let (Some(a), Some(b)) = steps[at]
            && (is_in(&gone, a) || is_in(&come, b))
        {
            steps.splice(at..=at, [(Some(a), None), (None, Some(b))]);
        }
        at += 1;
    }
    steps
}

fn pair(pen: &mut Pen<'_>, old: &Item, new: &Item, out: &mut Vec<Piece>) {
    match (old, new) {
        (Item::Word { look: was, .. }, Item::Word { text, look }) => word(Fate::Kept, was, look, text, out),
        (Item::Thing { look: was, .. }, Item::Thing { element, look }) => {
            things(Fate::Kept, was, look, [element.clone()], out);
        }
        (
            Item::Field { look: was, items: a, end_look: end_was, .. },
            Item::Field { begin, look, items: b, end, end_look },
        ) => {
            out.push(code(Fate::Kept, was, look, begin));
            both(pen, a, b, out);
            out.push(code(Fate::Kept, end_was, end_look, end));
        }
        (Item::Loose { elements: a, look: was, .. }, Item::Loose { elements: b, look, .. }) => {
            loose(a, b, (was, look), out);
        }
        (Item::Link { items: a, .. }, Item::Link { shell, items: b }) => {
            let inner = merged(pen, a, b);
            out.push(Piece::Apart(shell.clone().children(inner)));
        }
        (Item::Control { items: a, .. }, Item::Control { properties, items: b }) => {
            let inner = merged(pen, a, b);
            out.push(Piece::Apart(control(properties, inner)));
        }
        (Item::Bookmark { .. }, Item::Bookmark { element, .. }) => out.push(Piece::Apart(element.clone())),
        _ => {}
    }
}

/// The begin or end of a field over several paragraphs is never tracked, where both have one: its code alone is.
fn loose(old: &[Element], new: &[Element], (was, look): (&Look, &Look), out: &mut Vec<Piece>) {
    let is_code = |element: &&Element| element.name == "w:instrText";
    for element in new {
        let before = old.iter().find(is_code).filter(|_| is_code(&element));
        match before.filter(|before| *before != element) {
            Some(before) => {
                out.push(code(Fate::Deleted, was, was, std::slice::from_ref(before)));
                out.push(code(Fate::Inserted, look, look, std::slice::from_ref(element)));
            }
            None => out.push(code(Fate::Kept, was, look, std::slice::from_ref(element))),
        }
    }
}

fn control(properties: &Element, content: Vec<Element>) -> Element {
    Element::new("w:sdt").child(properties.clone()).child(Element::new("w:sdtContent").children(content))
}

fn one(pen: &mut Pen<'_>, item: &Item, fate: Fate, out: &mut Vec<Piece>) {
    match item {
        Item::Word { text, look } => {
            pen.count(fate, text);
            word(fate, look, look, text, out);
        }
        Item::Thing { element, look } => things(fate, look, look, [element.clone()], out),
        Item::Field { begin, look, items, end, end_look } => {
            out.push(code(fate, look, look, begin));
            items.iter().for_each(|item| one(pen, item, fate, out));
            out.push(code(fate, end_look, end_look, end));
        }
        Item::Loose { elements, look, .. } => out.push(code(fate, look, look, elements)),
        Item::Link { shell, items } => {
            let inner = marked(pen, items, fate);
            out.push(Piece::Apart(shell.clone().children(inner)));
        }
        Item::Control { properties, items } => {
            let mut pieces = Vec::new();
            items.iter().for_each(|item| one(pen, item, fate, &mut pieces));
            let inner = bare(pen, pieces).into_iter().map(|(_, element)| element).collect();
            out.push(Piece::Whole { fate, element: control(properties, inner) });
        }
        Item::Bookmark { element, .. } => out.push(Piece::Whole { fate, element: element.clone() }),
        Item::Cut => out.push(Piece::Apart(Element::new(CUT))),
    }
}

/// The run to which more of a fate and a look can be added.
fn open<'o>(
    fate: Fate,
    was: &Look,
    look: &Look,
    out: &'o mut Vec<Piece>,
) -> Option<(&'o mut String, &'o mut Vec<Element>)> {
    let goes_on = matches!(out.last(), Some(Piece::Run { fate: known, was: a, look: b, .. })
        if *known == fate && a == was && b == look);
    if !goes_on {
        out.push(Piece::Run {
            fate,
            was: Rc::clone(was),
            look: Rc::clone(look),
            words: String::new(),
            things: Vec::new(),
        });
    }
    match out.last_mut() {
        Some(Piece::Run { words, things, .. }) => Some((words, things)),
        _ => None,
    }
}

fn word(fate: Fate, was: &Look, look: &Look, text: &str, out: &mut Vec<Piece>) {
    if let Some((words, _)) = open(fate, was, look, out) {
        words.push_str(text);
    }
}

fn things(fate: Fate, was: &Look, look: &Look, added: impl IntoIterator<Item = Element>, out: &mut Vec<Piece>) {
    if let Some((words, things)) = open(fate, was, look, out) {
        flush(fate, words, things);
        things.extend(added);
    }
}

fn code(fate: Fate, was: &Look, look: &Look, code: &[Element]) -> Piece {
    let named = |element: &Element| match (element.name, fate) {
        ("w:instrText", Fate::Deleted) => element.clone().renamed("w:delInstrText"),
        _ => element.clone(),
    };
    Piece::Code { fate, was: Rc::clone(was), look: Rc::clone(look), code: code.iter().map(named).collect() }
}

fn flush(fate: Fate, words: &mut String, things: &mut Vec<Element>) {
    if !words.is_empty() {
        let name = if fate == Fate::Deleted { "w:delText" } else { "w:t" };
        things.push(text_of(name, words));
        words.clear();
    }
}

/// The elements of pieces with the fate of each, not yet marked.
fn bare(pen: &mut Pen<'_>, pieces: Vec<Piece>) -> Vec<(Fate, Element)> {
    let mut run = |was: Look, look: Look, content: Vec<Element>| {
        let look = properties::changed(pen, "w:rPr", (*was).as_ref(), (*look).as_ref());
        Element::new("w:r").children(look).children(content)
    };
    let element = |piece| match piece {
        Piece::Run { fate, was, look, mut words, mut things } => {
            flush(fate, &mut words, &mut things);
            (fate, run(was, look, things))
        }
        Piece::Code { fate, was, look, code } => (fate, run(was, look, code)),
        Piece::Whole { fate, element } => (fate, element),
        Piece::Apart(element) => (Fate::Kept, element),
    };
    pieces.into_iter().map(element).collect()
}

/// The elements of pieces, what is not kept in its marks.
fn written(pen: &mut Pen<'_>, pieces: Vec<Piece>) -> Vec<Element> {
    let mut out: Vec<Element> = Vec::with_capacity(pieces.len());
    let mut last = Fate::Kept;
    for (fate, element) in bare(pen, pieces) {
        match fate.element() {
            None => out.push(element),
            Some(_) if fate == last => {
                if let Some(mark) = out.last_mut() {
                    mark.push(element);
                }
            }
            Some(name) => out.push(pen.mark(name).child(element)),
        }
        last = fate;
    }
    // Whoever counts changes does not mean bookmarks, which nobody sees.
    let is_unseen = |element: &&Element| {
        ["w:ins", "w:del", "w:moveFrom", "w:moveTo"].contains(&element.name)
            && element.elements().all(|child| child.name.starts_with("w:bookmark"))
    };
    pen.revisions -= out.iter().filter(is_unseen).count();
    out
}
