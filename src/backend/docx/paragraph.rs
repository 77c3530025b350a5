//! Paragraphs, runs and what stands in them: `w:p`, `w:r`, fields, hyperlinks, bookmarks.

use super::context::{Context, Holds};
use super::style::{self, Id};
use super::xml::Element;
use super::{anchors, character_styles, content_controls};
use crate::appended;
use crate::length::Length;
use crate::model::{Align, Inline, PROPOSED, Reference, Text, Tone};
use crate::theme::metrics;

/// A paragraph in the making. What is not set comes from its style.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    /// Its style; body text when absent.
    pub(super) style: Option<Id>,
    /// The instance and level of its numbering; instance 0 takes the style's numbering away.
    pub(super) numbering: Option<(i64, i64)>,
    /// Space before, when not the style's.
    pub(super) before: Option<Length>,
    /// Space after, when not the style's.
    pub(super) after: Option<Length>,
    /// Left indent and how far the first line hangs in it, when not the style's.
    pub(super) indent: Option<(Length, Length)>,
    /// Alignment, when not at the left.
    pub(super) align: Option<Align>,
    /// Whether it stands at the foot of its page, across the text's width.
    pub(super) foot: Option<Length>,
    /// Whether text stands on the middle of a picture in its line.
    pub(super) is_centred: bool,
    /// Whether it begins a page.
    pub(super) page_break: bool,
    /// Whether it stays with the next one, beyond what the style says.
    pub(super) keep_next: bool,
    /// Tab stops: position and whether it is centred, at the right, or led by dots.
    pub(super) tabs: Vec<Element>,
    /// The section that ends with it.
    pub(super) section: Option<Element>,
    /// Runs and other content.
    pub(super) content: Vec<Element>,
}

impl Paragraph {
    /// A paragraph of a style.
    pub(super) fn new(style: Option<Id>, content: Vec<Element>) -> Paragraph {
        Paragraph { style, content, ..Paragraph::default() }
    }

    /// What there is space for above it: its own wish or its style's.
    pub(super) fn space_before(&self) -> Length {
        self.before.unwrap_or_else(|| style::space_before(self.style))
    }

    /// The element.
    pub(super) fn build(self) -> Element {
        let mut properties = Element::new("w:pPr");
        if let Some(style) = self.style {
            properties.push(Element::val("w:pStyle", style.id()));
        }
        if self.keep_next {
            properties.push(Element::new("w:keepNext"));
        }
        if self.page_break {
            properties.push(Element::new("w:pageBreakBefore"));
        }
        if let Some(width) = self.foot {
            properties.push(
                Element::new("w:framePr")
                    .int("w:w", width.to_twips())
                    .with("w:wrap", "notBeside")
                    .with("w:vAnchor", "margin")
                    .with("w:hAnchor", "margin")
                    .with("w:xAlign", "left")
                    .with("w:yAlign", "bottom"),
            );
        }
        if let Some((instance, level)) = self.numbering {
            properties.push(
                Element::new("w:numPr")
                    .child(Element::number("w:ilvl", level))
                    .child(Element::number("w:numId", instance)),
            );
        }
        if !self.tabs.is_empty() {
            properties.push(Element::new("w:tabs").children(self.tabs));
        }
        if self.before.is_some() || self.after.is_some() {
            let mut spacing = Element::new("w:spacing");
            if let Some(before) = self.before {
                spacing = spacing.int("w:before", before.to_twips());
            }
            if let Some(after) = self.after {
                spacing = spacing.int("w:after", after.to_twips());
            }
            properties.push(spacing);
        }
        if let Some((left, hanging)) = self.indent {
            let mut indent = Element::new("w:ind").int("w:left", left.to_twips());
            indent = match hanging.to_twips() {
                0 => indent.int("w:firstLine", 0),
                hanging => indent.int("w:hanging", hanging),
            };
            properties.push(indent);
        }
        match self.align {
            Some(Align::Center) => properties.push(Element::val("w:jc", "center")),
            Some(Align::Right) => properties.push(Element::val("w:jc", "right")),
            Some(Align::Left) | None => {}
        }
        if self.is_centred {
            properties.push(Element::val("w:textAlignment", "center"));
        }
        if let Some(section) = self.section {
            properties.push(section);
        }
        let mut paragraph = Element::new("w:p");
        if !properties.is_empty() {
            paragraph.push(properties);
        }
        paragraph.children(self.content)
    }
}

/// How a run looks beyond its paragraph.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    /// Its character style.
    pub(super) style: Option<Id>,
    /// Bold, absolutely: a character style's bold would undo that of a bold paragraph.
    pub(super) bold: bool,
    /// Italic, absolutely.
    pub(super) italic: bool,
    /// In the face for code.
    pub(super) code: bool,
    /// The size of code, where the text around it is not body text.
    pub(super) code_size: Option<Length>,
    /// Whether it is a value from data, which changes nothing that one sees.
    pub(super) value: bool,
}

impl Look {
    /// The look of a character style.
    pub(super) fn of(style: Id) -> Look {
        Look { style: Some(style), ..Look::default() }
    }

    /// The look of text of a size that is not body text's.
    pub(super) fn sized(size: Length) -> Look {
        Look { code_size: Some(size.percent(metrics::CODE_SIZE)), ..Look::default() }
    }

    fn properties(self, rtl: bool, code_font: &str) -> Option<Element> {
        let mut properties = Element::new("w:rPr");
        let style = if self.value { Some(character_styles::of_value(self.style)) } else { self.style };
        if let Some(style) = style {
            properties.push(Element::val("w:rStyle", style.id()));
        }
        if self.code && self.style != Some(Id::Code) {
            properties.push(style::fonts(code_font));
        }
        for (wanted, names) in [(self.bold, ["w:b", "w:bCs"]), (self.italic, ["w:i", "w:iCs"])] {
            if wanted {
                names.into_iter().for_each(|name| properties.push(Element::new(name)));
            }
        }
        if let Some(size) = self.code_size.filter(|_| self.code) {
            let size = size.to_half_points();
            ["w:sz", "w:szCs"].into_iter().for_each(|name| properties.push(Element::number(name, size)));
        }
        if rtl {
            properties.push(Element::new("w:rtl"));
        }
        (!properties.is_empty()).then_some(properties)
    }
}

/// A run around one element, such as a footnote's mark.
pub(super) fn run_of(element: Element, look: Look) -> Element {
    let mut run = Element::new("w:r");
    if let Some(properties) = look.properties(false, "") {
        run.push(properties);
    }
    run.child(element)
}

impl Context<'_> {
    /// The runs of a text: one for each direction of writing.
    pub(super) fn runs(&mut self, text: &str, look: Look) -> Vec<Element> {
        directions(text, self.is_rtl())
            .into_iter()
            .map(|(rtl, part)| {
                let mut run = Element::new("w:r");
                if let Some(properties) = look.properties(rtl, &self.theme.fonts.code.word) {
                    run.push(properties);
                }
                run.children(characters(part))
            })
            .collect()
    }

    /// The runs of a text of the engine's own data, checked.
    pub(super) fn words(&mut self, text: &str, look: Look) -> Vec<Element> {
        self.check(text, &[]);
        self.runs(text, look)
    }

    /// The runs of some words, checked.
    pub(super) fn texts(&mut self, texts: &[Text], look: Look) -> Vec<Element> {
        texts.iter().flat_map(|text| self.text(text, look)).collect()
    }

    fn text(&mut self, text: &Text, look: Look) -> Vec<Element> {
        self.check(&text.text, &text.from);
        let mut runs = self.runs(&text.text, Look { value: text.computed || !text.from.is_empty(), ..look });
        runs.extend(text.proposed.then(|| self.proposed(text)));
        runs
    }

    /// The mark after what is proposed: it leads to the list of it, and says what it means to those who do not see it.
    /// Where the mark itself is spoken of, it leads nowhere.
    fn proposed(&mut self, text: &Text) -> Element {
        let mut run = Element::new("w:r");
        if let Some(properties) = Look::of(Id::Proposed).properties(false, "") {
            run.push(properties);
        }
        let run = run.children(characters(PROPOSED));
        match (self.bookmark(appended::PROPOSED), self.strings.proposed()) {
            (Some(bookmark), Some(words)) if !text.text.is_empty() => Element::new("w:hyperlink")
                .with("w:anchor", bookmark.name)
                .with("w:tooltip", words.mark)
                .int("w:history", 1)
                .child(run),
            _ => run,
        }
    }

    /// The content of a paragraph.
    pub(super) fn inlines(&mut self, content: &[Inline<Reference>], look: Look) -> Vec<Element> {
        let mut out = Vec::with_capacity(content.len());
        for inline in content {
            self.inline(inline, look, &mut out);
        }
        out
    }

    fn inline(&mut self, inline: &Inline<Reference>, look: Look, out: &mut Vec<Element>) {
        match inline {
            Inline::Text(text) => out.extend(self.text(text, look)),
            Inline::Strong { content } => {
                let style = look.style.or(Some(Id::Strong));
                out.extend(self.inlines(content, Look { style, bold: true, ..look }));
            }
            Inline::Emphasis { content } => {
                let style = look.style.or(Some(Id::Emphasis));
                out.extend(self.inlines(content, Look { style, italic: true, ..look }));
            }
            Inline::Code(text) => {
                let style = if look.style == Some(Id::Hyperlink) { look.style } else { Some(Id::Code) };
                out.extend(self.text(text, Look { style, code: true, ..look }));
            }
            Inline::Status { tone, text } => {
                let (style, mark) = match tone {
                    Tone::Good => (Id::StatusGood, "\u{25cf}\u{a0}"),
                    Tone::Caution => (Id::StatusCaution, "\u{25b2}\u{a0}"),
                    Tone::Bad => (Id::StatusBad, "\u{25a0}\u{a0}"),
                    Tone::Neutral => (Id::StatusNeutral, "\u{25cb}\u{a0}"),
                };
                out.extend(self.runs(mark, Look::of(style)));
                out.extend(self.text(text, look));
            }
            // It looks like a place that is still to be filled in: that is what it is.
            Inline::Unrecorded(text) => {
                self.check(&text.text, &[]);
                out.extend(self.runs(&text.text, Look { style: Some(Id::PlaceholderText), ..look }));
            }
            Inline::Link { url, content } => {
                self.check(url, &[]);
                let id = self.relationships.hyperlink(url);
                let inner = self.inlines(content, Look { style: Some(Id::Hyperlink), ..look });
                out.push(Element::new("w:hyperlink").with("r:id", id).int("w:history", 1).children(inner));
            }
            Inline::Reference(reference) => self.reference(reference, look, out),
            Inline::Footnote { number } => self.footnote_mark(*number, look, out),
            Inline::Field(field) => out.push(content_controls::field(self, field)),
            Inline::LineBreak => out.push(run_of(Element::new("w:br"), look)),
        }
    }

    /// A reference: a field for its number where Word can find it again, else a link, else words.
    fn reference(&mut self, reference: &Reference, look: Look, out: &mut Vec<Element>) {
        self.check(&reference.text, &[]);
        let label = reference.label.as_deref().filter(|_| reference.document.is_none());
        let Some(bookmark) = label.and_then(|label| self.bookmark(label)) else {
            out.extend(self.runs(&reference.text, look));
            return;
        };
        let number = reference.field.as_deref().filter(|field| !field.is_empty() && bookmark.holds != Holds::Place);
        match number.and_then(|number| reference.text.split_once(number).map(|around| (number, around))) {
            Some((number, (before, after))) => {
                let instruction = match bookmark.holds {
                    Holds::Heading => format!(" REF {} \\n \\h ", bookmark.name),
                    _ => format!(" REF {} \\h ", bookmark.name),
                };
                out.extend(self.runs(before, look));
                let cached = self.runs(number, look);
                out.extend(field(&instruction, cached, look));
                out.extend(self.runs(after, look));
            }
            None => {
                let inner = self.runs(&reference.text, look);
                out.push(
                    Element::new("w:hyperlink").with("w:anchor", bookmark.name).int("w:history", 1).children(inner),
                );
            }
        }
    }

    /// A footnote's mark. A second mark of the same note refers to the first.
    fn footnote_mark(&mut self, number: u32, look: Look, out: &mut Vec<Element>) {
        let mark = Look { style: Some(Id::FootnoteReference), ..look };
        if self.footnotes.contains(&number) || !self.document.footnotes.contains_key(&number) {
            out.extend(self.runs(&number.to_string(), mark));
            return;
        }
        self.footnotes.push(number);
        let id = self.footnotes.len() as i64;
        out.push(run_of(Element::new("w:footnoteReference").int("w:id", id), mark));
    }

    /// Content between the ends of a label's bookmark.
    pub(super) fn bookmarked(&self, label: Option<&str>, content: Vec<Element>) -> Vec<Element> {
        match label.and_then(|label| self.bookmark(label)) {
            Some(bookmark) => anchors::bookmark(bookmark.id, bookmark.name, content),
            None => content,
        }
    }
}

/// A complex field with the text that it shows until it is updated.
pub(super) fn field(instruction: &str, cached: Vec<Element>, look: Look) -> Vec<Element> {
    std::iter::once(field_code(instruction, look)).chain(cached).chain([field_end(look)]).collect()
}

/// The begin of a field: one run with its instruction, so that simple readers that look at runs alone find its text.
pub(super) fn field_code(instruction: &str, look: Look) -> Element {
    let character = |kind: &'static str| Element::new("w:fldChar").with("w:fldCharType", kind);
    let code = Element::new("w:instrText").with("xml:space", "preserve").text(instruction);
    run_of(character("begin"), look).child(code).child(character("separate"))
}

/// The end of a field.
pub(super) fn field_end(look: Look) -> Element {
    run_of(Element::new("w:fldChar").with("w:fldCharType", "end"), look)
}

/// A run's characters: text, tabs and line breaks, each as Word wants it.
fn characters(text: &str) -> Vec<Element> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\t', '\n', '\r']) {
        push_text(&rest[..at], &mut out);
        let tail = &rest[at..];
        let (element, length) = match tail.as_bytes() {
            [b'\t', ..] => ("w:tab", 1),
            [b'\r', b'\n', ..] => ("w:br", 2),
            _ => ("w:br", 1),
        };
        out.push(Element::new(element));
        rest = &tail[length..];
    }
    push_text(rest, &mut out);
    out
}

/// A run's text under a name, with its blanks.
pub(super) fn text_of(name: &'static str, text: &str) -> Element {
    let blank = |c: char| c.is_whitespace();
    let mut element = Element::new(name);
    if text.starts_with(blank) || text.ends_with(blank) || text.contains("  ") {
        element = element.with("xml:space", "preserve");
    }
    element.text(text)
}

fn push_text(text: &str, out: &mut Vec<Element>) {
    if !text.is_empty() {
        out.push(text_of("w:t", text));
    }
}

/// A text cut where its direction changes; `true` marks what is written from right to left. Blanks and marks between
/// two words of one direction belong to it; at its ends they belong to the text around it, whose direction is `base`.
fn directions(text: &str, base: bool) -> Vec<(bool, &str)> {
    let mut parts: Vec<(bool, &str)> = Vec::new();
    let (mut start, mut rtl, mut strong_end) = (0, base, 0);
    for (at, character) in text.char_indices() {
        let next = if is_rtl(character) {
            true
        } else if character.is_alphabetic() {
            false
        } else {
            continue;
        };
        if next != rtl {
            let cut = if rtl == base { at } else { strong_end };
            if cut > start {
                parts.push((rtl, &text[start..cut]));
            }
            (start, rtl) = (cut, next);
        }
        strong_end = at + character.len_utf8();
    }
    let cut = if rtl == base { text.len() } else { strong_end };
    for (rtl, part) in [(rtl, &text[start..cut]), (base, &text[cut..])] {
        if !part.is_empty() {
            parts.push((rtl, part));
        }
    }
    parts
}

/// Whether a character is a letter of a script that runs from right to left.
fn is_rtl(character: char) -> bool {
    matches!(u32::from(character),
        0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff)
}

/// The plain words of some content, on one line: for contents, descriptions and properties.
pub(super) fn plain(content: &[Inline<Reference>]) -> String {
    fn collect(content: &[Inline<Reference>], out: &mut String) {
        for inline in content {
            match inline {
                Inline::Text(text) | Inline::Code(text) | Inline::Unrecorded(text) | Inline::Status { text, .. } => {
                    out.push_str(&text.text)
                }
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    collect(content, out);
                }
                Inline::Reference(reference) => out.push_str(&reference.text),
                Inline::Field(field) => out.push_str(&field.label),
                Inline::LineBreak => out.push(' '),
                Inline::Footnote { .. } => {}
            }
        }
    }
    let mut out = String::new();
    collect(content, &mut out);
    super::context::one_line(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_where_its_direction_changes() {
        let directions = |text| directions(text, false);
        assert_eq!(directions("plain"), [(false, "plain")]);
        assert_eq!(directions("see שלום עולם, now"), [(false, "see "), (true, "שלום עולם"), (false, ", now")]);
        assert_eq!(directions("שלום (2)"), [(true, "שלום"), (false, " (2)")]);
        assert_eq!(directions(""), []);
    }

    #[test]
    fn in_a_text_from_the_right_marks_and_figures_are_its_own() {
        let directions = |text| directions(text, true);
        assert_eq!(directions("שלום (2), Ada!"), [(true, "שלום (2), "), (false, "Ada"), (true, "!")]);
        assert_eq!(directions("Ada Vale"), [(false, "Ada Vale")]);
        assert_eq!(directions("2026"), [(true, "2026")]);
        assert_eq!(directions(""), []);
    }

    #[test]
    fn line_ends_and_tabs_are_elements() {
        let names: Vec<&str> = characters("a\r\nb\tc\rd\n").iter().map(|e| e.name).collect();
        assert_eq!(names, ["w:t", "w:br", "w:t", "w:tab", "w:t", "w:br", "w:t", "w:br"]);
    }
}
