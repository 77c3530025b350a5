//! What differs between two dumps of a document: line by line, and within a line word by word.

use similar::{ChangeTag, DiffOp, TextDiff};

/// A line that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line in the new dump, from 1; where the old one stood when it has gone.
    pub line: usize,
    /// The words, in order.
    pub words: Vec<Words>,
}

/// A run of words of a line that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// In both.
    Same(String),
    /// In the old dump alone.
    Old(String),
    /// In the new dump alone.
    New(String),
}

impl Difference {
    /// The line as plain text: `the [-old-]{+new+} words`.
    pub fn marked(&self) -> String {
        let run = |words: &Words| match words {
            Words::Same(text) => text.clone(),
            Words::Old(text) => format!("[-{text}-]"),
            Words::New(text) => format!("{{+{text}+}}"),
        };
        self.words.iter().map(run).collect()
    }
}

/// The lines of two dumps that differ, in the order of the new one.
pub fn compare(old: &str, new: &str) -> Vec<Difference> {
    let lines = TextDiff::from_lines(old, new);
    let (before, after) = (lines.old_slices(), lines.new_slices());
    let mut found = Vec::new();
    for op in lines.ops() {
        let (old, new) = match *op {
            DiffOp::Equal { .. } => continue,
            DiffOp::Delete { old_index, old_len, new_index } => (old_index..old_index + old_len, new_index..new_index),
            DiffOp::Insert { old_index, new_index, new_len } => (old_index..old_index, new_index..new_index + new_len),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                (old_index..old_index + old_len, new_index..new_index + new_len)
            }
        };
        for at in 0..old.len().max(new.len()) {
            let (gone, come) = (
                before.get(old.clone()).and_then(|all| all.get(at)),
                after.get(new.clone()).and_then(|all| all.get(at)),
            );
            let line = (new.start + at).min(new.end.max(new.start + 1) - 1) + 1;
            let words = words(gone.copied().unwrap_or_default(), come.copied().unwrap_or_default());
            found.push(Difference { line, words });
        }
    }
    found
}

fn words(old: &str, new: &str) -> Vec<Words> {
    let (old, new) = (old.trim_end_matches('\n'), new.trim_end_matches('\n'));
    let mut runs: Vec<Words> = Vec::new();
    for change in TextDiff::from_words(old, new).iter_all_changes() {
        let text = change.value();
        match (change.tag(), runs.last_mut()) {
            (ChangeTag::Equal, Some(Words::Same(run)))
            | (ChangeTag::Delete, Some(Words::Old(run)))
            | (ChangeTag::Insert, Some(Words::New(run))) => run.push_str(text),
            (ChangeTag::Equal, _) => runs.push(Words::Same(text.to_owned())),
            (ChangeTag::Delete, _) => runs.push(Words::Old(text.to_owned())),
            (ChangeTag::Insert, _) => runs.push(Words::New(text.to_owned())),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(old: &str, new: &str) -> Vec<(usize, String)> {
        compare(old, new).iter().map(|difference| (difference.line, difference.marked())).collect()
    }

    #[test]
    fn a_changed_line_shows_its_words() {
        assert_eq!(marked("a\nthe old pen\nz\n", "a\nthe new pen\nz\n"), [(2, "the [-old-]{+new+} pen".to_owned())]);
    }

    #[test]
    fn lines_that_come_and_go_stand_whole() {
        assert_eq!(marked("a\nb\n", "a\n"), [(2, "[-b-]".to_owned())]);
        assert_eq!(marked("a\n", "a\nb c\n"), [(2, "{+b c+}".to_owned())]);
        assert_eq!(marked("same\n", "same\n"), []);
    }
}
