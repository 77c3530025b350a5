//! What a part of a rule gives, where that can be told without a profile, and what operators do not take.

use super::expression::{Expr, LoopKind, Operator};
use crate::model::value::Kind;

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    Text,
    Whole,
    Decimal,
    Truth,
    List,
    Map,
}

impl Gives {
    /// What it is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Gives::Text => "a text",
            Gives::Whole => "a whole number",
            Gives::Decimal => "a decimal number",
            Gives::Truth => "true or false",
            Gives::List => "a list",
            Gives::Map => "a group",
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Gives::Whole | Gives::Decimal)
    }

    /// The kind of a value; nothing for none.
    pub(super) fn of(kind: &Kind) -> Option<Gives> {
        Some(match kind {
            Kind::Text(_) => Gives::Text,
            Kind::Int(_) => Gives::Whole,
            Kind::Double(_) => Gives::Decimal,
            Kind::Bool(_) => Gives::Truth,
            Kind::List(_) => Gives::List,
            Kind::Map(_) => Gives::Map,
            Kind::Null => return None,
        })
    }
}

/// What an expression always gives; `None` when it depends on the profile.
pub(super) fn gives(expression: &Expr) -> Option<Gives> {
    match expression {
        Expr::Literal(value) => Gives::of(&value.kind),
        Expr::Has(..) | Expr::Knows(..) | Expr::Not(_) | Expr::Either(..) => Some(Gives::Truth),
        Expr::Negative(inner) => gives(inner),
        Expr::If(parts) => gives(&parts[1]).filter(|first| gives(&parts[2]) == Some(*first)),
        Expr::List(_) => Some(Gives::List),
        Expr::Map(_) => Some(Gives::Map),
        Expr::Binary(operator, parts, _) => match operator {
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
                gives(&parts[0]).or_else(|| gives(&parts[1]))
            }
            _ => Some(Gives::Truth),
        },
        Expr::Loop(loops) => Some(match loops.kind {
            LoopKind::All(_) | LoopKind::Exists(_) | LoopKind::ExistsOne(_) => Gives::Truth,
            LoopKind::Filter(_) | LoopKind::Map(..) => Gives::List,
        }),
        Expr::Call(function, ..) => match function.name {
            "size" | "int" | "days_between" | "year" | "month" | "position" | "days" | "minutes" | "months" => {
                Some(Gives::Whole)
            }
            "double" => Some(Gives::Decimal),
            "string" | "join" | "lower" | "add_months" | "add" | "subtract" | "first_day" | "last_day" | "shortest"
            | "longest" | "text" => Some(Gives::Text),
            "bool" | "longer" | "is_duration" | "contains" | "startsWith" | "endsWith" | "matches" | "is_proposed" => {
                Some(Gives::Truth)
            }
            "keys" | "values" | "holders" | "deputies" | "unique" | "flatten" | "sort_by" | "numbered" | "first"
            | "last" | "closure" | "reaches" | "confirmed" => Some(Gives::List),
            "count_by" | "group_by" | "index_by" | "merge" => Some(Gives::Map),
            _ => None,
        },
        Expr::Name(..) | Expr::Field(..) | Expr::Index(..) => None,
    }
}

/// What an operator does not take, and what to do, where both sides are known.
pub(super) fn conflict(operator: Operator, sign: &str, parts: &[Expr; 2]) -> Option<(String, String)> {
    let (a, b) = (gives(&parts[0])?, gives(&parts[1])?);
    let fits = match operator {
        Operator::Add => a == b && (a.is_number() || matches!(a, Gives::Text | Gives::List)),
        Operator::Subtract | Operator::Multiply | Operator::Divide => a == b && a.is_number(),
        Operator::Remainder => a == Gives::Whole && b == Gives::Whole,
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            (a.is_number() && b.is_number()) || (a == b && matches!(a, Gives::Text | Gives::Truth))
        }
        Operator::In => matches!(b, Gives::List | Gives::Map),
        Operator::Equal | Operator::NotEqual => true,
    };
    let problem = format!("`{sign}` does not take {} and {}", a.name(), b.name());
    (!fits).then(|| (problem, remedy(sign, Some(a), Some(b)).to_owned()))
}

/// What to do about an operator that does not take two values.
pub(super) fn remedy(sign: &str, a: Option<Gives>, b: Option<Gives>) -> &'static str {
    let (Some(a), Some(b)) = (a, b) else { return "ask first whether there is a value: `a != null ? … : …`" };
    let either = |kind: Gives| a == kind || b == kind;
    match sign {
        "+" if either(Gives::Text) && either(Gives::List) => "make one text of the list: `join(list, ', ')`",
        "+" if either(Gives::Text) => "write `string(…)` around what is not a text",
        "+" if either(Gives::List) => "put the single value in brackets: `list + [value]`",
        "in" => {
            "`in` looks for a value in a list, or a key in a group; for a part of a text write `text.contains(part)`"
        }
        "%" => "write `int(…)` around the number",
        "+" | "-" | "*" | "/" if a.is_number() && b.is_number() => {
            "whole and decimal numbers do not mix: write `double(…)` around the whole one"
        }
        _ if either(Gives::Text) && (a.is_number() || b.is_number()) => {
            "write `int(…)` or `double(…)` around the text, or `string(…)` around the number"
        }
        _ if either(Gives::List) => "write `size(…)` for the number of what is in a list",
        _ => "compare and calculate values of one kind",
    }
}
