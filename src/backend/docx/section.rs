//! Sections: page size, margins, and the headers and footers of upright pages, of those on their side, and of the first.

use super::context::Context;
use super::package::{Package, Relationships};
use super::paragraph::{Look, Paragraph, field};
use super::style::{self, Id};
use super::xml::Element;
use super::{drawing, watermark};
use crate::length::Length;
use crate::model::LOGO;
use crate::theme::{PICTURE_WIDTH, Places, Theme, metrics};
use crate::wording::{self, JOINT, Said, Shown};

const HEADER: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml";
const FOOTER: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml";

/// Which pages a header and footer are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pages {
    /// Those that stand upright.
    Upright,
    /// Those that lie on their side.
    Side,
    /// The first one, where it differs.
    First,
}

impl Pages {
    const ALL: [Pages; 3] = [Pages::Upright, Pages::Side, Pages::First];

    /// Its place among them, from 1.
    fn ordinal(self) -> i64 {
        match self {
            Pages::Upright => 1,
            Pages::Side => 2,
            Pages::First => 3,
        }
    }

    /// The file names of header and footer.
    fn files(self) -> [&'static str; 2] {
        match self {
            Pages::Upright => ["header1.xml", "footer1.xml"],
            Pages::Side => ["header2.xml", "footer2.xml"],
            Pages::First => ["header3.xml", "footer3.xml"],
        }
    }

    /// What stands there.
    fn places(self, theme: &Theme) -> [&Places; 2] {
        match self {
            Pages::Upright | Pages::Side => [&theme.header.every, &theme.footer.every],
            Pages::First => theme.first().unwrap_or([&theme.header.every, &theme.footer.every]),
        }
    }
}

/// `w:sectPr`.
pub(super) fn properties(context: &mut Context<'_>, landscape: bool) -> Element {
    let pages = if landscape { Pages::Side } else { Pages::Upright };
    let references = |context: &mut Context<'_>, pages: Pages, kind: &'static str| {
        let [header, footer] = pages.files();
        [("w:headerReference", "header", header), ("w:footerReference", "footer", footer)].map(|(name, part, file)| {
            Element::new(name).with("w:type", kind).with("r:id", context.relationships.part(part, file))
        })
    };
    let every = references(context, pages, "default");
    // The document begins with the first section that ends.
    let begins = !std::mem::replace(&mut context.has_begun, true);
    let first = (begins && context.theme.first().is_some()).then(|| references(context, Pages::First, "first"));
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
    let has_first = first.is_some();
    let section = Element::new("w:sectPr")
        .children(every)
        .children(first.into_iter().flatten())
        .child(Element::val("w:type", "nextPage"))
        .child(size)
        .child(margins)
        .child(Element::new("w:cols").int("w:space", 708));
    if has_first { section.child(Element::new("w:titlePg")) } else { section }
}

/// Writes the headers and footers that sections refer to, with the relationships that each needs.
pub(super) fn add_parts(context: &mut Context<'_>, package: &mut Package, referred: &Relationships) {
    for pages in Pages::ALL.into_iter().filter(|pages| referred.leads_to(pages.files()[0])) {
        let [header, footer] = pages.files();
        let [head, foot] = pages.places(context.theme);
        let outer = std::mem::take(&mut context.relationships);

        let lines = furniture(context, head, pages);
        let mark = watermark::run(context, pages == Pages::Side, pages.ordinal());
        let root = part(context, "w:hdr", Id::Header, lines, mark, pages);
        package.add(&format!("word/{header}"), HEADER, root, std::mem::take(&mut context.relationships));

        let lines = furniture(context, foot, pages);
        let root = part(context, "w:ftr", Id::Footer, lines, None, pages);
        let relationships: Relationships = std::mem::replace(&mut context.relationships, outer);
        package.add(&format!("word/{footer}"), FOOTER, root, relationships);
    }
}

/// A header or footer: a paragraph for each line. Where nothing stands there is no rule either.
fn part(
    context: &Context<'_>,
    name: &'static str,
    style: Id,
    mut lines: Vec<Row>,
    mark: Option<Element>,
    pages: Pages,
) -> Element {
    let width = context.text_width(pages == Pages::Side);
    let middle = Length::from_emu(width.emu() / 2);
    let is_empty = lines.iter().all(|line| line.content.is_empty());
    if lines.is_empty() {
        lines.push(Row::default());
    }
    lines[0].content.splice(0..0, mark);
    let paragraph = |row: Row| {
        let mut paragraph = Paragraph::new((!is_empty).then_some(style), row.content);
        if !is_empty {
            // For readers that take the alignment tabs of the content for ordinary ones.
            if row.has_middle {
                paragraph.tabs.push(style::tab("center", middle));
            }
            paragraph.tabs.push(style::tab("right", width));
        }
        paragraph.build()
    };
    super::root(name).children(lines.into_iter().map(paragraph))
}

/// A line of a header or footer.
#[derive(Default)]
struct Row {
    content: Vec<Element>,
    /// Whether something stands in its middle.
    has_middle: bool,
}

/// The content of each line: its parts at the left, in the middle and at the right.
fn furniture(context: &mut Context<'_>, places: &Places, pages: Pages) -> Vec<Row> {
    let has_logo = context.images.0.contains_key(LOGO);
    let (control, strings) = (&context.document.control, context.strings);
    let shown = places.all().map(|(_, place)| wording::shown(place, has_logo, control, strings));
    let width = context.text_width(pages == Pages::Side).percent(PICTURE_WIDTH);
    let count = shown.iter().map(Vec::len).max().unwrap_or_default();
    let nothing = Vec::new();
    (0..count)
        .map(|row| {
            let [left, center, right] = shown.each_ref().map(|lines| lines.get(row).unwrap_or(&nothing));
            let mut out = line(context, left, width);
            for (parts, alignment) in [(center, "center"), (right, "right")] {
                let content = line(context, parts, width);
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
            Row { content: out, has_middle: !center.is_empty() }
        })
        .collect()
}

/// The parts of a line, joined by a dot; a picture stands apart by its form, and is at most so wide.
pub(super) fn line(context: &mut Context<'_>, parts: &[Shown<'_>], width: Length) -> Vec<Element> {
    let mut out = Vec::new();
    let mut joint = "";
    let mut was_picture = false;
    for part in parts {
        let content = content(context, part, width);
        if content.is_empty() {
            continue;
        }
        if !joint.is_empty() {
            let joint = if was_picture || part.is_picture() { "\u{2003}" } else { joint };
            out.extend(context.runs(joint, Look::default()));
        }
        (joint, was_picture) = (JOINT, part.is_picture());
        out.extend(content);
    }
    out
}

fn content(context: &mut Context<'_>, part: &Shown<'_>, width: Length) -> Vec<Element> {
    match part {
        Shown::Logo => {
            let Some(logo) = context.images.0.get(LOGO) else { return Vec::new() };
            let alt = match logo.alt.trim() {
                "" => context.document.control.organisation.text.clone(),
                _ => logo.alt.clone(),
            };
            drawing::picture(context, LOGO, &alt, width, context.theme.logo_height).into_iter().collect()
        }
        Shown::Picture(picture) => {
            let height = picture.height.unwrap_or(context.theme.logo_height);
            drawing::picture(context, &picture.image, &picture.alt, width, height).into_iter().collect()
        }
        Shown::Words(words) => words.iter().flat_map(|said| self::said(context, said)).collect(),
    }
}

fn said(context: &mut Context<'_>, said: &Said) -> Vec<Element> {
    let strings = context.strings;
    let number = |context: &mut Context<'_>| {
        let cached = context.runs("1", Look::default());
        field(" PAGE ", cached, Look::default())
    };
    let count = |context: &mut Context<'_>| {
        let cached = context.runs(&context.pages.count.max(1).to_string(), Look::default());
        field(" NUMPAGES ", cached, Look::default())
    };
    match said {
        Said::Words(words) => context.words(words, Look::default()),
        Said::PageNumber => number(context),
        Said::PageCount => count(context),
        Said::Page => {
            let mut out = context.words(&format!("{} ", strings.page), Look::default());
            out.extend(number(context));
            out.extend(context.words(&format!(" {} ", strings.of), Look::default()));
            out.extend(count(context));
            out
        }
    }
}
