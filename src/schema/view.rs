//! What a schema says, as a tree of types: `$ref` and `allOf` are folded in, so that each value has one place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::bounds;
use crate::time::Form;

/// What is asked of one value. Of several schemas that speak of it, the outermost gives the words and the default.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// How it is called.
    pub title: Option<String>,
    /// What is meant by it.
    pub description: Option<String>,
    /// What holds when nobody says anything.
    pub default: Option<Json>,
    /// Whether a new workspace is asked for it.
    pub is_basic: bool,
    /// The property by which the rows of a list are called.
    pub key: Option<String>,
    /// The properties by the first of which, as far as it says one, a row is called where none is its key alone.
    pub called_by: Vec<String>,
    /// When a row of a list is closed, in CEL over `row`: what was issued of it keeps its words.
    pub closed: Option<String>,
    /// Where the rows of a list say when they hold; nothing when they hold always.
    pub in_force: Option<InForce>,
    /// Whether nobody is asked for it: a remark, or what few have.
    pub is_optional: bool,
    /// Who can say it: a key of the pack's group of responsibilities. It holds for all that lies in it.
    pub who: Option<String>,
    /// Why the default is as it is.
    pub why: Option<String>,
    /// Whether the default is something that somebody has to decide; nothing when the schema does not say.
    pub is_decision: Option<bool>,
    /// Whether a text may print it with a capital: a common noun, and no name.
    pub may_be_capped: bool,
    /// States from the weakest.
    pub order: Vec<String>,
    /// What else people call it at the head of a column.
    pub synonyms: Vec<String>,
    /// What files write for a value that it may be, by that value as text.
    pub written: BTreeMap<String, Vec<String>>,
    /// What documents call a choice, by the choice.
    pub choices: BTreeMap<String, String>,
    /// What a value must be.
    pub asks: Asks,
    /// What is asked of keys that have no name here.
    pub rest: Rest,
    /// Whether its kind is said, and not told by what it may hold.
    is_typed: bool,
    items: Option<Box<View>>,
    properties: Vec<Property>,
    places: BTreeMap<String, usize>,
}

/// The keys at which rows say from when and until when they hold: `{from: from, until: until}`; with `over: true` what they
/// say besides takes the place, meanwhile, of what the group says that the list stands in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InForce {
    /// That of the first day.
    pub from: Option<String>,
    /// That of the last day.
    pub until: Option<String>,
    /// The key at which a row names the row of another register that it holds with, and no longer than that.
    pub with: Option<String>,
    /// Whether the rows lie over the group that their list stands in.
    pub is_over: bool,
}

impl InForce {
    fn of(value: &Json) -> InForce {
        let key = |name: &str| value[name].as_str().map(str::to_owned);
        InForce { from: key("from"), until: key("until"), with: key("with"), is_over: value["over"] == true }
    }
}

/// A named part of a group.
#[derive(Debug, Clone)]
pub struct Property {
    /// Its key.
    pub name: String,
    /// Whether it must be there.
    pub is_required: bool,
    /// What is asked of it.
    pub view: View,
}

/// What a value must be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asks {
    /// Its kind.
    pub kind: Kind,
    /// All that it may be.
    pub choices: Option<Vec<Json>>,
    /// Bounds, by keyword, such as `minimum` and `maxItems`.
    pub bounds: BTreeMap<String, f64>,
    /// Regular expressions that it matches, all of them.
    pub patterns: Vec<String>,
    /// Its form, such as `date`.
    pub format: Option<String>,
    /// Registers and catalogues: it is called in one of each list.
    pub references: Vec<Vec<String>>,
    /// Those of them that need not be there; a schema writes them as `suppliers?`.
    pub perhaps: BTreeSet<String>,
    /// What else is said of it, by keyword.
    pub others: BTreeMap<String, Vec<Json>>,
}

/// The kinds of value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Several, or nobody says.
    #[default]
    Any,
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// True or false.
    Truth,
    /// A list.
    List,
    /// Keys and values.
    Group,
}

impl Kind {
    fn of(name: &str) -> Kind {
        match name {
            "string" => Kind::Text,
            "integer" => Kind::Whole,
            "number" => Kind::Number,
            "boolean" => Kind::Truth,
            "array" => Kind::List,
            "object" => Kind::Group,
            _ => Kind::Any,
        }
    }

    /// Its name in a schema.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Any => "any",
            Kind::Text => "string",
            Kind::Whole => "integer",
            Kind::Number => "number",
            Kind::Truth => "boolean",
            Kind::List => "array",
            Kind::Group => "object",
        }
    }
}

/// What is asked of keys that have no name in a group.
#[derive(Debug, Clone, Default)]
pub enum Rest {
    /// Nothing is said of them.
    #[default]
    Unsaid,
    /// There may be none.
    Closed,
    /// There may be any.
    Open,
    /// All of them are alike.
    Alike(Box<View>),
}

impl View {
    /// What a schema says. References to what contains them are not followed: [`super::Schema`] has none.
    pub fn of(schema: &Json) -> View {
        View::within(schema, &[schema])
    }

    /// What a part says of schemas that its references lead to.
    pub(super) fn within(part: &Json, roots: &[&Json]) -> View {
        Fold { roots, depth: 0 }.view([part])
    }

    /// The named parts of a group, in order.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// What is asked of the value at a key, named or not.
    pub fn property(&self, key: &str) -> Option<&View> {
        match (self.places.get(key).and_then(|place| self.properties.get(*place)), &self.rest) {
            (Some(property), _) => Some(&property.view),
            (None, Rest::Alike(view)) => Some(view),
            (None, _) => None,
        }
    }

    /// The keys that have a name.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().map(|property| property.name.as_str())
    }

    /// The keys that must be there.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().filter(|property| property.is_required).map(|property| property.name.as_str())
    }

    /// What is asked of the items of a list.
    pub fn items(&self) -> Option<&View> {
        self.items.as_deref()
    }

    /// What is asked of the rows of a register: a list whose items have named parts.
    pub fn rows(&self) -> Option<&View> {
        self.items().filter(|row| !row.properties.is_empty())
    }

    /// What is asked of the value at a dotted path.
    pub fn at(&self, path: &str) -> Option<&View> {
        path.split('.').try_fold(self, |view, key| view.property(key))
    }

    /// What is asked of the value at a dotted path in which rows do not show: `risks.owner` is that of every risk.
    pub fn beneath(&self, path: &str) -> Option<&View> {
        path.split('.').try_fold(self, |view, key| view.property(key).or_else(|| view.items()?.property(key)))
    }

    /// Shows every value of which something is said, with its path: rows do not show in it, and keys without a name are
    /// `<name>`.
    pub fn visit<'v>(&'v self, path: &str, see: &mut dyn FnMut(&str, &'v View)) {
        see(path, self);
        let inner = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        for property in &self.properties {
            property.view.visit(&inner(&property.name), see);
        }
        if let Rest::Alike(view) = &self.rest {
            view.visit(&inner("<name>"), see);
        }
        if let Some(items) = self.items() {
            items.visit(path, see);
        }
    }

    /// Whether a value is one that may stand here, as far as its kind, its bounds and what can be chosen say.
    pub(super) fn allows(&self, value: &Json) -> bool {
        let is_kind = match self.asks.kind {
            _ if !self.is_typed => true,
            Kind::Any => true,
            Kind::Text => value.is_string(),
            Kind::Whole => value.is_i64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Kind::Number => value.is_number(),
            Kind::Truth => value.is_boolean(),
            Kind::List => value.is_array(),
            Kind::Group => value.is_object(),
        };
        let mut bounds = self.asks.bounds.iter();
        let is_within =
            bounds.all(|(keyword, limit)| bounds::of(keyword).is_none_or(|bound| bound.admits(*limit, value)));
        let form = self.asks.format.as_deref().and_then(Form::named);
        let has_form = form.zip(value.as_str()).is_none_or(|(form, text)| form.check(text).is_ok());
        is_kind && is_within && has_form && self.asks.choices.as_ref().is_none_or(|choices| choices.contains(value))
    }
}

/// Schemas of one value, folded into a view.
#[derive(Clone, Copy)]
struct Fold<'s> {
    roots: &'s [&'s Json],
    depth: usize,
}

/// Deeper, a schema of Folio's own would be one that refers to itself.
const MAX_DEPTH: usize = 512;

impl<'s> Fold<'s> {
    fn view(self, schemas: impl IntoIterator<Item = &'s Json>) -> View {
        let mut parts = Vec::new();
        schemas.into_iter().for_each(|schema| self.parts(schema, &mut parts));
        let mut view = View::default();
        let mut kinds: Option<Vec<Kind>> = None;
        for part in &parts {
            for (keyword, value) in *part {
                if !words(&mut view, keyword, value) {
                    asked(&mut view.asks, &mut kinds, keyword, value);
                }
            }
        }
        if self.depth > MAX_DEPTH {
            return view;
        }
        let fold = Fold { depth: self.depth + 1, ..self };
        view.properties = fold.properties(&parts);
        view.places = view.keys().map(str::to_owned).zip(0..).collect();
        view.rest = fold.rest(&parts);
        let items: Vec<&Json> =
            parts.iter().filter_map(|part| part.get("items")).filter(|items| items.is_object()).collect();
        view.items = (!items.is_empty()).then(|| Box::new(fold.view(items)));
        view.is_typed = kinds.is_some();
        view.asks.kind = match kinds.as_deref() {
            Some([only]) => *only,
            Some(_) => Kind::Any,
            None if view.items.is_some() => Kind::List,
            None if !view.properties.is_empty() || matches!(view.rest, Rest::Alike(_)) => Kind::Group,
            None => Kind::Any,
        };
        view
    }

    /// A schema, what it refers to, and what it asks besides.
    fn parts(self, schema: &'s Json, found: &mut Vec<&'s Map<String, Json>>) {
        let Some(part) = schema.as_object().filter(|_| self.depth <= MAX_DEPTH) else { return };
        let fold = Fold { depth: self.depth + 1, ..self };
        found.push(part);
        if let Some(pointer) = part.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'))
        {
            self.roots.iter().filter_map(|root| root.pointer(pointer)).for_each(|target| fold.parts(target, found));
        }
        part.get("allOf").and_then(Json::as_array).into_iter().flatten().for_each(|part| fold.parts(part, found));
    }

    fn properties(self, parts: &[&'s Map<String, Json>]) -> Vec<Property> {
        let mut named: Vec<(&'s str, Vec<&'s Json>)> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (key, schema) in parts.iter().filter_map(|part| part.get("properties")?.as_object()).flatten() {
            let place = *places.entry(key).or_insert(named.len());
            match named.get_mut(place) {
                Some((_, schemas)) => schemas.push(schema),
                None => named.push((key, vec![schema])),
            }
        }
        let required = parts.iter().filter_map(|part| part.get("required")?.as_array()).flatten();
        let required: BTreeSet<&str> = required.filter_map(Json::as_str).collect();
        let property = |(name, schemas): (&str, Vec<&'s Json>)| Property {
            name: name.to_owned(),
            is_required: required.contains(name),
            view: self.view(schemas),
        };
        named.into_iter().map(property).collect()
    }

    fn rest(self, parts: &[&'s Map<String, Json>]) -> Rest {
        let said: Vec<&Json> = parts.iter().filter_map(|part| part.get("additionalProperties")).collect();
        let alike: Vec<&Json> = said.iter().copied().filter(|rest| rest.is_object()).collect();
        match said.first() {
            _ if said.contains(&&Json::Bool(false)) => Rest::Closed,
            _ if !alike.is_empty() => Rest::Alike(Box::new(self.view(alike))),
            Some(_) => Rest::Open,
            None => Rest::Unsaid,
        }
    }
}

/// The values of one list that are in another too.
pub(super) fn common(these: &[Json], those: &[Json]) -> Vec<Json> {
    let known: BTreeSet<String> = those.iter().map(Json::to_string).collect();
    these.iter().filter(|value| known.contains(&value.to_string())).cloned().collect()
}

fn texts(value: &Json) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// Adds words that are not known yet.
fn add(known: &mut Vec<String>, more: Vec<String>) {
    for word in more {
        if !known.contains(&word) {
            known.push(word);
        }
    }
}

/// Takes what a keyword says for people and for Folio itself; the first to say it is the outermost. Gives whether it is
/// such a keyword.
fn words(view: &mut View, keyword: &str, value: &Json) -> bool {
    let text = || value.as_str().map(str::to_owned);
    match keyword {
        "title" => view.title = view.title.take().or_else(text),
        "description" => view.description = view.description.take().or_else(text),
        "default" => view.default = view.default.take().or_else(|| Some(value.clone())),
        "x-folio-in-force" => view.in_force = view.in_force.take().or_else(|| Some(InForce::of(value))),
        "x-folio-key" if value.is_array() && view.called_by.is_empty() => view.called_by = texts(value),
        "x-folio-key" => view.key = view.key.take().or_else(text),
        "x-folio-closed" => view.closed = view.closed.take().or_else(text),
        "x-folio-optional" => view.is_optional |= *value == Json::Bool(true),
        "x-folio-who" => view.who = view.who.take().or_else(text),
        "x-folio-why" => view.why = view.why.take().or_else(text),
        "x-folio-decision" => view.is_decision = view.is_decision.or(value.as_bool()),
        "x-folio-cap" => view.may_be_capped |= *value == Json::Bool(true),
        "x-folio-basic" => view.is_basic |= *value == Json::Bool(true),
        "x-folio-order" if view.order.is_empty() => view.order = texts(value),
        "x-folio-synonyms" => add(&mut view.synonyms, texts(value)),
        "x-folio-choices" => {
            for (own, said) in value.as_object().into_iter().flatten() {
                let said = said.as_str().unwrap_or_default();
                view.choices.entry(own.clone()).or_insert_with(|| said.to_owned());
            }
        }
        "x-folio-written" => {
            for (own, words) in value.as_object().into_iter().flatten() {
                add(view.written.entry(own.clone()).or_default(), texts(words));
            }
        }
        "x-folio-order" | "$schema" | "$comment" | "$defs" | "$ref" | "allOf" => {}
        "properties" | "required" | "items" | "additionalProperties" => {}
        _ => return false,
    }
    true
}

/// Takes what a keyword asks of a value. All that ask must be content.
fn asked(asks: &mut Asks, kinds: &mut Option<Vec<Kind>>, keyword: &str, value: &Json) {
    let narrow = |choices: &mut Option<Vec<Json>>, own: Vec<Json>| match choices {
        Some(known) => *known = common(known, &own),
        None => *choices = Some(own),
    };
    match keyword {
        "type" => {
            let names =
                value.as_str().into_iter().chain(value.as_array().into_iter().flatten().filter_map(Json::as_str));
            let own: Vec<Kind> = names.map(Kind::of).collect();
            let is_whole = |kinds: &[Kind]| kinds.contains(&Kind::Whole);
            *kinds = Some(match kinds.take() {
                Some(known) if known.contains(&Kind::Number) && is_whole(&own) => own,
                Some(known) if is_whole(&known) && own.contains(&Kind::Number) => known,
                Some(known) => known.into_iter().filter(|kind| own.contains(kind)).collect(),
                None => own,
            });
        }
        "enum" => narrow(&mut asks.choices, value.as_array().cloned().unwrap_or_default()),
        "const" => narrow(&mut asks.choices, vec![value.clone()]),
        "pattern" => asks.patterns.extend(value.as_str().map(str::to_owned)),
        "format" if asks.format.is_none() => asks.format = value.as_str().map(str::to_owned),
        "x-folio-ref" => {
            let written = texts(value);
            let perhaps = written.iter().filter_map(|name| name.strip_suffix('?'));
            asks.perhaps.extend(perhaps.map(str::to_owned));
            let names: Vec<String> = written.iter().map(|name| name.trim_end_matches('?').to_owned()).collect();
            if !asks.references.contains(&names) {
                asks.references.push(names);
            }
        }
        _ => match (bounds::of(keyword), value.as_f64()) {
            (Some(bound), Some(own)) => {
                let limit = asks.bounds.entry(keyword.to_owned()).or_insert(own);
                *limit = bound.tighter(*limit, own);
            }
            _ => asks.others.entry(keyword.to_owned()).or_default().push(value.clone()),
        },
    }
}
