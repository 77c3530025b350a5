//! Which of the things that changed is the cause of a part that did.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::facts::{self, AS_OF, Difference, Index, Near};
use super::lines::{Line, Run, Unit};
use super::words::Teller;
use super::{Cause, Manner};
use crate::align::{self, Piece};
use crate::diagnostic::Span;
use crate::history::Facts;
use crate::lock::LockedPack;
use crate::plan::SET;
use crate::workspace::Workspace;

/// The most causes that are named of one part.
const MOST: usize = 12;

/// All that changed.
pub(super) struct Causes<'a> {
    pub(super) workspace: &'a Workspace,
    /// Who knows what paths and values mean.
    pub(super) teller: Teller<'a>,
    pub(super) differences: Vec<Difference>,
    /// Of the differences those of rows that a day moved into what holds, or out of it, and whether the row says what it said.
    moved: BTreeMap<usize, bool>,
    index: Index,
    /// Whether it is known what the old was made from.
    is_known: bool,
    /// The packs that are others, in words.
    packs: Option<String>,
    /// The blocks whose texts in the workspace are others, came or went.
    overrides: BTreeSet<String>,
    is_look: bool,
    is_program: bool,
}

/// Why something changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The causes; of one that was looked for, never empty.
    pub(super) causes: Vec<Cause>,
    /// Whether they only lie near: what changed is not the value that is shown or asked for, but one beside it.
    pub(super) is_guess: bool,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.causes.is_empty()
    }
}

impl From<Vec<Cause>> for Found {
    fn from(causes: Vec<Cause>) -> Found {
        Found { causes, is_guess: false }
    }
}

/// What words of a line changed.
#[derive(Default)]
struct Touched<'l, 'd> {
    runs: Vec<&'l Run<'d>>,
    /// Whether a template's own words are among them.
    is_literal: bool,
}

impl<'a> Causes<'a> {
    pub(super) fn new(old: Option<&'a Facts>, new: &'a Facts, workspace: &'a Workspace) -> Causes<'a> {
        let Some(old) = old else {
            return Causes {
                workspace,
                teller: Teller { workspace, profiles: [&new.profile; 2] },
                differences: Vec::new(),
                moved: BTreeMap::new(),
                index: Index::default(),
                is_known: false,
                packs: None,
                overrides: BTreeSet::new(),
                is_look: false,
                is_program: false,
            };
        };
        let mut differences = facts::differences(&old.profile, &new.profile, workspace.profile.keys());
        if old.as_of != new.as_of {
            let day = |day: &str| Some(serde_json::Value::from(day));
            differences.push(Difference { path: AS_OF.to_owned(), old: day(&old.as_of), new: day(&new.as_of) });
        }
        let names: BTreeSet<&String> = old.overrides.keys().chain(new.overrides.keys()).collect();
        let overrides = names.into_iter().filter(|name| old.overrides.get(*name) != new.overrides.get(*name));
        Causes {
            workspace,
            teller: Teller { workspace, profiles: [&old.profile, &new.profile] },
            moved: facts::moved([&old.profile, &new.profile], &differences, workspace.profile.keys()),
            index: Index::of(&differences),
            differences,
            is_known: true,
            packs: packs(&old.packs, &new.packs),
            overrides: overrides.cloned().collect(),
            is_look: old.look != new.look,
            is_program: old.program != new.program,
        }
    }

    pub(super) fn around(&self) -> Vec<Cause> {
        let look = self.is_look.then_some(Cause::Look);
        look.into_iter().chain(self.is_program.then_some(Cause::Program)).collect()
    }

    /// Whether the program differs, and no fact, pack or text.
    pub(super) fn is_program_alone(&self) -> bool {
        self.is_program && self.differences.is_empty() && self.packs.is_none() && self.overrides.is_empty()
    }

    /// Whether facts differ, and no pack, program, text or look.
    pub(super) fn is_facts_alone(&self) -> bool {
        let is_other = self.is_program || self.is_look || self.packs.is_some() || !self.overrides.is_empty();
        self.is_known && !is_other && !self.differences.is_empty()
    }

    /// Whether a difference is a row that a day moved, as it was.
    pub(super) fn is_moved(&self, difference: &Difference) -> bool {
        let at = self.differences.iter().position(|known| std::ptr::eq(known, difference));
        at.and_then(|at| self.moved.get(&at)) == Some(&true)
    }

    /// A difference as a cause.
    pub(super) fn of_difference(&self, difference: &Difference) -> Cause {
        let Difference { path, old, new } = difference;
        if path == AS_OF {
            let day = |value: &Option<serde_json::Value>| value.as_ref().map(facts::in_words).unwrap_or_default();
            return Cause::Time { before: day(old), after: day(new), label: None };
        }
        if self.is_moved(difference) {
            return self.of_move(difference).unwrap_or(Cause::Unknown);
        }
        let profile = &self.workspace.profile;
        let at = profile.span_of(path).cloned();
        // Of what is gone nobody knows the line any more.
        let at = match new {
            Some(_) => at,
            None => at.map(|at| Span { sheet: at.sheet, ..Span::file(at.file) }),
        };
        let at = at.or_else(|| Some(Span::file(self.workspace.settings.profile.as_str())));
        let told = self.teller.told(difference);
        Cause::Fact { path: path.clone(), label: Some(told.label()), before: told.before, after: told.after, at }
    }

    /// The days that moved a row into what holds, or out of it.
    fn of_move(&self, difference: &Difference) -> Option<Cause> {
        let days = self.differences.iter().find(|difference| difference.path == AS_OF)?;
        let Cause::Time { before, after, .. } = self.of_difference(days) else { return None };
        let told = self.teller.told(difference);
        let row = told.before.as_ref().or(told.after.as_ref()).map(String::as_str).unwrap_or_default();
        Some(Cause::Time { before, after, label: Some(format!("{}: {row}", told.label())) })
    }

    /// A difference as causes: where a row was changed and a day moved it, both.
    fn of_place(&self, at: usize) -> impl Iterator<Item = Cause> {
        let difference = &self.differences[at];
        let moved = self.moved.get(&at).filter(|is_same| !**is_same).and_then(|_| self.of_move(difference));
        std::iter::once(self.of_difference(difference)).chain(moved)
    }

    /// Why a line has other words.
    pub(super) fn of_lines(&self, id: &str, old: (&Unit<'_>, &Line<'_>), new: (&Unit<'_>, &Line<'_>)) -> Found {
        let (before, after) = touched(old.1, new.1);
        let runs: Vec<&Run<'_>> = before.runs.iter().chain(&after.runs).copied().collect();
        if tells_set([old.0, new.0], runs.iter().flat_map(|run| run.from.iter().copied())) {
            return vec![Cause::Set].into();
        }
        let mut found = self.by_paths(runs.iter().flat_map(|run| run.from.iter().copied()));
        if !self.is_known {
            found.causes.extend(self.shown((&before, old.1), (&after, new.1)));
        }
        let is_literal = before.is_literal || after.is_literal;
        let is_explained = !found.is_empty();
        if is_literal {
            let own = self.by_own_text(id, [old.0, new.0]);
            found.causes.extend(own.or_else(|| self.by_pack(new.0).filter(|_| is_explained)));
        }
        if found.is_empty() {
            let same_target =
                before.runs.iter().filter_map(|run| run.target).eq(after.runs.iter().filter_map(|run| run.target));
            let is_reference = runs.iter().any(|run| run.target.is_some());
            if is_reference && same_target && !is_literal {
                found = self.by_titles(&runs);
                if found.is_empty() {
                    found.causes.push(Cause::Numbering);
                }
            }
        }
        if found.is_empty() {
            found = self.by_orders(runs.iter().flat_map(|run| run.from.iter().copied())).into();
        }
        if found.is_empty() {
            found = self.by_conditions([old.0, new.0]);
        }
        if found.is_empty() {
            let all = old.1.runs.iter().chain(&new.1.runs).flat_map(|run| run.from.iter().copied());
            found = self.by_paths(all.chain(sources([old.0, new.0])));
        }
        if found.is_empty() {
            found = self.by_control(id, new.0);
        }
        self.or_last(id, found, [old.0, new.0], Manner::Words)
    }

    /// Why a unit came, went, moved or looks otherwise.
    pub(super) fn of_units(&self, id: &str, old: Option<&Unit<'_>>, new: Option<&Unit<'_>>, manner: Manner) -> Found {
        let units = || [old, new].into_iter().flatten();
        let all = units().flat_map(|unit| &unit.lines).flat_map(|line| &line.runs).flat_map(|run| &run.from);
        if tells_set(units(), all.copied()) {
            return vec![Cause::Set].into();
        }
        let mut found = Found::default();
        if manner == Manner::Came || manner == Manner::Went {
            found.causes.extend(self.by_own_text(id, units()));
        }
        if let (Manner::Form, Some(old), Some(new)) = (manner, old, new) {
            found.causes.extend(self.by_confirming(old, new));
        }
        if found.is_empty() {
            found = self.by_paths(sources(units()));
        }
        if found.is_empty() && manner == Manner::Moved {
            found = self.by_orders(sources(units())).into();
        }
        if found.is_empty() {
            found = self.by_conditions(units());
        }
        let runs = || units().flat_map(|unit| &unit.lines).flat_map(|line| &line.runs);
        let paths = || runs().flat_map(|run| run.from.iter().copied());
        if found.is_empty() {
            found = self.by_paths(paths());
        } else if !matches!(manner, Manner::Moved | Manner::Form) {
            // What came or went with it.
            found.causes.extend(self.by_exact_paths(paths()).causes);
        }
        self.or_last(id, found, units(), manner)
    }

    /// What else may be the cause, when nothing nearer is.
    fn or_last<'u, 'd: 'u>(
        &self,
        id: &str,
        mut found: Found,
        units: impl IntoIterator<Item = &'u Unit<'d>> + Clone,
        manner: Manner,
    ) -> Found {
        if found.is_empty() {
            found.causes.extend(self.by_own_text(id, units.clone()));
        }
        if found.is_empty() {
            found.causes.extend(units.into_iter().last().and_then(|unit| self.by_pack(unit)));
        }
        if found.is_empty() && manner == Manner::Form && self.is_look {
            found.causes.push(Cause::Look);
        }
        // Where one fact alone differs, and nothing else that documents are made from does, it is that.
        if let ([only], true) = (self.differences.as_slice(), found.is_empty()) {
            found.causes.push(self.of_difference(only));
        }
        if found.is_empty() {
            found.causes.push(Cause::Unknown);
        }
        found.causes.sort();
        found.causes.dedup();
        found.causes.truncate(MOST);
        found
    }

    /// The facts that changed at some paths: the nearest.
    fn by_paths<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Found {
        let mut best: Option<(Near, BTreeSet<usize>)> = None;
        let mut seen = BTreeSet::new();
        for path in paths.filter(|path| seen.insert(path.to_owned())) {
            let Some((near, found)) = self.index.at(path) else { continue };
            match &mut best {
                Some((known, all)) if *known == near => all.extend(found),
                Some((known, _)) if *known > near => {}
                _ => best = Some((near, found.into_iter().collect())),
            }
        }
        let Some((near, found)) = best else { return Found::default() };
        let causes = found.into_iter().take(MOST).flat_map(|at| self.of_place(at)).collect();
        Found { causes, is_guess: near != Near::Itself }
    }

    /// The facts that changed at some paths, or what these stand in.
    fn by_exact_paths<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Found {
        let exact = paths.filter(|path| matches!(self.index.at(path), Some((Near::Itself, _))));
        self.by_paths(exact)
    }

    /// The lists at some paths, or around them, whose items stand in another order.
    fn by_orders<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Vec<Cause> {
        let found: BTreeSet<usize> = paths.flat_map(|path| self.index.orders(path)).collect();
        found.into_iter().take(MOST).map(|at| self.of_difference(&self.differences[at])).collect()
    }

    fn by_conditions<'u, 'd: 'u>(&self, units: impl IntoIterator<Item = &'u Unit<'d>>) -> Found {
        let causes = units.into_iter().flat_map(|unit| &unit.origin.causes);
        self.by_paths(causes.map(EcoString::as_str))
    }

    /// The title and number of a document that is referred to.
    fn by_titles(&self, runs: &[&Run<'_>]) -> Found {
        let documents = runs.iter().filter_map(|run| run.target?.0);
        let paths: Vec<String> =
            documents.flat_map(|id| [format!("documents.{id}.title"), format!("documents.{id}.number")]).collect();
        self.by_paths(paths.iter().map(String::as_str))
    }

    /// Values that were proposed and stand as they stood: somebody confirmed them.
    fn by_confirming(&self, old: &Unit<'_>, new: &Unit<'_>) -> BTreeSet<Cause> {
        let mut found = BTreeSet::new();
        for (before, after) in old.lines.iter().zip(&new.lines) {
            let was_proposed = |run: &&Run<'_>| before.runs.iter().any(|it| it.end == run.end && it.is_proposed);
            for run in after.runs.iter().filter(|run| !run.is_proposed).filter(was_proposed) {
                found.extend(run.from.iter().take(MOST).map(|path| {
                    let named = Difference { path: (*path).to_owned(), old: None, new: None };
                    let at = self.workspace.profile.span_of(path).cloned();
                    let (label, value) = (self.teller.told(&named).label(), text_of(after, run));
                    Cause::Confirmed { path: named.path, label, value, at }
                }));
            }
        }
        found
    }

    /// What the profile says of the control data of a document.
    fn by_control(&self, id: &str, unit: &Unit<'_>) -> Found {
        let Some(datum) = unit.place.column.as_deref().filter(|_| unit.place.kind == super::Kind::Control) else {
            return Found::default();
        };
        let paths = [format!("documents.{id}.{datum}"), format!("document_defaults.{datum}")];
        self.by_paths(paths.iter().map(String::as_str))
    }

    /// A block that the workspace replaces otherwise than before.
    fn by_own_text<'u, 'd: 'u>(&self, id: &str, units: impl IntoIterator<Item = &'u Unit<'d>>) -> Option<Cause> {
        let blocks = units.into_iter().filter_map(|unit| unit.origin.block.as_ref());
        let mut names = blocks.map(|block| (format!("{id}/{block}"), block));
        let (name, block) = names.find(|(name, _)| self.overrides.contains(name))?;
        let file = self.workspace.overrides.get(id).and_then(|blocks| blocks.get(block.as_str()));
        Some(Cause::Override { block: name, at: file.map(|file| Span::file(file.as_str())) })
    }

    /// What two lines show of themselves where nobody kept the facts: a value that stands at one path and is another.
    fn shown(
        &self,
        (before, old): (&Touched<'_, '_>, &Line<'_>),
        (after, new): (&Touched<'_, '_>, &Line<'_>),
    ) -> Vec<Cause> {
        let values = |touched: &Touched<'_, '_>, line: &Line<'_>| -> BTreeMap<String, String> {
            let exact = touched.runs.iter().filter(|run| run.is_exact);
            exact.filter_map(|run| Some(((*run.from.first()?).to_owned(), text_of(line, run)))).collect()
        };
        let (old, new) = (values(before, old), values(after, new));
        let both = old.into_iter().filter_map(|(path, before)| {
            let after = new.get(&path).filter(|after| **after != before)?.clone();
            let label = Some(self.teller.told(&Difference { path: path.clone(), old: None, new: None }).label());
            Some(Cause::Fact { path, label, before: Some(before), after: Some(after), at: None })
        });
        both.collect()
    }

    fn by_pack(&self, unit: &Unit<'_>) -> Option<Cause> {
        let pack = self.packs.clone()?;
        Some(Cause::Block { pack, block: unit.origin.block.clone(), at: unit.origin.span.clone() })
    }
}

/// Whether units, or runs that show some paths, tell of the documents of the set.
fn tells_set<'u, 'd: 'u>(
    units: impl IntoIterator<Item = &'u Unit<'d>> + Clone,
    mut paths: impl Iterator<Item = &'u str>,
) -> bool {
    let is_of_set = |path: &str| path.strip_prefix(SET).is_some_and(|rest| rest.starts_with(['.', '[']));
    let mut causes = units.clone().into_iter().flat_map(|unit| &unit.origin.causes);
    paths.any(is_of_set) || causes.any(|path| is_of_set(path)) || sources(units).any(is_of_set)
}

/// The rows of registers that units show.
fn sources<'u, 'd: 'u>(units: impl IntoIterator<Item = &'u Unit<'d>>) -> impl Iterator<Item = &'u str> {
    units.into_iter().filter_map(|unit| unit.source.map(EcoString::as_str))
}

/// The runs of two lines that hold what went and what came.
fn touched<'l, 'd>(old: &'l Line<'d>, new: &'l Line<'d>) -> (Touched<'l, 'd>, Touched<'l, 'd>) {
    let (mut before, mut after) = (Touched::default(), Touched::default());
    let (mut at_old, mut at_new) = (0, 0);
    for piece in align::words(&old.text, &new.text) {
        match piece {
            Piece::Kept(text) => (at_old, at_new) = (at_old + text.len(), at_new + text.len()),
            Piece::Removed(text) => {
                before.add(old, at_old, text);
                at_old += text.len();
            }
            Piece::Added(text) => {
                after.add(new, at_new, text);
                at_new += text.len();
            }
        }
    }
    (before, after)
}

impl<'l, 'd> Touched<'l, 'd> {
    fn add(&mut self, line: &'l Line<'d>, from: usize, text: &str) {
        let to = from + text.len();
        let mut begin = 0;
        for run in &line.runs {
            let (start, end) = (begin.max(from), run.end.min(to));
            if start < end {
                let is_word = line.text.get(start..end).is_some_and(|text| text.contains(char::is_alphanumeric));
                self.is_literal |= is_word && run.from.is_empty() && run.target.is_none();
                if !self.runs.iter().any(|known| std::ptr::eq(*known, run)) {
                    self.runs.push(run);
                }
            }
            begin = run.end;
        }
    }
}

fn text_of(line: &Line<'_>, run: &Run<'_>) -> String {
    let begin = line.runs.iter().map(|known| known.end).take_while(|end| *end < run.end).last().unwrap_or(0);
    line.text.get(begin..run.end).unwrap_or_default().to_owned()
}

/// The packs that are others than they were: `id 1.0.0 → 1.1.0`, with digests where the version is the same, `+` before one
/// that came and `−` before one that went: signs, since it stands in documents. Nothing when none is.
fn packs(old: &[LockedPack], new: &[LockedPack]) -> Option<String> {
    if old == new || old.is_empty() {
        return None;
    }
    let mut said = Vec::new();
    for pack in new {
        match old.iter().find(|known| known.id == pack.id) {
            Some(known) if known.digest == pack.digest => {}
            Some(known) if known.version != pack.version => {
                said.push(format!("{} {} \u{2192} {}", pack.id, known.version, pack.version));
            }
            Some(known) => {
                let [old, new] = [&known.digest, &pack.digest].map(|digest| short(digest));
                said.push(format!("{} {}, {old} \u{2192} {new}", pack.id, pack.version));
            }
            None => said.push(format!("+ {} {}", pack.id, pack.version)),
        }
    }
    said.extend(
        old.iter()
            .filter(|known| new.iter().all(|pack| pack.id != known.id))
            .map(|known| format!("\u{2212} {} {}", known.id, known.version)),
    );
    (!said.is_empty()).then(|| said.join("; "))
}

/// The beginning of a digest.
fn short(digest: &str) -> &str {
    let plain = digest.rsplit(':').next().unwrap_or(digest);
    plain.get(..8).unwrap_or(plain)
}
