//! Rewriting: every print and decision of a spliced template becomes a call that notes it.

use std::collections::HashMap;

use handlebars::template::{HelperTemplate, Parameter, Subexpression, Template, TemplateElement};
use serde_json::Value as Json;

use super::emit::{CAUSE, EACH, EMIT, ITEM, LOOP, MARKDOWN, TEST, UNRECORDED};
use super::marks::Mark;
use super::prepare::Piece;
use super::{asked, helpers};

/// Every path among parameters, also inside subexpressions.
pub(super) fn paths(parameters: &[Parameter]) -> Vec<&Parameter> {
    let mut found = Vec::new();
    for parameter in parameters {
        match parameter {
            Parameter::Path(_) => found.push(parameter),
            Parameter::Subexpression(inner) => {
                if let TemplateElement::Expression(inner) = inner.as_element() {
                    if inner.params.is_empty() {
                        found.push(&inner.name);
                    }
                    found.extend(paths(&inner.params));
                }
            }
            _ => {}
        }
    }
    found
}

/// The form that a call asks for.
fn form_of(call: &HelperTemplate) -> Option<&str> {
    match call.hash.get(helpers::FORM) {
        Some(Parameter::Literal(Json::String(form))) => Some(form),
        _ => None,
    }
}

/// Turns pieces into a template whose every print and decision is noted.
pub(super) fn rewrite(pieces: Vec<Piece>) -> Template {
    let mut template = Template::default();
    let elements = &mut template.elements;
    for piece in pieces {
        match piece {
            Piece::Text(site, text) => elements.push(TemplateElement::RawString(format!("{}{text}", Mark::Site(site)))),
            Piece::Print(site, call) => {
                elements.push(TemplateElement::RawString(Mark::Site(site).to_string()));
                elements.push(print(site, *call));
            }
            Piece::Block(site, mut block, inner, inverse) => {
                ask_in(&mut block.params);
                let mut parameters = vec![Parameter::Literal(Json::from(site))];
                parameters.extend(paths(&block.params).into_iter().cloned());
                let is_loop = block.name.as_name() == Some("each");
                block.template = Some(arm(site, false, inner));
                if let Some(body) = block.template.as_mut().filter(|_| is_loop) {
                    body.elements.insert(1, call(ITEM, Vec::new()));
                    body.elements.push(TemplateElement::RawString(Mark::Close.to_string()));
                }
                block.inverse = inverse.map(|inverse| arm(site, true, inverse));
                if matches!(block.name.as_name(), Some("if" | "unless" | asked::EITHER)) {
                    block.params = block.params.into_iter().map(|condition| test(site, condition)).collect();
                }
                match block.name.as_name() {
                    Some(asked::EITHER) => block.name = Parameter::Name("if".to_owned()),
                    Some(name) if asked::QUESTIONS.contains(&name) => {
                        block.params = vec![ask(name, std::mem::take(&mut block.params))];
                        block.name = Parameter::Name("if".to_owned());
                    }
                    _ => {}
                }
                elements.push(call(if is_loop { LOOP } else { CAUSE }, parameters));
                if let Some(rows) = block.params.first().and_then(rows).filter(|_| is_loop) {
                    block.name = Parameter::Name(EACH.to_owned());
                    block.params.truncate(1);
                    block.params.insert(0, Parameter::Literal(Json::from(site)));
                    block.params.push(rows);
                }
                elements.push(TemplateElement::HelperBlock(block));
                elements.push(TemplateElement::RawString(Mark::Close.to_string()));
            }
            Piece::Named(index, pieces) => {
                elements.push(TemplateElement::RawString(Mark::Block(index).to_string()));
                elements.extend(rewrite(pieces).elements);
                elements.push(TemplateElement::RawString(Mark::Close.to_string()));
            }
        }
    }
    template
}

/// What stands in a block or after its `else`, with the mark that says so.
fn arm(site: usize, otherwise: bool, pieces: Vec<Piece>) -> Template {
    let mut template = rewrite(pieces);
    template.elements.insert(0, TemplateElement::RawString(Mark::Arm(site, otherwise).to_string()));
    template
}

/// The call that prints an expression's value with its provenance.
fn print(site: usize, mut expression: HelperTemplate) -> TemplateElement {
    ask_in(&mut expression.params);
    let is_plain = expression.params.is_empty() && expression.hash.is_empty();
    let name = expression.name.as_name().unwrap_or_default().to_owned();
    let mut parameters = vec![Parameter::Literal(Json::from(site))];
    if name == asked::UNRECORDED && !is_plain {
        parameters.extend(asked_of(expression.params));
        return call(UNRECORDED, parameters);
    }
    if name == "md" && !is_plain {
        parameters.extend(expression.params);
        return call(MARKDOWN, parameters);
    }
    if is_plain {
        parameters.push(match expression.name {
            Parameter::Name(name) => Parameter::parse(&name).unwrap_or(Parameter::Name(name)),
            path => path,
        });
    } else {
        let from = traced(&name, form_of(&expression), &expression.params);
        parameters.push(Parameter::Subexpression(Subexpression::new(
            expression.name,
            expression.params,
            expression.hash,
        )));
        parameters.push(from);
    }
    call(EMIT, parameters)
}

/// The call that says whether a condition holds, and reports what is wrong with it: Handlebars takes a message for true.
fn test(site: usize, condition: Parameter) -> Parameter {
    if !matches!(condition, Parameter::Subexpression(_)) {
        return condition;
    }
    let given = vec![Parameter::Literal(Json::from(site)), condition];
    Parameter::Subexpression(Subexpression::new(Parameter::Name(TEST.to_owned()), given, HashMap::new()))
}

/// The call that answers a question of a fact.
fn ask(question: &str, parameters: Vec<Parameter>) -> Parameter {
    let mut given = vec![Parameter::Literal(Json::from(question))];
    given.extend(asked_of(parameters));
    Parameter::Subexpression(Subexpression::new(Parameter::Name(asked::ASK.to_owned()), given, HashMap::new()))
}

/// What a question is asked of; a helper's value, with where that comes from.
fn asked_of(mut parameters: Vec<Parameter>) -> Vec<Parameter> {
    let said = parameters.first().and_then(|parameter| match parameter {
        Parameter::Subexpression(inner) => match inner.as_element() {
            TemplateElement::Expression(inner) => {
                Some(traced(inner.name.as_name().unwrap_or_default(), form_of(inner), &inner.params))
            }
            _ => None,
        },
        _ => None,
    });
    parameters.extend(said);
    parameters
}

/// Puts the calls that answer in place of the questions within parentheses.
fn ask_in(parameters: &mut [Parameter]) {
    for parameter in parameters {
        let Parameter::Subexpression(inner) = &mut *parameter else { continue };
        let TemplateElement::Expression(call) = inner.element.as_mut() else { continue };
        ask_in(&mut call.params);
        if let Some(name) = call.name.as_name().filter(|name| asked::QUESTIONS.contains(name)).map(str::to_owned) {
            *parameter = ask(&name, std::mem::take(&mut call.params));
        }
    }
}

/// The call that says where the value of a helper comes from: its name with the form that it asks for, and each argument
/// with where that comes from.
fn traced(name: &str, form: Option<&str>, parameters: &[Parameter]) -> Parameter {
    let name = form.map_or_else(|| name.to_owned(), |form| format!("{name} {form}"));
    let mut given = vec![Parameter::Literal(Json::from(name))];
    for parameter in parameters {
        given.push(parameter.clone());
        let inner = match parameter {
            Parameter::Subexpression(inner) => match inner.as_element() {
                TemplateElement::Expression(inner) => {
                    Some(traced(inner.name.as_name().unwrap_or_default(), form_of(inner), &inner.params))
                }
                _ => None,
            },
            _ => None,
        };
        given.push(inner.unwrap_or(Parameter::Literal(Json::Null)));
    }
    Parameter::Subexpression(Subexpression::new(Parameter::Name(helpers::FROM.to_owned()), given, HashMap::new()))
}

/// The call that says which rows a loop over `where` or `sort` goes over.
fn rows(parameter: &Parameter) -> Option<Parameter> {
    let Parameter::Subexpression(inner) = parameter else { return None };
    let TemplateElement::Expression(inner) = inner.as_element() else { return None };
    let name = inner.name.as_name().filter(|name| helpers::CHOICES.contains(name))?;
    Some(traced(name, None, &inner.params))
}

fn call(name: &str, parameters: Vec<Parameter>) -> TemplateElement {
    let name = Parameter::Name(name.to_owned());
    *Subexpression::new(name, parameters, HashMap::new()).element
}
