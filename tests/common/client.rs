//! Organisations in memory: one of the repository, with some texts of its files replaced.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use folio::diagnostic::Sink;
use folio::files::{Changed, Disk, Files};
use folio::model::{Document, plain, walk};
use folio::pack::Pack;
use folio::pack::source::{self, Bases as _, Shelf};
use folio::session::Session;

/// An organisation and the pack that its documents are made with.
#[derive(Clone)]
pub(crate) struct Client {
    root: PathBuf,
    shelf: Shelf,
    pack: Arc<Pack>,
    files: BTreeMap<String, Option<Vec<u8>>>,
}

/// What is made of one: the lines of each document, and what the checks found, a line each.
pub(crate) struct Made {
    documents: BTreeMap<String, Vec<String>>,
    pub(crate) findings: String,
    pub(crate) problems: String,
}

impl Client {
    /// `pack` is the name of a pack, or its folder in the repository.
    pub(crate) fn new(root: &str, pack: &str) -> Client {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let shelf = Shelf::default();
        let beside = repository.join(pack);
        let pack = match beside.is_dir() {
            true => source::folder(&beside),
            false => shelf.find(&pack.parse().unwrap()).unwrap(),
        };
        let pack = Arc::new(Pack::load(pack, &shelf, &mut Sink::new()).unwrap());
        Client { root: repository.join(root), shelf, pack, files: BTreeMap::new() }
    }

    /// The same with a text in the place of another.
    pub(crate) fn edit(mut self, path: &str, from: &str, to: &str) -> Client {
        let now = self.files.get(path).cloned().flatten();
        let now = now.unwrap_or_else(|| Disk::new(&self.root, "").read(path).unwrap());
        let text = String::from_utf8(now).unwrap();
        assert!(text.contains(from), "`{from}` is not in {path}");
        self.files.insert(path.into(), Some(text.replacen(from, to, 1).into_bytes()));
        self
    }

    /// The same on another date of the facts.
    pub(crate) fn on(self, day: &str) -> Client {
        let settings = String::from_utf8(Disk::new(&self.root, "").read("folio.yaml").unwrap()).unwrap();
        let now = settings.lines().find(|line| line.starts_with("as_of:")).unwrap().to_owned();
        self.edit("folio.yaml", &now, &format!("as_of: {day}"))
    }

    pub(crate) fn made(&self) -> Made {
        let mut sink = Sink::new();
        let session = Session::new(self.shelf.clone(), 2, "2026-11-28");
        let files: Arc<dyn Files> = Arc::new(Changed::new(Arc::new(Disk::new(&self.root, "")), self.files.clone()));
        let said = |sink: &Sink| -> Vec<String> { sink.iter().map(|problem| problem.message.clone()).collect() };
        let workspace = session.workspace_with(&self.root, files, self.pack.clone(), &mut sink);
        let workspace = workspace.unwrap_or_else(|| panic!("{:#?}", said(&sink)));
        let plan = session.plan(&workspace, &mut sink);
        let documents = session.documents(&workspace, &plan, &mut sink).documents;
        assert!(!sink.has_faults(), "{:#?}", said(&sink));
        let lines = |document: &Document| {
            let blocks = walk(&document.body);
            let own = blocks.iter().take_while(|block| block.label().is_none_or(|id| !id.starts_with("folio-")));
            own.flat_map(|block| block.lines()).map(plain).collect()
        };
        let finding = |one: &folio::rules::Finding| format!("{} {}: {}\n", one.severity, one.check, one.message);
        Made {
            documents: documents
                .unwrap()
                .iter()
                .map(|document| (document.control.id.to_string(), lines(document)))
                .collect(),
            findings: plan.findings.iter().map(finding).collect(),
            problems: said(&sink).join("\n"),
        }
    }
}

impl Made {
    /// What one document says.
    pub(crate) fn of(&self, document: &str) -> String {
        self.documents.get(document).unwrap_or_else(|| panic!("no {document}")).join("\n")
    }

    /// Which documents differ from those of another.
    pub(crate) fn changed(&self, before: &Made) -> Vec<&str> {
        let differ = self.documents.iter().filter(|(id, now)| before.documents[*id] != **now);
        differ.map(|(id, _)| id.as_str()).collect()
    }

    /// The lines of a document that went since another set (`-`), and that came (`+`).
    pub(crate) fn lines_since(&self, before: &Made, id: &str) -> String {
        let (now, then) = (&self.documents[id], &before.documents[id]);
        let marked = |sign: char, own: &[String], other: &[String]| -> String {
            own.iter().filter(|line| !other.contains(line)).map(|line| format!("  {sign} {line}\n")).collect()
        };
        marked('-', then, now) + &marked('+', now, then)
    }

    /// All of them, by document.
    pub(crate) fn since(&self, before: &Made) -> String {
        self.changed(before).iter().map(|id| format!("{id}\n{}", self.lines_since(before, id))).collect()
    }
}
