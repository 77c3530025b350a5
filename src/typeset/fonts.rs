//! Font files: those that Folio ships, and those that a workspace adds.

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use super::fit::Advances;
use crate::diagnostic::codes::typeset as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};

/// The files that Folio ships.
const BUNDLED: [&[u8]; 6] = [
    include_bytes!("../../fonts/carlito/Carlito-Regular.ttf"),
    include_bytes!("../../fonts/carlito/Carlito-Bold.ttf"),
    include_bytes!("../../fonts/carlito/Carlito-Italic.ttf"),
    include_bytes!("../../fonts/carlito/Carlito-BoldItalic.ttf"),
    include_bytes!("../../fonts/liberation-mono/LiberationMono-Regular.ttf"),
    include_bytes!("../../fonts/liberation-mono/LiberationMono-Bold.ttf"),
];

/// The fonts of a run.
pub struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) fonts: Vec<Font>,
}

impl Fonts {
    /// The bundled fonts and some files of a workspace: name for messages, and bytes.
    ///
    /// # Errors
    /// When a file is not a font.
    pub fn new(extra: Vec<(String, Vec<u8>)>) -> Result<Fonts, Sink> {
        let mut sink = Sink::new();
        let mut fonts: Vec<Font> = BUNDLED.into_iter().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
        for (name, bytes) in extra {
            let before = fonts.len();
            fonts.extend(Font::iter(Bytes::new(bytes)));
            if fonts.len() == before {
                let message = format!("`{name}` is not a TrueType or OpenType font");
                sink.push(Diagnostic::fault(&codes::FONT_BROKEN, message).at(Span::file(name)));
            }
        }
        if sink.has_faults() {
            return Err(sink);
        }
        Ok(Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts })
    }

    /// How far the bold characters of a family run, in ems.
    pub fn advances(&self, family: &str) -> impl Fn(char) -> f64 + use<> {
        let advances = Advances::new(self, family);
        move |c| advances.of(c)
    }
}
