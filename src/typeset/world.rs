//! What Typst sees: one theme, one document, some images; no disk, no network, no clock.
//!
//! What documents have in common stands in files of its own: what Typst made of those it keeps for the next document.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt as _};

use super::fit::Fit;
use super::fonts::Fonts;
use super::look::{self, Picture};
use crate::model::{ImageFormat, Images};
use crate::strings::Strings;
use crate::theme::Theme;

/// All appearance: the parts of a document, and how they are put together.
const THEME: &str = include_str!("theme.typ");
const DOCUMENT: &str = include_str!("document.typ");

/// What all documents of a run have in common.
pub(super) struct Common {
    library: LazyHash<Library>,
    theme: Source,
    main: Source,
    /// The file that holds what one document says.
    document: FileId,
    /// Images, and `/common.json`.
    files: HashMap<FileId, Bytes>,
    pub(super) fit: Fit,
    pub(super) look: Theme,
    pub(super) strings: Strings,
}

/// The id of a virtual file. Typst keeps each for ever, so names are few and fixed.
fn id(path: &str) -> FileId {
    let path = VirtualPath::new(path).unwrap_or_else(|_| unreachable_path());
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// All paths are made here, out of plain names.
fn unreachable_path() -> VirtualPath {
    static ROOT: OnceLock<VirtualPath> = OnceLock::new();
    ROOT.get_or_init(|| VirtualPath::new("x").expect("a plain name is a path")).clone()
}

impl Common {
    pub(super) fn new(fonts: &Fonts, theme: &Theme, strings: &Strings, images: &Images) -> Common {
        let mut files = HashMap::new();
        let mut table = BTreeMap::new();
        for (number, (key, image)) in images.0.iter().enumerate() {
            let ending = match image.format {
                ImageFormat::Png => "png",
                ImageFormat::Jpeg => "jpg",
                ImageFormat::Svg => "svg",
            };
            let path = format!("image-{number}.{ending}");
            files.insert(id(&path), Bytes::new(image.bytes.to_vec()));
            table.insert(key.as_str(), Picture { path, alt: &image.alt });
        }
        files.insert(id("common.json"), Bytes::new(look::Common::bytes(theme, strings, table)));
        Common {
            // Row headers, so that the control table reads as pairs of label and value.
            library: LazyHash::new(
                Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build(),
            ),
            theme: Source::new(id("theme.typ"), THEME.to_owned()),
            main: Source::new(id("document.typ"), DOCUMENT.to_owned()),
            document: id("doc.json"),
            files,
            fit: Fit::new(fonts, theme, images, strings.language.language()),
            look: theme.clone(),
            strings: strings.clone(),
        }
    }
}

/// One document before Typst.
pub(super) struct World {
    common: Arc<Common>,
    fonts: Arc<Fonts>,
    document: Bytes,
}

impl World {
    pub(super) fn new(common: Arc<Common>, fonts: Arc<Fonts>, document: Vec<u8>) -> World {
        World { common, fonts, document: Bytes::new(document) }
    }
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &self.common.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.common.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let sources = [&self.common.main, &self.common.theme];
        sources.into_iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.common.document {
            return Ok(self.document.clone());
        }
        self.common.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
