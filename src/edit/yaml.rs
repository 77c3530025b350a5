//! Changes put into a YAML text: comments, order, quotes and indentation of everything else stay.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::ScalarStyle;
use serde_json::Value as Json;

use super::outline::{Entry, Node, Outline, Part, line_end};
use super::{Change, Field, Piece, Stuck, line_break};
use crate::diagnostic::Sink;
use crate::yaml;

/// The key that merges other maps into one (<https://yaml.org/type/merge.html>).
const MERGE: &str = "<<";

/// The longest new group that stands on one line.
const MAX_LINE: usize = 90;

/// A text whose value was `old`, changed. What it then says is read back and compared.
///
/// # Errors
/// When the change cannot be made in place, as where an alias stands for what goes.
pub fn apply(text: &str, old: &Json, change: &Change) -> Result<String, Stuck> {
    if *change == Change::Keep {
        return Ok(text.to_owned());
    }
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let outline = Outline::read(body)?;
    let mut writer =
        Writer { text: body, comments: &outline.comments, line_break: line_break(body), anchors: BTreeMap::new() };
    let root = &outline.root.range;
    let new = writer.part(&outline.root, old, change)?;
    let new = format!("{}{new}{}", &body[..root.start], &body[root.end..]);
    let mut sink = Sink::new();
    let read = yaml::read_str("", &new.replace("\r\n", "\n"), &mut sink);
    if read.map(|located| located.to_json()) != change.applied(old) {
        let line = sink.iter().find_map(|problem| problem.excerpt.clone());
        let line = line.map(|line| format!(", for `{}`", line.trim())).unwrap_or_default();
        return Err(Stuck { problem: format!("an anchor or alias stands in the way{line}"), at: 0 });
    }
    Ok(format!("{}{new}", &text[..text.len() - body.len()]))
}

/// A value on one line: plain texts where nothing can be misread, else quoted as in JSON, which YAML 1.2 contains.
pub fn flow(value: &Json) -> String {
    match value {
        Json::String(text) => scalar(text),
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{}: {}", scalar(key), flow(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Json::Null => "~".to_owned(),
        other => other.to_string(),
    }
}

fn scalar(text: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "._/@^-".contains(c);
    let path = text.trim_start_matches("../");
    let begins_well = path.starts_with(|c: char| c.is_ascii_alphanumeric());
    // What YAML 1.1 takes for a truth value is quoted too, for the sake of other programs.
    let is_word = !["yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    if begins_well && is_word && text.chars().all(is_safe) && yaml::is_text(text) {
        text.to_owned()
    } else {
        Json::from(text).to_string()
    }
}

/// Whether a group would make one line too long.
fn is_long(value: &Json) -> bool {
    value.as_object().is_some_and(|fields| fields.len() > 1) && flow(value).len() > MAX_LINE
}

/// An item or entry of a container as it will be.
struct Out {
    /// Which one it was.
    from: Option<usize>,
    text: String,
}

struct Writer<'t> {
    text: &'t str,
    comments: &'t [Range<usize>],
    line_break: &'static str,
    /// What became of the value behind each anchor.
    anchors: BTreeMap<usize, Change>,
}

impl Writer<'_> {
    fn part(&mut self, part: &Part, old: &Json, change: &Change) -> Result<String, Stuck> {
        if part.anchor != 0 {
            self.anchors.insert(part.anchor, change.clone());
        }
        match (&part.node, change) {
            (Node::Alias(anchor), _) => {
                let is_same = self.anchors.get(anchor).unwrap_or(&Change::Keep) == change;
                let own = || change.applied(old).map(|value| flow(&value)).unwrap_or_default();
                Ok(if is_same { self.text[part.range.clone()].to_owned() } else { own() })
            }
            (_, Change::Keep) if !part.has_alias() => Ok(self.text[part.range.clone()].to_owned()),
            (_, Change::Become(new)) => Ok(self.replaced(part, new)),
            (Node::List { items, .. }, Change::Keep) => {
                let pieces: Vec<Piece> =
                    (0..items.len()).map(|at| Piece { from: Some(at), change: Change::Keep }).collect();
                self.list(part, old, &pieces)
            }
            (Node::List { .. }, Change::List(pieces)) => self.list(part, old, pieces),
            (Node::Map { .. }, Change::Keep) => self.map(part, old, &[]),
            (Node::Map { .. }, Change::Map(fields)) => self.map(part, old, fields),
            _ => Err(Stuck { problem: "this is not the kind of value that changes".into(), at: part.range.start }),
        }
    }

    /// A new value, quoted as the old one, followed by the comments that stood in the old one.
    fn replaced(&self, part: &Part, new: &Json) -> String {
        let mut text = match (&part.node, new) {
            (Node::Scalar(ScalarStyle::DoubleQuoted), Json::String(_)) => new.to_string(),
            (Node::Scalar(ScalarStyle::SingleQuoted), Json::String(text)) if !text.contains('\n') => {
                format!("'{}'", text.replace('\'', "''"))
            }
            _ => flow(new),
        };
        self.comments_in(part.range.clone()).for_each(|comment| text += &format!(" {comment}"));
        text
    }

    fn list(&mut self, part: &Part, old: &Json, pieces: &[Piece]) -> Result<String, Stuck> {
        let Node::List { flow: is_flow, items } = &part.node else { return Ok(String::new()) };
        let slots = self.slots(part, *is_flow, items.iter().map(|item| (&item.range, &item.range)));
        let marker = if *is_flow { "" } else { "- " };
        let mut outs = Vec::new();
        for piece in in_place(pieces) {
            let text = match (piece.from.and_then(|at| Some((at, items.get(at)?))), &piece.change) {
                (_, Change::Remove) => continue,
                (Some((at, item)), change) => {
                    let inner = self.part(item, &old[at], change)?;
                    let (before, after) = (slots[at].start..item.range.start, item.range.end..slots[at].end);
                    format!("{}{inner}{}", &self.text[before], &self.text[after])
                }
                (None, Change::Become(new)) => format!("{marker}{}", flow(new)),
                (None, _) => continue,
            };
            outs.push(Out { from: piece.from, text });
        }
        if outs.is_empty() && !items.is_empty() {
            return Ok(self.replaced(part, &Json::Array(Vec::new())));
        }
        Ok(if *is_flow { self.flow_container(part, &slots, outs) } else { self.block_container(part, &slots, outs) })
    }

    fn map(&mut self, part: &Part, old: &Json, fields: &[Field]) -> Result<String, Stuck> {
        let Node::Map { flow: is_flow, entries } = &part.node else { return Ok(String::new()) };
        let slots = self.slots(part, *is_flow, entries.iter().map(|entry| (&entry.key.range, &entry.value.range)));
        let mut outs = Vec::new();
        let mut inherited: Vec<Field> = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            let known = fields.iter().find(|field| field.key == entry.name);
            let kept = Field::new(entry.name.clone(), Change::Keep);
            let field = known.unwrap_or(&kept);
            if field.change == Change::Remove {
                continue;
            }
            if let (MERGE, Node::Alias(anchor)) = (entry.name.as_str(), &entry.value.node) {
                if let Some(Change::Map(fields)) = self.anchors.get(anchor) {
                    inherited.extend(fields.iter().cloned());
                }
                outs.push(Out { from: Some(at), text: self.text[slots[at].clone()].to_owned() });
                continue;
            }
            let text = match self.begun(entry, &slots[at], &old[entry.name.as_str()], field).filter(|_| !is_flow) {
                Some(text) => text,
                None => self.entry(entry, &slots[at], &old[entry.name.as_str()], field)?,
            };
            outs.push(Out { from: Some(at), text });
        }
        // What is not written here comes through a merge: it follows what became of it there, or is written out.
        let is_here = |key: &str| entries.iter().any(|entry| entry.name == key);
        let elsewhere = old.as_object().into_iter().flatten().map(|(key, _)| key).filter(|key| !is_here(key));
        let added = fields.iter().map(|field| &field.key).filter(|key| !is_here(key) && old.get(key).is_none());
        for key in elsewhere.chain(added) {
            let of = |fields: &[Field]| {
                let field = fields.iter().find(|field| field.key == *key);
                field.map_or(Change::Keep, |field| field.change.clone())
            };
            let wanted = of(fields);
            if wanted != of(&inherited)
                && let Some(value) = wanted.applied(&old[key.as_str()])
            {
                outs.push(Out { from: None, text: self.added(part, *is_flow, key, &value) });
            }
        }
        if outs.is_empty() && !entries.is_empty() {
            return Ok(self.replaced(part, &Json::Object(serde_json::Map::new())));
        }
        Ok(if *is_flow { self.flow_container(part, &slots, outs) } else { self.block_container(part, &slots, outs) })
    }

    /// A group in braces, such as `{}`, that gets more entries than one line holds: each has a line of its own then.
    fn begun(&self, entry: &Entry, slot: &Range<usize>, old: &Json, field: &Field) -> Option<String> {
        let (Node::Map { flow: true, entries }, Change::Map(added)) = (&entry.value.node, &field.change) else {
            return None;
        };
        let is_plain = entry.value.anchor == 0 && !entry.value.has_alias() && field.key == field.name;
        let is_line = !self.text[entry.key.range.end..entry.value.range.end].contains('\n');
        if !is_plain || !is_line || added.iter().any(|field| old.get(&field.key).is_some()) {
            return None;
        }
        let value = field.change.applied(&Json::Object(serde_json::Map::new()))?;
        let fields = value.as_object().filter(|_| field.change.applied(old).is_some_and(|all| is_long(&all)))?;
        let before = &self.text[slot.start..entry.key.range.end];
        // What stands on its line, such as a comment, stays there.
        let tail = &self.text[entry.value.range.end..slot.end];
        let rest = tail.trim_end_matches(['\r', '\n']);
        let indent = self.indent(entry.key.range.start);
        let known = entries.iter().map(|own| &self.text[own.key.range.start..own.value.range.end]);
        let known: String = known.map(|own| format!("{}{indent}  {own}", self.line_break)).collect();
        let lines = self.lines(fields, &indent);
        Some(format!("{before}:{rest}{known}{lines}{}", &tail[rest.len()..]))
    }

    /// A group that takes the place of a value in a block and makes its line too long: each entry has a line of its own.
    fn grown(
        &self,
        entry: &Entry,
        slot: &Range<usize>,
        fields: &serde_json::Map<String, Json>,
        name: &str,
    ) -> Option<String> {
        let begin = self.text[..entry.key.range.start].rfind('\n').map_or(0, |at| at + 1);
        let is_block = self.text[begin..entry.key.range.start].chars().all(|c| c == ' ');
        if !is_block || entry.value.anchor != 0 || !is_long(&Json::Object(fields.clone())) {
            return None;
        }
        let before = &self.text[slot.start..entry.key.range.start];
        let tail = &self.text[entry.value.range.end..slot.end];
        let rest = tail.trim_end_matches(['\r', '\n']);
        let comments: String =
            self.comments_in(entry.key.range.end..entry.value.range.end).map(|comment| format!(" {comment}")).collect();
        let lines = self.lines(fields, &self.indent(entry.key.range.start));
        Some(format!("{before}{name}:{comments}{rest}{lines}{}", &tail[rest.len()..]))
    }

    /// The entries of a group below its key, each on a line of its own, and those of long groups in it below theirs.
    fn lines(&self, fields: &serde_json::Map<String, Json>, indent: &str) -> String {
        let indent = format!("{indent}  ");
        let line = |(key, value): (&String, &Json)| match value.as_object().filter(|_| is_long(value)) {
            Some(fields) => format!("{}{indent}{}:{}", self.line_break, scalar(key), self.lines(fields, &indent)),
            None => format!("{}{indent}{}: {}", self.line_break, scalar(key), flow(value)),
        };
        fields.iter().map(line).collect()
    }

    /// A new entry: in a block, the rows of a list and the entries of a long group each on a line of its own.
    fn added(&self, part: &Part, is_flow: bool, key: &str, value: &Json) -> String {
        if let Some(fields) = value.as_object().filter(|_| !is_flow && is_long(value)) {
            let indent = self.indent(part.range.start);
            let space = if indent.is_empty() { self.line_break } else { "" };
            return format!("{space}{}:{}", scalar(key), self.lines(fields, &indent));
        }
        let rows = value.as_array().filter(|items| !is_flow && items.iter().any(Json::is_object));
        let Some(rows) = rows else { return format!("{}: {}", scalar(key), flow(value)) };
        let indent = self.indent(part.range.start);
        let row = |row: &Json| format!("{}{indent}  - {}", self.line_break, flow(row));
        let space = if indent.is_empty() { self.line_break } else { "" };
        format!("{space}{}:{}", scalar(key), rows.iter().map(row).collect::<String>())
    }

    fn entry(&mut self, entry: &Entry, slot: &Range<usize>, old: &Json, field: &Field) -> Result<String, Stuck> {
        let Entry { key, value, .. } = entry;
        let name = match field.name == field.key {
            true => self.text[key.range.clone()].to_owned(),
            false => self.replaced(key, &Json::from(field.name.as_str())),
        };
        if let Change::Become(Json::Object(fields)) = &field.change
            && let Some(text) = self.grown(entry, slot, fields, &name)
        {
            return Ok(text);
        }
        let new = self.part(value, old, &field.change)?;
        let between = &self.text[key.range.end..value.range.start];
        let before = &self.text[slot.start..key.range.start];
        let tail = &self.text[value.range.end..slot.end];
        // A value that began on a line of its own now stands behind its key.
        let is_one_line = matches!(field.change, Change::Become(_)) || new.starts_with("[]") || new.starts_with("{}");
        if is_one_line && between.contains('\n') {
            let comments: String =
                self.comments_in(key.range.end..value.range.start).map(|comment| format!(" {comment}")).collect();
            return Ok(format!("{before}{name}: {new}{comments}{tail}"));
        }
        Ok(format!("{before}{name}{between}{new}{tail}"))
    }

    /// Where each item begins, with its dash or anchor, and where it ends; in a block with the rest of its last line.
    fn slots<'p>(
        &self,
        part: &Part,
        is_flow: bool,
        items: impl Iterator<Item = (&'p Range<usize>, &'p Range<usize>)>,
    ) -> Vec<Range<usize>> {
        let mut slots: Vec<Range<usize>> = Vec::new();
        for (first, last) in items {
            let start = match slots.last() {
                None => self.token(part.range.start + usize::from(is_flow)),
                Some(before) if is_flow => self.token(self.token(before.end) + 1),
                Some(before) => self.token(before.end),
            };
            // An empty value has its place before the colon.
            let colon = self.token(first.end);
            let has_colon = first != last && self.text[colon..].starts_with(':');
            let end = if has_colon { last.end.max(colon + 1) } else { last.end };
            let end = if is_flow { end } else { line_end(self.text, end) };
            slots.push(start.min(first.start)..end);
        }
        slots
    }

    /// The next byte that is neither white space nor comment.
    fn token(&self, from: usize) -> usize {
        let mut at = from;
        loop {
            let rest = &self.text[at..];
            at += rest.len() - rest.trim_start().len();
            match self.comments.iter().find(|comment| comment.start == at) {
                Some(comment) => at = comment.end,
                None => return at,
            }
        }
    }

    fn comments_in(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        let inside = move |comment: &&Range<usize>| range.start <= comment.start && comment.end <= range.end;
        self.comments.iter().filter(inside).map(|comment| &self.text[comment.clone()])
    }

    /// The indentation of what begins at a byte.
    fn indent(&self, at: usize) -> String {
        let line = self.text[..at].rfind('\n').map_or(0, |before| before + 1);
        " ".repeat(self.text[line..at].chars().count())
    }

    fn flow_container(&self, part: &Part, slots: &[Range<usize>], outs: Vec<Out>) -> String {
        let Some((first, last)) = slots.first().zip(slots.last()) else {
            let (open, close) = self.text[part.range.clone()].split_at(1);
            let items: Vec<String> = outs.into_iter().map(|out| out.text).collect();
            return format!("{open}{}{close}", items.join(", "));
        };
        let indent = self.indent(first.start);
        let mut text = self.text[part.range.start..first.start].to_owned();
        let mut cursor = first.start; // The end of the last old item that was put in.
        let mut before: Option<usize> = None;
        for (count, Out { from, text: item }) in outs.into_iter().enumerate() {
            let follows = from.zip(before).is_some_and(|(at, before)| at == before + 1);
            match from {
                Some(at) if follows && count > 0 => text += &self.text[slots[at - 1].end..slots[at].start],
                _ => {
                    text += if count > 0 { ", " } else { "" };
                    let skipped = from.map_or(cursor, |at| slots[at].start);
                    for comment in self.comments_in(cursor..skipped) {
                        let space = if text.ends_with(' ') { "" } else { " " };
                        text += &format!("{space}{comment}{}{indent}", self.line_break);
                    }
                }
            }
            text += &item;
            if let Some(at) = from {
                cursor = slots[at].end;
                before = Some(at);
            } else {
                before = None;
            }
        }
        for comment in self.comments_in(cursor..last.end) {
            text += &format!(" {comment}{}{indent}", self.line_break);
        }
        text + &self.text[last.end..part.range.end]
    }

    fn block_container(&self, part: &Part, slots: &[Range<usize>], outs: Vec<Out>) -> String {
        let indent = self.indent(part.range.start);
        let line = |text: &str| format!("{}{indent}{text}", self.line_break);
        let mut text = String::new();
        let mut outs = outs.into_iter().peekable();
        // Comments of what goes before anything was written: a line cannot begin with them, for it has begun.
        let mut held: Vec<&str> = Vec::new();
        let put = |text: &mut String, held: &mut Vec<&str>, before: Option<&str>, item: &str| {
            match before {
                _ if text.is_empty() => {}
                Some(gap) => *text += gap,
                None => *text += &line(""),
            }
            *text += item;
            held.drain(..).for_each(|comment| *text += &line(comment));
        };
        while let Some(out) = outs.next_if(|out| out.from.is_none()) {
            put(&mut text, &mut held, None, &out.text);
        }
        for (at, slot) in slots.iter().enumerate() {
            let gap = slots[at.saturating_sub(1)].end.min(slot.start)..slot.start;
            let gap = if at == 0 { slot.start..slot.start } else { gap };
            match outs.next_if(|out| out.from == Some(at)) {
                Some(out) => {
                    if text.is_empty() {
                        held.extend(self.comments_in(gap.clone()));
                    }
                    let before = (at > 0).then(|| &self.text[gap]);
                    put(&mut text, &mut held, before, &out.text);
                }
                None => {
                    for comment in self.comments_in(gap.start..slot.end) {
                        match text.is_empty() {
                            true => held.push(comment),
                            false => text += &line(comment),
                        }
                    }
                }
            }
            while let Some(out) = outs.next_if(|out| out.from.is_none()) {
                put(&mut text, &mut held, None, &out.text);
            }
        }
        text
    }
}

/// Pieces in the order in which they stand in the text; a new one stays behind the one that it follows.
fn in_place(pieces: &[Piece]) -> Vec<&Piece> {
    let mut last = 0;
    let mut placed: Vec<(usize, &Piece)> = Vec::new();
    for piece in pieces {
        last = piece.from.map_or(last, |at| at + 1);
        placed.push((last, piece));
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, piece)| piece).collect()
}

#[cfg(test)]
mod tests;
