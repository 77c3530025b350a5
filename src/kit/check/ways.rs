//! Ways through a template that no profile can go: past a value that is always there, or into a condition that another
//! around it has decided already.
//!
//! What cannot be told is taken for possible.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value as Json;

use super::Subject;
use crate::expand::outline::{Block, Part, Term};
use crate::expand::{Arm, Prepared};
use crate::schema::{Kind, View};

/// The ways that nothing leads into, of those that a template names; one that a partial has in several documents is open
/// as soon as it is in one.
pub(super) fn closed(subject: &Subject<'_>) -> BTreeSet<Arm> {
    let data = Json::Object(subject.pack.data.clone());
    let root = Known::Group(subject.pack.schema.view(), true);
    let (mut open, mut closed) = (BTreeSet::new(), BTreeSet::new());
    for prepared in subject.prepared() {
        let scopes = vec![Scope { this: root, path: String::new(), names: BTreeMap::new() }];
        let mut walk = Walk {
            prepared,
            root,
            data: &data,
            scopes,
            loops: 0,
            facts: Facts::default(),
            open: &mut open,
            closed: &mut closed,
        };
        walk.parts(&prepared.parts, true);
    }
    closed.retain(|arm| !open.contains(arm));
    closed
}

/// What is known of a value before any profile is seen.
#[derive(Debug, Clone, Copy)]
enum Known<'a> {
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
    fn of(view: &'a View, is_given: bool) -> Known<'a> {
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
    fn truth(self) -> Option<bool> {
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
    fn choices(self) -> Option<Vec<Json>> {
        match self {
            Known::Value(view, true) => view.asks.choices.clone(),
            Known::Data(value) => Some(vec![value.clone()]),
            _ => None,
        }
    }

    /// Whether it can be something.
    fn can_be(self, value: &Json) -> bool {
        match self {
            Known::Value(view, _) => view.asks.choices.as_ref().is_none_or(|choices| choices.contains(value)),
            Known::Data(known) => known == value,
            _ => true,
        }
    }
}

/// What counts as yes in a template.
fn truth(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
    }
}

#[derive(Clone)]
struct Scope<'a> {
    this: Known<'a>,
    /// What it is, told apart from every other scope.
    path: String,
    names: BTreeMap<String, (Known<'a>, String)>,
}

/// What the conditions around a place have decided.
#[derive(Clone, Default)]
struct Facts {
    /// Conditions by what they say.
    truths: BTreeMap<String, bool>,
    /// Values that paths have, or do not have.
    is: BTreeMap<String, Json>,
    is_not: BTreeMap<String, Vec<Json>>,
}

struct Walk<'a, 's> {
    prepared: &'a Prepared,
    root: Known<'a>,
    data: &'a Json,
    scopes: Vec<Scope<'a>>,
    loops: usize,
    facts: Facts,
    open: &'s mut BTreeSet<Arm>,
    closed: &'s mut BTreeSet<Arm>,
}

impl<'a> Walk<'a, '_> {
    fn parts(&mut self, parts: &'a [Part], is_open: bool) {
        for part in parts {
            if let Part::Block(block) = part {
                self.block(block, is_open);
            }
        }
    }

    fn block(&mut self, block: &'a Block, is_open: bool) {
        let term = block.terms.first();
        let outcome = term.and_then(|term| self.outcome(term));
        let outcome = if block.name == "unless" { outcome.map(|outcome| !outcome) } else { outcome };
        for otherwise in [false, true] {
            let goes = is_open && outcome != Some(otherwise);
            if block.is_choice()
                && let Some(site) = self.prepared.sites.get(block.site)
            {
                let arm = Arm::of(site, otherwise);
                let _ = if goes { self.open.insert(arm) } else { self.closed.insert(arm) };
            }
            let before = self.facts.clone();
            if let Some(term) = term {
                self.assume(term, (block.name == "unless") == otherwise);
            }
            if otherwise {
                self.parts(block.otherwise.as_deref().unwrap_or_default(), goes);
            } else if block.opens_scope() {
                let scope = self.inner(block);
                self.scopes.push(scope);
                self.parts(&block.body, goes);
                self.scopes.pop();
            } else {
                self.parts(&block.body, goes);
            }
            self.facts = before;
        }
    }

    /// What names mean in an `each` or `with`.
    fn inner(&mut self, block: &Block) -> Scope<'a> {
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
        Scope { this, path, names }
    }

    /// What a path leads to, and a name for it that is the same wherever it leads there.
    fn resolve(&self, path: &str) -> (Known<'a>, String) {
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

    /// A condition as it is, whatever names it is written with.
    fn said(&self, term: &Term) -> String {
        match term {
            Term::Literal(value) => value.to_string(),
            Term::Path(path) => format!("({})", self.resolve(path).1),
            Term::Call(name, given) => {
                let given: Vec<String> = given.iter().map(|term| self.said(term)).collect();
                format!("{name}({})", given.join(","))
            }
        }
    }

    /// Whether a condition always comes out the same here.
    fn outcome(&self, term: &Term) -> Option<bool> {
        if let Some(known) = self.facts.truths.get(&self.said(term)) {
            return Some(*known);
        }
        match term {
            Term::Literal(value) => Some(truth(value)),
            Term::Path(path) => {
                let (known, name) = self.resolve(path);
                if name == ".as_of" {
                    return Some(true);
                }
                self.facts.is.get(&name).map(truth).or_else(|| known.truth())
            }
            Term::Call(name, given) => {
                let mut parts = given.iter().map(|part| self.outcome(part));
                match (name.as_str(), given.as_slice()) {
                    ("not", [inner]) => self.outcome(inner).map(|outcome| !outcome),
                    ("and", _) if parts.any(|part| part == Some(false)) => Some(false),
                    ("or", _) if parts.any(|part| part == Some(true)) => Some(true),
                    ("and", _) => given.iter().all(|part| self.outcome(part) == Some(true)).then_some(true),
                    ("or", _) => given.iter().all(|part| self.outcome(part) == Some(false)).then_some(false),
                    ("eq", [a, b]) => self.equal(a, b),
                    ("ne", [a, b]) => self.equal(a, b).map(|equal| !equal),
                    ("count", [list]) => self.outcome(list),
                    _ => None,
                }
            }
        }
    }

    fn equal(&self, a: &Term, b: &Term) -> Option<bool> {
        match (a, b) {
            (Term::Literal(a), Term::Literal(b)) => Some(a == b),
            (Term::Path(path), Term::Literal(value)) | (Term::Literal(value), Term::Path(path)) => {
                let (known, name) = self.resolve(path);
                if let Some(is) = self.facts.is.get(&name) {
                    return Some(is == value);
                }
                let is_not = self.facts.is_not.get(&name).map(Vec::as_slice).unwrap_or_default();
                if is_not.contains(value) || !known.can_be(value) {
                    return Some(false);
                }
                let mut left = known.choices()?.into_iter().filter(|choice| !is_not.contains(choice));
                (left.all(|choice| choice == *value)).then_some(true)
            }
            _ => None,
        }
    }

    /// Notes what a condition has decided.
    fn assume(&mut self, term: &Term, outcome: bool) {
        self.facts.truths.insert(self.said(term), outcome);
        let Term::Call(name, given) = term else { return };
        match (name.as_str(), given.as_slice()) {
            ("not", [inner]) => self.assume(inner, !outcome),
            ("and", _) | ("or", _) => {
                let decides = name == "and";
                let undecided: Vec<&Term> = given.iter().filter(|part| self.outcome(part) != Some(decides)).collect();
                if outcome == decides || undecided.len() == 1 {
                    undecided.into_iter().for_each(|part| self.assume(part, outcome));
                }
            }
            ("eq" | "ne", [a, b]) => {
                if let (Term::Path(path), Term::Literal(value)) | (Term::Literal(value), Term::Path(path)) = (a, b) {
                    let name_of = self.resolve(path).1;
                    if outcome == (name == "eq") {
                        self.facts.is.insert(name_of, value.clone());
                    } else {
                        self.facts.is_not.entry(name_of).or_default().push(value.clone());
                    }
                }
            }
            _ => {}
        }
    }
}
