//! Content controls (`w:sdt`): what the reader fills in.

use super::context::{Context, one_line};
use super::paragraph::Look;
use super::style::Id;
use super::xml::Element;
use crate::model::{EMPTY_BOX, Field, FieldKind};

/// What an empty control shows where the place speaks for itself: blanks wide enough to hit.
const BLANK: &str = "\u{2003}\u{2003}\u{2003}\u{2003}";
/// Word's limit for a control's title.
const TITLE: usize = 64;

/// A field in a sentence: shows its label until it is filled in.
pub(super) fn field(context: &mut Context<'_>, field: &Field) -> Element {
    if field.kind == FieldKind::Checkbox {
        return checkbox(context, field);
    }
    let hint = match field.kind {
        FieldKind::Text => &context.strings.field_text,
        FieldKind::Date => &context.strings.field_date,
        FieldKind::Choice | FieldKind::Checkbox => &context.strings.field_choice,
    };
    let shown = if field.label.trim().is_empty() { hint.clone() } else { field.label.clone() };
    for choice in &field.choices {
        context.check(choice, &[]);
    }
    let kind = kind(context, field.kind, &field.choices);
    control(context, &field.name, &shown, kind, &shown, true)
}

/// A control whose place says what belongs into it: shows nothing, or what is known already.
pub(super) fn blank(
    context: &mut Context<'_>,
    name: &str,
    title: &str,
    field: FieldKind,
    given: Option<&str>,
) -> Element {
    let kind = kind(context, field, &[]);
    control(context, name, title, kind, given.unwrap_or(BLANK), given.is_none())
}

/// The font of boxes in Word's own controls, and in the readers that lack it another that has them.
const BOXES: &str = "MS Gothic";
/// A box that is ticked.
const TICKED: &str = "2612";

/// A box to tick ([MS-DOCX] 2.6.1.11, `w14:checkbox`), empty.
fn checkbox(context: &mut Context<'_>, field: &Field) -> Element {
    let state = |name: &'static str, value: String| Element::new(name).with("w14:val", value).with("w14:font", BOXES);
    let kind = Element::new("w14:checkbox")
        .child(Element::new("w14:checked").with("w14:val", "0"))
        .child(state("w14:checkedState", TICKED.into()))
        .child(state("w14:uncheckedState", format!("{:04X}", u32::from(EMPTY_BOX))));
    let fonts = ["w:ascii", "w:eastAsia", "w:hAnsi"].into_iter();
    let fonts = fonts.fold(Element::new("w:rFonts"), |fonts, name| fonts.with(name, BOXES));
    let run = Element::new("w:r")
        .child(Element::new("w:rPr").child(fonts.with("w:hint", "eastAsia")))
        .child(Element::new("w:t").text(EMPTY_BOX.to_string()));
    Element::new("w:sdt")
        .child(properties(context, &field.name, &field.label).child(kind))
        .child(Element::new("w:sdtContent").child(run))
}

/// What every control has.
fn properties(context: &mut Context<'_>, name: &str, title: &str) -> Element {
    context.check(name, &[]);
    context.check(title, &[]);
    let alias: String = one_line(title).chars().take(TITLE).collect();
    Element::new("w:sdtPr")
        .child(Element::val("w:alias", alias))
        .child(Element::val("w:tag", context.tag(name)))
        .child(Element::number("w:id", context.control_id()))
}

fn control(
    context: &mut Context<'_>,
    name: &str,
    title: &str,
    kind: Option<Element>,
    shown: &str,
    placeholder: bool,
) -> Element {
    let mut properties = properties(context, name, title).children(kind);
    if placeholder {
        properties.push(Element::new("w:showingPlcHdr"));
    }
    let look = if placeholder { Look::of(Id::PlaceholderText) } else { Look::default() };
    let content = context.words(&one_line(shown), look);
    Element::new("w:sdt").child(properties).child(Element::new("w:sdtContent").children(content))
}

/// The element of a kind; free text has none, which makes it a control that keeps its formatting in every reader.
fn kind(context: &Context<'_>, kind: FieldKind, choices: &[String]) -> Option<Element> {
    Some(match kind {
        FieldKind::Text | FieldKind::Checkbox => return None,
        FieldKind::Date => Element::new("w:date")
            .child(Element::val("w:dateFormat", context.strings.language.date_pattern()))
            .child(Element::val("w:lid", context.document.control.language.clone()))
            .child(Element::val("w:storeMappedDataAs", "dateTime"))
            .child(Element::val("w:calendar", "gregorian")),
        FieldKind::Choice => {
            let mut values: Vec<String> = Vec::new();
            for choice in choices.iter().map(|choice| one_line(choice)) {
                // Word opens no list in which a value stands twice.
                if !choice.is_empty() && !values.contains(&choice) {
                    values.push(choice);
                }
            }
            Element::new("w:dropDownList").children(
                values.into_iter().map(|value| {
                    Element::new("w:listItem").with("w:displayText", value.clone()).with("w:value", value)
                }),
            )
        }
    })
}
