//! What is proposed, and nobody has taken as the organisation's own: defaults that are decisions, and values of registers
//! that are marked as proposals.

use std::collections::{BTreeMap, BTreeSet};

use ecow::{EcoString, eco_format};
use serde_json::Value as Json;

use crate::schema::View;

/// A value that is proposed. One of the schema is decided as soon as it stands in the profile, the same or another; one
/// that stands in a register, as soon as its mark is gone.
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
    /// Where it stands, when it is a value of a register that is marked.
    pub recorded: Option<Recorded>,
}

/// Where a marked value stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The path of the register.
    pub register: EcoString,
    /// What the register is called.
    pub title: Option<String>,
    /// The path of the row.
    pub row: EcoString,
}

/// What is proposed and not decided: defaults in the order of the schema, then what is marked in registers.
#[derive(Debug, Clone, Default)]
pub struct Proposals {
    all: Vec<Proposal>,
    places: BTreeMap<EcoString, usize>,
    /// Those of registers by their place in every row, such as `duties[].owner`; by `duties[D.1]` and `duties[]`, one of each
    /// row of which everything is proposed.
    columns: BTreeMap<EcoString, Vec<usize>>,
}

impl Proposals {
    pub(super) fn add(&mut self, path: EcoString, steps: &[String], value: &Json, view: &View) {
        self.places.insert(path.clone(), self.all.len());
        let (title, why) = (view.title.clone(), view.why.clone());
        self.all.push(Proposal { path, steps: steps.to_vec(), value: value.clone(), title, why, recorded: None });
    }

    pub(super) fn record(&mut self, path: EcoString, steps: Vec<String>, value: Json, view: &View, recorded: Recorded) {
        self.places.insert(path.clone(), self.all.len());
        if let Some(property) = steps.last() {
            let column = eco_format!("{}[].{property}", recorded.register);
            self.columns.entry(column).or_default().push(self.all.len());
        }
        let title = view.title.clone();
        self.all.push(Proposal { path, steps, value, title, why: None, recorded: Some(recorded) });
    }

    /// Notes that everything in a row is proposed: a proposal of it was recorded last.
    pub(super) fn whole(&mut self, register: EcoString, row: EcoString) {
        let Some(last) = self.all.len().checked_sub(1) else { return };
        self.columns.entry(row).or_default().push(last);
        self.columns.entry(register + "[]").or_default().push(last);
    }

    /// Adds others behind these.
    pub(super) fn extend(&mut self, others: Proposals) {
        let before = self.all.len();
        for (column, places) in others.columns {
            self.columns.entry(column).or_default().extend(places.into_iter().map(|place| before + place));
        }
        for proposal in others.all {
            self.places.insert(proposal.path.clone(), self.all.len());
            self.all.push(proposal);
        }
    }

    /// The paths of those of registers, and of their columns.
    pub(super) fn recorded(&self) -> BTreeSet<EcoString> {
        let paths = self.all.iter().filter(|proposal| proposal.recorded.is_some()).map(|proposal| &proposal.path);
        paths.chain(self.columns.keys()).cloned().collect()
    }

    /// All of them.
    pub fn all(&self) -> &[Proposal] {
        &self.all
    }

    /// How many rows of each register hold proposals, in the order of the profile.
    pub fn rows(&self) -> Vec<(EcoString, usize)> {
        let mut registers: Vec<(EcoString, usize)> = Vec::new();
        let mut seen: BTreeSet<&EcoString> = BTreeSet::new();
        for recorded in self.all.iter().filter_map(|proposal| proposal.recorded.as_ref()) {
            if !seen.insert(&recorded.row) {
                continue;
            }
            match registers.iter_mut().find(|(register, _)| *register == recorded.register) {
                Some((_, count)) => *count += 1,
                None => registers.push((recorded.register.clone(), 1)),
            }
        }
        registers
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Where among [`Proposals::all`] the proposals stand that a text comes from: that of its path, those of a column of a
    /// register, and of rows that were counted those of which everything is proposed.
    pub fn behind(&self, path: &str) -> Vec<usize> {
        match self.columns.get(path) {
            Some(places) => places.clone(),
            None => self.at(path).into_iter().collect(),
        }
    }

    /// Whether a text that comes from a path shows a proposal, or was made of one.
    pub fn is_behind(&self, path: &str) -> bool {
        self.columns.contains_key(path) || self.at(path).is_some()
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
