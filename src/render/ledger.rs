//! What a run leaves on disk: outputs that are new, none that somebody edited, and the record of what was written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Action, Format, Output, Rendered, RenderedState, Request, Run};
use crate::control::file_digest;
use crate::control::lock::{self, Lock, LockedDocument, LockedOutput};
use crate::diagnostic::codes::output as output_codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::output::{self, Batch};
use crate::plan::{Job, NotApplicable, Plan};
use crate::wording;
use crate::workspace::Workspace;

/// A document that typesetting and the backends are done with.
pub(super) struct Finished {
    /// Its place in the plan.
    pub(super) job: usize,
    pub(super) input: String,
    pub(super) pages: u32,
    pub(super) outputs: Vec<Bytes>,
    pub(super) time: Duration,
}

/// An output: its bytes, or what the lock says of those that are there.
pub(super) enum Bytes {
    New(Format, Vec<u8>),
    Known(Format, LockedOutput),
}

/// Where it is recorded what was written: the workspace's lock, or for `--out` one in that folder, so that an export
/// changes nothing in the workspace.
pub(super) struct Ledger {
    pub(super) file: PathBuf,
    pub(super) lock: Lock,
    /// Whether it is the workspace's own, which also pins the pack.
    pub(super) is_own: bool,
}

impl Ledger {
    pub(super) fn open(workspace: &Workspace, request: &Request, sink: &mut Sink) -> Option<Ledger> {
        match &request.out {
            None => Some(Ledger { file: workspace.root.join(lock::FILE), lock: workspace.lock.clone(), is_own: true }),
            Some(out) => {
                let file = absolute(out).join(lock::EXPORT_FILE);
                let lock = match output::read(&file) {
                    Some(bytes) => Lock::read(&bytes, sink)?,
                    None => Lock::default(),
                };
                Some(Ledger { file, lock, is_own: false })
            }
        }
    }
}

impl Run<'_> {
    /// The outputs that the lock knows for this input, when all are in place as they were written.
    pub(super) fn known(&self, job: &Job, input: &str) -> Option<(u32, Vec<Bytes>)> {
        let locked = self.ledger.lock.documents.get(&job.control.id).filter(|locked| locked.input == input)?;
        let outputs: Option<Vec<Bytes>> = job
            .formats
            .iter()
            .map(|&format| {
                let output = locked.outputs.get(format.name)?;
                let path = self.path(job, format);
                let in_place =
                    self.lock_path(&path) == output.path && current(&path).as_deref() == Some(output.sha256.as_str());
                in_place.then(|| Bytes::Known(format, output.clone()))
            })
            .collect();
        Some((locked.pages, outputs?))
    }

    /// Every document that is asked for, when the whole set was made from this input without a remark and is in place.
    /// What overrides say is compared with workspaces beside this one, which the input does not know.
    pub(super) fn unchanged(&self, plan: &Plan, input: &str) -> Option<Vec<Finished>> {
        if self.ledger.lock.set.as_deref() != Some(input) || !self.workspace.overrides.is_empty() {
            return None;
        }
        let wanted = plan.jobs.iter().enumerate().filter(|(_, job)| self.is_wanted(job));
        wanted
            .map(|(index, job)| {
                let input = self.ledger.lock.documents.get(&job.control.id)?.input.clone();
                let (pages, outputs) = self.known(job, &input).filter(|_| !input.is_empty())?;
                Some(Finished { job: index, input, pages, outputs, time: Duration::ZERO })
            })
            .collect()
    }

    /// Whether a document is asked for.
    pub(super) fn is_wanted(&self, job: &Job) -> bool {
        self.request.only.is_empty() || self.request.only.contains(&job.control.id)
    }

    /// Where an output goes.
    fn path(&self, job: &Job, format: Format) -> PathBuf {
        let folder = match &self.request.out {
            Some(out) => absolute(out),
            None => absolute(&self.workspace.root.join(&self.workspace.settings.output)).join("draft"),
        };
        folder.join(format!("{}.{}", job.stem, format.extension))
    }

    /// How the lock names a path: relative to the workspace when it lies in it.
    fn lock_path(&self, path: &Path) -> String {
        let root = absolute(&self.workspace.root);
        let path = path.strip_prefix(&root).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }

    /// Writes what is new, keeps what somebody edited, and records it in the lock.
    pub(super) fn write(
        &self,
        plan: &Plan,
        finished: Vec<Finished>,
        set: Option<String>,
        failed: bool,
        sink: &mut Sink,
    ) -> Vec<Rendered> {
        let mut lock = self.ledger.lock.clone();
        // Of a set that was made in part, only what is known to be right stays known.
        lock.set = set.filter(|set| self.request.only.is_empty() || self.ledger.lock.set.as_ref() == Some(set));
        if self.ledger.is_own {
            lock.packs = self.workspace.pin.as_ref().map(|pin| pin.locked.clone()).unwrap_or_default();
        }
        if self.request.locked && self.ledger.is_own && lock.packs != self.workspace.lock.packs {
            let message = "folio.lock does not pin this pack, and `--locked` forbids to change it";
            sink.push(Diagnostic::fault(&output_codes::LOCK_BROKEN, message));
        }
        let failed = failed || sink.has_faults();
        let mut changes = Changes::default();
        let mut rendered = Vec::new();
        let mut finished: BTreeMap<usize, Finished> = finished.into_iter().map(|done| (done.job, done)).collect();
        for (index, job) in plan.jobs.iter().enumerate() {
            if !self.is_wanted(job) {
                continue;
            }
            rendered.push(match finished.remove(&index).filter(|_| !failed) {
                Some(done) => self.settle(job, done, &mut lock, &mut changes, sink),
                None => self.failed(job),
            });
        }
        if !failed && !self.request.dry_run {
            self.forget_others(plan, &mut lock, &mut changes);
            if let Err(problem) = self.commit(&lock, changes) {
                sink.push(problem);
                for output in rendered.iter_mut().flat_map(|document| &mut document.outputs) {
                    output.action = Action::Failed;
                }
            }
        }
        rendered.extend(plan.not_applicable.iter().map(|document| self.not_applicable(document)));
        rendered
    }

    /// Decides what happens to the outputs of one document.
    fn settle(&self, job: &Job, done: Finished, lock: &mut Lock, changes: &mut Changes, sink: &mut Sink) -> Rendered {
        let id = &job.control.id;
        let before = self.ledger.lock.documents.get(id).cloned().unwrap_or_default();
        let mut entry = LockedDocument { input: done.input, pages: done.pages, outputs: before.outputs.clone() };
        let mut outputs = Vec::new();
        let mut is_edited = false;
        for bytes in done.outputs {
            let (format, sha256, action, path) = match bytes {
                Bytes::Known(format, output) => (format, output.sha256, Action::Unchanged, self.path(job, format)),
                Bytes::New(format, bytes) => {
                    let path = self.path(job, format);
                    let sha256 = file_digest(&bytes);
                    let known = before.outputs.get(format.name);
                    let action = match current(&path) {
                        Some(there) if there == sha256 => Action::Unchanged,
                        Some(there)
                            if !is_own(known, &self.lock_path(&path), &there) && !self.request.overwrite_edited =>
                        {
                            Action::KeptEdited
                        }
                        _ => Action::Written,
                    };
                    if action == Action::KeptEdited {
                        is_edited = true;
                        let message = format!("`{}` was edited by hand and is left as it is", self.lock_path(&path));
                        sink.push(
                            Diagnostic::warning(&output_codes::OUTPUT_EDITED, message)
                                .help("keep the edits elsewhere and run with `--overwrite-edited`"),
                        );
                    } else {
                        let moved = known.filter(|known| known.path != self.lock_path(&path));
                        changes
                            .obsolete
                            .extend(moved.map(|known| (self.workspace.root.join(&known.path), known.clone())));
                        entry.outputs.insert(
                            format.name.into(),
                            LockedOutput { path: self.lock_path(&path), sha256: sha256.clone(), pending: None },
                        );
                    }
                    if action == Action::Written {
                        changes.files.push((path.clone(), bytes, id.clone(), format));
                    }
                    (format, sha256, action, path)
                }
            };
            outputs.push(Output { format, path, sha256, action });
        }
        let is_part = before.input != entry.input && entry.outputs.len() > outputs.len();
        if is_edited || is_part {
            // The input of what is in place is unknown, or outputs of formats that were not asked for are older: the
            // next run looks again.
            entry.input = String::new();
        }
        lock.documents.insert(id.clone(), entry);
        let state = if is_edited { RenderedState::Edited } else { RenderedState::Draft };
        let (title, version) = self.called(job);
        Rendered { reason: None, id: id.clone(), title, version, state, pages: done.pages, outputs, time: done.time }
    }

    /// The title and version of a document, for reports.
    fn called(&self, job: &Job) -> (String, String) {
        let version = wording::version(&job.control.version, &self.workspace.pack.strings);
        (job.control.title.text.clone(), version.text)
    }

    fn failed(&self, job: &Job) -> Rendered {
        let (title, version) = self.called(job);
        let outputs = job.formats.iter().map(|&format| Output {
            format,
            path: self.path(job, format),
            sha256: String::new(),
            action: Action::Failed,
        });
        Rendered {
            reason: None,
            id: job.control.id.clone(),
            title,
            version,
            state: RenderedState::Draft,
            pages: 0,
            outputs: outputs.collect(),
            time: Duration::ZERO,
        }
    }

    fn not_applicable(&self, document: &NotApplicable) -> Rendered {
        let template = &self.workspace.pack.documents[document.template];
        Rendered {
            id: template.id.clone(),
            title: template.title.clone(),
            version: String::new(),
            state: RenderedState::NotApplicable,
            reason: document.reason.clone(),
            pages: 0,
            outputs: Vec::new(),
            time: Duration::ZERO,
        }
    }

    /// Documents that are no longer part of the set: their outputs are taken away unless somebody edited them.
    fn forget_others(&self, plan: &Plan, lock: &mut Lock, changes: &mut Changes) {
        lock.documents.retain(|id, document| {
            let is_planned = plan.jobs.iter().any(|job| job.control.id == *id);
            if !is_planned {
                let outputs =
                    document.outputs.values().map(|output| (self.workspace.root.join(&output.path), output.clone()));
                changes.obsolete.extend(outputs);
            }
            is_planned
        });
    }

    /// Prepares everything, then puts it in place: outputs in plan order, the lock last.
    fn commit(&self, lock: &Lock, changes: Changes) -> Result<(), Diagnostic> {
        let root = &self.workspace.root;
        let pin = self.workspace.pin.as_ref().filter(|_| self.ledger.is_own);
        let keep = pin.map(|pin| pin.keep.as_slice()).unwrap_or_default();
        if changes.files.is_empty() && changes.obsolete.is_empty() && keep.is_empty() && *lock == self.ledger.lock {
            return Ok(());
        }
        let files = changes.files.iter().map(|(path, ..)| path).chain([&self.ledger.file]);
        files.filter_map(|file| file.parent()).collect::<BTreeSet<_>>().into_iter().for_each(output::sweep);
        let mut batch = Batch::default();
        for (path, bytes) in keep {
            batch.prepare(&root.join(path), bytes)?;
        }
        for (path, bytes, ..) in &changes.files {
            batch.prepare(path, bytes)?;
        }
        for (path, known) in changes.obsolete {
            if current(&path).as_deref() == Some(known.sha256.as_str())
                && !changes.files.iter().any(|(written, ..)| *written == path)
            {
                batch.remove(path);
            }
        }
        let target = self.ledger.file.clone();
        // A run that is killed between two renames leaves files that only this record knows as Folio's own.
        let mut announced = Batch::default();
        announced.prepare(&target, &self.announcement(lock, &changes.files).to_bytes())?;
        batch.prepare(&target, &lock.to_bytes())?;
        announced.commit()?;
        batch.commit()
    }

    /// The old lock, with what each output is about to become.
    fn announcement(&self, lock: &Lock, files: &[(PathBuf, Vec<u8>, String, Format)]) -> Lock {
        let mut announced = self.ledger.lock.clone();
        for (_, _, id, format) in files {
            let Some(next) = lock.documents.get(id).and_then(|document| document.outputs.get(format.name)) else {
                continue;
            };
            let document = announced.documents.entry(id.clone()).or_default();
            document.input = String::new();
            let known = document.outputs.get(format.name).filter(|known| known.path == next.path);
            let sha256 = known.map_or_else(|| next.sha256.clone(), |known| known.sha256.clone());
            let entry = LockedOutput { path: next.path.clone(), sha256, pending: Some(next.sha256.clone()) };
            document.outputs.insert(format.name.into(), entry);
        }
        announced
    }
}

/// What a run changes on disk.
#[derive(Default)]
struct Changes {
    files: Vec<(PathBuf, Vec<u8>, String, Format)>,
    obsolete: Vec<(PathBuf, LockedOutput)>,
}

/// Whether a file that is in place is one that Folio wrote.
fn is_own(known: Option<&LockedOutput>, path: &str, there: &str) -> bool {
    known.is_some_and(|known| known.path == path && (known.sha256 == there || known.pending.as_deref() == Some(there)))
}

/// The digest of a file that is in place.
fn current(path: &Path) -> Option<String> {
    output::read(path).map(|bytes| file_digest(&bytes))
}

/// A path from the root of the file system, without `.` and `..`.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                clean.pop();
            }
            std::path::Component::CurDir => {}
            part => clean.push(part),
        }
    }
    clean
}
