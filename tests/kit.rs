//! The author's kit: a new pack, what is said of a pack, and what its fixtures show.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use common::kit::{MESSAGES, NOTICE, RULES, add, case, checked, is_spotless, new_pack, run, specimen};
use folio::diagnostic::{Diagnostic, Severity, Sink};
use folio::files::Disk;
use folio::kit::check::{Coverage, check};
use folio::pack::Pack;
use folio::pack::source::{Shelf, folder};

#[test]
fn names_that_nobody_knows() {
    case("variables", |workspace| {
        add(workspace, NOTICE, "{{#if orgnisation.website}}x{{/if}}{{#each pens}}{{#if colour}}y{{/if}}{{/each}}\n");
        add(
            workspace,
            RULES,
            "  - {id: nobody, severity: note, each: pens, assert: it.ownr != derived.shrt, message: '\"x\"', explain: It is here to be read.}\n",
        );
        workspace.edit(NOTICE, "kind: procedure", "kind: procedure\nwhen: limits.hors > 3");
    });
    case("topics", |workspace| {
        add(workspace, NOTICE, "{{#unless motto}}x{{else}}{{cite \"keepng\"}}{{/unless}}\n");
    });
}

#[test]
fn a_document_that_no_fixture_makes_is_read_too() {
    case("variable-in-a-document-that-is-not-made", |workspace| {
        workspace.edit(NOTICE, "kind: procedure", "kind: procedure\nwhen: limits.hours > 1000");
        add(workspace, NOTICE, "{{#if orgnisation.website}}x{{/if}}\n");
    });
}

#[test]
fn words_that_a_language_lacks() {
    case("language-words", |workspace| {
        workspace.edit("pack/pack.yaml", "language: en-GB", "language: sw-KE");
        add(workspace, NOTICE, "\n{{duration 90}} {{words 3}}\n");
    });
    case("language-forms", |workspace| {
        workspace.edit("pack/pack.yaml", "language: en-GB", "language: pl-PL");
    });
}

#[test]
fn what_is_used_nowhere() {
    case("unused", |workspace| {
        workspace
            .write("pack/partials/old.md.hbs", "Nobody reads {{this}}.\n")
            .write("pack/data/rota.csv", "day,who\nmonday,ada\n")
            .write("pack/images/old.svg", workspace.read("pack/images/quill.svg"))
            .edit(RULES, "derive:\n", "derive:\n  - {id: unread, value: size(pens)}\n")
            .edit(
                "pack/strings.yaml",
                "  - {catalogue: duties,",
                "  - {catalogue: virtues, one: virtue, many: virtues}\n  - {catalogue: duties,",
            );
        add(workspace, "pack/data/topics.yaml", "lending: {duties: [D.1]}\n");
    });
}

#[test]
fn conditions_that_decide_nothing() {
    case("when", |workspace| {
        workspace.edit(NOTICE, "kind: procedure", "kind: procedure\nwhen: size([1]) > 0").edit(
            "pack/pack.yaml",
            "[handbook, notice]",
            "[handbook, notice, never, always]",
        );
        for (id, when) in [("never", "limits.hours > 1000"), ("always", "limits.hours > 0")] {
            let matter = format!("number: H-{id}\ntitle: T {id}\nkind: policy\nwhen: {when}\n");
            let document = format!("---\n{matter}---\n# T {{#sec-t}}\n\nx\n");
            workspace.write(&format!("pack/documents/{id}.md.hbs"), document);
        }
    });
}

#[test]
fn ids_that_are_in_no_catalogue() {
    case("references", |workspace| {
        workspace
            .write("pack/data/carriers.csv", "duty,who\nD.1,ada\n\"D.7\",ben\n")
            .write("pack/data/links.yaml", "pairs:\n  - {from: D.1, to: D.2}\n  - {from: D.2, to: D.9}\n")
            .edit(
                "pack/profile.schema.json",
                "\"x-folio-ref\": [\"roles\"]",
                "\"x-folio-ref\": [\"rols\", \"catalogue:dutys\"]",
            );
        add(
            workspace,
            NOTICE,
            "See D.1 and {{data.carriers.[0].who}}{{data.links.pairs.[0].to}}, not AD.1. {{!-- D.2 --}}\n",
        );
    });
}

#[test]
fn promises_and_explanations() {
    case("rules", |workspace| {
        workspace
            .edit("pack/pack.yaml", "  - {id: rule-1, cites: Rule 1, title: Pens}", "  - {id: rule-1, cites: Rule 1, title: Pens}\n  - {id: rule-2, cites: Rule 2, title: Ink}\n  - {id: rule-3, cites: Rule 3, title: Blots, tier: expected}")
            .edit(MESSAGES, "explain: Nobody can write without pens. Order some.", "explain: See above.");
    });
}

#[test]
fn structure_in_text_that_no_fixture_reaches() {
    case("structure", |workspace| {
        add(
            workspace,
            NOTICE,
            "\n{{#if motto}}\n### Deep {#sec-deep}\n\n# Bare\n\n![](quill.svg)\n\n| A | |\n|---|---|\n| 1 | 2 |\n\n:::calout {kind=note}\nx\n:::\n\n:::callout {sort=note}\nx\n:::\n\n:::landscape\n\nNo end.\n{{/if}}\n",
        );
    });
    case("structure-of-what-is-made", |workspace| {
        add(workspace, NOTICE, "\n### Deep {#sec-deep}\n\n{{#each pens}}\n![](quill.svg)\n\n{{/each}}\n");
    });
}

#[test]
fn long_files_and_names_like_others() {
    case("names", |workspace| {
        workspace
            .edit(
                "pack/profile.schema.json",
                "\"motto\":",
                "\"received_on\": {\"type\": \"string\"}, \"recieved_on\": {\"type\": \"string\"},\n    \"motto\":",
            )
            .edit(RULES, "derive:\n", "derive:\n  - {id: a_b, value: limits.hours}\n")
            .edit(
                NOTICE,
                "# Text {#sec-text}",
                "# Text {#sec-text}\n\nx\n\n# A {#sec-access}\n\nx\n\n# B {#sec-acess}\n\nx\n\n# C {#sec_c}\n",
            );
    });
    case("long", |workspace| {
        workspace.write("pack/partials/who.md.hbs", format!("Who? {}\n", "Nobody knows. ".repeat(700)));
    });
}

#[test]
fn the_ways_that_fixtures_go_are_counted() {
    let workspace = specimen();
    let (found, coverage) = checked(&workspace, "pack");
    assert_eq!(coverage, Coverage { rendered: 1, arms: 14, reached: 9 }, "{found:#?}");
    assert_eq!(coverage.percent(), Some(64));
    let unreached: Vec<&str> =
        found.iter().filter(|found| found.code == "F344").map(|found| found.message.as_str()).collect();
    assert_eq!(
        unreached,
        [
            "no fixture goes past `#each pens`",
            "no fixture goes past `#if derived.short`",
            "no fixture goes past `#each (where pens \"owner\" \"clerk\")`",
            "no fixture goes past `#each (where pens \"owner\" \"clerk\")`",
            "no fixture goes into `#if motto`",
        ]
    );
    // A second fixture, with a motto and no pens that run out, goes other ways.
    workspace.write("pack/fixtures/two/folio.yaml", workspace.read("pack/fixtures/one/folio.yaml")).write(
        "pack/fixtures/two/profile.yaml",
        workspace.read("profile.yaml").replace("{from: registers/pens.csv}", "[]") + "motto: Write on.\n",
    );
    let (_, more) = checked(&workspace, "pack");
    assert!(more.reached > coverage.reached && more.rendered == 2, "{more:?}");
}

#[test]
fn all_is_said_in_one_run_and_a_mistake_hides_nothing_but_what_follows_from_it() {
    let workspace = specimen();
    workspace.edit("pack/data/topics.yaml", "D.1", "D.8");
    add(&workspace, NOTICE, "{{#if orgnisation.website}}x{{/if}}\n");
    workspace.edit(MESSAGES, "explain: Nobody can write without pens. Order some.", "explain: See above.");
    let (mut found, coverage) = checked(&workspace, "pack");
    found.retain(|found| found.severity > Severity::Note);
    let codes: Vec<&str> = found.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["F329", "F321", "F343"]);
    assert_eq!(coverage.rendered, 0);
    assert!(found.iter().all(|found| found.excerpt.is_some()), "{found:#?}");
}

#[test]
fn a_base_is_checked_alone_and_through_what_extends_it() {
    let workspace = specimen();
    workspace
        .edit("pack/pack.yaml", "language:", "abstract: true\nlanguage:")
        .edit(NOTICE, "kind: procedure", "kind: procedure\nsatisfies: [of-an-edition]")
        .write("pack/partials/for-editions.md.hbs", "x\n");
    add(&workspace, NOTICE, "{{data.of_an_edition}} {{cite \"of-an-edition\"}}\n");
    let (found, _) = checked(&workspace, "pack");
    assert!(found.iter().all(|found| found.severity == Severity::Note), "{found:#?}");
    assert!(found.iter().any(|found| found.code == "F340" && found.message.contains("for-editions")));
    workspace.write(
        "house/pack.yaml",
        "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: S\nlanguage: en-GB\nextends: specimen@^1\nrequirements: [{id: of-an-edition, cites: R}]\n",
    );
    let (found, _) = checked(&workspace, "house");
    let codes: BTreeSet<&str> =
        found.iter().filter(|found| found.severity > Severity::Note).map(|found| found.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["F321", "F329"]), "what the edition lacks: {found:#?}");
}

#[test]
fn a_house_pack_does_not_hear_of_what_its_base_has_wrong() {
    let workspace = specimen();
    workspace.write("pack/partials/old.md.hbs", "x\n").write(
        "house/pack.yaml",
        "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: S\nlanguage: en-GB\nextends: specimen@^1\n",
    );
    assert!(checked(&workspace, "pack").0.iter().any(|found| found.code == "F340"));
    assert_eq!(checked(&workspace, "house").0, []);
}

#[test]
fn migrations_are_checked_too() {
    let workspace = specimen();
    workspace.write("pack/migrations/old.yaml", "format: 1\nfrom: old@^1\ndocumnts: {}\n");
    let (code, _, said) = run(&["pack", "check", "pack"], workspace.path());
    assert!(code == Some(1) && said.contains("pack/migrations/old.yaml:3:1") && said.contains("documnts"), "{said}");
    workspace.write("pack/migrations/old.yaml", "format: [1\n");
    let (code, _, said) = run(&["pack", "check", "pack"], workspace.path());
    assert!(code == Some(1) && said.contains("error[F201]"), "{said}");
}

/// The packs of this repository, by folder.
const PACKS: [&str; 5] = [
    "template-packs/isms-core",
    "template-packs/iso27001-2013",
    "template-packs/iso27001-2022",
    "examples/packs/csf-governance",
    "examples/packs/lantern-house",
];

#[test]
fn our_own_packs_have_no_errors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in PACKS {
        let path = root.join(path);
        let mut sink = Sink::new();
        let pack = Pack::examine(folder(&path), &Shelf::default().beside(&path), &mut sink).unwrap();
        check(&Arc::new(pack), &[], 2, &mut sink);
        let errors: Vec<&Diagnostic> = sink.iter().filter(|found| found.severity >= Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        // What is embedded in the program says nothing that nobody recorded.
        let speaks = sink.iter().find(|found| found.code == "F356");
        assert!(!path.starts_with(root.join("template-packs")) || speaks.is_none(), "{}: {speaks:#?}", path.display());
    }
}

#[test]
fn fixtures_of_our_own_packs_give_what_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in PACKS.into_iter().filter(|path| !path.ends_with("isms-core")) {
        let (code, _, said) = run(&["pack", "test", path], root);
        assert_eq!((code, said.as_str()), (Some(0), ""), "{path}");
    }
}

#[test]
fn a_check_reports_as_other_commands_do() {
    let workspace = specimen();
    let (code, out, said) = run(&["pack", "check", "pack"], workspace.path());
    assert_eq!(code, Some(0), "{said}");
    assert!(out.contains("1 set rendered; 9 of 14 ways through its text reached, 64 %"), "{out}");
    add(&workspace, NOTICE, "See D.1.\n");
    let (code, out, _) = run(&["pack", "check", "pack", "--report", "json"], workspace.path());
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, report["coverage"]["percent"].as_i64()), (Some(1), Some(64)));
    let literal = &report["diagnostics"][0];
    assert_eq!(literal["code"], "F330");
    assert_eq!(literal["file"], "pack/documents/notice.md.hbs");
    assert!(literal["line"].is_u64() && literal["column"] == 5, "{literal}");
    let (_, out, _) = run(&["pack", "check", "pack", "--report", "sarif"], workspace.path());
    let sarif: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "F330");
    assert_eq!(run(&["pack", "check", "pakc"], workspace.path()).0, Some(2));
    // A workspace adds to what is reached, and what the pack would do to it is said, by its path.
    workspace.write("client/folio.yaml", "format: 1\nid: client\npack: nothing@^1\nas_of: 2026-03-01\n").write(
        "client/profile.yaml",
        workspace.read("profile.yaml").replace("{from: registers/pens.csv}", "[]") + "motto: Write on.\n",
    );
    let (_, out, _) = run(&["pack", "check", "pack", "--on", "client"], workspace.path());
    assert!(out.contains("2 sets rendered"), "{out}");
    workspace.edit("client/profile.yaml", "limits:", "limts:");
    let (code, _, said) = run(&["pack", "check", "pack", "--on", "client"], workspace.path());
    assert!(code == Some(1) && said.contains("client/profile.yaml:"), "{said}");
}

#[test]
fn a_test_compares_words_and_takes_them_over_when_told() {
    let workspace = specimen();
    let test = |more: &[&str]| run(&[&["pack", "test", "pack"], more].concat(), workspace.path());
    let (code, out, said) = test(&[]);
    assert_eq!(code, Some(1));
    assert!(out.contains("one: 2 new") && said.contains("nothing is expected yet of `handbook`"), "{out}{said}");
    let (code, out, said) = test(&["--accept"]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    assert_eq!(out, "fixtures/one/expected/handbook.txt\nfixtures/one/expected/notice.txt\n2 files changed\n");
    assert_eq!(test(&[]), (Some(0), "one: 2 as expected\n".into(), String::new()));

    workspace.edit(NOTICE, "We have no motto.", "There is no motto.").write("pack/fixtures/one/expected/gone.txt", "x");
    let (code, out, said) = test(&[]);
    assert_eq!(code, Some(1));
    insta::with_settings!({snapshot_path => "golden/pack-test", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("differs", format!("{out}\n{said}"));
    });
    let (code, out, _) = test(&["--only", "handbook"]);
    assert_eq!((code, out.as_str()), (Some(0), "one: 1 as expected\n"));
    assert_eq!(test(&["--only", "handbok"]).0, Some(2));
    let (_, out, _) = test(&["--report", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["fixtures"][0]["documents"][1]["state"], "differs");
    test(&["--accept"]);
    assert!(!workspace.file("pack/fixtures/one/expected/gone.txt").exists(), "what is expected in vain is removed");
    assert_eq!(test(&[]).0, Some(0));
}

#[test]
fn a_test_gives_junit_that_is_xml_whatever_a_text_holds() {
    let workspace = specimen();
    run(&["pack", "test", "pack", "--accept"], workspace.path());
    workspace.edit(NOTICE, "We have no motto.", "A & B < C \"and\" ]]> 'so'.");
    let (code, out, _) = run(&["pack", "test", "pack", "--format", "junit"], workspace.path());
    assert_eq!(code, Some(1));
    let mut reader = quick_xml::Reader::from_str(&out);
    reader.config_mut().check_end_names = true;
    let (mut elements, mut words) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(element) | quick_xml::events::Event::Empty(element) => {
                let attribute = |name: &str| {
                    let found = element.try_get_attribute(name).unwrap()?;
                    Some(found.normalized_value(quick_xml::XmlVersion::default()).unwrap().into_owned())
                };
                let name = element.name().as_ref().to_owned();
                let what = ["name", "tests", "failures", "errors"].map(|key| attribute(key).unwrap_or_default());
                elements.push(format!("{name} {}", what.join(" ")).trim_end().to_owned());
            }
            quick_xml::events::Event::Text(text) => words.push_str(&text),
            quick_xml::events::Event::GeneralRef(name) => words.push_str(&format!("&{};", &*name)),
            _ => {}
        }
    }
    assert_eq!(
        elements,
        ["testsuites specimen 1.0.0 2 1 0", "testsuite one 2 1 0", "testcase handbook", "testcase notice", "failure"]
    );
    assert!(words.contains("&amp; B &lt; C"), "{words}");
}

#[test]
fn a_fixture_with_faults_is_reported_where_they_are() {
    let workspace = specimen();
    run(&["pack", "test", "pack", "--accept"], workspace.path());
    workspace.edit("pack/fixtures/one/profile.yaml", "holder: ben", "holder: bne");
    let (code, out, said) = run(&["pack", "test", "pack"], workspace.path());
    assert_eq!((code, out.as_str()), (Some(1), "one: not rendered\n"));
    assert!(said.contains("error[F221]") && said.contains("pack/fixtures/one/profile.yaml:10:45"), "{said}");
    assert!(said.contains("did you mean `ben`?") && said.contains("holder: bne"), "{said}");
    let (code, out, _) = run(&["pack", "test", "pack", "--format", "junit"], workspace.path());
    assert!(code == Some(1) && out.contains("<error message="), "{out}");
}

#[test]
fn an_edition_shares_a_fixture_with_its_base() {
    let workspace = specimen();
    run(&["pack", "test", "pack", "--accept"], workspace.path());
    workspace
        .write("house/pack.yaml", "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: House rules 2026\nlanguage: en-GB\nextends: specimen@^1\n")
        .write("house/fixtures/one/registers/pens.csv", "id,name,owner,stock\nP-9,Reed,clerk,3\n");
    let (code, out, _) = run(&["pack", "test", "house"], workspace.path());
    assert!(code == Some(1) && out.contains("Reed"), "its own register on the base's profile: {out}");
    let base = workspace.read("pack/fixtures/one/expected/handbook.txt");
    let (_, out, _) = run(&["pack", "test", "house", "--accept"], workspace.path());
    assert!(out.contains("fixtures/one/expected/handbook.txt"), "{out}");
    assert_eq!(run(&["pack", "test", "house"], workspace.path()).0, Some(0));
    assert_eq!(workspace.read("pack/fixtures/one/expected/handbook.txt"), base, "only the outermost pack is written");
    assert_eq!(run(&["pack", "test", "pack"], workspace.path()).0, Some(0));
}

#[test]
fn a_new_pack_is_spotless_and_a_workspace_renders_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    new_pack(&["lending", "--title", "Lending: \"all\" of it", "--standard", "House rules: 2026 & later"], root);
    is_spotless("lending", root);
    let (_, out, _) = run(&["pack", "check", "lending"], root);
    assert!(out.starts_with("lending 0.1.0: 3 sets rendered;") && out.contains("100 %"), "{out}");
    let licence = std::fs::read_to_string(root.join("lending/LICENSE")).unwrap();
    assert!(licence.contains("No licence has been chosen yet"));
    // Used by path.
    std::fs::create_dir(root.join("client")).unwrap();
    let settings = "format: 1\nid: client\npack: {path: ../lending}\nas_of: 2026-01-31\n";
    std::fs::write(root.join("client/folio.yaml"), settings).unwrap();
    for file in ["profile.yaml", "registers/equipment.csv"] {
        let target = root.join("client").join(file);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(root.join("lending/starter").join(file), target).unwrap();
    }
    let (code, _, said) = run(&["render", "client", "--formats", "docx"], root);
    assert_eq!(code, Some(0), "{said}");
    // Installed, it lays down a workspace.
    common::install(&root.join("lending"), &root.join("installed"));
    let (code, _, said) = run(&["new", "another", "--pack", "lending", "--yes"], root);
    assert_eq!(code, Some(0), "{said}");
    let (code, out, said) = run(&["render", "another", "--formats", "pdf"], root);
    assert_eq!(code, Some(0), "{said}");
    assert!(out.contains("Policy on equipment"), "{out}");
}

#[test]
fn a_new_house_pack_is_spotless() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    new_pack(&["base"], root);
    new_pack(&["house", "--id", "our-house", "--extends", "base@^0.1"], root);
    is_spotless("house", root);
    let mut files: Vec<String> = folio::files::Files::list(&Disk::new(root.join("house"), ""), "").unwrap();
    files.retain(|path| path.contains("fixtures"));
    assert_eq!(
        files,
        [
            "fixtures/lending/expected/house-notice.txt",
            "fixtures/silent/expected/house-notice.txt",
            "fixtures/small/expected/house-notice.txt"
        ]
    );
    let (_, out, _) = run(&["pack", "show", "house", "--origin"], root);
    assert!(out.contains("our-house 0.1.0") && out.contains("base 0.1.0"), "{out}");
    let (code, _, said) = run(&["pack", "new", "edition", "--extends", "isms-core@^2"], root);
    assert!(code == Some(2) && said.contains("no set of its own"), "{said}");
    let (code, _, said) = run(&["pack", "new", "lost", "--extends", "bose@^1"], root);
    assert!(code == Some(2) && said.contains("error[F301]"), "{said}");
    assert!(!root.join("lost").exists() && !root.join("edition").exists(), "nothing is laid down");
}

#[test]
fn a_house_pack_takes_the_starter_of_a_base_without_fixtures() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    new_pack(&["base"], root);
    std::fs::remove_dir_all(root.join("base/fixtures")).unwrap();
    new_pack(&["house", "--extends", "base"], root);
    let manifest = std::fs::read_to_string(root.join("house/pack.yaml")).unwrap();
    assert!(manifest.contains("extends: \"base@^0.1.0\""), "the range is the version that there is: {manifest}");
    assert!(root.join("house/fixtures/starter/expected/equipment-policy.txt").is_file());
    let (code, _, said) = run(&["pack", "test", "house"], root);
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

#[test]
fn a_new_pack_never_writes_over_anything() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("note.txt"), "mine").unwrap();
    let (code, _, said) = run(&["pack", "new", "."], folder.path());
    assert!(code == Some(2) && said.contains("error[F104]"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let (code, _, said) = run(&["pack", "new", "x", "--id", "Not An Id"], folder.path());
    assert!(code == Some(2) && said.contains("error[F109]: `Not An Id` cannot be the id of a pack"), "{said}");
    assert!(!folder.path().join("x").exists());
}
