//! Row keys and references: `x-folio-key` and `x-folio-ref`.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::called::{Candidate, Catalogues, Names};
use super::path::{RowKeys, called};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span, nearest};
use crate::schema::{CATALOGUE, Schema, View, register};
use crate::yaml::Located;

/// The most rows of one name that an error lists.
const MOST_LISTED: usize = 8;

/// The row keys of a profile, and the property that holds them.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Keys in order, by raw path of the list.
    pub(super) keys: RowKeys,
    /// The key property, by dotted path of the register.
    pub(super) properties: BTreeMap<String, String>,
    /// All keys of a register, by dotted path: those of one that is nested in rows, of every row.
    called: BTreeMap<String, Called>,
}

/// The keys of a register, in order, and to be looked up.
#[derive(Debug, Default)]
struct Called {
    listed: Vec<EcoString>,
    known: BTreeSet<EcoString>,
}

/// Collects row keys; those used twice in one list are faults.
pub(super) fn rows(located: &Located, view: &View, sink: &mut Sink) -> Rows {
    let mut rows = Rows::default();
    walk(located, view, &mut At::default(), &mut |node, view, at| {
        if view.key.is_none() && !view.called_by.is_empty() {
            let name = |row: &Located| view.called_by.iter().find_map(|key| row.get(key)?.as_str()).map(str::to_owned);
            let names: Vec<Option<String>> = node.list().iter().map(name).collect();
            rows.keys.0.insert(at.parts.join(".").into(), called(names.iter().map(Option::as_deref)));
        }
        let Some(property) = &view.key else { return };
        rows.properties.insert(at.plain.clone(), property.clone());
        let called = rows.called.entry(at.plain.clone()).or_default();
        let mut seen: BTreeMap<EcoString, Span> = BTreeMap::new();
        let mut keys = Vec::new();
        for (index, row) in node.list().iter().enumerate() {
            let Some(value) = row.get(property) else {
                keys.push(EcoString::from(index.to_string()));
                continue;
            };
            let key = EcoString::from(value.as_str().unwrap_or_default());
            if let Some(first) = seen.get(&key) {
                let message = format!("`{key}` is the key of two rows of `{}`", rows.keys.normalise(&at.parts));
                let problem = Diagnostic::fault(&codes::DUPLICATE_ROW, message).at(value.span.clone());
                sink.push(problem.related(first.clone(), "the first time").help("give each row its own key"));
            } else {
                seen.insert(key.clone(), value.span.clone());
            }
            if called.known.insert(key.clone()) {
                called.listed.push(key.clone());
            }
            keys.push(key);
        }
        rows.keys.0.insert(at.parts.join(".").into(), keys);
    });
    rows
}

/// Whether every reference is a key of what it may lead to, as far as there is that.
pub(super) fn are_keys(located: &Located, view: &View, rows: &Rows, catalogues: &Catalogues) -> bool {
    let mut are_keys = true;
    walk(located, view, &mut At::default(), &mut |node, view, _| {
        for called in &view.asks.references {
            let register = Register { called, rows, catalogues, names: None };
            are_keys &= node.as_str().is_none_or(|given| register.knows(given));
        }
    });
    are_keys
}

/// What references may lead to.
#[derive(Clone, Copy)]
pub(super) struct Known<'r> {
    pub(super) rows: &'r Rows,
    /// What rows are called besides their keys, where a text is no key.
    pub(super) names: Option<&'r Names>,
    pub(super) catalogues: &'r Catalogues,
    /// The registers that could not be read.
    pub(super) unread: &'r BTreeSet<String>,
}

/// Reports references that lead nowhere. One to a register or catalogue that there is not is the fault of the schema, and
/// said of that: whoever wrote the profile could write nothing that fits.
pub(super) fn check(located: &Located, schema: &Schema, known: &Known<'_>, sink: &mut Sink) {
    let Known { rows, names, catalogues, unread } = *known;
    let registers = schema.registers();
    let is_there = |name: &&String| match name.strip_prefix(CATALOGUE) {
        Some(catalogue) => catalogues.contains_key(catalogue),
        None => registers.contains(&register(name)),
    };
    let mut missed: BTreeSet<String> = BTreeSet::new();
    walk(located, schema.view(), &mut At::default(), &mut |node, view, _| {
        for asked in &view.asks.references {
            let Some(given) = node.as_str() else { continue };
            let there: Vec<String> = asked.iter().filter(is_there).cloned().collect();
            if there.len() < asked.len() {
                let is_missed = |name: &&String| !is_there(name) && !view.asks.perhaps.contains(*name);
                missed.extend(asked.iter().filter(is_missed).cloned());
            }
            // Of a register that could not be read nobody knows what it holds.
            if !there.is_empty() && !there.iter().any(|name| unread.contains(&register(name))) {
                dangling(given, &node.span, &Register { called: &there, rows, catalogues, names }, sink);
            }
        }
    });
    if !missed.is_empty() {
        let known = registers.into_iter().chain(catalogues.keys().map(|name| format!("{CATALOGUE}{name}"))).collect();
        let unknown = schema.unknown_references(&known);
        sink.extend(unknown.into_iter().filter(|(name, _)| missed.contains(name)).map(|(_, problem)| {
            let problem = Diagnostic { severity: Severity::Warning, help: Vec::new(), ..problem };
            problem.help("the pack's author has to put this right; until then, what refers to it is not checked")
        }));
    }
}

/// What a text may be called by: rows of some registers, and entries of some catalogues.
struct Register<'r> {
    called: &'r [String],
    rows: &'r Rows,
    catalogues: &'r Catalogues,
    names: Option<&'r Names>,
}

impl Register<'_> {
    fn knows(&self, given: &str) -> bool {
        let is_named = self.names.is_some_and(|names| names.knows(self.called, given));
        is_named
            || self.called.iter().any(|name| match name.strip_prefix(CATALOGUE) {
                Some(catalogue) => self.catalogues.get(catalogue).is_some_and(|ids| ids.contains_key(given)),
                None => self.rows.called.get(&register(name)).is_some_and(|called| called.known.contains(given)),
            })
    }

    fn is_empty(&self, name: &str) -> bool {
        match name.strip_prefix(CATALOGUE) {
            Some(catalogue) => self.catalogues.get(catalogue).is_none_or(BTreeMap::is_empty),
            None => self.rows.called.get(&register(name)).is_none_or(|called| called.known.is_empty()),
        }
    }

    fn all(&self) -> Vec<&str> {
        let of = |name: &String| match name.strip_prefix(CATALOGUE) {
            Some(catalogue) => {
                self.catalogues.get(catalogue).into_iter().flatten().map(|(id, _)| id.as_str()).collect::<Vec<_>>()
            }
            None => {
                let called = self.rows.called.get(&register(name));
                called.into_iter().flat_map(|called| &called.listed).map(EcoString::as_str).collect()
            }
        };
        self.called.iter().flat_map(of).collect()
    }
}

/// Reports a text that should be called in one of some registers and catalogues, and is not.
fn dangling(given: &str, span: &Span, register: &Register<'_>, sink: &mut Sink) {
    if register.knows(given) {
        return;
    }
    let candidates = register.names.map(|names| names.candidates(register.called, given)).unwrap_or_default();
    if candidates.len() > 1 {
        let listed: Vec<String> = candidates.iter().take(MOST_LISTED).map(Candidate::shown).collect();
        let message = format!("`{given}` is the name of {}: {}", candidates.len(), listed.join(", "));
        let problem = Diagnostic::fault(&codes::NAME_AMBIGUOUS, message).at(span.clone());
        sink.push_with(problem.help("write the key of the one that is meant"), |problem| {
            let places = candidates.iter().take(MOST_LISTED).filter_map(|one| Some((one.span.clone()?, one)));
            places.fold(problem, |problem, (place, one)| problem.related(place, one.shown()))
        });
        return;
    }
    // A register without rows is named only where there are none in any.
    let filled: Vec<&String> = register.called.iter().filter(|name| !register.is_empty(name)).collect();
    let names = if filled.is_empty() { register.called.iter().collect() } else { filled }.into_iter();
    let places: Vec<String> = names.map(|name| format!("`{}`", name.strip_prefix(CATALOGUE).unwrap_or(name))).collect();
    let problem = Diagnostic::fault(&codes::DANGLING, format!("`{given}` is not in {}", places.join(" or ")));
    sink.push_with(problem.at(span.clone()), |problem| {
        let known = register.all();
        match nearest(given, known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None if known.is_empty() => problem.help(format!(
                "there are no rows yet: write those of {}, or take the reference out",
                places.join(" or ")
            )),
            None if known.len() <= 24 => problem.help(format!("there are: {}", known.join(", "))),
            None => problem,
        }
    });
}

/// Where a node stands.
#[derive(Default)]
pub(super) struct At {
    /// The path without rows, as registers are called: `risks`, `scope.processes`.
    pub(super) plain: String,
    /// All that leads to it, with the places of rows.
    parts: Vec<String>,
}

/// Visits every node with what is asked of it; rows come after their list.
pub(super) fn walk(located: &Located, view: &View, at: &mut At, see: &mut dyn FnMut(&Located, &View, &At)) {
    see(located, view, at);
    for entry in located.entries() {
        let Some(view) = view.property(&entry.key) else { continue };
        let outer = at.plain.len();
        if outer > 0 {
            at.plain.push('.');
        }
        at.plain.push_str(&entry.key);
        at.parts.push(entry.key.to_string());
        walk(&entry.value, view, at, see);
        at.parts.pop();
        at.plain.truncate(outer);
    }
    if let Some(view) = view.items() {
        for (index, item) in located.list().iter().enumerate() {
            at.parts.push(index.to_string());
            walk(item, view, at, see);
            at.parts.pop();
        }
    }
}
