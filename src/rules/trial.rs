//! Rules tried out: also what a check would say of what it finds nothing in, and of every element, where a run stops at the
//! first that fails.

use ecow::EcoString;

use super::check::Compiled;
use super::error::{self, Error};
use super::{Expression, Facts, Rules, Said, meter, program, words};
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::value::{Kind, Value};

/// A rule that failed.
pub struct Tried {
    /// What went wrong, at the rule.
    pub fault: Diagnostic,
    /// The row that it was tried on, by its profile path; `None` when it goes over no list.
    pub row: Option<EcoString>,
}

impl Rules {
    /// Tries every check on all that its list holds. What follows from a derived value that failed is not told.
    pub fn try_checks(&self, facts: &Facts, tried: &mut Vec<Tried>) {
        for check in &self.checks {
            // One check may not use up what the others need; what runs too long is told by the run itself.
            let mut own = Vec::new();
            if meter::limited(|| check.try_out(facts, &mut own)).is_some() {
                tried.extend(own);
            }
        }
    }
}

impl Compiled {
    fn try_out(&self, facts: &Facts, tried: &mut Vec<Tried>) {
        let Some((each, written)) = self.each.as_ref().zip(self.check.each.as_ref()) else {
            return self.try_on(facts, None, None, tried);
        };
        let elements = facts.evaluate(each);
        match elements.as_ref().map(Value::as_list) {
            Ok(Some(list)) => {
                for item in list.iter() {
                    if meter::spend(item.weight()).is_err() {
                        return;
                    }
                    self.try_on(facts, Some(item), facts.place_of(item), tried);
                }
            }
            Ok(None) | Err(_) => tried.extend(self.wrong(facts, written, &elements, "a list", None, true)),
        }
    }

    fn try_on(&self, facts: &Facts, it: Option<&Value>, row: Option<EcoString>, tried: &mut Vec<Tried>) {
        let asserted = facts.evaluate_on(it, &self.assert);
        let Ok(Kind::Bool(holds)) = asserted.as_ref().map(|value| &value.kind) else {
            tried.extend(self.wrong(facts, &self.check.assert, &asserted, "true or false", row, true));
            return;
        };
        // What a rule would say where it finds nothing may read what is only there where it finds something; but a text is
        // no number there either.
        let fires = !holds;
        if let (Some(at), Some(written)) = (&self.at, &self.check.at) {
            let answer = facts.evaluate_on(it, at);
            tried.extend(self.wrong(facts, written, &answer, "a text", row.clone(), fires));
        }
        let said = self.words.as_ref().map(|words| facts.evaluate_on(it, words));
        match (&self.check.message, said) {
            (Said::Rule(written), Some(answer)) => {
                tried.extend(self.wrong(facts, written, &answer, "a text", row, fires));
            }
            (Said::Message(entry), answer) => {
                if let (Some(with), Some(answer)) = (&self.check.with, &answer) {
                    let is_wrong = self.wrong(facts, with, answer, "a map of slots", row.clone(), fires);
                    if is_wrong.is_some() || answer.is_err() {
                        tried.extend(is_wrong);
                        return;
                    }
                }
                let slots = answer.as_ref().and_then(|slots| slots.as_ref().ok()).and_then(Value::as_map);
                if let Err(problem) = words::say(entry, facts.messages(), slots) {
                    tried.push(Tried { fault: self.unsaid(entry, &problem), row });
                }
            }
            (Said::Rule(_), None) => {}
        }
    }

    fn wrong(
        &self,
        facts: &Facts,
        written: &Expression,
        answer: &Result<Value, Error>,
        wanted: &str,
        row: Option<EcoString>,
        fires: bool,
    ) -> Option<Tried> {
        let what = format!("check `{}`", self.check.id);
        let fault = problem(facts, written, answer, wanted, fires)?.fault(Some(&what), written);
        Some(Tried { fault, row })
    }
}

/// What is wrong with what a rule gave; where it would not be asked at all, only what no value mends.
fn problem(
    facts: &Facts,
    written: &Expression,
    answer: &Result<Value, Error>,
    wanted: &str,
    is_asked: bool,
) -> Option<Error> {
    match answer {
        Ok(value) => {
            let fits = match wanted {
                "a list" => value.as_list().is_some(),
                "a text" => value.as_text().is_some(),
                "a text or null" => value.as_text().is_some() || matches!(value.kind, Kind::Null),
                "a map of slots" => value.as_map().is_some(),
                _ => matches!(value.kind, Kind::Bool(_)),
            };
            (!fits).then(|| Error::unwanted(written, value, wanted))
        }
        Err(error) if facts.explains(error) || !(is_asked || error.is_of_kinds()) => None,
        Err(error) => Some(error.clone()),
    }
}

/// Tries a condition of a document; `wanted` is `true or false`, or `a text`. `is_asked` says whether a run would ask it.
pub fn try_condition(written: &Expression, facts: &Facts, wanted: &str, is_asked: bool) -> Option<Tried> {
    let program = program(written, &mut Sink::new())?;
    let answer = meter::limited(|| facts.evaluate(&program))?;
    let what = answer.is_err().then(|| format!("`{}`", error::repeated(&written.text)));
    let fault = problem(facts, written, &answer, wanted, is_asked)?.fault(what.as_deref(), written);
    Some(Tried { fault, row: None })
}
