//! The plan: what is derived from a profile and found in it, which documents are made of it, with their control data and
//! file names. Pure: nothing is read or written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};
use unicode_normalization::UnicodeNormalization;

use crate::articles::Articles;
use crate::backend::{Backends, Format};
use crate::diagnostic::codes::{
    document as document_codes, output as output_codes, profile as profile_codes, workspace as codes,
};
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::expand::forms;
use crate::history::{self, History, Life, Listed};
use crate::holders::{self, Holder, PEOPLE_AS_ROLES};
use crate::language::Terms;
use crate::model::control::is_issued;
use crate::model::{Control, Day, Level, NextReview, Origins, Party, Revision, State, Text, Version};
use crate::pack::Template;
use crate::rules::{self, Facts, Finding, Rules};
use crate::strings::Strings;
use crate::wording;
use crate::workspace::{Settings, Workspace};

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
    /// The ids that the organisation has left out: no text cites them, and nothing has to answer them.
    pub left_out: BTreeSet<String>,
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
    /// The articles that stand before no person's name.
    pub articles: Arc<Articles>,
}

/// Which of the pack's checks run.
#[derive(Debug, Clone, Copy)]
enum Checks<'a> {
    /// All, on a day.
    All(&'a str),
    /// Those that compare with what was issued last.
    OfChanges,
    /// None.
    None,
}

impl Plan {
    /// Derives what the pack derives, plans the set, and checks the profile.
    pub fn of(workspace: &Workspace, backends: &Backends, today: &str, jobs: usize, sink: &mut Sink) -> Plan {
        let facts = (workspace.profile.facts(), workspace.settings.as_of.as_str());
        Plan::made(workspace, backends, facts, Checks::All(today), jobs, sink)
    }

    /// The same with only those of the pack's checks that compare with what was issued last, for those who ask what documents
    /// say and what changed.
    pub fn unchecked(workspace: &Workspace, backends: &Backends, jobs: usize, sink: &mut Sink) -> Plan {
        let facts = (workspace.profile.facts(), workspace.settings.as_of.as_str());
        Plan::made(workspace, backends, facts, Checks::OfChanges, jobs, sink)
    }

    /// The same of facts that are supposed instead of those of the profile: what documents would say then. Paths and control
    /// data are those of the profile.
    pub fn supposing(
        workspace: &Workspace,
        backends: &Backends,
        facts: (Map<String, Json>, &str),
        jobs: usize,
        sink: &mut Sink,
    ) -> Plan {
        Plan::made(workspace, backends, facts, Checks::None, jobs, sink)
    }

    fn made(
        workspace: &Workspace,
        backends: &Backends,
        (profile, as_of): (Map<String, Json>, &str),
        checks: Checks<'_>,
        jobs: usize,
        sink: &mut Sink,
    ) -> Plan {
        let pack = &workspace.pack;
        let rules = pack.rules(jobs, sink);
        let mut values = profile;
        values.insert("data".into(), Json::Object(pack.data.clone()));
        values.insert("as_of".into(), Json::from(as_of));
        let mut facts = Facts::over(workspace.profile.origins(&values));
        let articles = Arc::new(Articles::of(&pack.strings, &workspace.profile.value));
        let mut messages = pack.messages.clone();
        if !articles.is_empty() {
            Arc::make_mut(&mut messages).articles = articles.clone();
        }
        facts.speak(messages);
        let derived = rules.derive(&mut facts, sink);
        let is_sound = !sink.has_faults(); // Checks of what could not be derived would only repeat that.
        values.insert("derived".into(), Json::Object(derived));
        let left_out = pack.strings.excepted(&values).into_iter().map(str::to_owned).collect();
        let mut plan = set(workspace, backends, &facts, &left_out, sink);
        plan.left_out = left_out;
        if !matches!(checks, Checks::None)
            && is_sound
            && rules.compare()
            && let Some(before) = before(workspace, &rules, &values, sink)
        {
            facts.set_before(&before);
        }
        match checks {
            Checks::All(today) if is_sound => {
                facts.set_today(today);
                plan.findings = rules.check(&facts, jobs, sink);
            }
            // One that needs to know today is broken here; that is said by those who run all.
            Checks::OfChanges if is_sound => plan.findings = rules.check_changes(&facts, jobs, &mut Sink::new()),
            _ => {}
        }
        plan.scope = Scope { values, origins: Arc::new(facts.into_origins()), articles };
        plan.tell_set(workspace, &workspace.history);
        plan
    }

    /// Puts the list of the set's documents, [`SET`], into what templates see: their versions as a history has them, which is
    /// that of the workspace, or that with an entry to come. It says nothing that depends on today, and no draft's number: only
    /// an issue changes it.
    pub fn tell_set(&mut self, workspace: &Workspace, history: &History) {
        let controls = self.jobs.iter().map(|job| &job.control);
        let rows = history::list(controls, history, &*workspace.files, None);
        let plain = |row: &Listed| {
            let mut row = row.to_json();
            // What there is not is an empty text: templates ask with `{{#if}}`.
            let values = row.as_object_mut().into_iter().flat_map(|row| row.values_mut());
            values.filter(|value| value.is_null()).for_each(|value| *value = Json::from(""));
            row
        };
        let of = |lives: &[Life]| -> Vec<Json> {
            let rows = rows.iter().filter(|row| lives.contains(&row.life));
            rows.map(plain).collect()
        };
        let set = json!({
            "documents": rows.iter().map(plain).collect::<Vec<_>>(),
            "in_force": of(&[Life::InForce, Life::TakenOver, Life::Approved]),
            "open": of(&[Life::Draft, Life::InApproval]),
            "withdrawn": of(&[Life::Withdrawn]),
        });
        Arc::make_mut(&mut self.scope.origins).tell(SET, &set);
        self.scope.values.insert(SET.into(), set);
    }
}

/// What the last issued documents were made from, with what the pack derives from that; nothing when another pack made
/// them, or its rules do not understand it any more. What was not there then is as empty as it is full now.
fn before(workspace: &Workspace, rules: &Rules, now: &Map<String, Json>, sink: &mut Sink) -> Option<Map<String, Json>> {
    let History { entries, .. } = &workspace.history;
    let last = entries.iter().rev().find_map(|entry| entry.facts.as_ref())?;
    let problem = |problem| {
        let diagnostic = Diagnostic::fault(&output_codes::HISTORY_BROKEN, problem);
        sink.push(diagnostic.at(Span::file(history::FILE)).help(output_codes::HISTORY_BROKEN.fix));
    };
    let kept = history::Facts::read(&*workspace.files, last).map_err(problem).ok()?;
    if kept.packs.first().is_some_and(|pack| pack.id != workspace.pack.manifest.id) {
        return None;
    }
    let mut before = kept.profile;
    for (key, value) in now {
        match value {
            Json::Array(_) => drop(before.entry(key).or_insert_with(|| Json::Array(Vec::new()))),
            Json::Object(_) if key == "data" => drop(before.insert(key.clone(), value.clone())),
            Json::Object(_) if key != "derived" => drop(before.entry(key).or_insert_with(|| Json::Object(Map::new()))),
            _ => {}
        }
    }
    before.insert("as_of".into(), Json::from(kept.as_of));
    let mut facts = Facts::new(&before);
    facts.speak(workspace.pack.messages.clone());
    let mut unheard = Sink::new();
    let derived = rules.derive(&mut facts, &mut unheard);
    before.insert("derived".into(), Json::Object(derived));
    (!unheard.has_faults()).then_some(before)
}
/// The variable that says which documents there are: all in `documents`, and by where they are in `in_force`, `open` and
/// `withdrawn`. See [`Listed::to_json`].
pub const SET: &str = "set";

/// Plans a set. `facts` are what conditions see.
fn set(
    workspace: &Workspace,
    backends: &Backends,
    facts: &Facts,
    left_out: &BTreeSet<String>,
    sink: &mut Sink,
) -> Plan {
    let mut plan = Plan::default();
    let formats = Formats::new(backends, &workspace.settings, sink);
    let mut names = Names::default();
    for (template, document) in workspace.pack.documents.iter().enumerate() {
        if let Some(reason) = workspace.settings.skip.get(&document.id) {
            plan.not_applicable.push(NotApplicable { template, reason: Some(reason.clone()) });
            continue;
        }
        if workspace.pack.is_untranslated(document) {
            let reason = format!("not translated into {}", workspace.pack.manifest.language);
            plan.not_applicable.push(NotApplicable { template, reason: Some(reason) });
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
        if let Some(control) = control(workspace, document, left_out, facts, sink) {
            let stem = names.stem(&workspace.settings.naming, &control, &workspace.pack.strings);
            let is_form = document.form.as_ref().and_then(|form| rules::test(form, facts, sink)).unwrap_or(false);
            let formats = formats.of(document, sink);
            plan.jobs.push(Job { template, control, stem, is_form, formats });
        }
    }
    same_numbers(workspace, &plan.jobs, sink);
    plan
}

/// Reports documents that are called by one number; two that differ in letter case or spaces are one to people.
fn same_numbers(workspace: &Workspace, jobs: &[Job], sink: &mut Sink) {
    let mut known: BTreeMap<String, &Control> = BTreeMap::new();
    for Job { control, .. } in jobs {
        let folded: String = control.number.text.split_whitespace().collect::<String>().to_lowercase();
        let Some(other) = known.get(&folded).filter(|_| !folded.is_empty()) else {
            known.insert(folded, control);
            continue;
        };
        let both = [*other, control].map(|control| format!("`{}`", control.id));
        let message = format!("{} have the same number, `{}`", both.join(" and "), control.number.text);
        let problem = Diagnostic::warning(&document_codes::SAME_NUMBER, message);
        let problem = problem.help(format!("write another in the profile: `documents.{}.number`", control.id));
        let written = control.number.from.first().or(other.number.from.first());
        sink.push(match written {
            Some(path) => workspace.profile.locate(problem, path),
            None => problem,
        });
    }
}

/// In which formats documents are written.
struct Formats<'a> {
    backends: &'a Backends,
    settings: &'a Settings,
    /// Those of documents of which nobody says anything.
    usual: Vec<Format>,
}

impl<'a> Formats<'a> {
    fn new(backends: &'a Backends, settings: &'a Settings, sink: &mut Sink) -> Formats<'a> {
        let usual = pick(backends, &settings.formats, sink);
        let usual = usual.unwrap_or_else(|| backends.pick(Backends::USUAL).unwrap_or_default());
        Formats { backends, settings, usual }
    }

    /// Those of one document: what the workspace says of it, before its front matter, before what the workspace says of all.
    fn of(&self, document: &Template, sink: &mut Sink) -> Vec<Format> {
        let own = self.settings.document_formats.get(&document.id);
        let own = own.and_then(|names| pick(self.backends, names, sink));
        let by_pack = pick(self.backends, &document.formats, sink);
        own.or(by_pack).unwrap_or_else(|| self.usual.clone())
    }
}

/// The formats that are named; nothing when none is, or one that there is not.
fn pick(backends: &Backends, names: &[(String, Span)], sink: &mut Sink) -> Option<Vec<Format>> {
    match backends.pick(names.iter().map(|(name, _)| name.as_str())) {
        Ok(formats) => Some(formats).filter(|formats| !formats.is_empty()),
        Err(unknown) => {
            let span = names.iter().find(|(name, _)| name == unknown).map(|(_, span)| span.clone());
            let known = backends.names();
            let message = format!("`formats` cannot be `{unknown}`");
            let problem = Diagnostic::fault(&codes::SETTINGS, message).at(span);
            let problem = problem.help(format!("choose one of: {}", known.join(", ")));
            sink.push(problem.suggest(unknown, known));
            None
        }
    }
}

/// The control data of a document: the profile's entry for it, over the profile's defaults, over the pack.
fn control(
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

/// The day of the review of a document that is issued on a day.
pub fn review_after(profile: &Json, id: &str, issued: Date) -> Option<NextReview> {
    let entry = Entry { profile, id };
    let (months, path) = entry.get("review_months")?;
    let date = issued.checked_add(i64::from(u16::try_from(months.as_i64()?).ok()?).months()).ok()?;
    Some(NextReview::On(Day { date, from: vec![path.into()] }))
}

/// The names of the files of documents of which each is its own version now.
pub fn stems(workspace: &Workspace, controls: &[&Control]) -> Vec<String> {
    let mut names = Names::default();
    let (naming, strings) = (&workspace.settings.naming, &workspace.pack.strings);
    controls.iter().map(|control| names.stem(naming, control, strings)).collect()
}

/// What a profile says of one document, or of all that say nothing else.
struct Entry<'p> {
    profile: &'p Json,
    id: &'p str,
}

impl Entry<'_> {
    /// The value of a key and the path that it stands at: the document's own before the default.
    fn get(&self, key: &str) -> Option<(&Json, String)> {
        let own = &self.profile["documents"][self.id][key];
        let default = &self.profile["document_defaults"][key];
        match (own.is_null(), default.is_null()) {
            (false, _) => Some((own, format!("documents.{}.{key}", self.id))),
            (true, false) => Some((default, format!("document_defaults.{key}"))),
            (true, true) => None,
        }
    }

    fn text(&self, key: &str) -> Option<Text> {
        let (value, path) = self.get(key)?;
        Some(sourced(value.as_str()?.to_owned(), path))
    }

    /// A text that no default stands for.
    fn own(&self, key: &str) -> Option<Text> {
        let value = self.profile["documents"][self.id][key].as_str()?;
        Some(sourced(value.to_owned(), format!("documents.{}.{key}", self.id)))
    }
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

/// The versions of a document before this one, newest first.
fn history(workspace: &Workspace, id: &str, sink: &mut Sink) -> Option<Vec<Revision>> {
    let profile = &workspace.profile;
    let revisions: Vec<Option<Revision>> = rows(&profile.value["documents"][id]["history"])
        .enumerate()
        .map(|(at, revision)| {
            let path = |key: &str| format!("documents.{id}.history[{at}].{key}");
            let text = |key: &str| sourced(printed(&revision[key]), path(key));
            let written = text("date");
            let Ok(date) = written.text.parse() else {
                let message = format!("`date` is `{}`, which is not a date", written.text);
                let problem = Diagnostic::fault(&profile_codes::BAD_DATE, message);
                sink.push(profile.locate(problem.help("write a day that exists as YYYY-MM-DD"), &path("date")));
                return None;
            };
            let date = Some(Day { date, from: written.from });
            Some(Revision { version: text("version"), date, author: text("author"), change: text("change") })
        })
        .collect();
    let told: Vec<Revision> = revisions.into_iter().collect::<Option<_>>()?;
    let mut history: Vec<Revision> =
        workspace.history.versions(id).rev().map(|version| issued(workspace, version)).collect();
    let is_new = |told: &Revision| !history.iter().any(|known| known.version.text == told.version.text);
    let told: Vec<Revision> = told.into_iter().filter(is_new).collect();
    history.extend(told);
    Some(history)
}

/// An issued version as a line of a history.
fn issued(workspace: &Workspace, version: history::Version<'_>) -> Revision {
    let approvals = workspace.history.approvals(&version);
    let own = Some(&version.issued.author).filter(|author| !author.is_empty());
    let by = approvals.first().map(|approval| if approval.post.is_empty() { &approval.name } else { &approval.post });
    Revision {
        version: Text::literal(version.issued.version.as_str()),
        date: Some(Day { date: version.entry.day, from: Vec::new() }),
        author: Text::literal(own.cloned().unwrap_or_else(|| by.cloned().unwrap_or_default().to_string())),
        change: Text::literal(&version.issued.change),
    }
}

/// Which version is made. A draft that still bears the number of what was issued, or none, comes after that.
fn version(entry: &Entry<'_>, history: &[Revision]) -> Version {
    let issued = || history.iter().filter(|revision| revision.is_issued()).map(|revision| &revision.version);
    let last = issued().next().cloned();
    match entry.text("version") {
        // A number that was issued, or that of a draft, says nothing of what comes after the last issued version.
        Some(number) if issued().any(|version| version.text == number.text) || !is_issued(&number.text) => match last {
            Some(last) => Version::After(last),
            None => Version::Number(number),
        },
        Some(number) => Version::Number(number),
        None => last.map_or(Version::Draft, Version::After),
    }
}

/// The version that is made as a line of the history, when the profile says what it changes.
fn this_version(entry: &Entry<'_>, version: &Version, author: &Party) -> Option<Revision> {
    let Version::Number(number) = version else { return None };
    let author = author.name.as_ref().unwrap_or(&author.role).clone();
    Some(Revision { version: number.clone(), date: None, author, change: entry.own("change")? })
}

/// The review is due so many months after the last version that was issued. What never was issued has no such day yet;
/// nor has a version that comes out of the review that was due: then it is counted from the approval to come.
fn next_review(entry: &Entry<'_>, history: &[Revision], as_of: Date) -> Option<NextReview> {
    let (months, path) = entry.get("review_months")?;
    let months = u32::try_from(months.as_i64()?).ok()?;
    let path = EcoString::from(path);
    let issued = history.iter().filter(|revision| revision.is_issued()).filter_map(|revision| revision.date.as_ref());
    let due = issued.max_by_key(|day| day.date).and_then(|last| {
        let date = last.date.checked_add(i64::from(months).months()).ok()?;
        Some(Day { date, from: last.from.iter().chain([&path]).cloned().collect() })
    });
    Some(match due.filter(|due| due.date >= as_of) {
        Some(due) => NextReview::On(due),
        None => NextReview::AfterApproval { months, from: path },
    })
}

fn rows(list: &Json) -> impl Iterator<Item = &Json> {
    list.as_array().into_iter().flatten()
}

fn printed(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A value as it stands in the profile.
fn sourced(text: String, path: String) -> Text {
    Text::value(text, path)
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

/// File names, unique as Windows and macOS compare them.
#[derive(Default)]
struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    fn stem(&mut self, naming: &str, control: &Control, strings: &Strings) -> String {
        let version = wording::version(&control.version, strings);
        let parts = BTreeMap::from([
            ("{{id}}", &control.id),
            ("{{number}}", &control.number.text),
            ("{{title}}", &control.title.text),
            ("{{version}}", &version.text),
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
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_review_is_counted_from_what_was_issued_and_never_slides_with_the_date_of_the_facts() {
        let profile = json!({
            "document_defaults": {"review_months": 12},
            "documents": {"monthly": {"review_months": 1}},
        });
        let revision = |version: &str, date: Date| Revision {
            version: Text::literal(version),
            date: Some(Day { date, from: vec![format!("history of {version}").into()] }),
            author: Text::default(),
            change: Text::default(),
        };
        let after = |months, path: &str| Some(NextReview::AfterApproval { months, from: path.into() });
        let drafts = [revision("0.2", date(2026, 5, 4)), revision("0.1", date(2026, 1, 31))];
        let issued = [revision("1.1", date(2026, 1, 31)), revision("1.0", date(2025, 2, 1)), drafts[0].clone()];
        let review = |id, history: &[Revision], as_of| next_review(&Entry { profile: &profile, id }, history, as_of);
        for as_of in [date(2026, 6, 1), date(2026, 11, 2)] {
            assert_eq!(review("a", &drafts, as_of), after(12, "document_defaults.review_months"));
            assert_eq!(review("monthly", &[], as_of), after(1, "documents.monthly.review_months"));
            let from = vec!["history of 1.1".into(), "document_defaults.review_months".into()];
            assert_eq!(review("a", &issued, as_of), Some(NextReview::On(Day { date: date(2027, 1, 31), from })));
        }
        let month_end = review("monthly", &issued, date(2026, 2, 28));
        assert!(matches!(month_end, Some(NextReview::On(day)) if day.date == date(2026, 2, 28)));
        // The review was due: this version is what came of it.
        assert_eq!(review("monthly", &issued, date(2026, 3, 1)), after(1, "documents.monthly.review_months"));
        assert_eq!(next_review(&Entry { profile: &json!({}), id: "a" }, &issued, date(2026, 3, 1)), None);
    }

    #[test]
    fn a_draft_after_an_issued_version_says_so_and_its_line_comes_first_when_it_is_told() {
        let profile = json!({"documents": {
            "same": {"version": "1.0"}, "next": {"version": "1.1", "change": "The new site"}, "none": {"change": "Lost"},
        }});
        let issued = |version: &str| Revision {
            version: Text::literal(version),
            date: Some(Day { date: date(2026, 1, 31), from: Vec::new() }),
            author: Text::default(),
            change: Text::default(),
        };
        let history = [issued("1.0"), issued("0.2")];
        let entry = |id| Entry { profile: &profile, id };
        let number = |version: Version| version.number().map(|number| number.text.clone());
        assert!(matches!(version(&entry("same"), &history), Version::After(_)));
        assert!(matches!(version(&entry("next"), &history), Version::Number(_)));
        assert_eq!(number(version(&entry("none"), &history)), Some("1.0".into()));
        assert!(matches!(version(&entry("none"), &history[1..]), Version::Draft));
        let author = Party { role: Text::literal("clerk"), name: None, key: "clerk".into(), causes: Vec::new() };
        let line = |id| this_version(&entry(id), &version(&entry(id), &history), &author);
        let told = line("next").unwrap();
        assert_eq!(
            (told.version.text, told.change.text, told.author.text),
            ("1.1".into(), "The new site".into(), "clerk".into())
        );
        assert!(line("same").is_none() && line("none").is_none());
    }

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
