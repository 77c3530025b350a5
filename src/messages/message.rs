//! One message: a text with slots, read from ICU MessageFormat
//! (<https://unicode-org.github.io/icu/userguide/format_parse/messages/>), of which it takes what packs need.

use std::collections::BTreeSet;

use ecow::EcoString;

use crate::language::Category;

/// The most bytes of a message, and how deep its choices may be nested.
pub const MAX_BYTES: usize = 8 << 10;
const MAX_DEPTH: usize = 4;

/// A text with slots.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub(super) parts: Vec<Part>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Words.
    Text(EcoString),
    /// What a slot holds.
    Slot(EcoString, Format),
    /// `#`: the number that the choice around it goes by.
    Number(EcoString),
}

/// The form of a date within a sentence that says on which day something is, or in which month.
pub(crate) const ON: &str = "on";

/// How the value of a slot is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Format {
    /// As it is.
    Plain,
    /// A number, with the separators of the language.
    Number,
    /// A number in words.
    Spellout,
    /// A number as a place in a row: 3rd.
    Ordinal,
    /// A date, given as ISO 8601, in words; or with what a sentence says before it: on a day, in a month.
    Date {
        /// Whether with it.
        on: bool,
    },
    /// A length of time, given with its unit, in words; in a form such as `dative`.
    Duration(Option<EcoString>),
    /// A list, with the word before its last item.
    List,
    /// By a number: the exact ones before the categories.
    Plural(Vec<(i64, Vec<Part>)>, Vec<(Category, Vec<Part>)>),
    /// By a word; the last is `other`.
    Select(Vec<(EcoString, Vec<Part>)>),
}

/// What is wrong in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The byte at which it is.
    pub at: usize,
    /// What it is, in a sentence.
    pub problem: String,
}

impl Message {
    /// Reads a message.
    ///
    /// # Errors
    /// The first mistake: a brace without its other half, a format that there is not, a choice without `other`, too much.
    pub fn parse(text: &str) -> Result<Message, Mistake> {
        if text.len() > MAX_BYTES {
            return Err(Mistake { at: 0, problem: format!("it has more than {MAX_BYTES} bytes") });
        }
        let mut reader = Reader { text, at: 0 };
        let parts = reader.parts(None, 0)?;
        match reader.rest().chars().next() {
            None => Ok(Message { parts }),
            Some(_) => Err(reader.mistake("`}` closes nothing: write it as `'}'`")),
        }
    }

    /// The names of its slots.
    pub fn slots(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        collect(&self.parts, &mut names);
        names
    }

    /// The words that it is made of, without what stands in slots: for reading by people and checkers.
    pub fn words(&self) -> String {
        let mut words = String::new();
        spell(&self.parts, &mut words);
        words
    }

    /// The choices by number that lack a category of the language: slot, and what lacks.
    pub fn lacking(&self, wanted: &[Category]) -> Vec<(&str, Vec<Category>)> {
        let mut found = Vec::new();
        lack(&self.parts, wanted, &mut found);
        found
    }
}

/// The texts of the choices that a part offers.
fn choices(part: &Part) -> Vec<&[Part]> {
    match part {
        Part::Slot(_, Format::Plural(exact, forms)) => {
            exact.iter().map(|(_, parts)| &parts[..]).chain(forms.iter().map(|(_, parts)| &parts[..])).collect()
        }
        Part::Slot(_, Format::Select(forms)) => forms.iter().map(|(_, parts)| &parts[..]).collect(),
        _ => Vec::new(),
    }
}

fn collect<'m>(parts: &'m [Part], names: &mut BTreeSet<&'m str>) {
    for part in parts {
        if let Part::Slot(name, _) = part {
            names.insert(name);
        }
        choices(part).into_iter().for_each(|parts| collect(parts, names));
    }
}

fn spell(parts: &[Part], words: &mut String) {
    for part in parts {
        match part {
            Part::Text(text) => words.push_str(text),
            Part::Number(_) => {}
            Part::Slot(..) => {
                for parts in choices(part) {
                    words.push(' ');
                    spell(parts, words);
                    words.push(' ');
                }
            }
        }
    }
}

fn lack<'m>(parts: &'m [Part], wanted: &[Category], found: &mut Vec<(&'m str, Vec<Category>)>) {
    for part in parts {
        if let Part::Slot(name, Format::Plural(_, forms)) = part {
            let has = |category: &Category| forms.iter().any(|(known, _)| known == category);
            let missing: Vec<Category> = wanted.iter().copied().filter(|category| !has(category)).collect();
            if !missing.is_empty() {
                found.push((name, missing));
            }
        }
        choices(part).into_iter().for_each(|parts| lack(parts, wanted, found));
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn mistake(&self, problem: impl Into<String>) -> Mistake {
        Mistake { at: self.at, problem: problem.into() }
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes a character if it is next.
    fn takes(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// The parts up to the end or to a brace that closes. `number` is the slot that `#` stands for.
    fn parts(&mut self, number: Option<&EcoString>, depth: usize) -> Result<Vec<Part>, Mistake> {
        let mut parts = Vec::new();
        let mut text = EcoString::new();
        while let Some(c) = self.rest().chars().next() {
            match c {
                '}' => break,
                '{' => {
                    push(&mut parts, &mut text);
                    parts.push(self.slot(depth)?);
                }
                '#' if number.is_some() => {
                    self.at += 1;
                    push(&mut parts, &mut text);
                    parts.extend(number.cloned().map(Part::Number));
                }
                '\'' => self.apostrophe(number.is_some(), &mut text)?,
                _ => {
                    self.at += c.len_utf8();
                    text.push(c);
                }
            }
        }
        push(&mut parts, &mut text);
        Ok(parts)
    }

    /// `''` is an apostrophe; before a brace, or `#` in a choice, it begins words that are taken as they are.
    fn apostrophe(&mut self, has_number: bool, text: &mut EcoString) -> Result<(), Mistake> {
        let start = self.at;
        self.at += 1;
        match self.rest().chars().next() {
            Some('\'') => {
                self.at += 1;
                text.push('\'');
            }
            Some(c) if matches!(c, '{' | '}') || (has_number && c == '#') => loop {
                match self.rest().chars().next() {
                    None => {
                        self.at = start;
                        return Err(self.mistake("the `'` that begins here, to quote a brace, does not end"));
                    }
                    Some('\'') => {
                        self.at += 1;
                        if !self.takes('\'') {
                            break;
                        }
                        text.push('\'');
                    }
                    Some(c) => {
                        self.at += c.len_utf8();
                        text.push(c);
                    }
                }
            },
            _ => text.push('\''),
        }
        Ok(())
    }

    /// `{name}`, `{name, format}`, or a choice.
    fn slot(&mut self, depth: usize) -> Result<Part, Mistake> {
        let start = self.at;
        self.at += 1;
        let name = self.name("a slot")?;
        self.skip_space();
        if self.takes('}') {
            return Ok(Part::Slot(name, Format::Plain));
        }
        if !self.takes(',') {
            return Err(self.unclosed(start));
        }
        self.skip_space();
        let at = self.at;
        let format = self.name("a format")?;
        self.skip_space();
        let simple = match format.as_str() {
            "number" => Some(Format::Number),
            "spellout" => Some(Format::Spellout),
            "ordinal" => Some(Format::Ordinal),
            "date" => {
                let on = self.takes(',');
                if on {
                    self.skip_space();
                    let at = self.at;
                    let form = self.name("a form")?;
                    if form != ON {
                        self.at = at;
                        return Err(self.mistake(format!("a date has the form `{ON}` alone, and not `{form}`")));
                    }
                    self.skip_space();
                }
                Some(Format::Date { on })
            }
            "duration" => {
                let form = if self.takes(',') {
                    self.skip_space();
                    let form = self.name("a form")?;
                    self.skip_space();
                    Some(form)
                } else {
                    None
                };
                Some(Format::Duration(form))
            }
            "list" => Some(Format::List),
            "plural" | "select" => None,
            _ => {
                self.at = at;
                let known = "date, duration, list, number, ordinal, plural, select, spellout";
                return Err(self.mistake(format!("there is no format `{format}`; there are: {known}")));
            }
        };
        if let Some(format) = simple {
            return if self.takes('}') { Ok(Part::Slot(name, format)) } else { Err(self.unclosed(start)) };
        }
        if depth == MAX_DEPTH {
            return Err(self.mistake(format!("choices are nested deeper than {MAX_DEPTH}")));
        }
        if !self.takes(',') {
            return Err(self.mistake(format!("`{format}` needs its forms: `{{{name}, {format}, other {{…}}}}`")));
        }
        let format = if format == "plural" { self.plural(&name, depth, start)? } else { self.select(depth, start)? };
        Ok(Part::Slot(name, format))
    }

    fn unclosed(&mut self, start: usize) -> Mistake {
        self.at = start;
        self.mistake("the slot that begins here is not closed: write it as `{name}`, and a brace as `'{'`")
    }

    fn name(&mut self, what: &str) -> Result<EcoString, Mistake> {
        self.skip_space();
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '='))).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.mistake(format!("{what} has a name of letters, digits, `-` and `_`")));
        }
        self.at += end;
        Ok(rest[..end].into())
    }

    /// The next form: its name and its text; nothing at the brace that ends the choice.
    fn form(
        &mut self,
        number: Option<&EcoString>,
        depth: usize,
        start: usize,
    ) -> Result<Option<(usize, EcoString, Vec<Part>)>, Mistake> {
        self.skip_space();
        if self.takes('}') {
            return Ok(None);
        }
        if self.rest().is_empty() {
            return Err(self.unclosed(start));
        }
        let at = self.at;
        let name = self.name("a form")?;
        self.skip_space();
        if !self.takes('{') {
            return Err(self.mistake(format!("the form `{name}` has its text in braces: `{name} {{…}}`")));
        }
        let parts = self.parts(number, depth + 1)?;
        if self.takes('}') { Ok(Some((at, name, parts))) } else { Err(self.unclosed(start)) }
    }

    fn plural(&mut self, slot: &EcoString, depth: usize, start: usize) -> Result<Format, Mistake> {
        let (mut exact, mut forms) = (Vec::new(), Vec::new());
        while let Some((at, name, parts)) = self.form(Some(slot), depth, start)? {
            let category = Category::ALL.into_iter().find(|category| category.name() == name);
            let number = name.strip_prefix('=').and_then(|number| number.parse().ok());
            let is_new = match (number, category) {
                (Some(number), _) => exact.iter().all(|(known, _)| *known != number),
                (_, Some(category)) => forms.iter().all(|(known, _)| *known != category),
                _ => {
                    self.at = at;
                    let known = Category::ALL.map(Category::name).join(", ");
                    return Err(self.mistake(format!("there is no form `{name}` of a number: {known}, or `=3`")));
                }
            };
            if !is_new {
                self.at = at;
                return Err(self.mistake(format!("the form `{name}` stands twice")));
            }
            match (number, category) {
                (Some(number), _) => exact.push((number, parts)),
                (_, Some(category)) => forms.push((category, parts)),
                _ => {}
            }
        }
        match forms.iter().any(|(category, _)| *category == Category::Other) {
            true => Ok(Format::Plural(exact, forms)),
            false => Err(self.no_other(start)),
        }
    }

    fn select(&mut self, depth: usize, start: usize) -> Result<Format, Mistake> {
        let mut forms: Vec<(EcoString, Vec<Part>)> = Vec::new();
        while let Some((at, name, parts)) = self.form(None, depth, start)? {
            if forms.iter().any(|(known, _)| *known == name) {
                self.at = at;
                return Err(self.mistake(format!("the form `{name}` stands twice")));
            }
            forms.push((name, parts));
        }
        match forms.iter().position(|(name, _)| name == "other") {
            Some(other) => {
                let last = forms.remove(other);
                forms.push(last);
                Ok(Format::Select(forms))
            }
            None => Err(self.no_other(start)),
        }
    }

    fn no_other(&mut self, start: usize) -> Mistake {
        self.at = start;
        self.mistake("the choice that begins here has no `other {…}`, for all that it does not name")
    }
}

fn push(parts: &mut Vec<Part>, text: &mut EcoString) {
    if !text.is_empty() {
        parts.push(Part::Text(std::mem::take(text)));
    }
}
