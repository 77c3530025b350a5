//! Whether what a rule derives may be missing, told without a profile.

use super::expression::{Expr, LoopKind};
use super::{Expression, program};
use crate::diagnostic::Sink;
use crate::model::value::{Kind, Value};

/// Whether a rule may give nothing, or a list with nothing in it.
pub fn may_be_missing(expression: &Expression) -> bool {
    program(expression, &mut Sink::new()).is_some_and(|program| may(&program))
}

fn may(expression: &Expr) -> bool {
    match expression {
        Expr::Literal(value) => matches!(value.kind, Kind::Null),
        Expr::If(parts) => may(&parts[1]) || may(&parts[2]),
        Expr::List(items) => items.is_empty(),
        Expr::Loop(loops) => match loops.kind {
            LoopKind::Filter(_) => true,
            // Of the pack's own list there always is something.
            LoopKind::Map(..) => !is_data(&loops.over),
            _ => false,
        },
        Expr::Binary(_, parts, _) => gives_list(expression) && parts.iter().all(may),
        Expr::Call(function, given, _) => match function.name {
            "all_said" | "any_said" | "confirmed" => true,
            "pick" => given.get(2).is_some_and(may),
            "unique" | "flatten" | "sort_by" | "numbered" | "first" | "last" | "keys" | "values" | "closure" => {
                given.first().is_some_and(may)
            }
            _ => false,
        },
        Expr::Field(..) | Expr::Name(..) => !is_data(expression),
        _ => false,
    }
}

fn gives_list(expression: &Expr) -> bool {
    super::kinds::gives(expression) == Some(super::kinds::Gives::List)
}

fn is_data(expression: &Expr) -> bool {
    match expression {
        Expr::Name(name, _) => name == crate::model::origins::DATA,
        Expr::Field(inner, ..) => is_data(inner),
        Expr::Index(parts, _) => is_data(&parts[0]),
        Expr::Call(_, given, _) => given.first().is_some_and(is_data),
        Expr::Literal(Value { .. }) => false,
        _ => false,
    }
}
