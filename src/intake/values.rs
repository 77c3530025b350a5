//! Whether the values of a column are what a key asks for, and what files write for those that are not.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::columns::Cells;
use super::known::Rows;
use super::words::Folded;
use crate::holders::{PEOPLE, ROLES};
use crate::language;
use crate::schema::{CATALOGUE, Kind, View};
use crate::time::{Day, Form};
use crate::workspace::profile::day_forms;

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
                Some(Form::Date) => is_date || is_day(text),
                _ => true,
            },
        },
    }
}

/// Whether a text is a day, in whatever form.
pub(super) fn is_day(text: &str) -> bool {
    begins_with_day(text) || !day_forms(text).is_empty()
}

/// Whether a text is a day of ISO 8601, or one with a time behind it.
fn begins_with_day(text: &str) -> bool {
    let day = text.get(..10).filter(|_| text.contains(':')).unwrap_or(text);
    Day::read(day.trim()).is_ok()
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
    // Names of what is not recorded yet are no sign against a reference, whole sentences are.
    if !one.asks.references.is_empty() && good == 0 {
        // What a catalogue has is known.
        if one.asks.references.iter().flatten().all(|name| name.starts_with(CATALOGUE)) {
            return Some(0);
        }
        let long = cells.iter().filter(|(_, cell)| cell.text.split_whitespace().count() > 4).count();
        return (long * 2 > cells.len()).then_some(0);
    }
    (all > 0).then(|| good * 100 / all)
}

/// Whether people are asked for, by roles or by name.
pub(super) fn asks_for_people(view: &View) -> bool {
    let names = single(view).asks.references.first();
    names.is_some_and(|names| names.iter().any(|name| name == PEOPLE || name == ROLES))
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
        choice => *choice.to_string() == *text,
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
    if let Some(value) = known_for(text, view) {
        // A word for a step of a scale depends on the scale, and one for a choice on who wrote it.
        let is_same = value.as_str().is_some_and(|value| Folded::of(value).likeness(&Folded::of(text)).is_some());
        return Some((value, view.asks.kind == Kind::Truth || is_same));
    }
    if is_nothing(text) {
        return Some((Json::Null, true));
    }
    if let Some(choices) = &view.asks.choices
        && let Some(choice) = choices.iter().find(|choice| is_called(text, choice))
    {
        return Some((choice.clone(), true));
    }
    if !view.asks.references.is_empty() {
        return reference(text, called).map(|keys| match keys.as_slice() {
            [key] => (Json::from(key.as_str()), true),
            several => (Json::from(several.to_vec()), true),
        });
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

/// The rows that a text means: one by its key written another way, or by its name; or all whose keys stand in it.
fn reference(text: &str, called: &[(String, Option<String>)]) -> Option<Vec<String>> {
    let folded = Folded::of(text).key();
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let own = bare(text);
    let is_it = |(key, name): &&(String, Option<String>)| {
        let is_named = name.as_ref().is_some_and(|name| !folded.is_empty() && Folded::of(name).key() == folded);
        is_named || !own.is_empty() && bare(key) == own
    };
    let found: Vec<&String> = called.iter().filter(is_it).map(|(key, _)| key).collect();
    match found.as_slice() {
        [only] => return Some(vec![(*only).clone()]),
        [] => {}
        _ => return None,
    }
    let mut keys: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-' | '_')) {
        let word = word.trim_matches(['.', '-', '_']);
        let is_number = word.contains(|c: char| c.is_ascii_digit()) && word.contains('.');
        if !is_number {
            continue;
        }
        let is_key = |key: &String| {
            key.eq_ignore_ascii_case(word)
                || key.strip_suffix(word).is_some_and(|before| before.ends_with('.') && before.len() < 4)
        };
        let mut fitting = called.iter().map(|(key, _)| key).filter(|key| is_key(key));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) if !keys.contains(key) => keys.push(key.clone()),
            (Some(_), None) => {}
            // One that leads nowhere, or to several: nobody knows what the whole means.
            _ => return None,
        }
    }
    (!keys.is_empty()).then_some(keys)
}

/// The forms in which the days of a column may be written, as a source in the profile says them: each a form that all
/// have, or all forms together where each day has but one. Nothing where nothing has to be said.
pub(super) fn date_forms(texts: &[&str]) -> Vec<Vec<String>> {
    let each: Vec<Vec<&'static str>> =
        texts.iter().map(|text| day_forms(text)).filter(|forms| !forms.is_empty()).collect();
    let Some(first) = each.first() else { return Vec::new() };
    let all = first.iter().filter(|form| each.iter().all(|forms| forms.contains(form)));
    let all: Vec<Vec<String>> = all.map(|form| vec![(*form).to_owned()]).collect();
    if !all.is_empty() {
        return all;
    }
    // One form a day where there is one, and the first where several would do.
    let mut several: Vec<String> = Vec::new();
    let (clear, unclear): (Vec<_>, Vec<_>) = each.iter().partition(|forms| forms.len() == 1);
    for forms in clear.into_iter().chain(unclear) {
        if !forms.iter().any(|form| several.iter().any(|known| known == form)) {
            several.extend(forms.first().map(|form| (*form).to_owned()));
        }
    }
    vec![several]
}

/// Whether a text looks like the name of a person: two to four words with capitals, and nothing else.
pub(super) fn is_person(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &&str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().skip(1).any(|c| c.is_lowercase() || c == '.')
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
    };
    let is_post = |word: &&str| POSTS.contains(&word.to_lowercase().as_str());
    (2..=4).contains(&words.len()) && words.iter().all(is_name) && !words.iter().any(is_post)
}

/// Words of posts and departments, which are no names of people.
const POSTS: [&str; 44] = [
    "manager",
    "officer",
    "director",
    "lead",
    "leader",
    "head",
    "chief",
    "team",
    "department",
    "administrator",
    "admin",
    "engineer",
    "engineering",
    "analyst",
    "owner",
    "security",
    "support",
    "finance",
    "operations",
    "human",
    "resources",
    "legal",
    "compliance",
    "services",
    "service",
    "management",
    "desk",
    "developer",
    "development",
    "sales",
    "marketing",
    "coordinator",
    "executive",
    "board",
    "committee",
    "staff",
    "vendor",
    "leitung",
    "leiter",
    "leiterin",
    "abteilung",
    "geschäftsführung",
    "geschäftsführer",
    "verwaltung",
];
