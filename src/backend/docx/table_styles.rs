//! The table styles: tables, the control table, sign-off blocks and callouts.

use super::style::{Style, shading};
use super::xml::Element;
use crate::length::Length;
use crate::model::CalloutKind;
use crate::theme::{Colour, Theme, WHITE, metrics};

/// Tables of the body, with a header row.
pub(super) const DOCUMENT: &str = "DocumentTable";
/// Pairs of label and value on the first page.
pub(super) const CONTROL: &str = "ControlTable";
/// Lines to sign on.
pub(super) const SIGN_OFF: &str = "SignOffTable";

/// The style of a kind of callout.
pub(super) fn callout(kind: CalloutKind) -> &'static str {
    match kind {
        CalloutKind::Glance => "CalloutGlance",
        CalloutKind::Note => "CalloutNote",
        CalloutKind::Important => "CalloutImportant",
        CalloutKind::Warning => "CalloutWarning",
    }
}

/// All of them.
pub(super) fn all(theme: &Theme) -> Vec<Element> {
    let colours = &theme.colours;
    let rule = |name: &'static str| border(name, colours.rule, metrics::TABLE_RULE);
    let rules = |names: &[&'static str]| Element::new("w:tblBorders").children(names.iter().map(|name| rule(name)));
    let none = Length::ZERO;
    let first_row = Element::new("w:tblStylePr")
        .with("w:type", "firstRow")
        .child(
            Element::new("w:rPr")
                .child(Element::new("w:b"))
                .child(Element::new("w:bCs"))
                .child(Element::val("w:color", colours.accent.hex())),
        )
        .child(
            Element::new("w:tcPr")
                .child(Element::new("w:tcBorders").child(border(
                    "w:bottom",
                    colours.accent.mixed(WHITE, 40.0),
                    metrics::HEADER_RULE,
                )))
                .child(shading(colours.tint)),
        );
    let padding = cell_margins(
        metrics::CELL_PADDING_Y,
        metrics::CELL_PADDING_Y - metrics::TABLE_RULE,
        metrics::CELL_PADDING_X,
        metrics::CELL_PADDING_X,
    );
    let normal = Style::new("table", "TableNormal", "Normal Table")
        .with(Element::number("w:uiPriority", 99))
        .with(Element::new("w:semiHidden"))
        .with(Element::new("w:unhideWhenUsed"))
        .with(Element::new("w:tblPr").child(indent()).child(cell_margins(
            none,
            none,
            Length::from_pt(5.4),
            Length::from_pt(5.4),
        )))
        .build()
        .with("w:default", "1");
    let table = |id: &'static str, name: &'static str, borders: Element| {
        Style::new("table", id, name)
            .based_on("TableNormal")
            .with(Element::new("w:tblPr").child(indent()).child(borders).child(padding.clone()))
    };
    let mut styles = vec![
        normal,
        table(DOCUMENT, "Document Table", rules(&["w:bottom", "w:insideH"])).with(first_row.clone()).build(),
        table(CONTROL, "Control Table", rules(&["w:top", "w:bottom", "w:insideH"])).build(),
        table(SIGN_OFF, "Sign-off Table", rules(&["w:bottom", "w:insideH"])).with(first_row).build(),
    ];
    let callouts = [
        (CalloutKind::Glance, "Callout Glance", colours.accent),
        (CalloutKind::Note, "Callout Note", colours.accent),
        (CalloutKind::Important, "Callout Important", colours.caution),
        (CalloutKind::Warning, "Callout Warning", colours.bad),
    ];
    styles.extend(callouts.map(|(kind, name, bar)| callout_style(callout(kind), name, bar, colours.tint)));
    styles.into_iter().map(customise).collect()
}

fn customise(style: Element) -> Element {
    if style.has("w:default") { style } else { style.with("w:customStyle", "1") }
}

fn callout_style(id: &'static str, name: &'static str, bar: Colour, ground: Colour) -> Element {
    let padding = metrics::CALLOUT_PADDING;
    Style::new("table", id, name)
        .based_on("TableNormal")
        .with(
            Element::new("w:tblPr")
                .child(indent())
                .child(Element::new("w:tblBorders").child(border("w:left", bar, metrics::CALLOUT_BAR)))
                .child(cell_margins(padding, padding, padding, padding)),
        )
        .with(Element::new("w:tcPr").child(shading(ground)))
        .build()
}

fn indent() -> Element {
    Element::new("w:tblInd").int("w:w", 0).with("w:type", "dxa")
}

/// A border of a table or cell.
pub(super) fn border(name: &'static str, colour: Colour, width: Length) -> Element {
    Element::val(name, "single").int("w:sz", width.to_eighths()).int("w:space", 0).with("w:color", colour.hex())
}

fn cell_margins(top: Length, bottom: Length, left: Length, right: Length) -> Element {
    let margin =
        |name: &'static str, width: Length| Element::new(name).int("w:w", width.to_twips()).with("w:type", "dxa");
    Element::new("w:tblCellMar")
        .child(margin("w:top", top))
        .child(margin("w:left", left))
        .child(margin("w:bottom", bottom))
        .child(margin("w:right", right))
}
