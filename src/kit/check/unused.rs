//! What a pack has and does not use.
//!
//! Whether a name is used is told by the text of templates and rules: where it stands as a whole word, somebody reads it.
//! That errs on the side of silence.

use std::borrow::Cow;
use std::collections::BTreeSet;

use regex::Regex;

use super::Subject;
use super::references::cited;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::expand::{self, Library};
use crate::files::Files as _;
use crate::rules::Expression;
use crate::schema::CATALOGUE;
use crate::theme::Part;
use crate::yaml::Located;

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let readers = Readers::of(subject);
    partials(subject, sink);
    data(subject, &readers, sink);
    derived(subject, &readers, sink);
    topics(subject, &readers, sink);
    images(subject, &readers, sink);
    strings(subject, sink);
}

fn unused(severity: Severity, what: String, span: Span) -> Diagnostic {
    Diagnostic::new(&codes::UNUSED, severity, format!("{what} is used nowhere")).at(span)
}

/// Partials that no document includes; nobody else would notice a mistake in one.
fn partials(subject: &Subject<'_>, sink: &mut Sink) {
    let pack = subject.pack;
    let included: BTreeSet<&String> = subject.prepared().flat_map(|prepared| &prepared.partials).collect();
    for (name, source) in pack.partials.iter().filter(|(name, _)| !included.contains(name)) {
        let library = Library { partials: Cow::Borrowed(&pack.partials), ..Library::default() };
        expand::prepare(source, &library, sink);
        let severity = subject.unused_in(source.layer);
        sink.push(unused(severity, format!("the partial `{name}`"), Span::file(source.name.clone())));
    }
}

fn data(subject: &Subject<'_>, readers: &Readers, sink: &mut Sink) {
    let pack = subject.pack;
    let mut referred: BTreeSet<&str> = BTreeSet::new();
    pack.schema.view().visit("", &mut |_, view| {
        referred.extend(view.asks.references.iter().flatten().filter_map(|name| name.strip_prefix(CATALOGUE)));
    });
    for path in pack.files().list("data").unwrap_or_default() {
        let Some(stem) = path.strip_prefix("data/").and_then(|name| name.rsplit_once('.')).map(|(stem, _)| stem) else {
            continue;
        };
        let is_catalogue = referred.contains(stem) || pack.topics.values().any(|topic| topic.ids.contains_key(stem));
        if path != crate::pack::TOPICS && pack.data.contains_key(stem) && !is_catalogue && !readers.read("data", stem) {
            let severity = subject.unused_in(pack.files().layer_of(&path).unwrap_or_default());
            sink.push(unused(severity, format!("the data `{stem}`"), Span::file(pack.files().name(&path))));
        }
    }
}

fn derived(subject: &Subject<'_>, readers: &Readers, sink: &mut Sink) {
    for rule in subject.pack.derive.iter().filter(|rule| !readers.read("derived", &rule.id)) {
        let severity = subject.unused_in(rule.layer);
        sink.push(unused(severity, format!("the derived value `{}`", rule.id), rule.value.span.clone()));
    }
}

fn topics(subject: &Subject<'_>, readers: &Readers, sink: &mut Sink) {
    let all: Vec<(usize, Option<&str>)> = subject.prepared().flat_map(|prepared| cited(&prepared.parts)).collect();
    if readers.read("data", "topics") || all.iter().any(|(_, name)| name.is_none()) {
        return; // Which topics are read is known only with a profile.
    }
    let names: BTreeSet<&str> = all.into_iter().filter_map(|(_, name)| name).collect();
    for (name, topic) in subject.pack.topics.iter().filter(|(name, _)| !names.contains(name.as_str())) {
        let Some(span) = topic.span.clone() else { continue };
        let severity = subject.unused_in(subject.layer_of(&span.file).unwrap_or_default());
        sink.push(unused(severity, format!("the topic `{name}`"), span));
    }
}

fn images(subject: &Subject<'_>, readers: &Readers, sink: &mut Sink) {
    let shown: BTreeSet<String> = decode::theme_parts(&subject.pack.theme, &mut Sink::new())
        .into_iter()
        .filter_map(|(part, _)| if let Part::Picture(picture) = part { Some(picture.image) } else { None })
        .collect();
    let is_used = |name: &String| readers.templates.contains(name.as_str()) || shown.contains(name);
    for name in subject.pack.images.keys().filter(|name| !is_used(name)) {
        let path = format!("images/{name}");
        let severity = subject.unused_in(subject.pack.files().layer_of(&path).unwrap_or_default());
        sink.push(unused(severity, format!("the image `{name}`"), Span::file(subject.pack.files().name(&path))));
    }
}

/// Words by which a catalogue would be cited that no topic cites. All other words of the engine must be there.
fn strings(subject: &Subject<'_>, sink: &mut Sink) {
    let pack = subject.pack;
    if subject.is_base() {
        return; // Catalogues are those of its editions.
    }
    let words: Vec<Located> =
        pack.layers.iter().filter_map(|layer| decode::read(&*layer.files, "strings.yaml", &mut Sink::new())).collect();
    for name in pack.strings.citations.iter().map(|citation| &citation.catalogue) {
        let is_cited = pack.topics.values().any(|topic| topic.ids.contains_key(name));
        let is_it = |row: &&Located| row.text("catalogue") == Some(name);
        let find = |words: &Located| Some(words.items("citations").iter().find(is_it)?.span.clone());
        if !is_cited && let Some(span) = words.iter().find_map(find) {
            let severity = subject.unused_in(subject.layer_of(&span.file).unwrap_or_default());
            sink.push(unused(severity, format!("the citation of `{name}`"), span));
        }
    }
}

/// The texts in which names are read.
struct Readers {
    templates: String,
    rules: String,
}

impl Readers {
    fn of(subject: &Subject<'_>) -> Readers {
        let pack = subject.pack;
        let templates: Vec<&str> = subject.sources().map(|source| source.text.as_str()).collect();
        let documents = pack
            .documents
            .iter()
            .flat_map(|document| [&document.when, &document.reason, &document.form, &document.dated]);
        let checks = pack.checks.iter().flat_map(|check| check.expressions().chain(&check.each).map(Some));
        let derived = pack.derive.iter().map(|rule| &rule.value);
        let proposed = pack.propose.iter().flat_map(|rule| rule.expressions().chain([&rule.each]));
        let expressions: Vec<&Expression> =
            documents.map(Option::as_ref).chain(checks).flatten().chain(derived).chain(proposed).collect();
        let rules: Vec<&str> = expressions.iter().map(|expression| expression.text.as_str()).collect();
        Readers { templates: templates.join("\n"), rules: rules.join("\n") }
    }

    /// Whether somebody reads `<root>.<name>`, or what is below `root` by names that are not written out.
    fn read(&self, root: &str, name: &str) -> bool {
        let whole = format!(r"(?:^|[^\w.]|@root\.){root}(?:\.{}\b|\[| as \||\}}\}})", regex::escape(name));
        let pattern = Regex::new(&whole);
        pattern.is_ok_and(|pattern| pattern.is_match(&self.templates) || pattern.is_match(&self.rules))
    }
}
