//! The starter, laid down as `folio new` would and rendered: the first that most people see of a pack.

mod named;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Subject;
use super::files::Read;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::files::{Files as _, Memory};
use crate::kit::fixture::Given;
use crate::pack::starter::{self, New};
use crate::pack::{MANIFEST, Pack};
use crate::workspace;

const FOLDER: &str = "starter";
const PROFILE: &str = "starter/profile.yaml";
const SETTINGS: &str = "starter/folio.yaml";

/// The date of the facts where the starter says none; `folio new` takes that of the day.
const SOME_DAY: &str = "2026-01-01";

pub(super) fn check(subject: &Subject<'_>, jobs: usize, read: &mut Read, sink: &mut Sink) {
    let pack = subject.pack;
    let there = pack.files().list(FOLDER).unwrap_or_default();
    let missing: Vec<&str> =
        [SETTINGS, PROFILE].into_iter().filter(|path| !there.iter().any(|known| known == path)).collect();
    if !missing.is_empty() {
        let message = match there.as_slice() {
            [] => "the pack has no `starter/`: `folio new` cannot make a workspace of it".to_owned(),
            _ => format!("the starter has no {}: `folio new` cannot make a workspace of it", quoted(&missing)),
        };
        let severity = if subject.is_base() { Severity::Note } else { Severity::Warning };
        let diagnostic =
            Diagnostic::new(&codes::STARTER, severity, message).at(Span::file(pack.files().name(MANIFEST)));
        sink.push(diagnostic.help(codes::STARTER.fix));
        return;
    }
    unanswered(subject, sink);
    if subject.is_base() {
        return; // Laid down by the packs that extend it.
    }
    let given = laid(pack, None, PROFILE, jobs, sink);
    if let Some(given) = given.filter(|given| given.documents.is_some()) {
        read.insert(FOLDER.to_owned(), given.read);
    }
    named::check(pack, jobs, read, sink);
}

/// What a starter gives, laid down as `folio new` would; faults are located in the folder of `profile`.
fn laid(pack: &Arc<Pack>, like: Option<&str>, profile: &str, jobs: usize, sink: &mut Sink) -> Option<Given> {
    let as_of = decode::read(&*starter::files(pack, like), "folio.yaml", &mut Sink::new())
        .and_then(|settings| Some(settings.text("as_of")?.to_owned()))
        .unwrap_or_else(|| SOME_DAY.to_owned());
    let mut own = Sink::new();
    let answers = BTreeMap::new();
    let new = New { id: "client", as_of: &as_of, wanted: None, answers: &answers, like };
    let name = pack.files().name(profile);
    let prefix = name.strip_suffix("profile.yaml").unwrap_or_default();
    let given = workspace::laid_down(pack, &new, &mut own).and_then(|laid| {
        let files = laid.files().fold(Memory::new(prefix), |files, (path, bytes)| files.with(path, bytes));
        Given::of(Path::new(prefix.trim_end_matches('/')), Arc::new(files), pack, jobs, &mut own)
    });
    let faults = own.into_vec().into_iter().filter(Diagnostic::is_fault);
    let whose = prefix.trim_end_matches('/');
    sink.extend(faults.map(|fault| fault.workspace(whose)));
    given
}

/// Questions of `folio new` whose answers would be lost: the starter has no place for them.
fn unanswered(subject: &Subject<'_>, sink: &mut Sink) {
    let pack = subject.pack;
    let Some(profile) = decode::read(&*starter::files(pack, None), "profile.yaml", &mut Sink::new()) else { return };
    for question in starter::questions(pack, None, &mut Sink::new()) {
        let place = question.path.split('.').try_fold(&profile, |node, key| node.get(key));
        if place.is_none() {
            let message = format!(
                "`folio new` asks for `{}`, and the starter has no place for it: the answer would be lost",
                question.path
            );
            let severity = if subject.is_base() { Severity::Note } else { Severity::Warning };
            let diagnostic = Diagnostic::new(&codes::STARTER, severity, message);
            let diagnostic = diagnostic.at(Span::file(pack.files().name(PROFILE)));
            sink.push(diagnostic.help(format!("write `{}` with a sample into starter/profile.yaml", question.path)));
        }
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and no ")
}
