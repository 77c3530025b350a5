//! A session: what runs share, and the stages that they are made of, each a function of values.
//!
//! [`Session::workspace`] reads, [`Session::plan`] derives and decides, [`Session::documents`] composes, [`Session::press`]
//! lays out and prints. Whoever wants less stops earlier: `check`, `coverage`, the author's kit, migration and upgrade are
//! this way, ended at different places. None of these writes; what is to be written is a [`crate::commit::Commit`].

mod compose;
mod findings;
mod parts;
mod press;
pub mod sheet;
mod supposed;
mod timings;
mod turn;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value as Json};

use crate::backend::Backends;
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::Files;
use crate::history;
use crate::leaks;
use crate::model::Document;
use crate::pack::source::Shelf;
use crate::pack::{Pack, Template};
use crate::parallel;
use crate::plan::Plan;
use crate::workspace::{Begun, Settings, Workspace};

pub use compose::Composed;
pub use press::{Press, Printed, common_input};
pub use supposed::Sought;
pub use timings::{Stage, Timings};

/// What runs share.
#[derive(Debug)]
pub struct Session {
    /// The packs that can be had by name.
    pub shelf: Shelf,
    /// The formats that there are.
    pub backends: Backends,
    /// How many threads a stage may use.
    pub jobs: usize,
    /// Today, ISO 8601: seen by checks alone.
    pub today: String,
    /// How long the stages took.
    pub timings: Timings,
    /// The names that the workspaces of other clients have, read once.
    pub practice: leaks::Practice,
}

impl Session {
    /// A session with packs to be had by name, on some threads, on a day.
    pub fn new(shelf: Shelf, jobs: usize, today: impl Into<String>) -> Session {
        Session {
            shelf,
            backends: Backends::bundled(),
            jobs: jobs.max(1),
            today: today.into(),
            timings: Timings::default(),
            practice: leaks::Practice::default(),
        }
    }

    /// Reads the workspace in a folder. Every problem is reported; `None` when there is a fault.
    pub fn workspace(&self, root: &Path, sink: &mut Sink) -> Option<Workspace> {
        let _running = self.timings.running(Stage::Read);
        Workspace::open(root, &self.shelf, sink)
    }

    /// The same with the pack that the lock pins, also when the workspace asks for another version by now.
    pub fn workspace_as_pinned(&self, root: &Path, sink: &mut Sink) -> Option<Workspace> {
        let _running = self.timings.running(Stage::Read);
        Workspace::open_as_pinned(root, &self.shelf, sink)
    }

    /// Reads a workspace from a tree of files that need not lie on a disk: one in memory, or one that another program keeps.
    /// Its pack is one of the shelf, or one in the tree itself.
    pub fn workspace_in(&self, files: Arc<dyn Files>, sink: &mut Sink) -> Option<Workspace> {
        let _running = self.timings.running(Stage::Read);
        Workspace::open_in(files, &self.shelf, sink)
    }

    /// Reads a workspace with a pack that is given instead of the one that it names: a pack's fixture, or a workspace as
    /// another pack would have it.
    pub fn workspace_with(
        &self,
        root: &Path,
        files: Arc<dyn Files>,
        pack: Arc<Pack>,
        sink: &mut Sink,
    ) -> Option<Workspace> {
        let _running = self.timings.running(Stage::Read);
        Workspace::open_with(root, files, pack, sink)
    }

    /// What is to be made of a workspace, what its pack derives from it, and what the pack's checks find in it. Pure.
    pub fn plan(&self, workspace: &Workspace, sink: &mut Sink) -> Plan {
        let _running = self.timings.running(Stage::Rules);
        Plan::of(workspace, &self.backends, &self.today, self.jobs, sink)
    }

    /// The same with only those of the pack's checks that compare with what was issued last, for those who ask what documents
    /// say and what changed.
    pub fn plan_unchecked(&self, workspace: &Workspace, sink: &mut Sink) -> Plan {
        let likely = likely(&workspace.pack, &workspace.settings);
        self.preparing(&workspace.pack, &likely, || self.unchecked(workspace, sink))
    }

    /// Reads the workspace in a folder, and plans it so.
    pub fn workspace_unchecked(&self, root: &Path, sink: &mut Sink) -> Option<(Workspace, Plan)> {
        let begun = {
            let _running = self.timings.running(Stage::Read);
            Begun::open(root, &self.shelf, sink)?
        };
        let pack = begun.pack.clone();
        let likely = likely(&pack, &begun.settings);
        self.preparing(&pack, &likely, || {
            let workspace = {
                let _running = self.timings.running(Stage::Read);
                begun.end(root, sink)?
            };
            let plan = self.unchecked(&workspace, sink);
            Some((workspace, plan))
        })
    }

    fn unchecked(&self, workspace: &Workspace, sink: &mut Sink) -> Plan {
        let _running = self.timings.running(Stage::Rules);
        Plan::unchecked(workspace, &self.backends, self.jobs, sink)
    }

    /// Does something that goes on one thread for a while: meanwhile, another does what documents need next.
    fn preparing<T: Send>(&self, pack: &Pack, templates: &[&Template], act: impl FnOnce() -> T) -> T {
        let is_done = AtomicBool::new(false);
        let act = || {
            let done = act();
            is_done.store(true, Ordering::Relaxed);
            done
        };
        let (done, ()) = parallel::both(self.jobs, act, || pack.prepare_ahead(templates, &is_done));
        done
    }

    /// The same of facts that are supposed, on a date of theirs, instead of those of the profile.
    pub fn plan_supposing(&self, workspace: &Workspace, facts: (Map<String, Json>, &str), sink: &mut Sink) -> Plan {
        let _running = self.timings.running(Stage::Rules);
        Plan::supposing(workspace, &self.backends, facts, self.jobs, sink)
    }

    /// The documents of a plan, expanded, parsed and resolved. What is wrong is located.
    pub fn documents(&self, workspace: &Workspace, plan: &Plan, sink: &mut Sink) -> Composed {
        let composed = {
            let _running = self.timings.running(Stage::Expand);
            compose::compose(workspace, plan, self.jobs, sink)
        };
        crate::decode::show_lines(&workspace.trees(), sink);
        composed
    }

    /// Gives blocks and rows of a document the names that they have from the version issued before: whoever writes it to a
    /// file does this first. `None`, and a fault, when what is kept of that version is not what was issued.
    pub fn pass_names(&self, workspace: &Workspace, document: &mut Document, sink: &mut Sink) -> Option<()> {
        let problem = workspace.history.pass_names(document, &*workspace.files).err();
        if let Some(problem) = &problem {
            let fault = Diagnostic::fault(&codes::HISTORY_BROKEN, problem.clone()).at(Span::file(history::FILE));
            sink.push(fault.help(codes::HISTORY_BROKEN.fix));
        }
        problem.is_none().then_some(())
    }

    /// Looks for what must not be in finished documents.
    pub fn leaks(&self, workspace: &Workspace, documents: &[Document], sink: &mut Sink) {
        let _running = self.timings.running(Stage::Leaks);
        leaks::check_among(workspace, documents, &self.practice, sink);
        crate::decode::show_lines(&workspace.trees(), sink);
    }
}

/// The templates of documents that a workspace with a pack makes whatever its facts are.
fn likely<'p>(pack: &'p Pack, settings: &Settings) -> Vec<&'p Template> {
    let is_likely = |template: &&Template| {
        template.when.is_none() && !settings.skip.contains_key(&template.id) && !pack.is_untranslated(template)
    };
    pack.documents.iter().filter(is_likely).collect()
}
