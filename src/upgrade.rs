//! What another pack makes of a workspace, and moving a workspace's pin to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::backend::Format;
use crate::commit::Commit;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::differ::{self, Hunk};
use crate::digest;
use crate::dump::dump;
use crate::edit::{self, Change};
use crate::files::{Disk, Files};
use crate::lock::{self, Lock};
use crate::model::Document;
use crate::pack::Pack;
use crate::pack::diff::leaves;
use crate::parallel;
use crate::session::{Session, common_input};
use crate::strings::Strings;
use crate::workspace::{self, SETTINGS, Workspace};

/// What another pack makes of a workspace.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Effects {
    /// The documents in the order of the new set, then those that have gone.
    pub documents: Vec<Effect>,
    /// The values of the theme that change in this workspace, by key, such as `colours.accent`.
    pub look: Vec<Turn>,
    /// The engine's words that change, by key, such as `callout_glance`.
    pub words: Vec<Turn>,
}

/// A value that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Its key.
    pub key: String,
    /// What it was; none for a new one.
    pub old: Option<String>,
    /// What it is; none for one that has gone.
    pub new: Option<String>,
}

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
    /// Its files are made as they were.
    Same,
    /// It says the same, and its files are others: they print other words of the engine, or look different.
    Printed {
        /// Whether words of the engine are others.
        other_words: bool,
        /// Whether it looks different.
        other_look: bool,
    },
    /// It says something else: where its model differs.
    Changed(Vec<Hunk>),
    /// It is made now.
    Added,
    /// It is no longer made.
    Removed,
}

/// What a new pack makes of a workspace. Faults of the workspace with either pack are in the sink.
pub fn effects(session: &Session, root: &Path, old: &Arc<Pack>, new: &Arc<Pack>, sink: &mut Sink) -> Option<Effects> {
    let before = Made::of(session, root, old, sink)?;
    let after = Made::of(session, root, new, sink)?;
    let find = |set: &[Document], id: &str| {
        set.iter().find(|document| document.control.id == id).map(|document| dump(document, &old.strings))
    };
    let printed = Printed::of(session, &before, &after);
    let mut documents: Vec<Effect> = (0..)
        .zip(&after.documents)
        .map(|(at, document)| {
            let what = match find(&before.documents, &document.control.id) {
                None => Happens::Added,
                Some(dumped) => match differ::diff(&dumped, &dump(document, &new.strings)) {
                    same if same.is_empty() => printed.happens(at),
                    changed => Happens::Changed(changed),
                },
            };
            Effect { id: document.control.id.clone(), title: document.control.title.text.clone(), what }
        })
        .collect();
    for document in &before.documents {
        if after.documents.iter().all(|kept| kept.control.id != document.control.id) {
            let (id, title) = (document.control.id.clone(), document.control.title.text.clone());
            documents.push(Effect { id, title, what: Happens::Removed });
        }
    }
    // As it is written: what a reader of it knows.
    let theme = |made: &Made| {
        let Workspace { pack, settings, .. } = &made.workspace;
        let own = settings.located.get("theme");
        leaves(&own.map_or_else(|| pack.theme.clone(), |own| pack.theme.overlaid(own)).to_json())
    };
    let words = |pack: &Pack| leaves(&serde_json::to_value(&pack.strings).unwrap_or_default());
    Some(Effects { documents, look: turns(&theme(&before), &theme(&after)), words: turns(&words(old), &words(new)) })
}

/// The values that differ.
fn turns(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Turn> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    changed.map(|key| Turn { key: key.clone(), old: old.get(key).cloned(), new: new.get(key).cloned() }).collect()
}

/// A set before it is laid out.
struct Made {
    workspace: Workspace,
    documents: Vec<Document>,
    formats: Vec<Vec<Format>>,
}

impl Made {
    fn of(session: &Session, root: &Path, pack: &Arc<Pack>, sink: &mut Sink) -> Option<Made> {
        let files: Arc<dyn Files> = Arc::new(Disk::new(root, ""));
        let workspace = session.workspace_with(root, files, pack.clone(), sink)?;
        let mut own = Sink::new();
        let plan = session.plan(&workspace, &mut own);
        let documents = session.documents(&workspace, &plan, &mut own).documents;
        let has_faults = own.has_faults();
        sink.extend(own.into_vec().into_iter().filter(Diagnostic::is_fault));
        let formats = plan.jobs.iter().map(|job| job.formats.clone()).collect();
        documents.filter(|_| !has_faults).map(|documents| Made { workspace, documents, formats })
    }
}

/// The files of one set as two packs would have them, document by document: the digests of their bytes.
#[derive(Default)]
struct Printed {
    /// With the old look and the old words of the engine; nothing, when packs have the same of both.
    old: Vec<String>,
    /// With the new look and the old words.
    halfway: Vec<String>,
    /// With the new look and the new words.
    new: Vec<String>,
}

impl Printed {
    fn of(session: &Session, before: &Made, after: &Made) -> Printed {
        if common_input(&before.workspace) == common_input(&after.workspace) {
            return Printed::default();
        }
        let words = |made: &Made| made.workspace.pack.strings.clone();
        let files = |made: &Made, words: &Strings| digests(session, &made.workspace, words, after);
        let halfway = if words(before) == words(after) { Vec::new() } else { files(after, &words(before)) };
        let new = files(after, &words(after));
        Printed {
            old: files(before, &words(before)),
            halfway: if halfway.is_empty() { new.clone() } else { halfway },
            new,
        }
    }

    fn happens(&self, at: usize) -> Happens {
        match (self.old.get(at), self.halfway.get(at), self.new.get(at)) {
            (Some(old), Some(halfway), Some(new)) if old != new => {
                Happens::Printed { other_words: halfway != new, other_look: old != halfway }
            }
            _ => Happens::Same,
        }
    }
}

/// The digests of what documents look like in a workspace, with some words of the engine. What cannot be printed has none:
/// it is said when the workspace is rendered.
fn digests(session: &Session, look: &Workspace, words: &Strings, made: &Made) -> Vec<String> {
    let all: Vec<Format> = made.formats.iter().flatten().copied().collect();
    let Some(press) = session.press_in(look, words, &made.documents, &all, &mut Sink::new()) else { return Vec::new() };
    parallel::map(made.documents.len(), session.jobs, &mut Sink::new(), |at, sink| {
        let printed = session.print(&press, look, &made.documents[at], &made.formats[at], sink);
        let outputs = printed.into_iter().flat_map(|printed| printed.outputs);
        outputs.map(|(_, bytes)| digest::of_file(&bytes)).collect()
    })
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
