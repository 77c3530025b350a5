//! What was seen of indexes: the newest version of each pack that a trusted key had signed. An index that later offers
//! older ones alone is not believed.
//!
//! ```json
//! {"format": 1, "indexes": {"https://packs.example.com/": {"acme": "1.2.0"}}}
//! ```

use std::collections::BTreeMap;

use semver::Version;
use serde::{Deserialize, Serialize};

use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Span};
use crate::reasons;

/// The file's name, beside the folder of installed packs.
pub const FILE: &str = "seen.json";

/// The format that this version reads and writes.
const FORMAT: u32 = 1;

/// The newest versions, by the address of the index, then by the pack's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    format: u32,
    indexes: BTreeMap<String, BTreeMap<String, String>>,
}

impl Default for Seen {
    fn default() -> Seen {
        Seen { format: FORMAT, indexes: BTreeMap::new() }
    }
}

impl Seen {
    /// Reads the file's bytes. What is no such file is a fault: it may not be taken for one that never was.
    ///
    /// # Errors
    /// When it is no JSON of this format.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Seen, Diagnostic> {
        let problem = match serde_json::from_slice::<Seen>(bytes) {
            Ok(seen) if seen.format != FORMAT => {
                format!("it has format {}; this program reads format {FORMAT}", seen.format)
            }
            Ok(seen) => match seen.indexes.values().flatten().find(|(_, version)| Version::parse(version).is_err()) {
                None => return Ok(seen),
                Some((id, version)) => format!("`{version}` of `{id}` is no version"),
            },
            Err(error) => reasons::json(&error),
        };
        Err(Diagnostic::fault(&codes::FILE_UNREADABLE, format!("`{name}` cannot be used: {problem}"))
            .at(Span::file(name))
            .help("restore it; without it, older versions of a pack are taken for new ones"))
    }

    /// The newest version of a pack that an index has offered.
    pub fn newest(&self, index: &str, id: &str) -> Option<Version> {
        Version::parse(self.indexes.get(index)?.get(id)?).ok()
    }

    /// Remembers a version that an index has offered and that a trusted key has signed. Whether that is news.
    pub fn note(&mut self, index: &str, id: &str, version: &Version) -> bool {
        let is_news = self.newest(index, id).is_none_or(|newest| newest < *version);
        if is_news {
            self.indexes.entry(index.to_owned()).or_default().insert(id.to_owned(), version.to_string());
        }
        is_news
    }

    /// The bytes to write: JSON, indented, with a line end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_remembered() {
        let version = |text: &str| Version::parse(text).unwrap();
        let mut seen = Seen::default();
        assert!(seen.note("https://a/", "acme", &version("1.2.0")));
        assert!(!seen.note("https://a/", "acme", &version("1.1.0")));
        assert!(seen.note("https://b/", "acme", &version("1.0.0")), "each index for itself");
        let seen = Seen::read("seen.json", &seen.to_bytes()).unwrap();
        assert_eq!(seen.newest("https://a/", "acme"), Some(version("1.2.0")));
        assert_eq!(seen.newest("https://a/", "other"), None);
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_nothing() {
        let wrong = [
            "",
            "[]",
            r#"{"format": 2, "indexes": {}}"#,
            r#"{"format": 1, "indexes": {"https://a/": {"acme": "new"}}}"#,
            r#"{"format": 1, "indexes": {}, "more": 1}"#,
        ];
        for text in wrong {
            assert_eq!(Seen::read("seen.json", text.as_bytes()).unwrap_err().code, "F103", "{text}");
        }
    }
}
