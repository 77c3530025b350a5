//! The files of versions: written in their formats, kept, and put in force.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::candidates::Candidate;
use crate::backend::Format;
use crate::commit::Commit;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::digest;
use crate::history::GivenOut;
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

/// Puts the files of a version into its folder and in force, in the place of those of the version before.
#[expect(clippy::too_many_arguments, reason = "what is given out, and where")]
pub(super) fn give_out(
    workspace: &Workspace,
    place: &str,
    id: &str,
    folder: &str,
    stem: &str,
    outputs: Bytes,
    commit: &mut Commit,
    sink: &mut Sink,
) -> BTreeMap<EcoString, GivenOut> {
    let before = standing(workspace, place, id, sink);
    let mut files = BTreeMap::new();
    for (format, bytes) in outputs {
        let name = format!("{stem}.{}", format.extension);
        let path = format!("{place}/{name}");
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
        let sha256 = digest::of_file(&bytes);
        files.insert(EcoString::from(format.name), GivenOut { name: name.as_str().into(), sha256 });
        commit.write_over(format!("{folder}/{name}"), bytes.clone(), None);
        commit.write_over(path, bytes, there);
    }
    for (path, digest) in before {
        commit.remove(path, digest);
    }
    files
}

/// The files of a document that are in force, as they were given out; what somebody changed is an error.
pub(super) fn standing(workspace: &Workspace, place: &str, id: &str, sink: &mut Sink) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for version in workspace.history.versions(id) {
        for file in workspace.history.given_out(&version).files.values() {
            let path = format!("{place}/{}", file.name);
            match workspace.files.digest(&path) {
                Ok(there) => found.entry(path).or_insert_with(|| (there.clone(), false)).1 |= there == file.sha256,
                Err(error) if error.is_missing() => {}
                Err(_) => found.entry(path).or_default().1 = false,
            }
        }
    }
    for (path, _) in found.iter().filter(|(_, (_, is_own))| !is_own) {
        sink.push(edited(path, "is not the file that was issued"));
    }
    found.into_iter().filter(|(_, (_, is_own))| *is_own).map(|(path, (digest, _))| (path, digest)).collect()
}

pub(super) fn edited(path: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&codes::ISSUED_EDITED, Severity::Error, format!("`{path}` {what}"))
        .at(Span::file(path))
        .help(codes::ISSUED_EDITED.fix)
}

/// The folder of what is in force; one outside of the workspace is refused.
pub(super) fn in_force(ledger: &Ledger, sink: &mut Sink) -> Option<String> {
    let place = ledger.in_force();
    if place.is_none() {
        let message = format!("the outputs go to `{}`, outside of the workspace", ledger.folder().display());
        let problem = Diagnostic::new(&codes::ISSUED_ELSEWHERE, Severity::Error, message);
        sink.push(problem.at(Span::file(workspace::SETTINGS)).help(codes::ISSUED_ELSEWHERE.fix));
    }
    place
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
