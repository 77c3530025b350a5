//! Packs as archives: what is given on, and what a workspace keeps of the pack that it renders with.
//!
//! An archive comes from anywhere. [`unpack`] believes nothing that it says of itself: names must be ones that every
//! system can hold, and reading stops at a limit whatever size is declared. Nothing is ever unpacked to disk.

mod layout;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::names;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::{FileError, Files, MAX_FILE, MAX_FILES, Memory};
use crate::reasons;

/// The most bytes that an archive may hold, unpacked.
pub(super) const MAX_TOTAL: u64 = 128 << 20;

/// How many times larger than packed a file may be, once it is larger than [`FREE`].
const MAX_RATIO: u64 = 100;

/// A file of at most so many bytes may be packed as tightly as it can.
const FREE: u64 = 1 << 20;

/// The kinds of file in a Unix mode, and the two that a pack may have.
const KIND: u32 = 0o170_000;
const ORDINARY: [u32; 3] = [0, 0o100_000, 0o040_000];

/// How an archive is called: id, version and the beginning of the digest.
pub fn file_name(id: &str, version: &str, digest: &str) -> String {
    format!("{id}-{version}-{}.zip", digest.get(..12).unwrap_or(digest))
}

/// Packs files, sorted, with fixed stamps: the same files give the same bytes.
///
/// # Errors
/// When a file cannot be read, or has a name that [`unpack`] would refuse.
pub fn pack(files: &dyn Files) -> Result<Vec<u8>, Diagnostic> {
    let unreadable = |error: FileError| Diagnostic::fault(&codes::PACK_FILE, error.to_string());
    let unwritten = |error: ZipError| {
        Diagnostic::fault(&codes::PACK_FILE, format!("the pack cannot be archived: {}", said(&error)))
    };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut known = Known::default();
    for path in files.list("").map_err(unreadable)? {
        if let Some(problem) = known.problem(&path, false) {
            let message = format!("`{path}` cannot be archived: {problem}");
            return Err(Diagnostic::fault(&codes::PACK_ARCHIVE, message).at(Span::file(files.name(&path))));
        }
        let bytes = files.read(&path).map_err(unreadable)?;
        archive.start_file(path, options).map_err(unwritten)?;
        archive.write_all(&bytes).map_err(|error| unwritten(error.into()))?;
    }
    Ok(archive.finish().map_err(unwritten)?.into_inner())
}

/// Unpacks an archive into memory. What leads out of it, what some systems cannot hold, links, and what is too large or
/// too tightly packed are faults.
pub fn unpack(name: &str, bytes: &[u8], sink: &mut Sink) -> Option<Memory> {
    let mut own = Sink::new();
    let files = read(name, bytes, &mut own);
    let failed = own.has_faults();
    sink.merge(own);
    files.filter(|_| !failed)
}

fn read(name: &str, bytes: &[u8], sink: &mut Sink) -> Option<Memory> {
    let whole =
        |problem: String| Diagnostic::fault(&codes::PACK_ARCHIVE, format!("`{name}`: {problem}")).at(Span::file(name));
    let opened = ZipArchive::new(Cursor::new(bytes)).and_then(|mut archive| {
        // Also finds entries that share their bytes, and such as only one of the two directories has.
        archive.validate_header_consistency().map(|()| archive)
    });
    let mut archive = match opened {
        Ok(archive) => archive,
        Err(error) => {
            sink.push(whole(format!("this is no sound archive: {}", said(&error))));
            return None;
        }
    };
    if archive.offset() != 0 {
        sink.push(whole("something stands before the archive".into()));
        return None;
    }
    if archive.len() > MAX_FILES {
        sink.push(whole(format!("it holds more than {MAX_FILES} files")));
        return None;
    }
    if let Some(problem) = layout::problem(bytes, &mut archive) {
        sink.push(whole(format!("this is no sound archive: {problem}")));
        return None;
    }
    let mut files = Memory::new(format!("{name}/"));
    let mut known = Known::default();
    let mut total = 0;
    let names: Vec<Vec<u8>> = archive.file_names_raw().map(<[u8]>::to_vec).collect();
    for (index, raw) in names.into_iter().enumerate() {
        let refuse = |path: &str, problem: &str| {
            Diagnostic::fault(&codes::PACK_ARCHIVE, format!("`{path}`: {problem}")).at(Span::file(name))
        };
        let path = String::from_utf8_lossy(&raw).into_owned();
        if path.as_bytes() != raw {
            sink.push(refuse(&path, "its name is not UTF-8"));
            continue;
        }
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                sink.push(refuse(&path, &format!("it cannot be read: {}", said(&error))));
                continue;
            }
        };
        if entry.is_symlink() || !ORDINARY.contains(&(entry.unix_mode().unwrap_or_default() & KIND)) {
            sink.push(refuse(&path, "it is a link or a device, not a file"));
            continue;
        }
        if let Some(problem) = known.problem(path.strip_suffix('/').unwrap_or(&path), path.ends_with('/')) {
            sink.push(refuse(&path, &problem));
            continue;
        }
        if path.ends_with('/') {
            continue;
        }
        match content(&mut entry, MAX_TOTAL - total) {
            Ok(content) => {
                total += content.len() as u64;
                files.insert(path, content);
            }
            Err(problem) => {
                sink.push(refuse(&path, &problem));
                return None;
            }
        }
    }
    Some(files)
}

/// What keeps an entry from being unpacked.
fn unreadable(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ZipError>());
    inner.map_or_else(|| "it is damaged".to_owned(), said)
}

/// What keeps an archive from being read.
fn said(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) => reasons::io(error),
        ZipError::InvalidPassword | ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            "it is protected by a password".to_owned()
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            "it is packed in a way that few programs know; pack it with deflate".to_owned()
        }
        ZipError::InvalidArchive(problem) if problem.contains("duplicate") => {
            "two of its files have one name".to_owned()
        }
        _ => "it is no ZIP file, or parts of it are damaged or contradict one another".to_owned(),
    }
}

/// The bytes of an entry, of which at most `left` may still come.
fn content(entry: &mut zip::read::ZipFile<'_, Cursor<&[u8]>>, left: u64) -> Result<Vec<u8>, String> {
    let limit = MAX_FILE.min(left).min(FREE.max(entry.compressed_size().saturating_mul(MAX_RATIO)));
    let mut content = Vec::new();
    entry.by_ref().take(limit + 1).read_to_end(&mut content).map_err(|error| unreadable(&error))?;
    match content.len() as u64 {
        bytes if bytes <= limit && bytes == entry.size() => Ok(content),
        bytes if bytes <= limit => Err(format!("it has {bytes} bytes, and says {}", entry.size())),
        _ if limit == MAX_FILE => Err(format!("it has more than {} MB", MAX_FILE >> 20)),
        _ if limit == left => Err(format!("with it, the archive holds more than {} MB", MAX_TOTAL >> 20)),
        _ => Err(format!("it is more than {MAX_RATIO} times as large as it is packed")),
    }
}

/// The names that an archive has so far, as systems that do not tell capitals from small letters see them: those of
/// files, and of the folders that they stand in. Each has its name as written, and whether it is a folder.
#[derive(Default)]
struct Known(BTreeMap<String, (String, bool)>);

impl Known {
    /// What is wrong with one more name.
    fn problem(&mut self, path: &str, is_folder: bool) -> Option<String> {
        if let Some(problem) = names::problem(path) {
            return Some(problem);
        }
        let folders = path.match_indices('/').map(|(at, _)| (&path[..at], true));
        folders.chain([(path, is_folder)]).find_map(|(name, is_folder)| self.add(name, is_folder))
    }

    /// Adds a name; what is wrong with it beside those that there are.
    fn add(&mut self, name: &str, is_folder: bool) -> Option<String> {
        let (known, was_folder) = self.0.insert(names::folded(name), (name.to_owned(), is_folder))?;
        match (was_folder, is_folder) {
            (true, true) if known == name => None,
            (true, true) => Some(format!("the folders `{known}` and `{name}` are one on Windows and macOS")),
            (false, false) => Some(format!("another file has this name: Windows and macOS take `{known}` for it too")),
            _ => Some(format!("`{name}` is a file and a folder")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_gives_back_what_it_was_given_and_is_always_the_same() {
        let files = Memory::new("").with("b/c", "two").with("a", "one");
        let bytes = pack(&files).unwrap();
        assert_eq!(bytes, pack(&files).unwrap());
        let mut sink = Sink::new();
        let back = unpack("x.zip", &bytes, &mut sink).unwrap();
        assert_eq!(back.list("").unwrap(), ["a", "b/c"]);
        assert_eq!(back.read("b/c").unwrap(), b"two");
    }

    #[test]
    fn what_could_not_be_unpacked_is_not_packed() {
        let problem = pack(&Memory::new("p/").with("data/nul.csv", "")).unwrap_err();
        assert_eq!(problem.message, "`data/nul.csv` cannot be archived: `nul` is a device of Windows");
        assert_eq!(problem.span, Some(Span::file("p/data/nul.csv")));
        assert!(pack(&Memory::new("").with("A", "").with("a", "")).is_err());
    }
}
