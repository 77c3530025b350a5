//! Schemas of a chain: what a house pack adds to its base and to the engine's own keys, what it may not take away, and
//! registers that are nested in rows.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, copy};
use folio::diagnostic::Sink;
use folio::pack::Pack;
use folio::pack::source::{self, Shelf};
use folio::workspace::Workspace as Opened;
use serde_json::{Value as Json, json};

/// The specimen workspace, rendered with a house pack over the specimen's, of which only the schema says anything.
fn house(schema: &Json) -> Workspace {
    let workspace = Workspace::specimen();
    workspace
        .edit("folio.yaml", "{path: pack}", "{path: house}")
        .write(
            "house/pack.yaml",
            "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: House rules 2026\nlanguage: en-GB\nextends: specimen@^1\n",
        )
        .write("house/profile.schema.json", format!("{schema:#}"));
    workspace
}

/// The profile as it is read.
#[track_caller]
fn profile(workspace: &Workspace) -> folio::workspace::profile::Profile {
    let mut sink = Sink::new();
    let opened = Opened::open(workspace.path(), &Shelf::default(), &mut sink);
    opened.unwrap_or_else(|| panic!("{sink:#?}")).profile
}

/// Something is wrong, and all of these words are said about it.
#[track_caller]
fn says(workspace: &Workspace, words: &[&str]) {
    let said = workspace.problems();
    for words in words {
        assert!(said.contains(words), "`{words}` is not said: {said}");
    }
}

#[track_caller]
fn is_sound(workspace: &Workspace) {
    let said = workspace.problems();
    assert!(!said.contains("error["), "{said}");
}

/// What `limits` is when the profile says nothing of minutes.
fn limits(schema: &Json) -> Json {
    let workspace = house(&json!({"properties": {"limits": schema}}));
    is_sound(&workspace);
    profile(&workspace).value["limits"].take()
}

#[test]
fn a_bound_of_a_house_pack_leaves_the_default() {
    let tighter = json!({"properties": {"minutes": {"minimum": 30}}});
    assert_eq!(limits(&tighter), json!({"hours": 4, "minutes": 90}));
    // The bounds of both hold.
    let workspace = house(&json!({"properties": {"limits": tighter}}));
    workspace.edit("profile.yaml", "{hours: 4}", "{hours: 0, minutes: 29}");
    says(&workspace, &["`hours` is 0; it is at least 1", "`minutes` is 29; it is at least 30"]);
}

#[test]
fn the_default_of_the_outermost_counts_wherever_it_stands() {
    assert_eq!(limits(&json!({"properties": {"minutes": {"default": 45}}}))["minutes"], 45);
    let nested = json!({"allOf": [{"properties": {"minutes": {"allOf": [{"minimum": 30}, {"default": 45}]}}}]});
    assert_eq!(limits(&nested)["minutes"], 45);
    // What cannot be said in one keyword keeps both, and the default.
    assert_eq!(limits(&json!({"properties": {"minutes": {"multipleOf": 5, "not": {"const": 7}}}}))["minutes"], 90);
}

#[test]
fn defaults_inside_all_of_are_filled_in() {
    let workspace = Workspace::specimen();
    workspace.edit(
        "pack/profile.schema.json",
        "\"motto\": {",
        "\"waits\": {\"type\": \"object\", \"allOf\": [{\"properties\": {\"days\": {\"allOf\": [{\"$ref\": \"#/$defs/days\"}]}}}]}, \"motto\": {",
    );
    workspace.edit(
        "pack/profile.schema.json",
        "\"title\": \"Profile of",
        "\"$defs\": {\"days\": {\"type\": \"integer\", \"allOf\": [{\"default\": 3}]}}, \"title\": \"Profile of",
    );
    let profile = profile(&workspace);
    assert_eq!(profile.value["waits"], json!({"days": 3}));
    assert!(profile.defaults().contains("waits.days"), "{:?}", profile.defaults());
}

#[test]
fn only_what_nobody_wrote_is_a_default() {
    let workspace = Workspace::specimen();
    workspace.edit("registers/pens.csv", "clerk,0,no,", "clerk,0,,");
    let profile = profile(&workspace);
    let defaults: Vec<&str> = profile.defaults().iter().map(|path| path.as_str()).collect();
    assert_eq!(
        defaults,
        ["limits.minutes", "organisation.serves", "organisation.serves_one", "pens[P-3].in_use"],
        "cells of a register are written, and an absent list is no figure"
    );
    assert_eq!(profile.value["pens"][2]["in_use"], false);
}

#[test]
fn a_default_that_its_schema_forbids_is_a_fault() {
    let workspace = house(&json!({"properties": {"limits": {"properties": {"minutes": {"minimum": 100}}}}}));
    says(
        &workspace,
        &["error[F304]", "the default of `limits.minutes` is 90", "house/profile.schema.json:5:9", "\"minutes\": {"],
    );
}

#[test]
fn a_house_pack_adds_keys_to_the_engine_s_own_objects() {
    let workspace = house(&json!({"properties": {
        "organisation": {"required": ["sector"], "properties": {"sector": {"title": "Sector", "type": "string"}}},
        "people": {"title": "Staff", "items": {"properties": {"shift": {"type": "string", "default": "day"}}}},
        "documents": {"additionalProperties": {"properties": {"shelf": {"type": "string"}}}},
    }}));
    says(&workspace, &["error[F211]", "`sector` is missing in `organisation`", "sector: Sector"]);
    workspace.edit("profile.yaml", "  country: GB", "  country: GB\n  sector: stationery").edit(
        "profile.yaml",
        "documents:\n",
        "documents:\n  letter: {shelf: left}\n",
    );
    let rest = workspace.problems();
    assert!(!rest.contains("F210") && !rest.contains("F211"), "{rest}");
    workspace.edit("profile.yaml", "  letter: {shelf: left}\n", "").edit(
        "profile.yaml",
        "  sector: stationery",
        "  sector: stationery\n  sectr: x",
    );
    says(&workspace, &["error[F210]", "unknown key `sectr`", "did you mean `sector`?"]);
    workspace.edit("profile.yaml", "  sectr: x\n", "");
    is_sound(&workspace);
    let profile = profile(&workspace);
    assert_eq!(profile.value["organisation"]["sector"], "stationery");
    assert_eq!(profile.value["people"][0]["shift"], "day");
}

#[test]
fn what_a_house_pack_adds_can_be_printed() {
    let workspace = house(&json!({"properties": {
        "organisation": {"properties": {"sector": {"type": "string", "default": "stationery"}}},
        "document_defaults": {"properties": {"shelf": {"type": "string", "default": "left"}}},
    }}));
    workspace.write(
        "house/blocks/notice/text.md.hbs",
        "{{organisation.sector}}, {{document_defaults.shelf}}, {{organisation.sectr}}\n",
    );
    says(&workspace, &["error[F321]", "there is no `sectr`", "did you mean `sector`?"]);
    workspace.edit("house/blocks/notice/text.md.hbs", ", {{organisation.sectr}}", "");
    is_sound(&workspace);
}

#[test]
fn a_register_of_the_engine_may_stand_in_a_file_when_it_has_another_title() {
    let workspace = house(&json!({"properties": {"people": {
        "title": "Staff", "items": {"properties": {"shift": {"title": "Shift", "type": "integer"}}}}}}));
    let rows = "  - {id: ada, name: Ada Quill}\n  - {id: ben, name: Ben Łukasz}";
    workspace
        .edit("profile.yaml", &format!("people:\n{rows}"), "people: {from: registers/people.csv}")
        .write("registers/people.csv", "id,name,Shift\nada,Ada Quill,2\nben,Ben Łukasz,1\n");
    is_sound(&workspace);
    assert_eq!(profile(&workspace).value["people"][0]["shift"], 2);
}

#[test]
fn what_the_engine_demands_is_not_loosened() {
    for (key, schema, words, line) in [
        ("organisation", json!({"additionalProperties": true}), "would let any pass", 4),
        ("organisation", json!({"properties": {"name": false}}), "`organisation.name` is a key of the engine", 5),
        (
            "organisation",
            json!({"properties": {"name": {"minLength": 0}}}),
            "the `minLength` 1 of `organisation.name`, not 0",
            6,
        ),
        (
            "organisation",
            json!({"properties": {"name": {"type": "integer"}}}),
            "of the type `string`, not `integer`",
            6,
        ),
        ("people", json!({"x-folio-key": "name"}), "the rows of `people` are called by `id`", 4),
        (
            "people",
            json!({"items": {"properties": {"email": {"format": "uri"}}}}),
            "the `format` email of `people.email`",
            7,
        ),
        (
            "roles",
            json!({"items": {"properties": {"holder": {"minItems": 0}}}}),
            "the `minItems` 1 of `roles.holder`, not 0",
            7,
        ),
        (
            "roles",
            json!({"items": {"properties": {"holder": {"x-folio-ref": ["people", "pens"]}}}}),
            "`roles.holder` names a row of `people` or `bodies` or `suppliers`, not of `pens`",
            7,
        ),
        (
            "documents",
            json!({"additionalProperties": {"properties": {"review_months": {"maximum": 90}}}}),
            "the `maximum` 60 of `documents.<name>.review_months`, not 90",
            7,
        ),
    ] {
        let workspace = house(&json!({"properties": {key: schema}}));
        says(&workspace, &["error[F307]", words, &format!("house/profile.schema.json:{line}:"), "Take it out."]);
    }
    // It may ask for more.
    is_sound(&house(&json!({"properties": {
        "organisation": {"required": ["country"], "properties": {"name": {"minLength": 2, "default": "Quill"}, "country": {"pattern": "^G"}}},
        "people": {"minItems": 1},
    }})));
}

#[test]
fn schemas_that_are_none_are_faults_with_a_place() {
    says(
        &house(&json!({"properties": {"own": {"type": "number", "minimum": "low"}}})),
        &[
            "error[F304]",
            "this is not a JSON Schema: `minimum` cannot be \"low\"",
            "house/profile.schema.json:5:7",
            "\"minimum\": \"low\"",
        ],
    );
    says(
        &house(&json!({"properties": {"own": {"type": "string", "pattern": "^(?=a)"}}})),
        &["error[F304]", "looks ahead or back", "house/profile.schema.json:5:7", "\"pattern\": \"^(?=a)\""],
    );
    // All of them are told.
    says(
        &house(&json!({"properties": {"own": {"minimum": "low"}, "more": {"type": "txt"}}})),
        &["`minimum` cannot be \"low\"", "`type` cannot be \"txt\""],
    );
    // The base's mistake is located in the base, though the house speaks of the same key.
    let workspace = house(&json!({"properties": {"limits": {"properties": {"minutes": {"default": 45}}}}}));
    workspace.edit("pack/profile.schema.json", "\"integer\", \"minimum\": 1, \"default\": 90", "\"intger\"");
    says(&workspace, &["error[F304]", "pack/profile.schema.json:31:41"]);
    says(
        &house(&json!({"properties": {"own": {"$ref": "#/$defs/none"}}})),
        &["F382", "house/profile.schema.json:4:15"],
    );
    says(&house(&json!([])), &["error[F304]", "it is no object", "house/profile.schema.json"]);
}

/// A specimen whose processes have steps, each called by a key.
fn nested(processes: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let mut schema: Json = serde_json::from_str(&workspace.read("pack/profile.schema.json")).unwrap();
    schema["properties"]["processes"] = json!({"type": "array", "x-folio-key": "id", "items": {"type": "object", "properties": {
        "id": {"type": "string"},
        "steps": {"type": "array", "x-folio-key": "id", "items": {"type": "object", "properties": {
            "id": {"type": "string"}, "days": {"type": "integer", "default": 2}}}},
    }}});
    schema["properties"]["first"] = json!({"type": "string", "x-folio-ref": ["processes.steps"]});
    schema["properties"]["last"] = json!({"type": "string", "x-folio-ref": ["processes[].steps"]});
    workspace.write("pack/profile.schema.json", schema.to_string());
    workspace.edit("profile.yaml", "pens:", &format!("{processes}\npens:"));
    workspace
}

#[test]
fn rows_nested_under_several_parents_are_all_seen() {
    let processes = "processes:\n  - {id: P-1, steps: [{id: S-1}, {id: S-2}]}\n  - {id: P-2, steps: [{id: S-1}, {id: S-3, days: 5}]}\nfirst: S-2\nlast: S-3";
    let workspace = nested(processes);
    is_sound(&workspace);
    let profile = profile(&workspace);
    let line = |path: &str| profile.span_of(path).map(|span| span.line);
    assert_ne!(line("processes[P-1].steps[S-2].id"), None);
    assert!(line("processes[P-1].steps[S-2].id") < line("processes[P-2].steps[S-3].days"));
    assert!(profile.defaults().contains("processes[P-2].steps[S-1].days"), "{:?}", profile.defaults());
    assert!(!profile.defaults().contains("processes[P-2].steps[S-3].days"), "{:?}", profile.defaults());
}

#[test]
fn nested_rows_that_do_not_hold() {
    let workspace = nested(
        "processes:\n  - {id: P-1, steps: [{id: S-1}]}\n  - {id: P-2, steps: [{id: S-2}, {id: S-2}]}\nfirst: S-4\nlast: X",
    );
    says(
        &workspace,
        &[
            "`S-2` is the key of two rows of `processes[P-2].steps`",
            "`S-4` is not in `processes.steps`",
            "`X` is not in `processes[].steps`",
            "there are: S-1, S-2",
        ],
    );
}

#[test]
fn a_reference_and_a_choice_must_hold_in_both() {
    let workspace = house(&json!({"properties": {"pens": {"items": {"properties": {
        "owner": {"x-folio-ref": ["people"]}, "stock": {"enum": [1, 2, 3]}}}}}}));
    // Who owns a pen must now be called so in both lists.
    says(&workspace, &["is not in `people`", "`stock` cannot be"]);
}

#[test]
fn questions_are_asked_once_with_the_words_of_the_house() {
    let folder = tempfile::tempdir().unwrap();
    copy(house(&json!({"properties": {
        "organisation": {"properties": {"short_name": {"title": "What we call ourselves"}, "industry": {"enum": ["pens", "ink"]}}},
        "motto": {"x-folio-basic": true},
    }})).path(), folder.path());
    let house = folder.path().join("house");
    let pack = Pack::load(source::folder(&house), &Shelf::default().beside(&house), &mut Sink::new()).unwrap();
    let questions = folio::pack::starter::questions(&pack, None, &mut Sink::new());
    let paths: Vec<&str> = questions.iter().map(|question| question.path.as_str()).collect();
    assert_eq!(
        paths,
        ["organisation.name", "organisation.short_name", "organisation.country", "organisation.industry", "motto"]
    );
    assert_eq!(questions[1].title, "What we call ourselves");
    let choices = ["pens", "ink"].map(|word| (word.to_owned(), word.to_owned()));
    assert_eq!(questions[3].kind, folio::pack::starter::Kind::One(choices.to_vec()));
    assert_eq!(questions[4].title, "Motto");
}

#[test]
fn the_packs_that_come_along_have_sound_schemas() {
    let said = |folder: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut sink = Sink::new();
        let pack = Pack::load(source::folder(&path), &Shelf::default().beside(&path), &mut sink);
        assert!(pack.is_some() && sink.is_empty(), "{folder}: {sink:#?}");
    };
    for folder in ["iso27001-2013", "iso27001-2022"] {
        said(&format!("template-packs/{folder}"));
    }
    said("examples/packs/csf-governance");
}

#[test]
fn the_keys_of_a_profile_are_told_for_people() {
    let (text, code) = house(&json!({})).folio("", &["schema", "--markdown"]);
    assert_eq!(code, 0, "{text}");
    let rows: Vec<&str> =
        text.lines().filter(|line| line.contains("`pens") || line.contains("`roles[].title")).collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
    | **`roles[].title`** | Title. As it stands inside a sentence: 'managing director', 'IT lead'. | text |  |  |
    ## `pens`: Pens
    | **`pens`** | Pens | rows |  |  |
    | **`pens[].id`** | Key | text |  |  |
    | **`pens[].name`** | Pen | text |  |  |
    | `pens[].owner` | Owner | a key of `roles` |  |  |
    | `pens[].stock` | Stock | whole number |  |  |
    | `pens[].in_use` | In use | `true` or `false` |  |  |
    | `pens[].tags` | Tags | list: text |  |  |
    | `pens[].bought` | Bought | date: `2026-03-14` |  |  |
    "#);
}

#[test]
fn every_key_of_the_packs_that_come_along_has_words() {
    for folder in ["template-packs/iso27001-2013", "template-packs/iso27001-2022", "examples/packs/csf-governance"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let shelf = Shelf::default().beside(&path);
        let pack = Pack::load(source::folder(&path), &shelf, &mut Sink::new()).unwrap();
        pack.schema.view().visit("", &mut |path, view| {
            for property in view.properties() {
                let view = &property.view;
                assert!(view.title.is_some() && view.description.is_some(), "{folder}: {path}.{}", property.name);
            }
        });
    }
}
