//! Several rows become one: each column by its rule, and what they did not agree on.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::schema::{Kind, View};

/// How a column is made when several rows become one. Rows that do not fill the column have no say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Each text once, with the rows that say it named.
    Join,
    /// Each item of the lists once.
    Union,
    /// The weakest of the states, the first of this order.
    Weaker(Vec<String>),
    /// True when one row says so.
    Any,
    /// True when all rows say so.
    All,
    /// The earliest date.
    Earliest,
    /// The latest date.
    Latest,
    /// What the first row says.
    First,
}

impl Way {
    /// The rule of a name, for a column of which the schema says something.
    pub(super) fn of(name: &str, column: &View) -> Result<Way, String> {
        let (kind, order) = (column.asks.kind, &column.order);
        match (name, kind) {
            ("join", Kind::Text) => Ok(Way::Join),
            ("union", Kind::List) => Ok(Way::Union),
            ("weaker", _) if !order.is_empty() => Ok(Way::Weaker(order.clone())),
            ("weaker", _) => Err("has no `x-folio-order`, so none of its states is the weaker".into()),
            ("any", Kind::Truth) => Ok(Way::Any),
            ("all", Kind::Truth) => Ok(Way::All),
            ("earliest", Kind::Text) => Ok(Way::Earliest),
            ("latest", Kind::Text) => Ok(Way::Latest),
            ("first", _) => Ok(Way::First),
            (_, kind) => Err(format!("cannot be made by `{name}`: it is of the type `{}`", kind.name())),
        }
    }

    /// What is done, for the report.
    pub fn words(&self) -> &'static str {
        match self {
            Way::Join => "joined",
            Way::Union => "united",
            Way::Weaker(_) => "the weaker is kept",
            Way::Any => "one is enough",
            Way::All => "all must say so",
            Way::Earliest => "the earliest is kept",
            Way::Latest => "the latest is kept",
            Way::First => "the first is kept",
        }
    }

    fn apply(&self, said: &[(&str, &Json)]) -> Json {
        let first = said.first().map_or(Json::Null, |(_, value)| (*value).clone());
        let text = |(_, value): &(&str, &Json)| value.as_str().unwrap_or_default().to_owned();
        match self {
            Way::Join => Json::from(joined(said)),
            Way::Union => {
                let mut items: Vec<Json> = Vec::new();
                for item in said.iter().filter_map(|(_, value)| value.as_array()).flatten() {
                    if !items.contains(item) {
                        items.push(item.clone());
                    }
                }
                Json::Array(items)
            }
            Way::Weaker(order) => {
                let place =
                    |value: &Json| order.iter().position(|state| value == state.as_str()).unwrap_or(order.len());
                said.iter().map(|(_, value)| *value).min_by_key(|value| place(value)).cloned().unwrap_or(first)
            }
            Way::Any => Json::Bool(said.iter().any(|(_, value)| **value == Json::Bool(true))),
            Way::All => Json::Bool(said.iter().all(|(_, value)| **value == Json::Bool(true))),
            // ISO 8601 dates are ordered as their texts are.
            Way::Earliest => said.iter().map(text).min().map_or(first, Json::from),
            Way::Latest => said.iter().map(text).max().map_or(first, Json::from),
            Way::First => first,
        }
    }
}

/// Each text once, after the rows that say it. One that all rows say stands alone.
fn joined(said: &[(&str, &Json)]) -> String {
    let mut texts: Vec<(&str, Vec<&str>)> = Vec::new();
    for (row, value) in said {
        let text = value.as_str().unwrap_or_default().trim();
        match texts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, rows)) => rows.push(row),
            None => texts.push((text, vec![row])),
        }
    }
    match texts.as_slice() {
        [(text, _)] => (*text).to_owned(),
        texts => texts.iter().map(|(text, rows)| format!("{}: {text}", rows.join(", "))).collect::<Vec<_>>().join(" "),
    }
}

/// A column on which rows that became one did not agree.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The column's key.
    pub column: String,
    /// Its title.
    pub title: String,
    /// What each row said; nothing where it said none.
    pub said: Vec<(String, Option<Json>)>,
    /// What stands there now.
    pub kept: Json,
    /// How that was found.
    pub way: Way,
}

/// Makes one row of several, each with the key that it had. Texts that were joined and lists that were united lost
/// nothing, and are no difference.
pub(super) fn merge(
    rows: &[(&str, &Map<String, Json>)],
    ways: Option<&BTreeMap<String, Way>>,
) -> (Map<String, Json>, Vec<Difference>) {
    let mut merged = Map::new();
    let mut differences = Vec::new();
    for column in rows.iter().flat_map(|(_, row)| row.keys()) {
        if merged.contains_key(column) {
            continue;
        }
        let said: Vec<(&str, &Json)> = rows.iter().filter_map(|(key, row)| Some((*key, row.get(column)?))).collect();
        let way = ways.and_then(|ways| ways.get(column)).unwrap_or(&Way::First);
        let agree = said.windows(2).all(|pair| pair[0].1 == pair[1].1);
        let kept = if agree { said[0].1.clone() } else { way.apply(&said) };
        let is_shared = agree && said.len() == rows.len();
        if !is_shared && !matches!(way, Way::Join | Way::Union) {
            let said = rows.iter().map(|(key, row)| ((*key).to_owned(), row.get(column).cloned())).collect();
            differences.push(Difference {
                column: column.clone(),
                title: column.clone(),
                said,
                kept: kept.clone(),
                way: way.clone(),
            });
        }
        merged.insert(column.clone(), kept);
    }
    (merged, differences)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(way: Way, values: &[Json]) -> (Option<Json>, usize) {
        let rows: Vec<(String, Map<String, Json>)> = values
            .iter()
            .enumerate()
            .map(|(at, value)| (format!("r{at}"), json!({"c": value}).as_object().cloned().unwrap()))
            .map(|(key, mut row)| {
                row.retain(|_, value| !value.is_null());
                (key, row)
            })
            .collect();
        let rows: Vec<(&str, &Map<String, Json>)> = rows.iter().map(|(key, row)| (key.as_str(), row)).collect();
        let (row, differences) = merge(&rows, Some(&[("c".to_owned(), way)].into()));
        (row.get("c").cloned(), differences.len())
    }

    #[test]
    fn texts_are_joined_once_each_with_the_rows_that_say_them() {
        assert_eq!(merged(Way::Join, &[json!("so"), json!("so")]), (Some(json!("so")), 0));
        assert_eq!(
            merged(Way::Join, &[json!("so"), json!("thus"), json!("so")]),
            (Some(json!("r0, r2: so r1: thus")), 0)
        );
        assert_eq!(merged(Way::Join, &[json!(null), json!("thus")]), (Some(json!("thus")), 0));
    }

    #[test]
    fn other_columns_follow_their_rule_and_differences_are_told() {
        let order = || Way::Weaker(vec!["planned".into(), "partial".into(), "done".into()]);
        assert_eq!(merged(order(), &[json!("done"), json!("partial")]), (Some(json!("partial")), 1));
        assert_eq!(merged(order(), &[json!("done"), json!("odd")]), (Some(json!("done")), 1));
        assert_eq!(merged(order(), &[json!("done"), json!("done")]), (Some(json!("done")), 0));
        assert_eq!(merged(order(), &[json!(null), json!("done")]), (Some(json!("done")), 1));
        assert_eq!(merged(Way::Any, &[json!(false), json!(true)]), (Some(json!(true)), 1));
        assert_eq!(merged(Way::All, &[json!(false), json!(true)]), (Some(json!(false)), 1));
        assert_eq!(merged(Way::Latest, &[json!("2026-01-02"), json!("2026-11-01")]), (Some(json!("2026-11-01")), 1));
        assert_eq!(merged(Way::Earliest, &[json!("2026-11-01"), json!("2026-01-02")]), (Some(json!("2026-01-02")), 1));
        assert_eq!(merged(Way::First, &[json!("a"), json!("b")]), (Some(json!("a")), 1));
        assert_eq!(merged(Way::Union, &[json!(["a"]), json!(["b", "a"])]), (Some(json!(["a", "b"])), 0));
    }
}
