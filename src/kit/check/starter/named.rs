//! The starters by name: each laid down and rendered, and whether everything in it is called a sample.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::laid;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::files::Files as _;
use crate::kit::check::files::Read;
use crate::leaks;
use crate::pack::Pack;
use crate::pack::starter::{self, NAMED};
use crate::workspace::profile;

/// The most keys that one finding names.
const MOST_KEYS: usize = 12;

/// What a starter's name may be.
fn is_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c == '-')
}

pub(super) fn check(pack: &Arc<Pack>, jobs: usize, read: &mut Read, sink: &mut Sink) {
    starter::all(pack, sink);
    let practice = leaks::Practice::of(Vec::new());
    for name in starter::names(pack) {
        let folder = format!("{NAMED}/{name}");
        let file = |file: &str| pack.files().name(&format!("{folder}/{file}"));
        if !is_name(&name) {
            let message = format!("`{name}` is no name of a starter: small letters, digits and hyphens");
            sink.push(Diagnostic::warning(&codes::STARTER, message).at(Span::file(file(starter::FILE))));
        }
        let given = laid(pack, Some(&name), &format!("{folder}/profile.yaml"), jobs, sink);
        if let Some(given) = given {
            let documents = given.documents.as_deref().unwrap_or_default();
            leaks::check_among(&given.workspace, documents, &practice, sink);
            if given.documents.is_some() {
                read.insert(folder.clone(), given.read);
            }
        }
        samples(pack, &name, sink);
    }
}

/// Says which of its values a starter does not call samples, and which lines of `samples` name nothing.
fn samples(pack: &Pack, name: &str, sink: &mut Sink) {
    let unheard = &mut Sink::new();
    let mut written = |like: Option<&str>| {
        let files = starter::files(pack, like);
        profile::written(&*files, starter::PROFILE, &pack.schema, unheard).map(|(_, filled)| filled.to_json())
    };
    let Some((plain, own)) = written(None).zip(written(Some(name))) else { return };
    let settings = decode::read(&*starter::files(pack, Some(name)), "folio.yaml", &mut Sink::new());
    let samples: Vec<String> =
        settings.map(|settings| settings.named("samples")).into_iter().flatten().map(|(path, _)| path).collect();
    let mut found = BTreeSet::new();
    differing(&own, &plain, "", &mut found);
    let goes_on = |rest: &str| rest.is_empty() || rest.starts_with('.');
    let is_listed =
        |path: &&String| !samples.iter().any(|sample| path.strip_prefix(sample.as_str()).is_some_and(goes_on));
    let place = pack.files().name(&format!("{NAMED}/{name}/folio.yaml"));
    let missing: Vec<&String> = found.iter().filter(is_listed).collect();
    if !missing.is_empty() {
        let shown: Vec<String> = missing.iter().take(MOST_KEYS).map(|path| format!("`{path}`")).collect();
        let more = missing.len().saturating_sub(shown.len());
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let message = format!(
            "the starter `{name}` says {}{more}, and its `samples` do not list it: it would be printed as true",
            shown.join(", ")
        );
        let finding = Diagnostic::warning(&codes::STARTER, message).at(Span::file(place.clone()));
        sink.push(finding.help(format!("list it under `samples` in {NAMED}/{name}/folio.yaml, with the others")));
    }
    for sample in samples.iter().filter(|sample| !sample.contains('[')) {
        if sample.split('.').try_fold(&own, |value, key| value.get(key)).is_none() {
            let message = format!("`samples` of the starter `{name}` lists `{sample}`, of which it says nothing");
            let finding = Diagnostic::new(&codes::STARTER, Severity::Note, message).at(Span::file(place.clone()));
            sink.push(finding.help("take the line out, or correct it"));
        }
    }
}

/// The paths at which a value says something else than another: keys of groups, and lists as wholes.
fn differing(own: &Json, plain: &Json, path: &str, found: &mut BTreeSet<String>) {
    let is_empty = match own {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match (own, plain) {
        (own, plain) if own == plain || is_empty => {}
        (Json::Object(own), plain) => {
            for (key, value) in own {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                differing(value, plain.get(key).unwrap_or(&Json::Null), &path, found);
            }
        }
        _ => drop(found.insert(path.to_owned())),
    }
}
