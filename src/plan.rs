//! The plan: what is derived from a profile and found in it, which documents are made of it, with their control data and
//! file names. Pure: nothing is read or written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};
use unicode_normalization::UnicodeNormalization;

use crate::backend::Format;
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Control, Level, Origins, Party, Revision, State};
use crate::pack::Template;
use crate::rules::{self, Facts, Finding};
use crate::words;
use crate::workspace::Workspace;

/// The longest name of an output file, in characters, with its ending.
const MAX_NAME: usize = 120;

/// A document to be made.
#[derive(Debug, Clone)]
pub struct Job {
    /// Where it stands in [`crate::pack::Pack::documents`].
    pub template: usize,
    /// Its control data.
    pub control: Control,
    /// Its file name without ending.
    pub stem: String,
    /// Whether it is a form to be filled in.
    pub is_form: bool,
    /// The formats that it is written in.
    pub formats: Vec<Format>,
}

/// A document that is not made, and why.
#[derive(Debug, Clone)]
pub struct NotApplicable {
    /// Where it stands in [`crate::pack::Pack::documents`].
    pub template: usize,
    /// The reason that the workspace records, or that the pack finds in the profile.
    pub reason: Option<String>,
}

/// What is to be made.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The documents, in the order of the set.
    pub jobs: Vec<Job>,
    /// Those that are not made.
    pub not_applicable: Vec<NotApplicable>,
    /// What templates and conditions see.
    pub scope: Scope,
    /// What the pack's checks found.
    pub findings: Vec<Finding>,
}

/// What templates and conditions see.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The profile, the pack's data, the date of the facts, and what is derived.
    pub values: Map<String, Json>,
    /// Where they came from.
    pub origins: Arc<Origins>,
}

impl Plan {
    /// Derives what the pack derives, plans the set, and checks the profile.
    pub fn of(workspace: &Workspace, today: &str, jobs: usize, sink: &mut Sink) -> Plan {
        let pack = &workspace.pack;
        let rules = pack.rules(jobs, sink);
        let mut values = workspace.profile.value.as_object().cloned().unwrap_or_default();
        values.remove("unmapped"); // Kept for people alone.
        values.insert("data".into(), Json::Object(pack.data.clone()));
        values.insert("as_of".into(), Json::from(workspace.settings.as_of.clone()));
        let mut facts = Facts::traced(&values, &workspace.profile.normaliser());
        let derived = rules.derive(&mut facts, sink);
        let is_sound = !sink.has_faults(); // Checks of what could not be derived would only repeat that.
        let mut plan = set(workspace, &facts, sink);
        if is_sound {
            facts.set_today(today);
            plan.findings = rules.check(&facts, jobs, sink);
        }
        values.insert("derived".into(), Json::Object(derived));
        plan.scope = Scope { values, origins: Arc::new(facts.into_origins()) };
        plan
    }
}

/// Plans a set. `facts` are what conditions see.
fn set(workspace: &Workspace, facts: &Facts, sink: &mut Sink) -> Plan {
    let mut plan = Plan::default();
    let mut names = Names::default();
    for (template, document) in workspace.pack.documents.iter().enumerate() {
        if let Some(reason) = workspace.settings.skip.get(&document.id) {
            plan.not_applicable.push(NotApplicable { template, reason: Some(reason.clone()) });
            continue;
        }
        if let Some(when) = &document.when {
            match rules::test(when, facts, sink) {
                Some(true) => {}
                Some(false) => {
                    let reason = document.reason.as_ref().and_then(|reason| rules::text(reason, facts, sink));
                    plan.not_applicable.push(NotApplicable { template, reason });
                    continue;
                }
                None => {} // Reported; the document is made, so that nothing else misses it.
            }
        }
        if let Some(control) = control(workspace, document, sink) {
            let stem = names.stem(&workspace.settings.naming, &control);
            let is_form = document.form.as_ref().and_then(|form| rules::test(form, facts, sink)).unwrap_or(false);
            let named = |name: &String| Format::ALL.into_iter().find(|format| format.name() == name);
            let formats = workspace.settings.formats.iter().filter_map(named).collect();
            plan.jobs.push(Job { template, control, stem, is_form, formats });
        }
    }
    plan
}

/// The control data of a document: the profile's entry for it, over the profile's defaults, over the pack.
fn control(workspace: &Workspace, document: &Template, sink: &mut Sink) -> Option<Control> {
    let profile = &workspace.profile.value;
    let strings = &workspace.pack.strings;
    let own = &profile["documents"][&document.id];
    let default = &profile["document_defaults"];
    let text = |key: &str| own[key].as_str().or_else(|| default[key].as_str());
    let mut missing = Vec::new();
    let mut needed = |key: &'static str| {
        let value = text(key);
        if value.is_none() {
            missing.push(key);
        }
        value.unwrap_or_default()
    };
    let owner = role(profile, needed("owner"));
    let author = role(profile, needed("author"));
    let approver = role(profile, needed("approver"));
    let level = needed("classification");
    if !missing.is_empty() {
        let message = format!("`{}` has no {}", document.id, missing.join(", "));
        sink.push(
            Diagnostic::fault(&codes::DOCUMENT_CONTROL, message)
                .at(workspace.profile.span_of("document_defaults").cloned())
                .path(format!("documents.{}", document.id))
                .help("fill them under `document_defaults`, or under `documents` for this one"),
        );
        return None;
    }
    let as_of = &workspace.settings.as_of;
    let months = own["review_months"].as_i64().or_else(|| default["review_months"].as_i64());
    let next_review = months
        .and_then(|months| as_of.parse::<Date>().ok()?.checked_add(i32::try_from(months).ok()?.months()).ok())
        .and_then(|date| words::date(&date.to_string(), strings).ok());
    let history = own["history"].as_array().into_iter().flatten().map(|revision| Revision {
        version: printed(&revision["version"]),
        date: words::date(&printed(&revision["date"]), strings).unwrap_or_default(),
        author: printed(&revision["author"]),
        change: printed(&revision["change"]),
    });
    let cites = |id: &String| {
        let requirement = workspace.pack.manifest.requirements.iter().find(|requirement| requirement.id == *id);
        requirement.map(|requirement| requirement.cites.clone())
    };
    let levels = profile["classification"].as_array();
    let label = levels.into_iter().flatten().find(|row| row["id"] == level).map(|row| printed(&row["label"]));
    Some(Control {
        id: document.id.clone(),
        number: text("number").unwrap_or(&document.number).to_owned(),
        title: own["title"].as_str().unwrap_or(&document.title).to_owned(),
        kind: strings.kinds.get(&document.kind).cloned().unwrap_or_default(),
        organisation: printed(&profile["organisation"]["name"]),
        organisation_short: printed(&profile["organisation"]["short_name"]),
        classification: Level { id: level.to_owned(), label: label.unwrap_or_default() },
        version: text("version").unwrap_or(&strings.draft).to_owned(),
        state: State::Draft,
        sample: false,
        as_of: as_of.clone(),
        date: words::date(as_of, strings).unwrap_or_default(),
        next_review,
        owner: owner?,
        author: author?,
        approver: approver?,
        history: history.collect(),
        standard: workspace.pack.manifest.standard.clone(),
        satisfies: document.satisfies.iter().filter_map(cites).collect(),
        keywords: document.keywords.clone(),
        language: workspace.pack.manifest.language.clone(),
        pack: format!("{} {}", workspace.pack.manifest.id, workspace.pack.manifest.version),
        workspace: workspace.settings.id.clone(),
    })
}

fn printed(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A role and who holds it.
pub fn role(profile: &Json, key: &str) -> Option<Party> {
    let role = profile["roles"].as_array()?.iter().find(|role| role["id"] == key)?;
    let person = profile["people"].as_array()?.iter().find(|person| person["id"] == role["holder"]);
    Some(Party {
        role: printed(&role["title"]),
        name: person.map(|person| printed(&person["name"])),
        key: key.to_owned(),
    })
}

/// File names, unique as Windows and macOS compare them.
#[derive(Default)]
struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    fn stem(&mut self, naming: &str, control: &Control) -> String {
        let parts = BTreeMap::from([
            ("{{id}}", &control.id),
            ("{{number}}", &control.number),
            ("{{title}}", &control.title),
            ("{{version}}", &control.version),
        ]);
        let mut name = naming.to_owned();
        for (mark, value) in parts {
            name = name.replace(mark, &value.replace("{{", "{ {"));
        }
        let safe = safe(&name, &control.id);
        let mut stem = safe.clone();
        let mut number = 2;
        while !self.taken.insert(stem.to_lowercase()) {
            stem = format!("{safe} ({number})");
            number += 1;
        }
        stem
    }
}

/// A name that Windows, macOS and Linux all take: no reserved characters, control characters or names, no dots or
/// spaces at the ends, in Unicode normal form C.
fn safe(name: &str, fallback: &str) -> String {
    const RESERVED: [&str; 22] = [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
        "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];
    let clean: String = name
        .nfc()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
            c if c.is_control() || is_invisible(c) => ' ',
            c => c,
        })
        .collect();
    let mut short = String::new();
    for word in clean.split_whitespace() {
        if short.chars().count() + word.chars().count() + 1 > MAX_NAME - 12 && !short.is_empty() {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.extend(word.chars().take(MAX_NAME - 12));
    }
    let short = short.trim_matches(['.', ' ', '-']).to_owned();
    let stem = short.split('.').next().unwrap_or_default().trim().to_lowercase();
    if short.is_empty() || RESERVED.contains(&stem.as_str()) {
        format!("{fallback} {short}").trim().to_owned()
    } else {
        short
    }
}

/// Characters that are there but cannot be seen, and those that turn the direction of what follows.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        for (given, expected) in [
            ("ISMS-01 Scope of the ISMS", "ISMS-01 Scope of the ISMS"),
            ("a/b\\c:d*e?f\"g<h>i|j", "a-b-c-d-e-f-g-h-i-j"),
            ("  ..hidden.. ", "hidden"),
            ("con", "id con"),
            ("NUL.txt", "id NUL.txt"),
            ("evil\u{202E}cod.exe\u{200B}", "evil cod.exe"),
            ("../../etc", "etc"),
            ("", "id"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(safe(given, "id"), expected, "{given:?}");
        }
        assert!(safe(&"x".repeat(10_000), "id").chars().count() <= MAX_NAME);
        assert!(safe(&"word ".repeat(100), "id").chars().count() <= MAX_NAME);
    }
}
