//! Entries of the history, and how they come to its end.

use jiff::civil::Date;

use crate::commit::Commit;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::digest;
use crate::history::{self, Entry, Event, Issued};
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
    }
}

/// Appends entries to the history, which nobody may have changed meanwhile.
pub(super) fn append(workspace: &Workspace, entries: Vec<Entry>, commit: &mut Commit, sink: &mut Sink) {
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
    commit.write_over(history::FILE, bytes, seen);
}
