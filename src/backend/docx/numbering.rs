//! The numbering part: headings by their styles, bullets, and one instance for each numbered list.

use std::collections::BTreeMap;

use super::style::Id;
use super::xml::Element;
use crate::length::Length;
use crate::theme::{Theme, metrics};

/// The instance that numbers headings.
pub(super) const HEADINGS: i64 = 1;
/// The instance of all bulleted lists.
pub(super) const BULLETS: i64 = 2;
/// The instance of the style `List Number` itself, for those who write on by hand.
pub(super) const NUMBERS: i64 = 3;
/// Among how many instances lists are spread: Word's own limit for the lists of a file is a little above.
const INSTANCES: i64 = 1_997;
/// Levels that Word's numbering has.
pub(super) const LEVELS: usize = 9;

/// The numbered lists of a document: each starts anew.
#[derive(Debug, Default)]
pub(super) struct Lists {
    starts: BTreeMap<i64, (i64, u32)>,
}

impl Lists {
    /// An instance for a list that begins with `start` on a level. A list of a name has the same one in every version of
    /// a document, whatever lists come and go around it: else each would differ in a comparison. One that begins otherwise
    /// has another: a file that holds both versions needs two, and neither may take the number of the other.
    pub(super) fn begin(&mut self, level: i64, start: u32, name: &str) -> i64 {
        let begins = level * 31 + i64::from(start) - 1;
        let wanted = name.bytes().map(i64::from).chain([begins]).fold(0, |sum, it| (sum * 31 + it) % INSTANCES);
        let mut instance = NUMBERS + 1 + wanted;
        while self.starts.contains_key(&instance) {
            instance += 1;
        }
        self.starts.insert(instance, (level, start));
        instance
    }

    /// The part.
    pub(super) fn part(&self, theme: &Theme) -> Element {
        let mut root = super::root("w:numbering")
            .child(definition(0, "multilevel", "4F0A1C01", (0..LEVELS).map(heading_level)))
            .child(definition(1, "hybridMultilevel", "4F0A1C02", (0..LEVELS).map(|at| bullet_level(at, theme))))
            .child(definition(2, "multilevel", "4F0A1C03", (0..LEVELS).map(|at| number_level(at, theme))));
        for (instance, definition) in [(HEADINGS, 0), (BULLETS, 1), (NUMBERS, 2)] {
            root.push(instance_of(instance, definition));
        }
        for (instance, (level, start)) in &self.starts {
            let restart = Element::new("w:lvlOverride")
                .int("w:ilvl", *level)
                .child(Element::number("w:startOverride", i64::from(*start)));
            root.push(instance_of(*instance, 2).child(restart));
        }
        root
    }
}

fn instance_of(instance: i64, definition: i64) -> Element {
    Element::new("w:num").int("w:numId", instance).child(Element::number("w:abstractNumId", definition))
}

fn definition(id: i64, kind: &'static str, mark: &'static str, levels: impl Iterator<Item = Element>) -> Element {
    Element::new("w:abstractNum")
        .int("w:abstractNumId", id)
        .child(Element::val("w:nsid", mark))
        .child(Element::val("w:multiLevelType", kind))
        .child(Element::val("w:tmpl", mark))
        .children(levels)
}

fn level(at: usize, format: &'static str, style: Option<Id>, text: String, left: Length, hanging: Length) -> Element {
    let mut level = Element::new("w:lvl")
        .int("w:ilvl", at as i64)
        .child(Element::number("w:start", 1))
        .child(Element::val("w:numFmt", format));
    if let Some(style) = style {
        level.push(Element::val("w:pStyle", style.id()));
    }
    let indent = Element::new("w:ind").int("w:left", left.to_twips()).int("w:hanging", hanging.to_twips());
    let tabs = Element::new("w:tabs").child(super::style::tab("num", left));
    level
        .child(Element::val("w:lvlText", text))
        .child(Element::val("w:lvlJc", "left"))
        .child(Element::new("w:pPr").child(tabs).child(indent))
}

/// `3.2` and a tab, for the styles Heading 1 to 6.
fn heading_level(at: usize) -> Element {
    let text = (1..=at + 1).map(|level| format!("%{level}")).collect::<Vec<_>>().join(".");
    let indent = metrics::HEADING_INDENT[at.min(metrics::HEADING_INDENT.len() - 1)];
    let style = (at < 6).then(|| Id::Heading(at as u8 + 1));
    level(at, "decimal", style, text, indent, indent)
}

fn bullet_level(at: usize, theme: &Theme) -> Element {
    let mark = if at == 0 { "\u{2022}" } else { "\u{2013}" };
    let style = (at == 0).then_some(Id::ListBullet);
    level(at, "bullet", style, mark.to_owned(), indent(at), metrics::LIST_INDENT).child(marker(theme))
}

fn number_level(at: usize, theme: &Theme) -> Element {
    let format = ["decimal", "lowerLetter", "lowerRoman"][at % 3];
    let style = (at == 0).then_some(Id::ListNumber);
    level(at, format, style, format!("%{}.", at + 1), indent(at), metrics::LIST_INDENT).child(marker(theme))
}

/// Bullets and numbers are set in the accent, never bold or italic with the text behind them.
fn marker(theme: &Theme) -> Element {
    Element::new("w:rPr")
        .child(Element::val("w:b", "0"))
        .child(Element::val("w:i", "0"))
        .child(Element::val("w:color", theme.colours.accent.hex()))
}

/// How far the text of a level is indented.
pub(super) fn indent(level: usize) -> Length {
    Length::from_emu(metrics::LIST_INDENT.emu() * (level as i64 + 1))
}
