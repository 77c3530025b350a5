//! The words that the engine itself prints, in the pack's language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The engine's labels, read from a pack's `strings.yaml`. Every one must be given; there is no default language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strings {
    /// Above the table of contents.
    pub contents: String,
    /// Before a table's number.
    pub table: String,
    /// Before a figure's number.
    pub figure: String,
    /// Before a heading's number in a reference, inside a sentence.
    pub section: String,
    /// `page` in `page 3 of 7`.
    pub page: String,
    /// `of` in `page 3 of 7`.
    pub of: String,
    /// In the control table: the number.
    pub number: String,
    /// In the control table: the version.
    pub version: String,
    /// In the control table: the date.
    pub date: String,
    /// In the control table: when the next review is due.
    pub next_review: String,
    /// In the control table: when the review of what was never approved is due, with `{months}` where their number
    /// stands. A pack that does not have it leaves the line out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_after_approval: Option<Counted>,
    /// In the control table: the owner.
    pub owner: String,
    /// In the control table: the author.
    pub author: String,
    /// In the control table: the approver.
    pub approver: String,
    /// In the control table: the classification.
    pub classification: String,
    /// In the control table: what in the standard the document answers.
    pub answers: String,
    /// Above the history of versions.
    pub history: String,
    /// In the history: what changed.
    pub change: String,
    /// The version of a document that was never issued.
    pub draft: String,
    /// Before the last issued version in the version of a draft: `draft after 1.2`.
    pub draft_after: String,
    /// Across the pages of a draft.
    pub watermark_draft: String,
    /// Across the pages of a document that prints sample values.
    pub watermark_sample: String,
    /// In a sign-off block: who.
    pub name: String,
    /// In a sign-off block: in which role.
    pub role: String,
    /// In a sign-off block: the line to sign on.
    pub signature: String,
    /// A callout of what matters most.
    pub callout_glance: String,
    /// A callout of something worth knowing.
    pub callout_note: String,
    /// A callout of something that must not be missed.
    pub callout_important: String,
    /// A callout of something that does harm.
    pub callout_warning: String,
    /// Shown in a text field that is empty.
    pub field_text: String,
    /// Shown in a date field that is empty.
    pub field_date: String,
    /// Shown in a choice that is not made.
    pub field_choice: String,
    /// The word for `yes` where a value is true.
    pub yes: String,
    /// The word for `no` where a value is false.
    pub no: String,
    /// Before the last item of a list in a sentence.
    pub and: String,
    /// For each catalogue that topics cite, the word before one id and before several, in the order of printing.
    pub citations: Vec<Citation>,
    /// The months, for dates in words.
    pub months: [String; 12],
    /// Kinds of document: policy, procedure, plan, statement, register, record, and those of the pack's own.
    pub kinds: BTreeMap<String, String>,
    /// Titles of documents, by their ids, in place of those that they have themselves.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
}

/// Words that go with a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// For one.
    pub one: String,
    /// For several.
    pub many: String,
}

/// How ids of a catalogue are cited: `control A.9.2.6`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The catalogue, as topics name it.
    pub catalogue: String,
    /// The word before one id.
    pub one: String,
    /// The word before several.
    pub many: String,
}
