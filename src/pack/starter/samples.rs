//! The list `samples` of a workspace's `folio.yaml`, and what becomes of it when a value is said.

use serde_json::Value as Json;

use crate::edit::{Change, Piece};

/// What becomes of the list when some paths were answered: a line of such a path goes, and one of a group gives way to
/// lines of what else the group holds in `profile`.
pub fn without(samples: &[&str], answered: &[&str], profile: &Json) -> Change {
    let mut pieces = Vec::new();
    for (at, sample) in samples.iter().enumerate() {
        let inner = |path: &&&str| path.strip_prefix(sample).is_some_and(|rest| rest.starts_with('.'));
        let inner: Vec<&str> = answered.iter().filter(inner).copied().collect();
        if answered.iter().any(|path| is_of(sample, path)) {
            continue;
        }
        if inner.is_empty() {
            pieces.push(Piece { from: Some(at), change: Change::Keep });
            continue;
        }
        let value = sample.split('.').try_fold(profile, |value, key| value.get(key)).unwrap_or(&Json::Null);
        let mut left = Vec::new();
        rest(sample, value, &inner, &mut left);
        pieces.extend(left.into_iter().map(|path| Piece { from: None, change: Change::Become(path.into()) }));
    }
    Change::list(samples.len(), pieces)
}

/// Whether a sample is the value at a path, or a part of it.
fn is_of(sample: &str, path: &str) -> bool {
    sample.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The paths of what a group holds besides what was answered.
fn rest(path: &str, value: &Json, answered: &[&str], left: &mut Vec<String>) {
    for (key, value) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{key}");
        let is_above = |known: &&str| known.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.'));
        if answered.contains(&path.as_str()) {
            continue;
        }
        match answered.iter().any(is_above) {
            true => rest(&path, value, answered, left),
            false => left.push(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_group_of_which_a_part_was_answered_gives_way_to_the_rest() {
        let profile = json!({"technology": {"hosting": "cloud", "cloud": {"a": 1, "b": 2}, "operations": "own-staff"}});
        let samples = ["people", "technology", "organisation.name"];
        let left = |answered: &[&str]| without(&samples, answered, &profile).applied(&json!(samples)).unwrap();
        assert_eq!(left(&[]), json!(samples));
        assert_eq!(left(&["organisation.name", "scope.x"]), json!(["people", "technology"]));
        assert_eq!(
            left(&["technology.hosting", "technology.cloud.b"]),
            json!(["people", "technology.cloud.a", "technology.operations", "organisation.name"])
        );
        assert_eq!(left(&["technology"]), json!(["people", "organisation.name"]));
    }
}
