//! What styles are made of: what each is called, and how its element is put together.

use super::xml::Element;
use crate::length::Length;
use crate::theme::{Colour, metrics};

/// A style of a paragraph, run or table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Id {
    /// The organisation's name on the first page.
    Organisation,
    /// The document's title.
    Title,
    /// Kind, number and classification.
    Subtitle,
    /// The label of the history.
    Label,
    /// The label of the contents.
    TocHeading,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// An entry of the contents of level 1 to 3.
    Toc(u8),
    /// A caption above its table.
    Caption,
    /// A caption below its picture.
    FigureCaption,
    /// The line that holds a picture.
    Figure,
    /// Any item of a list.
    ListParagraph,
    /// A bulleted item.
    ListBullet,
    /// A numbered item.
    ListNumber,
    /// A further paragraph of an item.
    ListContinue,
    /// A cell.
    TableText,
    /// A label in the control table.
    TableLabel,
    /// A header cell.
    TableHeading,
    /// A row that heads the rows below it.
    TableBand,
    /// The heading of a callout.
    CalloutTitle,
    /// The heading of a callout that warns.
    CalloutWarningTitle,
    /// The text of a callout.
    CalloutText,
    /// A quotation.
    Quote,
    /// A term that is defined.
    Term,
    /// What a term means.
    Definition,
    /// Preformatted text.
    CodeBlock,
    /// The paragraph that Word needs after a table that ends a section.
    SectionEnd,
    /// Page header.
    Header,
    /// Page footer.
    Footer,
    /// A footnote.
    FootnoteText,
    /// A footnote's mark.
    FootnoteReference,
    /// A link.
    Hyperlink,
    /// Strong emphasis.
    Strong,
    /// Emphasis.
    Emphasis,
    /// Code in a sentence.
    Code,
    /// What an empty field shows.
    PlaceholderText,
    /// The mark of a good state.
    StatusGood,
    /// The mark of a state on the way.
    StatusCaution,
    /// The mark of a bad state.
    StatusBad,
    /// The mark of a state that is neither.
    StatusNeutral,
    /// The mark after a figure that nobody has decided.
    Proposed,
    /// A value from data.
    Value,
    /// A value with strong emphasis.
    ValueStrong,
    /// A value with emphasis.
    ValueEmphasis,
    /// A value that is code.
    ValueCode,
    /// A value that is a link.
    ValueLink,
}

impl Id {
    /// The style's id in the file.
    pub(super) fn id(self) -> &'static str {
        match self {
            Id::Organisation => "Organisation",
            Id::Title => "Title",
            Id::Subtitle => "Subtitle",
            Id::Label => "FrontLabel",
            Id::TocHeading => "TOCHeading",
            Id::Heading(level) => {
                ["Heading1", "Heading2", "Heading3", "Heading4", "Heading5", "Heading6"][nth(level, 6)]
            }
            Id::Toc(level) => ["TOC1", "TOC2", "TOC3"][nth(level, 3)],
            Id::Caption => "Caption",
            Id::FigureCaption => "FigureCaption",
            Id::Figure => "Figure",
            Id::ListParagraph => "ListParagraph",
            Id::ListBullet => "ListBullet",
            Id::ListNumber => "ListNumber",
            Id::ListContinue => "ListContinue",
            Id::TableText => "TableText",
            Id::TableLabel => "TableLabel",
            Id::TableHeading => "TableHeading",
            Id::TableBand => "TableBand",
            Id::CalloutTitle => "CalloutTitle",
            Id::CalloutWarningTitle => "CalloutWarningTitle",
            Id::CalloutText => "CalloutText",
            Id::Quote => "Quote",
            Id::Term => "DefinitionTerm",
            Id::Definition => "DefinitionText",
            Id::CodeBlock => "CodeBlock",
            Id::SectionEnd => "SectionEnd",
            Id::Header => "Header",
            Id::Footer => "Footer",
            Id::FootnoteText => "FootnoteText",
            Id::FootnoteReference => "FootnoteReference",
            Id::Hyperlink => "Hyperlink",
            Id::Strong => "Strong",
            Id::Emphasis => "Emphasis",
            Id::Code => "HTMLCode",
            Id::PlaceholderText => "PlaceholderText",
            Id::StatusGood => "StatusGood",
            Id::StatusCaution => "StatusCaution",
            Id::StatusBad => "StatusBad",
            Id::StatusNeutral => "StatusNeutral",
            Id::Proposed => "Proposed",
            Id::Value => "FolioValue",
            Id::ValueStrong => "FolioValueStrong",
            Id::ValueEmphasis => "FolioValueEmphasis",
            Id::ValueCode => "FolioValueCode",
            Id::ValueLink => "FolioValueLink",
        }
    }
}

pub(super) fn nth(level: u8, levels: usize) -> usize {
    usize::from(level.max(1) - 1).min(levels - 1)
}

/// The space that a style asks for above its paragraphs.
pub(super) fn space_before(style: Option<Id>) -> Length {
    match style {
        Some(Id::Heading(level)) => metrics::HEADING_BEFORE[nth(level, 4)],
        Some(Id::Label | Id::TocHeading) => metrics::LABEL_BEFORE,
        Some(Id::Caption) => metrics::CAPTION_BEFORE,
        _ => Length::ZERO,
    }
}

/// `w:rFonts` for one family in every script.
pub(super) fn fonts(family: &str) -> Element {
    let mut fonts = Element::new("w:rFonts");
    for script in ["w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"] {
        fonts = fonts.with(script, family.to_owned());
    }
    fonts
}

/// A style in the making.
#[derive(Debug)]
pub(super) struct Style {
    element: Element,
    paragraph: Element,
    run: Element,
}

impl Style {
    /// A style by kind, id and name.
    pub(super) fn new(kind: &'static str, id: &'static str, name: &'static str) -> Style {
        let element =
            Element::new("w:style").with("w:type", kind).with("w:styleId", id).child(Element::val("w:name", name));
        Style { element, paragraph: Element::new("w:pPr"), run: Element::new("w:rPr") }
    }

    pub(super) fn paragraph(id: Id, name: &'static str) -> Style {
        Style::new("paragraph", id.id(), name).custom(name).based_on("Normal")
    }

    /// A style of runs.
    pub(super) fn character(id: Id, name: &'static str) -> Style {
        Style::new("character", id.id(), name).custom(name).based_on("DefaultParagraphFont")
    }

    /// Marks a style whose name Word does not know as built in.
    pub(super) fn custom(mut self, name: &str) -> Style {
        if !BUILT_IN.contains(&name) {
            self.element = self.element.with("w:customStyle", "1");
        }
        self
    }

    /// What it inherits from.
    pub(super) fn based_on(mut self, id: &'static str) -> Style {
        self.element.push(Element::val("w:basedOn", id));
        self
    }

    pub(super) fn next(mut self, id: &'static str) -> Style {
        self.element.push(Element::val("w:next", id));
        self
    }

    /// Shown in Word's gallery, at a place.
    pub(super) fn gallery(mut self, priority: i64) -> Style {
        self.element.push(Element::number("w:uiPriority", priority));
        self.element.push(Element::new("w:qFormat"));
        self
    }

    /// Any other child of the style.
    pub(super) fn with(mut self, element: Element) -> Style {
        self.element.push(element);
        self
    }

    /// A property of its paragraphs.
    pub(super) fn p(mut self, property: Element) -> Style {
        self.paragraph.push(property);
        self
    }

    pub(super) fn p_flag(self, name: &'static str) -> Style {
        self.p(Element::new(name))
    }

    /// A property of its runs.
    pub(super) fn r(mut self, property: Element) -> Style {
        self.run.push(property);
        self
    }

    pub(super) fn spacing(self, before: Length, after: Length, line: Length) -> Style {
        self.p(spacing(before, after, line))
    }

    pub(super) fn indent(self, left: Length) -> Style {
        self.p(Element::new("w:ind").int("w:left", left.to_twips()))
    }

    /// The size of its text.
    pub(super) fn size(self, size: Length) -> Style {
        self.r(Element::number("w:sz", size.to_half_points())).r(Element::number("w:szCs", size.to_half_points()))
    }

    /// Bold text.
    pub(super) fn bold(self) -> Style {
        self.r(Element::new("w:b")).r(Element::new("w:bCs"))
    }

    /// The colour of its text.
    pub(super) fn colour(self, colour: Colour) -> Style {
        self.r(Element::val("w:color", colour.hex()))
    }

    /// The element.
    pub(super) fn build(mut self) -> Element {
        for properties in [self.paragraph, self.run] {
            if !properties.is_empty() {
                self.element.push(properties);
            }
        }
        self.element
    }
}

/// Names of styles that Word has itself.
const BUILT_IN: &[&str] = &[
    "Title",
    "Subtitle",
    "TOC Heading",
    "caption",
    "List Paragraph",
    "List Bullet",
    "List Number",
    "List Continue",
    "Quote",
    "header",
    "footer",
    "footnote text",
    "footnote reference",
    "Hyperlink",
    "Strong",
    "Emphasis",
    "HTML Code",
    "Placeholder Text",
];

pub(super) fn spacing(before: Length, after: Length, line: Length) -> Element {
    Element::new("w:spacing")
        .int("w:before", before.to_twips())
        .int("w:after", after.to_twips())
        .int("w:line", line.to_twips())
        .with("w:lineRule", "atLeast")
}

/// A ground colour.
pub(super) fn shading(colour: Colour) -> Element {
    Element::val("w:shd", "clear").with("w:color", "auto").with("w:fill", colour.hex())
}

/// A tab stop.
pub(super) fn tab(kind: &'static str, at: Length) -> Element {
    Element::val("w:tab", kind).int("w:pos", at.to_twips())
}
