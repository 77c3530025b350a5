//! Numbers in figures.

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::LanguageIdentifier;

use super::Formats;

/// The most figures of a number that is written out.
const MAX_FIGURES: usize = 400;

/// How a language writes figures.
#[derive(Debug)]
pub(super) struct Digits {
    digits: [char; 10],
    decimal: String,
    group: String,
    minus: String,
    /// How many figures stand in the last group, and in those before it.
    sizes: (usize, usize),
    /// How many figures a number has at least whose thousands stand apart.
    least: usize,
}

impl Digits {
    /// Reads them off numbers as Unicode's library writes them.
    pub(super) fn of(id: &LanguageIdentifier, formats: &Formats) -> Result<Digits, String> {
        let formatter = DecimalFormatter::try_new(id.into(), DecimalFormatterOptions::default());
        let formatter = formatter.map_err(|error| error.to_string())?;
        let said = |number: &str| number.parse::<Decimal>().map(|number| formatter.format(&number).to_string());
        let said = |number: &str| said(number).unwrap_or_default();
        let mut digits = ['0'; 10];
        for (at, digit) in digits.iter_mut().enumerate() {
            *digit = said(&at.to_string()).chars().next().unwrap_or('0');
        }
        let between = |text: String| text.chars().filter(|c| !digits.contains(c)).collect::<String>();
        let long = said("1234567890");
        let runs: Vec<usize> =
            long.split(|c| !digits.contains(&c)).map(|run| run.chars().count()).filter(|count| *count > 0).collect();
        let last = runs.last().copied().unwrap_or(3);
        let before =
            runs.len().checked_sub(2).filter(|at| *at > 0).and_then(|at| runs.get(at)).copied().unwrap_or(last);
        let own_group = long.chars().find(|c| !digits.contains(c)).map(String::from).unwrap_or_default();
        let least = (4..=6).find(|figures| said(&"1".repeat(*figures)).chars().count() > *figures).unwrap_or(4);
        Ok(Digits {
            decimal: formats.decimal.clone().unwrap_or_else(|| between(said("0.1"))),
            group: formats.group.clone().unwrap_or(own_group),
            minus: between(said("-1")),
            sizes: (last, before),
            least,
            digits,
        })
    }

    /// What stands before decimals.
    pub(super) fn decimal(&self) -> &str {
        &self.decimal
    }

    /// What stands before a number below zero.
    pub(super) fn minus(&self) -> &str {
        &self.minus
    }

    /// A whole number in the language's figures, at least so many of them.
    pub(super) fn whole(&self, number: u32, figures: usize) -> String {
        format!("{number:0figures$}").chars().map(|c| self.digit(c)).collect()
    }

    /// A number with its thousands apart or not; what is none as it is.
    pub(super) fn written(&self, number: &str, is_grouped: bool) -> String {
        let Some(Parts { is_negative, whole, fraction }) = parts(number) else { return number.to_owned() };
        let count = whole.len();
        let mut out = if is_negative { self.minus.clone() } else { String::new() };
        for (at, digit) in whole.chars().enumerate() {
            let left = count - at;
            let ends_group =
                left == self.sizes.0 || left > self.sizes.0 && (left - self.sizes.0).is_multiple_of(self.sizes.1);
            if is_grouped && at > 0 && count >= self.least && ends_group {
                out.push_str(&self.group);
            }
            out.push(self.digit(digit));
        }
        if !fraction.is_empty() {
            out.push_str(&self.decimal);
            out.extend(fraction.chars().map(|digit| self.digit(digit)));
        }
        out
    }

    /// A number with its decimal sign; a whole one as it is.
    pub(super) fn plain(&self, number: &str) -> String {
        match parts(number) {
            Some(parts) if !parts.fraction.is_empty() => self.written(number, false),
            _ => number.to_owned(),
        }
    }

    fn digit(&self, digit: char) -> char {
        digit.to_digit(10).and_then(|digit| self.digits.get(digit as usize)).copied().unwrap_or(digit)
    }
}

/// A decimal number, taken apart.
struct Parts {
    is_negative: bool,
    whole: String,
    fraction: String,
}

/// The parts of a number as JSON or YAML writes it; `None` of what is none.
fn parts(number: &str) -> Option<Parts> {
    let plain = |text: &str| {
        let (is_negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
        let is_figures = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = rest.len() <= MAX_FIGURES && is_figures(whole) && fraction.is_none_or(is_figures);
        is_number.then(|| Parts {
            is_negative,
            whole: whole.to_owned(),
            fraction: fraction.unwrap_or_default().to_owned(),
        })
    };
    plain(number).or_else(|| {
        let is_power = number.contains(['e', 'E']) && number.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let value: f64 = number.parse().ok().filter(|value: &f64| is_power && value.is_finite())?;
        plain(&value.to_string())
    })
}

/// A number with so many digits after the point, rounded half up.
pub(super) fn rounded(number: &str, places: usize) -> Option<String> {
    let Parts { is_negative, whole, mut fraction } = parts(number)?;
    let places = places.min(MAX_FIGURES);
    let is_up = fraction.as_bytes().get(places).is_some_and(|digit| *digit >= b'5');
    fraction.truncate(places);
    while fraction.len() < places {
        fraction.push('0');
    }
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if is_up {
        let mut at = digits.len();
        loop {
            match at.checked_sub(1) {
                None => {
                    digits.insert(0, b'1');
                    break;
                }
                Some(before) if digits[before] == b'9' => digits[before] = b'0',
                Some(before) => {
                    digits[before] += 1;
                    break;
                }
            }
            at -= 1;
        }
    }
    let is_zero = digits.iter().all(|digit| *digit == b'0');
    let mut text: String = digits.into_iter().map(char::from).collect();
    if places > 0 {
        text.insert(text.len() - places, '.');
    }
    Some(if is_negative && !is_zero { format!("-{text}") } else { text })
}
