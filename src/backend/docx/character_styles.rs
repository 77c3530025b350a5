//! The character styles: emphasis, links, the marks of states and of what is proposed, and values from data.

use super::style::{Id, Style, fonts, shading};
use super::xml::Element;
use crate::theme::{Colour, Theme, metrics};

/// The style of a value that stands where text of a style would: it looks the same, and goes on to when that one is
/// restyled.
pub(super) fn of_value(style: Option<Id>) -> Id {
    match style {
        Some(Id::Strong) => Id::ValueStrong,
        Some(Id::Emphasis) => Id::ValueEmphasis,
        Some(Id::Code) => Id::ValueCode,
        Some(Id::Hyperlink) => Id::ValueLink,
        _ => Id::Value,
    }
}

/// All of them.
pub(super) fn all(theme: &Theme) -> impl Iterator<Item = Element> {
    let colours = &theme.colours;
    let value = |id: Id, name: &'static str, base: Id| {
        Style::new("character", id.id(), name)
            .custom(name)
            .based_on(base.id())
            .with(Element::number("w:uiPriority", 99))
            .build()
    };
    let mark = |id: Id, name: &'static str, colour: Colour| Style::character(id, name).colour(colour).build();
    let wide = |id: Id, name: &'static str, colour: Colour| {
        Style::character(id, name).colour(colour).size(theme.sizes.table.percent(80.0)).build()
    };
    [
        Style::character(Id::FootnoteReference, "footnote reference")
            .with(Element::number("w:uiPriority", 99))
            .r(Element::val("w:vertAlign", "superscript"))
            .build(),
        Style::character(Id::Hyperlink, "Hyperlink")
            .with(Element::number("w:uiPriority", 99))
            .colour(colours.accent)
            .r(Element::val("w:u", "single"))
            .build(),
        Style::character(Id::Strong, "Strong").gallery(22).bold().build(),
        Style::character(Id::Emphasis, "Emphasis").gallery(20).r(Element::new("w:i")).r(Element::new("w:iCs")).build(),
        Style::character(Id::Code, "HTML Code")
            .r(fonts(&theme.fonts.code.word))
            .r(Element::new("w:noProof"))
            .size(theme.sizes.body.percent(metrics::CODE_SIZE))
            .build(),
        Style::character(Id::PlaceholderText, "Placeholder Text")
            .with(Element::number("w:uiPriority", 99))
            .colour(colours.muted)
            .r(shading(colours.tint))
            .build(),
        mark(Id::StatusGood, "Status Good", colours.good),
        // Triangle and square fill more of their box than the circles do.
        wide(Id::StatusCaution, "Status Caution", colours.caution),
        wide(Id::StatusBad, "Status Bad", colours.bad),
        mark(Id::StatusNeutral, "Status Neutral", colours.neutral),
        Style::character(Id::Proposed, "Proposed")
            .with(Element::number("w:uiPriority", 99))
            .colour(colours.accent)
            .r(Element::val("w:vertAlign", "superscript"))
            .build(),
        Style::character(Id::Value, "Folio Value").with(Element::number("w:uiPriority", 99)).build(),
        value(Id::ValueStrong, "Folio Value Strong", Id::Strong),
        value(Id::ValueEmphasis, "Folio Value Emphasis", Id::Emphasis),
        value(Id::ValueCode, "Folio Value Code", Id::Code),
        value(Id::ValueLink, "Folio Value Link", Id::Hyperlink),
    ]
    .into_iter()
}
