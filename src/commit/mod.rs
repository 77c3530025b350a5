//! Writing: the one room that changes the disk.
//!
//! A [`Commit`] is a value: all files of one folder that a command is about to change. It is applied by whoever
//! [`Held`] that folder, in one step: every file is first written beside its target and synced, then one rename puts
//! the list of them in place ([`journal`]), then they are renamed. Killed before that one rename, a command has changed
//! nothing; killed after it, the next command that opens the folder finishes what was begun.

mod hands;
mod hold;
mod journal;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::output as codes;
use crate::reasons;

pub use hold::{Held, Holder, Manner, Reading, is_free};
pub use journal::is_begun;

/// The folder in which a folder that is written to keeps what belongs to this program.
pub const FOLDER: &str = ".folio";

/// Files of one folder that are to be changed together. Paths are relative to it, with `/`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Commit {
    writes: Vec<Write>,
    removals: BTreeMap<String, String>,
}

/// A file to be written.
#[derive(Debug, Clone, PartialEq)]
struct Write {
    path: String,
    bytes: Vec<u8>,
    /// The digest of what was there when it was decided to write, when that matters; `None` inside for no file.
    seen: Option<Option<String>>,
    is_private: bool,
}

impl Commit {
    /// Nothing yet.
    pub fn new() -> Commit {
        Commit::default()
    }

    /// Writes a file, whatever stands there.
    pub fn write(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.put(path.into(), bytes, None, false);
    }

    /// Writes a file over what was seen there: the digest of a file, or none. When something else stands there by then,
    /// nothing is changed at all.
    pub fn write_over(&mut self, path: impl Into<String>, bytes: Vec<u8>, seen: Option<String>) {
        self.put(path.into(), bytes, Some(seen), false);
    }

    /// Writes a file that on Unix nobody but its owner may read: a secret key.
    pub fn write_private(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.put(path.into(), bytes, None, true);
    }

    fn put(&mut self, path: String, bytes: Vec<u8>, seen: Option<Option<String>>, is_private: bool) {
        self.removals.remove(&path);
        self.writes.retain(|write| write.path != path);
        self.writes.push(Write { path, bytes, seen, is_private });
    }

    /// Removes a file, when it has this digest still.
    pub fn remove(&mut self, path: impl Into<String>, digest: impl Into<String>) {
        let path = path.into();
        if !self.writes.iter().any(|write| write.path == path) {
            self.removals.insert(path, digest.into());
        }
    }

    /// The same, with what another changes.
    pub fn extend(&mut self, other: Commit) {
        for write in other.writes {
            self.put(write.path, write.bytes, write.seen, write.is_private);
        }
        for (path, digest) in other.removals {
            self.remove(path, digest);
        }
    }

    /// The same in a folder of a larger one.
    pub fn below(self, folder: &str) -> Commit {
        let place = |path: String| if folder.is_empty() { path } else { format!("{folder}/{path}") };
        let writes = self.writes.into_iter().map(|write| Write { path: place(write.path), ..write }).collect();
        let removals = self.removals.into_iter().map(|(path, digest)| (place(path), digest)).collect();
        Commit { writes, removals }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.removals.is_empty()
    }

    /// What will be written, in order: paths and bytes.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.writes.iter().map(|write| (write.path.as_str(), write.bytes.as_slice()))
    }

    /// What will be removed.
    pub fn removals(&self) -> impl Iterator<Item = &str> {
        self.removals.keys().map(String::as_str)
    }
}

/// Writes one file by itself, wherever it lies: it is old or new, whatever happens. `is_private` is as for
/// [`Commit::write_private`].
///
/// # Errors
/// When it cannot be written; then nothing was changed.
pub fn write_file(path: &Path, bytes: &[u8], is_private: bool) -> Result<(), Diagnostic> {
    let problem = |error| unwritable(&path.display().to_string(), error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(problem)?;
    if path.is_dir() {
        return Err(problem(std::io::Error::other("a folder of that name is in its place")));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".folio-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(if is_private { 0o600 } else { 0o644 }));
    #[cfg(not(unix))]
    let _ = is_private;
    let mut file = builder.tempfile_in(folder).map_err(problem)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(problem)?;
    file.persist(path).map_err(|error| problem(error.error))?;
    Ok(())
}

/// A file or folder that cannot be written; nothing has changed.
fn unwritable(shown: &str, problem: std::io::Error) -> Diagnostic {
    Diagnostic::fault(&codes::OUTPUT_UNWRITABLE, format!("`{shown}` cannot be written: {}", reasons::io(&problem)))
        .help("nothing was changed; free space or change the permission, and run again")
}
