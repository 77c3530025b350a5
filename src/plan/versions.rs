//! The versions of documents: which came before, which is made, and when it is to be reviewed.

use ecow::EcoString;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value as Json;

use super::entry::{Entry, printed, rows, sourced};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::history;
use crate::model::control::is_issued;
use crate::model::{Day, NextReview, Party, Revision, Text, Version};
use crate::workspace::Workspace;

/// The versions of a document before this one, newest first.
pub(super) fn history(workspace: &Workspace, id: &str, sink: &mut Sink) -> Option<Vec<Revision>> {
    let profile = &workspace.profile;
    let revisions: Vec<Option<Revision>> = rows(&profile.value["documents"][id]["history"])
        .enumerate()
        .map(|(at, revision)| {
            let path = |key: &str| format!("documents.{id}.history[{at}].{key}");
            let text = |key: &str| sourced(printed(&revision[key]), path(key));
            let written = text("date");
            let Ok(date) = written.text.parse() else {
                let message = format!("`date` is `{}`, which is not a date", written.text);
                let problem = Diagnostic::fault(&codes::BAD_DATE, message);
                sink.push(profile.locate(problem.help("write a day that exists as YYYY-MM-DD"), &path("date")));
                return None;
            };
            let date = Some(Day { date, from: written.from });
            Some(Revision { version: text("version"), date, author: text("author"), change: text("change") })
        })
        .collect();
    let told: Vec<Revision> = revisions.into_iter().collect::<Option<_>>()?;
    let mut history: Vec<Revision> =
        workspace.history.versions(id).rev().map(|version| issued(workspace, version)).collect();
    let is_new = |told: &Revision| !history.iter().any(|known| known.version.text == told.version.text);
    let told: Vec<Revision> = told.into_iter().filter(is_new).collect();
    history.extend(told);
    Some(history)
}

/// An issued version as a line of a history.
fn issued(workspace: &Workspace, version: history::Version<'_>) -> Revision {
    let approvals = workspace.history.approvals(&version);
    let own = Some(&version.issued.author).filter(|author| !author.is_empty());
    let by = approvals.first().map(|approval| if approval.post.is_empty() { &approval.name } else { &approval.post });
    Revision {
        version: Text::literal(version.issued.version.as_str()),
        date: Some(Day { date: version.entry.day, from: Vec::new() }),
        author: Text::literal(own.cloned().unwrap_or_else(|| by.cloned().unwrap_or_default().to_string())),
        change: Text::literal(&version.issued.change),
    }
}

/// Which version is made. A draft that still bears the number of what was issued, or none, comes after that.
pub(super) fn version(entry: &Entry<'_>, history: &[Revision]) -> Version {
    let issued = || history.iter().filter(|revision| revision.is_issued()).map(|revision| &revision.version);
    let last = issued().next().cloned();
    match entry.text("version") {
        // A number that was issued, or that of a draft, says nothing of what comes after the last issued version.
        Some(number) if issued().any(|version| version.text == number.text) || !is_issued(&number.text) => match last {
            Some(last) => Version::After(last),
            None => Version::Number(number),
        },
        Some(number) => Version::Number(number),
        None => last.map_or(Version::Draft, Version::After),
    }
}

/// The version that is made as a line of the history, when the profile says what it changes.
pub(super) fn this_version(entry: &Entry<'_>, version: &Version, author: &Party) -> Option<Revision> {
    let Version::Number(number) = version else { return None };
    let author = author.name.as_ref().unwrap_or(&author.role).clone();
    Some(Revision { version: number.clone(), date: None, author, change: entry.own("change")? })
}

/// The review is due so many months after the last version that was issued. What never was issued has no such day yet;
/// nor has a version that comes out of the review that was due: then it is counted from the approval to come.
pub(super) fn next_review(entry: &Entry<'_>, history: &[Revision], as_of: Date) -> Option<NextReview> {
    let (months, path) = entry.get("review_months")?;
    let months = u32::try_from(months.as_i64()?).ok()?;
    let path = EcoString::from(path);
    let issued = history.iter().filter(|revision| revision.is_issued()).filter_map(|revision| revision.date.as_ref());
    let due = issued.max_by_key(|day| day.date).and_then(|last| {
        let date = last.date.checked_add(i64::from(months).months()).ok()?;
        Some(Day { date, from: last.from.iter().chain([&path]).cloned().collect() })
    });
    Some(match due.filter(|due| due.date >= as_of) {
        Some(due) => NextReview::On(due),
        None => NextReview::AfterApproval { months, from: path },
    })
}

/// The day of the review of a document that is issued on a day.
pub fn review_after(profile: &Json, id: &str, issued: Date) -> Option<NextReview> {
    let entry = Entry { profile, id };
    let (months, path) = entry.get("review_months")?;
    let date = issued.checked_add(i64::from(u16::try_from(months.as_i64()?).ok()?).months()).ok()?;
    Some(NextReview::On(Day { date, from: vec![path.into()] }))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_review_is_counted_from_what_was_issued_and_never_slides_with_the_date_of_the_facts() {
        let profile = json!({
            "document_defaults": {"review_months": 12},
            "documents": {"monthly": {"review_months": 1}},
        });
        let revision = |version: &str, date: Date| Revision {
            version: Text::literal(version),
            date: Some(Day { date, from: vec![format!("history of {version}").into()] }),
            author: Text::default(),
            change: Text::default(),
        };
        let after = |months, path: &str| Some(NextReview::AfterApproval { months, from: path.into() });
        let drafts = [revision("0.2", date(2026, 5, 4)), revision("0.1", date(2026, 1, 31))];
        let issued = [revision("1.1", date(2026, 1, 31)), revision("1.0", date(2025, 2, 1)), drafts[0].clone()];
        let review = |id, history: &[Revision], as_of| next_review(&Entry { profile: &profile, id }, history, as_of);
        for as_of in [date(2026, 6, 1), date(2026, 11, 2)] {
            assert_eq!(review("a", &drafts, as_of), after(12, "document_defaults.review_months"));
            assert_eq!(review("monthly", &[], as_of), after(1, "documents.monthly.review_months"));
            let from = vec!["history of 1.1".into(), "document_defaults.review_months".into()];
            assert_eq!(review("a", &issued, as_of), Some(NextReview::On(Day { date: date(2027, 1, 31), from })));
        }
        let month_end = review("monthly", &issued, date(2026, 2, 28));
        assert!(matches!(month_end, Some(NextReview::On(day)) if day.date == date(2026, 2, 28)));
        // The review was due: this version is what came of it.
        assert_eq!(review("monthly", &issued, date(2026, 3, 1)), after(1, "documents.monthly.review_months"));
        assert_eq!(next_review(&Entry { profile: &json!({}), id: "a" }, &issued, date(2026, 3, 1)), None);
    }

    #[test]
    fn a_draft_after_an_issued_version_says_so_and_its_line_comes_first_when_it_is_told() {
        let profile = json!({"documents": {
            "same": {"version": "1.0"}, "next": {"version": "1.1", "change": "The new site"}, "none": {"change": "Lost"},
        }});
        let issued = |version: &str| Revision {
            version: Text::literal(version),
            date: Some(Day { date: date(2026, 1, 31), from: Vec::new() }),
            author: Text::default(),
            change: Text::default(),
        };
        let history = [issued("1.0"), issued("0.2")];
        let entry = |id| Entry { profile: &profile, id };
        let number = |version: Version| version.number().map(|number| number.text.clone());
        assert!(matches!(version(&entry("same"), &history), Version::After(_)));
        assert!(matches!(version(&entry("next"), &history), Version::Number(_)));
        assert_eq!(number(version(&entry("none"), &history)), Some("1.0".into()));
        assert!(matches!(version(&entry("none"), &history[1..]), Version::Draft));
        let author = Party { role: Text::literal("clerk"), name: None, key: "clerk".into(), causes: Vec::new() };
        let line = |id| this_version(&entry(id), &version(&entry(id), &history), &author);
        let told = line("next").unwrap();
        assert_eq!(
            (told.version.text, told.change.text, told.author.text),
            ("1.1".into(), "The new site".into(), "clerk".into())
        );
        assert!(line("same").is_none() && line("none").is_none());
    }
}
