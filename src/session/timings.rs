//! How long stages take, and how often: a value that they fill.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A stage whose time is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading a workspace and its pack.
    Read,
    /// Deriving, checking, planning.
    Rules,
    /// Asking what is in place already.
    Look,
    /// Expanding, parsing and resolving.
    Expand,
    /// Looking for what must not be in documents.
    Leaks,
    /// Fonts and charts.
    Fonts,
    /// Laying out.
    Typeset,
    /// Writing the bytes of formats.
    Write,
    /// Putting files in place.
    Commit,
}

impl Stage {
    /// All stages, in the order in which they come.
    pub const ALL: [Stage; 9] = [
        Stage::Read,
        Stage::Rules,
        Stage::Look,
        Stage::Expand,
        Stage::Leaks,
        Stage::Fonts,
        Stage::Typeset,
        Stage::Write,
        Stage::Commit,
    ];

    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Read => "read",
            Stage::Rules => "rules",
            Stage::Look => "look",
            Stage::Expand => "expand",
            Stage::Leaks => "leaks",
            Stage::Fonts => "fonts",
            Stage::Typeset => "typeset",
            Stage::Write => "formats",
            Stage::Commit => "commit",
        }
    }
}

/// How long the stages took so far; those that run on several threads add up over them.
#[derive(Debug, Default)]
pub struct Timings {
    nanos: [AtomicU64; Stage::ALL.len()],
    counts: [AtomicU64; Stage::ALL.len()],
}

impl Timings {
    /// Takes the time of a stage until what this gives is dropped.
    pub fn running(&self, stage: Stage) -> Running<'_> {
        Running { timings: self, stage, since: Instant::now() }
    }

    /// The time of a stage.
    pub fn of(&self, stage: Stage) -> Duration {
        Duration::from_nanos(self.nanos[stage as usize].load(Ordering::Relaxed))
    }

    /// How often a stage was gone through.
    pub fn count(&self, stage: Stage) -> u64 {
        self.counts[stage as usize].load(Ordering::Relaxed)
    }
}

/// A stage at work.
#[derive(Debug)]
pub struct Running<'t> {
    timings: &'t Timings,
    stage: Stage,
    since: Instant,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let nanos = u64::try_from(self.since.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.timings.nanos[self.stage as usize].fetch_add(nanos, Ordering::Relaxed);
        self.timings.counts[self.stage as usize].fetch_add(1, Ordering::Relaxed);
    }
}
