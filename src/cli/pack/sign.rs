//! `folio pack sign` and `folio pack verify`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::key::password;
use super::{Done, Settings, broken, done, file, mistakes, name_of, text, trust, with_suffix, write};
use crate::cli::args::{Sign, Verify};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::files::{Disk, Files};
use crate::pack::sign::{self, SUFFIX, Signed};
use crate::pack::source::{self, Bases, Shelf, Wanted};
use crate::pack::{Layer, archive, manifest, unchecked};

pub(super) fn sign(options: &Sign, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    match signed(options, settings, &mut sink) {
        Some(text) => Done { diagnostics: sink.into_vec(), ..done(text) },
        None => broken(sink),
    }
}

fn signed(options: &Sign, settings: &Settings, sink: &mut Sink) -> Option<String> {
    let mut path = settings.path(&options.archive);
    let mut shown = options.archive.clone();
    let mut bytes = file(&path, sink)?;
    let mut layer = layer(&path, &bytes, sink)?;
    let folder = std::path::absolute(&path).ok().and_then(|path| Some(path.parent()?.to_owned())).unwrap_or_default();
    let mistakes = mistakes::of(layer.files.clone(), &Beside { shelf: settings.shelf.beside(&path), folder });
    if !mistakes.errors.is_empty() && !options.unchecked {
        mistakes.refuse(&layer.label(), "signed", sink);
        return None;
    }
    if !mistakes.errors.is_empty() && layer.files.read(unchecked::FILE).is_err() {
        // What is signed says what it is: another archive, which stands beside this one.
        layer = mistakes.noted(&layer, sink)?;
        bytes = archive::pack(&*layer.files).map_err(|problem| sink.push(problem)).ok()?;
        let name = archive::file_name(&layer.manifest.id, &layer.manifest.version.to_string(), &layer.digest);
        path.set_file_name(&name);
        shown.set_file_name(&name);
        write(&path, &bytes, settings, sink)?;
    }
    sink.extend(unchecked::warning(&layer));
    let secret = text(&settings.path(&options.key), sink)?;
    let key = sign::secret_key(&secret, || password(settings, false));
    let signature = key.and_then(|key| sign::sign(&bytes, &layer, &key)).map_err(|problem| sink.push(problem)).ok()?;
    write(&with_suffix(&path, SUFFIX), &signature, settings, sink)?;
    let shown = with_suffix(&shown, SUFFIX);
    Some(format!("{}, digest {}\nsigned in {}\n", layer.label(), layer.digest, shown.display()))
}

/// The packs that can be had by name, and those whose archives lie beside the one that is signed: packs that are made
/// together are signed before any of them is installed.
struct Beside {
    shelf: Shelf,
    folder: PathBuf,
}

impl Bases for Beside {
    fn find(&self, wanted: &Wanted) -> Result<Arc<dyn Files>, Diagnostic> {
        let missing = match self.shelf.find(wanted) {
            Ok(files) => return Ok(files),
            Err(missing) => missing,
        };
        let start = format!("{}-", wanted.id);
        let names = Disk::entries(&self.folder).unwrap_or_default();
        let names = names.into_iter().rev().filter_map(|name| name.into_string().ok());
        for name in names.filter(|name| name.starts_with(&start) && name.ends_with(".zip")) {
            let unheard = &mut Sink::new();
            if let Some(files) = source::archive(&self.folder.join(name), unheard)
                && manifest(&*files, unheard).is_some_and(|manifest| wanted.matches(&manifest))
            {
                return Ok(files);
            }
        }
        Err(missing.help("install it, or put its folder or archive beside the archive that is to be signed"))
    }
}

/// Exit 0: whole, and signed by a key that is trusted; 1: not; 2: a file cannot be read.
pub(super) fn verify(options: &Verify, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let path = settings.path(&options.archive);
    let Some(bytes) = file(&path, &mut sink) else { return broken(sink) };
    let verified = layer(&path, &bytes, &mut sink).and_then(|layer| {
        let signer = signer(options, settings, (&path, &bytes), &layer, &mut sink)?;
        sink.extend(unchecked::warning(&layer));
        Some(format!("{}, digest {}\nsigned by {signer}\n", layer.label(), layer.digest))
    });
    Done { text: verified.unwrap_or_default(), diagnostics: sink.into_vec(), ..Done::default() }
}

fn signer(
    options: &Verify,
    settings: &Settings,
    (path, bytes): (&Path, &[u8]),
    layer: &Layer,
    sink: &mut Sink,
) -> Option<String> {
    let place = options.sig.as_ref().map_or_else(|| with_suffix(path, SUFFIX), |path| settings.path(path));
    if !place.exists() {
        let message = format!("{} is not signed: there is no `{}`", layer.label(), place.display());
        sink.push(Diagnostic::fault(&codes::PACK_UNSIGNED, message).help(codes::PACK_UNSIGNED.fix));
        return None;
    }
    let given = file(&place, sink)?;
    let verified = match &options.key {
        Some(given_key) => {
            let key = trust::key(given_key, settings, sink)?;
            Signed::read(&given).and_then(|signature| {
                key.verify(bytes, &signature)?;
                signature.names(layer)?;
                Ok(format!("key {}", key.number))
            })
        }
        None => {
            let trust = trust::read(options.trust.as_deref(), settings, sink)?;
            Signed::read(&given).and_then(|signature| {
                let trusted = trust.verify(bytes, layer, &signature)?;
                Ok(format!("`{}`, key {}", trusted.id, trusted.key.number))
            })
        }
    };
    verified.map_err(|problem| sink.push(problem)).ok()
}

/// The pack in an archive.
fn layer(path: &Path, bytes: &[u8], sink: &mut Sink) -> Option<Layer> {
    Layer::read(Arc::new(archive::unpack(&name_of(path), bytes, sink)?), sink)
}
