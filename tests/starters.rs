//! Starters of a pack by name: what `folio new --like` lays down, what of it is a sample, and what `--continue` asks.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::Workspace;

const PROFILE: &str = "\
# What a club of hikers is.
organisation:
  name: Sample Hikers
  short_name: Sample Hikers
  # Huts and paths.
  industry: hiking
people:
  - {id: alex, name: Alex Walker}
  - {id: robin, name: Robin Walker}
lending: {days: 7}
";

const SETTINGS: &str = "\
samples:
  - organisation
  - people
  - lending
  - equipment
";

const EQUIPMENT: &str = "id,name,lent_to,due\nE-1,Tent,,\nE-2,Rope,alex,2026-08-01\nE-3,Stove,,\n";

/// A pack with a starter for clubs, installed.
fn lending() -> Workspace {
    let folder = Workspace::empty();
    done(&folder, &["pack", "new", "lending"]);
    club(&folder, "lending");
    common::install(&folder.file("lending"), &folder.file("packs"));
    folder
}

fn club(folder: &Workspace, pack: &str) {
    let file = |file: &str| format!("{pack}/starters/hiking-club/{file}");
    folder.write(&file("starter.yaml"), "title: A club of hikers\nabout: Members lend each other tents and ropes.\n");
    folder.write(&file("profile.yaml"), PROFILE);
    folder.write(&file("folio.yaml"), SETTINGS);
    folder.write(&file("registers/equipment.csv"), EQUIPMENT);
}

fn folio(folder: &Workspace, arguments: &[&str]) -> (String, i32) {
    folder.folio("packs", arguments)
}

#[track_caller]
fn done(folder: &Workspace, arguments: &[&str]) -> String {
    let (said, code) = folio(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {said}");
    said
}

fn hikers(folder: &Workspace) {
    done(folder, &["new", "acme", "--pack", "lending", "--like", "hiking-club", "--yes"]);
}

/// What a check says of samples, each message by itself.
fn samples(folder: &Workspace) -> Vec<String> {
    let (said, _) = folio(folder, &["check", "acme", "--report", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let found = json["diagnostics"].as_array().unwrap().iter().filter(|found| found["code"] == "F106");
    found
        .map(|found| format!("{}: {}", found["severity"].as_str().unwrap(), found["message"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_workspace_begins_like_the_kind_that_is_named() {
    let folder = lending();
    hikers(&folder);
    let profile = folder.read("acme/profile.yaml");
    for kept in ["name: Sample Hikers", "country: GB", "# Huts and paths.", "title: office manager", "days: 7"] {
        assert!(profile.contains(kept), "{kept} is not in {profile}");
    }
    assert_eq!(folder.read("acme/registers/equipment.csv"), EQUIPMENT);
    assert!(!folder.file("acme/starter.yaml").exists());
    let settings = folder.read("acme/folio.yaml");
    assert!(settings.contains("\nlike: hiking-club\n") && settings.contains("  - equipment\n"), "{settings}");
    assert!(settings.contains("id: acme") && !settings.contains("organisation.short_name"), "{settings}");
    done(&folder, &["render", "acme", "--formats", "docx"]);
    // The plain starter is as it was.
    done(&folder, &["new", "plain", "--pack", "lending", "--yes"]);
    let settings = folder.read("plain/folio.yaml");
    assert!(!settings.contains("like:") && folder.read("plain/registers/equipment.csv").contains("Projector"));
}

#[test]
fn a_kind_that_there_is_not_is_told_with_those_that_there_are() {
    let folder = lending();
    let (said, code) = folio(&folder, &["new", "acme", "--pack", "lending", "--like", "hiking-clubs", "--yes"]);
    assert_eq!(code, 2);
    for part in ["no starter `hiking-clubs`", "did you mean `hiking-club`?", "`hiking-club` (A club of hikers)"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!folder.file("acme").exists());
    let shown = done(&folder, &["pack", "show", "lending"]);
    assert!(shown.contains("A club of hikers") && shown.contains("Members lend each other"), "{shown}");
}

#[test]
fn samples_are_what_is_still_as_it_was_laid_down() {
    let folder = lending();
    hikers(&folder);
    assert_eq!(
        samples(&folder),
        [
            "warning: `organisation` still holds the starter's value",
            "warning: `people` still holds the starter's value",
            "warning: `lending` still holds the starter's value",
            "warning: `registers/equipment.csv`: all 3 rows are still the starter's",
        ]
    );
    folder.edit("acme/profile.yaml", "name: Sample Hikers", "name: Fell Walkers");
    folder.edit("acme/profile.yaml", "days: 7", "days: 21");
    folder.edit("acme/profile.yaml", "name: Alex Walker", "name: Ada Fell");
    // A row is changed, one is added, and the order is another.
    folder.write(
        "acme/registers/equipment.csv",
        "id,name,due,lent_to\nE-9,Map,,\nE-2,Rope,2026-08-01,alex\nE-1,Big tent,,\n",
    );
    assert_eq!(
        samples(&folder),
        [
            "warning: `organisation`: 3 of 4 values are still the starter's: organisation.short_name, \
             organisation.country, organisation.industry",
            "warning: `people`: 1 of 2 rows are still the starter's",
            "note: `lending` holds nothing of the starter any more",
            "warning: `registers/equipment.csv`: 1 of 3 rows are still the starter's",
        ]
    );
    folder.write("acme/registers/equipment.csv", "id,name\nE-9,Map\n");
    assert_eq!(samples(&folder)[3], "note: `equipment` holds nothing of the starter any more");
    // Where the starter cannot be found, the line decides.
    folder.edit("acme/folio.yaml", "like: hiking-club", "like: choir");
    assert_eq!(samples(&folder)[3], "warning: `equipment` still holds the starter's value");
}

#[test]
fn a_document_is_a_sample_as_long_as_it_prints_one() {
    let folder = lending();
    hikers(&folder);
    let is_sample = || {
        let workspace = folder.file("acme");
        let shelf = folio::pack::source::Shelf { installed: Some(folder.file("packs")), ..Default::default() };
        let session = folio::session::Session::new(shelf, 1, "2026-11-23");
        let mut sink = folio::diagnostic::Sink::new();
        let workspace = session.workspace(&workspace, &mut sink).unwrap();
        let plan = session.plan(&workspace, &mut sink);
        let documents = session.documents(&workspace, &plan, &mut sink).documents.unwrap();
        documents[0].control.sample
    };
    assert!(is_sample());
    folder.write(
        "acme/folio.yaml",
        folder.read("acme/folio.yaml").replace("  - organisation\n  - people\n  - lending\n", ""),
    );
    assert!(is_sample(), "rows of the register are the starter's");
    folder.write("acme/registers/equipment.csv", "id,name,lent_to\nE-1,Map,alex\n");
    assert!(!is_sample());
}

#[test]
fn without_a_terminal_what_is_open_is_listed() {
    let folder = lending();
    hikers(&folder);
    folder.edit("acme/profile.yaml", "name: Sample Hikers", "name: Fell Walkers");
    let said = done(&folder, &["new", "acme", "--continue"]);
    assert!(!said.contains("organisation.name:"), "{said}");
    assert!(said.contains("organisation.short_name: Short name (a sample, `Sample Hikers`)"), "{said}");
    assert!(said.contains("lending.days: Days that equipment is lent for (a sample, `7`)"), "{said}");
    let before = folder.read("acme/profile.yaml");
    let json: serde_json::Value =
        serde_json::from_str(&done(&folder, &["new", "acme", "--continue", "--report", "json"])).unwrap();
    assert_eq!(json["questions"][0]["path"], "organisation.short_name");
    assert!(json["documents"][0]["samples"].as_u64().unwrap() > 0, "{json}");
    assert_eq!(folder.read("acme/profile.yaml"), before);
    let (said, code) = folio(&folder, &["new", "nobody", "--continue"]);
    assert!(code == 2 && said.contains("is not a workspace"), "{said}");
}

#[test]
fn a_house_changes_a_starter_of_its_base_and_adds_its_own() {
    let folder = lending();
    done(&folder, &["pack", "new", "house", "--extends", "lending"]);
    folder.write("house/starters/hiking-club/profile.yaml", "organisation: {country: IE}\n");
    folder.write("house/starters/hiking-club/registers/equipment.csv", "id,name\nE-1,Canoe\n");
    folder.write("house/starters/choir/starter.yaml", "title: A choir\nabout: It sings.\n");
    folder.write("house/starters/choir/profile.yaml", "organisation: {industry: singing}\n");
    common::install(&folder.file("house"), &folder.file("packs"));
    done(&folder, &["new", "acme", "--pack", "house", "--like", "hiking-club", "--yes"]);
    let profile = folder.read("acme/profile.yaml");
    assert!(profile.contains("country: IE") && profile.contains("industry: hiking"), "{profile}");
    assert!(folder.read("acme/registers/equipment.csv").contains("Canoe"));
    assert_eq!(samples(&folder).len(), 4);
    done(&folder, &["new", "choir", "--pack", "house", "--like", "choir", "--yes"]);
    let profile = folder.read("choir/profile.yaml");
    assert!(profile.contains("industry: singing") && profile.contains("Sample Organisation Ltd"), "{profile}");
}

#[test]
fn an_author_is_told_what_is_wrong_with_a_starter() {
    let folder = lending();
    let findings = |folder: &Workspace| {
        let (said, _) = folio(folder, &["pack", "check", "lending", "--report", "json"]);
        let json: serde_json::Value = serde_json::from_str(&said).unwrap();
        let found = json["diagnostics"].as_array().unwrap().iter();
        let found = found.filter(|found| found["severity"] != "note" || found["code"] == "F352");
        found
            .map(|found| format!("{} {}", found["code"].as_str().unwrap(), found["message"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(findings(&folder), [""; 0]);
    folder.edit("lending/starters/hiking-club/folio.yaml", "  - lending\n  - equipment\n", "  - lending.hours\n");
    assert_eq!(
        findings(&folder),
        [
            "F352 the starter `hiking-club` says `equipment`, `lending.days`, and its `samples` do not list it: it would be printed as true",
            "F352 `samples` of the starter `hiking-club` lists `lending.hours`, of which it says nothing",
        ]
    );
    club(&folder, "lending");
    folder.edit("lending/starters/hiking-club/profile.yaml", "days: 7", "days: none at all");
    folder.write("lending/starters/hiking-club/starter.yaml", "title: A club of hikers\n");
    folder.write("lending/starters/hiking-club/registers/boats.csv", "id\n");
    let found = findings(&folder);
    for part in ["`about` is missing", "`days` is"] {
        assert!(found.iter().any(|found| found.contains(part)), "{part}: {found:?}");
    }
    // What names somebody must not stand in a text of the pack.
    club(&folder, "lending");
    let policy = "lending/documents/equipment-policy.md.hbs";
    folder.write(policy, folder.read(policy) + "\nRobin Walker lends it.\n");
    assert!(findings(&folder).iter().any(|found| found.starts_with("F419")), "{:?}", findings(&folder));
}

#[test]
fn a_move_to_another_edition_says_which_samples_nothing_marks_any_more() {
    let folder = Workspace::empty();
    for id in ["iso27001-2013", "iso27001-2022"] {
        let base = format!("{id}@^2");
        let house = format!("house-{}", &id[9..]);
        done(&folder, &["pack", "new", &house, "--extends", &base]);
        folder.write(&format!("{house}/starters/shop/starter.yaml"), "title: A shop\nabout: It sells.\n");
        let employees = if id.ends_with("2013") { 5 } else { 6 };
        let profile = format!("workforce: {{employees: {employees}}}\norganisation: {{industry: retail}}\n");
        folder.write(&format!("{house}/starters/shop/profile.yaml"), profile);
        common::install(&folder.file(&house), &folder.file("packs"));
    }
    done(&folder, &["new", "acme", "--pack", "house-2013", "--like", "shop", "--yes"]);
    let (said, code) = folio(&folder, &["migrate", "acme", "--to", "house-2022"]);
    assert!(code == 0 && said.contains("nothing marks them as samples any more"), "{said}");
}
