//! The outline of a YAML text: where each part begins and ends, in bytes. Aliases stay aliases.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, StrInput, StructureStyle};

use super::Stuck;

/// A YAML text, its parts and its comments.
pub(super) struct Outline {
    pub(super) root: Part,
    pub(super) comments: Vec<Range<usize>>,
}

/// A part of a YAML text.
#[derive(Debug)]
pub(super) struct Part {
    /// Where it stands, without its anchor; of a block scalar from its header on.
    pub(super) range: Range<usize>,
    /// The number of its anchor; 0 for none.
    pub(super) anchor: usize,
    pub(super) node: Node,
}

#[derive(Debug)]
pub(super) enum Node {
    Scalar(ScalarStyle),
    Alias(usize),
    List { flow: bool, items: Vec<Part> },
    Map { flow: bool, entries: Vec<Entry> },
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Part,
    pub(super) name: String,
    pub(super) value: Part,
}

impl Part {
    /// Whether an alias stands in it.
    pub(super) fn has_alias(&self) -> bool {
        match &self.node {
            Node::Scalar(_) => false,
            Node::Alias(_) => true,
            Node::List { items, .. } => items.iter().any(Part::has_alias),
            Node::Map { entries, .. } => entries.iter().any(|entry| entry.value.has_alias()),
        }
    }
}

impl Outline {
    /// Reads a text that is known to be YAML.
    pub(super) fn read(text: &str) -> Result<Outline, Stuck> {
        let mut reader = Reader { text, events: Parser::new_from_str(text), comments: Vec::new(), end: 0 };
        loop {
            match reader.next()? {
                (Event::StreamStart | Event::DocumentStart(..), _) => {}
                (event, range) => {
                    let root = reader.part(&event, range)?;
                    while !matches!(reader.next()?.0, Event::StreamEnd) {}
                    return Ok(Outline { root, comments: reader.comments });
                }
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    events: Parser<'t, StrInput<'t>>,
    comments: Vec<Range<usize>>,
    /// The end of the last part that was read.
    end: usize,
}

impl<'t> Reader<'t> {
    fn stuck(&self) -> Stuck {
        Stuck { problem: "this cannot be read".into(), at: self.end }
    }

    fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Stuck> {
        loop {
            let (event, span) = match self.events.next() {
                Some(Ok(next)) => next,
                Some(Err(_)) => return Err(self.stuck()),
                None => return Ok((Event::StreamEnd, self.text.len()..self.text.len())),
            };
            let bytes = span.start.byte_offset().zip(span.end.byte_offset());
            let (start, end) = bytes.ok_or_else(|| self.stuck())?;
            match event {
                Event::Comment(..) => self.comments.push(start..start + self.text[start..end].trim_end().len()),
                event => return Ok((event, start..end)),
            }
        }
    }

    fn part(&mut self, event: &Event<'t>, range: Range<usize>) -> Result<Part, Stuck> {
        match event {
            Event::Scalar(_, style, anchor, _) => {
                let range = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => self.block_scalar(&range),
                    _ => range,
                };
                self.end = range.end;
                Ok(Part { range, anchor: *anchor, node: Node::Scalar(*style) })
            }
            Event::Alias(anchor) => {
                self.end = range.end;
                Ok(Part { range, anchor: 0, node: Node::Alias(*anchor) })
            }
            Event::SequenceStart(style, anchor, _) => {
                let flow = *style == StructureStyle::Flow;
                self.end = range.start + usize::from(flow);
                let mut items = Vec::new();
                let last = loop {
                    let (event, inner) = self.next()?;
                    if event == Event::SequenceEnd {
                        break inner;
                    }
                    items.push(self.part(&event, inner)?);
                };
                // A list no deeper than its key is said to begin behind its first dash.
                let is_behind = !flow && !self.text[range.start..].starts_with('-');
                let dash = self.text[..range.start].rfind('-').filter(|_| is_behind);
                let range = dash.unwrap_or(range.start)..self.container_end(flow, &last);
                Ok(Part { range, anchor: *anchor, node: Node::List { flow, items } })
            }
            Event::MappingStart(style, anchor, _) => {
                let flow = *style == StructureStyle::Flow;
                self.end = range.start + usize::from(flow);
                let mut entries = Vec::new();
                let last = loop {
                    let (event, inner) = self.next()?;
                    if event == Event::MappingEnd {
                        break inner;
                    }
                    let name = match &event {
                        Event::Scalar(text, ..) => text.to_string(),
                        _ => return Err(self.stuck()),
                    };
                    let key = self.part(&event, inner)?;
                    let (event, inner) = self.next()?;
                    let value = self.part(&event, inner)?;
                    entries.push(Entry { key, name, value });
                };
                let range = range.start..self.container_end(flow, &last);
                Ok(Part { range, anchor: *anchor, node: Node::Map { flow, entries } })
            }
            _ => Err(self.stuck()),
        }
    }

    /// A flow container ends with its bracket, one in a block with the line on which its last part ends: a comment there
    /// speaks of it.
    fn container_end(&mut self, flow: bool, last: &Range<usize>) -> usize {
        self.end = if flow { last.end } else { line_end(self.text, self.end) };
        self.end
    }

    /// A block scalar from its header to its last character: the parser gives its lines alone.
    fn block_scalar(&self, lines: &Range<usize>) -> Range<usize> {
        let mut at = self.end;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(at).filter(|byte| !matches!(byte, b'|' | b'>')) {
            // An anchor or a tag is passed over whole: it may hold the sign.
            let is_property = matches!(byte, b'&' | b'!');
            at += 1;
            while is_property && bytes.get(at).is_some_and(|byte| !byte.is_ascii_whitespace()) {
                at += 1;
            }
        }
        let header = line_end(self.text, at.min(lines.start));
        let content = self.text[..lines.end].trim_end().len();
        at.min(lines.start)..header.max(content)
    }
}

/// The end of the line that a byte stands on, before its break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}
