//! What an author is told of a mistake in a rule: in plain words, with the nearest name, at its place.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

use std::fmt::Write as _;
use std::process::Command;

use folio::diagnostic::{Sink, Span};
use folio::rules::{Derive, Expression, Facts, Rules};
use serde_json::json;

/// Expressions that are not CEL, or that call what there is not.
const UNREADABLE: &[&str] = &[
    "",
    "1 +",
    "+",
    "* 2",
    "a + * b",
    "size(a",
    "a)",
    "[1, 2",
    "[1, 2)",
    "{'a' 1}",
    "{'a': 1, 'b'}",
    "a ? b",
    "(a ? b)",
    "a : b",
    "a, b",
    "f(1,)",
    "x.all(,)",
    "a..b",
    "a.1",
    "1.2.3",
    "12 days",
    "a 'b'",
    "'it''s'",
    "a == 'x",
    "\"abc",
    "'''abc",
    "'a\\qb'",
    "a “b”",
    "a + `b`",
    "größe > 1",
    "a = b",
    "a === b",
    "a !== b",
    "a => b",
    "a <> b",
    "a & b",
    "a | b",
    "a -> b",
    "a ?? b",
    "a?.b",
    "a[?b]",
    "a – b",
    "a # b",
    "a; b",
    "$a",
    "a and b",
    "a or b",
    "not a",
    "a not in b",
    "a is b",
    "a ! in b",
    "if a then b else c",
    "let x = 1",
    "for x in a: x",
    "lower(a)(b)",
    "sites.filter(s s.kind == 'office')",
    "sites.filter(s.kind, true)",
    "sites.filter(s, true",
    "sites.exists(s, s.a = 1)",
    "has(lending)",
    "has(lending['days'])",
    "99999999999999999999",
    "1u",
    "b'abc'",
    "Office{name: 1}",
    "{a: 1}",
    // Names and numbers of arguments.
    "equipment.filtr(e, e.lent)",
    "equipment.fliter(e, e.lent)",
    "equipment.exist(e, e.lent)",
    "equipment.sort()",
    "hass(lending.days)",
    "siz(equipment)",
    "sizeof(equipment)",
    "frobnicate(equipment)",
    "equipment.filter(e)",
    "filter(equipment, e, true)",
    "has(a.b, c)",
    "equipment.map(a, b, c, d)",
    "sum(equipment, 1)",
    "sum()",
    "equipment.sum()",
    "contains('ab', 'a')",
    "'ab'.contains()",
    "add_months('2026-01-31')",
    // Kinds that do not go together on any profile.
    "'there are ' + size(equipment)",
    "size(equipment) + ' things'",
    "'a' + ['b']",
    "size(equipment) * 1.5",
    "'5' > 4",
    "size(equipment) > '4'",
    "'a' in 'abc'",
    "siz(a) + lowr(b)",
];

/// Expressions that fail on a profile.
const FAILING: &[&str] = &[
    "equipmnt.size()",
    "equipment.map(e, f.id)",
    "equipment.map(eq, ea.id)",
    "lending.dayz",
    "lending.note",
    "derived.frist",
    "derived.nothing",
    "equipment[0].owner",
    "equipment[5].id",
    "equipment[0]['ids']",
    "equipment.id",
    "lending.days.hours",
    "'limit: ' + lending.days",
    "lending.days + lending.rate",
    "lending.days > lending.name",
    "lending.days < [1, 2]",
    "'lost' in lending.name",
    "equipment.filter(e, e.id)",
    "lending.name ? 1 : 2",
    "!equipment",
    "-lending.name",
    "lending.days / (lending.days - 14)",
    "lending.days % lending.rate",
    "lending.name.map(x, x)",
    "lending.name.matches('(')",
    "int(lending.name)",
    "year(lending.name)",
    "sum(equipment)",
    "9223372036854775807 + lending.days",
];

fn said(rules: &[(&str, &str)], facts: &serde_json::Value) -> String {
    let rules: Vec<Derive> = rules
        .iter()
        .map(|(id, text)| {
            let span = Span::text("rules.yaml", 7, 12, u32::try_from(text.chars().count()).unwrap());
            Derive { id: (*id).into(), value: Expression::new(*text, span), layer: 0 }
        })
        .collect();
    let mut sink = Sink::new();
    let compiled = Rules::compile(&rules, &[], &Default::default(), 1, &mut sink);
    if !sink.has_faults() {
        compiled.derive(&mut Facts::new(facts.as_object().unwrap()), &mut sink);
    }
    let mut text = String::new();
    for problem in sink.iter() {
        let span = problem.span.as_ref().unwrap();
        let (first, length) = (span.column as usize - 12, span.length as usize);
        let expression = rules.last().map(|rule| rule.value.text.clone()).unwrap_or_default();
        let marked: String = expression.chars().skip(first).take(length).collect();
        writeln!(text, "  {} at {first} `{marked}`: {}", problem.code, problem.message).unwrap();
        problem.help.iter().for_each(|help| writeln!(text, "    help: {help}").unwrap());
    }
    text
}

fn golden(name: &str, told: Vec<String>) {
    let whole = told.join("\n");
    let raw = [
        "mismatched",
        "extraneous",
        "expecting",
        "viable",
        "token recognition",
        "<EOF>",
        "Syntax error",
        "Context",
        "NUM_",
        "IDENTIFIER",
        "reserved identifier",
        "unsupported syntax",
        "invalid argument",
        "simple name",
        "Undeclared",
    ];
    for word in raw {
        assert!(!whole.contains(word), "{word}: {whole}");
    }
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "golden"}, {
        insta::assert_snapshot!(name, whole);
    });
}

#[test]
fn what_cannot_be_read_is_said_in_plain_words() {
    let told = UNREADABLE.iter().map(|text| {
        let said = said(&[("x", text)], &json!({}));
        assert!(!said.is_empty(), "{text}: nothing is said");
        format!("{text}\n{said}")
    });
    golden("rule-mistakes", told.collect());
}

#[test]
fn what_fails_on_a_profile_is_answered_by_help_that_fits() {
    let facts = json!({
        "equipment": [{"id": "E-1"}, {"id": "E-2"}],
        "lending": {"days": 14, "rate": 1.5, "name": "short"},
    });
    let told = FAILING.iter().map(|text| {
        let said = said(&[("first", "1"), ("x", text)], &facts);
        assert!(!said.is_empty(), "{text}: nothing is said");
        format!("{text}\n{said}")
    });
    golden("rule-failures", told.collect());
}

/// The errors that `folio pack check` says of a new pack with these rules.
fn checked(rules: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let folio = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_folio"));
        command.args(arguments).current_dir(folder.path()).env("FOLIO_PACKS", folder.path().join("packs"));
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    folio(&["pack", "new", "p"]);
    std::fs::write(folder.path().join("p/rules/equipment.yaml"), rules).unwrap();
    let said = folio(&["pack", "check", "p"]);
    said.split("\n\n")
        .filter(|part| part.starts_with("error") && !part.starts_with("error[F334]"))
        .collect::<Vec<_>>()
        .join("\n\n")
}

#[test]
fn a_mistake_is_shown_where_it_stands_in_folded_and_quoted_text() {
    let told = [
        "derive:\n  - id: equipment_lent\n    value: >-\n      equipment\n        .filter(e, has(e.lent_to))\n        .filter(e, e.due and e.lent_to)\n",
        "derive:\n  - id: equipment_lent\n    value: >-\n      equipment.filter(e,\n        has(e.lent_to)\n        && x.due < as_of)\n",
        "derive:\n  - id: equipment_lent\n    value: \"equipment.map(e, \\\"\\u00e4\\\" + e.lent_two)\"\n",
        "derive:\n  - id: equipment_lent\n    value: 'equipment.map(e, ''ä'' + e.idd)'\n",
        "derive:\n  - id: first\n    value: >-\n      equipment.size()\n      + derived.equipment_lent\n  - {id: equipment_lent, value: derived.equipment_lent + derived.first}\n",
        "derive:\n  - {id: equipment_lent, value: equipment.filter(e e.due)}\nchecks:\n  - {id: many, severity: note, assert: siz(equipment) < 3, message: meny, explain: It is here to be read.}\n",
    ]
    .map(|rules| format!("{rules}\n{}", checked(rules)));
    golden("rule-places", told.to_vec());
}

#[test]
fn a_value_that_is_computed_later_is_told_from_one_that_does_not_exist() {
    let rule = |id: &str, text: &str, file: &str, layer: usize| Derive {
        id: id.into(),
        value: Expression::new(text, Span::text(file, 3, 12, u32::try_from(text.len()).unwrap())),
        layer,
    };
    let told = [
        vec![rule("a", "derived.b + 1", "rules.yaml", 0), rule("b", "1", "rules.yaml", 0)],
        vec![rule("a", "derived['b'] + 1", "a.yaml", 0), rule("b", "1", "b.yaml", 0)],
        vec![rule("a", "derived.own + 1", "house.yaml", 0), rule("own", "1", "house.yaml", 0)],
        vec![
            rule("total", "derived.own + 1", "house.yaml", 0),
            rule("base", "1", "base.yaml", 1),
            rule("own", "1", "house.yaml", 0),
        ],
        vec![rule("base", "has(derived.own) ? 1 : 2", "base.yaml", 1), rule("own", "1", "house.yaml", 0)],
        vec![
            rule("a", "[1].map(derived, derived.b)", "rules.yaml", 0),
            rule("b", "derived.b + derived.c", "rules.yaml", 0),
        ],
        // What only follows from a mistake is not told as another.
        vec![
            rule("a", "[1][3]", "rules.yaml", 0),
            rule("b", "derived.a + 1", "rules.yaml", 0),
            rule("c", "derived.b", "rules.yaml", 0),
        ],
    ]
    .map(|rules| {
        let mut sink = Sink::new();
        Rules::compile(&rules, &[], &Default::default(), 1, &mut sink)
            .derive(&mut Facts::new(&serde_json::Map::new()), &mut sink);
        let told: Vec<String> = sink.iter().map(|problem| folio::diagnostic::text::render(problem, false)).collect();
        told.concat()
    });
    golden("rule-order", told.to_vec());
}
