//! Texts that documents say when nobody has said anything: those in a way of an `if`, `unless` or `each` that the lack of a
//! fact leads into.
//!
//! Silence is no fact. A template asks with `known` and `none`, or says by `either` that what stands in both ways holds
//! whatever the fact is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Subject;
use super::scopes::{Known, Scopes};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::expand::Prepared;
use crate::expand::outline::{Block, Part, Term};
use crate::rules::{self, Derive};

/// The most places of a file that are named beside the first.
const MORE_PLACES: usize = 8;

/// A block with a way that silence leads into, as it is written, and the path that may be silent.
struct Speaks {
    text: String,
    path: String,
}

/// The ways that silence leads into, a finding for each file.
pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let data = Json::Object(subject.pack.data.clone());
    let derived = Derived::of(subject);
    let mut found: BTreeMap<Span, Speaks> = BTreeMap::new();
    for prepared in subject.prepared() {
        let scopes = Scopes::new(subject.pack.schema.view(), &data);
        let mut walk = Walk { prepared, scopes, derived: &derived, known: BTreeSet::new(), found: &mut found };
        walk.parts(&prepared.parts);
    }
    let mut files: BTreeMap<&str, Vec<(&Span, &Speaks)>> = BTreeMap::new();
    for (span, said) in found.iter().filter(|(span, _)| subject.layer_of(&span.file) < Some(subject.depth)) {
        files.entry(&span.file).or_default().push((span, said));
    }
    for places in files.into_values() {
        let Some(((span, Speaks { text, path }), rest)) = places.split_first() else { continue };
        let more = match rest.len() {
            0 => String::new(),
            1 => "; so does 1 more text of this file".to_owned(),
            more => format!("; so do {more} more texts of this file"),
        };
        let message = format!("`{text}` says something also where nobody has recorded `{path}`{more}");
        let finding = Diagnostic::new(&codes::SILENCE_SPEAKS, Severity::Warning, message).at((*span).clone());
        let shown = rest.iter().take(MORE_PLACES);
        let finding = shown
            .fold(finding, |finding, (span, speaks)| finding.related((*span).clone(), format!("`{}`", speaks.text)));
        sink.push(finding.help(codes::SILENCE_SPEAKS.fix));
    }
}

/// The derived values that may be missing or empty because nobody recorded something.
struct Derived<'p> {
    rules: BTreeMap<&'p str, &'p Derive>,
}

impl<'p> Derived<'p> {
    fn of(subject: &Subject<'p>) -> Derived<'p> {
        Derived { rules: subject.pack.derive.iter().map(|rule| (rule.id.as_str(), rule)).collect() }
    }

    fn can_be_silent(&self, id: &str) -> bool {
        self.rules.get(id).is_some_and(|rule| rules::may_be_missing(&rule.value))
    }
}

struct Walk<'a, 's> {
    prepared: &'a Prepared,
    scopes: Scopes<'a>,
    derived: &'s Derived<'a>,
    /// The paths of which it is known here that somebody has said something.
    known: BTreeSet<String>,
    /// The ways that silence leads into.
    found: &'s mut BTreeMap<Span, Speaks>,
}

impl<'a> Walk<'a, '_> {
    /// Walks parts; gives whether they say something themselves, whatever conditions in them come to.
    fn parts(&mut self, parts: &'a [Part]) -> bool {
        let mut says = false;
        for part in parts {
            says |= match part {
                Part::Text(_, text) => text.chars().any(char::is_alphanumeric),
                Part::Print(_) => true,
                Part::Path(..) | Part::Call(..) => false,
                Part::Block(block) => self.block(block),
            };
        }
        says
    }

    /// Walks a block; gives whether it says something that stands on no fact of its own.
    fn block(&mut self, block: &'a Block) -> bool {
        let before = self.known.clone();
        let asked = |outcome: bool| match block.name.as_str() {
            "unless" => !outcome,
            _ => outcome,
        };
        // What silence makes of the condition, and the path that is silent: of the way into the block and of that past it.
        let silent = [true, false].map(|way| match block.name.as_str() {
            "if" | "unless" => block.terms.first().and_then(|term| self.silent(term, asked(way))),
            "each" => block.over.as_ref().filter(|_| !way).and_then(|over| self.silent_path(over)),
            _ => None,
        });
        if let Some(term) = block.terms.first() {
            self.learn(block, term, asked(true));
        }
        if block.opens_scope() {
            self.scopes.enter(block);
        }
        let body = self.parts(&block.body);
        if block.opens_scope() {
            self.scopes.leave();
        }
        self.known.clone_from(&before);
        if let Some(term) = block.terms.first().filter(|_| matches!(block.name.as_str(), "if" | "unless")) {
            self.learn(block, term, asked(false));
        }
        let otherwise = block.otherwise.as_deref().is_some_and(|otherwise| self.parts(otherwise));
        self.known = before;
        let is_silent = silent.iter().any(Option::is_some);
        let [into, past] = silent;
        for path in [into.filter(|_| body), past.filter(|_| otherwise)].into_iter().flatten() {
            if let Some(site) = self.prepared.sites.get(block.site) {
                self.found.entry(site.span.clone()).or_insert_with(|| Speaks { text: site.text.to_string(), path });
            }
        }
        // What is said in it stands on the fact that it asks for, or was told above; else on what is around it.
        let stands_alone = match block.name.as_str() {
            "if" | "unless" => is_silent,
            "each" | "known" | "none" => true,
            _ => false,
        };
        !stands_alone && (body || otherwise)
    }

    /// The path whose silence makes a condition come out so.
    fn silent(&self, term: &Term, outcome: bool) -> Option<String> {
        match term {
            Term::Literal(_) => None,
            Term::Path(path) => self.silent_path(path).filter(|_| !outcome),
            Term::Call(name, given) => match (name.as_str(), given.as_slice()) {
                ("not", [inner]) => self.silent(inner, !outcome),
                ("and" | "or", given) => given.iter().find_map(|part| self.silent(part, outcome)),
                ("ne", given) => given.iter().find_map(|part| self.silent(part, !outcome)),
                ("known" | "none" | "made", _) => None,
                (_, given) => given.iter().find_map(|part| self.silent(part, outcome)),
            },
        }
    }

    /// A path that may be silent, by its name in the profile.
    fn silent_path(&self, path: &str) -> Option<String> {
        let (known, name) = self.scopes.resolve(path);
        if self.known.contains(&name) {
            return None;
        }
        let is_silent = match known {
            Known::Value(_, is_there) => !is_there,
            Known::Group(..) => known.truth().is_none(),
            Known::Data(_) => false,
            Known::Open => {
                let id = name.strip_prefix(".derived.").filter(|id| !id.contains(['.', '[']));
                id.is_some_and(|id| self.derived.can_be_silent(id))
            }
        };
        is_silent.then(|| path.to_owned())
    }

    /// Notes what is known where a condition came out so.
    fn learn(&mut self, block: &Block, term: &Term, outcome: bool) {
        let is_question = matches!(block.name.as_str(), "if" | "unless" | "either");
        match term {
            Term::Literal(_) => {}
            Term::Path(path) if outcome => {
                let (_, name) = self.scopes.resolve(path);
                self.known.insert(name);
            }
            Term::Path(_) => {}
            // What is gone over or into is there, and what somebody chose of it.
            Term::Call(_, given) if !is_question => given.iter().take(1).for_each(|part| self.learn(block, part, true)),
            Term::Call(name, given) => match (name.as_str(), given.as_slice()) {
                ("not", [inner]) => self.learn(block, inner, !outcome),
                ("and", given) if outcome => given.iter().for_each(|part| self.learn(block, part, true)),
                ("or", given) if !outcome => given.iter().for_each(|part| self.learn(block, part, false)),
                ("and" | "or", _) => {}
                ("ne", given) => given.iter().for_each(|part| self.learn(block, part, !outcome)),
                (_, given) => given.iter().for_each(|part| self.learn(block, part, outcome)),
            },
        }
    }
}
