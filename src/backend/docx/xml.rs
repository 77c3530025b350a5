//! A small element tree and its writer: the only way by which a character gets into a part.
//!
//! Text and attribute values are escaped when they are written. Children stand in the order that the schema demands
//! ([`order`]), in whatever order they were added.

use std::borrow::Cow;

use quick_xml::escape::{escape, partial_escape};

use super::order;

/// An element, with its prefix in its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Element {
    /// `w:p`.
    pub(super) name: &'static str,
    attributes: Vec<(&'static str, Cow<'static, str>)>,
    children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// An element.
    Element(Element),
    /// Characters.
    Text(String),
}

impl Element {
    /// An empty element.
    pub(super) fn new(name: &'static str) -> Element {
        Element { name, attributes: Vec::new(), children: Vec::new() }
    }

    /// `<w:name w:val="…"/>`, the commonest shape of WordprocessingML.
    pub(super) fn val(name: &'static str, value: impl Into<Cow<'static, str>>) -> Element {
        Element::new(name).with("w:val", value)
    }

    /// The same with a number.
    pub(super) fn number(name: &'static str, value: i64) -> Element {
        Element::new(name).int("w:val", value)
    }

    /// The same element with an attribute.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Element {
        self.attributes.push((name, value.into()));
        self
    }

    /// The same element with an attribute that is a number.
    pub(super) fn int(self, name: &'static str, value: i64) -> Element {
        self.with(name, value.to_string())
    }

    /// The same element with a child.
    pub(super) fn child(mut self, child: Element) -> Element {
        self.push(child);
        self
    }

    /// The same element with children.
    pub(super) fn children(mut self, children: impl IntoIterator<Item = Element>) -> Element {
        self.children.extend(children.into_iter().map(Node::Element));
        self
    }

    /// The same element with a text.
    pub(super) fn text(mut self, text: impl Into<String>) -> Element {
        self.children.push(Node::Text(text.into()));
        self
    }

    /// Whether it has an attribute.
    pub(super) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| *known == name)
    }

    /// Adds a child.
    pub(super) fn push(&mut self, child: Element) {
        self.children.push(Node::Element(child));
    }

    /// Its children that are elements.
    pub(super) fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element> {
        self.children.iter_mut().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }

    /// Its attributes.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.attributes.iter().map(|(name, value)| (*name, value.as_ref()))
    }

    /// Gives an attribute that it has another value.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Cow<'static, str>>) {
        if let Some((_, known)) = self.attributes.iter_mut().find(|(known, _)| *known == name) {
            *known = value.into();
        }
    }

    /// What it holds.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.children
    }

    /// Its children that are elements.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Its first child of a name.
    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        self.elements().find(|child| child.name == name)
    }

    /// Takes its children that are elements.
    pub(super) fn take_elements(&mut self) -> Vec<Element> {
        let children = std::mem::take(&mut self.children).into_iter();
        children
            .filter_map(|child| match child {
                Node::Element(element) => Some(element),
                Node::Text(_) => None,
            })
            .collect()
    }

    /// The text right in it.
    pub(super) fn own_text(&self) -> &str {
        match self.children.as_slice() {
            [Node::Text(text)] => text,
            _ => "",
        }
    }

    /// The same element under another name.
    pub(super) fn renamed(mut self, name: &'static str) -> Element {
        self.name = name;
        self
    }

    /// Whether it has neither children nor text.
    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty()
    }

    /// The bytes of a part whose root this is.
    pub(super) fn to_part(&self) -> Vec<u8> {
        let mut out = String::with_capacity(16 * 1024);
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        self.write(&mut out);
        out.into_bytes()
    }

    fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(self.name);
        for (name, value) in &self.attributes {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            write_attribute(value, out);
            out.push('"');
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        self.in_order().into_iter().for_each(|node| node.write(out));
        out.push_str("</");
        out.push_str(self.name);
        out.push('>');
    }
}

impl Element {
    /// The children in the order of the schema; those of one place as they were added.
    fn in_order(&self) -> Vec<&Node> {
        let mut children: Vec<&Node> = self.children.iter().collect();
        if children.iter().all(|child| matches!(child, Node::Text(_))) {
            return children;
        }
        let order = order::of(self.name);
        let place = |child: &&Node| match child {
            Node::Element(child) => order.and_then(|order| order.place(child.name)),
            Node::Text(_) => None,
        };
        // A writer's slip, never a document's: found by the tests, which write every kind of node.
        if cfg!(any(test, debug_assertions)) {
            let unplaced = children.iter().find(|child| place(child).is_none());
            assert!(unplaced.is_none(), "the schema has no place in {} for {unplaced:?}", self.name);
        }
        children.sort_by_key(|child| place(child).unwrap_or(usize::MAX));
        children
    }
}

impl Node {
    fn write(&self, out: &mut String) {
        match self {
            Node::Element(element) => element.write(out),
            Node::Text(text) => out.push_str(&partial_escape(text.as_str())),
        }
    }
}

/// Attribute values keep their line ends and tabs, which a parser would else turn into blanks.
fn write_attribute(value: &str, out: &mut String) {
    let escaped = escape(value);
    if !escaped.contains(['\n', '\t']) {
        out.push_str(&escaped);
        return;
    }
    for character in escaped.chars() {
        match character {
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other => out.push(other),
        }
    }
}

/// The first character of a text that XML 1.0 forbids (its production 2, `Char`).
pub(super) fn illegal_character(text: &str) -> Option<char> {
    text.chars().find(|&c| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_escaped_and_in_the_order_of_the_schema() {
        let run = Element::new("w:rPr")
            .child(Element::val("w:color", "a\"<b>&'\n\t"))
            .child(Element::new("w:b"))
            .child(Element::val("w:rStyle", "Strong"));
        let part = Element::new("w:r").child(run).child(Element::new("w:t").text("1 < 2 & 3 > 2\r")).to_part();
        let text = String::from_utf8(part).unwrap();
        let body = text.split_once('\n').unwrap().1;
        assert_eq!(
            body,
            "<w:r><w:rPr><w:rStyle w:val=\"Strong\"/><w:b/><w:color w:val=\"a&quot;&lt;b&gt;&amp;&apos;&#10;&#9;\"/>\
             </w:rPr><w:t>1 &lt; 2 &amp; 3 &gt; 2&#13;</w:t></w:r>"
        );
    }

    #[test]
    #[should_panic(expected = "the schema has no place in w:pPr for")]
    fn a_child_that_the_schema_does_not_know_is_found() {
        Element::new("w:pPr").child(Element::new("w:b")).to_part();
    }

    #[test]
    #[should_panic(expected = "the schema has no place in w:t for")]
    fn a_parent_that_the_schema_does_not_know_is_found() {
        Element::new("w:t").child(Element::new("w:b")).to_part();
    }

    #[test]
    fn characters_outside_xml_are_found() {
        assert_eq!(illegal_character("a\tb\nc\rd \u{85} \u{200b} é 日 😀 \u{e000}"), None);
        assert_eq!(illegal_character("a\u{7}b"), Some('\u{7}'));
        assert_eq!(illegal_character("\u{ffff}"), Some('\u{ffff}'));
    }
}
