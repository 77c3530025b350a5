//! `folio migrate`: a workspace moves to another pack, all of it or nothing.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::args::Migrate;
use super::commands::{done, is_broken};
use super::settings::Settings;
use super::{Done, pack, report};
use crate::backend::docx;
use crate::control::lock::{self, Lock};
use crate::diagnostic::codes::{output as output_codes, pack as pack_codes};
use crate::diagnostic::{Diagnostic, Sink};
use crate::migrate::{self, Plan};
use crate::output::{self, Batch};
use crate::pack::Pack;
use crate::render::sheet::{Sheet, sheet};
use crate::workspace::{self, SETTINGS, Workspace};

/// How many matters are printed on the terminal; the report has all.
const SHOWN: usize = 8;

pub(super) fn migrate(options: &Migrate, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let done = moved(options, settings, &mut sink).unwrap_or_default();
    Done { broken: sink.iter().any(is_broken), diagnostics: sink.into_vec(), ..done }
}

fn moved(options: &Migrate, settings: &Settings, sink: &mut Sink) -> Option<Done> {
    let root = settings.path(&options.dir);
    let workspace = Workspace::open(&root, &settings.shelf, sink)?;
    let to = Arc::new(pack::named(&options.to, settings, sink)?);
    if to.manifest.is_base {
        let message = format!("`{}` is a base for other packs; it has no set of its own", to.manifest.id);
        sink.push(Diagnostic::fault(&pack_codes::PACK_MISSING, message).help(pack_codes::PACK_MISSING.fix));
        return None;
    }
    if to.manifest.id == workspace.pack.manifest.id {
        return Some(done(format!(
            "{} is on {} already; nothing was changed. `folio pack upgrade` moves between versions of one pack.\n",
            options.dir.display(),
            workspace.pack.label(0)
        )));
    }
    let folder = settings.path(Path::new(&options.to));
    let is_folder = folder.join("pack.yaml").is_file();
    let named = if is_folder { json!({"path": relative(&root, &folder)}) } else { Json::from(range(&options.to, &to)) };
    let mut plan = migrate::plan(&workspace, &to, named, sink)?;
    let place = match &options.out {
        Some(out) => settings.path(out),
        None => root.join(&workspace.settings.output).join("migration"),
    };
    let name = format!("{} to {}", workspace.pack.manifest.id, to.manifest.id);
    let files = writes(&workspace, &mut plan, &to, is_folder, settings, sink)?;
    let text = text(&plan, options, &place, &name);
    let json = json!({
        "schema": 1,
        "migration": plan.report.to_json(),
        "written": options.write,
        "diagnostics": sink.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    let reports = (options.write || options.out.is_some()).then(|| reports(&plan, &place, &name, sink));
    let mut batch = Batch::default();
    // The report first, then what the new pack reads, and what names it last.
    let files = if options.write { files } else { Vec::new() };
    for (path, bytes) in reports.flatten().into_iter().flatten().chain(files) {
        match bytes {
            Some(bytes) => batch.prepare(&path, &bytes).map_err(|problem| sink.push(problem)).ok()?,
            None => batch.remove(path),
        }
    }
    if sink.has_faults() {
        return None;
    }
    batch.commit().map_err(|problem| sink.push(problem)).ok()?;
    Some(Done { text, json: Some(json), ..Done::default() })
}

type File = (PathBuf, Option<Vec<u8>>);

/// The files of the workspace, in the order in which they are put in place: archives of the new pack, profile and
/// registers, `folio.yaml`, the lock.
fn writes(
    workspace: &Workspace,
    plan: &mut Plan,
    to: &Pack,
    is_folder: bool,
    settings: &Settings,
    sink: &mut Sink,
) -> Option<Vec<File>> {
    let pin = if is_folder { None } else { Some(workspace::pin(to, sink)?) };
    let packs = pin.as_ref().map(|pin| pin.locked.clone()).unwrap_or_default();
    let lock = Lock { packs, set: None, ..workspace.lock.clone() };
    if settings.locked && lock.packs != workspace.lock.packs {
        let message = "folio.lock does not pin this pack, and `--locked` forbids to change it";
        sink.push(Diagnostic::fault(&output_codes::LOCK_BROKEN, message));
        return None;
    }
    let root = &workspace.root;
    let mut files: Vec<File> = Vec::new();
    let keep = pin.into_iter().flat_map(|pin| pin.keep);
    for (path, bytes) in keep.filter(|(path, bytes)| workspace.files.read(path).ok().as_ref() != Some(bytes)) {
        plan.report.files.push((path.clone(), "made".into()));
        files.push((root.join(path), Some(bytes)));
    }
    let (last, others): (Vec<_>, Vec<_>) = plan.changes.clone().into_iter().partition(|(path, _)| path == SETTINGS);
    files.extend(others.into_iter().chain(last).map(|(path, bytes)| (root.join(path), bytes)));
    if lock != workspace.lock {
        let is_there = workspace.files.read(lock::FILE).is_ok();
        plan.report.files.push((lock::FILE.into(), if is_there { "rewritten" } else { "made" }.into()));
        files.push((root.join(lock::FILE), Some(lock.to_bytes())));
    }
    plan.report.files.sort();
    Some(files)
}

/// The report as Markdown and as a Word file.
fn reports(plan: &Plan, place: &Path, name: &str, sink: &mut Sink) -> Option<Vec<File>> {
    output::sweep(place);
    let title = plan.report.title();
    let head = Sheet { id: "migration", title: &title, kind: "Report" };
    let word = sheet(&plan.workspace, head, plan.report.source(), docx::FORMAT, sink)?;
    Some(vec![
        (place.join(format!("{name}.md")), Some(plan.report.markdown().into_bytes())),
        (place.join(format!("{name}.docx")), Some(word)),
    ])
}

/// The report in short.
fn text(plan: &Plan, options: &Migrate, place: &Path, name: &str) -> String {
    let report = &plan.report;
    let mut text = format!("{}\n\n", report.title());
    for (what, count) in report.summary().into_iter().filter(|(_, count)| *count > 0) {
        let _ = writeln!(text, "{count:>6} {what}");
    }
    let mut list = |title: &str, lines: Vec<String>, most: usize| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{title}:");
        }
        for line in lines.iter().take(most) {
            let _ = writeln!(text, "  {line}");
        }
        if lines.len() > most {
            let _ = writeln!(text, "  … and {} more", lines.len() - most);
        }
    };
    let open = report.open.iter().filter(|open| open.is_decision);
    list("To be decided", open.map(|open| format!("{} {}", open.id, open.title)).collect(), SHOWN);
    let merged = report.decisions.iter().filter(|row| !row.differences.is_empty());
    list(
        "Merged with differences",
        merged
            .map(|row| {
                let columns: Vec<&str> = row.differences.iter().map(|difference| difference.title.as_str()).collect();
                format!("{} of {}: {}", row.id, row.from.join(", "), columns.join(", "))
            })
            .collect(),
        SHOWN,
    );
    list("Needs judgement", report.judgement.iter().map(|note| format!("{}: {}", note.at, note.text)).collect(), SHOWN);
    list("Unmapped", report.unmapped.iter().map(|row| format!("{}: {}", row.at, row.reason)).collect(), SHOWN);
    list(
        "Overrides put aside",
        report.moved.iter().map(|moved| format!("{}: {}", moved.path, moved.reason)).collect(),
        SHOWN,
    );
    list("Files", report.files.iter().map(|(path, what)| format!("{path}: {what}")).collect(), usize::MAX);
    let place = place.join(name).display().to_string();
    let _ = match (options.write, options.out.is_some()) {
        (true, _) => writeln!(text, "\nDone. The report is in {place}.md and .docx"),
        (false, true) => {
            writeln!(text, "\nNothing was changed: `--write` does it. The report is in {place}.md and .docx")
        }
        (false, false) => writeln!(
            text,
            "\nNothing was changed: `--write` does it, and puts the whole report into {place}.md and .docx"
        ),
    };
    text
}

/// How `folio.yaml` calls the pack: by the range that was given, else by what is compatible with its version.
fn range(given: &str, to: &Pack) -> String {
    let version = &to.manifest.version;
    let compatible = if version.major > 0 { version.major.to_string() } else { format!("0.{}", version.minor) };
    if given.contains('@') { given.to_owned() } else { format!("{}@^{compatible}", to.manifest.id) }
}

/// The way from one folder to another, with `/`.
fn relative(from: &Path, to: &Path) -> String {
    let clean = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut parts: Vec<PathBuf> = Vec::new();
        for part in path.components() {
            match part {
                Component::ParentDir => drop(parts.pop()),
                part => parts.push(Path::new(part.as_os_str()).to_owned()),
            }
        }
        parts
    };
    let (from, to) = (clean(from), clean(to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..].iter().map(|part| part.to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".into() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_leads_up_and_down() {
        assert_eq!(relative(Path::new("/a/b/c"), Path::new("/a/d")), "../../d");
        assert_eq!(relative(Path::new("/a/b/../c"), Path::new("/a/c/packs/x")), "packs/x");
        assert_eq!(relative(Path::new("/a"), Path::new("/a")), ".");
    }
}
