//! What a template holds, as its author wrote it: its text, what it reads and calls, and where it goes two ways.

use ecow::EcoString;
use handlebars::template::{BlockParam, HelperTemplate, Parameter, TemplateElement};
use serde_json::Value as Json;

use super::prepare::{Piece, Prepared};
use super::rewrite::paths;
use super::sites::Site;
use super::{Expanded, marks};
use crate::diagnostic::Span;

/// A part of a template. Numbers are indices into [`super::Prepared::sites`].
#[derive(Debug)]
pub enum Part {
    /// Text of its own.
    Text(usize, String),
    /// A place where it prints a value; what it reads and calls for that follows.
    Print(usize),
    /// A path that it reads, to print or to decide.
    Path(usize, String),
    /// A helper that it calls, and its arguments: those that are written out, `None` for what is only known later.
    Call(usize, String, Vec<Option<Json>>),
    /// An `if`, `unless`, `each` or `with`.
    Block(Block),
}

/// A part that holds others.
#[derive(Debug)]
pub struct Block {
    /// Where it stands.
    pub site: usize,
    /// `if`, `unless`, `each` or `with`.
    pub name: String,
    /// What it goes over, or into.
    pub over: Option<String>,
    /// What it looks at, as it is written.
    pub terms: Vec<Term>,
    /// The names that it gives: `as |row key|`.
    pub names: Vec<String>,
    /// What stands in it.
    pub body: Vec<Part>,
    /// What stands after its `else`.
    pub otherwise: Option<Vec<Part>>,
}

/// What a block looks at.
#[derive(Debug, Clone)]
pub enum Term {
    /// A value that is written out.
    Literal(Json),
    /// A path that is read.
    Path(String),
    /// A helper that is called, with its arguments.
    Call(String, Vec<Term>),
}

impl Block {
    /// Whether what stands in it sees other names than what stands around it.
    pub fn opens_scope(&self) -> bool {
        matches!(self.name.as_str(), "each" | "with")
    }

    /// Whether it stands in for a choice: `with` is only another name for something.
    pub fn is_choice(&self) -> bool {
        self.name != "with"
    }
}

/// One way that a template goes at an `if`, `unless` or `each`: into it, or past it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arm {
    /// Where the block stands.
    pub span: Span,
    /// The block as written, such as `#if sites`.
    pub text: EcoString,
    /// Whether it is the way past: the `else`, written or not.
    pub otherwise: bool,
}

impl Arm {
    /// A way at a site.
    pub fn of(site: &Site, otherwise: bool) -> Arm {
        Arm { span: site.span.clone(), text: site.text.clone(), otherwise }
    }
}

/// A way, and the way inside which it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The way itself.
    pub arm: Arm,
    /// Where the way around it stands in the list, when there is one.
    pub inside: Option<usize>,
}

/// Every way that a template can go, each after the one that it lies in.
pub(super) fn ways(parts: &[Part], sites: &[Site], inside: Option<usize>, found: &mut Vec<Way>) {
    for part in parts {
        let Part::Block(block) = part else { continue };
        let past = block.otherwise.as_deref().unwrap_or_default();
        for (inner, otherwise) in [(block.body.as_slice(), false), (past, true)] {
            let around = match sites.get(block.site).filter(|_| block.is_choice()) {
                Some(site) => {
                    found.push(Way { arm: Arm::of(site, otherwise), inside });
                    Some(found.len() - 1)
                }
                None => inside,
            };
            ways(inner, sites, around, found);
        }
    }
}

/// The text of a template without a profile: values stand as `x`, and every block is gone into, or past.
pub fn sketch(prepared: &Prepared, otherwise: bool) -> Expanded {
    let mut expanded = Expanded { sites: prepared.sites.clone(), ..Expanded::default() };
    draw(&prepared.parts, otherwise, &mut expanded);
    expanded
}

fn draw(parts: &[Part], otherwise: bool, expanded: &mut Expanded) {
    for part in parts {
        match part {
            Part::Text(site, text) => {
                expanded.positions.push((expanded.text.len(), *site));
                expanded.text.push_str(text);
            }
            Part::Print(site) => {
                expanded.positions.push((expanded.text.len(), *site));
                expanded.text.push_str(&marks::value(0, "x"));
            }
            Part::Path(..) | Part::Call(..) => {}
            Part::Block(block) if block.is_choice() && otherwise => {
                draw(block.otherwise.as_deref().unwrap_or_default(), otherwise, expanded);
            }
            Part::Block(block) => draw(&block.body, otherwise, expanded),
        }
    }
}

pub(super) fn parts(pieces: &[Piece]) -> Vec<Part> {
    let mut found = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(site, text) => found.push(Part::Text(*site, text.clone())),
            Piece::Named(_, pieces) => found.extend(parts(pieces)),
            Piece::Print(site, call) => {
                found.push(Part::Print(*site));
                if call.params.is_empty() && call.hash.is_empty() {
                    found.push(Part::Path(*site, call.name.as_name().unwrap_or_default().to_owned()));
                } else {
                    calls(call, *site, &mut found);
                }
                found.extend(named(&call.params, *site));
            }
            Piece::Block(site, block, body, otherwise) => {
                found.extend(named(&block.params, *site));
                nested_calls(&block.params, *site, &mut found);
                let names = match &block.block_param {
                    Some(BlockParam::Single(name)) => vec![name],
                    Some(BlockParam::Pair((name, key))) => vec![name, key],
                    _ => Vec::new(),
                };
                found.push(Part::Block(Block {
                    site: *site,
                    name: block.name.as_name().unwrap_or_default().to_owned(),
                    over: block.params.first().and_then(subject),
                    terms: block.params.iter().filter_map(term).collect(),
                    names: names.into_iter().filter_map(Parameter::as_name).map(str::to_owned).collect(),
                    body: parts(body),
                    otherwise: otherwise.as_deref().map(parts),
                }));
            }
        }
    }
    found
}

fn named(parameters: &[Parameter], site: usize) -> Vec<Part> {
    paths(parameters).into_iter().filter_map(|path| Some(Part::Path(site, path.as_name()?.to_owned()))).collect()
}

fn calls(call: &HelperTemplate, site: usize, found: &mut Vec<Part>) {
    let written = |parameter: &Parameter| match parameter {
        Parameter::Literal(value) => Some(value.clone()),
        _ => None,
    };
    let name = call.name.as_name().unwrap_or_default().to_owned();
    found.push(Part::Call(site, name, call.params.iter().map(written).collect()));
    nested_calls(&call.params, site, found);
}

fn nested_calls(parameters: &[Parameter], site: usize, found: &mut Vec<Part>) {
    for parameter in parameters {
        if let Parameter::Subexpression(inner) = parameter
            && let TemplateElement::Expression(inner) = inner.as_element()
        {
            calls(inner, site, found);
        }
    }
}

fn term(parameter: &Parameter) -> Option<Term> {
    Some(match parameter {
        Parameter::Literal(value) => Term::Literal(value.clone()),
        Parameter::Subexpression(inner) => match inner.as_element() {
            TemplateElement::Expression(call) => {
                let given: Option<Vec<Term>> = call.params.iter().map(term).collect();
                Term::Call(call.name.as_name()?.to_owned(), given?)
            }
            _ => return None,
        },
        named => Term::Path(named.as_name()?.to_owned()),
    })
}

/// The path whose items a block goes over, also through `where` and `sort`.
fn subject(parameter: &Parameter) -> Option<String> {
    match parameter {
        Parameter::Path(_) => parameter.as_name().map(str::to_owned),
        Parameter::Subexpression(inner) if matches!(inner.name(), "where" | "sort") => match inner.as_element() {
            TemplateElement::Expression(inner) => subject(inner.params.first()?),
            _ => None,
        },
        _ => None,
    }
}
