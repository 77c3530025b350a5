//! What rows of registers are, now and when a version was issued.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use serde_json::{Map, Value as Json};

use super::keep::Standing;
use crate::diagnostic::{Sink, Span};
use crate::history::{Facts, Version};
use crate::rules::{Expression, OnRow};
use crate::workspace::Workspace;
use crate::workspace::profile::{Step, names_of_rows, steps};

/// The key of a profile under which corrections of closed records stand.
const CORRECTIONS: &str = "corrections";

/// The profile as it is, and when its rows are closed.
pub(super) struct Now {
    profile: Map<String, Json>,
    /// By dotted path of the register.
    closures: BTreeMap<String, OnRow>,
    /// The properties that rows of each register are called by, by dotted path.
    keys: BTreeMap<String, Vec<String>>,
}

/// What was issued was made from facts; this is how rows stand to them.
pub(super) struct Past<'a> {
    now: &'a Now,
    facts: Arc<Facts>,
    /// The rows that were corrected since.
    corrected: BTreeSet<String>,
    /// The closed rows that the registers have no more.
    pub(super) gone: BTreeSet<EcoString>,
    known: RefCell<BTreeMap<EcoString, Option<Standing>>>,
}

impl Now {
    /// Reads a workspace; nothing where no register of it is ever closed.
    pub(super) fn of(workspace: &Workspace, sink: &mut Sink) -> Option<Now> {
        let schema = &workspace.pack.schema;
        let mut closures = BTreeMap::new();
        for (path, text) in schema.closures() {
            let mut own = Sink::new();
            let place = Span::file(schema.sources().last().map(|source| source.name.clone()).unwrap_or_default());
            closures.extend(OnRow::compile(&Expression::new(text, place), &mut own).map(|closure| (path, closure)));
            sink.merge(own);
        }
        let keys = workspace.profile.keys().iter().map(|(path, key)| (path.clone(), vec![key.clone()]));
        let keys = keys.chain(schema.called_by()).collect();
        (!closures.is_empty()).then(|| Now { profile: workspace.profile.facts(), closures, keys })
    }

    /// How rows stand to what a version was made from.
    pub(super) fn since(&self, facts: Arc<Facts>) -> Past<'_> {
        let known = list(&facts.profile, CORRECTIONS);
        let new = list(&self.profile, CORRECTIONS).iter().filter(|correction| !known.contains(correction));
        let corrected = new.filter_map(|correction| correction["row"].as_str()).map(str::to_owned).collect();
        let mut past = Past { now: self, facts, corrected, gone: BTreeSet::new(), known: RefCell::default() };
        let mut gone = BTreeSet::new();
        for (register, closure) in &self.closures {
            let keys: Vec<&str> = register.split('.').collect();
            let at = |key: &str| past.facts.profile.get(key);
            self.each_row(&at, &keys, String::new(), String::new(), &mut |path, row| {
                let is_gone = self.current(path).is_none() && !past.corrected.contains(path);
                if is_gone && closure.holds(row).unwrap_or(false) {
                    gone.insert(path.into());
                }
            });
        }
        past.gone = gone;
        past
    }

    /// A row of the profile as it is.
    pub(super) fn current(&self, path: &str) -> Option<&Json> {
        self.row(&self.profile, path)
    }

    /// A row of a profile.
    pub(super) fn row<'j>(&self, profile: &'j Map<String, Json>, path: &str) -> Option<&'j Json> {
        let (mut found, mut register): (Option<&Json>, String) = (None, String::new());
        for step in steps(path) {
            found = match step {
                Step::Key(key) => {
                    register = if register.is_empty() { key.to_owned() } else { format!("{register}.{key}") };
                    Some(found.map_or_else(|| profile.get(key), |group| group.get(key))?)
                }
                Step::Row(name) => {
                    let rows = found?.as_array()?;
                    let at = self.names(&register, rows)?.iter().position(|own| own == name)?;
                    rows.get(at)
                }
            };
        }
        found
    }

    /// What the rows of a register are called by, in their order; nothing where nothing calls them.
    fn names(&self, register: &str, rows: &[Json]) -> Option<Vec<EcoString>> {
        let properties = self.keys.get(register)?;
        let name = |row: &'_ Json| properties.iter().find_map(|key| row[key.as_str()].as_str()).map(str::to_owned);
        let names: Vec<Option<String>> = rows.iter().map(name).collect();
        Some(names_of_rows(names.iter().map(Option::as_deref)))
    }

    /// Shows every row of a register with its path.
    fn each_row<'j>(
        &self,
        at: &dyn Fn(&str) -> Option<&'j Json>,
        keys: &[&str],
        path: String,
        register: String,
        see: &mut dyn FnMut(&str, &Json),
    ) {
        let Some((key, rest)) = keys.split_first() else { return };
        let dotted = |path: &str| if path.is_empty() { (*key).to_owned() } else { format!("{path}.{key}") };
        let (path, register) = (dotted(&path), dotted(&register));
        match (at(key), at(key).and_then(Json::as_array).and_then(|rows| self.names(&register, rows))) {
            (Some(Json::Array(rows)), Some(names)) => {
                for (row, name) in rows.iter().zip(names) {
                    let path = format!("{path}[{name}]");
                    match rest {
                        [] => see(&path, row),
                        rest => self.each_row(&|key| row.get(key), rest, path, register.clone(), see),
                    }
                }
            }
            (Some(group @ Json::Object(_)), _) => self.each_row(&|key| group.get(key), rest, path, register, see),
            _ => {}
        }
    }
}

impl Past<'_> {
    /// What a row is by its path; `None` where nothing closes such rows.
    pub(super) fn standing(&self, path: &str) -> Option<Standing> {
        if let Some(known) = self.known.borrow().get(path) {
            return *known;
        }
        let standing = self.ask(path);
        self.known.borrow_mut().insert(path.into(), standing);
        standing
    }

    fn ask(&self, path: &str) -> Option<Standing> {
        let steps = steps(path);
        let Some(Step::Row(name)) = steps.last() else { return None };
        let keys = steps.iter().filter_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Row(_) => None,
        });
        let register = keys.collect::<Vec<_>>().join(".");
        let closure = self.now.closures.get(&register)?;
        if name.is_empty() {
            return Some(self.of_all(&register, path));
        }
        let was_closed = |facts: &Map<String, Json>| {
            let row = self.now.row(facts, path)?;
            Some(closure.holds(row).unwrap_or(false))
        };
        let was = was_closed(&self.facts.profile) == Some(true) && !self.corrected.contains(path);
        Some(match (was, was_closed(&self.now.profile)) {
            (true, Some(true)) => Standing::Closed,
            (true, None) => Standing::Gone,
            _ => Standing::Open,
        })
    }

    /// What the rows of a register are together: open when one of them is.
    fn of_all(&self, register: &str, path: &str) -> Standing {
        let Some(list) = path.strip_suffix("[]").filter(|list| *list == register) else { return Standing::Open };
        let names = self.now.names(register, self::list(&self.now.profile, list)).unwrap_or_default();
        let mut paths = names.into_iter().map(|name| eco_format!("{list}[{name}]"));
        if paths.any(|path| self.standing(&path) == Some(Standing::Open)) { Standing::Open } else { Standing::Closed }
    }
}

fn list<'j>(profile: &'j Map<String, Json>, key: &str) -> &'j [Json] {
    profile.get(key).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// What issued versions were made from, each read once.
pub(super) struct Then<'w> {
    workspace: &'w Workspace,
    read: BTreeMap<String, Arc<Facts>>,
}

impl<'w> Then<'w> {
    pub(super) fn new(workspace: &'w Workspace) -> Then<'w> {
        Then { workspace, read: BTreeMap::new() }
    }

    /// What a version was made from; nothing where nobody kept that.
    ///
    /// # Errors
    /// When what is kept is missing or damaged.
    pub(super) fn facts(&mut self, version: &Version<'_>) -> Result<Option<Arc<Facts>>, String> {
        let Some(digest) = &version.entry.facts else { return Ok(None) };
        if let Some(facts) = self.read.get(digest) {
            return Ok(Some(facts.clone()));
        }
        let Some(facts) = version.facts(&*self.workspace.files)?.map(Arc::new) else { return Ok(None) };
        self.read.insert(digest.clone(), facts.clone());
        Ok(Some(facts))
    }

    /// The same of a version by its number.
    ///
    /// # Errors
    /// When what is kept is missing or damaged.
    pub(super) fn facts_of(&mut self, document: &str, version: &str) -> Result<Option<Arc<Facts>>, String> {
        let workspace = self.workspace;
        workspace.history.version(document, version).map_or(Ok(None), |version| self.facts(&version))
    }
}
