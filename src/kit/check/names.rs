//! Names that look like misspellings of one another, or are written unlike those beside them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use super::Subject;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::expand;
use crate::schema::Source;
use crate::yaml::Located;

/// Shorter words are never taken for one another.
const SHORTEST: usize = 5;
/// Of words as long as this, any letter may be wrong; shorter ones that differ by another letter are often both words.
const LONG: usize = 9;
/// So many names of one style make a habit.
const HABIT: usize = 3;

/// Names that stand in one place.
struct Group {
    /// What they are, such as `topic`.
    what: &'static str,
    names: BTreeMap<String, Span>,
}

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    for group in groups(subject) {
        group.near(sink);
        group.style(sink);
    }
}

fn groups(subject: &Subject<'_>) -> Vec<Group> {
    let pack = subject.pack;
    let keys = pack.schema.sources().iter().flat_map(Source::groups);
    let mut groups: Vec<Group> =
        keys.map(|names| Group { what: "profile key", names: names.into_iter().collect() }).collect();
    let mut derived = Group { what: "derived value", names: BTreeMap::new() };
    let mut checks = Group { what: "check", names: BTreeMap::new() };
    for layer in &pack.layers {
        let read = |path: &str| decode::read(&*layer.files, path, &mut Sink::new());
        for rules in layer.manifest.rules.iter().filter_map(|path| read(path)) {
            derived.take(rules.items("derive"));
            checks.take(rules.items("checks"));
        }
    }
    let topics = pack.topics.iter().filter_map(|(name, topic)| Some((name.clone(), topic.span.clone()?)));
    groups.push(Group { what: "topic", names: topics.collect() });
    groups.extend([derived, checks]);
    groups.extend(subject.sources().map(headings));
    groups
}

/// An id that is written out whole: `{#sec-scope}`.
static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|[^{])\{#([\w-]+)[ }]").expect("a constant pattern"));

/// The ids of the headings, tables and figures of a file.
fn headings(source: &expand::Source) -> Group {
    let mut names = BTreeMap::new();
    for (row, line) in (source.first_line..).zip(source.text.lines()) {
        for id in ID.captures_iter(line).filter_map(|found| found.get(1)) {
            let column = line[..id.start()].chars().count() as u32 + 1;
            let span = Span::text(source.name.clone(), row, column, id.len() as u32);
            names.insert(id.as_str().to_owned(), span);
        }
    }
    Group { what: "id", names }
}

impl Group {
    fn take(&mut self, rows: &[Located]) {
        for id in rows.iter().filter_map(|row| row.get("id")) {
            self.names.insert(id.as_str().unwrap_or_default().to_owned(), id.span.clone());
        }
    }

    fn near(&self, sink: &mut Sink) {
        let names: Vec<(&String, &Span)> = self.names.iter().collect();
        for (at, (name, span)) in names.iter().enumerate() {
            for (other, place) in names[..at].iter().filter(|(other, _)| is_slip(name, other)) {
                let message = format!("the {} `{name}` is one letter away from `{other}`", self.what);
                let diagnostic = Diagnostic::warning(&codes::KEY_SPELLING, message).at((*span).clone());
                sink.push(diagnostic.related((*place).clone(), "the other stands at").help(codes::KEY_SPELLING.fix));
            }
        }
    }

    fn style(&self, sink: &mut Sink) {
        let count = |style: Style| self.names.keys().filter(|name| style_of(name) == Some(style)).count();
        let (snake, kebab) = (count(Style::Snake), count(Style::Kebab));
        let habit = if snake >= kebab { Style::Snake } else { Style::Kebab };
        if snake.max(kebab) < HABIT || snake.min(kebab) * 3 > snake.max(kebab) {
            return;
        }
        for (name, span) in self.names.iter().filter(|(name, _)| style_of(name).is_some_and(|style| style != habit)) {
            let message = format!("the {} `{name}` is not written as the others are: {}", self.what, habit.example());
            sink.push(Diagnostic::warning(&codes::KEY_SPELLING, message).at(span.clone()));
        }
    }
}

/// Whether one name is the other with a letter mistyped. A plural, a number or a short word that differs is meant.
fn is_slip(a: &str, b: &str) -> bool {
    let words = |name: &str| name.split(['-', '_']).map(str::to_lowercase).collect::<Vec<_>>();
    let (first, second) = (words(a), words(b));
    if first.len() != second.len() {
        return a.replace(['-', '_'], "") == b.replace(['-', '_'], "");
    }
    let mut different = first.iter().zip(&second).filter(|(a, b)| a != b);
    let Some((x, y)) = different.next() else { return true };
    let is_plural = |x: &str, y: &str| x.strip_suffix('s') == Some(y);
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let shorter = x.len().min(y.len());
    let squeezed =
        |word: &str| word.chars().collect::<Vec<_>>().chunk_by(|a, b| a == b).map(|run| run[0]).collect::<String>();
    let is_swap = x.len() == y.len() && strsim::osa_distance(x, y) == 1 && strsim::levenshtein(x, y) == 2;
    different.next().is_none()
        && shorter >= SHORTEST
        && !(is_plural(x, y) || is_plural(y, x) || has_digit(x) || has_digit(y))
        && strsim::damerau_levenshtein(x, y) == 1
        && (is_swap || squeezed(x) == squeezed(y) || shorter >= LONG)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Snake,
    Kebab,
    Other,
}

impl Style {
    fn example(self) -> &'static str {
        match self {
            Style::Snake => "`like_this`",
            _ => "`like-this`",
        }
    }
}

/// The style of a name of several words; a single one has none.
fn style_of(name: &str) -> Option<Style> {
    match (name.contains('_'), name.contains('-')) {
        (true, true) => Some(Style::Other),
        _ if name.contains(|c: char| c.is_whitespace() || c.is_uppercase()) => Some(Style::Other),
        (true, false) => Some(Style::Snake),
        (false, true) => Some(Style::Kebab),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_names_that_are_meant() {
        for (a, b) in [
            ("access-removal", "acess-removal"),
            ("recieved_on", "received_on"),
            ("sec-owner", "sec_owner"),
            ("responsability", "responsibility"),
        ] {
            assert!(is_slip(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("control", "controls"),
            ("tier_1_days", "tier_2_days"),
            ("sec-in", "sec-on"),
            ("start_date", "state_date"),
            ("inside", "outside"),
            ("clause", "cause"),
            ("clauses", "classes"),
            ("sec-rules", "sec-roles"),
            ("grant_days", "leave_days"),
        ] {
            assert!(!is_slip(a, b), "{a} {b}");
        }
    }
}
