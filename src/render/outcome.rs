//! What a run did, for people and reports.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::ledger::{Action, LeftBehind, Output};
use crate::model::Document;
use crate::pack::Pack;
use crate::plan::{Job, NotApplicable};
use crate::strings::Strings;
use crate::unrecorded::{self, Gap};
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
    /// How many figures its documents print that nobody has decided, where somebody asked and the documents could be made.
    pub proposed: Option<usize>,
    /// How many rows of each register hold values that are marked as proposals.
    pub proposed_rows: Vec<(String, usize)>,
    /// The documents that lack what nobody recorded, where somebody asked and they could be made.
    pub lacking: Vec<Lacking>,
}

/// A document that lacks what nobody recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Lacking {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it lacks, each as its list says it.
    pub gaps: Vec<(Gap, String)>,
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
    /// Not made: its condition does not hold, or the workspace leaves it out.
    NotApplicable,
}

impl RenderedState {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            RenderedState::Draft => "draft",
            RenderedState::Edited => "edited",
            RenderedState::NotApplicable => "not-applicable",
        }
    }
}

impl Lacking {
    /// What a document lacks; nothing when it lacks nothing.
    pub(super) fn of(document: &Document, workspace: &Workspace) -> Option<Lacking> {
        let strings = &workspace.pack.strings;
        let gaps = unrecorded::gaps(document, workspace).into_iter();
        let gaps: Vec<(Gap, String)> = gaps.map(|gap| (gap.clone(), unrecorded::in_words(&gap, strings))).collect();
        let control = &document.control;
        let lacking = Lacking { id: control.id.clone(), title: control.title.text.clone(), gaps };
        (!lacking.gaps.is_empty()).then_some(lacking)
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
        Outcome {
            dir: dir.to_owned(),
            is_read: true,
            is_failed,
            pack,
            folder,
            documents,
            left_behind,
            proposed: None,
            proposed_rows: workspace
                .profile
                .proposals()
                .rows()
                .into_iter()
                .map(|(name, rows)| (name.into(), rows))
                .collect(),
            lacking: Vec::new(),
        }
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
            proposed: None,
            proposed_rows: Vec::new(),
            lacking: Vec::new(),
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
