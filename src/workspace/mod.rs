//! A workspace: one client's folder, read whole.

pub mod profile;
mod theme;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::control::lock::{self, Lock, LockedPack};
use crate::decode::{self, Kind};
use crate::diagnostic::codes::{pack as pack_codes, workspace as codes};
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::{Disk, Files};
use crate::model::{Image, Images, LOGO};
use crate::pack::source::Wanted;
use crate::pack::{Pack, archive};
use crate::theme::Theme;
use crate::yaml::Located;
use profile::{Profile, Schema};

/// The file that makes a folder a workspace.
pub const SETTINGS: &str = "folio.yaml";

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
    /// The formats to write.
    pub formats: Vec<String>,
    /// How files are named.
    pub naming: String,
    /// Documents left out, with the reason.
    pub skip: BTreeMap<String, String>,
    /// Profile paths that still hold starter values, and where each is recorded.
    pub samples: Vec<(String, Span)>,
    profile: String,
    located: Located,
}

/// A workspace, read whole.
pub struct Workspace {
    /// Its folder.
    pub root: PathBuf,
    /// What `folio.yaml` says.
    pub settings: Settings,
    /// Its pack.
    pub pack: Pack,
    /// How the pack is to be pinned; `None` when it is named by path.
    pub pin: Option<Pin>,
    /// Its profile.
    pub profile: Profile,
    /// How its documents look.
    pub theme: Theme,
    /// Its logo.
    pub images: Images,
    /// Its own font files: name and bytes.
    pub fonts: Vec<(String, Vec<u8>)>,
    /// The blocks that it puts in place of the pack's: by document, then by block, the file.
    pub overrides: BTreeMap<String, BTreeMap<String, String>>,
    /// What was rendered before.
    pub lock: Lock,
    /// Its files.
    pub files: Arc<dyn Files>,
}

/// A pack that is pinned, and the archive to keep when the workspace has none yet.
#[derive(Debug, Clone)]
pub struct Pin {
    /// What the lock will say.
    pub locked: LockedPack,
    /// The file to write, relative to the workspace, and its bytes.
    pub keep: Option<(String, Vec<u8>)>,
}

impl Workspace {
    /// Opens the workspace in a folder. Every problem is reported; `None` when there is a fault.
    pub fn open(root: &Path, sink: &mut Sink) -> Option<Workspace> {
        let mut own = Sink::new();
        let workspace = Self::read(root, &mut own);
        decode::show_lines(&[&Disk::new(root, "")], &mut own);
        let failed = own.has_faults();
        sink.merge(own);
        workspace.filter(|_| !failed)
    }

    fn read(root: &Path, sink: &mut Sink) -> Option<Workspace> {
        let files: Arc<dyn Files> = Arc::new(Disk::new(root, ""));
        let settings = settings(&*files, root, sink)?;
        let lock = match files.read(lock::FILE) {
            Ok(bytes) => Lock::read(&bytes, sink)?,
            Err(_) => Lock::default(),
        };
        let (pack, pin) = find_pack(root, &*files, &settings, &lock, sink)?;
        let schema = Schema::new(Some((pack.manifest.id.as_str(), &pack.schema)));
        let schema = schema.map_err(|problems| sink.merge(problems)).ok()?;
        let profile = profile::load(&*files, &settings.profile, &schema, &pack.catalogues(), sink);
        let fonts = fonts(&*files, &settings, sink);
        let overrides = overrides(&*files, &pack, sink);
        let profile = profile?;
        let theme = theme::theme(&pack.theme, settings.located.get("theme"), &profile, sink);
        let images = images(&*files, &pack, &profile, sink);
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

fn settings(files: &dyn Files, root: &Path, sink: &mut Sink) -> Option<Settings> {
    if files.read(SETTINGS).is_err_and(|error| error.problem == crate::files::Problem::Missing) {
        let message = format!("`{}` is not a workspace: it has no `{SETTINGS}`", root.display());
        sink.push(Diagnostic::fault(&codes::NOT_A_WORKSPACE, message).help("make one with `folio new DIR`"));
        return None;
    }
    let located = decode::read(files, SETTINGS, sink)?;
    decode::typed::<serde_json::Value>(&located, Kind::Settings, sink)?;
    let text = |key: &str, default: &str| located.text(key).unwrap_or(default).to_owned();
    let formats: Vec<String> =
        located.items("formats").iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect();
    let skip = located.get("documents").and_then(|documents| documents.get("skip"));
    Some(Settings {
        id: text("id", ""),
        as_of: text("as_of", ""),
        output: text("output", "out"),
        formats: if formats.is_empty() { vec!["docx".into(), "pdf".into()] } else { formats },
        naming: text("naming", "{{number}} {{title}}"),
        skip: skip
            .map(|skip| {
                skip.entries()
                    .iter()
                    .filter_map(|entry| Some((entry.key.to_string(), entry.value.as_str()?.to_owned())))
                    .collect()
            })
            .unwrap_or_default(),
        samples: located
            .items("samples")
            .iter()
            .filter_map(|item| Some((item.as_str()?.to_owned(), item.span.clone())))
            .collect(),
        profile: text("profile", "profile.yaml"),
        located,
    })
}

/// The pack that `folio.yaml` names: a folder, the archive that the workspace keeps, or the embedded one.
fn find_pack(
    root: &Path,
    files: &dyn Files,
    settings: &Settings,
    lock: &Lock,
    sink: &mut Sink,
) -> Option<(Pack, Option<Pin>)> {
    let named = settings.located.get("pack")?;
    if let Some(path) = named.text("path") {
        let folder = root.join(path);
        let name = folder.file_name().map(|name| format!("{}/", name.to_string_lossy())).unwrap_or_default();
        let pack = Pack::load(Arc::new(Disk::new(folder, name)), sink)?;
        return Some((pack, None));
    }
    let wanted: Wanted = match named.as_str()?.parse() {
        Ok(wanted) => wanted,
        Err(problem) => {
            sink.push(Diagnostic::fault(&codes::SETTINGS, problem).at(named.span.clone()));
            return None;
        }
    };
    if let Some(locked) = lock.pack.as_ref().filter(|locked| locked.id == wanted.id) {
        let kept = archive_name(locked);
        let bytes = match files.read(&kept) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("the pack that this workspace was rendered with is gone: {error}");
                sink.push(
                    Diagnostic::fault(&pack_codes::PACK_MISSING, message).help("restore the file from version control"),
                );
                return None;
            }
        };
        let pack = Pack::load(Arc::new(archive::unpack(&kept, &bytes, sink)?), sink)?;
        if pack.digest != locked.digest {
            let message = format!("`{kept}` is not the pack that `folio.lock` pins");
            sink.push(Diagnostic::fault(&pack_codes::PACK_FILE, message).help("restore the file from version control"));
            return None;
        }
        if !wanted.matches(&pack.manifest) {
            let message = format!(
                "folio.yaml asks for `{}@{}`, the workspace is pinned to {}",
                wanted.id, wanted.range, locked.version
            );
            sink.push(Diagnostic::fault(&pack_codes::PACK_VERSION, message).at(named.span.clone()));
            return None;
        }
        return Some((pack, Some(Pin { locked: locked.clone(), keep: None })));
    }
    let pack = Pack::load(wanted.find_embedded(sink)?, sink)?;
    let pin = pin(&pack, sink)?;
    Some((pack, Some(pin)))
}

/// How a workspace pins a pack that it does not keep yet.
pub fn pin(pack: &Pack, sink: &mut Sink) -> Option<Pin> {
    let locked = LockedPack {
        id: pack.manifest.id.clone(),
        version: pack.manifest.version.to_string(),
        digest: pack.digest.clone(),
    };
    match archive::pack(&**pack.files()) {
        Ok(bytes) => Some(Pin { keep: Some((archive_name(&locked), bytes)), locked }),
        Err(problem) => {
            sink.push(problem);
            None
        }
    }
}

fn archive_name(locked: &LockedPack) -> String {
    let digest = locked.digest.get(..12).unwrap_or(&locked.digest);
    format!("{PACKS}/{}-{}-{digest}.zip", locked.id, locked.version)
}

fn fonts(files: &dyn Files, settings: &Settings, sink: &mut Sink) -> Vec<(String, Vec<u8>)> {
    let mut fonts = Vec::new();
    for item in settings.located.items("fonts") {
        let path = item.as_str().unwrap_or_default();
        match files.read(path) {
            Ok(bytes) => fonts.push((path.to_owned(), bytes)),
            Err(error) => {
                sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string()).at(item.span.clone()))
            }
        }
    }
    fonts
}

/// `overrides/<document>/<block>.md.hbs`.
fn overrides(files: &dyn Files, pack: &Pack, sink: &mut Sink) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let paths = match files.list("overrides") {
        Ok(paths) => paths,
        Err(error) => {
            sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string()));
            return found;
        }
    };
    for path in paths {
        let parts: Vec<&str> = path.split('/').collect();
        let [_, document, file] = parts.as_slice() else { continue };
        let Some(block) = file.strip_suffix(".md.hbs") else { continue };
        if !pack.documents.iter().any(|template| template.id == *document) {
            let message = format!("`{path}` overrides a block of `{document}`, which the pack does not have");
            sink.push(Diagnostic::fault(&codes::UNKNOWN_DOCUMENT, message).at(Span::file(path.clone())));
            continue;
        }
        found.entry((*document).to_owned()).or_default().insert(block.to_owned(), path.clone());
    }
    found
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
                sink.push(Diagnostic::fault(&crate::diagnostic::codes::document::IMAGE_MISSING, message));
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
    for (id, span) in controlled.chain(skipped) {
        if !known.contains(&id) {
            let message = format!("the pack has no document `{id}`");
            sink.push(Diagnostic::fault(&codes::UNKNOWN_DOCUMENT, message).at(span).suggest(id, known.iter().copied()));
        }
    }
}
