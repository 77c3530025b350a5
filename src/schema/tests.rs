//! Schemas over schemas, and what the view says of them.

use serde_json::{Value as Json, json};

use super::*;

/// The view of schemas of a chain, the innermost first, over the engine's.
#[track_caller]
fn chain(schemas: &[Json]) -> Schema {
    let mut sink = Sink::new();
    let schema = Schema::over(sources(schemas), &mut sink);
    assert!(sink.is_empty(), "{sink:#?}");
    schema.unwrap()
}

fn sources(schemas: &[Json]) -> Vec<Source> {
    let named = schemas.iter().zip(0..);
    named.map(|(json, at)| Source::read(format!("{at}.json"), json.to_string().as_bytes()).unwrap()).collect()
}

/// What is wrong with the schemas of a chain.
fn faults(schemas: &[Json]) -> Vec<String> {
    let mut sink = Sink::new();
    Schema::over(sources(schemas), &mut sink);
    assert!(sink.has_faults());
    sink.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect()
}

fn of(key: &str, schema: &Json) -> Json {
    json!({"properties": {key: schema}})
}

#[test]
fn a_column_is_added_and_a_value_is_narrowed() {
    let base = json!({"properties": {
        "suppliers": {"type": "array", "x-folio-key": "id", "items": {"type": "object", "required": ["id"],
            "additionalProperties": false, "properties": {"id": {"type": "string"}}}},
        "size": {"type": "integer", "minimum": 1, "default": 9}}});
    let own = json!({"properties": {
        "suppliers": {"items": {"required": ["tier"], "properties": {"tier": {"type": "string"}}}},
        "size": {"minimum": 5}, "house": {"type": "string"}}});
    let schema = chain(&[base, own]);
    let rows = schema.view().at("suppliers").and_then(View::rows).unwrap();
    assert_eq!(rows.required().collect::<Vec<_>>(), ["id", "tier"]);
    assert!(matches!(rows.rest, Rest::Closed));
    assert_eq!(rows.property("tier").unwrap().asks.kind, Kind::Text);
    let size = schema.view().at("size").unwrap();
    assert_eq!((size.asks.bounds["minimum"], &size.default), (5.0, &Some(json!(9))));
    assert_eq!(schema.view().at("house").unwrap().asks.kind, Kind::Text);
    // The document for editors says the same, without `allOf`.
    let whole = schema.to_json();
    assert_eq!(whole["properties"]["size"], json!({"type": "integer", "minimum": 5, "default": 9}));
    assert_eq!(whole["properties"]["suppliers"]["items"]["properties"]["tier"], json!({"type": "string"}));
}

#[test]
fn the_engine_s_keys_are_there_and_first() {
    let schema = chain(&[of("own", &json!({"type": "boolean"}))]);
    let keys: Vec<&str> = schema.view().keys().collect();
    assert_eq!(keys.first(), Some(&"organisation"));
    assert_eq!(keys.last(), Some(&"own"));
    let document = schema.view().at("document_defaults").unwrap();
    assert_eq!(document.title.as_deref(), Some("Document defaults"), "what stands beside `$ref` is outside it");
    assert_eq!(document.property("owner").unwrap().asks.references, [["roles"]]);
    // Keys without a name are alike.
    let any = schema.view().at("documents.handbook.history").and_then(View::rows).unwrap();
    assert_eq!(any.property("date").unwrap().asks.format.as_deref(), Some("date"));
    let mut keyed = Vec::new();
    schema.view().visit("", &mut |path, view| keyed.extend(view.key.as_ref().map(|_| path.to_owned())));
    assert_eq!(keyed, ["people", "bodies", "roles", "classification"]);
    assert!(schema.view().at("documents.x.y").is_none());
}

#[test]
fn all_of_is_folded_in_and_the_outermost_gives_words_and_default() {
    let nested = json!({"allOf": [
        {"type": "object", "required": ["a"], "properties": {"a": {"minimum": 3, "default": 4, "title": "Inner"}}},
        {"allOf": [{"required": ["b"], "properties": {"a": {"type": "integer", "minimum": 2}, "b": {"enum": [1, 2, 3]}}}]},
        {"properties": {"b": {"enum": [2, 3, 4]}, "a": {"title": "Second", "pattern": "x"}}},
    ]});
    let outer = json!({"properties": {"a": {"default": 5}, "b": {"const": 3}}});
    let schema = chain(&[of("own", &nested), of("own", &outer)]);
    let own = schema.view().at("own").unwrap();
    let a = own.property("a").unwrap();
    assert_eq!((a.asks.kind, a.asks.bounds["minimum"]), (Kind::Whole, 3.0));
    assert_eq!(a.default, Some(json!(5)));
    assert_eq!(own.property("b").unwrap().asks.choices, Some(vec![json!(3)]));
    assert_eq!(own.required().collect::<std::collections::BTreeSet<_>>(), ["a", "b"].into());
    assert_eq!(own.asks.kind, Kind::Group);
}

#[test]
fn what_cannot_be_said_at_once_stays_apart_and_holds() {
    let base =
        json!({"type": "string", "pattern": "^a", "format": "date", "if": {"const": "x"}, "then": {"minLength": 3}});
    let own = json!({"pattern": "z$", "description": "From a to z.", "format": "email", "if": {"const": "y"}, "else": false,
        "x-folio-ref": ["people"]});
    let schema = chain(&[of("own", &base), of("own", &own)]);
    let view = schema.view().at("own").unwrap();
    assert_eq!(view.asks.patterns, ["^a", "z$"]);
    assert_eq!(view.asks.others["if"].len(), 2);
    let whole = &schema.to_json()["properties"]["own"];
    assert_eq!(
        (&whole["pattern"], &whole["if"], &whole["then"]),
        (&json!("^a"), &json!({"const": "x"}), &base["then"])
    );
    assert!(whole.get("else").is_none(), "{whole:#}");
    let apart = whole["allOf"].as_array().unwrap();
    assert!(apart.contains(&json!({"if": {"const": "y"}, "else": false})), "{whole:#}");
    assert!(apart.contains(&json!({"pattern": "z$", "description": "From a to z."})), "{whole:#}");
    assert!(apart.contains(&json!({"format": "email"})), "{whole:#}");
}

#[test]
fn shared_parts_get_keys_where_they_are_used() {
    let base = json!({"$defs": {"step": {"type": "object", "additionalProperties": false, "properties": {"id": {"type": "string"}}}},
    "properties": {
        "one": {"type": "array", "items": {"$ref": "#/$defs/step"}, "allOf": [{"$ref": "#/$defs/few"}]},
        "two": {"type": "array", "items": {"$ref": "#/$defs/step"}}},
    });
    let mut base = base;
    base["$defs"]["few"] = json!({"maxItems": 3, "prefixItems": [{"properties": {"id": {"const": "1"}}}]});
    let own = of("one", &json!({"items": {"properties": {"colour": {"type": "string"}}}}));
    let schema = chain(&[base.clone(), own]);
    let keys =
        |path: &str| schema.view().at(path).unwrap().rows().unwrap().keys().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(keys("one"), ["id", "colour"]);
    assert_eq!(keys("two"), ["id"]);
    assert_eq!(schema.view().at("one").unwrap().asks.bounds["maxItems"], 3.0);
    // Said of the shared part, it holds for all.
    let shared = json!({"$defs": {"step": {"properties": {"colour": {"type": "string"}}}}});
    let schema = chain(&[base, shared]);
    let keys =
        |path: &str| schema.view().at(path).unwrap().rows().unwrap().keys().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!([keys("one"), keys("two")], [["id", "colour"], ["id", "colour"]]);
}

#[test]
fn types_meet_where_they_can() {
    let kind = |below: Json, above: Json| {
        let schema = chain(&[of("own", &json!({"type": below})), of("own", &json!({"type": above}))]);
        let whole = schema.to_json()["properties"]["own"].clone();
        (schema.view().at("own").unwrap().asks.kind, whole["type"].clone())
    };
    assert_eq!(kind(json!("number"), json!("integer")), (Kind::Whole, json!("integer")));
    assert_eq!(kind(json!("integer"), json!("number")), (Kind::Whole, json!("integer")));
    assert_eq!(kind(json!(["string", "null"]), json!("string")), (Kind::Text, json!("string")));
    assert_eq!(kind(json!("string"), json!("array")), (Kind::Any, json!("string")), "and the other stands beside it");
    assert_eq!(chain(&[of("own", &json!({"items": {}}))]).view().at("own").unwrap().asks.kind, Kind::List);
}

#[test]
fn closed_groups_are_opened_by_packs_and_by_nobody_else() {
    let checked = |schema: &Schema, own: Json| {
        let profile = json!({"organisation": {"name": "Q", "short_name": "Q", "country": "GB"}, "people": [], "roles": [],
            "classification": [{"id": "a", "label": "A", "meaning": "m"}, {"id": "b", "label": "B", "meaning": "m"}], "own": own});
        let mut sink = Sink::new();
        let located = crate::yaml::read_str("p.yaml", &profile.to_string(), &mut sink).unwrap();
        schema.checker().check(&located, Codes::Profile, &mut sink);
        sink.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let closed = json!({"type": "object", "additionalProperties": false, "properties": {"a": {"type": "integer"}}});
    let schema = chain(&[of("own", &closed), of("own", &json!({"properties": {"b": {"type": "integer"}}}))]);
    assert_eq!(checked(&schema, json!({"a": 1, "b": 2})), [""; 0]);
    assert_eq!(checked(&schema, json!({"c": 1})), ["unknown key `c`"]);
    // Inside one file, `allOf` is what JSON Schema says it is.
    let schema = chain(&[of("own", &json!({"allOf": [closed, {"properties": {"b": {"type": "integer"}}}]}))]);
    assert_eq!(checked(&schema, json!({"b": 2})), ["unknown key `b`"]);
    // A named key of a map is like the others, and what its name says.
    let map = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let schema = chain(&[of("own", &map), of("own", &json!({"properties": {"big": {"minimum": 100}}}))]);
    assert_eq!(checked(&schema, json!({"big": 5, "any": 5})), ["`big` is 5; it is at least 100"]);
    assert_eq!(checked(&schema, json!({"big": "x"})), ["`big` is the text `x`, not a whole number"]);
}

#[test]
fn defaults_are_allowed_by_what_all_packs_ask() {
    for (base, own) in [
        (json!({"type": "integer", "default": 1}), json!({"minimum": 30})),
        (json!({"default": 1}), json!({"exclusiveMinimum": 1})),
        (json!({"enum": ["a", "b"], "default": "a"}), json!({"enum": ["b"]})),
        (json!({"type": "string", "maxLength": 2}), json!({"default": "abc"})),
        (json!({"default": "1"}), json!({"type": "integer"})),
        (json!({"type": "array", "minItems": 2}), json!({"default": [1]})),
    ] {
        let said = faults(&[of("own", &base), of("own", &own)]);
        assert!(said[0].starts_with("F304 the default of `own` is"), "{said:?}");
    }
    let fitting =
        json!({"a": {"type": "number", "exclusiveMaximum": 2, "default": 1}, "b": {"type": "array", "default": []}});
    chain(&[json!({"properties": fitting})]);
}

#[test]
fn schemas_without_end_are_refused_across_packs() {
    let base = json!({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {}}});
    let own = json!({"$defs": {"b": {"$ref": "#/$defs/a"}}});
    assert!(faults(&[base.clone(), own])[0].contains("leads back to itself"));
    let uses = of("own", &json!({"properties": {"a": {"$ref": "#/$defs/a"}}}));
    chain(&[base, uses]);
    // A long chain of references is deep, though it has few parts.
    let mut defs = serde_json::Map::new();
    for at in 0..20_000 {
        defs.insert(format!("d{at}"), json!({"items": {"$ref": format!("#/$defs/d{}", at + 1)}}));
    }
    defs.insert("d20000".into(), json!({}));
    let said = faults(&[json!({"$defs": defs, "properties": {"own": {"$ref": "#/$defs/d0"}}})]);
    assert!(said[0].starts_with("F382") && said[0].contains("deep"), "{said:?}");
}

/// What merged schemas allow is what each of them allows, for every pair of these and every value. Groups that take no
/// other keys are left out: those get the keys of the other schema.
#[test]
fn of_any_two_schemas_both_hold() {
    let schemas = [
        json!({}),
        json!(true),
        json!(false),
        json!({"type": "integer", "minimum": 2}),
        json!({"type": "number", "maximum": 5}),
        json!({"type": ["string", "integer"]}),
        json!({"type": "string", "minLength": 2, "pattern": "^a"}),
        json!({"pattern": "c$", "maxLength": 3}),
        json!({"enum": [1, 3, "ac", "abc"]}),
        json!({"enum": [3, "abc", null]}),
        json!({"const": 3}),
        json!({"multipleOf": 3}),
        json!({"multipleOf": 2, "exclusiveMinimum": 0}),
        json!({"not": {"const": 4}}),
        json!({"anyOf": [{"type": "integer"}, {"type": "array"}]}),
        json!({"oneOf": [{"minimum": 3}, {"maximum": 4}]}),
        json!({"if": {"type": "integer"}, "then": {"minimum": 3}, "else": {"maxItems": 1}}),
        json!({"if": {"type": "string"}, "then": {"const": "abc"}}),
        json!({"then": {"const": "abc"}}),
        json!({"type": "array", "items": {"type": "integer"}, "minItems": 1}),
        json!({"items": {"minimum": 2}, "uniqueItems": true}),
        json!({"prefixItems": [{"const": 1}], "items": {"type": "integer"}}),
        json!({"prefixItems": [{"type": "integer"}, {"const": 2}]}),
        json!({"contains": {"const": 2}, "maxContains": 1}),
        json!({"contains": {"const": 1}, "minContains": 0}),
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}),
        json!({"required": ["b"], "properties": {"a": {"minimum": 2}, "b": true}}),
        json!({"additionalProperties": {"type": "integer"}, "properties": {"b": {"type": "string"}}}),
        json!({"additionalProperties": {"maximum": 2}}),
        json!({"patternProperties": {"^a": {"type": "integer"}}, "minProperties": 1}),
        json!({"patternProperties": {"^a": {"minimum": 2}}, "dependentRequired": {"a": ["b"]}}),
        json!({"propertyNames": {"maxLength": 1}}),
        json!({"$ref": "#/$defs/two", "maximum": 9}),
        json!({"allOf": [{"minimum": 2}, {"allOf": [{"type": "integer"}, {"not": {"const": 3}}]}]}),
        json!({"allOf": [false]}),
        json!({"allOf": [true, {"items": {"$ref": "#/$defs/two"}}]}),
    ];
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2),
        json!(3),
        json!(4),
        json!(5.5),
        json!(6),
        json!(12),
        json!(""),
        json!("ac"),
        json!("abc"),
        json!("abcc"),
        json!([]),
        json!([1]),
        json!([1, 2]),
        json!([2, 2]),
        json!([1, 2, 3, "x"]),
        json!(["x"]),
        json!({}),
        json!({"a": 1}),
        json!({"a": 3, "b": "x"}),
        json!({"a": "x", "b": 1}),
        json!({"b": 3}),
        json!({"ab": 1, "c": 2}),
    ];
    let root = |own: &Json| json!({"$defs": {"two": {"minimum": 2}}, "properties": {"own": own}});
    let compiled = |schema: Json| Checker::new(schema).unwrap();
    let allows = |checker: &Checker, value: &Json| checker.allows(&json!({"own": value}));
    for base in &schemas {
        for own in &schemas {
            let (below, above) = (compiled(root(base)), compiled(root(own)));
            let both = compiled(merge::over(&root(base), &root(own)));
            let view = View::of(both.to_json());
            for value in &values {
                let expected = allows(&below, value) && allows(&above, value);
                assert_eq!(allows(&both, value), expected, "{value}: {base} and {own} as {:#}", both.to_json());
                let seen = view.property("own").is_none_or(|view| view.allows(value));
                assert!(seen || !expected, "{value}: the view of {:#}", both.to_json());
            }
        }
    }
}
