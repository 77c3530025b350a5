//! Answers that may be missing: what holds of all, or of any, of which not everything is known.

use super::{Call, Function, plain};
use crate::model::places::Sources;
use crate::model::value::{Kind, Value};
use crate::rules::eval::{Answer, shown};

pub(super) static FUNCTIONS: [Function; 2] = [
    plain("all_said", "all_said(list of true, false or null)", &[1], |call| decided(call, false)),
    plain("any_said", "any_said(list of true, false or null)", &[1], |call| decided(call, true)),
];

/// The answer of those that decide, whatever the others say; where none does, nothing as long as one is missing or there
/// is nobody to ask. It comes from those that gave it.
fn decided(call: &Call<'_>, decides: bool) -> Answer {
    let (mut deciding, mut missing, mut others) = (Sources::None, Sources::None, Sources::None);
    let (mut is_decided, mut is_missing) = (false, false);
    let list = call.list(0)?;
    for item in list.iter() {
        let kept = match item.kind {
            Kind::Bool(flag) if flag == decides => {
                is_decided = true;
                &mut deciding
            }
            Kind::Bool(_) => &mut others,
            Kind::Null => {
                is_missing = true;
                &mut missing
            }
            _ => {
                let error = call.failed(&format!("{} is neither true nor false nor null", shown(item)));
                return Err(error.help("give each element an answer: `known(x.a) ? x.a > 1 : null`").of_kinds());
            }
        };
        kept.add(&item.sources(call.places), call.places);
    }
    let (kind, from) = match (is_decided, is_missing || list.is_empty()) {
        (true, _) => (Kind::Bool(decides), deciding),
        (false, true) => (Kind::Null, missing),
        (false, false) => (Kind::Bool(!decides), others),
    };
    Ok(Value::from(kind).with(if from.is_none() { call.args[0].from.clone() } else { from }))
}
