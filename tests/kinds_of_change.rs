//! Eight kinds of change on the examples: which documents must change, which may, and which must not, and why. The changes and
//! what is expected of them stand in `tests/kinds/EXAMPLE.txt`, written from the documents by somebody who thinks as an auditor:
//!
//! ```text
//! = A new security officer
//! in profile.yaml                 the file that the next hunks change
//! < old text                      each hunk: old lines and the new ones in their place; new ones alone are put at the end
//! > new text
//! without registers/x.csv KEY,    the lines of a register that begin so go
//! must DOCUMENT | why             its content changes; `*`: that of all others
//! may DOCUMENT | why
//! rest | why the others must not
//! asks CHECK PLACE                a decision that the change asks for
//! left WORD | PATH                a name that is gone and still stands in a text of the profile
//! stays WORD | why                a word that is not told as left behind
//! keeps DOCUMENT | ROW            a closed row, whose words stay
//! ```
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "tests read files")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use folio::align::{self, Piece};
use folio::changes::{Comparison, leftovers};
use folio::diagnostic::Sink;
use folio::digest;
use folio::files::{Changed, Disk, Files};
use folio::history::{self, Facts};
use folio::model::{Document, content, plain, stored, walk};
use folio::pack::Pack;
use folio::pack::source::{self, Bases as _, Shelf};
use folio::session::Session;
use folio::workspace::Workspace;

/// Files with other content than on the disk.
type Edits = BTreeMap<String, Option<Vec<u8>>>;

/// An example, and how it is made.
struct Example {
    root: PathBuf,
    session: Session,
    pack: Arc<Pack>,
}

/// What is made of an example.
struct Made {
    documents: BTreeMap<String, Document>,
    workspace: Workspace,
    /// What it was made from.
    facts: Facts,
    /// `CHECK PLACE` of each decision that is asked for.
    asks: BTreeSet<String>,
}

impl Example {
    fn new(root: PathBuf, pack: &str) -> Example {
        let shelf = Shelf::default();
        let beside = root.join(pack);
        let pack = match beside.is_dir() {
            true => source::folder(&beside),
            false => shelf.find(&pack.parse().unwrap()).unwrap(),
        };
        let pack = Arc::new(Pack::load(pack, &shelf, &mut Sink::new()).unwrap());
        Example { root, session: Session::new(shelf, 2, "2026-11-28"), pack }
    }

    fn disk(&self) -> Disk {
        Disk::new(self.root.clone(), "")
    }

    fn make(&self, edits: &Edits) -> Made {
        let mut sink = Sink::new();
        let files: Arc<dyn Files> = Arc::new(Changed::new(Arc::new(self.disk()), edits.clone()));
        let said = |sink: &Sink| -> Vec<String> { sink.iter().map(|problem| problem.message.clone()).collect() };
        let workspace = self.session.workspace_with(&self.root, files, self.pack.clone(), &mut sink);
        let workspace = workspace.unwrap_or_else(|| panic!("{:#?}", said(&sink)));
        let plan = self.session.plan(&workspace, &mut sink);
        let documents = self.session.documents(&workspace, &plan, &mut sink).documents;
        assert!(!sink.has_faults(), "{:#?}", said(&sink));
        let asked = plan.findings.iter().filter(|finding| finding.on_change);
        Made {
            asks: asked.map(|one| format!("{} {}", one.check, one.path.as_deref().unwrap_or_default())).collect(),
            facts: workspace.kept_facts(),
            workspace,
            documents: documents
                .unwrap_or_else(|| panic!("{:#?}", said(&sink)))
                .into_iter()
                .map(|document| (document.control.id.to_string(), document))
                .collect(),
        }
    }

    /// Every document issued as it is: what the history holds then. What tells of the history itself (the list of documents)
    /// is issued as it is after that.
    fn issue(&self) -> (Made, Edits) {
        let first = Example::kept(&self.make(&Edits::new()));
        let made = self.make(&first);
        let edits = Example::kept(&made);
        (made, edits)
    }

    /// The history in which documents were issued.
    fn kept(made: &Made) -> Edits {
        let mut edits = Edits::new();
        let bytes = made.facts.to_bytes();
        let facts = digest::of_file(&bytes);
        edits.insert(Facts::path(&facts), Some(bytes));
        let mut issued = Vec::new();
        for (id, document) in &made.documents {
            let bytes = stored::bytes(document);
            let version = serde_json::json!({
                "id": id, "version": "1.0", "model": stored::digest(&bytes), "content": content::digest(document),
            });
            issued.push(version);
            edits.insert(format!("{}/{}", history::folder(id, "1.0"), history::MODEL), Some(bytes));
        }
        let entry = serde_json::json!({
            "format": 1, "number": 1, "previous": history::NOTHING, "event": "issue", "day": "2026-11-28",
            "documents": issued, "facts": facts,
        });
        edits.insert(history::FILE.into(), Some(format!("{entry}\n").into_bytes()));
        edits
    }
}

/// In place of a document: every one of which nothing else is said.
const ALL: &str = "*";

/// One kind of change, and what is expected of it.
#[derive(Default)]
struct Kind {
    title: String,
    hunks: Vec<Hunk>,
    must: BTreeMap<String, String>,
    may: BTreeMap<String, String>,
    rest: String,
    asks: BTreeSet<String>,
    left: Vec<(String, String)>,
    stays: Vec<(String, String)>,
    keeps: Vec<(String, String)>,
}

enum Hunk {
    Replace { file: String, old: String, new: String },
    Without { file: String, start: String },
}

fn read(text: &str) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    let (mut file, mut old, mut new) = (String::new(), Vec::new(), Vec::new());
    for line in text.lines().chain(["#"]) {
        if let Some(line) = line.strip_prefix("<") {
            if !new.is_empty() {
                flush(&mut kinds, &file, &mut old, &mut new);
            }
            old.push(line.strip_prefix(' ').unwrap_or(line).to_owned());
            continue;
        }
        if let Some(line) = line.strip_prefix(">") {
            new.push(line.strip_prefix(' ').unwrap_or(line).to_owned());
            continue;
        }
        flush(&mut kinds, &file, &mut old, &mut new);
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let halves = || {
            let (left, right) = rest.split_once(" | ").unwrap_or_else(|| panic!("no reason: {line}"));
            (left.trim().to_owned(), right.trim().to_owned())
        };
        let last = kinds.last_mut();
        match (word, last) {
            ("" | "#", _) => {}
            ("=", _) => kinds.push(Kind { title: rest.to_owned(), ..Kind::default() }),
            ("in", _) => rest.clone_into(&mut file),
            ("without", Some(kind)) => {
                let (file, start) = rest.split_once(' ').unwrap();
                kind.hunks.push(Hunk::Without { file: file.to_owned(), start: start.to_owned() });
            }
            ("must", Some(kind)) => kind.must.extend([halves()]),
            ("may", Some(kind)) => kind.may.extend([halves()]),
            ("rest", Some(kind)) => kind.rest = rest.trim_start_matches("| ").to_owned(),
            ("asks", Some(kind)) => kind.asks.extend([rest.to_owned()]),
            ("left", Some(kind)) => kind.left.push(halves()),
            ("stays", Some(kind)) => kind.stays.push(halves()),
            ("keeps", Some(kind)) => kind.keeps.push(halves()),
            _ => panic!("what is this: {line}"),
        }
    }
    kinds
}

fn flush(kinds: &mut [Kind], file: &str, old: &mut Vec<String>, new: &mut Vec<String>) {
    if old.is_empty() && new.is_empty() {
        return;
    }
    let hunk = Hunk::Replace { file: file.to_owned(), old: old.join("\n"), new: new.join("\n") };
    kinds.last_mut().unwrap().hunks.push(hunk);
    old.clear();
    new.clear();
}

impl Kind {
    /// What the history holds, and the changed files beside it.
    fn edits(&self, example: &Example, issued: &Edits) -> Edits {
        let mut edits = issued.clone();
        for hunk in &self.hunks {
            let (Hunk::Replace { file, .. } | Hunk::Without { file, .. }) = hunk;
            let now = edits.get(file).cloned().flatten();
            let now = now.unwrap_or_else(|| example.disk().read(file).unwrap_or_else(|_| panic!("no {file}")));
            let text = String::from_utf8(now).unwrap();
            let text = match hunk {
                Hunk::Replace { old, new, .. } if old.is_empty() => format!("{}\n{new}\n", text.trim_end()),
                Hunk::Replace { old, new, .. } => {
                    assert!(text.contains(old.as_str()), "{}: `{old}` is not in {file}", self.title);
                    text.replacen(old.as_str(), new, 1)
                }
                Hunk::Without { start, .. } => {
                    let kept: String = text.split_inclusive('\n').filter(|line| !line.starts_with(start)).collect();
                    assert_ne!(kept, text, "{}: {file} has no line {start}", self.title);
                    kept
                }
            };
            edits.insert(file.clone(), Some(text.into_bytes()));
        }
        edits
    }
}

/// A document as lines of words, without provenance.
fn lines(document: &Document) -> Vec<String> {
    let bare = content::of(document);
    let mut lines = vec![format!("{:?}", bare.control)];
    for block in walk(&bare.body) {
        let of_block: Vec<String> = block.lines().into_iter().map(plain).collect();
        if of_block.is_empty() {
            lines.push(format!("{:?}", block.node).chars().take(2000).collect());
        }
        lines.extend(of_block);
    }
    lines.extend(bare.footnotes.values().map(|note| plain(note)));
    lines
}

/// The first words that differ between two versions, with some of what stands around them.
fn first_words(old: &Document, new: &Document) -> String {
    let (old, new) = (lines(old), lines(new));
    let at = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.get(at).map_or("", String::as_str), new.get(at).map_or("", String::as_str));
    if old == new {
        return "something without words".into();
    }
    let mut said = String::new();
    for piece in align::words(old, new) {
        match piece {
            Piece::Kept(text) => {
                let last: Vec<char> = text.chars().collect();
                said.extend(&last[last.len().saturating_sub(60)..]);
            }
            Piece::Removed(text) => write!(said, "[-{text}-]").unwrap(),
            Piece::Added(text) => write!(said, "{{+{text}+}}").unwrap(),
        }
        if said.chars().count() > 420 {
            break;
        }
    }
    said.chars().take(420).collect()
}

/// What a document shows of a row.
fn row_words(document: &Document, row: &str) -> Vec<String> {
    let mut found = Vec::new();
    for block in walk(&document.body) {
        if block.origin.rows.iter().any(|one| one == row) {
            found.extend(block.lines().into_iter().map(plain));
        }
        if let folio::model::Node::Table(table) = &block.node {
            for one in table.rows.iter().filter(|one| one.source.as_deref() == Some(row)) {
                found.extend(one.cells.iter().map(|cell| plain(cell)));
            }
        }
    }
    found
}

/// Goes through the kinds of one example; the table, and what is not as expected.
fn check(name: &str, example: &Example) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/kinds/{name}.txt"));
    let kinds = read(&std::fs::read_to_string(file).unwrap());
    let (before, issued) = example.issue();
    let only = std::env::var("KIND").unwrap_or_default();
    let (mut wrong, mut table) = (String::new(), String::new());
    let again = example.make(&issued);
    for (id, document) in &before.documents {
        if content::digest(document) != content::digest(&again.documents[id]) {
            writeln!(wrong, "nothing changed: {id} did: {}", first_words(document, &again.documents[id])).unwrap();
        }
    }
    for kind in kinds.iter().filter(|kind| kind.title.contains(&only)) {
        let after = example.make(&kind.edits(example, &issued));
        let mut right = 0;
        let all: BTreeSet<&String> = before.documents.keys().chain(after.documents.keys()).collect();
        for id in kind.must.keys().filter(|id| *id != ALL) {
            assert!(all.contains(id), "{name}: {}: no document {id}", kind.title);
        }
        for id in &all {
            let (old, new) = (before.documents.get(*id), after.documents.get(*id));
            let changed = old.map(content::digest) != new.map(content::digest);
            let must = kind.must.get(*id).or_else(|| kind.must.get(ALL));
            let expected = match kind.may.contains_key(*id) {
                true => None,
                false => Some(must.is_some()),
            };
            match (expected, old, new) {
                (Some(true), ..) if !changed => {
                    writeln!(wrong, "{}: {id} must change: {}", kind.title, must.map_or("", |why| why)).unwrap();
                }
                (Some(false), Some(old), Some(new)) if changed => {
                    writeln!(wrong, "{}: {id} must not change: {}", kind.title, first_words(old, new)).unwrap();
                }
                (Some(false), ..) if changed => writeln!(wrong, "{}: {id} came or went", kind.title).unwrap(),
                _ => right += 1,
            }
            if std::env::var("SHOW").is_ok()
                && changed
                && let (Some(old), Some(new)) = (old, new)
            {
                println!("  {}: {id}: {}", kind.title, first_words(old, new));
            }
            // Both versions as lines, to be read side by side.
            if let Ok(folder) = std::env::var("DUMP")
                && changed
            {
                let text = |one: Option<&Document>| one.map(|one| lines(one).join("\n")).unwrap_or_default();
                let folder = format!("{folder}/{name}/{}", kind.title.replace(' ', "-"));
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(format!("{folder}/{id}.old"), text(old)).unwrap();
                std::fs::write(format!("{folder}/{id}.new"), text(new)).unwrap();
            }
        }
        for one in kind.asks.difference(&after.asks) {
            writeln!(wrong, "{}: is not asked: {one}", kind.title).unwrap();
        }
        for one in after.asks.difference(&kind.asks) {
            writeln!(wrong, "{}: is asked, and nobody expects it: {one}", kind.title).unwrap();
        }
        let compared = Comparison::new(Some(&before.facts), &after.facts, &after.workspace);
        let found = leftovers(&after.facts, compared.differences(), &after.workspace);
        for (word, path) in &kind.left {
            if !found.iter().any(|one| one.word == *word && one.path == *path) {
                let told: Vec<String> = found.iter().map(|one| format!("{} | {}", one.word, one.path)).collect();
                writeln!(wrong, "{}: is not found as left behind: {word} | {path}; {told:?}", kind.title).unwrap();
            }
        }
        for (word, why) in &kind.stays {
            for one in found.iter().filter(|one| one.word == *word) {
                writeln!(wrong, "{}: is told as left behind: {word} in {}, which {why}", kind.title, one.path).unwrap();
            }
        }
        for (id, row) in &kind.keeps {
            let (old, new) = (row_words(&before.documents[id], row), row_words(&after.documents[id], row));
            assert!(!old.is_empty(), "{name}: {}: {id} shows nothing of {row}", kind.title);
            if old != new {
                let at = old.iter().zip(&new).find(|(old, new)| old != new);
                writeln!(wrong, "{}: {id} keeps {row}: {at:?}", kind.title).unwrap();
            }
        }
        let may = kind.may.len();
        let must = if kind.must.contains_key(ALL) { all.len() - may } else { kind.must.len() };
        let not = all.len() - must - may;
        writeln!(table, "{name} | {} | {must} | {may} | {not} | {right} of {}", kind.title, all.len()).unwrap();
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{name}:\n{wrong}");
}

fn of_folder(name: &str, pack: &str) -> Example {
    Example::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name), pack)
}

#[test]
fn northwind() {
    check("northwind", &of_folder("northwind", "iso27001-2013@^2"));
}

#[test]
fn northwind_2022() {
    check("northwind-2022", &of_folder("northwind-2022", "iso27001-2022@^2"));
}

#[test]
fn harbour_works() {
    check("harbour-works-2022", &of_folder("harbour-works-2022", "iso27001-2022@^2"));
}

#[test]
fn riverside_clinics() {
    check("riverside-clinics", &of_folder("riverside-clinics", "iso27001-2013@^2"));
}

fn of_client(name: &str, pack: &str) -> Example {
    Example::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/clients").join(name), pack)
}

#[test]
fn clarient_lab() {
    check("clarient-lab", &of_client("clarient-lab", "iso27001-2022@^2"));
}

#[test]
fn wexcombe_library() {
    check("wexcombe-library", &of_client("wexcombe-library", "iso27001-2013@^2"));
}

/// A firm that is called like the family that owns it.
#[test]
fn valadares() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/valadares");
    check("valadares", &Example::new(folder, "iso27001-2013@^2"));
}

/// Another standard, and a pack of a few documents.
#[test]
fn meadow_credit_union() {
    check("meadow-credit-union", &of_folder("meadow-credit-union", "../packs/csf-governance"));
}

/// Another language, and one person in nearly every post.
#[test]
fn lot_senkel() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/lot-senkel");
    check("lot-senkel", &Example::new(root, "../../../examples/packs/iso27001-2022-de"));
}

/// The barest profile, where the same people hold several posts: what `folio new` lays down.
#[test]
fn charity() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_folio"))
        .args(["new", "charity", "--like", "charity", "--yes"])
        .current_dir(folder.path())
        .env("FOLIO_PACKS", "none")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    check("charity", &Example::new(folder.path().join("charity"), "iso27001-2022@^2"));
}
