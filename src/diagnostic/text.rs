//! Diagnostics for people: the offending line with a caret, as rustc shows it.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, Span};

/// One diagnostic, ready to print, with a line end.
pub fn render(diagnostic: &Diagnostic, coloured: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Fault | Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&*diagnostic.message).id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    let place;
    match (&diagnostic.span, &diagnostic.excerpt) {
        (Some(span), Some(line)) if span.line > 0 && span.column > 0 && span.sheet.is_none() => {
            let (line, range) = window(line, span);
            place = line;
            group = group.element(
                Snippet::source(place.as_str())
                    .path(&*span.file)
                    .line_start(span.line as usize)
                    .annotation(AnnotationKind::Primary.span(range)),
            );
        }
        (Some(span), _) => {
            place = span.to_string();
            group = group.element(annotate_snippets::Origin::path(place.as_str()));
        }
        (None, _) => {}
    }
    let mut notes: Vec<String> = Vec::new();
    if let Some(path) = &diagnostic.path {
        notes.push(format!("profile path: {path}"));
    }
    notes.extend(diagnostic.related.iter().map(|(span, what)| format!("{what}: {span}")));
    if diagnostic.count > 1 {
        let places: Vec<String> = diagnostic.places.iter().map(Span::to_string).collect();
        let others = diagnostic.count - 1;
        let end = if others > places.len() { ", …" } else { "" };
        let places = if places.is_empty() { String::new() } else { format!(": {}{end}", places.join(", ")) };
        notes.push(format!("{others} more of this kind{places}"));
    }
    if let Some(folder) = &diagnostic.workspace {
        group = group.element(Level::NOTE.with_name("in").message(folder.as_str()));
    }
    for note in &notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    let mut text = renderer.render(&[group]);
    let _ = writeln!(text);
    text
}

/// The part of a long line around the place, and the place's bytes in it.
fn window(line: &str, span: &Span) -> (String, std::ops::Range<usize>) {
    const BEFORE: usize = 60;
    const AFTER: usize = 100;
    let chars: Vec<char> = line.chars().map(|c| if c == '\t' || c.is_control() { ' ' } else { c }).collect();
    let start = (span.column as usize - 1).min(chars.len());
    let end = (start + (span.length as usize).max(1)).min(chars.len()).max(start);
    let from = if chars.len() > BEFORE + AFTER { start.saturating_sub(BEFORE) } else { 0 };
    let to = if chars.len() > BEFORE + AFTER { (start + AFTER).min(chars.len()) } else { chars.len() };
    let end = end.min(to);
    let bytes = |range: std::ops::Range<usize>| chars[range].iter().map(|c| c.len_utf8()).sum::<usize>();
    (chars[from..to].iter().collect(), bytes(from..start)..bytes(from..end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::pack;

    #[test]
    fn the_offending_text_is_underlined() {
        let problem = Diagnostic::fault(&pack::TEMPLATE_UNKNOWN, "`orgnisation.name`: there is no `orgnisation`")
            .at(Span::text("documents/a.md.hbs", 7, 3, 16))
            .excerpt_from("\n\n\n\n\n\n{{orgnisation.name}} is …")
            .help("did you mean `organisation`?");
        insta::assert_snapshot!(render(&problem, false), @r"
        error[F321]: `orgnisation.name`: there is no `orgnisation`
         --> documents/a.md.hbs:7:3
          |
        7 | {{orgnisation.name}} is …
          |   ^^^^^^^^^^^^^^^^
          |
          = help: did you mean `organisation`?
        ");
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_place() {
        let line = "x".repeat(10_000);
        let (shown, range) = window(&line, &Span::text("f", 1, 5_000, 4));
        assert_eq!(shown.len(), 160);
        assert_eq!(range, 60..64);
    }
}
