//! What a release of a pack changes, and how large its version must make the step.
//!
//! | step | what has changed |
//! |---|---|
//! | major | something that a workspace or an outer pack may name has gone, asks for more, or became final: a document, block, profile key, catalogue id, topic, derived value, message, partial, image, font; a key that is newly required, of another type, or allows less |
//! | minor | something was added, or documents say or ask something else: new documents, blocks, keys, checks, requirements; headings, values or directives of a text; a rule, a default, a check's severity |
//! | patch | words, look and what does not reach a document: prose of a text, messages, theme, strings, images, fonts, titles of keys, explanations of checks, the starter, checklists, migrations, fixtures |
//!
//! A pack whose version makes a smaller step than its changes is a finding. Below 1.0.0 a step counts one place lower, as
//! in Cargo.

mod documents;
mod keys;
mod look;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use semver::Version;

use super::Pack;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity};

pub use look::leaves;

/// The most characters of a value that are shown.
const MAX_SHOWN: usize = 72;

/// The most characters before a difference that are shown.
const MAX_KEPT: usize = 24;

/// How large a step of the version a change asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Words and look.
    Patch,
    /// More, or something else.
    Minor,
    /// What others rely on has gone.
    Major,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Step::Patch => "patch",
            Step::Minor => "minor",
            Step::Major => "major",
        })
    }
}

/// What happened to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It has gone.
    Removed,
    /// It is another.
    Changed,
    /// It is new.
    Added,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            What::Removed => "removed",
            What::Changed => "changed",
            What::Added => "added",
        })
    }
}

/// A change of one part of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// What kind of part, such as `document` or `key`.
    pub kind: &'static str,
    /// Which.
    pub name: String,
    /// What happened to it.
    pub what: What,
    /// How large a step it asks for.
    pub step: Step,
    /// What about it, when that is not plain.
    pub detail: String,
}

/// Every change between two versions of a pack, kind by kind.
pub fn diff(old: &Pack, new: &Pack) -> Vec<Change> {
    let mut changes = Vec::new();
    documents::documents(old, new, &mut changes);
    partials(old, new, &mut changes);
    keys::keys(old, new, &mut changes);
    rules::rules(old, new, &mut changes);
    let requirements = |pack: &Pack| {
        let all = pack.manifest.requirements.iter();
        all.map(|asked| (asked.id.clone(), format!("{} {} {:?}", asked.cites, asked.title, asked.tier))).collect()
    };
    parts("requirement", &requirements(old), &requirements(new), NAMED, &mut changes);
    let topics = |pack: &Pack| {
        pack.topics.iter().map(|(id, topic)| (id.clone(), format!("{:?} {:?}", topic.ids, topic.section))).collect()
    };
    parts("topic", &topics(old), &topics(new), NAMED, &mut changes);
    look::data(old, new, &mut changes);
    look::look(old, new, &mut changes);
    changes
}

/// The steps that removing, changing and adding a part ask for.
type Steps = [Step; 3];

/// Of what others may name.
const NAMED: Steps = [Step::Major, Step::Minor, Step::Minor];

/// Compares two tables of parts.
fn parts(
    kind: &'static str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    steps: Steps,
    changes: &mut Vec<Change>,
) {
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let (what, step) = match (old.get(name), new.get(name)) {
            (Some(before), Some(after)) if before == after => continue,
            (Some(_), None) => (What::Removed, steps[0]),
            (Some(_), Some(_)) => (What::Changed, steps[1]),
            _ => (What::Added, steps[2]),
        };
        changes.push(Change { kind, name: name.clone(), what, step, detail: String::new() });
    }
}

/// The same, and says of each part what it was and what it is.
fn valued(
    kind: &'static str,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    steps: Steps,
    changes: &mut Vec<Change>,
) {
    let mut found = Vec::new();
    parts(kind, old, new, steps, &mut found);
    for change in &mut found {
        change.detail = match (old.get(&change.name), new.get(&change.name)) {
            (Some(before), Some(after)) => turn(before, after),
            (before, after) => shown(before.or(after).map_or("", String::as_str)),
        };
    }
    changes.append(&mut found);
}

/// What a text was, and what it is: `#1f3a5f -> #b00020`. Of long ones, from where they begin to differ.
pub fn turn(before: &str, after: &str) -> String {
    let [before, after] = [before, after].map(on_one_line);
    let same = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
    let is_long = [&before, &after].into_iter().any(|text| text.chars().count() > MAX_SHOWN);
    let skipped = if is_long { same.saturating_sub(MAX_KEPT) } else { 0 };
    format!("{} -> {}", clipped(&before, skipped), clipped(&after, skipped))
}

fn shown(text: &str) -> String {
    clipped(&on_one_line(text), 0)
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without its first characters and as far as there is room; in quotes where it would not be told from what stands
/// beside it.
fn clipped(line: &str, skipped: usize) -> String {
    let is_plain = !line.is_empty() && line.chars().all(|c| c.is_ascii_alphanumeric() || "#.-+%_".contains(c));
    let text: String = line.chars().skip(skipped).take(MAX_SHOWN).collect();
    let before = if skipped > 0 { "…" } else { "" };
    let after = if line.chars().count() > skipped + MAX_SHOWN { "…" } else { "" };
    let quote = if is_plain { "" } else { "\"" };
    format!("{quote}{before}{text}{after}{quote}")
}

/// Partials by name alone: what they say is part of the documents that include them.
fn partials(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let names = |pack: &Pack| pack.partials.keys().map(|name| (name.clone(), String::new())).collect();
    parts("partial", &names(old), &names(new), [Step::Major, Step::Patch, Step::Patch], changes);
}

/// The step that a version makes from another; `None` when it makes none, or goes back.
pub fn step_between(old: &Version, new: &Version) -> Option<Step> {
    if new <= old {
        return None;
    }
    let places = [(old.major, new.major), (old.minor, new.minor), (old.patch, new.patch)];
    let first = places.iter().position(|(before, after)| before != after);
    let is_early = old.major == 0 && new.major == 0;
    match (first, is_early) {
        (Some(0), _) | (Some(1), true) => Some(Step::Major),
        (Some(1), false) | (Some(2), true) => Some(Step::Minor),
        _ => Some(Step::Patch),
    }
}

/// Whether the new version makes the step that the changes ask for; a finding when it does not.
pub fn judge(old: &Version, new: &Version, changes: &[Change]) -> Option<Diagnostic> {
    let asked = changes.iter().map(|change| change.step).max()?;
    let made = step_between(old, new);
    if made >= Some(asked) {
        return None;
    }
    let message = match made {
        _ if new < old => format!("{new} is older than {old}"),
        None => format!("the packs differ, and both are called {old}"),
        Some(made) => format!("from {old} to {new} is a {made} step; the changes ask for a {asked} one"),
    };
    let first = changes.iter().find(|change| change.step == asked);
    let reason = first.map(|change| format!("{} `{}` {} {}", change.kind, change.name, change.what, change.detail));
    let diagnostic = Diagnostic::new(&codes::VERSION_STEP, Severity::Error, message);
    Some(
        diagnostic.help(format!("because of: {}", reason.unwrap_or_default().trim_end())).help(codes::VERSION_STEP.fix),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_shows_where_texts_differ() {
        assert_eq!(turn("#1f3a5f", "#b00020"), "#1f3a5f -> #b00020");
        assert_eq!(turn("At a\nglance", ""), "\"At a glance\" -> \"\"");
        let long = "a ".repeat(60);
        let turned = turn(&format!("{long}one"), &format!("{long}other"));
        assert_eq!(turned, "\"… a a a a a a a a a a a one\" -> \"… a a a a a a a a a a a other\"");
        assert!(turn(&long, &"ß".repeat(99)).contains("ßß…"));
    }

    #[test]
    fn a_version_makes_a_step() {
        let step = |old: &str, new: &str| step_between(&old.parse().unwrap(), &new.parse().unwrap());
        assert_eq!(step("1.2.3", "2.0.0"), Some(Step::Major));
        assert_eq!(step("1.2.3", "1.3.0"), Some(Step::Minor));
        assert_eq!(step("1.2.3", "1.2.4"), Some(Step::Patch));
        assert_eq!(step("0.2.3", "0.3.0"), Some(Step::Major));
        assert_eq!(step("0.2.3", "0.2.4"), Some(Step::Minor));
        assert_eq!(step("0.2.3", "1.0.0"), Some(Step::Major));
        assert_eq!(step("1.2.3", "1.2.3"), None);
        assert_eq!(step("1.2.3", "1.0.0"), None);
    }
}
