//! Reading `messages/*.yaml` of every layer: each entry is that of the outermost pack that has it.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::{Layer, Manifest};
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::messages::{Entry, Explained, Message, Messages};
use crate::yaml::Located;

/// The folder of the tables.
pub(crate) const FOLDER: &str = "messages";

/// The most entries of all tables of a pack with its bases.
const MAX_ENTRIES: usize = 20_000;

/// The tables, and the words that they have for what stands elsewhere.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) messages: Messages,
    /// By requirement: how it is cited, and its title.
    requirements: BTreeMap<String, [Option<String>; 2]>,
    /// By path of the profile.
    pub(super) schema: BTreeMap<String, Words>,
    /// Whether a table, or an entry of one, could not be read.
    pub(super) is_broken: bool,
    entries: usize,
}

/// What a key of the profile is called.
pub(super) struct Words {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    /// Why the default is as it is.
    pub(super) why: Option<String>,
    /// What else files call it; those of every layer.
    pub(super) synonyms: Vec<String>,
    /// What files write for a value of it; those of every layer.
    pub(super) written: BTreeMap<String, Vec<String>>,
    /// What a choice of it is called; that of the outermost layer.
    pub(super) choices: BTreeMap<String, String>,
    pub(super) span: Span,
}

/// Reads the tables, those of the bases first.
pub(super) fn read(layers: &[Layer], sink: &mut Sink) -> Tables {
    let mut tables = Tables::default();
    for (layer, pack) in layers.iter().enumerate().rev() {
        let mut seen: BTreeMap<EcoString, Span> = BTreeMap::new();
        for path in pack.files.list(FOLDER).unwrap_or_default() {
            if !path.ends_with(".yaml") {
                continue;
            }
            let located = decode::read(&*pack.files, &path, sink);
            let located = located.filter(|it| decode::typed::<serde_json::Value>(it, Kind::Messages, sink).is_some());
            let Some(located) = located else {
                tables.is_broken = true;
                continue;
            };
            tables.add(&located, layer, &mut seen, sink);
            if tables.entries > MAX_ENTRIES {
                let message = format!("with `{path}`, the message tables have more than {MAX_ENTRIES} entries");
                sink.push(Diagnostic::fault(&codes::PACK_TOO_LARGE, message).at(located.span.clone()));
                return tables;
            }
        }
    }
    tables
}

impl Tables {
    /// Takes over the entries of one file; `seen` are those of the other files of its pack.
    fn add(&mut self, file: &Located, layer: usize, seen: &mut BTreeMap<EcoString, Span>, sink: &mut Sink) {
        let mut first = |group: &str, key: &str, span: &Span, sink: &mut Sink| {
            let Some(other) = seen.insert(ecow::eco_format!("{group} {key}"), span.clone()) else { return };
            let message = format!("`{key}` stands under `{group}` twice, first in {}:{}", other.file, other.line);
            sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span.clone()));
        };
        for entry in entries(file, "texts") {
            self.entries += 1;
            first("texts", &entry.key, &entry.key_span, sink);
            if !is_key(&entry.key) {
                let message = format!("`{}` is no key of a message", entry.key);
                let fault = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(entry.key_span.clone());
                sink.push(fault.help("a key is of small letters, digits, `-` and `.`, as in `audit.report`"));
            }
            match message(&entry.value, layer, sink) {
                Some(message) => drop(self.messages.texts.insert(entry.key.clone(), message)),
                None => self.is_broken = true,
            }
        }
        for entry in entries(file, "checks") {
            self.entries += 1;
            first("checks", &entry.key, &entry.key_span, sink);
            let words = self.messages.checks.entry(entry.key.clone()).or_default();
            if let Some(value) = entry.value.get("message") {
                let message = message(value, layer, sink);
                self.is_broken |= message.is_none();
                words.message = message.or(words.message.take());
            }
            if let Some(value) = entry.value.get("explain") {
                let text = value.as_str().unwrap_or_default().trim().into();
                words.explain = Some(Explained { text, span: value.span.clone(), layer });
            }
        }
        for entry in entries(file, "starter") {
            self.entries += 1;
            first("starter", &entry.key, &entry.key_span, sink);
            let said = entry.key.split_whitespace().collect::<Vec<_>>().join(" ");
            self.messages.starter.insert(said.into(), entry.value.as_str().unwrap_or_default().into());
        }
        let text = |entry: &Located, key: &str| entry.text(key).map(str::to_owned);
        for entry in entries(file, "requirements") {
            self.entries += 1;
            first("requirements", &entry.key, &entry.key_span, sink);
            let known = self.requirements.entry(entry.key.to_string()).or_default();
            let [cites, title] = [text(&entry.value, "cites"), text(&entry.value, "title")];
            *known = [cites.or(known[0].take()), title.or(known[1].take())];
        }
        for entry in entries(file, "schema") {
            self.entries += 1;
            // One file may have the titles, another the synonyms.
            for own in entry.value.entries() {
                first("schema", &ecow::eco_format!("{}.{}", entry.key, own.key), &own.key_span, sink);
            }
            let below = self.schema.remove(entry.key.as_str());
            let mut synonyms = named(&entry.value, "synonyms");
            let mut written: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for own in entry.value.get("written").map_or(&[][..], Located::entries) {
                written.insert(own.key.to_string(), own.value.list().iter().filter_map(said).collect());
            }
            let mut choices = BTreeMap::new();
            for own in entry.value.get("choices").map_or(&[][..], Located::entries) {
                choices.extend(own.value.as_str().map(|said| (own.key.to_string(), said.to_owned())));
            }
            let (title, description, why) = below
                .map(|words| {
                    synonyms.extend(words.synonyms);
                    for (value, words) in words.written {
                        written.entry(value).or_default().extend(words);
                    }
                    for (choice, said) in words.choices {
                        choices.entry(choice).or_insert(said);
                    }
                    (words.title, words.description, words.why)
                })
                .unwrap_or_default();
            let words = Words {
                title: text(&entry.value, "title").or(title),
                description: text(&entry.value, "description").or(description),
                why: text(&entry.value, "why").or(why),
                synonyms,
                written,
                choices,
                span: entry.key_span.clone(),
            };
            self.schema.insert(entry.key.to_string(), words);
        }
    }

    /// Gives the requirements of a manifest the words that the tables have for them.
    pub(super) fn name_requirements(&self, manifest: &mut Manifest) {
        for requirement in &mut manifest.requirements {
            if let Some([cites, title]) = self.requirements.get(&requirement.id) {
                requirement.cites = cites.clone().unwrap_or(std::mem::take(&mut requirement.cites));
                requirement.title = title.clone().unwrap_or(std::mem::take(&mut requirement.title));
            }
        }
    }
}

fn said(text: &Located) -> Option<String> {
    text.as_str().map(str::to_owned)
}

/// The texts of a list.
fn named(located: &Located, key: &str) -> Vec<String> {
    located.items(key).iter().filter_map(said).collect()
}

/// Small letters and digits, with single points and hyphens between them.
fn is_key(key: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    key.split(['.', '-']).all(is_part)
}

fn entries<'f>(file: &'f Located, group: &str) -> &'f [crate::yaml::Entry] {
    file.get(group).map(Located::entries).unwrap_or_default()
}

/// A message; one that cannot be read is a fault at its line.
fn message(value: &Located, layer: usize, sink: &mut Sink) -> Option<Entry> {
    let written = value.as_str()?.trim();
    match Message::parse(written) {
        Ok(message) => Some(Entry { message, written: written.into(), span: value.span.clone(), layer }),
        Err(mistake) => {
            let near: String = written[mistake.at.min(written.len())..].chars().take(30).collect();
            let place = if near.is_empty() { "at its end".to_owned() } else { format!("at `{near}`") };
            let message = format!("the message `{written}` cannot be read {place}: {}", mistake.problem);
            let fault = Diagnostic::fault(&codes::MESSAGE_SYNTAX, message).at(value.span.clone());
            sink.push(fault.help(codes::MESSAGE_SYNTAX.fix));
            None
        }
    }
}
