//! Where the values of helpers come from.
//!
//! Beside each call of a helper that prints or loops stands a call of [`from`] with the same arguments, each followed by
//! where it comes from itself when it is a call. So `{{cap (role responsibilities.lead)}}` is known to print
//! `roles[…].title`, and a loop over `(sort (where risks "state" "open") "id")` which rows it goes over.

use ecow::EcoString;
use serde_json::{Value as Json, json};

use super::forms;
use super::helpers::{Answer, Call, by_field, row};
use crate::holders::{self, Holder};
use crate::model::places::{MOST, Sources};

/// The key of the rows that a helper chose, each as the path of the scope at which it stands.
const ROWS: &str = "rows";
/// The key of the paths that a value came from.
const PATHS: &str = "paths";
/// The key of what the value at the first of them prints as.
const SHOWN: &str = "shown";

/// What [`from`] says of a value.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    /// The paths that it came from, what it shows first.
    pub(super) paths: Vec<EcoString>,
    /// What the value at the first path prints as.
    pub(super) shown: Option<String>,
    /// The rows of the scope that were chosen, in order.
    pub(super) rows: Option<Vec<Vec<String>>>,
}

impl Said {
    /// Reads what [`from`] gave.
    pub(super) fn read(said: &Json) -> Option<Said> {
        let texts = |list: &Json| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
        };
        let said = said.as_object()?;
        let paths = said.get(PATHS).map(texts).unwrap_or_default();
        let rows = said.get(ROWS).and_then(Json::as_array).map(|rows| rows.iter().map(texts).collect());
        let shown = said.get(SHOWN).and_then(Json::as_str).map(str::to_owned);
        Some(Said { paths: paths.into_iter().map(EcoString::from).collect(), shown, rows })
    }
}

/// An argument of the call that is asked about.
struct Argument<'a> {
    value: Option<&'a Json>,
    path: Option<&'a Vec<String>>,
    said: Option<Said>,
}

/// Says where the value of a call comes from.
pub(super) fn from(call: &Call<'_>) -> Answer {
    let (name, form) = match call.text(0)?.split_once(' ') {
        Some((name, form)) => (name, Some(form)),
        None => (call.text(0)?, None),
    };
    let arguments: Vec<Argument<'_>> = (1..call.given.len())
        .step_by(2)
        .map(|at| Argument {
            value: call.given[at],
            path: call.paths[at],
            said: call.given.get(at + 1).copied().flatten().and_then(Said::read),
        })
        .collect();
    let source = Source { call, arguments, form };
    Ok(match name {
        "where" | "sort" => json!({ ROWS: source.chosen(name) }),
        _ => json!({ PATHS: source.paths(name), SHOWN: source.shown(name) }),
    })
}

struct Source<'a> {
    call: &'a Call<'a>,
    arguments: Vec<Argument<'a>>,
    /// The form that is asked for.
    form: Option<&'a str>,
}

impl<'a> Source<'a> {
    fn text(&self, at: usize) -> &'a str {
        self.arguments.get(at).and_then(|argument| argument.value?.as_str()).unwrap_or_default()
    }

    /// The places in the scope of what a helper looks up, what it shows first.
    fn looked_up(&self, name: &str) -> Vec<Vec<String>> {
        let found = match name {
            "pick" => vec![self.picked(self.text(0), self.text(1), self.text(2))],
            "role" => {
                let mut found = vec![self.picked("roles", self.text(0), "title")];
                found.extend(self.wording(self.text(0)));
                found
            }
            "holder" | "deputy" => {
                let Ok((list, at, role)) = row(self.call, "roles", self.text(0)) else { return Vec::new() };
                let place = |holder: Holder<'_>| match holder {
                    Holder::Row { register, key, .. } => self.picked(register, key, "name"),
                    Holder::Post(_) => {
                        Some([list.as_str(), &at.to_string(), name, holders::POST].map(str::to_owned).into())
                    }
                };
                let named = holders::of(self.call.root, &role[name]).into_iter().map(place);
                named.chain([Some([list.as_str(), &at.to_string(), name].map(str::to_owned).into())]).collect()
            }
            "who" => {
                let keys = self.arguments.first().and_then(|keys| keys.value).map(holders::keys).unwrap_or_default();
                let place = |key: &str| {
                    let register = holders::register(self.call.root, key)?;
                    self.picked(register, key, if register == holders::ROLES { "title" } else { "name" })
                };
                keys.into_iter().map(place).collect()
            }
            "picks" => {
                let keys = self.arguments.get(1).and_then(|keys| keys.value?.as_array()).into_iter().flatten();
                keys.filter_map(Json::as_str).map(|key| self.picked(self.text(0), key, self.text(2))).collect()
            }
            "cite" => {
                let topics = (0..self.arguments.len()).map(|at| self.text(at));
                topics.map(|topic| Some(vec!["data".into(), "topics".into(), topic.into()])).collect()
            }
            _ => Vec::new(),
        };
        found.into_iter().flatten().collect()
    }

    /// What the value that comes first prints as.
    fn shown(&self, name: &str) -> Option<String> {
        let looked_up = match self.rows().as_deref() {
            Some([row]) if name == "list" => {
                vec![row.iter().cloned().chain(self.arguments.get(1).map(|_| self.text(1).to_owned())).collect()]
            }
            _ => self.looked_up(name),
        };
        let argument = self.arguments.first()?;
        match (looked_up.first(), &argument.said, argument.path) {
            (Some(path), ..) => self.call.tools.shown(path),
            (None, Some(said), _) => said.shown.clone(),
            (None, None, Some(path)) => self.call.tools.shown(path),
            (None, None, None) => None,
        }
    }

    fn paths(&self, name: &str) -> Vec<EcoString> {
        match name {
            "count" => return self.items(None),
            "list" => return self.items(self.arguments.get(1).map(|_| self.text(1))),
            _ => {}
        }
        let mut paths: Vec<EcoString> = self.looked_up(name).iter().flat_map(|path| self.at(path)).collect();
        for argument in &self.arguments {
            paths.extend(self.of(argument));
        }
        let mut known = Vec::with_capacity(paths.len());
        for path in paths {
            if !known.contains(&path) && known.len() < MOST {
                known.push(path);
            }
        }
        known
    }

    fn at(&self, path: &[String]) -> Vec<EcoString> {
        self.call.tools.origins.paths(path)
    }

    /// Where an argument comes from.
    fn of(&self, argument: &Argument<'_>) -> Vec<EcoString> {
        match (&argument.said, argument.path) {
            (Some(Said { rows: Some(rows), .. }), _) => rows.iter().flat_map(|row| self.at(row)).collect(),
            (Some(said), _) => said.paths.clone(),
            (None, Some(path)) => self.at(path),
            (None, None) => Vec::new(),
        }
    }

    /// A field of a row of a register.
    fn picked(&self, register: &str, key: &str, field: &str) -> Option<Vec<String>> {
        let (register, at, row) = row(self.call, register, key).ok()?;
        let gender = if register == "roles" && field == "title" { forms::gender(self.call.root, row) } else { None };
        let form = self.form;
        let chosen = forms::choose(self.call, (key, row), field, gender, form);
        let path = chosen.map_or_else(|| vec![field.to_owned()], |chosen| chosen.path);
        Some(register.split('.').map(str::to_owned).chain([at.to_string()]).chain(path).collect())
    }

    /// What decides how a role is called: the wording of the profile, and the gender of who holds it.
    fn wording(&self, key: &str) -> Vec<Option<Vec<String>>> {
        let Ok((list, _, role)) = row(self.call, "roles", key) else { return Vec::new() };
        if list != holders::ROLES {
            return Vec::new();
        }
        if forms::gender(self.call.root, role).is_none() {
            return Vec::new();
        }
        let wording = Some(vec!["wording".to_owned(), "roles".to_owned()]);
        let is_by_holder = self.call.root["wording"]["roles"] == "holder";
        let holder = holders::person(self.call.root, role).filter(|_| is_by_holder);
        let gender = holder.map(|(at, person)| {
            let key = if person["gender"].is_string() { "gender" } else { "pronoun" };
            vec!["people".to_owned(), at.to_string(), key.to_owned()]
        });
        vec![wording, gender]
    }

    /// The items of the list that is the first argument, or a field of each; the list itself when it has none.
    fn items(&self, field: Option<&str>) -> Vec<EcoString> {
        let origins = &self.call.tools.origins;
        let mut from = Sources::None;
        for row in self.rows().unwrap_or_default() {
            let path: Vec<String> = row.into_iter().chain(field.map(str::to_owned)).collect();
            from.add(&origins.sources(&path), origins.places());
        }
        match self.arguments.first() {
            Some(list) if from.is_none() => self.of(list),
            _ => origins.written(&from),
        }
    }

    /// The places in the scope of the items of the first argument.
    fn rows(&self) -> Option<Vec<Vec<String>>> {
        let list = self.arguments.first()?;
        if let Some(said) = &list.said {
            return said.rows.clone();
        }
        let (path, items) = (list.path?, list.value?.as_array()?);
        Some((0..items.len()).map(|at| path.iter().cloned().chain([at.to_string()]).collect()).collect())
    }

    /// The rows that `where` or `sort` chooses.
    fn chosen(&self, name: &str) -> Option<Vec<Vec<String>>> {
        let items = self.arguments.first()?.value?.as_array()?;
        let mut rows: Vec<(Vec<String>, &Json)> = self.rows()?.into_iter().zip(items).collect();
        let field = self.text(1);
        match name {
            "where" => {
                let wanted = self.arguments.get(2)?.value?;
                rows.retain(|(_, row)| row.get(field) == Some(wanted));
            }
            _ if self.text(2) == "descending" => {
                rows.sort_by(|(_, a), (_, b)| by_field(b, a, field, self.call.language()));
            }
            _ => rows.sort_by(|(_, a), (_, b)| by_field(a, b, field, self.call.language())),
        }
        Some(rows.into_iter().map(|(path, _)| path).collect())
    }
}
