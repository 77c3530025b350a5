//! What must not be lost when two runs meet, when one is killed, and when a lock lies.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::{Workspace, copy, request};
use folio::digest::of_file as digest;
use folio::render::{Action, Request, Wishes};
use serde_json::{Value as Json, json};

fn folio(args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_folio"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command.env_clear().env("HOME", folder).env("FOLIO_PACKS", folder.join("no-packs"));
    command.args(["--date", "2026-11-23"]);
    command
}

fn run(args: &[&str], folder: &Path) -> Output {
    folio(args, folder).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Every file below a folder with its digest, without what is taken along for this program's own sake.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.insert(name, digest(&std::fs::read(path).unwrap()));
            }
        }
    }
    found
}

/// That the lock of a workspace describes the files that are there.
fn lock_describes(workspace: &Workspace) {
    let lock: Json = serde_json::from_str(&workspace.read("folio.lock")).unwrap();
    let documents = lock["documents"].as_object().unwrap();
    assert_eq!(documents.len(), 2);
    for output in documents.values().flat_map(|document| document["outputs"].as_object().unwrap().values()) {
        let path = output["path"].as_str().unwrap();
        assert_eq!(output["sha256"], digest(&workspace.read_bytes(path)), "{path}");
    }
}

/// Several processes on one workspace, while somebody saves the profile: each ends well, and the lock is right.
#[test]
fn runs_that_meet_wait_for_one_another() {
    for (processes, rounds) in [(2, 40), (4, 40)] {
        let workspace = Workspace::specimen();
        let mut hours = 4;
        for round in 0..rounds {
            let running: Vec<_> = (0..processes)
                .map(|_| {
                    let (from, to) = (format!("{{hours: {hours}}}"), format!("{{hours: {}}}", hours + 1));
                    // As an editor saves: at once.
                    let profile = workspace.read("profile.yaml").replace(&from, &to);
                    workspace.write("profile.new", profile);
                    std::fs::rename(workspace.file("profile.new"), workspace.file("profile.yaml")).unwrap();
                    hours += 1;
                    let mut command = folio(&["render", "."], workspace.path());
                    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
                })
                .collect();
            for process in running {
                let output = process.wait_with_output().unwrap();
                let said = said(&output);
                assert_eq!(output.status.code(), Some(0), "round {round}: {said}");
                assert!(!said.contains("edited by hand"), "round {round}: {said}");
            }
            lock_describes(&workspace);
        }
        // What is there is what the last state of the profile gives.
        let (outcome, said) = workspace.render();
        let actions = outcome.unwrap().documents.into_iter().flat_map(|document| document.outputs);
        assert!(actions.map(|output| output.action).all(|action| action != Action::KeptEdited), "{said}");
    }
}

#[test]
fn who_does_not_want_to_wait_is_told_who_is_at_work() {
    use folio::commit::{Held, Manner};
    let workspace = Workspace::specimen();
    let manner = Manner { command: "render", since: "2026-11-23 09:00:00 UTC", ..Manner::default() };
    let held = Held::take(workspace.path(), manner).unwrap();
    let output = run(&["render", ".", "--no-wait"], workspace.path());
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("F606") && text.contains("`folio render`, process"), "{text}");
    assert!(text.contains("since 2026-11-23 09:00:00 UTC") && !workspace.file("out").exists(), "{text}");
    // Another one says on one line that it waits, and goes on when the first has ended.
    let waiting = folio(&["render", "."], workspace.path()).stderr(Stdio::piped()).stdout(Stdio::null()).spawn();
    let mut waiting = waiting.unwrap();
    let mut line = String::new();
    let stderr = waiting.stderr.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stderr), &mut line).unwrap();
    assert!(line.starts_with("waiting for `folio render`, process"), "{line}");
    drop(held);
    assert_eq!(waiting.wait().unwrap().code(), Some(0));
    lock_describes(&workspace);
}

#[test]
fn an_export_touches_no_other_one() {
    let workspace = Workspace::specimen();
    let folder = workspace.path();
    assert_eq!(run(&["render", ".", "--out", "a"], folder).status.code(), Some(0));
    std::fs::create_dir(folder.join("b")).unwrap();
    copy(&folder.join("a"), &folder.join("b"));
    let before = files(&folder.join("a"));
    workspace.edit("profile.yaml", "name: Quill & Sons Ltd", "name: Quill Ltd");
    workspace.edit("folio.yaml", "format: 1", "format: 1\nnaming: \"{{id}}\"");
    let output = run(&["render", ".", "--out", "b", "--prune"], folder);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(files(&folder.join("a")), before);
    assert!(folder.join("b/handbook.docx").is_file() && !folder.join("b/H-2 Notice.docx").exists());
    let lock = std::fs::read_to_string(folder.join("b/.folio.lock")).unwrap();
    assert!(!lock.contains(&folder.display().to_string()) && !lock.contains("../"), "{lock}");
}

/// Two clients, and two copies of one, that go to the same folder: the second is told whose it is.
#[test]
fn outputs_of_another_workspace_are_not_touched() {
    for (is_copy, output) in [(false, "--out"), (true, "--out"), (false, "output"), (true, "output")] {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        for client in [&a, &b] {
            std::fs::create_dir(client).unwrap();
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen"), client);
            let settings = std::fs::read_to_string(client.join("folio.yaml")).unwrap();
            let settings = if output == "output" { settings + "output: ../all\n" } else { settings };
            let id = if *client == b && !is_copy { "another" } else { "specimen" };
            let settings: Vec<String> = settings
                .lines()
                .map(|line| if line.starts_with("id:") { format!("id: {id}") } else { line.to_owned() })
                .collect();
            std::fs::write(client.join("folio.yaml"), settings.join("\n") + "\n").unwrap();
        }
        let render = |client: &str, more: &[&str]| {
            let out: &[&str] = if output == "--out" { &["--out", "all"] } else { &[] };
            run(&[&["render", client], out, more].concat(), folder.path())
        };
        assert_eq!(render("a", &[]).status.code(), Some(0));
        let before = files(&folder.path().join("all"));
        let profile = std::fs::read_to_string(b.join("profile.yaml")).unwrap();
        std::fs::write(b.join("profile.yaml"), profile.replace("Quill & Sons Ltd", "Others Ltd")).unwrap();
        let refused = render("b", &["--overwrite-edited", "--prune"]);
        let text = said(&refused);
        assert!(text.contains("F608") && text.contains("--take-over"), "{is_copy} {output}: {text}");
        assert_ne!(refused.status.code(), Some(0));
        assert_eq!(files(&folder.path().join("all")), before, "{is_copy} {output}");
        assert_eq!(render("a", &[]).status.code(), Some(0), "the first goes on as ever");
        assert_eq!(files(&folder.path().join("all")), before);
        let taken = render("b", &["--take-over"]);
        assert_eq!(taken.status.code(), Some(0), "{}", said(&taken));
        assert_ne!(files(&folder.path().join("all")), before);
    }
}

/// A consultant copies the last client's folder: until the id is another, it is the same workspace; then it is told.
#[test]
fn a_copied_workspace_does_not_take_the_outputs_for_its_own() {
    let workspace = Workspace::specimen();
    workspace.render();
    let settings = workspace.read("folio.yaml").replace("id: specimen", "id: next-client");
    assert!(settings.contains("next-client"), "{settings}");
    workspace.write("folio.yaml", settings).edit("profile.yaml", "name: Quill & Sons Ltd", "name: Next Ltd");
    let before = files(&workspace.file("out"));
    let (_, text) = workspace.render();
    assert!(text.contains("F608") && text.contains("`specimen`"), "{text}");
    assert_eq!(files(&workspace.file("out")), before);
    let wishes = Wishes { take_over: true, ..Wishes::default() };
    let (outcome, text) = workspace.render_with(Request { wishes, ..request() });
    assert!(outcome.is_some_and(|outcome| !outcome.is_failed), "{text}");
    assert_ne!(files(&workspace.file("out")), before);
}

/// A lock comes by version control: nothing outside of the outputs is removed or overwritten for what it says.
#[test]
fn a_crafted_lock_reaches_no_other_file() {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("ws");
    std::fs::create_dir(&root).unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen"), &root);
    std::fs::write(outer.path().join("victim.txt"), "victim").unwrap();
    std::fs::create_dir_all(root.join("out/other")).unwrap();
    std::fs::write(root.join("out/other/mine.txt"), "victim").unwrap();
    let absolute = outer.path().join("victim.txt").display().to_string();
    let register = digest(&std::fs::read(root.join("registers/pens.csv")).unwrap());
    let paths = [
        ("../victim.txt", digest(b"victim")),
        ("out/draft/../../../victim.txt", digest(b"victim")),
        ("out/draft/../other/mine.txt", digest(b"victim")),
        ("out/other/mine.txt", digest(b"victim")),
        (absolute.as_str(), digest(b"victim")),
        ("registers/pens.csv", register.clone()),
        ("out\\draft\\..\\..\\registers\\pens.csv", register.clone()),
    ];
    let before = files(outer.path());
    for format in [2, 3] {
        for (path, sha256) in &paths {
            let document = json!({"input": "", "pages": 1, "outputs": {"docx": {"path": path, "sha256": sha256}}});
            let mut lock = json!({"format": format, "documents": {"gone": document, "notice": document}});
            if format == 3 {
                lock["left_behind"] = json!([{"path": path, "sha256": sha256}]);
                lock["workspace"] = "specimen".into();
            }
            std::fs::write(root.join("folio.lock"), lock.to_string()).unwrap();
            let output = run(&["render", ".", "--prune", "--overwrite-edited"], &root);
            let text = said(&output);
            assert!(text.contains("F610") && text.contains(path), "{path}: {text}");
            let after = files(outer.path());
            for (name, digest) in before.iter().filter(|(name, _)| !name.starts_with("ws/out/draft/")) {
                assert_eq!(after.get(name), Some(digest), "{format} {path}: {name}");
            }
        }
    }
}

/// What stands in the place of an output and cannot be read is not taken for absent.
#[test]
#[cfg(unix)]
fn what_cannot_be_read_is_not_absent() {
    let workspace = Workspace::specimen();
    workspace.render();
    let place = workspace.file("out/draft/H-2 Notice.pdf");
    workspace.edit("profile.yaml", "name: Quill & Sons Ltd", "name: Quill Ltd");
    std::fs::remove_file(&place).unwrap();
    let made = Command::new("mkfifo").arg(&place).status().unwrap();
    assert!(made.success());
    let before = files_but(&workspace, "H-2 Notice.pdf");
    let output = run(&["render", "."], workspace.path());
    assert!(said(&output).contains("F609"), "{}", said(&output));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(files_but(&workspace, "H-2 Notice.pdf"), before);
    // A link to a device is read no more than a pipe.
    std::fs::remove_file(&place).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &place).unwrap();
    let output = run(&["render", "."], workspace.path());
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    std::fs::remove_file(&place).unwrap();
    // Neither is a lock.
    std::fs::remove_file(workspace.file("folio.lock")).unwrap();
    std::fs::create_dir(workspace.file("folio.lock")).unwrap();
    let output = run(&["render", "."], workspace.path());
    assert!(said(&output).contains("F603"), "{}", said(&output));
}

#[cfg(unix)]
fn files_but(workspace: &Workspace, name: &str) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(workspace.file("out/draft")).unwrap().map(|entry| entry.unwrap());
    let kept = entries.filter(|entry| entry.file_name() != name);
    let mut found: Vec<_> = kept
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect();
    found.sort();
    found
}

#[test]
fn a_range_that_was_changed_by_hand_can_be_taken_up() {
    let workspace = Workspace::specimen();
    let (folder, pack) = (workspace.path(), workspace.file("pack"));
    let packs = workspace.file("no-packs");
    common::install(&pack, &packs);
    let settings = workspace.read("folio.yaml");
    let settings = settings.replace("pack: {path: pack}", "pack: specimen@^1");
    workspace.write("folio.yaml", &settings);
    let output = run(&["render", "."], folder);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let manifest = std::fs::read_to_string(pack.join("pack.yaml")).unwrap();
    std::fs::write(pack.join("pack.yaml"), manifest.replace("version: \"1.", "version: \"2.")).unwrap();
    common::install(&pack, &packs);
    workspace.write("folio.yaml", settings.replace("specimen@^1", "specimen@^2"));
    assert!(said(&run(&["render", "."], folder)).contains("F302"));
    let output = run(&["pack", "upgrade", ".", "--write"], folder);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(run(&["render", "."], folder).status.code(), Some(0));
}

/// A report that somebody wrote notes into stays; the next one gets another name. One that nobody touched is made anew.
#[test]
fn an_edited_migration_report_is_kept() {
    let workspace = Workspace::empty();
    let folder = workspace.path();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/move"), folder);
    std::fs::create_dir(workspace.file("specimen")).unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen/pack"), &workspace.file("specimen"));
    let report = || run(&["migrate", "client", "--to", "house-2026", "--out", "rep"], folder);
    assert_eq!(report().status.code(), Some(0));
    let names = || files(&workspace.file("rep")).into_keys().collect::<Vec<_>>();
    let first = names();
    assert_eq!(first.len(), 3, "{first:?}");
    assert_eq!(report().status.code(), Some(0));
    assert_eq!(names(), first);
    let markdown = first.iter().find(|name| name.ends_with(".md")).unwrap();
    let edited = workspace.read(&format!("rep/{markdown}")) + "NOTES\n";
    workspace.write(&format!("rep/{markdown}"), &edited);
    let output = report();
    assert!(said(&output).contains(" (2).md"), "{}", said(&output));
    assert_eq!(workspace.read(&format!("rep/{markdown}")), edited);
    assert_eq!(names().len(), 5);
}

/// Several workspaces in one run: what is said names its workspace, and one that cannot be read is in the report.
#[test]
fn diagnostics_of_several_workspaces_name_theirs() {
    let folder = tempfile::tempdir().unwrap();
    for client in ["a", "b", "c"] {
        let root = folder.path().join(client);
        std::fs::create_dir(&root).unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen"), &root);
    }
    let profile = folder.path().join("b/profile.yaml");
    let text = std::fs::read_to_string(&profile).unwrap();
    std::fs::write(&profile, text.replace("holder: ben", "holder: bne")).unwrap();
    std::fs::remove_file(folder.path().join("c/folio.yaml")).unwrap();
    let output = run(&["render", "a", "b", "c", "--report", "json", "--dry-run"], folder.path());
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    let summary: Vec<_> = report["workspaces"].as_array().unwrap().iter().map(|w| (&w["dir"], &w["failed"])).collect();
    assert_eq!(json!(summary), json!([["a", false], ["b", true], ["c", true]]));
    let of = |code: &str| -> Vec<&str> {
        let all = report["diagnostics"].as_array().unwrap().iter();
        all.filter(|found| found["code"] == code).map(|found| found["workspace"].as_str().unwrap()).collect()
    };
    assert_eq!((of("F221"), of("F101"), of("pen-out-of-stock")), (vec!["b"], vec!["c"], vec!["a"]));
    let output = run(&["check", "a", "b", "c"], folder.path());
    let text = said(&output);
    assert!(text.contains("error[F221]") && text.contains("b"), "{text}");
    let output = run(&["check", "a", "b", "--report", "sarif"], folder.path());
    let sarif: Json = serde_json::from_slice(&output.stdout).unwrap();
    let places: Vec<String> = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(
        places.iter().any(|uri| uri.starts_with("a/")) && places.iter().any(|uri| uri.starts_with("b/profile.yaml")),
        "{places:?}"
    );
}

/// The model of each document is kept beside its outputs, by its digest, and read back as it was made.
#[test]
fn models_are_kept_by_their_digest() {
    let workspace = Workspace::specimen();
    workspace.render();
    let kept = || files(&workspace.file(".folio/models"));
    let first = kept();
    assert_eq!(first.len(), 2);
    let documents =
        folio::render::documents(workspace.path(), &request(), &mut folio::diagnostic::Sink::new()).unwrap();
    for document in &documents {
        let digest = folio::model::stored::digest(&folio::model::stored::bytes(document));
        assert_eq!(first[&format!("{digest}.json")], digest);
        let bytes = workspace.read_bytes(&format!(".folio/models/{digest}.json"));
        assert_eq!(folio::model::stored::read(&bytes).as_ref(), Ok(document));
    }
    workspace.edit("profile.yaml", "{hours: 4}", "{hours: 5}");
    workspace.render();
    let second = kept();
    assert_eq!((second.len(), second.keys().filter(|name| first.contains_key(*name)).count()), (2, 1));
}

/// Files that Folio wrote are its own under whatever name or format they come back, and have a place when they have one.
#[test]
fn a_change_that_is_taken_back_leaves_nothing_stale() {
    for change in ["formats: [pdf]", "naming: \"z {{number}}\""] {
        let workspace = Workspace::specimen();
        workspace.render();
        let settings = workspace.read("folio.yaml");
        workspace.write("folio.yaml", settings.clone() + change + "\n");
        workspace.render();
        workspace.write("folio.yaml", &settings).edit("profile.yaml", "Quill & Sons Ltd", "Quill Ltd");
        let wishes = Wishes { prune: true, ..Wishes::default() };
        let (outcome, text) = workspace.render_with(Request { wishes, ..request() });
        let outcome = outcome.unwrap();
        let outputs: Vec<_> = outcome.documents.iter().flat_map(|document| &document.outputs).collect();
        assert!(outputs.iter().all(|output| output.action != Action::KeptEdited && output.path.is_file()), "{text}");
        let left: Vec<_> = outcome.left_behind.iter().map(|left| &left.path).collect();
        assert!(outputs.iter().all(|output| !left.contains(&&output.path)), "{left:?}");
        lock_describes(&workspace);
    }
}

/// The same bytes as another copy's are not thereby ours.
#[test]
fn equal_files_of_a_copy_are_not_adopted() {
    let folder = tempfile::tempdir().unwrap();
    for client in ["a", "b"] {
        let root = folder.path().join(client);
        std::fs::create_dir(&root).unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen"), &root);
    }
    assert_eq!(run(&["render", "a"], folder.path()).status.code(), Some(0));
    let before = files(&folder.path().join("a/out/draft"));
    let export = || run(&["render", "b", "--out", "a/out/draft", "--prune"], folder.path());
    export();
    let profile = folder.path().join("b/profile.yaml");
    let text = std::fs::read_to_string(&profile).unwrap();
    std::fs::write(&profile, text.replace("Quill & Sons Ltd", "Another Ltd")).unwrap();
    let output = export();
    assert!(said(&output).contains("F602"), "{}", said(&output));
    let mut after = files(&folder.path().join("a/out/draft"));
    after.remove(".folio.lock");
    assert_eq!(after, before);
}

/// A lock of an export into the workspace itself reaches neither its inputs nor what lies deeper.
#[test]
fn a_crafted_lock_of_an_export_reaches_outputs_alone() {
    let workspace = Workspace::specimen();
    let folder = workspace.path();
    assert_eq!(run(&["render", ".", "--out", "."], folder).status.code(), Some(0));
    workspace.write("deep/x.pdf", "mine").write("notes.txt", "mine");
    let mut lock: Json = serde_json::from_str(&workspace.read(".folio.lock")).unwrap();
    let entries = ["profile.yaml", "registers/pens.csv", "deep/x.pdf", "notes.txt"];
    lock["left_behind"] =
        entries.map(|path| json!({"path": path, "sha256": digest(&workspace.read_bytes(path))})).to_vec().into();
    workspace.write(".folio.lock", lock.to_string());
    let output = run(&["render", ".", "--out", ".", "--prune"], folder);
    assert!(said(&output).contains("F610"), "{}", said(&output));
    assert!(entries.iter().all(|path| workspace.file(path).is_file()));
}

/// `.folio` is a folder of the workspace, or nothing is done by way of it.
#[test]
#[cfg(unix)]
fn a_folder_of_ours_that_is_a_link_is_not_followed() {
    let workspace = Workspace::specimen();
    workspace.write("elsewhere/staging.json", "{\"my\": 1}").write("elsewhere/run.lock", "mine");
    std::os::unix::fs::symlink("elsewhere", workspace.file(".folio")).unwrap();
    for command in ["check", "render"] {
        run(&[command, "."], workspace.path());
        assert_eq!(workspace.read("elsewhere/run.lock"), "mine", "{command}");
        assert_eq!(workspace.read("elsewhere/staging.json"), "{\"my\": 1}", "{command}");
    }
    std::fs::remove_file(workspace.file(".folio")).unwrap();
    std::fs::create_dir(workspace.file(".folio")).unwrap();
    std::fs::hard_link(workspace.file("elsewhere/run.lock"), workspace.file(".folio/run.lock")).unwrap();
    assert_eq!(run(&["render", "."], workspace.path()).status.code(), Some(2));
    assert_eq!(workspace.read("elsewhere/run.lock"), "mine");
}

#[test]
fn who_does_not_wait_for_one_of_several_is_told_which() {
    use folio::commit::{Held, Manner};
    let folder = tempfile::tempdir().unwrap();
    for client in ["a", "b"] {
        std::fs::create_dir(folder.path().join(client)).unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen"), &folder.path().join(client));
    }
    let _held = Held::take(&folder.path().join("b"), Manner::default()).unwrap();
    let output = run(&["render", "a", "b", "--no-wait", "--report", "json"], folder.path());
    let report: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["diagnostics"][0]["workspace"], "b", "{report:#}");
    assert_eq!(report["workspaces"].as_array().unwrap().len(), 2);
    assert!(report["workspaces"].as_array().unwrap().iter().all(|workspace| workspace["failed"] == true));
}
