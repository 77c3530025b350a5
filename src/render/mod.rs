//! Rendering: workspaces in, their outputs in place. [`render_all`] is the table of contents.

mod grip;
mod outcome;
mod run;

use std::path::{Path, PathBuf};

use ecow::EcoString;

use crate::backend::{Backends, Format};
use crate::commit::Holder;
use crate::coverage::{self, Covered};
use crate::diagnostic::Sink;
use crate::history::Came;
use crate::ledger::real;
pub use crate::ledger::{Action, LeftBehind, Output, Wishes};
use crate::model::Document;
use crate::pack::source::Shelf;
use crate::parallel;
use crate::session::Session;
use grip::Grip;
pub use outcome::{Outcome, Rendered, RenderedState};
use run::Run;

/// What is asked of a run.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The formats that there are.
    pub backends: Backends,
    /// Formats instead of the workspace's.
    pub formats: Vec<Format>,
    /// Only these documents, by id; all when empty.
    pub only: Vec<String>,
    /// Where to write instead of the workspace's output folder.
    pub out: Option<PathBuf>,
    /// How many threads.
    pub jobs: usize,
    /// Write nothing.
    pub dry_run: bool,
    /// Tell how far one is: [`Outcome::progress`].
    pub asks_progress: bool,
    /// What is asked about files that are in place.
    pub wishes: Wishes,
    /// End at once when somebody else is at work in a workspace, instead of waiting.
    pub no_wait: bool,
    /// Called before waiting: with the folder, and who is at work in it.
    pub waiting: Option<fn(&Path, Option<&Holder>)>,
    /// The time at which the run began, for those who wait for it.
    pub started: String,
    /// Today, ISO 8601: seen by checks alone.
    pub today: String,
    /// The packs that can be had by name.
    pub shelf: Shelf,
}

impl Request {
    /// The session of a run.
    pub fn session(&self) -> Session {
        let session = Session::new(self.shelf.clone(), self.jobs, self.today.clone());
        Session { backends: self.backends.clone(), ..session }
    }
}

/// Renders a workspace. Faults are in the sink; then nothing was written, and the outcome says `failed`. Nothing is given
/// when there is no workspace at all.
///
/// `progress` is called once for each document that is done.
pub fn render(
    root: &Path,
    request: &Request,
    progress: &(dyn Fn(usize, usize) + Sync),
    sink: &mut Sink,
) -> Option<Outcome> {
    let roots = [(root.to_owned(), String::new())];
    render_all(&request.session(), &roots, request, progress, sink).pop().filter(|outcome| outcome.is_read)
}

/// Renders workspaces, each a folder and what it is called in diagnostics, if anything. They share the threads, document
/// by document; what is said comes in the order of the workspaces.
pub fn render_all(
    session: &Session,
    roots: &[(PathBuf, String)],
    request: &Request,
    progress: &(dyn Fn(usize, usize) + Sync),
    sink: &mut Sink,
) -> Vec<Outcome> {
    let grip = match Grip::take(roots.iter().map(|(root, _)| root.as_path()), request) {
        Ok(grip) => grip,
        Err((folder, mut problem)) => {
            let of_it = roots.iter().find(|(root, name)| !name.is_empty() && real(root) == folder);
            problem.workspace = of_it.map(|(_, name)| EcoString::from(name.as_str()));
            sink.push(problem);
            return roots.iter().map(|(root, _)| Outcome::unread(root)).collect();
        }
    };
    let mut came: Vec<Vec<Came>> = Vec::new();
    for (root, name) in roots.iter().filter(|_| !request.dry_run && request.out.is_none()) {
        let mut own = Sink::new();
        let turned = session.turn(root, &mut own);
        let problem = grip.apply(root, &turned.commit).err();
        let is_stopped = problem.is_some();
        own.extend(problem);
        said_of(name, &mut own);
        sink.merge(own);
        if is_stopped {
            return roots.iter().map(|(root, _)| Outcome::unread(root)).collect();
        }
        came.push(turned.came);
    }
    let run = Run::new(session, roots, request, progress, grip);
    let ended = parallel::batches(&run, roots.len(), session.jobs);
    let mut outcomes = Vec::new();
    for ((outcome, mut said), (_, name)) in ended.into_iter().zip(roots) {
        said_of(name, &mut said);
        sink.merge(said);
        outcomes.push(outcome);
    }
    for (outcome, came) in outcomes.iter_mut().zip(came) {
        outcome.came = came;
    }
    outcomes
}

/// Names the workspace in what is said of it.
fn said_of(name: &str, said: &mut Sink) {
    if !name.is_empty() {
        said.iter_mut().for_each(|problem| problem.workspace = Some(EcoString::from(name)));
    }
}

/// The resolved documents of a workspace: what backends would be given.
pub fn documents(root: &Path, request: &Request, sink: &mut Sink) -> Option<Vec<Document>> {
    let _grip = Grip::reading(root, request).map_err(|(_, problem)| sink.push(problem)).ok()?;
    let session = request.session();
    let workspace = session.workspace(root, sink)?;
    let plan = session.plan(&workspace, sink);
    session.documents(&workspace, &plan, sink).documents.filter(|_| !sink.has_faults())
}

/// What a workspace's set answers of what its pack's standard demands.
pub fn coverage(root: &Path, request: &Request, sink: &mut Sink) -> Option<Vec<Covered>> {
    let _grip = Grip::reading(root, request).map_err(|(_, problem)| sink.push(problem)).ok()?;
    let session = request.session();
    let workspace = session.workspace(root, sink)?;
    let plan = session.plan(&workspace, sink);
    Some(coverage::report(&workspace.pack, &plan, sink))
}
