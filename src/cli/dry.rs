//! Dry runs: what a command would write, change and remove is noted and told instead of done.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::json;

use super::done::Done;
use crate::commit::Commit;
use crate::digest;
use crate::files::Disk;

/// The most files that are named, unless somebody asks for all.
const MOST: usize = 20;

/// What a command would have done.
#[derive(Debug, Default)]
pub(crate) struct Dry(Mutex<Vec<(Act, PathBuf)>>);

/// What would become of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Written,
    Changed,
    Removed,
}

impl Act {
    fn name(self) -> &'static str {
        match self {
            Act::Written => "written",
            Act::Changed => "changed",
            Act::Removed => "removed",
        }
    }
}

impl Dry {
    /// Notes what a commit would do in a folder.
    pub(super) fn commit(&self, folder: &Path, commit: &Commit) {
        for (path, bytes) in commit.files() {
            self.file(&folder.join(path), bytes);
        }
        commit.removals().for_each(|path| self.note(Act::Removed, folder.join(path)));
    }

    /// Notes that a file would be written; one that has these bytes already stays as it is.
    pub(super) fn file(&self, path: &Path, bytes: &[u8]) {
        match Disk::file(path) {
            Ok(there) if digest::of_file(&there) == digest::of_file(bytes) => {}
            Ok(_) => self.note(Act::Changed, path.to_owned()),
            Err(_) if path.symlink_metadata().is_ok() => self.note(Act::Changed, path.to_owned()),
            Err(_) => self.note(Act::Written, path.to_owned()),
        }
    }

    fn note(&self, act: Act, path: PathBuf) {
        let mut noted = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        noted.push((act, path));
    }

    /// What a command said, with what it would have done. Of a command that says what it did, only that: `has_own` of one that
    /// tells more.
    pub(super) fn told(&self, done: Done, has_own: bool, all: bool) -> Done {
        let mut noted = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // What people look at comes before what the program keeps.
        noted.sort_by_key(|(_, path)| path.components().any(|part| part.as_os_str() == ".folio"));
        let mut text = if has_own { done.text } else { String::new() };
        let most = if all { usize::MAX } else { MOST };
        for (act, path) in noted.iter().take(most) {
            let _ = writeln!(text, "would be {}: {}", act.name(), path.display());
        }
        if let Some(more) = noted.len().checked_sub(most).filter(|more| *more > 0) {
            let _ = writeln!(text, "and {more} more files; `--all` names them");
        }
        if noted.is_empty() && !has_own && !done.diagnostics.iter().any(crate::diagnostic::Diagnostic::is_fault) {
            text.push_str("nothing would be written\n");
        }
        let mut json = done.json;
        if let Some(object) = json.as_mut().and_then(serde_json::Value::as_object_mut) {
            object.insert("dry_run".into(), true.into());
            let noted = noted.iter().map(|(act, path)| {
                let path = path.display().to_string().replace('\\', "/");
                json!({"path": path, "would_be": act.name()})
            });
            object.insert("would".into(), noted.collect());
        }
        Done { text, json, ..done }
    }
}
