//! The helpers that every prepared template calls: `emit` prints a value, `cause` and `loop` note a condition, `md` lets
//! Markdown of the profile through. Each counts a step of the document.

use std::sync::{Arc, Mutex, PoisonError};

use ecow::{EcoString, eco_format};
use handlebars::{Context, Handlebars, Helper, HelperDef, HelperResult, Output, PathAndJson, RenderContext};
use serde_json::Value as Json;

use super::helpers::problem_in;
use super::marks::{self, Mark};
use super::{Prepared, Provenance, Site, Tools};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::pack as codes;

/// The names of the helpers; a template cannot call them itself.
pub(super) const EMIT: &str = "folio-emit";
pub(super) const CAUSE: &str = "folio-cause";
pub(super) const LOOP: &str = "folio-loop";
pub(super) const MARKDOWN: &str = "folio-md";

/// What an expansion notes beside the text.
#[derive(Default)]
pub(super) struct Record {
    pub(super) provenance: Vec<Provenance>,
    /// The site of each block that was met, and the profile paths that it looked at.
    pub(super) causes: Vec<(usize, Vec<EcoString>)>,
    pub(super) problems: Vec<Diagnostic>,
}

pub(super) fn register(
    context: &mut RenderContext<'_, '_>,
    record: &Arc<Mutex<Record>>,
    prepared: &Prepared,
    tools: &Arc<Tools>,
) {
    for (name, act) in [(EMIT, Act::Emit), (CAUSE, Act::Cause), (LOOP, Act::Loop), (MARKDOWN, Act::Markdown)] {
        let noter = Noter { act, record: record.clone(), sites: prepared.sites.clone(), tools: tools.clone() };
        context.register_local_helper(name, Box::new(noter));
    }
}

#[derive(Clone, Copy)]
enum Act {
    Emit,
    Cause,
    /// The cause of an `each`: its rows are counted.
    Loop,
    Markdown,
}

struct Noter {
    act: Act,
    record: Arc<Mutex<Record>>,
    sites: Arc<Vec<Site>>,
    tools: Arc<Tools>,
}

impl HelperDef for Noter {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        context: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let site = helper.param(0).and_then(|site| site.value().as_u64()).unwrap_or_default() as usize;
        super::spend(1)?;
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(self.act, Act::Cause | Act::Loop) {
            if matches!(self.act, Act::Loop) {
                super::spend(helper.params().iter().skip(1).map(|over| rows(over.value())).sum())?;
            }
            let mut paths: Vec<EcoString> =
                helper.params().iter().skip(1).flat_map(|value| self.paths(value, context)).collect();
            paths.dedup();
            record.causes.push((site, paths));
            out.write(&Mark::Cause(record.causes.len() - 1).to_string())?;
            return Ok(());
        }
        let Some(given) = helper.param(1) else { return Ok(()) };
        match self.text(given, context) {
            Err(problem) => record.problems.push(self.locate(site, problem)),
            Ok(text) if matches!(self.act, Act::Markdown) => out.write(&text)?,
            Ok(text) => {
                let mut paths = self.paths(given, context);
                let computed =
                    given.context_path().is_none_or(|path| path.first().is_some_and(|root| root == "derived"));
                paths.extend(helper.params().iter().skip(2).flat_map(|value| self.paths(value, context)));
                paths.dedup();
                record.provenance.push(Provenance { paths, computed });
                out.write(&marks::value(record.provenance.len() - 1, &text))?;
            }
        }
        Ok(())
    }
}

/// How many rows a loop over a value has.
fn rows(value: &Json) -> usize {
    match value {
        Json::Array(items) => items.len(),
        Json::Object(fields) => fields.len(),
        _ => 0,
    }
}

/// What can be wrong with a value to print.
enum Problem {
    Missing(Option<EcoString>),
    Helper(String),
    NotText(Option<EcoString>, &'static str),
}

impl Noter {
    /// The profile paths of a parameter: those that it came from, or those that `folio-places` names.
    fn paths(&self, value: &PathAndJson<'_>, context: &RenderContext<'_, '_>) -> Vec<EcoString> {
        if let Some(path) = value.context_path() {
            return self.tools.profile_paths(path);
        }
        match value.value() {
            Json::Object(places) => places.keys().map(EcoString::from).collect(),
            _ => self.path(value, context).into_iter().collect(),
        }
    }

    /// The profile path of a parameter; for a key that is absent, where it would be.
    fn path(&self, value: &PathAndJson<'_>, context: &RenderContext<'_, '_>) -> Option<EcoString> {
        if let Some(path) = value.context_path() {
            return Some((self.tools.path)(path));
        }
        let relative = value.relative_path().filter(|path| value.is_value_missing() && !path.starts_with('@'))?;
        let mut full: Vec<String> = context.block().map(|block| block.base_path().clone()).unwrap_or_default();
        for part in relative.split(['/', '.']).filter(|part| !part.is_empty()) {
            full.push(part.to_owned());
        }
        Some((self.tools.path)(&full))
    }

    fn text(&self, value: &PathAndJson<'_>, context: &RenderContext<'_, '_>) -> Result<String, Problem> {
        let path = || self.path(value, context).or_else(|| value.relative_path().map(EcoString::from));
        if value.is_value_missing() {
            return Err(Problem::Missing(path()));
        }
        match value.value() {
            Json::Null => Err(Problem::Missing(path())),
            Json::String(text) => match problem_in(text) {
                Some(problem) => Err(Problem::Helper(problem)),
                None => Ok(text.clone()),
            },
            Json::Bool(true) => Ok(self.tools.strings.yes.clone()),
            Json::Bool(false) => Ok(self.tools.strings.no.clone()),
            Json::Number(number) => Ok(number.to_string()),
            Json::Array(_) => Err(Problem::NotText(path(), "list")),
            Json::Object(_) => Err(Problem::NotText(path(), "group of keys")),
        }
    }

    fn locate(&self, site: usize, problem: Problem) -> Diagnostic {
        let site = self.sites.get(site);
        let shown = site.map_or("", |site| site.text.as_str());
        let diagnostic = match problem {
            Problem::Missing(path) => {
                let key = path.clone().unwrap_or_else(|| EcoString::from(shown));
                let message = eco_format!("`{shown}` prints `{key}`, which the profile does not have");
                let diagnostic = Diagnostic::fault(&codes::TEMPLATE_MISSING, message)
                    .help(format!("fill `{key}` in the profile, or guard it in the template with `{{{{#if …}}}}`"));
                match path {
                    Some(path) => diagnostic.path(path),
                    None => diagnostic,
                }
            }
            Problem::Helper(problem) => Diagnostic::fault(&codes::TEMPLATE_HELPER, format!("`{shown}`: {problem}")),
            Problem::NotText(path, what) => {
                let key = path.unwrap_or_default();
                Diagnostic::fault(&codes::TEMPLATE_HELPER, format!("`{shown}` prints `{key}`, which is a {what}"))
                    .help("print one of its parts, use `{{#each}}`, or `{{list …}}` for a list of texts")
            }
        };
        match site {
            Some(site) => {
                let excerpt = site.line.clone();
                let mut diagnostic = diagnostic.at(site.span.clone());
                diagnostic.excerpt = excerpt;
                diagnostic
            }
            None => diagnostic,
        }
    }
}
