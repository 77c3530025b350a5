//! The reader of Word files: tracked changes of every kind, accepted and rejected as Word does it.
#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

use std::io::{Cursor, Write as _};
use std::path::Path;

use folio::reader::{Package, Unreadable, View, difference, lines, resolve};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Foreign files with tracked changes: in the folder that `FOLIO_FOREIGN_REDLINES` names, `NAME.docx` and what it is
/// when all is accepted and rejected, `NAME-Accepted.docx` and `NAME-Rejected.docx`; of those that have none, each must
/// resolve to a file without tracked changes.
#[test]
#[ignore = "the files are others' and not kept here"]
fn foreign_files_resolve_as_they_should() {
    let folder = std::env::var("FOLIO_FOREIGN_REDLINES").expect("a folder in FOLIO_FOREIGN_REDLINES");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".docx"))
        .collect();
    names.sort();
    let (mut same_text, mut same, mut compared, mut plain, mut said) = (0, 0, 0, 0, Vec::new());
    for name in &names {
        let stem = name.trim_end_matches(".docx");
        let read = |name: &str| Package::read(&std::fs::read(Path::new(&folder).join(name)).unwrap());
        let package = match read(name) {
            Ok(package) => package,
            Err(problem) => {
                said.push(format!("{name} {problem}"));
                continue;
            }
        };
        for (view, ending) in [(View::Accept, "Accepted"), (View::Reject, "Rejected")] {
            let got = resolve(&package, view);
            let again = Package::read(&got.write().unwrap()).unwrap();
            assert_eq!(difference(&again, &got), None, "{name} written and read again");
            let left = revisions(&got);
            if !left.is_empty() {
                said.push(format!("{name} {ending}: left {left:?}"));
            }
            let expected = format!("{stem}-{ending}.docx");
            if !names.contains(&expected) {
                plain += 1;
                continue;
            }
            let expected = read(&expected).unwrap();
            compared += 1;
            let text = |package: &Package| lines(package);
            let is_same = text(&got) == text(&expected);
            same_text += usize::from(is_same);
            if let Some((a, b)) = text(&got).iter().zip(&text(&expected)).find(|(a, b)| a != b) {
                said.push(format!("{name} {ending}: {a:?}\n    against {b:?}"));
            }
            match difference(&got, &expected) {
                None => same += 1,
                Some(problem) => {
                    let kind = if is_same { "xml" } else { "TEXT" };
                    said.push(format!("{name} {ending}: {kind} {problem}"));
                }
            }
        }
    }
    let found = format!(
        "{} files; {compared} compared: {same_text} same text, {same} same throughout; {plain} without an expected file\n{}",
        names.len(),
        said.join("\n")
    );
    panic!("{found}");
}

/// What is left of tracked changes in the parts of a package.
fn revisions(package: &Package) -> Vec<String> {
    const KINDS: &[&str] = &[
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "cellIns",
        "cellDel",
        "cellMerge",
        "rPrChange",
        "pPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "trPrChange",
        "tcPrChange",
        "sectPrChange",
        "numberingChange",
        "delText",
        "delInstrText",
        "moveFromRangeStart",
        "moveToRangeStart",
        "customXmlInsRangeStart",
        "customXmlDelRangeStart",
    ];
    let mut found = Vec::new();
    for part in package.texts() {
        package.xml(&part).unwrap().walk(&mut |element| {
            if element.is_any(KINDS) {
                found.push(format!("{part}: {}", element.name));
            }
        });
    }
    found
}

/// A Word file with this body; `more` are other parts by name.
fn package_with(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let spaces = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                  xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let document = format!("<w:document {spaces}><w:body>{body}</w:body></w:document>");
    let root = format!(
        "<Relationships xmlns=\"{relations}\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" \
         Target=\"word/document.xml\"/></Relationships>"
    );
    let mut own = format!("<Relationships xmlns=\"{relations}\">");
    for (at, (name, _)) in more.iter().enumerate() {
        let kind = name.trim_end_matches(".xml").trim_end_matches(|c: char| c.is_ascii_digit());
        own.push_str(&format!("<Relationship Id=\"r{at}\" Type=\"{office}/{kind}\" Target=\"{name}\"/>"));
    }
    own.push_str("</Relationships>");
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &str| {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    };
    add("[Content_Types].xml", types);
    add("_rels/.rels", &root);
    add("word/document.xml", &document);
    add("word/_rels/document.xml.rels", &own);
    for (name, content) in more {
        add(&format!("word/{name}"), &content.replace("SPACES", spaces));
    }
    archive.finish().unwrap().into_inner()
}

fn package(body: &str) -> Package {
    Package::read(&package_with(body, &[])).unwrap()
}

/// With all changes accepted the first body is the second, with all rejected the third.
fn resolves(changed: &str, accepted: &str, rejected: &str) {
    let mark = r#"w:id="7" w:author="Ada" w:date="2026-11-20T00:00:00Z""#;
    let changed = package(&changed.replace("MARK", mark));
    for (view, expected) in [(View::Accept, accepted), (View::Reject, rejected)] {
        let resolved = resolve(&changed, view);
        assert_eq!(difference(&resolved, &package(expected)), None, "{view:?}");
        assert!(revisions(&resolved).is_empty());
    }
}

/// A run with a text.
fn run(text: &str) -> String {
    format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#)
}

fn gone(text: &str) -> String {
    format!(r#"<w:del MARK><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>"#)
}

fn come(text: &str) -> String {
    format!("<w:ins MARK>{}</w:ins>", run(text))
}

fn p(content: &str) -> String {
    format!("<w:p>{content}</w:p>")
}

/// A paragraph whose mark has a change.
fn marked(mark: &str, content: &str) -> String {
    format!("<w:p><w:pPr><w:rPr><w:{mark} MARK/></w:rPr></w:pPr>{content}</w:p>")
}

fn cell(content: &str) -> String {
    format!("<w:tc>{content}</w:tc>")
}

#[test]
fn words_come_and_go() {
    let changed = p(&format!("{}{}{}{}", run("At "), gone("most"), come("least"), run(" two")));
    resolves(&changed, &p(&run("At least two")), &p(&run("At most two")));
}

#[test]
fn an_insertion_that_was_deleted_again_is_in_neither() {
    let nested = "<w:ins MARK><w:del MARK><w:r><w:delText>never</w:delText></w:r></w:del></w:ins>";
    resolves(&p(&format!("{}{nested}", run("kept"))), &p(&run("kept")), &p(&run("kept")));
}

#[test]
fn a_paragraph_without_its_mark_joins_the_next_and_takes_its_properties() {
    let next = format!(r#"<w:p><w:pPr><w:jc w:val="right"/></w:pPr>{}</w:p>"#, run("two"));
    let joined = format!(r#"<w:p><w:pPr><w:jc w:val="right"/></w:pPr>{}</w:p>"#, run("onetwo"));
    resolves(&format!("{}{next}", marked("del", &run("one"))), &joined, &format!("{}{next}", p(&run("one"))));
    resolves(&format!("{}{next}", marked("ins", &run("one"))), &format!("{}{next}", p(&run("one"))), &joined);
}

#[test]
fn a_whole_paragraph_goes_with_its_bookmarks_and_one_that_begins_in_it_stays() {
    let inner = r#"<w:bookmarkStart w:id="1" w:name="inner"/>"#;
    let outer = r#"<w:bookmarkStart w:id="2" w:name="outer"/>"#;
    let (inner_end, outer_end) = (r#"<w:bookmarkEnd w:id="1"/>"#, r#"<w:bookmarkEnd w:id="2"/>"#);
    let lost = format!("{outer}{inner}{}{inner_end}", gone("lost"));
    let changed = format!("{}{}", marked("del", &lost), p(&format!("{}{outer_end}", run("kept"))));
    let rejected = format!(
        "{}{}",
        p(&format!("{outer}{inner}{}{inner_end}", run("lost"))),
        p(&format!("{}{outer_end}", run("kept")))
    );
    resolves(&changed, &p(&format!("{outer}{}{outer_end}", run("kept"))), &rejected);
}

#[test]
fn before_a_table_and_at_the_end_of_a_cell_an_empty_paragraph_goes_and_words_stay() {
    let table = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell(&p(&run("cell"))));
    let changed = format!("{}{table}{}", marked("del", &gone("lost")), p(""));
    resolves(&changed, &format!("{table}{}", p("")), &format!("{}{table}{}", p(&run("lost")), p("")));
    let changed = format!("{}{table}{}", marked("del", &run("words")), p(""));
    let same = format!("{}{table}{}", p(&run("words")), p(""));
    resolves(&changed, &same, &same);
    let of = |content: &str| format!("<w:tbl><w:tr>{}</w:tr></w:tbl>{}", cell(content), p(""));
    let changed = of(&format!("{}{}", p(&run("one")), marked("ins", &come("two"))));
    resolves(&changed, &of(&format!("{}{}", p(&run("one")), p(&run("two")))), &of(&p(&run("one"))));
}

#[test]
fn rows_go_by_their_mark_and_a_table_with_its_last_row() {
    let row = |mark: &str, content: &str| {
        let mark = if mark.is_empty() { String::new() } else { format!("<w:trPr><w:{mark} MARK/></w:trPr>") };
        format!("<w:tr>{mark}{}</w:tr>", cell(content))
    };
    let table = |rows: &str| format!("{}<w:tbl>{rows}</w:tbl>{}", p(&run("before")), p(&run("after")));
    let both = [row("", &p(&run("a"))), row("ins", &p(&come("b"))), row("del", &p(&gone("c")))].concat();
    let accepted = [row("", &p(&run("a"))), row("", &p(&run("b")))].concat();
    let rejected = [row("", &p(&run("a"))), row("", &p(&run("c")))].concat();
    resolves(&table(&both), &table(&accepted), &table(&rejected));
    let all = [row("del", &p(&gone("a"))), row("del", &p(&gone("b")))].concat();
    let before = [row("", &p(&run("a"))), row("", &p(&run("b")))].concat();
    resolves(&table(&all), &format!("{}{}", p(&run("before")), p(&run("after"))), &table(&before));
}

#[test]
fn cells_come_go_and_are_merged() {
    let marked = |mark: &str, content: &str| format!("<w:tc><w:tcPr>{mark}</w:tcPr>{}</w:tc>", p(content));
    let table = |cells: &str| format!("<w:tbl><w:tr>{cells}</w:tr></w:tbl>{}", p(""));
    let changed = [marked("", &run("a")), marked("<w:cellIns MARK/>", &come("b"))].concat();
    let both = [marked("", &run("a")), marked("", &run("b"))].concat();
    resolves(&table(&changed), &table(&both), &table(&marked("", &run("a"))));
    let changed = [marked("", &run("a")), marked("<w:cellDel MARK/>", &gone("b"))].concat();
    resolves(&table(&changed), &table(&marked(r#"<w:gridSpan w:val="2"/>"#, &run("a"))), &table(&both));
    let changed = marked(r#"<w:cellMerge MARK w:vMerge="rest"/>"#, &run("a"));
    let accepted = marked(r#"<w:vMerge w:val="restart"/>"#, &run("a"));
    resolves(&table(&changed), &table(&accepted), &table(&marked("", &run("a"))));
}

#[test]
fn moves_leave_one_place_for_the_other() {
    let changed = format!(
        r#"<w:moveFromRangeStart MARK w:name="m"/>{}<w:moveFromRangeEnd w:id="7"/>{}<w:moveToRangeStart MARK w:name="m"/>{}<w:moveToRangeEnd w:id="7"/>{}"#,
        marked("moveFrom", &format!("<w:moveFrom MARK>{}</w:moveFrom>", run("moved"))),
        p(&run("between")),
        marked("moveTo", &format!("<w:moveTo MARK>{}</w:moveTo>", run("moved"))),
        p(&run("last")),
    );
    let order = |words: [&str; 3]| words.map(|word| p(&run(word))).concat();
    resolves(&changed, &order(["between", "moved", "last"]), &order(["moved", "between", "last"]));
}

#[test]
fn properties_are_given_back() {
    let run_with = |properties: &str| p(&format!("<w:r><w:rPr>{properties}</w:rPr><w:t>word</w:t></w:r>"));
    let changed = run_with("<w:b/><w:rPrChange MARK><w:rPr><w:i/></w:rPr></w:rPrChange>");
    resolves(&changed, &run_with("<w:b/>"), &run_with("<w:i/>"));
    let with = |properties: &str| format!("<w:p><w:pPr>{properties}</w:pPr>{}</w:p>", run("words"));
    let changed = with(
        r#"<w:jc w:val="right"/><w:rPr><w:b/></w:rPr><w:pPrChange MARK><w:pPr><w:keepNext/></w:pPr></w:pPrChange>"#,
    );
    let (accepted, rejected) =
        (with(r#"<w:jc w:val="right"/><w:rPr><w:b/></w:rPr>"#), with("<w:keepNext/><w:rPr><w:b/></w:rPr>"));
    resolves(&changed, &accepted, &rejected);
    let numbered = |mark: &str| with(&format!(r#"<w:numPr><w:ilvl w:val="0"/>{mark}</w:numPr>"#));
    resolves(&numbered("<w:ins MARK/>"), &numbered(""), &p(&run("words")));
    let section = |inside: &str| {
        let reference = r#"<w:headerReference w:type="default" r:id="r0"/>"#;
        format!("{}<w:sectPr>{reference}{inside}</w:sectPr>", p(&run("words")))
    };
    let (wide, tall) = (r#"<w:pgSz w:w="16838" w:h="11906"/>"#, r#"<w:pgSz w:w="11906" w:h="16838"/>"#);
    let changed = format!("{wide}<w:sectPrChange MARK><w:sectPr>{tall}</w:sectPr></w:sectPrChange>");
    resolves(&section(&changed), &section(wide), &section(tall));
    let table = |table: &str, grid: &str, row: &str, cell: &str| {
        let cell = format!("<w:tc><w:tcPr>{cell}</w:tcPr>{}</w:tc>", p(&run("a")));
        format!(
            "<w:tbl><w:tblPr>{table}</w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr>{row}</w:trPr>{cell}</w:tr>\
             </w:tbl>{}",
            p("")
        )
    };
    let (left, right) = (r#"<w:jc w:val="left"/>"#, r#"<w:jc w:val="right"/>"#);
    let (one, two) = (r#"<w:gridCol w:w="1"/>"#, r#"<w:gridCol w:w="2"/>"#);
    let (thin, thick) = (r#"<w:tcW w:w="1" w:type="dxa"/>"#, r#"<w:tcW w:w="2" w:type="dxa"/>"#);
    let changed = table(
        &format!("{right}<w:tblPrChange MARK><w:tblPr>{left}</w:tblPr></w:tblPrChange>"),
        &format!(r#"{two}<w:tblGridChange w:id="8"><w:tblGrid>{one}</w:tblGrid></w:tblGridChange>"#),
        "<w:cantSplit/><w:trPrChange MARK><w:trPr><w:tblHeader/></w:trPr></w:trPrChange>",
        &format!("{thick}<w:tcPrChange MARK><w:tcPr>{thin}</w:tcPr></w:tcPrChange>"),
    );
    resolves(&changed, &table(right, two, "<w:cantSplit/>", thick), &table(left, one, "<w:tblHeader/>", thin));
}

#[test]
fn fields_and_links_that_come_or_go() {
    let field = |code: &str, text: &str| {
        format!(
            r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>{code}</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r>{text}</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>"#
        )
    };
    let deleted = field("<w:delInstrText>PAGE</w:delInstrText>", "<w:delText>3</w:delText>");
    let plain = field("<w:instrText>PAGE</w:instrText>", "<w:t>3</w:t>");
    resolves(&p(&format!("<w:del MARK>{deleted}</w:del>")), &p(""), &p(&plain));
    let link = |content: &str| format!(r#"<w:hyperlink w:anchor="there">{content}</w:hyperlink>"#);
    resolves(
        &p(&format!("{}{}", run("see "), link(&come("there")))),
        &p(&format!("{}{}", run("see "), link(&run("there")))),
        &p(&run("see ")),
    );
}

#[test]
fn a_control_goes_with_the_range_that_holds_its_beginning() {
    let control = |before: &str, content: &str, after: &str| {
        format!("<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{before}{content}{after}</w:sdtContent></w:sdt>")
    };
    let start = |id: u8| format!(r#"<w:customXmlDelRangeStart w:id="{id}"/>"#);
    let end = |id: u8| format!(r#"<w:customXmlDelRangeEnd w:id="{id}"/>"#);
    let changed = format!("{}{}{}", start(1), control(&end(1), &run("kept"), &start(2)), end(2));
    resolves(&p(&changed), &p(&run("kept")), &p(&control("", &run("kept"), "")));
    let inserted = format!("<w:ins MARK>{}</w:ins>", control("", &run("new"), ""));
    resolves(&p(&inserted), &p(&control("", &run("new"), "")), &p(""));
}

#[test]
fn a_note_goes_with_its_mark() {
    let notes = |content: &str| format!("<w:footnotes SPACES>{content}</w:footnotes>");
    let note = r#"<w:footnote w:id="2"><w:p><w:r><w:t>Small print</w:t></w:r></w:p></w:footnote>"#;
    let mark = r#"<w:r><w:footnoteReference w:id="2"/></w:r>"#;
    let body =
        p(&format!(r#"{}<w:del w:id="7" w:author="Ada" w:date="2026-11-20T00:00:00Z">{mark}</w:del>"#, run("word")));
    let package = Package::read(&package_with(&body, &[("footnotes.xml", &notes(note))])).unwrap();
    let text = |view| lines(&resolve(&package, view)).into_iter().map(|line| line.text).collect::<Vec<_>>();
    assert_eq!(text(View::Accept), ["word"]);
    assert_eq!(text(View::Reject), ["word[note]", "Small print"]);
}

#[test]
fn what_is_hidden_or_too_much_is_refused() {
    let read = |bytes: &[u8]| Package::read(bytes).unwrap_err();
    assert_eq!(read(b"no file"), Unreadable::Damaged);
    assert_eq!(read(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0]), Unreadable::Compound);
    let deep = format!("{}{}", "<w:sdt>".repeat(300), "</w:sdt>".repeat(300));
    assert!(matches!(read(&package_with(&deep, &[])), Unreadable::TooDeep(_)));
    let entity = ("footnotes.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><w:footnotes SPACES>&b;</w:footnotes>");
    assert!(matches!(read(&package_with("", &[entity])), Unreadable::Entities(_)));
    let unknown = ("footnotes.xml", "<w:footnotes SPACES>&b;</w:footnotes>");
    assert!(matches!(read(&package_with("", &[unknown])), Unreadable::Entities(_)));
    assert!(matches!(read(&package_with("", &[("footnotes.xml", "<w:footnotes SPACES>")])), Unreadable::Xml(_)));
    assert!(matches!(read(&package_with("", &[("../../evil.xml", "<a/>")])), Unreadable::Name(_)));
    assert!(matches!(read(&package_with("", &[("Document.xml", "<a/>")])), Unreadable::Twice(_)));
    let mut many = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..4_001 {
        many.start_file(format!("{at}"), SimpleFileOptions::default()).unwrap();
    }
    assert_eq!(read(&many.finish().unwrap().into_inner()), Unreadable::TooMany);
    let large = format!("<w:footnotes SPACES>{}</w:footnotes>", " ".repeat(50 << 20));
    assert_eq!(read(&package_with("", &[("footnotes.xml", &large)])), Unreadable::TooLarge);
    let mut empty = ZipWriter::new(Cursor::new(Vec::new()));
    empty.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    assert_eq!(read(&empty.finish().unwrap().into_inner()), Unreadable::NoDocument);
}

#[test]
fn text_is_given_by_paragraph_with_its_place() {
    let table = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell(&p(&run("a"))), cell(&p(&run("b"))));
    let section = r#"<w:sectPr><w:headerReference w:type="first" r:id="r0"/></w:sectPr>"#;
    let body =
        format!("{}{table}{}{section}", p(&run("one<w:tab/>").replace("<w:tab/></w:t>", "</w:t><w:tab/>")), p(""));
    let header = "<w:hdr SPACES><w:p><w:r><w:t>top</w:t></w:r></w:p></w:hdr>";
    let package = Package::read(&package_with(&body, &[("header1.xml", header)])).unwrap();
    let found: Vec<(String, String)> = lines(&package).into_iter().map(|it| (it.place.into(), it.text)).collect();
    let expected = [
        ("body", "one\t"),
        ("body table 1 row 1 cell 1", "a"),
        ("body table 1 row 1 cell 2", "b"),
        ("body", ""),
        ("header first of section 1", "top"),
    ];
    assert_eq!(found, expected.map(|(place, text)| (place.to_owned(), text.to_owned())));
}
