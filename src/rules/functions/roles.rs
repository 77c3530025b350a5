//! Who holds roles, in whatever form the profile has it.

use super::{Call, Function, plain};
use crate::holders::POST;
use crate::model::value::{Kind, Value};
use crate::rules::eval::Answer;

pub(super) static FUNCTIONS: [Function; 2] = [
    plain("holders", "holders(role)", &[1], |call| named(call, "holder")),
    plain("deputies", "deputies(role)", &[1], |call| named(call, "deputy")),
];

/// The keys of those who hold a role or stand in for it, always as a list; a post stands for itself.
fn named(call: &Call<'_>, field: &str) -> Answer {
    let role = call.map(0)?;
    let value = role.get(&crate::model::value::Key::Text(field.into()));
    let items = match value.map(|value| &value.kind) {
        Some(Kind::List(keys)) => keys.iter().cloned().collect(),
        Some(Kind::Map(_)) => value.and_then(|value| value.field(POST)).cloned().into_iter().collect(),
        Some(Kind::Text(_)) => value.cloned().into_iter().collect(),
        _ => Vec::new(),
    };
    let from = value.map_or_else(|| call.args[0].from.clone(), |value| value.from.clone());
    Ok(Value::list(items).with(from))
}
