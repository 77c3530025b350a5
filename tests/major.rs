//! Workspaces that move to a new major version of their pack, by what it says becomes of profiles.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, copy, install};
use rust_xlsxwriter::Workbook;
use serde_json::Value as Json;

const OLD: &str = r#"
    "rules": {"title": "Rules", "type": "object", "additionalProperties": false, "properties": {
      "leaver_hours": {"title": "Leaver", "type": "integer", "default": 4},
      "keep_months": {"title": "Keep", "type": "integer", "default": 18},
      "answer_minutes": {"title": "Answer", "type": "integer"},
      "old_days": {"title": "Old", "type": "integer"}}},
    "workforce": {"title": "Workforce", "type": "object", "properties": {
      "contractors": {"title": "Contractors", "type": "integer", "default": 0},
      "remote": {"title": "Remote", "type": "string", "default": "none"}}},
    "agreements": {"title": "Agreements", "type": "array", "x-folio-key": "id", "items": {"type": "object",
      "additionalProperties": false, "properties": {"id": {"title": "Key", "type": "string"},
        "kind": {"title": "Kind", "type": "string"}, "by": {"title": "By", "type": "string"}}}},"#;

const NEW: &str = r#"
    "rules": {"title": "Rules", "type": "object", "additionalProperties": false, "properties": {
      "leaver": {"title": "Leaver", "type": "string", "format": "folio-duration", "default": "4 h"},
      "answer": {"title": "Answer", "type": "string", "format": "folio-duration"}}},
    "records": {"title": "Records", "type": "object", "properties": {
      "keep": {"title": "Keep", "type": "string", "format": "folio-duration", "default": "18 months"}}},
    "workforce": {"title": "Workforce", "type": "object", "properties": {
      "contractors": {"title": "Contractors", "type": "integer"},
      "remote": {"title": "Work elsewhere", "type": "string"}}},
    "agreements": {"title": "Agreements", "type": "array", "x-folio-key": "id", "items": {"type": "object",
      "additionalProperties": false, "properties": {"id": {"title": "Key", "type": "string"},
        "kinds": {"title": "Kinds", "type": "array", "items": {"type": "string"}},
        "by": {"title": "By", "type": "array", "items": {"type": "string"}}}}},"#;

const STEPS: &str = "format: 1
from: specimen@^1
steps:
  - {duration: rules.leaver_hours, to: rules.leaver, unit: h}
  - {duration: rules.keep_months, to: records.keep, unit: months}
  - {duration: rules.answer_minutes, to: rules.answer, unit: min, largest: true}
  - {remove: rules.old_days, because: nothing asks for it}
  - {assumed: workforce.contractors, value: 0}
  - {assumed: workforce.remote, value: none}
  - {list: \"agreements[].kind\", to: \"agreements[].kinds\"}
  - {split: \"agreements[].by\", at: \" and \"}
  - {duration: \"pens[].life_days\", to: \"pens[].life\", unit: days}
  - {assumed: \"pens[].in_use\", value: false}
  - {values: \"pens[].grade\", map: {A: fine, B: broad}}
";

/// A client of the specimen pack of version 1, and the packs of both versions, in `packs/`.
fn client() -> Workspace {
    let workspace = Workspace::specimen();
    let column = r#""bought": {"title": "Bought", "type": "string", "format": "date"}"#;
    workspace
        .edit("pack/profile.schema.json", "\"limits\": {", &format!("{}\n    \"limits\": {{", OLD.trim()))
        .edit(
            "pack/profile.schema.json",
            column,
            &format!(
                "{column}, \"life_days\": {{\"title\": \"Life\", \"type\": \"integer\"}}, \"grade\": {{\"title\": \"Grade\", \"enum\": [\"A\", \"B\"]}}"
            ),
        )
        .edit("pack/documents/notice.md.hbs", "{{as_of}} is", "Leavers: {{rules.leaver_hours}} hours. {{as_of}} is");
    copy(&workspace.file("pack"), &workspace.file("first"));
    workspace
        .edit("pack/profile.schema.json", OLD.trim(), NEW.trim())
        .edit(
            "pack/profile.schema.json",
            "\"life_days\": {\"title\": \"Life\", \"type\": \"integer\"}, \"grade\": {\"title\": \"Grade\", \"enum\": [\"A\", \"B\"]}",
            "\"life\": {\"title\": \"Life\", \"type\": \"string\", \"format\": \"folio-duration\"}, \"grade\": {\"title\": \"Grade\", \"enum\": [\"fine\", \"broad\"]}",
        )
        .edit("pack/profile.schema.json", "\"in_use\": {\"title\": \"In use\", \"type\": \"boolean\", \"default\": false, \"x-folio-decision\": false}", "\"in_use\": {\"title\": \"In use\", \"type\": \"boolean\"}")
        .edit("pack/documents/notice.md.hbs", "{{rules.leaver_hours}} hours", "{{duration rules.leaver}}")
        .edit("pack/pack.yaml", "version: \"1.0.0\"", "version: \"2.0.0\"")
        .write("pack/migrations/2.yaml", STEPS)
        .edit("folio.yaml", "{path: pack}", "specimen@^1")
        .write(
            "registers/pens.csv",
            "id,name,owner,stock,in_use,tags,Life,grade\n\
             P-1,\"Goose, grey\",clerk,12,true,soft; light,30,A\n\
             P-2,Swan <white>,head,3,,firm,,B\n\
             P-3,Crow | black,clerk,0,no,,400,\n",
        );
    let profile = workspace.read("profile.yaml");
    workspace.write(
        "profile.yaml",
        format!(
            "{profile}rules:\n  # Until the accounts are closed.\n  leaver_hours: 2 # hours\n  keep_months: 24\n  answer_minutes: 240\n  old_days: 3\n\
             workforce: {{remote: some}}\n\
             agreements:\n  - {{id: A-1, kind: contract, by: Ada and Ben}} # signed\n\
             accepted: []\n\
             none:\n  - pens[P-2].life_days\n"
        ),
    );
    let text = workspace.read("profile.yaml").replace("accepted: []\n", "");
    workspace.write("profile.yaml", text);
    let folio = workspace.read("folio.yaml");
    workspace.write("folio.yaml", format!("{folio}samples: [rules.leaver_hours, \"pens[P-1].life_days\", motto]\n"));
    workspace.write(
        "overrides/notice/text.md.hbs",
        "We close accounts within {{rules.leaver_hours}} hours.\n\n- {{#each pens}}{{#if life_days}}{{life_days}}{{/if}}{{/each}}\n",
    );
    workspace
}

fn folio(workspace: &Workspace, args: &[&str]) -> (String, i32) {
    let (said, code) = workspace.folio("packs", args);
    (said.replace(&workspace.path().display().to_string(), "HERE"), code)
}

/// Pins the client to version 1, and installs version 2.
fn pinned() -> Workspace {
    let workspace = client();
    install(&workspace.file("first"), &workspace.file("packs"));
    let (said, code) = folio(&workspace, &["render"]);
    assert_eq!(code, 0, "{said}");
    install(&workspace.file("pack"), &workspace.file("packs"));
    workspace
}

fn golden(name: &str, text: &str) {
    // The name of an archive has the digest of all that the specimen holds.
    let text = regex::Regex::new("specimen-2[.]0[.]0-[0-9a-f]+").unwrap().replace_all(text, "specimen-2.0.0-DIGEST");
    insta::with_settings!({snapshot_path => "golden/major", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

const UP: [&str; 5] = ["pack", "upgrade", ".", "--to", "^2"];

#[test]
fn a_dry_run_says_what_moves_what_was_assumed_and_what_is_left() {
    let workspace = pinned();
    let before = workspace.read("profile.yaml");
    let (said, code) = folio(&workspace, &UP);
    assert_eq!(code, 0, "{said}");
    golden("terminal", &said);
    assert_eq!(workspace.read("profile.yaml"), before);
    let (_, code) = folio(&workspace, &[&UP[..], &["--out", "report"]].concat());
    assert_eq!(code, 0);
    golden("report", &workspace.read("report/specimen 2.0.0.md"));
    let (said, _) = folio(&workspace, &[&UP[..], &["--report", "json"]].concat());
    let json: Json = serde_json::from_str(&said).unwrap();
    assert_eq!(json["migration"]["steps"][0]["to"], "rules.leaver");
    assert_eq!(json["migration"]["assumed"][0]["value"], 0);
}

#[test]
fn files_keep_their_comments_and_the_workspace_renders_with_the_new_version() {
    let workspace = pinned();
    let (said, code) = folio(&workspace, &[&UP[..], &["--write"]].concat());
    assert_eq!(code, 0, "{said}");
    golden("profile.yaml", &workspace.read("profile.yaml"));
    golden("pens.csv", &workspace.read("registers/pens.csv"));
    golden("folio.yaml", &workspace.read("folio.yaml"));
    workspace.remove("overrides/notice/text.md.hbs");
    let (said, code) = folio(&workspace, &["render"]);
    assert_eq!(code, 0, "{said}");
    let dump = workspace.read("folio.lock");
    assert!(dump.contains("2.0.0"), "{dump}");
    let (said, code) = folio(&workspace, &["pack", "upgrade", "."]);
    assert_eq!((code, said.contains("pinned to already")), (0, true), "{said}");
}

#[test]
fn a_workspace_that_was_never_pinned_is_told_the_way_and_takes_it_without_the_old_version() {
    let workspace = client();
    install(&workspace.file("pack"), &workspace.file("packs"));
    let (said, code) = folio(&workspace, &["render"]);
    assert_eq!(code, 1);
    assert!(said.contains("no version of `specimen` fits `^1`; there is 2.0.0"), "{said}");
    assert!(said.contains("`folio pack upgrade . --to '^2'`"), "{said}");
    let (said, code) = folio(&workspace, &["pack", "upgrade", ".", "--to", "^1"]);
    assert_eq!((code, said.contains("`--to '^2'` says what version 2 makes of this workspace")), (1, true), "{said}");
    let (said, code) = folio(&workspace, &["pack", "upgrade", ".", "--write"]);
    assert_eq!(code, 0, "{said}");
    golden("profile.yaml", &workspace.read("profile.yaml"));
    golden("pens.csv", &workspace.read("registers/pens.csv"));
    golden("folio.yaml", &workspace.read("folio.yaml"));
}

#[test]
fn a_register_in_a_spreadsheet_goes_into_a_csv_beside_it() {
    let workspace = client();
    install(&workspace.file("pack"), &workspace.file("packs"));
    let mut book = Workbook::new();
    let pens = book.add_worksheet().set_name("Pens").unwrap();
    for (column, heading) in ["Key", "Pen", "Owner", "How long", "Stock"].iter().enumerate() {
        pens.write(0, column as u16, *heading).unwrap();
    }
    for (column, text) in [(0, "P-1"), (1, "Goose, grey"), (2, "clerk")] {
        pens.write(1, column, text).unwrap();
    }
    pens.write(1, 3, 30).unwrap();
    pens.write(1, 4, 2).unwrap();
    book.save(workspace.file("registers/pens.xlsx")).unwrap();
    workspace.edit("profile.yaml", "none:\n  - pens[P-2].life_days\n", "").edit(
        "profile.yaml",
        "{from: registers/pens.csv}",
        "{from: registers/pens.xlsx, sheet: Pens, columns: {How long: life_days}}",
    );
    let (said, code) = folio(&workspace, &["pack", "upgrade", ".", "--write"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("`registers/pens.xlsx`, sheet `Pens`, is as it was and no longer read"), "{said}");
    assert_eq!(
        workspace.read("registers/pens.csv"),
        "id,name,owner,stock,in_use,tags,Life,grade\nP-1,\"Goose, grey\",clerk,12,true,soft; light,30,A\nP-2,Swan <white>,head,3,,firm,,B\nP-3,Crow | black,clerk,0,no,,400,\n"
    );
    assert_eq!(
        workspace.read("registers/pens-2.csv"),
        "Key,Pen,Owner,How long,Stock\nP-1,\"Goose, grey\",clerk,30 days,2\n"
    );
    assert!(
        workspace.read("profile.yaml").contains("pens: {from: registers/pens-2.csv, columns: {How long: life}}"),
        "{}",
        workspace.read("profile.yaml")
    );
}

#[test]
fn what_is_recorded_already_is_not_lost_and_what_cannot_be_read_is_left_to_judge() {
    let workspace = client();
    install(&workspace.file("pack"), &workspace.file("packs"));
    workspace.edit("profile.yaml", "  old_days: 3\n", "  leaver: 3 h\n");
    let (said, code) = folio(&workspace, &["pack", "upgrade", ".", "--write"]);
    assert_eq!(code, 0, "{said}");
    let profile = workspace.read("profile.yaml");
    assert!(profile.contains("leaver: 3 h"), "{profile}");
    assert!(profile.contains("`rules.leaver` is recorded already"), "{profile}");
    let workspace = client();
    install(&workspace.file("pack"), &workspace.file("packs"));
    workspace.edit("profile.yaml", "leaver_hours: 2", "leaver_hours: soon");
    let (said, code) = folio(&workspace, &["pack", "upgrade", ".", "--write"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("unknown key `leaver_hours`"), "{said}");
    assert!(workspace.read("profile.yaml").contains("leaver_hours: soon"));
}

#[test]
fn a_pack_in_a_folder_says_what_becomes_of_the_workspace_beside_it() {
    let workspace = client();
    workspace.edit("folio.yaml", "specimen@^1", "{path: pack}");
    let (said, code) = folio(&workspace, &["render"]);
    assert_eq!(code, 1);
    assert!(said.contains("`rules.leaver_hours` is now `rules.leaver`"), "{said}");
    assert_eq!(said.matches("this profile is of an older version: `folio pack upgrade .`").count(), 1, "{said}");
    let (said, code) = folio(&workspace, &["pack", "upgrade", ".", "--write"]);
    assert_eq!(code, 0, "{said}");
    assert!(workspace.read("profile.yaml").contains("leaver: \"2 h\" # hours"));
    assert!(workspace.read("folio.yaml").contains("pack: {path: pack}"));
}

#[test]
fn mistakes_in_steps_are_located() {
    let workspace = client();
    workspace.write(
        "pack/migrations/2.yaml",
        "format: 1\nfrom: other@^1\nsteps:\n  - {duration: rules.leaver_hours, to: rules.leavers, unit: h}\n  \
         - {duration: rules.keep_months, to: records.keep, unit: moons}\n  - {rename: rules.x}\n  - {rename: \"pens[].a\", to: rules.leaver}\n  \
         - {list: motto, rename: motto}\n  - {assumed: motto, value: x, unit: h}\n",
    );
    let (said, code) = folio(&workspace, &["pack", "check", "pack"]);
    assert_eq!(code, 1);
    let said: Vec<&str> = said.split("\n\n").filter(|said| said.contains("F361")).collect();
    golden("mistakes", &said.join("\n\n"));
}

#[test]
fn packs_above_that_name_old_keys_are_named() {
    let workspace = client();
    install(&workspace.file("pack"), &workspace.file("packs"));
    workspace
        .edit("folio.yaml", "specimen@^1", "{path: house}")
        .write(
            "house/pack.yaml",
            "format: 1\nid: house\nversion: \"1.0.0\"\ntitle: House\nstandard: House rules 2026\nlanguage: en-GB\nextends: specimen@^2\n",
        )
        .write("house/partials/close.md.hbs", "within {{#with rules}}{{leaver_hours}}{{/with}} hours\n");
    let (said, code) = folio(&workspace, &["pack", "upgrade", "."]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("house/partials/close.md.hbs: names `rules.leaver_hours`, which is now `rules.leaver`"),
        "{said}"
    );
}
