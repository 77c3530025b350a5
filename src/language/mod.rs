//! What a language and its country ask of a text: dates, numbers, money, lists, quotes, ordinals, plural forms, order.
//!
//! Unicode's data (CLDR) says how, by the tag that a pack gives as its `language:`; what Unicode's library does not hold,
//! such as quotes and words for numbers, stands in tables beside this file. A pack overrides any of it: [`Formats`], in its
//! `strings.yaml`. What neither knows is written in figures and signs, never in another language's words.

mod calendar;
mod case;
mod cells;
mod changed;
mod formats;
mod number;
mod proposed;
mod tables;
mod tag;
mod terms;
mod unrecorded;

use std::cmp::Ordering;
use std::sync::Arc;

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_decimal::input::Decimal;
use icu_list::ListFormatter;
use icu_list::options::{ListFormatterOptions, ListLength};
use icu_plurals::{PluralCategory, PluralOperands, PluralRuleType, PluralRules, PluralRulesOptions};
use jiff::civil::Date;

pub use cells::{is_from, is_until, month, says_none, truth};
pub use changed::Said;
pub use formats::{Formats, Joints, Marks, Problem, Quotes};
pub use proposed::Proposed;
pub use tables::Own;
pub use terms::Terms;
pub use unrecorded::Unrecorded;

use calendar::Calendar;
use number::Digits;
use tables::Words;

use crate::time::{self, Period, Unit};

/// A language as one pack writes it. Made once for a pack; a copy shares what was made.
#[derive(Clone)]
pub struct Language(Arc<Inner>);

struct Inner {
    /// The tag as given.
    tag: String,
    language: String,
    region: Option<String>,
    direction: Direction,
    formats: Formats,
    calendar: Calendar,
    digits: Digits,
    words: &'static Words,
    cardinal: PluralRules,
    ordinal: PluralRules,
    list: ListFormatter,
    collator: CollatorBorrowed<'static>,
}

/// Which way a line runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the left.
    LeftToRight,
    /// From the right.
    RightToLeft,
}

/// What a number asks of the words that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Such as 0 in Arabic.
    Zero,
    /// Such as 1 in English.
    One,
    /// Such as 2 in Hebrew.
    Two,
    /// Such as 3 in Polish.
    Few,
    /// Such as 5 in Polish.
    Many,
    /// All others; every language has it.
    Other,
}

impl Category {
    /// All of them, in Unicode's order.
    pub const ALL: [Category; 6] =
        [Category::Zero, Category::One, Category::Two, Category::Few, Category::Many, Category::Other];

    /// Its name, as messages and `{{plural}}` have it.
    pub fn name(self) -> &'static str {
        match self {
            Category::Zero => "zero",
            Category::One => "one",
            Category::Two => "two",
            Category::Few => "few",
            Category::Many => "many",
            Category::Other => "other",
        }
    }

    /// The category of a name.
    pub fn named(name: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|category| category.name() == name)
    }

    fn of(category: PluralCategory) -> Category {
        match category {
            PluralCategory::Zero => Category::Zero,
            PluralCategory::One => Category::One,
            PluralCategory::Two => Category::Two,
            PluralCategory::Few => Category::Few,
            PluralCategory::Many => Category::Many,
            PluralCategory::Other => Category::Other,
        }
    }
}

/// No language: figures and signs alone. For what stands in no pack.
impl Default for Language {
    fn default() -> Language {
        match Language::made("und", tag::Tag::none(), Formats::default()) {
            Ok(language) => language,
            Err(problem) => unreachable!("Unicode's data has a root: {}", problem.message),
        }
    }
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Language({})", self.0.tag)
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Language) -> bool {
        self.0.tag == other.0.tag && self.0.formats == other.0.formats
    }
}

impl Language {
    /// The language of a tag such as `en-GB`, as Unicode's data has it.
    ///
    /// # Errors
    /// When the tag is not BCP 47, or names a language or country that there is not.
    pub fn new(bcp47: &str) -> Result<Language, Problem> {
        Language::with(bcp47, Formats::default())
    }

    /// The same with what a pack has otherwise.
    ///
    /// # Errors
    /// As [`Language::new`], and when a format cannot be read: [`Problem::key`] says which.
    pub fn with(bcp47: &str, formats: Formats) -> Result<Language, Problem> {
        Language::made(bcp47, tag::Tag::read(bcp47)?, formats)
    }

    fn made(given: &str, tag: tag::Tag, formats: Formats) -> Result<Language, Problem> {
        formats.check()?;
        let lost = |_: &dyn std::fmt::Display| Problem::tag(format!("there is no data for `{given}`"));
        let id = &tag.id;
        let plural = |kind| {
            let options = PluralRulesOptions::default().with_type(kind);
            PluralRules::try_new(id.into(), options).map_err(|error| lost(&error))
        };
        let wide = ListFormatterOptions::default().with_length(ListLength::Wide);
        let digits = Digits::of(id, &formats).map_err(|error| lost(&error))?;
        let mut order = CollatorPreferences::from(id);
        order.numeric_ordering = Some(CollationNumericOrdering::True);
        Ok(Language(Arc::new(Inner {
            tag: given.to_owned(),
            language: id.language.to_string(),
            region: id.region.map(|region| region.to_string()),
            direction: if tag.is_rtl() { Direction::RightToLeft } else { Direction::LeftToRight },
            calendar: Calendar::of(id, &digits, &formats).map_err(|error| lost(&error))?,
            digits,
            words: tables::words(id.language.as_str()),
            cardinal: plural(PluralRuleType::Cardinal)?,
            ordinal: plural(PluralRuleType::Ordinal)?,
            list: ListFormatter::try_new_and(id.into(), wide).map_err(|error| lost(&error))?,
            collator: Collator::try_new(order, CollatorOptions::default()).map_err(|error| lost(&error))?,
            formats,
        })))
    }

    /// Its tag, as it was given.
    pub fn tag(&self) -> &str {
        &self.0.tag
    }

    /// Its language alone: `en`.
    pub fn language(&self) -> &str {
        &self.0.language
    }

    /// Its country, when the tag has one: `GB`.
    pub fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// Which way its lines run.
    pub fn direction(&self) -> Direction {
        self.0.direction
    }

    /// What its pack has otherwise than Unicode.
    pub fn formats(&self) -> &Formats {
        &self.0.formats
    }

    /// What a whole number asks of the words beside it.
    pub fn category(&self, number: i64) -> Category {
        Category::of(self.0.cardinal.category_for(number))
    }

    /// The same of a number as it is written, `1.5` or `1.0`; of what is no number, that of any.
    pub fn category_of(&self, number: &str) -> Category {
        let number: Option<Decimal> = number.parse().ok();
        number
            .map_or(Category::Other, |number| Category::of(self.0.cardinal.category_for(PluralOperands::from(&number))))
    }

    /// The categories that there are in the language, in Unicode's order.
    pub fn categories(&self) -> Vec<Category> {
        let mut found: Vec<Category> = self.0.cardinal.categories().map(Category::of).collect();
        found.sort_unstable();
        found
    }

    /// A day in words: `24 November 2026`.
    pub fn date(&self, day: Date) -> String {
        self.0.calendar.date(day, &self.0.digits)
    }

    /// A day, or what is known of it, in words: `24 November 2026`, `November 2026`, `2026`.
    pub fn day(&self, day: time::Day) -> String {
        self.0.calendar.known(day, &self.0.digits)
    }

    /// The same as a sentence says when something is: `on 24 November 2026`, `in November 2026`, `in 2026`.
    pub fn on(&self, day: time::Day) -> String {
        let (on, said) = (tables::on(&self.0.language), self.day(day));
        let first = day.first();
        match day {
            time::Day::Day(day) if self.0.language == "it" && [8, 11].contains(&day.day()) => format!("l’{said}"),
            time::Day::Day(_) => on.day.replace("{}", &said),
            time::Day::Month(..) => {
                let own = usize::try_from(first.month()).ok().and_then(|month| on.months?.get(month - 1).copied());
                let year = self.day(time::Day::Year(first.year()));
                on.month.replace("{}", own.unwrap_or(&said)).replace("{year}", &year)
            }
            time::Day::Year(_) => on.year.replace("{}", &said),
        }
    }

    /// A period in words, which says once what both of its ends have: `1 January to 31 March 2026`, `January to March 2026`.
    pub fn period(&self, period: Period) -> String {
        self.0.calendar.period(period, tables::until(&self.0.language), &self.0.digits)
    }

    /// The pattern of a day as Word has it: `d MMMM yyyy`.
    pub fn date_pattern(&self) -> String {
        self.0.calendar.pattern()
    }

    /// The sign before decimals.
    pub fn decimal(&self) -> &str {
        self.0.digits.decimal()
    }

    /// The month of a day by its name in a date, from 1; nothing for what is no month.
    pub fn month(&self, month: i8) -> Option<&str> {
        self.0.calendar.month(month)
    }

    /// A number as the language writes it, thousands apart: `1,234.5`. Text that is no number comes back as it is.
    pub fn number(&self, number: impl std::fmt::Display) -> String {
        self.0.digits.written(&number.to_string(), true)
    }

    /// The same with so many digits after the point, rounded half up.
    pub fn rounded(&self, number: impl std::fmt::Display, places: usize) -> String {
        let number = number.to_string();
        self.0.digits.written(&number::rounded(&number, places).unwrap_or(number), true)
    }

    /// A number with its decimal sign and nothing else: `1234,5`; whole numbers stay as they are, since they may be years
    /// or ids.
    pub fn plain(&self, number: impl std::fmt::Display) -> String {
        self.0.digits.plain(&number.to_string())
    }

    /// Texts in one sentence: `a, b and c`.
    pub fn list<T: AsRef<str>>(&self, items: &[T]) -> String {
        let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
        match &self.0.formats.list {
            Some(joints) => joints.joined(&items),
            None => self.0.list.format(items.iter()).to_string(),
        }
    }

    /// A whole number in words: `three`. English, German, French and Polish to a hundred, others as far as their table
    /// or the pack's `words` go; beyond that in figures.
    pub fn spellout(&self, number: i64) -> String {
        let own = usize::try_from(number).ok().and_then(|at| self.0.formats.words.get(at)).cloned();
        own.or_else(|| self.0.words.spellout(number)).unwrap_or_else(|| number.to_string())
    }

    /// A whole number as running text has it before a noun: in words to twelve, then in figures.
    pub fn words(&self, number: i64) -> String {
        if let Some(own) = usize::try_from(number).ok().and_then(|at| self.0.formats.words.get(at)) {
            return own.clone();
        }
        let usual = (0..=12).contains(&number).then(|| self.0.words.before_noun(number)).flatten();
        usual.unwrap_or_else(|| number.to_string())
    }

    /// A number that says which one: `1st`.
    pub fn ordinal(&self, number: i64) -> String {
        let category = Category::of(self.0.ordinal.category_for(number)).name();
        let pattern = formats::form(&self.0.formats.ordinals, category).or_else(|| self.0.words.ordinal(category));
        pattern.unwrap_or("{n}.").replace("{n}", &number.to_string())
    }

    /// So many minutes, in the largest unit that divides them: `90 minutes`, `2 hours`.
    pub fn duration(&self, minutes: i64) -> String {
        self.length(&time::Duration::of_minutes(minutes), None).unwrap_or_default()
    }

    /// A length of time in the units in which it was written: `4 hours`, `1 year and 6 months`; in a form such as
    /// `dative`, when its words are known in that.
    pub fn length(&self, duration: &time::Duration, form: Option<&str>) -> Option<String> {
        let parts: Option<Vec<String>> = duration.parts().iter().map(|part| self.part(*part, form)).collect();
        Some(self.list(&parts?))
    }

    /// How often: `every month`, `every 6 weeks`; the length alone, where there are no words for it.
    pub fn every(&self, duration: &time::Duration) -> String {
        let alone = || self.length(duration, None).unwrap_or_default();
        let [part] = duration.parts() else { return alone() };
        let number = part.number();
        let category = part.whole().map_or(Category::Other, |number| self.category(number));
        let pattern = |category: &str| {
            let own = self.0.formats.every.get(part.unit.name()).and_then(|forms| formats::form(forms, category));
            own.or_else(|| self.0.words.every(part.unit, category))
        };
        match pattern(category.name()) {
            Some(pattern) => pattern.replace("{n}", &self.plain(number)),
            None => alone(),
        }
    }

    fn part(&self, part: time::Part, form: Option<&str>) -> Option<String> {
        let number = part.number();
        let pattern = |category: &str| {
            let own =
                |units: &formats::Durations| Some(formats::form(units.get(part.unit.name())?, category)?.to_owned());
            let base = || {
                let known = || self.0.words.duration(part.unit, category).map(str::to_owned);
                own(&self.0.formats.durations).or_else(known)
            };
            match form {
                None => Some(base()),
                Some(form) => match self.0.formats.duration_forms.get(form) {
                    Some(units) => Some(own(units).or_else(base)),
                    None => self.0.words.duration_in(part.unit, category, form).map(|known| Some(known.to_owned())),
                },
            }
        };
        let category = part.whole().map_or_else(|| self.category_of(&number), |number| self.category(number));
        let found = pattern(category.name())?;
        // A word for one or two, such as Hebrew has, says no more than that.
        let is_lost = |found: &String| part.whole().is_none() && !found.contains("{n}");
        let found = if found.as_ref().is_some_and(is_lost) { pattern(Category::Other.name())? } else { found };
        Some(match found {
            Some(pattern) => pattern.replace("{n}", &self.plain(number)),
            None => format!("{}\u{a0}{}", self.plain(number), part.unit.sign()),
        })
    }

    /// Whether there are words for stretches of time, or only signs.
    pub fn has_durations(&self) -> bool {
        let own = &self.0.formats.durations;
        Unit::ALL
            .into_iter()
            .all(|unit| own.contains_key(unit.name()) || self.0.words.duration(unit, "other").is_some())
    }

    /// Whether there are words for how often something happens.
    pub fn has_intervals(&self) -> bool {
        let own = &self.0.formats.every;
        Unit::ALL.into_iter().all(|unit| own.contains_key(unit.name()) || self.0.words.every(unit, "other").is_some())
    }

    /// Whether there are words for the numbers that running text has in words.
    pub fn has_words(&self) -> bool {
        self.0.formats.words.len() > 1 || self.0.words.before_noun(1).is_some()
    }

    /// An amount of money: `€1,200`, `1.200,50 €`. `currency` is an ISO 4217 code. A whole amount has no decimals.
    pub fn money(&self, amount: impl std::fmt::Display, currency: &str) -> String {
        let amount = amount.to_string();
        let is_whole = amount.parse::<i64>().is_ok();
        let places = if is_whole { 0 } else { tables::decimals(currency) };
        let sign = self.0.formats.currencies.get(currency).map(String::as_str);
        let sign = sign.unwrap_or_else(|| tables::currency(currency, &self.0.language, self.region()));
        let pattern = self.0.formats.money.as_deref();
        let pattern = pattern.unwrap_or_else(|| tables::money(&self.0.language, self.region()));
        let shown = self.rounded(&amount, places);
        let (minus, shown) = match shown.strip_prefix(self.0.digits.minus()) {
            Some(rest) => (self.0.digits.minus(), rest),
            None => ("", shown.as_str()),
        };
        // A code of letters never touches the figures.
        let is_code = sign.ends_with(char::is_alphabetic) && sign.chars().count() > 1;
        let pattern = if is_code {
            pattern.replace("{currency}{amount}", "{currency}\u{a0}{amount}")
        } else {
            pattern.to_owned()
        };
        format!("{minus}{}", pattern.replace("{amount}", shown).replace("{currency}", sign))
    }

    /// Its marks of quotation; nothing where the pack wants them as typed.
    pub fn quotes(&self) -> Option<Marks> {
        match &self.0.formats.quotes {
            Some(Quotes::AsTyped) => None,
            Some(Quotes::Marks(marks)) => Some(marks.clone()),
            None => tables::quotes(&self.0.language, self.region()).map(Marks::of),
        }
    }

    /// The order of two texts in a list that people read, numbers in them by their size: R2 before R10. Texts that are alike
    /// to people are in that of their letters.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        self.0.collator.compare(a, b).then_with(|| a.cmp(b))
    }

    /// A text with its first letter a capital.
    pub fn capitalise(&self, text: &str) -> String {
        case::capitalise(text, &self.0.language)
    }

    /// A text in small letters.
    pub fn lower(&self, text: &str) -> String {
        case::lower(text, &self.0.language)
    }

    /// The engine's own words that a document may have, where there are some.
    pub fn own(&self) -> Option<Own> {
        self.0.words.own
    }

    /// What is said of facts that nobody recorded, where there are words for it.
    pub(crate) fn unrecorded(&self) -> Option<Unrecorded> {
        unrecorded::words(&self.0.language)
    }

    /// What is said of figures that nobody has decided, where there are words for it.
    pub(crate) fn proposed(&self) -> Option<Proposed> {
        proposed::words(&self.0.language)
    }

    /// What is said of changes, where there are words for it.
    pub(crate) fn changes(&self, said: Said) -> Option<&'static str> {
        changed::words(&self.0.language, said)
    }

    /// Words that no sentence ends in: where one does, a value is missing after it.
    pub fn unfinished(&self) -> &'static [&'static str] {
        self.0.words.unfinished
    }

    /// The commonest words; none where they are not known.
    pub fn common(&self) -> &'static [&'static str] {
        self.0.words.common
    }

    /// The articles, and words that hold one together with a preposition, each with that alone.
    pub fn articles(&self) -> (&'static [&'static str], &'static [(&'static str, &'static str)]) {
        (self.0.words.articles, self.0.words.contracted)
    }

    /// What people write, in small letters, for a value that is still to come.
    pub fn placeholders(&self) -> &'static [&'static str] {
        tables::placeholders(&self.0.language)
    }

    /// Whether a blank stands before `;` and `:`.
    pub fn has_spaced_colons(&self) -> bool {
        self.0.language == "fr"
    }
}

#[cfg(test)]
mod tests;
