//! What of the starter's samples names rows that the client's own lists replace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::codes::profile as profile_codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::files::{Changed, Files};
use crate::intake::{self, cut};
use crate::pack::Pack;
use crate::workspace::{self, Known, Left, SETTINGS, Sample, profile};

/// The most times that the whole is looked at: what is emptied may be named by others.
const ROUNDS: usize = 12;

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
        if emptied.is_empty() {
            break;
        }
        let files = Changed::new(disk.clone(), changes.clone());
        let settings = intake::without_samples(&files, SETTINGS, &emptied, sink)?;
        changes.insert(SETTINGS.to_owned(), Some(settings));
    }
    Some(found)
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
