//! A history that is missed: there was one, and it is not there, or not as far as it went.

use std::path::Path;

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::files::{Disk, Files};
use crate::history::{FILE, History, ISSUED, Places};
use crate::ledger;
use crate::lock::{self, Lock, LockedHistory};
use crate::workspace::{self, Workspace};

/// A history that is missed.
#[derive(Debug, Clone)]
pub struct Missed {
    /// What is known of it; of one that only its files tell of, no entries.
    pub lost: LockedHistory,
    message: String,
    place: String,
}

impl Missed {
    /// What is said of it.
    pub fn said(&self, severity: Severity) -> Diagnostic {
        Diagnostic::new(&codes::HISTORY_MISSED, severity, self.message.clone())
            .at(Span::file(self.place.clone()))
            .help(codes::HISTORY_MISSED.fix)
    }
}

/// What is missed of the history of a workspace.
pub fn missed(workspace: &Workspace) -> Option<Missed> {
    let places = ledger::places(&workspace.root, &workspace.settings.output);
    find(&*workspace.files, &workspace.lock, &workspace.history, places.as_ref())
}

/// The same of a workspace whose pack and profile are not read, by its folder and the folder of its outputs.
pub fn missed_in(root: &Path, output: &str, history: &History) -> Option<Missed> {
    let files = Disk::new(root, "");
    let Some(lock) = workspace::read_lock(&files, &mut Sink::new()) else {
        let message = format!("`{}` cannot be read, and with it how far the history went", lock::FILE);
        return Some(Missed { lost: LockedHistory::default(), message, place: lock::FILE.to_owned() });
    };
    find(&files, &lock, history, ledger::places(root, output).as_ref())
}

/// What is missed of a history, by what a lock knows of it and by what was issued and is there.
pub(super) fn find(files: &dyn Files, lock: &Lock, history: &History, places: Option<&Places>) -> Option<Missed> {
    if let Some(known) = lock.history.as_ref().filter(|known| !history.goes_on_from(known)) {
        let (count, have) = (known.entries as usize, history.entries.len());
        let entries = |count: usize| if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
        let what = match have {
            0 => format!("`{FILE}` is not there"),
            have if have < count => format!("`{FILE}` has {have}: its end is missing"),
            _ => format!("line {count} of `{FILE}` is another than the one that it knows"),
        };
        let message = format!("`{}` knows a history of {}, and {what}", lock::FILE, entries(count));
        return Some(Missed { lost: known.clone(), message, place: lock::FILE.to_owned() });
    }
    if !history.entries.is_empty() {
        return None;
    }
    let rooms = places.into_iter().flat_map(|places| [places.in_force.clone(), places.coming.clone()]);
    let is_own = |path: &String| path.rsplit('/').next().is_some_and(|name| !name.starts_with('.'));
    std::iter::once(ISSUED.to_owned()).chain(rooms).find_map(|room| {
        let found = files.list(&room).unwrap_or_default().into_iter().filter(is_own).count();
        let message = match found {
            0 => return None,
            1 => format!("a file that was issued stands in `{room}`, and `{FILE}` is not there"),
            found => format!("{found} files that were issued stand in `{room}`, and `{FILE}` is not there"),
        };
        Some(Missed { lost: LockedHistory::default(), message, place: room })
    })
}
