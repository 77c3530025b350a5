//! What people write in place of keys: names, labels and titles of rows, e-mail addresses of people, and people where roles
//! are asked for.
//!
//! A key is always taken for itself. Another text is taken for the row that it is the name of, where there is exactly one:
//! letter case and white space do not count, accents do. What a row is called by is the first that it has of `name`, `label`
//! and `title`, and what stands under its `forms`; an entry of a catalogue by its title. Nothing else is guessed.

use std::collections::{BTreeMap, BTreeSet};

use ecow::{EcoString, eco_format};
use serde_json::{Value as Json, json};
use unicode_normalization::UnicodeNormalization as _;

use super::references::{At, walk};
use crate::diagnostic::Span;
use crate::holders::{HELD, PEOPLE, ROLES};
use crate::schema::{CATALOGUE, Kind, View, register};
use crate::yaml::{Located, Node};

/// The ids of each catalogue, each with its title.
pub type Catalogues = BTreeMap<String, BTreeMap<String, String>>;

/// What a row may be called by, besides its key.
const NAMES: [&str; 3] = ["name", "label", "title"];

/// What stands between several keys in one text, the surest first.
const BETWEEN: [char; 3] = [';', '\n', ','];

/// The most items that are put together again where a name holds what stands between items.
const MOST_JOINED: usize = 4;

/// A text as names are compared: without letter case, with single spaces.
fn folded(text: &str) -> String {
    let words: Vec<String> =
        text.split_whitespace().map(|word| word.nfc().collect::<String>().to_lowercase()).collect();
    words.join(" ")
}

/// The rows of a register, or the entries of a catalogue.
#[derive(Debug, Default)]
struct Called {
    rows: Vec<Row>,
    /// The row of each key.
    known: BTreeMap<EcoString, usize>,
    /// The rows of each name, as names are compared.
    names: BTreeMap<String, BTreeSet<usize>>,
}

#[derive(Debug)]
struct Row {
    key: EcoString,
    /// Its name as it is written, where it has one.
    name: EcoString,
    /// Where its key stands; nothing for an entry of a catalogue.
    span: Option<Span>,
}

impl Called {
    fn add(&mut self, key: EcoString, name: EcoString, span: Option<Span>) -> usize {
        let at = self.rows.len();
        self.known.entry(key.clone()).or_insert(at);
        self.rows.push(Row { key, name, span });
        at
    }

    fn calls(&mut self, row: usize, name: &str) {
        self.names.entry(folded(name)).or_default().insert(row);
    }

    fn by_name(&self, name: &str) -> impl Iterator<Item = &Row> {
        self.names.get(&folded(name)).into_iter().flatten().filter_map(|row| self.rows.get(*row))
    }

    fn by_key(&self, key: &str) -> Option<&Row> {
        self.rows.get(*self.known.get(key)?)
    }
}

/// All that a profile can call by name.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By dotted path of the register, or name of the catalogue.
    called: BTreeMap<String, Called>,
    /// The roles of each person: those held alone, and how many in all.
    roles: BTreeMap<EcoString, (Vec<EcoString>, usize)>,
    /// The people who stand where a role is asked for: what each is called by there, and the person's key.
    as_roles: BTreeMap<EcoString, EcoString>,
}

/// What a text that is no key may mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// The key that it is taken for; nothing of a person who would have to become a role.
    key: EcoString,
    /// The person, where one stands in for a role.
    person: Option<EcoString>,
    register: String,
    name: EcoString,
    pub(super) span: Option<Span>,
}

impl Candidate {
    /// As an error lists it: `ben` (Ben Holt) in `people`.
    pub(super) fn shown(&self) -> String {
        let register = self.register.strip_prefix(CATALOGUE).unwrap_or(&self.register);
        format!("`{}` ({}) in `{register}`", self.person.as_ref().unwrap_or(&self.key), self.name)
    }
}

impl Names {
    /// Collects what rows are called by.
    fn of(located: &Located, view: &View, catalogues: &Catalogues) -> Names {
        let mut names = Names::default();
        walk(located, view, &mut At::default(), &mut |node, view, at| {
            let Some(property) = &view.key else { return };
            let called = names.called.entry(at.plain.clone()).or_default();
            for row in node.list() {
                let Some(value) = row.get(property) else { continue };
                let key = EcoString::from(value.as_str().unwrap_or_default());
                let name = NAMES.iter().find_map(|name| row.get(name)?.as_str()).unwrap_or_default();
                let at_row = called.add(key, name.into(), Some(value.span.clone()));
                let forms = row.get("forms").map(Located::entries).unwrap_or_default();
                let forms = forms.iter().filter_map(|form| form.value.as_str());
                for name in [name].into_iter().chain(forms).filter(|name| !name.trim().is_empty()) {
                    called.calls(at_row, name);
                }
                if at.plain == PEOPLE {
                    row.text("email").into_iter().for_each(|email| called.calls(at_row, email));
                }
            }
        });
        for (catalogue, ids) in catalogues {
            let called = names.called.entry(format!("{CATALOGUE}{catalogue}")).or_default();
            for (id, title) in ids {
                let row = called.add(id.as_str().into(), title.as_str().into(), None);
                if !title.is_empty() {
                    called.calls(row, title);
                }
            }
        }
        names
    }

    /// Notes who holds which role. Holders have been resolved to keys before.
    fn hold(&mut self, located: &Located) {
        for role in located.items(ROLES) {
            let Some(key) = role.text("id") else { continue };
            let holder = role.get("holder");
            let one = holder.and_then(Located::as_str);
            let several = holder.map(Located::list).unwrap_or_default().iter().filter_map(Located::as_str);
            let holders: BTreeSet<&str> = one.into_iter().chain(several).collect();
            for holder in &holders {
                let (alone, count) = self.roles.entry((*holder).into()).or_default();
                *count += 1;
                if holders.len() == 1 {
                    alone.push(key.into());
                }
            }
        }
    }

    pub(super) fn knows(&self, registers: &[String], text: &str) -> bool {
        let is_role = registers.iter().any(|name| name == ROLES) && self.as_roles.contains_key(text);
        is_role
            || registers
                .iter()
                .any(|name| self.called.get(&register(name)).is_some_and(|called| called.known.contains_key(text)))
    }

    /// What a text that is no key of some registers and catalogues may mean there.
    pub(super) fn candidates(&self, registers: &[String], text: &str) -> Vec<Candidate> {
        if text.trim().is_empty() || self.knows(registers, text) {
            return Vec::new();
        }
        let mut found = BTreeSet::new();
        for name in registers {
            let Some(called) = self.called.get(&register(name)) else { continue };
            let mut take = |row: &Row| {
                let (key, span) = (row.key.clone(), row.span.clone());
                found.insert(Candidate { key, person: None, register: name.clone(), name: row.name.clone(), span });
            };
            called.by_name(text).for_each(&mut take);
            if name == PEOPLE {
                turned(text).iter().flat_map(|name| called.by_name(name)).for_each(&mut take);
            }
        }
        let has = |name: &str| registers.iter().any(|known| known == name);
        if let Some(people) = self.called.get(PEOPLE).filter(|_| has(ROLES) && !has(PEOPLE)) {
            let turned = turned(text);
            let named = people.by_name(text).chain(turned.iter().flat_map(|name| people.by_name(name)));
            for row in people.by_key(text.trim()).into_iter().chain(named) {
                let (alone, count) = self.roles.get(&row.key).map_or((&[][..], 0), |(alone, count)| (alone, *count));
                let (name, span) = (row.name.clone(), row.span.clone());
                found.insert(match (alone, count) {
                    ([role], 1) => self.role(role, name, span),
                    _ => Candidate {
                        key: EcoString::new(),
                        person: Some(row.key.clone()),
                        register: PEOPLE.to_owned(),
                        name,
                        span,
                    },
                });
            }
        }
        found.into_iter().collect()
    }

    /// A role as it is found by its own name.
    fn role(&self, key: &EcoString, name: EcoString, span: Option<Span>) -> Candidate {
        let row = self.called.get(ROLES).and_then(|roles| roles.by_key(key));
        let (name, span) = row.map_or((name, span), |row| (row.name.clone(), row.span.clone()));
        Candidate { key: key.clone(), person: None, register: ROLES.to_owned(), name, span }
    }

    /// The key that a text stands for: its own, or that of the one row that it names.
    fn key(&mut self, registers: &[String], text: &str) -> Option<EcoString> {
        if self.knows(registers, text) {
            return Some(text.into());
        }
        let candidates = self.candidates(registers, text);
        let [Candidate { key, person, .. }] = candidates.as_slice() else { return None };
        let Some(person) = person else { return Some(key.clone()) };
        // A role may be called as a person is.
        let is_role = |key: &str| self.called.get(ROLES).is_some_and(|roles| roles.known.contains_key(key));
        let is_free = |key: &EcoString| !is_role(key) && self.as_roles.get(key).is_none_or(|known| known == person);
        let mut own = person.clone();
        let mut number = 2;
        while !is_free(&own) {
            own = eco_format!("{person}-{number}");
            number += 1;
        }
        self.as_roles.insert(own.clone(), person.clone());
        Some(own)
    }

    fn means_something(&self, registers: &[String], text: &str) -> bool {
        self.knows(registers, text) || !self.candidates(registers, text).is_empty()
    }

    /// Puts keys in place of what people are called by in the roles that they hold, and of every other name.
    fn resolve(&mut self, located: &mut Located, view: &View) {
        match (&mut located.node, view.asks.references.first()) {
            (Node::String(text), Some(registers)) => {
                if let Some(key) = self.key(registers, text) {
                    *text = key;
                } else if view.asks.kind == Kind::Any
                    && let Some(items) = view.items().and_then(|items| items.asks.references.first())
                    && let Some(parts) = self.parts(items, text, &located.span)
                {
                    located.node = Node::List(parts);
                }
            }
            (Node::List(items), _) => {
                let Some(view) = view.items() else { return };
                if let Some(registers) = view.asks.references.first() {
                    self.several(items, registers);
                }
                items.iter_mut().for_each(|item| self.resolve(item, view));
            }
            (Node::Map(entries), _) => {
                for entry in entries {
                    if let Some(view) = view.property(&entry.key) {
                        self.resolve(&mut entry.value, view);
                    }
                }
            }
            _ => {}
        }
    }

    /// Puts the items of a list together where a name was cut in two, and takes those apart that hold several.
    fn several(&mut self, items: &mut Vec<Located>, registers: &[String]) {
        let is_text = |item: &Located| matches!(item.node, Node::String(_));
        let is_odd = |item: &Located| item.as_str().is_some_and(|text| !self.knows(registers, text));
        if !items.iter().any(|item| is_text(item) && is_odd(item)) {
            return;
        }
        let mut rest = std::mem::take(items).into_iter().collect::<std::collections::VecDeque<_>>();
        while let Some(item) = rest.pop_front() {
            let Some(text) = item.as_str().filter(|text| !self.means_something(registers, text)) else {
                items.push(item);
                continue;
            };
            if let Some((count, whole)) = self.joined(registers, text, &rest) {
                rest.drain(..count);
                items.push(Located { node: Node::String(whole), ..item });
                continue;
            }
            match self.parts(registers, text, &item.span) {
                Some(parts) => items.extend(parts),
                None => items.push(item),
            }
        }
    }

    /// The name that a text is together with the items after it, and how many of them.
    fn joined<'a>(
        &self,
        registers: &[String],
        text: &str,
        rest: impl IntoIterator<Item = &'a Located>,
    ) -> Option<(usize, EcoString)> {
        let mut whole = text.to_owned();
        for (at, next) in rest.into_iter().take(MOST_JOINED).enumerate() {
            let before = whole.clone();
            for between in ["; ", ";"] {
                whole = format!("{before}{between}{}", next.as_str()?);
                if self.means_something(registers, &whole) {
                    return Some((at + 1, whole.into()));
                }
            }
            whole = format!("{before}; {}", next.as_str()?);
        }
        None
    }

    /// The keys and names in a text that holds several, one of which at least there is.
    fn parts(&self, registers: &[String], text: &str, span: &Span) -> Option<Vec<Located>> {
        let cut = |between: &[char]| -> Vec<EcoString> {
            text.split(between).map(str::trim).filter(|part| !part.is_empty()).map(EcoString::from).collect()
        };
        let ways = (1..=BETWEEN.len()).map(|count| cut(&BETWEEN[..count])).filter(|parts| parts.len() > 1);
        let mut best = None;
        for parts in ways {
            let known = parts.iter().filter(|part| self.means_something(registers, part)).count();
            if known == parts.len() {
                best = Some(parts);
                break;
            }
            if known > 0 {
                best = best.or(Some(parts));
            }
        }
        let located = |part| Located { span: span.clone(), node: Node::String(part) };
        best.map(|parts| parts.into_iter().map(located).collect())
    }

    /// The people who stand where a role is asked for: what each is called by there, and the person's key.
    pub(super) fn as_roles(&self) -> &BTreeMap<EcoString, EcoString> {
        &self.as_roles
    }
}

/// Puts keys in place of names, as long as each is the name of one row. What rows are called by comes back, for those that
/// are of none or of several.
pub(super) fn resolve(located: &mut Located, view: &View, catalogues: &Catalogues) -> Names {
    // Keys of rows may be names of something else themselves.
    let mut names = resolve_once(located, view, Names::of(located, view, catalogues));
    let again = Names { as_roles: std::mem::take(&mut names.as_roles), ..Names::of(located, view, catalogues) };
    resolve_once(located, view, again)
}

fn resolve_once(located: &mut Located, view: &View, mut names: Names) -> Names {
    let role = view.property(ROLES).and_then(View::items);
    if let (Some(role), Node::Map(entries)) = (role, &mut located.node)
        && let Some(roles) = entries.iter_mut().find(|entry| entry.key == ROLES)
        && let Node::List(roles) = &mut roles.value.node
    {
        for role_row in roles {
            let Node::Map(entries) = &mut role_row.node else { continue };
            for entry in entries.iter_mut().filter(|entry| HELD.contains(&entry.key.as_str())) {
                if let Some(view) = role.property(&entry.key) {
                    names.resolve(&mut entry.value, view);
                }
            }
        }
    }
    names.hold(located);
    names.resolve(located, view);
    names
}

/// `Moor, Ada` as it is spoken.
fn turned(text: &str) -> Option<String> {
    let (last, first) = text.split_once(',').filter(|(_, first)| !first.contains(','))?;
    (!last.trim().is_empty() && !first.trim().is_empty()).then(|| format!("{first} {last}"))
}

/// The rows of people who stand where a role is asked for, as rows of roles: `rows` has what a role has besides.
pub(super) fn rows_as_roles(as_roles: &BTreeMap<EcoString, EcoString>, profile: &Json, role: &Json) -> Vec<Json> {
    let people = profile[PEOPLE].as_array().map(Vec::as_slice).unwrap_or_default();
    let row = |(key, person): (&EcoString, &EcoString)| {
        let person = people.iter().find(|row| row["id"] == person.as_str())?;
        let mut row = role.clone();
        let own = row.as_object_mut()?;
        own.insert("id".into(), json!(key.as_str()));
        own.insert("title".into(), person["name"].clone());
        own.insert("holder".into(), person["id"].clone());
        if let Some(forms) = person.get("forms") {
            own.insert("forms".into(), forms.clone());
        }
        Some(row)
    };
    as_roles.iter().filter_map(row).collect()
}
