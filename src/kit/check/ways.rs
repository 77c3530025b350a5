//! Ways through a template that no profile can go: past a value that is always there, or into a condition that another
//! around it has decided already.
//!
//! What cannot be told is taken for possible.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Subject;
use super::scopes::{Scopes, truth};
use crate::expand::outline::{Block, Part, Term};
use crate::expand::{Arm, Prepared};

/// The ways that nothing leads into, of those that a template names; one that a partial has in several documents is open
/// as soon as it is in one.
pub(super) fn closed(subject: &Subject<'_>) -> BTreeSet<Arm> {
    let data = Json::Object(subject.pack.data.clone());
    let (mut open, mut closed) = (BTreeSet::new(), BTreeSet::new());
    for prepared in subject.prepared() {
        let scopes = Scopes::new(subject.pack.schema.view(), &data);
        let mut walk = Walk { prepared, scopes, facts: Facts::default(), open: &mut open, closed: &mut closed };
        walk.parts(&prepared.parts, true);
    }
    closed.retain(|arm| !open.contains(arm));
    closed
}

/// What the conditions around a place have decided.
#[derive(Clone, Default)]
struct Facts {
    /// Conditions by what they say.
    truths: BTreeMap<String, bool>,
    /// Values that paths have, or do not have.
    is: BTreeMap<String, Json>,
    is_not: BTreeMap<String, Vec<Json>>,
}

struct Walk<'a, 's> {
    prepared: &'a Prepared,
    scopes: Scopes<'a>,
    facts: Facts,
    open: &'s mut BTreeSet<Arm>,
    closed: &'s mut BTreeSet<Arm>,
}

impl<'a> Walk<'a, '_> {
    fn parts(&mut self, parts: &'a [Part], is_open: bool) {
        for part in parts {
            if let Part::Block(block) = part {
                self.block(block, is_open);
            }
        }
    }

    fn block(&mut self, block: &'a Block, is_open: bool) {
        let term = block.terms.first();
        let outcome = term.and_then(|term| self.outcome(term));
        let outcome = if block.name == "unless" { outcome.map(|outcome| !outcome) } else { outcome };
        for otherwise in [false, true] {
            let goes = is_open && outcome != Some(otherwise);
            if block.is_choice()
                && let Some(site) = self.prepared.sites.get(block.site)
            {
                let arm = Arm::of(site, otherwise);
                let _ = if goes { self.open.insert(arm) } else { self.closed.insert(arm) };
            }
            let before = self.facts.clone();
            if let Some(term) = term {
                self.assume(term, (block.name == "unless") == otherwise);
            }
            if otherwise {
                self.parts(block.otherwise.as_deref().unwrap_or_default(), goes);
            } else if block.opens_scope() {
                self.scopes.enter(block);
                self.parts(&block.body, goes);
                self.scopes.leave();
            } else {
                self.parts(&block.body, goes);
            }
            self.facts = before;
        }
    }

    /// A condition as it is, whatever names it is written with.
    fn said(&self, term: &Term) -> String {
        match term {
            Term::Literal(value) => value.to_string(),
            Term::Path(path) => format!("({})", self.scopes.resolve(path).1),
            Term::Call(name, given) => {
                let given: Vec<String> = given.iter().map(|term| self.said(term)).collect();
                format!("{name}({})", given.join(","))
            }
        }
    }

    /// Whether a condition always comes out the same here.
    fn outcome(&self, term: &Term) -> Option<bool> {
        if let Some(known) = self.facts.truths.get(&self.said(term)) {
            return Some(*known);
        }
        match term {
            Term::Literal(value) => Some(truth(value)),
            Term::Path(path) => {
                let (known, name) = self.scopes.resolve(path);
                if name == ".as_of" {
                    return Some(true);
                }
                self.facts.is.get(&name).map(truth).or_else(|| known.truth())
            }
            Term::Call(name, given) => {
                let mut parts = given.iter().map(|part| self.outcome(part));
                match (name.as_str(), given.as_slice()) {
                    ("not", [inner]) => self.outcome(inner).map(|outcome| !outcome),
                    ("and", _) if parts.any(|part| part == Some(false)) => Some(false),
                    ("or", _) if parts.any(|part| part == Some(true)) => Some(true),
                    ("and", _) => given.iter().all(|part| self.outcome(part) == Some(true)).then_some(true),
                    ("or", _) => given.iter().all(|part| self.outcome(part) == Some(false)).then_some(false),
                    ("eq", [a, b]) => self.equal(a, b),
                    ("ne", [a, b]) => self.equal(a, b).map(|equal| !equal),
                    ("count", [list]) => self.outcome(list),
                    _ => None,
                }
            }
        }
    }

    fn equal(&self, a: &Term, b: &Term) -> Option<bool> {
        match (a, b) {
            (Term::Literal(a), Term::Literal(b)) => Some(a == b),
            (Term::Path(path), Term::Literal(value)) | (Term::Literal(value), Term::Path(path)) => {
                let (known, name) = self.scopes.resolve(path);
                if let Some(is) = self.facts.is.get(&name) {
                    return Some(is == value);
                }
                let is_not = self.facts.is_not.get(&name).map(Vec::as_slice).unwrap_or_default();
                if is_not.contains(value) || !known.can_be(value) {
                    return Some(false);
                }
                let mut left = known.choices()?.into_iter().filter(|choice| !is_not.contains(choice));
                (left.all(|choice| choice == *value)).then_some(true)
            }
            _ => None,
        }
    }

    /// Notes what a condition has decided.
    fn assume(&mut self, term: &Term, outcome: bool) {
        self.facts.truths.insert(self.said(term), outcome);
        let Term::Call(name, given) = term else { return };
        match (name.as_str(), given.as_slice()) {
            ("not", [inner]) => self.assume(inner, !outcome),
            ("and", _) | ("or", _) => {
                let decides = name == "and";
                let undecided: Vec<&Term> = given.iter().filter(|part| self.outcome(part) != Some(decides)).collect();
                if outcome == decides || undecided.len() == 1 {
                    undecided.into_iter().for_each(|part| self.assume(part, outcome));
                }
            }
            ("eq" | "ne", [a, b]) => {
                if let (Term::Path(path), Term::Literal(value)) | (Term::Literal(value), Term::Path(path)) = (a, b) {
                    let name_of = self.scopes.resolve(path).1;
                    if outcome == (name == "eq") {
                        self.facts.is.insert(name_of, value.clone());
                    } else {
                        self.facts.is_not.entry(name_of).or_default().push(value.clone());
                    }
                }
            }
            _ => {}
        }
    }
}
