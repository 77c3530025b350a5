//! How a file writes days and numbers, as its profile says: `dates: dd.mm.yyyy`, `decimal: ","`.

use jiff::civil::Date;

use crate::language;

/// The forms that are proposed for a day which no form was said of. With points, the day comes first everywhere.
const USUAL: [&str; 16] = [
    "dd.mm.yyyy",
    "dd/mm/yyyy",
    "mm/dd/yyyy",
    "dd-mm-yyyy",
    "mm-dd-yyyy",
    "yyyy/mm/dd",
    "yyyy.mm.dd",
    "yyyy-m-d",
    "d. mmmm yyyy",
    "d mmmm yyyy",
    "d-mmm-yyyy",
    "mmmm d, yyyy",
    "dd.mm.yy",
    "dd/mm/yy",
    "mm/dd/yy",
    "d-mmm-yy",
];

/// A form of days.
#[derive(Debug, Clone)]
pub(super) struct DateForm {
    /// As it was written.
    pub(super) written: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    Day,
    Month,
    MonthName,
    Year,
    /// Its last two figures, of this century.
    ShortYear,
    Sign(char),
}

/// What a text is by a form.
#[derive(Debug, PartialEq)]
pub(super) enum Read {
    Day(Date),
    /// It has the form, and there is no such day.
    NoDay,
    /// It has not the form.
    Other,
}

impl DateForm {
    /// The form of a text such as `dd.mm.yyyy`; in the letters of other languages too, as `TT.MM.JJJJ`. Nothing of a text
    /// that is none.
    pub(super) fn of(written: &str) -> Option<DateForm> {
        let text = written.trim().to_lowercase();
        let years_by = |letter: char| text.chars().any(|c| c == letter);
        let mut pieces = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let letter = match c {
                't' | 'g' => 'd',
                'a' | 'r' => 'y',
                'j' if years_by('a') => 'd',
                'j' => 'y',
                c => c,
            };
            let mut count = 1;
            while letter.is_alphabetic() && rest.next_if_eq(&c).is_some() {
                count += 1;
            }
            pieces.push(match (letter, count) {
                ('d', 1 | 2) => Piece::Day,
                ('m', 1 | 2) => Piece::Month,
                ('m', 3 | 4) => Piece::MonthName,
                ('y', 4) => Piece::Year,
                ('y', 2) => Piece::ShortYear,
                (c, _) if c.is_whitespace() => continue,
                (c, 1) if !c.is_alphanumeric() => Piece::Sign(c),
                _ => return None,
            });
        }
        let count = |wanted: &[Piece]| pieces.iter().filter(|piece| wanted.contains(piece)).count();
        let is_whole = count(&[Piece::Day]) == 1
            && count(&[Piece::Month, Piece::MonthName]) == 1
            && count(&[Piece::Year, Piece::ShortYear]) == 1;
        is_whole.then(|| DateForm { written: written.trim().to_owned(), pieces })
    }

    /// A text read by the form.
    pub(super) fn read(&self, text: &str) -> Read {
        self.parts(text).map_or(Read::Other, |(year, month, day)| match Date::new(year, month, day) {
            Ok(date) => Read::Day(date),
            Err(_) => Read::NoDay,
        })
    }

    fn parts(&self, text: &str) -> Option<(i16, i8, i8)> {
        let (mut day, mut month, mut year) = (None, None, None);
        let mut rest = text.trim();
        for piece in &self.pieces {
            rest = rest.trim_start();
            let is_name = *piece == Piece::MonthName;
            let end = rest.find(|c: char| if is_name { !c.is_alphabetic() } else { !c.is_ascii_digit() });
            let (run, behind) = rest.split_at(end.unwrap_or(rest.len()));
            match piece {
                Piece::Sign(sign) => {
                    rest = rest.strip_prefix(*sign)?;
                    continue;
                }
                Piece::Day if run.len() <= 2 => day = run.parse().ok(),
                Piece::Month if run.len() <= 2 => month = run.parse().ok(),
                Piece::MonthName => month = language::month(run),
                Piece::Year if run.len() == 4 => year = run.parse().ok(),
                Piece::ShortYear if run.len() == 2 => year = run.parse::<i16>().ok().map(|year| year + 2000),
                _ => return None,
            }
            // A short name of a month may end in a point.
            rest = if is_name { behind.strip_prefix('.').unwrap_or(behind) } else { behind };
        }
        rest.trim().is_empty().then_some((year?, month?, day?))
    }
}

/// The usual forms that a text has, and a day with them.
pub(crate) fn usual(text: &str) -> Vec<&'static str> {
    if !text.contains(|c: char| c.is_ascii_digit()) || text.len() > 40 {
        return Vec::new();
    }
    let is_day = |form: &&str| DateForm::of(form).is_some_and(|form| matches!(form.read(text), Read::Day(_)));
    USUAL.into_iter().filter(is_day).collect()
}

/// A day and the time behind it, of a text that begins as ISO 8601 has it; the time is empty where there is none.
pub(super) fn day_and_time(text: &str) -> Option<(&str, &str)> {
    let (day, rest) = text.split_at_checked(10)?;
    let is_day =
        day.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let time = rest.strip_prefix(['T', ' ']).unwrap_or(rest).trim();
    let is_time =
        time.is_empty() || time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || ":.Z+-".contains(c));
    (is_day && is_time).then_some((day, time))
}

/// Whether a time is the begin of a day, as a day has it that somebody wrote without one.
pub(super) fn is_midnight(time: &str) -> bool {
    time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z'))
}

/// A number whose decimals stand behind `decimal`, and whose thousands may stand apart; nothing of a text that is none.
pub(super) fn number(text: &str, decimal: char) -> Option<f64> {
    let (sign, text) = match text.trim().strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", text.trim()),
    };
    let (whole, fraction) = text.split_once(decimal).map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let other = if decimal == ',' { '.' } else { ',' };
    let groups: Vec<&str> = whole.split([other, ' ', '\u{A0}', '\u{202F}', '\'', '’']).collect();
    let is_figures = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, others) = groups.split_first()?;
    let is_grouped = others.iter().all(|group| group.len() == 3) && (others.is_empty() || first.len() <= 3);
    let is_number = groups.iter().all(|group| is_figures(group)) && is_grouped && fraction.is_none_or(is_figures);
    let is_padded = first.len() > 1 && first.starts_with('0') || !others.is_empty() && first.starts_with('0');
    if !is_number || is_padded || text.len() > 40 {
        return None;
    }
    format!("{sign}{}.{}", groups.concat(), fraction.unwrap_or("0")).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_by_their_form() {
        let read = |form: &str, text: &str| match DateForm::of(form).unwrap().read(text) {
            Read::Day(day) => day.to_string(),
            other => format!("{other:?}"),
        };
        for (form, text) in [
            ("dd.mm.yyyy", "01.02.2026"),
            ("d.m.yyyy", "1.2.2026"),
            ("dd/mm/yyyy", "01/02/2026"),
            ("mm/dd/yyyy", "2/1/2026"),
            ("yyyy/mm/dd", "2026/02/01"),
            ("d. mmmm yyyy", "1. Februar 2026"),
            ("d mmm yyyy", "1 févr. 2026"),
            ("mmmm d, yyyy", "February 1, 2026"),
            ("TT.MM.JJJJ", "01.02.2026"),
            ("jj/mm/aaaa", "01/02/2026"),
            ("dd.mm.yy", "01.02.26"),
        ] {
            assert_eq!(read(form, text), "2026-02-01", "{form}");
        }
        assert_eq!(read("dd.mm.yyyy", "31.02.2026"), "NoDay");
        assert_eq!(read("dd.mm.yyyy", "01/02/2026"), "Other");
        for none in ["", "dd.mm", "dd.dd.yyyy", "date", "dddd.mm.yyyy", "%d.%m.%Y"] {
            assert!(DateForm::of(none).is_none(), "{none}");
        }
        assert_eq!(usual("01.02.2026"), ["dd.mm.yyyy"]);
        assert_eq!(usual("01/02/2026"), ["dd/mm/yyyy", "mm/dd/yyyy"]);
        assert_eq!(usual("25/12/2026"), ["dd/mm/yyyy"]);
        assert_eq!(usual("soon"), [""; 0]);
    }

    #[test]
    fn numbers_are_read_by_their_decimal_sign() {
        for (text, decimal, value) in [
            ("1,5", ',', Some(1.5)),
            ("1.234,5", ',', Some(1234.5)),
            ("1 234,5", ',', Some(1234.5)),
            ("-1\u{202F}234", ',', Some(-1234.0)),
            ("1,234.5", '.', Some(1234.5)),
            ("1.5", ',', None),
            ("12.34,5", ',', None),
            ("012", ',', None),
            ("", ',', None),
            ("1,5 %", ',', None),
        ] {
            assert_eq!(number(text, decimal), value, "{text}");
        }
    }
}
