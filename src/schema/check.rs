//! Files checked by a schema: what is wrong, and where.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, PatternOptions, ValidationError};
use serde_json::Value as Json;

use super::place::Source;
use super::view::View;
use crate::diagnostic::codes::{pack as pack_codes, profile as codes};
use crate::diagnostic::{Code, Diagnostic, Sink, Span, nearest};
use crate::time::Form;
use crate::yaml::{Entry, Located, Node};

/// The most bytes of a compiled pattern.
const MAX_PATTERN: usize = 1 << 20;

/// The most characters of a text that a message shows.
const MAX_SHOWN: usize = 60;

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
        let pointer = place.map(ToString::to_string).unwrap_or_default();
        let keyword = pointer.rsplit('/').next().unwrap_or_default();
        let problem = match error.kind() {
            ValidationErrorKind::Format { format } if format == "regex" => {
                let pattern = error.instance().as_str().or_else(|| error.instance()["pattern"].as_str());
                let pattern = cut(pattern.unwrap_or_default());
                format!("the pattern `{pattern}` is no regular expression, is too large, or looks ahead or back")
            }
            _ if keyword.is_empty() => "it asks for what no schema can".to_owned(),
            _ => format!("`{keyword}` cannot be {}", cut(&error.instance().to_string())),
        };
        Broken { problem, pointer }
    }

    fn fault(self, source: Option<&Source>) -> Diagnostic {
        let message = format!("this is not a JSON Schema: {}", self.problem);
        let place = source.map(|source| source.place(&self.pointer));
        Diagnostic::fault(&pack_codes::PACK_MANIFEST, message).at(place)
    }

    /// The same as faults of the files that it came from: of each that is no schema by itself, else of the outermost that
    /// has the part.
    pub(super) fn report(self, sources: &[Source], sink: &mut Sink) {
        let rules = jsonschema::draft202012::meta::validator();
        let mut faults = Vec::new();
        for source in sources {
            faults.extend(rules.iter_errors(&source.json).map(|error| Broken::new(&error).fault(Some(source))));
        }
        if faults.is_empty() {
            let says = |source: &&Source| source.json.pointer(&self.pointer).is_some();
            let outermost = sources.iter().rev().find(says).or(sources.last());
            sink.push(self.fault(outermost));
        }
        sink.extend(faults);
    }
}

impl Checker {
    /// Compiles a schema. Patterns are matched in time that grows with the text alone; what such an engine lacks, looking
    /// ahead and back, no profile needs.
    ///
    /// # Errors
    /// When it is no JSON Schema.
    pub fn new(json: Json) -> Result<Checker, Broken> {
        let mut options = jsonschema::draft202012::options();
        for form in Form::ALL {
            options = options.with_format(form.name(), move |text: &str| form.check(text).is_ok());
        }
        let compiled = options
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

    /// Whether a value is one that the schema allows.
    #[cfg(test)]
    pub(super) fn allows(&self, value: &Json) -> bool {
        self.compiled.is_valid(value)
    }

    /// Reports everything in a file that the schema forbids.
    pub fn check(&self, located: &Located, codes: Codes, sink: &mut Sink) {
        self.check_but(located, codes, &|_| false, sink);
    }

    /// Reports everything in a file that the schema forbids and that was not said otherwise.
    pub fn check_but(&self, located: &Located, codes: Codes, is_said: &dyn Fn(&Diagnostic) -> bool, sink: &mut Sink) {
        let value = located.to_json();
        let mut problems = Sink::new();
        empty_values(located, codes, &mut problems);
        let mut places = Places::new(located);
        let mut seen: BTreeSet<(Option<Span>, String)> = BTreeSet::new();
        for error in self.compiled.iter_errors(&value) {
            let found = places.find(&error);
            if is_empty(found.node) {
                continue; // Said above, in plainer words.
            }
            let mut say = |problem: Diagnostic, finish: &dyn Fn(Diagnostic) -> Diagnostic| {
                if !is_said(&problem) && seen.insert((problem.span.clone(), problem.message.clone())) {
                    problems.push_with(problem, finish);
                }
            };
            translate(&error, &found, &self.json, codes, &mut say);
        }
        let mut problems = problems.into_vec();
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
            let problem = Diagnostic::fault(codes.pick(&codes::MISSING_KEY), format!("`{key}` is missing{inside}"));
            let problem = problem.at(place).key(key);
            let part = View::within(&own_schema["properties"][key], &[schema]);
            let (title, description) = (part.title.unwrap_or_default(), part.description.unwrap_or_default());
            match (title.as_str(), description.as_str()) {
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
            let form = own_schema["format"].as_str().and_then(Form::named);
            match node.node {
                Node::Int(_) | Node::Float(..) if matches!(form, Some(Form::Duration | Form::Interval)) => {
                    problem.help(format!("write the unit too: `{raw} h`, `{raw} days`, `{raw} months`"))
                }
                Node::Int(_) | Node::Float(..) if own_schema["format"] == "date" => {
                    problem.help("write a day as YYYY-MM-DD: this key takes no month or year alone")
                }
                Node::Int(_) | Node::Float(..) | Node::Bool(_) if wanted == "a text" => {
                    problem.help(format!("put it into quotes: \"{raw}\""))
                }
                Node::List(_) if wanted == "a text" => {
                    problem.help("write one text; one that begins with `-` or `[` stands in quotes")
                }
                Node::String(_) if wanted == "a list" && raw.starts_with('-') => {
                    problem.help("write a blank behind each `-`")
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
        ValidationErrorKind::Format { format } if Form::named(format).is_some() => {
            let form = Form::named(format).unwrap_or(Form::Duration);
            let code = if form == Form::Date { &codes::BAD_DATE } else { &codes::WRONG_VALUE };
            let wrong = form.check(node.as_str().unwrap_or_default()).err();
            let problem = wrong.as_ref().map_or("is not of its form", |wrong| wrong.problem.as_str());
            one(code, format!("`{name}` is `{raw}`, which {problem}")).help(wrong.map_or("", |wrong| wrong.help))
        }
        ValidationErrorKind::Format { format } => {
            let form = match format.as_str() {
                "email" => "an e-mail address",
                "uri" => "a web address with https://",
                "time" => "a time of day, HH:MM:SS with its zone",
                "date-time" => "a day and time, such as 2026-01-31T09:00:00Z",
                "hostname" => "the name of a computer",
                "ipv4" | "ipv6" => "an address of the internet protocol",
                "uuid" => "a UUID",
                "regex" => "a regular expression",
                _ => "of the form that its schema asks for",
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
                None => match asked(error.kind()) {
                    Some(asked) => problem.help(asked),
                    None => problem.help("its schema asks for more than its words say: `folio schema` shows it"),
                },
            }
        }
    };
    say(problem, &|problem| problem);
}

/// What a schema asks for by keywords that few use.
fn asked(kind: &ValidationErrorKind) -> Option<String> {
    Some(match kind {
        ValidationErrorKind::MinProperties { limit } => format!("it has at least {limit} keys"),
        ValidationErrorKind::MaxProperties { limit } => format!("it has at most {limit} keys"),
        ValidationErrorKind::MultipleOf { multiple_of } => format!("it is a multiple of {multiple_of}"),
        ValidationErrorKind::ExclusiveMinimum { limit } => format!("it is more than {limit}"),
        ValidationErrorKind::ExclusiveMaximum { limit } => format!("it is less than {limit}"),
        ValidationErrorKind::UniqueItems => "no entry stands there twice".to_owned(),
        ValidationErrorKind::Contains => "one of its entries is of the kind that is asked for".to_owned(),
        ValidationErrorKind::Not { .. } => "it is just what its schema forbids".to_owned(),
        ValidationErrorKind::AnyOf { .. } => "it fits none of the forms that it may have".to_owned(),
        ValidationErrorKind::OneOfNotValid { .. } => "it fits none of the forms of which it has one".to_owned(),
        ValidationErrorKind::OneOfMultipleValid { .. } => "it fits several of the forms of which it has one".to_owned(),
        ValidationErrorKind::PropertyNames { .. } => "one of its keys is not called as keys are here".to_owned(),
        ValidationErrorKind::AdditionalItems { limit } => format!("it has at most {limit} entries"),
        ValidationErrorKind::FalseSchema => "nothing may stand there".to_owned(),
        _ => return None,
    })
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
        Node::Float(..) => format!("the number {}", shown(located)),
        Node::String(text) => format!("the text `{}`", cut(text)),
        Node::List(_) => "a list".into(),
        Node::Map(_) => "a group of keys".into(),
    }
}

/// A scalar as its author would know it again, cut when long.
fn shown(located: &Located) -> String {
    match &located.node {
        Node::String(text) => cut(text),
        Node::Float(_, written) => cut(written),
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
