//! What rules see: the profile, the pack's data, and what is derived from them.

use cel::common::value::{CowVal, Val};
use cel::{Context, ExecutionError, IdedExpr, Value};
use serde_json::{Map, Value as Json};

use super::{functions, value};

/// The variables and functions that rules are evaluated with.
///
/// Made once for a run, because handing a profile to the interpreter copies it. Derived values stand as variables of
/// their own, `derived.<id>`: CEL resolves the longest qualified name first
/// (<https://github.com/google/cel-spec/blob/master/doc/langdef.md#name-resolution>).
pub struct Facts<'v>(Context<'v, 'v>);

impl<'v> Facts<'v> {
    /// Facts whose variables are the fields of `scope`.
    pub fn new(scope: &'v Map<String, Json>) -> Facts<'v> {
        let mut context = Context::with_env(functions::environment());
        for (name, json) in scope {
            context.add_variable_as_val(name.as_str(), value::borrow(json));
        }
        Facts(context)
    }

    /// Says what day it is, which checks may ask and documents may not.
    pub fn set_today(&mut self, today: &str) {
        self.define("today".into(), Box::new(cel::common::types::CelString::from(today.to_owned())));
    }

    /// Adds a variable; `derived.<id>` for a derived value.
    pub(super) fn define(&mut self, name: String, value: Box<dyn Val + 'v>) {
        self.0.add_variable_as_val(name, value);
    }

    /// Whether there is such a variable.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.0.get_variable(name).is_some()
    }

    /// Evaluates a program.
    pub(super) fn evaluate<'a>(&'a self, program: &'a IdedExpr) -> Result<CowVal<'a, 'v>, ExecutionError> {
        Value::resolve_val(program, &self.0)
    }

    /// Facts with one more: the element `it` of a list.
    pub(super) fn with_it<'a>(&'a self, it: &(dyn Val + 'v)) -> Facts<'a>
    where
        'v: 'a,
    {
        let mut inner = self.0.new_inner_scope();
        inner.add_variable_as_val("it", it.clone_as_boxed());
        Facts(inner)
    }
}
