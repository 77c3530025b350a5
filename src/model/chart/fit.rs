//! Whether data is that of a chart, in words that its author understands.

use serde_json::{Map, Value as Json};

use crate::diagnostic::nearest;
use crate::language::Category;

/// What a part of a chart's data is.
enum Shape {
    Text,
    Number,
    /// A whole number, not below 0.
    Count,
    Tone,
    /// A text, or the forms of one that goes with a number.
    Unit,
    List(&'static Shape),
    /// Keys, whether each must be there, and what it holds.
    Group(&'static [(&'static str, bool, Shape)]),
}

const TONES: [&str; 4] = ["good", "caution", "bad", "neutral"];

const BAR: Shape =
    Shape::Group(&[("label", true, Shape::Text), ("value", true, Shape::Number), ("tone", false, Shape::Tone)]);
const PART: Shape =
    Shape::Group(&[("label", true, Shape::Text), ("tone", false, Shape::Tone), ("counted", false, Shape::Unit)]);
const STACKED_ROW: Shape = Shape::Group(&[("label", true, Shape::Text), ("values", true, Shape::List(&Shape::Number))]);
const POINT: Shape = Shape::Group(&[("label", true, Shape::Text), ("value", true, Shape::Number)]);
const CELL: Shape = Shape::Group(&[("value", true, Shape::Count), ("tone", true, Shape::Tone)]);
const HEAT_ROW: Shape = Shape::Group(&[("label", true, Shape::Text), ("cells", true, Shape::List(&CELL))]);
const MARK: Shape =
    Shape::Group(&[("date", true, Shape::Text), ("label", true, Shape::Text), ("tone", true, Shape::Tone)]);
const TIMELINE_ROW: Shape = Shape::Group(&[("label", true, Shape::Text), ("marks", true, Shape::List(&MARK))]);
const STEP: Shape = Shape::Group(&[
    ("label", true, Shape::Text),
    ("note", false, Shape::Text),
    ("answer", false, Shape::Text),
    ("aside", false, Shape::Group(&[("answer", true, Shape::Text), ("label", true, Shape::Text)])),
]);
const NODE: Shape = Shape::Group(&[
    ("id", true, Shape::Text),
    ("parent", false, Shape::Text),
    ("label", true, Shape::Text),
    ("note", false, Shape::Text),
]);

/// What a type of chart is made from; nothing for one that does not exist.
fn shape(kind: &str) -> Option<Shape> {
    Some(Shape::Group(match kind {
        "bar" => &[("unit", false, Shape::Unit), ("bars", true, Shape::List(&BAR))],
        "stacked" => &[("parts", true, Shape::List(&PART)), ("rows", true, Shape::List(&STACKED_ROW))],
        "line" => &[("unit", false, Shape::Unit), ("target", false, POINT), ("points", true, Shape::List(&POINT))],
        "heatmap" => &[
            ("across", true, Shape::Text),
            ("down", true, Shape::Text),
            ("unit", false, Shape::Unit),
            ("columns", true, Shape::List(&Shape::Text)),
            ("rows", true, Shape::List(&HEAT_ROW)),
        ],
        "timeline" => {
            &[("from", true, Shape::Text), ("months", true, Shape::Count), ("rows", true, Shape::List(&TIMELINE_ROW))]
        }
        "flow" => &[("steps", true, Shape::List(&STEP))],
        "tree" => &[("nodes", true, Shape::List(&NODE))],
        _ => return None,
    }))
}

/// Whether data is that of a type of chart.
///
/// # Errors
/// A sentence about the first part that is not.
pub(super) fn fits(kind: &str, data: &Map<String, Json>) -> Result<(), String> {
    let Some(Shape::Group(keys)) = shape(kind) else {
        return Err(format!("there is no chart of type `{kind}`; there are {}", super::Chart::TYPES.join(", ")));
    };
    group(keys, data, "")
}

fn group(keys: &[(&str, bool, Shape)], data: &Map<String, Json>, path: &str) -> Result<(), String> {
    let place = if path.is_empty() { "it".to_owned() } else { format!("`{path}`") };
    for (key, value) in data {
        match keys.iter().find(|(name, ..)| name == key) {
            Some((_, is_required, _)) if value.is_null() && !is_required => {}
            Some((_, _, shape)) => {
                one(shape, value, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") })?
            }
            None => {
                let known: Vec<&str> = keys.iter().map(|(name, ..)| *name).collect();
                let near = nearest(key, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
                let near = near.unwrap_or_else(|| format!("; it may have {}", known.join(", ")));
                return Err(format!("{place} has a key `{key}` that such a chart does not have{near}"));
            }
        }
    }
    match keys.iter().find(|(name, is_required, _)| *is_required && !data.contains_key(*name)) {
        Some((name, ..)) => Err(format!("{place} has no `{name}`")),
        None => Ok(()),
    }
}

fn one(shape: &Shape, value: &Json, path: &str) -> Result<(), String> {
    let wrong = |wanted: &str| Err(format!("`{path}` is {}, not {wanted}", shown(value)));
    match (shape, value) {
        (Shape::Text | Shape::Unit, Json::String(_)) | (Shape::Number, Json::Number(_)) => Ok(()),
        (Shape::Count, Json::Number(number)) if number.as_u64().is_some_and(|number| u32::try_from(number).is_ok()) => {
            Ok(())
        }
        (Shape::Tone, Json::String(tone)) if TONES.contains(&tone.as_str()) => Ok(()),
        (Shape::List(item), Json::Array(items)) => {
            items.iter().enumerate().try_for_each(|(at, value)| one(item, value, &format!("{path}[{at}]")))
        }
        (Shape::Group(keys), Json::Object(fields)) => group(keys, fields, path),
        (Shape::Unit, Json::Object(forms)) => {
            let is_form = |(name, form): (&String, &Json)| Category::named(name).is_some() && form.is_string();
            if !forms.is_empty() && forms.iter().all(is_form) {
                return Ok(());
            }
            wrong("forms such as {'one': 'control', 'other': 'controls'}")
        }
        (Shape::Text, _) => wrong("a text"),
        (Shape::Unit, _) => wrong("a text, or its forms"),
        (Shape::Number, _) => wrong("a number"),
        (Shape::Count, _) => wrong("a whole number from 0"),
        (Shape::Tone, _) => wrong(&format!("one of {}", TONES.join(", "))),
        (Shape::List(_), _) => wrong("a list"),
        (Shape::Group(_), _) => wrong("a group of keys"),
    }
}

/// A value as messages show it.
fn shown(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("a list of {}", items.len()),
        Json::Object(_) => "a group of keys".to_owned(),
        Json::Null => "nothing".to_owned(),
        Json::String(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
        other => format!("`{other}`"),
    }
}
