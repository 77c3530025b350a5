//! Packs that extend packs: what an outer one changes, what a base keeps final, and what a workspace pins of a chain.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, request};
use folio::diagnostic::Sink;
use folio::files::Disk;
use folio::pack::archive;
use folio::pack::source::Shelf;
use folio::render::Request;

/// The specimen workspace, rendered with a house pack that extends the specimen's.
fn house() -> Workspace {
    let workspace = Workspace::specimen();
    workspace.edit("folio.yaml", "{path: pack}", "{path: house}").write(
        "house/pack.yaml",
        "format: 1\nid: house\nversion: \"2.0.0\"\ntitle: House\nstandard: House rules 2026\nlanguage: en-GB\nextends: specimen@^1\n",
    );
    workspace
}

fn add(workspace: &Workspace, key: &str) {
    let text = workspace.read("house/pack.yaml");
    workspace.write("house/pack.yaml", format!("{text}{key}\n"));
}

/// The dumps of the documents, by id, and what is said of the profile.
fn read(workspace: &Workspace) -> (Vec<(String, String)>, String) {
    (workspace.dumps(), workspace.problems())
}

#[test]
fn a_house_pack_that_says_nothing_changes_nothing() {
    let base = read(&Workspace::specimen()).0;
    let own = read(&house()).0;
    assert_eq!(own, base);
}

#[test]
fn a_house_pack_changes_parts_and_adds_others() {
    let workspace = house();
    add(&workspace, "documents: [letter]\nrules: [rules/house.yaml]");
    workspace
        .write("house/theme.yaml", "colours: {accent: \"#123456\"}\n")
        .write("house/strings.yaml", "owner: Keeper\nkinds: {policy: House policy}\n")
        .write("house/partials/who.md.hbs", "The house says who.")
        .write("house/blocks/notice/text.md.hbs", "No pens today: {{house_motto}}. {{derived.doubled}}.\n")
        .write("house/documents/letter.md.hbs", "---\nnumber: H-3\ntitle: Letter\nkind: policy\n---\n# Text {#sec-letter}\n\nDear {{data.duties.[2].title}}.\n")
        .write("house/data/duties.csv", "id,title\nD.2,Count pens twice\nD.3,Lend pens\n")
        .write(
            "house/profile.schema.json",
            r#"{"type": "object", "properties": {"house_motto": {"type": "string", "default": "write on"},
               "pens": {"items": {"properties": {"colour": {"type": "string", "default": "blue"}}}}}}"#,
        )
        .write(
            "house/rules/house.yaml",
            "derive:\n  - {id: doubled, value: derived.short_count * 2}\nchecks:\n  - {id: pen-out-of-stock, severity: error}\n",
        );
    let (dumps, said) = read(&workspace);
    let ids: Vec<&str> = dumps.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["handbook", "notice", "letter"]);
    assert!(dumps[0].1.contains("The house says who."), "a partial is replaced");
    assert!(
        dumps[1].1.contains("No pens today: {house_motto: write on}†. {=pens[P-2], pens[P-3]: 4}."),
        "a block is replaced: {}",
        dumps[1].1
    );
    assert!(dumps[2].1.contains("Dear {data.duties[D.3].title: Lend pens}."), "rows are joined by id: {}", dumps[2].1);
    assert!(dumps[2].1.contains("House policy"), "strings are joined key by key");
    assert!(said.contains("error[pen-out-of-stock]") && said.contains("Order some."), "a check is raised: {said}");
}

#[test]
fn what_stands_in_a_house_pack_is_located_there() {
    let workspace = house();
    workspace.write("house/blocks/notice/text.md.hbs", "{{orgnisation.name}}\n");
    let said = workspace.problems();
    assert!(said.contains("house/blocks/notice/text.md.hbs:1:1"), "{said}");
    assert!(said.contains("1 | {{orgnisation.name}}"), "the line is shown: {said}");
}

/// A case of the golden errors about chains.
fn case(name: &str, change: impl FnOnce(&Workspace)) {
    let workspace = house();
    change(&workspace);
    let said = workspace.problems();
    assert!(said.contains("error["), "{name} is no error: {said}");
    insta::with_settings!({snapshot_path => "golden/bad-input", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, said);
    });
}

#[test]
fn chains_that_do_not_hold() {
    case("chain-base-unknown", |workspace| {
        workspace.edit("house/pack.yaml", "specimen@^1", "specimn@^1");
    });
    case("chain-base-version", |workspace| {
        workspace.edit("house/pack.yaml", "specimen@^1", "iso27001-2013@^7");
    });
    case("chain-circle", |workspace| {
        workspace.edit("pack/pack.yaml", "language:", "extends: house@*\nlanguage:");
    });
    case("chain-only-a-base", |workspace| {
        add(workspace, "abstract: true");
    });
    case("chain-block-of-nothing", |workspace| {
        workspace.write("house/blocks/notise/text.md.hbs", "x").write("house/blocks/notice/txt.md.hbs", "x");
    });
    case("chain-check-incomplete", |workspace| {
        add(workspace, "rules: [rules/house.yaml]");
        workspace.write("house/rules/house.yaml", "checks:\n  - {id: pen-out-of-stok, severity: error}\n");
    });
}

#[test]
fn what_is_final_stays() {
    case("final-block", |workspace| {
        workspace
            .edit("pack/documents/notice.md.hbs", "{{#block \"text\"}}", "{{#block \"text\" final=true}}")
            .write("house/blocks/notice/text.md.hbs", "No pens today.\n");
    });
    case("final-block-of-a-workspace", |workspace| {
        workspace
            .edit("pack/documents/notice.md.hbs", "{{#block \"text\"}}", "{{#block \"text\" final=true}}")
            .write("overrides/notice/text.md.hbs", "No pens today.\n");
    });
    case("final-document", |workspace| {
        workspace
            .edit("pack/documents/notice.md.hbs", "kind: procedure", "kind: procedure\nfinal: true")
            .write(
                "house/documents/notice.md.hbs",
                "---\nnumber: H-2\ntitle: Notice\nkind: procedure\n---\n# T {#sec-text}\n\nx\n",
            )
            .write("house/blocks/notice/text.md.hbs", "x\n");
    });
    case("final-document-of-a-workspace", |workspace| {
        workspace
            .edit("pack/documents/notice.md.hbs", "kind: procedure", "kind: procedure\nfinal: true")
            .edit("folio.yaml", "format: 1", "format: 1\ndocuments: {skip: {notice: not needed}}")
            .write("overrides/notice/text.md.hbs", "x\n");
    });
    case("final-partial", |workspace| {
        workspace
            .edit("pack/documents/handbook.md.hbs", "kind: policy", "kind: policy\nfinal: true")
            .write("house/partials/who.md.hbs", "The house says who.");
    });
    case("final-check", |workspace| {
        add(workspace, "rules: [rules/house.yaml]");
        workspace
            .edit("pack/rules/pens.yaml", "severity: warning", "severity: warning\n    final: true")
            .write("house/rules/house.yaml", "checks:\n  - {id: pen-out-of-stock, severity: note, assert: 'true'}\n");
    });
}

#[test]
fn a_final_check_may_be_raised() {
    let workspace = house();
    add(&workspace, "rules: [rules/house.yaml]");
    workspace
        .edit("pack/rules/pens.yaml", "severity: warning", "severity: warning\n    final: true")
        .write("house/rules/house.yaml", "checks:\n  - {id: pen-out-of-stock, severity: error}\n");
    assert!(!workspace.problems().contains("F306"));
}

/// A shelf with the archives of a workspace's packs, as `folio pack install` leaves them.
fn shelf(workspace: &Workspace, folders: &[&str]) -> Shelf {
    for folder in folders {
        common::install(&workspace.file(folder), &workspace.file("installed"));
    }
    Shelf { installed: Some(workspace.file("installed")), ..Shelf::default() }
}

fn drafts(workspace: &Workspace) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(workspace.file("out/draft"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), std::fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn a_workspace_keeps_the_chain_it_was_rendered_with() {
    let workspace = house();
    let shelf_of = |workspace: &Workspace| Request { shelf: shelf(workspace, &["pack", "house"]), ..request() };
    workspace.edit("folio.yaml", "{path: house}", "house@^2");
    let (_, said) = workspace.render_with(shelf_of(&workspace));
    assert!(!said.contains("error["), "{said}");
    let lock = workspace.read("folio.lock");
    assert!(lock.contains("\"house\"") && lock.contains("\"specimen\""), "{lock}");
    assert_eq!(std::fs::read_dir(workspace.file(".folio/packs")).unwrap().count(), 2);
    let before = drafts(&workspace);

    // Newer packs of both change nothing: what was rendered is rendered again, byte for byte.
    workspace.edit("house/pack.yaml", "2.0.0", "2.1.0").edit("pack/pack.yaml", "1.0.0", "1.9.0").edit(
        "pack/documents/notice.md.hbs",
        "We have no motto.",
        "We have lost our motto.",
    );
    std::fs::remove_dir_all(workspace.file("out")).unwrap();
    workspace.render_with(shelf_of(&workspace));
    assert_eq!(drafts(&workspace), before);

    // A base that is altered or missing is a fault that says what to do.
    let kept: Vec<_> =
        std::fs::read_dir(workspace.file(".folio/packs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let base = kept.iter().find(|path| path.to_string_lossy().contains("specimen")).unwrap();
    let bytes = archive::pack(&Disk::new(workspace.file("pack"), "")).unwrap();
    std::fs::write(base, bytes).unwrap();
    let (_, said) = workspace.render_with(shelf_of(&workspace));
    assert!(said.contains("error[F303]") && said.contains("is not the pack that `folio.lock` pins"), "{said}");
    std::fs::remove_file(base).unwrap();
    let (_, said) = workspace.render_with(shelf_of(&workspace));
    assert!(said.contains("error[F301]") && said.contains("restore the file from version control"), "{said}");
}

#[test]
fn each_part_knows_the_pack_that_gives_it() {
    let workspace = house();
    workspace
        .write("house/partials/who.md.hbs", "The house says who.")
        .write("house/blocks/notice/text.md.hbs", "x\n")
        .write("house/strings.yaml", "owner: Keeper\n");
    let pack = folio::pack::Pack::load(
        folio::pack::source::folder(&workspace.file("house")),
        &Shelf::default().beside(&workspace.file("house")),
        &mut Sink::new(),
    )
    .unwrap();
    let origins = folio::pack::origin::of(&pack);
    let of = |kind: &str, name: &str| {
        let part = origins.iter().find(|part| part.kind == kind && part.name == name).unwrap();
        (part.from.as_str(), part.over.join(", "))
    };
    assert_eq!(of("document", "notice"), ("specimen 1.0.0", String::new()));
    assert_eq!(of("block", "notice/text"), ("house 2.0.0", "specimen 1.0.0".into()));
    assert_eq!(of("partial", "who"), ("house 2.0.0", "specimen 1.0.0".into()));
    assert_eq!(of("string", "owner"), ("house 2.0.0", "specimen 1.0.0".into()));
    assert_eq!(of("string", "author"), ("specimen 1.0.0", String::new()));
    assert_eq!(of("check", "pen-out-of-stock"), ("specimen 1.0.0", String::new()));
}
