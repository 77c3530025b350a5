//! A pack over packs in another language: what of them is not translated is never mixed in silently.

use serde::Deserialize;

use super::{Pack, Template};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::expand::{Prepared, Source};

/// What becomes of a base's document that a pack in another language does not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Untranslated {
    /// It is left out, and named among what is not made.
    #[default]
    LeaveOut,
    /// The pack is refused.
    Refuse,
}

/// The language of a tag without its country: `de` of `de-AT`.
fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

/// Whether two tags name different languages, not only different countries.
pub(super) fn differ(a: &str, b: &str) -> bool {
    primary(a) != primary(b)
}

impl Pack {
    /// Whether a layer is written in another language than the pack itself.
    pub fn is_foreign(&self, layer: usize) -> bool {
        let layer = self.layers.get(layer);
        layer.is_some_and(|layer| differ(&layer.manifest.language, &self.manifest.language))
    }

    /// Whether the pack stands over packs in another language.
    pub fn is_translation(&self) -> bool {
        (0..self.layers.len()).any(|layer| self.is_foreign(layer))
    }

    /// Whether a document is still in another language.
    pub fn is_untranslated(&self, template: &Template) -> bool {
        self.is_foreign(template.source.layer)
    }

    /// Reports the partials in another language that a template pulls in.
    pub fn check_language(&self, template: &Template, prepared: &Prepared, sink: &mut Sink) {
        if self.is_untranslated(template) {
            return;
        }
        let partials = prepared.partials.iter().filter_map(|name| Some((name, self.partials.get(name)?)));
        for (name, partial) in partials.filter(|(_, partial)| self.is_foreign(partial.layer) && has_words(partial)) {
            let language = &self.layers[partial.layer].manifest.language;
            let message = format!("`{}` takes in the partial `{name}`, which is in {language}", template.id);
            let found = Diagnostic::new(&codes::UNTRANSLATED, Severity::Error, message);
            let found = found.at(Span::file(template.source.name.clone()));
            sink.push(found.help(format!("write `partials/{name}.md.hbs` in {}", self.manifest.language)));
        }
    }

    /// A pack that asks for a translation of everything is refused without.
    pub(super) fn refuse_untranslated(&self, sink: &mut Sink) {
        if self.manifest.untranslated != Untranslated::Refuse {
            return;
        }
        let left: Vec<&str> =
            self.documents.iter().filter(|document| self.is_untranslated(document)).map(|it| it.id.as_str()).collect();
        if left.is_empty() {
            return;
        }
        let named = left.join(", ");
        let message = format!("documents not in {}, {}: {named}", self.manifest.language, left.len());
        let span = Span::file(self.layers[0].files.name(super::manifest::FILE));
        let fault = Diagnostic::fault(&codes::UNTRANSLATED, message).at(span);
        sink.push(fault.help("translate them, or write `untranslated: leave-out`"));
    }
}

/// Whether a text of a template has words of its own: more than values, conditions and directives.
fn has_words(source: &Source) -> bool {
    let mut rest = source.text.as_str();
    let mut words = String::new();
    while let Some((before, after)) = rest.split_once("{{") {
        words.push_str(before);
        rest = after.split_once("}}").map_or("", |(_, after)| after);
    }
    words.push_str(rest);
    words.lines().filter(|line| !line.trim_start().starts_with(":::")).any(|line| line.contains(char::is_alphabetic))
}
