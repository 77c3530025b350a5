//! `set:` of `pack.yaml`: what a pack makes of the documents of its bases: which it leaves out, in which order the others
//! stand, and under which numbers and titles.
//!
//! Packs are gone through from the innermost outwards, so that each speaks of the set as its base has it. What a pack says
//! of a document that a pack further out wrote anew no longer counts: that has a number and title of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::chain::Layer;
use super::document::Template;
use super::{STRINGS, unknown};
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::yaml::{Located, Node};

/// The rest of the documents, in an order.
const REST: &str = "...";
/// The most characters of a number.
const MAX_NUMBER: usize = 60;
/// The most digits that a place is filled up to.
const MAX_DIGITS: usize = 6;

/// A document of a base that a pack leaves out.
#[derive(Debug, Clone)]
pub struct Dropped {
    /// The document as its base has it.
    pub template: Template,
    /// Why it is left out.
    pub reason: String,
    /// The pack that leaves it out: its place in the chain.
    pub layer: usize,
    /// Where it says so.
    pub span: Span,
}

/// The documents of a pack in their order, and those that are left out. `all` are those that the packs of the chain list.
pub(super) fn of(layers: &[Layer], all: Vec<Template>, sink: &mut Sink) -> (Vec<Template>, Vec<Dropped>) {
    let mut set = Set { templates: all, order: Vec::new(), dropped: BTreeMap::new(), numbered: BTreeMap::new() };
    for (layer, pack) in layers.iter().enumerate().rev() {
        for id in &pack.manifest.documents {
            if !set.order.contains(id) {
                set.order.push(id.clone());
            }
            set.dropped.remove(id);
        }
        let turn = Turn { layer, pack, layers };
        if let Some(said) = pack.located.get("set") {
            turn.drop(said, &mut set, sink);
            turn.order(said, &mut set, sink);
            turn.numbers(said, &mut set, sink);
        }
        turn.titles(&mut set, sink);
    }
    set.check_numbers(sink);
    set.done()
}

/// The set so far.
struct Set {
    templates: Vec<Template>,
    order: Vec<String>,
    dropped: BTreeMap<String, (String, usize, Span)>,
    /// The documents whose number a pack gave, and where.
    numbered: BTreeMap<String, Span>,
}

impl Set {
    fn template(&self, id: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == id)
    }

    fn template_mut(&mut self, id: &str) -> Option<&mut Template> {
        self.templates.iter_mut().find(|template| template.id == id)
    }

    /// The fault of an id that is no document of the set.
    fn unknown(&self, id: &str, layers: &[Layer], span: Span) -> Diagnostic {
        if let Some((_, layer, _)) = self.dropped.get(id) {
            let message = format!("`{id}` is left out of the set by {}", layers[*layer].label());
            return Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span).help("take it out here");
        }
        let known: Vec<&str> = self.order.iter().map(String::as_str).collect();
        unknown(format!("the set has no document `{id}`"), Some(span), id, &known)
    }

    /// Numbers tell documents apart; where a pack gave one of two that are the same, it is to blame.
    fn check_numbers(&self, sink: &mut Sink) {
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        for id in &self.order {
            let Some(template) = self.template(id) else { continue };
            let Some(other) = known.insert(&template.number, id) else { continue };
            if let Some(span) = self.numbered.get(id).or_else(|| self.numbered.get(other)) {
                let message = format!("`{other}` and `{id}` have the same number, `{}`", template.number);
                let problem = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span.clone());
                sink.push(problem.help("give one of them another under `numbers`"));
            }
        }
    }

    fn done(self) -> (Vec<Template>, Vec<Dropped>) {
        let Set { mut templates, order, mut dropped, .. } = self;
        let mut found = Vec::new();
        let mut take = |id: &str| {
            let at = templates.iter().position(|template| template.id == id)?;
            Some(templates.remove(at))
        };
        let documents = order.iter().filter_map(|id| take(id)).collect();
        while let Some((id, (reason, layer, span))) = dropped.pop_first() {
            found.extend(take(&id).map(|template| Dropped { template, reason, layer, span }));
        }
        (documents, found)
    }
}

/// What one pack of the chain says.
struct Turn<'a> {
    layer: usize,
    pack: &'a Layer,
    layers: &'a [Layer],
}

impl Turn<'_> {
    fn drop(&self, said: &Located, set: &mut Set, sink: &mut Sink) {
        for entry in said.get("drop").map(Located::entries).unwrap_or_default() {
            let id = entry.key.as_str();
            if !set.order.iter().any(|known| known == id) {
                sink.push(set.unknown(id, self.layers, entry.key_span.clone()));
                continue;
            }
            if self.pack.manifest.documents.iter().any(|own| own == id) {
                let message = format!("`{id}` is one of this pack's own `documents`");
                let problem = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(entry.key_span.clone());
                sink.push(problem.help("take it out of one of the two lists"));
                continue;
            }
            if let Some(template) = set.template(id).filter(|template| template.is_final) {
                let owner = self.layers.get(template.source.layer).map(Layer::label).unwrap_or_default();
                let message = format!("`{id}` is final in {owner} and cannot be left out");
                let problem = Diagnostic::fault(&codes::PACK_FINAL, message).at(entry.key_span.clone());
                sink.push(problem.help("keep the document; its number, title and place in the order may change"));
            }
            let reason = entry.value.as_str().unwrap_or_default().to_owned();
            set.order.retain(|known| known != id);
            set.dropped.insert(id.to_owned(), (reason, self.layer, entry.key_span.clone()));
        }
    }

    fn order(&self, said: &Located, set: &mut Set, sink: &mut Sink) {
        let (mut before, mut after) = (Vec::new(), None);
        for item in said.items("order") {
            let id = item.as_str().unwrap_or_default();
            let is_rest = id == REST;
            let seen = before.iter().chain(after.iter().flatten()).any(|known| known == id);
            if seen || (is_rest && after.is_some()) {
                let message = format!("`{id}` stands in `order` twice");
                sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(item.span.clone()));
            } else if is_rest {
                after = Some(Vec::new());
            } else if !set.order.iter().any(|known| known == id) {
                sink.push(set.unknown(id, self.layers, item.span.clone()));
            } else {
                after.as_mut().unwrap_or(&mut before).push(id.to_owned());
            }
        }
        let after = after.unwrap_or_default();
        let is_rest = |id: &String| !before.contains(id) && !after.contains(id);
        let rest: Vec<String> = set.order.iter().filter(|id| is_rest(id)).cloned().collect();
        set.order = before.into_iter().chain(rest).chain(after).collect();
    }

    /// Whether what this pack says of a document counts.
    fn speaks_of(&self, template: &Template) -> bool {
        template.source.layer >= self.layer
    }

    fn numbers(&self, said: &Located, set: &mut Set, sink: &mut Sink) {
        let mut own: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
        for entry in said.get("numbers").map(Located::entries).unwrap_or_default() {
            if set.order.iter().any(|known| *known == entry.key.as_str()) {
                let number = entry.value.as_str().unwrap_or_default();
                own.insert(entry.key.as_str(), (number, entry.value.span.clone()));
            } else {
                sink.push(set.unknown(&entry.key, self.layers, entry.key_span.clone()));
            }
        }
        let pattern = said.get("number").and_then(|written| Pattern::read(written, said.get("words"), sink));
        let mut of_kind: BTreeMap<String, usize> = BTreeMap::new();
        for (at, id) in set.order.clone().iter().enumerate() {
            let Some(template) = set.template(id) else { continue };
            let place = of_kind.entry(template.kind.clone()).or_default();
            *place += 1;
            let place = Place { n: at + 1, of_kind: *place };
            let given = match (own.get(id.as_str()), &pattern) {
                (Some((number, span)), _) => Ok(Some(((*number).to_owned(), span.clone()))),
                (None, Some(pattern)) => {
                    pattern.number(template, place).map(|number| Some((number, pattern.span.clone())))
                }
                (None, None) => Ok(None),
            };
            match given {
                Ok(Some((number, span))) if self.speaks_of(template) => {
                    if let Some(problem) = wrong(&number) {
                        let message = format!("the number of `{id}`, `{}`, {problem}", shown(&number));
                        sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span));
                        continue;
                    }
                    if let Some(template) = set.template_mut(id) {
                        template.number = number.clone();
                        template.number_at = span.clone();
                    }
                    set.numbered.insert(id.clone(), span);
                }
                Ok(_) => {}
                Err(problem) => sink.push(problem),
            }
        }
    }

    /// `titles` of the pack's words.
    fn titles(&self, set: &mut Set, sink: &mut Sink) {
        let unheard = &mut Sink::new(); // What cannot be read is reported where the words are read.
        if !super::has(&*self.pack.files, STRINGS) {
            return;
        }
        let Some(strings) = decode::read(&*self.pack.files, STRINGS, unheard) else { return };
        for entry in strings.get("titles").map(Located::entries).unwrap_or_default() {
            if !set.order.iter().any(|known| *known == entry.key.as_str()) {
                sink.push(set.unknown(&entry.key, self.layers, entry.key_span.clone()));
                continue;
            }
            let title = entry.value.as_str().unwrap_or_default();
            let template = set.template_mut(&entry.key).filter(|template| self.speaks_of(template));
            if let Some(template) = template {
                template.title = title.to_owned();
                template.title_at = entry.value.span.clone();
            }
        }
    }
}

/// What keeps a text from being a number.
fn wrong(number: &str) -> Option<&'static str> {
    if number.trim().is_empty() {
        Some("is empty")
    } else if number.chars().count() > MAX_NUMBER {
        Some("has more than 60 characters")
    } else if number.chars().any(|c| c.is_control() || crate::characters::is_private(c)) {
        Some("holds a character that no document can show")
    } else {
        None
    }
}

/// The beginning of a text, as a message shows it.
fn shown(text: &str) -> String {
    let mut cut: String = text.chars().take(MAX_NUMBER).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Where a document stands in the set, from 1.
#[derive(Clone, Copy)]
struct Place {
    n: usize,
    of_kind: usize,
}

/// A pattern for numbers: `{house}-{n:02}`.
struct Pattern {
    pieces: Vec<Piece>,
    span: Span,
}

enum Piece {
    Text(String),
    /// The place in the set, filled up with zeros to so many digits.
    Place(usize),
    /// The place among the documents of its kind.
    PlaceOfKind(usize),
    Kind,
    /// The number that the document had before.
    Number,
    /// A word that differs by kind.
    ByKind(String, BTreeMap<String, String>),
}

/// What a pattern may name besides words of its own.
const SLOTS: [&str; 4] = ["n", "of-kind", "kind", "number"];

impl Pattern {
    fn read(written: &Located, words: Option<&Located>, sink: &mut Sink) -> Option<Pattern> {
        let text = written.as_str()?;
        let mut own = BTreeMap::new();
        for entry in words.map(Located::entries).unwrap_or_default() {
            if SLOTS.contains(&entry.key.as_str()) {
                let message = format!("`{}` has a meaning of its own in `number`", entry.key);
                let problem = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(entry.key_span.clone());
                sink.push(problem.help("give the word another name"));
            }
            own.insert(entry.key.as_str(), entry);
        }
        let mut named = BTreeSet::new();
        let mut pieces = Vec::new();
        let mut rest = text;
        let fault = |message: String| Diagnostic::fault(&codes::PACK_MANIFEST, message).at(written.span.clone());
        while let Some(start) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(start);
            let inside = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let Some((slot, after)) = inside.filter(|(slot, _)| !slot.contains('{')) else {
                let problem = fault("`number` has a brace without its other one".to_owned());
                sink.push(problem.help("braces stand around what changes, such as `{n:02}`"));
                return None;
            };
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            rest = after;
            let (name, form) = slot.split_once(':').map_or((slot, None), |(name, form)| (name, Some(form)));
            let digits = form.map_or(Some(1), digits).filter(|_| form.is_none() || matches!(name, "n" | "of-kind"));
            let Some(digits) = digits else {
                let problem = fault(format!("`{{{}}}` cannot be written so", shown(slot)));
                sink.push(
                    problem.help("`{n:02}` fills the place up to two digits; at most six, and nothing else has a form"),
                );
                return None;
            };
            pieces.push(match (name, own.get(name)) {
                ("n", _) => Piece::Place(digits),
                ("of-kind", _) => Piece::PlaceOfKind(digits),
                ("kind", _) => Piece::Kind,
                ("number", _) => Piece::Number,
                (_, Some(entry)) => {
                    named.insert(name);
                    match &entry.value.node {
                        Node::Map(kinds) => {
                            let word = |kind: &crate::yaml::Entry| {
                                (kind.key.to_string(), kind.value.as_str().unwrap_or_default().to_owned())
                            };
                            Piece::ByKind(name.to_owned(), kinds.iter().map(word).collect())
                        }
                        _ => Piece::Text(entry.value.as_str().unwrap_or_default().to_owned()),
                    }
                }
                (_, None) => {
                    let known = || SLOTS.into_iter().chain(own.keys().copied().filter(|name| !SLOTS.contains(name)));
                    let problem = fault(format!("`number` names `{{{}}}`, which is nothing", shown(name)));
                    let problem = problem.suggest(name, known());
                    let all: Vec<String> = known().map(|name| format!("{{{name}}}")).collect();
                    sink.push(problem.help(format!(
                        "there are: {}; a word of your own stands under `words: {{{}: …}}`",
                        all.join(", "),
                        shown(name)
                    )));
                    return None;
                }
            });
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        for (name, entry) in own.iter().filter(|(name, _)| !named.contains(*name) && !SLOTS.contains(name)) {
            let message = format!("the word `{name}` is not used in `number`");
            let problem = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(entry.key_span.clone());
            sink.push(problem.help(format!("write `{{{name}}}` where it belongs, or take it out")));
        }
        Some(Pattern { pieces, span: written.span.clone() })
    }

    fn number(&self, template: &Template, place: Place) -> Result<String, Diagnostic> {
        let mut number = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => number.push_str(text),
                Piece::Place(digits) => number.push_str(&format!("{:0digits$}", place.n, digits = *digits)),
                Piece::PlaceOfKind(digits) => number.push_str(&format!("{:0digits$}", place.of_kind, digits = *digits)),
                Piece::Kind => number.push_str(&template.kind),
                Piece::Number => number.push_str(&template.number),
                Piece::ByKind(name, words) => match words.get(&template.kind) {
                    Some(word) => number.push_str(word),
                    None => {
                        let Template { id, kind, .. } = template;
                        let message = format!("`{name}` has no word for the kind `{kind}`, which `{id}` is");
                        let problem = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(self.span.clone());
                        return Err(problem.help(format!("add it: `words: {{{name}: {{{kind}: …}}}}`")));
                    }
                },
            }
        }
        Ok(number)
    }
}

/// The digits that a form such as `02` asks for.
fn digits(form: &str) -> Option<usize> {
    let wanted: usize = form.strip_prefix('0')?.parse().ok()?;
    (1..=MAX_DIGITS).contains(&wanted).then_some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_a_zero_and_a_few_digits() {
        assert_eq!(digits("02"), Some(2));
        for form in ["2", "0", "00", "07", "0x", "", "099999999999999999999"] {
            assert_eq!(digits(form), None, "{form}");
        }
    }

    #[test]
    fn a_number_is_short_and_can_be_seen() {
        assert_eq!(wrong("H-12"), None);
        assert!(wrong(" ").is_some() && wrong("a\u{7}").is_some() && wrong(&"x".repeat(61)).is_some());
    }
}
