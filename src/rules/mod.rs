//! A pack's rules: values derived from the profile, and checks on it, written in CEL.
//!
//! Rules are data (<https://cel.dev>): they have no loops but the bounded macros, see only what they are given, and end.
//! [`Rules::compile`] refuses what is nested too deep; [`Rules::derive`] and [`Rules::check`] count the steps of the rest,
//! see [`meter`].

mod check;
mod error;
mod eval;
mod expression;
mod facts;
mod functions;
mod kinds;
mod meter;
mod missing;
mod mistake;
mod on_row;
mod order;
mod propose;
mod reads;
mod source;
mod syntax;
#[cfg(test)]
mod tests;
mod trial;
mod words;

pub use check::Finding;
pub use facts::Facts;
pub use missing::may_be_missing;
pub use on_row::{OnRow, ROW};
pub use order::in_order;
pub use propose::{Offer, Propose, offers};
pub use reads::{ELEMENT, Path, Read, list, reads, seen, seen_as};
pub use source::Expression;
pub use trial::{Tried, try_condition};
pub use words::{Named, named, prose, slots};

use std::collections::BTreeSet;

use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr as Cel, SourceInfo};
use cel::parser::Parser;
use serde_json::{Map, Value as Json};

use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::messages::{Entry, Messages};
use crate::model::value::{Kind, Value};
use crate::parallel;
use expression::Expr;

/// What checks that compare call the profile that the last issued documents were made from.
pub const BEFORE: &str = "before";

/// How deep `map`, `filter`, `all` and `exists` may be nested.
const MAX_NESTING: usize = 3;
/// The most bytes of an expression, and how deep its parts may be nested: the interpreter calls itself for each.
const MAX_EXPRESSION: usize = 8 << 10;
const MAX_DEPTH: usize = 200;
/// The most values that all derived values may have together.
const MAX_DERIVED: usize = 1_000_000;

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
    pub message: Said,
    /// What stands in the slots of the message: a map.
    pub with: Option<Expression>,
    /// Whether it compares with what was issued last, and sees that as [`BEFORE`].
    pub on_change: bool,
    /// Why it matters and what to do.
    pub explain: String,
    /// Where that stands.
    pub explained_at: Span,
    /// The pack that had the last word on it: see [`crate::pack::Pack::layers`].
    pub layer: usize,
}

/// What a check says.
#[derive(Debug, Clone)]
pub enum Said {
    /// A message of a table.
    Message(Entry),
    /// A text that the rule itself makes.
    Rule(Expression),
}

impl Said {
    /// Where it stands in the pack.
    pub fn span(&self) -> &Span {
        match self {
            Said::Message(entry) => &entry.span,
            Said::Rule(expression) => &expression.span,
        }
    }

    /// How it is written.
    pub fn written(&self) -> &str {
        match self {
            Said::Message(entry) => &entry.written,
            Said::Rule(expression) => &expression.text,
        }
    }

    /// The expression that makes it, when the rule does.
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            Said::Message(_) => None,
            Said::Rule(expression) => Some(expression),
        }
    }
}

impl Check {
    /// Its expressions that see an element of its list.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let all = [Some(&self.assert), self.at.as_ref(), self.with.as_ref(), self.message.expression()];
        all.into_iter().flatten()
    }
}

/// Which of a pack's checks are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checks {
    /// None: only values are derived.
    None,
    /// Those that compare with what was issued last, and those whose findings stand against an issue.
    OfChanges,
    /// All.
    All,
}

impl Checks {
    /// Whether a check is among them.
    pub fn takes(self, check: &Check) -> bool {
        match self {
            Checks::None => false,
            Checks::OfChanges => check.on_change || check.severity == Severity::Error,
            Checks::All => true,
        }
    }
}

/// Compiled rules.
#[derive(Debug, Default)]
pub struct Rules {
    derive: Vec<(Derive, Expr)>,
    checks: Vec<check::Compiled>,
    /// The derived values that were not understood.
    missing: Vec<String>,
    /// Those of what was before that checks read, and what these read.
    compared: BTreeSet<String>,
}

impl Rules {
    /// Compiles rules on some threads; what does not compile, nests too deep, or says what no message table has, is a fault.
    pub fn compile(derive: &[Derive], checks: &[Check], messages: &Messages, threads: usize, sink: &mut Sink) -> Rules {
        let rules = derive;
        let derive = parallel::map(derive.len(), threads, sink, |index, sink| {
            let rule = &rules[index];
            Some((rule.clone(), spoken(&rule.value, messages, sink)?))
        });
        let checks = parallel::map(checks.len(), threads, sink, |index, sink| {
            check::Compiled::new(&checks[index], messages, sink)
        });
        let mut derive: Vec<(Derive, Expr)> = derive.into_iter().flatten().collect();
        order::check(&mut derive, sink);
        let is_there = |id: &str| derive.iter().any(|(rule, _)| rule.id == id);
        let missing = rules.iter().map(|rule| rule.id.clone()).filter(|id| !is_there(id)).collect();
        let checks: Vec<check::Compiled> = checks.into_iter().flatten().collect();
        let compared = order::compared(&derive, &checks);
        Rules { derive, checks, missing, compared }
    }

    /// Evaluates the derived values in their order, and adds each to the facts, so that the next see it. They come for
    /// templates, too.
    pub fn derive(&self, facts: &mut Facts, sink: &mut Sink) -> Map<String, Json> {
        let mut derived = Map::new();
        let keep = |id: &str, value: &Value| drop(derived.insert(id.to_owned(), value.to_json()));
        self.derive_each(facts, |_| true, keep, sink);
        derived
    }

    /// The same of what was issued last: only what checks compare with.
    pub fn derive_before(&self, facts: &mut Facts, sink: &mut Sink) {
        self.derive_each(facts, |id| self.compared.contains(id), |_, _| {}, sink);
    }

    fn derive_each(
        &self,
        facts: &mut Facts,
        is_asked: impl Fn(&str) -> bool,
        mut keep: impl FnMut(&str, &Value),
        sink: &mut Sink,
    ) {
        let mut weight = 0usize;
        self.missing.iter().for_each(|id| facts.fail(id));
        for (rule, program) in self.derive.iter().filter(|(rule, _)| is_asked(&rule.id)) {
            let what = format!("derived value `{}`", rule.id);
            match meter::limited(|| facts.evaluate(program)) {
                None => {
                    sink.push(too_long(&what, &rule.value));
                    return; // Those that read it would only fail.
                }
                Some(Ok(value)) => {
                    weight = weight.saturating_add(value.weight());
                    if weight > MAX_DERIVED {
                        let message =
                            format!("{what}: with it, the derived values hold more than {MAX_DERIVED} values");
                        sink.push(Diagnostic::fault(&codes::RULE_TOO_LONG, message).at(rule.value.span.clone()));
                        return;
                    }
                    keep(&rule.id, &value);
                    facts.derive(&rule.id, value);
                }
                Some(Err(error)) => {
                    facts.fail(&rule.id);
                    if !facts.explains(&error) {
                        sink.push(error.fault(Some(&what), &rule.value));
                    }
                }
            }
        }
    }

    /// Whether any check compares with what was issued last.
    pub fn compare(&self) -> bool {
        self.checks.iter().any(|check| check.check.on_change)
    }

    /// Runs only the checks that compare with what was issued last or stand against an issue, on some threads.
    pub fn check_changes(&self, facts: &Facts, threads: usize, sink: &mut Sink) -> Vec<Finding> {
        let own: Vec<&check::Compiled> = self.checks.iter().filter(|one| Checks::OfChanges.takes(&one.check)).collect();
        let run = |index: usize, sink: &mut Sink| own[index].run(facts, sink);
        parallel::map(own.len(), threads, sink, run).into_iter().flatten().collect()
    }

    /// Runs the checks on some threads; those that compare with what was issued last where that is known.
    pub fn check(&self, facts: &Facts, threads: usize, sink: &mut Sink) -> Vec<Finding> {
        let run = |index: usize, sink: &mut Sink| self.checks[index].run(facts, sink);
        parallel::map(self.checks.len(), threads, sink, run).into_iter().flatten().collect()
    }
}

/// Reports an expression that is not CEL, or nests too deep. Whether it is sound.
pub fn compiles(expression: &Expression, sink: &mut Sink) -> bool {
    program(expression, sink).is_some()
}

/// Evaluates one expression that must give a boolean, such as a document's `when`.
pub fn test(expression: &Expression, facts: &Facts, sink: &mut Sink) -> Option<bool> {
    let read = |value: &Value| match value.kind {
        Kind::Bool(flag) => Some(flag),
        _ => None,
    };
    evaluate(expression, facts, "true or false", read, sink)
}

/// Evaluates one expression that must give a text, such as a document's `reason`.
pub fn text(expression: &Expression, facts: &Facts, sink: &mut Sink) -> Option<String> {
    evaluate(expression, facts, "a text", |value| value.as_text().map(|text| text.to_string()), sink)
}

/// Evaluates one expression that gives a text or null, such as a document's `dated`: the text, and the paths that it came
/// from.
pub fn sourced(expression: &Expression, facts: &Facts, sink: &mut Sink) -> Option<(String, Vec<ecow::EcoString>)> {
    let read = |value: &Value| match value.kind {
        crate::model::value::Kind::Null => Some(None),
        _ => value.as_text().map(|text| Some((text.to_string(), facts.paths_of(value)))),
    };
    evaluate(expression, facts, "a text or null", read, sink).flatten().filter(|(text, _)| !text.is_empty())
}

fn evaluate<T>(
    expression: &Expression,
    facts: &Facts,
    wanted: &str,
    read: impl Fn(&Value) -> Option<T>,
    sink: &mut Sink,
) -> Option<T> {
    let program = program(expression, sink)?;
    let fault = match meter::limited(|| facts.evaluate(&program)) {
        None => {
            sink.push(too_long(&format!("`{}`", expression.text), expression));
            return None;
        }
        Some(Ok(answer)) => match read(&answer) {
            Some(answer) => return Some(answer),
            None => error::Error::unwanted(expression, &answer, wanted).fault(None, expression),
        },
        Some(Err(error)) if facts.explains(&error) => return None,
        Some(Err(error)) => error.fault(Some(&format!("`{}`", error::repeated(&expression.text))), expression),
    };
    sink.push(fault);
    None
}

/// A rule that used up its steps.
fn too_long(what: &str, expression: &Expression) -> Diagnostic {
    let message = format!("{what} goes over more than {} million values", meter::MAX_STEPS / 1_000_000);
    Diagnostic::fault(&codes::RULE_TOO_LONG, message).at(expression.span.clone()).help(codes::RULE_TOO_LONG.fix)
}

/// Compiles an expression.
fn program(expression: &Expression, sink: &mut Sink) -> Option<Expr> {
    compiled(expression, None, sink)
}

/// The same; a message that it names and no table has is a fault, too.
fn spoken(expression: &Expression, messages: &Messages, sink: &mut Sink) -> Option<Expr> {
    compiled(expression, Some(messages), sink)
}

fn compiled(expression: &Expression, messages: Option<&Messages>, sink: &mut Sink) -> Option<Expr> {
    let too_deep = |message: String| {
        let diagnostic = Diagnostic::fault(&codes::RULE_TOO_DEEP, message).at(expression.span.clone());
        diagnostic.help("derive an inner part first and use it as `derived.<id>`")
    };
    if expression.text.len() > MAX_EXPRESSION {
        let bytes = expression.text.len();
        sink.push(too_deep(format!("the expression has {bytes} bytes; at most {MAX_EXPRESSION} are read")));
        return None;
    }
    let (program, info) = match parsed(&expression.text) {
        Ok(parsed) => parsed,
        Err(stops) => {
            sink.push(syntax::explain(&expression.text, &stops).fault(expression));
            return None;
        }
    };
    if let Some(messages) = messages {
        words::check(expression, &program, messages, sink);
    }
    if depth(&program) > MAX_DEPTH {
        sink.push(too_deep(format!("the parts of the expression are nested deeper than {MAX_DEPTH}")));
        return None;
    }
    if nesting(&program) > MAX_NESTING {
        let message =
            format!("`{}` nests `map`, `filter`, `all` or `exists` deeper than {MAX_NESTING}", expression.text);
        sink.push(too_deep(message));
        return None;
    }
    match expression::read(&program, &expression.text, &info) {
        Ok(program) => Some(program),
        Err(mistakes) => {
            sink.extend(mistakes.into_iter().map(|mistake| mistake.fault(expression)));
            None
        }
    }
}

/// Reads CEL.
///
/// # Errors
/// The lines and columns where the parser stopped.
fn parsed(text: &str) -> Result<(IdedExpr, SourceInfo), Vec<(usize, usize)>> {
    let at = |(line, column)| (usize::try_from(line).unwrap_or(0), usize::try_from(column).unwrap_or(0));
    Parser::new()
        .parse_with_source_info(text)
        .map_err(|errors| errors.errors.into_iter().map(|error| at(error.pos)).collect())
}

/// How many parts an expression has.
fn parts(expression: &IdedExpr) -> usize {
    1 + children(&expression.expr).into_iter().map(parts).sum::<usize>()
}

/// How deep the parts of an expression are nested.
fn depth(expression: &IdedExpr) -> usize {
    1 + children(&expression.expr).into_iter().map(depth).max().unwrap_or(0)
}

/// How deep comprehensions are nested: one in the body of another, not one in the range of another, which runs once.
fn nesting(expression: &IdedExpr) -> usize {
    let deepest = |parts: &[&IdedExpr]| parts.iter().map(|part| nesting(part)).max().unwrap_or(0);
    match &expression.expr {
        Cel::Comprehension(loops) => {
            let once = deepest(&[&loops.iter_range, &loops.accu_init, &loops.result]);
            once.max(1 + deepest(&[&loops.loop_cond, &loops.loop_step]))
        }
        other => deepest(&children(other)),
    }
}

fn children(expression: &Cel) -> Vec<&IdedExpr> {
    match expression {
        Cel::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Cel::Comprehension(loops) => {
            vec![&loops.iter_range, &loops.accu_init, &loops.loop_cond, &loops.loop_step, &loops.result]
        }
        Cel::List(list) => list.elements.iter().collect(),
        Cel::Map(map) => map.entries.iter().flat_map(|entry| entry_children(&entry.expr)).collect(),
        Cel::Struct(fields) => fields.entries.iter().flat_map(|entry| entry_children(&entry.expr)).collect(),
        Cel::Select(select) => vec![&select.operand],
        Cel::Unspecified | Cel::Ident(_) | Cel::Literal(_) => Vec::new(),
    }
}

fn entry_children(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}
