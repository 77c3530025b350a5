//! What documents were made from, as it is kept: the profile with its registers, the blocks that a client replaced, the look,
//! the packs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::digest;
use crate::files::Files;
use crate::lock::LockedPack;
use crate::reasons;

/// The folder in which it is kept.
pub const FACTS: &str = ".folio/facts";

/// The format that is written.
const FORMAT: u32 = 1;

/// What documents were made from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The format of the file.
    format: u32,
    /// The date of the facts, ISO 8601.
    pub as_of: String,
    /// The profile with its registers, as rules see it.
    pub profile: Map<String, Json>,
    /// The blocks that the workspace replaced: `document/block`, and the digest of its text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, String>,
    /// The digest of the look: theme, words of the engine, pictures, fonts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub look: String,
    /// The packs, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<LockedPack>,
    /// The digest of the program's own sources.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub program: String,
}

impl Facts {
    /// Facts of this format.
    pub fn new(as_of: impl Into<String>, profile: Map<String, Json>) -> Facts {
        Facts { format: FORMAT, as_of: as_of.into(), profile, ..Facts::default() }
    }

    /// The bytes to keep; their digest is [`digest::of_file`] of them.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Where the bytes of a digest are kept.
    pub fn path(digest: &str) -> String {
        let plain: String = digest.chars().filter(char::is_ascii_hexdigit).collect();
        format!("{FACTS}/{plain}.json")
    }

    /// Reads what is kept under a digest.
    ///
    /// # Errors
    /// When it is missing, damaged, or something else than was kept.
    pub fn read(files: &dyn Files, digest: &str) -> Result<Facts, String> {
        let path = Facts::path(digest);
        let bytes = files.read(&path).map_err(|error| error.to_string())?;
        if digest::of_file(&bytes) != digest {
            return Err(format!("`{path}` is not what was kept"));
        }
        let facts: Facts =
            serde_json::from_slice(&bytes).map_err(|error| format!("`{path}`: {}", reasons::json(&error)))?;
        if facts.format > FORMAT {
            return Err(format!("`{path}` has format {}; this program reads up to {FORMAT}", facts.format));
        }
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    #[test]
    fn what_is_kept_is_read_and_nothing_else() {
        let facts = Facts::new("2026-11-02", Map::from_iter([("people".to_owned(), serde_json::json!([]))]));
        let bytes = facts.to_bytes();
        let digest = digest::of_file(&bytes);
        let files = Memory::new("").with(Facts::path(&digest), bytes);
        assert_eq!(Facts::read(&files, &digest).unwrap(), facts);
        let files = Memory::new("").with(Facts::path(&digest), b"{}".to_vec());
        assert!(Facts::read(&files, &digest).unwrap_err().contains("not what was kept"));
    }
}
