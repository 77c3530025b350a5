//! The functions that rules may call besides CEL's own.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cel::extractors::Arguments;
use cel::{Context, ExecutionError, Value};
use jiff::ToSpan;
use jiff::civil::Date;

use super::value::sorted;

type Answer = Result<Value, ExecutionError>;
type List = Arc<Vec<Value>>;
type Text = Arc<String>;

/// Makes the functions known. None of them is CEL's own, so none is refused.
pub(super) fn register(context: &mut Context<'_, '_>) {
    let added = [
        context.add_function("sum", sum),
        context.add_function("max", |Arguments(given): Arguments| pick(&given, std::cmp::Ordering::Greater)),
        context.add_function("min", |Arguments(given): Arguments| pick(&given, std::cmp::Ordering::Less)),
        context.add_function("count_by", count_by),
        context.add_function("sort_by", sort_by),
        context.add_function("unique", unique),
        context.add_function("flatten", flatten),
        context.add_function("join", join),
        context.add_function("lower", |text: Text| text.to_lowercase()),
        context.add_function("keys", |map: Value| entries(&map, "keys", |key, _| Value::from(key))),
        context.add_function("values", |map: Value| entries(&map, "values", |_, value| value.clone())),
        context.add_function("merge", merge),
        context.add_function("days_between", days_between),
        context.add_function("add_months", add_months),
    ];
    debug_assert!(added.iter().all(Result::is_ok), "{added:?}");
}

fn sum(list: List) -> Answer {
    let mut whole = 0i64;
    let mut real = 0.0;
    let mut is_real = false;
    for item in list.iter() {
        match item {
            Value::Int(number) => whole = whole.saturating_add(*number),
            Value::Float(number) => {
                is_real = true;
                real += number;
            }
            other => return Err(ExecutionError::function_error("sum", format!("{other:?} is not a number"))),
        }
    }
    Ok(if is_real { Value::Float(real + whole as f64) } else { Value::Int(whole) })
}

/// The largest or smallest of one list, or of the arguments.
fn pick(given: &[Value], wanted: std::cmp::Ordering) -> Answer {
    let items = match given {
        [Value::List(list)] => list.as_slice(),
        many => many,
    };
    let mut best: Option<&Value> = None;
    for item in items {
        match best.map(|best| item.partial_cmp(best)) {
            None => best = Some(item),
            Some(Some(order)) if order == wanted => best = Some(item),
            Some(Some(_)) => {}
            Some(None) => return Err(ExecutionError::function_error("max/min", "values that do not compare")),
        }
    }
    best.cloned().ok_or_else(|| ExecutionError::function_error("max/min", "the list is empty"))
}

fn field(row: &Value, name: &str) -> Option<Value> {
    match row {
        Value::Map(map) => map.get(&cel::objects::Key::from(name)).cloned(),
        _ => None,
    }
}

fn count_by(list: List, name: Text) -> Value {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for key in list.iter().filter_map(|row| field(row, &name)) {
        *counts.entry(text(&key)).or_default() += 1;
    }
    Value::from(counts.into_iter().collect::<HashMap<_, _>>())
}

fn sort_by(list: List, name: Text) -> Value {
    let mut rows: Vec<Value> = list.to_vec();
    rows.sort_by(|a, b| match (field(a, &name), field(b, &name)) {
        (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    Value::List(Arc::new(rows))
}

fn unique(list: List) -> Value {
    let mut seen: Vec<Value> = Vec::new();
    for item in list.iter() {
        if !seen.contains(item) {
            seen.push(item.clone());
        }
    }
    Value::List(Arc::new(seen))
}

fn flatten(list: List) -> Value {
    let mut flat = Vec::new();
    for item in list.iter() {
        match item {
            Value::List(inner) => flat.extend(inner.iter().cloned()),
            other => flat.push(other.clone()),
        }
    }
    Value::List(Arc::new(flat))
}

fn join(list: List, separator: Text) -> String {
    list.iter().map(text).collect::<Vec<_>>().join(&separator)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        other => format!("{other:?}"),
    }
}

fn entries(map: &Value, function: &str, part: impl Fn(String, &Value) -> Value) -> Answer {
    match map {
        Value::Map(map) => {
            Ok(Value::List(Arc::new(sorted(&map.map).into_iter().map(|(key, value)| part(key, value)).collect())))
        }
        other => Err(ExecutionError::function_error(function, format!("{other:?} is not a map"))),
    }
}

fn merge(first: Value, second: Value) -> Answer {
    match (first, second) {
        (Value::Map(first), Value::Map(second)) => {
            let mut both = (*first.map).clone();
            both.extend((*second.map).clone());
            Ok(Value::from(both))
        }
        (first, second) => {
            Err(ExecutionError::function_error("merge", format!("{first:?} and {second:?} are not both maps")))
        }
    }
}

fn date(text: &str, function: &str) -> Result<Date, ExecutionError> {
    text.parse().map_err(|_| ExecutionError::function_error(function, format!("`{text}` is not a date YYYY-MM-DD")))
}

fn days_between(from: Text, to: Text) -> Answer {
    let days = (date(&to, "days_between")? - date(&from, "days_between")?).get_days();
    Ok(Value::Int(i64::from(days)))
}

fn add_months(from: Text, months: i64) -> Answer {
    let span = i32::try_from(months).ok().filter(|months| months.abs() < 12_000);
    let later = span.and_then(|months| date(&from, "add_months").ok()?.checked_add(months.months()).ok());
    match later {
        Some(later) => Ok(Value::from(later.to_string())),
        None => Err(ExecutionError::function_error("add_months", format!("`{from}` and {months} months give no date"))),
    }
}
