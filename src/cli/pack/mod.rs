//! `folio pack`: the commands about template packs, a file each.

mod diff;
mod list;
mod schema;
mod show;
mod upgrade;

use std::path::Path;

use super::Done;
use super::args::Pack as Command;
use super::commands::{broken, done};
use super::settings::Settings;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::pack::Pack;
use crate::pack::source::{self, Bases as _, Wanted};

pub(super) fn run(command: Command, settings: &Settings) -> Done {
    match command {
        Command::List => list::list(settings),
        Command::Show(options) => show::show(&options, settings),
        Command::Schema(options) => schema::schema(&options),
        Command::Diff(options) => diff::diff(&options, settings),
        Command::Upgrade(options) => upgrade::upgrade(&options, settings),
    }
}

/// A pack by id and range, in a folder, or in an archive.
pub(super) fn named(name: &str, settings: &Settings, sink: &mut Sink) -> Option<Pack> {
    let folder = settings.path(Path::new(name));
    if folder.join("pack.yaml").is_file() {
        return Pack::load(source::folder(&folder), &settings.shelf.beside(&folder), sink);
    }
    if folder.extension().is_some_and(|ending| ending == "zip") && folder.is_file() {
        let files = source::archive(&folder, sink)?;
        return Pack::load(files, &settings.shelf.beside(&folder), sink);
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
