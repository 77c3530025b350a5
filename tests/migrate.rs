//! Moves from one pack to another: small packs that have every odd thing, and the examples.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use common::{Workspace, copy};
use folio::diagnostic::Sink;
use folio::pack::source::Shelf;
use serde_json::Value as Json;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with the packs `house-2020` and `house-2026`, what they extend, and a client of the older.
fn client() -> Workspace {
    let workspace = Workspace::empty();
    copy(&Path::new(ROOT).join("tests/workspaces/move"), workspace.path());
    std::fs::create_dir(workspace.file("specimen")).unwrap();
    copy(&Path::new(ROOT).join("tests/workspaces/specimen/pack"), &workspace.file("specimen"));
    workspace
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

fn folio(workspace: &Workspace, args: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(args)
        .args(["--date", "2026-11-23", "--packs", "installed", "--all"])
        .env_remove("FOLIO_PACKS")
        .current_dir(workspace.path())
        .output()
        .unwrap();
    let text =
        |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&workspace.path().display().to_string(), "HERE");
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// Moves the client; what was said.
fn moved(workspace: &Workspace) -> String {
    let said = folio(workspace, &["migrate", "client", "--to", "house-2026", "--write"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    said.out
}

/// Every file of the client, by path.
fn tree(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![workspace.file("client")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(workspace.path()).unwrap().display().to_string();
                    found.insert(name, std::fs::read(path).unwrap());
                }
            }
        }
    }
    found
}

/// The client's profile with its registers, as the pack beside it reads it.
fn profile(workspace: &Workspace) -> Json {
    let mut sink = Sink::new();
    let client = folio::workspace::Workspace::open(&workspace.file("client"), &Shelf::default(), &mut sink);
    client.unwrap_or_else(|| panic!("{sink:#?}")).profile.value
}

fn golden(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "golden/migrate", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn a_dry_run_says_everything_and_changes_nothing() {
    let workspace = client();
    let before = tree(&workspace);
    let said = folio(&workspace, &["migrate", "client", "--to", "house-2026"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    golden("terminal", &said.out);
    assert_eq!(tree(&workspace), before);
    let json = folio(&workspace, &["migrate", "client", "--to", "house-2026", "--report", "json"]);
    let json: Json = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["written"], false);
    assert_eq!(json["migration"]["decisions"][0]["from"], serde_json::json!(["R.1.1", "R.1.2"]));
    assert_eq!(tree(&workspace), before);
    folio(&workspace, &["migrate", "client", "--to", "house-2026", "--out", "report"]);
    assert_eq!(tree(&workspace), before);
    golden("report", &workspace.read("report/house-2020 to house-2026.md"));
}

#[test]
fn files_keep_their_comments_order_and_bytes() {
    let workspace = client();
    let before = tree(&workspace);
    moved(&workspace);
    golden("profile.yaml", &workspace.read("client/profile.yaml"));
    golden("folio.yaml", &workspace.read("client/folio.yaml"));
    golden(
        "visits.csv",
        &workspace.read("client/registers/visits.csv").replace("\r\n", "\\r\\n\n").replace('\u{FEFF}', "<BOM>"),
    );
    let after = tree(&workspace);
    let comments = |files: &BTreeMap<String, Vec<u8>>| {
        let text = String::from_utf8(files["client/profile.yaml"].clone()).unwrap();
        let mut found: Vec<String> =
            text.lines().filter_map(|line| Some(line.split_once("# ")?.1.to_owned())).collect();
        found.sort();
        found
    };
    for comment in comments(&before) {
        let text = String::from_utf8(after["client/profile.yaml"].clone()).unwrap();
        assert!(text.contains(&comment), "the comment `{comment}` is lost");
    }
    let paths: Vec<&str> = after.keys().map(String::as_str).filter(|path| path.contains("overrides")).collect();
    assert_eq!(
        paths,
        [
            "client/overrides/.unmapped/letter/closing.md.hbs",
            "client/overrides/.unmapped/letter/thanks.md.hbs",
            "client/overrides/.unmapped/poem/verse.md.hbs",
            "client/overrides/message/greeting.md.hbs",
            "client/overrides/notice/text.md.hbs",
        ]
    );
    let override_of =
        |files: &BTreeMap<String, Vec<u8>>, path: &str| files[&format!("client/overrides/{path}")].clone();
    assert_eq!(override_of(&before, "poem/verse.md.hbs"), override_of(&after, ".unmapped/poem/verse.md.hbs"));
}

/// The words of a Word file, a paragraph a line.
fn words(bytes: Vec<u8>) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let xml = std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut words = String::new();
    loop {
        use quick_xml::events::Event;
        match reader.read_event().unwrap() {
            Event::Text(text) => words.push_str(&text),
            Event::GeneralRef(name) => words.push(match &*name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                other => panic!("&{other};"),
            }),
            Event::End(end) if end.name().as_ref() == "w:p" => words.push('\n'),
            Event::Eof => return words,
            _ => {}
        }
    }
}

#[test]
fn the_report_says_what_values_say_whatever_they_hold() {
    let workspace = client();
    moved(&workspace);
    let words = words(workspace.read_bytes("client/out/migration/house-2020 to house-2026.docx"));
    for line in [
        "Move from house-2020 1.3.0 to house-2026 2.0.1",
        "Merged with differences",
        "N {5} | \"x\": y",
        "R (5), \"x\" #y",
        r#"{"rule":"R.4.1","holds":true,"why":"Letters are <b>secret</b>; *all* of `them` | [x](y) {{z}} & so on ::: {#a}","state":"done"}"#,
        "visits[V-2].note",
    ] {
        assert!(words.lines().any(|known| known == line), "`{line}` is not in\n{words}");
    }
}

#[test]
fn a_moved_workspace_opens_and_renders_and_moves_no_second_time() {
    let workspace = client();
    moved(&workspace);
    let said = folio(&workspace, &["check", "client"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let after = tree(&workspace);
    let again = folio(&workspace, &["migrate", "client", "--to", "house-2026", "--write"]);
    assert_eq!(again.code, 0);
    assert_eq!(
        again.out,
        "client is on house-2026 2.0.1 already; nothing was changed. `folio pack upgrade` moves between versions of one pack.\n"
    );
    assert_eq!(tree(&workspace), after);
    let other = client();
    moved(&other);
    assert_eq!(tree(&other), after, "the same move gives the same bytes");
}

#[test]
fn what_was_unmapped_stays_when_the_workspace_moves_on() {
    let workspace = client();
    moved(&workspace);
    let unmapped = profile(&workspace)["unmapped"].clone();
    assert_eq!(unmapped.as_array().unwrap().len(), 9, "{unmapped:#}");
    // The next edition has no N.2.
    copy_pack(&workspace, "house-2026", "house-2030");
    workspace.edit("house-2030/data/rules.csv", "N.2,Fill pens\n", "");
    workspace.write("house-2030/migrations/house-2026.yaml", "format: 1\nfrom: house-2026\ncatalogues: {}\n");
    let said = folio(&workspace, &["migrate", "client", "--to", "house-2030", "--write"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let later = profile(&workspace)["unmapped"].clone();
    let (old, new) = later.as_array().unwrap().split_at(9);
    assert_eq!(old, unmapped.as_array().unwrap());
    let places: Vec<&str> = new.iter().map(|row| row["at"].as_str().unwrap()).collect();
    assert_eq!(places, ["decisions[N.2]", "visits[V-1].about", "visits[V-3].rules", "usual"]);
    assert!(folio(&workspace, &["schema", "client"]).out.contains("\"unmapped\""));
}

fn copy_pack(workspace: &Workspace, from: &str, to: &str) {
    std::fs::create_dir(workspace.file(to)).unwrap();
    copy(&workspace.file(from), &workspace.file(to));
    workspace.edit(&format!("{to}/pack.yaml"), from, to);
}

/// Puts the decisions of the client into a file beside the profile.
fn decisions_from(workspace: &Workspace, source: &str) {
    let text = workspace.read("client/profile.yaml");
    let (head, rest) = text.split_once("decisions:\n").unwrap();
    let (_, tail) = rest.split_once("\nvisits:").unwrap();
    workspace.write("client/profile.yaml", format!("{head}decisions: {source}\nvisits:{tail}"));
}

const ROWS: [[&str; 5]; 4] = [
    ["Rule", "Holds", "Because", "State", "parts"],
    ["R.1.1", "yes", "So it is", "done", "10.1; 3"],
    ["R.2.1", "no", "Not so", "", ""],
    ["R.1.2", "true", "Thus; it is", "partial", "10.2"],
];

#[test]
fn a_register_in_csv_keeps_its_headings_and_separators() {
    let workspace = client();
    decisions_from(&workspace, "{from: registers/decisions.csv, columns: {Because: why}}");
    let lines: Vec<String> = ROWS
        .iter()
        .map(|row| row.map(|cell| if cell.contains(';') { format!("\"{cell}\"") } else { cell.into() }).join(";"))
        .collect();
    workspace.write("client/registers/decisions.csv", lines.join("\n"));
    moved(&workspace);
    assert_eq!(
        workspace.read("client/registers/decisions.csv"),
        "Rule;Holds;Because;State;parts\nN.1;yes;\"R.1.1: So it is R.1.2: Thus; it is\";partial;\"10.2; 10.1\"\nN.2;no;Not so;;\n"
    );
}

#[test]
fn a_register_in_a_spreadsheet_goes_into_a_csv_beside_it() {
    let workspace = client();
    decisions_from(&workspace, "{from: registers/all.xlsx, sheet: Rules, columns: {Because: why}} # kept by the clerk");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("Rules").unwrap();
    for (row, cells) in (0..).zip(ROWS) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    workspace.write("client/registers/all.xlsx", book.save_to_buffer().unwrap());
    let sheet = workspace.read_bytes("client/registers/all.xlsx");
    moved(&workspace);
    let report = workspace.read("client/out/migration/house-2020 to house-2026.md");
    let note = "\\`registers/all.xlsx\\`, sheet \\`Rules\\`, is as it was and no longer read; its rows stand in \\`registers/decisions.csv\\`";
    assert!(report.contains(note), "{report}");
    assert!(
        workspace
            .read("client/profile.yaml")
            .contains("decisions: {from: registers/decisions.csv} # kept by the clerk\n")
    );
    assert_eq!(
        workspace.read("client/registers/decisions.csv"),
        "rule,holds,why,state,parts\nN.1,true,R.1.1: So it is R.1.2: Thus; it is,partial,10.2; 10.1\nN.2,false,Not so,,\n"
    );
    assert_eq!(workspace.read_bytes("client/registers/all.xlsx"), sheet);
}

#[test]
fn a_pack_by_name_is_pinned_and_kept() {
    let workspace = client();
    for pack in ["specimen", "house", "house-2020", "house-2026"] {
        common::install(&workspace.file(pack), &workspace.file("installed"));
    }
    // Out of sight, so that the names lead to the archives.
    std::fs::create_dir(workspace.file("clients")).unwrap();
    std::fs::rename(workspace.file("client"), workspace.file("clients/client")).unwrap();
    workspace.write(
        "clients/client/folio.yaml",
        "format: 1\nid: client\npack: house-2020@^1.3 # theirs\nas_of: 2026-03-01\n",
    );
    for pack in ["house-2020", "house-2026"] {
        std::fs::remove_dir_all(workspace.file(pack)).unwrap();
    }
    let said = folio(&workspace, &["render", "clients/client", "--formats", "docx", "--only", "notice"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let lock = workspace.read("clients/client/folio.lock");
    assert!(lock.contains("house-2020"));
    let locked = folio(&workspace, &["migrate", "clients/client", "--to", "house-2026", "--write", "--locked"]);
    assert_eq!(locked.code, 1);
    assert!(locked.err.contains("error[F603]"), "{}", locked.err);
    assert_eq!(workspace.read("clients/client/folio.lock"), lock);
    let said = folio(&workspace, &["migrate", "clients/client", "--to", "house-2026", "--write"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(workspace.read("clients/client/folio.yaml").contains("pack: house-2026@^2 # theirs\n"));
    let lock: Json = serde_json::from_str(&workspace.read("clients/client/folio.lock")).unwrap();
    let pinned: Vec<&str> = lock["packs"].as_array().unwrap().iter().map(|pack| pack["id"].as_str().unwrap()).collect();
    assert_eq!(pinned, ["house-2026", "house", "specimen"]);
    assert!(!lock["documents"]["notice"].is_null(), "old outputs stay known until the next render");
    let kept = std::fs::read_dir(workspace.file("clients/client/.folio/packs")).unwrap().count();
    assert_eq!(kept, 4, "the old pack, the new one, and the two that both extend");
    // The archives that are kept are enough.
    std::fs::remove_dir_all(workspace.file("installed")).unwrap();
    let said = folio(&workspace, &["check", "clients/client"]);
    assert_eq!(said.code, 0, "{}", said.err);
}

/// What is said of a move that cannot be made; nothing may have changed.
fn refused(name: &str, workspace: &Workspace, to: &str) {
    let before = tree(workspace);
    let said = folio(workspace, &["migrate", "client", "--to", to, "--write"]);
    assert_ne!(said.code, 0, "{name}: {}", said.out);
    assert_eq!(tree(workspace), before, "{name}");
    golden(name, &said.err);
}

#[test]
fn moves_that_cannot_be_made() {
    let workspace = client();
    copy_pack(&workspace, "house-2026", "house-2030");
    std::fs::remove_dir_all(workspace.file("house-2030/migrations")).unwrap();
    refused("no-migrations", &workspace, "house-2030");
    workspace.write("house-2030/migrations/house-2026.yaml", "format: 1\nfrom: house-2026\ncatalogues: {}\n");
    workspace.write("house-2030/migrations/house-2028.yaml", "format: 1\nfrom: house-2028\ncatalogues: {}\n");
    refused("no-migration-from-here", &workspace, "house-2030");
    workspace.edit("house-2026/migrations/house-2020.yaml", "@^1.2", "@^7");
    refused("other-version", &workspace, "house-2026");
    refused("only-a-base", &workspace, "house");
}

#[test]
fn mistakes_of_a_migration_are_located() {
    let workspace = client();
    workspace
        .edit("house-2026/migrations/house-2020.csv", "R.2.1,N.2", "R.2.1,N.22\nR.2.11,N.2")
        .edit("house-2026/migrations/house-2020.yaml", "[N.6]", "[N.7]")
        .edit("house-2026/migrations/house-2020.yaml", "  parts:\n", "  part: {others: same}\n  parts:\n")
        .edit("house-2026/migrations/house-2020.yaml", "{holds: any,", "{holds: join, wy: join, owner: weaker,")
        .edit("house-2026/migrations/house-2020.yaml", "documents:", "  decision: {why: join}\ndocuments:")
        .edit("house-2026/migrations/house-2020.yaml", "letter: message", "lettr: mesage")
        .edit("house-2026/migrations/house-2020.yaml", "visit-overdue", "visit-overdu");
    refused("migration-mistakes", &workspace, "house-2026");
    let workspace = client();
    workspace.edit("house-2026/migrations/house-2020.yaml", "state: weaker", "state: weakest").edit(
        "house-2026/migrations/house-2020.yaml",
        "rows:",
        "row:",
    );
    refused("migration-keys", &workspace, "house-2026");
    let workspace = client();
    workspace.edit("house-2026/migrations/house-2020.yaml", "house-2020.csv", "house.csv");
    refused("migration-table-missing", &workspace, "house-2026");
    workspace.write("house-2026/migrations/house.csv", "old,new\nR.1.1,N.1\n");
    refused("migration-table-columns", &workspace, "house-2026");
}

#[test]
fn what_cannot_be_rewritten_in_place_is_left_and_said() {
    let workspace = client();
    workspace.edit(
        "client/profile.yaml",
        "  - rule: R.1.2\n    holds: false # nobody brings one back\n",
        "  - &second\n    rule: R.1.2\n    holds: false\n",
    );
    workspace.edit(
        "client/profile.yaml",
        "  - {rule: R.3.1, holds: true,",
        "  - {<<: *second, rule: R.3.1, holds: true,",
    );
    refused("anchor-in-the-way", &workspace, "house-2026");
    let workspace = client();
    workspace.edit(
        "client/profile.yaml",
        "from: registers/visits.csv}",
        "from: registers/visits.csv}\nmore: {visits: 1}",
    );
    workspace.edit("house/profile.schema.json", "\"words\":", "\"more\": {\"type\": \"object\"}, \"words\":");
    workspace.write(
        "house-2026/profile.schema.json",
        r#"{"properties": {"more": {"required": ["colour"], "properties": {"colour": {"type": "string"}}}}}"#,
    );
    refused("new-pack-wants-more", &workspace, "house-2026");
}

/// A pack of the next edition as far as these tests need it: that of 2013 with the ids that the migration leads to.
fn stand_in(workspace: &Workspace) {
    for pack in ["isms-core", "iso27001-2013"] {
        std::fs::create_dir(workspace.file(pack)).unwrap();
        copy(&Path::new(ROOT).join("template-packs").join(pack), &workspace.file(pack));
    }
    copy_pack(workspace, "iso27001-2013", "iso27001-2022");
    let migrations = Path::new(ROOT).join("template-packs/iso27001-2022/migrations");
    std::fs::create_dir(workspace.file("iso27001-2022/migrations")).unwrap();
    copy(&migrations, &workspace.file("iso27001-2022/migrations"));
    let pairs = pairs();
    let mut topics = workspace.read("iso27001-2022/data/topics.yaml");
    for (from, to) in pairs.iter().rev() {
        for end in ["]", ","] {
            topics = topics.replace(&format!("{from}{end}"), &format!("{to}{end}"));
        }
    }
    workspace.write("iso27001-2022/data/topics.yaml", topics);
    const NEW: [&str; 11] =
        ["A.5.7", "A.5.23", "A.5.30", "A.7.4", "A.8.9", "A.8.10", "A.8.11", "A.8.12", "A.8.16", "A.8.23", "A.8.28"];
    let mut ids: Vec<&str> = pairs.iter().map(|(_, to)| to.as_str()).chain(NEW).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 93);
    let rows: String = ids.iter().map(|id| format!("{id},Control {id},A.5,A.5.1\n")).collect();
    workspace.write("iso27001-2022/data/controls.csv", format!("id,title,domain,objective\n{rows}"));
    let clauses = workspace.read("iso27001-2022/data/clauses.csv");
    workspace.write("iso27001-2022/data/clauses.csv", format!("{clauses}6.3,Planning of changes\n"));
}

/// The correspondence of the controls of 2013 and 2022.
fn pairs() -> Vec<(String, String)> {
    let table = Path::new(ROOT).join("template-packs/iso27001-2022/migrations/iso27001-2013.csv");
    let mut rows = csv::Reader::from_path(table).unwrap();
    rows.deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_correspondence_is_the_one_that_is_published() {
    let pairs = pairs();
    let count = |of: fn(&(String, String)) -> &String| {
        let mut ids: BTreeMap<&String, usize> = BTreeMap::new();
        pairs.iter().for_each(|pair| *ids.entry(of(pair)).or_default() += 1);
        ids
    };
    let (old, new) = (count(|pair| &pair.0), count(|pair| &pair.1));
    assert_eq!((pairs.len(), old.len(), new.len()), (115, 114, 82));
    // 58 of the old ones stand alone, 57 became 24, and one of them became two.
    assert_eq!(new.values().filter(|count| **count == 1).count(), 58);
    assert_eq!(new.values().filter(|count| **count > 1).sum::<usize>(), 57);
    let split: Vec<&&String> = old.iter().filter(|(_, count)| **count > 1).map(|(id, _)| id).collect();
    assert_eq!(split, [&"A.18.2.3"]);
    // Pairs that popular tables have wrong.
    for pair in [
        ("A.6.1.3", "A.5.5"),
        ("A.8.3.3", "A.7.10"),
        ("A.13.2.1", "A.5.14"),
        ("A.14.2.4", "A.8.32"),
        ("A.18.2.3", "A.8.8"),
    ] {
        assert!(pairs.contains(&(pair.0.into(), pair.1.into())), "{pair:?}");
    }
}

#[test]
fn the_examples_move_and_lose_nothing() {
    let workspace = Workspace::empty();
    stand_in(&workspace);
    let pairs = pairs();
    for example in ["northwind", "harbour-works", "riverside-clinics"] {
        std::fs::create_dir(workspace.file("client")).unwrap();
        copy(&Path::new(ROOT).join("examples").join(example), &workspace.file("client"));
        workspace.edit("client/folio.yaml", "../../template-packs/", "../");
        let before = profile(&workspace);
        let said = folio(&workspace, &["migrate", "client", "--to", "iso27001-2022", "--write"]);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{example}");
        let after = profile(&workspace);
        let rows = |profile: &Json| profile["controls"].as_array().unwrap().clone();
        assert_eq!((rows(&before).len(), rows(&after).len()), (114, 82), "{example}");
        for row in rows(&before) {
            let targets: Vec<&String> =
                pairs.iter().filter(|(from, _)| *from == row["control"]).map(|(_, to)| to).collect();
            for target in targets {
                let new = rows(&after).into_iter().find(|new| new["control"] == target.as_str()).unwrap();
                for column in ["justification", "evidence"] {
                    let text = row[column].as_str().unwrap_or_default();
                    assert!(new[column].as_str().unwrap_or_default().contains(text), "{example}: {row} in {new}");
                }
                let place =
                    |row: &Json| ["planned", "partial", "implemented"].iter().position(|state| row["state"] == *state);
                assert!(row["state"].is_null() || place(&new) <= place(&row), "{example}: {row} in {new}");
                assert!(row["applicable"] == false || new["applicable"] == true, "{example}: {row} in {new}");
            }
        }
        assert_eq!(after["unmapped"], serde_json::json!([]));
        // A reference leads to what the old one leads to, in registers of either kind.
        for (register, column) in [
            ("risks", "controls"),
            ("legal_requirements", "controls"),
            ("audits", "controls"),
            ("treatment_actions", "controls"),
        ] {
            for (old, new) in before[register].as_array().unwrap().iter().zip(after[register].as_array().unwrap()) {
                let ids = old[column].as_array().unwrap().iter().filter_map(Json::as_str);
                let mut wanted: Vec<&str> = Vec::new();
                for (_, to) in ids.flat_map(|id| pairs.iter().filter(move |(from, _)| from == id)) {
                    if !wanted.contains(&to.as_str()) {
                        wanted.push(to);
                    }
                }
                assert_eq!(new[column], serde_json::json!(wanted), "{example}: {old}");
            }
        }
        for (old, new) in
            before["audit_findings"].as_array().unwrap().iter().zip(after["audit_findings"].as_array().unwrap())
        {
            let clause = |old: &str| match old {
                "10.1" => "10.2".to_owned(),
                "10.2" => "10.1".to_owned(),
                other => other.to_owned(),
            };
            assert_eq!(
                new["clause"].as_str().map(str::to_owned),
                old["clause"].as_str().map(clause),
                "{example}: {old}"
            );
        }
        std::fs::remove_dir_all(workspace.file("client")).unwrap();
    }
}

#[test]
fn paths_of_which_there_is_none_move_with_their_rows() {
    let workspace = client();
    let said = "none:\n- {what: \"decisions[R.2.1].due\", by: head} # never\n- motto\npending:\n- {what: \"decisions[R.2.1]\", who: head}\n";
    workspace.write("client/profile.yaml", workspace.read("client/profile.yaml") + said);
    moved(&workspace);
    let profile = workspace.read("client/profile.yaml");
    let after = &profile[profile.find("\nnone:").unwrap()..profile.find("\nunmapped:").unwrap()];
    assert_eq!(
        after,
        "\nnone:\n- {what: \"decisions[N.2].due\", by: head} # never\n- motto\npending:\n- {what: \"decisions[N.2]\", who: head}\n"
    );
}
