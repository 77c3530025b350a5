//! Proposed rows as changes of a profile and its registers.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::{Row, Value};
use crate::edit::{self, Change, Field, Piece};
use crate::schema::{Kind, View};
use crate::workspace::Workspace;
use crate::workspace::profile::{self, Named, PROPOSED, Stretch};

/// The most rows that are named of a file which nothing is written into.
const MOST_KEYS: usize = 5;

/// The folder of registers that are new.
const FOLDER: &str = "registers";

/// How proposals change a profile.
#[derive(Debug, Default)]
pub struct Written {
    /// What becomes of the profile with its registers.
    pub change: Change,
    /// New files of registers, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Proposed values that cannot stand where their register does: the path of each, and the reason.
    pub left_out: Vec<(String, String)>,
}

/// How rows change a profile. `filled` is it with its registers, `source` it as it stands in its file.
pub fn written(workspace: &Workspace, rows: &[Row], source: &Json, filled: &Json) -> Written {
    let mut written = Written::default();
    let mut registers: Vec<&str> = Vec::new();
    rows.iter().for_each(|row| {
        if !registers.contains(&row.register.as_str()) {
            registers.push(&row.register);
        }
    });
    for register in registers {
        let own: Vec<&Row> = rows.iter().filter(|row| row.register == register).collect();
        let Some(view) = workspace.pack.schema.view().at(register) else { continue };
        let Some(items) = view.items() else { continue };
        let at = |value: &'_ Json| register.split('.').try_fold(value, |value, key| value.get(key)).cloned();
        let there = at(source).filter(|value| !value.is_null());
        let change = match (there, at(filled)) {
            (Some(there), Some(Json::Array(known))) => {
                let stretches = profile::stretches(&*workspace.files, &there, view);
                let own = theirs(own, &stretches, &mut written.left_out);
                let in_cells = stretches.iter().any(|stretch| stretch.is_source);
                let fits = |value: &Value| !in_cells || fits_cell(&value.value, items.property(&value.property));
                changed(&own, &known, items, &fits, &mut written.left_out)
            }
            _ => new(workspace, register, &own, items, &mut written.files),
        };
        written.change = std::mem::take(&mut written.change).and(Change::at(register, change));
    }
    written
}

/// The rows but those that stand in files of somebody else, which nothing is written into.
fn theirs<'r>(rows: Vec<&'r Row>, stretches: &[Stretch], left_out: &mut Vec<(String, String)>) -> Vec<&'r Row> {
    let file = |at: usize| {
        let mut end = 0;
        let stretch = stretches.iter().find(|stretch| {
            end += stretch.rows;
            at < end
        });
        stretch.filter(|stretch| !stretch.is_plain).and_then(|stretch| stretch.written["from"].as_str())
    };
    let (own, theirs): (Vec<&Row>, Vec<&Row>) = rows.into_iter().partition(|row| row.at.and_then(file).is_none());
    let mut files: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in theirs {
        files.entry(row.at.and_then(file).unwrap_or_default()).or_default().push(row);
    }
    for (file, rows) in files {
        let values: usize = rows.iter().map(|row| row.values.len()).sum();
        let keys: Vec<&str> = rows.iter().take(MOST_KEYS).map(|row| row.key.as_str()).collect();
        let more = if rows.len() > keys.len() { ", …" } else { "" };
        let said = format!(
            "`{file}` stays as it is: {values} proposed value{} for rows in it ({}{more}) {} left out; write them there, or \
             refuse them with `folio decisions --refuse`",
            if values == 1 { "" } else { "s" },
            keys.join(", "),
            if values == 1 { "is" } else { "are" },
        );
        let paths = rows.iter().flat_map(|row| row.values.iter().map(|value| row.path(&value.property)));
        left_out.extend(paths.map(|path| (path, said.clone())));
    }
    own
}

/// A register that there is not yet: a file of its own, or rows of the profile where cells cannot hold them.
fn new(
    workspace: &Workspace,
    register: &str,
    rows: &[&Row],
    items: &View,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Change {
    let objects: Vec<Json> = rows.iter().map(|row| object(row, &row.values)).collect();
    let fits = |value: &Value| fits_cell(&value.value, items.property(&value.property));
    if !rows.iter().flat_map(|row| &row.values).all(fits) {
        return Change::Become(Json::Array(objects));
    }
    let stem = register.replace('.', "-");
    let name = |count: usize| match count {
        1 => format!("{FOLDER}/{stem}.csv"),
        count => format!("{FOLDER}/{stem}-{count}.csv"),
    };
    let is_free = |name: &String| workspace.files.digest(name).is_err() && !files.contains_key(name);
    let path = (1..).map(name).find(is_free).unwrap_or_default();
    let is_column = |view: &View| match view.asks.kind {
        Kind::Group => false,
        Kind::List => view.items().is_none_or(|item| !matches!(item.asks.kind, Kind::Group | Kind::List)),
        _ => true,
    };
    let properties = items.properties().iter().filter(|property| is_column(&property.view));
    let columns: Vec<String> = properties.map(|property| property.name.clone()).chain([PROPOSED.to_owned()]).collect();
    files.insert(path.clone(), edit::csv::text(&columns, &objects).into_bytes());
    Change::Become(json!({"from": path}))
}

/// A new row.
fn object(row: &Row, values: &[Value]) -> Json {
    let mut fields = Map::new();
    fields.insert(row.key_of.clone(), Json::from(row.key.as_str()));
    fields.extend(values.iter().map(|value| (value.property.clone(), value.value.clone())));
    let names = values.iter().map(|value| Json::from(value.property.as_str()));
    fields.insert(PROPOSED.to_owned(), names.collect());
    Json::Object(fields)
}

/// A register that there is: its rows with what is proposed for them, and new ones behind them.
fn changed(
    rows: &[&Row],
    known: &[Json],
    items: &View,
    fits: &dyn Fn(&Value) -> bool,
    left_out: &mut Vec<(String, String)>,
) -> Change {
    let mut changes: BTreeMap<usize, Change> = BTreeMap::new();
    let mut added: Vec<Piece> = Vec::new();
    for row in rows {
        let (values, rest): (Vec<Value>, Vec<Value>) = row.values.iter().cloned().partition(fits);
        left_out.extend(rest.iter().map(|value| {
            let path = row.path(&value.property);
            let said = format!(
                "`{path}` is left out: a cell cannot hold {}; move the register into the profile, or write it by hand",
                value.value
            );
            (path, said)
        }));
        match row.at.filter(|at| *at < known.len()) {
            _ if values.is_empty() => {}
            Some(at) => drop(changes.insert(at, filled(&values, &known[at], items))),
            None => added.push(Piece { from: None, change: Change::Become(object(row, &values)) }),
        }
    }
    let old = (0..known.len()).map(|at| Piece { from: Some(at), change: changes.remove(&at).unwrap_or_default() });
    let pieces: Vec<Piece> = old.collect::<Vec<_>>().into_iter().chain(added).collect();
    Change::list(known.len(), pieces)
}

/// A row with what is proposed for it, and its mark with the names of that.
fn filled(values: &[Value], row: &Json, items: &View) -> Change {
    let value = |value: &Value| Field::new(value.property.as_str(), Change::Become(value.value.clone()));
    let own = values.iter().map(|value| value.property.as_str());
    let mark = match &row[PROPOSED] {
        Json::Bool(true) => None,
        Json::String(text) => match profile::names(text) {
            Named::All => None,
            Named::These(names) => Some(names),
        },
        Json::Array(names) => Some(names.iter().filter_map(Json::as_str).collect()),
        _ => Some(Vec::new()),
    };
    let mark = mark.map(|names| {
        let means = |name: &str| profile::marked_property(name, items);
        let new = own.filter(|property| !names.iter().any(|name| means(name) == Some(property)));
        let all: Vec<&str> = names.iter().copied().chain(new).collect();
        Field::new(PROPOSED, Change::Become(json!(all)))
    });
    Change::map(values.iter().map(value).chain(mark))
}

/// Whether a cell that holds a value is read as that value again.
fn fits_cell(value: &Json, view: Option<&View>) -> bool {
    let is_list = view.is_some_and(|view| view.asks.kind == Kind::List || view.items().is_some());
    let plain = |text: &str| {
        let is_sound = !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        text.trim() == text && !text.is_empty() && is_sound
    };
    let item = |item: &Json| match item {
        Json::String(text) => plain(text) && !text.contains([';', '\n']),
        Json::Number(_) | Json::Bool(_) => true,
        _ => false,
    };
    match value {
        Json::Array(items) => is_list && items.iter().all(item),
        Json::Object(_) | Json::Null => false,
        Json::String(text) => plain(text) && !(is_list && text.contains(';')),
        Json::Number(_) | Json::Bool(_) => true,
    }
}
