//! What of the starter's samples names rows that the client's own lists replace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::decode;
use crate::diagnostic::codes::profile as profile_codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::edit::{Change, Field, Piece, yaml};
use crate::files::{Changed, Files};
use crate::intake::{self, cut};
use crate::pack::Pack;
use crate::schema::View;
use crate::workspace::{self, Known, Left, SETTINGS, Sample, profile};
use crate::yaml::{Located, Node};

/// The most times that the whole is looked at: what is emptied may be named by others.
const ROUNDS: usize = 40;

/// The most names that are shown.
const SHOWN: usize = 3;

/// What would be wrong with the profile when all lists of a call are in it.
#[derive(Default)]
pub(super) struct Faults {
    /// In cells of the lists, by the file.
    pub(super) own: BTreeMap<String, Vec<Diagnostic>>,
    /// What names samples that go.
    pub(super) loose: Vec<Diagnostic>,
    /// All other.
    pub(super) others: Vec<Diagnostic>,
    /// What is said of registers that are emptied.
    pub(super) notes: Vec<String>,
}

/// Looks at the whole once; registers that hold nothing but samples give way, which changes what is written.
pub(super) fn settled(
    disk: &Arc<dyn Files>,
    known: &Known,
    pack: &Pack,
    (lists, replaced): (&BTreeSet<String>, &BTreeSet<String>),
    changes: &mut BTreeMap<String, Option<Vec<u8>>>,
    sink: &mut Sink,
) -> Option<Faults> {
    let catalogues = pack.titled();
    let path = &known.settings.profile;
    let load = |files: &dyn Files| {
        let mut sink = Sink::new();
        let profile = profile::load(files, path, &pack.schema, &catalogues, &mut sink);
        (profile, sink.into_vec())
    };
    let (profile, before) = load(&**disk);
    let before: BTreeSet<String> = before.into_iter().map(|problem| problem.message).collect();
    let samples: Vec<Sample> = match profile.filter(|_| !replaced.is_empty()) {
        Some(profile) => workspace::samples(&**disk, &known.settings, pack, &profile),
        None => Vec::new(),
    };
    let mut found = Faults::default();
    let mut taken_out: Vec<String> = Vec::new();
    for _ in 0..ROUNDS {
        let (_, after) = load(&Changed::new(disk.clone(), changes.clone()));
        found = Faults { notes: found.notes, ..Faults::default() };
        for fault in after.into_iter().filter(|problem| problem.severity >= Severity::Error) {
            let file = fault.span.as_ref().map(|span| span.file.to_string()).unwrap_or_default();
            let is_loose = !replaced.is_empty() && fault.code == profile_codes::DANGLING.id;
            match () {
                () if lists.contains(&file) => found.own.entry(file).or_default().push(fault),
                () if before.contains(&fault.message) => {}
                () if is_loose => found.loose.push(fault),
                () => found.others.push(fault),
            }
        }
        let mut emptied: Vec<String> = Vec::new();
        for sample in &samples {
            let Some(file) = sample.file.as_ref().filter(|_| sample.left_is_all()) else { continue };
            let of: Vec<&Diagnostic> = found
                .loose
                .iter()
                .filter(|fault| fault.span.as_ref().is_some_and(|span| *span.file == **file))
                .collect();
            if of.is_empty() || replaced.contains(&sample.path) {
                continue;
            }
            let Some(head) = disk.read(file).ok().and_then(|bytes| head(file, &bytes)) else { continue };
            found.notes.push(format!("{file} held samples that refer to {}: emptied", names(&of)));
            changes.insert(file.clone(), Some(head));
            emptied.push(sample.path.clone());
        }
        let files = Changed::new(disk.clone(), changes.clone());
        let gone = named_in_samples(&files, path, pack, &samples, &found.loose);
        if let Some((new, places)) = gone.filter(|(_, places)| !places.is_empty()) {
            changes.insert(path.clone(), Some(new));
            taken_out.extend(places);
        } else if emptied.is_empty() {
            break;
        }
        if emptied.is_empty() {
            continue;
        }
        let files = Changed::new(disk.clone(), changes.clone());
        let settings = intake::without_samples(&files, SETTINGS, &emptied, sink)?;
        changes.insert(SETTINGS.to_owned(), Some(settings));
    }
    if !taken_out.is_empty() {
        let count = taken_out.len();
        let places: BTreeSet<String> = taken_out.into_iter().collect();
        let shown: Vec<String> = places.iter().take(SHOWN).map(|place| format!("`{place}`")).collect();
        let more = places.len().saturating_sub(shown.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let what = if count == 1 { "1 sample".to_owned() } else { format!("{count} samples") };
        let places = shown.join(", ");
        found.notes.push(format!("{what} of {path} named rows that go, and went with them: {places}{more}"));
    }
    Some(found)
}

/// The profile without what in its samples names rows that go, and where that stood. What a row must have takes the row
/// along.
fn named_in_samples(
    files: &dyn Files,
    path: &str,
    pack: &Pack,
    samples: &[Sample],
    loose: &[Diagnostic],
) -> Option<(Vec<u8>, Vec<String>)> {
    let text = decode::text(files, path, &mut Sink::new())?;
    let located = decode::parse(path, &text, &mut Sink::new())?;
    let spans = loose.iter().flat_map(|fault| fault.span.iter().chain(&fault.places));
    let at: BTreeSet<(u32, u32)> =
        spans.filter(|span| *span.file == *path).map(|span| (span.line, span.column)).collect();
    let mut places = Vec::new();
    let cut = Cut { at: &at, samples };
    let change = match cut.within(&located, pack.schema.view(), "", &mut places) {
        Out::Change(change) => change,
        Out::Goes => return None,
    };
    let new = yaml::apply(&text, &located.to_json(), &change).ok()?;
    Some((new.into_bytes(), places))
}

/// What becomes of a value.
enum Out {
    Change(Change),
    Goes,
}

/// Takes values out at some places of samples.
struct Cut<'a> {
    at: &'a BTreeSet<(u32, u32)>,
    samples: &'a [Sample],
}

impl Cut<'_> {
    fn within(&self, value: &Located, view: &View, path: &str, places: &mut Vec<String>) -> Out {
        match &value.node {
            Node::Map(entries) => {
                let mut changes = Change::Keep;
                for entry in entries {
                    let Some(property) = view.properties().iter().find(|property| entry.key == property.name.as_str())
                    else {
                        continue;
                    };
                    let path = if path.is_empty() { entry.key.to_string() } else { format!("{path}.{}", entry.key) };
                    match self.within(&entry.value, &property.view, &path, places) {
                        Out::Change(Change::Keep) => {}
                        Out::Change(change) => {
                            changes = changes.and(Change::map([Field::new(entry.key.as_str(), change)]))
                        }
                        Out::Goes if property.is_required => return Out::Goes,
                        Out::Goes => {
                            changes = changes.and(Change::map([Field::new(entry.key.as_str(), Change::Remove)]));
                        }
                    }
                }
                Out::Change(changes)
            }
            Node::List(items) => {
                let Some(view) = view.items() else { return Out::Change(Change::Keep) };
                let mut pieces = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    if let Out::Change(change) = self.within(item, view, path, places) {
                        pieces.push(Piece { from: Some(at), change });
                    }
                }
                let is_same = pieces.len() == items.len() && pieces.iter().all(|piece| piece.change == Change::Keep);
                match (is_same, pieces.is_empty()) {
                    (true, _) => Out::Change(Change::Keep),
                    // An empty list would say that there is none.
                    (false, true) => Out::Goes,
                    (false, false) => Out::Change(Change::list(items.len(), pieces)),
                }
            }
            _ => {
                let is_sample = || self.samples.iter().any(|sample| sample.covers(path));
                if self.at.contains(&(value.span.line, value.span.column)) && is_sample() {
                    places.push(path.to_owned());
                    return Out::Goes;
                }
                Out::Change(Change::Keep)
            }
        }
    }
}

/// What faults name, the first few.
pub(super) fn names(faults: &[&Diagnostic]) -> String {
    let names: BTreeSet<&str> = faults.iter().filter_map(|fault| fault.message.split('`').nth(1)).collect();
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", cut(name))).collect();
    let more = names.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// The headings of a CSV file, as bytes; nothing for other files.
fn head(file: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok().filter(|_| file.to_lowercase().ends_with(".csv"))?;
    let mut is_quoted = false;
    let end = text.char_indices().find(|(_, c)| {
        is_quoted ^= *c == '"';
        *c == '\n' && !is_quoted
    });
    let (end, _) = end?;
    text.get(..=end).map(|head| head.as_bytes().to_vec())
}

impl Sample {
    /// Whether nothing of it is the client's own.
    fn left_is_all(&self) -> bool {
        matches!(self.left, Left::All(_))
    }
}
