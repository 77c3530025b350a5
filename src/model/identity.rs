//! The identity of each block and table row of a document: what it is still called after the next render.
//!
//! An identity is made of what stays when facts change, and never of a position in the document or a line of a template:
//!
//! | | known by |
//! |---|---|
//! | heading, table, figure with an id | that id |
//! | row that shows a row of a register | its table and that row's key |
//! | other row | its table and its first cell, or its words where a template wrote that cell |
//! | anything else | its kind, its `{{#block}}` (else the heading above it), and how it begins |
//!
//! How a text begins is its first [`WORDS`] words. A template's own words count as they are. Of the values, the path of
//! the first counts, so that another value at that path changes nothing; what the others show may come from elsewhere
//! the next time, as the level of a risk does. A value of a list without keys, where a path is a position, counts as
//! itself: an identity that is lost costs a search, one that has moved to a neighbour is wrong. A container begins with
//! its first line. What follows the beginning may be reworded.
//!
//! Equals are told apart by their order among themselves alone. So a block keeps its identity when others are added,
//! removed, moved or changed, unless those are its equals and stood before it.
//!
//! What a block or row is called in files is its identity, unless it has the name of what stood in its place in the
//! version issued before: see [`crate::names`].

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{Block, Document, Inline, Node, Reference, Row, Table, Text, walk};

/// How many words of a text's beginning make it known.
const WORDS: usize = 8;
/// How many letters and digits follow `_f`: 40 bits, which meet by chance in one of a million documents of 1,000 blocks.
const LETTERS: usize = 8;
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// What has an identity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part<'a> {
    /// A block.
    Block(&'a Block<Reference>),
    /// A row of a table's body.
    Row(&'a Row<Reference>),
}

impl Part<'_> {
    /// Whether it has a paragraph of its own in files: words, a picture, cells. Lists, quotations, pages on their side and
    /// page breaks are only how others stand.
    pub fn has_paragraph(self) -> bool {
        match self {
            Part::Row(_) => true,
            Part::Block(block) => !matches!(
                block.node,
                Node::List(_) | Node::BlockQuote { .. } | Node::Landscape { .. } | Node::PageBreak
            ),
        }
    }
}

/// A block or row and its identity.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity<'a> {
    /// `_f` and eight small letters and digits: a hidden bookmark by Word's rules. Unique in its document.
    pub name: String,
    /// What it stands for.
    pub part: Part<'a>,
}

impl Identity<'_> {
    /// What it is called in files.
    pub fn given(&self) -> &str {
        let origin = match self.part {
            Part::Block(block) => &block.origin,
            Part::Row(row) => &row.origin,
        };
        origin.name.as_deref().unwrap_or(&self.name)
    }
}

/// The identities of a document's blocks, each followed by those of its rows or inner blocks: the order of reading.
pub fn identities(document: &Document) -> Vec<Identity<'_>> {
    let mut names = Names { document: &document.control.id, equals: BTreeMap::new(), taken: BTreeSet::new() };
    let mut found = Vec::new();
    let mut section = "";
    for block in walk(&document.body) {
        if let Node::Heading(heading) = &block.node {
            section = &heading.id;
        }
        let key = key_of(block, section);
        found.push(Identity { name: names.name(&key), part: Part::Block(block) });
        if let Node::Table(table) = &block.node {
            for row in &table.rows {
                let key = [&key[..], &key_of_row(row)].concat();
                found.push(Identity { name: names.name(&key), part: Part::Row(row) });
            }
        }
    }
    found
}

/// The names given so far in a document.
struct Names<'d> {
    document: &'d str,
    equals: BTreeMap<Vec<String>, u32>,
    taken: BTreeSet<String>,
}

impl Names<'_> {
    fn name(&mut self, key: &[String]) -> String {
        let equals = self.equals.entry(key.to_vec()).or_default();
        *equals += 1;
        let mut hash = Sha256::new();
        for part in std::iter::once(self.document).chain(key.iter().map(String::as_str)) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update(equals.to_le_bytes());
        first(hash, &mut |name| self.taken.insert(name.to_owned()))
    }
}

/// A name that is made of another one, the first that is wanted: the same whenever the same ones are.
pub fn derived(name: &str, is_wanted: &mut dyn FnMut(&str) -> bool) -> String {
    first(Sha256::new().chain_update(name), is_wanted)
}

fn first(mut hash: Sha256, is_wanted: &mut dyn FnMut(&str) -> bool) -> String {
    loop {
        let digest = hash.clone().finalize();
        let letters = digest.iter().take(LETTERS).map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
        let name: String = "_f".chars().chain(letters).collect();
        if is_wanted(&name) {
            return name;
        }
        hash.update(digest);
    }
}

/// What a block is known by.
fn key_of(block: &Block<Reference>, section: &str) -> Vec<String> {
    let kind = kind(&block.node).to_owned();
    if let Some(label) = block.label().filter(|label| !label.is_empty()) {
        return vec![kind, label.to_owned()];
    }
    let place = match &block.origin.block {
        Some(block) => format!("block {block}"),
        None => format!("section {section}"),
    };
    let mut key = vec![kind, place];
    key.extend(beginning(block).finish(false));
    key
}

/// What a row is known by in its table.
fn key_of_row(row: &Row<Reference>) -> Vec<String> {
    if let Some(source) = &row.source {
        return vec!["register row".to_owned(), source.to_string()];
    }
    let mut cells =
        row.cells.iter().map(|cell| cell.as_slice()).skip_while(|cell| Beginning::of(cell).tokens.is_empty());
    let first = cells.next().map(Beginning::of).unwrap_or_default();
    // A row of a template's own words is known by them; any other by its first cell, whatever that shows.
    let names = !first.is_words();
    let beginning = if names { first } else { cells.fold(first, Beginning::line) };
    let mut key = vec![if row.band { "band" } else { "row" }.to_owned()];
    key.extend(beginning.finish(names));
    key
}

fn kind<R>(node: &Node<R>) -> &'static str {
    match node {
        Node::Heading(_) => "heading",
        Node::Paragraph { .. } => "paragraph",
        Node::List(_) => "list",
        Node::DefinitionList { .. } => "definitions",
        Node::Table(_) => "table",
        Node::Figure(_) => "figure",
        Node::Callout(_) => "callout",
        Node::CodeBlock { .. } => "code",
        Node::BlockQuote { .. } => "quote",
        Node::SignOff { .. } => "sign-off",
        Node::Landscape { .. } => "landscape",
        Node::PageBreak => "page break",
    }
}

/// How a block begins: its own words, else those of the first block in it.
fn beginning(block: &Block<Reference>) -> Beginning {
    let first_of = |blocks: &[Block<Reference>]| blocks.first().map(beginning).unwrap_or_default();
    match &block.node {
        Node::Heading(heading) => Beginning::of(&heading.content),
        Node::Paragraph { content } => Beginning::of(content),
        Node::List(list) => list.items.first().map(|item| first_of(item)).unwrap_or_default(),
        Node::DefinitionList { items } => items.first().map(|item| Beginning::of(&item.term)).unwrap_or_default(),
        Node::Table(table) => beginning_of_table(table),
        Node::Figure(figure) => match &figure.caption {
            Some(caption) => Beginning::of(caption),
            None => Beginning::default().words(&figure.image),
        },
        Node::Callout(callout) => match &callout.title {
            Some(title) => Beginning::default().words(title),
            None => first_of(&callout.body),
        },
        Node::CodeBlock { text } => Beginning::default().text(text),
        Node::BlockQuote { body } | Node::Landscape { body } => first_of(body),
        Node::SignOff { .. } | Node::PageBreak => Beginning::default(),
    }
}

fn beginning_of_table(table: &Table<Reference>) -> Beginning {
    let lines = table.caption.iter().chain(&table.header);
    lines.fold(Beginning::default(), |beginning, line| beginning.line(line))
}

/// The first words of a text.
#[derive(Debug, Default)]
struct Beginning {
    tokens: Vec<Token>,
}

#[derive(Debug)]
enum Token {
    /// A word of the template, or what a reference leads to.
    Word(String),
    /// A value by its path.
    Path(String),
    /// A value that no path tells from its neighbours, with the row of a register that it belongs to.
    Shown { row: Option<String>, text: String },
}

impl Beginning {
    fn of(line: &[Inline<Reference>]) -> Beginning {
        Beginning::default().line(line)
    }

    fn line(self, line: &[Inline<Reference>]) -> Beginning {
        line.iter().fold(self, Beginning::inline)
    }

    fn inline(self, inline: &Inline<Reference>) -> Beginning {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Unrecorded(text) | Inline::Status { text, .. } => {
                self.text(text)
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                self.line(content)
            }
            Inline::Reference(reference) => {
                // Its words hold numbers that change with what stands before.
                let target = [reference.document.as_deref(), reference.label.as_deref()];
                let target: Vec<&str> = target.into_iter().map(Option::unwrap_or_default).collect();
                self.token(Token::Word(target.join("#")))
            }
            Inline::Field(field) => self.words(&field.label),
            Inline::Footnote { .. } | Inline::LineBreak => self,
        }
    }

    fn text(self, text: &Text) -> Beginning {
        match text.from.as_slice() {
            [] if !text.computed => self.words(&text.text),
            [path] if !text.computed && !has_position(path) => self.token(Token::Path(path.to_string())),
            paths => self.token(Token::Shown { row: one_row(paths).map(str::to_owned), text: text.text.clone() }),
        }
    }

    fn words(self, text: &str) -> Beginning {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.fold(self, |beginning, word| beginning.token(Token::Word(word.to_lowercase())))
    }

    fn token(mut self, token: Token) -> Beginning {
        if self.tokens.len() < WORDS {
            self.tokens.push(token);
        }
        self
    }

    /// Whether it shows no value.
    fn is_words(&self) -> bool {
        self.tokens.iter().all(|token| matches!(token, Token::Word(_)))
    }

    /// The words. What is merely shown counts where nothing else does, and where it names something, as in a row.
    fn finish(self, names: bool) -> impl Iterator<Item = String> {
        let shown = names || self.tokens.iter().all(|token| matches!(token, Token::Shown { .. }));
        let mut named = false;
        self.tokens.into_iter().map(move |token| match token {
            Token::Word(word) => word,
            Token::Path(path) if !std::mem::replace(&mut named, true) => format!("={path}"),
            Token::Path(_) => "=".to_owned(),
            Token::Shown { row, text } => {
                let row = row.filter(|_| !named).unwrap_or_default();
                named = named || !row.is_empty();
                format!("={row}\"{}", if shown { &text } else { "" })
            }
        })
    }
}

/// Whether a path leads through a list without keys, as `needs[0]` does.
fn has_position(path: &str) -> bool {
    path.split('[').skip(1).any(|rest| {
        rest.split_once(']').is_some_and(|(key, _)| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The one row of a register that all paths lead through: `risks[R-07]` of `risks[R-07].owner`.
fn one_row<P: AsRef<str>>(paths: &[P]) -> Option<&str> {
    let mut rows = paths.iter().map(|path| {
        let path = path.as_ref();
        path.find(']').map(|end| &path[..=end]).filter(|row| !has_position(row))
    });
    let first = rows.next()??;
    rows.all(|row| row == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::specimen::{
        self, B, I, block, callout, data, document, heading, items, list, p, row, table, text,
    };
    use crate::model::{Align, CalloutKind};

    fn of(body: Vec<B>) -> Document {
        Document { control: specimen::control(), body, footnotes: BTreeMap::new(), gaps: Vec::new() }
    }

    fn names(document: &Document) -> Vec<String> {
        identities(document).into_iter().map(|identity| identity.name).collect()
    }

    fn computed(shown: &str, from: &[&str]) -> I {
        Inline::Text(Text {
            text: shown.into(),
            from: from.iter().map(|path| (*path).into()).collect(),
            computed: true,
            ..Text::default()
        })
    }

    fn in_block(id: &str, mut block: B) -> B {
        block.origin.block = Some(id.into());
        block
    }

    /// A table of two columns without caption.
    fn grid(rows: Vec<Row<Reference>>) -> B {
        table(None, &[(50.0, Align::Left), (50.0, Align::Left)], &["Name", "Owner"], rows)
    }

    fn shows(source: &str, mut row: Row<Reference>) -> Row<Reference> {
        row.source = Some(source.into());
        row
    }

    #[test]
    fn names_are_those_of_hidden_bookmarks_and_unique() {
        let document = document();
        let names = names(&document);
        let rows = walk(&document.body).into_iter().map(|block| match &block.node {
            Node::Table(table) => table.rows.len(),
            _ => 0,
        });
        assert_eq!(names.len(), walk(&document.body).len() + rows.sum::<usize>());
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        for name in names {
            let letters = name.strip_prefix("_f").unwrap();
            assert!(letters.len() == LETTERS && letters.bytes().all(|c| ALPHABET.contains(&c)), "{name}");
        }
    }

    #[test]
    fn another_value_changes_no_identity() {
        let body = |name: &str, weeks: &str| {
            of(vec![
                heading(1, "sec-who", "1", name),
                p(vec![text("The owner is "), data(name, "organisation.owner"), text(".")]),
                p(vec![data(name, "organisation.owner")]),
                p(vec![text("Reviewed every "), computed(weeks, &["rules.weeks"]), text(", by then "), text(weeks)]),
                grid(vec![shows("risks[R-07]", row(vec![data(name, "risks[R-07].name"), text("IT")]))]),
                grid(vec![row(vec![data(name, "risks[R-07].name"), text("IT")])]),
                p(vec![data(name, "risks[R-07].name"), text(" is "), data(weeks, &format!("levels[{weeks}].label"))]),
            ])
        };
        let (old, new) = (names(&body("Ann", "two weeks")), names(&body("Ben", "week")));
        assert_eq!(old[..3], new[..3]);
        assert_eq!(old[4..], new[4..]);
        assert_ne!(old[3], new[3], "a template's own words at the beginning are what it is known by");
    }

    #[test]
    fn what_follows_the_beginning_may_be_reworded() {
        let long = "The owner of each system approves each access before it is granted";
        let name = |end: &str| names(&of(vec![p(vec![text(&format!("{long}{end}"))])]));
        assert_eq!(name(""), name(", in writing."));
    }

    #[test]
    fn a_row_keeps_its_identity_among_other_rows() {
        let keyed = |keys: &[&str]| {
            let rows = keys.iter().map(|key| shows(&format!("risks[{key}]"), row(vec![text("same"), text("same")])));
            names(&of(vec![grid(rows.collect())]))
        };
        let (old, new) = (keyed(&["a", "b"]), keyed(&["b", "new", "a"]));
        assert_eq!([&old[1], &old[2]], [&new[3], &new[1]]);
        let named = |words: &[&str]| {
            let rows = words.iter().map(|word| row(vec![computed(word, &["risks"]), computed("IT", &["risks"])]));
            names(&of(vec![grid(rows.collect())]))
        };
        assert_eq!(named(&["a", "b"])[1..], named(&["new", "a", "b"])[2..]);
    }

    #[test]
    fn an_item_is_known_by_its_register_row_else_by_what_it_shows() {
        let items_of = |paths: &[(&str, &str)]| {
            let items = paths.iter().map(|(path, shown)| vec![p(vec![data(shown, path)])]);
            names(&of(vec![list(false, 1, items.collect())]))
        };
        let old = items_of(&[("people[ann].name", "Ann"), ("people[ben].name", "Ben")]);
        let new = items_of(&[("people[cleo].name", "Cleo"), ("people[ann].name", "Anna"), ("people[ben].name", "Ben")]);
        assert_eq!(old[1..], new[2..]);
        let old = items_of(&[("goals[0]", "Trust"), ("goals[1]", "Speed")]);
        let new = items_of(&[("goals[0]", "Order"), ("goals[1]", "Trust"), ("goals[2]", "Speed")]);
        assert_eq!(old[1..], new[2..]);
        let steps = |steps: &[&str]| {
            let items = steps.iter().enumerate();
            let items = items.map(|(at, step)| vec![p(vec![data(step, &format!("cases[C-1].steps[{at}]"))])]);
            names(&of(vec![list(true, 1, items.collect())]))
        };
        assert_eq!(steps(&["call", "wait"])[1..], steps(&["look", "call", "wait"])[2..]);
    }

    #[test]
    fn a_row_of_words_is_known_by_them() {
        let rows = |owner: &str, tasks: &[&str]| {
            let owner = || computed(owner, &["roles"]);
            let rows = tasks.iter().map(|task| row(vec![text("First day"), text(task), owner()]));
            names(&of(vec![grid(rows.collect())]))
        };
        assert_eq!(rows("Ann", &["keys", "badge"])[1..], rows("Ben", &["desk", "keys", "badge"])[2..]);
    }

    #[test]
    fn equals_are_told_apart_by_block_and_order() {
        let line = || p(vec![text("None.")]);
        let names = names(&of(vec![line(), line(), in_block("a", line()), heading(1, "sec-b", "1", "B"), line()]));
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 5);
        // Under another heading, a paragraph of a block is the same.
        let moved = of(vec![heading(1, "sec-b", "1", "B"), in_block("a", line())]);
        assert_eq!(self::names(&moved)[1], names[2]);
    }

    #[test]
    fn other_blocks_change_no_identity() {
        let old = document();
        let before = names(&old);
        let added = [
            p(vec![text("A paragraph that nobody has written before.")]),
            list(true, 1, items(&["An item that nobody has written before."])),
            callout(CalloutKind::Note, Some("Brand new"), vec![p(vec![text("A note that is new.")])]),
            grid(vec![row(vec![text("new"), text("new")])]),
            block(Node::BlockQuote { body: vec![p(vec![text("Quoted for the first time.")])] }),
        ];
        for at in 0..=old.body.len() {
            for added in &added {
                let mut new = old.clone();
                new.body.insert(at, added.clone());
                let after = names(&new);
                assert!(before.iter().all(|name| after.contains(name)), "{at}: {added:?}");
            }
        }
        for at in 0..old.body.len() {
            if matches!(old.body[at].node, Node::Heading(_)) {
                continue;
            }
            let mut new = old.clone();
            let gone = of(vec![new.body.remove(at)]);
            let after = names(&new);
            assert_eq!(after.len() + identities(&gone).len(), before.len());
            let lost = before.iter().filter(|name| !after.contains(name)).count();
            assert_eq!(lost, identities(&gone).len(), "{:?}", gone.body);
        }
    }
}
