//! The command line: the only part that prints, and that reads the clock and the environment.

mod args;
mod ask;
mod commands;
mod compare;
mod decisions;
mod documents;
mod done;
mod dry;
mod export;
mod history;
mod intake;
mod issue;
mod migrate;
mod new;
mod next;
mod pack;
mod propose;
mod receipt;
mod redline;
mod report;
mod resume;
mod settings;
mod status;
mod table;
mod trace;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::diagnostic::{Diagnostic, Severity, screen};
use args::{Cli, Report};
use done::Done;
use settings::Settings;

/// Runs the program. Exit 0: done, nothing at or above the threshold; 1: findings; 2: usage, or a file that cannot be
/// read or written.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // Nothing can be done about a terminal that is gone.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let settings = match Settings::new(&cli.global, cli.command.is_dry_run()) {
        Ok(settings) => settings,
        Err(problem) => {
            print_error(&format!("error: {problem}\n"));
            return ExitCode::from(2);
        }
    };
    settings.mend_packs();
    let has_own = cli.command.tells_more();
    let mut result = commands::run(cli.command, &settings);
    if let Some(dry) = &settings.dry {
        result = dry.told(result, has_own, settings.all);
    }
    let code = finish(&settings, &result);
    // Its packs are many small pieces; the system takes them back together.
    std::mem::forget(settings);
    code
}

fn finish(settings: &Settings, done: &Done) -> ExitCode {
    match settings.report {
        Report::Text => {
            print_error(&found(settings, done));
            if !settings.quiet {
                print(&done.text);
            }
        }
        Report::Json => match &done.json {
            Some(json) => print(&format!("{json:#}\n")),
            None => print(&format!("{:#}\n", report::json(&[], &done.diagnostics))),
        },
        Report::Sarif => print(&format!("{:#}\n", report::sarif(&done.diagnostics))),
    }
    ExitCode::from(done.exit(settings.fail_on))
}

/// What was found, as far as a screen has room for it above the result.
fn found(settings: &Settings, done: &Done) -> String {
    if settings.all {
        let all: Vec<&Diagnostic> = done.diagnostics.iter().collect();
        return screen::whole(&all, settings.colour_errors) + &summary(&done.diagnostics, true);
    }
    let below = if settings.quiet { "" } else { &done.text };
    let said = screen::above(&done.diagnostics, below, settings.colour_errors);
    said.text + &summary(&done.diagnostics, said.is_whole)
}

/// `2 errors, 1 warning`; nothing when there is nothing to count.
fn summary(diagnostics: &[Diagnostic], is_whole: bool) -> String {
    let count = |wanted: fn(Severity) -> bool| {
        let of = diagnostics.iter().filter(|diagnostic| wanted(diagnostic.severity));
        of.map(|diagnostic| diagnostic.count).sum::<usize>()
    };
    let parts: Vec<String> = [
        (count(|severity| severity >= Severity::Error), "error"),
        (count(|severity| severity == Severity::Warning), "warning"),
        (count(|severity| severity == Severity::Note), "note"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
    .collect();
    if parts.is_empty() {
        return String::new();
    }
    let all = if is_whole { "" } else { ", `--all` shows each one" };
    format!("{}; `folio explain CODE` tells more{all}\n", parts.join(", "))
}

fn print(text: &str) {
    // A reader that has gone away, as in `folio man | head`, is no error of ours.
    let _ = anstream::stdout().write_all(text.as_bytes());
}

fn print_error(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}
