//! What two versions of a document differ in, and why: each paragraph, cell and row that is another than it was, with its
//! words before and after and what caused that.
//!
//! A cause is always something that did change: a fact of the profile, a block of the pack, a block that the workspace
//! replaced, the date of the facts. Runs of text know the paths that they show, blocks and rows what their being there
//! hangs on; a path whose fact is another than it was is the cause of what shows it. Where nothing tells why, that is said.

mod causes;
mod facts;
pub mod leftovers;
mod lines;
pub mod sentence;
pub mod version;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ecow::EcoString;
use serde::{Deserialize, Serialize};

use crate::align::{self, Piece, Step};
use crate::diagnostic::Span;
use crate::history::Facts;
use crate::model::Document;
use crate::strings::Strings;
use crate::workspace::Workspace;
use causes::{Causes, Found};
pub use facts::{AS_OF, Difference, differences};
pub use leftovers::{Leftover, leftovers};
use lines::{Line, Unit};

/// A part of a document that is another than it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where it stands; of what went, where it stood.
    pub place: Place,
    /// What its block or row is called ([`crate::model::identity::Identity::given`]); empty for control data and notes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub identity: String,
    /// What became of it.
    pub manner: Manner,
    /// Its words before; none of what came.
    pub before: String,
    /// Its words now; none of what went.
    pub after: String,
    /// Why; never empty.
    pub causes: Vec<Cause>,
    /// Whether what is said to be the cause only lies near, and nobody has tried it out.
    #[serde(skip)]
    pub is_guess: bool,
}

/// What became of a part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// It has other words.
    Words,
    /// It came.
    Came,
    /// It went.
    Went,
    /// It stands elsewhere, as it was.
    Moved,
    /// Its words are the same; a link, a weight, a colour, the figures of a chart are not.
    Form,
}

/// Where a part of a document stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What it is.
    pub kind: Kind,
    /// Its section; none before the first heading, and of control data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// The key of its row: that of the register's row, else its first cell; the number of a note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<EcoString>,
    /// What people call the row, where that is not its key: its first cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_name: Option<String>,
    /// The heading of its column; of control data, which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The line of the template, partial or override that says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Span>,
}

/// A section of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its number, such as `3.2`.
    pub number: String,
    /// Its heading.
    pub title: String,
}

/// The kinds of part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Title, number, classification, posts: what the engine prints around a document.
    Control,
    /// A heading.
    Heading,
    /// A paragraph.
    #[default]
    Paragraph,
    /// A paragraph of a list item.
    Item,
    /// A term that is explained.
    Term,
    /// The caption of a table.
    Caption,
    /// The headings of a table's columns.
    Header,
    /// A cell of a table.
    Cell,
    /// A row of a table.
    Row,
    /// A figure or chart.
    Figure,
    /// The heading of a box.
    Callout,
    /// Preformatted text.
    Code,
    /// Lines for signatures.
    SignOff,
    /// A footnote.
    Note,
}

impl Kind {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Control => "document control",
            Kind::Heading => "heading",
            Kind::Paragraph => "paragraph",
            Kind::Item => "list item",
            Kind::Term => "term",
            Kind::Caption => "caption",
            Kind::Header => "column headings",
            Kind::Cell => "cell",
            Kind::Row => "row",
            Kind::Figure => "figure",
            Kind::Callout => "box",
            Kind::Code => "preformatted text",
            Kind::SignOff => "signatures",
            Kind::Note => "footnote",
        }
    }
}

/// Why a part of a document is another than it was. What it displays as is a clause of a sentence in plain words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "kebab-case")]
pub enum Cause {
    /// A value of the profile, or a row of a register, is another, came or went.
    Fact {
        /// Its path.
        path: String,
        /// What people call it: the titles of the schema and the names of its rows. Of a row that came or went, the register.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// What stood there, in short; a row by its name, what a key leads to by its.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<String>,
        /// What stands there, in short.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
        /// Where it stands now; of what went, the file in which it stood.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Span>,
    },
    /// A value that was proposed, and printed as such, is confirmed as it stands.
    Confirmed {
        /// Its path.
        path: String,
        /// What people call it: the titles of the schema and the names of its rows.
        label: String,
        /// What stands there, in short.
        value: String,
        /// Where it stands now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Span>,
    },
    /// A text of the pack is another: its template, block and line.
    Block {
        /// The packs that are others now, each as `id 1.0.0 → 1.1.0`.
        pack: String,
        /// The innermost `{{#block}}`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        block: Option<EcoString>,
        /// The line of the template.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Span>,
    },
    /// A block that the workspace puts in place of the pack's is another, came or went.
    Override {
        /// `document/block`.
        block: String,
        /// Its file; none of one that went.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Span>,
    },
    /// The date of the facts moved.
    Time {
        /// The date before.
        before: String,
        /// The date now.
        after: String,
        /// What a day between them moved into what holds, or out of it: register and row.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
    },
    /// What it refers to has another number, because something before that came or went.
    Numbering,
    /// Documents of the set were issued, came or went: what a list of them says.
    Set,
    /// Theme, pictures or fonts are others.
    Look,
    /// The program is another.
    Program,
    /// Nothing tells why.
    Unknown,
}

impl Cause {
    /// Whether it lies in the pack, and not in what the client says.
    pub fn is_of_pack(&self) -> bool {
        matches!(self, Cause::Block { .. })
    }

    /// The cause without the place in a template: what many parts have in common.
    pub fn in_general(&self) -> Cause {
        match self {
            Cause::Block { pack, .. } => Cause::Block { pack: pack.clone(), block: None, at: None },
            cause => cause.clone(),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| if text.is_empty() { String::new() } else { format!(" \u{201c}{text}\u{201d}") };
        match self {
            Cause::Fact { path, label, before, after, .. } => {
                let (what, text) = (label.as_ref().unwrap_or(path), |text: &Option<String>| {
                    quoted(text.as_deref().unwrap_or_default())
                });
                match (before, after) {
                    (Some(_), Some(_)) => write!(f, "{what}:{} is now{}", text(before), text(after)),
                    (None, _) => write!(f, "{what}:{} is new", text(after)),
                    (_, None) => write!(f, "{what}:{} is gone", text(before)),
                }
            }
            Cause::Confirmed { label, value, .. } => write!(f, "{label}:{} is confirmed", quoted(value)),
            Cause::Block { pack, block, at } => {
                write!(f, "the pack's text changed ({pack}")?;
                if let Some(block) = block {
                    write!(f, ", block {block}")?;
                }
                if let Some(at) = at {
                    write!(f, ", {}", Span { column: 0, ..at.clone() })?;
                }
                f.write_str(")")
            }
            Cause::Override { block, at: Some(_) } => write!(f, "the workspace's own text of {block} changed"),
            Cause::Override { block, at: None } => write!(f, "the workspace's own text of {block} is gone"),
            Cause::Time { before, after, label } => {
                write!(f, "the date of the facts moved from {before} to {after}")?;
                label.as_ref().map_or(Ok(()), |label| write!(f, " ({label})"))
            }
            Cause::Set => f.write_str("other documents of the set were issued, came or went"),
            Cause::Numbering => f.write_str("what it refers to has another number or title"),
            Cause::Look => f.write_str("theme, pictures or fonts changed"),
            Cause::Program => f.write_str("the program is another version"),
            Cause::Unknown => f.write_str("nothing tells why"),
        }
    }
}

impl Change {
    /// Its words, piece by piece: what stays, goes and comes, to be read.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        align::phrases(&self.before, &self.after)
    }

    /// Where it stands, in words: `section 3.2 Roles, row R-07, column Owner`.
    pub fn place(&self) -> String {
        let Place { kind, section, row, column, .. } = &self.place;
        let mut parts = Vec::new();
        match section {
            Some(Section { number, title }) => parts.push(format!("section {number} {title}").replace("  ", " ")),
            None if *kind != Kind::Control => parts.push("before the first section".to_owned()),
            None => {}
        }
        match (kind, row, column) {
            (Kind::Control, _, Some(datum)) => parts.push(datum.clone()),
            (Kind::Cell, row, column) => {
                parts.extend(row.as_ref().map(|row| format!("row {row}")));
                parts.extend(column.as_ref().map(|column| format!("column {column}")));
            }
            (Kind::Row, Some(row), _) => parts.push(format!("row {row}")),
            (Kind::Note, Some(number), _) => parts.push(format!("footnote {number}")),
            (Kind::Paragraph, ..) => {}
            (kind, ..) => parts.push(kind.word().to_owned()),
        }
        parts.join(", ")
    }
}

impl Cause {
    /// The cause as a clause in the words of a pack, for documents and their comments; nothing where nothing tells why.
    pub fn said(&self, strings: &Strings) -> Option<String> {
        words::said(self, strings)
    }
}

impl Change {
    /// Where it stands, in the words of a pack: `section 3.2 Roles › R-07 › Owner`.
    pub fn said_place(&self, strings: &Strings) -> String {
        words::place(&self.place, strings)
    }
}

/// What a document says otherwise than it did, and why. `old_facts` is what the old one was made from, where somebody kept
/// that; without it, only what the document itself shows can be told. `new_facts` is what the new one was made from: what
/// stands in the workspace now when none is given.
pub fn between(
    old: &Document,
    new: &Document,
    old_facts: Option<&Facts>,
    new_facts: Option<&Facts>,
    workspace: &Workspace,
) -> Vec<Change> {
    match new_facts {
        Some(facts) => Comparison::new(old_facts, facts, workspace).changes(old, new),
        None => Comparison::new(old_facts, &workspace.kept_facts(), workspace).changes(old, new),
    }
}

/// What may have caused changes: made once for all documents that were made from the same facts.
pub struct Comparison<'a> {
    causes: Causes<'a>,
}

impl<'a> Comparison<'a> {
    /// What differs between two states of the facts.
    pub fn new(old: Option<&'a Facts>, new: &'a Facts, workspace: &'a Workspace) -> Comparison<'a> {
        Comparison { causes: Causes::new(old, new, workspace) }
    }

    /// The facts that differ.
    pub fn differences(&self) -> &[Difference] {
        &self.causes.differences
    }

    /// A difference as a cause.
    pub fn cause(&self, difference: &Difference) -> Cause {
        self.causes.of_difference(difference)
    }

    /// The only fact that differs, as a cause, where no other does.
    pub fn only(&self) -> Option<Cause> {
        let [only] = self.causes.differences.as_slice() else { return None };
        Some(self.causes.of_difference(only))
    }

    /// Whether another program made what was before, and nothing else differs.
    pub fn is_by_program(&self) -> bool {
        self.causes.is_program_alone()
    }

    /// Whether facts, and nothing else that documents are made from, differ.
    pub fn is_by_facts(&self) -> bool {
        self.causes.is_facts_alone()
    }

    /// Whether a difference is a row that a day moved into what holds, or out of it, as it was.
    pub fn is_moved(&self, difference: &Difference) -> bool {
        self.causes.is_moved(difference)
    }

    /// What changed besides facts and blocks: the look, the program.
    pub fn around(&self) -> Vec<Cause> {
        self.causes.around()
    }

    /// The line of the history of a document: a reason, and what caused the changes, in the words of the pack. What touches most places comes
    /// first; what goes beyond [`MOST_CHARACTERS`](sentence::MOST_CHARACTERS) is counted.
    pub fn sentence(&self, id: &str, reason: &str, changes: &[Change]) -> String {
        sentence::of(&self.causes, id, reason, changes)
    }

    /// What a document says otherwise than it did, and why.
    pub fn changes(&self, old: &Document, new: &Document) -> Vec<Change> {
        let (old_units, new_units) = (lines::units(old), lines::units(new));
        let mut found = Vec::new();
        // What stands in one alone, by places in what is found.
        let mut alone: BTreeMap<usize, &Unit<'_>> = BTreeMap::new();
        let id = new.control.id.as_str();
        for step in steps(&old_units, &new_units) {
            match step {
                Step::Old(a) => drop(alone.insert(found.len(), &old_units[a])),
                Step::New(b) => drop(alone.insert(found.len(), &new_units[b])),
                Step::Both(..) => {}
            }
            match step {
                // Rows of a register that are called otherwise are two, however alike.
                Step::Both(a, b) if are_two(&old_units[a], &new_units[b]) => {
                    found.push(self.one(id, Some(&old_units[a]), None));
                    found.push(self.one(id, None, Some(&new_units[b])));
                }
                Step::Both(a, b) => self.both(id, &old_units[a], &new_units[b], &mut found),
                Step::Old(a) => found.push(self.one(id, Some(&old_units[a]), None)),
                Step::New(b) => found.push(self.one(id, None, Some(&new_units[b]))),
            }
        }
        self.moved(id, &mut found, &alone);
        found.retain(|change| !(change.before.is_empty() && change.after.is_empty() && change.manner != Manner::Form));
        found
    }

    /// Two units that belong together.
    fn both(&self, id: &str, old: &Unit<'_>, new: &Unit<'_>, found: &mut Vec<Change>) {
        let (before, after) = (old.text(), new.text());
        if before == after {
            if old.form() != new.form() {
                let causes = self.causes.of_units(id, Some(old), Some(new), Manner::Form);
                found.push(change(new, Manner::Form, before, after, causes));
            }
            return;
        }
        let is_row = matches!(new.place.kind, Kind::Row | Kind::Header);
        if !is_row || old.lines.len() != new.lines.len() {
            let causes = match (old.lines.as_slice(), new.lines.as_slice()) {
                ([old_line], [new_line]) => self.causes.of_lines(id, (old, old_line), (new, new_line)),
                _ => self.causes.of_units(id, Some(old), Some(new), Manner::Words),
            };
            found.push(change(new, Manner::Words, before, after, causes));
            return;
        }
        for (old_line, new_line) in old.lines.iter().zip(&new.lines) {
            if old_line.text != new_line.text {
                let causes = self.causes.of_lines(id, (old, old_line), (new, new_line));
                found.push(cell(new, old_line, new_line, causes));
            }
        }
    }

    /// A unit that only one has.
    fn one(&self, id: &str, old: Option<&Unit<'_>>, new: Option<&Unit<'_>>) -> Change {
        let manner = if new.is_some() { Manner::Came } else { Manner::Went };
        let Found { causes, is_guess } = self.causes.of_units(id, old, new, manner);
        let text = |unit: Option<&Unit<'_>>| unit.map(Unit::text).unwrap_or_default();
        let mut whole = Change {
            place: Place::default(),
            identity: String::new(),
            manner,
            before: text(old),
            after: text(new),
            causes,
            is_guess,
        };
        if let Some(unit) = new.or(old) {
            whole.place = unit.place.clone();
            whole.identity.clone_from(&unit.identity);
        }
        whole
    }

    /// What went in one place and came in another as it was has moved.
    fn moved(&self, id: &str, found: &mut Vec<Change>, alone: &BTreeMap<usize, &Unit<'_>>) {
        let known = |manner: Manner| {
            let of = move |(at, change): (usize, &Change)| {
                let unit = alone.get(&at).filter(|unit| !unit.own.is_empty() && change.manner == manner)?;
                let text = if manner == Manner::Went { &change.before } else { &change.after };
                Some(((unit.own.clone(), text.clone()), at))
            };
            found.iter().enumerate().filter_map(of).collect::<BTreeMap<(String, String), usize>>()
        };
        let (went, came) = (known(Manner::Went), known(Manner::Came));
        let mut gone = BTreeSet::new();
        for (key, at) in came {
            let Some(from) = went.get(&key) else { continue };
            let [old, new] = [*from, at].map(|at| alone.get(&at).copied());
            let why = self.causes.of_units(id, old, new, Manner::Moved);
            (found[at].causes, found[at].is_guess) = (why.causes, why.is_guess);
            found[at].manner = Manner::Moved;
            found[at].before = found[at].after.clone();
            gone.insert(*from);
        }
        let mut at = 0;
        found.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
    }
}

/// The way through the units of two documents.
fn steps(old: &[Unit<'_>], new: &[Unit<'_>]) -> Vec<Step> {
    let texts = |units: &[Unit<'_>]| units.iter().map(Unit::text).collect::<Vec<_>>();
    let (old_texts, new_texts) = (texts(old), texts(new));
    let old_lines: Vec<align::Line<'_>> =
        old.iter().zip(&old_texts).map(|(unit, text)| align::Line { key: &unit.key, text }).collect();
    let new_lines: Vec<align::Line<'_>> =
        new.iter().zip(&new_texts).map(|(unit, text)| align::Line { key: &unit.key, text }).collect();
    align::lines(&old_lines, &new_lines)
}

fn are_two(old: &Unit<'_>, new: &Unit<'_>) -> bool {
    matches!((old.source, new.source), (Some(old), Some(new)) if old != new)
}

fn change(unit: &Unit<'_>, manner: Manner, before: String, after: String, why: Found) -> Change {
    let Found { causes, is_guess } = why;
    Change { place: unit.place.clone(), identity: unit.identity.clone(), manner, before, after, causes, is_guess }
}

fn cell(unit: &Unit<'_>, old: &Line<'_>, new: &Line<'_>, why: Found) -> Change {
    let kind = if unit.place.kind == Kind::Row { Kind::Cell } else { unit.place.kind };
    let place = Place { kind, column: new.column.clone(), ..unit.place.clone() };
    let (before, after) = (old.text.clone(), new.text.clone());
    let Found { causes, is_guess } = why;
    Change { place, identity: unit.identity.clone(), manner: Manner::Words, before, after, causes, is_guess }
}
