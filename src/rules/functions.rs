//! The functions that rules may call besides CEL's own.
//!
//! They take CEL's values as they stand: a function that took `cel::Value`s would be handed a copy of its lists.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use cel::common::functions::Function;
use cel::common::types::{CelDouble, CelInt, CelList, CelMap, CelMapKey, CelString, DYN_TYPE};
use cel::common::value::{CowVal, Val};
use cel::{Env, ExecutionError};
use jiff::ToSpan;
use jiff::civil::Date;

use super::meter;
use super::value::{self, sorted};

pub(super) type Args<'b, 'v> = Vec<CowVal<'b, 'v>>;
pub(super) type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;
type Boxed<'v> = Box<dyn Val + 'v>;

/// CEL's standard library and the functions below.
pub(super) fn environment() -> Arc<Env> {
    static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
        let mut env = Env::stdlib();
        let counting =
            meter::FUNCTIONS.iter().map(|(name, count, function)| (*name, std::slice::from_ref(count), *function));
        for (name, arguments, function) in FUNCTIONS.iter().copied().chain(counting) {
            for &count in arguments {
                let types = std::iter::repeat_with(|| DYN_TYPE).take(count).collect();
                let added = env.add_overload(name, &format!("{name}_{count}"), types, function);
                debug_assert!(added.is_ok(), "{added:?}");
            }
        }
        Arc::new(env)
    });
    Arc::clone(&ENVIRONMENT)
}

/// The functions, with the numbers of arguments that each takes.
const FUNCTIONS: &[(&str, &[usize], Function)] = &[
    ("sum", &[1], sum),
    ("max", &[1, 2, 3, 4], |args| pick("max", Ordering::Greater, args)),
    ("min", &[1, 2, 3, 4], |args| pick("min", Ordering::Less, args)),
    ("count_by", &[2], count_by),
    ("group_by", &[2], group_by),
    ("index_by", &[2], index_by),
    ("sort_by", &[2], sort_by),
    ("unique", &[1], unique),
    ("flatten", &[1], flatten),
    ("join", &[2], join),
    ("lower", &[1], |args| Ok(CowVal::owned(CelString::from(text("lower", &args, 0)?.to_lowercase())))),
    ("keys", &[1], |args| entries("keys", &args, |key, _| Box::new(CelString::from(key)))),
    ("values", &[1], |args| entries("values", &args, |_, value| value.clone_as_boxed())),
    ("merge", &[2], merge),
    ("days_between", &[2], days_between),
    ("add_months", &[2], add_months),
    ("year", &[1], |args| Ok(CowVal::owned(CelInt::from(i64::from(date("year", &args, 0)?.year()))))),
    ("month", &[1], |args| Ok(CowVal::owned(CelInt::from(i64::from(date("month", &args, 0)?.month()))))),
];

/// The sum of a list of numbers.
fn sum<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut whole = 0i64;
    let mut real = 0.0;
    let mut is_real = false;
    for item in list("sum", &args, 0)?.iter() {
        if let Some(number) = item.downcast_ref::<CelInt>() {
            whole = whole.saturating_add(*number.inner());
        } else if let Some(number) = item.downcast_ref::<CelDouble>() {
            is_real = true;
            real += number.inner();
        } else {
            return Err(wrong("sum", &**item, "a number"));
        }
    }
    Ok(if is_real { CowVal::owned(CelDouble::from(real + whole as f64)) } else { CowVal::owned(CelInt::from(whole)) })
}

/// The largest or smallest of one list, or of the arguments.
fn pick<'b, 'v>(function: &str, wanted: Ordering, args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let given = match args.as_slice() {
        [_] => list(function, &args, 0)?.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
        many => many.iter().map(AsRef::as_ref).collect(),
    };
    let mut best: Option<&dyn Val> = None;
    for item in given {
        match best.map(|best| compare(item, best)) {
            None => best = Some(item),
            Some(Some(order)) if order == wanted => best = Some(item),
            Some(Some(_)) => {}
            Some(None) => return Err(ExecutionError::function_error(function, "values that do not compare")),
        }
    }
    let best = best.ok_or_else(|| ExecutionError::function_error(function, "the list is empty"))?;
    Ok(CowVal::Owned(best.clone_as_boxed()))
}

/// How often each value of a field occurs in a list of maps.
fn count_by<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let name = text("count_by", &args, 1)?;
    for key in list("count_by", &args, 0)?.iter().filter_map(|row| field(&**row, name)) {
        *counts.entry(shown(key)).or_default() += 1;
    }
    map(counts.into_iter().map(|(key, count)| (key, Box::new(CelInt::from(count)) as Boxed<'v>)))
}

/// The maps of a list by the value of a field; by each of its values, where the field is a list.
fn group_by<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut groups: BTreeMap<String, Vec<Boxed<'v>>> = BTreeMap::new();
    let name = text("group_by", &args, 1)?;
    for row in list("group_by", &args, 0)?.iter() {
        let Some(value) = field(&**row, name) else { continue };
        match value.downcast_ref::<CelList<'_>>() {
            None => groups.entry(shown(value)).or_default().push(row.clone()),
            Some(keys) => {
                let size = meter::size(&**row);
                for key in keys.iter() {
                    meter::spend(size)?;
                    groups.entry(shown(&**key)).or_default().push(row.clone());
                }
            }
        }
    }
    map(groups.into_iter().map(|(key, rows)| (key, Box::new(CelList::from(rows)) as Boxed<'v>)))
}

/// The maps of a list by the value of a field, the first where several have the same.
fn index_by<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut index: BTreeMap<String, Boxed<'v>> = BTreeMap::new();
    let name = text("index_by", &args, 1)?;
    for row in list("index_by", &args, 0)?.iter() {
        if let Some(value) = field(&**row, name) {
            index.entry(shown(value)).or_insert_with(|| row.clone());
        }
    }
    map(index.into_iter())
}

/// A list of maps in the order of a field; those without it last.
fn sort_by<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let name = text("sort_by", &args, 1)?;
    let mut rows: Vec<&Boxed<'v>> = list("sort_by", &args, 0)?.iter().collect();
    let mut is_comparable = true;
    rows.sort_by(|a, b| match (field(&***a, name), field(&***b, name)) {
        (Some(a), Some(b)) => compare(a, b).unwrap_or_else(|| {
            is_comparable = false;
            Ordering::Equal
        }),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    if !is_comparable {
        return Err(ExecutionError::function_error("sort_by", "values that do not compare"));
    }
    Ok(CowVal::owned(CelList::from(rows.into_iter().cloned().collect::<Vec<_>>())))
}

/// The list without repetitions, each value where it first stood.
fn unique<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut seen: Vec<Boxed<'v>> = Vec::new();
    for item in list("unique", &args, 0)?.iter() {
        meter::spend(seen.len())?;
        if !seen.iter().any(|other| other.equals(&**item)) {
            seen.push(item.clone());
        }
    }
    Ok(CowVal::owned(CelList::from(seen)))
}

/// A list of lists as one list.
fn flatten<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut flat: Vec<Boxed<'v>> = Vec::new();
    for item in list("flatten", &args, 0)?.iter() {
        match item.downcast_ref::<CelList<'_>>() {
            Some(inner) => flat.extend(inner.iter().cloned()),
            None => flat.push(item.clone()),
        }
    }
    Ok(CowVal::owned(CelList::from(flat)))
}

/// The items of a list as one text.
fn join<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let items: Vec<String> = list("join", &args, 0)?.iter().map(|item| shown(&**item)).collect();
    let between = text("join", &args, 1)?;
    meter::spend(items.len().saturating_mul(between.len()) / meter::BYTES)?;
    Ok(CowVal::owned(CelString::from(items.join(between))))
}

/// The keys or values of a map, in the order of the keys.
fn entries<'b, 'v>(
    function: &str,
    args: &Args<'b, 'v>,
    part: impl Fn(String, &(dyn Val + 'v)) -> Boxed<'v>,
) -> Answer<'b, 'v> {
    let entries = sorted(fields(function, args, 0)?);
    Ok(CowVal::owned(CelList::from(entries.into_iter().map(|(key, value)| part(key, value)).collect::<Vec<_>>())))
}

/// Both maps in one; the second wins.
fn merge<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let mut both = fields("merge", &args, 0)?.clone().into_inner();
    both.extend(fields("merge", &args, 1)?.clone().into_inner());
    Ok(CowVal::owned(CelMap::from(both)))
}

/// The days from one date to another.
fn days_between<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let days = (date("days_between", &args, 1)? - date("days_between", &args, 0)?).get_days();
    Ok(CowVal::owned(CelInt::from(i64::from(days))))
}

/// A date some months later; the last day of the month where that has fewer days.
fn add_months<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let from = date("add_months", &args, 0)?;
    let months =
        args[1].downcast_ref::<CelInt>().ok_or_else(|| wrong("add_months", args[1].as_ref(), "a whole number"))?;
    let span = i32::try_from(*months.inner()).ok().filter(|months| months.abs() < 12_000);
    match span.and_then(|months| from.checked_add(months.months()).ok()) {
        Some(later) => Ok(CowVal::owned(CelString::from(later.to_string()))),
        None => Err(wrong("add_months", args[1].as_ref(), "a number of months that gives a date")),
    }
}

fn list<'a, 'v>(function: &str, args: &'a Args<'_, 'v>, at: usize) -> Result<&'a CelList<'v>, ExecutionError> {
    let list: &CelList<'v> = args[at].downcast_ref().ok_or_else(|| wrong(function, args[at].as_ref(), "a list"))?;
    meter::spend(list.inner().len())?;
    Ok(list)
}

fn fields<'a, 'v>(function: &str, args: &'a Args<'_, 'v>, at: usize) -> Result<&'a CelMap<'v>, ExecutionError> {
    args[at].downcast_ref().ok_or_else(|| wrong(function, args[at].as_ref(), "a map"))
}

pub(super) fn text<'a>(function: &str, args: &'a Args<'_, '_>, at: usize) -> Result<&'a str, ExecutionError> {
    let text: Option<&CelString<'_>> = args[at].downcast_ref();
    text.map(CelString::inner).ok_or_else(|| wrong(function, args[at].as_ref(), "a text"))
}

fn date(function: &str, args: &Args<'_, '_>, at: usize) -> Result<Date, ExecutionError> {
    let text = text(function, args, at)?;
    text.parse().map_err(|_| ExecutionError::function_error(function, format!("`{text}` is not a date YYYY-MM-DD")))
}

pub(super) fn wrong(function: &str, got: &dyn Val, wanted: &str) -> ExecutionError {
    ExecutionError::function_error(function, format!("`{}` is not {wanted}", value::to_json(got)))
}

fn map<'b, 'v>(entries: impl Iterator<Item = (String, Boxed<'v>)>) -> Answer<'b, 'v> {
    let entries: HashMap<CelMapKey<'v>, Boxed<'v>> =
        entries.map(|(key, value)| (CelMapKey::String(CelString::from(key)), value)).collect();
    Ok(CowVal::owned(CelMap::from(entries)))
}

fn field<'a, 'v>(row: &'a (dyn Val + 'v), name: &'a str) -> Option<&'a (dyn Val + 'v)> {
    row.downcast_ref::<CelMap<'v>>()?.inner().get(&CelMapKey::from(name)).map(AsRef::as_ref)
}

fn compare(a: &dyn Val, b: &dyn Val) -> Option<Ordering> {
    a.as_comparer()?.compare(b).ok()
}

/// A value as it stands in a text or a key.
fn shown(value: &dyn Val) -> String {
    match value::to_json(value) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
