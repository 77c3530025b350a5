//! The plan: what is derived from a profile and found in it, which documents are made of it, with their control data and
//! file names. Pure: nothing is read or written.

mod before;
mod control;
mod entry;
mod formats;
mod names;
mod set;
mod versions;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::articles::Articles;
use crate::backend::{Backends, Format};
use crate::diagnostic::Sink;
use crate::expand::Values;
use crate::history::{self, History, Life, Listed};
use crate::model::{Control, Origins};
use crate::parallel;
use crate::rules::{Checks, Facts, Finding};
use crate::workspace::Workspace;
use before::before;
pub(crate) use control::as_of;
pub use control::{approvers, role};
pub(crate) use names::is_invisible;
pub use names::stems;
use set::set;
pub use versions::review_after;

/// The variable that says which documents there are: all in `documents`, and by where they are in `in_force`, `open` and
/// `withdrawn`. See [`Listed::to_json`].
pub const SET: &str = "set";

/// A document to be made.
#[derive(Debug, Clone)]
pub struct Job {
    /// Where it stands in [`crate::pack::Pack::documents`].
    pub template: usize,
    /// Its control data.
    pub control: Control,
    /// Its file name without ending.
    pub stem: String,
    /// Whether it is a form to be filled in.
    pub is_form: bool,
    /// The formats that it is written in.
    pub formats: Vec<Format>,
}

/// A document that is not made, and why.
#[derive(Debug, Clone)]
pub struct NotApplicable {
    /// Where it stands in [`crate::pack::Pack::documents`].
    pub template: usize,
    /// The reason that the workspace records, or that the pack finds in the profile.
    pub reason: Option<String>,
}

/// What is to be made.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The documents, in the order of the set.
    pub jobs: Vec<Job>,
    /// Those that are not made.
    pub not_applicable: Vec<NotApplicable>,
    /// What templates and conditions see.
    pub scope: Scope,
    /// The ids that the organisation has left out: no text cites them, and nothing has to answer them.
    pub left_out: BTreeSet<String>,
    /// What the pack's checks found.
    pub findings: Vec<Finding>,
}

/// What templates and conditions see.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The profile, the pack's data, the date of the facts, and what is derived.
    pub values: Values,
    /// Where they came from.
    pub origins: Arc<Origins>,
    /// The articles that stand before no person's name.
    pub articles: Arc<Articles>,
}

impl Plan {
    /// Derives what the pack derives, plans the set, and checks the profile.
    pub fn of(workspace: &Workspace, backends: &Backends, today: &str, jobs: usize, sink: &mut Sink) -> Plan {
        let maker = Maker { workspace, backends, checks: Checks::All, jobs };
        let facts = (workspace.profile.facts(), workspace.settings.as_of.as_str());
        maker.plan(facts, Some(today), sink)
    }

    /// The same with only those of the pack's checks that compare with what was issued last, for those who ask what documents
    /// say and what changed.
    pub fn unchecked(workspace: &Workspace, backends: &Backends, jobs: usize, sink: &mut Sink) -> Plan {
        let maker = Maker { workspace, backends, checks: Checks::OfChanges, jobs };
        let facts = (workspace.profile.facts(), workspace.settings.as_of.as_str());
        maker.plan(facts, None, sink)
    }

    /// The same of facts that are supposed instead of those of the profile: what documents would say then. Paths and control
    /// data are those of the profile.
    pub fn supposing(
        workspace: &Workspace,
        backends: &Backends,
        facts: (Map<String, Json>, &str),
        jobs: usize,
        sink: &mut Sink,
    ) -> Plan {
        Maker { workspace, backends, checks: Checks::None, jobs }.plan(facts, None, sink)
    }

    /// Puts the list of the set's documents, [`SET`], into what templates see: their versions as a history has them, which is
    /// that of the workspace, or that with an entry to come. It says nothing that depends on today, and no draft's number: only
    /// an issue changes it. What is in force is told of the day of the last entry.
    pub fn tell_set(&mut self, workspace: &Workspace, history: &History) {
        let controls = self.jobs.iter().map(|job| &job.control);
        let rows = history::list(controls, history, &*workspace.files, history.day());
        let plain = |row: &Listed| {
            let mut row = row.to_json();
            // What there is not is an empty text: templates ask with `{{#if}}`.
            let values = row.as_object_mut().into_iter().flat_map(|row| row.values_mut());
            values.filter(|value| value.is_null()).for_each(|value| *value = Json::from(""));
            row
        };
        let of = |lives: &[Life]| -> Vec<Json> {
            let rows = rows.iter().filter(|row| lives.contains(&row.life));
            rows.map(plain).collect()
        };
        let set = json!({
            "documents": rows.iter().map(plain).collect::<Vec<_>>(),
            "in_force": of(&[Life::InForce, Life::TakenOver]),
            "coming": rows.iter().flat_map(Listed::to_come).map(plain).collect::<Vec<_>>(),
            "open": of(&[Life::Draft, Life::InApproval]),
            "withdrawn": of(&[Life::Withdrawn]),
        });
        Arc::make_mut(&mut self.scope.origins).tell(SET, &set);
        self.scope.values.insert(SET, set);
    }
}

/// What makes a plan.
struct Maker<'w> {
    workspace: &'w Workspace,
    backends: &'w Backends,
    /// Which of the pack's checks run.
    checks: Checks,
    jobs: usize,
}

impl Maker<'_> {
    /// `today` is known to those who run all checks.
    fn plan(&self, (profile, as_of): (Map<String, Json>, &str), today: Option<&str>, sink: &mut Sink) -> Plan {
        let Maker { workspace, backends, checks, jobs } = *self;
        let pack = &workspace.pack;
        let rules = pack.rules(checks, jobs, sink);
        let mut values = profile;
        values.insert("data".into(), Json::Object(pack.data.clone()));
        values.insert("as_of".into(), Json::from(as_of));
        let mut facts = Facts::over(workspace.profile.origins(&values));
        let articles = Arc::new(Articles::of(&pack.strings, &workspace.profile.value));
        let mut messages = pack.messages.clone();
        if !articles.is_empty() {
            Arc::make_mut(&mut messages).articles = articles.clone();
        }
        facts.speak(messages);
        // What was issued last is derived from beside what is derived from now: each takes as long.
        let ((derived, is_sound), (before, unread)) = parallel::both(
            jobs,
            || {
                let derived = rules.derive(&mut facts, sink);
                (derived, !sink.has_faults()) // Checks of what could not be derived would only repeat that.
            },
            || {
                let mut own = Sink::new();
                let is_asked = checks != Checks::None && rules.compare();
                (is_asked.then(|| before(workspace, &rules, &values, &mut own)).flatten(), own)
            },
        );
        values.insert("derived".into(), Json::Object(derived));
        let left_out = pack.strings.excepted(&values).into_iter().map(str::to_owned).collect();
        let mut plan = set(workspace, backends, &facts, &left_out, sink);
        plan.left_out = left_out;
        if is_sound {
            sink.merge(unread);
            if let Some(before) = before {
                facts.set_before(before);
            }
        }
        match (checks, today) {
            (Checks::All, Some(today)) if is_sound => {
                facts.set_today(today);
                plan.findings = rules.check(&facts, jobs, sink);
            }
            // One that needs to know today is broken here; that is said by those who run all.
            (Checks::OfChanges, _) if is_sound => plan.findings = rules.check_changes(&facts, jobs, &mut Sink::new()),
            _ => {}
        }
        plan.scope = Scope { values: values.into(), origins: Arc::new(facts.into_origins()), articles };
        plan.tell_set(workspace, &workspace.history);
        plan
    }
}
