//! What the packs of a chain ask of a profile: the files, read for [`crate::schema`].

use super::{Layer, has};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::schema::{Schema, Source};

const FILE: &str = "profile.schema.json";

/// The most bytes of a schema.
const MAX_BYTES: usize = 4 << 20;

/// Reads the schemas of all layers as one. A pack that extends another may have none.
pub(super) fn read(layers: &[Layer], sink: &mut Sink) -> Option<Schema> {
    let mut sources = Vec::new();
    for (at, layer) in layers.iter().enumerate().rev() {
        let is_last_hope = at == 0 && sources.is_empty();
        if !has(&*layer.files, FILE) && !is_last_hope {
            continue;
        }
        let bytes = layer.files.read(FILE);
        let bytes = bytes.map_err(|error| {
            sink.push(Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name)));
        });
        let (name, bytes) = (layer.files.name(FILE), bytes.ok()?);
        if bytes.len() > MAX_BYTES {
            let message = format!("`{name}` has {} MB; at most {} are read", bytes.len() >> 20, MAX_BYTES >> 20);
            sink.push(Diagnostic::fault(&codes::PACK_TOO_LARGE, message).at(Span::file(name)));
            return None;
        }
        let source = Source::read(name, &bytes);
        sources.push(source.map_err(|problem| sink.push(problem)).ok()?);
    }
    Schema::over(sources, sink)
}
