//! What `folio pack check` says of what others would not notice: files that nothing uses, a starter that does not render,
//! documents of one number, ways that no profile can go.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;
use common::kit::{NOTICE, add, case, checked, checked_whole, run, specimen};
use folio::diagnostic::{Diagnostic, Severity};

/// Codes and messages, in order.
fn said(found: &[Diagnostic]) -> Vec<String> {
    found.iter().map(|found| format!("{} {}", found.code, found.message)).collect()
}

#[test]
fn files_that_nothing_lists_or_reads() {
    case("files", |workspace| {
        workspace
            .write("pack/documents/visitors.md.hbs", workspace.read(NOTICE).replace("H-2", "H-7"))
            .write("pack/documents/draft.md", "x\n")
            .write("pack/rules/more.yaml", "checks: []\n")
            .write("pack/partials/who.md", "x\n")
            .write("pack/data/more.json", "{}\n")
            .write("pack/blocks/readme.txt", "for people\n")
            .write("pack/fonts/notes.txt", "x\n")
            .write("pack/checklists/notise.yaml", "[]\n")
            .write("pack/checklists/notice.2022.yaml", "[]\n")
            .write("pack/migrations/old.csv", "from,to\n")
            .write("pack/fixtures/notes.txt", "x\n")
            .write("pack/fixtures/one/registers/pencils.csv", "id,name\n")
            .write("pack/fixtures/one/expected/gone.txt", "x\n")
            .write("pack/starter/registers/pencils.csv", "id,name\n")
            .write("pack/template/notice.md.hbs", "x\n")
            .write("pack/README.md", "For people.\n")
            .write("pack/fonts/LICENSE.txt", "For people.\n")
            .write("pack/starter/.gitignore", "out/\n");
    });
}

#[test]
fn blocks_that_stand_in_place_of_nothing() {
    let workspace = specimen();
    workspace.edit(NOTICE, "# ", "{{#block \"who\"}}{{/block}}\n\n# ").write(
        "house/pack.yaml",
        "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: S\nlanguage: en-GB\nextends: specimen@^1\n",
    );
    workspace.write("house/blocks/notice/woh.md.hbs", "x\n").write("house/blocks/handbook/who.md.hbs", "x\n");
    let (found, _) = checked(&workspace, "house");
    assert_eq!(
        said(&found),
        ["F340 `blocks/handbook/who.md.hbs` is used nowhere", "F340 `blocks/notice/woh.md.hbs` is used nowhere"]
    );
    assert_eq!(found[1].help, ["`notice` has no block `woh`; did you mean `who`?"]);
}

#[test]
fn a_base_says_as_a_note_what_its_editions_may_use() {
    let workspace = specimen();
    workspace.edit("pack/pack.yaml", "language:", "abstract: true\nlanguage:");
    std::fs::remove_dir_all(workspace.file("pack/starter")).unwrap();
    workspace.write("pack/documents/visitors.md.hbs", "x\n");
    let (found, _) = checked(&workspace, "pack");
    for expected in [
        "F340 the document `visitors` is used nowhere",
        "F352 the pack has no `starter/`: `folio new` cannot make a workspace of it",
    ] {
        assert!(said(&found).iter().any(|said| said == expected), "{expected}: {found:#?}");
    }
    assert!(found.iter().all(|found| found.severity == Severity::Note), "{found:#?}");
}

#[test]
fn a_starter_that_does_not_render() {
    case("starter-is-missing", |workspace| {
        std::fs::remove_dir_all(workspace.file("pack/starter")).unwrap();
    });
    case("starter-without-profile", |workspace| {
        std::fs::remove_file(workspace.file("pack/starter/profile.yaml")).unwrap();
    });
    case("starter-is-wrong", |workspace| {
        workspace
            .edit("pack/starter/profile.yaml", "holder: ben", "holder: bne")
            .edit("pack/starter/profile.yaml", "  industry: pens\n", "")
            .edit("pack/starter/profile.yaml", "limits:", "limts:");
    });
    case("starter-lacks-what-a-text-prints", |workspace| {
        add(workspace, "pack/fixtures/one/profile.yaml", "motto: Write on.\n");
        add(workspace, NOTICE, "\n{{motto}}\n");
    });
}

#[test]
fn two_documents_of_one_number_or_title() {
    case("set", |workspace| {
        let twin = workspace.read("pack/documents/handbook.md.hbs");
        let (matter, _) = twin.split_once("\n---\n").unwrap();
        workspace.write("pack/documents/twin.md.hbs", format!("{matter}\n---\n# Twin {{#sec-twin}}\n\nx\n")).edit(
            "pack/pack.yaml",
            "[handbook, notice]",
            "[handbook, notice, twin]",
        );
    });
    // The outer pack's author can give its document another number.
    let workspace = specimen();
    workspace
        .write(
            "house/pack.yaml",
            "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: S\nlanguage: en-GB\nextends: specimen@^1\ndocuments: [own]\n",
        )
        .write(
            "house/documents/own.md.hbs",
            "---\nnumber: H-1\ntitle: Own\nkind: policy\n---\n# Own {#sec-own}\n\nx\n",
        );
    let (found, _) = checked(&workspace, "house");
    assert_eq!(said(&found), ["F351 `handbook` and `own` both have the number `H-1`"]);
    assert_eq!(found[0].span.as_ref().unwrap().to_string(), "house/documents/own.md.hbs:2:9");
}

#[test]
fn a_reference_to_a_list_that_there_is_not_is_blamed_on_the_schema() {
    let workspace = specimen();
    let schema = "pack/profile.schema.json";
    workspace.edit(schema, "[\"roles\"]", "[\"rols\"]");
    let (code, _, said) = run(&["check", "."], workspace.path());
    assert!(code == Some(0) && !said.contains("F221"), "{said}");
    assert!(said.contains("warning[F342]: `x-folio-ref` names the register `rols`, which no profile has"), "{said}");
    assert!(said.contains("pack/profile.schema.json:17:73") && said.contains("the pack's author"), "{said}");
    let (found, _) = checked(&workspace, "pack");
    let errors: Vec<&Diagnostic> = found.iter().filter(|found| found.severity >= Severity::Error).collect();
    assert_eq!((errors.len(), errors[0].code.as_str()), (1, "F342"), "{errors:#?}");
    // Of two lists, the one that there is decides.
    workspace.edit(schema, "[\"rols\"]", "[\"rols\", \"people\"]");
    let (code, _, said) = run(&["check", "."], workspace.path());
    assert!(code == Some(1) && said.contains("error[F221]: `clerk` is not in `people`"), "{said}");
    workspace.edit(schema, "[\"rols\", \"people\"]", "[\"limits.names\"]").edit(
        schema,
        "\"hours\": {\"title\"",
        "\"names\": {\"items\": {\"properties\": {\"id\": {\"type\": \"string\"}}}}, \"hours\": {\"title\"",
    );
    let (_, _, said) = run(&["pack", "check", "pack"], workspace.path());
    assert!(said.contains("the list `limits.names`, whose rows have no key: give it `x-folio-key`"), "{said}");
}

#[test]
fn a_title_for_a_key_of_the_engine_leaves_its_default_and_kind() {
    let workspace = specimen();
    workspace.edit(
        "pack/profile.schema.json",
        "\"motto\":",
        "\"organisation\": {\"title\": \"Betrieb\", \"properties\": {\"name\": {\"title\": \"Firmenname\"}}}, \"motto\":",
    );
    add(&workspace, NOTICE, "\nWe serve {{organisation.serves}}.\n");
    assert_eq!(said(&checked(&workspace, "pack").0), said(&checked(&specimen(), "pack").0));
    workspace.edit("pack/fixtures/one/profile.yaml", "  name: Quill & Sons Ltd\n", "");
    let (_, _, said) = run(&["pack", "check", "pack"], workspace.path());
    assert!(said.contains("`name` is missing in `organisation`") && said.contains("name: Firmenname."), "{said}");
    let schema = "pack/profile.schema.json";
    workspace.edit(schema, "{\"title\": \"Firmenname\"}", "{\"title\": \"Firmenname\", \"type\": \"integer\"}");
    let (code, _, said) = run(&["pack", "check", "pack"], workspace.path());
    assert!(
        code == Some(1) && said.contains("error[F307]: to the engine, `organisation.name` is of the type"),
        "{said}"
    );
}

#[test]
fn a_value_that_a_text_begins_with_a_capital() {
    let workspace = specimen();
    workspace.edit(
        "pack/profile.schema.json",
        "\"motto\":",
        "\"host\": {\"title\": \"Host\", \"type\": \"string\"}, \"motto\":",
    );
    let profile = workspace.read("pack/fixtures/one/profile.yaml");
    workspace.write("pack/fixtures/one/profile.yaml", format!("{profile}\nhost: acme-prod\n"));
    add(
        &workspace,
        NOTICE,
        "\n{{#known host}}{{cap host}} runs, says the {{role \"clerk\"}}. {{cap (role \"clerk\")}}s sleep.{{/known}}\n",
    );
    let (_, _, said) = run(&["pack", "check", "pack"], workspace.path());
    assert!(said.contains("warning[F363]: `host` is printed with a capital that it may not have"), "{said}");
    assert_eq!(said.matches("F363").count(), 1, "a role's title may: {said}");
    workspace.edit("pack/profile.schema.json", "{\"title\": \"Host\",", "{\"title\": \"Host\", \"x-folio-cap\": true,");
    assert!(!run(&["pack", "check", "pack"], workspace.path()).2.contains("F363"));
}

#[test]
fn ways_that_nothing_leads_into_are_not_missed() {
    let workspace = specimen();
    let (before, coverage) = checked(&workspace, "pack");
    for closed in [
        "{{#if organisation.name}}x{{/if}}",
        "{{#unless limits.hours}}x{{/unless}}",
        "{{#if as_of}}x{{/if}}{{#if true}}x{{else}}y{{/if}}{{#if (eq 1 2)}}x{{/if}}",
        "{{#if data.articles}}x{{/if}}",
        "{{#each classification}}{{#if label}}{{id}}{{/if}}{{else}}none{{/each}}",
        "{{#each people as |person|}}{{#if person.name}}x{{/if}}{{/each}}",
        "{{#with organisation}}{{#if name}}x{{/if}}{{/with}}",
        "{{#if pens}}{{#each pens}}{{id}}{{else}}none{{/each}}{{/if}}",
    ] {
        workspace.write(NOTICE, specimen().read(NOTICE) + "\n" + closed + "\n");
        let (found, _) = checked(&workspace, "pack");
        let new: Vec<&Diagnostic> =
            found.iter().filter(|found| !said(&before).contains(&said(std::slice::from_ref(found))[0])).collect();
        let unreached = new.iter().filter(|found| found.code.as_str() == "F344");
        let allowed = ["#each pens", "#if pens", "#each people", "#each classification"];
        let wrong: Vec<_> =
            unreached.filter(|found| !allowed.iter().any(|text| found.message.contains(text))).collect();
        assert!(wrong.is_empty(), "{closed}: {wrong:#?}");
    }
    // One condition in another that has decided it.
    let nested = "\n{{#if motto}}{{#if motto}}a{{else}}b{{/if}}{{#unless (not @root.motto)}}c{{/unless}}{{else}}{{#if (and motto limits)}}d{{/if}}{{/if}}\n";
    workspace.write(NOTICE, specimen().read(NOTICE) + nested);
    let (found, with_nested) = checked(&workspace, "pack");
    let new: Vec<String> = said(&found).into_iter().filter(|said_of| !said(&before).contains(said_of)).collect();
    // Nothing more is missed than the outermost, which was before; and those inside are told to decide nothing, in one entry.
    let [decided] = &new[..] else { panic!("{new:#?}") };
    assert!(decided.starts_with("F341") && decided.ends_with("; and so for 2 more"), "{decided}");
    assert_eq!((with_nested.arms, with_nested.reached), (coverage.arms + 5, coverage.reached + 2));
}

#[test]
fn values_that_no_fixture_has_are_told_a_kind_at_a_time() {
    case("unseen", |workspace| {
        let keys: Vec<String> = (0..12).map(|at| format!("\"key_{at}\": {{\"type\": \"string\"}}")).collect();
        let more = format!(
            "\"inks\": {{\"type\": \"array\", \"x-folio-key\": \"id\", \"items\": {{\"properties\": {{\"id\": {{\"type\": \"string\"}}}}}}}}, \"desk\": {{\"type\": \"object\", \"properties\": {{\"wood\": {{\"enum\": [\"oak\", \"elm\"], \"default\": \"oak\"}}, {}}}}}, \"motto\":",
            keys.join(", ")
        );
        workspace.edit("pack/profile.schema.json", "\"motto\":", &more);
    });
    // A fixture has them, or a workspace that is looked at too.
    let workspace = specimen();
    let about =
        |found: Vec<Diagnostic>| said(&found).into_iter().filter(|said| said.starts_with("F353")).collect::<Vec<_>>();
    assert_eq!(about(checked(&workspace, "pack").0), ["F353 no fixture has the keys `pens.bought`, `motto`"]);
    add(&workspace, "pack/fixtures/one/profile.yaml", "motto: Write on.\n");
    assert_eq!(about(checked(&workspace, "pack").0), ["F353 no fixture has the key `pens.bought`"]);
    let (_, _, said) = run(&["pack", "check", "pack", "--on", "."], workspace.path());
    assert!(said.contains("no fixture has the key `pens.bought`"), "{said}");
}

#[test]
fn a_way_that_nobody_went_is_shown_at_its_own_link_of_a_chain() {
    case("chain", |workspace| {
        add(
            workspace,
            NOTICE,
            "\n{{#if (eq limits.hours 3)}}three{{else if (eq limits.hours 4)}}four\n{{else if motto}}{{motto}}{{else}}none{{/if}}\n",
        );
    });
}

#[test]
fn text_and_json_say_one_column_of_a_long_line() {
    let workspace = specimen();
    add(&workspace, NOTICE, &format!("\n{} {{{{#if motto}}}}x{{{{/if}}}} {}\n", "é".repeat(150), "y".repeat(150)));
    let (_, _, text) = run(&["pack", "check", "pack", "--all"], workspace.path());
    let (_, json, _) = run(&["pack", "check", "pack", "--report", "json"], workspace.path());
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let all = report["diagnostics"].as_array().unwrap();
    for one in all.iter().filter(|one| one["column"].as_u64() > Some(0)) {
        let place = format!("{}:{}:{}", one["file"].as_str().unwrap(), one["line"], one["column"]);
        assert!(text.contains(&place), "{place} is not in\n{text}");
    }
    assert!(all.iter().any(|one| one["column"] == 152), "{json}");
}

#[test]
fn a_partial_with_several_lines_in_a_row_is_named() {
    case("row", |workspace| {
        workspace.write("pack/partials/state.md.hbs", "{{#if motto}}due{{/if}}\nhere\n");
        add(workspace, NOTICE, "\n| A | B |\n|---|---|\n| a | {{> state}} |\n");
    });
    // The line end that an editor puts there is none.
    let workspace = specimen();
    workspace.write("pack/partials/state.md.hbs", "due\n");
    add(&workspace, NOTICE, "\n| A | B |\n|---|---|\n| a | {{> state}} |\n");
    assert_eq!(said(&checked(&workspace, "pack").0), said(&checked(&specimen(), "pack").0));
}

/// What is said of silence in a pack whose notice says `text` besides.
fn of_silence(text: &str, change: impl FnOnce(&Workspace)) -> Vec<String> {
    let workspace = specimen();
    workspace.edit(NOTICE, "{{#if motto}}{{motto}}{{else}}We have no motto.{{/if}}", text).edit(
        "pack/documents/handbook.md.hbs",
        "{{#if derived.short}}",
        "{{#either derived.short}}",
    );
    let handbook = workspace.read("pack/documents/handbook.md.hbs");
    let (before, after) = handbook.split_at(handbook.find("{{#either").unwrap());
    workspace
        .write("pack/documents/handbook.md.hbs", format!("{before}{}", after.replacen("{{/if}}", "{{/either}}", 1)));
    change(&workspace);
    let (found, _) = checked_whole(&workspace, "pack");
    said(&found.into_iter().filter(|found| ["F356", "F357"].contains(&found.code.as_str())).collect::<Vec<_>>())
}

#[test]
fn texts_that_silence_says() {
    for sound in [
        "{{#known motto}}a{{else}}b{{/known}}",
        "{{#either motto}}a{{else}}b{{/either}}",
        "{{#if motto}}a{{/if}}",
        "{{#if motto}}a{{else}}, {{/if}}",
        "{{#if organisation.name}}a{{else}}b{{/if}}",
        "{{#if (eq limits.hours 2)}}a{{else}}b{{/if}}",
        "{{#known motto}}{{#if motto}}a{{else}}b{{/if}}{{/known}}",
        "{{#if (and (known motto) motto)}}a{{/if}}",
        "{{#each pens}}{{#unless @last}}, {{/unless}}{{#if @first}}a{{else}}b{{/if}}{{/each}}",
        "{{#if pens}}a{{else}}b{{/if}}",
        "{{#if derived.short_count}}a{{else}}b{{/if}}",
    ] {
        assert_eq!(of_silence(sound, |_| {}), [""; 0], "{sound}");
    }
    for (speaks, path) in [
        ("{{#if motto}}a{{else}}b{{/if}}", "motto"),
        ("{{#unless motto}}a{{/unless}}", "motto"),
        ("{{#if (not motto)}}a{{/if}}", "motto"),
        ("{{#if (and organisation.name motto)}}{{else}}b{{/if}}", "motto"),
        ("{{#if (eq motto \"x\")}}a{{else if (eq motto \"y\")}}b{{else}}c{{/if}}", "motto"),
        ("{{#if (ne motto \"x\")}}a{{/if}}", "motto"),
        ("{{#each pens}}{{#if stock}}a{{else}}{{name}}{{/if}}{{/each}}", "stock"),
        ("{{#each pens}}{{#each tags}}a{{else}}b{{/each}}{{/each}}", "tags"),
        ("{{#if derived.short}}a{{else}}b{{/if}}", "derived.short"),
        ("{{#if motto}}a{{else}}{{#if organisation.name}}b{{/if}}{{/if}}", "motto"),
    ] {
        let found = of_silence(speaks, |_| {});
        assert!(
            matches!(&found[..], [one] if one.contains(&format!("nobody has recorded `{path}`"))),
            "{speaks}: {found:?}"
        );
    }
    let two = of_silence("{{#if motto}}a{{else}}b{{/if}}{{#unless motto}}c{{/unless}}", |_| {});
    assert!(two[0].ends_with("; so does 1 more text of this file"), "{two:?}");
}

#[test]
fn sentences_about_all_or_none() {
    let strings = |workspace: &Workspace| {
        let more = "universal: [every, nobody]\nduty: [must]\n";
        workspace.write("pack/strings.yaml", workspace.read("pack/strings.yaml") + more);
    };
    for sound in [
        "Every clerk must write.",
        "{{#known motto}}Nobody sleeps.{{/known}}",
        "Everybody writes.",
        "They must {{#if pens}}feed every pen{{/if}} daily.",
    ] {
        assert_eq!(of_silence(sound, strings), [""; 0], "{sound}");
    }
    let found =
        of_silence("They must write. Every pen is {{#if pens}}dry{{/if}}, and nobody minds. Nobody knows.", strings);
    assert_eq!(
        found,
        [
            "F357 this sentence speaks of all or of none: 'Every pen is dry, and nobody minds.'; so does 1 more of this file"
        ]
    );
}

#[test]
fn keywords_of_schemas_are_spelt() {
    case("keywords", |workspace| {
        workspace.edit(
            "pack/profile.schema.json",
            r#""title": "Motto","#,
            r#""title": "Motto", "x-folio-optinal": true,"#,
        );
    });
}
