//! Proposals that somebody refused: what of a register the pack may not propose again.

use std::collections::BTreeSet;

use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::schema::Schema;

/// What is refused, by path: a value `duties[D.1].owner`, a row `duties[D.1]`, a property of all rows `duties.owner`, a
/// register `duties`.
#[derive(Debug, Default)]
pub struct Refused<'r>(BTreeSet<&'r str>);

impl<'r> Refused<'r> {
    /// What a workspace says.
    pub fn of(paths: &'r [(String, Span)]) -> Refused<'r> {
        Refused(paths.iter().map(|(path, _)| path.trim()).collect())
    }

    /// One path alone.
    pub fn one(path: &'r str) -> Refused<'r> {
        Refused(BTreeSet::from([path]))
    }

    /// How much is refused.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a value of a row is refused, by itself or with what it is part of.
    pub fn holds(&self, register: &str, key: &str, property: &str) -> bool {
        let named = [
            register.to_owned(),
            format!("{register}.{property}"),
            format!("{register}[{key}]"),
            format!("{register}[{key}].{property}"),
        ];
        !self.0.is_empty() && named.iter().any(|path| self.0.contains(path.as_str()))
    }
}

/// Reports what is refused and names nothing that a register could hold.
pub(super) fn check(paths: &[(String, Span)], schema: &Schema, sink: &mut Sink) {
    if paths.is_empty() {
        return;
    }
    let registers = schema.registers();
    for (path, span) in paths {
        let path = path.trim();
        let (before, property) = match path.rfind(']') {
            Some(end) => (&path[..path.find('[').unwrap_or(end)], path[end + 1..].strip_prefix('.')),
            None if registers.contains(path) => (path, None),
            None => match path.rsplit_once('.') {
                Some((before, property)) if registers.contains(before) => (before, Some(property)),
                _ => (path, None),
            },
        };
        let items = schema.view().at(before).and_then(|view| view.items());
        let Some(items) = items.filter(|_| registers.contains(before)) else {
            let message =
                format!("`refused` names `{path}`, and there is no register `{before}` whose rows have a key");
            let problem = Diagnostic::warning(&codes::REFUSED_UNKNOWN, message).at(span.clone());
            sink.push(problem.suggest(before, registers.iter().map(String::as_str)));
            continue;
        };
        if let Some(property) = property.filter(|property| items.property(property).is_none()) {
            let message = format!("`refused` names `{path}`, and rows of `{before}` have no `{property}`");
            let problem = Diagnostic::warning(&codes::REFUSED_UNKNOWN, message).at(span.clone());
            sink.push(problem.suggest(property, items.keys()));
        }
    }
}
