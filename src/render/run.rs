//! A run over workspaces: each is a batch of documents that any thread may print. Read [`Run::set`], [`Run::print`] and
//! [`Run::put_in_place`], in this order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::grip::Grip;
use super::{Action, Format, Outcome, Output, Rendered, Request};
use crate::backend::pdf;
use crate::decode;
use crate::diagnostic::{Severity, Sink};
use crate::digest;
use crate::ledger::{Bytes, Finished, Ledger};
use crate::model::{Document, content, stored};
use crate::parallel::Batches;
use crate::plan::{Job, Plan, Scope};
use crate::progress::Progress;
use crate::propose;
use crate::session::{Press, Session, Stage, common_input};
use crate::verify;
use crate::workspace::{Sample, Workspace};

pub(super) struct Run<'a> {
    session: &'a Session,
    roots: &'a [(PathBuf, String)],
    request: &'a Request,
    progress: &'a (dyn Fn(usize, usize) + Sync),
    grip: Grip,
    /// How many documents are done, and how many there are so far.
    counts: [AtomicUsize; 2],
}

/// A workspace that was read, with what was said of it.
pub(super) struct Opened {
    set: Option<Set>,
    said: Sink,
}

/// A set whose documents are to be printed.
struct Set {
    workspace: Workspace,
    ledger: Ledger,
    plan: Plan,
    /// The digest of all that the set is made from, when making it gave rise to no remark so far.
    input: Option<String>,
    /// What all its documents are made from besides.
    common: Vec<u8>,
    /// What is in place already, when that is all that is asked for.
    unchanged: Vec<Finished>,
    /// The documents that were issued as they are, by their places in the plan, each with its version.
    issued: BTreeMap<usize, String>,
    press: Option<Press>,
    /// How far one is, where that was asked.
    progress: Option<Progress>,
    /// What is printed, by its place in the plan; whoever prints a document takes it.
    documents: Vec<(usize, Mutex<Option<Document>>)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        session: &'a Session,
        roots: &'a [(PathBuf, String)],
        request: &'a Request,
        progress: &'a (dyn Fn(usize, usize) + Sync),
        grip: Grip,
    ) -> Run<'a> {
        Run { session, roots, request, progress, grip, counts: Default::default() }
    }

    /// Reads a workspace and makes its documents, as far as they are not known to be in place.
    fn set(&self, root: &Path, sink: &mut Sink) -> Option<Set> {
        let session = self.session;
        let workspace = session.workspace(root, sink)?;
        workspace.pack.check_asked(&self.request.only, sink);
        let ledger =
            Ledger::open(&workspace, &session.backends, self.request.out.as_deref(), self.request.wishes, sink)?;
        let plan = session.plan(&workspace, sink);
        session.report(&workspace, &plan, sink);
        sink.extend(verify::missed(&workspace).map(|missed| missed.said(Severity::Warning)));
        let common = common_input(&workspace);
        let input = set_input(&workspace, &plan, &common);
        let mut set = Set {
            workspace,
            ledger,
            plan,
            input: Some(input),
            common,
            unchanged: Vec::new(),
            issued: BTreeMap::new(),
            press: None,
            progress: None,
            documents: Vec::new(),
        };
        // Documents are made anew where somebody asks what they print.
        if let Some(unchanged) = self.unchanged(&set).filter(|_| !self.request.asks_progress) {
            set.unchanged = unchanged;
        } else {
            self.compose(&mut set, sink);
        }
        if let Some(progress) = &mut set.progress {
            progress.propose(propose::count(&set.workspace, &mut set.plan));
        }
        // What templates saw is large, and nobody asks for it any more.
        set.plan.scope = Scope::default();
        decode::show_lines(&set.workspace.trees(), sink);
        Some(set)
    }

    /// Makes the documents of a set, and what prints them. A set that gives rise to a remark is made anew each time.
    fn compose(&self, set: &mut Set, sink: &mut Sink) {
        let session = self.session;
        let remarks = sink.len();
        let documents = session.documents(&set.workspace, &set.plan, sink).documents;
        session.leaks(&set.workspace, documents.as_deref().unwrap_or_default(), sink);
        set.input.take_if(|_| sink.len() > remarks);
        // Where something stops the set, documents are missing from it, and what they lack.
        let made = documents.as_ref().filter(|_| self.request.asks_progress && !sink.has_faults());
        set.progress = made.map(|documents| Progress::of(&set.workspace, documents));
        let Some(documents) = documents.filter(|_| !sink.has_faults()) else { return };
        set.issued = issued(&set.workspace, &documents);
        let drafts = set.plan.jobs.iter().enumerate().filter(|(job, _)| !set.issued.contains_key(job));
        let formats: Vec<Format> = drafts.flat_map(|(_, job)| self.formats(job)).collect();
        set.press = session.press(&set.workspace, &documents, &formats, sink);
        if let Some(press) = set.press.as_ref().filter(|_| formats.contains(&pdf::FORMAT)) {
            press.check_words(&set.workspace, sink);
        }
        let wanted = documents
            .into_iter()
            .enumerate()
            .filter(|(job, _)| self.is_wanted(&set.plan.jobs[*job]) && !set.issued.contains_key(job));
        set.documents = wanted.map(|(job, document)| (job, Mutex::new(Some(document)))).collect();
    }

    /// Prints a document whose outputs are not known to be right.
    fn print(&self, set: &Set, item: usize, sink: &mut Sink) -> Option<Finished> {
        let start = Instant::now();
        let (job, document) = &set.documents[item];
        let mut document = document.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        self.session.pass_names(&set.workspace, &mut document, sink)?;
        let planned = &set.plan.jobs[*job];
        let model = stored::bytes(&document);
        let input = digest::of_parts([model.as_slice(), &set.common]);
        let formats = self.formats(planned);
        if let Some((pages, outputs)) = set.ledger.known(planned, &formats, &input) {
            return Some(Finished { job: *job, input, model: None, pages, outputs, time: start.elapsed() });
        }
        let printed = self.session.print(set.press.as_ref()?, &set.workspace, &document, &formats, sink)?;
        let outputs = printed.outputs.into_iter().map(|(format, bytes)| Bytes::New(format, bytes)).collect();
        Some(Finished { job: *job, input, model: Some(model), pages: printed.pages, outputs, time: start.elapsed() })
    }

    /// Decides what becomes of every output, and does it when there is no fault.
    fn put_in_place(&self, root: &Path, set: &Set, mut finished: Vec<Finished>, sink: &mut Sink) -> Outcome {
        let _running = self.session.timings.running(Stage::Commit);
        let Set { workspace, ledger, plan, .. } = set;
        if finished.is_empty() {
            finished = set.unchanged.clone();
        }
        let facts: BTreeMap<usize, (u32, Duration)> =
            finished.iter().map(|done| (done.job, (done.pages, done.time))).collect();
        // Of a set that was made in part, only what is known to be right stays known.
        let is_whole = |input: &String| self.request.only.is_empty() || ledger.knows_set(input);
        let known = set.input.clone().filter(is_whole);
        let is_sound = !sink.has_faults();
        let finished = if is_sound { finished } else { Vec::new() };
        let kept = set.issued.keys().map(|job| plan.jobs[*job].control.id.clone()).collect();
        let mut settled = ledger.settle(workspace, plan, finished, known, &kept, self.request.wishes, sink);
        let mut is_done = is_sound && !sink.has_faults();
        if is_done && !self.request.dry_run {
            let own = self.grip.apply(root, &settled.own);
            let all = own.and_then(|()| match ledger.elsewhere() {
                Some(place) => self.grip.apply(place, &settled.elsewhere),
                None => Ok(()),
            });
            if let Err(problem) = all {
                sink.push(problem);
                is_done = false;
            }
        }
        let wanted = plan.jobs.iter().enumerate().filter(|(_, job)| self.is_wanted(job));
        let mut documents: Vec<Rendered> = wanted
            .map(|(index, job)| {
                if let Some(version) = set.issued.get(&index) {
                    return Rendered::as_issued(job, version);
                }
                let mut outputs = settled.outputs.remove(&index).filter(|_| is_done).unwrap_or_default();
                // One format can fail by itself: a PDF for which no font has a character.
                let formats = self.formats(job).into_iter();
                let failed: Vec<Format> =
                    formats.filter(|format| outputs.iter().all(|output| output.format != *format)).collect();
                outputs.extend(failed.into_iter().map(|format| Self::failed(ledger, job, format)));
                let (pages, time) = facts.get(&index).copied().filter(|_| is_done).unwrap_or_default();
                Rendered::of(job, &workspace.pack.strings, outputs, pages, time)
            })
            .collect();
        documents.extend(plan.not_applicable.iter().map(|left_out| Rendered::left_out(&workspace.pack, left_out)));
        let outcome = Outcome::of(root, workspace, ledger.folder(), documents, settled.left_behind, !is_done);
        Outcome { progress: set.progress.clone(), ..outcome }
    }

    /// Every document that is asked for, when the whole set was made from this input without a remark and is in place.
    /// What overrides say is compared with workspaces beside this one, which the input does not know.
    fn unchanged(&self, set: &Set) -> Option<Vec<Finished>> {
        let _running = self.session.timings.running(Stage::Look);
        let knows = set.input.as_ref().is_some_and(|input| set.ledger.knows_set(input));
        // What was issued is compared with what it would be now.
        let has_issued = !set.workspace.history.entries.is_empty();
        if !knows || has_issued || !set.workspace.overrides.is_empty() {
            return None;
        }
        let wanted = set.plan.jobs.iter().enumerate().filter(|(_, job)| self.is_wanted(job));
        wanted
            .map(|(index, job)| {
                let input = set.ledger.input_of(job)?.to_owned();
                let (pages, outputs) = set.ledger.known(job, &self.formats(job), &input)?;
                Some(Finished { job: index, input, model: None, pages, outputs, time: Duration::ZERO })
            })
            .collect()
    }

    /// Whether a document is asked for.
    fn is_wanted(&self, job: &Job) -> bool {
        self.request.only.is_empty() || self.request.only.contains(&job.control.id)
    }

    fn formats(&self, job: &Job) -> Vec<Format> {
        if self.request.formats.is_empty() { job.formats.clone() } else { self.request.formats.clone() }
    }

    fn failed(ledger: &Ledger, job: &Job, format: Format) -> Output {
        Output { format, path: ledger.shown(job, format), sha256: String::new(), action: Action::Failed }
    }
}

/// The documents of a set that say what their last issued version says, by their places, each with that version.
fn issued(workspace: &Workspace, documents: &[Document]) -> BTreeMap<usize, String> {
    let same = documents.iter().enumerate().filter_map(|(at, document)| {
        let last = workspace.history.last(&document.control.id)?;
        let is_same = last.issued.content.as_deref()? == content::digest(document);
        is_same.then(|| (at, last.issued.version.to_string()))
    });
    same.collect()
}

/// The digest of all that a set is made from: values, which of them are proposed only, what there is none of and who says
/// what is missing, plan, pack, look, pictures, and Folio itself.
fn set_input(workspace: &Workspace, plan: &Plan, common: &[u8]) -> String {
    let controls: Vec<_> = plan.jobs.iter().map(|job| (&job.control, &job.stem)).collect();
    let samples: Vec<Vec<&str>> = workspace.samples.iter().map(Sample::paths).collect();
    let proposed: Vec<_> = workspace.profile.proposals().all().iter().map(|proposal| &proposal.path).collect();
    let said = (workspace.profile.none(), &workspace.profile.value["pending"]);
    let values = serde_json::to_vec(&(plan.scope.values.map(), controls, samples, proposed, said)).unwrap_or_default();
    digest::of_parts([values.as_slice(), workspace.pack.digest.as_bytes(), common])
}

impl Batches for Run<'_> {
    type Batch = Opened;
    type Done = (Option<Finished>, Sink);
    type Outcome = (Outcome, Sink);

    fn open(&self, index: usize) -> (Opened, usize) {
        let mut said = Sink::new();
        let set = self.set(&self.roots[index].0, &mut said);
        let count = set.as_ref().map_or(0, |set| set.documents.len());
        self.counts[1].fetch_add(count, Ordering::Relaxed);
        (Opened { set, said }, count)
    }

    fn item(&self, opened: &Opened, item: usize) -> (Option<Finished>, Sink) {
        let mut sink = Sink::new();
        let finished = opened.set.as_ref().and_then(|set| self.print(set, item, &mut sink));
        let done = self.counts[0].fetch_add(1, Ordering::Relaxed) + 1;
        (self.progress)(done, self.counts[1].load(Ordering::Relaxed));
        (finished, sink)
    }

    fn close(&self, index: usize, opened: &Opened, done: Vec<(Option<Finished>, Sink)>) -> (Outcome, Sink) {
        let root = &self.roots[index].0;
        let mut sink = opened.said.clone();
        let mut finished = Vec::new();
        for (document, said) in done {
            finished.extend(document);
            sink.merge(said);
        }
        let outcome = match &opened.set {
            Some(set) => {
                let outcome = self.put_in_place(root, set, finished, &mut sink);
                decode::show_lines(&set.workspace.trees(), &mut sink);
                outcome
            }
            None => Outcome::unread(root),
        };
        (outcome, sink)
    }
}
