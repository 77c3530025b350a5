//! The table of contents: a field that Word can update, filled in so that it need not ask.
//!
//! The field begins and ends in paragraphs of its own, which do not show: they stay where they are, whichever entry comes
//! first or last, and so are never part of a tracked change.

use super::body::Flow;
use super::context::Context;
use super::paragraph::{Look, Paragraph, field, field_code, field_end, plain, run_of};
use super::style::Id;
use super::xml::Element;
use crate::model::{Heading, Reference};
use crate::theme::metrics;

/// Adds label and table; nothing where there is no heading.
pub(super) fn add(context: &mut Context<'_>, flow: &mut Flow) {
    let document = context.document;
    let mut headings = document.headings();
    let depth = metrics::contents_depth(headings.iter().map(|heading| heading.level));
    headings.retain(|heading| heading.level <= depth);
    if headings.is_empty() {
        return;
    }
    let mut label = Paragraph::new(Some(Id::TocHeading), context.words(&context.strings.contents, Look::default()));
    label.after = Some(metrics::LABEL_AFTER - metrics::UNSEEN);
    let code = format!(" TOC \\o \"1-{depth}\" \\h \\z \\u ");
    let mut begin = Paragraph::new(Some(Id::SectionEnd), vec![field_code(&code, Look::default())]);
    begin.keep_next = true;
    let mut paragraphs = vec![label.build(), begin.build()];
    let mut page = 1;
    for heading in headings {
        page = context.pages.of.get(&heading.id).copied().unwrap_or(page);
        let content = vec![entry(context, heading, page)];
        paragraphs.push(Paragraph::new(Some(Id::Toc(heading.level)), content).build());
    }
    let mut end = Paragraph::new(Some(Id::SectionEnd), vec![field_end(Look::default())]);
    end.after = Some(metrics::CONTENTS_AFTER - metrics::CONTENTS_GAP - metrics::UNSEEN);
    paragraphs.push(end.build());
    let gallery = Element::new("w:docPartObj")
        .child(Element::val("w:docPartGallery", "Table of Contents"))
        .child(Element::new("w:docPartUnique"));
    let properties = Element::new("w:sdtPr").child(Element::number("w:id", context.control_id())).child(gallery);
    flow.other(Element::new("w:sdt").child(properties).child(Element::new("w:sdtContent").children(paragraphs)));
}

/// An entry: number, words and page, as one link.
fn entry(context: &mut Context<'_>, heading: &Heading<Reference>, page: u32) -> Element {
    let look = Look::default();
    let tab = || run_of(Element::new("w:tab"), look);
    let mut content = Vec::new();
    if !heading.number.is_empty() {
        content.extend(context.words(&heading.number, look));
        content.push(tab());
    }
    content.extend(context.runs(&plain(&heading.content), look));
    content.push(tab());
    let page = context.runs(&page.to_string(), look);
    let Some(bookmark) = context.bookmark(&heading.id) else {
        content.extend(page);
        return Element::new("w:hyperlink").int("w:history", 1).children(content);
    };
    content.extend(field(&format!(" PAGEREF {} \\h ", bookmark.name), page, look));
    Element::new("w:hyperlink").with("w:anchor", bookmark.name).int("w:history", 1).children(content)
}
