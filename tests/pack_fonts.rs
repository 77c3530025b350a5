//! Fonts that packs bring: over the chain, in PDF, and what is wrong with them.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::sync::Arc;

use common::{Workspace, request};
use folio::diagnostic::Sink;
use folio::pack::Pack;
use folio::pack::source::{Shelf, folder};
use folio::render::{Action, Outcome, Request};

/// A font of this repository under another name of as many letters.
fn renamed(file: &str, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let wide = |text: &str| text.bytes().flat_map(|byte| [0, byte]).collect::<Vec<u8>>();
    let mut bytes = std::fs::read(format!("{}/fonts/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for (from, to) in [(from.as_bytes().to_vec(), to.as_bytes().to_vec()), (wide(from), wide(to))] {
        let places: Vec<usize> = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(&from)).collect();
        places.into_iter().for_each(|at| bytes[at..at + to.len()].copy_from_slice(&to));
    }
    bytes
}

/// A font for text; it has no character `Ԛ`.
fn lantern(name: &str) -> Vec<u8> {
    renamed("carlito/Carlito-Regular.ttf", "Carlito", name)
}

/// A font that has the character.
fn boxes() -> Vec<u8> {
    renamed("liberation-mono/LiberationMono-Regular.ttf", "Liberation Mono", "Lanternish Mono")
}

/// The specimen with a house pack over its own, and a family in the theme of that.
fn house(theme: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let manifest = |id: &str, extends: &str| {
        format!(
            "format: 1\nid: {id}\nversion: \"1.0.0\"\ntitle: House\nstandard: House rules 2026\nlanguage: en-GB\nextends: {extends}@^1\n"
        )
    };
    workspace
        .edit("folio.yaml", "{path: pack}", "{path: house}")
        .write("house/pack.yaml", manifest("house", "specimen"))
        .write("house/theme.yaml", theme);
    workspace
}

fn folio(workspace: &Workspace, arguments: &[&str]) -> (String, i32) {
    workspace.folio("packs", arguments)
}

fn load(workspace: &Workspace, name: &str) -> Result<Pack, String> {
    let mut sink = Sink::new();
    let path = workspace.file(name);
    let pack = Pack::load(folder(&path), &Shelf::default().beside(&path), &mut sink);
    pack.ok_or_else(|| sink.iter().map(|problem| format!("{} {}\n", problem.code, problem.message)).collect())
}

fn actions(outcome: Option<Outcome>) -> Vec<Action> {
    let documents = outcome.into_iter().flat_map(|outcome| outcome.documents);
    documents.flat_map(|document| document.outputs.into_iter().map(|output| output.action)).collect()
}

/// The faults in what was said.
fn errors(said: &str) -> String {
    said.split("\n\n").filter(|problem| problem.contains("error[")).collect()
}

const THEME: &str = "fonts:\n  body: {pdf: Lantern, word: Georgia}\n";

#[test]
fn fonts_of_the_whole_chain_are_used_and_those_of_outer_packs_first() {
    let workspace = house("fonts:\n  body: {pdf: Lantern, word: Georgia}\n  fallback: [Lanternish Mono]\n");
    // The body of the house, the fallback of its base.
    workspace
        .write("house/fonts/text/Lantern.ttf", lantern("Lantern"))
        .write("house/fonts/OFL.txt", "The licence.")
        .write("pack/fonts/boxes.ttf", boxes())
        .write("pack/fonts/same.ttf", lantern("Carbons"))
        .write("house/fonts/same.ttf", lantern("Cardoor"))
        .edit("profile.yaml", "Ben Łukasz}", "Ben Ԛ Łukasz}");
    let (outcome, said) = workspace.render();
    assert_eq!(errors(&said), "");
    assert_eq!(actions(outcome), [Action::Written; 4]);
    let pack = load(&workspace, "house").unwrap();
    let families: Vec<&str> = pack.fonts.iter().flat_map(|font| font.families()).collect();
    assert_eq!(families, ["Cardoor", "Lantern", "Lanternish Mono"], "a file of the house stands for its base's");
    let names: Vec<&str> = pack.fonts.iter().map(folio::typeset::FontFile::name).collect();
    assert_eq!(names, ["house/fonts/same.ttf", "house/fonts/text/Lantern.ttf", "pack/fonts/boxes.ttf"]);

    // Without the base's font, the character is missing in the PDF alone.
    workspace.remove("pack/fonts/boxes.ttf").write("house/theme.yaml", THEME);
    let (_, said) = workspace.render();
    assert!(said.contains("F503") && said.contains("Ԛ U+051A"), "{said}");
    // Word names its own family.
    let docx = workspace.read_bytes("out/draft/H-2 Notice.docx");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut look = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("word/theme/theme1.xml").unwrap(), &mut look).unwrap();
    assert!(look.contains("\"Georgia\"") && !look.contains("\"Lantern\""));
}

#[test]
fn the_font_of_a_workspace_comes_before_that_of_its_pack() {
    let workspace = house(THEME);
    workspace.write("house/fonts/Lantern.ttf", lantern("Lantern")).write("house/fonts/OFL.txt", "The licence.");
    let (_, said) = workspace.render();
    assert_eq!(errors(&said), "");
    let before = workspace.read_bytes("out/draft/H-2 Notice.pdf");
    // The same family, and its letters twice as large.
    workspace.write("own.ttf", twice(lantern("Lantern"))).edit(
        "folio.yaml",
        "format: 1",
        "format: 1\nfonts: [own.ttf]",
    );
    assert_eq!(errors(&workspace.render().1), "");
    assert!(workspace.read_bytes("out/draft/H-2 Notice.pdf") != before, "the workspace's is taken");
}

/// A font with half as many units to the em.
fn twice(mut bytes: Vec<u8>) -> Vec<u8> {
    let record = (0..40).map(|at| 12 + 16 * at).find(|at| bytes[*at..].starts_with(b"head")).unwrap();
    let table = u32::from_be_bytes(bytes[record + 8..record + 12].try_into().unwrap()) as usize;
    bytes[table + 18..table + 20].copy_from_slice(&1024_u16.to_be_bytes());
    bytes
}

#[test]
fn a_changed_font_makes_the_documents_anew() {
    let workspace = house(THEME);
    workspace.write("house/fonts/Lantern.ttf", lantern("Lantern")).write("house/fonts/OFL.txt", "The licence.");
    assert_eq!(actions(workspace.render().0), [Action::Written; 4]);
    assert_eq!(actions(workspace.render().0), [Action::Unchanged; 4]);
    let before = workspace.read_bytes("out/draft/H-2 Notice.pdf");
    workspace.write("house/fonts/Lantern.ttf", twice(lantern("Lantern")));
    assert!(actions(workspace.render().0).contains(&Action::Written));
    assert!(workspace.read_bytes("out/draft/H-2 Notice.pdf") != before);
}

#[test]
fn what_is_wrong_with_a_packs_fonts_is_said_at_its_place() {
    let workspace = house("# The look.\nfonts:\n  body: {pdf: Lantren, word: Georgia}\n");
    workspace.write("house/fonts/a/Lantern.ttf", lantern("Lantern")).write("house/fonts/a/README.md", "About it.");
    workspace.write("pack/fonts/base.ttf", lantern("Carbons"));
    let (said, code) = folio(&workspace, &["pack", "check", "house"]);
    assert_eq!(code, 1, "{said}");
    insta::with_settings!({snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("pack-fonts", said);
    });
    let (said, code) = folio(&workspace, &["pack", "build", "house"]);
    assert!(code == 1 && said.contains("F394") && !said.contains("base.ttf"), "{said}");
    assert!(
        !std::fs::read_dir(workspace.path())
            .unwrap()
            .any(|entry| { entry.unwrap().path().extension().is_some_and(|ending| ending == "zip") })
    );

    // A licence in a folder above will do.
    workspace.write("house/fonts/LICENSE-Lantern.txt", "The licence.").edit("house/theme.yaml", "Lantren", "Lantern");
    let (said, code) = folio(&workspace, &["pack", "build", "house"]);
    assert_eq!(code, 0, "{said}");
    let (said, _) = folio(&workspace, &["pack", "check", "house"]);
    assert!(!said.contains("F394") && !said.contains("F502") && !said.contains("Lantern.ttf"), "{said}");

    for (file, bytes, words) in [
        ("broken.ttf", b"\0\x01\0\0 and no more".to_vec(), "is not a TrueType or OpenType font"),
        ("web.woff2", b"wOF2".to_vec(), "is not a TrueType or OpenType font"),
    ] {
        workspace.write(&format!("house/fonts/{file}"), bytes);
        for command in [["pack", "check", "house"], ["pack", "build", "house"], ["pack", "test", "house"]] {
            let (said, code) = folio(&workspace, &command);
            assert!(code == 1 && said.contains(words) && said.contains(&format!("--> house/fonts/{file}")), "{said}");
        }
        workspace.remove(&format!("house/fonts/{file}"));
    }
}

#[test]
fn a_starter_may_bring_the_fonts_of_the_theme() {
    let folder = Workspace::empty();
    let (said, code) = folio(&folder, &["pack", "new", "house", "--extends", "iso27001-2022@^2"]);
    assert_eq!(code, 0, "{said}");
    std::fs::remove_dir_all(folder.file("house/fixtures")).unwrap();
    folder
        .write("house/theme.yaml", THEME)
        .write("house/starter/fonts/Lantern.ttf", lantern("Lantern"))
        .write("house/starter/folio.yaml", "fonts: [fonts/Lantern.ttf]\n");
    let (said, code) = folio(&folder, &["pack", "check", "house"]);
    assert!(!said.contains("F502"), "{code} {said}");
    common::install(&folder.file("house"), &folder.file("packs"));
    let (said, code) = folio(&folder, &["new", "client", "--pack", "house", "--yes"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(folder.read_bytes("client/fonts/Lantern.ttf"), lantern("Lantern"));
    let (said, code) = folio(&folder, &["render", "client", "--only", "house-notice"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn workspaces_of_one_pack_share_its_fonts() {
    let workspace = house(THEME);
    workspace.write("house/fonts/Lantern.ttf", lantern("Lantern")).write("house/fonts/OFL.txt", "The licence.");
    let session = request().session();
    let open = || session.workspace(workspace.path(), &mut Sink::new()).unwrap().pack;
    assert!(Arc::ptr_eq(&open(), &open()));
    // A pack that is read again shares the files that have not changed.
    let path = workspace.file("house");
    let shelf = session.shelf.beside(&path);
    let read = || Pack::load(folder(&path), &shelf, &mut Sink::new()).unwrap().fonts;
    let (one, other) = (read(), read());
    assert!(one[0].shares(&other[0]));
}

#[test]
fn the_fonts_of_a_chain_have_bounds() {
    let workspace = house(THEME);
    for number in 0..65 {
        workspace.write(&format!("house/fonts/{number:02}.ttf"), lantern("Lantern"));
    }
    let said = load(&workspace, "house").unwrap_err();
    assert!(
        said.contains("F382 with `house/fonts/64.ttf`, the fonts of the pack and its bases have more than 64 files"),
        "{said}"
    );
    std::fs::remove_dir_all(workspace.file("house/fonts")).unwrap();
    for (pack, count) in [("house", 3), ("pack", 2)] {
        for number in 0..count {
            let mut bytes = lantern("Lantern");
            bytes.push(number);
            let path = format!("{pack}/fonts/{pack}{number}.ttf");
            workspace.write(&path, bytes);
            let file = std::fs::File::options().write(true).open(workspace.file(&path)).unwrap();
            file.set_len(30 << 20).unwrap();
        }
    }
    let said = load(&workspace, "house").unwrap_err();
    assert!(said.contains("F382 with `pack/fonts/pack1.ttf`") && said.contains("more than 128 MB"), "{said}");
    let (outcome, said) = workspace.render_with(Request { jobs: 1, ..request() });
    assert!(outcome.is_none() && said.contains("F382"), "{said}");
}
