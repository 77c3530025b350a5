//! Facts that hold for a time: rows of registers and holders of roles before, on and after their days, on copies of the
//! example; and what a moved date of the facts changes.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;

const SCHEMA: &str = "pack/profile.schema.json";
const NOTICE: &str = "pack/documents/notice.md.hbs";
const SAYS_DATE: &str = "{{as_of}} is {{date as_of}}.";

/// The specimen, that has shops for a time; `text` takes the place of what the notice says.
fn in_time(text: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let register = r#"
    "shops": {"title": "Shops", "type": "array", "x-folio-key": "id", "x-folio-in-force": {"from": "from", "until": "until"},
      "items": {"type": "object", "required": ["id", "name"], "additionalProperties": false, "properties": {
        "id": {"title": "Key", "type": "string"}, "name": {"title": "Name", "type": "string"},
        "from": {"title": "From", "type": "string", "format": "folio-date"},
        "until": {"title": "Until", "type": "string", "format": "folio-date"}}}},
    "main_shop": {"title": "Main shop", "type": "string", "x-folio-ref": ["shops"]},
    "motto""#;
    workspace.edit(SCHEMA, "\n    \"motto\"", register).edit(NOTICE, SAYS_DATE, text);
    workspace
}

fn notice(workspace: &Workspace) -> String {
    workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1
}

const SHOPS: &str = "main_shop: old
shops:
  - {id: next, name: Next Street, from: 2026-04}
  - {id: old, name: Old Street, until: 2026-02-28}
  - {id: high, name: High Street}
  - {id: last, name: Last Street, until: 2026-03-01}
pens:";

const TEXT: &str = "Now {{count shops}}: {{#each shops}}{{name}}; {{/each}} main {{pick \"shops\" main_shop \"name\"}}.

{{#each coming.shops}}From {{date from}}: {{name}}. {{/each}}{{#each former.shops}}Until {{date until}}: {{name}}.{{/each}}";

#[test]
fn lists_and_counts_follow_the_date_of_the_facts_and_names_still_print() {
    let workspace = in_time(TEXT);
    workspace.edit("profile.yaml", "pens:", SHOPS);
    let said = notice(&workspace);
    assert!(said.contains("{shops[high].name: High Street}; {shops[last].name: Last Street};"), "{said}");
    assert!(said.contains("main {shops[old].name, main_shop: Old Street}"), "{said}");
    assert!(said.contains("{shops[next].name: Next Street}") && said.contains("April 2026"), "{said}");
    workspace.edit("folio.yaml", "as_of: 2026-03-01", "as_of: 2026-03-02");
    let said = notice(&workspace);
    assert!(!said.contains("{shops[last].name: Last Street};"), "{said}");
    workspace.edit("folio.yaml", "as_of: 2026-03-02", "as_of: 2026-04-01");
    let said = notice(&workspace);
    assert!(said.contains("{shops[next].name: Next Street}; {shops[high].name: High Street};"), "{said}");
    assert!(!said.contains("From "), "{said}");
}

#[test]
fn a_role_is_held_by_who_holds_it_on_the_day() {
    let workspace = in_time(
        "Held by {{holder \"head\"}}. {{#each coming.roles}}From {{date from}}: {{who holder}}, {{title}}.{{/each}}",
    );
    workspace.edit(
        "profile.yaml",
        "holder: ada}",
        "holder: [{who: ada, until: 2026-03-31}, {who: ben, from: 2026-04-01}]}",
    );
    let said = notice(&workspace);
    assert!(said.contains("Held by {people[ada].name, roles[head].holder: Ada Quill}"), "{said}");
    assert!(
        said.contains("{people[ben].name, roles[head].holder: Ben Łukasz}") && said.contains("1 April 2026"),
        "{said}"
    );
    workspace.edit("folio.yaml", "as_of: 2026-03-01", "as_of: 2026-04-01");
    let said = notice(&workspace);
    assert!(
        said.contains("Held by {people[ben].name, roles[head].holder: Ben Łukasz}") && !said.contains("From "),
        "{said}"
    );
}

#[test]
fn a_moved_date_of_the_facts_changes_no_byte_of_a_document_that_does_not_print_it() {
    let workspace = in_time("Nothing else.");
    let before = workspace.dumps();
    workspace.edit("folio.yaml", "as_of: 2026-03-01", "as_of: 2026-04-01");
    assert_eq!(before, workspace.dumps());
}

#[test]
fn days_that_cannot_be_and_days_that_do_not_meet_are_reported_where_they_stand() {
    let workspace = in_time("Nothing else.");
    workspace.edit("profile.yaml", "pens:", "shops: [{id: old, name: Old, from: 2026-03, until: 2026-02-28}]\npens:");
    let said = workspace.problems();
    assert!(said.contains("F236") && said.contains("it ends on 2026-02-28, before it begins on 2026-03-01"), "{said}");

    let held = |holders: &str| {
        let workspace = Workspace::specimen();
        workspace.edit("profile.yaml", "holder: ada}", &format!("holder: {holders}}}"));
        workspace.problems()
    };
    let gap = held("[{who: ada, until: 2026-03-31}, {who: ben, from: 2026-04-06}]");
    assert!(gap.contains("F237") && gap.contains("has nobody at `holder` from 2026-04-01 until 2026-04-06"), "{gap}");
    let both = held("[{who: ada, until: 2026-04-10}, {who: ben, from: 2026-04-06}]");
    assert!(both.contains("F237") && both.contains("has two at `holder` from 2026-04-06 to 2026-04-10"), "{both}");
    let open = held("[{who: ada}, {who: ben, from: 2026-04-06}]");
    assert!(open.contains("F237") && open.contains("the one before has no last day"), "{open}");
    let backwards = held("[{who: ada, from: 2026-04-01, until: 2026-03-31}]");
    assert!(backwards.contains("F236"), "{backwards}");
    for fine in
        ["[{who: ada, until: 2026-03-31}, {who: ben, from: 2026-04-01}]", "[ada, ben]", "[{who: ada}, {who: ben}]"]
    {
        let said = held(fine);
        assert!(!said.contains("F236") && !said.contains("F237"), "{fine}: {said}");
    }
}

#[test]
fn who_held_a_role_stands_in_former() {
    let workspace = in_time("{{#each former.roles}}Until {{date until}}: {{who holder}}, {{title}}.{{/each}}");
    workspace.edit(
        "profile.yaml",
        "holder: ada}",
        "holder: [{who: ada, until: 2026-02-28}, {who: ben, from: 2026-03-01}]}",
    );
    let said = notice(&workspace);
    assert!(
        said.contains("28 February 2026") && said.contains("{people[ada].name, roles[head].holder: Ada Quill}"),
        "{said}"
    );
}

#[test]
fn what_is_said_of_there_being_none_stays_with_its_row() {
    let workspace = in_time(
        "{{#each shops}}{{name}}: {{#known closed}}closed{{else none closed}}never closed{{else}}who knows{{/known}}. {{/each}}",
    );
    let closed =
        "\"closed\": {\"title\": \"Closed\", \"type\": \"string\", \"format\": \"folio-date\"},\n        \"until\"";
    workspace.edit(SCHEMA, "\"until\": {", &format!("{closed}: {{"));
    let rows = "shops:
  - {id: next, name: Next Street, from: 2026-04}
  - {id: high, name: High Street, closed: 2025}
  - {id: low, name: Low Street, closed: none}
pens:";
    workspace.edit("profile.yaml", "pens:", rows);
    let said = notice(&workspace);
    assert!(said.contains("Low Street}: never closed") && said.contains("High Street}: closed"), "{said}");
}

#[test]
fn a_moved_date_of_the_facts_changes_the_files_of_what_prints_it_alone() {
    let workspace = Workspace::specimen();
    workspace.render();
    let files = || -> Vec<(String, Vec<u8>)> {
        let mut found: Vec<_> = std::fs::read_dir(workspace.file("out/draft"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
            .collect();
        found.sort();
        found
    };
    let before = files();
    workspace.edit("folio.yaml", "as_of: 2026-03-01", "as_of: 2026-04-01");
    workspace.render();
    let after = files();
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after));
    let changed: Vec<&str> =
        before.iter().zip(&after).filter(|(old, new)| old.1 != new.1).map(|(old, _)| old.0.as_str()).collect();
    assert_eq!(changed, ["H-2 Notice.docx", "H-2 Notice.pdf"], "the notice prints `as_of`");
}
