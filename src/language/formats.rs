//! What a pack has otherwise than its language's usual forms.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Category, calendar};
use crate::time::Unit;

/// The words of units of time: by unit and plural category.
pub(super) type Durations = BTreeMap<String, BTreeMap<String, String>>;

/// `formats:` of `strings.yaml`. What is not given is Unicode's for the pack's language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Formats {
    /// The pattern of a day, in Unicode's letters: `d. MMMM y`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The twelve months as a date has them; empty when they are the language's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<String>,
    /// The sign before a number's decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<String>,
    /// The sign between thousands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What stands between texts of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Joints>,
    /// Marks of quotation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<Quotes>,
    /// Numbers in words, from 0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// The units of time, each by plural category, with `{n}` where the number stands.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub durations: Durations,
    /// How often: every so many of a unit, each by plural category.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub every: Durations,
    /// The same in other forms, by the form's name, such as `dative`. A unit that is not given stays as it is.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub duration_forms: BTreeMap<String, Durations>,
    /// Ordinals by the category that the language's ordinals have, with `{n}`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub ordinals: BTreeMap<String, String>,
    /// An amount of money: `{amount} {currency}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money: Option<String>,
    /// The signs of currencies, by ISO 4217 code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub currencies: BTreeMap<String, String>,
}

/// What stands between texts of a list, blanks included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joints {
    /// Between most of them: `, `.
    pub between: String,
    /// Before the last: ` and `.
    pub last: String,
    /// Between two that are all; as before the last, when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<String>,
}

impl Joints {
    /// Those of a word before the last: `a, b and c`.
    pub fn with(word: &str) -> Joints {
        Joints { between: ", ".to_owned(), last: format!(" {word} "), pair: None }
    }

    pub(super) fn joined(&self, items: &[&str]) -> String {
        match items {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [one, two] => [one, self.pair.as_ref().unwrap_or(&self.last).as_str(), two].concat(),
            [most @ .., last] => format!("{}{}{last}", most.join(&self.between), self.last),
        }
    }
}

/// Marks of quotation, or none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Quotes {
    /// Straight marks stay as they are typed.
    #[serde(with = "as_typed")]
    AsTyped,
    /// Straight marks become these.
    Marks(Marks),
}

mod as_typed {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    const NAME: &str = "as-typed";

    pub(super) fn serialize<S: Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(NAME)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            NAME => Ok(()),
            other => Err(D::Error::custom(format!("`{other}` is neither `{NAME}` nor four marks"))),
        }
    }
}

/// The four marks of quotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[String; 4]", into = "[String; 4]")]
pub struct Marks {
    /// Before what is quoted.
    pub open: String,
    /// After it.
    pub close: String,
    /// Before what is quoted inside a quotation.
    pub inner_open: String,
    /// After that.
    pub inner_close: String,
}

impl From<[String; 4]> for Marks {
    fn from([open, close, inner_open, inner_close]: [String; 4]) -> Marks {
        Marks { open, close, inner_open, inner_close }
    }
}

impl From<Marks> for [String; 4] {
    fn from(Marks { open, close, inner_open, inner_close }: Marks) -> [String; 4] {
        [open, close, inner_open, inner_close]
    }
}

impl Marks {
    pub(super) fn of(marks: [&str; 4]) -> Marks {
        marks.map(str::to_owned).into()
    }
}

/// What is wrong with a tag or a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The key of [`Formats`]; none when it is the tag.
    pub key: Option<&'static str>,
    /// A sentence that names what was given.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    pub(super) fn tag(message: String) -> Problem {
        Problem {
            key: None,
            message,
            help: Some("see https://www.rfc-editor.org/info/bcp47, or take `en-GB`, `de-DE`, `fr-FR`".into()),
        }
    }

    fn format(key: &'static str, message: String, help: &str) -> Problem {
        Problem { key: Some(key), message, help: Some(help.to_owned()) }
    }
}

/// The form of a category; that of any number, where it has none of its own.
pub(super) fn form<'f>(forms: &'f BTreeMap<String, String>, category: &str) -> Option<&'f str> {
    forms.get(category).or_else(|| forms.get("other")).map(String::as_str)
}

impl Formats {
    pub(super) fn check(&self) -> Result<(), Problem> {
        if let Some(problem) = self.date.as_deref().and_then(calendar::problem) {
            return Err(Problem::format("date", problem, "write it like `d. MMMM y`, other letters between `'`"));
        }
        if !self.months.is_empty() && self.months.len() != 12 {
            let message = format!("there are {} months, not 12", self.months.len());
            return Err(Problem::format("months", message, "name all twelve, or none"));
        }
        let forms = |key, forms: &BTreeMap<String, String>| {
            let unknown = forms.keys().find(|name| Category::named(name).is_none());
            let unnumbered = || !forms.contains_key("other");
            match unknown {
                Some(name) => Err(Problem::format(
                    key,
                    format!("there is no plural category `{name}`"),
                    "there are zero, one, two, few, many, other",
                )),
                None if unnumbered() => {
                    Err(Problem::format(key, "the form `other` is missing".into(), "give it `other`"))
                }
                None => Ok(()),
            }
        };
        let own = [("durations", &self.durations), ("every", &self.every)].into_iter();
        for (key, units) in own.chain(self.duration_forms.values().map(|units| ("duration_forms", units))) {
            for (unit, given) in units {
                if !Unit::ALL.iter().any(|known| known.name() == unit) {
                    let message = format!("there is no unit `{unit}`");
                    let help = "there are minute, hour, day, working_day, week, month, year";
                    return Err(Problem::format(key, message, help));
                }
                forms(key, given)?;
            }
        }
        if !self.ordinals.is_empty() {
            forms("ordinals", &self.ordinals)?;
        }
        if self.money.as_ref().is_some_and(|money| !money.contains("{amount}") || !money.contains("{currency}")) {
            let message = "the pattern has not `{amount}` and `{currency}`".to_owned();
            return Err(Problem::format("money", message, "write it like `{amount} {currency}`"));
        }
        Ok(())
    }
}
