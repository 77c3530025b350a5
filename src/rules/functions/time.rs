//! Lengths of time, days that are some time away, and days that are known to their month or year ([`crate::time`]).

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Call, Function, plain};
use crate::model::value::{Kind, Value};
use crate::rules::error::Error;
use crate::rules::eval::Answer;
use crate::time::{Duration, Length, MAX_DAYS, Period};

pub(super) static FUNCTIONS: [Function; 13] = [
    plain("days_between", "days_between(a, b)", &[2], days_between),
    plain("add_months", "add_months(date, n)", &[2], add_months),
    plain("add", "add(date, '18 months')", &[2], |call| moved(call, 1)),
    plain("subtract", "subtract(date, '18 months')", &[2], |call| moved(call, -1)),
    plain("days", "days('4 weeks')", &[1], days),
    plain("minutes", "minutes('4 h')", &[1], minutes),
    plain("months", "months('2 years')", &[1], |call| Ok(call.made(Kind::Int(Length::of(call, 0)?.whole_months())))),
    plain("shortest", "shortest(list)", &[1], |call| extreme(call, std::cmp::Ordering::Less)),
    plain("longest", "longest(list)", &[1], |call| extreme(call, std::cmp::Ordering::Greater)),
    plain("longer", "longer('18 months', '400 d')", &[2], longer),
    plain("is_duration", "is_duration('on change')", &[1], is_duration),
    plain("first_day", "first_day('2026-03')", &[1], |call| call.day(Period::first)),
    plain("last_day", "last_day('2026-03')", &[1], |call| call.day(Period::last)),
];

impl Length {
    /// What an argument counts as; a whole number is one of days.
    fn of(call: &Call<'_>, at: usize) -> Result<Length, Error> {
        let wrong = || call.wrong(at, "a length of time");
        match &call.args[at].kind {
            Kind::Int(days) if days.abs() <= MAX_DAYS => Ok(Length::days(*days)),
            Kind::Text(text) => Length::read(text)
                .map_err(|wrong| call.failed(&format!("`{}` {}", cut(text), wrong.problem)).help(wrong.help)),
            _ => Err(wrong().help("write a number and a unit, such as `15 min`, `4 h` or `18 months`")),
        }
    }
}

/// A text, cut when it is long.
fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

impl Call<'_> {
    /// A day of the period that an argument is.
    fn day(&self, wanted: fn(&Period) -> Date) -> Answer {
        let text = self.text(0)?;
        let period = Period::read(text).map_err(|wrong| {
            self.failed(&format!("`{}` {}", cut(text), wrong.problem))
                .help("dates are written as 2026, 2026-03 or 2026-03-14, periods as 2026-01/2026-03")
        })?;
        Ok(self.made(Kind::Text(ecow::eco_format!("{}", wanted(&period)))))
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

/// A date some time later or before.
fn moved(call: &Call<'_>, direction: i64) -> Answer {
    let from = call.date(0)?;
    let length = Length::of(call, 1)?;
    match length.from(from, direction) {
        Some(day) => Ok(call.made(Kind::Text(ecow::eco_format!("{day}")))),
        None => Err(call.wrong(1, "a time that leads to a date")),
    }
}

/// How many days a length is; one that is begun counts.
fn days(call: &Call<'_>) -> Answer {
    Ok(call.made(Kind::Int(Length::of(call, 0)?.whole_days())))
}

/// How many minutes a length is.
fn minutes(call: &Call<'_>) -> Answer {
    Ok(call.made(Kind::Int(Length::of(call, 0)?.minutes_in_all())))
}

/// The shortest or longest length of a list, as it is written; the first of those that are alike.
fn extreme(call: &Call<'_>, wanted: std::cmp::Ordering) -> Answer {
    let mut best: Option<(&Value, i64)> = None;
    for item in call.list(0)?.iter() {
        let minutes = match &item.kind {
            Kind::Text(text) => Length::read(text)
                .map(Length::minutes_in_all)
                .map_err(|wrong| call.failed(&format!("`{}` {}", cut(text), wrong.problem)).help(wrong.help))?,
            _ => return Err(call.failed("an item is no length of time")),
        };
        if best.is_none_or(|(_, known)| minutes.cmp(&known) == wanted) {
            best = Some((item, minutes));
        }
    }
    best.map(|(item, _)| item.clone()).ok_or_else(|| call.failed("the list is empty"))
}

/// Whether a length is longer than another.
fn longer(call: &Call<'_>) -> Answer {
    let (a, b) = (Length::of(call, 0)?, Length::of(call, 1)?);
    let is_longer = match a.is_of_months() && b.is_of_months() {
        true => a.months > b.months,
        false => a.minutes_in_all() > b.minutes_in_all(),
    };
    Ok(Value { kind: Kind::Bool(is_longer), ..call.made(Kind::Null) })
}

/// Whether an interval is a length, and not words.
fn is_duration(call: &Call<'_>) -> Answer {
    let is_duration = match &call.args[0].kind {
        Kind::Text(text) => Duration::read(text).is_ok(),
        _ => false,
    };
    Ok(Value { kind: Kind::Bool(is_duration), ..call.made(Kind::Null) })
}
