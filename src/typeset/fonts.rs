//! Font files: those that Folio ships, and those that a workspace adds.

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

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

/// The most faces of a collection.
const MAX_FACES: u32 = 64;

/// The most characters that a face says it has, each time that it says so. Unicode has 1.1 million.
const MAX_CHARACTERS: u64 = 2_000_000;

/// What a font file has too much of, as the end of a sentence: whoever reads it makes a list of its characters.
fn excess(bytes: &[u8]) -> Option<String> {
    let faces = ttf_parser::fonts_in_collection(bytes).unwrap_or(1);
    if faces > MAX_FACES {
        return Some(format!("has {faces} faces; at most {MAX_FACES} are read"));
    }
    let tables = (0..faces).filter_map(|face| {
        let raw = ttf_parser::RawFace::parse(bytes, face).ok()?;
        raw.table(ttf_parser::Tag::from_bytes(b"cmap"))
    });
    let characters: u64 = tables.map(characters).fold(0, u64::saturating_add);
    let most = MAX_CHARACTERS * u64::from(faces.clamp(1, 8));
    (characters > most).then(|| format!("says that it has {characters} characters; at most {most} are read"))
}

/// How many characters a table of characters lists
/// (<https://learn.microsoft.com/typography/opentype/spec/cmap>).
fn characters(table: &[u8]) -> u64 {
    let short = |bytes: &[u8], at: usize| bytes.get(at..at + 2).map_or(0, |b| u64::from(b[0]) << 8 | u64::from(b[1]));
    let long = |bytes: &[u8], at: usize| short(bytes, at) << 16 | short(bytes, at + 2);
    let mut listed = 0_u64;
    for record in 0..short(table, 2) as usize {
        let at = long(table, 4 + 8 * record + 4) as usize;
        let Some(sub) = table.get(at..) else { continue };
        listed = listed.saturating_add(match short(sub, 0) {
            4 => {
                let segments = (short(sub, 6) / 2) as usize;
                let ranges = (0..segments).map(|at| (short(sub, 16 + 2 * (segments + at)), short(sub, 14 + 2 * at)));
                ranges.map(|(first, last)| (last + 1).saturating_sub(first)).sum()
            }
            12 | 13 => {
                let groups = (long(sub, 12) as usize).min(sub.len() / 12);
                let ranges = (0..groups).map(|at| (long(sub, 16 + 12 * at), long(sub, 20 + 12 * at)));
                ranges.map(|(first, last)| (last + 1).saturating_sub(first)).fold(0, u64::saturating_add)
            }
            10 => long(sub, 16),
            _ => 1 << 16,
        });
    }
    listed
}

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
            let problem = match excess(&bytes) {
                Some(problem) => Some(problem),
                None => {
                    fonts.extend(Font::iter(Bytes::new(bytes)));
                    (fonts.len() == before).then(|| "is not a TrueType or OpenType font".to_owned())
                }
            };
            if let Some(problem) = problem {
                let message = format!("`{name}` {problem}");
                sink.push(Diagnostic::fault(&codes::FONT_BROKEN, message).at(Span::file(name)));
            }
        }
        if sink.has_faults() {
            return Err(sink);
        }
        Ok(Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts })
    }
}
