//! The story that `docs/document-control.md` tells, on the command line: a set is issued, people, suppliers, sites and the
//! pack change, and each time only what says something else gets a version, with its reason.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::path::Path;

use common::{Workspace, copy};
use folio::reader::{Package, View, difference, resolve};

const DIRECTORS: [&str; 4] =
    ["operations-director", "chief-technology-officer", "information-security-manager", "managing-director"];

struct Story {
    workspace: Workspace,
}

impl Story {
    /// Northwind with its pack by name.
    fn begin() -> Story {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let workspace = Workspace::empty();
        copy(&root.join("examples/northwind"), workspace.path());
        for pack in ["isms-core", "iso27001-2013"] {
            common::install(&root.join("template-packs").join(pack), &workspace.file("installed"));
        }
        workspace.edit("folio.yaml", "pack: {path: ../../template-packs/iso27001-2013}", "pack: iso27001-2013@^2");
        // Word alone: what is laid out for PDF is tested elsewhere.
        let settings = workspace.read("folio.yaml");
        workspace.write("folio.yaml", format!("{settings}formats: [docx]\n"));
        Story { workspace }
    }

    fn run(&self, arguments: &[&str]) -> (String, i32) {
        self.workspace.folio("installed", arguments)
    }

    /// What a command says that does what it is asked.
    fn done(&self, arguments: &[&str]) -> String {
        let (said, code) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        // Lines are as wide as a terminal; what is asked for are sentences.
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn issue(&self, approver: &str, reason: &str, day: &str) -> String {
        self.done(&["issue", ".", "--approver", approver, "--reason", reason, "--date", day])
    }

    /// Each document with its version in force.
    fn version(&self, id: &str) -> String {
        let said = self.done(&["documents", ".", "--report", "json", "--date", "2027-06-01"]);
        let json: serde_json::Value = serde_json::from_str(&said).unwrap();
        let all = json["documents"].as_array().unwrap_or_else(|| panic!("{said}"));
        let row = all.iter().find(|row| row["id"] == id).unwrap();
        row["version"].as_str().unwrap_or_default().to_owned()
    }
}

fn has(said: &str, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(said.contains(part), "`{part}` is not in:\n{said}"));
}

#[test]
fn a_set_keeps_itself_through_two_years() {
    let story = Story::begin();
    let workspace = &story.workspace;

    // Issued by four approvers, each what is theirs; who has to go on is said.
    let said = story.issue(DIRECTORS[0], "First issue.", "2026-11-28");
    has(&said, &["3 issued", "not issued, waiting for managing director, Eleanor Hartley"]);
    for approver in &DIRECTORS[1..] {
        story.issue(approver, "First issue.", "2026-11-28");
    }
    has(&story.done(&["status", ".", "--date", "2026-11-28"]), &["33 documents, unchanged"]);
    has(&story.done(&["render", ".", "--date", "2026-11-28"]), &["33 documents, unchanged since 1.0"]);
    assert!(!workspace.file("out/draft").exists());
    let receipt = story.done(&["receipt", "."]);
    let first = workspace.read_bytes("out/issued/NW-POL-01 Information Security Policy.docx");

    // A new information security manager.
    workspace.edit(
        "profile.yaml",
        "holder: m-adeyemi\n    deputy: l-haddad",
        "holder: l-haddad\n    deputy: o-prosser",
    );
    let said = story.done(&["status", ".", "--date", "2026-12-01"]);
    has(
        &said,
        &[
            "Information security manager: “Marcus Adeyemi” is now “Leila Haddad” profile.yaml:238:13 `roles[information-security-manager].holder`",
            "3 documents, changed: NW-ISMS-06 Security Roles and Responsibilities (1.0, would be 1.1, ",
            "30 documents, unchanged",
        ],
    );
    // She leads the response to incidents, and so wrote the procedure: she cannot approve it.
    let refused = ["issue", ".", "--approver", DIRECTORS[2], "--reason", "A new CISO.", "--date", "2026-12-01"];
    let (said, code) = story.run(&refused);
    assert_eq!(code, 1, "{said}");
    has(&said, &["whoever approves `incident-management-procedure` wrote it"]);
    let own = "author: incident-manager\n    approver: ";
    workspace.edit("profile.yaml", &format!("{own}information-security-manager"), &format!("{own}managing-director"));
    story.issue(DIRECTORS[0], "Leila Haddad follows Marcus Adeyemi.", "2026-12-01");
    let said = story.issue(DIRECTORS[3], "Leila Haddad follows Marcus Adeyemi.", "2026-12-01");
    has(&said, &["Security Roles and Responsibilities 1.1: issued", "29 keep their version"]);
    let said = story.done(&["history", ".", "training-skills-experience-qualifications"]);
    has(
        &said,
        &[
            "Leila Haddad follows Marcus Adeyemi. Information security manager: Leila Haddad took over from Marcus Adeyemi; information security manager, deputy: Owen Prosser (before: Leila Haddad).",
        ],
    );
    assert!(!said.contains("roles["), "{said}");
    assert_eq!(story.version("information-security-policy"), "1.0");
    // Word's tracked changes between the two: accepted the new version, rejected the old one.
    let id = "training-skills-experience-qualifications";
    let (from, to) = (["--from", "1.0"], ["--to", "1.1"]);
    let asked = [&["redline", "."][..], &from, &to, &["--only", id, "--formats", "docx", "--date", "2026-12-01"]];
    has(&story.done(&asked.concat()), &["1.0 to 1.1:", "characters inserted"]);
    let package = |folder: &str| {
        let files = std::fs::read_dir(workspace.file(folder)).unwrap().map(|file| file.unwrap().path());
        let word = files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "docx")).unwrap();
        Package::read(&std::fs::read(word).unwrap()).unwrap()
    };
    let redline = package("out/redline");
    for (view, version) in [(View::Accept, "1.1"), (View::Reject, "1.0")] {
        let issued = package(&format!(".folio/issued/{id}/{version}"));
        assert_eq!(difference(&resolve(&redline, view), &issued), None, "{version}");
    }

    // A supplier that is dropped without a word, then with what it still owes.
    let trueline = |line: &&str| !line.starts_with("trueline,");
    let (suppliers, agreements) = ("registers/suppliers.csv", "registers/supplier_agreements.csv");
    let rows = workspace.read(suppliers);
    let left: Vec<&str> = rows.lines().filter(trueline).collect();
    workspace.write(suppliers, format!("{}\n", left.join("\n")));
    let before = workspace.read(agreements);
    let left: Vec<&str> = before.lines().filter(|line| !line.contains(",trueline,")).collect();
    workspace.write(agreements, format!("{}\n", left.join("\n")));
    let said = story.done(&["status", ".", "--date", "2026-12-10"]);
    has(
        &said,
        &[
            "to be decided before the next issue: Trueline Screening Ltd left the register of suppliers",
            "gone from the profile, and still named: “Trueline”, once suppliers[trueline].name, in controls[A.7.1.1].evidence",
        ],
    );
    let (said, code) = story.run(&["issue", ".", "--approver", DIRECTORS[3], "--reason", "x", "--date", "2026-12-10"]);
    assert_eq!(code, 1, "{said}");
    has(&said, &["error[change-supplier-gone]"]);
    workspace.write(agreements, &before);
    // Its row stays, with its last day, and the day on which what it had was deleted.
    let columns = rows.lines().next().unwrap();
    assert!(!columns.contains(",until"));
    let with_end: Vec<String> = rows
        .lines()
        .map(|line| match line {
            line if line.starts_with("id,") => format!("{line},until,data_deleted"),
            line if line.starts_with("trueline,") => format!("{line},2026-12-09,2026-12-09"),
            line => format!("{line},,"),
        })
        .collect();
    workspace.write(suppliers, format!("{}\n", with_end.join("\n")));
    let settings = workspace.read("folio.yaml");
    workspace.write("folio.yaml", settings.replace("as_of: 2026-11-02", "as_of: 2026-12-10"));
    let said = story.done(&["status", ".", "--date", "2026-12-10"]);
    assert!(!said.contains("to be decided before"), "{said}");
    story.issue(DIRECTORS[3], "Trueline has left.", "2026-12-10");
    assert_eq!(story.version("supplier-security-policy"), "1.1");

    // An office closes; a duty moves, which is a major change by the pack.
    workspace.edit("profile.yaml", "    name: Bristol office\n", "    name: Bristol office\n    until: 2027-01-31\n");
    workspace.edit(
        "profile.yaml",
        "      - run the ISMS and report on it at each management review",
        "      - run the ISMS and report on it to the board each month",
    );
    let said = story.done(&["status", ".", "--date", "2027-01-04"]);
    has(&said, &["Security Roles and Responsibilities (1.1, would be 2.0: a role's duties changed"]);
    story.issue(DIRECTORS[3], "Bristol closes.", "2027-01-04");
    assert_eq!(story.version("security-roles-and-responsibilities"), "2.0");

    // A release of the pack with one block in other words.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("template-packs");
    for pack in ["isms-core", "iso27001-2013"] {
        let place = format!("release/{pack}");
        std::fs::create_dir_all(workspace.file(&place)).unwrap();
        copy(&root.join(pack), &workspace.file(&place));
        workspace.edit(&format!("{place}/pack.yaml"), "version: \"2.0.0\"", "version: \"2.0.1\"");
    }
    let policy = "release/isms-core/documents/list-of-documented-information.md.hbs";
    workspace.edit(
        policy,
        "Who finds another version than the one in this list tells",
        "Whoever finds another version tells",
    );
    for pack in ["isms-core", "iso27001-2013"] {
        common::install(&workspace.file(&format!("release/{pack}")), &workspace.file("installed"));
    }
    std::fs::remove_dir_all(workspace.file("release")).unwrap();
    story.done(&["pack", "upgrade", ".", "--write", "--date", "2027-02-01"]);
    let said = story.done(&["status", ".", "--date", "2027-02-01"]);
    has(&said, &["out of date (pack): NW-REG-03 List of Documented Information"]);
    let said = story.issue(DIRECTORS[3], "New release of the pack.", "2027-02-01");
    has(&said, &["List of Documented Information 1.", "keep their version"]);

    // What an auditor asks for.
    let said = story.done(&["history", "."]);
    has(&said, &["First issue.", "Bristol closes."]);
    let said = story.done(&["verify", ".", "--receipt", &receipt]);
    assert!(!said.contains("error"), "{said}");
    story.done(&["export", ".", "--issued", "--out", "auditor.zip", "--date", "2026-12-01"]);
    assert!(workspace.file("auditor.zip").exists());
    // Nothing that was issued is altered.
    let kept = ".folio/issued/information-security-policy/1.0/NW-POL-01 Information Security Policy.docx";
    assert!(workspace.read_bytes(kept) == first);
    workspace.write(kept, "other");
    let (said, code) = story.run(&["verify", ".", "--receipt", &receipt]);
    assert_eq!(code, 1, "{said}");
}
