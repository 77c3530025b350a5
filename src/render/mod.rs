//! One way through: a workspace in, its documents out. Read [`Run`] from top to bottom.

mod compose;
mod ledger;
mod outcome;
pub mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use ecow::EcoString;
use serde_json::{Map, Value as Json};

use crate::backend::{Backends, Format, Work, Write};
use crate::chart;
use crate::control::digest;
use crate::coverage::{self, Covered};
use crate::decode;
use crate::diagnostic::codes::workspace as workspace_codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::expand::Arm;
use crate::leaks;
use crate::model::{Document, Images, Printed as _};
use crate::pack::Tier;
use crate::pack::source::Shelf;
use crate::parallel;
use crate::plan::{self, Job, Plan};
use crate::rules::{Facts, Finding, Rules};
use crate::typeset::{self, Fonts, Typesetter};
use crate::workspace::Workspace;
use compose::Composed;
pub(crate) use compose::shape;
use ledger::{Bytes, Finished, Ledger, absolute};
use outcome::Stages;
pub use outcome::{Action, Outcome, Output, Rendered, RenderedState, Timings};

/// What is asked of a run.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The formats that there are.
    pub backends: Backends,
    /// Formats instead of the workspace's.
    pub formats: Vec<Format>,
    /// Only these documents, by id; all when empty.
    pub only: Vec<String>,
    /// Where to write instead of the workspace's output folder.
    pub out: Option<PathBuf>,
    /// How many threads.
    pub jobs: usize,
    /// Write nothing.
    pub dry_run: bool,
    /// Replace outputs that were edited by hand.
    pub overwrite_edited: bool,
    /// Fail when the lock would pin another pack.
    pub locked: bool,
    /// Today, ISO 8601: seen by checks alone.
    pub today: String,
    /// The packs that can be had by name.
    pub shelf: Shelf,
}

/// Renders a workspace. Faults are in the sink; then nothing was written, and the outcome says `failed`.
///
/// `progress` is called once for each document that is done.
pub fn render(
    root: &Path,
    request: &Request,
    progress: &(dyn Fn(usize, usize) + Sync),
    sink: &mut Sink,
) -> Option<Outcome> {
    let mut timings = Timings::default();
    let workspace = timings.time("read", || Workspace::open(root, &request.shelf, sink))?;
    let ledger = Ledger::open(&workspace, request, sink)?;
    let run = Run { workspace: &workspace, request, progress, ledger };
    let (scope, plan, findings) = timings.time("rules", || run.rules(sink));
    run.report_findings(findings, sink);
    run.report_samples(sink);
    let input = timings.time("digest", || run.set_input(&plan, &scope));
    let (finished, set) = match timings.time("look", || run.unchanged(&plan, &input)) {
        Some(finished) => (finished, Some(input)),
        None => {
            let remarks = sink.len();
            let documents = timings.time("expand", || run.compose(&plan, &scope, sink).documents);
            timings.time("leaks", || leaks::check(&workspace, documents.as_deref().unwrap_or_default(), sink));
            decode::show_lines(&workspace.trees(), sink);
            let set = (sink.len() == remarks).then_some(input);
            match documents.filter(|_| !sink.has_faults()) {
                Some(documents) => (run.typeset(&plan, documents, &mut timings, sink), set),
                None => (Vec::new(), None),
            }
        }
    };
    decode::show_lines(&workspace.trees(), sink);
    let failed = sink.has_faults();
    let documents = timings.time("write", || run.write(&plan, finished, set, failed, sink));
    let pack = format!("{} {}", workspace.pack.manifest.id, workspace.pack.manifest.version);
    let pack = if workspace.pin.is_some() { pack } else { format!("{pack}, unpinned") };
    Some(Outcome { dir: absolute(root), pack, documents, timings })
}

/// The resolved documents of a workspace: what backends would be given.
pub fn documents(root: &Path, request: &Request, sink: &mut Sink) -> Option<Vec<Document>> {
    documents_of(&Workspace::open(root, &request.shelf, sink)?, request, sink)
}

/// The resolved documents of a workspace that is open.
pub fn documents_of(workspace: &Workspace, request: &Request, sink: &mut Sink) -> Option<Vec<Document>> {
    let ledger = Ledger::open(workspace, request, sink)?;
    let run = Run { workspace, request, progress: &|_, _| {}, ledger };
    let (scope, plan, _) = run.rules(sink);
    run.compose(&plan, &scope, sink).documents.filter(|_| !sink.has_faults())
}

/// A set as far as it goes without being laid out: what a pack's author looks at.
#[derive(Debug)]
pub struct Rehearsal {
    /// What was to be made.
    pub plan: Plan,
    /// The documents, in the order of the plan; `None` when there was a fault.
    pub documents: Option<Vec<Document>>,
    /// The ways that the templates went.
    pub arms: BTreeSet<Arm>,
}

/// Rehearses the set of a workspace that is open. What its pack's checks find in its profile is left out.
pub fn rehearse(workspace: &Workspace, request: &Request, sink: &mut Sink) -> Option<Rehearsal> {
    let ledger = Ledger::open(workspace, request, sink)?;
    let run = Run { workspace, request, progress: &|_, _| {}, ledger };
    let (scope, plan, _) = run.rules(sink);
    let Composed { documents, arms } = run.compose(&plan, &scope, sink);
    Some(Rehearsal { documents: documents.filter(|_| !sink.has_faults()), plan, arms })
}

/// What a workspace's set answers of what its pack's standard demands.
pub fn coverage(root: &Path, request: &Request, sink: &mut Sink) -> Option<Vec<Covered>> {
    let workspace = Workspace::open(root, &request.shelf, sink)?;
    let ledger = Ledger::open(&workspace, request, sink)?;
    let run = Run { workspace: &workspace, request, progress: &|_, _| {}, ledger };
    let (_, plan, _) = run.rules(sink);
    let covered = coverage::of(&workspace.pack, &plan);
    for gap in covered.iter().filter(|covered| covered.state == coverage::State::Missing) {
        let message = format!("no document answers {}: {}", gap.cites, gap.title);
        let severity = if gap.tier == Tier::Mandatory { Severity::Error } else { Severity::Warning };
        sink.push(Diagnostic::new(workspace_codes::REQUIREMENT_MISSING.id, severity, message));
    }
    Some(covered)
}

/// What templates and conditions see.
struct Scope {
    values: Map<String, Json>,
    /// The profile keys that each derived value was computed from.
    inputs: BTreeMap<String, Vec<EcoString>>,
}

struct Run<'a> {
    workspace: &'a Workspace,
    request: &'a Request,
    progress: &'a (dyn Fn(usize, usize) + Sync),
    ledger: Ledger,
}

impl Run<'_> {
    /// Derives what the pack derives, plans the set, and checks the profile.
    fn rules(&self, sink: &mut Sink) -> (Scope, Plan, Vec<Finding>) {
        let pack = &self.workspace.pack;
        let rules = Rules::compile(&pack.derive, &pack.checks, self.request.jobs, sink);
        let mut values = self.workspace.profile.value.as_object().cloned().unwrap_or_default();
        values.remove("unmapped"); // Kept for people alone.
        values.insert("data".into(), Json::Object(pack.data.clone()));
        values.insert("as_of".into(), Json::from(self.workspace.settings.as_of.clone()));
        let mut facts = Facts::new(&values);
        let derived = rules.derive(&mut facts, sink);
        let is_sound = !sink.has_faults(); // Checks of what could not be derived would only repeat that.
        let formats = plan::Formats { table: &self.request.backends, asked: &self.request.formats };
        let plan = plan::plan(self.workspace, formats, &facts, sink);
        let findings = if is_sound {
            facts.set_today(&self.request.today);
            rules.check(&facts, self.request.jobs, sink)
        } else {
            Vec::new()
        };
        drop(facts);
        values.insert("derived".into(), Json::Object(derived.values));
        (Scope { values, inputs: derived.inputs }, plan, findings)
    }

    /// Findings become diagnostics; those that somebody accepted become notes until their date.
    fn report_findings(&self, findings: Vec<Finding>, sink: &mut Sink) {
        let profile = &self.workspace.profile;
        let accepted: Vec<&Json> = profile.value["accepted"].as_array().into_iter().flatten().collect();
        for finding in findings {
            let waiver = accepted.iter().find(|waiver| {
                waiver["check"] == finding.check.as_str()
                    && (waiver["at"].is_null() || waiver["at"].as_str() == finding.path.as_deref())
                    && waiver["until"].as_str().is_none_or(|until| until >= self.request.today.as_str())
            });
            let severity = if waiver.is_some() { Severity::Note } else { finding.severity };
            let mut diagnostic = Diagnostic::new(finding.check, severity, finding.message);
            if let Some(waiver) = waiver {
                let until = waiver["until"].as_str().map(|until| format!(" until {until}")).unwrap_or_default();
                diagnostic =
                    diagnostic.help(format!("accepted{until}: {}", waiver["reason"].as_str().unwrap_or_default()));
            } else {
                diagnostic = diagnostic.help(finding.explain);
            }
            if let Some(path) = finding.path {
                diagnostic = profile.locate(diagnostic, &path);
            }
            sink.push(diagnostic);
        }
    }

    fn report_samples(&self, sink: &mut Sink) {
        for (path, span) in &self.workspace.settings.samples {
            let message = format!("`{path}` still holds the starter's value");
            let diagnostic = Diagnostic::warning(&workspace_codes::SAMPLE_VALUE, message).at(span.clone());
            sink.push(diagnostic.help("write the real value in the profile, then take this line out of `samples`"));
        }
    }

    /// Lays out and writes in memory every document that is asked for and whose outputs are not known to be right.
    fn typeset(&self, plan: &Plan, documents: Vec<Document>, timings: &mut Timings, sink: &mut Sink) -> Vec<Finished> {
        let Workspace { theme, pack, fonts, .. } = self.workspace;
        let start = Instant::now();
        let mut images = self.workspace.images.clone();
        let typesetter = Fonts::new(fonts.clone()).and_then(|fonts| {
            let advances = fonts.advances(&theme.fonts.body.pdf);
            documents.iter().for_each(|document| chart::draw(document, theme, &advances, &mut images));
            let needs_pages = plan.jobs.iter().flat_map(|job| &job.formats).any(Format::needs_pages);
            let make = || Typesetter::new(Arc::new(fonts), theme, &pack.strings, &images);
            needs_pages.then(make).transpose()
        });
        let typesetter = match typesetter {
            Ok(typesetter) => typesetter,
            Err(problems) => {
                sink.merge(problems);
                return Vec::new();
            }
        };
        timings.0.push(("fonts", start.elapsed()));
        let common = self.common_input();
        let wanted: Vec<usize> = (0..plan.jobs.len()).filter(|job| self.is_wanted(&plan.jobs[*job])).collect();
        let done = AtomicUsize::new(0);
        let stages = Stages::new(&self.request.backends);
        let finished = parallel::map(wanted.len(), self.request.jobs, sink, |index, sink| {
            let job = wanted[index];
            let document = &documents[job];
            let start = Instant::now();
            let input = input_digest(document, &common);
            let finished = match self.known(&plan.jobs[job], &input) {
                Some(known) => Some(known),
                None => self.make(typesetter.as_ref(), (&plan.jobs[job], document), &images, &stages, sink),
            };
            typeset::release_memory(self.request.jobs);
            let count = done.fetch_add(1, Ordering::Relaxed) + 1;
            (self.progress)(count, wanted.len());
            finished.map(|(pages, outputs)| Finished { job, input, pages, outputs, time: start.elapsed() })
        });
        stages.report(timings);
        finished.into_iter().flatten().collect()
    }

    fn make(
        &self,
        typesetter: Option<&Typesetter>,
        (job, document): (&Job, &Document),
        images: &Images,
        stages: &Stages,
        sink: &mut Sink,
    ) -> Option<(u32, Vec<Bytes>)> {
        let Workspace { theme, pack, profile, .. } = self.workspace;
        let locate = |diagnostic: Diagnostic| match diagnostic.path.clone() {
            Some(path) => profile.locate(diagnostic, &path),
            None => diagnostic,
        };
        let work = Work { document, theme, strings: &pack.strings, images };
        let needs_pages = job.formats.iter().any(Format::needs_pages);
        let layout = typesetter.filter(|_| needs_pages).map(|it| stages.time("typeset", || it.layout(document)));
        let layout = match layout.transpose() {
            Ok(layout) => layout,
            Err(problems) => {
                sink.extend(problems.into_vec().into_iter().map(locate));
                return None;
            }
        };
        let mut outputs = Vec::new();
        for format in &job.formats {
            let bytes = match (format.write, &layout) {
                (Write::Document(write), _) => stages.time(format.name, || write(&work)),
                (Write::Pages(write), Some(layout)) => stages.time(format.name, || write(&work, layout)),
                (Write::Pages(_), None) => continue, // Never: it was laid out above.
            };
            match bytes {
                Ok(bytes) => outputs.push(Bytes::New(*format, bytes)),
                Err(problems) => sink.extend(problems.into_vec().into_iter().map(locate)),
            }
        }
        Some((layout.map_or(0, |layout| layout.pages().count), outputs))
    }

    /// The digest of all that the set is made from: values, plan, pack, look, pictures, and Folio itself.
    fn set_input(&self, plan: &Plan, scope: &Scope) -> String {
        let controls: Vec<_> = plan.jobs.iter().map(|job| (&job.control, &job.stem)).collect();
        let samples: Vec<&String> = self.workspace.settings.samples.iter().map(|(path, _)| path).collect();
        let values = serde_json::to_vec(&(&scope.values, controls, samples)).unwrap_or_default();
        digest([values.as_slice(), self.workspace.pack.digest.as_bytes(), &self.common_input()])
    }

    /// What all outputs of this workspace are made from besides their documents.
    fn common_input(&self) -> Vec<u8> {
        let Workspace { theme, images, pack, fonts, .. } = self.workspace;
        let mut common = serde_json::to_vec(&(theme, &pack.strings)).unwrap_or_default();
        for (name, image) in &images.0 {
            common.extend(digest([name.as_bytes(), &image.bytes, image.alt.as_bytes()]).into_bytes());
        }
        for (name, bytes) in fonts {
            common.extend(digest([name.as_bytes(), bytes]).into_bytes());
        }
        common.extend(env!("FOLIO_SOURCE").as_bytes());
        common
    }
}

fn input_digest(document: &Document, common: &[u8]) -> String {
    let model = serde_json::to_vec(document).unwrap_or_default();
    digest([model.as_slice(), common])
}
