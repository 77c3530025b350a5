//! Where the tags of a template stand. Handlebars' compiler gives elements, and forgets where blocks end, where the links
//! of an `else if` chain begin, and what stands beside a tag on its line.

use std::ops::Range;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `{{#…}}`
    Open,
    /// `{{/…}}`
    Close,
    /// `{{else}}`, `{{else if …}}`, `{{^}}`
    Else,
    /// `{{> …}}`
    Partial,
    /// `{{! … }}`
    Comment,
    /// `{{…}}`
    Print,
}

/// A tag, braces included, in bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    kind: Kind,
    range: Range<usize>,
}

/// The tags of a text from an offset on.
fn tags(text: &str, from: usize) -> impl Iterator<Item = Tag> + '_ {
    let mut at = from;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find("{{")?;
            if text[..start].ends_with('\\') {
                at = start + 2;
                continue;
            }
            let inside = text[start..].trim_start_matches('{').trim_start_matches('~').trim_start();
            let kind = kind(inside);
            let end = end(text, start, kind)?;
            at = end;
            return Some(Tag { kind, range: start..end });
        }
    })
}

fn kind(inside: &str) -> Kind {
    match inside.chars().next() {
        Some('#') => Kind::Open,
        Some('/') => Kind::Close,
        Some('>') => Kind::Partial,
        Some('!') => Kind::Comment,
        Some('^') => Kind::Else,
        _ => {
            let word = inside.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').next();
            if word == Some("else") { Kind::Else } else { Kind::Print }
        }
    }
}

/// Where a tag ends, after its braces.
fn end(text: &str, start: usize, kind: Kind) -> Option<usize> {
    let rest = &text[start..];
    if kind == Kind::Comment && rest.trim_start_matches(['{', '~']).starts_with("!--") {
        let close = rest.find("--}}").map(|at| at + 4);
        return close.into_iter().chain(rest.find("--~}}").map(|at| at + 5)).min().map(|at| start + at);
    }
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') if kind != Kind::Comment => quote = Some(c),
            (None, '}') if rest[at..].starts_with("}}") => {
                let braces = rest[at..].len() - rest[at..].trim_start_matches('}').len();
                let opened = rest.len() - rest.trim_start_matches('{').len();
                return Some(start + at + braces.min(opened));
            }
            _ => {}
        }
    }
    None
}

/// The byte at a line and column, both from 1 and in characters.
fn offset(text: &str, (line, column): (u32, u32)) -> Option<usize> {
    let from = match line {
        0 | 1 => 0,
        line => text.match_indices('\n').nth(line as usize - 2)?.0 + 1,
    };
    let columns = text[from..].char_indices().map(|(at, _)| at).chain([text[from..].len()]);
    Some(from + columns.take(column.max(1) as usize).last()?)
}

/// The line and column of a byte.
fn place(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..at];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
    (line, column)
}

/// A text in parts that are templates of their own: each ends in an empty line outside of all blocks. A text that is not in
/// order is one part.
pub(super) fn parts(text: &str) -> Vec<&str> {
    const END: &str = "\n\n";
    let mut depth = 0usize;
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    for tag in tags(text, 0) {
        if depth == 0 {
            while let Some(end) = text[at..tag.range.start].find(END).map(|found| at + found + END.len()) {
                // What takes white space away reaches over the empty line.
                if !text[..end].trim_end().ends_with("~}}") && !text[end..].trim_start().starts_with("{{~") {
                    parts.push(&text[start..end]);
                    start = end;
                }
                at = end;
            }
        }
        match tag.kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => return vec![text],
            Kind::Close => depth -= 1,
            Kind::Else if depth == 0 => return vec![text],
            _ => {}
        }
        at = tag.range.end;
    }
    if depth > 0 || text.contains("{{{{") {
        return vec![text];
    }
    parts.push(&text[start..]);
    parts
}

/// Where each `else` of the block stands that opens at a place, the links of its chain in order.
pub(super) fn links(text: &str, block: (u32, u32)) -> Vec<(u32, u32)> {
    let Some(from) = offset(text, block) else { return Vec::new() };
    let mut depth = 0usize;
    let mut found = Vec::new();
    for tag in tags(text, from) {
        match tag.kind {
            Kind::Open => depth += 1,
            Kind::Close if depth <= 1 => break,
            Kind::Close => depth -= 1,
            Kind::Else if depth == 1 => found.push(place(text, tag.range.start)),
            _ => {}
        }
    }
    found
}

/// How a tag stands on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Beside nothing but other tags that print nothing.
    Alone,
    /// Beside words or values.
    Within,
    /// In a row of a table.
    Row,
}

/// How a partial, or a `{{#block}}` from its opening tag to its closing one, stands on its line.
pub(super) fn stand(text: &str, place: (u32, u32)) -> Stand {
    let Some(start) = offset(text, place) else { return Stand::Alone };
    let mut depth = 0usize;
    let mut end = text.len();
    for tag in tags(text, start) {
        match tag.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            end = tag.range.end;
            break;
        }
    }
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let (before, after) = (printed(&text[line_start..start]), printed(&text[end..line_end]));
    if before.trim_start().starts_with('|') {
        return Stand::Row;
    }
    if before.trim().is_empty() && after.trim().is_empty() { Stand::Alone } else { Stand::Within }
}

/// A line without the tags that print nothing themselves.
fn printed(line: &str) -> String {
    let (mut left, mut at) = (String::new(), 0);
    for tag in tags(line, 0).filter(|tag| tag.kind != Kind::Print) {
        left.push_str(&line[at..tag.range.start]);
        at = tag.range.end;
    }
    left.push_str(&line[at..]);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_of_a_chain_are_found_at_their_own_places() {
        let text = "x {{#if a}}1{{#if b}}2{{else}}3{{/if}}{{!-- {{else}} --}}\n{{else if (eq c \"}}{{else}}\")}}4\n  {{~^~}}5{{/if}}{{else}}";
        assert_eq!(links(text, (1, 3)), [(2, 1), (3, 3)]);
        assert_eq!(links(text, (1, 13)), [(1, 23)]);
        assert_eq!(links("{{#if a}}1{{elsewhere}}\\{{else}}{{/if}}", (1, 1)), []);
        assert_eq!(links("é{{#if a}}é{{else}}", (1, 2)), [(1, 12)]);
        for broken in ["", "{{#if", "{{#if a}}{{else", "{{!-- ", "{{'"] {
            assert_eq!(links(broken, (1, 1)), []);
            assert_eq!(links(broken, (9, 9)), []);
        }
    }

    #[test]
    fn a_text_is_cut_where_no_block_is_open() {
        let cut = |text: &'static str| parts(text);
        assert_eq!(cut("a\n\n{{b}}\n\nc {{d}}"), ["a\n\n", "{{b}}\n\n", "c {{d}}"]);
        assert_eq!(cut("{{#if a}}\n\nx\n\n{{/if}}\n\n{{b}}"), ["{{#if a}}\n\nx\n\n{{/if}}\n\n", "{{b}}"]);
        assert_eq!(cut("a\n\nb"), ["a\n\nb"], "words alone are no work");
        assert_eq!(cut("\n\n\n{{a}}"), ["\n\n", "\n{{a}}"]);
        assert_eq!(cut("a\n\n{{~b}}\n\n{{c~}}\n\n{{d}}"), ["a\n\n{{~b}}\n\n", "{{c~}}\n\n{{d}}"]);
        for whole in [
            "a\n\n{{#if b}}\n\n{{c}}",
            "a\n\n{{/if}}\n\n{{c}}",
            "a\n\n{{^}}\n\n{{c}}",
            "{{{{raw}}}}\n\n{{a}}\n\n{{{{/raw}}}}\n\n{{b}}",
        ] {
            assert_eq!(cut(whole), [whole]);
        }
    }

    #[test]
    fn a_tag_stands_alone_within_a_line_or_in_a_row() {
        for (text, column, expected) in [
            ("{{> a}}", 1, Stand::Alone),
            ("  {{> a}}  ", 3, Stand::Alone),
            ("{{#if x}}{{> a}}{{else}}{{> b}}{{/if}}", 10, Stand::Alone),
            ("The {{> a}}", 5, Stand::Within),
            ("{{> a}} or", 1, Stand::Within),
            ("{{name}}{{> a}}", 9, Stand::Within),
            ("- {{> a}}", 3, Stand::Within),
            ("| {{id}} | {{> a}} |", 12, Stand::Row),
            ("{{#each x}}| {{> a}} |{{/each}}", 14, Stand::Row),
            ("{{#block \"a\"}}x{{/block}}", 1, Stand::Alone),
            ("The {{#block \"a\"}}x{{/block}}", 5, Stand::Within),
            ("{{#block \"a\"}}{{#if b}}x{{/if}}{{/block}} or", 1, Stand::Within),
            ("{{#block \"a\"}}\nx\n{{/block}}", 1, Stand::Alone),
        ] {
            assert_eq!(stand(text, (1, column)), expected, "{text}");
        }
    }
}
