//! What a pack proposes for the registers of a client: shown, written and marked, and confirmed.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;
use serde_json::Value as Json;

const SCHEMA: &str = "pack/profile.schema.json";
const RULES: &str = "pack/rules/pens.yaml";
const MESSAGES: &str = "pack/messages/pens.yaml";
const PENS: &str = "registers/pens.csv";

/// The specimen with a register of duties, for which its pack has rules, and rules that fill gaps in its pens.
fn proposing() -> Workspace {
    let workspace = Workspace::specimen();
    let duties = r#"
    "duties": {"title": "Duties", "type": "array", "x-folio-key": "duty", "items": {
      "type": "object", "required": ["duty", "applies"], "additionalProperties": false, "properties": {
        "duty": {"title": "Duty", "type": "string", "x-folio-ref": ["catalogue:duties"]},
        "applies": {"title": "Applies", "type": "boolean"},
        "because": {"title": "Why", "type": "string"},
        "owner": {"title": "Owner", "type": "string", "x-folio-ref": ["roles"]},
        "evidence": {"title": "Evidence", "type": "array", "items": {"type": "string"}},
        "due": {"title": "Due", "type": "string", "format": "date"}}}},
    "motto""#;
    let rules = r#"
propose:
  - id: duties
    register: duties
    each: data.duties
    as: duty
    key: duty.id
    values:
      applies: size(pens) > 0
      because: "size(pens) > 0 ? text('duties.because', {'count': size(pens)}) : null"
      owner: "pens.exists(p, has(p.owner)) ? pens.filter(p, has(p.owner))[0].owner : null"
      evidence: documents.map(d, d.number)
  - id: pens
    register: pens
    each: pens
    key: item.id
    when: "!has(item.stock) || item.stock < 5"
    values:
      tags: "['order', 'soon']"
      bought: as_of
"#;
    workspace.edit(SCHEMA, "\n    \"motto\"", duties);
    workspace.write(RULES, workspace.read(RULES) + rules);
    let messages = workspace.read(MESSAGES);
    workspace
        .write(MESSAGES, format!("{messages}texts:\n  duties.because: \"there are {{count}} pens; count them\"\n"));
    workspace.edit(
        "pack/documents/notice.md.hbs",
        "{{#if motto}}",
        "{{#each duties}}\n- {{duty}}: {{because}} ({{owner}})\n{{/each}}\n\n{{#if motto}}",
    );
    workspace
}

fn folio(workspace: &Workspace, arguments: &[&str]) -> String {
    let (said, code) = workspace.folio("no-packs-are-installed-here", arguments);
    assert_eq!(code, 0, "{said}");
    said
}

fn refused(workspace: &Workspace, arguments: &[&str]) -> String {
    let (said, code) = workspace.folio("no-packs-are-installed-here", arguments);
    assert_ne!(code, 0, "{said}");
    said
}

fn json(workspace: &Workspace, arguments: &[&str]) -> Json {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(arguments)
        .args(["--report", "json"])
        .current_dir(workspace.path())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_dry_run_shows_what_is_proposed_and_writes_nothing() {
    let workspace = proposing();
    let (profile, pens) = (workspace.read("profile.yaml"), workspace.read(PENS));
    insta::assert_snapshot!(folio(&workspace, &["propose"]));
    assert_eq!((workspace.read("profile.yaml"), workspace.read(PENS)), (profile, pens));
    assert!(!workspace.file("registers/duties.csv").exists());
}

#[test]
fn what_is_written_is_marked_and_the_rest_keeps_its_bytes() {
    let workspace = proposing();
    workspace.write(PENS, workspace.read(PENS).replace("P-2,Swan", "\"P-2\",Swan"));
    insta::assert_snapshot!(folio(&workspace, &["propose", "--write"]));
    insta::assert_snapshot!(workspace.read("registers/duties.csv"));
    insta::assert_snapshot!(workspace.read(PENS));
    let profile = workspace.read("profile.yaml");
    assert!(profile.ends_with("duties: {from: registers/duties.csv}\n"), "{profile}");
    assert!(folio(&workspace, &["propose", "--write"]).contains("nothing is proposed"));
    assert!(folio(&workspace, &["check"]).contains("2 rows in pens, 2 rows in duties are proposals"));
}
