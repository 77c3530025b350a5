//! One YAML text laid over another, key by key, with the comments of both.

use std::ops::Range;

use serde_json::Value as Json;

use super::outline::{Entry, Node, Outline, Part, line_end};
use super::{Change, Field, Stuck, line_break, yaml};
use crate::diagnostic::Sink;

/// A text with another laid over it: maps are joined key by key, every other value takes the place of the one below, and
/// `null` takes a key away. Both keep their comments and order, the upper one's where both have some; what is new stands
/// behind what was there. A text that leaves nothing of the one below is taken as it is. What it then says is read back and
/// compared.
///
/// # Errors
/// When one of them is not a map of keys, or an anchor of one stands where the other changes something.
pub fn lay_over(below: &str, over: &str) -> Result<String, Stuck> {
    let (below, over) = (plain(below), plain(over));
    if over.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(below);
    }
    let (old, new) = (value(&below)?, value(&over)?);
    let Some(change) = change(&old, &new) else {
        return Err(Stuck { problem: "both must be maps of keys".into(), at: 0 });
    };
    let wanted = change.applied(&old);
    if wanted.as_ref() == Some(&new) {
        return Ok(over); // Nothing is left of what is below.
    }
    let joined = joined(&below, &over, &old, &new)?;
    if value(&joined).ok() == wanted {
        return Ok(joined);
    }
    // An anchor, or a value that cannot stand where it was put: values alone are laid over.
    yaml::apply(&below, &old, &change)
}

/// A text with the line breaks of Unix, without byte order mark, ended by a line break.
fn plain(text: &str) -> String {
    let mut text = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n");
    if !text.is_empty() && !text.ends_with(line_break(&text)) {
        text.push('\n');
    }
    text
}

fn value(text: &str) -> Result<Json, Stuck> {
    let located = crate::yaml::read_str("", text, &mut Sink::new());
    located.map(|located| located.to_json()).ok_or_else(|| Stuck { problem: "this cannot be read".into(), at: 0 })
}

/// What becomes of a value when another is laid over it; nothing, when one of them is no map.
fn change(old: &Json, new: &Json) -> Option<Change> {
    let (old, new) = (old.as_object()?, new.as_object()?);
    let fields = new.iter().map(|(key, new)| {
        let own = match old.get(key) {
            Some(old) if old == new => Change::Keep,
            Some(old) => change(old, new).unwrap_or_else(|| become_(new)),
            None => become_(new),
        };
        Field::new(key.clone(), own)
    });
    Some(Change::Map(fields.filter(|field| field.change != Change::Keep).collect()))
}

fn become_(new: &Json) -> Change {
    match without_nulls(new) {
        Json::Null => Change::Remove,
        new => Change::Become(new),
    }
}

/// A value that is laid over nothing: what it takes away is not there.
fn without_nulls(value: &Json) -> Json {
    match value {
        Json::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect()
        }
        other => other.clone(),
    }
}

/// What takes the place of a stretch of the lower text.
type Edit = (Range<usize>, String);

fn joined(below: &str, over: &str, old: &Json, new: &Json) -> Result<String, Stuck> {
    let (lower, upper) = (Outline::read(below)?, Outline::read(over)?);
    let mut edits = Vec::new();
    let mut join = Join { below, over, edits: &mut edits };
    join.maps(&lower.root, &upper.root, old, new);
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut text = String::new();
    let mut at = 0;
    for (range, put) in edits {
        text.push_str(below.get(at..range.start).unwrap_or_default());
        text.push_str(&put);
        at = at.max(range.end);
    }
    text.push_str(&below[at..]);
    Ok(text)
}

struct Join<'t> {
    below: &'t str,
    over: &'t str,
    edits: &'t mut Vec<Edit>,
}

impl Join<'_> {
    fn maps(&mut self, lower: &Part, upper: &Part, old: &Json, new: &Json) {
        let (Some(below), Node::Map { flow, entries: over }) = (entries(lower), &upper.node) else { return };
        let Some((first, last)) = below.first().zip(below.last()) else { return };
        let indent = column(self.below, first.key.range.start);
        let mut added = String::new();
        for entry in over {
            let (before, after) = (&old[entry.name.as_str()], &new[entry.name.as_str()]);
            match below.iter().find(|known| known.name == entry.name) {
                // The words of the upper text speak of its values, also where these are the same.
                Some(known) if before == after && !can_be_joined(known, entry) => {
                    let own = lines(self.over, entry, true);
                    if !flow && self.over[own].contains('#') {
                        let has_comment = !comments(self.over, entry).is_empty();
                        let text = self.text(entry, after, false, indent);
                        self.edits.push((lines(self.below, known, has_comment), text));
                    }
                }
                Some(known) if after.is_null() => {
                    let lines = lines(self.below, known, true);
                    self.edits.push((lines, String::new()));
                }
                Some(known) if can_be_joined(known, entry) => {
                    self.maps(&known.value, &entry.value, before, after);
                }
                Some(known) => {
                    let has_comment = !comments(self.over, entry).is_empty() && !flow;
                    let whole = change(before, after).and_then(|change| change.applied(before));
                    let text = self.text(entry, whole.as_ref().unwrap_or(after), *flow || whole.is_some(), indent);
                    self.edits.push((lines(self.below, known, has_comment), text));
                }
                None if after.is_null() => {}
                None => added.push_str(&self.text(entry, after, *flow, indent)),
            }
        }
        if !added.is_empty() {
            let end = lines(self.below, last, false).end;
            self.edits.push((end..end, added));
        }
    }

    /// An entry of the upper text as it stands there, so far in. On a line of its own it is written anew: out of a map on
    /// one line, or when it takes something away.
    fn text(&self, entry: &Entry, value: &Json, anew: bool, indent: usize) -> String {
        let column = column(self.over, entry.key.range.start);
        let kept = without_nulls(value);
        if !anew && kept == *value {
            return shifted(&self.over[lines(self.over, entry, true)], column, indent);
        }
        let comments = &self.over[comments(self.over, entry)];
        let comments = if comments.is_empty() { String::new() } else { shifted(comments, column, indent) };
        let key = &self.over[entry.key.range.clone()];
        format!("{comments}{}{key}: {}\n", " ".repeat(indent), yaml::flow(&kept))
    }
}

/// The entries of a map whose keys stand on lines of their own.
fn entries(part: &Part) -> Option<&[Entry]> {
    match &part.node {
        Node::Map { flow: false, entries } if part.anchor == 0 => Some(entries),
        _ => None,
    }
}

/// Whether two entries hold maps of which the lower one has its keys on lines of their own.
fn can_be_joined(lower: &Entry, upper: &Entry) -> bool {
    let is_map = matches!(&upper.value.node, Node::Map { entries, .. } if !entries.is_empty());
    is_map && entries(&lower.value).is_some_and(|entries| !entries.is_empty())
}

/// The comments right above an entry that stands on a line of its own.
fn comments(text: &str, entry: &Entry) -> Range<usize> {
    let own = lines(text, entry, false);
    let before = text[own.start..entry.key.range.start].trim();
    if before.is_empty() { lines(text, entry, true).start..own.start } else { own.start..own.start }
}

/// The lines of an entry with their breaks, and with the comments right above it.
fn lines(text: &str, entry: &Entry, with_comments: bool) -> Range<usize> {
    let mut start = line_start(text, entry.key.range.start);
    while with_comments && start > 0 {
        let before = line_start(text, start - 1);
        if !text[before..start].trim_start().starts_with('#') {
            break;
        }
        start = before;
    }
    let end = line_end(text, entry.value.range.end.max(entry.key.range.end));
    start..text.len().min(end + 1)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |before| before + 1)
}

/// How many spaces stand before a key.
fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// Lines that stood so far in, moved.
fn shifted(lines: &str, from: usize, to: usize) -> String {
    let mut text = String::new();
    for line in lines.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        let spaces = line.len() - line.trim_start_matches(' ').len();
        let moved = (spaces + to).saturating_sub(from);
        text.push_str(&" ".repeat(if blank { 0 } else { moved }));
        text.push_str(if blank { line.trim_start_matches(' ') } else { &line[spaces..] });
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BELOW: &str = "# The profile.\nformat: 1\n\n# Who they are.\norganisation:\n  name: Sample # the full name\n  size: 3\n\n# Who works there.\npeople:\n  - id: ben # first\nroles: {}\n";

    #[test]
    fn keys_are_joined_and_both_keep_their_comments() {
        let over = "# The house's part.\nformat: 1\norganisation:\n    # as in the register\n    legal: Sample Ltd # with its form\n    size: 9\n# Colours of the house.\nbranding:\n    accent: \"#112233\"\n";
        let joined = lay_over(BELOW, over).unwrap();
        let wanted = "# The house's part.\nformat: 1\n\n# Who they are.\norganisation:\n  name: Sample # the full name\n  size: 9\n  # as in the register\n  legal: Sample Ltd # with its form\n\n# Who works there.\npeople:\n  - id: ben # first\nroles: {}\n# Colours of the house.\nbranding:\n    accent: \"#112233\"\n";
        assert_eq!(joined, wanted);
        assert_eq!(lay_over(BELOW, "").unwrap(), BELOW);
        assert_eq!(lay_over(BELOW, BELOW).unwrap(), BELOW);
    }

    #[test]
    fn a_text_that_says_everything_takes_the_place_of_the_other() {
        let over = BELOW.replace("# Who they are.", "# Wer sie sind.").replace("# The profile.", "# Das Profil.");
        assert_eq!(lay_over(BELOW, &over).unwrap(), over);
        let part = "organisation:\n  # Die Zahl.\n  size: 3 # Leute\n";
        let joined = lay_over(BELOW, part).unwrap();
        assert!(joined.contains("# the full name\n  # Die Zahl.\n  size: 3 # Leute\n"), "{joined}");
    }

    #[test]
    fn a_list_takes_the_place_of_the_list_and_null_takes_a_key_away() {
        let over = "organisation: {name: null, legal: Ltd}\npeople:\n# The house's own.\n- {id: ada}\n- {id: cy}\nroles: null\n";
        let joined = lay_over(BELOW, over).unwrap();
        assert_eq!(
            value(&joined).unwrap(),
            json!({"format": 1, "organisation": {"size": 3, "legal": "Ltd"}, "people": [{"id": "ada"}, {"id": "cy"}]})
        );
        assert!(joined.contains("# Who they are.") && joined.contains("# The house's own."), "{joined}");
    }

    #[test]
    fn whatever_stands_in_the_texts_the_values_are_joined() {
        let belows = [
            BELOW,
            "a: &x {b: 1}\nc: *x\n",
            "a:\n  b: |\n    two\n    lines\n  c: 1",
            "\u{FEFF}a:\r\n  b: 1\r\n",
            "a: {b: 1, c: {d: 2}}\n",
            "a:\n",
            "{a: 1}",
        ];
        let overs = [
            "a: {b: 2}\n",
            "a:\n      b: |\n        deep\n      e: 5\n",
            "a: &y [1]\nz: *y\n",
            "a:\n  c:\n    d: null\n    e: {f: null, g: 1}\n",
            "b: 'x\n  y'\n",
            "a: null",
        ];
        for below in belows {
            for over in overs {
                let (old, new) = (value(&plain(below)).unwrap(), value(over).unwrap());
                let wanted = change(&old, &new).unwrap().applied(&old).unwrap();
                match lay_over(below, over) {
                    Ok(joined) => assert_eq!(value(&joined).unwrap(), wanted, "{below:?} {over:?}: {joined}"),
                    Err(stuck) => assert!(below.contains('&'), "{below:?} {over:?}: {stuck:?}"),
                }
            }
        }
        assert!(lay_over("- 1\n", "a: 1\n").is_err() && lay_over("a: 1\n", "- 1\n").is_err());
        assert!(lay_over("a: [\n", "a: 1\n").is_err());
    }
}
