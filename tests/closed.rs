//! Records are closed: what was issued of a row that is closed keeps its words, whatever the profile says by now.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

#[path = "common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Workspace, request};
use folio::diagnostic::Sink;
use folio::diagnostic::text::render as show;
use folio::digest;
use folio::dump::dump;
use folio::history::{self, Facts, History};
use folio::model::{Document, Node, content, plain, stored, walk};

/// A set as it is made now, and what was said.
struct Made {
    documents: BTreeMap<String, Document>,
    dumps: BTreeMap<String, String>,
    said: String,
}

fn made(root: &Path) -> Made {
    let mut sink = Sink::new();
    let request = request();
    let session = request.session();
    let mut made = Made { documents: BTreeMap::new(), dumps: BTreeMap::new(), said: String::new() };
    if let Some(workspace) = session.workspace(root, &mut sink) {
        let plan = session.plan(&workspace, &mut sink);
        for document in session.documents(&workspace, &plan, &mut sink).documents.unwrap_or_default() {
            let id = document.control.id.clone();
            made.dumps.insert(id.clone(), dump(&document, &workspace.pack.strings));
            made.documents.insert(id, document);
        }
    }
    made.said = sink.iter().map(|problem| show(problem, false)).collect::<Vec<_>>().join("\n");
    made
}

/// Issues every document as it is, as `folio issue` keeps it.
fn issue(root: &Path, version: &str) {
    let mut sink = Sink::new();
    let request = request();
    let session = request.session();
    let workspace = session.workspace(root, &mut sink).unwrap_or_else(|| panic!("{sink:#?}"));
    let plan = session.plan(&workspace, &mut sink);
    let documents = session.documents(&workspace, &plan, &mut sink).documents.unwrap_or_else(|| panic!("{sink:#?}"));
    let facts = Facts::new(&workspace.settings.as_of, workspace.profile.facts()).to_bytes();
    let digest_of_facts = digest::of_file(&facts);
    let put = |path: String, bytes: &[u8]| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    put(Facts::path(&digest_of_facts), &facts);
    let mut issued = Vec::new();
    for document in &documents {
        let bytes = stored::bytes(document);
        put(format!("{}/{}", history::folder(&document.control.id, version), history::MODEL), &bytes);
        issued.push(serde_json::json!({
            "id": document.control.id, "version": version, "model": stored::digest(&bytes),
            "content": content::digest(document),
        }));
    }
    let old = std::fs::read_to_string(root.join(history::FILE)).unwrap_or_default();
    let known = History::parse(old.as_bytes(), &mut sink).unwrap();
    let entry = serde_json::json!({
        "format": 1, "number": known.entries.len() + 1, "previous": known.head, "event": "issue", "day": "2026-11-02",
        "documents": issued, "facts": digest_of_facts,
    });
    put(history::FILE.to_owned(), format!("{old}{entry}\n").as_bytes());
}

/// The rows of tables that show a row of a register: their words.
fn rows(document: &Document, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for block in walk(&document.body) {
        if let Node::Table(table) = &block.node {
            let own = table.rows.iter().filter(|row| row.source.as_deref() == Some(source));
            found.extend(own.map(|row| row.cells.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" | ")));
        }
    }
    found
}

/// The words of everything that was written for a row.
fn section(document: &Document, row: &str) -> String {
    let own = walk(&document.body).into_iter().filter(|block| block.origin.rows.iter().any(|one| one == row));
    own.flat_map(|block| block.lines()).map(plain).collect::<Vec<_>>().join("\n")
}

const PROFILE: &str = "profile.yaml";

fn northwind() -> Workspace {
    let workspace = Workspace::empty();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    common::copy(&here.join("examples/northwind-2022"), workspace.path());
    let packs = here.join("template-packs/iso27001-2022").display().to_string();
    workspace.edit("folio.yaml", "../../template-packs/iso27001-2022", &packs);
    workspace
}

#[test]
fn closed_records_keep_people_posts_and_names_of_their_time() {
    let workspace = northwind();
    let before = made(workspace.path());
    issue(workspace.path(), "1.0");
    let same = made(workspace.path());
    // The list of documents tells what was issued.
    for (id, document) in before.documents.iter().filter(|(id, _)| *id != "list-of-documented-information") {
        assert_eq!(content::digest(document), content::digest(&same.documents[id]), "{id}");
    }
    // A merger, a post by another name, a person by another name, an open row that goes on, and a new one.
    workspace
        .edit(PROFILE, "name: Northwind Software Ltd", "name: Aldous Group plc")
        .edit(PROFILE, "short_name: Northwind", "short_name: Aldous")
        .edit(PROFILE, "title: information security manager", "title: head of trust")
        .edit(PROFILE, "title: managing director", "title: chief executive")
        .edit(PROFILE, "name: Helen Marsh", "name: Helen Marsh-Price")
        .edit(
            "registers/corrective_actions.csv",
            "The notice is ready within four hours",
            "The notice is ready within three hours",
        )
        .edit("registers/incidents.csv", "A laptop was left in a train", "A laptop was left in a bus");
    let after = made(workspace.path());
    let audits = "internal-audit-results";
    let (was, is) = (&before.documents[audits], &after.documents[audits]);
    assert!(section(was, "audits[A-1]").to_lowercase().contains("managing director"));
    assert_eq!(section(was, "audits[A-1]"), section(is, "audits[A-1]"));
    for (id, row) in [
        ("corrective-action-results", "corrective_actions[CA-01]"),
        ("management-review-results", "management_reviews[MR-1]"),
    ] {
        let (was, is) = (section(&before.documents[id], row), section(&after.documents[id], row));
        assert!(!was.is_empty(), "{row}");
        assert_eq!(was, is, "{id}");
    }
    let open = section(&after.documents["corrective-action-results"], "corrective_actions[CA-02]");
    assert!(!open.contains("information security manager"), "{open}");
    assert!(open.contains("within three hours"), "{open}");
    let shown = |made: &Made| -> Vec<String> {
        made.documents.values().flat_map(|document| rows(document, "incidents[I-26-02]")).collect()
    };
    assert!(!shown(&before).is_empty() && shown(&before) == shown(&after), "{:#?}", shown(&after));
    assert_eq!(after.said.matches("F431").count(), 1, "{}", after.said);
    assert!(
        after.said.contains("`title`: `A laptop was left in a train` → `A laptop was left in a bus`"),
        "{}",
        after.said
    );
}

const LEDGER: &str = r#"---
number: H-3
title: Ledger
kind: record
---
# Summary {#sec-summary}

Of {{count pens}} pens.

{{#if motto}}
:::table {#tab-motto widths="50,50" caption="The motto"}

| Motto | Since |
|---|---|
| {{motto}} | then[^motto] |

:::

[^motto]: Said by nobody.

{{/if}}
# Table {#sec-table}

{{#if pens}}
:::table {#tab-all widths="20,40,20,20" caption="The pens"}

| Pen | Kept by | Stock | Of |
|---|---|---:|---|
{{#each pens}}
| {{name}} | {{role owner}} | {{#if stock}}{{stock}}{{else}}none{{/if}} | {{@root.organisation.short_name}} |
{{/each}}

:::
{{else}}
No pens.
{{/if}}

# Pen by pen {#sec-pens}

Each has its own.

{{#each pens}}
## {{name}} {#sec-pen-{{id}}}

{{@root.organisation.short_name}}: the {{role owner}} keeps it, as [](#tab-all) says.[^count]

- For {{@root.people.0.name}}.

{{/each}}
# End {#sec-end}

See [](#sec-end).

[^count]: Counted by {{organisation.short_name}}.
"#;

/// The specimen with a record of pens: a pen is closed once it is bought.
fn ledger() -> Workspace {
    let workspace = Workspace::specimen();
    workspace
        .edit("pack/pack.yaml", "documents: [handbook, notice]", "documents: [handbook, notice, ledger]")
        .edit("pack/profile.schema.json", "\"x-folio-key\": \"id\",", "\"x-folio-key\": \"id\", \"x-folio-closed\": \"has(row.bought)\",")
        .write("pack/documents/ledger.md.hbs", LEDGER)
        .write(PENS, "id,name,owner,stock,bought\nP-1,Goose,clerk,12,2026-01-05\nP-2,Swan,head,3,2026-02-07\nP-3,Crow,clerk,2,\n");
    workspace
}

const PENS: &str = "registers/pens.csv";

/// A new name of the firm, a post and a person called otherwise.
fn merged(workspace: &Workspace) {
    workspace
        .edit(PROFILE, "short_name: Quill", "short_name: Reed")
        .edit(PROFILE, "title: chief clerk", "title: steward")
        .edit(PROFILE, "name: Ada Quill", "name: Ada Reed");
}

fn ledger_of(made: &Made) -> &Document {
    made.documents.get("ledger").unwrap_or_else(|| panic!("{}", made.said))
}

#[test]
fn closed_rows_keep_their_words_and_open_ones_follow() {
    let workspace = ledger();
    issue(workspace.path(), "1.0");
    merged(&workspace);
    let after = made(workspace.path());
    let document = ledger_of(&after);
    assert_eq!(rows(document, "pens[P-1]"), ["Goose | chief clerk | 12 | Quill"]);
    assert_eq!(rows(document, "pens[P-3]"), ["Crow | steward | 2 | Reed"]);
    let closed = section(document, "pens[P-1]");
    assert!(closed.contains("Quill: the chief clerk") && closed.contains("For Ada Quill."), "{closed}");
    let open = section(document, "pens[P-3]");
    assert!(open.contains("Reed: the steward") && open.contains("For Ada Reed."), "{open}");
    assert_eq!(document.control.organisation_short.text, "Reed");
    assert!(!after.said.contains("F43"), "{}", after.said);
    // And so in the version after that, and the one after that.
    issue(workspace.path(), "1.1");
    workspace.edit(PROFILE, "short_name: Reed", "short_name: Sedge");
    let document = &made(workspace.path());
    assert_eq!(rows(ledger_of(document), "pens[P-1]"), ["Goose | chief clerk | 12 | Quill"]);
    assert_eq!(rows(ledger_of(document), "pens[P-3]"), ["Crow | steward | 2 | Sedge"]);
}

#[test]
fn rows_that_close_later_keep_the_words_of_the_version_that_first_had_them_closed() {
    let workspace = ledger();
    issue(workspace.path(), "1.0");
    merged(&workspace);
    workspace.edit(PENS, "P-3,Crow,clerk,2,", "P-3,Crow,clerk,9,2026-03-01");
    assert_eq!(rows(ledger_of(&made(workspace.path())), "pens[P-3]"), ["Crow | steward | 9 | Reed"]);
    issue(workspace.path(), "1.1");
    workspace.edit(PROFILE, "short_name: Reed", "short_name: Sedge");
    assert_eq!(rows(ledger_of(&made(workspace.path())), "pens[P-3]"), ["Crow | steward | 9 | Reed"]);
    assert_eq!(rows(ledger_of(&made(workspace.path())), "pens[P-1]"), ["Goose | chief clerk | 12 | Quill"]);
}

#[test]
fn a_closed_row_that_was_changed_keeps_its_words_and_is_a_finding() {
    let workspace = ledger();
    issue(workspace.path(), "1.0");
    workspace.edit(PENS, "P-1,Goose,clerk,12,", "P-1,Goose,head,11,");
    let after = made(workspace.path());
    assert_eq!(rows(ledger_of(&after), "pens[P-1]"), ["Goose | chief clerk | 12 | Quill"]);
    assert!(after.said.contains("F431"), "{}", after.said);
    assert!(after.said.contains("closed since version 1.0 of `handbook`, `ledger`"), "{}", after.said);
    assert!(after.said.contains("`owner`: `clerk` → `head`; `stock`: `12` → `11`"), "{}", after.said);
    assert!(after.said.contains("registers/pens.csv:2"), "{}", after.said);
    // It stays one in later versions.
    issue(workspace.path(), "1.1");
    assert!(made(workspace.path()).said.contains("closed since version 1.0 of `handbook`, `ledger`"));
    // A correction that says why is let through, once.
    let correction = "corrections:\n  - {row: \"pens[P-1]\", date: 2026-03-02, reason: Counted wrongly}\n";
    workspace.edit(PROFILE, "limits:", &format!("{correction}limits:"));
    let corrected = made(workspace.path());
    assert_eq!(rows(ledger_of(&corrected), "pens[P-1]"), ["Goose | managing director | 11 | Quill"]);
    assert!(!corrected.said.contains("F431"), "{}", corrected.said);
    issue(workspace.path(), "1.2");
    workspace.edit(PENS, "P-1,Goose,head,11,", "P-1,Goose,head,10,");
    let after = made(workspace.path());
    assert_eq!(rows(ledger_of(&after), "pens[P-1]"), ["Goose | managing director | 11 | Quill"]);
    assert!(after.said.contains("closed since version 1.2 of `handbook`, `ledger`"), "{}", after.said);
}

#[test]
fn a_closed_row_that_left_the_register_stays_in_its_place() {
    let workspace = ledger();
    issue(workspace.path(), "1.0");
    let before = made(workspace.path());
    workspace.edit(PENS, "P-1,Goose,clerk,12,2026-01-05\n", "");
    let after = made(workspace.path());
    let (was, is) = (ledger_of(&before), ledger_of(&after));
    assert_eq!(rows(is, "pens[P-1]"), ["Goose | chief clerk | 12 | Quill"]);
    let headings = |document: &Document| -> Vec<String> {
        document.headings().iter().map(|heading| format!("{} {}", heading.number, plain(&heading.content))).collect()
    };
    assert_eq!(headings(was), headings(is));
    let table = after.dumps["ledger"].clone();
    assert!(table.find("Goose") < table.find("Swan"), "{table}");
    assert!(table.contains("pens[P-3]: 2} pens."), "{table}");
    assert!(after.said.contains("error[F432]"), "{}", after.said);
    assert!(
        after.said.contains("`pens[P-1]` is closed since version 1.0 of `handbook`, `notice`, `ledger`"),
        "{}",
        after.said
    );
    let correction = "corrections:\n  - {row: \"pens[P-1]\", date: 2026-03-02, reason: Kept too long}\n";
    workspace.edit(PROFILE, "limits:", &format!("{correction}limits:"));
    let gone = made(workspace.path());
    assert!(rows(ledger_of(&gone), "pens[P-1]").is_empty() && !gone.said.contains("F432"), "{}", gone.said);
}

#[test]
fn a_record_of_closed_rows_alone_stays_as_a_whole() {
    let workspace = ledger();
    workspace.edit(PENS, "P-3,Crow,clerk,2,\n", "");
    let before = made(workspace.path());
    issue(workspace.path(), "1.0");
    merged(&workspace);
    let after = made(workspace.path());
    assert_eq!(content::digest(ledger_of(&before)), content::digest(ledger_of(&after)));
    assert_eq!(ledger_of(&after).control.organisation_short.text, "Quill");
    assert_ne!(content::digest(&before.documents["handbook"]), content::digest(&after.documents["handbook"]));
    // A new row opens it: the cover bears the new name.
    let register = workspace.read(PENS);
    workspace.write(PENS, format!("{register}P-4,Jay,clerk,1,2026-03-01\n"));
    let open = made(workspace.path());
    assert_eq!(ledger_of(&open).control.organisation_short.text, "Reed");
    assert_eq!(rows(ledger_of(&open), "pens[P-1]"), ["Goose | chief clerk | 12 | Quill"]);
    assert_eq!(rows(ledger_of(&open), "pens[P-4]"), ["Jay | steward | 1 | Reed"]);
}

#[test]
fn what_is_not_what_was_issued_is_a_fault_and_nothing_is_made_of_it() {
    let workspace = ledger();
    issue(workspace.path(), "1.0");
    let model = format!("{}/{}", history::folder("ledger", "1.0"), history::MODEL);
    workspace.edit(&model, "Goose", "Moose");
    let after = made(workspace.path());
    assert!(after.documents.is_empty());
    assert!(after.said.contains("F611") && after.said.contains(&model), "{}", after.said);
    let workspace = ledger();
    issue(workspace.path(), "1.0");
    for facts in std::fs::read_dir(workspace.file(history::FACTS)).unwrap() {
        std::fs::write(facts.unwrap().path(), "{}").unwrap();
    }
    let after = made(workspace.path());
    assert!(after.documents.is_empty() && after.said.contains("is not what was kept"), "{}", after.said);
}

#[test]
fn notes_come_along_and_numbers_are_those_of_the_new_version() {
    let workspace = ledger();
    issue(workspace.path(), "1.0");
    merged(&workspace);
    workspace.edit(PROFILE, "limits:", "motto: Write on.\nlimits:");
    let after = made(workspace.path());
    let document = ledger_of(&after);
    let notes: Vec<String> = document.footnotes.values().map(|note| plain(note)).collect();
    assert_eq!(notes, ["Said by nobody.", "Counted by Quill.", "Counted by Reed."]);
    let dump = &after.dumps["ledger"];
    let cites = |pen: &str| {
        let line = dump.lines().find(|line| line.contains("keeps it") && line.contains(pen)).unwrap();
        (line.contains("[[Table 2 -> tab-all]]"), line.contains("chief clerk"), line.to_owned())
    };
    assert!(matches!(cites("?pens[P-1]"), (true, true, _)), "{:?}", cites("?pens[P-1]"));
    assert!(matches!(cites("?pens[P-3]"), (true, false, _)), "{:?}", cites("?pens[P-3]"));
    // The numbers of other documents follow where a removed row stays and moves what comes after it.
    assert_eq!(document.headings().last().map(|heading| heading.number.as_str()), Some("4"));
}

#[test]
fn a_register_that_was_emptied_takes_no_record_with_it() {
    let workspace = ledger();
    issue(workspace.path(), "1.0");
    workspace.write(PENS, "id,name,owner,stock,bought\n");
    let after = made(workspace.path());
    let document = ledger_of(&after);
    assert_eq!(rows(document, "pens[P-1]"), ["Goose | chief clerk | 12 | Quill"]);
    assert_eq!(rows(document, "pens[P-2]"), ["Swan | managing director | 3 | Quill"]);
    assert!(rows(document, "pens[P-3]").is_empty());
    assert!(section(document, "pens[P-2]").contains("the managing director keeps it"));
    assert!(
        after.said.contains("`pens[P-1]` is closed") && after.said.contains("`pens[P-2]` is closed"),
        "{}",
        after.said
    );
}

const SHEETS: &str = r#"---
number: H-3
title: Sheets
kind: record
---
# Sheets {#sec-sheets}

{{#each meters}}
:::table {#tab-{{id}} widths="30,40,30" caption="Readings of {{name}}"}

| When | Of | Value |
|---|---|---|
{{#each readings}}
| {{#if period}}{{period period}}{{else}}{{#if day}}{{date day}}{{else}}some day{{/if}}{{/if}} | {{@root.organisation.short_name}} | {{value}} |
{{/each}}

:::
{{/each}}
"#;

/// The specimen with meters whose readings are called by their day, else by their period.
fn meters() -> Workspace {
    let workspace = Workspace::specimen();
    let meters = r#"
    "meters": {"title": "Meters", "type": "array", "x-folio-key": "id",
      "items": {"type": "object", "required": ["id", "name"], "additionalProperties": false, "properties": {
        "id": {"title": "Key", "type": "string"}, "name": {"title": "Name", "type": "string"},
        "readings": {"title": "Readings", "type": "array", "x-folio-key": ["day", "period"], "x-folio-closed": "has(row.day) || has(row.period)",
          "items": {"type": "object", "required": ["value"], "additionalProperties": false, "properties": {
            "day": {"title": "Day", "type": "string", "format": "folio-date"},
            "period": {"title": "Period", "type": "string", "format": "folio-period"},
            "value": {"title": "Value", "type": "number"}}}}}}},
    "motto""#;
    workspace
        .edit("pack/pack.yaml", "documents: [handbook, notice]", "documents: [handbook, notice, sheets]")
        .edit("pack/profile.schema.json", "\n    \"motto\"", meters)
        .write("pack/documents/sheets.md.hbs", SHEETS)
        .edit(PROFILE, "limits:", "meters:\n  - id: m\n    name: Water\n    readings:\n      - {day: 2026-01-31, value: 4}\n      - {period: 2026-01/2026-02, value: 9}\n      - {value: 1}\nlimits:");
    workspace
}

#[test]
fn rows_called_by_what_they_say_of_several_keys_are_closed_too() {
    let workspace = meters();
    issue(workspace.path(), "1.0");
    workspace.edit(PROFILE, "short_name: Quill", "short_name: Reed");
    workspace.edit(PROFILE, "{day: 2026-01-31, value: 4}", "{day: 2026-01-31, value: 5}");
    workspace.edit(PROFILE, "      - {value: 1}\n", "      - {value: 2}\n      - {day: 2026-03-01, value: 7}\n");
    let after = made(workspace.path());
    let sheets = after.documents.get("sheets").unwrap_or_else(|| panic!("{}", after.said));
    assert_eq!(rows(sheets, "meters[m].readings[2026-01-31]"), ["31 January 2026 | Quill | 4"]);
    assert_eq!(rows(sheets, "meters[m].readings[2026-01/2026-02]"), ["January to February 2026 | Quill | 9"]);
    let dump = &after.dumps["sheets"];
    assert!(dump.contains("some day") && dump.contains(": 2}"), "{dump}");
    assert_eq!(rows(sheets, "meters[m].readings[2026-03-01]"), ["1 March 2026 | Reed | 7"]);
    assert_eq!(after.said.matches("F431").count(), 1, "{}", after.said);
    assert!(after.said.contains("`value`: `4` → `5`"), "{}", after.said);
    workspace.edit(PROFILE, "      - {period: 2026-01/2026-02, value: 9}\n", "");
    let gone = made(workspace.path());
    assert!(gone.said.contains("error[F432]") && gone.said.contains("readings[2026-01/2026-02]"), "{}", gone.said);
}

#[test]
fn readings_of_metrics_are_closed_records() {
    let workspace = northwind();
    issue(workspace.path(), "1.0");
    workspace.edit(PROFILE, "date: 2026-03-31, value: 99.86,", "date: 2026-03-31, value: 99.96,");
    let after = made(workspace.path());
    let shown = rows(&after.documents["monitoring-and-measurement-results"], "metrics[M-05].readings[2026-03-31]");
    assert!(shown.len() == 1 && shown[0].contains("99.86"), "{shown:?}");
    assert!(after.said.contains("F431") && after.said.contains("`value`: `99.86` → `99.96`"), "{}", after.said);
}

#[test]
fn the_only_reading_of_a_metric_is_a_closed_record_too() {
    let workspace = northwind();
    issue(workspace.path(), "1.0");
    workspace.edit(PROFILE, "date: 2026-06-10, value: 7,", "date: 2026-06-10, value: 2,");
    let after = made(workspace.path());
    let shown = rows(&after.documents["monitoring-and-measurement-results"], "metrics[M-08].readings[2026-06-10]");
    assert!(shown.len() == 1 && shown[0].contains("| 7"), "{shown:?}");
    assert!(after.said.contains("F431") && after.said.contains("`value`: `7` → `2`"), "{}", after.said);
}

#[test]
fn the_cover_of_a_record_that_also_tells_what_is_so_now_follows() {
    for live in ["Of {{count classification}} levels.", "Within {{limits.hours}} hours."] {
        let workspace = ledger();
        workspace.edit(PENS, "P-3,Crow,clerk,2,\n", "");
        let end = format!("# End {{#sec-end}}\n\n{live}");
        workspace.edit("pack/documents/ledger.md.hbs", "# End {#sec-end}", &end);
        let before = made(workspace.path());
        issue(workspace.path(), "1.0");
        assert_eq!(content::digest(ledger_of(&before)), content::digest(ledger_of(&made(workspace.path()))));
        merged(&workspace);
        let after = made(workspace.path());
        assert_eq!(ledger_of(&after).control.organisation_short.text, "Reed", "{live}");
        assert_eq!(rows(ledger_of(&after), "pens[P-1]"), ["Goose | chief clerk | 12 | Quill"]);
        assert!(section(ledger_of(&after), "pens[P-1]").contains("For Ada Quill."));
    }
}
