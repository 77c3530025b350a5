//! The command line as clap reads it. Nothing here does anything; [`super::settings`] validates.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns what an organisation is into the documents a standard says it must have.
#[derive(Debug, Parser)]
#[command(name = "folio", version, about, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Exit with 1 when there is a finding of this severity or above
    #[arg(long, global = true, value_enum, default_value_t = Level::Error, value_name = "LEVEL")]
    pub(crate) fail_on: Level,
    /// Today, for checks: YYYY-MM-DD (default: SOURCE_DATE_EPOCH, else the clock). Never printed in a document
    #[arg(long, global = true, value_name = "DATE")]
    pub(crate) date: Option<String>,
    /// How results are printed
    #[arg(long, global = true, value_enum, default_value_t = Report::Text, value_name = "FORM")]
    pub(crate) report: Report,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Print diagnostics only
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Fail when folio.lock would pin another pack
    #[arg(long, global = true)]
    pub(crate) locked: bool,
    /// The folder of installed packs (default: FOLIO_PACKS, else the user's data folder)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) packs: Option<PathBuf>,
    /// Work as if started in this folder
    #[arg(short = 'C', global = true, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
}

/// A severity to stop at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Error,
    Warning,
    Note,
}

/// A form of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Report {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0: the diagnostics, for editors and CI
    Sarif,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lay down a workspace that renders at once
    New(New),
    /// Report every problem; write nothing
    Check(Check),
    /// Render the document set to Word and PDF
    Render(Render),
    /// Show which document answers each requirement; exit with 1 when one is missing
    Coverage(Coverage),
    /// Print the JSON Schema of a profile, for editors
    Schema(Schema),
    /// Say what a code means, why it matters, and what to do
    Explain {
        /// A code such as F201, or a pack's check
        code: String,
        /// The workspace whose pack has the check
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Look at template packs
    #[command(subcommand)]
    Pack(Pack),
    /// Print shell completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The folder to make
    pub(crate) dir: PathBuf,
    /// The pack, and the versions that will do
    #[arg(long, value_name = "ID[@RANGE]", default_value = "iso27001-2013")]
    pub(crate) pack: String,
    /// Ask nothing
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Workspaces
    #[arg(default_value = ".")]
    pub(crate) dirs: Vec<PathBuf>,
    /// Exit with 1 on warnings too
    #[arg(long)]
    pub(crate) deny_warnings: bool,
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
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// An embedded pack instead of a workspace's
    #[arg(long, value_name = "ID[@RANGE]", conflicts_with = "dir")]
    pub(crate) pack: Option<String>,
}

/// What to look at.
#[derive(Debug, Args)]
pub(crate) struct Coverage {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
}

/// What to do with packs.
#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// List the packs in this program
    List,
    /// Show a pack's documents, requirements and checks
    Show(Show),
    /// Print the JSON Schema of a kind of file, or the whole format reference
    Schema(PackSchema),
    /// Show what a release of a pack changes, and whether its version says so
    Diff(Diff),
    /// Show what a newer pack changes in a workspace, and move its pin with --write
    Upgrade(Upgrade),
}

#[derive(Debug, Args)]
pub(crate) struct PackSchema {
    /// The kind: pack, document, rules, topics, theme, strings, settings
    #[arg(required_unless_present = "markdown")]
    pub(crate) kind: Option<String>,
    /// The reference of all kinds, as Markdown
    #[arg(long, conflicts_with = "kind")]
    pub(crate) markdown: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The pack as it was: an id and range, a folder, or an archive
    pub(crate) old: String,
    /// The pack as it is now
    pub(crate) new: String,
    /// Workspaces to show the effect on
    #[arg(long, value_name = "WORKSPACE", num_args = 1..)]
    pub(crate) on: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Upgrade {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The versions to take (default: what folio.yaml asks for)
    #[arg(long, value_name = "RANGE")]
    pub(crate) to: Option<String>,
    /// Move the pin
    #[arg(long)]
    pub(crate) write: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// An id and range, or a folder
    pub(crate) pack: String,
    /// Say of each part which pack of the chain it comes from
    #[arg(long)]
    pub(crate) origin: bool,
}
