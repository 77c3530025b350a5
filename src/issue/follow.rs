//! Documents that tell of the set, as a list of what is in force does: they are kept up with whatever is issued, approved,
//! withdrawn or taken over, in the same step, and need no approval of their own, for each of their lines was approved with
//! the document that it names. Who approved the version before stands behind the new one too.

use std::collections::{BTreeMap, BTreeSet};

use super::{Candidate, Desk, Done, Order, Wanted, append, candidates, complete, entry, keep_packs, make, refuse};
use crate::changes::{Cause, Change};
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::history::{Entry, Event, GivenOut, History, Places};
use crate::lock::LockedHistory;
use crate::model::{Control, Document, State, content};
use crate::plan::{self, Plan};

/// How often documents that tell of the set are told of it: what they say may make others say something else.
const MOST_TELLINGS: usize = 3;

/// Whether changes only tell of other documents of the set.
pub(super) fn tells_of_others(changes: &[Change]) -> bool {
    let causes = || changes.iter().flat_map(|change| &change.causes);
    causes().any(|cause| *cause == Cause::Set)
        && causes().all(|cause| matches!(cause, Cause::Set | Cause::Numbering))
        && changes.iter().all(|change| !change.causes.is_empty())
}

/// Documents that tell of the set tell of it as it is after the candidates are issued; those that thereby say something else
/// than their last version, and nothing else that is new, become candidates too. `waits` are the documents that wait for
/// somebody else. Nothing where the documents cannot be made.
pub(super) fn keep_up(
    desk: Desk<'_>,
    plan: &mut Plan,
    history: &History,
    waits: &BTreeSet<String>,
    candidates: &mut Vec<Candidate>,
    sink: &mut Sink,
) -> Option<()> {
    let Desk { session, workspace, .. } = desk;
    for _ in 0..MOST_TELLINGS {
        let after = match candidates.is_empty() {
            true => history.clone(),
            false => history.with(to_come(desk, plan, candidates)),
        };
        let before = plan.scope.values.map().get(plan::SET).cloned();
        plan.tell_set(workspace, &after);
        if plan.scope.values.map().get(plan::SET) == before.as_ref() {
            return Some(());
        }
        // Nothing is said twice: of what stands in the profile all was said of the first.
        let documents = session.documents(workspace, plan, &mut Sink::new()).documents?;
        for candidate in candidates.iter_mut() {
            let document = &documents[candidate.job];
            candidate.content = content::digest(document);
            let control = candidate.document.control.clone();
            candidate.document = Document { control, ..document.clone() };
        }
        let decided =
            candidates.iter().map(|candidate| candidate.id().to_owned()).chain(waits.iter().cloned()).collect();
        let wanted = Wanted { only: &[], is_major: false, reason: &desk.order.reason, decided: &decided };
        let mut said = Sink::new();
        let mut more = self::candidates(session, workspace, plan, documents, wanted, &mut Vec::new(), &mut said);
        // What is kept of those that follow is read here for the first time.
        said.into_vec().into_iter().filter(|problem| problem.code == codes::KEPT_BROKEN).for_each(|it| sink.push(it));
        more.retain(|candidate| candidate.follows);
        if more.is_empty() {
            return Some(());
        }
        more.iter_mut().for_each(|candidate| complete(desk, candidate));
        candidates.extend(more);
        candidates.sort_by_key(|candidate| candidate.job);
    }
    Some(())
}

/// What the history will say of candidates, with the names of their files.
fn to_come(desk: Desk<'_>, plan: &Plan, candidates: &[Candidate]) -> Entry {
    let controls: Vec<&Control> = candidates.iter().map(|candidate| &candidate.document.control).collect();
    let stems = plan::stems(desk.workspace, &controls);
    let issued = candidates.iter().zip(stems).map(|(candidate, stem)| {
        let mut issued = candidate.issued();
        if issued.awaits.is_empty() {
            let formats = plan.jobs[candidate.job].formats.iter();
            let given = |name: String| GivenOut { name: name.into(), sha256: String::new() };
            let files = formats.map(|it| (it.name.into(), given(format!("{stem}.{}", it.extension))));
            issued.files = files.collect::<BTreeMap<_, _>>();
        }
        issued
    });
    entry(Event::Issue, desk.order.day, None, issued.collect())
}

/// Appends an entry that approves, withdraws or takes over, and keeps up what tells of the set.
pub(super) fn append_with_followers(
    desk: Desk<'_>,
    places: &Places,
    (own, lost): (Entry, Option<LockedHistory>),
    done: &mut Done,
    sink: &mut Sink,
) {
    // What was taken over has a day before; the list follows when that is noted.
    let order = Order { day: own.day, ..desk.order.clone() };
    let desk = Desk { order: &order, ..desk };
    let Desk { session, workspace, .. } = desk;
    let mut plan = session.plan_unchecked(workspace, &mut Sink::new());
    plan.jobs.iter_mut().for_each(|job| job.control.state = State::Issued);
    let history = workspace.history.with(own.clone());
    let decided = own.documents.iter().map(|issued| issued.id.to_string()).collect();
    let mut followers = Vec::new();
    let mut entries = vec![own];
    if keep_up(desk, &mut plan, &history, &decided, &mut followers, sink).is_none() {
        let message = "what tells of the set, as the list of documents does, cannot be brought up to date";
        let problem = Diagnostic::new(&codes::LIST_BEHIND, Severity::Warning, message);
        sink.push(problem.help(codes::LIST_BEHIND.fix));
    } else if !followers.is_empty() {
        followers.iter().for_each(|it| refuse::version(workspace, it.id(), &it.version, sink));
        let Some(versions) = make(desk, &plan, places, &mut followers, done, sink) else { return };
        let Some(packs) = keep_packs(workspace, &mut done.commit, sink) else { return };
        // What else changed in the facts since the last issue stays to be issued, and to be decided.
        let facts = workspace.history.entries.iter().rev().find_map(|entry| entry.facts.clone());
        let by = entries.first().and_then(|own| own.by.clone());
        let reason = order.reason.trim().to_owned();
        entries.push(Entry { reason, facts, packs, ..entry(Event::Issue, order.day, by, versions) });
    }
    append(workspace, entries, lost, &mut done.commit, sink);
}
