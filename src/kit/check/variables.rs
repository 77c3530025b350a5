//! What templates and rules read, against the profile's schema, the data, and the derived values.

use super::Subject;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::expand::lint::{self, Shape};
use crate::rules::{self, BEFORE, ELEMENT, Expression, Path};

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let pack = subject.pack;
    let mut shape = pack.shape().clone();
    if subject.is_base() || !subject.is_whole {
        // Catalogues and other data may be those of an edition, or could not be read.
        shape = shape.over(Shape::object([("data".to_owned(), Shape::Any)]));
    }
    if !subject.is_whole {
        shape = shape.over(Shape::object([("derived".to_owned(), Shape::Any)]));
    }
    subject.prepared().for_each(|prepared| lint::check(prepared, &shape, sink));
    let mut rules = Rules { shape: &shape, sees_before: false, sink };
    for document in &pack.documents {
        for expression in [&document.when, &document.reason, &document.form, &document.dated].into_iter().flatten() {
            rules.check(expression, None, false);
        }
    }
    for rule in &pack.derive {
        rules.check(&rule.value, None, false);
    }
    rules::in_order(&pack.derive, rules.sink);
    for check in &pack.checks {
        let list = check.each.as_ref().and_then(rules::list);
        rules.sees_before = check.on_change;
        if let Some(each) = &check.each {
            rules.check(each, None, true);
        }
        for expression in check.expressions() {
            match (&check.each, &list) {
                (Some(_), None) => rules.check(expression, Some(&Vec::new()), true),
                (_, list) => rules.check(expression, list.as_ref(), true),
            }
        }
    }
    rules.sees_before = false;
    // What `documents` holds, the trial of the rules tells.
    let shape = shape.clone().over(Shape::object([("documents".to_owned(), Shape::Any)]));
    let mut rules = Rules { shape: &shape, sees_before: false, sink: rules.sink };
    for (_, text) in pack.schema.closures() {
        let place = pack.schema.place_of_closure(text);
        rules::compiles(&Expression::new(text, place.unwrap_or_else(|| Span::file("profile.schema.json"))), rules.sink);
    }
    for rule in &pack.propose {
        rules.check(&rule.each, None, true);
        let list = rules::list(&rule.each).unwrap_or_default();
        rule.expressions().for_each(|expression| rules.check_as(expression, &rule.name, Some(&list), true));
    }
}

struct Rules<'a> {
    shape: &'a Shape,
    /// Whether the profile that was issued last is seen too: it has the shape of this one.
    sees_before: bool,
    sink: &'a mut Sink,
}

impl Rules<'_> {
    /// `it` is the list whose elements a check goes over; an empty path when nobody can say what they are.
    fn check(&mut self, expression: &Expression, it: Option<&Path>, sees_today: bool) {
        self.check_as(expression, "it", it, sees_today);
    }

    /// The same where the element is called otherwise.
    fn check_as(&mut self, expression: &Expression, name: &str, it: Option<&Path>, sees_today: bool) {
        if !rules::compiles(expression, self.sink) {
            return;
        }
        for read in rules::seen_as(expression, name, it) {
            let is_before = self.sees_before && read.path.first().is_some_and(|root| root == BEFORE);
            let path = &read.path[usize::from(is_before)..];
            let is_known = path.first().is_none_or(|root| root == ELEMENT || (sees_today && root == "today"));
            if let Some(problem) = (!is_known).then(|| unknown(self.shape, path)).flatten() {
                let diagnostic = Diagnostic::new(&codes::RULE_UNKNOWN, Severity::Error, problem.message);
                let diagnostic = diagnostic.at(read.place(expression, problem.step + usize::from(is_before)));
                // A name at the begin may be that of a loop, or of the day that checks see.
                let names = read.names.iter().map(String::as_str).chain(sees_today.then_some("today"));
                let names = names.filter(|_| problem.step == 0);
                self.sink
                    .push(diagnostic.suggest(&problem.name, problem.known.iter().map(String::as_str).chain(names)));
            }
        }
    }
}

struct Unknown {
    message: String,
    name: String,
    /// Which name of the path it is.
    step: usize,
    known: Vec<String>,
}

/// The first name of a path that leads nowhere.
fn unknown(shape: &Shape, path: &[String]) -> Option<Unknown> {
    let mut shape = shape.clone();
    for (at, name) in path.iter().enumerate() {
        shape = match shape {
            Shape::Any => return None,
            shape if name == ELEMENT => shape.item(),
            Shape::Object(fields) => match fields.get(name) {
                Some(field) => field.clone(),
                None => {
                    let whole = path[..=at].join(".").replace(".[]", "[]");
                    let message = format!("`{whole}`: there is no `{name}`");
                    let known = fields.keys().cloned().collect();
                    return Some(Unknown { message, name: name.clone(), step: at, known });
                }
            },
            Shape::Scalar | Shape::List(_) => return None,
        };
    }
    None
}
