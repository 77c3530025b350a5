//! The documents of the examples, as they are and as the profile would have them after a change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use folio::backend::{Work, Write, docx};
use folio::chart;
use folio::diagnostic::Sink;
use folio::files::{Changed, Disk, Files};
use folio::model::{Document, Images, Node, Pages, Printed, walk};
use folio::render::Request;
use folio::typeset::Fonts;
use folio::workspace::Workspace;

/// The workspaces of `examples/`.
pub(crate) const EXAMPLES: &[&str] = &[
    "northwind",
    "northwind-2022",
    "harbour-works",
    "harbour-works-2022",
    "riverside-clinics",
    "riverside-clinics-2022",
    "meadow-credit-union",
    "tannfels",
];

/// The documents of a workspace, and what they are written with.
pub(crate) struct Set {
    pub(crate) workspace: Workspace,
    pub(crate) documents: Vec<Document>,
    pub(crate) images: Images,
}

/// A file of a workspace and what becomes of its text.
pub(crate) type Patches = BTreeMap<String, Option<Vec<u8>>>;

pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

impl Set {
    /// An example as it is.
    pub(crate) fn of(name: &str) -> Set {
        let root = folder(name);
        let session = request().session();
        let mut sink = Sink::new();
        let workspace = session.workspace(&root, &mut sink).unwrap_or_else(|| panic!("{name}: {sink:#?}"));
        Set::made(workspace, &mut sink).unwrap_or_else(|| panic!("{name}: {sink:#?}"))
    }

    /// The same example with changed files; nothing when no documents come of it.
    pub(crate) fn patched(&self, name: &str, patches: Patches) -> Option<Set> {
        let root = folder(name);
        let session = request().session();
        let below: Arc<dyn Files> = Arc::new(Disk::new(&root, ""));
        let files: Arc<dyn Files> = Arc::new(Changed::new(below, patches));
        let mut sink = Sink::new();
        let workspace = session.workspace_with(&root, files, self.workspace.pack.clone(), &mut sink)?;
        Set::made(workspace, &mut sink)
    }

    fn made(workspace: Workspace, sink: &mut Sink) -> Option<Set> {
        let session = request().session();
        let plan = session.plan(&workspace, sink);
        let documents = session.documents(&workspace, &plan, sink).documents?;
        let fonts = Fonts::new(workspace.fonts.iter().chain(&workspace.pack.fonts));
        let mut images = workspace.images.clone();
        let advances = fonts.advances(&workspace.theme.fonts.body.pdf);
        for document in &documents {
            chart::draw(document, &workspace.theme, &workspace.pack.strings, &advances, &mut images);
        }
        Some(Set { workspace, documents, images })
    }

    pub(crate) fn document(&self, id: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.control.id == id)
    }

    pub(crate) fn work<'a>(&'a self, document: &'a Document) -> Work<'a> {
        let Workspace { theme, pack, .. } = &self.workspace;
        Work { document, theme, strings: &pack.strings, images: &self.images }
    }

    /// The Word file of a document.
    pub(crate) fn written(&self, document: &Document) -> Vec<u8> {
        written(&self.work(document))
    }
}

/// The Word file of a document, on pages as [`pages`] has them.
pub(crate) fn written(work: &Work<'_>) -> Vec<u8> {
    let Write::Pages(write) = docx::FORMAT.write else { unreachable!() };
    write(work, &Laid(pages(work.document))).unwrap_or_else(|sink| panic!("{sink:#?}"))
}

fn request() -> Request {
    Request { jobs: 2, today: "2026-11-23".into(), ..Request::default() }
}

struct Laid(Pages);

impl Printed for Laid {
    fn pages(&self) -> &Pages {
        &self.0
    }

    fn pdf(&self) -> Result<Vec<u8>, Sink> {
        Err(Sink::new())
    }
}

/// Pages as a layout could have them: so many blocks on each.
pub(crate) fn pages(document: &Document) -> Pages {
    let mut pages = Pages { count: 1, of: BTreeMap::new() };
    for (at, block) in walk(&document.body).into_iter().enumerate() {
        pages.count = 2 + at as u32 / 12;
        let label = match &block.node {
            Node::Heading(heading) => Some(heading.id.clone()),
            Node::Table(table) => table.id.clone(),
            Node::Figure(figure) => figure.id.clone(),
            _ => None,
        };
        pages.of.extend(label.map(|label| (label, pages.count)));
    }
    pages
}
