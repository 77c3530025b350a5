//! The fonts that a pack brings and those that its theme names.

use super::Subject;
use crate::decode::{self, Kind};
use crate::diagnostic::codes::pack as codes;
use crate::diagnostic::{Diagnostic, Sink, Span};
use crate::pack::fonts::{of_starter, without_licence};
use crate::theme::Theme;
use crate::typeset::{FontFile, Fonts, missing_families};

pub(super) fn check(subject: &Subject<'_>, sink: &mut Sink) {
    let pack = subject.pack;
    sink.extend(without_licence(pack));
    let Some(theme) = decode::typed::<Theme>(&pack.theme, Kind::Theme, &mut Sink::new()) else { return };
    let brought = of_starter(pack);
    let missing = missing_families(&Fonts::new(brought.iter().chain(&pack.fonts)), &theme);
    // What a family is called wrongly for would be reported once more as unused.
    let is_complete = !missing.has_faults();
    for problem in missing.into_vec() {
        let key = problem.path.clone().unwrap_or_default();
        let place = pack.theme.at(key.strip_prefix("theme.").unwrap_or(&key)).map(|value| value.span.clone());
        sink.push(Diagnostic { path: None, ..problem.at(place) });
    }
    for font in pack.fonts.iter().filter(|font| is_complete && !is_named(font, &theme)) {
        let severity = subject.unused_in(subject.layer_of(font.name()).unwrap_or_default());
        let message = format!("the font file `{}` is used nowhere", font.name());
        let mut families: Vec<&str> = font.families().collect();
        families.dedup();
        let help =
            format!("name its family, `{}`, under `fonts` in theme.yaml, or delete the file", families.join("`, `"));
        sink.push(Diagnostic::new(&codes::UNUSED, severity, message).at(Span::file(font.name())).help(help));
    }
}

/// Whether a theme names a family of a font.
fn is_named(font: &FontFile, theme: &Theme) -> bool {
    let fonts = &theme.fonts;
    let mut named = [&fonts.body.pdf, &fonts.code.pdf].into_iter().chain(&fonts.fallback);
    named.any(|name| font.families().any(|family| family.to_lowercase() == name.to_lowercase()))
}
