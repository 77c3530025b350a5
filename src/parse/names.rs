//! Attributes in which a value of the profile stands: `{#sec-{{id}}}`, `{.field name=day-{{id}}}`,
//! `{.status tone={{tone}}}`.

use std::borrow::Cow;
use std::ops::Range;

use crate::expand::marks;

/// What a name begins with.
const STARTS: [&str; 3] = ["#", " name=", " tone="];

/// The text with ids, names and tones as comrak takes them: lower-case, of ASCII letters, digits, `-` and `_`. What becomes
/// shorter is filled up with spaces, so that every other place stays where it is.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for attributes in groups(text) {
        for start in STARTS {
            for (at, _) in text[attributes.clone()].match_indices(start) {
                let from = attributes.start + at + start.len();
                let rest = &text[from..attributes.end];
                let token = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
                let value = marks::plain(token);
                if value != token {
                    let name = name(&value, token.len());
                    let filling = " ".repeat(token.len() - name.len());
                    out.to_mut().replace_range(from..from + token.len(), &format!("{name}{filling}"));
                }
            }
        }
    }
    out
}

/// Where attributes stand between `{` and `}`: those that begin with an id or a class.
fn groups(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices('{').filter_map(|(at, _)| {
        let inner = &text[at + 1..];
        let end = inner.find(['{', '}', '\n']).filter(|end| inner[*end..].starts_with('}'))?;
        inner.starts_with(['#', '.']).then_some(at + 1..at + 1 + end)
    })
}

/// A value as a name, in at most so many bytes: what is no letter or digit of ASCII is written by its number, so that
/// other letters make other names.
fn name(value: &str, room: usize) -> String {
    let mut name = String::new();
    for c in value.to_lowercase().chars() {
        match c {
            '-' | '_' => name.push(c),
            c if c.is_ascii_alphanumeric() => name.push(c),
            c if c.is_alphanumeric() => name.push_str(&format!("u{:x}", u32::from(c))),
            _ => name.push('-'),
        }
    }
    name.truncate(room);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(value: &str) -> String {
        marks::value(0, value)
    }

    #[test]
    fn a_value_in_a_name_becomes_plain_and_nothing_moves() {
        for value in ["a", "Ärger & <b>", "x} y{", "\u{202e}\u{200b}", "\"", "漢字", ""] {
            let text =
                format!("# T {{#sec-{}}}\n`_`{{.field name=a-{} label=\"x\"}} end", marked(value), marked(value));
            let plain = plain(&text);
            assert_eq!(plain.len(), text.len(), "{value}");
            assert!(!plain.contains(crate::characters::is_private), "{value}: {plain}");
            assert_eq!(plain.find("label="), text.find("label="), "{value}");
        }
        let text = format!("{{#sec-{}}}", marked("Field Sales/EU"));
        assert_eq!(plain(&text).replace(' ', ""), "{#sec-field-sales-eu}");
        let text = format!("{{#sec-{}}}", marked("Öl"));
        assert_eq!(plain(&text).replace(' ', ""), "{#sec-uf6l}");
    }

    #[test]
    fn prose_is_left_alone() {
        for text in [
            format!("set name={} and tone={}", marked("A B"), marked("C D")),
            format!("{{x}} #{} name={}", marked("A"), marked("B")),
            format!("an open {{#{}\n# T }}", marked("A")),
        ] {
            assert_eq!(plain(&text), text);
        }
    }
}
