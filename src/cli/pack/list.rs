//! `folio pack list`: the packs that can be had by name.

use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;

use super::{Done, Settings, done};
use crate::diagnostic::Sink;
use crate::pack::Manifest;

pub(super) fn list(settings: &Settings) -> Done {
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(["Pack", "Version", "Title", "From"]);
    for pack in settings.shelf.packs() {
        let Manifest { id, version, title, is_base, .. } = pack.manifest;
        let from = if is_base { format!("{}, a base", pack.origin) } else { pack.origin.to_owned() };
        table.add_row([id, version.to_string(), title, from]);
    }
    let mut sink = Sink::new();
    settings.shelf.installed(&mut sink);
    Done { diagnostics: sink.into_vec(), ..done(format!("{table}\n")) }
}
