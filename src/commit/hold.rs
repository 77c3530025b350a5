//! Holding a folder: one command at a time changes it.
//!
//! The lock is the operating system's own, on `.folio/run.lock`, so it ends with the process that has it, however that
//! ends. Whoever has it takes the file away in the end, and whoever waited for it looks whether the file is still there.
//! Network file systems that know no locks are left to their users, as cargo does.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::hands::Hands;
use super::journal::{self, Failure};
use super::{Commit, FOLDER, unwritable};
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Span};
use crate::reasons;

/// The file that is locked.
const FILE: &str = "run.lock";
/// How often a folder is made anew when whoever held it takes it away at the same moment.
const MOST_TRIES: u32 = 1_000;
/// The most bytes that are read of what its holder wrote.
const MAX_HOLDER: u64 = 4096;

/// Who holds a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The number of the process.
    pub process: u32,
    /// Since when, as whoever began it tells the time.
    pub since: String,
    /// What it does, such as `render`.
    pub command: String,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`folio {}`, process {}, since {}", self.command, self.process, self.since)
    }
}

/// Called before somebody waits, with the folder and what its holder wrote.
type Waiting<'a> = &'a dyn Fn(&Path, Option<&Holder>);

/// How a folder is taken hold of.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    /// What is done, for those who wait: see [`Holder::command`].
    pub command: &'a str,
    /// The time, for those who wait: see [`Holder::since`].
    pub since: &'a str,
    /// Wait for whoever holds the folder, after this was called with what that one wrote; do not wait when absent.
    pub waiting: Option<Waiting<'a>>,
}

impl std::fmt::Debug for Manner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Manner").field("command", &self.command).field("waits", &self.waiting.is_some()).finish()
    }
}

impl Default for Manner<'_> {
    /// A command without a name that waits and says nothing.
    fn default() -> Self {
        Manner { command: "", since: "", waiting: Some(&|_, _| {}) }
    }
}

/// A folder that nobody else changes as long as this value lives, and that is whole: what a command that was killed
/// had begun in it is finished or undone.
#[derive(Debug)]
pub struct Held {
    root: PathBuf,
    file: File,
    hands: Hands,
    /// Whether the folder was made for this.
    is_new: bool,
}

/// A folder that nobody changes as long as this value lives; others may read it too.
#[derive(Debug)]
pub struct Reading {
    _file: Option<File>,
}

impl Held {
    /// Takes hold of a folder, which is made when it is not there.
    ///
    /// # Errors
    /// When somebody else holds it and nobody wants to wait, when it cannot be written, or when what was begun in it
    /// cannot be finished.
    pub fn take(root: &Path, manner: Manner<'_>) -> Result<Held, Diagnostic> {
        Held::take_with(root, manner, Hands::default())
    }

    /// The same, by hands that stop after so many steps as if the process were killed there.
    pub fn take_stopping(root: &Path, manner: Manner<'_>, steps: usize) -> Result<Held, Diagnostic> {
        Held::take_with(root, manner, Hands::stopping_after(steps))
    }

    fn take_with(root: &Path, manner: Manner<'_>, mut hands: Hands) -> Result<Held, Diagnostic> {
        let shown = root.display().to_string();
        let is_new = !root.exists();
        let mut tries = 0;
        let mut file = loop {
            let own = root.join(FOLDER);
            let made = std::fs::create_dir_all(&own);
            match own.symlink_metadata() {
                Ok(found) if found.is_dir() => {}
                Ok(_) => {
                    return Err(unwritable(&own.display().to_string(), Error::other("it is a link, or no folder")));
                }
                // Whoever held the folder took it away just now.
                Err(error) if error.kind() == ErrorKind::NotFound && tries < MOST_TRIES && is_raced(&made) => {
                    tries += 1;
                    continue;
                }
                Err(error) => return Err(unwritable(&shown, made.err().unwrap_or(error))),
            }
            let path = own.join(FILE);
            let problem = |error: Error| unwritable(&path.display().to_string(), error);
            if path.symlink_metadata().is_ok_and(|found| !is_lock(&found)) {
                return Err(problem(Error::other("it is not a file of this program's own")));
            }
            match OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path) {
                Ok(mut file) => {
                    lock(&mut file, root, manner, false)?;
                    if is_still(&file, &path) {
                        break file;
                    }
                }
                // Whoever held the folder took it away just now.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(problem(error)),
            }
        };
        let root = root.canonicalize().map_err(|error| unwritable(&shown, error))?;
        let holder =
            Holder { process: std::process::id(), since: manner.since.to_owned(), command: manner.command.to_owned() };
        // For those who wait; without it they wait all the same.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| Ok(serde_json::to_writer(&file, &holder)?));
        let _ = file.flush();
        journal::recover(&root, &mut hands).map_err(|(path, error)| unfinished(&path, &error))?;
        Ok(Held { root, file, hands, is_new })
    }

    /// The folder, without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// How many steps were done on the disk so far.
    pub fn steps(&self) -> usize {
        self.hands.done()
    }

    /// Does a commit, all of it or nothing.
    ///
    /// # Errors
    /// With what is so now: nothing was changed, or all of it will be by the next command.
    pub fn apply(&mut self, commit: &Commit) -> Result<(), Diagnostic> {
        if commit.is_empty() {
            return Ok(());
        }
        journal::apply(&self.root, commit, &mut self.hands).map_err(|failure| match failure {
            Failure::Unprepared(path, error) => unwritable(&path, error),
            Failure::Changed(path) => {
                let message = format!("`{path}` was changed by somebody while this was at work");
                Diagnostic::fault(&codes::OUTPUT_CHANGED, message)
                    .at(Span::file(path))
                    .help("nothing was changed; look at the file, and run again")
            }
            Failure::Unfinished(path, error) => unfinished(&path, &error),
            Failure::Overtaken(paths) => {
                let shown: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
                let message = format!("{} was saved by somebody while files were put in place", shown.join(", "));
                Diagnostic::fault(&codes::OUTPUT_CHANGED, message)
                    .at(Span::file(paths.into_iter().next().unwrap_or_default()))
                    .help("their file stayed; all others are in place")
            }
        })
    }
}

impl Drop for Held {
    /// Takes the file away, and the folder when nothing else is in it; the lock goes with the file.
    fn drop(&mut self) {
        let own = self.root.join(FOLDER);
        let _ = self.file.set_len(0);
        if cfg!(unix) && self.hands.may_go_on() {
            let _ = std::fs::remove_file(own.join(FILE));
            let _ = std::fs::remove_dir(own);
            if self.is_new {
                let _ = std::fs::remove_dir(&self.root); // Only when nothing was put into it.
            }
        }
        let _ = self.file.unlock();
    }
}

/// Whether a file that was opened is the one that a path leads to: whoever held it before may have taken it away, and then
/// its lock is worth nothing.
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        _ => false,
    }
}

/// Elsewhere nobody takes it away.
#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}

impl Reading {
    /// Waits until nobody changes a folder, and finishes what a command that was killed had begun in it. A folder that
    /// nobody ever changed is read as it is.
    ///
    /// # Errors
    /// When somebody changes it and nobody wants to wait, or what was begun cannot be finished.
    pub fn take(root: &Path, manner: Manner<'_>) -> Result<Reading, Diagnostic> {
        if journal::is_pending(root) {
            drop(Held::take(root, manner)?);
        } else if journal::is_begun(root) {
            // Files that were only being prepared stand in nobody's way: whoever cannot remove them reads on.
            drop(Held::take(root, manner));
        }
        let path = root.join(FOLDER).join(FILE);
        let is_file = journal::has_own_folder(root) && path.symlink_metadata().is_ok_and(|found| is_lock(&found));
        let Some(mut file) = is_file.then(|| File::open(&path).ok()).flatten() else {
            return Ok(Reading { _file: None });
        };
        lock(&mut file, root, manner, true)?;
        Ok(Reading { _file: Some(file) })
    }
}

/// Whether a folder that was made, or was there, may have been taken away since.
fn is_raced(made: &Result<(), Error>) -> bool {
    match made {
        Ok(()) => true,
        Err(error) => matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound),
    }
}

/// Whether what was found can be the file that is locked: one that has no other name, which would be emptied with it. One that
/// is being taken away at this moment has none at all.
#[cfg(unix)]
fn is_lock(found: &std::fs::Metadata) -> bool {
    found.is_file() && std::os::unix::fs::MetadataExt::nlink(found) <= 1
}

#[cfg(not(unix))]
fn is_lock(found: &std::fs::Metadata) -> bool {
    found.is_file()
}

/// Locks a file, alone or with others who read.
fn lock(file: &mut File, root: &Path, manner: Manner<'_>, is_shared: bool) -> Result<(), Diagnostic> {
    let tried = if is_shared { file.try_lock_shared() } else { file.try_lock() };
    match tried {
        Ok(()) => return Ok(()),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) if has_no_locks(&error) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(unwritable(&root.display().to_string(), error)),
    }
    let holder = holder(file);
    let Some(waiting) = manner.waiting else {
        let by = holder.map_or_else(|| "another command".to_owned(), |holder| holder.to_string());
        let message = format!("`{}` is being worked on by {by}", root.display());
        return Err(Diagnostic::fault(&codes::IN_USE, message).help(codes::IN_USE.fix));
    };
    waiting(root, holder.as_ref());
    let waited = if is_shared { file.lock_shared() } else { file.lock() };
    waited.map_err(|error| unwritable(&root.display().to_string(), error))
}

fn has_no_locks(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unsupported)
}

/// What whoever holds a file wrote into it.
fn holder(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(MAX_HOLDER).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

fn unfinished(path: &str, error: &Error) -> Diagnostic {
    let message = format!("a change that was begun cannot be finished: `{path}`: {}", reasons::io(error));
    Diagnostic::fault(&codes::UNFINISHED, message).at(Span::file(path)).help(codes::UNFINISHED.fix)
}

/// Whether a folder can be filled: it is not there, it is empty, or all that is in it is what a command left that was
/// killed before it had made anything.
pub fn is_free(folder: &Path) -> bool {
    let holds_only = |folder: &Path, known: &[&str]| match entries(folder) {
        Ok(names) => names.iter().all(|name| known.iter().any(|known| name == known)),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    journal::is_begun(folder) || (holds_only(folder, &[FOLDER]) && holds_only(&folder.join(FOLDER), &[FILE]))
}

#[expect(clippy::disallowed_methods, reason = "a folder that is to be made lies outside the trees that Files reads")]
fn entries(folder: &Path) -> Result<Vec<std::ffi::OsString>, Error> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
}
