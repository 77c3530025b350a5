//! `folio pack`: the commands about template packs, a file each.

mod check;
mod diff;
mod list;
mod new;
mod schema;
mod show;
mod test;
mod upgrade;

use std::path::Path;
use std::sync::Arc;

use super::Done;
use super::args::Pack as Command;
use super::commands::{broken, done};
use super::settings::Settings;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::Files;
use crate::pack::source::{self, Bases as _, Shelf, Wanted};
use crate::pack::{MANIFEST, Pack};

pub(super) fn run(command: Command, settings: &Settings) -> Done {
    match command {
        Command::Check(options) => check::check(&options, settings),
        Command::Diff(options) => diff::diff(&options, settings),
        Command::List => list::list(settings),
        Command::New(options) => new::new(&options, settings),
        Command::Schema(options) => schema::schema(&options),
        Command::Show(options) => show::show(&options, settings),
        Command::Test(options) => test::test(&options, settings),
        Command::Upgrade(options) => upgrade::upgrade(&options, settings),
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
    match name.parse::<Wanted>() {
        Ok(wanted) => {
            let files = settings.shelf.find(&wanted).map_err(|problem| sink.push(problem)).ok()?;
            Some((files, settings.shelf.clone()))
        }
        Err(problem) => {
            sink.push(Diagnostic::fault(&codes::USAGE, problem));
            None
        }
    }
}
