//! Facts that hold for a time: rows of registers with a first and a last day, and who holds a role from when.
//!
//! Rules and templates see under a register's name what holds on the date of the facts. What no longer holds stands in
//! `former`, what does not hold yet in `coming`, by register. Rows of those keep their paths: a text that names a former
//! supplier still comes from `suppliers[ID].name`.

use ecow::EcoString;
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::path::RowKeys;
use super::silence::Nones;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::holders::{HELD, ROLES, WHO};
use crate::model::places::{COMING, FORMER};
use crate::schema::{InForce, View};
use crate::time::Day;
use crate::yaml::{Located, Node};

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

    fn on(self, day: Option<Date>) -> When {
        let Some(day) = day else { return When::Now };
        match self {
            Time { until: Some(until), .. } if until < day => When::Former,
            Time { from: Some(from), .. } if from > day => When::Coming,
            _ => When::Now,
        }
    }
}

/// The registers whose rows hold for a time, and how many of each hold now, held once, and will hold.
#[derive(Debug, Default)]
pub(super) struct Split(Vec<(String, [usize; 3])>);

/// Puts the rows of each register that hold on a day before those that no longer hold, and these before those that will,
/// each in the order in which they are written. What is said of there being none goes with its row.
pub(super) fn arrange(
    located: &mut Located,
    view: &View,
    day: Option<Date>,
    nones: &mut Nones,
    sink: &mut Sink,
) -> Split {
    let mut split = Split::default();
    let Node::Map(entries) = &mut located.node else { return split };
    for entry in entries {
        let asked = view.property(&entry.key);
        let Some(keys) = asked.and_then(|view| view.in_force.as_ref()) else { continue };
        let Node::List(rows) = &mut entry.value.node else { continue };
        let when = |row: &Located| {
            let text = |key: &str| Some(row.get(key)?.as_str()?.to_owned());
            Time::read(text, keys)
        };
        for row in rows.iter() {
            backwards(when(row), row, keys, sink);
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|at| rows.get(*at).map(|row| when(row).on(day)));
        nones.reorder(&entry.key, &order);
        rows.sort_by_key(|row| when(row).on(day));
        let count = |wanted| rows.iter().filter(|row| when(row).on(day) == wanted).count();
        split.0.push((entry.key.to_string(), [When::Now, When::Former, When::Coming].map(count)));
    }
    let unwritten = view.properties().iter().filter(|property| property.view.in_force.is_some());
    let unwritten = unwritten.filter(|property| !split.0.iter().any(|(name, _)| *name == property.name));
    let unwritten: Vec<_> = unwritten.map(|property| (property.name.clone(), [0; 3])).collect();
    split.0.extend(unwritten);
    split
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
            let Some(Json::Array(rows)) = value.get_mut(register) else { continue };
            let mut first = *now;
            let mut rest = rows.split_off((*now).min(rows.len()));
            for ((name, lists), count) in aside.iter_mut().zip([former, coming]) {
                let after = rest.split_off((*count).min(rest.len()));
                keys.move_rows(register, first, *count, &format!("{name}.{register}"));
                first += count;
                lists.insert(register.clone(), Json::Array(std::mem::replace(&mut rest, after)));
            }
        }
        for (name, lists) in aside {
            value.insert(name.into(), Json::Object(lists));
        }
    }
}

/// Gives each role those who hold it on a day, and puts who held it and who will into the roles of `former` and `coming`.
pub(super) fn holders(value: &mut Map<String, Json>, keys: &mut RowKeys, day: Option<Date>) {
    let mut aside = [(FORMER, When::Former, Vec::new()), (COMING, When::Coming, Vec::new())];
    let keys_of = InForce { from: Some("from".into()), until: Some("until".into()) };
    let mut named = [Vec::new(), Vec::new()];
    let roles = value.get_mut(ROLES).and_then(Json::as_array_mut).into_iter().flatten();
    for role in roles {
        let (id, title) = (role["id"].clone(), role["title"].clone());
        for held in HELD {
            let Some(holders) = role[held].as_array().filter(|list| list.iter().any(|one| one.get(WHO).is_some()))
            else {
                continue;
            };
            let holders = holders.clone();
            let when =
                |one: &Json| Time::read(|key| one.get(key).and_then(Json::as_str).map(str::to_owned), &keys_of).on(day);
            let who = |one: &Json| one.get(WHO).unwrap_or(one).clone();
            let now: Vec<Json> = holders.iter().filter(|one| when(one) == When::Now).map(who).collect();
            role[held] = if let [one] = now.as_slice() { one.clone() } else { Json::Array(now) };
            for (place, (_, wanted, rows)) in aside.iter_mut().enumerate() {
                for one in holders.iter().filter(|one| when(one) == *wanted) {
                    let mut row = json!({"id": id, "title": title, held: who(one)});
                    for key in ["from", "until"] {
                        if let Some(day) = one.get(key) {
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

/// Reports who holds a role at one time with another without that being said, and days on which nobody does.
pub(super) fn check_holders(located: &Located, sink: &mut Sink) {
    let keys = InForce { from: Some("from".into()), until: Some("until".into()) };
    for role in located.items(ROLES) {
        for held in HELD {
            let Some(list) = role.get(held).map(Located::list) else { continue };
            let timed = list.iter().filter(|one| one.get(WHO).is_some());
            let mut times: Vec<(Time, &Located)> =
                timed.map(|one| (Time::read(|key| Some(one.get(key)?.as_str()?.to_owned()), &keys), one)).collect();
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
