//! What must be known of widths before Typst lays anything out: which words are wider than the place they stand in, and
//! which rows and boxes are too tall to be kept on one page.
//!
//! Words that fit are left as they are, so that what a reader copies out of the PDF is what the model says. A word that
//! does not fit gets chances to break, which are no characters of the text: a word of the document's language between its
//! syllables, with a hyphen; an address or an id behind its punctuation where that is enough, else a few in every line.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hypher::Lang;

use super::advances::Advances;
use super::fonts::Fonts;
use crate::length::Length;
use crate::model::{Block, Callout, Figure, Images, Inline, Node, Party, Reference, Table, walk};
use crate::theme::{Theme, metrics};

/// A chance to break a line that is no character.
pub(super) const CHANCE: char = '\u{200B}';

/// A chance to break a word that shows a hyphen where it is taken.
const SYLLABLE: char = '\u{AD}';

/// How many chances to break a line a word gets that is wider than its place. More would fill lines better, and cost
/// time in proportion.
const CHANCES: f64 = 4.0;
/// How much of a page's height a table's header may take before it is no longer repeated, and how much a row or a box
/// before it is allowed to break.
const TALL_HEADER: f64 = 0.3;
const TALL_ROW: f64 = 0.8;
const TALL_BOX: f64 = 0.7;
/// How much of a page's height a picture may take: its caption stands on the same page.
const TALL_PICTURE: f64 = 0.85;
/// Kerning can make a line wider than its characters are: by less than this.
const KERNED: f64 = 1.02;
/// Ragged lines and their words' ends make a text taller than its ink: by about so much.
const RAGGED: f64 = 1.15;
/// What a line's end counts for, in em.
const LINE_END: f64 = 12.0;

/// Signs that telephones and office programs offer in colour, each with the plain sign that means the same.
pub(super) const PLAIN_SIGNS: [(char, char); 10] = [
    ('\u{2705}', '\u{2714}'),
    ('\u{274C}', '\u{2718}'),
    ('\u{274E}', '\u{2612}'),
    ('\u{27A1}', '\u{2192}'),
    ('\u{1F534}', '\u{25CF}'),
    ('\u{1F7E0}', '\u{25CF}'),
    ('\u{1F7E1}', '\u{25CF}'),
    ('\u{1F7E2}', '\u{25CF}'),
    ('\u{26AA}', '\u{25CB}'),
    ('\u{26AB}', '\u{25CF}'),
];

/// Measures text as the theme would set it.
pub(super) struct Fit {
    body: Advances,
    code: Advances,
    /// Text width and height of an upright page and of one on its side, in points.
    upright: (f64, f64),
    flipped: (f64, f64),
    theme: Sizes,
    /// The language whose words are parted between syllables, where there are patterns of it.
    language: Option<Lang>,
    /// Whether hyphens of Unicode have to be plain ones.
    plain_hyphens: bool,
    /// The signs of colour that no family has, each with the plain one that means the same.
    signs: Vec<(char, char)>,
    /// Height over width of the pictures.
    ratios: BTreeMap<String, f64>,
}

/// Sizes in points.
struct Sizes {
    body: f64,
    line: f64,
    title: f64,
    headings: [f64; 4],
    table: f64,
    small: f64,
}

/// A place for text: its width, the size of type in it, and the height of the page around it.
#[derive(Clone, Copy)]
pub(super) struct Room {
    width: f64,
    size: f64,
    page: f64,
}

impl Room {
    pub(super) fn narrower(self, by: Length) -> Room {
        Room { width: self.width - by.to_pt(), ..self }
    }

    fn sized(self, size: f64) -> Room {
        Room { size, ..self }
    }
}

impl Fit {
    /// `language` is two letters of ISO 639.
    pub(super) fn new(fonts: &Fonts, theme: &Theme, images: &Images, language: &str) -> Fit {
        let page = &theme.page;
        let (width, height) = page.size.size();
        let (across, down) = (page.margin_left + page.margin_right, page.margin_top + page.margin_bottom);
        let sizes = &theme.sizes;
        let [body, code] = [&theme.fonts.body, &theme.fonts.code].map(|family| Advances::new(fonts, &family.pdf));
        Fit {
            language: language.as_bytes().try_into().ok().and_then(Lang::from_iso),
            signs: signs(fonts, theme),
            plain_hyphens: !(body.draws('\u{2011}') && code.draws('\u{2011}')),
            body,
            code,
            upright: ((width - across).to_pt(), (height - down).to_pt()),
            flipped: ((height - across).to_pt(), (width - down).to_pt()),
            theme: Sizes {
                body: sizes.body.to_pt(),
                line: sizes.line.to_pt(),
                title: theme.title().to_pt(),
                headings: sizes.headings.map(Length::to_pt),
                table: sizes.table.to_pt(),
                small: sizes.small.to_pt(),
            },
            ratios: images.0.iter().map(|(key, image)| (key.clone(), image.size.1 / image.size.0.max(1e-6))).collect(),
        }
    }

    /// The text width of an upright page.
    pub(super) fn upright(&self) -> Room {
        Room { width: self.upright.0, size: self.theme.body, page: self.upright.1 }
    }

    /// The same on a page on its side.
    pub(super) fn flipped(&self, room: Room) -> Room {
        Room { width: self.flipped.0, page: self.flipped.1, ..room }
    }

    /// The room of the document's title.
    pub(super) fn title(&self) -> Room {
        self.upright().sized(self.theme.title)
    }

    /// The room of captions and notes.
    pub(super) fn small(&self, room: Room) -> Room {
        room.sized(self.theme.small)
    }

    /// The room of a heading, beside its number.
    pub(super) fn heading(&self, level: u8, room: Room) -> Room {
        let level = usize::from(level.clamp(1, 6)) - 1;
        let indent = metrics::HEADING_INDENT.get(level).copied().unwrap_or_default();
        room.narrower(indent).sized(self.theme.headings[level.min(3)])
    }

    /// The room of a cell that has so many hundredths of a table's width.
    pub(super) fn cell(&self, room: Room, share: f64) -> Room {
        let column = Room { width: room.width * share / 100.0, ..room };
        column.sized(self.theme.table).narrower(metrics::CELL_PADDING_X + metrics::CELL_PADDING_X)
    }

    /// A text of the body, in words that fit into their place.
    pub(super) fn words<'t>(&self, text: &'t str, room: Room) -> Cow<'t, str> {
        self.run(text, &self.body, room, self.language)
    }

    /// The same of code.
    pub(super) fn code<'t>(&self, text: &'t str, room: Room) -> Cow<'t, str> {
        self.run(text, &self.code, room.sized(room.size * metrics::CODE_SIZE / 100.0), None)
    }

    fn run<'t>(&self, text: &'t str, advances: &Advances, room: Room, language: Option<Lang>) -> Cow<'t, str> {
        let clean = self.clean(text);
        match fitted(&clean, room.width, language, |c| advances.of(c) * room.size) {
            Some(fitted) => Cow::Owned(fitted),
            None => clean,
        }
    }

    /// A text with every line break a `\n` and every tab blanks, without what PDF/A forbids and nobody sees. Hyphens of
    /// Unicode become plain ones where the fonts have no others, and so do signs of colour.
    pub(super) fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let clean = clean(text, self.plain_hyphens);
        if clean.is_ascii() || !self.signs.iter().any(|(sign, _)| clean.contains(*sign)) {
            return clean;
        }
        let plain = |c| self.signs.iter().find(|(sign, _)| *sign == c).map_or(c, |(_, plain)| *plain);
        Cow::Owned(clean.chars().map(plain).collect())
    }

    /// Whether some texts would make a cell too tall to be kept on one page.
    pub(super) fn is_tall_cell<'t>(&self, texts: impl Iterator<Item = &'t str>, room: Room) -> bool {
        let ink: f64 = texts.map(|text| self.ink(text, room.size)).sum();
        ink * RAGGED / room.width * metrics::TABLE_LINE.to_pt() > room.page * TALL_ROW
    }

    /// How a table is treated.
    pub(super) fn table(&self, table: &Table<Reference>, room: Room) -> TableFit {
        let columns: Vec<Room> = table.columns.iter().map(|column| self.cell(room, column.width)).collect();
        let whole = self.cell(room, 100.0);
        let tall_rows = table.rows.iter().map(|row| {
            let rooms = if row.band { std::slice::from_ref(&whole) } else { &columns };
            self.row_height(&row.cells, rooms) > room.page * TALL_ROW
        });
        TableFit {
            is_line: self.is_line(&table.header, &columns),
            // A header as high as the page, repeated on each, would leave no room for the rows.
            is_tall: self.row_height(&table.header, &columns) > room.page * TALL_HEADER,
            tall_rows: tall_rows.collect(),
            columns,
            whole,
        }
    }

    /// Whether a row of bold cells surely is one line high: then nobody need measure it.
    fn is_line(&self, cells: &[Vec<Inline<Reference>>], rooms: &[Room]) -> bool {
        let is_plain =
            |inline: &Inline<Reference>| matches!(inline, Inline::Text(text) if !self.clean(&text.text).contains('\n'));
        let fits = |(cell, room): (&Vec<Inline<Reference>>, &Room)| {
            cell.iter().all(is_plain) && self.ink_of(cell, room.size) * KERNED <= room.width
        };
        cells.iter().zip(rooms).all(fits)
    }

    /// About how high a row is.
    fn row_height(&self, cells: &[Vec<Inline<Reference>>], rooms: &[Room]) -> f64 {
        let lines = cells
            .iter()
            .zip(rooms)
            .map(|(cell, room)| (self.ink_of(cell, room.size) * RAGGED / room.width.max(1.0)).ceil());
        lines.fold(0.0, f64::max) * metrics::TABLE_LINE.to_pt()
    }

    /// How wide a picture is in hundredths of the text width, and whether it parts from its caption.
    pub(super) fn figure(&self, figure: &Figure<Reference>, room: Room) -> (f64, bool) {
        let ink = self.ink_of(figure.caption.as_deref().unwrap_or_default(), self.theme.small);
        let caption = ink * RAGGED / room.width.max(1.0) * metrics::SMALL_LINE.to_pt();
        let ratio = self.ratios.get(&figure.image).copied().unwrap_or(1.0);
        let most = room.page * TALL_PICTURE / (ratio.max(1e-6) * room.width.max(1.0)) * 100.0;
        (figure.width.clamp(1.0, 100.0).min(most), caption > room.page * (1.0 - TALL_PICTURE))
    }

    /// Whether there is a picture.
    pub(super) fn has_picture(&self, key: &str) -> bool {
        self.ratios.contains_key(key)
    }

    /// Width and height of a picture in a margin or on the cover: as high as wanted, where so many hundredths of the text's
    /// width are enough for that.
    pub(super) fn picture(&self, key: &str, share: f64, height: Length) -> (f64, f64) {
        let ratio = self.ratios.get(key).copied().unwrap_or(1.0).max(1e-6);
        let height = height.to_pt().min(self.upright.0 * share / 100.0 * ratio);
        (height / ratio, height)
    }

    /// The room in a box, and whether the box may break over pages.
    pub(super) fn callout(&self, callout: &Callout<Reference>, room: Room) -> (Room, bool) {
        let inner = room.narrower(metrics::CALLOUT_PADDING + metrics::CALLOUT_PADDING + metrics::CALLOUT_BAR);
        let title = self.ink(callout.title.as_deref().unwrap_or_default(), inner.size);
        let ink = title + self.ink_of_blocks(&callout.body, inner.size);
        (inner, ink * RAGGED / inner.width * self.theme.line > room.page * TALL_BOX)
    }

    /// The room of names and of roles, and whether the block may break over pages.
    pub(super) fn sign_off(&self, signatories: &[Party], room: Room) -> ([Room; 2], bool) {
        let [name, role, ..] = metrics::SIGN_OFF_WIDTHS.map(|share| self.cell(room, share));
        let texts = signatories.iter().flat_map(|party| std::iter::once(&party.role).chain(&party.name));
        let ink: f64 = texts.map(|text| self.ink(&text.text, self.theme.table)).sum();
        let height = signatories.len() as f64 * metrics::SIGN_OFF_ROW.to_pt() + ink / name.width * self.theme.line;
        ([name, role], height > room.page * TALL_BOX)
    }

    /// The width of a text, were it set in one line of body type. A line's end counts as a few characters.
    fn ink(&self, text: &str, size: f64) -> f64 {
        self.clean(text).chars().map(|c| if c == '\n' { LINE_END } else { self.body.of(c) }).sum::<f64>() * size
    }

    fn ink_of(&self, inlines: &[Inline<Reference>], size: f64) -> f64 {
        let ink = |inline: &Inline<Reference>| match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Unrecorded(text) | Inline::Status { text, .. } => {
                self.ink(&text.text, size)
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                self.ink_of(content, size)
            }
            Inline::Reference(reference) => self.ink(&reference.text, size),
            Inline::Field(field) => self.ink(&field.label, size),
            Inline::LineBreak => LINE_END * size,
            Inline::Footnote { .. } => 0.0,
        };
        inlines.iter().map(ink).sum()
    }

    fn ink_of_blocks(&self, blocks: &[Block<Reference>], size: f64) -> f64 {
        let ink = |block: &Block<Reference>| {
            let own = match &block.node {
                Node::Callout(callout) => self.ink(callout.title.as_deref().unwrap_or_default(), size),
                Node::CodeBlock { text } => self.ink(&text.text, size),
                _ => 0.0,
            };
            own + block.lines().into_iter().map(|line| self.ink_of(line, size)).sum::<f64>()
        };
        walk(blocks).into_iter().map(ink).sum()
    }
}

/// How a table is treated: the room of its cells, and what of it may be repeated or break.
pub(super) struct TableFit {
    /// The room of a cell in each column.
    pub(super) columns: Vec<Room>,
    /// The room of a cell across all columns.
    pub(super) whole: Room,
    /// Whether the header surely is one line high.
    pub(super) is_line: bool,
    /// Whether the header is too tall to be repeated on each page.
    pub(super) is_tall: bool,
    /// For each row, whether it is too tall to be kept on one page.
    pub(super) tall_rows: Vec<bool>,
}

/// The signs of colour of which none of a theme's families has the glyph.
fn signs(fonts: &Fonts, theme: &Theme) -> Vec<(char, char)> {
    let others: Vec<Advances> = theme.fonts.fallback.iter().map(|family| Advances::new(fonts, family)).collect();
    let is_drawn = |sign: char| others.iter().any(|family| family.draws(sign));
    PLAIN_SIGNS.into_iter().filter(|(sign, _)| !is_drawn(*sign)).collect()
}

fn clean(text: &str, plain_hyphens: bool) -> Cow<'_, str> {
    const BREAKS: [char; 6] = ['\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];
    const HYPHENS: [char; 2] = ['\u{2010}', '\u{2011}'];
    let mut clean = Cow::Borrowed(text);
    if text.contains(BREAKS) || text.contains(['\t', '\u{FEFF}']) {
        let broken = text.replace("\r\n", "\n").replace(BREAKS, "\n");
        clean = Cow::Owned(broken.replace('\t', "    ").replace('\u{FEFF}', ""));
    }
    if plain_hyphens && text.contains(HYPHENS) {
        clean = Cow::Owned(clean.replace('\u{2010}', "-").replace('\u{2011}', "\u{2060}-\u{2060}"));
    }
    clean
}

/// A text with chances to break, when a word of it is wider than `room`.
fn fitted(text: &str, room: f64, language: Option<Lang>, advance: impl Fn(char) -> f64) -> Option<String> {
    let widest = text.split(char::is_whitespace).map(|word| word.chars().map(&advance).sum()).fold(0.0, f64::max);
    if widest <= room {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    for piece in text.split_inclusive(char::is_whitespace) {
        if piece.chars().map(&advance).sum::<f64>() <= room {
            out.push_str(piece);
            continue;
        }
        if let Some(parted) = language.and_then(|language| parted(piece, room, language, &advance)) {
            out.push_str(&parted);
            continue;
        }
        let parts: Vec<&str> =
            piece.split_inclusive(['/', '.', '_', '@', ':', ';', ',', '=', '&', '?', '#', '-', '\\']).collect();
        for (at, part) in parts.iter().enumerate() {
            let is_wide = part.chars().map(&advance).sum::<f64>() > room;
            let mut filled = 0.0;
            for (place, c) in part.chars().enumerate() {
                let starts_part = place == 0 && at > 0 && c.is_alphanumeric();
                let is_full = is_wide && place > 0 && filled + advance(c) > room / CHANCES;
                if (starts_part || is_full) && !is_joined(c) {
                    out.push(CHANCE);
                    filled = 0.0;
                }
                filled += advance(c);
                out.push(c);
            }
        }
    }
    Some(out)
}

/// A word of a language with a chance to break between its syllables; nothing when it is no word, or a syllable does not fit.
/// Words that are joined by hyphens or slashes break behind these too.
fn parted(piece: &str, room: f64, language: Lang, advance: impl Fn(char) -> f64) -> Option<String> {
    let inner = piece.trim_matches(|c: char| !c.is_alphabetic());
    let is_word = |word: &str| word.chars().all(char::is_alphabetic);
    if inner.is_empty() || !inner.split(['-', '/']).all(|word| !word.is_empty() && is_word(word)) {
        return None;
    }
    let start = piece.find(inner)?;
    let (before, after) = (&piece[..start], &piece[start + inner.len()..]);
    let hyphen = advance('-');
    let mut out = String::from(before);
    for (at, word) in inner.split_inclusive(['-', '/']).enumerate() {
        if at > 0 {
            out.push(CHANCE);
        }
        for (at, syllable) in hypher::hyphenate(word.trim_end_matches(['-', '/']), language).enumerate() {
            if syllable.chars().map(&advance).sum::<f64>() + hyphen > room {
                return None;
            }
            if at > 0 {
                out.push(SYLLABLE);
            }
            out.push_str(syllable);
        }
        out.extend(word.chars().last().filter(|c| matches!(c, '-' | '/')));
    }
    out.push_str(after);
    Some(out)
}

/// Characters that belong to the one before them.
fn is_joined(c: char) -> bool {
    c.is_whitespace()
        || unicode_normalization::char::is_combining_mark(c)
        || typst::text::is_default_ignorable(c)
        || matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(text: &str, room: f64) -> Option<String> {
        fitted(text, room, None, |c| if c == CHANCE { 0.0 } else { 1.0 })
    }

    #[test]
    fn every_kind_of_line_break_is_one() {
        let given = "a\r\nb\rc\u{85}d\u{2028}e\tf\u{FEFF}g\u{2011}h";
        assert_eq!(clean(given, true), "a\nb\nc\nd\ne    fg\u{2060}-\u{2060}h");
        assert_eq!(clean("one\u{2010}two", true), "one-two");
        assert!(matches!(clean("one\u{2010}two", false), Cow::Borrowed(_)));
    }

    #[test]
    fn words_that_fit_are_left_alone() {
        assert_eq!(fit("an ordinary sentence of no long word", 8.0), None);
        assert_eq!(fit("security@northwind.example", 26.0), None);
    }

    #[test]
    fn a_word_breaks_behind_its_punctuation_first() {
        assert_eq!(
            fit("ask security@northwind.example now", 20.0).unwrap(),
            "ask security@\u{200B}northwind.\u{200B}example now"
        );
    }

    #[test]
    fn a_word_of_a_language_breaks_between_its_syllables() {
        let fit = |text: &str, room: f64| fitted(text, room, Lang::from_iso(*b"de"), |_| 1.0);
        assert_eq!(
            fit("die Informationssicherheit, immer", 12.0).as_deref(),
            Some("die In\u{ad}for\u{ad}ma\u{ad}ti\u{ad}ons\u{ad}si\u{ad}cher\u{ad}heit, immer")
        );
        let joined = fit("Informationssicherheits-Managementsystem", 20.0).unwrap();
        assert!(joined.contains("heits-\u{200B}Ma"), "{joined}");
        // An address is no word, and keeps its letters.
        assert!(!fit("sicherheit@tannfels.example", 12.0).unwrap().contains(SYLLABLE));
        assert!(!fit("Informationssicherheit", 3.0).unwrap().contains(SYLLABLE));
    }

    #[test]
    fn a_word_without_punctuation_breaks_anywhere_and_stays_the_same_word() {
        let fitted = fit(&format!("a {} b", "x".repeat(10_000)), 20.0).unwrap();
        assert_eq!(fitted.replace(CHANCE, ""), format!("a {} b", "x".repeat(10_000)));
        assert!(fitted.split(CHANCE).all(|part| part.chars().count() <= 7));
        assert!(!fit("e\u{301}e\u{301}e\u{301}", 2.0).unwrap().contains("\u{200B}\u{301}"));
    }
}
