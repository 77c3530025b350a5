//! Texts that name the old edition: nobody but a reader can say what they should name now.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::Value as Json;

use super::carry::{At, Carry};
use crate::schema::View;

/// What to look for in texts.
pub(super) struct Mentions {
    /// An id, in the first group.
    ids: Option<Regex>,
    /// What each id became, in words.
    became: BTreeMap<String, String>,
    standard: String,
    /// Keys of the profile that are gone, by name or path, and what each became, in words.
    keys: BTreeMap<String, String>,
    key: Option<Regex>,
}

impl Mentions {
    /// The ids that changed, and how the old pack is called. An id without a letter is looked for behind the word that
    /// the pack cites it with.
    pub(super) fn of(carry: &Carry<'_>) -> Mentions {
        let mut patterns: Vec<String> = Vec::new();
        let mut became = BTreeMap::new();
        for (catalogue, ids) in &carry.from.catalogues() {
            let citation = carry.from.strings.citations.iter().find(|citation| citation.catalogue == *catalogue);
            for id in ids {
                let targets = carry.migration.targets(catalogue, id);
                if targets == [id.as_str()] {
                    continue;
                }
                let is_telling = id.chars().any(char::is_alphabetic) && id.chars().any(|c| c.is_ascii_digit());
                match (is_telling, citation) {
                    (true, _) => patterns.push(regex::escape(id)),
                    (false, Some(citation)) => {
                        patterns.push(format!("(?:{}) {}", regex::escape(&citation.one), regex::escape(id)));
                    }
                    (false, None) => continue,
                }
                let new = if targets.is_empty() {
                    "has no counterpart".into()
                } else {
                    format!("is now {}", targets.join(", "))
                };
                became.insert(id.clone(), new);
            }
        }
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.len()));
        let ids = (!patterns.is_empty()).then(|| Regex::new(&format!("(?i){}", patterns.join("|"))).ok()).flatten();
        Mentions { ids, became, standard: carry.from.manifest.standard.clone(), keys: BTreeMap::new(), key: None }
    }

    /// Keys of the profile that are gone, and what became of them: by path, and where a key's name is telling, by that.
    pub(super) fn of_keys(gone: BTreeMap<String, String>) -> Mentions {
        let mut keys: BTreeMap<String, String> = BTreeMap::new();
        for (path, became) in gone {
            let (parents, last) = path.rsplit_once('.').unwrap_or(("", &path));
            let is_telling = last.contains('_') || parents.is_empty();
            let key = if is_telling { last.to_owned() } else { path.replace("[]", "") };
            let said = format!("names `{path}`, which {became}");
            keys.entry(key).and_modify(|known| *known = format!("{known}; or {said}")).or_insert(said);
        }
        let mut patterns: Vec<String> = keys.keys().map(|key| regex::escape(key)).collect();
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.len()));
        let key = (!keys.is_empty()).then(|| Regex::new(&format!(r"\b(?:{})\b", patterns.join("|"))).ok()).flatten();
        Mentions { ids: None, became: BTreeMap::new(), standard: String::new(), keys, key }
    }

    /// What a text names, and what became of it.
    pub(super) fn in_text(&self, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut say = |what: String| {
            if !found.contains(&what) {
                found.push(what);
            }
        };
        for hit in self.ids.iter().flat_map(|ids| ids.find_iter(text)) {
            let before = text[..hit.start()].chars().next_back();
            let mut after = text[hit.end()..].chars();
            let goes_on = match after.next() {
                Some('.') => after.next().is_some_and(char::is_alphanumeric),
                next => next.is_some_and(char::is_alphanumeric),
            };
            if before.is_some_and(|c| c.is_alphanumeric() || c == '.') || goes_on {
                continue;
            }
            let id = hit.as_str().rsplit(' ').next().unwrap_or_default();
            if let Some(new) = self.became.get(id) {
                say(format!("names `{}`, which {new}", hit.as_str()));
            }
        }
        for hit in self.key.iter().flat_map(|key| key.find_iter(text)) {
            if let Some(said) = self.keys.get(hit.as_str()) {
                say(said.clone());
            }
        }
        if !self.standard.is_empty() && text.contains(&self.standard) {
            say(format!("names {}", self.standard));
        }
        found
    }

    /// Notes every text of a value that is no reference.
    pub(super) fn note(&self, carry: &mut Carry<'_>, value: &Json, view: &View, at: &At) {
        match value {
            Json::String(text) if carry.catalogue(view, text).is_none() => {
                for what in self.in_text(text) {
                    // A row that has no counterpart was noted whole.
                    if let Some(path) = carry.paths(&at.path).first() {
                        carry.judge(&path.clone(), what);
                    }
                }
            }
            Json::Object(fields) => {
                for (key, value) in fields {
                    if let Some(view) = view.property(key) {
                        self.note(carry, value, view, &at.key(key));
                    }
                }
            }
            Json::Array(items) => {
                let Some(row) = view.items() else { return };
                for (index, item) in items.iter().enumerate() {
                    let key = view.key.as_deref().and_then(|key| item[key].as_str());
                    let key = key.map_or_else(|| index.to_string(), str::to_owned);
                    self.note(carry, item, row, &at.row(&key));
                }
            }
            _ => {}
        }
    }
}
