//! Running checks.

use ecow::EcoString;

use super::eval::{Answer, Error};
use super::expression::Expr;
use super::{Check, Expression, Facts, meter, program, too_long};
use crate::diagnostic::{Severity, Sink};
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
}

/// A check with its expressions compiled.
#[derive(Debug)]
pub(super) struct Compiled {
    check: Check,
    each: Option<Expr>,
    assert: Expr,
    at: Option<Expr>,
    message: Expr,
}

impl Compiled {
    pub(super) fn new(check: &Check, sink: &mut Sink) -> Option<Compiled> {
        let each = check.each.as_ref().map(|each| program(each, sink));
        let assert = program(&check.assert, sink);
        let at = check.at.as_ref().map(|at| program(at, sink));
        let message = program(&check.message, sink);
        Some(Compiled {
            check: check.clone(),
            each: each.map_or(Some(None), |each| each.map(Some))?,
            assert: assert?,
            at: at.map_or(Some(None), |at| at.map(Some))?,
            message: message?,
        })
    }

    /// Runs the check on all its elements, with one budget of steps for them together.
    pub(super) fn run(&self, facts: &Facts, sink: &mut Sink) -> Vec<Finding> {
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
        let mut text = |program: &Expr, expression: &Expression| {
            let answer = facts.evaluate_on(it, program);
            match answer.as_ref().ok().and_then(Value::as_text) {
                Some(text) => Some(text.clone()),
                None => {
                    self.broken(facts, expression, &answer, "a text", sink);
                    None
                }
            }
        };
        let message = text(&self.message, &self.check.message)?.into();
        let path = match (&self.at, &self.check.at) {
            (Some(at), Some(expression)) => text(at, expression),
            _ => None,
        };
        let Check { id, severity, explain, .. } = &self.check;
        Some(Finding { check: id.clone(), severity: *severity, message, path, explain: explain.clone() })
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
