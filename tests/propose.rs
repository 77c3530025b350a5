//! What a pack proposes for the registers of a client: shown, written and marked, and confirmed.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, install};
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

#[test]
fn drafts_mark_what_is_proposed_and_list_it_by_register() {
    let workspace = proposing();
    folio(&workspace, &["propose", "--write", ".", "duties"]);
    let notice = workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
    let (_, list) = notice.split_once("Proposed and not yet decided (#folio-proposed)").unwrap();
    assert!(notice.contains("there are 3 pens; count them}† ({duties[D.1].owner: clerk}†)"), "{notice}");
    assert!(list.contains("Rows: 2") && list.contains("Duties: Why, Owner"), "{list}");
    assert!(!list.contains("duties[D.1]"), "{list}");
}

#[test]
fn a_value_is_confirmed_by_name_by_row_and_by_register() {
    let workspace = proposing();
    folio(&workspace, &["propose", "--write"]);
    let listed = folio(&workspace, &["decisions"]);
    assert!(listed.contains("duties: 2 rows: Duties (Applies, Why, Owner, Evidence)"), "{listed}");
    let rows = &json(&workspace, &["decisions"])["rows"];
    assert_eq!(rows[1]["register"], "duties");
    assert_eq!(rows[1]["rows"], 2);

    // By hand: a name that is taken out is confirmed.
    let text = workspace.read("registers/duties.csv");
    workspace.write("registers/duties.csv", text.replacen("applies; because; ", "", 1));
    let said = folio(&workspace, &["decisions", "--confirm", "duties[D.1].owner"]);
    assert!(said.contains("duties: 1 row confirmed (Owner)"), "{said}");
    assert!(
        workspace
            .read("registers/duties.csv")
            .contains("D.1,true,there are 3 pens; count them,clerk,H-1; H-2,,evidence\n")
    );
    folio(&workspace, &["decisions", "--confirm", "duties[D.1]"]);
    assert!(
        workspace.read("registers/duties.csv").contains("D.1,true,there are 3 pens; count them,clerk,H-1; H-2,,\nD.2")
    );
    let said = folio(&workspace, &["decisions", "--confirm", "duties"]);
    assert!(said.contains("2 rows in pens are proposals still"), "{said}");
    folio(&workspace, &["decisions", "--confirm-all"]);
    assert_eq!(workspace.read(PENS).lines().nth(3).unwrap(), "P-3,Crow | black,clerk,0,no,order; soon,2026-03-01,");
    assert!(!folio(&workspace, &["check"]).contains("proposal"));
    assert!(folio(&workspace, &["propose"]).contains("nothing is proposed"));
}

#[test]
fn a_row_may_be_marked_as_a_whole_and_names_that_mean_nothing_are_told() {
    let workspace = proposing();
    folio(&workspace, &["propose", "--write"]);
    let text = workspace.read("registers/duties.csv");
    let text = text.replacen("applies; because; owner; evidence", "ALL", 1);
    workspace.write("registers/duties.csv", text.replacen("applies; because; owner; evidence", "Why; ownr", 1));
    let said = folio(&workspace, &["check"]);
    assert!(said.contains("warning[F225]: `proposed` names `ownr`, which no row of this register has"), "{said}");
    assert!(said.contains("registers/duties.csv:3:") && said.contains("did you mean `owner`?"), "{said}");
    folio(&workspace, &["decisions", "--confirm", "duties[D.1].because"]);
    let text = workspace.read("registers/duties.csv");
    assert!(text.contains("H-1; H-2,,applies; owner; evidence\n"), "{text}");
    folio(&workspace, &["decisions", "--confirm", "duties[D.2].because"]);
    assert!(workspace.read("registers/duties.csv").ends_with(",ownr\n"));
}

#[test]
fn rows_in_the_profile_get_what_they_lack_and_nothing_that_somebody_wrote_changes() {
    let workspace = proposing();
    let duties = "duties: # kept by the clerk\n  - duty: D.2 # counted on Mondays\n    applies: false\n    because: 'We have none.'\n    proposed: [because]\nnone: [\"duties[D.2].evidence\"]\n";
    workspace.write("profile.yaml", workspace.read("profile.yaml") + duties);
    folio(&workspace, &["propose", "--write", ".", "duties"]);
    let profile = workspace.read("profile.yaml");
    insta::assert_snapshot!(profile.split_once("limits: {hours: 4}\n").unwrap().1);
    assert!(folio(&workspace, &["propose", "duties"]).contains("nothing is proposed"));
}

#[test]
fn what_there_is_none_of_gets_no_proposals() {
    let workspace = proposing();
    workspace.write("profile.yaml", workspace.read("profile.yaml") + "duties: []\n");
    let said = folio(&workspace, &["propose"]);
    assert!(!said.contains("duties") && said.contains("3 values in 2 rows are proposed"), "{said}");
}

#[test]
fn hostile_values_are_written_as_the_texts_that_they_are() {
    let workspace = proposing();
    let rule = "because: \"size(pens) > 0 ? text('duties.because', {'count': size(pens)}) : null\"";
    workspace.edit(RULES, rule, "because: '\"=1+1; \\\"two\\\",\\nlines | \" + duty.id'");
    workspace.edit(RULES, "documents.map(d, d.number)", "'[\"=cmd|x\", \"-2\"]'");
    folio(&workspace, &["propose", "--write", ".", "duties"]);
    let text = workspace.read("registers/duties.csv");
    assert!(text.contains("D.1,true,\"=1+1; \"\"two\"\",\nlines | D.1\",clerk,=cmd|x; -2,,applies"), "{text}");
    assert!(folio(&workspace, &["propose", "duties"]).contains("nothing is proposed"));

    // What a cell cannot hold: a new register stands in the profile, and an old one goes without.
    let workspace = proposing();
    workspace.edit(RULES, "documents.map(d, d.number)", "'[\"a; b\"]'");
    folio(&workspace, &["propose", "--write", ".", "duties"]);
    let profile = workspace.read("profile.yaml");
    assert!(profile.contains("- {duty: D.1, ") && profile.contains("evidence: [\"a; b\"]"), "{profile}");
    assert!(!workspace.file("registers/duties.csv").exists());
    let workspace = proposing();
    workspace.edit(RULES, "['order', 'soon']", "['order; soon']");
    let said = folio(&workspace, &["propose", "--write", ".", "pens"]);
    assert!(said.contains("`pens[P-3].tags` is left out: a cell cannot hold [\"order; soon\"]"), "{said}");
    assert!(workspace.read(PENS).contains("P-3,Crow | black,clerk,0,no,,2026-03-01,bought\n"));
}

#[test]
fn a_spreadsheet_stays_and_its_rows_go_into_a_file_beside_it() {
    let workspace = proposing();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("Pens").unwrap();
    for (at, heading) in ["Key", "Pen", "Stock"].iter().enumerate() {
        sheet.write(0, at as u16, *heading).unwrap();
    }
    sheet.write(1, 0, "P-1").unwrap();
    sheet.write(1, 1, "Goose").unwrap();
    sheet.write(1, 2, 3).unwrap();
    workspace.write("registers/pens.xlsx", book.save_to_buffer().unwrap());
    workspace.edit("profile.yaml", "{from: registers/pens.csv}", "{from: registers/pens.xlsx, sheet: Pens} # a list");
    workspace.remove(PENS);
    let before = workspace.read_bytes("registers/pens.xlsx");
    let said = folio(&workspace, &["propose", "--write", ".", "pens"]);
    let left_out = "`registers/pens.xlsx` stays as it is: 2 proposed values for rows in it (P-1) are left out";
    assert!(said.contains(left_out) && said.contains("nothing was written"), "{said}");
    assert!(folio(&workspace, &["propose", ".", "pens"]).contains(left_out));

    // New rows go into a file beside it, and later ones into that.
    let rule = "  - {id: more, register: pens, each: \"['P-8', 'P-9']\", key: item, \
                when: \"item == 'P-8' || size(pens) > 1\", values: {name: \"'Raven'\", stock: '7', in_use: 'true'}}\n";
    workspace.write(RULES, workspace.read(RULES) + rule);
    let said = folio(&workspace, &["propose", "--write", ".", "pens"]);
    assert!(
        said.contains("`registers/pens.xlsx` stays as it is; new rows stand beside it in `registers/pens.csv`"),
        "{said}"
    );
    assert_eq!(workspace.read_bytes("registers/pens.xlsx"), before);
    assert!(workspace.read(PENS).contains("\nP-8,Raven,7,true,name; stock; in_use\n"), "{}", workspace.read(PENS));
    let profile = workspace.read("profile.yaml");
    assert!(profile.contains("registers/pens.xlsx") && profile.contains("registers/pens.csv"), "{profile}");
    folio(&workspace, &["propose", "--write", ".", "pens"]);
    assert!(workspace.read(PENS).contains("P-9,Raven,"), "{}", workspace.read(PENS));
    assert!(workspace.read(PENS).contains("P-8,Raven,"), "{}", workspace.read(PENS));
    assert_eq!(workspace.read("profile.yaml"), profile);
    assert_eq!(workspace.read_bytes("registers/pens.xlsx"), before);

    // What stands in the file beside it is confirmed and refused there.
    folio(&workspace, &["decisions", "--confirm", "pens[P-8]"]);
    folio(&workspace, &["decisions", "--refuse", "pens[P-9]"]);
    let pens = workspace.read(PENS);
    assert!(pens.contains("P-8,Raven,") && !pens.contains("P-9") && !pens.contains("in_use\n"), "{pens}");
}

#[test]
fn whole_values_are_shown_when_all_is_asked_for() {
    let workspace = proposing();
    let messages =
        workspace.read(MESSAGES).replace("count them", "count them each day and tell the clerk who keeps the list");
    workspace.write(MESSAGES, messages);
    assert!(folio(&workspace, &["propose"]).contains('…'));
    let said = folio(&workspace, &["propose", "--all"]);
    assert!(said.contains("keeps the list\n") && !said.contains('…'), "{said}");
}

#[test]
fn what_the_schema_forbids_is_the_fault_of_the_rule() {
    let workspace = proposing();
    workspace.edit(RULES, "      bought: as_of", "      bought: '\"soon\"'\n      owner: '\"nobody\"'");
    workspace.edit(RULES, "      applies: size(pens) > 0", "      applies: 'null'");
    let said = refused(&workspace, &["propose", "--write"]);
    assert!(said.contains("[F313]: proposal `pens`: `bought` is `soon`, which is not a date"), "{said}");
    assert!(!said.contains("nobody"), "P-1 has an owner, and so have the others: {said}");
    assert!(said.contains("[F313]: proposal `duties`: `applies` is missing in a new row"), "{said}");
    assert!(said.contains("pack/rules/pens.yaml:"), "{said}");
    assert!(!workspace.file("registers/duties.csv").exists());
    workspace.edit(PENS, "Swan <white>,head", "Swan <white>,");
    let said = refused(&workspace, &["propose", ".", "pens"]);
    assert!(said.contains("[F313]: proposal `pens`: `nobody` is not in `roles`"), "{said}");
}

#[test]
fn a_rule_that_fails_or_names_what_there_is_not_is_a_fault_of_its_place() {
    let case = |from: &str, to: &str, expected: &str| {
        let workspace = proposing();
        workspace.edit(RULES, from, to);
        for arguments in [&["propose"][..], &["pack", "check", "pack", "--on", "."]] {
            let said = refused(&workspace, arguments);
            assert!(said.contains(expected), "{expected}: {said}");
        }
    };
    case("register: duties", "register: dutys", "there is no register `dutys` whose rows have a key");
    case("      applies:", "      aplies:", "rows of `duties` have no `aplies`");
    case("      applies:", "      duty: duty.id\n      applies:", "`duty` is the key of the row");
    case("key: duty.id", "key: size(duty.id)", "not a text");
    case("each: data.duties", "each: size(data.duties)", "not a list");
    case("when: \"!has(item.stock) || item.stock < 5\"", "when: item.name", "not true or false");
    case("'duties.because'", "'duties.becase'", "duties.becase");
    case("key: duty.id", "key: item.id", "there is no variable `item`");
    case("d.number", "d.nummer", "there is no key `nummer`");
}

#[test]
fn an_outer_pack_adds_rules_and_replaces_those_of_the_same_id() {
    let workspace = proposing();
    install(&workspace.file("pack"), &workspace.file("installed"));
    let manifest = "format: 1\nid: house\nversion: \"1.0.0\"\ntitle: House\nstandard: S\nlanguage: en-GB\nextends: specimen@^1\nrules: [rules.yaml]\n";
    workspace.write("house/pack.yaml", manifest);
    workspace.write(
        "house/rules.yaml",
        "propose:\n  - id: pens\n    register: pens\n    each: pens\n    as: pen\n    key: pen.id\n    values: {owner: 'null', stock: '7'}\n  - id: more\n    register: duties\n    each: data.duties\n    key: item.id\n    values: {due: as_of, owner: '\"head\"'}\n",
    );
    workspace.edit("folio.yaml", "{path: pack}", "{path: house}").edit(PENS, "clerk,12", "clerk,");
    let (said, code) = workspace.folio("installed", &["propose"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("  P-1  stock  7  pens\n") && !said.contains("tags"), "{said}");
    // The first rule that gives a value has it.
    assert!(said.contains("owner     clerk") && said.contains("2026-03-01                    more"), "{said}");
}

#[test]
fn a_rule_proposes_within_bounds() {
    let workspace = proposing();
    workspace.edit(
        RULES,
        "each: data.duties",
        "each: flatten(data.duties.map(a, data.duties.map(b, data.duties.map(c, pens.map(p, a)))))",
    );
    refused(&workspace, &["propose"]);
    let workspace = proposing();
    let ids: Vec<String> = (1..21_000).map(|id| format!("D.{id},x")).collect();
    workspace.write("pack/data/duties.csv", format!("id,title\n{}\n", ids.join("\n")));
    let said = refused(&workspace, &["propose"]);
    assert!(said.contains("the rules propose more than 20000 rows") || said.contains("goes over more than"), "{said}");
}

#[test]
fn reports_and_runs_are_the_same_each_time() {
    let workspace = proposing();
    let first = json(&workspace, &["propose"]);
    assert_eq!(first, json(&workspace, &["propose"]));
    assert_eq!(first["proposals"][0]["register"], "duties");
    assert_eq!(first["proposals"][0]["is_new"], true);
    assert_eq!(first["proposals"][1]["value"], "there are 3 pens; count them");
    assert_eq!(first["written"], serde_json::json!([]));
    let written = json(&workspace, &["propose", "--write"]);
    assert_eq!(written["written"], serde_json::json!(["profile.yaml", "registers/duties.csv", "registers/pens.csv"]));
    let other = proposing();
    folio(&other, &["propose", "--write"]);
    for path in ["profile.yaml", "registers/duties.csv", PENS] {
        assert_eq!(workspace.read(path), other.read(path), "{path}");
    }
    assert!(refused(&workspace, &["propose", ".", "dutis"]).contains("did you mean `duties`?"));
    assert_eq!(json(&workspace, &["check"])["workspaces"][0]["proposed_rows"][1]["rows"], 2);
}

#[test]
fn templates_and_rules_tell_proposals_from_decisions() {
    let workspace = proposing();
    let rules = workspace.read(RULES);
    let derive = "derive:\n  - {id: decided, value: 'duties.filter(d, !has(d.proposed)).map(d, d.duty)'}\n  \
        - {id: own, value: 'confirmed(duties).map(d, d.duty)'}\n  \
        - {id: sure, value: 'duties.filter(d, d.applies && !is_proposed(d, \"applies\")).map(d, d.duty)'}\n  \
        - {id: asked, value: 'duties.map(d, known(d.proposed))'}\n";
    assert!(rules.contains("derive:\n"));
    workspace.write(RULES, rules.replacen("derive:\n", derive, 1));
    workspace.edit(
        "pack/documents/notice.md.hbs",
        "{{#if motto}}",
        "{{#each duties}}\n- {{duty}} {{#if proposed}}({{#each proposed}}{{this}}, {{/each}}){{else}}is decided{{/if}}\
         {{#known proposed}}!{{/known}}\n{{/each}}\n\n\
         No mark: {{#each derived.decided}}{{this}} {{/each}}. Own: {{#each derived.own}}{{this}} {{/each}}. \
         Sure: {{#each derived.sure}}{{this}} {{/each}}.\n\n{{#if motto}}",
    );
    workspace.write(
        "profile.yaml",
        workspace.read("profile.yaml")
            + "duties:\n  - {duty: D.1, applies: true, because: they say so, owner: clerk, proposed: all}\n  \
               - {duty: D.2, applies: true, because: they say so, owner: clerk, proposed: [because, evidence]}\n",
    );
    let notice = || workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
    let text = notice();
    let shown = "proposed[0]: applies}, {duties[D.1].proposed[1]: because}, {duties[D.1].proposed[2]: owner}, )!";
    assert!(text.contains(shown) && text.contains("({duties[D.2].proposed[0]: because}, )!"), "{text}");
    let two = "{duties[D.2].duty: D.2}";
    assert!(text.contains(&format!("No mark: . Own: {two} . Sure: {two} .")), "{text}");

    // Confirmed rows have nothing of it.
    folio(&workspace, &["decisions", "--confirm", "duties"]);
    let text = notice();
    let both = "{duties[D.1].duty: D.1} {duties[D.2].duty: D.2} .";
    assert!(text.contains("{duties[D.1].duty: D.1} is decided  ?"), "{text}");
    assert!(text.contains(&format!("No mark: {both} Own: {both} Sure: {both}")), "{text}");

    let checked = folio(&workspace, &["pack", "check", "pack"]);
    assert!(!checked.contains("proposed"), "{checked}");
}

#[test]
fn a_proposal_is_refused_and_not_given_again() {
    let workspace = proposing();
    folio(&workspace, &["propose", "--write"]);
    let said = folio(&workspace, &["decisions", "--refuse", "duties[D.1].owner", "pens[P-3]"]);
    assert!(said.contains("duties: taken out of 1 row (Owner)"), "{said}");
    assert!(workspace.read("registers/duties.csv").contains("D.1,true,there are 3 pens; count them,,H-1"));
    assert!(!workspace.read("registers/duties.csv").contains("because; owner; evidence\nD.2"));
    assert_eq!(workspace.read(PENS).lines().nth(3).unwrap(), "P-3,Crow | black,clerk,0,no,,,");
    let settings = workspace.read("folio.yaml");
    assert!(settings.contains("refused:") && settings.contains("duties[D.1].owner"), "{settings}");
    let said = folio(&workspace, &["propose"]);
    assert!(said.contains("nothing is proposed") && said.contains("2 refused"), "{said}");

    // A row without what it must have goes out as a whole; so does a register; nothing needs to be written before.
    folio(&workspace, &["decisions", "--refuse", "duties[D.2].applies"]);
    assert!(!workspace.read("registers/duties.csv").contains("D.2"));
    assert!(folio(&workspace, &["propose"]).contains("nothing is proposed"));
    let other = proposing();
    folio(&other, &["decisions", "--refuse", "duties", "pens.tags"]);
    let said = folio(&other, &["propose"]);
    assert!(!said.contains("duties") && !said.contains("tags") && said.contains("bought"), "{said}");

    // What names nothing is told.
    let said = refused(&other, &["decisions", "--refuse", "dutis[D.1]"]);
    assert!(said.contains("dutis[D.1]"), "{said}");
    let settings = other.read("folio.yaml");
    let (before, _) = settings.split_once("refused:").unwrap();
    other.write("folio.yaml", format!("{before}refused:\n  - pens.tag\n  - dutis[D.1]\n"));
    let said = folio(&other, &["check"]);
    assert!(said.contains("F113") && said.contains("did you mean `tags`?") && said.contains("`duties`"), "{said}");
}

#[test]
fn a_property_of_all_rows_is_confirmed() {
    let workspace = proposing();
    folio(&workspace, &["propose", "--write"]);
    let said = folio(&workspace, &["decisions", "--confirm", "duties.because"]);
    assert!(said.contains("duties: 2 rows confirmed (Why)"), "{said}");
    let text = workspace.read("registers/duties.csv");
    assert_eq!(text.matches("applies; owner; evidence").count(), 2, "{text}");
}

#[test]
fn what_is_counted_of_proposals_is_one() {
    let workspace = proposing();
    let rules = workspace.read(RULES);
    let derive = "derive:\n  - {id: binding, value: 'size(duties.filter(d, d.applies))'}\n  \
        - {id: all_duties, value: 'size(duties)'}\n  \
        - {id: by_owner, value: 'count_by(duties, \"owner\").clerk'}\n";
    workspace.write(RULES, rules.replacen("derive:\n", derive, 1));
    workspace.edit(
        "pack/documents/notice.md.hbs",
        "{{#if motto}}",
        "Binding {{derived.binding}}, all {{derived.all_duties}}, owner {{derived.by_owner}}.\n\n{{#if motto}}",
    );
    let rows = |marks: [&str; 2]| {
        let row = |(at, mark): (usize, &str)| {
            let at = at + 1;
            format!("  - {{duty: D.{at}, applies: true, because: so, owner: clerk{mark}}}\n")
        };
        marks.into_iter().enumerate().map(row).collect::<String>()
    };
    let profile = workspace.read("profile.yaml");
    let counts = |marks: [&str; 2]| {
        workspace.write("profile.yaml", format!("{profile}duties:\n{}", rows(marks)));
        let notice = workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
        let line = notice.lines().find(|line| line.contains("Binding")).unwrap().to_owned();
        ["Binding", "all", "owner"].map(|name| {
            let (_, after) = line.split_once(&format!("{name} {{")).unwrap();
            after.split_once('}').unwrap().1.starts_with('†')
        })
    };
    assert_eq!(counts(["", ""]), [false, false, false]);
    assert_eq!(counts(["", ", proposed: [because]"]), [false, false, false]);
    assert_eq!(counts(["", ", proposed: [applies]"]), [true, false, false]);
    assert_eq!(counts(["", ", proposed: [owner]"]), [false, false, true]);
    assert_eq!(counts(["", ", proposed: all"]), [true, true, true]);
}

#[test]
fn words_that_a_proposal_decides_bear_its_mark() {
    let workspace = proposing();
    workspace.edit(
        "pack/documents/notice.md.hbs",
        "{{#if motto}}",
        "| Duty | Applies | Who |\n|---|---|---|\n{{#each duties}}\n\
         | {{duty}} | {{#if applies}}**yes**, it does.{{else}}no{{/if}} | {{#if owner}}by {{owner}}{{else}}nobody{{/if}} |\n\
         {{/each}}\n\n{{#if motto}}",
    );
    let profile = workspace.read("profile.yaml");
    let duties = "duties:\n  - {duty: D.1, applies: true, because: so, owner: clerk, proposed: [applies, owner]}\n  \
        - {duty: D.2, applies: false, because: so, owner: clerk, proposed: [applies]}\n";
    let rows = |text: &str| {
        let rows = text.lines().filter(|line| line.contains(" | ") && line.contains("duty: D.")).map(str::to_owned);
        rows.collect::<Vec<_>>().join("\n")
    };
    workspace.write("profile.yaml", format!("{profile}{duties}"));
    let notice = || workspace.dumps().into_iter().find(|(id, _)| id == "notice").unwrap().1;
    let text = notice();
    let shown = rows(&text);
    assert!(shown.contains("**yes**, {=duties[D.1].applies: it does}†."), "{text}");
    assert!(shown.contains("{=duties[D.2].applies: no}†") && !shown.contains("by†"), "{text}");
    // What is decided is a template's own words.
    workspace.write(
        "profile.yaml",
        format!("{profile}{}", duties.replace("applies, ", "").replace(", proposed: [applies]", "")),
    );
    let text = notice();
    assert!(rows(&text).contains("**yes**, it does. |") && rows(&text).contains("| no |"), "{text}");
}
