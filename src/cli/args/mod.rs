//! The command line as clap reads it. Nothing here does anything; [`super::settings`] validates.

mod control;
mod facts;
mod pack;
mod set;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use control::{
    Approve, Baseline, Documents, Export, History, Issue, Receipt, Redline, VerifyHistory, Withdraw,
};
pub(crate) use facts::{Decisions, Intake, Migrate, New, Propose};
pub(crate) use pack::{
    Build, Diff, Install, Key, Pack, PackCheck, PackNew, PackPreview, PackSchema, PackTest, Show, Sign, TestFormat,
    Trust, TrustAdd, TrustRemove, Upgrade, Verify,
};
pub(crate) use set::{Check, Coverage, Render, Schema, Status, Trace};

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
    /// Show every finding and every fact that is not recorded, however long; else as much as a screen holds, by kind
    #[arg(long, global = true)]
    pub(crate) all: bool,
    /// Print diagnostics only
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Fail when folio.lock would pin another pack
    #[arg(long, global = true)]
    pub(crate) locked: bool,
    /// End at once when another command is at work in the same folder, instead of waiting for it
    #[arg(long, global = true)]
    pub(crate) no_wait: bool,
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
    /// Take in lists that somebody else made: find which column is which key, and say what has no place
    Intake(Intake),
    /// Report every problem; write nothing
    Check(Check),
    /// Render the document set to Word and PDF
    Render(Render),
    /// Say what changed since documents were issued or last rendered, why, and where; lay out nothing
    Status(Status),
    /// Approve and give out the documents whose content changed; all others keep their version
    Issue(Issue),
    /// Approve what waits for a further approver
    Approve(Approve),
    /// Take documents out of force
    Withdraw(Withdraw),
    /// Count a document that was made elsewhere as issued
    Baseline(Baseline),
    /// Write what changed between two versions: Word with tracked changes, PDF with the changes marked
    Redline(Redline),
    /// Show which document answers each requirement; exit with 1 when one is missing
    Coverage(Coverage),
    /// Say where each paragraph, cell and heading of a document comes from
    Trace(Trace),
    /// List the figures that documents print and nobody has decided, and take them into the profile
    Decisions(Decisions),
    /// Show what the pack proposes for registers of which nobody has recorded it; written with `--write`, marked as proposals
    Propose(Propose),
    /// Move a workspace to another pack without losing a decision; a dry run unless `--write`
    Migrate(Migrate),
    /// Say whether what was issued is what it was: the history, every kept file, what stands in force, receipts
    Verify(VerifyHistory),
    /// Print the receipt of the history: one line to be kept elsewhere, in a mail, a ticket, a git tag
    Receipt(Receipt),
    /// Show who issued what, when and why, newest first
    History(History),
    /// List the documents of the set: version in force, since when, who answers for each, next review
    Documents(Documents),
    /// Pack what was in force on a day (`--date`), with its digests, for an auditor
    Export(Export),
    /// Print what a profile may hold: as JSON Schema for editors, or with --markdown for people
    Schema(Schema),
    /// Say what a code means, why it matters, and what to do
    Explain {
        /// A code such as F201, or a pack's check
        code: String,
        /// The workspace whose pack has the check
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Look at, make and install template packs
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

impl Command {
    /// Whether nothing is to be written that otherwise would be.
    pub(crate) fn is_dry_run(&self) -> bool {
        match self {
            Command::New(options) => options.dry_run,
            Command::Intake(options) => options.dry_run,
            Command::Render(options) => options.dry_run,
            Command::Issue(options) => options.dry_run,
            Command::Approve(options) => options.dry_run,
            Command::Withdraw(options) => options.dry_run,
            Command::Baseline(options) => options.dry_run,
            Command::Redline(options) => options.dry_run,
            Command::Decisions(options) => options.dry_run,
            Command::Propose(options) => options.dry_run,
            Command::Migrate(options) => options.dry_run,
            Command::Export(options) => options.dry_run,
            Command::Pack(command) => command.is_dry_run(),
            Command::Check(_)
            | Command::Status(_)
            | Command::Coverage(_)
            | Command::Trace(_)
            | Command::Verify(_)
            | Command::Receipt(_)
            | Command::History(_)
            | Command::Documents(_)
            | Command::Schema(_)
            | Command::Explain { .. }
            | Command::Completions { .. }
            | Command::Man => false,
        }
    }

    /// Whether it says in a dry run more than which files it would write.
    pub(crate) fn tells_more(&self) -> bool {
        !matches!(
            self,
            Command::New(_)
                | Command::Export(_)
                | Command::Pack(
                    Pack::New(_)
                        | Pack::Test(_)
                        | Pack::Build(_)
                        | Pack::Sign(_)
                        | Pack::Install(_)
                        | Pack::Key(_)
                        | Pack::Trust(_)
                )
        )
    }
}
