//! The formats that each document is written in.

use crate::backend::{Backends, Format};
use crate::diagnostic::codes::workspace as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::pack::Template;
use crate::workspace::Settings;

/// In which formats documents are written.
pub(super) struct Formats<'a> {
    backends: &'a Backends,
    settings: &'a Settings,
    /// Those of documents of which nobody says anything.
    usual: Vec<Format>,
}

impl<'a> Formats<'a> {
    pub(super) fn new(backends: &'a Backends, settings: &'a Settings, sink: &mut Sink) -> Formats<'a> {
        let usual = pick(backends, &settings.formats, sink);
        let usual = usual.unwrap_or_else(|| backends.pick(Backends::USUAL).unwrap_or_default());
        Formats { backends, settings, usual }
    }

    /// Those of one document: what the workspace says of it, before its front matter, before what the workspace says of all.
    pub(super) fn of(&self, document: &Template, sink: &mut Sink) -> Vec<Format> {
        let own = self.settings.document_formats.get(&document.id);
        let own = own.and_then(|names| pick(self.backends, names, sink));
        let by_pack = pick(self.backends, &document.formats, sink);
        own.or(by_pack).unwrap_or_else(|| self.usual.clone())
    }
}

/// The formats that are named; nothing when none is, or one that there is not.
fn pick(backends: &Backends, names: &[(String, Span)], sink: &mut Sink) -> Option<Vec<Format>> {
    match backends.pick(names.iter().map(|(name, _)| name.as_str())) {
        Ok(formats) => Some(formats).filter(|formats| !formats.is_empty()),
        Err(unknown) => {
            let span = names.iter().find(|(name, _)| name == unknown).map(|(_, span)| span.clone());
            let known = backends.names();
            let message = format!("`formats` cannot be `{unknown}`");
            let problem = Diagnostic::fault(&codes::SETTINGS, message).at(span);
            let problem = problem.help(format!("choose one of: {}", known.join(", ")));
            sink.push(problem.suggest(unknown, known));
            None
        }
    }
}
