//! Who approves: a person, body, firm or post of the profile, and whether it may.

use std::sync::Arc;

use ecow::EcoString;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::diagnostic::codes::issue as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::history::Approval;
use crate::holders::{self, Holder, PEOPLE};
use crate::language::Terms;
use crate::model::places::{COMING, FORMER};
use crate::plan;
use crate::strings::Strings;
use crate::workspace::Workspace;

/// Where those stand who may approve.
const REGISTERS: [&str; 3] = holders::REGISTERS;

/// Somebody who approves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    /// The key of the person, body or firm; none of a post.
    pub(super) key: Option<EcoString>,
    /// What it is called; empty for a post.
    name: EcoString,
    /// Whether it is a person.
    is_person: bool,
    /// The role that it was named by.
    pub(super) role: Option<EcoString>,
    /// The profile as it holds on the day: who left before, or comes later, approves nothing.
    pub(super) on_day: Arc<Json>,
}

impl Who {
    /// Whoever has a key or name on a day, or holds the role that has it.
    pub(super) fn named(workspace: &Workspace, given: &str, day: Date, sink: &mut Sink) -> Option<Who> {
        let on_day = Arc::new(workspace.profile_on(day, sink)?);
        let profile = &*on_day;
        let wanted = given.trim().to_lowercase();
        let is_called = |row: &&Json, key: &str| {
            ["id", key].iter().any(|key| row[*key].as_str().is_some_and(|text| text.to_lowercase() == wanted))
        };
        let rows = |register: &str| rows_of(&profile[register]);
        let called = REGISTERS.iter().flat_map(|register| {
            rows(register).filter(|row| is_called(row, "name")).map(move |row| (*register == PEOPLE, row))
        });
        let called: Vec<(bool, &Json)> = called.filter(|_| !wanted.is_empty()).collect();
        let is_key = |(_, row): &&(bool, &Json)| row["id"].as_str().is_some_and(|id| id.to_lowercase() == wanted);
        let own = called.iter().find(is_key).or_else(|| called.first().filter(|_| called.len() == 1));
        if let Some((is_person, row)) = own {
            return Some(Who {
                key: row["id"].as_str().map(EcoString::from),
                name: row["name"].as_str().unwrap_or_default().into(),
                is_person: *is_person,
                role: None,
                on_day: on_day.clone(),
            });
        }
        if !called.is_empty() {
            let keys: Vec<String> =
                called.iter().filter_map(|(_, row)| row["id"].as_str()).map(|id| format!("`{id}`")).collect();
            let message = format!("several are called `{given}`: {}", keys.join(", "));
            sink.push(Diagnostic::fault(&codes::UNKNOWN_APPROVER, message).help("name one of them by the key"));
            return None;
        }
        let role = rows("roles").find(|row| is_called(row, "title")).filter(|_| !wanted.is_empty());
        let Some(role) = role else {
            let known: Vec<&str> = REGISTERS
                .iter()
                .chain(&["roles"])
                .flat_map(|register| rows(register))
                .filter_map(|row| row["id"].as_str())
                .collect();
            let aside = |list: &str| {
                REGISTERS.iter().any(|name| rows_of(&profile[list][*name]).any(|row| is_called(&row, "name")))
            };
            let message = match aside(FORMER) || aside(COMING) {
                true => format!("`{given}` stands in the profile, but is not there on {day}"),
                false => format!("nobody and no role of the profile is called `{given}`"),
            };
            let problem = Diagnostic::fault(&codes::UNKNOWN_APPROVER, message).suggest(given, known);
            sink.push(problem.help(codes::UNKNOWN_APPROVER.fix));
            return None;
        };
        let key = role["id"].as_str().map(EcoString::from);
        let there: Vec<Holder<'_>> =
            holders::of(profile, &role["holder"]).into_iter().filter(Holder::is_there).collect();
        match there.as_slice() {
            [Holder::Row { register, key: holder, row, .. }] => Some(Who {
                key: Some((*holder).into()),
                name: row["name"].as_str().unwrap_or_default().into(),
                is_person: *register == PEOPLE,
                role: key,
                on_day: on_day.clone(),
            }),
            [Holder::Post(_)] => {
                Some(Who { key: None, name: EcoString::new(), is_person: false, role: key, on_day: on_day.clone() })
            }
            several => {
                let message = match several.len() {
                    0 => format!("nobody holds the role `{given}` on {day}"),
                    _ => format!("several hold the role `{given}`: name who of them approves"),
                };
                sink.push(Diagnostic::fault(&codes::UNKNOWN_APPROVER, message).help(codes::UNKNOWN_APPROVER.fix));
                None
            }
        }
    }

    /// What messages call it: its name, else the key of its role.
    pub(super) fn told(&self) -> &str {
        if self.name.is_empty() { self.role.as_deref().unwrap_or_default() } else { &self.name }
    }

    /// The approval of a document in a role, on a day.
    pub(super) fn approval(&self, role: &str, terms: &Terms, strings: &Strings, day: Date) -> Approval {
        let title =
            |role: &str| plan::role(&self.on_day, role, terms, strings).map(|party| EcoString::from(party.role.text));
        // Who stands in for the holder has the post of somebody else.
        let post = match self.holds(role) {
            true => title(role),
            false => self.posts().next().and_then(title),
        };
        let post = post.filter(|post| *post != self.name).unwrap_or_default();
        Approval { key: self.key.clone(), name: self.name.clone(), role: Some(role.into()), post, day }
    }

    /// Whether it holds a role, or has the chair of the body that does.
    fn holds(&self, role: &str) -> bool {
        let Some((_, row)) = holders::role(&self.on_day, role) else { return false };
        self.role.as_deref() == Some(role) || self.key.as_deref() == Some(role) || self.is_among(&row["holder"])
    }

    /// The roles that it holds.
    fn posts(&self) -> impl Iterator<Item = &str> {
        rows_of(&self.on_day["roles"]).filter(|row| self.is_among(&row["holder"])).filter_map(|row| row["id"].as_str())
    }

    /// Whether it is one of those that are named, or has the chair of one.
    fn is_among(&self, named: &Json) -> bool {
        let Some(own) = self.key.as_deref() else { return false };
        holders::of(&self.on_day, named).into_iter().filter(Holder::is_there).any(|holder| match holder {
            Holder::Row { key, row, .. } => key == own || row["chair"].as_str() == Some(own),
            Holder::Post(_) => false,
        })
    }

    /// Whether it is meant to approve what a role approves: whoever is named by a role, as that and as no other.
    pub(super) fn is_meant(&self, role: &str) -> bool {
        self.role.as_deref().is_none_or(|own| own == role) && self.may(role)
    }

    /// Whether it may approve in a role: it holds the role, stands in for it, or has the chair of the body that holds it.
    pub(super) fn may(&self, role: &str) -> bool {
        let deputies = holders::role(&self.on_day, role).map(|(_, row)| &row["deputy"]);
        self.holds(role) || deputies.is_some_and(|deputies| self.is_among(deputies))
    }

    /// Whether it is the one person who wrote what a role writes: who holds that role on the day, or by the facts that
    /// the document was made from.
    pub(super) fn is_author(&self, author: &str, made_from: &Json) -> bool {
        let holds =
            |holder: &Holder<'_>| matches!(holder, Holder::Row { key, .. } if Some(*key) == self.key.as_deref());
        let wrote = |profile: &Json| {
            holders::role(profile, author).is_some_and(|(_, row)| {
                self.key.as_deref() == Some(author) || holders::of(profile, &row["holder"]).iter().any(holds)
            })
        };
        self.is_person && (wrote(made_from) || wrote(&self.on_day))
    }
}

fn rows_of(list: &Json) -> impl Iterator<Item = &Json> {
    list.as_array().into_iter().flatten()
}
