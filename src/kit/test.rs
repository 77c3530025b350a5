//! What a pack gives for its fixtures, beside what it is to give.

use std::sync::Arc;

use super::fixture::{self, Fixture};
use crate::commit::Commit;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::differ::{self, Hunk};
use crate::dump::dump;

use crate::pack::Pack;

/// A fixture that was rendered.
pub struct Tested {
    /// Its name.
    pub fixture: String,
    /// Its documents, in the order of the set, and then what is expected in vain.
    pub documents: Vec<Compared>,
    /// Why there are none: what is wrong with the fixture, or with the pack on it.
    pub faults: Vec<Diagnostic>,
}

/// A document of a fixture.
pub struct Compared {
    /// The document's id.
    pub id: String,
    /// How it stands.
    pub state: State,
    /// Where its dump is expected.
    pub place: Span,
    /// The path of that file in the pack.
    path: String,
    dump: String,
    /// The digest of the file as it is.
    digest: String,
}

/// How a document stands to what is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is as expected.
    Same,
    /// It differs.
    Differs(Vec<Hunk>),
    /// Nothing is expected of it yet.
    New,
    /// It is expected, and not made.
    Obsolete,
}

impl State {
    /// The word in reports.
    pub fn name(&self) -> &'static str {
        match self {
            State::Same => "same",
            State::Differs(_) => "differs",
            State::New => "new",
            State::Obsolete => "obsolete",
        }
    }
}

/// Renders each fixture of a pack, and compares; `only` names the documents that are looked at, all when empty.
pub fn test(pack: &Arc<Pack>, only: &[String], jobs: usize) -> Vec<Tested> {
    fixture::all(pack).iter().map(|fixture| tested(fixture, only, jobs)).collect()
}

fn tested(fixture: &Fixture, only: &[String], jobs: usize) -> Tested {
    let mut sink = Sink::new();
    let given = fixture.rehearse(jobs, &mut sink);
    let faults = sink.into_vec().into_iter().filter(Diagnostic::is_fault).collect();
    let Some((documents, strings)) =
        given.and_then(|given| Some((given.documents?, given.workspace.pack.strings.clone())))
    else {
        return Tested { fixture: fixture.name.clone(), documents: Vec::new(), faults };
    };
    let is_wanted = |id: &str| only.is_empty() || only.iter().any(|wanted| wanted == id);
    let compared = |id: &str, state: State, dump: String| Compared {
        id: id.to_owned(),
        state,
        place: fixture.place(id),
        path: fixture.expected_path(id),
        dump,
        digest: fixture.expected_digest(id),
    };
    let made = documents.iter().filter(|document| is_wanted(&document.control.id)).map(|document| {
        let (id, dump) = (&document.control.id, dump(document, &strings));
        let state = match fixture.expected(id) {
            None => State::New,
            Some(expected) if expected == dump => State::Same,
            Some(expected) => State::Differs(differ::diff(&expected, &dump)),
        };
        compared(id, state, dump)
    });
    let is_made = |id: &String| documents.iter().any(|document| document.control.id == *id);
    let in_vain = fixture.own_expected().into_iter().filter(|id| is_wanted(id) && !is_made(id));
    let in_vain = in_vain.map(|id| compared(&id, State::Obsolete, String::new()));
    Tested { fixture: fixture.name.clone(), documents: made.chain(in_vain).collect(), faults }
}

impl Tested {
    /// Everything that is wrong: faults, and documents that are not as expected.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let differences = self.documents.iter().filter_map(|document| document.problem(&self.fixture));
        self.faults.iter().cloned().chain(differences).collect()
    }

    /// How many documents stand so.
    pub fn count(&self, state: &str) -> usize {
        self.documents.iter().filter(|document| document.state.name() == state).count()
    }
}

impl Compared {
    fn problem(&self, fixture: &str) -> Option<Diagnostic> {
        let id = &self.id;
        let message = match &self.state {
            State::Same => return None,
            State::Differs(_) => format!("`{id}` of the fixture `{fixture}` differs from what is expected"),
            State::New => format!("nothing is expected yet of `{id}` of the fixture `{fixture}`"),
            State::Obsolete => format!("the fixture `{fixture}` expects `{id}`, which is not made"),
        };
        let mut span = self.place.clone();
        if let State::Differs(hunks) = &self.state {
            span.line = hunks.first().map_or(0, |hunk| hunk.line);
        }
        let diagnostic = Diagnostic::new(&codes::FIXTURE_DIFFERS, Severity::Error, message).at(span);
        Some(diagnostic.help("when it is meant, `folio pack test --accept` takes it over"))
    }
}

/// What it takes for a pack to expect what it gives: what differs or is new is written into its folder, what is expected in
/// vain removed. The paths that change are those of the commit.
pub fn accept(tested: &[Tested]) -> Commit {
    let mut commit = Commit::new();
    for document in tested.iter().flat_map(|tested| &tested.documents) {
        match document.state {
            State::Same => {}
            State::Differs(_) | State::New => commit.write(document.path.clone(), document.dump.clone().into_bytes()),
            State::Obsolete => commit.remove(document.path.clone(), document.digest.clone()),
        }
    }
    commit
}

/// What a pack gives for its fixtures, as the files in which it is expected: path and text.
pub fn dumps(pack: &Arc<Pack>, jobs: usize, sink: &mut Sink) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for tested in test(pack, &[], jobs) {
        sink.extend(tested.faults);
        let wanted = tested.documents.into_iter().filter(|document| document.state != State::Same);
        files.extend(wanted.map(|document| (document.path, document.dump)));
    }
    files
}
