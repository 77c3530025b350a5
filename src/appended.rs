//! Sections that the engine itself puts at the end of drafts: what is not recorded, what is proposed.
//!
//! Each is a heading, a sentence and a table, in the words of the pack. It is numbered after what stands before it.

use crate::model::{Align, Block, Column, Document, Heading, Inline, Node, Origin, Reference, Row, Table, Text};

/// The id of the section that lists what is proposed and not decided.
pub const PROPOSED: &str = "folio-proposed";

/// A section to be put at the end of a document.
pub struct Section {
    /// The id of its heading.
    pub id: &'static str,
    /// What stands above it.
    pub title: String,
    /// What is said before the table.
    pub note: Vec<Inline<Reference>>,
    /// The table.
    pub table: Table<Reference>,
}

impl Section {
    /// Puts it at the end of a document.
    pub fn append(self, document: &mut Document) {
        let heading = Heading {
            level: 1,
            id: self.id.to_owned(),
            number: (last_number(&document.body) + 1).to_string(),
            content: vec![literal(self.title)],
        };
        let nodes = [Node::Heading(heading), Node::Paragraph { content: self.note }, Node::Table(self.table)];
        document.body.extend(nodes.map(|node| Block { node, origin: Origin::default() }));
    }
}

/// The number of the last heading of the first level.
fn last_number(body: &[Block<Reference>]) -> u32 {
    let numbers = body.iter().map(|block| match &block.node {
        Node::Heading(heading) if heading.level == 1 => heading.number.parse().unwrap_or(0),
        Node::Landscape { body } => last_number(body),
        _ => 0,
    });
    numbers.max().unwrap_or(0)
}

/// A table: how wide each column is, in hundredths, with what stands above it, and the cells of each row.
pub fn table(columns: &[(f64, &str)], rows: impl IntoIterator<Item = Vec<Vec<Inline<Reference>>>>) -> Table<Reference> {
    let row = |cells| Row { band: false, source: None, origin: Origin::default(), cells };
    Table {
        id: None,
        number: None,
        caption: None,
        columns: columns.iter().map(|(width, _)| Column { width: *width, align: Align::Left }).collect(),
        header: columns.iter().map(|(_, name)| vec![literal(*name)]).collect(),
        rows: rows.into_iter().map(row).collect(),
    }
}

/// The engine's own words.
pub fn literal(text: impl Into<String>) -> Inline<Reference> {
    Inline::Text(Text::literal(text))
}

/// A pattern with slots in braces, what stands in each put into it. A slot that is not known stays.
pub fn fill(pattern: &str, slots: &[(&str, &[Inline<Reference>])]) -> Vec<Inline<Reference>> {
    let mut found: Vec<Inline<Reference>> = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let slot = after.split_once('}').and_then(|(name, after)| {
            let (_, content) = slots.iter().find(|(known, _)| *known == name)?;
            Some((content, after))
        });
        let Some((content, after)) = slot else { break };
        found.extend((!before.is_empty()).then(|| literal(before)));
        found.extend(content.iter().cloned());
        rest = after;
    }
    found.extend((!rest.is_empty()).then(|| literal(rest)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{plain, specimen};

    #[test]
    fn a_section_is_numbered_after_the_last() {
        let mut document = specimen::document();
        let before = last_number(&document.body);
        let section = |id| Section { id, title: "More".into(), note: vec![literal("x")], table: table(&[], []) };
        section("a").append(&mut document);
        section("b").append(&mut document);
        let numbers: Vec<&str> = document.headings().iter().rev().take(2).map(|it| it.number.as_str()).collect();
        assert_eq!(numbers, [(before + 2).to_string(), (before + 1).to_string()]);
    }

    #[test]
    fn slots_stand_in_the_order_of_the_pattern() {
        let slots: [(&str, &[Inline<Reference>]); 2] = [("a", &[literal("1")]), ("b", &[literal("2"), literal("3")])];
        assert_eq!(plain(&fill("{b} of {a}.", &slots)), "23 of 1.");
        assert_eq!(plain(&fill("{a", &slots)), "{a");
        assert_eq!(plain(&fill("{c} {a}", &slots)), "{c} {a}");
    }
}
