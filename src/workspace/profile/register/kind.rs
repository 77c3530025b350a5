//! What kind of file a register is, told by what stands in it: CSV and XLSX are read, others are named.

/// How a file is read.
#[derive(Debug, PartialEq)]
pub(super) enum Kind {
    Csv,
    Workbook,
    /// Not at all; as the end of a sentence.
    Other(String),
}

/// The way out for spreadsheets.
const SHEET: &str = "save it as .xlsx or CSV";

/// The kind of a file.
pub(super) fn of(path: &str, bytes: &[u8]) -> Kind {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let begins = |sign: &[u8]| text.get(..sign.len()).is_some_and(|first| first.eq_ignore_ascii_case(sign));
    let first = text.get(..2048).unwrap_or(text);
    let holds = |sign: &[u8]| first.windows(sign.len()).any(|window| window.eq_ignore_ascii_case(sign));
    let other = |kind: &str, way: &str| Kind::Other(format!("is {kind}; {way}"));
    if begins(b"PK\x03\x04") {
        return packed(path, bytes);
    }
    if begins(b"\xD0\xCF\x11\xE0") {
        return Kind::Workbook;
    }
    if begins(b"%PDF") {
        return other("a PDF", "have the list from the program that made it, as .xlsx or CSV");
    }
    if begins(b"{\\rtf") {
        return other(
            "a text in rich text format (.rtf)",
            "put the table into a spreadsheet and save it as .xlsx or CSV",
        );
    }
    if begins(b"\x89PNG") || begins(b"\xFF\xD8\xFF") || begins(b"GIF8") {
        return other("a picture", "have the list itself, as .xlsx or CSV");
    }
    if begins(b"<!doctype html") || begins(b"<html") || begins(b"<table") {
        return other("a web page (HTML)", "open it in a spreadsheet program and save it as .xlsx or CSV");
    }
    if begins(b"<?xml") || begins(b"<") && holds(b"xmlns") {
        let kind = match () {
            () if holds(b"Excel.Sheet") || holds(b"office:spreadsheet") => "a spreadsheet in XML of 2003",
            () if holds(b"opendocument") => "an OpenDocument spreadsheet as one XML file (.fods)",
            () if holds(b"<html") => "a web page (XHTML)",
            () => "an XML file",
        };
        return other(kind, SHEET);
    }
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "gsheet" => other("only a link to a Google sheet", "download the sheet as .xlsx or CSV"),
        "numbers" => other("a spreadsheet of Numbers", "export it as .xlsx or CSV"),
        "xlsx" | "xlsm" | "xltx" | "xltm" => Kind::Workbook,
        "ods" | "ots" | "xls" | "xlsb" | "xlt" => {
            Kind::Other(format!("is called .{ending} and is no such file; have the list as .xlsx or CSV"))
        }
        "json" | "yaml" | "yml" => {
            other(&format!("called .{ending}"), "a register is .xlsx or CSV, or stands in the profile")
        }
        _ => Kind::Csv,
    }
}

/// The kind of an archive, by the names of what it holds.
fn packed(path: &str, bytes: &[u8]) -> Kind {
    let holds = |name: &str| bytes.windows(name.len()).any(|window| window == name.as_bytes());
    let is_called = |ending: &str| path.to_lowercase().ends_with(ending);
    let other = |kind: &str, way: &str| Kind::Other(format!("is {kind}; {way}"));
    let table = "put the table into a spreadsheet and save it as .xlsx or CSV";
    if holds("mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
        return other("an OpenDocument spreadsheet (.ods)", SHEET);
    }
    if holds("mimetypeapplication/vnd.oasis.opendocument") {
        return other("an OpenDocument file, and no spreadsheet", table);
    }
    if holds("xl/workbook.bin") {
        return other("a binary Excel workbook (.xlsb)", SHEET);
    }
    if holds("Index/Document.iwa") || holds("Index.zip") || is_called(".numbers") {
        return other("a spreadsheet of Numbers", "export it as .xlsx or CSV");
    }
    if holds("xl/workbook") {
        return Kind::Workbook;
    }
    if holds("word/document") {
        return other("a Word document (.docx)", table);
    }
    if holds("ppt/presentation") {
        return other("a presentation (.pptx)", table);
    }
    match () {
        () if is_called(".ods") || holds("mimetype") => other("an OpenDocument spreadsheet (.ods)", SHEET),
        () if is_called(".zip") => other("an archive (.zip)", "unpack it, and name the list in it"),
        () => Kind::Workbook,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_what_stands_in_them() {
        assert_eq!(of("r.csv", b"id,risk"), Kind::Csv);
        assert_eq!(of("r.txt", b""), Kind::Csv);
        assert_eq!(of("r.csv", b"PK\x03\x04 xl/workbook.xml"), Kind::Workbook);
        assert_eq!(of("r.xlsm", b"PK\x03\x04 xl/workbook.xml"), Kind::Workbook);
        for (path, bytes, said) in [
            (
                "r.ods",
                &b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet"[..],
                "OpenDocument spreadsheet",
            ),
            (
                "r.xlsx",
                b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
                "OpenDocument spreadsheet",
            ),
            ("r.xlsb", b"PK\x03\x04 xl/workbook.bin", ".xlsb"),
            ("r.xlsx", b"PK\x03\x04 word/document.xml", "Word document"),
            ("r.numbers", b"PK\x03\x04 Index/Document.iwa", "Numbers"),
            ("r.pdf", b"%PDF-1.7", "a PDF"),
            ("r.csv", b"%PDF-1.7", "a PDF"),
            ("r.xls", b"\n<html><table>", "web page"),
            ("r.xls", b"<?xml version='1.0'?><?mso-application progid=\"Excel.Sheet\"?>", "XML of 2003"),
            ("r.gsheet", b"{\"url\": \"x\"}", "Google"),
            ("r.xls", b"id,risk", "no such file"),
        ] {
            let Kind::Other(problem) = of(path, bytes) else { panic!("{path}") };
            assert!(problem.contains(said), "{path}: {problem}");
        }
    }
}
