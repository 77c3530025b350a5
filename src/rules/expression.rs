//! Rules as a tree of our own: what CEL's parser gives, with loops and functions recognised, so that evaluation can follow
//! where each value comes from.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr as Cel, LiteralValue, SourceInfo, operators};
use ecow::EcoString;

use super::functions::{self, Form, Function};
use super::mistake::{Mistake, meant};
use crate::diagnostic::Code;
use crate::diagnostic::codes::pack as codes;
use crate::model::Knowledge;
use crate::model::value::{Key, Kind, Value};

/// An expression that can be evaluated.
#[derive(Debug)]
pub(super) enum Expr {
    /// A value that is written out.
    Literal(Value),
    /// A variable.
    Name(EcoString, Place),
    /// `a.b`, and where `b` stands.
    Field(Box<Expr>, Key, Place),
    /// `has(a.b)`.
    Has(Box<Expr>, Key, Place),
    /// `known(a)`, `none(a)`, `unrecorded(a)`: which of them is asked.
    Knows(Knowledge, Box<Expr>, Place),
    /// `a[b]`.
    Index(Box<[Expr; 2]>, Place),
    /// `a ? b : c`.
    If(Box<[Expr; 3]>),
    /// `!a`.
    Not(Box<Expr>),
    /// `-a`.
    Negative(Box<Expr>),
    /// `a && b` and `a || b`: whether it is the second, and both sides.
    Either(bool, Box<[Expr; 2]>),
    /// An operator between two values.
    Binary(Operator, Box<[Expr; 2]>, Place),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{a: b}`.
    Map(Vec<(Expr, Expr)>),
    /// A macro that goes over a list.
    Loop(Box<Loop>),
    /// A function and its arguments.
    Call(&'static Function, Vec<Expr>, Place),
}

/// Where a part stands in the expression: its first character, and how many there are; nothing when that is not known.
pub(super) type Place = Option<(u32, u32)>;

impl Expr {
    /// Where it stands, as far as one word or sign of it says so.
    pub(super) fn place(&self) -> Place {
        match self {
            Expr::Name(_, place)
            | Expr::Field(_, _, place)
            | Expr::Has(_, _, place)
            | Expr::Knows(_, _, place)
            | Expr::Index(_, place)
            | Expr::Binary(_, _, place)
            | Expr::Call(_, _, place) => *place,
            _ => None,
        }
    }

    /// The expressions that it is made of.
    fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::Literal(_) | Expr::Name(..) => Vec::new(),
            Expr::Field(inner, ..)
            | Expr::Has(inner, ..)
            | Expr::Knows(_, inner, _)
            | Expr::Not(inner)
            | Expr::Negative(inner) => vec![&**inner],
            Expr::Index(parts, _) | Expr::Either(_, parts) | Expr::Binary(_, parts, _) => parts.iter().collect(),
            Expr::If(parts) => parts.iter().collect(),
            Expr::List(parts) | Expr::Call(_, parts, _) => parts.iter().collect(),
            Expr::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            Expr::Loop(loops) => std::iter::once(&loops.over).chain(loops.kind.parts()).collect(),
        }
    }
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

impl LoopKind {
    /// What is evaluated with each element.
    fn parts(&self) -> Vec<&Expr> {
        match self {
            LoopKind::All(part)
            | LoopKind::Exists(part)
            | LoopKind::ExistsOne(part)
            | LoopKind::Filter(part)
            | LoopKind::Map(None, part) => vec![part],
            LoopKind::Map(Some(test), part) => vec![test, part],
        }
    }
}

/// The parts of an expression that take one step of a loop together.
const PARTS_PER_STEP: usize = 8;

/// The macros, each as it is written.
pub(super) const MACROS: [(&str, &str); 6] = [
    ("all", "list.all(x, condition)"),
    ("exists", "list.exists(x, condition)"),
    ("exists_one", "list.exists_one(x, condition)"),
    ("filter", "list.filter(x, condition)"),
    ("map", "list.map(x, value)"),
    ("has", "has(group.key)"),
];

/// What asks whether something is known, each as it is written. They take what need not be there.
const QUESTIONS: [(&str, &str, Knowledge); 3] = [
    ("known", "known(value)", Knowledge::Recorded),
    ("none", "none(value)", Knowledge::None),
    ("unrecorded", "unrecorded(value)", Knowledge::Unrecorded),
];

/// How a function or macro is written.
pub(super) fn usage(name: &str) -> &'static str {
    let questions = QUESTIONS.iter().map(|(name, usage, _)| (name, usage));
    let mut written = MACROS.iter().map(|(name, usage)| (name, usage)).chain(questions);
    let known = written.find(|(known, _)| **known == name).map(|(_, usage)| *usage);
    known.or_else(|| functions::find(name).map(|function| function.usage)).unwrap_or_default()
}

/// Turns what CEL's parser gives into an expression.
///
/// # Errors
/// What rules do not have: a function, optional values, bytes. All of it.
pub(super) fn read(cel: &IdedExpr, text: &str, info: &SourceInfo) -> Result<Expr, Vec<Mistake>> {
    let mut reader = Reader { text, info, mistakes: Vec::new() };
    let expression = reader.read(cel);
    if reader.mistakes.is_empty() { Ok(expression) } else { Err(reader.mistakes) }
}

struct Reader<'t> {
    text: &'t str,
    info: &'t SourceInfo,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn read(&mut self, cel: &IdedExpr) -> Expr {
        match &cel.expr {
            Cel::Literal(literal) => match self::literal(literal) {
                Ok(value) => Expr::Literal(value),
                Err(problem) => self.wrong(cel, problem),
            },
            Cel::Ident(name) => Expr::Name(name.as_str().into(), self.place(self.byte(cel.id), name)),
            Cel::Select(select) => {
                let (operand, key) = (Box::new(self.read(&select.operand)), Key::Text(select.field.as_str().into()));
                let place = self.place_after(cel.id, &select.field);
                if select.test { Expr::Has(operand, key, place) } else { Expr::Field(operand, key, place) }
            }
            Cel::Call(call) => self.call(cel, call),
            Cel::List(list) if list.optional_indices.is_empty() => Expr::List(self.all(&list.elements)),
            Cel::Map(map) => {
                let mut entries = Vec::new();
                for entry in &map.entries {
                    match &entry.expr {
                        EntryExpr::MapEntry(entry) if !entry.optional => {
                            entries.push((self.read(&entry.key), self.read(&entry.value)));
                        }
                        _ => return self.wrong(cel, NO_OPTIONALS),
                    }
                }
                Expr::Map(entries)
            }
            Cel::Comprehension(loops) => self.loops(cel, loops),
            Cel::List(_) => self.wrong(cel, NO_OPTIONALS),
            Cel::Struct(_) | Cel::Unspecified => self.wrong(cel, "rules have no messages, but maps: `{'a': 1}`"),
        }
    }

    fn all(&mut self, parts: &[IdedExpr]) -> Vec<Expr> {
        parts.iter().map(|part| self.read(part)).collect()
    }

    fn pair(&mut self, cel: &IdedExpr, parts: &[IdedExpr]) -> Box<[Expr; 2]> {
        match parts {
            [a, b] => Box::new([self.read(a), self.read(b)]),
            _ => {
                self.wrong(cel, "an operator stands between two values");
                Box::new([nothing(), nothing()])
            }
        }
    }

    /// The byte at which a part begins, or has its sign.
    fn byte(&self, id: u64) -> Option<usize> {
        self.info.offset_for(id).map(|(first, _)| first as usize)
    }

    /// The place of a word or sign that stands at a byte.
    fn place(&self, byte: Option<usize>, word: &str) -> Place {
        let before = self.text.get(..byte?)?;
        let first = u32::try_from(before.chars().count()).ok()?;
        Some((first, u32::try_from(word.chars().count()).ok()?))
    }

    /// The place of the name that stands after the point of a part.
    fn place_after(&self, id: u64, name: &str) -> Place {
        let point = self.byte(id)?;
        let byte = point + self.text.get(point..)?.find(name)?;
        self.place(Some(byte), name)
    }

    /// The place of the name of a function, which stands before the bracket of its call.
    fn place_before(&self, id: u64, name: &str) -> Place {
        let byte = self.text.get(..self.byte(id)?)?.rfind(name)?;
        self.place(Some(byte), name)
    }

    /// Notes that something is not understood.
    fn wrong(&mut self, cel: &IdedExpr, problem: impl Into<String>) -> Expr {
        let place = self.place(self.byte(cel.id), "x");
        self.note(&codes::RULE_SYNTAX, place, problem, None)
    }

    fn note(&mut self, code: &'static Code, place: Place, problem: impl Into<String>, help: Option<String>) -> Expr {
        let at = place.map(|(first, length)| (first as usize, length as usize));
        self.mistakes.push(Mistake { code, message: problem.into(), help, at });
        nothing()
    }

    fn call(&mut self, cel: &IdedExpr, call: &CallExpr) -> Expr {
        let CallExpr { func_name, target, args } = call;
        let (operator, sign) = match func_name.as_str() {
            operators::ADD => (Operator::Add, "+"),
            operators::SUBSTRACT => (Operator::Subtract, "-"),
            operators::MULTIPLY => (Operator::Multiply, "*"),
            operators::DIVIDE => (Operator::Divide, "/"),
            operators::MODULO => (Operator::Remainder, "%"),
            operators::EQUALS => (Operator::Equal, "=="),
            operators::NOT_EQUALS => (Operator::NotEqual, "!="),
            operators::LESS => (Operator::Less, "<"),
            operators::LESS_EQUALS => (Operator::LessOrEqual, "<="),
            operators::GREATER => (Operator::Greater, ">"),
            operators::GREATER_EQUALS => (Operator::GreaterOrEqual, ">="),
            operators::IN => (Operator::In, "in"),
            operators::INDEX => {
                let place = args.get(1).and_then(|index| self.place(self.byte(index.id), "x"));
                return Expr::Index(self.pair(cel, args), place);
            }
            operators::LOGICAL_AND => return Expr::Either(false, self.pair(cel, args)),
            operators::LOGICAL_OR => return Expr::Either(true, self.pair(cel, args)),
            operators::OPT_INDEX | operators::OPT_SELECT => return self.wrong(cel, NO_OPTIONALS),
            operators::CONDITIONAL | operators::LOGICAL_NOT | operators::NEGATE => {
                let mut parts = self.all(args).into_iter();
                return match (func_name.as_str(), parts.next(), parts.next(), parts.next()) {
                    (operators::LOGICAL_NOT, Some(a), ..) => Expr::Not(Box::new(a)),
                    (operators::NEGATE, Some(a), ..) => Expr::Negative(Box::new(a)),
                    (_, Some(a), Some(b), Some(c)) => Expr::If(Box::new([a, b, c])),
                    _ => self.wrong(cel, "an operator lacks a value"),
                };
            }
            name => return self.function(cel.id, name, target.as_deref(), args),
        };
        let place = self.place(self.byte(cel.id), sign);
        let parts = self.pair(cel, args);
        if let Some((problem, help)) = super::kinds::conflict(operator, sign, &parts) {
            return self.note(&codes::RULE_FAILED, place, problem, Some(help));
        }
        Expr::Binary(operator, parts, place)
    }

    fn function(&mut self, id: u64, name: &str, target: Option<&IdedExpr>, args: &[IdedExpr]) -> Expr {
        let place = self.place_before(id, name);
        let usage = |usage: &str| Some(format!("`{name}` is called as `{usage}`"));
        if let Some((_, written)) = MACROS.iter().find(|(known, _)| *known == name) {
            // CEL's parser makes a loop of a macro that is called as it should be.
            let problem = if target.is_none() && name != "has" {
                format!("`{name}` does not stand behind a list")
            } else {
                format!("`{name}` is given {}", arguments(args.len()))
            };
            return self.note(&codes::RULE_SYNTAX, place, problem, usage(written));
        }
        if let Some((_, written, asked)) = QUESTIONS.iter().find(|(known, ..)| *known == name) {
            return match (target, args) {
                (None, [asked_of]) => Expr::Knows(*asked, Box::new(self.read(asked_of)), place),
                (None, args) => {
                    let problem = format!("`{name}` takes 1 argument, and is given {}", args.len());
                    self.note(&codes::RULE_SYNTAX, place, problem, usage(written))
                }
                (Some(_), _) => {
                    let problem = format!("`{name}` does not stand behind a value");
                    self.note(&codes::RULE_SYNTAX, place, problem, usage(written))
                }
            };
        }
        let Some(function) = functions::find(name) else {
            let questions = QUESTIONS.iter().map(|(name, ..)| *name);
            let known = functions::names().chain(MACROS.iter().map(|(name, _)| *name)).chain(questions);
            let near = alias(name).map_or_else(|| meant(name, known), |alias| format!("; did you mean `{alias}`?"));
            let help =
                near.is_empty().then(|| "the functions are listed in the guide for authors, under Rules".to_owned());
            return self.note(&codes::RULE_UNKNOWN, place, format!("there is no function `{name}`{near}"), help);
        };
        let args = self.all(&target.into_iter().chain(args).cloned().collect::<Vec<_>>());
        let problem = if !function.form.fits(target.is_some()) {
            match function.form {
                Form::Member => format!("`{name}` stands behind a value"),
                _ => format!("`{name}` does not stand behind a value"),
            }
        } else if !function.takes.contains(&args.len()) {
            // What it is called on is the first argument.
            let own = usize::from(target.is_some());
            let takes = |count: Option<&usize>| count.copied().unwrap_or_default().saturating_sub(own);
            let (least, most) = (takes(function.takes.first()), takes(function.takes.last()));
            let wanted = if least == most { arguments(most) } else { format!("{least} to {}", arguments(most)) };
            format!("`{name}` takes {wanted}, and is given {}", args.len() - own)
        } else {
            return Expr::Call(function, args, place);
        };
        self.note(&codes::RULE_SYNTAX, place, problem, usage(function.usage))
    }

    /// Recognises the loops that CEL's macros become
    /// (<https://github.com/google/cel-spec/blob/master/doc/langdef.md#macros>); authors can write no others.
    fn loops(&mut self, cel: &IdedExpr, loops: &ComprehensionExpr) -> Expr {
        let is_name = |part: &IdedExpr, name: &str| matches!(&part.expr, Cel::Ident(known) if known == name);
        let accumulates = |part: &IdedExpr| is_name(part, &loops.accu_var);
        let unknown = "rules have the macros all, exists, exists_one, filter and map";
        let item = |added: &IdedExpr| match &added.expr {
            Cel::List(list) if list.elements.len() == 1 => list.elements.first().cloned(),
            _ => None,
        };
        let Cel::Call(step) = &loops.loop_step.expr else { return self.wrong(cel, unknown) };
        let kind = match (step.func_name.as_str(), step.args.as_slice()) {
            (operators::LOGICAL_AND, [accumulator, test]) if accumulates(accumulator) => LoopKind::All(self.read(test)),
            (operators::LOGICAL_OR, [accumulator, test]) if accumulates(accumulator) => {
                LoopKind::Exists(self.read(test))
            }
            (operators::ADD, [accumulator, added]) if accumulates(accumulator) => match item(added) {
                Some(item) => LoopKind::Map(None, self.read(&item)),
                None => return self.wrong(cel, unknown),
            },
            (operators::CONDITIONAL, [test, step, accumulator]) if accumulates(accumulator) => match &step.expr {
                Cel::Call(step) if step.func_name == operators::ADD && step.args.len() == 2 => {
                    match item(&step.args[1]) {
                        Some(item) if is_name(&item, &loops.iter_var) => LoopKind::Filter(self.read(test)),
                        Some(item) => LoopKind::Map(Some(self.read(test)), self.read(&item)),
                        None => LoopKind::ExistsOne(self.read(test)),
                    }
                }
                _ => return self.wrong(cel, unknown),
            },
            _ => return self.wrong(cel, unknown),
        };
        let steps = 1 + super::parts(&loops.loop_step) / PARTS_PER_STEP;
        let over = self.read(&loops.iter_range);
        Expr::Loop(Box::new(Loop { over, name: loops.iter_var.as_str().into(), kind, steps }))
    }
}

/// What a function of other languages is called here; a longer name that begins with what was written, too.
fn alias(name: &str) -> Option<&'static str> {
    const ALIASES: [(&str, &str); 24] = [
        ("index_of", "position"),
        ("indexof", "position"),
        ("enumerate", "numbered"),
        ("take", "first"),
        ("head", "first"),
        ("get", "pick"),
        ("sort_desc", "sort_by"),
        ("add_days", "add"),
        ("len", "size"),
        ("length", "size"),
        ("sizeof", "size"),
        ("count", "size"),
        ("any", "exists"),
        ("some", "exists"),
        ("every", "all"),
        ("find", "filter"),
        ("where", "filter"),
        ("select", "map"),
        ("str", "string"),
        ("text", "string"),
        ("number", "double"),
        ("float", "double"),
        ("lowercase", "lower"),
        ("includes", "contains"),
    ];
    let lower = name.to_lowercase();
    let known = ALIASES.iter().find(|(alias, _)| *alias == lower).map(|(_, known)| *known);
    let longer = || functions::names().find(|known| name.len() > 2 && known.starts_with(&format!("{lower}_")));
    known.or_else(longer)
}

const NO_OPTIONALS: &str = "rules have no optional values: ask with `has(…)`";

/// What stands for a part that was not understood.
fn nothing() -> Expr {
    Expr::Literal(Value::default())
}

fn arguments(count: usize) -> String {
    match count {
        0 => "no argument".to_owned(),
        1 => "1 argument".to_owned(),
        count => format!("{count} arguments"),
    }
}

fn literal(literal: &LiteralValue) -> Result<Value, &'static str> {
    Ok(match literal {
        LiteralValue::Null => Value::default(),
        LiteralValue::Boolean(flag) => Kind::Bool(*flag.inner()).into(),
        LiteralValue::Int(number) => Kind::Int(*number.inner()).into(),
        LiteralValue::Double(number) => Kind::Double(*number.inner()).into(),
        LiteralValue::String(text) => Value::text(text.inner()),
        LiteralValue::UInt(_) => return Err("whole numbers are written without `u`"),
        LiteralValue::Bytes(_) => return Err("rules have no bytes"),
    })
}

/// The derived values that an expression reads, of now or of what was before; nothing where it reads them in another way
/// than by their names, and so perhaps all of them.
pub(super) fn derived_by_name(expression: &Expr, is_before: bool) -> Option<Vec<&str>> {
    let is_variable = |part: &Expr, name: &str| matches!(part, Expr::Name(known, _) if known == name);
    if !is_before {
        return fields(expression, |part| is_variable(part, "derived"));
    }
    fields(expression, |part| is_variable(part, super::BEFORE))?;
    fields(expression, |part| {
        let Expr::Field(root, Key::Text(field), _) = part else { return false };
        field == "derived" && is_variable(root, super::BEFORE)
    })
}

/// The fields that an expression reads of a group; nothing where it reads the group itself.
fn fields(expression: &Expr, is_group: impl Fn(&Expr) -> bool) -> Option<Vec<&str>> {
    let (mut found, mut open) = (Vec::new(), vec![expression]);
    while let Some(part) = open.pop() {
        match part {
            Expr::Field(inner, Key::Text(name), _) | Expr::Has(inner, Key::Text(name), _) if is_group(inner) => {
                found.push(name.as_str());
            }
            part if is_group(part) => return None,
            part => open.extend(part.parts()),
        }
    }
    Some(found)
}

/// The derived values that an expression reads, each with its place.
pub(super) fn derived(expression: &Expr) -> Vec<(EcoString, Place)> {
    let is_root = |inner: &Expr| matches!(inner, Expr::Name(root, _) if root == "derived");
    let mut found = Vec::new();
    each(expression, "derived", |part| match part {
        Expr::Field(inner, Key::Text(name), place) | Expr::Has(inner, Key::Text(name), place) if is_root(inner) => {
            found.push((name.clone(), *place));
        }
        Expr::Index(parts, place) => {
            if let [root, Expr::Literal(Value { kind: Kind::Text(name), .. })] = &**parts
                && is_root(root)
            {
                found.push((name.clone(), *place));
            }
        }
        _ => {}
    });
    found.reverse();
    found
}

/// Whether an expression reads a variable.
pub(super) fn reads(expression: &Expr, variable: &str) -> bool {
    let mut is_read = false;
    each(expression, variable, |part| is_read |= matches!(part, Expr::Name(name, _) if name == variable));
    is_read
}

/// Goes over the parts of an expression where a variable is what it is outside, and no name of a loop hides it.
fn each(expression: &Expr, variable: &str, mut visit: impl FnMut(&Expr)) {
    let mut open = vec![(expression, false)];
    while let Some((part, is_hidden)) = open.pop() {
        if !is_hidden {
            visit(part);
        }
        match part {
            Expr::Loop(loops) => {
                open.push((&loops.over, is_hidden));
                let is_hidden = is_hidden || loops.name == variable;
                open.extend(loops.kind.parts().into_iter().map(|part| (part, is_hidden)));
            }
            part => open.extend(part.parts().into_iter().map(|part| (part, is_hidden))),
        }
    }
}
