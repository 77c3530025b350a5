//! Which number a version gets, and what makes it a major one.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use serde_json::{Map, Value as Json};

use crate::model::{Document, Version, texts};
use crate::pack::Major;

/// The number of the first version.
const FIRST: &str = "1.0";

/// The number of a version that follows what a draft says of itself.
pub fn next(version: &Version, is_major: bool) -> String {
    match version {
        Version::Number(number) if parts(&number.text).first().is_some_and(|major| *major >= 1) => number.text.clone(),
        Version::Number(_) | Version::Draft => FIRST.into(),
        Version::After(last) => after(&last.text, is_major),
    }
}

/// The number after another.
pub fn after(last: &str, is_major: bool) -> String {
    let parts = parts(last);
    let (major, minor) = (parts.first().copied().unwrap_or(0), parts.get(1).copied().unwrap_or(0));
    match is_major || major == 0 {
        true => format!("{}.0", major.saturating_add(1)),
        false => format!("{major}.{}", minor.saturating_add(1)),
    }
}

/// The numbers in a version, for their order.
pub fn parts(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.trim().parse().unwrap_or(0)).collect()
}

/// Why a document's next version is a major one, by the pack: the reason of the first kind of change that it shows. Not to be
/// asked of a record, which lays nothing down: what it tells of a change makes no major version.
pub fn major<'m>(
    rules: impl Iterator<Item = &'m Major>,
    keys: &BTreeMap<String, String>,
    facts: (&Map<String, Json>, &Map<String, Json>),
    documents: [&Document; 2],
) -> Option<&'m str> {
    let mut shown: BTreeSet<EcoString> = BTreeSet::new();
    for document in documents {
        texts(document, &mut |text| shown.extend(text.from.iter().cloned()));
    }
    let is_below = |path: &str, above: &str| {
        path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let shows = |path: &str| shown.iter().any(|own| is_below(own, path) || is_below(path, own));
    let is_among = |ids: &[String]| ids.iter().any(|id| documents[1].control.id == id.as_str());
    for rule in rules.filter(|rule| (rule.documents.is_empty() || is_among(&rule.documents)) && !is_among(&rule.except))
    {
        for pattern in &rule.paths {
            let (old, new) = (values(pattern, facts.0, keys), values(pattern, facts.1, keys));
            let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            // Of rows alone, that one comes or goes.
            let is_other = |path: &String| match pattern.ends_with("[]") {
                true => old.contains_key(path) != new.contains_key(path),
                false => old.get(path) != new.get(path),
            };
            if all.into_iter().any(|path| is_other(path) && shows(path)) {
                return Some(&rule.reason);
            }
        }
    }
    None
}

/// The values of a profile that a pattern means, by their paths.
fn values<'p>(
    pattern: &str,
    profile: &'p Map<String, Json>,
    keys: &BTreeMap<String, String>,
) -> BTreeMap<String, &'p Json> {
    let mut steps = pattern.split('.');
    let first = steps.next().unwrap_or_default();
    let mut found: BTreeMap<String, &Json> = BTreeMap::new();
    let value = profile.get(first.trim_end_matches("[]"));
    found.extend(value.into_iter().flat_map(|value| below(first, String::new(), value, keys)));
    for step in steps {
        let next = found.into_iter().flat_map(|(path, value)| match (step, value) {
            ("*", Json::Object(map)) => {
                map.iter().map(|(key, value)| (format!("{path}.{key}"), value)).collect::<Vec<_>>()
            }
            (step, value) => match value.get(step.trim_end_matches("[]")) {
                Some(value) => below(step, format!("{path}."), value, keys),
                None => Vec::new(),
            },
        });
        found = next.collect();
    }
    found
}

/// The value of a step, or its rows.
fn below<'p>(step: &str, before: String, value: &'p Json, keys: &BTreeMap<String, String>) -> Vec<(String, &'p Json)> {
    let path = format!("{before}{}", step.trim_end_matches("[]"));
    let Some(rows) = value.as_array().filter(|_| step.ends_with("[]")) else { return vec![(path, value)] };
    let key = keys.get(&path).map_or("id", String::as_str);
    let name = |at: usize, row: &Json| row[key].as_str().map_or_else(|| at.to_string(), str::to_owned);
    rows.iter().enumerate().map(|(at, row)| (format!("{path}[{}]", name(at, row)), row)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Text;

    #[test]
    fn a_version_follows_the_last_one() {
        let of = |version: Version, is_major| next(&version, is_major);
        let text = Text::literal;
        assert_eq!(of(Version::Draft, false), "1.0");
        assert_eq!(of(Version::Number(text("0.3")), true), "1.0");
        assert_eq!(of(Version::Number(text("2.4")), false), "2.4");
        assert_eq!(of(Version::After(text("1.9")), false), "1.10");
        assert_eq!(of(Version::After(text("1.9")), true), "2.0");
        assert!(parts("1.10") > parts("1.9"));
    }

    #[test]
    fn a_kind_of_change_may_count_in_some_documents_alone() {
        let mut document = crate::model::specimen::document();
        let shown = crate::model::Inline::Text(Text::value("A", "sites[a].name"));
        document.footnotes.insert(9, vec![shown]);
        document.control.id = "scope".into();
        let (old, new) = (json!({"sites": [{"id": "a", "in_scope": true}]}), json!({"sites": []}));
        let facts = (old.as_object().unwrap(), new.as_object().unwrap());
        let of = |documents: &[&str], except: &[&str]| {
            let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
            let rule = Major {
                paths: vec!["sites[]".into()],
                reason: "the scope changed".into(),
                documents: ids(documents),
                except: ids(except),
            };
            major([&rule].into_iter(), &BTreeMap::new(), facts, [&document, &document]).is_some()
        };
        assert!(of(&[], &[]) && of(&["scope"], &[]) && !of(&["policy"], &[]) && !of(&[], &["scope"]));
    }

    #[test]
    fn a_pattern_means_rows_by_their_keys() {
        let profile = json!({"controls": [{"control": "a", "state": "done"}, {"control": "b"}], "scope": {"x": 1}});
        let keys = BTreeMap::from([("controls".to_owned(), "control".to_owned())]);
        let profile = profile.as_object().unwrap();
        let of = |pattern: &str| values(pattern, profile, &keys).into_keys().collect::<Vec<_>>();
        assert_eq!(of("controls[].state"), ["controls[a].state"]);
        assert_eq!(of("scope.*"), ["scope.x"]);
        assert_eq!(of("nothing.*"), Vec::<String>::new());
    }
}
