//! Which column of a file holds which property: by what the profile says, by key or title, by what else people call it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::marks::{PROPOSED, is_mark};
use super::source::Mapped;
use crate::characters::folded;
use crate::schema::{Property, View};

/// What is known of the columns of a file, each by its place among the headings.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Matched {
    /// The property that a column holds.
    pub(super) held: BTreeMap<usize, String>,
    /// Columns that are left out.
    pub(super) left_out: BTreeSet<usize>,
    /// Columns that hold nothing that is known.
    pub(super) unknown: Vec<usize>,
    /// Several columns that may hold the same property.
    pub(super) clashes: Vec<(String, Vec<usize>)>,
    /// Columns that may hold several properties.
    pub(super) torn: Vec<(usize, Vec<String>)>,
    /// Of what the profile says, which names a heading that there is not.
    pub(super) unused: Vec<usize>,
    /// Of what the profile says, which calls a column by what is no property.
    pub(super) strangers: Vec<usize>,
}

/// How well a heading fits a property; less is better.
const WAYS: std::ops::RangeInclusive<u8> = 1..=4;

/// A heading or name, in the ways in which it is held against others.
struct Name {
    whole: String,
    /// Without what stands in brackets, such as `(1-5)` behind `Likelihood`.
    short: String,
}

impl Name {
    fn of(text: &str) -> Name {
        let key = |text: &str| match folded(text) {
            folded if folded.is_empty() => text.trim().to_lowercase(),
            folded => folded,
        };
        Name { whole: key(text), short: key(&without_hints(text)) }
    }
}

/// A text without what stands in brackets.
fn without_hints(text: &str) -> String {
    let mut depth = 0_usize;
    let mut short = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            c if depth == 0 => short.push(c),
            _ => {}
        }
    }
    short
}

/// A heading and its number among those alike, of `Likelihood (2)`.
fn numbered(heading: &str) -> Option<(&str, usize)> {
    let (plain, number) = heading.trim().strip_suffix(')')?.rsplit_once(" (")?;
    number.parse().ok().filter(|number| *number > 1).map(|number| (plain, number))
}

/// A property as it may be called.
struct Called<'v> {
    name: &'v str,
    own: Vec<Name>,
    synonyms: Vec<Name>,
}

impl<'v> Called<'v> {
    fn of(property: &'v Property) -> Called<'v> {
        let own = std::iter::once(property.name.as_str()).chain(property.view.title.as_deref());
        Called {
            name: &property.name,
            own: own.map(Name::of).collect(),
            synonyms: property.view.synonyms.iter().map(|synonym| Name::of(synonym)).collect(),
        }
    }

    /// How well a heading fits: by key or title, by a synonym, by these without brackets.
    fn fits(&self, heading: &Name) -> Option<u8> {
        let whole = |names: &[Name]| names.iter().any(|name| !name.whole.is_empty() && name.whole == heading.whole);
        let short = |names: &[Name]| names.iter().any(|name| !name.short.is_empty() && name.short == heading.short);
        match () {
            () if whole(&self.own) => Some(1),
            () if whole(&self.synonyms) => Some(2),
            () if short(&self.own) => Some(3),
            () if short(&self.synonyms) => Some(4),
            () => None,
        }
    }
}

/// The property that a profile means by a key or title.
pub(super) fn meant(called: &str, items: &View) -> Option<String> {
    let name = Name::of(called);
    let exact = items.properties().iter().find(|property| property.name == called.trim());
    let found =
        exact.or_else(|| items.properties().iter().find(|property| Called::of(property).fits(&name) == Some(1)));
    let mark = || Some(PROPOSED.to_owned()).filter(|mark| called.trim() == mark && is_mark(mark, items));
    found.map(|property| property.name.clone()).or_else(mark)
}

/// How many properties a row of headings names, and which.
pub(super) fn named(headings: &[String], mapping: &[Mapped], items: &View) -> BTreeSet<String> {
    let matched = matched(headings, mapping, false, items);
    let clashing = matched.clashes.into_iter().map(|(property, _)| property);
    matched.held.into_values().chain(clashing).collect()
}

/// Finds out which column holds what. A heading without text is no heading.
pub(super) fn matched(headings: &[String], mapping: &[Mapped], leaves_rest: bool, items: &View) -> Matched {
    let mut found = Matched::default();
    let names: Vec<Name> = headings.iter().map(|heading| Name::of(heading)).collect();
    let mut properties: Vec<Called<'_>> = items.properties().iter().map(Called::of).collect();
    if is_mark(PROPOSED, items) {
        properties.push(Called { name: PROPOSED, own: vec![Name::of(PROPOSED)], synonyms: Vec::new() });
    }
    let mut open: BTreeSet<usize> = (0..headings.len()).filter(|at| !headings[*at].trim().is_empty()).collect();
    let mut free: BTreeSet<&str> = properties.iter().map(|property| property.name).collect();
    let mut by_property: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (said, mapped) in mapping.iter().enumerate() {
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let exact = |at: &usize| one_line(&headings[*at]) == one_line(&mapped.heading);
        let name = Name::of(&mapped.heading);
        let all: Vec<usize> = (0..headings.len()).collect();
        let mut meant_by: Vec<usize> = all.iter().copied().filter(exact).collect();
        // `Likelihood (2)` is the second column of that name, and `Likelihood` then the first.
        if meant_by.is_empty()
            && let Some((plain, nth)) = numbered(&mapped.heading)
        {
            let alike = all.iter().copied().filter(|at| one_line(&headings[*at]) == one_line(plain));
            meant_by = alike.skip(nth - 1).take(1).collect();
        }
        let is_numbered = |other: &Mapped| {
            numbered(&other.heading).is_some_and(|(plain, _)| one_line(plain) == one_line(&mapped.heading))
        };
        if meant_by.len() > 1 && mapping.iter().any(is_numbered) {
            meant_by.truncate(1);
        }
        if meant_by.is_empty() {
            meant_by = all.into_iter().filter(|at| open.contains(at) && names[*at].whole == name.whole).collect();
        }
        if meant_by.is_empty() {
            // `"": ~` is said of columns without a heading, whether there are any or not.
            if !mapped.heading.trim().is_empty() {
                found.unused.push(said);
            }
            continue;
        }
        let property = mapped.called.as_deref().map(|called| meant(called, items));
        for at in meant_by {
            open.remove(&at);
            match &property {
                None => drop(found.left_out.insert(at)),
                Some(Some(property)) => by_property.entry(property.clone()).or_default().push(at),
                Some(None) => {
                    if !found.strangers.contains(&said) {
                        found.strangers.push(said);
                    }
                }
            }
        }
    }
    let mut settle = |by_property: BTreeMap<String, Vec<usize>>, free: &mut BTreeSet<&str>| {
        for (property, columns) in by_property {
            free.remove(property.as_str());
            if let Some(first) = columns.first() {
                found.held.insert(*first, property.clone());
            }
            if columns.len() > 1 {
                found.clashes.push((property, columns));
            }
        }
    };
    settle(by_property, &mut free);
    let mut torn = Vec::new();
    for way in WAYS {
        let mut by_property: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in open.clone() {
            let fitting = properties.iter().filter(|property| free.contains(property.name));
            let fitting: Vec<&str> = fitting
                .filter(|property| property.fits(&names[at]) == Some(way))
                .map(|property| property.name)
                .collect();
            match fitting.as_slice() {
                [] => continue,
                [property] => by_property.entry((*property).to_owned()).or_default().push(at),
                several => torn.push((at, several.iter().map(|name| (*name).to_owned()).collect())),
            }
            open.remove(&at);
        }
        settle(by_property, &mut free);
    }
    found.torn = torn;
    match leaves_rest {
        true => found.left_out.extend(open),
        false => found.unknown.extend(open),
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::Span;

    fn view() -> View {
        View::of(&json!({"properties": {
            "id": {"title": "Risk ID"},
            "risk": {"title": "Risk", "x-folio-synonyms": ["Threat", "Bezeichnung"]},
            "owner": {"title": "Owner", "x-folio-synonyms": ["Responsible", "Verantwortliche Person"]},
            "likelihood": {"title": "Likelihood"},
        }}))
    }

    fn read(headings: &[&str], mapping: &[(&str, Option<&str>)]) -> Matched {
        let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
        let mapping = mapping.iter().map(|(heading, called)| Mapped {
            heading: (*heading).to_owned(),
            called: called.map(str::to_owned),
            span: Span::file("p"),
        });
        matched(&headings, &mapping.collect::<Vec<_>>(), false, &view())
    }

    #[test]
    fn headings_are_found_by_key_title_and_synonym() {
        let matched = read(&["RISK-ID", "threat", "verantwortliche\nPérson:", "Likelihood (1-5)", "Comment", ""], &[]);
        let held: Vec<&str> = matched.held.values().map(String::as_str).collect();
        assert_eq!(held, ["id", "risk", "owner", "likelihood"]);
        assert_eq!(matched.unknown, [4]);
    }

    #[test]
    fn what_is_exact_wins_and_what_is_not_is_said() {
        let matched = read(&["Owner", "Responsible"], &[]);
        assert_eq!((matched.held.len(), matched.unknown), (1, vec![1]));
        let matched = read(&["id", "Likelihood (before)", "Likelihood (after)"], &[]);
        assert_eq!(matched.clashes, [("likelihood".to_owned(), vec![1, 2])]);
        let matched = read(&["id", "owner", "Owner"], &[]);
        assert_eq!(matched.clashes, [("owner".to_owned(), vec![1, 2])]);
    }

    #[test]
    fn what_the_profile_says_comes_first() {
        let mapping = [("Chief", Some("Owner")), ("owner", None), ("Gone", None), ("Threat", Some("thread"))];
        let matched = read(&["id", "Chief", "owner", "Threat"], &mapping);
        assert_eq!(matched.held.get(&1).map(String::as_str), Some("owner"));
        assert!(matched.left_out.contains(&2));
        assert_eq!((matched.unused, matched.strangers, matched.unknown), (vec![2], vec![3], vec![]));
    }
}
