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

/// The least rows of what is found above a result.
const LEAST_ABOVE: usize = ROWS - BELOW - 1;

/// The least rows that kinds are told in.
const LEAST_ROWS: usize = 6;

/// The most places, or values, that one entry names.
const MOST_NAMED: usize = 3;

/// The most rows that the entry of a kind takes, when it is told in short.
const MOST_ROWS: usize = 3;

/// The most rows that counting what is left out takes.
const MOST_COUNTED: usize = 4;

/// How much of a message is shown at least before its places are left out, in characters.
const LEAST_MESSAGE: usize = 30;

/// A word that is longer is cut.
const LONGEST_WORD: usize = 16;

/// How what is wrapped goes on.
const INDENT: &str = "    ";

/// How many rows a text takes on a screen.
pub fn rows(text: &str) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(COLUMNS).max(1)).sum()
}

/// The most rows of what stands below what was found, one row for the count aside, where both are to fit.
pub const BELOW: usize = 26;

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
    let room = room.max(LEAST_ROWS);
    let mut kinds = kinds(diagnostics, kind);
    if kinds.len() > room {
        // Very many are told apart by their code alone, errors last.
        let are_few = kinds.iter().filter(|kind| kind.is_error()).count() * 2 <= room;
        kinds = self::kinds(diagnostics, |diagnostic| match diagnostic.severity >= Severity::Error && are_few {
            true => kind(diagnostic),
            false => diagnostic.code.as_str().to_owned(),
        });
    }
    Said { text: Page::of(&kinds, room).text(coloured), is_whole: false }
}

/// What was found above a result that takes up part of the screen: of each of several workspaces as much as has room beside
/// its part of the result. A long result leaves nearly half of a screen. One row more is kept, for the count.
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
    let room = ROWS.saturating_sub(rows(result) / several.max(1) + 1).max(LEAST_ABOVE);
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
            if places.last() != Some(&place) && places.last().is_none_or(|last| last.strip_prefix(file) != Some(&place))
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

    /// What the others say that is not said yet, each with its place.
    fn more(&self) -> impl Iterator<Item = (&'d str, String)> {
        let mut said = BTreeSet::from([self.first().message.as_str()]);
        let others = self.of.iter().skip(1).filter(move |other| said.insert(other.message.as_str()));
        others.map(|other| (other.message.as_str(), other.span.as_ref().map(Span::to_string).unwrap_or_default()))
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

/// A message and a place in one row.
fn row(begin: &str, message: &str, place: &str) -> String {
    let message = message.replace(|c: char| c.is_control(), " ");
    let room = COLUMNS.saturating_sub(begin.chars().count() + place.chars().count() + 2);
    if room < LEAST_MESSAGE {
        return format!("{begin}{}\n", cut(&message, COLUMNS - begin.len()));
    }
    format!("{begin}{}  {place}\n", cut(&message, room))
}

/// A text that is no longer than so many characters; `…` stands for its end.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let begin: String = text.chars().take(most.saturating_sub(1)).collect();
    // A word is not cut where little is lost by leaving it out.
    let whole = begin.rfind(' ').filter(|at| begin[*at..].chars().count() <= LONGEST_WORD && at * 2 >= begin.len());
    let begin = if text[begin.len()..].starts_with(' ') { &begin } else { &begin[..whole.unwrap_or(begin.len())] };
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
    /// How many more of each kind have a row.
    more: Vec<usize>,
}

impl<'k, 'd> Page<'k, 'd> {
    fn of(kinds: &'k [Kind<'d>], room: usize) -> Page<'k, 'd> {
        let errors = kinds.iter().take_while(|kind| kind.is_error()).count();
        let told = (0..kinds.len()).map(|at| if at < errors { Told::InARow } else { Told::Counted }).collect();
        let mut page = Page { kinds, told, more: vec![0; kinds.len()] };
        // Errors come first; those that do not fit are counted, where they are.
        while page.rows() > room {
            let Some(last) = page.told.iter().rposition(|told| *told == Told::InARow) else { break };
            page.told[last] = Told::Counted;
        }
        // The first of them are told in full, in half of the room where there is something else.
        for at in 0..errors {
            let before = std::mem::replace(&mut page.told[at], Told::InFull);
            if page.rows() > room || !page.leaves_room(errors, room) {
                page.told[at] = before;
                break;
            }
        }
        // Then as much as fits as a whole: the first whole are better than all cut.
        for at in 0..kinds.len() {
            let before = page.told[at];
            if before == Told::InFull || at < errors && before == Told::Counted {
                continue;
            }
            let fitting = [Told::Wrapped, Told::InARow].into_iter().find(|told| {
                page.told[at] = *told;
                page.rows() <= room
            });
            page.told[at] = fitting.unwrap_or(before);
            if fitting.is_none() && at >= errors {
                break;
            }
        }
        page.use_up(room, errors);
        page
    }

    /// Whether errors leave half of the room to the rest, or as much of it as that needs at least.
    fn leaves_room(&self, errors: usize, room: usize) -> bool {
        let rest: usize = self.kinds[errors..].iter().map(|kind| rows(&kind.in_a_row(false))).sum();
        let taken = self.rows_of(0..errors);
        taken * 2 <= room || taken + rest <= room
    }

    fn entry(&self, at: usize, coloured: bool) -> String {
        let kind = &self.kinds[at];
        let entry = match self.told[at] {
            Told::InFull => kind.in_full(coloured),
            Told::Wrapped => kind.wrapped(coloured),
            Told::InARow => kind.in_a_row(coloured),
            Told::Counted => String::new(),
        };
        if self.more[at] == 0 {
            return entry;
        }
        // They come before the blank row that a full entry ends with.
        let rows: String =
            kind.more().take(self.more[at]).map(|(message, place)| row(INDENT, message, &place)).collect();
        format!("{}\n{rows}{}", entry.trim_end(), if self.told[at] == Told::InFull { "\n" } else { "" })
    }

    /// What room is left goes to the others of each kind of errors, in turn.
    fn use_up(&mut self, room: usize, errors: usize) {
        let mut left = room.saturating_sub(self.rows());
        let counts: Vec<usize> = self.kinds[..errors].iter().map(|kind| kind.more().take(room).count()).collect();
        for round in 1..=room {
            for (at, count) in counts.iter().enumerate() {
                if left > 0 && round <= *count && self.told[at] != Told::Counted {
                    self.more[at] = round;
                    left -= 1;
                }
            }
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
        let mut files: Vec<(&str, Vec<String>)> = Vec::new();
        // Warnings have names where no error needs the room; of an error it is said where it is, too.
        let least = if left.iter().any(|kind| kind.is_error()) { Severity::Error } else { Severity::Warning };
        for kind in left.iter().filter(|kind| kind.first().severity >= least) {
            let file = kind.spans().next().filter(|_| kind.is_error()).map_or("", |span| span.file.as_str());
            let times = if kind.count() > 1 { format!(" ×{}", kind.count()) } else { String::new() };
            let named = format!("{}{times}", kind.first().code);
            match files.iter_mut().find(|(known, _)| *known == file) {
                Some((_, kinds)) => kinds.push(named),
                None => files.push((file, vec![named])),
            }
        }
        let counted = files.into_iter().map(|(file, kinds)| match file {
            "" => kinds.join(", "),
            file => format!("{file}: {}", kinds.join(", ")),
        });
        let counted: Vec<String> = counted.collect();
        if !counted.is_empty() {
            let mut lines = wrap(&counted.join("; "), COLUMNS - INDENT.len(), COLUMNS - INDENT.len());
            if lines.len() > MOST_COUNTED {
                lines.truncate(MOST_COUNTED);
                lines
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|last| *last = format!("{} …", &last[..last.rfind(", ").map_or(0, |at| at + 1)]));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::{profile, workspace};

    fn unknown(key: &str, line: u32) -> Diagnostic {
        Diagnostic::fault(&profile::UNKNOWN_KEY, format!("unknown key `{key}`")).at(Span::text(
            "profile.yaml",
            line,
            3,
            2,
        ))
    }

    fn finding(check: &str, severity: Severity, line: u32) -> Diagnostic {
        let message =
            format!("the action A-{line} was due and is not done, as nobody looked at it before it was too late");
        Diagnostic::new(Id::Check(check.into()), severity, message)
            .at(Span::text("registers/actions.csv", line, 9, 0))
            .help("Finish it.")
    }

    fn said(diagnostics: &[Diagnostic], room: usize) -> Said {
        let said = fitted(&diagnostics.iter().collect::<Vec<_>>(), room, false);
        assert!(rows(&said.text) <= room.max(LEAST_ROWS), "{} rows in {room}\n{}", rows(&said.text), said.text);
        said
    }

    #[test]
    fn while_all_fit_each_is_told_as_it_is() {
        let few = [unknown("nmae", 3), finding("late", Severity::Warning, 4)];
        let said = said(&few, 50);
        assert!(said.is_whole);
        assert_eq!(said.text, few.iter().map(|one| text::render(one, false) + "\n").collect::<String>());
    }

    #[test]
    fn many_are_told_by_kind_severest_first() {
        let mut many: Vec<Diagnostic> = (2..40).map(|line| finding("late", Severity::Warning, line)).collect();
        let sample = |key: &str| {
            Diagnostic::warning(&workspace::SAMPLE_VALUE, format!("`{key}` still holds the starter's value"))
        };
        many.extend(["people", "sites", "sites", "risks"].map(sample));
        many.push(finding("quiet", Severity::Note, 7));
        many.push(unknown("nmae", 3));
        many.push(unknown("ownr", 9));
        let said = said(&many, 12);
        assert!(!said.is_whole);
        let lines: Vec<&str> = said.text.lines().collect();
        assert_eq!(lines[0], "error[F202]: unknown key `nmae`".replace("F202", profile::UNKNOWN_KEY.id));
        assert!(said.text.contains("1 more of this kind: profile.yaml:9:3"), "{}", said.text);
        assert!(said.text.contains("warning[late] ×38: the action A-2 was due"), "{}", said.text);
        assert!(said.text.contains("registers/actions.csv:2, :3, :4, …"), "{}", said.text);
        assert!(
            said.text
                .contains("warning[F106] ×4: `people` still holds the starter's value; likewise `sites`, `risks`\n"),
            "{}",
            said.text
        );
        assert!(said.text.contains("note[quiet]: "), "{}", said.text);
    }

    #[test]
    fn what_has_no_room_is_counted_and_errors_where_they_are() {
        let mut many: Vec<Diagnostic> =
            (0..30).map(|n| finding(&format!("check-{n}"), Severity::Warning, n + 2)).collect();
        many.extend((0..9).map(|n| finding(&format!("note-{n}"), Severity::Note, n + 2)));
        let all = said(&many, 10);
        assert!(
            all.text
                .contains("and 27 more kinds of warnings, 9 of notes: `--all` shows each one\n    check-3, check-4, "),
            "{}",
            all.text
        );
        let checks: Vec<Diagnostic> =
            (0..30).map(|n| finding(&format!("check-{n}"), Severity::Error, n + 2)).chain(many).collect();
        let all = said(&checks, 10);
        assert!(all.text.contains("more kinds of errors, 30 of warnings, 9 of notes: `--all`"), "{}", all.text);
        assert!(all.text.contains("\n    registers/actions.csv: check-"), "{}", all.text);
        assert!(all.text.contains(" check-29\n"), "{}", all.text);
    }

    #[test]
    fn whatever_there_is_fits() {
        let mut many = Vec::new();
        for n in 0..60 {
            let severity = [Severity::Fault, Severity::Error, Severity::Warning, Severity::Note][n % 4];
            let message = format!("`{}` {}", "x".repeat(n * 7), "and so on ".repeat(n % 23));
            let one = Diagnostic::new(Id::Check(format!("check-{}", n % 31).into()), severity, message);
            many.push(one.at(Span::text(format!("registers/{}.csv", "y".repeat(n)), n as u32, 1, 0)));
            for room in [0, 1, 5, 17, 30, 50] {
                said(&many, room);
            }
        }
    }

    #[test]
    fn workspaces_have_a_screen_each() {
        let of =
            |name: &str| (0..40).map(|n| finding("late", Severity::Warning, n).workspace(name)).collect::<Vec<_>>();
        let both: Vec<Diagnostic> = of("acme").into_iter().chain(of("beta")).collect();
        let said = above(&both, "", false);
        assert!(!said.is_whole);
        let names: Vec<&str> = said.text.lines().filter(|line| line.ends_with(':')).collect();
        assert_eq!(names, ["acme:", "beta:"]);
    }

    #[test]
    fn lines_are_wrapped_and_keep_what_is_quoted_together() {
        assert_eq!(wrap("write `a b c` at once", 12, 12), ["write", "`a b c` at", "once"]);
        assert_eq!(wrap(&"z".repeat(30), 10, 8), ["zzzzzzzzz…"]);
        assert_eq!(cut("a quill", 5), "a qu…");
        assert_eq!(rows(&format!("{}\n\n{}\n", "x".repeat(100), "x".repeat(101))), 4);
    }
}
