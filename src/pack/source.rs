//! Where packs come from: embedded in the program, a folder, installed archives, or what a workspace keeps.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use semver::VersionReq;

use super::{Manifest, archive, names};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span, nearest};
use crate::files::{Disk, Files, Memory};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/template-packs");

/// The packs in this program, by folder.
pub fn embedded() -> Vec<Arc<dyn Files>> {
    let mut packs: Vec<_> = EMBEDDED.dirs().collect();
    packs.sort_by_key(|folder| folder.path());
    packs
        .into_iter()
        .map(|folder| {
            let mut files = Memory::new(format!("{}/", folder.path().display()));
            collect(folder, folder, &mut files);
            Arc::new(files) as Arc<dyn Files>
        })
        .collect()
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

/// A pack by name: an id, and the versions that will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The pack's id.
    pub id: String,
    /// The versions that will do.
    pub range: VersionReq,
}

impl std::str::FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Wanted, String> {
        let (id, range) = text.split_once('@').unwrap_or((text, "*"));
        let range = range.parse().map_err(|error| format!("`{range}` is not a range of versions: {error}"))?;
        Ok(Wanted { id: id.to_owned(), range })
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.range)
    }
}

impl Wanted {
    /// Whether a pack is the one that is wanted.
    pub fn matches(&self, manifest: &Manifest) -> bool {
        manifest.id == self.id && self.range.matches(&manifest.version)
    }
}

/// What finds the pack that another extends.
pub trait Bases {
    /// The pack that is wanted.
    ///
    /// # Errors
    /// A fault that says what there is instead.
    fn find(&self, wanted: &Wanted) -> Result<Arc<dyn Files>, Diagnostic>;
}

/// The packs that can be had by name: those beside a folder, those that were installed, those in this program.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Folders whose folders are packs; they come before all others.
    pub folders: Vec<PathBuf>,
    /// The folder of installed archives.
    pub installed: Option<PathBuf>,
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
}

impl Shelved {
    fn read(files: Arc<dyn Files>, origin: &'static str, sink: &mut Sink) -> Option<Shelved> {
        Some(Shelved { manifest: super::manifest(&*files, sink)?, origin, files })
    }
}

/// The pack in an installed archive, whose name begins with the digest of its files.
fn installed(disk: &Disk, name: &str, sink: &mut Sink) -> Option<Shelved> {
    let fault = |message: String| Diagnostic::warning(&codes::PACK_ALTERED, message).help(codes::PACK_ALTERED.fix);
    let mut own = Sink::new();
    let pack = disk.read(name).map_err(|error| own.push(fault(error.to_string()))).ok().and_then(|bytes| {
        let files: Arc<dyn Files> = Arc::new(archive::unpack(name, &bytes, &mut own)?);
        let digest = super::digest(&*files, &mut own)?;
        let pack = Shelved::read(files, INSTALLED, &mut own)?;
        Some((pack, digest))
    });
    own.iter_mut().for_each(|problem| problem.severity = Severity::Warning);
    sink.merge(own);
    let (pack, digest) = pack?;
    let Manifest { id, version, .. } = &pack.manifest;
    let wanted = archive::file_name(id, &version.to_string(), &digest);
    if name != wanted {
        sink.push(fault(format!("`{name}` is not used: its content is that of `{wanted}`")).at(Span::file(name)));
        return None;
    }
    Some(pack)
}

impl Shelf {
    /// The same, with the folder beside which a pack lies in front: packs that are made together find one another.
    pub fn beside(&self, pack: &Path) -> Shelf {
        let above = std::path::absolute(pack).ok().and_then(|path| Some(path.parent()?.to_owned()));
        let folders = above.into_iter().chain(self.folders.iter().cloned()).collect();
        Shelf { folders, installed: self.installed.clone() }
    }

    /// Every pack that is installed or in this program. What cannot be used is passed over; [`Shelf::installed`] says why.
    pub fn packs(&self) -> Vec<Shelved> {
        let embedded = embedded().into_iter().filter_map(|files| Shelved::read(files, "embedded", &mut Sink::new()));
        self.installed(&mut Sink::new()).into_iter().chain(embedded).collect()
    }

    /// Every pack that is installed. An archive that is not what its name says is reported, and not used.
    pub fn installed(&self, sink: &mut Sink) -> Vec<Shelved> {
        let Some(folder) = &self.installed else { return Vec::new() };
        let disk = Disk::new(folder, "");
        let names = disk.list("").unwrap_or_default();
        let archives = names.into_iter().filter(|name| name.ends_with(".zip"));
        archives.filter_map(|name| installed(&disk, &name, sink)).collect()
    }

    fn missing(wanted: &Wanted, packs: &[Shelved]) -> Diagnostic {
        let same: Vec<String> = packs
            .iter()
            .filter(|pack| pack.manifest.id == wanted.id)
            .map(|pack| pack.manifest.version.to_string())
            .collect();
        if !same.is_empty() {
            let message =
                format!("no version of `{}` fits `{}`; there is {}", wanted.id, wanted.range, same.join(", "));
            return Diagnostic::fault(&codes::PACK_VERSION, message).help("change the range, or install the version");
        }
        let ids: Vec<&str> = packs.iter().map(|pack| pack.manifest.id.as_str()).collect();
        let diagnostic = Diagnostic::fault(&codes::PACK_MISSING, format!("there is no pack `{}`", wanted.id));
        match nearest(&wanted.id, ids.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("there are: {}", ids.join(", "))),
        }
    }
}

impl Bases for Shelf {
    /// A pack in a folder beside, whatever its version, else the newest that will do.
    fn find(&self, wanted: &Wanted) -> Result<Arc<dyn Files>, Diagnostic> {
        for path in self.folders.iter().flat_map(|folder| Disk::folders(folder)) {
            let files = folder(&path);
            let found = super::manifest(&*files, &mut Sink::new());
            if found.is_some_and(|manifest| wanted.matches(&manifest)) {
                return Ok(files);
            }
        }
        let packs = self.packs();
        let fits = packs.iter().filter(|pack| wanted.matches(&pack.manifest));
        let best = fits.max_by(|a, b| a.manifest.version.cmp(&b.manifest.version));
        best.map(|pack| pack.files.clone()).ok_or_else(|| Shelf::missing(wanted, &packs))
    }
}
