//! A pack's rules: values derived from the profile, and checks on it, written in CEL.
//!
//! Rules are data (<https://cel.dev>): they have no loops but the bounded macros, see only what they are given, and end.
//! [`Rules::compile`] refuses what is nested too deep; [`Rules::derive`] and [`Rules::check`] count the steps of the rest,
//! see [`meter`].

mod check;
mod facts;
mod functions;
mod meter;
mod reads;
mod value;

pub use check::Finding;
pub use facts::Facts;
pub use reads::{ELEMENT, Path, list, reads};

use std::collections::BTreeMap;

use cel::common::ast::{EntryExpr, Expr};
use cel::common::value::CowVal;
use cel::{IdedExpr, Program};
use ecow::EcoString;
use serde_json::{Map, Value as Json};

use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::parallel;

/// How deep `map`, `filter`, `all` and `exists` may be nested.
const MAX_NESTING: usize = 3;
/// The most bytes of an expression, and how deep its parts may be nested: the interpreter calls itself for each.
const MAX_EXPRESSION: usize = 8 << 10;
const MAX_DEPTH: usize = 200;
/// The most values that all derived values may have together.
const MAX_DERIVED: usize = 1_000_000;

/// A rule's expression and where it stands.
#[derive(Debug, Clone)]
pub struct Expression {
    /// The CEL text.
    pub text: String,
    /// Where it stands in the pack.
    pub span: Span,
}

/// A value computed from the profile, visible to templates as `derived.<id>`.
#[derive(Debug, Clone)]
pub struct Derive {
    /// Its name below `derived`.
    pub id: String,
    /// What computes it.
    pub value: Expression,
    /// The pack that it comes from, counted outwards in: see [`crate::pack::Pack::layers`].
    pub layer: usize,
}

/// A check of the profile.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its id, which `accepted` and `folio explain` take.
    pub id: String,
    /// How bad a finding is.
    pub severity: Severity,
    /// The list whose elements are checked one by one, each as `it`.
    pub each: Option<Expression>,
    /// What must hold.
    pub assert: Expression,
    /// The profile path of the finding.
    pub at: Option<Expression>,
    /// What is said.
    pub message: Expression,
    /// Why it matters and what to do.
    pub explain: String,
    /// The pack that had the last word on it: see [`crate::pack::Pack::layers`].
    pub layer: usize,
}

/// Compiled rules.
#[derive(Debug, Default)]
pub struct Rules {
    derive: Vec<(Derive, IdedExpr)>,
    checks: Vec<check::Compiled>,
}

/// What rules compute from a profile.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    /// The values, by id.
    pub values: Map<String, Json>,
    /// The profile keys that each value was computed from, transitively.
    pub inputs: BTreeMap<String, Vec<EcoString>>,
}

impl Rules {
    /// Compiles rules on some threads; what does not compile, or nests too deep, is a fault.
    pub fn compile(derive: &[Derive], checks: &[Check], threads: usize, sink: &mut Sink) -> Rules {
        let derive = parallel::map(derive.len(), threads, sink, |index, sink| {
            let rule = &derive[index];
            Some((rule.clone(), program(&rule.value, sink)?))
        });
        let checks =
            parallel::map(checks.len(), threads, sink, |index, sink| check::Compiled::new(&checks[index], sink));
        Rules { derive: derive.into_iter().flatten().collect(), checks: checks.into_iter().flatten().collect() }
    }

    /// Evaluates the derived values in their order, and adds each to the facts, so that the next see it.
    pub fn derive(&self, facts: &mut Facts<'_>, sink: &mut Sink) -> Derived {
        let mut derived = Derived::default();
        let mut size = 0;
        for (rule, program) in &self.derive {
            let mut read = inputs(program, &derived.inputs);
            read.retain(|name| facts.knows(name));
            derived.inputs.insert(rule.id.clone(), read);
            let what = format!("derived value `{}`", rule.id);
            match meter::limited(|| facts.evaluate(program).map(CowVal::into_owned)) {
                None => {
                    sink.push(too_long(&what, &rule.value));
                    return derived; // Those that read it would only fail.
                }
                Some(Ok(result)) => {
                    size += meter::size(&*result);
                    if size > MAX_DERIVED {
                        let message =
                            format!("{what}: with it, the derived values hold more than {MAX_DERIVED} values");
                        sink.push(Diagnostic::fault(&codes::RULE_TOO_LONG, message).at(rule.value.span.clone()));
                        return derived;
                    }
                    derived.values.insert(rule.id.clone(), value::to_json(&*result));
                    facts.define(format!("derived.{}", rule.id), result);
                }
                Some(Err(error)) => sink.push(
                    Diagnostic::fault(&codes::RULE_FAILED, format!("{what}: {error}"))
                        .at(rule.value.span.clone())
                        .help("guard optional keys with `has(…)`"),
                ),
            }
        }
        derived
    }

    /// Runs the checks on some threads.
    pub fn check(&self, facts: &Facts<'_>, threads: usize, sink: &mut Sink) -> Vec<Finding> {
        let run = |index: usize, sink: &mut Sink| self.checks[index].run(facts, sink);
        parallel::map(self.checks.len(), threads, sink, run).into_iter().flatten().collect()
    }
}

/// Reports an expression that is not CEL, or nests too deep. Whether it is sound.
pub fn compiles(expression: &Expression, sink: &mut Sink) -> bool {
    program(expression, sink).is_some()
}

/// Evaluates one expression that must give a boolean, such as a document's `when`.
pub fn test(expression: &Expression, facts: &Facts<'_>, sink: &mut Sink) -> Option<bool> {
    evaluate(expression, facts, "true or false", Json::as_bool, sink)
}

/// Evaluates one expression that must give a text, such as a document's `reason`.
pub fn text(expression: &Expression, facts: &Facts<'_>, sink: &mut Sink) -> Option<String> {
    evaluate(expression, facts, "a text", |value| value.as_str().map(str::to_owned), sink)
}

fn evaluate<T>(
    expression: &Expression,
    facts: &Facts<'_>,
    wanted: &str,
    read: impl Fn(&Json) -> Option<T>,
    sink: &mut Sink,
) -> Option<T> {
    let program = program(expression, sink)?;
    let problem = match meter::limited(|| facts.evaluate(&program).map(|answer| value::to_json(&*answer))) {
        None => {
            sink.push(too_long(&format!("`{}`", expression.text), expression));
            return None;
        }
        Some(Ok(answer)) => match read(&answer) {
            Some(answer) => return Some(answer),
            None => format!("gives {answer}, not {wanted}"),
        },
        Some(Err(error)) => error.to_string(),
    };
    sink.push(
        Diagnostic::fault(&codes::RULE_FAILED, format!("`{}`: {problem}", expression.text)).at(expression.span.clone()),
    );
    None
}

/// A rule that used up its steps.
fn too_long(what: &str, expression: &Expression) -> Diagnostic {
    let message = format!("{what} goes over more than {} million values", meter::MAX_STEPS / 1_000_000);
    Diagnostic::fault(&codes::RULE_TOO_LONG, message).at(expression.span.clone()).help(codes::RULE_TOO_LONG.fix)
}

/// Compiles an expression, with the calls that count its steps.
fn program(expression: &Expression, sink: &mut Sink) -> Option<IdedExpr> {
    let too_deep = |message: String| {
        let diagnostic = Diagnostic::fault(&codes::RULE_TOO_DEEP, message).at(expression.span.clone());
        diagnostic.help("derive an inner part first and use it as `derived.<id>`")
    };
    if expression.text.len() > MAX_EXPRESSION {
        let bytes = expression.text.len();
        sink.push(too_deep(format!("the expression has {bytes} bytes; at most {MAX_EXPRESSION} are read")));
        return None;
    }
    let program = match Program::compile(&expression.text) {
        Ok(program) => program,
        Err(errors) => {
            let problem = errors.errors.iter().map(|error| error.msg.clone()).collect::<Vec<_>>().join("; ");
            sink.push(
                Diagnostic::fault(&codes::RULE_SYNTAX, format!("`{}` is not CEL: {problem}", expression.text))
                    .at(expression.span.clone()),
            );
            return None;
        }
    };
    if depth(program.expression()) > MAX_DEPTH {
        sink.push(too_deep(format!("the parts of the expression are nested deeper than {MAX_DEPTH}")));
        return None;
    }
    if nesting(program.expression()) > MAX_NESTING {
        let message =
            format!("`{}` nests `map`, `filter`, `all` or `exists` deeper than {MAX_NESTING}", expression.text);
        sink.push(too_deep(message));
        return None;
    }
    Some(meter::metered(program.expression().clone()))
}

/// How deep the parts of an expression are nested.
fn depth(expression: &IdedExpr) -> usize {
    1 + children(&expression.expr).into_iter().map(depth).max().unwrap_or(0)
}

/// The variables that a program reads, through the derived values it reads; loop variables among them.
fn inputs(program: &IdedExpr, known: &BTreeMap<String, Vec<EcoString>>) -> Vec<EcoString> {
    let mut found = Vec::new();
    selected(program, &mut |root, field| {
        let names = match (root, field) {
            ("derived", Some(id)) => known.get(id).cloned().unwrap_or_default(),
            ("derived" | "data" | "as_of" | "today", _) => Vec::new(),
            (name, _) => vec![EcoString::from(name)],
        };
        found.extend(names);
    });
    found.sort();
    found.dedup();
    found
}

/// Calls `see` with each identifier and the field selected from it.
fn selected(expression: &IdedExpr, see: &mut dyn FnMut(&str, Option<&str>)) {
    if let Expr::Select(select) = &expression.expr
        && let Expr::Ident(name) = &select.operand.expr
    {
        return see(name, Some(&select.field));
    }
    if let Expr::Ident(name) = &expression.expr {
        return see(name, None);
    }
    for child in children(&expression.expr) {
        selected(child, see);
    }
}

/// How deep comprehensions are nested: one in the body of another, not one in the range of another, which runs once.
fn nesting(expression: &IdedExpr) -> usize {
    let deepest = |parts: &[&IdedExpr]| parts.iter().map(|part| nesting(part)).max().unwrap_or(0);
    match &expression.expr {
        Expr::Comprehension(loops) => {
            let once = deepest(&[&loops.iter_range, &loops.accu_init, &loops.result]);
            once.max(1 + deepest(&[&loops.loop_cond, &loops.loop_step]))
        }
        other => deepest(&children(other)),
    }
}

fn children(expression: &Expr) -> Vec<&IdedExpr> {
    match expression {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Comprehension(loops) => {
            vec![&loops.iter_range, &loops.accu_init, &loops.loop_cond, &loops.loop_step, &loops.result]
        }
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => map.entries.iter().flat_map(|entry| entry_children(&entry.expr)).collect(),
        Expr::Struct(fields) => fields.entries.iter().flat_map(|entry| entry_children(&entry.expr)).collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => Vec::new(),
    }
}

fn entry_children(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(text: &str) -> Expression {
        Expression { text: text.into(), span: Span::file("rules.yaml") }
    }

    fn scope(json: Json) -> Map<String, Json> {
        json.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn derived_values_see_those_before_them_and_know_their_inputs() {
        let derive = [("a", "plants.filter(p, p.own).size()"), ("b", "derived.a + workforce.employees")]
            .map(|(id, text)| Derive { id: id.into(), value: expression(text), layer: 0 });
        let mut sink = Sink::new();
        let rules = Rules::compile(&derive, &[], 2, &mut sink);
        let scope =
            scope(serde_json::json!({"plants": [{"own": true}, {"own": false}], "workforce": {"employees": 9}}));
        let derived = rules.derive(&mut Facts::new(&scope), &mut sink);
        assert!(sink.is_empty(), "{sink:?}");
        assert_eq!(Json::Object(derived.values), serde_json::json!({"a": 1, "b": 10}));
        assert_eq!(derived.inputs["b"], ["plants", "workforce"]);
    }

    #[test]
    fn what_nests_too_deep_is_refused() {
        let mut sink = Sink::new();
        let deep = "a.all(x, a.all(y, a.all(z, a.all(w, w > 0))))";
        Rules::compile(&[Derive { id: "d".into(), value: expression(deep), layer: 0 }], &[], 2, &mut sink);
        assert_eq!(sink.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), [codes::RULE_TOO_DEEP.id]);
    }

    #[test]
    fn a_chain_is_not_nested() {
        let mut sink = Sink::new();
        let chain = "a.filter(x, x > 1).map(x, x + 1).filter(x, x > 3).map(x, x * 2).exists(x, x == 8)";
        let rules = Rules::compile(&[Derive { id: "d".into(), value: expression(chain), layer: 0 }], &[], 2, &mut sink);
        let scope = scope(serde_json::json!({"a": [1, 2, 3]}));
        let derived = rules.derive(&mut Facts::new(&scope), &mut sink);
        assert_eq!(derived.values["d"], true, "{sink:?}");
    }

    #[test]
    fn functions_that_packs_need_are_there() {
        let mut sink = Sink::new();
        for (text, expected) in [
            ("sum([1, 2, 3])", serde_json::json!(6)),
            ("max([2, 7, 3])", serde_json::json!(7)),
            ("min([2, 7, 3])", serde_json::json!(2)),
            ("count_by([{'k': 'a'}, {'k': 'b'}, {'k': 'a'}], 'k')", serde_json::json!({"a": 2, "b": 1})),
            ("group_by([{'k': 'a', 'n': 1}, {'k': 'a', 'n': 2}], 'k').a.map(x, x.n)", serde_json::json!([1, 2])),
            ("group_by([{'k': ['a', 'b']}, {'k': ['b']}, {}], 'k').b.size()", serde_json::json!(2)),
            ("index_by([{'k': 'a', 'n': 1}, {'k': 'a', 'n': 2}, {}], 'k')['a'].n", serde_json::json!(1)),
            ("string(month('2026-09-30')) + '/' + string(year('2026-09-30'))", serde_json::json!("9/2026")),
            ("sort_by([{'k': 2}, {'k': 1}], 'k').map(x, x.k)", serde_json::json!([1, 2])),
            ("join(['a', 'b'], ', ')", serde_json::json!("a, b")),
            ("days_between('2026-01-01', '2026-03-01')", serde_json::json!(59)),
            ("add_months('2026-01-31', 1)", serde_json::json!("2026-02-28")),
            ("keys({'b': 1, 'a': 2})", serde_json::json!(["a", "b"])),
            ("values({'b': 1, 'a': 2})", serde_json::json!([2, 1])),
            ("merge({'a': 1}, {'b': 2})", serde_json::json!({"a": 1, "b": 2})),
            ("lower('ÄB')", serde_json::json!("äb")),
            ("unique(['a', 'b', 'a'])", serde_json::json!(["a", "b"])),
            ("flatten([[1], [2, 3]])", serde_json::json!([1, 2, 3])),
        ] {
            let rules =
                Rules::compile(&[Derive { id: "x".into(), value: expression(text), layer: 0 }], &[], 2, &mut sink);
            let derived = rules.derive(&mut Facts::new(&Map::new()), &mut sink);
            assert_eq!(derived.values.get("x"), Some(&expected), "{text}: {sink:?}");
        }
    }
    #[test]
    fn a_wrong_argument_is_a_fault_that_says_which_function_and_why() {
        for (text, said) in [
            ("sum('abc')", "sum"),
            ("sum(['a'])", "sum"),
            ("max([])", "empty"),
            ("max([1, 'a'])", "compare"),
            ("count_by([{'k': 1}], 2)", "count_by"),
            ("group_by(1, 'k')", "group_by"),
            ("index_by('a', 'k')", "index_by"),
            ("sort_by([{'k': 1}, {'k': 'a'}], 'k')", "sort_by"),
            ("join([1, [2]], 3)", "join"),
            ("flatten(3)", "flatten"),
            ("keys([1])", "keys"),
            ("merge({'a': 1}, 2)", "merge"),
            ("days_between('2026-01-01', 'soon')", "soon"),
            ("days_between('2026-01-01', '2026-02-30')", "2026-02-30"),
            ("add_months('2026-01-31', 999999999)", "add_months"),
            ("add_months('2026-01-31')", "add_months"),
            ("year('')", "year"),
            ("month(5)", "month"),
            ("unique(1)", "unique"),
            ("lower(1)", "lower"),
        ] {
            let mut sink = Sink::new();
            let rules =
                Rules::compile(&[Derive { id: "x".into(), value: expression(text), layer: 0 }], &[], 2, &mut sink);
            let derived = rules.derive(&mut Facts::new(&Map::new()), &mut sink);
            assert_eq!(derived.values.get("x"), None, "{text}");
            let message: String = sink.iter().map(|problem| problem.message.as_str()).collect();
            assert!(message.contains(said), "{text}: {message}");
        }
    }
}
