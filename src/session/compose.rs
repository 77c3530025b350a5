//! From templates to resolved documents: every document expanded and parsed, then the whole set resolved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;

use crate::closed;
use crate::decisions;
use crate::decode;
use crate::diagnostic::codes::{document as document_codes, workspace as workspace_codes};
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::expand::forms::{Forms, Missing};
use crate::expand::{self, Arm, Source, Tools};
use crate::model::{Control, Document, Labels, ParsedDocument};
use crate::pack::Template;
use crate::parallel;
use crate::parse;
use crate::plan::{self, Plan};
use crate::resolve::{self, Citable, Set};
use crate::unrecorded;
use crate::workspace::{Sample, Workspace};

/// A document with what it can be referred to by.
type Parsed = (ParsedDocument, Labels);

/// A document, the ways that its template went, and where it changed a value.
type Made = (Option<Parsed>, Vec<Arm>, Vec<(Span, EcoString)>);

/// A set before it is laid out.
#[derive(Debug, Default)]
pub struct Composed {
    /// Its documents, in the order of the plan; `None` when one has a fault.
    pub documents: Option<Vec<Document>>,
    /// The ways that its templates went.
    pub arms: BTreeSet<Arm>,
    /// Where a value stands with a capital that it has not itself, and its path.
    pub capped: BTreeSet<(Span, EcoString)>,
}

/// Expands, parses and resolves every document of a plan.
pub(super) fn compose(workspace: &Workspace, plan: &Plan, jobs: usize, sink: &mut Sink) -> Composed {
    Composer { workspace, jobs }.compose(plan, sink)
}

struct Composer<'w> {
    workspace: &'w Workspace,
    jobs: usize,
}

impl Composer<'_> {
    fn compose(&self, plan: &Plan, sink: &mut Sink) -> Composed {
        let scope = &plan.scope;
        let pack = &self.workspace.pack;
        let profile = &self.workspace.profile;
        let tools = Arc::new(Tools {
            strings: Arc::new(pack.strings.clone()),
            topics: pack.topics.clone(),
            keys: profile.keys().clone(),
            origins: scope.origins.clone(),
            articles: scope.articles.clone(),
            forms: Forms::new(pack.terms.clone()),
            documents: self.documents(plan),
        });
        let registry = expand::registry(&tools);
        let made: Vec<Option<Made>> = parallel::map(plan.jobs.len(), self.jobs, sink, |index, sink| {
            let job = &plan.jobs[index];
            let template = &pack.documents[job.template];
            let overrides = self.overrides(&template.id, sink);
            let prepared = pack.prepared(template, &overrides, sink)?;
            pack.check_language(template, &prepared, sink);
            self.check_overrides(&overrides, &prepared.blocks, &template.id, sink);
            if sink.has_faults() {
                return None;
            }
            let expanded = expand::expand(&prepared, &registry, &tools, &scope.values, sink)?;
            let mut control = job.control.clone();
            control.sample = self.prints_sample(&expanded);
            let known = parse::Known {
                party: &|key| match key {
                    "@owner" => Some(job.control.keeper().clone()),
                    "@author" => Some(job.control.writer().clone()),
                    "@approver" => Some(job.control.approver.clone()),
                    key => plan::role(&profile.value, key, &pack.terms, &pack.strings),
                },
                has_image: &|name| self.workspace.images.0.contains_key(name),
                scope: scope.values.map(),
                strings: &pack.strings,
            };
            Some((
                parse::parse(&expanded, control, &known, sink),
                expanded.arms().collect(),
                expanded.capped().collect(),
            ))
        });
        self.missing_forms(&tools.forms, sink);
        let (mut arms, mut capped) = (BTreeSet::new(), BTreeSet::new());
        let parsed = made.into_iter().map(|made| {
            let (parsed, taken, changed) = made?;
            arms.extend(taken);
            capped.extend(changed);
            parsed
        });
        let parsed: Vec<Option<Parsed>> = parsed.collect();
        let documents = parsed.into_iter().collect::<Option<_>>().and_then(|parsed| self.resolve(plan, parsed, sink));
        Composed { documents, arms, capped }
    }

    /// Says which forms of values texts asked for that nobody has. What they show instead is the base form.
    fn missing_forms(&self, forms: &Forms, sink: &mut Sink) {
        for Missing { row, term, form, shown } in forms.missing() {
            let message = format!("`{shown}` has no form `{form}`, which a text asks for");
            let finding = Diagnostic::warning(&document_codes::FORM_MISSING, message);
            let in_pack = format!("`terms.{term}.{form}` in the pack's `forms.yaml`");
            sink.push(match row {
                Some(row) => {
                    let path = format!("{row}.forms.{form}");
                    let finding = finding.help(format!("write `{path}` in the profile, or {in_pack}"));
                    self.workspace.profile.locate(finding, &path)
                }
                None => finding.help(format!("write {in_pack}")),
            });
        }
    }

    /// The documents of the pack, and those that it leaves out: whether this workspace makes each.
    fn documents(&self, plan: &Plan) -> BTreeMap<String, bool> {
        let pack = &self.workspace.pack;
        let all = pack.documents.iter().chain(pack.dropped.iter().map(|dropped| &dropped.template));
        let mut documents: BTreeMap<String, bool> = all.map(|template| (template.id.clone(), false)).collect();
        documents.extend(plan.jobs.iter().map(|job| (job.control.id.clone(), true)));
        documents
    }

    /// Gives every reference its words: documents cite one another.
    fn resolve(&self, plan: &Plan, parsed: Vec<Parsed>, sink: &mut Sink) -> Option<Vec<Document>> {
        let pack = &self.workspace.pack;
        let is_planned = |id: &String| plan.jobs.iter().any(|job| job.control.id == *id);
        let left_out = pack.documents.iter().filter(|template| !is_planned(&template.id)).map(|template| {
            let Template { id, number, title, .. } = template;
            (id.clone(), Citable { number: number.clone(), title: title.clone(), labels: None, dropped: None })
        });
        let dropped = pack.dropped.iter().map(|dropped| {
            let Template { id, number, title, .. } = &dropped.template;
            let why = Some(format!("{}: {}", pack.label(dropped.layer), dropped.reason));
            (id.clone(), Citable { number: number.clone(), title: title.clone(), labels: None, dropped: why })
        });
        let set: Set = parsed
            .iter()
            .map(|(document, labels)| {
                let Control { id, number, title, .. } = &document.control;
                let (number, title) = (number.text.clone(), title.text.clone());
                (id.clone(), Citable { number, title, labels: Some(labels.clone()), dropped: None })
            })
            .chain(left_out)
            .chain(dropped)
            .collect();
        self.check_sections(&set, sink);
        let proposals = self.workspace.profile.proposals();
        let finished = parallel::each(parsed, self.jobs, sink, |(document, _), sink| {
            let mut document = resolve::resolve(document, &set, &pack.strings, sink)?;
            unrecorded::list(&mut document, self.workspace);
            decisions::mark(&mut document, proposals, &pack.strings);
            Some(document)
        });
        let mut documents: Vec<Document> = finished.into_iter().collect::<Option<_>>()?;
        let before = sink.has_faults();
        closed::keep(self.workspace, plan, &mut documents, sink);
        if sink.has_faults() && !before {
            return None; // Nothing is made of what is not what was issued.
        }
        Some(documents)
    }

    /// What the workspace puts in place of blocks of a document.
    fn overrides(&self, document: &str, sink: &mut Sink) -> BTreeMap<String, Source> {
        let mut overrides = BTreeMap::new();
        let files = &*self.workspace.files;
        for (block, path) in self.workspace.overrides.get(document).into_iter().flatten() {
            if let Some(text) = decode::text(files, path, sink) {
                let source = Source { name: path.into(), text, first_line: 1, layer: 0, replaces: None };
                overrides.insert(block.clone(), source);
            }
        }
        overrides
    }

    fn check_overrides(
        &self,
        overrides: &BTreeMap<String, Source>,
        blocks: &[String],
        document: &str,
        sink: &mut Sink,
    ) {
        for (block, source) in overrides {
            if !blocks.contains(block) {
                let message = format!("`{document}` has no block `{block}` to override");
                let diagnostic =
                    Diagnostic::fault(&workspace_codes::UNKNOWN_DOCUMENT, message).at(Span::file(source.name.clone()));
                sink.push(diagnostic.suggest(block, blocks.iter().map(String::as_str)));
            }
        }
    }

    fn prints_sample(&self, expanded: &expand::Expanded) -> bool {
        // Of whom a document is, every one shows.
        let is_shown = |sample: &Sample| sample.paths().iter().any(|path| path.starts_with("organisation."));
        let prints = |sample: &Sample| {
            let paths = expanded.provenance.iter().flat_map(|source| &source.paths);
            is_shown(sample) || paths.into_iter().any(|path| sample.covers(path))
        };
        self.workspace.samples.iter().any(prints)
    }

    /// The sections that topics name must exist, when their document is part of the set.
    fn check_sections(&self, set: &Set, sink: &mut Sink) {
        for (name, topic) in &self.workspace.pack.topics {
            let Some(section) = &topic.section else { continue };
            let (document, label) =
                section.split_once('#').map_or((section.as_str(), None), |(document, label)| (document, Some(label)));
            // A set without the document lays the matter down nowhere.
            if set.get(document).is_some_and(|citable| citable.dropped.is_some()) {
                continue;
            }
            if let Err(problem) = resolve::find(set, document, label) {
                let message = format!("the topic `{name}` names the section `{section}`: {problem}");
                sink.push(Diagnostic::fault(&document_codes::LABEL_UNKNOWN, message).at(topic.span.clone()));
            }
        }
    }
}
