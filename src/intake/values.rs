//! Whether the values of a column are what a key asks for, and what files write for those that are not.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::columns::Cells;
use super::known::Rows;
use super::words::Folded;
use crate::language;
use crate::schema::{Kind, View};
use crate::time::{Day, Form};

/// How many values of a column are looked at.
const LOOKED_AT: usize = 300;

/// The most choices that a question offers.
pub(super) const CHOICES: usize = 40;

/// What files write where there is nothing.
const NOTHING: [&str; 8] = ["-", "–", "—", "--", "n/a", "n.a.", "na", "."];

/// Whether a text says that a cell has no value.
pub(super) fn is_nothing(text: &str) -> bool {
    NOTHING.contains(&text.trim().to_lowercase().as_str())
}

/// The view of one value: of a list, that of its items.
pub(super) fn single(view: &View) -> &View {
    if view.asks.kind == Kind::List { view.items().unwrap_or(view) } else { view }
}

/// The values that a cell holds.
pub(super) fn parts<'t>(text: &'t str, view: &View) -> Vec<&'t str> {
    let is_list = view.asks.kind == Kind::List;
    let parts = text.split(move |c: char| is_list && c == ';').map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// Whether any text will do.
pub(super) fn takes_any_text(view: &View) -> bool {
    let view = single(view);
    let asks = &view.asks;
    matches!(asks.kind, Kind::Text | Kind::Any)
        && asks.choices.is_none()
        && asks.references.is_empty()
        && asks.format.is_none()
        && asks.patterns.is_empty()
}

/// Whether a value is one that a key takes, or files are known to write for one.
fn suits_one(text: &str, is_date: bool, view: &View, called: &BTreeMap<String, String>) -> bool {
    let asks = &view.asks;
    if known_for(text, view).is_some() || is_nothing(text) {
        return true;
    }
    if let Some(choices) = &asks.choices {
        return choices.iter().any(|choice| is_called(text, choice));
    }
    if !asks.references.is_empty() {
        return called.contains_key(&text.to_lowercase());
    }
    match asks.kind {
        Kind::Whole => number(text).is_some_and(|number| number.fract() == 0.0),
        Kind::Number => number(text).is_some(),
        Kind::Truth => language::truth(text).is_some(),
        _ => match asks.format.as_deref() {
            Some("email") => text.contains('@') && !text.contains(' '),
            form => match form.and_then(Form::named) {
                Some(Form::Date) => {
                    is_date || Day::read(text).is_ok() || Numeric::of(text).is_some() || has_month(text)
                }
                _ => true,
            },
        },
    }
}

/// Whether a word of a text is a month and a figure stands beside it.
fn has_month(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    text.chars().any(|c| c.is_ascii_digit()) && text.len() < 30 && words.any(|word| language::month(word).is_some())
}

fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse::<f64>().ok()
}

/// The share of the values that suit a key, in percent; nothing where any text would.
pub(super) fn suits(cells: &Cells<'_>, view: &View, rows: &Rows<'_>) -> Option<u32> {
    if takes_any_text(view) || cells.is_empty() {
        return None;
    }
    let one = single(view);
    let called: BTreeMap<String, String> = one
        .asks
        .references
        .first()
        .map(|names| rows.called(names))
        .unwrap_or_default()
        .into_iter()
        .flat_map(|(key, name)| [Some((key.to_lowercase(), key.clone())), name.map(|name| (name.to_lowercase(), key))])
        .flatten()
        .collect();
    let (mut all, mut good) = (0, 0);
    for (_, cell) in cells.iter().take(LOOKED_AT) {
        for part in parts(&cell.text, view) {
            all += 1;
            good += u32::from(suits_one(part, cell.is_date, one, &called));
        }
    }
    // Names of what is not recorded yet are no sign against a reference.
    if !one.asks.references.is_empty() && good == 0 {
        return None;
    }
    (all > 0).then(|| good * 100 / all)
}

/// What a key asks for, for people.
pub(super) fn wanted(view: &View) -> &'static str {
    let one = single(view);
    match one.asks.kind {
        _ if one.asks.choices.is_some() => "one of its choices",
        Kind::Whole => "a whole number",
        Kind::Number => "a number",
        Kind::Truth => "yes or no",
        _ if one.asks.format.is_some() => "a day",
        _ => "what it asks for",
    }
}

/// Whether a choice is written so.
fn is_called(text: &str, choice: &Json) -> bool {
    match choice {
        Json::String(choice) => Folded::of(choice).key() == Folded::of(text).key(),
        choice => choice.to_string() == text,
    }
}

/// The value for which files are known to write a text.
pub(super) fn known_for(text: &str, view: &View) -> Option<Json> {
    let folded = Folded::of(text).key();
    let is_it = |word: &String| {
        word.eq_ignore_ascii_case(text.trim()) || (!folded.is_empty() && Folded::of(word).key() == folded)
    };
    let (value, _) = view.written.iter().find(|(_, words)| words.iter().any(is_it))?;
    Some(match view.asks.kind {
        Kind::Whole | Kind::Number | Kind::Truth => {
            serde_json::from_str(value).unwrap_or_else(|_| Json::from(value.as_str()))
        }
        _ => Json::from(value.as_str()),
    })
}

/// The value that a text means, and whether that is certain.
pub(super) fn meant(text: &str, view: &View, called: &[(String, Option<String>)]) -> Option<(Json, bool)> {
    let text = text.trim();
    if is_nothing(text) {
        return Some((Json::Null, true));
    }
    if let Some(value) = known_for(text, view) {
        // A word for a step of a scale depends on the scale.
        return Some((value, !matches!(view.asks.kind, Kind::Whole | Kind::Number)));
    }
    if let Some(choices) = &view.asks.choices
        && let Some(choice) = choices.iter().find(|choice| is_called(text, choice))
    {
        return Some((choice.clone(), true));
    }
    if !view.asks.references.is_empty() {
        return reference(text, called).map(|key| (Json::from(key), true));
    }
    if view.asks.kind == Kind::Whole {
        // `4 - Likely`, `Likely (4)`
        let mut figures = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let has_letters = text.chars().any(char::is_alphabetic);
        if let (Some(figure), None, true) = (figures.next(), figures.next(), has_letters) {
            let value = Json::from(figure.parse::<i64>().ok()?);
            return Some((value, true));
        }
        if let Some(whole) = number(text).filter(|number| number.fract() == 0.0 && number.abs() < 1e9) {
            return Some((Json::from(whole as i64), true));
        }
    }
    None
}

/// The row that a text means: by its key written another way, by its name, or by both in one cell.
fn reference(text: &str, called: &[(String, Option<String>)]) -> Option<String> {
    let folded = Folded::of(text).key();
    let bare: String = text.chars().filter(|c| c.is_alphanumeric() || *c == '.').collect::<String>().to_lowercase();
    let mut found: Vec<&String> = Vec::new();
    for (key, name) in called {
        let own: String = key.chars().filter(|c| c.is_alphanumeric() || *c == '.').collect::<String>().to_lowercase();
        let is_named = name.as_ref().is_some_and(|name| !folded.is_empty() && Folded::of(name).key() == folded);
        // `A.5.1 Policies for information security` begins with its key; `5.1` is it without its letter.
        let begins = text.len() > key.len()
            && text.is_char_boundary(key.len())
            && text[..key.len()].eq_ignore_ascii_case(key)
            && text[key.len()..].starts_with([' ', ':', ',', '\t', '\n', '–', '-'])
            && key.chars().any(|c| c.is_ascii_digit());
        let is_short = own.strip_prefix("a.").is_some_and(|rest| rest == bare || format!("a{rest}") == bare);
        if own == bare || is_named || begins || is_short {
            found.push(key);
        }
    }
    match found.as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

/// A day in figures, as files write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeric {
    sign: char,
    /// The first two figures.
    first: u32,
    second: u32,
    /// Figures of the year.
    digits: usize,
}

impl Numeric {
    pub(super) fn of(text: &str) -> Option<Numeric> {
        let text = text.trim();
        let sign = text.chars().find(|c| matches!(c, '.' | '/' | '-'))?;
        let parts: Vec<&str> = text.split(sign).collect();
        let [first, second, year] = parts.as_slice() else { return None };
        let is_figure = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let is_day = is_figure(first, 2) && is_figure(second, 2) && is_figure(year, 4) && year.len() % 2 == 0;
        is_day.then(|| Numeric {
            sign,
            first: first.parse().unwrap_or_default(),
            second: second.parse().unwrap_or_default(),
            digits: year.len(),
        })
    }
}

/// The forms in which all days of a sheet can be read, as a source in the profile writes them. None: nothing has to be
/// said. `Err`: no one form reads all.
pub(super) fn date_forms(texts: &[&str]) -> Vec<String> {
    let days: Vec<Numeric> = texts.iter().filter_map(|text| Numeric::of(text)).collect();
    let Some(first) = days.first() else { return Vec::new() };
    let year = if days.iter().all(|day| day.digits == 2) { "yy" } else { "yyyy" };
    let sign = first.sign;
    let may_be = |month: fn(&Numeric) -> u32, day: fn(&Numeric) -> u32| {
        days.iter().all(|it| (1..=12).contains(&month(it)) && (1..=31).contains(&day(it)))
    };
    let mut forms = Vec::new();
    if may_be(|it| it.second, |it| it.first) {
        forms.push(format!("dd{sign}mm{sign}{year}"));
    }
    // Nobody writes a month first with points.
    if sign != '.' && may_be(|it| it.first, |it| it.second) {
        forms.push(format!("mm{sign}dd{sign}{year}"));
    }
    forms
}
