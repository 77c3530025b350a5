//! Which column of a sheet is which key of a register.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::Heading;
use super::known::{Register, Rows};
use super::values;
use super::words::{Folded, Likeness};
use crate::schema::{Kind, View};
use crate::time::Form;
use crate::workspace::profile::Shown;

/// How sure it is which key a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Degree {
    /// Nobody knows.
    Unknown,
    /// Something speaks for it: it is asked.
    Likely,
    /// It is called so, or somebody said it.
    Certain,
}

impl Degree {
    /// Its name, for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Degree::Unknown => "unknown",
            Degree::Likely => "likely",
            Degree::Certain => "certain",
        }
    }
}

/// What is known of a column.
#[derive(Debug, Clone)]
pub struct Column {
    /// What a source in the profile calls it.
    pub heading: String,
    /// The key that it is; nothing when it has no place.
    pub key: Option<String>,
    /// How sure that is.
    pub degree: Degree,
    /// Why, where it is not its name.
    pub why: String,
    /// Three of its values.
    pub samples: Vec<String>,
    /// Other keys that it might be, the likeliest first.
    pub others: Vec<String>,
    /// Whether somebody said that it has no place.
    pub is_left_out: bool,
    /// Whether a reader of registers knows it by its heading.
    pub is_own: bool,
    /// Whether it is called so, and no value is what is asked for.
    pub(super) is_unfit: bool,
    /// Whether only its values speak for it.
    pub(super) is_guess: bool,
    /// Its place in the sheet, from 0.
    pub(super) at: u32,
}

/// What speaks for a column being a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// Some words, in percent.
    Some(u32),
    /// Its words, cut short; and whether a dot says so.
    Short(bool),
    /// Its words, another way.
    Words,
    /// Its name, or a synonym.
    Same,
    /// The key or title itself.
    Own,
}

/// The cells of a column, below its heading.
pub(super) type Cells<'s> = Vec<(u32, &'s Shown)>;

/// Finds the keys of columns. `said` are the answers that somebody gave, by what a column is called.
pub(super) fn find(
    headings: &[Heading],
    cells: &[Cells<'_>],
    register: &Register<'_>,
    said: &BTreeMap<String, Option<String>>,
    rows: &Rows<'_>,
) -> Vec<Column> {
    let mut found: Vec<Column> = headings
        .iter()
        .zip(cells)
        .map(|(heading, cells)| Column {
            heading: heading.called.clone(),
            key: None,
            degree: Degree::Unknown,
            why: String::new(),
            samples: samples(cells),
            others: Vec::new(),
            is_left_out: false,
            is_own: false,
            is_unfit: false,
            is_guess: false,
            at: heading.column,
        })
        .collect();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for column in &mut found {
        let Some(said) = said.get(&column.heading) else { continue };
        column.degree = Degree::Certain;
        column.why = "said".into();
        column.is_left_out = said.is_none();
        column.key.clone_from(said);
        let own = said.as_ref().and_then(|key| place(register, key));
        column.is_own = own.is_some_and(|own| of(&column.heading, register).contains(&(own, Claim::Own)));
        taken.extend(own);
    }
    let claims = claims(headings, &found, register);
    let mut order: Vec<(Claim, usize, usize)> = claims
        .iter()
        .enumerate()
        .flat_map(|(at, of)| of.iter().map(move |(place, claim)| (*claim, at, *place)))
        .collect();
    order.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let is_free: Vec<bool> = found.iter().map(|column| column.key.is_none() && !column.is_left_out).collect();
    for (claim, at, place) in order {
        let column = &mut found[at];
        let property = register.columns[place].property;
        if column.key.is_some() || column.is_left_out || taken.contains(&place) {
            if column.key.as_deref() != Some(&property.name) && !column.others.contains(&property.name) {
                column.others.push(property.name.clone());
            }
            continue;
        }
        // What is as well another key that is free still.
        let is_rivalled =
            claims[at].iter().any(|(other, same)| *same == claim && *other != place && !taken.contains(other));
        let suits = values::suits(&cells[at], &property.view, rows);
        // No value is what is asked for, and those of a column that is called nothing are.
        let is_bare = |other: &usize| {
            let nothing = !claims[*other].iter().any(|(own, claim)| *own != place && *claim >= Claim::Words);
            let fits = || values::suits(&cells[*other], &property.view, rows).is_some_and(|share| share >= 70);
            *other != at && is_free[*other] && nothing && tells(&property.view) && fits()
        };
        if suits == Some(0) && (0..headings.len()).any(|other| is_bare(&other)) {
            column.others.push(property.name.clone());
            continue;
        }
        let (degree, why) = match claim {
            Claim::Own | Claim::Same | Claim::Words if is_rivalled => {
                (Degree::Likely, "it may be another too".to_owned())
            }
            Claim::Own | Claim::Same | Claim::Words if suits == Some(0) => {
                (Degree::Likely, format!("the heading fits, no value is {}", values::wanted(&property.view)))
            }
            Claim::Own | Claim::Same | Claim::Words => (Degree::Certain, String::new()),
            Claim::Short(_) | Claim::Some(_) if suits == Some(0) => {
                column.others.push(property.name.clone());
                continue;
            }
            Claim::Short(is_dotted) => {
                let is_other = |(other, same): &&(usize, Claim)| {
                    let suits = || values::suits(&cells[at], &register.columns[*other].property.view, rows);
                    matches!(same, Claim::Short(_)) && *other != place && !taken.contains(other) && suits() != Some(0)
                };
                // What may be short for several words says nothing.
                if claims[at].iter().any(|claim| is_other(&claim)) {
                    column.others.push(property.name.clone());
                    continue;
                }
                match is_dotted {
                    true => (Degree::Certain, String::new()),
                    false => (Degree::Likely, "it may be cut short".to_owned()),
                }
            }
            Claim::Some(_) => (Degree::Likely, "some words of the heading fit".to_owned()),
        };
        // A remark may be about anything.
        let is_stray = degree == Degree::Certain
            && is_remark(&headings[at].text)
            && ![Some(property.name.as_str()), property.view.title.as_deref()].into_iter().flatten().any(is_remark);
        column.is_unfit = suits == Some(0) && !is_rivalled && claim >= Claim::Words;
        column.key = Some(property.name.clone());
        column.degree = if is_stray { Degree::Likely } else { degree };
        column.why = if is_stray { "a remark may be about anything".to_owned() } else { why };
        column.is_own = claim == Claim::Own;
        taken.insert(place);
    }
    exchanged(&mut found, &claims, cells, register, &mut taken, rows);
    by_values(&mut found, cells, register, &mut taken, rows);
    found
}

/// Gives a column the key that another has, where that other is as well called by a key that is free: of `Regulation` and
/// `Requirement`, both may be the title, and only one says what is asked for.
fn exchanged(
    found: &mut [Column],
    claims: &[Vec<(usize, Claim)>],
    cells: &[Cells<'_>],
    register: &Register<'_>,
    taken: &mut BTreeSet<usize>,
    rows: &Rows<'_>,
) {
    for at in 0..found.len() {
        let is_bare = found[at].key.is_none() && !found[at].is_left_out;
        let strong = claims[at].iter().filter(|(_, claim)| *claim >= Claim::Words).map(|(place, _)| *place);
        for place in strong.collect::<Vec<_>>() {
            let name = &register.columns[place].property.name;
            let Some(holder) = found.iter().position(|column| column.key.as_ref() == Some(name)).filter(|_| is_bare)
            else {
                continue;
            };
            let is_free = |(other, claim): &&(usize, Claim)| {
                let suits = || values::suits(&cells[holder], &register.columns[*other].property.view, rows) != Some(0);
                *claim >= Claim::Words && !taken.contains(other) && suits()
            };
            let Some((other, _)) = claims[holder].iter().find(is_free).copied() else { continue };
            if found[holder].why == "said" {
                continue;
            }
            found[holder].key = Some(register.columns[other].property.name.clone());
            found[holder].is_own = false;
            found[at].key = Some(name.clone());
            found[at].degree = Degree::Certain;
            taken.insert(other);
            break;
        }
    }
}

/// The place of a property in a register.
pub(super) fn place(register: &Register<'_>, key: &str) -> Option<usize> {
    let folded = Folded::of(key);
    register.columns.iter().position(|column| column.property.name == key).or_else(|| {
        register.columns.iter().position(|column| {
            column.own.iter().any(|name| name.likeness(&folded).is_some_and(|likeness| likeness >= Likeness::Words))
        })
    })
}

/// What speaks for each column being each key.
fn claims(headings: &[Heading], found: &[Column], register: &Register<'_>) -> Vec<Vec<(usize, Claim)>> {
    let mut all = Vec::new();
    for (heading, column) in headings.iter().zip(found) {
        let mut own: Vec<(usize, Claim)> = Vec::new();
        if column.key.is_none() && !column.is_left_out {
            own = of(&heading.text, register);
            // What stands over a group of columns tells `Likelihood` from `Likelihood`.
            if let Some(over) = &heading.over {
                let both = of(&format!("{over} {}", heading.text), register);
                let best = |claims: &[(usize, Claim)]| claims.iter().map(|(_, claim)| *claim).max();
                let is_repeated = headings.iter().filter(|other| other.text == heading.text).count() > 1;
                if best(&both) >= Some(Claim::Words) || (is_repeated && best(&both).is_some()) || own.is_empty() {
                    own = both;
                }
            }
        }
        all.push(own);
    }
    all
}

fn of(heading: &str, register: &Register<'_>) -> Vec<(usize, Claim)> {
    let folded = Folded::of(heading);
    let mut found = Vec::new();
    for (place, column) in register.columns.iter().enumerate() {
        let own = column.own.iter().filter_map(|name| folded.likeness(name)).max();
        let other = column.others.iter().filter_map(|name| folded.likeness(name)).max();
        let names: Vec<Folded> = column.own.iter().chain(&column.others).cloned().collect();
        let claim = match (own, other) {
            (Some(Likeness::Same), _) => Some(Claim::Own),
            (_, Some(Likeness::Same)) => Some(Claim::Same),
            (Some(Likeness::Words), _) | (_, Some(Likeness::Words)) => Some(Claim::Words),
            _ if folded.is_all_of(&names) => Some(Claim::Words),
            (own, other) => match own.max(other) {
                Some(Likeness::Some(share)) => Some(Claim::Some(share)),
                Some(Likeness::Short(is_dotted)) => Some(Claim::Short(is_dotted)),
                _ => None,
            },
        };
        found.extend(claim.map(|claim| (place, claim)));
    }
    found
}

/// Gives columns whose headings say nothing to keys that their values fit, where no other column has them.
fn by_values(
    found: &mut [Column],
    cells: &[Cells<'_>],
    register: &Register<'_>,
    taken: &mut BTreeSet<usize>,
    rows: &Rows<'_>,
) {
    for (column, cells) in found.iter_mut().zip(cells) {
        if column.key.is_some() || column.is_left_out || cells.is_empty() {
            continue;
        }
        let free = register.columns.iter().enumerate().filter(|(place, _)| !taken.contains(place));
        let fitting: Vec<usize> = free
            .filter(|(_, known)| tells(&known.property.view))
            .filter(|(_, known)| values::suits(cells, &known.property.view, rows).is_some_and(|share| share >= 70))
            .map(|(place, _)| place)
            .collect();
        let are_people = |fitting: &[usize]| {
            fitting.iter().all(|place| values::asks_for_people(&register.columns[*place].property.view))
        };
        let mut names = fitting.iter().map(|place| register.columns[*place].property.name.clone());
        match fitting.as_slice() {
            // Whoever is recorded may stand under each key that asks for people.
            [only, ..] if fitting.len() == 1 || are_people(&fitting) => {
                column.key = names.next();
                column.degree = Degree::Likely;
                column.why = "its values fit".into();
                column.is_guess = true;
                taken.insert(*only);
            }
            _ => column.others.extend(names.take(4)),
        }
    }
    by_people(found, cells, register, taken);
    by_texts(found, cells, register, taken);
}

/// Names of people, also of such as nobody recorded yet, fit the first key that asks for people and is free.
fn by_people(found: &mut [Column], cells: &[Cells<'_>], register: &Register<'_>, taken: &mut BTreeSet<usize>) {
    for (column, cells) in found.iter_mut().zip(cells) {
        let people = cells.iter().filter(|(_, cell)| values::is_person(cell.text.trim())).count();
        let are_people = people * 10 >= cells.len() * 7 && different(cells) < cells.len();
        if column.key.is_some() || column.is_left_out || cells.is_empty() || !are_people {
            continue;
        }
        let asks = |view: &View| view.asks.kind != Kind::List && values::asks_for_people(view);
        let free =
            |(place, known): &(usize, &super::known::Column<'_>)| !taken.contains(place) && asks(&known.property.view);
        let Some((place, known)) = register.columns.iter().enumerate().find(free) else { continue };
        column.key = Some(known.property.name.clone());
        column.degree = Degree::Likely;
        column.why = "names of people".into();
        column.is_guess = true;
        taken.insert(place);
    }
}

/// Texts that differ from row to row fit what each row must have and nothing else gives; long ones a description.
fn by_texts(found: &mut [Column], cells: &[Cells<'_>], register: &Register<'_>, taken: &mut BTreeSet<usize>) {
    let most = cells.iter().map(Vec::len).max().unwrap_or_default();
    let is_key = |name: &str| register.key.as_deref() == Some(name);
    let is_text = |view: &View| view.asks.kind == Kind::Text && values::takes_any_text(view);
    for (column, cells) in found.iter_mut().zip(cells) {
        let texts = cells.iter().filter(|(_, cell)| !cell.is_date && cell.text.contains(char::is_alphabetic)).count();
        let tell = texts * 10 >= most * 8 && different(cells) * 10 >= cells.len() * 8;
        if column.key.is_some() || column.is_left_out || cells.len() < 2 || texts * 10 < cells.len() * 9 {
            continue;
        }
        let words: usize = cells.iter().map(|(_, cell)| cell.text.split_whitespace().count()).sum();
        let is_long = words > cells.len() * LONG;
        let fits = |(place, known): &(usize, &super::known::Column<'_>)| {
            let property = known.property;
            let is_asked = tell && property.is_required && !is_key(&property.name);
            !taken.contains(place) && is_text(&property.view) && (is_asked || is_long && property.name == DESCRIPTION)
        };
        let Some((place, known)) = register.columns.iter().enumerate().find(fits) else { continue };
        column.key = Some(known.property.name.clone());
        column.degree = Degree::Likely;
        column.is_guess = true;
        column.why = if is_long { "long texts" } else { "texts that differ" }.into();
        taken.insert(place);
    }
}

/// What people call a column for whatever else there is to say.
const REMARKS: [&str; 9] =
    ["comment", "remark", "note", "kommentar", "bemerkung", "anmerkung", "notiz", "commentaire", "observation"];

/// Whether a text has such a word.
fn is_remark(text: &str) -> bool {
    Folded::of(text).key().split(' ').any(|word| REMARKS.contains(&word))
}

/// From how many words a cell on a column holds descriptions.
const LONG: usize = 6;

/// The property that says more of a row, by the name that any schema has for it.
const DESCRIPTION: &str = "description";

/// How many different values a column has.
fn different(cells: &Cells<'_>) -> usize {
    cells.iter().map(|(_, cell)| cell.text.trim().to_lowercase()).collect::<BTreeSet<_>>().len()
}

/// Whether the values of a key tell what it is: choices, references, days, addresses.
fn tells(view: &View) -> bool {
    let view = if view.asks.kind == Kind::List { view.items().unwrap_or(view) } else { view };
    let has_choices = view.asks.choices.as_ref().is_some_and(|choices| choices.len() > 1);
    let form = view.asks.format.as_deref();
    has_choices
        || !view.asks.references.is_empty()
        || form == Some("email")
        || matches!(form.and_then(Form::named), Some(Form::Date))
}

/// Three values of a column, the first that differ.
fn samples(cells: &Cells<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, cell) in cells {
        let text = cell.text.trim();
        if !found.iter().any(|known| known == text) {
            found.push(text.to_owned());
        }
        if found.len() == 3 {
            break;
        }
    }
    found
}
