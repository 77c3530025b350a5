//! The helpers that every prepared template calls: `emit` prints a value, `md` lets Markdown of the profile through,
//! `cause` and `loop` note a condition, `item` a turn of a loop. Each counts a step of the document, but for `item`: `loop` has
//! counted the turns.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ecow::{EcoString, eco_format};
use handlebars::{
    BlockContext, BlockParams, Context, Handlebars, Helper, HelperDef, HelperResult, Output, PathAndJson,
    RenderContext, RenderError, Renderable, ScopedJson,
};
use serde_json::Value as Json;

use super::asked::{self, Asker};
use super::from::Said;
use super::helpers::{problem_in, truthy};
use super::marks::{self, Mark};
use super::{Prepared, Provenance, Site, Tools};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::pack as codes;

/// The names of the helpers; a template cannot call them itself.
pub(super) const EMIT: &str = "folio-emit";
pub(super) const CAUSE: &str = "folio-cause";
pub(super) const LOOP: &str = "folio-loop";
pub(super) const MARKDOWN: &str = "folio-md";
pub(super) const ITEM: &str = "folio-item";
pub(super) const EACH: &str = "folio-each";
pub(super) const UNRECORDED: &str = "folio-unrecorded";
pub(super) const TEST: &str = "folio-test";

/// What an expansion notes beside the text.
#[derive(Default)]
pub(super) struct Record {
    pub(super) provenance: Vec<Provenance>,
    /// The site of each block that was met, and the paths that it looked at.
    pub(super) causes: Vec<(usize, Vec<EcoString>)>,
    /// The register row of each turn of a loop, where it goes over rows of one.
    pub(super) items: Vec<Option<EcoString>>,
    /// The paths of the profile that the template asked for and nobody recorded.
    pub(super) gaps: BTreeSet<EcoString>,
    pub(super) problems: Vec<Diagnostic>,
}

pub(super) fn register(
    context: &mut RenderContext<'_, '_>,
    record: &Arc<Mutex<Record>>,
    prepared: &Prepared,
    tools: &Arc<Tools>,
) {
    let acts = [
        (EMIT, Act::Emit),
        (CAUSE, Act::Cause),
        (LOOP, Act::Loop),
        (MARKDOWN, Act::Markdown),
        (ITEM, Act::Item),
        (EACH, Act::Each),
        (UNRECORDED, Act::Unrecorded),
    ];
    for (name, act) in acts {
        let noter = Noter { act, record: record.clone(), sites: prepared.sites.clone(), tools: tools.clone() };
        context.register_local_helper(name, Box::new(noter));
    }
    let tester = Tester { record: record.clone(), sites: prepared.sites.clone() };
    context.register_local_helper(TEST, Box::new(tester));
    let asker = Asker { record: record.clone(), tools: tools.clone() };
    context.register_local_helper(asked::ASK, Box::new(asker));
}

#[derive(Clone, Copy)]
enum Act {
    Emit,
    Cause,
    /// The cause of an `each`: its rows are counted.
    Loop,
    Markdown,
    /// A turn of a loop.
    Item,
    /// The loop over rows that `where` or `sort` chose.
    Each,
    /// The mark of what is not recorded.
    Unrecorded,
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
        registry: &'reg Handlebars<'reg>,
        scope: &'rc Context,
        context: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        if !matches!(self.act, Act::Item) {
            super::spend(1)?;
        }
        match self.act {
            Act::Each => self.each(helper, registry, scope, context, out),
            Act::Item => {
                let row = context.block().and_then(|block| self.tools.origins.row(block.base_path()));
                let mut record = self.record();
                record.items.push(row);
                Ok(out.write(&Mark::Item(record.items.len() - 1).to_string())?)
            }
            Act::Cause | Act::Loop => {
                if matches!(self.act, Act::Loop) {
                    super::spend(helper.params().iter().skip(1).map(|over| rows(over.value())).sum())?;
                }
                let mut paths: Vec<EcoString> = Vec::new();
                for path in helper.params().iter().skip(1).flat_map(|value| self.read(value, context)) {
                    if !paths.contains(&path) {
                        paths.push(path);
                    }
                }
                let mut record = self.record();
                record.causes.push((site(helper), paths));
                Ok(out.write(&Mark::Cause(record.causes.len() - 1).to_string())?)
            }
            Act::Unrecorded => {
                let Some(given) = helper.param(1) else { return Ok(()) };
                let fact = asked::fact(&self.tools, given, helper.param(2), scope, context);
                let mut record = self.record();
                record.gaps.extend(fact.gaps);
                record.provenance.push(Provenance {
                    paths: fact.paths,
                    computed: true,
                    unrecorded: true,
                    capped: None,
                });
                let index = record.provenance.len() - 1;
                drop(record);
                Ok(out.write(&marks::value(index, &self.tools.strings.unrecorded_mark()))?)
            }
            Act::Emit | Act::Markdown => {
                let Some(given) = helper.param(1) else { return Ok(()) };
                let text = match self.text(given, context) {
                    Err(problem) => {
                        let problem = located(&self.sites, site(helper), problem);
                        self.record().problems.push(problem);
                        return Ok(());
                    }
                    Ok(text) => self.tools.articles.mended(&text).into_owned(),
                };
                let provenance = self.provenance(site(helper), &text, given, helper.param(2), context);
                let mut record = self.record();
                record.provenance.push(provenance);
                let index = record.provenance.len() - 1;
                drop(record);
                out.write(&match self.act {
                    Act::Markdown => marks::markdown(index, &text),
                    _ => marks::value(index, &text),
                })?;
                Ok(())
            }
        }
    }
}

/// Says whether a condition holds; `false` where something is wrong with it, which is reported.
struct Tester {
    record: Arc<Mutex<Record>>,
    sites: Arc<Vec<Site>>,
}

impl HelperDef for Tester {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let given = helper.param(1).map(PathAndJson::value);
        let problem = given.and_then(Json::as_str).and_then(problem_in);
        let is_wrong = problem.is_some();
        if let Some(problem) = problem {
            let problem = located(&self.sites, site(helper), Problem::Helper(problem));
            self.record.lock().unwrap_or_else(PoisonError::into_inner).problems.push(problem);
        }
        Ok(ScopedJson::Derived(Json::Bool(!is_wrong && truthy(given))))
    }
}

/// The site of a call: what every one of them is given first.
fn site(helper: &Helper<'_>) -> usize {
    helper.param(0).and_then(|site| site.value().as_u64()).unwrap_or_default() as usize
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
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The paths that a condition reads with a parameter.
    fn read(&self, value: &PathAndJson<'_>, context: &RenderContext<'_, '_>) -> Vec<EcoString> {
        match value.context_path() {
            Some(path) => self.tools.origins.decisive(path),
            None => self.path(value, context).into_iter().collect(),
        }
    }

    /// Where a printed value came from. A helper says it itself; a name that stands for no part of the scope, such as
    /// `@key`, comes from the element that its loop is at.
    fn provenance(
        &self,
        site: usize,
        text: &str,
        given: &PathAndJson<'_>,
        said: Option<&PathAndJson<'_>>,
        context: &RenderContext<'_, '_>,
    ) -> Provenance {
        let origins = &self.tools.origins;
        let (paths, shown) = match (said.and_then(|said| Said::read(said.value())), given.context_path()) {
            (Some(said), _) => (said.paths, said.shown),
            (None, Some(path)) => (origins.paths(path), self.tools.shown(path)),
            (None, None) => {
                let element = context.block().map(BlockContext::base_path).filter(|path| !path.is_empty());
                (element.map(|path| origins.paths(path)).unwrap_or_default(), None)
            }
        };
        let computed = !paths.is_empty() && shown.as_deref() != Some(text);
        let is_capped = |shown: &String| shown != text && self.tools.strings.language.capitalise(shown) == text;
        let capped = shown.as_ref().filter(|shown| computed && is_capped(shown)).map(|_| site);
        Provenance { computed, paths, unrecorded: false, capped }
    }

    /// A loop over chosen rows of the scope: as `each` goes over a list of it, so that each row knows where it stands.
    fn each<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        scope: &'rc Context,
        context: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        if let Some(problem) = helper.param(1).and_then(|chosen| problem_in(chosen.value().as_str()?)) {
            let problem = located(&self.sites, site(helper), Problem::Helper(problem));
            self.record().problems.push(problem);
            return Ok(());
        }
        let rows = helper.param(2).and_then(|said| Said::read(said.value())).and_then(|said| said.rows);
        let rows = rows.unwrap_or_default();
        if rows.is_empty() {
            return helper.inverse().map_or(Ok(()), |inverse| inverse.render(registry, scope, context, out));
        }
        let Some(body) = helper.template() else { return Ok(()) };
        context.push_block(BlockContext::new());
        let last = rows.len() - 1;
        for (index, row) in rows.into_iter().enumerate() {
            if let Some(block) = context.block_mut() {
                *block.base_path_mut() = row;
                block.set_local_var("first", Json::from(index == 0));
                block.set_local_var("last", Json::from(index == last));
                block.set_local_var("index", Json::from(index));
                let mut names = BlockParams::new();
                if let Some(name) = helper.block_param() {
                    names.add_path(name, Vec::new())?;
                } else if let Some((name, number)) = helper.block_param_pair() {
                    names.add_path(name, Vec::new())?;
                    names.add_value(number, Json::from(index))?;
                }
                block.set_block_params(names);
            }
            body.render(registry, scope, context, out)?;
        }
        context.pop_block();
        Ok(())
    }

    /// The profile path of a parameter; for a key that is absent, where it would be.
    fn path(&self, value: &PathAndJson<'_>, context: &RenderContext<'_, '_>) -> Option<EcoString> {
        let written = |path: &[String]| self.tools.origins.paths(path).into_iter().next();
        if let Some(path) = value.context_path() {
            return written(path);
        }
        let relative = value.relative_path().filter(|path| value.is_value_missing() && !path.starts_with('@'))?;
        let mut parts = relative.split(['/', '.']).filter(|part| !part.is_empty()).peekable();
        let mut full: Vec<String> = context.block().map(|block| block.base_path().clone()).unwrap_or_default();
        // `as |row|` names the element itself.
        parts.next_if(|name| context.block().is_some_and(|block| block.get_block_param(name).is_some()));
        full.extend(parts.map(str::to_owned));
        written(&full)
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
            flag @ Json::Bool(_) => Ok(self.tools.printed(flag)),
            number @ Json::Number(_) => Ok(self.tools.printed(number)),
            Json::Array(_) => Err(Problem::NotText(path(), "list")),
            Json::Object(_) => Err(Problem::NotText(path(), "group of keys")),
        }
    }
}

/// What is wrong, at its place.
fn located(sites: &[Site], site: usize, problem: Problem) -> Diagnostic {
    let site = sites.get(site);
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
            let excerpt = site.line.as_ref().map(EcoString::to_string);
            let mut diagnostic = diagnostic.at(site.span.clone());
            diagnostic.excerpt = excerpt;
            diagnostic
        }
        None => diagnostic,
    }
}
