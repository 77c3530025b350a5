//! What changed between two texts, word by word, near enough together to be read.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, DiffOp, TextDiff};

/// The lines shown before and after a change.
const CONTEXT: usize = 1;
/// What stays the same is shown up to so many characters before and after a change.
const AROUND: usize = 72;
/// Longer stretches are shown as removed and added whole: a text that was written anew has no words in common.
const MAX_BYTES: usize = 64 * 1024;

/// A stretch of text that differs, with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// The line of the old text on which it begins, from 1.
    pub line: u32,
    /// What stays, goes and comes, in order.
    pub pieces: Vec<Piece>,
}

/// Part of a stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that both have.
    Kept(String),
    /// Text that the old one alone has.
    Removed(String),
    /// Text that the new one alone has.
    Added(String),
}

/// Where two texts differ; nothing when they are the same.
pub fn diff(old: &str, new: &str) -> Vec<Hunk> {
    let lines = TextDiff::from_lines(old, new);
    let groups = lines.grouped_ops(CONTEXT);
    groups.iter().filter_map(|ops| hunk(ops, lines.old_slices(), lines.new_slices())).collect()
}

fn hunk(ops: &[DiffOp], old: &[&str], new: &[&str]) -> Option<Hunk> {
    let mut pieces = Vec::new();
    for op in ops {
        let (before, after) = (old[op.old_range()].concat(), new[op.new_range()].concat());
        match op {
            DiffOp::Equal { .. } => push(&mut pieces, Piece::Kept(before)),
            DiffOp::Delete { .. } => push(&mut pieces, Piece::Removed(before)),
            DiffOp::Insert { .. } => push(&mut pieces, Piece::Added(after)),
            DiffOp::Replace { .. } => words(&before, &after, &mut pieces),
        }
    }
    let line = ops.iter().find(|op| !matches!(op, DiffOp::Equal { .. }))?.old_range().start + 1;
    Some(Hunk { line: u32::try_from(line).unwrap_or(u32::MAX), pieces })
}

fn words(old: &str, new: &str, pieces: &mut Vec<Piece>) {
    if old.len() + new.len() > MAX_BYTES {
        push(pieces, Piece::Removed(old.to_owned()));
        push(pieces, Piece::Added(new.to_owned()));
        return;
    }
    let diff = TextDiff::from_words(old, new);
    for change in diff.iter_all_changes() {
        let text = change.value().to_owned();
        push(
            pieces,
            match change.tag() {
                ChangeTag::Equal => Piece::Kept(text),
                ChangeTag::Delete => Piece::Removed(text),
                ChangeTag::Insert => Piece::Added(text),
            },
        );
    }
}

/// Adds a piece, joined with the last one of its kind: a space between two changed words is part of the change.
fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.as_mut_slice(), piece) {
        ([.., Piece::Kept(text)], Piece::Kept(more))
        | ([.., Piece::Removed(text)], Piece::Removed(more))
        | ([.., Piece::Added(text)], Piece::Added(more)) => text.push_str(&more),
        ([.., Piece::Removed(_), Piece::Added(text)], Piece::Removed(more)) => {
            // Removed words before added ones, however they came.
            let added = std::mem::take(text);
            pieces.pop();
            push(pieces, Piece::Removed(more));
            pieces.push(Piece::Added(added));
        }
        (_, piece) => pieces.push(piece),
    }
}

/// The stretches as text: `[-what goes-]{+what comes+}`, also in colour.
pub fn text(hunks: &[Hunk], coloured: bool) -> String {
    let style = |colour: AnsiColor| if coloured { colour.on_default() } else { Style::new() };
    let (removed, added, place) = (style(AnsiColor::Red), style(AnsiColor::Green), style(AnsiColor::Cyan));
    let mut out = String::new();
    for hunk in hunks {
        let _ = writeln!(out, "{place}line {}{place:#}", hunk.line);
        let mut body = String::new();
        for (at, piece) in hunk.pieces.iter().enumerate() {
            match piece {
                Piece::Kept(text) => body.push_str(&shortened(text, at > 0, at + 1 < hunk.pieces.len())),
                Piece::Removed(text) => marked(&mut body, text, removed, "[-", "-]"),
                Piece::Added(text) => marked(&mut body, text, added, "{+", "+}"),
            }
        }
        body.lines().for_each(|line| {
            let _ = writeln!(out, "  {line}");
        });
    }
    out
}

/// Text between signs, line by line.
fn marked(out: &mut String, text: &str, style: Style, open: &str, close: &str) {
    for line in text.split_inclusive('\n') {
        let (words, end) = line.strip_suffix('\n').map_or((line, ""), |words| (words, "\n"));
        let _ = write!(out, "{style}{open}{words}{close}{style:#}{end}");
    }
}

/// The ends of a text that lie beside a change, line by line.
fn shortened(text: &str, after_change: bool, before_change: bool) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let last = lines.len().saturating_sub(1);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let (words, end) = line.strip_suffix('\n').map_or((*line, ""), |words| (words, "\n"));
        let chars: Vec<char> = words.chars().collect();
        let touches_before = at == 0 && after_change;
        let touches_after = at == last && before_change && end.is_empty();
        let tail = if touches_after { AROUND } else { 0 };
        let head = if touches_before || !touches_after { AROUND } else { 0 };
        if chars.len() <= head + tail + 1 {
            out.push_str(words);
        } else {
            out.extend(&chars[..head]);
            out.push('…');
            out.extend(&chars[chars.len() - tail..]);
        }
        out.push_str(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_changed_stand_in_their_line() {
        let old = "one\ntwo\nThe clerk counts the pens every five days, by hand.\nthree\nfour\n";
        let new = "one\ntwo\nThe head counts all pens every day, by hand.\nthree\nfour\nfive\n";
        let shown = text(&diff(old, new), false);
        insta::assert_snapshot!(shown, @r"
        line 3
          two
          The [-clerk-]{+head+} counts [-the-]{+all+} pens every [-five days,-]{+day,+} by hand.
          three
          four
          {+five+}
        ");
        assert!(diff(old, old).is_empty());
    }

    #[test]
    fn long_lines_are_shown_around_the_change() {
        let words = "word ".repeat(200);
        let hunks = diff(&format!("{words}old {words}\n"), &format!("{words}new {words}\n"));
        let shown = text(&hunks, false);
        assert!(shown.contains("[-old-]{+new+}"), "{shown}");
        assert!(shown.len() < 250, "{shown}");
        assert!(text(&hunks, true).contains("\u{1b}[31m"));
    }
}
