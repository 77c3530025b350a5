//! Durations with their unit, as organisations write them, and days that are some time away.
//!
//! A duration is a text: `15 min`, `4 h`, `400 d`, `18 months`, `1 year 6 months`, or `P18M` of ISO 8601. Months and years are
//! those of the calendar: a day moved into a month that is too short becomes the last day of it.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::{Call, Function, plain};
use crate::model::value::{Kind, Value};
use crate::rules::error::Error;
use crate::rules::eval::Answer;

/// The longest text of a duration, and the longest time that one may be, in days: a thousand years.
const MAX_TEXT: usize = 60;
const MAX_DAYS: i64 = 365_250;
const DAY: i64 = 24 * 60;

pub(super) static FUNCTIONS: [Function; 7] = [
    plain("days_between", "days_between(a, b)", &[2], days_between),
    plain("add_months", "add_months(date, n)", &[2], add_months),
    plain("add", "add(date, '18 months')", &[2], add),
    plain("subtract", "subtract(date, '18 months')", &[2], subtract),
    plain("duration_days", "duration_days('4 weeks')", &[1], duration_days),
    plain("duration_minutes", "duration_minutes('4 h')", &[1], |call| {
        Ok(call.made(Kind::Int(Duration::of(call, 0)?.minutes_in_all())))
    }),
    plain("longer", "longer('18 months', '400 d')", &[2], longer),
];

/// A length of time: months of the calendar, days, and minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Duration {
    months: i64,
    days: i64,
    minutes: i64,
}

impl Duration {
    /// The duration that an argument is; a whole number is one of days.
    fn of(call: &Call<'_>, at: usize) -> Result<Duration, Error> {
        let read = match &call.args[at].kind {
            Kind::Int(days) if days.abs() <= MAX_DAYS => Some(Duration { months: 0, days: *days, minutes: 0 }),
            Kind::Text(text) => Duration::read(text),
            _ => None,
        };
        read.ok_or_else(|| {
            let help = "write a number and a unit, such as `15 min`, `4 h`, `30 d`, `6 weeks`, `18 months` or `2 years`, or `P18M`";
            call.wrong(at, "a duration").help(help)
        })
    }

    /// Reads a duration; nothing when it is none, has seconds, or is longer than anybody plans.
    fn read(text: &str) -> Option<Duration> {
        let span: Span = Some(text.trim()).filter(|text| text.len() <= MAX_TEXT)?.parse().ok()?;
        let seconds = [span.get_seconds(), span.get_milliseconds(), span.get_microseconds(), span.get_nanoseconds()];
        if seconds != [0; 4] {
            return None;
        }
        let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
        let minutes = i64::from(span.get_hours()) * 60 + span.get_minutes();
        let months = i64::from(span.get_years()) * 12 + i64::from(span.get_months());
        let duration = Duration { months, days, minutes };
        (duration.minutes_in_all().abs() <= MAX_DAYS * DAY).then_some(duration)
    }

    /// In days, and what is over in minutes. A month counts as the twelfth part of a year of 365 days, to the whole day.
    fn whole_days(self) -> (i64, i64) {
        let months = (self.months * 365 * 2 + 12 * self.months.signum()) / 24;
        (months + self.days + self.minutes / DAY, self.minutes % DAY)
    }

    fn minutes_in_all(self) -> i64 {
        let (days, minutes) = self.whole_days();
        days.saturating_mul(DAY).saturating_add(minutes)
    }
}

/// The days from one date to another.
fn days_between(call: &Call<'_>) -> Answer {
    let days = (call.date(1)? - call.date(0)?).get_days();
    Ok(call.made(Kind::Int(i64::from(days))))
}

/// A date some months later; the last day of the month where that has fewer days.
fn add_months(call: &Call<'_>) -> Answer {
    let from = call.date(0)?;
    let Kind::Int(months) = call.args[1].kind else { return Err(call.wrong(1, "a whole number")) };
    let span = i32::try_from(months).ok().filter(|months| months.abs() < 12_000);
    match span.and_then(|months| from.checked_add(months.months()).ok()) {
        Some(later) => Ok(call.made(Kind::Text(ecow::eco_format!("{later}")))),
        None => Err(call.wrong(1, "a number of months that gives a date")),
    }
}

/// A date some time later.
fn add(call: &Call<'_>) -> Answer {
    moved(call, 1)
}

/// A date some time before.
fn subtract(call: &Call<'_>) -> Answer {
    moved(call, -1)
}

fn moved(call: &Call<'_>, direction: i64) -> Answer {
    let from = call.date(0)?;
    let Duration { months, days, minutes } = Duration::of(call, 1)?;
    if minutes % DAY != 0 {
        let error = call.wrong(1, "a time of whole days");
        return Err(error.help("a date has no hours: write the time in days, such as `1 d`"));
    }
    let days = days + minutes / DAY;
    match later(from, direction * months, direction * days) {
        Some(day) => Ok(call.made(Kind::Text(ecow::eco_format!("{day}")))),
        None => Err(call.wrong(1, "a time that leads to a date")),
    }
}

/// A day so many months, and then so many days, later.
fn later(from: Date, months: i64, days: i64) -> Option<Date> {
    let month = from.checked_add(months.months()).ok()?;
    month.checked_add(days.days()).ok()
}

/// How many days a duration is.
fn duration_days(call: &Call<'_>) -> Answer {
    match Duration::of(call, 0)?.whole_days() {
        (days, 0) => Ok(call.made(Kind::Int(days))),
        _ => Err(call.wrong(0, "a number of whole days").help("write `duration_minutes(…)`, which takes hours too")),
    }
}

/// Whether a duration is longer than another.
fn longer(call: &Call<'_>) -> Answer {
    let (a, b) = (Duration::of(call, 0)?, Duration::of(call, 1)?);
    let is_longer = match (a, b) {
        // Months among themselves need no days.
        (Duration { days: 0, minutes: 0, .. }, Duration { days: 0, minutes: 0, .. }) => a.months > b.months,
        _ => a.minutes_in_all() > b.minutes_in_all(),
    };
    Ok(Value { kind: Kind::Bool(is_longer), ..call.made(Kind::Null) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_and_iso_8601_write_them() {
        let months = |months| Some(Duration { months, days: 0, minutes: 0 });
        let days = |days| Some(Duration { months: 0, days, minutes: 0 });
        let minutes = |minutes| Some(Duration { months: 0, days: 0, minutes });
        for (text, expected) in [
            ("15 min", minutes(15)),
            ("15 minutes", minutes(15)),
            ("4 h", minutes(240)),
            ("1 hour 30 minutes", minutes(90)),
            ("PT4H", minutes(240)),
            ("400 d", days(400)),
            ("1 day", days(1)),
            ("4 weeks", days(28)),
            ("2w", days(14)),
            ("18 months", months(18)),
            ("1 year 6 months", months(18)),
            ("P1Y6M", months(18)),
            ("P18M", months(18)),
            ("P0D", days(0)),
            ("soon", None),
            ("18", None),
            ("", None),
            ("5 seconds", None),
            ("5000 years", None),
            ("99999999999999999999 d", None),
            ("1 fortnight", None),
        ] {
            assert_eq!(Duration::read(text), expected, "{text}");
        }
        assert_eq!(Duration::read(&format!("{}1 d", " ".repeat(200))), days(1));
        assert_eq!(Duration::read(&format!("1{} d", "0".repeat(200))), None);
    }

    #[test]
    fn a_month_is_the_twelfth_of_a_year_to_the_day() {
        let days = |months| Duration { months, days: 0, minutes: 0 }.whole_days().0;
        assert_eq!([1, 3, 6, 12, 18, 24, -12].map(days), [30, 91, 183, 365, 548, 730, -365]);
    }
}
