//! What another pack makes of a workspace, and moving a workspace's pin to it.

use std::path::Path;
use std::sync::Arc;

use crate::control::lock::{self, Lock};
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::differ::{self, Hunk};
use crate::edit::{self, Change};
use crate::files::{Disk, Files};
use crate::model::Document;
use crate::model::dump::dump;
use crate::output::Batch;
use crate::pack::Pack;
use crate::render::{self, Request};
use crate::workspace::{self, SETTINGS, Workspace};

/// What another pack makes of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The document's id.
    pub id: String,
    /// Its title, the new one when it has one.
    pub title: String,
    /// What happens to it.
    pub what: Happens,
}

/// What happens to a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Happens {
    /// It is made as it was.
    Same,
    /// It says something else: where its model differs.
    Changed(Vec<Hunk>),
    /// It is made now.
    Added,
    /// It is no longer made.
    Removed,
}

/// What a new pack makes of each document of a workspace, in the order of the new set, then those that have gone.
/// Faults of the workspace with either pack are in the sink.
pub fn effects(
    root: &Path,
    old: &Arc<Pack>,
    new: &Arc<Pack>,
    request: &Request,
    sink: &mut Sink,
) -> Option<Vec<Effect>> {
    let before = models(root, old, request, sink)?;
    let after = models(root, new, request, sink)?;
    let find = |set: &[Document], id: &str| {
        set.iter().find(|document| document.control.id == id).map(|document| dump(document, &old.strings))
    };
    let mut effects: Vec<Effect> = after
        .iter()
        .map(|document| {
            let what = match find(&before, &document.control.id) {
                None => Happens::Added,
                Some(dumped) => match differ::diff(&dumped, &dump(document, &new.strings)) {
                    same if same.is_empty() => Happens::Same,
                    changed => Happens::Changed(changed),
                },
            };
            Effect { id: document.control.id.clone(), title: document.control.title.text.clone(), what }
        })
        .collect();
    for document in &before {
        if after.iter().all(|kept| kept.control.id != document.control.id) {
            let (id, title) = (document.control.id.clone(), document.control.title.text.clone());
            effects.push(Effect { id, title, what: Happens::Removed });
        }
    }
    Some(effects)
}

fn models(root: &Path, pack: &Arc<Pack>, request: &Request, sink: &mut Sink) -> Option<Vec<Document>> {
    let files: Arc<dyn Files> = Arc::new(Disk::new(root, ""));
    let workspace = Workspace::open_with(root, files, pack.clone(), sink)?;
    let mut own = Sink::new();
    let documents = render::documents_of(&workspace, request, &mut own);
    decode::show_lines(&workspace.trees(), &mut own);
    sink.extend(own.into_vec().into_iter().filter(Diagnostic::is_fault));
    documents
}

/// Moves the pin of a workspace to another pack, together with its archives; `range` takes the place of the range in
/// `folio.yaml` when that would not take the new version.
///
/// # Errors
/// When something cannot be read or written; then nothing has changed.
pub fn move_pin(root: &Path, pack: &Pack, range: Option<&str>, sink: &mut Sink) -> Option<()> {
    let files = Disk::new(root, "");
    let old = match files.read(lock::FILE) {
        Ok(bytes) => Lock::read(&bytes, sink)?,
        Err(_) => Lock::default(),
    };
    let pin = workspace::pin(pack, sink)?;
    let mut files_to_write = pin.keep;
    if let Some(range) = range {
        let wanted = format!("{}@{range}", pack.manifest.id);
        files_to_write.push((SETTINGS.to_owned(), naming(&files, &wanted, sink)?.into_bytes()));
    }
    let lock = Lock { packs: pin.locked, set: None, ..old };
    files_to_write.push((lock::FILE.to_owned(), lock.to_bytes()));
    let mut batch = Batch::default();
    for (path, bytes) in &files_to_write {
        batch.prepare(&root.join(path), bytes).map_err(|problem| sink.push(problem)).ok()?;
    }
    batch.commit().map_err(|problem| sink.push(problem)).ok()
}

/// `folio.yaml`, naming another pack; its comments stay.
fn naming(files: &Disk, wanted: &str, sink: &mut Sink) -> Option<String> {
    let text = decode::text(files, SETTINGS, sink)?;
    let old = decode::parse(SETTINGS, &text, sink)?.to_json();
    edit::yaml::apply(&text, &old, &Change::at("pack", Change::Become(wanted.into())))
        .map_err(|stuck| {
            let message = format!("`{SETTINGS}` cannot be changed: {}", stuck.problem);
            sink.push(Diagnostic::fault(&codes::MIGRATION_EDIT, message));
        })
        .ok()
}

/// The workspace and the pack that it is pinned to.
pub fn pinned(root: &Path, request: &Request, sink: &mut Sink) -> Option<Workspace> {
    let workspace = Workspace::open(root, &request.shelf, sink)?;
    if workspace.pin.is_none() {
        let message =
            "this workspace names its pack by folder: it is made with what stands there, and has no pin to move";
        sink.push(Diagnostic::fault(&codes::PACK_VERSION, message));
        return None;
    }
    Some(workspace)
}
