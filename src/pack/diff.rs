//! What a release of a pack changes, and how large its version must make the step.
//!
//! | step | what has changed |
//! |---|---|
//! | major | something that a workspace or an outer pack may name has gone, asks for more, or became final: a document, block, profile key, catalogue id, topic, derived value, partial; a key that is newly required, of another type, or allows less |
//! | minor | something was added, or documents say or ask something else: new documents, blocks, keys, checks, requirements; headings, values or directives of a text; a rule, a default, a check's severity |
//! | patch | words, look and what does not reach a document: prose of a text, theme, labels, titles of keys, the starter, fixtures |
//!
//! A pack whose version makes a smaller step than its changes is a finding. Below 1.0.0 a step counts one place lower, as
//! in Cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use semver::Version;
use serde_json::Value as Json;

use super::Pack;
use crate::diagnostic::Sink;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::expand::{self, Library};
use crate::schema::{Asks, Rest, View};

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
    documents(old, new, &mut changes);
    partials(old, new, &mut changes);
    keys(old, new, &mut changes);
    checks(old, new, &mut changes);
    let derived = |pack: &Pack| pack.derive.iter().map(|rule| (rule.id.clone(), rule.value.text.clone())).collect();
    parts("derived value", &derived(old), &derived(new), NAMED, &mut changes);
    let requirements = |pack: &Pack| {
        let all = pack.manifest.requirements.iter();
        all.map(|asked| (asked.id.clone(), format!("{} {} {:?}", asked.cites, asked.title, asked.tier))).collect()
    };
    parts("requirement", &requirements(old), &requirements(new), NAMED, &mut changes);
    let topics = |pack: &Pack| {
        pack.topics.iter().map(|(id, topic)| (id.clone(), format!("{:?} {:?}", topic.ids, topic.section))).collect()
    };
    parts("topic", &topics(old), &topics(new), NAMED, &mut changes);
    for name in old.manifest.catalogues.iter().chain(&new.manifest.catalogues).collect::<BTreeSet<_>>() {
        parts("entry", &rows(old, name), &rows(new, name), NAMED, &mut changes);
    }
    look(old, new, &mut changes);
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

/// A document as it is put together from files of the pack.
struct Composed {
    matter: String,
    is_final: bool,
    blocks: BTreeSet<String>,
    /// All its text: the document's, its partials' and what stands in place of its blocks.
    text: String,
}

fn composed(pack: &Pack, id: &str) -> Option<Composed> {
    let template = pack.documents.iter().find(|template| template.id == id)?;
    let overrides = pack.blocks.get(id).cloned().unwrap_or_default();
    let library = Library { partials: pack.partials.clone(), overrides: overrides.clone(), final_since: None };
    let prepared = expand::prepare(&template.source, &library, &mut Sink::new());
    let (blocks, partials) = prepared.map(|prepared| (prepared.blocks, prepared.partials)).unwrap_or_default();
    let mut text = template.source.text.clone();
    for source in partials.iter().filter_map(|name| pack.partials.get(name)).chain(overrides.values()) {
        text.push('\n');
        text.push_str(&source.text);
    }
    let asked =
        |rule: &Option<crate::rules::Expression>| rule.as_ref().map(|rule| rule.text.clone()).unwrap_or_default();
    let matter = format!(
        "{}\n{}\n{}\n{:?}\n{}\n{}\n{}\n{}",
        template.number,
        template.title,
        template.kind,
        template.satisfies,
        template.tier,
        asked(&template.when),
        asked(&template.reason),
        asked(&template.form)
    );
    Some(Composed { matter, is_final: template.is_final, blocks: blocks.into_iter().collect(), text })
}

/// What a text is built of besides prose: its headings, values, conditions and directives.
fn skeleton(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let start = line.trim_start();
        if start.starts_with(":::") {
            found.push(start.to_owned());
        }
        if let Some((_, id)) = start.split_once("{#").filter(|_| start.starts_with('#')) {
            found.push(format!("# {id}"));
        }
        let tags = line.match_indices("{{").filter_map(|(at, _)| Some(&line[at..at + line[at..].find("}}")?]));
        found.extend(tags.map(str::to_owned));
    }
    found
}

fn documents(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let ids = |pack: &Pack| pack.documents.iter().map(|template| template.id.clone()).collect::<Vec<_>>();
    let all: BTreeSet<String> = ids(old).into_iter().chain(ids(new)).collect();
    for id in all {
        let mut push = |kind, name: &str, what, step, detail: &str| {
            changes.push(Change { kind, name: name.to_owned(), what, step, detail: detail.to_owned() });
        };
        let (before, after) = match (composed(old, &id), composed(new, &id)) {
            (Some(before), Some(after)) => (before, after),
            (Some(_), None) => {
                push("document", &id, What::Removed, Step::Major, "");
                continue;
            }
            (None, _) => {
                push("document", &id, What::Added, Step::Minor, "");
                continue;
            }
        };
        if before.matter != after.matter {
            push("document", &id, What::Changed, Step::Minor, "front matter");
        }
        if after.is_final && !before.is_final {
            push("document", &id, What::Changed, Step::Major, "is final now");
        }
        for block in before.blocks.difference(&after.blocks) {
            push("block", &format!("{id}/{block}"), What::Removed, Step::Major, "");
        }
        for block in after.blocks.difference(&before.blocks) {
            push("block", &format!("{id}/{block}"), What::Added, Step::Minor, "");
        }
        if before.text != after.text {
            let is_prose = skeleton(&before.text) == skeleton(&after.text);
            let (step, detail) =
                if is_prose { (Step::Patch, "prose") } else { (Step::Minor, "headings, values or directives") };
            push("document", &id, What::Changed, step, detail);
        }
    }
}

/// Partials by name alone: what they say is part of the documents that include them.
fn partials(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let names = |pack: &Pack| pack.partials.keys().map(|name| (name.clone(), String::new())).collect();
    parts("partial", &names(old), &names(new), [Step::Major, Step::Patch, Step::Patch], changes);
}

/// A profile key as its schema has it.
#[derive(PartialEq)]
struct Key<'p> {
    is_required: bool,
    /// What it allows.
    allows: (&'p Asks, Option<&'p str>, &'p [String], std::mem::Discriminant<Rest>),
    default: Option<&'p Json>,
    /// Title and description.
    words: (&'p Option<String>, &'p Option<String>),
}

/// The keys of a schema by path, such as `suppliers[].name`.
fn schema_keys<'p>(view: &'p View, prefix: &str, found: &mut BTreeMap<String, Key<'p>>) {
    if let Some(items) = view.items() {
        schema_keys(items, &format!("{prefix}[]"), found);
    }
    let named = view.properties().iter().map(|part| (part.name.as_str(), part.is_required, &part.view));
    let rest = match &view.rest {
        Rest::Alike(rest) => Some(("<name>", false, &**rest)),
        _ => None,
    };
    for (name, is_required, view) in named.chain(rest) {
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        let key = Key {
            is_required,
            allows: (&view.asks, view.key.as_deref(), &view.order, std::mem::discriminant(&view.rest)),
            default: view.default.as_ref(),
            words: (&view.title, &view.description),
        };
        found.insert(path.clone(), key);
        schema_keys(view, &path, found);
    }
}

fn keys(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    schema_keys(old.schema.view(), "", &mut before);
    schema_keys(new.schema.view(), "", &mut after);
    for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (what, step, detail) = match (before.get(name), after.get(name)) {
            (Some(_), None) => (What::Removed, Step::Major, ""),
            (None, Some(key)) if key.is_required && !is_below_new(name, &before) => {
                (What::Added, Step::Major, "is required")
            }
            (None, _) => (What::Added, Step::Minor, ""),
            (Some(a), Some(b)) if a == b => continue,
            (Some(a), Some(b)) if b.is_required && !a.is_required => (What::Changed, Step::Major, "is required now"),
            (Some(a), Some(b)) if a.allows != b.allows => (What::Changed, Step::Major, "allows something else"),
            (Some(a), Some(b)) if a.default != b.default => (What::Changed, Step::Minor, "has another default"),
            (Some(a), Some(b)) if a.is_required != b.is_required => (What::Changed, Step::Minor, "is optional now"),
            _ => (What::Changed, Step::Patch, "title or description"),
        };
        changes.push(Change { kind: "key", name: name.clone(), what, step, detail: detail.to_owned() });
    }
}

/// Whether a key stands in a group or row that is new itself: then only those who use that have to give it.
fn is_below_new(name: &str, before: &BTreeMap<String, Key<'_>>) -> bool {
    name.rsplit_once('.').is_some_and(|(parent, _)| !before.contains_key(parent.trim_end_matches("[]")))
}

fn checks(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let severity = |pack: &Pack, id: &str| -> Option<Severity> {
        pack.checks.iter().find(|check| check.id == id).map(|check| check.severity)
    };
    let of = |pack: &Pack| {
        let text = |rule: &Option<crate::rules::Expression>| rule.as_ref().map(|rule| rule.text.clone());
        let all = pack.checks.iter().map(|check| {
            let said =
                format!("{:?} {} {} {}", text(&check.each), check.assert.text, check.message.written(), check.severity);
            (check.id.clone(), said)
        });
        all.collect()
    };
    let mut found = Vec::new();
    parts("check", &of(old), &of(new), NAMED, &mut found);
    for mut change in found {
        if let (Some(before), Some(after)) = (severity(old, &change.name), severity(new, &change.name))
            && before != after
        {
            change.detail = format!("{before}, now {after}");
        }
        changes.push(change);
    }
}

/// The rows of a catalogue.
fn rows(pack: &Pack, name: &str) -> BTreeMap<String, String> {
    let rows = pack.data.get(name).and_then(Json::as_array).into_iter().flatten();
    rows.filter_map(|row| Some((format!("{name}:{}", row["id"].as_str()?), row.to_string()))).collect()
}

/// Theme and words of the engine, and data that templates read.
fn look(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let look = |pack: &Pack| {
        BTreeMap::from([
            ("theme".to_owned(), pack.theme.to_json().to_string()),
            ("strings".to_owned(), serde_json::to_string(&pack.strings).unwrap_or_default()),
        ])
    };
    parts("file", &look(old), &look(new), [Step::Patch; 3], changes);
    let data = |pack: &Pack| {
        let is_other = |name: &String| name != "topics" && !pack.manifest.catalogues.contains(name);
        pack.data
            .iter()
            .filter(|(name, _)| is_other(name))
            .map(|(name, data)| (name.clone(), data.to_string()))
            .collect()
    };
    parts("data", &data(old), &data(new), NAMED, changes);
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

    #[test]
    fn prose_is_no_part_of_the_skeleton() {
        let text = "# Aim {#sec-aim}\n\nWe {{verb}} pens.\n:::note\n";
        assert_eq!(skeleton(text), skeleton(&text.replace("pens", "quills")));
        assert_ne!(skeleton(text), skeleton(&text.replace("verb", "noun")));
        assert_ne!(skeleton(text), skeleton(&text.replace("sec-aim", "sec-end")));
    }
}
