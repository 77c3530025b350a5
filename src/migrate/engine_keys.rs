//! What becomes of the engine's own keys: document control, accepted findings, documents left out, samples.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::carry::{Carry, listed};
use crate::edit::{Change, Field, Piece};

impl Carry<'_> {
    /// The id that a document has in the new pack.
    pub(super) fn document(&self, id: &str) -> Option<String> {
        let is_known = |id: &str| self.to.documents.iter().any(|document| document.id == id);
        let new = self.migration.documents.get(id).map_or(id, String::as_str);
        is_known(new).then(|| new.to_owned())
    }

    /// A map by document ids. What stands under a document that the new pack does not have, or under one that two
    /// become, goes to `unmapped`.
    pub(super) fn by_document(&mut self, entries: &Map<String, Json>, at: &str) -> Change {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut fields = Vec::new();
        for (id, value) in entries {
            let path = format!("{at}.{id}");
            match self.document(id) {
                Some(name) if taken.insert(name.clone()) => {
                    fields.push(Field { key: id.clone(), name, change: Change::Keep });
                }
                found => {
                    let reason = match found {
                        Some(name) => format!("another document became `{name}` too"),
                        None => format!("{} has no document `{id}`", self.to.label(0)),
                    };
                    self.leave(&path, reason, value.clone());
                    fields.push(Field::new(id.clone(), Change::Remove));
                }
            }
        }
        Change::map(fields)
    }

    /// Documents left out. One that the new pack calls final cannot be.
    pub(super) fn skip(&mut self, entries: &Map<String, Json>, at: &str) -> Change {
        let is_final = |id: &str| self.to.documents.iter().any(|document| document.id == id && document.is_final);
        let (fixed, free): (Map<_, _>, Map<_, _>) =
            entries.clone().into_iter().partition(|(id, _)| self.document(id).is_some_and(|id| is_final(&id)));
        let mut fields = Vec::new();
        for (id, value) in fixed {
            self.leave(&format!("{at}.{id}"), format!("{} calls this document final", self.to.label(0)), value);
            fields.push(Field::new(id, Change::Remove));
        }
        self.by_document(&free, at).and(Change::map(fields))
    }

    /// Findings that somebody accepted. Those of checks that the new pack does not have go to `unmapped`.
    pub(super) fn accepted(&mut self, waivers: &[Json]) -> Change {
        let mut pieces = Vec::new();
        for (index, waiver) in waivers.iter().enumerate() {
            let path = format!("accepted[{index}]");
            let old = waiver["check"].as_str().unwrap_or_default();
            let check = self.migration.checks.get(old).map_or(old, String::as_str).to_owned();
            if !self.to.checks.iter().any(|known| known.id == check) {
                self.leave(&path, format!("{} has no check `{old}`", self.to.label(0)), waiver.clone());
                continue;
            }
            let mut fields = Vec::new();
            if check != old {
                fields.push(Field::new("check", Change::Become(Json::from(check))));
            }
            let place = waiver["at"].as_str().unwrap_or_default();
            let places = self.paths(place);
            let Some(first) = places.first() else {
                self.leave(&path, format!("`{place}` has no counterpart"), waiver.clone());
                continue;
            };
            if places != [place] {
                fields.push(Field::new("at", Change::Become(Json::from(first.as_str()))));
                let text =
                    format!("what was accepted at `{place}` is now accepted at `{first}`; look whether it still holds");
                self.judge(&path, text);
            }
            if places.len() > 1 {
                self.judge(&path, format!("`{place}` became {}; the first was taken", listed(&places)));
            }
            pieces.push(Piece { from: Some(index), change: Change::map(fields) });
        }
        Change::list(waivers.len(), pieces)
    }

    /// Profile paths in a list, each by itself or under `what`: those that still hold the starter's values, of which there is
    /// none, that are still to be recorded.
    pub(super) fn places(&self, entries: &[Json]) -> Change {
        let mut seen = BTreeSet::new();
        let mut pieces = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let old = entry.as_str().or_else(|| entry["what"].as_str()).unwrap_or_default();
            let paths = self.paths(old).into_iter().filter(|path| seen.insert(path.clone()));
            for (count, path) in paths.enumerate() {
                let change = match (count, entry.is_string()) {
                    (0, _) if path == old => Change::Keep,
                    (_, true) => Change::Become(Json::from(path)),
                    (0, false) => Change::map([Field::new("what", Change::Become(Json::from(path)))]),
                    (_, false) => {
                        let mut entry = entry.clone();
                        entry["what"] = Json::from(path);
                        Change::Become(entry)
                    }
                };
                pieces.push(Piece { from: (count == 0).then_some(index), change });
            }
        }
        Change::list(entries.len(), pieces)
    }
}
