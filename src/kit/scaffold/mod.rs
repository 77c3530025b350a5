//! A new pack: one that stands by itself, or a house pack on top of another.
//!
//! What is laid down are the files beside this one: packs that can be read, rendered and tested as they are, with names
//! that are replaced. What their fixtures are expected to give is made by the pack itself.

use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, DirEntry, include_dir};

use super::{fixture, test};
use crate::diagnostic::Sink;
use crate::files::Memory;
use crate::pack::source::Bases;
use crate::pack::{Pack, starter};

static PACK: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/kit/scaffold/pack");
static HOUSE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/kit/scaffold/house");

/// How a new pack is called.
#[derive(Debug, Clone)]
pub struct Names {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The standard and edition, as printed.
    pub standard: String,
}

/// Files to lay down, relative to the pack's folder.
pub type Laid = Vec<(String, Vec<u8>)>;

/// The files of a pack that stands by itself. Faults say which name cannot be one.
pub fn pack(names: &Names, bases: &dyn Bases, jobs: usize, sink: &mut Sink) -> Option<Laid> {
    whole(text_files(&PACK, names, &[]), names, bases, jobs, sink)
}

/// The files of a pack that extends another, as `extends` names it.
pub fn house(
    names: &Names,
    extends: &str,
    base: &Arc<Pack>,
    bases: &dyn Bases,
    jobs: usize,
    sink: &mut Sink,
) -> Option<Laid> {
    let replace =
        [("\"base-pack@*\"", quoted(extends)), ("language: en-GB", format!("language: {}", base.manifest.language))];
    let mut files = text_files(&HOUSE, names, &replace);
    if fixture::all(base).is_empty() {
        files.extend(first_fixture(base));
    }
    whole(files, names, bases, jobs, sink)
}

/// The base's starter as a fixture, for a base that has none.
fn first_fixture(base: &Pack) -> Laid {
    let starter = starter::files(base, None);
    let paths = starter.list("").unwrap_or_default();
    let copied = paths.iter().filter(|path| *path == "profile.yaml" || path.starts_with("registers/"));
    let mut files: Laid =
        copied.filter_map(|path| Some((format!("fixtures/starter/{path}"), starter.read(path).ok()?))).collect();
    if !files.is_empty() {
        let settings = "format: 1\nid: starter\nas_of: 2026-01-31\n";
        files.push(("fixtures/starter/folio.yaml".to_owned(), settings.into()));
    }
    files
}

/// The files of a folder with the names put in. In YAML a name stands in quotes, so that it may hold anything.
fn text_files(folder: &Dir<'_>, names: &Names, replace: &[(&str, String)]) -> Laid {
    let mut files: Vec<(String, String)> = Vec::new();
    collect(folder, folder.path(), &mut files);
    for (path, text) in &mut files {
        if path.ends_with(".yaml") {
            *text = text
                .replace("my-pack", &names.id)
                .replace("\"My pack\"", &quoted(&names.title))
                .replace("\"My standard\"", &quoted(&names.standard));
        }
        for (from, to) in replace {
            *text = text.replace(from, to);
        }
    }
    files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

fn collect(folder: &Dir<'_>, root: &Path, files: &mut Vec<(String, String)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(inner, root, files),
            DirEntry::File(file) => {
                let path = file.path().strip_prefix(root).unwrap_or(file.path());
                let text = file.contents_utf8().unwrap_or_default().to_owned();
                files.push((path.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
}

/// A text in quotes, as YAML and JSON have it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The files, with what the pack that they make gives for its fixtures.
fn whole(files: Laid, names: &Names, bases: &dyn Bases, jobs: usize, sink: &mut Sink) -> Option<Laid> {
    let mut memory = Memory::new(format!("{}/", names.id));
    files.iter().for_each(|(path, text)| memory.insert(path.clone(), text.clone()));
    let pack = Arc::new(Pack::load(Arc::new(memory), bases, sink)?);
    let expected = test::dumps(&pack, jobs, sink);
    let expected = expected.into_iter().map(|(path, text)| (path, text.into_bytes()));
    (!sink.has_faults()).then(|| files.into_iter().chain(expected).collect())
}
