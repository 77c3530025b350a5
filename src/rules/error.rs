//! What went wrong in a rule when it was computed, and what to do about it.

use ecow::EcoString;

use super::expression::Place;
use super::kinds::{Gives, remedy};
use super::mistake::{Mistake, meant};
use super::{Expression, eval::shown};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::pack as codes;
use crate::model::value::{Key, Kind, Map, Value};

/// The most characters of a rule that a message repeats.
const REPEATED: usize = 80;

/// What went wrong in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Error {
    /// In a sentence.
    message: String,
    help: Option<String>,
    at: Place,
    /// The derived value that it lacks.
    lacks: Option<EcoString>,
    /// Whether it lies in the kinds of values, and no other value of the same kind would mend it.
    is_of_kinds: bool,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error {
    /// An error without help, of which it is not known where it stands.
    pub(super) fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), help: None, at: None, lacks: None, is_of_kinds: false }
    }

    /// The same, with what to do.
    pub(super) fn help(self, help: impl Into<String>) -> Error {
        Error { help: Some(help.into()), ..self }
    }

    /// The same, in a part of the rule; the innermost that is known stays.
    pub(super) fn at(self, place: Place) -> Error {
        Error { at: self.at.or(place), ..self }
    }

    /// The same, which lies in the kinds of values.
    pub(super) fn of_kinds(self) -> Error {
        Error { is_of_kinds: true, ..self }
    }

    /// Whether it lies in the kinds of values.
    pub(super) fn is_of_kinds(&self) -> bool {
        self.is_of_kinds
    }

    /// The derived value that was asked for and is not there.
    pub(super) fn lacks(&self) -> Option<&str> {
        self.lacks.as_deref()
    }

    /// A rule that gives what is not wanted of it.
    pub(super) fn unwanted(expression: &Expression, value: &Value, wanted: &str) -> Error {
        let help = match (wanted, &value.kind) {
            ("a text", Kind::Int(_) | Kind::Double(_) | Kind::Bool(_)) => "write `string(…)` around it".to_owned(),
            ("a text", Kind::List(_)) => "make one text of the list: `join(list, ', ')`".to_owned(),
            ("a list", Kind::Map(_)) => "for what is in a group write `values(group)`".to_owned(),
            ("true or false", kind) => asked(kind).to_owned(),
            _ => format!("it must give {wanted}"),
        };
        Error::new(format!("`{}` gives {}, not {wanted}", repeated(&expression.text), shown(value))).help(help)
    }

    /// The error as a fault; `what` is the rule that it stands in.
    pub(super) fn fault(self, what: Option<&str>, expression: &Expression) -> Diagnostic {
        let message = what.map_or_else(|| self.message.clone(), |what| format!("{what}: {}", self.message));
        let at = self.at.map(|(first, length)| (first as usize, length as usize));
        Mistake { code: &codes::RULE_FAILED, message, help: self.help, at }.fault(expression)
    }
}

/// The text of a rule as messages repeat it.
pub(super) fn repeated(text: &str) -> String {
    let start: String = text.chars().take(REPEATED).collect();
    let start = start.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > REPEATED { start + "…" } else { start }
}

/// How to make a question of a value.
fn asked(kind: &Kind) -> &'static str {
    match kind {
        Kind::List(_) => "ask whether it holds something: `size(list) > 0`",
        Kind::Text(_) => "compare it: `text == 'yes'`, or `text != ''`",
        Kind::Int(_) | Kind::Double(_) => "compare it: `number > 0`",
        Kind::Map(_) => "ask whether it has a key: `has(group.key)`",
        Kind::Null | Kind::Bool(_) => "ask whether there is a value: `has(group.key)`, or `value != null`",
    }
}

/// A value that is neither true nor false.
pub(super) fn no_truth(value: &Value) -> Error {
    Error::new(format!("{} is not true or false", shown(value))).help(asked(&value.kind)).of_kinds()
}

/// A key that a group does not have.
pub(super) fn no_key(key: &Key, map: &Map) -> Error {
    let key = key.text();
    let near = meant_of(&key, map);
    let error = Error::new(format!("there is no key `{key}`{near}"));
    match near.as_str() {
        "" => error.help("guard optional keys with `has(…)`"),
        _ => error.help(format!("if `{key}` is right and optional, guard it with `has(…)`")),
    }
}

/// A derived value that is not there.
pub(super) fn no_derived(key: &Key, map: &Map) -> Error {
    let key = key.text();
    let near = meant_of(&key, map);
    let error = Error::new(format!("there is no derived value `{key}`{near}"));
    let error = if near.is_empty() { error.help("derive it by a rule, above this one") } else { error };
    Error { lacks: Some(key), ..error }
}

fn meant_of(key: &str, map: &Map) -> String {
    let known: Vec<_> = map.keys().map(Key::text).collect();
    meant(key, known.iter().map(EcoString::as_str))
}

/// A key that is asked of something that has none.
pub(super) fn no_map(value: &Value) -> Error {
    let error = Error::new(format!("{} has no keys", shown(value)));
    match &value.kind {
        Kind::List(_) => error.help("take an element, `list[0]`, or go over all: `list.map(x, x.key)`"),
        Kind::Null => error.help("guard what may be absent with `has(…)`"),
        _ => error.help("only groups have keys"),
    }
}

/// An element that a list does not have.
pub(super) fn no_element(at: i64, length: usize) -> Error {
    let error = Error::new(format!("there is no element {at}: the list has {length}"));
    match length {
        0 => error.help("ask first whether it is empty: `size(list) > 0 ? … : …`"),
        length => error.help(format!("elements count from 0: the last is {}; ask `size(list)` first", length - 1)),
    }
}

/// Something that is neither list nor group.
pub(super) fn no_list(value: &Value) -> Error {
    let error = Error::new(format!("{} is not a list or map", shown(value)));
    match &value.kind {
        Kind::Text(_) => error.help("for a part of a text write `text.contains(part)`; a list of one is `[text]`"),
        Kind::Null => error.help("guard what may be absent with `has(…)`"),
        _ => error.help("a list of one value is written `[value]`"),
    }
}

/// An operator between values that it does not take.
pub(super) fn no_operator(sign: &str, a: &Value, b: &Value) -> Error {
    let error = Error::new(format!("`{sign}` does not take {} and {}", shown(a), shown(b)));
    error.help(remedy(sign, Gives::of(&a.kind), Gives::of(&b.kind))).of_kinds()
}

/// Values that have no order.
pub(super) fn no_order(sign: &str, a: &Value, b: &Value) -> Error {
    let error = Error::new(format!("{} and {} do not compare", shown(a), shown(b)));
    error.help(remedy(sign, Gives::of(&a.kind), Gives::of(&b.kind))).of_kinds()
}
