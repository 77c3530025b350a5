//! The styles part: everything that a client restyles to restyle the set. What the theme says stands here once.

use super::direction::Tongues;
use super::numbering::{BULLETS, HEADINGS, NUMBERS};
use super::style::{Id, Style, fonts, nth, shading, tab};
use super::xml::Element;
use super::{character_styles, table_styles};
use crate::length::Length;
use crate::theme::{Colour, Theme, metrics};

/// The part.
pub(super) fn part(theme: &Theme, tongues: &Tongues) -> Element {
    let defaults = Element::new("w:rPr")
        .child(
            Element::new("w:rFonts")
                .with("w:asciiTheme", "minorHAnsi")
                .with("w:eastAsiaTheme", "minorEastAsia")
                .with("w:hAnsiTheme", "minorHAnsi")
                .with("w:cstheme", "minorBidi"),
        )
        .child(Element::number("w:sz", theme.sizes.body.to_half_points()))
        .child(Element::number("w:szCs", theme.sizes.body.to_half_points()))
        .child(tongues.element("w:lang"));
    let mut root = super::root("w:styles")
        .child(
            Element::new("w:docDefaults")
                .child(Element::new("w:rPrDefault").child(defaults))
                .child(Element::new("w:pPrDefault")),
        )
        .child(
            Element::new("w:latentStyles")
                .int("w:defLockedState", 0)
                .int("w:defUIPriority", 99)
                .int("w:defSemiHidden", 0)
                .int("w:defUnhideWhenUsed", 0)
                .int("w:defQFormat", 0)
                .int("w:count", 376),
        );
    root.push(
        Style::new("paragraph", "Normal", "Normal")
            .gallery(0)
            .p_flag("w:widowControl")
            .spacing(Length::ZERO, theme.sizes.paragraph_gap, theme.sizes.line)
            .colour(theme.colours.text)
            .build()
            .with("w:default", "1"),
    );
    root.push(
        Style::new("character", "DefaultParagraphFont", "Default Paragraph Font")
            .with(Element::number("w:uiPriority", 1))
            .with(Element::new("w:semiHidden"))
            .with(Element::new("w:unhideWhenUsed"))
            .build()
            .with("w:default", "1"),
    );
    root.push(
        Style::new("numbering", "NoList", "No List")
            .with(Element::number("w:uiPriority", 99))
            .with(Element::new("w:semiHidden"))
            .with(Element::new("w:unhideWhenUsed"))
            .build()
            .with("w:default", "1"),
    );
    front(theme).chain(headings(theme)).chain(blocks(theme)).chain(lists(theme)).for_each(|style| root.push(style));
    furniture(theme).chain(character_styles::all(theme)).for_each(|style| root.push(style));
    root.children(table_styles::all(theme))
}

fn heading_line(size: Length) -> Length {
    size.percent(metrics::HEADING_LINE)
}

/// The first page and the contents.
fn front(theme: &Theme) -> impl Iterator<Item = Element> {
    let (sizes, colours, none) = (&theme.sizes, &theme.colours, Length::ZERO);
    let label = |id: Id, name: &'static str| {
        Style::paragraph(id, name)
            .next("Normal")
            .p_flag("w:keepNext")
            .spacing(metrics::LABEL_BEFORE, metrics::LABEL_AFTER, heading_line(sizes.headings[2]))
            .bold()
            .colour(colours.accent)
            .size(sizes.headings[2])
    };
    let toc = move |level: u8, name: &'static str| {
        let left = metrics::CONTENTS_INDENT.emu() * i64::from(level);
        let width = {
            let (width, _) = theme.page.size.size();
            width - theme.page.margin_left - theme.page.margin_right
        };
        let style = Style::new("paragraph", Id::Toc(level).id(), name)
            .based_on("Normal")
            .next("Normal")
            .with(Element::number("w:uiPriority", 39))
            .p(Element::new("w:tabs")
                .child(tab("left", Length::from_emu(left)))
                .child(tab("right", width).with("w:leader", "dot")))
            .spacing(none, metrics::CONTENTS_GAP, sizes.line)
            .p(Element::new("w:ind")
                .int("w:left", Length::from_emu(left).to_twips())
                .int("w:hanging", metrics::CONTENTS_INDENT.to_twips()));
        style.build()
    };
    [
        Style::paragraph(Id::Organisation, "Organisation")
            .next("Title")
            .p_flag("w:keepNext")
            .spacing(none, metrics::ORGANISATION_AFTER, sizes.line)
            .colour(colours.muted)
            .build(),
        Style::paragraph(Id::Title, "Title")
            .next("Subtitle")
            .gallery(10)
            .p_flag("w:keepNext")
            .p_flag("w:keepLines")
            .spacing(none, metrics::TITLE_AFTER, heading_line(theme.title()))
            .bold()
            .colour(colours.accent)
            .size(theme.title())
            .build(),
        Style::paragraph(Id::Subtitle, "Subtitle")
            .next("Normal")
            .gallery(11)
            .spacing(none, metrics::SUBTITLE_AFTER, sizes.line)
            .colour(colours.muted)
            .build(),
        label(Id::Label, "Front Label").build(),
        label(Id::TocHeading, "TOC Heading").with(Element::number("w:uiPriority", 39)).build(),
        toc(1, "toc 1"),
        toc(2, "toc 2"),
        toc(3, "toc 3"),
    ]
    .into_iter()
}

fn headings(theme: &Theme) -> impl Iterator<Item = Element> {
    const NAMES: [&str; 6] = ["heading 1", "heading 2", "heading 3", "heading 4", "heading 5", "heading 6"];
    (1_u8..).zip(NAMES).map(|(level, name)| {
        let at = nth(level, 4);
        let size = theme.sizes.headings[at];
        let numbering = Element::new("w:numPr")
            .child(Element::number("w:ilvl", i64::from(level) - 1))
            .child(Element::number("w:numId", HEADINGS));
        Style::new("paragraph", Id::Heading(level).id(), name)
            .based_on("Normal")
            .next("Normal")
            .gallery(9)
            .p_flag("w:keepNext")
            .p_flag("w:keepLines")
            .p(numbering)
            .spacing(metrics::HEADING_BEFORE[at], metrics::HEADING_AFTER[at], heading_line(size))
            .p(Element::number("w:outlineLvl", i64::from(level) - 1))
            .bold()
            .colour(theme.colours.accent)
            .size(size)
            .build()
    })
}

fn blocks(theme: &Theme) -> impl Iterator<Item = Element> {
    let (sizes, colours, none) = (&theme.sizes, &theme.colours, Length::ZERO);
    let caption = |id: Id, name: &'static str| {
        Style::paragraph(id, name).next("Normal").p_flag("w:keepLines").colour(colours.muted).size(sizes.small)
    };
    let table = |id: Id, name: &'static str| {
        Style::paragraph(id, name).spacing(none, none, metrics::TABLE_LINE).size(sizes.table)
    };
    let box_edge = |name: &'static str, colour: Colour, eighths: i64| {
        Element::val(name, "single")
            .int("w:sz", eighths)
            .int("w:space", metrics::CODE_PADDING.to_twips() / 20)
            .with("w:color", colour.hex())
    };
    let code = theme.sizes.body.percent(metrics::CODE_SIZE);
    // The accent is dark; a bad state's colour may not be dark enough for text on the tint.
    let warning = if colours.bad.contrast(colours.tint) >= 4.5 { colours.bad } else { colours.accent };
    let callout_title = |id: Id, name: &'static str, colour: Colour| {
        Style::paragraph(id, name)
            .next("CalloutText")
            .spacing(none, metrics::CALLOUT_TITLE_AFTER, sizes.line)
            .bold()
            .colour(colour)
            .build()
    };
    [
        caption(Id::Caption, "caption")
            .gallery(35)
            .p_flag("w:keepNext")
            .spacing(metrics::CAPTION_BEFORE, metrics::CAPTION_AFTER, metrics::SMALL_LINE)
            .build(),
        caption(Id::FigureCaption, "Figure Caption").spacing(none, metrics::TABLE_AFTER, metrics::SMALL_LINE).build(),
        Style::paragraph(Id::Figure, "Figure")
            .next("FigureCaption")
            .p(Element::new("w:spacing")
                .int("w:before", metrics::CAPTION_AFTER.to_twips())
                .int("w:after", metrics::CAPTION_AFTER.to_twips())
                .int("w:line", 240)
                .with("w:lineRule", "auto"))
            .build(),
        table(Id::TableText, "Table Text").gallery(40).build(),
        table(Id::TableLabel, "Table Label").colour(colours.muted).build(),
        table(Id::TableHeading, "Table Heading").p_flag("w:keepNext").bold().colour(colours.accent).build(),
        table(Id::TableBand, "Table Band").p_flag("w:keepNext").bold().colour(colours.accent).build(),
        callout_title(Id::CalloutTitle, "Callout Title", colours.accent),
        callout_title(Id::CalloutWarningTitle, "Callout Warning Title", warning),
        Style::paragraph(Id::CalloutText, "Callout Text").spacing(none, sizes.paragraph_gap, sizes.line).build(),
        Style::paragraph(Id::Quote, "Quote").gallery(29).indent(metrics::QUOTE_INDENT).r(Element::new("w:i")).build(),
        Style::paragraph(Id::Term, "Definition Term")
            .next("DefinitionText")
            .p_flag("w:keepNext")
            .spacing(none, none, sizes.line)
            .bold()
            .build(),
        Style::paragraph(Id::Definition, "Definition Text").indent(metrics::QUOTE_INDENT).build(),
        Style::paragraph(Id::CodeBlock, "Code Block")
            .p(Element::new("w:pBdr")
                .children(["w:top", "w:left", "w:bottom", "w:right"].map(|edge| box_edge(edge, colours.tint, 2))))
            .p(shading(colours.tint))
            .spacing(none, metrics::TABLE_AFTER, metrics::CODE_LINE)
            .p(Element::new("w:ind")
                .int("w:left", metrics::CODE_PADDING.to_twips())
                .int("w:right", metrics::CODE_PADDING.to_twips()))
            .r(fonts(&theme.fonts.code.word))
            .r(Element::new("w:noProof"))
            .size(code)
            .build(),
        Style::paragraph(Id::SectionEnd, "Section End")
            .p(Element::new("w:spacing")
                .int("w:before", 0)
                .int("w:after", 0)
                .int("w:line", metrics::UNSEEN.to_twips())
                .with("w:lineRule", "exact"))
            .size(metrics::UNSEEN)
            .build(),
    ]
    .into_iter()
}

fn lists(theme: &Theme) -> impl Iterator<Item = Element> {
    let numbered = |id: Id, name: &'static str, instance: i64| {
        Style::new("paragraph", id.id(), name)
            .based_on("ListParagraph")
            .gallery(36)
            .p(Element::new("w:numPr").child(Element::number("w:numId", instance)))
            .build()
    };
    [
        Style::paragraph(Id::ListParagraph, "List Paragraph")
            .gallery(34)
            .spacing(Length::ZERO, metrics::LIST_GAP, theme.sizes.line)
            .indent(metrics::LIST_INDENT)
            .build(),
        numbered(Id::ListBullet, "List Bullet", BULLETS),
        numbered(Id::ListNumber, "List Number", NUMBERS),
        Style::new("paragraph", Id::ListContinue.id(), "List Continue").based_on("ListParagraph").build(),
    ]
    .into_iter()
}

fn furniture(theme: &Theme) -> impl Iterator<Item = Element> {
    let (sizes, colours, none) = (&theme.sizes, &theme.colours, Length::ZERO);
    let edge = |name: &'static str, space: i64| {
        Element::new("w:pBdr").child(
            Element::val(name, "single").int("w:sz", 4).int("w:space", space).with("w:color", colours.rule.hex()),
        )
    };
    let furniture = |id: Id, name: &'static str, border: Element| {
        Style::paragraph(id, name)
            .with(Element::number("w:uiPriority", 99))
            .p(border)
            .spacing(none, none, metrics::SMALL_LINE)
            .p(Element::val("w:textAlignment", "center"))
            .colour(colours.muted)
            .size(sizes.small)
            .build()
    };
    [
        furniture(Id::Header, "header", edge("w:bottom", 4)),
        furniture(Id::Footer, "footer", edge("w:top", 4)),
        Style::paragraph(Id::FootnoteText, "footnote text")
            .with(Element::number("w:uiPriority", 99))
            .spacing(none, Length::from_pt(2.0), metrics::SMALL_LINE)
            .size(sizes.small)
            .build(),
    ]
    .into_iter()
}
