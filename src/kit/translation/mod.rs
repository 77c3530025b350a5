//! A translation beside its base: what of it is not translated, what the base has changed since, ids that differ, terms off
//! the glossary.
//!
//! A text has the same name in both packs ([`Name`]); what it was translated from is kept as a digest in
//! `translation.yaml`, which `--accept` writes.

mod glossary;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;
use serde_json::json;

use crate::commit::Commit;
use crate::decode;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::digest;
use crate::messages::Message;
use crate::pack::{Layer, MANIFEST, Pack, Template};
use texts::{Text, Texts, texts};

pub use texts::{Kind, Name};

/// The file that says what was translated, in a pack.
const FILE: &str = "translation.yaml";
/// How many characters of a digest are kept.
const DIGEST: usize = 12;
/// How many names of one kind a finding gives.
const SHOWN: usize = 6;

/// How far a translation is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// For each kind of which the base has a text: how many are translated, and how many there are.
    pub counts: Vec<(Kind, usize, usize)>,
    /// How many texts the base has changed since they were translated; nothing when nobody noted what was translated.
    pub changed: Option<usize>,
    /// What was translated, as it is to be noted.
    pub record: Commit,
}

/// Compares a translation with its base. What is reported of it is findings.
pub fn compare(pack: &Pack, base: &Pack, sink: &mut Sink) -> Standing {
    let is_own = |layer: usize| !pack.is_foreign(layer);
    let own = texts(pack.layers.iter().enumerate().filter(|(at, _)| is_own(*at)).map(|(_, layer)| layer));
    let of_base = texts(base.layers.iter());
    let outermost = &*pack.layers[0].files;
    let mut standing = Standing { counts: counts(&own, &of_base), ..Standing::default() };
    untranslated(pack, &own, &of_base, sink);
    standing.changed = since(pack, base, &own, &of_base, sink);
    slots(&own, &of_base, sink);
    ids(pack, base, sink);
    if outermost.list("").is_ok_and(|paths| paths.iter().any(|path| path == glossary::FILE)) {
        glossary::check(outermost, &own, &of_base, sink);
    }
    standing.record.write(FILE, record(base, &own, &of_base).into_bytes());
    decode::show_lines(&pack.trees(), sink);
    standing
}

/// Notes the words of the engine that a pack takes over from a base in another language: every document prints some.
pub fn check_words(pack: &Pack, sink: &mut Sink) {
    if !pack.is_translation() {
        return; // Reading every text of a pack takes its time.
    }
    let is_own = |layer: usize| !pack.is_foreign(layer);
    let layers = || pack.layers.iter().enumerate();
    let own = texts(layers().filter(|(at, _)| is_own(*at)).map(|(_, layer)| layer));
    let base = texts(layers().filter(|(at, _)| !is_own(*at)).map(|(_, layer)| layer));
    let is_left = |name: &&Name| name.kind == Kind::Word && !own.contains_key(name);
    let left: Vec<&str> = base.keys().filter(is_left).map(|name| name.id.as_str()).collect();
    if !left.is_empty() {
        let message =
            format!("words of the engine not in {}, {}: {}", pack.manifest.language, left.len(), named(&left));
        let span = Span::file(pack.layers[0].files.name(MANIFEST));
        let found = Diagnostic::new(&codes::UNTRANSLATED, Severity::Warning, message).at(span);
        sink.push(
            found.help("write them into `strings.yaml`; `folio pack check --against BASE` tells what else is left"),
        );
    }
}

fn counts(own: &Texts, base: &Texts) -> Vec<(Kind, usize, usize)> {
    let count = |kind: Kind| {
        let of_kind = || base.keys().filter(move |name| name.kind == kind);
        (kind, of_kind().filter(|name| own.contains_key(name)).count(), of_kind().count())
    };
    Kind::ALL.into_iter().map(count).filter(|(_, _, all)| *all > 0).collect()
}

/// What is not translated: one note a kind.
fn untranslated(pack: &Pack, own: &Texts, base: &Texts, sink: &mut Sink) {
    let manifest = Span::file(pack.layers[0].files.name(MANIFEST));
    for kind in Kind::ALL {
        let left: Vec<&str> = base
            .keys()
            .filter(|name| name.kind == kind && !own.contains_key(name))
            .map(|name| name.id.as_str())
            .collect();
        if left.is_empty() || kind == Kind::Word {
            continue; // Of those of the engine the check of the pack itself tells.
        }
        let language = &pack.manifest.language;
        let message = format!("{} not in {language}, {}: {}", kind.plural(), left.len(), named(&left));
        sink.push(Diagnostic::new(&codes::UNTRANSLATED, Severity::Note, message).at(manifest.clone()));
    }
}

/// The first of some names, and how many more there are.
fn named(names: &[&str]) -> String {
    let first = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => first,
        more => format!("{first}, and {more} more"),
    }
}

fn short(text: &str) -> String {
    let mut digest = digest::of_file(text.as_bytes());
    digest.truncate(DIGEST);
    digest
}

/// Reports what the base has changed since it was translated, and what it has no longer. How many texts changed.
fn since(pack: &Pack, base: &Pack, own: &Texts, of_base: &Texts, sink: &mut Sink) -> Option<usize> {
    let files = &*pack.layers[0].files;
    if !files.list("").is_ok_and(|paths| paths.iter().any(|path| path == FILE)) {
        return None;
    }
    let located = decode::read(files, FILE, sink)?;
    decode::typed::<serde_json::Value>(&located, decode::Kind::Translation, sink)?;
    let then = format!("{} {}", located.text("base").unwrap_or_default(), located.text("version").unwrap_or_default());
    let noted = located.get("texts").map(|texts| texts.entries()).unwrap_or_default();
    let noted: BTreeMap<&str, &str> =
        noted.iter().filter_map(|entry| Some((entry.key.as_str(), entry.value.as_str()?))).collect();
    let mut changed = 0;
    for (name, text) in own {
        let Some(was) = noted.get(name.to_string().as_str()) else { continue };
        let message = match of_base.get(name) {
            Some(base) if short(&base.text) == **was => continue,
            Some(_) => format!("`{name}` was translated from {then}, and {} says something else", base.label(0)),
            None => format!("`{name}` was translated from {then}, and {} has it no longer", base.label(0)),
        };
        changed += 1;
        let found = Diagnostic::new(&codes::TRANSLATION, Severity::Warning, message).at(text.span.clone());
        sink.push(found.help("bring it up to date; `--accept` notes that you did"));
    }
    Some(changed)
}

/// Reports messages that leave out what the base's say of the case in hand.
fn slots(own: &Texts, of_base: &Texts, sink: &mut Sink) {
    for (name, text) in own.iter().filter(|(name, _)| matches!(name.kind, Kind::Message | Kind::Check)) {
        let read = |text: &Text| Message::parse(&text.text).ok();
        let Some((own, theirs)) = of_base.get(name).and_then(|base| Some((read(text)?, read(base)?))) else { continue };
        let lacks: Vec<String> = theirs.slots().difference(&own.slots()).map(|slot| format!("`{{{slot}}}`")).collect();
        if !lacks.is_empty() {
            let message = format!("`{name}` leaves out {}, which the base's has", lacks.join(", "));
            sink.push(Diagnostic::new(&codes::TRANSLATION, Severity::Warning, message).at(text.span.clone()));
        }
    }
}

/// What `translation.yaml` is to say.
fn record(base: &Pack, own: &Texts, of_base: &Texts) -> String {
    let Layer { manifest, .. } = &base.layers[0];
    let mut text = String::from(
        "# Which texts of the base this translation was made from. Written by `folio pack check --accept`.\n",
    );
    text.push_str(&format!(
        "format: 1\nbase: {}\nversion: {}\ntexts:\n",
        manifest.id,
        json!(manifest.version.to_string())
    ));
    for (name, original) in of_base.iter().filter(|(name, _)| own.contains_key(name)) {
        text.push_str(&format!("  {}: {}\n", json!(name.to_string()), json!(short(&original.text))));
    }
    if text.ends_with("texts:\n") {
        text = text.replace("texts:\n", "texts: {}\n");
    }
    text
}

/// What others find a part of a document by.
static LABEL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|[^{])\{#([\w-]+)").expect("a constant pattern"));
static BLOCK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"\{\{#block\s+"([\w-]+)""#).expect("a constant pattern"));
static PARTIAL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\{\{>\s*([\w-]+)").expect("a constant pattern"));

/// The labels and blocks of a document, with those of the partials that it takes in.
#[derive(Default)]
struct Ids {
    labels: BTreeSet<String>,
    blocks: BTreeSet<String>,
}

impl Ids {
    fn of(pack: &Pack, document: &Template) -> Ids {
        let mut ids = Ids::default();
        let mut seen = BTreeSet::new();
        ids.read(pack, &document.source.text, &mut seen);
        for block in pack.blocks.get(&document.id).into_iter().flat_map(BTreeMap::values) {
            ids.read(pack, &block.text, &mut seen);
        }
        ids
    }

    fn read<'p>(&mut self, pack: &'p Pack, text: &'p str, seen: &mut BTreeSet<&'p str>) {
        let all = |pattern: &Regex| -> Vec<String> {
            pattern.captures_iter(text).filter_map(|found| Some(found.get(1)?.as_str().to_owned())).collect()
        };
        self.labels.extend(all(&LABEL));
        self.blocks.extend(all(&BLOCK));
        for name in PARTIAL.captures_iter(text).filter_map(|found| found.get(1)) {
            if let Some(partial) = pack.partials.get(name.as_str())
                && seen.insert(name.as_str())
            {
                self.read(pack, &partial.text, seen);
            }
        }
    }
}

/// Reports translated documents that others would find otherwise than the base's: by label, by block, by what their front
/// matter says.
fn ids(pack: &Pack, base: &Pack, sink: &mut Sink) {
    for document in pack.documents.iter().filter(|document| !pack.is_untranslated(document)) {
        let Some(original) = base.documents.iter().find(|original| original.id == document.id) else { continue };
        let (own, theirs) = (Ids::of(pack, document), Ids::of(base, original));
        let span = Span::file(document.source.name.clone());
        let mut report = |problem: String, help: &str| {
            let message = format!("`{}` {problem}", document.id);
            let found = Diagnostic::new(&codes::TRANSLATION, Severity::Warning, message).at(span.clone());
            sink.push(found.help(help.to_owned()));
        };
        for (what, own, theirs) in [("labels", &own.labels, &theirs.labels), ("blocks", &own.blocks, &theirs.blocks)] {
            let lacks: Vec<&str> = theirs.difference(own).map(String::as_str).collect();
            let more: Vec<&str> = own.difference(theirs).map(String::as_str).collect();
            if !lacks.is_empty() {
                let more = if more.is_empty() { String::new() } else { format!("; it has instead: {}", named(&more)) };
                report(format!("lacks {what} of the base: {}{more}", named(&lacks)), "keep the base's ids");
            } else if !more.is_empty() {
                report(format!("has {what} that the base has not: {}", named(&more)), "keep the base's ids");
            }
        }
        let text = |expression: &Option<crate::rules::Expression>| expression.as_ref().map(|it| it.text.clone());
        let front = |document: &Template| {
            [
                ("kind", Some(document.kind.clone())),
                ("tier", Some(document.tier.clone())),
                ("satisfies", Some(document.satisfies.join(", "))),
                ("when", text(&document.when)),
                ("form", text(&document.form)),
                ("dated", text(&document.dated)),
                ("final", Some(document.is_final.to_string())),
            ]
        };
        for ((key, own), (_, theirs)) in front(document).into_iter().zip(front(original)) {
            if own != theirs {
                let shown = |value: Option<String>| value.map_or("nothing".to_owned(), |value| format!("`{value}`"));
                let problem = format!("has {} as its `{key}`, and the base has {}", shown(own), shown(theirs));
                report(problem, "take over what the base's front matter says");
            }
        }
    }
}
