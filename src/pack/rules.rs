//! A pack's rules, joined with those of its bases: a derived value by its id, a check key by key, a proposal whole.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::Layer;
use super::messages::Tables;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::rules::{Check, Derive, Expression, Propose, Said};
use crate::yaml::{Entry, Located};

/// The most rules of a pack with its bases.
const MAX_RULES: usize = 2_000;

/// The files of rules by their names, to find places in.
type Texts = BTreeMap<EcoString, String>;

/// A rule as it is written, the layer that it comes from, and whether it stays as it is.
struct Rule {
    located: Located,
    layer: usize,
    /// The layer that calls it final.
    is_final: Option<usize>,
    /// The layers that its `message` and its `explain` come from.
    words: [Option<usize>; 2],
}

/// The keys of the words that a check may have in itself.
const WORDS: [&str; 2] = ["message", "explain"];

/// Reads the rules of every layer, those of the bases first.
pub(super) fn read(layers: &[Layer], tables: &Tables, sink: &mut Sink) -> (Vec<Derive>, Vec<Check>, Vec<Propose>) {
    let (mut derive, mut checks, mut propose) = (Vec::new(), Vec::new(), Vec::new());
    let mut texts = Texts::new();
    for (layer, pack) in layers.iter().enumerate().rev() {
        for path in &pack.manifest.rules {
            let Some(text) = decode::text(&*pack.files, path, sink) else { continue };
            let name = pack.files.name(path);
            let Some(located) = decode::parse(&name, &text, sink) else { continue };
            texts.insert(name.into(), text);
            if decode::typed::<serde_json::Value>(&located, Kind::Rules, sink).is_none() {
                continue;
            }
            let own = ["derive", "checks", "propose"].map(|kind| located.items(kind).len());
            if derive.len() + checks.len() + propose.len() + own.iter().sum::<usize>() > MAX_RULES {
                let message = format!("with `{path}`, the pack has more than {MAX_RULES} rules");
                sink.push(Diagnostic::fault(&codes::PACK_TOO_LARGE, message).at(located.span.clone()));
                return (Vec::new(), Vec::new(), Vec::new());
            }
            for rule in located.items("derive") {
                add(&mut derive, rule, layer, "derived value", sink);
            }
            for rule in located.items("checks") {
                add(&mut checks, rule, layer, "check", sink);
            }
            for rule in located.items("propose") {
                put(&mut propose, rule, layer, &texts, sink);
            }
        }
    }
    let derive = derive.into_iter().filter_map(|rule: Rule| {
        let id = rule.located.text("id")?.to_owned();
        Some(Derive { id, value: expression(&rule.located, "value", &texts)?, layer: rule.layer })
    });
    let derive = derive.collect();
    let checks = checks.into_iter().filter_map(|rule| check(&rule, layers, tables, &texts, sink)).collect();
    (derive, checks, propose)
}

/// Puts a proposal behind those that are there, or in the place of a base's of the same id.
fn put(rules: &mut Vec<Propose>, rule: &Located, layer: usize, texts: &Texts, sink: &mut Sink) {
    let Some(new) = propose(rule, layer, texts) else { return };
    match rules.iter_mut().find(|known| known.id == new.id) {
        Some(known) if known.layer == layer => {
            let message = format!("the proposal `{}` is declared twice", new.id);
            sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(rule.span.clone()));
        }
        Some(known) => *known = new,
        None => rules.push(new),
    }
}

/// A proposal as it is written, which its schema holds to be whole.
fn propose(rule: &Located, layer: usize, texts: &Texts) -> Option<Propose> {
    let register = rule.get("register")?;
    let values = rule.get("values")?;
    let value =
        |entry: &Entry| Some((entry.key.to_string(), entry.key_span.clone(), expression(values, &entry.key, texts)?));
    Some(Propose {
        id: rule.text("id")?.to_owned(),
        register: (register.as_str()?.to_owned(), register.span.clone()),
        each: expression(rule, "each", texts)?,
        name: rule.text("as").unwrap_or("item").to_owned(),
        key: expression(rule, "key", texts)?,
        when: expression(rule, "when", texts),
        values: values.entries().iter().filter_map(value).collect(),
        layer,
    })
}

fn add(rules: &mut Vec<Rule>, rule: &Located, layer: usize, what: &str, sink: &mut Sink) {
    let Some(id) = rule.text("id") else { return };
    let calls_final = rule.get("final").is_some_and(|value| value.node == crate::yaml::Node::Bool(true));
    let is_final = calls_final.then_some(layer);
    let words = WORDS.map(|key| rule.get(key).map(|_| layer));
    let Some(known) = rules.iter_mut().find(|known| known.located.text("id") == Some(id)) else {
        rules.push(Rule { located: rule.clone(), layer, is_final, words });
        return;
    };
    if known.layer == layer {
        let message = format!("the {what} `{id}` is declared twice");
        sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(rule.span.clone()));
        return;
    }
    if known.is_final.is_some() {
        let changed =
            rule.entries().iter().filter(|entry| !["id", "severity", "explain"].contains(&entry.key.as_str()));
        let lowered = rule
            .text("severity")
            .filter(|severity| severity_of(severity) < severity_of(known.located.text("severity").unwrap_or_default()));
        let problems = changed
            .map(|entry| (format!("`{}` of it cannot be changed", entry.key), &entry.key_span))
            .chain(lowered.map(|lower| (format!("it cannot be lowered to `{lower}`"), &rule.span)));
        for (problem, span) in problems {
            let message = format!("the {what} `{id}` is final: {problem}");
            let diagnostic = Diagnostic::fault(&codes::PACK_FINAL, message).at(span.clone());
            sink.push(diagnostic.help("a final check may only be raised"));
        }
    }
    known.located = Located { span: rule.span.clone(), ..known.located.overlaid(rule) };
    known.layer = layer;
    known.words = [words[0].or(known.words[0]), words[1].or(known.words[1])];
    known.is_final = known.is_final.or(is_final);
}

fn severity_of(text: &str) -> Severity {
    match text {
        "note" => Severity::Note,
        "warning" => Severity::Warning,
        _ => Severity::Error,
    }
}

/// A check with all that it needs; what is missing is reported at the outermost place that speaks of it.
fn check(rule: &Rule, layers: &[Layer], tables: &Tables, texts: &Texts, sink: &mut Sink) -> Option<Check> {
    let located = &rule.located;
    let id = located.text("id")?;
    // A table of the same pack, or of one further out, comes before what the rule itself says.
    let known = tables.messages.checks.get(id);
    let said = known.and_then(|words| words.message.clone());
    let said = said.filter(|entry| rule.words[0].is_none_or(|own| entry.layer <= own)).map(Said::Message);
    let said = said.or_else(|| expression(located, "message", texts).map(Said::Rule));
    let explain = known.and_then(|words| words.explain.as_ref());
    let explain = explain.filter(|words| rule.words[1].is_none_or(|own| words.layer <= own));
    let explain = explain.map(|words| (words.text.to_string(), words.span.clone()));
    let explain = explain.or_else(|| {
        let own = located.get("explain")?;
        Some((own.as_str()?.trim().to_owned(), own.span.clone()))
    });
    let has = |key: &&str| match *key {
        "message" => said.is_some(),
        "explain" => explain.is_some(),
        key => located.get(key).is_some(),
    };
    let missing: Vec<&str> = ["severity", "assert", "message", "explain"].into_iter().filter(|key| !has(key)).collect();
    if !missing.is_empty() {
        let mut diagnostic = Diagnostic::fault(
            &codes::PACK_MANIFEST,
            format!(
                "the check `{id}` has no {}",
                missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
            ),
        )
        .at(located.span.clone());
        let lacks_words = missing.iter().all(|key| WORDS.contains(key));
        if lacks_words && tables.is_broken {
            return None; // They may stand where nothing could be read.
        }
        if lacks_words {
            diagnostic = diagnostic.help(format!("write them into `messages/`, under `checks: {id}:`"));
        } else if layers.len() > 1 {
            diagnostic = diagnostic.help("no pack that this one extends has a check of this id");
        }
        sink.push(diagnostic);
        return None;
    }
    let (explain, explained_at) = explain?;
    Some(Check {
        id: id.to_owned(),
        severity: severity_of(located.text("severity")?),
        each: expression(located, "each", texts),
        assert: expression(located, "assert", texts)?,
        at: expression(located, "at", texts),
        message: said?,
        with: expression(located, "with", texts),
        on_change: located.get("on_change").is_some_and(|value| value.node == crate::yaml::Node::Bool(true)),
        explain,
        explained_at,
        layer: rule.layer,
    })
}

fn expression(rule: &Located, key: &str, texts: &Texts) -> Option<Expression> {
    let value = rule.get(key)?;
    Expression::of(value, texts.get(&value.span.file).map(String::as_str))
}
