//! `folio pack new`: a pack to begin with.

use std::sync::Arc;

use super::{Done, Settings};
use crate::cli::args::PackNew;
use crate::cli::done::broken;
use crate::cli::settings::{cores, not_empty};
use crate::commit::{self, Commit};
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::kit::scaffold::{self, Laid, Names};
use crate::pack::Pack;
use crate::pack::source::{Bases as _, Shelf, Wanted};

pub(super) fn new(options: &PackNew, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let dir = settings.path(&options.dir);
    if !commit::is_free(&dir) {
        sink.push(not_empty(&options.dir));
        return broken(sink);
    }
    let shelf = settings.shelf.beside(&dir);
    let Some(files) = files(options, &shelf, &mut sink) else { return broken(sink) };
    let mut commit = Commit::new();
    files.into_iter().for_each(|(path, bytes)| commit.write(path, bytes));
    if settings.fill("pack new", &dir, &commit, &mut sink).is_none() {
        return broken(sink);
    }
    let shown = options.dir.display();
    let text = format!(
        "{shown} is a pack. `folio pack check {shown}` says what is wrong with it, `folio pack test {shown}` whether its documents are as expected.\nBegin with {shown}/pack.yaml; choose a licence before you give it on. A workspace uses it with `pack: {{path: …}}`.\n"
    );
    Done { text, diagnostics: sink.into_vec(), ..Done::default() }
}

fn files(options: &PackNew, shelf: &Shelf, sink: &mut Sink) -> Option<Laid> {
    let id = options.id.clone().unwrap_or_else(|| id_of(&options.dir));
    let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || id.starts_with('-') || !id.chars().all(is_id) {
        let message = format!("`{id}` cannot be the id of a pack");
        sink.push(Diagnostic::fault(&codes::USAGE, message).help("an id has small letters, digits and hyphens"));
        return None;
    }
    let Some(extends) = &options.extends else {
        let title = options.title.clone().unwrap_or_else(|| id.clone());
        let standard = options.standard.clone().unwrap_or_else(|| title.clone());
        return scaffold::pack(&Names { id, title, standard }, shelf, cores(), sink);
    };
    let wanted: Wanted =
        extends.parse().map_err(|problem: String| sink.push(Diagnostic::fault(&codes::USAGE, problem))).ok()?;
    let files = shelf.find(&wanted).map_err(|problem| sink.push(problem)).ok()?;
    let base = Arc::new(Pack::load(files, shelf, sink)?);
    if base.manifest.is_base {
        let message = format!("`{}` has no set of its own for a house pack to build on", base.manifest.id);
        sink.push(Diagnostic::fault(&codes::USAGE, message).help("extend a pack that extends it"));
        return None;
    }
    let title = options.title.clone().unwrap_or_else(|| base.manifest.title.clone());
    let standard = options.standard.clone().unwrap_or_else(|| base.manifest.standard.clone());
    let range = if extends.contains('@') { String::new() } else { format!("@^{}", base.manifest.version) };
    scaffold::house(&Names { id, title, standard }, &format!("{extends}{range}"), &base, shelf, cores(), sink)
}

/// The name of a folder as an id.
fn id_of(dir: &std::path::Path) -> String {
    let name = dir.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let id: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let id = id.trim_matches('-');
    if id.is_empty() { "my-pack".to_owned() } else { id.to_owned() }
}
