//! A rule's text, and where each character of it stands in the file that it was read from.
//!
//! YAML writes a text in five ways, and folds, quotes and indents it. All of them change white space and escapes alone; so
//! the file and the text are gone through side by side, and what is not white space is found again.

use std::str::Lines;

use crate::diagnostic::Span;
use crate::yaml::Located;

/// A rule's expression and where it stands.
#[derive(Debug, Clone)]
pub struct Expression {
    /// The CEL text.
    pub text: String,
    /// Where it stands in the pack.
    pub span: Span,
    /// Where its parts stand, in order; none when that is not known.
    runs: Vec<Run>,
}

/// A run of characters that stand beside one another in the file as in the text.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// The first of them, counted from the begin of the text.
    first: usize,
    line: u32,
    column: u32,
}

impl Expression {
    /// An expression that stands at `span`.
    pub fn new(text: impl Into<String>, span: Span) -> Expression {
        let text = text.into();
        let is_plain = span.line > 0 && span.length as usize == text.chars().count();
        let run = Run { first: 0, line: span.line, column: span.column };
        let runs = if is_plain { vec![run] } else { Vec::new() };
        Expression { text, span, runs }
    }

    /// The expression that a value of a YAML file holds; `source` is the whole file. `None` when it is not a text.
    pub fn of(value: &Located, source: Option<&str>) -> Option<Expression> {
        let plain = Expression::new(value.as_str()?.trim(), value.span.clone());
        if !plain.runs.is_empty() {
            return Some(plain);
        }
        let runs = source.and_then(|source| aligned(source, &plain.span, &plain.text)).unwrap_or_default();
        Some(Expression { runs, ..plain })
    }

    /// The place of some characters of the text, as far as they stand on one line; the whole expression when it is not
    /// known where they stand.
    pub fn place(&self, first: usize, length: usize) -> Span {
        let at = self.runs.partition_point(|run| run.first <= first);
        let Some(run) = at.checked_sub(1).and_then(|at| self.runs.get(at)) else { return self.span.clone() };
        let end = self.runs.get(at).map_or(usize::MAX, |next| next.first).min(first + length.max(1));
        let shown: String = self.text.chars().skip(first).take(end - first).collect();
        let (length, column) = (shown.trim_end().chars().count().max(1), run.column as usize + (first - run.first));
        Span { line: run.line, column: column as u32, length: length as u32, ..self.span.clone() }
    }
}

/// The characters of a file from some place on, each with its line and column.
struct Raw<'s> {
    lines: Lines<'s>,
    line: u32,
    column: u32,
    rest: std::str::Chars<'s>,
}

impl Raw<'_> {
    fn next(&mut self) -> Option<(char, u32, u32)> {
        let place = (self.line, self.column);
        match self.rest.next() {
            Some(c) => {
                self.column += 1;
                Some((c, place.0, place.1))
            }
            None => {
                self.rest = self.lines.next()?.chars();
                (self.line, self.column) = (self.line + 1, 1);
                Some(('\n', place.0, place.1))
            }
        }
    }

    /// The next character that is not white space.
    fn word(&mut self) -> Option<(char, u32, u32)> {
        loop {
            let next = self.next()?;
            if !next.0.is_whitespace() {
                return Some(next);
            }
        }
    }

    /// What a backslash in double quotes and what follows it stand for; `None` for what this does not know.
    fn escaped(&mut self) -> Option<char> {
        let (kind, ..) = self.next()?;
        let digits = match kind {
            '\n' | 'n' | 't' | 'r' | '_' | 'N' => return Some(' '),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            plain => return Some(plain),
        };
        let code: Option<String> = (0..digits).map(|_| self.next().map(|(c, ..)| c)).collect();
        char::from_u32(u32::from_str_radix(&code?, 16).ok()?)
    }
}

/// Where the parts of a text stand in the file that it was read from, at a place.
fn aligned(source: &str, span: &Span, text: &str) -> Option<Vec<Run>> {
    let mut lines = source.lines();
    let rest = lines.nth((span.line as usize).checked_sub(1)?)?.chars();
    let mut raw = Raw { lines, line: span.line, column: 1, rest };
    for _ in 1..span.column {
        raw.next()?;
    }
    let mut quote = None;
    match raw.rest.clone().next()? {
        c @ ('"' | '\'') => {
            quote = Some(c);
            raw.next();
        }
        '|' | '>' => while raw.next()?.0 != '\n' {},
        _ => {}
    }
    let mut runs: Vec<Run> = Vec::new();
    for (at, wanted) in text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()) {
        let (line, column) = loop {
            let (c, line, column) = raw.word()?;
            let found = match quote {
                Some('"') if c == '\\' => raw.escaped()?,
                Some('\'') if c == '\'' => raw.next()?.0,
                _ => c,
            };
            if found == wanted {
                break (line, column);
            }
            if !found.is_whitespace() {
                return None;
            }
        };
        let goes_on = |run: &Run| run.line == line && (run.column as usize + (at - run.first)) == column as usize;
        if !runs.last().is_some_and(goes_on) {
            runs.push(Run { first: at, line, column });
        }
    }
    Some(runs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sink;
    use crate::yaml;

    /// The characters of the file at the place of a word of the expression, which stands at the key `v`.
    fn found(source: &str, word: &str) -> String {
        let located = yaml::read_str("r.yaml", source, &mut Sink::new()).unwrap();
        let expression = Expression::of(located.get("v").unwrap(), Some(source)).unwrap();
        let before = expression.text.split(word).next().unwrap().chars().count();
        let Span { line, column, length, .. } = expression.place(before, word.chars().count());
        let line = source.lines().nth(line as usize - 1).unwrap();
        line.chars().skip(column as usize - 1).take(length as usize).collect()
    }

    #[test]
    fn a_word_is_found_however_the_yaml_is_written() {
        for source in [
            "v: a + here.b\n",
            "v:   a +\n    here.b\n",
            "v: 'a + ''x'' + here.b'\n",
            "v: \"a + \\\"ä\\u00e4\\\" + here.b\"\n",
            "v: \"a +\\\n    \\n here.b\"\n",
            "k: 1\nv: >-\n  a + 'ä  ö'\n\n  + here.b\n",
            "v: |\n    a\n      + here.b\n",
            "v: >2+\n    a\n      + here.b\n",
            "v: &x a + here.b\n",
            "v: !!str 'a + here.b'\n",
        ] {
            if yaml::read_str("r.yaml", source, &mut Sink::new()).is_some() {
                assert_eq!(found(source, "here"), "here", "{source}");
            }
        }
    }

    #[test]
    fn what_cannot_be_found_stands_where_the_whole_stands() {
        let span = Span::text("r.yaml", 3, 7, 20);
        assert_eq!(Expression::new("a + b", span.clone()).place(4, 1), span);
        assert_eq!(Expression::new("a + b", Span::text("r.yaml", 3, 7, 5)).place(5, 1), Span::text("r.yaml", 3, 12, 1));
        assert!(aligned("v: one", &Span::text("r.yaml", 1, 4, 3), "two").is_none());
        assert!(aligned("v: one", &Span::text("r.yaml", 9, 4, 3), "one").is_none());
    }
}
