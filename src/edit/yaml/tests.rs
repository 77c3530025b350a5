#![allow(clippy::disallowed_methods, reason = "tests read files")]

use serde_json::json;

use super::*;

fn value(text: &str) -> Json {
    yaml::read_str("f.yaml", &text.replace("\r\n", "\n"), &mut Sink::new()).unwrap().to_json()
}

fn changed(text: &str, change: &Change) -> String {
    apply(text, &value(text), change).unwrap_or_else(|stuck| panic!("{stuck:?}"))
}

fn become_(value: Json) -> Change {
    Change::Become(value)
}

fn keep(from: usize) -> Piece {
    Piece { from: Some(from), change: Change::Keep }
}

fn new(value: Json) -> Piece {
    Piece { from: None, change: become_(value) }
}

#[test]
fn scalars_keep_their_quotes_and_comments() {
    let text = "a: old # why\nb: 'it''s' # so\nc: \"x\"\nd: | # head\n  two\n  lines\n\ne: plain\n  on two\n";
    let change = Change::map([
        Field::new("a", become_(json!("10.2"))),
        Field::new("b", become_(json!("it's new"))),
        Field::new("c", become_(json!("y \"z\""))),
        Field::new("d", become_(json!("one line"))),
        Field::new("e", become_(json!(true))),
    ]);
    assert_eq!(
        changed(text, &change),
        "a: \"10.2\" # why\nb: 'it''s new' # so\nc: \"y \\\"z\\\"\"\nd: \"one line\" # head\n\ne: true\n"
    );
}

#[test]
fn flow_lists_lose_and_gain_items() {
    let text = "a: [x, y , \"z\", ] # tail\n";
    let list = |pieces| Change::at("a", Change::List(pieces));
    assert_eq!(changed(text, &list(vec![keep(0), keep(1)])), "a: [x, y, ] # tail\n");
    assert_eq!(changed(text, &list(vec![keep(1), new(json!("new")), keep(2)])), "a: [y, new, \"z\", ] # tail\n");
    assert_eq!(changed(text, &list(vec![new(json!("new")), keep(0)])), "a: [new, x, ] # tail\n");
    assert_eq!(changed(text, &list(vec![])), "a: [] # tail\n");
    assert_eq!(changed("a: []\n", &list(vec![new(json!("new"))])), "a: [new]\n");
    let lines = "a: [x, # first\n    y, # second\n    z] # third\n";
    assert_eq!(changed(lines, &list(vec![keep(0), keep(2)])), "a: [x, # first\n    # second\n    z] # third\n");
    assert_eq!(changed(lines, &list(vec![keep(2)])), "a: [ # first\n    # second\n    z] # third\n");
    assert_eq!(changed(lines, &list(vec![keep(0)])), "a: [x # first\n     # second\n    ] # third\n");
}

#[test]
fn block_lists_lose_and_gain_items_and_no_comment() {
    let text = "a:\n  # head\n  - x # first\n  # of y\n  - y # second\n\n  - z # third\nb: 1\n";
    let list = |pieces| Change::at("a", Change::List(pieces));
    assert_eq!(
        changed(text, &list(vec![keep(0), new(json!("new")), keep(2)])),
        "a:\n  # head\n  - x # first\n  - new\n  # of y\n  # second\n\n  - z # third\nb: 1\n"
    );
    assert_eq!(
        changed(text, &list(vec![keep(1), keep(2), new(json!("new"))])),
        "a:\n  # head\n  - y # second\n  # first\n  # of y\n\n  - z # third\n  - new\nb: 1\n"
    );
    assert_eq!(changed(text, &list(vec![])), "a: [] # first # of y # second # third # head\nb: 1\n");
    assert_eq!(changed("a:\n- x\n- y\n", &list(vec![])), "a: []\n");
    assert_eq!(changed("a:\n- x\n- y\n", &list(vec![keep(1)])), "a:\n- y\n");
    assert_eq!(
        changed("a:\n- x\n- y", &list(vec![keep(0), keep(1), new(json!({"k": "v"}))])),
        "a:\n- x\n- y\n- {k: v}"
    );
}

#[test]
fn maps_lose_gain_and_rename_entries() {
    let text = "rows:\n  - id: a # the id\n    why: |\n      long\n    n: 1 # last\n  - {id: b, why: so}\n";
    let row = |at, change| {
        let mut pieces = vec![keep(0), keep(1)];
        pieces[at] = Piece { from: Some(at), change };
        Change::at("rows", Change::List(pieces))
    };
    assert_eq!(
        changed(text, &row(0, Change::map([Field::new("id", Change::Remove), Field::new("m", become_(json!([1])))]))),
        "rows:\n  - why: |\n      long\n    # the id\n    n: 1 # last\n    m: [1]\n  - {id: b, why: so}\n"
    );
    assert_eq!(
        changed(
            text,
            &row(1, Change::map([Field { key: "id".into(), name: "key".into(), change: become_(json!("c")) }]))
        ),
        "rows:\n  - id: a # the id\n    why: |\n      long\n    n: 1 # last\n  - {key: c, why: so}\n"
    );
    assert_eq!(
        changed("pack:\n  path: x # here\nid: a\n", &Change::at("pack", become_(json!("p@^1")))),
        "pack: p@^1 # here\nid: a\n"
    );
    assert_eq!(changed("a:\n  b: 1\n", &Change::at("a.b", Change::Remove)), "a: {}\n");
    assert_eq!(changed("a: {b: 1, c: 2}\n", &Change::at("a.b", Change::Remove)), "a: {c: 2}\n");
    assert_eq!(changed("a: 1\n", &Change::at("b", become_(json!([{"x": "y z"}])))), "a: 1\n\nb:\n  - {x: \"y z\"}\n");
}

#[test]
fn an_alias_follows_its_anchor_or_is_written_out() {
    let text = "a: &l [x, y]\nb: *l # same\nc: &s x\nd: *s\n";
    let both = [
        Field::new("a", Change::List(vec![keep(0)])),
        Field::new("b", Change::List(vec![keep(0)])),
        Field::new("c", become_(json!("z"))),
    ];
    assert_eq!(changed(text, &Change::map(both)), "a: &l [x]\nb: *l # same\nc: &s z\nd: x\n");
    let base = "r:\n  - &b {id: a, t: x}\n  - {<<: *b, id: b}\n";
    let t = |value: &str| Change::at("t", become_(json!(value)));
    let rows = |one, two| {
        let piece = |at, change| Piece { from: Some(at), change };
        Change::at("r", Change::List(vec![piece(0, one), piece(1, two)]))
    };
    assert_eq!(changed(base, &rows(t("w"), t("w"))), "r:\n  - &b {id: a, t: w}\n  - {<<: *b, id: b}\n");
    assert_eq!(changed(base, &rows(Change::Keep, t("w"))), "r:\n  - &b {id: a, t: x}\n  - {<<: *b, id: b, t: w}\n");
    assert_eq!(changed(base, &rows(t("w"), Change::Keep)), "r:\n  - &b {id: a, t: w}\n  - {<<: *b, id: b, t: x}\n");
}

#[test]
fn what_an_alias_needs_is_not_taken_away() {
    let text = "r:\n  - &b {id: a, t: x}\n  - {<<: *b, id: b}\n";
    let stuck = apply(text, &value(text), &Change::at("r", Change::List(vec![keep(1)]))).unwrap_err();
    assert_eq!(stuck.problem, "an anchor or alias stands in the way, for `- {<<: *b, id: b}`");
}

#[test]
fn byte_order_mark_and_line_ends_stay() {
    let text = "\u{FEFF}a: x # é\r\nb:\r\n  - y\r\n  - z\r\n";
    let list = Change::List(vec![keep(0), new(json!("new")), keep(1)]);
    let change = Change::map([Field::new("a", become_(json!("ß"))), Field::new("b", list)]);
    assert_eq!(
        apply(text, &json!({"a": "x", "b": ["y", "z"]}), &change).unwrap(),
        "\u{FEFF}a: \"ß\" # é\r\nb:\r\n  - y\r\n  - new\r\n  - z\r\n"
    );
}

#[test]
fn hostile_values_are_read_back_as_they_are() {
    for text in [
        "",
        "no",
        "007",
        "1e3",
        "- a",
        "a: b",
        "# c",
        "&x",
        "*x",
        "!t",
        "'",
        "\"",
        "\\",
        "a\nb",
        "é\u{2028}漢",
        "%",
        "{",
        "~",
    ] {
        for source in ["a: old\n", "a: 'old'\n", "a: \"old\"\n", "a: >-\n  old\n", "a: [old]\n"] {
            assert_eq!(value(&changed(source, &Change::at("a", become_(json!(text))))), json!({"a": text}), "{source}");
        }
        assert_eq!(
            value(&changed("a: {}\n", &Change::at("a", Change::at("k", become_(json!(text)))))),
            json!({"a": {"k": text}})
        );
    }
}

/// The paths of all values below one, as keys and places in lists.
fn paths(value: &Json, path: &[String], found: &mut Vec<Vec<String>>) {
    let entries: Vec<(String, &Json)> = match value {
        Json::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Json::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in entries {
        let path = [path, &[key]].concat();
        found.push(path.clone());
        paths(value, &path, found);
    }
}

/// A change at a path; in a list the other items stay.
fn change_at(value: &Json, path: &[String], change: Change) -> Change {
    let Some((key, rest)) = path.split_first() else { return change };
    match value {
        Json::Array(items) => {
            let place: usize = key.parse().unwrap();
            let mut pieces: Vec<Piece> = (0..items.len()).map(keep).collect();
            pieces[place].change = change_at(&items[place], rest, change);
            Change::List(pieces)
        }
        _ => Change::map([Field::new(key.clone(), change_at(&value[key], rest, change))]),
    }
}

#[test]
fn any_value_of_a_real_file_can_go_or_become_another_without_losing_a_comment() {
    for (file, step) in
        [("template-packs/isms-core/starter", 1), ("examples/northwind", 97), ("examples/harbour-works", 97)]
    {
        let text = std::fs::read_to_string(format!("{}/{file}/profile.yaml", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let old = value(&text);
        let mut all = Vec::new();
        paths(&old, &[], &mut all);
        let comments = Outline::read(&text).unwrap().comments;
        for path in all.into_iter().step_by(step) {
            for change in [Change::Remove, become_(json!("x: #")), become_(json!(["a", {"b": 1}]))] {
                // What is said is read back and compared in `apply`.
                let new = apply(&text, &old, &change_at(&old, &path, change));
                let new = new.unwrap_or_else(|stuck| panic!("{file} {path:?}: {stuck:?}"));
                let lost = comments.iter().map(|place| &text[place.clone()]).find(|comment| !new.contains(comment));
                assert_eq!(lost, None, "{file} {path:?}");
            }
        }
    }
}

#[test]
fn a_group_that_gets_many_entries_has_a_line_for_each() {
    let names = ["leaver_hours", "mover_days", "access_review_months", "privileged_review_months", "lockout_attempts"];
    let change = |group: &str, count: usize| {
        let fields = names[..count].iter().map(|name| Field::new(*name, become_(json!(5))));
        Change::at(group, Change::map(fields))
    };
    let lines = "\n  leaver_hours: 5\n  mover_days: 5\n  access_review_months: 5\n  privileged_review_months: 5\n  lockout_attempts: 5";
    assert_eq!(changed("rules: {} # ours\n\nb: 1\n", &change("rules", 5)), format!("rules: # ours{lines}\n\nb: 1\n"));
    assert_eq!(changed("rules: {}", &change("rules", 5)), format!("rules:{lines}"));
    assert_eq!(
        changed("rules: {'a': \"1\", b: [x]}\n", &change("rules", 5)),
        format!("rules:\n  'a': \"1\"\n  b: [x]{lines}\n")
    );
    assert_eq!(changed("rules: {}\n", &change("rules", 1)), "rules: {leaver_hours: 5}\n");
    assert_eq!(changed("a: 1\n", &change("rules", 5)), format!("a: 1\n\nrules:{lines}\n"));
    assert_eq!(changed("a: 1\n", &change("rules", 1)), "a: 1\nrules: {leaver_hours: 5}\n");
    let inner = lines.replace("\n  ", "\n    ");
    assert_eq!(changed("a:\n  b: 1\n", &change("a.rules", 5)), format!("a:\n  b: 1\n  rules:{inner}\n"));
    assert_eq!(changed("a: {rules: {}}\n", &change("a.rules", 1)), "a: {rules: {leaver_hours: 5}}\n");
}
