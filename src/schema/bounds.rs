//! Bounds of values, by keyword: `minimum`, `maxItems` and their like.

use serde_json::Value as Json;

/// A keyword that bounds a value.
pub(super) struct Bound {
    pub(super) keyword: &'static str,
    /// Whether it says how little is enough: of two such bounds the larger holds, of two others the smaller.
    pub(super) is_lower: bool,
    /// Whether the bound itself is out.
    is_exclusive: bool,
    measure: fn(&Json) -> Option<f64>,
}

const fn bound(keyword: &'static str, is_lower: bool, measure: fn(&Json) -> Option<f64>) -> Bound {
    Bound { keyword, is_lower, is_exclusive: false, measure }
}

/// All of them.
pub(super) static BOUNDS: [Bound; 10] = [
    bound("minimum", true, Json::as_f64),
    bound("maximum", false, Json::as_f64),
    Bound { is_exclusive: true, ..bound("exclusiveMinimum", true, Json::as_f64) },
    Bound { is_exclusive: true, ..bound("exclusiveMaximum", false, Json::as_f64) },
    bound("minLength", true, characters),
    bound("maxLength", false, characters),
    bound("minItems", true, items),
    bound("maxItems", false, items),
    bound("minProperties", true, keys),
    bound("maxProperties", false, keys),
];

fn characters(value: &Json) -> Option<f64> {
    value.as_str().map(|text| text.chars().count() as f64)
}

fn items(value: &Json) -> Option<f64> {
    value.as_array().map(|items| items.len() as f64)
}

fn keys(value: &Json) -> Option<f64> {
    value.as_object().map(|fields| fields.len() as f64)
}

/// The bound of a keyword.
pub(super) fn of(keyword: &str) -> Option<&'static Bound> {
    BOUNDS.iter().find(|bound| bound.keyword == keyword)
}

impl Bound {
    /// The one of two limits that holds where both are asked for.
    pub(super) fn tighter(&self, a: f64, b: f64) -> f64 {
        if self.is_lower { a.max(b) } else { a.min(b) }
    }

    /// Whether a value is within a limit, or of a kind that it does not bound.
    pub(super) fn admits(&self, limit: f64, value: &Json) -> bool {
        (self.measure)(value).is_none_or(|size| match (self.is_lower, self.is_exclusive) {
            (true, false) => size >= limit,
            (true, true) => size > limit,
            (false, false) => size <= limit,
            (false, true) => size < limit,
        })
    }
}
