//! What a planned move writes: the workspace's files, all together, and the report.

use std::path::{Path, PathBuf};

use super::Plan;
use crate::backend::docx;
use crate::commit::Commit;
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::digest;
use crate::files::{Disk, Files};
use crate::ledger;
use crate::lock::{self, Lock, LockedDocument, LockedOutput};
use crate::session::sheet::{Sheet, sheet};
use crate::workspace::{self, Workspace};

/// The folder of reports, in the output folder of a workspace.
const FOLDER: &str = "migration";

/// The report as files, and the folder that they go to.
pub struct Reports {
    /// The folder, as the user knows it.
    pub place: PathBuf,
    /// The names of the files without their ending.
    pub name: String,
    commit: Commit,
    /// The way from the workspace to the folder, when it lies in the workspace.
    inside: Option<String>,
}

/// A workspace as it is before the move, of which not more need be sound than is said here.
pub struct Before<'a> {
    /// Its folder.
    pub root: &'a Path,
    /// Its files.
    pub files: &'a dyn Files,
    /// Its output folder.
    pub output: &'a str,
    /// What was rendered before.
    pub lock: &'a Lock,
    /// What the report is called after: the pack that is left.
    pub from: &'a str,
}

impl<'a> From<&'a Workspace> for Before<'a> {
    fn from(workspace: &'a Workspace) -> Before<'a> {
        Before {
            root: &workspace.root,
            files: &*workspace.files,
            output: &workspace.settings.output,
            lock: &workspace.lock,
            from: &workspace.pack.manifest.id,
        }
    }
}

impl Plan {
    /// The files of the workspace: archives of the new pack unless that is a `folder`, profile and registers, `folio.yaml`,
    /// the lock. With `locked`, the lock must not change its pin.
    pub fn commit(&mut self, before: &Before<'_>, is_folder: bool, locked: bool, sink: &mut Sink) -> Option<Commit> {
        let to = self.workspace.pack.clone();
        let pin = if is_folder { None } else { Some(workspace::pin(&to, sink)?) };
        let packs = pin.as_ref().map(|pin| pin.locked.clone()).unwrap_or_default();
        let lock = Lock { packs, set: None, ..before.lock.clone() };
        if locked && lock.packs != before.lock.packs {
            let message = "folio.lock does not pin this pack, and `--locked` forbids to change it";
            sink.push(Diagnostic::fault(&codes::LOCK_BROKEN, message).at(Span::file(lock::FILE)));
            return None;
        }
        let mut commit = Commit::new();
        let seen = |path: &str| before.files.digest(path).ok();
        for (path, bytes) in pin.into_iter().flat_map(|pin| pin.keep) {
            if seen(&path) != Some(digest::of_file(&bytes)) {
                self.report.files.push((path.clone(), "made".into()));
                commit.write(path, bytes);
            }
        }
        for (path, bytes) in &self.changes {
            match (bytes, seen(path)) {
                (Some(bytes), seen) => commit.write_over(path.clone(), bytes.clone(), seen),
                (None, Some(seen)) => commit.remove(path.clone(), seen),
                (None, None) => {}
            }
        }
        if lock != *before.lock {
            let what = if before.files.digest(lock::FILE).is_ok() { "rewritten" } else { "made" };
            self.report.files.push((lock::FILE.into(), what.into()));
            commit.write(lock::FILE, lock.to_bytes());
        }
        self.report.files.sort();
        Some(commit)
    }

    /// The report as Markdown and as a Word file, for the folder `out` or the workspace's own. A report that somebody
    /// edited stays: the new one gets another name.
    pub fn reports(&self, before: &Before<'_>, out: Option<&Path>, sink: &mut Sink) -> Option<Reports> {
        let place = match out {
            Some(out) => out.to_owned(),
            None => before.root.join(before.output).join(FOLDER),
        };
        let base = format!("{} to {}", before.from, self.workspace.pack.manifest.id);
        // From one version to the next of the same pack.
        let base = if before.from == self.workspace.pack.manifest.id {
            format!("{} {}", before.from, self.workspace.pack.manifest.version)
        } else {
            base
        };
        let there = Disk::new(&place, "");
        let mut lock = match there.read(lock::EXPORT_FILE) {
            Ok(bytes) => Lock::read(lock::EXPORT_FILE, &bytes, &mut Sink::new()).unwrap_or_default(),
            Err(_) => Lock::default(),
        };
        let own = lock.documents.get(FOLDER).cloned().unwrap_or_default();
        let is_free = |path: &str| match there.digest(path) {
            Ok(there) => own.outputs.values().any(|known| known.path == path && known.sha256 == there),
            Err(error) => error.problem == crate::files::Problem::Missing,
        };
        let names = std::iter::once(base.clone()).chain((2..1000).map(|number| format!("{base} ({number})")));
        let mut names = names.filter(|name| is_free(&format!("{name}.md")) && is_free(&format!("{name}.docx")));
        let name = names.next().unwrap_or(base);
        let title = self.report.title();
        let head = Sheet { id: FOLDER, title: &title, kind: "Report" };
        let word = sheet(&self.workspace, head, self.report.source(), docx::FORMAT, sink)?;
        let files = [("md", self.report.markdown().into_bytes()), ("docx", word)];
        let mut entry = LockedDocument::default();
        let mut commit = Commit::new();
        for (ending, bytes) in files {
            let path = format!("{name}.{ending}");
            let output = LockedOutput { path: path.clone(), sha256: digest::of_file(&bytes), pending: None };
            entry.outputs.insert(ending.to_owned(), output);
            let seen = there.digest(&path).ok();
            commit.write_over(path, bytes, seen);
        }
        lock.documents.insert(FOLDER.to_owned(), entry);
        commit.write(lock::EXPORT_FILE, lock.to_bytes());
        let inside = ledger::real(&place).strip_prefix(ledger::real(before.root)).ok().map(Path::to_owned);
        let inside = inside.map(|inside| inside.to_string_lossy().replace('\\', "/"));
        Some(Reports { place, name, commit, inside })
    }
}

impl Reports {
    /// Puts the report into the commit of the workspace when it lies there; else gives what is written elsewhere.
    pub fn join(self, own: &mut Commit) -> Option<(PathBuf, Commit)> {
        match &self.inside {
            Some(inside) => {
                own.extend(self.commit.below(inside));
                None
            }
            None => Some((self.place, self.commit)),
        }
    }
}
