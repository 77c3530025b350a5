//! An index: packs that are offered as static files, described by an `index.json` among them.
//!
//! ```json
//! {"format": 1, "expires": "2026-12-31", "packs": [
//!   {"id": "acme", "version": "1.0.0", "file": "acme-1.0.0-0123456789ab.zip",
//!    "sha256": "…", "sig": "acme-1.0.0-0123456789ab.zip.minisig"}
//! ]}
//! ```
//!
//! `file` and `sig` are paths below the index; `sha256` is that of the archive; a pack without `sig` is not signed.
//! `expires` is the last day on which the index holds. The index itself is not signed: it says what there is, and what is
//! installed is what a signature covers. How the files come here is the business of a [`Store`]: nothing in this module
//! knows a network.

use jiff::civil::Date;
use semver::Version;
use serde::Deserialize;

use super::names;
use super::sign::MAX_SIGNATURE;
use super::source::Wanted;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, nearest};
use crate::digest;
use crate::files::MAX_FILE;
use crate::reasons;

/// The index among its files.
pub const FILE: &str = "index.json";

/// The most bytes of an index: some ten thousand packs.
const MAX_INDEX: u64 = 4 << 20;

/// What has the files of an index.
pub trait Store {
    /// Where they are, as a name for the index: its address.
    fn address(&self) -> &str;

    /// The bytes of a file, by its path below the index; at most `limit`.
    ///
    /// # Errors
    /// A fault when it cannot be had, or is larger.
    fn get(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic>;
}

/// The packs that an index offers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    format: u32,
    /// The last day on which it holds, ISO 8601.
    #[serde(default)]
    expires: Option<String>,
    packs: Vec<Offer>,
}

/// A pack that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The pack's id.
    pub id: String,
    /// Its version.
    #[serde(deserialize_with = "super::manifest::parsed")]
    pub version: Version,
    /// The path of its archive.
    pub file: String,
    /// The SHA-256 of its archive, hexadecimal.
    pub sha256: String,
    /// The path of its signature.
    #[serde(default)]
    pub sig: Option<String>,
}

/// What was fetched of an offer.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The archive's file name.
    pub name: String,
    /// Its bytes.
    pub archive: Vec<u8>,
    /// The bytes of its signature.
    pub signature: Option<Vec<u8>>,
}

impl Index {
    /// Fetches and reads the index.
    ///
    /// # Errors
    /// A fault when it cannot be had, or is none.
    pub fn read(store: &dyn Store) -> Result<Index, Diagnostic> {
        let bytes = store.get(FILE, MAX_INDEX)?;
        let index: Index =
            serde_json::from_slice(&bytes).map_err(|error| unusable(format!("`{FILE}`: {}", reasons::json(&error))))?;
        if index.format != 1 {
            return Err(unusable(format!("`{FILE}` has format {}; this program reads format 1", index.format)));
        }
        let is_day = |text: &str| text.parse::<Date>().is_ok_and(|day| day.to_string() == text);
        if let Some(day) = index.expires.as_ref().filter(|day| !is_day(day)) {
            return Err(unusable(format!("`{FILE}` expires on `{day}`, which is not a date YYYY-MM-DD")));
        }
        for offer in &index.packs {
            for path in std::iter::once(&offer.file).chain(&offer.sig) {
                if let Some(problem) = names::problem(path) {
                    return Err(unusable(format!("`{FILE}` names the file `{path}`: {problem}")));
                }
            }
        }
        Ok(index)
    }

    /// A fault when the index no longer holds on a day, ISO 8601.
    pub fn expired(&self, today: &str) -> Option<Diagnostic> {
        let day = self.expires.as_deref().filter(|day| *day < today)?;
        Some(Diagnostic::fault(&codes::INDEX_EXPIRED, format!("the index holds until {day}, and today is {today}")))
    }

    /// The newest version of a pack that it offers.
    pub fn newest(&self, id: &str) -> Option<&Version> {
        self.packs.iter().filter(|offer| offer.id == id).map(|offer| &offer.version).max()
    }

    /// The newest version that will do; a version before a release only when it is asked for.
    ///
    /// # Errors
    /// A fault that says what there is instead.
    pub fn find(&self, wanted: &Wanted) -> Result<&Offer, Diagnostic> {
        let same: Vec<&Offer> = self.packs.iter().filter(|offer| offer.id == wanted.id).collect();
        let fits = same.iter().filter(|offer| wanted.range.matches(&offer.version));
        if let Some(best) = fits.max_by(|a, b| a.version.cmp(&b.version)) {
            return Ok(best);
        }
        let versions: Vec<String> = same.iter().map(|offer| offer.version.to_string()).collect();
        if !versions.is_empty() {
            let (id, range, there) = (&wanted.id, &wanted.range, versions.join(", "));
            let message = format!("no version of `{id}` in the index fits `{range}`; there is {there}");
            return Err(Diagnostic::fault(&codes::PACK_VERSION, message).help("ask for another range"));
        }
        let problem = Diagnostic::fault(&codes::PACK_MISSING, format!("the index has no pack `{}`", wanted.id));
        let ids = self.packs.iter().map(|offer| offer.id.as_str());
        Err(match nearest(&wanted.id, ids) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        })
    }
}

impl Offer {
    /// Fetches the archive and its signature; the archive is the one that the index describes.
    ///
    /// # Errors
    /// A fault when one cannot be had, or the archive is another.
    pub fn fetch(&self, store: &dyn Store) -> Result<Delivery, Diagnostic> {
        let archive = store.get(&self.file, MAX_FILE)?;
        let digest = digest::of_file(&archive);
        if !digest.eq_ignore_ascii_case(&self.sha256) {
            let message = format!("`{}` is not the file of the index: its SHA-256 is {digest}", self.file);
            return Err(unusable(message).help(format!("the index says {}", self.sha256)));
        }
        let signature = self.sig.as_ref().map(|path| store.get(path, MAX_SIGNATURE)).transpose()?;
        let name = self.file.rsplit('/').next().unwrap_or_default().to_owned();
        Ok(Delivery { name, archive, signature })
    }
}

fn unusable(problem: String) -> Diagnostic {
    Diagnostic::fault(&codes::PACK_INDEX, problem)
}
