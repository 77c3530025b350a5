//! Whether the fonts have every character of a document: without a PDF standard, Typst would leave a gap.

use std::collections::BTreeSet;

use ecow::EcoString;
use typst::text::is_default_ignorable;
use unicode_normalization::UnicodeNormalization as _;

use super::fit::PLAIN_SIGNS;
use super::fonts::Fonts;
use crate::diagnostic::codes::typeset as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span, nearest};
use crate::model::{Block, Control, Document, Inline, Node, Origin, Reference, Text, walk};
use crate::strings::Strings;
use crate::theme::{Part, Piece, SYMBOLS, Theme};

/// The characters that a theme's families have.
pub(super) struct Coverage {
    body: Vec<Family>,
    code: Vec<Family>,
}

/// What each of a family's faces has. A character counts when all have it, so that bold text has no gaps either.
#[derive(Clone)]
struct Family(Vec<typst::text::Coverage>);

impl Coverage {
    /// # Errors
    /// When the theme names a family that nobody has.
    pub(super) fn new(fonts: &Fonts, theme: &Theme) -> Result<Coverage, Sink> {
        let mut sink = Sink::new();
        let names: Vec<&str> = fonts.book.families().map(|(name, _)| name).collect();
        let mut select = |name: &str, key: String| {
            let indices = fonts.book.select_family(&name.to_lowercase());
            let faces: Vec<_> =
                indices.filter_map(|index| Some(fonts.fonts.get(index)?.info().coverage.clone())).collect();
            if faces.is_empty() {
                let problem =
                    Diagnostic::fault(&codes::FAMILY_MISSING, format!("no font file has the family `{name}`"))
                        .path(key);
                sink.push(match nearest(name, names.iter().copied()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem.help(format!(
                        "there are: {}; a pack adds files in `fonts/`, a workspace under `fonts:`",
                        names.join(", ")
                    )),
                });
            }
            Family(faces)
        };
        let mut body = vec![select(&theme.fonts.body.pdf, "theme.fonts.body.pdf".into())];
        let mut code = vec![select(&theme.fonts.code.pdf, "theme.fonts.code.pdf".into())];
        let fallback = theme.fonts.fallback.iter().enumerate();
        let mut fallback: Vec<Family> =
            fallback.map(|(at, name)| select(name, format!("theme.fonts.fallback.{at}"))).collect();
        fallback.push(select(SYMBOLS, "theme.fonts.fallback".into()));
        body.extend(fallback.iter().cloned());
        code.extend(fallback);
        if sink.has_faults() { Err(sink) } else { Ok(Coverage { body, code }) }
    }

    /// The characters of a text that would leave a gap or a box.
    fn missing(&self, text: &str, in_code: bool) -> BTreeSet<char> {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')) {
            return BTreeSet::new();
        }
        let families = if in_code { &self.code } else { &self.body };
        let has = |c: char| families.iter().any(|Family(faces)| faces.iter().all(|face| face.contains(u32::from(c))));
        let drawn = |c: char| is_invisible(c) || (!is_refused(c) && (has(c) || stand_in(c).is_some_and(has)));
        // Shaping composes and decomposes: either form will do.
        text.nfc().filter(|c| !drawn(*c) && (c.nfd().eq(std::iter::once(*c)) || !c.nfd().all(drawn))).collect()
    }

    /// Reports every text of a document with characters that no font has.
    pub(super) fn check(&self, document: &Document, file: Option<&Span>, sink: &mut Sink) {
        let mut check = Check { coverage: self, sink, seen: BTreeSet::new() };
        check.control(&document.control, file);
        check.blocks(&document.body);
        let within = Origin { span: file.cloned(), ..Origin::default() };
        for note in document.footnotes.values() {
            check.inlines(note, &within);
        }
    }

    /// Reports every one of the engine's own words with characters that no font has.
    pub(super) fn check_strings(&self, strings: &Strings, sink: &mut Sink) {
        let mut check = Check { coverage: self, sink, seen: BTreeSet::new() };
        check.words(&serde_json::to_value(strings).unwrap_or_default());
    }

    /// Reports every text of header, footer and cover with characters that no font has.
    pub(super) fn check_theme(&self, theme: &Theme, sink: &mut Sink) {
        let mut check = Check { coverage: self, sink, seen: BTreeSet::new() };
        for (key, part) in theme.parts() {
            if let Part::Words(pieces) = part {
                let key = [EcoString::from(format!("theme.{key}"))];
                pieces.iter().filter_map(Piece::text).for_each(|text| check.text(text, &key, None, false));
            }
        }
    }
}

struct Check<'a> {
    coverage: &'a Coverage,
    sink: &'a mut Sink,
    /// What was said already: the characters and the path.
    seen: BTreeSet<(String, String)>,
}

impl Check<'_> {
    fn words(&mut self, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(word) => self.text(word, &[], Some(&Span::file("strings.yaml")), false),
            serde_json::Value::Array(items) => items.iter().for_each(|item| self.words(item)),
            serde_json::Value::Object(fields) => fields.values().for_each(|field| self.words(field)),
            _ => {}
        }
    }

    fn control(&mut self, control: &Control, file: Option<&Span>) {
        for text in control.texts() {
            self.text(&text.text, &text.from, None, false);
        }
        for word in [&control.kind, &control.standard].into_iter().chain(&control.satisfies) {
            self.text(word, &[], file, false);
        }
    }

    fn blocks(&mut self, blocks: &[Block<Reference>]) {
        for block in walk(blocks) {
            let origin = &block.origin;
            block.lines().into_iter().for_each(|line| self.inlines(line, origin));
            match &block.node {
                Node::Figure(figure) => {
                    for text in figure.chart.iter().flat_map(|chart| chart.texts()) {
                        self.text(text, &[], origin.span.as_ref(), false);
                    }
                }
                Node::Callout(callout) => {
                    self.text(callout.title.as_deref().unwrap_or_default(), &[], origin.span.as_ref(), false);
                }
                Node::CodeBlock { text } => self.one(text, origin, true),
                Node::SignOff { signatories } => {
                    for party in signatories {
                        std::iter::once(&party.role).chain(&party.name).for_each(|text| self.one(text, origin, false));
                    }
                }
                _ => {}
            }
        }
    }

    fn inlines(&mut self, inlines: &[Inline<Reference>], origin: &Origin) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Unrecorded(text) | Inline::Status { text, .. } => {
                    self.one(text, origin, false)
                }
                Inline::Code(text) => self.one(text, origin, true),
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    self.inlines(content, origin)
                }
                Inline::Reference(reference) => self.text(&reference.text, &[], origin.span.as_ref(), false),
                Inline::Field(field) => self.text(&field.label, &[], origin.span.as_ref(), false),
                Inline::Footnote { .. } | Inline::LineBreak => {}
            }
        }
    }

    fn one(&mut self, text: &Text, origin: &Origin, in_code: bool) {
        self.text(&text.text, &text.from, origin.span.as_ref(), in_code);
    }

    fn text(&mut self, text: &str, from: &[EcoString], span: Option<&Span>, in_code: bool) {
        let missing = self.coverage.missing(text, in_code);
        if missing.is_empty() {
            return;
        }
        let named: Vec<String> = missing.iter().take(8).map(|c| name(*c)).collect();
        let more = if missing.len() > 8 { format!(" and {} more", missing.len() - 8) } else { String::new() };
        let path = from.first().map(ToString::to_string).unwrap_or_default();
        if !self.seen.insert((named.join(" "), path.clone())) {
            return;
        }
        let message = format!("`{}` has characters that no font has: {}{more}", shown(text), named.join(", "));
        let problem = Diagnostic::new(&codes::GLYPH_MISSING, Severity::Error, message).help(match missing.iter().all(|c| is_refused(*c)) {
            true => "take them out: no font can have them in a PDF/A file".to_owned(),
            false => {
                let such = missing.iter().find_map(|c| family_for(*c)).map(|family| format!(", such as {family},"));
                format!(
                    "add a font file that has them{} under `fonts:` in folio.yaml or in `fonts/` of the pack, and its family under `fonts: {{fallback: […]}}` of the theme; the Word file is made all the same",
                    such.as_deref().unwrap_or(",")
                )
            }
        });
        self.sink.push(match (path.is_empty(), span) {
            (true, span) => problem.at(span.cloned()),
            (false, None) => problem.path(path),
            (false, Some(span)) => problem.path(path).related(span.clone(), "it is printed here"),
        });
    }
}

/// A free family that has a character's script, as people find it on the web.
fn family_for(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{0590}'..='\u{05FF}' => "Noto Sans Hebrew",
        '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' => "Noto Sans Arabic",
        '\u{0900}'..='\u{097F}' => "Noto Sans Devanagari",
        '\u{0E00}'..='\u{0E7F}' => "Noto Sans Thai",
        '\u{3040}'..='\u{30FF}' => "Noto Sans CJK JP",
        '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7AF}' => "Noto Sans CJK KR",
        '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => "Noto Sans CJK",
        '\u{1F000}'..='\u{1FAFF}' => "Noto Emoji",
        _ => return None,
    })
}

/// The beginning of a text, as a message shows it.
fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(40).map(|c| if c.is_control() || is_refused(c) { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    shown
}

/// `山 U+5C71`; a character that cannot be shown is its number alone.
fn name(c: char) -> String {
    if c.is_control() || is_refused(c) {
        format!("U+{:04X}", u32::from(c))
    } else {
        format!("{c} U+{:04X}", u32::from(c))
    }
}

/// Characters that need no glyph: invisible by definition, or line breaks and tabs, which the layout makes.
fn is_invisible(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}') || is_default_ignorable(c)
}

/// Characters that a PDF/A file may not hold, whatever its fonts have: control codes, private use, noncharacters.
fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' | '\u{FDD0}'..='\u{FDEF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// What is taken where a font lacks a space or hyphen of a special width or binding, or a sign of colour.
fn stand_in(c: char) -> Option<char> {
    match c {
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(' '),
        '\u{2010}' | '\u{2011}' => Some('-'),
        _ => PLAIN_SIGNS.iter().find(|(sign, _)| *sign == c).map(|(_, plain)| *plain),
    }
}
