//! Rules tried out before a client meets them: every derived value, check and condition of a document, on the fixtures,
//! and on profiles [`made`] of them and of the schema, where what may be absent is absent, or all that may be there is.

mod made;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Subject, proposals};
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::{Disk, Files, Memory, Under};
use crate::kit::fixture::{self, FOLDER};
use crate::pack::{Pack, Template, starter};
use crate::parallel;
use crate::propose;
use crate::rules::{self, Checks, Facts, Rules, Tried};
use crate::workspace::Refused;
use crate::workspace::profile::{self, Profile};
use crate::yaml::Located;

/// The most fixtures of which profiles are made: others are tried as they are.
const MAX_MADE: usize = 4;

/// How many days before and after the date of the facts checks are tried on too: much is due within a year or two.
const DAYS: i64 = 800;

/// A profile that rules are tried on.
struct Case {
    /// What it is, for people: `the fixture small`.
    name: String,
    profile: Profile,
    as_of: String,
}

/// Reports what fails in rules, each at its place once; gives the places.
pub(super) fn check(subject: &Subject<'_>, on: &[PathBuf], jobs: usize, sink: &mut Sink) -> BTreeSet<Span> {
    let pack = subject.pack;
    let mut found = BTreeMap::new();
    if subject.is_base() {
        return BTreeSet::new(); // Tried through the packs that extend it.
    }
    let mut unheard = Sink::new();
    let rules = pack.rules(Checks::All, jobs, &mut unheard);
    if unheard.has_faults() {
        return BTreeSet::new(); // Told where rules are read.
    }
    let cases = cases(pack, on, jobs);
    let tried = parallel::map(cases.len(), jobs, sink, |at, _| try_all(pack, &rules, &cases[at]));
    let mut proposed = BTreeSet::new();
    for (case, tried) in cases.iter().zip(tried) {
        let Some((tried, own)) = tried else { continue };
        proposed.extend(own);
        for Tried { fault, row } in tried {
            let Some(span) = fault.span.clone() else { continue };
            found.entry(span).or_insert_with(|| {
                let shown = row.filter(|row| !row.starts_with("derived.")).map(|row| format!("`{row}` in "));
                fault.help(format!("seen with {}{}", shown.unwrap_or_default(), case.name))
            });
        }
    }
    if !cases.is_empty() {
        proposals::unreached(subject, &proposed, sink);
    }
    let places = found.keys().cloned().collect();
    sink.extend(found.into_values());
    places
}

fn cases(pack: &Pack, on: &[PathBuf], jobs: usize) -> Vec<Case> {
    let mut origins: Vec<(String, Arc<dyn Files>)> = Vec::new();
    let mut names: Vec<String> = fixture::names(pack);
    names.sort();
    for name in names {
        let files = Under::new(pack.files().clone(), format!("{FOLDER}/{name}"));
        origins.push((format!("the fixture `{name}`"), Arc::new(files)));
    }
    let has_starter = pack.files().layer_of("starter/profile.yaml").is_some();
    if has_starter {
        origins.push(("the starter".to_owned(), starter::files(pack, None)));
    }
    for like in starter::names(pack) {
        origins.push((format!("the starter `{like}`"), starter::files(pack, Some(&like))));
    }
    for root in on {
        origins.push((format!("the workspace `{}`", root.display()), Arc::new(Disk::new(root, ""))));
    }
    let made = parallel::map(origins.len(), jobs, &mut Sink::new(), |at, _| {
        let (name, files) = &origins[at];
        of(pack, name, &**files, at < MAX_MADE)
    });
    made.into_iter().flatten().collect()
}

/// A workspace's profile, and what is made of it. What is wrong with it is told where it is rendered.
fn of(pack: &Pack, name: &str, files: &dyn Files, is_varied: bool) -> Vec<Case> {
    let unheard = &mut Sink::new();
    let settings = crate::decode::read(files, "folio.yaml", unheard);
    let text = |key: &str| settings.as_ref().and_then(|settings| Located::text(settings, key)).map(str::to_owned);
    let path = text("profile").unwrap_or_else(|| "profile.yaml".to_owned());
    let as_of = text("as_of").unwrap_or_else(|| "2026-01-01".to_owned());
    let (catalogues, titled) = (pack.catalogues(), pack.titled());
    let mut cases = Vec::new();
    let Some(profile) = profile::load_on(files, &path, &pack.schema, &titled, as_of.parse().ok(), unheard) else {
        return cases;
    };
    cases.push(Case { name: name.to_owned(), profile, as_of: as_of.clone() });
    let written = profile::written(files, &path, &pack.schema, unheard).filter(|_| is_varied);
    let Some(whole) = written.map(|(_, filled)| filled.to_json()) else { return cases };
    let load = |value: &Json| {
        let memory = Memory::new("").with("profile.yaml", value.to_string());
        profile::load_on(&memory, "profile.yaml", &pack.schema, &titled, as_of.parse().ok(), &mut Sink::new())
    };
    let maker = made::Maker::new(pack.schema.view(), &catalogues, &whole, &as_of);
    for (words, keys) in
        [("every key that there may be", maker.full(&whole)), ("only the keys that there must be", maker.bare(&whole))]
    {
        if let Some((_, profile)) = settled(&whole, &keys, &load) {
            cases.push(Case { name: format!("{name}, made over with {words}"), profile, as_of: as_of.clone() });
        }
    }
    cases
}

/// A profile with as many of its keys changed as can be: one that does not fit the others stays as it was.
fn settled(
    whole: &Json,
    keys: &[(String, Option<Json>)],
    load: &dyn Fn(&Json) -> Option<Profile>,
) -> Option<(Json, Profile)> {
    if keys.is_empty() {
        return None;
    }
    let mut changed = whole.clone();
    for (key, value) in keys {
        match (value, changed.as_object_mut()) {
            (Some(value), Some(group)) => drop(group.insert(key.clone(), value.clone())),
            (None, Some(group)) => drop(group.shift_remove(key)),
            (_, None) => {}
        }
    }
    if let Some(profile) = load(&changed) {
        return Some((changed, profile));
    }
    let (first, second) = keys.split_at(keys.len() / 2);
    if first.is_empty() {
        return None;
    }
    match settled(whole, first, load) {
        Some((better, profile)) => Some(settled(&better, second, load).unwrap_or((better, profile))),
        None => settled(whole, second, load),
    }
}

/// What fails of a pack's rules on a profile, and the rules that propose something for it.
fn try_all(pack: &Pack, rules: &Rules, case: &Case) -> Option<(Vec<Tried>, BTreeSet<String>)> {
    let mut tried = Vec::new();
    let mut values = case.profile.facts();
    values.insert("data".into(), Json::Object(pack.data.clone()));
    values.insert("as_of".into(), json!(case.as_of));
    let mut facts = Facts::over(case.profile.origins(&values));
    facts.speak(pack.messages.clone());
    let mut faults = Sink::new();
    let derived = rules.derive(&mut facts, &mut faults);
    // As if the same had been issued before.
    values.insert("derived".into(), Json::Object(derived));
    facts.set_before(Facts::new(&values));
    let failed = |fault: Diagnostic| Tried { fault, row: None };
    tried.extend(faults.into_vec().into_iter().filter(Diagnostic::is_fault).map(failed));
    let mut documents = Vec::new();
    for document in &pack.documents {
        let applies = document.when.as_ref().is_none_or(|when| {
            tried.extend(rules::try_condition(when, &facts, "true or false", true));
            rules::test(when, &facts, &mut Sink::new()).unwrap_or(true)
        });
        if applies {
            let Template { id, number, title, satisfies, .. } = document;
            documents.push(json!({"id": id, "number": number, "title": title, "satisfies": satisfies}));
        }
        let others = [
            (&document.reason, "a text", !applies),
            (&document.form, "true or false", applies),
            (&document.dated, "a text or null", applies),
        ];
        for (condition, wanted, is_asked) in others {
            tried.extend(condition.as_ref().and_then(|it| rules::try_condition(it, &facts, wanted, is_asked)));
        }
    }
    for today in days(&case.as_of) {
        facts.set_today(&today);
        rules.try_checks(&facts, &mut tried);
    }
    facts.set_today(&case.as_of);
    facts.set_documents(&Json::Array(documents));
    let mut faults = Sink::new();
    let rows = propose::rows(pack, &case.profile, &facts, &[], &Refused::default(), &mut faults).unwrap_or_default();
    tried.extend(faults.into_vec().into_iter().filter(Diagnostic::is_fault).map(failed));
    let proposed = rows.into_iter().flat_map(|row| row.values).map(|value| value.rule).collect();
    Some((tried, proposed))
}

/// The date of the facts, and days long before and after it.
fn days(as_of: &str) -> Vec<String> {
    let date: Option<Date> = as_of.parse().ok();
    let shifted = |days: i64| date.and_then(|date| date.checked_add(days.days()).ok()).map(|date| date.to_string());
    std::iter::once(as_of.to_owned()).chain([DAYS, -DAYS].into_iter().filter_map(shifted)).collect()
}
