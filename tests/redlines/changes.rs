//! Changes that authors and profiles make, made up: seeded, each of one kind, of whole documents.

use folio::model::{
    Align, Block, Callout, Column, Document, Field, FieldKind, Heading, Inline, Level, List, Node, Origin, Reference,
    Revision, Row, State, Table, Text, Tone, Version,
};

/// Numbers that look like chance and are the same each time (SplitMix64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }

    fn word(&mut self) -> &'static str {
        const WORDS: &[&str] = &[
            "annual",
            "register",
            "the managing director",
            "within 3 working days",
            "Bristol",
            "no",
            "each supplier’s",
            "evidence",
            "at least twice",
            "§ 4.2",
            "Größe",
            "2 h",
            "plan",
            "and",
            "of",
            "controls & records",
            "<draft>",
            "“quoted”",
            "e-mail",
            "naïve",
            "résumé, signed",
            "100 %",
        ];
        WORDS[self.below(WORDS.len())]
    }

    fn sentence(&mut self) -> String {
        let mut words: Vec<&str> = Vec::new();
        for _ in 0..4 + self.below(14) {
            words.push(self.word());
        }
        format!("{}.", words.join(" "))
    }
}

type Content = Vec<Inline<Reference>>;
type Blocks = Vec<Block<Reference>>;

/// Where a line of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    Paragraph,
    Item,
    Cell,
    HeaderCell,
    Heading,
    Caption,
    Term,
}

/// One kind of change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Change {
    Words(Where),
    SplitParagraph,
    JoinParagraphs,
    AddParagraph,
    DropParagraph,
    MoveBlock,
    AddItem,
    DropItem,
    MoveItem,
    Renumber,
    AddRow,
    DropRow,
    MoveRow,
    DropAllRows,
    AddBand,
    AddColumn,
    DropColumn,
    Aligned,
    AddTable,
    DropTable,
    DropFigure,
    CopyFigure,
    AddCallout,
    DropCallout,
    CalloutKind,
    AddSection,
    DropSection,
    MoveSection,
    HeadingLevel,
    Emphasis,
    Code,
    Status,
    Link,
    Reference,
    AddFootnote,
    DropFootnote,
    FootnoteWords,
    AddField,
    DropField,
    LineBreak,
    AddCode,
    CodeLines,
    Quote,
    Definition,
    Title,
    Number,
    History,
    Owner,
    Issued,
    Classification,
    Organisation,
    Landscape,
    PageBreak,
    SignOff,
    Many,
    Rewritten,
    Emptied,
}

use Change::*;

/// Every kind, in one order.
#[rustfmt::skip]
pub(crate) const KINDS: &[Change] = &[
    Words(Where::Paragraph), Words(Where::Item), Words(Where::Cell), Words(Where::HeaderCell), Words(Where::Heading),
    Words(Where::Caption), Words(Where::Term), SplitParagraph, JoinParagraphs, AddParagraph, DropParagraph, MoveBlock,
    AddItem, DropItem, MoveItem, Renumber, AddRow, DropRow, MoveRow, DropAllRows, AddBand, AddColumn, DropColumn, Aligned,
    AddTable, DropTable, DropFigure, CopyFigure, AddCallout, DropCallout, CalloutKind, AddSection, DropSection,
    MoveSection, HeadingLevel, Emphasis, Code, Status, Link, Reference, AddFootnote, DropFootnote, FootnoteWords, AddField,
    DropField, LineBreak, AddCode, CodeLines, Quote, Definition, Title, Number, History, Owner, Issued, Classification,
    Organisation, Landscape, PageBreak, SignOff, Many, Rewritten, Emptied,
];

/// The document with a change; nothing where it has no place for one.
pub(crate) fn changed(document: &Document, change: Change, chance: &mut Chance) -> Option<Document> {
    let mut made = document.clone();
    apply(&mut made, change, chance)?;
    repair(&mut made);
    (made != *document).then_some(made)
}

fn text(words: impl Into<String>) -> Inline<Reference> {
    Inline::Text(Text::literal(words))
}

fn block(node: Node<Reference>) -> Block<Reference> {
    Block { node, origin: Origin::default() }
}

fn paragraph(words: String) -> Block<Reference> {
    block(Node::Paragraph { content: vec![text(words)] })
}

/// The lists of blocks of a document: its body, and those of what stands in it.
fn flows<'a>(blocks: &'a mut Blocks, see: &mut dyn FnMut(&mut Blocks) -> bool) -> bool {
    if see(blocks) {
        return true;
    }
    for block in blocks.iter_mut() {
        let done = match &mut block.node {
            Node::List(list) => list.items.iter_mut().any(|item| flows(item, see)),
            Node::DefinitionList { items } => items.iter_mut().any(|item| flows(&mut item.body, see)),
            Node::Callout(callout) => flows(&mut callout.body, see),
            Node::BlockQuote { body } | Node::Landscape { body } => flows(body, see),
            _ => false,
        };
        if done {
            return true;
        }
    }
    false
}

/// The lines of text of one kind.
fn lines<'a>(blocks: &'a mut Blocks, place: Where, in_item: bool, found: &mut Vec<&'a mut Content>) {
    for block in blocks {
        match &mut block.node {
            Node::Paragraph { content } if (place == Where::Item) == in_item => {
                if matches!(place, Where::Item | Where::Paragraph) {
                    found.push(content);
                }
            }
            Node::Heading(heading) if place == Where::Heading => found.push(&mut heading.content),
            Node::List(list) => list.items.iter_mut().for_each(|item| lines(item, place, true, found)),
            Node::DefinitionList { items } => {
                for item in items {
                    if place == Where::Term {
                        found.push(&mut item.term);
                    }
                    lines(&mut item.body, place, in_item, found);
                }
            }
            Node::Table(table) => match place {
                Where::Cell => found.extend(table.rows.iter_mut().flat_map(|row| &mut row.cells)),
                Where::HeaderCell => found.extend(table.header.iter_mut()),
                Where::Caption => found.extend(table.caption.iter_mut()),
                _ => {}
            },
            Node::Figure(figure) if place == Where::Caption => found.extend(figure.caption.iter_mut()),
            Node::Callout(callout) => lines(&mut callout.body, place, in_item, found),
            Node::BlockQuote { body } | Node::Landscape { body } => lines(body, place, in_item, found),
            _ => {}
        }
    }
}

/// One line of a kind, by chance.
fn line<'a>(document: &'a mut Document, place: Where, chance: &mut Chance) -> Option<&'a mut Content> {
    let mut found = Vec::new();
    lines(&mut document.body, place, false, &mut found);
    let at = chance.below(found.len());
    found.into_iter().nth(at)
}

fn any_line<'a>(document: &'a mut Document, chance: &mut Chance) -> Option<&'a mut Content> {
    let place = [Where::Paragraph, Where::Item, Where::Cell, Where::Paragraph][chance.below(4)];
    line(document, place, chance)
}

/// The texts in a line, within emphasis and links too.
fn texts<'a>(content: &'a mut Content, found: &mut Vec<&'a mut Text>) {
    for inline in content {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Status { text, .. } => found.push(text),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                texts(content, found);
            }
            _ => {}
        }
    }
}

/// Words put in, taken out or put in the place of others.
fn reworded(content: &mut Content, chance: &mut Chance) -> Option<()> {
    let mut found = Vec::new();
    texts(content, &mut found);
    found.retain(|text| !text.text.trim().is_empty());
    if found.is_empty() {
        content.push(text(chance.sentence()));
        return Some(());
    }
    let at = chance.below(found.len());
    let picked = found.into_iter().nth(at)?;
    let words: Vec<&str> = picked.text.split(' ').collect();
    let at = chance.below(words.len());
    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    match chance.below(4) {
        0 => words.insert(at, chance.word().to_owned()),
        1 if words.len() > 1 => _ = words.remove(at),
        2 => words[at] = format!("{}{}", words[at], ["s", ",", "-", "’"][chance.below(4)]),
        _ => words[at] = chance.word().to_owned(),
    }
    picked.text = words.join(" ");
    Some(())
}

fn pick(blocks: &Blocks, chance: &mut Chance, is: &dyn Fn(&Node<Reference>) -> bool) -> Option<usize> {
    let places: Vec<usize> = (0..blocks.len()).filter(|at| is(&blocks[*at].node)).collect();
    let at = chance.below(places.len());
    places.get(at).copied()
}

/// Does something to one of the blocks that are of a kind, wherever it stands.
fn with_block(
    document: &mut Document,
    chance: &mut Chance,
    is: &dyn Fn(&Node<Reference>) -> bool,
    act: &mut dyn FnMut(&mut Blocks, usize, &mut Chance) -> Option<()>,
) -> Option<()> {
    let mut count = 0;
    flows(&mut document.body, &mut |blocks| {
        count += blocks.iter().filter(|block| is(&block.node)).count();
        false
    });
    if count == 0 {
        return None;
    }
    let wanted = chance.below(count);
    let mut seen = 0;
    let mut done = None;
    flows(&mut document.body, &mut |blocks| {
        let places: Vec<usize> = (0..blocks.len()).filter(|at| is(&blocks[*at].node)).collect();
        if seen + places.len() > wanted {
            done = act(blocks, places[wanted - seen], chance);
            return true;
        }
        seen += places.len();
        false
    });
    done
}

fn is_table(node: &Node<Reference>) -> bool {
    matches!(node, Node::Table(_))
}

fn is_list(node: &Node<Reference>) -> bool {
    matches!(node, Node::List(_))
}

fn is_paragraph(node: &Node<Reference>) -> bool {
    matches!(node, Node::Paragraph { .. })
}

fn with_table(
    document: &mut Document,
    chance: &mut Chance,
    act: &mut dyn FnMut(&mut Table<Reference>, &mut Chance) -> Option<()>,
) -> Option<()> {
    with_block(document, chance, &is_table, &mut |blocks, at, chance| match &mut blocks[at].node {
        Node::Table(table) => act(table, chance),
        _ => None,
    })
}

fn with_list(
    document: &mut Document,
    chance: &mut Chance,
    act: &mut dyn FnMut(&mut List<Reference>, &mut Chance) -> Option<()>,
) -> Option<()> {
    with_block(document, chance, &is_list, &mut |blocks, at, chance| match &mut blocks[at].node {
        Node::List(list) => act(list, chance),
        _ => None,
    })
}

/// The section that a heading begins: its blocks, to the next heading of its level or above.
fn section(blocks: &Blocks, at: usize) -> std::ops::Range<usize> {
    let level = |at: usize| match &blocks[at].node {
        Node::Heading(heading) => heading.level,
        _ => 9,
    };
    let end = (at + 1..blocks.len()).find(|next| level(*next) <= level(at)).unwrap_or(blocks.len());
    at..end
}

fn is_heading(node: &Node<Reference>) -> bool {
    matches!(node, Node::Heading(_))
}

fn made_table(chance: &mut Chance) -> Node<Reference> {
    let cell = |chance: &mut Chance| vec![text(chance.sentence())];
    let columns = 2 + chance.below(3);
    let row = |chance: &mut Chance| Row {
        band: false,
        source: None,
        origin: Origin::default(),
        cells: (0..columns).map(|_| cell(chance)).collect(),
    };
    Node::Table(Table {
        id: None,
        number: None,
        caption: (chance.below(2) == 0).then(|| vec![text("A table that was added")]),
        columns: (0..columns).map(|_| Column { width: 100.0 / columns as f64, align: Align::Left }).collect(),
        header: (0..columns).map(|at| vec![text(format!("Column {at}"))]).collect(),
        rows: (0..1 + chance.below(4)).map(|_| row(chance)).collect(),
    })
}

/// Cuts the text of a line in two at a word.
fn cut(content: &mut Content, chance: &mut Chance) -> Option<(usize, Text, Text)> {
    let is_long = |inline: &Inline<Reference>| matches!(inline, Inline::Text(text) if text.text.split(' ').count() > 3);
    let places: Vec<usize> = (0..content.len()).filter(|at| is_long(&content[*at])).collect();
    let at = *places.get(chance.below(places.len()))?;
    let Inline::Text(whole) = &content[at] else { return None };
    let spaces: Vec<usize> = whole.text.match_indices(' ').map(|(at, _)| at).collect();
    let middle = spaces[chance.below(spaces.len())];
    let piece = |words: &str| Text { text: words.to_owned(), ..whole.clone() };
    Some((at, piece(&whole.text[..middle]), piece(&whole.text[middle..])))
}

/// Puts something into the middle of a line.
fn put_in(content: &mut Content, inline: Inline<Reference>, chance: &mut Chance) -> Option<()> {
    match cut(content, chance) {
        Some((at, before, after)) => {
            content.splice(at..=at, [Inline::Text(before), inline, Inline::Text(after)]);
        }
        None => content.push(inline),
    }
    Some(())
}

/// Puts a word of a line into something.
fn wrap(content: &mut Content, chance: &mut Chance, make: &dyn Fn(Text) -> Inline<Reference>) -> Option<()> {
    let (at, before, after) = cut(content, chance)?;
    let rest = after.text.trim_start().to_owned();
    let (word, rest) = rest.split_once(' ').unwrap_or((rest.as_str(), ""));
    if word.is_empty() {
        return None;
    }
    let piece = |words: String| Text { text: words, ..before.clone() };
    let mut parts = vec![Inline::Text(piece(format!("{} ", before.text))), make(piece(word.to_owned()))];
    if !rest.is_empty() {
        parts.push(Inline::Text(piece(format!(" {rest}"))));
    }
    content.splice(at..=at, parts);
    Some(())
}

/// Takes something out of a line of the document: the first inline of a kind that is found from a place on.
fn take_out(document: &mut Document, is: &dyn Fn(&Inline<Reference>) -> bool) -> Option<()> {
    for place in [Where::Paragraph, Where::Item, Where::Cell] {
        let mut found = Vec::new();
        lines(&mut document.body, place, false, &mut found);
        for content in found {
            if let Some(at) = content.iter().position(is) {
                content.remove(at);
                return Some(());
            }
        }
    }
    None
}

#[allow(clippy::too_many_lines, reason = "one arm a kind")]
fn apply(document: &mut Document, change: Change, chance: &mut Chance) -> Option<()> {
    match change {
        Words(place) => reworded(line(document, place, chance)?, chance),
        SplitParagraph => with_block(document, chance, &is_paragraph, &mut |blocks, at, chance| {
            let Node::Paragraph { content } = &mut blocks[at].node else { return None };
            let (cut_at, before, after) = cut(content, chance)?;
            let mut rest = content.split_off(cut_at);
            content.push(Inline::Text(before));
            rest[0] = Inline::Text(Text { text: after.text.trim_start().to_owned(), ..after });
            blocks.insert(at + 1, block(Node::Paragraph { content: rest }));
            Some(())
        }),
        JoinParagraphs => {
            let mut done = None;
            let skip = chance.below(4);
            let mut seen = 0;
            flows(&mut document.body, &mut |blocks| {
                let two =
                    (1..blocks.len()).find(|at| is_paragraph(&blocks[at - 1].node) && is_paragraph(&blocks[*at].node));
                let Some(at) = two else { return false };
                seen += 1;
                if seen <= skip && done.is_none() && seen < 4 {
                    return false;
                }
                let second = blocks.remove(at);
                if let (Node::Paragraph { content }, Node::Paragraph { content: more }) =
                    (&mut blocks[at - 1].node, second.node)
                {
                    content.push(text(" "));
                    content.extend(more);
                    done = Some(());
                }
                true
            });
            done
        }
        AddParagraph => {
            let at = chance.below(document.body.len() + 1);
            document.body.insert(at, paragraph(chance.sentence()));
            Some(())
        }
        DropParagraph => with_block(document, chance, &is_paragraph, &mut |blocks, at, _| {
            (blocks.len() > 1).then(|| _ = blocks.remove(at))
        }),
        MoveBlock => {
            let from = chance.below(document.body.len());
            let block = document.body.remove(from);
            let to = chance.below(document.body.len() + 1);
            document.body.insert(to, block);
            Some(())
        }
        AddItem => with_list(document, chance, &mut |list, chance| {
            let at = chance.below(list.items.len() + 1);
            list.items.insert(at, vec![paragraph(chance.sentence())]);
            Some(())
        }),
        DropItem => with_list(document, chance, &mut |list, chance| {
            (list.items.len() > 1).then(|| _ = list.items.remove(chance.below(list.items.len())))
        }),
        MoveItem => with_list(document, chance, &mut |list, chance| {
            let item = list.items.remove(chance.below(list.items.len()));
            list.items.insert(chance.below(list.items.len() + 1), item);
            Some(())
        }),
        Renumber => with_list(document, chance, &mut |list, chance| {
            if list.ordered && chance.below(2) == 0 {
                list.start += 3;
            } else {
                list.ordered = !list.ordered;
                list.start = 1;
            }
            Some(())
        }),
        AddRow => with_table(document, chance, &mut |table, chance| {
            let cells = (0..table.columns.len()).map(|_| vec![text(chance.sentence())]).collect();
            let row = Row { band: false, source: None, origin: Origin::default(), cells };
            table.rows.insert(chance.below(table.rows.len() + 1), row);
            Some(())
        }),
        DropRow => with_table(document, chance, &mut |table, chance| {
            (table.rows.len() > 1).then(|| _ = table.rows.remove(chance.below(table.rows.len())))
        }),
        MoveRow => with_table(document, chance, &mut |table, chance| {
            if table.rows.is_empty() {
                return None;
            }
            let row = table.rows.remove(chance.below(table.rows.len()));
            table.rows.insert(chance.below(table.rows.len() + 1), row);
            Some(())
        }),
        DropAllRows => with_table(document, chance, &mut |table, chance| {
            let cells = (0..table.columns.len()).map(|_| vec![text(chance.sentence())]).collect();
            table.rows = vec![Row { band: false, source: None, origin: Origin::default(), cells }];
            Some(())
        }),
        AddBand => with_table(document, chance, &mut |table, chance| {
            let cells = vec![vec![text(chance.word())]];
            let row = Row { band: true, source: None, origin: Origin::default(), cells };
            table.rows.insert(chance.below(table.rows.len() + 1), row);
            Some(())
        }),
        AddColumn => with_table(document, chance, &mut |table, chance| {
            if table.columns.len() > 6 {
                return None;
            }
            let at = chance.below(table.columns.len() + 1);
            let width = 100.0 / (table.columns.len() + 1) as f64;
            table.columns.iter_mut().for_each(|column| column.width *= 1.0 - width / 100.0);
            table.columns.insert(at, Column { width, align: Align::Left });
            table.header.insert(at, vec![text("Added")]);
            table.rows.iter_mut().filter(|row| !row.band).for_each(|row| {
                row.cells.insert(at, vec![text(chance.word())]);
            });
            Some(())
        }),
        DropColumn => with_table(document, chance, &mut |table, chance| {
            if table.columns.len() < 3 {
                return None;
            }
            let at = chance.below(table.columns.len());
            let gone = table.columns.remove(at).width;
            table.columns.iter_mut().for_each(|column| column.width *= 100.0 / (100.0 - gone));
            table.header.remove(at);
            table.rows.iter_mut().filter(|row| !row.band).for_each(|row| _ = row.cells.remove(at));
            Some(())
        }),
        Aligned => with_table(document, chance, &mut |table, chance| {
            let at = chance.below(table.columns.len());
            let column = &mut table.columns[at];
            column.align = if column.align == Align::Right { Align::Center } else { Align::Right };
            Some(())
        }),
        AddTable => {
            let table = made_table(chance);
            let at = chance.below(document.body.len() + 1);
            document.body.insert(at, block(table));
            Some(())
        }
        DropTable => with_block(document, chance, &is_table, &mut |blocks, at, _| {
            blocks.remove(at);
            Some(())
        }),
        DropFigure => with_block(document, chance, &|node| matches!(node, Node::Figure(_)), &mut |blocks, at, _| {
            blocks.remove(at);
            Some(())
        }),
        CopyFigure => with_block(document, chance, &|node| matches!(node, Node::Figure(_)), &mut |blocks, at, _| {
            let mut copy = blocks[at].clone();
            if let Node::Figure(figure) = &mut copy.node {
                figure.id = None;
                figure.width *= 0.5;
                figure.alt.push_str(" (smaller)");
            }
            blocks.insert(at, copy);
            Some(())
        }),
        AddCallout => {
            let body = vec![paragraph(chance.sentence()), paragraph(chance.sentence())];
            let callout = Callout { kind: folio::model::CalloutKind::Warning, title: Some("Mind".into()), body };
            let at = chance.below(document.body.len() + 1);
            document.body.insert(at, block(Node::Callout(callout)));
            Some(())
        }
        DropCallout => with_block(document, chance, &|node| matches!(node, Node::Callout(_)), &mut |blocks, at, _| {
            blocks.remove(at);
            Some(())
        }),
        Change::CalloutKind => {
            with_block(document, chance, &|node| matches!(node, Node::Callout(_)), &mut |blocks, at, _| {
                let Node::Callout(callout) = &mut blocks[at].node else { return None };
                use folio::model::CalloutKind as Kind;
                callout.kind = if callout.kind == Kind::Note { Kind::Important } else { Kind::Note };
                Some(())
            })
        }
        AddSection => {
            let at = pick(&document.body, chance, &is_heading)?;
            let heading = Heading {
                level: 1,
                id: "a-section-that-was-added".into(),
                number: String::new(),
                content: vec![text("A section that was added")],
            };
            let mut added = vec![block(Node::Heading(heading)), paragraph(chance.sentence())];
            if chance.below(2) == 0 {
                added.push(block(made_table(chance)));
            }
            document.body.splice(at..at, added);
            Some(())
        }
        DropSection => {
            let at = pick(&document.body, chance, &is_heading)?;
            let range = section(&document.body, at);
            (range.len() < document.body.len()).then(|| _ = document.body.drain(range))
        }
        MoveSection => {
            let at = pick(&document.body, chance, &is_heading)?;
            let range = section(&document.body, at);
            let moved: Blocks = document.body.drain(range).collect();
            let to = pick(&document.body, chance, &is_heading).unwrap_or(document.body.len());
            document.body.splice(to..to, moved);
            Some(())
        }
        HeadingLevel => {
            let at = pick(&document.body, chance, &|node| matches!(node, Node::Heading(it) if it.level > 1))?;
            let Node::Heading(heading) = &mut document.body[at].node else { return None };
            heading.level = if heading.level == 2 { 3 } else { 2 };
            Some(())
        }
        Emphasis => {
            let is_strong = chance.below(2) == 0;
            wrap(any_line(document, chance)?, chance, &|word| match is_strong {
                true => Inline::Strong { content: vec![Inline::Text(word)] },
                false => Inline::Emphasis { content: vec![Inline::Text(word)] },
            })
        }
        Code => wrap(any_line(document, chance)?, chance, &Inline::Code),
        Status => {
            let tone = [Tone::Good, Tone::Caution, Tone::Bad, Tone::Neutral][chance.below(4)];
            put_in(any_line(document, chance)?, Inline::Status { tone, text: Text::literal("open") }, chance)
        }
        Link => wrap(any_line(document, chance)?, chance, &|word| Inline::Link {
            url: "https://standards.example/a?b=1&c=2".into(),
            content: vec![Inline::Text(word)],
        }),
        Change::Reference => {
            let at = pick(&document.body, chance, &is_heading)?;
            let Node::Heading(heading) = &document.body[at].node else { return None };
            let reference = Reference {
                document: None,
                label: Some(heading.id.clone()),
                text: format!("section {}", heading.number),
                field: (!heading.number.is_empty()).then(|| heading.number.clone()),
            };
            put_in(any_line(document, chance)?, Inline::Reference(reference), chance)
        }
        AddFootnote => {
            let number = document.footnotes.keys().max().copied().unwrap_or_default() + 1;
            document.footnotes.insert(number, vec![text(chance.sentence())]);
            put_in(line(document, Where::Paragraph, chance)?, Inline::Footnote { number }, chance)
        }
        DropFootnote => take_out(document, &|inline| matches!(inline, Inline::Footnote { .. })),
        FootnoteWords => {
            let count = document.footnotes.len();
            let picked = document.footnotes.values_mut().nth(chance.below(count))?;
            reworded(picked, chance)
        }
        AddField => {
            let kind = [FieldKind::Text, FieldKind::Date, FieldKind::Choice, FieldKind::Checkbox][chance.below(4)];
            let choices = if kind == FieldKind::Choice { vec!["yes".into(), "no".into()] } else { Vec::new() };
            let field = Field { name: "field-that-was-added".into(), label: "fill in".into(), kind, choices };
            put_in(any_line(document, chance)?, Inline::Field(field), chance)
        }
        DropField => take_out(document, &|inline| matches!(inline, Inline::Field(_))),
        LineBreak => put_in(any_line(document, chance)?, Inline::LineBreak, chance),
        AddCode => {
            let at = chance.below(document.body.len() + 1);
            let text = Text::literal("first line\n  second line\n\nlast");
            document.body.insert(at, block(Node::CodeBlock { text }));
            Some(())
        }
        CodeLines => {
            with_block(document, chance, &|node| matches!(node, Node::CodeBlock { .. }), &mut |blocks, at, _| {
                let Node::CodeBlock { text } = &mut blocks[at].node else { return None };
                text.text.push_str("\none more line");
                Some(())
            })
        }
        Quote => {
            let at = chance.below(document.body.len() + 1);
            let body = vec![paragraph(chance.sentence())];
            document.body.insert(at, block(Node::BlockQuote { body }));
            Some(())
        }
        Definition => with_block(
            document,
            chance,
            &|node| matches!(node, Node::DefinitionList { .. }),
            &mut |blocks, at, chance| {
                let Node::DefinitionList { items } = &mut blocks[at].node else { return None };
                if chance.below(2) == 0 && items.len() > 1 {
                    items.remove(chance.below(items.len()));
                } else {
                    let body = vec![paragraph(chance.sentence())];
                    let item = folio::model::Definition { term: vec![text(chance.word())], body };
                    items.insert(chance.below(items.len() + 1), item);
                }
                Some(())
            },
        ),
        Title => {
            document.control.title.text.push_str(" and more");
            Some(())
        }
        Number => {
            document.control.number.text.push('9');
            document.control.version = Version::Number(Text::literal("1.4"));
            Some(())
        }
        History => {
            let revision = Revision {
                version: Text::literal("1.3"),
                date: Some(folio::model::Day { date: "2026-11-20".parse().ok()?, from: Vec::new() }),
                author: Text::literal("Ada Byrne"),
                change: Text::literal(chance.sentence()),
            };
            document.control.history.insert(0, revision);
            if chance.below(2) == 0 {
                document.control.history.truncate(1);
            }
            Some(())
        }
        Owner => {
            document.control.owner.role.text = "head of quality".into();
            document.control.owner.name = Some(Text::literal("Ada Byrne"));
            Some(())
        }
        Issued => {
            let is_draft = document.control.state == State::Draft;
            document.control.state = if is_draft { State::Issued } else { State::Draft };
            document.control.version = Version::Number(Text::literal("2.0"));
            Some(())
        }
        Classification => {
            document.control.classification = Level { id: "secret".into(), label: Text::literal("Strictly secret") };
            Some(())
        }
        Organisation => {
            document.control.organisation.text = "Merged Holdings plc".into();
            document.control.organisation_short.text = "Merged".into();
            Some(())
        }
        Landscape => {
            if let Some(at) = pick(&document.body, chance, &|node| matches!(node, Node::Landscape { .. })) {
                let Node::Landscape { body } = document.body.remove(at).node else { return None };
                document.body.splice(at..at, body);
                return Some(());
            }
            let at = pick(&document.body, chance, &is_table)?;
            let inner = document.body.remove(at);
            document.body.insert(at, block(Node::Landscape { body: vec![inner] }));
            Some(())
        }
        PageBreak => {
            if let Some(at) = pick(&document.body, chance, &|node| matches!(node, Node::PageBreak)) {
                document.body.remove(at);
                return Some(());
            }
            let at = 1 + chance.below(document.body.len());
            if at >= document.body.len() || matches!(document.body[at].node, Node::Landscape { .. }) {
                return None;
            }
            document.body.insert(at, block(Node::PageBreak));
            Some(())
        }
        SignOff => {
            if let Some(at) = pick(&document.body, chance, &|node| matches!(node, Node::SignOff { .. })) {
                document.body.remove(at);
                return Some(());
            }
            let signatories = vec![document.control.owner.clone(), document.control.approver.clone()];
            document.body.push(block(Node::SignOff { signatories }));
            Some(())
        }
        Many => {
            let mut done = 0;
            for _ in 0..12 {
                let kind = KINDS[chance.below(KINDS.len() - 3)];
                let mut tried = document.clone();
                if apply(&mut tried, kind, chance).is_some() {
                    repair(&mut tried);
                    *document = tried;
                    done += 1;
                }
            }
            (done > 3).then_some(())
        }
        Rewritten => {
            for place in [Where::Paragraph, Where::Item, Where::Cell, Where::Heading] {
                let mut found = Vec::new();
                lines(&mut document.body, place, false, &mut found);
                for content in found {
                    if chance.below(3) > 0 {
                        reworded(content, chance)?;
                    }
                }
            }
            Some(())
        }
        Emptied => {
            let first = document.body.first()?.clone();
            document.body = vec![first, paragraph(chance.sentence())];
            Some(())
        }
    }
}

/// Numbers, labels and notes put right, as the stages before would have it.
fn repair(document: &mut Document) {
    let (mut counts, mut tables, mut figures) = ([0_u32; 7], 0, 0);
    let mut labels: Vec<String> = Vec::new();
    number(&mut document.body, &mut counts, &mut tables, &mut figures, &mut labels);
    let mut order: Vec<u32> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for place in
        [Where::Paragraph, Where::Item, Where::Cell, Where::HeaderCell, Where::Heading, Where::Caption, Where::Term]
    {
        let mut found = Vec::new();
        lines(&mut document.body, place, false, &mut found);
        for content in found {
            mend(content, &labels, &mut order, &mut names);
        }
    }
    document.footnotes.retain(|number, _| order.contains(number));
}

fn mend(content: &mut Content, labels: &[String], order: &mut Vec<u32>, names: &mut Vec<String>) {
    content.retain(|inline| match inline {
        Inline::Footnote { number } => !order.contains(number),
        Inline::Field(field) => !names.contains(&field.name),
        _ => true,
    });
    for inline in content {
        match inline {
            Inline::Reference(reference) => {
                let is_here = reference.document.is_none();
                if is_here && reference.label.as_ref().is_some_and(|label| !labels.contains(label)) {
                    (reference.label, reference.field) = (None, None);
                }
            }
            Inline::Footnote { number } => order.push(*number),
            Inline::Field(field) => names.push(field.name.clone()),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                mend(content, labels, order, names);
            }
            _ => {}
        }
    }
}

fn number(blocks: &mut Blocks, counts: &mut [u32; 7], tables: &mut u32, figures: &mut u32, labels: &mut Vec<String>) {
    for block in blocks {
        match &mut block.node {
            Node::Heading(heading) => {
                while labels.contains(&heading.id) {
                    heading.id.push_str("-again");
                }
                labels.push(heading.id.clone());
                let level = usize::from(heading.level.clamp(1, 6));
                counts[level] += 1;
                counts[level + 1..].fill(0);
                let numbers: Vec<String> = counts[1..=level].iter().map(u32::to_string).collect();
                heading.number = numbers.join(".");
            }
            Node::Table(table) => {
                if table.id.as_ref().is_some_and(|id| labels.contains(id)) {
                    table.id = None;
                }
                labels.extend(table.id.clone());
                table.number = table.caption.is_some().then(|| {
                    *tables += 1;
                    *tables
                });
            }
            Node::Figure(figure) => {
                if figure.id.as_ref().is_some_and(|id| labels.contains(id)) {
                    figure.id = None;
                }
                labels.extend(figure.id.clone());
                figure.number = figure.caption.is_some().then(|| {
                    *figures += 1;
                    *figures
                });
            }
            Node::List(list) => list.items.iter_mut().for_each(|item| number(item, counts, tables, figures, labels)),
            Node::DefinitionList { items } => {
                items.iter_mut().for_each(|item| number(&mut item.body, counts, tables, figures, labels));
            }
            Node::Callout(callout) => number(&mut callout.body, counts, tables, figures, labels),
            Node::BlockQuote { body } | Node::Landscape { body } => number(body, counts, tables, figures, labels),
            _ => {}
        }
    }
}
