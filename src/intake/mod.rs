//! Foreign lists: which register a sheet fills, which column is which key, what has no place, and what would be written.
//!
//! Nothing is guessed in silence. What is certain is taken; all else is a [`Question`] with the answers that there are, and
//! an answer changes what is proposed next. Nothing is written here.

mod columns;
mod grid;
mod known;
mod taken;
mod values;
mod words;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

pub use columns::{Column, Degree};
use grid::Heading;
pub use known::Incoming;
use known::{Known, Rows};
pub use taken::{Missing, Taken};
pub use written::{Target, Written, without_samples, write};
pub(crate) use written::{lines, with_ids};

use crate::schema::{Schema, View};
use crate::workspace::profile::{Sheet, sheets};

/// The most registers that a question offers.
const OFFERED: usize = 6;

/// Why a sheet is not taken that somebody left out.
const LEFT_OUT: &str = "left out, as it was said";

/// An answer to a question, from the command line or a terminal. A sheet that is not named is every sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The register that a sheet fills; nothing: it is left out.
    Into(Option<String>, Option<String>),
    /// The row of the headings.
    Header(Option<String>, u32),
    /// The key that a column is; nothing: it is left out.
    Column(Option<String>, String, Option<String>),
    /// What stands for a value of a key; nothing: the cell is read as empty.
    Value(String, String, Json),
    /// A value of a key that stays as it is.
    Keep(String, String),
    /// How days are written.
    Dates(Option<String>, Vec<String>),
    /// What else a source says, by its key.
    Other(Option<String>, String, Json),
}

/// Something that is not certain.
#[derive(Debug, Clone)]
pub struct Question {
    /// The sheet that it is about.
    pub sheet: Option<String>,
    /// What is asked.
    pub text: String,
    /// What speaks for the answers.
    pub hint: String,
    /// The answers, each as a person reads it; the likeliest first.
    pub choices: Vec<(String, Answer)>,
    /// How the first answer that says something is given on the command line.
    pub line: String,
    /// The same as one option, to be put behind others.
    pub option: String,
    /// Whether the first answer is a likely one.
    pub is_likely: bool,
    /// Whether it may stay open: what is wrong then is said of the cells.
    pub is_optional: bool,
    /// The key and the text of a value that is asked.
    pub of: Option<(String, String)>,
}

impl Question {
    /// The key and the text, where it asks what a text of a file stands for; no text where a column is missing.
    pub fn value_of(&self) -> Option<(&str, &str)> {
        self.of.as_ref().map(|(key, text)| (key.as_str(), text.as_str()))
    }
}

/// A sheet that is not taken.
#[derive(Debug, Clone)]
pub struct Left {
    /// Its name; nothing for a CSV file.
    pub sheet: Option<String>,
    /// Why.
    pub why: String,
}

/// What a client has, as far as it helps to understand a list.
pub struct Client<'a> {
    /// What its profile is asked for.
    pub schema: &'a Schema,
    /// Its profile with the registers put in.
    pub profile: &'a Json,
    /// The ids of each catalogue of its pack.
    pub catalogues: &'a BTreeMap<String, BTreeSet<String>>,
    /// The rows of other files of the same call.
    pub incoming: &'a Incoming,
}

/// What is said on the command line, and on the terminal.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// The answers; a later one holds.
    pub answers: Vec<Answer>,
    /// Whether columns of which nobody knows what they are are left out.
    pub leaves_rest: bool,
    /// Whether names of what nobody recorded are read as empty cells.
    pub leaves_missing: bool,
    /// Whether the likely is taken without being asked.
    pub takes_likely: bool,
    /// Whether the call has several files: one without sheets is named by an option too.
    pub are_several: bool,
}

/// What a file holds, as far as it is understood.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// The sheets that fill a register.
    pub taken: Vec<Taken>,
    /// Those that do not.
    pub left: Vec<Left>,
    /// What is not certain.
    pub open: Vec<Question>,
    /// All its sheets, whatever becomes of them.
    pub outlines: Vec<Outline>,
}

/// A sheet as options may name it and what stands in it.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Its name; nothing for a CSV file.
    pub sheet: Option<String>,
    /// What options may call it: its name, its file, both.
    pub names: Vec<String>,
    /// What may be a heading: of a sheet that is taken its headings.
    pub headings: BTreeSet<String>,
    /// All texts in small letters.
    texts: BTreeSet<String>,
}

impl Outline {
    fn of(file: &str, sheet: &Sheet) -> Outline {
        let rows = || sheet.rows.values().take(grid::LOOKED_AT);
        let spaced =
            |cell: &crate::workspace::profile::Shown| cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Outline {
            sheet: sheet.name.clone(),
            names: names_of(file, &sheet.name),
            headings: rows().flat_map(BTreeMap::values).map(spaced).filter(|text| !text.is_empty()).collect(),
            texts: sheet.rows.values().flat_map(BTreeMap::values).map(|cell| cell.text.to_lowercase()).collect(),
        }
    }

    /// Whether an option that names a column means one of it, with the sheet before it or without.
    pub fn has_heading(&self, said: &str) -> bool {
        let is_own = |text: &str| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            // `Remark (2)` is the second of that name.
            let bare =
                text.rsplit_once(" (").filter(|(_, n)| n.strip_suffix(')').is_some_and(|n| n.parse::<u8>().is_ok()));
            self.headings.contains(&text) || bare.is_some_and(|(bare, _)| self.headings.contains(bare))
        };
        is_own(said) || is_own(own_part(said, &self.names))
    }

    /// Whether a text stands in a cell, among others or alone.
    pub fn has_text(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.texts.contains(&text) || self.texts.iter().any(|own| own.contains(&text))
    }
}

/// What options may call a sheet.
fn names_of(file: &str, sheet: &Option<String>) -> Vec<String> {
    let file = file.rsplit('/').next().unwrap_or(file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let both = sheet.as_ref().map(|sheet| format!("{file}/{sheet}"));
    let all = [sheet.clone(), both, Some(file.to_owned()), Some(stem.to_owned())];
    all.into_iter().flatten().collect()
}

/// What an option says behind the name of a sheet: `Assets:Remark`, `Assets!Remark`; all of it, where none stands before it.
fn own_part<'t>(said: &'t str, names: &[String]) -> &'t str {
    let behind = |name: &String| said.strip_prefix(name.as_str())?.strip_prefix([':', '!']);
    names.iter().find_map(behind).unwrap_or(said).trim()
}

/// The registers of a schema.
pub fn registers(schema: &Schema) -> Vec<String> {
    Known::of(schema.view()).registers.into_iter().map(|register| register.path).collect()
}

/// The register that is called so, by its path, title or a synonym.
pub fn register_called(schema: &Schema, name: &str) -> Option<String> {
    let known = Known::of(schema.view());
    let at = known.named(name)?;
    known.registers.get(at).map(|register| register.path.clone())
}

/// The keys of a register; of all of them, where none is named.
pub fn keys(schema: &Schema, register: Option<&str>) -> BTreeSet<String> {
    let known = Known::of(schema.view());
    let own = known.registers.iter().filter(|own| register.is_none_or(|register| own.path == register));
    own.flat_map(|register| &register.columns).map(|column| column.property.name.clone()).collect()
}

/// The key of a register that is called so, by itself or by its title.
pub fn key_called(schema: &Schema, register: &str, name: &str) -> Option<String> {
    let known = Known::of(schema.view());
    let register = known.registers.iter().find(|own| own.path == register)?;
    columns::place(register, name).map(|place| register.columns[place].property.name.clone())
}

impl Proposal {
    /// Whether no sheet fills a register, nothing is asked, and nobody said that it is so.
    pub fn is_nothing(&self) -> bool {
        let is_said = !self.left.is_empty() && self.left.iter().all(|left| left.why == LEFT_OUT);
        self.taken.is_empty() && self.open.is_empty() && !is_said
    }

    /// The rows that come in, as others name them.
    pub fn incoming(&self) -> Incoming {
        let mut incoming = Incoming::default();
        self.taken.iter().for_each(|taken| incoming.put(&taken.register, taken.called.clone()));
        incoming
    }
}

/// Looks at a file that is called so.
///
/// # Errors
/// Why it cannot be read.
pub fn propose(name: &str, bytes: &[u8], client: &Client<'_>, wishes: &Wishes) -> Result<Proposal, String> {
    let sheets = sheets(name, bytes)?;
    let known = Known::of(client.schema.view());
    // Rows of one sheet are named in another: what each gives is found first, then all are looked at once more.
    let first = pass(name, &sheets, &known, client, (client.incoming, &Shared::default()), wishes);
    let mut incoming = client.incoming.clone();
    incoming.add(first.incoming());
    Ok(pass(name, &sheets, &known, client, (&incoming, &Shared::of(&first, &known)), wishes))
}

/// The sheets of a file that is called so.
///
/// # Errors
/// Why it cannot be read.
pub fn outlines(name: &str, bytes: &[u8]) -> Result<Vec<Outline>, String> {
    Ok(sheets(name, bytes)?.iter().map(|sheet| Outline::of(name, sheet)).collect())
}

/// What several sheets that are taken have: an option that says it has to name the sheet, or the register.
#[derive(Default)]
struct Shared {
    headings: BTreeSet<String>,
    keys: BTreeSet<String>,
}

impl Shared {
    fn of(proposal: &Proposal, known: &Known<'_>) -> Shared {
        let mut shared = Shared::default();
        let (mut headings, mut keys) = (BTreeSet::new(), BTreeMap::new());
        for taken in &proposal.taken {
            let own: BTreeSet<&String> = taken.columns.iter().map(|column| &column.heading).collect();
            shared.headings.extend(own.into_iter().filter(|heading| !headings.insert(*heading)).cloned());
            let register = known.registers.iter().find(|register| register.path == taken.register);
            for column in register.iter().flat_map(|register| &register.columns) {
                let name = &column.property.name;
                if *keys.entry(name).or_insert(&taken.register) != &taken.register {
                    shared.keys.insert(name.clone());
                }
            }
        }
        shared
    }
}

fn pass(
    name: &str,
    sheets: &[Sheet],
    known: &Known<'_>,
    client: &Client<'_>,
    (incoming, shared): (&Incoming, &Shared),
    wishes: &Wishes,
) -> Proposal {
    let rows = Rows::of(client.profile, client.schema.view(), client.catalogues, incoming);
    let outlines = sheets.iter().map(|sheet| Outline::of(name, sheet)).collect();
    let mut proposal = Proposal { outlines, ..Proposal::default() };
    let stem = name.rsplit('/').next().unwrap_or(name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let is_only = sheets.iter().filter(|sheet| !sheet.rows.is_empty()).count() == 1;
    for sheet in sheets {
        let names = names_of(name, &sheet.name);
        let mut look = Look { names, sheet, known, rows: &rows, shared, wishes, open: &mut proposal.open };
        match look.take(stem, is_only) {
            Ok(Some(mut taken)) => {
                // Rows of two sheets in one register are not numbered alike.
                let before = proposal.taken.iter().filter(|other| other.register == taken.register).count();
                if before > 0 {
                    taken.key = taken.key.map(|key| key.replace("-{n}", &format!("{}-{{n}}", before + 1)));
                }
                let own = proposal.outlines.iter_mut().find(|outline| outline.sheet == sheet.name);
                if let Some(outline) = own {
                    outline.headings = taken.columns.iter().map(|column| column.heading.clone()).collect();
                }
                proposal.taken.push(taken);
            }
            Ok(None) => {}
            Err(why) => proposal.left.push(Left { sheet: sheet.name.clone(), why }),
        }
    }
    proposal
}

/// One sheet that is looked at.
struct Look<'a> {
    /// What options may call it.
    names: Vec<String>,
    sheet: &'a Sheet,
    known: &'a Known<'a>,
    rows: &'a Rows<'a>,
    shared: &'a Shared,
    wishes: &'a Wishes,
    open: &'a mut Vec<Question>,
}

impl Look<'_> {
    /// How an option names this sheet.
    fn prefix(&self) -> String {
        let file = self.names.first().filter(|_| self.wishes.are_several);
        self.sheet.name.as_ref().or(file).map(|name| format!("{name}=")).unwrap_or_default()
    }

    fn is_meant(&self, sheet: &Option<String>) -> bool {
        sheet.as_ref().is_none_or(|sheet| self.names.contains(sheet))
    }

    /// What the sheet fills; nothing while that is asked.
    ///
    /// # Errors
    /// Why it fills nothing.
    fn take(&mut self, stem: &str, is_only: bool) -> Result<Option<Taken>, String> {
        if let Some(why) = &self.sheet.refused {
            return Err(why.clone());
        }
        if self.sheet.rows.len() < 2 {
            return Err("it has no rows below a heading".into());
        }
        let into = self.wishes.answers.iter().rev().find_map(|answer| match answer {
            Answer::Into(sheet, register) if self.is_meant(sheet) => Some(register.clone()),
            _ => None,
        });
        let said = match into {
            Some(None) => return Err(LEFT_OUT.into()),
            Some(Some(name)) => match self.known.named(&name) {
                Some(at) => Some(at),
                None => return Err(format!("the pack has no register `{name}`")),
            },
            None => None,
        };
        let names: Vec<&str> = match &self.sheet.name {
            Some(name) if !is_only => vec![name],
            Some(name) => vec![name, stem],
            None => vec![stem],
        };
        // What is called like one register is that one.
        let called = said.or_else(|| grid::called(self.known, &names));
        let header = match self.header(called, said.is_none()) {
            Ok(Some(header)) => header,
            Ok(None) => return Ok(None),
            Err(why) if is_only => {
                self.ask_register(&Vec::new(), &why);
                return Ok(None);
            }
            Err(why) => return Err(why),
        };
        let empty = BTreeMap::new();
        let cells = self.sheet.rows.get(&header).unwrap_or(&empty);
        let register = match said {
            Some(at) => at,
            None => {
                let scored = grid::registers(cells, self.known, &names);
                match scored.first() {
                    _ if let Some(called) = called.filter(|called| !grid::is_other(&scored, *called)) => called,
                    None => return Err("no column of it is one that a register has".into()),
                    Some((best, _)) if grid::is_ahead(&scored) && grid::is_alike(cells, self.known, *best, &names) => {
                        *best
                    }
                    Some(_)
                        if !is_only && !scored.iter().any(|(at, _)| grid::is_alike(cells, self.known, *at, &names)) =>
                    {
                        return Err("few of its headings are those of a register".into());
                    }
                    Some(_) => {
                        self.ask_register(&scored, "its headings fit several registers, or few of one");
                        return Ok(None);
                    }
                }
            }
        };
        let asked = self.open.len();
        let taken = self.columns(register, header, said.is_some());
        // What has nothing of what each row must have, nor its name, is a list of another kind.
        let required =
            self.known.registers[register].columns.iter().filter(|column| column.property.is_required).count();
        let is_bare = taken.as_ref().is_some_and(|taken| taken.has_none && required > 0);
        if called != Some(register) && is_bare && !grid::is_named(self.known, register, &names) {
            self.open.truncate(asked);
            let why = format!("it has nothing of what each row of `{}` must have", self.known.registers[register].path);
            if is_only {
                self.ask_register(&vec![(register, 0.0)], &why);
                return Ok(None);
            }
            return Err(why);
        }
        Ok(taken)
    }

    /// The row of the headings; nothing while it is asked.
    fn header(&mut self, register: Option<usize>, is_by_name: bool) -> Result<Option<u32>, String> {
        let said = self.wishes.answers.iter().rev().find_map(|answer| match answer {
            Answer::Header(sheet, row) if self.is_meant(sheet) => Some(*row),
            _ => None,
        });
        if let Some(row) = said {
            return match self.sheet.rows.contains_key(&row) {
                true => Ok(Some(row)),
                false => Err(format!("row {row} is empty")),
            };
        }
        let scored = grid::heading_rows(self.sheet, self.known, register);
        if let Some((best, _)) = scored.first().filter(|_| grid::is_ahead(&scored)) {
            return Ok(Some(*best));
        }
        // Of what is called like a register every column will be asked.
        let is_table = |row: &u32| self.sheet.rows.get(row).is_some_and(|cells| cells.len() > 1);
        if let Some(row) = grid::fullest_row(self.sheet).filter(is_table)
            && scored.is_empty()
            && register.is_some()
            && is_by_name
        {
            return Ok(Some(row));
        }
        let rows: Vec<u32> = match (scored.is_empty(), register) {
            (false, _) => scored.iter().map(|(row, _)| *row).take(OFFERED).collect(),
            (true, Some(_)) if !is_by_name => grid::fullest_row(self.sheet).into_iter().collect(),
            (true, _) => return Err("no row of the first 30 has headings that the pack knows".into()),
        };
        let choice = |row: &u32| {
            let cells = self.sheet.rows.get(row).into_iter().flat_map(BTreeMap::values);
            let shown: Vec<String> = cells.take(5).map(|cell| cut(&cell.text)).collect();
            (format!("row {row}: {}", shown.join(" | ")), Answer::Header(self.sheet.name.clone(), *row))
        };
        let first = rows.first().copied().unwrap_or(1);
        let question = Question {
            sheet: self.sheet.name.clone(),
            text: format!("Which row of {} has the headings?", named(&self.sheet.name)),
            hint: "the row above the first row of data".into(),
            choices: rows.iter().map(choice).collect(),
            line: format!("--header {}", quoted(&format!("{}{first}", self.prefix()))),
            option: format!("--header {}", quoted(&format!("{}{first}", self.prefix()))),
            is_likely: true,
            is_optional: false,
            of: None,
        };
        self.open.push(question);
        Ok(None)
    }

    fn ask_register(&mut self, scored: &grid::Scored<usize>, why: &str) {
        let answer = |register: Option<String>| Answer::Into(self.sheet.name.clone(), register);
        let offered: Vec<usize> = match scored.is_empty() {
            true => (0..self.known.registers.len()).collect(),
            false => scored.iter().map(|(at, _)| *at).take(OFFERED).collect(),
        };
        let mut choices: Vec<(String, Answer)> = offered
            .iter()
            .map(|at| &self.known.registers[*at])
            .map(|register| (format!("{} ({})", register.path, register.title), answer(Some(register.path.clone()))))
            .collect();
        choices.push(("leave the sheet out".into(), answer(None)));
        let first = offered.first().map_or("REGISTER", |at| self.known.registers[*at].path.as_str());
        let first = if scored.is_empty() { "REGISTER" } else { first };
        self.open.push(Question {
            sheet: self.sheet.name.clone(),
            text: format!("Which register does {} fill?", named(&self.sheet.name)),
            hint: why.to_owned(),
            line: format!("--into {}", quoted(&format!("{}{first}", self.prefix()))),
            option: format!("--into {}", quoted(&format!("{}{first}", self.prefix()))),
            choices,
            is_likely: false,
            is_optional: false,
            of: None,
        });
    }

    fn columns(&mut self, register: usize, header: u32, is_said: bool) -> Option<Taken> {
        let register = &self.known.registers[register];
        let headings = grid::headings(self.sheet, header);
        let mut said: BTreeMap<String, Option<String>> = BTreeMap::new();
        for answer in &self.wishes.answers {
            if let Answer::Column(sheet, heading, key) = answer
                && self.is_meant(sheet)
            {
                let key = key.as_ref().map(|key| match columns::place(register, key) {
                    Some(place) => register.columns[place].property.name.clone(),
                    None => key.clone(),
                });
                let is_heading = headings.iter().any(|own| own.called == *heading);
                let own = if is_heading { heading } else { own_part(heading, &self.names) };
                said.insert(own.split_whitespace().collect::<Vec<_>>().join(" "), key);
            }
        }
        let first = grid::body(self.sheet, header, &columns_of(&headings));
        let cells: Vec<columns::Cells<'_>> = headings.iter().map(|heading| self.below(heading, &first.rows)).collect();
        let mut found = columns::find(&headings, &cells, register, &said, self.rows);
        for (column, cells) in found.iter_mut().zip(&cells) {
            // Whoever says what its values stand for means that key.
            let is_told = |key: &String| {
                self.wishes.answers.iter().any(|answer| match answer {
                    Answer::Value(of, text, _) if !text.is_empty() => {
                        let own = own_part(of, &self.names);
                        let own = own.strip_prefix(&format!("{}.", register.path)).unwrap_or(own);
                        own == key && cells.iter().any(|(_, cell)| cell.text.trim().eq_ignore_ascii_case(text))
                    }
                    _ => false,
                })
            };
            if column.is_unfit && column.key.as_ref().is_some_and(is_told) {
                column.degree = Degree::Certain;
            }
            if column.degree == Degree::Likely && self.wishes.takes_likely {
                column.degree = Degree::Certain;
                column.why = format!("taken as likely: {}", column.why);
            }
            if column.degree == Degree::Unknown && self.wishes.leaves_rest {
                column.is_left_out = true;
                column.degree = Degree::Certain;
            }
        }
        for column in &mut found {
            // A column in which nothing stands may go.
            if column.degree == Degree::Unknown && column.samples.is_empty() {
                column.is_left_out = true;
                column.degree = Degree::Certain;
                column.why = "empty".into();
            }
            let is_repeated =
                headings.iter().any(|other| other.called != column.heading && other.text == column.heading);
            column.is_own &= !is_repeated;
        }
        for column in &found {
            if column.degree < Degree::Certain {
                self.ask_column(column, register);
            }
        }
        let mut taken = Taken::of(self.sheet, register, header, found);
        taken.is_said = is_said;
        taken.shared = self.shared.keys.clone();
        taken.names = self.names.clone();
        let place =
            |key: &String| taken.columns.iter().find(|column| column.key.as_ref() == Some(key)).map(|column| column.at);
        let used: Vec<u32> = register.columns.iter().filter_map(|column| place(&column.property.name)).collect();
        let body = grid::body(self.sheet, header, if used.is_empty() { &[] } else { &used });
        taken.rows_of(&body, self.sheet, register);
        taken.values(self.sheet, register, self.rows, &body, self.wishes, self.open);
        for answer in &self.wishes.answers {
            if let Answer::Other(sheet, key, value) = answer
                && self.is_meant(sheet)
            {
                taken.other(key, value);
            }
        }
        Some(taken)
    }

    fn below(&self, heading: &Heading, rows: &[u32]) -> columns::Cells<'_> {
        let cell = |row: &u32| Some((*row, self.sheet.rows.get(row)?.get(&heading.column)?));
        rows.iter().filter_map(cell).filter(|(_, cell)| !cell.is_error).collect()
    }

    fn ask_column(&mut self, column: &Column, register: &known::Register<'_>) {
        let answer = |key: Option<String>| Answer::Column(self.sheet.name.clone(), column.heading.clone(), key);
        let titled = |key: &String| {
            let own = register.columns.iter().find(|own| own.property.name == *key);
            let title = own.and_then(|own| own.property.view.title.as_deref()).unwrap_or_default();
            (format!("{key} ({title})"), answer(Some(key.clone())))
        };
        let mut keys: Vec<&String> = column.key.iter().chain(&column.others).collect();
        let all: Vec<&String> = register.columns.iter().map(|own| &own.property.name).collect();
        keys.extend(all.into_iter().filter(|key| column.key.as_ref() != Some(key) && !column.others.contains(key)));
        let mut choices: Vec<(String, Answer)> = keys.into_iter().map(titled).collect();
        let at = if column.key.is_some() { 1 } else { 0 };
        choices.insert(at, ("leave it out".into(), answer(None)));
        let is_shared = self.shared.headings.contains(&column.heading);
        let sheet = self.sheet.name.as_ref().filter(|_| is_shared).map(|name| format!("{name}!")).unwrap_or_default();
        let key = column.key.as_deref().unwrap_or("~");
        let line = format!("--column {}", quoted(&format!("{sheet}{}={key}", column.heading)));
        let samples: Vec<String> = column.samples.iter().map(|sample| cut(sample)).collect();
        let hint = match (column.why.is_empty(), samples.is_empty()) {
            (true, _) => samples.join(" | "),
            (false, true) => column.why.clone(),
            (false, false) => format!("{}; {}", column.why, samples.join(" | ")),
        };
        self.open.push(Question {
            sheet: self.sheet.name.clone(),
            text: format!("Which key of `{}` is the column {}?", register.path, quoted(&cut(&column.heading))),
            hint,
            choices,
            option: line.clone(),
            line,
            is_likely: column.key.is_some(),
            is_optional: false,
            of: None,
        });
    }
}

fn columns_of(headings: &[Heading]) -> Vec<u32> {
    headings.iter().map(|heading| heading.column).collect()
}

fn named(sheet: &Option<String>) -> String {
    sheet.as_ref().map_or_else(|| "the file".to_owned(), |sheet| format!("the sheet {}", quoted(&cut(sheet))))
}

/// A text in quotes that a shell takes as they are.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The same, where a shell would take it for something else without quotes.
pub(crate) fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/+:,=@".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { quoted(text) }
}

/// The most characters of a value that are shown.
const SHOWN: usize = 30;

/// A value as it is shown: short, on one line, with nothing in it that moves the cursor or turns the direction of writing.
pub fn cut(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let mut shown = String::new();
    for (at, c) in text.trim().chars().enumerate() {
        if at == SHOWN {
            shown.push('…');
            break;
        }
        shown.push(match c {
            '\n' | '\t' | '\r' => ' ',
            c if is_hidden(c) => '\u{FFFD}',
            c => c,
        });
    }
    shown
}

/// The view of a key of a register.
fn view_of<'v>(register: &known::Register<'v>, key: &str) -> Option<&'v View> {
    register.columns.iter().find(|column| column.property.name == key).map(|column| &column.property.view)
}
