//! What a profile says that there is none of, as apart from what it says nothing of.
//!
//! Somebody says so by an empty list, by `none` where another value could stand, or by a path in the list `none` of the
//! profile. What they said of is kept as paths: in the values themselves it looks like what nobody wrote.

use std::collections::BTreeSet;

use ecow::EcoString;

use super::path::{RowKeys, plain};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::language;
use crate::model::knowledge::NONE;
use crate::schema::{Kind, View};
use crate::yaml::{Located, Node};

/// The key of the profile under which paths stand of which there is none.
const KEY: &str = "none";

/// The paths of what a profile says that there is none of, each as keys and places of rows.
#[derive(Debug, Default)]
pub(super) struct Nones(Vec<Vec<String>>);

impl Nones {
    /// Notes the empty lists that somebody wrote. Registers are not read yet: one that has no rows says nothing.
    pub(super) fn written(located: &Located) -> Nones {
        let mut nones = Nones::default();
        nones.empty_lists(located, &mut Vec::new());
        nones
    }

    fn empty_lists(&mut self, located: &Located, parts: &mut Vec<String>) {
        if matches!(&located.node, Node::List(items) if items.is_empty()) {
            self.0.push(parts.clone());
        }
        for (key, value) in located.entries().iter().map(|entry| (entry.key.to_string(), &entry.value)) {
            parts.push(key);
            self.empty_lists(value, parts);
            parts.pop();
        }
        for (index, item) in located.list().iter().enumerate() {
            parts.push(index.to_string());
            self.empty_lists(item, parts);
            parts.pop();
        }
    }

    /// Takes out each `none` that stands for another kind of value, and notes where it stood: a list becomes empty, and
    /// what need not be there goes. A text of one's own words stays.
    pub(super) fn take(&mut self, located: &mut Located, view: &View) {
        self.texts(located, view, &mut Vec::new());
    }

    fn texts(&mut self, located: &mut Located, view: &View, parts: &mut Vec<String>) {
        if stands_for(view) == StandsFor::List && is_none(located) {
            located.node = Node::List(Vec::new());
            return self.0.push(parts.clone());
        }
        match &mut located.node {
            Node::Map(entries) => entries.retain_mut(|entry| {
                let Some(property) = view.property(&entry.key) else { return true };
                parts.push(entry.key.to_string());
                let is_required = view.required().any(|required| entry.key == required);
                let goes = is_none(&entry.value) && !is_required && stands_for(property) == StandsFor::Other;
                if goes {
                    self.0.push(parts.clone());
                } else {
                    self.texts(&mut entry.value, property, parts);
                }
                parts.pop();
                !goes
            }),
            Node::List(items) => {
                let Some(view) = view.items() else { return };
                for (index, item) in items.iter_mut().enumerate() {
                    parts.push(index.to_string());
                    self.texts(item, view, parts);
                    parts.pop();
                }
            }
            _ => {}
        }
    }

    /// Follows the rows of a register, by its dotted path, into another order: for each new place the old one.
    pub(super) fn reorder(&mut self, register: &str, order: &[usize]) {
        let keys: Vec<&str> = register.split('.').collect();
        for parts in self.0.iter_mut().filter(|parts| keys.iter().copied().eq(parts.iter().take(keys.len()))) {
            let Some(place) = parts.get_mut(keys.len()) else { continue };
            let at = place.parse::<usize>().ok().and_then(|old| order.iter().position(|from| *from == old));
            if let Some(at) = at {
                *place = at.to_string();
            }
        }
    }

    /// The paths, with those that the profile lists.
    pub(super) fn paths(&self, located: &Located, keys: &RowKeys) -> BTreeSet<EcoString> {
        let said = self.0.iter().map(|parts| keys.normalise(parts));
        said.chain(listed(located).into_iter().map(|(path, _)| path.into())).collect()
    }
}

/// What `none` stands for where a value could stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StandsFor {
    /// A word like any other.
    Word,
    /// A list with nothing in it.
    List,
    /// No value.
    Other,
}

fn stands_for(view: &View) -> StandsFor {
    let asks = &view.asks;
    match asks.kind {
        Kind::List => StandsFor::List,
        Kind::Any => StandsFor::Word,
        Kind::Text => {
            let is_free = asks.format.is_none() && asks.references.is_empty() && asks.patterns.is_empty();
            let is_choice = asks.choices.as_ref().is_some_and(|choices| choices.iter().any(|choice| choice == NONE));
            if is_choice || (is_free && asks.choices.is_none()) { StandsFor::Word } else { StandsFor::Other }
        }
        _ => StandsFor::Other,
    }
}

/// Whether a cell that says `none`, in whatever language, says so of what its column holds, and is no word like any other.
pub(super) fn is_said(text: &str, view: &View) -> bool {
    let text = text.trim();
    let is_choice = |view: &View| {
        let mut choices = view.asks.choices.iter().flatten();
        choices.any(|choice| choice.as_str().is_some_and(|choice| choice == text))
    };
    language::says_none(text)
        && stands_for(view) != StandsFor::Word
        && !is_choice(view)
        && !view.items().is_some_and(is_choice)
}

fn is_none(located: &Located) -> bool {
    located.as_str().is_some_and(|text| text.trim() == NONE)
}

/// The paths that a profile lists under `none`, and where each stands.
fn listed<'l>(located: &'l Located) -> Vec<(&'l str, &'l Span)> {
    let path = |entry: &'l Located| {
        let what = if entry.as_str().is_some() { entry } else { entry.get("what")? };
        Some((what.as_str()?, &what.span))
    };
    located.items(KEY).iter().filter_map(path).collect()
}

/// Reports paths under `none` that the schema does not have, or whose row there is not, or that are recorded all the same.
pub(super) fn check(located: &Located, view: &View, keys: &RowKeys, sink: &mut Sink) {
    let mut known: Option<Vec<String>> = None;
    for (path, span) in listed(located) {
        let dotted = plain(path);
        if view.beneath(&dotted).is_none() {
            let known = known.get_or_insert_with(|| {
                let mut paths = Vec::new();
                view.visit("", &mut |path, _| paths.push(path.to_owned()));
                paths.dedup();
                paths
            });
            let message = format!("`{KEY}` names `{path}`, which no profile has");
            let problem = Diagnostic::fault(&codes::NONE_UNKNOWN, message).at(span.clone());
            sink.push(problem.suggest(&dotted, known.iter().map(String::as_str)));
            continue;
        }
        match keys.find(located, path) {
            Err(row) => {
                let message = format!("`{KEY}` names `{path}`, and there is no row `{row}`");
                let problem = Diagnostic::fault(&codes::NONE_UNKNOWN, message).at(span.clone());
                sink.push(problem.help("name a row by its key, such as `suppliers[S-01].reviewed`"));
            }
            Ok(Some(value)) if holds_something(value) => {
                let message = format!("`{KEY}` says that there is no `{path}`, and it is recorded");
                let problem = Diagnostic::fault(&codes::NONE_RECORDED, message).at(span.clone());
                let problem = problem.related(value.span.clone(), "recorded at");
                sink.push(problem.help("take the path out of the list, or delete the value"));
            }
            Ok(_) => {}
        }
    }
}

fn holds_something(value: &Located) -> bool {
    match &value.node {
        Node::Null | Node::Bool(false) => false,
        Node::String(text) => !text.trim().is_empty() && text.trim() != NONE,
        Node::List(items) => !items.is_empty(),
        Node::Map(entries) => entries.iter().any(|entry| holds_something(&entry.value)),
        _ => true,
    }
}
