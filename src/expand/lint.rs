//! Checking what a template reads, before any profile is seen: also inside `if` and `each`, where Handlebars itself
//! lets an unknown name pass.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use serde_json::Value as Json;

use super::outline::Part;
use super::prepare::Prepared;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, nearest};
use crate::model::PROPOSED_KEY;
use crate::schema::{Kind, View};

/// What a template may read.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything may be below.
    Any,
    /// A text, number or boolean.
    Scalar,
    /// Named parts.
    Object(Arc<BTreeMap<String, Shape>>),
    /// Items of one shape.
    List(Arc<Shape>),
}

impl Shape {
    /// Named parts.
    pub fn object(fields: impl IntoIterator<Item = (String, Shape)>) -> Shape {
        Shape::Object(Arc::new(fields.into_iter().collect()))
    }

    /// The shape that a schema describes.
    pub fn of_view(view: &View) -> Shape {
        if let Some(items) = view.items() {
            let items = Shape::of_view(items);
            // Rows with a key may say what of them is proposed.
            let items = match (&view.key, items) {
                (Some(_), Shape::Object(fields)) if !fields.contains_key(PROPOSED_KEY) => {
                    let mut fields = Arc::unwrap_or_clone(fields);
                    fields.insert(PROPOSED_KEY.to_owned(), Shape::List(Arc::new(Shape::Scalar)));
                    Shape::Object(Arc::new(fields))
                }
                (_, items) => items,
            };
            return Shape::List(Arc::new(items));
        }
        let fields = view.properties();
        match view.asks.kind {
            _ if !fields.is_empty() => {
                Shape::object(fields.iter().map(|field| (field.name.clone(), Shape::of_view(&field.view))))
            }
            Kind::Any | Kind::Group | Kind::List if view.asks.choices.is_none() => Shape::Any,
            _ => Shape::Scalar,
        }
    }

    /// The shape of a value; the items of a list are laid over one another.
    pub fn of_value(value: &Json) -> Shape {
        match value {
            Json::Array(items) => {
                let items = items.iter().map(Shape::of_value).reduce(Shape::over).unwrap_or(Shape::Any);
                Shape::List(Arc::new(items))
            }
            Json::Object(fields) => {
                Shape::object(fields.iter().map(|(key, value)| (key.clone(), Shape::of_value(value))))
            }
            _ => Shape::Scalar,
        }
    }

    /// Both, laid over one another.
    pub fn over(self, other: Shape) -> Shape {
        match (self, other) {
            (Shape::Object(fields), Shape::Object(more)) => {
                let mut fields = Arc::unwrap_or_clone(fields);
                for (key, shape) in Arc::unwrap_or_clone(more) {
                    let shape = match fields.remove(&key) {
                        Some(known) => known.over(shape),
                        None => shape,
                    };
                    fields.insert(key, shape);
                }
                Shape::Object(Arc::new(fields))
            }
            (Shape::List(a), Shape::List(b)) => {
                Shape::List(Arc::new(Arc::unwrap_or_clone(a).over(Arc::unwrap_or_clone(b))))
            }
            (a, b) if a == b => a,
            _ => Shape::Any,
        }
    }

    /// The shape of each of its items.
    pub fn item(&self) -> Shape {
        match self {
            Shape::List(item) => (**item).clone(),
            Shape::Object(fields) => fields.values().cloned().reduce(Shape::over).unwrap_or(Shape::Any),
            Shape::Any | Shape::Scalar => Shape::Any,
        }
    }
}

/// Reports what a template reads that `root` does not have.
pub fn check(prepared: &Prepared, root: &Shape, sink: &mut Sink) {
    let mut lint = Lint { prepared, root, scopes: vec![Scope { this: root.clone(), names: BTreeMap::new() }], sink };
    lint.walk(&prepared.parts);
}

struct Scope {
    this: Shape,
    names: BTreeMap<String, Shape>,
}

struct Lint<'a> {
    prepared: &'a Prepared,
    root: &'a Shape,
    scopes: Vec<Scope>,
    sink: &'a mut Sink,
}

impl Lint<'_> {
    fn walk(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Text(..) | Part::Print(_) | Part::Call(..) => {}
                Part::Path(site, path) => {
                    self.shape(*site, path, true);
                }
                Part::Block(block) => {
                    if block.opens_scope() {
                        let whole = block.over.as_ref().map_or(Shape::Any, |path| self.shape(block.site, path, false));
                        let this = if block.name == "each" { whole.item() } else { whole };
                        let mut known = BTreeMap::new();
                        for (at, name) in block.names.iter().enumerate() {
                            known.insert(name.clone(), if at == 0 { this.clone() } else { Shape::Scalar });
                        }
                        self.scopes.push(Scope { this, names: known });
                        self.walk(&block.body);
                        self.scopes.pop();
                    } else {
                        self.walk(&block.body);
                    }
                    self.walk(block.otherwise.as_deref().unwrap_or_default());
                }
            }
        }
    }

    /// The shape at a path, as Handlebars resolves it; what is unknown is reported once.
    fn shape(&mut self, site: usize, path: &str, report: bool) -> Shape {
        if path.starts_with('@') && !path.starts_with("@root") {
            return Shape::Scalar;
        }
        let mut rest = path;
        let mut up = 0;
        while let Some(after) = rest.strip_prefix("../") {
            up += 1;
            rest = after;
        }
        let mut parts: Vec<&str> = rest.split(['.', '/']).filter(|part| !part.is_empty() && *part != "this").collect();
        let mut shape = if parts.first() == Some(&"@root") {
            parts.remove(0);
            self.root.clone()
        } else {
            let named =
                parts.first().and_then(|first| self.scopes.iter().rev().find_map(|scope| scope.names.get(*first)));
            match named {
                Some(shape) if up == 0 => {
                    let shape = shape.clone();
                    parts.remove(0);
                    shape
                }
                _ => match self.scopes.len().checked_sub(1 + up) {
                    Some(at) => self.scopes[at].this.clone(),
                    None => return Shape::Any,
                },
            }
        };
        for part in parts {
            let part = part.trim_matches(['[', ']']);
            shape = match shape {
                Shape::Any => return Shape::Any,
                Shape::List(item) if part.parse::<usize>().is_ok() => (*item).clone(),
                Shape::Object(fields) => match fields.get(part) {
                    Some(shape) => shape.clone(),
                    None => {
                        if report {
                            self.unknown(site, path, part, fields.keys().map(String::as_str));
                        }
                        return Shape::Any;
                    }
                },
                Shape::Scalar | Shape::List(_) => {
                    if report {
                        self.unknown(site, path, part, std::iter::empty());
                    }
                    return Shape::Any;
                }
            };
        }
        shape
    }

    fn unknown<'k>(&mut self, site: usize, path: &str, part: &str, known: impl Iterator<Item = &'k str> + Clone) {
        let Some(site) = self.prepared.sites.get(site) else { return };
        let mut diagnostic = Diagnostic::fault(&codes::TEMPLATE_UNKNOWN, format!("`{path}`: there is no `{part}`"))
            .at(site.span.clone());
        diagnostic.excerpt = site.line.as_ref().map(EcoString::to_string);
        diagnostic = match nearest(part, known.clone()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => {
                let names: Vec<&str> = known.take(12).collect();
                if names.is_empty() { diagnostic } else { diagnostic.help(format!("there are: {}", names.join(", "))) }
            }
        };
        self.sink.push(diagnostic);
    }
}
