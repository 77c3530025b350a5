//! JSON Schema 2020-12 (<https://json-schema.org/draft/2020-12>) over located trees: what is wrong, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, PatternOptions, ValidationError};
use serde_json::{Value as Json, json};

use crate::diagnostic::codes::{pack as pack_codes, profile as codes};
use crate::diagnostic::{Code, Diagnostic, Sink, Span, nearest};
use crate::yaml::{Entry, Located, Node};

/// The most bytes of a compiled pattern.
const MAX_PATTERN: usize = 1 << 20;

/// The most characters of a text that a message shows, and of a reason that the validator gives.
const MAX_SHOWN: usize = 60;
const MAX_REASON: usize = 300;

/// The schema of a profile: the engine's keys, and the pack's.
#[derive(Debug, Clone)]
pub struct Schema {
    whole: Json,
}

/// The schema of the engine's own keys.
pub fn engine() -> &'static Json {
    static ENGINE: OnceLock<Json> = OnceLock::new();
    ENGINE.get_or_init(|| serde_json::from_str(include_str!("engine.schema.json")).unwrap_or_default())
}

impl Schema {
    /// The engine's schema with a pack's, named for messages, laid beside it.
    ///
    /// # Errors
    /// When the pack's schema is not a JSON Schema of an object.
    pub fn new(pack: Option<(&str, &Json)>) -> Result<Schema, Sink> {
        let mut whole = engine().clone();
        if let Some((name, pack)) = pack {
            for part in ["properties", "$defs"] {
                let Some(more) = pack[part].as_object() else { continue };
                for (key, schema) in more {
                    let known = whole[part].get(key).cloned();
                    whole[part][key] = match known {
                        Some(known) => json!({"allOf": [known, schema]}),
                        None => schema.clone(),
                    };
                }
            }
            let required = pack["required"].as_array().cloned().unwrap_or_default();
            if let Some(all) = whole["required"].as_array_mut() {
                all.extend(required);
            }
            for key in ["title", "description"] {
                if let Some(text) = pack.get(key) {
                    whole[key] = text.clone();
                }
            }
            if let Err(error) = validator(&whole) {
                let mut sink = Sink::new();
                let message = format!("the profile schema of `{name}` is not a JSON Schema: {error}");
                sink.push(Diagnostic::fault(&pack_codes::PACK_MANIFEST, message));
                return Err(sink);
            }
        }
        whole["additionalProperties"] = json!(false);
        Ok(Schema { whole })
    }

    /// The schema as one document, for editors.
    pub fn to_json(&self) -> &Json {
        &self.whole
    }
}

/// A schema behind its `$ref`.
pub(crate) fn target<'s>(schema: &'s Json, root: &'s Json) -> &'s Json {
    let reference = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

/// Patterns are matched in time that grows with the text alone; what such an engine lacks, looking ahead and back, no
/// profile needs.
fn validator(schema: &Json) -> Result<jsonschema::Validator, String> {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex().size_limit(MAX_PATTERN))
        .build(schema)
        .map_err(|error| error.to_string())
}

/// Which codes problems get: a profile's, each of its own, or one for all of another kind of file.
#[derive(Clone, Copy)]
enum Codes {
    Profile,
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

/// Reports everything in a file of Folio's own that its schema forbids, under one code.
pub fn validate(located: &Located, schema: &Json, code: &'static Code, sink: &mut Sink) {
    report(located, schema, Codes::One(code), &|_| true, sink);
}

/// Reports everything in a profile that the schema forbids and that is worth saying.
pub(super) fn validate_profile(
    located: &Located,
    schema: &Schema,
    is_news: &dyn Fn(&Diagnostic) -> bool,
    sink: &mut Sink,
) {
    report(located, &schema.whole, Codes::Profile, is_news, sink);
}

fn report(located: &Located, schema: &Json, codes: Codes, is_news: &dyn Fn(&Diagnostic) -> bool, sink: &mut Sink) {
    let validator = match validator(schema) {
        Ok(validator) => validator,
        Err(problem) => {
            sink.push(Diagnostic::fault(&pack_codes::PACK_MANIFEST, format!("not a JSON Schema: {problem}")));
            return;
        }
    };
    let value = located.to_json();
    let mut problems = Sink::new();
    empty_values(located, codes, &mut problems);
    let mut places = Places::new(located);
    let mut seen: BTreeSet<(Span, String)> = BTreeSet::new();
    for error in validator.iter_errors(&value) {
        let found = places.find(&error);
        if is_empty(found.node) {
            continue; // Said above, in plainer words.
        }
        let mut say = |problem: Diagnostic, finish: &dyn Fn(Diagnostic) -> Diagnostic| {
            let place = problem.span.clone().map(|span| (span, problem.message.clone()));
            if is_news(&problem) && place.is_none_or(|place| seen.insert(place)) {
                problems.push_with(problem, finish);
            }
        };
        translate(&error, &found, schema, codes, &mut say);
    }
    let mut problems = problems.into_vec();
    problems.sort_by(|a, b| a.span.cmp(&b.span));
    sink.extend(problems);
}

/// Keys without value, and empty texts.
fn empty_values(located: &Located, codes: Codes, problems: &mut Sink) {
    for entry in located.entries() {
        if is_empty(&entry.value) {
            let message = format!("`{}` has no value", cut(&entry.key));
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

/// What stands at an error's place.
struct Found<'l> {
    node: &'l Located,
    /// Where its key stands.
    key_span: Option<Span>,
    path: Vec<String>,
}

/// A tree in which entries of large maps are found at once.
struct Places<'l> {
    root: &'l Located,
    /// The entries of each map that was looked into, by the map's address.
    known: BTreeMap<*const Entry, BTreeMap<&'l str, &'l Entry>>,
}

impl<'l> Places<'l> {
    fn new(root: &'l Located) -> Places<'l> {
        Places { root, known: BTreeMap::new() }
    }

    fn entry(&mut self, entries: &'l [Entry], key: &str) -> Option<&'l Entry> {
        const FEW: usize = 16;
        if entries.len() <= FEW {
            return entries.iter().find(|entry| entry.key == key);
        }
        let by_key = || entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        self.known.entry(entries.as_ptr()).or_insert_with(by_key).get(key).copied()
    }

    fn find(&mut self, error: &ValidationError<'_>) -> Found<'l> {
        let mut found = Found { node: self.root, key_span: None, path: Vec::new() };
        for segment in error.instance_path() {
            let segment = segment.to_string();
            let next = match &found.node.node {
                Node::Map(entries) => self.entry(entries, &segment).map(|entry| {
                    found.key_span = Some(entry.key_span.clone());
                    &entry.value
                }),
                Node::List(items) => {
                    found.key_span = None;
                    segment.parse::<usize>().ok().and_then(|index| items.get(index))
                }
                _ => None,
            };
            found.path.push(segment);
            match next {
                Some(next) => found.node = next,
                None => break,
            }
        }
        found
    }
}

/// Takes a problem, and what makes it helpful.
type Say<'s> = &'s mut dyn FnMut(Diagnostic, &dyn Fn(Diagnostic) -> Diagnostic);

/// Puts an error into words.
fn translate(error: &ValidationError<'_>, found: &Found<'_>, schema: &Json, codes: Codes, say: Say<'_>) {
    let Found { node, key_span, path } = found;
    let key = path.iter().rev().find(|part| part.parse::<usize>().is_err());
    let name = key.map_or_else(|| "the file".into(), |key| cut(key));
    let keyword = error.schema_path().to_string();
    let parent = keyword.rsplit_once('/').map_or("", |(parent, _)| parent);
    let own_schema = schema.pointer(parent).unwrap_or(&Json::Null);
    let what = |key: &str| own_schema.pointer(key).and_then(Json::as_str).map(str::to_owned);
    let here = node.span.clone();
    let raw = shown(node);
    let one = |code: &'static Code, message: String| Diagnostic::fault(codes.pick(code), message).at(here.clone());
    let problem = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let known: Vec<&str> =
                own_schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            let unexpected: BTreeSet<&str> = unexpected.iter().map(String::as_str).collect();
            for entry in node.entries().iter().filter(|entry| unexpected.contains(entry.key.as_str())) {
                let message = format!("unknown key `{}`", cut(&entry.key));
                let problem = Diagnostic::fault(codes.pick(&codes::UNKNOWN_KEY), message).at(entry.key_span.clone());
                say(problem, &|problem| match nearest(&entry.key, known.iter().copied()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None if known.is_empty() => problem,
                    None => problem.help(format!("known here: {}", known.join(", "))),
                });
            }
            return;
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let place = key_span.clone().filter(|_| matches!(node.node, Node::Map(_))).unwrap_or(here.clone());
            let inside = if path.is_empty() { String::new() } else { format!(" in `{}`", cut(&path.join("."))) };
            let problem =
                Diagnostic::fault(codes.pick(&codes::MISSING_KEY), format!("`{key}` is missing{inside}")).at(place);
            let part = target(&own_schema["properties"][key], schema);
            let title = part["title"].as_str().unwrap_or_default();
            let description = part["description"].as_str().unwrap_or_default();
            match (title, description) {
                ("", "") => problem,
                (title, "") => problem.help(format!("{key}: {title}")),
                (title, description) => problem.help(format!("{key}: {title}. {description}")),
            }
        }
        ValidationErrorKind::Type { kind } => {
            let wanted: Vec<&str> = match kind {
                TypeKind::Single(kind) => vec![type_name(*kind)],
                TypeKind::Multiple(kinds) => kinds.iter().map(type_name).collect(),
            };
            let wanted = wanted.join(" or ");
            let problem = one(&codes::WRONG_TYPE, format!("`{name}` is {}, not {wanted}", kind_of(node)));
            match node.node {
                Node::Int(_) | Node::Float(_) | Node::Bool(_) if wanted == "a text" => {
                    problem.help(format!("put it into quotes: \"{raw}\""))
                }
                Node::String(_) if wanted == "a list" => problem.help(format!("write it as a list: [{raw}]")),
                Node::String(_) if wanted == "true or false" => problem.help("write `true` or `false`"),
                _ => problem,
            }
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options
                .as_array()
                .into_iter()
                .flatten()
                .map(|option| option.as_str().map_or_else(|| option.to_string(), str::to_owned))
                .collect();
            say(one(&codes::WRONG_VALUE, format!("`{name}` cannot be `{raw}`")), &|problem| {
                let problem = problem.help(format!("choose one of: {}", options.join(", ")));
                problem.suggest(&raw, options.iter().map(String::as_str))
            });
            return;
        }
        ValidationErrorKind::Format { format } if format == "date" => {
            one(&codes::BAD_DATE, format!("`{name}` is `{raw}`, which is not a date"))
                .help("write a day that exists as YYYY-MM-DD")
        }
        ValidationErrorKind::Format { format } => {
            let form = match format.as_str() {
                "email" => "an e-mail address",
                "uri" => "a web address with https://",
                other => other,
            };
            one(&codes::WRONG_VALUE, format!("`{name}` is `{raw}`, which is not {form}"))
        }
        ValidationErrorKind::Pattern { pattern } => {
            let problem = one(&codes::WRONG_VALUE, format!("`{name}` cannot be `{raw}`"));
            problem.help(what("/description").unwrap_or_else(|| format!("it must match {pattern}")))
        }
        ValidationErrorKind::Minimum { limit } => {
            one(&codes::WRONG_VALUE, format!("`{name}` is {raw}; it is at least {limit}"))
        }
        ValidationErrorKind::Maximum { limit } => {
            one(&codes::WRONG_VALUE, format!("`{name}` is {raw}; it is at most {limit}"))
        }
        ValidationErrorKind::MinItems { limit } => {
            let message = format!("`{name}` has {} entries; it has at least {limit}", node.list().len());
            one(&codes::WRONG_VALUE, message)
        }
        ValidationErrorKind::MaxItems { limit } => {
            let message = format!("`{name}` has {} entries; it has at most {limit}", node.list().len());
            one(&codes::WRONG_VALUE, message)
        }
        ValidationErrorKind::MinLength { .. } => one(&codes::EMPTY_VALUE, format!("`{name}` is empty")),
        ValidationErrorKind::MaxLength { limit } => {
            one(&codes::WRONG_VALUE, format!("`{name}` is `{raw}`; it has at most {limit} characters"))
        }
        ValidationErrorKind::Constant { expected_value } => {
            one(&codes::WRONG_VALUE, format!("`{name}` is `{raw}`; it must be {expected_value}"))
        }
        _ => {
            let problem = one(&codes::WRONG_VALUE, format!("`{name}` is not of the right form"));
            match what("/description") {
                Some(description) => problem.help(description),
                None => problem.help(error.to_string().chars().take(MAX_REASON).collect::<String>()),
            }
        }
    };
    say(problem, &|problem| problem);
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
        Node::String(text) => format!("the text `{}`", cut(text)),
        Node::List(_) => "a list".into(),
        Node::Map(_) => "a group of keys".into(),
    }
}

/// A scalar as its author would know it again, cut when long.
fn shown(located: &Located) -> String {
    match &located.node {
        Node::String(text) => cut(text),
        Node::Float(number) if number.fract() == 0.0 => format!("{number:.1}"),
        Node::List(_) | Node::Map(_) => "…".into(),
        _ => located.to_json().to_string(),
    }
}

/// A text, cut when it is long.
fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(MAX_SHOWN).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
