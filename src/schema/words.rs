//! What may stand at a key, in words: `a key of `roles``, `whole number`.

use serde_json::Value as Json;

use super::{CATALOGUE, Kind, View};
use crate::time::Form;

/// What a value must be, in words.
pub fn in_words(view: &View) -> String {
    let asks = &view.asks;
    let refers: Vec<String> = asks
        .references
        .iter()
        .flatten()
        .map(|name| match name.strip_prefix(CATALOGUE) {
            Some(catalogue) => format!("an entry of {catalogue}"),
            None => format!("a key of `{}`", name.trim_end_matches('?')),
        })
        .collect();
    if !refers.is_empty() {
        return refers.join(" or ");
    }
    if let Some(choices) = &asks.choices {
        let literal = |value: &Json| format!("`{}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        return choices.iter().map(literal).collect::<Vec<_>>().join(", ");
    }
    let form = asks.format.as_deref().and_then(Form::named);
    match (asks.kind, view.items()) {
        (Kind::List, Some(items)) if matches!(items.asks.kind, Kind::Group) => "rows".into(),
        (Kind::List, Some(items)) => format!("list: {}", in_words(items)),
        (Kind::List, None) => "list".into(),
        (Kind::Group, _) => "keys".into(),
        (Kind::Truth, _) => "`true` or `false`".into(),
        (Kind::Whole, _) => "whole number".into(),
        (Kind::Number, _) => "number".into(),
        _ => match form {
            Some(Form::Date) => "date: `2026`, `2026-03` or `2026-03-14`".into(),
            Some(Form::Period) => "period: `2026-01/2026-03`".into(),
            Some(Form::Duration) => "time: `4 h`, `2 working days`, `18 months`".into(),
            Some(Form::Interval) => "how often: `3 months`, or words".into(),
            None => match asks.format.as_deref() {
                Some("date") => "date: `2026-03-14`".into(),
                Some("email") => "e-mail address".into(),
                Some("uri") => "web address".into(),
                _ => "text".into(),
            },
        },
    }
}
