//! `folio pack build`: the archive of a pack.

use std::path::PathBuf;

use super::{Done, Settings, broken, done, write};
use crate::cli::args::Build;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::MAX_FILE;
use crate::pack::fonts::without_licence;
use crate::pack::{Layer, Pack, archive, source};

pub(super) fn build(options: &Build, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let folder = settings.path(&options.folder);
    let bases = settings.shelf.beside(&folder);
    let Some(pack) = Pack::load(source::folder(&folder), &bases, &mut sink) else { return broken(sink) };
    let Some(layer) = pack.layers.first() else { return broken(sink) };
    // Whoever builds a pack gives its fonts on.
    let unlicensed = without_licence(&pack);
    if !unlicensed.is_empty() {
        sink.extend(unlicensed);
        return broken(sink);
    }
    let Layer { manifest, digest, files, .. } = layer;
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
    if write(&settings.path(&shown), &bytes, &mut sink).is_none() {
        return broken(sink);
    }
    let text = format!("{}\ndigest {digest}\n{} ({} bytes)\n", layer.label(), shown.display(), size);
    Done { diagnostics: sink.into_vec(), ..done(text) }
}
