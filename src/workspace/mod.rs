//! A workspace: one client's folder, read whole.

mod kept;
mod own;
mod pin;
pub mod profile;
mod refused;
mod samples;
mod theme;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::commit::Commit;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::{
    output as output_codes, pack as pack_codes, profile as profile_codes, workspace as codes,
};
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::{Disk, Files, Problem};
use crate::history::History;
use crate::lock::{self, Lock};
use crate::model::Images;
use crate::pack::source::{Bases as _, Shelf, Wanted};
use crate::pack::starter::{self, New};
use crate::pack::{Pack, steps};
use crate::theme::{Part, Theme};
use crate::typeset::FontFile;
use crate::yaml::Located;
use own::{fonts, images, of_dropped, overrides, pictures, place_in_theme};
use pin::{Asked, find_pack};
pub use pin::{Pin, newer, pin};
use profile::Profile;
pub use refused::Refused;
pub use samples::{Left, Sample, samples};

/// The file that makes a folder a workspace.
pub const SETTINGS: &str = "folio.yaml";

/// The output folder when none is named.
pub const OUTPUT: &str = "out";

/// The key under `documents` of `folio.yaml` that is no document: those that are left out.
const SKIP: &str = "skip";

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
    /// Profile paths that were laid down with the starter's values, and where each is recorded.
    pub samples: Vec<(String, Span)>,
    /// What the pack may not propose, and where each is recorded.
    pub refused: Vec<(String, Span)>,
    /// The starter by name that the workspace began with.
    pub like: Option<String>,
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
    /// What of its profile is still the starter's, by line of `samples`.
    pub samples: Vec<Sample>,
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
    /// What was issued.
    pub history: History,
    /// Its files.
    pub files: Arc<dyn Files>,
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
        Begun::read(root, files, shelf, asked, sink)?.end(root, sink)
    }

    /// Whether it lies in a folder of a disk.
    pub fn is_on_disk(&self) -> bool {
        !self.root.as_os_str().is_empty()
    }

    /// The workspace in a tree of files, with a pack that is given instead of the one that it names: a pack's fixture, or
    /// a workspace as another pack would have it. Nothing is pinned.
    pub fn open_with(root: &Path, files: Arc<dyn Files>, pack: Arc<Pack>, sink: &mut Sink) -> Option<Workspace> {
        let begun = Begun::told(files, sink, |files, sink| {
            let settings = settings(&**files, root, sink)?;
            Some((settings, Lock::default(), (pack, None)))
        });
        begun?.end(root, sink)
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

    /// The profile as it holds on a day. What is wrong with it was said when it was read, unless it is wrong on that day alone.
    pub fn profile_on(&self, day: Date, sink: &mut Sink) -> Option<Json> {
        if self.settings.as_of.parse().is_ok_and(|as_of: Date| as_of == day) {
            return Some(self.profile.value.clone());
        }
        let (path, pack) = (&self.settings.profile, &self.pack);
        let mut own = Sink::new();
        let profile = profile::load_on(&*self.files, path, &pack.schema, &pack.titled(), Some(day), &mut own);
        if profile.is_none() {
            sink.merge(own);
        }
        profile.map(|profile| profile.value)
    }
}

/// A workspace of which it is known what it is made with, and whose profile is still to be read.
pub struct Begun {
    /// Its pack.
    pub pack: Arc<Pack>,
    /// What `folio.yaml` says.
    pub settings: Settings,
    files: Arc<dyn Files>,
    lock: Lock,
    pin: Option<Pin>,
    is_sound: bool,
}

impl Begun {
    /// Reads what the workspace in a folder is made with. Every problem is reported; `None` when it cannot be gone on.
    pub fn open(root: &Path, shelf: &Shelf, sink: &mut Sink) -> Option<Begun> {
        Self::read(root, Arc::new(Disk::new(root, "")), shelf, Asked::ThatFits, sink)
    }

    fn read(root: &Path, files: Arc<dyn Files>, shelf: &Shelf, asked: Asked, sink: &mut Sink) -> Option<Begun> {
        Self::told(files, sink, |files, sink| {
            let settings = settings(&**files, root, sink)?;
            let lock = read_lock(&**files, sink)?;
            let pack = find_pack(root, files, &settings, &lock, shelf, asked, sink)?;
            Some((settings, lock, pack))
        })
    }

    fn told(
        files: Arc<dyn Files>,
        sink: &mut Sink,
        read: impl FnOnce(&Arc<dyn Files>, &mut Sink) -> Option<(Settings, Lock, (Arc<Pack>, Option<Pin>))>,
    ) -> Option<Begun> {
        let (read, is_sound) = with_lines(&files, sink, |sink| read(&files, sink));
        let (settings, lock, (pack, pin)) = read?;
        Some(Begun { pack, settings, files, lock, pin, is_sound })
    }

    /// Reads the rest, in the folder that was begun with. `None` when there was a fault at any time.
    pub fn end(self, root: &Path, sink: &mut Sink) -> Option<Workspace> {
        let (files, was_sound) = (self.files.clone(), self.is_sound);
        let (workspace, is_sound) = with_lines(&files, sink, |sink| self.assemble(root, sink));
        workspace.filter(|_| was_sound && is_sound)
    }

    fn assemble(self, root: &Path, sink: &mut Sink) -> Option<Workspace> {
        let Begun { files, settings, lock, pack, pin, .. } = self;
        let history = History::read(&*files, sink)?;
        let mut own = Sink::new();
        let day = settings.as_of.parse().ok();
        let profile = profile::load_on(&*files, &settings.profile, &pack.schema, &pack.titled(), day, &mut own);
        older(own, &pack, root, sink);
        let fonts = fonts(&*files, &settings, sink);
        let overrides = overrides(&*files, &pack, sink);
        let profile = profile?;
        let theme = theme::theme(&pack.theme, settings.located.get("theme"), &profile, sink);
        let mut images = images(&*files, &pack, &profile, sink);
        theme.iter().for_each(|theme| pictures(&*files, &settings, &pack, theme, &mut images, sink));
        unknown_documents(&settings, &pack, &profile, sink);
        let samples = samples(&*files, &settings, &pack, &profile);
        refused::check(&settings.refused, &pack.schema, sink);
        Some(Workspace {
            root: root.to_owned(),
            settings,
            pack,
            pin,
            profile,
            samples,
            theme: theme?,
            images,
            fonts,
            overrides,
            lock,
            history,
            files,
        })
    }
}

/// Does a part of the reading of a workspace: what is wrong is shown with its lines. Also whether there is no fault.
fn with_lines<T>(files: &Arc<dyn Files>, sink: &mut Sink, read: impl FnOnce(&mut Sink) -> T) -> (T, bool) {
    let mut own = Sink::new();
    let found = read(&mut own);
    decode::show_lines(&[&**files], &mut own);
    let is_sound = !own.has_faults();
    sink.merge(own);
    (found, is_sound)
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

/// What `folio.yaml` says, when nothing else is asked for: a workspace whose profile is being rewritten has a history too.
pub fn read_settings(root: &Path, sink: &mut Sink) -> Option<Settings> {
    let files = Disk::new(root, "");
    let mut own = Sink::new();
    let found = settings(&files, root, &mut own);
    decode::show_lines(&[&files], &mut own);
    sink.merge(own);
    found
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
        refused: located.named("refused"),
        like: located.text("like").map(str::to_owned),
        profile: text("profile", "profile.yaml"),
        located,
    })
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
