//! Issuing: documents that changed get a new version, all others keep theirs.
//!
//! Everything that an order changes is one [`Commit`] in the workspace, so a kill leaves all of it or nothing. What is kept
//! is never altered: a version of several approvers has its model from the first of them in `model.json`, and gets its files,
//! with a second model beside the first, from the last.

mod follow;
mod refuse;
mod turn;
mod who;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ecow::EcoString;
use jiff::civil::Date;

use crate::backend::Format;
use crate::changes::{Change, Comparison, version};
use crate::commit::Commit;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::digest;
use crate::history::{self, Entry, Event, Facts, GivenOut, Issued, MODEL};
use crate::ledger::{Ledger, LeftBehind, Wishes};
use crate::lock::LockedPack;
use crate::model::{Approval, Control, Day, Document, NextReview, Revision, State, Text, Version, content, stored};
use crate::parallel;
use crate::plan::{self, Job, Plan};
use crate::session::Session;
use crate::workspace::{self, Workspace};
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
    /// Its files in force, below the workspace.
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

/// A document that is to be issued.
struct Candidate {
    /// Its place in the plan.
    job: usize,
    document: Document,
    /// What it says, by digest.
    content: String,
    version: String,
    major: Option<String>,
    /// Why it is issued and says something else than its last version, in words for its history.
    change: String,
    /// The roles that approve it in turn.
    roles: Vec<String>,
    /// What the history says where its author approves it.
    self_approved: Option<String>,
    /// Whether it says nothing else that is new but which versions others have.
    follows: bool,
    /// Who approved it by this.
    approvals: Vec<history::Approval>,
}

/// What a candidate says otherwise than its last version.
struct Changed {
    /// Its place among the candidates.
    at: usize,
    changes: Vec<Change>,
    /// What it said.
    before: Document,
    /// Whether it is issued for itself, whatever its changes tell of.
    is_own: bool,
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
    let place = in_force(&ledger, sink);
    let who = Who::named(&workspace.profile.value, &order.approver, sink);
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
        candidates = admitted(session, &workspace, who, order, candidates, &mut done.waiting, sink);
    }
    let all: Vec<&Document> = candidates.iter().map(|candidate| &candidate.document).collect();
    refuse::open(&workspace, &all, order.day, sink);
    refuse::errors(sink);
    candidates.extend(followers);
    candidates.sort_by_key(|candidate| candidate.job);
    let (Some(place), Some(who)) = (place, who) else { return None };
    let is_refused = |sink: &Sink| sink.iter().any(|problem| problem.severity >= Severity::Error);
    if is_refused(sink) {
        // Edited files are named with all the rest.
        for candidate in &candidates {
            standing(&workspace, &place, &candidate.document.control.id, sink);
        }
        return None;
    }
    let desk = Desk { session, workspace: &workspace, who: &who, order };
    candidates.iter_mut().for_each(|candidate| complete(desk, candidate));
    let waits = done.waiting.iter().flat_map(|waiting| waiting.documents.iter().map(|(id, _)| id.clone())).collect();
    follow::keep_up(desk, &mut plan, &workspace.history, &waits, &mut candidates)?;
    candidates.iter().filter(|it| it.follows).for_each(|it| refuse::version(&workspace, it.id(), &it.version, sink));
    done.kept.retain(|(id, ..)| !candidates.iter().any(|candidate| candidate.id() == id));
    let mut settled: BTreeSet<String> = done.kept.iter().map(|(id, ..)| id.clone()).collect();
    let versions = make(desk, &plan, &place, &mut candidates, &mut done, sink)?;
    settled.extend(versions.iter().filter(|issued| issued.awaits.is_empty()).map(|issued| issued.id.to_string()));
    let facts = workspace.kept_facts();
    let bytes = facts.to_bytes();
    let of_facts = digest::of_file(&bytes);
    let path = Facts::path(&of_facts);
    if workspace.files.digest(&path).is_err() {
        done.commit.write_over(path, bytes, None);
    }
    let packs = keep_packs(&workspace, &mut done.commit, sink)?;
    let roles = candidates.iter().filter_map(|candidate| candidate.roles.first());
    let by = by(&workspace, &who, roles, order.day);
    let reason = order.reason.trim().to_owned();
    let entry = Entry { reason, facts: Some(of_facts), packs, ..entry(Event::Issue, order.day, by, versions) };
    append(&workspace, vec![entry], &mut done.commit, sink);
    let left = ledger.settle(&workspace, &plan, Vec::new(), None, &settled, Wishes::default(), sink);
    done.commit.extend(left.own);
    done.left_behind = left.left_behind;
    (!is_refused(sink)).then_some(done)
}

/// Makes the versions of candidates: keeps their models and files, and puts the files in force.
fn make(
    desk: Desk<'_>,
    plan: &Plan,
    place: &str,
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
        let mut issued = candidate.issued(desk.order);
        let folder = history::folder(&control.id, &candidate.version);
        let model = stored::bytes(&candidate.document);
        issued.model = Some(stored::digest(&model));
        done.commit.write_over(format!("{folder}/{MODEL}"), model, None);
        match issued.awaits.first() {
            Some(role) => wait(workspace, &mut done.waiting, role, true, control),
            None => {
                issued.files = give_out(workspace, place, &control.id, &folder, &stem, outputs, &mut done.commit, sink);
            }
        }
        done.documents.push(Made {
            id: control.id.clone(),
            title: control.title.text.clone(),
            version: candidate.version.clone(),
            change: issued.change.clone(),
            major: candidate.major.clone(),
            awaits: issued.awaits.iter().map(EcoString::to_string).collect(),
            files: issued.files.values().map(|file| format!("{place}/{}", file.name)).collect(),
            effective: issued.effective.filter(|_| issued.awaits.is_empty()),
            follows: candidate.follows,
        });
        versions.push(issued);
    }
    Some(versions)
}

/// Which documents are looked for.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    /// Only these; all when empty.
    only: &'a [String],
    /// Whether major versions are ordered.
    is_major: bool,
    /// Not these.
    decided: &'a BTreeSet<String>,
    /// Why they are issued.
    reason: &'a str,
}

impl Candidate {
    /// The document's id.
    fn id(&self) -> &str {
        &self.document.control.id
    }

    /// What the history says of it, so far without its model and files.
    fn issued(&self, order: &Order) -> Issued {
        let control = &self.document.control;
        let own = control.history.first();
        Issued {
            id: control.id.as_str().into(),
            version: self.version.as_str().into(),
            number: String::new(),
            title: String::new(),
            model: None,
            content: Some(self.content.clone()),
            files: BTreeMap::new(),
            author: own.map(|revision| revision.author.text.clone()).unwrap_or_default(),
            change: own.map(|revision| revision.change.text.clone()).unwrap_or_default(),
            effective: order.effective.filter(|_| !self.follows),
            next_review: match &control.next_review {
                Some(NextReview::On(day)) => Some(day.date),
                _ => None,
            },
            approvals: self.approvals.clone(),
            awaits: self.roles.iter().skip(1).map(EcoString::from).collect(),
        }
    }
}

/// The documents that say something else than their last version, each with the version that it gets.
#[expect(clippy::too_many_arguments, reason = "what there is, what is asked for, and what becomes of it")]
fn candidates(
    session: &Session,
    workspace: &Workspace,
    plan: &Plan,
    documents: Vec<Document>,
    Wanted { only, is_major, decided, reason }: Wanted<'_>,
    kept: &mut Vec<(String, String, String)>,
    sink: &mut Sink,
) -> Vec<Candidate> {
    let (history, profile) = (&workspace.history, &workspace.profile);
    let kept_now = workspace.kept_facts();
    let before = made_from(workspace, &documents);
    let comparisons: BTreeMap<&str, Comparison<'_>> = before
        .iter()
        .map(|(digest, facts)| (digest.as_str(), Comparison::new(Some(facts), &kept_now, workspace)))
        .collect();
    let mut found: Vec<Candidate> = Vec::new();
    // What was made from the same facts is explained together.
    let mut changed: BTreeMap<&str, Vec<Changed>> = BTreeMap::new();
    for (job, document) in documents.into_iter().enumerate() {
        let id = document.control.id.clone();
        let is_named = only.contains(&id);
        if (!only.is_empty() && !is_named) || decided.contains(&id) {
            continue;
        }
        let content = content::digest(&document);
        let last = history.versions(&id).next_back();
        let is_withdrawn = history.is_withdrawn(&id);
        if let Some(last) = last.filter(|last| !is_withdrawn && last.issued.content.as_ref() == Some(&content)) {
            kept.push((id, document.control.title.text, last.issued.version.to_string()));
            continue;
        }
        // What was withdrawn comes back only where somebody names it.
        if is_withdrawn && !is_named {
            continue;
        }
        if plan.jobs[job].is_form {
            let message =
                format!("`{}` is a form that nobody filled in; it is not issued", document.control.title.text);
            let severity = if is_named { Severity::Error } else { Severity::Note };
            sink.push(Diagnostic::new(&codes::STILL_A_FORM, severity, message).help(codes::STILL_A_FORM.fix));
            continue;
        }
        let mut major = None;
        let is_waiting = last.as_ref().is_some_and(|last| !history.awaits(last).is_empty());
        let digest = last.as_ref().and_then(|last| last.entry.facts.as_deref());
        let facts = digest.and_then(|digest| Some((before.get(digest)?, comparisons.get(digest)?)));
        let old = last.and_then(|last| last.document(&*workspace.files).ok().flatten());
        if let (Some((facts, comparison)), Some(digest), Some(old)) = (facts, digest, old) {
            let profiles = (&facts.profile, &kept_now.profile);
            let rules = workspace.pack.major();
            major = version::major(rules, profile.keys(), profiles, [&old, &document]).map(str::to_owned);
            let changes = comparison.changes(&old, &document);
            let is_own = is_waiting || is_withdrawn || (is_named && is_major);
            changed.entry(digest).or_default().push(Changed { at: found.len(), changes, before: old, is_own });
        }
        let control = &document.control;
        found.push(Candidate {
            job,
            content,
            version: version::next(&control.version, is_major || major.is_some()),
            major,
            change: reason.trim().to_owned(),
            roles: plan::approvers(&profile.value, control),
            self_approved: None,
            follows: false,
            approvals: Vec::new(),
            document,
        });
    }
    for (digest, mut changed) in changed {
        let (Some(facts), Some(comparison)) = (before.get(digest), comparisons.get(digest)) else { continue };
        let mut open: Vec<_> = changed.iter_mut().map(|it| (&mut it.changes, &it.before)).collect();
        session.settle(workspace, comparison, [facts, &kept_now], &mut open);
        for Changed { at, changes, is_own, .. } in changed {
            let candidate = &mut found[at];
            candidate.change = comparison.sentence(candidate.id(), reason, &changes);
            if !is_own && follow::tells_of_others(&changes) {
                candidate.follows = true;
                candidate.version = version::next(&candidate.document.control.version, false);
                candidate.major = None;
                candidate.roles.clear();
            }
        }
    }
    found
}

/// Those of the candidates that the approver may approve; what stands against each is said.
fn admitted(
    session: &Session,
    workspace: &Workspace,
    who: &Who,
    order: &Order,
    candidates: Vec<Candidate>,
    waiting: &mut Vec<Waiting>,
    sink: &mut Sink,
) -> Vec<Candidate> {
    let mut own = refuse::others(workspace, who, candidates, &order.only, waiting);
    let first = |it: &Candidate| it.roles.first().cloned().unwrap_or_default();
    let asked: Vec<(String, &str)> = own.iter().map(|candidate| (first(candidate), candidate.id())).collect();
    refuse::authority(workspace, who, &asked, "approve", sink);
    for candidate in &mut own {
        let control = &candidate.document.control;
        if !candidate.roles.is_empty() {
            candidate.self_approved = refuse::self_approval(session, workspace, who, control, sink);
        }
        refuse::version(workspace, &control.id, &candidate.version, sink);
    }
    own
}

/// Notes that a document waits for a role.
fn wait(workspace: &Workspace, waiting: &mut Vec<Waiting>, role: &str, is_issued: bool, control: &Control) {
    let document = (control.id.clone(), control.title.text.clone());
    match waiting.iter_mut().find(|known| known.role == role && known.is_issued == is_issued) {
        Some(known) => known.documents.push(document),
        None => {
            let who = called(workspace, role);
            waiting.push(Waiting { role: role.to_owned(), who, is_issued, documents: vec![document] });
        }
    }
}

/// A role as people call it: its title, and who holds it.
fn called(workspace: &Workspace, role: &str) -> String {
    let (profile, pack) = (&workspace.profile.value, &workspace.pack);
    let party = plan::role(profile, role, &pack.terms, &pack.strings);
    party.map_or_else(
        || role.to_owned(),
        |party| match party.name {
            Some(name) => format!("{}, {}", party.role.text, name.text),
            None => party.role.text,
        },
    )
}

/// What the last versions of documents were made from, by its digest.
fn made_from(workspace: &Workspace, documents: &[Document]) -> BTreeMap<String, Facts> {
    let mut found = BTreeMap::new();
    for document in documents {
        let Some(last) = workspace.history.versions(&document.control.id).next_back() else { continue };
        let Some(digest) = &last.entry.facts else { continue };
        if !found.contains_key(digest)
            && let Ok(Some(facts)) = last.facts(&*workspace.files)
        {
            found.insert(digest.clone(), facts);
        }
    }
    found
}

/// Makes the control data of a version: its number, day, approval, line of the history and next review.
fn complete(desk: Desk<'_>, candidate: &mut Candidate) {
    let Desk { workspace, who, order, .. } = desk;
    let (profile, pack) = (&workspace.profile.value, &workspace.pack);
    let last = workspace.history.versions(&candidate.document.control.id).next_back().filter(|_| candidate.follows);
    let control = &mut candidate.document.control;
    candidate.approvals = match &last {
        Some(last) => workspace.history.approvals(last).into_iter().cloned().collect(),
        None => {
            let role = candidate.roles.first().map(String::as_str).unwrap_or_default();
            vec![who.approval(role, profile, &pack.terms, &pack.strings, order.day)]
        }
    };
    let is_told =
        |version: &Version, row: &Revision| matches!(version, Version::Number(own) if own.text == row.version.text);
    let told = match control.history.first() {
        Some(row) if is_told(&control.version, row) && row.version.text == candidate.version => {
            Some(control.history.remove(0).change.text)
        }
        // The line of a draft's number goes: this is another version.
        Some(row) if is_told(&control.version, row) => {
            control.history.remove(0);
            None
        }
        _ => None,
    };
    let mut change = told.unwrap_or_else(|| candidate.change.clone());
    if let Some(words) = &candidate.self_approved {
        change = format!("{}. {words}", change.trim_end_matches('.'));
    }
    let day = Day { date: order.day, from: Vec::new() };
    let author = if control.author.key.is_empty() { &control.owner } else { &control.author };
    let author = author.name.as_ref().unwrap_or(&author.role).text.clone();
    let row = Revision {
        version: Text::literal(&candidate.version),
        date: Some(day.clone()),
        author: Text::literal(author),
        change: Text::literal(change),
    };
    control.history.insert(0, row);
    control.version = Version::Number(Text::literal(&candidate.version));
    control.state = State::Issued;
    control.date = Some(day);
    control.approvals = candidate.approvals.iter().map(printed).collect();
    control.review_proposed = false;
    let on = |date: Date| Day { date, from: Vec::new() };
    match last {
        // What follows the others is reviewed when it was to be, whatever came meanwhile.
        Some(last) => control.next_review = last.issued.next_review.map(on).map(NextReview::On),
        None => {
            control.effective = order.effective.map(on);
            control.next_review = plan::review_after(profile, &control.id, order.effective.unwrap_or(order.day));
        }
    }
}

/// An approval as a document prints it.
fn printed(approval: &history::Approval) -> Approval {
    Approval {
        name: Text::literal(approval.name.as_str()),
        post: Text::literal(approval.post.as_str()),
        day: Day { date: approval.day, from: Vec::new() },
    }
}

/// Who did what an entry says, with the role where it is one for all its documents.
fn by<'r>(
    workspace: &Workspace,
    who: &Who,
    mut roles: impl Iterator<Item = &'r String>,
    day: Date,
) -> Option<history::Approval> {
    let (profile, pack) = (&workspace.profile.value, &workspace.pack);
    let first = roles.next().cloned().unwrap_or_default();
    let is_one = roles.all(|role| *role == first) && !first.is_empty();
    let approval = who.approval(&first, profile, &pack.terms, &pack.strings, day);
    Some(match is_one {
        true => approval,
        false => history::Approval { role: None, post: EcoString::new(), ..approval },
    })
}

/// The bytes of a document in each of its formats.
type Bytes = Vec<(Format, Vec<u8>)>;

/// The bytes of documents, laid out and written in their formats.
fn print(
    session: &Session,
    workspace: &Workspace,
    plan: &Plan,
    candidates: &[Candidate],
    sink: &mut Sink,
) -> Option<Vec<Bytes>> {
    let documents: Vec<Document> = candidates
        .iter()
        .filter(|candidate| candidate.roles.len() <= 1)
        .map(|candidate| candidate.document.clone())
        .collect();
    let of = |job: &Job| job.formats.clone();
    let formats: Vec<Format> = candidates.iter().flat_map(|candidate| of(&plan.jobs[candidate.job])).collect();
    let press = session.press(workspace, &documents, &formats, sink)?;
    let printed = parallel::map(candidates.len(), session.jobs, sink, |at, sink| {
        let candidate = &candidates[at];
        if candidate.roles.len() > 1 {
            return Some(Vec::new());
        }
        let formats = of(&plan.jobs[candidate.job]);
        let printed = session.print(&press, workspace, &candidate.document, &formats, sink)?;
        Some(printed.outputs)
    });
    printed.into_iter().collect::<Option<Vec<_>>>().filter(|_| !sink.has_faults())
}

/// Puts the files of a version into its folder and in force, in the place of those of the version before.
#[expect(clippy::too_many_arguments, reason = "what is given out, and where")]
fn give_out(
    workspace: &Workspace,
    place: &str,
    id: &str,
    folder: &str,
    stem: &str,
    outputs: Bytes,
    commit: &mut Commit,
    sink: &mut Sink,
) -> BTreeMap<EcoString, GivenOut> {
    let before = standing(workspace, place, id, sink);
    let mut files = BTreeMap::new();
    for (format, bytes) in outputs {
        let name = format!("{stem}.{}", format.extension);
        let path = format!("{place}/{name}");
        let there = workspace.files.digest(&path).ok();
        if there.is_some() && !before.contains_key(&path) {
            sink.push(edited(&path, "stands where an issued file is to go"));
            continue;
        }
        let sha256 = digest::of_file(&bytes);
        files.insert(EcoString::from(format.name), GivenOut { name: name.as_str().into(), sha256 });
        commit.write_over(format!("{folder}/{name}"), bytes.clone(), None);
        commit.write_over(path, bytes, there);
    }
    for (path, digest) in before {
        commit.remove(path, digest);
    }
    files
}

/// The files of a document that are in force, as they were given out; what somebody changed is an error.
fn standing(workspace: &Workspace, place: &str, id: &str, sink: &mut Sink) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for version in workspace.history.versions(id) {
        for file in workspace.history.given_out(&version).files.values() {
            let path = format!("{place}/{}", file.name);
            if let Ok(there) = workspace.files.digest(&path) {
                found.entry(path).or_insert_with(|| (there.clone(), false)).1 |= there == file.sha256;
            }
        }
    }
    for (path, _) in found.iter().filter(|(_, (_, is_own))| !is_own) {
        sink.push(edited(path, "is not the file that was issued"));
    }
    found.into_iter().filter(|(_, (_, is_own))| *is_own).map(|(path, (digest, _))| (path, digest)).collect()
}

fn edited(path: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&codes::ISSUED_EDITED, Severity::Error, format!("`{path}` {what}"))
        .at(Span::file(path))
        .help(codes::ISSUED_EDITED.fix)
}

/// The folder of what is in force; one outside of the workspace is refused.
fn in_force(ledger: &Ledger, sink: &mut Sink) -> Option<String> {
    let place = ledger.in_force();
    if place.is_none() {
        let message = format!("the outputs go to `{}`, outside of the workspace", ledger.folder().display());
        let problem = Diagnostic::new(&codes::ISSUED_ELSEWHERE, Severity::Error, message);
        sink.push(problem.at(Span::file(workspace::SETTINGS)).help(codes::ISSUED_ELSEWHERE.fix));
    }
    place
}

/// The packs, the outermost first.
fn locked(workspace: &Workspace) -> Vec<LockedPack> {
    let layers = workspace.pack.layers.iter().map(|layer| LockedPack {
        id: layer.manifest.id.clone(),
        version: layer.manifest.version.to_string(),
        digest: layer.digest.clone(),
    });
    layers.collect()
}

/// Keeps the archives of the packs, also of those that are named by path, so that a version can be made again.
fn keep_packs(workspace: &Workspace, commit: &mut Commit, sink: &mut Sink) -> Option<Vec<LockedPack>> {
    if workspace.pin.is_none() {
        for (path, bytes) in workspace::pin(&workspace.pack, sink)?.keep {
            if workspace.files.digest(&path).is_err() {
                commit.write(path, bytes);
            }
        }
    }
    Some(locked(workspace))
}

/// An entry without what only some have.
fn entry(event: Event, day: Date, by: Option<history::Approval>, documents: Vec<Issued>) -> Entry {
    Entry {
        format: history::FORMAT,
        number: 0,
        previous: String::new(),
        event,
        day,
        reason: String::new(),
        by,
        documents,
        packs: Vec::new(),
        facts: None,
        program: format!("folio {}", env!("CARGO_PKG_VERSION")),
    }
}

/// Appends entries to the history, which nobody may have changed meanwhile.
fn append(workspace: &Workspace, entries: Vec<Entry>, commit: &mut Commit, sink: &mut Sink) {
    let (mut bytes, seen) = match workspace.files.read(history::FILE) {
        Ok(bytes) => {
            let seen = digest::of_file(&bytes);
            (bytes, Some(seen))
        }
        Err(error) if error.is_missing() => (Vec::new(), None),
        Err(error) => {
            sink.push(Diagnostic::fault(&codes::KEPT_BROKEN, error.to_string()).help(codes::KEPT_BROKEN.fix));
            return;
        }
    };
    if bytes.last().is_some_and(|last| *last != b'\n') {
        bytes.push(b'\n');
    }
    bytes.extend(workspace.history.lines_of(entries));
    commit.write_over(history::FILE, bytes, seen);
}
