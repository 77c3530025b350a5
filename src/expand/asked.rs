//! What a template asks of facts: `known`, `none` and `unrecorded`.
//!
//! Templates ask of a path, or of what a helper looks up. What met silence is noted: it is what the document lacks.

use std::sync::{Arc, Mutex, PoisonError};

use ecow::EcoString;
use handlebars::{Context, Handlebars, Helper, HelperDef, PathAndJson, RenderContext, RenderError, ScopedJson};
use serde_json::Value as Json;

use super::Tools;
use super::emit::Record;
use super::from::Said;
use super::helpers::problem_in;
use crate::model::Knowledge;

/// The name of the helper that answers; a template cannot call it itself.
pub(super) const ASK: &str = "folio-ask";

/// What a template may ask: as a block, and within parentheses.
pub(super) const QUESTIONS: [&str; 2] = ["known", "none"];

/// The helper that prints the mark of what is not recorded.
pub(super) const UNRECORDED: &str = "unrecorded";

/// The block that is an `if` of which the author says that both its ways hold whatever the fact is.
pub(super) const EITHER: &str = "either";

/// What a path, or what a helper looks up, turned out to be.
pub(super) struct Fact {
    pub(super) knowledge: Knowledge,
    /// The paths of the profile that it hangs on.
    pub(super) paths: Vec<EcoString>,
    /// Those of them that nobody recorded.
    pub(super) gaps: Vec<EcoString>,
}

/// Finds out what is known of a parameter; `said` is what stands beside a helper's value.
pub(super) fn fact<'rc>(
    tools: &Tools,
    given: &PathAndJson<'rc>,
    said: Option<&PathAndJson<'rc>>,
    scope: &'rc Context,
    context: &RenderContext<'_, 'rc>,
) -> Fact {
    let origins = &tools.origins;
    if let Some(said) = said.and_then(|said| Said::read(said.value())) {
        let value = given.value();
        let is_found = value.as_str().and_then(problem_in).is_none();
        let knowledge = if is_found { Knowledge::of_made(value) } else { Knowledge::Unrecorded };
        let gaps = if knowledge == Knowledge::Unrecorded { origins.silent(&said.paths) } else { Vec::new() };
        return Fact { knowledge, paths: said.paths, gaps };
    }
    match place(given, scope, context) {
        Some(path) => {
            let (knowledge, paths) = (origins.knowledge(&path), origins.paths(&path));
            let gaps = if knowledge == Knowledge::Unrecorded { origins.gaps(&path) } else { Vec::new() };
            Fact { knowledge, paths, gaps }
        }
        None if given.is_value_missing() => {
            Fact { knowledge: Knowledge::Unrecorded, paths: Vec::new(), gaps: Vec::new() }
        }
        None => Fact { knowledge: Knowledge::of_made(given.value()), paths: Vec::new(), gaps: Vec::new() },
    }
}

/// Where a parameter stands in the scope, or would stand.
fn place<'rc>(given: &PathAndJson<'rc>, scope: &'rc Context, context: &RenderContext<'_, 'rc>) -> Option<Vec<String>> {
    if let Some(path) = given.context_path() {
        return Some(path.clone());
    }
    let written = given.relative_path().filter(|path| given.is_value_missing() && !path.starts_with('@'))?;
    let mut rest: Vec<String> = Vec::new();
    let mut near = written.as_str();
    loop {
        let (before, key) = match near.rfind(['.', '/']).filter(|at| !near[..*at].ends_with('.')) {
            Some(at) => (&near[..at], &near[at + 1..]),
            None => return Some(start(near, context).into_iter().chain(rest.into_iter().rev()).collect()),
        };
        rest.push(key.trim_matches(['[', ']']).to_owned());
        let looked = if before.ends_with("..") { format!("{before}/this") } else { before.to_owned() };
        if let Ok(found) = context.evaluate(scope, &looked)
            && let Some(path) = found.context_path()
        {
            return Some(path.iter().cloned().chain(rest.into_iter().rev()).collect());
        }
        near = before;
    }
}

/// The place of a single name that leads nowhere.
fn start(name: &str, context: &RenderContext<'_, '_>) -> Vec<String> {
    match name {
        "@root" => Vec::new(),
        name => {
            let around = context.block().map(|block| block.base_path().clone()).unwrap_or_default();
            around.into_iter().chain([name.to_owned()]).collect()
        }
    }
}

/// Answers `known` and `none`.
pub(super) struct Asker {
    pub(super) record: Arc<Mutex<Record>>,
    pub(super) tools: Arc<Tools>,
}

impl HelperDef for Asker {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        scope: &'rc Context,
        context: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        super::spend(1)?;
        let asked = helper.param(0).and_then(|asked| asked.value().as_str()).unwrap_or_default();
        let Some(given) = helper.param(1) else { return Ok(ScopedJson::Derived(Json::Bool(false))) };
        let fact = fact(&self.tools, given, helper.param(2), scope, context);
        // Who asks whether there is none has an answer for silence of their own, or asked whether it is known before.
        if asked == "known" {
            let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
            record.gaps.extend(fact.gaps);
        }
        let wanted = if asked == "none" { Knowledge::None } else { Knowledge::Recorded };
        Ok(ScopedJson::Derived(Json::Bool(fact.knowledge == wanted)))
    }
}
