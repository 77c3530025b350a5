//! The comments of a starter in the language of a pack: a file is laid down as its base has it, and says in other words what
//! to write where.

use std::collections::BTreeMap;

use ecow::EcoString;

/// The longest line of a comment that is laid down anew.
const WIDTH: usize = 110;

/// A YAML file with the comments that a table has in other words. Lines of comment that follow one another are one comment,
/// its words parted by single blanks; so is what follows a value on its line.
pub(super) fn reworded(text: &str, words: &BTreeMap<EcoString, EcoString>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let Some((indent, first)) = comment(line) else {
            out.push_str(&beside(line, words));
            continue;
        };
        let mut block = String::from(line);
        let mut said = words_of(first);
        while let Some((_, more)) = lines.peek().and_then(|line| comment(line)).filter(|(other, _)| *other == indent) {
            said.extend(words_of(more));
            block.push_str(lines.next().unwrap_or_default());
        }
        match words.get(said.join(" ").as_str()) {
            Some(other) => wrapped(indent, other, &mut out),
            None => out.push_str(&block),
        }
    }
    out
}

/// The indent and the words of a line that is a comment.
fn comment(line: &str) -> Option<(&str, &str)> {
    let trimmed = line.trim_start_matches(' ');
    let words = trimmed.strip_prefix('#')?;
    Some((&line[..line.len() - trimmed.len()], words.trim()))
}

fn words_of(comment: &str) -> Vec<&str> {
    comment.split_whitespace().collect()
}

/// A line with the comment beside its value.
fn beside(line: &str, words: &BTreeMap<EcoString, EcoString>) -> String {
    let found = line.match_indices(" #").find_map(|(at, _)| {
        let said = words_of(&line[at + 2..]).join(" ");
        Some((at, words.get(said.as_str())?))
    });
    match found {
        Some((at, other)) => format!("{} # {other}\n", &line[..at]),
        None => line.to_owned(),
    }
}

/// A comment in lines that are not too long.
fn wrapped(indent: &str, text: &str, out: &mut String) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent.len() + 2 + line.chars().count() + word.chars().count() > WIDTH {
            out.push_str(&format!("{indent}#{line}\n"));
            line.clear();
        }
        line.push(' ');
        line.push_str(word);
    }
    out.push_str(&format!("{indent}#{line}\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_said_in_other_words_and_values_stay() {
        let words = [
            ("What is true of us. Write it here.", "Was für uns gilt. Hier eintragen."),
            ("in days", "in Tagen"),
            ("x", "y\nz"),
        ];
        let words = words.map(|(one, other)| (one.into(), other.into())).into();
        let text = "# What is true of us.\n# Write it here.\na:\n  b: 7   # in days\n  # x\n  c: \"a # b\"\n# other\n";
        assert_eq!(
            reworded(text, &words),
            "# Was für uns gilt. Hier eintragen.\na:\n  b: 7   # in Tagen\n  # y z\n  c: \"a # b\"\n# other\n"
        );
        let long = "wort ".repeat(60);
        let words = [("x".into(), long.as_str().into())].into();
        let made = reworded("  # x\n", &words);
        assert!(
            made.lines().all(|line| line.starts_with("  # wort") && line.len() <= WIDTH) && made.lines().count() > 2
        );
    }
}
