//! Straight marks of quotation become those of the language, whoever typed them: templates and values alike. Code keeps
//! what it has. A mark that has no partner in its line, such as the one of an inch, stays as it is.

use crate::language::Marks;
use crate::model::{Block, Inline, Node, ParsedDocument, Target, Text};

/// Stands for what has no marks of its own: code, a reference, a field.
const OPAQUE: char = '\u{FFFC}';
/// The apostrophe.
const APOSTROPHE: &str = "’";

pub(super) fn set(document: &mut ParsedDocument, marks: &Marks) {
    let mut line = Line { marks, replaced: Vec::new(), at: 0 };
    let title = &mut document.control.title;
    line.plain(&mut title.text);
    line.blocks(&mut document.body);
    document.footnotes.values_mut().for_each(|note| line.inlines(note));
}

struct Line<'m> {
    marks: &'m Marks,
    /// What stands instead of each character, where something does.
    replaced: Vec<Option<&'m str>>,
    /// How many characters are done.
    at: usize,
}

impl Line<'_> {
    fn blocks(&mut self, blocks: &mut [Block<Target>]) {
        for block in blocks {
            match &mut block.node {
                Node::Heading(heading) => self.inlines(&mut heading.content),
                Node::Paragraph { content } => self.inlines(content),
                Node::List(list) => list.items.iter_mut().for_each(|item| self.blocks(item)),
                Node::DefinitionList { items } => {
                    for item in items {
                        self.inlines(&mut item.term);
                        self.blocks(&mut item.body);
                    }
                }
                Node::Table(table) => {
                    let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
                    let lines = table.caption.iter_mut().chain(&mut table.header).chain(cells);
                    lines.for_each(|line| self.inlines(line));
                }
                Node::Figure(figure) => {
                    self.plain(&mut figure.alt);
                    figure.caption.iter_mut().for_each(|caption| self.inlines(caption));
                }
                Node::Callout(callout) => {
                    callout.title.iter_mut().for_each(|title| self.plain(title));
                    self.blocks(&mut callout.body);
                }
                Node::BlockQuote { body } | Node::Landscape { body } => self.blocks(body),
                Node::CodeBlock { .. } | Node::SignOff { .. } | Node::PageBreak => {}
            }
        }
    }

    fn plain(&mut self, text: &mut String) {
        let found = decide(&text.chars().collect::<Vec<_>>(), self.marks);
        if found.iter().any(Option::is_some) {
            *text =
                text.chars().zip(found).map(|(c, mark)| mark.map_or_else(|| c.to_string(), str::to_owned)).collect();
        }
    }

    fn inlines(&mut self, inlines: &mut [Inline<Target>]) {
        let mut shown = Vec::new();
        read(inlines, &mut shown);
        if !shown.iter().any(|c| matches!(c, '"' | '\'')) {
            return;
        }
        self.replaced = decide(&shown, self.marks);
        self.at = 0;
        self.write(inlines);
    }

    fn write(&mut self, inlines: &mut [Inline<Target>]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Status { text, .. } => self.text(text),
                Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                    self.write(content);
                }
                Inline::Reference(target) if !target.content.is_empty() => self.write(&mut target.content),
                Inline::Code(_)
                | Inline::Reference(_)
                | Inline::Field(_)
                | Inline::Unrecorded(_)
                | Inline::LineBreak => {
                    self.at += 1;
                }
                Inline::Footnote { .. } => {}
            }
        }
    }

    fn text(&mut self, text: &mut Text) {
        let count = text.text.chars().count();
        let found = self.replaced.get(self.at..self.at + count).unwrap_or_default();
        self.at += count;
        if found.iter().any(Option::is_some) {
            let with = |(c, mark): (char, &Option<&str>)| mark.map_or_else(|| c.to_string(), str::to_owned);
            text.text = text.text.chars().zip(found).map(with).collect();
            // It is another text than the profile's.
            text.computed |= !text.from.is_empty();
        }
    }
}

/// The characters of a line, as [`Line::write`] goes over them.
fn read(inlines: &[Inline<Target>], shown: &mut Vec<char>) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Status { text, .. } => shown.extend(text.text.chars()),
            Inline::Strong { content } | Inline::Emphasis { content } | Inline::Link { content, .. } => {
                read(content, shown);
            }
            Inline::Reference(target) if !target.content.is_empty() => read(&target.content, shown),
            Inline::Code(_) | Inline::Reference(_) | Inline::Field(_) | Inline::Unrecorded(_) => shown.push(OPAQUE),
            Inline::LineBreak => shown.push('\n'),
            Inline::Footnote { .. } => {}
        }
    }
}

/// What stands instead of each character of a line.
fn decide<'m>(line: &[char], marks: &'m Marks) -> Vec<Option<&'m str>> {
    let mut found = vec![None; line.len()];
    let around = |at: usize| (at.checked_sub(1).map_or(' ', |at| line[at]), line.get(at + 1).copied().unwrap_or(' '));
    let (mut outer, mut inner): (Option<usize>, Option<usize>) = (None, None);
    // From the end: whether a single mark that may close stands after each place.
    let mut closes_after = vec![false; line.len() + 1];
    for at in (0..line.len()).rev() {
        let (before, after) = around(at);
        let closes = line[at] == '\'' && !before.is_whitespace() && ends_word(after);
        closes_after[at] = closes || closes_after[at + 1];
    }
    for (at, c) in line.iter().enumerate() {
        let (before, after) = around(at);
        match c {
            '"' if outer.is_none() && opens(before, after) => outer = Some(at),
            '"' if !before.is_whitespace() && !is_within(before, after) => {
                if let Some(open) = outer.take() {
                    found[open] = Some(marks.open.as_str());
                    found[at] = Some(marks.close.as_str());
                    inner = None;
                }
            }
            '\'' if is_letter(before) && !ends_word(after) => found[at] = Some(APOSTROPHE),
            '\'' if inner.is_some() && !before.is_whitespace() && ends_word(after) => {
                if let Some(open) = inner.take() {
                    found[open] = Some(marks.inner_open.as_str());
                    found[at] = Some(marks.inner_close.as_str());
                }
            }
            '\'' if opens(before, after) && closes_after[at + 1] => inner = Some(at),
            // Feet are no apostrophe.
            '\'' if before.is_alphabetic() || (opens(before, after) && after.is_ascii_digit()) => {
                found[at] = Some(APOSTROPHE);
            }
            _ => {}
        }
    }
    found
}

/// Whether a mark between two characters can begin a quotation.
fn opens(before: char, after: char) -> bool {
    let is_edge = before.is_whitespace() || !(before.is_alphanumeric() || is_closing(before)) || is_unspaced(before);
    is_edge && !after.is_whitespace()
}

/// Whether a mark stands inside a word, as in abbreviations of Hebrew.
fn is_within(before: char, after: char) -> bool {
    before.is_alphabetic() && after.is_alphabetic() && !is_unspaced(before) && !is_unspaced(after)
}

/// Whether a character is of a word that is set apart from others by blanks.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

/// Whether no word goes on with a character.
fn ends_word(c: char) -> bool {
    !is_letter(c)
}

fn is_closing(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '%' | '…' | '”' | '’' | '»' | OPAQUE)
}

/// Whether a character is of a script whose words are not set apart.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x3000..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::model::specimen::control;

    fn typed(language: &str, line: &str) -> String {
        let marks = Language::new(language).unwrap().quotes().unwrap();
        let mut line = line.to_owned();
        Line { marks: &marks, replaced: Vec::new(), at: 0 }.plain(&mut line);
        line
    }

    #[test]
    fn straight_marks_become_those_of_the_language() {
        for (language, line, expected) in [
            ("de-DE", "Wir sagen \"ja\" und (\"nein\").", "Wir sagen „ja“ und („nein“)."),
            ("de-DE", "\"Er sagt 'nie', oder?\"", "„Er sagt ‚nie‘, oder?“"),
            ("de-DE", "Ein 19\"-Schrank mit 5' Kabel", "Ein 19\"-Schrank mit 5' Kabel"),
            ("de-DE", "ein \" allein", "ein \" allein"),
            ("fr-FR", "L'équipe dit \"oui\".", "L’équipe dit «\u{a0}oui\u{a0}»."),
            ("pl-PL", "Mówimy \"tak\".", "Mówimy „tak”."),
            ("el-GR", "Λέμε \"ναι\".", "Λέμε «ναι»."),
            ("he-IL", "אומרים \"כן\" לצה\"ל", "אומרים ”כן” לצה\"ל"),
            ("ja-JP", "彼は\"これは'完了'です\"と言う", "彼は「これは『完了』です」と言う"),
            (
                "en-GB",
                "The suppliers' rules aren't 'final' since '24.",
                "The suppliers’ rules aren’t ‘final’ since ’24.",
            ),
            ("en-GB", "\"A\" and \"B\"—\"C\"", "“A” and “B”—“C”"),
        ] {
            assert_eq!(typed(language, line), expected, "{language}");
        }
    }

    #[test]
    fn marks_find_their_partners_across_values_and_emphasis() {
        let marks = Language::new("de-DE").unwrap().quotes().unwrap();
        let body: Vec<Inline<Target>> = vec![
            Inline::Text(Text::literal("Er nennt es \"")),
            Inline::Strong {
                content: vec![Inline::Text(Text { from: vec!["a.b".into()], ..Text::literal("das \"A\"") })],
            },
            Inline::Text(Text::literal("\" und ")),
            Inline::Code(Text::literal("\"so\"")),
        ];
        let body = vec![Block { node: Node::Paragraph { content: body }, origin: crate::model::Origin::default() }];
        let mut document =
            ParsedDocument { control: control(), body, footnotes: std::collections::BTreeMap::new(), gaps: Vec::new() };
        set(&mut document, &marks);
        let Node::Paragraph { content } = &document.body[0].node else { panic!() };
        let Inline::Text(first) = &content[0] else { panic!() };
        assert_eq!(first.text, "Er nennt es „");
        let Inline::Strong { content: value } = &content[1] else { panic!() };
        let Inline::Text(value) = &value[0] else { panic!() };
        assert!(value.computed, "the value is another text now");
        let Inline::Code(code) = &content[3] else { panic!() };
        assert_eq!(code.text, "\"so\"");
    }
}
