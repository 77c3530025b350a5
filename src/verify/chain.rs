//! The lines of a history, each with the digest of the one before it.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::output as codes;
use crate::history::{Entry, Event, FORMAT};
use crate::reasons;

use super::{NOTHING, Receipt, about, at_line, digest_of, short};

/// A line of the history.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number in the file, from 1.
    pub at: usize,
    /// The digest of its bytes, without its end.
    pub digest: String,
    /// What it says; nothing where it is no entry.
    pub entry: Option<Entry>,
}

impl Line {
    /// `line 4 (entry 4 of 2026-11-28, issue of …)`.
    pub(super) fn named(&self) -> String {
        match &self.entry {
            Some(entry) => format!("line {} (entry {} of {}, {})", self.at, entry.number, entry.day, about(entry)),
            None => format!("line {}", self.at),
        }
    }

    fn previous(&self) -> Option<&str> {
        self.entry.as_ref().map(|entry| entry.previous.as_str())
    }
}

fn altered(message: impl Into<String>, line: usize) -> Diagnostic {
    at_line(Diagnostic::fault(&codes::HISTORY_ALTERED, message), line)
}

/// Reads the lines, and says what no line that Folio wrote has. What an editor did to the whole file is said once, and the
/// rest is read as if it had not.
pub(super) fn read(bytes: &[u8], problems: &mut Vec<Diagnostic>) -> Vec<Line> {
    let mut rest = bytes;
    if let Some(after) = rest.strip_prefix(b"\xEF\xBB\xBF") {
        rest = after;
        problems.push(
            altered("a byte order mark stands before the first entry: an editor has saved the file", 1)
                .help("Folio never writes one: restore the file from version control"),
        );
    }
    if rest.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<&[u8]> = rest.split(|byte| *byte == b'\n').collect();
    let is_ended = lines.last().is_some_and(|last| last.is_empty());
    if is_ended {
        lines.pop();
    }
    let with_return = lines.iter().filter(|line| line.ends_with(b"\r")).count();
    if with_return > 0 {
        let first = lines.iter().position(|line| line.ends_with(b"\r")).unwrap_or_default() + 1;
        let (which, s) = match with_return == lines.len() {
            true => ("all".to_owned(), "s"),
            false if with_return == 1 => ("1".to_owned(), ""),
            false => (with_return.to_string(), "s"),
        };
        problems.push(
            altered(
                format!(
                    "{which} line{s} of the history end with CR LF: an editor or version control has converted them"
                ),
                first,
            )
            .help("write `.folio/** -text` into .gitattributes, and restore the file"),
        );
    }
    let count = lines.len();
    let mut found = Vec::new();
    for (at, line) in lines.into_iter().enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_cut = at + 1 == count && !is_ended;
        if line.is_empty() {
            problems.push(altered(format!("line {} is empty: Folio never writes one", at + 1), at + 1));
            continue;
        }
        let entry = serde_json::from_slice::<Entry>(line).map_err(|error| reasons::json(&error));
        let digest = digest_of(line);
        let line = Line { at: at + 1, digest, entry: entry.as_ref().ok().cloned() };
        match &entry {
            _ if is_cut => problems.push(altered(
                format!(
                    "{} has no end{}: Folio puts a whole line in place in one step, so it was cut off or written by something else",
                    line.named(),
                    if entry.is_err() { " and is no entry" } else { "" },
                ),
                at + 1,
            )),
            Err(problem) => problems.push(altered(format!("line {} is no entry: {problem}", at + 1), at + 1)),
            Ok(entry) if entry.format > FORMAT => problems.push(altered(
                format!("line {} has format {}; this program reads up to {FORMAT}: use a newer one", at + 1, entry.format),
                at + 1,
            )),
            Ok(_) => {}
        }
        found.push(line);
    }
    found
}

/// Goes through the chain: who names whom, numbers, days, versions.
pub(super) fn check(lines: &[Line], receipts: &[Receipt], problems: &mut Vec<Diagnostic>) {
    let places: BTreeMap<&str, usize> = lines.iter().enumerate().map(|(at, line)| (line.digest.as_str(), at)).collect();
    for at in 0..lines.len() {
        let is_sound = link(lines, at, &places, receipts, problems);
        let (Some(entry), Some(before)) = (&lines[at].entry, at.checked_sub(1).and_then(|at| lines[at].entry.as_ref()))
        else {
            continue;
        };
        if is_sound && entry.number != before.number.saturating_add(1) {
            let message = format!("{} has the number {} after {}", lines[at].named(), entry.number, before.number);
            problems.push(altered(message, lines[at].at));
        }
        if entry.day < before.day {
            let message =
                format!("{} is of {}, before the entry above it ({})", lines[at].named(), entry.day, before.day);
            problems.push(altered(message, lines[at].at).help(
                "days never go back: one of the two was edited, or the day was given wrongly when it was issued",
            ));
        }
    }
    if let Some(entry) = lines.first().and_then(|line| line.entry.as_ref())
        && entry.previous == NOTHING
        && entry.number != 1
    {
        problems.push(altered(format!("{} is the first and has not the number 1", lines[0].named()), lines[0].at));
    }
    versions(lines, problems);
}

/// Whether a line follows the one before it; what is wrong otherwise is said where it was done.
fn link(
    lines: &[Line],
    at: usize,
    places: &BTreeMap<&str, usize>,
    receipts: &[Receipt],
    problems: &mut Vec<Diagnostic>,
) -> bool {
    let line = &lines[at];
    let Some(previous) = line.previous() else { return false };
    let before = at.checked_sub(1).map(|at| &lines[at]);
    if before.map_or(NOTHING, |before| &before.digest) == previous {
        return true;
    }
    let number = |line: &Line| line.entry.as_ref().map(|entry| entry.number);
    let Some(before) = before else {
        problems.push(match places.get(previous) {
            Some(other) => altered(
                format!("{} stands first and follows {}: lines changed places", line.named(), lines[*other].named()),
                line.at,
            ),
            None if number(line) == Some(1) => altered(
                format!(
                    "{} is the first and names a line before it: it was edited, or comes from another history",
                    line.named()
                ),
                line.at,
            ),
            None => altered(
                format!(
                    "the history begins with {}: the {} before it were removed",
                    line.named(),
                    removed(1, number(line).unwrap_or(1))
                ),
                line.at,
            ),
        });
        return false;
    };
    // Whom it follows, when that is here.
    let followed = if previous == NOTHING { Some(None) } else { places.get(previous).copied().map(Some) };
    match followed {
        Some(Some(other)) if other > at => problems.push(altered(
            format!("{} stands before {}, which it follows: lines changed places", line.named(), lines[other].named()),
            line.at,
        )),
        Some(other) => {
            // Between the line that it follows and itself stand others: put in, or brought here from further down.
            let first = other.map_or(0, |other| other + 1);
            let between = &lines[first..at];
            let is_moved = |line: &&Line| {
                let is_ours =
                    line.previous().is_some_and(|previous| previous == NOTHING || places.contains_key(previous));
                is_ours && number(line).zip(number(&lines[at])).is_some_and(|(own, next)| own > next)
            };
            let after = other.map_or_else(|| "the beginning".to_owned(), |other| lines[other].named());
            for put in between {
                let message = match is_moved(&put) {
                    true => format!(
                        "{} stands before {}, which comes before it: lines changed places",
                        put.named(),
                        line.named()
                    ),
                    false => format!("{} was put in: {} goes on from {after}", put.named(), line.named()),
                };
                // A line that is in its wrong place is told once.
                if !problems.iter().any(|known| {
                    known.span.as_ref().is_some_and(|span| span.line as usize == put.at) && known.message == message
                }) {
                    problems.push(altered(message, put.at));
                }
            }
        }
        // A line further down goes on from the one before: it says that this one was put in.
        None if lines[at + 1..].iter().any(|later| later.previous() == Some(before.digest.as_str())) => {}
        None => {
            let (own, last) = (number(line).unwrap_or_default(), number(before).unwrap_or_default());
            if own > last.saturating_add(1) {
                let message = format!(
                    "between {} and {}, the {} were removed",
                    before.named(),
                    line.named(),
                    removed(last.saturating_add(1), own)
                );
                problems.push(altered(message, line.at));
                return false;
            }
            let is_known = receipts.iter().any(|receipt| receipt.head == before.digest);
            // Whether what follows goes on from this line: then this one is of the chain, and the one before it is not.
            let goes_on = lines.get(at + 1).map(|next| next.previous() == Some(line.digest.as_str()));
            let own_link = at >= 2 && before.previous() == Some(lines[at - 2].digest.as_str())
                || at == 1 && before.previous() == Some(NOTHING);
            let digests = format!("its digest is {}, the next line has {}", short(&before.digest), short(previous));
            let problem = match (is_known, goes_on, own_link) {
                (true, _, _) => altered(
                    format!(
                        "{} does not follow the line before it, which a receipt confirms: it was written by hand, or comes from another history",
                        line.named()
                    ),
                    line.at,
                ),
                (false, Some(false), _) if own != last.saturating_add(1) => altered(
                    format!(
                        "{} was put in from elsewhere: it names a line before it that this history has not",
                        line.named()
                    ),
                    line.at,
                ),
                (false, Some(false), true) => altered(
                    format!(
                        "{} names a line before it that this history has not, and the line after it does not go on from it: it was put in the place of another, or both were edited",
                        line.named()
                    ),
                    line.at,
                ),
                (false, None, true) => altered(
                    format!(
                        "{} was edited ({digests}), or {}, the last, was written by hand or comes from another history",
                        before.named(),
                        line.named()
                    ),
                    if is_other_number(own, last) { line.at } else { before.at },
                )
                .help("a receipt says which of the two: `folio verify --receipt …`"),
                _ => altered(format!("{} was edited: {digests}", before.named()), before.at),
            };
            problems.push(problem);
        }
    }
    false
}

fn is_other_number(own: u32, last: u32) -> bool {
    own != last.saturating_add(1)
}

/// `entry 4`, `entries 4 to 5`.
fn removed(first: u32, before: u32) -> String {
    let last = before.saturating_sub(1);
    if first >= last { format!("entry {last}") } else { format!("entries {first} to {last}") }
}

/// Versions that are issued twice, and approvals and withdrawals of what nobody issued.
fn versions(lines: &[Line], problems: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for line in lines {
        let Some(entry) = &line.entry else { continue };
        for issued in &entry.documents {
            let key = (issued.id.as_str(), issued.version.as_str());
            match entry.event {
                Event::Issue | Event::Baseline => {
                    if let Some(first) = known.get(&key) {
                        let message =
                            format!("`{}` {} is issued twice: in line {first} and in line {}", key.0, key.1, line.at);
                        problems.push(altered(message, line.at));
                    }
                    known.entry(key).or_insert(line.at);
                }
                Event::Approve if !known.contains_key(&key) => {
                    let message =
                        format!("line {} approves `{}` {}, which no line before it issues", line.at, key.0, key.1);
                    problems.push(altered(message, line.at));
                }
                Event::Withdraw if !known.keys().any(|(id, _)| *id == key.0) => {
                    let message = format!("line {} withdraws `{}`, which no line before it issues", line.at, key.0);
                    problems.push(altered(message, line.at));
                }
                Event::Approve | Event::Withdraw => {}
            }
        }
    }
}
