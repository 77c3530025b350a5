//! The table in a grid of cells: the row of its headings, which column holds what, and its rows.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use super::columns::{self, Matched};
use super::meant::Meant;
use super::source::Source;
use super::{Cell, Filling, Grid, MAX_CELLS, Merge, Row, Value};
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::source::column_letters;
use crate::diagnostic::{Diagnostic, Sink, Span, nearest};
use crate::schema::View;
use crate::yaml::Located;

/// How many of the first rows are looked through for headings that nobody told the place of.
const FIRST_ROWS: usize = 30;

/// How many texts a message shows of a column without a heading, and headings of a row.
const FEW: usize = 3;
const SOME: usize = 8;

/// The rows of a table, and the property that each column of the file holds.
pub(super) struct Table {
    pub(super) columns: BTreeMap<usize, String>,
    pub(super) rows: Vec<Row>,
}

/// What a table is read for.
pub(super) struct For<'a> {
    /// The file, as the user knows it.
    pub(super) name: &'a str,
    pub(super) source: &'a Source<'a>,
    /// What the profile says of columns.
    pub(super) said: Option<&'a Located>,
    pub(super) items: &'a View,
    /// The property that rows are called by.
    pub(super) key: Option<&'a str>,
}

/// The headings of a grid, and in which of its rows they stand.
struct Headings {
    at: usize,
    /// The first row of the body, as the file counts.
    body: u32,
    cells: Vec<Head>,
}

struct Head {
    column: usize,
    text: String,
    cell: Option<(Span, Option<EcoString>)>,
}

impl Headings {
    fn texts(&self) -> Vec<String> {
        self.cells.iter().map(|head| head.text.clone()).collect()
    }

    fn shown(&self, at: usize) -> &str {
        self.cells.get(at).map_or("", |head| head.text.trim())
    }

    /// A diagnostic at a heading.
    fn at(&self, at: usize, problem: Diagnostic) -> Diagnostic {
        match self.cells.get(at).and_then(|head| head.cell.as_ref()) {
            Some((span, excerpt)) => {
                Diagnostic { excerpt: excerpt.as_ref().map(EcoString::to_string), ..problem.at(span.clone()) }
            }
            None => problem,
        }
    }
}

/// Finds the table; what is wrong with its headings is reported. `None` when there is not even a heading.
pub(super) fn read(grid: Grid, of: &For<'_>, filling: &mut Filling, sink: &mut Sink) -> Option<Table> {
    let at = header(&grid, of, sink)?;
    let headings = headings(&grid, at);
    let texts = headings.texts();
    let matched = columns::matched(&texts, &of.source.columns, of.source.leaves_rest, of.items);
    let held =
        |at: &usize| matched.held.get(at).map(|property| (headings.cells.get(*at).map(|head| head.column), property));
    let columns: BTreeMap<usize, String> = (0..headings.cells.len())
        .filter_map(|at| held(&at).and_then(|(column, property)| Some((column?, property.clone()))))
        .collect();
    let count = |at: usize| grid.rows.get(at).map_or(0, |row| row.cells.len());
    let first_rows = 0..grid.rows.len().min(FIRST_ROWS);
    let fullest = first_rows.reduce(|best, other| if count(other) > count(best) { other } else { best });
    let fuller = fullest.filter(|best| of.source.header.is_none() && count(*best) > count(at) + 1);
    let fuller = fuller.and_then(|best| grid.rows.get(best)).map(|row| row.number);
    let width = grid.rows.get(at).and_then(|row| row.fields).map(|(fields, _)| fields);
    let Grid { rows, merges, sheets } = grid;
    let mut body: Vec<Row> = rows.into_iter().skip_while(|row| row.number < headings.body).collect();
    if let Some(width) = width {
        body.retain(|row| has_width(row, width, sink));
    }
    unknown(&headings, &matched, &body, of, sink);
    unclear(&headings, &matched, of, sink);
    missing(&headings, &matched, (&sheets, fuller), of, filling, sink);
    let merges = filled_down(merges, &headings, &columns, of, &mut body);
    merged(&merges, &headings, &columns, &body, filling, sink);
    Some(Table { columns, rows: body })
}

/// The row of the headings, among those of the grid: the one that the profile says, else the first. Where another fits
/// better, that is said, and it is gone on with.
fn header(grid: &Grid, of: &For<'_>, sink: &mut Sink) -> Option<usize> {
    let named = |at: usize| columns::named(&headings(grid, at).texts(), &of.source.columns, of.items);
    let start = match &of.source.header {
        Some((number, span)) => {
            let Some(at) = grid.rows.iter().position(|row| row.number == *number) else {
                let message = format!("`header: {number}`, and row {number} of `{}` is empty", of.name);
                let problem = Diagnostic::fault(&codes::REGISTER_COLUMN, message).at((*span).clone());
                let fit = (0..grid.rows.len().min(FIRST_ROWS)).find(|at| named(*at).len() > 1);
                sink.push(match fit.and_then(|at| grid.rows.get(at)) {
                    Some(row) => problem.help(format!("the headings stand in row {}: `header: {0}`", row.number)),
                    None => problem.help("count the rows of the file from 1"),
                });
                return None;
            };
            at
        }
        None => 0,
    };
    let first = grid.rows.get(start)?;
    // Headings of two rows, in merged cells: what stands in the last of them counts.
    let merges = grid.merges.iter().filter(|merge| merge.rows.0 == first.number && merge.rows.1 > first.number);
    let last = merges.filter(|merge| merge.columns.0 == merge.columns.1).map(|merge| merge.rows.1).max();
    let below = last.and_then(|last| grid.rows.iter().position(|row| row.number == last));
    let own = named(start);
    if let Some(below) = below.filter(|below| named(*below).len() >= own.len().max(1)) {
        suggest(grid, below, &named(below), of, "the headings fill several rows", sink);
        return Some(below);
    }
    let lacks_key = of.key.is_some_and(|key| !own.contains(key)) && of.source.key.is_none();
    if own.is_empty() || lacks_key {
        let rows = (start + 1)..grid.rows.len().min(FIRST_ROWS);
        let is_clear = |named: &BTreeSet<String>| {
            named.len() > own.len() && (named.len() > 1 || of.key.is_some_and(|key| named.contains(key)))
        };
        let fitting = rows.map(|at| (at, named(at))).filter(|(_, named)| is_clear(named));
        let best = fitting.reduce(|best, other| if other.1.len() > best.1.len() { other } else { best });
        if let Some((at, named)) = best {
            let message = format!("row {} holds no headings", first.number);
            suggest(grid, at, &named, of, &message, sink);
            return Some(at);
        }
    }
    Some(start)
}

/// Says in which row the headings stand.
fn suggest(grid: &Grid, at: usize, named: &BTreeSet<String>, of: &For<'_>, why: &str, sink: &mut Sink) {
    let Some(row) = grid.rows.get(at) else { return };
    let shown: Vec<String> = named.iter().take(SOME).map(|name| format!("`{name}`")).collect();
    let message = format!("{why}; row {} of `{}` holds {}", row.number, of.name, shown.join(", "));
    let problem =
        Diagnostic::fault(&codes::REGISTER_COLUMN, message).at(row.cells.first().map(|(_, cell)| cell.span.clone()));
    let excerpt = row.cells.first().and_then(|(_, cell)| cell.excerpt.as_ref()).map(EcoString::to_string);
    sink.push(
        Diagnostic { excerpt, ..problem }
            .help(format!("say so in the profile, behind `from`: `header: {}`", row.number)),
    );
}

/// The headings of a row: its own cells, and the merged ones that reach down to it.
fn headings(grid: &Grid, at: usize) -> Headings {
    let Some(row) = grid.rows.get(at) else { return Headings { at, body: 0, cells: Vec::new() } };
    let mut cells: BTreeMap<usize, Head> = BTreeMap::new();
    for (column, cell) in &row.cells {
        let head = Head { column: *column, text: text(cell), cell: Some((cell.span.clone(), cell.excerpt.clone())) };
        cells.insert(*column, head);
    }
    for merge in &grid.merges {
        let is_above = merge.rows.0 < row.number && merge.rows.1 >= row.number;
        if !is_above || cells.contains_key(&merge.columns.0) {
            continue;
        }
        let top = grid.rows.iter().find(|row| row.number == merge.rows.0);
        let cell = top.and_then(|top| top.cells.iter().find(|(column, _)| *column == merge.columns.0));
        if let Some((column, cell)) = cell {
            let head =
                Head { column: *column, text: text(cell), cell: Some((cell.span.clone(), cell.excerpt.clone())) };
            cells.insert(*column, head);
        }
    }
    // Columns without a heading, up to the last with something in it below.
    let below = grid.rows.iter().skip(at + 1).flat_map(|row| row.cells.iter().map(|(column, _)| *column));
    for column in below.collect::<BTreeSet<_>>() {
        cells.entry(column).or_insert_with(|| Head { column, text: String::new(), cell: None });
    }
    Headings { at, body: row.number + 1, cells: cells.into_values().collect() }
}

/// The text of a cell, as far as one of it can be a heading.
fn text(cell: &Cell) -> String {
    match &cell.value {
        Value::Text(text) => text.clone(),
        value => value.shown(),
    }
}

/// Says which columns hold nothing that is known, all of a file at once.
fn unknown(headings: &Headings, matched: &Matched, body: &[Row], of: &For<'_>, sink: &mut Sink) {
    let bare = bare(headings, matched, body, of);
    if matched.unknown.is_empty() && bare.is_empty() {
        return;
    }
    let names: Vec<String> = matched.unknown.iter().map(|at| format!("`{}`", headings.shown(*at))).collect();
    let known = match names.as_slice() {
        [] => None,
        [one] => Some(format!("the column {one} is not one of this register")),
        several => Some(format!("the columns {} are not of this register", several.join(", "))),
    };
    let message = known.into_iter().chain(bare.iter().cloned()).collect::<Vec<_>>().join("; ");
    let free: Vec<&str> = of.items.keys().filter(|key| !matched.held.values().any(|held| held == key)).collect();
    let mut problem = Diagnostic::fault(&codes::REGISTER_COLUMN, message);
    problem = match matched.unknown.first() {
        Some(at) => headings.at(*at, problem),
        None => problem.at(body.first().map(|row| row.span.clone())),
    };
    for at in &matched.unknown {
        let heading = headings.shown(*at);
        if let Some(near) = nearest(&heading.replace(' ', "_").to_lowercase(), free.iter().copied()) {
            problem = problem.help(format!("did you mean `{near}`? `columns: {{{}: {near}}}`", quoted(heading)));
        }
    }
    let mut gone: Vec<String> =
        matched.unknown.iter().map(|at| format!("{}: ~", quoted(headings.shown(*at)))).collect();
    if !bare.is_empty() {
        gone.push("\"\": ~".to_owned());
    }
    let them = if gone.len() == 1 { "it" } else { "them" };
    let with = if of.said.is_some() { ", with what stands there" } else { "" };
    problem = problem.help(format!("leave {them} out, in the profile{with}: `columns: {{{}}}`", gone.join(", ")));
    if matched.unknown.is_empty() {
        problem = problem.help("or write a heading above");
    } else if !free.is_empty() {
        let free = free.join(", ");
        problem = problem.help(format!("or say what a column holds: `columns: {{HEADING: KEY}}`; open keys: {free}"));
    }
    sink.push(problem);
}

/// What is to be said of columns with something in them and no heading.
fn bare(headings: &Headings, matched: &Matched, body: &[Row], of: &For<'_>) -> Vec<String> {
    let is_left = of.source.leaves_rest || of.source.columns.iter().any(|mapped| mapped.heading.trim().is_empty());
    if is_left {
        return Vec::new();
    }
    let is_bare = |(at, head): &(usize, &Head)| head.text.trim().is_empty() && !matched.left_out.contains(at);
    let bare = headings.cells.iter().enumerate().filter(is_bare);
    bare.filter_map(|(_, head)| {
        let cells = || body.iter().filter_map(|row| row.cells.iter().find(|(column, _)| *column == head.column));
        let shown: Vec<String> = cells().take(FEW).map(|(_, cell)| format!("`{}`", short(&text(cell)))).collect();
        if shown.is_empty() {
            return None;
        }
        let more = if cells().count() > FEW { ", …" } else { "" };
        let letters = column_letters(head.column as u32 + 1);
        Some(format!("column {letters} has no heading, and holds {}{more}", shown.join(", ")))
    })
    .collect()
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    if short.len() < text.len() { short + "…" } else { short }
}

/// A heading as a key in the profile.
fn quoted(heading: &str) -> String {
    let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
    match crate::edit::yaml::flow(&serde_json::Value::from(heading.as_str())) {
        flow if flow.starts_with('"')
            && heading.chars().all(|c| c.is_alphanumeric() || c == ' ')
            && !heading.is_empty() =>
        {
            // Words with blanks between them need no quotes.
            if heading.starts_with(|c: char| c.is_alphabetic()) && heading.contains(' ') { heading } else { flow }
        }
        flow => flow,
    }
}

/// Says where the profile names what there is not, and where it is not clear what a column holds.
fn unclear(headings: &Headings, matched: &Matched, of: &For<'_>, sink: &mut Sink) {
    let texts = headings.texts();
    let heads: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    for mapped in matched.unused.iter().filter_map(|at| of.source.columns.get(*at)) {
        let message = format!("`columns` names `{}`, and `{}` has no such heading", mapped.heading, of.name);
        let mut problem = Diagnostic::fault(&codes::REGISTER_COLUMN, message).at(mapped.span.clone());
        let turned = mapped.called.as_deref().filter(|called| {
            columns::meant(&mapped.heading, of.items).is_some()
                && heads.iter().any(|head| head.eq_ignore_ascii_case(called.trim()))
        });
        problem = match (turned, nearest(&mapped.heading, heads.iter().copied())) {
            (Some(heading), _) => {
                problem.help(format!("write the file's heading first: `{}: {}`", quoted(heading), mapped.heading))
            }
            (None, Some(near)) => problem.help(format!("did you mean `{near}`?")),
            (None, None) => problem.help(format!("there are: {}", heads.join(", "))),
        };
        sink.push(problem);
    }
    for mapped in matched.strangers.iter().filter_map(|at| of.source.columns.get(*at)) {
        let called = mapped.called.as_deref().unwrap_or_default();
        let message = format!("`columns` calls `{}` by `{called}`, which is no key of this register", mapped.heading);
        let problem = Diagnostic::fault(&codes::REGISTER_COLUMN, message).at(mapped.span.clone());
        sink.push(match nearest(&called.replace(' ', "_").to_lowercase(), of.items.keys()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!("keys: {}", of.items.keys().collect::<Vec<_>>().join(", "))),
        });
    }
    for (property, columns) in &matched.clashes {
        let names: Vec<String> = columns.iter().map(|at| format!("`{}`", headings.shown(*at))).collect();
        let alike = names.windows(2).all(|pair| pair[0] == pair[1]);
        let message = match (alike, names.last()) {
            (true, Some(name)) => format!("the column {name} stands here a second time"),
            _ => format!("several columns fit `{property}`: {}", names.join(", ")),
        };
        let last = columns.last().copied().unwrap_or_default();
        let problem = headings.at(last, Diagnostic::fault(&codes::REGISTER_COLUMN, message));
        let others: Vec<String> =
            columns.iter().skip(1).map(|at| format!("{}: ~", quoted(headings.shown(*at)))).collect();
        sink.push(match alike {
            true => problem.help("give one of them another heading, or delete it"),
            false => {
                let first = columns.first().map(|at| quoted(headings.shown(*at))).unwrap_or_default();
                problem.help(format!("say which it is: `columns: {{{first}: {property}, {}}}`", others.join(", ")))
            }
        });
    }
    for (at, properties) in &matched.torn {
        let heading = headings.shown(*at);
        let names: Vec<String> = properties.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("the column `{heading}` may be {}", names.join(" or "));
        let problem = headings.at(*at, Diagnostic::fault(&codes::REGISTER_COLUMN, message));
        let first = properties.first().map(String::as_str).unwrap_or_default();
        sink.push(problem.help(format!("say which it is: `columns: {{{}: {first}}}`", quoted(heading))));
    }
}

/// Says which columns are missing that must be there.
fn missing(
    headings: &Headings,
    matched: &Matched,
    (sheets, fuller): (&[String], Option<u32>),
    of: &For<'_>,
    filling: &mut Filling,
    sink: &mut Sink,
) {
    let is_open = |name: &&str| !matched.torn.iter().any(|(_, names)| names.iter().any(|torn| torn == name));
    let lacking = of.items.required().filter(|name| !matched.held.values().any(|held| held == name));
    let lacking: Vec<&str> = lacking.filter(|name| !Meant::gives(of.source, of.items, name, of.key)).collect();
    for name in &lacking {
        filling.absent.insert((of.name.into(), None, (*name).to_owned()));
    }
    let lacking: Vec<&str> = lacking.into_iter().filter(is_open).collect();
    let names: Vec<String> = lacking.iter().map(|name| format!("`{name}`")).collect();
    let message = match names.as_slice() {
        [] => return,
        [one] => format!("the column {one} is missing"),
        several => format!("the columns {} are missing", several.join(", ")),
    };
    let place = headings.cells.iter().find_map(|head| head.cell.as_ref()).map(|(span, _)| span.line);
    let span = match place {
        Some(line) => Span { line, ..Span::file(of.name) },
        None => Span { line: headings.at as u32 + 1, ..Span::file(of.name) },
    };
    let mut problem = Diagnostic::fault(&codes::REGISTER_COLUMN, message).at(span);
    for property in of.items.properties().iter().filter(|property| lacking.contains(&property.name.as_str())) {
        let title = property.view.title.as_deref().unwrap_or_default();
        if !title.is_empty() && crate::characters::folded(title) != crate::characters::folded(&property.name) {
            problem = problem.help(format!("{}: {title}", property.name));
        }
    }
    if let Some(heading) = matched.unknown.first().map(|at| quoted(headings.shown(*at))) {
        let first = lacking.first().copied().unwrap_or_default();
        problem = problem.help(format!("if another column holds it, say so: `columns: {{{heading}: {first}}}`"));
    }
    if let Some(row) = fuller {
        problem = problem.help(format!("if the headings stand below, say where: `header: {row}`"));
    }
    if !sheets.is_empty() {
        problem = problem.help(format!("the first sheet is read; name another by `sheet:`: {}", sheets.join(", ")));
    }
    sink.push(problem);
}

/// Fills down what is merged over rows of one column that has no keys; gives the other merged cells.
fn filled_down(
    merges: Vec<Merge>,
    headings: &Headings,
    columns: &BTreeMap<usize, String>,
    of: &For<'_>,
    body: &mut [Row],
) -> Vec<Merge> {
    let mut left = MAX_CELLS;
    let template = of.source.key.as_deref().unwrap_or_default();
    let is_key = |property: &String| of.key == Some(property.as_str()) || template.contains(&format!("{{{property}}}"));
    let (down, others): (Vec<Merge>, Vec<Merge>) = merges.into_iter().partition(|merge| {
        let is_column = merge.columns.0 == merge.columns.1 && merge.rows.0 >= headings.body;
        is_column && columns.get(&merge.columns.0).is_some_and(|property| !is_key(property))
    });
    for merge in down {
        let column = merge.columns.0;
        let start = body.partition_point(|row| row.number < merge.rows.0);
        let mut rows = body.iter_mut().skip(start).take_while(|row| row.number <= merge.rows.1);
        let first = rows.next().filter(|row| row.number == merge.rows.0);
        let Some((_, cell)) = first.and_then(|row| row.cells.iter().find(|(at, _)| *at == column)).cloned() else {
            continue;
        };
        for row in rows {
            left = left.saturating_sub(1);
            if left == 0 {
                break;
            }
            let at = row.cells.partition_point(|(at, _)| *at < column);
            match row.cells.get_mut(at).filter(|(at, _)| *at == column) {
                Some((_, empty)) => *empty = cell.clone(),
                None => row.cells.insert(at, (column, cell.clone())),
            }
        }
    }
    others
}

/// Says which cells of the table are merged: all of them but the first have no value.
fn merged(
    merges: &[Merge],
    headings: &Headings,
    columns: &BTreeMap<usize, String>,
    body: &[Row],
    filling: &mut Filling,
    sink: &mut Sink,
) {
    for merge in merges.iter().filter(|merge| merge.rows.1 >= headings.body) {
        let held: Vec<(&usize, &String)> = columns.range(merge.columns.0..=merge.columns.1).collect();
        let within = |row: &&Row| (merge.rows.0..=merge.rows.1).contains(&row.number);
        let rows: Vec<&Row> = body.iter().filter(within).collect();
        // What is merged below a table, or beside it, is none of it.
        if held.is_empty() || rows.is_empty() {
            continue;
        }
        for row in rows {
            for (column, property) in &held {
                if row.number > merge.rows.0 || **column > merge.columns.0 {
                    filling.lacks(row, property);
                }
            }
        }
        let message = format!("cells are merged from here to {}", merge.corner);
        let problem = Diagnostic::fault(&codes::MERGED_CELLS, message).at(merge.span.clone());
        sink.push(problem.help("unmerge them and write the value into each row"));
    }
}

/// Whether a row of a text has as many cells as the headings; one that has not is reported.
fn has_width(row: &Row, width: usize, sink: &mut Sink) -> bool {
    let Some((fields, last)) = row.fields else { return true };
    // Empty cells at the end are none.
    if last <= width && fields >= width {
        return true;
    }
    let excerpt = row.cells.first().and_then(|(_, cell)| cell.excerpt.as_ref());
    let length = excerpt.map_or(1, |line| line.chars().count() as u32);
    let message = format!("this row has {fields} cells, the heading has {width}");
    let problem = Diagnostic::fault(&codes::REGISTER_ROW, message).at(Span { length, ..row.span.clone() });
    sink.push_with(problem, |problem| {
        let problem = Diagnostic { excerpt: excerpt.map(EcoString::to_string), ..problem };
        problem.help(match fields < width {
            true => {
                "a row needs as many cells as the heading, empty ones too: put the missing separators at their places"
            }
            false => "put texts that hold a comma into quotes: \"a, b\"",
        })
    });
    false
}
