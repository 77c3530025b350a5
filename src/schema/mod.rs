//! Schemas: what the engine and each pack of a chain ask of a profile, merged once and asked in one place.
//!
//! A schema is JSON Schema 2020-12 (<https://json-schema.org/draft/2020-12>). Those of a chain are laid over one another
//! and over the engine's: a pack may add keys to every group, the engine's too, and may ask for more, never for less.
//! What comes of it is compiled once, to [`Checker::check`] files by, and folded into one [`View`]: whoever wants to know
//! a default, a row's key or a title asks that, and reads no schema.

mod bounds;
mod check;
mod demands;
mod extent;
mod merge;
mod place;
#[cfg(test)]
mod tests;
mod view;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::{Value as Json, json};

use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};

pub use check::{Checker, Codes};
pub use place::Source;
pub use view::{Asks, InForce, Kind, Property, Rest, View};
pub use words::in_words;

/// What stands before the name of a catalogue in `x-folio-ref`.
pub(crate) const CATALOGUE: &str = "catalogue:";

/// The path of a register, as `x-folio-ref` names it: `processes[].steps` is `processes.steps`.
pub(crate) fn register(name: &str) -> String {
    name.trim_end_matches('?').replace("[]", "")
}

/// The schema of the engine's own keys.
fn engine() -> &'static Json {
    static ENGINE: OnceLock<Json> = OnceLock::new();
    ENGINE.get_or_init(|| serde_json::from_str(include_str!("engine.schema.json")).unwrap_or_default())
}

/// What a chain of packs asks of a profile. A clone is the same one.
#[derive(Clone)]
pub struct Schema(Arc<Whole>);

struct Whole {
    checker: Checker,
    view: View,
    sources: Vec<Source>,
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.sources().iter().map(|source| source.name.as_str()).collect();
        write!(f, "Schema({})", names.join(" over "))
    }
}

impl Schema {
    /// The engine's schema with those of a chain laid over it, the innermost first. Every mistake is reported; `None`
    /// when one of them is no schema.
    pub fn over(sources: Vec<Source>, sink: &mut Sink) -> Option<Schema> {
        let mut whole = engine().clone();
        let demanded = View::of(&whole);
        for source in &sources {
            if !source.json.is_object() {
                let message = "this is not a JSON Schema: it is no object";
                sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(source.place("")));
                return None;
            }
            if let Err(endless) = extent::check(&[&source.json, &whole]) {
                let place = endless.keyword.map_or_else(
                    || Span::file(source.name.clone()),
                    |(keyword, value)| source.place_of(keyword, &value),
                );
                sink.push(Diagnostic::fault(&codes::PACK_TOO_LARGE, endless.problem).at(place));
                return None;
            }
            demands::keywords(source, sink);
            demands::check(&demanded, source, &whole, sink);
            whole = merge::over(&whole, &source.json);
        }
        if let Err(endless) = extent::check(&[&whole]) {
            let span = sources.last().map(|source| Span::file(source.name.clone()));
            sink.push(Diagnostic::fault(&codes::PACK_TOO_LARGE, endless.problem).at(span));
            return None;
        }
        whole["additionalProperties"] = json!(false);
        let checker = match Checker::new(whole) {
            Ok(checker) => checker,
            Err(broken) => {
                broken.report(&sources, sink);
                return None;
            }
        };
        let view = View::of(checker.to_json());
        demands::defaults(&view, &sources, sink);
        Some(Schema(Arc::new(Whole { checker, view, sources })))
    }

    /// What the schemas of a chain would ask, not yet compiled; nothing when one of them is no sound schema.
    pub(crate) fn outline(sources: &[Source]) -> Option<View> {
        let mut whole = engine().clone();
        for source in sources {
            let is_sound = source.json.is_object() && extent::check(&[&source.json, &whole]).is_ok();
            whole = merge::over(&whole, is_sound.then_some(&source.json)?);
        }
        extent::check(&[&whole]).ok()?;
        Some(View::of(&whole))
    }

    /// What it asks of a whole profile.
    pub fn view(&self) -> &View {
        &self.0.view
    }

    /// What files are checked by.
    pub fn checker(&self) -> &Checker {
        &self.0.checker
    }

    /// The schema as one document, for editors.
    pub fn to_json(&self) -> &Json {
        self.0.checker.to_json()
    }

    /// The registers that a profile may have, as `x-folio-ref` names them.
    pub(crate) fn registers(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.view().visit("", &mut |path, view| found.extend(view.key.as_ref().map(|_| path.to_owned())));
        found
    }

    /// The registers whose rows are closed at some time, by dotted path, each with what says when: CEL over `row`.
    pub fn closures(&self) -> Vec<(String, &str)> {
        let mut found = Vec::new();
        self.view().visit("", &mut |path, view| {
            let is_called = view.key.is_some() || !view.called_by.is_empty();
            if let Some(closed) = view.closed.as_deref().filter(|_| is_called) {
                found.push((path.to_owned(), closed));
            }
        });
        found
    }

    /// The lists whose rows are called by the first of several properties that they say, by dotted path.
    pub fn called_by(&self) -> BTreeMap<String, Vec<String>> {
        let mut found = BTreeMap::new();
        self.view().visit("", &mut |path, view| {
            if !view.called_by.is_empty() {
                found.insert(path.to_owned(), view.called_by.clone());
            }
        });
        found
    }

    /// Where one of them stands.
    pub fn place_of_closure(&self, text: &str) -> Option<Span> {
        let places = self.sources().iter().rev().map(|source| source.place_of("x-folio-closed", text));
        places.into_iter().find(|span| span.line > 0)
    }

    /// What `x-folio-ref` names that is not among the registers and catalogues that there are: the name, and an error at
    /// its place.
    pub(crate) fn unknown_references(&self, known: &BTreeSet<String>) -> Vec<(String, Diagnostic)> {
        let named = self.sources().iter().flat_map(Source::references);
        let unknown = named.filter(|(name, _)| !name.ends_with('?') && !known.contains(&register(name)));
        let problem = |(name, span): (String, Span)| {
            let message = match name.strip_prefix(CATALOGUE) {
                Some(catalogue) => {
                    format!("`x-folio-ref` names the catalogue `{catalogue}`, which the pack does not have")
                }
                None if self.view().at(&register(&name)).is_some_and(|list| list.items().is_some()) => {
                    format!("`x-folio-ref` names the list `{name}`, whose rows have no key: give it `x-folio-key`")
                }
                None => format!("`x-folio-ref` names the register `{name}`, which no profile has"),
            };
            let diagnostic = Diagnostic::new(&codes::REFERENCE_UNKNOWN, Severity::Error, message).at(span);
            let diagnostic = diagnostic.suggest(&name, known.iter().map(String::as_str));
            (name, diagnostic)
        };
        unknown.map(problem).collect()
    }

    /// The files that it was made from, the innermost first; the engine's own is none of them.
    pub fn sources(&self) -> &[Source] {
        &self.0.sources
    }
}
