//! Arguments, validated: what commands go by.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::args::{Color, Global, Level, Report};
use super::dry::Dry;
use crate::commit::{self, Commit, Held, Holder, Manner, Reading, is_free};
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::pack::source::Shelf;
use crate::pack::trust;
use crate::render::{Request, Wishes};
use crate::session::Session;

/// What commands go by.
pub(crate) struct Settings {
    pub(crate) fail_on: Severity,
    /// Today, ISO 8601.
    pub(crate) today: String,
    pub(crate) report: Report,
    /// Show everything, also where it does not fit on a screen.
    pub(crate) all: bool,
    pub(crate) quiet: bool,
    pub(crate) locked: bool,
    /// End at once when somebody else is at work, instead of waiting.
    pub(crate) no_wait: bool,
    /// The time at which the program began, for those who wait for it.
    pub(crate) started: String,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) colour_errors: bool,
    /// Whether to show progress and ask questions.
    pub(crate) interactive: bool,
    /// Whether questions can be answered, besides.
    pub(crate) asks: bool,
    /// The packs that can be had by name.
    pub(crate) shelf: Shelf,
    /// The trust file: FOLIO_TRUST, else beside the folder of installed packs.
    pub(crate) trust: Option<PathBuf>,
    /// What would be done, where nothing is to be written.
    pub(crate) dry: Option<Dry>,
    /// The password of a secret key, when FOLIO_KEY_PASSWORD gives it.
    pub(crate) key_password: Option<String>,
}

impl Settings {
    pub(crate) fn new(global: &Global, is_dry_run: bool) -> Result<Settings, String> {
        match global.color {
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
            Color::Auto => {}
        }
        let colour_errors = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal()
                    && anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never
            }
        };
        let installed = installed_packs(global.packs.clone());
        let beside = installed.as_ref().and_then(|packs| Some(packs.parent()?.join(trust::FILE)));
        let interactive = global.report == Report::Text && !global.quiet && std::io::stderr().is_terminal();
        Ok(Settings {
            dry: is_dry_run.then(Dry::default),
            trust: variable("FOLIO_TRUST").map(PathBuf::from).or(beside),
            key_password: variable("FOLIO_KEY_PASSWORD").and_then(|password| password.into_string().ok()),
            fail_on: match global.fail_on {
                Level::Error => Severity::Error,
                Level::Warning => Severity::Warning,
                Level::Note => Severity::Note,
            },
            today: today(global.date.as_deref())?,
            report: global.report,
            all: global.all,
            quiet: global.quiet,
            locked: global.locked,
            no_wait: global.no_wait,
            started: now(),
            directory: global.directory.clone(),
            colour_errors,
            shelf: Shelf { installed, ..Shelf::default() },
            interactive,
            asks: interactive && std::io::stdin().is_terminal(),
        })
    }

    /// A run of the workspace's own documents and formats on all cores.
    pub(crate) fn request(&self) -> Request {
        Request {
            jobs: cores(),
            today: self.today.clone(),
            shelf: self.shelf.clone(),
            wishes: Wishes { locked: self.locked, ..Wishes::default() },
            no_wait: self.no_wait,
            waiting: Some(waiting),
            started: self.started.clone(),
            ..Request::default()
        }
    }

    /// A session on all cores.
    pub(crate) fn session(&self) -> Session {
        self.request().session()
    }

    /// Takes hold of a folder for a command.
    pub(crate) fn hold(&self, command: &str, folder: &Path, sink: &mut Sink) -> Option<Held> {
        let wait: &dyn Fn(&Path, Option<&Holder>) = &waiting;
        let manner = Manner { command, since: &self.started, waiting: (!self.no_wait).then_some(wait) };
        Held::take(folder, manner).map_err(|problem| sink.push(problem)).ok()
    }

    /// Finishes what a command that was killed had begun in the folder of installed packs; what stands in the way is said
    /// by the command that installs again.
    pub(crate) fn mend_packs(&self) {
        if let Some(folder) = &self.shelf.installed {
            drop(self.reading(folder, &mut Sink::new()));
        }
    }

    /// Waits until nobody changes a workspace that is to be read.
    pub(crate) fn reading(&self, folder: &Path, sink: &mut Sink) -> Option<Reading> {
        let wait: &dyn Fn(&Path, Option<&Holder>) = &waiting;
        let manner = Manner { command: "", since: &self.started, waiting: (!self.no_wait).then_some(wait) };
        Reading::take(folder, manner).map_err(|problem| sink.push(problem)).ok()
    }

    /// Does a commit of a command in a folder, or says why not.
    pub(crate) fn apply(&self, command: &str, folder: &Path, commit: &Commit, sink: &mut Sink) -> Option<()> {
        if commit.is_empty() {
            return Some(());
        }
        if let Some(dry) = &self.dry {
            dry.commit(folder, commit);
            return Some(());
        }
        self.hold(command, folder, sink)?.apply(commit).map_err(|problem| sink.push(problem)).ok()
    }

    /// The same in a folder that must be free still: one to be made.
    pub(crate) fn fill(&self, command: &str, folder: &Path, commit: &Commit, sink: &mut Sink) -> Option<()> {
        if let Some(dry) = &self.dry {
            dry.commit(folder, commit);
            return Some(());
        }
        let mut held = self.hold(command, folder, sink)?;
        if !is_free(folder) {
            sink.push(not_empty(folder));
            return None;
        }
        held.apply(commit).map_err(|problem| sink.push(problem)).ok()
    }

    /// Writes one file by itself; `is_private` as for [`commit::write_file`].
    pub(crate) fn write(&self, path: &Path, bytes: &[u8], is_private: bool) -> Result<(), Diagnostic> {
        match &self.dry {
            Some(dry) => {
                dry.file(path, bytes);
                Ok(())
            }
            None => commit::write_file(path, bytes, is_private),
        }
    }

    /// The day after today by the clock, where the day that commands go by is later still: nobody did anything on it. One
    /// day is nothing: elsewhere on earth it is tomorrow already.
    pub(crate) fn is_ahead(&self) -> bool {
        let clock = self.started.get(..10).and_then(|day| day.parse::<Date>().ok());
        let tomorrow = clock.and_then(|day| day.tomorrow().ok());
        let today = self.today.parse::<Date>().ok();
        tomorrow.zip(today).is_some_and(|(tomorrow, today)| today > tomorrow)
    }

    /// A path as if the program had been started in the folder of `-C`.
    pub(crate) fn path(&self, path: &Path) -> PathBuf {
        self.directory.as_ref().map_or_else(|| path.to_owned(), |directory| directory.join(path))
    }
}

/// A folder that is to be made and holds something.
pub(crate) fn not_empty(folder: &Path) -> Diagnostic {
    let message = format!("`{}` holds something already", folder.display());
    Diagnostic::fault(&codes::NOT_EMPTY, message).help("name a new folder")
}

/// Says that this command waits for another, as cargo does.
fn waiting(folder: &Path, holder: Option<&Holder>) {
    let by = holder.map_or_else(|| "another command".to_owned(), Holder::to_string);
    super::print_error(&format!("waiting for {by}, which is at work in `{}`\n", folder.display()));
}

/// The time, to the second, UTC.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock and the environment")]
fn now() -> String {
    let now = Timestamp::try_from(std::time::SystemTime::now()).ok();
    now.map(|now| now.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S UTC").to_string()).unwrap_or_default()
}

/// The folder of installed packs: `--packs`, else `FOLIO_PACKS`, else the user's data folder
/// (<https://specifications.freedesktop.org/basedir-spec/latest/>).
fn installed_packs(given: Option<PathBuf>) -> Option<PathBuf> {
    let variable = |name: &str| variable(name).map(PathBuf::from);
    given.or_else(|| variable("FOLIO_PACKS")).or_else(|| {
        let data = variable("XDG_DATA_HOME")
            .or_else(|| Some(variable("HOME")?.join(".local/share")))
            .or_else(|| variable("APPDATA"))?;
        Some(data.join("folio/packs"))
    })
}

/// A variable of the environment that is set to something.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock and the environment")]
fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// `--date`, else `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org/specs/source-date-epoch/>), else the clock.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock and the environment")]
fn today(date: Option<&str>) -> Result<String, String> {
    if let Some(text) = date {
        let date: Date = text.parse().map_err(|_| format!("`--date {text}` is not a date YYYY-MM-DD"))?;
        return Ok(date.to_string());
    }
    let timestamp = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            let seconds =
                text.parse().map_err(|_| format!("SOURCE_DATE_EPOCH is `{text}`, not a number of seconds"))?;
            Timestamp::from_second(seconds)
                .map_err(|_| format!("SOURCE_DATE_EPOCH is `{text}`, which lies too far away"))?
        }
        Err(_) => Timestamp::try_from(std::time::SystemTime::now())
            .map_err(|_| "the clock shows a day that is too far away: set it, or give `--date`")?,
    };
    Ok(timestamp.to_zoned(TimeZone::UTC).date().to_string())
}

/// How many processors there are.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
