//! A question about one value of a profile, and its answer read from what somebody types.

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use crate::decode;
use crate::diagnostic::{Diagnostic, Sink};
use crate::schema::{self, Codes, Schema, View};
use crate::time::Form;

/// Something to ask: a key of the profile that holds a single value, or several of a few.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The profile path, such as `organisation.name`.
    pub path: String,
    /// What is asked for.
    pub title: String,
    /// What is meant by it.
    pub help: String,
    /// What an answer is.
    pub kind: Kind,
    /// What stands there, or stood in the starter; nothing when there is none.
    pub current: Json,
}

/// What an answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A text, of a form when there is one.
    Text,
    /// A whole number.
    Whole,
    /// Yes or no.
    Truth,
    /// A day, or a month or year where the schema takes one.
    Date,
    /// One of these: the value, and what it is called.
    One(Vec<(String, String)>),
    /// Some of these.
    Some(Vec<(String, String)>),
}

impl Question {
    /// The question about a key of which a schema says something; none about a list of rows or a group.
    pub fn of(path: impl Into<String>, view: &View, current: Json) -> Option<Question> {
        let path = path.into();
        let texts = |view: &View| {
            let choices = view.asks.choices.iter().flatten().map(|choice| choice.as_str().map(str::to_owned));
            choices.collect::<Option<Vec<String>>>().filter(|choices| !choices.is_empty())
        };
        let named = |choices: Vec<String>| choices.into_iter().map(|choice| (choice.clone(), choice)).collect();
        let is_date = view
            .asks
            .format
            .as_deref()
            .is_some_and(|format| format == "date" || Form::named(format) == Some(Form::Date));
        let kind = match (view.asks.kind, texts(view)) {
            (_, Some(choices)) => Kind::One(named(choices)),
            (schema::Kind::Text, None) if is_date => Kind::Date,
            (schema::Kind::Text | schema::Kind::Any, None) if view.properties().is_empty() => Kind::Text,
            (schema::Kind::Whole, None) => Kind::Whole,
            (schema::Kind::Truth, None) => Kind::Truth,
            (schema::Kind::List, None) => Kind::Some(named(texts(view.items()?)?)),
            _ => return None,
        };
        Some(Question { current, ..Question::among(path, view, kind) })
    }

    /// The question about a key whose answers are known, and where nothing stands.
    pub fn among(path: impl Into<String>, view: &View, kind: Kind) -> Question {
        let path = path.into();
        let last = path.rsplit('.').next().unwrap_or_default();
        Question {
            title: view.title.clone().unwrap_or_else(|| last.replace('_', " ")),
            help: view.description.clone().unwrap_or_default(),
            kind,
            current: Json::Null,
            path,
        }
    }

    /// What stands there, as somebody would type it.
    pub fn shown(&self) -> String {
        let one = |value: &Json| match value {
            Json::Null => String::new(),
            Json::Bool(true) => "yes".to_owned(),
            Json::Bool(false) => "no".to_owned(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        match &self.current {
            Json::Array(items) => items.iter().map(one).collect::<Vec<_>>().join("; "),
            other => one(other),
        }
    }

    /// The answer in what was typed, if it is one that the schema takes.
    ///
    /// # Errors
    /// What is wrong with it, for the one who typed it.
    pub fn read(&self, text: &str, schema: &Schema) -> Result<Json, String> {
        let text = text.trim();
        let value = match &self.kind {
            Kind::Text | Kind::Date => Json::from(text),
            Kind::Whole => match text.parse::<i64>() {
                Ok(number) => Json::from(number),
                Err(_) => return Err(format!("`{text}` is not a whole number: write it in figures, such as 12")),
            },
            Kind::Truth => match text.to_lowercase().as_str() {
                "yes" | "y" | "true" => Json::Bool(true),
                "no" | "n" | "false" => Json::Bool(false),
                _ => return Err(format!("`{text}` is neither yes nor no")),
            },
            Kind::One(choices) => chosen(text, choices)?,
            Kind::Some(choices) => {
                let parts = text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty());
                Json::Array(parts.map(|part| chosen(part, choices)).collect::<Result<_, _>>()?)
            }
        };
        // What is no key of the profile, such as the date of the facts.
        if schema.view().at(&self.path).is_none() {
            let is_day = self.kind != Kind::Date || text.parse::<Date>().is_ok();
            return is_day.then_some(value).ok_or_else(|| format!("`{text}` is not a date: write it as 2026-03-14"));
        }
        match self.problem(&value, schema) {
            None => Ok(value),
            Some(problem) => Err(problem),
        }
    }

    /// What the schema has against a value at the path of the question.
    fn problem(&self, value: &Json, schema: &Schema) -> Option<String> {
        let profile = self
            .path
            .rsplit('.')
            .fold(value.clone(), |value, key| Json::Object(Map::from_iter([(key.to_owned(), value)])));
        let located = decode::parse("", &profile.to_string(), &mut Sink::new())?;
        let place = located.at(&self.path)?.span.clone();
        let mut sink = Sink::new();
        schema.checker().check(&located, Codes::Profile, &mut sink);
        let is_here = |found: &Diagnostic| {
            let span = found.span.as_ref();
            span.is_some_and(|span| (span.line, span.column) >= (place.line, place.column))
        };
        let is_empty = value.as_str().is_some_and(|text| text.trim().is_empty());
        if is_empty {
            return Some("an answer has at least one letter; `-` leaves the question open".to_owned());
        }
        let found = sink.into_vec().into_iter().find(is_here)?;
        let help = found.help.first().map(|help| format!(": {help}")).unwrap_or_default();
        Some(format!("{}{help}", found.message))
    }
}

/// The value of a choice, by itself or by what it is called.
fn chosen(text: &str, choices: &[(String, String)]) -> Result<Json, String> {
    let is_it =
        |(value, label): &&(String, String)| value.eq_ignore_ascii_case(text) || label.eq_ignore_ascii_case(text);
    match choices.iter().find(is_it) {
        Some((value, _)) => Ok(Json::from(value.as_str())),
        None => {
            let known: Vec<&str> = choices.iter().map(|(value, _)| value.as_str()).collect();
            Err(format!("`{text}` is none of the answers: {}", known.join(", ")))
        }
    }
}
