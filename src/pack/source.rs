//! Where packs come from: embedded in the program, a folder, installed archives, or what a workspace keeps.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use include_dir::{Dir, include_dir};

use super::installed::{self, Archived, Installed};
pub use super::manifest::Wanted;
use super::{Manifest, Pack, archive, names};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, nearest};
use crate::files::{Disk, Files, Memory};
use crate::typeset::KnownFonts;

/// How many archives that were passed over are named where a pack is missing.
const SHOWN: usize = 3;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/template-packs");

/// The packs in this program, read once: they are asked for again and again.
static BUNDLED: LazyLock<Vec<Arc<dyn Files>>> = LazyLock::new(|| {
    let mut packs: Vec<_> = EMBEDDED.dirs().collect();
    packs.sort_by_key(|folder| folder.path());
    let read = packs.into_iter().map(|folder| {
        let mut files = Memory::new(format!("{}/", folder.path().display()));
        collect(folder, folder, &mut files);
        Arc::new(files) as Arc<dyn Files>
    });
    read.collect()
});

/// The packs in this program, by folder.
pub fn embedded() -> Vec<Arc<dyn Files>> {
    BUNDLED.clone()
}

fn collect(root: &Dir<'_>, folder: &Dir<'_>, files: &mut Memory) {
    for file in folder.files() {
        if let Ok(path) = file.path().strip_prefix(root.path()) {
            let path = path.to_string_lossy().replace('\\', "/");
            if !names::is_left_out(&path) {
                files.insert(path, file.contents());
            }
        }
    }
    for inner in folder.dirs() {
        collect(root, inner, files);
    }
}

/// A pack in a folder, named to the user by the folder's name: all that its author wrote, and nothing that
/// [`names::is_left_out`].
pub fn folder(path: &Path) -> Arc<dyn Files> {
    let name = path.file_name().map(|name| format!("{}/", name.to_string_lossy())).unwrap_or_default();
    Arc::new(Disk::new(path, name).leaving_out(names::is_left_out))
}

/// A pack in an archive file.
pub fn archive(path: &Path, sink: &mut Sink) -> Option<Arc<dyn Files>> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = Disk::new(path.parent().unwrap_or(Path::new("")), "");
    match folder.read(&name) {
        Ok(bytes) => Some(Arc::new(archive::unpack(&name, &bytes, sink)?)),
        Err(error) => {
            sink.push(Diagnostic::fault(&codes::PACK_FILE, error.to_string()));
            None
        }
    }
}

/// What finds the pack that another extends.
pub trait Bases {
    /// The pack that is wanted.
    ///
    /// # Errors
    /// A fault that says what there is instead.
    fn find(&self, wanted: &Wanted) -> Result<Arc<dyn Files>, Diagnostic>;

    /// The font files that were read before.
    fn fonts(&self) -> KnownFonts {
        KnownFonts::default()
    }
}

/// The packs that can be had by name: those beside a folder, those that were installed, those in this program.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Folders whose folders are packs; they come before all others.
    pub folders: Vec<PathBuf>,
    /// The folder of installed archives.
    pub installed: Option<PathBuf>,
    /// The packs that were read so far.
    pub opened: Opened,
    /// The font files of packs that were read so far.
    pub fonts: KnownFonts,
}

/// The most packs that are kept: clients have few, and a pack is large.
const MAX_OPENED: usize = 4;

/// Packs that were read last, by where they came from: several workspaces of a run share them.
#[derive(Debug, Clone, Default)]
pub struct Opened(Arc<Mutex<VecDeque<Known>>>);

/// A pack, and where it came from.
type Known = (String, Arc<Pack>);

impl Opened {
    /// The pack of a key, read when it was not read before. One that gives rise to a remark is read, and remarked upon,
    /// each time.
    pub fn get(&self, key: String, sink: &mut Sink, read: impl FnOnce(&mut Sink) -> Option<Pack>) -> Option<Arc<Pack>> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pack)) = known().iter().find(|(known, _)| *known == key) {
            return Some(pack.clone());
        }
        let mut own = Sink::new();
        let pack = read(&mut own).map(Arc::new);
        if let Some(pack) = pack.as_ref().filter(|_| own.is_empty()) {
            let mut known = known();
            known.push_front((key, pack.clone()));
            known.truncate(MAX_OPENED);
        }
        sink.merge(own);
        pack
    }
}

/// Where a pack comes from that was installed.
pub const INSTALLED: &str = "installed";

/// A pack on the shelf.
pub struct Shelved {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Where it comes from, for people.
    pub origin: &'static str,
    /// Its files.
    pub files: Arc<dyn Files>,
    /// Whether it is still what was installed, as far as that was recorded; what is part of the program always is.
    pub is_verified: bool,
}

impl From<Archived> for Shelved {
    fn from(pack: Archived) -> Shelved {
        let Archived { manifest, files, is_verified, .. } = pack;
        Shelved { manifest, origin: INSTALLED, files, is_verified }
    }
}

impl Shelf {
    /// The same, with the folder beside which a pack lies in front: packs that are made together find one another.
    pub fn beside(&self, pack: &Path) -> Shelf {
        let above = std::path::absolute(pack).ok().and_then(|path| Some(path.parent()?.to_owned()));
        let folders = above.into_iter().chain(self.folders.iter().cloned()).collect();
        Shelf { folders, ..self.clone() }
    }

    /// Every pack that is installed or in this program. What cannot be used is passed over; [`Shelf::installed`] says why.
    pub fn packs(&self) -> Vec<Shelved> {
        self.all().unwrap_or_else(|_| all(Vec::new()))
    }

    /// The same, where it matters that none is missing.
    ///
    /// # Errors
    /// When the folder of installed packs cannot be read.
    pub fn all(&self) -> Result<Vec<Shelved>, Diagnostic> {
        Ok(all(self.installed()?.packs))
    }

    /// What the folder of installed packs holds.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn installed(&self) -> Result<Installed, Diagnostic> {
        self.installed_as(|_| true)
    }

    /// The same, of the archives with some names.
    fn installed_as(&self, wanted: impl Fn(&str) -> bool) -> Result<Installed, Diagnostic> {
        self.installed.as_ref().map_or_else(|| Ok(Installed::default()), |folder| installed::read(folder, wanted))
    }

    fn missing(wanted: &Wanted, found: Installed) -> Diagnostic {
        let Installed { packs, passed_over } = found;
        let packs = all(packs);
        let same: Vec<String> = packs
            .iter()
            .filter(|pack| pack.manifest.id == wanted.id)
            .map(|pack| pack.manifest.version.to_string())
            .collect();
        let ids: Vec<&str> = packs.iter().map(|pack| pack.manifest.id.as_str()).collect();
        let diagnostic = if same.is_empty() {
            let diagnostic = Diagnostic::fault(&codes::PACK_MISSING, format!("there is no pack `{}`", wanted.id));
            match nearest(&wanted.id, ids.iter().copied()) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!("there are: {}", ids.join(", "))),
            }
        } else {
            let message =
                format!("no version of `{}` fits `{}`; there is {}", wanted.id, wanted.range, same.join(", "));
            Diagnostic::fault(&codes::PACK_VERSION, message).help("change the range, or install the version")
        };
        // It may be one of these.
        let archives = passed_over.iter().filter(|problem| problem.severity == Severity::Warning);
        archives.take(SHOWN).fold(diagnostic, |diagnostic, problem| diagnostic.help(problem.message.clone()))
    }
}

/// Installed packs, and after them those in this program.
fn all(installed: Vec<Archived>) -> Vec<Shelved> {
    let embedded = embedded().into_iter().filter_map(|files| {
        let manifest = super::manifest(&*files, &mut Sink::new())?;
        Some(Shelved { manifest, origin: "embedded", files, is_verified: true })
    });
    installed.into_iter().map(Shelved::from).chain(embedded).collect()
}

impl Bases for Shelf {
    fn fonts(&self) -> KnownFonts {
        self.fonts.clone()
    }

    /// A pack in a folder beside, whatever its version, else the newest that will do.
    fn find(&self, wanted: &Wanted) -> Result<Arc<dyn Files>, Diagnostic> {
        for path in self.folders.iter().flat_map(|folder| Disk::folders(folder)) {
            let files = folder(&path);
            let found = super::manifest(&*files, &mut Sink::new());
            if found.is_some_and(|manifest| wanted.matches(&manifest)) {
                return Ok(files);
            }
        }
        // The name of an archive begins with the pack's id: the others need not be opened.
        let named = format!("{}-", wanted.id);
        let packs = all(self.installed_as(|name| name.starts_with(&named))?.packs);
        let fits = packs.into_iter().filter(|pack| wanted.matches(&pack.manifest));
        match fits.max_by(|a, b| a.manifest.version.cmp(&b.manifest.version)) {
            Some(best) => Ok(best.files),
            None => Err(Shelf::missing(wanted, self.installed()?)),
        }
    }
}
