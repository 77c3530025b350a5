//! Values that stand in a register and are proposals still: their rows say so under `proposed`.
//!
//! A row with a key may name under `proposed` the properties whose values nobody has confirmed, or say `all`. The mark is
//! the engine's: it is taken out before the schema is asked, unless the schema has a property of that name.

use serde_json::{Map, Value as Json};

use super::path::RowKeys;
use super::proposals::{Proposals, Recorded};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::schema::View;
use crate::yaml::{Located, Node};

pub(crate) use crate::model::PROPOSED_KEY as PROPOSED;

/// What says that all of a row is proposed.
const ALL: [&str; 3] = ["all", "true", "yes"];

/// Whether the rows of a register are marked under [`PROPOSED`]: the schema has no property of that name.
pub(crate) fn is_mark(key: &str, items: &View) -> bool {
    key == PROPOSED && !items.keys().any(|known| known == PROPOSED)
}

/// What a row says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named<T> {
    /// All of it is proposed.
    All,
    /// These are, as they are written.
    These(Vec<T>),
}

/// The names in a text such as `owner; due`.
pub(crate) fn names(text: &str) -> Named<&str> {
    let names: Vec<&str> = text.split([';', ',']).map(str::trim).filter(|name| !name.is_empty()).collect();
    match names.as_slice() {
        [one] if ALL.contains(&one.to_lowercase().as_str()) => Named::All,
        _ => Named::These(names),
    }
}

/// The property of a row that a name means, by key or title.
pub(crate) fn property<'v>(name: &str, items: &'v View) -> Option<&'v str> {
    let folded = name.to_lowercase().replace([' ', '-'], "_");
    let is_it = |property: &&crate::schema::Property| {
        let title = property.view.title.as_ref();
        property.name == folded || title.is_some_and(|title| title.eq_ignore_ascii_case(name))
    };
    items.properties().iter().find(is_it).map(|property| property.name.as_str())
}

/// A row in which something is proposed.
#[derive(Debug)]
pub(super) struct MarkedRow {
    /// All that leads to the row.
    pub(super) parts: Vec<String>,
    /// The properties that are proposed and stand there.
    properties: Vec<String>,
    /// Whether that is all that stands there beside the key.
    pub(super) is_whole: bool,
}

impl MarkedRow {
    /// Says in the row, as rules and templates see it, what of it is proposed.
    pub(super) fn tell(&self, facts: &mut Map<String, Json>) {
        let Some((first, rest)) = self.parts.split_first() else { return };
        let row = rest.iter().try_fold(facts.get_mut(first), |at, part| {
            Some(match at? {
                Json::Array(rows) => rows.get_mut(part.parse::<usize>().ok()?),
                at => at.get_mut(part),
            })
        });
        if let Some(Json::Object(row)) = row.flatten() {
            row.insert(PROPOSED.to_owned(), Json::from(self.properties.clone()));
        }
    }
}

/// The marks of a profile.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<Mark>);

/// The mark of a row.
#[derive(Debug)]
struct Mark {
    /// All that leads to the row.
    parts: Vec<String>,
    /// The properties that are proposed.
    named: Named<String>,
}

impl Marks {
    /// Takes the marks out of the rows. Names that no row has are reported.
    pub(super) fn take(located: &mut Located, view: &View, sink: &mut Sink) -> Marks {
        let mut marks = Marks::default();
        marks.walk(located, view, &mut Vec::new(), sink);
        marks
    }

    fn walk(&mut self, located: &mut Located, view: &View, parts: &mut Vec<String>, sink: &mut Sink) {
        match &mut located.node {
            Node::Map(entries) => {
                for entry in entries {
                    if let Some(view) = view.property(&entry.key) {
                        parts.push(entry.key.to_string());
                        self.walk(&mut entry.value, view, parts, sink);
                        parts.pop();
                    }
                }
            }
            Node::List(rows) => {
                let Some(items) = view.items() else { return };
                for (index, row) in rows.iter_mut().enumerate() {
                    parts.push(index.to_string());
                    if view.key.is_some()
                        && let Node::Map(entries) = &mut row.node
                        && let Some(at) = entries.iter().position(|entry| is_mark(&entry.key, items))
                    {
                        let mark = entries.remove(at).value;
                        let named = read(&mark, items, sink);
                        self.0.push(Mark { parts: parts.clone(), named });
                    }
                    self.walk(row, items, parts, sink);
                    parts.pop();
                }
            }
            _ => {}
        }
    }

    /// Adds what is marked and stands there to the proposals; gives the rows in which something is.
    pub(super) fn propose(
        &self,
        located: &Located,
        view: &View,
        keys: &RowKeys,
        proposals: &mut Proposals,
    ) -> Vec<MarkedRow> {
        let mut rows = Vec::new();
        for Mark { parts, named } in &self.0 {
            let Some((row, items, list)) = find(located, view, parts) else { continue };
            let Some((_, register)) = parts.split_last() else { continue };
            let mut marked = MarkedRow { parts: parts.clone(), properties: Vec::new(), is_whole: true };
            for entry in row.entries() {
                let is_key = list.key.as_deref() == Some(entry.key.as_str());
                let is_named = match named {
                    Named::All => !is_key,
                    Named::These(names) => names.iter().any(|name| entry.key == *name),
                };
                let Some(view) = items.property(&entry.key).filter(|_| is_named) else {
                    marked.is_whole &= is_key;
                    continue;
                };
                marked.properties.push(entry.key.to_string());
                let mut steps = parts.clone();
                steps.push(entry.key.to_string());
                let recorded = Recorded {
                    register: keys.normalise(register),
                    title: list.title.clone(),
                    row: keys.normalise(parts),
                };
                proposals.record(keys.normalise(&steps), steps, entry.value.to_json(), view, recorded);
            }
            if !marked.properties.is_empty() {
                if marked.is_whole {
                    proposals.whole(keys.normalise(register), keys.normalise(parts));
                }
                rows.push(marked);
            }
        }
        rows
    }
}

/// A row, what is asked of it, and what is asked of its register.
fn find<'l, 'v>(located: &'l Located, view: &'v View, parts: &[String]) -> Option<(&'l Located, &'v View, &'v View)> {
    let (mut at, mut asked, mut list) = (located, view, view);
    for part in parts {
        (at, asked, list) = match &at.node {
            Node::List(rows) => (rows.get(part.parse::<usize>().ok()?)?, asked.items()?, asked),
            _ => (at.get(part)?, asked.property(part)?, list),
        };
    }
    Some((at, asked, list))
}

/// What a mark says.
fn read(mark: &Located, items: &View, sink: &mut Sink) -> Named<String> {
    let written: Vec<(&str, &Span)> = match &mark.node {
        Node::Bool(true) => return Named::All,
        Node::Bool(false) | Node::Null => Vec::new(),
        Node::String(text) => match names(text) {
            Named::All => return Named::All,
            Named::These(names) if names.iter().any(|name| name.to_lowercase() == "no") && names.len() == 1 => {
                Vec::new()
            }
            Named::These(names) => names.into_iter().map(|name| (name, &mark.span)).collect(),
        },
        Node::List(names) => names.iter().filter_map(|name| Some((name.as_str()?.trim(), &name.span))).collect(),
        _ => {
            let problem = Diagnostic::warning(&codes::PROPOSED_UNKNOWN, format!("`{PROPOSED}` names no properties"));
            let help = format!("write names, such as `{PROPOSED}: [owner, due]`, or `all`");
            sink.push(problem.at(mark.span.clone()).help(help));
            return Named::These(Vec::new());
        }
    };
    let mut found = Vec::new();
    for (name, span) in written {
        match property(name, items) {
            Some(property) => found.push(property.to_owned()),
            None => {
                let message = format!("`{PROPOSED}` names `{name}`, which no row of this register has");
                let problem = Diagnostic::warning(&codes::PROPOSED_UNKNOWN, message).at(span.clone());
                sink.push_with(problem, |problem| problem.suggest(name, items.keys()));
            }
        }
    }
    Named::These(found)
}
