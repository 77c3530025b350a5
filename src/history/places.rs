//! Where issued files stand for people: what is in force, and what is approved and comes into force on a later day. What is
//! kept of versions stands elsewhere, and is never moved.
//!
//! ```text
//! out/issued/NW-POL-01 Information Security Policy.docx               in force
//! out/coming/2027-01-01 NW-POL-01 Information Security Policy.docx    in force from that day
//! ```

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use jiff::civil::Date;
use serde::Serialize;

use super::{Event, GivenOut, History, Issued, Version};
use crate::commit::Commit;
use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Span};
use crate::digest;
use crate::files::Files;
use crate::model::control::iso;

/// The folder of documents that are in force, in the output folder.
pub const IN_FORCE: &str = "issued";

/// The folder of documents that are approved and not in force yet, in the output folder.
pub const COMING: &str = "coming";

/// The folders of issued files, below the workspace, with `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Of what is in force.
    pub in_force: String,
    /// Of what comes.
    pub coming: String,
}

/// What came into force, and what is to be done for it.
#[derive(Debug, Default)]
pub struct Turned {
    /// The files that are put in place, and those that go.
    pub commit: Commit,
    /// What came into force.
    pub came: Vec<Came>,
    /// What stands against that.
    pub said: Vec<Diagnostic>,
}

/// A version that came into force because its day came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Came {
    /// The document's id.
    pub id: EcoString,
    /// Its title.
    pub title: String,
    /// The version.
    pub version: EcoString,
    /// Since when it is in force.
    #[serde(with = "iso")]
    pub since: Date,
    /// The folder of what is in force.
    pub folder: String,
}

/// What stands where files of a document go.
#[derive(Debug, Default)]
pub struct Standing {
    /// Files as they were given out, by path: their digest, and the number of the last entry that gave them so.
    pub own: BTreeMap<String, (String, u32)>,
    /// Where something else stands, or what cannot be read.
    pub changed: BTreeSet<String>,
}

impl Places {
    /// The folders in an output folder; an empty one is the workspace's own.
    pub fn of(output: &str) -> Places {
        let below = |folder: &str| if output.is_empty() { folder.to_owned() } else { format!("{output}/{folder}") };
        Places { in_force: below(IN_FORCE), coming: below(COMING) }
    }

    /// Where a file stands that is in force.
    pub fn now(&self, file: &GivenOut) -> String {
        format!("{}/{}", self.in_force, file.name)
    }

    /// Where a file stands that is in force from a day on.
    pub fn later(&self, file: &GivenOut, since: Date) -> String {
        format!("{}/{}", self.coming, named(file, since))
    }
}

/// What a file is called that is in force from a day on: nobody takes it for the one in force, wherever it is sent.
pub fn named(file: &GivenOut, since: Date) -> String {
    format!("{since} {}", file.name)
}

impl History {
    /// The day of the last entry.
    pub fn day(&self) -> Option<Date> {
        self.entries.iter().map(|entry| entry.day).max()
    }

    /// The versions of a document that everybody approved for a day after this one, each with that day, in the order of these.
    /// What a later version overtakes before its day never comes.
    pub fn coming<'h>(&'h self, document: &str, day: Date) -> Vec<(Version<'h>, Date)> {
        let mut coming: Vec<(Version<'h>, Date)> = Vec::new();
        let is_withdrawal = |entry: &&super::Entry| {
            entry.event == Event::Withdraw && entry.documents.iter().any(|issued| issued.id == document)
        };
        let withdrawn = self.entries.iter().rfind(is_withdrawal).map_or(0, |entry| entry.number);
        for version in self.versions(document).rev().take_while(|version| version.entry.number > withdrawn) {
            let Some(since) = self.since(&version) else { continue };
            // Whatever was issued before what is in force is over.
            if since <= day {
                break;
            }
            if coming.last().is_none_or(|(_, later)| *later > since) && self.deferred(&version).is_some() {
                coming.push((version, since));
            }
        }
        coming.reverse();
        coming
    }

    /// The day since when a version is in force that was approved for a later day.
    pub fn deferred(&self, version: &Version<'_>) -> Option<Date> {
        self.since(version).filter(|since| version.entry.event != Event::Baseline && *since > self.put(version))
    }

    /// The documents of which some version was meant for a later day, in the order of their first version.
    fn with_days(&self) -> Vec<&str> {
        let of_entries = self.entries.iter().flat_map(|entry| &entry.documents);
        let with_days: BTreeSet<&str> =
            of_entries.filter(|issued| issued.effective.is_some()).map(|issued| issued.id.as_str()).collect();
        if with_days.is_empty() {
            return Vec::new();
        }
        self.documents().into_iter().filter(|id| with_days.contains(id)).collect()
    }

    /// Whether a version of a document was meant for a later day.
    pub fn has_days(&self, document: &str) -> bool {
        let mut of_entries = self.entries.iter().flat_map(|entry| &entry.documents);
        of_entries.any(|issued| issued.id == document && issued.effective.is_some())
    }

    /// What stands where files of a document are in force.
    pub fn standing(&self, document: &str, places: &Places, files: &dyn Files) -> Standing {
        self.found(document, files, &|_, file| Some(places.now(file)))
    }

    /// What stands where files of a document wait for their day.
    pub fn waiting(&self, document: &str, places: &Places, files: &dyn Files) -> Standing {
        self.found(document, files, &|version, file| Some(places.later(file, self.deferred(version)?)))
    }

    fn found(
        &self,
        document: &str,
        files: &dyn Files,
        place: &dyn Fn(&Version<'_>, &GivenOut) -> Option<String>,
    ) -> Standing {
        let mut found = Standing::default();
        for version in self.versions(document) {
            for file in self.files(&version).values() {
                let Some(path) = place(&version, file) else { continue };
                match files.digest(&path) {
                    Ok(there) if there == file.sha256 => {
                        found.changed.remove(&path);
                        found.own.insert(path, (there, version.entry.number));
                    }
                    Err(error) if error.is_missing() => {}
                    Ok(_) | Err(_) if found.own.contains_key(&path) => {}
                    Ok(_) | Err(_) => drop(found.changed.insert(path)),
                }
            }
        }
        found
    }

    /// Whether the files of a version that is in force stand where they waited for its day, and none where it is in force.
    pub fn still_waits(&self, version: &Version<'_>, places: &Places, files: &dyn Files) -> bool {
        let Some(since) = self.deferred(version) else { return false };
        let stands = |path: String| files.digest(&path).map_or_else(|error| !error.is_missing(), |_| true);
        let is_here = |file: &GivenOut| files.digest(&places.now(file)).is_ok_and(|there| there == file.sha256);
        let own = || self.files(version).values();
        !own().any(is_here) && own().any(|file| stands(places.later(file, since)))
    }

    /// Puts in place what came into force by a day and waits still, from what is kept. What somebody changed is left as it
    /// is and named; where nothing stands at all, nothing is put.
    pub fn turn(&self, files: &dyn Files, places: &Places, day: Date) -> Turned {
        let mut turned = Turned::default();
        for id in self.with_days() {
            let Some(current) = self.in_force(id, day).filter(|version| self.deferred(version).is_some()) else {
                continue;
            };
            match self.turn_one(&current, files, places, day) {
                Ok(one) => {
                    turned.commit.extend(one.commit);
                    turned.came.extend(one.came);
                    turned.said.extend(one.said);
                }
                Err(problem) => turned.said.push(problem),
            }
        }
        turned
    }

    fn turn_one(
        &self,
        current: &Version<'_>,
        files: &dyn Files,
        places: &Places,
        day: Date,
    ) -> Result<Turned, Diagnostic> {
        let Issued { id, version: number, .. } = current.issued;
        let own = self.files(current);
        let mut turned = Turned::default();
        let waiting = self.waiting(id, places, files);
        let coming = self.coming(id, day);
        let coming: BTreeSet<String> = coming
            .iter()
            .flat_map(|(version, since)| self.files(version).values().map(|file| places.later(file, *since)))
            .collect();
        for (path, (digest, _)) in waiting.own.iter().filter(|(path, _)| !coming.contains(*path)) {
            turned.commit.remove(path.clone(), digest.clone());
        }
        for path in waiting.changed.iter().filter(|path| !coming.contains(*path)) {
            turned.said.push(changed(path, "is not the file that was approved for that day; it is left as it is"));
        }
        let since = self.since(current).unwrap_or(day);
        let is_waiting = own.values().map(|file| places.later(file, since)).any(|path| waiting.has(&path));
        let mut now = self.standing(id, places, files);
        let is_in_place =
            |file: &&GivenOut| now.own.get(&places.now(file)).is_some_and(|(there, _)| *there == file.sha256);
        let missing: Vec<&GivenOut> = own.values().filter(|file| !is_in_place(file)).collect();
        // A later version is in force already, or these files were never put here.
        let is_later = now.own.values().any(|(_, number)| *number > current.entry.number);
        let is_bare = now.own.is_empty() && now.changed.is_empty();
        if !is_waiting && (missing.is_empty() || is_later || is_bare) {
            return Ok(turned);
        }
        if let Some(path) = now.changed.first() {
            let what = format!(
                "is not the file that was issued; {number} of `{id}`, in force since {since}, is not put in its place"
            );
            return Err(changed(path, &what));
        }
        for file in missing {
            let kept = format!("{}/{}", current.folder(), file.name);
            let bytes = match files.read(&kept) {
                Ok(bytes) if digest::of_file(&bytes) == file.sha256 => bytes,
                Ok(_) => return Err(damaged(&kept, format!("`{kept}` is not what was issued"))),
                Err(error) => return Err(damaged(&kept, error.to_string())),
            };
            let path = places.now(file);
            let seen = now.own.get(&path).map(|(there, _)| there.clone());
            turned.commit.write_over(path, bytes, seen);
        }
        now.own.retain(|path, _| !own.values().any(|file| places.now(file) == *path));
        for (path, (digest, _)) in now.own {
            turned.commit.remove(path, digest);
        }
        let document = self.final_form(current).document(files).ok().flatten();
        let title = document.map_or_else(|| id.to_string(), |document| document.control.title.text);
        let folder = places.in_force.clone();
        turned.came.push(Came { id: id.clone(), title, version: number.clone(), since, folder });
        Ok(turned)
    }
}

impl Standing {
    /// Whether something stands at a path.
    fn has(&self, path: &str) -> bool {
        self.own.contains_key(path) || self.changed.contains(path)
    }
}

fn changed(path: &str, what: &str) -> Diagnostic {
    Diagnostic::warning(&codes::ISSUED_EDITED, format!("`{path}` {what}"))
        .at(Span::file(path))
        .help(codes::ISSUED_EDITED.fix)
}

fn damaged(path: &str, message: String) -> Diagnostic {
    Diagnostic::warning(&codes::KEPT_BROKEN, message).at(Span::file(path)).help(codes::KEPT_BROKEN.fix)
}
