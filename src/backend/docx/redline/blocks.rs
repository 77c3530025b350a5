//! What stands under each other: paragraphs, tables and controls of two versions as one list.

use std::collections::{BTreeMap, BTreeSet};

use super::super::style::Id;
use super::super::xml::{Element, Node};
use super::inline::{self, Item, alike};
use super::pen::{Fate, Pen};
use super::{properties, table};
use crate::align::{self, Line, Step};

/// A piece of the list.
#[allow(clippy::large_enum_variant, reason = "nearly all of them are paragraphs")]
enum Out {
    Paragraph(Paragraph),
    /// A table or a control.
    Other {
        element: Element,
        fate: Fate,
    },
}

/// A paragraph whose mark has a fate of its own.
struct Paragraph {
    was: Option<Head>,
    is: Option<Head>,
    content: Vec<Element>,
    mark: Fate,
    /// The name of a move that it is a half of.
    moved: Option<String>,
}

/// What a paragraph begins with.
#[derive(Clone, Default, PartialEq)]
struct Head {
    properties: Option<Element>,
    section: Option<Element>,
}

/// A paragraph, taken apart.
struct Parsed {
    head: Head,
    items: Vec<Item>,
}

fn parsed(mut paragraph: Element) -> Parsed {
    let mut content = paragraph.take_elements();
    let mut head = Head::default();
    if content.first().is_some_and(|child| child.name == "w:pPr") {
        let mut properties = content.remove(0);
        let (section, rest): (Vec<Element>, Vec<Element>) =
            properties.take_elements().into_iter().partition(|child| child.name == "w:sectPr");
        head.section = section.into_iter().next();
        head.properties = (!rest.is_empty()).then(|| Element::new("w:pPr").children(rest));
    }
    Parsed { head, items: inline::items(content) }
}

/// What a block is known by: the anchor that begins first in it.
pub(super) fn key(block: &Element) -> Option<&str> {
    if block.name == "w:bookmarkStart" {
        return block.attribute("w:name").filter(|name| name.starts_with("_f"));
    }
    block.elements().find_map(key)
}

/// What a block is known by: its innermost anchor, that to which a line of the contents leads, or its label.
fn known_by(block: &Element) -> String {
    let content = block.elements().filter(|child| child.name != "w:pPr");
    // Around the first row of a table stands that of the table, which is another one when another row comes first.
    let leading = content.take_while(|child| child.name == "w:bookmarkStart").filter_map(key).last();
    if let Some(name) = leading.or_else(|| key(block)) {
        return name.to_owned();
    }
    let is_contents = style(block).is_some_and(|style| style.starts_with("TOC"));
    let link = block.elements().find(|child| is_contents && child.name == "w:hyperlink");
    let target = link.and_then(|link| link.attribute("w:anchor"));
    let target = target.map(|target| format!("{TARGET}{target}"));
    // A caption is known by what leads to it.
    target.or_else(|| label(block)).unwrap_or_default()
}

fn label(block: &Element) -> Option<String> {
    let bookmark = block.elements().find(|child| child.name == "w:bookmarkStart");
    bookmark.and_then(|bookmark| bookmark.attribute("w:name")).map(str::to_owned)
}

/// Before what a line of the contents leads to.
const TARGET: &str = "to ";

/// The words of an element.
pub(super) fn words(element: &Element, out: &mut String) {
    for node in element.nodes() {
        match node {
            Node::Element(child) => {
                if child.name == "w:p" && !out.is_empty() {
                    out.push(' ');
                }
                words(child, out);
            }
            Node::Text(text) if element.name == "w:t" => out.push_str(text),
            Node::Text(_) => {}
        }
    }
}

/// Lines of a key and a text.
pub(super) fn lines(texts: &[(String, String)]) -> Vec<Line<'_>> {
    texts.iter().map(|(key, text)| Line { key, text }).collect()
}

fn style(block: &Element) -> Option<&str> {
    block.find("w:pPr")?.find("w:pStyle")?.attribute("w:val")
}

/// The names of the bookmarks in blocks or rows of two versions: what has one name is one.
pub(super) struct Called<'e> {
    old: Vec<BTreeSet<&'e str>>,
    new: Vec<BTreeSet<&'e str>>,
    of_old: BTreeSet<&'e str>,
    of_new: BTreeSet<&'e str>,
    /// The places of those that have a name in common, where they are in one order in both versions.
    kept: Vec<(usize, usize)>,
}

impl<'e> Called<'e> {
    /// `are_alike` says whether an old and a new one, by their places, are of one kind.
    pub(super) fn of(old: &'e [Element], new: &'e [Element], are_alike: &dyn Fn(usize, usize) -> bool) -> Called<'e> {
        fn names<'e>(element: &'e Element, out: &mut BTreeSet<&'e str>) {
            if element.name == "w:bookmarkStart" {
                out.extend(element.attribute("w:name"));
            }
            element.elements().for_each(|child| names(child, out));
        }
        let each = |elements: &'e [Element]| -> Vec<BTreeSet<&'e str>> {
            let of = |element: &'e Element| {
                let mut found = BTreeSet::new();
                names(element, &mut found);
                found
            };
            elements.iter().map(of).collect()
        };
        let (old, new) = (each(old), each(new));
        let all = |sets: &[BTreeSet<&'e str>]| sets.iter().flatten().copied().collect();
        let (of_old, of_new) = (all(&old), all(&new));
        let places: BTreeMap<&str, usize> =
            new.iter().enumerate().flat_map(|(at, names)| names.iter().map(move |name| (*name, at))).collect();
        let mut kept: Vec<(usize, usize)> = Vec::new();
        for (a, names) in old.iter().enumerate() {
            let place = names.iter().find_map(|name| places.get(name)).filter(|b| are_alike(a, **b));
            kept.extend(place.map(|b| (a, *b)));
        }
        if !kept.is_sorted_by(|before, next| before.1 < next.1) {
            kept.clear();
        }
        Called { old, new, of_old, of_new, kept }
    }

    /// Whether an old and a new one, by their places, have a name in common, or none of the names of either is in the
    /// other version, and they stand between the same that have.
    pub(super) fn may_be_one(&self, a: usize, b: usize) -> bool {
        let (Some(old), Some(new)) = (self.old.get(a), self.new.get(b)) else { return false };
        if !old.is_disjoint(new) {
            return true;
        }
        let above = self.kept.partition_point(|(kept, _)| *kept < a);
        let is_between = above == self.kept.partition_point(|(_, kept)| *kept < b);
        is_between && old.is_disjoint(&self.of_new) && new.is_disjoint(&self.of_old)
    }

    /// Whether an old and a new one have no name in common.
    fn are_apart(&self, a: usize, b: usize) -> bool {
        self.old.get(a).zip(self.new.get(b)).is_some_and(|(old, new)| old.is_disjoint(new))
    }
}

/// How far two blocks are from being of one kind; nothing where they never are one.
fn apart(old: &Element, new: &Element) -> Option<usize> {
    if old.name != new.name {
        return None;
    }
    match old.name {
        "w:p" => Some(usize::from(style(old) != style(new))),
        "w:tbl" => (old.find("w:tblGrid") == new.find("w:tblGrid")).then_some(0),
        "w:sdt" => match (old.find("w:sdtPr"), new.find("w:sdtPr")) {
            (Some(old), Some(new)) => alike(old, new).then_some(0),
            _ => None,
        },
        _ => Some(0),
    }
}

/// The blocks of two versions as one.
pub(super) fn merged(pen: &mut Pen<'_>, old: Vec<Element>, new: Vec<Element>) -> Vec<Element> {
    let texts = |blocks: &[Element]| -> Vec<(String, String)> {
        let of = |block: &Element| {
            let mut text = String::new();
            words(block, &mut text);
            (known_by(block), text)
        };
        blocks.iter().map(of).collect()
    };
    let (old_texts, new_texts) = (texts(&old), texts(&new));
    let (old_lines, new_lines) = (lines(&old_texts), lines(&new_texts));
    let called = Called::of(&old, &new, &|a, b| apart(&old[a], &new[b]).is_some());
    let steps =
        align::lines_of(&old_lines, &new_lines, &|a, b| apart(&old[a], &new[b]).filter(|_| called.may_be_one(a, b)));
    let steps = steps.into_iter().flat_map(|step| match step {
        Step::Both(a, b) if called.are_apart(a, b) && is_other_picture(&old[a], &new[b]) => {
            vec![Step::Old(a), Step::New(b)]
        }
        step => vec![step],
    });
    let is_line = |blocks: &[Element], at: usize| blocks.get(at).is_some_and(|block| block.name == "w:p");
    let steps = align::ends_paired(steps.collect(), &|a| is_line(&old, a), &|b| is_line(&new, b));
    let partings: Vec<_> = (0..steps.len()).map(|at| parting(&steps[at..], &old, &new, &called)).collect();
    let moves = match pen.marking.moves {
        true => {
            // A half before a table or at the end would leave an empty paragraph behind.
            let is_wall = |step: Option<&Step>| match step {
                Some(Step::Both(a, _)) => old[*a].name != "w:p",
                Some(_) => false,
                None => true,
            };
            let mut is_free = vec![false; steps.len()];
            let mut wall = true;
            for at in (0..steps.len()).rev() {
                if matches!(steps.get(at + 1), None | Some(Step::Both(..))) {
                    wall = is_wall(steps.get(at + 1));
                }
                is_free[at] = !wall;
            }
            let free: Vec<Step> =
                steps.iter().zip(is_free).filter(|(_, is_free)| *is_free).map(|(step, _)| *step).collect();
            super::moves::of(&free, &old_lines, &new_lines, |a, b| {
                old[a].name == "w:p" && !old_lines[a].key.starts_with(TARGET) && apart(&old[a], &new[b]) == Some(0)
            })
        }
        false => Vec::new(),
    };
    let mut old: Vec<Option<Element>> = old.into_iter().map(Some).collect();
    let mut new: Vec<Option<Element>> = new.into_iter().map(Some).collect();
    let mut out = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().copied().enumerate() {
        if let Some((one, two, fate)) = partings[at] {
            let [one, first, second] = match fate {
                Fate::Deleted => [new[one].take(), old[two].take(), old[two + 1].take()],
                _ => [old[one].take(), new[two].take(), new[two + 1].take()],
            };
            if let (Some(one), Some(first), Some(second)) = (one, first, second) {
                parted(pen, one, [first, second], fate, &mut out);
            }
            continue;
        }
        match step {
            Step::Both(a, b) => {
                if let (Some(old), Some(new)) = (old[a].take(), new[b].take()) {
                    both(pen, old, new, &mut out);
                }
            }
            Step::Old(a) => {
                let moved = moves.iter().find(|(from, _, _)| *from == a).map(|(_, _, name)| name.clone());
                let fate = if moved.is_some() { Fate::MovedFrom } else { Fate::Deleted };
                old[a].take().into_iter().for_each(|block| one(pen, block, fate, moved.clone(), &mut out));
            }
            Step::New(b) => {
                let moved = moves.iter().find(|(_, to, _)| *to == b).map(|(_, _, name)| name.clone());
                let fate = if moved.is_some() { Fate::MovedTo } else { Fate::Inserted };
                new[b].take().into_iter().for_each(|block| one(pen, block, fate, moved.clone(), &mut out));
            }
        }
    }
    with_ends(&mut out);
    out.into_iter().flat_map(|piece| written(pen, piece)).collect()
}

/// Whether two steps are one paragraph that was parted, or two that were joined: the place of the one, that of the first
/// of the two, and the fate of the end of that.
fn parting(steps: &[Step], old: &[Element], new: &[Element], called: &Called<'_>) -> Option<(usize, usize, Fate)> {
    let (one, two, is_joined) = align::parting(steps)?;
    let fate = if is_joined { Fate::Deleted } else { Fate::Inserted };
    let (whole, parts) = if is_joined { (new, old) } else { (old, new) };
    let all = [whole.get(one)?, parts.get(two)?, parts.get(two + 1)?];
    // What follows in an item of a list is a paragraph of it.
    let is_item = style(all[0]).is_some_and(|style| [Id::ListBullet, Id::ListNumber].iter().any(|it| it.id() == style));
    let goes_on = is_item && style(all[2]) == Some(Id::ListContinue.id());
    let is_plain = |block: &&Element| {
        block.name == "w:p" && block.find("w:pPr").is_none_or(|properties| properties.find("w:sectPr").is_none())
    };
    let are_one = style(all[1]) == style(all[0]) && (style(all[2]) == style(all[0]) || goes_on);
    // An anchor that both versions have cannot end in two places.
    let are_apart = [two, two + 1].into_iter().all(|part| match fate {
        Fate::Deleted => called.are_apart(part, one),
        _ => called.are_apart(one, part),
    });
    if !are_apart || !are_one || !all.iter().all(is_plain) {
        return None;
    }
    let [whole, first, second] = all.map(|block| {
        let mut text = String::new();
        words(block, &mut text);
        text
    });
    align::is_parted(&whole, &first, &second).then_some((one, two, fate))
}

/// A paragraph of one version that is two of the other: what is tracked is the end of the first.
fn parted(pen: &mut Pen<'_>, one: Element, two: [Element; 2], fate: Fate, out: &mut Vec<Out>) {
    let (one, [first, second]) = (parsed(one), two.map(parsed));
    let [content, rest] = inline::parted(pen, &one.items, [first.items, second.items], fate);
    let (was, is, second_was, second_is) = match fate {
        Fate::Deleted => (Some(first.head), None, Some(second.head), Some(one.head)),
        _ => (None, Some(first.head), Some(one.head), Some(second.head)),
    };
    out.push(Out::Paragraph(Paragraph { was, is, content, mark: fate, moved: None }));
    let (was, is) = (second_was, second_is);
    out.push(Out::Paragraph(Paragraph { was, is, content: rest, mark: Fate::Kept, moved: None }));
}

/// Whether two paragraphs hold a picture each, and not the same one. LibreOffice takes the end of the paragraph away with a
/// picture that goes and has a whole paragraph to itself: such paragraphs go and come as a whole.
fn is_other_picture(old: &Element, new: &Element) -> bool {
    fn pictures<'e>(element: &'e Element, found: &mut Vec<&'e Element>) {
        match element.name {
            "w:drawing" => found.push(element),
            _ => element.elements().for_each(|child| pictures(child, found)),
        }
    }
    let alone = |block: &'_ Element| {
        let mut text = String::new();
        words(block, &mut text);
        block.name == "w:p" && text.is_empty()
    };
    let (mut was, mut is) = (Vec::new(), Vec::new());
    pictures(old, &mut was);
    pictures(new, &mut is);
    let is_same = was.len() == is.len() && was.iter().zip(&is).all(|(was, is)| alike(was, is));
    alone(old) && alone(new) && !was.is_empty() && !is.is_empty() && !is_same
}

fn both(pen: &mut Pen<'_>, old: Element, new: Element, out: &mut Vec<Out>) {
    match new.name {
        "w:p" => {
            let (old, new) = (parsed(old), parsed(new));
            let content = inline::merged(pen, &old.items, &new.items);
            let (was, is) = (Some(old.head), Some(new.head));
            let section = |head: &Option<Head>| head.as_ref().is_some_and(|head| head.section.is_some());
            if section(&was) == section(&is) {
                out.push(Out::Paragraph(Paragraph { was, is, content, mark: Fate::Kept, moved: None }));
                return;
            }
            // That a section begins or ends with a paragraph is no property that could be tracked: another mark, which
            // has the section, takes the place of the old one.
            let mark = Fate::Inserted;
            out.push(Out::Paragraph(Paragraph { was: None, is, content, mark, moved: None }));
            let (content, mark) = (Vec::new(), Fate::Deleted);
            out.push(Out::Paragraph(Paragraph { was, is: None, content, mark, moved: None }));
        }
        "w:tbl" => out.push(Out::Other { element: table::merged(pen, old, new), fate: Fate::Kept }),
        "w:sdt" => {
            let content = |sdt: Element| {
                let mut sdt = sdt;
                let mut children = sdt.take_elements().into_iter();
                let properties = children.next();
                (properties, children.next().map(|mut content| content.take_elements()).unwrap_or_default())
            };
            let ((_, old), (properties, new)) = (content(old), content(new));
            let inner = Element::new("w:sdtContent").children(merged(pen, old, new));
            let element = Element::new("w:sdt").children(properties).child(inner);
            out.push(Out::Other { element, fate: Fate::Kept });
        }
        _ => out.push(Out::Other { element: new, fate: Fate::Kept }),
    }
}

fn one(pen: &mut Pen<'_>, block: Element, fate: Fate, moved: Option<String>, out: &mut Vec<Out>) {
    match block.name {
        "w:p" => {
            let Parsed { head, items } = parsed(block);
            let content = inline::marked(pen, &items, fate);
            let (was, is) = if fate.is_old() { (Some(head), None) } else { (None, Some(head)) };
            out.push(Out::Paragraph(Paragraph { was, is, content, mark: fate, moved }));
        }
        "w:tbl" => out.push(Out::Other { element: table::marked(pen, block, fate), fate }),
        "w:sdt" => {
            let mut block = block;
            let mut children = block.take_elements().into_iter();
            let properties = children.next();
            let inner = children.next().map(|mut content| content.take_elements()).unwrap_or_default();
            let inner = Element::new("w:sdtContent").children(marked(pen, inner, fate));
            out.push(Out::Other { element: Element::new("w:sdt").children(properties).child(inner), fate });
        }
        _ => out.push(Out::Other { element: block, fate }),
    }
}

/// Blocks that one version has.
pub(super) fn marked(pen: &mut Pen<'_>, blocks: Vec<Element>, fate: Fate) -> Vec<Element> {
    let mut out = Vec::with_capacity(blocks.len());
    blocks.into_iter().for_each(|block| one(pen, block, fate, None, &mut out));
    out.into_iter().flat_map(|piece| written(pen, piece)).collect()
}

/// A mark that is tracked at the end of a list or before a table leaves an empty paragraph behind: there the mark of the
/// paragraph before is tracked in its stead. What stands between them goes or comes with them, tables too.
fn with_ends(out: &mut [Out]) {
    let fate = |piece: &Out| match piece {
        Out::Paragraph(Paragraph { mark: mark @ (Fate::Deleted | Fate::Inserted), moved: None, .. }) => Some(*mark),
        Out::Other { fate: fate @ (Fate::Deleted | Fate::Inserted), .. } => Some(*fate),
        _ => None,
    };
    let is_paragraph = |piece: &Out| matches!(piece, Out::Paragraph(_));
    let mut end = out.len();
    while end > 0 {
        let Some(mark) = fate(&out[end - 1]) else {
            end -= 1;
            continue;
        };
        let run = out[..end].iter().rev().take_while(|piece| fate(piece) == Some(mark)).count();
        let start = end - run;
        let is_last = end == out.len() || matches!(&out[end], Out::Other { fate: Fate::Kept, .. });
        // LibreOffice leaves one behind before a table that goes as well.
        let to = match is_last && is_paragraph(&out[end - 1]) {
            true => end,
            false => start + out[start..end].iter().take_while(|piece| is_paragraph(piece)).count(),
        };
        if start > 0 && to > start && (is_last || to < end) {
            rotate(&mut out[start - 1..to], mark);
        }
        end = start;
    }
}

fn rotate(pieces: &mut [Out], mark: Fate) {
    let [Out::Paragraph(before), .., Out::Paragraph(last)] = pieces else { return };
    let (Fate::Kept, Some(was), Some(is)) = (before.mark, before.was.clone(), before.is.clone()) else { return };
    let ends_section = |head: &Option<Head>| head.as_ref().is_some_and(|head| head.section.is_some());
    if [&before.was, &before.is, &last.was, &last.is].into_iter().any(ends_section) {
        return;
    }
    match mark {
        Fate::Deleted => {
            // When all is accepted, the last mark is that of the paragraph before; when all is rejected, its own.
            last.is = Some(is);
            before.is = None;
        }
        _ => {
            last.was = Some(was);
            before.was = None;
        }
    }
    last.mark = Fate::Kept;
    before.mark = mark;
}

fn written(pen: &mut Pen<'_>, piece: Out) -> Vec<Element> {
    let paragraph = match piece {
        Out::Other { element, .. } => return vec![element],
        Out::Paragraph(paragraph) => paragraph,
    };
    let Paragraph { was, is, content, mark, moved } = paragraph;
    let (properties, section) = match (was, is) {
        (Some(was), Some(is)) => (
            properties::changed(pen, "w:pPr", was.properties.as_ref(), is.properties.as_ref()),
            properties::changed(pen, "w:sectPr", was.section.as_ref(), is.section.as_ref()),
        ),
        (one, other) => one.or(other).map(|head| (head.properties, head.section)).unwrap_or_default(),
    };
    let mut properties = properties.unwrap_or_else(|| Element::new("w:pPr"));
    if let Some(name) = mark.element() {
        properties.push(Element::new("w:rPr").child(pen.mark(name)));
    }
    section.into_iter().for_each(|section| properties.push(section));
    let mut paragraph = Element::new("w:p");
    if !properties.is_empty() {
        paragraph.push(properties);
    }
    let paragraph = paragraph.children(content);
    match moved {
        Some(name) => super::moves::around(pen, mark, name, paragraph),
        None => vec![paragraph],
    }
}
