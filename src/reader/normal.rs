//! What a file says, whoever wrote it: a form in which two packages can be compared whole.
//!
//! Left out is what says nothing: the marks of editing sessions, ids of paragraphs, revisions, bookmarks, drawings,
//! controls and notes, what spelling and layout left behind, comments and where they hang, empty properties, how text is
//! cut into runs, hidden bookmarks (`_…`) that no field and no link refers to, the names of parts, in which order properties stand, whether changes are being tracked. A relationship
//! counts by what it leads to, a picture by its bytes, a list by its definition and where it begins, a note by where it is
//! cited. Lists, notes and pictures that nothing uses are left out; so are the properties of the file (author, title,
//! version), which no tracked change can change.

use std::collections::{BTreeMap, BTreeSet};

use ecow::{EcoString, eco_format};

use super::Place;
use super::package::{Package, Part};
use super::tree::{Element, Node, Space};
use crate::digest;

/// What a file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Normal {
    parts: Vec<(String, Tree)>,
}

/// An element in its normal form.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
struct Tree {
    name: EcoString,
    attributes: Vec<(EcoString, EcoString)>,
    text: String,
    children: Vec<Tree>,
}

/// What says nothing, in any story.
const LEFT_OUT: &[&str] = &[
    "proofErr",
    "lastRenderedPageBreak",
    "commentRangeStart",
    "commentRangeEnd",
    "commentReference",
    "annotationRef",
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
    "rsids",
    "rsid",
    "trackRevisions",
    "nsid",
    "tmpl",
];

/// Properties: empty ones say nothing, and their order neither.
const PROPERTIES: &[&str] = &["rPr", "pPr", "tcPr", "trPr", "tblPr", "tblPrEx", "sdtPr"];

/// What is on when nothing else is said.
const TOGGLES: &[&str] = &[
    "b",
    "bCs",
    "i",
    "iCs",
    "caps",
    "smallCaps",
    "strike",
    "dstrike",
    "outline",
    "shadow",
    "emboss",
    "imprint",
    "noProof",
    "snapToGrid",
    "vanish",
    "webHidden",
    "rtl",
    "cs",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "widowControl",
    "contextualSpacing",
    "cantSplit",
    "tblHeader",
    "titlePg",
    "bidi",
];

/// Elements in which white space is text.
const TEXTS: &[&str] = &["t", "delText", "instrText", "delInstrText"];

/// Parts of the main part that are told by what uses them, or say nothing of the document.
const BY_USE: &[&str] = &[
    "header",
    "footer",
    "footnotes",
    "endnotes",
    "numbering",
    "image",
    "hyperlink",
    "comments",
    "commentsExtended",
    "commentsIds",
    "commentsExtensible",
    "people",
    "webSettings",
];

/// What a file says.
pub fn normal(package: &Package) -> Normal {
    let mut lists = Lists::of(package);
    let mut parts = Vec::new();
    let main = package.main().to_owned();
    let mut related: Vec<(String, String)> = package
        .relations(&main)
        .into_iter()
        .filter(|it| !it.is_external && !BY_USE.contains(&it.kind.as_str()))
        .map(|it| (it.kind, it.target))
        .collect();
    related.sort();
    for (kind, target) in related {
        let tree = match package.parts.get(&target) {
            Some(Part::Xml(root)) => Making::new(package, &target, root, &mut lists).tree(root),
            Some(Part::Bytes(bytes)) => Tree::leaf(&digest::of_file(bytes)),
            None => Tree::leaf("missing"),
        };
        parts.push((kind, tree));
    }
    let mut notes: BTreeMap<(bool, EcoString), Tree> = BTreeMap::new();
    let mut cited: Vec<(bool, EcoString)> = Vec::new();
    for (place, part, root) in package.stories() {
        let mut making = Making::new(package, &part, root, &mut lists);
        let tree = making.tree(root);
        match &place {
            Place::Footnote(id) => _ = notes.insert((true, id.clone()), tree),
            Place::Endnote(id) => _ = notes.insert((false, id.clone()), tree),
            _ => {
                cite(root, &mut cited);
                parts.push((place.to_string(), tree));
            }
        }
    }
    for (is_footnote, name) in [(true, "footnote"), (false, "endnote")] {
        let of_kind = cited.iter().filter(|(it, _)| *it == is_footnote);
        for (key, number) in of_kind.zip(1..) {
            let tree = notes.get(key).cloned().unwrap_or_else(|| Tree::leaf("missing"));
            parts.push((format!("{name} {number}"), tree));
        }
    }
    for (number, (numbering, tree)) in (1..).zip(lists.used(package)) {
        parts.push((format!("list {number}"), Tree { text: numbering, ..tree }));
    }
    Normal { parts }
}

/// The notes that a story cites, in order.
fn cite(root: &Element, cited: &mut Vec<(bool, EcoString)>) {
    root.walk(&mut |element| {
        if element.is_any(&["footnoteReference", "endnoteReference"]) {
            cited.extend(element.get("id").map(|id| (element.name.starts_with("foot"), id.into())));
        }
    });
}

/// The lists that a document uses, in the order of their first use, and the bookmarks.
struct Lists {
    /// By `numId`: the `abstractNum` that it is of.
    known: BTreeMap<EcoString, EcoString>,
    order: Vec<EcoString>,
    /// The words of fields and the places that links lead to: names of bookmarks among them.
    referred: BTreeSet<EcoString>,
}

impl Lists {
    fn of(package: &Package) -> Lists {
        let mut known = BTreeMap::new();
        if let Some(root) = package.related("numbering").and_then(|part| package.xml(&part)) {
            for number in root.elements().filter(|it| it.is("num")) {
                let of = number.child("abstractNumId").and_then(|it| it.get("val")).unwrap_or_default();
                known.insert(number.get("numId").unwrap_or_default().into(), of.into());
            }
        }
        let mut referred = BTreeSet::new();
        for (_, _, root) in package.stories() {
            let mut code = String::new();
            root.walk(&mut |element| {
                if element.is("hyperlink") {
                    referred.extend(element.get("anchor").map(EcoString::from));
                } else if element.is("fldSimple") {
                    code.push_str(element.get("instr").unwrap_or_default());
                } else if element.is("instrText") {
                    code.push_str(&element.text());
                } else if element.is("fldChar") {
                    code.push(' ');
                }
            });
            let names = code.split_whitespace().map(|word| word.trim_matches('"'));
            referred.extend(names.filter(|word| word.starts_with('_')).map(EcoString::from));
        }
        Lists { known, order: Vec::new(), referred }
    }

    /// The name of a list that is used: its place among those that are.
    fn name(&mut self, id: &str) -> EcoString {
        if !self.known.contains_key(id) {
            return "none".into();
        }
        let at = self.order.iter().position(|it| it == id).unwrap_or_else(|| {
            self.order.push(id.into());
            self.order.len() - 1
        });
        eco_format!("list {}", at + 1)
    }

    /// The definitions of those that are used, each with what it shares its numbers with.
    fn used(&mut self, package: &Package) -> Vec<(String, Tree)> {
        let Some(part) = package.related("numbering") else { return Vec::new() };
        let Some(root) = package.xml(&part) else { return Vec::new() };
        let mut definitions: Vec<EcoString> = Vec::new();
        let mut found = Vec::new();
        for id in self.order.clone() {
            let of = self.known.get(&id).cloned().unwrap_or_default();
            let at = definitions.iter().position(|it| *it == of).unwrap_or_else(|| {
                definitions.push(of.clone());
                definitions.len() - 1
            });
            let definition = root.elements().find(|it| it.is("abstractNum") && it.get("abstractNumId") == Some(&of));
            let number = root.elements().find(|it| it.is("num") && it.get("numId") == Some(&id));
            let mut tree = Tree::leaf("");
            for element in [definition, number].into_iter().flatten() {
                let mut own = Making::new(package, &part, root, self).tree(element);
                own.attributes.retain(|(name, _)| !name.ends_with("abstractNumId") && !name.ends_with("numId"));
                own.children.retain(|child| child.name != "abstractNumId");
                tree.children.push(own);
            }
            found.push((format!("numbers {}", at + 1), tree));
        }
        found
    }
}

/// What is known while the tree of a part is made.
struct Making<'a> {
    lists: &'a mut Lists,
    /// What the relationships of the part lead to, by id.
    relations: BTreeMap<String, EcoString>,
    /// The names of its bookmarks, by id.
    bookmarks: BTreeMap<EcoString, EcoString>,
    /// Those that say something: seen, or referred to.
    marks: BTreeSet<EcoString>,
}

impl<'a> Making<'a> {
    fn new(package: &Package, part: &str, root: &Element, lists: &'a mut Lists) -> Making<'a> {
        let mut bookmarks = BTreeMap::new();
        root.walk(&mut |element| {
            if element.is("bookmarkStart") {
                let value = |name: &str| EcoString::from(element.get(name).unwrap_or_default());
                bookmarks.insert(value("id"), value("name"));
            }
        });
        let referred = &lists.referred;
        let says = |name: &&EcoString| !name.starts_with('_') || referred.contains(*name);
        let marks = bookmarks.values().filter(says).cloned().collect();
        let leads_to = |it: &super::Relation| match package.parts.get(&it.target) {
            _ if it.is_external => eco_format!("{}:{}", it.kind, it.target),
            _ if ["header", "footer"].contains(&it.kind.as_str()) => it.kind.as_str().into(),
            Some(Part::Bytes(bytes)) => eco_format!("{}:{}", it.kind, digest::of_file(bytes)),
            Some(Part::Xml(root)) => eco_format!("{}:{}", it.kind, digest::of_file(&root.bytes())),
            None => eco_format!("{}:missing", it.kind),
        };
        let is_counted = |it: &super::Relation| it.is_external || ["header", "footer"].contains(&it.kind.as_str());
        let relations = package.relations(part).into_iter();
        let relations = relations
            .filter(|it| is_counted(it) || !BY_USE.contains(&it.kind.as_str()) || it.kind == "image")
            .map(|it| (it.id.clone(), leads_to(&it)))
            .collect();
        Making { lists, relations, bookmarks, marks }
    }

    fn attributes(&mut self, element: &Element) -> Vec<(EcoString, EcoString)> {
        let mut found = Vec::new();
        for attribute in &element.attributes {
            let name = attribute.name.as_str();
            let mut value = attribute.value.clone();
            let is_w = attribute.space == Space::W;
            let is_dropped = match &attribute.space {
                Space::Xmlns | Space::Mc => true,
                Space::Xml => name == "space",
                Space::W14 => ["paraId", "textId"].contains(&name),
                Space::Other(uri) => uri.starts_with("http://powertools.codeplex.com/") || uri.ends_with("word16du"),
                _ => is_w && (name.starts_with("rsid") || name == "displacedByCustomXml"),
            };
            let numbered =
                ["docPr", "cNvPr", "footnoteReference", "endnoteReference", "footnote", "endnote", "bookmarkStart"];
            if is_dropped || (name == "id" && numbered.contains(&element.name.as_str())) {
                continue;
            }
            if attribute.space == Space::R {
                value = self.relations.get(value.as_str()).cloned().unwrap_or_else(|| "dangling".into());
            } else if name == "id" && element.is("bookmarkEnd") {
                value = self.bookmarks.get(&value).cloned().unwrap_or_else(|| "?".into());
            } else if is_w && name == "val" && element.is_any(TOGGLES) {
                if ["1", "true", "on"].contains(&value.as_str()) {
                    continue;
                }
                value = "0".into();
            } else if is_w && name == "val" && element.is("numId") {
                value = self.lists.name(&value);
            }
            let prefix = if is_w { "" } else { space_name(&attribute.space) };
            found.push((eco_format!("{prefix}{name}"), value));
        }
        if element.is("vMerge") && found.is_empty() {
            found.push(("val".into(), "continue".into()));
        }
        found.sort();
        found
    }

    fn tree(&mut self, element: &Element) -> Tree {
        let mut children: Vec<Tree> = Vec::new();
        for child in element.elements() {
            let is_foreign =
                matches!(&child.space, Space::Other(uri) if uri.starts_with("http://powertools.codeplex.com/"));
            let is_control_id = child.is("id") && element.is("sdtPr");
            let is_silent = child.is_any(&["bookmarkStart", "bookmarkEnd"])
                && !self.bookmarks.get(child.get("id").unwrap_or_default()).is_some_and(|it| self.marks.contains(it));
            if child.is_any(LEFT_OUT) || is_foreign || is_control_id || is_silent {
                continue;
            }
            let tree = self.tree(child);
            let is_empty = tree.children.is_empty() && tree.attributes.is_empty();
            if child.is_any(PROPERTIES) && is_empty {
                continue;
            }
            if child.is("r") {
                if tree.children.iter().all(|it| it.name == "rPr") {
                    continue;
                }
                if let Some(last) = children.last_mut()
                    && last.name == "r"
                    && last.attributes == tree.attributes
                    && last.properties() == tree.properties()
                {
                    last.children.extend(tree.children.into_iter().filter(|it| it.name != "rPr"));
                    last.glue();
                    continue;
                }
            }
            children.push(tree);
        }
        if element.is_any(PROPERTIES) {
            children.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        }
        let has_text =
            TEXTS.contains(&element.name.as_str()) || !element.children.iter().any(|it| it.element().is_some());
        let text = if has_text { element.text() } else { loose(element) };
        let prefix = if element.space == Space::W { "" } else { space_name(&element.space) };
        let name = eco_format!("{prefix}{}", element.name);
        let mut tree = Tree { name, attributes: self.attributes(element), text, children };
        if element.is("r") {
            tree.glue();
        }
        tree
    }
}

/// Text beside elements, which no Word file has.
fn loose(element: &Element) -> String {
    let texts = element.children.iter().filter_map(|node| match node {
        Node::Text(text) => Some(text.trim()),
        Node::Element(_) => None,
    });
    texts.collect()
}

/// How names of other namespaces are told apart.
fn space_name(space: &Space) -> &str {
    match space {
        Space::None | Space::W => "",
        Space::R => "r:",
        Space::M => "m:",
        Space::Mc => "mc:",
        Space::W14 => "w14:",
        Space::Xml => "xml:",
        Space::Xmlns => "xmlns:",
        Space::Other(uri) => uri,
    }
}

impl Tree {
    fn leaf(text: &str) -> Tree {
        Tree { name: EcoString::new(), attributes: Vec::new(), text: text.to_owned(), children: Vec::new() }
    }

    fn properties(&self) -> Option<&Tree> {
        self.children.iter().find(|it| it.name == "rPr")
    }

    /// Puts texts of a run together that stand side by side.
    fn glue(&mut self) {
        let mut glued: Vec<Tree> = Vec::new();
        for child in std::mem::take(&mut self.children) {
            let is_text = child.name == "t" || child.name == "instrText";
            if is_text && child.name == "t" && child.text.is_empty() {
                continue;
            }
            match glued.last_mut() {
                Some(last) if is_text && last.name == child.name => last.text.push_str(&child.text),
                _ => glued.push(child),
            }
        }
        self.children = glued;
    }

    fn flat(&self) -> String {
        let mut text = self.text.clone();
        for child in &self.children {
            text.push_str(&child.flat());
        }
        text
    }

    /// The first place where two differ, in words.
    fn difference(&self, other: &Tree, path: &str) -> Option<String> {
        if self == other {
            return None;
        }
        if self.name != other.name {
            return Some(format!("{path}: `{}` against `{}`", self.shown(), other.shown()));
        }
        let path = match self.name.as_str() {
            "" => path.to_owned(),
            "p" => format!("{path}/p ‘{}’", short(&self.flat())),
            name => format!("{path}/{}", name.rsplit('/').next().unwrap_or(name)),
        };
        if self.attributes != other.attributes {
            let shown = |tree: &Tree| {
                let pairs = tree.attributes.iter().map(|(name, value)| format!("{name}={value}"));
                pairs.collect::<Vec<_>>().join(" ")
            };
            return Some(format!("{path}: [{}] against [{}]", shown(self), shown(other)));
        }
        if self.text != other.text {
            return Some(format!(
                "{path}: ‘{}’ against ‘{}’",
                apart(&self.text, &other.text),
                apart(&other.text, &self.text)
            ));
        }
        // A child more shows as one pushed aside; the first that differs is where to look.
        for (at, (own, their)) in self.children.iter().zip(&other.children).enumerate() {
            let numbered = match self.children.len() > 1 && !own.name.ends_with("Pr") {
                true => format!("{path}[{}]", at + 1),
                false => path.clone(),
            };
            if let Some(found) = own.difference(their, &numbered) {
                return Some(found);
            }
        }
        let (longer, which) = match self.children.len() > other.children.len() {
            true => (&self.children[other.children.len()], "the first"),
            false => (&other.children[self.children.len()], "the second"),
        };
        Some(format!("{path}: {which} has one more `{}`", longer.shown()))
    }

    fn shown(&self) -> String {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        let attributes: String =
            self.attributes.iter().take(3).map(|(name, value)| format!(" {name}={value}")).collect();
        let text = self.flat();
        if text.is_empty() {
            format!("{name}{attributes}")
        } else {
            format!("{name}{attributes} ‘{}’", short(&text))
        }
    }
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(50).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace('\n', " ")
}

/// What of a text is not the beginning of another.
fn apart(text: &str, other: &str) -> String {
    let same = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(20);
    let rest: String = text.chars().skip(from).take(60).collect();
    if from > 0 { format!("…{rest}") } else { rest }
}

impl Normal {
    /// The first place where two say something else, in words; nothing when they say the same.
    pub fn difference(&self, other: &Normal) -> Option<String> {
        if self == other {
            return None;
        }
        for (own, their) in self.parts.iter().zip(&other.parts) {
            if own.0 != their.0 {
                return Some(format!("the first has {}, the second {}", own.0, their.0));
            }
            if let Some(found) = own.1.difference(&their.1, "") {
                return Some(format!("{}: {found}", own.0));
            }
        }
        let (longer, which) = match self.parts.len() > other.parts.len() {
            true => (self.parts.get(other.parts.len())?, "the first"),
            false => (other.parts.get(self.parts.len())?, "the second"),
        };
        Some(format!("{which} has {} besides", longer.0))
    }
}

/// The first place where two files say something else, in words; nothing when they say the same.
pub fn difference(one: &Package, other: &Package) -> Option<String> {
    normal(one).difference(&normal(other))
}
