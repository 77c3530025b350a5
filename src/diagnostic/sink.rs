//! Collecting diagnostics: faults of one kind, when they are very many, become one.

use std::collections::BTreeMap;

use super::{Diagnostic, Severity};

/// The most faults of one kind that are told one by one.
const MAX_ALIKE: usize = 20;

/// The most places that are named of faults told as one, besides the first.
const MAX_PLACES: usize = 3;

/// A collector of diagnostics. Each job fills its own; they are merged in plan order.
///
/// Of faults of one kind, more than twenty are one [`Diagnostic`] with a count and the first places: what is said stays
/// short, and what is kept small, however much is wrong. Of one kind are those of one code in one file whose messages
/// differ only in figures and in what they quote.
#[derive(Debug, Default, Clone)]
pub struct Sink {
    /// None where one went into another of its kind.
    diagnostics: Vec<Option<Diagnostic>>,
    kinds: BTreeMap<String, Alike>,
}

/// The faults of one kind.
#[derive(Debug, Default, Clone)]
struct Alike {
    /// Where they stand among the diagnostics: all of them, or only the first, which stands for the others.
    at: Vec<usize>,
    count: usize,
}

impl Sink {
    /// An empty one.
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.push_with(diagnostic, |diagnostic| diagnostic);
    }

    /// Adds one, finished first: a suggestion is looked for only where somebody will read it.
    pub fn push_with(&mut self, diagnostic: Diagnostic, finish: impl FnOnce(Diagnostic) -> Diagnostic) {
        if !diagnostic.is_fault() {
            self.diagnostics.push(Some(finish(diagnostic)));
            return;
        }
        let alike = self.kinds.entry(kind(&diagnostic)).or_default();
        let was_one = alike.count > MAX_ALIKE;
        alike.count += diagnostic.count;
        if alike.count <= MAX_ALIKE {
            alike.at.push(self.diagnostics.len());
            self.diagnostics.push(Some(finish(diagnostic)));
            return;
        }
        let mut others: Vec<Diagnostic> = Vec::new();
        if !was_one {
            others.extend(alike.at.iter().skip(1).filter_map(|at| self.diagnostics[*at].take()));
            alike.at.truncate(1);
        }
        let (count, first) = (alike.count, alike.at.first().copied());
        match first.and_then(|at| self.diagnostics[at].as_mut()) {
            Some(first) => {
                others.push(diagnostic);
                first.count = count;
                for other in others {
                    let places = other.span.into_iter().chain(other.places);
                    first.places.extend(places.take(MAX_PLACES.saturating_sub(first.places.len())));
                }
            }
            None => {
                alike.at.push(self.diagnostics.len());
                self.diagnostics.push(Some(finish(diagnostic)));
            }
        }
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: Sink) {
        self.extend(other.diagnostics.into_iter().flatten());
    }

    /// Whether a fault is among them.
    pub fn has_faults(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// How many there are, each counted that stands for others.
    pub fn len(&self) -> usize {
        self.iter().map(|diagnostic| diagnostic.count).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// All of them, in the order they came.
    pub fn iter(&self) -> std::iter::Flatten<std::slice::Iter<'_, Option<Diagnostic>>> {
        self.diagnostics.iter().flatten()
    }

    /// All of them, to be added to.
    pub fn iter_mut(&mut self) -> std::iter::Flatten<std::slice::IterMut<'_, Option<Diagnostic>>> {
        self.diagnostics.iter_mut().flatten()
    }

    /// All of them, given away.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.diagnostics.into_iter().flatten().collect()
    }
}

impl Extend<Diagnostic> for Sink {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, iter: T) {
        iter.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}

/// Workspace, code, file, sheet, and the message without its figures and what it quotes.
fn kind(diagnostic: &Diagnostic) -> String {
    debug_assert_eq!(diagnostic.severity, Severity::Fault);
    let mut kind = format!("{}\n{}", diagnostic.workspace.as_deref().unwrap_or_default(), diagnostic.code.as_str());
    let place = match &diagnostic.span {
        Some(span) => [span.file.as_str(), span.sheet.as_deref().unwrap_or_default()],
        // Where only the path is known yet, it says where.
        None => [diagnostic.path.as_deref().unwrap_or_default(), ""],
    };
    for part in place {
        kind.push('\n');
        kind.push_str(part);
    }
    kind.push('\n');
    kind.push_str(&unquoted(&diagnostic.message));
    kind
}

/// A message without its figures and what it quotes.
pub(super) fn unquoted(message: &str) -> String {
    message.split('`').step_by(2).flat_map(str::chars).filter(|c| !c.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::diagnostic::codes::profile as codes;

    fn unknown(number: u32) -> Diagnostic {
        Diagnostic::fault(&codes::UNKNOWN_KEY, format!("unknown key `k{number}`")).at(Span::text("f", number, 1, 2))
    }

    #[test]
    fn few_faults_of_a_kind_are_told_one_by_one() {
        let mut sink = Sink::new();
        sink.extend((1..=20).map(unknown));
        assert_eq!((sink.iter().count(), sink.len()), (20, 20));
        assert!(sink.iter().all(|problem| problem.count == 1 && problem.places.is_empty()));
    }

    #[test]
    fn very_many_are_one_with_a_count_and_the_first_places() {
        let mut sink = Sink::new();
        sink.extend((1..=10_000).map(unknown));
        sink.push(Diagnostic::fault(&codes::WRONG_TYPE, "`a` is empty").at(Span::file("f")));
        let mut whole = Sink::new();
        whole.push(unknown(0));
        whole.merge(sink);
        assert_eq!((whole.iter().count(), whole.len()), (2, 10_002));
        let first = whole.iter().next().unwrap();
        assert_eq!((first.message.as_str(), first.count), ("unknown key `k0`", 10_001));
        let lines: Vec<u32> = first.places.iter().map(|place| place.line).collect();
        assert_eq!(lines, [1, 2, 3]);
    }

    #[test]
    fn what_nobody_reads_is_not_finished() {
        let (mut sink, mut finished) = (Sink::new(), 0);
        for number in 0..1_000 {
            sink.push_with(unknown(number), |problem| {
                finished += 1;
                problem
            });
        }
        assert_eq!(finished, 20);
    }
}
