//! Inline content.

use comrak::nodes::NodeValue;

use super::{Ast, Parser, directive, is_comment};
use crate::diagnostic::codes::document as codes;
use crate::expand::marks;
use crate::model::{Field, FieldKind, Inline, Target, Text, Tone};

/// What stands after the bar of `[[document#label|#]]`: call the document by its number alone.
const SHORT: &str = "#";
/// The schemes that links may have.
const SCHEMES: [&str; 3] = ["https:", "http:", "mailto:"];

impl Parser<'_> {
    pub(super) fn inlines<'a>(&mut self, parent: Ast<'a>) -> Vec<Inline<Target>> {
        let mut found = Vec::new();
        for child in parent.children() {
            self.inline(child, &mut found);
        }
        join(found)
    }

    fn inline<'a>(&mut self, node: Ast<'a>, found: &mut Vec<Inline<Target>>) {
        let ast = node.data.borrow();
        match &ast.value {
            NodeValue::Text(text) => {
                if let Some(at) = ["{.field", "{.status"].iter().find_map(|open| text.find(open)) {
                    let shown: String = marks::plain(&text[at..]).chars().take(60).collect();
                    let problem = format!("`{shown}` stands after no code, or has attributes that cannot be read");
                    self.report(node, &codes::ATTRIBUTE, problem);
                }
                found.extend(self.texts(text));
            }
            NodeValue::SoftBreak => found.push(Inline::Text(Text::literal(" "))),
            NodeValue::LineBreak => found.push(Inline::LineBreak),
            NodeValue::Strong => found.push(Inline::Strong { content: self.inlines(node) }),
            NodeValue::Emph => found.push(Inline::Emphasis { content: self.inlines(node) }),
            NodeValue::HtmlInline(html) if is_comment(html) => {}
            NodeValue::HtmlInline(html) if is_break(html) => found.push(Inline::LineBreak),
            NodeValue::HtmlInline(html) => {
                self.report(node, &codes::RAW_HTML, format!("`{}` is HTML", marks::plain(html)));
            }
            NodeValue::Code(code) => {
                let attributes = ast.attrs.as_deref().cloned().unwrap_or_default();
                let text = self.text_of(&code.literal);
                let class = attributes.classes.first().map(String::as_str);
                let inline = match class {
                    None => Some(Inline::Code(text)),
                    Some("field") => self.field(node, &attributes),
                    Some("status") => self.status(node, &attributes, text),
                    Some(other) => {
                        self.report(
                            node,
                            &codes::ATTRIBUTE,
                            format!("there is no class `.{other}`; there are .field, .status"),
                        );
                        None
                    }
                };
                found.extend(inline);
            }
            NodeValue::Link(link) => {
                let url = marks::plain(&link.url);
                let content = self.inlines(node);
                if let Some(label) = url.strip_prefix('#') {
                    let span = self.expanded.span_at(self.offset(node));
                    found.push(Inline::Reference(Target {
                        is_short: false,
                        document: None,
                        label: Some(label.to_owned()),
                        content,
                        span,
                    }));
                } else if SCHEMES.iter().any(|scheme| url.to_ascii_lowercase().starts_with(scheme))
                    && !url.contains(char::is_control)
                {
                    let content =
                        if content.is_empty() { vec![Inline::Text(Text::literal(url.clone()))] } else { content };
                    found.push(Inline::Link { url, content });
                } else {
                    self.report(node, &codes::LINK_SCHEME, format!("`{url}` is not a link that a document may hold"));
                }
            }
            NodeValue::WikiLink(link) => {
                let url = marks::plain(&link.url);
                let (document, label) = match url.split_once('#') {
                    Some((document, label)) => (document, Some(label.to_owned())),
                    None => (url.as_str(), None),
                };
                let span = self.expanded.span_at(self.offset(node));
                let document = (!document.is_empty()).then(|| document.to_owned());
                let is_short = node.first_child().is_some_and(|shown| shown.data.borrow().value.text() == Some(SHORT));
                found.push(Inline::Reference(Target { document, label, content: Vec::new(), is_short, span }));
            }
            NodeValue::FootnoteReference(reference) => found.push(Inline::Footnote { number: reference.ix }),
            NodeValue::Image(_) => {
                self.report(node, &codes::MARKDOWN_UNSUPPORTED, "an image stands in a paragraph of its own".into());
            }
            NodeValue::Paragraph => found.extend(self.inlines(node)),
            other => {
                let name = other.xml_node_name();
                self.report(node, &codes::MARKDOWN_UNSUPPORTED, format!("`{name}` has no place inside a line"));
            }
        }
    }

    fn field<'a>(&mut self, node: Ast<'a>, attributes: &comrak::nodes::Attributes) -> Option<Inline<Target>> {
        let name = directive::attribute(attributes, "name").filter(|name| !name.is_empty());
        let Some(name) = name else {
            self.report(node, &codes::ATTRIBUTE, "a field has a name: `` `____`{.field name=owner} ``".into());
            return None;
        };
        let kind = match directive::attribute(attributes, "type").as_deref() {
            None | Some("text") => FieldKind::Text,
            Some("date") => FieldKind::Date,
            Some("choice") => FieldKind::Choice,
            Some("checkbox") => FieldKind::Checkbox,
            Some(other) => {
                self.report(
                    node,
                    &codes::ATTRIBUTE,
                    format!("there is no field of type `{other}`; there are text, date, choice, checkbox"),
                );
                return None;
            }
        };
        let choices: Vec<String> = directive::attribute(attributes, "choices")
            .map(|choices| choices.split(',').map(|choice| choice.trim().to_owned()).collect())
            .unwrap_or_default();
        if (kind == FieldKind::Choice) == choices.is_empty() {
            self.report(
                node,
                &codes::ATTRIBUTE,
                "a field of type `choice`, and no other, has `choices=\"a,b\"`".into(),
            );
            return None;
        }
        if !self.fields.insert(name.clone()) {
            self.report(node, &codes::FIELD_TWICE, format!("the field `{name}` stands twice in this document"));
            return None;
        }
        let label = directive::attribute(attributes, "label").unwrap_or_else(|| name.replace('-', " "));
        Some(Inline::Field(Field { name, label, kind, choices }))
    }

    fn status<'a>(
        &mut self,
        node: Ast<'a>,
        attributes: &comrak::nodes::Attributes,
        text: Text,
    ) -> Option<Inline<Target>> {
        let tone = match directive::attribute(attributes, "tone").as_deref() {
            Some("good") => Tone::Good,
            Some("caution") => Tone::Caution,
            Some("bad") => Tone::Bad,
            Some("neutral") => Tone::Neutral,
            other => {
                let given = other.unwrap_or("none");
                self.report(
                    node,
                    &codes::ATTRIBUTE,
                    format!("a status has a tone good, caution, bad or neutral, not `{given}`"),
                );
                return None;
            }
        };
        Some(Inline::Status { tone, text })
    }
}

fn is_break(html: &str) -> bool {
    matches!(html, "<br>" | "<br/>" | "<br />")
}

/// Joins neighbouring literal texts, and takes the spaces off both ends of a line.
fn join(inlines: Vec<Inline<Target>>) -> Vec<Inline<Target>> {
    let mut joined: Vec<Inline<Target>> = Vec::new();
    for inline in inlines {
        match (joined.last_mut(), inline) {
            (Some(Inline::Text(last)), Inline::Text(next))
                if last.from.is_empty() && next.from.is_empty() && !last.computed && !next.computed =>
            {
                last.text.push_str(&next.text);
            }
            (_, Inline::Text(empty)) if empty.text.is_empty() => {}
            (_, inline) => joined.push(inline),
        }
    }
    joined
}
