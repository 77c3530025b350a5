//! The first page: organisation, title, control table, history.

use super::body::Flow;
use super::context::Context;
use super::paragraph::{Look, Paragraph};
use super::style::Id;
use super::table::{self, Cell, Kind};
use super::table_styles;
use crate::model::Text;
use crate::theme::metrics;
use crate::wording;

/// Adds everything above the contents.
pub(super) fn add(context: &mut Context<'_>, flow: &mut Flow) {
    let control = &context.document.control;
    for (style, words) in [
        (Id::Organisation, vec![control.organisation.clone()]),
        (Id::Title, vec![control.title.clone()]),
        (Id::Subtitle, wording::subtitle(control)),
    ] {
        let content = context.texts(&words, Look::default());
        flow.paragraph(Paragraph::new(Some(style), content));
    }
    control_table(context, flow);
    history(context, flow);
}

/// Two pairs of label and value a row; a pair that is left over takes the row.
fn control_table(context: &mut Context<'_>, flow: &mut Flow) {
    let control = &context.document.control;
    let pairs = wording::control_table(control, context.strings);
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
                let value = Paragraph::new(Some(Id::TableText), context.texts(value, Look::default()));
                let (span, width) = if alone { (3, columns[1..].iter().sum()) } else { (1, columns[1]) };
                cells.push(Cell { span, ..table::cell(width, value) });
            }
            table::row(cells, Kind::Whole)
        })
        .collect();
    let properties =
        table::properties(table_styles::CONTROL, width, crate::length::Length::ZERO, "0680", &control.title.text);
    flow.table(table::assemble(properties, &grid, rows));
}

fn history(context: &mut Context<'_>, flow: &mut Flow) {
    let strings = context.strings;
    let (names, revisions) = wording::history(&context.document.control, strings);
    if revisions.is_empty() {
        return;
    }
    let label = context.words(&strings.history, Look::default());
    flow.paragraph(Paragraph::new(Some(Id::Label), label));
    let width = context.text_width(false);
    let grid = table::grid(&metrics::HISTORY_WIDTHS, width);
    let mut line = |texts: &[Text; 4], style: Id, kind: Kind| {
        let cells = grid.iter().zip(texts).map(|(width, text)| {
            let content = context.texts(std::slice::from_ref(text), Look::default());
            table::cell(*width, Paragraph::new(Some(style), content))
        });
        table::row(cells.collect(), kind)
    };
    let mut rows = vec![line(&names.map(Text::literal), Id::TableHeading, Kind::Header)];
    rows.extend(revisions.iter().map(|texts| line(texts, Id::TableText, Kind::Whole)));
    let properties =
        table::properties(table_styles::DOCUMENT, width, crate::length::Length::ZERO, "0620", &strings.history);
    flow.table(table::assemble(properties, &grid, rows));
}
