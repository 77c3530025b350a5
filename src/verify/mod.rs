//! Whether what was issued is what it was: the chain of the history, what is kept of each version, what stands in force, and
//! the receipts that were given out.
//!
//! Nothing here stops at the first problem, and each is located: by its line, its document and version, or its file. What a
//! chain alone cannot show, a tail that was cut off and a history that was written anew, [`Receipt`]s show.

mod chain;
mod export;
mod kept;
mod missed;
mod receipt;

use std::path::Path;

use jiff::civil::Date;

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::digest;
use crate::files::{Disk, Files};
use crate::history::{self, Entry, Event, FILE, History};

pub use chain::Line;
pub use export::{Package, export};
pub use missed::{Missed, missed, missed_in};
pub use receipt::{MARK, Receipt};

/// What is verified, and against what.
pub struct Asked<'a> {
    /// The files of the workspace.
    pub files: &'a dyn Files,
    /// The workspace's id.
    pub workspace: &'a str,
    /// The folder of what is in force: its files, and how it is named to the user.
    pub given: (&'a dyn Files, &'a Path),
    /// The folder of what is approved and in force later: the same.
    pub coming: (&'a dyn Files, &'a Path),
    /// What is missed of its history.
    pub missed: &'a dyn Fn(&History) -> Option<Missed>,
    /// The receipts that were kept elsewhere.
    pub receipts: &'a [Receipt],
    /// The day for which it is asked what is in force.
    pub today: Date,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// How many entries there are.
    pub entries: usize,
    /// How many versions they name.
    pub versions: usize,
    /// How many kept files were read and compared.
    pub files: usize,
    /// The receipt of the last line, not signed; nothing where nothing was issued.
    pub head: Option<Receipt>,
    /// For each receipt that holds, how many entries follow it.
    pub followed: Vec<(Receipt, usize)>,
    /// Everything that is wrong.
    pub problems: Vec<Diagnostic>,
}

/// Verifies the history of a workspace and all that it names.
pub fn verify(asked: &Asked<'_>) -> Verdict {
    let mut problems = Vec::new();
    let bytes = match asked.files.read(FILE) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => Vec::new(),
        Err(error) => {
            problems.push(Diagnostic::fault(&codes::HISTORY_BROKEN, error.to_string()).at(Span::file(FILE)));
            return Verdict { problems, ..Verdict::default() };
        }
    };
    let unread = |problem: String, line: usize, problems: Vec<Diagnostic>| {
        let problem =
            at_line(Diagnostic::fault(&codes::HISTORY_BROKEN, format!("`{FILE}` is not read: {problem}")), line);
        Verdict { problems: [problems, vec![problem]].concat(), ..Verdict::default() }
    };
    if let Some((problem, line)) = history::too_long(&bytes) {
        return unread(problem, line, problems);
    }
    let lines = chain::read(&bytes, &mut problems);
    if let Some(problem) = history::too_many(entries(&lines)) {
        return unread(problem, 0, problems);
    }
    chain::check(&lines, asked.receipts, &mut problems);
    let mut followed = Vec::new();
    for receipt in asked.receipts {
        match held_against(receipt, asked, &lines) {
            Ok(more) => followed.push((receipt.clone(), more)),
            Err(problem) => problems.push(problem),
        }
    }
    let own = History { entries: entries(&lines).cloned().collect(), head: String::new() };
    let head = lines.last().map_or_else(|| NOTHING.to_owned(), |line| line.digest.clone());
    // Of a history with lines that are none, that is said.
    let is_read = lines.iter().all(|line| line.entry.is_some());
    if let Some(missed) = (asked.missed)(&History { head, ..own }).filter(|_| is_read) {
        problems.push(missed.said(Severity::Fault));
    }
    for line in &lines {
        let Some((entry, lost)) = line.entry.as_ref().and_then(|entry| Some((entry, entry.lost.as_ref()?))) else {
            continue;
        };
        let knew = match lost.entries {
            0 => "of which nothing is known but that files of it were there".to_owned(),
            entries => format!("of {entries} entries, the last with the digest {}", short(&lost.head)),
        };
        let message = format!("entry {} was made without an earlier history {knew}", entry.number);
        let problem = Diagnostic::warning(&codes::HISTORY_MISSED, message);
        problems.push(
            at_line(problem, line.at).help("ask whoever made it why; a receipt of then says what that history was"),
        );
    }
    let files = kept::check(asked, &lines, &mut problems);
    let head = lines.last().and_then(|line| {
        let entry = line.entry.as_ref()?;
        Some(receipt_of(asked.workspace, entry, &line.digest))
    });
    let versions = entries(&lines).filter(|entry| entry.event != Event::Withdraw).map(|entry| entry.documents.len());
    Verdict { entries: lines.len(), versions: versions.sum(), files, head, followed, problems }
}

/// What is wrong with the lines of a history, without what they name.
pub fn chain(files: &dyn Files) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    // One that cannot be read, or is not there, is said by whoever reads it.
    let lines = files.read(FILE).map(|bytes| chain::read(&bytes, &mut problems)).unwrap_or_default();
    chain::check(&lines, &[], &mut problems);
    problems.into_iter().map(|problem| problem.help(codes::HISTORY_ALTERED.fix)).collect()
}

/// What stands against giving out of a history: it was altered, or is missed.
pub fn unsound(root: &Path, output: &str, history: &History) -> Vec<Diagnostic> {
    let missed = missed_in(root, output, history).map(|missed| missed.said(Severity::Fault));
    chain(&Disk::new(root, "")).into_iter().chain(missed).collect()
}

/// The receipt of a history as it is, not signed; nothing where nothing was issued.
pub fn head(workspace: &str, history: &History) -> Option<Receipt> {
    history.entries.last().map(|entry| receipt_of(workspace, entry, &history.head))
}

fn receipt_of(workspace: &str, entry: &Entry, head: &str) -> Receipt {
    Receipt {
        workspace: workspace.to_owned(),
        entries: entry.number,
        day: entry.day,
        head: head.to_owned(),
        signature: None,
    }
}

fn entries(lines: &[Line]) -> impl Iterator<Item = &Entry> {
    lines.iter().filter_map(|line| line.entry.as_ref())
}

/// Holds a receipt against the history: how many entries follow the one that it knows.
fn held_against(receipt: &Receipt, asked: &Asked<'_>, lines: &[Line]) -> Result<usize, Diagnostic> {
    let wrong = |message: String| Diagnostic::fault(&codes::RECEIPT_DISAGREES, message).at(Span::file(FILE));
    if receipt.workspace != asked.workspace {
        let message = format!("the receipt is of the workspace `{}`; this is `{}`", receipt.workspace, asked.workspace);
        return Err(wrong(message).help("give a receipt of this workspace"));
    }
    let wanted = receipt.entries as usize;
    if let Some(at) = lines.iter().position(|line| line.digest == receipt.head) {
        return match at + 1 == wanted {
            true => Ok(lines.len() - wanted),
            false => Err(at_line(
                wrong(format!(
                    "entry {wanted}, which the receipt of {} knows, stands in line {} now: lines before it were {}",
                    receipt.day,
                    at + 1,
                    if at + 1 > wanted { "added" } else { "taken out" },
                )),
                at + 1,
            )),
        };
    }
    if lines.len() < wanted {
        let (first, have) = (lines.len() + 1, lines.len());
        let gone =
            if first == wanted { format!("entry {wanted} was") } else { format!("entries {first} to {wanted} were") };
        let message = format!(
            "the receipt of {} knows {wanted} entries, the history has {have}: {gone} cut off at its end",
            receipt.day
        );
        return Err(at_line(wrong(message), have).help(codes::RECEIPT_DISAGREES.fix));
    }
    // An earlier receipt that holds says from where on it was written anew.
    let holds = |other: &&Receipt| {
        let line = lines.get((other.entries as usize).wrapping_sub(1));
        other.entries < receipt.entries && line.is_some_and(|line| line.digest == other.head)
    };
    let sound = asked.receipts.iter().filter(holds).map(|other| other.entries as usize).max().unwrap_or(0);
    let line = &lines[wanted.saturating_sub(1).min(lines.len() - 1)];
    let from = match sound {
        0 => format!("it, or a line before it, was written anew ({})", span_of(1, wanted)),
        sound => format!(
            "it was written anew after entry {sound}, which an earlier receipt confirms ({})",
            span_of(sound + 1, wanted)
        ),
    };
    let days = line.entry.as_ref().filter(|entry| entry.day != receipt.day);
    let days =
        days.map_or_else(String::new, |entry| format!("; its day is {}, the receipt says {}", entry.day, receipt.day));
    let message = format!(
        "{} is not the entry {wanted} that the receipt of {} knows: {from}{days}. Its digest is {}, the receipt has {}",
        line.named(),
        receipt.day,
        short(&line.digest),
        short(&receipt.head),
    );
    Err(at_line(wrong(message), wanted).help(codes::RECEIPT_DISAGREES.fix))
}

fn span_of(first: usize, last: usize) -> String {
    if first >= last { format!("line {last}") } else { format!("lines {first} to {last}") }
}

fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn at_line(problem: Diagnostic, line: usize) -> Diagnostic {
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    problem.at(Span { line, column: u32::from(line > 0), ..Span::file(FILE) })
}

/// The digest of a line, as the one after it names it.
fn digest_of(line: &[u8]) -> String {
    digest::of_file(line)
}

/// `issue of a 1.0, b 1.0 and 3 more`.
fn about(entry: &Entry) -> String {
    const MOST: usize = 2;
    let what = match entry.event {
        Event::Issue => "issue",
        Event::Approve => "approval",
        Event::Withdraw => "withdrawal",
        Event::Baseline => "taking over",
    };
    let named: Vec<String> =
        entry.documents.iter().take(MOST).map(|issued| format!("`{}` {}", issued.id, issued.version)).collect();
    match entry.documents.len().saturating_sub(MOST) {
        _ if named.is_empty() => what.to_owned(),
        0 => format!("{what} of {}", named.join(", ")),
        more => format!("{what} of {} and {more} more", named.join(", ")),
    }
}

/// Where the previous of the first line points.
const NOTHING: &str = history::NOTHING;
