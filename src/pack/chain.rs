//! A pack and the packs that it extends: a chain, the outermost first.

use std::sync::Arc;

use super::archive::MAX_TOTAL;
use super::manifest::{self, Manifest};
use super::source::Bases;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::digest;
use crate::files::{FileError, Files};
use crate::yaml::Located;

/// The longest chain.
const MAX_LAYERS: usize = 8;

/// One pack of a chain, as it stands alone.
pub struct Layer {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The SHA-256 of its files.
    pub digest: String,
    /// Its files.
    pub files: Arc<dyn Files>,
    pub(super) located: Located,
}

impl Layer {
    /// How it is called in messages: id and version.
    pub fn label(&self) -> String {
        format!("{} {}", self.manifest.id, self.manifest.version)
    }

    /// Reads what a pack says of itself, without the packs that it extends.
    pub fn read(files: Arc<dyn Files>, sink: &mut Sink) -> Option<Layer> {
        let (manifest, located) = manifest::read(&*files, sink)?;
        let digest = digest(&*files, sink)?;
        Some(Layer { manifest, digest, files, located })
    }
}

/// The SHA-256 of a pack's files: names and bytes, sorted by name. Of a folder, as of an archive, no more is read than
/// [`MAX_TOTAL`].
pub fn digest(files: &dyn Files, sink: &mut Sink) -> Option<String> {
    let unreadable =
        |error: FileError| Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name));
    let mut left = MAX_TOTAL as usize;
    let mut read = || -> Result<String, Diagnostic> {
        let mut parts = Vec::new();
        for path in files.list("").map_err(unreadable)? {
            let bytes = files.read(&path).map_err(unreadable)?;
            left = left.checked_sub(bytes.len()).ok_or_else(|| {
                let name = files.name(&path);
                let message = format!("with `{name}`, the pack has more than {} MB", MAX_TOTAL >> 20);
                Diagnostic::fault(&codes::PACK_TOO_LARGE, message).at(Span::file(name))
            })?;
            parts.push(path.into_bytes());
            parts.push(bytes);
        }
        Ok(digest::of_parts(parts.iter().map(Vec::as_slice)))
    };
    read().map_err(|problem| sink.push(problem)).ok()
}

/// Reads a pack and every pack below it.
pub(super) fn read(files: Arc<dyn Files>, bases: &dyn Bases, sink: &mut Sink) -> Option<Vec<Layer>> {
    let mut layers = vec![Layer::read(files, sink)?];
    while let Some(outer) = layers.last()
        && let Some(wanted) = &outer.manifest.extends
    {
        let span = outer.located.get("extends").map(|value| value.span.clone());
        if let Some(same) = layers.iter().find(|layer| layer.manifest.id == wanted.id) {
            let message = format!("`{}` extends itself, through `{}`", same.manifest.id, outer.manifest.id);
            sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span));
            return None;
        }
        if layers.len() == MAX_LAYERS {
            let message = format!("packs extend one another more than {MAX_LAYERS} deep");
            sink.push(Diagnostic::fault(&codes::PACK_MANIFEST, message).at(span));
            return None;
        }
        let base = match bases.find(wanted) {
            Ok(base) => base,
            Err(problem) => {
                sink.push(problem.at(span));
                return None;
            }
        };
        let base = Layer::read(base, sink)?;
        if !wanted.matches(&base.manifest) {
            let message = format!("`{}` extends `{wanted}`, and was given {}", outer.manifest.id, base.label());
            sink.push(Diagnostic::fault(&codes::PACK_VERSION, message).at(span));
            return None;
        }
        layers.push(base);
    }
    Some(layers)
}
