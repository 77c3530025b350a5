//! The program as a user meets it: commands, output, exit codes.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::path::Path;
use std::process::{Command, Output};

use common::Workspace;

fn folio(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_folio"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .env("FOLIO_PACKS", "no-packs-are-installed-here")
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_new_workspace_renders_at_once_and_keeps_its_pack() {
    let folder = tempfile::tempdir().unwrap();
    let made = folio(&["new", "client", "--yes"], folder.path());
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let client = folder.path().join("client");
    for file in ["folio.yaml", "profile.yaml", "registers/assets.csv", ".gitignore", "folio.lock"] {
        assert!(client.join(file).is_file(), "{file}");
    }
    let settings = std::fs::read_to_string(client.join("folio.yaml")).unwrap();
    assert!(settings.contains("id: client") && settings.contains("as_of: 2026-11-23"), "{settings}");
    assert_eq!(std::fs::read_dir(client.join(".folio/packs")).unwrap().count(), 2, "the pack and its base");
    let rendered =
        folio(&["render", "client", "--report", "json", "--formats", "docx", "--only", "isms-scope"], folder.path());
    assert_eq!(rendered.status.code(), Some(0), "{}", text(&rendered.stderr));
    let report: serde_json::Value = serde_json::from_slice(&rendered.stdout).unwrap();
    let output = &report["workspaces"][0]["documents"][0]["outputs"][0];
    assert_eq!(output["action"], "written");
    // Paths are those that the user gave: nobody learns from a report where a workspace lies.
    let path = output["path"].as_str().unwrap();
    assert!(path.starts_with("client/out/draft/") && folder.path().join(path).is_file(), "{path}");
    // Starter values are samples until they are replaced.
    let checked = folio(&["check", "client"], folder.path());
    assert!(text(&checked.stderr).contains("warning[F106]"), "{}", text(&checked.stderr));
    // The archive that the workspace keeps is the one that is read: without it nothing renders.
    let archive = std::fs::read_dir(client.join(".folio/packs")).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&archive, "spoiled").unwrap();
    assert!(text(&folio(&["check", "client"], folder.path()).stderr).contains("F370"));
    std::fs::remove_file(&archive).unwrap();
    assert!(text(&folio(&["check", "client"], folder.path()).stderr).contains("F301"));
}

/// Renders with a limit on the size of files, in blocks of 512 bytes: a system that enforces one either refuses the
/// write, as on a full disk, or kills the process in the middle of it.
#[cfg(unix)]
fn render_with_file_limit(workspace: &Workspace, is_killed: bool) -> Output {
    let refuse = if is_killed { "" } else { "trap '' XFSZ; " };
    Command::new("sh")
        .args(["-c", &format!("{refuse}ulimit -c 0; ulimit -f 40; exec \"$0\" render ."), env!("CARGO_BIN_EXE_folio")])
        .current_dir(workspace.path())
        .output()
        .unwrap()
}

#[cfg(unix)]
fn drafts(workspace: &Workspace) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(workspace.file("out/draft"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
#[cfg(unix)]
fn a_full_disk_or_a_kill_leaves_the_set_whole() {
    use std::os::unix::process::ExitStatusExt;
    let workspace = Workspace::specimen();
    assert!(folio(&["render", "."], workspace.path()).status.success());
    let before = drafts(&workspace);
    workspace.edit("profile.yaml", "name: Quill & Sons Ltd", "name: Quill Ltd");

    let full = render_with_file_limit(&workspace, false);
    assert_eq!(full.status.code(), Some(2), "{}", text(&full.stderr));
    assert!(text(&full.stderr).contains("error[F601]"), "{}", text(&full.stderr));
    assert!(drafts(&workspace) == before);

    let killed = render_with_file_limit(&workspace, true);
    assert!(killed.status.signal().is_some(), "{:?}: {}", killed.status, text(&killed.stderr));
    let (left, whole): (Vec<_>, Vec<_>) =
        drafts(&workspace).into_iter().partition(|(name, _)| name.to_string_lossy().starts_with(".folio-"));
    assert!(whole == before);
    assert!(!left.is_empty(), "the kill came in the middle of a write");

    let after = folio(&["render", "."], workspace.path());
    assert!(after.status.success(), "{}", text(&after.stderr));
    assert!(!text(&after.stderr).contains("F602"), "nobody edited anything: {}", text(&after.stderr));
    let new = drafts(&workspace);
    assert_eq!(new.len(), before.len(), "nothing is left of the kill");
    assert!(new.iter().zip(&before).all(|(new, old)| new.0 == old.0 && new.1 != old.1));
}

#[test]
fn new_never_writes_into_a_folder_that_holds_something() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("note.txt"), "mine").unwrap();
    let refused = folio(&["new", ".", "--yes"], folder.path());
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("F104"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn exit_codes_say_what_happened() {
    let workspace = Workspace::specimen();
    let run = |arguments: &[&str]| folio(arguments, workspace.path()).status.code();
    assert_eq!(run(&["render", "--dry-run"]), Some(0), "a warning is no failure");
    assert_eq!(run(&["check", "--deny-warnings"]), Some(1));
    assert_eq!(run(&["check", "--fail-on", "warning"]), Some(1));
    assert_eq!(run(&["render", "--formats", "odt"]), Some(2));
    assert_eq!(run(&["render", "--jobs", "0"]), Some(2));
    assert_eq!(run(&["render", "elsewhere"]), Some(2), "no workspace");
    assert_eq!(run(&["rendr"]), Some(2));
    assert_eq!(run(&["render", "--only", "notise"]), Some(2), "no document of that name");
    assert_eq!(run(&["schema", "--pack", "nobody"]), Some(2), "no pack of that name");
    workspace.edit("profile.yaml", "holder: ada", "holder: eve");
    assert_eq!(run(&["check"]), Some(1));
    assert_eq!(run(&["coverage"]), Some(1), "what is wrong stands in the profile");
    assert_eq!(run(&["render"]), Some(1));
    assert!(!workspace.file("out").exists(), "nothing is written while there is a fault");
}

#[test]
fn reports_are_one_object_on_standard_output() {
    let workspace = Workspace::specimen();
    let json = folio(&["render", "--report", "json"], workspace.path());
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["schema"], 1);
    assert_eq!(report["summary"]["written"], 4);
    let diagnostic = &report["diagnostics"][0];
    assert_eq!(
        (diagnostic["code"].as_str(), diagnostic["path"].as_str()),
        (Some("pen-out-of-stock"), Some("pens[P-3].stock"))
    );
    assert!(json.stderr.is_empty(), "{}", text(&json.stderr));
    let sarif = folio(&["check", "--report", "sarif"], workspace.path());
    let report: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    assert_eq!(report["runs"][0]["results"][0]["ruleId"], "pen-out-of-stock");
}

#[test]
fn several_workspaces_are_told_apart_and_one_is_one_however_it_is_named() {
    let practice = tempfile::tempdir().unwrap();
    for client in ["acme & co", "beta"] {
        common::copy(Workspace::specimen().path(), &practice.path().join(client));
    }
    let run = |arguments: &[&str]| folio(arguments, practice.path());
    let said = text(&run(&["check", "acme & co", "beta", "gone"]).stderr).to_owned();
    for place in ["= in: acme & co", "= in: beta", "= in: gone"] {
        assert!(said.contains(place), "{said}");
    }
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["check", "acme & co", "gone", "--report", "json"]).stdout).unwrap();
    let failed = json["workspaces"].as_array().unwrap().iter().map(|workspace| workspace["failed"].as_bool().unwrap());
    assert_eq!(failed.collect::<Vec<_>>(), [false, true]);
    let of = json["diagnostics"].as_array().unwrap().iter().map(|problem| problem["workspace"].as_str().unwrap());
    assert_eq!(of.collect::<Vec<_>>(), ["acme & co", "gone"]);
    // Whoever reads SARIF looks for files from where the program was started, also those of one workspace.
    let sarif: serde_json::Value =
        serde_json::from_slice(&run(&["check", "acme & co", "--report", "sarif"]).stdout).unwrap();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "acme%20%26%20co/registers/pens.csv");
    let twice = run(&["render", "beta", "./beta", "--report", "json"]);
    assert_eq!(twice.status.code(), Some(0), "{}", text(&twice.stdout));
    let json: serde_json::Value = serde_json::from_slice(&twice.stdout).unwrap();
    assert_eq!(json["workspaces"].as_array().unwrap().len(), 1);
}

#[test]
fn the_report_says_what_became_of_each_file() {
    let workspace = Workspace::specimen();
    let actions = || -> Vec<String> {
        let json = folio(&["render", "--report", "json"], workspace.path());
        let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        let documents = report["workspaces"][0]["documents"].as_array().unwrap();
        let outputs = documents.iter().flat_map(|document| document["outputs"].as_array().unwrap());
        outputs.map(|output| output["action"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(actions(), ["written"; 4]);
    assert_eq!(actions(), ["unchanged"; 4]);
    workspace.write("out/draft/H-2 Notice.docx", "edited by hand");
    workspace.edit("profile.yaml", "name: Quill & Sons Ltd", "name: Quill Ltd");
    assert_eq!(actions(), ["written", "written", "kept-edited", "written"]);
    workspace.edit("pack/documents/handbook.md.hbs", "# Purpose {#sec-purpose}", "# Purpose");
    assert_eq!(actions(), ["failed"; 4]);
}

#[test]
fn a_set_is_the_same_in_another_time_zone_locale_and_folder() {
    let digests = |zone: &str, language: &str| {
        let workspace = Workspace::specimen();
        let mut command = Command::new(env!("CARGO_BIN_EXE_folio"));
        command
            .args(["render", "--report", "json"])
            .current_dir(workspace.path())
            .env("TZ", zone)
            .env("LANG", language)
            .env("LC_ALL", language);
        let report: serde_json::Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        let documents = report["workspaces"][0]["documents"].as_array().unwrap().clone();
        let outputs = documents.iter().flat_map(|document| document["outputs"].as_array().unwrap());
        outputs.map(|output| output["sha256"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(digests("Pacific/Kiritimati", "C"), digests("America/Los_Angeles", "de_DE.UTF-8"));
}

#[test]
fn the_small_commands_answer() {
    let workspace = Workspace::specimen();
    for (arguments, wanted) in [
        (&["explain", "F221"][..], "What to do"),
        (&["explain", "pen-out-of-stock"], "Nobody can write without pens"),
        (&["schema"], "\"pens\""),
        (&["schema", "--pack", "iso27001-2013"], "\"interested_parties\""),
        (&["pack", "list"], "iso27001-2013"),
        (&["pack", "show", "iso27001-2013"], "Clause 4.3"),
        (&["pack", "show", "pack"], "pen-out-of-stock"),
        (&["completions", "bash"], "_folio"),
        (&["man"], ".TH folio"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
    ] {
        let output = folio(arguments, workspace.path());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stdout).contains(wanted), "{arguments:?}: {}", text(&output.stdout));
    }
    let unknown = folio(&["explain", "pen-out-of-stok"], workspace.path());
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean `pen-out-of-stock`?"));
}

#[test]
fn coverage_says_what_answers_each_requirement() {
    let workspace = Workspace::specimen();
    let states = |workspace: &Workspace| -> (Option<i32>, Vec<(String, String, String)>) {
        let run = folio(&["coverage", ".", "--report", "json"], workspace.path());
        let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
        let word = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or("-").to_owned();
        let rows = report["coverage"].as_array().unwrap().iter();
        (
            run.status.code(),
            rows.map(|row| (word(row, "requirement"), word(row, "state"), word(row, "reason"))).collect(),
        )
    };
    let row = |requirement: &str, state: &str, reason: &str| (requirement.into(), state.into(), reason.into());
    assert_eq!(states(&workspace), (Some(0), vec![row("rule-1", "present", "-")]));
    workspace.edit(
        "pack/documents/handbook.md.hbs",
        "satisfies: [rule-1]",
        "satisfies: [rule-1]\nform: size(pens) > 0",
    );
    assert_eq!(states(&workspace), (Some(0), vec![row("rule-1", "form", "-")]));
    workspace.edit(
        "pack/documents/handbook.md.hbs",
        "form: size(pens) > 0",
        "when: size(pens) == 0\nreason: '\"there are pens\"'",
    );
    workspace.edit("pack/pack.yaml", "title: Pens}", "title: Pens}\n  - {id: rule-2, cites: Rule 2, title: Ink}");
    assert_eq!(
        states(&workspace),
        (Some(1), vec![row("rule-1", "not-applicable", "there are pens"), row("rule-2", "missing", "-")])
    );
    let shown = folio(&["coverage", "."], workspace.path());
    assert!(text(&shown.stdout).contains("not applicable: there are pens"), "{}", text(&shown.stdout));
    assert!(text(&shown.stderr).contains("error[F111]: no document answers Rule 2: Ink"), "{}", text(&shown.stderr));
}
