//! Redlines lead from the old document to the new one, and back: over pairs of versions of the examples, and over changes
//! that are made up.
//!
//! Of each pair: with all changes accepted the redline is the new file, with all rejected the old one, compared whole; it
//! breaks no rule of Word; and it has no more characters than a diff needs. A part of the pairs is looked at in each
//! run; all of them with `cargo test --release --test redlines -- --ignored`. `FOLIO_REDLINES=FOLDER` writes the three
//! files of each pair there, and `list.tsv`, for other programs to look at; `FOLIO_KINDS="AddRow Link"` makes up changes of
//! those kinds alone.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests make and read files, and say how far they are"
)]

mod changes;
mod each;
mod engine;
mod least;
mod rules;
mod sets;
mod versions;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use changes::{Chance, Change, KINDS, changed};
use folio::backend::Work;
use folio::model::Document;
use folio::reader::{Element, Node, Package, Part, View, difference, normal, resolve};
use sets::{EXAMPLES, Set, pages, written};

/// Two versions of a document.
struct Pair<'a> {
    /// What to find it again by.
    name: String,
    old: Work<'a>,
    new: Work<'a>,
    /// Whether what stands elsewhere is moved.
    moves: bool,
    /// What was made up.
    kind: Option<Change>,
}

/// Changes for which Word has no mark that every program knows, so that more goes and comes than was changed: a column,
/// a link around words, a section's pages. Rows that share words with others.
const COSTLY: &[Change] = &[
    Change::AddColumn,
    Change::DropColumn,
    Change::Link,
    Change::Landscape,
    Change::DropAllRows,
    Change::Many,
    Change::Emptied,
    // What referred to it becomes words, which have no number that could stay.
    Change::DropFigure,
];

/// What came of many pairs.
#[derive(Default)]
struct Verdicts {
    pairs: usize,
    least: usize,
    tracked: usize,
    failed: BTreeMap<String, Vec<String>>,
    list: String,
}

impl Verdicts {
    fn look_at(&mut self, pair: &Pair<'_>) {
        self.pairs += 1;
        let (old_pages, new_pages) = (pages(pair.old.document), pages(pair.new.document));
        let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            engine::redline((&pair.old, &old_pages), (&pair.new, &new_pages), pair.moves)
        }));
        let bytes = match made {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(problem)) => return self.fail(pair, "none is made", problem),
            Err(_) => return self.fail(pair, "panic", "the engine panics".into()),
        };
        let (old_bytes, new_bytes) = (written(&pair.old), written(&pair.new));
        if let Some(folder) = std::env::var_os("FOLIO_REDLINES").map(PathBuf::from) {
            std::fs::create_dir_all(&folder).unwrap();
            let mut line = Vec::new();
            for (role, bytes) in [("old", &old_bytes), ("new", &new_bytes), ("redline", &bytes)] {
                let path = folder.join(format!("{}.{role}.docx", pair.name));
                std::fs::write(&path, bytes).unwrap();
                line.push(path.display().to_string());
            }
            let _ = writeln!(self.list, "{}", line.join("\t"));
            std::fs::write(folder.join("list.tsv"), &self.list).unwrap();
        }
        let [old, new, redline] = [&old_bytes, &new_bytes, &bytes].map(|bytes| Package::read(bytes).unwrap());
        // How documents look is no change of theirs: the looks of a redline are the new version's.
        let mut looks_new = old.clone();
        for name in LOOKS {
            if let Some(part) = redline.parts.get(*name).filter(|_| pair.kind.is_none()) {
                looks_new.parts.insert((*name).to_owned(), part.clone());
            }
        }
        for (view, target) in [(View::Accept, &new), (View::Reject, &looks_new)] {
            let resolved = resolve(&redline, view);
            let found = difference(&as_seen(&resolved), &as_seen(target));
            if let Some(problem) = found {
                self.fail(pair, &format!("{view:?}"), problem);
            }
        }
        for problem in rules::broken(&redline).into_iter().take(4) {
            self.fail(pair, "rule", problem);
        }
        let least = least::least(&least::letters(&old), &least::letters(&new));
        let tracked = least::tracked(&redline);
        let is_costly = pair.moves || pair.kind.is_none_or(|kind| COSTLY.contains(&kind));
        // The rows of a form are alike and known by their order; the names of the fields in them are not.
        let is_form = matches!(pair.kind, Some(Change::DropRow | Change::DropField)) && has_form(&new);
        // Of two lines of a history that become one, that one keeps words of one of them alone.
        let rows = |it: &Package| it.texts().iter().map(|part| named(it.xml(part).unwrap(), "tr")).sum::<usize>();
        let is_joined = pair.kind == Some(Change::History) && rows(&new) < rows(&old);
        let is_costly = is_costly || is_form || is_joined;
        if !is_costly {
            self.least += least;
            self.tracked += tracked;
        }
        // A number can have a digit in common with another that no mark shows as kept.
        if !is_costly && (tracked - tracked.min(1)) * 100 > least * 102 {
            self.fail(pair, "characters", format!("{tracked} characters where {least} would do"));
        }
    }

    fn fail(&mut self, pair: &Pair<'_>, kind: &str, problem: String) {
        println!("{}: {kind}: {problem}", pair.name);
        self.failed.entry(pair.name.clone()).or_default().push(format!("{kind}: {problem}"));
    }

    /// Ends the test: it fails with all that is wrong.
    fn end(self) {
        let mut said = format!(
            "{} pairs, {} with faults; {} characters tracked, {} would do\n",
            self.pairs,
            self.failed.len(),
            self.tracked,
            self.least
        );
        println!("{said}");
        for (name, problems) in &self.failed {
            for problem in problems {
                let _ = writeln!(said, "{name}: {problem}");
            }
        }
        assert!(self.failed.is_empty(), "{said}");
    }
}

/// The parts that say how documents look.
const LOOKS: &[&str] = &["word/styles.xml", "word/theme/theme1.xml"];

/// Without the headers and footers of first pages that their section says it does not have: what the last section refers
/// to is not tracked, so it refers to them in both versions.
fn as_seen(package: &Package) -> Package {
    fn clean(section: &mut Element) {
        let has_first = section.child("titlePg").is_some();
        let is_first =
            |it: &Element| it.is_any(&["headerReference", "footerReference"]) && it.get("type") == Some("first");
        section.children.retain_mut(|node| match node {
            Node::Element(it) if !has_first && is_first(it) => false,
            Node::Element(it) => {
                clean(it);
                true
            }
            Node::Text(_) => true,
        });
    }
    let mut package = package.clone();
    if let Some(Part::Xml(document)) = package.parts.get_mut("word/document.xml") {
        clean(document);
    }
    package
}

/// How many elements of a name are in one.
fn named(element: &Element, name: &str) -> usize {
    let mut found = 0;
    element.walk(&mut |it| found += usize::from(it.is(name)));
    found
}

/// Whether a table has fields to be filled in.
fn has_form(package: &Package) -> bool {
    let mut found = false;
    package.xml("word/document.xml").unwrap().walk(&mut |row| {
        row.walk(&mut |element| found |= row.is("tr") && element.is("sdt"));
    });
    found
}

/// Looks at made-up changes of the documents of an example: of each kind so many.
fn made_up(set: &Set, example: &str, each: usize, seed: u64, verdicts: &mut Verdicts) {
    let wanted = std::env::var("FOLIO_KINDS").ok();
    let is_wanted = |kind: &Change| wanted.as_ref().is_none_or(|it| it.split(' ').any(|it| format!("{kind:?}") == it));
    for (at, kind) in KINDS.iter().enumerate().filter(|(_, kind)| is_wanted(kind)) {
        let mut found = 0;
        for attempt in 0..each * 12 {
            let mut chance = Chance::new(seed ^ (at as u64) << 20 ^ (attempt as u64) << 8);
            let document: &Document = &set.documents[chance.below(set.documents.len())];
            let Some(mut new) = changed(document, *kind, &mut chance) else { continue };
            folio::names::inherit(&mut new, document);
            let name = format!("{example}-{}-{:02}-{attempt}", document.control.id, at);
            let name = format!("{name}-{kind:?}").replace(['(', ')'], "");
            let moves = matches!(kind, Change::MoveBlock | Change::MoveItem | Change::MoveRow | Change::MoveSection);
            for moves in if moves { &[false, true][..] } else { &[false] } {
                let name = if *moves { format!("{name}-moved") } else { name.clone() };
                verdicts.look_at(&Pair {
                    name,
                    old: set.work(document),
                    new: set.work(&new),
                    moves: *moves,
                    kind: Some(*kind),
                });
            }
            found += 1;
            if found == each {
                break;
            }
        }
    }
}

/// Looks at the documents that two versions of a workspace have both.
fn versions_of(name: &str, old: &Set, new: &Set, verdicts: &mut Verdicts) {
    for document in &old.documents {
        let Some(other) = new.document(&document.control.id) else { continue };
        if folio::model::content::digest(document) == folio::model::content::digest(other) {
            continue;
        }
        let name = format!("{name}-{}", document.control.id);
        let mut other = other.clone();
        folio::names::inherit(&mut other, document);
        verdicts.look_at(&Pair { name, old: old.work(document), new: new.work(&other), moves: false, kind: None });
    }
}

#[test]
fn made_up_changes_of_an_example() {
    let mut verdicts = Verdicts::default();
    let at = EXAMPLES.iter().position(|example| *example == "northwind-2022").unwrap();
    made_up(&Set::of(EXAMPLES[at]), EXAMPLES[at], 1, 100 + at as u64, &mut verdicts);
    verdicts.end();
}

#[test]
#[ignore = "takes minutes: for whoever changes how redlines are written"]
fn made_up_changes_of_all_examples() {
    let mut verdicts = Verdicts::default();
    for (at, example) in EXAMPLES.iter().enumerate() {
        made_up(&Set::of(example), example, 1, 100 + at as u64, &mut verdicts);
    }
    verdicts.end();
}

#[test]
#[ignore = "takes minutes: for whoever changes how redlines are written"]
fn versions_of_all_examples() {
    let mut verdicts = Verdicts::default();
    for example in EXAMPLES {
        let old = Set::of(example);
        for (change, patches) in versions::of(example) {
            match old.patched(example, patches) {
                Some(new) => versions_of(&format!("{example}-{change}"), &old, &new, &mut verdicts),
                None => println!("{example}: no documents after {change}"),
            }
        }
    }
    verdicts.end();
}

#[test]
#[ignore = "takes minutes: for whoever changes how redlines are written"]
fn editions_of_the_standard() {
    let mut verdicts = Verdicts::default();
    for example in ["northwind", "harbour-works", "riverside-clinics"] {
        let (old, new) = (Set::of(example), Set::of(&format!("{example}-2022")));
        versions_of(&format!("{example}-edition"), &old, &new, &mut verdicts);
    }
    verdicts.end();
}

/// The form in which files are compared is blind to nothing that a change makes: other documents are other files, and
/// the same document is the same file.
#[test]
fn what_is_compared_tells_documents_apart() {
    let set = Set::of("northwind-2022");
    for (at, kind) in KINDS.iter().enumerate() {
        for attempt in 0..8 {
            let mut chance = Chance::new(77 ^ (at as u64) << 20 ^ attempt << 8);
            let document = &set.documents[chance.below(set.documents.len())];
            let Some(new) = changed(document, *kind, &mut chance) else { continue };
            let [old, new] = [document, &new].map(|it| Package::read(&set.written(it)).unwrap());
            assert!(difference(&old, &new).is_some(), "{} {kind:?}", document.control.id);
            assert_eq!(normal(&old), normal(&Package::read(&old.write().unwrap()).unwrap()));
            break;
        }
    }
}
