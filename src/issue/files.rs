//! The files of versions: written in their formats, kept, and put in force.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use jiff::civil::Date;

use super::candidates::Candidate;
use crate::backend::Format;
use crate::commit::Commit;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::digest;
use crate::history::{GivenOut, Places};
use crate::ledger::Ledger;
use crate::lock::LockedPack;
use crate::model::Document;
use crate::parallel;
use crate::plan::{Job, Plan};
use crate::session::Session;
use crate::workspace::{self, Workspace};

/// The bytes of a document in each of its formats.
pub(super) type Bytes = Vec<(Format, Vec<u8>)>;

/// The bytes of documents, laid out and written in their formats.
pub(super) fn print(
    session: &Session,
    workspace: &Workspace,
    plan: &Plan,
    candidates: &[Candidate],
    sink: &mut Sink,
) -> Option<Vec<Bytes>> {
    let documents: Vec<Document> = candidates
        .iter()
        .filter(|candidate| candidate.roles.len() <= 1)
        .map(|candidate| candidate.document.clone())
        .collect();
    let of = |job: &Job| job.formats.clone();
    let formats: Vec<Format> = candidates.iter().flat_map(|candidate| of(&plan.jobs[candidate.job])).collect();
    let press = session.press(workspace, &documents, &formats, sink)?;
    let printed = parallel::map(candidates.len(), session.jobs, sink, |at, sink| {
        let candidate = &candidates[at];
        if candidate.roles.len() > 1 {
            return Some(Vec::new());
        }
        let formats = of(&plan.jobs[candidate.job]);
        let printed = session.print(&press, workspace, &candidate.document, &formats, sink)?;
        Some(printed.outputs)
    });
    printed.into_iter().collect::<Option<Vec<_>>>().filter(|_| !sink.has_faults())
}

/// A version whose files are given out.
pub(super) struct Given<'a> {
    pub(super) id: &'a str,
    /// Where it is kept.
    pub(super) folder: String,
    /// What its files are called, without their endings.
    pub(super) stem: String,
    pub(super) outputs: Bytes,
    /// Since when it is in force, where that is later than the day of its approval.
    pub(super) since: Option<Date>,
}

/// Puts the files of a version into its folder, and in force in the place of those of the version before; those of one that
/// is in force later beside them, in the place of those that it overtakes.
pub(super) fn give_out(
    workspace: &Workspace,
    places: &Places,
    given: Given<'_>,
    commit: &mut Commit,
    sink: &mut Sink,
) -> BTreeMap<EcoString, GivenOut> {
    let Given { id, folder, stem, outputs, since } = given;
    let before = standing(workspace, places, id, since, sink);
    let mut files = BTreeMap::new();
    for (format, bytes) in outputs {
        let name = format!("{stem}.{}", format.extension);
        let file = GivenOut { name: name.as_str().into(), sha256: digest::of_file(&bytes) };
        let path = place(places, &file, since);
        let there = workspace.files.digest(&path).ok();
        if there.is_some() && !before.contains_key(&path) {
            let is_said = |problem: &Diagnostic| {
                problem.code == codes::ISSUED_EDITED && problem.span.as_ref().is_some_and(|span| *span.file == *path)
            };
            if !sink.iter().any(is_said) {
                sink.push(edited(&path, "stands where an issued file is to go"));
            }
            continue;
        }
        files.insert(EcoString::from(format.name), file);
        commit.write_over(format!("{folder}/{name}"), bytes.clone(), None);
        commit.write_over(path, bytes, there);
    }
    for (path, digest) in before {
        commit.remove(path, digest);
    }
    files
}

/// Where a file stands that is in force now, or later.
pub(super) fn place(places: &Places, file: &GivenOut, since: Option<Date>) -> String {
    since.map_or_else(|| places.now(file), |since| places.later(file, since))
}

/// The files of a document that go where a version comes that is in force now, or later: those in force and all that wait, or
/// those that wait and are overtaken by it. What somebody changed is an error, wherever it stands.
pub(super) fn standing(
    workspace: &Workspace,
    places: &Places,
    id: &str,
    since: Option<Date>,
    sink: &mut Sink,
) -> BTreeMap<String, String> {
    let (history, files) = (&workspace.history, &*workspace.files);
    let (now, waiting) = (history.standing(id, places, files), history.waiting(id, places, files));
    for path in now.changed.iter().chain(&waiting.changed) {
        sink.push(edited(path, "is not the file that was issued"));
    }
    let stays: BTreeSet<String> = history
        .versions(id)
        .filter_map(|version| Some((version, history.deferred(&version)?)))
        .filter(|(_, day)| since.is_some_and(|since| *day < since))
        .flat_map(|(version, day)| history.files(&version).values().map(move |file| places.later(file, day)))
        .collect();
    let now = now.own.into_iter().filter(|_| since.is_none());
    let goes = now.chain(waiting.own).filter(|(path, _)| !stays.contains(path));
    goes.map(|(path, (digest, _))| (path, digest)).collect()
}

pub(super) fn edited(path: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&codes::ISSUED_EDITED, Severity::Error, format!("`{path}` {what}"))
        .at(Span::file(path))
        .help(codes::ISSUED_EDITED.fix)
}

/// The folders of issued files; those outside of the workspace are refused.
pub(super) fn issued_to(ledger: &Ledger, sink: &mut Sink) -> Option<Places> {
    let places = ledger.places();
    if places.is_none() {
        let message = format!("the outputs go to `{}`, outside of the workspace", ledger.folder().display());
        let problem = Diagnostic::new(&codes::ISSUED_ELSEWHERE, Severity::Error, message);
        sink.push(problem.at(Span::file(workspace::SETTINGS)).help(codes::ISSUED_ELSEWHERE.fix));
    }
    places
}

/// The packs, the outermost first.
fn locked(workspace: &Workspace) -> Vec<LockedPack> {
    let layers = workspace.pack.layers.iter().map(|layer| LockedPack {
        id: layer.manifest.id.clone(),
        version: layer.manifest.version.to_string(),
        digest: layer.digest.clone(),
    });
    layers.collect()
}

/// Keeps the archives of the packs, also of those that are named by path, so that a version can be made again.
pub(super) fn keep_packs(workspace: &Workspace, commit: &mut Commit, sink: &mut Sink) -> Option<Vec<LockedPack>> {
    if workspace.pin.is_none() {
        for (path, bytes) in workspace::pin(&workspace.pack, sink)?.keep {
            if workspace.files.digest(&path).is_err() {
                commit.write(path, bytes);
            }
        }
    }
    Some(locked(workspace))
}
