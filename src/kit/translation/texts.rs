//! The texts of a pack by name: all that a translator has to translate.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

use crate::decode;
use crate::diagnostic::{Sink, Span};
use crate::files::Files;
use crate::pack::{Layer, MANIFEST, TOPICS, messages, table};
use crate::yaml::{Entry, Located, Node};

/// What kind of text it is, in the order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A document.
    Document,
    /// A block in place of a base's.
    Block,
    /// A partial.
    Partial,
    /// What a rule says.
    Message,
    /// What a check says.
    Check,
    /// The engine's words.
    Word,
    /// A requirement.
    Requirement,
    /// A text of the pack's data.
    Data,
    /// A title or description of the profile's keys.
    Schema,
    /// A checklist.
    Checklist,
}

/// The keys of a message table that say what lists from elsewhere write, and what choices are called.
const WORDS: [&str; 3] = ["synonyms", "written", "choices"];

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 10] = [
        Kind::Document,
        Kind::Block,
        Kind::Partial,
        Kind::Message,
        Kind::Check,
        Kind::Word,
        Kind::Requirement,
        Kind::Data,
        Kind::Schema,
        Kind::Checklist,
    ];

    /// Its name before the name of a text.
    fn name(self) -> &'static str {
        match self {
            Kind::Document => "document",
            Kind::Block => "block",
            Kind::Partial => "partial",
            Kind::Message => "message",
            Kind::Check => "check",
            Kind::Word => "word",
            Kind::Requirement => "requirement",
            Kind::Data => "data",
            Kind::Schema => "schema",
            Kind::Checklist => "checklist",
        }
    }

    /// Several of them, in words.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Document => "documents",
            Kind::Block => "blocks",
            Kind::Partial => "partials",
            Kind::Message => "messages",
            Kind::Check => "words of checks",
            Kind::Word => "words of the engine",
            Kind::Requirement => "words of requirements",
            Kind::Data => "texts of the data",
            Kind::Schema => "words of the profile's schema",
            Kind::Checklist => "checklists",
        }
    }
}

/// The name of a text: the same in a base and its translation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// What kind of text it is.
    pub kind: Kind,
    /// Which of its kind.
    pub id: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.id)
    }
}

/// A text and where it stands.
pub(super) struct Text {
    pub(super) text: String,
    pub(super) span: Span,
}

/// The texts by name.
pub(super) type Texts = BTreeMap<Name, Text>;

/// The texts of some packs of a chain, given the outermost first: each text is that of the outermost that has it.
pub(super) fn texts<'l>(layers: impl DoubleEndedIterator<Item = &'l Layer>) -> Texts {
    let mut reader = Reader { texts: Texts::new() };
    for layer in layers.rev() {
        reader.layer(&*layer.files);
    }
    reader.texts
}

/// Whether a value is words for people: not an id, a state, a number or an address.
fn is_prose(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let is_address = text.contains("://") || text.contains('#') && !text.contains(' ');
    let is_id = !text.contains(' ') && text.chars().any(|c| c.is_ascii_digit());
    let begins = text.chars().next().is_some_and(char::is_uppercase);
    letters > 2 && !is_address && !is_id && (text.trim().contains(' ') || begins)
}

struct Reader {
    texts: Texts,
}

impl Reader {
    fn add(&mut self, kind: Kind, id: impl Into<String>, text: &str, span: &Span) {
        let text = Text { text: text.to_owned(), span: span.clone() };
        self.texts.insert(Name { kind, id: id.into() }, text);
    }

    /// The texts of one pack. What cannot be read was reported when the pack was.
    fn layer(&mut self, files: &dyn Files) {
        let unheard = &mut Sink::new();
        let paths = files.list("").unwrap_or_default();
        for path in &paths {
            let Some((folder, rest)) = path.split_once('/') else { continue };
            let kind = match folder {
                "documents" => Kind::Document,
                "blocks" => Kind::Block,
                "partials" => Kind::Partial,
                "checklists" => Kind::Checklist,
                messages::FOLDER if rest.ends_with(".yaml") => {
                    if let Some(file) = decode::read(files, path, unheard) {
                        self.messages(&file);
                    }
                    continue;
                }
                "data" if path != TOPICS && !rest.contains('/') => {
                    self.data(files, path, rest);
                    continue;
                }
                _ => continue,
            };
            let name = rest.strip_suffix(".md.hbs").or(rest.strip_suffix(".yaml").filter(|_| kind == Kind::Checklist));
            if let (Some(name), Some(text)) = (name, decode::text(files, path, unheard)) {
                self.add(kind, name, &text, &Span::file(files.name(path)));
            }
        }
        if paths.iter().any(|path| path == "strings.yaml")
            && let Some(file) = decode::read(files, "strings.yaml", unheard)
        {
            // Forms are those of a language, which a translation has by itself.
            let file = file.without(crate::strings::OF_A_LANGUAGE);
            self.leaves(Kind::Word, &file, "", &|_| true);
        }
        if let Some(file) = decode::read(files, MANIFEST, unheard) {
            for row in file.items("requirements") {
                let id = row.text("id").unwrap_or_default();
                for key in ["cites", "title"] {
                    if let Some(value) = row.get(key) {
                        let text = value.as_str().unwrap_or_default();
                        self.add(Kind::Requirement, format!("{id}.{key}"), text, &value.span);
                    }
                }
            }
        }
        if paths.iter().any(|path| path == "profile.schema.json")
            && let Some(text) = decode::text(files, "profile.schema.json", unheard)
            && let Ok(schema) = serde_json::from_str::<Json>(&text)
        {
            self.schema(&schema, "", &Span::file(files.name("profile.schema.json")));
        }
    }

    fn messages(&mut self, file: &Located) {
        for (group, kind) in [
            ("texts", Kind::Message),
            ("checks", Kind::Check),
            ("requirements", Kind::Requirement),
            ("schema", Kind::Schema),
        ] {
            // What lists call a column is no text of the pack: each language has its own words.
            let entries = file.get(group).map(|entries| match (kind, &entries.node) {
                (Kind::Schema, Node::Map(own)) => {
                    let own = own.iter().cloned().map(|entry| Entry { value: entry.value.without(&WORDS), ..entry });
                    Located { span: entries.span.clone(), node: Node::Map(own.collect()) }
                }
                _ => entries.clone(),
            });
            if let Some(entries) = entries {
                self.leaves(kind, &entries, "", &|_| true);
            }
        }
    }

    /// Every text below a value that is wanted, by its path.
    fn leaves(&mut self, kind: Kind, value: &Located, path: &str, is_wanted: &dyn Fn(&str) -> bool) {
        let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
        match &value.node {
            Node::String(text) if is_wanted(text) => self.add(kind, path, text, &value.span),
            Node::Map(entries) => {
                let entries = entries.iter().filter(|entry| kind != Kind::Data || entry.key != "id");
                entries.for_each(|entry| self.leaves(kind, &entry.value, &below(&entry.key), is_wanted));
            }
            Node::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    let row = item.text("id").or(item.text("catalogue")).map_or(at.to_string(), str::to_owned);
                    self.leaves(kind, item, &format!("{path}[{row}]"), is_wanted);
                }
            }
            _ => {}
        }
    }

    fn data(&mut self, files: &dyn Files, path: &str, name: &str) {
        let unheard = &mut Sink::new();
        if let Some(stem) = name.strip_suffix(".yaml") {
            if let Some(file) = decode::read(files, path, unheard) {
                self.leaves(Kind::Data, &file, stem, &is_prose);
            }
        } else if let Some(stem) = name.strip_suffix(".csv") {
            for (at, row) in table(files, path, unheard).unwrap_or_default().iter().enumerate() {
                let id = row["id"].as_str().map_or(at.to_string(), str::to_owned);
                let cells = row.as_object().into_iter().flatten();
                for (key, text) in cells.filter_map(|(key, cell)| Some((key, cell.as_str()?))) {
                    if key != "id" && is_prose(text) {
                        self.add(Kind::Data, format!("{stem}[{id}].{key}"), text, &Span::file(files.name(path)));
                    }
                }
            }
        }
    }

    /// Titles and descriptions of a profile's keys, and why their defaults are so, by the path of the key.
    fn schema(&mut self, schema: &Json, path: &str, span: &Span) {
        for (word, keyword) in [("title", "title"), ("description", "description"), ("why", "x-folio-why")] {
            if let Some(text) = schema[keyword].as_str().filter(|_| !path.is_empty()) {
                self.add(Kind::Schema, format!("{path}.{word}"), text, span);
            }
        }
        for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            self.schema(inner, &path, span);
        }
        if schema["items"].is_object() {
            self.schema(&schema["items"], &format!("{path}[]"), span);
        }
    }
}
