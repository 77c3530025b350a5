//! Why a place changed of which neither its words nor its conditions tell it for certain: the documents are made as if parts
//! of the facts were still as they were. Where a place is as it was then, those parts are the cause; where it is as it was by
//! all facts of before, the pack's release has no part in it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::Session;
use super::parts::{self, put_back};
use crate::changes::{AS_OF, Cause, Change, Comparison, Difference, Manner, Place};
use crate::diagnostic::Sink;
use crate::history::Facts;
use crate::model::Document;
use crate::workspace::Workspace;

/// The most parts of the facts that are tried one by one.
const MOST: usize = 8;

/// The most parts of the facts that are tried one by one where half of them and the other half make no documents.
const MOST_ALONE: usize = 16;

/// The most parts that are tried one by one beside the day, where nothing but the day is asked for.
const MOST_NEAR: usize = 2;

/// The most parts of the facts among which one is looked for by halves.
const MOST_HALVED: usize = 32;

/// How often the documents are made for one comparison, at most.
const MOST_MADE: usize = 24;

/// The most facts of a part that are named.
const MOST_FACTS: usize = 12;

/// Changes of a document, and what it said before.
pub(super) type Open<'c> = (&'c mut Vec<Change>, &'c Document);

/// What is to be told of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// What is the pack's, and what only fell due: what was released or reached is no doing of anybody here.
    PackAndDay,
    /// The cause of each.
    All,
}

/// A change of a document, by the places of both.
type At = (usize, usize);

/// Parts of the facts, by their places.
type Parts = BTreeSet<usize>;

impl Session {
    /// Settles which changes of documents are the pack's, by what the facts of before would say with the packs of now, and
    /// finds causes for those that have none so far. The facts are those of before and those of now.
    pub fn explain(
        &self,
        workspace: &Workspace,
        comparison: &Comparison<'_>,
        facts: [&Facts; 2],
        sought: Sought,
        open: &mut [Open<'_>],
    ) {
        // No other packs than those of now can be asked what they would say.
        let kept = facts[1].packs.iter().map(|pack| (&pack.id, &pack.digest));
        let is_of_now = kept.eq(workspace.pack.layers.iter().map(|layer| (&layer.manifest.id, &layer.digest)));
        if is_of_now {
            let mut trials = Trials::new(self, workspace, comparison, facts);
            trials.settle_packs(open);
            trials.find(sought, open);
        }
        tidy(comparison, open);
    }

    /// The documents that other facts would make; nothing when they make none: facts of two times need not fit together.
    fn supposing(&self, workspace: &Workspace, profile: Map<String, Json>, as_of: &str) -> Option<Vec<Document>> {
        let mut said = Sink::new();
        let plan = self.plan_supposing(workspace, (profile, as_of), &mut said);
        self.documents(workspace, &plan, &mut said).documents
    }
}

/// What is supposed, and what was found by that.
struct Trials<'t> {
    session: &'t Session,
    workspace: &'t Workspace,
    comparison: &'t Comparison<'t>,
    /// Those of before and those of now.
    facts: [&'t Facts; 2],
    /// The parts of the facts that differ, each with its differences.
    parts: Vec<(String, Vec<&'t Difference>)>,
    /// The changes without a cause that are not there when some parts are as they were; nothing where these make no documents.
    known: BTreeMap<Parts, Option<BTreeSet<At>>>,
    /// How often documents may still be made.
    left: usize,
    /// Whether they were to be made once more than that.
    is_spent: bool,
}

impl<'t> Trials<'t> {
    fn new(
        session: &'t Session,
        workspace: &'t Workspace,
        comparison: &'t Comparison<'_>,
        facts: [&'t Facts; 2],
    ) -> Trials<'t> {
        let differences = comparison.differences();
        let mut parts = parts::parts(differences, comparison, workspace.profile.keys(), true);
        if parts.len() > MOST {
            parts = parts::parts(differences, comparison, workspace.profile.keys(), false);
        }
        let parts = parts.into_iter().collect();
        Trials {
            session,
            workspace,
            comparison,
            facts,
            parts,
            known: BTreeMap::new(),
            left: MOST_MADE,
            is_spent: false,
        }
    }

    fn all(&self) -> Parts {
        (0..self.parts.len()).collect()
    }

    /// The documents with all facts of before and the packs of now: what is another there is the pack's.
    fn settle_packs(&mut self, open: &mut [Open<'_>]) {
        let [old, new] = self.facts;
        let is_claimed = |change: &Change| change.causes.iter().any(Cause::is_of_pack);
        let is_any = open.iter().any(|(changes, _)| changes.iter().any(is_claimed));
        if !is_any || old.packs == new.packs {
            return;
        }
        let Some(documents) = self.made(&self.all()) else { return };
        for (changes, before) in open.iter_mut() {
            let id = before.control.id.as_str();
            let Some(document) = documents.iter().find(|document| document.control.id == id) else { continue };
            let by_pack = self.comparison.changes(before, document);
            let whole: BTreeSet<_> = by_pack.iter().map(known_by).collect();
            let places: BTreeSet<_> = by_pack.iter().map(place_of).collect();
            for change in changes.iter_mut().filter(|change| is_claimed(change)) {
                if whole.contains(&known_by(change)) {
                    change.causes.retain(Cause::is_of_pack);
                    continue;
                }
                if !places.contains(&place_of(change)) {
                    change.causes.retain(|cause| !cause.is_of_pack());
                }
                // The pack and something else, or something else alone.
                if change.causes.iter().all(Cause::is_of_pack) {
                    change.causes.push(self.comparison.only().unwrap_or(Cause::Unknown));
                }
            }
        }
        let gone = self.gone(&documents, open);
        self.known.insert(self.all(), Some(gone));
    }

    /// Finds the causes of the changes that have none so far, and tries out those that only lie near.
    fn find(&mut self, sought: Sought, open: &mut [Open<'_>]) {
        let asked: BTreeSet<At> = at(open).filter(|(_, change)| is_open(change)).map(|(at, _)| at).collect();
        if asked.is_empty() {
            return;
        }
        if self.comparison.is_by_facts() {
            // Nothing else differs: with all facts of before the documents are those of before.
            self.known.entry(self.all()).or_insert_with(|| Some(asked.clone()));
        }
        let mut found: BTreeMap<At, Parts> = BTreeMap::new();
        match sought {
            Sought::PackAndDay => {
                let Some(day) = self.parts.iter().position(|(part, _)| part == AS_OF) else { return };
                self.one_by_one(&Parts::from([day]), &mut found, open);
                let near = self.near(&found.keys().copied().collect(), open);
                match near.len() <= MOST_NEAR {
                    true => self.one_by_one(&near, &mut found, open),
                    false => found.retain(|at, _| open.get(at.0).and_then(|it| it.0.get(at.1)).is_some_and(is_unknown)),
                }
            }
            Sought::All => {
                let near = self.near(&asked, open);
                if near.len() <= MOST {
                    self.one_by_one(&near, &mut found, open);
                }
                let is_settled = |(at, change): (At, &Change)| found.contains_key(&at) && !is_unknown(change);
                if !at(open).filter(|(at, _)| asked.contains(at)).all(is_settled) {
                    self.each(&mut found, open);
                }
                let unknown = at(open).filter(|(_, change)| is_unknown(change)).map(|(at, _)| at);
                for at in unknown.collect::<Vec<_>>() {
                    if let Entry::Vacant(place) = found.entry(at) {
                        place.insert(self.together(at, open));
                    }
                }
            }
        }
        for (at, parts) in found.into_iter().filter(|(_, parts)| !parts.is_empty()) {
            if let Some(change) = open.get_mut(at.0).and_then(|(changes, _)| changes.get_mut(at.1)) {
                self.explained(change, &parts);
            }
        }
    }

    /// A change whose causes were found: instead of what was guessed, and beside what was not tried out here.
    fn explained(&self, change: &mut Change, parts: &Parts) {
        let is_guessed = |cause: &Cause| matches!(cause, Cause::Fact { .. } | Cause::Time { .. });
        let known = std::mem::take(&mut change.causes).into_iter().filter(|cause| *cause != Cause::Unknown);
        let (guessed, kept): (BTreeSet<Cause>, BTreeSet<Cause>) = known.partition(is_guessed);
        let mut causes = kept;
        for part in parts {
            let all = self.causes(*part);
            // Of the facts of a part, those that lie near.
            let near = all.iter().filter(|cause| guessed.contains(cause)).cloned().collect::<Vec<_>>();
            causes.extend(if near.is_empty() { all } else { near });
        }
        change.causes = causes.into_iter().collect();
    }

    /// Which changes go by one part, whichever that is.
    fn each(&mut self, found: &mut BTreeMap<At, Parts>, open: &[Open<'_>]) {
        if self.parts.len() > MOST {
            let day = self.parts.iter().position(|(part, _)| part == AS_OF);
            self.one_by_one(&day.into_iter().collect(), found, open);
            if self.halve(found, open).is_some() || self.parts.len() > MOST_ALONE {
                return;
            }
        }
        self.one_by_one(&self.all(), found, open);
    }

    /// Which changes go when one part is as it was, for each of some parts.
    fn one_by_one(&mut self, parts: &Parts, found: &mut BTreeMap<At, Parts>, open: &[Open<'_>]) {
        for part in parts {
            for at in self.ask(&Parts::from([*part]), open).unwrap_or_default() {
                found.entry(at).or_default().insert(*part);
            }
        }
    }

    /// The parts that lie near some changes.
    fn near(&self, of: &BTreeSet<At>, open: &[Open<'_>]) -> Parts {
        let guesses = at(open).filter(|(at, change)| of.contains(at) && change.is_guess);
        let paths: BTreeSet<&str> = guesses.flat_map(|(_, change)| &change.causes).filter_map(path).collect();
        let lies = |differences: &[&Difference]| differences.iter().any(|it| paths.contains(it.path.as_str()));
        let near = self.parts.iter().enumerate().filter(|(_, (_, differences))| lies(differences));
        near.map(|(at, _)| at).collect()
    }

    /// Of more parts than are tried one by one, the one by which a change goes: half of them is supposed, then the other half,
    /// for each digit of their binary numbers. What goes by one half alone, each time, goes by the part whose number that is.
    /// Nothing where halves make no documents.
    fn halve(&mut self, found: &mut BTreeMap<At, Parts>, open: &[Open<'_>]) -> Option<()> {
        if self.parts.len() > MOST_HALVED {
            return None;
        }
        let digits = usize::BITS - self.parts.len().saturating_sub(1).leading_zeros();
        let mut numbers: Option<BTreeMap<At, usize>> = None;
        for digit in 0..digits {
            let half = |is_set: bool| -> Parts {
                self.all().into_iter().filter(|number| (number >> digit & 1 == 1) == is_set).collect()
            };
            let (zero, one) = (half(false), half(true));
            let by_zero = self.ask(&zero, open)?;
            let by_one = self.ask(&one, open)?;
            let before = numbers.take();
            let told = by_zero.symmetric_difference(&by_one).filter_map(|at| {
                let number = before.as_ref().map_or(Some(0), |known| known.get(at).copied())?;
                Some((*at, number | usize::from(by_one.contains(at)) << digit))
            });
            let told: BTreeMap<At, usize> = told.collect();
            if told.is_empty() {
                return Some(());
            }
            numbers = Some(told);
        }
        for (at, number) in numbers.into_iter().flatten().filter(|(_, number)| *number < self.parts.len()) {
            found.entry(at).or_default().insert(number);
        }
        Some(())
    }

    /// The parts that a change needs: where several sets of them would each take it back, those of all.
    fn together(&mut self, at: At, open: &[Open<'_>]) -> Parts {
        let (mut rest, mut found) = (self.all(), Parts::new());
        while !rest.is_empty() && self.goes(at, &rest, open) {
            let least = self.least(at, &Parts::new(), false, &rest, open);
            // What was not asked may be spared.
            if least.is_empty() || !self.goes(at, &least, open) || self.is_spent {
                break;
            }
            rest.retain(|part| !least.contains(part));
            found.extend(least);
        }
        found
    }

    /// The fewest of some parts that take a change back beside what is supposed already, none of which can be spared: halves
    /// that are not needed are left out as a whole (Junker's QuickXplain).
    fn least(&mut self, at: At, beside: &Parts, is_more: bool, parts: &Parts, open: &[Open<'_>]) -> Parts {
        if is_more && self.goes(at, beside, open) {
            return Parts::new();
        }
        if parts.len() < 2 {
            return parts.clone();
        }
        let first: Parts = parts.iter().take(parts.len() / 2).copied().collect();
        let second: Parts = parts.difference(&first).copied().collect();
        let with_first = beside.union(&first).copied().collect();
        let of_second = self.least(at, &with_first, true, &second, open);
        let with_second = beside.union(&of_second).copied().collect();
        let of_first = self.least(at, &with_second, !of_second.is_empty(), &first, open);
        of_first.union(&of_second).copied().collect()
    }

    fn goes(&mut self, at: At, parts: &Parts, open: &[Open<'_>]) -> bool {
        !parts.is_empty() && self.ask(parts, open).is_some_and(|gone| gone.contains(&at))
    }

    /// Which changes without a cause are not there when parts of the facts are as they were. Nothing where that cannot be asked.
    fn ask(&mut self, parts: &Parts, open: &[Open<'_>]) -> Option<BTreeSet<At>> {
        if let Some(known) = self.known.get(parts) {
            return known.clone();
        }
        let gone = self.made(parts).map(|documents| self.gone(&documents, open));
        self.known.insert(parts.clone(), gone.clone());
        gone
    }

    fn gone(&self, documents: &[Document], open: &[Open<'_>]) -> BTreeSet<At> {
        let mut gone = BTreeSet::new();
        for (number, (changes, before)) in open.iter().enumerate() {
            let id = before.control.id.as_str();
            let document = documents.iter().find(|document| document.control.id == id);
            let Some(document) = document.filter(|_| changes.iter().any(is_open)) else { continue };
            let still = self.comparison.changes(before, document);
            let still: BTreeSet<_> = still.iter().map(known_by).collect();
            let asked = changes.iter().enumerate().filter(|(_, change)| is_open(change));
            gone.extend(asked.filter(|(_, it)| !still.contains(&known_by(it))).map(|(at, _)| (number, at)));
        }
        gone
    }

    /// The documents when parts of the facts are as they were; nothing when these make none, or they were made often enough.
    fn made(&mut self, parts: &Parts) -> Option<Vec<Document>> {
        self.is_spent |= self.left == 0;
        self.left = self.left.checked_sub(1)?;
        let [old, new] = self.facts;
        if parts.len() == self.parts.len() {
            return self.session.supposing(self.workspace, old.profile.clone(), &old.as_of);
        }
        let (mut profile, mut as_of) = (new.profile.clone(), &new.as_of);
        for (part, differences) in parts.iter().filter_map(|part| self.parts.get(*part)) {
            if part == AS_OF {
                as_of = &old.as_of;
            }
            let all = differences.iter().map(|it| parts::part(it, self.workspace.profile.keys(), true));
            // The rows that a day moved, and what leads to a row, lie elsewhere.
            let lies_within = all.clone().all(|key| key.starts_with(part.as_str()));
            let mut keys: BTreeSet<String> = if lies_within { BTreeSet::new() } else { all.collect() };
            keys.insert(part.clone());
            keys.remove(AS_OF);
            for key in keys {
                put_back(&mut profile, &old.profile, &key, self.workspace.profile.keys());
            }
        }
        self.session.supposing(self.workspace, profile, as_of)
    }

    /// The facts of a part that differ, as causes; of the day, the day alone.
    fn causes(&self, part: usize) -> Vec<Cause> {
        let Some((part, differences)) = self.parts.get(part) else { return Vec::new() };
        let told = differences.iter().filter(|difference| part != AS_OF || difference.path == AS_OF);
        told.take(MOST_FACTS).map(|difference| self.comparison.cause(difference)).collect()
    }
}

fn is_unknown(change: &Change) -> bool {
    change.causes.contains(&Cause::Unknown)
}

/// Whether it is to be tried out why something changed.
fn is_open(change: &Change) -> bool {
    is_unknown(change) || change.is_guess
}

fn path(cause: &Cause) -> Option<&str> {
    match cause {
        Cause::Fact { path, .. } => Some(path),
        _ => None,
    }
}

fn at<'o>(open: &'o [Open<'_>]) -> impl Iterator<Item = (At, &'o Change)> {
    let of = |(number, (changes, _)): (usize, &'o Open<'_>)| {
        changes.iter().enumerate().map(move |(at, change)| ((number, at), change))
    };
    open.iter().enumerate().flat_map(of)
}

/// Where something tells why, nothing else is looked for any more; where nothing else differs, another program is it.
fn tidy(comparison: &Comparison<'_>, open: &mut [Open<'_>]) {
    for change in open.iter_mut().flat_map(|(changes, _)| changes.iter_mut()) {
        change.is_guess = false;
        if change.causes.len() > 1 {
            change.causes.retain(|cause| *cause != Cause::Unknown);
        } else if is_unknown(change) && comparison.is_by_program() {
            change.causes = vec![Cause::Program];
        }
    }
}

/// What a change is known by: not by the name of its row or block, which hangs on what stands before it.
fn known_by(change: &Change) -> (Option<&str>, Option<&str>, Option<&str>, Manner, &str, &str) {
    let Place { section, row, column, .. } = &change.place;
    let section = section.as_ref().map(|section| section.title.as_str());
    (section, row.as_deref(), column.as_deref(), change.manner, change.before.as_str(), change.after.as_str())
}

/// What the place of a change is known by: what stood there before; of what came, its name.
fn place_of(change: &Change) -> (bool, Option<&str>, Option<&str>, &str) {
    let is_new = change.manner == Manner::Came;
    let name = if is_new { change.identity.as_str() } else { change.before.as_str() };
    (is_new, change.place.row.as_deref(), change.place.column.as_deref(), name)
}
