//! Order and places in lists, and what is taken when there is nothing.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Call, Function, plain};
use crate::model::value::{Key, Kind, Value};
use crate::rules::eval::{Answer, equals};
use crate::rules::meter::spend;

/// The words for the order of [`sort_by`].
const ORDERS: [&str; 2] = ["ascending", "descending"];

pub(super) static FUNCTIONS: [Function; 6] = [
    plain("sort_by", "sort_by(list, 'field')` or `sort_by(list, 'field', 'descending')", &[2, 3], sort_by),
    plain("numbered", "numbered(list)` or `numbered(list, 'key')", &[1, 2], numbered),
    plain("position", "position(list, value)", &[2], position),
    plain("first", "first(list, 3)", &[2], |call| part(call, |length, count| 0..count.min(length))),
    plain("last", "last(list, 3)", &[2], |call| part(call, |length, count| length.saturating_sub(count)..length)),
    plain("pick", "pick(group, 'key', otherwise)", &[3], pick),
];

/// A list of maps in the order of a field, upwards or downwards; those without it last, and those with the same in the
/// order in which they stand.
fn sort_by(call: &Call<'_>) -> Answer {
    let name = call.text(1)?;
    let is_down = match call.args.get(2).map(|_| call.text(2)).transpose()? {
        None => false,
        Some(order) => match ORDERS.iter().position(|known| known == order) {
            Some(at) => at == 1,
            None => {
                let error = call.failed(&format!("`{order}` is no order"));
                return Err(error.help("write 'ascending' or 'descending'"));
            }
        },
    };
    let mut rows: Vec<(Option<&Value>, &Value)> = call.list(0)?.iter().map(|row| (row.field(name), row)).collect();
    let mut odd = None;
    rows.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) => {
            let order = call.order(a, b).unwrap_or_else(|| {
                odd.get_or_insert((*a, *b));
                Ordering::Equal
            });
            if is_down { order.reverse() } else { order }
        }
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    if let Some((a, b)) = odd {
        let (a, b) = (super::shown(a), super::shown(b));
        let error = call.failed(&format!("`{name}` holds values that do not compare: {a} and {b}"));
        return Err(error.help("sort by a field that holds numbers alone, or texts alone"));
    }
    Ok(Value::list(rows.into_iter().map(|(_, row)| row.clone()).collect()).with(call.args[0].from.clone()))
}

/// The rows of a list, each with its place, from 1, at a key; what is no row becomes one with `value`.
fn numbered(call: &Call<'_>) -> Answer {
    let key = call.args.get(1).map(|_| call.text(1)).transpose()?.map_or("position", |key| key.as_str());
    let mut rows = Vec::new();
    for (item, place) in call.list(0)?.iter().zip(1..) {
        spend(item.weight())?;
        let from = item.sources(call.places);
        let mut row = match item.as_map() {
            Some(_) => item.clone(),
            None => Value::map(BTreeMap::from([(Key::Text("value".into()), item.clone())])).with(item.from.clone()),
        };
        row.insert(Key::Text(key.into()), Value::from(Kind::Int(place)).with(from));
        rows.push(row);
    }
    Ok(Value::list(rows).with(call.args[0].from.clone()))
}

/// The place of a value in a list, from 1; 0 when it is not in it.
fn position(call: &Call<'_>) -> Answer {
    let list = call.list(0)?;
    let wanted = &call.args[1];
    if matches!(wanted.kind, Kind::List(_) | Kind::Map(_)) {
        spend(call.args[0].weight())?;
    }
    let place = list.iter().position(|item| equals(item, wanted)).map_or(0, |at| at + 1);
    let mut from = wanted.sources(call.places);
    let found = place.checked_sub(1).and_then(|at| list.get(at)).unwrap_or(&call.args[0]);
    from.add(&found.sources(call.places), call.places);
    Ok(Value::from(Kind::Int(place as i64)).with(from))
}

/// Some elements of a list, from its begin or end; all, where it has fewer.
fn part(call: &Call<'_>, range: fn(usize, usize) -> std::ops::Range<usize>) -> Answer {
    let list = call.list(0)?;
    let Kind::Int(count) = call.args[1].kind else { return Err(call.wrong(1, "a whole number")) };
    let count = usize::try_from(count).map_err(|_| call.wrong(1, "a number of elements"))?;
    let items = list.get(range(list.len(), count)).unwrap_or_default();
    for item in items {
        spend(item.weight())?;
    }
    Ok(Value::list(items.to_vec()).with(call.args[0].from.clone()))
}

/// The value at a key of a map, or at a place of a list from 0; something else when there is none.
fn pick(call: &Call<'_>) -> Answer {
    let (whole, key) = (&call.args[0], &call.args[1]);
    let found = match (&whole.kind, &key.kind) {
        (Kind::Map(map), Kind::Text(key)) => map.get(&Key::Text(key.clone())),
        (Kind::Map(map), Kind::Int(key)) => map.get(&Key::Int(*key)),
        (Kind::Map(map), Kind::Bool(key)) => map.get(&Key::Bool(*key)),
        (Kind::Map(_), _) => return Err(call.wrong(1, "a key")),
        (Kind::List(list), Kind::Int(at)) => usize::try_from(*at).ok().and_then(|at| list.get(at)),
        (Kind::List(_), _) => {
            return Err(call
                .wrong(1, "a place in a list")
                .help("for the row of a key, index the list first: `index_by(list, 'id')`"));
        }
        (Kind::Null, _) => None,
        _ => return Err(call.wrong(0, "a map or list")),
    };
    match found.filter(|found| !matches!(found.kind, Kind::Null)) {
        Some(found) => Ok(found.clone().or_from(&whole.from)),
        // That there is none is why it is said.
        None => Ok(call.args[2].clone().or_from(&whole.from)),
    }
}
