//! Options of `folio pack`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Write nothing, no report either
    #[arg(long, conflicts_with_all = ["write", "out"])]
    pub(crate) dry_run: bool,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TrustRemove {
    /// Whose key, or the key's number, as `list` shows them
    #[arg(value_name = "NAME|NUMBER")]
    pub(crate) who: String,
    /// The trust file (default: FOLIO_TRUST, else beside the folder of installed packs)
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Say what would be written; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl Pack {
    /// Whether nothing is to be written that otherwise would be.
    pub(super) fn is_dry_run(&self) -> bool {
        match self {
            Pack::New(options) => options.dry_run,
            Pack::Check(options) => options.dry_run,
            Pack::Test(options) => options.dry_run,
            Pack::Preview(options) => options.dry_run,
            Pack::Upgrade(options) => options.dry_run,
            Pack::Build(options) => options.dry_run,
            Pack::Sign(options) => options.dry_run,
            Pack::Install(options) => options.dry_run,
            Pack::Key(options) => options.dry_run,
            Pack::Trust(Trust::Add(options)) => options.dry_run,
            Pack::Trust(Trust::Remove(options)) => options.dry_run,
            Pack::List
            | Pack::Show(_)
            | Pack::Schema(_)
            | Pack::Diff(_)
            | Pack::Verify(_)
            | Pack::Trust(Trust::List { .. }) => false,
        }
    }
}
