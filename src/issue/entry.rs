//! Entries of the history, and how they come to its end.

use jiff::civil::Date;

use crate::commit::Commit;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::digest;
use crate::history::{self, Entry, Event, History, Issued};
use crate::lock::{self, Lock, LockedHistory};
use crate::workspace::Workspace;

/// An entry without what only some have.
pub(super) fn entry(event: Event, day: Date, by: Option<history::Approval>, documents: Vec<Issued>) -> Entry {
    Entry {
        format: history::FORMAT,
        number: 0,
        previous: String::new(),
        event,
        day,
        reason: String::new(),
        by,
        documents,
        packs: Vec::new(),
        facts: None,
        program: format!("folio {}", env!("CARGO_PKG_VERSION")),
        lost: None,
    }
}

/// Appends entries to the history, which nobody may have changed meanwhile, and notes in the lock how far it goes then. What
/// the first of them goes on without is said in it.
pub(super) fn append(
    workspace: &Workspace,
    mut entries: Vec<Entry>,
    lost: Option<LockedHistory>,
    commit: &mut Commit,
    sink: &mut Sink,
) {
    if let Some(first) = entries.first_mut() {
        first.lost = lost;
    }
    let (mut bytes, seen) = match workspace.files.read(history::FILE) {
        Ok(bytes) => {
            let seen = digest::of_file(&bytes);
            (bytes, Some(seen))
        }
        Err(error) if error.is_missing() => (Vec::new(), None),
        Err(error) => {
            sink.push(Diagnostic::fault(&codes::KEPT_BROKEN, error.to_string()).help(codes::KEPT_BROKEN.fix));
            return;
        }
    };
    if bytes.last().is_some_and(|last| *last != b'\n') {
        bytes.push(b'\n');
    }
    bytes.extend(workspace.history.lines_of(entries));
    let written = commit.files().find(|(path, _)| *path == lock::FILE);
    let written = written.and_then(|(path, bytes)| Lock::read(path, bytes, &mut Sink::new()));
    let lock = written.unwrap_or_else(|| workspace.lock.clone());
    let history = History::parse(&bytes, &mut Sink::new()).and_then(|history| history.reach());
    commit.write(lock::FILE, Lock { history, ..lock }.to_bytes());
    commit.write_over(history::FILE, bytes, seen);
}
