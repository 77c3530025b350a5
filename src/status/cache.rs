//! What was found the last time, kept to be shown again when nothing has changed since. It is never trusted with more than
//! that, and what is not of this format is as if it were not there.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Status;
use crate::decode;
use crate::diagnostic::Sink;
use crate::digest;
use crate::files::{Disk, Files};
use crate::history::{self, COMING, FACTS, History, IN_FORCE, named};
use crate::pack::source::{self, Bases, Shelf, Wanted};
use crate::pack::{Layer, manifest};
use crate::parallel;
use crate::session::Session;
use crate::workspace::{self, SETTINGS};

/// The file in which it is kept.
pub const FILE: &str = ".folio/cache/status.json";

/// The format that is written.
const FORMAT: u32 = 4;

/// What is larger is not kept.
const MAX_BYTES: usize = 16 << 20;

/// Of a folder with more files nothing is kept: to read them all would take longer than to answer.
const MAX_FILES: usize = 2_000;

/// The longest chain of packs.
const MAX_CHAIN: usize = 16;

/// Folders of a workspace that are no input.
const ASIDE: [&str; 2] = [".git", ".folio"];

/// The first line of the file; the second is the answer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
    key: String,
    /// Of the second line under that key: one that was damaged or edited is not shown. It proves nothing, for whoever can write
    /// there can write another.
    digest: String,
}

/// The bytes to keep.
pub(super) fn bytes(status: &Status, key: &str) -> Vec<u8> {
    let answer = serde_json::to_vec(status).unwrap_or_default();
    let head = Head { format: FORMAT, key: key.to_owned(), digest: digest_of(key, &answer) };
    let bytes = [serde_json::to_vec(&head).unwrap_or_default(), answer].join(&b'\n');
    if bytes.len() > MAX_BYTES { Vec::new() } else { bytes }
}

/// What is kept under a key.
pub(super) fn read(root: &Path, key: &str) -> Option<Status> {
    let bytes = Disk::new(root, "").read(FILE).ok()?;
    let at = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, answer) = (&bytes[..at], &bytes[at + 1..]);
    let head: Head = serde_json::from_slice(head).ok()?;
    let is_own = head.format == FORMAT && head.key == key && head.digest == digest_of(key, answer);
    is_own.then(|| serde_json::from_slice(answer).ok()).flatten()
}

fn digest_of(key: &str, answer: &[u8]) -> String {
    digest::of_parts([key.as_bytes(), answer])
}

/// A digest of all that the answer hangs on; none when that is too much to look at, or cannot be read.
pub(super) fn key(session: &Session, root: &Path) -> Option<String> {
    let files = Disk::new(root, "");
    let mut key = Key { parts: vec![env!("FOLIO_SOURCE").as_bytes().to_vec()], paths: Vec::new() };
    let settings = decode::read(&files, SETTINGS, &mut Sink::new())?;
    let output = settings.text("output").unwrap_or(workspace::OUTPUT);
    let top = output.trim_start_matches("./").split('/').next().unwrap_or_default().to_owned();
    for name in Disk::entries(root).ok()? {
        let name = name.to_str()?;
        if ASIDE.contains(&name) || name == top {
            continue;
        }
        if root.join(name).is_dir() {
            for path in files.list(name).ok()? {
                key.file(&path)?;
            }
        } else {
            key.file(name)?;
        }
    }
    key.file(history::FILE)?;
    for folder in [".folio/models", FACTS] {
        for path in files.list(folder).ok()? {
            key.parts.push(path.into_bytes());
        }
    }
    let lock = workspace::read_lock(&files, &mut Sink::new())?;
    let documents = lock.documents.values().flat_map(|document| document.outputs.values());
    for output in documents.chain(&lock.left_behind) {
        key.file(&output.path)?;
    }
    let history = History::read(&files, &mut Sink::new())?;
    for issued in history.entries.iter().flat_map(|entry| &entry.documents) {
        for given in issued.files.values() {
            key.file(&format!("{output}/{IN_FORCE}/{}", given.name))?;
            if let Some(day) = issued.effective {
                key.file(&format!("{output}/{COMING}/{}", named(given, day)))?;
            }
        }
        // What is in force hangs on today only where something was approved for a later day.
        if let Some(day) = issued.effective {
            key.parts.push(vec![u8::from(day.to_string() <= session.today)]);
        }
    }
    for path in files.list(".folio/packs").ok()? {
        key.file(&path)?;
    }
    key.packs(session, root, &settings, &lock)?;
    let digest = |at: usize, _: &mut Sink| match files.digest(&key.paths[at]) {
        Ok(digest) => Some(digest),
        Err(error) if error.is_missing() => Some(String::new()),
        Err(_) => None,
    };
    let digests = parallel::map(key.paths.len(), session.jobs, &mut Sink::new(), digest);
    let digests: Vec<String> = digests.into_iter().collect::<Option<_>>()?;
    let files = key.paths.iter().zip(&digests).flat_map(|(path, digest)| [path.as_bytes(), digest.as_bytes()]);
    Some(digest::of_parts(key.parts.iter().map(Vec::as_slice).chain(files)))
}

/// What an answer hangs on: values, and files as they are, or that there are none.
struct Key {
    parts: Vec<Vec<u8>>,
    paths: Vec<String>,
}

impl Key {
    /// Adds a file.
    fn file(&mut self, path: &str) -> Option<()> {
        self.paths.push(path.to_owned());
        (self.paths.len() < MAX_FILES).then_some(())
    }

    /// The packs that are not kept in the workspace itself, and the newest that can be had.
    fn packs(
        &mut self,
        session: &Session,
        root: &Path,
        settings: &crate::yaml::Located,
        lock: &crate::lock::Lock,
    ) -> Option<()> {
        let named = settings.get("pack")?;
        if let Some(path) = named.text("path") {
            let folder = root.join(path);
            return self.chain(source::folder(&folder), &session.shelf.beside(&folder));
        }
        let wanted: Wanted = named.as_str()?.parse().ok()?;
        if lock.pack().is_none_or(|pack| pack.id != wanted.id) {
            return self.chain(session.shelf.find(&wanted).ok()?, &session.shelf);
        }
        let any = Wanted { id: wanted.id, range: semver::VersionReq::STAR };
        let newest = session.shelf.find(&any).ok().and_then(|files| manifest(&*files, &mut Sink::new()));
        self.parts.push(newest.map(|newest| newest.version.to_string()).unwrap_or_default().into_bytes());
        Some(())
    }

    fn chain(&mut self, outermost: Arc<dyn Files>, shelf: &Shelf) -> Option<()> {
        let mut next = Some(outermost);
        for _ in 0..MAX_CHAIN {
            let Some(files) = next else { return Some(()) };
            let layer = Layer::read(files, &mut Sink::new())?;
            self.parts.push(layer.digest.into_bytes());
            next = match &layer.manifest.extends {
                Some(wanted) => Some(shelf.find(wanted).ok()?),
                None => None,
            };
        }
        None
    }
}
