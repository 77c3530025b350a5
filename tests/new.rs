//! `folio new`: a workspace of the pack that was asked for, whatever that extends.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;
use std::path::Path;

fn folio(folder: &Workspace, arguments: &[&str]) -> (String, i32) {
    folder.folio("packs", arguments)
}

#[track_caller]
fn done(folder: &Workspace, arguments: &[&str]) -> String {
    let (said, code) = folio(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {said}");
    said
}

/// A house pack over another, installed.
fn house(folder: &Workspace, id: &str, base: &str, change: impl FnOnce()) {
    done(folder, &["pack", "new", id, "--extends", base]);
    std::fs::rename(
        folder.file(&format!("{id}/documents/house-notice.md.hbs")),
        folder.file(&format!("{id}/documents/{id}-notice.md.hbs")),
    )
    .unwrap();
    folder.edit(&format!("{id}/pack.yaml"), "[house-notice]", &format!("[{id}-notice]"));
    folder.edit(&format!("{id}/documents/{id}-notice.md.hbs"), "number: H-1", &format!("number: {id}-1"));
    std::fs::remove_dir_all(folder.file(&format!("{id}/fixtures"))).unwrap();
    change();
    common::install(&folder.file(id), &folder.file("packs"));
}

/// The ids of the documents that a workspace makes.
fn made(folder: &Workspace, client: &str) -> Vec<String> {
    common::dumps(&folder.file(client)).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn a_workspace_is_of_the_pack_that_was_asked_for() {
    let folder = Workspace::empty();
    let lantern = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/packs/lantern-house");
    common::install(&lantern, &folder.file("packs"));
    for (asked, named) in [
        ("lantern-house", "lantern-house@^1.1"),
        ("lantern-house@^1", "lantern-house@^1"),
        ("lantern-house@>=1.0, <3", "lantern-house@>=1.0, <3"),
    ] {
        let client = named.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        done(&folder, &["new", &client, "--pack", asked, "--yes"]);
        let settings = folder.read(&format!("{client}/folio.yaml"));
        let line = settings.lines().find(|line| line.starts_with("pack:")).unwrap_or_default();
        assert_eq!(line.trim_start_matches("pack: ").trim_matches('"'), named);
        assert!(settings.contains("# The date of the facts"), "comments stay: {settings}");
    }
    let client = "lantern-house--1-1";
    assert!(made(&folder, client).contains(&"board-paper".to_owned()));
    let policy = common::dumps(&folder.file(client))
        .into_iter()
        .find(|(id, _)| id == "information-security-policy")
        .map(|(_, dump)| dump)
        .unwrap();
    let block =
        std::fs::read_to_string(lantern.join("blocks/information-security-policy/consequences.md.hbs")).unwrap();
    let words = block.split(['.', '{']).next().unwrap().trim();
    assert!(policy.contains(words), "the house's block: {words}");
    let lock = folder.read(&format!("{client}/folio.lock"));
    assert!(lock.find("lantern-house") < lock.find("iso27001-2022"), "{lock}");
    // The house's look: its accent is in the Word file's styles.
    done(&folder, &["render", client, "--formats", "docx", "--only", "board-paper"]);
}

#[test]
fn a_starter_is_joined_over_three_packs() {
    let folder = Workspace::empty();
    let png = {
        // One white pixel; the bytes are not UTF-8.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55".to_vec();
        png.extend(b"\0\0\0\x0aIDAT\x78\x9c\x63\xf8\x0f\0\x01\x01\x01\0\xb1\x38\xf6\x14\0\0\0\0IEND\xaeB\x60\x82");
        png
    };
    let xlsx = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/harbour-works-2022/registers/assets.xlsx");
    let xlsx = std::fs::read(xlsx).unwrap();
    house(&folder, "house", "iso27001-2022@^2", || {
        folder.write("house/starter/branding/logo.png", &png);
        folder.write("house/starter/registers/more.xlsx", &xlsx);
        folder.write("house/starter/README.md", "The house's.\n");
        folder.write(
            "house/starter/profile.yaml",
            "# The logo of the house's clients.\nbranding:\n  logo: branding/logo.png # replace it\n",
        );
        folder.write("house/starter/folio.yaml", "pack: iso27001-2022@^2\nnaming: \"{{number}}\" # short\n");
    });
    house(&folder, "group", "house@^0.1", || {
        folder.write("group/starter/README.md", "The group's.\r\n");
        folder
            .write("group/starter/folio.yaml", "# The group prints on its own paper.\ntheme: {page: {size: Letter}}\n");
    });
    done(&folder, &["new", "client", "--pack", "group", "--yes"]);

    assert_eq!(folder.read_bytes("client/branding/logo.png"), png, "byte for byte");
    assert_eq!(folder.read_bytes("client/registers/more.xlsx"), xlsx);
    assert_eq!(folder.read("client/README.md"), "The group's.\r\n", "the outer file, as it is");
    assert!(folder.file("client/registers/assets.csv").is_file() && folder.file("client/.gitignore").is_file());
    let settings = folder.read("client/folio.yaml");
    for line in [
        "pack: group@^0.1",
        "id: client",
        "naming: \"{{number}}\" # short",
        "# The group prints on its own paper.",
        "theme: {page: {size: Letter}}",
        "# The date of the facts: documents say what holds on it. Their own date is that of their issue.",
        "  - organisation.name",
    ] {
        assert!(settings.lines().any(|known| known == line), "{line}: {settings}");
    }
    let profile = folder.read("client/profile.yaml");
    assert!(profile.contains("# The logo of the house's clients.") && profile.contains("# replace it"), "{profile}");
    let (base, own) = (profile.lines().count(), profile.matches("branding:").count());
    assert!(base > 100 && own == 1, "{profile}");
    let documents = made(&folder, "client");
    for id in ["house-notice", "group-notice", "information-security-policy"] {
        assert!(documents.iter().any(|known| known == id), "{id}: {documents:?}");
    }
    done(&folder, &["render", "client", "--only", "group-notice"]);
}

#[test]
fn what_is_wrong_with_a_starter_is_said_of_its_file() {
    let folder = Workspace::empty();
    house(&folder, "house", "iso27001-2022@^2", || {
        folder.write("house/starter/folio.yaml", "naming: [\n");
        folder.write("house/starter/profile.yaml", "- not a map\n");
        folder.write("house/starter/registers/assets.csv", b"id,title\nA-1,Caf\xe9\n");
    });
    let (said, code) = folio(&folder, &["new", "client", "--pack", "house", "--yes"]);
    assert_eq!(code, 2, "{said}");
    for place in ["starter/folio.yaml:1", "starter/profile.yaml", "starter/registers/assets.csv:2"] {
        assert!(said.contains(place), "{place}: {said}");
    }
    assert!(said.contains("both must be maps of keys") && said.contains("is not UTF-8"), "{said}");
    assert!(!folder.file("client/folio.yaml").exists());
    // A base that is only extended has no whole starter.
    let (said, code) = folio(&folder, &["new", "client", "--pack", "isms-core", "--yes"]);
    assert!(code == 1 && said.contains("`starter/folio.yaml`"), "{said}");
}

#[test]
fn comments_of_a_starter_are_those_of_the_language() {
    let folder = Workspace::empty();
    done(&folder, &["pack", "new", "tools"]);
    let starter = folder.read("tools/starter/profile.yaml");
    let comment = starter.lines().find_map(|line| line.strip_prefix("# ")).unwrap();
    let whole: Vec<&str> =
        starter.lines().skip_while(|line| !line.starts_with('#')).map_while(|line| line.strip_prefix('#')).collect();
    let whole = whole.join(" ");
    let whole = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    common::install(&folder.file("tools"), &folder.file("packs"));
    folder
        .write(
            "tools-de/pack.yaml",
            "format: 1\nid: tools-de\nversion: \"0.1.0\"\ntitle: T\nstandard: T\nlanguage: de-DE\nextends: tools@^0.1\ndocuments: [notiz]\n",
        )
        .write("tools-de/documents/notiz.md.hbs", "---\nnumber: N-1\ntitle: Notiz\nkind: policy\n---\n# Notiz {#sec-a}\n\nText.\n")
        .write("tools-de/messages/starter.yaml", format!("starter:\n  {}: Was hier steht.\n", serde_json::json!(whole)));
    common::install(&folder.file("tools-de"), &folder.file("packs"));
    done(&folder, &["new", "client", "--pack", "tools-de", "--yes"]);
    let made = folder.read("client/profile.yaml");
    assert!(made.contains("# Was hier steht.") && !made.contains(comment), "{made}");
    let values =
        |text: &str| text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    assert_eq!(values(&made), values(&starter));
}
