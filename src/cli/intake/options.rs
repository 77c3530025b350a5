//! The options of `folio intake` as answers. One that means nothing of the files, or two things at once, is an error.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::super::args::Intake;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink, nearest};
use crate::intake::{self, Answer, Outline, Proposal, Wishes, cut, quoted};
use crate::schema::Schema;

/// How many names are listed.
const LISTED: usize = 12;

/// What leaves a sheet or column out, and reads a cell as empty.
const NOTHING: [&str; 3] = ["~", "-", "leave-out"];

/// The options as answers. `names` are what options may call sheets.
pub(super) fn wishes(
    options: &Intake,
    from_file: Vec<Answer>,
    names: &BTreeSet<String>,
    sink: &mut Sink,
) -> Option<Wishes> {
    let (mut wide, mut narrow) = (Vec::new(), Vec::new());
    let mut refuse = |option: &str, text: &str, form: &str| {
        let message = format!("`{option} {}` is not understood", cut(text));
        sink.push(Diagnostic::fault(&codes::USAGE, message).help(format!("write {form}")));
    };
    let is_scoped = |text: &str| {
        let behind = |name: &String| text.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with([':', '!']));
        names.iter().any(behind)
    };
    let answer = |text: &str| if NOTHING.contains(&text) { None } else { Some(text.to_owned()) };
    for text in &options.into {
        match text.rsplit_once('=') {
            _ if is_home(text) => refuse("--into", text, HOME),
            Some((_, name)) if is_home(name) => refuse("--into", text, HOME),
            Some((sheet, name)) => narrow.push(Answer::Into(Some(sheet.trim().to_owned()), answer(name.trim()))),
            None => wide.push(Answer::Into(None, answer(text.trim()))),
        }
    }
    for text in &options.header {
        let (sheet, row) = text.rsplit_once('=').map_or((None, text.as_str()), |(sheet, row)| (Some(sheet), row));
        match (row.trim().parse(), sheet) {
            (Ok(row), Some(sheet)) => narrow.push(Answer::Header(Some(sheet.trim().to_owned()), row)),
            (Ok(row), None) => wide.push(Answer::Header(None, row)),
            (Err(_), _) => refuse("--header", text, "--header 3, or --header 'SHEET=3'"),
        }
    }
    for text in &options.column {
        match text.rsplit_once('=') {
            Some((_, key)) if is_home(key) => refuse("--column", text, HOME),
            Some((heading, key)) => {
                let all = if is_scoped(heading) { &mut narrow } else { &mut wide };
                all.push(Answer::Column(None, heading.trim().to_owned(), answer(key.trim())));
            }
            None => refuse("--column", text, "--column 'HEADING=key', or --column 'HEADING=leave-out'"),
        }
    }
    for text in &options.value {
        match parts(text, names) {
            Some((_, _, value)) if is_home(&value) => refuse("--value", text, HOME),
            Some((key, word, value)) => {
                let value = if NOTHING.contains(&value.as_str()) { Json::Null } else { plain(&value) };
                let all = if is_scoped(&key) { &mut narrow } else { &mut wide };
                all.push(Answer::Value(key, word, value));
            }
            None => {
                refuse("--value", text, "--value 'kind:Landlord=facilities', or =leave-out to read the cell as empty")
            }
        }
    }
    let forms = |text: &String| text.split(',').map(|form| form.trim().to_owned()).collect();
    wide.extend(options.dates.iter().map(|text| Answer::Dates(None, forms(text))));
    twice(wide.iter().chain(&narrow), sink);
    if sink.has_faults() {
        return None;
    }
    // What is said of one sheet holds there, and the command line before the file.
    Some(Wishes {
        answers: from_file.into_iter().chain(wide).chain(narrow).collect(),
        leaves_rest: options.rest.is_some(),
        leaves_missing: options.missing.is_some(),
        takes_likely: options.take_likely,
        are_several: options.files.len() > 1,
    })
}

const HOME: &str = "`leave-out` or `-`, or put the option in quotes: a shell makes the home folder of `~`";

/// Whether a shell made this of `~`.
fn is_home(text: &str) -> bool {
    let text = text.trim();
    let is_one = |text: &str| !text.is_empty() && !text.contains('/');
    text == "/root" || ["/home/", "/Users/"].iter().any(|before| text.strip_prefix(before).is_some_and(is_one))
}

/// The key, with the sheet before it, the text and the value of `KEY:TEXT=VALUE`.
fn parts(option: &str, names: &BTreeSet<String>) -> Option<(String, String, String)> {
    let (said, value) = option.rsplit_once('=')?;
    let behind = |name: &String| {
        let rest = said.strip_prefix(name.as_str())?.strip_prefix([':', '!'])?;
        rest.contains(':').then(|| said.len() - rest.len())
    };
    // The longest name that fits.
    let from = names.iter().filter_map(behind).max().unwrap_or_default();
    let at = from + said.get(from..)?.find(':')?;
    let (key, text) = (said.get(..at)?, said.get(at + 1..)?);
    Some((key.trim().to_owned(), text.trim().to_owned(), value.trim().to_owned()))
}

pub(super) fn plain(text: &str) -> Json {
    match text {
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        other => other.parse::<i64>().map_or_else(|_| Json::from(other), Json::from),
    }
}

/// Answers of which two say different things of one.
fn twice<'a>(answers: impl Iterator<Item = &'a Answer>, sink: &mut Sink) {
    let mut seen: BTreeMap<String, &Answer> = BTreeMap::new();
    for answer in answers {
        let sheet = |sheet: &Option<String>| sheet.as_ref().map(|sheet| format!("{sheet}=")).unwrap_or_default();
        let what = match answer {
            Answer::Into(of, _) => format!("--into {}", sheet(of)),
            Answer::Header(of, _) => format!("--header {}", sheet(of)),
            Answer::Column(_, heading, _) => format!("--column {heading}="),
            Answer::Value(key, text, _) => format!("--value {key}:{}=", text.to_lowercase()),
            _ => continue,
        };
        match seen.get(&what) {
            Some(other)
                if *other != answer
                    && !matches!((other, answer), (Answer::Value(.., a), Answer::Value(.., b)) if a == b) =>
            {
                let message = format!("`{}` is given twice, with different answers", what.trim_end());
                sink.push(Diagnostic::fault(&codes::USAGE, message).help("leave one of them out"));
            }
            _ => drop(seen.insert(what, answer)),
        }
    }
}

/// Says which answers mean nothing of what the files have.
pub(super) fn check(wishes: &Wishes, proposals: &[Proposal], schema: &Schema, sink: &mut Sink) {
    let outlines: Vec<&Outline> = proposals.iter().flat_map(|proposal| &proposal.outlines).collect();
    let names: BTreeSet<&str> = outlines.iter().flat_map(|outline| &outline.names).map(String::as_str).collect();
    let registers = intake::registers(schema);
    let mut lost = |message: String, given: &str, known: Vec<&str>| {
        let problem = Diagnostic::fault(&codes::USAGE, message);
        let shown: Vec<String> = known.iter().take(LISTED).map(|name| cut(name)).collect();
        sink.push(match nearest(given, known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{}`?", cut(near))),
            None if known.is_empty() => problem,
            None => problem.help(format!("there are: {}", shown.join(", "))),
        });
    };
    // While it is asked what a sheet is, any key may be meant.
    let is_asked = |(_, answer): &(String, Answer)| matches!(answer, Answer::Into(..) | Answer::Header(..));
    let mut open = proposals.iter().flat_map(|proposal| &proposal.open);
    let is_settled = !open.any(|question| question.choices.iter().any(is_asked));
    for answer in &wishes.answers {
        let sheet = match answer {
            Answer::Into(sheet, _)
            | Answer::Header(sheet, _)
            | Answer::Column(sheet, ..)
            | Answer::Dates(sheet, _)
            | Answer::Other(sheet, ..) => sheet.as_deref(),
            Answer::Value(..) | Answer::Keep(..) => None,
        };
        if let Some(sheet) = sheet.filter(|sheet| !names.contains(sheet)) {
            lost(format!("no file has a sheet {}", quoted(&cut(sheet))), sheet, names.iter().copied().collect());
            continue;
        }
        let is_meant = |outline: &&&Outline| sheet.is_none_or(|sheet| outline.names.iter().any(|name| name == sheet));
        match answer {
            Answer::Into(_, Some(name)) if intake::register_called(schema, name).is_none() => {
                let message = format!("the pack has no register `{}`", cut(name));
                lost(message, name, registers.iter().map(String::as_str).collect());
            }
            Answer::Column(_, heading, key) => {
                let own: Vec<&&Outline> = outlines.iter().filter(is_meant).collect();
                if !own.iter().any(|outline| outline.has_heading(heading)) {
                    let all = own.iter().flat_map(|outline| &outline.headings).map(String::as_str).collect();
                    lost(format!("no file has a heading {}", quoted(&cut(heading))), heading, all);
                    continue;
                }
                let Some(key) = key else { continue };
                let taken = proposals.iter().flat_map(|proposal| {
                    let outline = |sheet: &Option<String>| proposal.outlines.iter().find(|own| own.sheet == *sheet);
                    proposal.taken.iter().filter_map(move |taken| Some((taken, outline(&taken.sheet)?)))
                });
                let of: BTreeSet<&str> = taken
                    .filter(|(_, outline)| is_meant(&outline) && outline.has_heading(heading))
                    .map(|(taken, _)| taken.register.as_str())
                    .collect();
                let is_known = |register: &&str| intake::key_called(schema, register, key).is_some();
                if !of.is_empty() && !of.iter().any(is_known) {
                    let all: BTreeSet<String> =
                        of.iter().flat_map(|register| intake::keys(schema, Some(register))).collect();
                    let message =
                        format!("`{}` has no key `{}`", of.into_iter().collect::<Vec<_>>().join("`, `"), cut(key));
                    lost(message, key, all.iter().map(String::as_str).collect());
                }
            }
            Answer::Value(key, text, _) => {
                let outline = |name: &&&Outline| {
                    name.names
                        .iter()
                        .any(|name| key.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with([':', '!'])))
                };
                let scoped: Vec<&&Outline> = outlines.iter().filter(outline).collect();
                let bare = scoped
                    .iter()
                    .flat_map(|outline| &outline.names)
                    .find_map(|name| key.strip_prefix(name.as_str())?.strip_prefix([':', '!']));
                let bare = bare.unwrap_or(key);
                let (register, own) = registers
                    .iter()
                    .find_map(|register| {
                        Some((Some(register.as_str()), bare.strip_prefix(register.as_str())?.strip_prefix('.')?))
                    })
                    .unwrap_or((None, bare));
                let taken: BTreeSet<&str> = proposals
                    .iter()
                    .flat_map(|proposal| &proposal.taken)
                    .map(|taken| taken.register.as_str())
                    .filter(|own| is_settled && register.is_none_or(|register| register == *own))
                    .collect();
                let all: BTreeSet<String> = match taken.is_empty() {
                    true => intake::keys(schema, register),
                    false => taken.into_iter().flat_map(|register| intake::keys(schema, Some(register))).collect(),
                };
                if !all.contains(own) {
                    lost(
                        format!("none of these registers has a key `{}`", cut(bare)),
                        own,
                        all.iter().map(String::as_str).collect(),
                    );
                    continue;
                }
                let mut where_to =
                    if scoped.is_empty() { outlines.iter().collect::<Vec<_>>() } else { scoped }.into_iter();
                if !text.is_empty() && !where_to.any(|outline| outline.has_text(text)) {
                    lost(
                        format!("no cell has the text {}, which `{}` is said for", quoted(&cut(text)), cut(key)),
                        text,
                        Vec::new(),
                    );
                }
            }
            _ => {}
        }
    }
}
