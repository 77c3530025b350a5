//! Reading a pack for its author: everything that can be seen without a profile, then what its fixtures show.
//!
//! Looked at are the outermost pack and the bases that only exist to be extended; a base that is rendered by itself is
//! checked by itself. What stops a rendering is a fault here too; the rest are findings.

mod dropped;
mod files;
mod fonts;
mod language;
mod messages;
mod names;
mod proposals;
mod reach;
mod reasons;
mod references;
mod rules;
mod scopes;
mod set;
mod silence;
mod starter;
mod structure;
mod trial;
mod universal;
mod unseen;
mod unused;
mod variables;
mod ways;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::decode;
use crate::diagnostic::codes::document as document_codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::expand::{self, Library, Prepared, Source};
use crate::kit::translation;
use crate::pack::{Pack, Template};
use crate::parallel;

/// How much of a pack's text its fixtures reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The fixtures and workspaces that were rendered.
    pub rendered: usize,
    /// The ways that templates can go at `if`, `unless` and `each`.
    pub arms: usize,
    /// Those that were gone.
    pub reached: usize,
}

impl Coverage {
    /// Hundredths, rounded down; nothing when there is no choice at all.
    pub fn percent(&self) -> Option<usize> {
        (self.reached * 100).checked_div(self.arms)
    }
}

/// Checks a pack, as [`Pack::examine`] gives it with what it said in `sink`. Workspaces in `on` are rendered with it as
/// its fixtures are.
pub fn check(pack: &Arc<Pack>, on: &[PathBuf], jobs: usize, sink: &mut Sink) -> Coverage {
    let mut own = Sink::new();
    let subject = Subject::new(pack, !sink.has_faults(), jobs, &mut own);
    variables::check(&subject, &mut own);
    structure::check(&subject, &mut own);
    references::check(&subject, &mut own);
    dropped::check(&subject, &mut own);
    names::check(&subject, &mut own);
    rules::check(&subject, &mut own);
    proposals::check(&subject, &mut own);
    set::check(&subject, &mut own);
    fonts::check(&subject, &mut own);
    silence::check(&subject, &mut own);
    universal::check(&subject, &mut own);
    reasons::check(&subject, &mut own);
    let prepared = subject.templates.iter().filter_map(|(template, prepared)| Some((template, prepared.as_ref()?)));
    prepared.for_each(|(template, prepared)| pack.check_language(template, prepared, &mut own));
    messages::check(&subject, &mut own);
    translation::check_words(pack, &mut own);
    language::check(&subject, &mut own);
    let mut read = files::Read::new();
    let mut coverage = Coverage::default();
    // What is missing because of a mistake would only be reported once more as unused or unreached.
    if subject.is_whole && !own.has_faults() {
        unused::check(&subject, &mut own);
        let failing = trial::check(&subject, on, jobs, &mut own);
        let mut rendered = Sink::new();
        coverage = reach::check(&subject, on, jobs, &mut read, &mut rendered);
        starter::check(&subject, jobs, &mut read, &mut rendered);
        // A rule that fails has been told, with what it fails on.
        let is_told = |found: &Diagnostic| found.span.as_ref().is_some_and(|span| failing.contains(span));
        own.extend(rendered.into_vec().into_iter().filter(|found| !(found.is_fault() && is_told(found))));
    }
    if subject.is_whole {
        files::check(&subject, &read, &mut own);
    }
    decode::show_lines(&pack.trees(), &mut own);
    let own = own.into_vec().into_iter().filter(|found| subject.concerns(found));
    let all = std::mem::take(sink).into_vec().into_iter().chain(own).collect();
    sink.extend(sorted(all));
    coverage
}

/// The findings without repetitions, the worst first, each file from top to bottom.
fn sorted(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| {
        let key = |found: &Diagnostic| (std::cmp::Reverse(found.severity), found.span.clone());
        (key(a), &a.code, &a.message).cmp(&(key(b), &b.code, &b.message))
    });
    let mut seen = BTreeSet::new();
    found.retain(|found| seen.insert((found.code.to_string(), found.span.clone(), found.message.clone())));
    found
}

/// What a template includes.
static INCLUDED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{>\s*([\w-]+)\s*\}\}").expect("a constant pattern"));

/// The partials of a pack. Those that a base includes and leaves to the packs that extend it stand empty.
fn partials(pack: &Pack) -> BTreeMap<String, Source> {
    let mut partials = pack.partials.clone();
    let documents = pack.documents.iter().map(|document| &document.source);
    for source in documents.chain(pack.partials.values()).filter(|_| pack.manifest.is_base) {
        for name in INCLUDED.captures_iter(&source.text).filter_map(|found| found.get(1)) {
            let empty = Source { text: String::new(), replaces: None, ..source.clone() };
            let name = name.as_str().to_owned();
            partials.entry(name.clone()).or_insert(Source { name: name.into(), ..empty });
        }
    }
    partials
}

/// A pack with its templates prepared.
struct Subject<'p> {
    pack: &'p Arc<Pack>,
    /// Whether all of it could be read.
    is_whole: bool,
    /// How many of its layers are looked at.
    depth: usize,
    /// Its documents, each with its template when that could be prepared.
    templates: Vec<(&'p Template, Option<Prepared>)>,
}

impl<'p> Subject<'p> {
    fn new(pack: &'p Arc<Pack>, is_whole: bool, jobs: usize, sink: &mut Sink) -> Subject<'p> {
        let partials = partials(pack);
        let bases = pack.layers.iter().skip(1).take_while(|layer| layer.manifest.is_base).count();
        let prepared = parallel::map(pack.documents.len(), jobs, sink, |at, sink| {
            let document = &pack.documents[at];
            let library = Library {
                partials: Cow::Borrowed(&partials),
                overrides: pack.blocks.get(&document.id).cloned().unwrap_or_default(),
                final_since: document.is_final.then_some(document.source.layer),
            };
            expand::prepare(&document.source, &library, sink)
        });
        Subject { pack, is_whole, depth: 1 + bases, templates: pack.documents.iter().zip(prepared).collect() }
    }

    /// Whether nobody renders this pack by itself.
    fn is_base(&self) -> bool {
        self.pack.manifest.is_base
    }

    /// The templates that could be prepared.
    fn prepared(&self) -> impl Iterator<Item = &Prepared> {
        self.templates.iter().filter_map(|(_, prepared)| prepared.as_ref())
    }

    /// Every file of template text.
    fn sources(&self) -> impl Iterator<Item = &'p Source> {
        let pack: &'p Pack = self.pack;
        let documents = pack.documents.iter().map(|document| &document.source);
        let blocks = pack.blocks.values().flat_map(|blocks| blocks.values());
        documents.chain(pack.partials.values()).chain(blocks)
    }

    /// The layer that a file belongs to, by the name that the user knows it by; `None` for a file of a workspace.
    fn layer_of(&self, file: &str) -> Option<usize> {
        let prefixes = self.pack.layers.iter().map(|layer| layer.files.name("")).enumerate();
        let fits = prefixes.filter(|(_, prefix)| file.starts_with(prefix.as_str()));
        fits.max_by_key(|(_, prefix)| prefix.len()).map(|(layer, _)| layer)
    }

    /// Whether a finding is this author's affair.
    fn concerns(&self, found: &Diagnostic) -> bool {
        let layer = found.span.as_ref().and_then(|span| self.layer_of(&span.file));
        // A form that a template asks for is missing in whatever profile it is tried on.
        let is_of_text = found.code == document_codes::FORM_MISSING;
        found.is_fault() || is_of_text || layer.is_none_or(|layer| layer < self.depth)
    }

    /// How bad it is that a part of a layer is not used: another pack may use what a base has.
    fn unused_in(&self, layer: usize) -> Severity {
        let is_base = self.pack.layers.get(layer).is_some_and(|layer| layer.manifest.is_base);
        if is_base { Severity::Note } else { Severity::Warning }
    }

    /// The ids of every catalogue.
    fn catalogue_ids(&self) -> BTreeSet<String> {
        self.pack.catalogues().into_values().flatten().collect()
    }
}
