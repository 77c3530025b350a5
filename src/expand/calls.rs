//! The calls of a template as their author wrote them, and what is wrong with one.

use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use serde_json::Value as Json;

use super::{asked, helpers};

/// A helper that does not exist: what is wrong, and a suggestion.
pub(super) fn unknown_helper(call: &HelperTemplate) -> Option<(String, Option<String>)> {
    let mut unknown = None;
    let is_call = !call.params.is_empty() || !call.hash.is_empty();
    if is_call {
        unknown = call.name.as_name().filter(|name| !helpers::NAMES.contains(name)).map(str::to_owned);
    }
    let nested = call.params.iter().find_map(|parameter| match parameter {
        Parameter::Subexpression(inner) => match inner.as_element() {
            TemplateElement::Expression(inner) => unknown_helper(inner),
            _ => None,
        },
        _ => None,
    });
    match unknown {
        Some(name) => {
            let near = crate::diagnostic::nearest(&name, helpers::NAMES.iter().copied());
            Some((format!("there is no helper `{name}`"), near.map(|near| format!("did you mean `{near}`?"))))
        }
        None => nested.or_else(|| wrong_name(call).map(|problem| (problem, None))),
    }
}

/// What is wrong with a question of a fact: it is asked of one path, or of what a helper looks up.
pub(super) fn misasked(call: &HelperTemplate) -> Option<(String, String)> {
    let name = call.name.as_name().unwrap_or_default();
    let is_question = asked::QUESTIONS.contains(&name) || name == asked::UNRECORDED;
    let written =
        if name == asked::UNRECORDED { format!("{{{{{name} path}}}}") } else { format!("{{{{#{name} path}}}}") };
    let help = format!("write `{written}`, with a path or with what `pick`, `role` or `holder` looks up");
    // A name alone is a path of the profile.
    let is_asked = is_question && (call.block || !call.params.is_empty());
    let nested = call.params.iter().filter_map(|parameter| match parameter {
        Parameter::Subexpression(inner) => match inner.as_element() {
            TemplateElement::Expression(inner) => Some(&**inner),
            _ => None,
        },
        _ => None,
    });
    let mut nested = nested.peekable();
    if is_asked {
        let looked_up = nested.peek().map(|inner| inner.name.as_name().unwrap_or_default());
        match call.params.as_slice() {
            [Parameter::Path(_)] => {}
            [Parameter::Subexpression(_)] if looked_up.is_some_and(is_looked_up) => {}
            [_] => return Some((format!("`{name}` is asked of what is no fact of its own"), help)),
            given => return Some((format!("`{name}` takes one path, and is given {}", given.len()), help)),
        }
    }
    nested.find_map(misasked)
}

/// Whether it can be asked of a helper's value whether it is known.
fn is_looked_up(helper: &str) -> bool {
    helpers::LOOKS_UP.contains(&helper) || helpers::CHOICES.contains(&helper)
}

/// What is wrong with what a call is given by name.
fn wrong_name(call: &HelperTemplate) -> Option<String> {
    let helper = call.name.as_name().unwrap_or_default();
    let mut names: Vec<&String> = call.hash.keys().collect();
    names.sort_unstable();
    names.into_iter().find_map(|name| {
        let is_form = name == helpers::FORM && helpers::WITH_FORM.contains(&helper);
        if name == helpers::ELSE && helpers::LOOKS_UP.contains(&helper) {
            return None;
        }
        let is_bracket = helper == "cite" && [helpers::OPEN, helpers::CLOSE].contains(&name.as_str());
        match call.hash.get(name) {
            _ if !is_form && !is_bracket && helper != helpers::WITH_FORMS => {
                Some(format!("`{helper}` takes no `{name}=`"))
            }
            Some(Parameter::Literal(Json::String(_))) => None,
            _ => Some(format!("`{name}=` is followed by a text in quotes")),
        }
    })
}

/// Takes the name of a form as a text, also when it stands without quotes: `form=genitive`.
pub(super) fn name_forms(call: &mut HelperTemplate) {
    if let Some(form) = call.hash.get_mut(helpers::FORM)
        && let Some(name) = form.as_name().map(str::to_owned)
        && matches!(form, Parameter::Name(_) | Parameter::Path(_))
    {
        *form = Parameter::Literal(Json::from(name));
    }
    for parameter in &mut call.params {
        if let Parameter::Subexpression(inner) = parameter
            && let TemplateElement::Expression(inner) = inner.element.as_mut()
        {
            name_forms(inner);
        }
    }
}

pub(super) fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// An expression as its author wrote it, near enough to be found.
pub(super) fn written(call: &HelperTemplate) -> String {
    let mut text = call.name.as_name().unwrap_or_default().to_owned();
    for parameter in &call.params {
        text.push(' ');
        text.push_str(&written_parameter(parameter));
    }
    let mut named: Vec<_> = call.hash.iter().collect();
    named.sort_unstable_by_key(|(name, _)| *name);
    for (name, value) in named.into_iter().filter(|_| !call.block) {
        text.push_str(&format!(" {name}={}", written_parameter(value)));
    }
    if call.block { format!("#{text}") } else { text }
}

fn written_parameter(parameter: &Parameter) -> String {
    match parameter {
        Parameter::Subexpression(inner) => match inner.as_element() {
            TemplateElement::Expression(inner) => format!("({})", written(inner)),
            _ => String::new(),
        },
        Parameter::Literal(value) => value.to_string(),
        named => named.as_name().unwrap_or_default().to_owned(),
    }
}
