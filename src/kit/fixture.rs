//! The fixtures of a pack, and what the pack gives for each.

use std::path::PathBuf;
use std::sync::Arc;

use crate::decode;
use crate::diagnostic::{Sink, Span};
use crate::files::{Files, Under};
use crate::pack::Pack;
use crate::render::{self, Rehearsal, Request};
use crate::workspace::Workspace;

/// The folder of fixtures in a pack.
pub const FOLDER: &str = "fixtures";

/// A workspace in a pack.
pub struct Fixture {
    /// The name of its folder.
    pub name: String,
    pack: Arc<Pack>,
}

/// What a pack gives for a fixture.
pub struct Given {
    /// The fixture, opened.
    pub workspace: Workspace,
    /// Its set.
    pub set: Rehearsal,
}

/// The fixtures of a pack and of those that it extends, by name.
pub fn all(pack: &Arc<Pack>) -> Vec<Fixture> {
    let paths = pack.files().list(FOLDER).unwrap_or_default();
    let mut names: Vec<&str> =
        paths.iter().filter_map(|path| path.split('/').nth(1).filter(|_| path.matches('/').count() > 1)).collect();
    names.dedup();
    names.into_iter().map(|name| Fixture { name: name.to_owned(), pack: pack.clone() }).collect()
}

impl Fixture {
    fn folder(&self) -> String {
        format!("{FOLDER}/{}", self.name)
    }

    /// What the pack gives; faults are located in the fixture or the pack.
    pub fn rehearse(&self, jobs: usize, sink: &mut Sink) -> Option<Given> {
        let mut own = Sink::new();
        let files: Arc<dyn Files> = Arc::new(Under::new(self.pack.files().clone(), self.folder()));
        let root = PathBuf::from(files.name("").trim_end_matches('/'));
        let given = Workspace::open_with(&root, files, self.pack.clone(), &mut own).and_then(|workspace| {
            let request = Request { jobs, today: workspace.settings.as_of.clone(), ..Request::default() };
            let set = render::rehearse(&workspace, &request, &mut own)?;
            Some(Given { workspace, set })
        });
        decode::show_lines(&self.pack.trees(), &mut own);
        sink.merge(own);
        given
    }

    /// The path in the pack of the dump that a document is to give.
    pub fn expected_path(&self, document: &str) -> String {
        format!("{}/expected/{document}.txt", self.folder())
    }

    /// The dump that a document is to give; `None` when there is none.
    pub fn expected(&self, document: &str) -> Option<String> {
        let path = self.expected_path(document);
        self.pack.files().layer_of(&path)?;
        decode::text(&**self.pack.files(), &path, &mut Sink::new())
    }

    /// The documents of which the outermost pack itself has a dump.
    pub fn own_expected(&self) -> Vec<String> {
        let paths = self.pack.files().list(&format!("{}/expected", self.folder())).unwrap_or_default();
        let own = paths.iter().filter(|path| self.pack.files().layer_of(path) == Some(0));
        own.filter_map(|path| Some(path.rsplit('/').next()?.strip_suffix(".txt")?.to_owned())).collect()
    }

    /// Where the dump of a document stands, or is to stand, as the user knows it.
    pub fn place(&self, document: &str) -> Span {
        Span::file(self.pack.files().name(&self.expected_path(document)))
    }
}
