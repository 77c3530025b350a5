//! A pack's `starter/`: what `folio new` lays down, and what it asks.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Pack;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::Files as _;
use crate::yaml::Located;

/// Something to ask: a key that the schema marks with `x-folio-basic`.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The profile path, such as `organisation.name`.
    pub path: String,
    /// What is asked for.
    pub title: String,
    /// What is meant by it.
    pub help: String,
    /// The answers to choose from; none for free text.
    pub choices: Vec<String>,
    /// The starter's value.
    pub current: Json,
}

/// The questions of a pack, in the order of the engine's schema and then the pack's.
pub fn questions(pack: &Pack, sink: &mut Sink) -> Vec<Question> {
    let mut found = Vec::new();
    let starter = read(pack, "profile.yaml", sink).map(|(_, located)| located.to_json()).unwrap_or_default();
    for schema in [crate::workspace::profile::schema::engine(), &pack.schema] {
        collect(schema, "", &starter, &mut found);
    }
    found
}

fn collect(schema: &Json, prefix: &str, starter: &Json, found: &mut Vec<Question>) {
    for (key, part) in schema["properties"].as_object().into_iter().flatten() {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let current = starter.get(key).cloned().unwrap_or_default();
        if part["x-folio-basic"] == true {
            let text = |key: &str| part[key].as_str().unwrap_or_default().to_owned();
            let choices =
                part["enum"].as_array().into_iter().flatten().filter_map(|choice| Some(choice.as_str()?.to_owned()));
            found.push(Question {
                title: text("title"),
                help: text("description"),
                choices: choices.collect(),
                current,
                path,
            });
        } else {
            collect(part, &path, &current, found);
        }
    }
}

/// The files of a new workspace: path and text. Comments and order are the starter's.
pub fn lay_down(
    pack: &Pack,
    id: &str,
    as_of: &str,
    answers: &BTreeMap<String, Json>,
    sink: &mut Sink,
) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let paths = pack.files().list("starter").unwrap_or_default();
    for path in paths {
        let Some(name) = path.strip_prefix("starter/") else { continue };
        let text = match name {
            "profile.yaml" => read(pack, name, sink).map(|(text, located)| {
                let edits = answers
                    .iter()
                    .filter_map(|(path, answer)| Some((find(&located, path)?.span.clone(), answer.to_string())));
                edited(&text, edits.collect())
            }),
            "folio.yaml" => read(pack, name, sink).map(|(text, located)| settings(&text, &located, id, as_of, answers)),
            _ => decode::text(&**pack.files(), &path, sink),
        };
        files.extend(text.map(|text| (name.to_owned(), text)));
    }
    if files.is_empty() {
        let message = format!("the pack `{}` has no `starter/`", pack.manifest.id);
        sink.push(Diagnostic::fault(&codes::PACK_FILE, message));
    }
    files
}

fn read(pack: &Pack, name: &str, sink: &mut Sink) -> Option<(String, Located)> {
    let path = format!("starter/{name}");
    let text = decode::text(&**pack.files(), &path, sink)?;
    let located = decode::parse(&pack.files().name(&path), &text, sink)?;
    Some((text, located))
}

/// `folio.yaml` with its id, date, and without the samples that were answered.
fn settings(text: &str, located: &Located, id: &str, as_of: &str, answers: &BTreeMap<String, Json>) -> String {
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    let id = id.trim_start_matches(['.', '_', '-']);
    let mut edits = Vec::new();
    for (key, value) in [("id", if id.is_empty() { "client" } else { id }), ("as_of", as_of)] {
        edits.extend(located.get(key).map(|node| (node.span.clone(), value.to_owned())));
    }
    let answered: Vec<u32> = located
        .items("samples")
        .iter()
        .filter(|sample| sample.as_str().is_some_and(|path| answers.contains_key(path)))
        .map(|sample| sample.span.line)
        .collect();
    let text = edited(text, edits);
    let kept = text.lines().zip(1..).filter(|(_, line)| !answered.contains(line)).map(|(line, _)| format!("{line}\n"));
    let text: String = kept.collect();
    if answered.len() == located.items("samples").len() { text.replace("samples:\n", "samples: []\n") } else { text }
}

/// The value at a path of keys.
fn find<'l>(located: &'l Located, path: &str) -> Option<&'l Located> {
    path.split('.').try_fold(located, |node, key| node.get(key))
}

/// A text with the scalars at some places replaced; the rest of each line, comments too, stays.
pub(crate) fn edited(text: &str, mut edits: Vec<(Span, String)>) -> String {
    edits.sort_by_key(|(span, _)| std::cmp::Reverse((span.line, span.column)));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (span, value) in edits {
        let Some(line) = (span.line as usize).checked_sub(1).and_then(|at| lines.get_mut(at)) else { continue };
        let from = span.column.saturating_sub(1) as usize;
        let chars: Vec<char> = line.chars().collect();
        let to = (from + span.length as usize).min(chars.len());
        *line = chars[..from.min(to)].iter().collect::<String>() + &value + &chars[to..].iter().collect::<String>();
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_keeps_the_comment() {
        let text = "a: old # why\nb: 2\n";
        let edits =
            vec![(Span::text("f", 1, 4, 3), "\"new one\"".to_owned()), (Span::text("f", 2, 4, 1), "30".to_owned())];
        assert_eq!(edited(text, edits), "a: \"new one\" # why\nb: 30\n");
    }
}
