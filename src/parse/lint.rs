//! What can be seen of a document's Markdown line by line, before it is known what its values are.

use std::sync::LazyLock;

use regex::Regex;

use super::directive::{Directive, check_fences};
use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::expand::{Expanded, marks};

static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ {0,3}(#{1,6})[ \t]+\S"));
static IMAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"!\[\s*\]\(([^)\s]*)"));
/// The delimiter row of a table under a row in which a cell is empty.
static DELIMITER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$"));
static EMPTY_CELL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\|\s*\|"));

fn pattern(constant: &str) -> Regex {
    Regex::new(constant).expect("a constant pattern")
}

/// The level of a heading, when a line is one.
pub fn heading_level(line: &str) -> Option<usize> {
    HEADING.captures(line)?.get(1).map(|marks| marks.len())
}

/// Whether a line begins or ends a block of code.
pub fn is_code_fence(line: &str) -> bool {
    ["```", "~~~"].iter().any(|fence| line.trim_start().starts_with(fence))
}

/// Reports directives that do not pair or are not understood, headings without id, images without alternative text, and
/// tables with an empty header cell.
pub fn check(expanded: &Expanded, sink: &mut Sink) {
    check_fences(expanded, sink);
    let mut offset = 0;
    let mut before = "";
    let mut is_code = false;
    for line in expanded.text.split_inclusive('\n') {
        let at = offset;
        offset += line.len();
        let text = line.trim_end_matches('\n');
        if is_code_fence(text) {
            is_code = !is_code;
        } else if !is_code {
            let mut report = |code: &'static Code, message: String| {
                let diagnostic = Diagnostic::fault(code, message).at(expanded.span_at(at));
                sink.push(Diagnostic { excerpt: Some(marks::plain(text)), ..diagnostic });
            };
            for (code, message) in problems(text, before) {
                report(code, message);
            }
        }
        before = text;
    }
}

fn problems(line: &str, before: &str) -> Vec<(&'static Code, String)> {
    let mut found = Vec::new();
    if heading_level(line).is_some() && !line.contains("{#") {
        found.push((&codes::HEADING_ID, "this heading has no id".to_owned()));
    }
    for image in IMAGE.captures_iter(line) {
        let name = marks::plain(image.get(1).map_or("", |name| name.as_str()));
        found.push((&codes::IMAGE_MISSING, format!("`{name}` has no alternative text")));
    }
    if line.contains('|') && DELIMITER.is_match(line) && EMPTY_CELL.is_match(before.trim()) {
        found.push((&codes::TABLE_SHAPE, "a header cell of this table is empty".to_owned()));
    }
    let colons = line.trim().chars().take_while(|c| *c == ':').count();
    let info = line.trim()[colons..].trim();
    if colons >= 3 && !info.is_empty() {
        let problem = match Directive::parse(info) {
            Ok(directive) => directive.problem(),
            Err(problem) => Some(problem),
        };
        found.extend(problem.map(|problem| (&codes::DIRECTIVE_UNKNOWN, problem)));
    }
    found
}
