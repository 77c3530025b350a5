//! How the documents look: one [`Theme`] drives Word and PDF alike.

use serde::{Deserialize, Serialize};

use crate::length::Length;

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

impl Colour {
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
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii()).ok_or_else(problem)?;
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
    /// Families to try for characters that the others lack, in order.
    #[serde(default)]
    pub fallback: Vec<String>,
}

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

/// What stands left, in the middle and right of a header or footer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Furniture {
    /// At the left.
    #[serde(default)]
    pub left: Vec<Part>,
    /// In the middle.
    #[serde(default)]
    pub center: Vec<Part>,
    /// At the right.
    #[serde(default)]
    pub right: Vec<Part>,
}

/// A part of a header or footer. Parts of one place are joined by a separating dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The logo; nothing where there is none.
    Logo,
    /// The organisation's short name.
    Organisation,
    /// The document's title.
    Title,
    /// The document's number.
    Number,
    /// The version.
    Version,
    /// The date of what it says.
    Date,
    /// The classification's label.
    Classification,
    /// Page x of y.
    Page,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        let colour = |text: &str| Colour::try_from(text.to_owned()).unwrap();
        assert!((colour("#000000").contrast(colour("#ffffff")) - 21.0).abs() < 1e-9);
        assert!((colour("#767676").contrast(colour("#ffffff")) - 4.54).abs() < 0.01);
        assert!(Colour::try_from("#12345g".to_owned()).is_err());
        assert!(Colour::try_from("red".to_owned()).is_err());
    }
}
