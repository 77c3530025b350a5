//! Comments: why a block, a row or a datum of document control changed. They stand around it and are not tracked, but that
//! of a block or row that only one version has goes with it.

use std::collections::BTreeSet;

use super::super::package::{Package, Relationships};
use super::super::paragraph::text_of;
use super::super::root;
use super::super::xml::{Element, illegal_character};
use super::pen::Pen;

/// Before the label of a datum of document control, in place of the name of an identity.
pub const CONTROL: &str = "control ";

const DOCUMENT: &str = "word/document.xml";
const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";
const MARKS: [&str; 10] = [
    "w:ins",
    "w:del",
    "w:moveFrom",
    "w:moveTo",
    "w:rPrChange",
    "w:pPrChange",
    "w:sectPrChange",
    "w:tblPrChange",
    "w:trPrChange",
    "w:tcPrChange",
];

/// Adds the comments of the blocks and rows that have marks.
pub(super) fn add(pen: &mut Pen<'_>, after: &mut Package) {
    let Some(cause) = pen.marking.comment else { return };
    let Some((document, relationships)) = after.part_mut(DOCUMENT) else { return };
    let mut said = Said { cause, comments: Vec::new(), known: BTreeSet::new() };
    said.visit(pen, document);
    let texts = said.comments;
    if texts.is_empty() {
        return;
    }
    relationships.part("comments", "comments.xml");
    let initials: String =
        pen.marking.author.split_whitespace().filter_map(|word| word.chars().next()).take(3).collect();
    let comment = |(at, text): (usize, String)| {
        let text: String = text.chars().filter(|c| illegal_character(c.encode_utf8(&mut [0; 4])).is_none()).collect();
        let lines = text.lines().map(|line| Element::new("w:p").child(Element::new("w:r").child(text_of("w:t", line))));
        let mut comment = pen.signed("w:comment").with("w:initials", initials.clone());
        comment.set("w:id", name_of(at));
        comment.children(lines)
    };
    let comments: Vec<Element> = texts.into_iter().enumerate().map(comment).collect();
    after.put("word/comments.xml", KIND, root("w:comments").children(comments), Relationships::default());
}

/// What a comment is called until it has its id.
fn name_of(at: usize) -> String {
    format!("comment{at}")
}

struct Said<'s> {
    cause: &'s dyn Fn(&str) -> Option<String>,
    comments: Vec<String>,
    known: BTreeSet<String>,
}

impl Said<'_> {
    fn visit(&mut self, pen: &mut Pen<'_>, element: &mut Element) {
        match element.name {
            "w:tr" if is_marked(element) && !is_anchored(element) => self.control(pen, element),
            "w:tr" if is_marked(element) => {
                let fate = element.find("w:trPr").and_then(whole);
                let is_cell = |child: &&mut Element| child.name == "w:tc";
                let first = element
                    .elements_mut()
                    .find(is_cell)
                    .and_then(|cell| cell.elements_mut().find(|child| child.name == "w:p"));
                if let Some(paragraph) = first {
                    self.say(pen, paragraph, fate);
                }
            }
            "w:p" if is_marked(element) => {
                let mark = element.find("w:pPr").and_then(|properties| properties.find("w:rPr"));
                let fate = mark.and_then(whole);
                self.say(pen, element, fate);
            }
            "w:p" | "w:tr" => {}
            _ => element.elements_mut().for_each(|child| self.visit(pen, child)),
        }
    }

    /// Puts the comment of the innermost anchor that has one around a paragraph's content.
    fn say(&mut self, pen: &mut Pen<'_>, paragraph: &mut Element, fate: Option<&'static str>) {
        let mut names = Vec::new();
        anchors(paragraph, &mut names);
        let cause = names.iter().rev().filter(|name| !self.known.contains(*name));
        let Some((name, text)) = cause.filter_map(|name| Some((name.clone(), (self.cause)(name)?))).next() else {
            return;
        };
        self.known.insert(name);
        self.put(pen, paragraph, text, fate);
    }

    /// The data of document control stand beside their labels.
    fn control(&mut self, pen: &mut Pen<'_>, row: &mut Element) {
        let mut label = String::new();
        for cell in row.elements_mut().filter(|child| child.name == "w:tc") {
            let mut said = String::new();
            words(cell, &mut said);
            let name = format!("{CONTROL}{}", std::mem::replace(&mut label, said));
            let text = if is_marked(cell) && !self.known.contains(&name) { (self.cause)(&name) } else { None };
            if let (Some(text), Some(paragraph)) = (text, cell.elements_mut().find(|child| child.name == "w:p")) {
                self.known.insert(name);
                self.put(pen, paragraph, text, None);
            }
        }
    }

    fn put(&mut self, pen: &mut Pen<'_>, paragraph: &mut Element, text: String, fate: Option<&'static str>) {
        let at = name_of(self.comments.len());
        self.comments.push(text);
        let mut content = paragraph.take_elements();
        let start = usize::from(content.first().is_some_and(|child| child.name == "w:pPr"));
        content.insert(start, Element::new("w:commentRangeStart").with("w:id", at.clone()));
        content.push(Element::new("w:commentRangeEnd").with("w:id", at.clone()));
        let reference = Element::new("w:r").child(Element::new("w:commentReference").with("w:id", at));
        content.push(match fate {
            Some(name) => pen.mark(name).child(reference),
            None => reference,
        });
        content.into_iter().for_each(|child| paragraph.push(child));
    }
}

/// What becomes of a whole paragraph or row, from what stands in its properties.
fn whole(properties: &Element) -> Option<&'static str> {
    ["w:ins", "w:del"].into_iter().find(|name| properties.find(name).is_some())
}

fn is_marked(element: &Element) -> bool {
    MARKS.contains(&element.name) || element.elements().any(is_marked)
}

fn is_anchored(element: &Element) -> bool {
    let mut names = Vec::new();
    anchors(element, &mut names);
    !names.is_empty()
}

/// What stands in a cell now.
fn words(element: &Element, out: &mut String) {
    match element.name {
        "w:del" | "w:moveFrom" => {}
        "w:t" => out.push_str(element.own_text()),
        _ => element.elements().for_each(|child| words(child, out)),
    }
}

fn anchors(element: &Element, out: &mut Vec<String>) {
    if element.name == "w:bookmarkStart"
        && let Some(name) = element.attribute("w:name").filter(|name| name.starts_with("_f"))
    {
        out.push(name.to_owned());
    }
    element.elements().for_each(|child| anchors(child, out));
}
