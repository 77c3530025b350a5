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
    if begins(b"version https://git-lfs") {
        return other("only a pointer to the file (Git LFS)", "have the file itself");
    }
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "gsheet" => other("only a link to a Google sheet", "download the sheet as .xlsx or CSV"),
        "numbers" => other("a spreadsheet of Numbers", "export it as .xlsx or CSV"),
        // Programs write CSV under the names of workbooks, and Excel opens it.
        "xlsx" | "xlsm" | "xltx" | "xltm" | "xls" | "xlt" if is_table(bytes) => Kind::Csv,
        "xlsx" | "xlsm" | "xltx" | "xltm" if begins(b"{") || begins(b"[") => {
            other("a text in JSON", "a register is .xlsx or CSV, or stands in the profile")
        }
        "xlsx" | "xlsm" | "xltx" | "xltm" if is_text(bytes) && bytes.contains(&b'\n') => {
            other("a plain text without a table", "put the table into a spreadsheet and save it as .xlsx or CSV")
        }
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

/// Whether what begins a file is text: no control characters but tabs and ends of lines.
fn is_text(bytes: &[u8]) -> bool {
    let first = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    !first.is_empty() && first.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\r' | b'\n'))
}

/// Whether a file is a text whose first lines hold the same separator.
fn is_table(bytes: &[u8]) -> bool {
    let is_wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let first: Vec<u8> = bytes.get(..LOOKED_AT).unwrap_or(bytes).to_vec();
    let first: Vec<u8> = if is_wide { first.into_iter().skip(2).filter(|byte| *byte != 0).collect() } else { first };
    let lines: Vec<&[u8]> = first.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    let count = |line: &[u8], sign: u8| line.iter().filter(|byte| **byte == sign).count();
    let parts = |sign: &u8| {
        let [head, next, ..] = lines.as_slice() else { return false };
        count(head, *sign) > 0 && count(next, *sign) >= count(head, *sign)
    };
    is_text(&first) && b";\t,".iter().any(parts)
}

/// How many bytes of a file are looked at.
const LOOKED_AT: usize = 4096;

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
        assert_eq!(of("r.xlsx", b"id;risk\n1;fire\n"), Kind::Csv);
        assert_eq!(of("r.xls", b"id\trisk\r\n1\tfire\r\n"), Kind::Csv);
        assert_eq!(of("r.xlsx", b"\xFF\xFEi\0d\0;\0r\0\n\x001\0;\0f\0\n\0"), Kind::Csv);
        assert_eq!(of("r.xlsx", b"id,risk"), Kind::Workbook);
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
            ("r.xlsx", b"# Risks\n\nSome words.\n", "plain text"),
            ("r.xlsx", b"{\n\"a\": 1,\n\"b\": 2}", "JSON"),
            ("r.xlsx", b"\n<html><table>", "web page"),
            ("r.xlsx", b"version https://git-lfs.github.com/spec/v1\noid 1\n", "pointer"),
        ] {
            let Kind::Other(problem) = of(path, bytes) else { panic!("{path}") };
            assert!(problem.contains(said), "{path}: {problem}");
        }
    }
}
