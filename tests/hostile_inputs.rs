//! Inputs that mean harm, or are merely far too large: each is a located error, soon and in little memory.
//!
//! What takes long without its bound takes very long: the tests would not end.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;

use std::fmt::Write as _;
use std::io::Write as _;

use common::{Workspace, request};
use folio::model::Image;
use rust_xlsxwriter::{Formula, Workbook, Worksheet};

/// What a dry run says of the specimen, changed.
fn said(change: impl FnOnce(&Workspace)) -> String {
    let workspace = Workspace::specimen();
    change(&workspace);
    workspace.problems()
}

/// Asserts that all is one error, with a code, a place, and words.
fn one(said: &str, code: &str, place: &str, words: &str) {
    assert!(said.contains(&format!("error[{code}]")), "{code}: {said}");
    assert!(said.contains(place), "{place}: {said}");
    assert!(said.contains(words), "{words}: {said}");
    assert_eq!(said.matches("error[").count(), 1, "{said}");
}

// ---- Spreadsheets

fn with_book(book: Vec<u8>) -> String {
    said(|workspace| {
        workspace.write("registers/pens.xlsx", book).edit("profile.yaml", "pens.csv", "pens.xlsx");
    })
}

fn book(change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let pens = book.add_worksheet().set_name("Pens").unwrap();
    for (column, heading) in ["id", "name", "stock"].into_iter().enumerate() {
        pens.write(0, column as u16, heading).unwrap();
    }
    pens.write(1, 0, "P-1").unwrap().write(1, 1, "Goose").unwrap().write(1, 2, 12).unwrap();
    change(pens);
    book.save_to_buffer().unwrap()
}

/// A workbook with some of its parts written by hand.
fn crafted(parts: &[(&str, &str)]) -> Vec<u8> {
    let sheet = "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>id</t></is></c></row></sheetData></worksheet>";
    let whole = [
        (
            "_rels/.rels",
            "<Relationships><Relationship Id=\"r1\" Type=\"x/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"Pens\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, text) in whole.iter().filter(|(name, _)| parts.iter().all(|(own, _)| own != name)).chain(parts) {
        archive.start_file(*name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    let text = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    crafted(&[("xl/worksheets/sheet1.xml", &text)])
}

#[test]
fn a_stray_cell_far_away_is_named() {
    for (row, column, name) in [(1_048_575, 16_383, "XFD1048576"), (1_048_575, 0, "A1048576"), (0, 16_383, "XFD1")] {
        let said = with_book(book(|pens| {
            pens.write(row, column, "x").unwrap();
        }));
        one(&said, "F230", &format!("registers/pens.xlsx [Pens] {name}"), &format!("reaches to {name}"));
        assert!(said.contains(&format!("delete what stands in {name}")), "{said}");
    }
    let said = with_book(book(|pens| {
        pens.write_blank(1_048_575, 16_383, &rust_xlsxwriter::Format::new().set_bold()).unwrap();
    }));
    assert!(!said.contains("error["), "what is formatted alone is no cell of the table: {said}");
}

#[test]
fn references_that_no_sheet_has_are_refused() {
    for reference in ["ZZZZZZZ99999999999", "A4294967297", "XFE1", "A0", "A1048577"] {
        let said = with_book(sheet(&format!("<row><c r=\"{reference}\"><v>1</v></c></row>")));
        one(&said, "F230", "profile.yaml:20:14", &format!("a cell stands at `{reference}`"));
    }
    let said = with_book(sheet("<row r=\"4294967295\"><c><v>1</v></c></row>"));
    one(&said, "F230", "profile.yaml:20:14", "a cell stands at `4294967295`");
}

#[test]
fn formulas_are_one_error_however_many() {
    let said = with_book(book(|pens| {
        for row in 1..=300 {
            pens.write(row, 0, format!("P-{row}")).unwrap().write(row, 1, "x").unwrap();
            pens.write_formula(row, 2, Formula::new("=6*2")).unwrap();
        }
    }));
    one(&said, "F233", "registers/pens.xlsx [Pens] C2", "299 more of this kind: registers/pens.xlsx [Pens] C3");
    let shared = "<row><c t=\"inlineStr\"><is><t>id</t></is></c></row>\
                  <row><c><f t=\"shared\" si=\"4000000000\" ref=\"A2:A3\">1+1</f></c></row>\
                  <row><c><f t=\"shared\" si=\"4000000000\"/></c></row>";
    let said = with_book(sheet(shared));
    assert_eq!(said.matches("the cell holds the formula `=1+1`").count(), 2, "{said}");
}

#[test]
fn what_a_workbook_unpacks_to_is_bounded() {
    let blanks = format!("<row>{}</row>", " ".repeat(80 << 20));
    one(&with_book(sheet(&blanks)), "F230", "profile.yaml:20:14", "unpacks to more than 32 MB");
    let texts = format!("<sst>{}</sst>", "<si/>".repeat(600_000));
    let said = with_book(crafted(&[("xl/sharedStrings.xml", &texts)]));
    one(&said, "F230", "profile.yaml:20:14", "more than 500000 texts");
    let said = with_book(crafted(&[("xl/sharedStrings.xml", "<sst uniqueCount=\"99999999999999\"></sst>")]));
    one(&said, "F230", "profile.yaml:20:14", "more than 500000 texts");
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(70_000));
    one(&with_book(crafted(&[("xl/styles.xml", &styles)])), "F230", "profile.yaml:20:14", "more than 65536 styles");
    let format = "y".repeat(1 << 20);
    let styles = format!(
        "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"{format}\"/></numFmts><cellXfs>{}</cellXfs></styleSheet>",
        "<xf numFmtId=\"200\"/>".repeat(60_000)
    );
    one(&with_book(crafted(&[("xl/styles.xml", &styles)])), "F230", "profile.yaml:20:14", "a number format of more");
    let cells = "<c><v>1</v></c>".repeat(300_000);
    one(&with_book(sheet(&format!("<row>{cells}</row>"))), "F230", "profile.yaml:20:14", "more than 250000 cells");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..5_000 {
        archive.start_file(format!("{number}.xml"), zip::write::SimpleFileOptions::default()).unwrap();
    }
    let many = archive.finish().unwrap().into_inner();
    one(&with_book(many), "F230", "profile.yaml:20:14", "more than 4000 files");
}

#[test]
fn other_spreadsheets_are_named() {
    let compound = |text: &str| {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 600], &wide].concat()
    };
    one(&with_book(compound("Workbook")), "F230", "profile.yaml:20:14", "Excel 97 to 2003 (.xls); save it as .xlsx");
    one(&with_book(compound("EncryptedPackage")), "F230", "profile.yaml:20:14", "is protected by a password");
    let ods = crafted(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]);
    one(&with_book(ods.clone()), "F230", "profile.yaml:20:14", "an OpenDocument spreadsheet (.ods); save it as .xlsx");
    // Whatever it is called.
    let said = said(|workspace| {
        workspace.write("registers/pens.ods", ods).edit("profile.yaml", "pens.csv", "pens.ods");
    });
    one(&said, "F230", "profile.yaml:20:14", "an OpenDocument spreadsheet (.ods)");
    one(&with_book(crafted(&[("xl/workbook.bin", "x")])), "F230", "profile.yaml:20:14", "(.xlsb)");
}

// ---- CSV

fn with_csv(text: &str) -> String {
    said(|workspace| {
        workspace.write("registers/pens.csv", text);
    })
}

#[test]
fn csv_has_bounds() {
    let wide: Vec<String> = (0..12_000).map(|column| format!("c{column}")).collect();
    one(&with_csv(&wide.join(",")), "F230", "registers/pens.csv:1:1", "this row has 12000 cells");
    let long = "id,name\n".to_owned() + &"P,x\n".repeat(30_000);
    one(&with_csv(&long), "F230", "registers/pens.csv:20002:1", "more than 20000 rows");
    let letter = format!("id,name\nP-1,{}\n", "x".repeat(100_000));
    one(&with_csv(&letter), "F213", "registers/pens.csv:2:5", "this cell has 100000 bytes");
    let filled = format!("id,{}\n", wide[..100].join(",")) + &format!("P{}\n", ",x".repeat(100)).repeat(3_000);
    assert!(with_csv(&filled).contains("more than 250000 cells"));
    one(&with_csv(&",".repeat(9 << 20)), "F230", "registers/pens.csv:1:1", "at most 8 are read as CSV");
}

#[test]
fn faults_of_one_kind_in_a_register_are_one() {
    let mut text = "id,name,owner,stock,in_use,tags\n".to_owned();
    for row in 0..3_000 {
        writeln!(text, "P-{row},Pen {row},nobody{row},a dozen,maybe,firm").unwrap();
    }
    let said = with_csv(&text);
    for (words, count) in [("not a whole number", 1), ("neither true nor false", 1), ("is not in `roles`", 1)] {
        assert_eq!(said.matches(words).count(), count, "{words}: {said}");
    }
    assert_eq!(said.matches("2999 more of this kind").count(), 3, "{said}");
    let said = with_csv(&("id,name\n".to_owned() + &"P-1\n".repeat(10_000)));
    one(&said, "F232", "registers/pens.csv:2:1", "9999 more of this kind: registers/pens.csv:3:1");
}

// ---- YAML

#[test]
fn ten_thousand_unknown_keys_are_one_error() {
    let said = said(|workspace| {
        let mut text = workspace.read("profile.yaml");
        for key in 0..10_000 {
            writeln!(text, "unknown_{key}: {key}").unwrap();
        }
        workspace.write("profile.yaml", text);
    });
    one(&said, "F210", "unknown key `unknown_0`", "9999 more of this kind: profile.yaml:");
}

#[test]
fn many_faults_of_other_kinds_are_one_each() {
    let faults = |lines: &dyn Fn(usize) -> String| {
        said(|workspace| {
            let text = workspace.read("profile.yaml") + "extra:\n" + &(0..20_000).map(lines).collect::<String>();
            workspace.write("profile.yaml", text);
        })
    };
    let twice = faults(&|_| "  key: 1\n".to_owned());
    one(&twice, "F202", "profile.yaml:", "19998 more of this kind");
    let bell = faults(&|key| format!("  key{key}: \"\\a\"\n"));
    one(&bell, "F204", "profile.yaml:", "19999 more of this kind");
    let empty = faults(&|key| format!("  key{key}:\n"));
    assert!(empty.contains("F215") && empty.contains("19999 more of this kind"), "{empty}");
    let flow: Vec<String> = (0..10_000).map(|key| format!("k{key}: 1")).collect();
    let one_line = said(|workspace| {
        workspace.write("profile.yaml", format!("{{{}}}", flow.join(", ")));
    });
    assert!(one_line.contains("9999 more of this kind") && one_line.len() < 10_000, "{one_line}");
}

#[test]
fn aliases_are_counted_in_bytes() {
    let bomb = format!("t: &t \"{}\"\nu: [{}]\n", "x".repeat(1_000_000), vec!["*t"; 4_000].join(", "));
    for file in ["profile.yaml", "folio.yaml", "pack/pack.yaml", "pack/data/bomb.yaml", "pack/theme.yaml"] {
        let said = said(|workspace| {
            workspace.write(file, &bomb);
        });
        one(&said, "F203", &format!("{file}:2:"), "more than 8192 KB of text");
    }
    let front = |matter: String| {
        said(|workspace| {
            let from = "kind: procedure\n";
            workspace.edit("pack/documents/notice.md.hbs", from, &format!("{from}{matter}"));
        })
    };
    let aliases = vec!["*k"; 20_000].join(", ");
    let said = front(format!("keywords: [&k \"{}\", {aliases}]\n", "x".repeat(20_000)));
    one(&said, "F203", "pack/documents/notice.md.hbs:1:1", "at most 64 are read");
    let said = front(format!("keywords: [&k \"{}\", {}]\n", "x".repeat(20_000), vec!["*k"; 200].join(", ")));
    one(&said, "F203", "pack/documents/notice.md.hbs:5:", "more than 64 KB of text");
}

#[test]
fn a_folder_of_a_pack_is_bounded_as_an_archive_is() {
    let large = said(|workspace| {
        (0..6).for_each(|number| {
            let file = std::fs::File::create(workspace.file(&format!("pack/images/{number}.png"))).unwrap();
            file.set_len(30 << 20).unwrap();
        });
    });
    one(&large, "F382", "pack/images/4.png", "the pack has more than 128 MB");
    let schema = said(|workspace| {
        workspace.write("pack/profile.schema.json", " ".repeat(5 << 20));
    });
    one(&schema, "F382", "pack/profile.schema.json", "has 5 MB; at most 4 are read");
}

#[test]
fn lists_of_settings_have_bounds() {
    let samples: Vec<String> = (0..100_000).map(|number| format!("a.b{number}")).collect();
    let said = said(|workspace| {
        workspace.edit("folio.yaml", "format: 1", &format!("format: 1\nsamples: [{}]", samples.join(", ")));
    });
    one(&said, "F102", "folio.yaml:", "`samples` has 100000 entries; it has at most 500");
}

#[test]
fn data_of_a_pack_is_counted_in_bytes() {
    let heading = "h".repeat(100_000);
    let said = said(|workspace| {
        workspace.write("pack/data/wide.csv", format!("{heading}\n{}", "x\n".repeat(10_000)));
    });
    one(&said, "F382", "pack/data/wide.csv", "16 MB of text");
}

#[test]
fn rows_without_end_name_the_place_of_the_template() {
    let said = said(|workspace| {
        let text = "{{#each pens}}\n{{#each ../pens}}\n- {{../name}} and {{name}}\n{{/each}}\n{{/each}}\n";
        workspace.edit("pack/documents/notice.md.hbs", "{{#if motto}}", &format!("{text}{{{{#if motto}}}}"));
        let mut rows = "id,name\n".to_owned();
        for row in 0..400 {
            writeln!(rows, "P-{row},{}", "x".repeat(60)).unwrap();
        }
        workspace.write("registers/pens.csv", rows);
    });
    assert!(said.contains("F327") && said.contains("exceeds 4 MB here"), "{said}");
    assert!(said.contains("pack/documents/notice.md.hbs:"), "{said}");
}

// ---- Pictures

fn svg(inner: &str) -> Vec<u8> {
    let links = "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"";
    format!("<svg {links} width=\"400\" height=\"400\">{inner}</svg>").into_bytes()
}

/// Why a picture cannot be shown.
fn refused(bytes: &[u8]) -> String {
    Image::read(bytes.into(), "").map(|_| ()).unwrap_err()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place)) as usize & 63];
            text.push(if place > group.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// A PNG of one colour, with more chunks before its pixels.
fn png(side: u32, more: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], content: &[u8]| {
        bytes.extend((content.len() as u32).to_be_bytes());
        bytes.extend(kind);
        bytes.extend(content);
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(content);
        bytes.extend(crc.sum().to_be_bytes());
    };
    chunk(b"IHDR", &[&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 0, 0, 0, 0]].concat());
    more.iter().for_each(|(kind, content)| chunk(kind, content));
    chunk(b"IDAT", &packed((side as usize + 1) * side as usize));
    chunk(b"IEND", &[]);
    bytes
}

/// So many zeros, packed.
fn packed(zeros: usize) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), zeros as u64), &mut packed).unwrap();
    packed.finish().unwrap()
}

#[test]
fn a_logo_as_people_have_them_is_shown() {
    let shown = |bytes: &[u8]| assert_eq!(Image::read(bytes.into(), "").map(|image| image.size), Ok((400.0, 400.0)));
    let picture = base64(&png(40, &[]));
    shown(&svg(&format!(
        "<style>.a{{fill:url(#g);clip-path:url(#c)}} path.b{{stroke:#123;stroke-dasharray:4 2}}</style><defs>\
         <linearGradient id=\"g\"><stop offset=\"0\" stop-color=\"red\"/><stop offset=\"1\"/></linearGradient>\
         <clipPath id=\"c\"><rect width=\"300\" height=\"300\"/></clipPath><marker id=\"m\" markerWidth=\"4\" \
         markerHeight=\"4\"><path d=\"M0 0L4 2L0 4z\"/></marker><symbol id=\"s\" viewBox=\"0 0 10 10\"><circle r=\"4\"/></symbol>\
         <pattern id=\"p\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\"><path d=\"M0 0L10 10\"/></pattern>\
         <mask id=\"k\"><rect width=\"400\" height=\"400\" fill=\"white\"/></mask></defs>\
         <g opacity=\".5\" mask=\"url(#k)\"><rect class=\"a\" width=\"400\" height=\"400\"/></g>\
         <path class=\"b\" d=\"M0 0C10 20 30 40 50 60L100 100\" marker-end=\"url(#m)\"/><use xlink:href=\"#s\" x=\"9\"/>\
         <rect fill=\"url(#p)\" width=\"400\" height=\"90\"/><text x=\"9\" y=\"99\" font-size=\"20\">Quill &amp; Sons</text>\
         <image width=\"9\" height=\"9\" xlink:href=\"data:image/png;base64,{picture}\"/>"
    )));
    let old = "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://x/svg11.dtd\" \
               [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">]>\
               <svg xmlns=\"&ns_svg;\" width=\"400\" height=\"400\"><path d=\"M0 0h9v9z\"/></svg>";
    shown(old.as_bytes());
    shown(&png(400, &[(b"tEXt", b"Title\0x".to_vec()), (b"iCCP", [b"p\0\0".to_vec(), packed(3_000)].concat())]));
}

#[test]
fn filters_are_refused() {
    for filter in [
        "<feTurbulence numOctaves=\"2000000000\" baseFrequency=\"0.05\"/>",
        "<feMorphology radius=\"900\"/>",
        "<feConvolveMatrix order=\"300\"/>",
        "<feGaussianBlur stdDeviation=\"1\"/>",
    ] {
        let said = refused(&svg(&format!(
            "<filter id=\"f\">{filter}</filter><rect filter=\"url(#f)\" width=\"9\" height=\"9\"/>"
        )));
        assert!(said.contains("it has a filter"), "{said}");
    }
    let css = refused(&svg("<rect style=\"filter: blur(900px)\" width=\"400\" height=\"400\"/>"));
    assert!(css.contains("it has a filter"), "{css}");
}

#[test]
fn parts_that_stand_in_one_another_many_times_are_refused() {
    let nested = |open: &dyn Fn(usize) -> String| (1..30).map(open).collect::<String>();
    let uses = nested(&|n| format!("<g id=\"u{n}\">{}</g>", format!("<use xlink:href=\"#u{}\"/>", n - 1).repeat(10)));
    let cases = [
        format!("<g id=\"u0\"><path d=\"M0 0h9\"/></g>{uses}<use xlink:href=\"#u29\"/>"),
        nested(&|n| {
            let rect = format!("<rect fill=\"url(#p{})\" width=\"9\" height=\"9\"/>", n - 1);
            format!("<pattern id=\"p{n}\" width=\"9\" height=\"9\">{rect}{rect}</pattern>")
        }) + "<rect fill=\"url(#p29)\" width=\"9\" height=\"9\"/>",
        nested(&|n| {
            let path = format!("<path d=\"M0 0L1 1L2 2L3 3\" style=\"marker-mid:url(#m{})\"/>", n - 1);
            format!("<marker id=\"m{n}\">{path}{path}</marker>")
        }) + "<path d=\"M0 0L1 1L2 2L3 3\" marker-mid=\"url(#m29)\"/>",
        nested(&|n| format!("<mask id=\"k{n}\"><rect class=\"k{}\" width=\"9\" height=\"9\"/></mask>", n - 1))
            + &format!("<style>{}</style>", nested(&|n| format!(".k{n}{{mask:url(#k{n})}}")))
            + "<rect class=\"k29\" width=\"9\" height=\"9\"/>",
        "<marker id=\"m\"><path d=\"M0 0h9\"/><path d=\"M0 0h9\"/></marker><path marker-mid=\"url(#m)\" d=\"M0 0"
            .to_owned()
            + &"L1 1".repeat(100_000)
            + "\"/>",
        "<pattern id=\"a\" width=\"9\" height=\"9\"><rect fill=\"url(#a)\" width=\"9\" height=\"9\"/></pattern>\
         <rect fill=\"url(#a)\" width=\"9\" height=\"9\"/>"
            .to_owned(),
    ];
    for case in cases {
        let said = refused(&svg(&case));
        assert!(said.contains("refers to itself, or through") || said.contains("more than 100000 elements"), "{said}");
    }
}

#[test]
fn what_takes_long_to_draw_is_refused() {
    let full = "<rect opacity=\".5\" width=\"400\" height=\"400\"/>";
    let layers = "<g opacity=\".5\">".repeat(20) + full + &"</g>".repeat(20);
    let zigzag: String = (0..30_000).map(|x| format!("L{x} {}", x % 2 * 400)).collect();
    let stops: String = (0..10_000).map(|stop| format!("<stop offset=\"{}\"/>", f64::from(stop) / 10_000.0)).collect();
    let cases = [
        full.repeat(500),
        format!("<path d=\"M0 0{}\"/>", "l1 1".repeat(300_000)),
        layers,
        format!("<path d=\"M0 0{zigzag}\"/>"),
        "<path stroke=\"#000\" stroke-dasharray=\".0001\" d=\"M0 0H400\"/>".to_owned(),
        format!("<linearGradient id=\"g\">{stops}</linearGradient><rect fill=\"url(#g)\" width=\"400\" height=\"400\"/>"),
        "<pattern id=\"p\" patternUnits=\"userSpaceOnUse\" width=\"90000\" height=\"90000\"><path d=\"M0 0h9v9z\"/></pattern>\
         <rect fill=\"url(#p)\" width=\"400\" height=\"400\"/>"
            .to_owned(),
        format!("<text font-size=\"4000\">{}</text>", "W".repeat(1_000)),
    ];
    for (number, case) in cases.iter().enumerate() {
        let said = Image::read(svg(case).into(), "").map(|_| ()).err().unwrap_or_default();
        assert!(said.contains("takes too long to draw"), "{number}: {said}");
    }
}

#[test]
fn the_text_of_an_svg_has_bounds() {
    let cases = [
        "<g>".repeat(5_000) + &"</g>".repeat(5_000),
        "<g/>".repeat(60_000),
        format!("<g {}/>", (0..50_000).map(|n| format!("a{n}=\"\" ")).collect::<String>()),
        format!("<style>{}</style>{}", ".a b c{fill:red}".repeat(5_000), "<g class=\"a\"/>".repeat(5_000)),
        format!("<text>{}</text>", "x".repeat(2_000_000)),
        "<text>abcd</text>".repeat(20_000),
    ];
    for case in &cases {
        let said = refused(&svg(case));
        assert!(said.contains("elements"), "{said}");
    }
    let laughs = (1..10).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10)));
    let laughs: String = std::iter::once("<!ENTITY e0 \"x\">".to_owned()).chain(laughs).collect();
    let said =
        refused(format!("<!DOCTYPE svg [{laughs}]><svg xmlns=\"http://www.w3.org/2000/svg\">&e9;</svg>").as_bytes());
    assert!(said.contains("entities"), "{said}");
    assert!(refused(&[b"<svg/>".as_slice(), &vec![b' '; 9 << 20]].concat()).contains("an SVG has at most 8"));
    let long = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000000\" height=\"1\"><rect width=\"9\" height=\"9\"/></svg>";
    assert!(refused(long.as_bytes()).contains("one side may be at most"));
}

#[test]
fn pictures_inside_an_svg_are_looked_at_too() {
    let image = |kind: &str, bytes: &[u8]| {
        let data = base64(bytes);
        format!("<image width=\"9\" height=\"9\" href=\"data:image/{kind};base64,{data}\"/>")
    };
    let many: String = (0..20).map(|_| image("png", &png(3_000, &[]))).collect();
    assert!(refused(&svg(&many)).contains("more than 12 million pixels"));
    let bomb = png(10, &[(b"iCCP", [b"p\0\0".to_vec(), packed(50 << 20)].concat())]);
    assert!(refused(&svg(&image("png", &bomb))).contains("a colour profile in it unpacks"));
    for (kind, bytes) in [("svg+xml", svg("")), ("gif", b"GIF89a".to_vec()), ("jpeg", png(10, &[]))] {
        assert!(refused(&svg(&image(kind, &bytes))).contains("it is not a PNG or JPEG"), "{kind}");
    }
    let once = image("png", &[png(10, &[]), vec![0; 1_000_000]].concat()).replacen("<image ", "<image id=\"i\" ", 1);
    let said = refused(&svg(&(once + &"<use href=\"#i\"/>".repeat(1_000))));
    assert!(said.contains("more than 100000 elements"), "{said}");
}

#[test]
fn pictures_of_pixels_have_bounds() {
    assert!(refused(&png(6_000, &[])).contains("6000 × 6000 pixels; at most 25 million"));
    assert!(refused(&png(10, &[(b"tEXt", vec![b'x'; 5 << 20])])).contains("a text in it has more than 4 MB"));
    assert!(refused(&png(10, &[(b"abCd", vec![0; 17 << 20])])).contains("it has 17 MB; at most 16 are placed"));
    for chunk in [b"iCCP", b"zTXt", b"iTXt"] {
        let bomb = png(10, &[(chunk, [b"p\0\0".to_vec(), packed(300 << 20)].concat())]);
        assert!(refused(&bomb).contains("unpacks to more than 4 MB"));
    }
    let whole = png(10, &[]);
    assert!(refused(&whole[..whole.len() - 20]).contains("it ends too early"));
    let header = [&whole[8..33], &whole[8..33]].concat();
    assert!(refused(&[&whole[..8], &header, &whole[33..]].concat()).contains("header"));
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2];
    let start = [0xFF, 0xD8, 0xFF, 0xC2, 0, 11, 8, 0x10, 0, 0x10, 0, 1, 1, 0x11, 0];
    let progressive = [&start[..], &scan.repeat(5_000), &[0xFF, 0xD9]].concat();
    assert!(refused(&progressive).contains("it goes over the picture"));
    assert!(refused(&start).contains("it ends too early"));
    let two = [&start[..], &start[2..], &scan, &[0xFF, 0xD9]].concat();
    assert!(refused(&two).contains("two headers"));
}

#[test]
fn a_picture_is_named_with_its_file() {
    let filter = svg("<filter id=\"f\"><feFlood/></filter><rect filter=\"url(#f)\" width=\"9\" height=\"9\"/>");
    let said_of_pack = said(|workspace| {
        workspace.write("pack/images/quill.svg", &filter);
    });
    assert!(said_of_pack.contains("error[F415]") && said_of_pack.contains("pack/images/quill.svg"), "{said_of_pack}");
    let logo = |bytes: &[u8]| {
        said(|workspace| {
            workspace.write("logo.img", bytes).edit("profile.yaml", "limits:", "branding: {logo: logo.img}\nlimits:");
        })
    };
    one(&logo(&filter), "F108", "profile.yaml:", "the logo `logo.img` cannot be shown: it has a filter");
    // What looks sound and cannot be decoded is found when it is laid out.
    let mut damaged = png(10, &[]);
    let at = damaged.len() - 20;
    damaged[at] ^= 0xFF;
    let said_of_logo = logo(&damaged);
    assert!(said_of_logo.contains("F504") && said_of_logo.contains("profile.yaml:"), "{said_of_logo}");
}

// ---- Fonts

#[test]
fn fonts_have_bounds() {
    let font = |bytes: Vec<u8>| {
        said(|workspace| {
            workspace.write("house.ttf", bytes).edit("folio.yaml", "format: 1", "format: 1\nfonts: [house.ttf]");
        })
    };
    // A character map that lists all of Unicode again and again.
    let mut cmap: Vec<u8> = [0_u16, 1, 3, 10, 0, 12].iter().flat_map(|number| number.to_be_bytes()).collect();
    cmap.extend([0, 12, 0, 0]);
    let groups = 10_000_u32;
    cmap.extend([16 + 12 * groups, 0, groups].iter().flat_map(|number| number.to_be_bytes()));
    (0..groups).for_each(|_| cmap.extend([0, 0x0010_FFFF, 1].iter().flat_map(|number: &u32| number.to_be_bytes())));
    let sound = std::fs::read("fonts/carlito/Carlito-Regular.ttf").unwrap();
    one(&font(with_table(&sound, b"cmap", &cmap)), "F501", "house.ttf", "at most 2000000 are read");
    let mut collection = b"ttcf\0\x01\0\0".to_vec();
    collection.extend(1_000_000_u32.to_be_bytes());
    collection.extend(4_000_012_u32.to_be_bytes().repeat(1_000_000));
    collection.extend(&sound);
    one(&font(collection), "F501", "house.ttf", "has 1000000 faces");
    let many = said(|workspace| {
        let names: Vec<String> = (0..70).map(|_| "house.ttf".to_owned()).collect();
        workspace.write("house.ttf", &sound);
        workspace.edit("folio.yaml", "format: 1", &format!("format: 1\nfonts: [{}]", names.join(", ")));
    });
    one(&many, "F102", "folio.yaml:", "`fonts` has 70 entries; it has at most 64");
}

/// A font with another table in place of one of its own.
fn with_table(font: &[u8], tag: &[u8; 4], table: &[u8]) -> Vec<u8> {
    let mut changed = font.to_vec();
    let tables = usize::from(u16::from_be_bytes([font[4], font[5]]));
    let record = (0..tables).map(|number| 12 + 16 * number).find(|at| &font[*at..at + 4] == tag).unwrap();
    changed[record + 8..record + 12].copy_from_slice(&(font.len() as u32).to_be_bytes());
    changed[record + 12..record + 16].copy_from_slice(&(table.len() as u32).to_be_bytes());
    changed.extend(table);
    changed
}

#[test]
fn a_family_that_is_missing_is_named_where_it_is_asked_for() {
    let own = said(|workspace| {
        workspace.edit("folio.yaml", "format: 1", "format: 1\ntheme: {fonts: {fallback: [Nowhere]}}");
    });
    one(&own, "F502", "folio.yaml:", "`Nowhere`");
    let of_pack = said(|workspace| {
        workspace.edit("pack/theme.yaml", "pdf: Carlito", "pdf: Calrito");
    });
    one(&of_pack, "F502", "pack/theme.yaml:", "`Calrito`");
}

// ---- Characters

#[test]
fn a_glyph_that_only_the_pdf_lacks_does_not_stop_word() {
    let workspace = Workspace::specimen();
    workspace.edit("profile.yaml", "name: Ada Quill", "name: 山田 Ada");
    let docx = folio::render::Request { formats: vec![folio::backend::docx::FORMAT], ..request() };
    let (outcome, said) = workspace.render_with(docx);
    assert!(!said.contains("error["), "{said}");
    assert!(outcome.unwrap().documents.iter().all(|document| document.outputs.len() == 1));
    assert!(workspace.problems().contains("F503"), "the PDF is refused still");
}

#[test]
fn an_id_in_any_script_is_a_heading_id() {
    let said = said(|workspace| {
        let text = "{{#each pens}}\n\n## {{name}} {#sec-{{id}}}\n\nx\n\n{{/each}}\n\n{{#if motto}}";
        workspace.edit("pack/documents/notice.md.hbs", "{{#if motto}}", text);
        workspace.write("registers/pens.csv", "id,name,stock\nö,Goose,1\no,Swan,1\nя,Crow,1\n…,Owl,1\n");
    });
    assert!(!said.contains("error["), "{said}");
}

// ---- What is no file

#[cfg(unix)]
#[test]
fn what_is_no_file_is_refused_wherever_it_stands() {
    let places = [
        "folio.yaml",
        "profile.yaml",
        "registers/pens.csv",
        "pack/pack.yaml",
        "pack/data/topics.yaml",
        "pack/images/quill.svg",
        "pack/theme.yaml",
        "pack/documents/notice.md.hbs",
        "overrides/notice/text.md.hbs",
    ];
    for place in places {
        let said = said(|workspace| {
            let path = workspace.file(place);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let _ = std::fs::remove_file(&path);
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        });
        assert!(said.contains("it is not a file, but a pipe") && said.contains("-->"), "{place}: {said}");
    }
    let said = said(|workspace| {
        std::fs::remove_file(workspace.file("registers/pens.csv")).unwrap();
        std::fs::create_dir(workspace.file("registers/pens.csv")).unwrap();
    });
    one(&said, "F230", "profile.yaml:20:14", "it is not a file, but a folder");
}
