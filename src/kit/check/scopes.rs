//! What the names in a template mean before any profile is seen, as Handlebars resolves them.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::Value as Json;

use crate::expand::outline::Block;
use crate::schema::{Kind, View};

/// What is known of a value before any profile is seen.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known<'a> {
    /// Nothing.
    Open,
    /// A value of the pack's own.
    Data(&'a Json),
    /// What the schema says, and whether the value is there in every profile.
    Value(&'a View, bool),
    /// A group of keys, which always is there, and whether a profile must give it: then it has the keys that it must have.
    Group(&'a View, bool),
}

impl<'a> Known<'a> {
    pub(super) fn of(view: &'a View, is_given: bool) -> Known<'a> {
        let is_group = view.asks.kind == Kind::Group && view.items().is_none();
        if is_group { Known::Group(view, is_given) } else { Known::Value(view, is_given || view.default.is_some()) }
    }

    fn field(self, name: &str) -> Known<'a> {
        match self {
            Known::Data(value) => value.get(name).map_or(Known::Open, Known::Data),
            Known::Group(view, is_given) => {
                let named = view.properties().iter().find(|property| property.name == name);
                named.map_or(Known::Open, |named| Known::of(&named.view, is_given && named.is_required))
            }
            Known::Open | Known::Value(..) => Known::Open,
        }
    }

    /// One of its items.
    fn item(self) -> Known<'a> {
        match self {
            Known::Value(view, _) => view.items().map_or(Known::Open, |items| Known::of(items, true)),
            _ => Known::Open,
        }
    }

    /// Whether a condition on it always comes out the same.
    pub(super) fn truth(self) -> Option<bool> {
        match self {
            Known::Open => None,
            Known::Data(value) => Some(truth(value)),
            Known::Group(view, is_given) => {
                let holds = |at: &crate::schema::Property| {
                    at.view.default.is_some() || (is_given && at.is_required) || at.view.asks.kind == Kind::List
                };
                view.properties().iter().any(holds).then_some(true)
            }
            Known::Value(view, is_there) => {
                let least = |keyword: &str| view.asks.bounds.get(keyword).copied();
                let some = match view.asks.kind {
                    _ if view.asks.choices.as_ref().is_some_and(|choices| choices.iter().all(truth)) => true,
                    Kind::Text => {
                        let asks = |pattern: &String| Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(""));
                        least("minLength") >= Some(1.0)
                            || view.asks.format.is_some()
                            || view.asks.patterns.iter().any(asks)
                    }
                    Kind::Whole | Kind::Number => {
                        least("minimum") > Some(0.0) || least("exclusiveMinimum") >= Some(0.0)
                    }
                    Kind::List => least("minItems") >= Some(1.0),
                    _ => false,
                };
                (some && is_there).then_some(true)
            }
        }
    }

    /// All that it can be.
    pub(super) fn choices(self) -> Option<Vec<Json>> {
        match self {
            Known::Value(view, true) => view.asks.choices.clone(),
            Known::Data(value) => Some(vec![value.clone()]),
            _ => None,
        }
    }

    /// Whether it can be something.
    pub(super) fn can_be(self, value: &Json) -> bool {
        match self {
            Known::Value(view, _) => view.asks.choices.as_ref().is_none_or(|choices| choices.contains(value)),
            Known::Data(known) => known == value,
            _ => true,
        }
    }
}

/// What counts as yes in a template.
pub(super) fn truth(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
    }
}

/// What names mean in a block.
#[derive(Clone)]
struct Scope<'a> {
    this: Known<'a>,
    /// What it is, told apart from every other scope.
    path: String,
    names: BTreeMap<String, (Known<'a>, String)>,
}

/// The blocks around a place.
pub(super) struct Scopes<'a> {
    root: Known<'a>,
    data: &'a Json,
    scopes: Vec<Scope<'a>>,
    loops: usize,
}

impl<'a> Scopes<'a> {
    /// Those of a template that stands in no block.
    pub(super) fn new(view: &'a View, data: &'a Json) -> Scopes<'a> {
        let root = Known::Group(view, true);
        Scopes { root, data, scopes: vec![Scope { this: root, path: String::new(), names: BTreeMap::new() }], loops: 0 }
    }

    /// Goes into an `each` or `with`, where names mean something else.
    pub(super) fn enter(&mut self, block: &Block) {
        self.loops += 1;
        let (whole, path) = match &block.over {
            Some(over) => self.resolve(over),
            None => (Known::Open, format!("?{}", self.loops)),
        };
        // In a `with`, the same value stands by another name; of a loop, nobody knows which turn it is.
        let (this, path) =
            if block.name == "each" { (whole.item(), format!("{path}[{}]", self.loops)) } else { (whole, path) };
        let mut names = BTreeMap::new();
        for (at, name) in block.names.iter().enumerate() {
            let value = if at == 0 { (this, path.clone()) } else { (Known::Open, format!("?{}.{name}", self.loops)) };
            names.insert(name.clone(), value);
        }
        self.scopes.push(Scope { this, path, names });
    }

    /// Goes out of it.
    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// What a path leads to, and a name for it that is the same wherever it leads there.
    pub(super) fn resolve(&self, path: &str) -> (Known<'a>, String) {
        if path.starts_with('@') && !path.starts_with("@root") {
            let scope = self.scopes.last().map(|scope| scope.path.as_str()).unwrap_or_default();
            return (Known::Open, format!("{scope}{path}"));
        }
        let mut rest = path;
        let mut up = 0;
        while let Some(after) = rest.strip_prefix("../") {
            up += 1;
            rest = after;
        }
        let mut parts = rest.split(['.', '/']).filter(|part| !part.is_empty() && *part != "this").peekable();
        let (mut known, mut name) = if parts.next_if_eq(&"@root").is_some() {
            (self.root, String::new())
        } else {
            let named =
                parts.peek().and_then(|first| self.scopes.iter().rev().find_map(|scope| scope.names.get(*first)));
            match (named, self.scopes.len().checked_sub(1 + up)) {
                (Some((known, name)), _) if up == 0 => {
                    parts.next();
                    (*known, name.clone())
                }
                (_, Some(at)) => (self.scopes[at].this, self.scopes[at].path.clone()),
                (_, None) => return (Known::Open, format!("?{path}")),
            }
        };
        for part in parts {
            let part = part.trim_matches(['[', ']']);
            known = match known {
                Known::Group(..) if name.is_empty() && part == "data" => Known::Data(self.data),
                known => known.field(part),
            };
            name = format!("{name}.{part}");
        }
        (known, name)
    }
}
