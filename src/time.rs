//! Time as organisations write it: lengths with their unit, days known to the month or year alone, and periods.
//!
//! These are texts of a profile, with formats of Folio's own in the schema ([`Form`]). What they count as, when one is
//! compared with another, stands here too; how they are printed, in [`crate::language`].

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The longest text of a length, and the longest time that one may be, in days: a thousand years.
const MAX_TEXT: usize = 60;
pub(crate) const MAX_DAYS: i64 = 365_250;

/// The minutes of a day, and of a working day: five of them are a week.
pub(crate) const DAY: i64 = 24 * 60;
const WORKING_DAY: i64 = 7 * DAY / 5;

/// The hundredths of one.
const ONE: i64 = 100;

/// A form that a schema may ask of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A length: `4 h`, `2 working days`.
    Duration,
    /// How often, or when: a length, or words such as `on change`.
    Interval,
    /// A day, month or year: `2026-03-14`, `2026-03`, `2026`.
    Date,
    /// From one to another: `2026-01/2026-03`.
    Period,
}

impl Form {
    /// All of them.
    pub const ALL: [Form; 4] = [Form::Duration, Form::Interval, Form::Date, Form::Period];

    /// Its name as a schema's `format`.
    pub fn name(self) -> &'static str {
        match self {
            Form::Duration => "folio-duration",
            Form::Interval => "folio-interval",
            Form::Date => "folio-date",
            Form::Period => "folio-period",
        }
    }

    /// The form of a name.
    pub fn named(name: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.name() == name)
    }

    /// Whether a text has the form.
    ///
    /// # Errors
    /// What follows 'which', and what to write.
    pub fn check(self, text: &str) -> Result<(), Wrong> {
        match self {
            Form::Duration => Duration::read(text).map(drop),
            Form::Interval if !begins_as_number(text) => Ok(()),
            Form::Interval => Duration::read(text).map(drop),
            Form::Date => Day::read(text).map(drop),
            Form::Period => Period::read(text).map(drop),
        }
    }

    /// A text of the form, one of two.
    pub fn example(self, other: bool, year: i32) -> String {
        match (self, other) {
            (Form::Duration, false) => "4 h".to_owned(),
            (Form::Duration, true) => "2 working days".to_owned(),
            (Form::Interval, false) => "6 weeks".to_owned(),
            (Form::Interval, true) => "on change".to_owned(),
            (Form::Date, false) => format!("{}-06", year - 1),
            (Form::Date, true) => format!("{}-06-15", year + 1),
            (Form::Period, _) => format!("{}-01/{}-03", year - 1, year - 1),
        }
    }
}

/// Why a text has not its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What follows 'which'.
    pub problem: String,
    /// What to write.
    pub help: &'static str,
}

const WRITE_LENGTH: &str = "write a number and a unit: `15 min`, `4 h`, `10 days`, `2 working days`, `6 weeks`, `18 months`, `3 years`, or several: `1 year 6 months`";
const WRITE_DATE: &str = "write a year, month or day that exists: `2026`, `2026-03` or `2026-03-14`";
const WRITE_PERIOD: &str = "write where it begins and ends, each a day, month or year: `2026-01/2026-03`";

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day of 24 hours.
    Day,
    /// A day from Monday to Friday.
    WorkingDay,
    /// Seven days.
    Week,
    /// A month of the calendar.
    Month,
    /// Twelve months.
    Year,
}

impl Unit {
    /// All of them.
    pub const ALL: [Unit; 7] =
        [Unit::Minute, Unit::Hour, Unit::Day, Unit::WorkingDay, Unit::Week, Unit::Month, Unit::Year];

    /// Its name under `durations:`.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::WorkingDay => "working_day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Year => "year",
        }
    }

    /// Its sign, the same in all languages.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Unit::Minute => "min",
            Unit::Hour => "h",
            Unit::Day => "d",
            Unit::WorkingDay => "wd",
            Unit::Week => "wk",
            Unit::Month => "mo",
            Unit::Year => "y",
        }
    }

    /// How a profile has it behind a number.
    pub(crate) fn written(self, number: &str) -> &'static str {
        match (self, number == "1") {
            (Unit::Minute, _) => "min",
            (Unit::Hour, _) => "h",
            (Unit::Day, true) => "day",
            (Unit::Day, false) => "days",
            (Unit::WorkingDay, true) => "working day",
            (Unit::WorkingDay, false) => "working days",
            (Unit::Week, true) => "week",
            (Unit::Week, false) => "weeks",
            (Unit::Month, true) => "month",
            (Unit::Month, false) => "months",
            (Unit::Year, true) => "year",
            (Unit::Year, false) => "years",
        }
    }

    /// The unit that people call so.
    pub(crate) fn called(name: &str) -> Option<Unit> {
        Some(match name {
            "min" | "mins" | "minute" | "minutes" | "m" => Unit::Minute,
            "h" | "hr" | "hrs" | "hour" | "hours" => Unit::Hour,
            "d" | "day" | "days" => Unit::Day,
            "wd" | "working day" | "working days" | "business day" | "business days" => Unit::WorkingDay,
            "w" | "wk" | "wks" | "week" | "weeks" => Unit::Week,
            "mo" | "mos" | "month" | "months" => Unit::Month,
            "y" | "yr" | "yrs" | "year" | "years" => Unit::Year,
            _ => return None,
        })
    }
}

/// A length of time as it was written: `4 h`, `1 year 6 months`, or `P18M` of ISO 8601.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration(Vec<Part>);

/// A number of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// In hundredths.
    amount: i64,
    /// Of what.
    pub unit: Unit,
}

impl Part {
    /// The number, as it is written with a point.
    pub fn number(self) -> String {
        let (whole, rest) = (self.amount / ONE, self.amount % ONE);
        match rest {
            0 => whole.to_string(),
            rest => format!("{whole}.{rest:02}").trim_end_matches('0').to_owned(),
        }
    }

    /// The number, when it is whole.
    pub fn whole(self) -> Option<i64> {
        (self.amount % ONE == 0).then_some(self.amount / ONE)
    }
}

impl Duration {
    /// Reads one.
    ///
    /// # Errors
    /// When the text is none, has seconds, or is longer than anybody plans.
    pub fn read(text: &str) -> Result<Duration, Wrong> {
        let wrong = |problem: String| Wrong { problem, help: WRITE_LENGTH };
        let text = text.trim();
        if text.len() > MAX_TEXT {
            return Err(wrong("is too long for a length of time".to_owned()));
        }
        let parts = if text.starts_with('P') { iso(text) } else { parts(text) };
        let duration = Duration(parts.map_err(wrong)?);
        // Each part is bounded: no sum of them overflows.
        match duration.length() {
            Some(length) if length.minutes_in_all() <= MAX_DAYS * DAY => Ok(duration),
            Some(_) => Err(wrong("is more than a thousand years".to_owned())),
            None => Err(wrong("has a fraction that is no whole number of minutes, days or months".to_owned())),
        }
    }

    /// So many minutes, in the largest unit that divides them: 2,880 are 2 days, 1,440 are 24 hours.
    pub fn of_minutes(minutes: i64) -> Duration {
        let (number, unit) = match minutes {
            minutes if minutes > DAY && minutes % DAY == 0 => (minutes / DAY, Unit::Day),
            minutes if minutes > 0 && minutes % 60 == 0 => (minutes / 60, Unit::Hour),
            minutes => (minutes, Unit::Minute),
        };
        Duration(vec![Part { amount: number.saturating_mul(ONE), unit }])
    }

    /// Its parts, as they were written.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// What it counts as.
    fn length(&self) -> Option<Length> {
        let mut all = Length::default();
        for Part { amount, unit } in &self.0 {
            let of = |size: i64| (amount * size % ONE == 0).then_some(amount * size / ONE);
            match unit {
                Unit::Minute => all.minutes += of(1)?,
                Unit::Hour => all.minutes += of(60)?,
                Unit::Day if amount % ONE == 0 => all.days += of(1)?,
                Unit::Week if amount * 7 % ONE == 0 => all.days += of(7)?,
                Unit::Day => all.minutes += of(DAY)?,
                Unit::Week => all.minutes += of(7 * DAY)?,
                Unit::WorkingDay => all.working_days += of(1)?,
                Unit::Month => all.months += of(1)?,
                Unit::Year => all.months += of(12)?,
            }
        }
        Some(all)
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, part) in self.0.iter().enumerate() {
            let number = part.number();
            let space = if at > 0 { " " } else { "" };
            write!(f, "{space}{number} {}", part.unit.written(&number))?;
        }
        Ok(())
    }
}

/// Whether a text begins as a length does, and not as words.
fn begins_as_number(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+')
}

/// The parts of a length as people write it.
fn parts(text: &str) -> Result<Vec<Part>, String> {
    if !begins_as_number(text) {
        return Err("is no length of time".to_owned());
    }
    let mut rest = text;
    let mut found: Vec<Part> = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let amount = hundredths(number).ok_or("is no length of time")?;
        let after = after.trim_start();
        let end = after.find(|c: char| c.is_ascii_digit() || c == ',').unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let name = name.trim_end().strip_suffix(" and").unwrap_or(name).trim().to_lowercase();
        if name.is_empty() {
            return Err("has no unit".to_owned());
        }
        let unit = Unit::called(&name).ok_or_else(|| format!("has the unit `{name}`, which is not known"))?;
        if found.iter().any(|part| part.unit == unit) {
            return Err(format!("has the unit `{name}` twice"));
        }
        found.push(Part { amount, unit });
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(after) if after.trim_start().is_empty() => return Err("ends in a comma".to_owned()),
            Some(after) => after.trim_start(),
            None => after,
        };
    }
    Ok(found)
}

/// A number with at most two decimals, in hundredths.
fn hundredths(number: &str) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let is_figures = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    // Nine figures of minutes are more than a thousand years.
    if !is_figures(whole, 9) || fraction.is_some_and(|fraction| !is_figures(fraction, 2)) {
        return None;
    }
    let fraction = fraction.map_or(Some(0), |text| format!("{text:0<2}").parse::<i64>().ok())?;
    Some(whole.parse::<i64>().ok()? * ONE + fraction)
}

/// The parts of a length of ISO 8601.
fn iso(text: &str) -> Result<Vec<Part>, String> {
    let none = || "is no length of time".to_owned();
    let span: Span = text.parse().map_err(|_| none())?;
    let seconds = [span.get_seconds(), span.get_milliseconds(), span.get_microseconds(), span.get_nanoseconds()];
    if seconds != [0; 4] || span.is_negative() {
        return Err(none());
    }
    let given = [
        (i64::from(span.get_years()), Unit::Year),
        (i64::from(span.get_months()), Unit::Month),
        (i64::from(span.get_weeks()), Unit::Week),
        (i64::from(span.get_days()), Unit::Day),
        (i64::from(span.get_hours()), Unit::Hour),
        (span.get_minutes(), Unit::Minute),
    ];
    if given.iter().any(|(number, _)| *number > MAX_DAYS * DAY) {
        return Err("is more than a thousand years".to_owned());
    }
    let mut parts: Vec<Part> = given
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| Part { amount: number * ONE, unit })
        .collect();
    if parts.is_empty() {
        parts.push(Part { amount: 0, unit: Unit::Day });
    }
    Ok(parts)
}

/// What a length counts as: months of the calendar, days, working days, and minutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Length {
    pub(crate) months: i64,
    pub(crate) days: i64,
    pub(crate) working_days: i64,
    pub(crate) minutes: i64,
}

impl Length {
    /// What a text counts as.
    pub(crate) fn read(text: &str) -> Result<Length, Wrong> {
        Ok(Duration::read(text)?.length().unwrap_or_default())
    }

    /// So many days.
    pub(crate) fn days(days: i64) -> Length {
        Length { days, ..Length::default() }
    }

    /// Whether it is of months alone, which compare without days.
    pub(crate) fn is_of_months(self) -> bool {
        Length { months: self.months, ..Length::default() } == self
    }

    /// In days, of which one that is begun counts. A month counts as the twelfth part of a year of 365 days, to the whole
    /// day; five working days as a week.
    pub(crate) fn whole_days(self) -> i64 {
        let working_days = begun(self.working_days * WORKING_DAY);
        self.days_of_months() + self.days + working_days + begun(self.minutes)
    }

    /// In months, to the nearest: what is not months counts as in days.
    pub(crate) fn whole_months(self) -> i64 {
        let rest = Length { months: 0, ..self };
        // A month has 43,800 minutes: the twelfth part of 365 days.
        let month = 365 * DAY / 12;
        self.months + (rest.minutes_in_all() + month / 2).div_euclid(month)
    }

    fn days_of_months(self) -> i64 {
        (self.months * 365 * 2 + 12 * self.months.signum()) / 24
    }

    /// In minutes, counted the same way.
    pub(crate) fn minutes_in_all(self) -> i64 {
        let days = (self.days_of_months() + self.days).saturating_mul(DAY);
        days.saturating_add(self.working_days.saturating_mul(WORKING_DAY)).saturating_add(self.minutes)
    }

    /// The day so long after another, or before it: months of the calendar first, then days, then working days. Nothing
    /// when that is no day. Hours count as the days that they begin.
    pub(crate) fn from(self, day: Date, direction: i64) -> Option<Date> {
        let days = self.days + begun(self.minutes);
        let month = day.checked_add((direction * self.months).months()).ok()?;
        let mut day = month.checked_add((direction * days).days()).ok()?;
        // Whole weeks of working days at once.
        let (weeks, left) = (self.working_days / 5, self.working_days % 5);
        if self.working_days > 0 {
            day = next_working(day, 0, direction)?;
        }
        day = day.checked_add((direction * weeks).weeks()).ok()?;
        for _ in 0..left {
            day = next_working(day, 1, direction)?;
        }
        Some(day)
    }
}

/// How many days so many minutes begin.
fn begun(minutes: i64) -> i64 {
    (minutes + DAY - 1).div_euclid(DAY)
}

/// The next working day that is at least so many days off. From a weekend, none is counted before the last working day.
fn next_working(day: Date, least: i64, direction: i64) -> Option<Date> {
    let mut day = day.checked_add((direction * least).days()).ok()?;
    while matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday) {
        // What is done on a weekend counts as done on the working day before it.
        let step = if least == 0 { -direction } else { direction };
        day = day.checked_add(step.days()).ok()?;
    }
    Some(day)
}

/// A day, or as much of it as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// A year.
    Year(i16),
    /// A year and a month.
    Month(i16, i8),
    /// A day.
    Day(Date),
}

impl Day {
    /// Reads `2026`, `2026-03` or `2026-03-14`.
    ///
    /// # Errors
    /// When the text is none of them, or there is no such month or day.
    pub fn read(text: &str) -> Result<Day, Wrong> {
        let figures = |text: &str, count: usize| {
            let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse::<i16>().ok()).flatten()
        };
        let parts: Vec<&str> = text.split('-').collect();
        let day = match parts.as_slice() {
            [year] => figures(year, 4).map(Day::Year),
            [year, month] => figures(year, 4)
                .zip(figures(month, 2).and_then(|month| i8::try_from(month).ok()))
                .map(|(year, month)| Day::Month(year, month)),
            [year, month, day]
                if [(year, 4), (month, 2), (day, 2)].iter().all(|(text, count)| figures(text, *count).is_some()) =>
            {
                text.parse().ok().map(Day::Day)
            }
            _ => None,
        };
        let exists = |day: &Day| day.first_of().is_some_and(|first| first.year() > 0);
        day.filter(exists).ok_or_else(|| Wrong { problem: "is no day, month or year".to_owned(), help: WRITE_DATE })
    }

    fn first_of(self) -> Option<Date> {
        match self {
            Day::Year(year) => Date::new(year, 1, 1).ok(),
            Day::Month(year, month) => Date::new(year, month, 1).ok(),
            Day::Day(day) => Some(day),
        }
    }

    /// The first day that it may be.
    pub fn first(self) -> Date {
        self.first_of().unwrap_or(Date::MIN)
    }

    /// The last day that it may be.
    pub fn last(self) -> Date {
        match self {
            Day::Year(_) => self.first().last_of_year(),
            Day::Month(..) => self.first().last_of_month(),
            Day::Day(day) => day,
        }
    }

    /// Its year.
    pub fn year(self) -> i16 {
        self.first().year()
    }

    /// Its month, where that is known.
    pub fn month(self) -> Option<i8> {
        match self {
            Day::Year(_) => None,
            Day::Month(_, month) => Some(month),
            Day::Day(day) => Some(day.month()),
        }
    }
}

/// From one day, month or year to another, both within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Where it begins.
    pub from: Day,
    /// Where it ends.
    pub to: Day,
}

impl Period {
    /// Reads `2026-01/2026-03`; a day, month or year alone is a period too.
    ///
    /// # Errors
    /// When the text is none, or ends before it begins.
    pub fn read(text: &str) -> Result<Period, Wrong> {
        let wrong = |problem: &str| Wrong { problem: problem.to_owned(), help: WRITE_PERIOD };
        let (from, to) = text.split_once('/').unwrap_or((text, text));
        let [from, to] = [from, to].map(|end| Day::read(end.trim()));
        match (from, to) {
            (Ok(from), Ok(to)) if from.first() > to.last() => Err(wrong("ends before it begins")),
            (Ok(from), Ok(to)) => Ok(Period { from, to }),
            _ => Err(wrong("is no period")),
        }
    }

    /// Its first day.
    pub fn first(&self) -> Date {
        self.from.first()
    }

    /// Its last day.
    pub fn last(&self) -> Date {
        self.to.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_and_iso_8601_write_them() {
        let months = |months| Some(Length { months, ..Length::default() });
        let days = |days| Some(Length::days(days));
        let working_days = |working_days| Some(Length { working_days, ..Length::default() });
        let minutes = |minutes| Some(Length { minutes, ..Length::default() });
        for (text, expected) in [
            ("15 min", minutes(15)),
            ("15 minutes", minutes(15)),
            ("15m", minutes(15)),
            ("4 h", minutes(240)),
            ("4h", minutes(240)),
            ("0.5 h", minutes(30)),
            ("1.25 hours", minutes(75)),
            ("1 hour 30 minutes", minutes(90)),
            ("1 hour, 30 minutes", minutes(90)),
            ("1 hour and 30 minutes", minutes(90)),
            ("1h30m", minutes(90)),
            ("PT4H", minutes(240)),
            ("400 d", days(400)),
            ("1 day", days(1)),
            ("1 Day", days(1)),
            ("0.5 days", minutes(720)),
            ("1 working day", working_days(1)),
            ("10 business days", working_days(10)),
            ("3 wd", working_days(3)),
            ("4 weeks", days(28)),
            ("2w", days(14)),
            ("18 months", months(18)),
            ("1 year 6 months", months(18)),
            ("1.5 years", months(18)),
            ("10 y", months(120)),
            ("P1Y6M", months(18)),
            ("P18M", months(18)),
            ("P0D", days(0)),
            ("0 min", minutes(0)),
        ] {
            assert_eq!(Length::read(text).ok(), expected, "{text}");
        }
        assert_eq!(Length::read(&format!("{}1 d", " ".repeat(200))).ok(), days(1));
    }

    #[test]
    fn a_text_that_is_no_length_says_why() {
        for (text, expected) in [
            ("soon", "is no length of time"),
            ("", "is no length of time"),
            ("18", "has no unit"),
            ("4 hrss", "has the unit `hrss`, which is not known"),
            ("5 seconds", "has the unit `seconds`, which is not known"),
            ("1 fortnight", "has the unit `fortnight`, which is not known"),
            ("4 to 6 h", "has the unit `to`, which is not known"),
            ("1,5 h", "has no unit"),
            ("1.5 months", "has a fraction that is no whole number of minutes, days or months"),
            ("0.5 working days", "has a fraction that is no whole number of minutes, days or months"),
            ("1 h 2 hours", "has the unit `hours` twice"),
            ("-4 h", "is no length of time"),
            ("4 h,", "ends in a comma"),
            ("5000 years", "is more than a thousand years"),
            ("P5000Y", "is more than a thousand years"),
            ("PT5S", "is no length of time"),
            ("99999999999999999999 d", "is no length of time"),
            ("999999999 y", "is more than a thousand years"),
        ] {
            assert_eq!(Duration::read(text).map_err(|wrong| wrong.problem), Err(expected.to_owned()), "{text}");
        }
        assert!(Duration::read(&format!("1{} d", "0".repeat(200))).is_err());
    }

    #[test]
    fn an_interval_may_be_words_and_is_a_length_where_it_begins_as_one() {
        let check = |text| Form::Interval.check(text).map_err(|wrong| wrong.problem);
        assert_eq!(check("on change"), Ok(()));
        assert_eq!(check("before a holiday week"), Ok(()));
        assert_eq!(check("6 weeks"), Ok(()));
        assert_eq!(check("6 weks"), Err("has the unit `weks`, which is not known".to_owned()));
    }

    #[test]
    fn a_month_is_the_twelfth_of_a_year_to_the_day() {
        let days = |months| Length { months, ..Length::default() }.whole_days();
        assert_eq!([1, 3, 6, 12, 18, 24, -12].map(days), [30, 91, 183, 365, 548, 730, -365]);
    }

    #[test]
    fn months_are_counted_to_the_nearest() {
        let months = |text| Length::read(text).map(Length::whole_months).ok();
        assert_eq!(
            ["18 months", "2 years", "30 days", "6 weeks", "14 d", "1 year 40 d"].map(months),
            [18, 24, 1, 1, 0, 13].map(Some)
        );
    }

    #[test]
    fn five_working_days_are_a_week() {
        let length = |working_days| Length { working_days, ..Length::default() };
        assert_eq!([1, 2, 3, 4, 5, 10].map(|count| length(count).whole_days()), [2, 3, 5, 6, 7, 14]);
        assert_eq!(length(5).minutes_in_all(), 7 * DAY);
        let day: Date = "2026-03-12".parse().unwrap(); // A Thursday.
        let moved = |count, direction| length(count).from(day, direction).unwrap().to_string();
        assert_eq!(moved(1, 1), "2026-03-13");
        assert_eq!(moved(2, 1), "2026-03-16");
        assert_eq!(moved(5, 1), "2026-03-19");
        assert_eq!(moved(7, 1), "2026-03-23");
        assert_eq!(moved(4, -1), "2026-03-06");
        let saturday: Date = "2026-03-14".parse().unwrap();
        assert_eq!(length(1).from(saturday, 1).unwrap().to_string(), "2026-03-16");
        assert_eq!(length(5).from(saturday, 1).unwrap().to_string(), "2026-03-20");
        assert_eq!(length(1).from(saturday, -1).unwrap().to_string(), "2026-03-13");
    }

    #[test]
    fn a_day_may_be_known_to_its_month_or_year() {
        let ends = |text| Day::read(text).map(|day| (day.first().to_string(), day.last().to_string())).ok();
        let days = |first: &str, last: &str| Some((first.to_owned(), last.to_owned()));
        assert_eq!(ends("2026"), days("2026-01-01", "2026-12-31"));
        assert_eq!(ends("2024-02"), days("2024-02-01", "2024-02-29"));
        assert_eq!(ends("2026-03-14"), days("2026-03-14", "2026-03-14"));
        for text in ["2026-13", "2026-02-30", "26", "2026-3", "2026-1-01", "March 2026", "", "0000", "2026-03-14T10:00"]
        {
            assert_eq!(ends(text), None, "{text}");
        }
    }

    #[test]
    fn a_period_ends_after_it_begins() {
        let ends = |text| {
            Period::read(text)
                .map(|period| format!("{} {}", period.from.first(), period.to.last()))
                .map_err(|wrong| wrong.problem)
        };
        assert_eq!(ends("2026-01/2026-03"), Ok("2026-01-01 2026-03-31".to_owned()));
        assert_eq!(ends("2026"), Ok("2026-01-01 2026-12-31".to_owned()));
        assert_eq!(ends("2026-03/2026-03-14"), Ok("2026-03-01 2026-03-14".to_owned()));
        assert_eq!(ends("2026-03/2026-01"), Err("ends before it begins".to_owned()));
        assert_eq!(ends("2026-01 to 2026-03"), Err("is no period".to_owned()));
        assert_eq!(ends("2026/2027/2028"), Err("is no period".to_owned()));
    }
}
