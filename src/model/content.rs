//! What a document says, whatever its version and wherever its words came from: by this it is told whether a version has to
//! be issued anew.

use super::{Block, Control, Document, Inline, Node, Origin, Party, Reference, Row, State, Text, Version, walk};
use crate::digest;

/// The ids of the sections that drafts have at their end.
const APPENDED: [&str; 2] = ["folio-not-recorded", "folio-proposed"];

/// A document without what issuing it changes (version, state, dates, history, review) and without provenance.
pub fn of(document: &Document) -> Document {
    let mut bare = document.clone();
    without_appended(&mut bare.body);
    control(&mut bare.control);
    blocks(&mut bare.body);
    bare.footnotes.values_mut().for_each(line);
    bare.gaps.clear();
    bare
}

/// Takes away what the engine itself lists at the end of a draft: it says what is open, and no part of what is said.
fn without_appended(body: &mut Vec<Block<Reference>>) {
    let is_appended = |block: &Block<Reference>| match &block.node {
        Node::Heading(heading) => APPENDED.contains(&heading.id.as_str()),
        _ => false,
    };
    if let Some(at) = body.iter().position(is_appended) {
        body.truncate(at);
    }
}

/// The digest of what a document says.
pub fn digest(document: &Document) -> String {
    digest::of_file(&serde_json::to_vec(&of(document)).unwrap_or_default())
}

fn control(control: &mut Control) {
    control.version = Version::Draft;
    control.state = State::Draft;
    control.sample = false;
    control.next_review = None;
    control.review_proposed = false;
    control.date = None;
    control.history.clear();
    control.approvals.clear();
    control.effective = None;
    control.pack.clear();
    control.workspace.clear();
    [&mut control.owner, &mut control.author, &mut control.approver].into_iter().for_each(bare_party);
    let texts = [
        &mut control.number,
        &mut control.title,
        &mut control.organisation,
        &mut control.organisation_short,
        &mut control.classification.label,
    ];
    texts.into_iter().chain(&mut control.records_to).for_each(text);
}

/// A post says itself, whoever holds it; a person in place of a post is printed by name.
fn bare_party(party: &mut Party) {
    let Party { role, name, .. } = std::mem::take(party);
    party.name = name.filter(|_| role.text.is_empty()).map(|name| Text::literal(name.text));
    party.role = Text::literal(role.text);
}

fn blocks(body: &mut [Block<Reference>]) {
    body.iter_mut().for_each(block);
}

fn block(block: &mut Block<Reference>) {
    block.origin = Origin::default();
    match &mut block.node {
        Node::Heading(heading) => line(&mut heading.content),
        Node::Paragraph { content } => line(content),
        Node::List(list) => list.items.iter_mut().for_each(|item| blocks(item)),
        Node::DefinitionList { items } => items.iter_mut().for_each(|item| {
            line(&mut item.term);
            blocks(&mut item.body);
        }),
        Node::Table(table) => {
            table.caption.iter_mut().chain(&mut table.header).for_each(line);
            table.rows.iter_mut().for_each(row);
        }
        Node::Figure(figure) => figure.caption.iter_mut().for_each(line),
        Node::Callout(callout) => blocks(&mut callout.body),
        Node::CodeBlock { text: code } => text(code),
        Node::BlockQuote { body } | Node::Landscape { body } => blocks(body),
        Node::SignOff { signatories } => signatories.iter_mut().for_each(bare_party),
        Node::PageBreak => {}
    }
}

fn row(row: &mut Row<Reference>) {
    row.source = None;
    row.origin = Origin::default();
    row.cells.iter_mut().for_each(line);
}

/// A line of bare texts, those beside one another joined: where a value begins is no part of what it says.
fn line(content: &mut Vec<Inline<Reference>>) {
    let mut joined: Vec<Inline<Reference>> = Vec::with_capacity(content.len());
    for mut inline in content.drain(..) {
        match &mut inline {
            Inline::Text(it) | Inline::Code(it) | Inline::Unrecorded(it) | Inline::Status { text: it, .. } => text(it),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => line(content),
            Inline::Reference(_) | Inline::Footnote { .. } | Inline::Field(_) | Inline::LineBreak => {}
        }
        match (joined.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(more)) if before.proposed == more.proposed && !more.proposed => {
                before.text.push_str(&more.text);
            }
            (_, inline) => joined.push(inline),
        }
    }
    *content = joined;
}

fn text(text: &mut Text) {
    text.from.clear();
    text.computed = false;
}

/// How many words a document has that somebody reads: for those who want to say how much of it changed.
pub fn words(document: &Document) -> usize {
    let lines = walk(&document.body).into_iter().flat_map(Block::lines).map(super::plain);
    lines.map(|line| line.split_whitespace().count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::specimen::{self, data, p, text};

    #[test]
    fn a_holder_is_no_part_of_it_where_a_post_is_printed_and_a_person_in_place_of_a_post_is() {
        let signed = |role: &str, name: &str| {
            let mut document = of(Vec::new());
            document.control.owner =
                Party { role: Text::literal(role), name: Some(Text::literal(name)), ..Party::default() };
            digest(&document)
        };
        assert_eq!(signed("lead", "Ada"), signed("lead", "Ben"));
        assert_ne!(signed("", "Ada"), signed("", "Ben"));
    }

    fn of(content: Vec<Inline<Reference>>) -> Document {
        Document {
            control: specimen::control(),
            body: vec![p(content)],
            footnotes: Default::default(),
            gaps: Vec::new(),
        }
    }

    #[test]
    fn what_a_document_says_is_its_words_alone() {
        let one = of(vec![text("By "), data("Ann", "people[ann].name"), text(".")]);
        let mut same = of(vec![text("By Ann.")]);
        same.body[0].origin.block = Some("who".into());
        same.control.version = Version::Number(Text::literal("7.0"));
        same.control.history.clear();
        same.control.owner.name = None;
        assert_eq!(digest(&one), digest(&same));
        assert_ne!(digest(&one), digest(&of(vec![text("By Ben.")])));
        let mut renamed = one.clone();
        renamed.control.organisation.text.push_str(" Group");
        assert_ne!(digest(&one), digest(&renamed));
        assert_eq!(words(&one), 2);
    }
}
