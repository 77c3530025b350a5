//! What the packs of a chain ask of a profile: the files, read for [`crate::schema`].

use super::{Layer, has};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::schema::{Schema, Source};

const FILE: &str = "profile.schema.json";

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
        let source = Source::read(layer.files.name(FILE), &bytes.ok()?);
        sources.push(source.map_err(|problem| sink.push(problem)).ok()?);
    }
    Schema::over(sources, sink)
}
