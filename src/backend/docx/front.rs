//! The first page: organisation, title, control table, history. With a cover, organisation and title stand on that.

use super::body::Flow;
use super::context::Context;
use super::paragraph::{Look, Paragraph};
use super::section;
use super::style::Id;
use super::table::{self, Cell, Kind};
use super::table_styles;
use crate::length::Length;
use crate::model::{LOGO, Text};
use crate::strings::Strings;
use crate::theme::{Cover, metrics};
use crate::wording::{self, ControlTable, CoverShown, Pair, Shown};

/// Adds everything above the contents.
pub(super) fn add(context: &mut Context<'_>, flow: &mut Flow) {
    let control = &context.document.control;
    match context.theme.cover() {
        Some(own) => cover(context, flow, own),
        None => {
            for (style, words) in [
                (Id::Organisation, vec![control.organisation.clone()]),
                (Id::Title, vec![control.title.clone()]),
                (Id::Subtitle, wording::subtitle(control)),
            ] {
                let content = context.texts(&words, Look::default());
                flow.paragraph(Paragraph::new(Some(style), content));
            }
        }
    }
    control_table(context, flow);
    history(context, flow);
}

/// A page of its own, which is a section of its own.
fn cover(context: &mut Context<'_>, flow: &mut Flow, cover: &Cover) {
    let (theme, control, strings) = (context.theme, &context.document.control, context.strings);
    let width = context.text_width(false);
    let has_logo = context.images.0.contains_key(LOGO);
    let CoverShown { above, below, foot, gap } = wording::cover(cover, has_logo, control, strings, theme);
    let put = |flow: &mut Flow, paragraph: Paragraph| {
        flow.take_start();
        flow.paragraph(paragraph);
    };
    for line in &above {
        put(flow, cover_line(context, line, width, Id::Organisation));
    }
    let content = context.texts(std::slice::from_ref(&control.organisation), Look::default());
    let mut organisation = Paragraph::new(Some(Id::Organisation), content);
    organisation.before = Some(gap);
    put(flow, organisation);
    let content = context.texts(std::slice::from_ref(&control.title), Look::default());
    let mut title = Paragraph::new(Some(Id::Title), content);
    title.after = Some(metrics::COVER_TITLE_AFTER);
    put(flow, title);
    for line in &below {
        put(flow, cover_line(context, line, width, Id::Subtitle));
    }
    for line in &foot {
        let paragraph = cover_line(context, line, width, Id::Subtitle);
        put(flow, Paragraph { foot: Some(width), ..paragraph });
    }
    if !foot.is_empty() {
        put(flow, Paragraph::new(Some(Id::SectionEnd), Vec::new()));
    }
    flow.end_section(context);
}

/// A line of a cover, close to the next one.
fn cover_line(context: &mut Context<'_>, line: &[Shown<'_>], width: Length, style: Id) -> Paragraph {
    let content = section::line(context, line, width);
    let is_centred = line.iter().any(Shown::is_picture) && line.len() > 1;
    Paragraph { after: Some(Length::ZERO), is_centred, ..Paragraph::new(Some(style), content) }
}

/// Two pairs of label and value a row. A row that is not full has empty cells: a pair that comes fills them, and no other
/// pair stands elsewhere by that.
fn control_table(context: &mut Context<'_>, flow: &mut Flow) {
    let control = &context.document.control;
    let ControlTable { pairs, last } = wording::control_table(control, context.strings);
    let width = context.text_width(false);
    let grid = table::grid(&metrics::CONTROL_WIDTHS, width);
    let mut cells = |at: usize, (label, value): &Pair<'_>, is_wide: bool| {
        let label = Paragraph::new(Some(Id::TableLabel), context.words(label, Look::default()));
        let value = Paragraph::new(Some(Id::TableText), context.texts(value, Look::default()));
        let columns = &grid[at * 2..];
        let (span, width) = if is_wide { (3, columns[1..].iter().sum()) } else { (1, columns[1]) };
        [table::cell(columns[0], label), Cell { span, ..table::cell(width, value) }]
    };
    let none = ("", Vec::new());
    let row = |cells: Vec<Cell>| table::row(cells, Kind::Whole);
    let mut rows = Vec::new();
    for pair in pairs.chunks(2) {
        let [left, right] = [pair.first(), pair.get(1)].map(|pair| pair.unwrap_or(&none));
        rows.push(row(cells(0, left, false).into_iter().chain(cells(1, right, false)).collect()));
    }
    rows.extend(last.map(|pair| row(cells(0, &pair, true).into())));
    let Strings { number, version, owner, classification, .. } = context.strings;
    let description = [number, version, owner, classification].map(String::as_str).join(", ");
    let properties = table::properties(table_styles::CONTROL, width, Length::ZERO, "0680", &description);
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
    let properties = table::properties(table_styles::DOCUMENT, width, Length::ZERO, "0620", &strings.history);
    flow.table(table::assemble(properties, &grid, rows));
}
