//! `folio.lock`: what was rendered from what, and which outputs are Folio's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};

/// The file's name in a workspace.
pub const FILE: &str = "folio.lock";

/// Its name in a folder that `--out` names.
pub const EXPORT_FILE: &str = ".folio.lock";

/// The format that this version writes. Format 1, which pinned one pack, is read too.
const FORMAT: u32 = 2;

/// The contents of `folio.lock`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The format of this file.
    pub format: u32,
    /// The pack that the set was rendered with, then the packs that it extends; none for one named by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<LockedPack>,
    /// The SHA-256 of all that the whole set is made from, when making it gave rise to no remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// The documents, by id.
    #[serde(default)]
    pub documents: BTreeMap<String, LockedDocument>,
}

/// A pack, pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedPack {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The SHA-256 of its files, in hexadecimal.
    pub digest: String,
}

/// A document as it was last rendered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedDocument {
    /// The SHA-256 of all that its outputs are made from.
    pub input: String,
    /// How many pages it has.
    pub pages: u32,
    /// Its outputs, by format.
    pub outputs: BTreeMap<String, LockedOutput>,
}

/// An output file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedOutput {
    /// The file, relative to the workspace, or absolute when it lies outside.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// The SHA-256 that a run was about to give it: a run that was killed leaves one of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<String>,
}

impl Default for Lock {
    fn default() -> Lock {
        Lock { format: FORMAT, packs: Vec::new(), set: None, documents: BTreeMap::new() }
    }
}

impl Lock {
    /// Reads the file's bytes; what is not a lock is a fault.
    pub fn read(bytes: &[u8], sink: &mut Sink) -> Option<Lock> {
        let problem = match serde_json::from_slice::<Json>(bytes).map(current) {
            Ok(Ok(json)) => match serde_json::from_value::<Lock>(json) {
                Ok(lock) => return Some(lock),
                Err(error) => error.to_string(),
            },
            Ok(Err(format)) => format!("it has format {format}; this Folio reads 1 to {FORMAT}"),
            Err(error) => error.to_string(),
        };
        sink.push(
            Diagnostic::fault(&codes::LOCK_BROKEN, format!("`{FILE}` cannot be read: {problem}")).at(Span::file(FILE)),
        );
        None
    }

    /// The pack that the set was rendered with.
    pub fn pack(&self) -> Option<&LockedPack> {
        self.packs.first()
    }

    /// The bytes to write: JSON, indented, with a line end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// A lock of an older format as this version writes it.
///
/// # Errors
/// With the format, when it is not one that this version reads.
fn current(mut json: Json) -> Result<Json, Json> {
    if json["format"] == 1 {
        let pack = json.as_object_mut().and_then(|lock| lock.remove("pack"));
        json["packs"] = Json::from_iter(pack);
        json["format"] = Json::from(FORMAT);
    }
    if json["format"] == FORMAT || !json["format"].is_u64() { Ok(json) } else { Err(json["format"].take()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_of_format_1_is_read() {
        let old = r#"{"format": 1, "pack": {"id": "p", "version": "1.0.0", "digest": "d"}, "documents": {}}"#;
        let lock = Lock::read(old.as_bytes(), &mut Sink::new()).unwrap();
        assert_eq!((lock.format, lock.pack().unwrap().id.as_str()), (FORMAT, "p"));
        let lock = Lock::read(br#"{"format": 1, "documents": {}}"#, &mut Sink::new()).unwrap();
        assert_eq!(lock, Lock::default());
        let mut sink = Sink::new();
        assert!(Lock::read(br#"{"format": 9}"#, &mut sink).is_none());
        assert!(sink.iter().next().unwrap().message.contains("format 9"));
    }
}
