//! `folio pack preview`: round after round, without waiting for anything.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use common::Workspace;
use folio::diagnostic::Sink;
use folio::files::Stamp;
use folio::pack::Pack;
use folio::pack::source::{Shelf, folder};
use folio::preview::{Asked, Place, Preview, Round, Watched, changed};
use folio::rules::Checks;

const NOTICE: &str = "pack/documents/notice.md.hbs";

/// The specimen's pack, seen on the specimen itself.
fn specimen(workspace: &Workspace) -> Preview {
    preview(workspace, vec![("here".to_owned(), workspace.path().to_owned())], "seen").unwrap()
}

fn preview(workspace: &Workspace, on: Vec<(String, PathBuf)>, out: &str) -> Result<Preview, String> {
    let path = workspace.file("pack");
    let shelf = Shelf::default().beside(&path);
    let asked = Asked {
        pack: Place::Folder(path, shelf),
        on,
        only: Vec::new(),
        out: workspace.file(out),
        jobs: 2,
        today: "2026-11-23".into(),
        dry_run: false,
    };
    Preview::new(asked, "").map_err(|problem| problem.message)
}

/// The round after some files of the pack changed.
fn after(preview: &mut Preview, files: &[&str]) -> Round {
    let changed = files.iter().map(|file| match file.strip_prefix("pack/") {
        Some(path) => Watched::Pack(path.to_owned()),
        None => Watched::Workspace(0, (*file).to_owned()),
    });
    preview.round(&changed.collect())
}

/// The names of files, with the folder that they lie in.
fn names(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| {
        let set = path.parent().and_then(Path::file_name).unwrap_or_default();
        format!("{}/{}", set.to_string_lossy(), path.file_name().unwrap_or_default().to_string_lossy())
    };
    let mut names: Vec<String> = paths.iter().map(name).collect();
    names.sort();
    names
}

/// The PDF files of a folder and their bytes.
fn pdfs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let pdfs = files.filter(|path| path.extension().is_some_and(|ending| ending == "pdf"));
    pdfs.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())).collect()
}

fn codes(found: &[folio::diagnostic::Diagnostic]) -> Vec<&str> {
    found.iter().map(|found| found.code.as_str()).collect()
}

/// The folder of the only set.
fn seen(workspace: &Workspace) -> PathBuf {
    let set = std::fs::canonicalize(workspace.path()).unwrap();
    workspace.file("seen").join(set.file_name().unwrap())
}

#[test]
fn a_saved_template_is_seen_and_the_rest_stays() {
    let workspace = Workspace::specimen();
    let mut preview = specimen(&workspace);
    let first = preview.round(&BTreeSet::new());
    assert_eq!((first.written.len(), first.documents, first.is_broken), (2, 2, false));
    assert_eq!(codes(&first.new), ["pen-out-of-stock"], "what its checks find in a real workspace");
    let before = pdfs(&seen(&workspace));
    assert_eq!(before.keys().collect::<Vec<_>>(), ["H-1 The handbook of pens.pdf", "H-2 Notice.pdf"]);

    workspace.edit(NOTICE, "We have no motto.", "Our house has no motto.");
    let round = after(&mut preview, &[NOTICE]);
    assert!(names(&round.written).len() == 1 && names(&round.written)[0].ends_with("/H-2 Notice.pdf"), "{round:?}");
    assert!(round.new.is_empty() && round.gone.is_empty() && !round.is_broken);
    let now = pdfs(&seen(&workspace));
    assert!(
        now["H-2 Notice.pdf"] != before["H-2 Notice.pdf"]
            && now["H-1 The handbook of pens.pdf"] == before["H-1 The handbook of pens.pdf"]
    );
    assert!(pdfs(&seen(&workspace))["H-2 Notice.pdf"].starts_with(b"%PDF"));

    // Saved as it was: nothing to write. The look: all of it.
    assert!(after(&mut preview, &[NOTICE]).written.is_empty());
    workspace.edit("pack/theme.yaml", "#1f3a5f", "#b00020");
    assert_eq!(after(&mut preview, &["pack/theme.yaml"]).written.len(), 2);
    // A fact of the workspace.
    workspace.edit("profile.yaml", "title: chief clerk", "title: first clerk");
    assert!(!after(&mut preview, &["profile.yaml"]).written.is_empty());

    // Somebody who begins again finds what is there.
    drop(preview);
    assert!(specimen(&workspace).round(&BTreeSet::new()).written.is_empty());
}

#[test]
fn a_broken_save_is_said_and_what_was_seen_stays() {
    let workspace = Workspace::specimen();
    let mut preview = specimen(&workspace);
    preview.round(&BTreeSet::new());
    let before = pdfs(&seen(&workspace));
    let theme = workspace.read("pack/theme.yaml");
    for (file, broken, code) in [
        ("pack/theme.yaml", theme[..theme.find("fonts:").unwrap() + 14].to_owned(), "F105"),
        (NOTICE, workspace.read(NOTICE).replace("{{/each}}", ""), "F320"),
        ("pack/pack.yaml", "format: 1\nid: [".to_owned(), "F201"),
        ("pack/rules/pens.yaml", "derive: 1\n".to_owned(), "F304"),
        ("profile.yaml", "organisation: {name: \"".to_owned(), "F201"),
    ] {
        let sound = workspace.read(file);
        workspace.write(file, broken);
        let round = after(&mut preview, &[file]);
        assert!(round.is_broken && round.written.is_empty() && round.removed.is_empty(), "{file}: {round:?}");
        assert!(codes(&round.new).contains(&code), "{file}: {:?}", round.new);
        assert_eq!(pdfs(&seen(&workspace)), before, "{file}");
        // Told once, also when it is saved again and still broken.
        assert!(after(&mut preview, &[file]).new.is_empty(), "{file}");
        workspace.write(file, sound);
        let round = after(&mut preview, &[file]);
        assert!(!round.is_broken && codes(&round.gone).contains(&code), "{file}: {:?}", round.gone);
        assert!(round.written.is_empty(), "{file}");
        assert_eq!(codes(&round.all), ["pen-out-of-stock"], "{file}");
    }
}

#[test]
fn what_changed_while_the_pack_was_broken_is_seen_afterwards() {
    let workspace = Workspace::specimen();
    let mut preview = specimen(&workspace);
    preview.round(&BTreeSet::new());
    let theme = workspace.read("pack/theme.yaml");
    workspace.write("pack/theme.yaml", "page: [");
    assert!(after(&mut preview, &["pack/theme.yaml"]).is_broken);
    workspace.edit(NOTICE, "We have no motto.", "Our house has no motto.");
    assert!(after(&mut preview, &[NOTICE]).is_broken);
    workspace.write("pack/theme.yaml", theme);
    let round = after(&mut preview, &["pack/theme.yaml"]);
    assert_eq!(names(&round.written).len(), 1, "{round:?}");
    assert!(names(&round.written)[0].ends_with("/H-2 Notice.pdf") && !round.is_broken);
}

#[test]
fn what_is_not_its_own_is_not_touched() {
    let workspace = Workspace::specimen();
    let out = seen(&workspace);
    std::fs::create_dir_all(&out).unwrap();
    std::fs::write(out.join("H-2 Notice.pdf"), "somebody's").unwrap();
    std::fs::write(out.join("other.txt"), "somebody's").unwrap();
    let mut preview = specimen(&workspace);
    let first = preview.round(&BTreeSet::new());
    assert!(names(&first.written)[0].ends_with("/H-1 The handbook of pens.pdf") && first.written.len() == 1);
    assert!(codes(&first.new).contains(&"F602"), "{:?}", codes(&first.new));
    assert_eq!(std::fs::read(out.join("H-2 Notice.pdf")).unwrap(), b"somebody's");

    // A document that is no longer made goes, unless somebody edited it.
    workspace.edit("pack/pack.yaml", "[handbook, notice]", "[notice]");
    workspace.edit("pack/data/topics.yaml", ", section: handbook#sec-pens", "");
    workspace.edit("profile.yaml", "  handbook:\n    version", "  notice:\n    version");
    let round = after(&mut preview, &["pack/pack.yaml", "profile.yaml"]);
    assert!(!round.removed.is_empty(), "{round:?}");
    assert!(names(&round.removed)[0].ends_with("/H-1 The handbook of pens.pdf"), "{round:?}");
    assert_eq!(std::fs::read(out.join("H-2 Notice.pdf")).unwrap(), b"somebody's");
    assert!(out.join("other.txt").is_file());
}

#[test]
fn nothing_is_written_into_the_pack() {
    let workspace = Workspace::specimen();
    for out in ["pack", "pack/out", "pack/../pack/seen", "./pack/./a/b"] {
        let refused = preview(&workspace, Vec::new(), out).map(|_| ()).unwrap_err();
        assert!(refused.contains("lies in the pack"), "{refused}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(workspace.file("pack"), workspace.file("link")).unwrap();
        assert!(preview(&workspace, Vec::new(), "link/seen").is_err());
    }
    assert!(preview(&workspace, Vec::new(), "packs").is_ok());
}

#[test]
fn starter_and_fixtures_are_sets_and_a_change_of_one_leaves_the_others() {
    let workspace = Workspace::empty();
    let made = folio(&workspace, &["pack", "new", "pack"]);
    assert_eq!(made.1, 0, "{}", made.0);
    let mut preview = preview(&workspace, Vec::new(), "seen").unwrap();
    let first = preview.round(&BTreeSet::new());
    let policy = "P-1 Policy on equipment.pdf";
    let all = ["lending", "silent", "small", "starter"].map(|set| format!("{set}/{policy}"));
    assert_eq!(names(&first.written), all, "{:?}", first.all);
    assert_eq!(codes(&first.all), [""; 0], "a pack that is laid down is sound");
    workspace.edit("pack/fixtures/small/profile.yaml", "name: ", "name: New ");
    let round = after(&mut preview, &["pack/fixtures/small/profile.yaml"]);
    assert_eq!(names(&round.written), [format!("small/{policy}")]);
    workspace.edit("pack/starter/profile.yaml", "name: ", "name: New ");
    let round = after(&mut preview, &["pack/starter/profile.yaml"]);
    assert_eq!(names(&round.written), [format!("starter/{policy}")]);
    // A fixture that is taken away, and one that comes.
    std::fs::rename(workspace.file("pack/fixtures/small"), workspace.file("pack/fixtures/tiny")).unwrap();
    let round = after(&mut preview, &["pack/fixtures/small/profile.yaml", "pack/fixtures/tiny/profile.yaml"]);
    assert_eq!(names(&round.written), [format!("tiny/{policy}")]);
}

#[test]
fn changes_are_told_by_stamps() {
    let file = |path: &str| Watched::Pack(path.to_owned());
    let stamps = |files: &[(&str, u64)]| -> BTreeMap<Watched, Stamp> {
        files.iter().map(|(path, bytes)| (file(path), Stamp::of(*bytes))).collect()
    };
    let before = stamps(&[("a", 1), ("b", 1), ("c", 1)]);
    let now = stamps(&[("a", 1), ("b", 2), ("d", 1)]);
    assert_eq!(changed(&before, &now), [file("b"), file("c"), file("d")].into());
    assert!(changed(&now, &now).is_empty());

    let workspace = Workspace::specimen();
    let mut preview = specimen(&workspace);
    let before = preview.stamps();
    preview.round(&BTreeSet::new());
    assert!(changed(&before, &preview.stamps()).is_empty(), "what it writes is not watched");
    workspace
        .edit(NOTICE, "We have no motto.", "Our house has no motto.")
        .write("pack/.hidden", "x")
        .write("pack/a.tmp", "x");
    workspace.write("overrides/notice/text.md.hbs", "Words.\n");
    let now = changed(&before, &preview.stamps());
    let mut wanted: BTreeSet<Watched> = [file("documents/notice.md.hbs")].into();
    // The pack lies in the workspace, which is watched too.
    for path in ["overrides/notice/text.md.hbs", NOTICE, "pack/.hidden", "pack/a.tmp"] {
        wanted.insert(Watched::Workspace(0, path.to_owned()));
    }
    assert_eq!(now, wanted);
}

#[test]
fn what_a_change_has_no_part_in_stays_compiled() {
    let workspace = Workspace::specimen();
    let load = || Pack::load(folder(&workspace.file("pack")), &Shelf::default(), &mut Sink::new()).unwrap();
    let rules = |pack: &Pack| pack.rules(Checks::All, 1, &mut Sink::new());
    let template =
        |pack: &Pack, at: usize| pack.prepared(&pack.documents[at], &BTreeMap::new(), &mut Sink::new()).unwrap();
    let before = load();
    rules(&before);
    let (handbook, notice) = (template(&before, 0), template(&before, 1));
    let reload = |changed: &[&str]| {
        let pack = load();
        pack.keep_compiled(&before, &changed.iter().map(|path| (*path).to_owned()).collect());
        let kept = |known: &Arc<_>, at| Arc::ptr_eq(known, &template(&pack, at));
        (Arc::ptr_eq(&rules(&before), &rules(&pack)), kept(&handbook, 0), kept(&notice, 1))
    };
    assert_eq!(reload(&[]), (true, true, true));
    assert_eq!(reload(&["documents/notice.md.hbs"]), (true, true, false));
    assert_eq!(reload(&["partials/who.md.hbs"]), (true, false, true), "only the handbook includes it");
    assert_eq!(reload(&["theme.yaml", "images/quill.svg", "fixtures/a/profile.yaml"]), (true, true, true));
    for file in
        ["rules/pens.yaml", "profile.schema.json", "data/duties.csv", "pack.yaml", "strings.yaml", "messages/a.yaml"]
    {
        assert_eq!(reload(&[file]), (false, false, false), "{file}");
    }
}

fn folio(workspace: &Workspace, arguments: &[&str]) -> (String, i32) {
    let output = command(workspace, arguments).output().unwrap();
    let text = [output.stderr, output.stdout].concat();
    (String::from_utf8(text).unwrap(), output.status.code().unwrap())
}

fn command(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_folio"));
    command
        .args(arguments)
        .current_dir(workspace.path())
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .env("FOLIO_PACKS", "packs");
    command
}

#[test]
fn the_command_renders_once_or_until_its_input_ends() {
    let workspace = Workspace::empty();
    folio(&workspace, &["pack", "new", "house", "--extends", "iso27001-2022@^2"]);
    let (said, code) = folio(&workspace, &["pack", "preview", "house", "--only", "house-notice", "--once"]);
    assert!(
        code == 0 && said.contains("written house-preview/starter/H-1 How to read these documents.pdf"),
        "{code} {said}"
    );
    assert!(workspace.file("house-preview/starter/H-1 How to read these documents.pdf").is_file());
    let (said, code) = folio(&workspace, &["pack", "preview", "house", "--out", "house/seen", "--once"]);
    assert!(code == 2 && said.contains("lies in the pack"), "{said}");
    let (said, code) = folio(&workspace, &["pack", "preview", "house", "--only", "no-such", "--once"]);
    assert!(code == 2 && said.contains("no document `no-such`"), "{said}");
    let (said, code) = folio(&workspace, &["pack", "preview", "isms-core", "--once"]);
    assert!(code == 2 && said.contains("a base for other packs"), "{said}");
    workspace.edit("house/theme.yaml", "accent:", "acent:");
    let (said, code) =
        folio(&workspace, &["pack", "preview", "house", "--only", "house-notice", "--once", "--report", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(code == 1 && json["written"].as_array().unwrap().is_empty(), "{said}");

    // Inside the pack, the output lies beside it; the run ends with its input.
    workspace.edit("house/theme.yaml", "acent:", "accent:");
    let mut watching = command(&workspace, &["pack", "preview", "--only", "house-notice"]);
    let watching = watching.current_dir(workspace.file("house")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut watching = watching.stderr(Stdio::piped()).spawn().unwrap();
    drop(watching.stdin.take());
    let output = watching.wait_with_output().unwrap();
    let said = String::from_utf8([output.stderr, output.stdout].concat()).unwrap();
    assert!(output.status.code() == Some(0) && said.contains("waiting for changes"), "{said}");
    assert!(said.contains("house-preview"), "{said}");
    assert!(!workspace.file("house/house-preview").exists());
}
