//! Options of the commands that make a workspace and fill it: `new`, `intake`, `decisions`, `propose`, `migrate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Write no draft of answers either
    #[arg(long, conflicts_with = "write")]
    pub(crate) dry_run: bool,
}

/// What becomes of what has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RestOfColumns {
    /// They are not read
    LeaveOut,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Write nothing, which is so without `--write` too
    #[arg(long, conflicts_with = "write")]
    pub(crate) dry_run: bool,
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
    /// Write nothing, no report either
    #[arg(long, conflicts_with_all = ["write", "out"])]
    pub(crate) dry_run: bool,
}
