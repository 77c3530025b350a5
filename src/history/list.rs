//! The master list: every document of a set with its version, who answers for it, and where it is in its life.

use ecow::EcoString;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Event, History, Issued, Version};
use crate::files::Files;
use crate::model::{Control, NextReview};

/// Where a document is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// A version of it is in force.
    InForce,
    /// A version that was made elsewhere is in force.
    TakenOver,
    /// A version is approved and not in force yet.
    Approved,
    /// Its first version waits for approvals.
    InApproval,
    /// It was in force, and is not any more.
    Withdrawn,
    /// It was never issued.
    Draft,
}

impl Life {
    /// Its name for programs and templates.
    pub fn name(self) -> &'static str {
        match self {
            Life::InForce => "in-force",
            Life::TakenOver => "taken-over",
            Life::Approved => "approved",
            Life::InApproval => "in-approval",
            Life::Withdrawn => "withdrawn",
            Life::Draft => "draft",
        }
    }
}

/// A document in the master list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The document's id.
    pub id: String,
    /// Its number; empty for one that is in no set any more and was made elsewhere.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The word for its kind.
    pub kind: String,
    /// The last version that everybody approved who had to; nothing where there is none.
    pub version: Option<EcoString>,
    /// Where it is.
    pub life: Life,
    /// The day of the last approval of that version.
    pub approved: Option<Date>,
    /// Since when it is in force, or from when on it will be.
    pub since: Option<Date>,
    /// The post that answers for it.
    pub owner: String,
    /// Who approved that version: the post, or the name where there is none; of a draft, who is to.
    pub approver: String,
    /// When it is to be reviewed.
    pub next_review: Option<Date>,
    /// How far it may be shown.
    pub classification: String,
    /// The names of its files.
    pub files: Vec<String>,
    /// A later version that waits, and for whom.
    pub waits: Option<(EcoString, Vec<EcoString>)>,
    /// Later versions that are approved, as they will be listed, in the order of the days from which they are in force.
    pub coming: Vec<Listed>,
    /// Whether it is in the set still.
    pub is_in_set: bool,
}

impl Listed {
    /// Whether its review is due on a day.
    pub fn is_due(&self, today: Date) -> bool {
        matches!(self.life, Life::InForce | Life::TakenOver | Life::Approved)
            && self.next_review.is_some_and(|review| review <= today)
    }

    /// What is approved of it and not in force yet, in the order of the days from which it is: its version where none is in
    /// force, then what comes.
    pub fn to_come(&self) -> Vec<&Listed> {
        Some(self).filter(|row| row.life == Life::Approved).into_iter().chain(&self.coming).collect()
    }

    /// The values that programs and templates read. What there is not is `null`.
    pub fn to_json(&self) -> Json {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        json!({
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "kind": self.kind,
            "version": self.version,
            "state": self.life.name(),
            "approved": day(self.approved),
            "since": day(self.since),
            "owner": self.owner,
            "approver": self.approver,
            "next_review": day(self.next_review),
            "classification": self.classification,
            "files": self.files,
        })
    }
}

/// The master list: the documents of a set in their order, then those that were issued and are in it no more. The history has
/// the say of versions. `day` is the day for which it is asked what is in force; nothing, and nothing depends on a day.
pub fn list<'a>(
    controls: impl IntoIterator<Item = &'a Control>,
    history: &History,
    files: &dyn Files,
    day: Option<Date>,
) -> Vec<Listed> {
    let mut rows: Vec<Listed> = controls.into_iter().map(|control| of_set(control, history, day)).collect();
    for id in history.documents() {
        if rows.iter().any(|row| row.id == id) {
            continue;
        }
        let Some(version) = history.versions(id).next_back() else { continue };
        // What cannot be read any more is called by its id; `folio verify` says what is wrong with it.
        let kept = history.final_form(&version).document(files).ok().flatten();
        let mut row = match &kept {
            Some(document) => of_set(&document.control, history, day),
            None => {
                let Issued { number, title, .. } = version.issued;
                let title = if title.is_empty() { id.to_owned() } else { title.clone() };
                Listed { id: id.to_owned(), number: number.clone(), title, ..empty() }
            }
        };
        tell(&mut row, history, day);
        row.is_in_set = false;
        rows.push(row);
    }
    rows
}

fn empty() -> Listed {
    Listed {
        id: String::new(),
        number: String::new(),
        title: String::new(),
        kind: String::new(),
        version: None,
        life: Life::Draft,
        approved: None,
        since: None,
        owner: String::new(),
        approver: String::new(),
        next_review: None,
        classification: String::new(),
        files: Vec::new(),
        waits: None,
        coming: Vec::new(),
        is_in_set: true,
    }
}

fn of_set(control: &Control, history: &History, day: Option<Date>) -> Listed {
    let review = match &control.next_review {
        Some(NextReview::On(day)) => Some(day.date),
        _ => None,
    };
    let mut row = Listed {
        id: control.id.clone(),
        number: control.number.text.clone(),
        title: control.title.text.clone(),
        kind: control.kind.clone(),
        owner: control.keeper().role.text.clone(),
        approver: control.approver.role.text.clone(),
        next_review: review,
        classification: control.classification.label.text.clone(),
        ..empty()
    };
    tell(&mut row, history, day);
    row
}

/// Puts into a row what the history says.
fn tell(row: &mut Listed, history: &History, day: Option<Date>) {
    let id = row.id.clone();
    let newest = history.versions(&id).next_back();
    if let Some(waiting) = newest.filter(|version| !history.awaits(version).is_empty()) {
        row.waits = Some((waiting.issued.version.clone(), history.awaits(&waiting)));
        row.life = Life::InApproval;
    }
    // The version that is in force on the day, before those that will be.
    let of_day = day.map(|day| {
        let coming = history.coming(&id, day).into_iter().map(|(version, _)| version);
        history.in_force(&id, day).into_iter().chain(coming).collect::<Vec<_>>()
    });
    let mut versions = of_day.unwrap_or_default().into_iter();
    let Some(version) = versions.next().or_else(|| history.last(&id)) else {
        if newest.is_some_and(|version| history.withdrawn(&version).is_some()) {
            row.life = Life::Withdrawn;
            row.version = newest.map(|version| version.issued.version.clone());
            row.next_review = None;
        }
        return;
    };
    let blank = row.clone();
    fill(row, history, &version, day);
    row.coming = versions
        .map(|version| {
            let mut row = blank.clone();
            fill(&mut row, history, &version, day);
            row
        })
        .collect();
}

fn fill(row: &mut Listed, history: &History, version: &Version<'_>, day: Option<Date>) {
    row.version = Some(version.issued.version.clone());
    row.approved = history.approved(version);
    row.since = history.since(version);
    row.life = match (version.entry.event, row.since) {
        (_, Some(since)) if day.is_some_and(|day| since > day) => Life::Approved,
        (Event::Baseline, _) => Life::TakenOver,
        _ => Life::InForce,
    };
    if let Some(by) = history.approvals(version).last() {
        row.approver = if by.post.is_empty() { by.name.to_string() } else { by.post.to_string() };
    }
    row.next_review = version.issued.next_review.or(row.next_review);
    row.files = history.files(version).values().map(|file| file.name.to_string()).collect();
}
