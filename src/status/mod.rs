//! How the documents of a workspace stand: what changed since they were issued or last rendered, why, and where; which were
//! edited by hand, are due for review, wait for an approval, or have no place in the set any more.
//!
//! A document is held against its last issued version; one that was never issued, against what the last run put in place.
//! Nothing is laid out, and the pack's checks are not asked.

mod cache;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ecow::EcoString;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::changes::{Cause, Change, Comparison, Leftover, leftovers, version};
use crate::closed;
use crate::commit::{Commit, Held};
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::history::{Event, Facts, History, Version};
use crate::ledger::{self, Ledger, LeftBehind, Wishes};
use crate::model::control::{NextReview, iso};
use crate::model::places::FORMER;
use crate::model::{Document, content, stored};
use crate::pack::source::{Bases as _, Wanted};
use crate::parallel;
use crate::plan::Plan;
use crate::session::{Session, Sought};
use crate::verify;
use crate::workspace::Workspace;
pub use cache::FILE as CACHE;

/// How the documents of a workspace stand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The pack: id and version.
    pub pack: String,
    /// What else there is of the pinned pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newer: Option<String>,
    /// The documents, in the order of the set.
    pub documents: Vec<Standing>,
    /// What changed and is shown by documents, each with those that show it.
    pub causes: Vec<Shared>,
    /// Facts that changed and that no document shows.
    pub silent: Vec<Cause>,
    /// What changed around the documents: the look, the program. Their words are the same.
    pub around: Vec<Cause>,
    /// What the change asks somebody to decide.
    pub decisions: Vec<Decision>,
    /// Names and figures that left the profile and still stand somewhere.
    pub leftovers: Vec<Leftover>,
    /// Files that have no place in the set any more.
    pub left_behind: Vec<Left>,
}

/// When somebody asked how a workspace stands: what its files were then.
#[derive(Debug)]
pub struct Asked(Option<String>);

/// What a change since the last issue asks somebody to decide, by the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The check that asks.
    pub check: String,
    /// Whether it has to be decided before the next issue.
    pub is_needed: bool,
    /// What is asked.
    pub message: String,
    /// Why, and what can be done.
    pub explain: String,
    /// The path in the profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<EcoString>,
    /// Where that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Span>,
}

/// How a document stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Its id.
    pub id: EcoString,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub state: State,
    /// Its last issued version, where one is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<EcoString>,
    /// The version that is in force, where a later one is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force: Option<EcoString>,
    /// The versions that are approved and in force later, each with its day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<Coming>,
    /// The version that came into force since anything was written, and since when it is: its files wait still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Coming>,
    /// Which step its next version would be, where it has one and changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// What its next version would be, where it has one and changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<EcoString>,
    /// Why that is a major one, by the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub major: Option<String>,
    /// When it is to be reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "iso::option")]
    pub next_review: Option<Date>,
    /// Its files that were edited by hand since they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edited: Vec<PathBuf>,
    /// Its files that are not there any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<PathBuf>,
    /// The version that waits for approval, and the roles or people who have yet to approve it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaits: Option<(EcoString, Vec<EcoString>)>,
    /// What it says otherwise than it did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// A version that is approved for a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coming {
    /// The version.
    pub version: EcoString,
    /// Since when it is in force.
    #[serde(with = "iso")]
    pub since: Date,
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It was neither issued nor rendered before.
    New,
    /// It says something else than it did.
    Changed,
    /// It says something else, by the pack's texts alone.
    OutOfDate,
    /// It says what it said.
    Unchanged,
    /// It is not in force any more.
    Withdrawn,
    /// Its last version was made elsewhere: there are files of it and no text to compare with.
    TakenOver,
    /// What it said before is not kept here.
    NotKept,
}

impl State {
    /// The words for people.
    pub fn words(self) -> &'static str {
        match self {
            State::New => "new",
            State::Changed => "changed",
            State::OutOfDate => "out of date (pack)",
            State::Unchanged => "unchanged",
            State::Withdrawn => "withdrawn",
            State::TakenOver => "taken over, so that there is no text to compare with",
            State::NotKept => "not known: what it said before is not kept here",
        }
    }
}

/// How far a new version is from the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// 1.2 becomes 1.3.
    Minor,
    /// 1.2 becomes 2.0.
    Major,
}

/// A cause, and the documents that show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// The cause.
    #[serde(flatten)]
    pub cause: Cause,
    /// The documents, by id, and how many places in each.
    pub documents: BTreeMap<EcoString, usize>,
}

/// A file that has no place in the set any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Left {
    /// The file.
    pub path: PathBuf,
    /// Whether somebody edited it.
    pub is_edited: bool,
}

impl Standing {
    /// Whether it is to be reviewed by a day.
    pub fn is_due(&self, today: Date) -> bool {
        self.state != State::Withdrawn && self.next_review.is_some_and(|day| day <= today)
    }

    /// How many places changed and nothing tells why.
    pub fn unexplained(&self) -> usize {
        self.changes.iter().filter(|change| change.causes == [Cause::Unknown]).count()
    }
}

impl Status {
    /// How the documents of a workspace stand. What was found the last time is shown again when nothing has changed since.
    /// What is wrong is in the sink; then nothing is given.
    pub fn of(session: &Session, root: &Path, sink: &mut Sink) -> Option<Status> {
        Status::kept(session, root).ok().or_else(|| Status::made(session, root, sink))
    }

    /// What was found the last time, when nothing has changed since; else what tells, after it was made anew, whether
    /// anything changed meanwhile.
    pub fn kept(session: &Session, root: &Path) -> Result<Status, Asked> {
        let key = cache::key(session, root);
        key.as_deref().and_then(|key| cache::read(root, key)).ok_or(Asked(key))
    }

    /// What a workspace keeps of it, to be shown again by [`Status::of`]; nothing when its files changed while it was made.
    pub fn keep(&self, asked: &Asked, session: &Session, root: &Path, held: &mut Held) -> Result<(), Diagnostic> {
        let Some(key) = asked.0.as_ref().filter(|_| cache::key(session, root) == asked.0) else { return Ok(()) };
        let mut commit = Commit::new();
        commit.write(CACHE, cache::bytes(self, key));
        held.apply(&commit)
    }

    /// How they stand, made anew.
    pub fn made(session: &Session, root: &Path, sink: &mut Sink) -> Option<Status> {
        let mut said = Sink::new();
        let status = Self::read(session, root, &mut said);
        // What a check would say is said by `check`; here, what keeps the answer from being given.
        let is_meant = |problem: &Diagnostic| {
            problem.is_fault() || problem.code == codes::HISTORY_BROKEN || problem.code == codes::HISTORY_MISSED
        };
        let is_sound = !said.has_faults();
        sink.extend(said.into_vec().into_iter().filter(is_meant));
        status.filter(|_| is_sound)
    }

    fn read(session: &Session, root: &Path, sink: &mut Sink) -> Option<Status> {
        let (workspace, plan) = session.workspace_unchecked(root, sink)?;
        sink.extend(verify::missed(&workspace).map(|missed| missed.said(Severity::Warning)));
        let documents = session.documents(&workspace, &plan, sink).documents?;
        let wishes = Wishes { take_over: true, ..Wishes::default() };
        let ledger = Ledger::open(&workspace, &session.backends, None, wishes, sink)?;
        let maker = Maker { session, workspace: &workspace, plan: &plan, ledger: &ledger };
        // What needs nothing of that is found out meanwhile.
        let (mut status, (newer, decisions)) = parallel::both(
            session.jobs,
            || maker.status(&documents, sink),
            || (newer(session, &workspace), decisions(session, &workspace, &plan)),
        );
        (status.newer, status.decisions) = (newer, decisions);
        status.left_behind.extend(ledger.going(&plan, wishes, sink).into_iter().map(Left::from));
        drop(ledger);
        parallel::let_go((documents, plan, workspace));
        Some(status)
    }
}

/// What the pack's checks of changes ask, and what stands against the next issue, without what the profile accepts; what is
/// needed first.
fn decisions(session: &Session, workspace: &Workspace, plan: &Plan) -> Vec<Decision> {
    let open = plan.findings.iter().filter(|finding| {
        (finding.on_change || finding.severity >= Severity::Error)
            && session.accepted(workspace, &finding.check, finding.path.as_deref()).is_none()
    });
    let mut found: Vec<Decision> = open
        .map(|finding| Decision {
            check: finding.check.clone(),
            is_needed: finding.severity >= Severity::Error,
            message: finding.message.clone(),
            explain: finding.explain.clone(),
            path: finding.path.clone(),
            at: finding.path.as_ref().and_then(|path| workspace.profile.span_of(path)).cloned(),
        })
        .collect();
    found.sort_by_key(|decision| !decision.is_needed);
    found
}

impl From<LeftBehind> for Left {
    fn from(left: LeftBehind) -> Left {
        Left { path: left.path, is_edited: left.is_edited }
    }
}

/// A newer version of the pinned pack that would do, or that a new major version would be.
fn newer(session: &Session, workspace: &Workspace) -> Option<String> {
    let own = workspace.pin.as_ref()?.locked.first()?.id.clone();
    let any = Wanted { id: own, range: semver::VersionReq::STAR };
    let found = crate::pack::manifest(&*session.shelf.find(&any).ok()?, &mut Sink::new())?;
    (found.version > workspace.pack.manifest.version).then(|| format!("{} {}", found.id, found.version))
}

struct Maker<'a> {
    session: &'a Session,
    workspace: &'a Workspace,
    plan: &'a Plan,
    ledger: &'a Ledger,
}

/// What a document is held against.
enum Before<'a> {
    /// Nothing: it is new.
    Nothing,
    /// It says what it said.
    Same,
    /// What it said, and the digest of what that was made from.
    Other(Box<Document>, Option<&'a str>),
    /// It was made elsewhere, and only its files are kept.
    Elsewhere,
    /// Nobody kept it.
    Lost,
}

impl<'a> Maker<'a> {
    fn status(&self, documents: &[Document], sink: &mut Sink) -> Status {
        let workspace = self.workspace;
        let now = workspace.kept_facts();
        let before: Vec<Before<'_>> =
            parallel::map(documents.len(), self.session.jobs, sink, |index, sink| self.before(&documents[index], sink));
        let digests = self.digests();
        let mut kept: BTreeMap<&str, Facts> = BTreeMap::new();
        for digest in &digests {
            match Facts::read(&*workspace.files, digest) {
                Ok(facts) => kept.extend([(*digest, facts)]),
                // Of drafts, what they were made from may go; of what was issued it is kept.
                Err(problem) if self.is_of_history(digest) => {
                    let problem =
                        Diagnostic::warning(&codes::HISTORY_BROKEN, problem).at(Span::file(Facts::path(digest)));
                    sink.push(problem.help(codes::HISTORY_BROKEN.fix));
                }
                Err(_) => {}
            }
        }
        let comparisons: BTreeMap<&str, Comparison<'_>> =
            kept.iter().map(|(digest, facts)| (*digest, Comparison::new(Some(facts), &now, workspace))).collect();
        let unknown = Comparison::new(None, &now, workspace);
        let mut status = Status { pack: workspace.pack.label(0), ..Status::default() };
        for (document, before) in documents.iter().zip(&before) {
            let changes = match before {
                Before::Other(old, facts) => {
                    let comparison = facts.and_then(|digest| comparisons.get(digest)).unwrap_or(&unknown);
                    comparison.changes(old, document)
                }
                _ => Vec::new(),
            };
            let major = match before {
                Before::Other(old, Some(digest)) if !closed::is_record(workspace, self.plan, &document.control.id) => {
                    kept.get(digest).and_then(|facts| {
                        let profiles = (&facts.profile, &now.profile);
                        version::major(workspace.pack.major(), workspace.profile.keys(), profiles, [old, document])
                    })
                }
                _ => None,
            };
            status.documents.push(self.standing(document, before, changes, major));
        }
        for (digest, comparison) in &comparisons {
            let open = status.documents.iter_mut().zip(&before).filter_map(|(standing, before)| match before {
                Before::Other(old, Some(facts)) if facts == digest => Some((&mut standing.changes, &**old)),
                _ => None,
            });
            if let Some(facts) = kept.get(digest) {
                let mut open = open.collect::<Vec<_>>();
                self.session.explain(workspace, comparison, [facts, &now], Sought::All, &mut open);
            }
        }
        // By then it is known what is the pack's.
        for standing in status.documents.iter_mut().filter(|it| it.state == State::Changed) {
            if standing.changes.iter().all(|change| change.causes.iter().all(Cause::is_of_pack)) {
                standing.state = State::OutOfDate;
            }
        }
        status.causes = shared(&status.documents);
        let told: BTreeSet<&Cause> = status.causes.iter().map(|shared| &shared.cause).collect();
        // What was different before the last issue, and what that issue left as it was, is nothing new.
        let last = workspace.history.entries.iter().rev().find_map(|entry| entry.facts.as_deref());
        let newest = last.filter(|last| comparisons.contains_key(last));
        let silent: BTreeSet<Cause> = comparisons
            .iter()
            .filter(|(digest, _)| newest.is_none_or(|newest| newest == **digest))
            .map(|(_, comparison)| comparison)
            .flat_map(|comparison| comparison.differences().iter().map(|difference| comparison.cause(difference)))
            // What came to be of a day before is told by what left.
            .filter(|cause| !told.contains(cause) && !is_former(cause))
            .collect();
        status.silent = silent.into_iter().collect();
        let around: BTreeSet<Cause> = comparisons.values().flat_map(Comparison::around).collect();
        status.around = around.into_iter().collect();
        let left: BTreeSet<Leftover> =
            comparisons.values().flat_map(|it| leftovers(&now, it.differences(), workspace)).collect();
        status.leftovers = left.into_iter().collect();
        status.left_behind = self.issued_left(documents);
        status
    }

    /// The digests of what documents were made from that are held against what they say now.
    fn digests(&self) -> BTreeSet<&'a str> {
        let workspace = self.workspace;
        let mut found = BTreeSet::new();
        for template in &workspace.pack.documents {
            let issued = self.held_against(&template.id);
            found.extend(match issued {
                Some(version) => version.entry.facts.as_deref(),
                None => self.ledger.locked(&template.id).and_then(|locked| locked.facts.as_deref()),
            });
        }
        found
    }

    /// Whether versions were issued from what has a digest.
    fn is_of_history(&self, digest: &str) -> bool {
        self.workspace.history.entries.iter().any(|entry| entry.facts.as_deref() == Some(digest))
    }

    /// What a document is held against.
    fn before(&self, document: &Document, sink: &mut Sink) -> Before<'a> {
        let workspace = self.workspace;
        let id = document.control.id.as_str();
        if let Some(version) = self.held_against(id) {
            return self.issued(document, version, sink);
        }
        let Some(locked) = self.ledger.locked(id) else { return Before::Nothing };
        let Some(digest) = &locked.model else { return Before::Lost };
        if stored::digest(&stored::bytes(document)) == *digest {
            return Before::Same;
        }
        let bytes = workspace.files.read(&ledger::model_path(digest)).ok();
        let bytes = bytes.filter(|bytes| stored::digest(bytes) == *digest);
        match bytes.and_then(|bytes| stored::read(&bytes).ok()) {
            Some(old) if content::digest(&old) == content::digest(document) => Before::Same,
            Some(old) => Before::Other(Box::new(old), locked.facts.as_deref()),
            None => Before::Lost,
        }
    }

    /// The version that a document is held against: the last that everybody approved; before there is one, that which waits.
    fn held_against(&self, id: &str) -> Option<Version<'a>> {
        let history = &self.workspace.history;
        let waiting = |version: &Version<'_>| !history.is_withdrawn(id) && !history.awaits(version).is_empty();
        history.last(id).or_else(|| history.versions(id).next_back().filter(waiting))
    }

    fn issued(&self, document: &Document, version: Version<'a>, sink: &mut Sink) -> Before<'a> {
        if version.issued.content.as_ref() == Some(&content::digest(document)) {
            return Before::Same;
        }
        match version.document(&*self.workspace.files) {
            Ok(Some(old)) => Before::Other(Box::new(old), version.entry.facts.as_deref()),
            Ok(None) => Before::Elsewhere,
            Err(problem) => {
                let message = format!("{} of `{}`: {problem}", version.issued.version, version.issued.id);
                let problem = Diagnostic::warning(&codes::HISTORY_BROKEN, message);
                sink.push(problem.at(Span::file(version.folder())).help(codes::HISTORY_BROKEN.fix));
                Before::Lost
            }
        }
    }

    fn standing(
        &self,
        document: &Document,
        before: &Before<'_>,
        changes: Vec<Change>,
        major: Option<&str>,
    ) -> Standing {
        let history = &self.workspace.history;
        let control = &document.control;
        let id = control.id.as_str();
        let last = history.last(id);
        let newest = history.versions(id).next_back();
        let awaits = newest.map(|version| (version.issued.version.clone(), history.awaits(&version)));
        let state = match before {
            _ if self.is_withdrawn(id) => State::Withdrawn,
            Before::Nothing => State::New,
            Before::Elsewhere => State::TakenOver,
            Before::Lost => State::NotKept,
            Before::Same => State::Unchanged,
            // The engine's own sections at the end of drafts are no words of the document.
            Before::Other(..) if changes.is_empty() => State::Unchanged,
            Before::Other(..) => State::Changed,
        };
        let printed = match &control.next_review {
            Some(NextReview::On(day)) => Some(day.date),
            _ => None,
        };
        let (edited, missing) = self.files(id);
        let day = self.day();
        let current = history.in_force(id, day);
        let number = |version: &Version<'_>| version.issued.version.clone();
        let coming = |(version, since): (Version<'_>, Date)| Coming { version: number(&version), since };
        let in_force = current.as_ref().map(number).filter(|own| last.is_some_and(|last| last.issued.version != *own));
        let waits = current.filter(|version| self.still_waits(version));
        let is_other = state == State::Changed;
        Standing {
            id: id.into(),
            number: control.number.text.clone(),
            title: control.title.text.clone(),
            state,
            version: last.as_ref().map(number),
            in_force,
            coming: history.coming(id, day).into_iter().map(coming).collect(),
            waits: waits.and_then(|version| Some((version, history.since(&version)?))).map(coming),
            step: last.filter(|_| is_other).map(|_| if major.is_some() { Step::Major } else { Step::Minor }),
            next: last.filter(|_| is_other).map(|_| version::next(&control.version, major.is_some()).into()),
            major: last.filter(|_| is_other).and(major).map(str::to_owned),
            next_review: last.and_then(|version| version.issued.next_review).or(printed),
            edited,
            missing,
            awaits: awaits.filter(|(_, awaits)| !awaits.is_empty()),
            changes,
        }
    }

    /// Today, or the day of the last entry where that is later: a clock that goes backwards takes nothing back.
    fn day(&self) -> Date {
        let today = self.session.today.parse().unwrap_or(Date::MAX);
        self.workspace.history.day().map_or(today, |last| last.max(today))
    }

    /// Whether the files of a version that is in force stand where they waited for its day.
    fn still_waits(&self, version: &Version<'_>) -> bool {
        let files = &*self.workspace.files;
        self.ledger.places().is_some_and(|places| self.workspace.history.still_waits(version, &places, files))
    }

    /// The files of a document that were edited by hand, and those that are gone.
    fn files(&self, id: &str) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let Workspace { history, files, root, .. } = self.workspace;
        let mut found = self.ledger.changed_outputs(id);
        let mut look = |path: String, sha256: &str, newer: &dyn Fn(&str) -> bool| match files.digest(&path) {
            Ok(there) if there == sha256 || newer(&path) => {}
            Err(error) if error.is_missing() => found.push((root.join(path), false)),
            // Something else stands there, or what leads elsewhere.
            Ok(_) | Err(_) => found.push((root.join(path), true)),
        };
        if let Some(places) = self.ledger.places() {
            let day = self.day();
            let current = history.in_force(id, day);
            let late = current.filter(|version| history.still_waits(version, &places, &**files));
            let shown = late.and_then(|version| history.in_force(id, history.since(&version)?.yesterday().ok()?));
            let standing = history.has_days(id).then(|| history.standing(id, &places, &**files));
            // What came into force on a later day than this stands there by right.
            let number = current.map_or(0, |version| version.entry.number);
            let newer = |path: &str| {
                let own = standing.iter().flat_map(|standing| standing.own.get(path));
                own.into_iter().any(|(_, own)| *own > number || late.is_some())
            };
            let now = if late.is_some() { shown } else { current };
            for given in now.iter().flat_map(|version| history.files(version).values()) {
                look(places.now(given), &given.sha256, &newer);
            }
            let late = late.and_then(|version| Some((version, history.since(&version)?)));
            for (version, since) in history.coming(id, day).into_iter().chain(late) {
                for given in history.files(&version).values() {
                    look(places.later(given, since), &given.sha256, &|_| false);
                }
            }
        }
        let (edited, missing): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, is_edited)| *is_edited);
        let paths = |list: Vec<(PathBuf, bool)>| list.into_iter().map(|(path, _)| path).collect();
        (paths(edited), paths(missing))
    }

    /// Whether the last that happened to a document is that it was withdrawn.
    fn is_withdrawn(&self, id: &str) -> bool {
        let entries = self.workspace.history.entries.iter().rev();
        let of_it = |documents: &[crate::history::Issued]| documents.iter().any(|issued| issued.id == id);
        entries.filter(|entry| of_it(&entry.documents)).map(|entry| entry.event).next() == Some(Event::Withdraw)
    }

    /// Issued files of documents that are not made any more and that nobody withdrew.
    fn issued_left(&self, documents: &[Document]) -> Vec<Left> {
        let workspace = self.workspace;
        let made: BTreeSet<&str> = documents.iter().map(|document| document.control.id.as_str()).collect();
        let ids: BTreeSet<&EcoString> = workspace
            .history
            .entries
            .iter()
            .flat_map(|entry| &entry.documents)
            .map(|issued| &issued.id)
            .filter(|id| !made.contains(id.as_str()))
            .collect();
        let mut left = Vec::new();
        let Some(places) = self.ledger.places() else { return left };
        for id in ids.into_iter().filter(|id| workspace.history.last(id).is_some()) {
            for find in [History::standing, History::waiting] {
                let found = find(&workspace.history, id, &places, &*workspace.files);
                let own = found.own.into_keys().map(|path| (path, false));
                let all = own.chain(found.changed.into_iter().map(|path| (path, true)));
                left.extend(all.map(|(path, is_edited)| Left { path: workspace.root.join(path), is_edited }));
            }
        }
        left
    }
}

/// Whether it is a row that holds no longer.
fn is_former(cause: &Cause) -> bool {
    matches!(cause, Cause::Fact { path, .. } if path.split('.').next() == Some(FORMER))
}

/// Each cause once, with the documents that show it.
fn shared(documents: &[Standing]) -> Vec<Shared> {
    let mut found: BTreeMap<Cause, BTreeMap<EcoString, usize>> = BTreeMap::new();
    for standing in documents {
        for cause in standing.changes.iter().flat_map(|change| &change.causes) {
            *found.entry(cause.in_general()).or_default().entry(standing.id.clone()).or_default() += 1;
        }
    }
    found.into_iter().map(|(cause, documents)| Shared { cause, documents }).collect()
}
