//! `folio decisions`: the figures that documents print and nobody has decided.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::args::Decisions;
use super::done::{Done, broken};
use super::report;
use super::settings::Settings;
use crate::commit::{Commit, Held};
use crate::decisions::{self, Open, name_of};
use crate::decode;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::edit::{Change, Piece};
use crate::files::Changed;
use crate::migrate;
use crate::model::Document;
use crate::plan::Plan;
use crate::propose;
use crate::workspace::profile::Proposal;
use crate::workspace::{Refused, SETTINGS, Workspace};

/// Lists what nobody has decided, or decides it as it is proposed.
pub(super) fn decisions(options: &Decisions, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let root = settings.path(&options.dir);
    // Held before anything is read, so that what is written was made from what is there.
    let mut held = None;
    let writes = options.confirm_all || !options.confirm.is_empty() || !options.refuse.is_empty();
    if writes && !options.dry_run && root.join(SETTINGS).is_file() {
        held = settings.hold("decisions", &root, &mut sink);
        if held.is_none() {
            return broken(sink);
        }
    }
    let _reading = if held.is_none() { settings.reading(&root, &mut sink) } else { None };
    let session = settings.session();
    let Some(workspace) = session.workspace(&root, &mut sink) else { return broken(sink) };
    let mut plan = session.plan(&workspace, &mut sink);
    if !options.refuse.is_empty() {
        return match sink.has_faults() {
            true => broken(sink),
            false => refuse(&workspace, &mut plan, &options.refuse, (held.as_mut(), settings), sink),
        };
    }
    let documents = session.documents(&workspace, &plan, &mut sink).documents;
    let Some(documents) = documents else { return broken(sink) };
    let open = decisions::open(workspace.profile.proposals(), &documents, &workspace.pack.strings);
    let chosen = match options.confirm_all {
        true => {
            let figures = open.iter().map(|open| open.proposal).filter(|proposal| proposal.recorded.is_none());
            let marked = workspace.profile.proposals().all().iter().filter(|proposal| proposal.recorded.is_some());
            figures.chain(marked).collect()
        }
        false => chosen(&workspace, &open, &options.confirm, &mut sink),
    };
    if sink.has_faults() {
        return broken(sink);
    }
    let Some((commit, notes)) = confirmed(&workspace, &chosen, &mut sink) else { return broken(sink) };
    if !done(held.as_mut(), settings, &workspace, &commit, &mut sink) {
        return broken(sink);
    }
    let taken: BTreeSet<&str> = chosen.iter().map(|chosen| chosen.path.as_str()).collect();
    let is_left = |proposal: &Proposal| !taken.contains(proposal.path.as_str());
    let figures = open.iter().filter(|open| open.proposal.recorded.is_none());
    let left: Vec<&Open<'_>> = figures.filter(|open| is_left(open.proposal)).collect();
    let marked: Vec<&Proposal> =
        workspace.profile.proposals().all().iter().filter(|it| it.recorded.is_some()).collect();
    let marked: Vec<&Proposal> = marked.into_iter().filter(|proposal| is_left(proposal)).collect();
    let text = match writes {
        true if options.dry_run => would(&chosen),
        true => written(&chosen, &notes, left.len(), &marked),
        false => listed(&workspace, &documents, &left, &marked, &options.dir),
    };
    let diagnostics = sink.into_vec();
    let json = json!({
        "schema": 1,
        "decisions": left.iter().map(|open| object(&workspace, &documents, open)).collect::<Vec<_>>(),
        "rows": decisions::registers(marked.iter().copied()).iter().map(|register| json!({
            "register": register.path,
            "title": register.title,
            "rows": register.rows,
            "columns": register.columns,
        })).collect::<Vec<_>>(),
        "marked": marked.iter().map(|proposal| json!({
            "key": proposal.path, "value": proposal.value, "title": proposal.title,
        })).collect::<Vec<_>>(),
        "confirmed": chosen.iter().map(|proposal| proposal.path.as_str()).collect::<Vec<_>>(),
        "notes": notes,
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// Writes what was decided, or notes that it would be written; false where it could not be.
fn done(held: Option<&mut Held>, settings: &Settings, workspace: &Workspace, commit: &Commit, sink: &mut Sink) -> bool {
    match (held, &settings.dry) {
        (_, Some(dry)) => dry.commit(&workspace.root, commit),
        (Some(held), None) if !commit.is_empty() => {
            if let Err(problem) = held.apply(commit) {
                sink.push(problem);
                return false;
            }
        }
        _ => {}
    }
    true
}

/// The proposals of keys: each itself, of a group those that documents print.
fn chosen<'w>(workspace: &'w Workspace, open: &[Open<'w>], keys: &[String], sink: &mut Sink) -> Vec<&'w Proposal> {
    let profile = &workspace.profile;
    let all = profile.proposals().all();
    let mut chosen: Vec<&Proposal> = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for key in keys {
        // What is copied out of a PDF has places to break a line.
        let key = &typed(key);
        let is_in = |path: &str| path.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']));
        let own = all.iter().filter(|proposal| proposal.path == *key);
        let inner = open.iter().map(|open| open.proposal).filter(|proposal| is_in(&proposal.path));
        // What stands in a register is confirmed by register and row, whether a document prints it or not.
        let marked = all.iter().filter(|proposal| proposal.recorded.is_some() && is_in(&proposal.path));
        // A property of all rows of a register.
        let column = all.iter().filter(|proposal| is_of(proposal, &Refused::one(key)));
        let found: Vec<&Proposal> = own.chain(inner).chain(marked).chain(column).collect();
        if found.is_empty() {
            sink.push(unknown(workspace, key));
        }
        for proposal in found {
            if known.insert(&proposal.path) {
                chosen.push(proposal);
            }
        }
    }
    chosen
}

/// A key without the places to break a line that it has in a PDF.
fn typed(key: &str) -> String {
    key.trim().chars().filter(|c| !matches!(c, '\u{200B}' | '\u{AD}' | '\u{2060}')).collect()
}

/// Whether a marked value is among those that are named.
fn is_of(proposal: &Proposal, named: &Refused<'_>) -> bool {
    let Some(recorded) = &proposal.recorded else { return false };
    let key = recorded.row.strip_prefix(recorded.register.as_str()).unwrap_or_default();
    let key = key.strip_prefix('[').and_then(|key| key.strip_suffix(']')).unwrap_or_default();
    let property = proposal.steps.last().map(String::as_str).unwrap_or_default();
    named.holds(&recorded.register, key, property)
}

/// Takes proposals out of registers, and notes that the pack does not propose them again.
fn refuse(
    workspace: &Workspace,
    plan: &mut Plan,
    paths: &[String],
    (held, settings): (Option<&mut Held>, &Settings),
    mut sink: Sink,
) -> Done {
    let paths: Vec<String> = paths.iter().map(|path| typed(path)).collect();
    let marked: Vec<&Proposal> =
        workspace.profile.proposals().all().iter().filter(|proposal| proposal.recorded.is_some()).collect();
    let facts = propose::facts(workspace, plan);
    let (profile, pack, none) = (&workspace.profile, &workspace.pack, Refused::default());
    let offered = propose::rows(pack, profile, &facts, &[], &none, &mut Sink::new()).unwrap_or_default();
    let mut gone: Vec<&Proposal> = Vec::new();
    for path in &paths {
        let named = Refused::one(path);
        let own: Vec<&Proposal> = marked.iter().copied().filter(|proposal| is_of(proposal, &named)).collect();
        let is_offered =
            |row: &propose::Row| row.values.iter().any(|it| named.holds(&row.register, &row.key, &it.property));
        let is_known = workspace.settings.refused.iter().any(|(known, _)| known == path);
        if own.is_empty() && !is_known && !offered.iter().any(is_offered) {
            sink.push(unknown(workspace, path));
        }
        gone.extend(own.into_iter().filter(|own| !gone.iter().any(|known| known.path == own.path)).collect::<Vec<_>>());
    }
    if sink.has_faults() {
        return broken(sink);
    }
    let Some((commit, notes)) = without(workspace, &gone, &paths, &mut sink) else { return broken(sink) };
    if !done(held, settings, workspace, &commit, &mut sink) {
        return broken(sink);
    }
    let mut text = String::new();
    let would = if settings.dry.is_some() { "would be " } else { "" };
    for register in decisions::registers(gone.iter().copied()) {
        let rows = if register.rows == 1 { "row" } else { "rows" };
        let columns = register.columns.join(", ");
        let _ = writeln!(text, "{}: {would}taken out of {} {rows} ({columns})", register.path, register.rows);
    }
    notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    let _ = writeln!(
        text,
        "{would}refused: {}; `refused` in {SETTINGS} keeps it, and `folio propose` gives it no more",
        paths.join(", ")
    );
    let diagnostics = sink.into_vec();
    let json = json!({
        "schema": 1,
        "refused": paths,
        "taken_out": gone.iter().map(|proposal| proposal.path.as_str()).collect::<Vec<_>>(),
        "notes": notes,
        "diagnostics": diagnostics.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// The files without what is refused, and with its paths in the settings. Read back, they must make a workspace.
fn without(
    workspace: &Workspace,
    gone: &[&Proposal],
    paths: &[String],
    sink: &mut Sink,
) -> Option<(Commit, Vec<String>)> {
    let view = workspace.pack.schema.view();
    let (mut files, notes) = match gone.is_empty() {
        true => Default::default(),
        false => migrate::rewritten(workspace, &|profile| decisions::refused(gone, profile, view), sink)?,
    };
    let own = decode::read(&*workspace.files, SETTINGS, sink)?.to_json();
    let known = own["refused"].as_array().cloned().unwrap_or_default();
    let new = paths.iter().map(|path| Json::from(path.as_str())).filter(|path| !known.contains(path));
    let change = match known.is_empty() {
        true => Change::Become(new.collect()),
        false => {
            let kept = (0..known.len()).map(|at| Piece { from: Some(at), change: Change::Keep });
            let new = new.map(|path| Piece { from: None, change: Change::Become(path) });
            Change::list(known.len(), kept.chain(new).collect())
        }
    };
    files.extend(migrate::settings_rewritten(workspace, &own, &Change::at("refused", change), sink)?);
    if sink.has_faults() {
        return None;
    }
    let changes = files.iter().map(|(path, bytes)| (path.clone(), Some(bytes.clone()))).collect();
    let changed = Arc::new(Changed::new(workspace.files.clone(), changes));
    let mut after = Sink::new();
    if Workspace::open_with(&workspace.root, changed, workspace.pack.clone(), &mut after).is_none() {
        for problem in after.into_vec().into_iter().filter(Diagnostic::is_fault) {
            sink.push(problem.help("so it would stand without what is refused; nothing was written"));
        }
        return None;
    }
    let mut commit = Commit::new();
    for (path, bytes) in files {
        let seen = workspace.files.digest(&path).ok();
        commit.write_over(path, bytes, seen);
    }
    Some((commit, notes.into_iter().map(|note| note.text).collect()))
}

/// What is wrong with a key of which nothing is proposed.
fn unknown(workspace: &Workspace, key: &str) -> Diagnostic {
    let profile = &workspace.profile;
    let value = key.split('.').try_fold(&profile.value, |value, part| value.get(part));
    if value.is_some_and(|value| !value.is_null()) {
        let message = format!("nothing of `{key}` is open: it is decided, or no document prints it");
        let problem = Diagnostic::fault(&codes::UNKNOWN_KEY, message);
        return profile.locate(problem.help("`folio decisions` lists what is"), key);
    }
    let message = format!("the pack proposes no `{key}`");
    let paths = profile.proposals().all().iter().map(|proposal| proposal.path.as_str());
    Diagnostic::fault(&codes::UNKNOWN_KEY, message).suggest(key, paths).help("`folio decisions` lists what is proposed")
}

/// The files that hold the profile, with proposals written into them.
fn confirmed(workspace: &Workspace, chosen: &[&Proposal], sink: &mut Sink) -> Option<(Commit, Vec<String>)> {
    let mut commit = Commit::new();
    if chosen.is_empty() {
        return Some((commit, Vec::new()));
    }
    let view = workspace.pack.schema.view();
    let change = |profile: &Json| decisions::confirmed(chosen, profile).and(decisions::unmarked(chosen, profile, view));
    let (files, notes) = migrate::rewritten(workspace, &change, sink)?;
    if sink.has_faults() {
        return None;
    }
    for (path, bytes) in files {
        let seen = workspace.files.digest(&path).ok();
        commit.write_over(path, bytes, seen);
    }
    Some((commit, notes.into_iter().map(|note| note.text).collect()))
}

/// What would be confirmed.
fn would(chosen: &[&Proposal]) -> String {
    chosen.iter().map(|proposal| format!("would be confirmed: {}: {}\n", proposal.path, proposal.value)).collect()
}

fn written(chosen: &[&Proposal], notes: &[String], left: usize, marked: &[&Proposal]) -> String {
    let mut text = String::new();
    let figures: Vec<&Proposal> = chosen.iter().copied().filter(|proposal| proposal.recorded.is_none()).collect();
    let confirmed = decisions::registers(chosen.iter().copied());
    for register in &confirmed {
        let rows = if register.rows == 1 { "row" } else { "rows" };
        let columns = register.columns.join(", ");
        let _ = writeln!(text, "{}: {} {rows} confirmed ({columns})", register.path, register.rows);
    }
    if !marked.is_empty() {
        let left = decisions::registers(marked.iter().copied());
        let rows: Vec<(String, usize)> = left.iter().map(|it| (it.path.to_owned(), it.rows)).collect();
        let _ = writeln!(text, "{} still", decisions::counted_rows(&rows));
    }
    if figures.is_empty() && !confirmed.is_empty() {
        notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
        return text;
    }
    let chosen = figures;
    for proposal in &chosen {
        let _ = writeln!(text, "{}: {}", proposal.path, proposal.value);
    }
    notes.iter().for_each(|note| text.push_str(&format!("{note}\n")));
    let _ = match (chosen.len(), left) {
        (0, _) => writeln!(text, "nothing is open; nothing was written"),
        (1, 0) => writeln!(text, "1 figure stands in the profile now, and nothing is open any more"),
        (count, 0) => writeln!(text, "{count} figures stand in the profile now, and nothing is open any more"),
        (1, left) => writeln!(text, "1 figure stands in the profile now; {left} are open still"),
        (count, left) => writeln!(text, "{count} figures stand in the profile now; {left} are open still"),
    };
    text
}

/// What is open, by the first key of each, whose title is that of the area.
fn listed(
    workspace: &Workspace,
    documents: &[Document],
    open: &[&Open<'_>],
    marked: &[&Proposal],
    dir: &Path,
) -> String {
    if open.is_empty() && marked.is_empty() {
        return "nothing is open: every figure that documents print was decided\n".to_owned();
    }
    let mut text = String::new();
    let mut area = None;
    for open in by_area(open) {
        let own = area_of(workspace, open.proposal);
        if area.as_ref() != Some(&own) {
            let space = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{space}{own}");
            area = Some(own);
        }
        let proposal = open.proposal;
        let _ = writeln!(text, "  {}: {}", proposal.path, proposal.value);
        let _ = writeln!(text, "      {}", name_of(proposal));
        if let Some(why) = &proposal.why {
            let _ = writeln!(text, "      why: {why}");
        }
        let titles: Vec<&str> = open.documents.iter().map(|at| documents[*at].control.title.text.as_str()).collect();
        let _ = writeln!(text, "      in: {}", titles.join("; "));
    }
    let dir = dir.display().to_string();
    let dir = if dir == "." { String::new() } else { format!(" {dir}") };
    let registers = decisions::registers(marked.iter().copied());
    if !registers.is_empty() {
        let space = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(text, "{space}Rows of registers that are proposals");
        for register in &registers {
            let rows = if register.rows == 1 { "row" } else { "rows" };
            let columns = register.columns.join(", ");
            let _ = writeln!(text, "  {}: {} {rows}: {} ({columns})", register.path, register.rows, register.title);
        }
        let rows: Vec<(String, usize)> = registers.iter().map(|it| (it.path.to_owned(), it.rows)).collect();
        let first = marked.first().and_then(|proposal| proposal.recorded.as_ref());
        let row = first.map(|recorded| recorded.row.as_str()).unwrap_or_default();
        let _ = writeln!(
            text,
            "\n{}. Taking a name out of the row's `proposed` confirms a value. `folio decisions{dir} --confirm {}` confirms a register, `--confirm \"{row}\"` a row.",
            decisions::counted_rows(&rows),
            registers[0].path,
        );
    }
    if open.is_empty() {
        return text;
    }
    let _ = writeln!(
        text,
        "\n{}. A value in the profile decides one. `folio decisions{dir} --confirm KEY` writes it there as it is, `--confirm-all` writes all of them.",
        decisions::counted(open.len())
    );
    text
}

/// What is open with what belongs to one area together, areas in the order in which they come first.
fn by_area<'o, 'p>(open: &[&'o Open<'p>]) -> Vec<&'o Open<'p>> {
    let mut areas: Vec<&str> = Vec::new();
    let mut of: BTreeMap<&str, Vec<&'o Open<'p>>> = BTreeMap::new();
    for open in open {
        let area = open.proposal.steps.first().map_or("", String::as_str);
        if !areas.contains(&area) {
            areas.push(area);
        }
        of.entry(area).or_default().push(open);
    }
    areas.into_iter().flat_map(|area| of.remove(area).unwrap_or_default()).collect()
}

/// The title of the first key of a proposal, or that key.
fn area_of(workspace: &Workspace, proposal: &Proposal) -> String {
    let key = proposal.steps.first().map_or("", String::as_str);
    let view = workspace.pack.schema.view().property(key);
    view.and_then(|view| view.title.clone()).unwrap_or_else(|| key.to_owned())
}

fn object(workspace: &Workspace, documents: &[Document], open: &Open<'_>) -> Json {
    let Open { proposal, shown, documents: places } = open;
    json!({
        "key": proposal.path,
        "value": proposal.value,
        "printed": shown,
        "title": proposal.title,
        "area": area_of(workspace, proposal),
        "why": proposal.why,
        "documents": places.iter().map(|at| documents[*at].control.id.as_str()).collect::<Vec<_>>(),
    })
}
