//! How the documents look: one [`Theme`] drives Word and PDF alike.

mod furniture;
mod part;

use serde::{Deserialize, Serialize};

use crate::length::Length;
pub use furniture::{Cover, Furniture, MAX_LINES, MAX_PARTS, PICTURE_WIDTH, Place, Places};
pub use part::{Field, MIXED, Mistake, Part, Picture, Piece};

/// The look of a document set, read from `theme.yaml` of the pack with the workspace's changes laid over it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Paper and margins.
    pub page: Page,
    /// Colours.
    pub colours: Colours,
    /// Font families.
    pub fonts: Fonts,
    /// Type sizes and spacing.
    pub sizes: Sizes,
    /// What stands at the head of each page.
    pub header: Furniture,
    /// What stands at the foot of each page.
    pub footer: Furniture,
    /// The logo's height at the head of the page.
    pub logo_height: Length,
    /// A page before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
}

impl Theme {
    /// The cover, where documents have one.
    pub fn cover(&self) -> Option<&Cover> {
        self.cover.as_ref().filter(|cover| cover.show)
    }

    /// The size of the document's title: on the cover, where there is one.
    pub fn title(&self) -> Length {
        self.cover().map_or(self.sizes.title, |cover| cover.title)
    }

    /// What stands at the head and foot of the first page, where that differs from the others. A cover has neither,
    /// unless the theme says what.
    pub fn first(&self) -> Option<[&Places; 2]> {
        const NOTHING: &Places = &Places { left: Place::NONE, center: Place::NONE, right: Place::NONE };
        if self.header.first.is_none() && self.footer.first.is_none() && self.cover().is_none() {
            return None;
        }
        Some([&self.header, &self.footer].map(|furniture| match &furniture.first {
            Some(first) => first,
            None if self.cover().is_some() => NOTHING,
            None => &furniture.every,
        }))
    }

    /// Each part of header, footer and cover, with the key that leads to it, such as `header.left.0`.
    pub fn parts(&self) -> Vec<(String, &Part)> {
        let mut places: Vec<(String, &Place)> = Vec::new();
        for (name, furniture) in [("header", &self.header), ("footer", &self.footer)] {
            places.extend(furniture.every.all().map(|(key, place)| (format!("{name}.{key}"), place)));
            let first = furniture.first.iter().flat_map(Places::all);
            places.extend(first.map(|(key, place)| (format!("{name}.first.{key}"), place)));
        }
        places.extend(
            self.cover().iter().flat_map(|cover| cover.all()).map(|(key, place)| (format!("cover.{key}"), place)),
        );
        let mut parts = Vec::new();
        for (key, place) in places {
            parts.extend(place.parts().map(|(at, part)| (format!("{key}.{at}"), part)));
        }
        parts
    }
}

/// Paper and margins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The paper.
    pub size: Paper,
    /// From the top edge to the text.
    pub margin_top: Length,
    /// From the text to the bottom edge.
    pub margin_bottom: Length,
    /// From the left edge to the text.
    pub margin_left: Length,
    /// From the text to the right edge.
    pub margin_right: Length,
}

impl Page {
    /// How wide the text is, upright and on landscape pages.
    pub fn text_widths(&self) -> (Length, Length) {
        let (width, height) = self.size.size();
        let margins = self.margin_left + self.margin_right;
        (width - margins, height - margins)
    }

    /// How high the text of an upright page is.
    pub fn text_height(&self) -> Length {
        let (_, height) = self.size.size();
        height - self.margin_top - self.margin_bottom
    }
}

/// A size of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Paper {
    /// ISO 216 A4, 210 mm × 297 mm.
    A4,
    /// US Letter, 8.5 in × 11 in.
    Letter,
}

impl Paper {
    /// Width and height, upright.
    pub fn size(self) -> (Length, Length) {
        match self {
            Paper::A4 => (Length::from_mm(210.0), Length::from_mm(297.0)),
            Paper::Letter => (Length::from_pt(612.0), Length::from_pt(792.0)),
        }
    }
}

/// Colours, each `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colours {
    /// Headings, bars, rules that carry the brand. Dark: at least 4.5:1 on white.
    pub accent: Colour,
    /// Body text.
    pub text: Colour,
    /// Headers, footers, captions. At least 4.5:1 on white.
    pub muted: Colour,
    /// Thin rules.
    pub rule: Colour,
    /// The ground of table headers and boxes.
    pub tint: Colour,
    /// The mark of a good state.
    pub good: Colour,
    /// The mark of a state on the way.
    pub caution: Colour,
    /// The mark of a bad state, and the bar of a warning.
    pub bad: Colour,
    /// The mark of a state that is neither.
    pub neutral: Colour,
}

/// A colour, `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    /// Red, green, blue.
    pub rgb: [u8; 3],
}

/// White, as of paper.
pub const WHITE: Colour = Colour { rgb: [255; 3] };

impl Colour {
    /// This colour with so many hundredths of another in it.
    pub fn mixed(self, other: Colour, share: f64) -> Colour {
        let channel = |at: usize| {
            let (from, to) = (f64::from(self.rgb[at]), f64::from(other.rgb[at]));
            (from + (to - from) * share / 100.0).round() as u8
        };
        Colour { rgb: [channel(0), channel(1), channel(2)] }
    }

    /// The six digits, upper case, as OOXML writes a colour.
    pub fn hex(self) -> String {
        let [red, green, blue] = self.rgb;
        format!("{red:02X}{green:02X}{blue:02X}")
    }

    /// The contrast ratio against another colour, 1 to 21 (WCAG 2.2, 1.4.3).
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.rgb.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Colour, String> {
        let problem = || format!("`{text}` is not a colour: write `#rrggbb`");
        let digits =
            text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii()).ok_or_else(problem)?;
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| problem());
        Ok(Colour { rgb: [channel(0)?, channel(2)?, channel(4)?] })
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> String {
        format!("#{}", colour.hex().to_lowercase())
    }
}

/// Font families. Word and PDF name different files of the same widths, so that lines break alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fonts {
    /// Text and headings.
    pub body: Family,
    /// Code.
    pub code: Family,
    /// Families to try for characters that the others lack, in order; [`SYMBOLS`] is the last.
    #[serde(default)]
    pub fallback: Vec<String>,
}

/// The family that Folio ships for signs that no family of a theme has: boxes to tick, ticks, arrows, states.
pub const SYMBOLS: &str = "Noto Sans Symbols 2";

/// A family in both formats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// The family in PDF: one that Folio ships or the workspace adds.
    pub pdf: String,
    /// The family in Word.
    pub word: String,
}

/// Type sizes and spacing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    /// Body text.
    pub body: Length,
    /// From baseline to baseline of body text.
    pub line: Length,
    /// After a paragraph.
    pub paragraph_gap: Length,
    /// The document's title.
    pub title: Length,
    /// Headings of level 1 to 4; deeper ones are as level 4.
    pub headings: [Length; 4],
    /// Tables.
    pub table: Length,
    /// Headers, footers, captions.
    pub small: Length,
}

/// The distances that no theme changes. Both formats take them from here: pages break alike only where they are equal.
///
/// Between two blocks stands the larger of what the first asks for after itself and the second before itself.
pub mod metrics {
    use crate::length::Length;

    const fn pt(tenths: i64) -> Length {
        Length::from_emu(tenths * 1_270)
    }

    /// Before a heading of level 1 to 4; deeper ones are as level 4.
    pub const HEADING_BEFORE: [Length; 4] = [pt(180), pt(140), pt(110), pt(90)];
    /// After a heading of level 1 to 4.
    pub const HEADING_AFTER: [Length; 4] = [pt(60), pt(50), pt(40), pt(40)];
    /// From baseline to baseline of headings and titles, in hundredths of their size.
    pub const HEADING_LINE: f64 = 122.0;
    /// From the left margin to a heading's text, past its number, by level 1 to 6.
    pub const HEADING_INDENT: [Length; 6] = [pt(280), pt(340), pt(400), pt(460), pt(520), pt(580)];

    /// From baseline to baseline in tables.
    pub const TABLE_LINE: Length = pt(125);
    /// Above and below the text of a table's cell, the rule below it counted in.
    pub const CELL_PADDING_Y: Length = pt(35);
    /// Left and right of the text of a table's cell.
    pub const CELL_PADDING_X: Length = pt(50);
    /// Thickness of the rules between a table's rows.
    pub const TABLE_RULE: Length = pt(5);
    /// Thickness of the rule below a table's header row.
    pub const HEADER_RULE: Length = Length::from_emu(9_525);
    /// After a table, callout or sign-off block.
    pub const TABLE_AFTER: Length = pt(100);
    /// Above a table's caption.
    pub const CAPTION_BEFORE: Length = pt(90);
    /// Between a caption and its table, a picture and its caption.
    pub const CAPTION_AFTER: Length = pt(40);

    /// From baseline to baseline of small text: headers, footers, captions, footnotes.
    pub const SMALL_LINE: Length = pt(110);

    /// After an item of a list; after the last one stands a paragraph's gap.
    pub const LIST_GAP: Length = pt(30);
    /// How far each level of a list is indented: the marker hangs in it.
    pub const LIST_INDENT: Length = pt(180);

    /// Between a callout's edge and its text on all four sides, the bar not counted.
    pub const CALLOUT_PADDING: Length = pt(80);
    /// How many blocks a callout may hold and still stay on one page.
    pub const CALLOUT_WHOLE: usize = 6;
    /// The bar at a callout's left.
    pub const CALLOUT_BAR: Length = pt(30);
    /// Between a callout's heading and its text.
    pub const CALLOUT_TITLE_AFTER: Length = pt(30);

    /// How far a quotation, a definition's body and preformatted text are indented.
    pub const QUOTE_INDENT: Length = pt(140);
    /// Size of preformatted text and of code in a sentence, in hundredths of the text around it.
    pub const CODE_SIZE: f64 = 90.0;
    /// From baseline to baseline of preformatted text.
    pub const CODE_LINE: Length = pt(125);
    /// Between the edge of preformatted text and the text, on all four sides.
    pub const CODE_PADDING: Length = pt(60);

    /// After the organisation's name on the first page.
    pub const ORGANISATION_AFTER: Length = pt(40);
    /// After the title.
    pub const TITLE_AFTER: Length = pt(30);
    /// After the line with kind, number and classification.
    pub const SUBTITLE_AFTER: Length = pt(120);
    /// Above the labels of history and contents; they are set like headings of level 3, without a number.
    pub const LABEL_BEFORE: Length = pt(160);
    /// Below those labels.
    pub const LABEL_AFTER: Length = pt(50);
    /// Widths of the control table's columns (label, value, label, value), in hundredths.
    pub const CONTROL_WIDTHS: [f64; 4] = [15.0, 35.0, 15.0, 35.0];
    /// Widths of the history's columns (version, date, author, change), in hundredths.
    pub const HISTORY_WIDTHS: [f64; 4] = [14.0, 20.0, 26.0, 40.0];
    /// After an entry of the contents.
    pub const CONTENTS_GAP: Length = pt(20);
    /// After the last entry of the contents.
    pub const CONTENTS_AFTER: Length = pt(100);
    /// The height of a paragraph that does not show.
    pub const UNSEEN: Length = pt(10);
    /// The lines that contents of two levels may have.
    const CONTENTS_LINES: usize = 18;

    /// The deepest level of heading that contents list, of a document whose headings have these levels: the second, or
    /// the first where two would leave the first page no room for what the document is about.
    pub fn contents_depth(levels: impl Iterator<Item = u8>) -> u8 {
        if levels.filter(|level| *level <= 2).count() > CONTENTS_LINES { 1 } else { 2 }
    }

    /// How far a level of the contents is indented, and the room for its numbers.
    pub const CONTENTS_INDENT: Length = pt(240);

    /// The least height of a row to sign in.
    pub const SIGN_OFF_ROW: Length = pt(320);
    /// Widths of the sign-off block's columns (name, role, signature, date), in hundredths.
    pub const SIGN_OFF_WIDTHS: [f64; 4] = [26.0, 28.0, 28.0, 18.0];

    /// From the paper's top edge to the header.
    pub const HEADER_EDGE: Length = pt(310);
    /// From the footer to the paper's bottom edge.
    pub const FOOTER_EDGE: Length = pt(280);
    /// Between a header or footer and its rule.
    pub const EDGE_PADDING: Length = pt(40);
    /// Between a picture of a margin and what stands beside it.
    pub const PICTURE_GAP: Length = pt(90);

    /// Where a cover's title begins, in hundredths of the text's height, when what stands above it leaves the room.
    pub const COVER_TITLE: f64 = 30.0;
    /// After a cover's title.
    pub const COVER_TITLE_AFTER: Length = pt(120);
    /// The least room between what stands above a cover's title and the title.
    pub const COVER_GAP: Length = pt(240);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_contents_list_the_first_level_alone() {
        assert_eq!(metrics::contents_depth([1, 2, 3, 3].into_iter().cycle().take(36)), 2);
        assert_eq!(metrics::contents_depth([1, 2, 3, 3].into_iter().cycle().take(40)), 1);
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let colour = |text: &str| Colour::try_from(text.to_owned()).unwrap();
        assert!((colour("#000000").contrast(colour("#ffffff")) - 21.0).abs() < 1e-9);
        assert!((colour("#767676").contrast(colour("#ffffff")) - 4.54).abs() < 0.01);
        assert!(Colour::try_from("#12345g".to_owned()).is_err());
        assert!(Colour::try_from("red".to_owned()).is_err());
    }
}
