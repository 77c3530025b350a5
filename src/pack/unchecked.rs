//! The note in an archive that was made although its pack has mistakes: a file that whoever looks at the archive, or
//! installs it, is shown.

use std::fmt::Write as _;

use super::Layer;
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Span};
use crate::files::Files;

/// The file; in a pack's folder it is no part of the pack.
pub const FILE: &str = "UNCHECKED";

/// What the file begins with; the mistakes follow, a line each.
const HEAD: &str = "This archive was made with `--unchecked`: `folio pack check` finds in it";

/// The most mistakes that are kept in the note and shown of it, and the most characters of one.
const MAX_KEPT: usize = 50;
const SHOWN: usize = 3;
const MAX_LINE: usize = 200;

/// The note for a pack in which these mistakes were found. Files are named by the id of their pack, wherever it lies.
pub fn note(layers: &[(&str, &dyn Files)], problems: &[&Diagnostic]) -> String {
    let place = |span: &Span| {
        let within = layers.iter().find_map(|(id, files)| {
            let prefix = files.name("");
            Some((id, span.file.strip_prefix(prefix.as_str()).filter(|_| !prefix.is_empty())?))
        });
        let file = within.map_or_else(|| span.file.to_string(), |(id, path)| format!("{id}/{path}"));
        Span { file: file.into(), ..span.clone() }.to_string()
    };
    let mut lines: Vec<String> = problems
        .iter()
        .map(|problem| {
            let place = problem.span.as_ref().map(|span| format!(" {}:", place(span))).unwrap_or_default();
            let line = format!("{}[{}]{place} {}", problem.severity, problem.code, problem.message);
            line.replace(char::is_control, " ").chars().take(MAX_LINE).collect()
        })
        .collect();
    lines.sort();
    lines.dedup();
    let mut text = format!("{HEAD}\n");
    for line in lines.iter().take(MAX_KEPT) {
        let _ = writeln!(text, "{line}");
    }
    if lines.len() > MAX_KEPT {
        let _ = writeln!(text, "and {} more", lines.len() - MAX_KEPT);
    }
    text
}

/// A warning about a pack that has such a note.
pub fn warning(layer: &Layer) -> Option<Diagnostic> {
    let bytes = layer.files.read(FILE).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let message =
        format!("{} was archived with `--unchecked`: it has mistakes that its author passed over", layer.label());
    let diagnostic = Diagnostic::warning(&codes::PACK_UNCHECKED, message).at(Span::file(layer.files.name(FILE)));
    let mut mistakes = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let shown = mistakes.by_ref().take(SHOWN).map(|line| line.chars().take(MAX_LINE).collect::<String>());
    let diagnostic = shown.fold(diagnostic, Diagnostic::help);
    Some(match mistakes.count() {
        0 => diagnostic,
        more => diagnostic.help(format!("and {more} more, in its file `{FILE}`")),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Sink;
    use crate::files::Memory;

    #[test]
    fn a_note_is_the_same_wherever_the_pack_lies_and_is_shown_in_part() {
        let layer = |folder: &str| {
            let manifest = "format: 1\nid: p\nversion: \"1.0.0\"\ntitle: T\nstandard: S\nlanguage: en-GB\n";
            Layer::read(Arc::new(Memory::new(folder).with("pack.yaml", manifest)), &mut Sink::new()).unwrap()
        };
        let noted = |folder: &str, count: u32| {
            let layer = layer(folder);
            let problem = |at: u32| {
                let span = Span::text(layer.files.name("documents/a.md.hbs"), at, 2, 3);
                Diagnostic::fault(&codes::TEMPLATE_UNKNOWN, format!("`x{at}`:\nno\u{1b}[1m x")).at(span)
            };
            let problems: Vec<Diagnostic> = (0..count).rev().map(problem).collect();
            note(&[("p", &*layer.files)], &problems.iter().collect::<Vec<_>>())
        };
        assert_eq!(noted("one/", 2), noted("another/", 2));
        assert_eq!(
            noted("one/", 2),
            format!(
                "{HEAD}\nerror[F321] p/documents/a.md.hbs: `x0`: no [1m x\nerror[F321] p/documents/a.md.hbs:1:2: `x1`: no [1m x\n"
            )
        );
        assert!(noted("one/", 100).lines().count() == 52 && noted("one/", 100).ends_with("and 50 more\n"));
        let clean = layer("p/");
        assert_eq!(warning(&clean), None);
        let files = Memory::new("p/").with(FILE, noted("p/", 9));
        let said = warning(&Layer { files: Arc::new(files), ..clean }).unwrap();
        assert_eq!((said.help.len(), said.help[3].as_str()), (4, "and 6 more, in its file `UNCHECKED`"));
    }
}
