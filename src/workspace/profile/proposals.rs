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
    /// The keys, and places in lists, that lead there.
    pub steps: Vec<String>,
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
    pub(super) fn add(&mut self, path: EcoString, steps: &[String], value: &Json, view: &View) {
        self.places.insert(path.clone(), self.all.len());
        let (title, why) = (view.title.clone(), view.why.clone());
        self.all.push(Proposal { path, steps: steps.to_vec(), value: value.clone(), title, why });
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
