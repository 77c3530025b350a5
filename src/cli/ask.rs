//! Questions on a terminal.

use inquire::{InquireError, MultiSelect, Select, Text};
use serde_json::Value as Json;

use super::print_error;
use crate::lead::{Answer, Ask, Asked, Ended, Read};
use crate::pack::starter::Kind;

/// What leaves a question open where answers are chosen.
const OPEN: &str = "– (leave it open)";

/// How questions are answered.
const KEYS: &str = "Enter keeps what is shown, - or Esc leaves it open, Ctrl-C ends the questions";

/// The terminal that the program runs on.
pub(super) struct Terminal;

impl Ask for Terminal {
    fn choose(&mut self, title: &str, items: &[String]) -> Result<usize, Ended> {
        let chosen = Select::new(title, items.to_vec()).raw_prompt().map_err(ended)?;
        Ok(chosen.index)
    }

    fn ask(&mut self, asked: &Asked, at: (usize, usize), read: Read<'_>) -> Result<Answer, Ended> {
        let title = format!("[{}/{}] {}:", at.0, at.1, asked.question.title);
        let help = help(asked);
        match &asked.question.kind {
            Kind::Truth => self.one(&title, &help, asked, &[pair("yes"), pair("no")], read),
            Kind::One(choices) => self.one(&title, &help, asked, choices, read),
            Kind::Some(choices) => self.some(&title, &help, asked, choices),
            Kind::Text | Kind::Whole | Kind::Date => self.typed(&title, &help, asked, read),
        }
    }
}

impl Terminal {
    fn typed(&mut self, title: &str, help: &str, asked: &Asked, read: Read<'_>) -> Result<Answer, Ended> {
        let current = asked.question.shown();
        loop {
            let mut prompt = Text::new(title).with_help_message(help);
            if !current.is_empty() {
                prompt = prompt.with_default(&current);
            }
            let Some(typed) = prompt.prompt_skippable().map_err(ended)? else { return Ok(Answer::Skipped) };
            match typed.trim() {
                "" | "-" | "–" => return Ok(Answer::Skipped),
                same if same == current => return Ok(Answer::Kept),
                other => match read(other) {
                    Ok(value) => return Ok(Answer::Said(value)),
                    Err(problem) => print_error(&format!("  {problem}\n")),
                },
            }
        }
    }

    fn one(
        &mut self,
        title: &str,
        help: &str,
        asked: &Asked,
        choices: &[(String, String)],
        read: Read<'_>,
    ) -> Result<Answer, Ended> {
        let current = asked.question.shown();
        let place = choices.iter().position(|(value, _)| *value == current);
        let label = |(value, label): &(String, String)| match value == label {
            true => label.clone(),
            false => format!("{label} ({value})"),
        };
        let labels: Vec<String> = choices.iter().map(label).collect();
        // Where nothing stands, nothing is chosen unseen.
        let (items, before) = match place {
            Some(_) => (labels.into_iter().chain([OPEN.to_owned()]).collect::<Vec<_>>(), 0),
            None => (std::iter::once(OPEN.to_owned()).chain(labels).collect(), 1),
        };
        let prompt = Select::new(title, items).with_starting_cursor(place.unwrap_or_default()).with_help_message(help);
        let Some(chosen) = prompt.raw_prompt_skippable().map_err(ended)? else { return Ok(Answer::Skipped) };
        let chosen = chosen.index.checked_sub(before);
        match chosen.and_then(|at| choices.get(at)) {
            Some(_) if chosen == place => Ok(Answer::Kept),
            Some((value, _)) => Ok(read(value).map_or(Answer::Skipped, Answer::Said)),
            None => Ok(Answer::Skipped),
        }
    }

    fn some(&mut self, title: &str, help: &str, asked: &Asked, choices: &[(String, String)]) -> Result<Answer, Ended> {
        let current: Vec<&str> =
            asked.question.current.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let is_there = |(_, (value, _)): &(usize, &(String, String))| current.contains(&value.as_str());
        let places: Vec<usize> = choices.iter().enumerate().filter(is_there).map(|(at, _)| at).collect();
        let labels = choices.iter().map(|(_, label)| label.clone()).collect();
        let prompt = MultiSelect::new(title, labels).with_default(&places).with_help_message(help);
        let Some(chosen) = prompt.raw_prompt_skippable().map_err(ended)? else { return Ok(Answer::Skipped) };
        let chosen: Vec<usize> = chosen.into_iter().map(|chosen| chosen.index).collect();
        Ok(match chosen.is_empty() {
            true => Answer::Skipped,
            false if chosen == places => Answer::Kept,
            false => Answer::Said(chosen.into_iter().map(|at| Json::from(choices[at].0.as_str())).collect()),
        })
    }
}

fn pair(word: &str) -> (String, String) {
    (word.to_owned(), word.to_owned())
}

/// What is meant, who lacks it, and how it is answered.
fn help(asked: &Asked) -> String {
    let lacking = match asked.documents.as_slice() {
        [] => String::new(),
        [one] => format!("Lacking in {one}. "),
        [first, rest @ ..] => format!("Lacking in {first} and {} more. ", rest.len()),
    };
    let meant = match asked.question.help.trim_end() {
        "" => String::new(),
        help => format!("{}. ", help.trim_end_matches('.')),
    };
    format!("{meant}{lacking}{KEYS}")
}

fn ended(error: InquireError) -> Ended {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => Ended::BrokenOff,
        _ => Ended::NoTerminal,
    }
}
