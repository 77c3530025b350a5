//! Running checks.

use cel::IdedExpr;
use cel::common::types::CelList;
use ecow::EcoString;
use serde_json::Value as Json;

use super::{Check, Expression, Facts, meter, program, too_long, value};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};

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
    each: Option<IdedExpr>,
    assert: IdedExpr,
    at: Option<IdedExpr>,
    message: IdedExpr,
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
    pub(super) fn run(&self, facts: &Facts<'_>, sink: &mut Sink) -> Vec<Finding> {
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

    fn run_all(&self, facts: &Facts<'_>, sink: &mut Sink) -> Vec<Finding> {
        let Some(each) = &self.each else { return self.run_one(facts, sink).into_iter().collect() };
        let elements = facts.evaluate(each);
        let list = match &elements {
            Ok(elements) => elements.downcast_ref::<CelList<'_>>(),
            Err(_) => None,
        };
        let Some(list) = list else {
            let expression = self.check.each.as_ref().unwrap_or(&self.check.assert);
            self.broken(expression, &elements.map(|got| value::to_json(&*got)), "a list", sink);
            return Vec::new();
        };
        let mut findings = Vec::new();
        for item in list.iter() {
            // A rule that fails on one element would fail on the next, and each element is copied.
            if !sink.is_empty() || meter::spend(meter::size(&**item)).is_err() {
                break;
            }
            findings.extend(self.run_one(&facts.with_it(&**item), sink));
        }
        findings
    }

    fn run_one(&self, facts: &Facts<'_>, sink: &mut Sink) -> Option<Finding> {
        let evaluate = |program: &IdedExpr| facts.evaluate(program).map(|value| value::to_json(&*value));
        match evaluate(&self.assert) {
            Ok(Json::Bool(true)) => return None,
            Ok(Json::Bool(false)) => {}
            other => {
                self.broken(&self.check.assert, &other, "true or false", sink);
                return None;
            }
        }
        let mut text = |program: &IdedExpr, expression: &Expression| match evaluate(program) {
            Ok(Json::String(text)) => Some(text),
            other => {
                self.broken(expression, &other, "a text", sink);
                None
            }
        };
        let message = text(&self.message, &self.check.message)?;
        let path = match (&self.at, &self.check.at) {
            (Some(at), Some(expression)) => text(at, expression).map(EcoString::from),
            _ => None,
        };
        let Check { id, severity, explain, .. } = &self.check;
        Some(Finding { check: id.clone(), severity: *severity, message, path, explain: explain.clone() })
    }

    fn broken(&self, expression: &Expression, got: &Result<Json, cel::ExecutionError>, wanted: &str, sink: &mut Sink) {
        let problem = match got {
            Ok(value) => format!("gives {value}, not {wanted}"),
            Err(error) => error.to_string(),
        };
        sink.push(
            Diagnostic::fault(
                &codes::RULE_FAILED,
                format!("check `{}`: `{}` {problem}", self.check.id, expression.text),
            )
            .at(expression.span.clone())
            .help("guard optional keys with `has(…)`"),
        );
    }
}
