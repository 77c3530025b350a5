//! Documents that a pack leaves out of the set of its bases: nobody may cite them, and `made` names documents that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;

use super::Subject;
use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::expand::Prepared;
use crate::expand::outline::{Block, Part};

/// The helper that tells whether a document is made.
const GUARD: &str = "made";
/// How many places of one document a message shows.
const PLACES: usize = 5;

/// A citation of another document.
static CITED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[\[([a-z0-9][a-z0-9-]*)(?:[#|\\]|\]\])").expect("a constant pattern"));

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let pack = subject.pack;
    let known: BTreeSet<&str> = pack.documents.iter().map(|document| document.id.as_str()).collect();
    let dropped: BTreeSet<&str> = pack.dropped.iter().map(|dropped| dropped.template.id.as_str()).collect();
    for (document, prepared) in subject.templates.iter().filter_map(|(document, it)| Some((document, it.as_ref()?))) {
        let mut look = Look { prepared, dropped: &dropped, cited: BTreeMap::new(), asked: Vec::new() };
        look.walk(&prepared.parts, &BTreeSet::new());
        for (id, span) in look.asked.iter().filter(|(id, _)| !known.contains(*id) && !dropped.contains(*id)) {
            let problem = Diagnostic::fault(&codes::LABEL_UNKNOWN, format!("the set has no document `{id}`"));
            sink.push(problem.at(span.clone()).suggest(id, known.union(&dropped).copied()));
        }
        for (id, places) in &look.cited {
            let Some(dropped) = pack.dropped.iter().find(|dropped| dropped.template.id == *id) else { continue };
            let message = format!("`{}` cites `{id}`, which is left out of the set", document.id);
            let problem = Diagnostic::fault(&codes::LABEL_UNKNOWN, message).at(dropped.span.clone()).help(format!(
                "put a text of your own in place of the block that cites it, or guard it: `{{{{#if ({GUARD} \"{id}\")}}}}`"
            ));
            let places = places.iter().flatten().take(PLACES);
            sink.push(places.fold(problem, |problem, place| problem.related(place.clone(), "it is cited here")));
        }
    }
}

/// What a template cites of what is left out, and which documents it asks for.
struct Look<'a> {
    prepared: &'a Prepared,
    dropped: &'a BTreeSet<&'a str>,
    cited: BTreeMap<&'a str, Vec<Option<Span>>>,
    asked: Vec<(&'a str, Option<Span>)>,
}

impl<'a> Look<'a> {
    /// Documents in `guarded` are made wherever this is read.
    fn walk(&mut self, parts: &'a [Part], guarded: &BTreeSet<&'a str>) {
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Text(site, text) => self.text(*site, text, guarded),
                Part::Call(site, helper, given) if helper == GUARD => {
                    if let Some(Some(Json::String(id))) = given.first() {
                        self.asked.push((id, self.prepared.sites.get(*site).map(|site| site.span.clone())));
                    }
                }
                Part::Print(_) | Part::Path(..) | Part::Call(..) => {}
                Part::Block(block) => {
                    let more: BTreeSet<&str> = guarded.iter().copied().chain(asked(&parts[..at], block)).collect();
                    let is_past = block.name == "unless";
                    self.walk(&block.body, if is_past { guarded } else { &more });
                    let otherwise = block.otherwise.as_deref().unwrap_or_default();
                    self.walk(otherwise, if is_past { &more } else { guarded });
                }
            }
        }
    }

    fn text(&mut self, site: usize, text: &'a str, guarded: &BTreeSet<&str>) {
        for found in CITED.captures_iter(text).filter_map(|found| found.get(1)) {
            let Some(id) = self.dropped.get(found.as_str()).filter(|id| !guarded.contains(*id)) else { continue };
            let span = self.prepared.sites.get(site).map(|site| {
                let before = &text[..found.start()];
                let rows = before.matches('\n').count();
                let last = before.rsplit('\n').next().unwrap_or_default().chars().count();
                let column = if rows == 0 { site.span.column as usize + last } else { last + 1 };
                let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                let line = site.span.line.saturating_add(number(rows));
                Span { line, column: number(column), length: number(found.len()), ..site.span.clone() }
            });
            self.cited.entry(id).or_default().push(span);
        }
    }
}

/// The documents that a block asks for, when it is gone into only if they are made. The calls of its condition stand before
/// it, at its place; one that turns the answer round, or has another way, guards nothing.
fn asked<'a>(before: &'a [Part], block: &Block) -> Vec<&'a str> {
    let calls = before.iter().rev().filter_map(|part| match part {
        Part::Call(site, helper, given) if *site == block.site => Some((helper.as_str(), given)),
        _ => None,
    });
    let calls: Vec<_> = calls.collect();
    if !matches!(block.name.as_str(), "if" | "unless")
        || calls.iter().any(|(helper, _)| !matches!(*helper, GUARD | "and"))
    {
        return Vec::new();
    }
    let id = |given: &'a Vec<Option<Json>>| given.first()?.as_ref()?.as_str();
    calls.into_iter().filter(|(helper, _)| *helper == GUARD).filter_map(|(_, given)| id(given)).collect()
}
