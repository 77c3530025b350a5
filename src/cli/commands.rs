//! The commands, one function each.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::CommandFactory as _;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Check, Cli, Command, Coverage as CoverageArgs, Render, Report, Schema as SchemaArgs};
use super::done::{Done, broken, done, usage};
use super::settings::{Settings, cores};
use super::{compare, decisions, intake, migrate, new, pack, report, trace};
use crate::backend::Backends;
use crate::coverage::State;
use crate::diagnostic::codes::{self, output as output_codes};
use crate::diagnostic::{Diagnostic, Sink};
use crate::ledger::real;
use crate::pack::Pack;
use crate::render::{self, Outcome, RenderedState, Request, Wishes};
use crate::session::{Stage, Timings};

pub(super) fn run(command: Command, settings: &Settings) -> Done {
    match command {
        Command::New(new) => new::new(&new, settings),
        Command::Check(options) => check(&options, settings),
        Command::Render(options) => render(&options, settings),
        Command::Coverage(options) => coverage(&options, settings),
        Command::Decisions(options) => decisions::decisions(&options, settings),
        Command::Intake(options) => intake::intake(&options, settings),
        Command::Trace(options) => trace::trace(&options, settings),
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
    let request = Request { dry_run: true, counts_proposals: true, wishes, ..settings.request() };
    let mut done = over(&options.dirs, &request, settings);
    done.deny_warnings = options.deny_warnings;
    let findings = done.diagnostics.len();
    done.text = if findings == 0 { "nothing to report\n".into() } else { String::new() };
    done.text.push_str(&std::mem::take(&mut done.open));
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
        wishes: Wishes {
            overwrite_edited: options.overwrite_edited,
            prune: options.prune,
            take_over: options.take_over,
            locked: settings.locked,
        },
        ..settings.request()
    };
    let mut done = over(&options.dirs, &request, settings);
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
    let diagnostics = sink.into_vec();
    let json = report::json(&outcomes, &diagnostics);
    let text = outcomes.iter().filter(|outcome| outcome.is_read).map(|outcome| table(outcome, request)).collect();
    let is_named = outcomes.len() > 1;
    let open = outcomes.iter().map(|outcome| proposed(outcome, is_named) + &lacking(outcome, is_named)).collect();
    let timings = timings(&session.timings);
    Done { text, timings, open, json: Some(json), diagnostics, deny_warnings: false }
}

/// How many figures nobody has decided, and where they are listed.
fn proposed(outcome: &Outcome, is_named: bool) -> String {
    let Some(count) = outcome.proposed.filter(|count| *count > 0) else { return String::new() };
    let dir = outcome.dir.display().to_string();
    let (name, dir) = match dir.as_str() {
        "." => (String::new(), String::new()),
        _ => (if is_named { format!("{dir}: ") } else { String::new() }, format!(" {dir}")),
    };
    format!("{name}{}: `folio decisions{dir}`\n", decisions::counted(count))
}

/// The most facts of a document that are told one by one.
const MOST_FACTS: usize = 6;

/// What nobody recorded, a line for each document that lacks something.
fn lacking(outcome: &Outcome, is_named: bool) -> String {
    let facts: usize = outcome.lacking.iter().map(|lacking| lacking.gaps.len()).sum();
    if facts == 0 {
        return String::new();
    }
    let name = if is_named { format!("{}: ", outcome.dir.display()) } else { String::new() };
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let documents = counted(outcome.lacking.len(), "document");
    let mut text = format!("{name}not yet recorded: {} in {documents}\n", counted(facts, "fact"));
    for lacking in &outcome.lacking {
        let told: Vec<&str> = lacking.gaps.iter().take(MOST_FACTS).map(|(_, words)| words.as_str()).collect();
        let more = lacking.gaps.len().saturating_sub(MOST_FACTS);
        let more = if more == 0 { String::new() } else { format!("; and {more} more") };
        let _ = writeln!(text, "  {} ({}): {}{more}", lacking.title, lacking.gaps.len(), told.join("; "));
    }
    text
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
    let mut text = format!("{table}\n");
    text.push_str(&left_out(outcome));
    for left in &outcome.left_behind {
        let what = match (left.is_removed, left.is_edited) {
            (true, _) if request.dry_run => "left behind; would be removed",
            (true, _) => "left behind; removed",
            (false, true) => "left behind, and edited by hand: it stays until you move it away",
            (false, false) => "left behind; `--prune` removes it",
        };
        let _ = writeln!(text, "{}: {what}", left.path.display());
    }
    let would = if request.dry_run { "would go to " } else { "" };
    let _ = writeln!(text, "{} · {would}{}", outcome.pack, outcome.folder.display());
    text
}

/// From how many documents on those with one reason share a line.
const TOGETHER: usize = 4;

/// The documents that are not made, each with its reason; many of one reason together.
fn left_out(outcome: &Outcome) -> String {
    let reasons: Vec<(&String, &String)> =
        outcome.documents.iter().filter_map(|document| Some((document.reason.as_ref()?, &document.title))).collect();
    let mut text = String::new();
    for (at, (reason, title)) in reasons.iter().enumerate() {
        let same: Vec<&str> =
            reasons.iter().filter(|(other, _)| other == reason).map(|(_, title)| title.as_str()).collect();
        let is_first = reasons.iter().position(|(other, _)| other == reason) == Some(at);
        match same.len() {
            count if count < TOGETHER => {
                let _ = writeln!(text, "{title} does not apply: {reason}");
            }
            count if is_first => {
                let _ = writeln!(text, "{count} documents do not apply: {reason}: {}", same.join(", "));
            }
            _ => {}
        }
    }
    text
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
