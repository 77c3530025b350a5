//! The helpers that templates call. Each is a function of values; what cannot be done comes back as a problem that
//! `emit` reports at the place of the call.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use handlebars::{Context, Handlebars, Helper, HelperDef, RenderContext, RenderError, ScopedJson};
use serde_json::Value as Json;

use super::{Tools, Topic, forms, from};
use crate::budget;
use crate::holders;
use crate::language::{Category, Language};
use crate::messages::ON;
use crate::model::places::{COMING, FORMER};
use crate::strings::Citation;
use crate::time::{Duration, Length, Period};

/// Every helper that a template may name, for suggestions.
pub(super) const NAMES: &[&str] = &[
    "and",
    "cap",
    "cite",
    "count",
    "date",
    "deputy",
    "duration",
    "eq",
    "every",
    "form",
    "gt",
    "gte",
    "has",
    "holder",
    "includes",
    "list",
    "known",
    "lower",
    "lt",
    "lte",
    "made",
    "md",
    "minutes",
    "money",
    "ne",
    "none",
    "not",
    "number",
    "or",
    "ordinal",
    "period",
    "pick",
    "picks",
    "plural",
    "role",
    "sort",
    "unrecorded",
    "where",
    "who",
    "words",
];

/// Says what stands where nothing is found.
pub(super) const ELSE: &str = "else";

/// The helpers that look something up, which may say with `else=` what stands where there is nothing.
pub(super) const LOOKS_UP: [&str; 6] = ["deputy", "holder", "pick", "picks", "role", "who"];

/// The helpers that choose rows of a list.
pub(super) const CHOICES: [&str; 2] = ["sort", "where"];

/// What a citation brings to stand before and after it, and not without it.
pub(super) const OPEN: &str = "open";
pub(super) const CLOSE: &str = "close";

/// The name by which a form is asked for.
pub(super) const FORM: &str = "form";

/// The helpers that take a form, and the one that takes the forms of a word by number.
pub(super) const WITH_FORM: [&str; 8] = ["date", "deputy", "duration", "holder", "pick", "picks", "role", "who"];
pub(super) const WITH_FORMS: &str = "plural";

/// The helper that says where the value of another comes from; a template cannot call it itself.
pub(super) const FROM: &str = "folio-from";

/// Begins a text that is not a value but a problem.
const PROBLEM: char = '\u{F8F0}';

/// The problem that a helper's result stands for.
pub(super) fn problem_in(text: &str) -> Option<String> {
    text.strip_prefix(PROBLEM).map(str::to_owned)
}

/// What a helper does.
type Act = fn(&Call<'_>) -> Answer;

/// What a helper gives: a value, or what is wrong.
pub(super) type Answer = Result<Json, String>;

/// What a helper is given.
pub(super) struct Call<'a> {
    /// The arguments; `None` where a path led nowhere.
    pub(super) given: Vec<Option<&'a Json>>,
    /// Where each argument stands in the scope, when it is a part of that.
    pub(super) paths: Vec<Option<&'a Vec<String>>>,
    /// How the arguments were written, for messages.
    written: Vec<Option<&'a String>>,
    /// What was given by name: `few="…"`.
    named: BTreeMap<&'a str, &'a Json>,
    pub(super) root: &'a Json,
    pub(super) tools: &'a Tools,
}

struct Function {
    tools: Arc<Tools>,
    act: Act,
    /// Whether what it goes over and makes is counted. What only says where a value comes from goes over no more than the
    /// call beside it.
    is_counted: bool,
}

impl HelperDef for Function {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let parameters = helper.params();
        let call = Call {
            given: parameters.iter().map(|value| (!value.is_value_missing()).then(|| value.value())).collect(),
            paths: parameters.iter().map(|value| value.context_path()).collect(),
            written: parameters.iter().map(|value| value.relative_path()).collect(),
            named: helper.hash().iter().map(|(name, value)| (*name, value.value())).collect(),
            root: context.data(),
            tools: &self.tools,
        };
        let lists = call.given.iter().flatten().filter_map(|value| value.as_array());
        if self.is_counted {
            super::spend(1 + lists.map(Vec::len).sum::<usize>())?;
        }
        // A problem in an argument is the problem of the call.
        let inner = call.given.iter().flatten().find_map(|value| value.as_str().and_then(problem_in));
        let answer = inner.map_or_else(|| (self.act)(&call), Err);
        let otherwise = helper.hash_get(ELSE).filter(|_| LOOKS_UP.contains(&helper.name()));
        let answer = match otherwise {
            Some(otherwise) if answer.is_err() && call.looks_somewhere(helper.name()) => Ok(otherwise.value().clone()),
            _ => answer,
        };
        if self.is_counted {
            super::spend(answer.as_ref().map_or(0, size))?;
        }
        Ok(ScopedJson::Derived(answer.unwrap_or_else(|problem| Json::String(format!("{PROBLEM}{problem}")))))
    }
}

/// How many values there are in one, itself too; 64 bytes of text are one more.
fn size(value: &Json) -> usize {
    1 + match value {
        Json::String(text) => text.len() / 64,
        Json::Array(items) => items.iter().map(size).sum(),
        Json::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    }
}

pub(super) fn register(registry: &mut Handlebars<'static>, tools: &Arc<Tools>) {
    let functions: [(&str, Act); 37] = [
        ("and", |call| Ok(Json::Bool(call.given.iter().all(|value| truthy(*value))))),
        ("or", |call| Ok(Json::Bool(call.given.iter().any(|value| truthy(*value))))),
        ("not", |call| Ok(Json::Bool(!truthy(call.given.first().copied().flatten())))),
        ("has", |call| Ok(Json::Bool(call.given.first().copied().flatten().is_some_and(|value| !value.is_null())))),
        ("eq", |call| Ok(Json::Bool(call.given.first() == call.given.get(1)))),
        ("ne", |call| Ok(Json::Bool(call.given.first() != call.given.get(1)))),
        ("gt", |call| compare(call, |order| order.is_gt())),
        ("gte", |call| compare(call, |order| order.is_ge())),
        ("lt", |call| compare(call, |order| order.is_lt())),
        ("lte", |call| compare(call, |order| order.is_le())),
        ("includes", |call| {
            Ok(Json::Bool(call.list(0)?.iter().any(|item| Some(item) == call.given.get(1).copied().flatten())))
        }),
        ("count", |call| Ok(Json::from(call.list(0)?.len()))),
        ("list", list),
        ("plural", plural),
        ("words", |call| Ok(Json::String(call.language().words(call.whole(0)?)))),
        ("ordinal", |call| Ok(Json::String(call.language().ordinal(call.whole(0)?)))),
        ("number", number),
        ("money", |call| Ok(Json::String(call.language().money(call.figures(0)?, call.text(1)?)))),
        ("cap", |call| cased(call, Language::capitalise)),
        ("lower", |call| cased(call, Language::lower)),
        ("date", |call| {
            let day = crate::wording::read_date(call.text(0)?)?;
            match call.form()? {
                None => Ok(Json::String(call.language().day(day))),
                Some(ON) => Ok(Json::String(call.language().on(day))),
                Some(other) => Err(format!("a date has the form `{ON}` alone, and not `{other}`")),
            }
        }),
        ("duration", duration),
        ("every", |call| {
            let text = call.text(0)?;
            let said = Duration::read(text).map(|duration| call.language().every(&duration));
            Ok(Json::String(said.unwrap_or_else(|_| text.to_owned())))
        }),
        ("minutes", |call| {
            let Json::String(text) = call.value(0)? else { return Ok(Json::from(call.whole(0)?)) };
            let length = Length::read(text).map_err(|wrong| format!("`{text}` {}", wrong.problem))?;
            Ok(Json::from(length.minutes_in_all()))
        }),
        ("period", |call| {
            let text = call.text(0)?;
            let period = Period::read(text).map_err(|wrong| format!("`{text}` {}", wrong.problem))?;
            Ok(Json::String(call.language().period(period)))
        }),
        ("pick", |call| match call.form()? {
            None => pick(call, call.text(0)?, call.text(1)?, call.text(2)?).cloned(),
            form => of_row(call, call.text(0)?, call.text(1)?, call.text(2)?, form),
        }),
        ("picks", picks),
        ("role", |call| of_row(call, "roles", call.text(0)?, "title", call.form()?)),
        ("form", forms::of_term),
        ("holder", |call| named(call, pick(call, "roles", call.text(0)?, "holder")?)),
        ("deputy", |call| named(call, pick(call, "roles", call.text(0)?, "deputy")?)),
        ("who", |call| named(call, call.value(0)?)),
        ("where", where_equal),
        ("sort", sort),
        ("cite", cite),
        ("made", made),
        (FROM, from::from),
    ];
    for (name, act) in functions {
        registry.register_helper(name, Box::new(Function { tools: tools.clone(), act, is_counted: name != FROM }));
    }
}

impl<'a> Call<'a> {
    /// Whether what a helper looks in is there: a register that does not exist is a slip of the pen.
    fn looks_somewhere(&self, helper: &str) -> bool {
        !matches!(helper, "pick" | "picks") || self.text(0).and_then(|register| rows(self.root, register)).is_ok()
    }

    fn value(&self, at: usize) -> Result<&'a Json, String> {
        match self.given.get(at) {
            Some(Some(Json::Null)) | Some(None) => Err(match self.written.get(at).copied().flatten() {
                Some(path) => format!("`{path}` has no value here"),
                None => "a value is missing".into(),
            }),
            Some(Some(value)) => Ok(value),
            None => Err(format!("argument {} is missing", at + 1)),
        }
    }

    pub(super) fn text(&self, at: usize) -> Result<&'a str, String> {
        let value = self.value(at)?;
        value.as_str().ok_or_else(|| format!("{value} is not a text"))
    }

    fn whole(&self, at: usize) -> Result<i64, String> {
        let value = self.value(at)?;
        value.as_i64().ok_or_else(|| format!("{value} is not a whole number"))
    }

    /// A number as it is written, or a text that is one.
    fn figures(&self, at: usize) -> Result<String, String> {
        let value = self.value(at)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let is_number = !value.is_boolean() && text.parse::<f64>().is_ok_and(f64::is_finite);
        is_number.then_some(text).ok_or_else(|| format!("{value} is not a number"))
    }

    /// The form that is asked for.
    fn form(&self) -> Result<Option<&'a str>, String> {
        let form = self.named.get(FORM).copied();
        form.map(|form| form.as_str().ok_or_else(|| format!("{form} is not the name of a form"))).transpose()
    }

    pub(super) fn language(&self) -> &Language {
        &self.tools.strings.language
    }

    pub(super) fn list(&self, at: usize) -> Result<&'a [Json], String> {
        let value = self.value(at)?;
        value.as_array().map(Vec::as_slice).ok_or_else(|| format!("{value} is not a list"))
    }
}

/// A text in another case; the name of a person who stands in place of a role stays as it is.
fn cased(call: &Call<'_>, case: fn(&Language, &str) -> String) -> Answer {
    let text = call.text(0)?;
    Ok(Json::String(if call.tools.articles.begins(text) { text.to_owned() } else { case(call.language(), text) }))
}

pub(super) fn truthy(value: Option<&Json>) -> bool {
    match value {
        None | Some(Json::Null) | Some(Json::Bool(false)) => false,
        Some(Json::Bool(true)) => true,
        Some(Json::Number(number)) => number.as_f64() != Some(0.0),
        Some(Json::String(text)) => !text.is_empty(),
        Some(Json::Array(items)) => !items.is_empty(),
        Some(Json::Object(fields)) => !fields.is_empty(),
    }
}

/// Whether two values stand to one another in some way. Of what is not there, nothing holds.
fn compare(call: &Call<'_>, holds: impl Fn(std::cmp::Ordering) -> bool) -> Answer {
    let is_missing = |at: usize| matches!(call.given.get(at), Some(None | Some(Json::Null)));
    if is_missing(0) || is_missing(1) {
        return Ok(Json::Bool(false));
    }
    let (a, b) = (call.value(0)?, call.value(1)?);
    let order = match (a, b) {
        (Json::Number(x), Json::Number(y)) => x.as_f64().partial_cmp(&y.as_f64()),
        (Json::String(x), Json::String(y)) => Some(x.cmp(y)),
        _ => None,
    };
    order.map(|order| Json::Bool(holds(order))).ok_or_else(|| format!("{a} and {b} do not compare"))
}

fn list(call: &Call<'_>) -> Answer {
    let items = call.list(0)?;
    let field = call.given.get(1).is_some().then(|| call.text(1)).transpose()?;
    let texts: Result<Vec<String>, String> = items
        .iter()
        .map(|item| match field {
            Some(field) => {
                let value = item.get(field).ok_or_else(|| format!("a row has no `{field}`"))?;
                Ok(call.tools.printed(value))
            }
            None => Ok(call.tools.printed(item)),
        })
        .collect();
    joined(texts?, call.tools)
}

/// `a, b and c`.
fn joined(mut texts: Vec<String>, tools: &Tools) -> Answer {
    // A person may stand in place of several roles.
    let mut said: Vec<String> = Vec::new();
    texts.retain(|text| {
        let is_person = tools.articles.begins(text);
        let is_new = !is_person || !said.contains(text);
        said.extend(is_person.then(|| text.clone()));
        is_new
    });
    match texts.as_slice() {
        [] => Err("the list is empty: guard it with `{{#if …}}`".into()),
        texts => Ok(Json::String(tools.strings.language.list(texts))),
    }
}

pub(super) fn printed(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A length of time in words: a text with its unit, or so many minutes. Words such as `on change` stay as they are.
fn duration(call: &Call<'_>) -> Answer {
    let form = call.form()?;
    let duration = match call.value(0)? {
        Json::String(text) => match Duration::read(text) {
            Ok(duration) => duration,
            Err(_) => return Ok(Json::String(text.clone())),
        },
        _ => Duration::of_minutes(call.whole(0)?),
    };
    let language = call.language();
    language.length(&duration, form).map(Json::String).ok_or_else(|| {
        let form = form.unwrap_or_default();
        format!("there is no form `{form}` of durations in `{}`: give it in `formats.duration_forms`", language.tag())
    })
}

/// A number and the word that goes with it: `1 day`. The word for one and that for all others, or one by each of the
/// language's categories.
fn plural(call: &Call<'_>) -> Answer {
    let number = call.whole(0)?;
    let category = call.language().category(number);
    let word = if call.named.is_empty() {
        call.text(if category == Category::One { 1 } else { 2 })?
    } else {
        if let Some(unknown) = call.named.keys().find(|name| Category::named(name).is_none()) {
            return Err(format!("there is no plural form `{unknown}`; there are {}", categories(call.language())));
        }
        let found = [category.name(), Category::Other.name()].into_iter().find_map(|name| call.named.get(name));
        let found = found.ok_or_else(|| format!("the form `{}` is missing: {number} needs it", category.name()))?;
        found.as_str().ok_or_else(|| format!("{found} is not a text"))?
    };
    Ok(Json::String(format!("{number} {word}")))
}

/// The plural categories of a language by name.
fn categories(language: &Language) -> String {
    language.categories().into_iter().map(Category::name).collect::<Vec<_>>().join(", ")
}

/// A number with its thousands apart, and so many decimals as are asked for.
fn number(call: &Call<'_>) -> Answer {
    let figures = call.figures(0)?;
    Ok(Json::String(match call.given.get(1) {
        None => call.language().number(figures),
        Some(_) => {
            let places = usize::try_from(call.whole(1)?).ok().filter(|places| *places <= 20);
            call.language().rounded(figures, places.ok_or("a number has at most 20 decimals")?)
        }
    }))
}

/// The rows of a register, by dotted path.
fn rows<'a>(root: &'a Json, register: &str) -> Result<&'a [Json], String> {
    let mut value = root;
    for part in register.split('.') {
        value = value.get(part).ok_or_else(|| format!("there is no register `{register}`"))?;
    }
    value.as_array().map(Vec::as_slice).ok_or_else(|| format!("`{register}` is not a list"))
}

fn pick<'a>(call: &Call<'a>, register: &str, key: &str, field: &str) -> Result<&'a Json, String> {
    let (_, _, row) = row(call, register, key)?;
    budget::spend(rows(call.root, register)?.len()).map_err(|_| "the document takes too many steps".to_owned())?;
    row.get(field).ok_or_else(|| format!("`{register}[{key}]` has no `{field}`"))
}

/// A field of a row in a form; the steps are those of [`pick`].
fn of_row(call: &Call<'_>, register: &str, key: &str, field: &str, form: Option<&str>) -> Answer {
    pick(call, register, key, field)?;
    forms::of_row(call, register, key, field, form)
}

/// Who is named by keys of people, bodies and firms, or by a post, in a list as a sentence has it; a key of a role is its
/// title.
fn named(call: &Call<'_>, value: &Json) -> Answer {
    let form = call.form()?;
    let keys = holders::keys(value);
    let mut texts = Vec::new();
    for key in &keys {
        let register = holders::register(call.root, key).ok_or_else(|| format!("`people` has no row `{key}`"))?;
        let field = if register == holders::ROLES { "title" } else { "name" };
        texts.push(printed(&of_row(call, register, key, field, form)?));
    }
    texts.extend(value[holders::POST].as_str().map(str::to_owned));
    joined(texts, call.tools)
}

/// The row of a register with a key, the list that it stands in, and its number. A person may stand for a role.
///
/// A row that no longer holds, or not yet, is found in `former` and `coming`.
pub(super) fn row<'a>(call: &Call<'a>, register: &str, key: &str) -> Result<(EcoString, usize, &'a Json), String> {
    let property = [FORMER, COMING].into_iter().find_map(|aside| register.strip_prefix(aside)?.strip_prefix('.'));
    let property = call.tools.keys.get(property.unwrap_or(register)).map_or("id", String::as_str);
    let find = |register: &str, rows: &'a [Json]| {
        let is_it = |row: &&Json| row.get(property).and_then(Json::as_str) == Some(key);
        rows.iter().enumerate().find(|(_, row)| is_it(row)).map(|(at, row)| (register.into(), at, row))
    };
    let found = find(register, rows(call.root, register)?);
    let people = || {
        let people = call.root[holders::PEOPLE_AS_ROLES].as_array().filter(|_| register == holders::ROLES)?;
        find(holders::PEOPLE_AS_ROLES, people)
    };
    let aside = || {
        [FORMER, COMING].into_iter().find_map(|name| {
            let rows = register.split('.').try_fold(&call.root[name], |at, key| at.get(key))?.as_array()?;
            find(&ecow::eco_format!("{name}.{register}"), rows)
        })
    };
    found.or_else(people).or_else(aside).ok_or_else(|| format!("`{register}` has no row `{key}`"))
}

fn picks(call: &Call<'_>) -> Answer {
    let (register, field) = (call.text(0)?, call.text(2)?);
    let texts: Result<Vec<String>, String> = call
        .list(1)?
        .iter()
        .map(|key| {
            let key = key.as_str().unwrap_or_default();
            if let Some(form) = call.form()? {
                return of_row(call, register, key, field, Some(form)).map(|value| printed(&value));
            }
            Ok(call.tools.printed(pick(call, register, key, field)?))
        })
        .collect();
    joined(texts?, call.tools)
}

fn where_equal(call: &Call<'_>) -> Answer {
    let (items, field, wanted) = (call.list(0)?, call.text(1)?, call.value(2)?);
    Ok(Json::Array(items.iter().filter(|row| row.get(field) == Some(wanted)).cloned().collect()))
}

fn sort(call: &Call<'_>) -> Answer {
    let (mut items, field) = (call.list(0)?.to_vec(), call.text(1)?);
    let order = if call.given.get(2).is_some() { call.text(2)? } else { "ascending" };
    match order {
        "ascending" => items.sort_by(|a, b| by_field(a, b, field, call.language())),
        "descending" => items.sort_by(|a, b| by_field(b, a, field, call.language())),
        other => return Err(format!("`{other}` is no order: write \"ascending\" or \"descending\"")),
    }
    Ok(Json::Array(items))
}

/// The order of two rows by a field: numbers by size, texts as the language orders them; rows without it first.
pub(super) fn by_field(a: &Json, b: &Json, field: &str, language: &Language) -> std::cmp::Ordering {
    match (a.get(field), b.get(field)) {
        (Some(Json::Number(a)), Some(Json::Number(b))) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(std::cmp::Ordering::Equal)
        }
        (Some(a), Some(b)) => language.compare(&printed(a), &printed(b)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Whether the set has a document and this workspace makes it.
fn made(call: &Call<'_>) -> Answer {
    let id = call.text(0)?;
    let documents = &call.tools.documents;
    documents.get(id).map(|made| Json::Bool(*made)).ok_or_else(|| {
        let near = crate::diagnostic::nearest(id, documents.keys().map(String::as_str));
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("the set has no document `{id}`{near}")
    })
}

/// What topics stand for, each id once: `clause 5.3 and controls A.5.2 and A.5.4`. Ids that [`Citation::except`] lists are
/// left out. Where none is left, a call that brings its own brackets says nothing, and one that does not names them all: a
/// sentence around it needs something.
fn cite(call: &Call<'_>) -> Answer {
    let names = (0..call.given.len().max(1)).map(|at| call.text(at)).collect::<Result<Vec<_>, _>>()?;
    let topics = names.iter().map(|name| topic(call, name)).collect::<Result<Vec<_>, _>>()?;
    let bracket = |name: &str| call.named.get(name).and_then(|text| text.as_str());
    let (open, close) = (bracket(OPEN), bracket(CLOSE));
    let in_force = cited(call, &topics, |citation, id| !is_excepted(call, citation, id));
    let parts = match in_force.is_empty() {
        true if open.is_some() || close.is_some() => return Ok(Json::from("")),
        true => cited(call, &topics, |_, _| true),
        false => in_force,
    };
    let said = joined(parts, call.tools)
        .map_err(|_| format!("the topic `{}` has no ids in this edition", names.join("`, `")))?;
    let said = said.as_str().unwrap_or_default();
    Ok(Json::String(format!("{}{said}{}", open.unwrap_or_default(), close.unwrap_or_default())))
}

fn topic<'c>(call: &Call<'c>, name: &str) -> Result<&'c Topic, String> {
    call.tools.topics.get(name).ok_or_else(|| {
        let near = crate::diagnostic::nearest(name, call.tools.topics.keys().map(String::as_str));
        let suggestion = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        format!("there is no topic `{name}`{suggestion}")
    })
}

/// The ids of topics by catalogue, with the word before them.
fn cited(call: &Call<'_>, topics: &[&Topic], keep: impl Fn(&Citation, &str) -> bool) -> Vec<String> {
    let of = |citation: &Citation| {
        let mut ids: Vec<String> = Vec::new();
        for id in topics.iter().filter_map(|topic| topic.ids.get(&citation.catalogue)).flatten() {
            if keep(citation, id) && !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        let word = if ids.len() == 1 { &citation.one } else { &citation.many };
        let ids = joined(ids, call.tools).ok()?;
        Some(format!("{word} {}", ids.as_str().unwrap_or_default()))
    };
    call.tools.strings.citations.iter().filter_map(of).collect()
}

/// Whether an id is in the list of those that no text cites.
fn is_excepted(call: &Call<'_>, citation: &Citation, id: &str) -> bool {
    let except = citation.except.as_deref().unwrap_or_default();
    let list = except.split('.').try_fold(call.root, |value, key| value.get(key));
    list.and_then(Json::as_array).is_some_and(|ids| ids.iter().any(|known| known.as_str() == Some(id)))
}
