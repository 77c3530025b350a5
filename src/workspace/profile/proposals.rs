//! Defaults that are decisions: what the pack proposes, and nobody has taken as the organisation's own.

use std::collections::BTreeMap;

use ecow::EcoString;
use serde_json::Value as Json;

use crate::schema::View;

/// A value that the schema proposes. It is decided as soon as it stands in the profile, the same or another.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Where it would stand in the profile.
    pub path: EcoString,
    /// What is proposed.
    pub value: Json,
    /// What it is.
    pub title: Option<String>,
    /// Why this and no other.
    pub why: Option<String>,
}

/// What is proposed and not decided, in the order of the schema.
#[derive(Debug, Clone, Default)]
pub struct Proposals {
    all: Vec<Proposal>,
    places: BTreeMap<EcoString, usize>,
}

impl Proposals {
    pub(super) fn add(&mut self, path: EcoString, value: &Json, view: &View) {
        self.places.insert(path.clone(), self.all.len());
        self.all.push(Proposal { path, value: value.clone(), title: view.title.clone(), why: view.why.clone() });
    }

    /// All of them.
    pub fn all(&self) -> &[Proposal] {
        &self.all
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The proposal that stands at a path, or that holds what stands there; its place among [`Proposals::all`].
    pub fn at(&self, path: &str) -> Option<usize> {
        let mut path = path;
        loop {
            if let Some(place) = self.places.get(path) {
                return Some(*place);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }
}
