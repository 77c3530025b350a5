//! The functions that rules may call: those of CEL's standard library that packs need, and Folio's own.

mod graph;
mod lists;
mod proposed;
mod roles;
mod said;
mod time;

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use ecow::EcoString;
use jiff::civil::Date;
use regex::{Regex, RegexBuilder};

use super::eval::{Answer, Error, compare, equals, of_key, shown};
use super::meter::spend;
use crate::messages::Messages;
use crate::model::Origins;
use crate::model::places::{Places, Sources};
use crate::model::value::{BYTES, Key, Kind, List, Map, Value};
use crate::time::Day;

/// The most bytes of a compiled regular expression, and the steps that compiling one counts as.
const MAX_PATTERN: usize = 256 << 10;
const PATTERN_STEPS: usize = 2_000;

thread_local! {
    /// The pattern that was compiled last: rules ask the same one of every row.
    static PATTERN: RefCell<Option<(EcoString, Regex)>> = const { RefCell::new(None) };
}

/// A function.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How it is written.
    pub(super) usage: &'static str,
    /// The numbers of arguments that it takes, what it is called on among them.
    pub(super) takes: &'static [usize],
    pub(super) form: Form,
    pub(super) act: fn(&Call<'_>) -> Answer,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `f(a)`.
    Plain,
    /// `a.f()`.
    Member,
    /// Either.
    Both,
}

impl Form {
    pub(super) fn fits(self, is_member: bool) -> bool {
        self == Form::Both || is_member == (self == Form::Member)
    }
}

/// What a function is given.
pub(super) struct Call<'a> {
    pub(super) name: &'static str,
    pub(super) args: &'a [Value],
    pub(super) facts: &'a Origins,
    pub(super) places: &'a Places,
    pub(super) messages: &'a Messages,
}

/// All functions.
fn all() -> impl Iterator<Item = &'static Function> + Clone {
    FUNCTIONS
        .iter()
        .chain(&lists::FUNCTIONS)
        .chain(&proposed::FUNCTIONS)
        .chain(&roles::FUNCTIONS)
        .chain(&said::FUNCTIONS)
        .chain(&time::FUNCTIONS)
        .chain(&graph::FUNCTIONS)
}

/// The function of a name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    all().map(|function| function.name)
}

const fn plain(
    name: &'static str,
    usage: &'static str,
    takes: &'static [usize],
    act: fn(&Call<'_>) -> Answer,
) -> Function {
    Function { name, usage, takes, form: Form::Plain, act }
}

const fn member(name: &'static str, usage: &'static str, act: fn(&Call<'_>) -> Answer) -> Function {
    Function { name, usage, takes: &[2], form: Form::Member, act }
}

static FUNCTIONS: &[Function] = &[
    // CEL's own.
    Function { name: "size", usage: "size(list)", takes: &[1], form: Form::Both, act: size },
    member("contains", "text.contains(part)", |call| call.asks(|text, part| text.contains(part))),
    member("startsWith", "text.startsWith(part)", |call| call.asks(|text, part| text.starts_with(part))),
    member("endsWith", "text.endsWith(part)", |call| call.asks(|text, part| text.ends_with(part))),
    Function { name: "matches", usage: "text.matches(pattern)", takes: &[2], form: Form::Both, act: matches },
    plain("string", "string(value)", &[1], string),
    plain("int", "int(value)", &[1], int),
    plain("double", "double(value)", &[1], double),
    plain("bool", "bool(value)", &[1], bool),
    // Folio's.
    plain("sum", "sum(list)", &[1], sum),
    plain("max", "max(list)", &[1, 2, 3, 4], |call| call.pick(Ordering::Greater)),
    plain("min", "min(list)", &[1, 2, 3, 4], |call| call.pick(Ordering::Less)),
    plain("count_by", "count_by(list, 'field')", &[2], count_by),
    plain("group_by", "group_by(list, 'field')", &[2], group_by),
    plain("index_by", "index_by(list, 'field')", &[2], index_by),
    plain("unique", "unique(list)", &[1], unique),
    plain("flatten", "flatten(list)", &[1], flatten),
    plain("join", "join(list, ', ')", &[2], join),
    plain("lower", "lower(text)", &[1], |call| {
        let text = call.text(0)?;
        let lower = || call.messages.language.lower(text);
        Ok(call.made(Kind::Text(if call.messages.articles.begins(text) { text.clone() } else { lower().into() })))
    }),
    plain("keys", "keys(map)", &[1], |call| call.entries(|key, value| of_key(key).with(value.sources(call.places)))),
    plain("values", "values(map)", &[1], |call| call.entries(|_, value| value.clone())),
    plain("merge", "merge(a, b)", &[2], merge),
    plain("text", "text('key', {'slot': value})", &[1, 2], super::words::text),
    plain("year", "year(date)", &[1], |call| Ok(call.made(Kind::Int(i64::from(call.known(0)?.year()))))),
    plain("month", "month(date)", &[1], |call| {
        let month = call.known(0)?.month().ok_or_else(|| call.partial(0))?;
        Ok(call.made(Kind::Int(i64::from(month))))
    }),
];

impl Call<'_> {
    /// The order of two values in a list that people read.
    pub(super) fn order(&self, a: &Value, b: &Value) -> Option<Ordering> {
        match (&a.kind, &b.kind) {
            (Kind::Text(a), Kind::Text(b)) => Some(self.messages.language.compare(a, b)),
            _ => compare(a, b),
        }
    }

    /// A value that is computed from all arguments.
    pub(super) fn made(&self, kind: Kind) -> Value {
        let mut from = Sources::None;
        self.args.iter().for_each(|arg| from.add(&arg.sources(self.places), self.places));
        Value::from(kind).with(from)
    }

    /// Where the items of the first argument came from, or the list itself when it has none.
    fn items_from(&self) -> Sources {
        let mut from = Sources::None;
        let items = self.args[0].as_list().map(|list| list.iter()).into_iter().flatten();
        items.for_each(|item| from.add(&item.sources(self.places), self.places));
        if from.is_none() { self.args[0].from.clone() } else { from }
    }

    fn list(&self, at: usize) -> Result<&List, Error> {
        let list = self.args[at].as_list().ok_or_else(|| self.wrong(at, "a list"))?;
        spend(list.len())?;
        Ok(list)
    }

    pub(super) fn map(&self, at: usize) -> Result<&Map, Error> {
        self.args[at].as_map().ok_or_else(|| self.wrong(at, "a map"))
    }

    pub(super) fn text(&self, at: usize) -> Result<&EcoString, Error> {
        self.args[at].as_text().ok_or_else(|| self.wrong(at, "a text"))
    }

    fn date(&self, at: usize) -> Result<Date, Error> {
        match self.known(at)? {
            Day::Day(date) => Ok(date),
            _ => Err(self.partial(at)),
        }
    }

    /// A date, or what is known of it.
    fn known(&self, at: usize) -> Result<Day, Error> {
        let text = self.text(at)?;
        Day::read(text).map_err(|_| {
            self.failed(&format!("`{text}` is not a date YYYY-MM-DD")).help("dates are written as 2026-09-30")
        })
    }

    /// That of a date too little is known.
    fn partial(&self, at: usize) -> Error {
        let text = self.args[at].as_text().map_or("", |text| text.as_str());
        self.failed(&format!("`{text}` is known to its month or year alone"))
            .help(format!("say which day is meant: `first_day('{text}')` or `last_day('{text}')`"))
    }

    fn wrong(&self, at: usize, wanted: &str) -> Error {
        self.failed(&format!("{} is not {wanted}", shown(&self.args[at]))).of_kinds()
    }

    pub(super) fn failed(&self, problem: &str) -> Error {
        let usage = find(self.name).map_or(self.name, |function| function.usage);
        Error::new(format!("`{}`: {problem}", self.name)).help(format!("`{}` is called as `{usage}`", self.name))
    }

    /// A question about two texts.
    fn asks(&self, ask: fn(&str, &str) -> bool) -> Answer {
        let (text, part) = (self.text(0)?, self.text(1)?);
        spend(text.len() / BYTES)?;
        Ok(self.made(Kind::Bool(ask(text, part))))
    }

    /// The largest or smallest of one list, or of the arguments.
    fn pick(&self, wanted: Ordering) -> Answer {
        let given: &[Value] = if self.args.len() == 1 { self.list(0)? } else { self.args };
        let mut best: Option<&Value> = None;
        for item in given {
            match best.map(|best| compare(item, best)) {
                None => best = Some(item),
                Some(Some(order)) if order == wanted => best = Some(item),
                Some(Some(_)) => {}
                Some(None) => return Err(self.failed("values that do not compare")),
            }
        }
        best.cloned().ok_or_else(|| self.failed("the list is empty"))
    }

    /// A part of each entry of a map, in the order of the keys.
    fn entries(&self, part: impl Fn(&Key, &Value) -> Value) -> Answer {
        let entries = self.map(0)?.iter().map(|(key, value)| part(key, value)).collect();
        Ok(Value::list(entries).with(self.args[0].from.clone()))
    }
}

/// How many items, entries or characters. A count comes from what was counted; nothing, from what was looked through.
fn size(call: &Call<'_>) -> Answer {
    let (size, from) = match &call.args[0].kind {
        Kind::List(list) => {
            spend(list.len())?;
            let mut from = call.items_from();
            call.facts.add_proposed(&call.args[0].from, &mut from);
            (list.len(), from)
        }
        Kind::Map(map) => (map.len(), call.args[0].sources(call.places)),
        Kind::Text(text) => (text.chars().count(), call.args[0].from.clone()),
        _ => return Err(call.wrong(0, "a list, map or text")),
    };
    Ok(Value::from(Kind::Int(size as i64)).with(from))
}

/// Whether a text matches a pattern of bounded size: matching takes time that grows with the text alone
/// (<https://docs.rs/regex/latest/regex/#untrusted-input>).
fn matches(call: &Call<'_>) -> Answer {
    let (given, pattern) = (call.text(0)?, call.text(1)?);
    spend(1 + given.len() / BYTES)?;
    let found = PATTERN.with_borrow_mut(|last| {
        let known = last.as_ref().filter(|(known, _)| known == pattern).map(|(_, regex)| regex.is_match(given));
        if let Some(found) = known {
            return Ok(found);
        }
        spend(PATTERN_STEPS)?;
        let regex = RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build();
        let regex = regex.map_err(|error| {
            let pattern = pattern.chars().take(60).collect::<String>();
            match error {
                regex::Error::CompiledTooBig(_) => call.failed(&format!("the pattern `{pattern}` is too large")),
                _ => call.failed(&format!("`{pattern}` is not a pattern")).help(
                    "close its brackets, and write `\\\\.` for a sign that means itself; syntax: https://docs.rs/regex",
                ),
            }
        })?;
        let found = regex.is_match(given);
        *last = Some((pattern.clone(), regex));
        Ok(found)
    })?;
    Ok(call.made(Kind::Bool(found)))
}

fn string(call: &Call<'_>) -> Answer {
    let text = match &call.args[0].kind {
        Kind::Text(text) => text.clone(),
        Kind::Int(number) => ecow::eco_format!("{number}"),
        Kind::Double(number) => ecow::eco_format!("{number}"),
        Kind::Bool(flag) => ecow::eco_format!("{flag}"),
        _ => return Err(call.wrong(0, "a text, number or truth value")),
    };
    Ok(call.made(Kind::Text(text)))
}

fn int(call: &Call<'_>) -> Answer {
    let number = match &call.args[0].kind {
        Kind::Int(number) => Some(*number),
        // Below 2^63 in size, where a cut-off decimal number is a whole one.
        Kind::Double(number) => Some(*number as i64).filter(|_| number.abs() < 9_223_372_036_854_775_807.0),
        Kind::Text(text) => text.parse().ok(),
        _ => None,
    };
    number.map(|number| call.made(Kind::Int(number))).ok_or_else(|| call.wrong(0, "a whole number"))
}

fn double(call: &Call<'_>) -> Answer {
    let number = match &call.args[0].kind {
        Kind::Int(number) => Some(*number as f64),
        Kind::Double(number) => Some(*number),
        Kind::Text(text) => text.parse().ok(),
        _ => None,
    };
    number.map(|number| call.made(Kind::Double(number))).ok_or_else(|| call.wrong(0, "a number"))
}

fn bool(call: &Call<'_>) -> Answer {
    let flag = match &call.args[0].kind {
        Kind::Bool(flag) => Some(*flag),
        Kind::Text(text) => text.parse().ok(),
        _ => None,
    };
    flag.map(|flag| call.made(Kind::Bool(flag))).ok_or_else(|| call.wrong(0, "true or false"))
}

/// The sum of a list of numbers.
fn sum(call: &Call<'_>) -> Answer {
    let mut whole = 0i64;
    let mut real = None;
    for item in call.list(0)?.iter() {
        match item.kind {
            Kind::Int(number) => whole = whole.saturating_add(number),
            Kind::Double(number) => *real.get_or_insert(0.0) += number,
            _ => return Err(call.failed(&format!("{} is not a number", shown(item)))),
        }
    }
    let kind = real.map_or(Kind::Int(whole), |real| Kind::Double(real + whole as f64));
    Ok(Value::from(kind).with(call.items_from()))
}

/// How often each value of a field occurs in a list of maps.
fn count_by(call: &Call<'_>) -> Answer {
    let mut counts: BTreeMap<Key, (i64, Sources)> = BTreeMap::new();
    let name = call.text(1)?;
    for row in call.list(0)?.iter() {
        let Some(value) = row.field(name) else { continue };
        let (count, from) = counts.entry(key(value)).or_default();
        *count += 1;
        from.add(&row.sources(call.places), call.places);
        call.facts.add_proposed(&value.sources(call.places), from);
    }
    let counts = counts.into_iter().map(|(key, (count, from))| (key, Value::from(Kind::Int(count)).with(from)));
    Ok(Value::map(counts.collect()).with(call.args[0].from.clone()))
}

/// The maps of a list by the value of a field; by each of its values, where the field is a list.
fn group_by(call: &Call<'_>) -> Answer {
    let mut groups: BTreeMap<Key, (Vec<Value>, Sources)> = BTreeMap::new();
    let name = call.text(1)?;
    for row in call.list(0)?.iter() {
        let Some(value) = row.field(name) else { continue };
        let keys: &[Value] = value.as_list().map_or(std::slice::from_ref(value), |keys| keys);
        for key in keys {
            spend(if keys.len() > 1 { row.weight() } else { 1 })?;
            let (rows, from) = groups.entry(self::key(key)).or_default();
            rows.push(row.clone());
            from.add(&key.sources(call.places), call.places);
        }
    }
    let groups = groups.into_iter().map(|(key, (rows, from))| (key, Value::list(rows).with(from)));
    Ok(Value::map(groups.collect()).with(call.args[0].from.clone()))
}

/// The maps of a list by the value of a field, the first where several have the same.
fn index_by(call: &Call<'_>) -> Answer {
    let mut index: BTreeMap<Key, Value> = BTreeMap::new();
    let name = call.text(1)?;
    for row in call.list(0)?.iter() {
        if let Some(value) = row.field(name) {
            index.entry(key(value)).or_insert_with(|| row.clone());
        }
    }
    Ok(Value::map(index).with(call.args[0].from.clone()))
}

/// The list without repetitions, each value where it first stood.
fn unique(call: &Call<'_>) -> Answer {
    let mut seen: Vec<Value> = Vec::new();
    for item in call.list(0)?.iter() {
        spend(seen.len())?;
        if !seen.iter().any(|other| equals(other, item)) {
            seen.push(item.clone());
        }
    }
    Ok(Value::list(seen).with(call.args[0].from.clone()))
}

/// A list of lists as one list.
fn flatten(call: &Call<'_>) -> Answer {
    let mut flat: Vec<Value> = Vec::new();
    for item in call.list(0)?.iter() {
        match item.as_list() {
            Some(inner) => flat.extend(inner.iter().map(|part| part.clone().or_from(&item.from))),
            None => flat.push(item.clone()),
        }
    }
    Ok(Value::list(flat).with(call.args[0].from.clone()))
}

/// The items of a list as one text.
fn join(call: &Call<'_>) -> Answer {
    let items: Vec<EcoString> = call.list(0)?.iter().map(|item| key(item).text()).collect();
    let between = call.text(1)?;
    spend(items.len().saturating_mul(between.len()) / BYTES)?;
    Ok(Value::text(items.join(between)).with(call.items_from()))
}

/// Both maps in one; the second wins. It is the row that the first is, or else the second.
fn merge(call: &Call<'_>) -> Answer {
    let (a, b) = (call.map(0)?, call.map(1)?);
    let mut both: BTreeMap<Key, Value> = (**a).clone();
    both.extend(b.iter().map(|(key, value)| (key.clone(), value.clone())));
    let is_row = |value: &Value| match value.from {
        Sources::One(place) => call.places.row(place) == Some(place),
        _ => false,
    };
    let [a, b] = [&call.args[0], &call.args[1]];
    let from = if a.from.is_none() || (is_row(b) && !is_row(a)) { &b.from } else { &a.from };
    Ok(Value::map(both).with(from.clone()))
}

/// A value as it stands in a text or a key.
fn key(value: &Value) -> Key {
    Key::Text(match &value.kind {
        Kind::Text(text) => text.clone(),
        _ => ecow::eco_format!("{}", value.to_json()),
    })
}
