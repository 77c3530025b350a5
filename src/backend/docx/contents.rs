//! The table of contents: a field that Word can update, filled in so that it need not ask.

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
    let label = Paragraph::new(Some(Id::TocHeading), context.words(&context.strings.contents, Look::default()));
    let mut paragraphs = vec![label.build()];
    let last = headings.len() - 1;
    let mut page = 1;
    for (at, heading) in headings.into_iter().enumerate() {
        page = context.pages.of.get(&heading.id).copied().unwrap_or(page);
        let mut content = Vec::new();
        if at == 0 {
            let code = format!(" TOC \\o \"1-{depth}\" \\h \\z \\u ");
            content.push(field_code(&code, Look::default()));
        }
        content.push(entry(context, heading, page));
        if at == last {
            content.push(field_end(Look::default()));
        }
        let mut paragraph = Paragraph::new(Some(Id::Toc(heading.level)), content);
        paragraph.after = (at == last).then_some(metrics::CONTENTS_AFTER);
        paragraphs.push(paragraph.build());
    }
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
