//! What a profile is asked for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{Change, Step, What};
use crate::pack::Pack;
use crate::schema::{Asks, Rest, View};

/// A profile key as its schema has it.
#[derive(PartialEq)]
struct Key<'p> {
    is_required: bool,
    /// What it allows.
    allows: (&'p Asks, Option<&'p str>, &'p [String], std::mem::Discriminant<Rest>),
    default: Option<&'p Json>,
    /// Title and description.
    words: (&'p Option<String>, &'p Option<String>),
}

/// The keys of a schema by path, such as `suppliers[].name`.
fn schema_keys<'p>(view: &'p View, prefix: &str, found: &mut BTreeMap<String, Key<'p>>) {
    if let Some(items) = view.items() {
        schema_keys(items, &format!("{prefix}[]"), found);
    }
    let named = view.properties().iter().map(|part| (part.name.as_str(), part.is_required, &part.view));
    let rest = match &view.rest {
        Rest::Alike(rest) => Some(("<name>", false, &**rest)),
        _ => None,
    };
    for (name, is_required, view) in named.chain(rest) {
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        let key = Key {
            is_required,
            allows: (&view.asks, view.key.as_deref(), &view.order, std::mem::discriminant(&view.rest)),
            default: view.default.as_ref(),
            words: (&view.title, &view.description),
        };
        found.insert(path.clone(), key);
        schema_keys(view, &path, found);
    }
}

pub(super) fn keys(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    schema_keys(old.schema.view(), "", &mut before);
    schema_keys(new.schema.view(), "", &mut after);
    for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (what, step, detail) = match (before.get(name), after.get(name)) {
            (Some(_), None) => (What::Removed, Step::Major, ""),
            (None, Some(key)) if key.is_required && !is_below_new(name, &before) => {
                (What::Added, Step::Major, "is required")
            }
            (None, _) => (What::Added, Step::Minor, ""),
            (Some(a), Some(b)) if a == b => continue,
            (Some(a), Some(b)) if b.is_required && !a.is_required => (What::Changed, Step::Major, "is required now"),
            (Some(a), Some(b)) if a.allows != b.allows => (What::Changed, Step::Major, "allows something else"),
            (Some(a), Some(b)) if a.default != b.default => (What::Changed, Step::Minor, "has another default"),
            (Some(a), Some(b)) if a.is_required != b.is_required => (What::Changed, Step::Minor, "is optional now"),
            _ => (What::Changed, Step::Patch, "title or description"),
        };
        changes.push(Change { kind: "key", name: name.clone(), what, step, detail: detail.to_owned() });
    }
}

/// Whether a key stands in a group or row that is new itself: then only those who use that have to give it.
fn is_below_new(name: &str, before: &BTreeMap<String, Key<'_>>) -> bool {
    name.rsplit_once('.').is_some_and(|(parent, _)| !before.contains_key(parent.trim_end_matches("[]")))
}
