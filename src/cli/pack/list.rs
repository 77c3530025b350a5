//! `folio pack list`: the packs that can be had by name.

use comfy_table::Table;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;

use super::{Done, Settings, broken, done, trust};
use crate::diagnostic::{Diagnostic, Sink};
use crate::pack::installed::Archived;
use crate::pack::trust::Trust;
use crate::pack::{Manifest, source};

pub(super) fn list(settings: &Settings) -> Done {
    let mut sink = Sink::new();
    let Some(installed) = settings.shelf.installed().map_err(|problem| sink.push(problem)).ok() else {
        return broken(sink);
    };
    let trust = match settings.trust.is_some() && !installed.packs.is_empty() {
        true => trust::read(None, settings, &mut sink).unwrap_or_default(),
        false => Trust::default(),
    };
    let mut table = Table::new();
    table.load_preset(UTF8_HORIZONTAL_ONLY).set_header(["Pack", "Version", "Title", "From", "Verified"]);
    let mut add = |manifest: Manifest, origin: &str, verified: String| {
        let Manifest { id, version, title, is_base, .. } = manifest;
        let from = if is_base { format!("{origin}, a base") } else { origin.to_owned() };
        table.add_row([id, version.to_string(), title, from, verified]);
    };
    for pack in installed.packs {
        let verified = verified(&pack, &trust, &mut sink);
        add(pack.manifest, source::INSTALLED, verified);
    }
    for pack in settings.shelf.packs().into_iter().filter(|pack| pack.origin != source::INSTALLED) {
        add(pack.manifest, pack.origin, "–".into());
    }
    sink.extend(installed.passed_over);
    Done { diagnostics: sink.into_vec(), ..done(format!("{table}\n")) }
}

/// What is known of an installed archive: who signed it, or that it is what was installed.
fn verified(pack: &Archived, trust: &Trust, sink: &mut Sink) -> String {
    let whole = if pack.is_verified { "as it was installed" } else { "not verified" };
    match pack.signer(trust) {
        Some(Ok(signer)) => format!("signed by `{signer}`"),
        Some(Err(problem)) => {
            let name = pack.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let message = format!("`{name}`: {}", problem.message);
            sink.push(Diagnostic { severity: crate::diagnostic::Severity::Warning, message, ..problem });
            whole.to_owned()
        }
        None => whole.to_owned(),
    }
}
