//! Which pack a workspace is rendered with: the one that its settings name, and the one that its lock pins, kept beside it.

use std::path::Path;
use std::sync::Arc;

use super::{Settings, shown};
use crate::diagnostic::codes::{pack as pack_codes, workspace as codes};
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::{Files, Under};
use crate::lock::{self, Lock, LockedPack};
use crate::pack::source::{self, Bases, Shelf, Wanted};
use crate::pack::{Pack, archive};
use crate::yaml::Located;

/// Where a workspace keeps the packs that it renders with.
const PACKS: &str = ".folio/packs";

/// Which version of a pinned pack is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// The pinned one, which must fit what `folio.yaml` asks for.
    ThatFits,
    /// The pinned one, whatever is asked for.
    AsPinned,
}

/// A pack that is pinned with its bases, and the archives to keep when the workspace has none yet.
#[derive(Debug, Clone)]
pub struct Pin {
    /// What the lock will say.
    pub locked: Vec<LockedPack>,
    /// The files to write, relative to the workspace, and their bytes.
    pub keep: Vec<(String, Vec<u8>)>,
}

/// The pack that `folio.yaml` names: a folder, the archives that the workspace keeps, or one on the shelf.
pub(super) fn find_pack(
    root: &Path,
    files: &Arc<dyn Files>,
    settings: &Settings,
    lock: &Lock,
    shelf: &Shelf,
    asked: Asked,
    sink: &mut Sink,
) -> Option<(Arc<Pack>, Option<Pin>)> {
    let Some(named) = settings.located.get("pack") else {
        let message = "`pack` is missing";
        let diagnostic = Diagnostic::fault(&codes::SETTINGS, message).at(settings.located.span.clone());
        sink.push(diagnostic.help("name one: `pack: ID@RANGE`; `folio pack list` shows them"));
        return None;
    };
    let (pack, pin) = if let Some(path) = named.text("path") {
        if path.contains('\\') && std::path::MAIN_SEPARATOR == '/' {
            let message = format!("`{path}` is written with `\\`; write `/`: `{}`", path.replace('\\', "/"));
            let span = named.get("path").map(|path| path.span.clone());
            sink.push(Diagnostic::fault(&codes::SETTINGS, message).at(span));
            return None;
        }
        if root.as_os_str().is_empty() {
            (Arc::new(Pack::load(Arc::new(Under::new(files.clone(), path)), shelf, sink)?), None)
        } else {
            let folder = root.join(path);
            let read = |sink: &mut Sink| Pack::load(source::folder(&folder), &shelf.beside(&folder), sink);
            (
                shelf.opened.get(
                    format!("folder {}", folder.canonicalize().unwrap_or(folder.clone()).display()),
                    sink,
                    read,
                )?,
                None,
            )
        }
    } else {
        let wanted = settings.wanted(sink)?;
        match lock.pack().filter(|locked| locked.id == wanted.id) {
            Some(locked) => (kept(files, lock, locked, shelf, (&wanted, asked), named, sink)?, Some(Pin::of(lock))),
            None => {
                let pack = shelf.opened.get(format!("name {wanted}"), sink, |sink| {
                    let files = shelf.find(&wanted).map_err(|problem| {
                        let problem = problem.at(named.span.clone());
                        sink.push(match newer(&wanted, shelf) {
                            Some(major) => problem.help(format!(
                                "`folio pack upgrade {} --to '^{major}'` says what version {major} makes of this workspace, and moves it there with `--write`",
                                shown(root)
                            )),
                            None => problem,
                        });
                    });
                    Pack::load(files.ok()?, shelf, sink)
                })?;
                let pin = pin(&pack, sink)?;
                (pack, Some(pin))
            }
        }
    };
    if pack.manifest.is_base {
        let message = format!("`{}` is a base for other packs; it has no set of its own", pack.manifest.id);
        let diagnostic = Diagnostic::fault(&pack_codes::PACK_MISSING, message).at(named.span.clone());
        sink.push(diagnostic.help("name a pack that extends it; `folio pack list` shows them"));
        return None;
    }
    Some((pack, pin))
}

/// The major version of a pack that can be had and is newer than all that would do.
pub fn newer(wanted: &Wanted, shelf: &Shelf) -> Option<u64> {
    let any = Wanted { id: wanted.id.clone(), range: semver::VersionReq::STAR };
    let found = crate::pack::manifest(&*shelf.find(&any).ok()?, &mut Sink::new())?;
    let asked = wanted.range.comparators.iter().map(|comparator| comparator.major).max()?;
    Some(found.version.major).filter(|major| *major > asked)
}

/// The pack that the lock pins, from the archives that the workspace keeps.
fn kept(
    files: &Arc<dyn Files>,
    lock: &Lock,
    locked: &LockedPack,
    shelf: &Shelf,
    (wanted, asked): (&Wanted, Asked),
    named: &Located,
    sink: &mut Sink,
) -> Option<Arc<Pack>> {
    // What another workspace keeps is the same pack when its archives have the same bytes.
    let digests = lock.packs.iter().map(|locked| files.digest(&archive_name(locked)).unwrap_or_default());
    let key: Vec<String> = digests.chain(lock.packs.iter().map(|locked| locked.digest.clone())).collect();
    let pack = shelf.opened.get(format!("kept {}", key.join(" ")), sink, |sink| {
        let keeper = Keeper { files: files.clone(), locked: &lock.packs };
        let outermost = keeper.read(locked).map_err(|problem| sink.push(problem)).ok()?;
        let pack = Pack::load(outermost, &keeper, sink)?;
        for (layer, locked) in pack.layers.iter().zip(&lock.packs) {
            if layer.digest != locked.digest {
                let message = format!("`{}` is not the pack that `folio.lock` pins", archive_name(locked));
                let problem = Diagnostic::fault(&pack_codes::PACK_FILE, message).at(Span::file(archive_name(locked)));
                sink.push(problem.help("restore the file from version control"));
            }
        }
        Some(pack)
    })?;
    if sink.has_faults() {
        return None;
    }
    if asked == Asked::ThatFits && !wanted.matches(&pack.manifest) {
        let message = format!("folio.yaml asks for `{wanted}`, the workspace is pinned to {}", locked.version);
        let diagnostic = Diagnostic::fault(&pack_codes::PACK_VERSION, message).at(named.span.clone());
        sink.push(diagnostic.help("`folio pack upgrade` shows what another version changes, and moves the pin"));
        return None;
    }
    Some(pack)
}

/// The archives that a workspace keeps of the packs that its lock pins.
struct Keeper<'l> {
    files: Arc<dyn Files>,
    locked: &'l [LockedPack],
}

impl Keeper<'_> {
    fn read(&self, locked: &LockedPack) -> Result<Arc<dyn Files>, Diagnostic> {
        let name = archive_name(locked);
        let bytes = self.files.read(&name).map_err(|error| {
            let message = format!("the pack that this workspace was rendered with is gone: {error}");
            Diagnostic::fault(&pack_codes::PACK_MISSING, message)
                .at(Span::file(name.clone()))
                .help("restore the file from version control")
        })?;
        let mut sink = Sink::new();
        match archive::unpack(&name, &bytes, &mut sink) {
            // Named as wherever else it comes from: what is made of it does not depend on that.
            Some(files) => Ok(Arc::new(files.named(format!("{}/", locked.id)))),
            None => Err(sink.into_vec().remove(0).help("restore the file from version control")),
        }
    }
}

impl Bases for Keeper<'_> {
    fn find(&self, wanted: &Wanted) -> Result<Arc<dyn Files>, Diagnostic> {
        match self.locked.iter().find(|locked| locked.id == wanted.id) {
            Some(locked) => self.read(locked),
            None => {
                let message = format!("`folio.lock` pins no pack `{}`, which the pinned one extends", wanted.id);
                Err(Diagnostic::fault(&pack_codes::PACK_MISSING, message)
                    .at(Span::file(lock::FILE))
                    .help("restore folio.lock from version control"))
            }
        }
    }
}

impl Pin {
    /// What a lock pins already.
    fn of(lock: &Lock) -> Pin {
        Pin { locked: lock.packs.clone(), keep: Vec::new() }
    }
}

/// How a workspace pins a pack that it does not keep yet.
pub fn pin(pack: &Pack, sink: &mut Sink) -> Option<Pin> {
    let mut pin = Pin { locked: Vec::new(), keep: Vec::new() };
    for layer in &pack.layers {
        let locked = LockedPack {
            id: layer.manifest.id.clone(),
            version: layer.manifest.version.to_string(),
            digest: layer.digest.clone(),
        };
        match archive::pack(&*layer.files) {
            Ok(bytes) => pin.keep.push((archive_name(&locked), bytes)),
            Err(problem) => {
                sink.push(problem);
                return None;
            }
        }
        pin.locked.push(locked);
    }
    Some(pin)
}

fn archive_name(locked: &LockedPack) -> String {
    format!("{PACKS}/{}", archive::file_name(&locked.id, &locked.version, &locked.digest))
}
