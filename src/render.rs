//! One way through: a workspace in, its documents out. Read [`Run`] from top to bottom.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ecow::EcoString;
use serde_json::{Map, Value as Json};

use crate::backend::{self, Work};
use crate::chart;
use crate::control::lock::{self, Lock, LockedDocument, LockedOutput};
use crate::control::{digest, file_digest};
use crate::coverage::{self, Covered};
use crate::decode;
use crate::diagnostic::codes::{document as document_codes, output as output_codes, workspace as workspace_codes};
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::expand::lint::{self, Shape};
use crate::expand::{self, Library, Source, Tools};
use crate::model::{Control, Document, Images, ParsedDocument};
use crate::output::{self, Batch};
use crate::pack::Template;
use crate::parallel;
use crate::parse::{self, Labels};
use crate::plan::{self, Job, NotApplicable, Plan};
use crate::resolve::{self, Citable, Set};
use crate::rules::{Facts, Finding, Rules};
use crate::typeset::{self, Fonts, Typesetter};
use crate::workspace::Workspace;

/// What is asked of a run.
#[derive(Debug, Clone, Default)]
pub struct Request {
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
}

pub use backend::Format;

/// What a run did.
#[derive(Debug)]
pub struct Outcome {
    /// The workspace, absolute.
    pub dir: PathBuf,
    /// The pack: id, version, and whether it is pinned.
    pub pack: String,
    /// The documents, in the order of the set.
    pub documents: Vec<Rendered>,
    /// How long each stage took.
    pub timings: Timings,
}

/// A document of a run.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its state.
    pub state: RenderedState,
    /// Why it is not made, when a reason is known.
    pub reason: Option<String>,
    /// How many pages it has.
    pub pages: u32,
    /// Its outputs.
    pub outputs: Vec<Output>,
    /// How long typesetting and the backends took.
    pub time: Duration,
}

/// The state of a document in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderedState {
    /// Not approved.
    Draft,
    /// An output was edited by hand.
    Edited,
    /// Not made: its condition does not hold, or the workspace leaves it out.
    NotApplicable,
}

impl RenderedState {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            RenderedState::Draft => "draft",
            RenderedState::Edited => "edited",
            RenderedState::NotApplicable => "not-applicable",
        }
    }
}

/// An output file of a run.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its format.
    pub format: Format,
    /// The file, absolute.
    pub path: PathBuf,
    /// The SHA-256 of what Folio would have it be.
    pub sha256: String,
    /// What was done.
    pub action: Action,
}

/// What was done with an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was written, or would be in a dry run.
    Written,
    /// It was as it should be.
    Unchanged,
    /// Somebody edited it; it was left alone.
    KeptEdited,
    /// Nothing was written, because of faults.
    Failed,
}

impl Action {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Action::Written => "written",
            Action::Unchanged => "unchanged",
            Action::KeptEdited => "kept-edited",
            Action::Failed => "failed",
        }
    }
}

/// How long the stages took; stages that run in parallel add up over threads.
#[derive(Debug, Clone, Default)]
pub struct Timings(pub Vec<(&'static str, Duration)>);

impl Timings {
    fn time<T>(&mut self, stage: &'static str, act: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = act();
        self.0.push((stage, start.elapsed()));
        value
    }
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
    let workspace = timings.time("read", || Workspace::open(root, sink))?;
    let ledger = Ledger::open(&workspace, request, sink)?;
    let run = Run { workspace: &workspace, request, progress, ledger };
    let (scope, plan, findings) = timings.time("rules", || run.rules(sink));
    run.report_findings(findings, sink);
    run.report_samples(sink);
    let documents = timings.time("expand", || run.documents(&plan, &scope, sink));
    decode::show_lines(&[&*workspace.files, &**workspace.pack.files()], sink);
    let failed = sink.has_faults();
    let finished = match documents.filter(|_| !failed) {
        Some(documents) => run.typeset(&plan, documents, &mut timings, sink),
        None => Vec::new(),
    };
    let failed = sink.has_faults();
    let documents = timings.time("write", || run.write(&plan, finished, failed, sink));
    let pack = format!("{} {}", workspace.pack.manifest.id, workspace.pack.manifest.version);
    let pack = if workspace.pin.is_some() { pack } else { format!("{pack}, unpinned") };
    Some(Outcome { dir: absolute(root), pack, documents, timings })
}

/// The resolved documents of a workspace: what backends would be given.
pub fn documents(root: &Path, request: &Request, sink: &mut Sink) -> Option<Vec<Document>> {
    let workspace = Workspace::open(root, sink)?;
    let ledger = Ledger::open(&workspace, request, sink)?;
    let run = Run { workspace: &workspace, request, progress: &|_, _| {}, ledger };
    let (scope, plan, _) = run.rules(sink);
    run.documents(&plan, &scope, sink).filter(|_| !sink.has_faults())
}

/// What a workspace's set answers of what its pack's standard demands.
pub fn coverage(root: &Path, request: &Request, sink: &mut Sink) -> Option<Vec<Covered>> {
    let workspace = Workspace::open(root, sink)?;
    let ledger = Ledger::open(&workspace, request, sink)?;
    let run = Run { workspace: &workspace, request, progress: &|_, _| {}, ledger };
    let (_, plan, _) = run.rules(sink);
    let covered = coverage::of(&workspace.pack, &plan);
    for gap in covered.iter().filter(|covered| covered.state == coverage::State::Missing) {
        let message = format!("no document answers {}: {}", gap.cites, gap.title);
        sink.push(Diagnostic::new(workspace_codes::REQUIREMENT_MISSING.id, Severity::Error, message));
    }
    Some(covered)
}

/// A document that typesetting and the backends are done with.
struct Finished {
    /// Its place in the plan.
    job: usize,
    input: String,
    pages: u32,
    outputs: Vec<Bytes>,
    time: Duration,
}

/// An output: its bytes, or what the lock says of those that are there.
enum Bytes {
    New(Format, Vec<u8>),
    Known(Format, LockedOutput),
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

/// Where it is recorded what was written: the workspace's lock, or for `--out` one in that folder, so that an export
/// changes nothing in the workspace.
struct Ledger {
    file: PathBuf,
    lock: Lock,
    /// Whether it is the workspace's own, which also pins the pack.
    is_own: bool,
}

impl Ledger {
    fn open(workspace: &Workspace, request: &Request, sink: &mut Sink) -> Option<Ledger> {
        match &request.out {
            None => Some(Ledger { file: workspace.root.join(lock::FILE), lock: workspace.lock.clone(), is_own: true }),
            Some(out) => {
                let file = absolute(out).join(lock::EXPORT_FILE);
                let lock = match output::read(&file) {
                    Some(bytes) => Lock::read(&bytes, sink)?,
                    None => Lock::default(),
                };
                Some(Ledger { file, lock, is_own: false })
            }
        }
    }
}

impl Run<'_> {
    /// Derives what the pack derives, plans the set, and checks the profile.
    fn rules(&self, sink: &mut Sink) -> (Scope, Plan, Vec<Finding>) {
        let pack = &self.workspace.pack;
        let rules = Rules::compile(&pack.derive, &pack.checks, self.request.jobs, sink);
        let mut values = self.workspace.profile.value.as_object().cloned().unwrap_or_default();
        values.insert("data".into(), Json::Object(pack.data.clone()));
        values.insert("as_of".into(), Json::from(self.workspace.settings.as_of.clone()));
        let mut facts = Facts::new(&values);
        let derived = rules.derive(&mut facts, sink);
        let is_sound = !sink.has_faults(); // Checks of what could not be derived would only repeat that.
        let plan = plan::plan(self.workspace, &facts, sink);
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

    /// Expands, parses and resolves every document of the plan; `None` when one has a fault.
    fn documents(&self, plan: &Plan, scope: &Scope, sink: &mut Sink) -> Option<Vec<Document>> {
        let pack = &self.workspace.pack;
        let profile = &self.workspace.profile;
        let tools = Arc::new(Tools {
            strings: Arc::new(pack.strings.clone()),
            topics: pack.topics.clone(),
            keys: profile.keys().clone(),
            derived: scope.inputs.clone(),
            path: profile.normaliser(),
        });
        let registry = expand::registry(&tools);
        let values = match expand::scope(&Json::Object(scope.values.clone())) {
            Ok(values) => values,
            Err(error) => {
                sink.push(Diagnostic::fault(&crate::diagnostic::codes::pack::TEMPLATE_HELPER, error.to_string()));
                return None;
            }
        };
        let shape = self.shape(&scope.values);
        let parsed: Vec<Option<(ParsedDocument, Labels)>> =
            parallel::map(plan.jobs.len(), self.request.jobs, sink, |index, sink| {
                let job = &plan.jobs[index];
                let template = &pack.documents[job.template];
                let library =
                    Library { partials: pack.partials.clone(), overrides: self.overrides(&template.id, sink) };
                let prepared = expand::prepare(&template.source, &library, sink)?;
                self.check_overrides(&library, &prepared.blocks, &template.id, sink);
                lint::check(&prepared, &shape, sink);
                if sink.has_faults() {
                    return None;
                }
                let expanded = expand::expand(&prepared, &registry, &tools, &values, sink)?;
                let mut control = job.control.clone();
                control.sample = self.prints_sample(&expanded);
                let known = parse::Known {
                    party: &|key| plan::role(&profile.value, key),
                    has_image: &|name| self.workspace.images.0.contains_key(name),
                    scope: &scope.values,
                };
                parse::parse(&expanded, control, &known, sink)
            });
        let parsed: Vec<(ParsedDocument, Labels)> = parsed.into_iter().collect::<Option<_>>()?;
        let is_planned = |id: &String| plan.jobs.iter().any(|job| job.control.id == *id);
        let left_out = pack.documents.iter().filter(|template| !is_planned(&template.id)).map(|template| {
            let Template { id, number, title, .. } = template;
            (id.clone(), Citable { number: number.clone(), title: title.clone(), labels: None })
        });
        let set: Set = parsed
            .iter()
            .map(|(document, labels)| {
                let Control { id, number, title, .. } = &document.control;
                (id.clone(), Citable { number: number.clone(), title: title.clone(), labels: Some(labels.clone()) })
            })
            .chain(left_out)
            .collect();
        self.check_sections(&set, sink);
        let resolved: Vec<Option<Document>> =
            parsed.into_iter().map(|(document, _)| resolve::resolve(document, &set, &pack.strings, sink)).collect();
        resolved.into_iter().collect()
    }

    /// What templates may read: the schema's keys, the pack's data, and the derived values' names.
    fn shape(&self, scope: &Map<String, Json>) -> Shape {
        let mut shape = Shape::of_schema(self.workspace.profile.schema());
        if let Shape::Object(fields) = &mut shape {
            fields.insert("as_of".into(), Shape::Scalar);
            fields.insert("data".into(), Shape::of_value(&scope["data"]));
            let derived = self.workspace.pack.derive.iter().map(|rule| (rule.id.clone(), Shape::Any)).collect();
            fields.insert("derived".into(), Shape::Object(derived));
        }
        shape
    }

    fn overrides(&self, document: &str, sink: &mut Sink) -> BTreeMap<String, Source> {
        let Some(paths) = self.workspace.overrides.get(document) else { return BTreeMap::new() };
        let files = &*self.workspace.files;
        paths
            .iter()
            .filter_map(|(block, path)| {
                let text = decode::text(files, path, sink)?;
                Some((block.clone(), Source { name: path.into(), text, first_line: 1 }))
            })
            .collect()
    }

    fn check_overrides(&self, library: &Library, blocks: &[String], document: &str, sink: &mut Sink) {
        for (block, source) in &library.overrides {
            if !blocks.contains(block) {
                let message = format!("`{document}` has no block `{block}` to override");
                let diagnostic = Diagnostic::fault(&workspace_codes::UNKNOWN_DOCUMENT, message)
                    .at(crate::diagnostic::Span::file(source.name.clone()));
                sink.push(diagnostic.suggest(block, blocks.iter().map(String::as_str)));
            }
        }
    }

    fn prints_sample(&self, expanded: &expand::Expanded) -> bool {
        let printed = |sample: &str| {
            sample.starts_with("organisation.")
                || expanded.provenance.iter().flat_map(|source| &source.paths).any(|path| {
                    path.strip_prefix(sample).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                })
        };
        self.workspace.settings.samples.iter().any(|(path, _)| printed(path))
    }

    /// The sections that topics name must exist, when their document is part of the set.
    fn check_sections(&self, set: &Set, sink: &mut Sink) {
        for (name, topic) in &self.workspace.pack.topics {
            let Some(section) = &topic.section else { continue };
            let (document, label) =
                section.split_once('#').map_or((section.as_str(), None), |(document, label)| (document, Some(label)));
            if let Err(problem) = resolve::find(set, document, label) {
                let message = format!("the topic `{name}` names the section `{section}`: {problem}");
                sink.push(Diagnostic::fault(&document_codes::LABEL_UNKNOWN, message).at(topic.span.clone()));
            }
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
            Typesetter::new(Arc::new(fonts), theme, &pack.strings, &images)
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
        let wanted: Vec<usize> = (0..plan.jobs.len())
            .filter(|job| self.request.only.is_empty() || self.request.only.contains(&plan.jobs[*job].control.id))
            .collect();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let stages = Stages::default();
        let finished = parallel::map(wanted.len(), self.request.jobs, sink, |index, sink| {
            let job = wanted[index];
            let document = &documents[job];
            let start = Instant::now();
            let input = input_digest(document, &common);
            let finished = match self.known(&plan.jobs[job], &input) {
                Some(known) => Some(known),
                None => self.make(&typesetter, document, &images, &stages, sink),
            };
            typeset::release_memory();
            let count = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            (self.progress)(count, wanted.len());
            finished.map(|(pages, outputs)| Finished { job, input, pages, outputs, time: start.elapsed() })
        });
        stages.report(timings);
        finished.into_iter().flatten().collect()
    }

    fn make(
        &self,
        typesetter: &Typesetter,
        document: &Document,
        images: &Images,
        stages: &Stages,
        sink: &mut Sink,
    ) -> Option<(u32, Vec<Bytes>)> {
        let Workspace { theme, pack, profile, .. } = self.workspace;
        let locate = |diagnostic: Diagnostic| match diagnostic.path.clone() {
            Some(path) => profile.locate(diagnostic, &path),
            None => diagnostic,
        };
        let layout = match stages.time(0, || typesetter.layout(document)) {
            Ok(layout) => layout,
            Err(problems) => {
                sink.extend(problems.into_vec().into_iter().map(locate));
                return None;
            }
        };
        let pages = layout.pages();
        let work = Work { document, theme, strings: &pack.strings, images, pages: &pages, layout: &layout };
        let mut outputs = Vec::new();
        for format in self.formats() {
            let backend = backend::of(format);
            match stages.time(1 + format as usize, || backend.write(&work)) {
                Ok(bytes) => outputs.push(Bytes::New(format, bytes)),
                Err(problems) => sink.extend(problems.into_vec().into_iter().map(locate)),
            }
        }
        Some((pages.count, outputs))
    }

    fn formats(&self) -> Vec<Format> {
        if !self.request.formats.is_empty() {
            return self.request.formats.clone();
        }
        let named = |name: &String| Format::ALL.into_iter().find(|format| format.name() == name);
        self.workspace.settings.formats.iter().filter_map(named).collect()
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

    /// The outputs that the lock knows for this input, when all are in place as they were written.
    fn known(&self, job: &Job, input: &str) -> Option<(u32, Vec<Bytes>)> {
        let locked = self.ledger.lock.documents.get(&job.control.id).filter(|locked| locked.input == input)?;
        let outputs: Option<Vec<Bytes>> = self
            .formats()
            .into_iter()
            .map(|format| {
                let output = locked.outputs.get(format.name())?;
                let path = self.path(job, format);
                let in_place =
                    self.lock_path(&path) == output.path && current(&path).as_deref() == Some(output.sha256.as_str());
                in_place.then(|| Bytes::Known(format, output.clone()))
            })
            .collect();
        Some((locked.pages, outputs?))
    }

    /// Where an output goes.
    fn path(&self, job: &Job, format: Format) -> PathBuf {
        let folder = match &self.request.out {
            Some(out) => absolute(out),
            None => absolute(&self.workspace.root.join(&self.workspace.settings.output)).join("draft"),
        };
        folder.join(format!("{}.{}", job.stem, backend::of(format).extension()))
    }

    /// How the lock names a path: relative to the workspace when it lies in it.
    fn lock_path(&self, path: &Path) -> String {
        let root = absolute(&self.workspace.root);
        let path = path.strip_prefix(&root).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }

    /// Writes what is new, keeps what somebody edited, and records it in the lock.
    fn write(&self, plan: &Plan, finished: Vec<Finished>, failed: bool, sink: &mut Sink) -> Vec<Rendered> {
        let mut lock = self.ledger.lock.clone();
        if self.ledger.is_own {
            lock.pack = self.workspace.pin.as_ref().map(|pin| pin.locked.clone());
        }
        if self.request.locked && self.ledger.is_own && lock.pack != self.workspace.lock.pack {
            let message = "folio.lock does not pin this pack, and `--locked` forbids to change it";
            sink.push(Diagnostic::fault(&output_codes::LOCK_BROKEN, message));
        }
        let failed = failed || sink.has_faults();
        let mut changes = Changes::default();
        let mut rendered = Vec::new();
        let mut finished: BTreeMap<usize, Finished> = finished.into_iter().map(|done| (done.job, done)).collect();
        for (index, job) in plan.jobs.iter().enumerate() {
            if !self.request.only.is_empty() && !self.request.only.contains(&job.control.id) {
                continue;
            }
            rendered.push(match finished.remove(&index).filter(|_| !failed) {
                Some(done) => self.settle(job, done, &mut lock, &mut changes, sink),
                None => self.failed(job),
            });
        }
        if !failed && !self.request.dry_run {
            self.forget_others(plan, &mut lock, &mut changes);
            if let Err(problem) = self.commit(&lock, changes) {
                sink.push(problem);
                for output in rendered.iter_mut().flat_map(|document| &mut document.outputs) {
                    output.action = Action::Failed;
                }
            }
        }
        rendered.extend(plan.not_applicable.iter().map(|document| self.not_applicable(document)));
        rendered
    }

    /// Decides what happens to the outputs of one document.
    fn settle(&self, job: &Job, done: Finished, lock: &mut Lock, changes: &mut Changes, sink: &mut Sink) -> Rendered {
        let id = &job.control.id;
        let before = self.ledger.lock.documents.get(id).cloned().unwrap_or_default();
        let mut entry = LockedDocument { input: done.input, pages: done.pages, outputs: before.outputs.clone() };
        let mut outputs = Vec::new();
        let mut is_edited = false;
        for bytes in done.outputs {
            let (format, sha256, action, path) = match bytes {
                Bytes::Known(format, output) => (format, output.sha256, Action::Unchanged, self.path(job, format)),
                Bytes::New(format, bytes) => {
                    let path = self.path(job, format);
                    let sha256 = file_digest(&bytes);
                    let known = before.outputs.get(format.name());
                    let action = match current(&path) {
                        Some(there) if there == sha256 => Action::Unchanged,
                        Some(there)
                            if !is_own(known, &self.lock_path(&path), &there) && !self.request.overwrite_edited =>
                        {
                            Action::KeptEdited
                        }
                        _ => Action::Written,
                    };
                    if action == Action::KeptEdited {
                        is_edited = true;
                        let message = format!("`{}` was edited by hand and is left as it is", self.lock_path(&path));
                        sink.push(
                            Diagnostic::warning(&output_codes::OUTPUT_EDITED, message)
                                .help("keep the edits elsewhere and run with `--overwrite-edited`"),
                        );
                    } else {
                        let moved = known.filter(|known| known.path != self.lock_path(&path));
                        changes
                            .obsolete
                            .extend(moved.map(|known| (self.workspace.root.join(&known.path), known.clone())));
                        entry.outputs.insert(
                            format.name().into(),
                            LockedOutput { path: self.lock_path(&path), sha256: sha256.clone(), pending: None },
                        );
                    }
                    if action == Action::Written {
                        changes.files.push((path.clone(), bytes, id.clone(), format));
                    }
                    (format, sha256, action, path)
                }
            };
            outputs.push(Output { format, path, sha256, action });
        }
        if is_edited {
            // The input of what is in place is unknown: the next run looks again.
            entry.input = String::new();
        }
        lock.documents.insert(id.clone(), entry);
        let state = if is_edited { RenderedState::Edited } else { RenderedState::Draft };
        let Control { title, version, .. } = &job.control;
        Rendered {
            reason: None,
            id: id.clone(),
            title: title.clone(),
            version: version.clone(),
            state,
            pages: done.pages,
            outputs,
            time: done.time,
        }
    }

    fn failed(&self, job: &Job) -> Rendered {
        let Control { id, title, version, .. } = &job.control;
        let outputs = self.formats().into_iter().map(|format| Output {
            format,
            path: self.path(job, format),
            sha256: String::new(),
            action: Action::Failed,
        });
        Rendered {
            reason: None,
            id: id.clone(),
            title: title.clone(),
            version: version.clone(),
            state: RenderedState::Draft,
            pages: 0,
            outputs: outputs.collect(),
            time: Duration::ZERO,
        }
    }

    fn not_applicable(&self, document: &NotApplicable) -> Rendered {
        let template = &self.workspace.pack.documents[document.template];
        Rendered {
            id: template.id.clone(),
            title: template.title.clone(),
            version: String::new(),
            state: RenderedState::NotApplicable,
            reason: document.reason.clone(),
            pages: 0,
            outputs: Vec::new(),
            time: Duration::ZERO,
        }
    }

    /// Documents that are no longer part of the set: their outputs are taken away unless somebody edited them.
    fn forget_others(&self, plan: &Plan, lock: &mut Lock, changes: &mut Changes) {
        lock.documents.retain(|id, document| {
            let is_planned = plan.jobs.iter().any(|job| job.control.id == *id);
            if !is_planned {
                let outputs =
                    document.outputs.values().map(|output| (self.workspace.root.join(&output.path), output.clone()));
                changes.obsolete.extend(outputs);
            }
            is_planned
        });
    }

    /// Prepares everything, then puts it in place: outputs in plan order, the lock last.
    fn commit(&self, lock: &Lock, changes: Changes) -> Result<(), Diagnostic> {
        let root = &self.workspace.root;
        let keep = self.workspace.pin.as_ref().and_then(|pin| pin.keep.as_ref()).filter(|_| self.ledger.is_own);
        if changes.files.is_empty() && changes.obsolete.is_empty() && keep.is_none() && *lock == self.ledger.lock {
            return Ok(());
        }
        let files = changes.files.iter().map(|(path, ..)| path).chain([&self.ledger.file]);
        files.filter_map(|file| file.parent()).collect::<BTreeSet<_>>().into_iter().for_each(output::sweep);
        let mut batch = Batch::default();
        if let Some((path, bytes)) = keep {
            batch.prepare(&root.join(path), bytes)?;
        }
        for (path, bytes, ..) in &changes.files {
            batch.prepare(path, bytes)?;
        }
        for (path, known) in changes.obsolete {
            if current(&path).as_deref() == Some(known.sha256.as_str())
                && !changes.files.iter().any(|(written, ..)| *written == path)
            {
                batch.remove(path);
            }
        }
        let target = self.ledger.file.clone();
        // A run that is killed between two renames leaves files that only this record knows as Folio's own.
        let mut announced = Batch::default();
        announced.prepare(&target, &self.announcement(lock, &changes.files).to_bytes())?;
        batch.prepare(&target, &lock.to_bytes())?;
        announced.commit()?;
        batch.commit()
    }

    /// The old lock, with what each output is about to become.
    fn announcement(&self, lock: &Lock, files: &[(PathBuf, Vec<u8>, String, Format)]) -> Lock {
        let mut announced = self.ledger.lock.clone();
        for (_, _, id, format) in files {
            let Some(next) = lock.documents.get(id).and_then(|document| document.outputs.get(format.name())) else {
                continue;
            };
            let document = announced.documents.entry(id.clone()).or_default();
            document.input = String::new();
            let known = document.outputs.get(format.name()).filter(|known| known.path == next.path);
            let sha256 = known.map_or_else(|| next.sha256.clone(), |known| known.sha256.clone());
            let entry = LockedOutput { path: next.path.clone(), sha256, pending: Some(next.sha256.clone()) };
            document.outputs.insert(format.name().into(), entry);
        }
        announced
    }
}

/// What a run changes on disk.
#[derive(Default)]
struct Changes {
    files: Vec<(PathBuf, Vec<u8>, String, Format)>,
    obsolete: Vec<(PathBuf, LockedOutput)>,
}

/// Whether a file that is in place is one that Folio wrote.
fn is_own(known: Option<&LockedOutput>, path: &str, there: &str) -> bool {
    known.is_some_and(|known| known.path == path && (known.sha256 == there || known.pending.as_deref() == Some(there)))
}

/// The digest of a file that is in place.
fn current(path: &Path) -> Option<String> {
    output::read(path).map(|bytes| file_digest(&bytes))
}

fn input_digest(document: &Document, common: &[u8]) -> String {
    let model = serde_json::to_vec(document).unwrap_or_default();
    digest([model.as_slice(), common])
}

/// A path from the root of the file system, without `.` and `..`.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                clean.pop();
            }
            std::path::Component::CurDir => {}
            part => clean.push(part),
        }
    }
    clean
}

/// Time of the parallel stages, added up over threads: layout, then each format.
#[derive(Default)]
struct Stages {
    nanos: [std::sync::atomic::AtomicU64; 3],
}

impl Stages {
    fn time<T>(&self, stage: usize, act: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = act();
        let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanos[stage].fetch_add(nanos, std::sync::atomic::Ordering::Relaxed);
        value
    }

    fn report(&self, timings: &mut Timings) {
        for (stage, nanos) in ["typeset", "docx", "pdf"].into_iter().zip(&self.nanos) {
            timings.0.push((stage, Duration::from_nanos(nanos.load(std::sync::atomic::Ordering::Relaxed))));
        }
    }
}
