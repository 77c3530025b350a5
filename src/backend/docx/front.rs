//! The first page: organisation, title, control table, history.

use super::body::Flow;
use super::context::Context;
use super::paragraph::{Look, Paragraph};
use super::styles::Id;
use super::table::{self, Cell, Kind};
use super::table_styles;
use crate::model::Party;
use crate::theme::metrics;

/// Adds everything above the contents.
pub(super) fn add(context: &mut Context<'_>, flow: &mut Flow) {
    let control = &context.document.control;
    for (style, text) in [
        (Id::Organisation, control.organisation.clone()),
        (Id::Title, control.title.clone()),
        (Id::Subtitle, format!("{} \u{b7} {} \u{b7} {}", control.kind, control.number, control.classification.label)),
    ] {
        let content = context.words(&text, Look::default());
        flow.paragraph(Paragraph::new(Some(style), content));
    }
    control_table(context, flow);
    history(context, flow);
}

/// Who holds a role, as the control table says it.
fn party(party: &Party) -> String {
    match &party.name {
        Some(name) => format!("{name}, {}", party.role),
        None => party.role.clone(),
    }
}

/// Two pairs of label and value a row; a pair that is left over takes the row.
fn control_table(context: &mut Context<'_>, flow: &mut Flow) {
    let (control, strings) = (&context.document.control, context.strings);
    let answers = match control.satisfies.is_empty() {
        true => control.standard.clone(),
        false => format!("{}: {}", control.standard, control.satisfies.join(", ")),
    };
    let mut pairs = vec![
        (&strings.owner, party(&control.owner)),
        (&strings.author, party(&control.author)),
        (&strings.approver, party(&control.approver)),
        (&strings.version, control.version.clone()),
        (&strings.date, control.date.clone()),
    ];
    pairs.extend(control.next_review.iter().map(|date| (&strings.next_review, date.clone())));
    pairs.push((&strings.answers, answers));

    let width = context.text_width(false);
    let grid = table::grid(&metrics::CONTROL_WIDTHS, width);
    let rows = pairs
        .chunks(2)
        .map(|pair| {
            let mut cells = Vec::with_capacity(4);
            for (at, (label, value)) in pair.iter().enumerate() {
                let alone = pair.len() == 1;
                let columns = &grid[at * 2..];
                let label = Paragraph::new(Some(Id::TableLabel), context.words(label, Look::default()));
                cells.push(table::cell(columns[0], label));
                let value = Paragraph::new(Some(Id::TableText), context.words(value, Look::default()));
                let (span, width) = if alone { (3, columns[1..].iter().sum()) } else { (1, columns[1]) };
                cells.push(Cell { span, ..table::cell(width, value) });
            }
            table::row(cells, Kind::Whole)
        })
        .collect();
    let properties =
        table::properties(table_styles::CONTROL, width, crate::length::Length::ZERO, "0680", &control.title);
    flow.table(table::assemble(properties, &grid, rows));
}

fn history(context: &mut Context<'_>, flow: &mut Flow) {
    let (control, strings) = (&context.document.control, context.strings);
    if control.history.is_empty() {
        return;
    }
    let label = context.words(&strings.history, Look::default());
    flow.paragraph(Paragraph::new(Some(Id::Label), label));
    let width = context.text_width(false);
    let grid = table::grid(&metrics::HISTORY_WIDTHS, width);
    let mut line = |texts: [&String; 4], style: Id, kind: Kind| {
        let cells = grid.iter().zip(texts).map(|(width, text)| {
            table::cell(*width, Paragraph::new(Some(style), context.words(text, Look::default())))
        });
        table::row(cells.collect(), kind)
    };
    let labels = [&strings.version, &strings.date, &strings.author, &strings.change];
    let mut rows = vec![line(labels, Id::TableHeading, Kind::Header)];
    for revision in &control.history {
        let texts = [&revision.version, &revision.date, &revision.author, &revision.change];
        rows.push(line(texts, Id::TableText, Kind::Whole));
    }
    let properties =
        table::properties(table_styles::DOCUMENT, width, crate::length::Length::ZERO, "0620", &strings.history);
    flow.table(table::assemble(properties, &grid, rows));
}
