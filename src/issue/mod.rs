//! Issuing: documents that changed get a new version, all others keep theirs.
//!
//! Everything that an order changes is one [`Commit`] in the workspace, so a kill leaves all of it or nothing. What is kept
//! is never altered: a version of several approvers has its model from the first of them in `model.json`, and gets its files,
//! with a second model beside the first, from the last.

mod candidates;
mod control;
mod entry;
mod files;
mod follow;
mod refuse;
mod turn;
mod who;

use std::collections::BTreeSet;
use std::path::Path;

use ecow::EcoString;
use jiff::civil::Date;

use crate::commit::Commit;
use crate::diagnostic::{Severity, Sink};
use crate::digest;
use crate::history::{self, Entry, Event, Facts, Issued, MODEL, Places};
use crate::ledger::{Ledger, LeftBehind, Wishes};
use crate::model::{Control, Document, State, stored};
use crate::plan::{self, Plan};
use crate::session::Session;
use crate::workspace::Workspace;
use candidates::{Candidate, Wanted, admitted, candidates};
use control::{by, complete};
use entry::{append, entry};
use files::{Given, give_out, issued_to, keep_packs, place, print, standing};
pub use turn::{Baseline, approve, baseline, stored as stored_files, withdraw};
use who::Who;

/// What is ordered.
#[derive(Debug, Clone)]
pub struct Order {
    /// Who approves: the key or name of a person, body or role.
    pub approver: String,
    /// Why.
    pub reason: String,
    /// The day.
    pub day: Date,
    /// Only these documents, by id; all when empty.
    pub only: Vec<String>,
    /// Make major versions.
    pub is_major: bool,
    /// Since when what is issued is in force, where that is not the day of its approval.
    pub effective: Option<Date>,
    /// Go on without an earlier history that is missed: the new entry says so.
    pub new_history: bool,
}

/// What an order comes to.
#[derive(Debug, Default)]
pub struct Done {
    /// What changes in the workspace.
    pub commit: Commit,
    /// The versions that are made, approved, withdrawn or taken over.
    pub documents: Vec<Made>,
    /// The documents that keep their version: id, title, version.
    pub kept: Vec<(String, String, String)>,
    /// The documents that wait for somebody else.
    pub waiting: Vec<Waiting>,
    /// Drafts that have no place any more.
    pub left_behind: Vec<LeftBehind>,
}

/// Documents that wait for somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The role that approves them.
    pub role: String,
    /// Its title, and who holds it.
    pub who: String,
    /// Whether they were issued and wait for this further approval; else they were not issued.
    pub is_issued: bool,
    /// The documents: id, title.
    pub documents: Vec<(String, String)>,
}

/// A version that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The document's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The version.
    pub version: String,
    /// What its history says.
    pub change: String,
    /// Why it is a major version by the pack's rules.
    pub major: Option<String>,
    /// The roles that have yet to approve it.
    pub awaits: Vec<String>,
    /// Its files where people find them, in force or coming, below the workspace.
    pub files: Vec<String>,
    /// Since when it is in force, where that is later.
    pub effective: Option<Date>,
    /// Whether it only tells of what else was issued, and so needed no approval of its own.
    pub follows: bool,
}

/// Who orders what, of which workspace.
#[derive(Clone, Copy)]
struct Desk<'a> {
    session: &'a Session,
    workspace: &'a Workspace,
    who: &'a Who,
    order: &'a Order,
}

/// Prepares the issue of every document whose content is not that of its last version. Nothing is written; with a fault or
/// error in the sink nothing is given.
pub fn issue(session: &Session, root: &Path, order: &Order, sink: &mut Sink) -> Option<Done> {
    let workspace = session.workspace(root, sink)?;
    workspace.pack.check_asked(&order.only, sink);
    let ledger = Ledger::open(&workspace, &session.backends, None, Wishes::default(), sink)?;
    let mut plan = session.plan(&workspace, sink);
    session.report(&workspace, &plan, sink);
    plan.jobs.iter_mut().for_each(|job| job.control.state = State::Issued);
    let documents = session.documents(&workspace, &plan, sink).documents;
    session.leaks(&workspace, documents.as_deref().unwrap_or_default(), sink);
    let documents = documents.filter(|_| !sink.has_faults())?;
    let places = issued_to(&ledger, sink);
    let who = Who::named(&workspace, &order.approver, order.day, sink);
    let lost = refuse::history(&workspace, order, sink);
    refuse::reason(&order.reason, sink);
    refuse::day(&workspace, order.day, order.effective, sink);
    let mut done = Done::default();
    let wanted =
        Wanted { only: &order.only, is_major: order.is_major, reason: &order.reason, decided: &BTreeSet::new() };
    let candidates = candidates(session, &workspace, &plan, documents, wanted, &mut done.kept, sink);
    if candidates.is_empty() {
        // What is issued already needs no approval; that nothing was found is said by whoever asked.
        return (!sink.has_faults()).then_some(done);
    }
    let (followers, mut candidates): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|it| it.follows);
    if let Some(who) = &who {
        let desk = Desk { session, workspace: &workspace, who, order };
        candidates = admitted(desk, candidates, &mut done.waiting, sink);
    }
    let all: Vec<&Document> = candidates.iter().map(|candidate| &candidate.document).collect();
    refuse::open(&workspace, &all, order.day, sink);
    refuse::errors(sink);
    candidates.extend(followers);
    candidates.sort_by_key(|candidate| candidate.job);
    let (Some(places), Some(who)) = (places, who) else { return None };
    let is_refused = |sink: &Sink| sink.iter().any(|problem| problem.severity >= Severity::Error);
    if is_refused(sink) {
        // Edited files are named with all the rest.
        for candidate in &candidates {
            standing(&workspace, &places, &candidate.document.control.id, None, sink);
        }
        return None;
    }
    let desk = Desk { session, workspace: &workspace, who: &who, order };
    candidates.iter_mut().for_each(|candidate| complete(desk, candidate));
    let waits = done.waiting.iter().flat_map(|waiting| waiting.documents.iter().map(|(id, _)| id.clone())).collect();
    follow::keep_up(desk, &mut plan, &workspace.history, &waits, &mut candidates, sink)?;
    candidates.iter().filter(|it| it.follows).for_each(|it| refuse::version(&workspace, it.id(), &it.version, sink));
    done.kept.retain(|(id, ..)| !candidates.iter().any(|candidate| candidate.id() == id));
    let mut settled: BTreeSet<String> = done.kept.iter().map(|(id, ..)| id.clone()).collect();
    let versions = make(desk, &plan, &places, &mut candidates, &mut done, sink)?;
    settled.extend(versions.iter().filter(|issued| issued.awaits.is_empty()).map(|issued| issued.id.to_string()));
    let facts = workspace.kept_facts();
    let bytes = facts.to_bytes();
    let of_facts = digest::of_file(&bytes);
    let path = Facts::path(&of_facts);
    // Also where it is there: what drafts alone were made from goes with them, and this stays.
    let there = workspace.files.digest(&path).ok();
    done.commit.write_over(path, bytes, there);
    let packs = keep_packs(&workspace, &mut done.commit, sink)?;
    let roles = candidates.iter().filter_map(|candidate| candidate.roles.first());
    let by = by(&workspace, &who, roles, order.day);
    let reason = order.reason.trim().to_owned();
    let entry = Entry { reason, facts: Some(of_facts), packs, ..entry(Event::Issue, order.day, by, versions) };
    let left = ledger.settle(&workspace, &plan, Vec::new(), None, &settled, Wishes::default(), sink);
    done.commit.extend(left.own);
    append(&workspace, vec![entry], lost, &mut done.commit, sink);
    done.left_behind = left.left_behind;
    (!is_refused(sink)).then_some(done)
}

/// Makes the versions of candidates: keeps their models and files, and puts the files in force.
fn make(
    desk: Desk<'_>,
    plan: &Plan,
    places: &Places,
    candidates: &mut [Candidate],
    done: &mut Done,
    sink: &mut Sink,
) -> Option<Vec<Issued>> {
    let workspace = desk.workspace;
    for candidate in &mut *candidates {
        desk.session.pass_names(workspace, &mut candidate.document, sink)?;
    }
    let controls: Vec<&Control> = candidates.iter().map(|candidate| &candidate.document.control).collect();
    let stems = plan::stems(workspace, &controls);
    let printed = print(desk.session, workspace, plan, candidates, sink)?;
    let mut versions = Vec::new();
    for ((candidate, stem), outputs) in candidates.iter().zip(stems).zip(printed) {
        let control = &candidate.document.control;
        let mut issued = candidate.issued();
        let since = issued.effective.filter(|since| *since > desk.order.day);
        let folder = history::folder(&control.id, &candidate.version);
        let model = stored::bytes(&candidate.document);
        issued.model = Some(stored::digest(&model));
        done.commit.write_over(format!("{folder}/{MODEL}"), model, None);
        match issued.awaits.first() {
            Some(role) => wait(desk, &mut done.waiting, role, true, control),
            None => {
                let given = Given { id: &control.id, folder, stem, outputs, since };
                issued.files = give_out(workspace, places, given, &mut done.commit, sink);
            }
        }
        done.documents.push(Made {
            id: control.id.clone(),
            title: control.title.text.clone(),
            version: candidate.version.clone(),
            change: issued.change.clone(),
            major: candidate.major.clone(),
            awaits: issued.awaits.iter().map(EcoString::to_string).collect(),
            files: issued.files.values().map(|file| place(places, file, since)).collect(),
            effective: since.filter(|_| issued.awaits.is_empty()),
            follows: candidate.follows,
        });
        versions.push(issued);
    }
    Some(versions)
}

/// Notes that a document waits for a role.
fn wait(desk: Desk<'_>, waiting: &mut Vec<Waiting>, role: &str, is_issued: bool, control: &Control) {
    let document = (control.id.clone(), control.title.text.clone());
    match waiting.iter_mut().find(|known| known.role == role && known.is_issued == is_issued) {
        Some(known) => known.documents.push(document),
        None => {
            let who = called(desk.workspace, desk.who, role);
            waiting.push(Waiting { role: role.to_owned(), who, is_issued, documents: vec![document] });
        }
    }
}

/// A role as people call it: its title, and who holds it on the day.
fn called(workspace: &Workspace, who: &Who, role: &str) -> String {
    let pack = &workspace.pack;
    let party = plan::role(&who.on_day, role, &pack.terms, &pack.strings);
    party.map_or_else(
        || role.to_owned(),
        |party| match party.name {
            Some(name) => format!("{}, {}", party.role.text, name.text),
            None => party.role.text,
        },
    )
}
