//! Facts that hold for a time: rows of registers with a first and a last day, and who holds a role from when.
//!
//! Rules and templates see under a register's name what holds on the date of the facts. What no longer holds stands in
//! `former`, what does not hold yet in `coming`, by register. Rows of those keep their paths: a text that names a former
//! supplier still comes from `suppliers[ID].name`.

use std::collections::BTreeMap;

use ecow::EcoString;
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::path::RowKeys;
use super::silence::Nones;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::holders::{BODIES, HELD, REGISTERS, ROLES, WHO};
use crate::model::places::{COMING, FORMER};
use crate::schema::{InForce, Kind, Property, View};
use crate::time::Day;
use crate::yaml::{Entry, Located, Node};

/// When a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    Now,
    Former,
    Coming,
}

/// The first and the last day of what holds for a time; none where nobody said one.
#[derive(Debug, Clone, Copy)]
struct Time {
    from: Option<Date>,
    until: Option<Date>,
}

impl Time {
    /// What is written at two keys. What is no date is reported by the schema.
    fn read(text: impl Fn(&str) -> Option<String>, keys: &InForce) -> Time {
        let day = |key: &Option<String>| Day::read(text(key.as_deref()?)?.trim()).ok();
        Time { from: day(&keys.from).map(Day::first), until: day(&keys.until).map(Day::last) }
    }

    /// What a row says.
    fn of_row(row: &Located, keys: &InForce) -> Time {
        Time::read(|key| Some(row.get(key)?.as_str()?.to_owned()), keys)
    }

    /// The time in which both hold.
    fn meet(self, other: Time) -> Time {
        let until = [self.until, other.until].into_iter().flatten().min();
        Time { from: self.from.max(other.from), until }
    }

    fn on(self, day: Option<Date>) -> When {
        let Some(day) = day else { return When::Now };
        match self {
            Time { until: Some(until), .. } if until < day => When::Former,
            Time { from: Some(from), .. } if from > day => When::Coming,
            _ => When::Now,
        }
    }
}

/// The registers whose rows hold for a time, by dotted path, and how many of each hold now, held once, and will hold.
#[derive(Debug, Default)]
pub(super) struct Split(Vec<(String, [usize; 3])>);

/// Puts the rows of each register that hold on a day before those that no longer hold, and these before those that will,
/// each in the order in which they are written. What is said of there being none goes with its row. Rows that lie over
/// their group give it what they say, as long as they hold.
pub(super) fn arrange(
    located: &mut Located,
    view: &View,
    day: Option<Date>,
    nones: &mut Nones,
    sink: &mut Sink,
) -> Split {
    let mut split = Split::default();
    let times = Times::of(located, view);
    split.arrange(located, view, &At { day, times: &times }, String::new(), nones, sink);
    split
}

/// The times of rows of registers of the profile itself, by register, and by what the rows are called.
struct Times(BTreeMap<String, BTreeMap<String, Time>>);

impl Times {
    fn of(located: &Located, view: &View) -> Times {
        let of = |property: &Property| {
            let keys = property.view.in_force.as_ref()?;
            let key = property.view.key.as_deref()?;
            let mut times = BTreeMap::new();
            for row in located.items(&property.name) {
                let time = Time::of_row(row, keys);
                for name in [key, "name"].into_iter().filter_map(|name| row.text(name)) {
                    times.entry(name.to_owned()).or_insert(time);
                }
            }
            Some((property.name.clone(), times))
        };
        Times(view.properties().iter().filter_map(of).collect())
    }

    /// The time of a row, with that of the row that it holds with.
    fn time(&self, row: &Located, keys: &InForce, items: Option<&View>) -> Time {
        let own = Time::of_row(row, keys);
        let other = keys.with.as_deref().and_then(|key| {
            let registers = items?.property(key)?.asks.references.iter().flatten();
            let name = row.text(key)?;
            registers.into_iter().find_map(|register| self.0.get(register)?.get(name)).copied()
        });
        other.map_or(own, |other| own.meet(other))
    }
}

/// What rows are held against.
struct At<'a> {
    day: Option<Date>,
    times: &'a Times,
}

impl Split {
    fn arrange(
        &mut self,
        located: &mut Located,
        view: &View,
        at: &At<'_>,
        path: String,
        nones: &mut Nones,
        sink: &mut Sink,
    ) {
        let Node::Map(entries) = &mut located.node else { return self.add_unwritten(view, &path, &[]) };
        let mut over = Vec::new();
        for entry in entries.iter_mut() {
            let Some(asked) = view.property(&entry.key) else { continue };
            let path = joined(&path, &entry.key);
            let Some(keys) = asked.in_force.as_ref() else {
                if asked.asks.kind == Kind::Group {
                    self.arrange(&mut entry.value, asked, at, path, nones, sink);
                }
                continue;
            };
            let Node::List(rows) = &mut entry.value.node else { continue };
            let day = at.day;
            let when = |row: &Located| at.times.time(row, keys, asked.items());
            for row in rows.iter() {
                backwards(Time::of_row(row, keys), row, keys, sink);
            }
            let mut order: Vec<usize> = (0..rows.len()).collect();
            order.sort_by_key(|place| rows.get(*place).map(|row| when(row).on(day)));
            nones.reorder(&path, &order);
            rows.sort_by_key(|row| when(row).on(day));
            let count = |wanted| rows.iter().filter(|row| when(row).on(day) == wanted).count();
            let counts = [When::Now, When::Former, When::Coming].map(count);
            if keys.is_over && day.is_some() {
                let mut holds: Vec<&Located> = rows.iter().take(counts[0]).collect();
                holds.sort_by_key(|row| when(row).from);
                let own = |name: &str| [&keys.from, &keys.until].into_iter().flatten().any(|key| key == name);
                let said = holds.into_iter().flat_map(Located::entries).filter(|said| !own(&said.key));
                over.extend(said.cloned());
            }
            self.0.push((path, counts));
        }
        self.add_unwritten(view, &path, entries);
        for said in over {
            match entries.iter_mut().find(|entry| entry.key == said.key) {
                Some(entry) => entry.value = said.value,
                None => entries.push(said),
            }
        }
    }

    /// Adds the registers that a group lacks.
    fn add_unwritten(&mut self, view: &View, path: &str, entries: &[Entry]) {
        for property in view.properties() {
            let path = joined(path, &property.name);
            let entry = entries.iter().find(|entry| entry.key == property.name.as_str());
            match property.view.in_force {
                Some(_) if !self.0.iter().any(|(known, _)| *known == path) => self.0.push((path, [0; 3])),
                None if entry.is_none() && property.view.asks.kind == Kind::Group => {
                    self.add_unwritten(&property.view, &path, &[]);
                }
                _ => {}
            }
        }
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Reports a last day before the first one.
fn backwards(time: Time, row: &Located, keys: &InForce, sink: &mut Sink) {
    let Time { from: Some(from), until: Some(until) } = time else { return };
    let at = keys.until.as_deref().and_then(|key| row.get(key)).map_or(&row.span, |value| &value.span);
    if until < from {
        sink.push(ends_before(from, until, at));
    }
}

fn ends_before(from: Date, until: Date, at: &Span) -> Diagnostic {
    let message = format!("it ends on {until}, before it begins on {from}");
    Diagnostic::fault(&codes::ENDS_BEFORE, message).at(at.clone()).help(codes::ENDS_BEFORE.fix)
}

impl Split {
    /// Takes what does not hold now out of the registers.
    pub(super) fn apply(&self, value: &mut Map<String, Json>, keys: &mut RowKeys) {
        let mut aside = [(FORMER, Map::new()), (COMING, Map::new())];
        for (register, [now, former, coming]) in &self.0 {
            let Some(Json::Array(rows)) = at_mut(value, register) else { continue };
            let mut first = *now;
            let mut rest = rows.split_off((*now).min(rows.len()));
            for ((name, lists), count) in aside.iter_mut().zip([former, coming]) {
                let after = rest.split_off((*count).min(rest.len()));
                keys.move_rows(register, first, *count, &format!("{name}.{register}"));
                first += count;
                put(lists, register, Json::Array(std::mem::replace(&mut rest, after)));
            }
        }
        for (name, lists) in aside {
            value.insert(name.into(), Json::Object(lists));
        }
    }
}

/// What stands at a dotted path of groups.
fn at_mut<'v>(value: &'v mut Map<String, Json>, path: &str) -> Option<&'v mut Json> {
    match path.split_once('.') {
        Some((key, rest)) => at_mut(value.get_mut(key)?.as_object_mut()?, rest),
        None => value.get_mut(path),
    }
}

/// Puts a value at a dotted path of groups.
fn put(value: &mut Map<String, Json>, path: &str, list: Json) {
    match path.split_once('.') {
        Some((key, rest)) => {
            let group = value.entry(key).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(group) = group {
                put(group, rest, list);
            }
        }
        None => {
            value.insert(path.into(), list);
        }
    }
}

/// Takes those who are not there out of the members of each body, and from its chair.
pub(super) fn members(value: &mut Map<String, Json>) {
    let away = not_there(value);
    let is_away = |one: &Json| one.as_str().is_some_and(|key| away.contains_key(key));
    for body in value.get_mut(BODIES).and_then(Json::as_array_mut).into_iter().flatten() {
        let Some(body) = body.as_object_mut() else { continue };
        if let Some(members) = body.get_mut("members").and_then(Json::as_array_mut) {
            members.retain(|one| !is_away(one));
        }
        if body.get("chair").is_some_and(is_away) {
            body.remove("chair");
        }
    }
}

/// The keys at which a role says from when and until when somebody holds it.
fn held_keys() -> InForce {
    InForce { from: Some("from".into()), until: Some("until".into()), with: None, is_over: false }
}

/// The days of those who may hold a role and are not there, by key: who went before, and who comes later.
fn not_there(value: &Map<String, Json>) -> BTreeMap<String, Json> {
    let lists = |of: &Map<String, Json>| -> Vec<Json> {
        REGISTERS.iter().filter_map(|register| of.get(*register)?.as_array()).flatten().cloned().collect()
    };
    let aside = [FORMER, COMING].into_iter().filter_map(|name| value.get(name)?.as_object()).flat_map(lists);
    let keyed = |row: Json| Some((row["id"].as_str()?.to_owned(), row));
    let mut found: BTreeMap<String, Json> = aside.filter_map(keyed).collect();
    if !found.is_empty() {
        lists(value).iter().filter_map(|there| there["id"].as_str()).for_each(|key| drop(found.remove(key)));
    }
    found
}

/// Gives each role those who hold it on a day, and puts who held it and who will into the roles of `former` and `coming`.
/// Nobody holds a role before the first day or after the last one on which he or she is there.
pub(super) fn holders(value: &mut Map<String, Json>, keys: &mut RowKeys, day: Option<Date>) {
    let mut aside = [(FORMER, When::Former, Vec::new()), (COMING, When::Coming, Vec::new())];
    let keys_of = held_keys();
    let mut named = [Vec::new(), Vec::new()];
    let away = not_there(value);
    let roles = value.get_mut(ROLES).and_then(Json::as_array_mut).into_iter().flatten();
    for role in roles {
        let (id, title) = (role["id"].clone(), role["title"].clone());
        for held in HELD {
            let who = |one: &Json| one.get(WHO).unwrap_or(one).clone();
            let row_of = |one: &Json| one.get(WHO).unwrap_or(one).as_str().and_then(|key| away.get(key));
            let holders = match &role[held] {
                Json::Array(several) => several.clone(),
                one @ Json::String(_) => vec![one.clone()],
                _ => continue,
            };
            if !holders.iter().any(|one| one.get(WHO).is_some() || row_of(one).is_some()) {
                continue;
            }
            let time = |one: &Json| Time::read(|key| one.get(key).and_then(Json::as_str).map(str::to_owned), &keys_of);
            let own = |one: &Json| row_of(one).filter(|_| time(one).on(day) == When::Now);
            let when = |one: &Json| own(one).map_or_else(|| time(one).on(day), |row| time(row).on(day));
            let now: Vec<Json> = holders.iter().filter(|one| when(one) == When::Now).map(who).collect();
            role[held] = if let [one] = now.as_slice() { one.clone() } else { Json::Array(now) };
            for (place, (_, wanted, rows)) in aside.iter_mut().enumerate() {
                for one in holders.iter().filter(|one| when(one) == *wanted) {
                    let mut row = json!({"id": id, "title": title, held: who(one)});
                    for key in ["from", "until"] {
                        if let Some(day) = own(one).unwrap_or(one).get(key) {
                            row[key] = day.clone();
                        }
                    }
                    rows.push(row);
                    named[place].push(EcoString::from(id.as_str().unwrap_or_default()));
                }
            }
        }
    }
    for ((name, _, rows), ids) in aside.into_iter().zip(named) {
        let Some(Json::Object(lists)) = value.get_mut(name) else { continue };
        lists.insert(ROLES.into(), Json::Array(rows));
        keys.0.insert(ecow::eco_format!("{name}.{ROLES}"), ids);
    }
}

/// Reports who holds a role at one time with another without that being said, days on which nobody does, and who holds
/// one on a day without being there.
pub(super) fn check_holders(located: &Located, view: &View, day: Option<Date>, sink: &mut Sink) {
    let keys = held_keys();
    check_there(located, view, day, sink);
    for role in located.items(ROLES) {
        for held in HELD {
            let list = role.get(held).map(Located::list).unwrap_or_default();
            let timed = list.iter().filter(|one| one.get(WHO).is_some());
            let mut times: Vec<(Time, &Located)> = timed.map(|one| (Time::of_row(one, &keys), one)).collect();
            times.iter().for_each(|(time, one)| backwards(*time, one, &keys, sink));
            times.sort_by_key(|(time, _)| time.from);
            let id = role.text("id").unwrap_or_default();
            for pair in times.windows(2) {
                let [(before, _), (after, one)] = pair else { continue };
                let Some(from) = after.from else { continue };
                let problem = match before.until {
                    Some(until) if until >= from => {
                        let message = format!("`{id}` has two at `{held}` from {from} to {until}");
                        Some((
                            message,
                            "end the one on the day before the other begins, or give both the same first day",
                        ))
                    }
                    None if before.from != after.from => {
                        let message =
                            format!("`{id}` has two at `{held}` from {from} on: the one before has no last day");
                        Some((
                            message,
                            "write `until`, the last day, at the one before; or give both the same first day",
                        ))
                    }
                    Some(until) if until.tomorrow().is_ok_and(|next| next < from) => {
                        let next = until.tomorrow().unwrap_or(until);
                        let message = format!("`{id}` has nobody at `{held}` from {next} until {from}");
                        Some((message, "write who has it in between, or move the days together"))
                    }
                    _ => None,
                };
                if let Some((message, help)) = problem.filter(|_| before.from != after.from) {
                    sink.push(Diagnostic::warning(&codes::HELD_WHEN, message).at(one.span.clone()).help(help));
                }
            }
        }
    }
}

/// Reports who holds a role on a day of those who came later, or went before.
fn check_there(located: &Located, view: &View, day: Option<Date>, sink: &mut Sink) {
    let held_for = held_keys();
    let find = |key: &str| {
        REGISTERS.iter().find_map(|register| {
            let keys = view.property(register)?.in_force.as_ref()?;
            let row = located.items(register).iter().find(|row| row.text("id") == Some(key))?;
            Some(Time::of_row(row, keys))
        })
    };
    for role in located.items(ROLES) {
        for held in HELD {
            let Some(holder) = role.get(held) else { continue };
            let several = holder.list().iter().filter(|one| Time::of_row(one, &held_for).on(day) == When::Now);
            for one in several.chain([holder]) {
                let Some(key) = one.get(WHO).unwrap_or(one).as_str() else { continue };
                let Some(time) = find(key) else { continue };
                let id = role.text("id").unwrap_or_default();
                let message = match (time.on(day), time.from, time.until) {
                    (When::Former, _, Some(until)) => {
                        format!("`{id}` has `{key}` at `{held}`, whose last day was {until}")
                    }
                    (When::Coming, Some(from), _) => {
                        format!("`{id}` has `{key}` at `{held}`, whose first day is {from}")
                    }
                    _ => continue,
                };
                let help = format!("say who has it when: `{held}: [{{who: {key}, until: …}}, {{who: …, from: …}}]`");
                sink.push(Diagnostic::warning(&codes::HELD_WHEN, message).at(one.span.clone()).help(help));
            }
        }
    }
}
