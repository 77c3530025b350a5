//! What is compiled of a pack once, for all the workspaces that a run makes with it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{Pack, Template};
use crate::diagnostic::Sink;
use crate::expand::lint::{self, Shape};
use crate::expand::{self, Library, Prepared, Source};
use crate::holders::{PEOPLE_AS_ROLES, ROLES};
use crate::model::places::{COMING, FORMER};
use crate::rules::{Check, Checks, Rules};

/// What was compiled so far, and gave rise to no remark: what did is compiled, and remarked upon, for each workspace.
#[derive(Default)]
pub(super) struct Compiled {
    rules: Mutex<BTreeMap<Checks, Arc<Rules>>>,
    templates: Mutex<BTreeMap<String, Arc<Prepared>>>,
    shape: OnceLock<Shape>,
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What of a compiled pack a change of one of its files touches.
enum Touched<'p> {
    /// Nothing of it.
    Nothing,
    /// The template of a document.
    Document(&'p str),
    /// The templates that include a partial.
    Partial(&'p str),
    /// Perhaps all of it.
    All,
}

impl Touched<'_> {
    fn by(path: &str) -> Touched<'_> {
        let Some((folder, rest)) = path.split_once('/') else {
            let is_apart = ["theme.yaml", "CHANGELOG.md", "LICENSE", "README.md"].contains(&path);
            return if is_apart { Touched::Nothing } else { Touched::All };
        };
        match (folder, rest.strip_suffix(".md.hbs")) {
            ("documents", Some(id)) => Touched::Document(id),
            ("blocks", Some(block)) => Touched::Document(block.split('/').next().unwrap_or(block)),
            ("partials", Some(name)) => Touched::Partial(name),
            ("starter" | "starters" | "fixtures" | "images" | "fonts" | "checklists" | "migrations", _) => {
                Touched::Nothing
            }
            _ => Touched::All,
        }
    }
}

impl Pack {
    /// Takes over what was compiled of this pack as it was before some files of its own changed, as far as none of them
    /// has a part in it. The packs that it extends must be what they were; else nothing is taken over.
    pub fn keep_compiled(&self, before: &Pack, changed: &BTreeSet<String>) {
        let bases =
            |pack: &Pack| -> Vec<String> { pack.layers.iter().skip(1).map(|layer| layer.digest.clone()).collect() };
        let touched: Vec<Touched<'_>> = changed.iter().map(|path| Touched::by(path)).collect();
        if bases(self) != bases(before) || touched.iter().any(|touched| matches!(touched, Touched::All)) {
            return;
        }
        lock(&self.compiled.rules).clone_from(&lock(&before.compiled.rules));
        let is_touched = |id: &str, prepared: &Prepared| {
            touched.iter().any(|touched| match touched {
                Touched::Document(changed) => *changed == id,
                Touched::Partial(changed) => prepared.partials.iter().any(|name| name == changed),
                Touched::Nothing | Touched::All => false,
            })
        };
        let known = lock(&before.compiled.templates);
        let kept = known.iter().filter(|(id, prepared)| !is_touched(id, prepared));
        lock(&self.compiled.templates).extend(kept.map(|(id, prepared)| (id.clone(), prepared.clone())));
    }

    /// The rules, with at least those of the checks that are asked, compiled on some threads; what does not compile is a
    /// fault.
    pub fn rules(&self, asked: Checks, threads: usize, sink: &mut Sink) -> Arc<Rules> {
        if let Some((_, known)) = lock(&self.compiled.rules).range(asked..).next() {
            return known.clone();
        }
        let mut own = Sink::new();
        let checks: Vec<Check> = self.checks.iter().filter(|check| asked.takes(check)).cloned().collect();
        let rules = Arc::new(Rules::compile(&self.derive, &checks, &self.messages, threads, &mut own));
        if own.is_empty() {
            lock(&self.compiled.rules).insert(asked, rules.clone());
        }
        sink.merge(own);
        rules
    }

    /// Prepares templates for those who will ask for them, until it is told that this is enough. What there is to remark
    /// is said to those who ask.
    pub(crate) fn prepare_ahead(&self, templates: &[&Template], is_enough: &AtomicBool) {
        for template in templates {
            if is_enough.load(Ordering::Relaxed) {
                return;
            }
            self.prepared(template, &BTreeMap::new(), &mut Sink::new());
        }
    }

    /// A document's template, with what a workspace puts in place of its blocks. What it reads must be there.
    pub fn prepared(
        &self,
        template: &Template,
        overrides: &BTreeMap<String, Source>,
        sink: &mut Sink,
    ) -> Option<Arc<Prepared>> {
        if overrides.is_empty()
            && let Some(known) = lock(&self.compiled.templates).get(&template.id)
        {
            return Some(known.clone());
        }
        let mut own = Sink::new();
        let mut library = Library {
            partials: Cow::Borrowed(&self.partials),
            overrides: self.blocks.get(&template.id).cloned().unwrap_or_default(),
            final_since: template.is_final.then_some(template.source.layer),
        };
        library.overrides.extend(overrides.clone());
        let prepared = expand::prepare(&template.source, &library, &mut own).map(Arc::new);
        if let Some(prepared) = &prepared {
            lint::check(prepared, self.shape(), &mut own);
            if overrides.is_empty() && own.is_empty() {
                lock(&self.compiled.templates).insert(template.id.clone(), prepared.clone());
            }
        }
        let failed = own.has_faults();
        sink.merge(own);
        prepared.filter(|_| !failed)
    }

    /// What templates may read: the keys of a profile, a pack's data, and the names of its derived values.
    pub fn shape(&self) -> &Shape {
        self.compiled.shape.get_or_init(|| {
            let derived = self.derive.iter().map(|rule| (rule.id.clone(), Shape::Any));
            let data = self.data.iter().map(|(name, data)| (name.clone(), Shape::of_value(data)));
            let role = self.schema.view().property(ROLES).map_or(Shape::Any, Shape::of_view);
            let besides = Shape::object([
                (PEOPLE_AS_ROLES.to_owned(), role),
                ("as_of".to_owned(), Shape::Scalar),
                (FORMER.to_owned(), Shape::Any),
                (COMING.to_owned(), Shape::Any),
                ("data".to_owned(), Shape::object(data)),
                ("derived".to_owned(), Shape::object(derived)),
                ("set".to_owned(), listed()),
            ]);
            Shape::of_view(self.schema.view()).over(besides)
        })
    }
}

/// The list of the set's documents, with the keys of [`crate::history::Listed::to_json`].
fn listed() -> Shape {
    const KEYS: [&str; 12] = [
        "id",
        "number",
        "title",
        "kind",
        "version",
        "state",
        "approved",
        "since",
        "owner",
        "approver",
        "next_review",
        "classification",
    ];
    let texts = KEYS.map(|key| (key.to_owned(), Shape::Scalar));
    let files = ("files".to_owned(), Shape::List(Arc::new(Shape::Scalar)));
    let row = Shape::object(texts.into_iter().chain([files]));
    let list = Shape::List(Arc::new(row));
    Shape::object(["documents", "in_force", "coming", "open", "withdrawn"].map(|name| (name.to_owned(), list.clone())))
}
