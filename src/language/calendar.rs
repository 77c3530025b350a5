//! Days in words.

use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{Y, YMD};
use icu_datetime::input::Date as Day;
use icu_datetime::options::YearStyle;
use icu_locale_core::LanguageIdentifier;
use jiff::civil::Date;

use super::Formats;
use super::number::Digits;

/// The pattern of a language of which there is none that this can read: ISO 8601.
const ISO: &str = "y-MM-dd";

/// How a language writes a day: always of the Gregorian calendar, which profiles are written by.
#[derive(Debug)]
pub(super) struct Calendar {
    pattern: Vec<Piece>,
    /// The months as a date has them.
    months: Vec<String>,
    /// What stands with a year where one is not enough.
    era: String,
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Text(String),
    /// The day in so many figures at least.
    Day(usize),
    Month(usize),
    MonthName,
    Year,
    Era,
    /// Its last two figures.
    ShortYear,
}

impl Calendar {
    pub(super) fn of(id: &LanguageIdentifier, digits: &Digits, formats: &Formats) -> Result<Calendar, String> {
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(id.into(), YMD::long());
        let formatter = formatter.map_err(|error| error.to_string())?;
        let said = |month: u8| {
            let day = Day::try_new_gregorian(2001, month, 1).map_err(|error| error.to_string())?;
            let said = formatter.format(&day);
            Ok::<_, String>((said.to_string(), said.pattern().to_string()))
        };
        let usual = pieces(&said(1)?.1).unwrap_or_else(|_| pieces(ISO).unwrap_or_default());
        let era = if usual.contains(&Piece::Era) { era(id, digits)? } else { String::new() };
        // What stands around the month's name is known; so what is between is the name.
        let at = usual.iter().position(|piece| *piece == Piece::MonthName);
        let mut months: Vec<String> = Vec::new();
        for month in 1..=12u8 {
            let (text, _) = said(month)?;
            let name = at.and_then(|at| {
                let around = |pieces: &[Piece]| written(pieces, (2001, month, 1), ("", &era), digits);
                text.strip_prefix(&around(&usual[..at]))?.strip_suffix(&around(&usual[at + 1..])).map(str::to_owned)
            });
            months.push(name.unwrap_or_else(|| digits.whole(u32::from(month), 1)));
        }
        let pattern = formats.date.as_deref().and_then(|own| pieces(own).ok()).unwrap_or(usual);
        let months = if formats.months.is_empty() { months } else { formats.months.clone() };
        Ok(Calendar { pattern, months, era })
    }

    pub(super) fn date(&self, day: Date, digits: &Digits) -> String {
        let [month, of_month] = [day.month(), day.day()].map(|number| u8::try_from(number).unwrap_or_default());
        let name = self.month(day.month()).unwrap_or_default();
        written(&self.pattern, (day.year(), month, of_month), (name, &self.era), digits)
    }

    /// The pattern in letters, with four figures of the year; words in `'`.
    pub(super) fn pattern(&self) -> String {
        let one = |piece: &Piece| match piece {
            Piece::Text(text) if text.contains(|c: char| c.is_ascii_alphabetic()) => {
                format!("'{}'", text.replace('\'', "''"))
            }
            Piece::Text(text) => text.clone(),
            Piece::Day(figures) => "d".repeat(*figures),
            Piece::Month(figures) => "M".repeat(*figures),
            Piece::MonthName => "MMMM".to_owned(),
            Piece::Era => self.era.clone(),
            Piece::Year => "yyyy".to_owned(),
            Piece::ShortYear => "yy".to_owned(),
        };
        self.pattern.iter().map(one).collect()
    }

    pub(super) fn month(&self, month: i8) -> Option<&str> {
        self.months.get(usize::try_from(month).ok()?.checked_sub(1)?).map(String::as_str)
    }
}

/// What the era is called, read off a year.
fn era(id: &LanguageIdentifier, digits: &Digits) -> Result<String, String> {
    let fields = Y::long().with_year_style(YearStyle::WithEra);
    let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(id.into(), fields);
    let formatter = formatter.map_err(|error| error.to_string())?;
    let said = formatter.format(&Day::try_new_gregorian(2001, 1, 1).map_err(|error| error.to_string())?).to_string();
    Ok(said.replace(&digits.whole(2001, 1), "").trim().to_owned())
}

fn written(pieces: &[Piece], (year, month, day): (i16, u8, u8), (name, era): (&str, &str), digits: &Digits) -> String {
    let year = u32::from(year.unsigned_abs());
    let one = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Day(figures) => digits.whole(u32::from(day), *figures),
        Piece::Month(figures) => digits.whole(u32::from(month), *figures),
        Piece::MonthName => name.to_owned(),
        Piece::Era => era.to_owned(),
        Piece::Year => digits.whole(year, 1),
        Piece::ShortYear => digits.whole(year % 100, 2),
    };
    pieces.iter().map(one).collect()
}

/// Reads a pattern of Unicode's: `d. MMMM y`, with `'` around words.
///
/// # Errors
/// The letter that stands for nothing that a date has here.
fn pieces(pattern: &str) -> Result<Vec<Piece>, char> {
    let mut rest = pattern;
    let mut all: Vec<Piece> = Vec::new();
    let mut is_quoted = false;
    while let Some(c) = rest.chars().next() {
        let long = rest.chars().take_while(|next| *next == c).count();
        if c == '\'' {
            // Two stand for one.
            if rest.starts_with("''") {
                text(&mut all, "'");
                rest = &rest[2..];
            } else {
                is_quoted = !is_quoted;
                rest = &rest[1..];
            }
            continue;
        }
        if is_quoted || !c.is_ascii_alphabetic() {
            text(&mut all, c.encode_utf8(&mut [0; 4]));
            rest = &rest[c.len_utf8()..];
            continue;
        }
        all.push(match (c, long) {
            ('d', 1 | 2) => Piece::Day(long),
            ('M' | 'L', 1 | 2) => Piece::Month(long),
            ('M' | 'L', 4) => Piece::MonthName,
            ('G', 1..=3) => Piece::Era,
            ('y', 2) => Piece::ShortYear,
            ('y' | 'u', 1 | 4) => Piece::Year,
            _ => return Err(c),
        });
        rest = &rest[long..];
    }
    Ok(all)
}

fn text(pieces: &mut Vec<Piece>, more: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(known)) => known.push_str(more),
        _ => pieces.push(Piece::Text(more.to_owned())),
    }
}

/// What is wrong with a pack's own pattern.
pub(super) fn problem(pattern: &str) -> Option<String> {
    match pieces(pattern) {
        Err(letter) => Some(format!("`{letter}` is no part of a date in `{pattern}`")),
        Ok(pieces) => {
            let has = |wanted: fn(&Piece) -> bool| pieces.iter().any(wanted);
            let is_whole = has(|piece| matches!(piece, Piece::Day(_)))
                && has(|piece| matches!(piece, Piece::Month(_) | Piece::MonthName))
                && has(|piece| matches!(piece, Piece::Year | Piece::ShortYear));
            (!is_whole).then(|| format!("`{pattern}` has not day, month and year"))
        }
    }
}
