//! Why a place changed of which neither its words nor its conditions tell it: the documents are made as if part of the facts
//! were still as it was, and where the place is as it was then, that part is the cause.

use std::collections::BTreeSet;

use super::Standing;
use crate::changes::{Cause, Change, Comparison, Difference, Manner};
use crate::diagnostic::Sink;
use crate::history::Facts;
use crate::model::Document;
use crate::session::Session;
use crate::workspace::Workspace;

/// The most parts of the facts that are tried one by one.
const MOST: usize = 8;

/// The most facts of a part that are named.
const MOST_FACTS: usize = 12;

/// The path of the date of the facts.
const AS_OF: &str = "as_of";

/// Finds causes for the changes of documents that have none so far; each is given with what it said before. The facts are
/// those of before and those of now.
pub(super) fn explain(
    session: &Session,
    workspace: &Workspace,
    comparison: &Comparison<'_>,
    [old, new]: [&Facts; 2],
    mut open: Vec<(&mut Standing, &Document)>,
) {
    let parts: BTreeSet<&str> = comparison.differences().iter().map(part).collect();
    if open.is_empty() || parts.is_empty() || parts.len() > MOST {
        return;
    }
    for part in &parts {
        if open.iter().all(|(standing, _)| standing.unexplained() == 0) {
            return;
        }
        let of_part = comparison.differences().iter().filter(|it| self::part(it) == *part).take(MOST_FACTS);
        let causes: Vec<Cause> = of_part.map(|difference| comparison.cause(difference)).collect();
        let mut profile = new.profile.clone();
        let as_of = if *part == AS_OF { &old.as_of } else { &new.as_of };
        match old.profile.get(*part) {
            Some(value) => drop(profile.insert((*part).to_owned(), value.clone())),
            None => drop(profile.remove(*part)),
        }
        // What cannot be made of facts of two times tells nothing.
        let mut said = Sink::new();
        let plan = session.plan_supposing(workspace, (profile, as_of), &mut said);
        let Some(documents) = session.documents(workspace, &plan, &mut said).documents else { continue };
        for (standing, before) in &mut open {
            let Some(document) = documents.iter().find(|document| document.control.id == standing.id.as_str()) else {
                continue;
            };
            let changes = comparison.changes(before, document);
            let still: BTreeSet<_> = changes.iter().map(known_by).collect();
            let unknown = standing.changes.iter_mut().filter(|change| change.causes == [Cause::Unknown]);
            for change in unknown {
                if !still.contains(&known_by(change)) {
                    change.causes.clone_from(&causes);
                }
            }
        }
    }
}

/// The key of the profile that a difference lies in.
fn part(difference: &Difference) -> &str {
    difference.path.split(['.', '[']).next().unwrap_or_default()
}

/// What a change is known by.
fn known_by(change: &Change) -> (&str, Option<&str>, Manner, &str, &str) {
    let column = change.place.column.as_deref();
    (change.identity.as_str(), column, change.manner, change.before.as_str(), change.after.as_str())
}
