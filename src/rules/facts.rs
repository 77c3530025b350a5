//! What rules see: the profile, the pack's data, and what is derived from them.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;
use serde_json::{Map, Value as Json};

use super::BEFORE;
use super::error::Error;
use super::eval::{Answer, Local, Scope};
use super::expression::Expr;
use crate::messages::Messages;
use crate::model::Origins;
use crate::model::value::Value;

/// The variables that rules are evaluated with.
#[derive(Debug, Default)]
pub struct Facts {
    origins: Origins,
    messages: Arc<Messages>,
    /// The derived values that failed, or were not understood: that was reported.
    failed: BTreeSet<String>,
}

impl Facts {
    /// Facts whose variables are the fields of `scope`.
    pub fn new(scope: &Map<String, Json>) -> Facts {
        Facts { origins: Origins::untraced(scope), ..Facts::default() }
    }

    /// The same, out of values that have places.
    pub fn over(origins: Origins) -> Facts {
        Facts { origins, ..Facts::default() }
    }

    /// The same, each value with its place; `path` writes that of a profile's value, as [`Origins::new`] takes it.
    pub fn traced(scope: &Map<String, Json>, path: &dyn Fn(&[String]) -> EcoString) -> Facts {
        Facts { origins: Origins::new(scope, path), ..Facts::default() }
    }

    /// Gives rules the words that they name.
    pub fn speak(&mut self, messages: Arc<Messages>) {
        self.messages = messages;
    }

    /// The words that rules name.
    pub(super) fn messages(&self) -> &Messages {
        &self.messages
    }

    /// Says what day it is, which checks may ask and documents may not.
    pub fn set_today(&mut self, today: &str) {
        self.origins.define("today", Value::text(today));
    }

    /// Says what the last issued documents were made from, which checks that compare may ask.
    pub fn set_before(&mut self, before: Facts) {
        self.origins.define(BEFORE, before.origins.into_value());
    }

    /// Whether that was said.
    pub(super) fn knows_before(&self) -> bool {
        self.origins.variable(BEFORE).is_some()
    }

    /// Says which documents are made, which rules of proposals may ask.
    pub fn set_documents(&mut self, documents: &Json) {
        self.origins.define("documents", Value::of_json(documents));
    }

    /// Where all values came from, for templates.
    pub fn into_origins(self) -> Origins {
        self.origins
    }

    /// Adds a derived value.
    pub(super) fn derive(&mut self, id: &str, value: Value) {
        self.origins.derive(id, value);
    }

    /// Notes that a derived value is not there, for a reason that was reported.
    pub(super) fn fail(&mut self, id: &str) {
        self.failed.insert(id.to_owned());
    }

    /// Whether an error only follows from one that was reported.
    pub(super) fn explains(&self, error: &Error) -> bool {
        error.lacks().is_some_and(|id| self.failed.contains(id))
    }

    /// The row that a value is, or comes from.
    pub(super) fn place_of(&self, value: &Value) -> Option<EcoString> {
        self.origins.written(&value.sources(self.origins.places())).into_iter().next()
    }

    fn scope(&self) -> Scope<'_> {
        Scope::new(&self.origins, &self.messages)
    }

    /// Evaluates an expression.
    /// The paths that a value came from.
    pub(super) fn paths_of(&self, value: &Value) -> Vec<EcoString> {
        self.origins.written(&value.sources(self.origins.places()))
    }

    pub(super) fn evaluate(&self, expr: &Expr) -> Answer {
        self.scope().evaluate(expr)
    }

    /// Evaluates an expression with an element of a list, by the name that the rule gives it.
    pub(super) fn evaluate_as(&self, name: &str, value: &Value, expr: &Expr) -> Answer {
        self.scope().with(&Local { name, value, outer: None }).evaluate(expr)
    }

    /// Evaluates an expression with the element `it` of a list.
    pub(super) fn evaluate_on(&self, it: Option<&Value>, expr: &Expr) -> Answer {
        match it {
            Some(value) => self.scope().with(&Local { name: "it", value, outer: None }).evaluate(expr),
            None => self.evaluate(expr),
        }
    }
}
