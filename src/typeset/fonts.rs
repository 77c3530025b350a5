//! Font files: those that Folio ships, and those that packs and workspaces bring.

use std::collections::VecDeque;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::diagnostic::codes::typeset as codes;
use crate::diagnostic::{Diagnostic, Span};
use crate::digest;

/// The files that Folio ships.
const BUNDLED: [&[u8]; 7] = [
    include_bytes!("../../fonts/carlito/Carlito-Regular.ttf"),
    include_bytes!("../../fonts/carlito/Carlito-Bold.ttf"),
    include_bytes!("../../fonts/carlito/Carlito-Italic.ttf"),
    include_bytes!("../../fonts/carlito/Carlito-BoldItalic.ttf"),
    include_bytes!("../../fonts/liberation-mono/LiberationMono-Regular.ttf"),
    include_bytes!("../../fonts/liberation-mono/LiberationMono-Bold.ttf"),
    include_bytes!("../../fonts/noto-sans-symbols-2/NotoSansSymbols2-Regular.ttf"),
];

/// Their faces, read once.
static FACES: LazyLock<Vec<Font>> =
    LazyLock::new(|| BUNDLED.into_iter().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect());

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

/// What the author of a font forbids that a PDF needs, as the end of a sentence: to embed it, and to leave out of it
/// what is not used (<https://learn.microsoft.com/typography/opentype/spec/os2#fstype>).
fn forbidden(bytes: &[u8]) -> Option<&'static str> {
    const RESTRICTED: u16 = 0x0002;
    const PRINT_OR_EDIT: u16 = 0x0004 | 0x0008;
    const NO_SUBSETS: u16 = 0x0100;
    const BITMAPS_ALONE: u16 = 0x0200;
    let faces = ttf_parser::fonts_in_collection(bytes).unwrap_or(1).min(MAX_FACES);
    (0..faces).find_map(|face| {
        let raw = ttf_parser::RawFace::parse(bytes, face).ok()?;
        let bits = raw.table(ttf_parser::Tag::from_bytes(b"OS/2"))?.get(8..10)?;
        let bits = u16::from_be_bytes([bits[0], bits[1]]);
        // Of several permissions, the widest holds.
        let is_restricted = bits & RESTRICTED != 0 && bits & PRINT_OR_EDIT == 0;
        [
            (is_restricted, "may not be embedded in documents: its author forbids it in the file itself"),
            (bits & NO_SUBSETS != 0, "may only be embedded whole: its author forbids parts of it in the file itself"),
            (bits & BITMAPS_ALONE != 0, "may only be embedded as pictures: its author says so in the file itself"),
        ]
        .into_iter()
        .find_map(|(is_so, problem)| is_so.then_some(problem))
    })
}

/// A font file, read: one face, or a collection of them.
#[derive(Debug, Clone)]
pub struct FontFile {
    name: String,
    digest: String,
    faces: Vec<Font>,
}

impl FontFile {
    /// Reads the bytes of the file of a name.
    ///
    /// # Errors
    /// At that file, when it is no font, has more in it than any font, or may not be embedded.
    pub fn read(name: impl Into<String>, bytes: Vec<u8>) -> Result<FontFile, Diagnostic> {
        let name = name.into();
        let problem = match excess(&bytes).or_else(|| forbidden(&bytes).map(str::to_owned)) {
            Some(problem) => problem,
            None => {
                let digest = digest::of_file(&bytes);
                let faces: Vec<Font> = Font::iter(Bytes::new(bytes)).collect();
                if !faces.is_empty() {
                    return Ok(FontFile { name, digest, faces });
                }
                "is not a TrueType or OpenType font".to_owned()
            }
        };
        let fault = Diagnostic::fault(&codes::FONT_BROKEN, format!("`{name}` {problem}"));
        Err(fault.at(Span::file(name)).help(codes::FONT_BROKEN.fix))
    }

    /// The file, as the user knows it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The digest of its bytes.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Whether it is another's bytes in memory, read once for both.
    pub fn shares(&self, other: &FontFile) -> bool {
        let bytes = |file: &FontFile| file.faces.first().map(|face| face.data().as_slice().as_ptr());
        bytes(self) == bytes(other)
    }

    /// The families of its faces.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        self.faces.iter().map(|face| face.info().family.as_str())
    }
}

/// The most font files that are kept.
const MAX_KNOWN: usize = 64;

/// Font files that were read before, by their bytes: packs that are read again, and packs that bring the same files,
/// share them.
#[derive(Debug, Clone, Default)]
pub struct KnownFonts(Arc<Mutex<VecDeque<FontFile>>>);

impl KnownFonts {
    /// Reads a font file as [`FontFile::read`] does, unless its bytes are known.
    ///
    /// # Errors
    /// As [`FontFile::read`].
    pub fn read(&self, name: impl Into<String>, bytes: Vec<u8>) -> Result<FontFile, Diagnostic> {
        let name = name.into();
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = digest::of_file(&bytes);
        if let Some(file) = known().iter().find(|file| file.digest == digest) {
            return Ok(FontFile { name, ..file.clone() });
        }
        let file = FontFile::read(name, bytes)?;
        let mut known = known();
        known.push_front(file.clone());
        known.truncate(MAX_KNOWN);
        Ok(file)
    }
}

/// The fonts of a run.
pub struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) fonts: Vec<Font>,
}

impl Fonts {
    /// Some files and, behind them, the fonts that Folio ships: of two faces of one family that look the same, the first
    /// is taken.
    pub fn new<'f>(files: impl IntoIterator<Item = &'f FontFile>) -> Fonts {
        let brought = files.into_iter().flat_map(|file| &file.faces);
        let mut fonts: Vec<Font> = Vec::new();
        for face in brought.chain(FACES.iter()) {
            let own = face.info();
            let is_same = |known: &Font| {
                let known = known.info();
                known.variant == own.variant && known.family.to_lowercase() == own.family.to_lowercase()
            };
            if !fonts.iter().any(is_same) {
                fonts.push(face.clone());
            }
        }
        Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sound font whose author allows what some bits say.
    fn with_bits(bits: u16) -> Vec<u8> {
        let mut bytes = BUNDLED[0].to_vec();
        let count = usize::from(u16::from_be_bytes([bytes[4], bytes[5]]));
        let record = (0..count).map(|at| 12 + 16 * at).find(|at| bytes[*at..].starts_with(b"OS/2")).unwrap();
        let table = u32::from_be_bytes(bytes[record + 8..record + 12].try_into().unwrap()) as usize;
        bytes[table + 8..table + 10].copy_from_slice(&bits.to_be_bytes());
        bytes
    }

    #[test]
    fn a_font_that_may_not_be_embedded_is_a_fault() {
        for bits in [0, 0x0004, 0x0008, 0x0006, 0x000A] {
            assert!(FontFile::read("a.ttf", with_bits(bits)).is_ok(), "{bits:#06x}");
        }
        for (bits, said) in [(0x0002, "not be embedded"), (0x0104, "embedded whole"), (0x0200, "as pictures")] {
            let fault = FontFile::read("fonts/a.ttf", with_bits(bits)).unwrap_err();
            assert!(fault.message.starts_with("`fonts/a.ttf` may") && fault.message.contains(said), "{fault:?}");
            assert_eq!(fault.span, Some(Span::file("fonts/a.ttf")));
        }
    }

    #[test]
    fn a_file_that_is_read_again_is_the_one_that_is_known() {
        let known = KnownFonts::default();
        let first = known.read("a.ttf", BUNDLED[0].to_vec()).unwrap();
        let again = known.read("b.ttf", BUNDLED[0].to_vec()).unwrap();
        assert_eq!((again.name(), first.digest()), ("b.ttf", again.digest()));
        assert!(std::ptr::eq(first.faces[0].data().as_slice(), again.faces[0].data().as_slice()), "shared");
        assert!(known.read("c.ttf", b"wOF2".to_vec()).is_err());
    }

    #[test]
    fn what_somebody_brings_comes_before_what_folio_ships() {
        let own = FontFile::read("mine.ttf", with_bits(0x0008)).unwrap();
        let fonts = Fonts::new([&own]);
        assert_eq!(fonts.fonts.len(), BUNDLED.len(), "of each face, one");
        let taken = fonts.book.select("carlito", own.faces[0].info().variant).unwrap();
        assert!(std::ptr::eq(fonts.fonts[taken].data().as_slice(), own.faces[0].data().as_slice()));
    }
}
