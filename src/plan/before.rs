//! What the last issued documents were made from.

use serde_json::{Map, Value as Json};

use crate::diagnostic::codes::output as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::history::{self, History};
use crate::rules::{Facts, Rules};
use crate::workspace::Workspace;

/// What the last issued documents were made from, with what the pack derives from that; nothing when another pack made
/// them, or its rules do not understand it any more. What was not there then is as empty as it is full now: `now` is the
/// scope of today without what is derived.
pub(super) fn before(workspace: &Workspace, rules: &Rules, now: &Map<String, Json>, sink: &mut Sink) -> Option<Facts> {
    let History { entries, .. } = &workspace.history;
    let last = entries.iter().rev().find_map(|entry| entry.facts.as_ref())?;
    let problem = |problem| {
        let diagnostic = Diagnostic::fault(&codes::HISTORY_BROKEN, problem);
        sink.push(diagnostic.at(Span::file(history::FILE)).help(codes::HISTORY_BROKEN.fix));
    };
    let kept = history::Facts::read(&*workspace.files, last).map_err(problem).ok()?;
    if kept.packs.first().is_some_and(|pack| pack.id != workspace.pack.manifest.id) {
        return None;
    }
    let mut before = kept.profile;
    for (key, value) in now {
        match key.as_str() {
            "data" => drop(before.insert(key.clone(), value.clone())),
            _ => fill(&mut before, key, value),
        }
    }
    before.insert("as_of".into(), Json::from(kept.as_of));
    let mut facts = Facts::new(&before);
    facts.speak(workspace.pack.messages.clone());
    let mut unheard = Sink::new();
    rules.derive_before(&mut facts, &mut unheard);
    (!unheard.has_faults()).then_some(facts)
}

/// Gives a group of before the lists that there are now, empty, as far as it has them not; in groups of it too.
fn fill(before: &mut Map<String, Json>, key: &str, now: &Json) {
    match now {
        Json::Array(_) => drop(before.entry(key).or_insert_with(|| Json::Array(Vec::new()))),
        Json::Object(now) => {
            let group = before.entry(key).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(group) = group {
                now.iter().for_each(|(key, value)| fill(group, key, value));
            }
        }
        _ => {}
    }
}
