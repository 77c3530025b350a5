//! What rules propose for the rows of registers.

use serde_json::Value as Json;

use super::eval::{Answer, Error};
use super::expression::Expr;
use super::{Expression, Facts, meter, spoken, too_long};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::messages::Messages;
use crate::model::value::{Kind, Value};

/// The most rows, and the most values in them, that all rules together may propose.
const MAX_ROWS: usize = 20_000;
const MAX_VALUES: usize = 1_000_000;

/// A rule that proposes rows of a register.
#[derive(Debug, Clone)]
pub struct Propose {
    /// Its id.
    pub id: String,
    /// The dotted path of the register, and where it is named.
    pub register: (String, Span),
    /// The list for whose elements rows are proposed.
    pub each: Expression,
    /// What the other expressions call the element.
    pub name: String,
    /// The key of the row.
    pub key: Expression,
    /// Whether there is a proposal for an element.
    pub when: Option<Expression>,
    /// What is proposed, by property of the row, in the order in which it is written; with the place of the property.
    pub values: Vec<(String, Span, Expression)>,
    /// The pack that it comes from: see [`crate::pack::Pack::layers`].
    pub layer: usize,
}

impl Propose {
    /// Its expressions that see an element of its list.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let values = self.values.iter().map(|(_, _, value)| value);
        std::iter::once(&self.key).chain(&self.when).chain(values)
    }
}

/// A row that a rule proposes.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The rule, by its place among those that were asked.
    pub rule: usize,
    /// The key of the row.
    pub key: String,
    /// What is proposed: by its place among the values of the rule.
    pub values: Vec<(usize, Json)>,
}

/// A rule with its expressions compiled.
struct Compiled<'r> {
    rule: &'r Propose,
    each: Expr,
    key: Expr,
    when: Option<Expr>,
    values: Vec<Expr>,
}

impl<'r> Compiled<'r> {
    fn new(rule: &'r Propose, messages: &Messages, sink: &mut Sink) -> Option<Compiled<'r>> {
        let each = spoken(&rule.each, messages, sink);
        let key = spoken(&rule.key, messages, sink);
        let when = rule.when.as_ref().map(|when| spoken(when, messages, sink));
        let values: Vec<Option<Expr>> = rule.values.iter().map(|(_, _, value)| spoken(value, messages, sink)).collect();
        Some(Compiled {
            rule,
            each: each?,
            key: key?,
            when: when.map_or(Some(None), |when| when.map(Some))?,
            values: values.into_iter().collect::<Option<_>>()?,
        })
    }

    /// All that it proposes; each rule has one budget of steps for all its elements.
    fn offers(&self, place: usize, facts: &Facts, sink: &mut Sink) -> Vec<Offer> {
        let mut own = Sink::new();
        match meter::limited(|| self.go_over(place, facts, &mut own)) {
            Some(offers) => {
                sink.merge(own);
                offers
            }
            None => {
                sink.push(too_long(&self.what(), &self.rule.each));
                Vec::new()
            }
        }
    }

    fn what(&self) -> String {
        format!("proposal `{}`", self.rule.id)
    }

    fn go_over(&self, place: usize, facts: &Facts, sink: &mut Sink) -> Vec<Offer> {
        let elements = facts.evaluate(&self.each);
        let Some(list) = elements.as_ref().ok().and_then(Value::as_list) else {
            self.broken(facts, &self.rule.each, &elements, "a list", sink);
            return Vec::new();
        };
        let mut offers = Vec::new();
        for item in list.iter() {
            // A rule that fails on one element would fail on the next.
            if !sink.is_empty() || meter::spend(item.weight()).is_err() {
                break;
            }
            offers.extend(self.offer(place, facts, item, sink));
        }
        offers
    }

    fn offer(&self, place: usize, facts: &Facts, item: &Value, sink: &mut Sink) -> Option<Offer> {
        let rule = self.rule;
        let ask = |expr: &Expr| facts.evaluate_as(&rule.name, item, expr);
        if let (Some(when), Some(written)) = (&self.when, &rule.when) {
            let answer = ask(when);
            match answer.as_ref().map(|value| &value.kind) {
                Ok(Kind::Bool(true)) => {}
                Ok(Kind::Bool(false) | Kind::Null) => return None,
                _ => {
                    self.broken(facts, written, &answer, "true or false", sink);
                    return None;
                }
            }
        }
        let answer = ask(&self.key);
        let key = answer.as_ref().ok().and_then(Value::as_text).filter(|key| !key.trim().is_empty());
        let Some(key) = key else {
            self.broken(facts, &rule.key, &answer, "a text", sink);
            return None;
        };
        let mut values = Vec::new();
        for (at, (expr, (_, _, written))) in self.values.iter().zip(&rule.values).enumerate() {
            match ask(expr) {
                Ok(value) => values.extend(something(whole(value.to_json())).map(|value| (at, value))),
                Err(error) => {
                    self.broken(facts, written, &Err(error), "", sink);
                    return None;
                }
            }
        }
        (!values.is_empty()).then(|| Offer { rule: place, key: key.trim().to_owned(), values })
    }

    fn broken(&self, facts: &Facts, expression: &Expression, got: &Answer, wanted: &str, sink: &mut Sink) {
        let error = match got {
            Ok(value) if wanted == "a text" && value.as_text().is_some() => {
                Error::new(format!("`{}` gives an empty text", super::error::repeated(&expression.text)))
            }
            Ok(value) => Error::unwanted(expression, value, wanted),
            Err(error) if facts.explains(error) => return,
            Err(error) => error.clone(),
        };
        sink.push(error.fault(Some(&self.what()), expression));
    }
}

/// A value that says something.
fn something(value: Json) -> Option<Json> {
    let is_nothing = match &value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    };
    (!is_nothing).then_some(value)
}

/// A value whose numbers are whole where they have nothing behind the point.
fn whole(value: Json) -> Json {
    match value {
        Json::Number(number) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15);
            whole.map_or(Json::Number(number), |number| Json::from(number as i64))
        }
        Json::Array(items) => Json::Array(items.into_iter().map(whole).collect()),
        Json::Object(fields) => Json::Object(fields.into_iter().map(|(key, value)| (key, whole(value))).collect()),
        other => other,
    }
}

/// What rules propose, in their order and that of their lists. What fails is a fault of its rule.
pub fn offers(rules: &[Propose], facts: &Facts, sink: &mut Sink) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let mut weight = 0usize;
    for (place, rule) in rules.iter().enumerate() {
        let Some(compiled) = Compiled::new(rule, facts.messages(), sink) else { continue };
        let own = compiled.offers(place, facts, sink);
        weight += own.iter().flat_map(|offer| &offer.values).map(|(_, value)| extent(value)).sum::<usize>();
        if offers.len() + own.len() > MAX_ROWS || weight > MAX_VALUES {
            let message = format!(
                "proposal `{}`: with it, the rules propose more than {MAX_ROWS} rows, or {MAX_VALUES} values",
                rule.id
            );
            sink.push(Diagnostic::fault(&codes::RULE_TOO_LONG, message).at(rule.each.span.clone()));
            return offers;
        }
        offers.extend(own);
    }
    offers
}

/// How many values a value holds; 64 bytes of text are one.
fn extent(value: &Json) -> usize {
    match value {
        Json::String(text) => 1 + text.len() / 64,
        Json::Array(items) => 1 + items.iter().map(extent).sum::<usize>(),
        Json::Object(fields) => 1 + fields.values().map(extent).sum::<usize>(),
        _ => 1,
    }
}
