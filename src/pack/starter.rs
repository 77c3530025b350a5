//! A pack's `starter/`: what `folio new` lays down, and what it asks.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Pack;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::edit::{self, Change, Field, Piece};
use crate::files::Files as _;
use crate::schema::{Property, View};
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
    collect(pack.schema.view(), "", &starter, &mut found);
    found
}

fn collect(view: &View, prefix: &str, starter: &Json, found: &mut Vec<Question>) {
    for Property { name, view, .. } in view.properties() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let current = starter.get(name).cloned().unwrap_or_default();
        if view.is_basic {
            let choices = view.asks.choices.iter().flatten().filter_map(|choice| Some(choice.as_str()?.to_owned()));
            found.push(Question {
                title: view.title.clone().unwrap_or_default(),
                help: view.description.clone().unwrap_or_default(),
                choices: choices.collect(),
                current,
                path,
            });
        } else {
            collect(view, &path, &current, found);
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
            "profile.yaml" => read(pack, name, sink).and_then(|(text, located)| {
                let is_there = |path: &&String| path.split('.').try_fold(&located, |node, key| node.get(key)).is_some();
                let answered = answers.keys().filter(is_there);
                let changes = answered.map(|path| Change::at(path, Change::Become(answers[path].clone())));
                changed(&path, &text, &located, changes.fold(Change::Keep, Change::and), sink)
            }),
            "folio.yaml" => read(pack, name, sink).and_then(|(text, located)| {
                let change = settings(&located, id, as_of, answers);
                changed(&path, &text, &located, change, sink)
            }),
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

/// A file of the starter, changed; comments and order are its own.
fn changed(path: &str, text: &str, located: &Located, change: Change, sink: &mut Sink) -> Option<String> {
    edit::yaml::apply(text, &located.to_json(), &change)
        .map_err(|stuck| {
            let message = format!("`{path}` cannot be filled in: {}", stuck.problem);
            sink.push(Diagnostic::fault(&codes::PACK_FILE, message).at(Span::file(path)));
        })
        .ok()
}

fn read(pack: &Pack, name: &str, sink: &mut Sink) -> Option<(String, Located)> {
    let path = format!("starter/{name}");
    let text = decode::text(&**pack.files(), &path, sink)?;
    let located = decode::parse(&pack.files().name(&path), &text, sink)?;
    Some((text, located))
}

/// Gives `folio.yaml` its id and date, and takes out the samples that were answered.
fn settings(located: &Located, id: &str, as_of: &str, answers: &BTreeMap<String, Json>) -> Change {
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    let id = id.trim_start_matches(['.', '_', '-']);
    let id = if id.is_empty() { "client" } else { id };
    let samples = located.items("samples");
    let is_sample = |at: &usize| samples[*at].as_str().is_none_or(|path| !answers.contains_key(path));
    let left = (0..samples.len()).filter(is_sample).map(|at| Piece { from: Some(at), change: Change::Keep });
    Change::map([
        Field::new("id", Change::Become(Json::from(id))),
        Field::new("as_of", Change::Become(Json::from(as_of))),
        Field::new("samples", Change::list(samples.len(), left.collect())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::source::{Bases as _, Shelf};

    #[test]
    fn the_starter_is_filled_in_and_keeps_its_comments() {
        let (shelf, mut sink) = (Shelf::default(), Sink::new());
        let pack = Pack::load(shelf.find(&"iso27001-2013".parse().unwrap()).unwrap(), &shelf, &mut sink).unwrap();
        let name = "Acme: \"x\" # y";
        let answers = [
            ("organisation.name".to_owned(), Json::from(name)),
            ("workforce.employees".to_owned(), Json::from(7)),
            ("no.such.key".to_owned(), Json::from(true)),
        ];
        let lay = |answers: BTreeMap<String, Json>, sink: &mut Sink| -> BTreeMap<String, String> {
            lay_down(&pack, "-a b", "2026-03-01", &answers, sink).into_iter().collect()
        };
        let (plain, filled) = (lay(BTreeMap::new(), &mut sink), lay(answers.into(), &mut sink));
        assert!(!sink.has_faults(), "{sink:?}");
        let read = |text: &str| decode::parse("f", text, &mut Sink::new()).unwrap().to_json();
        let (profile, settings) = (read(&filled["profile.yaml"]), read(&filled["folio.yaml"]));
        assert_eq!((&profile["organisation"]["name"], &profile["workforce"]["employees"]), (&name.into(), &7.into()));
        assert_eq!((&settings["id"], &settings["as_of"]), (&"a-b".into(), &"2026-03-01".into()));
        let samples = settings["samples"].as_array().unwrap();
        assert!(!samples.contains(&"organisation.name".into()) && samples.contains(&"organisation.country".into()));
        let comments = |text: &str| text.lines().filter(|line| line.contains('#')).count();
        assert_eq!(comments(&filled["profile.yaml"]), comments(&plain["profile.yaml"]) + 1, "the name holds one");
        assert_eq!(comments(&filled["folio.yaml"]), comments(&plain["folio.yaml"]));
    }
}
