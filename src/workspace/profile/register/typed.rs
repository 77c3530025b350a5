//! Cells as values of their columns: numbers, truth values, dates, and lists of them.

use jiff::civil::Date;
use serde_json::Value as Json;

use super::forms::{self, Read};
use super::source::Written;
use super::{Cell, Number, Value, held, xlsx};
use crate::diagnostic::Span;
use crate::holders::WHO;
use crate::language;
use crate::schema::{Kind, View};
use crate::time::Form;
use crate::yaml::{Entry, Located, Node};

/// What is wrong with a cell, or an item of it.
pub(super) struct Wrong {
    /// What follows the name of the column.
    pub(super) message: String,
    pub(super) help: String,
    pub(super) span: Span,
}

/// Why a cell has no value.
pub(super) enum Trouble {
    /// What is wrong, of a list each item.
    Wrong(Vec<Wrong>),
    /// It is written in a form that nobody named.
    Unnamed(Unnamed, Vec<(String, Span)>),
}

/// The forms that a file can be said to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unnamed {
    /// Of days.
    Dates,
    /// Of numbers.
    Decimal,
}

/// What a column asks of one value.
#[derive(Clone, Copy)]
struct Ask<'a> {
    kind: Kind,
    /// A day, whole or known by its month or year.
    is_day: bool,
    is_year: bool,
    written: &'a Written,
}

impl<'a> Ask<'a> {
    fn of(view: Option<&View>, written: &'a Written) -> Ask<'a> {
        let kind = view.map_or(Kind::Any, kind_of);
        let format = view.and_then(|view| view.asks.format.as_deref()).filter(|_| kind == Kind::Text);
        let form = format.and_then(Form::named);
        Ask {
            kind,
            is_day: format == Some("date") || form == Some(Form::Date),
            is_year: matches!(form, Some(Form::Date | Form::Period)),
            written,
        }
    }
}

/// What is wrong with one value.
enum Flaw {
    /// What, and what to do.
    Wrong(String, String),
    Unnamed(Unnamed),
}

/// A cell's value as its column asks for it; `None` for an empty one.
///
/// # Errors
/// Why it has none.
pub(super) fn node(cell: &Cell, column: Option<&View>, written: &Written) -> Result<Option<Located>, Trouble> {
    let ask = Ask::of(column, written);
    let item = Ask::of(column.and_then(View::items), written);
    let text = match &cell.value {
        Value::Empty | Value::Broken(_) => return Ok(None),
        Value::Text(text) if text.trim().is_empty() => return Ok(None),
        Value::Text(text) => text,
        single if ask.kind == Kind::List && is_item(single, item.kind) => {
            // A spreadsheet makes a number of a list of one.
            let items = one(single, item).map(|node| Node::List(vec![Located { span: cell.span.clone(), node }]));
            return whole(cell, items);
        }
        single if ask.kind == Kind::Any && item.kind == Kind::Text => {
            return whole(cell, one(single, Ask { kind: Kind::Text, ..ask }));
        }
        single => return whole(cell, one(single, ask)),
    };
    if column.and_then(View::items).is_some_and(|items| items.property(WHO).is_some())
        && parts(text).any(|(_, part)| held::times(part, written).is_some())
    {
        return holders(cell, text, written).map(Some);
    }
    // What may be a text or a list of them is a list where it holds several.
    let is_several = ask.kind == Kind::Any && item.kind == Kind::Text && text.contains(';');
    if ask.kind != Kind::List && !is_several {
        return whole(cell, one(&Value::Text(text.trim().to_owned()), ask));
    }
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    let mut unnamed: Option<(Unnamed, Vec<(String, Span)>)> = None;
    for (first, part) in parts(text) {
        let span = place(cell, text, first, part);
        match one(&Value::Text(part.to_owned()), item) {
            Ok(node) => items.push(Located { span, node }),
            Err(Flaw::Unnamed(what)) => unnamed.get_or_insert((what, Vec::new())).1.push((part.to_owned(), span)),
            Err(Flaw::Wrong(message, help)) if item.is_day => problems.push(Wrong { message, help, span }),
            Err(Flaw::Wrong(_, help)) => {
                let message = format!("holds `{part}`, which is {}", not(item.kind));
                problems.push(Wrong { message, help, span });
            }
        }
    }
    match unnamed {
        _ if !problems.is_empty() => Err(Trouble::Wrong(problems)),
        Some((what, parts)) => Err(Trouble::Unnamed(what, parts)),
        None => Ok(Some(Located { span: cell.span.clone(), node: Node::List(items) })),
    }
}

/// A cell that says who holds something from when and until when, each with the days that are said of it.
fn holders(cell: &Cell, text: &str, written: &Written) -> Result<Located, Trouble> {
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    let mut unnamed = Vec::new();
    for (first, part) in parts(text) {
        let span = place(cell, text, first, part);
        let Some(held) = held::times(part, written) else {
            items.push(Located { span, node: Node::String(part.into()) });
            continue;
        };
        let at = |words: &str| {
            let start = words.as_ptr().addr().saturating_sub(part.as_ptr().addr());
            let before = part.get(..start).unwrap_or_default().chars().count();
            place(cell, text, first + before, words)
        };
        let entry = |key: &str, node: Node, span: Span| Entry {
            key: key.into(),
            key_span: span.clone(),
            value: Located { span, node },
        };
        let mut entries = vec![entry(WHO, Node::String(held.who.into()), at(held.who))];
        for (key, words) in held.days {
            match day(words, written) {
                Ok(node) => entries.push(entry(key, node, at(words))),
                Err(Flaw::Unnamed(_)) => unnamed.push((words.to_owned(), at(words))),
                Err(Flaw::Wrong(message, help)) => problems.push(Wrong { message, help, span: at(words) }),
            }
        }
        items.push(Located { span, node: Node::Map(entries) });
    }
    match () {
        () if !problems.is_empty() => Err(Trouble::Wrong(problems)),
        () if !unnamed.is_empty() => Err(Trouble::Unnamed(Unnamed::Dates, unnamed)),
        () => Ok(Located { span: cell.span.clone(), node: Node::List(items) }),
    }
}

/// The kind that is asked for; where only choices are given, theirs.
fn kind_of(view: &View) -> Kind {
    let choices = view.asks.choices.as_deref().filter(|choices| view.asks.kind == Kind::Any && !choices.is_empty());
    match choices {
        Some(choices) if choices.iter().all(Json::is_i64) => Kind::Whole,
        Some(choices) if choices.iter().all(Json::is_number) => Kind::Number,
        Some(choices) if choices.iter().all(Json::is_boolean) => Kind::Truth,
        _ => view.asks.kind,
    }
}

fn whole(cell: &Cell, read: Result<Node, Flaw>) -> Result<Option<Located>, Trouble> {
    let span = cell.span.clone();
    match read {
        Ok(node) => Ok(Some(Located { span, node })),
        Err(Flaw::Wrong(message, help)) => Err(Trouble::Wrong(vec![Wrong { message, help, span }])),
        Err(Flaw::Unnamed(what)) => Err(Trouble::Unnamed(what, vec![(cell.value.shown().trim().to_owned(), span)])),
    }
}

/// Whether what is no text can be the one item of a list.
fn is_item(value: &Value, item: Kind) -> bool {
    match value {
        Value::Number(_) => matches!(item, Kind::Whole | Kind::Number | Kind::Text),
        Value::Bool(_) => item == Kind::Truth,
        Value::Moment(_) => item == Kind::Text,
        _ => false,
    }
}

/// The items of a list in a cell, each with the number of its first character.
fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut byte = 0;
    let parts = text.split(';').map(move |part| {
        let first = byte + (part.len() - part.trim_start().len());
        byte += part.len() + 1;
        (text[..first].chars().count(), part.trim())
    });
    parts.filter(|(_, part)| !part.is_empty())
}

/// The place of an item, where the file has the cell as it was read; else that of the cell.
fn place(cell: &Cell, text: &str, first: usize, part: &str) -> Span {
    let span = &cell.span;
    let Some(line) = cell.excerpt.as_ref().filter(|_| span.column > 0) else { return span.clone() };
    let written: Vec<char> = line.chars().skip(span.column as usize - 1).collect();
    let quote = usize::from(written.first() == Some(&'"'));
    let end = first + part.chars().count();
    if !text.chars().take(end).eq(written.iter().skip(quote).take(end).copied()) {
        return span.clone();
    }
    let column = span.column as usize + quote + first;
    Span { column: column as u32, length: part.chars().count() as u32, ..span.clone() }
}

/// What a value is not.
fn not(kind: Kind) -> &'static str {
    match kind {
        Kind::Whole => "not a whole number",
        Kind::Number => "not a number",
        Kind::Truth => "neither true nor false",
        _ => "not a text",
    }
}

/// What to do about a cell that a spreadsheet has not as a text.
const AS_TEXT: &str = "format the cell as text, then write it again";

/// One value; else what is wrong, and what to do.
fn one(value: &Value, ask: Ask<'_>) -> Result<Node, Flaw> {
    let wrong = |message: String, help: &str| Err(Flaw::Wrong(message, help.to_owned()));
    match value {
        Value::Empty | Value::Broken(_) => Ok(Node::Null),
        Value::Text(text) => of_text(text, ask),
        Value::Number(number) => of_number(number, ask),
        Value::Bool(flag) => match ask.kind {
            Kind::Truth => Ok(Node::Bool(*flag)),
            _ => wrong(format!("is the truth value {flag}, not a text"), AS_TEXT),
        },
        Value::Moment(moment) => {
            let shown = value.shown();
            match (&moment.day, &moment.time) {
                (Some(day), time) if ask.is_day => match time {
                    Some(time) if !forms::is_midnight(time) => {
                        wrong(format!("is {shown}, a day with a time"), "write the day alone")
                    }
                    _ => Ok(Node::String(day.as_str().into())),
                },
                (None, _) if ask.is_day => wrong(format!("is {shown}, a time and no day"), "write the day"),
                _ if matches!(ask.kind, Kind::Text | Kind::Any) => Ok(Node::String(shown.into())),
                _ if moment.day.is_none() => wrong(format!("is the time {shown}"), "write what the column asks for"),
                _ => wrong(format!("is the date {shown}"), "write what the column asks for"),
            }
        }
    }
}

fn of_number(number: &Number, ask: Ask<'_>) -> Result<Node, Flaw> {
    let value = number.value;
    let wrong = |message: String, help: &str| Err(Flaw::Wrong(message, help.to_owned()));
    let is_whole = value.fract() == 0.0 && value.abs() < 9e15;
    let shown = number.shown();
    match ask.kind {
        Kind::Whole | Kind::Number if is_whole => Ok(Node::Int(value as i64)),
        Kind::Number => Ok(Node::Float(value, value.to_string().into())),
        Kind::Whole => wrong(format!("is {value}, not a whole number"), "round it"),
        Kind::Truth if value == 1.0 || value == 0.0 => Ok(Node::Bool(value == 1.0)),
        Kind::Truth => wrong(format!("is the number {shown}, neither true nor false"), "write true or false"),
        // A spreadsheet makes a number of a year.
        Kind::Text if ask.is_year && is_whole && (1000.0..10_000.0).contains(&value) => {
            Ok(Node::String(ecow::eco_format!("{value}")))
        }
        Kind::Text if ask.is_day => match xlsx::day_of(number) {
            Some(day) => wrong(
                format!("is the number {value}, not a day; formatted as a day it would be {day}"),
                "if that is meant, give the column a date format in the spreadsheet; else write the day",
            ),
            None => wrong(format!("is the number {shown}, not a day"), "write the day"),
        },
        // What is shown is what was meant, as far as nothing was lost: of 5.1 nobody knows whether it was 5.10.
        Kind::Text | Kind::Any
            if is_whole && shown.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Ok(if ask.kind == Kind::Text { Node::String(shown.into()) } else { Node::Int(value as i64) })
        }
        _ if shown != value.to_string() => {
            wrong(format!("is the number {value}, shown as {shown}, and not a text"), AS_TEXT)
        }
        _ => wrong(format!("is the number {shown}, not a text"), AS_TEXT),
    }
}

fn of_text(text: &str, ask: Ask<'_>) -> Result<Node, Flaw> {
    let wrong = |help: &str| Err(Flaw::Wrong(format!("is `{text}`, {}", not(ask.kind)), help.to_owned()));
    let node = |number: f64| match number.fract() == 0.0 && number.abs() < 9e15 {
        true => Node::Int(number as i64),
        false => Node::Float(number, text.into()),
    };
    let declared = ask.written.decimal;
    let by_other = [',', '.'].into_iter().filter_map(|sign| forms::number(text, sign));
    match ask.kind {
        Kind::Whole => match (text.parse::<i64>(), declared) {
            (Ok(number), _) if number.to_string() == text => Ok(Node::Int(number)),
            (_, Some(sign)) => match forms::number(text, sign).filter(|number| number.fract() == 0.0) {
                Some(number) => Ok(node(number)),
                None => wrong("write digits alone"),
            },
            _ if by_other.clone().any(|number| number.fract() == 0.0) => Err(Flaw::Unnamed(Unnamed::Decimal)),
            _ => wrong("write digits alone"),
        },
        Kind::Number => match (text.parse::<f64>(), declared) {
            (_, Some(sign)) => match forms::number(text, sign) {
                Some(number) => Ok(node(number)),
                None => wrong(&format!("its decimals stand behind `{sign}`, as the profile says: write it so")),
            },
            (Ok(number), _) if number.is_finite() => Ok(node(number)),
            _ if by_other.clone().next().is_some() => Err(Flaw::Unnamed(Unnamed::Decimal)),
            _ => wrong("write digits, with a point for decimals"),
        },
        Kind::Truth => match language::truth(text) {
            Some(flag) => Ok(Node::Bool(flag)),
            None => wrong("write true or false"),
        },
        _ if ask.is_day => day(text, ask.written),
        _ => Ok(Node::String(text.into())),
    }
}

/// A text of a column of days. What is none at all is left to the schema.
fn day(text: &str, written: &Written) -> Result<Node, Flaw> {
    if let Some((day, time)) = forms::day_and_time(text) {
        if !forms::is_midnight(time) {
            return Err(Flaw::Wrong(format!("is `{text}`, a day with a time"), "write the day alone".into()));
        }
        return Ok(Node::String(day.into()));
    }
    let mut days: Vec<Date> = Vec::new();
    for form in &written.dates {
        match form.read(text) {
            Read::Day(day) if !days.contains(&day) => days.push(day),
            Read::NoDay => {
                let message = format!("is `{text}`, and there is no such day by `{}`", form.written);
                return Err(Flaw::Wrong(message, "write a day that exists".into()));
            }
            _ => {}
        }
    }
    let named = || written.dates.iter().map(|form| format!("`{}`", form.written)).collect::<Vec<_>>().join(" or ");
    match days.as_slice() {
        [day] => Ok(Node::String(ecow::eco_format!("{day}"))),
        [_, _, ..] => {
            let message = format!("is `{text}`, which {} read as different days", named());
            Err(Flaw::Wrong(message, "write it as YYYY-MM-DD".into()))
        }
        [] if forms::usual(text).is_empty() => Ok(Node::String(text.into())),
        [] if written.dates.is_empty() => Err(Flaw::Unnamed(Unnamed::Dates)),
        [] => {
            let message = format!("is `{text}`, which is not written as {}", named());
            let others: Vec<&str> = written.dates.iter().map(|form| form.written.as_str()).collect();
            let first = forms::usual(text).into_iter().next().unwrap_or_default();
            Err(Flaw::Wrong(
                message,
                format!("write it so, or name its form too: `dates: [{}, {first}]`", others.join(", ")),
            ))
        }
    }
}
