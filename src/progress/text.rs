//! How far one is, in lines of a screen: as `folio check` ends.

use std::fmt::Write as _;

use super::{Act, Progress, Standing, Step};
use crate::diagnostic::{Diagnostic, screen};

/// The most documents that are named as those that lack most.
const MOST_DOCUMENTS: usize = 5;

/// The most characters of a title where several stand in a row.
const MOST_TITLE: usize = 44;

/// How far one is with the workspace in a folder, which documents lack most, and what to do next; with `all`, everything
/// that each document lacks. Without progress, because documents could not be made, it is what was found that is next.
pub fn text(progress: Option<&Progress>, found: &[&Diagnostic], folder: &str, all: bool) -> String {
    let steps = super::steps(progress, found);
    let folder = argument(folder);
    let facts = steps.iter().filter(|step| step.act == Act::Record).count();
    // The facts that fewest documents wait for make room for the rest.
    let texts = (0..=facts).rev().map(|most| in_so_many(progress, &steps, most, &folder, all));
    let mut texts = texts.skip_while(|text| !all && screen::rows(text) > screen::BELOW);
    texts.next().unwrap_or_else(|| in_so_many(progress, &steps, 0, &folder, all))
}

/// The same with so many facts at most.
fn in_so_many(progress: Option<&Progress>, steps: &[Step], most_facts: usize, folder: &str, all: bool) -> String {
    let mut text = String::new();
    if let Some(progress) = progress {
        text.push_str(&counts(progress));
        text.push_str(&if all { in_full(progress) } else { most(progress) });
    }
    if !steps.is_empty() {
        text.push_str("Next:\n");
    }
    let facts = steps.iter().filter(|step| step.act == Act::Record);
    let left_out: Vec<&Step> = facts.skip(most_facts).collect();
    let told = steps.iter().filter(|step| !left_out.contains(step));
    for (number, step) in (1..).zip(told) {
        text.push_str(&self::told(number, step, folder));
    }
    if steps.iter().any(|step| step.act == Act::Record) {
        text.push_str("Where there is none, say so: list the key under `none:` in the profile.\n");
    }
    text
}

/// A folder as an argument that a shell takes as one, where it is not the one that one is in.
pub fn argument(folder: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/\\.:_-+@%=,~".contains(c);
    let folder = if folder.starts_with('-') { format!("./{folder}") } else { folder.to_owned() };
    match folder.as_str() {
        "." | "" => String::new(),
        plain if plain.chars().all(is_plain) && !(plain.contains('\\') && cfg!(unix)) => format!(" {plain}"),
        // Within these, no shell makes anything of a blank or a bracket.
        spaced if !spaced.contains(['"', '$', '`', '\\', '!']) => format!(" \"{spaced}\""),
        other if cfg!(windows) => format!(" \"{other}\""),
        other => format!(" '{}'", other.replace('\'', r"'\''")),
    }
}

/// `recorded 612 · proposed 75 · not recorded 851`; of rows that are proposed too, `proposed 75 figures, 93 rows`.
pub fn counts(progress: &Progress) -> String {
    let samples = progress.samples.len();
    let samples = if samples == 0 { String::new() } else { format!(" · samples {samples}") };
    let Progress { recorded, proposed, unrecorded, .. } = progress;
    let rows: usize = progress.proposed_rows.iter().map(|(_, rows)| rows).sum();
    let proposed = if rows == 0 { proposed.to_string() } else { format!("{proposed} figures, {rows} rows") };
    format!("recorded {recorded} · proposed {proposed} · not recorded {unrecorded}{samples}\n")
}

/// The documents that lack most.
fn most(progress: &Progress) -> String {
    let mut lacking: Vec<&Standing> = progress.documents.iter().filter(|document| document.unrecorded > 0).collect();
    if lacking.is_empty() {
        return String::new();
    }
    lacking.sort_by_key(|document| std::cmp::Reverse(document.unrecorded));
    let named = lacking.iter().take(MOST_DOCUMENTS);
    let named: Vec<String> = named
        .map(|document| format!("{} ({})", screen::cut(&document.title, MOST_TITLE), document.unrecorded))
        .collect();
    let more = lacking.len().saturating_sub(MOST_DOCUMENTS);
    let more = if more == 0 { String::new() } else { format!("; less in {more} more: `--all` lists each fact") };
    wrapped(&format!("Most is missing in {}{more}", named.join(", ")), "", "  ")
}

/// What each document lacks, a line for each.
fn in_full(progress: &Progress) -> String {
    let lacking: Vec<&Standing> = progress.documents.iter().filter(|document| !document.gaps.is_empty()).collect();
    let facts: usize = lacking.iter().map(|document| document.gaps.len()).sum();
    if facts == 0 {
        return String::new();
    }
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let documents = counted(lacking.len(), "document");
    let mut text = format!("not yet recorded: {} in {documents}\n", counted(facts, "fact"));
    for document in lacking {
        let told: Vec<&str> = document.gaps.iter().map(|(_, words)| words.as_str()).collect();
        let _ = writeln!(text, "  {} ({}): {}", document.title, document.gaps.len(), told.join("; "));
    }
    text
}

fn told(number: usize, step: &Step, folder: &str) -> String {
    let mut what = step.what.clone();
    if let Some(who) = &step.who {
        what.push_str(&format!("; ask: {who}"));
    }
    if let Some(due) = step.due {
        what.push_str(&format!(", promised for {due}"));
    }
    if let Some(command) = step.command {
        what.push_str(&format!(": `{command}{folder}`"));
    }
    let text = wrapped(&what, &format!("{number:>2}. "), "    ");
    if step.how.is_empty() { text } else { text + &wrapped(&step.how, "    ", "      ") }
}

/// A text in lines of a screen, with what its first line and the others begin with.
fn wrapped(text: &str, first: &str, next: &str) -> String {
    let lines = screen::wrap(text, screen::COLUMNS - first.len(), screen::COLUMNS - next.len());
    format!("{first}{}\n", lines.join(&format!("\n{next}")))
}
