//! YAML as a located tree: every key and value keeps its file, line and column.
//!
//! YAML 1.2 (<https://yaml.org/spec/1.2.2/>), read from granit-parser's events and not through serde, which stops at the
//! first error. Scalars are typed by the core schema and no further: `007`, `no` and `1_000` are texts. Anchors and merge
//! keys keep the places of what they stand for, within bounds.

use std::collections::BTreeMap;

use ecow::EcoString;
use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value as Json};

use crate::characters::is_private;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Code, Diagnostic, Sink, Span};

/// The most nodes of a file once anchors are put in: more is a bomb.
const MAX_NODES: usize = 250_000;
/// The most bytes of a file, and of its keys and texts once anchors are put in.
const MAX_BYTES: usize = 8 << 20;
/// How deep a file may be nested.
const MAX_DEPTH: usize = 64;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub node: Node,
}

/// The kinds of value.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Nothing: an empty value, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a decimal point or exponent, and how it is written: `1.10` is no `1.1`.
    Float(f64, EcoString),
    /// A text.
    String(EcoString),
    /// A list.
    List(Vec<Located>),
    /// Keys and values, in order.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: EcoString,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Located,
}

impl Located {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Located> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The value at a path of keys and of places in lists, such as `fonts.fallback.0`.
    pub fn at(&self, path: &str) -> Option<&Located> {
        path.split('.').try_fold(self, |value, part| match part.parse::<usize>() {
            Ok(at) => value.list().get(at),
            Err(_) => value.get(part),
        })
    }

    /// The entries of a map; none when it is something else.
    pub fn entries(&self) -> &[Entry] {
        match &self.node {
            Node::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none when it is something else.
    pub fn list(&self) -> &[Located] {
        match &self.node {
            Node::List(items) => items,
            _ => &[],
        }
    }

    /// The items of the list at a key.
    pub fn items(&self, key: &str) -> &[Located] {
        self.get(key).map_or(&[], Located::list)
    }

    /// The texts of the list at a key, and where each stands.
    pub fn named(&self, key: &str) -> Vec<(String, Span)> {
        self.items(key).iter().filter_map(|item| Some((item.as_str()?.to_owned(), item.span.clone()))).collect()
    }

    /// The text, when it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.node {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text at a key.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// The value without its places.
    pub fn to_json(&self) -> Json {
        match &self.node {
            Node::Null => Json::Null,
            Node::Bool(flag) => Json::Bool(*flag),
            Node::Int(number) => Json::from(*number),
            Node::Float(number, _) => Json::from(*number),
            Node::String(text) => Json::from(text.as_str()),
            Node::List(items) => Json::Array(items.iter().map(Located::to_json).collect()),
            Node::Map(entries) => Json::Object(
                entries.iter().map(|entry| (entry.key.to_string(), entry.value.to_json())).collect::<Map<_, _>>(),
            ),
        }
    }

    /// This map without some of its keys.
    pub fn without(mut self, keys: &[&str]) -> Located {
        if let Node::Map(entries) = &mut self.node {
            entries.retain(|entry| !keys.contains(&entry.key.as_str()));
        }
        self
    }

    /// This tree with another laid over it: maps key by key, everything else whole.
    pub fn overlaid(&self, over: &Located) -> Located {
        self.laid(over, &|_, list| list.clone())
    }

    /// This tree with another laid over it: maps key by key, lists of maps with an `id` row by row, everything else
    /// whole.
    pub fn joined(&self, over: &Located) -> Located {
        self.laid(over, &|own, list| own.joined_list(list))
    }

    fn joined_list(&self, over: &Located) -> Located {
        if self.list().iter().chain(over.list()).any(|item| item.text("id").is_none()) {
            return over.clone();
        }
        let mut items = self.list().to_vec();
        let mut places: BTreeMap<Option<&str>, usize> =
            self.list().iter().map(|item| item.text("id")).zip(0..).collect();
        for item in over.list() {
            let place = *places.entry(item.text("id")).or_insert(items.len());
            match items.get_mut(place) {
                Some(known) => *known = known.joined(item),
                None => items.push(item.clone()),
            }
        }
        Located { span: self.span.clone(), node: Node::List(items) }
    }

    fn laid(&self, over: &Located, lists: &dyn Fn(&Located, &Located) -> Located) -> Located {
        let (entries, upper) = match (&self.node, &over.node) {
            (Node::Map(entries), Node::Map(upper)) => (entries, upper),
            (Node::List(_), Node::List(_)) => return lists(self, over),
            _ => return over.clone(),
        };
        let mut places: BTreeMap<&EcoString, usize> = entries.iter().map(|entry| &entry.key).zip(0..).collect();
        let mut entries = entries.clone();
        for entry in upper {
            let place = *places.entry(&entry.key).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(known) => {
                    known.value = known.value.laid(&entry.value, lists);
                    known.key_span = entry.key_span.clone();
                }
                None => entries.push(entry.clone()),
            }
        }
        Located { span: self.span.clone(), node: Node::Map(entries) }
    }
}

/// Reads a YAML text found in the file `name`. All duplicate keys and bad characters are reported, and the first
/// mistake of syntax; `None` when there was any.
pub fn read_str(name: &str, text: &str, sink: &mut Sink) -> Option<Located> {
    read_within(name, text, MAX_BYTES, sink)
}

/// Reads a YAML text as [`read_str`] does, of at most so many bytes, its aliases put in.
pub fn read_within(name: &str, text: &str, most: usize, sink: &mut Sink) -> Option<Located> {
    if text.len() > most {
        let message = format!("the YAML has {} KB; at most {} are read", text.len() >> 10, most >> 10);
        sink.push(
            Diagnostic::fault(&codes::YAML_BOMB, message).at(Span::text(name, 1, 1, 1)).help(codes::YAML_BOMB.fix),
        );
        return None;
    }
    let mut own = Sink::new();
    let mut reader = Reader {
        name: name.into(),
        text,
        events: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        size: Size::default(),
        most,
        sink: &mut own,
    };
    let root = reader.document();
    let failed = own.has_faults();
    sink.merge(own);
    root.filter(|_| !failed)
}

/// How much a tree holds: nodes, and the bytes of its keys and texts.
#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
}

impl Size {
    fn of(located: &Located) -> Size {
        let own = Size { nodes: 1, bytes: located.as_str().map_or(0, str::len) };
        let items = located.list().iter().fold(own, |size, item| size.with(Size::of(item)));
        located.entries().iter().fold(items, |size, entry| {
            size.with(Size { nodes: 0, bytes: entry.key.len() }).with(Size::of(&entry.value))
        })
    }

    fn with(self, other: Size) -> Size {
        Size { nodes: self.nodes.saturating_add(other.nodes), bytes: self.bytes.saturating_add(other.bytes) }
    }
}

struct Reader<'t> {
    name: EcoString,
    text: &'t str,
    events: Parser<'t, granit_parser::StrInput<'t>>,
    anchors: BTreeMap<usize, Located>,
    size: Size,
    /// The most bytes that the tree may hold.
    most: usize,
    sink: &'t mut Sink,
}

/// Reading stopped; the sink says why.
struct Stopped;

type Read<T> = Result<T, Stopped>;

impl<'t> Reader<'t> {
    fn document(&mut self) -> Option<Located> {
        let mut root = None;
        loop {
            let (event, span) = self.next().ok()?;
            match event {
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => {
                    let span = self.span(span);
                    self.report(&codes::YAML_SYNTAX, "a second document begins here; a file holds one".into(), span);
                    return None;
                }
                Event::DocumentStart(..) => {
                    let (event, span) = self.next().ok()?;
                    root = Some(self.node(event, span, 0).ok()?);
                }
                Event::StreamEnd => break,
                _ => {}
            }
        }
        if root.is_none() {
            let span = Span::file(self.name.clone());
            self.report(&codes::YAML_SYNTAX, "the file is empty".into(), span);
        }
        root
    }

    fn next(&mut self) -> Read<(Event<'t>, granit_parser::Span)> {
        loop {
            match self.events.next() {
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok(next)) => return Ok(next),
                None => return Ok((Event::StreamEnd, granit_parser::Span::default())),
                Some(Err(error)) => {
                    let (line, column) = (error.marker().line() as u32, error.marker().col() as u32 + 1);
                    let span = Span::text(self.name.clone(), line, column, 1);
                    let mut problem =
                        Diagnostic::fault(&codes::YAML_SYNTAX, format!("this is not YAML: {}", said(&error.info())))
                            .at(span)
                            .excerpt_from(self.text);
                    if problem.excerpt.as_ref().is_some_and(|line| line.contains('\t')) {
                        problem = problem.help("indent with spaces: YAML forbids tabs");
                    }
                    let lines = self.text.lines().skip((line as usize).saturating_sub(2)).take(2);
                    if lines.into_iter().any(begins_with_slot) {
                        problem = problem.help("put a text that begins with `{` into quotes");
                    }
                    let shown = self.text.lines().nth((line as usize).saturating_sub(1)).unwrap_or_default();
                    if let Some(way) = way_out(shown) {
                        problem = problem.help(way);
                    }
                    self.sink.push(problem);
                    return Err(Stopped);
                }
            }
        }
    }

    fn node(&mut self, event: Event<'t>, span: granit_parser::Span, depth: usize) -> Read<Located> {
        let bytes = if let Event::Scalar(text, ..) = &event { text.len() } else { 0 };
        self.count(Size { nodes: 1, bytes }, span)?;
        if depth > MAX_DEPTH {
            let span = self.span(span);
            self.report(&codes::YAML_BOMB, format!("values are nested deeper than {MAX_DEPTH}"), span);
            return Err(Stopped);
        }
        let (anchor, located) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                if let Some(tag) = tag {
                    let line = self.text.lines().nth(span.start.line().saturating_sub(1)).and_then(way_out);
                    let problem =
                        Diagnostic::fault(&codes::YAML_SYNTAX, format!("the tag `{tag}` has no meaning here"));
                    let (problem, text) = (problem.at(self.span(span)), self.text);
                    self.sink.push_with(problem, |problem| {
                        let problem = problem.excerpt_from(text);
                        line.into_iter().fold(problem, Diagnostic::help)
                    });
                }
                (anchor, self.scalar(&text, style, span))
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut items = Vec::new();
                loop {
                    let (event, inner) = self.next()?;
                    if event == Event::SequenceEnd {
                        break;
                    }
                    items.push(self.node(event, inner, depth + 1)?);
                }
                (anchor, Located { span: self.point(span), node: Node::List(items) })
            }
            Event::MappingStart(_, anchor, _) => {
                let entries = self.map(depth)?;
                (anchor, Located { span: self.point(span), node: Node::Map(entries) })
            }
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let Some(known) = known else {
                    let span = self.span(span);
                    self.report(&codes::YAML_SYNTAX, "this alias refers to itself".into(), span);
                    return Err(Stopped);
                };
                self.count(Size::of(&known), span)?;
                (0, known)
            }
            _ => {
                let span = self.span(span);
                self.report(&codes::YAML_SYNTAX, "a value is missing here".into(), span);
                return Err(Stopped);
            }
        };
        if anchor != 0 {
            // What is kept to be put in elsewhere takes room too: anchors inside one another would keep it many times.
            self.count(Size::of(&located), span)?;
            self.anchors.insert(anchor, located.clone());
        }
        Ok(located)
    }

    fn map(&mut self, depth: usize) -> Read<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut merged: Vec<Entry> = Vec::new();
        let mut known: BTreeMap<EcoString, usize> = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let key = match &event {
                Event::Scalar(text, ..) => EcoString::from(&**text),
                _ => {
                    let span = self.span(span);
                    self.report(&codes::YAML_SYNTAX, "a key is a text".into(), span);
                    return Err(Stopped);
                }
            };
            self.count(Size { nodes: 0, bytes: key.len() }, span)?;
            let key_span = self.span(span);
            let is_merge = key == "<<" && matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..));
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            if is_merge {
                let sources =
                    if matches!(value.node, Node::List(_)) { value.list() } else { std::slice::from_ref(&value) };
                for source in sources {
                    if !matches!(source.node, Node::Map(_)) {
                        self.report(&codes::YAML_SYNTAX, "`<<` merges maps".into(), key_span.clone());
                    }
                    merged.extend(source.entries().iter().cloned());
                }
                continue;
            }
            match known.get(&key).and_then(|at| entries.get(*at)) {
                Some(first) => {
                    let text = self.text;
                    let problem =
                        Diagnostic::fault(&codes::DUPLICATE_KEY, format!("the key `{key}` stands here a second time"))
                            .at(key_span)
                            .related(first.key_span.clone(), "the first time")
                            .help("delete one of the two");
                    self.sink.push_with(problem, |problem| problem.excerpt_from(text));
                }
                None => {
                    known.insert(key.clone(), entries.len());
                    entries.push(Entry { key, key_span, value });
                }
            }
        }
        for entry in merged {
            if known.insert(entry.key.clone(), entries.len()).is_none() {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: granit_parser::Span) -> Located {
        let place = self.span(span);
        if let Some(c) = text.chars().find(|c| is_private(*c) || (c.is_control() && !matches!(c, '\n' | '\t'))) {
            let kind = if is_private(c) { "private-use" } else { "control" };
            let message = format!("the {kind} character U+{:04X} stands in this value", u32::from(c));
            self.report(&codes::BAD_CHARACTER, message, place.clone());
        }
        let node = if style == ScalarStyle::Plain { plain(text) } else { Node::String(text.into()) };
        Located { span: place, node }
    }

    fn count(&mut self, size: Size, span: granit_parser::Span) -> Read<()> {
        self.size = self.size.with(size);
        let message = if self.size.nodes > MAX_NODES {
            format!("with its aliases put in, the file has more than {MAX_NODES} values")
        } else if self.size.bytes > self.most {
            format!("with its aliases put in, the file has more than {} KB of text", self.most >> 10)
        } else {
            return Ok(());
        };
        let span = self.span(span);
        self.report(&codes::YAML_BOMB, message, span);
        Err(Stopped)
    }

    fn report(&mut self, code: &'static Code, message: String, span: Span) {
        let text = self.text;
        self.sink.push_with(Diagnostic::fault(code, message).at(span), |problem| problem.excerpt_from(text));
    }

    fn span(&self, span: granit_parser::Span) -> Span {
        let one_line = span.start.line() == span.end.line();
        let length = if one_line { span.end.col().saturating_sub(span.start.col()) } else { 1 };
        Span::text(self.name.clone(), span.start.line() as u32, span.start.col() as u32 + 1, length.max(1) as u32)
    }

    /// The begin of a list or map, which has no length of its own.
    fn point(&self, span: granit_parser::Span) -> Span {
        Span { length: 1, ..self.span(span) }
    }
}

/// Whether a plain scalar of these characters is a text, and not a number, truth value or nothing.
pub(crate) fn is_text(text: &str) -> bool {
    matches!(plain(text), Node::String(_))
}

/// A plain scalar by the core schema (YAML 1.2.2, 10.3.2), less what people mean as text: octal and hexadecimal numbers,
/// leading zeros, infinities.
fn plain(text: &str) -> Node {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Node::Null,
        "true" | "True" | "TRUE" => return Node::Bool(true),
        "false" | "False" | "FALSE" => return Node::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let starts_as_number = digits.starts_with(|c: char| c.is_ascii_digit());
    let has_leading_zero = digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    if starts_as_number && !has_leading_zero {
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map_or_else(|_| Node::String(text.into()), Node::Int);
        }
        let is_float =
            digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte)) && !digits.ends_with('.');
        if let Some(number) = text.parse::<f64>().ok().filter(|number| is_float && number.is_finite()) {
            return Node::Float(number, text.into());
        }
    }
    Node::String(text.into())
}

/// What to write instead of a line whose text means something else in YAML than its author meant: the text in quotes, or a
/// blank behind the colon. Nothing of other lines.
pub(crate) fn way_out(line: &str) -> Option<String> {
    let mut value = line.trim();
    while let Some(rest) = value.strip_prefix("- ") {
        value = rest.trim_start();
    }
    let is_key = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let (key, text) = match value.split_once(": ") {
        Some((key, text)) if is_key(key) => (format!("{key}: "), text.trim()),
        _ => (String::new(), value),
    };
    if let Some((key, rest)) = text.split_once(':')
        && is_key(key)
        && !rest.is_empty()
        && !rest.starts_with([' ', '/'])
        && !rest.contains(": ")
    {
        return Some(format!("write a blank behind the colon: `{key}: {rest}`"));
    }
    let is_quoted = text.starts_with(['"', '\'']);
    let goes_on = is_quoted && text.len() > 1 && !text.ends_with(text.get(..1)?);
    let begins_oddly = text.starts_with(['@', '%', '`', '*', '&', '!', '|', '>', '?', '#', ',', ']', '}'])
        || text.starts_with("- ")
        || text.starts_with('[') && !text.ends_with(']')
        || text.starts_with('{') && !text.ends_with('}');
    let has_colon = !is_quoted && !text.starts_with(['[', '{']) && text.contains(": ");
    if text.chars().count() < 2 || text.len() > 200 || !(begins_oddly || goes_on || has_colon) {
        return None;
    }
    // In single quotes nothing means anything but a single quote, which stands twice.
    let quoted = match text.contains(['"', '\\']) {
        true => format!("'{}'", text.replace('\'', "''")),
        false => format!("\"{text}\""),
    };
    Some(format!("put the text into quotes: `{key}{quoted}`"))
}

/// Whether the value of a line begins with braces and goes on behind them, as `message: {name} is late` does.
fn begins_with_slot(line: &str) -> bool {
    let value = line.split_once(": ").map(|(_, value)| value.trim());
    let behind = value.and_then(|value| value.strip_prefix('{')?.split_once('}')).map(|(_, rest)| rest.trim_start());
    behind.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['#', ',', ']', '}']))
}

/// What the scanner stopped at, in our words. It speaks of tokens and contexts; what people get wrong is brackets, quotes,
/// colons and indentation.
fn said(info: &str) -> &'static str {
    const SAID: [(&[&str], &str); 17] = [
        (&["mapping values are not allowed"], "a second colon in this line; put a text that holds `: ` into quotes"),
        (&["unknown anchor"], "`*` refers to an anchor that nothing has; put a text that begins with `*` into quotes"),
        (&["anchor"], "an anchor or alias has no name; put a text that begins with `&` or `*` into quotes"),
        (&["tab"], "a tab stands where spaces are meant"),
        (
            &["EOF", "eof", "unclosed bracket", "flow sequence", "flow mapping"],
            "a `[` or `{` is not closed, or a comma is missing in it",
        ),
        (&["unclosed quote", "unexpected document indicator"], "a quote is not closed"),
        (&["trailing content after"], "something stands after a text in quotes; put all of it into the quotes"),
        (
            &["escape", "hexadecimal", "surrogate"],
            "a backslash in double quotes stands before a sign that means nothing after it; write `\\\\`, or use single quotes",
        ),
        (&["expected '-' indicator", "block sequence entries"], "a `-` does not stand under those of its list"),
        (
            &["did not find expected key", "simple key", "mapping keys", "invalid indentation"],
            "a key is not indented as those beside it, or has no colon",
        ),
        (&["block scalar"], "what follows `|` or `>` is not indented as a text"),
        (
            &["document start", "document end", "<stream-start>"],
            "something stands between two documents; a file has one",
        ),
        (&["directive", "TAG"], "a line that begins with `%` means nothing here"),
        (&["tag"], "a `!` is no sign of a text; put a text that begins with it into quotes"),
        (&["unexpected character", "node content"], "a sign that cannot begin a text; put the text into quotes"),
        (&["plain scalar"], "a text without quotes ends where it cannot; put it into quotes"),
        (&["utf-8", "encoding"], "it is not UTF-8"),
    ];
    let found = SAID.iter().find(|(signs, _)| signs.iter().any(|sign| info.contains(sign)));
    found.map_or("brackets, quotes, colons and indentation do not fit together here", |(_, said)| said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Located, Vec<String>> {
        let mut sink = Sink::new();
        let root = read_str("f.yaml", text, &mut sink);
        root.ok_or_else(|| sink.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect())
    }

    #[test]
    fn scalars_are_never_guessed() {
        let root = read(
            "a: 007\nb: no\nc: 1_000\nd: 0x1F\ne: 12:30:00\nf: 2026-01-02\ng: 1.0\nh: -3\ni: true\nj: \"1\"\nk: 1.\n",
        )
        .unwrap();
        let expected = serde_json::json!({"a": "007", "b": "no", "c": "1_000", "d": "0x1F", "e": "12:30:00", "f": "2026-01-02",
            "g": 1.0, "h": -3, "i": true, "j": "1", "k": "1."});
        assert_eq!(root.to_json(), expected);
    }

    #[test]
    fn slips_have_a_way_out() {
        let cases = [
            ("t: Head: IT", "put the text into quotes: `t: \"Head: IT\"`"),
            ("t: @home", "put the text into quotes: `t: \"@home\"`"),
            ("  - %20 off", "put the text into quotes: `\"%20 off\"`"),
            ("t: `code`", "put the text into quotes: `t: \"`code`\"`"),
            ("t: *all", "put the text into quotes: `t: \"*all\"`"),
            ("t: &co", "put the text into quotes: `t: \"&co\"`"),
            ("t: !urgent", "put the text into quotes: `t: \"!urgent\"`"),
            ("t: \"a\" and b", "put the text into quotes: `t: '\"a\" and b'`"),
            ("t: 'a' and \"b", "put the text into quotes: `t: '''a'' and \"b'`"),
            ("t: [draft] text", "put the text into quotes: `t: \"[draft] text\"`"),
            ("t: - a", "put the text into quotes: `t: \"- a\"`"),
            ("t: # one", "put the text into quotes: `t: \"# one\"`"),
            ("t: > 5", "put the text into quotes: `t: \"> 5\"`"),
            ("t:value", "write a blank behind the colon: `t: value`"),
        ];
        for (line, way) in cases {
            assert_eq!(way_out(line).as_deref(), Some(way), "{line}");
        }
        for line in ["t: plain", "t: \"a: b\"", "t: [a, b]", "t: |", "t:", "- a", "https://a.example", ""] {
            assert_eq!(way_out(line), None, "{line}");
        }
    }

    #[test]
    fn places_survive_anchors_and_merges() {
        let root = read("base: &b\n  x: 1\n  y: 2\nuse:\n  <<: *b\n  y: 3\nlist: [*b]\n").unwrap();
        assert_eq!(root.to_json()["use"], serde_json::json!({"y": 3, "x": 1}));
        assert_eq!(root.get("use").unwrap().get("x").unwrap().span, Span::text("f.yaml", 2, 6, 1));
    }

    #[test]
    fn a_tree_is_laid_over_another() {
        let (base, over) = (
            read("a: {x: 1, y: [1, 2]}\nrows:\n  - {id: p, n: 1}\n  - {id: q, n: 2}\n").unwrap(),
            read("a: {y: [3]}\nrows:\n  - {id: q, m: 5}\n  - {id: r}\n").unwrap(),
        );
        let rows = serde_json::json!([{"id": "p", "n": 1}, {"id": "q", "n": 2, "m": 5}, {"id": "r"}]);
        assert_eq!(base.joined(&over).to_json(), serde_json::json!({"a": {"x": 1, "y": [3]}, "rows": rows}));
        let rows = serde_json::json!([{"id": "q", "m": 5}, {"id": "r"}]);
        assert_eq!(base.overlaid(&over).to_json(), serde_json::json!({"a": {"x": 1, "y": [3]}, "rows": rows}));
    }

    #[test]
    fn every_duplicate_key_is_reported() {
        let problems = read("a: 1\na: 2\nb:\n  c: 1\n  c: 2\n").unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn bombs_end() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        assert!(read(&text).unwrap_err()[0].contains("more than"));
        assert!(read(&"[".repeat(10_000)).is_err());
        let text = format!("t: &t \"{}\"\nu: [{}]\n", "x".repeat(1_000_000), vec!["*t"; 4_000].join(", "));
        assert_eq!(read(&text).unwrap_err(), ["F203 with its aliases put in, the file has more than 8192 KB of text"]);
        let nested: String = (0..60).map(|level| format!("&a{level} [")).collect();
        let text = format!("{nested}{}{}", vec!["x"; 10_000].join(","), "]".repeat(60));
        assert!(read(&text).unwrap_err()[0].contains("more than"), "anchors in anchors");
    }
}
