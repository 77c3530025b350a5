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

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The folder to make; with `--continue`, the workspace
    pub(crate) dir: PathBuf,
    /// The pack, and the versions that will do (default: the current edition)
    #[arg(long, value_name = "ID[@RANGE]")]
    pub(crate) pack: Option<String>,
    /// Begin with the pack's starter for this kind of organisation; `folio pack show ID` lists them
    #[arg(long, value_name = "NAME")]
    pub(crate) like: Option<String>,
    /// Ask nothing
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Take up a workspace again: ask what is still a sample or not recorded; without a terminal, list it
    #[arg(long = "continue", conflicts_with_all = ["pack", "like"])]
    pub(crate) go_on: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Intake {
    /// The workspace
    pub(crate) dir: PathBuf,
    /// The lists: XLSX, with all sheets, or CSV
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The register that they fill, or that one sheet or file fills; `leave-out`, `-` or `~` leaves a sheet out
    #[arg(long, value_name = "REGISTER|SHEET=REGISTER")]
    pub(crate) into: Vec<String>,
    /// The row that has the headings
    #[arg(long, value_name = "ROW|SHEET=ROW")]
    pub(crate) header: Vec<String>,
    /// Which key a column is; `leave-out`, `-` or `~` leaves it out
    #[arg(long, value_name = "[SHEET:]HEADING=KEY")]
    pub(crate) column: Vec<String>,
    /// What a text of the file stands for; `leave-out`, `-` or `~` reads the cell as empty
    #[arg(long, value_name = "[SHEET:]KEY:TEXT=VALUE")]
    pub(crate) value: Vec<String>,
    /// How days are written, such as dd.mm.yyyy
    #[arg(long, value_name = "FORM")]
    pub(crate) dates: Option<String>,
    /// A YAML file with the answers; without `--write`, one that is not there is written as a draft
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
    /// What becomes of columns of which nobody knows what they are
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) rest: Option<RestOfColumns>,
    /// What becomes of names, as of owners and assets, that the profile does not have
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) missing: Option<RestOfColumns>,
    /// Take what is likely without asking
    #[arg(long)]
    pub(crate) take_likely: bool,
    /// Record the people whom the lists name
    #[arg(long)]
    pub(crate) add_people: bool,
    /// Put the lists into `registers/`, and what reads them into the profile
    #[arg(long)]
    pub(crate) write: bool,
    /// Write also when cells have to be mended; `folio check` lists them
    #[arg(long, requires = "write")]
    pub(crate) with_faults: bool,
}

/// What becomes of what has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RestOfColumns {
    /// They are not read
    LeaveOut,
}

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
pub(crate) struct Issue {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Who approves: the key or name of a person, a body or a role
    #[arg(long, value_name = "WHO")]
    pub(crate) approver: String,
    /// Why: what the history of each document says
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Only these documents, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub(crate) only: Vec<String>,
    /// Make major versions: 2.0 after 1.3
    #[arg(long)]
    pub(crate) major: bool,
    /// Since when they are in force, where that is later than the approval: YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub(crate) effective: Option<String>,
    /// Say what would be issued; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Who approves: the key or name of a person, a body or a role
    #[arg(long, value_name = "WHO")]
    pub(crate) approver: String,
    /// Only these documents, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub(crate) only: Vec<String>,
    /// Since when they are in force, where that is later than the last approval: YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub(crate) effective: Option<String>,
    /// Say what would be approved; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Withdraw {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// These documents, separated by commas
    #[arg(long, required = true, value_delimiter = ',', value_name = "IDS")]
    pub(crate) only: Vec<String>,
    /// Who decides it: the key or name of a person, a body or a role
    #[arg(long, value_name = "WHO")]
    pub(crate) approver: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Say what would be withdrawn; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
#[command(disable_version_flag = true)]
pub(crate) struct Baseline {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The document, by its id
    #[arg(long, value_name = "ID")]
    pub(crate) only: String,
    /// Its version, such as 3.2
    #[arg(long = "version", value_name = "VERSION")]
    pub(crate) number: String,
    /// Its files, one of each format
    #[arg(long = "file", required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The day on which it was approved: YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub(crate) day: String,
    /// Who approved it: the key or name of a person, a body or a role
    #[arg(long, value_name = "WHO")]
    pub(crate) approver: String,
    /// What its history says
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Say what would be taken over; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyHistory {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// A receipt that was kept elsewhere: the line, or a file that has one or several. Without one, a tail that was cut off
    /// and a history that was written anew cannot be seen
    #[arg(long, value_name = "TEXT|FILE")]
    pub(crate) receipt: Vec<String>,
    /// The public key that must have signed the receipts: a `.pub` file, or its second line
    #[arg(long, value_name = "PUBKEY", requires = "receipt")]
    pub(crate) key: Option<String>,
    /// The trust file (default: FOLIO_TRUST, else beside the folder of installed packs)
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    pub(crate) trust: Option<PathBuf>,
}

/// A receipt is worth something outside of the workspace alone: who can rewrite the history can rewrite what lies beside it.
/// Send it to somebody, put it into a ticket or a signed git tag. `folio verify --receipt` holds the history against it.
#[derive(Debug, Args)]
pub(crate) struct Receipt {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Sign it with a secret key, of `folio pack key` or `minisign -G`. Its password is asked for, or FOLIO_KEY_PASSWORD
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    pub(crate) sign: Option<PathBuf>,
    /// Hold the history against a receipt that was given out: the line, or a file that has it
    #[arg(long, value_name = "TEXT|FILE")]
    pub(crate) check: Option<String>,
    /// The public key that must have signed it: a `.pub` file, or its second line
    #[arg(long, value_name = "PUBKEY", requires = "check")]
    pub(crate) key: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// The workspace; or, in one, a document
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Only this document, by its id
    pub(crate) document: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Documents {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// What was issued and in force; what else there is are drafts
    #[arg(long, required = true)]
    pub(crate) issued: bool,
    /// The archive to write
    #[arg(long, value_name = "FILE.zip")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Redline {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The version to begin with (default: the one in force; without one, the last render)
    #[arg(long, value_name = "VERSION")]
    pub(crate) from: Option<String>,
    /// The version to end with, or `draft`: what the workspace makes now
    #[arg(long, value_name = "VERSION", default_value = "draft")]
    pub(crate) to: String,
    /// Only these documents, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub(crate) only: Vec<String>,
    /// Mark what stands elsewhere as deleted and inserted, not as moved
    #[arg(long)]
    pub(crate) no_moves: bool,
    /// Say in Word's comments why each paragraph or row changed
    #[arg(long)]
    pub(crate) comments: bool,
    /// Formats, separated by commas: docx, pdf (default: both)
    #[arg(long, value_delimiter = ',', value_name = "FORMATS")]
    pub(crate) formats: Vec<String>,
    /// Whose changes they are (default: the document's author)
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// Write here instead of `redline/` in the output folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Workspaces
    #[arg(default_value = ".")]
    pub(crate) dirs: Vec<PathBuf>,
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
pub(crate) struct Decisions {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Take these into the profile as they are proposed: keys, groups of keys such as `rules`, registers, rows of them,
    /// values such as `suppliers[S-1].owner`, or a property of all rows such as `suppliers.owner`
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "KEY")]
    pub(crate) confirm: Vec<String>,
    /// Take all that are listed into the profile as they are proposed
    #[arg(long, conflicts_with = "confirm")]
    pub(crate) confirm_all: bool,
    /// Take these proposals out of the registers, and write into `refused` of folio.yaml that the pack does not propose them
    /// again: values, rows, properties of all rows, registers
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "PATH", conflicts_with_all = ["confirm", "confirm_all"])]
    pub(crate) refuse: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Propose {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Only these registers, by their keys in the profile
    #[arg(value_name = "REGISTER")]
    pub(crate) registers: Vec<String>,
    /// Write what is proposed into the registers, all files together
    #[arg(long)]
    pub(crate) write: bool,
    /// Show every row, and values whole
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The pack to move to, and the versions that will do; or its folder
    #[arg(long, value_name = "PACK[@RANGE]")]
    pub(crate) to: String,
    /// Change the workspace, all files together
    #[arg(long)]
    pub(crate) write: bool,
    /// Put the report here instead of the workspace's output folder, also in a dry run
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
}

/// What to do with packs.
#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// List the packs that can be had by name
    List,
    /// Show a pack's documents, requirements and checks
    Show(Show),
    /// Print the JSON Schema of a kind of file, or the whole format reference
    Schema(PackSchema),
    /// Lay down a pack to begin with
    New(PackNew),
    /// Report everything in a pack that its author should look at
    Check(PackCheck),
    /// Render a pack's fixtures and compare them with what is expected
    Test(PackTest),
    /// Render a pack to PDF, and again each time that one of its files is saved
    Preview(PackPreview),
    /// Show what a release of a pack changes, and whether its version says so
    Diff(Diff),
    /// Show what a newer pack changes in a workspace, and move its pin with --write
    Upgrade(Upgrade),
    /// Make the archive of a pack: the same files, the same bytes
    Build(Build),
    /// Sign an archive, so that `minisign` and `folio pack verify` know whose it is
    Sign(Sign),
    /// Say whether an archive is whole, and who signed it
    Verify(Verify),
    /// Install a pack from an archive, a folder, or an index on the web
    Install(Install),
    /// Make a key to sign packs with
    Key(Key),
    /// Say whose packs may be installed
    #[command(subcommand)]
    Trust(Trust),
}

#[derive(Debug, Args)]
pub(crate) struct PackSchema {
    /// The kind: pack, document, rules, topics, theme, strings, migration, trust, settings
    #[arg(required_unless_present = "markdown")]
    pub(crate) kind: Option<String>,
    /// The reference of all kinds, as Markdown
    #[arg(long, conflicts_with = "kind")]
    pub(crate) markdown: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PackNew {
    /// The folder to make
    pub(crate) dir: PathBuf,
    /// The pack's id (default: the folder's name)
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// The pack's title (default: its id)
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// The standard and edition, as printed (default: the title)
    #[arg(long)]
    pub(crate) standard: Option<String>,
    /// Lay down a house pack that extends this one
    #[arg(long, value_name = "ID[@RANGE]")]
    pub(crate) extends: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PackCheck {
    /// An id and range, or a folder
    #[arg(default_value = ".")]
    pub(crate) pack: String,
    /// Workspaces to render with this pack besides its fixtures
    #[arg(long, num_args = 1.., value_name = "WORKSPACE")]
    pub(crate) on: Vec<PathBuf>,
    /// Compare a translation with the pack that it stands over: an id and range, or a folder
    #[arg(long, value_name = "BASE")]
    pub(crate) against: Option<String>,
    /// With --against: note in `translation.yaml` that what is translated is up to date
    #[arg(long, requires = "against")]
    pub(crate) accept: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PackTest {
    /// An id and range, or a folder
    #[arg(default_value = ".")]
    pub(crate) pack: String,
    /// Take over what the pack gives: write it into `expected/`
    #[arg(long)]
    pub(crate) accept: bool,
    /// Only these documents, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub(crate) only: Vec<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = TestFormat::Text, value_name = "FORMAT")]
    pub(crate) format: TestFormat,
}

#[derive(Debug, Args)]
pub(crate) struct PackPreview {
    /// A folder, or an id and range
    #[arg(default_value = ".")]
    pub(crate) pack: String,
    /// Workspaces to render instead of the pack's starter and fixtures
    #[arg(long, num_args = 1.., value_name = "WORKSPACE")]
    pub(crate) on: Vec<PathBuf>,
    /// Only these documents, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    pub(crate) only: Vec<String>,
    /// Write here, a folder for each set (default: PACK-preview, beside the pack)
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Render once and end
    #[arg(long)]
    pub(crate) once: bool,
}

/// A form of a test's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    Text,
    /// JUnit XML, for CI
    Junit,
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
    /// Move the pin; to another major version, change the workspace too, all files together
    #[arg(long)]
    pub(crate) write: bool,
    /// Put the report of a move to another major version here instead of the workspace's output folder, also in a dry run
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// An id and range, or a folder
    pub(crate) pack: String,
    /// Say of each part which pack of the chain it comes from
    #[arg(long)]
    pub(crate) origin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// The pack's folder
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The archive to write (default: id, version and digest, in this folder)
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Also when `folio pack check` finds errors; the archive says so to everybody who looks at it or installs it
    #[arg(long)]
    pub(crate) unchecked: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The archive; its signature is written beside it, as ARCHIVE.minisig
    pub(crate) archive: PathBuf,
    /// The secret key, of `folio pack key` or `minisign -G`. Its password is asked for, or FOLIO_KEY_PASSWORD
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Also when `folio pack check` finds errors in it, or cannot check it; what is signed then says so
    #[arg(long)]
    pub(crate) unchecked: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The archive
    pub(crate) archive: PathBuf,
    /// Its signature (default: ARCHIVE.minisig)
    #[arg(long, value_name = "FILE")]
    pub(crate) sig: Option<PathBuf>,
    /// The trust file (default: FOLIO_TRUST, else beside the folder of installed packs)
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    pub(crate) trust: Option<PathBuf>,
    /// One public key instead of the trust file: a `.pub` file, or its second line
    #[arg(long, value_name = "PUBKEY")]
    pub(crate) key: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Install {
    /// An archive or a folder; with `--index`, a pack's id and the versions that will do
    #[arg(value_name = "FILE|FOLDER|ID[@RANGE]")]
    pub(crate) source: String,
    /// Take the pack, and what it extends, from the index at this https address
    #[arg(long, value_name = "URL")]
    pub(crate) index: Option<String>,
    /// Certificates (PEM) of the authorities to believe instead of those that browsers know
    #[arg(long, value_name = "FILE", requires = "index")]
    pub(crate) ca: Option<PathBuf>,
    /// The trust file (default: FOLIO_TRUST, else beside the folder of installed packs)
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Install also what nobody who is trusted has signed
    #[arg(long)]
    pub(crate) allow_unsigned: bool,
    /// Take the place of the same version with other content
    #[arg(long)]
    pub(crate) replace: bool,
    /// Believe an index whose last day has passed
    #[arg(long, requires = "index")]
    pub(crate) allow_expired: bool,
    /// Install also a version that is older than what the index had before
    #[arg(long, requires = "index")]
    pub(crate) allow_older: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Key {
    /// Where to write NAME.key and NAME.pub
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// What to call them
    #[arg(long, default_value = "minisign")]
    pub(crate) name: String,
    /// Leave the secret key without password, for machines that sign by themselves
    #[arg(long)]
    pub(crate) no_password: bool,
}

/// What to do with the trust file.
#[derive(Debug, Subcommand)]
pub(crate) enum Trust {
    /// Trust a public key
    Add(TrustAdd),
    /// Trust a key no longer
    Remove(TrustRemove),
    /// List the keys that are trusted
    List {
        /// The trust file (default: FOLIO_TRUST, else beside the folder of installed packs)
        #[arg(long, value_name = "FILE")]
        trust: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct TrustAdd {
    /// A `.pub` file, or its second line
    #[arg(value_name = "PUBKEY")]
    pub(crate) key: String,
    /// The ids of the packs that it may sign, separated by commas; `*` stands for any letters. Needed
    #[arg(long = "for", value_delimiter = ',', value_name = "IDS")]
    pub(crate) ids: Vec<String>,
    /// Whose key it is (default: the file's name, else the key's number)
    #[arg(long, value_name = "NAME")]
    pub(crate) id: Option<String>,
    /// The trust file (default: FOLIO_TRUST, else beside the folder of installed packs)
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TrustRemove {
    /// Whose key, or the key's number, as `list` shows them
    #[arg(value_name = "NAME|NUMBER")]
    pub(crate) who: String,
    /// The trust file (default: FOLIO_TRUST, else beside the folder of installed packs)
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
}
