//! Packs as archives: what a workspace keeps of the pack that it renders with.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::{Files, MAX_FILE, MAX_FILES, Memory};

/// The most bytes that an archive may hold, unpacked.
const MAX_TOTAL: u64 = 128 << 20;

/// How an archive is called: id, version and the beginning of the digest.
pub fn file_name(id: &str, version: &str, digest: &str) -> String {
    format!("{id}-{version}-{}.zip", digest.get(..12).unwrap_or(digest))
}

/// Packs files, sorted, with fixed stamps: the same files give the same bytes.
///
/// # Errors
/// When a file cannot be read.
pub fn pack(files: &dyn Files) -> Result<Vec<u8>, Diagnostic> {
    let unreadable = |error: crate::files::FileError| Diagnostic::fault(&codes::PACK_FILE, error.to_string());
    let unwritten = |error: zip::result::ZipError| {
        Diagnostic::fault(&codes::PACK_FILE, format!("the pack cannot be archived: {error}"))
    };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for path in files.list("").map_err(unreadable)? {
        let bytes = files.read(&path).map_err(unreadable)?;
        archive.start_file(path, options).map_err(unwritten)?;
        archive.write_all(&bytes).map_err(|error| unwritten(error.into()))?;
    }
    Ok(archive.finish().map_err(unwritten)?.into_inner())
}

/// Unpacks an archive into memory. Paths that leave the archive, links, and what is too large are faults.
pub fn unpack(name: &str, bytes: &[u8], sink: &mut Sink) -> Option<Memory> {
    let mut refuse = |problem: String| {
        sink.push(Diagnostic::fault(&codes::PACK_FILE, format!("`{name}`: {problem}")).at(Span::file(name)));
    };
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => {
            refuse(format!("this is not an archive: {error}"));
            return None;
        }
    };
    if archive.len() > MAX_FILES {
        refuse(format!("it holds more than {MAX_FILES} files"));
        return None;
    }
    let mut files = Memory::new(format!("{name}/"));
    let mut total = 0;
    for index in 0..archive.len() {
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                refuse(format!("an entry cannot be read: {error}"));
                return None;
            }
        };
        let Ok(path) = entry.name().map(|name| name.into_owned()) else {
            refuse("the name of an entry is not UTF-8".into());
            return None;
        };
        if entry.enclosed_name().is_none() || entry.is_symlink() || path.contains('\\') || path.starts_with('/') {
            refuse(format!("`{path}` leads out of the archive"));
            return None;
        }
        if entry.is_dir() {
            continue;
        }
        let mut content = Vec::new();
        // What the archive says of a size is not believed: reading stops at the limit.
        let read = entry.by_ref().take(MAX_FILE + 1).read_to_end(&mut content);
        total += content.len() as u64;
        if read.is_err() || content.len() as u64 > MAX_FILE || total > MAX_TOTAL {
            refuse(format!("`{path}` is damaged or too large"));
            return None;
        }
        files.insert(path, content);
    }
    Some(files)
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
    fn an_archive_that_leads_out_is_refused() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("../out", SimpleFileOptions::default()).unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        let mut sink = Sink::new();
        assert!(unpack("x.zip", &bytes, &mut sink).is_none());
        assert!(sink.iter().next().unwrap().message.contains("leads out"));
        assert!(unpack("x.zip", b"not a zip", &mut sink).is_none());
    }
}
