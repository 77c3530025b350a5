//! What stands in the way of building and signing a pack: the errors that `folio pack check` finds in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::check;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::files::{Changed, Files};
use crate::pack::source::Bases;
use crate::pack::{Layer, Pack, unchecked};

/// What stands in the way of giving a pack to others: the errors of `pack check`.
pub(super) fn of(files: Arc<dyn Files>, bases: &dyn Bases) -> Mistakes {
    let mut sink = Sink::new();
    let pack = check::examined(files, bases, &[], &mut sink).map(|(pack, _)| pack);
    let errors = sink.into_vec().into_iter().filter(|found| found.severity >= Severity::Error).collect();
    Mistakes { pack, errors }
}

/// A pack, as far as it could be read, and the errors in it.
pub(super) struct Mistakes {
    pub(super) pack: Option<Arc<Pack>>,
    pub(super) errors: Vec<Diagnostic>,
}

impl Mistakes {
    /// Says that something is not done because of them: they themselves, and how it is done all the same.
    pub(super) fn refuse(self, label: &str, what: &str, sink: &mut Sink) {
        let count: usize = self.errors.iter().map(|found| found.count).sum();
        let errors = if count == 1 { "an error".to_owned() } else { format!("{count} errors") };
        let could = if self.pack.is_some() { "finds" } else { "cannot go on after" };
        let message = format!("{label} is not {what}: `folio pack check` {could} {errors}");
        sink.extend(self.errors);
        let help = format!("correct what is listed above; with `--unchecked` it is {what} all the same, and says so");
        sink.push(Diagnostic::fault(&codes::PACK_UNCHECKED, message).help(help));
    }

    /// Says that a folder is installed in spite of them: for its author's own desk that is allowed.
    pub(super) fn warn(&self, folder: &str, sink: &mut Sink) {
        let count: usize = self.errors.iter().map(|found| found.count).sum();
        let errors = match count {
            0 => return,
            1 => "an error".to_owned(),
            count => format!("{count} errors"),
        };
        let message = format!("`{folder}` is installed, and `folio pack check` finds {errors} in it");
        let found = Diagnostic::warning(&codes::PACK_UNCHECKED, message);
        sink.push(found.help(format!("`folio pack check {folder}` lists them; a workspace of it may not render")));
    }

    /// The files of a pack with the note that these mistakes are in it.
    pub(super) fn noted(&self, layer: &Layer, sink: &mut Sink) -> Option<Layer> {
        let layers: Vec<(&str, &dyn Files)> = match &self.pack {
            Some(pack) => pack.layers.iter().map(|layer| (layer.manifest.id.as_str(), &*layer.files)).collect(),
            None => vec![(layer.manifest.id.as_str(), &*layer.files)],
        };
        let errors: Vec<&Diagnostic> = self.errors.iter().collect();
        let note = unchecked::note(&layers, &errors).into_bytes();
        let changes = BTreeMap::from([(unchecked::FILE.to_owned(), Some(note))]);
        Layer::read(Arc::new(Changed::new(layer.files.clone(), changes)), sink)
    }
}
