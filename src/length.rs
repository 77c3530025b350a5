//! Lengths as whole English Metric Units, so that no bare number crosses a module.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length in English Metric Units: 914 400 to the inch, 12 700 to the point, 36 000 to the millimetre.
///
/// The unit is that of OOXML (ISO/IEC 29500-1, 20.1.10.16 `ST_Coordinate`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Length(i64);

impl Length {
    /// No length.
    pub const ZERO: Length = Length(0);

    /// A length of so many EMU.
    pub const fn from_emu(emu: i64) -> Length {
        Length(emu)
    }

    /// A length in millimetres, rounded to the nearest EMU.
    pub fn from_mm(mm: f64) -> Length {
        Length((mm * 36_000.0).round() as i64)
    }

    /// A length in points (1/72 inch), rounded to the nearest EMU.
    pub fn from_pt(pt: f64) -> Length {
        Length((pt * 12_700.0).round() as i64)
    }

    /// The length in EMU.
    pub const fn emu(self) -> i64 {
        self.0
    }

    /// The length in points.
    pub fn to_pt(self) -> f64 {
        self.0 as f64 / 12_700.0
    }

    /// The length in twentieths of a point, as `w:w`, `w:ind` and `w:pgMar` want it.
    pub fn to_twips(self) -> i64 {
        div_round(self.0, 635)
    }

    /// The length in half points, as `w:sz` wants it.
    pub fn to_half_points(self) -> i64 {
        div_round(self.0, 6_350)
    }

    /// The length in eighths of a point, as border widths want it.
    pub fn to_eighths(self) -> i64 {
        div_round(self.0 * 8, 12_700)
    }

    /// This length times `share` hundredths.
    pub fn percent(self, share: f64) -> Length {
        Length((self.0 as f64 * share / 100.0).round() as i64)
    }
}

/// Division that rounds to the nearest whole number, halves away from zero.
fn div_round(value: i64, by: i64) -> i64 {
    let half = by / 2;
    if value >= 0 { (value + half) / by } else { (value - half) / by }
}

impl std::ops::Add for Length {
    type Output = Length;
    fn add(self, other: Length) -> Length {
        Length(self.0 + other.0)
    }
}

impl std::ops::Sub for Length {
    type Output = Length;
    fn sub(self, other: Length) -> Length {
        Length(self.0 - other.0)
    }
}

/// Why a text is not a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotALength;

impl fmt::Display for NotALength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a length is a number and a unit: 10.5pt, 20mm, 2cm or 1in")
    }
}

impl std::error::Error for NotALength {}

impl FromStr for Length {
    type Err = NotALength;

    fn from_str(text: &str) -> Result<Length, NotALength> {
        let text = text.trim();
        let at = text.find(|c: char| c.is_ascii_alphabetic()).ok_or(NotALength)?;
        let number: f64 = text[..at].trim().parse().map_err(|_| NotALength)?;
        if !number.is_finite() || number.abs() > 10_000.0 {
            return Err(NotALength);
        }
        match &text[at..] {
            "pt" => Ok(Length::from_pt(number)),
            "mm" => Ok(Length::from_mm(number)),
            "cm" => Ok(Length::from_mm(number * 10.0)),
            "in" => Ok(Length::from_pt(number * 72.0)),
            _ => Err(NotALength),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}pt", self.to_pt())
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Length, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_agree() {
        assert_eq!("1in".parse(), Ok(Length::from_emu(914_400)));
        assert_eq!("25.4mm".parse(), Ok(Length::from_emu(914_400)));
        assert_eq!(Length::from_pt(10.5).to_half_points(), 21);
        assert_eq!(Length::from_mm(20.0).to_twips(), 1134);
        assert_eq!(Length::from_pt(0.5).to_eighths(), 4);
        assert_eq!("10.5pt".parse::<Length>().unwrap().to_string(), "10.5pt");
    }

    #[test]
    fn a_length_needs_a_known_unit() {
        for text in ["", "10", "pt", "10px", "1e9pt", "NaNpt", "10 pt x"] {
            assert_eq!(text.parse::<Length>(), Err(NotALength), "{text}");
        }
    }
}
