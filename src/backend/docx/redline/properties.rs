//! Properties: those of the new, and in a `…Change` those that the old had.

use super::super::xml::Element;
use super::pen::Pen;

/// The name of the element that holds the old properties.
fn change_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "w:rPr" => "w:rPrChange",
        "w:pPr" => "w:pPrChange",
        "w:sectPr" => "w:sectPrChange",
        "w:tblPr" => "w:tblPrChange",
        "w:trPr" => "w:trPrChange",
        "w:tcPr" => "w:tcPrChange",
        _ => return None,
    })
}

/// The properties of the new, with the old ones where they differ; none where neither has any.
pub(super) fn changed(
    pen: &mut Pen<'_>,
    name: &'static str,
    old: Option<&Element>,
    new: Option<&Element>,
) -> Option<Element> {
    let is_none = |properties: Option<&Element>| properties.is_none_or(Element::is_empty);
    if old == new || is_none(old) && is_none(new) {
        return new.cloned();
    }
    let Some(change) = change_of(name) else { return new.cloned() };
    let mut was = old.cloned().unwrap_or_else(|| Element::new(name));
    if name == "w:sectPr" {
        // What a section refers to is not tracked.
        let kept = was.take_elements().into_iter().filter(|child| !is_reference(child));
        was = Element::new(name).children(kept);
        if new.is_some_and(|new| new.elements().filter(|child| !is_reference(child)).eq(was.elements())) {
            return new.cloned();
        }
    }
    let change = pen.mark(change).child(was);
    Some(new.cloned().unwrap_or_else(|| Element::new(name)).child(change))
}

/// Whether an element of a section's properties says which header or footer it has.
pub(super) fn is_reference(element: &Element) -> bool {
    matches!(element.name, "w:headerReference" | "w:footerReference")
}
