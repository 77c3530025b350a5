//! Rules as a tree of our own: what CEL's parser gives, with loops and functions recognised, so that evaluation can follow
//! where each value comes from.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr as Cel, LiteralValue, operators};
use ecow::EcoString;

use super::functions::{self, Function};
use crate::diagnostic::nearest;
use crate::model::value::{Key, Kind, Value};

/// An expression that can be evaluated.
#[derive(Debug)]
pub(super) enum Expr {
    /// A value that is written out.
    Literal(Value),
    /// A variable.
    Name(EcoString),
    /// `a.b`.
    Field(Box<Expr>, Key),
    /// `has(a.b)`.
    Has(Box<Expr>, Key),
    /// `a[b]`.
    Index(Box<[Expr; 2]>),
    /// `a ? b : c`.
    If(Box<[Expr; 3]>),
    /// `!a`.
    Not(Box<Expr>),
    /// `-a`.
    Negative(Box<Expr>),
    /// `a && b` and `a || b`: whether it is the second, and both sides.
    Either(bool, Box<[Expr; 2]>),
    /// An operator between two values.
    Binary(Operator, Box<[Expr; 2]>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{a: b}`.
    Map(Vec<(Expr, Expr)>),
    /// A macro that goes over a list.
    Loop(Box<Loop>),
    /// A function and its arguments.
    Call(&'static Function, Vec<Expr>),
}

/// The operators that take two values and need both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

/// A macro that goes over a list, or over the keys of a map.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) over: Expr,
    /// The name of each element.
    pub(super) name: EcoString,
    pub(super) kind: LoopKind,
    /// How many steps each element takes.
    pub(super) steps: usize,
}

/// The macros.
#[derive(Debug)]
pub(super) enum LoopKind {
    All(Expr),
    Exists(Expr),
    ExistsOne(Expr),
    Filter(Expr),
    /// `map`, with a condition in its form of three arguments.
    Map(Option<Expr>, Expr),
}

/// The parts of an expression that take one step of a loop together.
const PARTS_PER_STEP: usize = 8;

/// Turns what CEL's parser gives into an expression.
///
/// # Errors
/// A sentence about what rules do not have: a function, optional values, bytes.
pub(super) fn read(cel: &IdedExpr) -> Result<Expr, String> {
    Ok(match &cel.expr {
        Cel::Literal(literal) => Expr::Literal(self::literal(literal)?),
        Cel::Ident(name) => Expr::Name(name.as_str().into()),
        Cel::Select(select) => {
            let (operand, key) = (Box::new(read(&select.operand)?), Key::Text(select.field.as_str().into()));
            if select.test { Expr::Has(operand, key) } else { Expr::Field(operand, key) }
        }
        Cel::Call(call) => self::call(call)?,
        Cel::List(list) if list.optional_indices.is_empty() => Expr::List(all(&list.elements)?),
        Cel::Map(map) => {
            let mut entries = Vec::new();
            for entry in &map.entries {
                match &entry.expr {
                    EntryExpr::MapEntry(entry) if !entry.optional => {
                        entries.push((read(&entry.key)?, read(&entry.value)?));
                    }
                    _ => return Err("rules have no optional values".into()),
                }
            }
            Expr::Map(entries)
        }
        Cel::Comprehension(loops) => Expr::Loop(Box::new(self::loops(loops)?)),
        Cel::List(_) => return Err("rules have no optional values".into()),
        Cel::Struct(_) | Cel::Unspecified => return Err("rules have no messages, but maps: `{'a': 1}`".into()),
    })
}

fn all(parts: &[IdedExpr]) -> Result<Vec<Expr>, String> {
    parts.iter().map(read).collect()
}

fn pair(parts: &[IdedExpr]) -> Result<Box<[Expr; 2]>, String> {
    match parts {
        [a, b] => Ok(Box::new([read(a)?, read(b)?])),
        _ => Err("an operator stands between two values".into()),
    }
}

fn literal(literal: &LiteralValue) -> Result<Value, String> {
    Ok(match literal {
        LiteralValue::Null => Value::default(),
        LiteralValue::Boolean(flag) => Kind::Bool(*flag.inner()).into(),
        LiteralValue::Int(number) => Kind::Int(*number.inner()).into(),
        LiteralValue::Double(number) => Kind::Double(*number.inner()).into(),
        LiteralValue::String(text) => Value::text(text.inner()),
        LiteralValue::UInt(_) => return Err("whole numbers are written without `u`".into()),
        LiteralValue::Bytes(_) => return Err("rules have no bytes".into()),
    })
}

fn call(call: &CallExpr) -> Result<Expr, String> {
    let CallExpr { func_name, target, args } = call;
    let operator = match func_name.as_str() {
        operators::ADD => Operator::Add,
        operators::SUBSTRACT => Operator::Subtract,
        operators::MULTIPLY => Operator::Multiply,
        operators::DIVIDE => Operator::Divide,
        operators::MODULO => Operator::Remainder,
        operators::EQUALS => Operator::Equal,
        operators::NOT_EQUALS => Operator::NotEqual,
        operators::LESS => Operator::Less,
        operators::LESS_EQUALS => Operator::LessOrEqual,
        operators::GREATER => Operator::Greater,
        operators::GREATER_EQUALS => Operator::GreaterOrEqual,
        operators::IN => Operator::In,
        operators::INDEX => return Ok(Expr::Index(pair(args)?)),
        operators::LOGICAL_AND => return Ok(Expr::Either(false, pair(args)?)),
        operators::LOGICAL_OR => return Ok(Expr::Either(true, pair(args)?)),
        operators::OPT_INDEX | operators::OPT_SELECT => return Err("rules have no optional values".into()),
        operators::CONDITIONAL | operators::LOGICAL_NOT | operators::NEGATE => {
            let mut parts = all(args)?.into_iter();
            return match (func_name.as_str(), parts.next(), parts.next(), parts.next()) {
                (operators::LOGICAL_NOT, Some(a), ..) => Ok(Expr::Not(Box::new(a))),
                (operators::NEGATE, Some(a), ..) => Ok(Expr::Negative(Box::new(a))),
                (_, Some(a), Some(b), Some(c)) => Ok(Expr::If(Box::new([a, b, c]))),
                _ => Err("an operator lacks a value".into()),
            };
        }
        name => {
            let args = all(&target.as_deref().into_iter().chain(args).cloned().collect::<Vec<_>>())?;
            let function = functions::find(name).ok_or_else(|| {
                let near = nearest(name, functions::names());
                let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                format!("there is no function `{name}`{near}")
            })?;
            if !function.takes.contains(&args.len()) || !function.form.fits(target.is_some()) {
                return Err(format!("`{name}` is called as `{}`", function.usage));
            }
            return Ok(Expr::Call(function, args));
        }
    };
    Ok(Expr::Binary(operator, pair(args)?))
}

/// Recognises the loops that CEL's macros become
/// (<https://github.com/google/cel-spec/blob/master/doc/langdef.md#macros>); authors can write no others.
fn loops(loops: &ComprehensionExpr) -> Result<Loop, String> {
    let is_name = |part: &IdedExpr, name: &str| matches!(&part.expr, Cel::Ident(known) if known == name);
    let accumulates = |part: &IdedExpr| is_name(part, &loops.accu_var);
    let unknown = || "rules have the macros all, exists, exists_one, filter and map".to_owned();
    let Cel::Call(step) = &loops.loop_step.expr else { return Err(unknown()) };
    let args: &[IdedExpr] = &step.args;
    let item = |added: &IdedExpr| match &added.expr {
        Cel::List(list) if list.elements.len() == 1 => read(&list.elements[0]).map(Some),
        _ => Ok(None),
    };
    let kind = match (step.func_name.as_str(), args) {
        (operators::LOGICAL_AND, [accumulator, test]) if accumulates(accumulator) => LoopKind::All(read(test)?),
        (operators::LOGICAL_OR, [accumulator, test]) if accumulates(accumulator) => LoopKind::Exists(read(test)?),
        (operators::ADD, [accumulator, added]) if accumulates(accumulator) => {
            LoopKind::Map(None, item(added)?.ok_or_else(unknown)?)
        }
        (operators::CONDITIONAL, [test, step, accumulator]) if accumulates(accumulator) => match &step.expr {
            Cel::Call(step) if step.func_name == operators::ADD && step.args.len() == 2 => match item(&step.args[1])? {
                Some(Expr::Name(name)) if name == loops.iter_var.as_str() => LoopKind::Filter(read(test)?),
                Some(item) => LoopKind::Map(Some(read(test)?), item),
                None => LoopKind::ExistsOne(read(test)?),
            },
            _ => return Err(unknown()),
        },
        _ => return Err(unknown()),
    };
    let steps = 1 + super::parts(&loops.loop_step) / PARTS_PER_STEP;
    Ok(Loop { over: read(&loops.iter_range)?, name: loops.iter_var.as_str().into(), kind, steps })
}
