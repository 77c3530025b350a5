//! Receipts: one line that says how far a history went and what its last line was, for a mail, a ticket, a git tag.
//!
//! ```text
//! folio-receipt 1 northwind 12 2026-11-28 <SHA-256 of line 12> [<signature> <signature of the comment>]
//! ```
//!
//! A receipt is worth something outside of the workspace alone: who can rewrite a history can rewrite what lies beside it.
//! A signature is that of minisign, of the first six words with a space between them; its trusted comment is the same text.

use std::fmt;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::pack::sign::{self, Key, SecretKey, Signed};

/// What a receipt begins with.
pub const MARK: &str = "folio-receipt";

/// The format that is written.
const FORMAT: &str = "1";

/// A line that says how far a history went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The workspace's id.
    pub workspace: String,
    /// How many entries there were.
    pub entries: u32,
    /// The day of the last.
    pub day: Date,
    /// The digest of its line.
    pub head: String,
    /// The two lines of a signature, in base64.
    pub signature: Option<(String, String)>,
}

impl Receipt {
    /// The receipts in a text, such as a mail: wrapped or quoted lines do no harm.
    ///
    /// # Errors
    /// In words, when there is none, or one is cut or damaged.
    pub fn read(text: &str) -> Result<Vec<Receipt>, String> {
        let mut found = Vec::new();
        let words: Vec<&str> = text.split_whitespace().filter(|word| word.chars().any(|c| c != '>')).collect();
        let starts: Vec<usize> = (0..words.len()).filter(|at| words[*at].ends_with(MARK)).collect();
        for at in starts {
            found.push(parse(&words[at + 1..])?);
        }
        if found.is_empty() {
            return Err(format!("there is no receipt in it: one begins with `{MARK}`"));
        }
        Ok(found)
    }

    /// What is signed.
    pub fn message(&self) -> String {
        format!("{MARK} {FORMAT} {} {} {} {}", self.workspace, self.entries, self.day, self.head)
    }

    /// The same receipt, signed.
    ///
    /// # Errors
    /// When the key cannot be used.
    pub fn signed(self, key: &SecretKey) -> Result<Receipt, Diagnostic> {
        let message = self.message();
        let bytes = sign::sign_as(message.as_bytes(), &message, "folio receipt", key)?;
        let text = String::from_utf8_lossy(&bytes);
        let line = |at| text.lines().nth(at).unwrap_or_default().to_owned();
        Ok(Receipt { signature: Some((line(1), line(3))), ..self })
    }

    /// The `.minisig` file of a signature, as minisign reads it.
    pub fn minisig(&self) -> Option<String> {
        let (own, of_comment) = self.signature.as_ref()?;
        Some(format!("untrusted comment: folio receipt\n{own}\ntrusted comment: {}\n{of_comment}\n", self.message()))
    }

    /// The number of the key that it says it was signed with; nothing where it is not signed, or what stands there is no
    /// signature.
    pub fn key_number(&self) -> Option<String> {
        Signed::read(self.minisig()?.as_bytes()).ok().map(|signed| signed.number)
    }

    /// Whether a key signed it.
    ///
    /// # Errors
    /// In words, when it did not.
    pub fn verify(&self, key: &Key) -> Result<(), String> {
        let text = self.minisig().ok_or("it is not signed")?;
        let signed = Signed::read(text.as_bytes()).map_err(|problem| problem.message)?;
        key.verify(self.message().as_bytes(), &signed).map_err(|problem| problem.message)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message())?;
        match &self.signature {
            Some((own, of_comment)) => write!(f, " {own} {of_comment}"),
            None => Ok(()),
        }
    }
}

/// Reads what stands after the mark.
fn parse(words: &[&str]) -> Result<Receipt, String> {
    let [format, workspace, entries, day, head, rest @ ..] = words else {
        return Err("the receipt is cut off: it has six words".into());
    };
    if *format != FORMAT {
        return Err(format!("the receipt has format {format}; this program reads {FORMAT}: use a newer one"));
    }
    let head = head.to_ascii_lowercase();
    if head.len() != 64 || !head.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(format!("`{head}` in the receipt is no digest: it has 64 letters from 0 to f"));
    }
    // A signature of minisign has 100 letters, that of its comment 88.
    let is_base64 = |word: &&&str, length: usize| {
        word.len() == length && word.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c))
    };
    let own = rest.first().filter(|word| is_base64(word, 100));
    let of_comment = rest.get(1).filter(|word| is_base64(word, 88));
    if own.is_some() != of_comment.is_some() {
        return Err("the signature of the receipt is cut off".into());
    }
    Ok(Receipt {
        workspace: (*workspace).to_owned(),
        entries: entries.parse().map_err(|_| format!("`{entries}` in the receipt is no number of entries"))?,
        day: day.parse().map_err(|_| format!("`{day}` in the receipt is no day"))?,
        head,
        signature: own.zip(of_comment).map(|(own, of_comment)| ((*own).to_owned(), (*of_comment).to_owned())),
    })
}
