//! Profile paths: `risks[R-07].owner`. Rows are named by their key, so that a path survives sorting.

use std::collections::BTreeMap;

use ecow::EcoString;

use crate::model::places::is_aside;
use crate::yaml::Located;

/// The keys of rows, by the raw path of their list (`risks`, `scope.processes`, `processes.0.steps`), in order.
#[derive(Debug, Clone, Default)]
pub(super) struct RowKeys(pub(super) BTreeMap<EcoString, Vec<EcoString>>);

impl RowKeys {
    /// Turns `["risks", "1", "owner"]` into `risks[R-02].owner`; a row without key keeps its index.
    pub(super) fn normalise(&self, parts: &[String]) -> EcoString {
        let mut raw = EcoString::new();
        let mut path = EcoString::new();
        let is_aside = parts.len() > 1 && parts.first().is_some_and(|first| is_aside(first));
        for (at, part) in parts.iter().enumerate() {
            let index = part.parse::<usize>().ok().filter(|_| !raw.is_empty());
            match index {
                Some(index) => {
                    let key = self.0.get(&raw).and_then(|keys| keys.get(index));
                    path.push('[');
                    path.push_str(key.map_or(part.as_str(), EcoString::as_str));
                    path.push(']');
                }
                // What no longer holds, or not yet, has the paths of its register.
                None if is_aside && at == 0 => {}
                None => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(part);
                }
            }
            if !raw.is_empty() {
                raw.push('.');
            }
            raw.push_str(part);
        }
        path
    }
}

impl RowKeys {
    /// Gives some rows of a list their keys in another list too, with those of the lists in them.
    pub(super) fn move_rows(&mut self, from: &str, first: usize, count: usize, to: &str) {
        let own = match self.0.get(from) {
            Some(own) => own.iter().skip(first).take(count).cloned().collect(),
            None => (first..first + count).map(|at| ecow::eco_format!("{at}")).collect(),
        };
        let mut moved = vec![(EcoString::from(to), own)];
        for row in 0..count {
            let start = ecow::eco_format!("{from}.{}.", first + row);
            let inner = self.0.range(start.clone()..).take_while(|(path, _)| path.starts_with(start.as_str()));
            moved.extend(
                inner.map(|(path, keys)| (ecow::eco_format!("{to}.{row}.{}", &path[start.len()..]), keys.clone())),
            );
        }
        self.0.extend(moved);
    }

    /// What stands at a path such as `risks[R-02].owner`; nothing when there is no such value.
    ///
    /// # Errors
    /// The row that there is not.
    pub(super) fn find<'l>(&self, root: &'l Located, path: &str) -> Result<Option<&'l Located>, String> {
        let (mut found, mut raw) = (root, String::new());
        for step in steps(path) {
            let part = match step {
                Step::Key(key) => key.to_owned(),
                Step::Row(row) => {
                    let keys = self.0.get(raw.as_str());
                    let at = keys.and_then(|keys| keys.iter().position(|key| key == row));
                    let at = at.or_else(|| row.parse().ok().filter(|_| keys.is_none()));
                    at.filter(|at| *at < found.list().len()).ok_or_else(|| row.to_owned())?.to_string()
                }
            };
            let next = match step {
                Step::Key(key) => found.get(key),
                Step::Row(_) => part.parse::<usize>().ok().and_then(|at| found.list().get(at)),
            };
            let Some(next) = next else { return Ok(None) };
            if !raw.is_empty() {
                raw.push('.');
            }
            raw.push_str(&part);
            found = next;
        }
        Ok(Some(found))
    }
}

/// What rows are called by, in their order: each by the first of some texts that it has, with a number behind it where one
/// before is called so too; a row that has none by where it stands.
pub(crate) fn called<'r>(rows: impl Iterator<Item = Option<&'r str>>) -> Vec<EcoString> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    let name = |(at, row): (usize, Option<&'r str>)| {
        let Some(name) = row.filter(|name| !name.is_empty()) else { return ecow::eco_format!("{at}") };
        let time = times.entry(name).or_default();
        *time += 1;
        if *time == 1 { name.into() } else { ecow::eco_format!("{name} ({time})") }
    };
    rows.enumerate().map(name).collect()
}

/// A step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'p> {
    /// A key of a group.
    Key(&'p str),
    /// A row of a list, by what it is called by.
    Row(&'p str),
}

/// The steps of a path. What a row is called by may hold points, and ends where the path goes on.
pub(crate) fn steps(path: &str) -> Vec<Step<'_>> {
    let (mut found, mut rest) = (Vec::new(), path);
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let goes_on = |at: &usize| matches!(inside[at + 1..].chars().next(), None | Some('.' | '['));
            let end = inside.match_indices(']').map(|(at, _)| at).find(goes_on).unwrap_or(inside.len());
            found.push(Step::Row(&inside[..end]));
            rest = inside.get(end + 1..).unwrap_or_default();
        } else {
            let key = rest.strip_prefix('.').unwrap_or(rest);
            let end = key.find(['.', '[']).unwrap_or(key.len()).max(usize::from(!key.is_empty()));
            found.push(Step::Key(&key[..end]));
            rest = &key[end..];
        }
    }
    found
}

/// A path without its rows: `risks[R-02].owner` is `risks.owner`.
pub(crate) fn plain(path: &str) -> String {
    let keys = steps(path).into_iter().filter_map(|step| match step {
        Step::Key(key) => Some(key),
        Step::Row(_) => None,
    });
    keys.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_named_by_key() {
        let lists = [
            ("risks", vec!["R-01", "R-02"]),
            ("processes", vec!["P-1", "P-2"]),
            ("processes.0.steps", vec!["S-1"]),
            ("processes.1.steps", vec!["S-1", "S-2"]),
        ];
        let keys = |keys: Vec<&str>| keys.into_iter().map(EcoString::from).collect();
        let keys = RowKeys(lists.into_iter().map(|(path, own)| (path.into(), keys(own))).collect());
        let path = |parts: &[&str]| keys.normalise(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        assert_eq!(path(&["risks", "1", "owner"]), "risks[R-02].owner");
        assert_eq!(path(&["processes", "1", "steps", "1", "name"]), "processes[P-2].steps[S-2].name");
        assert_eq!(path(&["processes", "0", "steps", "1"]), "processes[P-1].steps[1]");
        assert_eq!(path(&["documents", "a", "history", "0", "date"]), "documents.a.history[0].date");
    }
}
