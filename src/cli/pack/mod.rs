//! `folio pack`: the commands about template packs, a file each.

mod build;
mod check;
mod diff;
mod install;
pub(super) mod key;
mod list;
mod mistakes;
mod new;
mod preview;
mod schema;
mod show;
mod sign;
mod test;
pub(super) mod trust;
mod upgrade;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::Pack as Command;
use super::done::{Done, broken, done};
use super::settings::Settings;
use crate::decode;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::{Disk, Files};
use crate::pack::source::{self, Bases as _, Shelf, Wanted};
use crate::pack::{MANIFEST, Pack};

pub(super) fn run(command: Command, settings: &Settings) -> Done {
    match command {
        Command::Check(options) => check::check(&options, settings),
        Command::Diff(options) => diff::diff(&options, settings),
        Command::List => list::list(settings),
        Command::New(options) => new::new(&options, settings),
        Command::Preview(options) => preview::preview(&options, settings),
        Command::Schema(options) => schema::schema(&options),
        Command::Show(options) => show::show(&options, settings),
        Command::Test(options) => test::test(&options, settings),
        Command::Upgrade(options) => upgrade::upgrade(&options, settings),
        Command::Build(options) => build::build(&options, settings),
        Command::Sign(options) => sign::sign(&options, settings),
        Command::Verify(options) => sign::verify(&options, settings),
        Command::Install(options) => install::install(&options, settings),
        Command::Key(options) => key::key(&options, settings),
        Command::Trust(options) => trust::trust(&options, settings),
    }
}

/// A pack by id and range, in a folder, or in an archive.
pub(super) fn named(name: &str, settings: &Settings, sink: &mut Sink) -> Option<Pack> {
    let (files, shelf) = find(name, settings, sink)?;
    Pack::load(files, &shelf, sink)
}

/// The files of such a pack, and where the packs that it extends are looked for.
fn find(name: &str, settings: &Settings, sink: &mut Sink) -> Option<(Arc<dyn Files>, Shelf)> {
    let folder = settings.path(Path::new(name));
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    if folder.join(MANIFEST).is_file() {
        return Some((source::folder(&folder), settings.shelf.beside(&folder)));
    }
    if folder.extension().is_some_and(|ending| ending == "zip") && folder.is_file() {
        return Some((source::archive(&folder, sink)?, settings.shelf.beside(&folder)));
    }
    find_on(name, settings.shelf.clone(), sink)
}

/// The same, where a pack by id may also lie beside a folder, as the base of the pack in it may.
fn find_beside(name: &str, folder: &Path, settings: &Settings, sink: &mut Sink) -> Option<(Arc<dyn Files>, Shelf)> {
    let is_path = settings.path(Path::new(name)).exists();
    match folder.join(MANIFEST).is_file() && !is_path {
        true => find_on(name, settings.shelf.beside(folder), sink),
        false => find(name, settings, sink),
    }
}

fn find_on(name: &str, shelf: Shelf, sink: &mut Sink) -> Option<(Arc<dyn Files>, Shelf)> {
    match name.parse::<Wanted>() {
        Ok(wanted) => {
            let files = shelf.find(&wanted).map_err(|problem| sink.push(problem)).ok()?;
            Some((files, shelf))
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
pub(super) fn text(path: &Path, sink: &mut Sink) -> Option<String> {
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

/// Writes one file, or says why not.
fn write(path: &Path, bytes: &[u8], settings: &Settings, sink: &mut Sink) -> Option<()> {
    settings.write(path, bytes, false).map_err(|problem| sink.push(problem)).ok()
}
