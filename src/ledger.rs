//! The ledger: where each output goes, what stands there, and what becomes of it.
//!
//! Outputs that lie in the workspace are recorded in its `folio.lock`, those of another folder in a `.folio.lock` of that
//! folder. Neither is trusted further than its own outputs: see [`Lock::confine`]. Nothing here writes: a [`Settled`] run
//! is two [`Commit`]s, and what was decided about each file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::backend::{Backends, Format};
use crate::commit::{Commit, FOLDER};
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::digest;
use crate::files::{Disk, Files, Problem};
use crate::history::{Facts, History, Places};
use crate::lock::{self, Lock, LockedDocument, LockedOutput};
use crate::model::stored;
use crate::plan::{Job, Plan};
use crate::workspace::Workspace;

/// The folder of documents that are not approved, in the output folder.
const DRAFTS: &str = "draft";

/// A document that typesetting and the backends are done with.
#[derive(Debug, Clone)]
pub struct Finished {
    /// Its place in the plan.
    pub job: usize,
    /// The digest of all that it is made from.
    pub input: String,
    /// Its model as it is kept, when it was made anew: see [`stored`].
    pub model: Option<Vec<u8>>,
    /// How many pages it has.
    pub pages: u32,
    /// Its outputs.
    pub outputs: Vec<Bytes>,
    /// How long it took.
    pub time: Duration,
}

/// An output: its bytes, or what the lock says of those that are there.
#[derive(Debug, Clone)]
pub enum Bytes {
    /// It was made.
    New(Format, Vec<u8>),
    /// It is in place as it was made before.
    Known(Format, LockedOutput),
}

/// What was done with an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was written, or would be in a dry run.
    Written,
    /// It was as it should be.
    Unchanged,
    /// Somebody edited it; it was left alone.
    KeptEdited,
    /// Nothing was written, because of faults.
    Failed,
}

impl Action {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Action::Written => "written",
            Action::Unchanged => "unchanged",
            Action::KeptEdited => "kept-edited",
            Action::Failed => "failed",
        }
    }
}

/// An output file of a run.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its format.
    pub format: Format,
    /// The file, as the user knows the folder that it lies in.
    pub path: PathBuf,
    /// The SHA-256 of what Folio would have it be.
    pub sha256: String,
    /// What was done.
    pub action: Action,
}

/// A file of an earlier run that the set has no place for any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftBehind {
    /// The file, as the user knows the folder that it lies in.
    pub path: PathBuf,
    /// Whether somebody edited it: then it is never removed.
    pub is_edited: bool,
    /// Whether it is removed, or would be in a dry run.
    pub is_removed: bool,
}

/// What is asked about files that are in place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes {
    /// Replace outputs that were edited by hand.
    pub overwrite_edited: bool,
    /// Remove files that are left behind, unless they were edited.
    pub prune: bool,
    /// Take over the outputs of another workspace.
    pub take_over: bool,
    /// Fail when the lock would pin another pack.
    pub locked: bool,
}

/// A run, decided.
#[derive(Debug, Default)]
pub struct Settled {
    /// What changes in the workspace: its lock, its packs, and its outputs when they lie in it.
    pub own: Commit,
    /// What changes in another folder that the outputs go to.
    pub elsewhere: Commit,
    /// The outputs of each finished document, by its place in the plan.
    pub outputs: BTreeMap<usize, Vec<Output>>,
    /// What has no place any more.
    pub left_behind: Vec<LeftBehind>,
}

/// Where outputs go and what is known of those that are there.
pub struct Ledger {
    /// What the folder that holds the record is called when it is named.
    shown: PathBuf,
    files: Arc<dyn Files>,
    /// The folder of outputs, below the one that holds the record.
    folder: String,
    lock: Lock,
    /// Whether the record is the workspace's own lock.
    is_own: bool,
    /// What tells this workspace from its copies in a folder elsewhere.
    way: Option<String>,
}

/// The folder elsewhere that outputs go to; `None` when they lie in the workspace itself.
pub fn elsewhere(root: &Path, output: &str, out: Option<&Path>) -> Option<PathBuf> {
    match out {
        Some(out) => Some(out.to_owned()),
        None => {
            let folder = root.join(output);
            let is_own = real(&folder).starts_with(real(root));
            (!is_own).then_some(folder)
        }
    }
}

/// Where issued files stand, below a workspace; `None` where its outputs lie outside of it.
pub fn places(root: &Path, output: &str) -> Option<Places> {
    let is_own = elsewhere(root, output, None).is_none();
    is_own.then(|| Places::of(&inner(root, output).to_string_lossy().replace('\\', "/")))
}

/// The folder of outputs below the workspace that they lie in.
fn inner(root: &Path, output: &str) -> PathBuf {
    let folder = real(&root.join(output));
    folder.strip_prefix(real(root)).unwrap_or(Path::new("")).to_owned()
}

impl Ledger {
    /// Opens the record of a workspace's outputs, which go to `out` when that is given, and are of some of these formats.
    pub fn open(
        workspace: &Workspace,
        backends: &Backends,
        out: Option<&Path>,
        wishes: Wishes,
        sink: &mut Sink,
    ) -> Option<Ledger> {
        let Workspace { root, settings, files, .. } = workspace;
        let below = if out.is_some() { "" } else { DRAFTS };
        let place = workspace.is_on_disk().then(|| elsewhere(root, &settings.output, out)).flatten();
        let mut ledger = match place {
            None => {
                let folder = inner(root, &settings.output).join(below).to_string_lossy().replace('\\', "/");
                let lock = workspace.lock.clone();
                Ledger { shown: root.clone(), files: files.clone(), folder, lock, is_own: true, way: None }
            }
            Some(place) => {
                let files: Arc<dyn Files> = Arc::new(Disk::new(&place, format!("{}/", place.display())));
                let lock = match files.read(lock::EXPORT_FILE) {
                    Ok(bytes) => Lock::read(lock::EXPORT_FILE, &bytes, sink)?,
                    Err(error) if error.problem == Problem::Missing => Lock::default(),
                    Err(error) => {
                        sink.push(unreadable(&error));
                        return None;
                    }
                };
                let way = Some(way(&place, root));
                Ledger { shown: place, files, folder: below.to_owned(), lock, is_own: false, way }
            }
        };
        let endings: Vec<&str> = backends.iter().map(|format| format.extension).collect();
        let forgotten = ledger.lock.confine(&real(&ledger.shown), &ledger.folder, &endings);
        if !forgotten.is_empty() {
            let message = format!(
                "{} lists files that are not among its outputs, and is not trusted with them: {}",
                ledger.record(),
                forgotten.join(", ")
            );
            sink.push(Diagnostic::warning(&codes::LOCK_OUTSIDE, message).at(Span::file(ledger.record())));
        }
        if !wishes.take_over
            && let Some(problem) = ledger.foreign(&settings.id)
        {
            sink.push(problem);
            return None;
        }
        Some(ledger)
    }

    /// The record's file, by its name in its folder.
    fn record(&self) -> &'static str {
        if self.is_own { lock::FILE } else { lock::EXPORT_FILE }
    }

    /// What is wrong when the outputs are another workspace's.
    fn foreign(&self, id: &str) -> Option<Diagnostic> {
        let owner = self.lock.workspace.as_deref()?;
        let is_copy = owner == id && self.lock.way != self.way;
        let whose = match (owner == id, is_copy) {
            (true, false) => return None,
            (true, true) => format!("another copy of the workspace `{owner}`"),
            (false, _) => format!("the workspace `{owner}`"),
        };
        let place = self.shown.join(&self.folder);
        let message = format!("the outputs in `{}` are those of {whose}", place.display());
        let diagnostic = Diagnostic::fault(&codes::OUTPUTS_FOREIGN, message);
        Some(diagnostic.at(Span::file(self.record())).help(codes::OUTPUTS_FOREIGN.fix))
    }

    /// Whether the whole set was made from this input without a remark.
    pub fn knows_set(&self, input: &str) -> bool {
        self.lock.set.as_deref() == Some(input)
    }

    /// What a document's outputs were made from, when all of them were made from the same.
    pub fn input_of(&self, job: &Job) -> Option<&str> {
        let locked = self.lock.documents.get(&job.control.id)?;
        Some(locked.input.as_str()).filter(|input| !input.is_empty())
    }

    /// The outputs that the lock knows for this input, when all are in place as they were written.
    pub fn known(&self, job: &Job, formats: &[Format], input: &str) -> Option<(u32, Vec<Bytes>)> {
        let locked = self.lock.documents.get(&job.control.id).filter(|locked| locked.input == input)?;
        let outputs = formats.iter().map(|format| {
            let output = locked.outputs.get(format.name)?;
            let path = self.path(job, *format);
            let is_there = output.path == path && self.files.digest(&path).ok().as_ref() == Some(&output.sha256);
            is_there.then(|| Bytes::Known(*format, output.clone()))
        });
        Some((locked.pages, outputs.collect::<Option<_>>()?))
    }

    /// Where an output goes, below the folder that holds the record.
    fn path(&self, job: &Job, format: Format) -> String {
        let name = format!("{}.{}", job.stem, format.extension);
        if self.folder.is_empty() { name } else { format!("{}/{name}", self.folder) }
    }

    /// The same, as the user knows it.
    pub fn shown(&self, job: &Job, format: Format) -> PathBuf {
        self.shown.join(self.path(job, format))
    }

    /// The folder that the outputs go to when it is not the workspace's.
    pub fn elsewhere(&self) -> Option<&Path> {
        (!self.is_own).then_some(&self.shown)
    }

    /// Where issued files stand, below the workspace; `None` where its outputs lie outside of it.
    pub fn places(&self) -> Option<Places> {
        let parent = self.folder.strip_suffix(DRAFTS).map(|folder| folder.trim_end_matches('/'))?;
        self.is_own.then(|| Places::of(parent))
    }

    /// The folder of outputs, as the user knows it.
    pub fn folder(&self) -> PathBuf {
        self.shown.join(&self.folder)
    }

    /// Decides what becomes of every output: what is new is written, what somebody edited is kept, what has no place any
    /// more is named. `set` is what the whole set was made from, when making it gave rise to no remark; `kept` are the ids of
    /// documents that were issued as they are: they have no draft.
    #[expect(clippy::too_many_arguments, reason = "what becomes of every file hangs on all of it")]
    pub fn settle(
        &self,
        workspace: &Workspace,
        plan: &Plan,
        finished: Vec<Finished>,
        set: Option<String>,
        kept: &BTreeSet<String>,
        wishes: Wishes,
        sink: &mut Sink,
    ) -> Settled {
        let mut lock = self.lock.clone();
        lock.workspace = Some(workspace.settings.id.clone());
        lock.way.clone_from(&self.way);
        lock.set = set;
        let goes_on = |known| workspace.history.goes_on_from(known);
        if let Some(reach) =
            workspace.history.reach().filter(|_| self.is_own && lock.history.as_ref().is_none_or(goes_on))
        {
            lock.history = Some(reach);
        }
        let mut settled = Settled::default();
        self.pin(workspace, &mut lock, wishes, &mut settled, sink);
        let mut writes = Commit::new();
        // What an export is made from is kept by nobody: it changes nothing in the workspace.
        let facts = (self.is_own && !finished.is_empty()).then(|| workspace.kept_facts().to_bytes());
        let facts = facts.map(|bytes| (digest::of_file(&bytes), bytes));
        for done in finished {
            let job = done.job;
            let outputs = self.settle_one(&plan.jobs[job], done, wishes, &mut lock, &mut writes, sink);
            let is_edited = outputs.iter().any(|output| output.action == Action::KeptEdited);
            // What is in place as it was made before says the same of the facts of today.
            if let (Some((digest, _)), false) = (&facts, is_edited)
                && let Some(entry) = lock.documents.get_mut(&plan.jobs[job].control.id)
                && entry.model.is_some()
            {
                entry.facts = Some(digest.clone());
            }
            settled.outputs.insert(job, outputs);
        }
        self.leave_behind(plan, kept, wishes, &mut lock, &mut writes, &mut settled.left_behind, sink);
        self.forget_models(&lock, &mut writes);
        self.keep_facts(&workspace.history, &lock, facts, &mut writes);
        let commit = if self.is_own { &mut settled.own } else { &mut settled.elsewhere };
        commit.extend(writes);
        if lock != self.lock {
            commit.write(self.record(), lock.to_bytes());
        }
        settled
    }

    /// Pins the pack in the workspace's lock and keeps its archives, but for an export, which changes nothing there.
    fn pin(&self, workspace: &Workspace, lock: &mut Lock, wishes: Wishes, settled: &mut Settled, sink: &mut Sink) {
        let packs = workspace.pin.as_ref().map(|pin| pin.locked.clone()).unwrap_or_default();
        let is_export = !self.is_own && self.folder.is_empty();
        if is_export {
            return;
        }
        if wishes.locked && packs != workspace.lock.packs {
            let message = "folio.lock does not pin this pack, and `--locked` forbids to change it";
            sink.push(Diagnostic::fault(&codes::LOCK_BROKEN, message).at(Span::file(lock::FILE)));
        }
        for (path, bytes) in workspace.pin.iter().flat_map(|pin| &pin.keep) {
            settled.own.write(path.clone(), bytes.clone());
        }
        if self.is_own {
            lock.packs = packs;
        } else {
            let workspace_id = Some(workspace.settings.id.clone());
            let pinned = Lock { packs, workspace: workspace_id, ..workspace.lock.clone() };
            if pinned != workspace.lock {
                settled.own.write(lock::FILE, pinned.to_bytes());
            }
        }
    }

    /// Decides what happens to the outputs of one document.
    fn settle_one(
        &self,
        job: &Job,
        done: Finished,
        wishes: Wishes,
        lock: &mut Lock,
        writes: &mut Commit,
        sink: &mut Sink,
    ) -> Vec<Output> {
        let id = &job.control.id;
        let before = self.lock.documents.get(id).cloned().unwrap_or_default();
        let mut entry = LockedDocument { input: done.input, pages: done.pages, ..before.clone() };
        let mut outputs = Vec::new();
        let mut is_edited = false;
        for bytes in done.outputs {
            let (format, sha256, action) = match bytes {
                Bytes::Known(format, output) => (format, output.sha256, Action::Unchanged),
                Bytes::New(format, bytes) => {
                    let path = self.path(job, format);
                    let sha256 = digest::of_file(&bytes);
                    let Some(there) = self.there(&path, sink) else { continue };
                    let is_own = there.as_ref().is_none_or(|there| self.wrote(&path, there));
                    let action = if there.as_ref() == Some(&sha256) {
                        Action::Unchanged
                    } else if is_own || wishes.overwrite_edited {
                        Action::Written
                    } else {
                        Action::KeptEdited
                    };
                    if action == Action::KeptEdited {
                        is_edited = true;
                        let message = format!("`{path}` was edited by hand and is left as it is");
                        let diagnostic =
                            Diagnostic::warning(&codes::OUTPUT_EDITED, message).at(Span::file(path.clone()));
                        sink.push(diagnostic.help("keep the edits elsewhere and run with `--overwrite-edited`"));
                    } else if !is_own && !self.is_own && action == Action::Unchanged {
                        // The same bytes, and somebody else's all the same: another copy of the workspace wrote them.
                        is_edited = true;
                    } else {
                        // What stood elsewhere until now has no place any more.
                        if let Some(moved) = before.outputs.get(format.name).filter(|known| known.path != path) {
                            lock.left_behind.push(moved.clone());
                        }
                        let locked = LockedOutput { path: path.clone(), sha256: sha256.clone(), pending: None };
                        entry.outputs.insert(format.name.into(), locked);
                    }
                    if action == Action::Written {
                        writes.write_over(path, bytes, there);
                    }
                    (format, sha256, action)
                }
            };
            outputs.push(Output { format, path: self.shown(job, format), sha256, action });
        }
        let is_part = before.input != entry.input && entry.outputs.len() > outputs.len();
        if is_edited || is_part {
            // The input of what is in place is unknown, or outputs of formats that were not asked for are older: the
            // next run looks again.
            entry.input = String::new();
        }
        if let Some(model) = done.model.filter(|_| self.is_own && !is_edited) {
            let digest = stored::digest(&model);
            if before.model.as_ref() != Some(&digest) {
                writes.write(model_path(&digest), model);
            }
            entry.model = Some(digest);
        }
        lock.documents.insert(id.clone(), entry);
        outputs
    }

    /// Takes away the models that no document was made from any more.
    fn forget_models(&self, lock: &Lock, writes: &mut Commit) {
        let models = |lock: &Lock| -> BTreeSet<String> {
            lock.documents.values().filter_map(|document| document.model.clone()).collect()
        };
        for digest in models(&self.lock).difference(&models(lock)) {
            writes.remove(model_path(digest), digest.clone());
        }
    }

    /// Keeps what documents were made from, and takes away what no document and no version was made from any more.
    fn keep_facts(&self, history: &History, lock: &Lock, kept: Option<(String, Vec<u8>)>, writes: &mut Commit) {
        let facts = |lock: &Lock| -> BTreeSet<String> {
            lock.documents.values().filter_map(|document| document.facts.clone()).collect()
        };
        let (before, after) = (facts(&self.lock), facts(lock));
        if let Some((digest, bytes)) = kept.filter(|(digest, _)| after.contains(digest)) {
            let path = Facts::path(&digest);
            if self.files.digest(&path).ok() != Some(digest) {
                writes.write(path, bytes);
            }
        }
        let issued: BTreeSet<&String> = history.entries.iter().filter_map(|entry| entry.facts.as_ref()).collect();
        for digest in before.difference(&after).filter(|digest| !issued.contains(digest)) {
            writes.remove(Facts::path(digest), digest.clone());
        }
    }

    /// What has no place in the set any more, and what will have none once it is rendered: a file whose document is called
    /// otherwise now.
    pub fn going(&self, plan: &Plan, wishes: Wishes, sink: &mut Sink) -> Vec<LeftBehind> {
        let mut lock = self.lock.clone();
        let mut moved = Vec::new();
        for job in &plan.jobs {
            let Some(document) = lock.documents.get_mut(&job.control.id) else { continue };
            document.outputs.retain(|name, output| {
                let format = job.formats.iter().find(|format| format.name == name);
                let is_there = format.is_none_or(|format| self.path(job, *format) == output.path);
                if !is_there {
                    moved.push(output.clone());
                }
                is_there
            });
        }
        lock.left_behind.extend(moved);
        let mut named = Vec::new();
        self.leave_behind(plan, &BTreeSet::new(), wishes, &mut lock, &mut Commit::new(), &mut named, sink);
        named
    }

    /// The outputs of a document that are not as they were written: edited by hand, or gone.
    pub fn changed_outputs(&self, id: &str) -> Vec<(PathBuf, bool)> {
        let outputs = self.lock.documents.get(id).into_iter().flat_map(|document| document.outputs.values());
        let changed = outputs.filter_map(|output| match self.files.digest(&output.path) {
            Ok(there) if is_own(Some(output), &output.path, &there) => None,
            Ok(_) => Some((self.shown.join(&output.path), true)),
            Err(error) if error.is_missing() => Some((self.shown.join(&output.path), false)),
            Err(_) => None,
        });
        changed.collect()
    }

    /// What is recorded of a document.
    pub fn locked(&self, id: &str) -> Option<&LockedDocument> {
        self.lock.documents.get(id)
    }

    /// Finds what has no place in the set any more: documents that are not made, formats that are not wanted, files whose
    /// names have changed.
    #[expect(clippy::too_many_arguments, reason = "what becomes of every file hangs on all of it")]
    fn leave_behind(
        &self,
        plan: &Plan,
        kept: &BTreeSet<String>,
        wishes: Wishes,
        lock: &mut Lock,
        writes: &mut Commit,
        named: &mut Vec<LeftBehind>,
        sink: &mut Sink,
    ) {
        let is_draft = |job: &&Job| !kept.contains(&job.control.id);
        let jobs: BTreeMap<&str, &Job> =
            plan.jobs.iter().filter(is_draft).map(|job| (job.control.id.as_str(), job)).collect();
        // Drafts of what was issued as it is go by themselves, unless somebody edited them.
        let of_issued: BTreeSet<String> = lock
            .documents
            .iter()
            .filter(|(id, _)| kept.contains(*id))
            .flat_map(|(_, document)| document.outputs.values().map(|output| output.path.clone()))
            .collect();
        let mut candidates = std::mem::take(&mut lock.left_behind);
        lock.documents.retain(|id, document| match jobs.get(id.as_str()) {
            None => {
                candidates.extend(std::mem::take(&mut document.outputs).into_values());
                false
            }
            Some(job) => {
                document.outputs.retain(|name, output| {
                    let is_wanted = job.formats.iter().any(|format| format.name == name);
                    if !is_wanted {
                        candidates.push(output.clone());
                    }
                    is_wanted
                });
                true
            }
        });
        let in_place: BTreeSet<&str> = lock
            .documents
            .values()
            .flat_map(|document| document.outputs.values())
            .map(|output| output.path.as_str())
            .chain(writes.files().map(|(path, _)| path))
            .collect();
        let planned: BTreeSet<String> =
            jobs.values().flat_map(|job| job.formats.iter().map(|format| self.path(job, *format))).collect();
        let has_place = |path: &str| in_place.contains(path) || planned.contains(path);
        let mut candidates: Vec<LockedOutput> =
            candidates.into_iter().filter(|output| !has_place(&output.path)).collect();
        candidates.sort_by(|a, b| a.path.cmp(&b.path));
        candidates.dedup_by(|a, b| a.path == b.path);
        for output in candidates {
            let Some(there) = self.there(&output.path, sink).flatten() else { continue };
            let is_edited = !is_own(Some(&output), &output.path, &there);
            let is_removed = (wishes.prune || of_issued.contains(&output.path)) && !is_edited;
            if is_removed {
                writes.remove(output.path.clone(), there);
            } else {
                lock.left_behind.push(output.clone());
            }
            named.push(LeftBehind { path: self.shown.join(&output.path), is_edited, is_removed });
        }
    }

    /// Whether a file that is in place is one that Folio wrote there, for whichever document, now or before.
    fn wrote(&self, path: &str, there: &str) -> bool {
        let outputs = self.lock.documents.values().flat_map(|document| document.outputs.values());
        outputs.chain(&self.lock.left_behind).any(|known| is_own(Some(known), path, there))
    }

    /// The digest of a file that is in place, and nothing when there is none. What cannot be read is not absent: that is
    /// a fault, and gives nothing at all.
    fn there(&self, path: &str, sink: &mut Sink) -> Option<Option<String>> {
        match self.files.digest(path) {
            Ok(there) => Some(Some(there)),
            Err(error) if error.problem == Problem::Missing => Some(None),
            Err(error) => {
                sink.push(unreadable(&error));
                None
            }
        }
    }
}

/// Where a workspace keeps the model of a digest.
pub fn model_path(digest: &str) -> String {
    format!("{FOLDER}/models/{digest}.json")
}

/// Whether a file that is in place is one that Folio wrote.
fn is_own(known: Option<&LockedOutput>, path: &str, there: &str) -> bool {
    known.is_some_and(|known| known.path == path && (known.sha256 == there || known.pending.as_deref() == Some(there)))
}

fn unreadable(error: &crate::files::FileError) -> Diagnostic {
    Diagnostic::fault(&codes::OUTPUT_UNREADABLE, error.to_string())
        .at(Span::file(error.name.clone()))
        .help(codes::OUTPUT_UNREADABLE.fix)
}

/// A digest of the way from one folder to another: the same wherever both are moved together.
fn way(from: &Path, to: &Path) -> String {
    let (from, to) = (real(from), real(to));
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.components().count() - shared);
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let way: Vec<String> = up.chain(down).collect();
    digest::of_file(way.join("/").as_bytes())
}

/// A path from the root of the file system, without `.`, `..` and links as far as it exists.
pub fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            part => clean.push(part),
        }
        if let Ok(real) = clean.canonicalize() {
            clean = real;
        }
    }
    clean
}
