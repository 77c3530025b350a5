//! `folio pack upgrade`: shows what a newer pack changes in a workspace, then moves its pin.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use semver::VersionReq;
use serde_json::json;

use super::diff::{listed, shown, turns};
use super::{Done, Settings, broken, done};
use crate::cli::args::Upgrade;
use crate::cli::done::usage;
use crate::cli::migrate::{Target, finished};
use crate::cli::report;
use crate::commit::{Held, Reading};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::differ;
use crate::files::{Disk, Files};
use crate::migrate::{self, Before, Older};
use crate::pack::Pack;
use crate::pack::diff::{self as changes, Change};
use crate::pack::hidden::{Fate, Hidden, Rested, fates, hidden};
use crate::pack::source::{Bases as _, Wanted};
use crate::upgrade;
use crate::workspace::{self, Known, SETTINGS};

/// The most changes of one kind that are told one by one.
const MAX_TOLD: usize = 12;

pub(super) fn upgrade(options: &Upgrade, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let root = settings.path(&options.dir);
    let session = settings.session();
    // Held before anything is read, so that what is written was made from what is there.
    let mut held = None;
    if options.write && root.join(SETTINGS).is_file() {
        held = settings.hold("pack upgrade", &root, &mut sink);
        if held.is_none() {
            return broken(sink);
        }
    }
    let reading = if held.is_none() { settings.reading(&root, &mut sink) } else { None };
    match across(options, settings, &root, (held.as_mut(), reading.as_ref()), &mut sink) {
        Some(Across::No) => {}
        Some(Across::Done(done)) => return Done { diagnostics: sink.into_vec(), ..*done },
        None => return broken(sink),
    }
    let Some(workspace) = upgrade::pinned(&session, &root, &mut sink) else { return broken(sink) };
    let Some(asked) = workspace.settings.wanted(&mut sink) else { return broken(sink) };
    let wanted = match &options.to {
        Some(range) => match format!("{}@{range}", asked.id).parse::<Wanted>() {
            Ok(wanted) => wanted,
            Err(problem) => return usage(problem),
        },
        None => asked.clone(),
    };
    let found = settings.shelf.find(&wanted).map_err(|problem| sink.push(problem)).ok();
    let new = found.and_then(|files| Pack::load(files, &settings.shelf, &mut sink));
    let Some(new) = new else { return broken(sink) };
    let old = workspace.pack.clone();
    if new.digest == old.digest {
        return done(format!("{} is what this workspace is pinned to already\n", chain(&new)));
    }
    if new.manifest.version < old.manifest.version && options.to.is_none() {
        return done(format!("{} is newer than anything that can be had here\n", chain(&old)));
    }
    let new = Arc::new(new);
    let mut text = format!("{} -> {}\n", chain(&old), chain(&new));
    let parts = parts(&changes::diff(&old, &new));
    text.push_str(&parts);
    let rested = fates(&old, &new, &workspace.overrides);
    text.push_str(&overridden(&rested));
    let Some(effects) = upgrade::effects(&session, &root, &old, &new, &mut sink) else {
        let diagnostics = sink.into_vec();
        text.push_str("the pin stays: this workspace cannot be made with the new pack\n");
        return Done { json: Some(report::json(&[], &diagnostics)), text, diagnostics, ..Done::default() };
    };
    text.push_str(&shown(&effects));
    let hidden = hidden(&old, &new, &workspace.overrides);
    text.push_str(&under(&hidden));
    sink.extend(hidden.iter().map(Hidden::finding));
    // Written back only when folio.yaml would not take the new version.
    let range = options.to.as_deref().filter(|_| !asked.matches(&new.manifest));
    if let Some(held) = &mut held {
        let Some(commit) = upgrade::move_pin(&workspace, &new, range, &mut sink) else { return broken(sink) };
        if let Err(problem) = held.apply(&commit) {
            sink.push(problem);
            return broken(sink);
        }
        let _ = writeln!(text, "the workspace is pinned to {}; `folio render` makes the set anew", new.label(0));
    } else {
        text.push_str("nothing was written; `--write` moves the pin\n");
    }
    let diagnostics: Vec<Diagnostic> = sink.into_vec();
    let mut json = report::json(&[], &diagnostics);
    json["from"] = json!(chain(&old));
    json["to"] = json!(chain(&new));
    json["written"] = json!(options.write);
    json["documents"] = listed(&effects);
    json["look"] = turns(&effects.look);
    json["words"] = turns(&effects.words);
    json["overrides"] = rested
        .iter()
        .map(|Rested { document, block, file, fate }| {
            json!({"document": document, "block": block, "file": file, "fate": word(*fate)})
        })
        .collect();
    json["hidden"] = hidden
        .iter()
        .map(|Hidden { document, block, file, hunks }| {
            json!({"document": document, "block": block, "file": file, "diff": differ::text(hunks, false)})
        })
        .collect();
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}

/// Whether a move was one to a newer major version that says what becomes of profiles.
enum Across {
    No,
    Done(Box<Done>),
}

/// Moves a workspace to a newer major version of its pack, by what that says becomes of profiles. The older version need
/// not be at hand.
fn across(
    options: &Upgrade,
    settings: &Settings,
    root: &Path,
    (held, reading): (Option<&mut Held>, Option<&Reading>),
    sink: &mut Sink,
) -> Option<Across> {
    let known = workspace::known(root, &settings.shelf, sink)?;
    let (to, named) = match &known.wanted {
        None => (known.pack.clone()?, None),
        Some(asked) => {
            let wanted = match &options.to {
                Some(range) => format!("{}@{range}", asked.id).parse::<Wanted>().ok(),
                None if known.pack.is_none() => Some(Wanted { range: VersionReq::STAR, ..asked.clone() }),
                None => Some(asked.clone()),
            };
            // What is wrong with a range is said where it is read for good.
            let Some(wanted) = wanted else { return Some(Across::No) };
            let found = settings.shelf.find(&wanted).map_err(|problem| {
                sink.push(match workspace::newer(&wanted, &settings.shelf) {
                    Some(major) => {
                        problem.help(format!("`--to '^{major}'` says what version {major} makes of this workspace"))
                    }
                    None => problem,
                });
            });
            let files = found.ok()?;
            let to = Arc::new(Pack::load(files, &settings.shelf, sink)?);
            let range = options.to.clone().unwrap_or_else(|| format!("^{}", to.manifest.version.major));
            let named = (!asked.matches(&to.manifest)).then(|| json!(format!("{}@{range}", asked.id)));
            (to, named)
        }
    };
    let is_folder = known.wanted.is_none();
    let from = known.pack.as_deref().filter(|_| !is_folder);
    if !migrate::leads(from, &to) {
        return if from.is_none() && !is_folder { unreachable_from(&known, sink) } else { Some(Across::No) };
    }
    let called = match (from, &known.wanted) {
        (Some(from), _) => from.label(0),
        (None, Some(asked)) => asked.to_string(),
        (None, None) => format!("an older {}", to.manifest.id),
    };
    let files: Arc<dyn Files> = Arc::new(Disk::new(root, ""));
    let older = Older { root, files: files.clone(), settings: &known.settings, pack: from, called };
    let mut plan = migrate::plan_within(&older, &to, named, sink)?;
    if plan.changes.is_empty() && is_folder && plan.report.assumed.is_empty() {
        return Some(Across::Done(Box::new(done(format!("this workspace is as {} has it\n", to.label(0))))));
    }
    let output = known.settings.output.clone();
    let before = Before { root, files: &*files, output: &output, lock: &known.lock, from: &to.manifest.id };
    let target = Target { is_folder, write: options.write, out: options.out.as_deref(), what: "pack upgrade" };
    let done = finished(&mut plan, &before, &target, (held, reading), settings, sink)?;
    Some(Across::Done(Box::new(done)))
}

/// No version that the workspace asks for is at hand, and none that is says what becomes of it.
fn unreachable_from(known: &Known, sink: &mut Sink) -> Option<Across> {
    let message = match &known.wanted {
        Some(asked) => format!("no version at hand fits `{asked}`, and none says what becomes of its workspaces"),
        None => return None,
    };
    sink.push(Diagnostic::fault(&codes::MIGRATION_MISSING, message).help(codes::MIGRATION_MISSING.fix));
    None
}

/// The parts of the pack that change and are neither texts, look nor words, which are told as this workspace has them: the
/// rest of what `folio pack diff` says.
fn parts(found: &[Change]) -> String {
    const TOLD: [&str; 4] = ["document", "block", "theme", "string"];
    let mut text = String::new();
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for Change { kind, name, what, detail, .. } in found.iter().filter(|change| !TOLD.contains(&change.kind)) {
        let count = told.entry(kind).or_default();
        *count += 1;
        if *count <= MAX_TOLD {
            let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
            let _ = writeln!(text, "  {kind} `{name}` {what}{detail}");
        }
    }
    for (kind, count) in told.into_iter().filter(|(_, count)| *count > MAX_TOLD) {
        let _ = writeln!(text, "  and {} more of the kind `{kind}`; `folio pack diff` shows all", count - MAX_TOLD);
    }
    text
}

/// What becomes of overrides.
fn overridden(rested: &[Rested]) -> String {
    let mut text = String::new();
    for Rested { document, block, file, fate } in rested {
        let _ = match fate {
            Fate::Stays | Fate::Changed => continue, // What changed is shown with its words.
            Fate::Gone => writeln!(
                text,
                "  {document}: the block `{block}` has gone, and `{file}` has no place any more: move its words, or delete it"
            ),
            Fate::Final => {
                writeln!(text, "  {document}: the block `{block}` is final now: delete `{file}`, and say it elsewhere")
            }
        };
    }
    let staying = rested.iter().filter(|rested| rested.fate == Fate::Stays).count();
    if !rested.is_empty() {
        let of = rested.len();
        let noun = if of == 1 { "override" } else { "overrides" };
        let verb = if of == 1 && staying == 1 { "rests" } else { "rest" };
        let _ = writeln!(text, "  {staying} of {of} {noun} {verb} on blocks that say what they said");
    }
    text
}

/// The word in reports.
fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Stays => "stays",
        Fate::Changed => "changed",
        Fate::Gone => "gone",
        Fate::Final => "final",
    }
}

/// What changed under overrides, with the words that differ.
fn under(hidden: &[Hidden]) -> String {
    let mut text = String::new();
    for Hidden { document, block, file, hunks } in hidden {
        let _ = writeln!(text, "  {document}: the block `{block}` changes in the pack, hidden by `{file}`");
        for line in differ::text(hunks, true).lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// A pack with the packs that it extends: `house 2.0.0 on isms-core 1.0.0`.
fn chain(pack: &Pack) -> String {
    let labels: Vec<String> = (0..pack.layers.len()).map(|layer| pack.label(layer)).collect();
    labels.join(" on ")
}
