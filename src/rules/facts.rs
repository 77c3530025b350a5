//! What rules see: the profile, the pack's data, and what is derived from them.

use ecow::EcoString;
use serde_json::{Map, Value as Json};

use super::eval::{Answer, Local, Scope};
use super::expression::Expr;
use crate::model::Origins;
use crate::model::value::Value;

/// The variables that rules are evaluated with.
#[derive(Debug, Default)]
pub struct Facts(Origins);

impl Facts {
    /// Facts whose variables are the fields of `scope`.
    pub fn new(scope: &Map<String, Json>) -> Facts {
        Facts(Origins::untraced(scope))
    }

    /// The same, each value with its place; `path` writes that of a profile's value, as [`Origins::new`] takes it.
    pub fn traced(scope: &Map<String, Json>, path: &dyn Fn(&[String]) -> EcoString) -> Facts {
        Facts(Origins::new(scope, path))
    }

    /// Says what day it is, which checks may ask and documents may not.
    pub fn set_today(&mut self, today: &str) {
        self.0.define("today", Value::text(today));
    }

    /// Where all values came from, for templates.
    pub fn into_origins(self) -> Origins {
        self.0
    }

    /// Adds a derived value.
    pub(super) fn derive(&mut self, id: &str, value: Value) {
        self.0.derive(id, value);
    }

    /// Evaluates an expression.
    pub(super) fn evaluate(&self, expr: &Expr) -> Answer {
        Scope::new(&self.0).evaluate(expr)
    }

    /// Evaluates an expression with the element `it` of a list.
    pub(super) fn evaluate_on(&self, it: Option<&Value>, expr: &Expr) -> Answer {
        match it {
            Some(value) => Scope::new(&self.0).with(&Local { name: "it", value, outer: None }).evaluate(expr),
            None => self.evaluate(expr),
        }
    }
}
