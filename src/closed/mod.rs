//! Closed records: what was issued of a row that a pack calls closed keeps its words, whatever the profile says by now.
//!
//! A schema says when a row of a register is closed (`x-folio-closed`). A row that was closed when a version was issued, and
//! still is, stands in the next version as in that one: people, posts, names and figures of its time. What was changed in it,
//! or taken out of the register, is a finding; `corrections` of the profile lets it through, once.

mod keep;
mod lines;
mod numbers;
mod standing;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use serde_json::Value as Json;

use crate::diagnostic::codes::{document as codes, output as output_codes};
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::history::{FILE, Version};
use crate::model::{Block, Document, Node, walk};
use crate::plan::Plan;
use crate::workspace::Workspace;

pub use keep::{Kept, Standing, Standings};
use standing::{Now, Then};

/// The word by which front matter calls documents that are records: such a document stays as a whole while all that it
/// records is closed.
const RECORD: &str = "record";

/// The longest value that a message repeats, in characters.
const SHOWN: usize = 80;

/// Puts the words of issued versions into documents for what is closed. A version that cannot be read, or is not what was
/// issued, is a fault.
pub fn keep(workspace: &Workspace, plan: &Plan, documents: &mut [Document], sink: &mut Sink) {
    if workspace.history.entries.is_empty() {
        return;
    }
    let Some(now) = Now::of(workspace, sink) else { return };
    let mut then = Then::new(workspace);
    let (mut pasts, mut moved) = (BTreeMap::new(), BTreeMap::new());
    let mut found = Findings::default();
    for document in documents.iter_mut() {
        let id = document.control.id.clone();
        let Some(version) = workspace.history.last(&id) else { continue };
        let facts = match then.facts(&version) {
            Ok(Some(facts)) => facts,
            Ok(None) => continue,
            Err(problem) => {
                sink.push(broken(FILE.to_owned(), problem));
                continue;
            }
        };
        let digest = version.entry.facts.clone().unwrap_or_default();
        let past = &*pasts.entry(digest).or_insert_with(|| now.since(facts));
        if past.gone.is_empty() && !shows_closable(document, &|row| past.standing(row).is_some()) {
            continue;
        }
        let issued = match version.document(&*workspace.files) {
            Ok(Some(issued)) => issued,
            Ok(None) => continue,
            Err(problem) => {
                sink.push(broken(format!("{}/{}", version.folder(), crate::history::MODEL), problem));
                continue;
            }
        };
        let (kept, own) = keep::keep(document, &issued, &version.issued.version, &|row| past.standing(row));
        moved.insert(id.clone(), own);
        if is_record(workspace, plan, &id) {
            whole::keep(document, &issued, &|row| past.standing(row));
        }
        found.add(&now, &mut then, &version, kept, sink);
    }
    if moved.values().any(|moved| !moved.is_empty()) {
        documents.iter_mut().for_each(|document| numbers::follow(document, &moved));
    }
    found.report(workspace, sink);
}

/// Whether a document shows a row that can be closed.
fn shows_closable(document: &Document, can_be: &dyn Fn(&str) -> bool) -> bool {
    let of_block = |block: &Block<_>| -> Vec<EcoString> {
        let rows = match &block.node {
            Node::Table(table) => table.rows.as_slice(),
            _ => &[],
        };
        let inner = rows.iter().flat_map(|row| &row.origin.rows);
        block.origin.rows.iter().chain(inner).cloned().collect()
    };
    walk(&document.body).into_iter().flat_map(of_block).any(|row| can_be(&row))
}

/// Whether a document is a record, by its front matter.
pub fn is_record(workspace: &Workspace, plan: &Plan, id: &str) -> bool {
    let mut jobs = plan.jobs.iter().filter(|job| job.control.id == id);
    let template = jobs.next().and_then(|job| workspace.pack.documents.get(job.template));
    template.is_some_and(|template| template.kind == RECORD)
}

fn broken(path: String, problem: String) -> Diagnostic {
    Diagnostic::fault(&output_codes::HISTORY_BROKEN, problem)
        .at(Span::file(path))
        .help("restore the file from version control: what was issued is never altered")
}

/// What is to be said of rows, each once, whatever the number of documents that show it.
#[derive(Default)]
struct Findings {
    rows: BTreeMap<EcoString, Finding>,
}

/// What is to be said of a row.
struct Finding {
    /// The version that keeps it.
    version: EcoString,
    /// The documents that keep it.
    documents: Vec<String>,
    /// What was changed; none where the row was removed.
    changes: Option<Vec<Change>>,
}

/// A value that was changed.
struct Change {
    key: String,
    was: String,
    is: String,
}

impl Findings {
    fn add(&mut self, now: &Now, then: &mut Then<'_>, last: &Version<'_>, kept: BTreeSet<Kept>, sink: &mut Sink) {
        let id = last.issued.id.to_string();
        for Kept { row, since } in kept {
            if let Some(known) = self.rows.get_mut(&row) {
                known.documents.extend((!known.documents.contains(&id)).then(|| id.clone()));
                continue;
            }
            let facts = match then.facts_of(&id, &since) {
                Ok(Some(facts)) => facts,
                Ok(None) => continue,
                Err(problem) => {
                    sink.push(broken(FILE.to_owned(), problem));
                    return;
                }
            };
            let changes = match (now.row(&facts.profile, &row), now.current(&row)) {
                (Some(_), None) => None,
                (Some(was), Some(is)) => match changes(was, is) {
                    changes if changes.is_empty() => continue,
                    changes => Some(changes),
                },
                (None, _) => continue,
            };
            self.rows.insert(row, Finding { version: since, documents: vec![id.clone()], changes });
        }
    }

    fn report(self, workspace: &Workspace, sink: &mut Sink) {
        for (row, Finding { version, documents, changes }) in self.rows {
            let documents = documents.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
            let Some(changes) = changes else {
                let message = format!(
                    "`{row}` is closed since version {version} of {documents}, and is not in the register any more"
                );
                let finding = Diagnostic::new(&codes::CLOSED_REMOVED, Severity::Error, message);
                let register = row.split('[').next().unwrap_or_default();
                sink.push(workspace.profile.locate(finding.help(codes::CLOSED_REMOVED.fix), register));
                continue;
            };
            let told: Vec<String> =
                changes.iter().map(|Change { key, was, is }| format!("`{key}`: {was} → {is}")).collect();
            let message = format!(
                "`{row}` is closed since version {version} of {documents}; its words are kept, and this was changed: {}",
                told.join("; ")
            );
            let finding = Diagnostic::warning(&codes::CLOSED_CHANGED, message).help(codes::CLOSED_CHANGED.fix);
            let first = changes.first().map_or(row.to_string(), |change| format!("{row}.{}", change.key));
            sink.push(workspace.profile.locate(finding, &first));
        }
    }
}

/// What differs between two states of a row. What is empty is as if it were not there.
fn changes(was: &Json, is: &Json) -> Vec<Change> {
    let fields = |row: &Json| -> BTreeMap<String, Json> {
        let fields = row.as_object().into_iter().flatten();
        fields.filter(|(_, value)| !is_empty(value)).map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    let (was, is) = (fields(was), fields(is));
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let differ = keys.into_iter().filter(|key| was.get(*key) != is.get(*key));
    differ.map(|key| Change { key: key.clone(), was: shown(was.get(key)), is: shown(is.get(key)) }).collect()
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.values().all(is_empty),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

fn shown(value: Option<&Json>) -> String {
    let Some(value) = value else { return "not recorded".to_owned() };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
}
