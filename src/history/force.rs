//! What is in force on a day, and since when.

use std::collections::BTreeMap;

use ecow::EcoString;
use jiff::civil::Date;

use super::{Event, GivenOut, History, Version};

impl History {
    /// The ids of all documents that were ever issued, in the order of their first version.
    pub fn documents(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        let entries = self.entries.iter().filter(|entry| matches!(entry.event, Event::Issue | Event::Baseline));
        for issued in entries.flat_map(|entry| &entry.documents) {
            if !ids.contains(&issued.id.as_str()) {
                ids.push(&issued.id);
            }
        }
        ids
    }

    /// The day on which the last who had to approve a version did; nothing while one has yet to.
    pub fn approved(&self, version: &Version<'_>) -> Option<Date> {
        if !self.awaits(version).is_empty() {
            return None;
        }
        let approved = self.approvals(version).into_iter().map(|approval| approval.day).max();
        approved.or_else(|| Some(self.put(version)))
    }

    /// The day of the last entry about a version that is no withdrawal.
    pub(super) fn put(&self, version: &Version<'_>) -> Date {
        self.further(version).last().map_or(version.entry, |further| further.entry).day
    }

    /// Since when a version is in force; nothing while somebody has yet to approve it.
    pub fn since(&self, version: &Version<'_>) -> Option<Date> {
        if !self.awaits(version).is_empty() {
            return None;
        }
        // What was made elsewhere was in force before it was taken over.
        let put = match version.entry.event {
            Event::Baseline => self.approved(version)?,
            _ => self.put(version),
        };
        let later = self.further(version).filter_map(|further| further.issued.effective).last();
        Some(later.or(version.issued.effective).map_or(put, |effective| effective.max(put)))
    }

    /// The version of a document that is in force on a day.
    pub fn in_force<'h>(&'h self, document: &str, day: Date) -> Option<Version<'h>> {
        let is_since = |version: &Version<'_>| self.since(version).is_some_and(|since| since <= day);
        let version = self.versions(document).rfind(is_since)?;
        self.withdrawn(&version).is_none_or(|withdrawn| withdrawn > day).then_some(version)
    }

    /// The day on which a version, or one after it, was withdrawn.
    pub fn withdrawn(&self, version: &Version<'_>) -> Option<Date> {
        let later = self.entries.iter().filter(|entry| entry.number > version.entry.number);
        let mut withdrawals = later.filter(|entry| {
            entry.event == Event::Withdraw && entry.documents.iter().any(|issued| issued.id == version.issued.id)
        });
        withdrawals.next().map(|entry| entry.day)
    }

    /// The files of a version: those of the last approval that brought some, else those with which it was issued.
    pub fn files<'h>(&'h self, version: &Version<'h>) -> &'h BTreeMap<EcoString, GivenOut> {
        let brought = self.further(version).map(|further| &further.issued.files).filter(|files| !files.is_empty());
        brought.last().unwrap_or(&version.issued.files)
    }

    /// The entry that has the model of a version which is in force: its last approval where that brought one.
    pub fn final_form<'h>(&'h self, version: &Version<'h>) -> Version<'h> {
        self.further(version).filter(|further| further.issued.model.is_some()).last().unwrap_or(*version)
    }

    /// The further approvals of a version.
    fn further<'h>(&'h self, version: &Version<'h>) -> impl Iterator<Item = Version<'h>> {
        let (id, number) = (&version.issued.id, &version.issued.version);
        let later = self.entries.iter().filter(|entry| entry.event == Event::Approve);
        later.filter_map(move |entry| {
            let issued = entry.documents.iter().find(|issued| issued.id == *id && issued.version == *number)?;
            Some(Version { entry, issued })
        })
    }
}
