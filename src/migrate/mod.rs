//! Moving a workspace from one pack to another: which files change, and what that leaves to decide. Nothing is written.
//!
//! The pack that is moved to says in `migrations/<from>.yaml` what each id of the old one becomes ([`Migration`]). The
//! profile and its registers are carried over as values, and what changes is put into their texts in place ([`crate::edit`]),
//! so that comments and order stay. The result is opened with the new pack before anybody may write it.

mod carry;
mod commit;
mod engine_keys;
mod files;
mod mentions;
mod overrides;
mod report;
mod rows;
mod table;
mod within;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::decode;
use crate::diagnostic::Sink;
use crate::edit::{Change, Field, Piece};
use crate::files::{Changed, Files};
use crate::pack::{Pack, steps};
use crate::schema::View;
use crate::workspace::{SETTINGS, Sample, Settings, Workspace, profile};
use carry::{At, Carry};
use files::Texts;
use mentions::Mentions;

pub use commit::{Before, Reports};
pub use report::{Assumed, Decision, Moved, Note, Open, Report, Step, Unmapped};
pub use rows::{Difference, Way};
pub use table::Migration;

/// The key of a profile that keeps what has no counterpart.
const UNMAPPED: &str = "unmapped";

/// A move, planned.
pub struct Plan {
    /// The files that change, relative to the workspace: their bytes, or nothing for one that goes.
    pub changes: BTreeMap<String, Option<Vec<u8>>>,
    /// What that does.
    pub report: Report,
    /// The workspace as it will be.
    pub workspace: Workspace,
}

/// Files with their new bytes, by path.
pub type Rewritten = BTreeMap<String, Vec<u8>>;

/// What a change of a profile makes of its files: their new bytes by path, and what is to be said of that. `change` is
/// given the profile with its registers.
pub fn rewritten(
    workspace: &Workspace,
    change: &dyn Fn(&Json) -> Change,
    sink: &mut Sink,
) -> Option<(Rewritten, Vec<Note>)> {
    let schema = &workspace.pack.schema;
    let (written, filled) = profile::written(&*workspace.files, &workspace.settings.profile, schema, sink)?;
    let (written, filled) = (written.to_json(), filled.to_json());
    let mut judgement = Vec::new();
    let (files, named) = (&*workspace.files, workspace.settings.profile.as_str());
    let mut texts = Texts { files, profile: named, changes: BTreeMap::new(), judgement: &mut judgement, sink };
    texts.profile(&written, &filled, schema.view(), change(&filled));
    let changes = std::mem::take(&mut texts.changes);
    let changes = changes.into_iter().filter_map(|(path, bytes)| Some((path, bytes?)));
    Some((changes.collect(), judgement))
}

/// What a change of `folio.yaml`, whose value is `old`, makes of it: its new bytes.
pub fn settings_rewritten(workspace: &Workspace, old: &Json, change: &Change, sink: &mut Sink) -> Option<Rewritten> {
    let mut judgement = Vec::new();
    let (files, named) = (&*workspace.files, workspace.settings.profile.as_str());
    let mut texts = Texts { files, profile: named, changes: BTreeMap::new(), judgement: &mut judgement, sink };
    texts.yaml(SETTINGS, old, change);
    let changes = std::mem::take(&mut texts.changes);
    (!texts.sink.has_faults()).then(|| changes.into_iter().filter_map(|(path, bytes)| Some((path, bytes?))).collect())
}

/// Plans the move of a workspace to a pack, which `folio.yaml` will then call `named`. Every problem is reported.
pub fn plan(workspace: &Workspace, to: &Arc<Pack>, named: Json, sink: &mut Sink) -> Option<Plan> {
    let from = &workspace.pack;
    let migration = Migration::read(from, to, sink)?;
    let schema = &from.schema;
    let view = schema.view();
    let (written, filled) = profile::written(&*workspace.files, &workspace.settings.profile, schema, sink)?;
    let (written, filled) = (written.to_json(), filled.to_json());
    let settings = decode::read(&*workspace.files, SETTINGS, sink)?.to_json();

    let mut carry = Carry::new(&migration, from, to, view);
    let mut changes = BTreeMap::new();
    let mentions = Mentions::of(&carry);
    let selection = selection(&settings, named, &mut carry);
    let change = values(&filled, view, &mut carry, &mentions);
    carry.overrides(&*workspace.files, &mentions, &mut changes);
    let open = open(&carry);
    let mut report = Report { open, ..carry.report };
    let change = change.and(unmapped(&filled, from, &report));

    let (files, named) = (&*workspace.files, workspace.settings.profile.as_str());
    let mut texts = Texts { files, profile: named, changes, judgement: &mut report.judgement, sink };
    texts.profile(&written, &filled, view, change);
    texts.yaml(SETTINGS, &settings, &selection);
    let changes = texts.changes;
    report.list(&*workspace.files, &changes);
    let before = &workspace.samples;
    let workspace = opened(&workspace.root, workspace.files.clone(), &changes, to, sink)?;
    report.judgement.extend(samples_lost(before, &workspace.samples));
    Some(Plan { changes, report, workspace })
}

/// What was a sample of the old pack's starter and is none of the new one's: nothing marks it as a sample any more.
fn samples_lost(before: &[Sample], after: &[Sample]) -> Vec<Note> {
    let is_lost = |sample: &&Sample| {
        let same = after.iter().find(|other| other.path == sample.path);
        same.is_some_and(|other| sample.rank() > other.rank())
    };
    let note = |sample: &Sample| Note {
        at: sample.path.clone(),
        text: format!(
            "values or rows of `{}` are still those of the old pack's starter; the new one's has others, so that nothing marks \
             them as samples any more: look through them",
            sample.path
        ),
    };
    before.iter().filter(is_lost).map(note).collect()
}

/// What a workspace is moved from to a newer major version of its pack: the pack itself is known where it is pinned.
pub struct Older<'a> {
    /// The workspace's folder.
    pub root: &'a Path,
    /// Its files.
    pub files: Arc<dyn Files>,
    /// What `folio.yaml` says.
    pub settings: &'a Settings,
    /// The pack that is left.
    pub pack: Option<&'a Pack>,
    /// How it is called.
    pub called: String,
}

/// Whether a pack says what becomes of profiles of an older major version: of the pack that is left, or of any where that
/// is not known.
pub fn leads(from: Option<&Pack>, to: &Pack) -> bool {
    steps::leads(from, to)
}

/// Plans the move of a workspace to a newer major version of its pack, which `folio.yaml` will then call `named`, or as
/// before. Every problem is reported.
pub fn plan_within(older: &Older<'_>, to: &Arc<Pack>, named: Option<Json>, sink: &mut Sink) -> Option<Plan> {
    let versions = steps::read(older.pack, to, sink)?;
    let from = older.pack.unwrap_or(to);
    let mut report = Report::called(older.called.clone(), to.label(0));
    let profile = older.settings.profile.as_str();
    let mut views = vec![to.schema.view()];
    views.extend(older.pack.map(|pack| pack.schema.view()));
    let mut rewriter = within::Rewriter::new(&*older.files, profile, views, &mut report, sink)?;
    let all: Vec<&steps::Step> = versions.iter().flat_map(|version| &version.steps).collect();
    all.iter().for_each(|step| rewriter.take(step));
    let texts = rewriter.gather();
    if sink.has_faults() {
        return None;
    }
    let halfway: BTreeMap<String, Option<Vec<u8>>> =
        texts.into_iter().map(|(path, text)| (path, Some(text.into_bytes()))).collect();

    // What the engine knows of itself: ids of documents and checks, and places of the profile.
    let files = Changed::new(older.files.clone(), halfway.clone());
    let written = decode::read(&files, profile, sink)?.to_json();
    let settings = decode::read(&files, SETTINGS, sink)?.to_json();
    let ids = |of: fn(&steps::Version) -> &BTreeMap<String, String>| {
        versions.iter().flat_map(of).map(|(old, new)| (old.clone(), new.clone())).collect()
    };
    let migration = Migration::within(from, to, ids(|version| &version.documents), ids(|version| &version.checks));
    let mut carry = Carry::new(&migration, from, to, to.schema.view());
    let mentions = Mentions::of_keys(steps::gone_of(&versions));
    let mut selection = match settings["documents"]["skip"].as_object() {
        Some(skip) => Change::at("documents.skip", carry.skip(skip, "folio.yaml documents.skip")),
        None => Change::Keep,
    };
    if let Some(samples) = settings["samples"].as_array() {
        selection = selection.and(Change::at("samples", places(samples, &all, &[])));
    }
    if let Some(named) = named {
        selection = selection.and(Change::at("pack", Change::Become(named)));
    }
    let mut change = Change::Keep;
    if let Some(documents) = written["documents"].as_object() {
        change = change.and(Change::at("documents", carry.by_document(documents, "documents")));
    }
    if let Some(waivers) = written["accepted"].as_array() {
        let at = places(waivers, &all, &["at"]);
        let change_of = if at == Change::Keep { carry.accepted(waivers) } else { at };
        change = change.and(Change::at("accepted", change_of));
    }
    for (key, fields) in [("none", vec!["what"]), ("pending", vec!["what"])] {
        if let Some(items) = written[key].as_array() {
            change = change.and(Change::at(key, places(items, &all, &fields)));
        }
    }
    let mut changes = BTreeMap::new();
    carry.overrides(&files, &mentions, &mut changes);
    let Report { judgement, unmapped: left, moved, .. } = carry.report;
    report.judgement.extend(judgement);
    report.unmapped.extend(left);
    report.moved.extend(moved);
    mention_layers(to, &versions, &mentions, &mut report);
    let change = change.and(unmapped(&written, from, &report));
    let mut texts = Texts { files: &files, profile, changes, judgement: &mut report.judgement, sink };
    texts.yaml(profile, &written, &change);
    texts.yaml(SETTINGS, &settings, &selection);
    let mut changes = halfway;
    changes.extend(texts.changes);
    changes.retain(|path, bytes| bytes.as_ref() != older.files.read(path).ok().as_ref());
    report.list(&*older.files, &changes);
    let workspace = opened(older.root, older.files.clone(), &changes, to, sink)?;
    Some(Plan { changes, report, workspace })
}

/// Profile paths in a list, each a text or a field of a group, after all steps.
fn places(items: &[Json], steps: &[&steps::Step], fields: &[&str]) -> Change {
    let place = |value: &Json| {
        let old = value.as_str()?;
        let new = within::moved(steps, old);
        (new != old).then(|| Change::Become(Json::from(new)))
    };
    let pieces = items.iter().enumerate().map(|(at, item)| {
        let change = place(item).unwrap_or_else(|| {
            Change::map(fields.iter().filter_map(|field| Some(Field::new(*field, place(&item[*field])?))))
        });
        Piece { from: Some(at), change }
    });
    Change::list(items.len(), pieces.collect())
}

/// Names what the packs that build on those with a new version still call by old keys.
fn mention_layers(to: &Pack, versions: &[steps::Version], mentions: &Mentions, report: &mut Report) {
    let has_steps = |id: &str| versions.iter().any(|version| version.label.split(' ').next() == Some(id));
    let last = to.layers.iter().position(|layer| has_steps(&layer.manifest.id)).unwrap_or_default();
    for layer in &to.layers[..last] {
        for path in layer.files.list("").unwrap_or_default() {
            let is_read = path.ends_with(".hbs") || path.starts_with("rules/") || path == "profile.schema.json";
            let text = Some(&path).filter(|_| is_read).and_then(|path| layer.files.read(path).ok());
            let Some(text) = text.and_then(|bytes| String::from_utf8(bytes).ok()) else { continue };
            for what in mentions.in_text(&text) {
                report.judgement.push(Note { at: layer.files.name(&path), text: what });
            }
        }
    }
}

/// What becomes of `folio.yaml`.
fn selection(settings: &Json, named: Json, carry: &mut Carry<'_>) -> Change {
    let skip = match settings["documents"]["skip"].as_object() {
        Some(skip) => carry.skip(skip, "folio.yaml documents.skip"),
        None => Change::Keep,
    };
    let samples = settings["samples"].as_array().map_or(Change::Keep, |samples| carry.places(samples));
    Change::map([
        Field::new("pack", Change::Become(named)),
        Field::new("documents", Change::map([Field::new("skip", skip)])),
        Field::new("samples", samples),
    ])
}

/// What becomes of the profile with its registers.
fn values(filled: &Json, view: &View, carry: &mut Carry<'_>, mentions: &Mentions) -> Change {
    let mut change = carry.value(filled, view, &At::default());
    if let Some(documents) = filled["documents"].as_object() {
        change = change.and(Change::map([Field::new("documents", carry.by_document(documents, "documents"))]));
    }
    if let Some(waivers) = filled["accepted"].as_array() {
        change = change.and(Change::map([Field::new("accepted", carry.accepted(waivers))]));
    }
    for key in ["none", "pending"] {
        if let Some(entries) = filled[key].as_array() {
            change = change.and(Change::map([Field::new(key, carry.places(entries))]));
        }
    }
    // What an earlier move kept names another edition, and places of waivers were looked at.
    let mut texts = filled.clone();
    texts[UNMAPPED].take();
    for waiver in texts["accepted"].as_array_mut().into_iter().flatten() {
        waiver["at"].take();
    }
    mentions.note(carry, &texts, view, &At::default());
    change
}

/// Adds what has no counterpart to what an earlier move found none for.
fn unmapped(filled: &Json, from: &Pack, report: &Report) -> Change {
    let new = report
        .unmapped
        .iter()
        .map(|row| json!({"pack": from.manifest.id, "at": row.at, "reason": row.reason, "value": row.value}));
    let new: Vec<Json> = new.collect();
    let change = match filled[UNMAPPED].as_array() {
        _ if new.is_empty() => Change::Keep,
        None => Change::Become(Json::Array(new)),
        Some(old) => {
            let kept = (0..old.len()).map(|at| Piece { from: Some(at), change: Change::Keep });
            let new = new.into_iter().map(|row| Piece { from: None, change: Change::Become(row) });
            Change::List(kept.chain(new).collect())
        }
    };
    Change::map([Field::new(UNMAPPED, change)])
}

/// Lists what is new in the catalogues of the new pack, and what has no row in a register that has others.
fn open(carry: &Carry<'_>) -> Vec<Open> {
    let mut found = Vec::new();
    for (name, pairs) in &carry.migration.catalogues {
        let reached: BTreeSet<&String> = pairs.values().flatten().collect();
        let registers = carry.keyed().iter().filter(|(_, catalogue)| *catalogue == name);
        let decided: Vec<BTreeSet<&str>> = registers
            .map(|(register, _)| {
                let rows = carry.report.decisions.iter().filter(|row| row.register == *register);
                rows.map(|row| row.id.as_str()).collect()
            })
            .collect();
        let ids = carry::order(carry.to, name);
        let mut ids: Vec<(&str, usize)> = ids.into_iter().collect();
        ids.sort_by_key(|(_, place)| *place);
        for (id, _) in ids {
            let is_new = !reached.contains(&id.to_owned());
            let is_undecided = decided.iter().any(|known| !known.is_empty() && !known.contains(id));
            if is_new || is_undecided {
                found.push(Open {
                    catalogue: name.clone(),
                    id: id.to_owned(),
                    title: carry::title(carry.to, name, id),
                    is_new,
                    is_decision: !decided.is_empty(),
                });
            }
        }
    }
    found
}

/// The workspace after the move, opened with the new pack.
fn opened(
    root: &Path,
    files: Arc<dyn Files>,
    changes: &BTreeMap<String, Option<Vec<u8>>>,
    to: &Arc<Pack>,
    sink: &mut Sink,
) -> Option<Workspace> {
    if sink.has_faults() {
        return None;
    }
    let files = Changed::new(files, changes.clone());
    let mut own = Sink::new();
    let after = Workspace::open_with(root, Arc::new(files), to.clone(), &mut own);
    for problem in own.into_vec() {
        sink.push(problem.help(format!("so it would stand after the move to {}; nothing was changed", to.label(0))));
    }
    after
}
