//! A sheet that fills a register: how its source in the profile reads it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::columns::{Column, Degree};
use super::grid::Body;
use super::known::{NAMES, Register, Rows};
use super::values::{self, CHOICES};
use super::words::Folded;
use super::{Answer, Question, Wishes, cut, quoted, view_of};
use crate::characters::slug;
use crate::schema::{Kind, View};
use crate::time::{Day, Form};
use crate::workspace::profile::Sheet;

/// From how many different values on a column is one of free words: nobody is asked for each.
const MOST_WORDS: usize = 12;

/// The most notes that are shown.
const NOTES: usize = 5;

/// The longest text that a key is made from.
const MAX_NAME: usize = 60;

/// Something that a column names and the profile does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The key whose column names it.
    pub key: String,
    /// The registers in which it is looked for.
    pub registers: Vec<String>,
    /// What is named, and how often.
    pub names: Vec<(String, usize)>,
}

/// A sheet that fills a register.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Its name; nothing for a CSV file.
    pub sheet: Option<String>,
    /// The register, by its dotted path.
    pub register: String,
    /// How the pack calls it.
    pub title: String,
    /// Whether somebody said that it is this one.
    pub is_said: bool,
    /// The row of the headings.
    pub header: u32,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Columns without a heading that hold something, by their letters.
    pub nameless: Vec<String>,
    /// How many rows it gives.
    pub rows: usize,
    /// Rows that are no rows of the table: their numbers, and what they say.
    pub notes: Vec<(u32, String)>,
    /// The registers that its columns name rows of.
    pub refers: BTreeSet<String>,
    /// Its rows, as others name them.
    pub(super) called: Vec<(String, Option<String>)>,
    /// What options may call the sheet.
    pub(super) names: Vec<String>,
    /// Keys that other sheets of the call have too.
    pub(super) shared: BTreeSet<String>,
    /// Whether it has none of the required keys but that of its rows.
    pub(super) has_none: bool,
    /// The required keys for which there is no column.
    pub lacks: Vec<String>,
    /// What is written for values of a key.
    pub mapped: BTreeMap<String, BTreeMap<String, Json>>,
    /// What it names and nobody recorded.
    pub missing: Vec<Missing>,
    /// People whom it names and nobody recorded.
    pub people: BTreeSet<String>,
    /// How rows get their key, where no column has it.
    pub key: Option<String>,
    /// The keys without which a row is a note.
    pub needs: Vec<String>,
    /// How days are written.
    pub dates: Vec<String>,
    /// How decimals are written.
    pub decimal: Option<String>,
    /// What stands between the items of a list.
    pub lists: Option<String>,
    /// The encoding of the text.
    pub encoding: Option<&'static str>,
}

impl Taken {
    pub(super) fn of(sheet: &Sheet, register: &Register<'_>, header: u32, columns: Vec<Column>) -> Taken {
        let known: BTreeSet<u32> = columns.iter().map(|column| column.at).collect();
        let below = sheet.rows.range(header + 1..).flat_map(|(_, cells)| cells.keys().copied());
        let nameless: BTreeSet<u32> = below.filter(|column| !known.contains(column)).collect();
        let letters = nameless.iter().map(|column| crate::diagnostic::source::column_letters(column.saturating_add(1)));
        let has = |key: &str| columns.iter().any(|column| column.key.as_deref() == Some(key));
        let is_key = |name: &str| register.key.as_deref() == Some(name);
        let required = register.columns.iter().filter(|column| column.property.is_required);
        let tells = |key: &str| columns.iter().any(|column| column.key.as_deref() == Some(key) && !column.is_guess);
        let has_none = !required.clone().any(|column| tells(&column.property.name) && !is_key(&column.property.name));
        let held = register.columns.iter().filter(|column| has(&column.property.name));
        let named = held.flat_map(|column| values::single(&column.property.view).asks.references.iter().flatten());
        let refers = named.map(|name| crate::schema::register(name)).collect();
        let lacks = required.map(|column| &column.property.name).filter(|name| !has(name) && !is_key(name));
        Taken {
            sheet: sheet.name.clone(),
            register: register.path.clone(),
            title: register.title.clone(),
            is_said: false,
            header,
            has_none,
            refers,
            called: Vec::new(),
            names: Vec::new(),
            shared: BTreeSet::new(),
            lacks: lacks.cloned().collect(),
            columns,
            nameless: letters.collect(),
            rows: 0,
            notes: Vec::new(),
            mapped: BTreeMap::new(),
            missing: Vec::new(),
            people: BTreeSet::new(),
            key: None,
            needs: Vec::new(),
            dates: Vec::new(),
            decimal: None,
            lists: None,
            encoding: sheet.encoding,
        }
    }

    fn at(&self, key: &str) -> Option<u32> {
        self.columns.iter().find(|column| column.key.as_deref() == Some(key)).map(|column| column.at)
    }

    /// Counts the rows, tells notes from them, and settles how they get their keys.
    pub(super) fn rows_of(&mut self, body: &Body, sheet: &Sheet, register: &Register<'_>) {
        self.rows = body.rows.len();
        let text = |row: &u32| {
            let cells = sheet.rows.get(row).into_iter().flat_map(BTreeMap::values);
            cells.map(|cell| cut(&cell.text)).collect::<Vec<_>>().join(" | ")
        };
        self.notes = body.notes.iter().map(|row| (*row, text(row))).collect();
        let has = |row: &u32, column: u32| sheet.rows.get(row).is_some_and(|cells| cells.contains_key(&column));
        if !self.notes.is_empty() {
            let required = register.columns.iter().map(|column| &column.property.name);
            let all: Vec<&String> = required.filter(|key| self.at(key).is_some()).collect();
            // What every row has and no note.
            let tells = |key: &&&String| {
                let Some(column) = self.at(key) else { return false };
                body.rows.iter().all(|row| has(row, column)) && body.notes.iter().all(|row| !has(row, column))
            };
            let told: Option<&&String> = all.iter().find(tells);
            self.needs = match told {
                Some(key) => vec![(*key).clone()],
                None => {
                    // No one column tells: those that most rows have do together.
                    let count = |key: &String| {
                        body.rows.iter().filter(|row| self.at(key).is_some_and(|at| has(row, at))).count()
                    };
                    let mut keys: Vec<&String> = all;
                    keys.sort_by_key(|key| std::cmp::Reverse(count(key)));
                    keys.into_iter().take(2).cloned().collect()
                }
            };
        }
        self.notes.truncate(NOTES.max(self.notes.len().min(200)));
        self.keyed(body, sheet, register);
        let cell = |row: &u32, column: Option<u32>| {
            column.and_then(|at| Some(sheet.rows.get(row)?.get(&at)?.text.trim().to_owned()))
        };
        let name = NAMES.iter().find_map(|name| self.at(name));
        let key = register.key.as_deref().and_then(|key| self.at(key));
        for row in &body.rows {
            let name = cell(row, name);
            let key = match key {
                Some(key) => cell(row, Some(key)),
                None => name.as_deref().map(slug),
            };
            self.called.extend(key.map(|key| (key, name)));
        }
    }

    /// Settles how rows get their keys, where no column has them.
    fn keyed(&mut self, body: &Body, sheet: &Sheet, register: &Register<'_>) {
        let Some(key) = register.key.as_deref().filter(|key| self.at(key).is_none()) else { return };
        let reference = view_of(register, key).is_some_and(|view| !view.asks.references.is_empty());
        if reference {
            return self.lacks.push(key.to_owned());
        }
        let texts = |column: &str| -> Vec<String> {
            let at = self.at(column);
            let cell = |row: &u32| at.and_then(|at| Some(sheet.rows.get(row)?.get(&at)?.text.clone()));
            body.rows.iter().filter_map(cell).collect()
        };
        let names = register
            .columns
            .iter()
            .filter(|column| column.property.is_required && values::takes_any_text(&column.property.view));
        let name = names.map(|column| &column.property.name).find(|name| {
            let texts = texts(name);
            let slugs: BTreeSet<String> = texts.iter().map(|text| slug(text)).filter(|slug| !slug.is_empty()).collect();
            let is_short = texts.iter().all(|text| text.chars().count() <= MAX_NAME);
            !texts.is_empty() && is_short && slugs.len() == texts.len() && texts.len() == body.rows.len()
        });
        let letter = register.path.rsplit('.').next().and_then(|name| name.chars().next()).unwrap_or('r');
        self.key = Some(match name {
            Some(name) => format!("{{{name}}}"),
            None => format!("{}-{{n}}", letter.to_ascii_uppercase()),
        });
    }

    /// Looks at the values of each column: what they stand for, what is not recorded, how days and decimals are written.
    pub(super) fn values(
        &mut self,
        sheet: &Sheet,
        register: &Register<'_>,
        rows: &Rows<'_>,
        body: &Body,
        wishes: &Wishes,
        open: &mut Vec<Question>,
    ) {
        let columns = self.columns.clone();
        let mut days: Vec<&str> = Vec::new();
        for column in &columns {
            let Some(view) = column.key.as_deref().and_then(|key| view_of(register, key)) else { continue };
            let key = column.key.clone().unwrap_or_default();
            let cell = |row: &u32| sheet.rows.get(row)?.get(&column.at);
            let cells: Vec<_> = body.rows.iter().filter_map(cell).filter(|cell| !cell.is_error).collect();
            let one = values::single(view);
            let form = one.asks.format.as_deref().and_then(Form::named);
            if matches!(form, Some(Form::Date)) {
                let own = cells.iter().filter(|cell| !cell.is_date && Day::read(cell.text.trim()).is_err());
                days.extend(own.map(|cell| cell.text.trim()));
            }
            let is_number = matches!(one.asks.kind, Kind::Number);
            if is_number && cells.iter().any(|cell| is_decimal_comma(&cell.text)) {
                self.decimal = Some(",".into());
            }
            if values::takes_any_text(view) && one.written.is_empty() {
                for text in cells.iter().flat_map(|cell| values::parts(&cell.text, view)) {
                    if let Some(value) = self.said(wishes, &key, text) {
                        self.map(&key, text, value);
                    }
                }
                continue;
            }
            if matches!(form, Some(Form::Date)) {
                for cell in cells.iter().filter(|cell| values::is_nothing(&cell.text)) {
                    self.map(&key, cell.text.trim(), Json::Null);
                }
                let words = cells.iter().filter(|cell| !cell.is_date && !values::is_nothing(&cell.text));
                let words: BTreeSet<&str> =
                    words.map(|cell| cell.text.trim()).filter(|text| !values::is_day(text)).collect();
                for text in words.into_iter().take(MOST_WORDS) {
                    match self.said(wishes, &key, text) {
                        Some(value) => self.map(&key, text, value),
                        None => {
                            let count = cells.iter().filter(|cell| cell.text.trim() == text).count();
                            open.push(self.ask(&key, text, count, one, &[], None));
                        }
                    }
                }
                continue;
            }
            let called = one.asks.references.first().map(|names| rows.called(names)).unwrap_or_default();
            let texts: Vec<&str> = cells.iter().map(|cell| cell.text.as_str()).collect();
            self.separated(&texts, view, &called);
            self.column(&key, &texts, (view, &called), rows, wishes, open);
        }
        let said = wishes.answers.iter().rev().find_map(|answer| match answer {
            Answer::Dates(of, form) if of.is_none() || *of == sheet.name => Some(form.clone()),
            _ => None,
        });
        let forms = values::date_forms(&days);
        match (said, forms.as_slice()) {
            (Some(said), _) => self.dates = said,
            (None, [only]) => self.dates.clone_from(only),
            (None, [first, ..]) => {
                let answer = |form: &Vec<String>| (form.join(", "), Answer::Dates(sheet.name.clone(), form.clone()));
                let shown: Vec<String> = days.iter().take(3).map(|day| cut(day)).collect();
                open.push(Question {
                    sheet: sheet.name.clone(),
                    text: "How are days written?".into(),
                    hint: shown.join(" | "),
                    choices: forms.iter().map(answer).collect(),
                    line: format!("--dates '{}'", first.join(",")),
                    option: format!("--dates '{}'", first.join(",")),
                    is_likely: false,
                    is_optional: false,
                    of: None,
                });
            }
            (None, []) => {}
        }
        self.fixed(register, wishes, open);
    }

    /// What stands in every row where a key has no column.
    fn fixed(&mut self, register: &Register<'_>, wishes: &Wishes, open: &mut Vec<Question>) {
        for answer in &wishes.answers {
            if let Answer::Value(key, text, value) = answer
                && let key = self.bare(key).to_owned()
                && text.is_empty()
                && view_of(register, &key).is_some()
            {
                self.map(&key, "", value.clone());
                self.lacks.retain(|lacking| *lacking != key);
            }
        }
        for key in self.lacks.clone() {
            let Some(view) = view_of(register, &key) else { continue };
            let title = view.title.as_deref().unwrap_or_default();
            let mut values: Vec<Json> = view.asks.choices.iter().flatten().cloned().collect();
            let mut is_likely = false;
            if values::takes_any_text(view) {
                // Of a row without a title, another text tells which it is.
                let others = register.columns.iter().map(|column| &column.property).filter(|other| {
                    other.view.asks.kind == Kind::Text
                        && values::takes_any_text(&other.view)
                        && self.at(&other.name).is_some()
                });
                let is_key = |name: &str| register.key.as_deref() == Some(name);
                let others = others.filter(|other| !is_key(&other.name));
                values = others.map(|other| Json::from(format!("{{{}}}", other.name))).collect();
                is_likely = !values.is_empty();
            }
            if let Some(value) = values.first().filter(|_| is_likely && wishes.takes_likely) {
                self.map(&key, "", value.clone());
                self.lacks.retain(|lacking| *lacking != key);
                continue;
            }
            let shown = values.first().filter(|_| is_likely).map_or_else(|| "VALUE".to_owned(), plain);
            let own = self.own(&key);
            let answer = |value: &Json| (plain(value), Answer::Value(own.clone(), String::new(), value.clone()));
            let option = format!("--value {}", quoted(&format!("{own}:={shown}")));
            open.push(Question {
                sheet: self.sheet.clone(),
                text: format!("No column is `{key}` ({title}), which each row of `{}` must have", self.register),
                hint: "say which column it is, or what holds for all rows; or add it to the file".into(),
                line: format!("--column 'HEADING={key}', or for all rows {option}"),
                option,
                choices: values.iter().map(answer).collect(),
                is_likely,
                is_optional: false,
                of: Some((key.clone(), String::new())),
            });
        }
    }

    /// Whether the items of a list stand between commas or on lines of their own.
    fn separated(&mut self, texts: &[&str], view: &View, called: &[(String, Option<String>)]) {
        if view.asks.kind != Kind::List || texts.iter().any(|text| text.contains(';')) {
            return;
        }
        let is_closed = !values::takes_any_text(view);
        for (sign, name) in [('\n', "\n"), (',', ",")] {
            let split = texts.iter().filter(|text| text.trim().contains(sign));
            let mut items =
                split.flat_map(|text| text.split(sign)).map(str::trim).filter(|item| !item.is_empty()).peekable();
            if items.peek().is_none() {
                continue;
            }
            let one = values::single(view);
            let (mut all, mut good) = (0, 0);
            for item in items {
                all += 1;
                good += usize::from(!is_closed || values::meant(item, one, called).is_some());
            }
            let is_long = !is_closed && sign == ',';
            if good * 2 > all && !is_long {
                let known = self.lists.get_or_insert_with(String::new);
                if !known.contains(name) {
                    known.push_str(name);
                }
            }
        }
    }

    /// How an option names a key: with its register, where another sheet has one that is called so.
    fn own(&self, key: &str) -> String {
        if self.shared.contains(key) { format!("{}.{key}", self.register) } else { key.to_owned() }
    }

    /// Whether an option names a key of this register.
    fn is_own(&self, named: &str, key: &str) -> bool {
        self.bare(named) == key
    }

    /// The key that an option names, without the sheet or register before it.
    fn bare<'k>(&self, named: &'k str) -> &'k str {
        let named = super::own_part(named, &self.names);
        named.strip_prefix(self.register.as_str()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(named)
    }

    /// What else a source says, as somebody said it.
    pub(super) fn other(&mut self, key: &str, value: &Json) {
        let text = || value.as_str().map(str::to_owned);
        match key {
            "key" => self.key = text(),
            "decimal" => self.decimal = text(),
            "lists" => self.lists = text(),
            "needs" => {
                let texts = value.as_array().into_iter().flatten().filter_map(Json::as_str);
                self.needs = texts.map(str::to_owned).collect();
            }
            _ => {}
        }
    }

    /// What somebody said that a text stands for.
    fn said(&self, wishes: &Wishes, key: &str, text: &str) -> Option<Json> {
        wishes.answers.iter().rev().find_map(|answer| match answer {
            Answer::Value(of, own, value) if self.is_own(of, key) && own.eq_ignore_ascii_case(text) => {
                Some(value.clone())
            }
            _ => None,
        })
    }

    fn map(&mut self, key: &str, text: &str, value: Json) {
        self.mapped.entry(key.to_owned()).or_default().insert(text.to_owned(), value);
    }

    /// One column whose values have to be among some.
    fn column(
        &mut self,
        key: &str,
        texts: &[&str],
        (view, called): (&View, &[(String, Option<String>)]),
        rows: &Rows<'_>,
        wishes: &Wishes,
        open: &mut Vec<Question>,
    ) {
        let one = values::single(view);
        let signs: Vec<char> = self.lists.iter().flat_map(|lists| lists.chars()).chain([';']).collect();
        let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
        for text in texts {
            let is_list = view.asks.kind == Kind::List;
            let items =
                text.split(|c: char| is_list && signs.contains(&c)).map(str::trim).filter(|item| !item.is_empty());
            items.for_each(|item| *counted.entry(item).or_insert(0) += 1);
        }
        let mut unknown: Vec<(&str, usize)> = Vec::new();
        let labels = if one.asks.kind == Kind::Whole { rows.labels(key) } else { Vec::new() };
        for (text, count) in counted {
            if let Some(value) = self.said(wishes, key, text) {
                self.map(key, text, value);
                continue;
            }
            if is_read(text, one, called) {
                continue;
            }
            // What the profile itself calls a step is that step.
            let mut steps = labels.iter().filter(|(label, _)| Folded::of(label).key() == Folded::of(text).key());
            if let (Some((_, step)), None) = (steps.next(), steps.next()) {
                self.map(key, text, Json::from(*step));
                continue;
            }
            match values::meant(text, one, called) {
                Some((value, is_certain)) if is_certain || wishes.takes_likely => self.map(key, text, value),
                Some((value, _)) => open.push(self.ask(key, text, count, one, called, Some(value))),
                None => unknown.push((text, count)),
            }
        }
        if unknown.is_empty() {
            return;
        }
        let names = one.asks.references.first().cloned().unwrap_or_default();
        if !names.is_empty() && wishes.leaves_missing {
            for (text, _) in unknown {
                self.map(key, text, Json::Null);
            }
            return;
        }
        if !names.is_empty() {
            let kept = |text: &str| {
                let is_it = |of: &String, own: &String| self.is_own(of, key) && own == text;
                wishes.answers.iter().any(|answer| matches!(answer, Answer::Keep(of, own) if is_it(of, own)))
            };
            if unknown.len() <= MOST_WORDS && !called.is_empty() {
                for (text, count) in unknown.iter().filter(|(text, _)| !kept(text)) {
                    let mut question = self.ask(key, text, *count, one, called, None);
                    let keep = Answer::Keep(self.own(key), (*text).to_owned());
                    question.choices.insert(0, ("it will be recorded: leave it as it is".into(), keep));
                    question.is_optional = true;
                    open.push(question);
                }
            }
            let holds_people = values::asks_for_people(one);
            for (text, _) in &unknown {
                if holds_people && values::is_person(text) && !rows.people().contains(&text.to_lowercase()) {
                    self.people.insert((*text).to_owned());
                }
            }
            let names_of = unknown.iter().map(|(text, count)| ((*text).to_owned(), *count)).collect();
            self.missing.push(Missing { key: key.to_owned(), registers: names, names: names_of });
            return;
        }
        let has_choices = one.asks.choices.is_some() || matches!(one.asks.kind, Kind::Whole | Kind::Truth);
        if has_choices && unknown.len() <= MOST_WORDS {
            for (text, count) in unknown {
                open.push(self.ask(key, text, count, one, called, None));
            }
        }
    }

    /// Asks what a value of a file stands for.
    fn ask(
        &self,
        key: &str,
        text: &str,
        count: usize,
        view: &View,
        called: &[(String, Option<String>)],
        likely: Option<Json>,
    ) -> Question {
        let own = self.own(key);
        let answer = |value: Json| Answer::Value(own.clone(), text.to_owned(), value);
        let mut choices: Vec<(String, Answer)> = Vec::new();
        choices.extend(likely.clone().map(|value| (plain(&value), answer(value))));
        let bound = |name: &str| view.asks.bounds.get(name).copied();
        let all: Vec<Json> = match (&view.asks.choices, view.asks.kind) {
            (Some(choices), _) => choices.clone(),
            (None, Kind::Truth) => vec![Json::Bool(true), Json::Bool(false)],
            (None, Kind::Whole) => {
                let (from, to) = (bound("minimum").unwrap_or(0.0) as i64, bound("maximum").unwrap_or(10.0) as i64);
                (from..=to.min(from.saturating_add(CHOICES as i64))).map(Json::from).collect()
            }
            _ => called.iter().take(CHOICES).map(|(key, _)| Json::from(key.as_str())).collect(),
        };
        choices.extend(
            all.into_iter().filter(|value| likely.as_ref() != Some(value)).map(|value| (plain(&value), answer(value))),
        );
        choices.push(("nothing: read the cell as empty".into(), answer(Json::Null)));
        let first = likely.as_ref().map_or_else(|| "VALUE".to_owned(), plain);
        let line = format!("--value {}", quoted(&format!("{own}:{text}={first}")));
        Question {
            sheet: self.sheet.clone(),
            text: format!("What does {} stand for under `{key}`?", quoted(&cut(text))),
            hint: format!("{count} {}", if count == 1 { "cell" } else { "cells" }),
            option: line.clone(),
            line,
            choices,
            is_likely: likely.is_some(),
            is_optional: false,
            of: Some((key.to_owned(), text.to_owned())),
        }
    }

    /// The source in the profile that reads it from a file of the workspace.
    pub fn source(&self, file: &str, leaves_rest: bool) -> Json {
        let mut source = Map::new();
        source.insert("from".into(), Json::from(file));
        if let Some(sheet) = &self.sheet {
            source.insert("sheet".into(), Json::from(sheet.as_str()));
        }
        if self.header > 1 {
            source.insert("header".into(), Json::from(self.header));
        }
        let mut columns = Map::new();
        for column in &self.columns {
            // `*` is no heading in a profile: it stands for the rest.
            match &column.key {
                _ if column.heading == "*" => drop(columns.insert(column.heading.clone(), Json::Null)),
                Some(_) if column.is_own && column.degree == Degree::Certain => {}
                Some(key) => drop(columns.insert(column.heading.clone(), Json::from(key.as_str()))),
                // What is said one by one stays so: a new column of the file is not left out in silence.
                None if column.is_left_out
                    && leaves_rest
                    && column.why != "said"
                    && column.others.is_empty()
                    && !column.heading.ends_with(')') => {}
                None => drop(columns.insert(column.heading.clone(), Json::Null)),
            }
        }
        if !self.nameless.is_empty() {
            columns.insert(String::new(), Json::Null);
        }
        if leaves_rest && self.columns.iter().any(|column| column.is_left_out) {
            columns.insert("*".into(), Json::Null);
        }
        if !columns.is_empty() {
            source.insert("columns".into(), Json::Object(columns));
        }
        if !self.mapped.is_empty() {
            let group = |(key, words): (&String, &BTreeMap<String, Json>)| {
                (key.clone(), Json::Object(words.iter().map(|(text, value)| (text.clone(), value.clone())).collect()))
            };
            source.insert("values".into(), Json::Object(self.mapped.iter().map(group).collect()));
        }
        match self.dates.as_slice() {
            [] => {}
            [only] => drop(source.insert("dates".into(), Json::from(only.as_str()))),
            several => drop(source.insert("dates".into(), Json::from(several.to_vec()))),
        }
        let texts = [("key", &self.key), ("decimal", &self.decimal), ("lists", &self.lists)];
        for (name, text) in texts {
            if let Some(text) = text {
                source.insert(name.into(), Json::from(text.as_str()));
            }
        }
        if !self.needs.is_empty() {
            source.insert("needs".into(), Json::from(self.needs.clone()));
        }
        if let Some(encoding) = self.encoding {
            source.insert("encoding".into(), Json::from(encoding));
        }
        Json::Object(source)
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => "~".into(),
        other => other.to_string(),
    }
}

fn is_decimal_comma(text: &str) -> bool {
    let text = text.trim();
    text.contains(',') && !text.contains('.') && text.replace(',', ".").parse::<f64>().is_ok()
}

/// Whether a reader of registers takes a text as it stands.
fn is_read(text: &str, view: &View, called: &[(String, Option<String>)]) -> bool {
    if let Some(choices) = &view.asks.choices {
        return choices.iter().any(|choice| plain(choice) == text);
    }
    if !view.asks.references.is_empty() {
        if called.iter().any(|(key, _)| key == text) {
            return true;
        }
        // The name of exactly one row stands for its key.
        let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let own = folded(text);
        let is_it = |(_, name): &&(String, Option<String>)| name.as_ref().is_some_and(|name| folded(name) == own);
        return called.iter().filter(is_it).count() == 1;
    }
    match view.asks.kind {
        Kind::Whole => text.parse::<i64>().is_ok(),
        Kind::Number => text.replace(',', ".").parse::<f64>().is_ok(),
        Kind::Truth => crate::language::truth(text).is_some(),
        _ => !values::is_nothing(text),
    }
}
