//! A workspace: one client's folder, read whole.

pub mod profile;
mod theme;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::commit::Commit;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::{
    output as output_codes, pack as pack_codes, profile as profile_codes, workspace as codes,
};
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::{Disk, Files, Problem, Under};
use crate::lock::{self, Lock, LockedPack};
use crate::model::{Image, Images, LOGO};
use crate::pack::source::{self, Bases, Shelf, Wanted};
use crate::pack::starter::{self, New};
use crate::pack::{Pack, archive, steps};
use crate::theme::{Part, Picture, Theme};
use crate::typeset::FontFile;
use crate::yaml::Located;
use profile::Profile;

/// The file that makes a folder a workspace.
pub const SETTINGS: &str = "folio.yaml";

/// The output folder when none is named.
const OUTPUT: &str = "out";

/// The key under `documents` of `folio.yaml` that is no document: those that are left out.
const SKIP: &str = "skip";

/// Where a workspace keeps the packs that it renders with.
const PACKS: &str = ".folio/packs";

/// What `folio.yaml` says.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The workspace's id.
    pub id: String,
    /// The date of what the documents say, ISO 8601.
    pub as_of: String,
    /// The output folder, as written.
    pub output: String,
    /// The formats to write, and where each is named.
    pub formats: Vec<(String, Span)>,
    /// The formats of single documents, by their ids.
    pub document_formats: BTreeMap<String, Vec<(String, Span)>>,
    /// How files are named.
    pub naming: String,
    /// Documents left out, with the reason.
    pub skip: BTreeMap<String, String>,
    /// Profile paths that still hold starter values, and where each is recorded.
    pub samples: Vec<(String, Span)>,
    /// The file of the profile.
    pub profile: String,
    /// How it is written.
    pub(crate) located: Located,
}

impl Settings {
    /// The pack that is named by id and range; nothing, without a fault, when it is named by path.
    pub fn wanted(&self, sink: &mut Sink) -> Option<Wanted> {
        let named = self.located.get("pack")?;
        let problem = |problem| sink.push(Diagnostic::fault(&codes::SETTINGS, problem).at(named.span.clone()));
        named.as_str()?.parse().map_err(problem).ok()
    }
}

/// A workspace, read whole.
pub struct Workspace {
    /// Its folder.
    pub root: PathBuf,
    /// What `folio.yaml` says.
    pub settings: Settings,
    /// Its pack.
    pub pack: Arc<Pack>,
    /// How the pack is to be pinned; `None` when it is named by path.
    pub pin: Option<Pin>,
    /// Its profile.
    pub profile: Profile,
    /// How its documents look.
    pub theme: Theme,
    /// Its logo.
    pub images: Images,
    /// Its own font files; they come before those of its pack.
    pub fonts: Vec<FontFile>,
    /// The blocks that it puts in place of the pack's: by document, then by block, the file.
    pub overrides: BTreeMap<String, BTreeMap<String, String>>,
    /// What was rendered before.
    pub lock: Lock,
    /// Its files.
    pub files: Arc<dyn Files>,
}

/// Which version of a pinned pack is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
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

impl Workspace {
    /// Opens the workspace in a folder; packs that it does not keep are taken from a shelf. Every problem is reported;
    /// `None` when there is a fault.
    pub fn open(root: &Path, shelf: &Shelf, sink: &mut Sink) -> Option<Workspace> {
        Self::checked(root, Arc::new(Disk::new(root, "")), shelf, Asked::ThatFits, sink)
    }

    /// The same with the pack that the lock pins, also when `folio.yaml` asks for another version by now.
    pub fn open_as_pinned(root: &Path, shelf: &Shelf, sink: &mut Sink) -> Option<Workspace> {
        Self::checked(root, Arc::new(Disk::new(root, "")), shelf, Asked::AsPinned, sink)
    }

    /// Opens the workspace in a tree of files that need not lie on a disk. Its pack is one of a shelf, one that it keeps, or
    /// a folder of the tree.
    pub fn open_in(files: Arc<dyn Files>, shelf: &Shelf, sink: &mut Sink) -> Option<Workspace> {
        Self::checked(Path::new(""), files, shelf, Asked::ThatFits, sink)
    }

    fn checked(root: &Path, files: Arc<dyn Files>, shelf: &Shelf, asked: Asked, sink: &mut Sink) -> Option<Workspace> {
        let mut own = Sink::new();
        let workspace = Self::read(root, files.clone(), shelf, asked, &mut own);
        decode::show_lines(&[&*files], &mut own);
        let failed = own.has_faults();
        sink.merge(own);
        workspace.filter(|_| !failed)
    }

    /// Whether it lies in a folder of a disk.
    pub fn is_on_disk(&self) -> bool {
        !self.root.as_os_str().is_empty()
    }

    /// The workspace in a tree of files, with a pack that is given instead of the one that it names: a pack's fixture, or
    /// a workspace as another pack would have it. Nothing is pinned.
    pub fn open_with(root: &Path, files: Arc<dyn Files>, pack: Arc<Pack>, sink: &mut Sink) -> Option<Workspace> {
        let mut own = Sink::new();
        let workspace = settings(&*files, root, &mut own).and_then(|settings| {
            Self::assemble(root, files.clone(), settings, Lock::default(), (pack, None), &mut own)
        });
        decode::show_lines(&[&*files], &mut own);
        let failed = own.has_faults();
        sink.merge(own);
        workspace.filter(|_| !failed)
    }

    /// The trees that what is said about it may be found in: its own, then its packs'.
    pub fn trees(&self) -> Vec<&dyn Files> {
        std::iter::once(&*self.files).chain(self.pack.trees()).collect()
    }

    /// A diagnostic about a key of the theme, such as `theme.fonts.body.pdf`, at its place in `folio.yaml` or in the
    /// theme of the pack.
    pub fn locate_in_theme(&self, diagnostic: Diagnostic) -> Diagnostic {
        let key = diagnostic.path.clone().unwrap_or_default();
        let Some(key) = key.strip_prefix("theme.").filter(|_| diagnostic.span.is_none()) else { return diagnostic };
        let place = self.place_in_theme(key);
        Diagnostic { path: None, ..diagnostic.at(place) }
    }

    /// Where a key of the theme, such as `header.left.0`, stands: in `folio.yaml`, else in the pack.
    pub fn place_in_theme(&self, key: &str) -> Option<Span> {
        place_in_theme(&self.settings, &self.pack, key)
    }

    /// Whether `folio.yaml` itself says a key of the theme.
    pub fn says_in_theme(&self, key: &str) -> bool {
        self.settings.located.get("theme").and_then(|theme| theme.at(key)).is_some()
    }

    /// Whether anything of what its documents say stands in its own files, besides values: blocks, and the words of header,
    /// footer and cover.
    pub fn has_own_text(&self) -> bool {
        let says = |part: &Part| !part.texts().is_empty();
        !self.overrides.is_empty() || self.theme.parts().iter().any(|(key, part)| says(part) && self.says_in_theme(key))
    }

    fn read(root: &Path, files: Arc<dyn Files>, shelf: &Shelf, asked: Asked, sink: &mut Sink) -> Option<Workspace> {
        let settings = settings(&*files, root, sink)?;
        let lock = read_lock(&*files, sink)?;
        let (pack, pin) = find_pack(root, &files, &settings, &lock, shelf, asked, sink)?;
        Self::assemble(root, files, settings, lock, (pack, pin), sink)
    }

    fn assemble(
        root: &Path,
        files: Arc<dyn Files>,
        settings: Settings,
        lock: Lock,
        (pack, pin): (Arc<Pack>, Option<Pin>),
        sink: &mut Sink,
    ) -> Option<Workspace> {
        let mut own = Sink::new();
        let profile = profile::load(&*files, &settings.profile, &pack.schema, &pack.catalogues(), &mut own);
        older(own, &pack, root, sink);
        let fonts = fonts(&*files, &settings, sink);
        let overrides = overrides(&*files, &pack, sink);
        let profile = profile?;
        let theme = theme::theme(&pack.theme, settings.located.get("theme"), &profile, sink);
        let mut images = images(&*files, &pack, &profile, sink);
        theme.iter().for_each(|theme| pictures(&*files, &settings, &pack, theme, &mut images, sink));
        unknown_documents(&settings, &pack, &profile, sink);
        Some(Workspace {
            root: root.to_owned(),
            settings,
            pack,
            pin,
            profile,
            theme: theme?,
            images,
            fonts,
            overrides,
            lock,
            files,
        })
    }
}

/// What is known of a workspace whose profile is not read: it may be of another major version of the pack.
pub struct Known {
    /// What `folio.yaml` says.
    pub settings: Settings,
    /// What was rendered before.
    pub lock: Lock,
    /// The pack by name that is asked for; nothing, when it is named by folder.
    pub wanted: Option<Wanted>,
    /// The pack in the folder that is named, the pinned one, or the one that fits. Nothing, when no version at hand fits.
    pub pack: Option<Arc<Pack>>,
}

/// What is known of the workspace in a folder. Every problem is reported.
pub fn known(root: &Path, shelf: &Shelf, sink: &mut Sink) -> Option<Known> {
    let files: Arc<dyn Files> = Arc::new(Disk::new(root, ""));
    let mut own = Sink::new();
    let known = settings(&*files, root, &mut own).and_then(|settings| {
        let lock = read_lock(&*files, &mut own)?;
        let is_folder = settings.located.get("pack").is_some_and(|pack| pack.as_str().is_none());
        let wanted = if is_folder { None } else { Some(settings.wanted(&mut own)?) };
        let is_pinned = wanted.as_ref().is_some_and(|wanted| lock.pack().is_some_and(|pack| pack.id == wanted.id));
        let is_at_hand = wanted.as_ref().is_none_or(|wanted| is_pinned || shelf.find(wanted).is_ok());
        let pack = match is_at_hand {
            true => Some(find_pack(root, &files, &settings, &lock, shelf, Asked::AsPinned, &mut own)?.0),
            false => None,
        };
        Some(Known { settings, lock, wanted, pack })
    });
    decode::show_lines(&[&*files], &mut own);
    sink.merge(own);
    known
}

/// Hands on what is wrong with a profile. Where it has keys of an older major version of the pack, the way to the new one is
/// said with the first.
fn older(own: Sink, pack: &Pack, root: &Path, sink: &mut Sink) {
    let is_unknown = |problem: &Diagnostic| {
        problem.code == profile_codes::UNKNOWN_KEY || problem.code == profile_codes::REGISTER_COLUMN
    };
    if !own.has_faults() || !own.iter().any(is_unknown) {
        return sink.merge(own);
    }
    let gone = steps::gone(pack);
    let mut is_said = false;
    for problem in own.into_vec() {
        let key = problem.message.split('`').nth(1).filter(|_| is_unknown(&problem));
        let Some(became) = key.and_then(|key| gone.get(key)) else {
            sink.push(problem);
            continue;
        };
        let problem = problem.help(became.clone());
        sink.push(match std::mem::replace(&mut is_said, true) {
            true => problem,
            false => problem.help(format!(
                "this profile is of an older version: `folio pack upgrade {}` says what becomes of it, and moves it with `--write`",
                shown(root)
            )),
        });
    }
}

/// A folder as a command takes it.
fn shown(root: &Path) -> String {
    if root.as_os_str().is_empty() { ".".into() } else { root.display().to_string() }
}

/// The lock of a workspace. One that cannot be read is not taken for absent: it says which pack is pinned and which files
/// are Folio's own.
pub fn read_lock(files: &dyn Files, sink: &mut Sink) -> Option<Lock> {
    match files.read(lock::FILE) {
        Ok(bytes) => Lock::read(lock::FILE, &bytes, sink),
        Err(error) if error.problem == Problem::Missing => Some(Lock::default()),
        Err(error) => {
            let diagnostic = Diagnostic::fault(&output_codes::LOCK_BROKEN, error.to_string());
            sink.push(diagnostic.at(Span::file(lock::FILE)).help(output_codes::LOCK_BROKEN.fix));
            None
        }
    }
}

/// The output folder that the workspace in a folder names, when there is a workspace; what is wrong with it is said when
/// it is opened.
pub fn output(root: &Path) -> Option<String> {
    let settings = decode::read(&Disk::new(root, ""), SETTINGS, &mut Sink::new())?;
    Some(settings.text("output").unwrap_or(OUTPUT).to_owned())
}

fn settings(files: &dyn Files, root: &Path, sink: &mut Sink) -> Option<Settings> {
    if files.read(SETTINGS).is_err_and(|error| error.problem == crate::files::Problem::Missing) {
        let message = format!("`{}` is not a workspace: it has no `{SETTINGS}`", root.display());
        sink.push(Diagnostic::fault(&codes::NOT_A_WORKSPACE, message).help("make one with `folio new DIR`"));
        return None;
    }
    let located = decode::read(files, SETTINGS, sink)?;
    decode::typed::<serde_json::Value>(&located, Kind::Settings, sink)?;
    let text = |key: &str, default: &str| located.text(key).unwrap_or(default).to_owned();
    let documents = located.get("documents");
    let skip = documents.and_then(|documents| documents.get("skip"));
    let single = documents.into_iter().flat_map(Located::entries).filter(|entry| entry.key != SKIP);
    Some(Settings {
        id: text("id", ""),
        as_of: text("as_of", ""),
        output: text("output", OUTPUT),
        formats: located.named("formats"),
        document_formats: single.map(|entry| (entry.key.to_string(), entry.value.named("formats"))).collect(),
        naming: text("naming", "{{number}} {{title}}"),
        skip: skip
            .map(|skip| {
                skip.entries()
                    .iter()
                    .filter_map(|entry| Some((entry.key.to_string(), entry.value.as_str()?.to_owned())))
                    .collect()
            })
            .unwrap_or_default(),
        samples: located.named("samples"),
        profile: text("profile", "profile.yaml"),
        located,
    })
}

/// The pack that `folio.yaml` names: a folder, the archives that the workspace keeps, or one on the shelf.
fn find_pack(
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

/// A new workspace: the starter of its pack with what was answered, the pack's archives, the lock that pins them.
pub fn laid_down(pack: &Pack, new: &New<'_>, sink: &mut Sink) -> Option<Commit> {
    let files = starter::lay_down(pack, new, sink);
    let pin = pin(pack, sink).filter(|_| !sink.has_faults())?;
    let lock = Lock { packs: pin.locked, ..Lock::default() };
    let mut commit = Commit::new();
    files.into_iter().for_each(|(path, bytes)| commit.write(path, bytes));
    pin.keep.into_iter().for_each(|(path, bytes)| commit.write(path, bytes));
    commit.write(lock::FILE, lock.to_bytes());
    Some(commit)
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

/// The most bytes of font files.
const MAX_FONTS: usize = 128 << 20;

fn fonts(files: &dyn Files, settings: &Settings, sink: &mut Sink) -> Vec<FontFile> {
    let mut fonts = Vec::new();
    let mut left = MAX_FONTS;
    for item in settings.located.items("fonts") {
        let path = item.as_str().unwrap_or_default();
        let problem = match files.read(path) {
            Ok(bytes) if bytes.len() <= left => {
                left -= bytes.len();
                match FontFile::read(path, bytes) {
                    Ok(font) => fonts.push(font),
                    Err(problem) => sink.push(problem),
                }
                continue;
            }
            Ok(_) => format!("with `{path}`, the fonts have more than {} MB", MAX_FONTS >> 20),
            Err(error) => error.to_string(),
        };
        sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, problem).at(item.span.clone()));
    }
    fonts
}

/// `overrides/<document>/<block>.md.hbs`.
fn overrides(files: &dyn Files, pack: &Pack, sink: &mut Sink) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let paths = match files.list("overrides") {
        Ok(paths) => paths,
        Err(error) => {
            let problem = Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string());
            sink.push(problem.at(Span::file(error.name)));
            return found;
        }
    };
    for path in paths {
        let parts: Vec<&str> = path.split('/').collect();
        let [_, document, file] = parts.as_slice() else { continue };
        let Some(block) = file.strip_suffix(".md.hbs") else { continue };
        let Some(template) = pack.documents.iter().find(|template| template.id == *document) else {
            if let Some(problem) = of_dropped(pack, document, &format!("`{path}`")) {
                sink.push(problem.at(Span::file(path.clone())));
                continue;
            }
            let message = format!("`{path}` overrides a block of `{document}`, which the pack does not have");
            sink.push(Diagnostic::fault(&codes::UNKNOWN_DOCUMENT, message).at(Span::file(path.clone())));
            continue;
        };
        if template.is_final {
            let message = format!("`{document}` is final in the pack; `{path}` would change it");
            let diagnostic = Diagnostic::fault(&pack_codes::PACK_FINAL, message).at(Span::file(path.clone()));
            sink.push(diagnostic.help(pack_codes::PACK_FINAL.fix));
            continue;
        }
        found.entry((*document).to_owned()).or_default().insert(block.to_owned(), path.clone());
    }
    found
}

/// A warning about what concerns a document that the pack leaves out.
fn of_dropped(pack: &Pack, id: &str, what: &str) -> Option<Diagnostic> {
    let dropped = pack.dropped.iter().find(|dropped| dropped.template.id == id)?;
    let who = pack.label(dropped.layer);
    let message = format!("`{id}` is left out of the set by {who}; {what} is not used");
    let problem = Diagnostic::warning(&codes::UNKNOWN_DOCUMENT, message);
    Some(problem.help(format!("the pack's reason: {}", dropped.reason)))
}

/// The logo, and the images of the pack.
fn images(files: &dyn Files, pack: &Pack, profile: &Profile, sink: &mut Sink) -> Images {
    let mut images = Images::default();
    for (name, bytes) in &pack.images {
        match Image::read(bytes.clone(), "") {
            Ok(image) => {
                images.0.insert(name.clone(), image);
            }
            Err(problem) => {
                let message = format!("`images/{name}` cannot be shown: {problem}");
                let fault = Diagnostic::fault(&crate::diagnostic::codes::document::IMAGE_MISSING, message);
                sink.push(fault.at(Span::file(pack.files().name(&format!("images/{name}")))));
            }
        }
    }
    let branding = &profile.value["branding"];
    if let Some(path) = branding["logo"].as_str() {
        let alt =
            branding["logo_alt"].as_str().or(profile.value["organisation"]["short_name"].as_str()).unwrap_or_default();
        let logo = files.read(path).map_err(|error| error.to_string()).and_then(|bytes| Image::read(bytes.into(), alt));
        match logo {
            Ok(logo) => {
                images.0.insert(LOGO.to_owned(), logo);
            }
            Err(problem) => {
                let span = profile.span_of("branding.logo").cloned();
                sink.push(
                    Diagnostic::fault(&codes::LOGO, format!("the logo `{path}` cannot be shown: {problem}")).at(span),
                );
            }
        }
    }
    images
}

/// Where a key of the theme, such as `fonts.body.pdf` or `header.left.0`, stands: in `folio.yaml`, else in the pack.
fn place_in_theme(settings: &Settings, pack: &Pack, key: &str) -> Option<Span> {
    let own = settings.located.get("theme").and_then(|theme| theme.at(key));
    own.or_else(|| pack.theme.at(key)).map(|value| value.span.clone())
}

/// The pictures that header, footer and cover show and that the pack does not have: they are files of the workspace.
fn pictures(files: &dyn Files, settings: &Settings, pack: &Pack, theme: &Theme, images: &mut Images, sink: &mut Sink) {
    for (key, part) in theme.parts() {
        let Part::Picture(Picture { image: path, alt, .. }) = part else { continue };
        if pack.images.contains_key(path) || images.0.contains_key(path) {
            continue;
        }
        let read = files.read(path).map_err(|error| error.to_string());
        match read.and_then(|bytes| Image::read(bytes.into(), alt)) {
            Ok(image) => drop(images.0.insert(path.clone(), image)),
            Err(problem) => {
                let message = format!("the picture `{path}` cannot be shown: {problem}");
                let problem = Diagnostic::fault(&codes::THEME, message).at(place_in_theme(settings, pack, &key));
                let problem = problem.suggest(path, pack.images.keys().map(String::as_str));
                sink.push(problem.help("name a file of the pack's `images/`, or one of the workspace"));
            }
        }
    }
}

/// Ids under `documents` and `skip` that the pack does not have.
fn unknown_documents(settings: &Settings, pack: &Pack, profile: &Profile, sink: &mut Sink) {
    let known: Vec<&str> = pack.documents.iter().map(|template| template.id.as_str()).collect();
    let controlled = profile.value["documents"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(id, _)| (id.as_str(), profile.span_of(&format!("documents.{id}")).cloned()));
    let skip = settings.located.get("documents").and_then(|documents| documents.get("skip"));
    let skipped = skip
        .into_iter()
        .flat_map(|skip| skip.entries())
        .map(|entry| (entry.key.as_str(), Some(entry.key_span.clone())));
    let documents = settings.located.get("documents");
    let single = documents.into_iter().flat_map(Located::entries).filter(|entry| entry.key != SKIP);
    let single = single.map(|entry| (entry.key.as_str(), Some(entry.key_span.clone())));
    for entry in skip.into_iter().flat_map(|skip| skip.entries()) {
        if pack.documents.iter().any(|template| template.is_final && template.id == entry.key.as_str()) {
            let message = format!("`{}` is final in the pack and cannot be left out", entry.key);
            sink.push(Diagnostic::fault(&pack_codes::PACK_FINAL, message).at(entry.key_span.clone()));
        }
    }
    for (id, span) in controlled.chain(skipped).chain(single) {
        if let Some(problem) = of_dropped(pack, id, "what is said of it here") {
            sink.push(problem.at(span));
        } else if !known.contains(&id) {
            let message = format!("the pack has no document `{id}`");
            sink.push(Diagnostic::fault(&codes::UNKNOWN_DOCUMENT, message).at(span).suggest(id, known.iter().copied()));
        }
    }
}
