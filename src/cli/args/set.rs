//! Options of the commands that make the set and look at it: `check`, `render`, `status`, `coverage`, `trace`, `schema`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Workspaces
    #[arg(default_value = ".")]
    pub(crate) dirs: Vec<PathBuf>,
    /// Exit with 1 on warnings too
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Say which facts only one of two languages prints: the other language, or a pack in it
    #[arg(long, value_name = "LANGUAGE|PACK")]
    pub(crate) compare: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Render {
    /// Workspaces
    #[arg(default_value = ".")]
    pub(crate) dirs: Vec<PathBuf>,
    /// Write here instead of the workspace's output folder
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
    /// Formats, separated by commas: docx, pdf
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    pub(crate) formats: Vec<String>,
    /// Only these documents, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub(crate) only: Vec<String>,
    /// How many threads (default: one for each core)
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print how long each stage took
    #[arg(long)]
    pub(crate) timings: bool,
    /// Replace outputs that were edited by hand
    #[arg(long)]
    pub(crate) overwrite_edited: bool,
    /// Remove files of earlier runs that the set has no place for any more, unless they were edited
    #[arg(long)]
    pub(crate) prune: bool,
    /// Take over the outputs that another workspace, or another copy of this one, wrote here
    #[arg(long)]
    pub(crate) take_over: bool,
    /// Give the files of an issued version as they were given out, in the folder of `--out`, or here
    #[arg(long, value_name = "DOCUMENT@VERSION", conflicts_with_all = ["formats", "only", "prune", "take_over", "overwrite_edited"])]
    pub(crate) issued: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Workspaces
    #[arg(default_value = ".")]
    pub(crate) dirs: Vec<PathBuf>,
}

/// What to look at.
#[derive(Debug, Args)]
pub(crate) struct Coverage {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Trace {
    /// The workspace
    pub(crate) dir: PathBuf,
    /// The document, by its id
    pub(crate) document: String,
    /// Only what says this
    #[arg(long, value_name = "TEXT")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// An embedded pack instead of a workspace's
    #[arg(long, value_name = "ID[@RANGE]", conflicts_with = "dir")]
    pub(crate) pack: Option<String>,
    /// For people: what each key is, an example, and which documents print it
    #[arg(long)]
    pub(crate) markdown: bool,
}
