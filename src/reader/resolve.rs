//! All tracked changes accepted or rejected, as Word does it.
//!
//! What Word does and no schema says: a paragraph whose mark goes joins the one that follows and takes its properties; at
//! the end of a cell, and before a table, what is left of it stands alone, and nothing is left of an empty one. A row goes
//! by its own mark, a cell by its own, a table with its last row. A content control goes with the range that holds its
//! beginning; what was in it stays unless it goes by itself. Links, fields and controls that lose all that was in them go.
//! Sections that are given back their properties keep their headers and footers.

use std::collections::BTreeSet;

use ecow::EcoString;

use super::package::{Package, Part};
use super::tree::{Element, Node, Space};

/// Which way tracked changes are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// All are accepted: what the document becomes.
    Accept,
    /// All are rejected: what it was.
    Reject,
}

impl View {
    /// What holds content that goes.
    fn loses(self) -> &'static [&'static str] {
        match self {
            View::Accept => &["del", "moveFrom"],
            View::Reject => &["ins", "moveTo"],
        }
    }

    /// What holds content that stays.
    fn keeps(self) -> &'static [&'static str] {
        match self {
            View::Accept => &["ins", "moveTo"],
            View::Reject => &["del", "moveFrom"],
        }
    }

    /// What marks a cell that goes.
    fn loses_cell(self) -> &'static str {
        match self {
            View::Accept => "cellDel",
            View::Reject => "cellIns",
        }
    }

    /// The ranges that take the beginning of a control with them.
    fn loses_range(self) -> &'static [&'static str] {
        match self {
            View::Accept => &["customXmlDelRangeStart", "customXmlMoveFromRangeStart"],
            View::Reject => &["customXmlInsRangeStart", "customXmlMoveToRangeStart"],
        }
    }
}

/// The marks of a paragraph, row, cell or property that was changed.
const MARKS: &[&str] = &["ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "numberingChange"];

/// The ranges around moves and controls. They say what happened and go with it.
const RANGES: &[&str] = &[
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
    "customXmlInsRangeStart",
    "customXmlInsRangeEnd",
    "customXmlDelRangeStart",
    "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd",
    "customXmlMoveToRangeStart",
    "customXmlMoveToRangeEnd",
];

/// What marks a place and is no content.
const PLACES: &[&str] =
    &["bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd", "proofErr"];

/// What goes when nothing is left in it.
const WRAPPERS: &[&str] = &["hyperlink", "fldSimple", "smartTag", "customXml", "dir", "bdo", "ruby"];

/// Properties that remember what they were: the change in them, and what of them no change tells.
const PROPERTIES: &[(&str, &str, &[&str])] = &[
    ("rPr", "rPrChange", &[]),
    ("pPr", "pPrChange", &["rPr", "sectPr"]),
    ("tblPr", "tblPrChange", &[]),
    ("tblPrEx", "tblPrExChange", &[]),
    ("tblGrid", "tblGridChange", &[]),
    ("trPr", "trPrChange", &[]),
    ("tcPr", "tcPrChange", &[]),
    ("sectPr", "sectPrChange", &["headerReference", "footerReference"]),
];

/// The package with all its tracked changes accepted or rejected. Nothing else changes.
pub fn resolve(package: &Package, view: View) -> Package {
    let mut resolved = package.clone();
    for part in resolved.parts.values_mut() {
        if let Part::Xml(root) = part
            && root.space == Space::W
        {
            controls(root, view, &mut BTreeSet::new());
            inside(root, view);
        }
    }
    for (reference, kind) in
        [("footnoteReference", "footnotes"), ("endnoteReference", "endnotes"), ("commentReference", "comments")]
    {
        let lost = &ids(package, &[reference]) - &ids(&resolved, &[reference]);
        if let Some(part) = package.related(kind).filter(|_| !lost.is_empty())
            && let Some(Part::Xml(root)) = resolved.parts.get_mut(&part)
        {
            root.children
                .retain(|node| node.element().is_none_or(|it| it.get("id").is_none_or(|id| !lost.contains(id))));
        }
    }
    for (start, end) in [("bookmarkStart", "bookmarkEnd"), ("commentRangeStart", "commentRangeEnd")] {
        for name in package.texts() {
            let Some(Part::Xml(root)) = resolved.parts.get_mut(&name) else { continue };
            let (starts, ends) = (ids_in(root, &[start]), ids_in(root, &[end]));
            let single: BTreeSet<EcoString> = &starts ^ &ends;
            if !single.is_empty() {
                without(root, &[start, end], &single);
            }
        }
    }
    resolved
}

fn ids(package: &Package, names: &[&str]) -> BTreeSet<EcoString> {
    package.texts().iter().filter_map(|part| package.xml(part)).flat_map(|root| ids_in(root, names)).collect()
}

fn ids_in(root: &Element, names: &[&str]) -> BTreeSet<EcoString> {
    let mut found = BTreeSet::new();
    root.walk(&mut |element| {
        if element.is_any(names) {
            found.extend(element.get("id").map(EcoString::from));
        }
    });
    found
}

fn without(element: &mut Element, names: &[&str], ids: &BTreeSet<EcoString>) {
    element.children.retain_mut(|node| match node {
        Node::Element(it) if it.is_any(names) => it.get("id").is_none_or(|id| !ids.contains(id)),
        Node::Element(it) => {
            without(it, names, ids);
            true
        }
        Node::Text(_) => true,
    });
}

/// Takes away the controls that go, and leaves what was in them; then what says so.
fn controls(element: &mut Element, view: View, open: &mut BTreeSet<EcoString>) {
    let children = std::mem::take(&mut element.children);
    for node in children {
        let mut child = match node {
            Node::Element(child) => child,
            text => {
                element.children.push(text);
                continue;
            }
        };
        if child.is_any(RANGES) {
            let id: EcoString = child.get("id").unwrap_or_default().into();
            if child.is_any(view.loses_range()) {
                open.insert(id);
            } else if child.name.starts_with("customXml") && child.name.ends_with("RangeEnd") {
                open.remove(&id);
            }
            continue;
        }
        let is_control = child.is_any(&["sdt", "customXml"]);
        let goes = is_control && !open.is_empty();
        controls(&mut child, view, open);
        if !goes {
            element.children.push(Node::Element(child));
        } else if child.is("sdt") {
            let content = child.children.into_iter().filter_map(|node| match node {
                Node::Element(it) if it.is("sdtContent") => Some(it.children),
                _ => None,
            });
            element.children.extend(content.flatten());
        } else {
            element.children.extend(child.children.into_iter().filter(|it| !is_named(it, &["customXmlPr"])));
        }
    }
}

fn is_named(node: &Node, names: &[&str]) -> bool {
    node.element().is_some_and(|element| element.is_any(names))
}

/// Resolves what stands in an element. Says whether anything went.
fn inside(element: &mut Element, view: View) -> bool {
    if let Some((_, change, stays)) = PROPERTIES.iter().find(|(name, ..)| element.is(name)) {
        properties(element, view, change, stays);
    }
    let mut lost = false;
    let children = std::mem::take(&mut element.children);
    let mut joined = Joined::default();
    for node in children {
        let Node::Element(child) = node else {
            joined.out.push(node);
            continue;
        };
        if child.is("numberingChange") {
            // Says what a number was; nothing shows it.
            continue;
        }
        if child.is_any(view.loses()) {
            lost = true;
            joined.push_all(unpaired(child));
        } else if child.is_any(view.keeps()) {
            let mut child = child;
            lost |= inside(&mut child, view);
            joined.push_all(child.children);
        } else {
            lost |= joined.take(child, view);
        }
    }
    element.children = joined.end(element);
    lost
}

/// The marks of places that begin or end outside of something that goes.
fn unpaired(element: Element) -> Vec<Node> {
    fn collect(element: Element, found: &mut Vec<Element>) {
        for node in element.children {
            if let Node::Element(child) = node {
                if child.is_any(PLACES) {
                    found.push(child);
                } else {
                    collect(child, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    collect(element, &mut found);
    unpaired_of(found.into_iter().map(Node::Element).collect())
}

fn unpaired_of(nodes: Vec<Node>) -> Vec<Node> {
    let key = |node: &Node| {
        let element = node.element()?;
        let kind = element.name.trim_end_matches("Start").trim_end_matches("End").to_owned();
        Some((kind, element.get("id")?.to_owned()))
    };
    let keys: Vec<Option<(String, String)>> = nodes.iter().map(key).collect();
    let is_single = |at: usize| keys[at].is_some() && keys.iter().filter(|key| **key == keys[at]).count() == 1;
    let singles: Vec<bool> = (0..nodes.len()).map(is_single).collect();
    nodes.into_iter().zip(singles).filter(|(_, single)| *single).map(|(node, _)| node).collect()
}

/// Gives properties back what they were, or forgets it.
fn properties(element: &mut Element, view: View, change: &str, stays: &[&str]) {
    let before = element.children.iter().find_map(|node| {
        let change = node.element().filter(|it| it.is(change))?;
        Some(change.elements().next().map(|old| old.children.clone()).unwrap_or_default())
    });
    element.children.retain(|node| !is_named(node, &[change]) && !is_named(node, MARKS));
    if let Some(before) = before.filter(|_| view == View::Reject) {
        let kept: Vec<Node> = std::mem::take(&mut element.children);
        let kept = kept.into_iter().filter(|node| is_named(node, stays));
        // Sections name their headers first, paragraphs have their marks and sections last.
        element.children = match element.is("sectPr") {
            true => kept.chain(before).collect(),
            false => before.into_iter().chain(kept).collect(),
        };
        element.children.retain(|node| !is_named(node, MARKS));
    }
    element.children.retain_mut(|node| match node {
        Node::Element(it) if it.is("numPr") => {
            let is_inserted = it.child("ins").is_some();
            it.children.retain(|node| !is_named(node, MARKS));
            !(is_inserted && view == View::Reject)
        }
        Node::Element(it) if it.is("cellMerge") => {
            let merged = match view {
                View::Accept => it.get("vMerge"),
                View::Reject => it.get("vMergeOrig"),
            };
            let merged = merged.map(|value| if value == "rest" { "restart" } else { "continue" });
            let Some(merged) = merged else { return false };
            *it = Element::w("vMerge").with("val", merged);
            true
        }
        _ => true,
    });
}

/// What stands in an element, put together again: paragraphs whose mark went join those that follow.
#[derive(Default)]
struct Joined {
    out: Vec<Node>,
    /// What paragraphs left that lost their mark, and the properties of the last of them.
    carried: Vec<Node>,
    properties: Option<Node>,
    is_carrying: bool,
    has_paragraphs: bool,
}

impl Joined {
    fn push_all(&mut self, nodes: Vec<Node>) {
        for node in nodes {
            self.push(node);
        }
    }

    /// Puts something that is resolved at the end.
    fn push(&mut self, node: Node) {
        let is_place = is_named(&node, PLACES);
        if self.is_carrying && is_place {
            self.carried.push(node);
            return;
        }
        match node {
            Node::Element(mut paragraph) if paragraph.is("p") => {
                self.has_paragraphs = true;
                if self.is_carrying {
                    let at = usize::from(paragraph.children.first().is_some_and(|it| is_named(it, &["pPr"])));
                    let carried = self.carried();
                    paragraph.children.splice(at..at, carried);
                }
                self.out.push(Node::Element(paragraph));
            }
            other => {
                // The last section's properties stand at the end, and no paragraph joins them.
                if !is_named(&other, &["sectPr"]) {
                    self.stop();
                }
                self.out.push(other);
            }
        }
    }

    /// Resolves one more element. Says whether anything of it went.
    fn take(&mut self, mut child: Element, view: View) -> bool {
        let has_mark = |properties: Option<&Element>| {
            properties.is_some_and(|it| it.elements().any(|mark| mark.is_any(view.loses())))
        };
        if child.is("tr") && has_mark(child.child("trPr")) || is_lost_cell(&child, view) {
            if child.is("tc") && view == View::Accept {
                self.widen(span(&child));
            }
            let places = unpaired(child);
            self.push_all(places);
            return true;
        }
        let is_unmarked = child.is("p") && has_mark(child.child("pPr").and_then(|it| it.child("rPr")));
        let structure = child.space == Space::M && is_lost_structure(&child, view);
        let lost = inside(&mut child, view);
        if child.is("delText") {
            child.name = "t".into();
        } else if child.is("delInstrText") {
            child.name = "instrText".into();
        }
        if is_unmarked {
            self.is_carrying = true;
            self.has_paragraphs = true;
            let is_properties = |node: &Node| is_named(node, &["pPr"]);
            let (properties, content): (Vec<Node>, Vec<Node>) = child.children.into_iter().partition(is_properties);
            self.properties = properties.into_iter().next();
            self.carried.extend(content);
            return true;
        }
        if structure {
            let arguments = child.children.into_iter().filter_map(|node| match node {
                Node::Element(it) if !it.name.ends_with("Pr") => Some(it.children),
                _ => None,
            });
            self.push_all(arguments.flatten().collect());
            return true;
        }
        let is_emptied = match child.name.as_str() {
            _ if child.space != Space::W || !lost => false,
            "tbl" => !holds(&child, &["tr"]),
            "tr" => !holds(&child, &["tc"]),
            "sdt" => child.child("sdtContent").is_none_or(|content| !content.children.iter().any(is_content)),
            name if WRAPPERS.contains(&name) => !child.children.iter().any(is_content),
            _ => false,
        };
        if is_emptied {
            let places = unpaired(child);
            self.push_all(places);
        } else {
            self.push(Node::Element(child));
        }
        lost
    }

    /// Gives the room of a cell that went to the one before it.
    fn widen(&mut self, columns: usize) {
        let last = self.out.iter_mut().rev().find_map(|node| match node {
            Node::Element(cell) if cell.is("tc") => Some(cell),
            _ => None,
        });
        let Some(cell) = last else { return };
        let columns = span(cell).saturating_add(columns).min(MAX_COLUMNS).to_string();
        if cell.child("tcPr").is_none() {
            cell.children.insert(0, Node::Element(Element::w("tcPr")));
        }
        let Some(properties) = cell.child_mut("tcPr") else { return };
        match properties.child_mut("gridSpan") {
            Some(known) => *known = known.clone().with("val", &columns),
            None => {
                let at = usize::from(properties.children.first().is_some_and(|it| is_named(it, &["tcW"])));
                properties.children.insert(at, Node::Element(Element::w("gridSpan").with("val", &columns)));
            }
        }
    }

    /// What is carried, to be joined to what follows. Where nothing stands in it, places that begin and end in it go.
    fn carried(&mut self) -> Vec<Node> {
        self.is_carrying = false;
        self.properties = None;
        let carried = std::mem::take(&mut self.carried);
        if carried.iter().any(is_content) { carried } else { unpaired_of(carried) }
    }

    /// Lets what is carried stand alone, because nothing follows that it could join.
    fn stop(&mut self) {
        if !self.is_carrying {
            return;
        }
        let properties = self.properties.take();
        let carried = self.carried();
        if carried.iter().any(is_content) {
            let mut paragraph = Element::w("p");
            paragraph.children = properties.into_iter().chain(carried).collect();
            self.out.push(Node::Element(paragraph));
        } else {
            self.out.extend(carried);
        }
    }

    /// All of it, where it stands in this element.
    fn end(mut self, parent: &Element) -> Vec<Node> {
        let section = match self.out.last() {
            Some(node) if is_named(node, &["sectPr"]) && parent.is("body") => self.out.pop(),
            _ => None,
        };
        let properties = self.properties.clone().filter(|_| self.is_carrying);
        self.stop();
        let ends_with_paragraph = |out: &[Node]| {
            let last = out.iter().rev().find(|node| !is_named(node, PLACES));
            last.is_some_and(|node| is_named(node, &["p"]) || (is_named(node, &["sdt"]) && !parent.is("tc")))
        };
        let stories = ["body", "hdr", "ftr", "footnote", "endnote", "comment", "txbxContent"];
        let needs_paragraph = parent.is("tc") || (parent.is_any(&stories) && self.has_paragraphs);
        if needs_paragraph && !ends_with_paragraph(&self.out) {
            let mut paragraph = Element::w("p");
            paragraph.children.extend(properties);
            self.out.push(Node::Element(paragraph));
        }
        self.out.extend(section);
        self.out
    }
}

/// The most columns of a table that Word opens.
const MAX_COLUMNS: usize = 63;

/// How many columns a cell has.
fn span(cell: &Element) -> usize {
    let span = cell.child("tcPr").and_then(|it| it.child("gridSpan")).and_then(|it| it.get("val"));
    span.and_then(|it| it.parse().ok()).unwrap_or(1)
}

fn is_lost_cell(element: &Element, view: View) -> bool {
    element.is("tc") && element.child("tcPr").is_some_and(|it| it.child(view.loses_cell()).is_some())
}

/// Whether a fraction, a root or another structure of a formula went; its arguments go by themselves.
fn is_lost_structure(element: &Element, view: View) -> bool {
    let properties = element.elements().find(|it| it.space == Space::M && it.name.ends_with("Pr"));
    let control = properties.and_then(|it| it.elements().find(|it| it.space == Space::M && it.name == "ctrlPr"));
    control.is_some_and(|it| it.elements().any(|mark| mark.is_any(view.loses())))
}

/// Whether something of this kind stands in an element, within controls too.
fn holds(element: &Element, names: &[&str]) -> bool {
    element
        .elements()
        .any(|it| it.is_any(names) || (it.is_any(&["sdt", "sdtContent", "customXml"]) && holds(it, names)))
}

/// Whether a node is something that is seen.
fn is_content(node: &Node) -> bool {
    let Node::Element(element) = node else { return true };
    let is_nothing = |node: &Node| {
        is_named(node, &["rPr", "lastRenderedPageBreak"])
            || node.element().is_some_and(|it| it.is("t") && it.children.is_empty())
    };
    match element.is("r") {
        true => !element.children.iter().all(is_nothing),
        false => !element.is_any(PLACES) && !element.name.ends_with("Pr"),
    }
}
