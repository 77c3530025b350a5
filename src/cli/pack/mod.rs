//! `folio pack`: the commands about template packs, a file each.

mod build;
mod install;
mod key;
mod list;
mod show;
mod sign;
mod trust;

use std::path::{Path, PathBuf};

use super::Done;
use super::args::Pack as Command;
use super::commands::{broken, done};
use super::settings::Settings;
use crate::decode;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::Disk;
use crate::output::Batch;
use crate::pack::Pack;
use crate::pack::source::{self, Bases as _, Wanted};

pub(super) fn run(command: Command, settings: &Settings) -> Done {
    match command {
        Command::List => list::list(settings),
        Command::Show(options) => show::show(&options, settings),
        Command::Build(options) => build::build(&options, settings),
        Command::Sign(options) => sign::sign(&options, settings),
        Command::Verify(options) => sign::verify(&options, settings),
        Command::Install(options) => install::install(&options, settings),
        Command::Key(options) => key::key(&options, settings),
        Command::Trust(options) => trust::trust(&options, settings),
    }
}

/// An embedded pack by id and range, or one in a folder.
pub(super) fn named(name: &str, settings: &Settings, sink: &mut Sink) -> Option<Pack> {
    let folder = settings.path(Path::new(name));
    if folder.join("pack.yaml").is_file() {
        return Pack::load(source::folder(&folder), &settings.shelf.beside(&folder), sink);
    }
    match name.parse::<Wanted>() {
        Ok(wanted) => {
            let files = settings.shelf.find(&wanted).map_err(|problem| sink.push(problem)).ok()?;
            Pack::load(files, &settings.shelf, sink)
        }
        Err(problem) => {
            sink.push(Diagnostic::fault(&codes::USAGE, problem));
            None
        }
    }
}

/// A file that the user names; what is wrong with it is a fault.
fn file(path: &Path, sink: &mut Sink) -> Option<Vec<u8>> {
    let unreadable = |error: crate::files::FileError| Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string());
    Disk::file(path).map_err(|error| sink.push(unreadable(error))).ok()
}

/// A text file that the user names.
fn text(path: &Path, sink: &mut Sink) -> Option<String> {
    let bytes = file(path, sink)?;
    decode::utf8(&path.display().to_string(), bytes, sink)
}

/// The same path with something at its end.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A file's name, for messages.
fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Writes files together, or says why not.
fn write(files: impl IntoIterator<Item = (PathBuf, Vec<u8>)>, obsolete: Vec<PathBuf>, sink: &mut Sink) -> Option<()> {
    let mut batch = Batch::default();
    let prepared = files.into_iter().try_for_each(|(path, bytes)| batch.prepare(&path, &bytes));
    obsolete.into_iter().for_each(|path| batch.remove(path));
    prepared.and_then(|()| batch.commit()).map_err(|problem| sink.push(problem)).ok()
}
