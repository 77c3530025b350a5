//! Registers as people keep them: each kind of file and slip is read as it is meant, or named with what to do.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use common::{Workspace, request};
use folio::diagnostic::Sink;
use folio::diagnostic::text::render as show;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use serde_json::{Value as Json, json};

/// The specimen, whose pens have more to be said of.
fn specimen(source: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let bought = r#""bought": {"title": "Bought", "type": "string", "format": "date"}"#;
    let more = r#""bought": {"title": "Bought", "type": "string", "format": "date"},
          "made": {"title": "Made", "type": "string", "format": "folio-date"},
          "price": {"title": "Price", "type": "number"},
          "grade": {"title": "Grade", "type": "integer", "x-folio-synonyms": ["Score", "Güte"]},
          "note": {"title": "Note", "type": "string", "x-folio-synonyms": ["Comment", "Bemerkung"]}"#;
    workspace.edit("pack/profile.schema.json", bought, more);
    workspace.edit("profile.yaml", "{from: registers/pens.csv}", source);
    workspace
}

/// The pens of a workspace, and what is said.
fn pens(workspace: &Workspace) -> (Json, String) {
    let mut sink = Sink::new();
    let session = request().session();
    let read = session.workspace(workspace.path(), &mut sink);
    let pens = read.map(|workspace| workspace.profile.value["pens"].clone()).unwrap_or_default();
    let said: Vec<String> = sink.iter().map(|problem| show(problem, false)).collect();
    (pens, said.join("\n").replace(&workspace.path().display().to_string(), "WORKSPACE"))
}

/// The pens of a workbook made by `write`.
fn of_book(source: &str, write: impl FnOnce(&mut Worksheet)) -> (Json, String) {
    let workspace = specimen(source);
    let mut book = Workbook::new();
    write(book.add_worksheet().set_name("Pens").unwrap());
    book.save(workspace.file("registers/pens.xlsx")).unwrap();
    pens(&workspace)
}

/// The pens of a text.
fn of_text(source: &str, text: impl AsRef<[u8]>) -> (Json, String) {
    let workspace = specimen(source);
    workspace.write("registers/pens.csv", text);
    pens(&workspace)
}

/// The values of one key.
fn all(pens: &Json, key: &str) -> Json {
    pens.as_array().into_iter().flatten().map(|pen| pen[key].clone()).collect()
}

#[track_caller]
fn says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "`{part}` is not in: {said}");
    }
}

#[track_caller]
fn one(said: &str, parts: &[&str]) {
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    says(said, parts);
}

const CSV: &str = "{from: registers/pens.csv}";
const XLSX: &str = "{from: registers/pens.xlsx}";

fn row(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        sheet.write(row, column, *cell).unwrap();
    }
}

#[test]
fn columns_are_mapped_and_left_out() {
    let text = "Key,The pen,Chief,Colour,Shelf\nP-1,Goose,head,grey,3\n";
    let (_, said) = of_text(CSV, text);
    says(&said, &["the columns `The pen`, `Chief`, `Colour`, `Shelf` are not of this register"]);
    says(&said, &["`columns: {The pen: ~, Chief: ~, Colour: ~, Shelf: ~}`"]);
    let source = "{from: registers/pens.csv, columns: {the PEN: name, Chief: Owner, Colour: ~, Shelf: }}";
    let (pens, said) = of_text(source, text);
    assert_eq!((said.as_str(), all(&pens, "name"), all(&pens, "owner")), ("", json!(["Goose"]), json!(["head"])));
    let source = "{from: registers/pens.csv, columns: {The pen: name, \"*\": ~}}";
    assert_eq!(of_text(source, text).1, "");
    // Headings and keys that there are not.
    let source = "{from: registers/pens.csv, columns: {The pan: name, Chief: ownr, \"*\": ~}}";
    let (_, said) = of_text(source, text);
    says(
        &said,
        &["`columns` names `The pan`", "did you mean `The pen`?", "`columns` calls `Chief` by `ownr`", "`owner`?"],
    );
    let (_, said) = of_text("{from: registers/pens.csv, columns: {name: The pen, \"*\": ~}}", text);
    says(&said, &["write the file's heading first: `The pen: name`"]);
}

#[test]
fn headings_are_matched_as_people_write_them() {
    let (pens, said) = of_text(CSV, "KEY:,pen,GUTE (1-5),\"Bemer-\nkung\",In-Use\nP-1,Goose,4,old,ja\n");
    assert_eq!(said, "");
    assert_eq!(
        (all(&pens, "grade"), all(&pens, "note"), all(&pens, "in_use")),
        (json!([4]), json!(["old"]), json!([true]))
    );
    let (_, said) = of_text(CSV, "id,name,Grade (before),Grade (after)\nP-1,Goose,1,2\n");
    one(&said, &["several columns fit `grade`: `Grade (before)`, `Grade (after)`", "say which it is: `columns: {"]);
    // What is exact wins, and the other is named.
    let (_, said) = of_text(CSV, "id,name,Score,Grade\nP-1,Goose,1,2\n");
    one(&said, &["the column `Score` is not one of this register", "`columns: {Score: ~}`"]);
}

#[test]
fn a_column_without_a_heading_is_named() {
    let (_, said) = of_text(CSV, "id,name,\nP-1,Goose,grey\nP-2,Swan,\n");
    one(&said, &["column C has no heading, and holds `grey`", "`columns: {\"\": ~}`"]);
    let (pens, said) = of_text("{from: registers/pens.csv, columns: {\"\": ~}}", "id,name,\nP-1,Goose,grey\n");
    assert_eq!((said.as_str(), all(&pens, "name")), ("", json!(["Goose"])));
}

#[test]
fn headings_below_a_title_are_found_where_the_profile_says() {
    let titled = |sheet: &mut Worksheet| {
        row(sheet, 0, &["List of pens 2026"]);
        row(sheet, 2, &["id", "name", "owner"]);
        row(sheet, 3, &["P-1", "Goose", "head"]);
    };
    let (_, said) = of_book(XLSX, titled);
    one(&said, &["row 1 holds no headings", "row 3", "`id`", "`name`", "`header: 3`"]);
    let (pens, said) = of_book("{from: registers/pens.xlsx, header: 3}", titled);
    assert_eq!((said.as_str(), all(&pens, "name")), ("", json!(["Goose"])));
    let (_, said) = of_book("{from: registers/pens.xlsx, header: 2}", titled);
    one(&said, &["row 2 of `registers/pens.xlsx` is empty", "`header: 3`"]);
    let text = "Pens;;\n;;\n\nid;name;owner\nP-1;Goose;head\n";
    one(&of_text(CSV, text).1, &["`header: 4`"]);
    assert_eq!(of_text("{from: registers/pens.csv, header: 4}", text).1, "");
    says(&of_text("{from: registers/pens.csv, header: none}", text).1, &["`header` is the number of a row"]);
}

#[test]
fn headings_of_two_rows_are_read_by_the_second() {
    let merged = |sheet: &mut Worksheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 1, 0, "id", &plain).unwrap();
        sheet.merge_range(0, 1, 1, 1, "name", &plain).unwrap();
        sheet.merge_range(0, 2, 0, 3, "State", &plain).unwrap();
        row(sheet, 1, &["", "", "Grade", "Note"]);
        row(sheet, 2, &["P-1", "Goose", "", "old"]);
        sheet.write(2, 2, 4).unwrap();
    };
    one(&of_book(XLSX, merged).1, &["the headings fill several rows", "`header: 2`"]);
    let (pens, said) = of_book("{from: registers/pens.xlsx, header: 2}", merged);
    assert_eq!((said.as_str(), all(&pens, "grade")), ("", json!([4])));
}

#[test]
fn formulas_are_read_by_their_stored_value() {
    let (pens, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name", "grade", "note", "in_use"]);
        row(sheet, 1, &["P-1"]);
        sheet.write_formula(1, 1, Formula::new("=\"Go\"&\"ose\"").set_result("Goose")).unwrap();
        sheet.write_formula(1, 2, Formula::new("=6*2").set_result("12")).unwrap();
        sheet.write_formula(1, 4, Formula::new("=1=1").set_result("TRUE")).unwrap();
        row(sheet, 2, &["P-2", "Swan"]);
        sheet.write_array_formula(2, 2, 2, 2, Formula::new("=SUM(C2:C2)").set_result("7")).unwrap();
    });
    assert_eq!(
        (said.as_str(), all(&pens, "name"), all(&pens, "grade")),
        ("", json!(["Goose", "Swan"]), json!([12, 7]))
    );
    let (_, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name", "grade"]);
        row(sheet, 1, &["P-1"]);
        sheet.write_formula(1, 1, Formula::new("=VLOOKUP(A1,X1:Y9,2)").set_result("#N/A")).unwrap();
        row(sheet, 2, &["P-2", "Swan"]);
        sheet.write_formula(2, 2, Formula::new("=A1*B1")).unwrap();
    });
    assert_eq!(said.matches("error[").count(), 2, "{said}");
    says(&said, &["the cell shows the error #N/A (`=VLOOKUP(A1,X1:Y9,2)`)", "[Pens] B2"]);
    says(&said, &["the cell holds the formula `=A1*B1`, and the file no value of it", "[Pens] C3", "save it"]);
    // A column that is left out may hold what it likes.
    let (_, said) = of_book("{from: registers/pens.xlsx, columns: {Grade: ~}}", |sheet| {
        row(sheet, 0, &["id", "name", "grade"]);
        row(sheet, 1, &["P-1", "Goose"]);
        sheet.write_formula(1, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    assert_eq!(said, "");
}

#[test]
fn whole_numbers_are_texts_where_texts_are_asked() {
    let (pens, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name", "tags"]);
        sheet.write(1, 0, 1).unwrap().write(1, 1, 7).unwrap().write(1, 2, 5).unwrap();
        sheet.write_with_format(2, 0, 7, &Format::new().set_num_format("000")).unwrap().write(2, 1, "Swan").unwrap();
    });
    assert_eq!(said, "");
    assert_eq!(
        (all(&pens, "id"), all(&pens, "name"), &pens[0]["tags"]),
        (json!(["1", "007"]), json!(["7", "Swan"]), &json!(["5"]))
    );
    let (_, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name"]);
        sheet
            .write_with_format(1, 0, 5.1, &Format::new().set_num_format("0.00"))
            .unwrap()
            .write(1, 1, "Goose")
            .unwrap();
        sheet.write(2, 0, 5.2).unwrap().write(2, 1, "Swan").unwrap();
    });
    says(&said, &["`id` is the number 5.1, shown as 5.10, and not a text", "`id` is the number 5.2, not a text"]);
    assert_eq!(said.matches("error[").count(), 2, "{said}");
    let (pens, said) = of_text("[{id: 1, name: 2026, tags: [5]}, {id: \"x\", name: y}]", "");
    assert_eq!(
        (said.as_str(), &pens[0]["id"], &pens[0]["name"], &pens[0]["tags"]),
        ("", &json!("1"), &json!("2026"), &json!(["5"]))
    );
    let (_, said) = of_text("[{id: 1.10, name: -3}]", "");
    says(&said, &["`id` is the number 1.10, not a text", "put it into quotes: \"1.10\"", "put it into quotes: \"-3\""]);
}

#[test]
fn times_and_days_are_read_as_shown() {
    let (pens, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name", "note", "bought", "made"]);
        let at = |text: &str| ExcelDateTime::parse_from_str(text).unwrap();
        let formats = ["yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm", "[$-407]d. mmmm yyyy", "0.0\" days\""]
            .map(|format| Format::new().set_num_format(format));
        for (line, format) in (1..).zip(&formats) {
            row(sheet, line, &[&format!("P-{line}"), "x"]);
            match line {
                1 => sheet.write_with_format(line, 2, at("2026-02-11T14:35:00"), format).unwrap(),
                2 => sheet.write_with_format(line, 2, at("14:35:00"), format).unwrap(),
                3 => sheet.write_with_format(line, 2, 1.5, format).unwrap(),
                4 => sheet.write_with_format(line, 2, at("2026-02-11"), format).unwrap(),
                _ => sheet.write(line, 2, 30).unwrap(),
            };
        }
        let day = Format::new().set_num_format("dd/mm/yyyy;@");
        sheet.write_with_format(1, 3, at("2026-02-11"), &day).unwrap().write(1, 4, 2025).unwrap();
    });
    assert_eq!(said, "");
    assert_eq!(all(&pens, "note"), json!(["2026-02-11 14:35", "14:35", "36:00", "2026-02-11", "30"]));
    assert_eq!((&pens[0]["bought"], &pens[0]["made"]), (&json!("2026-02-11"), &json!("2025")));
    let (_, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name", "bought"]);
        let format = Format::new().set_num_format("dd/mm/yyyy hh:mm");
        let at = |text: &str| ExcelDateTime::parse_from_str(text).unwrap();
        for line in 1..=3 {
            row(sheet, line, &[&format!("P-{line}"), "x"]);
        }
        sheet.write_with_format(1, 2, at("2026-02-11T14:35:00"), &format).unwrap();
        sheet.write(2, 2, 46064).unwrap();
        sheet.write_with_format(3, 2, 0, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    });
    says(&said, &["`bought` is 2026-02-11 14:35, a day with a time", "[Pens] C2"]);
    says(&said, &["`bought` is the number 46064, not a day; formatted as a day it would be 2026-02-11", "[Pens] C3"]);
    says(&said, &["the cell shows a day, and holds 0, which is none", "[Pens] C4"]);
    assert_eq!(said.matches("error[").count(), 3, "{said}");
}

#[test]
fn days_are_read_in_a_form_that_the_profile_names() {
    let text =
        "id;name;bought;made\nP-1;Goose;01.02.2026;3. März 2025\nP-2;Swan;24.12.2025;2024-05\nP-3;Crow;2026-01-05;\n";
    let (pens, said) = of_text("{from: registers/pens.csv, dates: [dd.mm.yyyy, d. mmmm yyyy]}", text);
    assert_eq!(said, "");
    assert_eq!(all(&pens, "bought"), json!(["2026-02-01", "2025-12-24", "2026-01-05"]));
    assert_eq!((&pens[0]["made"], &pens[1]["made"]), (&json!("2025-03-03"), &json!("2024-05")));
    let (_, said) = of_text(CSV, text);
    says(&said, &["`bought` is `01.02.2026`, not written as YYYY-MM-DD; so is one more cell", "`dates: dd.mm.yyyy`"]);
    says(&said, &["`made` is `3. März 2025`", "`dates: d. mmmm yyyy`"]);
    let (_, said) = of_text(CSV, "id,name,bought\nP-1,Goose,01/02/2026\n");
    one(&said, &["`dates: dd/mm/yyyy` or `dates: mm/dd/yyyy`"]);
    let (_, said) = of_text(CSV, "id,name,bought\nP-1,Goose,01/02/2026\nP-2,Swan,12/25/2026\n");
    one(&said, &["`dates: mm/dd/yyyy`"]);
    let (_, said) = of_text(
        "{from: registers/pens.csv, dates: dd/mm/yyyy}",
        "id,name,bought\nP-1,Goose,31/02/2026\nP-2,Swan,1.2.2026\nP-3,Crow,soon\n",
    );
    says(&said, &["no such day by `dd/mm/yyyy`", "`1.2.2026`, which is not written as `dd/mm/yyyy`", "`soon`"]);
    let (_, said) = of_text("{from: registers/pens.csv, dates: when it suits}", "id,name\nP-1,Goose\n");
    one(&said, &["`dates` says how days are written", "dd.mm.yyyy"]);
    // A time of nothing, as exports have it, is none.
    let (pens, said) = of_text(CSV, "id,name,bought\nP-1,Goose,2026-02-01 00:00:00\n");
    assert_eq!((said.as_str(), all(&pens, "bought")), ("", json!(["2026-02-01"])));
}

#[test]
fn numbers_are_read_by_the_sign_that_the_profile_names() {
    let text = "id;name;price;grade\nP-1;Goose;1.234,50;1.000\nP-2;Swan;12,5;3\nP-3;Crow;7;4\n";
    let (pens, said) = of_text("{from: registers/pens.csv, decimal: \",\"}", text);
    assert_eq!(
        (said.as_str(), all(&pens, "price"), all(&pens, "grade")),
        ("", json!([1234.5, 12.5, 7]), json!([1000, 3, 4]))
    );
    let (_, said) = of_text(CSV, text);
    says(&said, &["`price` is `1.234,50`, not a number; so is one more cell of the column", "`decimal: \",\"`"]);
    let (_, said) = of_text(CSV, "id,name,price\nP-1,Goose,\"1,234\"\n");
    one(&said, &["`decimal: \",\"` or `decimal: \".\"`"]);
    let (_, said) = of_text("{from: registers/pens.csv, decimal: \",\"}", "id;name;price\nP-1;Goose;1.5\n");
    one(&said, &["`price` is `1.5`, not a number", "behind `,`"]);
}

#[test]
fn people_say_yes_no_and_none_in_their_language() {
    let (pens, said) = of_text(
        CSV,
        "id,name,in_use,tags\nP-1,a,Ja,keine\nP-2,b,non,\nP-3,c,x,soft\nP-4,d,☐,\nP-5,e,☑,\nP-6,f,FALSCH,\nP-7,g,1,\n",
    );
    assert_eq!(said, "");
    assert_eq!(all(&pens, "in_use"), json!([true, false, true, false, true, false, true]));
    assert_eq!((&pens[0]["tags"], &pens[2]["tags"]), (&json!([]), &json!(["soft"])));
    let (pens, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name", "in_use"]);
        row(sheet, 1, &["P-1", "Goose"]);
        sheet.write(1, 2, true).unwrap();
        row(sheet, 2, &["P-2", "Swan"]);
        sheet.write(2, 2, 0).unwrap();
        sheet.set_row_hidden(2).unwrap();
    });
    assert_eq!((said.as_str(), all(&pens, "in_use")), ("", json!([true, false])));
}

#[test]
fn texts_are_read_whatever_separates_and_encodes_them() {
    let wide: Vec<u8> = "\u{FEFF}id\tname\r\nP-1\tGänse\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for text in [
        wide,
        b"\xEF\xBB\xBFid;name\r\nP-1;G\xC3\xA4nse\r\n".to_vec(),
        b"sep=;\r\nid;name\r\nP-1;G\xC3\xA4nse\r\n".to_vec(),
        b"id|name\rP-1|G\xC3\xA4nse\r".to_vec(),
        b"\"Key\";\"Pen\"\nP-1;G\xC3\xA4nse;;\n".to_vec(),
    ] {
        let (pens, said) = of_text(CSV, text);
        assert_eq!((said.as_str(), all(&pens, "name")), ("", json!(["Gänse"])));
    }
    let old = b"id,name\nP-1,G\xE4nse\n";
    one(&of_text(CSV, old).1, &["0xE4 stands on line 2", "P-1,Gänse", "`encoding: windows-1252`"]);
    let (pens, said) = of_text("{from: registers/pens.csv, encoding: windows-1252}", old);
    assert_eq!((said.as_str(), all(&pens, "name")), ("", json!(["Gänse"])));
    one(&of_text("{from: registers/pens.csv, encoding: ebcdic}", old).1, &["`encoding: ebcdic` is none that is known"]);
    one(&of_text(CSV, "id,name\nP-1,Go\0ose and more of them\n").1, &["a NUL byte stands on line 2"]);
    let (_, said) = of_text(CSV, "id,name,owner\nP-1,\"Goose,head\nP-2,\"Swan\",head\n");
    one(&said, &["a quote is opened here", "registers/pens.csv:2:1"]);
}

#[test]
fn other_kinds_of_file_are_named() {
    let named = |file: &str, bytes: &[u8], parts: &[&str]| {
        let workspace = specimen(&format!("{{from: registers/{file}}}"));
        workspace.write(&format!("registers/{file}"), bytes);
        one(&pens(&workspace).1, parts);
    };
    named(
        "pens.ods",
        b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        &["OpenDocument spreadsheet", "save it as .xlsx or CSV"],
    );
    named("pens.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", &["Excel 97 to 2003 (.xls)", "save it as .xlsx or CSV"]);
    named("pens.pdf", b"%PDF-1.7\n\xE2", &["is a PDF"]);
    named("pens.gsheet", b"{}", &["link to a Google sheet"]);
    named("pens.docx", b"PK\x03\x04 word/document.xml", &["Word document"]);
    // A workbook with macros is a workbook.
    let workspace = specimen("{from: registers/pens.xlsm}");
    let mut book = Workbook::new();
    row(book.add_worksheet(), 0, &["id", "name"]);
    book.save(workspace.file("registers/pens.xlsm")).unwrap();
    assert_eq!(pens(&workspace).1, "");
}

#[test]
fn merged_cells_are_one_error() {
    let (_, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name"]);
        sheet.merge_range(1, 0, 2, 0, "P-1", &Format::new()).unwrap();
        row(sheet, 1, &["", "Goose"]);
        row(sheet, 2, &["", "Swan"]);
    });
    one(&said, &["cells are merged from here to A3", "[Pens] A2"]);
    // Over rows of one other column they hold for each.
    let (pens, said) = of_book(XLSX, |sheet| {
        row(sheet, 0, &["id", "name"]);
        row(sheet, 1, &["P-1", ""]);
        row(sheet, 2, &["P-2", ""]);
        row(sheet, 3, &["P-3", "Swan"]);
        sheet.merge_range(1, 1, 2, 1, "Goose", &Format::new()).unwrap();
    });
    assert_eq!(said, "");
    assert_eq!((&pens[1]["name"], &pens[2]["name"]), (&"Goose".into(), &"Swan".into()));
    // Beside the table they do no harm.
    let (_, said) = of_book("{from: registers/pens.xlsx, columns: {Colour: ~}}", |sheet| {
        row(sheet, 0, &["id", "name", "Colour"]);
        row(sheet, 1, &["P-1", "Goose"]);
        row(sheet, 2, &["P-2", "Swan"]);
        sheet.merge_range(1, 2, 2, 2, "grey", &Format::new()).unwrap();
    });
    assert_eq!(said, "");
}

#[test]
fn a_sheet_that_does_not_fit_is_one_of_several() {
    let workspace = specimen(XLSX);
    let mut book = Workbook::new();
    row(book.add_worksheet().set_name("Cover").unwrap(), 0, &["Pens"]);
    row(book.add_worksheet().set_name("List").unwrap(), 0, &["id", "name"]);
    book.save(workspace.file("registers/pens.xlsx")).unwrap();
    says(&pens(&workspace).1, &["name another by `sheet:`: Cover, List"]);
}

#[test]
fn paths_may_begin_with_a_point_and_have_no_backslash() {
    let (_, said) = of_text("{from: ./registers/pens.csv}", "id,name\nP-1,Goose\n");
    assert_eq!(said, "");
    let (_, said) = of_text("{from: 'registers\\pens.csv'}", "id,name\nP-1,Goose\n");
    one(&said, &["is written with `\\`; write `/`: `registers/pens.csv`"]);
    one(&of_text("{from: ./../pens.csv}", "").1, &["leads out of its folder"]);
}

#[test]
fn a_register_may_stand_in_several_places() {
    let source =
        "[{from: registers/pens.csv}, {from: registers/more.csv, columns: {Pen's name: name}}, {id: P-9, name: Crane}]";
    let workspace = specimen(source);
    workspace
        .write("registers/pens.csv", "id,name\nP-1,Goose\n")
        .write("registers/more.csv", "Key;Pen's name\nP-2;Swan\n");
    let (read, said) = pens(&workspace);
    assert_eq!((said.as_str(), all(&read, "name")), ("", json!(["Goose", "Swan", "Crane"])));
    workspace.write("registers/more.csv", "Key;Pen's name\nP-1;Swan\n");
    one(
        &pens(&workspace).1,
        &["`P-1` is the key of two rows of `pens`", "registers/more.csv:2:1", "registers/pens.csv:2:1"],
    );
}

#[test]
fn one_error_is_not_followed_by_others() {
    // A file that cannot be read has no rows, and what refers to it leads nowhere: that is said by the first.
    let workspace = specimen("{from: registers/gone.csv}");
    workspace.edit("pack/profile.schema.json", "\"x-folio-key\": \"id\",", "\"x-folio-key\": \"id\", \"minItems\": 1,");
    workspace.edit(
        "pack/profile.schema.json",
        "\"motto\": {\"title\": \"Motto\", \"type\": \"string\"}",
        "\"motto\": {\"title\": \"Motto\", \"type\": \"string\", \"x-folio-ref\": [\"pens\"]}",
    );
    workspace.edit("profile.yaml", "limits:", "motto: P-1\nlimits:");
    one(&pens(&workspace).1, &["`registers/gone.csv` does not exist"]);
}

#[test]
fn a_mark_of_utf_8_is_no_part_of_a_file() {
    let workspace = specimen(CSV);
    for file in [
        "pack/profile.schema.json",
        "pack/pack.yaml",
        "pack/documents/notice.md.hbs",
        "pack/strings.yaml",
        "folio.yaml",
        "profile.yaml",
        "registers/pens.csv",
    ] {
        let text = workspace.read(file);
        workspace.write(file, format!("\u{FEFF}{text}"));
    }
    assert_eq!(pens(&workspace).1, "");
}

#[test]
fn what_cannot_be_changed_in_place_goes_into_a_file_beside_it() {
    let stock = r#""stock": {"title": "Stock", "type": "integer", "minimum": 0"#;
    let decide = |source: &str| {
        let workspace = specimen(source);
        workspace.edit("pack/profile.schema.json", stock, &format!("{stock}, \"default\": 3"));
        workspace.write("registers/pens.csv", "Our pens;;\n\nid;name;Farbe\nP-1;Goose;grau\n");
        let said = workspace.folio("", &["decisions", ".", "--confirm-all"]).0;
        (workspace, said)
    };
    let (workspace, said) = decide("{from: ./registers/pens.csv, header: 3, columns: {Farbe: ~}}");
    says(&said, &["`registers/pens.csv` is as it was and no longer read; its rows stand in `registers/pens-2.csv`"]);
    assert_eq!(workspace.read("registers/pens-2.csv"), "id,name,stock\nP-1,Goose,3\n");
    says(&workspace.read("profile.yaml"), &["pens: {from: registers/pens-2.csv}"]);
    let (workspace, said) =
        decide("[{from: registers/pens.csv, header: 3, columns: {Farbe: ~}}, {id: P-2, name: Swan}]");
    says(&said, &["`registers/pens.csv` is as it was and no longer read; its rows stand in `registers/pens-2.csv`"]);
    assert_eq!(workspace.read("registers/pens-2.csv"), "id,name,stock\nP-1,Goose,3\n");
    says(&workspace.read("profile.yaml"), &["pens: [{from: registers/pens-2.csv}, {id: P-2, name: Swan, stock: 3}]"]);
}
