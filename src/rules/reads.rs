//! What an expression reads, without evaluating it.

use cel::IdedExpr;
use cel::common::ast::operators::{ADD, CONDITIONAL, INDEX};
use cel::common::ast::{Expr, LiteralValue, SourceInfo};

use super::{Expression, children, parsed};
use crate::diagnostic::Span;

/// The step from a list to one of its elements.
pub const ELEMENT: &str = "[]";

/// A path from a variable: `risks`, `risks.[].owner`, `data.duties`.
pub type Path = Vec<String>;

/// A path that an expression reads.
#[derive(Debug, Clone)]
pub struct Read {
    /// The path, as far as its names can be followed.
    pub path: Path,
    /// The names of the loops around it, which it could have meant.
    pub names: Vec<String>,
    /// The first character of each name of the path, where it is written out.
    at: Vec<Option<usize>>,
}

impl Read {
    /// Where a name of the path stands: the first is 0.
    pub fn place(&self, expression: &Expression, step: usize) -> Span {
        match (self.at.get(step).copied().flatten(), self.path.get(step)) {
            (Some(first), Some(name)) => expression.place(first, name.chars().count()),
            _ => expression.span.clone(),
        }
    }
}

/// The paths that an expression reads; `it` stands for an element of what is at that path. Nothing when the expression
/// is not CEL.
pub fn reads(expression: &Expression, it: Option<&Path>) -> Vec<Path> {
    seen(expression, it).into_iter().map(|read| read.path).collect()
}

/// The paths that an expression reads, as [`reads`] gives them, with what is to be said of each.
pub fn seen(expression: &Expression, it: Option<&Path>) -> Vec<Read> {
    seen_as(expression, "it", it)
}

/// The same where the element has another name.
pub fn seen_as(expression: &Expression, name: &str, it: Option<&Path>) -> Vec<Read> {
    let Ok((program, info)) = parsed(&expression.text) else { return Vec::new() };
    let element = it.map(|it| Steps::unwritten(element_of(it)));
    let names = if it.is_some() { vec![(name.to_owned(), element)] } else { Vec::new() };
    let mut walk = Walk { names, found: Vec::new(), text: &expression.text, info: &info };
    walk.see(&program);
    walk.found
}

/// The path of a list that an expression gives whole or in part, such as `risks` for `risks.filter(r, …)`.
pub fn list(expression: &Expression) -> Option<Path> {
    let (program, info) = parsed(&expression.text).ok()?;
    let walk = Walk { names: Vec::new(), found: Vec::new(), text: &expression.text, info: &info };
    walk.path(&program).map(|steps| steps.path)
}

fn element_of(list: &Path) -> Path {
    list.iter().cloned().chain([ELEMENT.to_owned()]).collect()
}

/// A path, and where its names stand.
#[derive(Clone)]
struct Steps {
    path: Path,
    at: Vec<Option<usize>>,
}

impl Steps {
    fn unwritten(path: Path) -> Steps {
        Steps { at: vec![None; path.len()], path }
    }

    fn then(mut self, name: &str, at: Option<usize>) -> Steps {
        self.path.push(name.to_owned());
        self.at.push(at);
        self
    }
}

struct Walk<'t> {
    /// The names of loops, innermost last, with what each stands for when that is known.
    names: Vec<(String, Option<Steps>)>,
    found: Vec<Read>,
    text: &'t str,
    info: &'t SourceInfo,
}

impl Walk<'_> {
    fn see(&mut self, expression: &IdedExpr) {
        if let Some(Steps { path, at }) = self.path(expression)
            && !matches!(expression.expr, Expr::Comprehension(_) | Expr::Call(_))
        {
            // The names that CEL gives loops itself begin with `@`.
            let names = self.names.iter().map(|(name, _)| name.clone()).filter(|name| !name.starts_with('@'));
            self.found.push(Read { path, names: names.collect(), at });
            return;
        }
        let Expr::Comprehension(loops) = &expression.expr else {
            if self.is_local(expression) {
                return;
            }
            children(&expression.expr).into_iter().for_each(|child| self.see(child));
            return;
        };
        self.see(&loops.iter_range);
        let outer = self.names.len();
        let element = self.path(&loops.iter_range).map(|list| Steps::unwritten(element_of(&list.path)));
        self.names.push((loops.iter_var.clone(), element));
        self.names.extend(loops.iter_var2.iter().map(|name| (name.clone(), None)));
        self.names.push((loops.accu_var.clone(), None));
        for part in [&loops.accu_init, &loops.loop_cond, &loops.loop_step, &loops.result] {
            self.see(part);
        }
        self.names.truncate(outer);
    }

    /// Whether an expression is a name of a loop whose meaning is not known, or a field below one.
    fn is_local(&self, expression: &IdedExpr) -> bool {
        match &expression.expr {
            Expr::Ident(name) => self.names.iter().any(|(known, _)| known == name),
            Expr::Select(select) => self.is_local(&select.operand),
            _ => false,
        }
    }

    fn path(&self, expression: &IdedExpr) -> Option<Steps> {
        match &expression.expr {
            Expr::Ident(name) => match self.names.iter().rev().find(|(known, _)| known == name) {
                Some((_, path)) => path.clone(),
                None => {
                    let steps = Steps::unwritten(Vec::new());
                    Some(steps.then(name, self.byte(expression).and_then(|byte| self.characters(byte))))
                }
            },
            Expr::Select(select) => {
                let point = self.byte(expression);
                let name = point.and_then(|point| Some(point + self.text.get(point..)?.find(&select.field)?));
                let at = name.and_then(|byte| self.characters(byte));
                Some(self.path(&select.operand)?.then(&select.field, at))
            }
            Expr::Comprehension(loops) if keeps_elements(&loops.loop_step, &loops.iter_var) => {
                self.path(&loops.iter_range)
            }
            Expr::Call(call) if KEEP_ROWS.contains(&call.func_name.as_str()) => self.path(call.args.first()?),
            Expr::Call(call) if call.func_name == INDEX => self.indexed(call.args.first()?, call.args.get(1)?),
            _ => None,
        }
    }

    /// `risks[0]` is an element, `data["duties"]` a field.
    fn indexed(&self, whole: &IdedExpr, index: &IdedExpr) -> Option<Steps> {
        let steps = self.path(whole)?;
        match &index.expr {
            Expr::Literal(LiteralValue::Int(_)) => Some(steps.then(ELEMENT, None)),
            Expr::Literal(LiteralValue::String(field)) => {
                let at = self.byte(index).and_then(|byte| self.characters(byte)).map(|quote| quote + 1);
                Some(steps.then(field.inner(), at))
            }
            _ => None,
        }
    }

    fn byte(&self, expression: &IdedExpr) -> Option<usize> {
        self.info.offset_for(expression.id).map(|(first, _)| first as usize)
    }

    /// How many characters stand before a byte.
    fn characters(&self, byte: usize) -> Option<usize> {
        self.text.get(..byte).map(|before| before.chars().count())
    }
}

/// The functions that give elements of their first argument as they are.
const KEEP_ROWS: [&str; 5] = ["sort_by", "first", "last", "reaches", "confirmed"];

/// Whether a loop gives elements of its list as they are: what `filter` becomes.
fn keeps_elements(step: &IdedExpr, name: &str) -> bool {
    let is_name = |part: &IdedExpr| matches!(&part.expr, Expr::Ident(known) if known == name);
    match &step.expr {
        Expr::Call(call) if call.func_name == CONDITIONAL => {
            call.args.get(1).is_some_and(|added| keeps_elements(added, name))
        }
        Expr::Call(call) if call.func_name == ADD => call.args.iter().any(|part| keeps_elements(part, name)),
        Expr::List(list) => list.elements.len() == 1 && list.elements.iter().all(is_name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    fn paths(text: &str, it: Option<&str>) -> Vec<String> {
        let expression = Expression::new(text, Span::file("rules.yaml"));
        let it = it.map(|it| it.split('.').map(str::to_owned).collect());
        let mut found: Vec<String> = reads(&expression, it.as_ref()).iter().map(|path| path.join(".")).collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn elements_of_lists_are_followed_through_loops() {
        assert_eq!(
            paths("risks.filter(r, r.owner == org.lead).size()", None),
            ["org.lead", "risks", "risks.[]", "risks.[].owner"]
        );
        assert_eq!(paths("risks.filter(r, true).map(r, r.id)", None), ["risks", "risks.[]", "risks.[].id"]);
        assert_eq!(paths("sort_by(risks, 'id')[0].title", None), ["risks.[].title"]);
        assert_eq!(
            paths("has(scope.exclusions) && data['duties'][0].id != ''", None),
            ["data.duties.[].id", "scope.exclusions"]
        );
        assert_eq!(paths("risks.map(r, r.id).filter(i, i.x == 1)", None), ["risks", "risks.[].id"]);
        assert_eq!(paths("it.stock > limits.low", Some("pens")), ["limits.low", "pens.[].stock"]);
        assert_eq!(paths("1 + size([]) > 0", None), Vec::<String>::new());
    }
}
