//! Facts that are recorded, said to be none, or not recorded: in YAML, in registers, in rows, and in what rules derive.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;
use rust_xlsxwriter::Workbook;

const NOTICE: &str = "pack/documents/notice.md.hbs";

/// The specimen, whose pens have facts of every kind; `text` takes the place of what the notice says.
fn asking(text: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let facts = r#"
          "filled": {"title": "Filled", "type": "string", "format": "date"},
          "ink": {"title": "Ink", "type": "string"},
          "spare": {"title": "Spare", "type": "boolean"},
          "parts": {"title": "Parts", "type": "array", "items": {"type": "string"}},
          "tags""#;
    let groups = r#"
    "shop": {"title": "Shop", "type": "object", "properties": {
      "city": {"title": "City", "type": "string"}, "floor": {"title": "Floor", "type": "integer", "default": 1},
      "open": {"title": "Open on Sundays", "type": "boolean"}}},
    "motto""#;
    workspace
        .edit(
            "pack/documents/handbook.md.hbs",
            "| {{stock}} |",
            "| {{#known stock}}{{stock}}{{else}}{{unrecorded stock}}{{/known}} |",
        )
        .edit("pack/profile.schema.json", "\n          \"tags\"", facts)
        .edit("pack/profile.schema.json", "\n    \"motto\"", groups)
        .edit(NOTICE, "{{#if motto}}{{motto}}{{else}}We have no motto.{{/if}} {{as_of}} is {{date as_of}}.", text);
    workspace
}

fn state(path: &str) -> String {
    format!("{{{{#known {path}}}}}recorded{{{{else none {path}}}}}none{{{{else}}}}silent{{{{/known}}}}")
}

fn golden(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "golden/states", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

fn notice(workspace: &Workspace) -> String {
    workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1
}

const FACTS: [&str; 8] = ["stock", "in_use", "owner", "filled", "ink", "spare", "parts", "tags"];

fn pens() -> String {
    let cells: Vec<String> = FACTS.iter().map(|fact| format!("{fact} {}", state(&format!("pen.{fact}")))).collect();
    format!("{{{{#each pens as |pen|}}}}\n- {{{{pen.name}}}}: {}\n{{{{/each}}}}\n", cells.join(", "))
}

const HEADINGS: &str = "id,name,owner,stock,in_use,filled,ink,spare,parts,tags";

#[test]
fn cells_say_that_there_is_none() {
    let workspace = asking(&pens());
    workspace.write(
        "registers/pens.csv",
        format!("{HEADINGS}\nP-1,Goose,clerk,0,yes,2026-01-01,blue,yes,nib;cap,soft\nP-2,Swan,none,none,no,none,none,none,none,none\nP-3,Crow,,,,,,,,\n"),
    );
    golden("csv", &notice(&workspace));

    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Pens").unwrap();
    for (row, cells) in [
        HEADINGS,
        "P-1,Goose,clerk,0,,2026-01-01,blue,,nib;cap,soft",
        "P-2,Swan,none,none,,none,none,none,none,none",
        "P-3,Crow",
    ]
    .iter()
    .enumerate()
    {
        for (column, text) in cells.split(',').enumerate() {
            sheet.write(row as u32, column as u16, text).unwrap();
        }
    }
    book.save(workspace.file("registers/pens.xlsx")).unwrap();
    workspace.edit("profile.yaml", "registers/pens.csv", "registers/pens.xlsx");
    golden("xlsx", &notice(&workspace));
}

#[test]
fn yaml_says_that_there_is_none() {
    let shop =
        ["shop", "shop.city", "shop.floor", "shop.open", "motto"].map(|path| format!("{path} {}\n", state(path)));
    let workspace = asking(&format!("{}\n{}", pens(), shop.concat()));
    workspace.edit(
        "profile.yaml",
        "pens: {from: registers/pens.csv}\n",
        "pens:\n- {id: P-1, name: Goose, stock: 0, in_use: true, spare: true, parts: [nib], ink: blue}\n\
         - {id: P-2, name: Swan, stock: none, in_use: false, spare: false, parts: [], ink: none, owner: none, tags: none, filled: none}\n\
         - {id: P-3, name: Crow}\n",
    );
    golden("yaml", &notice(&workspace));
    workspace.edit(
        "profile.yaml",
        "limits:",
        "none:\n- shop.city\n- {what: \"pens[P-3].filled\", by: clerk, on: 2026-02-01}\n- motto\nshop: {open: true}\nlimits:",
    );
    golden("listed", &notice(&workspace));
}

#[test]
fn what_is_listed_is_there_and_not_recorded() {
    let workspace = asking("x");
    workspace.edit(
        "profile.yaml",
        "limits:",
        "none: [shop.citty, \"pens[P-9].ink\", {what: limits.hours, by: nobody}, pens, \"pens[P-1].ink\"]\nlimits:",
    );
    golden("listed-wrong", &workspace.problems());
}

#[test]
fn rules_answer_with_three_states() {
    let asked = ["all", "any", "late", "reviewed", "owned", "absent", "shop", "city"];
    let text: String = asked.iter().map(|id| format!("{id} {}\n", state(&format!("derived.{id}")))).collect();
    let rows = format!(
        "{{{{#each derived.late as |pen|}}}}\n- {}, {}\n{{{{/each}}}}\n",
        state("pen.filled"),
        state("pen.parts")
    );
    let workspace = asking(&format!("{text}\n{rows}\n{{{{derived.told}}}}\n"));
    workspace.edit(
        "pack/rules/pens.yaml",
        "derive:\n",
        "derive:\n  - {id: all, value: 'all_said(pens.map(p, known(p.filled) ? p.filled >= \"2026-01-01\" : null))'}\n  \
         - {id: any, value: 'any_said(pens.map(p, known(p.filled) ? p.filled >= \"2026-01-01\" : null))'}\n  \
         - {id: late, value: 'pens.filter(p, unrecorded(p.filled) || none(p.filled))'}\n  \
         - {id: reviewed, value: 'known(shop.city) ? true : null'}\n  \
         - {id: owned, value: 'pens.filter(p, p.id == \"none of them\")'}\n  \
         - {id: absent, value: 'pens[0].parts.filter(p, true)'}\n  \
         - {id: shop, value: 'known(shop)'}\n  \
         - {id: city, value: 'none(shop.city) ? false : null'}\n  \
         - {id: told, value: 'string(known(pens[7].name)) + string(none(derived.owned)) + string(unrecorded(derived.city)) + string(known(motto))'}\n",
    );
    workspace.write(
        "registers/pens.csv",
        format!(
            "{HEADINGS}\nP-1,Goose,clerk,0,yes,2026-01-01,blue,yes,,soft\nP-2,Swan,,,,none,,,none,\nP-3,Crow,,,,,,,,\n"
        ),
    );
    golden("derived", &notice(&workspace));
}

/// Pens without much, a responsibility, and somebody who promised something.
fn incomplete() -> Workspace {
    let workspace = asking(
        "{{#each pens}}\n- {{name}}{{#known filled}}, filled {{date filled}}{{/known}}{{#known ink}}, {{ink}}{{/known}}{{#known parts}}, of \
         {{list parts}}{{/known}}, spare {{#known spare}}yes{{else none spare}}no{{else}}{{unrecorded spare}}{{/known}}\n{{/each}}\n\n\
         {{#known shop.city}}Our shop is in {{shop.city}}.{{/known}}{{#known motto}}{{motto}}{{/known}}\n\
         {{#known derived.late}}x{{/known}}\n",
    );
    workspace
        .edit("pack/profile.schema.json", r#""ink": {"title": "Ink","#, r#""ink": {"title": "Ink", "x-folio-optional": true,"#)
        .edit("pack/profile.schema.json", r#""title": "Shop","#, r#""title": "Shop", "x-folio-who": "shop","#)
        .edit("pack/profile.schema.json", "\n    \"motto\"", "\n    \"responsibilities\": {\"title\": \"R\", \"type\": \"object\"},\n    \"motto\"")
        .edit("pack/rules/pens.yaml", "derive:\n", "derive:\n  - {id: late, value: 'all_said(pens.map(p, known(p.bought) ? true : null))'}\n")
        .edit(
            "profile.yaml",
            "limits:",
            "responsibilities: {shop: head}\npending:\n- {what: pens, due: 2026-05-01}\n- {what: pens.spare, who: head}\nlimits:",
        )
        .write("registers/pens.csv", format!("{HEADINGS},bought\nP-1,Goose,clerk,0,yes,2026-01-01,blue,yes,,soft,2026-01-01\nP-2,Swan,,,,none,,,none,,\nP-3,Crow,,,,,,,,,\n"));
    workspace
}

#[test]
fn a_draft_lists_what_nobody_recorded() {
    let workspace = incomplete();
    golden("list", &notice(&workspace));
    workspace.edit("pack/pack.yaml", "language: en-GB", "language: de");
    workspace.edit("profile.yaml", "limits:", "none: [motto, shop.city]\nlimits:");
    golden("list-de", &notice(&workspace));
}

#[test]
fn what_was_issued_has_no_list() {
    let workspace = incomplete();
    let mut sink = folio::diagnostic::Sink::new();
    let session = common::request().session();
    let opened = session.workspace(workspace.path(), &mut sink).unwrap();
    let plan = session.plan(&opened, &mut sink);
    let documents = session.documents(&opened, &plan, &mut sink).documents.unwrap();
    let mut document = documents.into_iter().find(|document| document.control.id == "notice").unwrap();
    let before = document.body.len();
    document.control.state = folio::model::State::Issued;
    folio::unrecorded::list(&mut document, &opened);
    assert_eq!(document.body.len(), before);
    document.control.state = folio::model::State::Draft;
    folio::unrecorded::list(&mut document, &opened);
    assert_eq!(document.body.len(), before + 3);
}

#[test]
fn both_formats_show_the_list() {
    let (outcome, said) = incomplete().render();
    assert!(outcome.is_some() && !said.contains("error"), "{said}");
}

#[test]
fn check_says_what_documents_lack() {
    let workspace = incomplete();
    let (said, code) = workspace.folio("", &["check"]);
    golden("check", &format!("{said}exit {code}\n"));
    let (json, _) = workspace.folio("", &["check", "--report", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    golden("check-json", &format!("{:#}\n", report["workspaces"][0]["not_recorded"]));
}

#[test]
fn questions_that_cannot_be_asked() {
    let mut said = String::new();
    for text in [
        "{{#known (eq motto \"x\")}}x{{/known}}",
        "{{#none}}x{{/none}}",
        "{{#known motto shop.city}}x{{/known}}",
        "{{unrecorded \"motto\"}}",
        "{{#if (and motto (known (count pens)))}}x{{/if}}",
        "{{#knwon motto}}x{{/knwon}}",
        "{{#known moto}}x{{/known}}",
    ] {
        said += &format!("{}\n", asking(text).problems());
    }
    for rule in [
        "known()",
        "pens.known()",
        "unrecorded(pens, 1)",
        "all_said([true, 1])",
        "any_said(null)",
        "knwon(pens)",
        "known(derived.nothing)",
    ] {
        let workspace = asking("x");
        workspace.edit("pack/rules/pens.yaml", "derive:\n", &format!("derive:\n  - {{id: asked, value: '{rule}'}}\n"));
        said += &format!("{}\n", workspace.problems());
    }
    golden("questions", &said);
}

#[test]
fn a_cell_does_not_end_in_what_joins_it_to_a_missing_fact() {
    let rows = "| Pen | Facts |\n|---|---|\n{{#each pens}}\n| {{name}} | {{#known ink}}{{ink}}<br>{{/known}}{{#known stock}}{{stock}} left{{/known}}\
                {{#known owner}}<br>{{owner}}{{/known}} |\n{{/each}}\n";
    let workspace = asking(rows);
    workspace.write(
        "registers/pens.csv",
        "id,name,owner,stock,ink\nP-1,Goose,clerk,,\nP-2,Swan,,3,\nP-3,Crow,,,blue\nP-4,Rook,clerk,3,blue\n",
    );
    golden("cells", &notice(&workspace));
}
