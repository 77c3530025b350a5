//! Two versions of a table as one that shows both: its rows, and its columns where some came or went.

use super::merged::{I, Known, flat, line, painted, row, steps};
use crate::align::Step;
use crate::model::{Column, Mark, Reference, Row, Table};

/// Where a column of both versions stands in the old one, and in the new one.
type Place = (Option<usize>, Option<usize>);

/// Both versions of a table.
pub(super) fn table(old: &Table<Reference>, new: &Table<Reference>) -> Table<Reference> {
    let columns = columns(old, new);
    let known = |rows: &[Row<Reference>]| -> Vec<Known> {
        let text = |row: &Row<Reference>| row.cells.iter().map(|cell| flat(cell)).collect::<Vec<_>>().join(" | ");
        rows.iter().map(|row| (row.source.as_deref().unwrap_or_default().to_owned(), text(row))).collect()
    };
    let alone = |of: &Row<Reference>, side: fn(&Place) -> Option<usize>, mark| {
        let marked = row(of, mark);
        match of.band {
            true => marked,
            false => Row { cells: columns.iter().map(|at| cell(&marked.cells, side(at))).collect(), ..marked },
        }
    };
    let gone = |at: usize| alone(&old.rows[at], |place| place.0, Mark::Removed);
    let come = |at: usize| alone(&new.rows[at], |place| place.1, Mark::Added);
    let mut rows = Vec::new();
    for step in steps(&known(&old.rows), &known(&new.rows)) {
        match step {
            Step::Both(a, b) if old.rows[a].band != new.rows[b].band => rows.extend([gone(a), come(b)]),
            Step::Both(a, b) => {
                let (was, is) = (&old.rows[a], &new.rows[b]);
                let cells = match is.band {
                    true => was.cells.iter().zip(&is.cells).map(|(was, is)| line(was, is)).collect(),
                    false => columns.iter().map(|place| both(&was.cells, &is.cells, place)).collect(),
                };
                rows.push(Row { cells, ..is.clone() });
            }
            Step::Old(a) => rows.push(gone(a)),
            Step::New(b) => rows.push(come(b)),
        }
    }
    let caption = match (&old.caption, &new.caption) {
        (Some(was), Some(is)) => Some(line(was, is)),
        (_, is) => is.clone(),
    };
    let header = columns.iter().map(|place| both(&old.header, &new.header, place)).collect();
    Table { header, caption, rows, columns: widths(old, new, &columns), ..new.clone() }
}

/// The columns of both: the same as before where there are as many, else by their headings.
fn columns(old: &Table<Reference>, new: &Table<Reference>) -> Vec<Place> {
    if old.columns.len() == new.columns.len() {
        return (0..new.columns.len()).map(|at| (Some(at), Some(at))).collect();
    }
    let known = |header: &[Vec<I>]| -> Vec<Known> { header.iter().map(|cell| (flat(cell), flat(cell))).collect() };
    let place = |step| match step {
        Step::Both(a, b) => (Some(a), Some(b)),
        Step::Old(a) => (Some(a), None),
        Step::New(b) => (None, Some(b)),
    };
    steps(&known(&old.header), &known(&new.header)).into_iter().map(place).collect()
}

/// The columns as wide as they were, together as wide as a table.
fn widths(old: &Table<Reference>, new: &Table<Reference>, columns: &[Place]) -> Vec<Column> {
    if columns.len() == new.columns.len() {
        return new.columns.clone();
    }
    let of = |place: &Place| match *place {
        (_, Some(at)) => new.columns.get(at).cloned(),
        (Some(at), None) => old.columns.get(at).cloned(),
        (None, None) => None,
    };
    let mut found: Vec<Column> = columns.iter().filter_map(of).collect();
    let sum: f64 = found.iter().map(|column| column.width).sum();
    found.iter_mut().for_each(|column| column.width *= 100.0 / sum.max(1.0));
    found
}

fn cell(cells: &[Vec<I>], at: Option<usize>) -> Vec<I> {
    at.and_then(|at| cells.get(at)).cloned().unwrap_or_default()
}

/// A cell of both versions, or of the one that has its column.
fn both(old: &[Vec<I>], new: &[Vec<I>], place: &Place) -> Vec<I> {
    match *place {
        (Some(a), Some(b)) => line(&cell(old, Some(a)), &cell(new, Some(b))),
        (Some(a), None) => painted(&cell(old, Some(a)), Mark::Removed),
        (None, at) => painted(&cell(new, at), Mark::Added),
    }
}
