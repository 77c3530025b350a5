//! What a run did, for people and reports.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::backend::{Backends, Format};

/// What a run did.
#[derive(Debug)]
pub struct Outcome {
    /// The workspace, absolute.
    pub dir: PathBuf,
    /// The pack: id, version, and whether it is pinned.
    pub pack: String,
    /// The documents, in the order of the set.
    pub documents: Vec<Rendered>,
    /// How long each stage took.
    pub timings: Timings,
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

/// An output file of a run.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its format.
    pub format: Format,
    /// The file, absolute.
    pub path: PathBuf,
    /// The SHA-256 of what Folio would have it be.
    pub sha256: String,
    /// What was done.
    pub action: Action,
}

/// What was done with an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was written, or would be in a dry run.
    Written,
    /// It was as it should be.
    Unchanged,
    /// Somebody edited it; it was left alone.
    KeptEdited,
    /// Nothing was written, because of faults.
    Failed,
}

impl Action {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Action::Written => "written",
            Action::Unchanged => "unchanged",
            Action::KeptEdited => "kept-edited",
            Action::Failed => "failed",
        }
    }
}

/// How long the stages took; stages that run in parallel add up over threads.
#[derive(Debug, Clone, Default)]
pub struct Timings(pub Vec<(&'static str, Duration)>);

impl Timings {
    pub(super) fn time<T>(&mut self, stage: &'static str, act: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = act();
        self.0.push((stage, start.elapsed()));
        value
    }
}

/// Time of the parallel stages, added up over threads: layout, then each format.
pub(super) struct Stages(Vec<(&'static str, AtomicU64)>);

impl Stages {
    pub(super) fn new(backends: &Backends) -> Stages {
        Stages(std::iter::once("typeset").chain(backends.names()).map(|name| (name, AtomicU64::new(0))).collect())
    }

    pub(super) fn time<T>(&self, stage: &str, act: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = act();
        let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        if let Some((_, sum)) = self.0.iter().find(|(name, _)| *name == stage) {
            sum.fetch_add(nanos, Ordering::Relaxed);
        }
        value
    }

    pub(super) fn report(&self, timings: &mut Timings) {
        for (stage, nanos) in &self.0 {
            timings.0.push((stage, Duration::from_nanos(nanos.load(Ordering::Relaxed))));
        }
    }
}
