//! Evaluation of rules. Each value carries the places that it came from, and each step of a loop is counted.
//!
//! The interpreter that comes with CEL's parser knows values alone. What a document prints has to be led back to the row
//! and the field that it came from, through `filter`, `map` and arithmetic; so this one follows
//! <https://github.com/google/cel-spec/blob/master/doc/langdef.md> with values that know their sources:
//!
//! - What is taken out of a value keeps its own place: the owner of a filtered and sorted risk is still
//!   `risks[R-07].owner`.
//! - What is computed comes from all that it was computed from.
//! - What a rule writes out comes from what decided that it is said: the condition of `? :` or `filter`, or the element
//!   that `map` made it for.
//!
//! Maps are gone over in the order of their keys.

use std::cmp::Ordering;

use ecow::EcoString;

pub(super) use super::error::Error;
use super::error::{no_derived, no_element, no_key, no_list, no_map, no_operator, no_order, no_truth};
use super::expression::{Expr, Loop, LoopKind, Operator};
use super::functions::Call;
use super::meter::spend;
use super::mistake::meant;
use crate::messages::Messages;
use crate::model::Origins;
use crate::model::places::{Places, Sources};
use crate::model::value::{Key, Kind, Value};

/// A value, or what went wrong.
pub(super) type Answer = Result<Value, Error>;

/// The variables of a rule, and the elements of the loops that it is in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    facts: &'a Origins,
    messages: &'a Messages,
    local: Option<&'a Local<'a>>,
}

/// A name of a loop.
pub(super) struct Local<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a Value,
    pub(super) outer: Option<&'a Local<'a>>,
}

/// Where a path leads.
enum Reached {
    /// To a value.
    There(Value),
    /// No further than to what comes from somewhere, and lacks the rest.
    Absent(Sources, Vec<String>),
}

impl<'a> Scope<'a> {
    pub(super) fn new(facts: &'a Origins, messages: &'a Messages) -> Scope<'a> {
        Scope { facts, messages, local: None }
    }

    /// The same variables, and one more.
    pub(super) fn with(&self, local: &'a Local<'a>) -> Scope<'a> {
        Scope { local: Some(local), ..*self }
    }

    fn places(&self) -> &'a Places {
        self.facts.places()
    }

    fn name(&self, name: &str) -> Result<&'a Value, Error> {
        let mut local = self.local;
        while let Some(known) = local {
            if known.name == name {
                return Ok(known.value);
            }
            local = known.outer;
        }
        self.facts.variable(name).ok_or_else(|| {
            let locals = std::iter::successors(self.local, |local| local.outer).map(|local| local.name);
            let near = meant(name, locals.chain(self.facts.names()));
            let error = Error::new(format!("there is no variable `{name}`{near}"));
            if near.is_empty() { error.help("put texts between quotes: `'…'`") } else { error }
        })
    }

    /// Follows names and fields without copying what they stand for: the value, and what is known of where it came from.
    fn look(&self, expr: &Expr) -> Result<Option<(&'a Value, &'a Sources)>, Error> {
        match expr {
            Expr::Name(name, place) => {
                self.name(name).map(|value| Some((value, &value.from))).map_err(|error| error.at(*place))
            }
            Expr::Field(inner, key, place) => {
                let Some((whole, near)) = self.look(inner)? else { return Ok(None) };
                let value = field(inner, whole, key).map_err(|error| error.at(*place))?;
                Ok(Some((value, if value.from.is_none() { near } else { &value.from })))
            }
            _ => Ok(None),
        }
    }

    /// Evaluates an expression.
    pub(super) fn evaluate(&self, expr: &Expr) -> Answer {
        match expr {
            Expr::Literal(value) => Ok(value.clone()),
            Expr::Name(name, place) => self.name(name).cloned().map_err(|error| error.at(*place)),
            Expr::Field(inner, key, place) => match self.look(expr)? {
                Some((value, near)) => Ok(value.clone().or_from(near)),
                None => {
                    let whole = self.evaluate(inner)?;
                    let value = field(inner, &whole, key).map_err(|error| error.at(*place))?;
                    Ok(value.clone().or_from(&whole.from))
                }
            },
            Expr::Has(inner, key, place) => {
                let whole = self.evaluate(inner)?;
                let found = whole.as_map().ok_or_else(|| no_map(&whole).at(*place))?.get(key);
                let from = found.map(|value| value.sources(self.places())).filter(|from| !from.is_none());
                Ok(Value::from(Kind::Bool(found.is_some())).with(from.unwrap_or(whole.from)))
            }
            Expr::Knows(asked, inner, place) => {
                let reached = self.reach(inner).map_err(|error| error.at(*place))?;
                let (knowledge, from) = match &reached {
                    Reached::There(value) => {
                        (self.facts.knowledge_of(value, &value.from), value.sources(self.places()))
                    }
                    Reached::Absent(near, rest) => {
                        (self.facts.knowledge_below(near, rest), self.facts.absent(near, rest))
                    }
                };
                Ok(Value::from(Kind::Bool(knowledge == *asked)).with(from))
            }
            Expr::Index(parts, place) => {
                let (whole, index) = (self.evaluate(&parts[0])?, self.evaluate(&parts[1])?);
                let value = element(&whole, &index).map_err(|error| error.at(*place))?;
                Ok(value.or_from(&whole.from).or_from(&index.from))
            }
            Expr::If(parts) => {
                let test = self.evaluate(&parts[0])?;
                let is_true = truth(&test).map_err(|error| error.at(parts[0].place()))?;
                let arm = if is_true { &parts[1] } else { &parts[2] };
                Ok(because(self.evaluate(arm)?, &test.from))
            }
            Expr::Not(inner) => {
                let value = self.evaluate(inner)?;
                let is_true = truth(&value).map_err(|error| error.at(inner.place()))?;
                Ok(Value::from(Kind::Bool(!is_true)).with(value.from))
            }
            Expr::Negative(inner) => {
                let value = self.evaluate(inner)?;
                let kind = match &value.kind {
                    Kind::Int(number) => number.checked_neg().map(Kind::Int).ok_or_else(too_large)?,
                    Kind::Double(number) => Kind::Double(-number),
                    _ => {
                        let error = Error::new(format!("`-` takes a number, not {}", shown(&value)));
                        return Err(
                            error.help("a minus stands before numbers alone; to turn a question round write `!`")
                        );
                    }
                };
                Ok(Value::from(kind).with(value.from))
            }
            Expr::Either(decides, parts) => {
                let side = |part: &Expr| self.evaluate(part).and_then(|value| truth_of(value, part));
                self.either(*decides, side(&parts[0]), || side(&parts[1]))
            }
            Expr::Binary(operator, parts, place) => {
                let (a, b) = (self.evaluate(&parts[0])?, self.evaluate(&parts[1])?);
                self.binary(*operator, &a, &b).map_err(|error| error.at(*place))
            }
            Expr::List(parts) => {
                let items: Result<Vec<Value>, Error> = parts.iter().map(|part| self.kept(part)).collect();
                Ok(Value::list(items?))
            }
            Expr::Map(parts) => {
                let mut entries = std::collections::BTreeMap::new();
                for (key, part) in parts {
                    let key = self::key(&self.evaluate(key)?)?;
                    if entries.insert(key.clone(), self.kept(part)?).is_some() {
                        return Err(Error::new(format!("the key `{}` stands twice in a map", key.text())));
                    }
                }
                Ok(Value::map(entries))
            }
            Expr::Loop(loops) => self.loops(loops),
            Expr::Call(function, parts, place) => {
                let args: Result<Vec<Value>, Error> = parts.iter().map(|part| self.evaluate(part)).collect();
                let (name, facts, places) = (function.name, self.facts, self.places());
                let call = Call { name, args: &args?, facts, places, messages: self.messages };
                let value = (function.act)(&call).map_err(|error| error.at(*place))?;
                spend(value.weight())?;
                Ok(value)
            }
        }
    }

    /// Follows a path as far as it leads: what is not there is no error.
    fn reach(&self, expr: &Expr) -> Result<Reached, Error> {
        let (inner, key) = match expr {
            Expr::Field(inner, key, _) => (&**inner, of_key(key)),
            Expr::Index(parts, _) => (&parts[0], self.evaluate(&parts[1])?),
            // A key of the profile itself that nobody wrote; that it is one, the check of the pack tells.
            Expr::Name(name, _) if self.name(name).is_err() => {
                return Ok(Reached::Absent(Sources::None, vec![name.to_string()]));
            }
            other => return self.evaluate(other).map(Reached::There),
        };
        let text = |key: &Value| key.as_text().map_or_else(|| key.to_json().to_string(), EcoString::to_string);
        match self.reach(inner)? {
            Reached::Absent(near, mut rest) => {
                rest.push(text(&key));
                Ok(Reached::Absent(near, rest))
            }
            Reached::There(whole) => {
                match element_if_any(inner, &whole, &key).map_err(|error| error.at(expr.place()))? {
                    Some(value) => Ok(Reached::There(value.or_from(&whole.from))),
                    None => Ok(Reached::Absent(whole.from, vec![text(&key)])),
                }
            }
        }
    }

    /// A part of a list or map that is made: it counts as many steps as it holds values.
    fn kept(&self, part: &Expr) -> Answer {
        let value = self.evaluate(part)?;
        if !matches!(part, Expr::Literal(_)) {
            spend(value.weight())?;
        }
        Ok(value)
    }

    /// `&&` and `||`: the value that decides does so whatever is wrong with the other side. It comes from the side that
    /// decides, or from both.
    fn either(&self, decides: bool, left: Answer, right: impl FnOnce() -> Answer) -> Answer {
        let left = left.and_then(|left| truth(&left).map(|flag| (flag, left.from)));
        if let Ok((flag, from)) = &left
            && *flag == decides
        {
            return Ok(Value::from(Kind::Bool(decides)).with(from.clone()));
        }
        let right = right()?;
        let flag = truth(&right)?;
        match left {
            _ if flag == decides => Ok(Value::from(Kind::Bool(flag)).with(right.from)),
            Err(error) => Err(error),
            Ok((_, mut from)) => {
                from.add(&right.from, self.places());
                Ok(Value::from(Kind::Bool(flag)).with(from))
            }
        }
    }

    fn binary(&self, operator: Operator, a: &Value, b: &Value) -> Answer {
        let compared = |holds: fn(Ordering) -> bool| {
            let order = compare(a, b).ok_or_else(|| no_order("<", a, b))?;
            Ok::<Kind, Error>(Kind::Bool(holds(order)))
        };
        let kind = match operator {
            Operator::Add => return self.sum(a, b),
            Operator::Subtract => arithmetic("-", a, b, i64::checked_sub, |a, b| a - b)?,
            Operator::Multiply => arithmetic("*", a, b, i64::checked_mul, |a, b| a * b)?,
            Operator::Divide => arithmetic("/", a, b, i64::checked_div, |a, b| a / b)?,
            Operator::Remainder => match (&a.kind, &b.kind) {
                (Kind::Int(_), Kind::Int(_)) => arithmetic("%", a, b, i64::checked_rem, |a, _| a)?,
                _ => return Err(no_operator("%", a, b)),
            },
            Operator::Equal | Operator::NotEqual => {
                spend(a.weight().min(b.weight()))?;
                Kind::Bool(equals(a, b) == (operator == Operator::Equal))
            }
            Operator::Less => compared(Ordering::is_lt)?,
            Operator::LessOrEqual => compared(Ordering::is_le)?,
            Operator::Greater => compared(Ordering::is_gt)?,
            Operator::GreaterOrEqual => compared(Ordering::is_ge)?,
            Operator::In => return self.contains(a, b),
        };
        let mut from = a.sources(self.places());
        from.add(&b.sources(self.places()), self.places());
        Ok(Value::from(kind).with(from))
    }

    fn sum(&self, a: &Value, b: &Value) -> Answer {
        let sum: Value = match (&a.kind, &b.kind) {
            (Kind::Text(a), Kind::Text(b)) => {
                let mut text = EcoString::with_capacity(a.len() + b.len());
                text.push_str(a);
                text.push_str(b);
                Value::text(text)
            }
            (Kind::List(a), Kind::List(b)) => {
                spend(a.len() + b.len())?;
                Value::list(a.iter().chain(b.iter()).cloned().collect())
            }
            _ => arithmetic("+", a, b, i64::checked_add, |a, b| a + b)?.into(),
        };
        spend(sum.weight())?;
        let mut from = a.from.clone();
        from.add(&b.from, self.places());
        Ok(sum.with(from))
    }

    /// `a in b`: as many steps as a list is long; a map is asked at once.
    fn contains(&self, item: &Value, among: &Value) -> Answer {
        let mut from = item.sources(self.places());
        let flag = match &among.kind {
            Kind::List(list) => {
                let is_simple = !matches!(item.kind, Kind::List(_) | Kind::Map(_));
                spend(if is_simple { 1 + list.len() } else { among.weight() })?;
                let found = list.iter().find(|other| equals(other, item));
                let other = found.map_or_else(|| among.from.clone(), |found| found.sources(self.places()));
                from.add(&other, self.places());
                found.is_some()
            }
            Kind::Map(map) => {
                let found = self::key(item).ok().and_then(|key| map.get(&key));
                let other = found.map_or_else(|| among.from.clone(), |found| found.sources(self.places()));
                from.add(&other, self.places());
                found.is_some()
            }
            _ => return Err(no_list(among)),
        };
        Ok(Value::from(Kind::Bool(flag)).with(from))
    }

    fn loops(&self, loops: &Loop) -> Answer {
        let whole = self.evaluate(&loops.over)?;
        let wrong = |error: Error| error.at(loops.over.place());
        let keys: Vec<Value>;
        let items: &[Value] = match &whole.kind {
            Kind::List(list) => list,
            Kind::Map(map) => {
                let key = |(key, value): (&Key, &Value)| of_key(key).with(value.sources(self.places()));
                keys = map.iter().map(key).collect();
                &keys
            }
            _ => return Err(wrong(no_list(&whole))),
        };
        spend(items.len().saturating_mul(loops.steps))?;
        let at = |item: &Value, part: &Expr| {
            let local = Local { name: &loops.name, value: item, outer: self.local };
            self.with(&local).evaluate(part)
        };
        let asked = |item: &Value, test: &Expr| at(item, test).and_then(|value| truth_of(value, test));
        match &loops.kind {
            LoopKind::All(test) => self.fold(items, false, whole.from.clone(), |item| asked(item, test)),
            LoopKind::Exists(test) => self.fold(items, true, whole.from.clone(), |item| asked(item, test)),
            LoopKind::ExistsOne(test) => {
                let (mut found, mut from) = (0, Sources::None);
                for item in items {
                    let value = asked(item, test)?;
                    found += usize::from(truth(&value)?);
                    from.add(&value.from, self.places());
                }
                let from = if from.is_none() { whole.from.clone() } else { from };
                Ok(Value::from(Kind::Bool(found == 1)).with(from))
            }
            LoopKind::Filter(test) => {
                let (mut kept, mut from) = (Vec::new(), Sources::None);
                for item in items {
                    let value = asked(item, test)?;
                    from.add(&value.from, self.places());
                    if truth(&value)? {
                        spend(item.weight())?;
                        kept.push(because(item.clone(), &value.from));
                    }
                }
                Ok(Value::list(kept).with(if from.is_none() { whole.from.clone() } else { from }))
            }
            LoopKind::Map(test, part) => {
                let mut made = Vec::with_capacity(if test.is_none() { items.len() } else { 0 });
                for item in items {
                    let test = test.as_ref().map(|test| asked(item, test)).transpose()?;
                    if test.as_ref().map(truth).transpose()? == Some(false) {
                        continue;
                    }
                    let value = at(item, part)?;
                    spend(value.weight())?;
                    made.push(value.or_from(&item.from));
                }
                Ok(Value::list(made).with(whole.from.clone()))
            }
        }
    }

    /// `all` and `exists`: an element that decides does so whatever was wrong with those before it.
    fn fold(&self, items: &[Value], decides: bool, whole: Sources, test: impl Fn(&Value) -> Answer) -> Answer {
        let mut wrong = None;
        let mut from = Sources::None;
        for item in items {
            match test(item).and_then(|value| truth(&value).map(|flag| (flag, value.from))) {
                Ok((flag, source)) if flag == decides => return Ok(Value::from(Kind::Bool(decides)).with(source)),
                Ok((_, source)) => from.add(&source, self.places()),
                Err(error) => wrong = Some(error),
            }
        }
        match wrong {
            Some(error) => Err(error),
            None => Ok(Value::from(Kind::Bool(!decides)).with(if from.is_none() { whole } else { from })),
        }
    }
}

/// A value that a decision gave: what in it is written out comes from what was decided on.
fn because(value: Value, decided: &Sources) -> Value {
    if !value.from.is_none() || decided.is_none() {
        return value;
    }
    match &value.kind {
        Kind::List(list) if !list.is_empty() => {
            Value::list(list.iter().map(|item| because(item.clone(), decided)).collect())
        }
        Kind::Map(map) if !map.is_empty() => {
            Value::map(map.iter().map(|(key, value)| (key.clone(), because(value.clone(), decided))).collect())
        }
        _ => value.with(decided.clone()),
    }
}

pub(super) fn truth(value: &Value) -> Result<bool, Error> {
    match value.kind {
        Kind::Bool(flag) => Ok(flag),
        _ => Err(no_truth(value)),
    }
}

/// A value that is true or false; else the error stands where `part` does.
fn truth_of(value: Value, part: &Expr) -> Answer {
    truth(&value).map_err(|error| error.at(part.place()))?;
    Ok(value)
}

fn key(value: &Value) -> Result<Key, Error> {
    match &value.kind {
        Kind::Text(text) => Ok(Key::Text(text.clone())),
        Kind::Int(number) => Ok(Key::Int(*number)),
        Kind::Bool(flag) => Ok(Key::Bool(*flag)),
        _ => Err(Error::new(format!("{} cannot be the key of a map", shown(value)))),
    }
}

/// A key as a value.
pub(super) fn of_key(key: &Key) -> Value {
    match key {
        Key::Text(text) => Value::text(text.clone()),
        Key::Int(number) => Kind::Int(*number).into(),
        Key::Bool(flag) => Kind::Bool(*flag).into(),
    }
}

fn element(whole: &Value, index: &Value) -> Answer {
    match &whole.kind {
        Kind::List(list) => {
            let at = match index.kind {
                Kind::Int(at) => at,
                Kind::Double(at) if at.fract() == 0.0 => at as i64,
                _ => return Err(Error::new(format!("{} is not a place in a list: whole numbers are", shown(index)))),
            };
            let found = usize::try_from(at).ok().and_then(|at| list.get(at));
            found.cloned().ok_or_else(|| no_element(at, list.len()))
        }
        Kind::Map(map) => {
            let key = key(index)?;
            map.get(&key).cloned().ok_or_else(|| no_key(&key, map))
        }
        _ => Err(Error::new(format!("{} has no elements", shown(whole)))),
    }
}

/// What stands at a key of a group or at a place in a list, which `inner` stands for; nothing when it has no such part.
fn element_if_any(inner: &Expr, whole: &Value, key: &Value) -> Result<Option<Value>, Error> {
    match (&whole.kind, &key.kind) {
        (Kind::Null, _) => Ok(None),
        // That a rule derives something is no question of the profile.
        (Kind::Map(_), Kind::Text(text)) if matches!(inner, Expr::Name(name, _) if name == "derived") => {
            field(inner, whole, &Key::Text(text.clone())).cloned().map(Some)
        }
        (Kind::Map(map), _) => Ok(map.get(&self::key(key)?).cloned()),
        (Kind::List(list), Kind::Int(at)) => Ok(usize::try_from(*at).ok().and_then(|at| list.get(at)).cloned()),
        (Kind::List(_), Kind::Text(_)) => Err(no_map(whole)),
        _ => element(whole, key).map(Some),
    }
}

/// A field of a group, which `inner` stands for.
fn field<'v>(inner: &Expr, whole: &'v Value, key: &Key) -> Result<&'v Value, Error> {
    let map = whole.as_map().ok_or_else(|| no_map(whole))?;
    let is_derived = matches!(inner, Expr::Name(name, _) if name == "derived");
    map.get(key).ok_or_else(|| if is_derived { no_derived(key, map) } else { no_key(key, map) })
}

fn too_large() -> Error {
    Error::new("a number becomes too large")
}

fn arithmetic(
    operator: &str,
    a: &Value,
    b: &Value,
    whole: fn(i64, i64) -> Option<i64>,
    real: fn(f64, f64) -> f64,
) -> Result<Kind, Error> {
    match (&a.kind, &b.kind) {
        (Kind::Int(_), Kind::Int(0)) if matches!(operator, "/" | "%") => {
            let error = Error::new(format!("{} is divided by zero", shown(a)));
            Err(error.help("ask first whether there is something to divide by: `n == 0 ? … : … / n`"))
        }
        (Kind::Int(a), Kind::Int(b)) => whole(*a, *b).map(Kind::Int).ok_or_else(too_large),
        (Kind::Double(a), Kind::Double(b)) => Ok(Kind::Double(real(*a, *b))),
        _ => Err(no_operator(operator, a, b)),
    }
}

/// Whether two values are the same; whole and decimal numbers compare.
pub(super) fn equals(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::List(a), Kind::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equals(a, b)),
        (Kind::Map(a), Kind::Map(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equals(a, b)))
        }
        _ => compare(a, b) == Some(Ordering::Equal),
    }
}

/// The order of two numbers, texts or truth values.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (&a.kind, &b.kind) {
        (Kind::Int(a), Kind::Int(b)) => Some(a.cmp(b)),
        (Kind::Double(a), Kind::Double(b)) => a.partial_cmp(b),
        (Kind::Int(a), Kind::Double(b)) => (*a as f64).partial_cmp(b),
        (Kind::Double(a), Kind::Int(b)) => a.partial_cmp(&(*b as f64)),
        (Kind::Text(a), Kind::Text(b)) => Some(a.cmp(b)),
        (Kind::Bool(a), Kind::Bool(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// The most bytes of a value that a message shows.
const SHOWN: usize = 120;

/// A value as messages show it.
pub(super) fn shown(value: &Value) -> String {
    let mut text = match &value.kind {
        Kind::List(list) => format!("a list of {}", list.len()),
        Kind::Map(_) => "a map".to_owned(),
        _ => format!("`{}`", value.to_json()),
    };
    if text.len() > SHOWN {
        let end = (0..=SHOWN).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push_str("…`");
    }
    text
}
