//! `folio.lock`: what was rendered from what, and which outputs are Folio's own.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files;
use crate::reasons;

/// The file's name in a workspace.
pub const FILE: &str = "folio.lock";

/// Its name in a folder that `--out` names.
pub const EXPORT_FILE: &str = ".folio.lock";

/// The format that this version writes. Read too are format 1, which pinned one pack, and format 2, which did not say
/// whose it is.
const FORMAT: u32 = 3;

/// The contents of `folio.lock`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The format of this file.
    pub format: u32,
    /// The id of the workspace that it is of; none in what an older version wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<String>,
    /// A digest of the way from the folder of this file to the workspace, when that lies elsewhere: it tells a workspace
    /// from its copies, and no reader where it lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<String>,
    /// The pack that the set was rendered with, then the packs that it extends; none for one named by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<LockedPack>,
    /// The SHA-256 of all that the whole set is made from, when making it gave rise to no remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// How far the history of what was issued went when this was written, so that it is missed where it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<LockedHistory>,
    /// The documents, by id.
    #[serde(default)]
    pub documents: BTreeMap<String, LockedDocument>,
    /// Files of earlier runs that the set has no place for any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_behind: Vec<LockedOutput>,
}

/// How far a history went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedHistory {
    /// How many entries it had.
    pub entries: u32,
    /// The SHA-256 of the line of the last.
    pub head: String,
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
    /// The digest of the model that its outputs were made from, by which the workspace keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The digest of what that model was made from, by which the workspace keeps it: see [`crate::history::Facts`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<String>,
    /// Its outputs, by format.
    pub outputs: BTreeMap<String, LockedOutput>,
}

/// An output file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedOutput {
    /// The file, relative to the folder of the lock, with `/`.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// Of format 2: the SHA-256 that a run was about to give it. One that was killed left one of the two.
    #[serde(default, skip_serializing)]
    pub pending: Option<String>,
}

impl Default for Lock {
    fn default() -> Lock {
        Lock {
            format: FORMAT,
            workspace: None,
            way: None,
            packs: Vec::new(),
            set: None,
            history: None,
            documents: BTreeMap::new(),
            left_behind: Vec::new(),
        }
    }
}

impl Lock {
    /// Reads the bytes of the file of a name; what is not a lock is a fault.
    pub fn read(name: &str, bytes: &[u8], sink: &mut Sink) -> Option<Lock> {
        let problem = match serde_json::from_slice::<Json>(bytes).map(current) {
            Ok(Ok(json)) => match serde_json::from_value::<Lock>(json) {
                Ok(lock) => return Some(lock),
                Err(error) => reasons::json(&error),
            },
            Ok(Err(format)) => format!("it has format {format}; this Folio reads 1 to {FORMAT}"),
            Err(error) => reasons::json(&error),
        };
        let message = format!("`{name}` cannot be read: {problem}");
        sink.push(Diagnostic::fault(&codes::LOCK_BROKEN, message).at(Span::file(name)));
        None
    }

    /// Makes the paths of an older version relative to the folder of the lock, and forgets every file that does not lie
    /// directly in the folder of its outputs and has the ending of one: a lock comes by version control, and is not trusted with any other. Gives what was
    /// forgotten.
    pub fn confine(&mut self, root: &Path, outputs: &str, endings: &[&str]) -> Vec<String> {
        let mut forgotten = Vec::new();
        let mut is_inside = |output: &mut LockedOutput| {
            let path = Path::new(&output.path);
            if path.is_absolute()
                && let Ok(inner) = path.strip_prefix(root)
            {
                output.path = inner.to_string_lossy().replace('\\', "/");
            }
            let below = match outputs {
                "" => Some(output.path.as_str()),
                folder => output.path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
            };
            let is_output = |name: &str| {
                let ending = name.rsplit_once('.').map(|(_, ending)| ending);
                !name.contains('/') && !name.starts_with('.') && ending.is_some_and(|ending| endings.contains(&ending))
            };
            let fits = files::is_inside(&output.path) && below.is_some_and(is_output);
            if !fits {
                forgotten.push(output.path.clone());
            }
            fits
        };
        for document in self.documents.values_mut() {
            let before = document.outputs.len();
            document.outputs.retain(|_, output| is_inside(output));
            if document.outputs.len() < before {
                document.input = String::new();
            }
        }
        self.left_behind.retain_mut(is_inside);
        let is_digest = |model: &String| model.len() == 64 && model.bytes().all(|byte| byte.is_ascii_hexdigit());
        for document in self.documents.values_mut() {
            forgotten.extend(document.model.take_if(|model| !is_digest(model)));
            forgotten.extend(document.facts.take_if(|facts| !is_digest(facts)));
        }
        forgotten
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
        json["format"] = Json::from(2);
    }
    if json["format"] == 2 {
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
        let lock = Lock::read(FILE, old.as_bytes(), &mut Sink::new()).unwrap();
        assert_eq!((lock.format, lock.pack().unwrap().id.as_str()), (FORMAT, "p"));
        let lock = Lock::read(FILE, br#"{"format": 1, "documents": {}}"#, &mut Sink::new()).unwrap();
        assert_eq!(lock, Lock::default());
        let mut sink = Sink::new();
        assert!(Lock::read(FILE, br#"{"format": 9}"#, &mut sink).is_none());
        assert!(sink.iter().next().unwrap().message.contains("format 9"));
    }
}
