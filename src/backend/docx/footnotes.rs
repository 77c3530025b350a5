//! The footnotes part.

use super::context::Context;
use super::package::Package;
use super::paragraph::{Look, Paragraph, run_of};
use super::style::Id;
use super::xml::Element;

const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml";

/// Adds the part: the separators that Word asks for, and each footnote in the order of its mark.
pub(super) fn add_part(context: &mut Context<'_>, package: &mut Package) {
    let outer = std::mem::take(&mut context.relationships);
    let mut root = super::root("w:footnotes");
    for (id, kind, mark) in [(-1, "separator", "w:separator"), (0, "continuationSeparator", "w:continuationSeparator")]
    {
        let mut paragraph = Paragraph::new(Some(Id::FootnoteText), vec![run_of(Element::new(mark), Look::default())]);
        paragraph.after = Some(crate::length::Length::ZERO);
        root.push(Element::new("w:footnote").with("w:type", kind).int("w:id", id).child(paragraph.build()));
    }
    let mut at = 0;
    // A footnote's own text may hold the first mark of another one, which then joins the list.
    while let Some(number) = context.footnotes.get(at).copied() {
        at += 1;
        let Some(note) = context.document.footnotes.get(&number) else { continue };
        let mut content = vec![run_of(Element::new("w:footnoteRef"), Look::of(Id::FootnoteReference))];
        content.extend(context.runs(" ", Look::default()));
        content.extend(context.inlines(note, Look::sized(context.theme.sizes.small)));
        let paragraph = Paragraph::new(Some(Id::FootnoteText), content);
        root.push(Element::new("w:footnote").int("w:id", at as i64).child(paragraph.build()));
    }
    let relationships = std::mem::replace(&mut context.relationships, outer);
    package.add("word/footnotes.xml", KIND, root, relationships);
}
