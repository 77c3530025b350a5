//! What integration tests share: workspaces in temporary folders.
#![allow(dead_code, clippy::disallowed_methods, reason = "each test uses its part; tests make and read files")]

pub(crate) mod client;
pub(crate) mod kit;
pub(crate) mod past;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use folio::commit::{Commit, Held, Manner};
use folio::diagnostic::Sink;
use folio::diagnostic::text::render as show;
use folio::dump::dump;
use folio::model::Document;
use folio::render::{Outcome, Request, render};

/// A copy of the specimen workspace.
pub(crate) struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    pub(crate) fn specimen() -> Workspace {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen"), folder.path());
        Workspace { folder }
    }

    /// The specimen in `client`, with its pack by name: that is in `pack`, and installed in `installed`.
    pub(crate) fn client() -> Workspace {
        let workspace = Workspace::empty();
        std::fs::create_dir(workspace.file("client")).unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/specimen"), &workspace.file("client"));
        std::fs::rename(workspace.file("client/pack"), workspace.file("pack")).unwrap();
        install(&workspace.file("pack"), &workspace.file("installed"));
        workspace.edit("client/folio.yaml", "pack: {path: pack}", "pack: specimen@^1");
        workspace
    }

    /// An empty folder.
    pub(crate) fn empty() -> Workspace {
        Workspace { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.file(path)).unwrap()
    }

    pub(crate) fn read_bytes(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.file(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Workspace {
        let path = self.file(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    /// Replaces a text that stands in a file.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) -> &Workspace {
        let text = self.read(path);
        assert!(text.contains(from), "`{from}` is not in {path}");
        self.write(path, text.replacen(from, to, 1))
    }

    pub(crate) fn remove(&self, path: &str) -> &Workspace {
        std::fs::remove_file(self.file(path)).unwrap();
        self
    }

    /// Renders; the outcome, and what was said as a person reads it.
    pub(crate) fn render_with(&self, request: Request) -> (Option<Outcome>, String) {
        let mut sink = Sink::new();
        let outcome = render(self.path(), &request, &|_, _| {}, &mut sink);
        let said: Vec<String> = sink.iter().map(|problem| show(problem, false)).collect();
        (outcome, said.join("\n").replace(&self.path().display().to_string(), "WORKSPACE"))
    }

    pub(crate) fn render(&self) -> (Option<Outcome>, String) {
        self.render_with(request())
    }

    /// The dumps of the documents, by id.
    pub(crate) fn dumps(&self) -> Vec<(String, String)> {
        dumps(self.path())
    }

    /// What the program says here, errors first, and its exit code; `packs` is the folder of installed packs.
    pub(crate) fn folio(&self, packs: &str, arguments: &[&str]) -> (String, i32) {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_folio"))
            .args(arguments)
            .current_dir(self.path())
            .env("SOURCE_DATE_EPOCH", "1795392000")
            .env("FOLIO_PACKS", packs)
            .output()
            .unwrap();
        let text = [output.stderr, output.stdout].concat();
        (String::from_utf8(text).unwrap(), output.status.code().unwrap())
    }

    /// What a dry run says.
    pub(crate) fn problems(&self) -> String {
        self.render_with(Request { dry_run: true, ..request() }).1
    }
}

/// Every file below a folder, without what a command that was killed keeps for the next one.
pub(crate) fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            let is_own =
                name.contains(".folio-") || [".folio/run.lock", ".folio/staging.json"].contains(&name.as_str());
            if !is_own {
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

/// What was said, as a person reads it.
pub(crate) fn said(sink: &Sink) -> String {
    sink.iter().map(|problem| show(problem, false)).collect::<Vec<_>>().join("\n")
}

/// The dumps of the documents of a workspace, by id.
pub(crate) fn dumps(root: &Path) -> Vec<(String, String)> {
    let mut sink = Sink::new();
    let request = request();
    let session = request.session();
    let set = session.workspace(root, &mut sink).and_then(|workspace| {
        let plan = session.plan(&workspace, &mut sink);
        let documents = session.documents(&workspace, &plan, &mut sink).documents?;
        let dump = |document: &Document| (document.control.id.clone(), dump(document, &workspace.pack.strings));
        Some(documents.iter().map(dump).collect())
    });
    set.unwrap_or_else(|| panic!("{sink:#?}"))
}

/// Puts the pack in a folder among those that are installed, as `folio pack install` leaves it.
pub(crate) fn install(pack: &Path, installed: &Path) {
    use folio::files::{Disk, Files};
    let files: std::sync::Arc<dyn Files> = std::sync::Arc::new(Disk::new(pack, ""));
    let bytes = folio::pack::archive::pack(&*files).unwrap();
    let layer = folio::pack::Layer::read(files, &mut Sink::new()).unwrap();
    let (id, version) = (&layer.manifest.id, layer.manifest.version.to_string());
    std::fs::create_dir_all(installed).unwrap();
    std::fs::write(installed.join(folio::pack::archive::file_name(id, &version, &layer.digest)), bytes).unwrap();
}

pub(crate) fn request() -> Request {
    Request { jobs: 2, today: "2026-11-23".into(), ..Request::default() }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() != "out" {
                std::fs::create_dir_all(&target).unwrap();
                copy(&entry.path(), &target);
            }
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Stops a commit to a workspace at each of its steps, as a kill does, and goes on from there: every time all of it is done, or
/// nothing. How often nothing was, and how often all.
pub(crate) fn killed_at_each_step(whole: &Workspace, commit: &Commit) -> (usize, usize) {
    let old = files(whole.path());
    let mut held = Held::take(whole.path(), Manner::default()).unwrap();
    held.apply(commit).unwrap();
    let steps = held.steps();
    drop(held);
    let new = files(whole.path());
    let (mut olds, mut news) = (0, 0);
    for step in 0..steps {
        let workspace = Workspace::empty();
        for (path, bytes) in &old {
            workspace.write(path, bytes);
        }
        let mut held = Held::take_stopping(workspace.path(), Manner::default(), step).unwrap();
        let _ = held.apply(commit);
        drop(held);
        drop(Held::take(workspace.path(), Manner::default()).unwrap());
        let found = files(workspace.path());
        assert!(found == old || found == new, "step {step}: {:?}", found.keys());
        *(if found == new { &mut news } else { &mut olds }) += 1;
    }
    (olds, news)
}
