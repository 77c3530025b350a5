//! Names and figures that left the profile and still stand in its texts.
//!
//! What counts as a name is told by where it stood (`name`, `title`, …) and by how it is written; a word that texts use in
//! small letters too is none. Of a name that is gone its distinctive words count as well: those that begin with a capital,
//! or are all capitals, and stand in no name of the same register any more, and in no address: that of a place that is still
//! there; words of it that stand together are one. Where a text names somebody or something else that is still there, such as
//! a person who is called like the firm was, nothing is left behind. In rows that tell of a day before, an old name is right
//! as a rule: what stands there is marked as a note.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::facts::{self, Difference};
use crate::diagnostic::Span;
use crate::history::Facts;
use crate::holders::{PEOPLE, PEOPLE_AS_ROLES};
use crate::model::places::FORMER;
use crate::workspace::Workspace;

/// A word that stands where what it names is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leftover {
    /// The name or figure, as it stands there.
    pub word: String,
    /// The path at which it stood.
    pub was: String,
    /// The path of the text that has it; of an override, `document/block`.
    pub path: String,
    /// Where it stands.
    pub at: Span,
    /// Whether it may be right there: its row tells of a day before.
    pub is_note: bool,
}

/// The key of the organisation.
const ORGANISATION: &str = "organisation";

/// The keys that hold names.
const NAMES: [&str; 8] = ["name", "short_name", "legal_name", "trade_name", "title", "label", "product", "system"];

/// The key that holds where something is.
const ADDRESS: &str = "address";

/// Those of them whose values say what something is rather than how it is called.
const TITLES: [&str; 2] = ["title", "label"];

/// How keys end that hold the names of months and places, which others use as well.
const COMMON: [&str; 9] = ["country", "site", "location", "place", "city", "region", "language", "month", "day"];

/// The language that writes every noun with a capital.
const LARGE_NOUNS: &str = "de";

/// The keys of a row that tells of something that has happened on a day.
const PAST: [&str; 9] =
    ["date", "found", "performed", "done", "closed", "detected", "occurred", "happened", "verified"];

/// What firms are called besides their names.
const FORMS: [&str; 26] = [
    "AB", "AG", "AS", "ASA", "BV", "Corp", "GmbH", "Group", "Holding", "Inc", "KG", "LLC", "LLP", "Limited", "Ltd",
    "NV", "OY", "PLC", "SA", "SARL", "SAS", "SE", "SL", "SRL", "Company", "Services",
];

/// The most words that are looked for.
const MOST_WORDS: usize = 400;

/// The most places that are named of one word.
const MOST_PLACES: usize = 30;

/// The most lines from the beginning of a value in which its words are looked for.
const MOST_LINES: usize = 80;

/// The longest name, in characters and in words.
const LONGEST: (usize, usize) = (60, 6);

/// A figure with its unit, such as `4 h` or `99.95%`.
static FIGURE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d[\d.,]*\s?(?:%|\p{L}{1,10})$").expect("a constant pattern"));

/// What of facts that differ left the profile and still stands in its texts and overrides.
pub fn leftovers(new: &Facts, differences: &[Difference], workspace: &Workspace) -> Vec<Leftover> {
    if differences.iter().all(|difference| difference.old.is_none()) {
        return Vec::new();
    }
    let mut texts = Texts::of(new, workspace.profile.keys());
    texts.are_nouns_small = workspace.pack.strings.language.language() != LARGE_NOUNS;
    let words = words(differences, &texts);
    let mut found = Vec::new();
    for (word, was) in words.iter().take(MOST_WORDS) {
        let mut count = 0;
        for (path, text) in &texts.leaves {
            // A name that became a longer one is where it belongs.
            let is_here = || path != was && holds(&texts.without_others(text, word), word);
            if count < MOST_PLACES && is_here() && !is_told(&found, path, word) {
                let at = place(workspace, path, word);
                let is_note = texts.past.iter().any(|row| path.starts_with(row.as_str()));
                found.push(Leftover { word: word.clone(), was: was.clone(), path: path.clone(), at, is_note });
                count += 1;
            }
        }
        for (document, blocks) in &workspace.overrides {
            for (block, file) in blocks {
                let bytes = workspace.files.read(file).unwrap_or_default();
                let text = String::from_utf8_lossy(&bytes);
                let is_left = |line: &str| holds(&texts.without_others(line, word), word);
                for (at, line) in text.lines().enumerate().filter(|(_, line)| is_left(line)) {
                    let path = format!("{document}/{block}");
                    let at = in_line(file, at, line, word);
                    found.push(Leftover { word: word.clone(), was: was.clone(), path, at, is_note: false });
                }
            }
        }
    }
    found
}

/// Whether a longer name of which a word is part was found at a path already.
fn is_told(found: &[Leftover], path: &str, word: &str) -> bool {
    found.iter().any(|known| known.path == path && holds(&known.word, word))
}

/// The texts of a profile.
#[derive(Default)]
struct Texts {
    /// Every text, by its path.
    leaves: BTreeMap<String, String>,
    /// The texts as they stand.
    values: BTreeSet<String>,
    /// Those of them that are the name of something.
    names: BTreeSet<String>,
    /// Those of them that are names of people, or of the organisation itself.
    callers: BTreeSet<String>,
    /// The words that texts use in small letters.
    small: BTreeSet<String>,
    /// The rows that tell of a day before, as the beginnings of their paths.
    past: BTreeSet<String>,
    /// Whether a capital tells a name from a noun.
    are_nouns_small: bool,
}

impl Texts {
    /// The names of rows; not their titles.
    fn called(&self) -> impl Iterator<Item = &str> {
        let is_name = |path: &str| NAMES.contains(&last_key(path)) && !TITLES.contains(&last_key(path));
        self.leaves.iter().filter(move |(path, _)| is_name(path)).map(|(_, text)| text.as_str())
    }

    fn of(facts: &Facts, keys: &BTreeMap<String, String>) -> Texts {
        let mut texts = Texts::default();
        for (key, value) in facts.profile.iter().filter(|(key, _)| ![PEOPLE_AS_ROLES, FORMER].contains(&key.as_str())) {
            texts.read(key.clone(), key, value, (&facts.as_of, keys));
        }
        texts
    }

    /// Reads what stands at a path; `plain` is the path without its rows.
    fn read(&mut self, path: String, plain: &str, value: &Json, known: (&str, &BTreeMap<String, String>)) {
        let (as_of, keys) = known;
        match value {
            Json::Object(map) => {
                let is_past =
                    |key: &&str| map.get(*key).and_then(Json::as_str).is_some_and(|day| is_day(day) && day <= as_of);
                if path.ends_with(']') && PAST.iter().any(is_past) {
                    self.past.insert(path.clone());
                }
                for (key, value) in map {
                    self.read(format!("{path}.{key}"), &format!("{plain}.{key}"), value, known);
                }
            }
            Json::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let key = keys.get(plain).map(|key| in_text(&item[key.as_str()])).filter(|key| !key.is_empty());
                    let row = key.unwrap_or_else(|| at.to_string());
                    self.read(format!("{path}[{row}]"), plain, item, known);
                }
            }
            Json::String(text) => {
                if text.split_whitespace().nth(1).is_some() {
                    let small = split(text).filter(|word| word.starts_with(char::is_lowercase));
                    self.small.extend(small.map(str::to_owned));
                }
                self.values.insert(text.trim().to_owned());
                if NAMES.contains(&last_key(&path)) {
                    self.names.insert(text.trim().to_owned());
                    if plain.split('.').next().is_some_and(|first| [PEOPLE, ORGANISATION].contains(&first)) {
                        self.callers.insert(text.trim().to_owned());
                    }
                }
                self.leaves.insert(path, text.clone());
            }
            Json::Number(number) => {
                self.values.insert(number.to_string());
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    /// A text without what names somebody in it who is still there, where a word is a part of that name.
    fn without_others<'t>(&self, text: &'t str, word: &str) -> Cow<'t, str> {
        let mut left = Cow::Borrowed(text);
        for name in self.callers.iter().filter(|name| holds(name, word)) {
            while let Some(at) = find(&left, name) {
                left.to_mut().replace_range(at..at + name.len(), "");
            }
        }
        left
    }
}

/// The words to look for, each with the path at which it stood; whole names before their words.
fn words(differences: &[Difference], texts: &Texts) -> Vec<(String, String)> {
    let (mut whole, mut parts) = (Vec::new(), Vec::new());
    let addresses = texts.leaves.iter().filter(|(path, _)| last_key(path) == ADDRESS);
    let addresses: Vec<&str> = addresses.map(|(_, text)| text.as_str()).collect();
    for difference in differences.iter().filter(|difference| !difference.is_order()) {
        let Some(old) = &difference.old else { continue };
        let mut gone = Vec::new();
        leaves(&difference.path, old, &mut gone);
        for (path, value) in gone {
            let text = in_text(value);
            let is_name = NAMES.contains(&last_key(&path));
            // A name that stands as a plain text alone is what was left behind.
            let stand = if is_name { &texts.names } else { &texts.values };
            if text.is_empty() || stand.contains(&text) {
                continue;
            }
            match value {
                Json::Number(_) if is_distinctive(&text) => {
                    whole.extend(thousands(&text).map(|text| (text, path.clone())));
                    whole.push((text, path));
                    continue;
                }
                Json::Number(_) => continue,
                _ => {}
            }
            let is_name_alone = !is_name && is_product(&path, &text, texts);
            let is_address = text.contains('@') && !text.contains(' ');
            if FIGURE.is_match(&text) || is_address || is_phrase(&text, is_name) || is_name_alone {
                whole.push((text.clone(), path.clone()));
            }
            if is_name {
                let mut same = column_names(&path, texts);
                if TITLES.contains(&last_key(&path)) {
                    // Words of a sentence may be the names of others, who are there.
                    same.extend(texts.called());
                }
                let least = if path.starts_with(PEOPLE) { 3 } else { 4 };
                // Titles are made of ordinary words: of them only signs such as GDPR tell something. Where every noun has a
                // capital, the first word tells the name from what it is.
                let first = split(&text).next();
                let is_told = |word: &str| match is_acronym(word) || path.starts_with(PEOPLE) {
                    true => true,
                    false if TITLES.contains(&last_key(&path)) => false,
                    false => texts.are_nouns_small || first.is_some_and(|first| std::ptr::eq(first, word)),
                };
                let is_free = |word: &str| {
                    is_told(word)
                        && is_own_word(word, least, texts)
                        && !texts.names.contains(word)
                        && !same.iter().chain(&addresses).any(|text| holds(text, word))
                };
                parts.extend(runs(&text, is_free).into_iter().map(|part| (part.to_owned(), path.clone())));
            }
        }
    }
    let mut seen = BTreeSet::new();
    whole.into_iter().chain(parts).filter(|(word, _)| seen.insert(word.clone())).collect()
}

/// The parts of a name that begin and end with a word of its own, the longest first; not the name itself.
fn runs(name: &str, is_own: impl Fn(&str) -> bool) -> Vec<&str> {
    let start = |word: &str| word.as_ptr().addr() - name.as_ptr().addr();
    let own: Vec<&str> = split(name).filter(|word| is_own(word)).collect();
    let mut runs: Vec<&str> = Vec::new();
    for (at, first) in own.iter().enumerate().take(LONGEST.1) {
        for last in own.iter().skip(at).take(LONGEST.1) {
            runs.push(&name[start(first)..start(last) + last.len()]);
        }
    }
    runs.retain(|run| *run != name || own.len() == 1);
    // Of the same length, in the order of the name.
    runs.sort_by_key(|run| std::cmp::Reverse(split(run).count()));
    runs
}

/// The last key of a path.
fn last_key(path: &str) -> &str {
    path.rsplit(['.', ']']).next().unwrap_or_default()
}

fn leaves<'v>(path: &str, value: &'v Json, found: &mut Vec<(String, &'v Json)>) {
    match value {
        Json::Object(map) => map.iter().for_each(|(key, value)| leaves(&format!("{path}.{key}"), value, found)),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| leaves(&format!("{path}[{at}]"), item, found));
        }
        value => found.push((path.to_owned(), value)),
    }
}

fn in_text(value: &Json) -> String {
    match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Whether a text is a name: one of a key that holds names, or one that is written like a proper noun or an id.
fn is_phrase(text: &str, is_name: bool) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_short = text.chars().count() <= LONGEST.0 && words.len() <= LONGEST.1;
    let has_mark = text.chars().any(char::is_uppercase);
    if !is_short || text.chars().count() < 3 || is_day(text) || text.contains("://") {
        return false;
    }
    // An ordinary word by itself is no name; one like `sea-fix` is.
    if is_name {
        return has_mark || words.len() > 1 || text.contains('-');
    }
    let is_proper = |word: &&str| word.starts_with(char::is_uppercase) || word.chars().count() <= 3;
    let is_id = words.len() == 1 && has_mark && text.chars().any(|c| c.is_ascii_digit()) && text.contains('-');
    let ends = text.ends_with(['.', '!', '?', ':']);
    is_id
        || (words.len() > 1
            && words.len() <= 4
            && !ends
            && has_mark
            && words.iter().all(is_proper)
            && words[0].starts_with(char::is_uppercase))
}

/// Whether a text is what a single value of the profile, outside of registers, calls a product by: one word with a capital.
fn is_product(path: &str, text: &str, texts: &Texts) -> bool {
    let key = last_key(path);
    let is_common = COMMON.iter().any(|end| key == *end || key.ends_with(&format!("_{end}")));
    let is_single = !path.contains('[') && text.chars().all(char::is_alphanumeric);
    texts.are_nouns_small && is_single && !is_common && is_own_word(text, 4, texts)
}

/// Whether a word of a name tells it from others: an acronym of three letters or more, or a word with a capital that no text uses without.
/// `least` is the number of letters that it has at least.
fn is_own_word(word: &str, least: usize, texts: &Texts) -> bool {
    if FORMS.iter().any(|form| form.eq_ignore_ascii_case(word)) || texts.small.contains(&word.to_lowercase()) {
        return false;
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    is_acronym(word) || (word.starts_with(char::is_uppercase) && letters >= least)
}

/// Whether a word is of letters alone, three or more, with two capitals or more.
fn is_acronym(word: &str) -> bool {
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    capitals >= 2 && word.chars().count() >= 3 && word.chars().all(char::is_alphabetic)
}

/// The names that stand now in the column of a path.
fn column_names<'t>(path: &str, texts: &'t Texts) -> Vec<&'t str> {
    let column = facts::column(path);
    let same = texts.leaves.iter().filter(|(other, _)| facts::column(other) == column);
    same.map(|(_, text)| text.as_str()).collect()
}

/// Whether a number says something by itself: three digits, and no year.
fn is_distinctive(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_year = number.parse::<u32>().is_ok_and(|year| (1900..2100).contains(&year));
    digits >= 3 && !is_year && !number.starts_with('-')
}

/// `6,200` of `6200`.
fn thousands(number: &str) -> Option<String> {
    let at = number.len().checked_sub(3).filter(|at| *at > 0 && number.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(format!("{},{}", &number[..at], &number[at..]))
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a text holds a word as a whole one.
fn holds(text: &str, word: &str) -> bool {
    find(text, word).is_some()
}

/// Where a text holds a word as a whole one, in bytes.
fn find(text: &str, word: &str) -> Option<usize> {
    let is_figure = word.starts_with(|c: char| c.is_ascii_digit());
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let mut after = text[at + word.len()..].chars();
        let (next, second) = (after.next(), after.next());
        let is_sign = |c: Option<char>| matches!(c, Some('.' | ','));
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let goes_on = is_figure && is_sign(next) && is_digit(second);
        // Digits with spaces between them are one number, of a telephone or an account.
        let is_group = |chars: &mut dyn Iterator<Item = char>| {
            let (space, digit) = (chars.next(), chars.next());
            space.is_some_and(|c| [' ', '\u{a0}', '\u{202f}'].contains(&c)) && is_digit(digit)
        };
        let went_on = is_figure
            && (is_sign(before)
                || is_group(&mut text[..*at].chars().rev())
                || (word.ends_with(|c: char| c.is_ascii_digit()) && is_group(&mut text[at + word.len()..].chars())));
        !before.is_some_and(char::is_alphanumeric) && !next.is_some_and(char::is_alphanumeric) && !goes_on && !went_on
    })
}

/// Where a word stands in the value at a path: its line where the file is a text, else the cell.
fn place(workspace: &Workspace, path: &str, word: &str) -> Span {
    let Some(span) = workspace.profile.span_of(path) else {
        return Span::file(workspace.settings.profile.as_str());
    };
    if span.sheet.is_some() || span.line == 0 {
        return span.clone();
    }
    let bytes = workspace.files.read(&span.file).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let from = span.line as usize - 1;
    for (at, line) in text.lines().enumerate().skip(from).take(MOST_LINES) {
        // A row of a register is a line with other cells before.
        let begin = if at == from { span.column.saturating_sub(1) as usize } else { 0 };
        let begin = line.char_indices().nth(begin).map_or(0, |(at, _)| at);
        if let Some(found) = find(&line[begin..], word) {
            let column = line[..begin + found].chars().count() + 1;
            return span_at(&span.file, at, column, word);
        }
    }
    span.clone()
}

fn in_line(file: &str, line: usize, text: &str, word: &str) -> Span {
    let column = find(text, word).map_or(1, |at| text[..at].chars().count() + 1);
    span_at(file, line, column, word)
}

fn span_at(file: &str, line: usize, column: usize, word: &str) -> Span {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Span::text(file, number(line + 1), number(column), number(word.chars().count()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn gone(old: Json, new: Json) -> Vec<String> {
        let keys = BTreeMap::from([("assets".to_owned(), "id".to_owned())]);
        let (old, new) = (old.as_object().unwrap().clone(), new.as_object().unwrap().clone());
        let differences = facts::differences(&old, &new, &keys);
        let texts = Texts { are_nouns_small: true, ..Texts::of(&Facts::new("2026-11-02", new), &keys) };
        words(&differences, &texts).into_iter().map(|(word, _)| word).collect()
    }

    #[test]
    fn names_that_left_count_with_the_words_that_tell_them_apart() {
        let old = json!({"assets": [
            {"id": "AS-1", "name": "NAS in Leeds"}, {"id": "AS-2", "name": "Laptops in Leeds"},
            {"id": "AS-3", "name": "Backup server"}, {"id": "AS-4", "name": "phones"},
        ]});
        let new =
            json!({"assets": [{"id": "AS-2", "name": "Laptops in Leeds"}], "text": "a backup a day, on a server"});
        assert_eq!(gone(old, new), ["AS-1", "NAS in Leeds", "AS-3", "Backup server", "AS-4", "NAS"]);
    }

    #[test]
    fn a_place_that_is_still_there_is_no_name_of_what_left_it() {
        let old = json!({"assets": [{"id": "a", "name": "Server room Aarmatt"}], "sites": [{"address": "Mill 4, Aarmatt"}],
            "suppliers": [{"name": "Copyhaus Lindenau"}]});
        let new = json!({"sites": [{"address": "Mill 4, Aarmatt"}], "organisation": {"address": "30999 Lindenau"},
            "text": "a server in a room"});
        assert_eq!(gone(old.clone(), new), ["Server room Aarmatt", "Copyhaus Lindenau", "Copyhaus"]);
        assert!(gone(old, json!({})).contains(&"Aarmatt".to_owned()), "the place is gone as well");
    }

    #[test]
    fn a_name_that_stands_as_a_text_alone_is_left_behind() {
        let old = json!({"assets": [{"id": "a", "name": "laboratory PC"}, {"id": "b", "name": "sea-fix"}],
            "people": [{"id": "w", "name": "Wei Zhang"}], "suppliers": [{"id": "c", "name": "Slack"}]});
        let new = json!({"assets": [{"id": "d", "name": "Slack"}], "place": "laboratory PC", "risk": "Wei leaves"});
        assert_eq!(gone(old, new), ["laboratory PC", "sea-fix", "Wei Zhang", "Wei", "Zhang"]);
    }

    #[test]
    fn a_product_is_a_name_and_words_of_a_title_are_none() {
        let old = json!({"technology": {"ticket_system": "Deskline", "country": "Ireland", "month": "October"},
            "risks": [{"id": "R-1", "title": "Corestead is down, and Vaultkey"}]});
        let new = json!({"technology": {"ticket_system": "Queuebox", "country": "Spain", "month": "May"},
            "suppliers": [{"id": "c", "name": "Corestead Systems"}], "text": "we are down"});
        assert_eq!(gone(old, new), ["R-1", "Corestead is down, and Vaultkey", "Deskline"]);
    }

    #[test]
    fn a_name_whose_row_ended_is_gone_though_its_row_is_kept() {
        let old = json!({"assets": [{"id": "a", "name": "NAS in Leeds"}]});
        let new =
            json!({"assets": [], "former": {"assets": [{"id": "a", "name": "NAS in Leeds", "until": "2026-06-30"}]}});
        assert_eq!(gone(old.clone(), new), ["NAS in Leeds", "NAS", "Leeds"]);
        let renewed = json!({"assets": [{"id": "b", "name": "NAS in Leeds"}], "former": {"assets": [{"id": "a", "name": "NAS in Leeds"}]}});
        assert!(gone(old, renewed).is_empty());
    }

    #[test]
    fn words_of_a_name_that_stand_together_are_one() {
        let old = json!({"assets": [{"id": "tr", "name": "Trans Duero S.L."}, {"id": "s", "name": "server in Ovar"}]});
        let new = json!({"sites": [{"id": "o", "name": "Ovar"}], "assets": [], "risk": "Trans Duero passes it on"});
        assert_eq!(gone(old, new), ["Trans Duero S.L.", "server in Ovar", "Trans Duero", "Trans", "Duero"]);
    }

    #[test]
    fn ordinary_words_of_titles_are_no_names() {
        let old = json!({"laws": [{"id": "L1", "title": "Children First Act of the HSE"}]});
        let said = ["Children First Act of the HSE", "HSE"];
        assert_eq!(gone(old, json!({"laws": [], "minutes": "First review; there were none."})), said);
    }

    #[test]
    fn somebody_who_is_called_like_the_firm_was_is_not_left_behind() {
        let keys = BTreeMap::from([("people".to_owned(), "id".to_owned())]);
        let new =
            json!({"organisation": {"name": "Valadares Ibérica"}, "people": [{"id": "r", "name": "Rui Valadares"}]});
        let texts = Texts::of(&Facts::new("2026-11-02", new.as_object().unwrap().clone()), &keys);
        let left = |text: &str| holds(&texts.without_others(text, "Valadares"), "Valadares");
        assert!(
            !left("Rui Valadares falls ill") && !left("Valadares Ibérica") && left("Rui Valadares leaves Valadares")
        );
    }

    #[test]
    fn figures_count_with_a_unit_or_three_digits() {
        let old = json!({"a": 6200, "b": 12, "c": "4 h", "d": 2024, "e": "2026-01-05", "f": "99.95%", "g": "often"});
        assert_eq!(gone(old, json!({})), ["6,200", "6200", "4 h", "99.95%"]);
        assert!(holds("some 6,200 engineers.", "6,200") && !holds("some 16,200", "6,200") && !holds("4 h.5", "x"));
        assert!(
            !holds("6,200.5", "200")
                && !holds("+49 40 66969 190", "190")
                && !holds("190 20", "190")
                && !holds("NASA", "NAS")
                && holds("write-once NAS snapshots", "NAS")
        );
    }
}
