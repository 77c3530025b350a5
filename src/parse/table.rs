//! Tables.

use comrak::nodes::{NodeTable, NodeValue, TableAlignment};

use super::directive::Directive;
use super::{Ast, Parser};
use crate::diagnostic::codes::document as codes;
use crate::expand::marks;
use crate::model::{Align, Column, Inline, Row, Table, Target};

/// What begins a row that heads the rows below it.
const BAND: &str = ">> ";

impl Parser<'_> {
    pub(super) fn table<'a>(
        &mut self,
        node: Ast<'a>,
        shape: &NodeTable,
        directive: Option<(Ast<'a>, &Directive)>,
    ) -> Option<Table<Target>> {
        let count = shape.num_columns;
        let widths = match directive.and_then(|(at, directive)| Some((at, directive.get("widths")?))) {
            Some((at, given)) => {
                let given = marks::plain(given);
                let widths: Option<Vec<f64>> = given.split(',').map(|width| width.trim().parse().ok()).collect();
                let widths = widths.filter(|widths| {
                    widths.len() == count
                        && widths.iter().all(|width| *width > 0.0)
                        && (widths.iter().sum::<f64>() - 100.0).abs() < 0.01
                });
                if widths.is_none() {
                    let problem = format!("`widths=\"{given}\"` is not {count} numbers that add up to 100");
                    self.report(at, &codes::TABLE_SHAPE, problem);
                }
                widths?
            }
            None => vec![100.0 / count as f64; count],
        };
        let columns = widths
            .into_iter()
            .zip(&shape.alignments)
            .map(|(width, alignment)| Column {
                width,
                align: match alignment {
                    TableAlignment::Center => Align::Center,
                    TableAlignment::Right => Align::Right,
                    TableAlignment::Left | TableAlignment::None => Align::Left,
                },
            })
            .collect();
        let mut rows = node.children();
        let header: Vec<Vec<Inline<Target>>> = match rows.next() {
            Some(row) => self.cells(row),
            None => Vec::new(),
        };
        if header.iter().any(Vec::is_empty) {
            self.report(node, &codes::TABLE_SHAPE, "a header cell of this table is empty".into());
        }
        let rows = rows
            .map(|row| {
                self.surplus_cells(row, count);
                self.row(row, self.offset(node))
            })
            .collect();
        let caption = directive.and_then(|(_, directive)| directive.get("caption")).map(|caption| self.texts(caption));
        let id = directive.and_then(|(_, directive)| directive.id.clone());
        Some(Table { id, number: None, caption, columns, header, rows })
    }

    /// Reports lines of a paragraph that are rows of a table by their bars: a blank line parted them from it, or their
    /// number of cells is not that of the table's heading.
    pub(super) fn rows_outside<'a>(&mut self, paragraph: Ast<'a>) {
        let place = paragraph.data.borrow().sourcepos;
        let from = self.offset(paragraph);
        let count = (place.end.line + 1).saturating_sub(place.start.line);
        let lines = self.expanded.text.get(from..).unwrap_or_default().lines().take(count);
        let is_row = |line: &str| {
            let own = marks::without_marks(line);
            let own = own.trim();
            own.len() > 1 && own.starts_with('|') && own.ends_with('|') && !own.ends_with("\\|")
        };
        if lines.into_iter().any(is_row) {
            let problem = "a row of a table stands outside of one: no blank line may stand before it, and the heading of \
                           its table has as many cells as the line below that";
            self.report(paragraph, &codes::TABLE_SHAPE, problem.to_owned());
        }
    }

    /// GFM drops the cells that a row has too many; a `|` that is meant as text makes some.
    fn surplus_cells<'a>(&mut self, row: Ast<'a>, columns: usize) {
        let line = self.expanded.text.get(self.offset(row)..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let line = line.trim().trim_start_matches('|');
        let mut escaped = false;
        let mut bars = 0;
        for c in line.strip_suffix('|').unwrap_or(line).chars() {
            bars += usize::from(c == '|' && !escaped);
            escaped = c == '\\' && !escaped;
        }
        if bars >= columns {
            let problem = format!("this row has {} cells, and the table {columns} columns", bars + 1);
            self.report(row, &codes::TABLE_SHAPE, format!("{problem}: write `\\|` where a bar is meant"));
        }
    }

    /// The cells of a row, without the line breaks around them: what a template puts between two facts of a cell stands
    /// before or after one where the other is missing, and Word would show an empty line.
    fn cells<'a>(&mut self, row: Ast<'a>) -> Vec<Vec<Inline<Target>>> {
        let cell = |cell| {
            let mut content = self.inlines(cell);
            while content.pop_if(|inline| matches!(inline, Inline::LineBreak)).is_some() {}
            let leading = content.iter().take_while(|inline| matches!(inline, Inline::LineBreak)).count();
            content.drain(..leading);
            content
        };
        row.children().map(cell).collect()
    }

    /// A row of the table that begins at an offset.
    fn row<'a>(&mut self, row: Ast<'a>, table: usize) -> Row<Target> {
        debug_assert!(matches!(row.data.borrow().value, NodeValue::TableRow(_)));
        let mut cells = self.cells(row);
        let band = cells.iter().skip(1).all(Vec::is_empty)
            && match cells.first_mut().and_then(|cell| cell.first_mut()) {
                Some(Inline::Text(text)) if text.from.is_empty() && text.text.starts_with(BAND) => {
                    text.text.drain(..BAND.len());
                    true
                }
                _ => false,
            };
        if band {
            cells.truncate(1);
        } else if cells.iter().any(Vec::is_empty) {
            self.report(row, &codes::EMPTY_CELL, "a cell of this row is empty".into());
        }
        let source = self.expanded.row_at(self.offset(row), table);
        Row { band, source, origin: self.origin(row), cells }
    }
}
