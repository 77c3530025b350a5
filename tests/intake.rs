//! `folio intake`: lists that somebody else made become registers, and nothing of them is guessed in silence.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::path::Path;

use common::{Workspace, copy};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use serde_json::Value as Json;

const NONE: &str = "no-packs-are-installed-here";

/// A client of the pack of 2022, as `folio new` lays it down.
fn client() -> Workspace {
    let workspace = Workspace::empty();
    let (said, code) = workspace.folio(NONE, &["new", "c", "--yes", "--pack", "iso27001-2022"]);
    assert_eq!(code, 0, "{said}");
    workspace
}

fn intake(workspace: &Workspace, arguments: &[&str]) -> (String, i32) {
    workspace.folio(NONE, &[&["intake", "c"], arguments].concat())
}

fn json(workspace: &Workspace, arguments: &[&str]) -> Json {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(["intake", "c"])
        .args(arguments)
        .args(["--report", "json"])
        .current_dir(workspace.path())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The sheet of a file that is taken, by its place.
fn sheet(json: &Json, at: usize) -> &Json {
    &json["files"][0]["sheets"][at]
}

/// The key and the degree of a column.
fn column(sheet: &Json, heading: &str) -> (String, String) {
    let columns = sheet["columns"].as_array().unwrap();
    let column = columns.iter().find(|column| column["heading"] == heading).unwrap_or_else(|| panic!("{sheet:#}"));
    (column["key"].as_str().unwrap_or("~").to_owned(), column["degree"].as_str().unwrap().to_owned())
}

#[track_caller]
fn is(sheet: &Json, heading: &str, key: &str, degree: &str) {
    assert_eq!(column(sheet, heading), (key.to_owned(), degree.to_owned()), "{heading}");
}

fn row(sheet: &mut Worksheet, at: u32, cells: &[&str]) {
    for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        sheet.write(at, column as u16, *text).unwrap();
    }
}

const ASSETS: &str = "Asset ID,Asset Name,Type,Asset owner,Remark to self,Last reviewed\n\
A-1,Client database,Database,managing-director,call Jim,2026-03-01\n\
A-2,Mail server,Server,IT lead,,2026-03-02\n";

#[test]
fn a_list_of_assets_comes_in_with_the_answers_that_are_given() {
    let workspace = client();
    workspace.write("assets of acme.csv", ASSETS);
    let before = workspace.read("c/profile.yaml");
    let seen = json(&workspace, &["assets of acme.csv"]);
    let assets = sheet(&seen, 0);
    assert_eq!((&assets["register"], &assets["rows"]), (&"assets".into(), &2.into()), "{assets:#}");
    is(assets, "Asset ID", "id", "certain");
    is(assets, "Asset Name", "name", "certain");
    is(assets, "Type", "kind", "certain");
    is(assets, "Asset owner", "owner", "certain");
    is(assets, "Last reviewed", "reviewed", "certain");
    is(assets, "Remark to self", "~", "unknown");
    // What nobody knows is an error with the option that says it, and nothing is written.
    let (said, code) = intake(&workspace, &["assets of acme.csv", "--write"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("--column 'Remark to self=~'") && said.contains("Nothing was written"), "{said}");
    assert_eq!(workspace.read("c/profile.yaml"), before);
    let options = ["assets of acme.csv", "--column", "Remark to self=~", "--take-likely", "--write"];
    let (said, code) = intake(&workspace, &options);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("left out: 'Remark to self'"), "{said}");
    let profile = workspace.read("c/profile.yaml");
    for line in [
        "assets:\n  from: registers/assets-of-acme.csv\n  columns:\n",
        "    \"Asset owner\": owner\n",
        "    \"Remark to self\": ~\n",
        "  values: {kind: {Database: information, Server: hardware}}\n",
        "# The long lists, one row an entry, in CSV or XLSX.",
    ] {
        assert!(profile.contains(line), "`{line}` is not in {profile}");
    }
    assert_eq!(workspace.read("c/registers/assets-of-acme.csv"), ASSETS);
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert!(code == 0 && !said.contains("the inventory of assets is empty"), "{said}");
    // The same once more: it is said, and nothing changes.
    let (said, code) = intake(&workspace, &options);
    assert!(code == 0 && said.contains("reads registers/assets-of-acme.csv already"), "{said}");
    assert_eq!(workspace.read("c/profile.yaml"), profile);
}

#[test]
fn another_file_of_the_same_name_is_not_written_over_and_stands_beside() {
    let workspace = client();
    workspace.write("a/list.csv", ASSETS).write("b/list.csv", ASSETS.replace("A-", "B-"));
    let options = ["--into", "assets", "--rest", "leave-out", "--take-likely", "--write"];
    let (said, code) = intake(&workspace, &[&["a/list.csv"], &options[..]].concat());
    assert_eq!(code, 0, "{said}");
    let (said, code) = intake(&workspace, &[&["b/list.csv"], &options[..]].concat());
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("beside what it has"), "{said}");
    assert_eq!(workspace.read("c/registers/list.csv"), ASSETS);
    assert_eq!(workspace.read("c/registers/list-2.csv"), ASSETS.replace("A-", "B-"));
    assert!(workspace.read("c/profile.yaml").contains("\"*\": ~"));
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
}

/// A workbook with a title, headings of two rows in merged cells, a total and a sheet of instructions.
fn risks(path: &Path) {
    let mut book = Workbook::new();
    let about = book.add_worksheet().set_name("Read me").unwrap();
    row(about, 0, &["How to fill in this workbook"]);
    row(about, 1, &["Ask Pat when in doubt"]);
    let sheet = book.add_worksheet().set_name("Risk register 2026").unwrap();
    sheet.merge_range(0, 0, 0, 6, "Acme Ltd – Risk register", &Format::new()).unwrap();
    row(sheet, 2, &["", "", "", "Inherent risk", "", "Residual risk"]);
    row(
        sheet,
        3,
        &[
            "Ref.",
            "Risk description",
            "Risk response",
            "Likelihood (1-5)",
            "Impact (1-5)",
            "Likelihood (1-5)",
            "Impact (1-5)",
        ],
    );
    row(sheet, 4, &["R1", "Data is stolen", "Mitigate", "4 - Likely", "5", "2", "5"]);
    row(sheet, 5, &["R2", "The office burns", "Transfer", "1", "5", "1", "3"]);
    row(sheet, 6, &["", "Total: 2 risks"]);
    let suppliers = book.add_worksheet().set_name("Vendors").unwrap();
    row(suppliers, 0, &["Vendor name", "Service provided", "Contract end", "PII (Y/N)"]);
    row(suppliers, 1, &["Paper & Sons", "shredding", "31.12.2027", "Y"]);
    row(suppliers, 2, &["Cloud Nine", "mail", "30.06.2027", "N"]);
    book.save(path).unwrap();
}

#[test]
fn all_sheets_of_a_workbook_come_in_at_once() {
    let workspace = client();
    risks(&workspace.file("acme.xlsx"));
    let seen = json(&workspace, &["acme.xlsx"]);
    assert_eq!(seen["files"][0]["left"][0]["sheet"], "Read me", "{seen:#}");
    let risks = sheet(&seen, 0);
    assert_eq!((&risks["register"], &risks["header"], &risks["rows"]), (&"risks".into(), &4.into(), &2.into()));
    is(risks, "Ref.", "id", "certain");
    is(risks, "Risk description", "risk", "certain");
    is(risks, "Risk response", "treatment", "certain");
    is(risks, "Likelihood (1-5)", "likelihood", "certain");
    is(risks, "Likelihood (1-5) (2)", "residual_likelihood", "certain");
    is(risks, "Impact (1-5) (2)", "residual_impact", "certain");
    assert_eq!(risks["notes"][0]["text"], "Total: 2 risks");
    let source = &risks["source"];
    assert_eq!(source["values"]["treatment"], Json::Null, "a translation is asked: {source:#}");
    assert_eq!(source["values"]["likelihood"]["4 - Likely"], 4, "{source:#}");
    let vendors = sheet(&seen, 1);
    assert_eq!(vendors["register"], "suppliers");
    assert_eq!(vendors["source"]["dates"], "dd.mm.yyyy");
    assert_eq!(vendors["source"]["key"], "{name}");
    let (said, code) = intake(&workspace, &["acme.xlsx", "--write"]);
    assert!(code == 1 && said.contains("--value 'treatment:Mitigate=modify'"), "{said}");
    let (said, code) = intake(&workspace, &["acme.xlsx", "--take-likely", "--write"]);
    assert_eq!(code, 0, "{said}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
    let (said, _) = workspace.folio(NONE, &["render", "c", "--formats", "docx", "--only", "risk-treatment-plan"]);
    assert!(!said.contains("error["), "{said}");
}

#[test]
fn values_that_do_not_fit_are_asked_or_said() {
    let workspace = client();
    let risks = "Risk ID,Risk,Treatment,Owner,Likelihood\n\
                 R1,Data is stolen,Watch closely,Head of Sales,High\n\
                 R2,Fire,Accept,Ada Lovelace,3\n";
    workspace.write("risks.csv", risks);
    let (said, code) = intake(&workspace, &["risks.csv", "--write"]);
    assert_eq!(code, 1, "{said}");
    for words in [
        "--value 'treatment:Watch closely=VALUE'",
        "--value 'likelihood:High=4'",
        "`owner` names what is not in roles: 'Head of Sales' (1)\n",
        "people who are not recorded; `--add-people` does it: Ada Lovelace\n",
        "Nothing was written",
    ] {
        assert!(said.contains(words), "`{words}` is not said: {said}");
    }
    assert!(!said.contains("head-of-sales"), "a post is no person: {said}");
    let options = ["--value", "treatment:Watch closely=retain", "--take-likely", "--missing", "leave-out", "--write"];
    let (said, code) = intake(&workspace, &[&["risks.csv"], &options[..]].concat());
    assert_eq!(code, 0, "{said}");
    let profile = workspace.read("c/profile.yaml");
    assert!(profile.contains("\"Watch closely\": retain") && profile.contains("High: 4"), "{profile}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn people_are_recorded_when_it_is_said() {
    let workspace = client();
    workspace.write("training.csv", "Employee name,Course,Completed on\nAda Lovelace,Awareness,2026-02-01\n");
    let options = ["training.csv", "--into", "training_records", "--add-people", "--with-faults", "--write"];
    let (said, _) = intake(&workspace, &options);
    assert!(said.contains("added to `people`: Ada Lovelace") && said.contains("T-{n}"), "{said}");
    let profile = workspace.read("c/profile.yaml");
    assert!(profile.contains("  - {id: ada-lovelace, name: \"Ada Lovelace\"}"), "{profile}");
}

#[test]
fn a_key_without_a_column_may_hold_for_all_rows() {
    let workspace = client();
    workspace.write("inventory.csv", "Asset tag,Asset name,Asset owner\nL-1,Laptop of Kim,it-lead\n");
    let (said, code) = intake(&workspace, &["inventory.csv", "--write"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("--value 'kind:=VALUE'"), "{said}");
    let (said, code) = intake(&workspace, &["inventory.csv", "--value", "kind:=hardware", "--write"]);
    assert_eq!(code, 0, "{said}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_file_that_fits_nothing_is_said_and_the_register_is_asked() {
    let workspace = client();
    workspace.write("songs.csv", "Composer,Key,Tempo\nBach,C,slow\nHaydn,G,fast\n");
    let before = workspace.read("c/profile.yaml");
    let (said, code) = intake(&workspace, &["songs.csv", "--write"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("--into"), "{said}");
    let (said, code) = intake(&workspace, &["songs.csv", "--into", "songs"]);
    assert!(code == 2 && said.contains("the pack has no register `songs`"), "{said}");
    let (said, code) = intake(&workspace, &["absent.csv"]);
    assert!(code == 2 && said.contains("absent.csv"), "{said}");
    workspace.write("x.pdf", b"%PDF-1.7 ");
    let (said, code) = intake(&workspace, &["x.pdf"]);
    assert!(code == 1 && said.contains("is a PDF"), "{said}");
    assert_eq!(workspace.read("c/profile.yaml"), before);
}

#[test]
fn hostile_headings_and_sheets_move_nothing() {
    let workspace = client();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("=cmd|'calc'!A1 {x}").unwrap();
    row(
        sheet,
        0,
        &["Asset ID", "Asset name", "Type", "=HYPERLINK(\"http://x\")", "*", "a: b # c", "it's\n\"q\"", "\u{202E}evil"],
    );
    row(sheet, 1, &["A-1", "Database", "Software", "1", "2", "3", "4", "\u{1b}[2J"]);
    row(sheet, 2, &["A-2", "Mail", "Hardware", "1", "2", "3", "4", "5"]);
    book.save(workspace.file("x.xlsx")).unwrap();
    let (said, code) = intake(&workspace, &["x.xlsx", "--into", "assets", "--rest", "leave-out", "--write"]);
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202E}'), "{said:?}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_german_list_is_known_by_german_words() {
    let workspace = Workspace::empty();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/packs/iso27001-2022-de");
    for folder in ["packs/iso27001-2022-de", "c"] {
        std::fs::create_dir_all(workspace.file(folder)).unwrap();
    }
    copy(&examples, &workspace.file("packs/iso27001-2022-de"));
    copy(&examples.join("starter"), &workspace.file("c"));
    let settings = workspace.read("c/folio.yaml");
    let named = settings.lines().find(|line| line.starts_with("pack:")).unwrap().to_owned();
    workspace.edit("c/folio.yaml", &named, "pack: {path: ../packs/iso27001-2022-de}");
    let list = "Liste der Lieferanten;;;\n\nLieferant;Leistung;Vertragsende;Verantwortlich\nPapier & Söhne;Aktenvernichtung;31.12.2027;\nWolke 7;Postfächer;30.06.2027;\n";
    let western: Vec<u8> = list.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    workspace.write("Lieferantenliste.csv", western);
    let seen = json(&workspace, &["Lieferantenliste.csv"]);
    let suppliers = sheet(&seen, 0);
    assert_eq!((&suppliers["register"], &suppliers["header"]), (&"suppliers".into(), &3.into()), "{seen:#}");
    is(suppliers, "Lieferant", "name", "certain");
    is(suppliers, "Leistung", "service", "certain");
    is(suppliers, "Vertragsende", "ends", "certain");
    is(suppliers, "Verantwortlich", "owner", "certain");
    assert_eq!(suppliers["source"]["encoding"], "windows-1252");
    assert_eq!(suppliers["source"]["dates"], "dd.mm.yyyy");
}

/// Lists as an office keeps them: plain words for headings, people by name, sheets that name rows of one another.
fn office(path: &Path) {
    let mut book = Workbook::new();
    let risks = book.add_worksheet().set_name("Risks (2026)").unwrap();
    row(risks, 0, &["No.", "What could go wrong", "Touches these", "How likely", "How bad", "Points", "Who"]);
    row(risks, 1, &["1", "The van is stolen with the folders in it", "Delivery van", "2", "3", "6", "Ida Blum"]);
    row(risks, 2, &["2", "The till stands still on a Saturday", "Till; Card reader", "3", "2", "6", "Ida Blum"]);
    let assets = book.add_worksheet().set_name("Our assets").unwrap();
    row(assets, 0, &["Nr.", "Thing that we have", "Type", "Caretakers", "Bought there", "Integr.", "Conf"]);
    row(assets, 1, &["7", "Delivery van", "Hardware", "Ida Blum", "Autohaus Nord", "2", "1"]);
    row(assets, 2, &["8", "Till", "Hardware", "Max Roth", "Kassen Weber", "3", "2"]);
    row(assets, 3, &["9", "Card reader", "Hardware", "Max Roth", "Kassen Weber", "3", "3"]);
    let suppliers = book.add_worksheet().set_name("Suppliers").unwrap();
    row(suppliers, 0, &["Firm", "What they do for us", "Contract since", "Extra 17"]);
    row(suppliers, 1, &["Autohaus Nord", "the van", "2021-03-01", "x"]);
    row(suppliers, 2, &["Kassen Weber", "till and card reader", "2019-09-01", "y"]);
    book.save(path).unwrap();
}

#[test]
fn sheets_that_name_one_another_are_looked_at_together() {
    let workspace = client();
    office(&workspace.file("office.xlsx"));
    let seen = json(&workspace, &["office.xlsx"]);
    let registers: Vec<&Json> = (0..3).map(|at| &sheet(&seen, at)["register"]).collect();
    assert_eq!(registers, ["risks", "assets", "suppliers"], "{seen:#}");
    let (risks, assets, suppliers) = (sheet(&seen, 0), sheet(&seen, 1), sheet(&seen, 2));
    is(risks, "What could go wrong", "risk", "certain");
    // Names of assets of the next sheet, and of people whom nobody recorded.
    is(risks, "Touches these", "assets", "likely");
    is(risks, "Who", "owner", "certain");
    is(risks, "Points", "~", "unknown");
    assert_eq!(risks["missing"][0]["key"], "owner", "{risks:#}");
    is(assets, "Thing that we have", "name", "likely");
    is(assets, "Caretakers", "custodian", "certain");
    is(assets, "Bought there", "supplier", "likely");
    is(assets, "Integr.", "integrity", "certain");
    is(assets, "Conf", "confidentiality", "certain");
    is(suppliers, "Firm", "name", "certain");
    is(suppliers, "Contract since", "agreement", "certain");
    // One error, with one line that answers all of it.
    let (said, code) = intake(&workspace, &["office.xlsx"]);
    assert_eq!((code, said.matches("error[").count()), (1, 1), "{said}");
    let line = "folio intake c office.xlsx --column 'Touches these=assets' --column 'Points=~' \
                --column 'Thing that we have=name' --column 'Bought there=supplier' --column 'Extra 17=~' --add-people";
    assert!(said.contains(line), "{said}");
    assert!(said.lines().count() < 45, "{said}");
    let options = ["--column", "Touches these=assets", "--column", "Points=~", "--column", "Thing that we have=name"];
    let more = ["--column", "Bought there=supplier", "--column", "Extra 17=~", "--add-people", "--write"];
    let (said, code) = intake(&workspace, &[&["office.xlsx"], &options[..], &more[..]].concat());
    assert_eq!(code, 0, "{said}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn lists_of_one_call_may_name_one_another_in_any_order() {
    let workspace = client();
    workspace.write("risks.csv", "Ref,Risk,Assets\nR1,Fire,Till\nR2,Theft,Van\n");
    workspace.write("assets.csv", "Ref,Asset,Type\n7,Till,Hardware\n8,Van,Hardware\n");
    let (said, code) = intake(&workspace, &["risks.csv", "assets.csv", "--write"]);
    assert_eq!(code, 0, "{said}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn columns_and_values_of_one_sheet_are_told_from_those_of_another() {
    let workspace = client();
    let mut book = Workbook::new();
    let assets = book.add_worksheet().set_name("Assets").unwrap();
    row(assets, 0, &["ID", "Asset", "Type", "Extra"]);
    row(assets, 1, &["1", "Till", "Gadget", "a"]);
    let suppliers = book.add_worksheet().set_name("Suppliers").unwrap();
    row(suppliers, 0, &["ID", "Supplier", "Service", "Type", "Extra"]);
    row(suppliers, 1, &["1", "Weber", "tills", "Gadget", "b"]);
    book.save(workspace.file("x.xlsx")).unwrap();
    let (said, _) = intake(&workspace, &["x.xlsx"]);
    for words in ["--column 'Assets!Extra=~'", "--column 'Suppliers!Extra=~'", "--value 'assets.kind:Gadget=VALUE'"] {
        assert!(said.contains(words), "`{words}` is not said: {said}");
    }
    let columns = ["--column", "Assets!Extra=description", "--column", "Suppliers!Extra=~"];
    let values = [
        "--value",
        "assets.kind:Gadget=hardware",
        "--value",
        "suppliers.kind:Gadget=equipment",
        "--take-likely",
        "--write",
    ];
    let (said, code) = intake(&workspace, &[&["x.xlsx"], &columns[..], &values[..]].concat());
    assert_eq!(code, 0, "{said}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn a_sheet_that_is_called_like_a_register_is_that_one_unless_its_headings_say_otherwise() {
    let workspace = client();
    let mut book = Workbook::new();
    let suppliers = book.add_worksheet().set_name("Vendors 2025-26").unwrap();
    row(suppliers, 0, &["Vendor", "Aaa", "Bbb", "Ccc", "Ddd", "Eee"]);
    row(suppliers, 1, &["Weber", "1", "2", "3", "4", "5"]);
    let notes = book.add_worksheet().set_name("Incidents").unwrap();
    row(notes, 0, &["Who", "to", "ring"]);
    row(notes, 1, &["a", "b", "c"]);
    let risks = book.add_worksheet().set_name("Assets").unwrap();
    row(risks, 0, &["Risk ID", "Risk description", "Likelihood", "Impact", "Risk owner", "Risk treatment"]);
    row(risks, 1, &["R1", "Fire", "2", "3", "it-lead", "Accept"]);
    book.save(workspace.file("x.xlsx")).unwrap();
    let seen = json(&workspace, &["x.xlsx"]);
    let registers: Vec<&Json> = (0..3).map(|at| &sheet(&seen, at)["register"]).collect();
    assert_eq!(registers, ["suppliers", "incidents", "risks"], "{seen:#}");
    is(sheet(&seen, 0), "Ccc", "~", "unknown");
    is(sheet(&seen, 1), "ring", "~", "unknown");
}

#[test]
fn merged_cells_hold_for_all_their_rows_and_names_of_workbooks_may_hide_csv() {
    let workspace = client();
    let mut book = Workbook::new();
    let assets = book.add_worksheet().set_name("Assets").unwrap();
    row(assets, 0, &["ID", "Asset", "Type", "Where"]);
    row(assets, 1, &["1", "Till", "Hardware", ""]);
    row(assets, 2, &["2", "Printer", "Hardware", ""]);
    row(assets, 3, &["3", "Van", "Hardware", "yard"]);
    assets.merge_range(1, 3, 2, 3, "shop", &Format::new()).unwrap();
    book.save(workspace.file("x.xlsx")).unwrap();
    let (said, code) = intake(&workspace, &["x.xlsx", "--write"]);
    assert_eq!(code, 0, "{said}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
    workspace.write("suppliers.xlsx", "Supplier;Service\nWeber;tills\nNord;vans\n");
    let (said, code) = intake(&workspace, &["suppliers.xlsx", "--write"]);
    assert_eq!(code, 0, "{said}");
    workspace.write("y.xlsx", "<html><body><table><tr><td>Supplier</td></tr></table>");
    let (said, code) = intake(&workspace, &["y.xlsx"]);
    assert!(code == 1 && said.contains("is a web page"), "{said}");
}

#[test]
fn samples_give_way_to_what_comes_in() {
    let workspace = Workspace::empty();
    let (said, code) = workspace.folio(NONE, &["new", "c", "--yes", "--pack", "iso27001-2022", "--like", "agency"]);
    assert_eq!(code, 0, "{said}");
    let list = "Asset ID,Asset Name,Type,Supplier\nX-1,Client database,Information,Weber\nX-2,Mail,Hardware,Nord\n";
    workspace.write("list.csv", list).write("people.csv", "Name\nAda Blum\nMax Roth\n");
    workspace.write("suppliers.csv", "Supplier,Service\nWeber,tills\nNord,vans\n");
    let (said, code) =
        intake(&workspace, &["list.csv", "suppliers.csv", "people.csv", "--into", "people.csv=people", "--write"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("registers/risks.csv held samples that refer to `A-01`: emptied"), "{said}");
    assert!(said.contains("of the profile name rows of samples that go"), "{said}");
    assert!(!said.contains("to be mended"), "{said}");
    assert_eq!(workspace.read("c/registers/risks.csv").lines().count(), 1);
    let settings = workspace.read("c/folio.yaml");
    assert!(!settings.contains("  - risks\n") && !settings.contains("  - assets\n"), "{settings}");
    assert!(settings.contains("  - legal_requirements\n"), "what names nothing that goes stays: {settings}");
    assert!(workspace.read("c/registers/legal_requirements.csv").lines().count() > 1);
}

#[test]
fn a_fault_of_the_list_is_told_apart_from_those_of_samples() {
    let workspace = Workspace::empty();
    let (said, code) = workspace.folio(NONE, &["new", "c", "--yes", "--pack", "iso27001-2022", "--like", "agency"]);
    assert_eq!(code, 0, "{said}");
    workspace.write("list.csv", "Asset ID,Asset Name,Type,Supplier\nX-1,Till,Hardware,Nobody\n");
    let (said, code) = intake(&workspace, &["list.csv", "--write"]);
    assert!(code == 1 && said.contains("1 cell has to be mended in it"), "{said}");
    assert!(said.contains("Nothing was written"), "{said}");
}

#[test]
fn options_that_mean_nothing_are_errors() {
    let workspace = client();
    workspace.write("assets.csv", "Asset ID,Asset Name,Type\nA-1,Till,Hardware\n");
    let before = workspace.read("c/profile.yaml");
    for (option, text, words) in [
        ("--into", "asets", "the pack has no register `asets`"),
        ("--into", "assets=nonsense", "the pack has no register `nonsense`"),
        ("--into", "Zebra=leave-out", "no file has a sheet 'Zebra'"),
        ("--into", "/root", "quotes"),
        ("--column", "Asset Nam=name", "did you mean `Asset Name`?"),
        ("--column", "Type=kindd", "did you mean `kind`?"),
        ("--column", "Type=/root", "a shell makes the home folder"),
        ("--header", "Zed=4", "no file has a sheet 'Zed'"),
        ("--value", "kinds:Hardware=hardware", "none of these registers has a key `kinds`"),
        ("--value", "kind:Nope=hardware", "no cell has the text 'Nope'"),
    ] {
        let (said, code) = intake(&workspace, &["assets.csv", option, text, "--write"]);
        assert!(code == 2 && said.contains(words), "{option} {text}: {code} {said}");
    }
    let twice = ["assets.csv", "--column", "Type=kind", "--column", "Type=-", "--write"];
    let (said, code) = intake(&workspace, &twice);
    assert!(code == 2 && said.contains("given twice"), "{said}");
    assert_eq!(workspace.read("c/profile.yaml"), before);
    for nothing in ["-", "leave-out", "~"] {
        let into = format!("assets.csv={nothing}");
        let seen = json(&workspace, &["assets.csv", "--into", &into]);
        assert_eq!(seen["files"][0]["left"][0]["why"], "left out, as it was said", "{seen:#}");
    }
}

#[test]
fn what_is_said_of_free_texts_is_kept_and_rest_undoes_nothing() {
    let workspace = client();
    workspace.write("assets.csv", "#,Asset Name,Type,Where,Odd\n1,Till,Hardware,HQ,x\n2,Van,Hardware,Yard,\n");
    let options = ["--column", "#=-", "--column", "Where=location", "--value", "location:HQ=Main street", "--value"];
    let more = ["description:=Bought", "--rest", "leave-out", "--write"];
    let (said, code) = intake(&workspace, &[&["assets.csv"], &options[..], &more[..]].concat());
    assert_eq!(code, 0, "{said}");
    let profile = workspace.read("c/profile.yaml");
    for words in ["HQ: \"Main street\"", "description: {\"\": Bought}", "\"#\": ~", "Where: location", "\"*\": ~"] {
        assert!(profile.contains(words), "`{words}` is not in {profile}");
    }
}

#[test]
fn options_may_be_of_one_sheet() {
    let workspace = client();
    let mut book = Workbook::new();
    let assets = book.add_worksheet().set_name("Assets").unwrap();
    row(assets, 0, &["ID", "Asset", "Type", "Extra"]);
    row(assets, 1, &["1", "Till", "Gadget", "a"]);
    let suppliers = book.add_worksheet().set_name("Suppliers").unwrap();
    row(suppliers, 0, &["ID", "Supplier", "Service", "Type", "Extra"]);
    row(suppliers, 1, &["1", "Weber", "tills", "Gadget", "b"]);
    book.save(workspace.file("x.xlsx")).unwrap();
    let columns = ["--column", "Assets:Extra=description", "--column", "Suppliers:Extra=-"];
    let values = ["--value", "Assets:kind:Gadget=hardware", "--value", "Suppliers:kind:Gadget=equipment", "--write"];
    let (said, code) = intake(&workspace, &[&["x.xlsx"], &columns[..], &values[..]].concat());
    assert_eq!(code, 0, "{said}");
    let profile = workspace.read("c/profile.yaml");
    assert!(profile.contains("Gadget: hardware") && profile.contains("Gadget: equipment"), "{profile}");
}

#[test]
fn remarks_and_words_for_choices_are_never_certain() {
    let workspace = client();
    let scale = "risk_criteria:\n  likelihood:\n    - {id: \"1\", label: Rare, meaning: a}\n    - {id: \"2\", label: Possible, meaning: b}\n    - {id: \"3\", label: Likely, meaning: c}\n";
    let profile = workspace.read("c/profile.yaml");
    let profile: String = match profile.contains("\nrisk_criteria:") {
        true => panic!("{profile}"),
        false => format!("{profile}\n{scale}"),
    };
    workspace.write("c/profile.yaml", profile);
    workspace.write("risks.csv", "Risk ID,Risk,Likelihood\nR1,Fire,Likely\nR2,Theft,possible\n");
    let seen = json(&workspace, &["risks.csv"]);
    let source = &sheet(&seen, 0)["source"];
    assert_eq!(source["values"]["likelihood"], serde_json::json!({"Likely": 3, "possible": 2}), "{seen:#}");
    workspace.write("suppliers.csv", "Supplier,Service,Comment\nWeber,tills,ask in spring\n");
    let seen = json(&workspace, &["suppliers.csv"]);
    assert_ne!(column(sheet(&seen, 0), "Comment").1, "certain", "{seen:#}");
    workspace.write("controls.csv", "Ref,Control,State\nA.5.1,Policies,implemented\nA.5.2,Roles,implemented\n");
    let seen = json(&workspace, &["controls.csv", "--into", "controls"]);
    assert_eq!(column(sheet(&seen, 0), "Ref").0, "control", "{seen:#}");
    assert_ne!(column(sheet(&seen, 0), "Control"), ("control".to_owned(), "certain".to_owned()), "{seen:#}");
}

#[test]
fn a_file_of_answers_is_drafted_and_read() {
    let workspace = client();
    office(&workspace.file("office.xlsx"));
    workspace.write("firms 2.csv", "Who is it,Their mail,Odd\nAda Blum,ada@x.org,1\nMax Roth,max@x.org,2\n");
    let call = ["office.xlsx", "firms 2.csv", "--answers", "answers.yaml"];
    let (said, code) = intake(&workspace, &[&call[..], &["--write"]].concat());
    assert!(code == 2 && said.contains("without `--write` it is written as a draft"), "{said}");
    let (said, code) = intake(&workspace, &call);
    assert!(code == 0 && said.contains("The draft is answers.yaml"), "{said}");
    let draft = workspace.read("answers.yaml");
    for line in [
        "office.xlsx:\n",
        "    register: risks\n",
        "      \"Touches these\": assets  # likely: Delivery van | Till; Card reader\n",
        "      Points: ~  # ? 6\n",
        "      \"Extra 17\": ~  # ? x | y\n",
        "\"firms 2.csv\":\n  register: ~  # ? ",
    ] {
        assert!(draft.contains(line), "`{line}` is not in {draft}");
    }
    let at = draft.find("\"firms 2.csv\"").unwrap();
    let answered = format!("{}\"firms 2.csv\":\n  leave: true\n", &draft[..at]);
    workspace.write("answers.yaml", answered.replace("Points: ~", "Points: likes"));
    let (said, code) = intake(&workspace, &call);
    assert!(code == 2 && said.contains("`risks` has no key `likes`"), "{said}");
    workspace.write("answers.yaml", answered.replace("Points:", "Pointz:"));
    let (said, code) = intake(&workspace, &call);
    assert!(code == 2 && said.contains("did you mean `Points`?"), "{said}");
    workspace.write("answers.yaml", &answered);
    let (said, code) = intake(&workspace, &[&call[..], &["--add-people", "--write"]].concat());
    assert_eq!(code, 0, "{said}");
    assert_eq!(workspace.read("answers.yaml"), answered);
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn the_lists_of_the_readme_make_a_set_that_can_be_checked() {
    let workspace = Workspace::empty();
    let (said, code) = workspace.folio(NONE, &["new", "c", "--yes", "--like", "professional-firm"]);
    assert_eq!(code, 0, "{said}");
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lists/ashby-rowe.xlsx");
    std::fs::copy(list, workspace.file("ashby-rowe.xlsx")).unwrap();
    let (said, code) = intake(&workspace, &["ashby-rowe.xlsx"]);
    assert!(code == 1 && said.contains("4 answers are needed"), "{said}");
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (_, options) = readme.split_once("ashby-rowe.xlsx --column").unwrap();
    let (options, _) = options.split_once("\nfolio propose").unwrap();
    let options = format!("--column{}", options.replace("\\\n", " "));
    let quoted = options.split('\'').enumerate();
    let words: Vec<&str> = quoted
        .flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
        .collect();
    let (said, code) = intake(&workspace, &[&["ashby-rowe.xlsx"], words.as_slice()].concat());
    assert!(code == 0 && said.contains("named rows that go, and went with them"), "{said}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert!(code == 0 && !said.contains("error["), "{said}");
    let (said, code) = workspace.folio(NONE, &["propose", "c", "--write"]);
    assert!(code == 0 && said.contains("marked as proposals"), "{said}");
    let (said, code) = workspace.folio(NONE, &["check", "c"]);
    assert!(code == 0 && said.contains("rows in controls"), "{said}");
}
