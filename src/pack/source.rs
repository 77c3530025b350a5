//! Where packs come from: embedded in the program, a folder, or the archive that a workspace keeps.

use std::sync::Arc;

use include_dir::{Dir, include_dir};
use semver::VersionReq;

use super::Manifest;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, nearest};
use crate::files::{Files, Memory};

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
            files.insert(path.to_string_lossy().replace('\\', "/"), file.contents());
        }
    }
    for inner in folder.dirs() {
        collect(root, inner, files);
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

impl Wanted {
    /// Whether a pack is the one that is wanted.
    pub fn matches(&self, manifest: &Manifest) -> bool {
        manifest.id == self.id && self.range.matches(&manifest.version)
    }

    /// The newest embedded pack that will do; a fault that says what there is when none does.
    pub fn find_embedded(&self, sink: &mut Sink) -> Option<Arc<dyn Files>> {
        let packs: Vec<(Manifest, Arc<dyn Files>)> =
            embedded().into_iter().filter_map(|files| Some((super::manifest(&*files, sink)?, files))).collect();
        let best = packs
            .iter()
            .filter(|(manifest, _)| self.matches(manifest))
            .max_by_key(|(manifest, _)| manifest.version.clone());
        if let Some((_, files)) = best {
            return Some(files.clone());
        }
        let same: Vec<String> = packs
            .iter()
            .filter(|(manifest, _)| manifest.id == self.id)
            .map(|(manifest, _)| manifest.version.to_string())
            .collect();
        let diagnostic = if same.is_empty() {
            let ids: Vec<&str> = packs.iter().map(|(manifest, _)| manifest.id.as_str()).collect();
            let diagnostic = Diagnostic::fault(&codes::PACK_MISSING, format!("there is no pack `{}`", self.id));
            match nearest(&self.id, ids.iter().copied()) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!("there are: {}", ids.join(", "))),
            }
        } else {
            let message = format!("no version of `{}` fits `{}`; there is {}", self.id, self.range, same.join(", "));
            Diagnostic::fault(&codes::PACK_VERSION, message).help("change the range in folio.yaml")
        };
        sink.push(diagnostic);
        None
    }
}
