//! The organisation profile: located YAML and registers, checked against the schema, with defaults filled in.

mod called;
mod in_force;
mod marks;
mod path;
mod proposals;
mod references;
mod register;
mod silence;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use crate::decode;
use crate::diagnostic::codes::profile as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::Files;
use crate::holders::{PEOPLE_AS_ROLES, ROLES};
use crate::model::Origins;
use crate::model::origins::Ground;
use crate::model::places::is_aside;
use crate::schema::{Codes, Kind, Property, Rest, Schema, View};
use crate::time::Form;
use crate::yaml::{self, Entry, Located, Node};
pub use called::Catalogues;
pub(crate) use marks::{Named, PROPOSED, names, property as marked_property};
use path::RowKeys;
pub(crate) use path::{Step, called as names_of_rows, steps};
pub use proposals::{Proposal, Proposals, Recorded};
pub use register::{Sheet, Shown, sheets};
pub(crate) use register::{day_forms, is_plain, is_source, properties, records};

/// Keys of a profile that hold nothing for documents.
const ASIDE: [&str; 3] = ["none", "pending", "unmapped"];

/// A profile that passed its schema.
#[derive(Debug)]
pub struct Profile {
    /// Its value: defaults filled in, absent lists and groups empty.
    pub value: Json,
    spans: BTreeMap<EcoString, Span>,
    defaults: BTreeSet<EcoString>,
    /// Lists and groups that nobody wrote, and that are empty therefore.
    absent: BTreeSet<EcoString>,
    proposals: Proposals,
    /// The rows of registers in which something is proposed.
    marked: Vec<marks::MarkedRow>,
    /// The paths of those in which all is.
    whole: BTreeSet<EcoString>,
    none: BTreeSet<EcoString>,
    /// The keys at which groups may hold single values, by the dotted path of the group.
    optional: BTreeMap<String, Vec<EcoString>>,
    keys: Arc<RowKeys>,
    properties: BTreeMap<String, String>,
    text: String,
    name: String,
}

impl Profile {
    /// Where the value at a path such as `risks[R-07].owner` stands; for a key that is absent, where its group stands.
    pub fn span_of(&self, path: &str) -> Option<&Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.spans.get(path) {
                return Some(span);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    /// Where the value at a path stands, if somebody wrote one there.
    pub fn stands_at(&self, path: &str) -> Option<&Span> {
        let mut above = Some(path);
        while let Some(path) = above {
            if self.defaults.contains(path) || self.absent.contains(path) {
                return None;
            }
            above = path.rfind(['.', '[']).map(|end| &path[..end]);
        }
        self.spans.get(path)
    }

    /// A diagnostic about a path, with the path and its place, the line shown when it stands in the profile itself.
    pub fn locate(&self, diagnostic: Diagnostic, path: &str) -> Diagnostic {
        let diagnostic = diagnostic.path(path);
        match self.span_of(path) {
            Some(span) if diagnostic.span.is_none() => {
                let is_own = *span.file == self.name;
                let diagnostic = diagnostic.at(span.clone());
                if is_own { diagnostic.excerpt_from(&self.text) } else { diagnostic }
            }
            Some(span) => diagnostic.related(span.clone(), "the value stands at"),
            None => diagnostic,
        }
    }

    /// Whether somebody wrote the value at a path.
    pub fn says(&self, path: &str) -> bool {
        self.spans.contains_key(path) && !self.defaults.contains(path)
    }

    /// The paths whose values are defaults of the schema: nobody wrote them.
    pub fn defaults(&self) -> &BTreeSet<EcoString> {
        &self.defaults
    }

    /// The defaults that are decisions which nobody has taken.
    pub fn proposals(&self) -> &Proposals {
        &self.proposals
    }

    /// The paths of which somebody said that there is none.
    pub fn none(&self) -> &BTreeSet<EcoString> {
        &self.none
    }

    /// What rules and templates see of it: all but what is kept for people, or says something of other keys. Rows say under
    /// [`PROPOSED`] what of them is proposed.
    pub fn facts(&self) -> Map<String, Json> {
        let mut facts = self.value.as_object().cloned().unwrap_or_default();
        facts.retain(|key, _| !ASIDE.contains(&key.as_str()));
        self.marked.iter().for_each(|row| row.tell(&mut facts));
        facts
    }

    /// The values that rules and templates see, each with where it came from. `scope` has those of the profile, and others.
    pub fn origins(&self, scope: &Map<String, Json>) -> Origins {
        let optional = |parts: &[String]| {
            let parts = if parts.first().is_some_and(|first| is_aside(first)) { &parts[1..] } else { parts };
            let keys: Vec<&str> =
                parts.iter().map(String::as_str).filter(|part| part.parse::<usize>().is_err()).collect();
            self.optional.get(&keys.join(".")).map_or(&[][..], Vec::as_slice)
        };
        let path = |parts: &[String]| self.keys.normalise(parts);
        let Profile { none, defaults, whole, .. } = self;
        let proposed = &self.proposals.recorded();
        Origins::over(scope, &Ground { path: &path, optional: &optional, none, defaults, whole, proposed })
    }

    /// The key property of each register, by dotted path.
    pub fn keys(&self) -> &BTreeMap<String, String> {
        &self.properties
    }

    /// What turns `["risks", "1", "owner"]` into `risks[R-02].owner`.
    pub fn normaliser(&self) -> crate::expand::Normalise {
        let keys = self.keys.clone();
        Box::new(move |parts| keys.normalise(parts))
    }
}

/// A profile as it stands in its file, and with its registers put in; without defaults, and unchecked.
pub fn written(files: &dyn Files, path: &str, schema: &Schema, sink: &mut Sink) -> Option<(Located, Located)> {
    let located = decode::read(files, path, sink)?;
    let mut filled = located.clone();
    register::fill(&mut filled, schema.view(), files, &mut register::Filling::default(), sink);
    Some((located, filled))
}

/// Where rows of a list of a profile stand.
#[derive(Debug)]
pub struct Stretch {
    /// How many.
    pub rows: usize,
    /// What the profile says of them: a source or, of one row, the row itself.
    pub written: Json,
    /// Whether that is a source.
    pub is_source: bool,
    /// Whether they can be changed where they stand.
    pub is_plain: bool,
}

/// Where the rows of a list stand, in their order; `written` is it as it stands in the profile.
pub fn stretches(files: &dyn Files, written: &Json, view: &View) -> Vec<Stretch> {
    let Some(items) = view.items() else { return Vec::new() };
    let of = |entry: &Json| {
        let is_source = is_source(entry, items);
        if !is_source {
            return Stretch { rows: 1, written: entry.clone(), is_source, is_plain: true };
        }
        let mut located = of_json(entry, &Span::file(""));
        register::fill(&mut located, view, files, &mut register::Filling::default(), &mut Sink::new());
        let rows = if let Node::List(rows) = &located.node { rows.len() } else { 0 };
        Stretch { rows, written: entry.clone(), is_source, is_plain: is_plain(files, entry) }
    };
    match written {
        Json::Array(entries) => entries.iter().map(of).collect(),
        entry => vec![of(entry)],
    }
}

/// Some keys of a profile and their registers, as they are written. Nothing of the rest is read where each key begins a
/// line, so that the rest costs nothing and may be wrong.
pub fn written_keys(
    files: &dyn Files,
    path: &str,
    keys: &BTreeSet<&str>,
    view: &View,
    sink: &mut Sink,
) -> Option<Located> {
    let text = decode::text(files, path, sink)?;
    let part = lines_of(&text, keys).and_then(|part| decode::parse(path, &part, &mut Sink::new()));
    let mut located = part.or_else(|| decode::parse(path, &text, sink))?;
    if let Node::Map(entries) = &mut located.node {
        entries.retain(|entry| keys.contains(entry.key.as_str()));
    }
    register::fill(&mut located, view, files, &mut register::Filling::default(), sink);
    Some(located)
}

/// The lines of some keys of a YAML text; nothing when its keys do not each begin a line, as they do where people write.
fn lines_of(text: &str, keys: &BTreeSet<&str>) -> Option<String> {
    let mut found = String::new();
    let mut is_wanted = false;
    for line in text.split_inclusive('\n') {
        if !line.starts_with([' ', '\t', '#', '\r', '\n', '-']) {
            let (key, _) = line.split_once(':')?;
            if !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
                return None;
            }
            is_wanted = keys.contains(key);
        } else if line.starts_with("---") {
            return None;
        }
        if is_wanted {
            found.push_str(line);
        }
    }
    Some(found)
}

/// The keys at which groups of a profile may hold single values, by the dotted path of the group.
fn optional(view: &View) -> BTreeMap<String, Vec<EcoString>> {
    let mut found: BTreeMap<String, Vec<EcoString>> = BTreeMap::new();
    view.visit("", &mut |path, view| {
        let single = |property: &&Property| !matches!(property.view.asks.kind, Kind::List | Kind::Group);
        let keys = view.properties().iter().filter(|property| !property.is_required).filter(single);
        let keys: Vec<EcoString> = keys.map(|property| property.name.as_str().into()).collect();
        if !keys.is_empty() {
            found.entry(path.to_owned()).or_default().extend(keys);
        }
    });
    found
}

/// Loads a profile with its registers. Every problem is reported; `None` when there is a fault.
pub fn load(
    files: &dyn Files,
    path: &str,
    schema: &Schema,
    catalogues: &Catalogues,
    sink: &mut Sink,
) -> Option<Profile> {
    load_on(files, path, schema, catalogues, None, sink)
}

/// The same, as it holds on a day: see `in_force`. Without one, everything holds.
pub fn load_on(
    files: &dyn Files,
    path: &str,
    schema: &Schema,
    catalogues: &Catalogues,
    day: Option<Date>,
    sink: &mut Sink,
) -> Option<Profile> {
    let mut own = Sink::new();
    let profile = read(files, path, schema, catalogues, day, &mut own);
    let failed = own.has_faults();
    sink.merge(own);
    profile.filter(|_| !failed)
}

fn read(
    files: &dyn Files,
    path: &str,
    schema: &Schema,
    catalogues: &Catalogues,
    day: Option<Date>,
    sink: &mut Sink,
) -> Option<Profile> {
    let text = decode::text(files, path, sink)?;
    let name = files.name(path);
    let mut located = decode::parse(&name, &text, sink)?;
    let view = schema.view();
    let mut nones = silence::Nones::written(&located);
    let mut problems = Sink::new();
    let mut filling = register::Filling::default();
    register::fill(&mut located, view, files, &mut filling, &mut problems);
    nones.take(&mut located, view);
    digits(&mut located, view);
    let split = in_force::arrange(&mut located, view, day, &mut nones, &mut problems);
    let marks = marks::Marks::take(&mut located, view, &mut problems);
    let mut twice = Sink::new();
    let mut rows = references::rows(&located, view, &mut twice);
    let mut names = None;
    if !references::are_keys(&located, view, &rows, catalogues) {
        names = Some(called::resolve(&mut located, view, catalogues));
        twice = Sink::new();
        rows = references::rows(&located, view, &mut twice);
    }
    in_force::check_holders(&located, view, day, &mut problems);
    schema.checker().check_but(&located, Codes::Profile, &|problem| filling.explains(problem), &mut problems);
    problems.merge(twice);
    let known = references::Known { rows: &rows, names: names.as_ref(), catalogues, unread: &filling.unread };
    references::check(&located, schema, &known, &mut problems);
    silence::check(&located, view, &rows.keys, &mut problems);
    for problem in problems.into_vec() {
        let is_own = problem.excerpt.is_none() && problem.span.as_ref().is_some_and(|span| *span.file == name);
        let mut problem = if is_own { problem.excerpt_from(&text) } else { problem };
        if problem.code == codes::EMPTY_VALUE
            && let Some(way) = problem.excerpt.as_deref().and_then(yaml::way_out)
        {
            problem = problem.help(way);
        }
        sink.push(problem);
    }
    let none = nones.paths(&located, &rows.keys);
    let mut marked = Proposals::default();
    let marked_rows = marks.propose(&located, view, &rows.keys, &mut marked);
    let whole = marked_rows.iter().filter(|row| row.is_whole).map(|row| rows.keys.normalise(&row.parts)).collect();
    let mut filled = Filled {
        keys: &rows.keys,
        none: &none,
        defaults: BTreeSet::new(),
        absent: BTreeSet::new(),
        proposals: Proposals::default(),
        spans: BTreeMap::new(),
    };
    filled.fill(&mut located, view, true, &mut Vec::new());
    filled.index(&located, &mut Vec::new());
    let Filled { defaults, absent, mut proposals, spans, .. } = filled;
    proposals.extend(marked);
    let mut value = located.to_json();
    let as_roles = names.map(|names| called::rows_as_roles(names.as_roles(), &value, &role(view))).unwrap_or_default();
    if let Some(value) = value.as_object_mut() {
        value.insert(PEOPLE_AS_ROLES.into(), Json::Array(as_roles));
    }
    if let Some(value) = value.as_object_mut() {
        split.apply(value, &mut rows.keys);
        in_force::holders(value, &mut rows.keys, day);
        in_force::members(value);
    }
    Some(Profile {
        value,
        spans,
        defaults,
        absent,
        proposals,
        marked: marked_rows,
        whole,
        none,
        optional: optional(view),
        keys: Arc::new(rows.keys),
        properties: rows.properties,
        text,
        name,
    })
}

/// What a schema forbids in a profile, and what in it refers to nothing.
pub fn forbidden(located: &Located, schema: &Schema, catalogues: &Catalogues) -> Vec<Diagnostic> {
    let mut problems = Sink::new();
    schema.checker().check(located, Codes::Profile, &mut problems);
    let rows = references::rows(located, schema.view(), &mut problems);
    let unread = BTreeSet::new();
    let known = references::Known { rows: &rows, names: None, catalogues, unread: &unread };
    references::check(located, schema, &known, &mut problems);
    problems.into_vec()
}

/// What holds of a role of which nobody says anything.
fn role(view: &View) -> Json {
    let Some(view) = view.property(ROLES).and_then(View::items) else { return Json::Object(Map::new()) };
    let nothing = BTreeSet::new();
    let keys = RowKeys::default();
    let mut filled = Filled {
        keys: &keys,
        none: &nothing,
        defaults: BTreeSet::new(),
        absent: BTreeSet::new(),
        proposals: Proposals::default(),
        spans: BTreeMap::new(),
    };
    let mut role = Located { span: Span::file(""), node: Node::Map(Vec::new()) };
    filled.fill(&mut role, view, true, &mut Vec::new());
    role.to_json()
}

/// Takes a whole number for the text that it is written as, where a text is asked: a key such as `5`, or a year where a
/// date may be one. Where a text of a form is asked, such as a length with its unit, a number alone is none.
fn digits(located: &mut Located, view: &View) {
    match &mut located.node {
        Node::Int(number @ 0..) if view.asks.kind == Kind::Text => {
            let is_text = match view.asks.format.as_deref() {
                None => true,
                Some(format) => {
                    let form = Form::named(format);
                    matches!(form, Some(Form::Date | Form::Period)) && (1000..=9999).contains(number)
                }
            };
            if is_text {
                located.node = Node::String(ecow::eco_format!("{number}"));
            }
        }
        Node::Map(entries) => {
            for entry in entries {
                if let Some(view) = view.property(&entry.key) {
                    digits(&mut entry.value, view);
                }
            }
        }
        Node::List(items) => {
            if let Some(view) = view.items() {
                items.iter_mut().for_each(|item| digits(item, view));
            }
        }
        _ => {}
    }
}

/// Fills in defaults, and indexes where each path stands.
struct Filled<'a> {
    keys: &'a RowKeys,
    /// The paths of which somebody said that there is none.
    none: &'a BTreeSet<EcoString>,
    defaults: BTreeSet<EcoString>,
    absent: BTreeSet<EcoString>,
    proposals: Proposals,
    spans: BTreeMap<EcoString, Span>,
}

impl Filled<'_> {
    /// Absent keys get the schema's default, absent lists are empty lists, absent groups hold what is filled in so; all
    /// of them stand where their group stands. `parts` lead to the value; defaults of what says nothing of it are
    /// decisions, if they are in what it stands in.
    fn fill(&mut self, located: &mut Located, view: &View, is_decision: bool, parts: &mut Vec<String>) {
        let is_decision = view.is_decision.unwrap_or(is_decision);
        let span = Span { length: 0, ..located.span.clone() };
        match &mut located.node {
            Node::Map(entries) => {
                let written = entries.len();
                for Property { name, view, .. } in view.properties() {
                    parts.push(name.clone());
                    match entries[..written].iter_mut().find(|entry| entry.key == name.as_str()) {
                        Some(entry) => self.fill(&mut entry.value, view, is_decision, parts),
                        None => {
                            let value = self.absent(view, &span, is_decision, parts);
                            let key = EcoString::from(name.as_str());
                            entries.extend(value.map(|value| Entry { key, key_span: span.clone(), value }));
                        }
                    }
                    parts.pop();
                }
                if let Rest::Alike(rest) = &view.rest {
                    let unnamed = entries.iter_mut().filter(|entry| !view.keys().any(|key| entry.key == key));
                    for entry in unnamed {
                        parts.push(entry.key.to_string());
                        self.fill(&mut entry.value, rest, is_decision, parts);
                        parts.pop();
                    }
                }
            }
            Node::List(items) => {
                let Some(view) = view.items() else { return };
                for (index, item) in items.iter_mut().enumerate() {
                    parts.push(index.to_string());
                    self.fill(item, view, is_decision, parts);
                    parts.pop();
                }
            }
            _ => {}
        }
    }

    /// What holds of a value that nobody wrote; nothing of one that is neither a list nor a group, nor has a default.
    fn absent(&mut self, view: &View, span: &Span, is_decision: bool, parts: &mut Vec<String>) -> Option<Located> {
        if let Some(default) = &view.default {
            let path = self.keys.normalise(parts);
            if !self.none.contains(&path) {
                if view.is_decision.unwrap_or(is_decision) {
                    self.proposals.add(path.clone(), parts, default, view);
                }
                self.defaults.insert(path);
                return Some(of_json(default, span));
            }
        }
        let node = match view.asks.kind {
            Kind::List => Node::List(Vec::new()),
            Kind::Group => Node::Map(Vec::new()),
            _ => return None,
        };
        self.absent.insert(self.keys.normalise(parts));
        let mut value = Located { span: span.clone(), node };
        self.fill(&mut value, view, is_decision, parts);
        Some(value)
    }

    fn index(&mut self, located: &Located, parts: &mut Vec<String>) {
        if !parts.is_empty() {
            self.spans.insert(self.keys.normalise(parts), located.span.clone());
        }
        for entry in located.entries() {
            parts.push(entry.key.to_string());
            self.index(&entry.value, parts);
            parts.pop();
        }
        for (index, item) in located.list().iter().enumerate() {
            parts.push(index.to_string());
            self.index(item, parts);
            parts.pop();
        }
    }
}

/// A value that stands at one place, with all that is in it.
pub fn of_json(value: &Json, span: &Span) -> Located {
    let node = match value {
        Json::Null => Node::Null,
        Json::Bool(flag) => Node::Bool(*flag),
        Json::Number(number) => number
            .as_i64()
            .map_or_else(|| Node::Float(number.as_f64().unwrap_or_default(), number.to_string().into()), Node::Int),
        Json::String(text) => Node::String(text.as_str().into()),
        Json::Array(items) => Node::List(items.iter().map(|item| of_json(item, span)).collect()),
        Json::Object(fields) => Node::Map(
            fields
                .iter()
                .map(|(key, value)| Entry {
                    key: key.as_str().into(),
                    key_span: span.clone(),
                    value: of_json(value, span),
                })
                .collect(),
        ),
    };
    Located { span: span.clone(), node }
}
