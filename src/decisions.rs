//! Figures that the pack proposes and nobody has decided: marked and listed in drafts, and told to whoever decides.
//! So are the values of registers that stand there as proposals; lists have one line for all rows of a register.
//!
//! A default of the schema is a [`Proposal`] until it stands in the profile, the same or another. Whether it is, a schema
//! says with `x-folio-decision`, and with `x-folio-why` why this figure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::appended::{PROPOSED, Section, fill, literal, table};
use crate::edit::{Change, Field, Piece};
use crate::model::{Block, Document, Inline, Node, Reference, State, Table, Text, texts};
use crate::schema::View;
use crate::strings::{Proposed, Strings};
use crate::wording;
use crate::workspace::profile::{self, Named, PROPOSED as MARK, Proposal, Proposals};

/// The longest text that stands for a figure in a list, in characters.
const MAX_SHOWN: usize = 60;

/// A proposal that documents print.
#[derive(Debug, Clone, PartialEq)]
pub struct Open<'p> {
    /// What is proposed.
    pub proposal: &'p Proposal,
    /// As it is printed.
    pub shown: String,
    /// The documents that print it, by their places among those that were looked at.
    pub documents: Vec<usize>,
}

/// What documents print and nobody has decided, in the order of the schema.
pub fn open<'p>(proposals: &'p Proposals, documents: &[Document], strings: &Strings) -> Vec<Open<'p>> {
    let mut found: BTreeMap<usize, Open<'p>> = BTreeMap::new();
    for (at, document) in documents.iter().enumerate() {
        let mut printed = Printed::of(proposals);
        printed.read(document, strings);
        for (place, shown) in printed.shown {
            let proposal = &proposals.all()[place];
            let open = found.entry(place).or_insert_with(|| Open {
                proposal,
                shown: shown.clone().unwrap_or_else(|| plain(&proposal.value, strings)),
                documents: Vec::new(),
            });
            if let Some(shown) = shown.filter(|shown| shown.chars().count() > open.shown.chars().count()) {
                open.shown = shown;
            }
            open.documents.push(at);
        }
    }
    found.into_values().collect()
}

/// `37 figures are the pack's proposals and not decided yet`.
pub fn counted(count: usize) -> String {
    match count {
        1 => "1 figure is the pack's proposal and not decided yet".to_owned(),
        count => format!("{count} figures are the pack's proposals and not decided yet"),
    }
}

/// `93 rows in controls are proposals`.
pub fn counted_rows(registers: &[(String, usize)]) -> String {
    let counted = |(register, rows): &(String, usize)| match rows {
        1 => format!("1 row in {register}"),
        rows => format!("{rows} rows in {register}"),
    };
    let all: Vec<String> = registers.iter().map(counted).collect();
    let is_one = registers.iter().map(|(_, rows)| rows).sum::<usize>() == 1;
    format!("{} {}", all.join(", "), if is_one { "is a proposal" } else { "are proposals" })
}

/// Marks every text of a draft that shows a proposal, and lists them at its end. What was issued has none of it.
pub fn mark(document: &mut Document, proposals: &Proposals, strings: &Strings) {
    if document.control.state != State::Draft || proposals.is_empty() {
        return;
    }
    let mut printed = Printed::of(proposals);
    printed.read(document, strings);
    if printed.shown.is_empty() {
        return;
    }
    let marker = Marker { proposals };
    document.control.review_proposed =
        wording::review(&document.control, strings).is_some_and(|review| marker.is_proposed(&review));
    marker.blocks(&mut document.body);
    document.footnotes.values_mut().for_each(|note| marker.line(note));
    if let Some(words) = strings.proposed() {
        section(&printed, &words, strings).append(document);
    }
}

/// The proposals that a document prints, by their places, each as it is printed best.
struct Printed<'p> {
    proposals: &'p Proposals,
    shown: BTreeMap<usize, Option<String>>,
}

impl<'p> Printed<'p> {
    fn of(proposals: &'p Proposals) -> Printed<'p> {
        Printed { proposals, shown: BTreeMap::new() }
    }

    fn read(&mut self, document: &Document, strings: &Strings) {
        if let Some(review) = wording::review(&document.control, strings) {
            self.text(&review);
        }
        texts(document, &mut |text| self.text(text));
    }

    fn text(&mut self, text: &Text) {
        if text.text.trim().is_empty() {
            return;
        }
        for (path, place) in
            text.from.iter().flat_map(|path| self.proposals.behind(path).into_iter().map(move |at| (path, at)))
        {
            // A text that shows nothing else says it best, with its unit when it has one.
            let is_alone = text.from.len() == 1 && text.text.chars().count() <= MAX_SHOWN;
            let is_whole = self.proposals.all()[place].path == *path;
            let own = (is_alone && is_whole).then(|| text.text.trim());
            let known = self.shown.entry(place).or_default();
            let is_better = |own: &&str| known.as_ref().is_none_or(|known| own.chars().count() > known.chars().count());
            if let Some(own) = own.filter(is_better) {
                *known = Some(own.to_owned());
            }
        }
    }
}

/// Sets the marks.
struct Marker<'p> {
    proposals: &'p Proposals,
}

impl Marker<'_> {
    fn is_proposed(&self, text: &Text) -> bool {
        !text.text.trim().is_empty() && text.from.iter().any(|path| self.proposals.is_behind(path))
    }

    fn blocks(&self, blocks: &mut [Block<Reference>]) {
        for block in blocks {
            match &mut block.node {
                Node::Paragraph { content } => self.line(content),
                Node::List(list) => list.items.iter_mut().for_each(|item| self.blocks(item)),
                Node::DefinitionList { items } => {
                    for item in items {
                        self.line(&mut item.term);
                        self.blocks(&mut item.body);
                    }
                }
                Node::Table(table) => {
                    let rows = table.rows.iter_mut().filter(|row| !row.band);
                    rows.flat_map(|row| &mut row.cells).for_each(|cell| self.line(cell));
                }
                Node::Callout(callout) => self.blocks(&mut callout.body),
                Node::BlockQuote { body } | Node::Landscape { body } => self.blocks(body),
                // What stands in a table of contents, or is as it is, has no marks.
                Node::Heading(_)
                | Node::Figure(_)
                | Node::CodeBlock { .. }
                | Node::SignOff { .. }
                | Node::PageBreak => {}
            }
        }
    }

    fn line(&self, line: &mut [Inline<Reference>]) {
        for at in 0..line.len() {
            // A value that was taken apart is marked where it ends.
            let next = line.get(at + 1).and_then(said).map(|next| next.from.clone());
            match &mut line[at] {
                Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } => {
                    let is_end = next.is_none_or(|next| next != text.from);
                    text.proposed = is_end && self.is_proposed(text);
                }
                Inline::Strong { content } | Inline::Emphasis { content } => self.line(content),
                // The mark is a link itself.
                Inline::Link { .. } => {}
                Inline::Reference(_)
                | Inline::Footnote { .. }
                | Inline::Field(_)
                | Inline::Unrecorded(_)
                | Inline::LineBreak => {}
            }
        }
    }
}

/// The text of an inline.
fn said(inline: &Inline<Reference>) -> Option<&Text> {
    match inline {
        Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } => Some(text),
        _ => None,
    }
}

/// The section that lists what a document prints and nobody has decided.
fn section(printed: &Printed<'_>, words: &Proposed, strings: &Strings) -> Section {
    // The mark is shown as it stands beside a figure.
    let mark = Inline::Text(Text { proposed: true, ..Text::default() });
    let note = fill(&words.note, &[("mark", &[mark])]);
    Section { id: PROPOSED, title: words.title.clone(), note, table: list(printed, words, strings) }
}

/// The list of what a document prints and nobody has decided. Reasons have a column when there is one.
fn list(printed: &Printed<'_>, words: &Proposed, strings: &Strings) -> Table<Reference> {
    let mut open: Vec<(&Proposal, &Option<String>, String)> = Vec::new();
    let of = |place: &usize| &printed.proposals.all()[*place];
    let registers = registers(printed.shown.keys().map(of));
    for (place, shown) in &printed.shown {
        let proposal = of(place);
        if proposal.recorded.is_some() {
            continue;
        }
        // Rows of a register for which the same is proposed are one.
        let column = column(&proposal.path);
        let is_alike = |(known, _, key): &&mut (&Proposal, &Option<String>, String)| {
            (*key == column || self::column(&known.path) == column) && known.value == proposal.value
        };
        match open.iter_mut().find(is_alike) {
            Some((.., key)) => *key = column,
            None => open.push((proposal, shown, proposal.path.to_string())),
        }
    }
    let has_reasons = open.iter().any(|(proposal, ..)| proposal.why.is_some());
    let widths: &[f64] = if has_reasons { &[15.0, 27.0, 27.0, 31.0] } else { &[20.0, 42.0, 38.0] };
    let names = [&words.figure, &words.meaning, &words.key, &words.why].map(String::as_str);
    let columns: Vec<(f64, &str)> = widths.iter().copied().zip(names).collect();
    let row = |(proposal, shown, key): (&Proposal, &Option<String>, String)| {
        let text = shown.clone().unwrap_or_else(|| plain(&proposal.value, strings));
        let figure = Text { computed: true, ..Text::value(text, proposal.path.clone()) };
        let mut cells =
            vec![vec![Inline::Text(figure)], vec![literal(name_of(proposal))], vec![Inline::Code(Text::literal(key))]];
        cells.extend(has_reasons.then(|| proposal.why.iter().map(literal).collect()));
        cells
    };
    let figures: Vec<_> = open.into_iter().map(row).collect();
    let register = |register: Register<'_>| {
        let count = strings.language.plain(serde_json::Number::from(register.rows));
        let rows = Text::value(words.rows.replace("{count}", &count), register.path);
        let rows = Text { computed: true, ..rows };
        let columns: Vec<String> = register.columns.iter().map(|column| (*column).to_owned()).collect();
        let meaning = format!("{}: {}", register.title, columns.join(", "));
        let key = Text::literal(register.path.to_owned());
        let mut cells = vec![vec![Inline::Text(rows)], vec![literal(meaning)], vec![Inline::Code(key)]];
        cells.extend(has_reasons.then(Vec::new));
        cells
    };
    table(&columns, figures.into_iter().chain(registers.into_iter().map(register)))
}

/// What of a register is proposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Register<'p> {
    /// Its path.
    pub path: &'p str,
    /// What it is called.
    pub title: &'p str,
    /// How many of its rows hold proposals.
    pub rows: usize,
    /// What the columns are called that hold them, in the order in which they come first.
    pub columns: Vec<&'p str>,
}

/// Proposals that stand in registers, by register.
pub fn registers<'p>(proposals: impl IntoIterator<Item = &'p Proposal>) -> Vec<Register<'p>> {
    let mut found: Vec<Register<'p>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows: BTreeSet<&str> = BTreeSet::new();
    let mut columns: BTreeSet<(&str, &str)> = BTreeSet::new();
    for proposal in proposals {
        let Some(recorded) = &proposal.recorded else { continue };
        let path = recorded.register.as_str();
        let place = *places.entry(path).or_insert(found.len());
        if place == found.len() {
            let title = recorded.title.as_deref().unwrap_or(path);
            found.push(Register { path, title, rows: 0, columns: Vec::new() });
        }
        found[place].rows += usize::from(rows.insert(&recorded.row));
        let column = proposal.title.as_deref().or(proposal.steps.last().map(String::as_str)).unwrap_or_default();
        if columns.insert((path, column)) {
            found[place].columns.push(column);
        }
    }
    found
}

/// The properties that are confirmed, by row.
type Confirmed<'p> = BTreeMap<usize, BTreeSet<&'p str>>;

/// The change that takes the mark off values of registers: then they are confirmed. `profile` is it with its registers.
pub fn unmarked(proposals: &[&Proposal], profile: &Json, view: &View) -> Change {
    in_rows(proposals, profile, view, &|row, confirmed, list| Some(mark_without(row, confirmed, list)))
}

/// The change that takes values out of registers with their mark: then they are refused. A row of which nothing is left, or
/// not what it must have, goes out. `profile` is it with its registers.
pub fn refused(proposals: &[&Proposal], profile: &Json, view: &View) -> Change {
    in_rows(proposals, profile, view, &|row, refused, list| {
        let items = list.and_then(View::items)?;
        let key = list.and_then(|list| list.key.as_deref());
        let own = row.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
        let is_left = |name: &str| name != MARK && Some(name) != key && !refused.contains(name);
        let is_whole = !items.required().any(|name| refused.contains(name));
        if !is_whole || !own.into_iter().any(is_left) {
            return None;
        }
        let gone = Change::map(refused.iter().map(|name| Field::new(*name, Change::Remove)));
        Some(mark_without(row, refused, list).and(gone))
    })
}

/// What becomes of a row of which these properties are meant; nothing when it goes out.
type OfRow<'c> = dyn Fn(&Json, &BTreeSet<&str>, Option<&View>) -> Option<Change> + 'c;

/// A change of the rows that proposals stand in.
fn in_rows(proposals: &[&Proposal], profile: &Json, view: &View, change: &OfRow<'_>) -> Change {
    // By register and row, so that a register is gone through once.
    let mut registers: Vec<(&[String], Confirmed<'_>)> = Vec::new();
    let mut places: BTreeMap<&[String], usize> = BTreeMap::new();
    for proposal in proposals.iter().filter(|proposal| proposal.recorded.is_some()) {
        let [register @ .., row, property] = proposal.steps.as_slice() else { continue };
        let Ok(row) = row.parse::<usize>() else { continue };
        let place = *places.entry(register).or_insert(registers.len());
        if place == registers.len() {
            registers.push((register, BTreeMap::new()));
        }
        registers[place].1.entry(row).or_default().insert(property);
    }
    let changes = registers.into_iter().map(|(register, rows)| {
        let unmark = |list: &Json, asked: Option<&View>| {
            let known = list.as_array().map(Vec::as_slice).unwrap_or_default();
            let piece = |(at, row): (usize, &Json)| {
                let change = match rows.get(&at) {
                    Some(meant) => change(row, meant, asked)?,
                    None => Change::Keep,
                };
                Some(Piece { from: Some(at), change })
            };
            Change::list(known.len(), known.iter().enumerate().filter_map(piece).collect())
        };
        changed_at(register, profile, Some(view), &unmark)
    });
    changes.fold(Change::Keep, Change::and)
}

/// A change of the value that steps lead to, with what is asked of it.
fn changed_at(
    steps: &[String],
    within: &Json,
    view: Option<&View>,
    change: &dyn Fn(&Json, Option<&View>) -> Change,
) -> Change {
    let Some((step, rest)) = steps.split_first() else { return change(within, view) };
    match within.as_array() {
        Some(rows) => {
            let row = step.parse().unwrap_or(usize::MAX);
            let piece = |(at, within)| {
                let view = view.and_then(View::items);
                let change = if at == row { changed_at(rest, within, view, change) } else { Change::Keep };
                Piece { from: Some(at), change }
            };
            Change::list(rows.len(), rows.iter().enumerate().map(piece).collect())
        }
        None => {
            let view = view.and_then(|view| view.property(step));
            Change::map([Field::new(step.as_str(), changed_at(rest, &within[step.as_str()], view, change))])
        }
    }
}

/// The mark of a row without the properties that are confirmed.
fn mark_without(row: &Json, confirmed: &BTreeSet<&str>, list: Option<&View>) -> Change {
    let Some(items) = list.and_then(View::items) else { return Change::Keep };
    let key = list.and_then(|list| list.key.as_deref());
    let all = || {
        let own = row.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        own.filter(|own| *own != MARK && Some(*own) != key).collect()
    };
    let named: Vec<&str> = match &row[MARK] {
        Json::Bool(true) => all(),
        Json::String(text) => match profile::names(text) {
            Named::All => all(),
            Named::These(names) => names,
        },
        Json::Array(names) => names.iter().filter_map(Json::as_str).collect(),
        _ => return Change::Keep,
    };
    let is_confirmed = |name: &&str| profile::marked_property(name, items).is_some_and(|it| confirmed.contains(it));
    let left: Vec<&str> = named.into_iter().filter(|name| !is_confirmed(name)).collect();
    // A row of which nothing is left has no mark.
    let has_value = |name: &&str| profile::marked_property(name, items).is_none_or(|it| !row[it].is_null());
    let change = if left.iter().any(has_value) { Change::Become(Json::from(left)) } else { Change::Remove };
    Change::map([Field::new(MARK, change)])
}

/// The change by which proposals are written into a profile: then they are decided. `profile` is it with its registers.
pub fn confirmed(proposals: &[&Proposal], profile: &Json) -> Change {
    let change = |proposal: &&Proposal| confirmed_at(&proposal.steps, &proposal.value, profile);
    proposals.iter().filter(|proposal| proposal.recorded.is_none()).map(change).fold(Change::Keep, Change::and)
}

fn confirmed_at(steps: &[String], value: &Json, within: &Json) -> Change {
    let Some((step, rest)) = steps.split_first() else { return Change::Become(value.clone()) };
    match within.as_array() {
        Some(rows) => {
            let row = step.parse().unwrap_or(usize::MAX);
            let piece = |(at, within)| {
                let change = if at == row { confirmed_at(rest, value, within) } else { Change::Keep };
                Piece { from: Some(at), change }
            };
            Change::list(rows.len(), rows.iter().enumerate().map(piece).collect())
        }
        None => Change::map([Field::new(step.as_str(), confirmed_at(rest, value, &within[step.as_str()]))]),
    }
}

/// A path in every row: `suppliers[].exit_days`.
pub fn column(path: &str) -> String {
    let mut column = String::new();
    let mut is_inside = false;
    for character in path.chars() {
        is_inside &= character != ']';
        if !is_inside {
            column.push(character);
        }
        is_inside |= character == '[';
    }
    column
}

/// What a proposal is called.
pub fn name_of(proposal: &Proposal) -> &str {
    proposal.title.as_deref().unwrap_or(proposal.path.as_str())
}

/// A value as it is printed by itself; of a list or group, its parts.
fn plain(value: &Json, strings: &Strings) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => strings.yes.clone(),
        Json::Bool(false) => strings.no.clone(),
        Json::Number(number) => strings.language.plain(number),
        Json::String(text) => text.clone(),
        Json::Array(items) => parts(items.iter(), strings),
        Json::Object(fields) => parts(fields.values(), strings),
    }
}

fn parts<'v>(values: impl Iterator<Item = &'v Json>, strings: &Strings) -> String {
    let parts: Vec<String> = values.map(|value| plain(value, strings)).collect();
    parts.join(", ")
}
