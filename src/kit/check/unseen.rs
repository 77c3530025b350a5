//! What a profile may hold and no fixture has: lists without a row, choices that nobody made, keys that nobody gave. A few
//! names of each kind in one finding: whoever looks for more adds a fixture first.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::Subject;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::schema::{Property, Source, View};
use crate::workspace::profile::Profile;

/// The most names in a finding.
const SHOWN: usize = 8;

/// What the profiles have that were looked at.
#[derive(Default)]
pub(super) struct Seen {
    /// Lists with a row, and keys that somebody gave.
    given: BTreeSet<String>,
    /// Values, by `key: value`.
    chosen: BTreeSet<String>,
}

impl Seen {
    /// Takes what a profile has.
    pub(super) fn take(&mut self, subject: &Subject<'_>, profile: &Profile) {
        let normalise = profile.normaliser();
        let is_default = |place: &[String]| profile.defaults().contains(&normalise(place));
        self.look(subject.pack.schema.view(), &profile.value, "", &mut Vec::new(), &is_default);
    }

    fn look(
        &mut self,
        view: &View,
        value: &Json,
        path: &str,
        place: &mut Vec<String>,
        is_default: &dyn Fn(&[String]) -> bool,
    ) {
        if view.asks.choices.is_some() {
            self.chosen.insert(choice(path, value));
        }
        match value {
            Json::Array(list) => {
                if !list.is_empty() {
                    self.given.insert(path.to_owned());
                }
                for (at, item) in list.iter().enumerate() {
                    let Some(items) = view.items() else { return };
                    place.push(at.to_string());
                    self.look(items, item, path, place, is_default);
                    place.pop();
                }
            }
            Json::Object(group) => {
                for (key, value) in group {
                    let Some(view) = view.property(key) else { continue };
                    place.push(key.clone());
                    let inner = inner(path, key);
                    let is_list = value.is_array();
                    if !is_list && !is_default(place) {
                        self.given.insert(inner.clone());
                    }
                    self.look(view, value, &inner, place, is_default);
                    place.pop();
                }
            }
            _ => {}
        }
    }
}

fn inner(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn choice(path: &str, value: &Json) -> String {
    format!("{path}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// What no fixture has, in the order of the schema.
#[derive(Default)]
struct Unseen {
    lists: Vec<String>,
    choices: Vec<String>,
    keys: Vec<String>,
}

pub(super) fn check(subject: &Subject<'_>, seen: &Seen, sink: &mut Sink) {
    let sources = subject.pack.schema.sources().iter();
    // A table of titles in another language asks for nothing.
    let is_schema = |source: &&Source| source.name.ends_with("profile.schema.json");
    let looked_at = |source: &&Source| {
        is_schema(source) && subject.layer_of(&source.name).is_some_and(|layer| layer < subject.depth)
    };
    let sources: Vec<&Source> = sources.filter(looked_at).collect();
    let mut unseen = Unseen::default();
    for property in subject.pack.schema.view().properties() {
        let pointer = format!("/properties/{}", property.name);
        unseen.look(property, "", &pointer, &sources, seen);
    }
    let Some(source) = sources.last() else { return };
    let Unseen { lists, choices, keys } = unseen;
    for (names, one, many) in [
        (lists, "no fixture has a row of the list", "no fixture has a row of the lists"),
        (choices, "no fixture has this choice", "no fixture has these choices"),
        (keys, "no fixture has the key", "no fixture has the keys"),
    ] {
        let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
        let message = match names.len() {
            0 => continue,
            1 => format!("{one} {}", shown.concat()),
            count if count <= SHOWN => format!("{many} {}", shown.join(", ")),
            count => format!("{many} {}, …: {count} in all", shown.join(", ")),
        };
        let diagnostic = Diagnostic::new(&codes::VALUES_UNSEEN, Severity::Note, message);
        sink.push(diagnostic.at(Span::file(source.name.clone())).help(codes::VALUES_UNSEEN.fix));
    }
}

impl Unseen {
    /// Only what a schema of the packs that are looked at names is theirs to try.
    fn look(&mut self, property: &Property, path: &str, pointer: &str, sources: &[&Source], seen: &Seen) {
        let path = inner(path, &property.name);
        let view = &property.view;
        // What stands behind a reference has no place of its own: the group that it is in says whose it is.
        let top: String = pointer.split('/').take(3).collect::<Vec<_>>().join("/");
        let refers =
            |source: &Source| source.json.pointer(&top).is_some_and(|group| group.to_string().contains("$ref"));
        let is_ours = sources.iter().any(|source| source.json.pointer(pointer).is_some() || refers(source));
        let is_list = view.items().is_some();
        if is_ours {
            if view.rows().is_some() && !seen.given.contains(&path) {
                self.lists.push(path);
                return; // Nothing of its rows can be seen.
            }
            let is_group = !view.properties().is_empty();
            let is_optional = !property.is_required && view.default.is_none() && !is_list && !is_group;
            if is_optional && !seen.given.contains(&path) {
                self.keys.push(path);
                return;
            }
            let choices = view.asks.choices.iter().flatten().map(|value| choice(&path, value));
            self.choices.extend(choices.filter(|choice| !seen.chosen.contains(choice)));
        }
        let (below, pointer) = match view.items() {
            Some(items) => (items, format!("{pointer}/items")),
            None => (view, pointer.to_owned()),
        };
        if is_list && let Some(values) = &below.asks.choices {
            let choices = values.iter().map(|value| choice(&path, value));
            self.choices.extend(choices.filter(|choice| is_ours && !seen.chosen.contains(choice)));
        }
        for property in below.properties() {
            let name = property.name.replace('~', "~0").replace('/', "~1");
            self.look(property, &path, &format!("{pointer}/properties/{name}"), sources, seen);
        }
    }
}
