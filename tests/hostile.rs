//! Values are inert: whatever a profile holds stands in the documents as it is, or is a located error.

#![allow(clippy::disallowed_methods, reason = "tests make and read files")]

mod common;
#[path = "common/pdf.rs"]
mod pdf;

use std::io::Read as _;

use common::{Workspace, request};

/// Values that mean something to Markdown, Handlebars, XML, Typst, spreadsheets, shells or file systems.
const VALUES: [&str; 41] = [
    "a & b",
    "a < b > c",
    "a | b",
    "*a*",
    "**a**",
    "_a_",
    "__a__",
    "# a",
    "[a](https://a.example)",
    "![a](b.png)",
    "[a]: b",
    "{a}",
    "{{organisation.name}}",
    "{{{a}}}",
    "{{#if a}}",
    "{{> who}}",
    "`a`",
    "```a",
    "a \"b\" 'c'",
    "\\*a\\\\",
    "a\\",
    "<b>a</b>",
    "<br>",
    "&amp; &#x41;",
    ":::callout {kind=note}",
    "::: a",
    "- a",
    "1. a",
    "> a",
    ">> a",
    "=1+1",
    "](javascript:alert(1))",
    "$a$ #set text(red)",
    "~~a~~ ==a==",
    "[^1]",
    "[[notice]]",
    "---",
    "%s %n %x",
    "../../etc/passwd",
    "a\u{200B}b\u{200D}c",
    "<!-- a --> ]]>",
];

/// The words of a DOCX: the text of its body, without markup.
fn docx_text(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut text = String::new();
    let mut inside = false;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => inside = tag.name().as_ref() == "w:t",
            quick_xml::events::Event::End(tag) => {
                inside = false;
                if tag.name().as_ref() == "w:p" {
                    text.push('\n');
                }
            }
            quick_xml::events::Event::Text(part) if inside => text.push_str(&part),
            quick_xml::events::Event::GeneralRef(name) if inside => text.push_str(match &*name {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                other => panic!("&{other};"),
            }),
            quick_xml::events::Event::Eof => return text,
            _ => {}
        }
    }
}

/// A workspace that prints one value in every kind of place.
fn workspace(value: &str) -> Workspace {
    let workspace = Workspace::specimen();
    let quoted = serde_json::to_string(value).unwrap();
    workspace.edit("profile.yaml", "name: Quill & Sons Ltd", &format!("name: {quoted}"));
    workspace.edit("profile.yaml", "pens:", &format!("motto: {quoted}\npens:"));
    workspace.edit("profile.yaml", "title: chief clerk", &format!("title: {quoted}"));
    workspace.edit("profile.yaml", "    version: \"0.2\"", &format!("    version: \"0.2\"\n    title: {quoted}"));
    workspace.write(
        "pack/documents/notice.md.hbs",
        "---\nnumber: H-2\ntitle: Notice\nkind: procedure\n---\n# H1 {{motto}} H2 {#sec-text}\n\nP1 {{motto}} P2 **S1 {{motto}} S2** *E1 {{motto}} E2* \
         `C1 {{motto}} C2` [L1 {{motto}} L2](https://a.example)[^1]\n\n[^1]: F1 {{motto}} F2\n\n- I1 {{motto}} I2\n\n| T1 {{motto}} T2 |\n|---|\n\
         | D1 {{motto}} D2 |\n\n:::callout {kind=note title=\"A1 {{motto}} A2\"}\nB1 {{motto}} B2\n:::\n\n:::table {#tab-a widths=\"100\" \
         caption=\"N1 {{motto}} N2\"}\n\n| x |\n|---|\n| X1 {{motto}} X2 |\n\n:::\n\n`V1 {{motto}} V2`{.status tone=good}\n",
    );
    workspace
}

#[test]
fn every_value_stands_in_every_place_as_it_is() {
    for value in VALUES {
        let workspace = workspace(value);
        let (outcome, said) = workspace.render_with(request());
        assert!(!said.contains("error["), "{value:?}: {said}");
        let outcome = outcome.unwrap();
        let notice = outcome.documents.iter().find(|document| document.id == "notice").unwrap();
        let docx = std::fs::read(&notice.outputs[0].path).unwrap();
        let text = docx_text(&docx);
        for place in ["H", "P", "S", "E", "C", "L", "I", "T", "D", "A", "B", "N", "X", "V"] {
            let wanted = format!("{place}1 {value} {place}2");
            assert!(text.contains(&wanted), "{value:?} in {place}: {text}");
        }
        // A long word may break in a PDF where a mark without width stands.
        let without_marks =
            |text: &str| text.replace(['\u{200B}', '\u{200D}'], "").split_whitespace().collect::<String>();
        let text = without_marks(&pdf::text(std::fs::read(&notice.outputs[1].path).unwrap()));
        for place in ["H", "P", "S", "E", "C", "L", "F", "I", "T", "D", "A", "B", "N", "X", "V"] {
            let wanted = without_marks(&format!("{place}1 {value} {place}2"));
            assert!(text.contains(&wanted), "{value:?} in {place} of the PDF: {text}");
        }
        let names: Vec<String> = outcome.documents[0]
            .outputs
            .iter()
            .map(|output| output.path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert!(names.iter().all(|name| !name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|'])), "{names:?}");
        assert!(
            outcome.documents[0]
                .outputs
                .iter()
                .all(|output| output.path.parent() == Some(&workspace.file("out/draft")))
        );
    }
}

#[test]
fn line_breaks_and_tabs_survive() {
    let workspace = workspace("one\ntwo\tthree");
    let (outcome, said) = workspace.render_with(request());
    assert!(!said.contains("error["), "{said}");
    assert!(workspace.dumps()[1].1.contains("{motto: one\\ntwo\tthree}"));
    assert_eq!(outcome.unwrap().documents.len(), 2);
}

#[test]
fn a_word_without_end_stays_on_the_page() {
    let workspace = workspace(&"x".repeat(10_000));
    let (outcome, said) = workspace.render_with(request());
    assert!(!said.contains("error["), "{said}");
    assert!(outcome.unwrap().documents.iter().all(|document| document.pages > 1));
}

#[test]
fn what_no_font_has_is_an_error_with_its_place() {
    for value in ["漢字", "שלום", "مرحبا", "🦉"] {
        let (_, said) = workspace(value).render_with(request());
        assert!(
            said.contains("F503") && said.contains("profile path: motto") && said.contains("profile.yaml:"),
            "{value}: {said}"
        );
    }
}

#[test]
fn control_characters_are_an_error_with_their_place() {
    for value in ["a\u{0}b", "a\u{7}b", "a\u{1b}b", "a\u{E000}b"] {
        let (_, said) = workspace(value).render_with(request());
        assert!(said.contains("F204") && said.contains("profile.yaml:"), "{value:?}: {said}");
    }
}
