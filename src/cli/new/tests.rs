//! `folio new` and `--continue` with a script that answers.
#![expect(clippy::disallowed_methods, reason = "tests make and read files")]

use clap::Parser as _;

use super::*;
use crate::cli::args::{Cli, Command};
use crate::lead::{Answer, Read};

/// Answers in turn: a text is typed, nothing keeps what stands there, and after the last the questions are broken off.
struct Script {
    choices: Vec<usize>,
    answers: Vec<&'static str>,
    asked: Vec<String>,
}

impl Ask for Script {
    fn choose(&mut self, title: &str, items: &[String]) -> Result<usize, Ended> {
        self.asked.push(format!("{title} {}", items.join("; ")));
        if title.starts_with("Which kind") {
            return Ok(items.len() - 1); // None of these, however many the pack has.
        }
        if self.choices.is_empty() { Err(Ended::BrokenOff) } else { Ok(self.choices.remove(0)) }
    }

    fn ask(&mut self, asked: &Asked, _: (usize, usize), read: Read<'_>) -> Result<Answer, Ended> {
        let question = &asked.question;
        self.asked.push(format!("{}: {}", question.path, question.shown()));
        while !self.answers.is_empty() {
            match self.answers.remove(0) {
                "" => return Ok(Answer::Kept),
                "-" => return Ok(Answer::Skipped),
                typed => match read(typed) {
                    Ok(value) => return Ok(Answer::Said(value)),
                    Err(problem) => self.asked.push(problem),
                },
            }
        }
        Err(Ended::BrokenOff)
    }
}

fn script(choices: &[usize], answers: &[&'static str]) -> Script {
    Script { choices: choices.to_vec(), answers: answers.to_vec(), asked: Vec::new() }
}

/// Runs `folio new` in a folder with a script that answers.
fn run(folder: &std::path::Path, arguments: &[&str], script: &mut Script) -> Done {
    let place = folder.display().to_string();
    let all = [&["folio", "-C", &place, "--packs", "packs", "--date", "2026-03-14", "new", "acme"], arguments];
    let cli = Cli::try_parse_from(all.concat()).unwrap();
    let settings = Settings::new(&cli.global, false).unwrap();
    let Command::New(options) = cli.command else { panic!() };
    match options.go_on {
        true => resume::resume(&options.dir, &settings, Some(script)),
        false => lay_down(&options, &settings, Some(script)),
    }
}

#[test]
fn the_basic_questions_lead_to_a_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| std::fs::read_to_string(folder.path().join("acme").join(name)).unwrap();
    let answers = ["Harbour Works Ltd", "", "germany", "DE", "-", "many", "12"];
    let mut script = script(&[], &answers);
    let done = run(folder.path(), &["--pack", "iso27001-2022"], &mut script);
    // The kinds are asked for where the pack has some.
    let asked: Vec<&str> = script.asked.iter().map(String::as_str).filter(|it| !it.starts_with("Which")).collect();
    assert_eq!(
        asked[..3],
        [
            "organisation.name: Sample Organisation Ltd",
            "organisation.short_name: Sample Organisation",
            "organisation.country: GB"
        ]
    );
    assert!(asked[3].starts_with("`country`") && asked[4].starts_with("organisation.industry"), "{asked:?}");
    assert!(asked[6].starts_with("`many` is not a whole number"), "{asked:?}");
    assert!(done.text.contains("broken off; the 3 answers so far are written"), "{}", done.text);
    let (profile, settings) = (file("profile.yaml"), file("folio.yaml"));
    assert!(profile.contains("name: \"Harbour Works Ltd\"") && profile.contains("country: DE"), "{profile}");
    assert!(profile.contains("employees: 12") && profile.contains("# As it completes"), "{profile}");
    // A name that was kept is nobody's: it stays a sample.
    for (path, stays) in [("name", false), ("short_name", true), ("country", false), ("industry", true)] {
        assert_eq!(settings.contains(&format!("- organisation.{path}\n")), stays, "{settings}");
    }
    assert!(settings.contains("as_of: 2026-03-14"), "{settings}");
}

#[test]
fn what_was_left_open_is_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| std::fs::read_to_string(folder.path().join("acme").join(name)).unwrap();
    run(folder.path(), &["--pack", "iso27001-2022"], &mut script(&[], &["Harbour Works Ltd"]));
    let before = file("profile.yaml");
    let mut asked = script(&[], &["Harbour Works", "", "boats", "-"]);
    let done = run(folder.path(), &["--continue"], &mut asked);
    assert_eq!(
        asked.asked[..3],
        [
            "organisation.short_name: Sample Organisation",
            "organisation.country: GB",
            "organisation.industry: consulting"
        ]
    );
    assert!(done.text.contains("the questions were broken off; 3 answers are written"), "{}", done.text);
    let after = file("profile.yaml");
    let wanted = before.replace("short_name: Sample Organisation", "short_name: \"Harbour Works\"");
    assert_eq!(after, wanted.replace("industry: consulting", "industry: boats"), "nothing else changes");
    let settings = file("folio.yaml");
    assert!(!settings.contains("- organisation.") && settings.contains("- people\n"), "{settings}");
    assert!(settings.contains("are marked as samples."), "{settings}");
    // Nothing is said: nothing is written.
    let done = run(folder.path(), &["--continue"], &mut script(&[], &[]));
    assert!(done.text.contains("nothing was written") && file("profile.yaml") == after, "{}", done.text);
}

#[test]
fn the_edition_is_asked_and_nothing_is_made_without() {
    let folder = tempfile::tempdir().unwrap();
    let mut script = script(&[], &[]);
    let done = run(folder.path(), &[], &mut script);
    assert!(script.asked[0].find("iso27001-2022") < script.asked[0].find("iso27001-2013"), "{:?}", script.asked);
    assert!(done.diagnostics[0].message.starts_with("nothing was made"));
    assert!(!folder.path().join("acme").exists());
}
