//! What of registers is proposed, and nobody has confirmed.

use super::{Call, Function, plain};
use crate::model::PROPOSED_KEY;
use crate::model::value::{Kind, Value};
use crate::rules::eval::Answer;

pub(super) static FUNCTIONS: [Function; 2] = [
    plain("confirmed", "confirmed(rows)", &[1], confirmed),
    plain("is_proposed", "is_proposed(row, 'property')", &[2], is_proposed),
];

/// The rows of which not everything is proposed.
fn confirmed(call: &Call<'_>) -> Answer {
    let rows = call.list(0)?.iter().filter(|row| !call.facts.is_whole_proposal(row));
    Ok(Value::list(rows.cloned().collect()).with(call.args[0].from.clone()))
}

/// Whether a property of a row is proposed.
fn is_proposed(call: &Call<'_>) -> Answer {
    let (_, property) = (call.map(0)?, call.text(1)?);
    let names = call.args[0].field(PROPOSED_KEY);
    let items = names.and_then(Value::as_list).map(|list| list.iter()).into_iter().flatten();
    let is_named = items.filter_map(Value::as_text).any(|name| name == property);
    let from = names.map_or_else(|| call.args[0].sources(call.places), |names| names.from.clone());
    Ok(Value::from(Kind::Bool(is_named)).with(from))
}
