//! What a run holds: the workspaces that it changes, and the folders elsewhere that their outputs go to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::Request;
use crate::commit::{self, Commit, Held, Manner, Reading};
use crate::diagnostic::Diagnostic;
use crate::ledger::{elsewhere, real};
use crate::workspace;

/// Folders that are held until the run ends.
#[derive(Debug, Default)]
pub(super) struct Grip {
    held: BTreeMap<PathBuf, Mutex<Held>>,
    _reading: Vec<Reading>,
}

impl Grip {
    /// Takes hold of everything that a run over some workspaces reads and changes, in one order whoever asks, so that two
    /// runs never wait for one another.
    pub(super) fn take<'r>(
        roots: impl Iterator<Item = &'r Path>,
        request: &Request,
    ) -> Result<Grip, (PathBuf, Diagnostic)> {
        let mut wanted: BTreeMap<PathBuf, (PathBuf, bool)> = BTreeMap::new();
        let mut want = |path: &Path, is_changed: bool| {
            let entry = wanted.entry(real(path)).or_insert((path.to_owned(), false));
            entry.1 |= is_changed;
        };
        let waiting = |folder: &Path, holder: Option<&_>| {
            if let Some(say) = request.waiting {
                say(folder, holder);
            }
        };
        let manner = Manner {
            command: "render",
            since: &request.started,
            waiting: if request.no_wait { None } else { Some(&waiting) },
        };
        for root in roots {
            if commit::is_begun(root) {
                drop(Reading::take(root, manner).map_err(|problem| (real(root), problem))?);
            }
            // What is no workspace is said when it is read, and nothing is made in it.
            let Some(output) = workspace::output(root) else { continue };
            let place = elsewhere(root, &output, request.out.as_deref());
            want(root, !request.dry_run && request.out.is_none());
            if let Some(place) = place.filter(|_| !request.dry_run) {
                want(&place, true);
            }
        }
        let mut grip = Grip::default();
        for (real, (path, is_changed)) in wanted {
            if is_changed {
                let held = Held::take(&path, manner).map_err(|problem| (real.clone(), problem))?;
                grip.held.insert(real, Mutex::new(held));
            } else {
                grip._reading.push(Reading::take(&path, manner).map_err(|problem| (real, problem))?);
            }
        }
        Ok(grip)
    }

    /// Takes hold of a workspace that is only read.
    pub(super) fn reading(root: &Path, request: &Request) -> Result<Grip, (PathBuf, Diagnostic)> {
        Grip::take(std::iter::once(root), &Request { dry_run: true, ..request.clone() })
    }

    /// Does a commit in a folder that is held.
    pub(super) fn apply(&self, folder: &Path, commit: &Commit) -> Result<(), Diagnostic> {
        match self.held.get(&real(folder)) {
            Some(held) => held.lock().unwrap_or_else(PoisonError::into_inner).apply(commit),
            None => Ok(()), // Nothing changes there: an export leaves its workspace alone.
        }
    }
}
