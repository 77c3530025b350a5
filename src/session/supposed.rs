//! Why a place changed of which neither its words nor its conditions tell it for certain: the documents are made as if parts
//! of the facts were still as they were. Where a place is as it was then, those parts are the cause; where it is as it was by
//! all facts of before, the pack's release has no part in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::Session;
use crate::changes::{AS_OF, Cause, Change, Comparison, Difference, Manner};
use crate::diagnostic::Sink;
use crate::history::Facts;
use crate::holders::{PEOPLE_AS_ROLES, REGISTERS, ROLES};
use crate::model::Document;
use crate::model::places::{COMING, FORMER};
use crate::workspace::Workspace;
use crate::workspace::profile::{Step, steps};

/// The most parts of the facts that are tried one by one.
const MOST: usize = 8;

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
        let mut parts = parts(differences, comparison, workspace.profile.keys(), true);
        if parts.len() > MOST {
            parts = self::parts(differences, comparison, workspace.profile.keys(), false);
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

    /// Finds the causes of the changes that have none so far.
    fn find(&mut self, sought: Sought, open: &mut [Open<'_>]) {
        let unknown: BTreeSet<At> = at(open).filter(|(_, change)| is_unknown(change)).map(|(at, _)| at).collect();
        if unknown.is_empty() {
            return;
        }
        if self.comparison.is_by_facts() {
            // Nothing else differs: with all facts of before the documents are those of before.
            self.known.entry(self.all()).or_insert_with(|| Some(unknown.clone()));
        }
        let day = self.parts.iter().position(|(part, _)| part == AS_OF);
        let mut found: BTreeMap<At, Parts> = BTreeMap::new();
        let one_by_one: Vec<usize> = match sought {
            Sought::All if self.parts.len() <= MOST => self.all().into_iter().collect(),
            Sought::All | Sought::PackAndDay => day.into_iter().collect(),
        };
        for part in one_by_one {
            for at in self.ask(&Parts::from([part]), open).unwrap_or_default() {
                found.entry(at).or_default().insert(part);
            }
        }
        if sought == Sought::All {
            if self.parts.len() > MOST {
                self.halve(&mut found, open);
            }
            for at in unknown {
                if !found.contains_key(&at) {
                    let parts = self.together(at, open);
                    found.insert(at, parts);
                }
            }
        }
        for (at, parts) in found {
            let causes = parts.iter().flat_map(|part| self.causes(*part)).collect::<Vec<_>>();
            let change = open.get_mut(at.0).and_then(|(changes, _)| changes.get_mut(at.1));
            if let (Some(change), false) = (change, causes.is_empty()) {
                change.causes.retain(|cause| *cause != Cause::Unknown);
                change.causes.extend(causes);
                change.causes.sort();
                change.causes.dedup();
            }
        }
    }

    /// Of more parts than are tried one by one, the one by which a change goes: half of them is supposed, then the other half,
    /// for each digit of their binary numbers. What goes by one half alone, each time, goes by the part whose number that is.
    fn halve(&mut self, found: &mut BTreeMap<At, Parts>, open: &[Open<'_>]) {
        if self.parts.len() > MOST_HALVED {
            return;
        }
        let digits = usize::BITS - self.parts.len().saturating_sub(1).leading_zeros();
        let mut numbers: Option<BTreeMap<At, usize>> = None;
        for digit in 0..digits {
            let half = |is_set: bool| -> Parts {
                self.all().into_iter().filter(|number| (number >> digit & 1 == 1) == is_set).collect()
            };
            let (zero, one) = (half(false), half(true));
            let Some(by_zero) = self.ask(&zero, open) else { return };
            let Some(by_one) = self.ask(&one, open) else { return };
            let before = numbers.take();
            let told = by_zero.symmetric_difference(&by_one).filter_map(|at| {
                let number = before.as_ref().map_or(Some(0), |known| known.get(at).copied())?;
                Some((*at, number | usize::from(by_one.contains(at)) << digit))
            });
            let told: BTreeMap<At, usize> = told.collect();
            if told.is_empty() {
                return;
            }
            numbers = Some(told);
        }
        for (at, number) in numbers.into_iter().flatten().filter(|(_, number)| *number < self.parts.len()) {
            found.entry(at).or_default().insert(number);
        }
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
            let Some(document) = document.filter(|_| changes.iter().any(is_unknown)) else { continue };
            let still = self.comparison.changes(before, document);
            let still: BTreeSet<_> = still.iter().map(known_by).collect();
            let unknown = changes.iter().enumerate().filter(|(_, change)| is_unknown(change));
            gone.extend(unknown.filter(|(_, it)| !still.contains(&known_by(it))).map(|(at, _)| (number, at)));
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
            let paths =
                differences.iter().map(|difference| self::part(difference, self.workspace.profile.keys(), true));
            let keys: BTreeSet<String> = match part == AS_OF {
                // The rows that it moved.
                true => paths.filter(|path| path != AS_OF).collect(),
                false => BTreeSet::from([part.clone()]),
            };
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

/// The parts of the facts that differ: single values and rows, or else whole keys of the profile. What a day alone moved
/// goes with the day.
fn parts<'d>(
    differences: &'d [Difference],
    comparison: &Comparison<'_>,
    keys: &BTreeMap<String, String>,
    is_fine: bool,
) -> BTreeMap<String, Vec<&'d Difference>> {
    // Where one difference is of the whole, the others are no parts of their own.
    let of_all: Vec<String> = differences.iter().map(|it| part(it, keys, is_fine)).collect();
    let wholes: BTreeSet<&str> = of_all.iter().map(String::as_str).filter(|part| !part.contains(['.', '['])).collect();
    let moved = differences.iter().filter(|it| comparison.is_moved(it)).map(|it| part(it, keys, true));
    let moved: BTreeSet<String> = moved.collect();
    // A row that a day moved is gone here and came there.
    let is_moved = |it: &Difference| {
        let is_aside = [FORMER, COMING].iter().any(|aside| it.path.starts_with(aside));
        comparison.is_moved(it) || (is_aside && moved.contains(&part(it, keys, true)))
    };
    let mut found: BTreeMap<String, Vec<&Difference>> = BTreeMap::new();
    for (difference, part) in differences.iter().zip(&of_all) {
        let first = part.split(['.', '[']).next().unwrap_or_default();
        let name = match is_moved(difference) {
            true => AS_OF,
            false if wholes.contains(first) => first,
            false => part,
        };
        found.entry(name.to_owned()).or_default().push(difference);
    }
    found
}

/// The part of the facts that a difference lies in: a value of a group, a row of a register, wherever it stands by its days;
/// else a key of the profile.
fn part(difference: &Difference, keys: &BTreeMap<String, String>, is_fine: bool) -> String {
    let mut steps = steps(&difference.path);
    if matches!(steps.first(), Some(Step::Key(FORMER | COMING))) && steps.len() > 1 {
        steps.remove(0);
    }
    let is_one = is_fine && !difference.is_order() && difference.was().is_none();
    match steps.as_slice() {
        [Step::Key(register), Step::Row(row), ..] if is_one && keys.contains_key(*register) => {
            format!("{register}[{row}]")
        }
        [Step::Key(group), Step::Key(key), ..] if is_one => format!("{group}.{key}"),
        [Step::Key(key), ..] => (*key).to_owned(),
        _ => difference.path.clone(),
    }
}

/// Makes a part of a profile what it was.
fn put_back(profile: &mut Map<String, Json>, old: &Map<String, Json>, part: &str, keys: &BTreeMap<String, String>) {
    let steps = steps(part);
    let Some(Step::Key(first)) = steps.first().copied() else { return };
    if first == ROLES || REGISTERS.contains(&first) {
        replace(profile, old, PEOPLE_AS_ROLES);
    }
    match (steps.get(1), keys.get(first)) {
        (Some(Step::Row(row)), Some(property)) => {
            rows_back(profile, old, first, property, row);
            for aside in [FORMER, COMING] {
                let of = |profile: &Map<String, Json>| profile.get(aside).and_then(Json::as_object).cloned();
                let (was, mut is) = (of(old).unwrap_or_default(), of(profile).unwrap_or_default());
                rows_back(&mut is, &was, first, property, row);
                if !is.is_empty() || profile.contains_key(aside) {
                    profile.insert(aside.to_owned(), Json::Object(is));
                }
            }
        }
        (Some(Step::Key(key)), _) => {
            let was = old.get(first).and_then(Json::as_object);
            match (profile.get_mut(first).and_then(Json::as_object_mut), was) {
                (Some(is), Some(was)) => replace(is, was, key),
                _ => replace(profile, old, first),
            }
        }
        _ => {
            replace(profile, old, first);
            for aside in [FORMER, COMING] {
                let was = old.get(aside).and_then(Json::as_object).cloned().unwrap_or_default();
                if let Some(is) = profile.get_mut(aside).and_then(Json::as_object_mut) {
                    replace(is, &was, first);
                }
            }
        }
    }
}

fn replace(is: &mut Map<String, Json>, was: &Map<String, Json>, key: &str) {
    match was.get(key) {
        Some(value) => drop(is.insert(key.to_owned(), value.clone())),
        None => drop(is.remove(key)),
    }
}

/// Makes a row of a register what it was: another, gone, or there again behind the row that it stood behind.
fn rows_back(is: &mut Map<String, Json>, was: &Map<String, Json>, register: &str, property: &str, row: &str) {
    let list = |from: &Map<String, Json>| from.get(register).and_then(Json::as_array).cloned().unwrap_or_default();
    let (old, mut new) = (list(was), list(is));
    let is_called = |known: &Json, key: &str| match &known[property] {
        Json::String(text) => text == key,
        Json::Number(number) => number.to_string() == key,
        _ => false,
    };
    let there = new.iter().position(|known| is_called(known, row));
    let before = old.iter().position(|known| is_called(known, row));
    match (there, before) {
        (Some(there), Some(before)) => new[there] = old[before].clone(),
        (Some(there), None) => drop(new.remove(there)),
        (None, Some(before)) => {
            let above = old[..before].iter().rev();
            let at = above.filter_map(|above| new.iter().position(|known| known[property] == above[property])).next();
            new.insert(at.map_or(0, |at| at + 1), old[before].clone());
        }
        (None, None) => return,
    }
    match new.is_empty() && !was.contains_key(register) {
        true => drop(is.remove(register)),
        false => drop(is.insert(register.to_owned(), Json::Array(new))),
    }
}

fn is_unknown(change: &Change) -> bool {
    change.causes.contains(&Cause::Unknown)
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
        if change.causes.len() > 1 {
            change.causes.retain(|cause| *cause != Cause::Unknown);
        } else if is_unknown(change) && comparison.is_by_program() {
            change.causes = vec![Cause::Program];
        }
    }
}

/// What a change is known by.
fn known_by(change: &Change) -> (&str, Option<&str>, Manner, &str, &str) {
    let column = change.place.column.as_deref();
    (change.identity.as_str(), column, change.manner, change.before.as_str(), change.after.as_str())
}

/// What the place of a change is known by: what stood there before; of what came, its name.
fn place_of(change: &Change) -> (bool, Option<&str>, Option<&str>, &str) {
    let is_new = change.manner == Manner::Came;
    let name = if is_new { change.identity.as_str() } else { change.before.as_str() };
    (is_new, change.place.row.as_deref(), change.place.column.as_deref(), name)
}
