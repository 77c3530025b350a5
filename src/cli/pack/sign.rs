//! `folio pack sign` and `folio pack verify`.

use std::path::Path;
use std::sync::Arc;

use super::key::password;
use super::{Done, Settings, broken, done, file, name_of, text, trust, with_suffix, write};
use crate::cli::args::{Sign, Verify};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink};
use crate::pack::sign::{self, SUFFIX, Signed};
use crate::pack::{Layer, archive};

pub(super) fn sign(options: &Sign, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    signed(options, settings, &mut sink).map_or_else(|| broken(sink), done)
}

fn signed(options: &Sign, settings: &Settings, sink: &mut Sink) -> Option<String> {
    let path = settings.path(&options.archive);
    let bytes = file(&path, sink)?;
    let layer = layer(&path, &bytes, sink)?;
    let secret = text(&settings.path(&options.key), sink)?;
    let key = sign::secret_key(&secret, || password(settings, false));
    let signature = key.and_then(|key| sign::sign(&bytes, &layer, &key)).map_err(|problem| sink.push(problem)).ok()?;
    write(&with_suffix(&path, SUFFIX), &signature, sink)?;
    let shown = with_suffix(&options.archive, SUFFIX);
    Some(format!("{}, digest {}\nsigned in {}\n", layer.label(), layer.digest, shown.display()))
}

/// Exit 0: whole, and signed by a key that is trusted; 1: not; 2: a file cannot be read.
pub(super) fn verify(options: &Verify, settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let path = settings.path(&options.archive);
    let Some(bytes) = file(&path, &mut sink) else { return broken(sink) };
    let verified = layer(&path, &bytes, &mut sink).and_then(|layer| {
        let signer = signer(options, settings, (&path, &bytes), &layer, &mut sink)?;
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
