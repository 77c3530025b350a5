//! The texts in quotes that templates hand to helpers: `{{cap "Name"}}`.

/// A text in quotes in an expression of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Literal<'t> {
    /// What stands between the quotes, as written.
    pub(super) text: &'t str,
    /// Its line and column, from 1.
    pub(super) line: u32,
    pub(super) column: u32,
}

/// Every such text of a template, in order; comments have none.
pub(super) fn literals(template: &str) -> Vec<Literal<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    // The place that was counted last: its offset, line, and the offset at which its line begins.
    let mut known = (0, 1, 0);
    while let Some(start) = template[at..].find("{{").map(|found| at + found) {
        if template[..start].ends_with('\\') {
            at = start + 2;
            continue;
        }
        let inside = start + 2;
        let end = if template[inside..].trim_start_matches('~').starts_with("!--") {
            template[inside..].find("--}}").or_else(|| template[inside..].find("--~}}"))
        } else if template[inside..].trim_start_matches('~').starts_with('!') {
            template[inside..].find("}}")
        } else {
            Some(expression(template, inside, &mut known, &mut found) - inside)
        };
        at = inside + end.unwrap_or(template.len() - inside);
    }
    found
}

/// Reads an expression to its end, and gives where that is.
fn expression<'t>(
    template: &'t str,
    from: usize,
    known: &mut (usize, u32, usize),
    found: &mut Vec<Literal<'t>>,
) -> usize {
    let bytes = template.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes[at..].starts_with(b"}}") => return at,
            quote @ (b'"' | b'\'') => {
                let begin = at + 1;
                let mut end = begin;
                while end < bytes.len() && bytes[end] != quote {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let end = end.min(bytes.len());
                // A backslash may stand before a letter of several bytes.
                let Some(text) = template.get(begin..end) else { return end };
                for (offset, _) in template[known.0..begin].match_indices('\n') {
                    (known.1, known.2) = (known.1 + 1, known.0 + offset + 1);
                }
                known.0 = begin;
                let column = template[known.2..begin].chars().count();
                found.push(Literal { text, line: known.1, column: u32::try_from(column + 1).unwrap_or(u32::MAX) });
                at = end + 1;
            }
            _ => at += 1,
        }
    }
    at.min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_in_quotes_are_found_where_they_stand() {
        let text = "\\{{\"no\"}} {{!-- \"no\" }} --}} {{! \"no\"}} \"no\" {{x}}\nä {{cap \"One\"}} \
                    {{plural n 'two }}' (lower \"th\\\"ree\")}}\n{{#if (eq a \"f\nour\")}}{{/if}} {{\"open";
        let found: Vec<_> = literals(text).into_iter().map(|found| (found.text, found.line, found.column)).collect();
        assert_eq!(
            found,
            [("One", 2, 10), ("two }}", 2, 29), ("th\\\"ree", 2, 45), ("f\nour", 3, 14), ("open", 4, 19)]
        );
    }

    #[test]
    fn any_text_is_gone_through() {
        for text in ["{{", "{{\"", "{{'\\", "{{\"\\ä\"}}", "{{!--", "{{!", "\\{{", "{{~!-- \"x\" --~}}{{\"y\"}}"] {
            literals(text);
        }
        assert_eq!(literals("{{~!-- \"x\" --~}}{{\"y\"}}").len(), 1);
    }
}
