//! Places of a template: each text, expression and block, with the line that it stands on.

use ecow::EcoString;

use super::prepare::Source;
use crate::diagnostic::Span;

/// A place in a template that prints, decides, or holds text.
#[derive(Debug, Clone)]
pub struct Site {
    /// Where.
    pub span: Span,
    /// The expression as written, without braces; empty for text.
    pub text: EcoString,
    /// The line of the source.
    pub line: Option<EcoString>,
}

/// A source with its lines, cut once, and the part of it that is at work.
pub(super) struct File<'s> {
    pub(super) source: &'s Source,
    lines: Vec<EcoString>,
    /// How many lines stand before that part.
    pub(super) before: u32,
}

impl<'s> File<'s> {
    pub(super) fn new(source: &'s Source) -> File<'s> {
        File { source, lines: source.text.lines().map(EcoString::from).collect(), before: 0 }
    }

    /// A line of the text, from 1.
    pub(super) fn line(&self, line: u32) -> Option<&EcoString> {
        self.lines.get(line.max(1) as usize - 1)
    }

    /// The place of what is written in some line and column of the text.
    pub(super) fn site(&self, line: u32, column: u32, text: &str) -> Site {
        let length = if text.is_empty() { 0 } else { text.chars().count() as u32 + 4 };
        Site {
            span: Span::text(self.source.name.clone(), self.source.first_line + line.max(1) - 1, column, length),
            text: text.into(),
            line: self.line(line).cloned(),
        }
    }

    /// The line on which a text really begins: Handlebars takes the line end after a block tag that stands alone, and gives a
    /// text that begins with empty lines the place of its first word.
    pub(super) fn text_line(&self, line: u32, column: u32, text: &str) -> u32 {
        let Some(from) = self.line(line) else { return line };
        let rest: String = from.chars().skip(column.max(1) as usize - 1).collect();
        if !rest.trim().is_empty() {
            let empty = text.chars().take_while(|c| c.is_whitespace()).filter(|c| *c == '\n').count();
            return line.saturating_sub(empty as u32);
        }
        let blank_lines =
            1 + self.lines.iter().skip(line.max(1) as usize).take_while(|line| line.trim().is_empty()).count();
        let kept = text.split('\n').take_while(|line| line.trim().is_empty()).count();
        let kept = kept.min(text.matches('\n').count());
        if kept < blank_lines { line + (blank_lines - kept) as u32 } else { line }
    }
}
