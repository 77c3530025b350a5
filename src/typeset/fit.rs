//! What must be known of widths before Typst lays anything out: which words are wider than the place they stand in, and
//! which rows and boxes are too tall to be kept on one page.
//!
//! Words that fit are left as they are, so that what a reader copies out of the PDF is what the model says. A word that
//! does not fit gets zero-width spaces, which are no characters of the text: behind its punctuation where that is
//! enough, else a few in every line.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use typst::layout::Abs;
use typst::text::{FontInstance, FontStretch, FontStyle, FontVariant, FontVariations, FontWeight};

use super::fonts::Fonts;
use crate::length::Length;
use crate::model::Images;
use crate::theme::{Theme, metrics};

/// A chance to break a line that is no character.
const CHANCE: char = '\u{200B}';

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

/// Measures text as the theme would set it.
pub(super) struct Fit {
    body: Advances,
    code: Advances,
    /// Text width and height of an upright page and of one on its side, in points.
    upright: (f64, f64),
    flipped: (f64, f64),
    theme: Sizes,
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
struct Room {
    width: f64,
    size: f64,
    page: f64,
}

impl Room {
    fn narrower(self, by: Length) -> Room {
        Room { width: self.width - by.to_pt(), ..self }
    }

    fn sized(self, size: f64) -> Room {
        Room { size, ..self }
    }
}

impl Fit {
    pub(super) fn new(fonts: &Fonts, theme: &Theme, images: &Images) -> Fit {
        let page = &theme.page;
        let (width, height) = page.size.size();
        let (across, down) = (page.margin_left + page.margin_right, page.margin_top + page.margin_bottom);
        let sizes = &theme.sizes;
        Fit {
            body: Advances::new(fonts, &theme.fonts.body.pdf),
            code: Advances::new(fonts, &theme.fonts.code.pdf),
            upright: ((width - across).to_pt(), (height - down).to_pt()),
            flipped: ((height - across).to_pt(), (width - down).to_pt()),
            theme: Sizes {
                body: sizes.body.to_pt(),
                line: sizes.line.to_pt(),
                title: sizes.title.to_pt(),
                headings: sizes.headings.map(Length::to_pt),
                table: sizes.table.to_pt(),
                small: sizes.small.to_pt(),
            },
            ratios: images.0.iter().map(|(key, image)| (key.clone(), image.size.1 / image.size.0.max(1e-6))).collect(),
        }
    }

    /// Whether all text can show a character.
    pub(super) fn draws(&self, c: char) -> bool {
        [&self.body, &self.code]
            .into_iter()
            .all(|family| family.font.as_ref().is_some_and(|font| font.ttf().glyph_index(c).is_some()))
    }

    /// Fits a document as JSON: words into their places, rows and boxes and pictures onto their pages.
    pub(super) fn document(&self, document: &mut Json) {
        let room = Room { width: self.upright.0, size: self.theme.body, page: self.upright.1 };
        self.control(&mut document["control"], room);
        self.blocks(&mut document["body"], room);
        if let Some(notes) = document["footnotes"].as_object_mut() {
            notes.values_mut().for_each(|note| self.inlines(note, room.sized(self.theme.small)));
        }
    }

    fn control(&self, control: &mut Json, room: Room) {
        let share = |hundredths: f64| {
            Room { width: room.width * hundredths / 100.0, ..room }
                .sized(self.theme.table)
                .narrower(metrics::CELL_PADDING_X + metrics::CELL_PADDING_X)
        };
        let [_, pair, ..] = metrics::CONTROL_WIDTHS;
        let value = share(pair);
        let height = self.ink(control, value.size) * RAGGED / value.width * metrics::TABLE_LINE.to_pt();
        control["tall"] = json!(height > room.page * TALL_ROW);
        self.word(&mut control["title"], room.sized(self.theme.title));
        for key in ["organisation", "kind", "number"] {
            self.word(&mut control[key], room);
        }
        self.word(&mut control["classification"]["label"], room);
        if let Some(margin) = control["margin"].as_object_mut() {
            margin.values_mut().for_each(|words| self.word(words, room));
        }
        for party in ["owner", "author", "approver"] {
            self.word(&mut control[party]["role"], value);
            self.word(&mut control[party]["name"], value);
        }
        for key in ["version", "date", "next_review", "standard"] {
            self.word(&mut control[key], value);
        }
        self.each(&mut control["satisfies"], |item| self.word(item, value));
        self.each(&mut control["history"], |revision| {
            for (key, width) in ["version", "date", "author", "change"].into_iter().zip(metrics::HISTORY_WIDTHS) {
                self.word(&mut revision[key], share(width));
            }
        });
    }

    fn each(&self, list: &mut Json, act: impl FnMut(&mut Json)) {
        list.as_array_mut().into_iter().flatten().for_each(act);
    }

    fn blocks(&self, blocks: &mut Json, room: Room) {
        self.each(blocks, |block| self.block(block, room));
    }

    fn block(&self, block: &mut Json, room: Room) {
        let kind = block["block"].as_str().unwrap_or_default().to_owned();
        match kind.as_str() {
            "heading" => {
                let level = block["level"].as_u64().unwrap_or(1).clamp(1, 6) as usize - 1;
                let indent = metrics::HEADING_INDENT.get(level).copied().unwrap_or_default();
                self.inlines(&mut block["content"], room.narrower(indent).sized(self.theme.headings[level.min(3)]));
            }
            "list" => self.each(&mut block["items"], |item| self.blocks(item, room.narrower(metrics::LIST_INDENT))),
            "definition-list" => self.each(&mut block["items"], |item| {
                self.inlines(&mut item["term"], room);
                self.blocks(&mut item["body"], room.narrower(metrics::QUOTE_INDENT));
            }),
            "table" => self.table(block, room),
            "figure" => self.figure(block, room),
            "callout" => {
                let inner = room.narrower(metrics::CALLOUT_PADDING + metrics::CALLOUT_PADDING + metrics::CALLOUT_BAR);
                let height = self.ink(block, inner.size) * RAGGED / inner.width * self.theme.line;
                block["tall"] = json!(height > room.page * TALL_BOX);
                self.word(&mut block["title"], inner);
                self.blocks(&mut block["body"], inner);
            }
            "code-block" => {
                let inner = room.narrower(metrics::CODE_PADDING + metrics::CODE_PADDING);
                self.run(&mut block["text"]["text"], &self.code, inner.sized(room.size * metrics::CODE_SIZE / 100.0));
            }
            "block-quote" => self.blocks(&mut block["body"], room.narrower(metrics::QUOTE_INDENT)),
            "sign-off" => {
                let widths = metrics::SIGN_OFF_WIDTHS;
                let column = |width: f64| {
                    Room { width: room.width * width / 100.0, ..room }
                        .sized(self.theme.table)
                        .narrower(metrics::CELL_PADDING_X + metrics::CELL_PADDING_X)
                };
                let height = block["signatories"].as_array().map_or(0.0, |rows| rows.len() as f64)
                    * metrics::SIGN_OFF_ROW.to_pt()
                    + self.ink(&block["signatories"], self.theme.table) / column(widths[0]).width * self.theme.line;
                block["tall"] = json!(height > room.page * TALL_BOX);
                self.each(&mut block["signatories"], |party| {
                    if party["name"].is_object() {
                        self.word(&mut party["name"]["text"], column(widths[0]));
                    }
                    self.word(&mut party["role"]["text"], column(widths[1]));
                });
            }
            "landscape" => {
                self.blocks(&mut block["body"], Room { width: self.flipped.0, page: self.flipped.1, ..room })
            }
            _ => self.inlines(&mut block["content"], room),
        }
    }

    fn table(&self, table: &mut Json, room: Room) {
        self.inlines(&mut table["caption"], room.sized(self.theme.small));
        let padding = metrics::CELL_PADDING_X + metrics::CELL_PADDING_X;
        let rooms: Vec<Room> = table["columns"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|column| Room { width: room.width * column["width"].as_f64().unwrap_or(100.0) / 100.0, ..room })
            .map(|column| column.sized(self.theme.table).narrower(padding))
            .collect();
        let whole = room.sized(self.theme.table).narrower(padding);
        table["line"] = json!(self.is_line(&table["header"], &rooms));
        let header = self.cells(&mut table["header"], &rooms);
        // A header as high as the page, repeated on each, would leave no room for the rows.
        table["tall"] = json!(header > room.page * TALL_HEADER);
        self.each(&mut table["rows"], |row| {
            let rooms = if row["band"] == true { std::slice::from_ref(&whole) } else { &rooms };
            let tall = self.cells(&mut row["cells"], rooms) > room.page * TALL_ROW;
            row["tall"] = json!(tall);
        });
    }

    /// Whether a row of bold cells surely is one line high: then nobody need measure it.
    fn is_line(&self, cells: &Json, rooms: &[Room]) -> bool {
        let is_plain = |inline: &Json| {
            inline["inline"] == "text" && inline["text"].as_str().is_some_and(|text| !text.contains('\n'))
        };
        let fits = |(cell, room): (&Json, &Room)| {
            cell.as_array().is_some_and(|inlines| inlines.iter().all(is_plain))
                && self.ink(cell, room.size) * KERNED <= room.width
        };
        cells.as_array().into_iter().flatten().zip(rooms).all(fits)
    }

    /// Fits the cells of a row and tells about how high it is.
    fn cells(&self, cells: &mut Json, rooms: &[Room]) -> f64 {
        let mut height: f64 = 0.0;
        for (cell, room) in cells.as_array_mut().into_iter().flatten().zip(rooms) {
            height = height
                .max((self.ink(cell, room.size) * RAGGED / room.width.max(1.0)).ceil() * metrics::TABLE_LINE.to_pt());
            self.inlines(cell, *room);
        }
        height
    }

    fn figure(&self, figure: &mut Json, room: Room) {
        let caption =
            self.ink(&figure["caption"], self.theme.small) * RAGGED / room.width.max(1.0) * metrics::SMALL_LINE.to_pt();
        figure["tall"] = json!(caption > room.page * (1.0 - TALL_PICTURE));
        self.inlines(&mut figure["caption"], room.sized(self.theme.small));
        let width = figure["width"].as_f64().unwrap_or(100.0).clamp(1.0, 100.0);
        let ratio = figure["image"].as_str().and_then(|key| self.ratios.get(key)).copied().unwrap_or(1.0);
        let most = room.page * TALL_PICTURE / (ratio.max(1e-6) * room.width.max(1.0)) * 100.0;
        figure["width"] = json!(width.min(most));
    }

    fn inlines(&self, inlines: &mut Json, room: Room) {
        self.each(inlines, |inline| match inline["inline"].as_str().unwrap_or_default() {
            "code" => self.run(&mut inline["text"], &self.code, room.sized(room.size * metrics::CODE_SIZE / 100.0)),
            "status" => self.word(&mut inline["text"]["text"], room),
            "field" => self.word(&mut inline["label"], room),
            "strong" | "emphasis" | "link" => self.inlines(&mut inline["content"], room),
            _ => self.word(&mut inline["text"], room),
        });
    }

    fn word(&self, text: &mut Json, room: Room) {
        self.run(text, &self.body, room);
    }

    fn run(&self, value: &mut Json, advances: &Advances, room: Room) {
        if let Json::String(text) = value
            && let Some(fitted) = fitted(text, room.width, |c| advances.of(c) * room.size)
        {
            *text = fitted;
        }
    }

    /// The width of all text in some JSON, were it set in one line of body type. A newline counts as a few characters.
    fn ink(&self, value: &Json, size: f64) -> f64 {
        match value {
            Json::String(text) => {
                text.chars().map(|c| if c == '\n' { 12.0 } else { self.body.of(c) }).sum::<f64>() * size
            }
            Json::Array(items) => items.iter().map(|item| self.ink(item, size)).sum(),
            Json::Object(fields) => fields
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "inline" | "block" | "url" | "id" | "key"))
                .map(|(_, field)| self.ink(field, size))
                .sum(),
            _ => 0.0,
        }
    }
}

/// A text with chances to break, when a word of it is wider than `room`.
fn fitted(text: &str, room: f64, advance: impl Fn(char) -> f64) -> Option<String> {
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

/// Characters that belong to the one before them.
fn is_joined(c: char) -> bool {
    c.is_whitespace()
        || unicode_normalization::char::is_combining_mark(c)
        || typst::text::is_default_ignorable(c)
        || matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// How far each character of a family moves the pen, in em: that of the bold face, which is the widest.
pub(super) struct Advances {
    ascii: [f64; 128],
    font: Option<FontInstance>,
}

impl Advances {
    pub(super) fn new(fonts: &Fonts, family: &str) -> Advances {
        let bold = FontVariant { style: FontStyle::Normal, weight: FontWeight::BOLD, stretch: FontStretch::NORMAL };
        let font = fonts.book.select(&family.to_lowercase(), bold).and_then(|index| fonts.fonts.get(index));
        let font = font.map(|font| font.clone().instantiate(bold, Abs::pt(10.0), &FontVariations::default()));
        let mut advances = Advances { ascii: [0.0; 128], font };
        advances.ascii = std::array::from_fn(|code| char::from_u32(code as u32).map_or(0.0, |c| advances.measure(c)));
        advances
    }

    pub(super) fn of(&self, c: char) -> f64 {
        self.ascii.get(c as usize).copied().unwrap_or_else(|| self.measure(c))
    }

    fn measure(&self, c: char) -> f64 {
        if c.is_control() || typst::text::is_default_ignorable(c) {
            return 0.0;
        }
        // What this family lacks comes from another one: as wide as the widest scripts are.
        let measured = self.font.as_ref().and_then(|font| Some(font.x_advance(font.ttf().glyph_index(c)?.0)?.get()));
        measured.unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(text: &str, room: f64) -> Option<String> {
        fitted(text, room, |c| if c == CHANCE { 0.0 } else { 1.0 })
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
    fn a_word_without_punctuation_breaks_anywhere_and_stays_the_same_word() {
        let fitted = fit(&format!("a {} b", "x".repeat(10_000)), 20.0).unwrap();
        assert_eq!(fitted.replace(CHANCE, ""), format!("a {} b", "x".repeat(10_000)));
        assert!(fitted.split(CHANCE).all(|part| part.chars().count() <= 7));
        assert!(!fit("e\u{301}e\u{301}e\u{301}", 2.0).unwrap().contains("\u{200B}\u{301}"));
    }
}
