//! `folio pack check` tries rules out: also on rows on which they find nothing, and on profiles that no fixture has.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;
use common::kit::{MESSAGES, NOTICE, RULES, case, checked, run, specimen};
use folio::diagnostic::Severity;

/// Puts a derived value, or a check, before the others.
fn derive(workspace: &Workspace, rule: &str) {
    workspace.edit(RULES, "derive:\n", &format!("derive:\n  - {rule}\n"));
}

fn check(workspace: &Workspace, rule: &str) {
    let explain = "explain: It is here to be tried out by a test";
    workspace.edit(RULES, "checks:\n", &format!("checks:\n  - {{id: tried, severity: note, {rule}, {explain}}}\n"));
}

/// What is said of a check, and what to do, without the note on prose in rules.
fn tried(change: impl FnOnce(&Workspace)) -> Vec<String> {
    let workspace = specimen();
    change(&workspace);
    let (found, _) = checked(&workspace, "pack");
    let errors = found.into_iter().filter(|found| found.severity >= Severity::Error && found.code != "F334");
    errors.map(|found| format!("{} {} | {}", found.code, found.message, found.help.join(" | "))).collect()
}

#[test]
fn the_message_of_a_check_is_tried_on_rows_that_fire_and_rows_that_do_not() {
    case("message-not-tried", |workspace| {
        workspace.edit(RULES, "'{\"name\": it.name}'", "'{\"name\": it.name + it.stock}'");
    });
    // What a slot holds must be what the message writes there.
    case("slot-not-tried", |workspace| {
        workspace.edit(RULES, "'{\"name\": it.name}'", "'{\"name\": it.name, \"bought\": it.tags}'").edit(
            MESSAGES,
            "{name} left",
            "{name} left since {bought, date}",
        );
    });
    for (rule, said) in [
        // It never fires: what it says is tried all the same.
        (
            "each: pens, assert: it.id != 'none', message: '\"stock \" + limits.hours'",
            "F311 check `tried`: `+` does not take `\"stock \"` and `4` | write `string(…)` around what is not a text | seen with `pens[P-1]` in the fixture `one`",
        ),
        (
            "each: pens, assert: it.id != 'none', at: it.in_use, message: '\"x\"'",
            "F311 check `tried`: `it.in_use` gives `true`, not a text | write `string(…)` around it | seen with `pens[P-1]` in the fixture `one`",
        ),
        (
            "each: limits, assert: 'true', message: '\"x\"'",
            "F311 check `tried`: `limits` gives a map, not a list | for what is in a group write `values(group)` | seen with the fixture `one`",
        ),
        (
            "assert: size(pens), message: '\"x\"'",
            "F311 check `tried`: `size(pens)` gives `3`, not true or false | compare it: `number > 0` | seen with the fixture `one`",
        ),
    ] {
        assert_eq!(tried(|workspace| check(workspace, rule)), [said], "{rule}");
    }
    // What it says of what is missing is asked only where it is there.
    for rule in [
        "each: pens, assert: '!has(it.bought) || it.bought < today', message: '\"bought on \" + it.bought'",
        "each: pens, assert: '!has(it.owner)', message: 'it.owner + \" holds \" + it.name'",
        "assert: size(pens) > 0, message: 'size(pens) == 0 ? \"none\" : pens[0].name'",
    ] {
        assert_eq!(tried(|workspace| check(workspace, rule)), [] as [String; 0], "{rule}");
    }
}

#[test]
fn rules_are_tried_on_what_no_fixture_has() {
    for (rule, said) in [
        // Every pen of the fixture is called something; none need have an owner.
        (
            "{id: owners, value: 'pens.map(p, p.owner)'}",
            "there is no key `owner` | guard optional keys with `has(…)` | seen with the fixture `one`, made over with only the keys that there must be",
        ),
        // Nobody has bought anything in the fixture.
        ("{id: bought, value: 'pens.filter(p, has(p.bought)).map(p, p.bought + 1)'}", "`+` does not take"),
    ] {
        let found = tried(|workspace| derive(workspace, rule));
        assert!(found.len() == 1 && found[0].contains(said), "{rule}: {found:#?}");
    }
    let found = tried(|workspace| {
        let hours = "\"hours\": {\"title\"";
        let note = format!("\"note\": {{\"title\": \"Note\", \"type\": \"string\"}}, {hours}");
        workspace.edit("pack/profile.schema.json", hours, &note);
        derive(workspace, "{id: notes, value: 'has(limits.note) ? limits.note + size(pens) : \"none\"'}");
    });
    assert!(found.len() == 1 && found[0].contains("made over with every key that there may be"), "{found:#?}");
    // Checks of dates fire long before and after the date of the facts.
    let rule = "each: pens, assert: today < '2027-01-01', message: 'it.name + limits.hours'";
    let found = tried(|workspace| check(workspace, rule));
    assert!(found.len() == 1 && found[0].contains("`+` does not take"), "{found:#?}");
}

#[test]
fn conditions_of_documents_are_tried_whichever_way_they_come_out() {
    let with = |matter: &str| {
        tried(|workspace| {
            workspace.edit(NOTICE, "kind: procedure", &format!("kind: procedure\n{matter}"));
        })
    };
    assert_eq!(
        with("when: size(pens) > 0\nreason: size(pens)"),
        ["F311 `size(pens)` gives `3`, not a text | write `string(…)` around it | seen with the fixture `one`"]
    );
    assert_eq!(
        with("form: size(pens)"),
        ["F311 `size(pens)` gives `3`, not true or false | compare it: `number > 0` | seen with the fixture `one`"]
    );
    let found = with("when: motto != 'none'");
    assert!(found.len() == 1 && found[0].contains("there is no variable `motto`"), "{found:#?}");
    assert_eq!(with("when: \"limits.hours > 1\"\nreason: \"'few hours'\""), [] as [String; 0]);
}

#[test]
fn the_starter_and_workspaces_are_tried_too() {
    let workspace = specimen();
    std::fs::remove_dir_all(workspace.file("pack/fixtures")).unwrap();
    check(&workspace, "each: pens, assert: it.id != 'none', message: 'it.name + limits.hours'");
    let (_, _, said) = run(&["pack", "check", "pack"], workspace.path());
    assert!(said.contains("seen with `pens[P-1]` in the starter"), "{said}");
    std::fs::remove_dir_all(workspace.file("pack/starter")).unwrap();
    let (_, _, said) = run(&["pack", "check", "pack"], workspace.path());
    assert!(!said.contains("F311"), "{said}");
    let (code, _, said) = run(&["pack", "check", "pack", "--on", "."], workspace.path());
    assert!(code == Some(1) && said.contains("seen with `pens[P-1]` in the workspace `.`"), "{said}");
}
