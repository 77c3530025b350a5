//! `fonts/`: the font files that a pack brings, each under a licence that lies beside it.

use std::collections::BTreeSet;

use super::Pack;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Severity, Sink, Span};
use crate::files::{Files as _, Layered};
use crate::typeset::{FontFile, KnownFonts};

/// The folder in a pack.
const FOLDER: &str = "fonts/";

/// The most font files of a chain of packs, and the most bytes of them all.
const MAX_FILES: usize = 64;
const MAX_BYTES: usize = 128 << 20;

/// Reads the font files of a chain of so many packs: the outermost pack's first, each pack's by name.
pub(super) fn read(
    layers: usize,
    files: &Layered,
    paths: &[String],
    known: &KnownFonts,
    sink: &mut Sink,
) -> Vec<FontFile> {
    let mut fonts = Vec::new();
    let mut left = MAX_BYTES;
    let of = |layer| paths.iter().filter(move |path| is_font(path) && files.layer_of(path) == Some(layer));
    for path in (0..layers).flat_map(of) {
        let name = files.name(path);
        let mut read = || {
            let unreadable = |error: crate::files::FileError| {
                Diagnostic::fault(&codes::PACK_FILE, error.to_string()).at(Span::file(error.name))
            };
            let bytes = files.read(path).map_err(unreadable)?;
            let most = match left.checked_sub(bytes.len()) {
                _ if fonts.len() >= MAX_FILES => format!("{MAX_FILES} files"),
                None => format!("{} MB", MAX_BYTES >> 20),
                Some(rest) => {
                    left = rest;
                    return known.read(name.clone(), bytes);
                }
            };
            let message = format!("with `{name}`, the fonts of the pack and its bases have more than {most}");
            Err(Diagnostic::fault(&codes::PACK_TOO_LARGE, message).at(Span::file(name.clone())))
        };
        match read() {
            Ok(font) => fonts.push(font),
            Err(problem) => {
                let is_bound = problem.code == codes::PACK_TOO_LARGE;
                sink.push(problem);
                if is_bound {
                    break;
                }
            }
        }
    }
    fonts
}

/// Whether a file of a pack is taken for a font: everything in `fonts/` but licences and what people read.
pub fn is_font(path: &str) -> bool {
    const TEXTS: [&str; 5] = ["txt", "md", "html", "pdf", "log"];
    let Some(name) = path.strip_prefix(FOLDER).map(|path| path.rsplit('/').next().unwrap_or(path)) else {
        return false;
    };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| !TEXTS.contains(&ending.as_str())) && !is_licence(path)
}

/// Whether a file says by its name that it is a licence: `OFL.txt`, `LICENSE`, `Carlito-licence.md`, `COPYING`.
pub(crate) fn is_licence(path: &str) -> bool {
    const NAMES: [&str; 6] = ["ofl", "license", "licence", "copying", "ufl", "eula"];
    const FONTS: [&str; 4] = ["ttf", "otf", "ttc", "otc"];
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    words.any(|word| NAMES.contains(&word)) && !FONTS.contains(&ending)
}

/// The outermost pack's own font files that have no licence beside them, nor in a folder of `fonts/` that they stand in: a
/// finding for each folder. A font without licence may not be given on.
pub fn without_licence(pack: &Pack) -> Vec<Diagnostic> {
    let Some(layer) = pack.layers.first() else { return Vec::new() };
    let paths = layer.files.list(FOLDER.trim_end_matches('/')).unwrap_or_default();
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
    let licensed: BTreeSet<String> = paths.iter().filter(|path| is_licence(path)).map(|path| folder(path)).collect();
    let is_licensed = |within: &str| {
        let mut above = Some(within);
        std::iter::from_fn(|| {
            let here = above?;
            above = here.rsplit_once('/').map(|(above, _)| above);
            Some(here)
        })
        .any(|folder| licensed.contains(folder))
    };
    let fonts = paths.iter().filter(|path| is_font(path));
    let folders: BTreeSet<String> = fonts.clone().map(|path| folder(path)).collect();
    let bare = folders.into_iter().filter(|folder| !is_licensed(folder));
    bare.filter_map(|within| {
        let first = fonts.clone().find(|path| folder(path) == within)?;
        let name = layer.files.name(first);
        let message = format!("`{name}` has no licence file beside it");
        let finding = Diagnostic::new(&codes::FONT_UNLICENSED, Severity::Error, message);
        Some(finding.at(Span::file(name)).help(codes::FONT_UNLICENSED.fix))
    })
    .collect()
}

/// The font files that the workspaces of a pack's starter name under `fonts:`; those that cannot be read are left out.
pub fn of_starter(pack: &Pack) -> Vec<FontFile> {
    let starter = super::starter::files(pack, None);
    let settings = crate::decode::read(&*starter, "folio.yaml", &mut Sink::new());
    let named = settings.iter().flat_map(|settings| settings.named("fonts"));
    named.filter_map(|(path, _)| FontFile::read(starter.name(&path), starter.read(&path).ok()?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_and_a_licence_are_told_by_their_names() {
        for path in ["fonts/a.ttf", "fonts/x/b.OTF", "fonts/c.woff2", "fonts/d.bin", "fonts/License Sans.ttf"] {
            assert!(is_font(path), "{path}");
        }
        for path in ["fonts/README.md", "fonts/FONTLOG.txt", "fonts/OFL.txt", "fonts/LICENSE", "images/a.ttf", "a.ttf"]
        {
            assert!(!is_font(path), "{path}");
        }
        for path in ["fonts/OFL.txt", "fonts/LICENSE", "fonts/Licence-Lantern.rtf", "fonts/x/COPYING.LESSER"] {
            assert!(is_licence(path), "{path}");
        }
        for path in ["fonts/README.md", "fonts/profligate.txt", "fonts/License Sans.ttf"] {
            assert!(!is_licence(path), "{path}");
        }
    }
}
