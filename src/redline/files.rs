//! Where redlines go, and what becomes of what stands there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Made;
use crate::commit::Commit;
use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::digest;
use crate::files::Files;
use crate::ledger::Action;

/// The record of the redlines that were written into a folder: path and digest of each.
pub const RECORD: &str = ".folio/redlines.json";

/// The format of the record.
const FORMAT: u32 = 1;

/// The longest record that is read, in bytes.
const MAX_BYTES: usize = 4 << 20;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    format: u32,
    files: BTreeMap<String, String>,
}

/// A file of a redline.
#[derive(Debug)]
pub struct Put {
    /// Its format.
    pub format: &'static str,
    /// Its path in the folder that is written to.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// What becomes of it.
    pub action: Action,
}

/// What is to be written.
#[derive(Debug, Default)]
pub struct Settled {
    /// What changes.
    pub commit: Commit,
    /// The files of each redline, in their order.
    pub files: Vec<Vec<Put>>,
}

/// Decides what is written into a folder; below `prefix` of it. A file that is not as it was written stays as it is.
pub fn settle(made: &mut [Made], files: &dyn Files, prefix: &str, sink: &mut Sink) -> Settled {
    let mut record = read(files);
    let mut settled = Settled::default();
    let mut is_new = false;
    for document in made {
        let mut put = Vec::new();
        for (format, name, bytes) in std::mem::take(&mut document.files) {
            let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            let sha256 = digest::of_file(&bytes);
            let there = match files.digest(&path) {
                Ok(there) => Some(there),
                Err(error) if error.is_missing() => None,
                Err(error) => {
                    sink.push(Diagnostic::fault(&codes::OUTPUT_UNWRITABLE, error.to_string()).at(Span::file(path)));
                    continue;
                }
            };
            let is_own = there.is_none() || there.as_ref() == record.files.get(&path);
            let action = match &there {
                Some(there) if *there == sha256 => Action::Unchanged,
                _ if is_own => Action::Written,
                _ => Action::KeptEdited,
            };
            if action == Action::KeptEdited {
                let message = format!("`{path}` is not as it was written, and is left as it is");
                let problem = Diagnostic::warning(&codes::OUTPUT_EDITED, message).at(Span::file(path.clone()));
                sink.push(problem.help("move the file away, or write into another folder with `--out`"));
            } else if record.files.get(&path) != Some(&sha256) {
                record.files.insert(path.clone(), sha256.clone());
                is_new = true;
            }
            if action == Action::Written {
                settled.commit.write_over(path.clone(), bytes, there);
            }
            put.push(Put { format, path, sha256, action });
        }
        settled.files.push(put);
    }
    if is_new {
        record.format = FORMAT;
        settled.commit.write(RECORD, serde_json::to_vec_pretty(&record).unwrap_or_default());
    }
    settled
}

/// The record of a folder. One that cannot be read lists nothing: then nothing that stands there is written over.
fn read(files: &dyn Files) -> Record {
    let bytes = files.read(RECORD).ok().filter(|bytes| bytes.len() <= MAX_BYTES);
    let record = bytes.and_then(|bytes| serde_json::from_slice::<Record>(&bytes).ok());
    record.filter(|record| record.format == FORMAT).unwrap_or_default()
}
