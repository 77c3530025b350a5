//! The commands, one function each.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::CommandFactory as _;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Check, Cli, Command, Coverage as CoverageArgs, Render, Schema as SchemaArgs};
use super::settings::Settings;
use super::{Done, migrate, new, pack, report};
use crate::backend::Backends;
use crate::coverage::State;
use crate::diagnostic::codes::{self, output as output_codes, workspace as workspace_codes};
use crate::diagnostic::{Diagnostic, Sink};
use crate::pack::Pack;
use crate::render::{self, Outcome, RenderedState, Request};
use crate::workspace::Workspace;
use crate::workspace::profile::Schema;

pub(super) fn run(command: Command, settings: &Settings) -> Done {
    match command {
        Command::New(new) => new::new(&new, settings),
        Command::Check(options) => check(&options, settings),
        Command::Render(options) => render(&options, settings),
        Command::Coverage(options) => coverage(&options, settings),
        Command::Migrate(options) => migrate::migrate(&options, settings),
        Command::Schema(options) => schema(&options, settings),
        Command::Explain { code, dir } => explain(&code, &settings.path(&dir), settings),
        Command::Pack(command) => pack::run(command, settings),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "folio", &mut text);
            done(String::from_utf8_lossy(&text).into_owned())
        }
        Command::Man => {
            let mut text = Vec::new();
            match clap_mangen::Man::new(Cli::command()).render(&mut text) {
                Ok(()) => done(String::from_utf8_lossy(&text).into_owned()),
                Err(error) => usage(error.to_string()),
            }
        }
    }
}

pub(super) fn done(text: String) -> Done {
    Done { text, ..Done::default() }
}

/// A command that could not do its work.
pub(super) fn broken(sink: Sink) -> Done {
    Done { diagnostics: sink.into_vec(), broken: true, ..Done::default() }
}

pub(super) fn usage(problem: String) -> Done {
    let mut sink = Sink::new();
    sink.push(Diagnostic::fault(&workspace_codes::USAGE, problem));
    broken(sink)
}

fn check(options: &Check, settings: &Settings) -> Done {
    let request = settings.dry_run();
    let mut done = over(&options.dirs, &request, settings);
    done.deny_warnings = options.deny_warnings;
    let findings = done.diagnostics.len();
    done.text = if findings == 0 { "nothing to report\n".into() } else { String::new() };
    done
}

fn render(options: &Render, settings: &Settings) -> Done {
    let backends = Backends::bundled();
    let formats = match backends.pick(options.formats.iter().map(String::as_str)) {
        Ok(formats) => formats,
        Err(name) => return usage(format!("`{name}` is not a format; there are {}", backends.names().join(", "))),
    };
    if options.jobs == Some(0) {
        return usage("`--jobs 0` leaves nobody to work".into());
    }
    if options.out.is_some() && options.dirs.len() > 1 {
        let mut sink = Sink::new();
        sink.push(Diagnostic::fault(&output_codes::OUTPUT_TARGET, "`--out` takes one workspace at a time"));
        return broken(sink);
    }
    let request = Request {
        backends,
        formats,
        only: options.only.clone(),
        out: options.out.as_ref().map(|out| settings.path(out)),
        jobs: options.jobs.unwrap_or_else(cores),
        dry_run: options.dry_run,
        overwrite_edited: options.overwrite_edited,
        locked: settings.locked,
        today: settings.today.clone(),
        shelf: settings.shelf.clone(),
    };
    let mut done = over(&options.dirs, &request, settings);
    if options.timings {
        done.text.push_str(&std::mem::take(&mut done.timings));
    }
    done
}

pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Renders workspaces one after another; each uses all threads.
fn over(dirs: &[PathBuf], request: &Request, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let mut outcomes = Vec::new();
    let mut broken = false;
    for dir in dirs {
        let bar = if settings.interactive { progress() } else { ProgressBar::hidden() };
        let update = |done: usize, total: usize| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        };
        let outcome = render::render(&settings.path(dir), request, &update, &mut sink);
        bar.finish_and_clear();
        broken |= outcome.is_none();
        outcomes.extend(outcome);
    }
    let broken = sink.iter().any(is_broken) || (broken && !sink.has_faults());
    let diagnostics = sink.into_vec();
    let json = report::json(&outcomes, &diagnostics);
    let text = outcomes.iter().map(|outcome| table(outcome, request)).collect();
    let timings = outcomes.iter().map(timings).collect();
    Done { text, timings, json: Some(json), diagnostics, broken, deny_warnings: false }
}

/// Whether a problem lies in what was asked, or in reading and writing, and not in what stands in the files.
pub(super) fn is_broken(diagnostic: &Diagnostic) -> bool {
    [
        workspace_codes::NOT_A_WORKSPACE.id,
        workspace_codes::FILE_UNREADABLE.id,
        output_codes::OUTPUT_UNWRITABLE.id,
        workspace_codes::UNKNOWN_DOCUMENT.id,
    ]
    .contains(&diagnostic.code.as_str())
}

fn progress() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} documents") {
        bar.set_style(style);
    }
    bar
}

/// The closing table.
fn table(outcome: &Outcome, request: &Request) -> String {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["Document", "Version", "State", "Pages", "Formats", "Time"]);
    for document in &outcome.documents {
        let is_made = document.state != RenderedState::NotApplicable;
        let formats: Vec<String> =
            document.outputs.iter().map(|output| format!("{} {}", output.format.name, output.action.name())).collect();
        table.add_row([
            document.title.clone(),
            if is_made { document.version.clone() } else { "–".into() },
            document.state.name().to_owned(),
            if is_made { document.pages.to_string() } else { "–".into() },
            if is_made { formats.join(", ") } else { "–".into() },
            if is_made { format!("{} ms", document.time.as_millis()) } else { "–".into() },
        ]);
    }
    for column in [3, 5] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let folder =
        outcome.documents.iter().flat_map(|document| &document.outputs).find_map(|output| output.path.parent());
    let mut text = format!("{table}\n");
    for document in &outcome.documents {
        if let Some(reason) = &document.reason {
            let _ = writeln!(text, "{} does not apply: {reason}", document.title);
        }
    }
    let place = folder.map(|folder| folder.display().to_string()).unwrap_or_default();
    let would = if request.dry_run { "would go to " } else { "" };
    let _ = writeln!(text, "{} · {would}{place}", outcome.pack);
    text
}

fn timings(outcome: &Outcome) -> String {
    let mut text = String::new();
    for (stage, time) in &outcome.timings.0 {
        let _ = writeln!(text, "{stage:>8} {:>8.1} ms", time.as_secs_f64() * 1000.0);
    }
    text.push_str("typeset, docx and pdf add up over threads\n");
    text
}

fn schema(options: &SchemaArgs, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let pack = match &options.pack {
        Some(name) => pack::named(name, settings, &mut sink).map(Arc::new),
        None => {
            Workspace::open(&settings.path(&options.dir), &settings.shelf, &mut sink).map(|workspace| workspace.pack)
        }
    };
    let Some(pack) = pack else { return broken(sink) };
    match Schema::new(Some((pack.manifest.id.as_str(), &pack.schema))) {
        Ok(schema) => done(format!("{:#}\n", schema.to_json())),
        Err(problems) => broken(problems),
    }
}

fn explain(code: &str, dir: &Path, settings: &Settings) -> Done {
    if let Some(known) = codes::all().find(|known| known.id.eq_ignore_ascii_case(code)) {
        return done(format!(
            "{} {}\n\n{}\n\nWhy\n  {}\n\nExample\n  {}\n\nWhat to do\n  {}\n",
            known.id,
            known.title,
            known.what,
            known.why,
            known.example.replace('\n', "\n  "),
            known.fix
        ));
    }
    let mut sink = Sink::new();
    let own = Workspace::open(dir, &settings.shelf, &mut Sink::new()).map(|workspace| workspace.pack.checks.clone());
    let checks = own.unwrap_or_else(|| {
        let packs = settings.shelf.packs().into_iter().filter(|pack| !pack.manifest.is_base);
        let packs = packs.filter_map(|pack| Pack::load(pack.files, &settings.shelf, &mut sink));
        packs.flat_map(|pack| pack.checks).collect()
    });
    match checks.iter().find(|check| check.id == code) {
        Some(check) => {
            done(format!("{} (a check of the pack, severity {})\n\n{}\n", check.id, check.severity, check.explain))
        }
        None => {
            let known: Vec<&str> =
                codes::all().map(|code| code.id).chain(checks.iter().map(|check| check.id.as_str())).collect();
            let near = crate::diagnostic::nearest(code, known.iter().copied());
            usage(format!(
                "there is no code `{code}`{}",
                near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
            ))
        }
    }
}

fn coverage(options: &CoverageArgs, settings: &Settings) -> Done {
    let request = settings.dry_run();
    let mut sink = Sink::new();
    let Some(covered) = render::coverage(&settings.path(&options.dir), &request, &mut sink) else {
        return broken(sink);
    };
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["Requirement", "Title", "Document", "State"]);
    for row in &covered {
        let document = row.document.as_ref().map_or("–", |(_, title)| title.as_str());
        let state = match &row.state {
            State::NotApplicable(Some(reason)) => format!("not applicable: {reason}"),
            state => state.name().replace('-', " "),
        };
        table.add_row([row.cites.as_str(), row.title.as_str(), document, state.as_str()]);
    }
    let count = |name: &str| covered.iter().filter(|row| row.state.name() == name).count();
    let text = format!(
        "{table}\n{} present, {} to be filled in, {} not applicable, {} missing\n",
        count("present"),
        count("form"),
        count("not-applicable"),
        count("missing")
    );
    let diagnostics = sink.into_vec();
    let json = report::coverage(&covered, &diagnostics);
    Done { text, json: Some(json), diagnostics, ..Done::default() }
}
