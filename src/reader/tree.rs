//! XML as a tree that can be changed and written again, whoever wrote it.
//!
//! Names are compared by namespace, never by prefix. What the tree does not know it keeps as it is; comments,
//! processing instructions and the white space between elements are no content and go.

use ecow::EcoString;
use quick_xml::Reader;
use quick_xml::escape::{escape, partial_escape};
use quick_xml::events::{BytesStart, Event};

use super::Unreadable;

/// How deep elements may stand in one another.
const MAX_DEPTH: usize = 200;

/// The most elements of a part.
const MAX_ELEMENTS: usize = 2_000_000;

/// A namespace. Those of strict documents (ISO/IEC 29500-1) are those of transitional ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Space {
    /// None.
    None,
    /// WordprocessingML: `w`.
    W,
    /// Relationships, as content names them: `r`.
    R,
    /// Formulas: `m`.
    M,
    /// Markup compatibility: `mc`.
    Mc,
    /// Word 2010: `w14`.
    W14,
    /// `xml`.
    Xml,
    /// `xmlns`: a declaration.
    Xmlns,
    /// Any other, by its name.
    Other(EcoString),
}

impl Space {
    fn of(uri: &str) -> Space {
        match uri {
            "" => Space::None,
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Space::W,
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            | "http://purl.oclc.org/ooxml/officeDocument/relationships" => Space::R,
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math" => Space::M,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => Space::Mc,
            "http://schemas.microsoft.com/office/word/2010/wordml" => Space::W14,
            "http://www.w3.org/XML/1998/namespace" => Space::Xml,
            other => Space::Other(other.into()),
        }
    }

    fn uri(&self) -> &str {
        match self {
            Space::None => "",
            Space::W => "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            Space::R => "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            Space::M => "http://schemas.openxmlformats.org/officeDocument/2006/math",
            Space::Mc => "http://schemas.openxmlformats.org/markup-compatibility/2006",
            Space::W14 => "http://schemas.microsoft.com/office/word/2010/wordml",
            Space::Xml => "http://www.w3.org/XML/1998/namespace",
            Space::Xmlns => "http://www.w3.org/2000/xmlns/",
            Space::Other(uri) => uri,
        }
    }
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its namespace.
    pub space: Space,
    /// Its name in it.
    pub name: EcoString,
    /// Its value, unescaped.
    pub value: EcoString,
    prefix: EcoString,
}

/// An element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its namespace.
    pub space: Space,
    /// Its name in it.
    pub name: EcoString,
    /// Its attributes as they stand, declarations of namespaces among them.
    pub attributes: Vec<Attribute>,
    /// What stands in it.
    pub children: Vec<Node>,
    prefix: EcoString,
}

/// What stands in an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Characters, unescaped.
    Text(String),
}

impl Node {
    /// The element that it is.
    pub fn element(&self) -> Option<&Element> {
        match self {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        }
    }
}

impl Element {
    /// An element of WordprocessingML with nothing in it.
    pub fn w(name: &str) -> Element {
        Element { space: Space::W, name: name.into(), attributes: Vec::new(), children: Vec::new(), prefix: "w".into() }
    }

    /// Whether it is this one of WordprocessingML.
    pub fn is(&self, name: &str) -> bool {
        self.space == Space::W && self.name == name
    }

    /// Whether it is one of these of WordprocessingML.
    pub fn is_any(&self, names: &[&str]) -> bool {
        self.space == Space::W && names.contains(&self.name.as_str())
    }

    /// The value of an attribute of WordprocessingML.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.value(&Space::W, name)
    }

    /// The value of an attribute.
    pub fn value(&self, space: &Space, name: &str) -> Option<&str> {
        self.attributes.iter().find(|it| it.space == *space && it.name == name).map(|it| it.value.as_str())
    }

    /// The element with an attribute of WordprocessingML in the place of the one that it had.
    pub fn with(mut self, name: &str, value: &str) -> Element {
        self.attributes.retain(|it| !(it.space == Space::W && it.name == name));
        let (name, value) = (name.into(), value.into());
        self.attributes.push(Attribute { space: Space::W, name, value, prefix: "w".into() });
        self
    }

    /// The elements directly in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(Node::element)
    }

    /// The first element of WordprocessingML directly in it that has this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.is(name))
    }

    /// The same, to be changed.
    pub fn child_mut(&mut self, name: &str) -> Option<&mut Element> {
        self.children.iter_mut().find_map(|node| match node {
            Node::Element(element) if element.is(name) => Some(element),
            _ => None,
        })
    }

    /// It and every element in it, in their order.
    pub fn walk<'e>(&'e self, see: &mut dyn FnMut(&'e Element)) {
        see(self);
        for element in self.elements() {
            element.walk(see);
        }
    }

    /// The characters directly in it.
    pub fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        texts.collect()
    }

    /// The tree of a part.
    pub(super) fn parse(part: &str, bytes: &[u8]) -> Result<Element, Unreadable> {
        let text = decoded(bytes).ok_or_else(|| Unreadable::Xml(part.to_owned()))?;
        let damaged = || Unreadable::Xml(part.to_owned());
        let mut reader = Reader::from_str(&text);
        let mut open: Vec<Element> = Vec::new();
        let mut scope = Scope::default();
        let mut root = None;
        let mut count = 0_usize;
        loop {
            let event = reader.read_event().map_err(|_| damaged())?;
            match event {
                Event::Start(tag) => {
                    count += 1;
                    if open.len() >= MAX_DEPTH || count > MAX_ELEMENTS {
                        return Err(Unreadable::TooDeep(part.to_owned()));
                    }
                    open.push(scope.enter(&tag).ok_or_else(damaged)?);
                }
                Event::Empty(tag) => {
                    count += 1;
                    if count > MAX_ELEMENTS {
                        return Err(Unreadable::TooDeep(part.to_owned()));
                    }
                    let element = scope.enter(&tag).ok_or_else(damaged)?;
                    scope.leave();
                    put(element, &mut open, &mut root).ok_or_else(damaged)?;
                }
                Event::End(_) => {
                    scope.leave();
                    let mut element = open.pop().ok_or_else(damaged)?;
                    element.without_layout();
                    put(element, &mut open, &mut root).ok_or_else(damaged)?;
                }
                Event::Text(text) => {
                    let text = text.xml10_content();
                    characters(&text, &mut open).ok_or_else(damaged)?;
                }
                Event::CData(text) => {
                    let text = text.xml10_content();
                    characters(&text, &mut open).ok_or_else(damaged)?;
                }
                Event::GeneralRef(name) => {
                    let character = match name.resolve_char_ref().map_err(|_| damaged())? {
                        Some(character) => character,
                        None => predefined(&name).ok_or_else(|| Unreadable::Entities(part.to_owned()))?,
                    };
                    characters(character.encode_utf8(&mut [0; 4]), &mut open).ok_or_else(damaged)?;
                }
                Event::DocType(_) => return Err(Unreadable::Entities(part.to_owned())),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => break,
            }
        }
        if !open.is_empty() {
            return Err(damaged());
        }
        root.ok_or_else(damaged)
    }

    /// Leaves out the white space by which somebody set out the elements in it.
    fn without_layout(&mut self) {
        let is_space = |node: &Node| matches!(node, Node::Text(text) if text.trim_ascii().is_empty());
        if self.children.iter().any(|node| node.element().is_some()) {
            self.children.retain(|node| !is_space(node));
        }
    }

    /// The part as it is written: UTF-8, declared so.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        self.write(&mut Scope::default(), &mut out);
        out.into_bytes()
    }

    fn write(&self, scope: &mut Scope, out: &mut String) {
        let declared = |attribute: &&Attribute| attribute.space == Space::Xmlns;
        let declarations = self.attributes.iter().filter(declared);
        let prefix = |attribute: &Attribute| match attribute.prefix.is_empty() {
            true => EcoString::new(),
            false => attribute.name.clone(),
        };
        scope.levels.push(declarations.map(|it| (prefix(it), Space::of(&it.value))).collect());
        out.push('<');
        let mut missing = Vec::new();
        name(&self.prefix, &self.name, out);
        if scope.find(&self.prefix) != self.space {
            missing.push((self.prefix.clone(), self.space.clone()));
        }
        for attribute in &self.attributes {
            out.push(' ');
            name(&attribute.prefix, &attribute.name, out);
            out.push_str("=\"");
            // White space in values would be read as blanks.
            for part in escape(attribute.value.as_str()).split_inclusive(['\n', '\t', '\r']) {
                let (text, last) = match part.chars().last() {
                    Some(c @ ('\n' | '\t' | '\r')) => (&part[..part.len() - 1], Some(c)),
                    _ => (part, None),
                };
                out.push_str(text);
                if let Some(last) = last {
                    out.push_str(&format!("&#{};", u32::from(last)));
                }
            }
            out.push('"');
            let is_bare = matches!(attribute.space, Space::None | Space::Xmlns | Space::Xml);
            let known = |missing: &Vec<(EcoString, Space)>| missing.iter().any(|(it, _)| *it == attribute.prefix);
            if !is_bare && scope.find(&attribute.prefix) != attribute.space && !known(&missing) {
                missing.push((attribute.prefix.clone(), attribute.space.clone()));
            }
        }
        for (prefix, space) in &missing {
            let declared = if prefix.is_empty() { "xmlns".into() } else { format!("xmlns:{prefix}") };
            out.push_str(&format!(" {declared}=\"{}\"", escape(space.uri())));
        }
        if let Some(level) = scope.levels.last_mut() {
            level.extend(missing);
        }
        if self.children.is_empty() {
            out.push_str("/>");
        } else {
            out.push('>');
            for node in &self.children {
                match node {
                    Node::Element(element) => element.write(scope, out),
                    Node::Text(text) => out.push_str(&partial_escape(text.as_str()).replace('\r', "&#13;")),
                }
            }
            out.push_str("</");
            name(&self.prefix, &self.name, out);
            out.push('>');
        }
        scope.levels.pop();
    }
}

fn name(prefix: &str, name: &str, out: &mut String) {
    if !prefix.is_empty() {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(name);
}

/// Which prefixes mean what, by the elements that are open.
#[derive(Default)]
struct Scope {
    levels: Vec<Vec<(EcoString, Space)>>,
}

impl Scope {
    fn find(&self, prefix: &str) -> Space {
        if prefix == "xml" {
            return Space::Xml;
        }
        let found = self.levels.iter().rev().flatten().find(|(name, _)| name == prefix);
        found.map_or(Space::None, |(_, space)| space.clone())
    }

    /// The element that a tag opens, its names told; nothing when it is no XML.
    fn enter(&mut self, tag: &BytesStart<'_>) -> Option<Element> {
        let mut given: Vec<(EcoString, EcoString, EcoString)> = Vec::new();
        let mut level = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
            let (prefix, name) = parted(attribute.key.as_ref())?;
            if prefix == "xmlns" {
                level.push((name.clone(), Space::of(&value)));
            } else if prefix.is_empty() && name == "xmlns" {
                level.push((EcoString::new(), Space::of(&value)));
            }
            given.push((prefix, name, value.as_ref().into()));
        }
        self.levels.push(level);
        let (prefix, name) = parted(tag.name().as_ref())?;
        let space = self.find(&prefix);
        let typed = |(prefix, name, value): (EcoString, EcoString, EcoString)| {
            let space = match prefix.as_str() {
                "xmlns" => Space::Xmlns,
                "" if name == "xmlns" => Space::Xmlns,
                "" => Space::None,
                _ => self.find(&prefix),
            };
            Attribute { space, name, value, prefix }
        };
        let attributes = given.into_iter().map(typed).collect();
        Some(Element { space, name, attributes, children: Vec::new(), prefix })
    }

    fn leave(&mut self) {
        self.levels.pop();
    }
}

/// The prefix and the name of what stands in a tag.
fn parted(name: &str) -> Option<(EcoString, EcoString)> {
    let (prefix, name) = name.split_once(':').unwrap_or(("", name));
    (!name.is_empty() && !name.contains(':')).then(|| (prefix.into(), name.into()))
}

fn put(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Option<()> {
    match open.last_mut() {
        Some(parent) => parent.children.push(Node::Element(element)),
        None if root.is_none() => *root = Some(element),
        None => return None,
    }
    Some(())
}

fn characters(text: &str, open: &mut [Element]) -> Option<()> {
    let Some(parent) = open.last_mut() else {
        return text.trim_start_matches('\u{feff}').trim_ascii().is_empty().then_some(());
    };
    match parent.children.last_mut() {
        Some(Node::Text(so_far)) => so_far.push_str(text),
        _ => parent.children.push(Node::Text(text.to_owned())),
    }
    Some(())
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// The characters of a part: UTF-8, or UTF-16 where its mark says so (ISO/IEC 29500-2).
fn decoded(bytes: &[u8]) -> Option<String> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE,
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE,
        _ => encoding_rs::UTF_8,
    };
    let (text, _, is_broken) = encoding.decode(bytes);
    (!is_broken).then(|| text.into_owned())
}
