//! Values of a profile that are still those of the starter that the workspace began with.
//!
//! `samples` in `folio.yaml` names them. A line has no effect any more when nothing of what it names is as the starter has
//! it; of a list or group of which a part is, that part alone is a sample. Where the pack has no such starter, or the
//! starter no such value, the line decides.

use std::collections::BTreeMap;

use ecow::EcoString;
use serde_json::Value as Json;

use super::Settings;
use super::profile::{self, Profile, Step, steps};
use crate::diagnostic::{Sink, Span};
use crate::files::Files;
use crate::pack::{Pack, starter};

/// A line of `samples`, and what it names that is still the starter's.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The path, as it is written.
    pub path: String,
    /// Where it is recorded.
    pub span: Span,
    /// The file of the register that it names.
    pub file: Option<String>,
    /// What is left of the starter.
    pub left: Left,
}

/// What is left of a starter's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// All of it: rows, when it is a register in a file.
    All(Option<usize>),
    /// Some of it.
    Some {
        /// The paths.
        paths: Vec<EcoString>,
        /// How many rows or values there are.
        of: usize,
        /// Whether these are rows.
        are_rows: bool,
    },
    /// Nothing: the line can go.
    Nothing,
}

impl Sample {
    /// The paths whose values are still the starter's.
    pub fn paths(&self) -> Vec<&str> {
        match &self.left {
            Left::All(_) => vec![&self.path],
            Left::Some { paths, .. } => paths.iter().map(EcoString::as_str).collect(),
            Left::Nothing => Vec::new(),
        }
    }

    /// How many values or rows are still the starter's: one that is so as a whole is more than any part of it.
    pub fn rank(&self) -> usize {
        match &self.left {
            Left::All(_) => usize::MAX,
            Left::Some { paths, .. } => paths.len(),
            Left::Nothing => 0,
        }
    }

    /// Whether the value at a path is still the starter's, or is counted from values that are.
    pub fn covers(&self, path: &str) -> bool {
        let goes_on = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
        let is_in = |own: &str| path.strip_prefix(own).is_some_and(goes_on);
        // A number of rows is made from each of them.
        let is_list_of = |own: &str| own.strip_prefix(path).is_some_and(|rest| rest.starts_with('['));
        let is_partial = matches!(self.left, Left::Some { .. });
        self.paths().into_iter().any(|own| is_in(own) || is_partial && is_list_of(own))
    }
}

/// What of a workspace's profile is still the starter's.
pub fn samples(files: &dyn Files, settings: &Settings, pack: &Pack, profile: &Profile) -> Vec<Sample> {
    if settings.samples.is_empty() {
        return Vec::new();
    }
    let unheard = &mut Sink::new();
    let like = settings.like.as_deref();
    let is_known = like.is_none_or(|like| starter::is_there(pack, like));
    let laid = is_known.then(|| {
        let starter = starter::files(pack, like);
        profile::written(&*starter, starter::PROFILE, &pack.schema, unheard).map(|(_, filled)| filled.to_json())
    });
    let own = profile::written(files, &settings.profile, &pack.schema, &mut Sink::new());
    let Some((laid, (written, own))) = laid.flatten().zip(own) else {
        return settings.samples.iter().map(|(path, span)| sample(path, span, Left::All(None))).collect();
    };
    let (written, own) = (written.to_json(), own.to_json());
    let keys = profile.keys();
    let normalise = profile.normaliser();
    let left = |(path, span): &(String, Span)| {
        let file = at(&written, path, keys).and_then(|(value, _)| value["from"].as_str()).map(str::to_owned);
        let left = match (at(&laid, path, keys), at(&own, path, keys)) {
            (None | Some((Json::Null, _)), _) => Left::All(None),
            (Some(_), None) => Left::Nothing,
            (Some((laid, _)), Some((own, mut parts))) => {
                let mut found = Compared { kept: Vec::new(), of: 0 };
                found.compare(own, laid, &mut parts);
                let rows = own.as_array().filter(|_| file.is_some()).map(Vec::len);
                match found.kept.len() {
                    kept if kept == found.of => Left::All(rows),
                    0 => Left::Nothing,
                    _ => Left::Some {
                        paths: found.kept.iter().map(|parts| normalise(parts)).collect(),
                        of: found.of,
                        are_rows: own.is_array(),
                    },
                }
            }
        };
        Sample { file, ..sample(path, span, left) }
    };
    settings.samples.iter().map(left).collect()
}

fn sample(path: &str, span: &Span, left: Left) -> Sample {
    Sample { path: path.to_owned(), span: span.clone(), file: None, left }
}

/// What stands at a path, and its keys and the places of its rows.
fn at<'v>(root: &'v Json, path: &str, keys: &BTreeMap<String, String>) -> Option<(&'v Json, Vec<String>)> {
    let (mut found, mut parts, mut list) = (root, Vec::new(), Vec::new());
    for step in steps(path) {
        match step {
            Step::Key(key) => {
                found = found.get(key)?;
                list.push(key);
                parts.push(key.to_owned());
            }
            Step::Row(row) => {
                let rows = found.as_array()?;
                let at = match keys.get(&list.join(".")) {
                    Some(key) => rows.iter().position(|known| known[key.as_str()].as_str() == Some(row))?,
                    None => row.parse().ok()?,
                };
                found = rows.get(at)?;
                parts.push(at.to_string());
            }
        }
    }
    Some((found, parts))
}

/// What of a value is as the starter has it.
struct Compared {
    /// The keys and places of what is.
    kept: Vec<Vec<String>>,
    /// How many rows or values there are.
    of: usize,
}

impl Compared {
    /// Compares a value with the starter's: a group key by key, a list row by row, whatever their order.
    fn compare(&mut self, own: &Json, laid: &Json, parts: &mut Vec<String>) {
        match (own, laid) {
            (Json::Object(own), Json::Object(laid)) if !own.is_empty() => {
                for (key, value) in own {
                    parts.push(key.clone());
                    self.compare(value, laid.get(key).unwrap_or(&Json::Null), parts);
                    parts.pop();
                }
            }
            (Json::Array(own), Json::Array(laid)) if !own.is_empty() => {
                for (at, item) in own.iter().enumerate() {
                    self.of += 1;
                    if laid.contains(item) {
                        self.kept.push(parts.iter().cloned().chain([at.to_string()]).collect());
                    }
                }
            }
            _ => {
                self.of += 1;
                if own == laid {
                    self.kept.push(parts.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_as_the_starter_has_it_is_found() {
        let kept = |own: Json, laid: Json| {
            let mut found = Compared { kept: Vec::new(), of: 0 };
            found.compare(&own, &laid, &mut vec!["k".to_owned()]);
            (found.kept.iter().map(|parts| parts.join(".")).collect::<Vec<_>>(), found.of)
        };
        let none = Vec::<String>::new;
        assert_eq!(kept(json!("a"), json!("a")), (vec!["k".to_owned()], 1));
        assert_eq!(kept(json!("b"), json!("a")), (none(), 1));
        assert_eq!(
            kept(json!([]), json!([])),
            (vec!["k".to_owned()], 1),
            "nothing was laid down, and nothing is there"
        );
        assert_eq!(kept(json!([1]), json!([])), (none(), 1));
        assert_eq!(kept(json!([{"id": 2}, {"id": 3}]), json!([{"id": 1}, {"id": 2}])), (vec!["k.0".to_owned()], 2));
        let own = json!({"a": 1, "b": {"c": 2, "d": 3}, "e": 4});
        assert_eq!(kept(own, json!({"a": 1, "b": {"c": 2}})), (vec!["k.a".to_owned(), "k.b.c".to_owned()], 4));
        assert_eq!(kept(json!({"a": 1}), json!("a")), (none(), 1));
    }

    #[test]
    fn a_row_is_found_by_its_key() {
        let keys = [("risks".to_owned(), "id".to_owned())].into();
        let root = json!({"risks": [{"id": "R.1", "why": "x"}], "list": ["a", "b"]});
        assert_eq!(at(&root, "risks[R.1].why", &keys).unwrap().1, ["risks", "0", "why"]);
        assert_eq!(at(&root, "list[1]", &keys).unwrap().0, "b");
        assert!(at(&root, "risks[R.2]", &keys).is_none());
    }

    #[test]
    fn a_count_of_rows_is_made_from_samples_too() {
        let left = Left::Some { paths: vec!["risks[R-1]".into()], of: 2, are_rows: true };
        let sample = sample("risks", &Span::file("folio.yaml"), left);
        for path in ["risks[R-1]", "risks[R-1].owner", "risks"] {
            assert!(sample.covers(path), "{path}");
        }
        assert!(!sample.covers("risks[R-10]") && !sample.covers("risk"));
    }
}
