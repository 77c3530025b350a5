//! Profile paths: `risks[R-07].owner`. Rows are named by their key, so that a path survives sorting.

use std::collections::BTreeMap;

use ecow::EcoString;

/// The keys of rows, by the raw path of their list (`risks`, `scope.processes`, `processes.0.steps`), in order.
#[derive(Debug, Clone, Default)]
pub(super) struct RowKeys(pub(super) BTreeMap<EcoString, Vec<EcoString>>);

impl RowKeys {
    /// Turns `["risks", "1", "owner"]` into `risks[R-02].owner`; a row without key keeps its index.
    pub(super) fn normalise(&self, parts: &[String]) -> EcoString {
        let mut raw = EcoString::new();
        let mut path = EcoString::new();
        for part in parts {
            let index = part.parse::<usize>().ok().filter(|_| !raw.is_empty());
            match index {
                Some(index) => {
                    let key = self.0.get(&raw).and_then(|keys| keys.get(index));
                    path.push('[');
                    path.push_str(key.map_or(part.as_str(), EcoString::as_str));
                    path.push(']');
                }
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
