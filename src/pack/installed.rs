//! The folder of installed packs.
//!
//! Each archive has its signature beside it, when it has one, and the SHA-256 of its bytes in `<archive>.sha256`, as
//! `sha256sum` writes and checks it. The digest shows that an archive is still what was installed; it does not stop
//! somebody who may write to the folder, for they can write both. What such a person cannot make is a signature.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::sign::{SUFFIX, Signed};
use super::trust::Trust;
use super::{Layer, Manifest, archive, digest};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::digest::of_file as file_digest;
use crate::files::{Disk, FileError, Files, Problem};

/// What the file with an archive's digest ends in, after the archive's whole name.
pub const RECORD: &str = ".sha256";

/// What an archive's name ends in.
const ARCHIVE: &str = ".zip";

/// How many of the things that are no packs are named.
const NAMED: usize = 5;

/// What the folder holds.
#[derive(Default)]
pub struct Installed {
    /// The packs that can be used, by file name.
    pub packs: Vec<Archived>,
    /// What was passed over, and why: archives as warnings, the rest in one note.
    pub passed_over: Vec<Diagnostic>,
}

/// An installed pack.
pub struct Archived {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its files.
    pub files: Arc<dyn Files>,
    /// Its archive.
    pub path: PathBuf,
    /// Whether its bytes have the digest that was recorded when it was installed; else nothing was recorded.
    pub is_verified: bool,
}

/// Reads the folder; of its archives those alone whose file name is `wanted`.
///
/// # Errors
/// A fault when the folder itself cannot be read. One that is not there holds nothing.
pub fn read(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Installed, Diagnostic> {
    let entries = Disk::entries(folder).map_err(|error| {
        let message = format!("the folder of installed packs cannot be read: {error}");
        Diagnostic::fault(&codes::PACKS_FOLDER, message)
            .help("change its permission, or name another folder with `--packs DIR`")
    })?;
    let mut found = Installed::default();
    let mut others: Vec<String> = Vec::new();
    let is_there = |name: &str| entries.iter().any(|entry| entry == name);
    for entry in &entries {
        let name = entry.to_string_lossy();
        if entry.to_str().is_none() {
            found.passed_over.push(passed_over(&name, "its name is not UTF-8"));
        } else if name.starts_with('.') {
            // Ours, or what systems leave behind.
        } else if name.ends_with(ARCHIVE) {
            if wanted(&name) {
                let mut sink = Sink::new();
                found.packs.extend(archived(folder, &name, &mut sink));
                found.passed_over.extend(sink.into_vec());
            }
        } else {
            let owner = name.strip_suffix(SUFFIX).or_else(|| name.strip_suffix(RECORD));
            if !owner.is_some_and(|owner| owner.ends_with(ARCHIVE) && is_there(owner)) {
                others.push(format!("`{name}`"));
            }
        }
    }
    found.passed_over.extend(no_packs(&others));
    Ok(found)
}

/// The pack in an archive, whose name has the beginning of the digest of its files.
fn archived(folder: &Path, name: &str, sink: &mut Sink) -> Option<Archived> {
    let path = folder.join(name);
    let altered = |message: String| {
        Diagnostic::warning(&codes::PACK_ALTERED, message).at(Span::file(name)).help(codes::PACK_ALTERED.fix)
    };
    let unreadable = |error: FileError| match error.problem {
        Problem::Missing => passed_over(name, "it is a link that leads nowhere"),
        _ => passed_over(name, &FileError { name: name.to_owned(), ..error }.to_string()),
    };
    let bytes = Disk::file(&path).map_err(|error| sink.push(unreadable(error))).ok()?;
    let is_verified = match recorded(&path, name) {
        Ok(None) => false,
        Ok(Some(digest)) if digest == file_digest(&bytes) => true,
        Ok(Some(_)) => {
            sink.push(altered(format!("`{name}` is not used: it is not the file that was installed")));
            return None;
        }
        Err(problem) => {
            sink.push(altered(format!("`{name}` is not used: {problem}")));
            return None;
        }
    };
    let mut own = Sink::new();
    let pack = archive::unpack(name, &bytes, &mut own).and_then(|files| {
        let manifest = super::manifest(&files, &mut own)?;
        let files: Arc<dyn Files> = Arc::new(files.named(format!("{}/", manifest.id)));
        Some((manifest, digest(&*files, &mut own)?, files))
    });
    own.iter_mut().for_each(|problem| problem.severity = Severity::Warning);
    sink.merge(own);
    let (manifest, digest, files) = pack?;
    let right = archive::file_name(&manifest.id, &manifest.version.to_string(), &digest);
    if name != right {
        sink.push(altered(format!("`{name}` is not used: its content is that of `{right}`")));
        return None;
    }
    Some(Archived { manifest, files, path, is_verified })
}

/// The digest that was recorded of an archive.
fn recorded(path: &Path, name: &str) -> Result<Option<String>, String> {
    let bytes = match Disk::file(&beside(path, RECORD)) {
        Ok(bytes) => bytes,
        Err(FileError { problem: Problem::Missing, .. }) => return Ok(None),
        Err(error) => return Err(FileError { name: format!("{name}{RECORD}"), ..error }.to_string()),
    };
    let text = String::from_utf8_lossy(&bytes);
    match text.trim_end().split_once("  ") {
        Some((digest, of)) if of == name && digest.len() == 64 => Ok(Some(digest.to_ascii_lowercase())),
        _ => Err(format!("`{name}{RECORD}` is no line of `sha256sum`")),
    }
}

/// The bytes of an archive's record.
pub(super) fn record(name: &str, archive: &[u8]) -> Vec<u8> {
    format!("{}  {name}\n", file_digest(archive)).into_bytes()
}

impl Archived {
    /// Whom the trust file calls the one who signed it; `None` when no signature stands beside it.
    ///
    /// # Errors
    /// A fault when there is one, and it does not hold or is nobody's who is trusted.
    pub fn signer(&self, trust: &Trust) -> Option<Result<String, Diagnostic>> {
        let unreadable = |error: FileError| Diagnostic::fault(&codes::PACK_FILE, error.to_string());
        let signature = match Disk::file(&beside(&self.path, SUFFIX)) {
            Err(error) if error.problem == Problem::Missing => return None,
            read => read.map_err(unreadable),
        };
        Some(signature.and_then(|signature| {
            let mut sink = Sink::new();
            let archive = Disk::file(&self.path).map_err(unreadable)?;
            let layer = Layer::read(self.files.clone(), &mut sink).ok_or_else(|| sink.into_vec().remove(0))?;
            trust.verify(&archive, &layer, &Signed::read(&signature)?).map(|trusted| trusted.id.clone())
        }))
    }
}

/// The file that has a suffix more than another.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn passed_over(name: &str, why: &str) -> Diagnostic {
    Diagnostic::warning(&codes::PACKS_FOLDER, format!("`{name}` in the packs folder is passed over: {why}"))
        .at(Span::file(name))
}

/// One note for all that is no pack.
fn no_packs(names: &[String]) -> Option<Diagnostic> {
    let more = names.len().saturating_sub(NAMED);
    let shown = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let message = match (names.len(), more) {
        (0, _) => return None,
        (1, _) => format!("{shown} in the packs folder is no pack, and is passed over"),
        (_, 0) => format!("{shown} in the packs folder are no packs, and are passed over"),
        (_, more) => format!("{shown} and {more} more in the packs folder are no packs, and are passed over"),
    };
    Some(
        Diagnostic::new(&codes::PACKS_FOLDER, Severity::Note, message)
            .help("a pack is an archive `ID-VERSION-DIGEST.zip` directly in it"),
    )
}
