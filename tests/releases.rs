//! Releases of packs: what a step of the version may change, and how a workspace moves to one.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, request};
use folio::diagnostic::Sink;
use folio::pack::Pack;
use folio::pack::diff::{Step, diff, judge};
use folio::pack::source::{Shelf, folder};
use folio::render::Request;

/// The specimen workspace with its pack as it was in `old/`, and as it becomes in `pack/`.
fn release(change: impl FnOnce(&Workspace)) -> Workspace {
    let workspace = Workspace::specimen();
    common::copy(&workspace.file("pack"), &workspace.file("old"));
    change(&workspace);
    workspace
}

fn load(workspace: &Workspace, name: &str) -> Pack {
    let mut sink = Sink::new();
    let pack = Pack::load(folder(&workspace.file(name)), &Shelf::default(), &mut sink);
    pack.unwrap_or_else(|| panic!("{sink:#?}"))
}

/// The largest step that a change asks for, and what asks for it.
fn asked(change: impl FnOnce(&Workspace)) -> Option<(Step, String)> {
    let workspace = release(change);
    std::fs::create_dir_all(workspace.file("old")).unwrap();
    let changes = diff(&load(&workspace, "old"), &load(&workspace, "pack"));
    let largest = changes.iter().max_by_key(|change| change.step)?;
    Some((largest.step, format!("{} {} {}", largest.kind, largest.name, largest.what)))
}

fn edited(file: &str, from: &str, to: &str) -> Option<(Step, String)> {
    asked(|workspace| {
        workspace.edit(file, from, to);
    })
}

/// The check of the specimen under another id, with its words.
fn renamed(workspace: &Workspace) {
    workspace.edit("pack/rules/pens.yaml", "id: pen-out-of-stock", "id: no-pen").edit(
        "pack/messages/pens.yaml",
        "pen-out-of-stock:",
        "no-pen:",
    );
}

#[test]
fn each_change_asks_for_its_step() {
    let said = |step: Step, text: &str| Some((step, text.to_owned()));
    assert_eq!(asked(|_| {}), None);
    let schema = "pack/profile.schema.json";
    let key = "        \"minutes\": {\"title\": \"Minutes\", \"type\": \"integer\", \"minimum\": 1, \"default\": 90, \"x-folio-decision\": false}";
    assert_eq!(
        edited(
            schema,
            "\"motto\": {\"title\": \"Motto\", \"type\": \"string\"}",
            "\"motto\": {\"title\": \"Motto\", \"type\": \"string\", \"maxLength\": 9}"
        ),
        said(Step::Major, "key motto changed")
    );
    assert_eq!(
        edited(schema, "\"required\": [\"id\", \"name\"]", "\"required\": [\"id\", \"name\", \"stock\"]"),
        said(Step::Major, "key pens[].stock changed")
    );
    assert_eq!(edited(schema, key, &key.replace("90", "60")), said(Step::Minor, "key limits.minutes changed"));
    assert_eq!(
        edited(schema, key, &key.replace("Minutes", "Waiting")),
        said(Step::Patch, "key limits.minutes changed")
    );
    assert_eq!(
        edited(schema, key, &format!("{key},\n\"seconds\": {{\"type\": \"integer\"}}")),
        said(Step::Minor, "key limits.seconds added")
    );
    let notice = "pack/documents/notice.md.hbs";
    assert_eq!(edited(notice, "We have no motto.", "There is no motto."), said(Step::Patch, "document notice changed"));
    assert_eq!(
        edited(notice, "{{as_of}} is", "{{organisation.name}} is"),
        said(Step::Minor, "document notice changed")
    );
    assert_eq!(
        edited(notice, "{{#block \"text\"}}", "{{#block \"words\"}}"),
        said(Step::Major, "block notice/text removed")
    );
    assert_eq!(
        edited(notice, "kind: procedure", "kind: procedure\nfinal: true"),
        said(Step::Major, "document notice changed")
    );
    assert_eq!(
        edited("pack/pack.yaml", "[handbook, notice]", "[handbook]"),
        None.or(said(Step::Major, "document notice removed"))
    );
    let rules = "pack/rules/pens.yaml";
    assert_eq!(
        edited(rules, "severity: warning", "severity: error"),
        said(Step::Minor, "check pen-out-of-stock changed")
    );
    assert_eq!(asked(renamed), said(Step::Major, "check pen-out-of-stock removed"));
    assert_eq!(edited("pack/strings.yaml", "owner: Owner", "owner: Keeper"), said(Step::Patch, "string owner changed"));
    assert_eq!(edited("pack/theme.yaml", "#1f3a5f", "#b00020"), said(Step::Patch, "theme colours.accent changed"));
    assert_eq!(edited("pack/images/quill.svg", "<svg", "<!-- x --><svg"), said(Step::Patch, "image quill.svg changed"));
    assert_eq!(
        asked(|workspace| {
            workspace.remove("pack/images/quill.svg");
            let handbook = workspace.read("pack/documents/handbook.md.hbs").replace("quill.svg", "other.svg");
            workspace.write("pack/documents/handbook.md.hbs", handbook);
        }),
        said(Step::Major, "image quill.svg removed")
    );
    assert_eq!(
        asked(|workspace| {
            let font = std::fs::read("fonts/carlito/Carlito-Bold.ttf").unwrap();
            workspace.write("pack/fonts/Carlito-Bold.ttf", font);
        }),
        said(Step::Minor, "font fonts/Carlito-Bold.ttf added")
    );
    assert_eq!(
        asked(|workspace| {
            workspace.write("pack/starter/folio.yaml", "format: 1\n");
        }),
        said(Step::Patch, "starter folio.yaml added")
    );
    assert_eq!(
        asked(|workspace| {
            workspace.write("pack/messages/lent.yaml", "texts: {lent: \"{n} lent\"}\n");
        }),
        said(Step::Minor, "message lent added")
    );
    assert_eq!(
        edited("pack/messages/pens.yaml", "Nobody can write without pens.", "Without pens, nobody can write."),
        said(Step::Patch, "check pen-out-of-stock changed")
    );
    assert_eq!(
        edited("pack/data/duties.csv", "Count pens", "Count all pens"),
        said(Step::Minor, "entry duties:D.2 changed")
    );
}

#[test]
fn a_version_that_makes_too_small_a_step_is_found() {
    let said = |version: &str| {
        let workspace = release(|workspace| {
            workspace.edit("pack/pack.yaml", "1.0.0", version);
            renamed(workspace);
        });
        let (old, new) = (load(&workspace, "old"), load(&workspace, "pack"));
        judge(&old.manifest.version, &new.manifest.version, &diff(&old, &new)).map(|problem| problem.message)
    };
    assert_eq!(said("1.0.1").unwrap(), "from 1.0.0 to 1.0.1 is a patch step; the changes ask for a major one");
    assert_eq!(said("1.0.0").unwrap(), "the packs differ, and both are called 1.0.0");
    assert_eq!(said("0.9.0").unwrap(), "0.9.0 is older than 1.0.0");
    assert_eq!(said("2.0.0"), None);
}

fn folio(workspace: &Workspace, arguments: &[&str]) -> (String, i32) {
    workspace.folio("installed", arguments)
}

#[test]
fn a_release_shows_what_it_does_to_a_workspace() {
    let workspace = release(|workspace| {
        workspace
            .edit("pack/pack.yaml", "1.0.0", "1.0.1")
            .edit("pack/documents/notice.md.hbs", "We have no motto.", "Our house has no motto.")
            .edit("pack/profile.schema.json", "\"default\": 90", "\"default\": 60");
    });
    let (said, code) = folio(&workspace, &["pack", "diff", "old", "pack", "--on", "."]);
    assert_eq!(code, 1, "{said}");
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("pack-diff", said);
    });
}

/// Puts the pack as it is now on the shelf.
fn install(workspace: &Workspace) {
    common::install(&workspace.file("pack"), &workspace.file("installed"));
}

#[test]
fn a_workspace_moves_to_a_release_only_when_asked() {
    let workspace = Workspace::specimen();
    workspace.edit("folio.yaml", "{path: pack}", "specimen@^1 # the pens");
    install(&workspace);
    let shelf = Shelf { installed: Some(workspace.file("installed")), ..Shelf::default() };
    workspace.render_with(Request { shelf, ..request() });
    let (said, _) = folio(&workspace, &["pack", "upgrade"]);
    assert!(said.contains("pinned to already"), "{said}");

    workspace.edit("pack/pack.yaml", "1.0.0", "1.1.0").edit(
        "pack/documents/notice.md.hbs",
        "We have no motto.",
        "Our house has no motto.",
    );
    install(&workspace);
    let before = workspace.read("folio.lock");
    let (said, code) = folio(&workspace, &["pack", "upgrade"]);
    assert!(
        said.contains("specimen 1.0.0 -> specimen 1.1.0")
            && said.contains("[-We-]{+Our house+} [-have-]{+has+} no motto."),
        "{said}"
    );
    assert!(said.contains("1 of 2 documents stay as they are") && code == 0, "{said}");
    assert_eq!(workspace.read("folio.lock"), before, "nothing is written unasked");

    let (said, _) = folio(&workspace, &["pack", "upgrade", "--write"]);
    assert!(said.contains("is pinned to specimen 1.1.0"), "{said}");
    assert!(workspace.read("folio.lock").contains("1.1.0"));
    let (said, code) = folio(&workspace, &["render"]);
    assert!(code == 0 && said.contains("specimen 1.1.0"), "{said}");

    // Another major version is taken only by name, and the range of folio.yaml goes with it; the comment stays.
    workspace.edit("pack/pack.yaml", "1.1.0", "2.0.0");
    install(&workspace);
    let (said, _) = folio(&workspace, &["pack", "upgrade"]);
    assert!(said.contains("pinned to already"), "{said}");
    let (said, _) = folio(&workspace, &["pack", "upgrade", "--to", "^2", "--write"]);
    assert!(said.contains("is pinned to specimen 2.0.0"), "{said}");
    assert!(workspace.read("folio.yaml").contains("pack: specimen@^2 # the pens"), "{}", workspace.read("folio.yaml"));
    assert_eq!(folio(&workspace, &["check", "--fail-on", "error"]).1, 0);
}

#[test]
fn a_release_that_a_workspace_cannot_be_made_with_leaves_the_pin() {
    let workspace = Workspace::specimen();
    workspace.edit("folio.yaml", "{path: pack}", "specimen@^1");
    install(&workspace);
    let shelf = Shelf { installed: Some(workspace.file("installed")), ..Shelf::default() };
    workspace.render_with(Request { shelf, ..request() });
    workspace.edit("pack/pack.yaml", "1.0.0", "1.1.0").edit("pack/profile.schema.json", "\"hours\"", "\"ours\"");
    workspace.edit("pack/documents/handbook.md.hbs", "limits.hours", "limits.ours");
    install(&workspace);
    let before = workspace.read("folio.lock");
    let (said, code) = folio(&workspace, &["pack", "upgrade", "--write"]);
    assert!(code == 1 && said.contains("unknown key `hours`") && said.contains("the pin stays"), "{said}");
    assert_eq!(workspace.read("folio.lock"), before);
}

/// The specimen, rendered with its pack as it was installed.
fn rendered(change: impl FnOnce(&Workspace)) -> Workspace {
    let workspace = Workspace::specimen();
    workspace.edit("folio.yaml", "{path: pack}", "specimen@^1");
    change(&workspace);
    install(&workspace);
    let shelf = Shelf { installed: Some(workspace.file("installed")), ..Shelf::default() };
    workspace.render_with(Request { shelf, ..request() });
    workspace
}

#[test]
fn what_a_release_prints_otherwise_is_told() {
    let workspace = rendered(|_| {});
    let upgrade = |version: &str, change: &dyn Fn()| {
        let before = workspace.read("pack/pack.yaml");
        let known = before.lines().find(|line| line.starts_with("version:")).unwrap().to_owned();
        workspace.edit("pack/pack.yaml", &known, &format!("version: \"{version}\""));
        change();
        install(&workspace);
        folio(&workspace, &["pack", "upgrade"]).0
    };
    // Both documents show the accent.
    let said = upgrade("1.0.1", &|| {
        workspace.edit("pack/theme.yaml", "#1f3a5f", "#b00020");
    });
    assert!(said.contains("  look: colours.accent (the accent colour): #1f3a5f -> #b00020\n"), "{said}");
    assert!(said.contains("  2 of 2 documents say the same and look different\n"), "{said}");
    assert!(!said.contains("stay as they are"), "{said}");
    let (said, _) = folio(&workspace, &["pack", "upgrade", "--report", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json["look"][0], serde_json::json!({"key": "colours.accent", "old": "#1f3a5f", "new": "#b00020"}));
    assert_eq!(json["documents"][0]["what"], "other-look");

    // What the workspace has of its own does not change with the pack.
    workspace.edit("folio.yaml", "format: 1", "format: 1\ntheme: {colours: {accent: \"#112233\"}}");
    let (said, _) = folio(&workspace, &["pack", "upgrade"]);
    assert!(!said.contains("look:") && said.contains("  2 of 2 documents stay as they are\n"), "{said}");

    // A word of the engine that one of them prints, and one that none does.
    let said = upgrade("1.0.2", &|| {
        workspace.edit("pack/strings.yaml", "callout_glance: At a glance", "callout_glance: In one minute");
        workspace.edit("pack/strings.yaml", "watermark_sample:", "watermark_sample: New");
    });
    let word = "  words: callout_glance (the heading of each box of the kind `glance`): \"At a glance\" -> \"In one minute\"\n";
    assert!(said.contains(word) && said.contains("watermark_sample (on documents with samples)"), "{said}");
    assert!(said.contains("  1 of 2 documents print other words of the engine\n"), "{said}");
    assert!(said.contains("  1 of 2 documents stay as they are\n"), "{said}");

    // A picture, a font, a rule.
    let said = upgrade("1.1.0", &|| {
        workspace.edit("pack/images/quill.svg", "<svg", "<!-- other --><svg");
        workspace.edit("pack/rules/pens.yaml", "severity: warning", "severity: error");
        workspace.write("pack/fonts/Carlito.ttf", std::fs::read("fonts/carlito/Carlito-Bold.ttf").unwrap());
    });
    for line in [
        "  check `pen-out-of-stock` changed: warning, now error\n",
        "  image `quill.svg` changed\n",
        "  font `fonts/Carlito.ttf` added\n",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
}

#[test]
fn what_becomes_of_overrides_is_told() {
    let workspace = rendered(|workspace| {
        let notice = "{{#block \"kept\"}}Kept.{{/block}}\n\n{{#block \"gone\"}}Gone.{{/block}}\n\n{{#block \"sealed\"}}Sealed.{{/block}}\n\n{{#block \"text\"}}";
        workspace.edit("pack/documents/notice.md.hbs", "{{#block \"text\"}}", notice);
        for block in ["kept", "gone", "sealed", "text"] {
            workspace.write(&format!("overrides/notice/{block}.md.hbs"), "Our own words.\n");
        }
    });
    workspace
        .edit("pack/pack.yaml", "1.0.0", "1.1.0")
        .edit("pack/documents/notice.md.hbs", "{{#block \"gone\"}}Gone.{{/block}}", "Gone.")
        .edit("pack/documents/notice.md.hbs", "{{#block \"sealed\"}}", "{{#block \"sealed\" final=true}}")
        .edit(
            "pack/documents/notice.md.hbs",
            "{{#block \"text\"}}\n",
            "{{#block \"text\"}}\nEvery pen is counted.\n\n",
        );
    install(&workspace);
    let (said, code) = folio(&workspace, &["pack", "upgrade"]);
    for line in [
        "  notice: the block `gone` has gone, and `overrides/notice/gone.md.hbs` has no place any more: move its words, or delete it\n",
        "  notice: the block `sealed` is final now: delete `overrides/notice/sealed.md.hbs`, and say it elsewhere\n",
        "  1 of 4 overrides rest on blocks that say what they said\n",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(code == 1 && said.contains("the pin stays"), "{said}");
    workspace.remove("overrides/notice/gone.md.hbs").remove("overrides/notice/sealed.md.hbs");
    let (said, code) = folio(&workspace, &["pack", "upgrade", "--report", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let fates: Vec<&str> =
        json["overrides"].as_array().unwrap().iter().filter_map(|row| row["fate"].as_str()).collect();
    assert_eq!((fates, code), (vec!["stays", "changed"], 0));
}

/// The documents stay as they are, and would not say what the pack now demands.
#[test]
fn an_override_that_hides_a_change_of_the_pack_is_named() {
    let workspace = Workspace::specimen();
    workspace.edit("folio.yaml", "{path: pack}", "specimen@^1");
    workspace.write("overrides/notice/text.md.hbs", "Our own words.\n");
    install(&workspace);
    let shelf = Shelf { installed: Some(workspace.file("installed")), ..Shelf::default() };
    workspace.render_with(Request { shelf, ..request() });
    workspace.edit("pack/pack.yaml", "1.0.0", "1.1.0");
    let block = "{{#block \"text\"}}\n";
    workspace.edit("pack/documents/notice.md.hbs", block, &format!("{block}Every pen must be counted.\n\n"));
    install(&workspace);
    let (said, code) = folio(&workspace, &["pack", "upgrade"]);
    assert!(said.contains("2 of 2 documents stay as they are") && code == 0, "{said}");
    assert!(
        said.contains("warning[F393]: notice: the block `text` changed in the pack; your override `overrides/notice/text.md.hbs` stands in its place"),
        "{said}"
    );
    assert!(said.contains("{+Every pen must be counted.+}"), "{said}");
    let (said, _) = folio(&workspace, &["pack", "upgrade", "--report", "json"]);
    assert!(said.contains(r#""hidden":"#) && said.contains(r#""block": "text""#), "{said}");
}
