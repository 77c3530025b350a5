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

/// The specimen with desks in a group, some without keys, and hours that change on a day.
fn desks(text: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let day = |title: &str| {
        format!(r#"{{"title": "{title}", "description": "A day.", "type": "string", "format": "folio-date"}}"#)
    };
    let (from, until) = (day("From"), day("Until"));
    let group = format!(
        r#"
    "office": {{"title": "Office", "type": "object", "additionalProperties": false, "properties": {{
      "opens": {{"title": "Opens", "type": "string"}},
      "closes": {{"title": "Closes", "type": "string"}},
      "changes": {{"title": "Hours from a day on", "type": "array", "x-folio-in-force": {{"from": "from", "until": "until", "over": true}},
        "items": {{"type": "object", "required": ["from"], "additionalProperties": false, "properties": {{
          "from": {from}, "until": {until}, "opens": {{"title": "Opens", "type": "string"}}}}}}}},
      "desks": {{"title": "Desks", "type": "array", "x-folio-in-force": {{"from": "from", "until": "until"}},
        "items": {{"type": "object", "required": ["name"], "additionalProperties": false, "properties": {{
          "name": {{"title": "Name", "type": "string"}}, "from": {from}, "until": {until}}}}}}}}}}},
    "motto""#
    );
    workspace.edit(SCHEMA, "\n    \"motto\"", &group).edit(NOTICE, SAYS_DATE, text);
    workspace
}

#[test]
fn lists_in_groups_and_lists_without_keys_follow_the_date_too() {
    let text = "{{count office.desks}}: {{#each office.desks}}{{name}};{{/each}} {{#each coming.office.desks}}From {{date from}} {{name}}.{{/each}} \
                {{#each former.office.desks}}Until {{date until}} {{name}}.{{/each}}";
    let workspace = desks(text);
    let rows = "office:\n  desks:\n    - {name: Oak, from: 2026-04}\n    - {name: Elm, until: 2026-02}\n    - {name: Ash}\npens:";
    workspace.edit("profile.yaml", "pens:", rows);
    let said = notice(&workspace);
    assert!(said.contains("{office.desks: 1}: {office.desks[0].name: Ash};"), "{said}");
    assert!(said.contains("{office.desks[1].name: Elm}") && said.contains("{office.desks[2].name: Oak}"), "{said}");
    // Nobody has to write the list for rules and texts to ask for it.
    assert!(notice(&desks(text)).contains(": 0}"), "{}", notice(&desks(text)));
}

#[test]
fn what_a_group_says_changes_on_a_day() {
    let text = "Opens {{office.opens}}, closes {{office.closes}}. {{#each coming.office.changes}}From {{date from}}: {{opens}}.{{/each}}";
    let workspace = desks(text);
    let office = "office:\n  opens: nine\n  closes: five\n  changes:\n    - {from: 2026-06-01, until: 2026-06-30, opens: seven}\n    - {from: 2026-04-01, opens: eight}\npens:";
    workspace.edit("profile.yaml", "pens:", office);
    let said = notice(&workspace);
    assert!(said.contains("Opens {office.opens: nine}, closes {office.closes: five}."), "{said}");
    assert!(said.contains("1 April 2026") && said.contains("{office.changes[1].opens: eight}"), "{said}");
    for (day, opens) in [("2026-04-01", "eight"), ("2026-06-30", "seven"), ("2026-07-01", "eight")] {
        let workspace = desks(text);
        workspace.edit("profile.yaml", "pens:", office).edit(
            "folio.yaml",
            "as_of: 2026-03-01",
            &format!("as_of: {day}"),
        );
        let said = notice(&workspace);
        assert!(
            said.contains(&format!("Opens {{office.opens: {opens}}}, closes {{office.closes: five}}.")),
            "{day}: {said}"
        );
    }
}

#[test]
fn people_and_bodies_come_and_go_and_keep_their_names() {
    let workspace = in_time("{{count people}} {{who \"ben\"}}, {{who \"guild\"}}, {{count bodies}}.");
    workspace
        .edit("profile.yaml", "{id: ben, name: Ben Łukasz}", "{id: ben, name: Ben Łukasz, until: 2026-02-28}")
        .edit("profile.yaml", "roles:", "bodies: [{id: guild, name: the guild, from: 2026-04-01}]\nroles:")
        .edit("profile.yaml", "holder: ben,", "holder: [{who: ben, until: 2026-02-28}, {who: ada, from: 2026-03-01}],");
    let said = notice(&workspace);
    assert!(
        said.contains("{people: 1} {people[ben].name: Ben Łukasz}, {bodies[guild].name: the guild}, {bodies: 0}"),
        "{said}"
    );
}

#[test]
fn who_is_not_there_holds_no_role() {
    let problems = |row: &str, holder: &str| {
        let workspace = Workspace::specimen();
        workspace.edit("profile.yaml", "{id: ben, name: Ben Łukasz}", &format!("{{id: ben, name: Ben Łukasz, {row}}}"));
        workspace.edit("profile.yaml", "holder: ben,", &format!("holder: {holder},"));
        workspace.problems()
    };
    let gone = problems("until: 2026-02-28", "ben");
    assert!(
        gone.contains("F237") && gone.contains("`clerk` has `ben` at `holder`, whose last day was 2026-02-28"),
        "{gone}"
    );
    let coming = problems("from: 2026-04-01", "[ada, ben]");
    assert!(coming.contains("`clerk` has `ben` at `holder`, whose first day is 2026-04-01"), "{coming}");
    for (row, holder) in [
        ("until: 2026-03-01", "ben"),
        ("until: 2026-02-28", "[{who: ben, until: 2026-02-28}, {who: ada, from: 2026-03-01}]"),
        ("from: 2026-04-01", "[{who: ada, until: 2026-03-31}, {who: ben, from: 2026-04-01}]"),
    ] {
        let fine = problems(row, holder);
        assert!(!fine.contains("F237"), "{fine}");
    }
}

/// The specimen with its roles in a list of somebody's own.
fn role_list(holder: &str, how: &str) -> Workspace {
    let workspace =
        in_time("Held by {{holder \"head\"}}. {{#each coming.roles}}From {{date from}}: {{who holder}}.{{/each}}");
    let written = workspace.read("profile.yaml");
    let start = written.find("roles:").unwrap();
    let end = written.find("classification:").unwrap();
    let profile = format!("{}roles: {{from: registers/roles.csv{how}}}\n{}", &written[..start], &written[end..]);
    workspace.write("profile.yaml", profile);
    workspace.write(
        "registers/roles.csv",
        format!("id;title;holder\nhead;managing director;{holder}\nclerk;chief clerk;ben\n"),
    );
    workspace
}

#[test]
fn a_cell_says_who_holds_a_role_from_when_and_until_when() {
    let german = ", dates: dd.mm.yyyy";
    for (cell, how) in [
        ("\"ada until 2026-03-31; ben from 2026-04-01\"", ""),
        ("\"Ada Quill (until 2026-03-31); Ben Łukasz (from 2026-04-01)\"", ""),
        ("\"ada bis 31.03.2026; ben ab 01.04.2026\"", german),
        ("\"Ada Quill von 01.01.2020 bis 31.03.2026; Ben Łukasz, ab 01.04.2026\"", german),
        ("\"ada bis 2026-03; ben seit 2026-04\"", german),
    ] {
        let workspace = role_list(cell, how);
        let said = notice(&workspace);
        assert!(said.contains("Held by {people[ada].name, roles[head].holder: Ada Quill}"), "{cell}: {said}");
        assert!(said.contains("April 2026") && said.contains("Ben Łukasz}"), "{cell}: {said}");
        workspace.edit("folio.yaml", "as_of: 2026-03-01", "as_of: 2026-04-01");
        assert!(notice(&workspace).contains("Held by {people[ben].name, roles[head].holder: Ben Łukasz}"), "{cell}");
    }
    // Several without days, and one alone, are read as before.
    for cell in ["\"ada; ben\"", "Ada Quill"] {
        let said = notice(&role_list(cell, ""));
        assert!(said.contains("Ada Quill}"), "{cell}: {said}");
    }
}

#[test]
fn what_is_wrong_in_such_a_cell_is_shown_at_its_place() {
    let said = role_list("\"ada until 2026-03-31; bob from 2026-04-01\"", "").problems();
    assert!(said.contains("`bob` is not in `people`") && said.contains("registers/roles.csv:2:47"), "{said}");
    let said = role_list("\"ada bis 31.03.2026; ben ab 01.04.2026\"", "").problems();
    assert!(said.contains("dates: dd.mm.yyyy") && said.contains("registers/roles.csv:2"), "{said}");
    let said = role_list("\"ada bis 31.02.2026; ben ab 01.04.2026\"", ", dates: dd.mm.yyyy").problems();
    assert!(said.contains("there is no such day") && said.contains("registers/roles.csv:2:33"), "{said}");
    let said = role_list("\"ada until 2026-03-31; ben from 2026-04-10\"", "").problems();
    assert!(said.contains("F237") && said.contains("registers/roles.csv:2"), "{said}");
}
