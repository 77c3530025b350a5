//! What a run did, for people and reports.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::history::Came;
use crate::ledger::{Action, LeftBehind, Output};
use crate::pack::Pack;
use crate::plan::{Job, NotApplicable};
use crate::progress::Progress;
use crate::strings::Strings;
use crate::wording;
use crate::workspace::Workspace;

/// What a run did in a workspace.
#[derive(Debug)]
pub struct Outcome {
    /// The workspace, as the user named it.
    pub dir: PathBuf,
    /// Whether it could be read at all; when not, everything else here is empty.
    pub is_read: bool,
    /// Whether nothing was written, because of faults.
    pub is_failed: bool,
    /// The pack: id, version, and whether it is pinned.
    pub pack: String,
    /// The folder of outputs, as the user knows it.
    pub folder: PathBuf,
    /// The documents, in the order of the set.
    pub documents: Vec<Rendered>,
    /// Files of earlier runs that the set has no place for any more.
    pub left_behind: Vec<LeftBehind>,
    /// What came into force before anything else was done, because its day came.
    pub came: Vec<Came>,
    /// How far one is, where somebody asked and the documents could be made.
    pub progress: Option<Progress>,
}

/// A document of a run.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its state.
    pub state: RenderedState,
    /// Why it is not made, when a reason is known.
    pub reason: Option<String>,
    /// How many pages it has.
    pub pages: u32,
    /// Its outputs.
    pub outputs: Vec<Output>,
    /// How long typesetting and the backends took.
    pub time: Duration,
}

/// The state of a document in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderedState {
    /// Not approved.
    Draft,
    /// An output was edited by hand.
    Edited,
    /// It says what its last issued version says, and has no draft.
    Issued,
    /// Not made: its condition does not hold, or the workspace leaves it out.
    NotApplicable,
}

impl RenderedState {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            RenderedState::Draft => "draft",
            RenderedState::Edited => "edited",
            RenderedState::Issued => "unchanged",
            RenderedState::NotApplicable => "not-applicable",
        }
    }
}

impl Outcome {
    pub(super) fn of(
        dir: &Path,
        workspace: &Workspace,
        folder: PathBuf,
        documents: Vec<Rendered>,
        left_behind: Vec<LeftBehind>,
        is_failed: bool,
    ) -> Outcome {
        let pack = workspace.pack.label(0);
        let pack = if workspace.pin.is_some() { pack } else { format!("{pack}, unpinned") };
        Outcome { is_read: true, is_failed, pack, folder, documents, left_behind, ..Outcome::unread(dir) }
    }

    /// What a run did in a workspace that could not be read: nothing.
    pub(super) fn unread(dir: &Path) -> Outcome {
        Outcome {
            dir: dir.to_owned(),
            is_read: false,
            is_failed: true,
            pack: String::new(),
            folder: PathBuf::new(),
            documents: Vec::new(),
            left_behind: Vec::new(),
            came: Vec::new(),
            progress: None,
        }
    }
}

impl Rendered {
    pub(super) fn of(job: &Job, strings: &Strings, outputs: Vec<Output>, pages: u32, time: Duration) -> Rendered {
        let is_edited = outputs.iter().any(|output| output.action == Action::KeptEdited);
        Rendered {
            id: job.control.id.clone(),
            title: job.control.title.text.clone(),
            version: wording::version(&job.control.version, strings).text,
            state: if is_edited { RenderedState::Edited } else { RenderedState::Draft },
            reason: None,
            pages,
            outputs,
            time,
        }
    }

    /// A document that was issued as it is.
    pub(super) fn as_issued(job: &Job, version: &str) -> Rendered {
        Rendered {
            id: job.control.id.clone(),
            title: job.control.title.text.clone(),
            version: version.to_owned(),
            state: RenderedState::Issued,
            reason: None,
            pages: 0,
            outputs: Vec::new(),
            time: Duration::ZERO,
        }
    }

    pub(super) fn left_out(pack: &Pack, document: &NotApplicable) -> Rendered {
        let template = &pack.documents[document.template];
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
}
