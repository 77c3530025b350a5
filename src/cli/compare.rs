//! `folio check --compare`: one workspace in two languages.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::done::{Done, broken};
use super::settings::Settings;
use super::{pack, report};
use crate::compare as facts;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::Disk;
use crate::pack::source::{Bases as _, Wanted};
use crate::pack::{Manifest, Pack};
use crate::session::Session;

/// Compares each workspace with itself in another language.
pub(super) fn compare(dirs: &[PathBuf], other: &str, deny_warnings: bool, settings: &Settings) -> Done {
    let session = settings.request().session();
    let mut sink = Sink::new();
    let mut text = String::new();
    let mut sets = Vec::new();
    for dir in dirs {
        let root = settings.path(dir);
        let mut own = Sink::new();
        let compared = one(&root, other, &session, settings, &mut own);
        sink.merge(own);
        let Some(compared) = compared else { continue };
        let documents = compared.documents.len();
        let facts: usize = compared.documents.iter().map(|(_, facts)| facts).sum();
        let alone = compared.alone.len();
        text.push_str(&format!("{}: {documents} documents in both languages, {facts} facts in both", dir.display()));
        text.push_str(&if alone == 0 { "\n".to_owned() } else { format!("; {alone} in one alone\n") });
        let counts = compared.documents.iter().map(|(id, facts)| json!({"id": id, "facts": facts}));
        sets.push(json!({
            "dir": dir.display().to_string(),
            "documents": counts.collect::<Vec<_>>(),
            "alone": compared.alone,
        }));
    }
    if sets.is_empty() {
        return broken(sink);
    }
    let diagnostics = sink.into_vec();
    let mut json = report::json(&[], &diagnostics);
    json["compared"] = json!(sets);
    Done { text, json: Some(json), diagnostics, deny_warnings, ..Done::default() }
}

fn one(root: &Path, other: &str, session: &Session, settings: &Settings, sink: &mut Sink) -> Option<facts::Compared> {
    let workspace = session.workspace(root, sink)?;
    let own = workspace.pack.clone();
    let other = in_language(&own, other, settings, sink)?;
    facts::compare(session, root, Arc::new(Disk::new(root, "")), [own, other], sink)
}

/// The pack in another language: one that the workspace's pack stands over, one that stands over it, or one by name.
fn in_language(own: &Pack, other: &str, settings: &Settings, sink: &mut Sink) -> Option<Arc<Pack>> {
    let speaks = |manifest: &Manifest| {
        let language = manifest.language.to_lowercase();
        let other = other.to_lowercase();
        !manifest.is_base && (language == other || language.starts_with(&format!("{other}-")))
    };
    if let Some(layer) = own.layers.iter().find(|layer| speaks(&layer.manifest)) {
        return Pack::load(layer.files.clone(), &settings.shelf, sink).map(Arc::new);
    }
    let over = |manifest: &Manifest| {
        manifest.extends.as_ref().is_some_and(|base| own.layers.iter().any(|layer| base.matches(&layer.manifest)))
    };
    let known = settings.shelf.packs().into_iter().find(|known| speaks(&known.manifest) && over(&known.manifest));
    if let Some(known) = known {
        let wanted: Wanted = format!("{}@={}", known.manifest.id, known.manifest.version).parse().ok()?;
        let files = settings.shelf.find(&wanted).map_err(|problem| sink.push(problem)).ok()?;
        return Pack::load(files, &settings.shelf, sink).map(Arc::new);
    }
    // A language is no pack: say so, and not that there is no such pack.
    let is_language = other.split('-').next().is_some_and(|first| matches!(first.len(), 2 | 3)) && !other.contains('@');
    if is_language && !settings.path(Path::new(other)).exists() {
        let message = format!("no pack in `{other}` stands over {} or below it", own.label(0));
        sink.push(Diagnostic::fault(&codes::USAGE, message).help("install one, or name it: `--compare PACK`"));
        return None;
    }
    pack::named(other, settings, sink).map(Arc::new)
}
