//! What an expression reads, without evaluating it.

use cel::common::ast::operators::{ADD, CONDITIONAL, INDEX};
use cel::common::ast::{Expr, LiteralValue};
use cel::{IdedExpr, Program};

use super::{Expression, children};

/// The step from a list to one of its elements.
pub const ELEMENT: &str = "[]";

/// A path from a variable: `risks`, `risks.[].owner`, `data.duties`.
pub type Path = Vec<String>;

/// The paths that an expression reads, each as far as its names can be followed; `it` stands for an element of what is
/// at that path. Nothing when the expression is not CEL.
pub fn reads(expression: &Expression, it: Option<&Path>) -> Vec<Path> {
    let Ok(program) = Program::compile(&expression.text) else { return Vec::new() };
    let element = it.map(element_of);
    let mut walk = Walk { names: vec![("it".to_owned(), element)], found: Vec::new() };
    if it.is_none() {
        walk.names.clear();
    }
    walk.see(program.expression());
    walk.found
}

/// The path of a list that an expression gives whole or in part, such as `risks` for `risks.filter(r, …)`.
pub fn list(expression: &Expression) -> Option<Path> {
    let program = Program::compile(&expression.text).ok()?;
    Walk { names: Vec::new(), found: Vec::new() }.path(program.expression())
}

fn element_of(list: &Path) -> Path {
    list.iter().cloned().chain([ELEMENT.to_owned()]).collect()
}

struct Walk {
    /// The names of loops, innermost last, with what each stands for when that is known.
    names: Vec<(String, Option<Path>)>,
    found: Vec<Path>,
}

impl Walk {
    fn see(&mut self, expression: &IdedExpr) {
        if let Some(path) = self.path(expression)
            && !matches!(expression.expr, Expr::Comprehension(_) | Expr::Call(_))
        {
            self.found.push(path);
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
        let element = self.path(&loops.iter_range).map(|list| element_of(&list));
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

    fn path(&self, expression: &IdedExpr) -> Option<Path> {
        match &expression.expr {
            Expr::Ident(name) => match self.names.iter().rev().find(|(known, _)| known == name) {
                Some((_, path)) => path.clone(),
                None => Some(vec![name.clone()]),
            },
            Expr::Select(select) => {
                let mut path = self.path(&select.operand)?;
                path.push(select.field.clone());
                Some(path)
            }
            Expr::Comprehension(loops) if keeps_elements(&loops.loop_step, &loops.iter_var) => {
                self.path(&loops.iter_range)
            }
            Expr::Call(call) if call.func_name == "sort_by" => self.path(call.args.first()?),
            Expr::Call(call) if call.func_name == INDEX => self.indexed(call.args.first()?, call.args.get(1)?),
            _ => None,
        }
    }

    /// `risks[0]` is an element, `data["duties"]` a field.
    fn indexed(&self, whole: &IdedExpr, index: &IdedExpr) -> Option<Path> {
        let path = self.path(whole)?;
        match &index.expr {
            Expr::Literal(LiteralValue::Int(_)) => Some(element_of(&path)),
            Expr::Literal(LiteralValue::String(field)) => {
                let mut path = path;
                path.push(field.inner().to_owned());
                Some(path)
            }
            _ => None,
        }
    }
}

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
        let expression = Expression { text: text.into(), span: Span::file("rules.yaml") };
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
