//! `folio new --continue`: takes up a workspace again where nobody has said something yet.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use serde_json::{Value as Json, json};

use super::done::{Done, broken};
use super::new::no_terminal;
use super::report;
use super::settings::Settings;
use crate::commit::Commit;
use crate::decode;
use crate::diagnostic::Sink;
use crate::edit::Change;
use crate::files::Changed;
use crate::lead::{self, Ask, Asked, Said};
use crate::migrate;
use crate::pack::starter;
use crate::progress::{self, Progress, argument, counts};
use crate::session::Session;
use crate::workspace::{SETTINGS, Workspace, profile};

/// Asks what is open, and writes what is said; without somebody to ask, lists it.
pub(super) fn resume(dir: &Path, settings: &Settings, ask: Option<&mut dyn Ask>) -> Done {
    let mut sink = Sink::new();
    let root = settings.path(dir);
    let session = settings.session();
    let Some((workspace, before)) = read(&root, settings, &session, &mut sink) else { return broken(sink) };
    let open = lead::open(&workspace, &before);
    let Some(ask) = ask else {
        let text = format!("{}{}", table(&before), listed(&open, dir));
        let diagnostics = sink.into_vec();
        let json = Some(object(&open, &before, &diagnostics));
        return Done { text, json, diagnostics, ..Done::default() };
    };
    super::print_error(&counts(&before));
    let Ok(said) = lead::through(&open, &workspace.pack.schema, ask) else {
        sink.push(no_terminal());
        return broken(sink);
    };
    if write(&root, &said, settings, &session, &mut sink).is_none() {
        return broken(sink);
    }
    let after = match said.answers.is_empty() {
        true => before,
        false => read(&root, settings, &session, &mut Sink::new()).map(|(_, after)| after).unwrap_or_default(),
    };
    let text = format!("{}{}", table(&after), written(&said, open.len(), dir));
    Done { text, diagnostics: sink.into_vec(), ..Done::default() }
}

/// How far a workspace is that was just made, in a line; nothing when that cannot be told.
pub(super) fn standing_of(root: &Path, settings: &Settings) -> String {
    let read = read(root, settings, &settings.session(), &mut Sink::new());
    read.map(|(_, progress)| counts(&progress)).unwrap_or_default()
}

/// The workspace, and how far its documents are; of a set that cannot be composed there are none.
fn read(root: &Path, settings: &Settings, session: &Session, sink: &mut Sink) -> Option<(Workspace, Progress)> {
    let _reading = settings.reading(root, sink);
    let workspace = session.workspace(root, sink)?;
    // What checks find is told by `folio check`.
    let mut unheard = Sink::new();
    let plan = session.plan(&workspace, &mut unheard);
    let documents = session.documents(&workspace, &plan, &mut unheard).documents.unwrap_or_default();
    let progress = Progress::of(&workspace, &documents);
    Some((workspace, progress))
}

/// Writes answers into the profile, and takes their lines out of `samples`: all in one step, into what is there now.
fn write(root: &Path, said: &Said, settings: &Settings, session: &Session, sink: &mut Sink) -> Option<()> {
    if said.answers.is_empty() {
        return Some(());
    }
    let mut held = match &settings.dry {
        Some(_) => None,
        None => Some(settings.hold("new", root, sink)?),
    };
    let workspace = session.workspace(root, sink)?;
    let change = |_: &Json| {
        let answers = said.answers.iter().map(|(path, value)| Change::at(path, Change::Become(value.clone())));
        answers.fold(Change::Keep, Change::and)
    };
    let (mut files, _) = migrate::rewritten(&workspace, &change, sink)?;
    let own = decode::read(&*workspace.files, SETTINGS, sink)?.to_json();
    let (_, filled) = profile::written(&*workspace.files, &workspace.settings.profile, &workspace.pack.schema, sink)?;
    let samples: Vec<&str> = workspace.settings.samples.iter().map(|(path, _)| path.as_str()).collect();
    let answered: Vec<&str> = said.answers.keys().map(String::as_str).collect();
    let change = Change::at("samples", starter::without(&samples, &answered, &filled.to_json()));
    files.extend(migrate::settings_rewritten(&workspace, &own, &change, sink)?);
    let changed = files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone()))).collect();
    let changed = Changed::new(workspace.files.clone(), changed);
    session.workspace_with(root, Arc::new(changed), workspace.pack.clone(), sink)?;
    if sink.has_faults() {
        return None;
    }
    let mut commit = Commit::new();
    for (path, bytes) in files {
        let seen = workspace.files.digest(&path).ok();
        commit.write_over(path, bytes, seen);
    }
    match (&mut held, &settings.dry) {
        (Some(held), _) => held.apply(&commit).map_err(|problem| sink.push(problem)).ok(),
        (None, dry) => dry.as_ref().map(|dry| dry.commit(root, &commit)),
    }
}

/// How far each document is.
fn table(progress: &Progress) -> String {
    if progress.documents.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["Document", "Recorded", "Proposed", "Not recorded", "Samples"]);
    for it in &progress.documents {
        let counts = [it.recorded, it.proposed, it.unrecorded, it.samples].map(|count| count.to_string());
        table.add_row(std::iter::once(it.title.clone()).chain(counts));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}\n{}", counts(progress))
}

/// What is open, for those who answer in the profile itself.
fn listed(open: &[Asked], dir: &Path) -> String {
    if open.is_empty() {
        return "nothing is open: every basic question is answered\n".to_owned();
    }
    let mut text = String::from("\nopen, to be answered in the profile or on a terminal:\n");
    for Asked { question, documents, is_sample, .. } in open {
        let state = match is_sample {
            true => format!("a sample, `{}`", question.shown()),
            false => "not recorded".to_owned(),
        };
        let lacking =
            if documents.is_empty() { String::new() } else { format!("; {} documents lack it", documents.len()) };
        let _ = writeln!(text, "  {}: {} ({state}{lacking})", question.path, question.title);
    }
    let _ = writeln!(text, "`folio new{} --continue` asks them on a terminal", named(dir));
    text
}

/// The folder as an argument; `folio new` needs one.
fn named(dir: &Path) -> String {
    let shown = argument(&dir.display().to_string());
    if shown.is_empty() { " .".to_owned() } else { shown }
}

/// What was written, and what is left.
fn written(said: &Said, asked: usize, dir: &Path) -> String {
    let count = said.answers.len();
    let end = if said.is_broken_off { "the questions were broken off; " } else { "" };
    let answers = match count {
        0 => "nothing was written".to_owned(),
        1 => "1 answer is written".to_owned(),
        count => format!("{count} answers are written"),
    };
    let left = match asked.saturating_sub(count) {
        0 => String::new(),
        1 => format!("; 1 question is left: `folio new{} --continue`", named(dir)),
        left => format!("; {left} questions are left: `folio new{} --continue`", named(dir)),
    };
    format!("{end}{answers}{left}\n")
}

fn object(open: &[Asked], progress: &Progress, diagnostics: &[crate::diagnostic::Diagnostic]) -> Json {
    let question = |asked: &Asked| {
        let Asked { question, documents, is_sample, .. } = asked;
        json!({
            "path": question.path,
            "title": question.title,
            "help": question.help,
            "current": question.current,
            "is_sample": is_sample,
            "documents": documents,
        })
    };
    let document = |it: &progress::Standing| {
        json!({
            "title": it.title,
            "recorded": it.recorded,
            "samples": it.samples,
            "proposed": it.proposed,
            "not_recorded": it.unrecorded,
        })
    };
    json!({
        "schema": 1,
        "questions": open.iter().map(question).collect::<Vec<_>>(),
        "documents": progress.documents.iter().map(document).collect::<Vec<_>>(),
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    })
}
