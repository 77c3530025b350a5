//! Filling in the slots of a message.

use ecow::{EcoString, eco_format};

use super::message::{Format, Message, Part};
use crate::language::{Category, Language};
use crate::time::{Day, Duration};

/// What a slot is given.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    /// Words.
    Text(EcoString),
    /// A whole number.
    Whole(i64),
    /// A number with a decimal point.
    Real(f64),
    /// True or false.
    Flag(bool),
    /// Several, each in words.
    List(Vec<EcoString>),
}

impl Message {
    /// The message with its slots filled in, in a language.
    ///
    /// # Errors
    /// A sentence about a slot that is not given, or holds what its format cannot write.
    pub fn say(&self, language: &Language, slots: &dyn Fn(&str) -> Option<Slot>) -> Result<String, String> {
        let mut said = String::new();
        Saying { language, slots }.parts(&self.parts, &mut said)?;
        Ok(said)
    }
}

struct Saying<'a> {
    language: &'a Language,
    slots: &'a dyn Fn(&str) -> Option<Slot>,
}

impl Saying<'_> {
    fn parts(&self, parts: &[Part], said: &mut String) -> Result<(), String> {
        for part in parts {
            match part {
                Part::Text(text) => said.push_str(text),
                Part::Number(name) => said.push_str(&self.plain(&self.slot(name)?)),
                Part::Slot(name, format) => self.put(name, format, said)?,
            }
        }
        Ok(())
    }

    fn slot(&self, name: &str) -> Result<Slot, String> {
        (self.slots)(name).ok_or_else(|| format!("it has a slot `{{{name}}}`, and no `{name}` is given"))
    }

    fn put(&self, name: &str, format: &Format, said: &mut String) -> Result<(), String> {
        let value = self.slot(name)?;
        let wrong = |wanted: &str| format!("`{{{name}}}` is to be {wanted}, and is {}", shown(&value));
        let whole = || match value {
            Slot::Whole(number) => Ok(number),
            _ => Err(wrong("a whole number")),
        };
        let text = match format {
            Format::Plain => self.plain(&value),
            Format::Number => match value {
                Slot::Whole(number) => self.language.number(number),
                Slot::Real(number) => self.language.number(number),
                _ => return Err(wrong("a number")),
            },
            Format::Spellout => self.language.spellout(whole()?),
            Format::Ordinal => self.language.ordinal(whole()?),
            Format::Date { on } => match &value {
                Slot::Text(text) => match Day::read(text) {
                    Ok(day) if *on => self.language.on(day),
                    Ok(day) => self.language.day(day),
                    Err(_) => return Err(wrong("a date YYYY-MM-DD")),
                },
                _ => return Err(wrong("a date YYYY-MM-DD")),
            },
            Format::Duration(form) => {
                let duration = match &value {
                    Slot::Text(text) => Duration::read(text).map_err(|_| text.to_string()),
                    _ => Ok(Duration::of_minutes(whole()?)),
                };
                // Words such as `on change` stay as they are.
                match duration {
                    Err(words) => words,
                    Ok(duration) => match self.language.length(&duration, form.as_deref()) {
                        Some(said) => said,
                        None => return Err(wrong("a length of time in a form that the language has")),
                    },
                }
            }
            Format::List => match &value {
                Slot::List(items) => self.language.list(items),
                Slot::Text(text) => text.to_string(),
                _ => return Err(wrong("a list")),
            },
            Format::Plural(exact, forms) => {
                let number = match value {
                    Slot::Whole(number) => Some(number),
                    _ => None,
                };
                let category = match value {
                    Slot::Whole(number) => self.language.category(number),
                    Slot::Real(number) => self.language.category_of(&number.to_string()),
                    _ => return Err(wrong("a number")),
                };
                let exactly = exact.iter().find(|(known, _)| Some(*known) == number).map(|(_, parts)| parts);
                let form = |wanted: Category| forms.iter().find(|(known, _)| *known == wanted).map(|(_, parts)| parts);
                let parts = exactly.or_else(|| form(category)).or_else(|| form(Category::Other));
                return self.parts(parts.map_or(&[], |parts| &parts[..]), said);
            }
            Format::Select(forms) => {
                let word = match &value {
                    Slot::Flag(flag) => eco_format!("{flag}"),
                    Slot::Text(text) => text.clone(),
                    Slot::Whole(number) => eco_format!("{number}"),
                    _ => return Err(wrong("a word")),
                };
                let form = forms.iter().find(|(name, _)| *name == word).or(forms.last());
                return self.parts(form.map_or(&[], |(_, parts)| &parts[..]), said);
            }
        };
        said.push_str(&text);
        Ok(())
    }

    /// A value as it stands in a sentence when nothing else is asked for.
    fn plain(&self, value: &Slot) -> String {
        match value {
            Slot::Text(text) => text.to_string(),
            Slot::Whole(number) => number.to_string(),
            Slot::Real(number) => self.language.plain(number),
            Slot::Flag(flag) => flag.to_string(),
            Slot::List(items) => items.join(", "),
        }
    }
}

fn shown(value: &Slot) -> String {
    match value {
        Slot::Text(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
        Slot::Whole(number) => format!("`{number}`"),
        Slot::Real(number) => format!("`{number}`"),
        Slot::Flag(flag) => format!("`{flag}`"),
        Slot::List(items) => format!("a list of {}", items.len()),
    }
}
