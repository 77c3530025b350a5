//! Archives that mean harm: each is refused, with the entry that is to blame.

use std::io::{Cursor, Write as _};

use folio::diagnostic::Sink;
use folio::files::{Files as _, MAX_FILES};
use folio::pack::archive::{pack, unpack};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An entry, written as it is told to be, whatever a sound archiver would say.
#[derive(Clone)]
struct Entry {
    name: Vec<u8>,
    content: Vec<u8>,
    flags: u16,
    method: u16,
    /// Unix: kind and permissions.
    mode: u32,
    /// The size that is claimed; the real one when absent.
    size: Option<u32>,
    /// The name before the content, where it differs from that in the directory.
    local: Option<Vec<u8>>,
}

fn entry(name: impl AsRef<[u8]>, content: &str) -> Entry {
    Entry {
        name: name.as_ref().to_vec(),
        content: content.as_bytes().to_vec(),
        flags: 1 << 11,
        method: 0,
        mode: 0o100_644,
        size: None,
        local: None,
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// An archive of stored entries (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>).
fn archive(entries: &[Entry]) -> Vec<u8> {
    archive_with(b"", entries, b"", |_| Vec::new())
}

/// An archive that begins with some bytes, has some before its directory, and between that and its end record what
/// `between` makes of the place, number of entries, size and offset of the directory. All offsets are right.
fn archive_with(first: &[u8], entries: &[Entry], gap: &[u8], between: impl Fn([u64; 4]) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = first.to_vec();
    let mut directory = Vec::new();
    for entry in entries {
        let start = bytes.len() as u32;
        let mut common = Vec::new();
        common.extend(20u16.to_le_bytes());
        common.extend(entry.flags.to_le_bytes());
        common.extend(entry.method.to_le_bytes());
        common.extend([0, 0, 0x21, 0]);
        common.extend(crc32(&entry.content).to_le_bytes());
        common.extend((entry.content.len() as u32).to_le_bytes());
        common.extend(entry.size.unwrap_or(entry.content.len() as u32).to_le_bytes());
        let local = entry.local.as_ref().unwrap_or(&entry.name);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend((local.len() as u16).to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(local);
        bytes.extend(&entry.content);
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(&common);
        directory.extend((entry.name.len() as u16).to_le_bytes());
        directory.extend([0; 8]);
        directory.extend((entry.mode << 16).to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(&entry.name);
    }
    bytes.extend(gap);
    let start = bytes.len() as u32;
    let count = entries.len() as u16;
    bytes.extend(&directory);
    bytes.extend(between([bytes.len() as u64, u64::from(count), directory.len() as u64, u64::from(start)]));
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// What is said of an archive; it must be refused.
fn refused(bytes: &[u8]) -> String {
    let mut sink = Sink::new();
    assert!(unpack("x.zip", bytes, &mut sink).is_none(), "{sink:?}");
    assert!(sink.iter().all(|problem| problem.code == "F370" && problem.span.as_ref().unwrap().file == "x.zip"));
    sink.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_sound_archive_is_read() {
    let bytes = archive(&[entry("pack.yaml", "id: a"), entry("documents/", ""), entry("documents/größe.md.hbs", "x")]);
    let files = unpack("x.zip", &bytes, &mut Sink::new()).unwrap();
    assert_eq!(files.list("").unwrap(), ["documents/größe.md.hbs", "pack.yaml"]);
    assert_eq!(files.read("pack.yaml").unwrap(), b"id: a");
}

#[test]
fn a_path_that_leads_out_is_refused() {
    for (path, said) in [
        ("../out", "leads out"),
        ("a/../../out", "leads out"),
        ("a/./b", "leads out"),
        ("/etc/passwd", "absolute"),
        ("//host/share/a", "absolute"),
        ("C:/Windows/a", "absolute"),
        ("C:a", "absolute"),
        ("\\\\host\\share\\a", "backslash"),
        ("..\\out", "backslash"),
        ("a\\b", "backslash"),
    ] {
        let said_of = refused(&archive(&[entry(path, "x")]));
        assert!(said_of.contains(said) && said_of.contains(path), "{path}: {said_of}");
    }
}

#[test]
fn a_name_that_some_system_cannot_hold_is_refused() {
    for (path, said) in [
        ("data/nul.csv", "device"),
        ("COM1", "device"),
        ("ab:c", "forbids `:`"),
        ("a.", "dot or space"),
        ("a\u{7}b", "control character U+0007"),
        ("a\u{0}b", "control character U+0000"),
        ("e\u{301}", "normal form"),
    ] {
        let said_of = refused(&archive(&[entry(path, "x")]));
        assert!(said_of.contains(said), "{path:?}: {said_of}");
    }
    assert!(refused(&archive(&[entry(b"caf\xE9.csv", "x")])).contains("not UTF-8"));
    let deep = format!("{}a", "d/".repeat(16));
    assert!(refused(&archive(&[entry(deep, "x")])).contains("nested deeper than 16"));
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    let twice = |a: &str, b: &str| refused(&archive(&[entry(a, "1"), entry(b, "2")]));
    assert!(twice("a", "a").contains("two of its files have one name"));
    assert!(twice("data/A.csv", "data/a.csv").contains("another file has this name"));
    assert!(twice("DATA/a.csv", "data/A.csv").contains("the folders `DATA` and `data` are one"));
    assert!(twice("x/a", "X/b").contains("the folders `x` and `X` are one"));
    for (one, other) in [("ß", "SS"), ("ẞ", "ss"), ("σ", "ς"), ("ſ", "s"), ("ﬁ", "FI"), ("ı", "I"), ("µ", "μ")]
    {
        let said = twice(&format!("data/{one}.csv"), &format!("data/{other}.csv"));
        assert!(said.contains(&format!("take `data/{one}.csv` for it too")), "{one} {other}: {said}");
    }
    assert!(twice("data", "data/a.csv").contains("is a file and a folder"));
    assert!(twice("data/a.csv", "Data").contains("is a file and a folder"));
    assert!(twice("data/", "data").contains("is a file and a folder"));
    assert!(twice("data", "data/").contains("is a file and a folder"));
}

#[test]
fn links_and_devices_are_refused() {
    for kind in [0o120_000, 0o010_000, 0o020_000, 0o060_000, 0o140_000] {
        let said = refused(&archive(&[Entry { mode: kind | 0o777, ..entry("a", "/etc/passwd") }]));
        assert_eq!(said, "`a`: it is a link or a device, not a file");
    }
}

#[test]
fn an_encrypted_or_unknown_entry_is_refused() {
    let said = refused(&archive(&[Entry { flags: 1, ..entry("a", "0123456789abcdef") }]));
    assert!(said.contains("`a`: it cannot be read: it is protected by a password"), "{said}");
    let said = refused(&archive(&[Entry { method: 99, ..entry("a", "x") }]));
    assert!(said.contains("few programs know"), "{said}");
}

#[test]
fn an_archive_that_says_two_things_is_refused() {
    let said = refused(&archive(&[Entry { local: Some(b"other".to_vec()), ..entry("a", "x") }]));
    assert!(said.contains("no sound archive"), "{said}");
    let one = archive(&[entry("a", "x")]);
    assert!(refused(&[b"MZ something to run".as_slice(), &one].concat()).contains("something stands before"));
    for broken in [b"".as_slice(), b"PK\x05\x06", b"not a zip", &one[..one.len() - 4]] {
        assert!(refused(broken).contains("no sound archive"));
    }
    let mut flipped = one.clone();
    flipped[31] ^= 1; // The content: its checksum does not fit any more.
    assert!(refused(&flipped).contains("damaged"));
}

#[test]
fn what_is_no_part_of_an_archive_is_refused() {
    let entries = [entry("a", "x"), entry("b", "y")];
    let hidden = archive_with(b"MZ something to run", &entries, b"", |_| Vec::new());
    assert!(refused(&hidden).contains("something stands before its first entry"), "{}", refused(&hidden));
    let hidden = archive_with(b"", &entries, b"hidden", |_| Vec::new());
    assert!(refused(&hidden).contains("something stands between its entries"), "{}", refused(&hidden));
    let hidden = archive_with(b"", &entries, b"", |_| b"hidden".to_vec());
    assert!(refused(&hidden).contains("its end record does not describe its directory"), "{}", refused(&hidden));
    let whole = archive(&entries);
    assert!(refused(&[whole.as_slice(), b"\0"].concat()).contains("no sound archive"));
    let mut commented = [whole.as_slice(), b"#!/bin/sh"].concat();
    commented[whole.len() - 2] = 9;
    assert!(refused(&commented).contains("a comment, or something else, stands after its end record"));
}

/// The ZIP64 end record and its locator: the number of entries, the size and the offset of the directory.
fn zip64(place: u64, [entries, size, offset]: [u64; 3]) -> Vec<u8> {
    let mut bytes = b"PK\x06\x06".to_vec();
    bytes.extend(44u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    [entries, entries, size, offset].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(place.to_le_bytes());
    bytes.extend(1u32.to_le_bytes());
    bytes
}

#[test]
fn two_end_records_agree() {
    let entries = [entry("a", "x"), entry("b", "y")];
    let sound = archive_with(b"", &entries, b"", |[place, count, size, start]| zip64(place, [count, size, start]));
    assert!(unpack("x.zip", &sound, &mut Sink::new()).is_some());
    let lies: [fn([u64; 4]) -> Vec<u8>; 4] = [
        |[place, count, size, start]| zip64(place, [count - 1, size, start]),
        |[place, count, size, start]| zip64(place, [count, size - 1, start]),
        |[place, count, size, start]| zip64(place, [count, size, start + 1]),
        |[place, count, size, start]| zip64(place - 1, [count, size, start]),
    ];
    for lie in lies {
        let said = refused(&archive_with(b"", &entries, b"", lie));
        assert!(said.contains("no sound archive"), "{said}");
    }
}

/// What other programs write: sizes after the content, where they write into a pipe.
#[test]
fn a_streamed_archive_is_read() {
    let mut writer = ZipWriter::new_stream(Vec::new());
    for name in ["pack.yaml", "documents/a.md.hbs"] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(b"id: a").unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let mut sink = Sink::new();
    assert!(unpack("x.zip", &bytes, &mut sink).is_some(), "{sink:?}");
}

/// Many files, each sharing the bytes of the next, as in the bomb of 42 KB that holds 5 GB.
#[test]
fn entries_that_share_their_bytes_are_refused() {
    let mut bytes = archive(&[entry("a", "0123456789"), entry("b", "0123456789")]);
    let second = bytes.windows(4).rposition(|part| part == b"PK\x01\x02").unwrap();
    bytes[second + 42..second + 46].copy_from_slice(&0u32.to_le_bytes());
    assert!(refused(&bytes).contains("no sound archive"));
}

fn deflated(files: &[(&str, usize)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let zeros = vec![0; 1 << 20];
    for (name, megabytes) in files {
        writer.start_file(*name, options).unwrap();
        (0..*megabytes).for_each(|_| writer.write_all(&zeros).unwrap());
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let small = deflated(&[("a", 1)]);
    assert!(small.len() < 2_000, "a megabyte of nothing is packed a thousand times smaller");
    assert!(unpack("x.zip", &small, &mut Sink::new()).is_some(), "a small file may be packed as tightly as it can");
    assert_eq!(refused(&deflated(&[("a", 2)])), "`a`: it is more than 100 times as large as it is packed");
    let lying = archive(&[Entry { size: Some(4_000_000_000), ..entry("a", "x") }]);
    assert_eq!(refused(&lying), "`a`: it has 1 bytes, and says 4000000000");
}

#[test]
fn what_is_too_much_is_refused() {
    let large = "0".repeat(33 << 20);
    assert_eq!(refused(&archive(&[entry("a", &large)])), "`a`: it has more than 32 MB");
    let part = &large[..26 << 20];
    let many: Vec<Entry> = ["a", "b", "c", "d", "e"].into_iter().map(|name| entry(name, part)).collect();
    assert_eq!(refused(&archive(&many)), "`e`: with it, the archive holds more than 128 MB");
    let many: Vec<Entry> = (0..=MAX_FILES).map(|number| entry(number.to_string(), "")).collect();
    assert!(refused(&archive(&many)).contains("more than 10000 files"));
}

#[test]
fn an_archive_in_an_archive_is_a_file() {
    let inner = pack(&folio::files::Memory::new("").with("../out", "")).unwrap_err();
    assert_eq!(inner.code, "F370");
    let inner = String::from_utf8_lossy(&archive(&[entry("../out", "x")])).into_owned();
    let files = unpack("x.zip", &archive(&[entry("images/inner.zip", &inner)]), &mut Sink::new()).unwrap();
    assert_eq!(files.list("").unwrap(), ["images/inner.zip"]);
}

#[test]
fn every_bad_entry_is_named() {
    let said = refused(&archive(&[entry("../a", ""), entry("ok", ""), entry("nul", "")]));
    assert_eq!(said.lines().count(), 2, "{said}");
}
