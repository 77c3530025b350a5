//! Two versions of a document as one that shows both: the new one, with the words that it alone has marked, and those that
//! the old one alone has put where they stood. It is there to be looked at, and no version of the document.

use std::mem::{Discriminant, discriminant};

use super::columns;
use crate::align::{self, Line, Piece, Step};
use crate::model::{self, Block, Definition, Document, Inline, Mark, Node, Origin, Reference, Row, Table, Text};
use crate::strings::{Said, Strings};

type B = Block<Reference>;
pub(super) type I = Inline<Reference>;

/// How the ids of sections begin that the engine itself puts at the end of drafts.
const OWN: &str = "folio-";

/// How the ids of headings begin that the old version alone has.
pub(super) const GONE: &str = "gone:";

/// How the names of charts begin that the old version alone has.
const DRAWN: &str = "before:";

/// Both versions in one document.
pub(super) fn merged(old: &Document, new: &Document, strings: &Strings) -> Document {
    let mut footnotes = new.footnotes.clone();
    // Where some came or went, the numbers of the others do not tell which they were.
    if old.footnotes.len() == new.footnotes.len() {
        for (number, note) in &mut footnotes {
            if let Some(was) = old.footnotes.get(number) {
                *note = line(was, note);
            }
        }
    }
    let (before, _) = old.body.split_at(own(&old.body));
    let (after, engine) = new.body.split_at(own(&new.body));
    let mut body = blocks(before, after);
    body.extend_from_slice(engine);
    if !are_in_order(&body) {
        body.iter_mut().for_each(lower);
    }
    label(&mut body, strings);
    Document { footnotes, body, ..new.clone() }
}

/// Whether no heading stands more than one level below the one before it: what went may have stood elsewhere.
fn are_in_order(body: &[B]) -> bool {
    let mut above = 0;
    model::walk(body).into_iter().all(|block| match &block.node {
        Node::Heading(heading) => {
            let is_in_order = heading.level <= above + 1;
            above = heading.level;
            is_in_order
        }
        _ => true,
    })
}

/// Makes a line in bold of a heading that went.
fn lower(block: &mut B) {
    match &mut block.node {
        Node::Heading(heading) if heading.id.starts_with(GONE) => {
            let content = std::mem::take(&mut heading.content);
            block.node = Node::Paragraph { content: vec![Inline::Strong { content }] };
        }
        Node::Landscape { body } => body.iter_mut().for_each(lower),
        _ => {}
    }
}

/// Says of two pictures after one another which is which.
fn label(body: &mut Vec<B>, strings: &Strings) {
    let is_gone = |block: &B| matches!(&block.node, Node::Figure(figure) if figure.image.starts_with(DRAWN));
    let is_figure = |block: &B| matches!(block.node, Node::Figure(_));
    let word = |said| {
        let word = strings.language.capitalise(strings.said(said));
        paragraph(vec![Inline::Strong { content: vec![Inline::Text(Text::literal(format!("{word}:")))] }])
    };
    let mut found = Vec::with_capacity(body.len());
    for mut block in body.drain(..) {
        if let Node::Landscape { body } = &mut block.node {
            label(body, strings);
        }
        match found.last() {
            Some(before) if is_gone(before) && is_figure(&block) && !is_gone(&block) => {
                found.insert(found.len() - 1, word(Said::Before));
                found.extend([word(Said::After), block]);
            }
            _ => found.push(block),
        }
    }
    *body = found;
}

/// Where the engine's own sections begin.
fn own(body: &[B]) -> usize {
    let is_own = |block: &B| matches!(&block.node, Node::Heading(heading) if heading.id.starts_with(OWN));
    body.iter().position(is_own).unwrap_or(body.len())
}

/// What is aligned: what it is known by, and what it says.
pub(super) type Known = (String, String);

pub(super) fn steps(old: &[Known], new: &[Known]) -> Vec<Step> {
    let (old, new): (Vec<Line<'_>>, Vec<Line<'_>>) = (
        old.iter().map(|(key, text)| Line { key, text }).collect(),
        new.iter().map(|(key, text)| Line { key, text }).collect(),
    );
    align::lines(&old, &new)
}

fn blocks(old: &[B], new: &[B]) -> Vec<B> {
    let known = |list: &[B]| list.iter().map(|block| (key(block), said(block))).collect::<Vec<_>>();
    let mut found = Vec::new();
    for step in steps(&known(old), &known(new)) {
        match step {
            Step::Both(a, b) if kind(&old[a]) == kind(&new[b]) => both(&old[a], &new[b], &mut found),
            Step::Both(a, b) => {
                marked(&old[a], Mark::Removed, &mut found);
                marked(&new[b], Mark::Added, &mut found);
            }
            Step::Old(a) => marked(&old[a], Mark::Removed, &mut found),
            Step::New(b) => marked(&new[b], Mark::Added, &mut found),
        }
    }
    found
}

fn kind(block: &B) -> Discriminant<Node<Reference>> {
    discriminant(&block.node)
}

fn key(block: &B) -> String {
    block.label().map(str::to_owned).unwrap_or_default()
}

/// The words of a block and of those in it.
fn said(block: &B) -> String {
    let mut text = String::new();
    for inner in model::walk(std::slice::from_ref(block)) {
        inner.lines().into_iter().for_each(|line| text.push_str(&format!("{}\n", flat(line))));
        match &inner.node {
            Node::CodeBlock { text: code } => text.push_str(&code.text),
            Node::Figure(figure) => text.push_str(&figure.alt),
            Node::SignOff { signatories } => text.push_str(&signing(signatories)),
            _ => {}
        }
    }
    text
}

fn signing(parties: &[model::Party]) -> String {
    let one = |party: &model::Party| match &party.name {
        Some(name) => format!("{}, {}", name.text, party.role.text),
        None => party.role.text.clone(),
    };
    parties.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn paragraph(content: Vec<I>) -> B {
    Block { node: Node::Paragraph { content }, origin: Origin::default() }
}

fn words(text: impl Into<String>, mark: Mark) -> I {
    Inline::Text(Text { mark: Some(mark), ..Text::literal(text) })
}

/// Two blocks of one kind that belong together.
fn both(old: &B, new: &B, found: &mut Vec<B>) {
    let node = match (&old.node, &new.node) {
        (Node::Heading(was), Node::Heading(is)) => {
            Node::Heading(model::Heading { content: line(&was.content, &is.content), ..is.clone() })
        }
        (Node::Paragraph { content: was }, Node::Paragraph { content: is }) => {
            Node::Paragraph { content: line(was, is) }
        }
        (Node::List(was), Node::List(is)) => {
            let items = items(&was.items, &is.items);
            Node::List(model::List { items, ..is.clone() })
        }
        (Node::DefinitionList { items: was }, Node::DefinitionList { items: is }) => {
            Node::DefinitionList { items: definitions(was, is) }
        }
        (Node::Table(was), Node::Table(is)) => Node::Table(columns::table(was, is)),
        (Node::Callout(was), Node::Callout(is)) => {
            if was.title != is.title {
                let title =
                    |title: &Option<String>| vec![Inline::Text(Text::literal(title.clone().unwrap_or_default()))];
                found.push(paragraph(line(&title(&was.title), &title(&is.title))));
            }
            Node::Callout(model::Callout { body: blocks(&was.body, &is.body), ..is.clone() })
        }
        (Node::BlockQuote { body: was }, Node::BlockQuote { body: is }) => Node::BlockQuote { body: blocks(was, is) },
        (Node::Landscape { body: was }, Node::Landscape { body: is }) => Node::Landscape { body: blocks(was, is) },
        (Node::CodeBlock { text: was }, Node::CodeBlock { text: is }) if was.text != is.text => {
            let content = |text: &Text| vec![Inline::Text(Text::literal(text.text.clone()))];
            Node::Paragraph { content: line(&content(was), &content(is)) }
        }
        (Node::Figure(was), Node::Figure(is)) if was.alt == is.alt && was.chart == is.chart => {
            let caption = match (&was.caption, &is.caption) {
                (Some(was), Some(is)) => Some(line(was, is)),
                (_, is) => is.clone(),
            };
            Node::Figure(model::Figure { caption, ..is.clone() })
        }
        (was, is) if was == is => is.clone(),
        (Node::Figure(was), Node::Figure(is)) if was.chart.is_some() => {
            found.push(Block { node: Node::Figure(drawn(was)), origin: old.origin.clone() });
            let caption = match (&was.caption, &is.caption) {
                (Some(was), Some(is)) => Some(line(was, is)),
                (_, is) => is.clone(),
            };
            Node::Figure(model::Figure { caption, ..is.clone() })
        }
        (Node::PageBreak, _) => Node::PageBreak,
        (Node::SignOff { .. } | Node::Figure(_), _) => {
            marked(old, Mark::Removed, found);
            marked(new, Mark::Added, found);
            return;
        }
        (_, is) => is.clone(),
    };
    found.push(Block { node, origin: new.origin.clone() });
}

fn items(old: &[Vec<B>], new: &[Vec<B>]) -> Vec<Vec<B>> {
    let known = |list: &[Vec<B>]| -> Vec<Known> {
        list.iter().map(|item| (String::new(), item.iter().map(said).collect())).collect()
    };
    let all = |item: &[B], mark| {
        let mut found = Vec::new();
        item.iter().for_each(|block| marked(block, mark, &mut found));
        found
    };
    let one = |step| match step {
        Step::Both(a, b) => blocks(&old[a], &new[b]),
        Step::Old(a) => all(&old[a], Mark::Removed),
        Step::New(b) => all(&new[b], Mark::Added),
    };
    steps(&known(old), &known(new)).into_iter().map(one).collect()
}

fn definitions(old: &[Definition<Reference>], new: &[Definition<Reference>]) -> Vec<Definition<Reference>> {
    let known = |list: &[Definition<Reference>]| -> Vec<Known> {
        let text = |item: &Definition<Reference>| item.body.iter().map(said).collect::<String>();
        list.iter().map(|item| (flat(&item.term), text(item))).collect()
    };
    let all = |item: &Definition<Reference>, mark| {
        let mut body = Vec::new();
        item.body.iter().for_each(|block| marked(block, mark, &mut body));
        Definition { term: painted(&item.term, mark), body }
    };
    let one = |step| match step {
        Step::Both(a, b) => {
            Definition { term: line(&old[a].term, &new[b].term), body: blocks(&old[a].body, &new[b].body) }
        }
        Step::Old(a) => all(&old[a], Mark::Removed),
        Step::New(b) => all(&new[b], Mark::Added),
    };
    steps(&known(old), &known(new)).into_iter().map(one).collect()
}

pub(super) fn row(row: &Row<Reference>, mark: Mark) -> Row<Reference> {
    Row { cells: row.cells.iter().map(|cell| painted(cell, mark)).collect(), ..row.clone() }
}

/// A block that one version alone has. What the old one had can be led to no more, and takes no number.
fn marked(block: &B, mark: Mark, found: &mut Vec<B>) {
    let is_new = mark == Mark::Added;
    let inner = |body: &[B]| {
        let mut found = Vec::new();
        body.iter().for_each(|block| marked(block, mark, &mut found));
        found
    };
    let node = match &block.node {
        Node::Heading(heading) if is_new => {
            Node::Heading(model::Heading { content: painted(&heading.content, mark), ..heading.clone() })
        }
        // It has no number of the new version, but a line in the contents.
        Node::Heading(heading) => {
            let text = format!("{} {}", heading.number, flat(&heading.content));
            let (id, number) = (format!("{GONE}{}", heading.id), String::new());
            Node::Heading(model::Heading { id, number, content: vec![words(text.trim(), mark)], ..heading.clone() })
        }
        Node::Paragraph { content } => Node::Paragraph { content: painted(content, mark) },
        Node::List(list) => {
            Node::List(model::List { items: list.items.iter().map(|item| inner(item)).collect(), ..list.clone() })
        }
        Node::DefinitionList { items } => {
            let all =
                |item: &Definition<Reference>| Definition { term: painted(&item.term, mark), body: inner(&item.body) };
            Node::DefinitionList { items: items.iter().map(all).collect() }
        }
        Node::Table(table) => {
            let cells = |cells: &[Vec<I>]| cells.iter().map(|cell| painted(cell, mark)).collect();
            let mut shown = Table {
                header: cells(&table.header),
                rows: table.rows.iter().map(|one| row(one, mark)).collect(),
                caption: table.caption.as_ref().map(|caption| painted(caption, mark)),
                ..table.clone()
            };
            if !is_new {
                found.extend(shown.caption.take().map(paragraph));
                (shown.id, shown.number) = (None, None);
            }
            Node::Table(shown)
        }
        Node::Figure(figure) => {
            let caption = figure.caption.as_ref().map(|caption| flat(caption));
            found.push(paragraph(vec![words(caption.unwrap_or_else(|| figure.alt.clone()), mark)]));
            match (is_new, &figure.chart) {
                (true, _) => Node::Figure(figure.clone()),
                // A picture of the old version may be there no more.
                (false, None) => return,
                (false, Some(_)) => Node::Figure(drawn(figure)),
            }
        }
        Node::Callout(callout) => {
            found.extend(callout.title.as_ref().map(|title| paragraph(vec![words(title, mark)])));
            Node::Callout(model::Callout { body: inner(&callout.body), ..callout.clone() })
        }
        Node::CodeBlock { text } => Node::Paragraph { content: vec![words(&text.text, mark)] },
        Node::BlockQuote { body } => Node::BlockQuote { body: inner(body) },
        Node::SignOff { signatories } => {
            found.push(paragraph(vec![words(signing(signatories), mark)]));
            if !is_new {
                return;
            }
            block.node.clone()
        }
        Node::Landscape { body } if is_new => Node::Landscape { body: inner(body) },
        Node::Landscape { body } => {
            found.extend(inner(body));
            return;
        }
        Node::PageBreak if is_new => Node::PageBreak,
        Node::PageBreak => return,
    };
    found.push(Block { node, origin: block.origin.clone() });
}

/// A chart of the old version: it takes no number, and its caption stands beside it.
fn drawn(figure: &model::Figure<Reference>) -> model::Figure<Reference> {
    let image = format!("{DRAWN}{}", figure.image);
    model::Figure { id: None, number: None, caption: None, image, ..figure.clone() }
}

/// The characters of a line, without its marks for footnotes and its places to fill in.
pub(super) fn flat(content: &[I]) -> String {
    let mut text = String::new();
    for inline in content {
        match inline {
            Inline::Text(it) | Inline::Code(it) | Inline::Unrecorded(it) | Inline::Status { text: it, .. } => {
                text.push_str(&it.text);
            }
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                text.push_str(&flat(content));
            }
            Inline::Reference(reference) => text.push_str(&reference.text),
            Inline::LineBreak => text.push('\n'),
            Inline::Field(_) | Inline::Footnote { .. } => {}
        }
    }
    text
}

/// A line that one version alone has.
pub(super) fn painted(content: &[I], mark: Mark) -> Vec<I> {
    let with = |text: &Text| Text { mark: Some(mark), ..text.clone() };
    let one = |inline: &I| {
        Some(match inline {
            Inline::Text(text) if text.text.is_empty() => return None,
            Inline::Text(text) => Inline::Text(with(text)),
            Inline::Code(text) => Inline::Code(with(text)),
            Inline::Unrecorded(text) => Inline::Unrecorded(with(text)),
            Inline::Status { tone, text } => Inline::Status { tone: *tone, text: with(text) },
            Inline::Strong { content } => Inline::Strong { content: painted(content, mark) },
            Inline::Emphasis { content } => Inline::Emphasis { content: painted(content, mark) },
            Inline::Link { url, content } => Inline::Link { url: url.clone(), content: painted(content, mark) },
            Inline::Reference(reference) => words(&reference.text, mark),
            Inline::Footnote { .. } if mark == Mark::Removed => return None,
            Inline::Field(field) if mark == Mark::Removed => words(&field.label, mark),
            Inline::Footnote { .. } | Inline::Field(_) | Inline::LineBreak => inline.clone(),
        })
    };
    joined(content.iter().filter_map(one).collect())
}

/// Neighbours of one mark as one, so that there is one sign around them.
fn joined(content: Vec<I>) -> Vec<I> {
    let mut found: Vec<I> = Vec::with_capacity(content.len());
    for inline in content {
        match (found.last_mut(), &inline) {
            (Some(Inline::Text(last)), Inline::Text(text)) if last.mark.is_some() && last.mark == text.mark => {
                last.text.push_str(&text.text);
                last.proposed |= text.proposed;
            }
            _ => found.push(inline),
        }
    }
    found
}

/// A line of both versions.
pub(super) fn line(old: &[I], new: &[I]) -> Vec<I> {
    let (before, after) = (flat(old), flat(new));
    if before == after {
        return if looks(old) == looks(new) { new.to_vec() } else { turned(old, new) };
    }
    let mut both = Both { added: Vec::new(), removed: Vec::new(), at: 0 };
    let mut at = 0;
    for piece in align::phrases(&before, &after) {
        match piece {
            Piece::Kept(text) => at += text.len(),
            Piece::Added(text) => {
                both.added.push((at, at + text.len()));
                at += text.len();
            }
            Piece::Removed(text) => both.removed.push((at, text.to_owned())),
        }
    }
    both.removed.reverse();
    let mut found = both.walk(new);
    both.gone(usize::MAX, &mut found);
    joined(found)
}

/// What the words of a line do not tell: what is bold, a link, a state, and from where to where.
fn looks(content: &[I]) -> Vec<(usize, usize, String)> {
    fn look(content: &[I], at: &mut usize, found: &mut Vec<(usize, usize, String)>) {
        for inline in content {
            let (begin, length) = (*at, flat(std::slice::from_ref(inline)).len());
            let name = match inline {
                Inline::Text(_) | Inline::LineBreak | Inline::Reference(_) | Inline::Footnote { .. } => None,
                Inline::Field(field) => Some(format!("{:?} {}", field.kind, field.label)),
                Inline::Code(_) => Some("code".to_owned()),
                Inline::Unrecorded(_) => Some("unrecorded".to_owned()),
                Inline::Status { tone, .. } => Some(format!("{tone:?}")),
                Inline::Strong { content } => {
                    look(content, &mut begin.clone(), found);
                    Some("strong".to_owned())
                }
                Inline::Emphasis { content } => {
                    look(content, &mut begin.clone(), found);
                    Some("emphasis".to_owned())
                }
                Inline::Link { url, content } => {
                    look(content, &mut begin.clone(), found);
                    Some(url.clone())
                }
            };
            *at = begin + length;
            found.extend(name.map(|name| (begin, *at, name)));
        }
    }
    let mut found = Vec::new();
    look(content, &mut 0, &mut found);
    found
}

/// A line with the same words of another form: the part that differs, as it was and as it is.
fn turned(old: &[I], new: &[I]) -> Vec<I> {
    let alike = |(a, b): &(&I, &I)| {
        let [a, b] = [*a, *b].map(std::slice::from_ref);
        flat(a) == flat(b) && looks(a) == looks(b)
    };
    let head = old.iter().zip(new).take_while(alike).count();
    let (a, b) = (&old[head..], &new[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(alike).count();
    let mut found = new[..head].to_vec();
    found.extend(painted(&a[..a.len() - tail], Mark::Removed));
    found.extend(painted(&b[..b.len() - tail], Mark::Added));
    found.extend_from_slice(&b[b.len() - tail..]);
    found
}

/// The way through a line of the new version, with what the old one had.
struct Both {
    /// Where characters stand that the new version alone has, in bytes.
    added: Vec<(usize, usize)>,
    /// What the old version had, and before which byte of the new one; the first last.
    removed: Vec<(usize, String)>,
    at: usize,
}

impl Both {
    /// Puts down what the old version had up to a place.
    fn gone(&mut self, until: usize, found: &mut Vec<I>) {
        while let Some((_, text)) = self.removed.pop_if(|(at, _)| *at <= until) {
            found.push(words(text, Mark::Removed));
        }
    }

    fn is_added(&self, from: usize, to: usize) -> bool {
        self.added.iter().any(|(begin, end)| *begin < to && from < *end)
    }

    /// What a text that is shown as a whole is marked with.
    fn whole(&mut self, text: &str, found: &mut Vec<I>) -> Option<Mark> {
        self.gone(self.at, found);
        let (from, to) = (self.at, self.at + text.len());
        self.at = to;
        self.is_added(from, to).then_some(Mark::Added)
    }

    fn walk(&mut self, content: &[I]) -> Vec<I> {
        let mut found = Vec::with_capacity(content.len());
        for inline in content {
            match inline {
                Inline::Text(text) => self.text(text, &mut found),
                Inline::Code(text) => {
                    let mark = self.whole(&text.text, &mut found);
                    found.push(Inline::Code(Text { mark, ..text.clone() }));
                }
                Inline::Unrecorded(text) => {
                    let mark = self.whole(&text.text, &mut found);
                    found.push(Inline::Unrecorded(Text { mark, ..text.clone() }));
                }
                Inline::Status { tone, text } => {
                    let mark = self.whole(&text.text, &mut found);
                    found.push(Inline::Status { tone: *tone, text: Text { mark, ..text.clone() } });
                }
                Inline::Reference(reference) => {
                    let mark = self.whole(&reference.text, &mut found);
                    found.push(match mark {
                        Some(mark) => words(&reference.text, mark),
                        None => inline.clone(),
                    });
                }
                Inline::LineBreak => {
                    self.whole("\n", &mut found);
                    found.push(Inline::LineBreak);
                }
                Inline::Strong { content } => {
                    let content = self.inner(content, &mut found);
                    found.push(Inline::Strong { content });
                }
                Inline::Emphasis { content } => {
                    let content = self.inner(content, &mut found);
                    found.push(Inline::Emphasis { content });
                }
                Inline::Link { url, content } => {
                    let content = self.inner(content, &mut found);
                    found.push(Inline::Link { url: url.clone(), content });
                }
                Inline::Field(_) | Inline::Footnote { .. } => found.push(inline.clone()),
            }
        }
        found
    }

    fn inner(&mut self, content: &[I], found: &mut Vec<I>) -> Vec<I> {
        self.gone(self.at, found);
        joined(self.walk(content))
    }

    /// A text, in the pieces that are marked alike.
    fn text(&mut self, text: &Text, found: &mut Vec<I>) {
        let begin = self.at;
        let end = begin + text.text.len();
        while self.at < end {
            self.gone(self.at, found);
            let edges = self.added.iter().flat_map(|(from, to)| [*from, *to]);
            let edges = edges.chain(self.removed.last().map(|(at, _)| *at));
            let next = edges.filter(|edge| *edge > self.at).min().unwrap_or(end).min(end);
            let mark = self.is_added(self.at, next).then_some(Mark::Added);
            let part = text.text.get(self.at - begin..next - begin).unwrap_or_default();
            let proposed = text.proposed && next == end;
            found.push(Inline::Text(Text { text: part.to_owned(), mark, proposed, ..text.clone() }));
            self.at = next;
        }
    }
}
