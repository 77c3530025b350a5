//! What a workspace brings of its own: fonts, texts in place of the pack's, and pictures.

use std::collections::BTreeMap;

use super::Settings;
use super::profile::Profile;
use crate::diagnostic::codes::{pack as pack_codes, workspace as codes};
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::files::Files;
use crate::model::{Image, Images, LOGO};
use crate::pack::Pack;
use crate::theme::{Part, Picture, Theme};
use crate::typeset::FontFile;

/// The most bytes of font files.
const MAX_FONTS: usize = 128 << 20;

pub(super) fn fonts(files: &dyn Files, settings: &Settings, sink: &mut Sink) -> Vec<FontFile> {
    let mut fonts = Vec::new();
    let mut left = MAX_FONTS;
    for item in settings.located.items("fonts") {
        let path = item.as_str().unwrap_or_default();
        let problem = match files.read(path) {
            Ok(bytes) if bytes.len() <= left => {
                left -= bytes.len();
                match FontFile::read(path, bytes) {
                    Ok(font) => fonts.push(font),
                    Err(problem) => sink.push(problem),
                }
                continue;
            }
            Ok(_) => format!("with `{path}`, the fonts have more than {} MB", MAX_FONTS >> 20),
            Err(error) => error.to_string(),
        };
        sink.push(Diagnostic::fault(&codes::FILE_UNREADABLE, problem).at(item.span.clone()));
    }
    fonts
}

/// `overrides/<document>/<block>.md.hbs`.
pub(super) fn overrides(files: &dyn Files, pack: &Pack, sink: &mut Sink) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let paths = match files.list("overrides") {
        Ok(paths) => paths,
        Err(error) => {
            let problem = Diagnostic::fault(&codes::FILE_UNREADABLE, error.to_string());
            sink.push(problem.at(Span::file(error.name)));
            return found;
        }
    };
    for path in paths {
        let parts: Vec<&str> = path.split('/').collect();
        let [_, document, file] = parts.as_slice() else { continue };
        let Some(block) = file.strip_suffix(".md.hbs") else { continue };
        let Some(template) = pack.documents.iter().find(|template| template.id == *document) else {
            if let Some(problem) = of_dropped(pack, document, &format!("`{path}`")) {
                sink.push(problem.at(Span::file(path.clone())));
                continue;
            }
            let message = format!("`{path}` overrides a block of `{document}`, which the pack does not have");
            sink.push(Diagnostic::fault(&codes::UNKNOWN_DOCUMENT, message).at(Span::file(path.clone())));
            continue;
        };
        if template.is_final {
            let message = format!("`{document}` is final in the pack; `{path}` would change it");
            let diagnostic = Diagnostic::fault(&pack_codes::PACK_FINAL, message).at(Span::file(path.clone()));
            sink.push(diagnostic.help(pack_codes::PACK_FINAL.fix));
            continue;
        }
        found.entry((*document).to_owned()).or_default().insert(block.to_owned(), path.clone());
    }
    found
}

/// A warning about what concerns a document that the pack leaves out.
pub(super) fn of_dropped(pack: &Pack, id: &str, what: &str) -> Option<Diagnostic> {
    let dropped = pack.dropped.iter().find(|dropped| dropped.template.id == id)?;
    let who = pack.label(dropped.layer);
    let message = format!("`{id}` is left out of the set by {who}; {what} is not used");
    let problem = Diagnostic::warning(&codes::UNKNOWN_DOCUMENT, message);
    Some(problem.help(format!("the pack's reason: {}", dropped.reason)))
}

/// The logo, and the images of the pack.
pub(super) fn images(files: &dyn Files, pack: &Pack, profile: &Profile, sink: &mut Sink) -> Images {
    let mut images = Images::default();
    for (name, bytes) in &pack.images {
        match Image::read(bytes.clone(), "") {
            Ok(image) => {
                images.0.insert(name.clone(), image);
            }
            Err(problem) => {
                let message = format!("`images/{name}` cannot be shown: {problem}");
                let fault = Diagnostic::fault(&crate::diagnostic::codes::document::IMAGE_MISSING, message);
                sink.push(fault.at(Span::file(pack.files().name(&format!("images/{name}")))));
            }
        }
    }
    let branding = &profile.value["branding"];
    if let Some(path) = branding["logo"].as_str() {
        let alt =
            branding["logo_alt"].as_str().or(profile.value["organisation"]["short_name"].as_str()).unwrap_or_default();
        let logo = files.read(path).map_err(|error| error.to_string()).and_then(|bytes| Image::read(bytes.into(), alt));
        match logo {
            Ok(logo) => {
                images.0.insert(LOGO.to_owned(), logo);
            }
            Err(problem) => {
                let span = profile.span_of("branding.logo").cloned();
                sink.push(
                    Diagnostic::fault(&codes::LOGO, format!("the logo `{path}` cannot be shown: {problem}")).at(span),
                );
            }
        }
    }
    images
}

/// Where a key of the theme, such as `fonts.body.pdf` or `header.left.0`, stands: in `folio.yaml`, else in the pack.
pub(super) fn place_in_theme(settings: &Settings, pack: &Pack, key: &str) -> Option<Span> {
    let own = settings.located.get("theme").and_then(|theme| theme.at(key));
    own.or_else(|| pack.theme.at(key)).map(|value| value.span.clone())
}

/// The pictures that header, footer and cover show and that the pack does not have: they are files of the workspace.
pub(super) fn pictures(
    files: &dyn Files,
    settings: &Settings,
    pack: &Pack,
    theme: &Theme,
    images: &mut Images,
    sink: &mut Sink,
) {
    for (key, part) in theme.parts() {
        let Part::Picture(Picture { image: path, alt, .. }) = part else { continue };
        if pack.images.contains_key(path) || images.0.contains_key(path) {
            continue;
        }
        let read = files.read(path).map_err(|error| error.to_string());
        match read.and_then(|bytes| Image::read(bytes.into(), alt)) {
            Ok(image) => drop(images.0.insert(path.clone(), image)),
            Err(problem) => {
                let message = format!("the picture `{path}` cannot be shown: {problem}");
                let problem = Diagnostic::fault(&codes::THEME, message).at(place_in_theme(settings, pack, &key));
                let problem = problem.suggest(path, pack.images.keys().map(String::as_str));
                sink.push(problem.help("name a file of the pack's `images/`, or one of the workspace"));
            }
        }
    }
}
