//! Lists in the cells of a register: each item is what the schema says, and each that is not is shown where it stands.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;
use rust_xlsxwriter::Workbook;

/// The specimen, whose pens have lists of every kind, and a text that prints and computes with them.
fn specimen() -> Workspace {
    let workspace = Workspace::specimen();
    let tags = r#""tags": {"title": "Tags", "type": "array", "items": {"type": "string"}},"#;
    let lists = r#"
          "sizes": {"title": "Sizes", "type": "array", "items": {"type": "integer", "maximum": 9}},
          "rates": {"title": "Rates", "type": "array", "items": {"type": "number"}},
          "served": {"title": "Served", "type": "array", "items": {"type": "string", "format": "date"}},
          "passed": {"title": "Passed", "type": "array", "items": {"type": "boolean"}},
          "grades": {"title": "Grades", "type": "array", "items": {"enum": ["fine", "broad"]}},
          "steps": {"title": "Steps", "type": "array", "items": {"enum": [1, 2, 4]}},"#;
    workspace
        .edit("pack/profile.schema.json", tags, &format!("{tags}{lists}"))
        .edit("pack/rules/pens.yaml", "derive:\n", "derive:\n  - {id: sizes, value: 'sum(flatten(pens.filter(p, has(p.sizes)).map(p, p.sizes)))'}\n")
        .edit(
            "pack/documents/notice.md.hbs",
            "{{as_of}} is {{date as_of}}.",
            "Sizes {{derived.sizes}}.\n\n{{#each pens}}\n- {{id}}: {{stock}}, {{#if sizes}}{{list sizes}}{{else}}none{{/if}}, \
             {{#if rates}}{{list rates}}{{/if}}, {{#if served}}{{list served}}{{/if}}, {{#if passed}}{{list passed}}{{/if}}, \
             {{#if grades}}{{list grades}}{{/if}}, {{#if steps}}{{list steps}}{{/if}}\n{{/each}}\n",
        );
    workspace
}

const HEADINGS: &str = "id,name,owner,stock,in_use,tags,sizes,rates,served,passed,grades,steps";

fn golden(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "golden/typed-cells", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn a_list_in_a_cell_holds_what_the_schema_says() {
    let workspace = specimen();
    let rows = "P-1,\"Goose, grey\",clerk,12,true,soft; light,1;2; 3,0.5;2;-1,2026-01-01;2026-02-28,yes;false,fine;broad,4;1\n\
                P-2,Swan,head,0,yes,firm,0,0;0.25,2026-01-01,no,fine,2\n";
    workspace.write("registers/pens.csv", format!("{HEADINGS}\n{rows}"));
    let dump = workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
    golden("good", &dump);
}

#[test]
fn a_spreadsheet_has_the_same_lists_and_makes_a_number_of_a_list_of_one() {
    let workspace = specimen();
    let mut book = Workbook::new();
    let pens = book.add_worksheet().set_name("Pens").unwrap();
    for (column, heading) in HEADINGS.split(',').enumerate() {
        pens.write(0, column as u16, heading).unwrap();
    }
    for (column, text) in
        [(0, "P-1"), (1, "Goose, grey"), (2, "clerk"), (5, "soft"), (6, "1;2; 3"), (8, "2026-01-01"), (10, "fine")]
    {
        pens.write(1, column, text).unwrap();
    }
    pens.write(1, 3, 0).unwrap();
    for (column, text) in [(0, "P-2"), (1, "Swan")] {
        pens.write(2, column, text).unwrap();
    }
    pens.write(2, 3, 4).unwrap();
    pens.write(2, 6, 0).unwrap();
    pens.write(2, 7, 0.25).unwrap();
    pens.write(2, 9, true).unwrap();
    pens.write(2, 11, 4).unwrap();
    book.save(workspace.file("registers/pens.xlsx")).unwrap();
    workspace.edit("profile.yaml", "{from: registers/pens.csv}", "{from: registers/pens.xlsx, sheet: Pens}");
    let dump = workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
    golden("good-xlsx", &dump);
    // The mistakes of a sheet are those of its cells.
    let mut book = Workbook::new();
    let pens = book.add_worksheet().set_name("Pens").unwrap();
    for (column, heading) in HEADINGS.split(',').enumerate() {
        pens.write(0, column as u16, heading).unwrap();
    }
    for (column, text) in [(0, "P-1"), (1, "Goose"), (6, "1;two;3.5"), (8, "soon;2026-01-01"), (10, "fine;soft")] {
        pens.write(1, column, text).unwrap();
    }
    pens.write(1, 5, 7).unwrap();
    pens.write(1, 11, 3).unwrap();
    book.save(workspace.file("registers/pens.xlsx")).unwrap();
    golden("bad-xlsx", &workspace.problems());
}

#[test]
fn each_bad_item_is_shown_where_it_stands() {
    let workspace = specimen();
    let rows = "P-1,\"Goose, grey\",clerk,12,true,soft,1;zwei; 3.5;07,0.5;many,2026-01-01;soon,yes;maybe,fine;soft,4;3\n\
                P-2,Swan,head,0,yes,firm,1;12,,,,,x\n\
                P-3,Crow,head,0,yes,firm,\"1; three\",,\"a \"\";b\",,,\n";
    workspace.write("registers/pens.csv", format!("{HEADINGS}\n{rows}"));
    golden("bad", &workspace.problems());
}
