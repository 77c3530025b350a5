//! `folio new`: the pack's starter, with what the user was asked.

use std::collections::BTreeMap;

use inquire::{Confirm, CustomType, InquireError, Select, Text};
use serde_json::Value as Json;

use super::args::New;
use super::done::{Done, broken, usage};
use super::settings::{Settings, not_empty};
use crate::commit::is_free;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::pack::source::{Bases as _, Wanted};
use crate::pack::{Pack, starter};
use crate::workspace;

pub(super) fn new(options: &New, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let dir = settings.path(&options.dir);
    if !is_free(&dir) {
        sink.push(not_empty(&options.dir));
        return broken(sink);
    }
    let wanted = match options.pack.parse::<Wanted>() {
        Ok(wanted) => wanted,
        Err(problem) => return usage(problem),
    };
    let found = settings.shelf.find(&wanted).map_err(|problem| sink.push(problem)).ok();
    let pack = found.and_then(|files| Pack::load(files, &settings.shelf, &mut sink));
    let Some(pack) = pack else { return broken(sink) };
    let answers = if settings.interactive && !options.yes {
        match ask(&starter::questions(&pack, &mut sink)) {
            Ok(answers) => answers,
            Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => {
                sink.push(Diagnostic::fault(&codes::USAGE, "nothing was made: the questions were broken off"));
                return broken(sink);
            }
            Err(error) => {
                sink.push(Diagnostic::fault(&codes::USAGE, format!("{error}; `--yes` asks nothing")));
                return broken(sink);
            }
        }
    } else {
        BTreeMap::new()
    };
    let id = options.dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let new = starter::New { id: &id, as_of: &settings.today, wanted: Some(&wanted), answers: &answers };
    let Some(commit) = workspace::laid_down(&pack, &new, &mut sink) else { return broken(sink) };
    if settings.fill("new", &dir, &commit, &mut sink).is_none() {
        return broken(sink);
    }
    let shown = options.dir.display();
    let text = format!(
        "{shown} is ready: `folio render {shown}` renders it as it is.\nWrite what is true of the organisation into {shown}/profile.yaml; `folio check {shown}` says what is still a sample.\n"
    );
    Done { text, diagnostics: sink.into_vec(), ..Done::default() }
}

/// Asks what the schema marks as basic; the starter's value is the default of each answer.
fn ask(questions: &[starter::Question]) -> Result<BTreeMap<String, Json>, InquireError> {
    let mut answers = BTreeMap::new();
    for question in questions {
        let title = format!("{}:", question.title);
        let help_message = Some(question.help.as_str()).filter(|help| !help.is_empty());
        let answer = match (&question.choices[..], &question.current) {
            ([], Json::Bool(current)) => {
                let prompt = Confirm::new(&title).with_default(*current);
                Json::from(Confirm { help_message, ..prompt }.prompt()?)
            }
            ([], Json::Number(current)) => {
                let prompt = CustomType::<i64>::new(&title).with_default(current.as_i64().unwrap_or_default());
                Json::from(CustomType { help_message, ..prompt }.prompt()?)
            }
            ([], current) => {
                let prompt = Text::new(&title).with_default(current.as_str().unwrap_or_default());
                Json::from(Text { help_message, ..prompt }.prompt()?)
            }
            (choices, current) => {
                let start = choices.iter().position(|choice| current == choice.as_str()).unwrap_or_default();
                let prompt = Select::new(&title, choices.to_vec()).with_starting_cursor(start);
                Json::from(Select { help_message, ..prompt }.prompt()?)
            }
        };
        answers.insert(question.path.clone(), answer);
    }
    Ok(answers)
}
