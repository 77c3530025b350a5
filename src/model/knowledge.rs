//! What is known of a fact: recorded, said to be none, or not recorded.
//!
//! Silence says nothing. A value that nobody wrote is neither `false` nor empty; that there is none of something is a fact
//! of its own, which somebody has to say.

use ecow::{EcoString, eco_format};
use serde_json::Value as Json;

use super::origins::{DATA, DERIVED, Found, Origins};
use super::places::Sources;
use super::value::{Kind, Value};

/// The text by which a profile says that there is none.
pub const NONE: &str = "none";

/// What is known of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Knowledge {
    /// There is a value.
    Recorded,
    /// Somebody said that there is none.
    None,
    /// Nobody said anything.
    Unrecorded,
}

impl Knowledge {
    /// What a value says that comes from no place: one that a rule or helper made.
    pub fn of_made(value: &Json) -> Knowledge {
        match value {
            Json::Null => Knowledge::Unrecorded,
            Json::Bool(false) => Knowledge::None,
            Json::String(text) => Knowledge::of_text(text),
            Json::Array(items) if items.is_empty() => Knowledge::None,
            Json::Object(fields) if fields.is_empty() => Knowledge::Unrecorded,
            _ => Knowledge::Recorded,
        }
    }

    fn of_text(text: &str) -> Knowledge {
        match text.trim() {
            "" => Knowledge::Unrecorded,
            NONE => Knowledge::None,
            _ => Knowledge::Recorded,
        }
    }
}

/// Variables that are no part of the profile.
const OTHERS: [&str; 5] = [DATA, DERIVED, "as_of", "set", "today"];

/// Whether a path leads into the profile.
fn is_of_profile(path: &str) -> bool {
    let variable = path.split(['.', '[']).next().unwrap_or_default();
    !OTHERS.contains(&variable)
}

impl Origins {
    /// What is known of a path of the scope, as Handlebars has it.
    pub fn knowledge(&self, path: &[String]) -> Knowledge {
        match self.find(path) {
            Some(Found { value, near, rest: [] }) => self.knowledge_of(value, near),
            Some(Found { near, rest, .. }) => self.knowledge_below(near, rest),
            None if self.is_none(&path.join(".").into()) => Knowledge::None,
            None => Knowledge::Unrecorded,
        }
    }

    /// What is known of a value, of which `near` says where it came from.
    pub fn knowledge_of(&self, value: &Value, near: &Sources) -> Knowledge {
        let is_own = |found: fn(&Kind) -> bool| match near {
            Sources::One(place) => self.value_at(*place).is_some_and(|value| found(&value.kind)),
            _ => false,
        };
        match &value.kind {
            Kind::Null => self.knowledge_below(near, &[]),
            Kind::Bool(false) => Knowledge::None,
            Kind::Text(text) => Knowledge::of_text(text),
            // A list that nobody wrote, or what is left of it when it is gone through.
            Kind::List(list) if list.is_empty() => {
                if is_own(|kind| matches!(kind, Kind::List(own) if own.is_empty())) {
                    self.knowledge_below(near, &[])
                } else {
                    Knowledge::None
                }
            }
            Kind::Map(map) if map.is_empty() => self.knowledge_below(near, &[]),
            // A group of the profile is as much as what somebody wrote into it.
            Kind::Map(map) if is_own(|kind| matches!(kind, Kind::Map(_))) => {
                let is_written = |value: &Value| match value.from {
                    Sources::One(place) if self.defaults.contains(&self.places().path(place)) => false,
                    _ => self.knowledge_of(value, &value.from) != Knowledge::Unrecorded,
                };
                if map.values().any(is_written) { Knowledge::Recorded } else { self.knowledge_below(near, &[]) }
            }
            _ => Knowledge::Recorded,
        }
    }

    /// What is known of what stands nowhere: whether somebody said that there is none of it, or of what it would be part of.
    pub fn knowledge_below(&self, near: &Sources, rest: &[String]) -> Knowledge {
        let path = match (near, rest) {
            (Sources::One(place), rest) => {
                rest.iter().fold(self.places().path(*place), |path, key| eco_format!("{path}.{key}"))
            }
            (Sources::None, [_, ..]) => rest.join(".").into(),
            _ => return Knowledge::Unrecorded,
        };
        if self.is_none(&path) { Knowledge::None } else { Knowledge::Unrecorded }
    }

    /// Where something would stand that is not there: as near to it as there is a place.
    pub fn absent(&self, near: &Sources, rest: &[String]) -> Sources {
        let group = match near {
            Sources::One(place) => Some(*place),
            Sources::None => None,
            Sources::Many(_) => return near.clone(),
        };
        let found = rest.first().and_then(|key| self.places().absent(group, key));
        found.map_or_else(|| near.clone(), Sources::One)
    }

    /// The paths of the profile that nobody recorded, and for want of which there is nothing at a path of the scope.
    pub fn gaps(&self, path: &[String]) -> Vec<EcoString> {
        self.silent(&self.paths(path))
    }

    /// Those of some paths that are of the profile and that nobody recorded; of a column, those of its rows.
    pub fn silent(&self, paths: &[EcoString]) -> Vec<EcoString> {
        let mut found = Vec::new();
        for path in paths.iter().filter(|path| is_of_profile(path)) {
            self.silent_at(path, &mut found);
        }
        found
    }

    fn silent_at(&self, path: &EcoString, found: &mut Vec<EcoString>) {
        if let Some((list, rest)) = path.split_once("[]") {
            let rows = self.value_of(list).and_then(Value::as_list).map(|rows| rows.iter()).into_iter().flatten();
            let rows = rows.filter_map(|row| match row.from {
                Sources::One(place) => Some(self.places().path(place)),
                _ => None,
            });
            return rows.for_each(|row| self.silent_at(&eco_format!("{row}{rest}"), found));
        }
        let is_silent = match self.value_of(path) {
            Some(value) => self.knowledge_of(value, &value.from) == Knowledge::Unrecorded,
            None => !self.is_none(path),
        };
        if is_silent {
            found.push(path.clone());
        }
    }

    /// Whether somebody said that there is none of what a path of the profile leads to.
    fn is_none(&self, path: &EcoString) -> bool {
        let mut path = path.as_str();
        loop {
            if self.none.contains(path) {
                return true;
            }
            match path.rfind(['.', '[']) {
                Some(at) => path = &path[..at],
                None => return false,
            }
        }
    }
}
