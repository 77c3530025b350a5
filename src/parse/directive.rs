//! Directives: `:::name {attributes}` … `:::`.

use comrak::nodes::Attributes;

use crate::diagnostic::codes::document as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::expand::{Expanded, marks};

/// The directives that documents may hold, with the attributes that each takes besides an id.
const KNOWN: [(&str, &[&str]); 6] = [
    ("callout", &["kind", "title"]),
    ("chart", &["type", "data", "alt", "caption", "width"]),
    ("landscape", &[]),
    ("pagebreak", &[]),
    ("signoff", &["roles"]),
    ("table", &["widths", "caption"]),
];

/// A directive's name and attributes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Directive {
    pub(super) name: String,
    pub(super) id: Option<String>,
    pairs: Vec<(String, String)>,
}

impl Directive {
    /// Reads what stands after the colons.
    pub(super) fn parse(info: &str) -> Result<Directive, String> {
        let info = marks_kept(info);
        let (name, rest) = info.split_at(info.find([' ', '{']).unwrap_or(info.len()));
        let rest = rest.trim();
        let names = KNOWN.map(|(name, _)| name);
        if !names.contains(&name) {
            let near = crate::diagnostic::nearest(name, names).map(|near| format!("; did you mean `{near}`?"));
            return Err(format!(
                "there is no directive `{name}`{}",
                near.unwrap_or_else(|| format!("; there are {}", names.join(", ")))
            ));
        }
        let mut directive = Directive { name: name.to_owned(), ..Directive::default() };
        if !rest.is_empty() {
            let inner = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let inner = inner
                .ok_or_else(|| format!("the attributes of `{name}` are not in braces: `{}`", marks::plain(rest)))?;
            directive.read(inner)?;
        }
        Ok(directive)
    }

    fn read(&mut self, mut rest: &str) -> Result<(), String> {
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                return Ok(());
            }
            if let Some(after) = rest.strip_prefix('#') {
                let end = after.find(char::is_whitespace).unwrap_or(after.len());
                self.id = Some(after[..end].to_owned());
                rest = &after[end..];
                continue;
            }
            let Some((key, after)) =
                rest.split_once('=').filter(|(key, _)| key.chars().all(|c| c.is_alphanumeric() || c == '-'))
            else {
                return Err(format!("`{}` is not `key=value`", marks::plain(rest)));
            };
            let (value, tail) = match after.strip_prefix('"') {
                Some(quoted) => {
                    quoted.split_once('"').ok_or_else(|| format!("the value of `{key}` has no closing quote"))?
                }
                None => after.split_at(after.find(char::is_whitespace).unwrap_or(after.len())),
            };
            self.pairs.push((key.to_owned(), value.to_owned()));
            rest = tail;
        }
    }

    /// An attribute, still marked.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// What is wrong with its attributes: one that it does not take.
    pub(super) fn problem(&self) -> Option<String> {
        let takes = KNOWN.iter().find(|(name, _)| *name == self.name).map_or(&[][..], |(_, takes)| takes);
        let unknown = self.pairs.iter().map(|(key, _)| key.as_str()).find(|key| !takes.contains(key))?;
        Some(format!("`{}` takes no attribute `{unknown}`", self.name))
    }
}

fn marks_kept(info: &str) -> &str {
    info.trim()
}

/// An attribute of a node that comrak read, values decoded.
pub(super) fn attribute(attributes: &Attributes, key: &str) -> Option<String> {
    attributes.pairs.iter().find(|(known, _)| known == key).map(|(_, value)| marks::plain(value))
}

/// Reports fences that do not pair, and openings that comrak takes for text: it swallows both.
pub(super) fn check_fences(expanded: &Expanded, sink: &mut Sink) {
    let mut open: Vec<(usize, usize, String)> = Vec::new();
    let mut offset = 0;
    let mut code: Option<&str> = None;
    for line in expanded.text.split_inclusive('\n') {
        let text = line.trim();
        let at = offset;
        offset += line.len();
        match code {
            Some(fence) if text.starts_with(fence) => code = None,
            Some(_) => continue,
            None => code = ["```", "~~~"].into_iter().find(|fence| text.starts_with(fence)),
        }
        let colons = text.chars().take_while(|c| *c == ':').count();
        if code.is_some() || colons < 3 {
            continue;
        }
        let rest = text[colons..].trim();
        let report = |message: String| {
            let diagnostic = Diagnostic::fault(&codes::DIRECTIVE_UNCLOSED, message).at(expanded.span_at(at));
            Diagnostic { excerpt: Some(marks::plain(line.trim_end())), ..diagnostic }
        };
        if rest.is_empty() {
            match open.iter().rposition(|(_, length, _)| *length <= colons) {
                Some(found) => open.truncate(found),
                None => sink.push(report("this `:::` closes nothing".into())),
            }
        } else {
            if rest.contains(':') {
                sink.push(report("a directive's attributes hold no `:`".into()));
            }
            if let Some((_, outer, name)) = open.last().filter(|(_, outer, _)| *outer <= colons) {
                sink.push(
                    report(format!("`{}` stands inside `{name}`, whose fence is not longer", marks::plain(rest))).help(
                        format!(
                            "write the outer `{name}` with {} colons, at its begin and end",
                            outer.max(&colons) + 1
                        ),
                    ),
                );
            }
            open.push((at, colons, rest.split([' ', '{']).next().unwrap_or_default().to_owned()));
        }
    }
    for (at, _, name) in open {
        let message = format!("`:::{name}` is not closed");
        sink.push(Diagnostic::fault(&codes::DIRECTIVE_UNCLOSED, message).at(expanded.span_at(at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_may_be_quoted_and_hold_values() {
        let directive = Directive::parse("table {#tab-x widths=\"20,80\" caption=\"A = b\"}").unwrap();
        assert_eq!(directive.id.as_deref(), Some("tab-x"));
        assert_eq!(directive.get("widths"), Some("20,80"));
        assert_eq!(directive.get("caption"), Some("A = b"));
        assert!(Directive::parse("calout {kind=note}").unwrap_err().contains("did you mean `callout`"));
        assert!(Directive::parse("table {widths=\"20}").unwrap_err().contains("closing quote"));
    }
}
