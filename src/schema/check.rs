//! Files checked by a schema: what is wrong, and where.

use std::collections::BTreeSet;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, PatternOptions, ValidationError};
use serde_json::Value as Json;

use super::place::Source;
use super::view::View;
use crate::diagnostic::codes::{pack as pack_codes, profile as codes};
use crate::diagnostic::{Code, Diagnostic, Sink, Span, nearest};
use crate::yaml::{Located, Node};

/// The most bytes of a compiled pattern.
const MAX_PATTERN: usize = 1 << 20;

/// A schema, compiled.
#[derive(Debug)]
pub struct Checker {
    json: Json,
    compiled: jsonschema::Validator,
}

/// What keeps a schema from being one.
#[derive(Debug)]
pub struct Broken {
    problem: String,
    /// The part that is to blame, as a JSON pointer.
    pointer: String,
}

impl Broken {
    fn new(error: &ValidationError<'_>) -> Broken {
        // A pattern that cannot be compiled is told by its place in the schema; all else by that place too, but as one
        // in a file that the schema of schemas forbids.
        let place = [error.instance_path(), error.schema_path()].into_iter().find(|path| !path.as_str().is_empty());
        let problem = match error.kind() {
            ValidationErrorKind::Format { format } if format == "regex" => {
                let pattern = error.instance().as_str().or_else(|| error.instance()["pattern"].as_str());
                let pattern = pattern.unwrap_or_default();
                format!("the pattern `{pattern}` is no regular expression, is too large, or looks ahead or back")
            }
            _ => error.to_string(),
        };
        Broken { problem, pointer: place.map(ToString::to_string).unwrap_or_default() }
    }

    /// The same as a fault of the outermost file that has the part.
    pub(super) fn of(self, sources: &[Source]) -> Diagnostic {
        // A file that is none by itself knows its place best.
        let alone = |source: &Source| {
            let error = jsonschema::draft202012::meta::validate(&source.json).err()?;
            let Broken { problem, pointer } = Broken::new(&error);
            Some((source.place(&pointer), problem))
        };
        let says = |source: &&Source| source.json.pointer(&self.pointer).is_some();
        let outermost = || sources.iter().rev().find(says).or(sources.last());
        let (place, problem) = match sources.iter().rev().find_map(alone) {
            Some((place, problem)) => (Some(place), problem),
            None => (outermost().map(|source| source.place(&self.pointer)), self.problem),
        };
        Diagnostic::fault(&pack_codes::PACK_MANIFEST, format!("this is not a JSON Schema: {problem}")).at(place)
    }
}

impl Checker {
    /// Compiles a schema. Patterns are matched in time that grows with the text alone; what such an engine lacks, looking
    /// ahead and back, no profile needs.
    ///
    /// # Errors
    /// When it is no JSON Schema.
    pub fn new(json: Json) -> Result<Checker, Broken> {
        let compiled = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .with_pattern_options(PatternOptions::regex().size_limit(MAX_PATTERN))
            .build(&json)
            .map_err(|error| Broken::new(&error))?;
        Ok(Checker { json, compiled })
    }

    /// The schema itself.
    pub fn to_json(&self) -> &Json {
        &self.json
    }

    /// Reports everything in a file that the schema forbids.
    pub fn check(&self, located: &Located, codes: Codes, sink: &mut Sink) {
        let value = located.to_json();
        let mut problems: Vec<Diagnostic> = Vec::new();
        empty_values(located, codes, &mut problems);
        let said = |problem: &Diagnostic| (problem.span.clone(), problem.message.clone());
        let mut seen: BTreeSet<_> = problems.iter().map(said).collect();
        for error in self.compiled.iter_errors(&value) {
            let (node, ..) = find(located, &error);
            if is_empty(node) {
                continue; // Said above, in plainer words.
            }
            let new = translate(&error, located, &self.json, codes).into_iter();
            problems.extend(new.filter(|problem| seen.insert(said(problem))));
        }
        problems.sort_by(|a, b| a.span.cmp(&b.span));
        sink.extend(problems);
    }
}

/// Which codes problems get: a profile's, each of its own, or one for all of another kind of file.
#[derive(Debug, Clone, Copy)]
pub enum Codes {
    /// Each its own.
    Profile,
    /// This one.
    One(&'static Code),
}

impl Codes {
    fn pick(self, own: &'static Code) -> &'static Code {
        match self {
            Codes::Profile => own,
            Codes::One(code) => code,
        }
    }
}

/// Keys without value, and empty texts.
fn empty_values(located: &Located, codes: Codes, problems: &mut Vec<Diagnostic>) {
    for entry in located.entries() {
        if is_empty(&entry.value) {
            let message = format!("`{}` has no value", entry.key);
            let problem = Diagnostic::fault(codes.pick(&codes::EMPTY_VALUE), message).at(entry.key_span.clone());
            problems.push(problem.help("write the value, or delete the key"));
        }
        empty_values(&entry.value, codes, problems);
    }
    for item in located.list() {
        empty_values(item, codes, problems);
    }
}

fn is_empty(located: &Located) -> bool {
    match &located.node {
        Node::Null => true,
        Node::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The node at an error's place, and the schema that it failed.
fn find<'l>(located: &'l Located, error: &ValidationError<'_>) -> (&'l Located, Option<Span>, Vec<String>) {
    let mut node = located;
    let mut key_span = None;
    let mut path = Vec::new();
    for segment in error.instance_path() {
        let segment = segment.to_string();
        let next = match &node.node {
            Node::Map(entries) => entries.iter().find(|entry| entry.key == segment.as_str()).map(|entry| {
                key_span = Some(entry.key_span.clone());
                &entry.value
            }),
            Node::List(items) => {
                key_span = None;
                segment.parse::<usize>().ok().and_then(|index| items.get(index))
            }
            _ => None,
        };
        path.push(segment);
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    (node, key_span, path)
}

fn translate(error: &ValidationError<'_>, located: &Located, schema: &Json, codes: Codes) -> Vec<Diagnostic> {
    let (node, key_span, path) = find(located, error);
    let name =
        path.iter().rev().find(|part| part.parse::<usize>().is_err()).cloned().unwrap_or_else(|| "the file".into());
    let keyword = error.schema_path().to_string();
    let parent = keyword.rsplit_once('/').map_or("", |(parent, _)| parent);
    let own_schema = schema.pointer(parent).unwrap_or(&Json::Null);
    let what = |key: &str| own_schema.pointer(key).and_then(Json::as_str).map(str::to_owned);
    let here = node.span.clone();
    let raw = shown(node);
    let one = |code: &'static Code, message: String| Diagnostic::fault(codes.pick(code), message).at(here.clone());
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let known: Vec<&str> =
                own_schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            let unexpected: BTreeSet<&str> = unexpected.iter().map(String::as_str).collect();
            let entries = node.entries().iter().filter(|entry| unexpected.contains(entry.key.as_str()));
            entries
                .map(|entry| {
                    let message = format!("unknown key `{}`", entry.key);
                    let problem =
                        Diagnostic::fault(codes.pick(&codes::UNKNOWN_KEY), message).at(entry.key_span.clone());
                    match nearest(&entry.key, known.iter().copied()) {
                        Some(near) => problem.help(format!("did you mean `{near}`?")),
                        None if known.is_empty() => problem,
                        None => problem.help(format!("known here: {}", known.join(", "))),
                    }
                })
                .collect()
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let place = key_span.filter(|_| matches!(node.node, Node::Map(_))).unwrap_or(here.clone());
            let inside = if path.is_empty() { String::new() } else { format!(" in `{}`", path.join(".")) };
            let problem = Diagnostic::fault(codes.pick(&codes::MISSING_KEY), format!("`{key}` is missing{inside}"));
            let problem = problem.at(place).key(key);
            let part = View::within(&own_schema["properties"][key], &[schema]);
            let (title, description) = (part.title.unwrap_or_default(), part.description.unwrap_or_default());
            vec![match (title.as_str(), description.as_str()) {
                ("", "") => problem,
                (title, "") => problem.help(format!("{key}: {title}")),
                (title, description) => problem.help(format!("{key}: {title}. {description}")),
            }]
        }
        ValidationErrorKind::Type { kind } => {
            let wanted: Vec<&str> = match kind {
                TypeKind::Single(kind) => vec![type_name(*kind)],
                TypeKind::Multiple(kinds) => kinds.iter().map(type_name).collect(),
            };
            let wanted = wanted.join(" or ");
            let problem = one(&codes::WRONG_TYPE, format!("`{name}` is {}, not {wanted}", kind_of(node)));
            vec![match node.node {
                Node::Int(_) | Node::Float(_) | Node::Bool(_) if wanted == "a text" => {
                    problem.help(format!("put it into quotes: \"{raw}\""))
                }
                Node::String(_) if wanted == "a list" => problem.help(format!("write it as a list: [{raw}]")),
                Node::String(_) if wanted == "true or false" => problem.help("write `true` or `false`"),
                _ => problem,
            }]
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options
                .as_array()
                .into_iter()
                .flatten()
                .map(|option| option.as_str().map_or_else(|| option.to_string(), str::to_owned))
                .collect();
            let problem = one(&codes::WRONG_VALUE, format!("`{name}` cannot be `{raw}`"))
                .help(format!("choose one of: {}", options.join(", ")));
            vec![match nearest(&raw, options.iter().map(String::as_str)) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            }]
        }
        ValidationErrorKind::Format { format } if format == "date" => {
            vec![
                one(&codes::BAD_DATE, format!("`{name}` is `{raw}`, which is not a date"))
                    .help("write a day that exists as YYYY-MM-DD"),
            ]
        }
        ValidationErrorKind::Format { format } => {
            let form = match format.as_str() {
                "email" => "an e-mail address",
                "uri" => "a web address with https://",
                other => other,
            };
            vec![one(&codes::WRONG_VALUE, format!("`{name}` is `{raw}`, which is not {form}"))]
        }
        ValidationErrorKind::Pattern { pattern } => {
            let problem = one(&codes::WRONG_VALUE, format!("`{name}` cannot be `{raw}`"));
            vec![problem.help(what("/description").unwrap_or_else(|| format!("it must match {pattern}")))]
        }
        ValidationErrorKind::Minimum { limit } => {
            vec![one(&codes::WRONG_VALUE, format!("`{name}` is {raw}; it is at least {limit}"))]
        }
        ValidationErrorKind::Maximum { limit } => {
            vec![one(&codes::WRONG_VALUE, format!("`{name}` is {raw}; it is at most {limit}"))]
        }
        ValidationErrorKind::MinItems { limit } => vec![one(
            &codes::WRONG_VALUE,
            format!("`{name}` has {} entries; it has at least {limit}", node.list().len()),
        )],
        ValidationErrorKind::MaxItems { limit } => vec![one(
            &codes::WRONG_VALUE,
            format!("`{name}` has {} entries; it has at most {limit}", node.list().len()),
        )],
        ValidationErrorKind::MinLength { .. } => vec![one(&codes::EMPTY_VALUE, format!("`{name}` is empty"))],
        ValidationErrorKind::Constant { expected_value } => {
            vec![one(&codes::WRONG_VALUE, format!("`{name}` is `{raw}`; it must be {expected_value}"))]
        }
        _ => {
            let problem = one(&codes::WRONG_VALUE, format!("`{name}` is not of the right form"));
            vec![match what("/description") {
                Some(description) => problem.help(description),
                None => problem.help(error.to_string()),
            }]
        }
    }
}

fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "nothing",
        JsonType::Number => "a number",
        JsonType::Object => "a group of keys",
        JsonType::String => "a text",
    }
}

fn kind_of(located: &Located) -> String {
    match &located.node {
        Node::Null => "empty".into(),
        Node::Bool(flag) => format!("the truth value {flag}"),
        Node::Int(number) => format!("the number {number}"),
        Node::Float(_) => format!("the number {}", shown(located)),
        Node::String(text) => format!("the text `{text}`"),
        Node::List(_) => "a list".into(),
        Node::Map(_) => "a group of keys".into(),
    }
}

/// A scalar as its author would know it again, cut when long.
fn shown(located: &Located) -> String {
    let text = match &located.node {
        Node::String(text) => text.to_string(),
        Node::Float(number) if number.fract() == 0.0 => format!("{number:.1}"),
        Node::List(_) | Node::Map(_) => return "…".into(),
        _ => located.to_json().to_string(),
    };
    if text.chars().count() > 60 { text.chars().take(60).chain(['…']).collect() } else { text }
}
