//! What fixtures, and workspaces that are rendered beside them, reach of a pack: its conditions and its text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::Read;
use super::{Coverage, Subject, unseen, ways};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::expand::Arm;
use crate::files::{Disk, Files as _};
use crate::kit::fixture::{self, Given};
use crate::leaks;
use crate::pack::{MANIFEST, Pack};
use crate::rules;
use crate::schema::View;

/// The fixture with no more than the schema demands.
const SILENT: &str = "silent";

pub(super) fn check(subject: &Subject<'_>, on: &[PathBuf], jobs: usize, read: &mut Read, sink: &mut Sink) -> Coverage {
    constant_conditions(subject, sink);
    if subject.is_base() {
        return Coverage::default(); // Rendered through the packs that extend it.
    }
    let fixtures = fixture::all(subject.pack);
    if fixtures.is_empty() {
        let span = Span::file(subject.pack.files().name(MANIFEST));
        let diagnostic = Diagnostic::warning(&codes::FIXTURE_MISSING, "the pack has no fixture").at(span);
        sink.push(diagnostic.help(codes::FIXTURE_MISSING.fix));
    }
    // A base that is rendered by itself has its own.
    let is_whole = subject.pack.layers.len() == subject.depth;
    if is_whole && !fixtures.is_empty() && !fixtures.iter().any(|fixture| fixture.name == SILENT) {
        let span = Span::file(subject.pack.files().name(MANIFEST));
        let message = format!("the pack has no fixture `{SILENT}`, which says no more than it must");
        let finding = Diagnostic::new(&codes::FIXTURE_SILENT, Severity::Note, message).at(span);
        sink.push(finding.help(codes::FIXTURE_SILENT.fix));
    }
    let mut reached = Reached::default();
    for fixture in &fixtures {
        let given = fixture.rehearse(jobs, sink);
        given.iter().for_each(|given| reached.take(subject, given, sink));
        if let Some(given) = given.filter(|given| given.documents.is_some()) {
            read.insert(format!("{}/{}", fixture::FOLDER, fixture.name), given.read);
        }
    }
    for root in on {
        let given = workspace(root, subject.pack, jobs, sink);
        given.iter().for_each(|given| reached.take(subject, given, sink));
    }
    let rendered = reached.rendered;
    if rendered > 0 {
        conditions(subject, &reached, sink);
        unseen::check(subject, &reached.seen, sink);
        capitals(subject, &reached.capped, sink);
    }
    let mut closed = ways::closed(subject);
    closed.retain(|arm| !reached.arms.contains(arm));
    decide_nothing(subject, &closed, sink);
    let arms = text(subject, &reached.arms, &closed, rendered > 0, sink);
    Coverage { rendered, arms: arms.len(), reached: arms.intersection(&reached.arms).count() }
}

/// Values that a text of the pack's own changes: with a capital, where the schema does not say that they may have one. What
/// is chosen from a list is a word of the pack.
fn capitals<'v>(subject: &'v Subject<'_>, capped: &BTreeSet<(Span, String)>, sink: &mut Sink) {
    let view = subject.pack.schema.view();
    for (span, path) in capped {
        let inner = |view: &'v View, key: &str| view.property(key).or_else(|| view.items()?.property(key));
        let found = path.split('.').try_fold(view, inner);
        if found.is_none_or(|found| found.may_be_capped || found.asks.choices.is_some()) {
            continue;
        }
        let message = format!("`{path}` is printed with a capital that it may not have");
        let finding = Diagnostic::warning(&codes::VALUE_CHANGED, message).at(span.clone()).path(path.as_str());
        sink.push(finding.help(codes::VALUE_CHANGED.fix));
    }
}

/// A path without what says which row: `roles.title`.
fn without_rows(path: &str) -> String {
    let mut is_inside = false;
    let outside = |c: &char| {
        is_inside |= *c == '[';
        let is_outside = !is_inside;
        is_inside &= *c != ']';
        is_outside
    };
    path.chars().filter(outside).collect()
}

/// How many conditions that decide nothing are named beside the first.
const MORE_CONDITIONS: usize = 5;

/// The author's conditions that come out the same for every profile, in one entry.
fn decide_nothing(subject: &Subject<'_>, closed: &BTreeSet<Arm>, sink: &mut Sink) {
    // A list inside the condition that it is there is gone over as one writes it.
    let is_own = |arm: &&Arm| subject.layer_of(&arm.span.file) == Some(0) && !arm.text.starts_with("#each");
    let arms: Vec<&Arm> = closed.iter().filter(is_own).collect();
    let Some((first, rest)) = arms.split_first() else { return };
    let way = if first.otherwise { "past" } else { "into" };
    let more = match rest.len() {
        0 => String::new(),
        more => format!("; and so for {more} more"),
    };
    let message = format!("nothing can go {way} `{}`: it comes out the same for every profile{more}", first.text);
    let found = Diagnostic::new(&codes::WHEN_UNREACHABLE, Severity::Note, message).at(first.span.clone());
    let places = rest.iter().take(MORE_CONDITIONS);
    let found = places.fold(found, |found, arm| found.related(arm.span.clone(), format!("`{}`", arm.text)));
    sink.push(found.help("take such a condition out, or correct it"));
}

/// A client's workspace as this pack has it; what is wrong is located by its path.
fn workspace(root: &Path, pack: &Arc<Pack>, jobs: usize, sink: &mut Sink) -> Option<Given> {
    let name = format!("{}/", root.display().to_string().trim_end_matches(['/', '\\']));
    let mut own = Sink::new();
    let given = Given::of(root, Arc::new(Disk::new(root, name)), pack, jobs, &mut own);
    sink.merge(own);
    given
}

/// What renderings reached.
#[derive(Default)]
struct Reached {
    rendered: usize,
    arms: BTreeSet<Arm>,
    /// Where a value stands with a capital that it has not itself, and its path without rows.
    capped: BTreeSet<(Span, String)>,
    /// Whether each document was made, and whether it was left out by its condition.
    made: BTreeMap<String, (bool, bool)>,
    /// What the profiles have.
    seen: unseen::Seen,
    /// The names of others, read once.
    practice: leaks::Practice,
}

impl Reached {
    fn take(&mut self, subject: &Subject<'_>, given: &Given, sink: &mut Sink) {
        self.seen.take(subject, &given.workspace.profile);
        self.rendered += 1;
        self.arms.extend(given.arms.iter().cloned());
        self.capped.extend(given.capped.iter().map(|(span, path)| (span.clone(), without_rows(path))));
        for job in &given.plan.jobs {
            self.made.entry(job.control.id.clone()).or_default().0 = true;
        }
        for left_out in &given.plan.not_applicable {
            let id = &subject.pack.documents[left_out.template].id;
            if !given.workspace.settings.skip.contains_key(id) {
                self.made.entry(id.clone()).or_default().1 = true;
            }
        }
        let documents = given.documents.as_deref().unwrap_or_default();
        leaks::check_among(&given.workspace, documents, &self.practice, sink);
    }
}

/// Conditions that read nothing.
fn constant_conditions(subject: &Subject<'_>, sink: &mut Sink) {
    for document in &subject.pack.documents {
        let Some(when) = document.when.as_ref().filter(|when| rules::reads(when, None).is_empty()) else { continue };
        let message = format!("the condition of `{}` reads nothing of the profile: `{}`", document.id, when.text);
        let diagnostic = Diagnostic::new(&codes::WHEN_UNREACHABLE, Severity::Error, message);
        sink.push(diagnostic.at(when.span.clone()).help(codes::WHEN_UNREACHABLE.fix));
    }
}

/// Conditions that always came out the same.
fn conditions(subject: &Subject<'_>, reached: &Reached, sink: &mut Sink) {
    for document in &subject.pack.documents {
        let Some(when) = document.when.as_ref().filter(|when| !rules::reads(when, None).is_empty()) else { continue };
        let (severity, came_out) = match reached.made.get(&document.id) {
            Some((false, true)) => (Severity::Warning, "false"),
            Some((true, false)) => (Severity::Note, "true"),
            _ => continue,
        };
        let all = match reached.rendered {
            1 => "the one set".to_owned(),
            several => format!("all {several} sets"),
        };
        let message = format!("the condition of `{}` is {came_out} for {all}", document.id);
        let diagnostic = Diagnostic::new(&codes::WHEN_UNREACHABLE, severity, message);
        sink.push(diagnostic.at(when.span.clone()).help("add a fixture for which it comes out the other way"));
    }
}

/// Notes the ways that nobody went, but not those that lie inside one, nor those that are closed; gives all that there are
/// in what is looked at.
fn text(
    subject: &Subject<'_>,
    reached: &BTreeSet<Arm>,
    closed: &BTreeSet<Arm>,
    is_rendered: bool,
    sink: &mut Sink,
) -> BTreeSet<Arm> {
    let is_own = |arm: &Arm| subject.layer_of(&arm.span.file).is_none_or(|layer| layer < subject.depth);
    let is_looked_at = |arm: &Arm| is_own(arm) && !closed.contains(arm);
    let (mut all, mut unreached) = (BTreeSet::new(), BTreeSet::new());
    for ways in subject.prepared().map(|prepared| prepared.ways()) {
        let is_reached = |at: Option<usize>| at.is_none_or(|at| reached.contains(&ways[at].arm));
        for (at, way) in ways.iter().enumerate().filter(|(_, way)| is_looked_at(&way.arm)) {
            all.insert(way.arm.clone());
            if is_rendered && !is_reached(Some(at)) && is_reached(way.inside) {
                unreached.insert(way.arm.clone());
            }
        }
    }
    for Arm { span, text, otherwise } in unreached {
        let way = if otherwise { "past" } else { "into" };
        let message = format!("no fixture goes {way} `{text}`");
        sink.push(Diagnostic::new(&codes::TEXT_UNREACHED, Severity::Note, message).at(span));
    }
    all
}
