//! Redlines: two states of a workspace, and the Word files that lead from one to the other. With `FOLIO_REDLINES` set to a
//! folder, the files of each case are left there for programs that resolve them.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

mod common;

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use common::{Workspace, copy, request};
use folio::backend::docx::{Marking, Redlined, Side, redline};
use folio::backend::{Backends, Work};
use folio::diagnostic::Sink;
use folio::model::{Document, Pages};
use folio::session::{Press, Session};
use folio::workspace::Workspace as Opened;

/// A state of a workspace, printed.
struct State {
    session: Session,
    opened: Opened,
    press: Press,
    documents: Vec<Document>,
}

impl State {
    fn of(root: &Path) -> State {
        let mut sink = Sink::new();
        let session = request().session();
        let opened = session.workspace(root, &mut sink).unwrap_or_else(|| panic!("{sink:#?}"));
        let plan = session.plan(&opened, &mut sink);
        let documents = session.documents(&opened, &plan, &mut sink).documents;
        let documents = documents.unwrap_or_else(|| panic!("{sink:#?}"));
        let formats = Backends::bundled().pick(["docx"]).unwrap();
        let press = session.press(&opened, &documents, &formats, &mut sink).unwrap();
        State { session, opened, press, documents }
    }

    fn pages(&self, document: &Document) -> Pages {
        self.press.pages(document).unwrap().unwrap()
    }

    fn work<'s>(&'s self, document: &'s Document) -> Work<'s> {
        Work { document, theme: &self.opened.theme, strings: self.press.strings(), images: self.press.images() }
    }

    fn docx(&self, document: &Document) -> Vec<u8> {
        self.try_docx(document).unwrap()
    }

    /// None where something leads to what the document no longer has.
    fn try_docx(&self, document: &Document) -> Option<Vec<u8>> {
        let formats = Backends::bundled().pick(["docx"]).unwrap();
        let mut sink = Sink::new();
        let printed = self.session.print(&self.press, &self.opened, document, &formats, &mut sink)?;
        printed.outputs.into_iter().next().map(|(_, bytes)| bytes)
    }
}

const MARKING: Marking<'static> =
    Marking { author: "Quill & Sons", date: jiff::civil::date(2026, 11, 28), moves: false, comment: None };

/// The redline of one document of two states.
fn between(old: &State, new: &State, was: &Document, is: &Document) -> Redlined {
    let (old_pages, new_pages) = (old.pages(was), new.pages(is));
    let old = Side { work: old.work(was), pages: &old_pages };
    let new = Side { work: new.work(is), pages: &new_pages };
    redline(&old, &new, &MARKING).unwrap_or_else(|sink| panic!("{sink:#?}"))
}

fn part(docx: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut zip = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Where the files of a case go, if somebody wants them.
fn kept(case: &str, id: &str, files: [(&str, &[u8]); 3]) {
    let Some(folder) = std::env::var_os("FOLIO_REDLINES").map(PathBuf::from) else { return };
    let folder = folder.join(case);
    std::fs::create_dir_all(&folder).unwrap();
    for (kind, bytes) in files {
        std::fs::write(folder.join(format!("{id}.{kind}.docx")), bytes).unwrap();
    }
}

/// Of so many documents that differ between two states redlines are made; `tests/redlines` has them all.
const MOST: usize = 4;

/// Makes the redlines of the first documents of two states that differ; how many there are.
fn case(name: &str, old: &State, new: &Path) -> usize {
    let new = State::of(new);
    let mut count = 0;
    for is in &new.documents {
        let Some(was) = old.documents.iter().find(|document| document.control.id == is.control.id) else { continue };
        if was == is || count == MOST {
            continue;
        }
        let (before, after) = (old.docx(was), new.docx(is));
        let redlined = between(old, &new, was, is);
        assert!(redlined.revisions == 0 || before != after);
        if redlined.revisions == 0 {
            continue;
        }
        kept(name, &is.control.id, [("old", &before), ("new", &after), ("redline", &redlined.bytes)]);
        count += 1;
    }
    count
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// A copy of an example whose pack is found from anywhere.
fn changed(name: &str, change: impl FnOnce(&Workspace)) -> Workspace {
    let workspace = Workspace::empty();
    copy(&example(name), workspace.path());
    let text = workspace.read("folio.yaml");
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("template-packs");
    workspace.write("folio.yaml", text.replace("../../template-packs", packs.to_str().unwrap()));
    change(&workspace);
    workspace
}

/// Makes a redline of a document against the same one, changed by hand.
fn edited(name: &str, state: &State, id: &str, edit: impl FnOnce(&mut Document)) {
    let was = state.documents.iter().find(|document| document.control.id == id).unwrap();
    let mut is = was.clone();
    edit(&mut is);
    let (before, Some(after)) = (state.docx(was), state.try_docx(&is)) else { return };
    let redlined = between(state, state, was, &is);
    kept(name, id, [("old", &before), ("new", &after), ("redline", &redlined.bytes)]);
    // And back.
    let back = between(state, state, &is, was);
    kept(&format!("{name}-back"), id, [("old", &after), ("new", &before), ("redline", &back.bytes)]);
    assert!(redlined.revisions > 0 && back.revisions > 0, "{name}");
}

#[test]
fn states_of_a_profile() {
    let old = changed("northwind", |_| {});
    let profile = |from: &'static str, to: &'static str| {
        changed("northwind", |workspace| {
            workspace.edit("profile.yaml", from, to);
        })
    };
    let holder = profile("holder: e-hartley", "holder: t-zielinski");
    let name = profile("name: Northwind Software Ltd", "name: Southwind Planning Software plc");
    let supplier = changed("northwind", |workspace| {
        let text = workspace.read("registers/training.csv");
        let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("T-4,")).collect();
        workspace.write("registers/training.csv", kept.join("\n") + "\n");
        let text = workspace.read("registers/training_records.csv");
        let kept: Vec<&str> = text.lines().filter(|line| !line.contains(",T-4,")).collect();
        workspace.write("registers/training_records.csv", kept.join("\n") + "\n");
    });
    let pairs = [("holder", &holder), ("name", &name), ("dropped", &supplier)];
    let old = State::of(old.path());
    for (case_name, new) in pairs {
        assert!(case(case_name, &old, new.path()) > 0, "{case_name}");
    }
}

#[test]
fn another_major_version_of_the_pack() {
    let (old, new) = (State::of(&example("northwind")), State::of(&example("northwind-2022")));
    for id in ["isms-scope", "access-control-policy", "information-security-policy", "risk-register"] {
        let find = |state: &State| state.documents.iter().position(|document| document.control.id == id);
        let (Some(a), Some(b)) = (find(&old), find(&new)) else { continue };
        let (was, is) = (&old.documents[a], &new.documents[b]);
        let redlined = between(&old, &new, was, is);
        kept("major", id, [("old", &old.docx(was)), ("new", &new.docx(is)), ("redline", &redlined.bytes)]);
    }
}

fn words(text: &str) -> Vec<folio::model::Inline<folio::model::Reference>> {
    vec![folio::model::Inline::Text(folio::model::Text::literal(text))]
}

fn block(node: folio::model::Node<folio::model::Reference>) -> folio::model::Block<folio::model::Reference> {
    folio::model::Block { node, origin: folio::model::Origin::default() }
}

#[test]
fn edits_of_a_document() {
    use folio::model::{Node, State as Approved};
    let workspace = Workspace::specimen();
    let specimen = State::of(workspace.path());
    let northwind = State::of(&example("northwind"));
    for state in [&specimen, &northwind] {
        for was in &state.documents {
            let id = was.control.id.as_str();
            edited("issued", state, id, |document| document.control.state = Approved::Issued);
            if state.documents.len() > 20 {
                break;
            }
        }
    }
    for (state, count) in [(&specimen, 2), (&northwind, 1)] {
        for was in state.documents.iter().take(count) {
            let id = was.control.id.as_str();
            let table = was.body.iter().position(|block| matches!(&block.node, Node::Table(_)));
            let paragraph = was.body.iter().position(|block| matches!(&block.node, Node::Paragraph { .. }));
            let list =
                was.body.iter().position(|block| matches!(&block.node, Node::List(list) if list.items.len() > 2));
            let heading = was.body.iter().position(|block| matches!(&block.node, Node::Heading(_)));
            if let Some(at) = table {
                edited("no-table", state, id, |document| drop(document.body.remove(at)));
                edited("row", state, id, |document| {
                    let Node::Table(table) = &mut document.body[at].node else { return };
                    table.rows.remove(table.rows.len() / 2);
                });
                edited("column", state, id, |document| {
                    let Node::Table(table) = &mut document.body[at].node else { return };
                    let last = table.columns.last().unwrap().clone();
                    table.columns.iter_mut().for_each(|column| column.width *= 0.8);
                    table.columns.push(folio::model::Column { width: 20.0, ..last });
                    table.header.push(words("One more"));
                    table.rows.iter_mut().filter(|row| !row.band).for_each(|row| row.cells.push(words("said anew")));
                });
            }
            if let Some(at) = paragraph {
                edited("paragraph", state, id, |document| drop(document.body.remove(at)));
                edited("heading", state, id, |document| {
                    document.body.insert(at + 1, block(Node::Paragraph { content: words("A paragraph that is new.") }));
                    if let Some(heading) = heading {
                        let mut heading = document.body[heading].clone();
                        if let Node::Heading(heading) = &mut heading.node {
                            heading.id = "sec-anew".into();
                            heading.content = words("Something else");
                        }
                        document.body.insert(at + 1, heading);
                    }
                });
                edited("landscape", state, id, |document| {
                    let body = vec![document.body.remove(at)];
                    document.body.insert(at, block(Node::Landscape { body }));
                });
            }
            if let Some(at) = list {
                edited("reordered", state, id, |document| {
                    let Node::List(list) = &mut document.body[at].node else { return };
                    let first = list.items.remove(0);
                    list.items.push(first);
                });
                edited("item", state, id, |document| {
                    let Node::List(list) = &mut document.body[at].node else { return };
                    list.items.remove(1);
                });
            }
        }
    }
}

/// A document of the specimen with paragraphs of its own, before and after.
fn of_paragraphs(texts: [&[&str]; 2], marking: &Marking<'_>) -> (Redlined, String) {
    use folio::model::Node;
    let workspace = Workspace::specimen();
    let state = State::of(workspace.path());
    let mut was = state.documents.iter().find(|document| document.control.id == "handbook").unwrap().clone();
    was.footnotes.clear();
    let of = |texts: &[&str]| {
        let body = texts.iter().map(|text| block(Node::Paragraph { content: words(text) }));
        Document { body: body.collect(), ..was.clone() }
    };
    let (was, is) = (of(texts[0]), of(texts[1]));
    let pages = Pages { count: 1, ..Pages::default() };
    let side = |document| Side { work: state.work(document), pages: &pages };
    let redlined = redline(&side(&was), &side(&is), marking).unwrap_or_else(|sink| panic!("{sink:#?}"));
    kept(
        "paragraphs",
        texts[1].len().to_string().as_str(),
        [("old", &state.docx(&was)), ("new", &state.docx(&is)), ("redline", &redlined.bytes)],
    );
    let body = part(&redlined.bytes, "word/document.xml");
    (redlined, body)
}

const A: &str = "Every owner approves the access to the own system in writing.";
const B: &str = "Visitors are met at the door and wear a badge that everybody sees.";
const C: &str = "Backups are restored once in a quarter, and the result is kept.";

#[test]
fn a_word_is_marked_and_nothing_else() {
    let (redlined, body) =
        of_paragraphs([&[A, B], &[A, "Visitors are met at the gate and wear a badge that everybody sees."]], &MARKING);
    assert_eq!((redlined.deleted, redlined.inserted, redlined.revisions), (4, 4, 2));
    assert!(body.contains("<w:delText>door</w:delText>") && body.contains("<w:t>gate</w:t>"), "{body}");
    assert!(body.contains("w:author=\"Quill &amp; Sons\" w:date=\"2026-11-28T00:00:00Z\""));
}

#[test]
fn what_stands_elsewhere_moves_only_where_moves_are_wanted() {
    let (plain, body) = of_paragraphs([&[A, B, C, "End."], &[B, C, A, "End."]], &MARKING);
    assert!(plain.revisions > 0 && !body.contains("w:move"));
    let (_, body) = of_paragraphs([&[A, B, C, "End."], &[B, C, A, "End."]], &Marking { moves: true, ..MARKING });
    for name in ["w:moveFromRangeStart", "w:moveFromRangeEnd", "w:moveToRangeStart", "w:moveToRangeEnd"] {
        assert_eq!(body.matches(&format!("<{name} ")).count(), 1, "{name}");
    }
    assert!(!body.contains("w:delText"), "runs of a move carry plain text");
    let (_, body) = of_paragraphs([&["Short.", B], &[B, "Short."]], &Marking { moves: true, ..MARKING });
    assert!(!body.contains("w:move"), "too short to be looked for");
}

#[test]
fn a_cause_is_said_in_a_comment() {
    let cause = |name: &str| name.starts_with("_f").then(|| "The owner <changed> the door.".to_owned());
    let marking = Marking { comment: Some(&cause), ..MARKING };
    let (redlined, body) =
        of_paragraphs([&[A, B], &[A, "Visitors are met at the gate and wear a badge that everybody sees."]], &marking);
    assert_eq!(body.matches("<w:commentReference ").count(), 1, "{body}");
    let comments = part(&redlined.bytes, "word/comments.xml");
    assert!(
        comments.contains("The owner &lt;changed&gt; the door.") && comments.contains("w:initials=\"Q&amp;S\""),
        "{comments}"
    );
    assert!(part(&redlined.bytes, "word/_rels/document.xml.rels").contains("comments.xml"));
}

#[test]
fn the_same_document_has_no_marks() {
    let (redlined, _) = of_paragraphs([&[A], &[A]], &MARKING);
    assert_eq!((redlined.deleted, redlined.inserted, redlined.revisions), (0, 0, 0));
}
