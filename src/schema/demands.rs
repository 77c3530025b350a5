//! What no pack may do: ask for less than the engine does of its own keys, or give a default that its schema forbids.

use serde_json::Value as Json;

use super::bounds::BOUNDS;
use super::place::{KEYWORDS, Source};
use super::view::{Kind, Rest, View};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};

/// Reports keywords that begin as those of Folio do and are none of them: they would say nothing.
pub(super) fn keywords(source: &Source, sink: &mut Sink) {
    for (keyword, span) in source.unknown_keywords() {
        let message = format!("schemas have no keyword `{keyword}`");
        let problem = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span);
        sink.push(problem.suggest(&keyword, KEYWORDS));
    }
}

/// Reports where the schema of a pack, whose references lead into what lies below it too, loosens what the engine asks.
pub(super) fn check(engine: &View, source: &Source, below: &Json, sink: &mut Sink) {
    let own = View::within(&source.json, &[&source.json, below]);
    Demands { source, sink }.group(engine, &own, "", "");
}

struct Demands<'a> {
    source: &'a Source,
    sink: &'a mut Sink,
}

impl Demands<'_> {
    fn fault(&mut self, pointer: &str, message: String) {
        let diagnostic = Diagnostic::fault(&codes::SCHEMA_LOOSENED, message).at(self.source.place(pointer));
        self.sink.push(diagnostic.help(codes::SCHEMA_LOOSENED.fix));
    }

    /// Compares a group of the engine with what the pack says of it: a profile path, and a JSON pointer.
    fn group(&mut self, engine: &View, own: &View, path: &str, pointer: &str) {
        for property in engine.properties() {
            let path = if path.is_empty() { property.name.clone() } else { format!("{path}.{}", property.name) };
            let pointer = format!("{pointer}/properties/{}", property.name);
            let known = own.properties().iter().find(|known| known.name == property.name);
            if self.source.json.pointer(&pointer) == Some(&Json::Bool(false)) {
                self.fault(&pointer, format!("`{path}` is a key of the engine, and no pack takes it away"));
            } else if let Some(known) = known {
                self.value(&property.view, &known.view, &path, &pointer);
            }
        }
        let below = format!("{pointer}/additionalProperties");
        match (&engine.rest, &own.rest) {
            (Rest::Closed, Rest::Open | Rest::Alike(_)) => {
                let message = format!("`{path}` has no keys but those that are named; this would let any pass");
                self.fault(&below, message);
            }
            (Rest::Alike(_), Rest::Open) => {
                self.fault(
                    &below,
                    format!("the engine says what each key of `{path}` is; this would let anything pass"),
                );
            }
            (Rest::Alike(engine), Rest::Alike(own)) => self.value(engine, own, &format!("{path}.<name>"), &below),
            _ => {}
        }
    }

    fn value(&mut self, engine: &View, own: &View, path: &str, pointer: &str) {
        let (asks, given) = (&engine.asks, &own.asks);
        let is_narrower = asks.kind == given.kind || (asks.kind == Kind::Number && given.kind == Kind::Whole);
        if !is_narrower && asks.kind != Kind::Any && given.kind != Kind::Any {
            let message =
                format!("to the engine, `{path}` is of the type `{}`, not `{}`", asks.kind.name(), given.kind.name());
            return self.fault(&format!("{pointer}/type"), message);
        }
        for bound in &BOUNDS {
            let keyword = bound.keyword;
            let (Some(limit), Some(other)) = (asks.bounds.get(keyword), given.bounds.get(keyword)) else { continue };
            if bound.tighter(*limit, *other) != *other {
                let message = format!("the engine asks for the `{keyword}` {limit} of `{path}`, not {other}");
                self.fault(&format!("{pointer}/{keyword}"), message);
            }
        }
        if let (Some(form), Some(other)) = (&asks.format, &given.format)
            && form != other
        {
            let message = format!("the engine asks for the `format` {form} of `{path}`, not {other}");
            self.fault(&format!("{pointer}/format"), message);
        }
        if let (Some(key), Some(other)) = (&engine.key, &own.key)
            && key != other
        {
            let message = format!("the rows of `{path}` are called by `{key}`, not by `{other}`");
            self.fault(&format!("{pointer}/x-folio-key"), message);
        }
        let allowed = asks.references.iter().flatten();
        let more = given.references.iter().flatten().find(|name| !allowed.clone().any(|known| known == *name));
        if let Some(name) = more.filter(|_| !asks.references.is_empty()) {
            let known: Vec<String> = allowed.map(|name| format!("`{name}`")).collect();
            let message = format!("`{path}` names a row of {}, not of `{name}`", known.join(" or "));
            self.fault(&format!("{pointer}/x-folio-ref"), message);
        }
        if let (Some(engine), Some(own)) = (engine.items(), own.items()) {
            self.value(engine, own, path, &format!("{pointer}/items"));
        }
        self.group(engine, own, path, pointer);
    }
}

/// Reports defaults that the schemas, laid over one another, do not allow: they would stand in documents unseen.
pub(super) fn defaults(view: &View, sources: &[Source], sink: &mut Sink) {
    look(view, "", "", sources, sink);
}

fn look(view: &View, path: &str, pointer: &str, sources: &[Source], sink: &mut Sink) {
    if let Some(default) = view.default.as_ref().filter(|default| !view.allows(default)) {
        let message = format!("the default of `{path}` is {default}, which its own schema does not allow");
        let says = |source: &&Source| source.json.pointer(pointer).is_some();
        let place = sources.iter().rev().find(says).map(|source| source.place(pointer));
        let diagnostic = Diagnostic::fault(&codes::PACK_MANIFEST, message).at(place);
        sink.push(diagnostic.help("give a default that all packs of the chain allow"));
    }
    for property in view.properties() {
        let path = if path.is_empty() { property.name.clone() } else { format!("{path}.{}", property.name) };
        let name = property.name.replace('~', "~0").replace('/', "~1");
        look(&property.view, &path, &format!("{pointer}/properties/{name}"), sources, sink);
    }
    if let Rest::Alike(rest) = &view.rest {
        look(rest, &format!("{path}.<name>"), &format!("{pointer}/additionalProperties"), sources, sink);
    }
    if let Some(items) = view.items() {
        look(items, path, &format!("{pointer}/items"), sources, sink);
    }
}
