//! Anchors: each block and row of a document keeps its name over renders, and a Word file that others saved in between
//! still tells where its parts came from.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use common::{Workspace, request};
use folio::backend::docx;
use folio::diagnostic::Sink;
use folio::model::identity::{Part, identities};
use folio::model::{Block, Document, Inline, Node, Origin, Text};
use folio::render::{Request, documents};
use quick_xml::events::{BytesStart, Event};

const EXAMPLES: [&str; 7] = [
    "northwind",
    "harbour-works",
    "riverside-clinics",
    "northwind-2022",
    "harbour-works-2022",
    "riverside-clinics-2022",
    "meadow-credit-union",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents_of(workspace: &Path) -> Vec<Document> {
    let request = Request { dry_run: true, ..request() };
    documents(workspace, &request, &mut Sink::new()).unwrap()
}

fn names(document: &Document) -> BTreeSet<String> {
    identities(document).into_iter().map(|identity| identity.name).collect()
}

/// A document of the specimen workspace.
fn specimen(workspace: &Workspace, id: &str) -> Document {
    documents_of(workspace.path()).into_iter().find(|document| document.control.id == id).unwrap()
}

#[test]
fn names_are_unique_and_do_not_hang_on_other_blocks() {
    let new = |words: &str| Block {
        node: Node::Paragraph { content: vec![Inline::Text(Text::literal(words))] },
        origin: Origin::default(),
    };
    for example in EXAMPLES {
        for mut document in documents_of(&root().join("examples").join(example)) {
            let parts = identities(&document).len();
            let before = names(&document);
            assert_eq!(before.len(), parts, "{example}: {}", document.control.id);
            for at in (0..=document.body.len()).step_by(7) {
                document.body.insert(at, new("Words that stand nowhere else in any pack"));
            }
            assert!(before.is_subset(&names(&document)), "{example}: {}", document.control.id);
        }
    }
}

#[test]
fn a_changed_profile_keeps_the_names_of_what_is_still_there() {
    let workspace = Workspace::specimen();
    let old = specimen(&workspace, "handbook");
    workspace.edit("profile.yaml", "name: Quill & Sons Ltd", "name: Quill, Nib & Sons plc");
    let renamed = specimen(&workspace, "handbook");
    assert_ne!(old, renamed);
    assert_eq!(identities(&old).len(), identities(&renamed).len());
    assert_eq!(names(&old), names(&renamed));

    let rows = |document: &Document| -> BTreeSet<String> {
        let rows = identities(document).into_iter().filter(|identity| matches!(identity.part, Part::Row(_)));
        rows.map(|identity| identity.name).collect()
    };
    let register = workspace.read("registers/pens.csv");
    let (header, pens) = register.split_once('\n').unwrap();
    let first = pens.lines().next().unwrap();
    let key = first.split(',').next().unwrap();
    let added = first.replacen(key, "P-00", 1);
    workspace.write("registers/pens.csv", format!("{header}\n{added}\n{pens}"));
    let longer = specimen(&workspace, "handbook");
    assert_eq!(rows(&longer).len(), rows(&renamed).len() + 1);
    assert!(rows(&renamed).is_subset(&rows(&longer)));
}

/// What a Word file tells of where it came from.
#[derive(Debug, PartialEq)]
struct Marks {
    /// The names of its anchors, each with the words of its paragraph.
    anchors: BTreeSet<(String, String)>,
    /// How many characters stand in each style of values.
    values: BTreeMap<String, usize>,
    /// The custom properties of ours.
    properties: BTreeMap<String, String>,
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).unwrap()?;
    Some(attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned())
}

fn read(bytes: &[u8]) -> Marks {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let mut marks = Marks { anchors: BTreeSet::new(), values: BTreeMap::new(), properties: BTreeMap::new() };
    let body = part("word/document.xml");
    let mut reader = quick_xml::Reader::from_str(&body);
    let (mut here, mut words, mut style, mut inside) = (Vec::new(), String::new(), None, false);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) | Event::Empty(element) => match element.name().as_ref() {
                "w:p" => (here, words) = (Vec::new(), String::new()),
                "w:bookmarkStart" => here.extend(attribute(&element, "w:name").filter(|name| name.starts_with("_f"))),
                "w:r" => style = None,
                "w:rStyle" => style = attribute(&element, "w:val").filter(|style| style.starts_with("FolioValue")),
                "w:t" => inside = true,
                _ => {}
            },
            Event::Text(text) if inside => {
                // What a reference counts is another program's own affair.
                words.extend(text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()));
                if let Some(style) = &style {
                    *marks.values.entry(style.clone()).or_default() += text.chars().count();
                }
            }
            Event::End(element) => match element.name().as_ref() {
                "w:t" => inside = false,
                "w:p" => marks.anchors.extend(here.drain(..).map(|name| (name, words.clone()))),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    let custom = part("docProps/custom.xml");
    let mut reader = quick_xml::Reader::from_str(&custom);
    let mut property = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) if element.name().as_ref() == "property" => property = attribute(&element, "name"),
            Event::Text(text) => {
                if let Some(name) = property.take().filter(|name| name.starts_with("Folio")) {
                    marks.properties.insert(name, text.into_owned().to_string());
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    marks
}

/// The handbook of the specimen workspace, with values in every look instead of charts, and its Word file.
fn handbook() -> (Document, Vec<u8>) {
    let workspace = Workspace::specimen();
    let template = "pack/documents/handbook.md.hbs";
    let text = workspace.read(template);
    let (before, rest) = text.split_once("# Charts").unwrap();
    let (_, after) = rest.split_once("has the names.\n").unwrap();
    let values = "**{{organisation.name}}** *{{organisation.short_name}}* `{{organisation.country}}` \
                  [{{organisation.short_name}}](https://quill.example)";
    workspace.write(template, format!("{before}{values}\n{after}"));
    let document = specimen(&workspace, "handbook");
    let request = Request { formats: vec![docx::FORMAT], only: vec!["handbook".into()], ..request() };
    let (outcome, said) = workspace.render_with(request);
    let outcome = outcome.unwrap();
    let path = outcome.documents[0].outputs.first().unwrap_or_else(|| panic!("{said}")).path.clone();
    (document, std::fs::read(path).unwrap())
}

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures/anchors").join(name)
}

#[test]
fn a_word_file_tells_what_the_model_knows() {
    let (document, bytes) = handbook();
    let marks = read(&bytes);
    let anchors: BTreeSet<String> = marks.anchors.iter().map(|(name, _)| name.clone()).collect();
    let of_its_own = identities(&document).into_iter().filter(|identity| identity.part.has_paragraph());
    assert_eq!(anchors, of_its_own.map(|identity| identity.name).collect());
    let looks: Vec<&str> = marks.values.keys().map(String::as_str).collect();
    let known = ["FolioValue", "FolioValueCode", "FolioValueEmphasis", "FolioValueLink", "FolioValueStrong"];
    assert_eq!(looks, known);
    let known: Vec<&str> = marks.properties.keys().map(String::as_str).collect();
    assert_eq!(known, ["FolioDocument", "FolioModel", "FolioNumber", "FolioPack", "FolioVersion", "FolioWorkspace"]);
    assert_eq!(marks.properties["FolioWorkspace"], document.control.workspace);
}

/// `written.docx` is [`handbook`]; the others are that file, saved again by the programs that they are called after.
/// `.ci/survive.py` makes them, and looks at files of today where it finds those programs.
#[test]
fn what_other_programs_saved_still_tells_all_of_it() {
    let written = read(&std::fs::read(fixture("written.docx")).unwrap());
    assert!(written.anchors.len() > 40 && written.values.len() == 5 && written.properties.len() == 6, "{written:#?}");
    for saver in ["libreoffice", "libreoffice-through-odt", "python-docx"] {
        let saved = read(&std::fs::read(fixture(&format!("{saver}.docx"))).unwrap());
        let lost: Vec<_> = written.anchors.difference(&saved.anchors).collect();
        assert!(lost.is_empty(), "{saver}: {lost:?}");
        assert_eq!(saved.values, written.values, "{saver}");
        assert_eq!(saved.properties, written.properties, "{saver}");
    }
}

#[test]
#[ignore = "writes a fixture"]
fn write_the_fixture() {
    std::fs::create_dir_all(fixture("")).unwrap();
    std::fs::write(fixture("written.docx"), handbook().1).unwrap();
}
