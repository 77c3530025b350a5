//! Rows that a pack proposes for the registers of a profile: what its rules give of what nobody has recorded.
//!
//! [`rows`] asks the rules, leaves out what somebody wrote or said that there is none of, and holds the rest against the
//! schema; [`written`] says how that changes the profile. Nothing is written here.

mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::pack::Pack;
use crate::plan::Plan;
use crate::rules::{self, Facts, Offer, Propose};
use crate::schema::View;
use crate::workspace::profile::{self, Profile};
use crate::workspace::{Refused, Workspace};
use crate::yaml::{Entry, Located, Node};
pub use write::{Written, written};

/// A row of a register for which something is proposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The dotted path of the register.
    pub register: String,
    /// The property that holds the key.
    pub key_of: String,
    /// The key.
    pub key: String,
    /// Where the row stands in the register; a new one does not.
    pub at: Option<usize>,
    /// What is proposed.
    pub values: Vec<Value>,
}

impl Row {
    /// The path of one of its values.
    pub fn path(&self, property: &str) -> String {
        format!("{}[{}].{property}", self.register, self.key)
    }
}

/// A value that is proposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The property of the row.
    pub property: String,
    /// The value.
    pub value: Json,
    /// The id of the rule that proposes it.
    pub rule: String,
    /// Where the rule gives it.
    pub span: Span,
}

/// The documents of a plan as rules see them.
pub fn documents(pack: &Pack, plan: &Plan) -> Json {
    let document = |job: &crate::plan::Job| {
        let satisfies = &pack.documents[job.template].satisfies;
        let control = &job.control;
        json!({"id": control.id, "number": control.number.text, "title": control.title.text, "satisfies": satisfies})
    };
    plan.jobs.iter().map(document).collect()
}

/// Reports what no profile has of what the rules of a pack name.
pub fn names(pack: &Pack, sink: &mut Sink) {
    let known = pack.schema.registers();
    for rule in &pack.propose {
        let (register, span) = &rule.register;
        let Some((list, items)) = register_of(pack, register).filter(|_| known.contains(register)) else {
            let message = format!("proposal `{}`: there is no register `{register}` whose rows have a key", rule.id);
            let problem = Diagnostic::fault(&codes::PROPOSAL, message).at(span.clone());
            sink.push(problem.suggest(register, known.iter().map(String::as_str)));
            continue;
        };
        for (property, span, _) in &rule.values {
            if list.key.as_ref() == Some(property) {
                let message = format!("proposal `{}`: `{property}` is the key of the row", rule.id);
                let problem = Diagnostic::fault(&codes::PROPOSAL, message).at(span.clone());
                sink.push(problem.help("`key` gives it: take it out of `values`"));
            } else if items.property(property).is_none() {
                let message = format!("proposal `{}`: rows of `{register}` have no `{property}`", rule.id);
                let problem = Diagnostic::fault(&codes::PROPOSAL, message).at(span.clone());
                sink.push(problem.suggest(property, items.keys()));
            }
        }
    }
}

/// What is asked of a register and of its rows; nothing of one that lies in the rows of another.
fn register_of<'p>(pack: &'p Pack, register: &str) -> Option<(&'p View, &'p View)> {
    let list = pack.schema.view().at(register)?;
    Some((list, list.items().filter(|_| list.key.is_some())?))
}

/// What the rules of proposals see: what the plan was made from, which is taken out of it, and its documents.
pub fn facts(workspace: &Workspace, plan: &mut Plan) -> Facts {
    let documents = documents(&workspace.pack, plan);
    let origins = Arc::try_unwrap(std::mem::take(&mut plan.scope).origins).unwrap_or_default();
    let mut facts = Facts::over(origins);
    facts.speak(workspace.pack.messages.clone());
    facts.set_documents(&documents);
    facts
}

/// How many rows the pack has something to propose for. What its rules cannot do is told where they are asked.
pub fn count(workspace: &Workspace, plan: &mut Plan) -> usize {
    if workspace.pack.propose.is_empty() {
        return 0;
    }
    let facts = facts(workspace, plan);
    let refused = Refused::of(&workspace.settings.refused);
    rows(&workspace.pack, &workspace.profile, &facts, &[], &refused, &mut Sink::new()).map_or(0, |rows| rows.len())
}

/// The rows for which the rules of a pack propose something that nobody has recorded or refused, in the order in which they
/// are proposed; of the registers that are named, or of all. What the schema forbids is a fault of its rule.
pub fn rows(
    pack: &Pack,
    profile: &Profile,
    facts: &Facts,
    registers: &[String],
    refused: &Refused<'_>,
    sink: &mut Sink,
) -> Option<Vec<Row>> {
    let before = sink.len();
    names(pack, sink);
    if sink.len() > before {
        return None;
    }
    let is_asked = |rule: &&Propose| registers.is_empty() || registers.contains(&rule.register.0);
    let asked: Vec<Propose> = pack.propose.iter().filter(is_asked).cloned().collect();
    let mut own = Sink::new();
    let offers = rules::offers(&asked, facts, &mut own);
    let failed = own.has_faults();
    sink.merge(own);
    if failed {
        return None;
    }
    let rows = without(pack, open(pack, profile, &asked, offers), refused);
    let problems = forbidden(pack, profile, &rows, &asked);
    let is_sound = problems.is_empty();
    sink.extend(problems);
    Some(rows).filter(|_| is_sound)
}

/// What of the offers is open still: of several for one value, the first.
fn open(pack: &Pack, profile: &Profile, asked: &[Propose], offers: Vec<Offer>) -> Vec<Row> {
    let mut known: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for rule in asked {
        let register = rule.register.0.as_str();
        let key_of = register_of(pack, register).and_then(|(list, _)| list.key.as_deref()).unwrap_or_default();
        let rows = list(&profile.value, register);
        let keys = rows.iter().enumerate().filter_map(|(at, row)| Some((row[key_of].as_str()?, at)));
        known.entry(register).or_insert_with(|| keys.collect());
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    for Offer { rule, key, values } in offers {
        let rule = &asked[rule];
        let register = &rule.register.0;
        if profile.none().contains(register.as_str()) {
            continue;
        }
        let at = known.get(register.as_str()).and_then(|keys| keys.get(key.as_str())).copied();
        let is_open = |property: &str| match at {
            Some(at) => !is_recorded(profile, register, &key, property, &list(&profile.value, register)[at][property]),
            None => true,
        };
        let place = places.get(&(register.clone(), key.clone())).copied();
        let mut new: Vec<Value> = Vec::new();
        for (which, value) in values {
            let (property, _, expression) = &rule.values[which];
            let is_taken =
                place.is_some_and(|place| rows[place].values.iter().any(|known| known.property == *property));
            if !is_taken && is_open(property) {
                let (property, rule) = (property.clone(), rule.id.clone());
                new.push(Value { property, value, rule, span: expression.span.clone() });
            }
        }
        match place {
            Some(place) => rows[place].values.extend(new),
            None if new.is_empty() => {}
            None => {
                places.insert((register.clone(), key.clone()), rows.len());
                let key_of = register_of(pack, register).and_then(|(list, _)| list.key.clone()).unwrap_or_default();
                rows.push(Row { register: register.clone(), key_of, key, at, values: new });
            }
        }
    }
    rows
}

/// Rows without what is refused. A new row that would lack what it must have is none.
fn without(pack: &Pack, rows: Vec<Row>, refused: &Refused<'_>) -> Vec<Row> {
    if refused.is_empty() {
        return rows;
    }
    let left = |row: Row| {
        let is_refused = |value: &Value| refused.holds(&row.register, &row.key, &value.property);
        let (gone, values): (Vec<Value>, Vec<Value>) = row.values.iter().cloned().partition(is_refused);
        let items = register_of(pack, &row.register).map(|(_, items)| items);
        let is_needed = |value: &Value| items.is_some_and(|items| items.required().any(|name| name == value.property));
        let is_whole = row.at.is_some() || !gone.iter().any(is_needed);
        (is_whole && !values.is_empty()).then(|| Row { values, ..row.clone() })
    };
    rows.into_iter().filter_map(left).collect()
}

/// The rows of a register; none where there is none.
fn list<'j>(profile: &'j Json, register: &str) -> &'j [Json] {
    let found = register.split('.').try_fold(profile, |value, key| value.get(key));
    found.and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// Whether somebody wrote a value of a row, or said that there is none.
fn is_recorded(profile: &Profile, register: &str, key: &str, property: &str, value: &Json) -> bool {
    let path = format!("{register}[{key}].{property}");
    profile.none().contains(path.as_str()) || holds_own(profile, &path, value)
}

/// Whether a value holds something that is no default.
fn holds_own(profile: &Profile, path: &str, value: &Json) -> bool {
    match value {
        _ if profile.defaults().contains(path) => false,
        Json::Null => false,
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => fields.iter().any(|(key, value)| holds_own(profile, &format!("{path}.{key}"), value)),
        _ => true,
    }
}

/// What the schema would say of the profile with the rows in it, at the rules that give them.
fn forbidden(pack: &Pack, profile: &Profile, rows: &[Row], asked: &[Propose]) -> Vec<Diagnostic> {
    if rows.is_empty() {
        return Vec::new();
    }
    let nowhere = Span::file("");
    let mut located = profile::of_json(&profile.value, &nowhere);
    let mut gaps: BTreeMap<Span, String> = BTreeMap::new();
    for row in rows {
        let Some(list) = register_in(&mut located, &row.register) else { continue };
        let span = row.values.first().and_then(|value| {
            let rule = asked.iter().find(|rule| rule.id == value.rule)?;
            gaps.insert(rule.key.span.clone(), rule.id.clone());
            Some(rule.key.span.clone())
        });
        let span = span.unwrap_or_else(|| nowhere.clone());
        let entry = |property: &str, value: &Json, span: &Span| Entry {
            key: property.into(),
            key_span: span.clone(),
            value: profile::of_json(value, span),
        };
        for value in &row.values {
            gaps.insert(value.span.clone(), value.rule.clone());
        }
        let values = row.values.iter().map(|value| entry(&value.property, &value.value, &value.span));
        match row.at.and_then(|at| list.get_mut(at)) {
            Some(Located { node: Node::Map(entries), .. }) => {
                entries.retain(|known| !row.values.iter().any(|value| known.key == value.property));
                entries.extend(values);
            }
            _ => {
                let key = entry(&row.key_of, &Json::from(row.key.as_str()), &span);
                list.push(Located { span, node: Node::Map(std::iter::once(key).chain(values).collect()) });
            }
        }
    }
    let found = profile::forbidden(&located, &pack.schema, &pack.titled()).into_iter();
    let mut seen = BTreeSet::new();
    let own = found.filter_map(|problem| {
        let span = problem.span.clone()?;
        let rule = gaps.get(&span)?;
        let message = match (&problem.key, problem.message.split_once(" in `")) {
            // Which row it is changes from profile to profile.
            (Some(_), Some((missing, _))) => format!("proposal `{rule}`: {missing} in a new row"),
            _ => format!("proposal `{rule}`: {}", problem.message),
        };
        let fault = Diagnostic { help: problem.help, ..Diagnostic::fault(&codes::PROPOSAL, message).at(span) };
        seen.insert((fault.span.clone(), fault.message.clone())).then_some(fault)
    });
    own.collect()
}

/// The rows of a register, to be added to.
fn register_in<'l>(located: &'l mut Located, register: &str) -> Option<&'l mut Vec<Located>> {
    let mut found = located;
    for key in register.split('.') {
        let Node::Map(entries) = &mut found.node else { return None };
        found = &mut entries.iter_mut().find(|entry| entry.key == key)?.value;
    }
    match &mut found.node {
        Node::List(rows) => Some(rows),
        _ => None,
    }
}
