use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::events::Event;

use super::specimen::{self, HOSTILE};
use super::*;
use crate::model::identity::identities;
use crate::model::{Block, Inline, Node, Reference, Text};

fn render(document: &Document) -> Vec<u8> {
    write(document, &specimen::theme(), &specimen::strings(), &specimen::images(), &specimen::pages())
        .unwrap_or_else(|sink| panic!("{:?}", sink.into_vec()))
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

fn xml(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).unwrap()
}

/// The text of a part: what stands in `w:t`, with line breaks and tabs.
fn words(part: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(part);
    let (mut out, mut inside) = (String::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => inside = element.name().as_ref() == "w:t",
            Event::End(_) => inside = false,
            Event::Empty(element) => match element.name().as_ref() {
                "w:br" => out.push('\n'),
                "w:tab" => out.push('\t'),
                _ => {}
            },
            Event::Text(text) if inside => out.push_str(&text),
            Event::GeneralRef(entity) if inside => out.push(match &*entity {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                other => panic!("{other}"),
            }),
            Event::Eof => return out,
            _ => {}
        }
    }
}

#[test]
fn every_part_is_well_formed_and_typed() {
    let parts = parts(&render(&specimen::document()));
    for (name, content) in &parts {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let mut reader = quick_xml::Reader::from_reader(content.as_slice());
            reader.config_mut().check_end_names = true;
            let mut buffer = Vec::new();
            while reader.read_event_into(&mut buffer).unwrap_or_else(|e| panic!("{name}: {e}")) != Event::Eof {
                buffer.clear();
            }
        }
        let types = xml(&parts, "[Content_Types].xml");
        let extension = name.rsplit('.').next().unwrap();
        let typed = types.contains(&format!("/{name}\"")) || types.contains(&format!("Extension=\"{extension}\""));
        assert!(typed, "{name}");
    }
}

#[test]
fn bytes_depend_on_the_document_alone() {
    let document = specimen::document();
    let once = render(&document);
    let threads: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..4).map(|_| scope.spawn(|| render(&document))).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert!(threads.iter().all(|bytes| *bytes == once));
}

#[test]
fn hostile_values_are_literal_in_every_place() {
    let long = "x".repeat(10_000);
    for value in HOSTILE.iter().copied().chain([long.as_str()]) {
        let parts = parts(&render(&specimen::hostile(value)));
        let shown = value.replace("\r\n", "\n").replace('\r', "\n");
        let found = words(&xml(&parts, "word/document.xml")).matches(&shown).count();
        assert!(found >= 24, "{value:?} stands {found} times in the body");
        assert!(words(&xml(&parts, "word/footnotes.xml")).contains(&shown), "{value:?}");
        // A margin has room for the beginning alone.
        let line: String = context::one_line(value).chars().take(80).collect();
        assert!(words(&xml(&parts, "word/header1.xml")).contains(&line), "{value:?}");
    }
}

#[test]
fn a_character_that_xml_forbids_is_a_fault_with_its_path() {
    for value in ["bell\u{7}", "nul\0", "\u{1b}[31m", "\u{ffff}"] {
        let document = specimen::hostile(value);
        let result =
            write(&document, &specimen::theme(), &specimen::strings(), &specimen::images(), &specimen::pages());
        let faults = result.unwrap_err().into_vec();
        assert!(faults.iter().any(|fault| fault.path.as_deref() == Some("risks.0.name")), "{value:?}");
        assert!(faults.iter().all(|fault| fault.is_fault() && fault.code == "F451"), "{value:?}");
    }
}

#[test]
fn pictures_that_are_missing_or_broken_are_faults() {
    let mut images = specimen::images();
    let chart = images.0.remove("chart").unwrap();
    let run = |images: &Images| {
        write(&specimen::document(), &specimen::theme(), &specimen::strings(), images, &specimen::pages())
            .unwrap_err()
            .into_vec()
    };
    assert_eq!(run(&images)[0].code, "F452");
    let broken = crate::model::Image { bytes: std::sync::Arc::from(&b"<html>"[..]), ..chart };
    images.0.insert("chart".into(), broken);
    assert_eq!(run(&images)[0].code, "F453");
}

#[test]
fn every_ordered_list_restarts() {
    let item = || vec![specimen::p(vec![specimen::text("item")])];
    let list = |start: u32| {
        let list = crate::model::List { ordered: true, start, items: vec![item(), item()] };
        specimen::block(Node::List(list))
    };
    let document = Document { body: vec![list(1), list(1), list(7)], ..specimen::document() };
    let parts = parts(&render(&document));
    let numbering = xml(&parts, "word/numbering.xml");
    assert_eq!(numbering.matches("<w:startOverride w:val=\"1\"/>").count(), 2);
    assert_eq!(numbering.matches("<w:startOverride w:val=\"7\"/>").count(), 1);
    let body = xml(&parts, "word/document.xml");
    let instances = numbering.split("<w:num w:numId=\"").skip(4).filter_map(|list| list.split('"').next());
    let counts = instances.map(|it| body.matches(&format!("<w:numId w:val=\"{it}\"/>")).count());
    assert_eq!(counts.collect::<Vec<_>>(), [2, 2, 2]);
}

#[test]
fn the_contents_are_filled_in_and_ask_nothing() {
    let parts = parts(&render(&specimen::document()));
    let body = xml(&parts, "word/document.xml");
    let contents = &body[body.find("<w:sdt>").unwrap()..body.find("</w:sdt>").unwrap()];
    assert!(contents.contains("TOC \\o \"1-2\" \\h \\z \\u"));
    assert!(words(contents).contains("4\tStatement on its side\t5"), "{}", words(contents));
    assert!(words(contents).contains("2.1\tAccounts\t2"));
    assert!(!words(contents).contains("Codes and keys"), "level 3 is not listed");
    for paragraph in contents.split("</w:p>") {
        let (begins, ends) = (paragraph.matches("\"begin\"").count(), paragraph.matches("\"end\"").count());
        assert!(begins == ends || words(paragraph).trim().is_empty(), "half a field in a line: {paragraph}");
    }
    for part in parts.values() {
        let part = String::from_utf8_lossy(part);
        assert!(!part.contains("updateFields") && !part.contains("w:dirty"));
    }
}

#[test]
fn references_are_fields_to_bookmarks_that_exist() {
    let body = xml(&parts(&render(&specimen::document())), "word/document.xml");
    for (instruction, bookmark) in [
        (" REF sec_accounts \\n \\h ", "sec_accounts"),
        (" REF tab_deadlines \\h ", "tab_deadlines"),
        (" PAGEREF sec_wide \\h ", "sec_wide"),
        (" SEQ Table \\* ARABIC ", "tab_wide"),
    ] {
        assert!(body.contains(instruction), "{instruction}");
        assert_eq!(body.matches(&format!("w:name=\"{bookmark}\"")).count(), 1, "{bookmark}");
    }
    assert_eq!(body.matches("w:fldCharType=\"begin\"").count(), body.matches("w:fldCharType=\"end\"").count());
}

#[test]
fn landscape_pages_are_a_section_with_furniture_of_its_own() {
    let parts = parts(&render(&specimen::document()));
    let body = xml(&parts, "word/document.xml");
    assert_eq!(body.matches("<w:sectPr>").count(), 3);
    assert_eq!(body.matches("w:orient=\"landscape\"").count(), 1);
    assert!(parts.contains_key("word/header2.xml") && parts.contains_key("word/footer2.xml"));
    // A document that ends on its side has no upright page behind.
    let mut document = specimen::document();
    let at = document.body.iter().position(|block| matches!(block.node, Node::Landscape { .. })).unwrap();
    document.body.truncate(at + 1);
    let parts = self::parts(&render(&document));
    let body = xml(&parts, "word/document.xml");
    assert_eq!(body.matches("<w:sectPr>").count(), 2);
    let end = &body[body.rfind("<w:sectPr>").unwrap()..];
    assert!(end.contains("landscape"));
}

/// The document of [`specimen`] with values in every look.
fn with_values() -> Document {
    let value = || specimen::data("Ann", "people[ann].name");
    let mut document = specimen::document();
    let code = Text { computed: true, ..Text::literal("x") };
    document.body.push(specimen::p(vec![
        value(),
        Inline::Strong { content: vec![value()] },
        Inline::Emphasis { content: vec![value()] },
        Inline::Code(code.clone()),
        Inline::Link { url: "https://x.example".into(), content: vec![value()] },
        Inline::Status { tone: crate::model::Tone::Good, text: code },
    ]));
    document
}

#[test]
fn each_block_and_row_with_a_paragraph_of_its_own_has_one_anchor_in_the_order_of_reading() {
    let document = specimen::document();
    let body = xml(&parts(&render(&document)), "word/document.xml");
    let names = body.split("w:name=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let anchors: Vec<&str> = names.filter(|name| name.starts_with("_f")).collect();
    let of_its_own = identities(&document).into_iter().filter(|identity| identity.part.has_paragraph());
    assert_eq!(anchors, of_its_own.map(|identity| identity.name).collect::<Vec<_>>());
}

#[test]
fn an_anchor_stands_in_one_paragraph() {
    let hostile = specimen::hostile("x");
    for document in [&specimen::document(), &hostile] {
        let body = xml(&parts(&render(document)), "word/document.xml");
        for paragraph in body.split("</w:p>") {
            let ids = |kind: &str| {
                let mut ids: Vec<_> = paragraph.split(kind).skip(1).filter_map(|rest| rest.split('"').nth(1)).collect();
                ids.sort_unstable();
                ids.join(" ")
            };
            assert_eq!(ids("<w:bookmarkStart w:id="), ids("<w:bookmarkEnd w:id="), "{paragraph}");
        }
    }
}

#[test]
fn values_carry_a_style_that_looks_like_the_one_they_stand_in() {
    let parts = parts(&render(&with_values()));
    let (body, styles) = (xml(&parts, "word/document.xml"), xml(&parts, "word/styles.xml"));
    for (style, base, look) in [
        ("FolioValue", "DefaultParagraphFont", ""),
        ("FolioValueStrong", "Strong", "<w:b/><w:bCs/>"),
        ("FolioValueEmphasis", "Emphasis", "<w:i/><w:iCs/>"),
        ("FolioValueCode", "HTMLCode", ""),
        ("FolioValueLink", "Hyperlink", ""),
    ] {
        let run = format!("<w:r><w:rPr><w:rStyle w:val=\"{style}\"/>{look}</w:rPr><w:t>");
        assert!(body.contains(&run), "{style}");
        let definition =
            styles.split("<w:style ").find(|rest| rest.contains(&format!("w:styleId=\"{style}\""))).unwrap();
        assert!(definition.contains(&format!("<w:basedOn w:val=\"{base}\"/>")), "{definition}");
        assert!(!definition.contains("<w:rPr>"), "{definition}");
    }
}

#[test]
fn the_properties_tell_the_model() {
    let digest = |document: &Document| {
        let custom = xml(&parts(&render(document)), "docProps/custom.xml");
        let (_, rest) = custom.split_once("name=\"FolioModel\"><vt:lpwstr>").unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    let (old, new) = (digest(&specimen::document()), digest(&with_values()));
    assert!(old.len() == 64 && old != new);
}

#[test]
fn a_file_has_a_creator_where_nobody_said_who_wrote_it() {
    let mut document = specimen::document();
    document.control.author.name = None;
    document.control.author.role = Text::default();
    let core = xml(&parts(&render(&document)), "docProps/core.xml");
    let organisation = &document.control.organisation.text;
    assert!(core.contains(&format!("<dc:creator>{organisation}</dc:creator>")), "{core}");
}

#[test]
fn ids_are_unique() {
    let parts = parts(&render(&specimen::document()));
    let body = xml(&parts, "word/document.xml");
    for (start, end) in [
        ("<w:id w:val=\"", "\""),
        ("<w:tag w:val=\"", "\""),
        ("<w:bookmarkStart w:id=\"", "\""),
        ("<wp:docPr id=\"", "\""),
    ] {
        let ids: Vec<&str> =
            body.match_indices(start).map(|(at, _)| body[at + start.len()..].split(end).next().unwrap()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert!(!ids.is_empty() && unique.len() == ids.len(), "{start}: {ids:?}");
    }
}

#[test]
fn the_watermark_is_that_of_the_state() {
    let mark = |change: fn(&mut Document)| {
        let mut document = specimen::document();
        change(&mut document);
        xml(&parts(&render(&document)), "word/header1.xml")
    };
    assert!(mark(|_| {}).contains("string=\"DRAFT\""));
    assert!(mark(|document| document.control.sample = true).contains("string=\"SAMPLE\""));
    assert!(!mark(|document| document.control.state = crate::model::State::Issued).contains("WaterMark"));
}

#[test]
fn blocks_in_odd_places_still_make_a_file() {
    let list = |items: Vec<Vec<Block<Reference>>>| specimen::list(false, items);
    let table = specimen::document().body.into_iter().find(|b| matches!(b.node, Node::Table(_))).unwrap();
    let nested = (0..12).fold(list(vec![vec![]]), |inner, _| list(vec![vec![inner, table.clone()]]));
    let quote = specimen::block(Node::BlockQuote { body: vec![nested.clone(), table.clone()] });
    let page = || specimen::block(Node::PageBreak);
    let body = vec![
        page(),
        table.clone(),
        table.clone(),
        page(),
        quote,
        page(),
        specimen::block(Node::Landscape { body: vec![page(), table.clone()] }),
        specimen::block(Node::Landscape { body: vec![table] }),
        page(),
        nested,
        page(),
    ];
    let empty = Document { body: vec![], ..specimen::document() };
    assert!(!render(&empty).is_empty());
    assert!(!render(&Document { body, ..specimen::document() }).is_empty());
}

#[test]
fn the_second_mark_of_a_footnote_is_no_second_footnote() {
    let mark = || specimen::p(vec![Inline::Footnote { number: 2 }, Inline::Footnote { number: 9 }]);
    let document = Document { body: vec![mark(), mark()], ..specimen::document() };
    let parts = parts(&render(&document));
    assert_eq!(xml(&parts, "word/document.xml").matches("<w:footnoteReference ").count(), 1);
    assert_eq!(xml(&parts, "word/footnotes.xml").matches("<w:footnote w:id=").count(), 1);
}

/// Writes the specimens to `target/specimen` for looking at, and prints what one costs.
#[test]
#[ignore = "writes files"]
#[allow(clippy::disallowed_methods, clippy::print_stdout)]
fn write_specimens() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/specimen");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(format!("{folder}/specimen.docx"), render(&specimen::document())).unwrap();
    for (at, value) in HOSTILE.iter().enumerate() {
        std::fs::write(format!("{folder}/hostile-{at:02}.docx"), render(&specimen::hostile(value))).unwrap();
    }
    std::fs::write(format!("{folder}/hostile-long.docx"), render(&specimen::hostile(&"x".repeat(10_000)))).unwrap();
    let (document, theme, strings) = (specimen::document(), specimen::theme(), specimen::strings());
    let (images, pages) = (specimen::images(), specimen::pages());
    let start = std::time::Instant::now();
    for _ in 0..100 {
        let _ = write(&document, &theme, &strings, &images, &pages).unwrap();
    }
    println!("{:?} a document", start.elapsed() / 100);
    let mut plain = document;
    plain.body.retain(|block| !matches!(block.node, Node::Figure(_)));
    let start = std::time::Instant::now();
    for _ in 0..100 {
        let _ = write(&plain, &theme, &strings, &Images::default(), &pages).unwrap();
    }
    println!("{:?} without pictures", start.elapsed() / 100);
}

/// The specimen in another language.
fn spoken(language: &str) -> BTreeMap<String, Vec<u8>> {
    let (mut document, mut strings) = (specimen::document(), specimen::strings());
    document.control.language = language.to_owned();
    strings.speak(language).unwrap();
    parts(&write(&document, &specimen::theme(), &strings, &specimen::images(), &specimen::pages()).unwrap())
}

#[test]
fn lines_of_a_language_from_the_right_run_from_the_right() {
    let (left, right) = (spoken("en-GB"), spoken("he-IL"));
    for part in ["word/document.xml", "word/header1.xml", "word/footnotes.xml"] {
        let (left, right) = (xml(&left, part), xml(&right, part));
        let count = |text: &str, wanted: &str| text.matches(wanted).count();
        let paragraphs = count(&right, "<w:p>") + count(&right, "<w:p ");
        let sections = count(&right, "<w:sectPr");
        assert_eq!(count(&right, "<w:bidi/>"), paragraphs + sections, "{part}");
        assert_eq!(count(&right, "<w:bidiVisual/>"), count(&right, "<w:tbl>"), "{part}");
        assert_eq!((count(&left, "<w:bidi/>"), count(&left, "<w:bidiVisual/>")), (0, 0), "{part}");
    }
    let styles = xml(&right, "word/styles.xml");
    assert!(styles.contains("<w:pPrDefault><w:pPr><w:bidi/></w:pPr></w:pPrDefault>"), "{}", &styles[..900]);
    assert!(styles.contains(r#"<w:lang w:val="he-IL" w:eastAsia="zh-CN" w:bidi="he-IL"/>"#), "{}", &styles[..900]);
}

#[test]
fn readers_learn_the_language_and_its_signs() {
    let value = |part: &str, element: &str| {
        let from = part.find(&format!("<{element} ")).unwrap_or_else(|| panic!("no {element}"));
        part[from..].split("/>").next().unwrap_or_default().split_once(' ').unwrap().1.to_owned()
    };
    let said = |language: &str| {
        let parts = spoken(language);
        let (settings, document) = (xml(&parts, "word/settings.xml"), xml(&parts, "word/document.xml"));
        let of_settings = ["w:themeFontLang", "w:decimalSymbol", "w:listSeparator"].map(|name| value(&settings, name));
        format!("{} {}", of_settings.join(" "), value(&document, "w:dateFormat"))
    };
    insta::assert_snapshot!(["en-GB", "en-US", "de-DE", "ja-JP", "he-IL"].map(said).join("\n"), @r#"
    w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA" w:val="." w:val="," w:val="d MMMM yyyy"
    w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA" w:val="." w:val="," w:val="MMMM d, yyyy"
    w:val="de-DE" w:eastAsia="zh-CN" w:bidi="ar-SA" w:val="," w:val=";" w:val="d. MMMM yyyy"
    w:val="ja-JP" w:eastAsia="ja-JP" w:bidi="ar-SA" w:val="." w:val="," w:val="yyyy年M月d日"
    w:val="he-IL" w:eastAsia="zh-CN" w:bidi="he-IL" w:val="." w:val="," w:val="d בMMMM yyyy"
    "#);
}
