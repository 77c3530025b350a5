//! The line of a history: why a version was made, and what caused it, short enough to be read.

use std::collections::{BTreeMap, BTreeSet};

use super::causes::Causes;
use super::words::{Told, said};
use super::{Cause, Change};
use crate::strings::{Said, Strings};

/// The most characters of causes; the first stands there, however long.
pub const MOST_CHARACTERS: usize = 200;

/// The most names that one clause has.
const MOST_NAMES: usize = 3;

/// How many cells of a register are told one by one.
const MOST_CELLS: usize = 2;

/// What a clause tells of: how many places show it, and how many causes it holds.
struct Clause {
    words: String,
    places: usize,
    causes: usize,
}

/// Causes that one clause tells of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// Rows that came into a register, or left it.
    Rows(String, Said),
    /// Cells of a register.
    Cells(String),
}

/// A reason and what caused the changes, in the words of the pack.
pub(super) fn of(causes: &Causes<'_>, id: &str, reason: &str, changes: &[Change]) -> String {
    let strings = &causes.workspace.pack.strings;
    joined(reason, clauses(causes, id, changes), strings)
}

fn joined(reason: &str, mut clauses: Vec<Clause>, strings: &Strings) -> String {
    let reason = reason.trim();
    if clauses.is_empty() {
        return reason.to_owned();
    }
    clauses.sort_by_key(|clause| std::cmp::Reverse(clause.places));
    let (mut text, mut further) = (String::new(), 0);
    for clause in clauses {
        let fits = text.chars().count() + clause.words.chars().count() <= MOST_CHARACTERS;
        match text.is_empty() {
            true => text = clause.words,
            false if fits && further == 0 => text.push_str(&format!("; {}", clause.words)),
            false => further += clause.causes,
        }
    }
    if further > 0 {
        text.push_str(&format!("; {}", strings.fill(Said::Further, &[("count", &further.to_string())])));
    }
    let text = strings.language.capitalise(&text);
    let (reason, text) = (reason.trim_end_matches(['.', ':', ' ']), text.trim_end_matches('.'));
    strings.fill(Said::Sentence, &[("reason", reason), ("causes", text)])
}

/// What caused changes: what belongs together in one clause.
fn clauses(causes: &Causes<'_>, id: &str, changes: &[Change]) -> Vec<Clause> {
    let strings = &causes.workspace.pack.strings;
    let mut counts: BTreeMap<&Cause, usize> = BTreeMap::new();
    let mut general: BTreeMap<String, usize> = BTreeMap::new();
    let mut own: BTreeSet<&str> = BTreeSet::new();
    // By which days something moved, whether anything without a name, and the rows that did.
    let mut moves: BTreeMap<Cause, (bool, BTreeSet<&str>)> = BTreeMap::new();
    let mut told: BTreeSet<String> = BTreeSet::new();
    for change in changes {
        for cause in &change.causes {
            match cause {
                Cause::Fact { label, before, after, .. } => {
                    *counts.entry(cause).or_default() += 1;
                    let row = before.as_ref().or(after.as_ref());
                    told.extend(label.iter().zip(row).map(|(label, row)| format!("{label}: {row}")));
                }
                Cause::Override { block, .. } => {
                    let section = change.place.section.as_ref().map(|section| section.title.as_str());
                    own.insert(section.unwrap_or_else(|| block.rsplit('/').next().unwrap_or(block)));
                }
                Cause::Time { before, after, label } => {
                    let days = Cause::Time { before: before.clone(), after: after.clone(), label: None };
                    let (is_nameless, labels) = moves.entry(days).or_default();
                    *is_nameless |= label.is_none();
                    labels.extend(label.as_deref());
                }
                // What the program wrote otherwise is no change of what is true.
                Cause::Program => {}
                cause => {
                    if let Some(words) = said(&cause.in_general(), strings) {
                        *general.entry(words).or_default() += 1;
                    }
                }
            }
        }
    }
    let mut found: Vec<Clause> = facts(causes, id, counts);
    for (cause, (is_nameless, mut labels)) in moves {
        // Of a row that was changed and moved, the change says enough.
        labels.retain(|label| !told.contains(*label));
        if labels.is_empty() && !is_nameless {
            continue;
        }
        let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
        let what = if labels.is_empty() { String::new() } else { format!(" ({})", names(labels, strings)) };
        let words = said(&cause, strings).map(|days| format!("{days}{what}"));
        found.extend(words.map(|words| Clause { words, places: 0, causes: 1 }));
    }
    found.extend(general.into_iter().map(|(words, places)| Clause { words, places, causes: 1 }));
    if !own.is_empty() {
        let sections = own.iter().map(|section| (*section).to_owned()).collect();
        let words = strings.fill(Said::Own, &[("block", &names(sections, strings))]);
        found.push(Clause { words, places: own.len(), causes: own.len() });
    }
    found
}

/// Facts: rows of one register together, and its cells where there are many.
fn facts(causes: &Causes<'_>, id: &str, counts: BTreeMap<&Cause, usize>) -> Vec<Clause> {
    let strings = &causes.workspace.pack.strings;
    let own = format!("documents.{id}.");
    let mut groups: BTreeMap<Group, Vec<(Told, &Cause, usize)>> = BTreeMap::new();
    let mut found: Vec<Clause> = Vec::new();
    for (cause, places) in counts {
        let Cause::Fact { path, before, after, .. } = cause else { continue };
        let difference = causes.differences.iter().find(|difference| difference.path == *path);
        let told = difference.map(|difference| causes.teller.told(difference)).unwrap_or_default();
        let is_gone = after.is_none() != path.starts_with(crate::model::places::FORMER);
        let group = match (&told.register, before.is_none() || after.is_none()) {
            _ if path.ends_with(']') && (before.is_none() || after.is_none()) => {
                Group::Rows(told.label(), if is_gone { Said::Removed } else { Said::Added })
            }
            (Some(register), _) if !told.titles.is_empty() => Group::Cells(register.clone()),
            _ => {
                let mut cause = cause.clone();
                if let Cause::Fact { path, label: Some(label), .. } = &mut cause
                    && path.starts_with(&own)
                    && let [_, rest @ ..] = told.titles.as_slice()
                {
                    // In its own history a document is not called by its title.
                    *label = rest.join(", ");
                }
                let words = said(&cause, strings).into_iter();
                found.extend(words.map(|words| Clause { words, places, causes: 1 }));
                continue;
            }
        };
        groups.entry(group).or_default().push((told, cause, places));
    }
    for (group, parts) in groups {
        let places = parts.iter().map(|(_, _, places)| places).sum();
        match group {
            Group::Rows(register, kind) => {
                let rows: BTreeSet<String> =
                    parts.iter().filter_map(|(told, ..)| told.after.clone().or(told.before.clone())).collect();
                let causes = rows.len();
                let rows = names(rows.into_iter().collect(), strings);
                let words = strings.fill(kind, &[("what", &register), ("rows", &rows)]);
                found.push(Clause { words, places, causes });
            }
            Group::Cells(register) if parts.len() > MOST_CELLS => {
                let rows: BTreeSet<String> = parts.iter().map(|(told, ..)| told.rows.join(", ")).collect();
                let mut rows = rows.into_iter().collect::<Vec<_>>();
                let (what, listed) = match rows.as_slice() {
                    [row] => {
                        let titles: BTreeSet<String> = parts.iter().map(|(told, ..)| told.titles.join(", ")).collect();
                        (format!("{register}, {row}"), titles.into_iter().collect())
                    }
                    _ => (register, std::mem::take(&mut rows)),
                };
                let words = strings.fill(Said::Several, &[("what", &what), ("names", &names(listed, strings))]);
                found.push(Clause { words, places, causes: parts.len() });
            }
            Group::Cells(_) => {
                let each = parts.iter().filter_map(|(_, cause, places)| Some((said(cause, strings)?, *places)));
                found.extend(each.map(|(words, places)| Clause { words, places, causes: 1 }));
            }
        }
    }
    found
}

/// The first of some names, and how many there are besides.
fn names(mut all: Vec<String>, strings: &Strings) -> String {
    let more = all.len().saturating_sub(MOST_NAMES);
    all.truncate(MOST_NAMES);
    let shown = all.join(", ");
    if more == 0 {
        return shown;
    }
    let pattern = strings.unrecorded().map_or_else(|| "{rows} + {count}".to_owned(), |words| words.more);
    // What is put in first is what is written last: a name may hold a brace.
    let parts: Vec<String> = pattern.split("{rows}").map(|part| part.replace("{count}", &more.to_string())).collect();
    parts.join(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::strings;

    #[test]
    fn what_touches_most_comes_first_and_what_has_no_room_is_counted() {
        let strings = strings();
        let clause = |words: &str, places, causes| Clause { words: words.into(), places, causes };
        let long = "a".repeat(120);
        let clauses = || vec![clause("few", 1, 1), clause(&long, 9, 2), clause(&long, 5, 3)];
        let sentence = joined(" The audit asked for it. ", clauses(), &strings);
        let first = strings.language.capitalise(&long);
        assert_eq!(sentence, format!("The audit asked for it. {first}; further changes: 4."));
        assert_eq!(joined("First issue.", Vec::new(), &strings), "First issue.");
        assert_eq!(
            joined("Acme left", vec![clause("suppliers: Acme Ltd.", 1, 1)], &strings),
            "Acme left. Suppliers: Acme Ltd."
        );
    }

    #[test]
    fn of_many_names_the_first_are_said() {
        let all = |count: usize| (1..=count).map(|at| format!("R-{at}")).collect::<Vec<_>>();
        assert_eq!(names(all(3), &strings()), "R-1, R-2, R-3");
        assert_eq!(names(all(5), &strings()), "R-1, R-2, R-3 and 2 more");
    }
}
