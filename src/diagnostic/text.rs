//! Diagnostics for people: the offending line with a caret, as rustc shows it.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

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
            let (line, range) = shown(line, span);
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
            group = group.element(Origin::path(place.as_str()));
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

/// A line without characters that would move others, and the place's bytes in it. A long one is cut where it is drawn, so
/// that the column is the one in the file.
fn shown(line: &str, span: &Span) -> (String, std::ops::Range<usize>) {
    let mut text = String::with_capacity(line.len());
    let (first, after) = (span.column as usize - 1, span.column as usize - 1 + (span.length as usize).max(1));
    let (mut start, mut end) = (None, None);
    for (at, c) in line.chars().enumerate() {
        start = start.or((at == first).then_some(text.len()));
        end = end.or((at == after).then_some(text.len()));
        text.push(if c == '\t' || c.is_control() { ' ' } else { c });
    }
    if start.is_none() {
        // The place stands after the end of the line.
        let missing = first.saturating_sub(text.chars().count()).min(super::MAX_LINE);
        text.extend(std::iter::repeat_n(' ', missing));
    }
    let start = start.unwrap_or(text.len());
    let end = end.unwrap_or(text.len()).max(start);
    (text, start..end)
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
    fn a_very_long_line_is_cut_around_the_place_and_keeps_its_column() {
        let line = format!("{}{{{{gone}}}}{}", "é".repeat(5_000), "y".repeat(5_000));
        let mut problem = Diagnostic::fault(&pack::TEMPLATE_UNKNOWN, "there is no `gone`");
        problem = problem.at(Span::text("documents/a.md.hbs", 1, 5_001, 8)).excerpt_from(&line);
        insta::assert_snapshot!(render(&problem, false), @r"
        error[F321]: there is no `gone`
         --> documents/a.md.hbs:1:5001
          |
        1 | ...ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé{{gone}}yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...
          |                                                                 ^^^^^^^^
        ");
    }

    #[test]
    fn a_place_after_the_end_of_its_line_keeps_its_column() {
        let problem = Diagnostic::fault(&pack::TEMPLATE_SYNTAX, "it ends here").at(Span::text("a", 1, 9, 0));
        let said = render(&problem.excerpt_from("{{#if x"), false);
        assert_eq!(said.lines().nth(1), Some(" --> a:1:9"), "{said}");
    }
}
