//! Whether an archive is its entries, its directory and its end record, and nothing else. What stands before, between or
//! after them is seen by one program and not by another, and so an archive could be two.
//!
//! Names of fields are those of APPNOTE.TXT 6.3 (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>), 4.3.

use std::io::Cursor;

use zip::ZipArchive;

/// The end of central directory record, without a comment.
const END: (&[u8], usize) = (b"PK\x05\x06", 22);
/// The ZIP64 end of central directory locator.
const LOCATOR: (&[u8], usize) = (b"PK\x06\x07", 20);
/// The ZIP64 end of central directory record, without extensible data.
const END_64: (&[u8], usize) = (b"PK\x06\x06", 56);
/// A header of the central directory, without its name, extra fields and comment.
const HEADER: (&[u8], usize) = (b"PK\x01\x02", 46);

/// How long a data descriptor may be: with and without signature, with sizes of four and of eight bytes.
const DESCRIPTORS: [u64; 4] = [12, 16, 20, 24];

/// What the end record says of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Directory {
    entries: u64,
    size: u64,
    offset: u64,
    /// Where what follows it begins.
    end: u64,
}

/// What is wrong with the layout of an archive that a reader could open.
pub(super) fn problem(bytes: &[u8], archive: &mut ZipArchive<Cursor<&[u8]>>) -> Option<String> {
    check(bytes, archive).err()
}

fn check(bytes: &[u8], archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), String> {
    let directory = directory(bytes)?;
    let is_read_so = archive.len() as u64 == directory.entries && archive.central_directory_start() == directory.offset;
    if !is_read_so || directory.offset.checked_add(directory.size) != Some(directory.end) {
        return Err("its end record does not describe its directory".into());
    }
    headers(bytes, directory)?;
    // Where the entry before ended, and whether a data descriptor may follow it.
    let (mut at, mut has_descriptor) = (0, false);
    let mut entries = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| "an entry cannot be read")?;
        let start = entry.header_start();
        let data = entry.data_start().ok_or("an entry has no content")?;
        let flags = bytes.get(usize::try_from(start).unwrap_or(usize::MAX)..).and_then(|header| number(header, 6, 2));
        let end = data.checked_add(entry.compressed_size()).ok_or("an entry has no end")?;
        entries.push((start, end, flags.is_some_and(|flags| flags & 8 != 0)));
    }
    entries.sort_unstable();
    entries.push((directory.offset, directory.end, false));
    for (start, end, has_one) in entries {
        let gap = start.checked_sub(at).ok_or("its entries share their bytes")?;
        if gap != 0 && !(has_descriptor && DESCRIPTORS.contains(&gap)) {
            let place = if at == 0 { "before its first entry" } else { "between its entries" };
            return Err(format!("something stands {place} that belongs to none"));
        }
        (at, has_descriptor) = (end, has_one);
    }
    Ok(())
}

/// The directory as the end records have it, which must agree.
fn directory(bytes: &[u8]) -> Result<Directory, String> {
    let at = bytes.len().checked_sub(END.1).ok_or("it has no end record")?;
    let end = &bytes[at..];
    if !end.starts_with(END.0) || number(end, 20, 2) != Some(0) {
        return Err("a comment, or something else, stands after its end record".into());
    }
    let field = |at, bytes| number(end, at, bytes).unwrap_or_default();
    let plain = Directory { entries: field(10, 2), size: field(12, 4), offset: field(16, 4), end: at as u64 };
    let Some(locator_at) = at.checked_sub(LOCATOR.1).filter(|at| bytes[*at..].starts_with(LOCATOR.0)) else {
        return Ok(plain);
    };
    let differs = || "its two end records differ".to_owned();
    let record_at = number(&bytes[locator_at..], 8, 8).ok_or_else(differs)?;
    let record = locator_at.checked_sub(END_64.1).filter(|at| *at as u64 == record_at).ok_or_else(differs)?;
    let large = &bytes[record..];
    if !large.starts_with(END_64.0) || number(large, 4, 8) != Some(END_64.1 as u64 - 12) {
        return Err(differs());
    }
    let field = |at| number(large, at, 8).unwrap_or_default();
    let whole = Directory { entries: field(32), size: field(40), offset: field(48), end: record_at };
    // A field that is all ones says that the value is in the other record.
    let agrees = |small: u64, large: u64, ones: u32| small == large || small == u64::from(ones);
    let agree = agrees(plain.entries, whole.entries, u32::from(u16::MAX))
        && agrees(plain.size, whole.size, u32::MAX)
        && agrees(plain.offset, whole.offset, u32::MAX)
        && field(24) == whole.entries;
    if agree { Ok(whole) } else { Err(differs()) }
}

/// Goes through the headers of the directory, which must fill it.
fn headers(bytes: &[u8], directory: Directory) -> Result<(), String> {
    let unfit = || "its directory holds something besides its entries".to_owned();
    let range = usize::try_from(directory.offset).ok().zip(usize::try_from(directory.end).ok());
    let mut rest = range.and_then(|(start, end)| bytes.get(start..end)).ok_or_else(unfit)?;
    for _ in 0..directory.entries {
        if !rest.starts_with(HEADER.0) {
            return Err(unfit());
        }
        let lengths = [28, 30, 32].map(|at| number(rest, at, 2).unwrap_or_default() as usize);
        rest = rest.get(HEADER.1 + lengths.iter().sum::<usize>()..).ok_or_else(unfit)?;
    }
    if rest.is_empty() { Ok(()) } else { Err(unfit()) }
}

/// A number of at most eight bytes, the lowest first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    Some(bytes.get(at..at.checked_add(length)?)?.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
