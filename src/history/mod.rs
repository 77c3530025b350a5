//! What was issued: the entries of `.folio/history.jsonl`, and what is kept of each version.
//!
//! ```text
//! .folio/history.jsonl                         one entry a line, each with the digest of the line before it
//! .folio/issued/<document>/<version>/          model.json, and every file that was given out, by its name
//! .folio/facts/<sha256>.json                   what versions were made from: see [`Facts`]
//! ```
//!
//! A history is read like anything else that comes by version control: bounded, and trusted with nothing but its own
//! folder. Whether it is whole is asked elsewhere; here a line that is no entry is a fault.

mod facts;
mod force;
mod list;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::digest;
use crate::files::Files;
use crate::lock::{LockedHistory, LockedPack};
use crate::model::control::iso;
use crate::model::{Document, stored};
use crate::names;
use crate::reasons;

pub use facts::{FACTS, Facts};
pub use list::{Life, Listed, list};
pub use places::{COMING, Came, IN_FORCE, Places, Standing, Turned, named};

/// The file's name in a workspace.
pub const FILE: &str = ".folio/history.jsonl";

/// The folder of what was issued.
pub const ISSUED: &str = ".folio/issued";

/// The name of a version's model, in the folder of the version.
pub const MODEL: &str = "model.json";

/// The format that is written.
pub const FORMAT: u32 = 1;

/// What the first entry names as the one before it.
pub const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The most entries that are read. Each may be asked for all the others, so that there have to be few enough for that: a firm
/// that issues something each day comes to these in thirteen years.
const MAX_ENTRIES: usize = 5_000;

/// The most versions that all entries name together.
const MAX_VERSIONS: usize = 20_000;

/// The most documents that were ever issued.
const MAX_DOCUMENTS: usize = 500;

/// The model of a version that several approved, as the last of them completed it.
pub const APPROVED: &str = "approved.json";

/// The history of a workspace, oldest entry first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// The entries.
    pub entries: Vec<Entry>,
    /// The digest of the last line; [`NOTHING`] where there is none.
    pub head: String,
}

/// What happened on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The format of this line.
    pub format: u32,
    /// Its place, from 1.
    pub number: u32,
    /// The digest of the line before it, without its line end.
    pub previous: String,
    /// What happened.
    pub event: Event,
    /// The day, as whoever did it said it.
    #[serde(with = "iso")]
    pub day: Date,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Approval>,
    /// The documents that it is about.
    pub documents: Vec<Issued>,
    /// The packs that they were made with, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<LockedPack>,
    /// The digest of what they were made from, by which the workspace keeps it: see [`Facts`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<String>,
    /// The program that made them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub program: String,
    /// What was known of an earlier history that was not there any more, where somebody went on without it on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<LockedHistory>,
}

/// The kinds of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Documents were approved and given out, or put before further approvers.
    Issue,
    /// A further approver approved what waited for it.
    Approve,
    /// Documents are not in force any more.
    Withdraw,
    /// Documents that were made elsewhere count as issued.
    Baseline,
}

/// A version of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// The document's id.
    pub id: EcoString,
    /// The version.
    pub version: EcoString,
    /// Its number in the set, of one that was made elsewhere: else its model has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Its title, of one that was made elsewhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The digest of its model: of the bytes of [`MODEL`]. None of a document that was made elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The digest of what it says, whatever its version: see [`crate::model::content`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Its files, by format.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<EcoString, GivenOut>,
    /// Who wrote it, as its history says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// What changed, as its history says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub change: String,
    /// Since when it is in force, where that is not the day of its last approval.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "iso::option")]
    pub effective: Option<Date>,
    /// When it is to be reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "iso::option")]
    pub next_review: Option<Date>,
    /// Who approved it by this entry, each in the role and with the post in which he or she did; of a version that needed no
    /// approval of its own, who approved the one before it, on that day. Older entries have it in [`Entry::by`] alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// The roles or people who have yet to approve it, in turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaits: Vec<EcoString>,
}

/// A file that was given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenOut {
    /// Its name, in the folder of the version.
    pub name: EcoString,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

/// Who approved, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The key of the person, body or firm; none for a post without a holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<EcoString>,
    /// Its name at that time; empty for a post without a holder.
    #[serde(default, skip_serializing_if = "EcoString::is_empty")]
    pub name: EcoString,
    /// The key of the role in which it approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<EcoString>,
    /// The post at that time, as texts call it; empty where it has none.
    #[serde(default, skip_serializing_if = "EcoString::is_empty")]
    pub post: EcoString,
    /// The day.
    #[serde(with = "iso")]
    pub day: Date,
}

/// A version with the entry that has it.
#[derive(Debug, Clone, Copy)]
pub struct Version<'h> {
    /// The entry.
    pub entry: &'h Entry,
    /// What it says of the document.
    pub issued: &'h Issued,
}

impl History {
    /// Reads the history of a workspace; an empty one where there is none. What is no history is a fault.
    pub fn read(files: &dyn Files, sink: &mut Sink) -> Option<History> {
        let bytes = match files.read(FILE) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => return Some(History::of(Vec::new(), NOTHING.into())),
            Err(error) => {
                sink.push(broken(error.to_string(), 0));
                return None;
            }
        };
        History::parse(&bytes, sink)
    }

    /// Reads the bytes of a history.
    pub fn parse(bytes: &[u8], sink: &mut Sink) -> Option<History> {
        if let Some((problem, line)) = too_long(bytes) {
            sink.push(broken(problem, line));
            return None;
        }
        let (mut entries, mut head) = (Vec::new(), NOTHING.to_owned());
        for (at, line) in lines(bytes).enumerate() {
            let entry = match serde_json::from_slice::<Head>(line) {
                Ok(Head { format }) if format > FORMAT => {
                    Err(format!("its format is {format}; this program reads up to {FORMAT}: use a newer one"))
                }
                _ => serde_json::from_slice::<Entry>(line).map_err(|error| reasons::json(&error)),
            };
            let entry = entry.and_then(|entry| match entry.astray() {
                Some(file) => Err(format!("it names the file `{}`, which is no plain name", file.name)),
                None => Ok(entry),
            });
            match entry {
                Ok(entry) => entries.push(entry),
                Err(problem) => {
                    sink.push(broken(problem, at + 1));
                    return None;
                }
            }
            head = digest::of_file(line);
        }
        if let Some(problem) = too_many(&entries) {
            sink.push(broken(problem, 0));
            return None;
        }
        Some(History::of(entries, head))
    }

    fn of(entries: Vec<Entry>, head: String) -> History {
        History { entries, head }
    }

    /// How far it goes; nothing where nothing was issued.
    pub fn reach(&self) -> Option<LockedHistory> {
        let entries = u32::try_from(self.entries.len()).ok().filter(|entries| *entries > 0)?;
        Some(LockedHistory { entries, head: self.head.clone() })
    }

    /// Whether it goes on from as far as another is known to have gone.
    pub fn goes_on_from(&self, known: &LockedHistory) -> bool {
        let next = self.entries.get(known.entries as usize).map(|entry| &entry.previous);
        let is_last = self.entries.len() == known.entries as usize;
        known.entries == 0 || next.or(is_last.then_some(&self.head)) == Some(&known.head)
    }

    /// Every version of a document, oldest first; not what withdraws it, and not further approvals.
    pub fn versions<'h>(&'h self, document: &str) -> impl DoubleEndedIterator<Item = Version<'h>> {
        let entries = self.entries.iter().filter(|entry| matches!(entry.event, Event::Issue | Event::Baseline));
        let of_document = move |entry: &'h Entry| {
            let issued = entry.documents.iter().find(|issued| issued.id == document)?;
            Some(Version { entry, issued })
        };
        entries.filter_map(of_document)
    }

    /// The version of a document by its number.
    pub fn version<'h>(&'h self, document: &str, version: &str) -> Option<Version<'h>> {
        self.versions(document).find(|known| known.issued.version == version)
    }

    /// The last version of a document that everybody approved who had to; none of one that was withdrawn since.
    pub fn last<'h>(&'h self, document: &str) -> Option<Version<'h>> {
        let version = self.versions(document).rfind(|version| self.awaits(version).is_empty())?;
        let is_withdrawal = |entry: &&Entry| {
            entry.event == Event::Withdraw && entry.documents.iter().any(|issued| issued.id == document)
        };
        let mut later = self.entries.iter().filter(|entry| entry.number > version.entry.number);
        later.find(is_withdrawal).is_none().then_some(version)
    }

    /// Gives blocks and rows of a document the names that they have from its last version. One that is the first, or follows
    /// what was made elsewhere, keeps its own.
    ///
    /// # Errors
    /// When what is kept of that version is missing, or not what was issued.
    pub fn pass_names(&self, document: &mut Document, files: &dyn Files) -> Result<(), String> {
        let last = self.versions(&document.control.id).next_back();
        if let Some(before) = last.map(|version| version.document(files)).transpose()?.flatten() {
            names::inherit(document, &before);
        }
        Ok(())
    }

    /// What was given out of a version: of one that several approved, what the last of them completed.
    pub fn given_out<'h>(&'h self, version: &Version<'h>) -> &'h Issued {
        let (id, number) = (&version.issued.id, &version.issued.version);
        let approved = self.entries.iter().filter(|entry| entry.event == Event::Approve);
        let completed = approved
            .flat_map(|entry| &entry.documents)
            .rfind(|issued| issued.id == *id && issued.version == *number && issued.awaits.is_empty());
        completed.unwrap_or(version.issued)
    }

    /// Whether a document was issued and is not in force any more.
    pub fn is_withdrawn(&self, document: &str) -> bool {
        let is_of = |entry: &&Entry| entry.documents.iter().any(|issued| issued.id == document);
        self.entries.iter().rfind(is_of).is_some_and(|entry| entry.event == Event::Withdraw)
    }

    /// The lines of further entries, with their ends; their numbers and the digests of the lines before them are set.
    pub fn lines_of(&self, entries: Vec<Entry>) -> Vec<u8> {
        let (mut bytes, mut previous) = (Vec::new(), self.head.clone());
        for (number, entry) in (self.entries.len() + 1..).zip(entries) {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let line = serde_json::to_vec(&Entry { format: FORMAT, number, previous, ..entry }).unwrap_or_default();
            previous = digest::of_file(&line);
            bytes.extend(line);
            bytes.push(b'\n');
        }
        bytes
    }

    /// Those who have yet to approve a version.
    pub fn awaits(&self, version: &Version<'_>) -> Vec<EcoString> {
        let (id, number) = (&version.issued.id, &version.issued.version);
        let later = self.entries.iter().filter(|entry| entry.event == Event::Approve);
        let last =
            later.flat_map(|entry| &entry.documents).rfind(|issued| issued.id == *id && issued.version == *number);
        last.unwrap_or(version.issued).awaits.clone()
    }

    /// Everybody who approved a version, in order.
    pub fn approvals(&self, version: &Version<'_>) -> Vec<&Approval> {
        let (id, number) = (&version.issued.id, &version.issued.version);
        let entries = self.entries.iter().filter(|entry| entry.event != Event::Withdraw);
        let of_version = |issued: &&Issued| issued.id == *id && issued.version == *number;
        let of_entry = entries.filter_map(|entry| Some((entry, entry.documents.iter().find(of_version)?)));
        of_entry
            .flat_map(|(entry, issued)| match issued.approvals.is_empty() {
                true => entry.by.iter().collect::<Vec<_>>(),
                false => issued.approvals.iter().collect(),
            })
            .collect()
    }

    /// The history as it is after a further entry, whose digest is not known yet.
    pub fn with(&self, entry: Entry) -> History {
        let number = u32::try_from(self.entries.len() + 1).unwrap_or(u32::MAX);
        let mut entries = self.entries.clone();
        entries.push(Entry { number, previous: self.head.clone(), ..entry });
        History { entries, head: self.head.clone() }
    }
}

impl GivenOut {
    /// Whether its name is that of a file alone: nothing in it leads out of the folder that it is put into.
    pub fn is_plain(&self) -> bool {
        let is_odd = |c: char| matches!(c, '/' | '\\' | ':') || c.is_control();
        !self.name.is_empty() && !self.name.starts_with('.') && !self.name.contains(is_odd)
    }
}

impl Entry {
    /// A file of it whose name is none.
    fn astray(&self) -> Option<&GivenOut> {
        self.documents.iter().flat_map(|issued| issued.files.values()).find(|file| !file.is_plain())
    }

    /// The name of the model that it keeps of a version: the last of several approvals keeps one beside that of the first.
    pub fn model_of(&self, issued: &Issued) -> &'static str {
        if self.event == Event::Approve && issued.awaits.is_empty() { APPROVED } else { MODEL }
    }
}

impl Version<'_> {
    /// The folder in which it is kept.
    pub fn folder(&self) -> String {
        folder(&self.issued.id, &self.issued.version)
    }

    /// Its model as it was issued; `None` for one that was made elsewhere. What is kept and cannot be read, or is not what
    /// was issued, is an error in words.
    ///
    /// # Errors
    /// When what is kept is missing, damaged, or another text than was issued.
    pub fn document(&self, files: &dyn Files) -> Result<Option<Document>, String> {
        let Some(digest) = &self.issued.model else { return Ok(None) };
        let path = format!("{}/{}", self.folder(), self.entry.model_of(self.issued));
        let bytes = files.read(&path).map_err(|error| error.to_string())?;
        if stored::digest(&bytes) != *digest {
            return Err(format!("`{path}` is not what was issued"));
        }
        stored::read(&bytes).map(Some).map_err(|problem| format!("`{path}`: {problem}"))
    }

    /// What it was made from; `None` where nobody kept that.
    ///
    /// # Errors
    /// When what is kept is missing, damaged, or something else than was kept.
    pub fn facts(&self, files: &dyn Files) -> Result<Option<Facts>, String> {
        let Some(digest) = &self.entry.facts else { return Ok(None) };
        Facts::read(files, digest).map(Some)
    }
}

/// Where a version is kept.
pub fn folder(document: &str, version: &str) -> String {
    format!("{ISSUED}/{}/{}", safe(document), safe(version))
}

/// A word as the name of a folder: nothing in it leads elsewhere.
fn safe(word: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_.+ ".contains(c) { c } else { '-' };
    let name: String = word.chars().map(plain).collect();
    if name.is_empty() || name.starts_with('.') { format!("-{name}") } else { name }
}

/// What is too much of the bytes of a history to be read, and in which line.
pub fn too_long(bytes: &[u8]) -> Option<(String, usize)> {
    let is_more = bytes.split(|byte| *byte == b'\n').nth(MAX_ENTRIES + 1).is_some();
    is_more.then(|| (format!("it has more than {MAX_ENTRIES} lines"), MAX_ENTRIES + 1))
}

/// What is too much of entries to be held against one another.
pub fn too_many<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Option<String> {
    let (mut versions, mut ids) = (0, BTreeSet::new());
    for issued in entries.into_iter().flat_map(|entry| &entry.documents) {
        versions += 1;
        ids.insert(issued.id.as_str());
        if versions > MAX_VERSIONS || ids.len() > MAX_DOCUMENTS {
            return Some(format!("it names more than {MAX_VERSIONS} versions, or more than {MAX_DOCUMENTS} documents"));
        }
    }
    None
}

/// The lines of a history, without their ends.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

#[derive(Deserialize)]
struct Head {
    format: u32,
}

fn broken(problem: String, line: usize) -> Diagnostic {
    let line_of = u32::try_from(line).unwrap_or(u32::MAX);
    let place = if line == 0 { Span::file(FILE) } else { Span { line: line_of, column: 1, ..Span::file(FILE) } };
    Diagnostic::fault(&codes::HISTORY_BROKEN, format!("`{FILE}` cannot be read: {problem}"))
        .at(place)
        .help(codes::HISTORY_BROKEN.fix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    fn line(number: u32, previous: &str, event: &str, documents: &str) -> String {
        format!(
            r#"{{"format":1,"number":{number},"previous":"{previous}","event":"{event}","day":"2026-11-02","documents":[{documents}]}}"#
        )
    }

    #[test]
    fn a_version_counts_once_everybody_approved_it_and_until_it_is_withdrawn() {
        let first =
            line(1, NOTHING, "issue", r#"{"id":"a","version":"1.0"},{"id":"b","version":"1.0","awaits":["ceo"]}"#);
        let second = line(2, "x", "approve", r#"{"id":"b","version":"1.0"}"#);
        let third = line(3, "x", "withdraw", r#"{"id":"a","version":"1.0"}"#);
        let last = |lines: &[&String], id: &str| {
            let bytes: String = lines.iter().map(|line| format!("{line}\n")).collect();
            let history = History::parse(bytes.as_bytes(), &mut Sink::new()).unwrap();
            history.last(id).map(|version| version.issued.version.to_string())
        };
        assert_eq!(last(&[&first], "a").as_deref(), Some("1.0"));
        assert_eq!(last(&[&first], "b"), None);
        assert_eq!(last(&[&first, &second], "b").as_deref(), Some("1.0"));
        assert_eq!(last(&[&first, &second, &third], "a"), None);
        assert_eq!(last(&[], "a"), None);
    }

    #[test]
    fn what_is_no_history_is_a_fault_with_its_line() {
        let good = line(1, NOTHING, "issue", "");
        let mut sink = Sink::new();
        let files = Memory::new("").with(FILE, format!("{good}\n{{\"format\": 9}}\n"));
        assert!(History::read(&files, &mut sink).is_none());
        let said = sink.into_vec();
        assert!(said[0].message.contains("format is 9"), "{}", said[0].message);
        assert_eq!(History::read(&Memory::new(""), &mut Sink::new()).unwrap().head, NOTHING);
    }

    #[test]
    fn a_file_that_was_given_out_is_called_by_its_name_alone() {
        for name in ["/etc/x", "../x", "a/b", "..", ".x", "C:x", "a\\\\b", "a\\u0007b", ""] {
            let document =
                format!(r#"{{"id":"a","version":"1.0","files":{{"pdf":{{"name":"{name}","sha256":"0"}}}}}}"#);
            let mut sink = Sink::new();
            assert!(History::parse(line(1, NOTHING, "issue", &document).as_bytes(), &mut sink).is_none(), "{name}");
            let said = sink.into_vec().remove(0);
            assert!(said.message.contains("which is no plain name"), "{}", said.message);
            assert_eq!(said.span.map(|span| span.line), Some(1));
        }
    }

    #[test]
    fn a_history_that_would_keep_everybody_waiting_is_not_read() {
        let said = |text: String| {
            let mut sink = Sink::new();
            assert!(History::parse(text.as_bytes(), &mut sink).is_none());
            let said = sink.into_vec().remove(0);
            (said.message, said.span.map(|span| span.line))
        };
        let (message, line) = said("\n".repeat(MAX_ENTRIES + 1));
        assert!(message.contains("more than 5000 lines") && line == Some(5_001), "{message} {line:?}");
        let documents = |count: usize, id: &dyn Fn(usize) -> String| {
            let list: Vec<String> =
                (0..count).map(|at| format!(r#"{{"id":"{}","version":"1.{at}"}}"#, id(at))).collect();
            line_of_documents(&list.join(","))
        };
        let (message, _) = said(documents(MAX_DOCUMENTS + 1, &|at| format!("d{at}")));
        assert!(message.contains("more than 500 documents"), "{message}");
        let (message, _) = said(documents(MAX_VERSIONS + 1, &|_| "a".to_owned()));
        assert!(message.contains("more than 20000 versions"), "{message}");
    }

    fn line_of_documents(documents: &str) -> String {
        line(1, NOTHING, "issue", documents)
    }

    #[test]
    fn a_version_is_kept_in_a_folder_of_its_own() {
        assert_eq!(folder("isms-scope", "1.0"), ".folio/issued/isms-scope/1.0");
        assert_eq!(folder("../x", "..\\1/2"), ".folio/issued/-..-x/-..-1-2");
    }
}
