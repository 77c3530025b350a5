//! What stands where in a foreign sheet: the row of headings, the rows of the table, and notes below it.

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::words::{Folded, Likeness};
use crate::workspace::profile::{Sheet, Shown};

/// In how many rows the headings are looked for.
pub(super) const LOOKED_AT: usize = 30;

/// From which score on a row is one of headings.
const ENOUGH: f64 = 0.9;

/// How far the next best row, or register, has to stay behind for the best to be certain.
const AHEAD: f64 = 0.75;

/// How much the name of a sheet or file weighs that is that of a register.
const NAME: f64 = 2.0;

/// A heading of a sheet.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    /// Its column, from 0.
    pub(super) column: u32,
    /// As it stands in the file, without the spaces around it.
    pub(super) text: String,
    /// What a source in the profile calls it: with a number, where another stands before it that is called the same.
    pub(super) called: String,
    /// What stands over it in the row above, where that row groups columns.
    pub(super) over: Option<String>,
}

/// A candidate with what speaks for it.
pub(super) type Scored<T> = Vec<(T, f64)>;

/// The rows that may hold the headings, the best first.
pub(super) fn heading_rows(sheet: &Sheet, known: &Known<'_>, only: Option<usize>) -> Scored<u32> {
    let mut found: Scored<u32> = Vec::new();
    let last = sheet.rows.keys().next_back();
    for (row, cells) in sheet.rows.iter().take(LOOKED_AT).filter(|(row, _)| Some(*row) != last) {
        let best = match only {
            // Where it is known which register it is, a word that others have too says no less.
            Some(only) => held(cells, known, only),
            None => scores(cells, known).into_iter().fold(0.0, f64::max),
        };
        if best >= ENOUGH {
            found.push((*row, best));
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found
}

/// The first row that has as many cells as any of the first: headings, where no word of them is known.
pub(super) fn fullest_row(sheet: &Sheet) -> Option<u32> {
    let last = sheet.rows.keys().next_back();
    let rows = || sheet.rows.iter().take(LOOKED_AT).filter(|(row, _)| Some(*row) != last);
    let most = rows().map(|(_, cells)| cells.len()).max()?;
    rows().find(|(_, cells)| cells.len() * 10 >= most * 8).map(|(row, _)| *row)
}

/// Whether the best of several is well ahead of the next.
pub(super) fn is_ahead<T>(scored: &Scored<T>) -> bool {
    match scored.as_slice() {
        [] => false,
        [_] => true,
        [best, next, ..] => next.1 <= best.1 * AHEAD,
    }
}

/// What of each register the cells of a row call by name. A word that many registers have says less of each.
fn scores(cells: &BTreeMap<u32, Shown>, known: &Known<'_>) -> Vec<f64> {
    let mut found: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); known.registers.len()];
    for cell in cells.values().filter(|cell| cell.text.len() <= 120) {
        let folded = Folded::of(&cell.text);
        let places: BTreeSet<(usize, usize)> = known.called(&folded).collect();
        let registers: BTreeSet<usize> = places.iter().map(|(register, _)| *register).collect();
        let weight = 1.0 / (registers.len().max(1) as f64).sqrt();
        for (register, column) in places {
            let of = &mut found[register];
            let known = of.entry(column).or_insert(0.0);
            *known = known.max(weight);
        }
    }
    found.iter().map(|columns| columns.values().sum()).collect()
}

/// How many columns of a register the cells of a row call by name.
fn held(cells: &BTreeMap<u32, Shown>, known: &Known<'_>, register: usize) -> f64 {
    let short = cells.values().filter(|cell| cell.text.len() <= 120);
    let places = short.flat_map(|cell| known.called(&Folded::of(&cell.text)).collect::<Vec<_>>());
    places.filter(|(at, _)| *at == register).map(|(_, column)| column).collect::<BTreeSet<_>>().len() as f64
}

/// The registers that a sheet with these headings may fill, the best first.
pub(super) fn registers(cells: &BTreeMap<u32, Shown>, known: &Known<'_>, names: &[&str]) -> Scored<usize> {
    let names: Vec<Folded> = names.iter().map(|name| Folded::of(name)).collect();
    let mut found: Scored<usize> = Vec::new();
    for (at, score) in scores(cells, known).into_iter().enumerate().filter(|(_, score)| *score > 0.0) {
        let register = &known.registers[at];
        let alike = names.iter().flat_map(|name| register.names.iter().filter_map(|own| name.likeness(own))).max();
        let named = match alike {
            Some(Likeness::Same | Likeness::Words) => NAME,
            Some(Likeness::Some(_) | Likeness::Short(_)) => NAME / 2.0,
            None => 0.0,
        };
        found.push((at, score + named));
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found
}

/// Whether a register has half of the headings, or the sheet is called by its name: else it is one of another kind.
pub(super) fn is_alike(cells: &BTreeMap<u32, Shown>, known: &Known<'_>, register: usize, names: &[&str]) -> bool {
    let is_known = |cell: &&Shown| known.called(&Folded::of(&cell.text)).any(|(own, _)| own == register);
    let held = cells.values().filter(is_known).count();
    held * 2 >= cells.len() && (held > 2 || cells.len() < 4) || held > 2 && is_named(known, register, names)
}

/// The one register whose very name, or a synonym of it, a sheet or file has: the first of the names that has any.
pub(super) fn called(known: &Known<'_>, names: &[&str]) -> Option<usize> {
    names.iter().map(|name| Folded::of(name)).find_map(|name| {
        let is_it = |at: &usize| known.registers[*at].names.iter().any(|own| name.is_name(own));
        let mut found = (0..known.registers.len()).filter(is_it);
        let first = found.next();
        first.filter(|_| found.next().is_none())
    })
}

/// Whether headings say clearly that a sheet is another register than the one it is called like.
pub(super) fn is_other(scored: &Scored<usize>, called: usize) -> bool {
    let own = scored.iter().find(|(at, _)| *at == called).map_or(0.0, |(_, score)| *score);
    scored.first().is_some_and(|(at, best)| *at != called && *best > own.max(NAME) / AHEAD)
}

/// Whether a sheet or file is called as a register is.
pub(super) fn is_named(known: &Known<'_>, register: usize, names: &[&str]) -> bool {
    let own = known.registers.get(register).map_or(&[][..], |register| &register.names);
    names.iter().map(|name| Folded::of(name)).any(|name| own.iter().any(|own| name.likeness(own).is_some()))
}

/// The headings in a row.
pub(super) fn headings(sheet: &Sheet, row: u32) -> Vec<Heading> {
    let Some(cells) = sheet.rows.get(&row) else { return Vec::new() };
    let above = row.checked_sub(1).and_then(|above| sheet.rows.get(&above));
    // One cell above is the title of the sheet.
    let above = above.filter(|above| above.len() > 1 && above.len() < cells.len());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (column, cell) in cells {
        let text = cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            continue;
        }
        let count = seen.entry(text.clone()).or_insert(0);
        *count += 1;
        let called = if *count > 1 { format!("{text} ({count})") } else { text.clone() };
        let over = above.and_then(|above| above.range(..=column).next_back());
        let over = over
            .map(|(_, cell)| cell.text.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|over| *over != text);
        found.push(Heading { column: *column, text, called, over });
    }
    found
}

/// The rows below the headings that belong to the table, and those that are notes or totals: what lacks most of what all
/// other rows have.
pub(super) struct Body {
    pub(super) rows: Vec<u32>,
    pub(super) notes: Vec<u32>,
}

/// What stands below the headings. `columns` are those that are taken.
pub(super) fn body(sheet: &Sheet, header: u32, columns: &[u32]) -> Body {
    let below: Vec<(u32, usize)> = sheet
        .rows
        .range(header + 1..)
        .map(|(row, cells)| (*row, columns.iter().filter(|column| cells.contains_key(column)).count()))
        .collect();
    let mut counts: Vec<usize> = below.iter().map(|(_, count)| *count).collect();
    counts.sort_unstable();
    let usual = counts.get(counts.len() / 2).copied().unwrap_or_default();
    // In a table of one or two columns, every row with one cell may be a row.
    let least = if usual < 3 { 1 } else { 2 };
    let (rows, notes): (Vec<_>, Vec<_>) = below.into_iter().partition(|(_, count)| *count >= least);
    Body {
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        notes: notes.into_iter().map(|(row, _)| row).collect(),
    }
}
