//! Packs that would run long or grow large: each ends soon, with a fault that says so. Without their bounds, these tests
//! would run for hours or use up the memory.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::fmt::Write as _;

use common::Workspace;

/// A specimen whose pack has a table of `rows` rows, `data.n`.
fn specimen(rows: usize) -> Workspace {
    let workspace = Workspace::specimen();
    let table = (0..rows).fold("id\n".to_owned(), |table, row| table + &format!("r{row}\n"));
    workspace.write("pack/data/n.csv", table);
    workspace
}

/// The same with rules of its own: the YAML of `derive`, `checks`, or both.
fn with_rules(rows: usize, rules: &str) -> Workspace {
    let workspace = specimen(rows);
    workspace.write("pack/rules/own.yaml", rules).edit(
        "pack/pack.yaml",
        "rules/pens.yaml",
        "rules/pens.yaml, rules/own.yaml",
    );
    workspace
}

/// The same with one value derived.
fn with_value(rows: usize, value: &str) -> Workspace {
    with_rules(rows, &format!("derive:\n  - {{id: own, value: {}}}\n", serde_json::Value::from(value)))
}

/// The same with a document of its own text.
fn with_text(rows: usize, text: &str) -> Workspace {
    let workspace = specimen(rows);
    let text = format!("---\nnumber: H-2\ntitle: Notice\nkind: procedure\n---\n# Purpose {{#sec-text}}\n\n{text}\n");
    workspace.write("pack/documents/notice.md.hbs", text);
    workspace
}

/// What is said has a fault of this code, and these words.
#[track_caller]
fn says(workspace: &Workspace, code: &str, words: &str) {
    let said = workspace.problems();
    let shown: String = said.chars().take(2_000).collect();
    assert!(said.contains(&format!("error[{code}]")) && said.contains(words), "{code} {words}: {shown}");
}

#[test]
fn loops_in_loops_of_a_rule_end() {
    // Each way to run long is tested with the meter itself, on a smaller budget.
    let value = "data.n.map(a, data.n.map(b, data.n.map(c, 1)))";
    says(&with_value(3_000, value), "F380", "derived value `own` goes over more than 3 million values");
}

#[test]
fn derived_values_together_do_not_grow_without_end() {
    let many = (0..60).fold("derive:\n".to_owned(), |rules, at| {
        rules + &format!("  - {{id: v{at}, value: 'data.n.map(r, [r, r, r, r, r, r])'}}\n")
    });
    says(&with_rules(5_000, &many), "F380", "the derived values hold more than 1000000 values");
}

#[test]
fn patterns_of_rules_are_bounded() {
    says(&with_value(1, "'aaa'.matches('(a{1000}){1000}')"), "F311", "is too large");
    says(&with_value(3_000, "data.n.map(a, data.n.map(b, 'x'.matches(a.id + b.id)))"), "F380", "3 million");
    // Where others go through every way to part the text, this takes a moment.
    let workspace = with_value(1, &format!("'{}b'.matches('^(a+)+$') ? 1 : 2", "a".repeat(4_000)));
    assert!(!workspace.problems().contains("error["));
}

#[test]
fn a_check_has_one_budget_for_all_its_elements() {
    let check = "checks:\n  - id: slow\n    severity: note\n    each: data.n\n    assert: data.n.exists(r, r.id + it.id == 'x')\n    message: \"'m'\"\n    explain: x\n";
    says(&with_rules(3_000, check), "F380", "check `slow` goes over more than 3 million values");
}

#[test]
fn conditions_of_documents_end() {
    let workspace = with_text(3_000, "x");
    let long = "when: data.n.all(a, data.n.all(b, data.n.all(c, a.id != '')))";
    workspace.edit("pack/documents/notice.md.hbs", "kind: procedure\n", &format!("kind: procedure\n{long}\n"));
    says(&workspace, "F380", "3 million");
}

#[test]
fn expressions_are_short_and_shallow() {
    for value in [
        vec!["1"; 2_000].join("+"),
        format!("data{}", "[0]".repeat(2_000)),
        format!("[1]{}", ".map(x, x)".repeat(300)),
        format!("{}1{}", "[".repeat(90), "]".repeat(90)).replace('1', &vec!["1"; 500].join("-")),
    ] {
        says(&with_value(1, &value), "F312", "deeper than");
    }
    says(&with_value(1, &vec!["1"; 5_000].join("+")), "F312", "at most 8192 are read");
    says(&with_value(1, &format!("{}1{}", "[".repeat(4_000), "]".repeat(4_000))), "F310", "");
    // As deep as it may be.
    let deep = with_value(1, &vec!["1"; 150].join("+"));
    assert!(!deep.problems().contains("error["), "{}", deep.problems());
}

#[test]
fn there_is_no_way_to_make_a_long_list_of_nothing() {
    for value in ["lists.range(1000000000)", "range(1000000000)", "'a'.repeat(1000000000)"] {
        says(&with_value(1, value), "F347", "there is no function");
    }
    says(&with_value(1, "[1] * 1000000000"), "F311", "");
}

#[test]
fn a_pack_has_so_many_rules() {
    let rules =
        (0..2_001).fold("derive:\n".to_owned(), |rules, at| rules + &format!("  - {{id: v{at}, value: '1'}}\n"));
    says(&with_rules(1, &rules), "F382", "more than 2000 rules");
    let workspace = specimen(1);
    let ids: Vec<String> = (0..600).map(|at| format!("d{at}")).collect();
    workspace.edit("pack/pack.yaml", "documents: [", &format!("documents: [{}, ", ids.join(", ")));
    says(&workspace, "F304", "at most 500");
}

#[test]
fn loops_in_loops_of_a_template_end() {
    let loops =
        |inner: &str| format!("{{{{#each data.n}}}}{{{{#each @root.data.n}}}}{inner}{{{{/each}}}}{{{{/each}}}}");
    // What counts steps, and what weighs text and marks: whichever is first ends it.
    for inner in [
        "{{#each @root.data.n}}{{/each}}",
        "{{#if (includes @root.data.n \"x\")}}x{{/if}}",
        "{{#each (where @root.data.n \"id\" \"x\")}}x{{/each}}",
        "{{#each (sort @root.data.n \"id\")}}{{/each}}",
        "{{#if (pick \"data.n\" \"r2999\" \"id\")}}{{/if}}",
        "{{#with (sort @root.data.n \"id\")}}{{/with}}",
        "a text of some length",
        "{{id}}",
        "{{#if (eq id \"x\")}}x{{/if}}",
    ] {
        let said = with_text(3_000, &loops(inner)).problems();
        let ends = [("F381", "takes more than 1000000 steps"), ("F327", "exceeds 4 MB")];
        let is_ended =
            ends.iter().any(|(code, words)| said.contains(&format!("error[{code}]")) && said.contains(words));
        assert!(is_ended, "{inner}: {}", said.chars().take(2_000).collect::<String>());
    }
}

#[test]
fn partials_do_not_multiply() {
    let workspace = with_text(1, "{{> p0}}");
    for at in 0..30 {
        workspace.write(&format!("pack/partials/p{at}.md.hbs"), format!("{{{{> p{0}}}}}{{{{> p{0}}}}}", at + 1));
    }
    workspace.write("pack/partials/p30.md.hbs", "x");
    says(&workspace, "F381", "parts");

    // A long chain, each in the next.
    let workspace = with_text(1, "{{> p0}}");
    for at in 0..500 {
        workspace.write(&format!("pack/partials/p{at}.md.hbs"), format!("{{{{> p{}}}}}", at + 1));
    }
    workspace.write("pack/partials/p500.md.hbs", "x");
    says(&workspace, "F381", "nested deeper than 64");

    // A large one, many times.
    let workspace = with_text(1, &"{{> large}}\n".repeat(200));
    workspace.write("pack/partials/large.md.hbs", "words ".repeat(5_000));
    says(&workspace, "F381", "more than 512 KB of templates");

    // Blocks that open in one another's partials.
    let workspace = with_text(1, "{{> p0}}");
    for at in 0..10 {
        let (open, close) = ("{{#if pens}}".repeat(10), "{{/if}}".repeat(10));
        workspace.write(&format!("pack/partials/p{at}.md.hbs"), format!("{open}{{{{> p{}}}}}{close}", at + 1));
    }
    workspace.write("pack/partials/p10.md.hbs", "x");
    says(&workspace, "F381", "nested deeper than 64");
}

#[test]
fn templates_are_shallow() {
    let blocks = |count: usize| format!("{}x{}", "{{#if pens}}".repeat(count), "{{/if}}".repeat(count));
    let nots = |count: usize| format!("{{{{#if {}pens{}}}}}x{{{{/if}}}}", "(not ".repeat(count), ")".repeat(count));
    let links = |count: usize| format!("{{{{#if pens}}}}x{}{{{{/if}}}}", "{{else if pens}}y".repeat(count));
    for text in [blocks(65), blocks(3_000), nots(65), nots(6_000), links(65), links(3_000)] {
        says(&with_text(1, &text), "F381", "nested deeper than 64");
    }
    for text in [blocks(60), nots(60), links(60)] {
        let said = with_text(1, &text).problems();
        assert!(!said.contains("error["), "{said}");
    }
    // Parentheses of the text are none of an expression.
    let said = with_text(1, &"a :( b ".repeat(100)).problems();
    assert!(!said.contains("error["), "{said}");
}

#[test]
fn data_does_not_multiply() {
    let bomb = |values: u32| {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..=values {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            let _ = writeln!(text, "a{level}: &a{level} [{inner}]");
        }
        text
    };
    let workspace = specimen(1);
    workspace.write("pack/data/bomb.yaml", bomb(9));
    says(&workspace, "F203", "with its aliases put in");
    // Many small ones that each are allowed.
    let workspace = specimen(1);
    for at in 0..50 {
        workspace.write(&format!("pack/data/b{at}.yaml"), bomb(3));
    }
    says(&workspace, "F382", "more than 200000 values");
    says(&specimen(150_000), "F382", "`pack/data/n.csv`, the data of the pack has more than 200000 values");
    // A table laid over another, and a map of many keys, are read in time that grows with them alone.
    let workspace = specimen(60_000);
    let map = (0..60_000).fold(String::new(), |map, at| map + &format!("k{at}: 1\n"));
    workspace.write("pack/data/map.yaml", map);
    workspace
        .write("house/pack.yaml", "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: House rules\nlanguage: en-GB\nextends: specimen@^1\n")
        .write("house/data/n.csv", workspace.read("pack/data/n.csv"))
        .write("house/data/map.yaml", workspace.read("pack/data/map.yaml"))
        .edit("folio.yaml", "{path: pack}", "{path: house}");
    let said = workspace.problems();
    assert!(!said.contains("error["), "{said}");
}

/// A specimen whose profile schema has some `$defs`, used by one more key.
fn with_defs(defs: &serde_json::Value, used: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let mut schema: serde_json::Value = serde_json::from_str(&workspace.read("pack/profile.schema.json")).unwrap();
    schema["$defs"] = defs.clone();
    schema["properties"]["own"] = serde_json::json!({"$ref": used});
    workspace.write("pack/profile.schema.json", schema.to_string());
    workspace.edit("profile.yaml", "pens:", "own: {c: {c: {c: {}}}}\npens:");
    workspace
}

#[test]
fn schemas_do_not_multiply() {
    use serde_json::json;
    for (defs, used, words) in [
        (json!({"a": {"$ref": "#/$defs/a"}}), "#/$defs/a", "leads back to itself"),
        (
            json!({"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}),
            "#/$defs/a",
            "leads back",
        ),
        (
            json!({"a": {"properties": {"c": {"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}}}}),
            "#/$defs/a",
            "leads back",
        ),
        (json!({}), "#", "leads back to itself"),
        (json!({}), "#/$defs/none", "leads nowhere"),
        (json!({}), "https://example.org/schema.json", "leads nowhere"),
        (json!({}), "file:///etc/passwd", "leads nowhere"),
        (json!({"a": {"$dynamicRef": "#x"}}), "#/$defs/a", "`$dynamicRef`"),
        (json!({"a": {"$id": "https://example.org/a"}}), "#/$defs/a", "`$id`"),
    ] {
        says(&with_defs(&defs, used), "F382", words);
    }
    let mut defs = serde_json::Map::new();
    for at in 0..40 {
        let next = json!({"$ref": format!("#/$defs/d{}", at + 1)});
        defs.insert(format!("d{at}"), json!({"properties": {"c": {"allOf": [next, next]}}}));
    }
    defs.insert("d40".into(), json!({}));
    says(&with_defs(&defs.into(), "#/$defs/d0"), "F382", "more than 200000 parts");
    // Sharing alone is no harm.
    let said =
        with_defs(&json!({"a": {"properties": {"c": {"$ref": "#/$defs/b"}}}, "b": {"type": "object"}}), "#/$defs/a")
            .problems();
    assert!(!said.contains("error["), "{said}");
}

#[test]
fn patterns_of_schemas_are_bounded() {
    let with_pattern = |pattern: &str, value: &str| {
        let workspace = Workspace::specimen();
        let mut schema: serde_json::Value = serde_json::from_str(&workspace.read("pack/profile.schema.json")).unwrap();
        schema["properties"]["own"] = serde_json::json!({"type": "string", "pattern": pattern});
        workspace.write("pack/profile.schema.json", schema.to_string());
        workspace.edit("profile.yaml", "pens:", &format!("own: {value}\npens:"));
        workspace
    };
    says(&with_pattern("^(a+)+$", &format!("{}b", "a".repeat(5_000))), "F213", "");
    says(&with_pattern("(a{1000}){1000}", "a"), "F304", "");
    says(&with_pattern("^(?=.*a)(?=.*b).*$", "ab"), "F304", "");
}

#[test]
fn figures_and_pictures_are_bounded() {
    let workspace = Workspace::specimen();
    workspace.edit("pack/pack.yaml", "figures: ", "figures: \"(a{1000}){1000}\" # ");
    says(&workspace, "F304", "it is too large");

    let picture = |name: &str, bytes: &[u8]| {
        let workspace = Workspace::specimen();
        workspace.write(&format!("pack/images/{name}"), bytes);
        workspace
    };
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([30_000u32.to_be_bytes(), 30_000u32.to_be_bytes()].concat());
    png.extend(b"\x08\x06\0\0\0\0\0\0\0\0\0\0\0IDAT\0\0\0\0\0\0\0\0IEND\0\0\0\0");
    says(&picture("large.png", &png), "F415", "30000 × 30000 pixels; at most 16.7 million are placed");
    let mut entities = "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\">".to_owned();
    for (outer, inner) in "bcdefghij".chars().zip("abcdefghi".chars()) {
        let _ = write!(entities, "<!ENTITY {outer} \"{}\">", format!("&{inner};").repeat(10));
    }
    let laughs =
        format!("{entities}]><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>&j;</text></svg>");
    says(&picture("laughs.svg", laughs.as_bytes()), "F415", "");
    let mut uses =
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><defs><rect id='u0' width='1' height='1'/>"
            .to_owned();
    for at in 1..40 {
        let _ = write!(uses, "<g id='u{at}'><use href='#u{0}'/><use href='#u{0}'/></g>", at - 1);
    }
    uses.push_str("</defs><use href='#u39'/></svg>");
    says(&picture("uses.svg", uses.as_bytes()), "F415", "");
}
