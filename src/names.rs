//! Names that stay: what stands in a new version of a document where it stood in the version issued before is called in
//! files as it was there, whatever it says by now.
//!
//! A name is a hidden bookmark, and a bookmark cannot be a tracked change. So between two versions what stays in its place
//! has one name in both, and what went or came, or stands elsewhere, has a name that the other one lacks: its bookmark goes
//! and comes with the words around it. Blocks and rows are held against one another as redlines do it: paragraph by
//! paragraph and row by row, in one order. What is in no paragraph of its own, as a list, has no bookmark; its name, by which
//! its numbers stay, is where its first paragraph is.

use std::collections::{BTreeMap, BTreeSet};

use crate::align::{self, Line, Step};
use crate::model::identity::{self, Identity, Part};
use crate::model::{Block, Document, Figure, Inline, Node, Origin, Reference, Row, Table, plain};

type B = Block<Reference>;

/// Gives blocks and rows of a document the names that they have from the version issued before it.
pub fn inherit(document: &mut Document, before: &Document) {
    let names = {
        let (old, new) = (identity::identities(before), identity::identities(document));
        let mut pairs = Pairs { old: &old, new: &new, of_new: BTreeMap::new() };
        pairs.flows(&flow(&before.body, &old), &flow(&document.body, &new));
        given(&old, &new, &pairs.of_new)
    };
    let mut names = names.into_iter();
    each(&mut document.body, &mut |origin| origin.name = names.next().flatten().map(Into::into));
}

/// The name of each block and row in the order of reading; none where it is its identity.
fn given(old: &[Identity<'_>], new: &[Identity<'_>], of_new: &BTreeMap<usize, usize>) -> Vec<Option<String>> {
    let mut taken: BTreeSet<&str> = old.iter().map(Identity::given).collect();
    let mut derived: BTreeSet<String> = BTreeSet::new();
    let mut names = Vec::with_capacity(new.len());
    for (at, identity) in new.iter().enumerate() {
        let name = match of_new.get(&at).and_then(|from| old.get(*from)) {
            Some(from) => from.given().to_owned(),
            None if !derived.contains(&identity.name) && taken.insert(&identity.name) => identity.name.clone(),
            None => identity::derived(&identity.name, &mut |name| {
                !taken.contains(name) && new.iter().all(|other| other.name != name) && derived.insert(name.to_owned())
            }),
        };
        names.push(Some(name).filter(|name| *name != identity.name));
    }
    names
}

/// Calls with the origin of each block and row, in the order of identities.
fn each(blocks: &mut [B], act: &mut impl FnMut(&mut Origin)) {
    for block in blocks {
        act(&mut block.origin);
        match &mut block.node {
            Node::List(list) => list.items.iter_mut().for_each(|item| each(item, act)),
            Node::DefinitionList { items } => items.iter_mut().for_each(|item| each(&mut item.body, act)),
            Node::Table(table) => table.rows.iter_mut().for_each(|row| act(&mut row.origin)),
            Node::Callout(callout) => each(&mut callout.body, act),
            Node::BlockQuote { body } | Node::Landscape { body } => each(body, act),
            Node::Heading(_)
            | Node::Paragraph { .. }
            | Node::Figure(_)
            | Node::CodeBlock { .. }
            | Node::SignOff { .. }
            | Node::PageBreak => {}
        }
    }
}

/// What stands under each other in a file: a paragraph, a table, a box.
struct Unit<'d> {
    /// The identity by which it is known; empty for none.
    key: &'d str,
    /// What it says.
    text: String,
    form: Form,
    /// The blocks whose names stand in it, outermost first, by their places among all identities.
    carries: Vec<usize>,
    within: Vec<Unit<'d>>,
    /// The picture that it is. Another one goes and comes as a whole.
    picture: Option<&'d Figure<Reference>>,
}

/// What a unit is; units of different forms never belong together.
#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// A paragraph, with what tells its style.
    Line(&'static str, u8),
    /// A table: the shares of its columns, and how far it is indented.
    Grid(Vec<f64>, Place),
    /// A box around others.
    Frame(Place),
    /// A row: how many cells it has.
    Row(usize),
}

impl Form {
    fn is_line(&self) -> bool {
        matches!(self, Form::Line(..))
    }

    /// How far two are from being one; nothing where they never are.
    fn apart(&self, other: &Form) -> Option<usize> {
        match (self, other) {
            (Form::Line(..), Form::Line(..)) => Some(usize::from(self != other)),
            _ => (self == other).then_some(0),
        }
    }
}

/// How wide the page is, and how far in something stands.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Place {
    landscape: bool,
    quotes: u8,
    lists: u8,
}

fn flow<'d>(blocks: &'d [B], identities: &'d [Identity<'d>]) -> Vec<Unit<'d>> {
    let mut writer = Writer { identities, next: 0, waiting: Vec::new(), units: Vec::new() };
    writer.blocks(blocks, Place::default());
    writer.end()
}

/// Puts blocks under each other as they are written.
struct Writer<'d> {
    identities: &'d [Identity<'d>],
    /// The place of the next identity.
    next: usize,
    /// The blocks whose names stand in the next paragraph.
    waiting: Vec<usize>,
    units: Vec<Unit<'d>>,
}

impl<'d> Writer<'d> {
    fn take(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn name(&self, at: usize) -> &'d str {
        self.identities.get(at).map(|identity| identity.name.as_str()).unwrap_or_default()
    }

    fn unit(&self, carries: Vec<usize>, form: Form, text: String) -> Unit<'d> {
        let key = carries.last().map(|at| self.name(*at)).unwrap_or_default();
        Unit { key, text, form, carries, within: Vec::new(), picture: None }
    }

    fn line(&mut self, style: &'static str, level: u8, text: String) {
        let carries = std::mem::take(&mut self.waiting);
        let unit = self.unit(carries, Form::Line(style, level), text);
        self.units.push(unit);
    }

    /// What nothing followed stands in the last paragraph.
    fn end(&mut self) -> Vec<Unit<'d>> {
        let waiting = std::mem::take(&mut self.waiting);
        if let Some(last) = self.units.last_mut().filter(|last| last.form.is_line()) {
            last.carries.splice(0..0, waiting);
        }
        std::mem::take(&mut self.units)
    }

    fn blocks(&mut self, blocks: &'d [B], place: Place) {
        blocks.iter().for_each(|block| self.block(block, place));
    }

    fn block(&mut self, block: &'d B, place: Place) {
        let at = self.take();
        self.waiting.push(at);
        match &block.node {
            Node::Heading(heading) => self.line("heading", heading.level, plain(&heading.content)),
            Node::Paragraph { content } => self.line("paragraph", place.quotes.min(1), plain(content)),
            Node::List(list) => {
                let place = Place { lists: place.lists.saturating_add(1), ..place };
                let style = if list.ordered { "number" } else { "bullet" };
                for item in &list.items {
                    let rest = match item.split_first() {
                        Some((Block { node: Node::Paragraph { content }, .. }, rest)) => {
                            let at = self.take();
                            self.waiting.push(at);
                            self.line(style, place.lists, plain(content));
                            rest
                        }
                        _ => {
                            self.line(style, place.lists, String::new());
                            item.as_slice()
                        }
                    };
                    self.blocks(rest, place);
                }
            }
            Node::DefinitionList { items } => {
                let inner = Place { quotes: place.quotes.saturating_add(1), lists: 0, ..place };
                for item in items {
                    self.line("term", 0, plain(&item.term));
                    self.blocks(&item.body, inner);
                }
            }
            Node::Table(table) => self.table(table, place),
            Node::Figure(figure) => {
                self.line("figure", 0, String::new());
                if let Some(unit) = self.units.last_mut() {
                    unit.picture = Some(figure);
                }
                if let Some(caption) = &figure.caption {
                    self.line("caption", 0, plain(caption));
                }
            }
            Node::Callout(callout) => {
                let mut inner = Writer {
                    identities: self.identities,
                    next: self.next,
                    waiting: std::mem::take(&mut self.waiting),
                    units: Vec::new(),
                };
                inner.line("title", 0, callout.title.clone().unwrap_or_default());
                inner.blocks(&callout.body, Place::default());
                let within = inner.end();
                self.next = inner.next;
                let text = within.iter().map(|unit| unit.text.as_str()).collect::<Vec<_>>().join(" ");
                self.units.push(Unit { within, key: self.name(at), ..self.unit(Vec::new(), Form::Frame(place), text) });
            }
            Node::CodeBlock { text } => self.line("code", 0, text.text.clone()),
            Node::BlockQuote { body } => {
                self.blocks(body, Place { quotes: place.quotes.saturating_add(1), lists: 0, ..place });
            }
            Node::SignOff { signatories } if signatories.is_empty() => {}
            Node::SignOff { signatories } => {
                let text = signatories.iter().map(|party| party.role.text.as_str()).collect::<Vec<_>>().join(" ");
                let carries = std::mem::take(&mut self.waiting);
                let header = self.unit(carries, Form::Row(0), String::new());
                let unit = self.unit(Vec::new(), Form::Grid(Vec::new(), place), text);
                self.units.push(Unit { key: header.key, within: vec![header], ..unit });
            }
            Node::Landscape { body } => self.blocks(body, Place { landscape: true, ..place }),
            Node::PageBreak => {}
        }
    }

    fn table(&mut self, table: &'d Table<Reference>, place: Place) {
        if table.columns.is_empty() {
            self.next += table.rows.len();
            return;
        }
        if let Some(caption) = &table.caption {
            self.line("caption", 0, plain(caption));
        }
        let mut rows = Vec::with_capacity(table.rows.len() + 1);
        let text =
            |cells: &[Vec<Inline<Reference>>]| cells.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" ");
        if !table.header.is_empty() {
            let carries = std::mem::take(&mut self.waiting);
            rows.push(self.unit(carries, Form::Row(table.columns.len()), text(&table.header)));
        }
        for row in &table.rows {
            let at = self.take();
            self.waiting.push(at);
            let carries = std::mem::take(&mut self.waiting);
            let cells = if row.band { 1 } else { table.columns.len() };
            rows.push(self.unit(carries, Form::Row(cells), text(&row.cells)));
        }
        let Some(first) = rows.first() else { return };
        let key = rows.iter().find_map(|row| row.carries.first()).map(|at| self.name(*at)).unwrap_or(first.key);
        let said = rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join(" ");
        let shares = table.columns.iter().map(|column| column.width).collect();
        self.units.push(Unit { within: rows, key, ..self.unit(Vec::new(), Form::Grid(shares, place), said) });
    }
}

/// What belongs together, by places among all identities.
struct Pairs<'d> {
    old: &'d [Identity<'d>],
    new: &'d [Identity<'d>],
    of_new: BTreeMap<usize, usize>,
}

impl Pairs<'_> {
    fn flows(&mut self, old: &[Unit<'_>], new: &[Unit<'_>]) {
        let (old_lines, new_lines) = (lines(old), lines(new));
        let steps = align::lines_of(&old_lines, &new_lines, &|a, b| old[a].form.apart(&new[b].form));
        let is_line = |units: &[Unit<'_>], at: usize| units.get(at).is_some_and(|unit| unit.form.is_line());
        let steps = match old.iter().chain(new).any(|unit| matches!(unit.form, Form::Row(_))) {
            true => steps,
            false => align::ends_paired(steps, &|a| is_line(old, a), &|b| is_line(new, b)),
        };
        let mut before_parted = false;
        for (at, step) in steps.iter().enumerate() {
            let is_parted = align::parting(&steps[at..]).is_some_and(|(one, two, is_joined)| match is_joined {
                true => is_parted(&new[one], &old[two..]),
                false => is_parted(&old[one], &new[two..]),
            });
            if let Step::Both(a, b) = *step
                && !is_parted
                && !before_parted
                && is_same_picture(old[a].picture, new[b].picture)
            {
                self.units(&old[a], &new[b]);
            }
            before_parted = is_parted;
        }
    }

    fn units(&mut self, old: &Unit<'_>, new: &Unit<'_>) {
        let (mut theirs, mut ours) = (old.carries.as_slice(), new.carries.as_slice());
        // The innermost is what stands there; of what it stands in, kind by kind.
        if let (Some((a, rest)), Some((b, others))) = (theirs.split_last(), ours.split_last()) {
            self.of_new.insert(*b, *a);
            (theirs, ours) = (rest, others);
        }
        for b in ours.iter().rev() {
            let is_one = |a: &&usize| kind(self.old, **a).is_some() && kind(self.old, **a) == kind(self.new, *b);
            if let Some(found) = theirs.iter().rposition(|a| is_one(&a)) {
                self.of_new.insert(*b, theirs[found]);
                theirs = &theirs[..found];
            }
        }
        self.flows(&old.within, &new.within);
    }
}

/// Whether two pictures show the same, as wide; none is as good as none.
fn is_same_picture(old: Option<&Figure<Reference>>, new: Option<&Figure<Reference>>) -> bool {
    let shown =
        |figure: &'_ Figure<Reference>| (figure.image.clone(), figure.chart.clone(), figure.alt.clone(), figure.width);
    old.map(shown) == new.map(shown)
}

/// Whether a paragraph is the first two of others: an anchor of the one could not end in both of them.
fn is_parted(one: &Unit<'_>, parts: &[Unit<'_>]) -> bool {
    let [first, second, ..] = parts else { return false };
    // What follows in an item of a list is a paragraph of it.
    let is_item = matches!(one.form, Form::Line("number" | "bullet", _));
    let goes_on = second.form == one.form || is_item && matches!(second.form, Form::Line("paragraph", _));
    let are_lines = one.form.is_line() && first.form == one.form && goes_on;
    are_lines && align::is_parted(&one.text, &first.text, &second.text)
}

fn kind(identities: &[Identity<'_>], at: usize) -> Option<std::mem::Discriminant<Node<Reference>>> {
    match identities.get(at)?.part {
        Part::Block(block) => Some(std::mem::discriminant(&block.node)),
        Part::Row(Row { .. }) => None,
    }
}

fn lines<'u>(units: &'u [Unit<'_>]) -> Vec<Line<'u>> {
    units.iter().map(|unit| Line { key: unit.key, text: &unit.text }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::specimen::{self, block, heading, items, list, p, row, table, text};
    use crate::model::{Align, content};

    fn of(body: Vec<B>) -> Document {
        Document { control: specimen::control(), body, footnotes: BTreeMap::new(), gaps: Vec::new() }
    }

    fn names(document: &Document) -> Vec<String> {
        identity::identities(document).iter().map(|identity| identity.given().to_owned()).collect()
    }

    /// The names of a document, and those of the next version of it.
    fn both(before: &Document, mut next: Document) -> (Vec<String>, Vec<String>, Document) {
        let says = content::digest(&next);
        inherit(&mut next, before);
        assert_eq!(content::digest(&next), says, "a name is no part of what is said");
        let again = next.clone();
        inherit(&mut next, before);
        assert_eq!(next, again);
        let all = names(&next);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "each name stands once");
        (names(before), all, next)
    }

    fn said(words: &str) -> B {
        p(vec![text(words)])
    }

    fn grid(rows: &[&str]) -> B {
        let rows = rows.iter().map(|words| row(vec![text(words), text("IT")])).collect();
        table(None, &[(50.0, Align::Left), (50.0, Align::Left)], &["Name", "Owner"], rows)
    }

    #[test]
    fn what_stays_in_its_place_keeps_its_name_whatever_it_says() {
        let old = of(vec![said("First words of it."), said("What stands between."), grid(&["Ann", "Ben"])]);
        let (was, is, next) =
            both(&old, of(vec![said("Other words by now."), said("What stands between."), grid(&["Cleo", "Ben"])]));
        assert_eq!(is, was);
        // The next one has them from this one.
        let (_, third, _) =
            both(&next, of(vec![said("And again others."), said("What stands between."), grid(&["Dan", "Ben"])]));
        assert_eq!(third, was);
        let untouched = both(&old, old.clone()).2;
        assert_eq!(untouched, old, "a name that is the identity is not kept twice");
    }

    #[test]
    fn what_comes_and_what_stands_elsewhere_has_a_name_that_the_version_before_lacks() {
        let (one, two, three) = ("The first paragraph is a long one.", "The second too.", "Third.");
        let old = of(vec![said(one), said(two), said(three)]);
        let (was, is, _) = both(&old, of(vec![said(two), said(three), said(one)]));
        let kept: Vec<&String> = is.iter().filter(|name| was.contains(name)).collect();
        assert_eq!(kept.len(), 1, "what went is called as nothing else: {was:?} {is:?}");
        let rows = of(vec![grid(&["Ann has a very long name", "Ben", "Cleo"])]);
        let (was, is, _) = both(&rows, of(vec![grid(&["Ben", "Cleo", "Ann has a very long name"])]));
        assert_eq!(is.iter().filter(|name| was.contains(name)).count(), 2, "the table and one row");
    }

    #[test]
    fn a_list_is_where_its_first_item_is() {
        let with = |texts: &[&str]| of(vec![heading(1, "sec", "1", "One"), list(false, 1, items(texts))]);
        let (first, second) = ("Look for what was lost.", "Report what was not found.");
        let old = with(&[first, second]);
        let (was, is, _) = both(&old, with(&[first, second, "Write it down."]));
        assert_eq!(is[..4], was[..]);
        let (was, is, _) = both(&old, with(&["Think before you go anywhere.", first, second]));
        assert_eq!((&is[0], &is[3..]), (&was[0], &was[2..]));
        assert!(!was.contains(&is[1]) && !was.contains(&is[2]));
    }

    #[test]
    fn of_another_table_no_row_keeps_its_name() {
        let old = of(vec![grid(&["Ann", "Ben"])]);
        let wide = table(
            None,
            &[(40.0, Align::Left), (30.0, Align::Left), (30.0, Align::Left)],
            &["Name", "Owner", "Since"],
            vec![row(vec![text("Ann"), text("IT"), text("2020")])],
        );
        let (was, is, _) = both(&old, of(vec![wide]));
        assert!(is.iter().all(|name| !was.contains(name)), "{was:?} {is:?}");
        let sign = |key: &str| block(Node::SignOff { signatories: vec![specimen::party(key, "Head", None)] });
        let (was, is, _) = both(&of(vec![sign("a")]), of(vec![sign("b")]));
        assert_eq!(was, is);
    }

    #[test]
    fn every_block_and_row_of_the_specimen_is_gone_through_in_the_order_of_identities() {
        let document = specimen::document();
        let (was, is, next) = both(&document, document.clone());
        assert_eq!((was, &next), (is, &document));
        let mut count = 0;
        each(&mut document.clone().body, &mut |_| count += 1);
        assert_eq!(count, names(&document).len());
    }
}
