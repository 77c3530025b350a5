//! What keeps rules short: every value that a rule goes over or makes is counted, and there is an end.
//!
//! CEL has no loops but its macros, so a rule ends; but three of them inside one another, over lists of thousands, would
//! end in a year.

use super::eval::Error;
use crate::budget;

/// The most steps of one rule: a value that is gone over or made is one, and so are 64 bytes of text. A check has as
/// many for all its elements together.
pub(super) const MAX_STEPS: u32 = 3_000_000;

/// Does something with [`MAX_STEPS`]; `None` when they did not suffice.
pub(super) fn limited<T>(act: impl FnOnce() -> T) -> Option<T> {
    budget::limited(MAX_STEPS, act)
}

/// Counts steps.
///
/// # Errors
/// When none are left. CEL lets `||` and `exists` pass over errors, and [`limited`] says so in the end.
pub(super) fn spend(steps: usize) -> Result<(), Error> {
    budget::spend(steps).map_err(|_| Error::new("it runs too long"))
}
#[cfg(test)]
mod tests {
    use serde_json::{Map, Value as Json, json};

    use super::*;
    use crate::diagnostic::{Sink, Span};
    use crate::rules::{Expression, Facts, program};

    /// The steps that some rules take one after another, each as `derived.last` to the next; `None` for more than
    /// 100,000.
    fn within_limits(scope: &Map<String, Json>, rules: &[String]) -> Option<Result<Json, String>> {
        let mut facts = Facts::new(scope);
        budget::limited(100_000, || {
            let mut last = Ok(Json::Null);
            for text in rules {
                let expression = Expression::new(text.as_str(), Span::file("rules.yaml"));
                let program = program(&expression, &mut Sink::new()).unwrap_or_else(|| panic!("{text}"));
                match facts.evaluate(&program) {
                    Ok(value) => {
                        // As `derive` does: what is made is written out.
                        last = if value.weight() <= 100_000 { Ok(value.to_json()) } else { Ok(Json::Null) };
                        facts.derive("last", value);
                    }
                    Err(error) => return Err(error.to_string()),
                }
            }
            last
        })
    }

    fn table(rows: usize) -> Map<String, Json> {
        let rows: Vec<Json> = (0..rows).map(|row| json!({"id": format!("r{row}")})).collect();
        json!({"n": rows}).as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn loops_in_loops_end() {
        let scope = table(1_000);
        for text in [
            "n.map(a, n.map(b, n.map(c, 1)))",
            "n.filter(a, n.filter(b, n.filter(c, a.id == b.id).size() > 0).size() > 0)",
            "n.all(a, n.all(b, n.all(c, a.id + b.id + c.id != '')))",
            // What is wrong in a loop is passed over when another element holds, and `||` passes over it too.
            "n.exists(a, n.exists(b, n.exists(c, c.id == a.id + b.id))) || true",
            "n.exists_one(a, n.exists(b, n.all(c, [a, b] == [c])))",
            "n.map(a, 'x' in n.map(b, b.id))",
            "n.map(a, [a] in [n])",
            "n.map(a, n == n)",
            "n.map(a, index_by(n, 'id').size())",
            "n.map(a, count_by(n, 'id').size())",
            "n.map(a, sum(n.map(b, 1)))",
            "n.map(a, sort_by(n, 'id').size())",
            "n.map(a, sort_by(n, 'id', 'descending').size())",
            "n.map(a, numbered(n).size())",
            "n.map(a, position(n, {'id': 'x'}))",
            "n.map(a, first(n, 1000).size() + last(n, 1000).size())",
            "closure(n.map(a, {'id': a.id, 'to': n.map(b, b.id)}), 'id', 'to').size()",
            "n.map(a, reaches(n, 'id', a.id, 'to').size())",
            "n.map(a, n)",
            "n.map(a, {'all': n})",
            "n.map(a, [n, n].size())",
            "n.map(a, (n + n).size())",
            "n.map(a, a.id.matches(a.id))",
            "unique(n.map(a, a.id)).size()",
            "group_by(n.map(a, {'k': n.map(b, b.id)}), 'k').size()",
        ] {
            assert_eq!(within_limits(&scope, &[text.to_owned()]), None, "{text}");
        }
    }

    #[test]
    fn values_do_not_grow_without_end() {
        for (first, next) in [
            ("'0123456789'", "LAST + LAST"),
            ("[1, 2, 3]", "LAST + LAST"),
            ("[1]", "[LAST, LAST]"),
            ("[1]", "flatten([LAST, LAST])"),
            ("{'a': 1}", "{'a': LAST, 'b': LAST}"),
            ("[1, 2]", "LAST.map(x, LAST)"),
            ("'0123456789'", "join([LAST, LAST, LAST], LAST)"),
            ("[{'k': ['a', 'b']}]", "flatten(values(group_by(LAST, 'k')))"),
            ("{'a': 1}", "merge({'a': LAST}, {'b': LAST})"),
            ("[1]", "numbered(first([LAST, LAST], 2))"),
            ("[1]", "pick([[LAST, LAST]], 0, LAST)"),
            ("'0123456789'", "lower(LAST + LAST)"),
        ] {
            let mut rules = vec![first.to_owned()];
            rules.resize(60, next.replace("LAST", "derived.last"));
            assert_eq!(within_limits(&Map::new(), &rules), None, "{next}");
        }
    }

    #[test]
    fn counting_changes_no_answer() {
        let scope = table(3);
        for (text, expected) in [
            ("n.filter(r, r.id != 'r1').map(r, r.id + '!')", json!(["r0!", "r2!"])),
            ("n.map(r, r.id == 'r1', {'it': r})", json!([{"it": {"id": "r1"}}])),
            ("n.all(r, r.id.matches('^r[0-2]$')) && n.exists_one(r, r.id == 'r2')", json!(true)),
            ("'r1' in n.map(r, r.id) && !('x' in {'y': 1}) && 'y' in {'y': 1}", json!(true)),
            ("[[1, 2], [3]] == [[1] + [2], [3]] && 'abc'.contains('b') && 'abc'.startsWith('a')", json!(true)),
            ("n[1].id == n.filter(r, r.id > 'r0')[0].id ? size(n) : 0", json!(3)),
            ("has(n[0].id) && !has(n[0].x) && matches('a', 'a')", json!(true)),
        ] {
            assert_eq!(within_limits(&scope, &[text.to_owned()]), Some(Ok(expected)), "{text}");
        }
        let failed = |text: &str| within_limits(&scope, &[text.to_owned()]).unwrap().unwrap_err();
        assert!(failed("1 in n[0].id").contains("is not a list or map"), "{}", failed("1 in n[0].id"));
        assert!(failed("'a'.matches('(a{1000}){1000}')").contains("too large"));
        assert!(failed("'a'.matches('(')").contains("matches"));
    }
}
