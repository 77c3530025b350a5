//! Tables: rows and cells of two versions as one.

use super::super::xml::Element;
use super::blocks::{self, Called, lines, words};
use super::pen::{Fate, Pen};
use super::properties;
use crate::align::{self, Step};

/// A table of which both versions have the grid.
pub(super) fn merged(pen: &mut Pen<'_>, mut old: Element, mut new: Element) -> Element {
    let (old_rows, old_rest): (Vec<Element>, Vec<Element>) =
        old.take_elements().into_iter().partition(|child| child.name == "w:tr");
    let (new_rows, new_rest): (Vec<Element>, Vec<Element>) =
        new.take_elements().into_iter().partition(|child| child.name == "w:tr");
    let head = |rest: &[Element]| rest.iter().find(|child| child.name == "w:tblPr").cloned();
    let properties = properties::changed(pen, "w:tblPr", head(&old_rest).as_ref(), head(&new_rest).as_ref());
    let grid = new_rest.into_iter().filter(|child| child.name != "w:tblPr");
    let texts = |rows: &[Element]| -> Vec<(String, String)> {
        let of = |row: &Element| {
            let mut text = String::new();
            words(row, &mut text);
            (key(row).unwrap_or_default(), text)
        };
        rows.iter().map(of).collect()
    };
    let (old_texts, new_texts) = (texts(&old_rows), texts(&new_rows));
    let are_alike = |a: usize, b: usize| shape(&old_rows[a]) == shape(&new_rows[b]);
    let called = Called::of(&old_rows, &new_rows, &are_alike);
    let steps = align::lines_of(&lines(&old_texts), &lines(&new_texts), &|a, b| {
        (are_alike(a, b) && called.may_be_one(a, b)).then_some(0)
    });
    let mut old_rows: Vec<Option<Element>> = old_rows.into_iter().map(Some).collect();
    let mut new_rows: Vec<Option<Element>> = new_rows.into_iter().map(Some).collect();
    let mut rows = Vec::with_capacity(steps.len());
    for step in steps {
        match step {
            Step::Both(a, b) => {
                if let (Some(old), Some(new)) = (old_rows[a].take(), new_rows[b].take()) {
                    rows.push(row(pen, old, new));
                }
            }
            Step::Old(a) => rows.extend(old_rows[a].take().map(|row| marked_row(pen, row, Fate::Deleted))),
            Step::New(b) => rows.extend(new_rows[b].take().map(|row| marked_row(pen, row, Fate::Inserted))),
        }
    }
    Element::new("w:tbl").children(properties).children(grid).children(rows)
}

/// What a row is known by: the innermost anchor in which it begins.
fn key(row: &Element) -> Option<String> {
    let cell = row.find("w:tc")?;
    let paragraph = cell.find("w:p")?;
    let begins = paragraph.elements().filter(|child| child.name != "w:pPr");
    let anchors = begins.take_while(|child| child.name == "w:bookmarkStart").filter_map(blocks::key);
    anchors.last().map(str::to_owned)
}

/// How many columns each cell covers.
fn shape(row: &Element) -> Vec<&str> {
    let cells = row.elements().filter(|child| child.name == "w:tc");
    cells
        .map(|cell| cell.find("w:tcPr").and_then(|properties| properties.find("w:gridSpan")?.attribute("w:val")))
        .map(Option::unwrap_or_default)
        .collect()
}

/// A row that both versions have.
fn row(pen: &mut Pen<'_>, old: Element, new: Element) -> Element {
    let (was, old_cells) = apart(old);
    let (is, new_cells) = apart(new);
    let properties = properties::changed(pen, "w:trPr", was.as_ref(), is.as_ref());
    let mut row = Element::new("w:tr").children(properties);
    for (old, new) in old_cells.into_iter().zip(new_cells) {
        let (was, old) = apart(old);
        let (is, new) = apart(new);
        let properties = properties::changed(pen, "w:tcPr", was.as_ref(), is.as_ref());
        let content = blocks::merged(pen, old, new);
        row.push(Element::new("w:tc").children(properties).children(content));
    }
    row
}

/// The properties of a row or cell, and what else is in it.
fn apart(mut element: Element) -> (Option<Element>, Vec<Element>) {
    let mut children = element.take_elements();
    let has = children.first().is_some_and(|child| matches!(child.name, "w:trPr" | "w:tcPr"));
    let properties = has.then(|| children.remove(0));
    (properties, children)
}

/// A row that one version has.
fn marked_row(pen: &mut Pen<'_>, row: Element, fate: Fate) -> Element {
    let (properties, cells) = apart(row);
    let mark = if fate.is_old() { "w:del" } else { "w:ins" };
    let properties = properties.unwrap_or_else(|| Element::new("w:trPr")).child(pen.mark(mark));
    let mut row = Element::new("w:tr").child(properties);
    for cell in cells {
        let (properties, content) = apart(cell);
        let content = blocks::marked(pen, content, fate);
        row.push(Element::new("w:tc").children(properties).children(content));
    }
    row
}

/// A table that one version has: each of its rows is marked.
pub(super) fn marked(pen: &mut Pen<'_>, mut table: Element, fate: Fate) -> Element {
    let children = table.take_elements().into_iter();
    let children: Vec<Element> = children
        .map(|child| match child.name {
            "w:tr" => marked_row(pen, child, fate),
            _ => child,
        })
        .collect();
    Element::new("w:tbl").children(children)
}
