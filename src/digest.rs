//! Digests: SHA-256 in hexadecimal.

use std::io::Read;

use sha2::{Digest, Sha256};

/// The digest of some parts, each preceded by its length so that no two lists of parts agree by chance.
pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// The digest of a file's bytes, as `sha256sum` prints it.
pub fn of_file(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of what a reader gives, a piece at a time.
///
/// # Errors
/// The reader's.
pub fn of_reader(mut reader: impl Read) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match reader.read(&mut piece)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&piece[..count]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
