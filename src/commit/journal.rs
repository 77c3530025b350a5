//! The journal: what a commit does, written down before it does it.
//!
//! `.folio/staging.json` lists the files that are being prepared. Renamed to `.folio/journal.json`, the same list says that
//! they are complete and are to be put in place. Whoever takes hold of the folder next undoes the first and finishes the
//! second. Neither is trusted: nothing outside the folder is touched, and only a prepared file with the digest that the
//! list gives is put in place.

use std::collections::BTreeSet;
use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::hands::Hands;
use super::{Commit, FOLDER};
use crate::digest;

const STAGING: &str = "staging.json";
const JOURNAL: &str = "journal.json";
const FORMAT: u32 = 1;
/// What the names of prepared files begin and end with.
const PREFIX: &str = ".folio-";
const SUFFIX: &str = ".tmp";
/// The most bytes of a journal that are read.
const MAX_JOURNAL: u64 = 16 << 20;

/// The files of a commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    format: u32,
    /// Folders that are made for it, outermost first.
    folders: Vec<String>,
    writes: Vec<Step>,
    removals: Vec<Removal>,
}

/// A prepared file and its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    prepared: String,
    path: String,
    /// The digest of what it replaces; `None` for nothing.
    before: Option<String>,
    after: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Removal {
    path: String,
    digest: String,
}

/// Why a commit was not done.
#[derive(Debug)]
pub(super) enum Failure {
    /// A file could not be prepared: nothing has changed.
    Unprepared(String, Error),
    /// Something else stands where a file is to go than was seen there: nothing has changed.
    Changed(String),
    /// It is written down, and could not be finished: the next command does that.
    Unfinished(String, Error),
    /// It is done, but for files that somebody saved while it was being done: theirs stayed.
    Overtaken(Vec<String>),
}

/// Prepares a commit, writes it down, and does it.
pub(super) fn apply(root: &Path, commit: &Commit, hands: &mut Hands) -> std::result::Result<(), Failure> {
    let journal = plan(root, commit)?;
    if let Err(failure) = prepare(root, commit, &journal, hands) {
        undo(root, &journal, hands);
        return Err(failure);
    }
    match finish(root, &journal, true, hands) {
        Ok(kept) if kept.is_empty() => Ok(()),
        Ok(kept) => Err(Failure::Overtaken(kept)),
        Err((path, error)) => Err(Failure::Unfinished(path, error)),
    }
}

/// Takes up what a command that was killed left behind. Whether there was anything.
///
/// # Errors
/// With the file that stands in the way.
pub(super) fn recover(root: &Path, hands: &mut Hands) -> std::result::Result<bool, (String, Error)> {
    let place = |name: &str| format!("{FOLDER}/{name}");
    if let Some(journal) = read(root, JOURNAL).map_err(|error| (place(JOURNAL), error))? {
        finish(root, &journal, false, hands)?;
        return Ok(true);
    }
    match read(root, STAGING).map_err(|error| (place(STAGING), error)) {
        Ok(Some(staging)) => {
            undo(root, &staging, hands);
            Ok(true)
        }
        Ok(None) => Ok(false),
        // It was being written: nothing had been prepared yet.
        Err((_, error)) if matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof) => {
            hands.remove_file(&root.join(FOLDER).join(STAGING)).map_err(|error| (place(STAGING), error))?;
            Ok(true)
        }
        Err(problem) => Err(problem),
    }
}

/// Whether a command was killed after its commit was written down.
pub(super) fn is_pending(root: &Path) -> bool {
    has_own_folder(root) && root.join(FOLDER).join(JOURNAL).symlink_metadata().is_ok()
}

/// Whether a command was killed after it had begun to prepare files.
pub fn is_begun(root: &Path) -> bool {
    is_pending(root) || (has_own_folder(root) && root.join(FOLDER).join(STAGING).symlink_metadata().is_ok())
}

/// Whether a folder has one for what belongs to this program: a real one, no link to somebody else's.
pub(super) fn has_own_folder(root: &Path) -> bool {
    root.join(FOLDER).symlink_metadata().is_ok_and(|found| found.is_dir())
}

#[expect(clippy::disallowed_methods, reason = "this room changes the disk")]
fn read(root: &Path, name: &str) -> Result<Option<Journal>> {
    let path = root.join(FOLDER).join(name);
    let found = match path.symlink_metadata() {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !found.is_file() || found.len() > MAX_JOURNAL {
        return Err(Error::new(ErrorKind::InvalidData, "it is not a journal of this program"));
    }
    let journal: Journal = serde_json::from_slice(&std::fs::read(&path)?)?;
    if journal.format != FORMAT {
        return Err(Error::new(ErrorKind::Unsupported, format!("it has format {}", journal.format)));
    }
    Ok(Some(journal))
}

/// What a commit will do, and what stands in its places now.
fn plan(root: &Path, commit: &Commit) -> std::result::Result<Journal, Failure> {
    let mut folders: Vec<String> = Vec::new();
    let mut writes = Vec::new();
    let process = std::process::id();
    for (number, write) in commit.writes.iter().enumerate() {
        let unprepared = |error| Failure::Unprepared(write.path.clone(), error);
        let target = inside(root, &write.path).map_err(unprepared)?;
        if target.is_dir() {
            return Err(unprepared(Error::other("a folder of that name is in its place")));
        }
        let above: Vec<&str> = write.path.split('/').collect();
        for depth in 1..above.len() {
            let folder = above[..depth].join("/");
            if !folders.contains(&folder) && !root.join(&folder).exists() {
                folders.push(folder);
            }
        }
        let before = digest_of(&target).map_err(unprepared)?;
        if write.seen.as_ref().is_some_and(|seen| *seen != before) {
            return Err(Failure::Changed(write.path.clone()));
        }
        let name = format!("{PREFIX}{process}-{number}{SUFFIX}");
        let prepared = match write.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name,
        };
        let after = digest::of_file(&write.bytes);
        writes.push(Step { prepared, path: write.path.clone(), before, after });
    }
    // What went with its whole folder needs no removal.
    let is_left = |path: &str| root.join(path).parent().is_some_and(Path::exists);
    let removals = commit.removals.iter().filter(|(path, _)| is_left(path));
    let removals = removals.map(|(path, digest)| Removal { path: path.clone(), digest: digest.clone() });
    Ok(Journal { format: FORMAT, folders, writes, removals: removals.collect() })
}

/// Writes every file beside its target, then the list of them in one step.
fn prepare(root: &Path, commit: &Commit, journal: &Journal, hands: &mut Hands) -> std::result::Result<(), Failure> {
    let own = root.join(FOLDER);
    let failed = |path: &str, error| Failure::Unprepared(path.to_owned(), error);
    let list = serde_json::to_vec(journal).map_err(|error| failed(STAGING, error.into()))?;
    let (staging, done) = (own.join(STAGING), own.join(JOURNAL));
    hands.make_file(&staging, &list, &staging, false).map_err(|error| failed(&format!("{FOLDER}/{STAGING}"), error))?;
    for folder in &journal.folders {
        hands.make_folder(&root.join(folder)).map_err(|error| failed(folder, error))?;
    }
    for (write, step) in commit.writes.iter().zip(&journal.writes) {
        let target = inside(root, &step.path).map_err(|error| failed(&step.path, error))?;
        let prepared = root.join(&step.prepared);
        hands
            .make_file(&prepared, &write.bytes, &target, write.is_private)
            .map_err(|error| failed(&step.path, error))?;
    }
    for folder in journal.touched() {
        hands.sync_folder(&root.join(&folder)).map_err(|error| failed(&folder, error))?;
    }
    // Somebody may have saved an edit while the files were being prepared.
    for step in &journal.writes {
        if digest_of(&root.join(&step.path)).map_err(|error| failed(&step.path, error))? != step.before {
            return Err(Failure::Changed(step.path.clone()));
        }
    }
    hands.sync_folder(&own).and_then(|()| hands.rename(&staging, &done)).map_err(|error| failed(FOLDER, error))?;
    // From here on it is decided. When this sync fails, a power cut may still undo the decision as a whole.
    let _ = hands.sync_folder(&own);
    Ok(())
}

/// Puts the prepared files in place, removes what goes, and forgets the journal. What another process prepared is looked
/// at first. Gives the files that somebody saved since: theirs stay, and are found to be edited by what comes next.
fn finish(
    root: &Path,
    journal: &Journal,
    is_fresh: bool,
    hands: &mut Hands,
) -> std::result::Result<Vec<String>, (String, Error)> {
    let mut kept = Vec::new();
    for step in &journal.writes {
        let failed = |error| (step.path.clone(), error);
        let (Ok(prepared), Ok(target)) = (prepared(root, step), inside(root, &step.path)) else { continue };
        if !is_fresh {
            match digest_of(&prepared).map_err(failed)? {
                // It is in place already, or was never ours.
                None => continue,
                Some(digest) if digest != step.after => continue,
                Some(_) => {}
            }
        }
        let there = digest_of(&target).map_err(failed)?;
        if there == step.before || there.as_ref() == Some(&step.after) {
            hands.rename(&prepared, &target).map_err(failed)?;
        } else {
            hands.remove_file(&prepared).map_err(failed)?;
            kept.push(step.path.clone());
        }
    }
    for removal in &journal.removals {
        let failed = |error| (removal.path.clone(), error);
        let Ok(target) = inside(root, &removal.path) else { continue };
        if digest_of(&target).map_err(failed)?.as_ref() == Some(&removal.digest) {
            hands.remove_file(&target).map_err(failed)?;
        }
    }
    for folder in journal.touched() {
        if root.join(&folder).is_dir() {
            hands.sync_folder(&root.join(&folder)).map_err(|error| (folder.clone(), error))?;
        }
    }
    let own = root.join(FOLDER);
    let forget = hands.remove_file(&own.join(JOURNAL)).and_then(|()| hands.sync_folder(&own));
    forget.map_err(|error| (format!("{FOLDER}/{JOURNAL}"), error))?;
    Ok(kept)
}

/// Removes what was prepared. What cannot be removed does no harm, and is tried again by the next command.
fn undo(root: &Path, journal: &Journal, hands: &mut Hands) {
    let mut is_clean = true;
    for step in &journal.writes {
        if let Ok(prepared) = prepared(root, step) {
            is_clean &= hands.remove_file(&prepared).is_ok();
        }
    }
    for folder in journal.folders.iter().rev() {
        if inside(root, folder).is_ok_and(|folder| folder.is_dir()) {
            let _ = hands.remove_folder(&root.join(folder)); // Somebody may have put something there since.
        }
    }
    if is_clean {
        let _ = hands.remove_file(&root.join(FOLDER).join(STAGING));
    }
}

impl Journal {
    /// The folders whose entries change.
    fn touched(&self) -> BTreeSet<String> {
        let above = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
        let made = self.folders.iter().map(|folder| above(folder));
        let written = self.writes.iter().map(|step| above(&step.path));
        written.chain(self.removals.iter().map(|removal| above(&removal.path))).chain(made).collect()
    }
}

/// The prepared file of a step: one of our names, in the folder of its target.
fn prepared(root: &Path, step: &Step) -> Result<PathBuf> {
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
    let name = step.prepared.rsplit('/').next().unwrap_or_default();
    if folder(&step.prepared) != folder(&step.path) || !name.starts_with(PREFIX) || !name.ends_with(SUFFIX) {
        return Err(Error::new(ErrorKind::InvalidData, "it is no file of this program"));
    }
    inside(root, &step.prepared)
}

/// A path below the root, also when links in the folders above it are followed.
fn inside(root: &Path, path: &str) -> Result<PathBuf> {
    let outside = || Error::new(ErrorKind::InvalidInput, "it lies outside of its folder");
    if !crate::files::is_inside(path) {
        return Err(outside());
    }
    let target = root.join(path);
    let mut above = target.parent();
    while let Some(folder) = above {
        match folder.canonicalize() {
            Ok(real) if real.starts_with(root.canonicalize()?) => return Ok(target),
            Ok(_) => return Err(outside()),
            Err(error) if error.kind() == ErrorKind::NotFound => above = folder.parent(),
            Err(error) => return Err(error),
        }
    }
    Err(outside())
}

/// The digest of a file; `None` when there is nothing.
fn digest_of(path: &Path) -> Result<Option<String>> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() => digest::of_reader(std::fs::File::open(path)?).map(Some),
        Ok(_) => Err(Error::other("it is not a file")),
        Err(error) if error.kind() == ErrorKind::NotFound => match std::fs::symlink_metadata(path) {
            Ok(_) => Err(Error::other("it is a link that leads nowhere")),
            Err(_) => Ok(None),
        },
        Err(error) => Err(error),
    }
}
