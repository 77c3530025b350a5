//! Rules, checks and the words that they say.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, NAMED, Step, What, valued};
use crate::pack::Pack;
use crate::rules::{Check, Expression, Propose};

pub(super) fn rules(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let derived = |pack: &Pack| pack.derive.iter().map(|rule| (rule.id.clone(), rule.value.text.clone())).collect();
    valued("derived value", &derived(old), &derived(new), NAMED, changes);
    checks(old, new, changes);
    let proposed = |pack: &Pack| pack.propose.iter().map(|rule| (rule.id.clone(), written(rule))).collect();
    valued("proposal", &proposed(old), &proposed(new), [Step::Minor, Step::Minor, Step::Minor], changes);
    let texts = |pack: &Pack| -> BTreeMap<String, String> {
        let texts = pack.messages.texts.iter();
        texts.map(|(key, entry)| (key.to_string(), entry.written.to_string())).collect()
    };
    valued("message", &texts(old), &texts(new), [Step::Major, Step::Patch, Step::Minor], changes);
}

/// A proposal in one text.
fn written(rule: &Propose) -> String {
    let values = rule.values.iter().map(|(property, _, value)| format!("{property}: {}", value.text));
    let first = [rule.register.0.clone(), rule.each.text.clone(), rule.key.text.clone()];
    let when = rule.when.iter().map(|when| when.text.clone());
    first.into_iter().chain(when).chain(values).collect::<Vec<_>>().join("; ")
}

/// What of a check may change: each part with its text.
fn parts_of(check: &Check) -> [(&'static str, String); 6] {
    let text = |rule: &Option<Expression>| rule.as_ref().map(|rule| rule.text.clone()).unwrap_or_default();
    [
        ("severity", check.severity.to_string()),
        ("each", text(&check.each)),
        ("assert", check.assert.text.clone()),
        ("at", text(&check.at)),
        ("message", check.message.written().to_owned()),
        ("explain", check.explain.clone()),
    ]
}

fn checks(old: &Pack, new: &Pack, changes: &mut Vec<Change>) {
    let find = |pack: &Pack, id: &str| pack.checks.iter().find(|check| check.id == id).map(parts_of);
    let ids: BTreeSet<&String> = old.checks.iter().chain(&new.checks).map(|check| &check.id).collect();
    for id in ids {
        let mut push = |what, step, detail| {
            changes.push(Change { kind: "check", name: id.clone(), what, step, detail });
        };
        match (find(old, id), find(new, id)) {
            (Some(before), Some(after)) => {
                let both = before.iter().zip(&after).filter(|(before, after)| before != after);
                let mut changed: Vec<(&str, String)> = Vec::new();
                for ((name, before), (_, after)) in both {
                    let detail = match *name {
                        "severity" => format!("{before}, now {after}"),
                        name => format!("{name} {}", super::turn(before, after)),
                    };
                    changed.push((name, detail));
                }
                // Why it matters is words alone.
                let step = if changed.iter().all(|(name, _)| *name == "explain") { Step::Patch } else { Step::Minor };
                if !changed.is_empty() {
                    let details: Vec<String> = changed.into_iter().map(|(_, detail)| detail).collect();
                    push(What::Changed, step, details.join("; "));
                }
            }
            (Some(_), None) => push(What::Removed, Step::Major, String::new()),
            (None, _) => push(What::Added, Step::Minor, String::new()),
        }
    }
}
