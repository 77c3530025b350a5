//! Keeping the words of closed records: a document that is made anew, and the version of it that was issued.
//!
//! Both are gone through side by side. What was written for a closed row of a register takes its words from the version
//! that was issued; what was written for an open row, or for none, is as it is made now. Inside a closed record, what reads
//! an open row follows that row.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::lines::Line;
use super::numbers;
use crate::model::identity::{self, Part};
use crate::model::{Block, Callout, Definition, Document, Inline, List, Node, Origin, Reference, Row, Table, walk};
use crate::parse;

/// What a row of a register is, to a document that was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was not closed when the version was made, or is not any more.
    Open,
    /// It was closed, and is.
    Closed,
    /// It was closed, and the register has it no more.
    Gone,
}

/// A row whose words were kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// Its path: `audits[A-3]`.
    pub row: EcoString,
    /// The version that was issued with these words.
    pub since: EcoString,
}

/// Says what a row of a register is by its path; `None` for rows that nothing closes. A path with `[]` stands for all rows of
/// a register: open when one of them is.
pub type Standings<'a> = &'a dyn Fn(&str) -> Option<Standing>;

/// Puts the words of an issued version into a document for what is closed. Gives the rows that were kept, and the labels
/// whose numbers moved with that.
pub(super) fn keep(
    new: &mut Document,
    issued: &Document,
    version: &str,
    standing: Standings<'_>,
) -> (BTreeSet<Kept>, numbers::Moved) {
    let before = parse::renumber(new);
    let mut issued = issued.clone();
    let lift = new.footnotes.keys().next_back().copied().unwrap_or(0);
    numbers::lift(&mut issued.body, lift);
    let names = Names::of(new, &issued);
    let mut keeper = Keeper { version, standing, names, kept: BTreeSet::new() };
    let body = keeper.blocks(&issued.body, &new.body, Within { level: 0, closed: false });
    let kept = keeper.kept;
    if kept.is_empty() {
        return (kept, numbers::Moved::new());
    }
    new.body = body;
    new.footnotes.extend(issued.footnotes.into_iter().map(|(number, note)| (number.saturating_add(lift), note)));
    numbers::footnotes(new);
    (kept, numbers::mend(new, &before))
}

/// The identities of blocks and rows of both documents, by where they lie in memory.
struct Names(BTreeMap<usize, String>);

impl Names {
    fn of(new: &Document, issued: &Document) -> Names {
        let both = [new, issued].into_iter().flat_map(identity::identities);
        let place = |part: Part<'_>| match part {
            Part::Block(block) => std::ptr::from_ref(block).addr(),
            Part::Row(row) => std::ptr::from_ref(row).addr(),
        };
        Names(both.map(|identity| (place(identity.part), identity.name)).collect())
    }

    fn name<T>(&self, part: &T) -> String {
        self.0.get(&std::ptr::from_ref(part).addr()).cloned().unwrap_or_default()
    }
}

/// What the parts that are gone through stand in.
#[derive(Debug, Clone, Copy)]
struct Within {
    /// How many rows of registers that can be closed were entered.
    level: usize,
    /// Whether the innermost of them is closed.
    closed: bool,
}

/// Something that is put in its place as a whole: the blocks that were written for one row, a block, a row of a table.
struct Unit {
    key: String,
    /// The row that it was written for.
    row: Option<EcoString>,
    standing: Option<Standing>,
    /// Whether anything in it shows an open row.
    shows_open: bool,
    /// Whether anything in it was written for a row that its register has no more.
    holds_gone: bool,
    /// Its blocks, among those around it.
    range: std::ops::Range<usize>,
}

struct Keeper<'a> {
    version: &'a str,
    standing: Standings<'a>,
    names: Names,
    kept: BTreeSet<Kept>,
}

impl Keeper<'_> {
    /// The row at a level that something was written for, among those that can be closed.
    fn row_at(&self, origin: &Origin, level: usize) -> Option<(EcoString, Standing)> {
        let mut rows = origin.rows.iter().filter_map(|row| Some((row.clone(), (self.standing)(row)?)));
        rows.nth(level)
    }

    /// The innermost of them, from a level on.
    fn innermost(&self, origin: &Origin, level: usize) -> Option<(EcoString, Standing)> {
        origin.rows.iter().filter_map(|row| Some((row.clone(), (self.standing)(row)?))).skip(level).last()
    }

    fn blocks(
        &mut self,
        issued: &[Block<Reference>],
        new: &[Block<Reference>],
        within: Within,
    ) -> Vec<Block<Reference>> {
        let (old_units, new_units) = (self.units(issued, within.level), self.units(new, within.level));
        let mut out = Vec::new();
        for (old, now) in weave(&old_units, &new_units, within.closed) {
            let old = old.map(|at| &old_units[at]);
            let now = now.map(|at| &new_units[at]);
            match (old, now) {
                (Some(old), Some(now)) if now.row.is_some() => {
                    let inside = Within { level: within.level + 1, closed: is_closed(now.standing, within.closed) };
                    out.extend(self.blocks(&issued[old.range.clone()], &new[now.range.clone()], inside));
                }
                (Some(old), Some(now)) => out.push(self.block(&issued[old.range.start], &new[now.range.start], within)),
                (Some(old), None) if old.standing.is_none() && !within.closed => {
                    // It went, and holds what does not go.
                    let block = &issued[old.range.start];
                    out.push(self.block(block, &emptied(block), within));
                }
                (Some(old), None) => out.extend(self.of_issued(&issued[old.range.clone()])),
                (None, Some(now)) => out.extend_from_slice(&new[now.range.clone()]),
                (None, None) => {}
            }
        }
        out
    }

    /// Blocks as units: those of one row together.
    fn units(&self, blocks: &[Block<Reference>], level: usize) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            let (row, standing) = self.row_at(&block.origin, level).unzip();
            match units.last_mut() {
                Some(last) if row.is_some() && last.row == row => {
                    last.range.end = at + 1;
                    last.shows_open |= self.shows_open(block);
                    last.holds_gone |= self.holds(block, Standing::Gone);
                }
                _ => {
                    let key = row.as_ref().map_or_else(|| self.names.name(block), |row| format!("row {row}"));
                    units.push(Unit {
                        key,
                        row,
                        standing,
                        shows_open: self.shows_open(block),
                        holds_gone: self.holds(block, Standing::Gone),
                        range: at..at + 1,
                    });
                }
            }
        }
        units
    }

    /// One block, where both have it.
    fn block(&mut self, issued: &Block<Reference>, new: &Block<Reference>, within: Within) -> Block<Reference> {
        let origin = if within.closed { self.kept_origin(&issued.origin) } else { new.origin.clone() };
        let node = match (&issued.node, &new.node) {
            (Node::Table(old), Node::Table(now)) if old.columns.len() == now.columns.len() => {
                Node::Table(self.table(old, now, within))
            }
            (Node::List(old), Node::List(now)) => {
                let whole = if within.closed { old } else { now };
                let items = self.items(&old.items, &now.items, within, &|item| item);
                Node::List(List { ordered: whole.ordered, start: whole.start, items })
            }
            (Node::DefinitionList { items: old }, Node::DefinitionList { items: now }) => {
                Node::DefinitionList { items: self.definitions(old, now, within) }
            }
            (Node::Callout(old), Node::Callout(now)) => {
                let Callout { kind, title, .. } = if within.closed { old } else { now };
                let body = self.blocks(&old.body, &now.body, within);
                Node::Callout(Callout { kind: *kind, title: title.clone(), body })
            }
            (Node::BlockQuote { body: old }, Node::BlockQuote { body: now }) => {
                Node::BlockQuote { body: self.blocks(old, now, within) }
            }
            (Node::Landscape { body: old }, Node::Landscape { body: now }) => {
                Node::Landscape { body: self.blocks(old, now, within) }
            }
            // A table of another shape cannot take in rows; one whose rows are all closed stays as it was.
            (Node::Table(old), Node::Table(_)) if self.is_of_closed(old) && !self.shows_open(new) => {
                return self.whole(issued);
            }
            _ if within.closed && !self.reads_open_block(new) && !self.reads_open_block(issued) => {
                return self.whole(issued);
            }
            _ => return new.clone(),
        };
        Block { node, origin }
    }

    fn table(&mut self, old: &Table<Reference>, now: &Table<Reference>, within: Within) -> Table<Reference> {
        let units = |keeper: &Self, rows: &[Row<Reference>]| -> Vec<Unit> {
            let unit = |(at, row): (usize, &Row<Reference>)| {
                let (owner, standing) = keeper.innermost(&row.origin, within.level).unzip();
                let key = match (&row.source, &owner) {
                    (Some(source), _) | (None, Some(source)) => format!("row {source}"),
                    (None, None) => keeper.names.name(row),
                };
                Unit {
                    key,
                    row: owner,
                    standing,
                    shows_open: keeper.row_shows_open(row),
                    holds_gone: false,
                    range: at..at + 1,
                }
            };
            rows.iter().enumerate().map(unit).collect()
        };
        let (old_units, new_units) = (units(self, &old.rows), units(self, &now.rows));
        let mut rows = Vec::new();
        for (from, to) in weave(&old_units, &new_units, within.closed) {
            let unit = to.map(|at| &new_units[at]).or(from.map(|at| &old_units[at]));
            let closed = is_closed(unit.and_then(|unit| unit.standing), within.closed);
            match (from.map(|at| &old.rows[at]), to.map(|at| &now.rows[at])) {
                (Some(old), Some(now)) if closed && old.cells.len() == now.cells.len() => rows.push(self.row(old, now)),
                (_, Some(now)) => rows.push(now.clone()),
                (Some(old), None) => rows.push(Row { origin: self.kept_origin(&old.origin), ..old.clone() }),
                (None, None) => {}
            }
        }
        let Table { id, number, caption, columns, header, .. } = if within.closed { old } else { now }.clone();
        Table { id, number, caption, columns, header, rows }
    }

    /// A closed row: its cells as they were issued, but those that read what is open.
    fn row(&mut self, old: &Row<Reference>, now: &Row<Reference>) -> Row<Reference> {
        let cell = |(old, now): (&Line, &Line)| match self.reads_open(old) || self.reads_open(now) {
            true => now.clone(),
            false => old.clone(),
        };
        let cells = old.cells.iter().zip(&now.cells).map(cell).collect();
        Row { band: old.band, source: old.source.clone(), origin: self.kept_origin(&old.origin), cells }
    }

    fn items<T: Clone>(
        &mut self,
        old: &[T],
        now: &[T],
        within: Within,
        blocks: &dyn Fn(&T) -> &Vec<Block<Reference>>,
    ) -> Vec<Vec<Block<Reference>>> {
        let (old_units, new_units) = (self.item_units(old, within, blocks), self.item_units(now, within, blocks));
        let mut items = Vec::new();
        for (from, to) in weave(&old_units, &new_units, within.closed) {
            let item = match (from.map(|at| blocks(&old[at])), to.map(|at| (blocks(&now[at]), &new_units[at]))) {
                (Some(old), Some((now, unit))) => {
                    let level = within.level + usize::from(unit.row.is_some());
                    self.blocks(old, now, Within { level, closed: is_closed(unit.standing, within.closed) })
                }
                (None, Some((now, _))) => now.clone(),
                (Some(old), None) => self.of_issued(old),
                (None, None) => continue,
            };
            items.push(item);
        }
        items
    }

    fn definitions(
        &mut self,
        old: &[Definition<Reference>],
        now: &[Definition<Reference>],
        within: Within,
    ) -> Vec<Definition<Reference>> {
        let (old_units, new_units) = (self.item_units(old, within, &body_of), self.item_units(now, within, &body_of));
        let mut items = Vec::new();
        for (from, to) in weave(&old_units, &new_units, within.closed) {
            let item = match (from.map(|at| &old[at]), to.map(|at| (&now[at], &new_units[at]))) {
                (Some(old), Some((now, unit))) => {
                    let level = within.level + usize::from(unit.row.is_some());
                    let inside = Within { level, closed: is_closed(unit.standing, within.closed) };
                    let term = if inside.closed { &old.term } else { &now.term }.clone();
                    Definition { term, body: self.blocks(&old.body, &now.body, inside) }
                }
                (None, Some((now, _))) => now.clone(),
                (Some(old), None) => Definition { term: old.term.clone(), body: self.of_issued(&old.body) },
                (None, None) => continue,
            };
            items.push(item);
        }
        items
    }

    fn item_units<T>(&self, items: &[T], within: Within, blocks: &dyn Fn(&T) -> &Vec<Block<Reference>>) -> Vec<Unit> {
        let unit = |(at, item): (usize, &T)| {
            let first = blocks(item).first();
            let (row, standing) = first.and_then(|block| self.row_at(&block.origin, within.level)).unzip();
            let name = || first.map(|block| self.names.name(block)).unwrap_or_default();
            let key = row.as_ref().map_or_else(name, |row| format!("row {row}"));
            let shows_open = blocks(item).iter().any(|block| self.shows_open(block));
            let holds_gone = blocks(item).iter().any(|block| self.holds(block, Standing::Gone));
            Unit { key, row, standing, shows_open, holds_gone, range: at..at + 1 }
        };
        items.iter().enumerate().map(unit).collect()
    }

    /// Whether a table shows closed rows, and no open one.
    fn is_of_closed(&self, table: &Table<Reference>) -> bool {
        let standings: Vec<Standing> =
            table.rows.iter().filter_map(|row| self.innermost(&row.origin, 0)).map(|(_, standing)| standing).collect();
        !standings.is_empty() && !standings.contains(&Standing::Open)
    }

    /// A block as it was issued, marked as kept.
    fn whole(&mut self, block: &Block<Reference>) -> Block<Reference> {
        let mut block = block.clone();
        self.mark(std::slice::from_mut(&mut block));
        block
    }

    /// Blocks as they were issued, marked as kept.
    fn of_issued(&mut self, blocks: &[Block<Reference>]) -> Vec<Block<Reference>> {
        let mut blocks = blocks.to_vec();
        self.mark(&mut blocks);
        blocks
    }

    fn mark(&mut self, blocks: &mut [Block<Reference>]) {
        for block in blocks {
            block.origin = self.kept_origin(&block.origin);
            match &mut block.node {
                Node::List(list) => list.items.iter_mut().for_each(|item| self.mark(item)),
                Node::DefinitionList { items } => items.iter_mut().for_each(|item| self.mark(&mut item.body)),
                Node::Table(table) => {
                    table.rows.iter_mut().for_each(|row| row.origin = self.kept_origin(&row.origin));
                }
                Node::Callout(callout) => self.mark(&mut callout.body),
                Node::BlockQuote { body } | Node::Landscape { body } => self.mark(body),
                _ => {}
            }
        }
    }

    /// The origin of what is kept; the row is noted.
    fn kept_origin(&mut self, origin: &Origin) -> Origin {
        let since = origin.kept.clone().unwrap_or_else(|| self.version.into());
        if let Some((row, _)) = self.innermost(origin, 0) {
            self.kept.insert(Kept { row, since: since.clone() });
        }
        Origin { kept: Some(since), name: None, ..origin.clone() }
    }

    /// Whether a block, or one in it, was written for an open row or shows what one says.
    fn shows_open(&self, block: &Block<Reference>) -> bool {
        let reads = |block: &Block<Reference>| self.reads_open_block(block);
        self.holds(block, Standing::Open) || walk(std::slice::from_ref(block)).into_iter().any(reads)
    }

    /// Whether a block, one in it, or a row of a table was written for a row of some standing.
    fn holds(&self, block: &Block<Reference>, standing: Standing) -> bool {
        let is_for = |origin: &Origin| self.innermost(origin, 0).is_some_and(|(_, own)| own == standing);
        let own = |block: &Block<Reference>| {
            let rows = match &block.node {
                Node::Table(table) => table.rows.as_slice(),
                _ => &[],
            };
            is_for(&block.origin) || rows.iter().any(|row| is_for(&row.origin))
        };
        walk(std::slice::from_ref(block)).into_iter().any(own)
    }

    fn row_shows_open(&self, row: &Row<Reference>) -> bool {
        let is_open = self.innermost(&row.origin, 0).is_some_and(|(_, standing)| standing == Standing::Open);
        is_open || row.cells.iter().any(|cell| self.reads_open(cell))
    }

    fn reads_open_block(&self, block: &Block<Reference>) -> bool {
        block.lines().into_iter().any(|line| self.reads_open(line))
    }

    /// Whether a line shows what an open row says.
    fn reads_open(&self, line: &[Inline<Reference>]) -> bool {
        line.iter().any(|part| match part {
            Inline::Text(text) | Inline::Code(text) | Inline::Unrecorded(text) | Inline::Status { text, .. } => {
                text.from.iter().any(|path| self.is_open(path))
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                self.reads_open(content)
            }
            Inline::Reference(_) | Inline::Footnote { .. } | Inline::Field(_) | Inline::LineBreak => false,
        })
    }

    /// Whether the row that a path leads through is open.
    fn is_open(&self, path: &str) -> bool {
        let ends = path.match_indices(']').map(|(at, _)| at + 1);
        let rows: Vec<&str> = ends.map(|end| &path[..end]).collect();
        rows.into_iter().rev().find_map(|row| (self.standing)(row)) == Some(Standing::Open)
    }
}

/// A block of the same kind that holds nothing.
fn emptied(block: &Block<Reference>) -> Block<Reference> {
    let mut block = block.clone();
    match &mut block.node {
        Node::Table(table) => table.rows.clear(),
        Node::List(list) => list.items.clear(),
        Node::DefinitionList { items } => items.clear(),
        Node::Callout(callout) => callout.body.clear(),
        Node::BlockQuote { body } | Node::Landscape { body } => body.clear(),
        _ => {}
    }
    block
}

fn body_of(item: &Definition<Reference>) -> &Vec<Block<Reference>> {
    &item.body
}

/// Whether something is closed: by its own row, else by what it stands in.
fn is_closed(standing: Option<Standing>, around: bool) -> bool {
    standing.map_or(around, |standing| standing != Standing::Open)
}

/// The way through the units of both: those that belong together, and those of one alone that stay. In a closed record the
/// order is that of the issued version, elsewhere that of the new one.
fn weave(issued: &[Unit], new: &[Unit], closed: bool) -> Vec<(Option<usize>, Option<usize>)> {
    let places = |units: &[Unit]| -> BTreeMap<(String, usize), usize> {
        let mut equals: BTreeMap<&str, usize> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (at, unit) in units.iter().enumerate() {
            let nth = equals.entry(&unit.key).or_default();
            places.insert((unit.key.clone(), *nth), at);
            *nth += 1;
        }
        places
    };
    let theirs = places(new);
    let (mut of_issued, mut of_new) = (vec![None; issued.len()], vec![None; new.len()]);
    for (key, at) in places(issued) {
        if let Some(other) = theirs.get(&key) {
            of_issued[at] = Some(*other);
            of_new[*other] = Some(at);
        }
    }
    let stays_of_issued = |at: usize| match issued[at].standing {
        Some(Standing::Gone) => true,
        Some(Standing::Open) => false,
        Some(Standing::Closed) | None => issued[at].holds_gone || (closed && !issued[at].shows_open),
    };
    let stays_of_new = |at: usize| !closed || new[at].shows_open;
    if closed {
        merged(&of_issued, &of_new, &stays_of_issued, &stays_of_new)
    } else {
        let slots = merged(&of_new, &of_issued, &stays_of_new, &stays_of_issued);
        slots.into_iter().map(|(first, second)| (second, first)).collect()
    }
}

/// Two lists in the order of the first: what the second alone has stands after what it followed there.
fn merged(
    first: &[Option<usize>],
    second: &[Option<usize>],
    stays_of_first: &dyn Fn(usize) -> bool,
    stays_of_second: &dyn Fn(usize) -> bool,
) -> Vec<(Option<usize>, Option<usize>)> {
    let mut after: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    let mut last = None;
    for (at, other) in second.iter().enumerate() {
        match other {
            Some(other) => last = Some(*other),
            None if stays_of_second(at) => after.entry(last).or_default().push(at),
            None => {}
        }
    }
    // What led the second leads the first one that both have.
    let leading = after.remove(&None).unwrap_or_default();
    let start = first.iter().position(Option::is_some).unwrap_or(first.len());
    let mut slots = Vec::new();
    for (at, other) in first.iter().enumerate() {
        if at == start {
            slots.extend(leading.iter().map(|at| (None, Some(*at))));
        }
        if other.is_some() || stays_of_first(at) {
            slots.push((Some(at), *other));
        }
        slots.extend(after.remove(&Some(at)).unwrap_or_default().into_iter().map(|at| (None, Some(at))));
    }
    if start == first.len() {
        slots.extend(leading.iter().map(|at| (None, Some(*at))));
    }
    slots
}
