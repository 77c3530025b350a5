use cel::Program;
use ecow::EcoString;
use serde_json::Value as Json;

use super::*;
use crate::diagnostic::Span;

fn expression(text: &str) -> Expression {
    Expression::new(text, Span::file("rules.yaml"))
}

fn scope(json: Json) -> Map<String, Json> {
    json.as_object().cloned().unwrap_or_default()
}

#[test]
fn derived_values_see_those_before_them() {
    let derive = [("a", "plants.filter(p, p.own).size()"), ("b", "derived.a + workforce.employees")]
        .map(|(id, text)| Derive { id: id.into(), value: expression(text), layer: 0 });
    let mut sink = Sink::new();
    let rules = Rules::compile(&derive, &[], &Messages::default(), 2, &mut sink);
    let scope = scope(serde_json::json!({"plants": [{"own": true}, {"own": false}], "workforce": {"employees": 9}}));
    let derived = rules.derive(&mut Facts::new(&scope), &mut sink);
    assert!(sink.is_empty(), "{sink:?}");
    assert_eq!(Json::Object(derived), serde_json::json!({"a": 1, "b": 10}));
}

#[test]
fn what_nests_too_deep_is_refused() {
    let mut sink = Sink::new();
    let deep = "a.all(x, a.all(y, a.all(z, a.all(w, w > 0))))";
    Rules::compile(
        &[Derive { id: "d".into(), value: expression(deep), layer: 0 }],
        &[],
        &Messages::default(),
        2,
        &mut sink,
    );
    assert_eq!(sink.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), [codes::RULE_TOO_DEEP.id]);
}

#[test]
fn a_chain_is_not_nested() {
    let mut sink = Sink::new();
    let chain = "a.filter(x, x > 1).map(x, x + 1).filter(x, x > 3).map(x, x * 2).exists(x, x == 8)";
    let rules = Rules::compile(
        &[Derive { id: "d".into(), value: expression(chain), layer: 0 }],
        &[],
        &Messages::default(),
        2,
        &mut sink,
    );
    let scope = scope(serde_json::json!({"a": [1, 2, 3]}));
    let derived = rules.derive(&mut Facts::new(&scope), &mut sink);
    assert_eq!(derived["d"], true, "{sink:?}");
}

#[test]
fn functions_that_packs_need_are_there() {
    let mut sink = Sink::new();
    for (text, expected) in [
        ("sum([1, 2, 3])", serde_json::json!(6)),
        ("max([2, 7, 3])", serde_json::json!(7)),
        ("min([2, 7, 3])", serde_json::json!(2)),
        ("count_by([{'k': 'a'}, {'k': 'b'}, {'k': 'a'}], 'k')", serde_json::json!({"a": 2, "b": 1})),
        ("group_by([{'k': 'a', 'n': 1}, {'k': 'a', 'n': 2}], 'k').a.map(x, x.n)", serde_json::json!([1, 2])),
        ("group_by([{'k': ['a', 'b']}, {'k': ['b']}, {}], 'k').b.size()", serde_json::json!(2)),
        ("index_by([{'k': 'a', 'n': 1}, {'k': 'a', 'n': 2}, {}], 'k')['a'].n", serde_json::json!(1)),
        ("string(month('2026-09-30')) + '/' + string(year('2026-09-30'))", serde_json::json!("9/2026")),
        ("sort_by([{'k': 2}, {'k': 1}], 'k').map(x, x.k)", serde_json::json!([1, 2])),
        (
            "sort_by([{'k': 1}, {}, {'k': 3}, {'k': 2}], 'k', 'descending').map(x, has(x.k) ? x.k : 0)",
            serde_json::json!([3, 2, 1, 0]),
        ),
        ("sort_by([{'k': 'a', 'n': 1}, {'k': 'a', 'n': 2}], 'k', 'descending').map(x, x.n)", serde_json::json!([1, 2])),
        ("sort_by([{'k': 2}, {'k': 1}], 'k', 'ascending').map(x, x.k)", serde_json::json!([1, 2])),
        ("numbered([{'k': 'a'}, {'k': 'b'}]).map(x, string(x.position) + x.k)", serde_json::json!(["1a", "2b"])),
        ("numbered(['a', 'b'], 'rank')", serde_json::json!([{"rank": 1, "value": "a"}, {"rank": 2, "value": "b"}])),
        (
            "[position(['a', 'b'], 'b'), position(['a'], 'c'), position([{'a': 1}], {'a': 1})]",
            serde_json::json!([2, 0, 1]),
        ),
        (
            "[first([1, 2, 3], 2), last([1, 2, 3], 2), first([1], 5), last([], 2), first([1], 0)]",
            serde_json::json!([[1, 2], [2, 3], [1], [], []]),
        ),
        (
            "[pick({'a': 0}, 'a', 7), pick({'a': 0}, 'b', 7), pick([5], 0, 7), pick([5], 1, 7), pick([5], -1, 7)]",
            serde_json::json!([0, 7, 5, 7, 7]),
        ),
        (
            "[add('2026-01-31', '1 month'), add('2024-02-29', 'P1Y'), add('2026-01-01', '6 weeks'), add('2026-01-01', 30), add('2026-01-01', '72 h')]",
            serde_json::json!(["2026-02-28", "2025-02-28", "2026-02-12", "2026-01-31", "2026-01-04"]),
        ),
        (
            "[subtract('2026-03-31', '1 month'), add('2026-08-31', '18 months'), add('2026-01-31', '1 month 1 day')]",
            serde_json::json!(["2026-02-28", "2028-02-29", "2026-03-01"]),
        ),
        (
            "[days('4 weeks'), days('18 months'), days(3), minutes('4 h'), minutes('1 d')]",
            serde_json::json!([28, 548, 3, 240, 1440]),
        ),
        (
            "[days('2 weeks'), days('3 working days'), days(4), days('25 h'), days('0 h'), minutes('0.5 h'), minutes('5 working days') - minutes('1 week')]",
            serde_json::json!([14, 5, 4, 2, 0, 30, 0]),
        ),
        (
            "[add('2026-01-31', '4 h'), add('2026-03-12', '2 working days'), subtract('2026-03-16', '1 working day'), add('2026-03-14', '1 month 1 wd')]",
            serde_json::json!(["2026-02-01", "2026-03-16", "2026-03-13", "2026-04-15"]),
        ),
        (
            "[first_day('2026-03'), last_day('2026-02'), last_day('2026'), first_day('2026-03-14'), last_day('2026-01/2026-03')]",
            serde_json::json!(["2026-03-01", "2026-02-28", "2026-12-31", "2026-03-14", "2026-03-31"]),
        ),
        (
            "[months('2 years'), months('30 d')] + [shortest(['1 d', '4 h', '240 min']), longest(['4 h', '2 d'])].map(d, minutes(d))",
            serde_json::json!([24, 1, 240, 2880]),
        ),
        ("[is_duration('6 weeks'), is_duration('on change')]", serde_json::json!([true, false])),
        ("[year('2026'), year('2026-03'), month('2026-03')]", serde_json::json!([2026, 2026, 3])),
        (
            "[longer('18 months', '400 d'), longer('12 months', '1 year'), longer('15 min', '4 h'), longer('25 h', '1 d')]",
            serde_json::json!([true, false, false, true]),
        ),
        (
            "closure([{'id': 'a', 'to': ['b']}, {'id': 'b', 'to': 'c'}, {'id': 'c'}, {'id': 'd', 'to': ['d', 'x']}], 'id', 'to').map(r, r.reaches)",
            serde_json::json!([["b", "c"], ["c"], [], ["d", "x"]]),
        ),
        (
            "closure([{'id': 'a', 'to': ['b']}, {'id': 'b', 'to': ['a']}], 'id', 'to').filter(r, r.id in r.reaches).map(r, r.id)",
            serde_json::json!(["a", "b"]),
        ),
        (
            "reaches([{'id': 'a', 'to': ['b', 'c']}, {'id': 'b', 'to': ['d']}, {'id': 'c'}, {'id': 'd', 'to': ['b']}], 'id', 'a', 'to').map(r, r.id)",
            serde_json::json!(["b", "c", "d"]),
        ),
        (
            "reaches([{'id': 1, 'to': [2]}, {'id': 2}], 'id', 1, 'to').map(r, r.id) + reaches([{'id': 'a'}], 'id', 'x', 'to')",
            serde_json::json!([2]),
        ),
        ("join(['a', 'b'], ', ')", serde_json::json!("a, b")),
        ("days_between('2026-01-01', '2026-03-01')", serde_json::json!(59)),
        ("add_months('2026-01-31', 1)", serde_json::json!("2026-02-28")),
        ("keys({'b': 1, 'a': 2})", serde_json::json!(["a", "b"])),
        ("values({'b': 1, 'a': 2})", serde_json::json!([2, 1])),
        ("merge({'a': 1}, {'b': 2})", serde_json::json!({"a": 1, "b": 2})),
        ("lower('ÄB')", serde_json::json!("äb")),
        ("unique(['a', 'b', 'a'])", serde_json::json!(["a", "b"])),
        ("flatten([[1], [2, 3]])", serde_json::json!([1, 2, 3])),
    ] {
        let rules = Rules::compile(
            &[Derive { id: "x".into(), value: expression(text), layer: 0 }],
            &[],
            &Messages::default(),
            2,
            &mut sink,
        );
        let derived = rules.derive(&mut Facts::new(&Map::new()), &mut sink);
        assert_eq!(derived.get("x"), Some(&expected), "{text}: {sink:?}");
    }
}
#[test]
fn a_wrong_argument_is_a_fault_that_says_which_function_and_why() {
    for (text, said) in [
        ("sum('abc')", "sum"),
        ("sum(['a'])", "sum"),
        ("max([])", "empty"),
        ("max([1, 'a'])", "compare"),
        ("count_by([{'k': 1}], 2)", "count_by"),
        ("group_by(1, 'k')", "group_by"),
        ("index_by('a', 'k')", "index_by"),
        ("sort_by([{'k': 1}, {'k': 'a'}], 'k')", "sort_by"),
        ("sort_by([{'k': 1}], 'k', 'down')", "`down` is no order"),
        ("numbered('a')", "numbered"),
        ("position('a', 'a')", "position"),
        ("first([1], -1)", "first"),
        ("first([1], 'a')", "first"),
        ("pick('a', 0, 1)", "pick"),
        ("pick([1], 'a', 1)", "place in a list"),
        ("add('2026-01-31', 'soon')", "`soon` is no length of time"),
        ("add('2026-01-31', '4 hrss')", "has the unit `hrss`"),
        ("minutes('on change')", "is no length of time"),
        ("days_between('2026-03', '2026-04-01')", "known to its month or year alone"),
        ("add('2026', '1 d')", "known to its month or year alone"),
        ("add_months('2026-03', 1)", "known to its month or year alone"),
        ("month('2026')", "known to its month or year alone"),
        ("shortest([])", "empty"),
        ("shortest(['soon'])", "is no length of time"),
        ("first_day('March')", "is no period"),
        ("last_day('2026-03/2026-01')", "ends before it begins"),
        ("add('9999-12-31', '1 d')", "leads to a date"),
        ("add('soon', '4 d')", "not a date"),
        ("longer('1 d', [])", "length of time"),
        ("closure([1], 'id', 'to')", "rows"),
        ("closure([{'id': 'a'}], 'id', 2)", "closure"),
        ("reaches([{'id': 'a'}], 'id', [], 'to')", "key"),
        ("join([1, [2]], 3)", "join"),
        ("flatten(3)", "flatten"),
        ("keys([1])", "keys"),
        ("merge({'a': 1}, 2)", "merge"),
        ("days_between('2026-01-01', 'soon')", "soon"),
        ("days_between('2026-01-01', '2026-02-30')", "2026-02-30"),
        ("add_months('2026-01-31', 999999999)", "add_months"),
        ("add_months('2026-01-31')", "add_months"),
        ("year('')", "year"),
        ("month(5)", "month"),
        ("unique(1)", "unique"),
        ("lower(1)", "lower"),
    ] {
        let mut sink = Sink::new();
        let rules = Rules::compile(
            &[Derive { id: "x".into(), value: expression(text), layer: 0 }],
            &[],
            &Messages::default(),
            2,
            &mut sink,
        );
        let derived = rules.derive(&mut Facts::new(&Map::new()), &mut sink);
        assert_eq!(derived.get("x"), None, "{text}");
        let message: String = sink.iter().map(|problem| problem.message.as_str()).collect();
        assert!(message.contains(said), "{text}: {message}");
    }
}

#[test]
fn rows_that_are_numbered_cut_off_or_reached_keep_their_places() {
    for (text, found) in [
        ("first(sort_by(risks, 'score', 'descending'), 1).map(r, r.title)", "risks[R-2].title"),
        ("numbered(risks.filter(r, r.id == 'R-3')).map(r, r.title)", "risks[R-3].title"),
        ("pick(risks[0], 'title', '-')", "risks[R-1].title"),
        ("reaches(actions + risks, 'id', 'A-1', 'risk').map(r, r.title)", "risks[R-3].title"),
        ("closure(actions, 'id', 'risk')[0].reaches", "actions[A-1].risk"),
        ("pick(risks[0], 'due', 'none')", "risks[R-1]"),
    ] {
        assert_eq!(traced(text).1, [found], "{text}");
    }
}

/// What a rule gives on a small profile, and where each text and number in it came from.
fn traced(text: &str) -> (Json, Vec<String>) {
    let scope = scope(serde_json::json!({
        "risks": [
            {"id": "R-1", "title": "Fire", "owner": "cto", "score": 4, "open": true},
            {"id": "R-2", "title": "Flood", "owner": "coo", "score": 9, "open": false},
            {"id": "R-3", "title": "Theft", "owner": "cto", "score": 6, "open": true, "due": "2026-05-01"},
        ],
        "roles": [{"id": "cto", "title": "Chief"}, {"id": "coo", "title": "Second"}],
        "actions": [{"id": "A-1", "risk": "R-3"}],
        "rules": {"limit": 5, "months": 3},
        "data": {"controls": [{"id": "C.1", "name": "Locks"}, {"id": "C.2", "name": "Keys"}]},
        "as_of": "2026-11-02",
    }));
    let path = |parts: &[String]| {
        let mut path = EcoString::new();
        for part in parts {
            match part.parse::<usize>() {
                Ok(row) => path.push_str(&format!("[{}]", scope[&parts[0]][row]["id"].as_str().unwrap())),
                Err(_) => path.push_str(&format!("{}{part}", if path.is_empty() { "" } else { "." })),
            }
        }
        path
    };
    let mut sink = Sink::new();
    let mut facts = Facts::traced(&scope, &path);
    let derive = Derive { id: "x".into(), value: expression(text), layer: 0 };
    let derived = Rules::compile(&[derive], &[], &Messages::default(), 1, &mut sink).derive(&mut facts, &mut sink);
    assert!(sink.is_empty(), "{text}: {sink:?}");
    let mut found = Vec::new();
    leaves(&derived["x"], &mut vec!["derived".into(), "x".into()], &facts.into_origins(), &mut found);
    (derived["x"].clone(), found)
}

fn leaves(value: &Json, path: &mut Vec<String>, origins: &crate::model::Origins, found: &mut Vec<String>) {
    let parts: Vec<(String, &Json)> = match value {
        Json::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        Json::Object(fields) => fields.iter().map(|(key, field)| (key.clone(), field)).collect(),
        _ => return found.push(origins.paths(path).join("+")),
    };
    for (part, inner) in parts {
        path.push(part);
        leaves(inner, path, origins, found);
        path.pop();
    }
}

#[test]
fn values_keep_the_place_that_they_were_taken_from() {
    for text in [
        "sort_by(risks.filter(r, r.open), 'score').map(r, r.title)",
        "flatten(values(group_by(risks.filter(r, r.open), 'owner'))).map(r, r.title)",
        "unique(risks.filter(r, r.open).map(r, merge(r, {'late': true}))).map(r, r.title)",
        "['R-1', 'R-3'].map(id, index_by(risks, 'id')[id].title)",
        "[risks[0].title] + [risks[2].title]",
    ] {
        assert_eq!(traced(text).1, ["risks[R-1].title", "risks[R-3].title"], "{text}");
    }
    for (text, from) in [
        ("data.controls.filter(c, c.id == 'C.2')[0].name", "data.controls[C.2].name"),
        ("max(risks.map(r, r.score))", "risks[R-2].score"),
        ("rules", "rules.limit rules.months"),
        ("index_by(roles, 'id')[risks[1].owner].title", "roles[coo].title"),
        ("risks.map(r, merge(data.controls[0], r))[1].name", "data.controls[C.1].name"),
        ("keys(group_by(risks, 'owner'))", "risks[R-2].owner risks[R-1].owner+risks[R-3].owner"),
    ] {
        assert_eq!(traced(text).1.join(" "), from, "{text}");
    }
}

#[test]
fn what_is_computed_comes_from_what_it_was_computed_from() {
    for (text, from) in [
        ("risks[0].title + ' of ' + roles[0].title", "risks[R-1].title+roles[cto].title"),
        ("risks.map(r, r.title + '!')[1]", "risks[R-2].title"),
        ("join(risks.map(r, r.title), ', ')", "risks[R-1].title+risks[R-2].title+risks[R-3].title"),
        ("sum(risks.filter(r, r.open).map(r, r.score))", "risks[R-1].score+risks[R-3].score"),
        ("size(risks.filter(r, r.score > rules.limit))", "risks[R-2]+risks[R-3]"),
        ("size(risks.filter(r, r.score > 99))", "risks[R-1].score+risks[R-2].score+risks[R-3].score"),
        ("size(risks)", "risks[R-1]+risks[R-2]+risks[R-3]"),
        ("count_by(risks, 'owner').cto", "risks[R-1]+risks[R-3]"),
        ("days_between(risks[2].due, as_of)", "risks[R-3].due+as_of"),
        ("string(rules.months) + ' months'", "rules.months"),
        ("risks.exists(r, r.score > 8)", "risks[R-2].score"),
        ("risks.all(r, r.score > 1)", "risks[R-1].score+risks[R-2].score+risks[R-3].score"),
        ("has(risks[0].due)", "risks[R-1]"),
        ("risks[0].owner in roles.map(r, r.id)", "roles[cto].id+risks[R-1].owner"),
    ] {
        let mut given: Vec<String> = traced(text).1.join("+").split('+').map(str::to_owned).collect();
        let mut from: Vec<&str> = from.split('+').collect();
        given.sort();
        from.sort_unstable();
        assert_eq!(given, from, "{text}");
    }
}

#[test]
fn what_a_rule_says_by_itself_comes_from_what_decided_it() {
    for (text, from) in [
        ("risks[0].open ? 'open' : 'closed'", "risks[R-1].open"),
        ("risks[0].open ? {'a': [{'b': 'c'}]} : {}", "risks[R-1].open"),
        ("risks.map(r, {'kind': 'risk'})[2]", "risks[R-3]"),
        ("risks.map(r, r.score > rules.limit ? 'high' : 'low')[0]", "risks[R-1].score+rules.limit"),
        (
            "[{'id': 'cto', 'label': 'The chief'}].filter(o, risks.exists(r, r.owner == o.id))[0].label",
            "risks[R-1].owner",
        ),
        ("roles.map(o, {'n': risks.filter(r, r.owner == o.id).map(r, {'says': 'yes'})})[1].n[0].says", "risks[R-2]"),
        ("{'a': 'A'}.a", "derived.x"),
        ("actions.map(a, merge({'note': 'n'}, a))[0].note", "actions[A-1]"),
    ] {
        assert_eq!(traced(text).1.join(" "), from, "{text}");
    }
}

#[test]
fn maps_are_gone_over_in_the_order_of_their_keys() {
    let keys: Vec<String> = (0..200).map(|number| format!("k{:03}", number * 37 % 200)).collect();
    let written: Vec<String> = keys.iter().map(|key| format!("'{key}': '{key}'")).collect();
    let map = format!("{{{}}}", written.join(", "));
    let rows = format!("[{}]", keys.iter().map(|key| format!("{{'k': '{key}'}}")).collect::<Vec<_>>().join(", "));
    let mut sorted = keys.clone();
    sorted.sort();
    for text in [
        format!("{map}.map(k, k)"),
        format!("{map}.filter(k, k != '')"),
        format!("keys({map})"),
        format!("values({map})"),
        format!("count_by({rows}, 'k').map(k, k)"),
        format!("group_by({rows}, 'k').map(k, k)"),
        format!("index_by({rows}, 'k').map(k, k)"),
        format!("merge({map}, {{'k000': 'k000'}}).map(k, k)"),
        format!("flatten([{map}.map(k, [k])])").replace("[k]", "k"),
    ] {
        for _ in 0..3 {
            assert_eq!(traced(&text).0, serde_json::json!(sorted), "{text}");
        }
    }
    let joined = format!("join({map}.map(k, k), ' ')");
    assert_eq!(traced(&joined).0, serde_json::json!(sorted.join(" ")));
    let first = format!("{map}.map(k, k)[0]");
    assert_eq!(traced(&first).0, "k000");
}

/// What CEL's own interpreter gives.
fn by_cel(text: &str) -> Option<Json> {
    let program = Program::compile(text).ok()?;
    let mut context = cel::Context::default();
    let row = |id: &str, n: i64| -> cel::Value {
        std::collections::HashMap::from([("id", cel::Value::from(id)), ("n", n.into())]).into()
    };
    context.add_variable_from_value("rows", vec![row("a", 2), row("b", 1)]);
    Some(plain(&program.execute(&context).ok()?))
}

fn plain(value: &cel::Value) -> Json {
    let key = |key: &cel::objects::Key| match plain(&cel::Value::from(key)) {
        Json::String(text) => text,
        other => other.to_string(),
    };
    match value {
        cel::Value::List(items) => items.iter().map(plain).collect(),
        cel::Value::Map(map) => map.map.iter().map(|(name, value)| (key(name), plain(value))).collect(),
        cel::Value::Int(number) => (*number).into(),
        cel::Value::UInt(number) => (*number).into(),
        cel::Value::Float(number) => (*number).into(),
        cel::Value::String(text) => text.as_str().into(),
        cel::Value::Bool(flag) => (*flag).into(),
        _ => Json::Null,
    }
}

#[test]
fn answers_are_those_of_cel() {
    let scope = scope(serde_json::json!({"rows": [{"id": "a", "n": 2}, {"id": "b", "n": 1}]}));
    let cases = [
        "1 + 2 * 3 - 4 / 3 % 2",
        "-7 / 2",
        "-7 % 3",
        "7 / 0",
        "7 % 0",
        "9223372036854775807 + 1",
        "1.5 + 2.5",
        "1 + 1.5",
        "2.0 == 2",
        "2 < 2.5",
        "3.0 >= 3",
        "'a' < 'b'",
        "true > false",
        "1 == '1'",
        "1 < '1'",
        "[1, 2] == [1, 2.0]",
        "{'a': 1} == {'a': 1.0}",
        "null == null",
        "null == 1",
        "!true",
        "!1",
        "-rows[0].n",
        "-'a'",
        "'a' + 'b'",
        "'a' + 1",
        "[1] + [2, 3]",
        "rows[0].n",
        "rows[2].n",
        "rows[-1]",
        "rows['a']",
        "rows[0]['id']",
        "rows[0].x",
        "rows.x",
        "x",
        "has(rows[0].n)",
        "has(rows[0].x)",
        "has(rows[5].x)",
        "has(rows.x)",
        "true || x",
        "x || true",
        "false || x",
        "x && false",
        "true && x",
        "x && true",
        "1 || true",
        "true ? 1 : x",
        "false ? x : 2",
        "1 ? 2 : 3",
        "1 in [1, 2]",
        "'a' in {'a': 1}",
        "3 in {'a': 1}",
        "1 in 2",
        "[1] in [[1], [2]]",
        "1.0 in [1]",
        "rows.map(r, r.n)",
        "rows.map(r, r.n > 1, r.id)",
        "rows.filter(r, r.n > 1)",
        "rows.filter(r, r.x > 1)",
        "rows.all(r, r.n > 0)",
        "rows.all(r, r.n > 1)",
        "rows.all(r, r.x > 1)",
        "rows.all(r, r.n > 1 && r.x > 1)",
        "rows.exists(r, r.n > 1)",
        "rows.exists(r, r.x > 1)",
        "rows.exists(r, r.id == 'b' || r.x)",
        "[].all(x, false)",
        "[].exists(x, true)",
        "rows.exists_one(r, r.n > 1)",
        "rows.exists_one(r, r.n > 0)",
        "rows.existsOne(r, r.n > 1)",
        "{'b': 1}.map(k, k)",
        "{'b': 1}.all(k, k == 'b')",
        "{'b': 1}.exists(k, k == 'b')",
        "'ab'.map(c, c)",
        "size('äb')",
        "size([1, 2])",
        "size({'a': 1})",
        "'abc'.size()",
        "size(1)",
        "'abc'.contains('b')",
        "'abc'.startsWith('ab')",
        "'abc'.endsWith('ab')",
        "'abc'.matches('^a.c$')",
        "matches('abc', 'b')",
        "contains('abc', 'b')",
        "string(1)",
        "string(1.5)",
        "string(2.0)",
        "string(true)",
        "string('a')",
        "string([1])",
        "int('12')",
        "int('a')",
        "int(1.9)",
        "int(-1.9)",
        "int(1e300)",
        "double('1.5')",
        "double(2)",
        "bool('true')",
        "bool('x')",
        "bool(true)",
        "{'a': 1, 'a': 2}",
        "{1: 'a'}[1]",
        "{true: 'a'}[true]",
        "[1, 2].map(x, x).map(x, x + 1)",
        "rows.map(r, rows.map(r, r.n))",
        "rows.map(r, rows.filter(o, o.n == r.n).size())",
        "[[1, 2], [3]].map(l, l[0])",
        "{'a': {'b': [1, {'c': 2}]}}.a.b[1].c",
        "nothing(1)",
        "'a'.nothing()",
        "[1, 2][1.0]",
    ];
    let mut differ = Vec::new();
    for text in cases {
        let mut sink = Sink::new();
        let own = program(&expression(text), &mut sink).and_then(|program| Facts::new(&scope).evaluate(&program).ok());
        let (own, cel) = (own.map(|value| value.to_json()), by_cel(text));
        if own != cel {
            differ.push(format!("{text}: {own:?}, not {cel:?}"));
        }
    }
    assert_eq!(differ, Vec::<String>::new());
}

fn messages(texts: &[(&str, &str)]) -> Messages {
    let entry = |written: &str| Entry {
        message: crate::messages::Message::parse(written).unwrap(),
        written: written.into(),
        span: Span::text("messages/x.yaml", 2, 3, 4),
        layer: 0,
    };
    Messages {
        language: crate::language::Language::new("en-GB").unwrap(),
        texts: texts.iter().map(|(key, written)| ((*key).into(), entry(written))).collect(),
        ..Messages::default()
    }
}

#[test]
fn texts_are_sorted_as_the_language_orders_them() {
    let source = "sort_by([{'k': 'Zoll'}, {'k': 'Ärger'}, {'k': 'apfel'}, {'k': 'Apfel'}], 'k').map(x, x.k)";
    for (language, expected) in
        [("de-DE", ["apfel", "Apfel", "Ärger", "Zoll"]), ("sv-SE", ["apfel", "Apfel", "Zoll", "Ärger"])]
    {
        let mut messages = messages(&[]);
        messages.language = crate::language::Language::new(language).unwrap();
        let mut facts = Facts::new(&scope(serde_json::json!({})));
        facts.speak(std::sync::Arc::new(messages.clone()));
        let mut sink = Sink::new();
        let derive = Derive { id: "sorted".into(), value: expression(source), layer: 0 };
        let rules = Rules::compile(&[derive], &[], &messages, 1, &mut sink);
        let derived = rules.derive(&mut facts, &mut sink);
        assert_eq!(derived["sorted"], serde_json::json!(expected), "{language}");
    }
}

#[test]
fn rules_say_messages_of_the_tables() {
    let messages =
        messages(&[("due", "due on {day, date}, {days, plural, one {# day} other {# days}} from now"), ("s.a", "A")]);
    let mut sink = Sink::new();
    for (text, said) in [
        ("text('due', {'day': '2026-11-24', 'days': size(plants)})", "due on 24 November 2026, 2 days from now"),
        ("text('s.' + plants[0].k)", "A"),
        ("text(plants[0].own ? 's.a' : 'due')", "A"),
    ] {
        let derive = Derive { id: "x".into(), value: expression(text), layer: 0 };
        let rules = Rules::compile(&[derive], &[], &messages, 1, &mut sink);
        let scope = scope(serde_json::json!({"plants": [{"own": true, "k": "a"}, {}]}));
        let mut facts = Facts::new(&scope);
        facts.speak(std::sync::Arc::new(messages.clone()));
        assert_eq!(rules.derive(&mut facts, &mut sink)["x"], said, "{text}: {sink:?}");
    }
}

#[test]
fn a_message_that_no_table_has_is_a_fault_of_the_rule() {
    let messages = messages(&[("audit.report", "Report")]);
    for (text, problem) in [
        ("text('audit.reprot')", "no message table has `audit.reprot`; did you mean `audit.report`?"),
        ("true ? text('audit.report') : text('x')", "no message table has `x`"),
        ("text('risk.' + 'a')", "no message table has a key that begins with `risk.`"),
    ] {
        let mut sink = Sink::new();
        Rules::compile(&[Derive { id: "d".into(), value: expression(text), layer: 0 }], &[], &messages, 1, &mut sink);
        let found: Vec<_> = sink.iter().map(|found| (found.code.as_str(), found.message.as_str())).collect();
        assert_eq!(found, [(codes::MESSAGE_UNKNOWN.id, format!("`{text}`: {problem}").as_str())]);
    }
}

#[test]
fn checks_fill_the_slots_of_their_message() {
    let messages = messages(&[]);
    let entry = |written: &str| Entry {
        message: crate::messages::Message::parse(written).unwrap(),
        written: written.into(),
        span: Span::text("messages/x.yaml", 2, 3, 4),
        layer: 0,
    };
    let check = |with: Option<&str>, written: &str| Check {
        id: "late".into(),
        severity: Severity::Warning,
        each: Some(expression("plants")),
        on_change: false,
        assert: expression("false"),
        at: Some(expression("'plants[' + it.k + ']'")),
        message: Said::Message(entry(written)),
        with: with.map(expression),
        explain: "Because.".into(),
        explained_at: Span::text("messages/x.yaml", 3, 3, 4),
        layer: 0,
    };
    let scope = scope(serde_json::json!({"plants": [{"k": "a"}, {"k": "b"}]}));
    let run = |check: Check| {
        let mut sink = Sink::new();
        let found = Rules::compile(&[], &[check], &messages, 1, &mut sink).check(&Facts::new(&scope), 1, &mut sink);
        let said: Vec<String> = found.into_iter().map(|found| found.message).collect();
        (said, sink.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>())
    };
    assert_eq!(
        run(check(Some("{'key': it.k}"), "{key} is late")),
        (vec!["a is late".into(), "b is late".into()], vec![])
    );
    assert_eq!(run(check(None, "one is late")).0, ["one is late", "one is late"]);
    assert_eq!(
        run(check(None, "{key} is late")).1,
        ["check `late`: its message `{key} is late`: it has a slot `{key}`, and no `key` is given"]
    );
    assert_eq!(run(check(Some("it.k"), "x")).1, ["check `late`: `it.k` gives `\"a\"`, not a map of slots"]);
}

#[test]
fn words_in_rules_are_found_and_keys_are_not() {
    let found = |text: &str| prose(&expression(text));
    for text in [
        "risks.filter(r, r.state == \"In progress\").map(r, {\"tone\": \"good\", \"id\": r.id})",
        "has(x.due) ? x.due : \"\"",
        "text('a.b', {'name': x.name + ' (' + x.id + ')'})",
        "data.topics[\"privacy\"].controls",
        "sort_by(values(data.topics), \"section\")",
        "merge({\"undecided\": 0}, count_by(x, \"mark\"))",
        "x.section.matches(\"^secure-(development-policy|x)#\")",
        "\"risks[\" + it.id + \"].owner\"",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(
        found("{'steps': [{'label': 'report'}, {'label': x, 'note': 'the auditor, ' + y}]}"),
        ["report", "the auditor, "]
    );
    assert_eq!(found("x ? 'no owner' : 'Owner'"), ["no owner", "Owner"]);
    assert_eq!(found("xs.map(x, x.late ? 'not in time' : x.id)"), ["not in time"]);
    assert_eq!(found("join(xs.map(x, x.id + ' and more'), ', ')"), [" and more"]);
}

#[test]
fn of_what_was_before_only_what_checks_compare_with_is_derived() {
    let derive = |(id, text): (&str, &str)| Derive { id: id.into(), value: expression(text), layer: 0 };
    let compared = |derived: &[(&str, &str)], each: &str, assert: &str| {
        let check = Check {
            id: "moved".into(),
            severity: Severity::Warning,
            each: Some(expression(each)),
            on_change: true,
            assert: expression(assert),
            at: None,
            message: Said::Rule(expression("'moved'")),
            with: None,
            explain: "Because.".into(),
            explained_at: Span::file("rules.yaml"),
            layer: 0,
        };
        let derived: Vec<Derive> = derived.iter().copied().map(derive).collect();
        let rules = Rules::compile(&derived, &[check], &messages(&[]), 1, &mut Sink::new());
        let mut facts = Facts::new(&scope(serde_json::json!({"plants": [{"k": "a"}]})));
        rules.derive_before(&mut facts, &mut Sink::new());
        let asked = |rule: &&Derive| facts.evaluate(&program(&rule_of(&rule.id), &mut Sink::new()).unwrap()).is_ok();
        derived.iter().filter(asked).map(|rule| rule.id.clone()).collect::<Vec<_>>()
    };
    let all = [("keys", "plants.map(p, p.k)"), ("many", "size(derived.keys)"), ("other", "size(plants)")];
    assert_eq!(compared(&all, "plants", "before.derived.many == derived.other"), ["keys", "many"]);
    assert_eq!(compared(&all, "before.derived.keys", "it in before.plants.map(p, p.k)"), ["keys"]);
    assert_eq!(compared(&all, "before.plants", "has(derived.other)"), Vec::<String>::new());
    // What is read otherwise than by its name may be anything.
    assert_eq!(compared(&all, "plants", "size(before.derived) > 1"), ["keys", "many", "other"]);
    let whole = [("keys", "plants.map(p, p.k)"), ("other", "size(plants)"), ("any", "size(derived)")];
    assert_eq!(compared(&whole, "plants", "before.derived.any > 1"), ["keys", "other", "any"]);
}

fn rule_of(id: &str) -> Expression {
    expression(&format!("derived.{id}"))
}
