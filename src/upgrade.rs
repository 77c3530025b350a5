//! What another pack makes of a workspace, and moving a workspace's pin to it.

use std::path::Path;
use std::sync::Arc;

use crate::commit::Commit;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::differ::{self, Hunk};
use crate::dump::dump;
use crate::edit::{self, Change};
use crate::files::{Disk, Files};
use crate::lock::{self, Lock};
use crate::model::Document;
use crate::pack::Pack;
use crate::session::Session;
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
    session: &Session,
    root: &Path,
    old: &Arc<Pack>,
    new: &Arc<Pack>,
    sink: &mut Sink,
) -> Option<Vec<Effect>> {
    let before = models(session, root, old, sink)?;
    let after = models(session, root, new, sink)?;
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

fn models(session: &Session, root: &Path, pack: &Arc<Pack>, sink: &mut Sink) -> Option<Vec<Document>> {
    let files: Arc<dyn Files> = Arc::new(Disk::new(root, ""));
    let workspace = session.workspace_with(root, files, pack.clone(), sink)?;
    let mut own = Sink::new();
    let plan = session.plan(&workspace, &mut own);
    let documents = session.documents(&workspace, &plan, &mut own).documents;
    let has_faults = own.has_faults();
    sink.extend(own.into_vec().into_iter().filter(Diagnostic::is_fault));
    documents.filter(|_| !has_faults)
}

/// Moves the pin of a workspace to another pack, together with its archives; `range` takes the place of the range in
/// `folio.yaml` when that would not take the new version.
pub fn move_pin(workspace: &Workspace, pack: &Pack, range: Option<&str>, sink: &mut Sink) -> Option<Commit> {
    let mut commit = Commit::new();
    let pin = workspace::pin(pack, sink)?;
    for (path, bytes) in pin.keep {
        commit.write(path, bytes);
    }
    if let Some(range) = range {
        let wanted = format!("{}@{range}", pack.manifest.id);
        let seen = workspace.files.digest(SETTINGS).ok();
        commit.write_over(SETTINGS, naming(&*workspace.files, &wanted, sink)?.into_bytes(), seen);
    }
    let lock = Lock { packs: pin.locked, set: None, ..workspace.lock.clone() };
    commit.write(lock::FILE, lock.to_bytes());
    Some(commit)
}

/// `folio.yaml`, naming another pack; its comments stay.
fn naming(files: &dyn Files, wanted: &str, sink: &mut Sink) -> Option<String> {
    let text = decode::text(files, SETTINGS, sink)?;
    let old = decode::parse(SETTINGS, &text, sink)?.to_json();
    edit::yaml::apply(&text, &old, &Change::at("pack", Change::Become(wanted.into())))
        .map_err(|stuck| {
            let message = format!("`{SETTINGS}` cannot be changed: {}", stuck.problem);
            sink.push(Diagnostic::fault(&codes::MIGRATION_EDIT, message));
        })
        .ok()
}

/// The workspace with the pack that it is pinned to, also when `folio.yaml` asks for another version by now: this is how
/// it comes to that one.
pub fn pinned(session: &Session, root: &Path, sink: &mut Sink) -> Option<Workspace> {
    let workspace = session.workspace_as_pinned(root, sink)?;
    if workspace.pin.is_none() {
        let message =
            "this workspace names its pack by folder: it is made with what stands there, and has no pin to move";
        sink.push(Diagnostic::fault(&codes::PACK_VERSION, message));
        return None;
    }
    Some(workspace)
}
