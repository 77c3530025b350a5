//! Days in words.

use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{Y, YM, YMD};
use icu_datetime::input::Date as Day;
use icu_datetime::options::YearStyle;
use icu_locale_core::LanguageIdentifier;
use jiff::civil::Date;

use super::Formats;
use super::number::Digits;
use crate::time::{self, Period};

/// The pattern of a language of which there is none that this can read: ISO 8601.
const ISO: &str = "y-MM-dd";
const ISO_MONTH: &str = "y-MM";
const ISO_YEAR: &str = "y";

/// How a language writes a day: always of the Gregorian calendar, which profiles are written by.
#[derive(Debug)]
pub(super) struct Calendar {
    pattern: Vec<Piece>,
    /// The months as a date has them.
    months: Vec<String>,
    /// What stands with a year where one is not enough.
    era: String,
    /// The pattern of a month of a year, and the months as it has them.
    month: (Vec<Piece>, Vec<String>),
    /// The pattern of a year alone.
    year: Vec<Piece>,
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
        let of_day = said(|day| {
            let said = formatter.format(day);
            (said.to_string(), said.pattern().to_string())
        })?;
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(id.into(), YM::long());
        let formatter = formatter.map_err(|error| error.to_string())?;
        let of_month = said(|day| {
            let said = formatter.format(day);
            (said.to_string(), said.pattern().to_string())
        })?;
        let formatter = FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(id.into(), Y::long());
        let formatter = formatter.map_err(|error| error.to_string())?;
        let of_year = said(|day| {
            let said = formatter.format(day);
            (said.to_string(), said.pattern().to_string())
        })?;
        let usual = |said: &[(String, String)], otherwise: &str| {
            let first = said.first().map_or("", |(_, pattern)| pattern.as_str());
            pieces(first).unwrap_or_else(|_| pieces(otherwise).unwrap_or_default())
        };
        let (day, month, year) = (usual(&of_day, ISO), usual(&of_month, ISO_MONTH), usual(&of_year, ISO_YEAR));
        let has_era = [&day, &month, &year].into_iter().any(|pieces| pieces.contains(&Piece::Era));
        let era = if has_era { era(id, digits)? } else { String::new() };
        let names = |said: &[(String, String)], pieces: &[Piece]| names(said, pieces, &era, digits);
        let (months, of_month) = (names(&of_day, &day), names(&of_month, &month));
        let pattern = formats.date.as_deref().and_then(|own| pieces(own).ok()).unwrap_or(day);
        let own = |usual: Vec<String>| if formats.months.is_empty() { usual } else { formats.months.clone() };
        Ok(Calendar { pattern, months: own(months), month: (month, own(of_month)), year, era })
    }

    pub(super) fn date(&self, day: Date, digits: &Digits) -> String {
        let [month, of_month] = [day.month(), day.day()].map(|number| u8::try_from(number).unwrap_or_default());
        let name = self.month(day.month()).unwrap_or_default();
        written(&self.pattern, (day.year(), month, of_month), (name, &self.era), digits)
    }

    /// A day, or what is known of it.
    pub(super) fn known(&self, day: time::Day, digits: &Digits) -> String {
        self.part(day, &|_| true, digits)
    }

    /// A period. What both ends have and stands at the outer side of both is said once.
    pub(super) fn period(&self, Period { from, to }: Period, until: &str, digits: &Digits) -> String {
        let whole = |day| self.known(day, digits);
        let is_alike = std::mem::discriminant(&from) == std::mem::discriminant(&to);
        if from == to {
            return whole(from);
        }
        if !is_alike || from.year() != to.year() {
            return [whole(from), until.to_owned(), whole(to)].concat();
        }
        let is_year = |piece: &Piece| matches!(piece, Piece::Year | Piece::ShortYear | Piece::Era);
        let is_month = |piece: &Piece| matches!(piece, Piece::Month(_) | Piece::MonthName);
        let pieces = self.pieces(from);
        let named: Vec<&Piece> = pieces.iter().filter(|piece| !matches!(piece, Piece::Text(_))).collect();
        // Of a day before its month, the month is said once too.
        let is_same_month = from.month() == to.month() && matches!(from, time::Day::Day(_));
        let once = |piece: &Piece| is_year(piece) || is_same_month && is_month(piece);
        let (last, first) =
            (named.last().is_some_and(|piece| is_year(piece)), named.first().is_some_and(|piece| is_year(piece)));
        let is_day_first = matches!(named.first(), Some(Piece::Day(_)));
        if last {
            let once: &dyn Fn(&Piece) -> bool = if is_day_first { &once } else { &is_year };
            return [self.part(from, &|piece| !once(piece), digits), until.to_owned(), whole(to)].concat();
        }
        if first {
            let is_day_last = matches!(named.last(), Some(Piece::Day(_)));
            let once: &dyn Fn(&Piece) -> bool = if is_day_last { &once } else { &is_year };
            return [whole(from), until.to_owned(), self.part(to, &|piece| !once(piece), digits)].concat();
        }
        [whole(from), until.to_owned(), whole(to)].concat()
    }

    fn pieces(&self, day: time::Day) -> &[Piece] {
        match day {
            time::Day::Day(_) => &self.pattern,
            time::Day::Month(..) => &self.month.0,
            time::Day::Year(_) => &self.year,
        }
    }

    /// The pieces of a day that are wanted, with what stands between them.
    fn part(&self, day: time::Day, is_wanted: &dyn Fn(&Piece) -> bool, digits: &Digits) -> String {
        let all = self.pieces(day);
        let is_kept = |at: usize| match &all[at] {
            Piece::Text(text) => {
                let kept = |piece: Option<&Piece>| piece.is_none_or(is_wanted);
                // What stands after the day belongs to it: the point of `1. März`.
                let (before, after) = (at.checked_sub(1).map(|before| &all[before]), all.get(at + 1));
                let is_of_day = text.starts_with('.') && matches!(before, Some(Piece::Day(_)));
                is_of_day && kept(before) || kept(before) && kept(after)
            }
            piece => is_wanted(piece),
        };
        let kept: Vec<Piece> = (0..all.len()).filter(|at| is_kept(*at)).map(|at| all[at].clone()).collect();
        let first = day.first();
        let [month, of_month] = [first.month(), first.day()].map(|number| u8::try_from(number).unwrap_or_default());
        let names = if matches!(day, time::Day::Month(..)) { &self.month.1 } else { &self.months };
        let name = usize::from(month).checked_sub(1).and_then(|at| names.get(at)).map_or("", String::as_str);
        written(&kept, (first.year(), month, of_month), (name, &self.era), digits).trim().to_owned()
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

/// What is said of the first of each month, with the pattern of it.
fn said(say: impl Fn(&Day<Gregorian>) -> (String, String)) -> Result<Vec<(String, String)>, String> {
    let day = |month: u8| Day::try_new_gregorian(2001, month, 1).map_err(|error| error.to_string());
    (1..=12).map(|month| Ok(say(&day(month)?))).collect()
}

/// The months by their names: what stands around them is known, so what is between is the name.
fn names(said: &[(String, String)], pieces: &[Piece], era: &str, digits: &Digits) -> Vec<String> {
    let at = pieces.iter().position(|piece| *piece == Piece::MonthName);
    let name = |month: u8, text: &str| {
        let around = |pieces: &[Piece]| written(pieces, (2001, month, 1), ("", era), digits);
        let at = at?;
        text.strip_prefix(&around(&pieces[..at]))?.strip_suffix(&around(&pieces[at + 1..])).map(str::to_owned)
    };
    let all = (1..=12u8)
        .zip(said)
        .map(|(month, (text, _))| name(month, text).unwrap_or_else(|| digits.whole(u32::from(month), 1)));
    all.collect()
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
