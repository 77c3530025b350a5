//! The commands, one function each.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::CommandFactory as _;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Check, Cli, Command, Coverage as CoverageArgs, Render, Report, Schema as SchemaArgs};
use super::done::{Done, broken, done, usage};
use super::settings::{Settings, cores};
use super::{compare, decisions, documents, export, history, intake, issue, migrate, new, next, pack};
use super::{propose, receipt, redline, report, status, table, trace, verify};
use crate::backend::Backends;
use crate::coverage::State;
use crate::diagnostic::codes::{self, output as output_codes};
use crate::diagnostic::{Diagnostic, Sink};
use crate::kit::fields;
use crate::ledger::real;
use crate::pack::Pack;
use crate::render::{self, Request, Wishes};
use crate::session::{Stage, Timings};

pub(super) fn run(command: Command, settings: &Settings) -> Done {
    match command {
        Command::New(new) => new::new(&new, settings),
        Command::Check(options) => check(&options, settings),
        Command::Render(options) => render(&options, settings),
        Command::Status(options) => status::status(&options, settings),
        Command::Redline(options) => redline::redline(&options, settings),
        Command::Coverage(options) => coverage(&options, settings),
        Command::Issue(options) => issue::issue(&options, settings),
        Command::Approve(options) => issue::approve(&options, settings),
        Command::Withdraw(options) => issue::withdraw(&options, settings),
        Command::Baseline(options) => issue::baseline(&options, settings),
        Command::Decisions(options) => decisions::decisions(&options, settings),
        Command::Intake(options) => intake::intake(&options, settings),
        Command::Trace(options) => trace::trace(&options, settings),
        Command::Propose(options) => propose::propose(&options, settings),
        Command::Migrate(options) => migrate::migrate(&options, settings),
        Command::Verify(options) => verify::verify(&options, settings),
        Command::Receipt(options) => receipt::receipt(&options, settings),
        Command::History(options) => history::history(&options, settings),
        Command::Documents(options) => documents::documents(&options, settings),
        Command::Export(options) => export::export(&options, settings),
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
                Err(_) => usage("the manual cannot be written".to_owned()),
            }
        }
    }
}

fn check(options: &Check, settings: &Settings) -> Done {
    if let Some(other) = &options.compare {
        return compare::compare(&options.dirs, other, options.deny_warnings, settings);
    }
    // Whose the outputs are is the affair of those who write some.
    let wishes = Wishes { take_over: true, ..settings.request().wishes };
    let request = Request { dry_run: true, asks_progress: true, wishes, ..settings.request() };
    let mut done = over(&options.dirs, &request, settings);
    done.deny_warnings = options.deny_warnings;
    let findings = done.diagnostics.len();
    done.text = if findings == 0 { "nothing to report\n".into() } else { String::new() };
    done.text.push_str(&std::mem::take(&mut done.open));
    done
}

fn render(options: &Render, settings: &Settings) -> Done {
    if let Some(named) = &options.issued {
        let [dir] = options.dirs.as_slice() else {
            return usage("`--issued` takes one workspace at a time".into());
        };
        return issue::stored(dir, named, options.out.as_deref(), options.dry_run, settings);
    }
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
        wishes: Wishes {
            overwrite_edited: options.overwrite_edited,
            prune: options.prune,
            take_over: options.take_over,
            locked: settings.locked,
        },
        ..settings.request()
    };
    let mut done = over(&options.dirs, &request, settings);
    if options.dry_run {
        status::before(&options.dirs, &mut done, settings);
    }
    done.text.push_str(&std::mem::take(&mut done.open));
    if options.timings {
        done.text.push_str(&std::mem::take(&mut done.timings));
    }
    done
}

/// Renders workspaces; they share the threads.
fn over(dirs: &[PathBuf], request: &Request, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let session = request.session();
    // A workspace that is named twice is one.
    let mut seen = BTreeSet::new();
    let dirs: Vec<&PathBuf> = dirs.iter().filter(|dir| seen.insert(real(&settings.path(dir)))).collect();
    // Diagnostics name their workspace when there are several, and where files are looked for from here.
    let is_named = dirs.len() > 1 || settings.report == Report::Sarif;
    let name = |dir: &PathBuf| if is_named { dir.display().to_string() } else { String::new() };
    let roots: Vec<(PathBuf, String)> = dirs.iter().map(|dir| (settings.path(dir), name(dir))).collect();
    let bar = if settings.interactive { progress() } else { ProgressBar::hidden() };
    let update = |done: usize, total: usize| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    };
    let mut outcomes = render::render_all(&session, &roots, request, &update, &mut sink);
    bar.finish_and_clear();
    for (outcome, dir) in outcomes.iter_mut().zip(dirs) {
        outcome.dir.clone_from(dir);
    }
    // Who puts in force what comes later should know.
    sink.extend(issue::ahead(settings).filter(|_| outcomes.iter().any(|outcome| !outcome.came.is_empty())));
    let diagnostics = sink.into_vec();
    let json = report::json(&outcomes, &diagnostics);
    let read = outcomes.iter().filter(|outcome| outcome.is_read);
    let text = read.map(|outcome| table::table(outcome, request, settings.all)).collect();
    let is_several = outcomes.len() > 1;
    let open = outcomes.iter().map(|outcome| next::text(outcome, &diagnostics, is_several, settings.all)).collect();
    let timings = timings(&session.timings);
    Done { text, timings, open, json: Some(json), diagnostics, deny_warnings: false }
}

fn progress() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} documents") {
        bar.set_style(style);
    }
    bar
}

fn timings(timings: &Timings) -> String {
    let mut text = String::new();
    for stage in Stage::ALL {
        let _ = writeln!(text, "{:>8} {:>8.1} ms", stage.name(), timings.of(stage).as_secs_f64() * 1000.0);
    }
    text.push_str("times of threads add up\n");
    text
}

fn schema(options: &SchemaArgs, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let pack = match &options.pack {
        Some(name) => pack::named(name, settings, &mut sink).map(Arc::new),
        None => {
            let dir = settings.path(&options.dir);
            let _reading = settings.reading(&dir, &mut sink);
            settings.session().workspace(&dir, &mut sink).map(|workspace| workspace.pack)
        }
    };
    let Some(pack) = pack else { return broken(sink) };
    if options.markdown {
        return done(fields::markdown(&pack, cores()));
    }
    done(format!("{:#}\n", pack.schema.to_json()))
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
    let workspace = settings.session().workspace(dir, &mut Sink::new());
    let own = workspace.map(|workspace| workspace.pack.checks.clone());
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
    let mut sink = Sink::new();
    let Some(covered) = render::coverage(&settings.path(&options.dir), &settings.request(), &mut sink) else {
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
