//! The control data of a version: its number, day, approvals, the line of its history, its next review.

use ecow::EcoString;
use jiff::civil::Date;

use super::Desk;
use super::candidates::Candidate;
use super::who::Who;
use crate::history;
use crate::model::{Approval, Day, NextReview, Revision, State, Text, Version};
use crate::plan;
use crate::workspace::Workspace;

/// Makes the control data of a version: its number, day, approval, line of the history and next review.
pub(super) fn complete(desk: Desk<'_>, candidate: &mut Candidate) {
    let Desk { workspace, who, order, .. } = desk;
    let (profile, pack) = (&workspace.profile.value, &workspace.pack);
    let last = workspace.history.versions(&candidate.document.control.id).next_back().filter(|_| candidate.follows);
    let control = &mut candidate.document.control;
    candidate.approvals = match &last {
        Some(last) => workspace.history.approvals(last).into_iter().cloned().collect(),
        None => {
            let role = candidate.roles.first().map(String::as_str).unwrap_or_default();
            vec![who.approval(role, &pack.terms, &pack.strings, order.day)]
        }
    };
    let is_told =
        |version: &Version, row: &Revision| matches!(version, Version::Number(own) if own.text == row.version.text);
    let told = match control.history.first() {
        Some(row) if is_told(&control.version, row) && row.version.text == candidate.version => {
            Some(control.history.remove(0).change.text)
        }
        // The line of a draft's number goes: this is another version.
        Some(row) if is_told(&control.version, row) => {
            control.history.remove(0);
            None
        }
        _ => None,
    };
    let mut change = told.unwrap_or_else(|| candidate.change.clone());
    if let Some(words) = &candidate.self_approved {
        change = format!("{}. {words}", change.trim_end_matches('.'));
    }
    let day = Day { date: order.day, from: Vec::new() };
    let author = if control.author.key.is_empty() { &control.owner } else { &control.author };
    let author = author.name.as_ref().unwrap_or(&author.role).text.clone();
    let row = Revision {
        version: Text::literal(&candidate.version),
        date: Some(day.clone()),
        author: Text::literal(author),
        change: Text::literal(change),
    };
    control.history.insert(0, row);
    control.version = Version::Number(Text::literal(&candidate.version));
    control.state = State::Issued;
    control.date = Some(day);
    control.approvals = candidate.approvals.iter().map(printed).collect();
    control.review_proposed = false;
    let on = |date: Date| Day { date, from: Vec::new() };
    // What follows the others is in force and reviewed when it was to be, whatever came meanwhile.
    candidate.effective = match &last {
        Some(last) => workspace.history.since(last).filter(|since| *since > order.day),
        None => order.effective,
    };
    control.effective = candidate.effective.map(on);
    control.next_review = match last {
        Some(last) => last.issued.next_review.map(on).map(NextReview::On),
        None => plan::review_after(profile, &control.id, order.effective.unwrap_or(order.day)),
    };
}

/// An approval as a document prints it.
pub(super) fn printed(approval: &history::Approval) -> Approval {
    Approval {
        name: Text::literal(approval.name.as_str()),
        post: Text::literal(approval.post.as_str()),
        day: Day { date: approval.day, from: Vec::new() },
    }
}

/// Who did what an entry says, with the role where it is one for all its documents.
pub(super) fn by<'r>(
    workspace: &Workspace,
    who: &Who,
    mut roles: impl Iterator<Item = &'r String>,
    day: Date,
) -> Option<history::Approval> {
    let pack = &workspace.pack;
    let first = roles.next().cloned().unwrap_or_default();
    let is_one = roles.all(|role| *role == first) && !first.is_empty();
    let approval = who.approval(&first, &pack.terms, &pack.strings, day);
    Some(match is_one {
        true => approval,
        false => history::Approval { role: None, post: EcoString::new(), ..approval },
    })
}
