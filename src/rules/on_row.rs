//! Conditions on single rows, such as when a record is closed.

use serde_json::{Map, Value as Json};

use super::expression::Expr;
use super::{Expression, Facts, meter, program};
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::value::{Kind, Value};

/// The name by which such a condition calls the row.
pub const ROW: &str = "row";

/// A condition on a row, compiled once. It sees the row as `row`, and nothing else.
pub struct OnRow {
    written: Expression,
    program: Expr,
    facts: Facts,
}

impl OnRow {
    /// Compiles a condition. What is no CEL is reported.
    pub fn compile(written: &Expression, sink: &mut Sink) -> Option<OnRow> {
        let program = program(written, sink)?;
        Some(OnRow { written: written.clone(), program, facts: Facts::new(&Map::new()) })
    }

    /// Whether it holds of a row.
    ///
    /// # Errors
    /// When it cannot be told: it reads a key that the row has not, or gives something else than true or false.
    pub fn holds(&self, row: &Json) -> Result<bool, Box<Diagnostic>> {
        let row = Value::of_json(row);
        let fault = match meter::limited(|| self.facts.evaluate_as(ROW, &row, &self.program)) {
            Some(Ok(answer)) => match answer.kind {
                Kind::Bool(flag) => return Ok(flag),
                _ => super::error::Error::unwanted(&self.written, &answer, "true or false").fault(None, &self.written),
            },
            Some(Err(error)) => error.fault(Some(&format!("`{}`", self.written.text)), &self.written),
            None => super::too_long(&format!("`{}`", self.written.text), &self.written),
        };
        Err(Box::new(fault))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::Span;

    #[test]
    fn a_condition_sees_one_row() {
        let condition = |text: &str| OnRow::compile(&Expression::new(text, Span::file("x")), &mut Sink::new()).unwrap();
        assert!(condition("has(row.done)").holds(&json!({"done": "2026-01-02"})).unwrap());
        assert!(!condition(r#"has(row.state) && row.state == "held""#).holds(&json!({})).unwrap());
        assert!(condition("row.state == 1").holds(&json!({})).is_err());
        assert!(condition("row.state").holds(&json!({"state": "x"})).is_err());
    }
}
