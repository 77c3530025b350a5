//! Lengths of time, partial dates and periods in a profile: they are checked where they stand, in YAML, CSV and spreadsheet
//! alike, and print in the pack's language.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use common::Workspace;
use folio::diagnostic::Sink;
use folio::files::{Changed, Disk};
use folio::pack::source::Shelf;
use folio::session::Session;
use rust_xlsxwriter::Workbook;

/// The specimen, whose pens are bought, kept and served at times of every form.
fn specimen() -> Workspace {
    let workspace = Workspace::specimen();
    let bought = r#""bought": {"title": "Bought", "type": "string", "format": "date"}"#;
    let times = r#""bought": {"title": "Bought", "type": "string", "format": "folio-date"},
          "kept": {"title": "Kept", "type": "string", "format": "folio-duration"},
          "washed": {"title": "Washed", "type": "string", "format": "folio-interval"},
          "lent": {"title": "Lent", "type": "string", "format": "folio-period"}"#;
    let limits = r#""hours": {"title": "Hours", "type": "integer", "minimum": 1, "default": 2},"#;
    let leave =
        r#""leave": {"title": "Leave", "type": "string", "format": "folio-duration", "default": "2 working days"},"#;
    workspace
        .edit("pack/profile.schema.json", bought, times)
        .edit("pack/profile.schema.json", limits, &format!("{limits}\n        {leave}"))
        .edit(
            "pack/rules/pens.yaml",
            "derive:\n",
            "derive:\n  - {id: spans, value: 'pens.filter(p, has(p.bought)).map(p, days_between(first_day(p.bought), last_day(p.bought)))'}\n",
        )
        .edit(
            "pack/documents/notice.md.hbs",
            "{{as_of}} is {{date as_of}}.",
            "Leave {{duration limits.leave}}; {{list derived.spans}}.\n\n{{#each pens}}\n- {{id}}: {{#if bought}}{{date bought}}{{/if}}, \
             {{#if kept}}{{duration kept}}{{/if}}, {{#if washed}}{{duration washed}}{{/if}}, \
             {{#if lent}}{{period lent}}{{/if}}\n{{/each}}\n",
        );
    workspace
}

const HEADINGS: &str = "id,name,owner,stock,in_use,bought,kept,washed,lent";

#[track_caller]
fn prints(workspace: &Workspace, lines: &[&str]) {
    let dump = workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
    // Without where each value comes from.
    let dump = regex::Regex::new(r"\{[^{}]*?: ([^{}]*)\}").unwrap().replace_all(&dump, "$1");
    for line in lines {
        assert!(dump.contains(line), "`{line}` is not in {dump}");
    }
}

#[track_caller]
fn says(workspace: &Workspace, words: &[&str]) {
    let said = workspace.problems();
    for words in words {
        assert!(said.contains(words), "`{words}` is not said: {said}");
    }
}

#[test]
fn times_of_a_csv_print_in_words() {
    let workspace = specimen();
    let rows = "P-1,Goose,clerk,12,true,2026-03-14,4 h,6 weeks,2026-01/2026-03\n\
                P-2,Swan,head,0,yes,2026-03,1 year 6 months,on change,2025\n\
                P-3,Crow,head,0,yes,2026,,,\n";
    workspace.write("registers/pens.csv", format!("{HEADINGS}\n{rows}"));
    prints(
        &workspace,
        &[
            "Leave 2 working days†; 0, 30 and 364.",
            "P-1: 14 March 2026, 4 hours, 6 weeks, January to March 2026",
            "P-2: March 2026, 1 year and 6 months, on change, 2025",
            "P-3: 2026,",
        ],
    );
}

#[test]
fn a_year_may_be_a_number_in_yaml_and_in_a_spreadsheet() {
    let workspace = specimen();
    workspace.edit(
        "profile.yaml",
        "{from: registers/pens.csv}",
        "[{id: P-1, name: Goose, owner: clerk, stock: 1, bought: 2026, kept: 3 years, lent: 2025, washed: before a holiday week}]",
    );
    prints(&workspace, &["P-1: 2026, 3 years, before a holiday week, 2025"]);
    let workspace = specimen();
    let mut book = Workbook::new();
    let pens = book.add_worksheet().set_name("Pens").unwrap();
    for (column, heading) in HEADINGS.split(',').enumerate() {
        pens.write(0, column as u16, heading).unwrap();
    }
    for (column, text) in [(0, "P-1"), (1, "Goose"), (6, "10 business days"), (8, "2026-01/2026-03"), (2, "clerk")] {
        pens.write(1, column, text).unwrap();
    }
    pens.write(1, 5, 2026).unwrap();
    pens.write(1, 3, 1).unwrap();
    book.save(workspace.file("registers/pens.xlsx")).unwrap();
    workspace.edit("profile.yaml", "{from: registers/pens.csv}", "{from: registers/pens.xlsx, sheet: Pens}");
    prints(&workspace, &["P-1: 2026, 10 working days, , January to March 2026"]);
}

#[test]
fn what_is_no_time_is_shown_where_it_stands_with_what_may() {
    let workspace = specimen();
    let rows = "P-1,Goose,clerk,12,true,March 2026,4 hrss,6 weks,2026-03/2026-01\n\
                P-2,Swan,head,0,yes,2026-02-30,18,soon,2026 to 2027\n";
    workspace.write("registers/pens.csv", format!("{HEADINGS}\n{rows}"));
    says(
        &workspace,
        &[
            "error[F214]: `bought` is `March 2026`, which is no day, month or year",
            "error[F214]: `bought` is `2026-02-30`, which is no day, month or year",
            "write a year, month or day that exists: `2026`, `2026-03` or `2026-03-14`",
            "`kept` is `4 hrss`, which has the unit `hrss`, which is not known",
            "`kept` is `18`, which has no unit",
            "`washed` is `6 weks`, which has the unit `weks`, which is not known",
            "`lent` is `2026-03/2026-01`, which ends before it begins",
            "`lent` is `2026 to 2027`, which is no period",
            "registers/pens.csv:2",
            "write a number and a unit: `15 min`, `4 h`, `10 days`, `2 working days`, `6 weeks`, `18 months`, `3 years`",
        ],
    );
    let workspace = specimen();
    workspace.edit("profile.yaml", "limits: {hours: 4}", "limits: {hours: 4, leave: 4}");
    says(&workspace, &["`leave` is the number 4, not a text", "write the unit too: `4 h`, `4 days`, `4 months`"]);
    let workspace = specimen();
    workspace.edit("profile.yaml", "limits:", "none: [{what: motto, on: 2026}]\nlimits:");
    says(&workspace, &["`on` is the number 2026, not a text", "write a day as YYYY-MM-DD"]);
}

#[test]
fn a_default_that_is_no_length_is_a_fault_of_the_pack() {
    let workspace = specimen();
    workspace.edit("pack/profile.schema.json", r#""default": "2 working days""#, r#""default": "2 worked days""#);
    says(&workspace, &["the default of `limits.leave` is \"2 worked days\", which its own schema does not allow"]);
}

#[test]
fn a_rule_that_needs_a_day_says_how_to_come_to_one() {
    let workspace = specimen();
    workspace
        .edit(
            "pack/rules/pens.yaml",
            "days_between(first_day(p.bought), last_day(p.bought))",
            "days_between(p.bought, as_of)",
        )
        .write("registers/pens.csv", format!("{HEADINGS}\nP-1,Goose,clerk,12,true,2026-03,,,\n"));
    says(
        &workspace,
        &[
            "`days_between`: `2026-03` is known to its month or year alone",
            "`first_day('2026-03')` or `last_day('2026-03')`",
        ],
    );
}

/// The checks that speak of today, not of the date of the facts.
const OF_TODAY: [&str; 7] = [
    "asset-not-confirmed",
    "baseline-comparison-late",
    "log-review-late",
    "metric-late",
    "qualification-expired",
    "supplier-contract-ends",
    "training-overdue",
];

#[test]
fn a_later_today_alone_makes_what_is_late_by_today_speak() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/northwind-2022");
    // A contract that ends is the one thing that the example lacks.
    let suppliers = std::fs::read_to_string(root.join("registers/suppliers.csv")).unwrap();
    let changed = suppliers.replacen(",,90 days,", ",2029-06-30,90 days,", 1);
    assert_ne!(changed, suppliers);
    let changes = BTreeMap::from([("registers/suppliers.csv".to_owned(), Some(changed.into_bytes()))]);
    let said = |today: &str| -> BTreeSet<String> {
        let session = Session::new(Shelf::default(), 1, today);
        let mut sink = Sink::new();
        let pack = session.workspace(&root, &mut sink).unwrap().pack.clone();
        let files = Arc::new(Changed::new(Arc::new(Disk::new(&root, "")), changes.clone()));
        let workspace = session.workspace_with(&root, files, pack, &mut sink).unwrap();
        let plan = session.plan(&workspace, &mut sink);
        session.report(&workspace, &plan, &mut sink);
        sink.iter().map(|problem| problem.code.to_string()).filter(|code| OF_TODAY.contains(&code.as_str())).collect()
    };
    assert_eq!(said("2026-06-01"), BTreeSet::new());
    assert_eq!(said("2032-01-01"), OF_TODAY.map(str::to_owned).into());
}
