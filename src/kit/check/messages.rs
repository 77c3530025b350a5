//! Message tables against the rules that say them: words in rules, entries that nobody says, slots that nobody fills, forms
//! of number that a language has and a message lacks.

use std::collections::{BTreeMap, BTreeSet};

use super::Subject;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span, nearest};
use crate::language::{Category, Language};
use crate::messages::{Entry, Messages};
use crate::rules::{self, Check, Expression, Said};

/// How far things are counted to find the kinds of number of a language.
const COUNTED: i64 = 200;

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let pack = subject.pack;
    let documents =
        pack.documents.iter().flat_map(|document| [&document.when, &document.reason, &document.form, &document.dated]);
    let expressions: Vec<&Expression> = documents
        .flatten()
        .chain(pack.derive.iter().map(|rule| &rule.value))
        .chain(pack.checks.iter().flat_map(|check| check.expressions().chain(&check.each)))
        .chain(pack.propose.iter().flat_map(|rule| rule.expressions().chain([&rule.each])))
        .collect();
    // A message that stands in the rule is reported as such.
    let is_message = |it: &Expression| {
        pack.checks.iter().any(|check| check.message.expression().is_some_and(|own| own.span == it.span))
    };
    expressions.iter().filter(|it| !is_message(it)).for_each(|expression| no_prose(expression, sink));
    pack.checks.iter().for_each(|check| of_check(check, &pack.messages, sink));
    let said = said(subject, &expressions, sink);
    unused(subject, &said, sink);
    forms(subject, sink);
}

/// Words in a rule.
fn no_prose(expression: &Expression, sink: &mut Sink) {
    let words = rules::prose(expression);
    let Some(first) = words.first() else { return };
    let message = match words.len() {
        1 => format!("the rule has words for people in it: `{first}`"),
        n => format!("the rule has words for people in it, in {n} places: the first is `{first}`"),
    };
    sink.push(
        Diagnostic::new(&codes::PROSE, Severity::Error, message).at(expression.span.clone()).help(codes::PROSE.fix),
    );
}

/// The words of a check, which a table has, and the slots of its message.
fn of_check(check: &Check, tables: &Messages, sink: &mut Sink) {
    let in_table = |what: &str| format!("move it into `messages/`, under `checks: {}: {what}:`", check.id);
    if let Said::Rule(expression) = &check.message {
        let message = format!("the message of the check `{}` stands in the rule", check.id);
        let found = Diagnostic::new(&codes::PROSE, Severity::Error, message).at(expression.span.clone());
        sink.push(found.help(in_table("message")));
    }
    let in_tables = tables.checks.get(check.id.as_str()).and_then(|words| words.explain.as_ref());
    if in_tables.is_none_or(|words| words.span != check.explained_at) {
        let message = format!("the explanation of the check `{}` stands in the rule", check.id);
        sink.push(
            Diagnostic::new(&codes::PROSE, Severity::Error, message)
                .at(check.explained_at.clone())
                .help(in_table("explain")),
        );
    }
    let Said::Message(entry) = &check.message else { return };
    let given = match &check.with {
        None => Some(Vec::new()),
        Some(with) => rules::slots(with),
    };
    if let Some(given) = given {
        let given: BTreeSet<&str> = given.iter().map(String::as_str).collect();
        slots(entry, &given, &format!("`with` of the check `{}`", check.id), sink);
    }
}

/// Reports slots that are not given.
fn slots(entry: &Entry, given: &BTreeSet<&str>, giver: &str, sink: &mut Sink) {
    for slot in entry.message.slots().difference(given) {
        let known: Vec<String> = given.iter().map(|name| format!("`{name}`")).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let message = format!("{giver} does not fill the slot `{{{slot}}}` of `{}`: it gives {known}", entry.written);
        let found = Diagnostic::new(&codes::MESSAGE_SLOTS, Severity::Error, message).at(entry.span.clone());
        sink.push(found.suggest(slot, given.iter().copied()));
    }
}

/// The keys that rules say; slots that they do not fill are reported.
fn said(subject: &Subject<'_>, expressions: &[&Expression], sink: &mut Sink) -> BTreeSet<String> {
    let tables = &subject.pack.messages;
    let mut said = BTreeSet::new();
    for named in expressions.iter().flat_map(|expression| rules::named(expression)) {
        let keys: Vec<String> = match named.is_whole {
            true => vec![named.key.clone()],
            false => tables.beginning(&named.key).map(|key| key.to_string()).collect(),
        };
        for key in keys {
            if let (Some(entry), Some(given)) = (tables.texts.get(key.as_str()), &named.slots) {
                let given = given.iter().map(String::as_str).collect();
                slots(entry, &given, &format!("the rule that says `{key}`"), sink);
            }
            said.insert(key);
        }
    }
    said
}

/// Entries that nobody says.
fn unused(subject: &Subject<'_>, said: &BTreeSet<String>, sink: &mut Sink) {
    let tables = &subject.pack.messages;
    let mut report = |message: String, span: &Span, layer: usize| {
        let found = Diagnostic::new(&codes::UNUSED, subject.unused_in(layer), message).at(span.clone());
        sink.push(found.help("take it out, or let a rule say it"));
    };
    for (key, entry) in tables.texts.iter().filter(|(key, _)| !said.contains(key.as_str())) {
        report(format!("no rule says the message `{key}`"), &entry.span, entry.layer);
    }
    for (id, words) in &tables.checks {
        if subject.pack.checks.iter().any(|check| check.id == id.as_str()) {
            continue;
        }
        let near = nearest(id, subject.pack.checks.iter().map(|check| check.id.as_str()));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!("there is no check `{id}` to say this{near}");
        if let Some(entry) = &words.message {
            report(message, &entry.span, entry.layer);
        } else if let Some(words) = &words.explain {
            report(message, &words.span, words.layer);
        }
    }
}

/// The kinds of number that counts can be: some languages have one for fractions, or for millions, alone.
fn used(language: &Language) -> Vec<Category> {
    let found: BTreeSet<Category> = (0..=COUNTED).map(|number| language.category(number)).collect();
    found.into_iter().collect()
}

/// Forms of number that the language of a message has, and the message lacks.
fn forms(subject: &Subject<'_>, sink: &mut Sink) {
    let tables = &subject.pack.messages;
    let mut categories: BTreeMap<usize, Vec<Category>> = BTreeMap::new();
    let messages = tables.checks.values().filter_map(|words| words.message.as_ref());
    for entry in tables.texts.values().chain(messages) {
        let wanted = categories.entry(entry.layer).or_insert_with(|| {
            let layer = subject.pack.layers.get(entry.layer);
            let language = layer.and_then(|layer| Language::new(&layer.manifest.language).ok());
            language.map(|language| used(&language)).unwrap_or_default()
        });
        for (slot, missing) in entry.message.lacking(wanted) {
            let missing = missing.into_iter().map(|form| format!("`{}`", form.name())).collect::<Vec<_>>().join(", ");
            let message = format!("the choice by `{slot}` in `{}` lacks {missing}", entry.written);
            let found = Diagnostic::new(&codes::MESSAGE_SLOTS, Severity::Error, message).at(entry.span.clone());
            sink.push(found.help("write a form for each kind of number that the language has"));
        }
    }
}
