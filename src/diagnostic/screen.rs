//! Diagnostics on one screen: each as it is while all of them fit, else one entry a kind, severest first.
//!
//! Of one kind are findings of one check, and problems of one code whose messages differ only in figures and in what they
//! quote. Errors keep their line of the source and their help as far as these fit; nothing is left out without a count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Diagnostic, Id, Severity, Span, sink, text};

/// How many rows a screen has.
pub const ROWS: usize = 50;

/// How many columns a row has. A longer line takes as many rows as it wraps to.
pub const COLUMNS: usize = 100;

/// The most places, or values, that one entry names.
const MOST_NAMED: usize = 3;

/// The most rows that the entry of a kind takes, when it is told in short.
const MOST_ROWS: usize = 3;

/// The most rows that counting what is left out takes.
const MOST_COUNTED: usize = 4;

/// How much of a message is shown at least before its places are left out, in characters.
const LEAST_MESSAGE: usize = 30;

/// How what is wrapped goes on.
const INDENT: &str = "    ";

/// How many rows a text takes on a screen.
pub fn rows(text: &str) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(COLUMNS).max(1)).sum()
}

/// What is said in so many rows, and whether it is all that there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The text, with its line end.
    pub text: String,
    /// Whether each diagnostic is told by itself.
    pub is_whole: bool,
}

/// Each diagnostic as it is.
pub fn whole(diagnostics: &[&Diagnostic], coloured: bool) -> String {
    diagnostics.iter().map(|diagnostic| text::render(diagnostic, coloured) + "\n").collect()
}

/// The diagnostics in so many rows at most, by kind where they would not fit each by itself.
pub fn fitted(diagnostics: &[&Diagnostic], room: usize, coloured: bool) -> Said {
    // No diagnostic takes fewer than two rows.
    if diagnostics.len() * 2 <= room && rows(&whole(diagnostics, false)) <= room {
        return Said { text: whole(diagnostics, coloured), is_whole: true };
    }
    let room = room.max(4);
    let mut kinds = kinds(diagnostics, kind);
    if kinds.iter().filter(|kind| kind.is_error()).count() * 2 > room {
        kinds = self::kinds(diagnostics, |diagnostic| diagnostic.code.as_str().to_owned());
    }
    Said { text: Page::of(&kinds, room).text(coloured), is_whole: false }
}

/// What was found above a result that takes up part of the screen: of each of several workspaces as much as has room beside
/// its part of the result. A long result leaves half of a screen. One row more is kept, for the count.
pub fn above(diagnostics: &[Diagnostic], result: &str, coloured: bool) -> Said {
    let mut workspaces: Vec<(Option<&str>, Vec<&Diagnostic>)> = Vec::new();
    for problem in diagnostics {
        let name = problem.workspace.as_deref();
        match workspaces.iter_mut().find(|(known, _)| *known == name) {
            Some((_, problems)) => problems.push(problem),
            None => workspaces.push((name, vec![problem])),
        }
    }
    let several = workspaces.len();
    let room = ROWS.saturating_sub(rows(result) / several.max(1) + 1).max(ROWS / 2);
    let mut above = Said { text: String::new(), is_whole: true };
    for (name, problems) in workspaces {
        let said = fitted(&problems, room, coloured);
        if let Some(name) = name.filter(|_| several > 1 && !said.is_whole) {
            let _ = writeln!(above.text, "{name}:");
        }
        above.text.push_str(&said.text);
        above.is_whole &= said.is_whole;
    }
    above
}

/// What diagnostics of one kind share.
fn kind(diagnostic: &Diagnostic) -> String {
    match &diagnostic.code {
        Id::Check(id) => id.to_string(),
        Id::Engine(code) => format!("{}\n{}", code.id, sink::unquoted(&diagnostic.message)),
    }
}

/// The diagnostics by what they share, severest first, else in the order in which they came.
fn kinds<'d>(diagnostics: &[&'d Diagnostic], of: impl Fn(&Diagnostic) -> String) -> Vec<Kind<'d>> {
    let mut places: BTreeMap<(Severity, String), usize> = BTreeMap::new();
    let mut kinds: Vec<Kind<'d>> = Vec::new();
    for diagnostic in diagnostics {
        let at = *places.entry((diagnostic.severity, of(diagnostic))).or_insert(kinds.len());
        if at == kinds.len() {
            kinds.push(Kind { of: Vec::new() });
        }
        kinds[at].of.push(diagnostic);
    }
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.first().severity));
    kinds
}

/// The diagnostics of one kind; there is one at least.
struct Kind<'d> {
    of: Vec<&'d Diagnostic>,
}

impl<'d> Kind<'d> {
    fn first(&self) -> &'d Diagnostic {
        self.of[0]
    }

    fn is_error(&self) -> bool {
        self.first().severity >= Severity::Error
    }

    fn count(&self) -> usize {
        self.of.iter().map(|diagnostic| diagnostic.count).sum()
    }

    fn spans(&self) -> impl Iterator<Item = &'d Span> {
        self.of.iter().flat_map(|diagnostic| diagnostic.span.iter().chain(&diagnostic.places))
    }

    /// The first as it is, with the places of the others.
    fn in_full(&self, coloured: bool) -> String {
        let first = self.first();
        let places = self.spans().skip(usize::from(first.span.is_some())).take(MOST_NAMED).cloned().collect();
        text::render(&Diagnostic { count: self.count(), places, ..first.clone() }, coloured) + "\n"
    }

    /// `warning[F106] ×10: `, and how many characters of it are shown.
    fn head(&self, coloured: bool) -> (String, usize) {
        let (level, colour) = match self.first().severity {
            Severity::Fault | Severity::Error => ("error", "\u{1b}[1;91m"),
            Severity::Warning => ("warning", "\u{1b}[1;33m"),
            Severity::Note => ("note", "\u{1b}[1;92m"),
        };
        let count = self.count();
        let times = if count > 1 { format!(" ×{count}") } else { String::new() };
        let shown = format!("{level}[{}]{times}: ", self.first().code);
        let length = shown.chars().count();
        let head = if coloured { format!("{colour}{level}[{}]\u{1b}[0m{times}: ", self.first().code) } else { shown };
        (head, length)
    }

    /// What it says, and what the others say instead where they differ in one value that they quote.
    fn message(&self) -> String {
        let message = self.first().message.replace(|c: char| c.is_control(), " ");
        let others = self.others();
        if others.is_empty() {
            return message;
        }
        let named: Vec<String> = others.iter().take(MOST_NAMED).map(|value| format!("`{value}`")).collect();
        let end = if others.len() > MOST_NAMED { ", …" } else { "" };
        format!("{message}; likewise {}{end}", named.join(", "))
    }

    fn others(&self) -> Vec<&'d str> {
        let pieces = |diagnostic: &'d Diagnostic| diagnostic.message.split('`').collect::<Vec<_>>();
        let first = pieces(self.first());
        let (mut at, mut others) = (None, Vec::new());
        for other in self.of.iter().skip(1).map(|diagnostic| pieces(diagnostic)) {
            let differing: Vec<usize> = (0..first.len()).filter(|at| first.get(*at) != other.get(*at)).collect();
            match differing.as_slice() {
                [] => {}
                [one] if one % 2 == 1 && first.len() == other.len() && at.is_none_or(|at| at == *one) => {
                    at = Some(*one);
                    if !others.contains(&other[*one]) && others.len() <= MOST_NAMED {
                        others.push(other[*one]);
                    }
                }
                _ => return Vec::new(),
            }
        }
        others
    }

    /// `registers/risks.csv:14, :29, profile.yaml:3, …`.
    fn places(&self, most: usize) -> String {
        let spans: BTreeSet<&Span> = self.spans().take(1000).collect();
        let mut places: Vec<String> = Vec::new();
        let mut file = "";
        for span in &spans {
            let place = match (&span.sheet, span.line) {
                (None, line) if line > 0 => format!(":{line}"),
                _ => span.to_string(),
            };
            let place =
                if place.starts_with(':') && file != span.file { format!("{}{place}", span.file) } else { place };
            if places.last() != Some(&place)
                && !places.last().is_some_and(|last| last.strip_prefix(file) == Some(&place))
            {
                places.push(place);
            }
            file = &span.file;
        }
        let is_all = places.len() <= most && self.count() <= spans.len();
        places.truncate(most);
        if !is_all && !places.is_empty() {
            places.push("…".to_owned());
        }
        places.join(", ")
    }

    /// It in one row: the message as far as there is room beside the first places.
    fn in_a_row(&self, coloured: bool) -> String {
        let (head, length) = self.head(coloured);
        let message = self.message();
        let most = if self.others().is_empty() { MOST_NAMED } else { 1 };
        let places = [most, 1].map(|most| self.places(most));
        let left = |places: &str| COLUMNS.saturating_sub(length + places.chars().count() + 2);
        let wanted = message.chars().count().min(LEAST_MESSAGE);
        let places = places.into_iter().find(|places| left(places) >= wanted).unwrap_or_default();
        let room = if places.is_empty() { COLUMNS.saturating_sub(length) } else { left(&places) };
        let gap = if places.is_empty() { "" } else { "  " };
        format!("{head}{}{gap}{places}\n", cut(&message, room))
    }

    /// It whole, wrapped.
    fn wrapped(&self, coloured: bool) -> String {
        let (head, length) = self.head(coloured);
        let places = self.places(MOST_NAMED);
        let said = if places.is_empty() { self.message() } else { format!("{}  {places}", self.message()) };
        let mut lines = wrap(&said, COLUMNS - length.min(COLUMNS / 2), COLUMNS - INDENT.len());
        if lines.len() > MOST_ROWS {
            lines.truncate(MOST_ROWS);
            if let Some(last) = lines.last_mut() {
                *last = cut(&format!("{last} …"), COLUMNS - INDENT.len());
            }
        }
        head + &lines.join(&format!("\n{INDENT}")) + "\n"
    }
}

/// A text that is no longer than so many characters; `…` stands for its end.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let begin: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", begin.trim_end())
}

/// The words of a text. What stands between backticks is one, unless it is long.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in text.split(' ') {
        match words.last_mut().filter(|last| is_open && last.chars().count() < COLUMNS / 2) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.to_owned()),
        }
        is_open ^= word.matches('`').count() % 2 == 1;
    }
    words
}

/// A text in lines: the first so long at most, and those that follow.
pub fn wrap(text: &str, first: usize, next: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in words(text) {
        let most = if lines.len() == 1 { first } else { next };
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push_str(if line.is_empty() { "" } else { " " });
                line.push_str(&word);
            }
            Some(line) if line.is_empty() => *line = cut(&word, most),
            _ => lines.push(cut(&word, next)),
        }
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

/// How much of a kind is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    InFull,
    Wrapped,
    InARow,
    Counted,
}

/// What stands on a screen.
struct Page<'k, 'd> {
    kinds: &'k [Kind<'d>],
    told: Vec<Told>,
}

impl<'k, 'd> Page<'k, 'd> {
    fn of(kinds: &'k [Kind<'d>], room: usize) -> Page<'k, 'd> {
        let errors = kinds.iter().take_while(|kind| kind.is_error()).count();
        let mut page = Page { kinds, told: vec![Told::InARow; kinds.len()] };
        // What does not fit is counted.
        while page.rows() > room {
            let Some(last) = page.told.iter().rposition(|told| *told == Told::InARow) else { break };
            page.told[last] = Told::Counted;
        }
        // The first errors are told in full, in half of the room at the cost of what is no error.
        for at in 0..errors {
            let before = page.told.clone();
            page.told[at] = Told::InFull;
            while page.rows() > room && page.rows_of(0..errors) * 2 <= room {
                match page.told.iter().rposition(|told| *told == Told::InARow).filter(|last| *last >= errors) {
                    Some(last) => page.told[last] = Told::Counted,
                    None => break,
                }
            }
            if page.rows() > room {
                page.told = before;
                break;
            }
        }
        for at in 0..kinds.len() {
            if page.told[at] == Told::InARow {
                page.told[at] = Told::Wrapped;
                if page.rows() > room {
                    page.told[at] = Told::InARow;
                }
            }
        }
        page
    }

    fn entry(&self, at: usize, coloured: bool) -> String {
        match self.told[at] {
            Told::InFull => self.kinds[at].in_full(coloured),
            Told::Wrapped => self.kinds[at].wrapped(coloured),
            Told::InARow => self.kinds[at].in_a_row(coloured),
            Told::Counted => String::new(),
        }
    }

    fn rows_of(&self, range: std::ops::Range<usize>) -> usize {
        range.map(|at| rows(&self.entry(at, false))).sum()
    }

    fn rows(&self) -> usize {
        self.rows_of(0..self.kinds.len()) + rows(&self.rest())
    }

    /// What is counted only: errors by what and where they are, the rest by how many kinds there are.
    fn rest(&self) -> String {
        let left: Vec<&Kind<'_>> = self
            .kinds
            .iter()
            .zip(&self.told)
            .filter(|(_, told)| **told == Told::Counted)
            .map(|(kind, _)| kind)
            .collect();
        if left.is_empty() {
            return String::new();
        }
        let mut parts = Vec::new();
        for (severity, word) in
            [(Severity::Error, "errors"), (Severity::Warning, "warnings"), (Severity::Note, "notes")]
        {
            let is_of = |kind: &&&Kind<'_>| kind.first().severity.min(Severity::Error) == severity;
            let count = left.iter().filter(is_of).count();
            if count > 0 {
                let kinds = match (parts.is_empty(), count) {
                    (true, 1) => " more kind",
                    (true, _) => " more kinds",
                    (false, _) => "",
                };
                parts.push(format!("{count}{kinds} of {word}"));
            }
        }
        let mut text = format!("and {}: `--all` shows each one\n", parts.join(", "));
        let counted: Vec<String> = left.iter().filter(|kind| kind.is_error()).map(|kind| kind.counted()).collect();
        if !counted.is_empty() {
            let mut lines = wrap(&counted.join("; "), COLUMNS - INDENT.len(), COLUMNS - INDENT.len());
            if lines.len() > MOST_COUNTED {
                lines.truncate(MOST_COUNTED);
                lines
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|last| *last = cut(&format!("{last} …"), COLUMNS - INDENT.len()));
            }
            for line in lines {
                let _ = writeln!(text, "{INDENT}{line}");
            }
        }
        text
    }

    fn text(&self, coloured: bool) -> String {
        let mut text: String = (0..self.kinds.len()).map(|at| self.entry(at, coloured)).collect();
        text.push_str(&self.rest());
        text
    }
}

impl Kind<'_> {
    /// `F203 ×4 in profile.yaml`.
    fn counted(&self) -> String {
        let files: BTreeSet<&str> = self.spans().map(|span| span.file.as_str()).collect();
        let files: Vec<&str> = files.into_iter().collect();
        let place = match files.as_slice() {
            [] => String::new(),
            [file] => format!(" in {file}"),
            [file, others @ ..] => format!(" in {file} and {} more", others.len()),
        };
        format!("{} ×{}{place}", self.first().code, self.count())
    }
}
