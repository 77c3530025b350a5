//! Arguments, validated: what commands go by.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::args::{Color, Global, Level, Report};
use crate::diagnostic::Severity;
use crate::pack::source::Shelf;
use crate::pack::trust;
use crate::render::Request;

/// What commands go by.
pub(crate) struct Settings {
    pub(crate) fail_on: Severity,
    /// Today, ISO 8601.
    pub(crate) today: String,
    pub(crate) report: Report,
    pub(crate) quiet: bool,
    pub(crate) locked: bool,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) colour_errors: bool,
    /// Whether to show progress and ask questions.
    pub(crate) interactive: bool,
    /// The packs that can be had by name.
    pub(crate) shelf: Shelf,
    /// The trust file: FOLIO_TRUST, else beside the folder of installed packs.
    pub(crate) trust: Option<PathBuf>,
    /// The password of a secret key, when FOLIO_KEY_PASSWORD gives it.
    pub(crate) key_password: Option<String>,
}

impl Settings {
    pub(crate) fn new(global: &Global) -> Result<Settings, String> {
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
        Ok(Settings {
            trust: variable("FOLIO_TRUST").map(PathBuf::from).or(beside),
            key_password: variable("FOLIO_KEY_PASSWORD").and_then(|password| password.into_string().ok()),
            fail_on: match global.fail_on {
                Level::Error => Severity::Error,
                Level::Warning => Severity::Warning,
                Level::Note => Severity::Note,
            },
            today: today(global.date.as_deref())?,
            report: global.report,
            quiet: global.quiet,
            locked: global.locked,
            directory: global.directory.clone(),
            colour_errors,
            shelf: Shelf { folders: Vec::new(), installed },
            interactive: global.report == Report::Text && !global.quiet && std::io::stderr().is_terminal(),
        })
    }

    /// A run that writes nothing.
    pub(crate) fn dry_run(&self) -> Request {
        Request {
            dry_run: true,
            jobs: cores(),
            today: self.today.clone(),
            shelf: self.shelf.clone(),
            ..Request::default()
        }
    }

    /// A path as if the program had been started in the folder of `-C`.
    pub(crate) fn path(&self, path: &std::path::Path) -> PathBuf {
        self.directory.as_ref().map_or_else(|| path.to_owned(), |directory| directory.join(path))
    }
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
            Timestamp::from_second(seconds).map_err(|error| format!("SOURCE_DATE_EPOCH: {error}"))?
        }
        Err(_) => Timestamp::try_from(std::time::SystemTime::now()).map_err(|error| error.to_string())?,
    };
    Ok(timestamp.to_zoned(TimeZone::UTC).date().to_string())
}

/// How many processors there are.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
