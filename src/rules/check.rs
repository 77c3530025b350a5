//! Running checks.

use ecow::EcoString;

use super::eval::{Answer, Error};
use super::expression::{self, Expr};
use super::{BEFORE, Check, Expression, Facts, Said, meter, spoken, too_long, words};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::messages::{Entry, Messages};
use crate::model::value::{Kind, Value};

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The check's id.
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is said.
    pub message: String,
    /// The profile path.
    pub path: Option<EcoString>,
    /// Why it matters and what to do.
    pub explain: String,
    /// Whether it is a decision that a change since the last issue asks for.
    pub on_change: bool,
}

/// A check with its expressions compiled.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) check: Check,
    pub(super) each: Option<Expr>,
    pub(super) assert: Expr,
    pub(super) at: Option<Expr>,
    /// What makes the message: the slots of one of a table, or all of it.
    pub(super) words: Option<Expr>,
    /// Whether it compares with what was issued last, so that it can only be asked where something was.
    pub(super) reads_before: bool,
}

impl Compiled {
    pub(super) fn new(check: &Check, messages: &Messages, sink: &mut Sink) -> Option<Compiled> {
        let each = check.each.as_ref().map(|each| spoken(each, messages, sink));
        let assert = spoken(&check.assert, messages, sink);
        let at = check.at.as_ref().map(|at| spoken(at, messages, sink));
        let makes_words = match &check.message {
            Said::Message(_) => check.with.as_ref(),
            Said::Rule(expression) => Some(expression),
        };
        let words = makes_words.map(|expression| spoken(expression, messages, sink));
        let mut compiled = Compiled {
            check: check.clone(),
            each: each.map_or(Some(None), |each| each.map(Some))?,
            assert: assert?,
            at: at.map_or(Some(None), |at| at.map(Some))?,
            words: words.map_or(Some(None), |words| words.map(Some))?,
            reads_before: false,
        };
        let reads_before = compiled.programs().any(|part| expression::reads(part, BEFORE));
        compiled.reads_before = reads_before;
        Some(compiled)
    }

    /// Its expressions.
    pub(super) fn programs(&self) -> impl Iterator<Item = &Expr> {
        [self.each.as_ref(), Some(&self.assert), self.at.as_ref(), self.words.as_ref()].into_iter().flatten()
    }

    /// Runs the check on all its elements, with one budget of steps for them together.
    pub(super) fn run(&self, facts: &Facts, sink: &mut Sink) -> Vec<Finding> {
        if self.reads_before && !facts.knows_before() {
            return Vec::new();
        }
        let mut own = Sink::new();
        match meter::limited(|| self.run_all(facts, &mut own)) {
            Some(findings) => {
                sink.merge(own);
                findings
            }
            None => {
                sink.push(too_long(&format!("check `{}`", self.check.id), &self.check.assert));
                Vec::new()
            }
        }
    }

    fn run_all(&self, facts: &Facts, sink: &mut Sink) -> Vec<Finding> {
        let Some(each) = &self.each else { return self.run_one(facts, None, sink).into_iter().collect() };
        let elements = facts.evaluate(each);
        let list = elements.as_ref().ok().and_then(Value::as_list);
        let Some(list) = list else {
            let expression = self.check.each.as_ref().unwrap_or(&self.check.assert);
            self.broken(facts, expression, &elements, "a list", sink);
            return Vec::new();
        };
        let mut findings = Vec::new();
        for item in list.iter() {
            // A rule that fails on one element would fail on the next.
            if !sink.is_empty() || meter::spend(item.weight()).is_err() {
                break;
            }
            findings.extend(self.run_one(facts, Some(item), sink));
        }
        findings
    }

    fn run_one(&self, facts: &Facts, it: Option<&Value>, sink: &mut Sink) -> Option<Finding> {
        let asserted = facts.evaluate_on(it, &self.assert);
        match asserted.as_ref().map(|value| &value.kind) {
            Ok(Kind::Bool(true)) => return None,
            Ok(Kind::Bool(false)) => {}
            _ => {
                self.broken(facts, &self.check.assert, &asserted, "true or false", sink);
                return None;
            }
        }
        let path = match (&self.at, &self.check.at) {
            (Some(at), Some(expression)) => self.text(facts, facts.evaluate_on(it, at), expression, sink),
            _ => None,
        };
        let words = self.words.as_ref().map(|words| facts.evaluate_on(it, words));
        let message = match &self.check.message {
            Said::Rule(expression) => self.text(facts, words?, expression, sink)?.into(),
            Said::Message(entry) => self.say(entry, words, facts, sink)?,
        };
        let Check { id, severity, explain, on_change, .. } = &self.check;
        Some(Finding {
            check: id.clone(),
            severity: *severity,
            message,
            path,
            explain: explain.clone(),
            on_change: *on_change,
        })
    }

    /// The text that an expression gave.
    fn text(&self, facts: &Facts, answer: Answer, expression: &Expression, sink: &mut Sink) -> Option<EcoString> {
        let text = answer.as_ref().ok().and_then(Value::as_text).cloned();
        if text.is_none() {
            self.broken(facts, expression, &answer, "a text", sink);
        }
        text
    }

    /// A message of a table, with what `with` gave for its slots.
    fn say(&self, entry: &Entry, slots: Option<Answer>, facts: &Facts, sink: &mut Sink) -> Option<String> {
        let map = slots.as_ref().and_then(|slots| slots.as_ref().ok()).and_then(Value::as_map);
        if let (Some(slots), None, Some(with)) = (&slots, map, &self.check.with) {
            self.broken(facts, with, slots, "a map of slots", sink);
            return None;
        }
        words::say(entry, facts.messages(), map).map_err(|problem| sink.push(self.unsaid(entry, &problem))).ok()
    }

    /// A message that cannot be said with the slots that there are.
    pub(super) fn unsaid(&self, entry: &Entry, problem: &str) -> Diagnostic {
        let message = format!("check `{}`: its message `{}`: {problem}", self.check.id, entry.written);
        let fault = Diagnostic::fault(&codes::RULE_FAILED, message).at(entry.span.clone());
        fault.help("give what the slot is to hold in `with` of the check")
    }

    fn broken(&self, facts: &Facts, expression: &Expression, got: &Answer, wanted: &str, sink: &mut Sink) {
        let error = match got {
            Ok(value) => Error::unwanted(expression, value, wanted),
            Err(error) if facts.explains(error) => return,
            Err(error) => error.clone(),
        };
        sink.push(error.fault(Some(&format!("check `{}`", self.check.id)), expression));
    }
}
