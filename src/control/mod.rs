//! Document control: what was rendered, from what, and by whom it was changed since.

pub mod lock;

use sha2::{Digest, Sha256};

/// The SHA-256 of some parts, each preceded by its length so that no two lists of parts agree by chance; hexadecimal.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

/// The SHA-256 of a file's bytes, in hexadecimal, as `sha256sum` prints it.
pub fn file_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
