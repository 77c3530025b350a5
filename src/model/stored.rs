//! Documents as they are kept: JSON with a format number, the same bytes for the same document.
//!
//! ```json
//! {"format":1,"document":{"control":{…},"body":[…],"footnotes":{}}}
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Document;
use crate::digest;
use crate::reasons;

/// The format that is written. It goes up when a program that reads the last one would misread this.
pub const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    document: &'a Document,
}

#[derive(Deserialize)]
struct Head {
    format: u32,
}

#[derive(Deserialize)]
struct Read {
    document: Document,
}

/// Why bytes are not a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A newer program wrote them, in this format.
    Newer(u32),
    /// They are damaged, or something else.
    Damaged(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Newer(format) => {
                write!(f, "the document is kept in format {format}; this program reads up to {FORMAT}: use a newer one")
            }
            Unreadable::Damaged(problem) => write!(f, "this is not a kept document: {problem}"),
        }
    }
}

/// The bytes of a document.
pub fn bytes(document: &Document) -> Vec<u8> {
    // Writing to memory fails only for maps whose keys are not texts or numbers, and a document has none.
    serde_json::to_vec(&Written { format: FORMAT, document }).unwrap_or_default()
}

/// The digest by which a document's bytes are kept and found.
pub fn digest(bytes: &[u8]) -> String {
    digest::of_file(bytes)
}

/// Reads what [`bytes`] gave.
///
/// # Errors
/// When the bytes are of a newer format, or no document.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let damaged = |error: serde_json::Error| Unreadable::Damaged(reasons::json(&error));
    match serde_json::from_slice(bytes).map_err(damaged)? {
        Head { format } if format > FORMAT => Err(Unreadable::Newer(format)),
        Head { .. } => serde_json::from_slice(bytes).map(|Read { document }| document).map_err(damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::specimen;

    #[test]
    fn a_document_comes_back_as_it_was() {
        let body = vec![specimen::p(vec![specimen::text("By "), specimen::data("Ann", "people[ann].name")])];
        let document = Document { control: specimen::control(), body, footnotes: Default::default(), gaps: Vec::new() };
        let kept = bytes(&document);
        assert_eq!(read(&kept), Ok(document.clone()));
        assert_eq!(bytes(&document), kept);
        assert_eq!(digest(&kept).len(), 64);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        assert_eq!(read(br#"{"format":2,"pages":[]}"#), Err(Unreadable::Newer(2)));
        assert!(read(br#"{"format":2}"#).unwrap_err().to_string().contains("use a newer one"));
        for bytes in [&b""[..], b"[]", b"{}", br#"{"format":1}"#, br#"{"format":1,"document":{}}"#, b"\xff"] {
            assert!(matches!(read(bytes), Err(Unreadable::Damaged(_))), "{bytes:?}");
        }
    }
}
