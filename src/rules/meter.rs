//! What keeps rules short: every value that a rule goes over or makes is counted, and there is an end.
//!
//! CEL has no loops but its macros, so a rule ends; but three of them inside one another, over lists of thousands, would
//! end in a year. The interpreter offers no budget of its own. So [`metered`] puts calls into a compiled rule through
//! which pass the ranges of its loops and the values that it makes, and these calls count.

use std::cell::RefCell;

use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, operators};
use cel::common::types::{CelBool, CelList, CelMap, CelString};
use cel::common::value::{CowVal, Val};
use cel::{ExecutionError, IdedExpr};
use regex::{Regex, RegexBuilder};

use super::functions::{Answer, Args, text, wrong};
use crate::budget;

/// The most steps of one rule: a value that is gone over or made is one, and so are 64 bytes of text. A check has as
/// many for all its elements together.
pub(super) const MAX_STEPS: u32 = 3_000_000;

/// The most bytes of a compiled regular expression, and the steps that compiling one counts as.
const MAX_PATTERN: usize = 256 << 10;
const PATTERN_STEPS: usize = 2_000;

/// The bytes of text that count as a step.
pub(super) const BYTES: usize = 64;

/// The calls that are put in; no author can write an `@`.
const LOOP: &str = "@loop";
const MADE: &str = "@made";
const SEEN: &str = "@seen";
const IN: &str = "@in_list";
const MATCHES: &str = "@matches";

/// What they do, with the number of their arguments.
pub(super) const FUNCTIONS: [(&str, usize, cel::common::functions::Function); 5] =
    [(LOOP, 1, pass), (MADE, 1, pass), (SEEN, 1, pass), (IN, 2, contains), (MATCHES, 2, matches)];

thread_local! {
    /// The pattern that was compiled last: rules ask the same one of every row.
    static PATTERN: RefCell<Option<(String, Regex)>> = const { RefCell::new(None) };
}

/// Does something with [`MAX_STEPS`]; `None` when they did not suffice.
pub(super) fn limited<T>(act: impl FnOnce() -> T) -> Option<T> {
    budget::limited(MAX_STEPS, act)
}

/// Counts steps.
///
/// # Errors
/// When none are left. CEL lets `||` and `exists` pass over errors, and [`limited`] says so in the end.
pub(super) fn spend(steps: usize) -> Result<(), ExecutionError> {
    budget::spend(steps).map_err(|_| ExecutionError::function_error("rule", "it runs too long"))
}

/// How many values there are in one, itself too.
pub(super) fn size(value: &dyn Val) -> usize {
    if let Some(text) = value.downcast_ref::<CelString<'_>>() {
        1 + text.inner().len() / BYTES
    } else if let Some(list) = value.downcast_ref::<CelList<'_>>() {
        1 + list.iter().map(|item| size(&**item)).sum::<usize>()
    } else if let Some(map) = value.downcast_ref::<CelMap<'_>>() {
        1 + values(map)
    } else {
        1
    }
}

#[expect(clippy::iter_over_hash_type, reason = "a sum has no order")]
fn values(map: &CelMap<'_>) -> usize {
    let mut sum = 0;
    for value in map.inner().values() {
        sum += size(value.as_ref());
    }
    sum
}

/// Counts a value, and gives it back.
fn pass<'b, 'v>(mut args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let value = args.pop().ok_or_else(|| ExecutionError::invalid_argument_count(1, 0))?;
    spend(size(&*value))?;
    Ok(value)
}

/// `a in b`: as many steps as a list is long; a map is asked at once.
fn contains<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let (item, among) = (args[0].as_ref(), args[1].as_ref());
    let is_simple = item.downcast_ref::<CelList<'_>>().is_none() && item.downcast_ref::<CelMap<'_>>().is_none();
    match among.downcast_ref::<CelList<'_>>() {
        Some(list) if is_simple => spend(1 + list.inner().len())?,
        Some(_) => spend(size(among))?,
        None => spend(1)?,
    }
    let container = among.as_container().ok_or_else(|| wrong("in", among, "a list or map"))?;
    Ok(CowVal::owned(CelBool::from(container.contains(item)?)))
}

/// `a.matches(b)` with a pattern of bounded size: matching takes time that grows with the text alone
/// (<https://docs.rs/regex/latest/regex/#untrusted-input>).
fn matches<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let (given, pattern) = (text("matches", &args, 0)?, text("matches", &args, 1)?);
    spend(1 + given.len() / BYTES)?;
    let found = PATTERN.with_borrow_mut(|last| {
        let known = last.as_ref().filter(|(known, _)| known == pattern).map(|(_, regex)| regex.is_match(given));
        if let Some(found) = known {
            return Ok(found);
        }
        spend(PATTERN_STEPS)?;
        let regex = RegexBuilder::new(pattern).size_limit(MAX_PATTERN).build();
        let regex = regex.map_err(|error| ExecutionError::function_error("matches", error))?;
        let found = regex.is_match(given);
        *last = Some((pattern.to_owned(), regex));
        Ok(found)
    })?;
    Ok(CowVal::owned(CelBool::from(found)))
}

/// A rule with the calls that count.
pub(super) fn metered(rule: IdedExpr) -> IdedExpr {
    let IdedExpr { id, expr } = rule;
    let expr = match expr {
        Expr::Comprehension(loops) => Expr::Comprehension(Box::new(comprehension(*loops))),
        Expr::List(mut list) => {
            list.elements = list.elements.into_iter().map(kept).collect();
            Expr::List(list)
        }
        Expr::Map(mut map) => {
            for entry in &mut map.entries {
                if let EntryExpr::MapEntry(entry) = &mut entry.expr {
                    entry.key = metered(std::mem::take(&mut entry.key));
                    entry.value = kept(std::mem::take(&mut entry.value));
                }
            }
            Expr::Map(map)
        }
        Expr::Select(mut select) => {
            *select.operand = metered(std::mem::take(&mut *select.operand));
            Expr::Select(select)
        }
        Expr::Call(made) => return call(id, made),
        other @ (Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_)) => other,
    };
    IdedExpr { id, expr }
}

fn call(id: u64, call: CallExpr) -> IdedExpr {
    let CallExpr { func_name, target, args } = call;
    let target = target.map(|target| Box::new(metered(*target)));
    let mut args: Vec<IdedExpr> = args.into_iter().map(metered).collect();
    let is_literal = |part: &IdedExpr| matches!(part.expr, Expr::Literal(_));
    let whole = |func_name: &str, target, args| IdedExpr {
        id,
        expr: Expr::Call(CallExpr { func_name: func_name.to_owned(), target, args }),
    };
    match func_name.as_str() {
        operators::ADD => passing(MADE, whole(&func_name, target, args)),
        operators::IN if args.len() == 2 => whole(IN, None, args),
        operators::EQUALS | operators::NOT_EQUALS if args.len() == 2 && !args.iter().any(is_literal) => {
            args[0] = passing(SEEN, std::mem::take(&mut args[0]));
            whole(&func_name, target, args)
        }
        "matches" if args.len() + usize::from(target.is_some()) == 2 => {
            args.splice(0..0, target.map(|target| *target));
            whole(MATCHES, None, args)
        }
        "contains" => whole(&func_name, target.map(|target| Box::new(passing(SEEN, *target))), args),
        // Operators, and functions that give a number or a truth value.
        name if !name.starts_with(|c: char| c.is_ascii_alphabetic()) => whole(&func_name, target, args),
        "size" | "startsWith" | "endsWith" | "int" | "uint" | "double" | "bool" | "type" => {
            whole(&func_name, target, args)
        }
        _ => passing(MADE, whole(&func_name, target, args)),
    }
}

/// What goes into a list or map is copied there.
fn kept(part: IdedExpr) -> IdedExpr {
    match part.expr {
        Expr::Literal(_) => part,
        _ => passing(MADE, metered(part)),
    }
}

fn passing(through: &str, part: IdedExpr) -> IdedExpr {
    let call = CallExpr { func_name: through.to_owned(), target: None, args: vec![part] };
    IdedExpr { id: 0, expr: Expr::Call(call) }
}

fn comprehension(mut loops: ComprehensionExpr) -> ComprehensionExpr {
    loops.iter_range = passing(LOOP, metered(loops.iter_range));
    loops.loop_step = step(loops.loop_step, &loops.accu_var);
    loops
}

/// The step of a loop. The interpreter knows `@result + [x]` when it sees it, and grows one list: this form is kept.
fn step(part: IdedExpr, accumulator: &str) -> IdedExpr {
    let IdedExpr { id, expr } = part;
    let is_accumulator = |part: &IdedExpr| matches!(&part.expr, Expr::Ident(name) if name == accumulator);
    match expr {
        Expr::Call(mut call) if call.func_name == operators::CONDITIONAL && call.args.len() == 3 => {
            let mut args = call.args.into_iter();
            call.args = args.next().map(metered).into_iter().collect();
            call.args.extend(args.map(|part| step(part, accumulator)));
            IdedExpr { id, expr: Expr::Call(call) }
        }
        Expr::Call(mut call) if call.func_name == operators::ADD && call.args.first().is_some_and(is_accumulator) => {
            call.args = call.args.into_iter().map(metered).collect();
            IdedExpr { id, expr: Expr::Call(call) }
        }
        expr => metered(IdedExpr { id, expr }),
    }
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
                let expression = Expression { text: text.clone(), span: Span::file("rules.yaml") };
                let program = program(&expression, &mut Sink::new()).unwrap_or_else(|| panic!("{text}"));
                match facts.evaluate(&program).map(CowVal::into_owned) {
                    Ok(value) => {
                        last = Ok(super::super::value::to_json(&*value));
                        facts.define("derived.last".into(), value);
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
        assert!(failed("1 in 2").contains("`2` is not a list or map"));
        assert!(failed("'a'.matches('(a{1000}){1000}')").contains("size limit"));
        assert!(failed("'a'.matches('(')").contains("matches"));
    }
}
