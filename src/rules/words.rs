//! What rules say: messages that they name, and words that they should not have.

use cel::common::ast::{EntryExpr, Expr, LiteralValue, operators};
use cel::{IdedExpr, Program};
use ecow::EcoString;

use super::functions::Call;
use super::meter::spend;
use super::{Expression, children, eval};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::messages::{Entry, Messages, Slot};
use crate::model::value::{BYTES, Key, Kind, Map, Value};

/// The function that names a message.
const TEXT: &str = "text";

/// `text('key', {'slot': value})`.
pub(super) fn text(call: &Call<'_>) -> eval::Answer {
    let key = call.text(0)?;
    let entry = call.messages.text(key).map_err(|problem| call.failed(&problem))?;
    let slots = if call.args.len() > 1 { Some(call.map(1)?) } else { None };
    let said = say(entry, call.messages, slots)
        .map_err(|problem| call.failed(&format!("the message `{key}`, `{}`: {problem}", entry.written)))?;
    spend(said.len() / BYTES)?;
    let mut made = call.made(Kind::Text(said.into()));
    // What is given says where it comes from, not the map that it is given in.
    if slots.is_none() {
        made.from = call.args[0].from.clone();
    }
    Ok(made)
}

/// A message with the slots of a map.
///
/// # Errors
/// A sentence about a slot that is not given, or holds what its format cannot write.
pub(super) fn say(entry: &Entry, messages: &Messages, slots: Option<&Map>) -> Result<String, String> {
    let slot = |name: &str| slot(slots?.get(&Key::Text(name.into()))?);
    let said = entry.message.say(&messages.language, &slot)?;
    Ok(messages.articles.mended(&said).into_owned())
}

/// What a value is in a slot; nothing for what no slot takes.
fn slot(value: &Value) -> Option<Slot> {
    let text = |value: &Value| match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Int(number) => Some(ecow::eco_format!("{number}")),
        Kind::Double(number) => Some(ecow::eco_format!("{number}")),
        _ => None,
    };
    Some(match &value.kind {
        Kind::Text(text) => Slot::Text(text.clone()),
        Kind::Int(number) => Slot::Whole(*number),
        Kind::Double(number) => Slot::Real(*number),
        Kind::Bool(flag) => Slot::Flag(*flag),
        Kind::List(items) => Slot::List(items.iter().map(text).collect::<Option<Vec<EcoString>>>()?),
        Kind::Null | Kind::Map(_) => return None,
    })
}

/// A message that an expression names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its key; what the key begins with, when the rest is computed.
    pub key: String,
    /// Whether that is the whole key.
    pub is_whole: bool,
    /// The slots that are given; nothing when they are computed.
    pub slots: Option<Vec<String>>,
}

/// The slots that an expression fills, when it is a map written out.
pub fn slots(expression: &Expression) -> Option<Vec<String>> {
    let program = Program::compile(&expression.text).ok()?;
    filled(program.expression())
}

fn filled(expression: &IdedExpr) -> Option<Vec<String>> {
    match &expression.expr {
        Expr::Map(map) => map.entries.iter().map(|entry| entry_name(&entry.expr)).collect(),
        _ => None,
    }
}

/// The messages that an expression names. Nothing when it is not CEL.
pub fn named(expression: &Expression) -> Vec<Named> {
    let mut found = Vec::new();
    // Most name none, and to read them once more takes as long as to compile them.
    if !expression.text.contains(TEXT) {
        return found;
    }
    if let Ok(program) = Program::compile(&expression.text) {
        see(program.expression(), &mut found);
    }
    found
}

fn see(expression: &IdedExpr, found: &mut Vec<Named>) {
    if let Expr::Call(call) = &expression.expr
        && call.func_name == TEXT
        && let Some(key) = call.args.first()
    {
        let slots = call.args.get(1).map_or(Some(Vec::new()), filled);
        keys(key, &slots, found);
    }
    children(&expression.expr).into_iter().for_each(|child| see(child, found));
}

fn entry_name(entry: &EntryExpr) -> Option<String> {
    match entry {
        EntryExpr::MapEntry(entry) => literal(&entry.key).map(str::to_owned),
        EntryExpr::StructField(_) => None,
    }
}

/// The keys that an expression can give: `'a'`, `b ? 'a' : 'c'`, `'a.' + b`.
fn keys(expression: &IdedExpr, slots: &Option<Vec<String>>, found: &mut Vec<Named>) {
    let mut add = |key: &str, is_whole| found.push(Named { key: key.to_owned(), is_whole, slots: slots.clone() });
    match &expression.expr {
        Expr::Literal(LiteralValue::String(key)) => add(key.inner(), true),
        Expr::Call(call) if call.func_name == operators::CONDITIONAL => {
            call.args.iter().skip(1).for_each(|key| keys(key, slots, found));
        }
        Expr::Call(call) if call.func_name == operators::ADD => {
            let mut first = &call.args[0];
            while let Expr::Call(inner) = &first.expr
                && inner.func_name == operators::ADD
            {
                first = &inner.args[0];
            }
            add(literal(first).unwrap_or_default(), false);
        }
        _ => add("", false),
    }
}

fn literal(expression: &IdedExpr) -> Option<&str> {
    match &expression.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

/// Reports the messages that an expression names and no table has.
pub(super) fn check(expression: &Expression, program: &IdedExpr, messages: &Messages, sink: &mut Sink) {
    let mut found = Vec::new();
    see(program, &mut found);
    for named in found {
        let problem = match named.is_whole {
            true => messages.text(&named.key).err(),
            false if named.key.is_empty() || messages.beginning(&named.key).next().is_some() => None,
            false => Some(format!("no message table has a key that begins with `{}`", named.key)),
        };
        if let Some(problem) = problem {
            let fault = Diagnostic::fault(&codes::MESSAGE_UNKNOWN, format!("`{}`: {problem}", expression.text));
            sink.push(fault.at(expression.span.clone()).help(codes::MESSAGE_UNKNOWN.fix));
        }
    }
}

/// The keys under which charts and tables take words, whatever these look like.
const PRINTED: [&str; 7] = ["alt", "answer", "caption", "label", "note", "title", "unit"];

/// The words that an expression has written out to be read by people, which belong in a message table.
pub fn prose(expression: &Expression) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(program) = Program::compile(&expression.text) {
        read(program.expression(), false, &mut found);
    }
    found
}

/// Looks for words where an expression gives a value. What is compared, looked up or matched is no such place.
fn read(expression: &IdedExpr, is_printed: bool, found: &mut Vec<String>) {
    match &expression.expr {
        Expr::Literal(LiteralValue::String(text)) => {
            if is_words(text.inner(), is_printed) {
                found.push(text.inner().to_owned());
            }
        }
        Expr::Map(map) => {
            for entry in &map.entries {
                if let EntryExpr::MapEntry(entry) = &entry.expr {
                    let is_printed = literal(&entry.key).is_some_and(|key| PRINTED.contains(&key));
                    read(&entry.value, is_printed, found);
                }
            }
        }
        Expr::Call(call) => match call.func_name.as_str() {
            operators::CONDITIONAL => call.args.iter().skip(1).for_each(|arm| read(arm, is_printed, found)),
            operators::ADD => call.args.iter().for_each(|part| read(part, is_printed, found)),
            TEXT => call.args.iter().skip(1).for_each(|slots| read(slots, false, found)),
            "join" | "merge" | "flatten" | "unique" => call.args.iter().for_each(|part| read(part, is_printed, found)),
            _ => {
                let lists = call.target.as_deref().into_iter().chain(&call.args);
                lists.filter(|part| holds_values(part)).for_each(|part| read(part, is_printed, found));
            }
        },
        other => children(other).into_iter().for_each(|child| read(child, is_printed, found)),
    }
}

/// Whether an argument of a function can hold what is printed: a list or a map, or what is made of one.
fn holds_values(part: &IdedExpr) -> bool {
    matches!(part.expr, Expr::List(_) | Expr::Map(_) | Expr::Comprehension(_))
}

/// Whether a literal is for people: words with spaces or a capital, or anything with a letter where words are printed.
/// Keys, states and ids are one word without capitals, or have none of these letters.
fn is_words(text: &str, is_printed: bool) -> bool {
    let has_letter = text.chars().any(char::is_alphabetic);
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count();
    let words = text.split_whitespace().filter(|word| letters(word) > 1).count();
    let is_capital = text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    let is_id = text.chars().any(|c| c.is_ascii_digit()) && words < 2;
    has_letter
        && !is_id
        && (is_printed || (words > 0 && text.contains(char::is_whitespace)) || (is_capital && letters(text) > 1))
}
