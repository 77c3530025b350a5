//! Document control: what the engine itself knows of a document and prints around it.

use serde::{Deserialize, Serialize};

/// The control data of a document (ISO 27001 calls it documented information; ISO 10013 has the customary items).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Control {
    /// The document's id in the pack, such as `isms-scope`.
    pub id: String,
    /// Its number in the set, such as `ISMS-01`.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The word for its kind, in the pack's language: policy, procedure, register, …
    pub kind: String,
    /// The organisation's name.
    pub organisation: String,
    /// The organisation's short name, for headers.
    pub organisation_short: String,
    /// How far it may be shown.
    pub classification: Level,
    /// The version as printed, such as `0.3` or `draft after 1.2`.
    pub version: String,
    /// Where it is in its life.
    pub state: State,
    /// Whether it prints values of the pack's starter that nobody replaced yet.
    pub sample: bool,
    /// The date of what it says: ISO 8601, never the clock's.
    pub as_of: String,
    /// The same date in words.
    pub date: String,
    /// When it is to be reviewed, in words.
    pub next_review: Option<String>,
    /// Who answers for it.
    pub owner: Party,
    /// Who wrote it.
    pub author: Party,
    /// Who approves it.
    pub approver: Party,
    /// Its versions, newest first.
    pub history: Vec<Revision>,
    /// The standard and edition, such as `ISO/IEC 27001:2013`.
    pub standard: String,
    /// What in the standard it answers, such as `Clause 4.3`.
    pub satisfies: Vec<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Its language, BCP 47, such as `en-GB`.
    pub language: String,
    /// The pack it was made with, such as `iso27001-2013 0.1.0`.
    pub pack: String,
    /// The workspace's id, so that a file that comes back is recognised.
    pub workspace: String,
}

/// Where a document is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not approved; carries the draft watermark.
    Draft,
    /// Approved.
    Issued,
}

/// A level of classification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Its key.
    pub id: String,
    /// Its name as printed.
    pub label: String,
}

/// Somebody in a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// The role's title.
    pub role: String,
    /// Who holds it; `None` where a role stands without its holder.
    pub name: Option<String>,
    /// The role's key.
    pub key: String,
}

/// A version of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Such as `1.2`.
    pub version: String,
    /// In words.
    pub date: String,
    /// Who made it.
    pub author: String,
    /// What changed.
    pub change: String,
}
