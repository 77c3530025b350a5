//! The language of a file, and which way its lines run.

use super::xml::Element;
use crate::language::{Direction, Language};

/// The languages that a file names: of Latin text, of East Asian text, and of text that is written from the right.
pub(super) struct Tongues {
    latin: String,
    east_asian: String,
    complex: String,
}

impl Tongues {
    /// Those of a document. A script that is not its language's own is that of the most readers, as Word has it.
    pub(super) fn of(tag: &str, language: &Language) -> Tongues {
        let own = |is_own: bool, usual: &str| if is_own { tag.to_owned() } else { usual.to_owned() };
        Tongues {
            latin: tag.to_owned(),
            east_asian: own(matches!(language.language(), "ja" | "ko" | "zh" | "yue"), "zh-CN"),
            complex: own(language.direction() == Direction::RightToLeft, "ar-SA"),
        }
    }

    /// An element that names all three.
    pub(super) fn element(&self, name: &'static str) -> Element {
        Element::val(name, self.latin.clone())
            .with("w:eastAsia", self.east_asian.clone())
            .with("w:bidi", self.complex.clone())
    }
}

/// A part whose lines run from the right: every paragraph, section and table says so, and so does what is written later.
pub(super) fn from_the_right(mut root: Element) -> Element {
    turn(&mut root);
    root
}

fn turn(element: &mut Element) {
    match element.name {
        "w:sectPr" => element.push(Element::new("w:bidi")),
        "w:tbl" => say(element, "w:tblPr", "w:bidiVisual"),
        "w:p" | "w:pPrDefault" => say(element, "w:pPr", "w:bidi"),
        _ => {}
    }
    element.elements_mut().for_each(turn);
}

/// Adds a word to the properties of an element, and those where there are none.
fn say(element: &mut Element, properties: &'static str, word: &'static str) {
    if let Some(known) = element.elements_mut().find(|child| child.name == properties) {
        known.push(Element::new(word));
        return;
    }
    element.push(Element::new(properties).child(Element::new(word)));
}
