//! `folio pack build`: the archive of a pack.

use std::path::PathBuf;

use super::{Done, Settings, broken, done, mistakes, write};
use crate::cli::args::Build;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::MAX_FILE;
use crate::pack::fonts::without_licence;
use crate::pack::{Layer, archive, source, unchecked};

pub(super) fn build(options: &Build, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let folder = settings.path(&options.folder);
    let bases = settings.shelf.beside(&folder);
    let source = source::folder(&folder);
    let mistakes = mistakes::of(source.clone(), &bases);
    let is_sound = mistakes.errors.is_empty();
    // Whoever builds a pack gives its fonts on: that is not passed over.
    let unlicensed = mistakes.pack.as_ref().map(|pack| without_licence(pack)).unwrap_or_default();
    if !unlicensed.is_empty() && (is_sound || options.unchecked) {
        sink.extend(unlicensed);
        return broken(sink);
    }
    let layer = Layer::read(source, &mut sink);
    let layer = match layer {
        Some(layer) if is_sound => Some(layer),
        Some(layer) if options.unchecked => {
            let noted = mistakes.noted(&layer, &mut sink);
            sink.extend(noted.as_ref().and_then(unchecked::warning));
            noted
        }
        Some(layer) => {
            mistakes.refuse(&layer.label(), "built", &mut sink);
            None
        }
        None => None,
    };
    let Some(layer) = layer else { return broken(sink) };
    let Layer { manifest, digest, files, .. } = &layer;
    let name = archive::file_name(&manifest.id, &manifest.version.to_string(), digest);
    let made = archive::pack(&**files).map_err(|problem| sink.push(problem)).ok();
    // What is built can be installed, for those who get it will unpack it by the same rules.
    let Some(bytes) = made.filter(|bytes| archive::unpack(&name, bytes, &mut sink).is_some()) else {
        return broken(sink);
    };
    if bytes.len() as u64 > MAX_FILE {
        let message = format!("the archive has {} MB; at most {} MB are installed", bytes.len() >> 20, MAX_FILE >> 20);
        sink.push(Diagnostic::fault(&codes::PACK_ARCHIVE, message));
        return broken(sink);
    }
    let shown = options.out.clone().unwrap_or_else(|| PathBuf::from(name));
    let size = bytes.len();
    if write(&settings.path(&shown), &bytes, settings, &mut sink).is_none() {
        return broken(sink);
    }
    let text = format!("{}\ndigest {digest}\n{} ({} bytes)\n", layer.label(), shown.display(), size);
    Done { diagnostics: sink.into_vec(), ..done(text) }
}
