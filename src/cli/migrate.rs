//! `folio migrate`: a workspace moves to another pack, all of it or nothing.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::args::Migrate;
use super::done::{Done, done};
use super::settings::Settings;
use super::{pack, report};
use crate::commit::{Commit, Held};
use crate::diagnostic::codes::pack as pack_codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::migrate::{self, Before, Plan};
use crate::pack::Pack;
use crate::workspace::SETTINGS;

/// How many matters are printed on the terminal; the report has all.
const SHOWN: usize = 8;

pub(super) fn migrate(options: &Migrate, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let done = moved(options, settings, &mut sink).unwrap_or_default();
    Done { diagnostics: sink.into_vec(), ..done }
}

fn moved(options: &Migrate, settings: &Settings, sink: &mut Sink) -> Option<Done> {
    let root = settings.path(&options.dir);
    // Held before anything is read, so that what is written was made from what is there.
    let held = (options.write && root.join(SETTINGS).is_file()).then(|| settings.hold("migrate", &root, sink));
    let mut held = match held {
        Some(None) => return None,
        held => held.flatten(),
    };
    let reading = if held.is_none() { Some(settings.reading(&root, sink)?) } else { None };
    let workspace = settings.session().workspace(&root, sink)?;
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
    let before = Before::from(&workspace);
    let target = Target { is_folder, write: options.write, out: options.out.as_deref(), what: "migrate" };
    finished(&mut plan, &before, &target, (held.as_mut(), reading), settings, sink)
}

/// What is to be done with a plan.
pub(super) struct Target<'a> {
    /// Whether the pack stays in its folder, and is not kept.
    pub(super) is_folder: bool,
    pub(super) write: bool,
    pub(super) out: Option<&'a Path>,
    /// The command.
    pub(super) what: &'a str,
}

/// Writes a planned move, all of it or nothing, or says what it would do.
pub(super) fn finished(
    plan: &mut Plan,
    before: &Before<'_>,
    target: &Target<'_>,
    (held, reading): (Option<&mut Held>, Option<impl Sized>),
    settings: &Settings,
    sink: &mut Sink,
) -> Option<Done> {
    let mut own = plan.commit(before, target.is_folder, settings.locked, sink)?;
    let out = target.out.map(|out| settings.path(out));
    let reports = plan.reports(before, out.as_deref(), sink)?;
    let text = text(plan, target, &reports.place.join(&reports.name));
    let json = json!({
        "schema": 1,
        "migration": plan.report.to_json(),
        "written": target.write,
        "diagnostics": sink.iter().map(report::diagnostic).collect::<Vec<_>>(),
    });
    if sink.has_faults() {
        return None;
    }
    // A dry run writes its report where it was asked for, and nothing else.
    if !target.write {
        own = Commit::new();
    }
    let elsewhere = if target.write || out.is_some() { reports.join(&mut own) } else { None };
    if let Some((place, commit)) = elsewhere {
        settings.apply(target.what, &place, &commit, sink)?;
    }
    match held {
        Some(held) => held.apply(&own).map_err(|problem| sink.push(problem)).ok()?,
        None => {
            drop(reading);
            settings.apply(target.what, before.root, &own, sink)?;
        }
    }
    Some(Done { text, json: Some(json), ..Done::default() })
}

/// The report in short.
fn text(plan: &Plan, target: &Target<'_>, report_file: &Path) -> String {
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
    let assumed = report.assumed.iter().map(|row| format!("{}: {}", row.at, row.value));
    list("Was assumed, nobody said it", assumed.collect(), SHOWN);
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
    let place = report_file.display().to_string();
    let _ = match (target.write, target.out.is_some()) {
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
