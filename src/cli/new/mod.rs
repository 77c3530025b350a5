//! `folio new`: the pack's starter, with what the user was asked.

use serde_json::Value as Json;

use super::args::New;
use super::ask::Terminal;
use super::done::{Done, broken};
use super::resume;
use super::settings::{Settings, not_empty};
use crate::commit::is_free;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::lead::{self, Ask, Asked, Ended, Said};
use crate::pack::editions::{self, Edition};
use crate::pack::source::{Bases as _, Wanted};
use crate::pack::starter::{Kind, Question};
use crate::pack::{Pack, starter};
use crate::progress::argument;
use crate::workspace;

/// The key of `folio.yaml` for the date of the facts.
const AS_OF: &str = "as_of";

pub(super) fn new(options: &New, settings: &Settings) -> Done {
    let mut terminal = Terminal;
    let ask: Option<&mut dyn Ask> = if settings.asks && !options.yes { Some(&mut terminal) } else { None };
    if options.go_on { resume::resume(&options.dir, settings, ask) } else { lay_down(options, settings, ask) }
}

/// Makes a workspace; without somebody to ask, of the current edition and with the starter's own values.
fn lay_down(options: &New, settings: &Settings, mut ask: Option<&mut dyn Ask>) -> Done {
    let mut sink = Sink::new();
    let dir = settings.path(&options.dir);
    if !is_free(&dir) {
        sink.push(not_empty(&options.dir).help("to take up a workspace that is there: `--continue`"));
        return broken(sink);
    }
    let wanted = match &options.pack {
        Some(named) => Ok(named.parse::<Wanted>().map_err(misused)),
        None => edition(settings, &mut ask),
    };
    let wanted = match wanted {
        Ok(Ok(wanted)) => wanted,
        Ok(Err(problem)) => {
            sink.push(problem);
            return broken(sink);
        }
        Err(ended) => return nothing_made(ended, sink),
    };
    let found = settings.shelf.find(&wanted).map_err(|problem| sink.push(problem)).ok();
    let pack = found.and_then(|files| Pack::load(files, &settings.shelf, &mut sink));
    let Some(pack) = pack else { return broken(sink) };
    let like = match like(options, &pack, &mut ask, &mut sink) {
        Ok(Some(like)) => like,
        Ok(None) => return broken(sink),
        Err(ended) => return nothing_made(ended, sink),
    };
    let mut said = Said::default();
    if let Some(ask) = ask.as_deref_mut() {
        let mut questions = lead::basic(&pack, like.as_deref(), &mut sink);
        questions.push(date(&settings.today));
        match lead::through(&questions, &pack.schema, ask) {
            Ok(all) => said = all,
            Err(ended) => return nothing_made(ended, sink),
        }
    }
    let as_of = said.answers.remove(AS_OF);
    let as_of = as_of.as_ref().and_then(Json::as_str).unwrap_or(&settings.today);
    let id = options.dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (wanted, answers, like) = (Some(&wanted), &said.answers, like.as_deref());
    let new = starter::New { id: &id, as_of, wanted, answers, like };
    let Some(commit) = workspace::laid_down(&pack, &new, &mut sink) else { return broken(sink) };
    if settings.fill("new", &dir, &commit, &mut sink).is_none() {
        return broken(sink);
    }
    if options.dry_run {
        return Done { diagnostics: sink.into_vec(), ..Done::default() };
    }
    let shown = options.dir.display().to_string();
    let mut text = String::new();
    if said.is_broken_off {
        let count = said.answers.len();
        text = format!("the questions were broken off; the {count} answers so far are written\n");
    }
    if ask.is_some() {
        text += &resume::standing_of(&dir, settings);
    }
    text += &ready(&shown, &pack, ask.is_none());
    Done { text, diagnostics: sink.into_vec(), ..Done::default() }
}

/// What is there now, and the commands that follow.
fn ready(dir: &str, pack: &Pack, is_unasked: bool) -> String {
    let Pack { manifest, .. } = pack;
    let argument = argument(dir);
    let asks = if is_unasked { "asks the basic questions" } else { "asks on" };
    let lines = [
        (format!("folio intake{argument} FILE…"), "takes the client's own lists into its registers"),
        (format!("folio propose{argument} --write"), "proposes what follows from them, to be confirmed"),
        (format!("folio check{argument}"), "says what is missing, and what is still a sample"),
    ];
    let width = lines.iter().map(|(command, _)| command.chars().count()).max().unwrap_or_default();
    let lines: String = lines.iter().map(|(command, what)| format!("  {command:width$}  {what}\n")).collect();
    format!(
        "{dir} is ready, of {} {}: `folio render{argument}` renders it as it is, and `folio new{argument} --continue` {asks}.\nNext, in this order:\n{lines}",
        manifest.id, manifest.version
    )
}

/// The pack that is chosen, or the current one.
fn edition(settings: &Settings, ask: &mut Option<&mut dyn Ask>) -> Result<Result<Wanted, Diagnostic>, Ended> {
    let editions = editions::all(settings.shelf.packs());
    let current = editions::current(&editions).map(|edition| edition.manifest.id.clone());
    let chosen = match ask {
        Some(ask) if editions.len() > 1 => {
            let title = |edition: &Edition| format!("{} ({})", edition.manifest.title, edition.manifest.id);
            let items: Vec<String> = editions.iter().map(title).collect();
            Ok(editions[ask.choose("Edition:", &items)?].manifest.id.clone())
        }
        _ => current,
    };
    Ok(chosen.and_then(|id| id.parse().map_err(misused)))
}

/// The starter by name that is asked for or chosen; nothing, with a fault, when there is none of the name.
fn like(
    options: &New,
    pack: &Pack,
    ask: &mut Option<&mut dyn Ask>,
    sink: &mut Sink,
) -> Result<Option<Option<String>>, Ended> {
    if let Some(like) = &options.like {
        if starter::is_there(pack, like) {
            return Ok(Some(Some(like.clone())));
        }
        sink.push(starter::unknown(pack, like));
        return Ok(None);
    }
    let named = starter::all(pack, &mut Sink::new());
    let Some(ask) = ask.as_deref_mut().filter(|_| !named.is_empty()) else { return Ok(Some(None)) };
    let titles = named.iter().map(|named| format!("{} ({})", named.title, named.name));
    let items: Vec<String> = titles.chain(["none of these".to_owned()]).collect();
    let chosen = ask.choose("Which kind of organisation is it most like?", &items)?;
    Ok(Some(named.get(chosen).map(|named| named.name.clone())))
}

/// The question for the date of the facts.
fn date(today: &str) -> Asked {
    let question = Question {
        path: AS_OF.to_owned(),
        title: "Date of the facts".to_owned(),
        help: "Documents say what holds on it, as 2026-03-14".to_owned(),
        kind: Kind::Date,
        current: Json::from(today),
    };
    Asked { question, documents: Vec::new(), is_sample: false, is_name: false }
}

fn nothing_made(ended: Ended, mut sink: Sink) -> Done {
    sink.push(match ended {
        Ended::BrokenOff => Diagnostic::fault(&codes::USAGE, "nothing was made: the questions were broken off"),
        Ended::NoTerminal => no_terminal(),
    });
    broken(sink)
}

fn misused(problem: String) -> Diagnostic {
    Diagnostic::fault(&codes::USAGE, problem)
}

/// What is wrong where nobody can be asked.
pub(super) fn no_terminal() -> Diagnostic {
    Diagnostic::fault(&codes::USAGE, "the terminal takes no answers").help("`--yes` asks nothing")
}

#[cfg(test)]
mod tests;
