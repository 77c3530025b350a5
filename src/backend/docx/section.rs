//! Sections: page size, margins, and the header and footer that each orientation has of its own.

use super::context::Context;
use super::package::{Package, Relationships};
use super::paragraph::{Look, Paragraph, field};
use super::style::{self, Id};
use super::xml::Element;
use super::{drawing, watermark};
use crate::model::LOGO;
use crate::theme::{Furniture, Part, metrics};
use crate::wording::{self, JOINT};

const HEADER: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml";
const FOOTER: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml";

/// The header whose presence tells that some pages lie on their side.
pub(super) const LANDSCAPE_HEADER: &str = "header2.xml";

/// The file names of an orientation's header and footer.
fn names(landscape: bool) -> [&'static str; 2] {
    if landscape { [LANDSCAPE_HEADER, "footer2.xml"] } else { ["header1.xml", "footer1.xml"] }
}

/// `w:sectPr`.
pub(super) fn properties(context: &mut Context<'_>, landscape: bool) -> Element {
    let [header, footer] = names(landscape);
    let header = context.relationships.part("header", header);
    let footer = context.relationships.part("footer", footer);
    let page = &context.theme.page;
    let (width, height) = page.size.size();
    let mut size = Element::new("w:pgSz");
    size = if landscape {
        size.int("w:w", height.to_twips()).int("w:h", width.to_twips()).with("w:orient", "landscape")
    } else {
        size.int("w:w", width.to_twips()).int("w:h", height.to_twips())
    };
    let margins = Element::new("w:pgMar")
        .int("w:top", page.margin_top.to_twips())
        .int("w:right", page.margin_right.to_twips())
        .int("w:bottom", page.margin_bottom.to_twips())
        .int("w:left", page.margin_left.to_twips())
        .int("w:header", metrics::HEADER_EDGE.to_twips())
        .int("w:footer", metrics::FOOTER_EDGE.to_twips())
        .int("w:gutter", 0);
    Element::new("w:sectPr")
        .child(Element::new("w:headerReference").with("w:type", "default").with("r:id", header))
        .child(Element::new("w:footerReference").with("w:type", "default").with("r:id", footer))
        .child(Element::val("w:type", "nextPage"))
        .child(size)
        .child(margins)
        .child(Element::new("w:cols").int("w:space", 708))
}

/// Writes the parts of an orientation's header and footer, with the relationships that they need.
pub(super) fn add_parts(context: &mut Context<'_>, package: &mut Package, landscape: bool) {
    let [header, footer] = names(landscape);
    let theme = context.theme;
    let outer = std::mem::take(&mut context.relationships);

    let mut content = furniture(context, &theme.header, landscape);
    if let Some(mark) = watermark::run(context, landscape) {
        content.insert(0, mark);
    }
    let root = part(context, "w:hdr", Id::Header, content, landscape);
    package.add(&format!("word/{header}"), HEADER, &root, std::mem::take(&mut context.relationships));

    let content = furniture(context, &theme.footer, landscape);
    let root = part(context, "w:ftr", Id::Footer, content, landscape);
    let relationships: Relationships = std::mem::replace(&mut context.relationships, outer);
    package.add(&format!("word/{footer}"), FOOTER, &root, relationships);
}

fn part(context: &Context<'_>, name: &'static str, style: Id, content: Vec<Element>, landscape: bool) -> Element {
    let width = context.text_width(landscape);
    let middle = crate::length::Length::from_emu(width.emu() / 2);
    let mut paragraph = Paragraph::new(Some(style), content);
    // For readers that take the alignment tabs of the content for ordinary ones.
    let furniture = if style == Id::Header { &context.theme.header } else { &context.theme.footer };
    if !furniture.center.is_empty() {
        paragraph.tabs.push(style::tab("center", middle));
    }
    paragraph.tabs.push(style::tab("right", width));
    super::root(name).child(paragraph.build())
}

/// The parts at the left, in the middle and at the right.
fn furniture(context: &mut Context<'_>, furniture: &Furniture, landscape: bool) -> Vec<Element> {
    let mut out = place(context, &furniture.left, landscape);
    for (parts, alignment) in [(&furniture.center, "center"), (&furniture.right, "right")] {
        let content = place(context, parts, landscape);
        if content.is_empty() {
            continue;
        }
        let tab = Element::new("w:ptab")
            .with("w:relativeTo", "margin")
            .with("w:alignment", alignment)
            .with("w:leader", "none");
        out.push(Element::new("w:r").child(tab));
        out.extend(content);
    }
    out
}

/// The parts of one place, joined by a dot; the logo stands apart by its form.
fn place(context: &mut Context<'_>, parts: &[Part], landscape: bool) -> Vec<Element> {
    let mut out = Vec::new();
    let mut joint = "";
    for part in parts {
        let content = content(context, *part, landscape);
        if content.is_empty() {
            continue;
        }
        if !joint.is_empty() {
            out.extend(context.runs(joint, Look::default()));
        }
        joint = if *part == Part::Logo { "\u{2003}" } else { JOINT };
        out.extend(content);
    }
    out
}

fn content(context: &mut Context<'_>, part: Part, landscape: bool) -> Vec<Element> {
    let (control, strings) = (&context.document.control, context.strings);
    match part {
        Part::Logo => {
            let Some(logo) = context.images.0.get(LOGO) else { return Vec::new() };
            let alt = if logo.alt.trim().is_empty() { control.organisation.text.clone() } else { logo.alt.clone() };
            let width = context.text_width(landscape).percent(45.0);
            drawing::picture(context, LOGO, &alt, width, context.theme.logo_height).into_iter().collect()
        }
        Part::Page => {
            let count = context.pages.count.max(1).to_string();
            let mut out = context.words(&format!("{} ", strings.page), Look::default());
            let cached = context.runs("1", Look::default());
            out.extend(field(" PAGE ", cached, Look::default()));
            out.extend(context.words(&format!(" {} ", strings.of), Look::default()));
            let cached = context.runs(&count, Look::default());
            out.extend(field(" NUMPAGES ", cached, Look::default()));
            out
        }
        part => {
            let words = wording::furniture(part, control, strings).unwrap_or_default();
            context.words(&wording::plain(&words), Look::default())
        }
    }
}
