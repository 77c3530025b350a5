//! The answers of `folio intake` in a file: by file and sheet, what a source in the profile says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value as Json;

use super::Settings;
use crate::decode;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::edit::yaml;
use crate::files::Disk;
use crate::intake::{Answer, Column, Degree, Outline, Proposal, Question, Taken, cut};

/// The keys that a sheet may have.
const KEYS: [&str; 11] =
    ["register", "leave", "header", "columns", "values", "lists", "dates", "key", "needs", "decimal", "file"];

/// How many choices are shown.
const SHOWN: usize = 3;

/// Reads the answers of a file. Nothing, where something in it is not understood.
pub(super) fn read(path: &Path, lists: &[(String, Vec<Outline>)], sink: &mut Sink) -> Option<Vec<Answer>> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let files = Disk::new(folder, "");
    let text = decode::text(&files, &name, sink)?;
    let root = decode::parse(&name, &text, sink)?.to_json();
    let mut answers = Vec::new();
    let mut refuse = |what: String, help: String| {
        let problem = Diagnostic::fault(&codes::USAGE, format!("{}: {what}", cut(&name)));
        sink.push(problem.help(help));
    };
    for (file, own) in root.as_object().into_iter().flatten() {
        let Some((_, outlines)) = lists.iter().find(|(name, _)| name == file) else {
            let all: Vec<String> = lists.iter().map(|(name, _)| cut(name)).collect();
            refuse(format!("no file of this call is called `{}`", cut(file)), format!("there are: {}", all.join(", ")));
            continue;
        };
        let has_sheets = outlines.iter().any(|outline| outline.sheet.is_some());
        if !has_sheets {
            sheet(file, own, &mut answers, &mut refuse);
            continue;
        }
        for (name, own) in own.as_object().into_iter().flatten() {
            if outlines.iter().any(|outline| outline.sheet.as_deref() == Some(name)) {
                sheet(&format!("{file}/{name}"), own, &mut answers, &mut refuse);
            } else {
                let all: Vec<String> = outlines.iter().filter_map(|own| own.sheet.as_deref()).map(cut).collect();
                let what = format!("`{}` has no sheet `{}`", cut(file), cut(name));
                refuse(what, format!("there are: {}", all.join(", ")));
            }
        }
    }
    if sink.has_faults() { None } else { Some(answers) }
}

/// The answers of one sheet.
fn sheet(name: &str, own: &Json, answers: &mut Vec<Answer>, refuse: &mut dyn FnMut(String, String)) {
    let scope = || Some(name.to_owned());
    let text = |value: &Json| match value {
        Json::String(text) => Some(text.clone()),
        Json::Null => None,
        other => Some(other.to_string()),
    };
    let Some(own) = own.as_object() else {
        return refuse(format!("`{}` is no group", cut(name)), format!("keys: {}", KEYS.join(", ")));
    };
    if own.get("leave") == Some(&Json::Bool(true)) {
        return answers.push(Answer::Into(scope(), None));
    }
    for (key, value) in own {
        match key.as_str() {
            "leave" => {}
            "register" => answers.push(Answer::Into(scope(), text(value))),
            "header" => match value.as_u64().and_then(|row| u32::try_from(row).ok()) {
                Some(row) => answers.push(Answer::Header(scope(), row)),
                None => refuse(format!("`header` of `{}` is no row", cut(name)), "such as header: 3".into()),
            },
            "columns" => {
                for (heading, key) in value.as_object().into_iter().flatten() {
                    answers.push(Answer::Column(scope(), heading.clone(), text(key)));
                }
            }
            "values" => {
                for (key, words) in value.as_object().into_iter().flatten() {
                    for (word, value) in words.as_object().into_iter().flatten() {
                        answers.push(Answer::Value(format!("{name}:{key}"), word.clone(), value.clone()));
                    }
                }
            }
            "dates" => {
                let forms = match value {
                    Json::Array(forms) => forms.iter().filter_map(text).collect(),
                    one => text(one).into_iter().collect::<Vec<_>>(),
                };
                answers.push(Answer::Dates(scope(), forms));
            }
            "lists" | "key" | "needs" | "decimal" => answers.push(Answer::Other(scope(), key.clone(), value.clone())),
            _ => {
                refuse(format!("`{}` has no key `{}`", cut(name), cut(key)), format!("keys: {}", KEYS[..10].join(", ")))
            }
        }
    }
}

/// Writes what is known and what is asked of all lists as a draft.
pub(super) fn write(path: &Path, lists: &[(&str, &Proposal)], settings: &Settings, sink: &mut Sink) -> Option<()> {
    settings.write(path, draft(lists).as_bytes(), false).map_err(|problem| sink.push(problem)).ok()
}

fn draft(lists: &[(&str, &Proposal)]) -> String {
    let mut text = String::from(
        "# How `folio intake --answers` reads these lists. Correct what is marked `# likely`, answer what is marked `# ?`\n\
         # (`~` leaves a column out, or reads a cell as empty), and give the same command once more.\n",
    );
    for (file, proposal) in lists {
        let _ = writeln!(text, "{}:", word(file));
        for outline in &proposal.outlines {
            let indent = match &outline.sheet {
                Some(sheet) => {
                    let _ = writeln!(text, "  {}:", word(sheet));
                    "    "
                }
                None => "  ",
            };
            let of = |question: &&Question| question.sheet == outline.sheet && !question.is_optional;
            let open: Vec<&Question> = proposal.open.iter().filter(of).collect();
            match proposal.taken.iter().find(|taken| taken.sheet == outline.sheet) {
                Some(taken) => self::taken(&mut text, indent, taken, &open),
                None if open.is_empty() => {
                    let left = proposal.left.iter().find(|left| left.sheet == outline.sheet);
                    let why = left.map(|left| cut_long(&left.why)).unwrap_or_default();
                    let _ = writeln!(text, "{indent}leave: true  # {why}");
                }
                None => {
                    for question in open {
                        let (key, value) = match question.choices.first() {
                            Some((_, Answer::Header(_, row))) => ("header", row.to_string()),
                            _ => ("register", "~".to_owned()),
                        };
                        let _ = writeln!(text, "{indent}{key}: {value}  # ? {}", choices(question));
                    }
                }
            }
        }
    }
    text
}

/// The lines of a sheet that is taken.
fn taken(text: &mut String, indent: &str, taken: &Taken, open: &[&Question]) {
    let _ = writeln!(text, "{indent}register: {}", word(&taken.register));
    let _ = writeln!(text, "{indent}header: {}", taken.header);
    let _ = writeln!(text, "{indent}columns:");
    for column in &taken.columns {
        let key = column.key.as_deref().map_or_else(|| "~".to_owned(), word);
        let _ = writeln!(text, "{indent}  {}: {key}{}", word(&column.heading), mark(column));
    }
    let mut values: BTreeMap<&str, BTreeMap<&str, (String, String)>> = BTreeMap::new();
    for (key, words) in &taken.mapped {
        for (word, value) in words {
            values.entry(key).or_default().insert(word, (yaml::flow(value), String::new()));
        }
    }
    for question in open {
        let Some((key, word)) = question.value_of() else { continue };
        let first = question.choices.first().filter(|_| question.is_likely).and_then(|(_, answer)| match answer {
            Answer::Value(_, _, value) => Some(yaml::flow(value)),
            _ => None,
        });
        let entry = match first {
            Some(value) => (value, "  # likely".to_owned()),
            None => ("~".to_owned(), format!("  # ? {}", choices(question))),
        };
        values.entry(key).or_default().entry(word).or_insert(entry);
    }
    if !values.is_empty() {
        let _ = writeln!(text, "{indent}values:");
    }
    for (key, words) in values {
        let _ = writeln!(text, "{indent}  {}:", word(key));
        for (own, (value, mark)) in words {
            let value = if value == "null" { "~".to_owned() } else { value };
            let _ = writeln!(text, "{indent}    {}: {value}{mark}", word(own));
        }
    }
    let dates = open.iter().find_map(|question| match question.choices.first() {
        Some((_, Answer::Dates(_, forms))) => Some((forms.clone(), format!("  # ? {}", choices(question)))),
        _ => None,
    });
    let settled = (!taken.dates.is_empty()).then(|| (taken.dates.clone(), String::new()));
    if let Some((forms, mark)) = settled.or(dates) {
        let _ = writeln!(text, "{indent}dates: {}{mark}", yaml::flow(&Json::from(forms)));
    }
    let texts = [("key", &taken.key), ("decimal", &taken.decimal), ("lists", &taken.lists)];
    for (name, value) in texts {
        if let Some(value) = value {
            let _ = writeln!(text, "{indent}{name}: {}", word(value));
        }
    }
    if !taken.needs.is_empty() {
        let _ = writeln!(text, "{indent}needs: {}", yaml::flow(&Json::from(taken.needs.clone())));
    }
}

/// What is said behind a column: how sure it is, and three of its values where it is not.
fn mark(column: &Column) -> String {
    let samples: Vec<String> = column.samples.iter().map(|sample| cut(sample)).collect();
    match column.degree {
        Degree::Certain => String::new(),
        Degree::Likely => format!("  # likely: {}", samples.join(" | ")),
        Degree::Unknown => format!("  # ? {}", samples.join(" | ")),
    }
}

fn choices(question: &Question) -> String {
    let all = question.choices.iter().map(|(label, _)| cut(label));
    let shown: Vec<String> = all.take(SHOWN).collect();
    let shown = shown.join(" | ");
    if question.choices.len() > SHOWN { format!("{shown} | …") } else { shown }
}

fn cut_long(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as a key or value of YAML.
fn word(text: &str) -> String {
    yaml::flow(&Json::from(text))
}
