//! The control data of documents: who answers for them, how they are called, whom they are for.

use std::collections::BTreeSet;

use ecow::EcoString;
use serde_json::Value as Json;

use super::entry::{Entry, printed, rows, sourced};
use super::versions::{history, next_review, this_version, version};
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::expand::forms;
use crate::holders::{self, Holder, PEOPLE_AS_ROLES};
use crate::language::Terms;
use crate::model::{Control, Day, Level, Party, State, Text};
use crate::pack::Template;
use crate::rules::{self, Facts};
use crate::strings::Strings;
use crate::workspace::Workspace;

/// The control data of a document: the profile's entry for it, over the profile's defaults, over the pack.
pub(super) fn control(
    workspace: &Workspace,
    document: &Template,
    left_out: &BTreeSet<String>,
    facts: &Facts,
    sink: &mut Sink,
) -> Option<Control> {
    let profile = &workspace.profile.value;
    let manifest = &workspace.pack.manifest;
    let entry = Entry { profile, id: &document.id };
    let mut missing = Vec::new();
    let mut needed = |key: &'static str| {
        let value = entry.text(key);
        if value.is_none() {
            missing.push(key);
        }
        value.unwrap_or_default()
    };
    let approver = needed("approver");
    let said = |key: &str| entry.text(key).unwrap_or_default();
    let [owner, author, level] = ["owner", "author", "classification"].map(said);
    if !missing.is_empty() {
        let message = format!("`{}` has no {}", document.id, missing.join(", "));
        sink.push(
            Diagnostic::fault(&codes::DOCUMENT_CONTROL, message)
                .at(workspace.profile.span_of("document_defaults").cloned())
                .path(format!("documents.{}", document.id))
                .help("write it under `document_defaults` for all, or under `documents` for this one"),
        );
        return None;
    }
    let party = |chosen: Text| {
        if chosen.text.is_empty() {
            return Some(Party::default());
        }
        let mut party = role(profile, &chosen.text, &workspace.pack.terms, &workspace.pack.strings)?;
        party.causes.splice(0..0, chosen.from);
        Some(party)
    };
    let mut history = history(workspace, &document.id, sink)?;
    let as_of = as_of(workspace, sink)?;
    let (version, next_review) = (version(&entry, &history), next_review(&entry, &history, as_of.date));
    let (owner, author, approver) = (party(owner)?, party(author)?, party(approver)?);
    if let Some(revision) = this_version(&entry, &version, &author) {
        history.insert(0, revision);
    }
    let reach = document.dated.as_ref().and_then(|dated| rules::sourced(dated, facts, sink));
    let records_to = reach.map(|(text, from)| Text { text, from, computed: true, ..Text::default() });
    let label = rows(&profile["classification"]).find(|row| row["id"] == *level.text).map(|row| printed(&row["label"]));
    let label = label.map(|label| sourced(label, format!("classification[{}].label", level.text)));
    let label = label.unwrap_or_default();
    let organisation = |key: &str| sourced(printed(&profile["organisation"][key]), format!("organisation.{key}"));
    let cites = |id: &String| {
        let requirement = manifest.requirements.iter().find(|requirement| requirement.id == *id)?;
        requirement.cited(left_out, |ids| workspace.pack.cited(ids))
    };
    Some(Control {
        id: document.id.clone(),
        number: entry.text("number").unwrap_or_else(|| Text::literal(&document.number)),
        title: entry.own("title").unwrap_or_else(|| Text::literal(&document.title)),
        kind: workspace.pack.strings.kinds.get(&document.kind).cloned().unwrap_or_default(),
        organisation: organisation("name"),
        organisation_short: organisation("short_name"),
        classification: Level { id: level.text, label },
        version,
        state: State::Draft,
        sample: false,
        next_review,
        review_proposed: false,
        date: None,
        records_to,
        owner,
        author,
        approver,
        approvals: Vec::new(),
        effective: None,
        history,
        standard: manifest.standard.clone(),
        satisfies: document.satisfies.iter().filter_map(cites).collect(),
        keywords: document.keywords.clone(),
        language: manifest.language.clone(),
        pack: format!("{} {}", manifest.id, manifest.version),
        workspace: workspace.settings.id.clone(),
    })
}

/// The key of a profile that names those who approve a document in turn.
const APPROVERS: &str = "approvers";

/// The roles that approve a document in turn; the first of them issues it.
pub fn approvers(profile: &Json, control: &Control) -> Vec<String> {
    // A list that nobody wrote is an empty one.
    let said = [&profile["documents"][&control.id][APPROVERS], &profile["document_defaults"][APPROVERS]];
    let mut named = said.into_iter().map(|roles| rows(roles).map(printed).collect::<Vec<_>>());
    named.find(|roles| !roles.is_empty()).unwrap_or_else(|| vec![control.approver.key.clone()])
}

/// The date of the facts.
pub(crate) fn as_of(workspace: &Workspace, sink: &mut Sink) -> Option<Day> {
    let text = &workspace.settings.as_of;
    let date = text.parse().map_err(|_| {
        let message = format!("`as_of` is `{text}`, which is not a date");
        sink.push(Diagnostic::fault(&codes::SETTINGS, message).help("write a day that exists as YYYY-MM-DD"));
    });
    Some(Day { date: date.ok()?, from: vec!["as_of".into()] })
}

/// A role and who holds it; the role as the profile wants roles worded, with the pack's forms behind the profile's own.
pub fn role(profile: &Json, key: &str, terms: &Terms, strings: &Strings) -> Option<Party> {
    let (list, role) = holders::role(profile, key)?;
    if list == PEOPLE_AS_ROLES {
        let person = printed(&role["holder"]);
        let name = || sourced(printed(&role["title"]), format!("people[{person}].name"));
        return Some(Party { role: name(), name: Some(name()), key: key.to_owned(), causes: Vec::new() });
    }
    let gender = forms::gender(profile, role);
    let worded = gender.and_then(|name| {
        let own = role["forms"][name].as_str().map(|form| (form, format!("roles[{key}].forms.{name}"), false));
        own.or_else(|| terms.form(key, name).map(|form| (form, format!("roles[{key}].title"), true)))
    });
    let title = match worded {
        Some((form, path, computed)) => Text { computed, ..sourced(form.to_owned(), path) },
        None => sourced(printed(&role["title"]), format!("roles[{key}].title")),
    };
    let mut causes = vec![format!("roles[{key}].holder").into()];
    causes.extend(gender.map(|_| EcoString::from("wording.roles")));
    let holders = holders::of(profile, &role["holder"]);
    let path = |holder: &Holder<'_>| holder.path(&format!("roles[{key}].holder"));
    let name = match holders.as_slice() {
        [] => None,
        [one] => Some(sourced(one.name().to_owned(), path(one).into())),
        several => {
            let names: Vec<String> = several.iter().map(|one| one.name().to_owned()).collect();
            let (text, from) = (strings.language.list(&names), several.iter().map(path).collect());
            Some(Text { text, from, computed: true, ..Text::default() })
        }
    };
    Some(Party { role: title, name, key: key.to_owned(), causes })
}
