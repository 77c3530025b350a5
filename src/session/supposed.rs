//! Why a place changed of which neither its words nor its conditions tell it for certain: the documents are made as if part
//! of the facts were still as it was. Where a place is as it was then, that part is the cause; where it is as it was by all
//! facts of before, the pack's release has no part in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::Session;
use crate::changes::{AS_OF, Cause, Change, Comparison, Difference, Manner};
use crate::diagnostic::Sink;
use crate::history::Facts;
use crate::model::Document;
use crate::workspace::Workspace;

/// The most parts of the facts that are tried one by one.
const MOST: usize = 8;

/// The most digits of the number of a part, where there are more: twice as often the documents are made.
const MOST_DIGITS: u32 = 5;

/// The most facts of a part that are named.
const MOST_FACTS: usize = 12;

/// Changes of a document, and what it said before.
pub(super) type Open<'c> = (&'c mut Vec<Change>, &'c Document);

impl Session {
    /// Settles which changes of documents are the pack's: what the facts of before would say with the packs of now. The facts
    /// are those of before and those of now. What only days or facts changed is theirs, however the pack was released.
    pub fn settle(
        &self,
        workspace: &Workspace,
        comparison: &Comparison<'_>,
        facts: [&Facts; 2],
        open: &mut [Open<'_>],
    ) {
        self.settle_packs(workspace, comparison, facts, open);
        self.suppose(workspace, comparison, facts, AS_OF, open);
        tidy(comparison, open);
    }

    /// The same, and finds causes for the changes that have none so far.
    pub fn explain(
        &self,
        workspace: &Workspace,
        comparison: &Comparison<'_>,
        facts: [&Facts; 2],
        open: &mut [Open<'_>],
    ) {
        self.settle_packs(workspace, comparison, facts, open);
        let parts: BTreeSet<&str> = comparison.differences().iter().map(part).collect();
        if parts.len() <= MOST {
            for part in parts {
                self.suppose(workspace, comparison, facts, part, open);
            }
        } else {
            self.suppose(workspace, comparison, facts, AS_OF, open);
            self.search(workspace, comparison, facts, &parts.into_iter().collect::<Vec<_>>(), open);
        }
        tidy(comparison, open);
    }

    fn settle_packs(
        &self,
        workspace: &Workspace,
        comparison: &Comparison<'_>,
        [old, new]: [&Facts; 2],
        open: &mut [Open<'_>],
    ) {
        let is_claimed = |change: &Change| change.causes.iter().any(Cause::is_of_pack);
        let is_any = open.iter().any(|(changes, _)| changes.iter().any(is_claimed));
        if !is_any || old.packs == new.packs || !is_of_now(workspace, new) {
            return;
        }
        let Some(documents) = self.supposing(workspace, old.profile.clone(), &old.as_of) else { return };
        for (changes, before) in open {
            let id = before.control.id.as_str();
            let Some(document) = documents.iter().find(|document| document.control.id == id) else { continue };
            let by_pack = comparison.changes(before, document);
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
                    change.causes.push(comparison.only().unwrap_or(Cause::Unknown));
                }
            }
        }
    }

    /// Makes the documents as if a part of the facts were as it was: it is the cause of what is without one and goes by that.
    fn suppose(
        &self,
        workspace: &Workspace,
        comparison: &Comparison<'_>,
        facts: [&Facts; 2],
        part: &str,
        open: &mut [Open<'_>],
    ) {
        let causes = causes(comparison, part);
        if causes.is_empty() {
            return;
        }
        let Some(gone) = self.gone(workspace, comparison, facts, &[part], open) else { return };
        for (document, at) in gone {
            let change = open.get_mut(document).and_then(|(changes, _)| changes.get_mut(at));
            change.into_iter().for_each(|change| explained(change, &causes));
        }
    }

    /// The same for more parts than are tried one by one: half of them is supposed, then the other half, for each digit of
    /// their binary numbers. What goes by one half alone, each time, goes by the part whose number that is.
    fn search(
        &self,
        workspace: &Workspace,
        comparison: &Comparison<'_>,
        facts: [&Facts; 2],
        parts: &[&str],
        open: &mut [Open<'_>],
    ) {
        let digits = usize::BITS - parts.len().saturating_sub(1).leading_zeros();
        if digits > MOST_DIGITS {
            return;
        }
        let mut numbers: Option<BTreeMap<(usize, usize), usize>> = None;
        for digit in 0..digits {
            let half = |is_set: bool| -> Vec<&str> {
                let chosen = parts.iter().enumerate().filter(|(number, _)| (number >> digit & 1 == 1) == is_set);
                chosen.map(|(_, part)| *part).collect()
            };
            let Some(by_zero) = self.gone(workspace, comparison, facts, &half(false), open) else { return };
            let Some(by_one) = self.gone(workspace, comparison, facts, &half(true), open) else { return };
            let before = numbers.take();
            let told = by_zero.symmetric_difference(&by_one).filter_map(|at| {
                let number = before.as_ref().map_or(Some(0), |known| known.get(at).copied())?;
                Some((*at, number | usize::from(by_one.contains(at)) << digit))
            });
            let told: BTreeMap<(usize, usize), usize> = told.collect();
            if told.is_empty() {
                return;
            }
            numbers = Some(told);
        }
        for ((document, at), number) in numbers.into_iter().flatten() {
            let causes = parts.get(number).map(|part| causes(comparison, part)).unwrap_or_default();
            let change = open.get_mut(document).and_then(|(changes, _)| changes.get_mut(at));
            if let (Some(change), false) = (change, causes.is_empty()) {
                explained(change, &causes);
            }
        }
    }

    /// Which changes without a cause are not there when parts of the facts are as they were: by document and change. Nothing
    /// where that cannot be asked, or needs not.
    fn gone(
        &self,
        workspace: &Workspace,
        comparison: &Comparison<'_>,
        [old, new]: [&Facts; 2],
        parts: &[&str],
        open: &[Open<'_>],
    ) -> Option<BTreeSet<(usize, usize)>> {
        if !is_of_now(workspace, new) || !open.iter().any(|(changes, _)| changes.iter().any(is_unknown)) {
            return None;
        }
        let mut profile = new.profile.clone();
        for part in parts {
            match old.profile.get(*part) {
                Some(value) => drop(profile.insert((*part).to_owned(), value.clone())),
                None => drop(profile.remove(*part)),
            }
        }
        let as_of = if parts.contains(&AS_OF) { &old.as_of } else { &new.as_of };
        let documents = self.supposing(workspace, profile, as_of)?;
        let mut gone = BTreeSet::new();
        for (number, (changes, before)) in open.iter().enumerate() {
            let id = before.control.id.as_str();
            let Some(document) = documents.iter().find(|document| document.control.id == id) else { continue };
            let still = comparison.changes(before, document);
            let still: BTreeSet<_> = still.iter().map(known_by).collect();
            let unknown = changes.iter().enumerate().filter(|(_, change)| is_unknown(change));
            gone.extend(unknown.filter(|(_, it)| !still.contains(&known_by(it))).map(|(at, _)| (number, at)));
        }
        Some(gone)
    }

    /// The documents that other facts would make; nothing when they make none: facts of two times need not fit together.
    fn supposing(&self, workspace: &Workspace, profile: Map<String, Json>, as_of: &str) -> Option<Vec<Document>> {
        let mut said = Sink::new();
        let plan = self.plan_supposing(workspace, (profile, as_of), &mut said);
        self.documents(workspace, &plan, &mut said).documents
    }
}

/// The facts of a part that differ, as causes.
fn causes(comparison: &Comparison<'_>, part: &str) -> Vec<Cause> {
    let of_part = comparison.differences().iter().filter(|it| self::part(it) == part).take(MOST_FACTS);
    of_part.map(|difference| comparison.cause(difference)).collect()
}

/// A change whose causes were found.
fn explained(change: &mut Change, causes: &[Cause]) {
    change.causes.retain(|cause| *cause != Cause::Unknown);
    change.causes.extend(causes.iter().cloned());
}

fn is_unknown(change: &Change) -> bool {
    change.causes.contains(&Cause::Unknown)
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

/// Whether facts are kept with the packs of now: no others can be asked what they would say.
fn is_of_now(workspace: &Workspace, facts: &Facts) -> bool {
    let kept = facts.packs.iter().map(|pack| (&pack.id, &pack.digest));
    kept.eq(workspace.pack.layers.iter().map(|layer| (&layer.manifest.id, &layer.digest)))
}

/// The key of the profile that a difference lies in.
fn part(difference: &Difference) -> &str {
    difference.path.split(['.', '[']).next().unwrap_or_default()
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
