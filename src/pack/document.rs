//! Document templates: front matter and text.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::{Manifest, STRINGS, unknown};
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::expand::Source;
use crate::files::{Files, Layered};
use crate::rules::Expression;
use crate::yaml::{self, Located, Node};

/// The most bytes of front matter, its aliases put in.
const MAX_MATTER: usize = 64 << 10;

/// A document as a pack declares it.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its id: the file's name.
    pub id: String,
    /// Its number, unless the profile gives another.
    pub number: String,
    /// Where its number is said.
    pub number_at: Span,
    /// Its title, unless the profile gives another.
    pub title: String,
    /// Where its title is said.
    pub title_at: Span,
    /// The key of its kind in the pack's strings.
    pub kind: String,
    /// The requirements that it satisfies, by id.
    pub satisfies: Vec<String>,
    /// `mandatory`, `expected` or `optional`.
    pub tier: String,
    /// When it applies; always, when absent.
    pub when: Option<Expression>,
    /// Why it does not apply, when it does not: CEL that gives a text.
    pub reason: Option<Expression>,
    /// Whether it is a form to be filled in, because its register is empty: CEL.
    pub form: Option<Expression>,
    /// How far a record reaches: CEL that gives a day, month or year, the name of a period, or null.
    pub dated: Option<Expression>,
    /// Whether packs and workspaces that build on this one must leave it as it is.
    pub is_final: bool,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// The formats that it is written in, and where each is named; the workspace's own when empty.
    pub formats: Vec<(String, Span)>,
    /// Its text.
    pub source: Source,
}

/// Reads `documents/<id>.md.hbs`.
pub(super) fn read(
    files: &Layered,
    id: &str,
    manifest: &Manifest,
    kinds: Option<&BTreeMap<String, String>>,
    sink: &mut Sink,
) -> Option<Template> {
    let path = format!("documents/{id}.md.hbs");
    let text = decode::text(files, &path, sink)?;
    let layer = files.layer_of(&path).unwrap_or_default();
    let name = EcoString::from(files.name(&path));
    let Some((matter, body)) = split(&text) else {
        let message = "the document does not begin with `---`, its front matter, and `---`";
        sink.push(Diagnostic::fault(&codes::FRONT_MATTER, message).at(Span::text(name, 1, 1, 0)).excerpt_from(&text));
        return None;
    };
    // One blank line in place of the opening fence keeps the lines of the YAML those of the file.
    let located = yaml::read_within(&name, &format!("\n{matter}"), MAX_MATTER, sink)?;
    decode::typed::<serde_json::Value>(&located, Kind::Document, sink)?;
    let texts =
        |key: &str| located.items(key).iter().filter_map(|item| item.as_str()).map(str::to_owned).collect::<Vec<_>>();
    let known: Vec<&str> = manifest.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
    // A base leaves it to its editions what is demanded.
    for item in located.items("satisfies").iter().filter(|_| !manifest.is_base) {
        let given = item.as_str().unwrap_or_default();
        // A base leaves requirements to the packs that extend it.
        if !manifest.is_base && !known.contains(&given) {
            let message = format!("`{given}` is not a requirement of this pack");
            sink.push(unknown(message, Some(item.span.clone()), given, &known).excerpt_from(&text));
        }
    }
    if let (Some(kinds), Some(kind)) = (kinds, located.get("kind")) {
        let given = kind.as_str().unwrap_or_default();
        if !kinds.contains_key(given) {
            let known: Vec<&str> = kinds.keys().map(String::as_str).collect();
            let problem = unknown(format!("there is no kind `{given}`"), Some(kind.span.clone()), given, &known);
            let help = format!("the kinds are: {}; a pack adds its own under `kinds` in {STRINGS}", known.join(", "));
            sink.push(problem.help(help).excerpt_from(&text));
        }
    }
    let mut satisfies = texts("satisfies");
    for requirement in
        manifest.requirements.iter().filter(|requirement| requirement.documents.iter().any(|own| own == id))
    {
        if !satisfies.contains(&requirement.id) {
            satisfies.push(requirement.id.clone());
        }
    }
    let place = |key: &str| located.get(key).map(|value| value.span.clone());
    let expression = |key: &str| Expression::of(located.get(key)?, Some(&text));
    Some(Template {
        id: id.to_owned(),
        number: located.text("number")?.to_owned(),
        number_at: place("number")?,
        title: located.text("title")?.to_owned(),
        title_at: place("title")?,
        kind: located.text("kind")?.to_owned(),
        satisfies,
        tier: located.text("tier").unwrap_or("mandatory").to_owned(),
        when: expression("when"),
        reason: expression("reason"),
        form: expression("form"),
        dated: expression("dated"),
        is_final: says_final(&located),
        keywords: texts("keywords"),
        formats: located.named("formats"),
        source: Source {
            name,
            text: body.to_owned(),
            first_line: 3 + matter.lines().count() as u32,
            layer,
            replaces: None,
        },
    })
}

/// Whether a document calls itself final; what is wrong with it is reported when it is read.
pub(super) fn is_final(files: &dyn Files, path: &str) -> bool {
    let unheard = &mut Sink::new();
    let text = decode::text(files, path, unheard);
    let matter = text.as_deref().and_then(split);
    let matter = matter.and_then(|(matter, _)| yaml::read_within(path, matter, MAX_MATTER, unheard));
    matter.is_some_and(|located| says_final(&located))
}

fn says_final(located: &Located) -> bool {
    located.get("final").is_some_and(|value| value.node == Node::Bool(true))
}

/// Front matter and body.
fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("---\n")?;
    let end = rest.find("\n---\n")?;
    Some((&rest[..end + 1], &rest[end + 5..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_split_off() {
        assert_eq!(split("---\na: 1\nb: 2\n---\n# T\n"), Some(("a: 1\nb: 2\n", "# T\n")));
        assert_eq!(split("# T\n"), None);
        assert_eq!(split("---\na: 1\n# T\n"), None);
    }
}
