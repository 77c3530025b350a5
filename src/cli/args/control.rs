//! Options of document control: `issue`, `approve`, `withdraw`, `baseline`, `redline`, `history`, `documents`, `verify`,
//! `receipt`, `export`.

use std::path::PathBuf;

use clap::Args;

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
    /// Go on although an earlier history is missed (F626); the new entry says so
    #[arg(long)]
    pub(crate) new_history: bool,
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
    /// Go on although an earlier history is missed (F626); the new entry says so
    #[arg(long)]
    pub(crate) new_history: bool,
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
    /// Go on although an earlier history is missed (F626); the new entry says so
    #[arg(long)]
    pub(crate) new_history: bool,
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
    /// Go on although an earlier history is missed (F626); the new entry says so
    #[arg(long)]
    pub(crate) new_history: bool,
    /// Say what would be taken over; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Redline {
    /// The workspace
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The version to begin with (default: the last that was approved; without one, the last render)
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
