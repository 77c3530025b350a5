//! Cells as values of their columns: numbers, truth values, dates, and lists of them.

use serde_json::Value as Json;

use super::{Cell, Value};
use crate::diagnostic::Span;
use crate::schema::{Kind, View};
use crate::time::Form;
use crate::yaml::{Located, Node};

/// What is wrong with a cell, or an item of it.
pub(super) struct Wrong {
    /// What follows the name of the column.
    pub(super) message: String,
    pub(super) help: String,
    pub(super) span: Span,
}

/// A cell's value as its column asks for it; `None` for an empty one.
///
/// # Errors
/// What is wrong, of a list each item.
pub(super) fn node(cell: &Cell, column: Option<&View>) -> Result<Option<Located>, Vec<Wrong>> {
    let kind = column.map_or(Kind::Any, kind_of);
    let item = column.and_then(View::items).map_or(Kind::Any, kind_of);
    let is_year = column.is_some_and(|column| {
        let form = column.asks.format.as_deref().and_then(Form::named);
        kind == Kind::Text && matches!(form, Some(Form::Date | Form::Period))
    });
    let text = match &cell.value {
        // A spreadsheet makes a number of a year.
        Value::Number(year) if is_year && year.fract() == 0.0 && (1000.0..10_000.0).contains(year) => {
            let node = Node::String(ecow::eco_format!("{year}"));
            return Ok(Some(Located { span: cell.span.clone(), node }));
        }
        Value::Empty | Value::Broken => return Ok(None),
        Value::Text(text) if text.trim().is_empty() => return Ok(None),
        Value::Text(text) => text,
        single if kind == Kind::List && is_item(single, item) => {
            // A spreadsheet makes a number of a list of one.
            let items = one(single, item).map(|node| Node::List(vec![Located { span: cell.span.clone(), node }]));
            return whole(cell, items);
        }
        single => return whole(cell, one(single, kind)),
    };
    // What may be a text or a list of them is a list where it holds several.
    let is_several = kind == Kind::Any && item == Kind::Text && text.contains(';');
    if kind != Kind::List && !is_several {
        return whole(cell, one(&Value::Text(text.trim().to_owned()), kind));
    }
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    for (first, part) in parts(text) {
        let span = place(cell, text, first, part);
        match one(&Value::Text(part.to_owned()), item) {
            Ok(node) => items.push(Located { span, node }),
            Err((_, help)) => {
                let message = format!("holds `{part}`, which is {}", not(item));
                problems.push(Wrong { message, help, span });
            }
        }
    }
    if problems.is_empty() {
        Ok(Some(Located { span: cell.span.clone(), node: Node::List(items) }))
    } else {
        Err(problems)
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

fn whole(cell: &Cell, read: Result<Node, (String, String)>) -> Result<Option<Located>, Vec<Wrong>> {
    let span = cell.span.clone();
    match read {
        Ok(node) => Ok(Some(Located { span, node })),
        Err((message, help)) => Err(vec![Wrong { message, help, span }]),
    }
}

/// Whether what is no text can be the one item of a list.
fn is_item(value: &Value, item: Kind) -> bool {
    match value {
        Value::Number(_) => matches!(item, Kind::Whole | Kind::Number),
        Value::Bool(_) => item == Kind::Truth,
        Value::Date(_) => item == Kind::Text,
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

/// One value; else what is wrong, and what to do.
fn one(value: &Value, kind: Kind) -> Result<Node, (String, String)> {
    let text = match value {
        Value::Empty | Value::Broken => return Ok(Node::Null),
        Value::Text(text) => text.as_str(),
        Value::Number(number) => {
            return match kind {
                Kind::Whole | Kind::Number if number.fract() == 0.0 && number.abs() < 9e15 => {
                    Ok(Node::Int(*number as i64))
                }
                Kind::Number => Ok(Node::Float(*number)),
                Kind::Whole => Err((format!("is {number}, not a whole number"), "round it".into())),
                _ => Err((
                    format!("is the number {number}, not a text"),
                    "format the cell as text, then write it again".into(),
                )),
            };
        }
        Value::Bool(flag) => {
            return match kind {
                Kind::Truth => Ok(Node::Bool(*flag)),
                _ => Err((
                    format!("is the truth value {flag}, not a text"),
                    "format the cell as text, then write it again".into(),
                )),
            };
        }
        Value::Date(date) => {
            return match kind {
                Kind::Text => Ok(Node::String(date.as_str().into())),
                _ => Err((format!("is the date {date}"), "write what the column asks for".into())),
            };
        }
    };
    let wrong = |help: &str| Err((format!("is `{text}`, {}", not(kind)), help.to_owned()));
    match kind {
        Kind::Whole => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Ok(Node::Int(number)),
            _ => wrong("write digits alone"),
        },
        Kind::Number => match text.parse::<f64>() {
            Ok(number) if number.fract() == 0.0 && number.abs() < 9e15 => Ok(Node::Int(number as i64)),
            Ok(number) if number.is_finite() => Ok(Node::Float(number)),
            _ => wrong("write digits, with a point for decimals"),
        },
        Kind::Truth => match text.to_lowercase().as_str() {
            "true" | "yes" => Ok(Node::Bool(true)),
            "false" | "no" => Ok(Node::Bool(false)),
            _ => wrong("write true or false"),
        },
        _ => Ok(Node::String(text.into())),
    }
}
