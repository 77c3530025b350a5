//! The fixtures of a pack, and what the pack gives for each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ecow::EcoString;

use crate::decode;
use crate::diagnostic::codes::document::SAME_NUMBER;
use crate::diagnostic::{Sink, Span};
use crate::expand::Arm;
use crate::files::{FileError, Files, Under};
use crate::model::Document;
use crate::pack::Pack;
use crate::pack::source::Shelf;
use crate::plan::Plan;
use crate::session::{Composed, Session};
use crate::workspace::Workspace;

/// The folder of fixtures in a pack.
pub const FOLDER: &str = "fixtures";

/// A workspace in a pack.
pub struct Fixture {
    /// The name of its folder.
    pub name: String,
    pack: Arc<Pack>,
}

/// What a pack gives for a fixture, or for a workspace beside it: a set that is not laid out.
pub struct Given {
    /// The workspace.
    pub workspace: Workspace,
    /// What was to be made.
    pub plan: Plan,
    /// The documents, in the order of the plan; `None` when there was a fault.
    pub documents: Option<Vec<Document>>,
    /// The ways that the templates went.
    pub arms: BTreeSet<Arm>,
    /// Where a value stands with a capital that it has not itself, and its path.
    pub capped: BTreeSet<(Span, EcoString)>,
    /// The files of the workspace that were read for it.
    pub read: BTreeSet<String>,
}

impl Given {
    /// Makes the set of a workspace that lies in a tree of files as a pack would have it, on the day of its facts. What
    /// the pack's checks find in its profile is left out.
    pub fn of(root: &Path, files: Arc<dyn Files>, pack: &Arc<Pack>, jobs: usize, sink: &mut Sink) -> Option<Given> {
        let session = Session::new(Shelf::default(), jobs, "");
        let noted = Arc::new(Noted { files, read: Mutex::default() });
        let workspace = session.workspace_with(root, noted.clone(), pack.clone(), sink)?;
        let session = Session { today: workspace.settings.as_of.clone(), ..session };
        let plan = session.plan(&workspace, sink);
        let Composed { documents, arms, capped } = session.documents(&workspace, &plan, sink);
        let documents = documents.filter(|_| !sink.has_faults());
        let read = noted.read.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Some(Given { workspace, plan, documents, arms, capped, read })
    }
}

/// A tree of files that notes which of them are read.
struct Noted {
    files: Arc<dyn Files>,
    read: Mutex<BTreeSet<String>>,
}

impl Files for Noted {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
        self.files.read(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        self.files.list(folder)
    }

    fn digest(&self, path: &str) -> Result<String, FileError> {
        self.files.digest(path)
    }

    fn folders(&self, folder: &str) -> Result<Vec<String>, FileError> {
        self.files.folders(folder)
    }

    fn name(&self, path: &str) -> String {
        self.files.name(path)
    }
}

/// The fixtures of a pack and of those that it extends, by name. A pack in another language than its bases that has some of
/// its own is tried on those alone.
pub fn all(pack: &Arc<Pack>) -> Vec<Fixture> {
    names(pack).into_iter().map(|name| Fixture { name, pack: pack.clone() }).collect()
}

/// Their names.
pub fn names(pack: &Pack) -> Vec<String> {
    let mut paths = pack.files().list(FOLDER).unwrap_or_default();
    let is_own = |path: &String| pack.files().layer_of(path).is_some_and(|layer| !pack.is_foreign(layer));
    if paths.iter().any(is_own) {
        paths.retain(is_own);
    }
    let mut names: Vec<&str> =
        paths.iter().filter_map(|path| path.split('/').nth(1).filter(|_| path.matches('/').count() > 1)).collect();
    names.dedup();
    names.into_iter().map(str::to_owned).collect()
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
        let given = Given::of(&root, files, &self.pack, jobs, &mut own);
        // Two documents of one number are told of the pack itself.
        let told = own.into_vec();
        let mut own = Sink::new();
        own.extend(told.into_iter().filter(|found| found.code != SAME_NUMBER));
        decode::show_lines(&self.pack.trees(), &mut own);
        // What is found in a template is found with this profile; of a place in the fixture the place says so.
        let inside = self.pack.files().name(&self.folder());
        for found in own.iter_mut() {
            let is_inside = found.span.as_ref().is_some_and(|span| span.file.contains(&*self.folder()));
            if !is_inside && found.workspace.is_none() {
                found.workspace = Some(inside.as_str().into());
            }
        }
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

    /// The digest of the file with that dump; empty when there is none.
    pub fn expected_digest(&self, document: &str) -> String {
        self.pack.files().digest(&self.expected_path(document)).unwrap_or_default()
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
