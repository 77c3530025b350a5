//! Which documents are to be issued: those that say something else than their last version, each with the version that it gets
//! and the words for its history.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use jiff::civil::Date;

use super::{Desk, Waiting, follow, refuse};
use crate::changes::{Change, Comparison, version};
use crate::closed;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::history::{self, Facts, Issued};
use crate::model::{Document, NextReview, content};
use crate::plan::{self, Plan};
use crate::session::{Session, Sought};
use crate::workspace::Workspace;

/// A document that is to be issued.
pub(super) struct Candidate {
    /// Its place in the plan.
    pub(super) job: usize,
    pub(super) document: Document,
    /// What it says, by digest.
    pub(super) content: String,
    pub(super) version: String,
    pub(super) major: Option<String>,
    /// Why it is issued and says something else than its last version, in words for its history.
    pub(super) change: String,
    /// The roles that approve it in turn.
    pub(super) roles: Vec<String>,
    /// What the history says where its author approves it.
    pub(super) self_approved: Option<String>,
    /// Whether it says nothing else that is new but which versions others have.
    pub(super) follows: bool,
    /// Who approved it by this.
    pub(super) approvals: Vec<history::Approval>,
    /// Since when it is in force, where that is not the day of its approval.
    pub(super) effective: Option<Date>,
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

/// Which documents are looked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Only these; all when empty.
    pub(super) only: &'a [String],
    /// Whether major versions are ordered.
    pub(super) is_major: bool,
    /// Not these.
    pub(super) decided: &'a BTreeSet<String>,
    /// Why they are issued.
    pub(super) reason: &'a str,
}

impl Candidate {
    /// The document's id.
    pub(super) fn id(&self) -> &str {
        &self.document.control.id
    }

    /// What the history says of it, so far without its model and files.
    pub(super) fn issued(&self) -> Issued {
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
            effective: self.effective,
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
pub(super) fn candidates(
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
    let (before, mut unread) = made_from(workspace, &documents);
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
        let old = match last.map(|last| last.document(&*workspace.files)).transpose() {
            Ok(old) => old.flatten(),
            Err(problem) => {
                sink.push(damaged(problem));
                continue;
            }
        };
        if let Some(problem) = digest.and_then(|digest| unread.remove(digest)) {
            sink.push(damaged(problem));
        }
        if let (Some((facts, comparison)), Some(digest), Some(old)) = (facts, digest, old) {
            let profiles = (&facts.profile, &kept_now.profile);
            let rules = workspace.pack.major();
            if !closed::is_record(workspace, plan, &document.control.id) {
                major = version::major(rules, profile.keys(), profiles, [&old, &document]).map(str::to_owned);
            }
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
            effective: None,
            document,
        });
    }
    for (digest, mut changed) in changed {
        let (Some(facts), Some(comparison)) = (before.get(digest), comparisons.get(digest)) else { continue };
        let mut open: Vec<_> = changed.iter_mut().map(|it| (&mut it.changes, &it.before)).collect();
        session.explain(workspace, comparison, [facts, &kept_now], Sought::PackAndDay, &mut open);
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
pub(super) fn admitted(
    desk: Desk<'_>,
    candidates: Vec<Candidate>,
    waiting: &mut Vec<Waiting>,
    sink: &mut Sink,
) -> Vec<Candidate> {
    let Desk { session, workspace, who, .. } = desk;
    let mut own = refuse::others(desk, candidates, waiting);
    let first = |it: &Candidate| it.roles.first().cloned().unwrap_or_default();
    let asked: Vec<(String, &str)> = own.iter().map(|candidate| (first(candidate), candidate.id())).collect();
    refuse::authority(desk, &asked, "approve", sink);
    for candidate in &mut own {
        let control = &candidate.document.control;
        if !candidate.roles.is_empty() {
            candidate.self_approved = refuse::self_approval(session, workspace, who, control, sink);
        }
        refuse::version(workspace, &control.id, &candidate.version, sink);
    }
    own
}

/// What the last versions of documents were made from, by its digest; and why some of it cannot be read.
fn made_from(workspace: &Workspace, documents: &[Document]) -> (BTreeMap<String, Facts>, BTreeMap<String, String>) {
    let (mut found, mut unread) = (BTreeMap::new(), BTreeMap::new());
    for document in documents {
        let Some(last) = workspace.history.versions(&document.control.id).next_back() else { continue };
        let Some(digest) = &last.entry.facts else { continue };
        if found.contains_key(digest) || unread.contains_key(digest) {
            continue;
        }
        match last.facts(&*workspace.files) {
            Ok(facts) => found.extend(facts.map(|facts| (digest.clone(), facts))),
            Err(problem) => unread.extend([(digest.clone(), problem)]),
        }
    }
    (found, unread)
}

/// What is kept of a version, and is not what was kept.
pub(super) fn damaged(problem: String) -> Diagnostic {
    Diagnostic::fault(&codes::KEPT_BROKEN, problem).help(codes::KEPT_BROKEN.fix)
}
