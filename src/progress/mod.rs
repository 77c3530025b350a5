//! How far one is with a workspace, and what to do next: facts in, [`Progress`] out.
//!
//! Counted are values that documents print. What to do next is in the order of use: what is the starter's, then the facts
//! and registers that most documents wait for, then what is only proposed. What stops a set is told by [`mend`], from what
//! was found in it.

mod text;

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;
use jiff::civil::Date;

use crate::decisions;
use crate::diagnostic::codes::pack::TEMPLATE_MISSING;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Document, Text, texts};
use crate::schema;
use crate::unrecorded::{self, Gap};
use crate::workspace::profile::{Step as Part, steps as parts};
use crate::workspace::{Left, Workspace};
pub use text::{argument, counts, text};

/// The most facts that are named as what to do next.
pub const MOST_FACTS: usize = 5;

/// The most paths, rows or places that one step names.
const MOST_NAMED: usize = 3;

/// The most of the starter's keys that are named.
const MOST_SAMPLES: usize = 8;

/// How far one is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// How many values of the profile the documents print, samples not counted.
    pub recorded: usize,
    /// How many figures they print that nobody has decided.
    pub proposed: usize,
    /// How many rows of each register hold values that are marked as proposals.
    pub proposed_rows: Vec<(String, usize)>,
    /// How many values they ask for that nobody recorded; a register without rows is one.
    pub unrecorded: usize,
    /// The paths that still hold the starter's values.
    pub samples: Vec<String>,
    /// The documents, in the order of the set.
    pub documents: Vec<Standing>,
    /// The facts that documents lack, those first that most wait for.
    pub facts: Vec<Fact>,
    /// What to do next, the most useful first.
    pub next: Vec<Step>,
}

/// A fact that documents lack.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Its key, without rows.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// The paths that are to be recorded; of a register its own.
    pub paths: Vec<EcoString>,
    /// The places of the documents that wait for it.
    pub documents: Vec<usize>,
    /// Who can say it.
    pub who: Option<String>,
    /// The day by which somebody promised it.
    pub due: Option<Date>,
    /// Whether it is a register as a whole.
    pub is_register: bool,
    /// How many rows there are where it is asked for, where that can be counted.
    of: Option<usize>,
}

/// How far one document is.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How many values of the profile it prints, samples not counted.
    pub recorded: usize,
    /// How many values it prints that are the starter's.
    pub samples: usize,
    /// How many figures it prints that nobody has decided.
    pub proposed: usize,
    /// How many values it asks for that nobody recorded.
    pub unrecorded: usize,
    /// What it lacks, each as its list says it.
    pub gaps: Vec<(Gap, String)>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Mend what stops the set.
    Mend,
    /// Replace what is the starter's.
    Replace,
    /// Record a fact, or a register.
    Record,
    /// Decide what the pack proposes.
    Decide,
    /// Take what rules of the pack propose.
    Propose,
    /// Look at what checks found.
    Look,
}

impl Act {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Act::Mend => "mend",
            Act::Replace => "replace",
            Act::Record => "record",
            Act::Decide => "decide",
            Act::Propose => "propose",
            Act::Look => "look",
        }
    }
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What kind of thing.
    pub act: Act,
    /// What it is, in a line.
    pub what: String,
    /// The keys that are meant: of a fact one, without rows.
    pub keys: Vec<String>,
    /// The paths that are to be recorded.
    pub paths: Vec<EcoString>,
    /// How many documents wait for it.
    pub documents: usize,
    /// Who can say it.
    pub who: Option<String>,
    /// The day by which somebody promised it.
    pub due: Option<Date>,
    /// What to write, and where.
    pub how: String,
    /// The command that does it, without the folder.
    pub command: Option<&'static str>,
}

impl Step {
    fn of(act: Act, what: String, how: String) -> Step {
        let (keys, paths) = (Vec::new(), Vec::new());
        Step { act, what, keys, paths, documents: 0, who: None, due: None, how, command: None }
    }
}

impl Progress {
    /// How far one is with a workspace whose documents these are.
    pub fn of(workspace: &Workspace, documents: &[Document]) -> Progress {
        let strings = &workspace.pack.strings;
        let proposals = workspace.profile.proposals();
        let open = decisions::open(proposals, documents, strings);
        let figures = open.iter().filter(|open| open.proposal.recorded.is_none()).count();
        let mut printed = Printed::of(workspace);
        let mut all: BTreeSet<EcoString> = BTreeSet::new();
        let mut missing: BTreeSet<EcoString> = BTreeSet::new();
        let mut standings = Vec::new();
        for (at, document) in documents.iter().enumerate() {
            printed.read(document);
            let own = std::mem::take(&mut printed.paths);
            let samples = std::mem::take(&mut printed.samples).len();
            let gaps = unrecorded::gaps(document, workspace).into_iter();
            let gaps: Vec<(Gap, String)> = gaps.map(|gap| (gap.clone(), unrecorded::in_words(&gap, strings))).collect();
            let paths: BTreeSet<&EcoString> = gaps.iter().flat_map(|(gap, _)| &gap.paths).collect();
            standings.push(Standing {
                id: document.control.id.clone(),
                title: document.control.title.text.clone(),
                recorded: own.len(),
                samples,
                proposed: open.iter().filter(|open| open.documents.contains(&at)).count(),
                unrecorded: paths.len(),
                gaps: gaps.clone(),
            });
            missing.extend(paths.into_iter().cloned());
            all.extend(own);
        }
        let rows = proposals.rows().into_iter().map(|(name, rows)| (name.to_string(), rows));
        let proposed_rows: Vec<(String, usize)> = rows.collect();
        let samples: Vec<String> = workspace
            .samples
            .iter()
            .filter(|sample| sample.left != Left::Nothing)
            .map(|sample| sample.path.clone())
            .collect();
        let mut next: Vec<Step> = replace(&samples).into_iter().collect();
        let facts = facts(workspace, documents, &standings);
        next.extend(facts.iter().take(MOST_FACTS).map(|fact| fact.step(workspace)));
        next.extend(confirm(&proposed_rows));
        next.extend(decide(figures));
        Progress {
            recorded: all.len(),
            proposed: figures,
            proposed_rows,
            unrecorded: missing.len(),
            samples,
            documents: standings,
            facts,
            next,
        }
    }

    /// Notes that the pack has something to propose for so many rows: taking that is quicker than to write.
    pub fn propose(&mut self, count: usize) {
        let at = self.next.iter().take_while(|step| step.act == Act::Replace).count();
        self.next.splice(at..at, proposals(count));
    }
}

/// All that is to be done next: what stops the set, what documents wait for, what checks found.
pub fn steps(progress: Option<&Progress>, found: &[&Diagnostic]) -> Vec<Step> {
    let mut steps: Vec<Step> = mend(found.iter().copied()).into_iter().collect();
    steps.extend(progress.iter().flat_map(|progress| progress.next.iter().cloned()));
    steps.extend(look(found.iter().copied()));
    steps
}

/// What stops a set: faults. Nothing when there is none.
pub fn mend<'d>(found: impl Iterator<Item = &'d Diagnostic>) -> Option<Step> {
    let faults: Vec<&Diagnostic> = found.filter(|problem| problem.is_fault()).collect();
    let mut helps: Vec<Option<&str>> = Vec::new();
    for help in faults.iter().map(|fault| fault.help.first().map(String::as_str)) {
        if !helps.contains(&help) {
            helps.push(help);
        }
    }
    let (count, places) = counted(faults.iter().copied());
    let (what, they) = match count {
        0 => return None,
        1 => ("mend the error above: nothing is written while it stands".to_owned(), "it is"),
        count => (format!("mend the {count} errors above: nothing is written while they stand"), "they are"),
    };
    let places = if places.is_empty() { String::new() } else { format!("{they} in {places}") };
    // Of one kind, what mends it is more than where it is.
    let how = match helps.as_slice() {
        [Some(help)] if count == 1 => (*help).to_owned(),
        [Some(help)] => format!("{help}; {places}"),
        _ => places,
    };
    Some(Step::of(Act::Mend, what, how))
}

/// What checks found and nobody accepted. Nothing when there is none.
pub fn look<'d>(found: impl Iterator<Item = &'d Diagnostic>) -> Option<Step> {
    // What is the starter's has a step of its own; what stops the set too.
    let is_meant = |problem: &&Diagnostic| {
        matches!(problem.severity, Severity::Warning | Severity::Error) && problem.code != codes::SAMPLE_VALUE
    };
    let found: Vec<&Diagnostic> = found.filter(is_meant).collect();
    let count = |severity| {
        let of = found.iter().filter(|problem| problem.severity == severity);
        of.map(|problem| problem.count).sum::<usize>()
    };
    let parts = [(count(Severity::Error), "error"), (count(Severity::Warning), "warning")];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() {
        return None;
    }
    // What to do about the first of the severest that has an advice, as an example.
    let severest = found.iter().map(|problem| problem.severity).max();
    let first = found.iter().find(|problem| Some(problem.severity) == severest);
    let all = parts.join(" and ");
    let (what, how) = match first {
        Some(first) if found.iter().map(|problem| problem.count).sum::<usize>() > 1 => {
            (format!("look at the {all} above, the first of them: {}", first.message), first.help.first())
        }
        first => (format!("look at the {all} above"), first.and_then(|first| first.help.first())),
    };
    Some(Step::of(Act::Look, what, how.cloned().unwrap_or_default()))
}

/// What rules of the pack propose, so many rows. Nothing when it is none.
fn proposals(count: usize) -> Option<Step> {
    let what = match count {
        0 => return None,
        1 => "the pack proposes 1 row of a register from what is recorded".to_owned(),
        count => format!("the pack proposes {count} rows of registers from what is recorded"),
    };
    let how = "with `--write` it writes them, marked as proposals that are to be confirmed".to_owned();
    Some(Step { command: Some("folio propose"), ..Step::of(Act::Propose, what, how) })
}

/// How many problems there are, and how many in which file.
fn counted<'d>(found: impl Iterator<Item = &'d Diagnostic>) -> (usize, String) {
    let (mut count, mut files) = (0, BTreeMap::<&str, usize>::new());
    for problem in found {
        count += problem.count;
        // What a template of the pack misses is mended in the profile.
        let is_missed = problem.code.as_str() == TEMPLATE_MISSING.id;
        let missed = problem.path.as_deref().filter(|_| is_missed);
        if let Some(place) = missed.or(problem.span.as_ref().map(|span| span.file.as_str())) {
            *files.entry(place).or_default() += problem.count;
        }
    }
    let named = files.iter().take(MOST_NAMED).map(|(file, of_it)| match count == *of_it {
        true => (*file).to_owned(),
        false => format!("{file} ({of_it})"),
    });
    let named: Vec<String> = named.collect();
    let more = files.len().saturating_sub(MOST_NAMED);
    let more = match more {
        0 => String::new(),
        1 => " and 1 more file".to_owned(),
        more => format!(" and {more} more files"),
    };
    (count, named.join(", ") + &more)
}

/// The starter's values.
fn replace(samples: &[String]) -> Option<Step> {
    let what = match samples.len() {
        0 => return None,
        1 => format!("replace the starter's value at `{}`", samples[0]),
        count => format!(
            "replace the starter's values at {count} keys: {}",
            named(samples.iter().map(String::as_str), MOST_SAMPLES)
        ),
    };
    let how =
        "write the real ones; where one is true as it stands, take its key out of `samples` in folio.yaml".to_owned();
    Some(Step { keys: samples.to_vec(), ..Step::of(Act::Replace, what, how) })
}

/// Rows of registers that are marked as proposals.
fn confirm(registers: &[(String, usize)]) -> Option<Step> {
    let step = Step::of(Act::Decide, decisions::counted_rows(registers), String::new());
    (!registers.is_empty()).then_some(Step { command: Some("folio decisions"), ..step })
}

/// What the pack proposes and nobody has decided.
fn decide(count: usize) -> Option<Step> {
    let step = Step::of(Act::Decide, decisions::counted(count), String::new());
    (count > 0).then_some(Step { command: Some("folio decisions"), ..step })
}

/// What documents lack, those facts and registers first that most wait for.
fn facts(workspace: &Workspace, documents: &[Document], standings: &[Standing]) -> Vec<Fact> {
    let mut found: Vec<Fact> = Vec::new();
    // Who is asked, with how often that is said.
    let mut asked: Vec<BTreeMap<&str, usize>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (document, standing) in standings.iter().enumerate() {
        for (gap, _) in &standing.gaps {
            let at = *places.entry(gap.key.as_str()).or_insert(found.len());
            if at == found.len() {
                asked.push(BTreeMap::new());
                found.push(Fact {
                    key: gap.key.clone(),
                    title: gap.title.clone(),
                    paths: Vec::new(),
                    documents: Vec::new(),
                    who: None,
                    due: None,
                    is_register: gap.rows.is_empty() && is_register(workspace, &gap.key),
                    of: gap.of,
                });
            }
            let fact = &mut found[at];
            if fact.documents.last() != Some(&document) {
                fact.documents.push(document);
            }
            fact.paths.extend(gap.paths.iter().cloned());
            fact.due = fact.due.into_iter().chain(gap.due).min();
            *asked[at].entry(gap.who.text.as_str()).or_default() += 1;
        }
    }
    for (fact, asked) in found.iter_mut().zip(asked) {
        let mut seen = BTreeSet::new();
        fact.paths.retain(|path| seen.insert(path.clone()));
        let most = asked.into_iter().max_by_key(|(who, count)| (*count, std::cmp::Reverse(*who)));
        fact.who = most.map(|(who, _)| who.to_owned()).filter(|who| !who.is_empty());
    }
    let is_demanded = |at: &&usize| documents.get(**at).is_some_and(|document| !document.control.satisfies.is_empty());
    found.sort_by_key(|fact| {
        let demanded = fact.documents.iter().filter(is_demanded).count();
        std::cmp::Reverse((fact.documents.len(), fact.is_register, demanded, fact.paths.len()))
    });
    found
}

/// Whether a list of rows stands at a key.
fn is_register(workspace: &Workspace, key: &str) -> bool {
    let mut view = workspace.pack.schema.view();
    for part in key.split('.') {
        match view.property(part) {
            Some(below) => view = below,
            None => return false,
        }
    }
    view.rows().is_some()
}

impl Fact {
    /// Whether it stands in rows of a register.
    pub fn is_in_rows(&self) -> bool {
        self.paths.iter().any(|path| row(path).is_some())
    }

    fn step(&self, workspace: &Workspace) -> Step {
        let waiting = match self.documents.len() {
            1 => "1 document waits".to_owned(),
            count => format!("{count} documents wait"),
        };
        let what = format!("{} (`{}`): {waiting} for it", self.title, self.key);
        Step {
            keys: vec![self.key.clone()],
            paths: self.paths.clone(),
            documents: self.documents.len(),
            who: self.who.clone(),
            due: self.due,
            ..Step::of(Act::Record, what, self.how(workspace))
        }
    }

    /// What to write, and where.
    fn how(&self, workspace: &Workspace) -> String {
        let (key, own) = (&self.key, &workspace.settings.profile);
        let Some(first) = self.paths.first() else { return String::new() };
        let file = workspace.profile.span_of(first).map_or(own.as_str(), |span| span.file.as_str());
        let rows: Vec<&str> = self.paths.iter().filter_map(|path| row(path)).collect();
        if self.is_register {
            return match file == own {
                true if !key.contains('.') => {
                    format!("write registers/{key}.csv and, in {own}, `{key}: {{from: registers/{key}.csv}}`")
                }
                true => format!("write its rows at `{key}` in {own}"),
                false => format!("write its rows in {file}"),
            };
        }
        // That it is a text says nothing.
        let value = workspace.pack.schema.view().beneath(key).map(schema::in_words).filter(|words| words != "text");
        let value = value.map(|words| format!(" ({words})")).unwrap_or_default();
        if rows.is_empty() {
            return format!("write `{key}` in {own}{value}");
        }
        let (register, column) = column(first);
        let rows = match self.of {
            Some(2) if rows.len() == 2 => "both rows".to_owned(),
            Some(of) if of == rows.len() && of > 1 => format!("all {of} rows"),
            _ => named(rows.into_iter(), MOST_NAMED),
        };
        match file == own {
            true => format!("write `{column}` in `{register}` in {own}{value}: {rows}"),
            false => format!("fill the column `{column}` in {file}{value}: {rows}"),
        }
    }
}

/// The first row of a path.
fn row(path: &str) -> Option<&str> {
    parts(path).into_iter().find_map(|part| match part {
        Part::Row(row) => Some(row),
        Part::Key(_) => None,
    })
}

/// The register of a path, and the column in it.
fn column(path: &str) -> (String, String) {
    let (mut register, mut column, mut is_within) = (Vec::new(), Vec::new(), false);
    for part in parts(path) {
        match part {
            Part::Key(key) if is_within => column.push(key),
            Part::Key(key) => register.push(key),
            Part::Row(_) => is_within = true,
        }
    }
    (register.join("."), column.join("."))
}

/// The first of some names, and how many more there are.
fn named<'n>(names: impl Iterator<Item = &'n str>, most: usize) -> String {
    let names: Vec<&str> = names.collect();
    let shown = names.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The values of a profile that a document prints.
struct Printed<'w> {
    workspace: &'w Workspace,
    paths: BTreeSet<EcoString>,
    /// Those that are the starter's.
    samples: BTreeSet<EcoString>,
}

impl<'w> Printed<'w> {
    fn of(workspace: &'w Workspace) -> Printed<'w> {
        Printed { workspace, paths: BTreeSet::new(), samples: BTreeSet::new() }
    }

    fn read(&mut self, document: &Document) {
        document.control.texts().into_iter().for_each(|text| self.text(text));
        texts(document, &mut |text| self.text(text));
    }

    fn text(&mut self, text: &Text) {
        let Workspace { profile, samples, .. } = self.workspace;
        for path in &text.from {
            if self.paths.contains(path) || self.samples.contains(path) {
                continue;
            }
            if samples.iter().any(|sample| sample.covers(path)) {
                self.samples.insert(path.clone());
            } else if profile.stands_at(path).is_some() && profile.proposals().at(path).is_none() {
                self.paths.insert(path.clone());
            }
        }
    }
}
