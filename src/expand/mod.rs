//! Expansion: a template and the profile's values in, Markdown out, with a record of where each part came from.
//!
//! A template is prepared once: partials and blocks are spliced in as compiled elements, every printed expression is
//! rewritten into a call of `emit`, every `if`, `each` and `with` is preceded by a call of `cause`. See [`marks`].

mod asked;
mod calls;
mod decided;
mod emit;
pub mod forms;
mod from;
mod helpers;
pub mod lint;
pub mod marks;
pub mod outline;
mod prepare;
mod rewrite;
mod sites;
mod tags;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ecow::EcoString;
use handlebars::{Context, Handlebars, Output, RenderContext, RenderError, RenderErrorReason, Renderable};
use serde_json::{Map, Value as Json};

use crate::articles::Articles;
use crate::budget;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::model::Origins;
use crate::strings::Strings;

use emit::Record;
pub use outline::Arm;
pub use prepare::{Library, Prepared, Source, prepare};
pub use sites::Site;

/// The most bytes that one document may expand to. A byte of a value counts once, though it takes three.
const MAX_TEXT: usize = 4 << 20;

/// The most steps of one document: what it prints and decides, the rows that its loops and helpers go over, and the
/// values that helpers make.
const MAX_STEPS: u32 = 1_000_000;

/// Writes a path as Handlebars has it as a profile path.
pub type Normalise = Box<dyn Fn(&[String]) -> EcoString + Send + Sync>;

/// What helpers know besides the values: words, topics, and how profile paths are written.
pub struct Tools {
    /// The engine's words.
    pub strings: Arc<Strings>,
    /// The ids that each topic stands for, by catalogue, in the order of [`Strings::citations`].
    pub topics: BTreeMap<String, Topic>,
    /// The property that is the key of each register, by the register's dotted path; `id` where absent.
    pub keys: BTreeMap<String, String>,
    /// Where the values came from.
    pub origins: Arc<Origins>,
    /// The articles that stand before no person's name.
    pub articles: Arc<Articles>,
    /// The forms of values.
    pub forms: forms::Forms,
    /// The documents that may be cited or asked for, by id: whether each is made.
    pub documents: BTreeMap<String, bool>,
}

impl Tools {
    /// A value as it is printed.
    fn printed(&self, value: &Json) -> String {
        match value {
            Json::Bool(true) => self.strings.yes.clone(),
            Json::Bool(false) => self.strings.no.clone(),
            Json::Number(number) => self.strings.language.plain(number),
            other => helpers::printed(other),
        }
    }

    /// What the value of the profile or of a pack's data prints as that a path of the scope shows.
    fn shown(&self, path: &[String]) -> Option<String> {
        let value = self.origins.exact(path)?;
        (value.as_list().is_none() && value.as_map().is_none()).then(|| self.printed(&value.to_json()))
    }
}

/// What a topic stands for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Topic {
    /// Ids by catalogue.
    pub ids: BTreeMap<String, Vec<String>>,
    /// Where the set lays the matter down: `document#label`.
    pub section: Option<String>,
    /// Where the topic is declared.
    pub span: Option<Span>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provenance {
    /// The paths, what it shows first.
    pub paths: Vec<EcoString>,
    /// Whether it is another text than the value at the first path.
    pub computed: bool,
    /// Whether it is the mark of what is not recorded.
    pub unrecorded: bool,
    /// The site at which the value at the first path stands with a capital that it has not itself.
    pub capped: Option<usize>,
}

/// A template expanded to Markdown.
#[derive(Debug, Default)]
pub struct Expanded {
    /// The Markdown; values are still encoded between their marks.
    pub text: String,
    /// The sites of the template.
    pub sites: Arc<Vec<Site>>,
    /// From each offset on, which site the text stands at.
    positions: Vec<(usize, usize)>,
    /// What stretches of the text stand in: conditions, turns of loops, blocks.
    around: Vec<Around>,
    /// From each offset on, the innermost of them.
    turns: Vec<(usize, Option<usize>)>,
    /// Where each value came from.
    pub provenance: Vec<Provenance>,
    /// The paths of the profile that it asked for and nobody recorded, each once.
    pub gaps: BTreeSet<EcoString>,
    /// The sites of the blocks that were met, with whether it went past each or into it.
    taken: BTreeSet<(usize, bool)>,
}

/// What a stretch of text stands in.
#[derive(Debug)]
struct Around {
    outer: Option<usize>,
    start: usize,
    kind: AroundKind,
}

#[derive(Debug)]
enum AroundKind {
    /// A condition: its site, the paths that it read, and whether something in it was gone into.
    Cause(usize, Vec<EcoString>, bool),
    /// A turn of a loop, with the register row that it is at.
    Item(Option<EcoString>),
    /// A `{{#block}}`.
    Block(EcoString),
}

impl Expanded {
    /// The ways that the template went.
    pub fn arms(&self) -> impl Iterator<Item = Arm> {
        self.taken.iter().filter_map(|(site, otherwise)| Some(Arm::of(self.sites.get(*site)?, *otherwise)))
    }

    /// The places at which a value stands with a capital that it has not itself, and its path.
    pub fn capped(&self) -> impl Iterator<Item = (Span, EcoString)> {
        let place = |one: &Provenance| Some((self.sites.get(one.capped?)?.span.clone(), one.paths.first()?.clone()));
        self.provenance.iter().filter_map(place)
    }

    /// The place in a template of an offset into the text.
    pub fn span_at(&self, offset: usize) -> Option<Span> {
        let after = self.positions.partition_point(|(at, _)| *at <= offset);
        let (at, site) = *self.positions.get(after.checked_sub(1)?)?;
        let mut span = self.sites.get(site)?.span.clone();
        let lines = self.text.get(at..offset).map_or(0, |passed| passed.matches('\n').count());
        if lines > 0 {
            span.line += lines as u32;
            span.column = 1;
        }
        span.length = 0;
        Some(span)
    }

    /// What the text at an offset stands in, innermost first.
    fn around(&self, offset: usize) -> impl Iterator<Item = &Around> {
        let after = self.turns.partition_point(|(at, _)| *at <= offset);
        let innermost = after.checked_sub(1).and_then(|at| self.turns.get(at)?.1);
        std::iter::successors(innermost.and_then(|at| self.around.get(at)), |around| self.around.get(around.outer?))
    }

    /// The paths that the text at an offset hangs on, outermost first. A loop over rows of a register stands with the row
    /// that it is at.
    pub fn causes_at(&self, offset: usize) -> Vec<EcoString> {
        let mut inner_first: Vec<&[EcoString]> = Vec::new();
        let mut around = self.around(offset).peekable();
        while let Some(one) = around.next() {
            match &one.kind {
                AroundKind::Cause(_, paths, _) => inner_first.push(paths),
                AroundKind::Item(Some(row)) => {
                    inner_first.push(std::slice::from_ref(row));
                    around.next_if(|over| matches!(over.kind, AroundKind::Cause(..)));
                }
                AroundKind::Item(None) | AroundKind::Block(_) => {}
            }
        }
        let mut found: Vec<EcoString> = Vec::new();
        for path in inner_first.into_iter().rev().flatten() {
            if !found.contains(path) {
                found.push(path.clone());
            }
        }
        found
    }

    /// The rows of registers that the loops around an offset are at, outermost first.
    pub fn rows_at(&self, offset: usize) -> Vec<EcoString> {
        let of = |around: &Around| match &around.kind {
            AroundKind::Item(row) => row.clone(),
            _ => None,
        };
        let mut rows: Vec<EcoString> = self.around(offset).filter_map(of).collect();
        rows.reverse();
        rows.dedup();
        rows
    }

    /// The innermost `{{#block}}` in which the text at an offset stands.
    pub fn block_at(&self, offset: usize) -> Option<EcoString> {
        self.around(offset).find_map(|around| match &around.kind {
            AroundKind::Block(id) => Some(id.clone()),
            _ => None,
        })
    }

    /// The register row for which the text at an offset was written, in a loop that began its turn at `since` or later.
    pub fn row_at(&self, offset: usize, since: usize) -> Option<EcoString> {
        let turn = self.around(offset).find(|around| matches!(around.kind, AroundKind::Item(_)))?;
        match &turn.kind {
            AroundKind::Item(row) if turn.start >= since => row.clone(),
            _ => None,
        }
    }
}

/// The helpers that templates may call, for all documents.
pub fn registry(tools: &Arc<Tools>) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_escape_fn(handlebars::no_escape);
    for name in ["log", "raw", "lookup", "len"] {
        registry.unregister_helper(name);
    }
    helpers::register(&mut registry, tools);
    registry
}

/// Expands a prepared template. Every missing value and misused helper is reported, not only the first.
pub fn expand(
    prepared: &Prepared,
    registry: &Handlebars<'_>,
    tools: &Arc<Tools>,
    values: &Values,
    sink: &mut Sink,
) -> Option<Expanded> {
    let record = Arc::new(Mutex::new(Record::default()));
    let mut context = RenderContext::new(None);
    emit::register(&mut context, &record, prepared, tools);
    let mut text = Text::default();
    let outcome = budget::limited(MAX_STEPS, || prepared.template.render(registry, &values.0, &mut context, &mut text));
    drop(context);
    let Some(outcome) = outcome else {
        let message = format!("the document takes more than {MAX_STEPS} steps");
        let diagnostic = Diagnostic::fault(&codes::TEMPLATE_TOO_LONG, message).at(Span::file(prepared.name.clone()));
        sink.push(diagnostic.help(codes::TEMPLATE_TOO_LONG.fix));
        return None;
    };
    let record = std::mem::take(&mut *record.lock().unwrap_or_else(PoisonError::into_inner));
    let mut failed = false;
    for problem in record.problems {
        failed = true;
        sink.push(problem);
    }
    if let Err(error) = outcome {
        sink.push(failure(&error, prepared, &text));
        return None;
    }
    if failed {
        return None;
    }
    let Record { provenance, gaps, .. } = record;
    let mut expanded = Expanded { sites: prepared.sites.clone(), provenance, gaps, ..Expanded::default() };
    let mut open: Vec<usize> = Vec::new();
    let text = marks::fitted(text.text);
    let text = marks::mended(&text, &tools.articles);
    let text = decided::words(text, &record.causes, &mut expanded.provenance, &tools.origins);
    let Expanded { positions, around, turns, taken, .. } = &mut expanded;
    let clean = marks::strip(&text, |mark, at| {
        let kind = match mark {
            marks::Mark::Site(site) => return positions.push((at, site)),
            marks::Mark::Arm(site, otherwise) => {
                taken.insert((site, otherwise));
                if let Some(AroundKind::Cause(.., is_entered)) = open.last().map(|last| &mut around[*last].kind) {
                    *is_entered = true;
                }
                return;
            }
            marks::Mark::Close => {
                let closed = open.pop().map(|last| &around[last].kind);
                if let Some(AroundKind::Cause(site, _, false)) = closed {
                    taken.insert((*site, true));
                }
                return turns.push((at, open.last().copied()));
            }
            marks::Mark::Cause(cause) => {
                let (site, paths) = record.causes.get(cause).cloned().unwrap_or_default();
                AroundKind::Cause(site, paths, false)
            }
            marks::Mark::Item(item) => AroundKind::Item(record.items.get(item).cloned().flatten()),
            marks::Mark::Block(block) => {
                AroundKind::Block(prepared.blocks.get(block).cloned().unwrap_or_default().into())
            }
        };
        around.push(Around { outer: open.last().copied(), start: at, kind });
        open.push(around.len() - 1);
        turns.push((at, open.last().copied()));
    });
    expanded.text = clean;
    Some(expanded)
}

/// Counts steps of the document that is being expanded; when none are left, expansion stops.
fn spend(steps: usize) -> Result<(), RenderError> {
    budget::spend(steps).map_err(|_| RenderErrorReason::Other("the document takes too many steps".into()).into())
}

/// What Handlebars itself reports: a helper or block that the rewriting did not foresee.
fn failure(error: &RenderError, prepared: &Prepared, text: &Text) -> Diagnostic {
    // What was written last stands where it stopped, or just before.
    let site = marks::last_site(&text.text).and_then(|site| prepared.sites.get(site));
    let span = site.map_or_else(|| Span::file(prepared.name.clone()), |site| site.span.clone());
    if text.is_full {
        let message = format!("the text of this document exceeds {} MB here", MAX_TEXT >> 20);
        let diagnostic = Diagnostic::fault(&codes::TEMPLATE_TOO_LARGE, message).at(span);
        return diagnostic.help("print fewer rows in one document, or fewer columns of them");
    }
    let (code, message, help) = match error.reason() {
        RenderErrorReason::MissingVariable(path) => {
            let path = path.as_deref().unwrap_or_default();
            let message = match path {
                "" => "a value that is read here is not there".to_owned(),
                path => format!("`{path}` is read here, and the profile does not have it"),
            };
            (&codes::TEMPLATE_MISSING, message, Some("fill it in the profile, or guard it with `{{#if …}}`"))
        }
        RenderErrorReason::HelperNotFound(name) => {
            (&codes::TEMPLATE_HELPER, format!("there is no helper `{name}`"), None)
        }
        RenderErrorReason::ParamNotFoundForIndex(name, at) => {
            let message = format!("`{name}` lacks a value: it takes at least {}", at + 1);
            (&codes::TEMPLATE_HELPER, message, None)
        }
        RenderErrorReason::Other(message) => (&codes::TEMPLATE_HELPER, message.clone(), None),
        RenderErrorReason::InvalidJsonIndex(index) => {
            let message = format!("`{index}` is asked of a list, whose elements have numbers and no names");
            (&codes::TEMPLATE_HELPER, message, Some("go over the list with `{{#each …}}`"))
        }
        _ => (
            &codes::TEMPLATE_HELPER,
            "something here does not fit together".to_owned(),
            Some(codes::TEMPLATE_HELPER.fix),
        ),
    };
    let diagnostic = Diagnostic::fault(code, message).at(span);
    help.into_iter().fold(diagnostic, Diagnostic::help)
}

/// An output with an end.
#[derive(Default)]
struct Text {
    text: String,
    /// How long it is, each byte of a value counted once.
    length: usize,
    is_full: bool,
}

impl Output for Text {
    fn write(&mut self, segment: &str) -> std::io::Result<()> {
        self.length += marks::length(segment);
        if self.length > MAX_TEXT {
            self.is_full = true;
            return Err(std::io::Error::other("the text is too long"));
        }
        self.text.push_str(segment);
        Ok(())
    }
}

/// The values that templates see, by name: made once, for they are many.
#[derive(Debug, Clone)]
pub struct Values(Context);

/// What stands where there are none.
static NO_VALUES: LazyLock<Map<String, Json>> = LazyLock::new(Map::new);

impl Values {
    /// The values by their names.
    pub fn map(&self) -> &Map<String, Json> {
        self.0.data().as_object().unwrap_or(&NO_VALUES)
    }

    /// Puts a value in.
    pub fn insert(&mut self, name: &str, value: Json) {
        if let Json::Object(values) = self.0.data_mut() {
            values.insert(name.to_owned(), value);
        }
    }
}

impl Default for Values {
    fn default() -> Values {
        Values::from(Map::new())
    }
}

impl From<Map<String, Json>> for Values {
    fn from(values: Map<String, Json>) -> Values {
        Values(Json::Object(values).into())
    }
}

#[cfg(test)]
mod tests;
