//! Derived values are computed one after another, in the order in which they are declared: each sees those before it.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{self, Expr};
use super::mistake::Mistake;
use super::{Derive, check, program};
use crate::diagnostic::Sink;
use crate::diagnostic::codes::pack as codes;

/// Reports each derived value that reads itself, or one that is computed after it, and takes it out: it would only fail.
pub(super) fn check(derive: &mut Vec<(Derive, Expr)>, sink: &mut Sink) {
    let places: BTreeMap<String, usize> = derive.iter().map(|(rule, _)| rule.id.clone()).zip(0..).collect();
    let mut faulty = Vec::new();
    for (at, (rule, expression)) in derive.iter().enumerate() {
        for (id, place) in expression::derived(expression) {
            let Some(other) = places.get(id.as_str()).filter(|other| **other >= at) else { continue };
            // What a pack puts in place of a value of its base is computed where that was.
            let is_kept = derive[at..].iter().any(|(later, _)| later.layer > rule.layer);
            let mistake = late(rule, &derive[*other].0, *other == at, is_kept);
            let mistake = Mistake { at: place.map(|(first, length)| (first as usize, length as usize)), ..mistake };
            let fault = mistake.fault(&rule.value);
            let there = derive[*other].0.value.span.clone();
            sink.push(if *other == at { fault } else { fault.related(there, format!("`{id}` stands here")) });
            faulty.push(at);
        }
    }
    let mut at = 0;
    derive.retain(|_| {
        at += 1;
        !faulty.contains(&(at - 1))
    });
}

/// Reports the derived values that read one that is computed only after them.
pub fn in_order(derive: &[Derive], sink: &mut Sink) {
    let mut unheard = Sink::new();
    let read = derive.iter().filter_map(|rule| Some((rule.clone(), program(&rule.value, &mut unheard)?)));
    check(&mut read.collect(), sink);
}

/// The derived values of what was before that checks read, with those that these read in turn.
pub(super) fn compared(derive: &[(Derive, Expr)], checks: &[check::Compiled]) -> BTreeSet<String> {
    compared_by_name(derive, checks).unwrap_or_else(|| derive.iter().map(|(rule, _)| rule.id.clone()).collect())
}

fn compared_by_name(derive: &[(Derive, Expr)], checks: &[check::Compiled]) -> Option<BTreeSet<String>> {
    let mut asked = BTreeSet::new();
    for program in checks.iter().filter(|check| check.check.on_change).flat_map(check::Compiled::programs) {
        asked.extend(expression::derived_by_name(program, true)?.into_iter().map(str::to_owned));
    }
    // Each reads only values that stand above it.
    for (rule, program) in derive.iter().rev() {
        if asked.contains(&rule.id) {
            asked.extend(expression::derived_by_name(program, false)?.into_iter().map(str::to_owned));
        }
    }
    Some(asked)
}

fn late(rule: &Derive, other: &Derive, is_itself: bool, is_kept: bool) -> Mistake {
    let id = &other.id;
    if is_itself {
        let mistake = Mistake::new(&codes::RULE_UNKNOWN, format!("`derived.{id}` reads itself"));
        return mistake.help("write what it is made of instead, or give the part another name");
    }
    let file = &other.value.span.file;
    let is_same_file = rule.value.span.file == *file;
    let is_kept = is_kept || (is_same_file && other.value.span.line < rule.value.span.line);
    if is_same_file && !is_kept {
        return Mistake::new(&codes::RULE_UNKNOWN, format!("`derived.{id}` stands below; move it up"))
            .help(format!("values are computed in their order: move `{id}` above `{}`", rule.id));
    }
    let message = format!("`derived.{id}` is computed only after `derived.{}`", rule.id);
    let mistake = Mistake::new(&codes::RULE_UNKNOWN, message);
    if rule.layer == other.layer && !is_kept {
        mistake.help(format!(
            "files are read in the order of `rules:` in pack.yaml: name `{file}` earlier, or move `{id}` up"
        ))
    } else {
        mistake.help(format!(
            "`{}` keeps the place that it has in the pack below, whose values are computed first: write what `{id}` \
             gives into it, or give it another id",
            rule.id
        ))
    }
}
